"""What would change nothing is refused at its place; a goal is answered by itself; names of the program are its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.analysis.estimates import summary
from sim.analysis.indicators import measure
from sim.engine.simpy_engine import simulate
from sim.experiment.precision import goal_key
from sim.model.plan import Plan
from sim.report.titles import Titles
from sim.scenario.loading import load, read
from sim.scenario.schema import OF_GOAL, own_indicator
from tests.test_levers import lever
from tests.test_reading import mistakes, write

GOAL = """\
title: {en: Answers, fr: Réponses}
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 100 d, follow_up: 60 d}
goal: {from: arrived, to: answered, within: 15 d, counted: calendar}
classes: [{name: requests, volume: 5 /d}]
tasks: [{name: answered, work: exactly 10 d}, {name: closed, starts: answered, work: exactly 1 d}]
"""
CLOCKS = """\
clocks:
  office: {kind: working, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"]}
  lab: {kind: working, days: [mon, tue, wed, thu, fri, sat, sun], hours: ["06:00", "22:00"]}
"""
PEOPLE = """\
sites: [{name: here, people: {desk: 2}}]
pools: {desk: {per: site, units: 3}, board: {sittings: {bodies: 1, every: week, seats: 9}, units: 2}}
"""


def share_within_goal(file: Path) -> float:
    """The share within the goal in one replication, of the indicator that the answer is about."""
    scenario = load(file)
    key = goal_key(scenario)
    assert key is not None
    plan = Plan(scenario)
    replication = plan.replication(1, 0)
    measures = measure(plan, replication, simulate(plan.network, replication.workload))
    return summary([measures]).estimates[key].value


@pytest.mark.parametrize(
    ("within", "share"), [("9 d", 0.0), ("10 d", 1.0)], ids=["a day too short", "just long enough"]
)
def test_a_goal_is_answered_by_itself(within: str, share: float, tmp_path: Path) -> None:
    """Whether no indicator ends where it does, begins where it does, or leaves something out on the way."""
    text = GOAL.replace("15 d", within)
    for other in (
        "",
        "indicators: [{name: later, from: arrived, to: closed}]\n",
        "indicators: [{name: last, from: answered, to: closed}]\n",
        "indicators: [{name: net, from: arrived, to: closed, less: [answered]}]\n",
    ):
        assert share_within_goal(write(tmp_path, x=text + other)) == share, other


def test_an_indicator_of_the_goal_is_made_only_where_there_is_none(tmp_path: Path) -> None:
    """Somebody's own keeps its name; a scenario that was read can be read again."""
    own = GOAL + "indicators: [{name: t, from: arrived, to: answered}]\n"
    assert own_indicator(load(write(tmp_path, x=own))).name == "t"
    made = load(write(tmp_path, x=GOAL))
    assert [each.name for each in made.indicators] == [OF_GOAL]
    assert type(made).model_validate(made.model_dump(mode="json", by_alias=True, exclude_none=True)) == made


def test_the_goal_names_the_clock_that_it_counts_on(tmp_path: Path) -> None:
    """Thirteen days are ten working days of an office, and thirteen of a laboratory, in whatever order they stand."""
    text = GOAL.replace("15 d, counted: calendar", "10 wd, counted: working, clock: office").replace("10 d}", "13 d}")
    text = text.replace("observation: 100 d", "observation: 28 d")
    first, second = CLOCKS.split("\n", 1)[1].strip("\n").split("\n")
    for clocks in (f"clocks:\n{first}\n{second}\n", f"clocks:\n{second}\n{first}\n"):
        assert share_within_goal(write(tmp_path, x=text + clocks)) > 0.5
        assert share_within_goal(write(tmp_path, x=text.replace("clock: office", "clock: lab") + clocks)) == 0


REFUSED = {
    "hours": (
        GOAL.replace("15 d", "48 h"),
        "x.yaml:4:45: goal.within: must be whole calendar days, such as '2 d', got '48 h'",
    ),
    "half a day": (
        GOAL.replace("15 d", "0.5 d"),
        "x.yaml:4:45: goal.within: must be whole calendar days, such as '1 d', got '0.5 d'",
    ),
    "working days on the calendar": (
        GOAL.replace("15 d", "15 wd") + CLOCKS,
        "x.yaml:4:45: goal.within: must be whole calendar days, such as '15 d', got '15 wd', or write counted: working",
    ),
    "working days without a clock": (
        GOAL.replace("calendar", "working"),
        "x.yaml:4:60: goal.counted: 'working' needs to know the working days; add a clock to clocks",
    ),
    "one of two clocks": (
        GOAL.replace("calendar", "working") + CLOCKS,
        "x.yaml:4:7: goal: must name the clock whose working days count; add 'clock:', one of office, lab",
    ),
    "a clock for the calendar": (
        GOAL.replace("calendar}", "calendar, clock: lab}") + CLOCKS,
        "x.yaml:4:77: goal.clock: counts working days, and the goal counts by the calendar; delete it",
    ),
    "an unknown clock": (
        GOAL.replace("calendar}", "working, clock: labs}") + CLOCKS,
        "x.yaml:4:76: goal.clock: there is no clock 'labs'; did you mean 'lab'?",
    ),
    "no way from one event to another": (
        GOAL.replace("to: answered", "to: arrived"),
        "x.yaml:4:27: goal.to: must be another event than the first, got 'arrived' for both",
    ),
    "what counts as inclusion of nobody": (
        GOAL.replace("calendar}", "calendar, inclusion: consent}"),
        "x.yaml:4:81: goal.inclusion: is about the stage inclusion, which is not there; add the stage, or delete it",
    ),
    "an indicator less itself": (
        GOAL + "indicators: [{name: t, from: arrived, to: answered, less: [answered]}]\n",
        "x.yaml:7:60: indicators.t.less[0]: must be a task between the two events, got one of them, 'answered'; "
        "delete it",
    ),
    "the name of the indicator of the goal": (
        GOAL + "indicators: [{name: goal, from: answered, to: closed}]\n",
        "x.yaml:7:21: indicators.goal.name: is the name of the goal's own time from event to event; rename this one",
    ),
    "units that nobody takes": (
        GOAL + PEOPLE,
        "x.yaml:8:34: pools.desk.units: are taken by nobody: all say their own people of it, in site_types and sites; "
        "change those",
    ),
    "people of a body that meets": (
        GOAL + PEOPLE,
        "x.yaml:8:99: pools.board.units: are of people, and a body that meets has seats; delete them, or the sittings",
    ),
    "a priority for nobody": (
        GOAL.replace("work: exactly 10 d", "work: exactly 10 d, priority: 3"),
        "x.yaml:6:56: tasks.answered.priority: is for who waits for people, and nothing here does; "
        "name the pool, or delete it",
    ),
    "a clock that counts nothing": (
        GOAL.replace("work: exactly 10 d", "clock: lab") + CLOCKS,
        "x.yaml:6:33: tasks.answered.clock: counts work or a limit, and there is neither; "
        "say how long it takes, or delete it",
    ),
    "even arrivals at dates": (
        GOAL.replace("volume: 5 /d", "dates: [2025-02-01], arrivals: even"),
        "x.yaml:5:59: classes.requests.arrivals: is about a volume, got dates; delete it",
    ),
    "the clock that is always open": (
        GOAL + CLOCKS.replace("lab:", "calendar:"),
        "x.yaml:9:3: clocks.calendar: is the name of the clock that is always open; rename this one",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_change_nothing_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    """Each message says where, what, and what to do instead."""
    text, expected = REFUSED[name]
    assert expected in mistakes(write(tmp_path, x=text))


def test_a_task_has_no_name_that_the_program_makes(tmp_path: Path) -> None:
    """A milestone that stands for a rule keeps its name for itself, and so does what nobody named."""
    text = GOAL.split("goal:")[0] + "sites: [{name: s1}, {name: s2}]\n"
    text += "classes: [{name: a, volume: 1 /d, sites: exactly 2}]\ntasks:\n  - {name: opened, scope: site}\n"
    text += "  - {name: first_opened}\n  - {name: party, starts: first opened}\n"
    assert mistakes(write(tmp_path, x=text)) == [
        "x.yaml:8:12: tasks.first_opened.name: 'first_opened' stands for the rule 'first opened'; rename this one"
    ]


def test_a_prerequisite_may_be_called_other(tmp_path: Path) -> None:
    """What binds is told by its name, and what is not on the list by one that no task can have."""
    text = GOAL.replace("calendar}", "calendar, prerequisites: [other]}").replace(
        "answered, work: exactly 10 d", "other"
    )
    text = text.replace("{name: closed, starts: answered", "{name: answered, starts: other")
    plan = Plan(load(write(tmp_path, x=text)))
    replication = plan.replication(1, 0)
    found = measure(plan, replication, simulate(plan.network, replication.workload)).binding
    assert {each.prerequisite for each in found if each.level == "trial"} == {"other", "arrived", ""}
    assert {each.prerequisite: each.share for each in found if each.level == "trial"}["other"] == 1
    assert (Titles(plan.scenario, "en").event("other"), Titles(plan.scenario, "en").event("")) == (
        "other",
        "something else",
    )


def test_a_task_that_changes_nothing_is_doubtful(tmp_path: Path) -> None:
    """Nothing waits for it, nothing measures it, and it keeps nobody busy: hardly anybody means that."""
    measured = GOAL + "indicators: [{name: t, from: arrived, to: answered}]\n"
    (warning,) = read(write(tmp_path, x=measured)).warnings
    assert str(warning).endswith(
        "x.yaml:6:47: tasks.closed: warning: nothing waits for it and nothing measures it; "
        "let something start after it, or delete it"
    )
    for kept in (
        measured.replace("starts: answered", "starts: answered, closes_trial: true"),
        measured.replace("to: answered}]", "to: answered}, {name: u, from: answered, to: closed}]"),
        measured.replace("starts: answered", "starts: answered, pool: desk") + "pools: {desk: {units: 1}}\n",
    ):
        assert read(write(tmp_path, x=kept)).warnings == ()


OUT_OF_TIME = {
    "classes.a.dates[1]": "classes: [{name: a, dates: [2025-02-03, 2026-01-01]}]",
    "classes.a.volume_by_date.2024-01-01": (
        "classes: [{name: a, volume_by_date: {2025-01-01: 5 /d, 2024-01-01: 1 /d, 2025-02-01: 2 /d}}]"
    ),
    "classes.a.volume_by_date.2027-01-01": (
        "classes: [{name: a, volume_by_date: {2025-01-01: 5 /d, 2026-01-01: 1 /d, 2027-01-01: 2 /d}}]"
    ),
    "pools.desk.absences[0]": "pools: {desk: {units: 2, absences: [{from: 2024-01-01, to: 2025-01-05, units: 1}]}}",
    "pools.desk.units.2025-04-06": "pools: {desk: {units: {2025-01-06: 2, 2025-04-06: 3}}}",
    "pools.desk.units.2024-01-01": "pools: {desk: {units: {2024-01-01: 2, 2025-01-06: 3}}}",
    "pools.desk.leave[0].years": (
        "pools: {desk: {units: 2, leave: [{from: 08-01, to: 08-31, present: 50 %, years: [2023, 2030]}]}}"
    ),
    "tasks.answered.variants[0]": (
        "tasks: [{name: answered, pool: desk, work: exactly 1 d, "
        "variants: [{when: {}, submitted_from: 2025-04-06, work: exactly 2 d}]}]"
    ),
    "clocks.office.closed_on": (
        "clocks: {office: {kind: working, days: [mon], hours: ['09:00', '17:00'], closed_on: [2025-01-05, 2025-04-06]}}"
    ),
}


@pytest.mark.parametrize("place", OUT_OF_TIME)
def test_a_date_that_no_day_of_the_simulation_sees_is_doubtful(place: str, tmp_path: Path) -> None:
    """It is said at its place, and nothing is said of what begins before and still holds: 90 days from 6 January."""
    lines = {
        "classes": "classes: [{name: a, volume: 1 /d}]",
        "pools": "pools: {desk: {units: 2, absences: [{from: 2024-01-01, to: 2025-01-06, units: 1}]}}",
        "tasks": "tasks: [{name: answered, pool: desk, work: exactly 1 d}]",
        "clocks": "clocks: {office: {kind: working, days: [mon], hours: ['09:00', '17:00'], closed_on: [2025-01-07]}}",
    }
    head = "title: {en: x, fr: x}\norigin: 2025-01-06\n"
    tail = "windows: {warm_up: 0 d, observation: 60 d, follow_up: 30 d}\n"
    lines |= {(said := OUT_OF_TIME[place]).partition(":")[0]: said}
    (warning,) = read(write(tmp_path, x=head + "".join(f"{line}\n" for line in lines.values()) + tail)).warnings
    why = "lies outside the simulated time, 2025-01-06 to 2025-04-05, and changes nothing; move it, or delete it"
    assert (warning.path, warning.message) == (place, f"warning: {why}")
    assert warning.line == [*lines].index(place.partition(".")[0]) + 3


def test_a_lever_that_begins_after_the_end_is_doubtful_once(tmp_path: Path) -> None:
    """At its use, and not at each of its variants."""
    (tmp_path / "levers").mkdir()
    write(tmp_path / "levers", fast=lever("fast", "{tasks: [{name: answered, work: exactly 2 d}]}"))
    used = GOAL.replace(
        "tasks: [{name: answered, work: exactly 10 d}, {name: closed, starts: answered, work: exactly 1 d}]",
        "tasks: [{name: answered, work: exactly 10 d}]",
    )
    (warning,) = read(write(tmp_path, x=used + "levers: [{name: fast, from: 2030-01-01}]\n")).warnings
    assert "levers.fast: warning: lies outside the simulated time" in str(warning)
