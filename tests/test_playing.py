"""Runs at the points of a design: same keys everywhere, same bytes whoever computes them, and gone on with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.estimates import indicator_key, numbers
from sim.analysis.indicators import SHARE
from sim.experiment.options import Options
from sim.experiment.results import Comparison
from sim.experiment.running import compare
from sim.experiment.writing import CannotWrite
from sim.report.how_sure import FILE, how_sure, kept
from sim.report.unsure import band_cell, unsure_text
from sim.uncertainty.bands import Band, Sure
from sim.uncertainty.designs import draws
from sim.uncertainty.playing import RUNS, Design, Played, played
from sim.uncertainty.unknowns import Unknowns
from sim.uncertainty.unsure import Unsure, unsure
from tests.conftest import ONE_OFFICE


@pytest.fixture
def offices(tmp_path: Path) -> Unknowns:
    """Two scenarios: one person in the office or two, and work of which nobody knows how long it takes."""
    text = ONE_OFFICE.replace(
        "work: {median: 1 d, p90: 2 d}",
        "work: {median: 1 d, p90: 2 d, assumption: {range: [0.5 d, 4 d], why: made up}}",
    )
    for name, units in (("one", 1), ("two", 2)):
        (tmp_path / f"{name}.yaml").write_text(text.replace("units: 1", f"units: {units}"), encoding="utf-8")
    return Unknowns({name: tmp_path / f"{name}.yaml" for name in ("one", "two")})


def runs(offices: Unknowns, how: Options, points: int = 4) -> Played:
    """What comes out at a few points."""
    return played(offices, Design(draws(len(offices.names), points)), how)


HERE = Options(replications=2, jobs=1, engine="simpy")


def test_every_point_has_the_same_luck(offices: Unknowns) -> None:
    """A point that is the scenario as it is written gives what a run of the scenario gives, to the bit."""
    found = played(offices, Design(np.full((1, 1), np.nan)), HERE)
    said = compare(list(offices.sources.values()), HERE)
    written = [numbers(each)[indicator_key("answer_time", "share_within_goal")].value for each in said["two"].measures]
    assert found.of("two", "answer_time")[0].tolist() == written


def test_longer_work_is_never_sooner_here(offices: Unknowns) -> None:
    """From the low end to the high end of the only range the share falls; two people never do worse than one."""
    found = played(offices, Design(np.array([[0.0], [0.5], [1.0]])), HERE)
    means = found.means("one", "answer_time")
    assert means[0] > means[1] > means[2]
    assert (found.difference("two", "answer_time") >= 0).all()


def test_who_computes_changes_nothing(offices: Unknowns, tmp_path: Path) -> None:
    """One process or two: the same values, and the same bytes in the folder."""
    folders = [tmp_path / "here", tmp_path / "there"]
    found = [
        runs(offices, Options(replications=2, jobs=jobs, engine="simpy", out=folder))
        for jobs, folder in zip((1, 2), folders, strict=True)
    ]
    assert (found[0].values == found[1].values).all()
    first, second = ((folder / "replications" / RUNS).read_bytes() for folder in folders)
    assert first == second


def test_what_was_cut_off_is_gone_on_with(offices: Unknowns, tmp_path: Path) -> None:
    """A file that ends in the middle of a line, as after a kill, ends with the same bytes, and no run is made twice."""
    how = Options(replications=2, jobs=1, engine="simpy", out=tmp_path / "out")
    whole = runs(offices, how)
    file = tmp_path / "out" / "replications" / RUNS
    bytes_ = file.read_bytes()
    file.write_bytes(bytes_[: len(bytes_) // 2])
    kept = bytes_[: len(bytes_) // 2].count(b"\n")
    told: list[tuple[int, int]] = []
    again = played(offices, Design(draws(1, 4)), how, lambda done, total, _: told.append((done, total)))
    assert file.read_bytes() == bytes_
    assert (again.values == whole.values).all()
    assert told[-1] == (16, 16) and len(told) >= (16 - kept) / 2
    assert runs(offices, how).values.tolist() == whole.values.tolist()


def test_a_folder_of_other_runs_is_refused(offices: Unknowns, tmp_path: Path) -> None:
    """Another seed or another design is another experiment."""
    runs(offices, Options(replications=2, jobs=1, engine="simpy", out=tmp_path / "out"))
    for other, points in ((Options(replications=2, seed=2, jobs=1, out=tmp_path / "out"), 4), (HERE, 8)):
        with pytest.raises(CannotWrite, match="holds another experiment"):
            runs(offices, Options(**{**_fields(other), "out": tmp_path / "out"}), points)


def _fields(how: Options) -> dict[str, object]:
    return {name: getattr(how, name) for name in ("replications", "seed", "jobs", "engine")}


@pytest.fixture
def comparison(offices: Unknowns) -> Comparison:
    """Both offices at the numbers as they are written."""
    return compare(list(offices.sources.values()), Options(replications=6, jobs=1, engine="simpy"))


@pytest.fixture
def sure_of_offices(offices: Unknowns, comparison: Comparison) -> tuple[Unsure, dict[str, object]]:
    """The comparison of both offices over what nobody knows."""
    found = unsure(comparison, list(offices.sources.values()), HERE, draws_=16)
    assert found is not None
    return found, {result.name: result.scenario for result in comparison.results}


def test_the_answer_has_three_bands(sure_of_offices: tuple[Unsure, dict[str, object]]) -> None:
    """What nobody knows is wider than the luck of a year, which is wider than what was computed."""
    it, _ = sure_of_offices
    found = it.bands("one", "answer_time")
    widths = [band.high - band.low for band in (found.computed, found.luck, found.unknown)]
    assert widths == sorted(widths)
    assert it.sure("two", "answer_time").down == 0
    assert [each.explained.name for each in it.matters] == ["tasks.answered.work"]
    assert it.matters[0].explained.share > 0.8


def test_the_computed_share_is_that_of_the_answer(
    comparison: Comparison, sure_of_offices: tuple[Unsure, dict[str, object]]
) -> None:
    """One share has one value and one interval, whatever table it stands in."""
    it, _ = sure_of_offices
    for name in it.scenarios:
        said, found = comparison[name].estimates[indicator_key("answer_time", SHARE)], it.bands(name, "answer_time")
        assert (found.value, *found.computed) == (said.value, said.low, said.high)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_section_says_it(language: str, sure_of_offices: tuple[Unsure, dict[str, object]]) -> None:
    """In both languages: a table, how often the difference holds, and what to measure first."""
    it, scenarios = sure_of_offices
    text = unsure_text(it, scenarios, language)  # type: ignore[arg-type]
    for word in {"en": ("a year's luck", "better in", "1. answered"), "fr": ("aléa d'une année", "mieux dans")}[
        language
    ]:
        assert word in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(("up", "way"), [(0.3, "better"), (0.1, "worse")])
def test_the_interval_of_a_difference_says_whose_it_is(
    up: float, way: str, sure_of_offices: tuple[Unsure, dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the more frequent way, although most draws are undecided."""
    it, scenarios = sure_of_offices
    told = Sure(up, 0.2, 0.8 - up, 0.0, 0.16, 0.39, Band(-0.1, 0.1), 64)
    monkeypatch.setattr(Unsure, "sure", lambda *_: told)
    said = " ".join(unsure_text(it, scenarios, "en").split())  # type: ignore[arg-type]
    assert f"(95 % CI of “{way}”: 16–39)" in said.replace("\N{NO-BREAK SPACE}", " ")


