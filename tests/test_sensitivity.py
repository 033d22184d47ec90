"""A sensitivity analysis, part by part, of two small offices of which the answer is known by thought."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiment.options import Options
from sim.report.sensitivity import PARTS, conclusion, part_text
from sim.uncertainty import sensitivity as module
from sim.uncertainty.sensitivity import Sensitivity, sensitivity
from tests.conftest import ONE_OFFICE

RANGED = ONE_OFFICE.replace(
    "work: {median: 1 d, p90: 2 d}", "work: {median: 1 d, p90: 2 d, assumption: {range: [0.5 d, 4 d], why: w}}"
).replace(
    "indicators:",
    "  - {name: filed, scope: trial, starts: answered, work: {median: 1 d, p90: 2 d, "
    "assumption: {range: [0.5 d, 4 d], why: w}}}\nindicators:",
)


def offices(folder: Path) -> list[Path]:
    """The files of an office with one person, and with two."""
    files = [folder / f"{name}.yaml" for name in ("one", "two")]
    for units, file in enumerate(files, 1):
        file.write_text(RANGED.replace("units: 1", f"units: {units}"), encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Sensitivity:
    """The analysis of both."""
    files = offices(tmp_path_factory.mktemp("offices"))
    return sensitivity(files, Options(replications=4, jobs=1, engine="simpy"), draws=32)


def test_what_comes_after_the_goal_changes_nothing_to_the_bit(it: Sensitivity) -> None:
    """Filing an answer cannot change when it was given; the work can."""
    nothing = {each.inputs[0].name for each in it.ends if each.exact_null}
    assert nothing == {"tasks.filed.work"}
    assert [each.exact_null for each in it.screened] == [False, True]
    assert it.screened[0].name == "tasks.answered.work"


def test_at_the_ends_the_share_goes_the_way_it_must(it: Sensitivity) -> None:
    """Up where the work is short, down where it is long, in every scenario."""
    for each in it.ends:
        if each.inputs[0].name == "tasks.answered.work":
            assert each.low >= 0 >= each.high
            assert each.width > 0


def test_the_spread_rests_on_the_work(it: Sensitivity) -> None:
    """Nearly all of it, by the emulator, which says how far it can be trusted; and all of it on assumptions."""
    first, second = it.indices
    assert (first.name, second.name) == ("tasks.answered.work", "tasks.filed.work")
    assert first.total > 0.8 > second.total
    assert it.emulator.seen > 0.7
    assert [(each.name, each.total) for each in it.groups("grade")] == [("assumption", 1.0)]


def test_two_people_are_never_worse(it: Sensitivity) -> None:
    """The conclusion holds from end to end, and choosing two costs nothing in any draw."""
    assert all(each.found.holds for each in it.flips)
    assert it.regrets["two"].most == 0 < it.regrets["one"].mean


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_part_has_a_table_and_a_text(part: str, language: str, it: Sensitivity) -> None:
    """Lines with the same columns, and a heading with something below it."""
    lines = PARTS[part](it)
    assert len({tuple(line) for line in lines}) <= 1
    text = part_text(it, part, it.scenarios, language)  # type: ignore[arg-type]
    assert len(text.splitlines()) >= 2
    assert "{" not in text


def test_on_the_engine_the_indices_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the emulator, from runs of their own; and what the emulator cannot see it does not tell."""
    monkeypatch.setattr(module, "ROWS_ON_ENGINE", 8)
    files = offices(tmp_path)[:1]
    engine = sensitivity(files, Options(replications=2, jobs=1, engine="simpy"), draws=16, on="engine")
    assert engine.indices[0].name == "tasks.answered.work"
    assert engine.indices[1].total == 0
    assert "On the engine itself" in part_text(engine, "indices", engine.scenarios, "en")
    blind = replace(engine, on="emulator")
    blind.__dict__["emulator"] = replace(engine.emulator, seen=0.1)
    said = {part: " ".join(part_text(blind, part, blind.scenarios, "en").split()) for part in ("indices", "groups")}
    assert "too little to take the spread apart" in said["indices"]
    assert "On the engine itself" in said["groups"]  # there are few of them


def test_parts_are_frames_and_figures(it: Sensitivity) -> None:
    """From Python: the lines of a part as a frame, and what it draws on one's own axes; a wrong name is told."""
    from matplotlib.figure import Figure

    assert list(it.frame("value").moves) == [each.inputs[0].name for each in it.unsure.matters]
    assert {"scenario", "regret_mean"} <= {*it.frame("ranking").columns}
    mine = Figure().subplots()
    for part in ("bands", "value", "tornado"):
        assert it.draw(part, mine) is mine
    assert len(it.draw("tornado").get_yticklabels()) == 2
    with pytest.raises(ValueError, match="must be a part with a figure, one of bands, value, tornado, got 'flips'"):
        it.draw("flips")
    with pytest.raises(ValueError, match="must be a part, one of bands"):
        it.frame("flip")


def test_the_ranking_holds_in_so_many_draws(it: Sensitivity) -> None:
    """Two people are first as written, and never worse."""
    assert it.ranking == ("two", "one")
    assert it.held is not None and it.held.fails == 0
    assert conclusion(it, it.scenarios, "en").startswith("The ranking")


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The verb, run on both offices, in a folder of its own; what it prints."""
    offices(tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> str:
        usual = ["--jobs", "1", "--draws", "8", "--replications", "2", "--engine", "simpy"]
        done = CliRunner().invoke(app, ["sensitivity", "one.yaml", "two.yaml", *usual, *words])
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_parts_are_asked_for_alone_and_kept(command: Callable[..., str], tmp_path: Path) -> None:
    """A table, a figure, and the same answer from what is kept."""
    first = command("--part", "tornado", "--part", "ranking", "--out", "why")
    assert {each.name for each in (tmp_path / "why").iterdir()} >= {"tornado.csv", "tornado.png", "ranking.csv"}
    assert command("--part", "tornado", "--part", "ranking", "--out", "why") == first


def test_as_json_it_is_one_document(command: Callable[..., str]) -> None:
    """The lines of each part by name."""
    said = json.loads(command("--part", "value", "--format", "json"))
    assert said["value"][0]["moves"] == "tasks.answered.work"
