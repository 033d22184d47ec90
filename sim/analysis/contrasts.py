"""What a scenario changes: paired differences against a reference, and a verdict.

Both results come from the same seed, so they are the same trials with the same luck: what moves a replication moves it
in both, and the interval of a `Contrast` is narrower by what they have in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, isnan, nan

import numpy as np

from sim.analysis.estimates import Key, Kind, Measured
from sim.analysis.intervals import Part, difference
from sim.scenario.differences import promise


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
        numbers_of = f"{len(mine.replications)} and {len(other.replications)}"
        raise ValueError(
            f"contrasts: {reference.name} and {result.name} must be of the same replications, "
            f"got {numbers_of}; run both with the same seed and number"
        )
    one_promise = promise(reference.scenario) == promise(result.scenario)
    keys = (key for key in mine.parts if key in other.parts and (one_promise or not _of_the_goal(key)))
    return {key: paired(key, mine.unit(key), mine.parts[key], other.parts[key]) for key in keys}


def _of_the_goal(key: Key) -> bool:
    """Whether a number is about keeping the promise: it compares nothing where another one was made."""
    return key.statistic == "share_within_goal" or key.kind in (Kind.BINDING, Kind.SPENT)


def contrast(key: Key, unit: str, before: Part, after: Part) -> Contrast:
    """The difference of one number between two groups of trials of the same replications."""
    found = difference(before, after)
    if isnan(found.value):
        return _unknown(key, unit)
    return Contrast(key, found.value, found.low, found.high, unit, _verdict(key, unit, (found.low, found.high)))


def paired(key: Key, unit: str, before: Part, after: Part) -> Contrast:
    """The difference of one number of the same trials, which may not differ in any replication."""
    if before.value == after.value and np.array_equal(before.influence, after.influence):
        bound = 0.0 if len(before.influence) > 1 else nan
        return (
            Contrast(key, 0.0, bound, bound, unit, Verdict.IDENTICAL) if isfinite(before.value) else _unknown(key, unit)
        )
    return contrast(key, unit, before, after)


def _unknown(key: Key, unit: str) -> Contrast:
    return Contrast(key, nan, nan, nan, unit, Verdict.UNKNOWN)


def _verdict(key: Key, unit: str, bounds: tuple[float, float]) -> Verdict:
    if isnan(bounds[0]) or isnan(bounds[1]):
        return Verdict.UNKNOWN
    if bounds[0] <= 0 <= bounds[1]:
        return Verdict.NO_DIFFERENCE
    if key.kind in (Kind.BINDING, Kind.USE, Kind.SPENT):
        return Verdict.CHANGE
    return Verdict.GAIN if (bounds[0] > 0) == more_is_better(key, unit) else Verdict.LOSS


def more_is_better(key: Key, unit: str) -> bool:
    """Whether more of a number is a gain to a patient who waits, as of a share in time; of days it is less."""
    return unit == "share" and key.kind is not Kind.UNSERVED
