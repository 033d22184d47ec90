"""Evidence: every number of a scenario, what covers it, and what is wrong with that."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from sim.report.text import numbers_text
from sim.scenario.evidence import Number, check, numbers, register, shares
from sim.scenario.evidence_table import as_csv, as_json
from tests.test_reading import write

REGISTER = "id,stage,quantity,value,unit,statistic,population,year,source,url,grade,note\n" + "".join(
    f"{row},s,q,1,,mean,all,2020,paper,url,{grade},\n" for row, grade in (("T-A", "A"), ("T-B", "B"), ("T-C", "C"))
)
COVERED = """\
title: {en: 2 words, fr: 2 mots}
origin: 2025-01-01
windows: {warm_up: 0 d, observation: 30 d, follow_up: 30 d, assumption: {range: fixed, why: a choice}}
classes:
  - {name: early2, volume: 120 /year, attributes: {phase: phase2b}, source: T-A}
pools:
  desk:
    units: 2
    leave: [{from: 08-01, to: 08-31, present: 50 %, source: T-C}]
    source: [T-A, T-B]
tasks:
  - {name: draft, work: {median: 3 d, p90: 9 d}, priority: 1, pool: desk, source: T-B}
  - name: review
    starts: draft + 3 d
    rounds: {mean: 2, assumption: {range: [1, 3], why: nobody counted}}
    source: T-C
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a register of its own and a scenario, `base.yaml`, of which every number is covered."""
    (tmp_path / "evidence.csv").write_text(REGISTER, encoding="utf-8")
    write(tmp_path, base=COVERED)
    return tmp_path


def lines(file: Path) -> list[str]:
    """What the check finds, without the folder."""
    return [str(mistake).replace(f"{file.parent}/", "") for mistake in check(file)]


def test_every_number_is_listed_with_what_covers_it(folder: Path) -> None:
    """The nearest source or assumption above a number counts, with the worst of its grades."""
    found = [(number.path, number.text, number.grade) for number in numbers(folder / "base.yaml")]
    assert found == [
        ("windows.warm_up", "0 d", "D"),
        ("windows.observation", "30 d", "D"),
        ("windows.follow_up", "30 d", "D"),
        ("classes.early2.volume", "120 /year", "A"),
        ("pools.desk.units", "2", "B"),
        ("pools.desk.leave[0].from", "08-01", "C"),
        ("pools.desk.leave[0].to", "08-31", "C"),
        ("pools.desk.leave[0].present", "50 %", "C"),
        ("tasks.draft.work.median", "3 d", "B"),
        ("tasks.draft.work.p90", "9 d", "B"),
        ("tasks.draft.priority", "1", "B"),
        ("tasks.review.starts", "draft + 3 d", "C"),
        ("tasks.review.rounds.mean", "2", "D"),
    ]


def test_a_number_knows_its_line_its_sources_and_its_range(folder: Path) -> None:
    """What a table of evidence shows."""
    units, rounds = (
        next(each for each in numbers(folder / "base.yaml") if each.path == path)
        for path in ("pools.desk.units", "tasks.review.rounds.mean")
    )
    assert (units.place.line, units.sources, units.assumption) == (8, ("T-A", "T-B"), None)
    assert (rounds.place.line, rounds.sources, rounds.assumption) == (15, (), "1 to 3")


def test_a_covered_scenario_has_nothing_wrong(folder: Path) -> None:
    """The text that the broken ones are made from is right."""
    assert lines(folder / "base.yaml") == []


WRONG = {
    "no provenance": (
        ", priority: 1, pool: desk, source: T-B",
        ", pool: desk",
        [
            "x.yaml:12:34: tasks.draft.work.median: must have a source or an assumption, got 3 d with neither",
            "x.yaml:12:44: tasks.draft.work.p90: must have a source or an assumption, got 9 d with neither",
        ],
    ),
    "an unknown row": (
        "source: [T-A, T-B]",
        "source: [T-A, T-BB]",
        ["x.yaml:10:13: source: there is no row 'T-BB' in the register; did you mean 'T-B'?"],
    ),
    "a number outside its range": (
        "mean: 2",
        "mean: 4",
        ["x.yaml:15:43: assumption.range: must hold the number that it is about, 4, got 1 to 3"],
    ),
    "a median outside its range": (
        "work: {median: 3 d, p90: 9 d}",
        "work: {median: 3 d, p90: 9 d, assumption: {range: [5 d, 9 d], why: x}}",
        ["x.yaml:12:69: assumption.range: must hold the number that it is about, 3 d, got 5 d to 9 d"],
    ),
    "a window outside its range": (
        "range: fixed",
        "range: [40 d, 60 d], of: warm_up",
        ["x.yaml:3:81: assumption.range: must hold the number that it is about, 0 d, got 40 d to 60 d"],
    ),
    "one range for several numbers": (
        "range: fixed",
        "range: [0 d, 60 d]",
        [
            "x.yaml:3:81: assumption.range: must be about one number, got 0 d to 60 d for windows.warm_up, "
            "windows.observation, windows.follow_up; name it with 'of', or give factors such as [x0.5, x2] for all"
        ],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_weakness_of_the_evidence_is_told(name: str, folder: Path) -> None:
    """At its place, with the rule and what was received."""
    old, new, expected = WRONG[name]
    assert old in COVERED
    assert lines(write(folder, x=COVERED.replace(old, new))) == expected


def test_an_overridden_number_does_not_keep_the_source_of_the_old_one(folder: Path) -> None:
    """A source stood beside the number that it was written for; a change has to bring its own."""
    bare = write(folder, x="extends: base.yaml\npools: {desk: {units: 9}}\n")
    assert lines(bare) == [
        "x.yaml:2:23: pools.desk.units: keeps the source of another number, written at base.yaml:10:5, got 9; "
        "say its own source or assumption"
    ]
    assert lines(write(folder, x="extends: base.yaml\npools: {desk: {units: 9, source: T-C}}\n")) == []


def test_a_new_source_covers_only_what_stands_beside_it(folder: Path) -> None:
    """The numbers of the base keep their own provenance when an override brings another one."""
    file = write(folder, x="extends: base.yaml\ntasks: [{name: draft, work: {median: 4 d, source: T-C}}]\n")
    grades = {number.path: number.grade for number in numbers(file)}
    assert (grades["tasks.draft.work.median"], grades["tasks.draft.work.p90"]) == ("C", "B")


def test_a_lever_covers_its_changes(folder: Path) -> None:
    """The source of a lever is the source of the numbers that it sets."""
    (folder / "levers").mkdir()
    text = "name: more\ntitle: {en: m, fr: m}\nmechanism: m\nsource: T-C\nchanges: {pools: {desk: {units: 9}}}\n"
    write(folder / "levers", more=text)
    file = write(folder, x="extends: base.yaml\nlevers: [more]\n")
    assert lines(file) == []
    assert {number.path: number.grade for number in numbers(file)}["pools.desk.units"] == "C"


def test_shares_by_grade_add_up(folder: Path) -> None:
    """Of 13 numbers 4 are assumed; what nothing covers is a grade of its own."""
    found = numbers(folder / "base.yaml")
    assert shares(found) == {"A": 1 / 13, "B": 4 / 13, "C": 4 / 13, "D": 0, "assumption": 4 / 13, "none": 0}
    uncovered = numbers(write(folder, x=COVERED.replace(", source: T-A}", "}")))
    assert shares(uncovered)["none"] == 1 / 13


def test_the_three_tables_say_the_same(folder: Path) -> None:
    """Text for people, CSV and JSON for programs."""
    found = numbers(folder / "base.yaml")
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert (
        [row["path"] for row in rows]
        == [number.path for number in found]
        == [row["path"] for row in json.loads(as_json(found))]
    )
    assert rows[4] | {"file": ""} == {
        "path": "pools.desk.units",
        "value": "2",
        "unit": "",
        "source": "T-A T-B",
        "year": "2020",
        "grade": "B",
        "range": "",
        "file": "",
        "line": "8",
    }
    text = numbers_text(found, "en").splitlines()
    assert text[5].split() == ["B", "pools.desk.units", "2", "T-A,", "T-B"]
    graded = "13 numbers: A 8 %, B 31 %, C 31 %, D 0 %, assumption 31 %, none 0 %"
    assert text[-1].replace("\u00a0", " ") == graded


def test_an_empty_table_is_a_header() -> None:
    """A scenario without numbers makes no error."""
    nothing: tuple[Number, ...] = ()
    assert (as_csv(nothing), json.loads(as_json(nothing))) == ("path\n", [])


@pytest.mark.parametrize("name", ["france", "france_sequential", "france_parallel", "france_pledge"])
def test_every_number_of_the_shipped_scenarios_has_evidence(name: str) -> None:
    """No number without a source or an assumption, no unknown row, no range that does not hold."""
    assert list(map(str, check(name))) == []
    assert shares(numbers(name))["none"] == 0


def test_the_register_has_known_grades() -> None:
    """Every row of the shipped register has one of the four grades."""
    rows = register()
    assert len(rows) > 200
    assert {row.grade for row in rows.values()} == {"A", "B", "C", "D"}


def test_a_number_in_another_unit_than_its_source_is_told(folder: Path) -> None:
    """A share cannot come from a row in days alone; a range, or a row of counts beside it, makes it plausible."""
    with (folder / "evidence.csv").open("a", encoding="utf-8") as stream:
        stream.write("T-D,s,q,7,days,mean,all,2020,paper,url,B,\nT-N,s,q,7,files,count,all,2020,paper,url,B,\n")
    task = "{name: draft, work: {median: 3 d, p90: 9 d}, share: 40 %, source: T-D}"
    wrong = write(folder, x=f"extends: base.yaml\ntasks: [{task}]\n")
    assert lines(wrong) == [
        "x.yaml:2:61: tasks.draft.share: is in another unit than its source, got 40 % from T-D in days; "
        "name the source of this number, or an assumption"
    ]
    assert lines(write(folder, x=f"extends: base.yaml\ntasks: [{task.replace('T-D', '[T-D, T-N]')}]\n")) == []
    assumed = task.replace("source: T-D", "source: T-D, assumption: {range: [10 %, 60 %], why: guessed}")
    assert lines(write(folder, x=f"extends: base.yaml\ntasks: [{assumed}]\n")) == []


def test_the_date_of_a_lever_is_one_number(folder: Path) -> None:
    """It stands in every variant that the lever becomes, and is asked for its source once, where it was written."""
    (folder / "levers").mkdir()
    text = (
        "name: more\ntitle: {en: m, fr: m}\nmechanism: m\nsource: T-C\n"
        "changes: {tasks: [{name: draft, starts: arrived}, {name: review, starts: arrived}]}\n"
    )
    write(folder / "levers", more=text)
    bare = write(folder, x="extends: base.yaml\nlevers: [{name: more, from: 2025-01-10}]\n")
    assert lines(bare) == [
        "x.yaml:2:29: levers.more.from: must have a source or an assumption, got 2025-01-10 with neither"
    ]
    ranged = "{name: more, from: 2025-01-10, assumption: {range: [2025-01-01, 2025-02-01], why: announced}}"
    assert lines(write(folder, x=f"extends: base.yaml\nlevers: [{ranged}]\n")) == []
    late = ranged.replace("2025-01-10", "2025-03-10")
    assert lines(write(folder, x=f"extends: base.yaml\nlevers: [{late}]\n")) == [
        "x.yaml:2:61: assumption.range: must hold the number that it is about, 2025-03-10, got 2025-01-01 to 2025-02-01"
    ]
