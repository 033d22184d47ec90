"""What a scenario changes: paired differences against a reference, and a verdict.

A `Contrast` is the mean over replications of the difference, replication by replication, with a Student t interval.
Both results come from the same seed, so they are the same trials with the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimates import Key, Measured, Number, Running, numbers


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

    name: str
    level: str
    statistic: str
    value: float
    low: float
    high: float
    unit: str
    verdict: Verdict


def contrasts(reference: Measured, result: Measured) -> tuple[Contrast, ...]:
    """Paired differences of every number that both results have.

    Raises
    ------
    ValueError
        If the results are not of the same replications.
    """
    if len(reference.measures) != len(result.measures):
        raise _unpaired(reference, result)
    first = [numbers(one.measures[0]) if len(one.measures) else {} for one in (reference, result)]
    keys = [key for key in first[0] if key in first[1]]
    running, moved = Running(len(keys)), np.zeros(len(keys), bool)
    for mine, other in zip(reference.measures, result.measures, strict=True):
        if mine.replication != other.replication:
            raise _unpaired(reference, result)
        difference = _difference(keys, numbers(mine), numbers(other))
        running.add(difference)
        moved |= ~np.isnan(difference) & (difference != 0)
    said = (each.tolist() for each in (running.number, moved, *running.interval()))
    return tuple(_contrast(key, first[0][key].unit, *each) for key, *each in zip(keys, *said, strict=True))


def _unpaired(reference: Measured, result: Measured) -> ValueError:
    numbers_of = f"{len(reference.measures)} and {len(result.measures)}"
    return ValueError(
        f"contrasts: {reference.name} and {result.name} must be of the same replications, "
        f"got {numbers_of}; run both with the same seed and number"
    )


def _difference(keys: Sequence[Key], mine: Mapping[Key, Number], other: Mapping[Key, Number]) -> NDArray[np.float64]:
    """(keys) The differences of one replication: nan where a side says nothing, inf where one is not reached."""
    before, after = (np.array([table[key].value for key in keys]) for table in (mine, other))
    reached = np.isfinite(before) & np.isfinite(after)
    difference = np.where(np.isnan(before) | np.isnan(after), nan, inf)
    difference[reached] = after[reached] - before[reached]
    return difference


def _contrast(key: Key, unit: str, number: int, moved: bool, value: float, low: float, high: float) -> Contrast:
    if not number or value == inf:
        return Contrast(*key, nan, nan, nan, unit, Verdict.UNKNOWN)
    return Contrast(*key, value, low, high, unit, _verdict(key[0], unit, number, moved, (low, high)))


def _verdict(name: str, unit: str, number: int, moved: bool, bounds: tuple[float, float]) -> Verdict:
    if not moved:
        return Verdict.IDENTICAL
    if number < 2:
        return Verdict.UNKNOWN
    if bounds[0] <= 0 <= bounds[1]:
        return Verdict.NO_DIFFERENCE
    if name.startswith(("binding_share", "utilisation", "days_spent")):
        return Verdict.CHANGE
    more_is_better = unit == "share"
    return Verdict.GAIN if (bounds[0] > 0) == more_is_better else Verdict.LOSS
