"""Levers: overlays that hit something, and that mean the same in any order."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.levers import levers
from sim.scenario.loading import load, pull
from tests.test_reading import WHOLE, mistakes, write

CHANGES = {
    "more_people": "{pools: {desk: {units: 4}}}",
    "faster": "{tasks: [{name: draft, work: {median: 2 wd}}]}",
    "helpers": "{pools: {night: {units: 1}}, tasks: [{name: review, pool: night}]}",
    "watch": "{pools: {dawn: {units: 1}}, classes: [{name: early, priority: 2}], tasks: [{name: draft, pool: dawn}]}",
}


def lever(name: str, changes: str) -> str:
    """The text of a lever."""
    return f"name: {name}\ntitle: {{en: {name}, fr: {name}}}\nmechanism: how\nsource: X-1\nchanges: {changes}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a scenario, `base.yaml`, and the levers of CHANGES."""
    (tmp_path / "levers").mkdir()
    write(tmp_path / "levers", **{name: lever(name, changes) for name, changes in CHANGES.items()})
    write(tmp_path, base=WHOLE)
    return tmp_path


def test_a_lever_changes_what_it_says(folder: Path) -> None:
    """And leaves the neighbours alone."""
    scenario = pull(folder / "base.yaml", ["faster"])
    assert scenario.levers == ("faster",)
    assert str(scenario.tasks[0].work.median) == "2 wd"
    assert scenario.tasks[1:] == load(folder / "base.yaml").tasks[1:]


def test_levers_mean_the_same_in_any_order(folder: Path) -> None:
    """All orders give one scenario, down to the order in which pools deal."""
    first, *others = [pull(folder / "base.yaml", names) for names in permutations(CHANGES)]
    assert first.levers == tuple(sorted(CHANGES))
    assert all(other == first and [*other.pools] == [*first.pools] for other in others)


def test_pulling_a_lever_is_naming_it(folder: Path) -> None:
    """A file with `levers:` and a call with the same names give the same scenario."""
    named = write(folder, x="extends: base.yaml\nlevers: [watch, faster]\n")
    assert (
        load(named)
        == pull(folder / "base.yaml", ["faster", "watch"])
        == load(folder / "base.yaml", set_=["levers=[faster, watch]"])
    )


def test_a_lever_that_is_pulled_twice_counts_once(folder: Path) -> None:
    """Naming it in the file and in the call changes nothing more."""
    named = write(folder, x="extends: base.yaml\nlevers: [faster]\n")
    assert pull(named, ["faster"]) == load(named)


def test_who_extends_a_file_with_levers_builds_on_their_effect(folder: Path) -> None:
    """The own statement wins over the lever of the base; an own list of levers replaces the other one."""
    write(folder, b="extends: base.yaml\nlevers: [faster]\n")
    own_work = load(write(folder, x="extends: b.yaml\ntasks: [{name: draft, work: {median: 1 wd}}]\n"))
    own_list = load(write(folder, x="extends: b.yaml\nlevers: [more_people]\n"))
    assert (own_work.levers, str(own_work.tasks[0].work.median)) == (("faster",), "1 wd")
    assert (own_list.levers, str(own_list.tasks[0].work.median)) == (("more_people",), "3 wd")


def test_two_levers_that_contradict_each_other_are_refused(folder: Path) -> None:
    """The message names both and the path."""
    write(folder / "levers", slower=lever("slower", "{tasks: [{name: draft, work: {median: 7 wd, p90: 9 wd}}]}"))
    file = write(folder, x="extends: base.yaml\nlevers: [slower, faster]\n")
    assert mistakes(file) == [
        "levers/slower.yaml:5:39: tasks.draft.work: levers 'faster' and 'slower' set it to different values, "
        "the other one at levers/faster.yaml:5:39; pull one of them"
    ]


def test_a_lever_and_one_that_sets_a_part_of_the_same_contradict_each_other(folder: Path) -> None:
    """A whole that is replaced and a part of it cannot both be meant."""
    write(
        folder / "levers",
        a=lever("a", "{tasks: [{name: draft, starts: [arrived]}]}"),
        b=lever("b", "{tasks: [{name: draft, starts: arrived}]}"),
    )
    with pytest.raises(ScenarioError, match=r"tasks.draft.starts: levers 'a' and 'b' set it to different values"):
        pull(folder / "base.yaml", ["a", "b"])


def test_two_levers_may_set_the_same_value(folder: Path) -> None:
    """Agreement is no contradiction, and each may give its own source."""
    write(folder / "levers", also=lever("also", "{pools: {desk: {units: 4, source: X-9}}}"))
    assert pull(folder / "base.yaml", ["also", "more_people"]).pools["desk"].units == 4


WRONG_LEVERS = {
    "a change of nothing": (
        lever("bad", "{tasks: [{name: draught, work: exactly 1 d}]}"),
        "levers/bad.yaml:5:19: tasks.draught: there is no 'draught' to change; did you mean 'draft'? "
        "(a new one must give starts)",
    ),
    "a misspelt key": (
        lever("bad", "{pools: {desk: {unit: 2}}}"),
        "levers/bad.yaml:5:26: pools.desk.unit: unknown key; did you mean 'units'?",
    ),
    "another name": (
        lever("worse", "{}"),
        "levers/bad.yaml:1:7: name: must be the name of the file, 'bad', got 'worse'",
    ),
    "no mechanism": (
        lever("bad", "{}").replace("mechanism: how\n", ""),
        "levers/bad.yaml:1:1: mechanism: required key is missing; add it (By what it works)",
    ),
    "levers in a lever": (
        lever("bad", "{levers: [faster]}"),
        "levers/bad.yaml:5:11: changes.levers: is not for a lever to change; delete it",
    ),
}


@pytest.mark.parametrize("name", WRONG_LEVERS)
def test_a_wrong_lever_is_told_at_its_own_place(name: str, folder: Path) -> None:
    """The mistake is placed in the lever's file, not in the scenario that names it."""
    text, expected = WRONG_LEVERS[name]
    write(folder / "levers", bad=text)
    assert mistakes(write(folder, x="extends: base.yaml\nlevers: [bad]\n")) == [expected]


def test_the_shipped_levers_are_complete() -> None:
    """Each has a mechanism, and a source or an assumption."""
    shipped = levers()
    assert {lever.name for lever in shipped} >= {"parallel_contracting", "early_mobilisation", "dedicated_referents"}
    assert all(lever.mechanism and (lever.source or lever.assumption) for lever in shipped)


def test_wrong_levers_in_a_folder_are_all_told(folder: Path) -> None:
    """Listing levers gives the mistakes of every file at once."""
    for name in CHANGES:
        (folder / "levers" / f"{name}.yaml").unlink()
    write(folder / "levers", bad1=lever("bad1", "3"), bad2=lever("bad2", "4"))
    with pytest.raises(ScenarioError) as caught:
        levers(folder)
    assert [Path(mistake.file).name for mistake in caught.value.mistakes] == ["bad1.yaml", "bad2.yaml"]
