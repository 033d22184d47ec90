"""Trials that walk between the tasks of a scenario at random, as customers do in a network of queues.

The language of scenarios has no way back to an earlier task but rounds, because a start-up process has none. Here the
visits of each trial are drawn from a routing matrix, and the workload is made of them; trials, pools, durations and
everything else are those of the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from sim.model.draws import Draws, whole_minutes
from sim.model.network import NONE, NOT_YET, Int, Workload
from sim.model.plan import Plan
from sim.model.trials import Replication
from sim.scenario.language.distributions import fit
from sim.scenario.language.quantities import MINUTES_PER_DAY

Routing = Sequence[Sequence[float]]
"""[from][to]: the probability of going on from one task to another; what is missing to 1 leaves."""


def routed(plan: Plan, seed: int, number: int, routing: Routing) -> Replication:
    """Replication `number` with a workload in which a trial of class i begins at task i and then walks.

    Task i of the scenario must use pool i, and give its work in days.
    """
    replication, draws = plan.replication(seed, number), Draws(seed, number)
    arrival = replication.trials.arrival
    parts = [*_walks(replication.trials.trial_class, draws, routing)]
    trial = np.concatenate((np.arange(len(arrival)), *(part[0] for part in parts)))
    task = np.concatenate((np.zeros(len(arrival), np.int64), *(1 + part[1] for part in parts)))
    visit = np.concatenate((np.zeros(len(arrival), np.int64), *(part[2] for part in parts)))
    order = np.lexsort((np.maximum(visit, 1), task, trial))
    trial, task, visit = trial[order], task[order], visit[order]
    return replace(replication, workload=_workload(plan, draws, arrival, (trial, task, visit)))


def _walks(node: Int, draws: Draws, routing: Routing) -> Iterator[tuple[Int, Int, Int]]:
    """(trial, node, number of the visit) of every first visit, of every second one, and so on."""
    trial, upto, number = np.arange(len(node)), np.cumsum(routing, axis=1), 1
    while len(trial):
        yield trial, node, np.full(len(trial), number)
        luck = draws.uniform("route", trial, 0, number)
        node = (luck[:, np.newaxis] >= upto[node]).sum(axis=1)  # (trials, nodes)
        trial, node, number = trial[node < len(upto)], node[node < len(upto)], number + 1


def _workload(plan: Plan, draws: Draws, arrival: Int, rows: tuple[Int, Int, Int]) -> Workload:
    """The visits as rows, each of which waits for the one before it; visit 0 is the arrival."""
    trial, task, visit = rows
    n, first = len(trial), visit == 0
    none, zero = np.full(n, NONE, np.int64), np.zeros(n, np.int64)
    chain = np.lexsort((visit, trial))
    goes_on = np.append(trial[chain[1:]] == trial[chain[:-1]], False)
    follows = np.where(goes_on, np.roll(chain, -1), NONE)[np.argsort(chain)]  # (n) the next visit of the same trial
    edges = int(goes_on.sum())
    return Workload(
        trial=trial,
        site=none,
        task=task,
        round=np.maximum(visit, 1),
        work=_work(plan, draws, rows),
        clock=zero,
        pool=np.where(first, NONE, task - 1),
        priority=zero,
        needs=(~first).astype(np.int64),
        release=np.where(first, arrival[trial], NOT_YET),
        limit=none,
        limit_clock=zero,
        limit_rule=zero,
        limit_since=none,
        group=trial,
        closes=none,
        early=none,
        late=none,
        pick=np.zeros(n),
        every=np.ones(n, bool),
        whole=np.arange(len(arrival)),
        drops=np.zeros(len(arrival), bool),
        replaced_by=np.full(len(arrival), NONE, np.int64),
        first_within=np.zeros(len(arrival) + 1, np.int64),
        within=np.zeros(0, np.int64),
        first_edge=np.append(0, np.cumsum(follows != NONE)),
        successor=follows[follows != NONE],
        lag=np.zeros(edges, np.int64),
        lag_clock=np.zeros(edges, np.int64),
        on_wait=np.zeros(n, bool),
        gives_back=none,
        first_also=np.zeros(n + 1, np.int64),
        also=np.zeros(0, np.int64),
    )


def _work(plan: Plan, draws: Draws, rows: tuple[Int, Int, Int]) -> Int:
    """(n) The duration of each visit [min], a draw of its own."""
    trial, task, visit = rows
    work = np.zeros(len(trial), np.int64)
    for index, written in enumerate(plan.scenario.tasks, 1):
        mine = np.flatnonzero(task == index)
        assert written.work is not None
        luck = draws.uniform(f"{written.name}: work", trial[mine], 0, visit[mine])
        work[mine] = whole_minutes(fit(written.work).inverse(luck) * MINUTES_PER_DAY)
    return work
