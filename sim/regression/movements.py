"""What is different between two baselines of one scenario: the first date, and every number.

A `Moment` is the earliest difference among the sampled rows, a `Movement` a number before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan

import numpy as np

from sim.analysis.estimates import Key, interval
from sim.regression.baselines import Baseline, Row

INSTANTS = ("ready", "start", "end")


@dataclass(frozen=True, slots=True)
class Moment:
    """The first difference among the sampled rows: `instant` is one of `INSTANTS`, or "outcome"."""

    instant: str
    expected: Row | None  # None: there was no such row
    found: Row | None  # None: there is no such row any more


@dataclass(frozen=True, slots=True)
class Movement:
    """A number that moved: mean, low and high over the replications, before and after; nan where there is none."""

    key: Key
    unit: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]

    @property
    def shift(self) -> float:
        """How far the mean moved [unit]."""
        return self.after[0] - self.before[0]

    @property
    def size(self) -> float:
        """The shift in half-widths of the wider interval; without an interval, relative to the mean before.

        What is there on one side alone (nan or inf on the other) is the largest, what is on neither the smallest.
        """
        there = [isfinite(each[0]) for each in (self.before, self.after)]
        if not all(there):
            return inf if any(there) else 0.0
        half = max((each[2] - each[0] for each in (self.before, self.after) if isfinite(each[2])), default=0.0)
        return abs(self.shift) / (half or abs(self.before[0]) or 1.0)


def first_moment(expected: Baseline, found: Baseline) -> Moment | None:
    """The earliest difference among the sampled rows; None if none of them differs."""
    before, after = ({row.identity: row for row in each.rows} for each in (expected, found))
    pairs = [(before.get(each), after.get(each)) for each in dict.fromkeys((*before, *after))]
    moments = [_moment(mine, other) for mine, other in pairs if mine != other]
    return min(moments, key=_when, default=None)


def movements(expected: Baseline, found: Baseline) -> tuple[Movement, ...]:
    """The numbers that are not exactly the same, the largest movement first."""
    units = {**expected.units, **found.units}
    pairs = {key: (expected.values(key), found.values(key)) for key in units}
    moved = [
        Movement(key, units[key], _estimate(before), _estimate(after))
        for key, (before, after) in pairs.items() if not np.array_equal(before, after, equal_nan=True)
    ]
    return tuple(sorted(moved, key=lambda each: -each.size))


def _moment(expected: Row | None, found: Row | None) -> Moment:
    if expected is None or found is None:
        return Moment(INSTANTS[-1], expected, found)
    differs = (each for each in INSTANTS if getattr(expected, each) != getattr(found, each))
    return Moment(next(differs, "outcome"), expected, found)


def _when(moment: Moment) -> tuple[str, int]:
    """The earlier of the two dates, an end before what begins at it; what has no date comes last."""
    instant = moment.instant if moment.instant in INSTANTS else INSTANTS[-1]
    dates = [getattr(row, instant) for row in (moment.expected, moment.found) if row is not None]
    return min((date for date in dates if date), default="9999"), -INSTANTS.index(instant)


def _estimate(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean, low and high over the replications in which the number is there; inf if it is not reached in one."""
    there = [value for value in values if not isnan(value)]
    if inf in there:
        return inf, nan, nan
    mean, low, high = map(float, interval(there))
    return mean, low, high
