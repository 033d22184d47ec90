"""Situations in which a number is easily wrong, and small enough to know the right one: few trials, rare events."""

from __future__ import annotations

from math import isinf, isnan
from pathlib import Path

import pytest

from sim.analysis.estimates import Estimate, indicator_key
from sim.experiment.running import compare, run
from sim.report.answer import answer, beyond_follow_up, shown, warning_lines
from sim.report.output import Answer
from sim.report.text import text
from tests.written import HEAD

ONE_PROJECT = """
windows: {warm_up: 0 d, observation: 30 d, follow_up: 900 d}
goal: {from: arrived, to: done, within: 100 d, counted: calendar}
classes: [{name: project, dates: [2025-01-06]}]
tasks:
  - {name: design, work: {low: 10 d, mode: 20 d, high: 60 d}}
  - {name: build, starts: design, work: {low: 20 d, mode: 40 d, high: 90 d}}
  - {name: test, starts: design, work: {low: 15 d, mode: 30 d, high: 120 d}}
  - {name: done, starts: [build, test]}
indicators: [{name: t, from: arrived, to: done}]
"""
FEW = """
windows: {warm_up: 0 d, observation: 365 d, follow_up: 900 d}
goal: {from: arrived, to: done, within: 15 d, counted: calendar}
classes: [{name: trials, volume: 4 /year, arrivals: even}]
tasks: [{name: done, work: {mean: 10 d}}]
indicators: [{name: t, from: arrived, to: done, statistics: [p80]}]
"""
RARE = """
windows: {warm_up: 0 d, observation: 365 d, follow_up: 100 d}
goal: {from: arrived, to: done, within: 15 d, counted: calendar}
classes: [{name: trials, volume: 6 /year}]
tasks:
  - {name: quick, share: 1 %, work: exactly 1 d}
  - {name: slow, unless: quick, work: exactly 40 d}
  - {name: done, starts: [quick, slow]}
indicators: [{name: t, from: arrived, to: done}]
"""
MINUTES = """
windows: {warm_up: 2 d, observation: 20 d, follow_up: 2 d}
classes: [{name: calls, volume: 2.25 /h}]
pools: {agent: {units: 1}}
tasks: [{name: answered, pool: agent, work: {mean: 20 min}}]
indicators: [{name: t, from: arrived, to: answered}]
"""
UNLISTED = """
windows: {warm_up: 0 d, observation: 100 d, follow_up: 200 d}
goal: {from: arrived, to: opened, within: 15 d, counted: calendar, prerequisites: [pharmacy]}
classes: [{name: trials, volume: 1 /d}]
tasks:
  - {name: pharmacy, work: exactly 5 d}
  - {name: contract, work: exactly 90 d}
  - {name: opened, starts: [pharmacy, contract]}
indicators: [{name: t, from: arrived, to: opened}]
"""
OFFICE = """
windows: {warm_up: 10 d, observation: 60 d, follow_up: 60 d}
goal: {from: asked, to: answered, within: 5 d, counted: calendar, prerequisites: [answered]}
classes: [{name: files, volume: 200 /year}]
pools: {office: {units: 1}}
tasks:
  - {name: asked}
  - {name: answered, starts: asked, work: {median: 1 d, p90: 2 d}, pool: office}
indicators: [{name: t, from: asked, to: answered}]
"""


def written(tmp_path: Path, scenario: str) -> Path:
    """The file of a scenario."""
    path = tmp_path / "x.yaml"
    path.write_text(f"{HEAD}origin: 2025-01-06\n{scenario}", encoding="utf-8")
    return path


def estimates(tmp_path: Path, scenario: str, replications: int) -> dict[str, Estimate]:
    """The estimates of the indicator `t` by statistic."""
    found = run(written(tmp_path, scenario), replications=replications, jobs=1).estimates
    return {key.statistic: each for key, each in found.items() if key.of == "t"}


