"""People together, held and patient: what a scenario says of a team, in dates that are found by hand."""

from __future__ import annotations

import pytest

from sim.analysis.indicators import measure
from sim.engine.simpy_engine import simulate
from sim.model.plan import Plan
from sim.scenario.language.mistakes import ScenarioError
from tests.written import ends, scenario

HEAD = """\
origin: 2026-01-05
windows: {{warm_up: 0 d, observation: 28 d, follow_up: 30 d}}
classes: [{{name: a, dates: [{dates}]}}]
"""
DAY = "2026-01-05"


def happened(text: str, dates: str = DAY) -> dict[str, list[str]]:
    """When each task ended, without the year."""
    found = ends(scenario(HEAD.format(dates=dates) + text))
    return {name: [end.replace(" Jan 2026", "") for end in of_task] for name, of_task in found.items()}


def test_a_visit_takes_a_monitor_and_an_investigator_at_the_same_time() -> None:
    """On Monday both are busy, until Wednesday the one and until Thursday the other; the visit is on Thursday."""
    found = happened("""\
pools: {monitors: {units: 1}, investigators: {units: 1}}
tasks:
  - {name: report, pool: monitors, work: exactly 2 d}
  - {name: visit, pool: [monitors, investigators], work: exactly 1 d}
  - {name: clinic, pool: investigators, work: exactly 3 d}
  - {name: next_report, pool: monitors, work: exactly 1 d}
""")
    assert found["report"] == ["Wed 07 00:00"]
    assert found["next_report"] == ["Thu 08 00:00"]  # the monitor does not stand idle for the visit
    assert found["clinic"] == ["Thu 08 00:00"]
    assert found["visit"] == ["Fri 09 00:00"]


def test_two_people_serve_one_after_the_other_and_both_are_at_work() -> None:
    """Files of one hour every day: a nurse and a doctor are each held for that hour."""
    plan = Plan(
        scenario(
            HEAD.format(dates=", ".join(f"2026-01-{day:02}" for day in range(5, 33 - 1)))
            + """\
pools: {nurse: {units: 1}, doctor: {units: 2}}
tasks: [{name: done, pool: [nurse, doctor], work: exactly 1 h}]
"""
        )
    )
    replication = plan.replication(1, 0)
    loads = {load.kind: load for load in measure(plan, replication, simulate(plan.network, replication.workload)).pools}
    assert loads["nurse"].requests == loads["doctor"].requests == 27
    assert loads["nurse"].utilisation == pytest.approx(27 / (28 * 24))
    assert loads["doctor"].utilisation == pytest.approx(27 / (28 * 24 * 2))


def test_several_units_of_one_pool() -> None:
    """Two of three people are taken for two days; a second pair waits for them, a single task does not."""
    found = happened("""\
pools: {officers: {units: 3}}
tasks:
  - {name: pair, pool: officers, units: 2, work: exactly 2 d}
  - {name: second_pair, pool: [officers, officers], work: exactly 1 d}
  - {name: alone, pool: officers, work: exactly 1 d}
""")
    assert (found["pair"], found["second_pair"], found["alone"]) == (
        ["Wed 07 00:00"],
        ["Thu 08 00:00"],
        ["Tue 06 00:00"],
    )


HELD = """\
pools: {slots: {units: 1}}
tasks:
  - {name: consented, pool: slots, work: exactly 1 d, kept_until: dosed}
  - {name: tested, starts: consented, work: exactly 2 d}
  - {name: dosed, starts: tested + 1 d, work: exactly 1 d%s}
"""


def test_a_slot_is_held_from_consent_to_first_dose() -> None:
    """The first takes the slot for five days; the second, of the same day, has it after that."""
    found = happened(HELD % "", dates=f"{DAY}, {DAY}")
    assert found["consented"] == ["Tue 06 00:00", "Sun 11 00:00"]
    assert found["dosed"] == ["Sat 10 00:00", "Thu 15 00:00"]


