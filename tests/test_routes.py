"""Walks between tasks: where they begin, how they go on, and that a visit waits for the one before it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from sim.engine.simpy_engine import simulate
from sim.model.plan import Plan
from sim.model.trials import Replication
from sim.scenario.loading import load
from sim.verification.cases import ROUTING
from sim.verification.routes import routed


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The three queues, for a year and a half."""
    return Plan(load("verification/jackson", set_=["windows.observation=2000 d", "windows.warm_up=0 d"]))


def walks(replication: Replication) -> list[list[int]]:
    """The tasks of each trial in the order of its visits."""
    w = replication.workload
    rows = [
        sorted((int(r), int(k)) for r, k in zip(w.round[w.trial == t], w.task[w.trial == t], strict=True) if k > 0)
        for t in range(len(replication.trials))
    ]
    assert all([number for number, _ in visits] == [*range(1, len(visits) + 1)] for visits in rows)
    return [[task for _, task in visits] for visits in rows]


def test_walks_follow_the_routing(plan: Plan) -> None:
    """A trial begins at the node of its class; the shares of the steps that follow are those of the routing."""
    replication = routed(plan, 1, 0, ROUTING)
    found = walks(replication)
    assert [visits[0] - 1 for visits in found] == replication.trials.trial_class.tolist()
    steps = Counter(step for visits in found for step in pairwise([*visits, 0]))
    for node in (1, 2, 3):
        shares = np.array([steps[node, after] for after in (1, 2, 3)]) / sum(steps[node, after] for after in range(4))
        assert shares == pytest.approx(ROUTING[node - 1], abs=0.04)


def test_each_visit_waits_for_the_one_before_it(plan: Plan) -> None:
    """The next visit is ready when the last one ends, at the people of its own node."""
    replication = routed(plan, 1, 0, ROUTING)
    w, lines = replication.workload, simulate(plan.network, replication.workload)
    assert (w.pool[w.task > 0] == w.task[w.task > 0] - 1).all()
    chain = np.lexsort((w.round + (w.task > 0), w.trial))
    same = w.trial[chain[1:]] == w.trial[chain[:-1]]
    assert same.sum() > 1000
    assert lines.ready[chain[1:]][same].tolist() == lines.end[chain[:-1]][same].tolist()


def test_rows_are_sorted_and_draws_are_keyed(plan: Plan) -> None:
    """Rows keep the order of the contract; the same seed and number give the same rows, another number others."""
    first, again, other = (routed(plan, 1, number, ROUTING).workload for number in (0, 0, 1))
    keys = list(zip(first.trial, first.site, first.task, first.round, strict=True))
    assert keys == sorted(keys)
    assert first.work.tolist() == again.work.tolist()
    assert first.work[:50].tolist() != other.work[:50].tolist()
