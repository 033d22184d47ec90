"""Where a conclusion holds and where it flips: break-even values, regret, and the simplest region that says so.

References
----------
Bryant, Lempert (2010), Thinking inside the box, doi:10.1016/j.techfore.2009.08.002. Friedman, Fisher (1999), Bump
hunting in high-dimensional data, doi:10.1023/A:1008894516817 (PRIM).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

RESAMPLES = 500
SETS = 50
"""Of draws, in which a region is looked for again."""

MOST_SIDES = 3
PEEL = 0.1
GOOD = 0.8
"""Of coverage and density, for a box to be shown."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where on an axis [0 to 1] a conclusion flips, with a 95 % interval; nan if it holds from end to end."""

    at: float
    low: float
    high: float
    first: float  # the output less its target, at the low end of the axis
    last: float

    @property
    def holds(self) -> bool:
        """Whether the conclusion is the same over the whole range."""
        return math.isnan(self.at)


@dataclass(frozen=True, slots=True)
class Box:
    """A region of the inputs [0 to 1 by axis] in which a conclusion fails.

    `coverage` is the share of all failures that lie in it, `density` the share of it that fails. `again` says of each
    side in what share of sets of draws, drawn with replacement, its input was chosen too.
    """

    sides: Mapping[str, tuple[float, float]]
    coverage: float
    density: float
    again: Mapping[str, float] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether it is worth showing."""
        return min(self.coverage, self.density) >= GOOD


@dataclass(frozen=True, slots=True)
class Regret:
    """The share lost to the best option of each draw, if one option is chosen for all."""

    mean: float
    p90: float
    most: float


def break_even(axis: Float, outputs: Float) -> BreakEven:
    """Where outputs less their target first cross 0 along an axis, in a straight line between points beside each other.

    The interval is from the same crossing in sets of replications drawn with replacement, as far as they have one.

    Parameters
    ----------
    axis
        (points) From the low end [0] to the high end [1].
    outputs
        (points, replications) With the same replications at every point.
    """
    means, number = outputs.mean(axis=1), outputs.shape[1]
    at = _crossing(axis, means)
    low = high = math.nan
    if not math.isnan(at):
        sets = np.random.default_rng(1).integers(0, number, (RESAMPLES, number))
        again = np.array([_crossing(axis, outputs[:, each].mean(axis=1)) for each in sets])
        low, high = np.nanquantile(again, (0.025, 0.975)).tolist()
    return BreakEven(at, low, high, float(means[0]), float(means[-1]))


def _crossing(axis: Float, values: Float) -> float:
    flips = np.flatnonzero(values[:-1] * values[1:] < 0)
    if not len(flips):
        return math.nan
    before, after = values[flips[0]], values[flips[0] + 1]
    return float(axis[flips[0]] + (axis[flips[0] + 1] - axis[flips[0]]) * before / (before - after))


def regret(shares: Float) -> tuple[Regret, ...]:
    """(options) The regret of each option.

    Parameters
    ----------
    shares
        (draws, options) More is better.
    """
    lost = shares.max(axis=1, keepdims=True) - shares
    return tuple(Regret(float(each.mean()), float(np.quantile(each, 0.9)), float(each.max())) for each in lost.T)


def where(names: Sequence[str], points: Float, fails: NDArray[np.bool_]) -> Box | None:
    """The simplest region that holds the failures: the best threshold if it is good, else a box; None without any.

    Parameters
    ----------
    names
        Of the axes.
    points
        (draws, axes)
    fails
        (draws)
    """
    if not fails.any() or fails.all():
        return None
    found, random = _region(names, points, fails), np.random.default_rng(1)
    chosen = dict.fromkeys(found.sides, 0)
    for _ in range(SETS):
        rows = random.integers(0, len(points), len(points))
        if fails[rows].any():
            for name in _region(names, points[rows], fails[rows]).sides.keys() & chosen.keys():
                chosen[name] += 1
    return replace(found, again={name: number / SETS for name, number in chosen.items()})


def _region(names: Sequence[str], points: Float, fails: NDArray[np.bool_]) -> Box:
    threshold = _threshold(names, points, fails)
    if threshold.good:
        return threshold
    box = _peeled(names, points, fails)
    return box if box.good else threshold


def _threshold(names: Sequence[str], points: Float, fails: NDArray[np.bool_]) -> Box:
    """The side of one axis with the best balance of coverage and density; the cuts are at failures."""
    order = np.argsort(points, axis=0, kind="stable")  # (draws, axes)
    failing = fails[order].cumsum(axis=0)  # up to and with each draw
    many = np.arange(1, len(points) + 1)[:, None]
    all_of_them = int(fails.sum())
    below = 2 * failing / (all_of_them + many)  # the balance of what is at or below a cut
    above = 2 * (all_of_them - failing + fails[order]) / (all_of_them + len(points) - many + 1)
    sides = np.where(fails[order], np.stack((below, above)), -1.0)
    side, place, axis = (int(each) for each in np.unravel_index(int(sides.argmax()), sides.shape))
    cut = float(points[order[place, axis], axis])
    return _box({names[axis]: (cut, 1.0) if side else (0.0, cut)}, names, points, fails)


def _balance(box: Box) -> float:
    both = box.coverage + box.density
    return 2 * box.coverage * box.density / both if both else 0.0


def _peeled(names: Sequence[str], points: Float, fails: NDArray[np.bool_]) -> Box:
    """A tenth of what is left peeled off at the side where that leaves the most failures; the best box on the way."""
    sides: dict[str, tuple[float, float]] = {}
    best = _box(sides, names, points, fails)
    for _ in range(60):
        cuts = [_box(each, names, points, fails) for each in _cuts(sides, names, points)]
        cuts = [each for each in cuts if each.coverage > 0]
        if not cuts or best.density == 1:
            break
        denser = max(cuts, key=lambda each: (each.density, each.coverage))
        sides = dict(denser.sides)
        best = max(best, denser, key=_balance)
    return best


def _cuts(
    sides: Mapping[str, tuple[float, float]], names: Sequence[str], points: Float
) -> list[dict[str, tuple[float, float]]]:
    inside = points[_inside(sides, names, points)]
    if len(inside) < 10:
        return []
    found = []
    for axis, name in enumerate(names):
        if name in sides or len(sides) < MOST_SIDES:
            low, high = sides.get(name, (0.0, 1.0))
            first, last = np.quantile(inside[:, axis], (PEEL, 1 - PEEL))
            found += [{**sides, name: (float(first), high)}, {**sides, name: (low, float(last))}]
    return found


def _inside(sides: Mapping[str, tuple[float, float]], names: Sequence[str], points: Float) -> NDArray[np.bool_]:
    inside = np.ones(len(points), dtype=bool)
    for name, (low, high) in sides.items():
        column = points[:, names.index(name)]
        inside &= (column >= low) & (column <= high)
    return inside


def _box(
    sides: Mapping[str, tuple[float, float]], names: Sequence[str], points: Float, fails: NDArray[np.bool_]
) -> Box:
    inside = _inside(sides, names, points)
    failing = int(fails[inside].sum())
    return Box(dict(sides), failing / int(fails.sum()), failing / max(int(inside.sum()), 1))
