"""Distributions of times, fitted to what is known of each: exact, between two days, or not ended yet.

Every observation says the same kind of thing: the time lies in (low, high], and only times in (entry, exit] could have
been seen. So one likelihood serves for intervals, right-censoring, delayed entry and right-truncation:
log (F(high) - F(low)) - log (F(exit) - F(entry)). SciPy's `CensoredData.fit` knows the first two and not the others; it
is the oracle of the tests.

References
----------
Turnbull B. W. (1976). The empirical distribution function with arbitrarily grouped, censored and truncated data.
Journal of the Royal Statistical Society B 38, 290-295. doi:10.1111/j.2517-6161.1976.tb01597.x
Burnham K. P., Anderson D. R. (2002). Model selection and multimodel inference. Springer. doi:10.1007/b97636
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.own.spells import Spell

Float = NDArray[np.float64]
CLOSE = 2.0
"""A family within so much AICc of the best cannot be told from it."""
_TINY = 1e-300
_STEP = 1.5e-8  # of differences: the root of what a number of 64 bits can tell apart


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """n observations [d], each with the number of times it stands in a resample."""

    low: Float
    high: Float
    entry: Float
    exit: Float
    weight: Float

    @property
    def size(self) -> float:
        """The number of observations, resampled ones as often as they were drawn."""
        return float(self.weight.sum())

    def weighted(self, weight: Float) -> Sample:
        """The same observations in other numbers."""
        keep = weight > 0
        return Sample(self.low[keep], self.high[keep], self.entry[keep], self.exit[keep], weight[keep])


@dataclass(frozen=True, slots=True)
class Fitted:
    """A family with its parameters, and how well it does."""

    family: str
    parameters: tuple[float, ...]
    log_likelihood: float
    size: float

    @property
    def aicc(self) -> float:
        """Akaike's criterion, corrected for small samples."""
        k = len(self.parameters)
        return -2 * self.log_likelihood + 2 * k + 2 * k * (k + 1) / max(self.size - k - 1, 1e-9)

    def quantile(self, p: float) -> float:
        """The time [d] that a share `p` does not exceed."""
        return float(FAMILIES[self.family].quantile(np.asarray(p), np.asarray(self.parameters)))

    def quantiles(self, p: Float) -> Float:
        """Times [d] at probabilities, of the same shape."""
        return np.asarray(FAMILIES[self.family].quantile(p, np.asarray(self.parameters)))

    def cdf(self, t: Float) -> Float:
        """The share that has ended by each time [d]."""
        return np.asarray(1 - FAMILIES[self.family].survival(np.asarray(t, np.float64), np.asarray(self.parameters)))


def sample(spells: Sequence[Spell]) -> Sample:
    """The observations of spells."""
    columns = np.array([(each.low, each.high, each.entry, each.exit) for each in spells], np.float64).reshape(-1, 4)
    low, high, entry, exit = columns.T
    return Sample(low, high, entry, exit, np.ones(len(columns)))


def fit_family(name: str, seen: Sample, start: Sequence[float] | None = None) -> Fitted:
    """The member of a family that makes what was seen most likely."""
    from scipy.optimize import minimize

    family = FAMILIES[name]
    begin = np.asarray(start if start is not None else family.start(*_moments(seen)))

    def loss(parameters: Float) -> tuple[float, Float]:
        """And its slope, by forward differences that are computed in one pass: the overhead of NumPy is what costs."""
        steps = _STEP * np.maximum(1.0, np.abs(parameters))
        values = -_log_likelihood(family, np.vstack((parameters, parameters + np.diag(steps))), seen)
        return float(values[0]), (values[1:] - values[0]) / steps

    found = minimize(loss, begin, jac=True, method="BFGS", options={"gtol": 1e-4 * max(seen.size, 1.0) ** 0.5})
    if not np.isfinite(found.fun) or np.abs(found.x).max() > 50:
        again = np.asarray(family.start(*_moments(seen)))
        found = minimize(lambda parameters: loss(parameters)[0], again, method="Nelder-Mead")
    return Fitted(name, tuple(map(float, found.x)), -float(found.fun), seen.size)


def fit_all(seen: Sample) -> tuple[Fitted, ...]:
    """Every family, the best by AICc first."""
    return tuple(sorted((fit_family(name, seen) for name in FAMILIES), key=lambda each: each.aicc))


def weights(fitted: Sequence[Fitted]) -> tuple[float, ...]:
    """The Akaike weight of each family [0 to 1]: how likely it is to be the best of them."""
    behind = np.array([each.aicc for each in fitted]) - min(each.aicc for each in fitted)
    raw = np.exp(-behind / 2)
    return tuple((raw / raw.sum()).tolist())


