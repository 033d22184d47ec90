"""A grid of values: its cells are plain runs, its table is tidy, and what makes no grid is refused."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.decisions.curves import sweep_figure
from sim.decisions.sweep import Axis, SweepInterrupted, axis, called, sweep
from sim.decisions.sweep_text import sweep_text
from sim.experiment.running import run
from sim.scenario.language.mistakes import ScenarioError

OFFICE = "pools.office.units"
FREE = """\
title: {en: Free, fr: Libre}
assumption: {range: fixed, why: made up for a test}
origin: 2025-01-01
windows: {warm_up: 0 d, observation: 60 d, follow_up: 60 d}
classes: [{name: files, dates: [2025-01-01, 2025-01-01]}]
pools: {desk: {units: 2}}
tasks: [{name: done, pool: desk, work: exactly 1 d}]
indicators: [{name: t, from: arrived, to: done}]
"""


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


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (("1", "2", "4"), (1.0, 2.0, 4.0)),
        (("14 d", "49 d"), (14.0, 49.0)),
        (("authorised - 20 d", "authorised", "authorised + 5 d"), (-20.0, 0.0, 5.0)),
        (("authorised", "application_submitted + 5 d"), None),
        (("none", "parallel_contracting"), None),
    ],
)
def test_where_values_lie_on_a_line(values: tuple[str, ...], scale: tuple[float, ...] | None) -> None:
    """Those that differ in one number have an order; events and levers have none."""
    assert Axis("a", values).scale == scale


def test_another_number_is_told_beside_the_shares(one_office: Path) -> None:
    """With its column, its lines and a sentence that says where it is lowest and highest."""
    found = sweep(one_office, {OFFICE: ["1", "2"]}, replications=3, jobs=1, also=["wait_time[office].mean"])
    said = " ".join(sweep_text(found, "en").split())
    assert "Days of wait for office: from 0.2 [" in said and f"({OFFICE} = 2) to " in said
    assert {line["name"] for line in found.lines} >= {"wait_time[office]"}
    with pytest.raises(
        ValueError, match=r"tell: must be a number of every cell, got 'wait_time\[office\]'; did you mean"
    ):
        sweep(one_office, {OFFICE: ["1"]}, also=["wait_time[office]"])


def test_without_a_goal_a_number_is_named(tmp_path: Path) -> None:
    """With one it is told where that is lowest and highest, and drawn; without, the sweep is refused."""
    file = tmp_path / "free.yaml"
    file.write_text(FREE, encoding="utf-8")
    with pytest.raises(ValueError, match=r"goal: must be there in every cell, got one without; .* --tell"):
        sweep(file, {"pools.desk.units": ["1", "2"]})
    found = sweep(file, {"pools.desk.units": ["1", "2"]}, replications=2, jobs=1, also=["t.mean"])
    assert sweep_text(found, "en").startswith("T: from 1.0 [1.0–1.0] (pools.desk.units = 2) to ")
    assert sweep_figure(found, "fr") is not None


def test_a_curve_and_a_map_are_drawn(one_office: Path) -> None:
    """One axis: a curve through its values; two: the number of every cell stands in it; three: no picture."""
    curve = sweep_figure(sweep(one_office, {OFFICE: ["1", "2", "3"]}, replications=3, jobs=1), "en")
    assert curve is not None and curve.axes[0].lines[0].get_xdata().tolist() == [1.0, 2.0, 3.0]
    over = {OFFICE: ["1", "2"], "tasks.answered.work.median": ["1 d", "1.5 d"]}
    found = sweep(one_office, over, replications=3, jobs=1)
    drawn = sweep_figure(found, "fr")
    assert drawn is not None
    said = [text.get_text() for text in drawn.axes[0].texts]
    assert len(said) == 4 and all("%" in each for each in said)
    three = sweep(one_office, over | {"goal.within": ["5 d"]}, replications=2, jobs=1)
    assert sweep_figure(three, "en") is None


def test_an_interrupted_sweep_has_what_every_cell_has(one_office: Path) -> None:
    """Ctrl-C after some batches: the cells that are given have the same replications, fewer than were asked for."""

    def impatient(done: int, total: int, _: object) -> None:
        if done >= total // 2:
            raise KeyboardInterrupt

    with pytest.raises(SweepInterrupted) as stopped:
        sweep(one_office, {OFFICE: ["1", "2"]}, replications=40, jobs=1, progress=impatient)
    found = stopped.value.finished
    assert found is not None
    replications = {cell.result.summary.replications for cell in found.cells}
    assert len(replications) == 1 and 0 < len(replications.pop()) < 40
    assert sweep_text(found, "en").startswith("Best of the grid: ")


def test_ctrl_c_at_the_command_prints_what_is_finished(one_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer of the replications that every cell has, and exit code 130."""

    def impatient(done: int, total: int, _: object) -> None:
        if done >= total // 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("sim.report.progress.progress_bar", lambda *_: nullcontext(impatient))
    command = ["sweep", str(one_office), "--over", f"{OFFICE}=1,2", "--replications", "40", "--jobs", "1"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 130
    assert done.stdout.startswith("Best of the grid: ") and "interrupted" in done.stderr
