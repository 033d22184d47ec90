"""From a duration as people know it (median and p90, low-mode-high, quartiles) to a distribution.

A `Fit` is a family and its parameters, in the unit of the duration. Two numbers give two parameters, exactly; three
quantiles give two parameters by least squares on the logarithm of time (for a normal distribution, on time), and how
far off that leaves the worst of them is stated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario import schema
from sim.scenario.language.families import FAMILIES
from sim.scenario.language.quantities import Span

Float = NDArray[np.float64]
Given = Mapping[str, float]

_QUANTILES = {"p10": 0.10, "q1": 0.25, "median": 0.50, "q3": 0.75, "p90": 0.90}
_THEMSELVES = {("exactly",): "exactly", ("low", "mode", "high"): "pert", ("low", "high"): "uniform",
               ("mean",): "exponential"}  # what is given is the parameters; and the family unless it says otherwise
_EXACT = 1e-9  # relative; what comes back nearer than this to what was given is the same number
_NEGATIVE = 1e-3  # the largest probability below 0 that a normal distribution may have


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """A distribution of durations in `unit` (min, h, d or wd)."""

    family: str
    unit: str
    parameters: Float  # as FAMILIES lists them
    residual: float = 0.0  # largest relative error of the quantiles and moments that were given; 0.0 when exact

    def inverse(self, u: ArrayLike) -> Float:
        """The durations, at least 0 [unit], at the probabilities `u`, of the same shape; never falls as u rises."""
        return np.asarray(FAMILIES[self.family].inverse(np.asarray(u, np.float64), self.parameters), np.float64)

    def quantile(self, p: float) -> float:
        """The duration [unit] that a share `p` does not exceed."""
        return float(self.inverse(p))

    @property
    def mean(self) -> float:
        """Mean duration [unit]."""
        return float(FAMILIES[self.family].mean(self.parameters))

    @property
    def sd(self) -> float:
        """Standard deviation [unit]."""
        return float(FAMILIES[self.family].sd(self.parameters))

    def describe(self) -> str:
        """Such as 'lognormal, median 33 d, mean 55.1 d, p90 120 d; off what was given by up to 4 %'."""
        if self.family == "exactly":
            return f"exactly {self._say(self.mean)}"
        numbers = {"median": self.quantile(0.5), "mean": self.mean, "p90": self.quantile(0.9)}
        error = f"; off what was given by up to {100 * self.residual:.2g} %" if self.residual else ""
        return ", ".join([self.family, *(f"{name} {self._say(value)}" for name, value in numbers.items())]) + error

    def _say(self, value: float) -> str:
        return f"{value:.0f} {self.unit}" if value >= 1000 else f"{value:.3g} {self.unit}"


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
    found = Fit(family, next(iter(spans.values())).unit, np.array(parameters, np.float64))
    return replace(found, residual=_residual(found, given))


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


def _residual(found: Fit, given: Given) -> float:
    moments = {"mean": found.mean, "sd": found.sd}
    quantiles = {name: found.quantile(p) for name, p in _QUANTILES.items()}
    errors = [abs(value / given[name] - 1) for name, value in (moments | quantiles).items() if name in given]
    return max(errors) if errors and max(errors) > _EXACT else 0.0


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
        raise ValueError(f"a normal duration must be negative with a probability below {_NEGATIVE:g}, "
                         f"got {negative:.2g} (mean {mean:.4g}, sd {sd:.4g}); use family lognormal or gamma")
    return mean, sd


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
        raise ValueError(f"the shape of a {family} duration must lie between {low:g} and {high:g}, got numbers too "
                         "close together or too far apart for that; use family lognormal")
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
}