def test_what_is_held_for_an_event_that_is_not_needed_is_given_back_before_it() -> None:
    """Nobody is dosed: the slot is free when what the dose would have waited for has come, after the test."""
    found = happened(HELD % ", share: 0 %", dates=f"{DAY}, {DAY}")
    assert found["consented"] == ["Tue 06 00:00", "Fri 09 00:00"]


def test_what_is_held_counts_as_used() -> None:
    """Two trials hold the one slot for five days each: ten of the 28 days, although the work is two."""
    plan = Plan(scenario(HEAD.format(dates=f"{DAY}, {DAY}") + HELD % ""))
    replication = plan.replication(1, 0)
    (load,) = measure(plan, replication, simulate(plan.network, replication.workload)).pools
    assert load.utilisation == pytest.approx(10 / 28)


def test_a_limit_on_the_wait_alone_is_met_by_the_start() -> None:
    """The first begins at once and goes on past its limit of a day; the second gives up after a day of waiting."""
    text = """\
pools: {nurse: {units: 1}}
tasks: [{name: done, pool: nurse, work: exactly 3 d, limit: {within: 1 d, until: start, then: lapse}}]
"""
    plan = Plan(scenario(HEAD.format(dates=f"{DAY}, {DAY}") + text))
    times = simulate(plan.network, plan.replication(1, 0).workload)
    assert [int(end) / 1440 for end in times.end[1::2]] == [3, 1]
    assert [int(outcome) for outcome in times.outcome[1::2]] == [1, 7]


def test_patience_is_drawn_for_each() -> None:
    """Nobody is ever served: each gives up after a time of its own, 3 d on average to four standard errors."""
    plan = Plan(
        scenario("""\
origin: 2026-01-05
windows: {warm_up: 0 d, observation: 100 d, follow_up: 60 d}
classes: [{name: a, volume: 20 /d}]
pools: {nurse: {units: 1, absences: [{from: 2026-01-01, to: 2027-12-31, units: 1}]}}
tasks: [{name: done, pool: nurse, work: exactly 1 h, limit: {within: {mean: 3 d}, until: start, then: lapse}}]
""")
    )
    times = simulate(plan.network, plan.replication(1, 0).workload)
    gave_up = times.outcome == 7
    waits = (times.end - times.ready)[gave_up] / 1440
    assert gave_up.sum() > 1900
    assert abs(waits.mean() - 3) < 4 * 3 / gave_up.sum() ** 0.5
    assert abs((waits > 3).mean() - 0.3679) < 4 * (0.3679 * 0.6321 / gave_up.sum()) ** 0.5


WRONG = {
    "a body that meets with others": (
        "pools: {board: {sittings: {bodies: 1, every: week, seats: 1}}, staff: {units: 1}}\n"
        "tasks: [{name: t, pool: [board, staff]}]",
        "tasks.t.pool: pool 'board' meets, and serves one at a time, got 2 units together",
    ),
    "a pool that is not there": (
        "pools: {staff: {units: 1}}\ntasks: [{name: t, pool: [staff, stuff]}]",
        "tasks.t.pool[1]: there is no pool 'stuff'; did you mean 'staff'?",
    ),
    "nobody to keep": (
        "tasks: [{name: t, kept_until: u}, {name: u, starts: t}]",
        "tasks.t.kept_until: is for people that it needs, got no pool; name one, or delete it",
    ),
    "kept over rounds": (
        "pools: {staff: {units: 1}}\n"
        "tasks: [{name: t, pool: staff, rounds: exactly 2, kept_until: u}, {name: u, starts: t}]",
        "tasks.t.kept_until: whom a repeated task needs is not kept; let a task before it need and keep them",
    ),
    "a drawn limit without a form": (
        "tasks: [{name: t, work: exactly 1 d, limit: {within: {median: 3 d}, then: lapse}}]",
        "tasks.t.limit.within: must say how it spreads, got median alone; add p90",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused_at_its_place(case: str) -> None:
    """Place, rule, value and remedy."""
    text, message = WRONG[case]
    with pytest.raises(ScenarioError) as refused:
        scenario(HEAD.format(dates=DAY) + text)
    assert message in str(refused.value)