def _moments(seen: Sample) -> tuple[float, float]:
    """Mean and sd of the logarithm of what is about known: middles of intervals, the time so far of what is open."""
    middle = np.where(np.isfinite(seen.high), (seen.low + np.minimum(seen.high, 1e6)) / 2, seen.low * 1.3)
    logs = np.log(np.maximum(middle, 0.25))
    mean = np.average(logs, weights=seen.weight)
    return float(mean), max(0.1, float(np.sqrt(np.average((logs - mean) ** 2, weights=seen.weight))))


def _log_likelihood(family: Family, several: Float, seen: Sample) -> Float:
    """(m) The log likelihood of each row of parameters (m, k)."""
    parameters = several.T[:, :, None]  # (k, m, 1), against (n) times: (m, n)
    with np.errstate(all="ignore"):
        value = np.log(np.maximum(_probability(family, parameters, seen.low, seen.high), _TINY))
        if seen.entry.any() or np.isfinite(seen.exit).any():
            value = value - np.log(np.maximum(_probability(family, parameters, seen.entry, seen.exit), _TINY))
        total = value @ seen.weight
    return np.where(np.isfinite(total), total, -1e12)


def _probability(family: Family, parameters: Float, low: Float, high: Float) -> Float:
    return np.asarray(family.survival(low, parameters) - family.survival(high, parameters))


@dataclass(frozen=True, slots=True)
class Family:
    """Functions of unbounded parameters, numbers or arrays that broadcast; times from 0 up [d]."""

    survival: Callable[[Float, Float], Float]
    quantile: Callable[[Float, Float], Float]
    start: Callable[[float, float], tuple[float, ...]]  # first guess from mean and sd of the logarithm


def _exponential(t: Float, p: Float) -> Float:
    return np.asarray(np.exp(-t / np.exp(p[0])))


def _scores(t: Float, p: Float) -> Float:
    with np.errstate(divide="ignore"):
        return np.asarray((np.log(t) - p[0]) / np.exp(p[1]))


def _lognormal(t: Float, p: Float) -> Float:
    from scipy.special import ndtr

    return np.asarray(ndtr(-_scores(t, p)))


def _lognormal_quantile(u: Float, p: Float) -> Float:
    from scipy.special import ndtri

    return np.asarray(np.exp(p[0] + np.exp(p[1]) * ndtri(u)))


def _loglogistic(t: Float, p: Float) -> Float:
    from scipy.special import expit

    return np.asarray(expit(-_scores(t, p)))


def _loglogistic_quantile(u: Float, p: Float) -> Float:
    from scipy.special import logit

    return np.asarray(np.exp(p[0] + np.exp(p[1]) * logit(u)))


def _weibull(t: Float, p: Float) -> Float:
    return np.asarray(np.exp(-np.exp(np.minimum(_scores(t, p), 700.0))))


def _weibull_quantile(u: Float, p: Float) -> Float:
    return np.asarray(np.exp(p[0] + np.exp(p[1]) * np.log(-np.log1p(-u))))


def _gamma(t: Float, p: Float) -> Float:
    from scipy.special import gammaincc

    shape = np.exp(np.minimum(p[1], 30.0))
    return np.asarray(gammaincc(shape, np.minimum(t / np.exp(p[0]) * shape, 1e300)))


def _gamma_quantile(u: Float, p: Float) -> Float:
    from scipy.special import gammaincinv

    shape = math.exp(p[1])
    return np.asarray(gammaincinv(shape, u) * np.exp(p[0]) / shape)


FAMILIES: Mapping[str, Family] = {
    "lognormal": Family(_lognormal, _lognormal_quantile, lambda mean, sd: (mean, math.log(sd))),
    "gamma": Family(
        _gamma, _gamma_quantile, lambda mean, sd: (mean + sd * sd / 2, -2 * math.log(min(max(sd, 0.2), 3)))
    ),
    "weibull": Family(_weibull, _weibull_quantile, lambda mean, sd: (mean + 0.45 * sd, math.log(0.78 * sd))),
    "loglogistic": Family(_loglogistic, _loglogistic_quantile, lambda mean, sd: (mean, math.log(0.55 * sd))),
    "exponential": Family(
        _exponential, lambda u, p: np.asarray(-np.log1p(-u) * np.exp(p[0])), lambda mean, sd: (mean + 0.58,)
    ),
}
