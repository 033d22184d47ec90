"""Estimates over replications and paired differences, with the numbers worked out on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, isnan, nan

import numpy as np
import pytest

from sim.analysis.contrasts import Contrast, Verdict, contrasts
from sim.analysis.estimates import Estimate, Summary, indicator_key, summary
from sim.analysis.indicators import Measures
from sim.analysis.intervals import interval
from sim.scenario.schema import Scenario
from tests.hand_results import times
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
    means: Sequence[float], shares: Sequence[float] | None = None, first: int = 0, trials: int = 4
) -> HandResult:
    """A result whose replications have trials around these means [d] (inf: not there), and these shares."""

    def measures(number: int, mean: float, share: float) -> Measures:
        days = [] if isnan(mean) else mean + np.tile([-1.0, 1.0], trials // 2)
        counted = np.where(np.arange(len(days)) < round(share * len(days)), 10.0, 60.0)
        return Measures(number, (times("readiness_time", days, counted),), (), (), None, nan, nan)

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
    assert estimate.value == pytest.approx(13)
    assert estimate.half_width == pytest.approx(T_3 * np.sqrt(20 / 3) / 2)
    assert estimate.low == pytest.approx(13 - estimate.half_width)
    assert (estimate.trials, estimate.not_yet, estimate.never, estimate.unit) == (16, 0, 0, "days")


def test_one_replication_has_no_interval() -> None:
    """A mean, and nothing that pretends to know how sure it is."""
    estimate = mean_of(result([10]))
    assert estimate.value == 10 and isnan(estimate.low) and isnan(estimate.high)


def test_a_replication_without_trials_says_nothing() -> None:
    """Its trials are not counted as 0; if there is none in any, there is no number."""
    assert mean_of(result([10, nan, 14])).value == pytest.approx(12)
    assert isnan(mean_of(result([nan, nan])).value)


def test_one_replication_does_not_make_a_number_unknown() -> None:
    """Quantiles are of all trials: those of a replication in which nobody gets there lie above the others."""
    estimates = result([10, inf, 14, 12, 13]).summary.estimates
    assert estimates[indicator_key("readiness_time", "median")].value == 13
    assert estimates[indicator_key("readiness_time", "p90")].value == inf
    assert estimates[indicator_key("readiness_time", "mean")].value == pytest.approx((49 + 190) / 5)
    assert estimates[indicator_key("readiness_time", "mean")].not_yet == 4


def test_the_curve_has_a_band_over_replications() -> None:
    """Day by day the share, with the interval of that day; it goes as far as anybody is followed."""
    found = result([10] * 4, [0.25, 0.5, 0.75, 0.5], trials=20).summary
    band, share = found.curve("readiness_time"), found.estimates[indicator_key("readiness_time", "share_within_goal")]
    assert (band.share[9], band.share[10], band.low[9], band.days[-1]) == (0, pytest.approx(0.5), 0, 190)
    assert (band.low[10], band.high[10]) == (share.low, share.high) and band.low[10] < 0.4
    with pytest.raises(ValueError, match=r"one of readiness_time \(trial\), got speed"):
        found.curve("speed")


def test_differences_are_paired() -> None:
    """5 and 5.1 days less in two replications that differ by a hundred: a gain, to a few days."""
    contrast = difference(result([100, 120, 140]), result([95, 114.9, 135]))
    assert contrast.value == pytest.approx(-15.1 / 3)
    assert (contrast.low, contrast.high) == pytest.approx(tuple(interval([-5, -5.1, -5])[1:]))
    assert contrast.high < -4.8 and contrast.verdict is Verdict.GAIN


@pytest.mark.parametrize(
    ("means", "verdict"),
    [
        ([11, 11.5, 12], Verdict.LOSS),
        ([9, 8.5, 8], Verdict.GAIN),
        ([9, 12, 10.1], Verdict.NO_DIFFERENCE),
        ([10, 10, 10], Verdict.IDENTICAL),
        ([inf, inf, 9], Verdict.UNKNOWN),
    ],
)
def test_verdicts_on_days(means: list[float], verdict: Verdict) -> None:
    """More days are a loss, fewer a gain; an interval that holds 0 shows no difference; equal is identical."""
    statistic = "median" if inf in means else "mean"
    assert difference(result([10, 10, 10]), result(means), statistic).verdict is verdict


def test_a_larger_share_is_a_gain() -> None:
    """With shares the other way is better."""
    before, after = (result([1, 1, 1], shares, trials=100) for shares in ([0.3, 0.4, 0.5], [0.4, 0.51, 0.6]))
    assert difference(before, after, "share_within_goal").verdict is Verdict.GAIN
    assert difference(after, before, "share_within_goal").verdict is Verdict.LOSS


def test_one_pair_cannot_tell() -> None:
    """A single difference is shown without a verdict."""
    assert difference(result([10]), result([5])).verdict is Verdict.UNKNOWN


def test_other_replications_are_not_compared() -> None:
    """Replications that are not the same are not the same trials."""
    with pytest.raises(ValueError, match="must be of the same replications"):
        contrasts(result([1, 2]), result([1, 2], first=1))
