"""Draws that contradict no published total: kept beside it, found by whoever names it, refused when outdated."""

from __future__ import annotations

import json
import logging
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiment.options import Options
from sim.experiment.running import compare
from sim.scenario.files import shipped_folder
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import read
from sim.scenario.targets import read_targets
from sim.uncertainty.agreeing import Agreeing, Outdated, agreeing, kept_text, remaining, usual
from sim.uncertainty.calibration import Calibration, calibrated, totals_of, unknowns_of
from sim.uncertainty.playing import Design, played
from sim.uncertainty.unsure import unsure
from tests.test_sensitivity import RANGED

TARGETS = """title: {en: totals of the office, fr: totaux du bureau}
targets: [{name: a, from: asked, to: answered, statistic: median, value: 1.5 d, spread: 0.2 d}]
"""
HOW = Options(jobs=1, engine="simpy")


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Calibration]:
    """A folder with an office of one, the same with two, what was published, and the draws that agree with it."""
    folder = tmp_path_factory.mktemp("offices")
    (folder / "one.yaml").write_text(f"{RANGED}\ntotals: published\n", encoding="utf-8")
    (folder / "two.yaml").write_text(
        "extends: one.yaml\npools: {office: {units: 2}}\ntitle: {en: two, fr: deux}\n", encoding="utf-8"
    )
    (folder / "published.yaml").write_text(TARGETS, encoding="utf-8")
    targets = read_targets(folder / "published.yaml")
    found = calibrated(folder / "one.yaml", targets, HOW, number=32, remain=16)
    (folder / "published.csv").write_text(kept_text(found, targets), encoding="utf-8")
    return folder, found


def test_every_draw_that_is_kept_gives_the_total(learnt: tuple[Path, Calibration]) -> None:
    """Played again, none lies more than three standard deviations away; without the totals most do."""
    _, found = learnt
    assert len(found.points) == 16
    assert 0 < found.remaining < 0.9
    target = found.met[0].target
    for point in found.points[:4]:
        changed = found.unknowns.scenario("one", dict(zip(found.unknowns.names, point.tolist(), strict=True)))
        times = [
            each.days[each.there]
            for measures in compare([changed.scenario], Options(replications=2, jobs=1, engine="simpy"))
            .results[0]
            .measures
            for each in measures.indicators
            if each.name == "answer_time"
        ]
        assert abs(np.mean([np.median(each) for each in times]) - target.published) <= 3 * np.hypot(target.error, 0.2)


def test_whoever_names_the_totals_gets_their_draws(learnt: tuple[Path, Calibration]) -> None:
    """The scenario that they are about, one that extends it, and both together; what is set is known."""
    folder, found = learnt
    for files in (["one.yaml"], ["two.yaml"], ["one.yaml", "two.yaml"]):
        drawn = agreeing([folder / file for file in files])
        assert drawn is not None
        assert drawn.points == pytest.approx(found.points, abs=1e-6)
        assert drawn.totals.en == "totals of the office"
        assert drawn.share == pytest.approx(found.remaining, rel=0.06)
    known = agreeing([folder / "one.yaml"], ["tasks[1].work=exactly 1 d"])
    assert known is not None and known.points.shape[1] == found.points.shape[1] - 1


def test_scenarios_of_other_totals_have_no_draws(learnt: tuple[Path, Calibration], one_office: Path) -> None:
    """One that names none is drawn over its ranges, and so is a comparison with it."""
    folder, _ = learnt
    assert agreeing([one_office]) is None
    assert agreeing([folder / "one.yaml", one_office]) is None
    assert usual([one_office], (), 8) == 8


