"""A site that stands by is asked when another one leaves: scenarios whose dates are found by hand."""

from __future__ import annotations

import pytest

from sim.analysis.attribution import explain
from sim.analysis.indicators import measure
from sim.analysis.timelines import frame
from sim.engine import compiled_engine, simpy_engine
from sim.model.plan import Plan
from sim.report.language_page import RESERVE
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.schema import Scenario
from tests.written import scenario

HEAD = """\
origin: 2026-01-05
windows: {warm_up: 0 d, observation: 28 d, follow_up: 90 d}
sites: [{name: x, weight: 1000000}, {name: y, weight: 1000}, {name: v}, {name: w, weight: 0.0001}]
"""
SITES = (
    HEAD
    + """\
classes: [{name: a, dates: [2026-01-05], sites: exactly %d, reserve: %d}]
pools: {officers: {units: 3}}
tasks:
  - {name: signed, scope: site, pool: officers, work: exactly 7 d}
  - {name: left, scope: site, only: {site: %s}, work: exactly 3 d, closes_site: true}
  - {name: filed, scope: site, starts: signed, work: exactly 1 d}
  - {name: all_signed, starts: every signed}
  - {name: one_filed, starts: first filed}
  - {name: too_few, starts: every left, all_but: 1, closes_trial: true}
indicators:
  - {name: asked_to_filed, from: replacement_asked, to: filed, levels: [site]}
  - {name: arrival_to_filed, from: arrived, to: filed, levels: [trial, site]}
"""
)


def happened(written: Scenario) -> dict[str, list[str]]:
    """When each task ended, by site where it is one of a site, the same in both engines."""
    plan = Plan(written)
    replication = plan.replication(1, 0)
    times = [
        simulate(plan.network, replication.workload) for simulate in (simpy_engine.simulate, compiled_engine.simulate)
    ]
    assert not times[0].differs_from(times[1]).any()
    lines = frame(plan, replication, times[0]).dropna(subset=["end"])
    found: dict[str, list[str]] = {}
    for task, site, end in zip(lines["task"], lines["site"], lines["end"], strict=True):
        found.setdefault(task, []).append(f"{site} {end:%d %b}".strip())
    return found


def test_a_site_that_leaves_is_replaced_and_the_trial_waits_for_the_other_one() -> None:
    """Site x leaves on Thursday 8; site v is asked then and signs on the 15th, for which the trial waits."""
    found = happened(scenario(SITES % (2, 1, "x")))
    assert (found["left"], found["replacement_asked"]) == (["x 08 Jan"], ["v 08 Jan"])
    assert found["signed"] == ["y 12 Jan", "v 15 Jan"]
    assert (found["all_signed"], found["one_filed"]) == (["15 Jan"], ["13 Jan"])
    assert "too_few" not in found


def test_the_second_to_leave_is_replaced_by_the_second_who_stands_by() -> None:
    """Sites x and y leave on Thursday, v and w come for them."""
    found = happened(scenario(SITES % (2, 2, "[x, y]")))
    assert found["replacement_asked"] == ["v 08 Jan", "w 08 Jan"]
    assert (found["signed"], found["all_signed"]) == (["v 15 Jan", "w 15 Jan"], ["15 Jan"])
    assert "too_few" not in found


def test_one_who_came_for_another_and_leaves_is_replaced_as_well() -> None:
    """Site v comes for x on the 8th and leaves on the 11th, and w comes for it; too few are left only after that."""
    found = happened(scenario(SITES % (2, 2, "[x, v]")))
    assert (found["left"], found["replacement_asked"]) == (["x 08 Jan", "v 11 Jan"], ["v 08 Jan", "w 11 Jan"])
    assert (found["signed"], found["all_signed"]) == (["y 12 Jan", "w 18 Jan"], ["18 Jan"])
    assert "too_few" not in found


@pytest.mark.parametrize(("leave", "enough"), [("x", "12 Jan"), ("v", "12 Jan"), ("[x, y]", "15 Jan")])
def test_all_but_one_counts_as_if_nobody_stood_by(leave: str, enough: str) -> None:
    """Of two sites one contract is enough, whoever signs it and however many stand by."""
    text = (SITES % (2, 2, leave)).replace("every signed", "every signed, all_but: 1")
    assert happened(scenario(text))["all_signed"] == [enough]


def test_a_trial_closes_when_too_few_are_left_and_nobody_stands_by() -> None:
    """Of x, y and v, who came for one of them, x and v leave: with one left, the trial ends on the 11th."""
    found = happened(scenario(SITES % (2, 1, "[x, v]")))
    assert (found["left"], found["too_few"]) == (["x 08 Jan", "v 11 Jan"], ["11 Jan"])
    assert "all_signed" not in found


