"""A grid of values: its cells are plain runs, its table is tidy, and what makes no grid is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.decisions.sweep import Axis, axis, called, sweep
from sim.decisions.text import sweep_text
from sim.experiment.running import run
from sim.scenario.language.mistakes import ScenarioError

OFFICE = "pools.office.units"


def test_a_cell_is_a_plain_run(one_office: Path) -> None:
    """Its numbers are those of `run` with the same settings, to the last bit."""
    found = sweep(
        one_office, {OFFICE: ["1", "2"], "tasks.answered.work.median": ["1 d", "1.5 d"]}, replications=3, jobs=1
    )
    alone = run(one_office, set_=[f"{OFFICE}=2", "tasks.answered.work.median=1.5 d"], replications=3, jobs=1)
    assert [called(cell.at) for cell in found.cells][3] == f"{OFFICE}=2; tasks.answered.work.median=1.5 d"
    cell = found.cells[3].result.summary
    assert cell.values.tobytes() == alone.summary.values.tobytes()
    assert [*cell.units] == [*alone.summary.units]


def test_the_frame_is_tidy(one_office: Path) -> None:
    """A line for each number of each cell, with the values of the axes and the difference from the first cell."""
    frame = sweep(one_office, {OFFICE: ["1", "2"]}, replications=3, jobs=1).frame
    shares = frame[frame.statistic == "share_within_goal"]
    assert shares[OFFICE].to_list() == ["1", "2"]
    assert shares.difference_value.to_list() == pytest.approx([0.0, shares.value.iloc[1] - shares.value.iloc[0]])
    assert (shares.difference_value.iloc[1] > 0) and (shares.verdict.iloc[0] == "identical")


def test_the_best_cell_is_named_in_both_languages(one_office: Path) -> None:
    """With the most people in the office; of three values the largest lies on the edge."""
    found = sweep(one_office, {OFFICE: ["1", "2", "3"]}, replications=3, jobs=1)
    assert sweep_text(found, "en").startswith(f"Best of the grid: {OFFICE} = ")
    assert sweep_text(found, "fr").startswith(f"Le meilleur point de la grille\N{NO-BREAK SPACE}: {OFFICE} = ")


def test_scenarios_are_an_axis_too(one_office: Path, two_offices: Path) -> None:
    """The path `scenario` stands for the file."""
    found = sweep(one_office, {"scenario": [str(one_office), str(two_offices)]}, replications=2, jobs=1)
    assert [cell.result.title.en for cell in found.cells] == ["One office", "Two offices"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a.b=1,2", Axis("a.b", ("1", "2"))),
        (" a = x , y ", Axis("a", ("x", "y"))),
        ("a={median: 1 d, p90: 2 d},[1, 2]", Axis("a", ("{median: 1 d, p90: 2 d}", "[1, 2]"))),
    ],
)
def test_an_axis_as_it_is_written(written: str, expected: Axis) -> None:
    """Values are parted by commas, but not inside brackets."""
    assert axis(written) == expected


@pytest.mark.parametrize("written", ["a", "a=", "=1", "a=1,,2"])
def test_what_is_no_axis(written: str) -> None:
    """A path, an equals sign, and values that are not empty."""
    with pytest.raises(ValueError, match=r"^over: must be path=v1,v2"):
        axis(written)


def test_what_is_no_grid(one_office: Path) -> None:
    """Nothing to vary, one value twice, more cells than anybody waits for, a path that is not there."""
    with pytest.raises(ValueError, match="must name at least one path"):
        sweep(one_office, {})
    with pytest.raises(ValueError, match="each once; got 1, 1"):
        sweep(one_office, {OFFICE: ["1", "1"]})
    with pytest.raises(ValueError, match=r"at most 1,000 cells, got 1,024"):
        sweep(one_office, {OFFICE: [str(n) for n in range(1024)]})
    with pytest.raises(ScenarioError, match=r"pools\.offices"):
        sweep(one_office, {"pools.offices.units": ["1"]})