def test_a_band_holds_its_share() -> None:
    """One of a tenth of a per cent is not between nothing and nothing, and none leaves what is possible."""
    assert [band_cell(Band(*ends), "en") for ends in ((0.0003, 0.004), (-0.01, 0.2), (0.9, 1.1))] == [
        "0.0–0.4",
        "0–20",
        "90–100",
    ]


def test_without_a_range_there_is_nothing_to_say(one_office: Path) -> None:
    """A scenario whose numbers are fixed has no third band."""
    assert unsure(compare([one_office], HERE), [one_office], HERE) is None


def test_what_is_kept_is_read_again(sure_of_offices: tuple[Unsure, dict[str, object]], tmp_path: Path) -> None:
    """The record beside the answer holds the bands to the bit; a folder without one has none, a broken one is told."""
    it, scenarios = sure_of_offices
    assert kept(tmp_path) is None
    record = how_sure(it, scenarios)  # type: ignore[arg-type]
    (tmp_path / FILE).write_text(record.as_json(), encoding="utf-8")
    assert kept(tmp_path) == record
    assert record.shares[0].unknown == it.bands("one", "answer_time").unknown
    assert record.differences[0].of.value == it.contrast("two", "answer_time").value
    assert record.first[0].path == "tasks.answered.work"
    (tmp_path / FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="must be what `trialstart compare --out` writes"):
        kept(tmp_path)
