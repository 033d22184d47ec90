"""Situations that people who build such models report, small enough to know the right answer by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.indicators import Measures, measure
from sim.engine.simpy_engine import simulate
from sim.model.network import Outcome, Timelines
from sim.model.plan import Plan
from sim.model.trials import Replication
from tests.written import scenario


def run(text: str) -> tuple[Plan, Replication, Timelines]:
    """One replication of a scenario."""
    plan = Plan(scenario(text, clocks=False))
    replication = plan.replication(1, 0)
    return plan, replication, simulate(plan.network, replication.workload)


def measured(text: str) -> Measures:
    """What one replication gives."""
    return measure(*run(text))


def test_work_beyond_presence_is_overtime() -> None:
    """Three people start 20 d of work and two leave on day 2: 3 x 2 + 18 busy days of 24 open, and 36 beyond them."""
    (load,) = measured("""\
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 20 d, follow_up: 40 d}
classes: [{name: jobs, dates: [2025-01-06, 2025-01-06, 2025-01-06]}]
pools: {server: {units: 3, absences: [{from: 2025-01-08, to: 2025-02-28, units: 2}]}}
tasks: [{name: served, pool: server, work: exactly 20 d}]
""").pools
    assert (load.utilisation, load.overtime) == (1.0, 36 / 24)


def test_work_through_everybodys_leave_is_overtime() -> None:
    """One person starts 25 d of work and goes on leave the next morning: all of the one day there is used."""
    (load,) = measured("""\
origin: 2025-08-01
windows: {warm_up: 0 d, observation: 20 d, follow_up: 30 d}
classes: [{name: jobs, dates: [2025-08-01]}]
pools: {server: {units: 1, leave: [{from: 08-02, to: 08-31, present: 0 %}]}}
tasks: [{name: served, pool: server, work: exactly 25 d}]
""").pools
    assert (load.utilisation, load.overtime) == (1.0, 19.0)


def test_a_tacit_decision_takes_no_seat() -> None:
    """One seat a month for 120 files a year: the seats are used, all other files end at their limit, unserved."""
    (load,) = measured("""\
origin: 2025-01-01
windows: {warm_up: 0 d, observation: 360 d, follow_up: 60 d}
classes: [{name: files, volume: 120 /year}]
pools: {board: {sittings: {bodies: 1, every: month, seats: 1, drawn_between: [5 d, 40 d]}}}
tasks: [{name: opinion, pool: board, limit: {within: 20 d, then: tacit}}]
""").pools
    assert 0 < load.utilisation <= 1
    assert load.unserved == load.starved > 0.8 * load.requests


def test_whom_nobody_serves_has_not_waited_for_a_service() -> None:
    """Nobody ever works and a limit of 5 d ends every request: none is served, none has a wait."""
    text = """\
origin: 2025-01-01
windows: {warm_up: 0 d, observation: 100 d, follow_up: 60 d}
classes: [{name: files, volume: 1 /d}]
pools: {staff: {units: 1, absences: [{from: 2025-01-01, to: 2026-12-31, units: 1}]}}
tasks: [{name: opinion, pool: staff, work: exactly 1 d, limit: {within: 5 d, then: tacit}}]
"""
    (load,) = measured(text).pools
    assert load.requests == load.starved == load.unserved > 0
    assert np.isnan([load.mean_wait, load.p90_wait]).all()
    plan, replication, timelines = run(text)
    opinions = timelines.outcome[replication.workload.task == plan.network.tasks.index("opinion")]
    assert set(opinions) <= {Outcome.UNSERVED, Outcome.NOT_YET}


def test_a_lapsed_step_is_not_reached() -> None:
    """Work of 30 d that lapses after 10 d never reaches its event: nobody meets a goal of 15 d."""
    lapsing = measured("""\
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 100 d, follow_up: 60 d}
goal: {from: arrived, to: answered, within: 15 d, counted: calendar}
classes: [{name: files, volume: 1 /d}]
tasks: [{name: answered, work: exactly 30 d, limit: {within: 10 d, then: lapse}}]
indicators: [{name: t, from: arrived, to: answered}]
""")
    (indicator,) = lapsing.indicators
    assert indicator.trials > 90
    assert not indicator.there.any()
    assert not indicator.open.any()  # it has lapsed, and is not awaited any longer


@pytest.mark.parametrize("an_hour", [100, 300])
def test_a_rate_in_hours_is_kept_to_the_end(an_hour: int) -> None:
    """So many arrivals an hour, to four standard errors, on each of ten days."""
    _, replication, _ = run(f"""\
origin: 2025-01-06
windows: {{warm_up: 0 d, observation: 10 d, follow_up: 0 d}}
classes: [{{name: calls, volume: {an_hour} /h}}]
tasks: [{{name: answered}}]
""")
    by_day = np.bincount(replication.trials.arrival // 1440)
    assert len(by_day) == 10
    assert np.abs(by_day - 24 * an_hour).max() < 4 * np.sqrt(24 * an_hour)


def test_a_call_centre_waits_as_the_theory_says() -> None:
    """Thirteen operators for 100 calls an hour of 22/3 minutes: 94 % busy, a mean wait of 3.4 minutes."""
    operators, _ = measured("""\
origin: 2025-01-06
windows: {warm_up: 1 d, observation: 60 d, follow_up: 2 d}
classes: [{name: calls, volume: 100 /h}]
pools: {operators: {units: 13}, nurses: {units: 10}}
tasks:
  - {name: answered, pool: operators, work: {low: 5 min, mode: 7 min, high: 10 min, family: triangular}}
  - {name: called_back, share: 40 %, starts: answered, pool: nurses, work: {low: 10 min, high: 20 min}}
""").pools
    assert operators.utilisation == pytest.approx(100 / 60 * 22 / 3 / 13, abs=0.01)
    assert operators.mean_wait * 1440 == pytest.approx(3.4, abs=0.6)


def test_a_rate_that_grows_from_nothing_brings_its_area() -> None:
    """From 0 to 100 a day over 30 days: 1,500 trials to four standard errors."""
    _, replication, _ = run("""\
origin: 2025-01-01
windows: {warm_up: 0 d, observation: 30 d, follow_up: 0 d}
classes: [{name: a, volume_by_date: {2025-01-01: 0 /d, 2025-01-31: 100 /d}}]
tasks: [{name: done, work: exactly 1 d}]
""")
    assert abs(len(replication.trials) - 1500) < 4 * np.sqrt(1500)


def test_an_experts_tenth_and_ninetieth_are_met() -> None:
    """From 3 d and 30 d the median is their geometric mean, 9.49 d."""
    done = measured("""\
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 365 d, follow_up: 300 d}
classes: [{name: files, volume: 20 /d}]
tasks: [{name: done, work: {p10: 3 d, p90: 30 d}}]
indicators: [{name: t, from: arrived, to: done}]
""").indicators[0]
    assert np.median(done.days) == pytest.approx(9.49, rel=0.05)
