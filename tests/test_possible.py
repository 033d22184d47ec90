"""People who are not there, and a follow-up that is too short, are said before anything runs, at their place."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import read

HEAD = "title: {en: Test, fr: Essai}\nassumption: {range: fixed, why: made up}\n"
START = """\
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 700 d, follow_up: 30 d}
classes: [{name: trials, volume: 0.5 /d, sites: exactly 1, at: {small: false}, sponsors: {firm: 100 %}}]
site_types: {large: {attributes: {small: false}, people: {TYPE}}, tiny: {attributes: {small: true}}}
sites: [{name: lille, type: large}, {name: brest, type: large, people: {SITE}}, {name: sein, type: tiny}]
sponsor_types: {firm: {number: 3, people: {SPONSOR}}}
"""
FOR_EVER = "has nobody at any time, and draft would wait for ever"
NOBODY = {
    f"{FOR_EVER}; give it people, or let the task do without the pool": [
        "{units: 0}",
        "{units: 3, leave: [{from: 01-01, to: 12-31, present: 0 %}]}",
    ],
    f"{FOR_EVER}; give its sites people, or let the task do without the pool": ["{per: site, units: 0}"],
    f"{FOR_EVER}; give its sponsors people, or let the task do without the pool": ["{per: sponsor, units: 0}"],
    "never sits, and draft would wait for ever; give it seats, or days on which it sits": [
        "{sittings: {bodies: 2, every: week, seats: 0}}",
        "{sittings: {bodies: 2, every: week, seats: 9, missed: [{from: 01-01, to: 12-31, bodies: 2}]}}",
    ],
}
SOMEBODY = (
    "{units: 1}",
    "{units: 3, leave: [{from: 01-01, to: 12-31, present: 1 %}]}",
    "{units: 3, leave: [{from: 01-01, to: 12-31, years: [2025], present: 0 %}]}",
    "{sittings: {bodies: 2, every: week, seats: 9, missed: [{from: 01-01, to: 12-31, bodies: 1}]}}",
    "{sittings: {bodies: 2, every: week, seats: 9, missed: [{from: 01-01, to: 06-30}, {from: 07-01, to: 12-30}]}}",
)


def said(
    pool: str, task: str = "", *, kind: str = "", site: str = "", sponsor: str = ""
) -> tuple[list[str], list[str]]:
    """What is impossible and what is doubtful about a task, if need be of these people, at a desk."""
    start = START.replace("TYPE", kind).replace("SITE", site).replace("SPONSOR", sponsor)
    text = f"{HEAD}{start}pools: {{desk: {pool}}}\ntasks: [{{name: draft, scope: site, pool: desk{task}}}]\n"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.yaml"
        file.write_text(text, encoding="utf-8")
        try:
            return [], [each.message.removeprefix("warning: ") for each in read(file).warnings]
        except ScenarioError as error:
            return [each.message for each in error.mistakes], []


@pytest.mark.parametrize("expected", NOBODY)
def test_nobody_at_any_time_is_impossible(expected: str) -> None:
    """Without units, always on leave, without seats, or with every sitting missed."""
    assert [said(pool) for pool in NOBODY[expected]] == [([expected], [])] * len(NOBODY[expected])


def test_somebody_at_some_time_is_possible() -> None:
    """Leave that ends, and one body of two that sits; people of a type, of one site, or of a sponsor."""
    assert [said(pool) for pool in SOMEBODY] == [([], [])] * len(SOMEBODY)
    assert said("{per: site}", kind="desk: 1") == said("{per: sponsor}", sponsor="desk: 1") == ([], [])


@pytest.mark.parametrize(
    "task",
    [
        ", share: 0 %",
        ", limit: {within: 3 d, then: tacit}",
        ", only: {class: trials, small: true}, variants: [{when: {}, share: 1 %}]",
    ],
)
def test_nobody_is_needed_where_nobody_waits(task: str) -> None:
    """A task that no trial needs, one that a limit decides, and one of which a variant may say otherwise."""
    assert said("{units: 0}", task) == ([], [])


def test_a_site_without_people_that_trials_open_is_doubtful() -> None:
    """Brest has nobody and is opened; Sein has nobody either, and no trial goes there."""
    message = "has nobody at brest, and trials go there: what needs it waits for ever; give these sites people"
    assert said("{per: site}", kind="desk: 1", site="desk: 0") == ([], [message])
    assert said("{per: site}", ", only: {site: lille}", kind="desk: 1", site="desk: 0") == ([], [])


def test_both_are_told_at_their_place(tmp_path: Path) -> None:
    """The units of the pool are a mistake; a follow-up shorter than the goal is a warning."""
    file = tmp_path / "x.yaml"
    file.write_text(
        HEAD
        + START.replace("TYPE", "").replace("SITE", "").replace("SPONSOR", "")
        + (
            "pools: {desk: {units: 0}}\ngoal: {from: arrived, to: draft, within: 31 d, counted: calendar}\n"
            "tasks: [{name: draft, pool: desk}]\n"
        ),
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=f"^{file}:9:23: pools.desk.units: has nobody at any time"):
        read(file)
    (warning,) = read(file, set_=["pools.desk.units=1"]).warnings
    assert str(warning).startswith(
        f"{file}:4:56: windows.follow_up: warning: the follow-up of 30 d is shorter than the 31 d"
    )


def test_quantiles_that_become_others_are_warned_of_at_their_place(tmp_path: Path) -> None:
    """A lognormal has no such quartiles: a warning says what they become; piece by piece they are met, without one."""
    file = tmp_path / "quartiles.yaml"
    file.write_text(
        """\
title: {en: Three quantiles, fr: Trois quantiles}
assumption: {range: [0, 1], why: made up for a test}
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 30 d, follow_up: 30 d}
classes: [{name: files, volume: 20 /d}]
tasks: [{name: done, work: {q1: 5 d, median: 32 d, q3: 40 d}}]
""",
        encoding="utf-8",
    )
    (warning,) = read(file).warnings
    assert str(warning).startswith(
        f"{file}:6:28: tasks.done.work: warning: lognormal cannot have these numbers: q1 5 d"
    )
    assert "median 32 d becomes 18.6 d" in str(warning)
    assert not read(file, set_=["tasks.done.work.family=piecewise"]).warnings