@pytest.mark.parametrize(
    ("file", "old", "new"), [("one.yaml", "[0.5 d, 4 d]", "[0.5 d, 5 d]"), ("published.yaml", "1.5 d", "1.6 d")]
)
def test_what_is_outdated_is_told_and_left(
    file: str, old: str, new: str, learnt: tuple[Path, Calibration], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Another range or another total: the draws are of something else, and the command that finds new ones is said."""
    for each in learnt[0].iterdir():
        text = each.read_text(encoding="utf-8")
        (tmp_path / each.name).write_text(text.replace(old, new) if each.name == file else text, encoding="utf-8")
    with pytest.raises(Outdated, match="draws are those of other ranges or totals; `trialstart calibrate"):
        agreeing([tmp_path / "one.yaml"])
    with caplog.at_level(logging.WARNING):
        assert usual([tmp_path / "one.yaml"], (), 8) == 8
    assert "numbers are drawn whatever was published" in caplog.text
    (tmp_path / "published.csv").unlink()
    with pytest.raises(Outdated, match="no draws are kept"):
        agreeing([tmp_path / "one.yaml"])


def test_a_wrong_name_of_totals_is_told_at_its_place(tmp_path: Path) -> None:
    """Like any other name of a file."""
    (tmp_path / "x.yaml").write_text(f"{RANGED}\ntotals: publishd\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"x\.yaml:\d+:9: totals: no such file"):
        read(tmp_path / "x.yaml")


def test_what_a_calibration_did_not_know_is_drawn_over_its_range(learnt: tuple[Path, Calibration]) -> None:
    """A column that is missing is spread evenly, not put in the middle."""
    folder, found = learnt
    lines = (folder / "published.csv").read_text(encoding="utf-8").splitlines()
    less = folder / "less.csv"
    less.write_text("\n".join([line.split(",")[0] for line in lines[1:]]) + "\n", encoding="utf-8")
    drawn = remaining(less, [folder / "one.yaml"])
    assert drawn[:, 0] == pytest.approx(found.points[:, 0], abs=1e-6)
    assert np.ptp(drawn[:, 1]) > 0.8


@pytest.mark.slow
def test_the_answer_says_what_its_draws_agree_with(
    learnt: tuple[Path, Calibration], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn: those of the totals, and narrower; free: over all ranges; both say which, and where the value lies."""
    monkeypatch.chdir(learnt[0])
    words = ["compare", "one.yaml", "two.yaml", "--replications", "4", "--jobs", "1", "--engine", "simpy"]
    said = {}
    for inputs in ("drawn", "free"):
        done = CliRunner().invoke(app, [*words, "--inputs", inputs, "--out", inputs])
        assert done.exit_code == 0, done.output
        said[inputs] = " ".join(done.stdout.split())
        assert "Why the computed number stands where it does" in said[inputs]
    assert "contradict none of the totals of the office" in said["drawn"]
    assert "contradict none" not in said["free"]
    bands = {
        inputs: json.loads(Path(inputs, "how_sure.json").read_text(encoding="utf-8"))["shares"][0]["found"]
        for inputs in said
    }
    assert bands["drawn"][1] - bands["drawn"][0] < bands["free"][1] - bands["free"][0]


@pytest.mark.slow
def test_who_computes_changes_no_band(learnt: tuple[Path, Calibration], tmp_path: Path) -> None:
    """One process or two, at once or gone on with after a kill: the same runs to the byte."""
    files = [learnt[0] / "one.yaml", learnt[0] / "two.yaml"]
    drawn = agreeing(files)
    assert isinstance(drawn, Agreeing)
    kept = []
    for jobs in (1, 2):
        how = Options(replications=2, jobs=jobs, engine="simpy", out=tmp_path / str(jobs))
        unsure(compare(files, how), files, how, draws_=drawn)
        kept.append(tmp_path / str(jobs) / "unknown" / "replications" / "runs.jsonl")
    whole = kept[0].read_bytes()
    assert kept[1].read_bytes() == whole
    kept[0].write_bytes(whole[: len(whole) // 3])
    how = Options(replications=2, jobs=2, engine="simpy", out=tmp_path / "1")
    unsure(compare(files, how), files, how, draws_=drawn)
    assert kept[0].read_bytes() == whole


def test_the_shipped_draws_are_of_the_shipped_ranges() -> None:
    """If this fails, a range or a total of France changed: make them again as CONTRIBUTING.md says."""
    drawn = agreeing(["france", "france_pledge"])
    assert drawn is not None
    assert len(drawn.points) >= 32
    assert 0 < drawn.share < 1


@pytest.mark.slow
def test_the_shipped_draws_still_give_what_was_published() -> None:
    """Two of them, played again: no total is farther off than twice what rules a draw out; over all ranges most are."""
    targets = read_targets("targets/france")
    unknowns = unknowns_of("france", targets)
    points = remaining(shipped_folder() / "targets" / "france.csv", [*unknowns.sources.values()])[:2]
    how = Options(replications=1, seed=2, jobs=1, engine="compiled")
    for name in unknowns.sources:
        seen = [each for each in targets.targets if Path(each.scenario or "france").stem == name]
        found = played(unknowns, Design(points, name, partial(totals_of, targets=seen), ""), how).values[:, 0, 0]
        for place, each in enumerate(seen):
            assert (np.abs(found[:, place] - each.published) <= 6 * each.error).all(), each.name
