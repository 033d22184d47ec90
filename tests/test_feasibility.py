"""Impossible models: what cannot happen, or not in time, is said before a run, and what starves in its answer."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

import sim
from sim.model.feasibility import concerns
from sim.model.plan import Plan
from sim.report.text import text
from tests.written import scenario, unchecked

START = """\
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 700 d, follow_up: 30 d}
classes: [{name: trials, volume: 0.5 /d, arrivals: even, sites: exactly 1}]
sites: [{name: lille}]
"""


def said(text: str, start: str = START) -> list[str]:
    """The concerns about one replication of a scenario."""
    plan = Plan(unchecked(start + text))
    return [*concerns(plan, plan.replication(1, 0))]


@pytest.mark.parametrize("name", ["france", "france_pledge"])
def test_nothing_is_said_of_what_can_happen(name: str) -> None:
    """The shipped scenarios are possible."""
    plan = Plan(sim.load(name))
    assert concerns(plan, plan.replication(1, 0)) == ()


def test_a_pool_without_anybody_and_what_waits_for_it() -> None:
    """The pool, how much needs it, and the tasks that can never start."""
    assert said("""\
pools: {desk: {units: 0}}
tasks:
  - {name: draft, pool: desk, work: exactly 1 d}
  - {name: review, starts: draft}
  - {name: apart}
""") == [
        "pool 'desk' of the country has nobody at work at any time, and 365 pieces of work need it",
        "nothing lets these tasks ever start: draft, review",
    ]


def test_one_piece_of_work_is_enough_to_need_somebody() -> None:
    """A single trial asks for nobody."""
    single = START.replace("volume: 0.5 /d, arrivals: even", "dates: [2025-02-03]")
    assert said("pools: {desk: {units: 0}}\ntasks: [{name: draft, pool: desk, work: exactly 1 d}]\n", single)[0] == (
        "pool 'desk' of the country has nobody at work at any time, and 1 piece of work needs it"
    )


def test_a_long_list_of_what_never_starts_is_cut_short() -> None:
    """Twelve tasks are named."""
    tasks = "".join(f"  - {{name: t{number}, starts: draft}}\n" for number in range(12))
    never = said("pools: {desk: {units: 0}}\ntasks:\n  - {name: draft, pool: desk, work: exactly 1 d}\n" + tasks)[1]
    assert (
        never
        == "nothing lets these tasks ever start: draft, " + ", ".join(f"t{number}" for number in range(11)) + ", ..."
    )


def test_nobody_is_needed_where_a_limit_decides() -> None:
    """What is deemed done at its limit needs nobody; that nobody is there is said all the same."""
    assert said("""\
pools: {desk: {units: 0}}
tasks:
  - {name: draft, pool: desk, work: exactly 1 d, limit: {within: 3 d, then: tacit}}
  - {name: review, starts: draft}
""") == ["pool 'desk' of the country has nobody at work at any time, and 365 pieces of work need it"]


def test_people_who_are_always_away() -> None:
    """Leave of everybody all the year is nobody, at the sites that have no more people."""
    assert said(
        """\
pools: {desk: {per: site, leave: [{from: 01-01, to: 12-31, present: 0 %}]}}
site_types: {large: {people: {desk: 3}}}
tasks: [{name: draft, scope: site, pool: desk}]
""",
        START.replace("{name: lille}", "{name: lille, type: large}"),
    )[0] == ("pool 'desk' of lille has nobody at work at any time, and 365 pieces of work need it")


def test_a_long_list_of_sites_without_anybody_is_cut_short() -> None:
    """Four of six are named, and the pieces of work of all of them are counted."""
    sites = ", ".join(f"{{name: s{number}}}" for number in range(6))
    start = START.replace("{name: lille}", sites).replace("exactly 1", "exactly 6")
    assert said("pools: {desk: {per: site, units: 0}}\ntasks: [{name: draft, scope: site, pool: desk}]\n", start)[
        0
    ] == ("pool 'desk' of s0, s1, s2, s3, ... has nobody at work at any time, and 2,190 pieces of work need it")


def test_a_committee_that_never_sits() -> None:
    """Without seats, or with its sittings always missed."""
    for sittings in ("seats: 0", "seats: 9, missed: [{from: 01-01, to: 12-31}]"):
        assert said(f"""\