def test_a_trial_that_all_its_sites_have_left_ends_and_asks_nobody_on() -> None:
    """Every site of the trial that was asked must have left: x on the 8th, its replacement y on the 11th."""
    text = (SITES % (1, 1, "[x, y]")).replace("every left, all_but: 1", "every left")
    found = happened(scenario(text))
    assert (found["left"], found["replacement_asked"], found["too_few"]) == (
        ["x 08 Jan", "y 11 Jan"],
        ["y 08 Jan"],
        ["11 Jan"],
    )


def test_a_trial_that_closes_asks_nobody() -> None:
    """The trial is stopped on Tuesday: site x leaves on Thursday, and nobody is asked."""
    stopped = "  - {name: stopped, work: exactly 1 d, closes_trial: true}\nindicators:"
    found = happened(scenario((SITES % (2, 1, "x")).replace("indicators:", stopped)))
    assert found["left"] == ["x 08 Jan"]
    assert "replacement_asked" not in found and "all_signed" not in found


def test_who_is_not_asked_is_as_if_not_there() -> None:
    """No site leaves: dates, people and numbers at sites are those of the trial without anybody who stands by."""
    there, without = (
        scenario(SITES % (2, 2, "v")),
        scenario((SITES % (2, 2, "v")).replace(", reserve: 2", "").replace("replacement_asked", "arrived")),
    )
    assert happened(there) == happened(without)
    plans = Plan(there), Plan(without)
    loads, levels = [], []
    for plan in plans:
        replication = plan.replication(1, 0)
        measured = measure(plan, replication, simpy_engine.simulate(plan.network, replication.workload))
        loads.append(measured.pools)
        levels.append([each for each in measured.indicators if each.name == "arrival_to_filed"])
    assert loads[0] == loads[1]
    assert repr(levels[0]) == repr(levels[1])


def test_the_sites_of_a_trial_are_the_same_whoever_stands_by() -> None:
    """Those who stand by are the next ones in the order in which the sites were drawn."""

    def sites(text: str) -> list[tuple[int, int]]:
        workload = Plan(scenario(text)).replication(1, 0).workload
        return sorted({*zip(workload.trial.tolist(), workload.site.tolist(), strict=True)})

    text = (SITES % (2, 1, "x")).replace("dates: [2026-01-05]", "volume: 200 /year")
    three = sites(text.replace("exactly 2, reserve: 1", "exactly 3").replace("replacement_asked", "arrived"))
    assert sites(text) == three


def test_where_the_days_go_when_a_replacement_is_the_first() -> None:
    """The way to the goal leads over the leaving: three days until x leaves, eight of the site that comes for it."""
    goal = "goal: {from: arrived, to: filed, within: 15 d, counted: calendar}\nindicators:"
    text = (SITES % (1, 1, "x")).replace("indicators:", goal)
    text = text.replace("  - {name: too_few, starts: every left, all_but: 1, closes_trial: true}\n", "")
    plan = Plan(scenario(text))
    replication = plan.replication(1, 0)
    spent = explain(plan, replication, simpy_engine.simulate(plan.network, replication.workload))
    assert spent is not None
    days = {name: work for name, work in zip(spent.tasks, spent.work, strict=True) if work}
    assert days == {"left": 3.0, "signed": 7.0, "filed": 1.0}
    assert not spent.lag.any() and not spent.wait.any()


def test_the_example_of_the_language_page_is_a_scenario() -> None:
    """What the page shows can be read, and some site comes for another."""
    text = HEAD.replace("observation: 28 d", "observation: 900 d") + "  - {name: z}\n" + RESERVE
    found = happened(scenario(text.replace("}]\n  - {name: z}", "}, {name: z}]")))
    assert len(found["left"]) >= len(found["replacement_asked"]) > 0


WRONG = {
    "nobody leaves": (
        "classes: [{name: a, dates: [2026-01-05], sites: exactly 2, reserve: 1}]\ntasks: [{name: t, scope: site}]",
        "classes.a.reserve: is for sites that leave, and none leaves these trials; write closes_site: true at a task",
    ),
    "its event has a name": (
        "classes: [{name: a, dates: [2026-01-05], sites: exactly 2, reserve: 1}]\n"
        "tasks: [{name: replacement_asked, scope: site, closes_site: true}]",
        "tasks.replacement_asked.name:",
    ),
    "no sites": (
        "classes: [{name: a, dates: [2026-01-05], reserve: 1}]\ntasks: [{name: t, scope: site, closes_site: true}]",
        "classes.a.reserve: is of sites that stand by, and the class opens none; add sites, or delete it",
    ),
    "no site is left to stand by": (
        "classes: [{name: a, dates: [2026-01-05], sites: exactly 3, reserve: 2}]\n"
        "tasks: [{name: t, scope: site, closes_site: true}]",
        "classes.a.reserve: must be at most the 1 sites that the class may choose beside, got 2",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused_at_its_place(case: str) -> None:
    """Place, rule, value and remedy."""
    text, message = WRONG[case]
    with pytest.raises(ScenarioError) as refused:
        scenario(HEAD + text)
    assert message in str(refused.value)
