"""History matching: what totals leave of ranges, which contradict each other, and what a survey cannot see."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiment.options import Options
from sim.scenario.files import shipped_folder
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.targets import Target, Targets, read_targets
from sim.uncertainty.agreeing import remaining as remaining_draws
from sim.uncertainty.calibration import Calibration, calibrated, matched
from sim.uncertainty.designs import draws
from sim.uncertainty.unknowns import Unknowns
from tests.test_sensitivity import offices

HEAD = "title: {en: t, fr: t}\ntargets:"
HOW = Options(jobs=1, engine="simpy")


def target(name: str, value: str, spread: str = "0.1 d", **more: object) -> Target:
    """A published median of the days to an answer."""
    said = {"name": name, "from": "asked", "to": "answered", "statistic": "median", "value": value, "spread": spread}
    return Target.model_validate(said | more)


@pytest.fixture
def unknowns(tmp_path: Path) -> Unknowns:
    """Two unknown lengths of work."""
    return Unknowns({"one": offices(tmp_path)[0]})


def of_function(unknowns: Unknowns, targets: list[Target], *functions: object) -> Calibration:
    """What targets leave if the outputs are known functions of the draws, the same in every replication."""
    points = np.vstack([np.full((1, 2), 0.5), draws(2, 128)])
    values = np.stack([np.repeat(function(points)[:, None], 2, axis=1) for function in functions], axis=2)  # type: ignore[operator]
    return matched(unknowns, targets, points, values)


def test_a_total_leaves_what_could_have_given_it(unknowns: Unknowns) -> None:
    """Ten times the first input is published as 3, give or take 0.1: it is about 0.3; the other is free."""
    found = of_function(unknowns, [target("total", "3 d")], lambda u: 10 * u[:, 0])
    assert found.remaining == pytest.approx(0.06, abs=0.01)
    assert (found.points[:, 0] > 0.26).all() and (found.points[:, 0] < 0.34).all()
    assert np.ptp(found.points[:, 1]) > 0.9
    assert found.left[0].inputs[0].name == "tasks.answered.work"
    assert found.left[0].kept < 0.2 < 0.9 < found.left[1].kept


def test_totals_that_contradict_each_other_are_told(unknowns: Unknowns) -> None:
    """Each can be met; together they cannot, and nothing remains."""
    pair = [target("small", "2 d"), target("large", "8 d")]
    found = of_function(unknowns, pair, lambda u: 10 * u[:, 0], lambda u: 10 * u[:, 0])
    assert (found.apart, found.remaining, found.left) == ((("small", "large"),), 0.0, ())
    both = of_function(unknowns, pair, lambda u: 10 * u[:, 0], lambda u: 10 * u[:, 1])
    assert both.apart == ()
    assert both.remaining > 0


def test_what_no_numbers_give_is_told(unknowns: Unknowns) -> None:
    """A total beyond the reach of the ranges."""
    assert of_function(unknowns, [target("far", "30 d")], lambda u: 10 * u[:, 0]).met[0].plausible == 0


def test_a_scenario_is_matched_from_its_file(tmp_path: Path) -> None:
    """The truth is among what remains: the median that the written numbers give rules them not out."""
    file = offices(tmp_path)[1]
    asked = Targets.model_validate(
        {"title": {"en": "t", "fr": "t"}, "targets": [target("answer", "1.1 d").model_dump(by_alias=True)]}
    )
    found = calibrated(file, asked, HOW, number=32)
    assert abs(found.met[0].written - 1.1) < 0.5
    assert 0 < found.remaining < 1


def test_a_survey_sees_what_falls_into_it(tmp_path: Path) -> None:
    """Of files that wait long, a survey of ten days sees only those that were answered in it: a smaller median."""
    file = offices(tmp_path)[0]
    whole = target("whole", "2 d")
    short = replace_(whole, name="short", seen_within="10 d")
    both = Targets.model_validate(
        {"title": {"en": "t", "fr": "t"}, "targets": [whole.model_dump(by_alias=True), short]}
    )
    found = calibrated(file, both, HOW, number=32)
    assert found.met[1].draws.high < found.met[0].draws.high


def replace_(of: Target, **changes: str) -> dict[str, object]:
    """A target with other values, as it is written."""
    return {**of.model_dump(by_alias=True), **changes}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("value: 90 %", "value and spread must both be shares for a share, both days for anything else"),
        ("within: 3 d", "within must be given for a share, and for nothing else"),
        ("statistics: mean", "unknown key; did you mean 'statistic'?"),
    ],
)
def test_a_wrong_target_is_told_at_its_place(changes: str, expected: str, tmp_path: Path) -> None:
    """Like anything else that is written."""
    key = changes.split(":")[0]
    text = HEAD + "\n  - {name: a, from: asked, to: answered, statistic: mean, value: 2 d, spread: 1 d}\n"
    known = {"value": "value: 2 d"}.get(key)
    text = text.replace(known, changes) if known else text.replace("spread: 1 d", f"spread: 1 d, {changes}")
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"t\.yaml:3:\d+: ") as error:
        read_targets(tmp_path / "t.yaml")
    assert expected in str(error.value)


def test_an_event_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Before anything is simulated."""
    wrong = Targets.model_validate(
        {"title": {"en": "t", "fr": "t"}, "targets": [replace_(target("a", "2 d"), to="signed")]}
    )
    with pytest.raises(ValueError, match="the scenario has no signed"):
        calibrated(offices(tmp_path)[0], wrong, HOW)


@pytest.mark.parametrize("name", [file.stem for file in sorted((shipped_folder() / "targets").glob("*.yaml"))])
def test_the_shipped_targets_can_be_read(name: str) -> None:
    """Each with a source of the register, or a note that says why it has none."""
    assert all(each.source or each.note for each in read_targets(f"targets/{name}").targets)


def test_what_remains_goes_on_into_a_sensitivity_analysis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the file that calibrate writes; a file of something else is refused."""
    files = offices(tmp_path)
    monkeypatch.chdir(tmp_path)
    said = HEAD + " [{name: a, from: asked, to: answered, statistic: median, value: 2 d, spread: 1 d}]\n"
    (tmp_path / "t.yaml").write_text(said, encoding="utf-8")
    usual = ["--jobs", "1", "--engine", "simpy"]
    done = CliRunner().invoke(
        app, ["calibrate", "one.yaml", "--against", "t.yaml", "--draws", "32", "--out", "o", *usual]
    )
    assert done.exit_code == 0, done.output
    assert "contradict none of these totals" in done.stdout
    remaining = tmp_path / "o" / "remaining.csv"
    remaining.write_text("".join(remaining.read_text().splitlines(keepends=True)[:10]))  # eight are enough here
    assert remaining_draws(remaining, files).shape == (8, 2)
    more = ["--within", "o/remaining.csv", "--part", "value", "--format", "json", "--replications", "2"]
    then = CliRunner().invoke(app, ["sensitivity", "one.yaml", "two.yaml", *more, *usual])
    assert then.exit_code == 0, then.output
    assert json.loads(then.stdout)["value"]
    refused = CliRunner().invoke(app, ["sensitivity", "one.yaml", "--within", "t.yaml", *usual])
    assert refused.exit_code == 2
    assert "must have a draw" in refused.output