pools: {{committee: {{sittings: {{bodies: 1, every: week, {sittings}}}}}}}
tasks: [{{name: opinion, pool: committee}}]
""") == [
            "pool 'committee' of the country never sits, and 365 pieces of work need it",
            "nothing lets these tasks ever start: opinion",
        ]


def test_an_offered_load_above_capacity() -> None:
    """One person and three days of work every two days: 150 %; two people can do it."""
    tasks = "pools: {desk: {units: UNITS}}\ntasks: [{name: draft, pool: desk, work: exactly 3 d}]\n"
    assert said(tasks.replace("UNITS", "1")) == [
        "pool 'desk' is offered 150% of what it can do: its queue grows for as long as this lasts"
    ]
    assert said(tasks.replace("UNITS", "2")) == []


def test_a_concern_names_people_and_sites_by_their_french_titles() -> None:
    """A warning in French has no name of the file in it where the scenario has a title."""
    start = START.replace("{name: lille}", "{name: lyon, title: {en: Lyons, fr: Lyon Sud}, people: {desk: 1}}")
    people = "pools: {desk: {title: {en: desk, fr: le bureau}, per: site}}\n"
    plan = Plan(unchecked(f"{start}{people}tasks: [{{name: draft, scope: site, pool: desk, work: exactly 3 d}}]\n"))
    (concern,) = concerns(plan, plan.replication(1, 0))
    assert "« le bureau »" in concern.fr and "pour Lyon Sud" in concern.fr


def test_people_who_are_away_can_do_less() -> None:
    """Two people for 350 days and one for 380 are 1,080 days of work, and 365 times three are asked for."""
    tasks = """\
pools: {desk: {units: 2, absences: [{from: 2025-12-22, to: 2027-01-05, units: 1}]}}
tasks: [{name: draft, pool: desk, work: exactly DAYS d}]
"""
    assert said(tasks.replace("DAYS", "3")) == [
        "pool 'desk' is offered 101% of what it can do: its queue grows for as long as this lasts"
    ]
    assert said(tasks.replace("DAYS", "2.96"))[0].startswith("pool 'desk' is offered 101%")  # a little more than all
    assert said(tasks.replace("DAYS", "2.9")) == []


def test_load_is_counted_on_the_clock_of_the_people() -> None:
    """Ten open hours every two days are too much for one person with eight of them on five days of the week."""
    tasks = "pools: {desk: {units: 1, clock: working}}\ntasks: [{name: draft, pool: desk, work: exactly HOURS h}]\n"
    assert said(tasks.replace("HOURS", "14"))[0].startswith("pool 'desk' is offered 12")
    assert said(tasks.replace("HOURS", "11")) == []


def test_work_on_a_clock_that_never_opens_takes_for_ever() -> None:
    """Each file keeps its person until the horizon; a file without work keeps nobody."""
    tasks = """\
clocks: {never: {kind: working, days: [mon], hours: ["09:00", "17:00"], stops: [{from: 01-01, to: 12-31}]}}
pools: {desk: {units: 1}}
tasks: [{name: draft, pool: desk, work: exactly HOURS h, clock: never}]
"""
    (one, none) = (Plan(scenario(START + tasks.replace("HOURS", hours), clocks=False)) for hours in ("1", "0"))
    assert concerns(one, one.replication(1, 0))[0].startswith("pool 'desk' is offered 36500% of what it can do")
    assert concerns(none, none.replication(1, 0)) == ()


def test_a_seat_is_a_seat() -> None:
    """Seven files every two weeks are more than six seats and less than eight."""
    tasks = (
        "pools: {board: {sittings: {bodies: 1, every: two_weeks, seats: SEATS}}}\n"
        "tasks: [{name: opinion, pool: board}]\n"
    )
    assert said(tasks.replace("SEATS", "6")) == [
        "pool 'board' is offered 115% of what it can do: its queue grows for as long as this lasts"
    ]
    assert said(tasks.replace("SEATS", "8")) == []


def test_candidates_who_are_not_needed_are_no_load() -> None:
    """Each trial takes two patients, however many come: two days every two days are all that a screening slot has."""
    inclusion = """\
