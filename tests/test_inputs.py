"""From a written range to an input: which numbers it is about, or why it is about none."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.evidence import inputs
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load
from sim.uncertainty.unknowns import Unknowns, corner_mistakes, corners
from tests.test_evidence import REGISTER
from tests.test_reading import write

HEAD = """\
title: {en: Test, fr: Essai}
origin: 2025-01-01
windows: {warm_up: 0 d, observation: 30 d, follow_up: 30 d, source: T-A}
goal: {from: asked, to: drafted, within: 9 d, counted: calendar, source: T-A}
classes:
  - {name: files, volume: 120 /year, source: T-A}
"""
TASK = "tasks:\n  - {name: asked, scope: trial}\n  - {name: drafted, scope: trial, starts: asked, "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a register of its own."""
    (tmp_path / "evidence.csv").write_text(REGISTER, encoding="utf-8")
    return tmp_path


def written(folder: Path, task: str, value: float) -> list[object]:
    """What stands where its range says, if the only input of a task has this value."""
    (only,) = inputs(write(folder, x=f"{HEAD}{TASK}{task}}}\n"))
    return [*only.written(value).values()]


RIGHT = {
    "a number": ("work: exactly 4 d, assumption: {range: [2 d, 8 d], why: w}", 5, ["exactly 5 d"]),
    "a duration": ("work: {median: 2 d, p90: 8 d}, assumption: {range: [1 d, 4 d], why: w}", 3, ["3 d", "12 d"]),
    "a mode": (
        "work: {low: 1 d, mode: 2 d, high: 6 d}, assumption: {range: [1 d, 4 d], why: w}",
        4,
        ["2 d", "4 d", "12 d"],
    ),
    "one number of a duration": (
        "work: {median: 2 d, p90: 8 d}, assumption: {range: [4 d, 16 d], of: work.p90, why: w}",
        10,
        ["10 d"],
    ),
    "the kind chooses": (
        "share: 30 %, work: {median: 2 d, p90: 8 d}, assumption: {range: [10 %, 60 %], why: w}",
        40,
        ["40 %"],
    ),
    "a factor of all": (
        "share: 30 %, work: {median: 2 d, p90: 8 d}, assumption: {range: [x0.5, x2], why: w}",
        2,
        ["60 %", "4 d", "16 d"],
    ),
    "a factor of one": (
        "share: 30 %, work: {median: 2 d, p90: 8 d}, assumption: {range: [x0.5, x2], of: work, why: w}",
        0.5,
        ["1 d", "4 d"],
    ),
    "law stands still": (
        "work: exactly 4 d, limit: {within: 9 d, then: tacit}, assumption: {range: [x0.5, x2], why: w}",
        2,
        ["exactly 8 d"],
    ),
    "a mean": ("rounds: {mean: 3}, assumption: {range: [1, 8], why: w}", 2.5, [2.5]),
    "a share of cases": ("share: 30 %, source: T-B, sampling: {size: 50}", 40, ["40 %"]),
    "a standard error": ("work: exactly 4 d, source: T-B, sampling: {error: 1 d}", 5, ["exactly 5 d"]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_range_moves_what_it_is_about(name: str, folder: Path) -> None:
    """And nothing else."""
    task, value, expected = RIGHT[name]
    assert written(folder, task, value) == expected


WRONG = {
    "two durations": (
        "starts: asked + 3 d, work: {median: 2 d, p90: 8 d}, assumption: {range: [1 d, 4 d], why: w}",
        "must be about one number, got 1 d to 4 d for tasks.drafted.starts, tasks.drafted.work",
    ),
    "another unit": (
        "work: exactly 4 d, assumption: {range: [2 wd, 8 wd], why: w}",
        "must be in the unit of the number that it is about, d as tasks.drafted.work, got 2 wd to 8 wd",
    ),
    "two units": ("work: exactly 4 h, assumption: {range: [1 h, 5 wd], why: w}", "must be two numbers of one unit"),
    "a duration without a centre": (
        "work: {low: 1 d, high: 6 d}, assumption: {range: [1 d, 6 d], why: w}",
        "must be of the kind of the number that it is about",
    ),
    "factors that do not hold 1": (
        "work: exactly 4 d, assumption: {range: [x2, x3], why: w}",
        "must hold what is written, x1 or 0 d, got x2 to x3",
    ),
    "days for no date": ("work: exactly 4 d, assumption: {range: [-9 d, +9 d], why: w}", "must cover a date"),
    "what is not there": (
        "work: exactly 4 d, assumption: {range: [2 d, 8 d], of: share, why: w}",
        "must be about one number, got 2 d to 8 d for none",
    ),
    "cases of an exact time": ("work: exactly 4 d, source: T-B, sampling: {size: 50}", "give the standard error"),
    "sampling of law": ("share: 30 %, source: T-A, sampling: {size: 50}", "is not for legal text, which does not vary"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_range_that_says_nothing_is_refused(name: str, folder: Path) -> None:
    """At its place, with what was received."""
    task, expected = WRONG[name]
    task = task if task.startswith("starts") else f"starts: asked, {task}"
    head = TASK.replace("starts: asked, ", "")
    with pytest.raises(ScenarioError, match=r"x\.yaml:9:\d+: ") as error:
        inputs(write(folder, x=f"{HEAD}{head}{task}}}\n"))
    assert expected in str(error.value)


def test_dates_are_moved_by_days(folder: Path) -> None:
    """All that are covered, by the same number."""
    dates = "classes: [{name: files, dates: [2025-01-10, 2025-01-20], assumption: {range: [-5 d, +9 d], why: w}}]\n"
    (only,) = inputs(
        write(folder, x=HEAD[: HEAD.index("classes:")] + dates + TASK + "work: exactly 1 d, source: T-A}\n")
    )
    assert [str(day) for day in only.written(-5).values()] == ["2025-01-05", "2025-01-15"]


def test_apart_each_number_is_an_input(folder: Path) -> None:
    """Together they are one."""
    task = "share: 30 %, work: exactly 4 d, assumption: {range: [x0.5, x2], move: apart, why: w}"
    file = write(folder, x=f"{HEAD}{TASK}{task}}}\n")
    assert [each.name for each in inputs(file)] == ["tasks.drafted.share", "tasks.drafted.work"]


def test_a_number_that_another_file_replaces_is_no_input_any_more(folder: Path) -> None:
    """Its range was about what is gone; what brings a range of its own is an input under it."""
    write(folder, base=f"{HEAD}{TASK}work: exactly 4 d, assumption: {{range: [2 d, 8 d], why: w}}}}\n")
    known = write(folder, known="extends: base.yaml\ntasks: [{name: drafted, work: exactly 9 d, source: T-B}]\n")
    assert inputs(known) == ()
    own = "{exactly: 9 d, assumption: {range: [8 d, 10 d], why: w}}"
    (only,) = inputs(write(folder, own=f"extends: base.yaml\ntasks: [{{name: drafted, work: {own}}}]\n"))
    assert (only.law.low, only.law.mode, only.law.high) == (8, 9, 10)


PAIR = """  - {name: one, scope: trial, work: exactly 2 d, assumption: {range: [1 d, 4 d], tie: t, why: w}}
  - {name: two, scope: trial, work: exactly 9 d, assumption: {range: [8 d, 9 d], tie: t, why: w}}
"""


def test_what_is_tied_moves_as_one(folder: Path) -> None:
    """One axis, each input at its own quantile of the same draw."""
    file = write(folder, x=f"{HEAD}{TASK}work: exactly 4 d, source: T-A}}\n{PAIR}")
    unknowns = Unknowns({"x": file})
    assert unknowns.names == ("t",)
    changed = unknowns.scenario("x", {"t": 0.0})
    assert [str(task.work.exactly) for task in changed.scenario.tasks[2:] if task.work is not None] == ["1 d", "8 d"]


def test_a_draw_leaves_the_rest_as_it_is_written(folder: Path) -> None:
    """An empty draw is the scenario itself, and a number that the command line sets is known."""
    file = write(folder, x=f"{HEAD}{TASK}work: exactly 4 d, assumption: {{range: [2 d, 8 d], why: w}}}}\n")
    free = Unknowns({"x": file})
    assert free.scenario("x", {}).scenario == load(file) != free.scenario("x", {"tasks.drafted.work": 0.0}).scenario
    known = Unknowns({"x": file}, ("tasks.drafted.work={median: 1 d, p90: 2 d}",))
    assert known.names == ()


def test_a_corner_that_cannot_be_built_is_told_with_the_ranges_to_blame(folder: Path) -> None:
    """Each range is sound by itself: low above high only at two ends of two ranges at once."""
    task = (
        "work: {low: 2 d, high: 6 d, assumption: {range: [x0.5, x2], move: apart, why: w}}, "
        "share: 30 %, assumption: {range: [20 %, 40 %], why: w}"
    )
    assert corner_mistakes(write(folder, fine=f"{HEAD}{TASK}{task}}}\n")) == []
    task = "work: {low: 2 d, high: 6 d}, share: 30 %, assumption: {range: [1 d, 9 d], of: work.low, why: w}"
    (told,) = corner_mistakes(write(folder, x=f"{HEAD}{TASK}{task}}}\n"))
    assert "tasks.drafted.work.low = 9 d" in str(told)
    assert str(told).startswith(str(folder))


@pytest.mark.parametrize("axes", [1, 2, 3, 7, 42])
def test_any_two_axes_meet_at_any_two_of_their_ends(axes: int) -> None:
    """In six corners, if the axes are near each other."""
    names = [f"x{number}" for number in range(axes)]
    found = [*corners(names)]
    assert len(found) == (6 if axes > 1 else 2)
    for one in names:
        for other in names:
            if 0 < abs(int(one[1:]) - int(other[1:])) < 4:
                assert {(corner[one], corner[other]) for corner in found} == {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize("name", ["france_sequential", "france_parallel", "france_pledge"])
def test_the_shipped_ranges_can_be_built_at_their_ends(name: str) -> None:
    """The scenarios of the main answer."""
    assert corner_mistakes(name) == []
