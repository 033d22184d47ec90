"""From a duration as people know it (median and p90, low-mode-high, quartiles) to a distribution.

A `Fit` is a family and its parameters, in the unit of the duration. Two numbers give two parameters, exactly; more
quantiles give two parameters by least squares on the logarithm of time (for a normal distribution, on time), and
`misses` says what becomes of those that are not met. The family `piecewise` meets any number of quantiles exactly:
between two of them it is the lognormal through both.

`FAMILIES` has the families by name, each as its inverse distribution function of probabilities and of one array of
parameters; times are in whatever unit the parameters have.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario import schema
from sim.scenario.language.quantities import Span

Float = NDArray[np.float64]
Given = Mapping[str, float]

_QUANTILES = {"p10": 0.10, "q1": 0.25, "median": 0.50, "q3": 0.75, "p90": 0.90}
_THEMSELVES = {
    ("exactly",): "exactly",
    ("low", "mode", "high"): "pert",
    ("low", "high"): "uniform",
    ("mean",): "exponential",
}  # what is given is the parameters; and the family unless it says otherwise
NEAR = 0.05  # relative; a quantile further off than this is another number than the one that was written
_NEGATIVE = 1e-3  # the largest probability below 0 that a normal distribution may have


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """A distribution of durations in `unit` (min, h, d or wd)."""

    family: str
    unit: str
    parameters: Float  # as FAMILIES lists them

    def inverse(self, u: ArrayLike) -> Float:
        """The durations, at least 0 [unit], at the probabilities `u`, of the same shape; never falls as u rises."""
        return np.asarray(FAMILIES[self.family](np.asarray(u, np.float64), self.parameters), np.float64)


def misses(d: schema.Duration) -> str | None:
    """What the distribution of a duration makes of quantiles that its family cannot meet; None if it meets them well.

    Such as 'lognormal cannot have these numbers: median 32 d becomes 21.3 d'.
    """
    found = fit(d)
    given = {name: span for name in _QUANTILES if (span := getattr(d, name)) is not None}
    back = {name: float(found.inverse(_QUANTILES[name])) for name in given}
    off = [name for name, span in given.items() if abs(back[name] / span.value - 1) > NEAR]
    if not off:
        return None
    became = ", ".join(f"{name} {given[name]} becomes {back[name]:.3g} {found.unit}" for name in off)
    return f"{found.family} cannot have these numbers: {became}"


def fit(d: schema.Duration) -> Fit:
    """The distribution that a duration describes.

    Raises
    ------
    ValueError
        If no member of the family has these numbers, or a normal distribution would often be negative.
    """
    if d.values is not None:
        return Fit("values", d.values[0].unit, np.sort([span.value for span in d.values]))
    spans = {name: span for name in type(d).model_fields if isinstance(span := getattr(d, name), Span)}
    given = {name: span.value for name, span in spans.items()}
    family, parameters = _parameters(given, d.family)
    return Fit(family, next(iter(spans.values())).unit, np.array(parameters, np.float64))


def _parameters(given: Given, asked: str | None) -> tuple[str, tuple[float, ...]]:
    """The family and its parameters."""
    names = tuple(given)
    if names in _THEMSELVES:
        return asked or _THEMSELVES[names], tuple(given.values())
    family = asked or "lognormal"
    if names == ("mean", "sd"):
        return family, _FROM_MOMENTS[family](given["mean"], given["sd"])
    present = [name for name in _QUANTILES if name in given]
    p, x = np.array([_QUANTILES[name] for name in present]), np.array([given[name] for name in present])
    return family, _FROM_QUANTILES[family](p, x)


def _line(z: Float, y: Float) -> tuple[float, float]:
    """Intercept and slope of the least-squares line through the points (z, y); through both if there are two."""
    dz, dy = z - z.mean(), y - y.mean()
    slope = float(dz @ dy / (dz @ dz))
    return float(y.mean() - slope * z.mean()), slope


def _lognormal_from_quantiles(p: Float, x: Float) -> tuple[float, float]:
    from scipy.special import ndtri

    return _line(ndtri(p), np.log(x))


def _lognormal_from_moments(mean: float, sd: float) -> tuple[float, float]:
    variance = math.log1p((sd / mean) ** 2)
    return math.log(mean) - variance / 2, math.sqrt(variance)


def _normal_from_quantiles(p: Float, x: Float) -> tuple[float, float]:
    from scipy.special import ndtri

    return _normal_from_moments(*_line(ndtri(p), x))


def _normal_from_moments(mean: float, sd: float) -> tuple[float, float]:
    if sd == 0:
        raise ValueError("sd must be more than 0, got 0; for no spread write 'exactly' and the mean")
    negative = math.erfc(mean / sd / math.sqrt(2)) / 2
    if negative >= _NEGATIVE:
        raise ValueError(
            f"a normal duration must be negative with a probability below {_NEGATIVE:g}, "
            f"got {negative:.2g} (mean {mean:.4g}, sd {sd:.4g}); use family lognormal or gamma"
        )
    return mean, sd


def _piecewise_from_quantiles(p: Float, x: Float) -> tuple[float, ...]:
    from scipy.special import ndtri

    return tuple(np.ravel(np.column_stack((ndtri(p), np.log(x)))).tolist())


def _weibull_from_quantiles(p: Float, x: Float) -> tuple[float, float]:
    log_scale, slope = _line(np.log(-np.log1p(-p)), np.log(x))
    return 1 / slope, math.exp(log_scale)


def _weibull_from_moments(mean: float, sd: float) -> tuple[float, float]:
    def off(shape: float) -> float:
        squared_cv = math.expm1(math.lgamma(1 + 2 / shape) - 2 * math.lgamma(1 + 1 / shape))
        return math.log(squared_cv) - 2 * math.log(sd / mean)

    shape = _root(off, 0.05, 1e3, "weibull")
    return shape, mean / math.gamma(1 + 1 / shape)


def _gamma_from_quantiles(p: Float, x: Float) -> tuple[float, float]:
    from scipy.special import gammaincinv

    def log_scales(shape: float) -> Float:
        """The log scale that each quantile asks for."""
        return np.asarray(np.log(x) - np.log(gammaincinv(shape, p)), np.float64)

    def spread(shape: float) -> float:
        scales = log_scales(shape)
        return float(scales[-1] - scales[0])

    shape = _root(spread, 0.02, 1e6, "gamma")
    if len(p) > 2:
        shape = _least(lambda shape: float(np.var(log_scales(shape))), shape)
    return shape, math.exp(log_scales(shape).mean())


def _gamma_from_moments(mean: float, sd: float) -> tuple[float, float]:
    return (mean / sd) ** 2, sd**2 / mean


def _root(function: Callable[[float], float], low: float, high: float, family: str) -> float:
    """The shape between `low` and `high` at which `function` is 0."""
    from scipy.optimize import brentq

    if function(low) * function(high) > 0:
        raise ValueError(
            f"the shape of a {family} duration must lie between {low:g} and {high:g}, got numbers too "
            "close together or too far apart for that; use family lognormal"
        )
    return math.exp(brentq(lambda s: function(math.exp(s)), math.log(low), math.log(high), xtol=1e-15, rtol=1e-14))


def _least(function: Callable[[float], float], near: float) -> float:
    """The shape within a factor of 20 of `near` at which `function` is least."""
    from scipy.optimize import minimize_scalar

    around = (math.log(near / 20), math.log(near * 20))
    found = minimize_scalar(lambda s: function(math.exp(s)), bounds=around, method="bounded", options={"xatol": 1e-9})
    return math.exp(found.x)


_FROM_MOMENTS: Mapping[str, Callable[[float, float], tuple[float, ...]]] = {
    "lognormal": _lognormal_from_moments,
    "gamma": _gamma_from_moments,
    "weibull": _weibull_from_moments,
    "normal": _normal_from_moments,
}
_FROM_QUANTILES: Mapping[str, Callable[[Float, Float], tuple[float, ...]]] = {
    "lognormal": _lognormal_from_quantiles,
    "gamma": _gamma_from_quantiles,
    "weibull": _weibull_from_quantiles,
    "normal": _normal_from_quantiles,
    "piecewise": _piecewise_from_quantiles,
}


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


def _pieces(p: Float) -> tuple[Float, Float, Float]:
    """The scores between pieces, and of each piece the mean and the standard deviation of the logarithm."""
    score, log = p[::2], p[1::2]
    sd = np.diff(log) / np.diff(score)
    return score[1:-1], log[:-1] - sd * score[:-1], sd


def _piecewise(u: Float, p: Float) -> Float:
    """Through given quantiles, the logarithm a straight line in the normal score from each to the next and beyond."""
    from scipy.special import ndtri

    between, mean, sd = _pieces(p)
    score = ndtri(u)
    piece = np.searchsorted(between, score)
    return np.asarray(np.exp(mean[piece] + sd[piece] * score))


def _normal(u: Float, p: Float) -> Float:
    from scipy.special import ndtri

    return np.asarray(np.maximum(p[0] + p[1] * ndtri(u), 0.0))


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


def _triangular(u: Float, p: Float) -> Float:
    low, mode, high = p
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.asarray(np.where(u * (high - low) < mode - low, rising, falling))


def _values(u: Float, p: Float) -> Float:
    """The sorted values, each with the same probability."""
    return np.asarray(p[np.maximum(np.ceil(u * len(p)).astype(np.int64) - 1, 0)])


FAMILIES: Mapping[str, Callable[[Float, Float], Float]] = {
    "exactly": lambda u, p: np.full(u.shape, p[0]),
    "lognormal": _lognormal,  # mean and standard deviation of the logarithm
    "piecewise": _piecewise,  # normal score and logarithm of each quantile in turn
    "normal": _normal,  # mean and standard deviation, before what is negative counts as 0
    "gamma": _gamma,  # shape, scale
    "weibull": _weibull,  # shape, scale
    "exponential": lambda u, p: -p[0] * np.log1p(-u),  # mean
    "pert": _pert,  # low, mode, high
    "triangular": _triangular,  # low, mode, high
    "uniform": lambda u, p: p[0] + (p[1] - p[0]) * u,  # low, high
    "values": _values,  # in increasing order
}
