"""How many people each year needs: exact where the work of each year is known, and forward in time."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.decisions import by_year
from sim.decisions.by_year import solve_by_year, years_of
from sim.decisions.by_year_text import by_year_text
from sim.decisions.curves import by_year_figure
from sim.decisions.solving import Answer, Question, SolveInterrupted, Sought, solved
from sim.decisions.staffing import Bounds, Told, Verdict
from sim.experiment.options import Options
from sim.scenario.loading import load

GROWING = """\
title: {{en: One file more a year, fr: Un dossier de plus par an}}
assumption: {{range: fixed, why: made up for a test}}
origin: 2025-01-01
windows: {{warm_up: 31 d, observation: 1064 d, follow_up: 30 d}}
goal: {{from: arrived, to: answered, within: 2 d, counted: calendar, prerequisites: [answered]}}
classes: [{classes}]
pools: {{desk: {{title: {{en: clerks, fr: agents}}, units: 1}}}}
tasks: [{{name: answered, work: {{exactly: 1 d}}, pool: desk}}]
indicators: [{{name: t, from: arrived, to: answered}}]
"""
BOUNDS = Bounds(most=6, replications=2)


@pytest.fixture
def growing(tmp_path: Path) -> Path:
    """One file a day in 2025, two in 2026, three in 2027, each of which is a day's work."""
    classes = []
    for first in (2025, 2026, 2027):
        days = (date(2028, 1, 1) - date(first, 1, 1)).days
        dates = ", ".join((date(first, 1, 1) + timedelta(day)).isoformat() for day in range(days))
        classes.append(f"{{name: since_{first}, dates: [{dates}]}}")
    path = tmp_path / "growing.yaml"
    path.write_text(GROWING.format(classes=", ".join(classes)), encoding="utf-8")
    return path


def test_years_are_those_of_the_calendar_within_the_observation(growing: Path) -> None:
    """The first from the end of the warm-up on, the last up to the end."""
    first, second, third = years_of(load(growing))
    assert (first, second, third) == (
        (date(2025, 2, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2028, 1, 1)),
    )


def test_each_year_has_as_many_as_its_work_takes(growing: Path, tmp_path: Path) -> None:
    """One, two and three clerks; with one less the queue of that year has no end; and again from the folder."""
    question = Question(growing, "pools.desk.units", 1.0, BOUNDS)
    found = [*solve_by_year(question, jobs=1, out=tmp_path / "kept")]
    assert [(year.opens.year, year.seen.number, year.seen.share) for year in found] == [
        (2025, 1, 1.0),
        (2026, 2, 1.0),
        (2027, 3, 1.0),
    ]
    assert [year.line["with_one_less"] for year in found[1:]] == pytest.approx([0.0, 0.0], abs=0.02)
    written = "pools.desk.units={2025-01-01: 1, 2026-01-01: 2, 2027-01-01: 3}"
    assert found[-1].answer.sought[0].setting(found[-1].seen.number) == written
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "kept").rglob("*.parquet")}
    again = [*solve_by_year(question, jobs=1, out=tmp_path / "kept")]
    assert [year.line for year in again] == [year.line for year in found]
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "kept").rglob("*.parquet")} == kept
    assert "with: 1 clerks in 2025; 2 clerks in 2026; 3 clerks in 2027." in " ".join(by_year_text(found, "en").split())
    assert [bar.get_height() for bar in by_year_figure(found, "fr").patches] == [1, 2, 3]


def test_what_an_unreachable_year_leaves_undone_ends_the_path(growing: Path) -> None:
    """With two clerks at most 2027 is lost, and said to be."""
    found = [*solve_by_year(Question(growing, "pools.desk.units", 1.0, Bounds(most=2, replications=2)), jobs=1)]
    assert [(year.reached, year.seen.number) for year in found] == [(True, 1), (True, 2), (False, 2)]
    assert found[-1].answer.solution.verdict is Verdict.UNREACHABLE
    question = Question(growing, "pools.desk.units", 1.0, Bounds(most=2, replications=2))
    alone = [*solve_by_year(question, jobs=1, set_=["tasks.answered.work.exactly=1.5 d"])]
    assert [(year.opens.year, year.reached) for year in alone] == [(2025, True), (2026, False)]
    said = " ".join(by_year_text(found, "en").split())
    assert "In 2027 no number is enough: with 2 clerks, at most" in said and "> 2" in said


def test_only_the_people_of_one_pool_are_sought_by_year(growing: Path) -> None:
    """A time, or several pools, are refused."""
    for paths in ("goal.within", ("pools.desk.units", "windows.follow_up"), "classes.since_2025.sites"):
        with pytest.raises(ValueError, match=r"^by year: must be the people of one pool, got "):
            solve_by_year(Question(growing, paths, 0.9, BOUNDS), jobs=1)


def test_the_command_says_it_in_both_languages(growing: Path, tmp_path: Path) -> None:
    """With exit code 3 where a year is unreachable, a line a year as JSON, and a picture."""
    words = f"solve {growing} --pool desk --share 100% --by-year --replications 2 --jobs 1".split()
    done = CliRunner().invoke(app, [*words, "--most=2", "--lang=fr", f"--out={tmp_path / 'o'}"])
    assert done.exit_code == 3 and "En 2027, aucun effectif ne suffit" in done.stdout
    picture = (tmp_path / "o" / "solve.svg").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "2 réplications, graine 1, essais du 1er février 2025 au 1er janvier 2028" in picture
    done = CliRunner().invoke(app, [*words, "--most=6", "--format=json"])
    assert done.exit_code == 0
    assert [line["pools.desk.units"] for line in json.loads(done.stdout)] == [1, 2, 3]


def test_an_interrupted_search_shows_the_years_that_are_found(
    growing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first year is found, Ctrl-C comes in the second one: its line, and exit code 130."""
    calls: list[Sought] = []

    def until_the_second(question: Question, sought: tuple[Sought, ...], how: Options, told: Told | None) -> Answer:
        calls.extend(sought)
        if len(calls) > 1:
            raise SolveInterrupted(None)
        return solved(question, sought, how, told)

    monkeypatch.setattr(by_year, "solved", until_the_second)
    words = f"solve {growing} --pool desk --share 100% --by-year --replications 2 --most 6 --jobs 1".split()
    done = CliRunner().invoke(app, [*words, f"--out={tmp_path / 'o'}"])
    assert done.exit_code == 130 and "1 clerks in 2025." in done.stdout and "2026" not in done.stdout
    assert (tmp_path / "o" / "solve.csv").exists()
