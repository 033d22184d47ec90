"""What a scenario changes: paired differences against a reference, and a verdict.

A `Contrast` is the mean over replications of the difference, replication by replication, with a Student t interval.
Both results come from the same seed, so they are the same trials with the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf, nan

import numpy as np

from sim.analysis.estimates import Float, Key, Kind, Measured, interval


class Verdict(StrEnum):
    """What a paired difference says; gain and loss are in the eyes of a patient who waits."""

    GAIN = "gain"
    LOSS = "loss"
    NO_DIFFERENCE = "no_difference"  # none to see: the interval holds 0
    IDENTICAL = "identical"  # not one replication differs
    CHANGE = "change"  # it moves, and neither way is better
    UNKNOWN = "unknown"  # fewer than two replications to compare, or not reached


@dataclass(frozen=True, slots=True)
class Contrast:
    """The difference of one statistic, scenario minus reference."""

    key: Key
    value: float
    low: float
    high: float
    unit: str
    verdict: Verdict


def contrasts(reference: Measured, result: Measured) -> Mapping[Key, Contrast]:
    """Paired differences of every number that both results have.

    Raises
    ------
    ValueError
        If the results are not of the same replications.
    """
    mine, other = reference.summary, result.summary
    if mine.replications != other.replications:
        raise _unpaired(reference, result)
    keys = [key for key in mine.units if key in other.units]
    before, after = (_columns(each.values, [*each.units], keys) for each in (mine, other))
    difference = _difference(before, after)
    number, moved = np.isfinite(difference).sum(axis=0), (~np.isnan(difference) & (difference != 0)).any(axis=0)
    said = (each.tolist() for each in (number, moved, *interval(difference)))
    return {key: _contrast(key, mine.units[key], *each) for key, *each in zip(keys, *said, strict=True)}


def _unpaired(reference: Measured, result: Measured) -> ValueError:
    numbers_of = " and ".join(str(len(each.summary.replications)) for each in (reference, result))
    return ValueError(
        f"contrasts: {reference.name} and {result.name} must be of the same replications, "
        f"got {numbers_of}; run both with the same seed and number"
    )


def _columns(values: Float, known: list[Key], keys: list[Key]) -> Float:
    """(n, keys) The columns of `keys` among those of `known`."""
    place = {key: column for column, key in enumerate(known)}
    return values[:, [place[key] for key in keys]]


def _difference(before: Float, after: Float) -> Float:
    """(n, keys) The differences of each replication: nan where a side says nothing, inf where one is not reached."""
    reached = np.isfinite(before) & np.isfinite(after)
    difference = np.where(np.isnan(before) | np.isnan(after), nan, inf)
    difference[reached] = after[reached] - before[reached]
    return difference


def _contrast(key: Key, unit: str, number: int, moved: bool, value: float, low: float, high: float) -> Contrast:
    if not number or value == inf:
        return Contrast(key, nan, nan, nan, unit, Verdict.UNKNOWN)
    return Contrast(key, value, low, high, unit, _verdict(key, unit, number, moved, (low, high)))


def _verdict(key: Key, unit: str, number: int, moved: bool, bounds: tuple[float, float]) -> Verdict:
    if not moved:
        return Verdict.IDENTICAL
    if number < 2:
        return Verdict.UNKNOWN
    if bounds[0] <= 0 <= bounds[1]:
        return Verdict.NO_DIFFERENCE
    if key.kind in (Kind.BINDING, Kind.USE, Kind.SPENT):
        return Verdict.CHANGE
    more_is_better = unit == "share"
    return Verdict.GAIN if (bounds[0] > 0) == more_is_better else Verdict.LOSS
