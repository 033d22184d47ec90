"""What a scenario changes: paired differences against a reference, and a verdict.

A `Contrast` is the mean over replications of the difference, replication by replication, with a Student t interval.
Both results come from the same seed, so they are the same trials with the same luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import nan

import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimates import Measured, Number, interval, numbers


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
    paired = [[each.replication for each in one.measures] for one in (reference, result)]
    if paired[0] != paired[1]:
        raise ValueError(f"contrasts: {reference.name} and {result.name} must be of the same replications, "
                         f"got {len(paired[0])} and {len(paired[1])}; run both with the same seed and number")
    pairs = [(numbers(mine), numbers(other)) for mine, other in zip(reference.measures, result.measures, strict=True)]
    keys = [key for key in (pairs[0][0] if pairs else ()) if key in pairs[0][1]]
    return tuple(_contrast(key, [(mine[key], other[key]) for mine, other in pairs]) for key in keys)


def _contrast(key: tuple[str, str, str], pairs: Sequence[tuple[Number, Number]]) -> Contrast:
    unit = pairs[0][0].unit
    before, after = np.array([[mine.value, other.value] for mine, other in pairs]).T
    says = ~(np.isnan(before) | np.isnan(after))
    before, after = before[says], after[says]
    if np.isinf(before).any() or np.isinf(after).any() or not len(before):
        return Contrast(*key, nan, nan, nan, unit, Verdict.UNKNOWN)
    difference = after - before
    mean, low, high = map(float, interval(difference))
    return Contrast(*key, mean, low, high, unit, _verdict(key[0], unit, difference, (low, high)))


def _verdict(name: str, unit: str, difference: NDArray[np.float64], bounds: tuple[float, float]) -> Verdict:
    if not difference.any():
        return Verdict.IDENTICAL
    if len(difference) < 2:
        return Verdict.UNKNOWN
    if bounds[0] <= 0 <= bounds[1]:
        return Verdict.NO_DIFFERENCE
    if name.startswith(("binding_share", "utilisation", "days_spent")):
        return Verdict.CHANGE
    more_is_better = unit == "share"
    return Verdict.GAIN if (bounds[0] > 0) == more_is_better else Verdict.LOSS
