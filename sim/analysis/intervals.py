"""Intervals that are possible: of means, of shares near 0 and 1, and of paired differences.

A `Part` is a number with its interval, and how much each of n replications moved it (its influence; the influences of a
number add up to 0). All intervals come from the spread of the influences, because the trials of one replication share
queues and luck: a replication is one observation, however many trials it has.

A share has the interval of Korn and Graubard, that of Clopper and Pearson with an effective number of trials: it never
leaves 0 to 1, and where every trial went the same way it still says how little that proves. A difference is taken
between the limits of both sides (MOVER): it never leaves what is possible either, and keeps what pairing saves.

References
----------
Korn E. L., Graubard B. I. (1998). Confidence intervals for proportions with small expected number of positive counts
estimated from survey data. Survey Methodology 24, 193-201.
Zou G. Y., Donner A. (2008). Construction of confidence limits about effect measures: a general approach. Statistics in
Medicine 27, 1693-1702. doi:10.1002/sim.3095
Law A. M. (2015). Simulation Modeling and Analysis, 5th edition, section 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95

ALIKE = 2
"""Where nothing varies between replications, so many trials count as one: alike trials prove less than their number."""

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """A number over n replications; nan where there is nothing to say, inf where it is not reached."""

    value: float
    low: float
    high: float
    influence: Float  # (n)

    @property
    def deviation(self) -> float:
        """The standard error [unit of the number]."""
        return deviation(self.influence)


def deviation(influence: Float) -> float:
    """The standard error of a number from the influences (n) of its replications; nan for fewer than two."""
    n = len(influence)
    return sqrt(n / (n - 1) * float(influence @ influence)) if n > 1 else nan


def interval(values: ArrayLike, *, together: int = 1) -> tuple[Float, Float, Float]:
    """Mean, low and high of the Student t interval over the first axis, which is independent replications.

    With `together` of them, intervals are wide enough to hold all at once (Bonferroni). nan says nothing and is not
    averaged; where any value is infinite, the mean is infinite. Low and high are nan there, and for fewer than two
    values.
    """
    sample = np.asarray(values, np.float64)
    says, finite = np.isfinite(sample), ~np.isinf(sample).any(axis=0)
    number = says.sum(axis=0)
    degrees = np.maximum(number - 1, 1)
    mean = np.where(says, sample, 0.0).sum(axis=0) / np.maximum(number, 1)
    squares = (np.where(says, sample - mean, 0.0) ** 2).sum(axis=0)
    half = _student(degrees, together) * np.sqrt(squares / degrees / np.maximum(number, 1))
    half = np.where(finite & (number > 1), half, nan)
    mean = np.where(finite, np.where(number > 0, mean, nan), inf)
    return mean, mean - half, mean + half


def mean_of(values: ArrayLike) -> Part:
    """The mean of one value per replication; nan says nothing, an infinite one makes it infinite."""
    sample = np.asarray(values, np.float64)
    mean, low, high = map(float, interval(sample))
    says = np.isfinite(sample)
    influence = np.where(says, sample - mean, 0.0) / max(says.sum(), 1) if isfinite(mean) else np.zeros(len(sample))
    return Part(mean, low, high, influence)


def around(value: float, influence: Float) -> Part:
    """A number with the Student t interval that its influences give."""
    half = float(_student(max(len(influence) - 1, 1))) * deviation(influence)
    return Part(value, value - half, value + half, influence)


def share_of(value: float, influence: Float, trials: float) -> Part:
    """A share [0 to 1] of so many trials with the interval of Korn and Graubard."""
    if not isfinite(value) or len(influence) < 2:
        return Part(value, nan, nan, influence)
    return Part(value, *share_limits(value, deviation(influence), len(influence), trials), influence)


def share_limits(value: float, error: float, replications: int, trials: float) -> tuple[float, float]:
    """Low and high of a share with this standard error over replications, of so many trials in all."""
    from scipy.special import betaincinv

    binomial = value * (1 - value)
    if error > 0 and binomial > 0:
        narrower = (_student(inf) / _student(replications - 1)) ** 2
        effective = min(binomial / error**2 * float(narrower), trials)
    else:
        effective = max(trials / ALIKE, 1.0)
    hits, tail = value * effective, (1 - CONFIDENCE) / 2
    low = float(betaincinv(hits, effective - hits + 1, tail)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, effective - hits, 1 - tail)) if effective - hits > 0 else 1.0
    return low, high


def difference(before: Part, after: Part) -> Part:
    """After minus before, of the same replications; unknown where a side is not a number.

    The distance of each limit is that of two sides as far apart as their influences go together.
    """
    value = after.value - before.value if isfinite(before.value) and isfinite(after.value) else nan
    influence = after.influence - before.influence
    together = _correlation(before.influence, after.influence)
    low = value - _distance(after.value - after.low, before.high - before.value, together)
    high = value + _distance(after.high - after.value, before.value - before.low, together)
    return Part(value, low, high, influence)


def _distance(one: float, other: float, together: float) -> float:
    """The length of the third side, for what moves `together` (a correlation)."""
    if not (isfinite(one) and isfinite(other)):
        return nan
    return sqrt(max(one * one + other * other - 2 * together * one * other, 0.0))


def _correlation(one: Float, other: Float) -> float:
    scale = sqrt(float(one @ one) * float(other @ other))
    return min(max(float(one @ other) / scale, -1.0), 1.0) if scale > 0 else 0.0


def _student(degrees: Any, together: int = 1) -> Any:
    """How many standard errors an interval is wide to each side; `inf` degrees are those of the normal distribution."""
    from scipy.special import ndtri, stdtrit

    tail = (1 - CONFIDENCE) / 2 / together
    return ndtri(1 - tail) if degrees is inf else stdtrit(degrees, 1 - tail)
