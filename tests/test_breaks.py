"""What gives way, is dropped, leaves, waits for a batch or is on hold: scenarios whose dates are found by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.attribution import explain
from sim.analysis.indicators import measure
from sim.analysis.timelines import frame
from sim.engine.simpy_engine import simulate
from sim.model.plan import Plan
from sim.report.language_page import EXAMPLE
from sim.scenario.language.mistakes import ScenarioError
from tests.written import ends, scenario

HEAD = """\
origin: 2026-01-05
windows: {{warm_up: 0 d, observation: 28 d, follow_up: 30 d}}
classes: [{{name: a, dates: [{dates}]}}]
"""
DAY = "2026-01-05"


def happened(text: str, dates: str = DAY) -> dict[str, list[str]]:
    """When each task ended, where it did, without the year."""
    return _ended(HEAD.format(dates=dates) + text)


def _ended(text: str) -> dict[str, list[str]]:
    found = ends(scenario(text))
    return {name: [end.replace(" Jan 2026", "") for end in of_task if end != "-"] for name, of_task in found.items()}


URGENT = """\
pools: {nurse: {units: 1, for_priority: %s}}
goal: {from: arrived, to: round, within: 15 d, counted: calendar}
tasks:
  - {name: round, pool: nurse, priority: 1, work: exactly 5 d}
  - {name: called, work: exactly 2 d}
  - {name: alarm, starts: called, pool: nurse, priority: -1, work: exactly 1 d}
"""


def test_who_is_less_urgent_pauses_if_the_people_do_so_for_a_priority() -> None:
    """The alarm of Wednesday is served at once, and the round of five days ends a day later; else it waits for it."""
    assert happened(URGENT % "pause") | {"called": []} == {
        "round": ["Sun 11 00:00"],
        "alarm": ["Thu 08 00:00"],
        "called": [],
        "arrived": ["Mon 05 00:00"],
    }
    assert happened(URGENT % "finish")["alarm"] == ["Sun 11 00:00"]


def test_one_row_of_two_spans_whose_waits_add_up() -> None:
    """In the table, in the load of the nurse and on the way to the goal: five days of work, one of waiting."""
    plan = Plan(scenario(HEAD.format(dates=DAY) + URGENT % "pause"))
    replication = plan.replication(1, 0)
    times = simulate(plan.network, replication.workload)
    lines = frame(plan, replication, times).set_index("task")
    assert lines.loc["round", ["wait_days", "work_days"]].tolist() == [1.0, 5.0]
    (load,) = measure(plan, replication, times).pools
    assert (load.requests, load.mean_wait) == (2, 0.5)
    assert load.utilisation == pytest.approx(6 / 28)
    assert load.backlog == pytest.approx(1 / 28)
    spent = explain(plan, replication, times)
    assert spent is not None
    on_the_way = {name: (wait, work) for name, wait, work in zip(spent.tasks, spent.wait, spent.work, strict=True)}
    assert on_the_way["round"] == (1.0, 5.0)


FIRST = """\
pools: {clerk: {units: 1}}
tasks:
  - {name: by_phone, work: exactly 2 d}
  - {name: by_letter, pool: clerk, work: exactly 9 d}
  - {name: answered, starts: [by_phone, by_letter], enough: 1, drops_others: %s}
  - {name: filed, starts: [by_letter, by_phone + 1 d], work: exactly 1 d}
  - {name: next, pool: clerk, work: exactly 1 d}
"""


def test_the_first_of_several_drops_the_others() -> None:
    """The phone answers on Wednesday: the clerk leaves the letter, and who waited for both waits for one alone."""
    found = happened(FIRST % "true")
    assert found["by_letter"] == []
    assert (found["answered"], found["next"], found["filed"]) == (["Wed 07 00:00"], ["Thu 08 00:00"], ["Fri 09 00:00"])


def test_else_the_others_go_on() -> None:
    """Without it the letter is written to its end."""
    found = happened(FIRST % "false")
    assert (found["answered"], found["by_letter"]) == (["Wed 07 00:00"], ["Wed 14 00:00"])
    assert (found["next"], found["filed"]) == (["Thu 15 00:00"], ["Thu 15 00:00"])


SITES = """\
origin: 2026-01-05
windows: {{warm_up: 0 d, observation: 28 d, follow_up: 30 d}}
sites: [{{name: x}}, {{name: y}}, {{name: z}}]
classes: [{{name: a, dates: [2026-01-05], sites: exactly 3}}]
pools: {{officers: {{units: 3}}}}
tasks:
  - {{name: signed, scope: site, pool: officers, work: exactly {days} d}}
  - {{name: left, scope: site, only: {{site: {leave}}}, work: exactly 3 d, closes_site: true}}
  - {{name: filed, scope: site, starts: signed, work: exactly 1 d}}
  - {{name: all_signed, starts: every signed}}
  - {{name: closed, starts: every left, all_but: 1, closes_trial: true}}
  - {{name: reported, starts: all_signed + 1 d}}
