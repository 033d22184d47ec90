"""Three bands of a number: computed, a year's luck, what we do not know; and how sure a difference is.

`parted` takes outputs of draws (of what nobody knows) by replications (the same luck in every draw) apart:
y = mean + draw + luck + rest. `bands` lays the three intervals of a share side by side, and `sure` counts the draws in
which a difference goes one way or the other.

References
----------
Searle, Casella, McCulloch (1992), Variance Components, 4.4 (crossed), doi:10.1002/9780470316856. Clopper, Pearson
(1934), The use of confidence or fiducial limits, doi:10.1093/biomet/26.4.404. Hyndman, Fan (1996), Sample quantiles in
statistical packages, doi:10.1080/00031305.1996.10473566 (rank / (n + 1): what a further value falls below).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEVEL = 0.9
"""Of a year's luck and of what we do not know."""


class Band(NamedTuple):
    """An interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Parts:
    """The variances [unit squared] of outputs of draws by replications; none is clipped where it comes out below 0."""

    mean: float
    draw: float
    luck: float
    rest: float
    draws: int
    replications: int

    @property
    def share_of_draw(self) -> float:
        """The share of the variance of one real year that rests on what nobody knows."""
        whole = self.draw + self.luck + self.rest
        return self.draw / whole if whole > 0 else math.nan

    @property
    def free(self) -> int:
        """Degrees of freedom of the rest."""
        return (self.draws - 1) * (self.replications - 1)

    @property
    def error(self) -> float:
        """The standard error of a draw's mean over its replications, the luck that all draws share left aside."""
        return math.sqrt(self.rest / self.replications)


@dataclass(frozen=True, slots=True)
class Bands:
    """A number with its three bands."""

    value: float
    computed: Band  # 95 %, of the mean at the written numbers
    luck: Band  # 90 %, of one year at the written numbers
    unknown: Band  # 90 %, of one year whatever the numbers are, if each range is as likely as it says
    found: Band  # the lowest and highest mean of a draw: the ranges allow this at least, however likely it is
    parts: Parts


@dataclass(frozen=True, slots=True)
class Sure:
    """How many of the draws [0 to 1] a difference goes up, down, or cannot be told; 95 % of the more frequent way."""

    up: float
    down: float
    undecided: float
    same: float  # to the bit
    low: float
    high: float
    by: Band  # 90 %, of the difference over draws
    draws: int


@dataclass(frozen=True, slots=True)
class Held:
    """In what share of the draws [0 to 1] a ranking holds, fails, or cannot be told; 95 % of the share that holds."""

    holds: float
    fails: float
    undecided: float
    interval: Band
    draws: int


def parted(outputs: Float) -> Parts:
    """The parts of outputs (draws, replications), the replications the same in every draw; two of both at least."""
    draws, replications = outputs.shape
    mean = float(outputs.mean())
    by_draw, by_luck = outputs.mean(axis=1) - mean, outputs.mean(axis=0) - mean
    left = outputs - mean - by_draw[:, None] - by_luck
    rest = float((left**2).sum()) / ((draws - 1) * (replications - 1))
    of_draws = replications * float((by_draw**2).sum()) / (draws - 1)
    of_luck = draws * float((by_luck**2).sum()) / (replications - 1)
    return Parts(mean, (of_draws - rest) / replications, (of_luck - rest) / draws, rest, draws, replications)


def nested(outputs: Float) -> Parts:
    """The parts of outputs (draws, replications) with luck of its own in every draw: luck is in the rest."""
    draws, replications = outputs.shape
    rest = float(outputs.var(axis=1, ddof=1).mean())
    draw = float(outputs.mean(axis=1).var(ddof=1)) - rest / replications
    return Parts(float(outputs.mean()), draw, 0.0, rest, draws, replications)


def bands(at_written: Float, over_draws: Float) -> Bands:
    """The three bands of a number.

    Parameters
    ----------
    at_written
        (replications) At the numbers as they are written.
    over_draws
        (draws, replications) At draws of what nobody knows.
    """
    from scipy.stats import t

    number = len(at_written)
    value = float(at_written.mean())
    half = float(t.ppf(0.975, number - 1)) * float(at_written.std(ddof=1)) / math.sqrt(number)
    computed, means = Band(value - half, value + half), over_draws.mean(axis=1)
    found = Band(float(means.min()), float(means.max()))
    return Bands(value, computed, within(at_written), within(over_draws), found, parted(over_draws))


def within(values: Float, level: float = LEVEL) -> Band:
    """Where a further value falls with this probability; at most from the smallest to the largest of those seen."""
    tail = (1 - level) / 2
    low, high = np.quantile(values, (tail, 1 - tail), method="weibull")
    return Band(float(low), float(high))


def sure(differences: Float) -> Sure:
    """How sure it is which way a difference goes.

    A draw is decided if the 95 % interval of its mean, from the rest that is common to all draws, leaves out 0, or if
    nothing moved at all.

    Parameters
    ----------
    differences
        (draws, replications) Paired: both scenarios at the same draw with the same luck.
    """
    up, down, same = _ways(differences)
    told = (float(each.mean()) for each in (up, down, ~(same | up | down), same))
    low, high = clopper_pearson(max(int(up.sum()), int(down.sum())), len(up))
    return Sure(next(told), next(told), next(told), next(told), low, high, within(differences.mean(axis=1)), len(up))


def held(shares: Float) -> Held:
    """In how many draws a ranking holds: each option above the next one, or the same; undecided if that cannot be told.

    Parameters
    ----------
    shares
        (options, draws, replications) In the order of the ranking, the best first.
    """
    ways = [_ways(better - worse) for better, worse in pairwise(shares)]
    fails = np.any([down for _, down, _ in ways], axis=0)
    holds = np.all([up | same for up, _, same in ways], axis=0)
    interval = clopper_pearson(int(holds.sum()), len(holds))
    return Held(float(holds.mean()), float(fails.mean()), float((~(holds | fails)).mean()), interval, len(holds))


def _ways(differences: Float) -> tuple[Mask, Mask, Mask]:
    """(draws) Whether differences (draws, replications) go up, go down, or are 0 to the bit; else it cannot be told."""
    from scipy.stats import t

    parts, means = parted(differences), differences.mean(axis=1)
    half = float(t.ppf(0.975, parts.free)) * parts.error
    same = (differences == 0).all(axis=1)
    return ~same & (means > half), ~same & (means < -half), same


def clopper_pearson(successes: int, trials: int, level: float = 0.95) -> Band:
    """The exact interval of a share."""
    from scipy.stats import binomtest

    found = binomtest(successes, trials).proportion_ci(level, method="exact")
    return Band(float(found.low), float(found.high))
