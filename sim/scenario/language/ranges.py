"""What a range means: which numbers move, between which ends, how likely each value is, and how it is written back.

A `Quantity` is what is known or unknown as one thing: a number, a duration with all its numbers, shares that add up to
100 %, the mean of a distribution of whole numbers. A `Law` says how likely its values are. An `Input` is both, with the
tie and the grade: what nobody knows, ready to be drawn.

A range is about one number, in the unit of that number. For a duration it is about its median (mode, mean, exact
value), and all numbers of the duration are scaled alike: the shape is kept. For one of several shares that add up to
100 % the others give way in proportion. For whole numbers by share it is about their mean, and the shares are tilted:
each is multiplied by the same ratio per step, which keeps as near to the written ones as the new mean allows. Where
several numbers are covered, either `of` names one, or the ends are factors (`[x0.5, x2]`), or for dates days
(`[-90 d, +90 d]`); `move: apart` makes an input of each. What stands under a `limit` is law and does not move.

References
----------
Csiszar (1975), I-divergence geometry of probability distributions and minimization problems,
doi:10.1214/aop/1176996454 (the tilting). Malcolm, Roseboom, Clark, Fazar (1959), doi:10.1287/opre.7.5.646 (PERT).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Any, Literal

from sim.scenario.language.kinds import AMOUNT, COUNT, value_and_unit
from sim.scenario.language.mistakes import Place
from sim.scenario.language.quantities import shortest

FACTOR = "factor"
CENTRES = ("exactly", "median", "mode", "mean")
REAL = frozenset({"mean", "alpha", "weight", "p90"})
"""The plain numbers of a scenario that need not be whole."""

_DIGITS = 6  # significant, of what is written: the same text, and so the same results, on every machine
_FARTHEST = 2.5758293035489004  # standard errors: 99 % lie nearer
Scalar = str | int | float | date


@dataclass(frozen=True, slots=True)
class Part:
    """One written number of a quantity."""

    key: Any
    place: Place
    value: Any


@dataclass(frozen=True, slots=True)
class Quantity:
    """Numbers that are one thing: `about` says how a new value of it reaches them; `centre` is its written value."""

    path: tuple[Any, ...]
    words: str
    kind: str  # time, share, rate, plain or date
    unit: str
    parts: tuple[Part, ...]
    centre: float  # in `unit` [%: percent]; nan where a duration has no centre
    about: Literal["number", "shape", "mean", "date"]
    rest: tuple[Part, ...] = ()  # the other shares of 100 %

    def at(self, value: float) -> dict[Place, Scalar]:
        """What is written where, if the quantity has this value [unit; for dates days later]."""
        if self.about == "date":
            return {part.place: part.value + timedelta(days=round(value)) for part in self.parts}
        if self.about == "mean":
            return _tilted(self.parts, value)
        if self.about == "number":
            return {self.parts[0].place: rewritten(self.parts[0], value)} | _giving_way(self.rest, self.centre, value)
        return self.by(value / self.centre)

    def by(self, factor: float) -> dict[Place, Scalar]:
        """What is written where, if the quantity is so many times as large."""
        if self.about == "shape":
            return {part.place: rewritten(part, factor * number_of(part.value)) for part in self.parts}
        return self.at(factor * self.centre)


@dataclass(frozen=True, slots=True)
class Law:
    """How likely the values between two ends are; `mode` is the written value.

    pert: a beta distribution with its mode there and mean (low + 4 mode + high) / 6. logpert: the same of the
    logarithm, for what may be so many times as large or as small: a range from a quarter of the written value to four
    times as much then leans to neither side. uniform: all alike. beta: a share of so many cases, `spread` of them, by
    Jeffreys. normal: `spread` is the standard error; cut at the ends, beyond which lies 1 %.
    """

    name: Literal["pert", "logpert", "uniform", "beta", "normal"]
    low: float
    mode: float
    high: float
    spread: float = 0.0

    def quantile(self, u: float) -> float:
        """The value that is not exceeded with probability `u` [0 to 1]; the ends at 0 and 1."""
        if self.low == self.high or u <= 0:
            return self.low
        if u >= 1:
            return self.high
        if self.name == "uniform":
            return self.low + u * (self.high - self.low)
        if self.name == "logpert":
            low, mode, high = map(math.log, (self.low, self.mode, self.high))
            return min(max(math.exp(Law("pert", low, mode, high).quantile(u)), self.low), self.high)
        if self.name == "normal":
            inside = 0.005 + 0.99 * u
            return NormalDist(self.mode, self.spread).inv_cdf(inside)
        return self._of_beta(u)

    def _of_beta(self, u: float) -> float:
        from scipy.special import betaincinv

        if self.name == "beta":
            positive = self.mode / 100 * self.spread
            share = 100 * float(betaincinv(positive + 0.5, self.spread - positive + 0.5, u))
            return min(max(share, self.low), self.high)
        width = self.high - self.low
        a, b = 1 + 4 * (self.mode - self.low) / width, 1 + 4 * (self.high - self.mode) / width
        return self.low + width * float(betaincinv(a, b, u))


@dataclass(frozen=True, slots=True)
class Input:
    """What nobody knows: quantities that move with one number between 0 and 1."""

    name: str
    place: Place  # of the range
    quantities: tuple[Quantity, ...]
    law: Law
    by: Literal["value", "factor"]
    tie: str | None
    grade: str  # assumption, or the grade of the source whose sampling error this is

    @property
    def stage(self) -> str:
        """The part of the scenario it stands in."""
        return str(self.quantities[0].path[0])

    @property
    def unit(self) -> str:
        """The unit of its values; "x" for factors."""
        return "x" if self.by == FACTOR else self.quantities[0].unit

    def value(self, u: float) -> float:
        """Its value [unit] at a draw [0 to 1]."""
        return self.law.quantile(u)

    def written(self, value: float) -> dict[Place, Scalar]:
        """What is written where, if it has this value [unit]."""
        changes: dict[Place, Scalar] = {}
        for quantity in self.quantities:
            changes |= quantity.by(value) if self.by == FACTOR else quantity.at(value)
        return changes


def beta_of_cases(share: float, cases: float) -> Law:
    """The law of a share [%] that was counted among so many cases; its ends are Wilson's 99 % interval.

    References
    ----------
    Brown, Cai, DasGupta (2001), Interval estimation for a binomial proportion, doi:10.1214/ss/1009213286.
    """
    p, z = share / 100, _FARTHEST
    middle = (p + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z / (1 + z * z / cases) * math.sqrt(p * (1 - p) / cases + z * z / (4 * cases * cases))
    return Law("beta", 100 * max(middle - half, 0), share, 100 * min(middle + half, 1), cases)


def normal_of_error(value: float, error: float) -> Law:
    """The law of a number with a standard error, cut where 99 % lie between."""
    return Law("normal", value - _FARTHEST * error, value, value + _FARTHEST * error, error)


def error_of_median(quantity: Quantity, cases: float) -> float:
    """The standard error [unit] of a median among so many cases, from the spread that its p90 gives; lognormal.

    Raises
    ------
    ValueError
        If the quantity is not a duration with a median and a p90.

    References
    ----------
    Stuart, Ord (1994), Kendall's Advanced Theory of Statistics, volume 1, 10.10: 1 / (2 f sqrt(n)).
    """
    known = {part.key: number_of(part.value) for part in quantity.parts}
    if not {"median", "p90"} <= {*known} or known["median"] <= 0:
        raise ValueError("a number of cases says how sure a share is, or a median with a p90; give the standard error")
    sigma = math.log(known["p90"] / known["median"]) / NormalDist().inv_cdf(0.9)
    return known["median"] * sigma * math.sqrt(math.pi / 2 / cases)


def end(text: Any) -> tuple[str, float, str] | None:
    """The end of a range: what it is (number, factor, shift, date), its value and its unit; None for what is none.

    >>> end("x0.5"), end("3 wd"), end("-90 d"), end(4)
    (('factor', 0.5, 'x'), ('number', 3.0, 'wd'), ('shift', -90.0, 'd'), ('number', 4.0, ''))
    """
    if isinstance(text, date):
        return "date", float(text.toordinal()), "date"
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return "number", float(text), ""
    if not isinstance(text, str):
        return None
    stripped = text.strip()
    if stripped[:1] == "x":
        return _factor(stripped)
    if AMOUNT.fullmatch(stripped) is None:
        return None
    number, unit = value_and_unit(stripped)
    return "shift" if stripped[0] in "+-" and unit == "d" else "number", float(number), unit


def _factor(text: str) -> tuple[str, float, str] | None:
    try:
        factor = float(text[1:])
    except ValueError:
        return None
    return (FACTOR, factor, "x") if 0 <= factor < math.inf else None


def number_of(value: Any) -> float:
    """A written number in its own unit."""
    return float(value) if isinstance(value, (int, float)) else float(value_and_unit(value)[0])


def unit_of(value: Any) -> str:
    """The unit that a number is written in; "" for a plain one."""
    return "date" if isinstance(value, date) else value_and_unit(str(value))[1]


def rewritten(part: Part, number: float) -> Scalar:
    """A written number with another value; whole where it must be, halves up."""
    if isinstance(part.value, str):
        pattern = AMOUNT if AMOUNT.search(part.value) else COUNT
        match = pattern.search(part.value)
        assert match is not None, part.value
        text = shortest(rounded(number)) if pattern is AMOUNT else str(_whole(number))
        return part.value[: match.start(1)] + text + part.value[match.end(1) :]
    return rounded(number) if part.key in REAL else _whole(number)


def rounded(number: float) -> float:
    """A number with six significant digits."""
    return float(f"{number:.{_DIGITS}g}")


def _whole(number: float) -> int:
    return math.floor(number + 0.5)


def _giving_way(rest: Sequence[Part], share: float, value: float) -> dict[Place, Scalar]:
    """The other shares [%] of 100 % when one of them goes from `share` to `value`."""
    if not rest:
        return {}
    others = [number_of(part.value) for part in rest]
    left = 100 - rounded(value)
    ratio = left / (100 - share) if share < 100 else 0.0
    return _adding_up(rest, [ratio * other for other in others], left)


def _tilted(parts: Sequence[Part], mean: float) -> dict[Place, Scalar]:
    """Shares of whole numbers with another mean."""
    keys = [float(part.key) for part in parts]
    shares = [number_of(part.value) for part in parts]
    low, high = -60.0, 60.0
    for _ in range(60):  # to far below the digits that are written
        middle = (low + high) / 2
        low, high = (middle, high) if _mean(keys, _tilt(keys, shares, middle)) < mean else (low, middle)
    return _adding_up(parts, _tilt(keys, shares, (low + high) / 2), 100.0)


def _tilt(keys: Sequence[float], shares: Sequence[float], step: float) -> list[float]:
    most = max(step * key for key in keys)
    weights = [share * math.exp(step * key - most) for key, share in zip(keys, shares, strict=True)]
    return [100 * weight / sum(weights) for weight in weights]


def _mean(keys: Sequence[float], shares: Sequence[float]) -> float:
    return sum(key * share for key, share in zip(keys, shares, strict=True)) / 100


def _adding_up(parts: Sequence[Part], shares: Sequence[float], total: float) -> dict[Place, Scalar]:
    """Shares [%] to four digits after the point; the largest takes what is left of the total."""
    kept = [round(share, 4) for share in shares]
    largest = kept.index(max(kept))
    kept[largest] = round(total - sum(kept[:largest] + kept[largest + 1 :]), 8)
    return {part.place: f"{shortest(share)} %" for part, share in zip(parts, kept, strict=True)}


def mean_of_shares(parts: Sequence[Part]) -> float:
    """The mean of whole numbers by share."""
    return _mean([float(part.key) for part in parts], [number_of(part.value) for part in parts])


def together(inputs: Sequence[Input]) -> Mapping[str, tuple[Input, ...]]:
    """The inputs by what moves them: a tie, or their own name."""
    found: dict[str, tuple[Input, ...]] = {}
    for each in inputs:
        key = each.tie or each.name
        found[key] = (*found.get(key, ()), each)
    return found