"""


def in_sites(days: int, leave: str) -> dict[str, list[str]]:
    """When each task ended, without the year."""
    return _ended(SITES.format(days=days, leave=leave))


def test_a_site_leaves_and_the_trial_goes_on_without_it() -> None:
    """Site x leaves on Thursday in the middle of its contract; the trial waits for the other two alone."""
    found = in_sites(7, "x")
    assert found["left"] == ["Thu 08 00:00"]
    assert found["signed"] == ["Mon 12 00:00"] * 2
    assert found["filed"] == ["Tue 13 00:00"] * 2
    assert (found["all_signed"], found["reported"], found["closed"]) == (["Mon 12 00:00"], ["Tue 13 00:00"], [])


def test_a_trial_closes_when_too_few_are_left() -> None:
    """Two of three sites leave on Thursday: with one left the trial ends then, and nothing of it starts any more."""
    found = in_sites(7, "[x, y]")
    assert (found["left"], found["closed"]) == (["Thu 08 00:00"] * 2, ["Thu 08 00:00"])
    assert (found["signed"], found["filed"], found["all_signed"]) == (["Mon 12 00:00"], [], [])
    assert found["reported"] == []


def test_who_has_signed_before_it_leaves_is_counted_as_usual() -> None:
    """A site that leaves after its contract changes nothing for who waited for the contract."""
    found = in_sites(2, "x")
    assert found["signed"] == ["Wed 07 00:00"] * 3
    assert (found["all_signed"], found["filed"]) == (["Wed 07 00:00"], ["Thu 08 00:00"] * 3)


def test_a_committee_sits_when_three_files_wait() -> None:
    """Files of Monday, Tuesday and Friday are taken together on Friday; the fourth waits for ever."""
    dates = "2026-01-05, 2026-01-06, 2026-01-09, 2026-01-12"
    text = """\
pools: {board: {batch: 3}}
tasks: [{name: decided, pool: board, work: exactly 1 d}]
"""
    assert happened(text, dates)["decided"] == ["Sat 10 00:00"] * 3
    plan = Plan(scenario(HEAD.format(dates=dates) + text))
    replication = plan.replication(1, 0)
    (load,) = measure(plan, replication, simulate(plan.network, replication.workload)).pools
    assert (load.requests, load.starved) == (4, 1)
    assert load.mean_wait == pytest.approx((4 + 3 + 0) / 3)
    assert np.isnan(load.utilisation)


HELD = """\
origin: 2026-01-05
windows: {{warm_up: 0 d, observation: 200 d, follow_up: 30 d}}
sites: [{{name: x}}]
classes: [{{name: a, volume: 40 /year, sites: exactly 1}}]
inclusion:
  starts: arrived
  patients: {{number: 3}}
  known: {{share: 100 %}}
  {holds}
  referrals: {{rate: 30 /year, alpha: 1.0}}
  consent: {{}}
  screening: {{}}
  screen_failure: {{share: 0 %}}
  eligibility: {{}}
  first_dose: {{}}
"""


def referred(holds: str) -> list[int]:
    """How many candidates come in each month from January to July."""
    plan = Plan(scenario(HELD.format(holds=holds)))
    replication = plan.replication(1, 0)
    lines = frame(plan, replication, simulate(plan.network, replication.workload))
    month = lines.loc[lines["task"] == "referred", "end"].dropna().dt.month
    return [int((month == each).sum()) for each in range(1, 8)]


def test_nobody_is_referred_while_recruitment_is_on_hold() -> None:
    """In March nobody, not even who is known when a site opens; before it all is as it was, and nobody is lost."""
    held, free = referred("holds: [{from: 2026-03-01, to: 2026-03-31}]"), referred("holds: []")
    assert held[2] == 0 < free[2]
    assert held[:2] == free[:2]
    assert held[3] > free[3]


def test_the_example_of_the_language_page_is_a_scenario() -> None:
    """What the page shows can be read, and the contract or the giving up of a site ends the other one."""
    text = SITES.split("pools:")[0].format().replace("follow_up: 30 d", "follow_up: 200 d") + EXAMPLE
    found = _ended(text)
    assert len(found["contract"]) + len(found["gave_up"]) == 3 == len(found["decided"])


WRONG = {
    "who waits for all": (
        "tasks: [{name: t}, {name: u}, {name: v, starts: [t, u], drops_others: true}]",
        "tasks.v.drops_others: is for who does not wait for all of them; say with 'enough' for how many",
    ),
    "dropped twice": (
        "tasks: [{name: t}, {name: u}, {name: w}, {name: v, starts: [t, u], enough: 1, drops_others: true},"
        " {name: x, starts: [u, w], enough: 1, drops_others: true}]",
        "'u' may be dropped by another task already; let one of them drop it",
    ),
    "a trial leaves itself": (
        "tasks: [{name: t, closes_site: true}]",
        "tasks.t.closes_site: is for a task of each site; write scope: site",
    ),
    "too few of what": (
        "tasks: [{name: u}, {name: t, starts: u, all_but: 1}]",
        "tasks.t.all_but: is for a trial that waits for one event of every site; write such as starts: every left",
    ),
    "a batch of people": (
        "pools: {p: {batch: 3, units: 2}}\ntasks: [{name: t, pool: p}]",
        "pools.p.units: is of people or of sittings, and a batch is taken whenever so many wait; delete it",
    ),
    "a body that pauses": (
        "pools: {p: {batch: 3, for_priority: pause}}\ntasks: [{name: t, pool: p}]",
        "pools.p.for_priority: is about people at work, and a body that meets has seats; delete it",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused_at_its_place(case: str) -> None:
    """Place, rule, value and remedy."""
    text, message = WRONG[case]
    with pytest.raises(ScenarioError) as refused:
        scenario(HEAD.format(dates=DAY) + text)
    assert message in str(refused.value)
