"""Scores against published values and an oracle; back-tests that must pass, fail, and say that they cannot tell."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import scoringrules
from scipy import stats

from sim.own.backtest import Backtest, backtest, lines, predicted, report
from sim.own.reading import read_tracker
from sim.own.scores import coverage, crps, pinball, reliability, skill, uniform_p
from sim.own.spells import HALF, Spell, Times
from tests.own import trackers
from tests.own.test_overlay import BASE
from tests.own.trackers import FRENCH

GRID = (np.arange(20_000) + 0.5) / 20_000


@pytest.mark.parametrize(
    ("quantiles", "came", "score"),
    [
        (stats.norm.ppf(GRID), 0.0, 0.2336950),
        (stats.lognorm.ppf(GRID, 1.0), 1.0, 0.2674055),
        (stats.lognorm.ppf(GRID, 0.7, scale=70), 70.0, 12.2247214),
    ],
)
def test_crps_of_known_distributions(quantiles: np.ndarray, came: float, score: float) -> None:
    """The score of so many quantiles is that of the distribution, to four digits."""
    assert crps(quantiles, came) == pytest.approx(score, rel=5e-4)


def test_crps_of_a_sample_is_that_of_scoringrules() -> None:
    """For many samples; and for the four values that are known by hand."""
    rng = np.random.default_rng(1)
    for _ in range(20):
        sample, came = np.sort(rng.gamma(2, 30, 25)), float(rng.gamma(2, 30))
        assert crps(sample, came) == pytest.approx(scoringrules.crps_ensemble(came, sample, estimator="nrg"))
    assert crps(np.array([1.0, 2.0, 3.0, 4.0]), 2.5) == 0.375


def test_what_lies_past_the_limit_makes_no_difference() -> None:
    """Two ensembles, and two outcomes, that differ only after the limit have one score."""
    near, far = np.array([1.0, 5.0, 11.0]), np.array([1.0, 5.0, 99.0])
    assert crps(near, 50.0, limit=10.0) == crps(far, math.inf, limit=10.0)
    assert pinball(11.0, math.inf, 0.9, limit=10.0) == 0.0
    assert pinball(4.0, 6.0, 0.9) == pytest.approx(1.8)


def test_the_truth_scores_best() -> None:
    """Propriety, limit included: of three predictions, the true one has the lowest mean score."""
    rng = np.random.default_rng(2)
    came = stats.lognorm.rvs(0.7, scale=70, size=4000, random_state=rng)
    limits = rng.uniform(20, 200, 4000)
    grid = (np.arange(200) + 0.5) / 200
    means = {
        scale: np.mean(
            [crps(stats.lognorm.ppf(grid, 0.7, scale=scale), c, limit=u) for c, u in zip(came, limits, strict=True)]
        )
        for scale in (50, 70, 100)
    }
    assert min(means, key=means.__getitem__) == 70


def test_skill_and_coverage_by_hand() -> None:
    """Half the score is a gain of half, in every block; 8 of 10 inside, with the interval of Clopper and Pearson."""
    assert skill([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1, 1, 2]) == pytest.approx((0.5, 0.5, 0.5))
    share, low, high = coverage([0.05, 0.95, *[0.5] * 8], 0.8)
    assert (share, round(low, 4), round(high, 4)) == (0.8, 0.4439, 0.9748)
    assert uniform_p(((np.arange(50) + 0.5) / 50).tolist()) > 0.99
    assert uniform_p([0.5] * 50) < 0.001


def test_reliability_by_hand() -> None:
    """Four predictions of a fifth of which one came, two of nine tenths of which both did, one of all."""
    few, many = reliability([0.2, 0.2, 0.22, 0.22, 0.9, 0.92, 1.0], [True, False, False, False, True, True, False])
    assert (few.n, few.predicted, few.came) == (4, pytest.approx(0.21), 0.25)
    assert (round(few.low, 4), round(few.high, 4)) == (0.0063, 0.8059)
    assert (many.n, many.predicted, many.came) == (3, pytest.approx(0.94), pytest.approx(2 / 3))
    assert reliability([], []) == ()


def times(seed: int, *, drift: float = 1.0, spread: float = 0.5, trials: int = 400) -> tuple[Times, date]:
    """Four years of times with a median of 60 d, in the last two by a factor longer; and the day of extraction."""
    rng = np.random.default_rng(seed)
    begin, today = date(2022, 1, 1), date(2025, 12, 31)
    spells = []
    for day in np.sort(rng.integers(0, 4 * 365, trials)).tolist():
        median = 60 * (drift if day > 2 * 365 else 1.0)
        time, begun = round(median * math.exp(spread * rng.standard_normal())), begin + timedelta(days=day)
        known = float((today - begun).days)
        done = time <= known
        spells.append(
            Spell(
                time - HALF if done else known,
                time + HALF if done else math.inf,
                "done" if done else "open",
                "",
                begun,
                known,
                planned=45.0,
            )
        )
    return Times("signed", ("sent",), tuple(spells)), today


def test_a_steady_hospital_is_predicted() -> None:
    """Intervals hold, ranks are uniform, the share within the goal comes as predicted, and the plan is beaten."""
    test = predicted(*times(3), published=90.0, goal=60.0)
    assert len(test.origins) == 11
    assert test.verdict[0] == "yes"
    for level in (0.5, 0.8, 0.95):
        _, low, high = test.coverage(level)
        assert low <= level <= high
    assert uniform_p([each.rank for each in test.scored]) > 0.05
    brier = test.brier
    assert brier is not None and brier[1] == pytest.approx(brier[2], abs=0.07)
    for reference in ("planned", "published"):
        gain = test.skill(reference)
        assert gain is not None and gain[1] > 0
    assert any(each.open for each in test.scored)
    tenths = test.reliability
    assert sum(each.n for each in tenths) == sum(each.predicted is not None for each in test.scored)
    assert all(each.low <= each.predicted <= each.high for each in tenths if each.n > 30)


def test_who_was_quick_does_not_count_alone() -> None:
    """Of trials that could not be watched as long as the goal, those that ended say no more than those still open."""
    seen, today = times(5)
    late = {each.begun for each in seen.spells if (today - each.begun).days < 60}
    test = predicted(seen, today, goal=60.0)
    assert any(spell.end == "done" for spell in seen.spells if spell.begun in late)
    watched = [each for each in seen.spells if test.origins[0] <= each.begun and each.follow_up >= 60]
    assert sum(each.kept is not None for each in test.scored) == len(watched)


def test_a_hospital_that_changed_is_not() -> None:
    """When times become three times as long, intervals fail and the page says so."""
    test = predicted(*times(2, drift=3.0))
    assert test.verdict[0] in ("no", "care")
    assert test.coverage(0.8)[2] < 0.8
    assert "too narrow" in report([test]) or "predict better" in report([test])


def test_nothing_of_the_future_is_used() -> None:
    """Changing what happened after an origin changes no prediction made on it."""
    seen, today = times(3)
    last = predicted(seen, today).origins[-1]
    changed = replace(
        seen,
        spells=tuple(
            replace(each, low=1.5, high=2.5, end="done") if each.begun >= last else each for each in seen.spells
        ),
    )
    one, two = (
        {
            (each.origin, each.predicted)
            for each in predicted(which, today, goal=60.0).scored
            if each.kept is not None and each.origin == last
        }
        for which in (seen, changed)
    )
    assert {p for _, p in one} == {p for _, p in two}


def test_few_predictions_say_nothing() -> None:
    """A tracker of thirty trials cannot tell."""
    seen, today = times(4, trials=30)
    assert predicted(seen, today).verdict == ("unknown", None)
    assert predicted(replace(seen, spells=()), today).scored == ()
    assert "Too few" in report([Backtest("signed", 60.0, (), ())])


def test_a_tracker_from_end_to_end(tmp_path: Path) -> None:
    """Every time that the scenario and the tracker share has its paragraph, in both languages."""
    past = trackers.history(3, 260, years=2.6)
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    files = trackers.written(tmp_path, trackers.wide(past, FRENCH, trackers.messy), trackers.mapping(past, FRENCH))
    tests = backtest(read_tracker(*files), str(tmp_path / "base.yaml"), published={"contract_executed": 70.0})
    assert [each.task for each in tests] == ["contract_sent", "contract_executed", "site_activated"]
    english, french = report(tests), report(tests, "fr")
    assert "the published median" in english and "la médiane publiée" in french
    assert "Hôpital" not in english + french


def test_lines_are_what_the_page_says() -> None:
    """For other programs: the same columns for each time, also for one of which nothing could be predicted."""
    tests = [predicted(*times(3)), Backtest("quiet", 10.0, (), ())]
    first, second = lines(tests)
    assert [*first] == [*second]
    assert (first["predicted"], second["predicted"], second["crps"], second["verdict"]) == (
        len(tests[0].scored),
        0,
        None,
        "unknown",
    )
    assert first["crps"] == pytest.approx(np.mean([each.crps for each in tests[0].scored]))
    assert (first["coverage_80"], first["coverage_80_low"], first["coverage_80_high"]) == tests[0].coverage(0.8)
