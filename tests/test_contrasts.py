"""Estimates over replications and paired differences, with the numbers worked out on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, isnan, nan

import numpy as np
import pytest

from sim.analysis.contrasts import Contrast, Verdict, contrasts
from sim.analysis.estimates import Estimate, Summary, indicator_key, interval, summary
from sim.analysis.indicators import CURVE_DAYS, Measures, Statistics
from sim.scenario.schema import Scenario
from tests.hand_tables import scenario

T_3 = 3.182446305284263  # Student's t, 97.5 %, 3 degrees of freedom


@dataclass(frozen=True)
class HandResult:
    """A result without a run."""

    measures: tuple[Measures, ...]
    scenario: Scenario
    name: str = "hand"
    story: None = None
    concerns: tuple[str, ...] = ()

    @cached_property
    def summary(self) -> Summary:
        """What its replications say."""
        return summary(self.measures)


def result(
    means: Sequence[float], shares: Sequence[float] | None = None, first: int = 0, trials: int = 5
) -> HandResult:
    """A result whose replications have these means [d] and shares of one indicator."""

    def measures(number: int, mean: float, share: float) -> Measures:
        steps = np.where(np.arange(CURVE_DAYS) < 10, 0.0, share)
        one = Statistics("readiness_time", "trial", mean, mean, mean, mean, mean, share, trials, 2, 1, steps)
        return Measures(number, (one,), (), (), None, nan)

    pairs = zip(means, shares or [0.5] * len(means), strict=True)
    return HandResult(tuple(measures(first + n, *pair) for n, pair in enumerate(pairs)), scenario())


def mean_of(result: HandResult) -> Estimate:
    """The estimate of the mean."""
    return result.summary.estimates[indicator_key("readiness_time", "mean")]


def difference(reference: HandResult, other: HandResult, statistic: str = "mean") -> Contrast:
    """The contrast of one statistic."""
    return contrasts(reference, other)[indicator_key("readiness_time", statistic)]


def test_the_interval_is_students() -> None:
    """10, 12, 14 and 16 days: mean 13, standard deviation 2.582, half-width t(3) times half of that."""
    estimate = mean_of(result([10, 12, 14, 16]))
    assert estimate.value == 13
    assert estimate.half_width == pytest.approx(T_3 * np.sqrt(20 / 3) / 2)
    assert estimate.low == pytest.approx(13 - estimate.half_width)
    assert (estimate.trials, estimate.not_reached, estimate.left_out, estimate.unit) == (20, 8, 4, "days")


def test_one_replication_has_no_interval() -> None:
    """A mean, and nothing that pretends to know how sure it is."""
    estimate = mean_of(result([10]))
    assert estimate.value == 10 and isnan(estimate.low) and isnan(estimate.high)


def test_a_replication_without_trials_says_nothing() -> None:
    """It is left out of the mean, not counted as 0; if all are, there is no number."""
    assert mean_of(result([10, nan, 14])).value == 12
    assert isnan(mean_of(result([nan, nan])).value)


def test_what_is_not_reached_in_one_replication_is_not_reached() -> None:
    """The mean of finite quantiles only would be too good."""
    estimate = mean_of(result([10, inf, 14]))
    assert estimate.value == inf and isnan(estimate.low)


def test_the_curve_has_a_band_over_replications() -> None:
    """Day by day the mean share, with the interval of that day."""
    band = result([10, 10, 10], [0.4, 0.5, 0.6]).summary.curve("readiness_time")
    assert (band.share[9], band.share[10], band.low[9]) == (0, pytest.approx(0.5), 0)
    assert band.high[10] - band.share[10] == pytest.approx(interval([0.4, 0.5, 0.6])[2] - 0.5)
    with pytest.raises(ValueError, match=r"one of readiness_time \(trial\), got speed"):
        result([10]).summary.curve("speed")


def test_differences_are_paired() -> None:
    """5 and 5.1 days less in two replications that differ by a hundred: a gain, to a few days."""
    contrast = difference(result([100, 200, 300]), result([95, 194.9, 295]))
    assert contrast.value == pytest.approx(-15.1 / 3)
    assert contrast.high < -4.8 and contrast.verdict is Verdict.GAIN


@pytest.mark.parametrize(
    ("means", "verdict"),
    [
        ([11, 11.5, 12], Verdict.LOSS),
        ([9, 8.5, 8], Verdict.GAIN),
        ([9, 12, 10.1], Verdict.NO_DIFFERENCE),
        ([10, 10, 10], Verdict.IDENTICAL),
        ([9, inf, 9], Verdict.UNKNOWN),
    ],
)
def test_verdicts_on_days(means: list[float], verdict: Verdict) -> None:
    """More days are a loss, fewer a gain; an interval that holds 0 shows no difference; equal is identical."""
    assert difference(result([10, 10, 10]), result(means)).verdict is verdict


def test_a_larger_share_is_a_gain() -> None:
    """With shares the other way is better."""
    before, after = result([1, 1, 1], [0.3, 0.4, 0.5]), result([1, 1, 1], [0.4, 0.51, 0.6])
    assert difference(before, after, "share_within_goal").verdict is Verdict.GAIN
    assert difference(after, before, "share_within_goal").verdict is Verdict.LOSS


def test_one_pair_cannot_tell() -> None:
    """A single difference is shown without a verdict."""
    assert difference(result([10]), result([5])).verdict is Verdict.UNKNOWN


def test_other_replications_are_not_compared() -> None:
    """Replications that are not the same are not the same trials."""
    with pytest.raises(ValueError, match="must be of the same replications"):
        contrasts(result([1, 2]), result([1, 2], first=1))
