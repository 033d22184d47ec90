"""Where a model that began empty is cut: the backlog counted by hand, and MSER-5 on series whose cut is known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.events import played
from sim.analysis.warm_up import BATCH, backlog, mser5
from sim.engine.simpy_engine import simulate
from sim.model.plan import Plan
from tests.written import scenario

QUEUE = """\
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 8 d, follow_up: 4 d}
classes: [{name: usual, dates: [2026-01-01, 2026-01-01, 2026-01-01, 2026-01-05]}]
pools: {desk: {units: 1}}
tasks: [{name: served, pool: desk, work: exactly 2 d, limit: LIMIT}]
"""


@pytest.mark.parametrize(
    ("limit", "waiting"),
    [
        ("{within: 99 d, then: overrun}", [2, 1, 1, 1, 1, 0, 0, 0]),
        ("{within: 36 h, then: tacit}", [2, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_the_backlog_is_who_waits_at_midnight(limit: str, waiting: list[int]) -> None:
    """Three at once for one person, two days each, a fourth on the fifth day; or gone when their limit is over."""
    plan = Plan(scenario(QUEUE.replace("LIMIT", limit), clocks=False))
    replication = plan.replication(1, 0)
    assert backlog(played(plan, replication, simulate(plan.network, replication.workload))).tolist() == waiting


def test_a_start_that_is_too_low_is_cut() -> None:
    """Twenty days on the way to a level, then five days above it and five below, on and on: exactly these twenty go."""
    level = np.tile(np.repeat([1.0, -1.0], BATCH), 38)
    assert mser5(np.concatenate((np.linspace(-60, -10, 20), level))) == 20
    assert mser5(level) == 0


def test_what_never_settles_is_not_cut() -> None:
    """A queue that grows to the end, and a series of a few days, tell nothing."""
    assert mser5(np.arange(200.0)) is None
    assert mser5(np.ones(9)) is None
    assert mser5(np.ones(50)) == 0
