"""What is observed in a replication, on a queue that a person can follow."""

from __future__ import annotations

import pytest

from sim.analysis.events import played
from sim.engine.simpy_engine import simulate
from sim.model.plan import Plan
from sim.verification import observed
from sim.verification.observed import Observation, Sample
from tests.written import scenario

QUEUE = """\
origin: 2026-01-01
windows: {warm_up: 2 d, observation: 6 d, follow_up: 2 d}
classes:
  - {name: usual, dates: [2026-01-01, 2026-01-03, 2026-01-05, 2026-01-08]}
  - {name: late, dates: [2026-01-09]}
pools:
  desk: {units: 1}
tasks:
  - {name: served, pool: desk, work: exactly 3 d}
  - {name: sent, starts: served + 1 d}
"""  # ready at days 0, 2, 4, 7, 8; started at 0, 3, 6, 9; ended at 3, 6, 9, -; window: days 2 to 8, horizon: day 10


def value(observation: Observation, unit: float = 1.0, text: str = QUEUE) -> tuple[float, float]:
    """What an observation says about the queue."""
    plan = Plan(scenario(text, clocks=False))
    replication = plan.replication(1, 0)
    return observation(Sample(played(plan, replication, simulate(plan.network, replication.workload)), unit))


@pytest.mark.parametrize(
    ("observation", "total", "count"),
    [
        (observed.wait("served"), 1 + 2 + 2, 3),
        (observed.wait("served", "late"), 0, 0),
        (observed.wait_longer("served", 1.5), 2, 3),
        (observed.wait_longer("served"), 3, 3),
        (observed.wait_squared("served"), 1 + 4 + 4, 3),
        (observed.stay("served"), 4 + 5 + 3, 3),
        (observed.time_to("sent"), 5 + 6 + 3, 3),
        (observed.time_to_within("sent", 5), 2, 3),
        (observed.spread_of_time_to("sent", 4), 1 + 4 + 1, 3),
        (observed.queue("served"), (1 + 2 + 1) / 6, 1),
        (observed.number("served"), (1 + 4 + 4 + 1) / 6, 1),
        (observed.empty("served"), 0, 1),
        (observed.backlog("desk"), (1 + 2 + 1) / 6, 1),
        (observed.counted_queue("desk"), (1 + 2 + 1) / 6, 1),
        (observed.longest_path_to("sent"), 4 * 3, 3),
    ],
)
def test_the_queue_is_observed(observation: Observation, total: float, count: float) -> None:
    """Trials that come inside the window count; what has not happened is taken as happening at the horizon."""
    assert value(observation) == pytest.approx((total, count))


def test_times_are_told_in_the_unit_of_the_textbook() -> None:
    """Five days of waiting are two and a half units of two days."""
    assert value(observed.wait("served"), unit=2.0) == pytest.approx((2.5, 3))


def test_who_gives_up_waits_no_longer() -> None:
    """Withdrawn half a day after its arrival, the trial of day 2 leaves the queue; the desk is free for the others."""
    text = QUEUE + "  - {name: withdrawn, starts: arrived + 12 h, closes_trial: true}\n"
    assert value(observed.counted_queue("desk"), text=text) == pytest.approx((0.5 / 6, 1))
    assert value(observed.backlog("desk"), text=text) == pytest.approx((0.5 / 6, 1))