@pytest.mark.slow
def test_one_project_a_replication_has_its_quartiles(tmp_path: Path) -> None:
    """Quantiles of three PERT tasks, pooled over replications of one trial each: 65.6, 76.5, 88.2 and 99.3 days."""
    found = estimates(tmp_path, ONE_PROJECT, 2_000)
    for statistic, right in {"q1": 65.6, "median": 76.5, "q3": 88.2, "p90": 99.3}.items():
        assert found[statistic].value == pytest.approx(right, abs=2)
        assert abs(found[statistic].value - right) < 2 * found[statistic].half_width


@pytest.mark.slow
def test_four_trials_a_year_have_the_quantiles_of_their_distribution(tmp_path: Path) -> None:
    """Exponential with a mean of 10 days: 2.88, 6.93, 16.1 (p80), 23.0 days, within four standard errors."""
    found = estimates(tmp_path, FEW, 1_000)
    for statistic, right in {"q1": 2.877, "median": 6.931, "p80": 16.094, "p90": 23.026, "mean": 10.0}.items():
        assert abs(found[statistic].value - right) < 2 * found[statistic].half_width < 0.15 * right


def test_a_rare_success_is_not_said_to_be_none(tmp_path: Path) -> None:
    """One in a hundred: the interval of thirty replications holds it, and a precision of one point asks for more."""
    path = written(tmp_path, RARE)
    found = run(path, replications=30, jobs=1)
    share = found.estimates[indicator_key("t", "share_within_goal")]
    assert 0 <= share.low < 0.01 < share.high <= 0.06
    precise = run(path, precision="1 %", replications=60, jobs=1)
    assert len(precise.measures) == 60


def test_too_few_trials_say_so(tmp_path: Path) -> None:
    """Under thirty trials in all there is no share, in both languages; the number needed stands beside theirs."""
    result = run(written(tmp_path, FEW), replications=5, jobs=1)
    english, french = (" ".join(next(answer(shown(result, each))).split()) for each in ("en", "fr"))
    assert english.startswith("Too few trials to say how many have reached") and "20, where 30 are needed" in english
    assert french.startswith("Trop peu d'essais pour dire combien ont atteint")
    assert "%" not in english


def test_times_stand_in_a_unit_that_shows_them(tmp_path: Path) -> None:
    """Calls of twenty minutes: the times in minutes, the waits in hours or minutes, no 0.0 anywhere."""
    result = run(written(tmp_path, MINUTES), replications=4, jobs=1)
    page, french = (" ".join(text([result], language=each).split()) for each in ("en", "fr"))
    assert "medians in minutes" in page and "Wait, h" in page.replace("Wait, min", "Wait, h")
    assert " 0.0 " not in page
    assert "médianes en minutes" in french and "Attente, " in french


def test_what_binds_outside_of_the_list_is_named(tmp_path: Path) -> None:
    """The contract takes 90 days and is no prerequisite: not "nothing, all was ready"."""
    result = run(written(tmp_path, UNLISTED), replications=2, jobs=1)
    last = next(each for each in answer(shown(result, "en")) if each.startswith("Last to finish"))
    assert " ".join(last.split()) == "Last to finish: something that is no prerequisite, mostly contract (100 %)."


def test_a_goal_of_many_days_has_its_tables_and_figures(tmp_path: Path) -> None:
    """121 days: the curve goes to the end of the follow-up, and the goal's day is on it."""
    path = written(tmp_path, OFFICE.replace("within: 5 d", "within: 121 d").replace("follow_up: 60", "follow_up: 100"))
    comparison = compare([path], replications=2, jobs=1)
    (tmp_path / "out").mkdir()
    Answer(comparison, "fr", {}).write(tmp_path / "out")
    assert (tmp_path / "out" / "s_curve.png").exists()
    assert comparison.reference.estimates[indicator_key("t", "share_within_goal")].value == 1


