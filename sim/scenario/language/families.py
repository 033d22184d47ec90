"""The distributions that a duration can have, as functions of a probability.

`FAMILIES` gives for each family, by name, its inverse distribution function, its mean and its standard deviation, all
functions of one array of parameters. Times are in whatever unit the parameters have.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


class Family(NamedTuple):
    """A family of distributions on the numbers from 0 up."""

    inverse: Callable[[Float, Float], Float]  # of probabilities (any shape) and parameters
    mean: Callable[[Float], float]
    sd: Callable[[Float], float]


Nodes = tuple[Float, Float]
"""(nodes) quantiles at equally spaced normal scores, and their slopes from one node to the next."""

NODES = 64  # to a unit of the normal score
FAR = 8.5  # the last score; that of 2**-53, the least uniform there is, is -8.2
_BENT = 0.5  # with a smaller shape, the quantiles of a gamma distribution bend too much between nodes


def between_nodes(u: Float, value: Float, slope: Float) -> Float:
    """Quantiles by a cubic between nodes at which value and slope are exact.

    For a beta or a gamma distribution over ten times as fast as SciPy's, and within 1e-9 of the range or of the mean.
    """
    from scipy.special import ndtri

    place = (np.clip(ndtri(u), -FAR, FAR) + FAR) * NODES
    node = np.minimum(place.astype(np.int64), len(value) - 2)
    t = place - node
    rest, rise = 1 - t, value[node + 1] - value[node]
    bends = rest * (slope[node] - rise) + t * (rise - slope[node + 1])
    return np.asarray(value[node] + t * (rise + rest * bends))


def _normal_density(score: Float) -> Float:
    return np.asarray(np.exp(-(score**2) / 2) / math.sqrt(2 * math.pi))


def _lognormal(u: Float, p: Float) -> Float:
    from scipy.special import ndtri

    return np.asarray(np.exp(p[0] + p[1] * ndtri(u)))


def _normal(u: Float, p: Float) -> Float:
    from scipy.special import ndtri

    return np.asarray(np.maximum(p[0] + p[1] * ndtri(u), 0.0))


def _normal_moments(p: Float) -> tuple[float, float]:
    """Mean and mean square of a normal variate of which what is negative counts as 0."""
    m, s = (float(number) for number in p)
    above, density = math.erfc(-m / s / math.sqrt(2)) / 2, math.exp(-((m / s) ** 2) / 2) / math.sqrt(2 * math.pi)
    return m * above + s * density, (m**2 + s**2) * above + m * s * density


def _normal_sd(p: Float) -> float:
    mean, square = _normal_moments(p)
    return math.sqrt(square - mean**2)


def _gamma(u: Float, p: Float) -> Float:
    from scipy.special import gammaincinv

    shape = float(p[0])
    return np.asarray(p[1] * (between_nodes(u, *_gamma_nodes(shape)) if shape > _BENT else gammaincinv(shape, u)))


@lru_cache(maxsize=256)
def _gamma_nodes(shape: float) -> Nodes:
    from scipy.special import gammainccinv, gammaincinv, gammaln, ndtr

    score = np.linspace(-FAR, FAR, 2 * round(FAR * NODES) + 1)
    x = np.where(score < 0, gammaincinv(shape, ndtr(score)), gammainccinv(shape, ndtr(-score)))
    return x, _normal_density(score) / np.exp((shape - 1) * np.log(x) - x - gammaln(shape)) / NODES


def _weibull(u: Float, p: Float) -> Float:
    return np.asarray(p[1] * (-np.log1p(-u)) ** (1 / p[0]))


def _weibull_sd(p: Float) -> float:
    first, second = math.lgamma(1 + 1 / p[0]), math.lgamma(1 + 2 / p[0])
    return float(p[1]) * math.exp(first) * math.sqrt(math.expm1(second - 2 * first))


def _beta_shapes(p: Float) -> tuple[float, float]:
    low, mode, high = (float(number) for number in p)
    return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)


def _pert(u: Float, p: Float) -> Float:
    """Between low and high, a beta distribution whose mean is (low + 4 mode + high) / 6.

    References
    ----------
    Malcolm, Roseboom, Clark, Fazar (1959), Application of a technique for research and development program
    evaluation, doi:10.1287/opre.7.5.646.
    """
    return np.asarray(p[0] + (p[2] - p[0]) * _beta(u, *_beta_shapes(p)))


def _beta(u: Float, a: float, b: float) -> Float:
    """The quantiles of a beta distribution."""
    return between_nodes(u, *_beta_nodes(a, b))


@lru_cache(maxsize=256)
def _beta_nodes(a: float, b: float) -> Nodes:
    from scipy.special import beta, betaincinv, ndtr

    score = np.linspace(-FAR, 0.0, round(FAR * NODES) + 1)
    halves = []
    for one, other in ((a, b), (b, a)):  # each from its own end, where SciPy is exact however small the quantile
        x = betaincinv(one, other, ndtr(score))
        halves.append((x, _normal_density(score) * beta(one, other) / (x ** (one - 1) * (1 - x) ** (other - 1))))
    (low, rising), (high, falling) = halves
    return np.append(low, 1 - high[-2::-1]), np.append(rising, falling[-2::-1]) / NODES


def _pert_sd(p: Float) -> float:
    a, b = _beta_shapes(p)
    return float(p[2] - p[0]) * math.sqrt(a * b / (a + b + 1)) / (a + b)


def _triangular(u: Float, p: Float) -> Float:
    low, mode, high = p
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.asarray(np.where(u * (high - low) < mode - low, rising, falling))


def _triangular_sd(p: Float) -> float:
    low, mode, high = (float(number) for number in p)
    return math.sqrt(((high - low) ** 2 - (mode - low) * (high - mode)) / 18)


def _values(u: Float, p: Float) -> Float:
    """The sorted values, each with the same probability."""
    return np.asarray(p[np.maximum(np.ceil(u * len(p)).astype(np.int64) - 1, 0)])


FAMILIES: Mapping[str, Family] = {
    # parameters: value
    "exactly": Family(lambda u, p: np.full(u.shape, p[0]), lambda p: p[0], lambda p: 0.0),
    # mean and standard deviation of the logarithm
    "lognormal": Family(
        _lognormal,
        lambda p: math.exp(p[0] + p[1] ** 2 / 2),
        lambda p: math.exp(p[0] + p[1] ** 2 / 2) * math.sqrt(math.expm1(p[1] ** 2)),
    ),
    # mean and standard deviation, before what is negative counts as 0
    "normal": Family(_normal, lambda p: _normal_moments(p)[0], _normal_sd),
    # shape, scale
    "gamma": Family(_gamma, lambda p: p[0] * p[1], lambda p: p[1] * math.sqrt(p[0])),
    "weibull": Family(_weibull, lambda p: p[1] * math.gamma(1 + 1 / p[0]), _weibull_sd),
    # mean
    "exponential": Family(lambda u, p: -p[0] * np.log1p(-u), lambda p: p[0], lambda p: p[0]),
    # low, mode, high
    "pert": Family(_pert, lambda p: (p[0] + 4 * p[1] + p[2]) / 6, _pert_sd),
    "triangular": Family(_triangular, lambda p: p.mean(), _triangular_sd),
    # low, high
    "uniform": Family(
        lambda u, p: p[0] + (p[1] - p[0]) * u, lambda p: p.mean(), lambda p: (p[1] - p[0]) / math.sqrt(12)
    ),
    # the values in increasing order
    "values": Family(_values, lambda p: p.mean(), lambda p: p.std()),
}
