"""Whether a number has stayed the same: two one-sided tests on the paired differences of replications.

An `Equivalence` is the mean difference with its interval, the tolerance it is held against, and a verdict that can also
be that the replications are too few; then it says how many more are needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

ERROR = 0.05
"""The chance to say "the same" of a difference as large as the tolerance, or "moved" of one within it."""

POWER = 0.8
"""The chance that the replications asked for will tell, if the mean difference is what it seems to be."""

_MOST = 1_000_000  # replications; a difference that needs more lies at the tolerance for all that can be told


class Verdict(StrEnum):
    """What a comparison with a baseline says."""

    SAME = "the same"
    MOVED = "moved"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Equivalence:
    """The mean of a paired difference [unit of the number] with its 90 % interval, and what follows from it."""

    value: float
    low: float
    high: float
    tolerance: float
    verdict: Verdict
    needs: int | None  # more replications that would tell; 0 if these do, None if no number would


def equivalence(before: ArrayLike, after: ArrayLike, tolerance: float) -> Equivalence:
    """Whether `after` differs from `before`, replication by replication, by less than `tolerance`.

    It is the same if the 90 % Student t interval of the mean difference lies within the tolerance, which is two
    one-sided tests at 5 %; it has moved if the interval lies outside, or if a number is there on one side alone (nan or
    inf on the other). Replications in which it is nan on both sides, or the same inf, say nothing and add nothing.

    Parameters
    ----------
    before, after : (replications) the number on the same seeds.
    tolerance : in the unit of the number.

    References
    ----------
    Schuirmann D. J. (1987). A comparison of the two one-sided tests procedure and the power approach for assessing the
    equivalence of average bioavailability. J. Pharmacokinet. Biopharm. 15, 657-680. doi:10.1007/BF01068419
    """
    differences = _differences(np.asarray(before, np.float64), np.asarray(after, np.float64))
    n = len(differences)
    if np.isinf(differences).any():
        return Equivalence(nan, nan, nan, tolerance, Verdict.MOVED, 0)
    if n < 2:
        return Equivalence(float(differences.sum()) if n else nan, nan, nan, tolerance, Verdict.CANNOT_TELL, 2 - n)
    mean, spread = float(differences.mean()), float(differences.std(ddof=1))
    half = _student(n, 1 - ERROR) * spread / sqrt(n)
    low, high = mean - half, mean + half
    if -tolerance <= low and high <= tolerance:
        return Equivalence(mean, low, high, tolerance, Verdict.SAME, 0)
    if high < -tolerance or tolerance < low:
        return Equivalence(mean, low, high, tolerance, Verdict.MOVED, 0)
    enough = replications_needed(abs(tolerance - abs(mean)), spread)
    return Equivalence(mean, low, high, tolerance, Verdict.CANNOT_TELL, None if enough is None else enough - n)


def replications_needed(room: float, spread: float, *, error: float = ERROR) -> int | None:
    """The fewest replications that will tell, in four cases of five, a mean that is `room` away from the tolerance.

    `spread` is the standard deviation of the paired differences, `error` what may go wrong on one side. None if there
    is no such number up to a million.

    References
    ----------
    Julious S. A. (2004). Sample sizes for clinical trials with Normal data. Statist. Med. 23, 1921-1986.
    doi:10.1002/sim.1783
    """

    def tells(n: int) -> bool:
        return (_student(n, 1 - error) + _student(n, POWER)) * spread / sqrt(n) <= room

    if not tells(_MOST):
        return None
    few, enough = 1, _MOST
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if tells(middle) else (middle, enough)
    return enough


def _differences(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """After minus before, inf where only one of them is a number; pairs that say nothing are left out."""
    silent = (np.isnan(before) & np.isnan(after)) | ((before == after) & np.isinf(before))
    before, after = before[~silent], after[~silent]
    return np.where(np.isfinite(before) & np.isfinite(after), after - before, inf)


def _student(n: int, share: float) -> float:
    """The quantile of Student's t with n - 1 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, share))