def test_nothing_to_count_is_said_and_written(tmp_path: Path) -> None:
    """No trial at all: a sentence, tables without numbers, and figures."""
    path = written(tmp_path, OFFICE.replace("volume: 200 /year", "volume: 0 /year"))
    comparison = compare([path], replications=2, jobs=1)
    (tmp_path / "out").mkdir()
    shown_answer = Answer(comparison, "en", {})
    shown_answer.write(tmp_path / "out")
    assert "No trial counts." in (tmp_path / "out" / "answer.txt").read_text(encoding="utf-8")
    assert isnan(comparison.reference.estimates[indicator_key("t", "median")].value)
    assert "NaN" not in shown_answer.as_json()


@pytest.mark.parametrize("goal", ["", "goal: {from: arrived, to: done, within: 15 d, counted: calendar}\n"])
def test_a_median_is_that_of_all_trials_with_or_without_a_goal(tmp_path: Path, goal: str) -> None:
    """Nobody is followed after the window: 21 days, not more for those who are not there, nor less."""
    windows = "windows: {warm_up: 0 d, observation: 60 d, follow_up: 1 d}\n"
    process = "classes: [{name: trials, volume: 1 /d}]\ntasks: [{name: done, work: {median: 21 d, p90: 60 d}}]\n"
    median = estimates(tmp_path, f"{windows}{goal}{process}indicators: [{{name: t, from: arrived, to: done}}]\n", 40)[
        "median"
    ]
    assert median.low < 21 < median.high and median.half_width < 2
    assert median.not_yet > 500


@pytest.mark.parametrize("within", ["121 d", "400 d"])
def test_a_goal_that_nobody_is_followed_for_cannot_be_told(tmp_path: Path, within: str) -> None:
    """The longest that anybody is followed is 120 days; a share within more would be a guess."""
    path = written(tmp_path, OFFICE.replace("within: 5 d", f"within: {within}"))
    result = run(path, replications=2, jobs=1)
    assert isnan(result.estimates[indicator_key("t", "share_within_goal")].value)
    assert "cannot be told: none is followed so long" in " ".join(text([result]).split())


FOLLOWED = """\
title: {en: Answers, fr: Réponses}
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 60 d, follow_up: 5 d}
classes: [{name: files, volume: 1 /d}]
tasks: [{name: answered, work: {median: 20 d, p90: 200 d}}, {name: read, share: 20 %, starts: answered}]
indicators:
  - {name: late, title: {en: answer, fr: réponse}, from: arrived, to: answered}
  - {name: at_once, from: answered, to: read}
assumption: {range: fixed, why: made up for a test}
"""


def test_a_quantile_that_nobody_is_followed_long_enough_to_see_is_told(tmp_path: Path) -> None:
    """In the answer and as a warning for programs, in both languages; not of what is there at once."""
    file = tmp_path / "x.yaml"
    file.write_text(FOLLOWED, encoding="utf-8")
    result = run(file, replications=3, jobs=1, engine="simpy")
    assert isinf(result.summary.estimates[indicator_key("late", "p90")].value)
    (en,) = beyond_follow_up(shown(result, "en"))
    assert en.replace("\N{NO-BREAK SPACE}", " ").startswith(
        "Followed too briefly (5 d after the observation) to be seen: answer (Q3, P90);"
    )
    assert [*beyond_follow_up(shown(result, "en"), shown(result, "en"))] == [en]  # once for all scenarios
    (fr,) = beyond_follow_up(shown(result, "fr"))
    assert "réponse (Q3, P90)" in fr and "windows.follow_up" in fr
    assert en in [each["message"] for each in warning_lines(result, "en")]
    longer = run(file, replications=3, jobs=1, engine="simpy", set_=["windows.follow_up=1000d"])
    assert [*beyond_follow_up(shown(longer, "en"))] == []


def test_a_mean_of_times_that_are_never_negative_has_no_negative_limit(tmp_path: Path) -> None:
    """Two replications of a few skew times: the interval of Student would begin below zero."""
    file = tmp_path / "x.yaml"
    file.write_text(FOLLOWED.replace("1 /d", "1 /month"), encoding="utf-8")
    result = run(file, replications=2, jobs=1, engine="simpy")
    part = result.summary.parts[indicator_key("late", "mean")]
    assert part.low < 0 and result.summary.estimates[indicator_key("late", "mean")].low == 0