pools: {slots: {units: 1}}
inclusion:
  patients: {number: 2}
  known: {share: 0 %}
  referrals: {rate: 30 /d, alpha: 1000}
  starts: arrived
  consent: {}
  screening: {pool: slots, work: exactly WORK d}
  screen_failure: {share: 0 %}
  eligibility: {}
  first_dose: {}
"""
    start = START.replace("sites: exactly 1", "sites: exactly 3").replace(
        "[{name: lille}]", "[{name: a}, {name: b}, {name: c}]"
    )
    assert said(inclusion.replace("WORK", "0.9"), start) == []
    assert said(inclusion.replace("WORK", "1.2"), start)[0].startswith("pool 'slots' is offered 1")


def test_a_follow_up_that_is_too_short_for_the_goal() -> None:
    """Thirty days see a goal of thirty calendar days, and not one of thirty working days."""
    goal = "goal: {from: arrived, to: done, within: 30 d, counted: COUNTED}\ntasks: [{name: done}]\n"
    assert said(goal.replace("COUNTED", "calendar")) == []
    assert said(goal.replace("COUNTED", "working")) == [
        "the follow-up of 30 d is shorter than the 30 d of the goal: trials whose clock starts late in the observation "
        "cannot be seen to miss it; lengthen windows.follow_up"
    ]


def test_a_goal_that_no_trial_has() -> None:
    """A site's event without sites."""
    goal = "goal: {from: arrived, to: done, within: 3 d, counted: calendar}\ntasks: [{name: done, scope: site}]\n"
    assert said(goal, START.replace(", sites: exactly 1", "")) == [
        "no trial has the event 'done' of the goal: none opens a site, or a condition leaves it out"
    ]


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor(2)])
def test_a_run_says_so_once(
    executor: Executor | None, one_office: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each concern is a warning with the name of the scenario, whoever computes, and again when a run goes on."""
    one_office.write_text(one_office.read_text(encoding="utf-8").replace("p90: 2 d", "p90: 20 d"), encoding="utf-8")
    for replications in (2, 3):
        caplog.clear()
        found = sim.run(one_office, replications=replications, jobs=1, executor=executor, out=tmp_path / "out")
        assert [record.getMessage().split("%")[0] for record in caplog.records] == [
            "one_office: warning: pool 'office' is offered 516"
        ]
        assert [concern.split("%")[0] for concern in found.concerns] == ["pool 'office' is offered 516"]


def test_what_starves_is_told_in_the_answer(one_office: Path) -> None:
    """Who still waits at the end and the queue never empty, in both languages; nothing where nobody starves."""
    calm = sim.run(one_office, replications=1, jobs=1)
    one_office.write_text(one_office.read_text(encoding="utf-8").replace("p90: 2 d", "p90: 20 d"), encoding="utf-8")
    busy = sim.run(one_office, replications=1, jobs=1)
    (load,) = busy.measures[0].pools
    assert [(each.starved, each.never_empty) for each in calm.measures[0].pools] == [(0, 0)]
    assert 0 < load.starved < load.requests
    assert load.never_empty == 1
    plain = " ".join(text([busy]).split())
    assert f"requests never served: {load.starved} of {load.requests}, of which ended by their limit: 0;" in plain
    assert "jamais traitées" in text([busy], language="fr")
    assert "never served" not in text([calm])


def test_a_few_who_starve_are_not_told_in_the_answer(one_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer says it from a share of the requests on."""
    one_office.write_text(one_office.read_text(encoding="utf-8").replace("p90: 2 d", "p90: 20 d"), encoding="utf-8")
    busy = sim.run(one_office, replications=1, jobs=1)
    (load,) = busy.measures[0].pools
    for at_least, told in ((load.starved / load.requests, True), ((load.starved + 1) / load.requests, False)):
        monkeypatch.setattr("sim.report.answer._NOTEWORTHY", at_least)
        assert ("never served" in text([busy])) is told
