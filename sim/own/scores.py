"""How good a prediction was: scores of a predictive distribution, and of many of them together.

A predictive distribution is an ensemble: increasing values, each as likely as the next. Where a time could only be
watched up to a limit, both it and the ensemble are cut there, which is the threshold-weighted score: proper, and the
same for what ended and for what is still open.

References
----------
Gneiting T., Raftery A. E. (2007). Strictly proper scoring rules, prediction, and estimation. Journal of the American
Statistical Association 102, 359-378. doi:10.1198/016214506000001437
Allen S. et al. (2023). Evaluating forecasts for high-impact events using transformed kernel scores. SIAM/ASA Journal
on Uncertainty Quantification 11, 906-940. doi:10.1137/22M1532184
Czado C., Gneiting T., Held L. (2009). Predictive model assessment for count data. Biometrics 65, 1254-1261.
doi:10.1111/j.1541-0420.2009.01191.x
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


def crps(ensemble: Float, came: float, *, limit: float = math.inf) -> float:
    """The continuous ranked probability score [unit of the values], up to a limit; 0 is perfect.

    Parameters
    ----------
    ensemble
        (m) increasing values.
    came
        What came.
    limit
        Up to where it could be watched; what came later counts as having come there.

    Examples
    --------
    >>> crps(np.array([1.0, 2.0, 3.0, 4.0]), 2.5)
    0.375
    """
    values, truth = np.minimum(ensemble, limit), min(came, limit)
    m = len(values)
    below = (np.arange(1, m + 1) - 0.5) / m
    return float(2 * np.mean(((values > truth) - below) * (values - truth)))


def pinball(quantile: float, came: float, p: float, *, limit: float = math.inf) -> float:
    """The loss of a quantile at probability `p`, up to a limit."""
    value, truth = min(quantile, limit), min(came, limit)
    return (p - (truth < value)) * (truth - value)


def skill(
    scores: Sequence[float], reference: Sequence[float], blocks: Sequence[int], *, seed: int = 1
) -> tuple[float, float, float]:
    """1 - score / reference with its interval of 90 %, from whole blocks (quarters) drawn again; 0 is no better."""
    mine, other, block = np.array(scores), np.array(reference), np.unique(blocks, return_inverse=True)[1]
    number = int(block.max()) + 1
    sums = np.array([[mine[block == each].sum(), other[block == each].sum()] for each in range(number)])
    drawn = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), size=2000) @ sums
    gains = 1 - drawn[:, 0] / np.maximum(drawn[:, 1], 1e-12)
    low, high = np.quantile(gains, (0.05, 0.95))
    return 1 - float(mine.sum() / max(other.sum(), 1e-12)), float(low), float(high)


def coverage(ranks: Sequence[float], level: float) -> tuple[float, float, float]:
    """The share of ranks inside the central interval of a level, with the exact interval of 95 % of that share."""
    return _exact(int(np.sum(np.abs(np.array(ranks) - 0.5) <= level / 2)), len(ranks))


@dataclass(frozen=True, slots=True)
class Reliable:
    """Predictions of about the same share, and what came of them, with its exact interval of 95 %."""

    n: int
    predicted: float  # their mean
    came: float
    low: float
    high: float


def reliability(predicted: Sequence[float], kept: Sequence[bool]) -> tuple[Reliable, ...]:
    """The reliability diagram: by tenth of the predicted share, what came; tenths without predictions are left out."""
    p, truth = np.array(predicted, np.float64), np.array(kept, bool)
    tenth = np.minimum((10 * p).astype(int), 9)
    found = []
    for each in np.unique(tenth).tolist():
        mine = tenth == each
        n, yes = int(mine.sum()), int(truth[mine].sum())
        found.append(Reliable(n, float(p[mine].mean()), *_exact(yes, n)))
    return tuple(found)


def uniform_p(ranks: Sequence[float]) -> float:
    """How likely ranks are so far from uniform by luck (Cramer-von Mises)."""
    from scipy.stats import cramervonmises

    return float(cramervonmises(ranks, "uniform").pvalue)


def _exact(yes: int, n: int) -> tuple[float, float, float]:
    """A share with the interval of 95 % of Clopper and Pearson."""
    from scipy.stats import binomtest

    found = binomtest(yes, n).proportion_ci(0.95, method="exact")
    return yes / n, float(found.low), float(found.high)
