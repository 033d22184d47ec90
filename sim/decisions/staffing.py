"""The smallest number that meets a goal: how many people, or any whole number of a scenario.

A `Question` is a path of the scenario, the number that shall reach a share, and that share. `solve` first asks for the
ceiling (as many as nobody could use): where even that misses, the answer is "unreachable", with what is reached at
most. Otherwise it brackets by doubling and bisects on whole numbers, adding replications at each number until its
interval lies on one side of the share, or within a point of it. What comes out is a `Solution` with its certificate:
the smallest number that meets, the largest that does not, on the same trials with the same luck.

That more never hurts is not assumed: neighbours are compared, and one that is clearly worse than a smaller number is
said. Intervals are wide enough for all looks together (Bonferroni).

References
----------
Whitt W. (1992). Understanding the efficiency of multi-server service systems. Management Science 38, 708-723.
doi:10.1287/mnsc.38.5.708
Graham R. L. (1969). Bounds on multiprocessing timing anomalies. SIAM Journal on Applied Mathematics 17, 416-429.
doi:10.1137/0117039
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

import numpy as np

from sim.analysis.intervals import Float, interval

BATCH = 10
"""Replications that are added at a number until it is decided."""

INDIFFERENT = 0.01
"""A share that is known to a point on both sides of the goal meets it "within a point"."""

NUMBERS = 6
"""Numbers that a search looks at, about: for how many intervals have to hold together."""

Shares = Callable[[int, int], Float]
"""(a number, replications) -> (replications) the share within the goal in each year."""

Told = Callable[["Looked"], None]
"""Told about every look at a number."""


class Verdict(StrEnum):
    """What came of a search."""

    FOUND = "found"
    UNREACHABLE = "unreachable"  # not even the ceiling meets
    MET_BY_LEAST = "met_by_least"  # the smallest number that was allowed already meets
    UNDECIDED = "undecided"  # two neighbours cannot be told apart with the replications allowed


@dataclass(frozen=True, slots=True)
class Bounds:
    """The whole numbers between which a search looks, and the most replications at each."""

    least: int = 1
    most: int = 64
    replications: int = 60


@dataclass(frozen=True, slots=True)
class Looked:
    """One number that was tried: the mean share and its interval, and how many years meet the goal."""

    number: int
    share: float
    low: float
    high: float
    years: Float  # (replications) the share of each year

    def meets(self, wanted: float) -> bool | None:
        """Whether the share wanted is met; None where that is not decided."""
        if self.low >= wanted or (self.share >= wanted and self.high - self.low <= 2 * INDIFFERENT):
            return True
        if self.high < wanted or self.high - self.low <= 2 * INDIFFERENT:
            return False
        return None

    def years_met(self, wanted: float) -> float:
        """The share of years in which the goal is met."""
        return float((self.years >= wanted).mean())


@dataclass(frozen=True, slots=True)
class Solution:
    """What a search found, and everything that it looked at, by number."""

    verdict: Verdict
    number: int | None  # the smallest that meets; None where none does
    looked: tuple[Looked, ...]
    ceiling: Looked

    @property
    def certificate(self) -> tuple[Looked | None, Looked | None]:
        """The largest number that does not meet, and the smallest that does."""
        known = {each.number: each for each in self.looked}
        return (None, None) if self.number is None else (known.get(self.number - 1), known[self.number])

    @property
    def anomalies(self) -> tuple[tuple[Looked, Looked], ...]:
        """Neighbours of which the larger is clearly worse, on the replications that both have."""
        return tuple((a, b) for a, b in pairwise(self.looked) if _clearly_worse(b, a))


def solve(shares: Shares, wanted: float, bounds: Bounds | None = None, told: Told | None = None) -> Solution:
    """The smallest number whose share is at least `wanted`.

    Parameters
    ----------
    shares
        Plays a number; the same replications for every number.
    wanted
        A share in (0, 1].
    bounds
        Between which numbers to look; the largest of them is the ceiling.
    told
        Told about every look at a number.
    """
    search = _Search(shares, wanted, bounds or Bounds(), told)
    verdict, number = search.outcome()
    looked = tuple(search.seen[number] for number in sorted(search.seen))
    return Solution(verdict, number, looked, search.seen[search.bounds.most])


def frontier(looked: tuple[Looked, ...]) -> Float:
    """(numbers) The shares with their order restored: the isotonic fit, weighted by replications.

    References
    ----------
    Barlow R. E., Bartholomew D. J., Bremner J. M., Brunk H. D. (1972). Statistical inference under order restrictions.
    """
    from scipy.optimize import isotonic_regression

    fit = isotonic_regression([each.share for each in looked], weights=[len(each.years) for each in looked])
    return np.asarray(fit.x, np.float64)


@dataclass(slots=True)
class _Search:
    shares: Shares
    wanted: float
    bounds: Bounds
    told: Told | None = None
    seen: dict[int, Looked] = field(default_factory=dict)

    def outcome(self) -> tuple[Verdict, int | None]:
        """What comes of it, and the smallest number that meets."""
        least, most = self.bounds.least, self.bounds.most
        if self.meets(most) is False:
            return Verdict.UNREACHABLE, None
        if self.meets(least):
            return Verdict.MET_BY_LEAST, least
        fails, meets = self._bracket(least, most)
        while meets - fails > 1:
            middle = (fails + meets) // 2
            fails, meets = (fails, middle) if self.meets(middle) else (middle, meets)
        decided = all(self.meets(each) is not None for each in (fails, meets))
        return (Verdict.FOUND if decided else Verdict.UNDECIDED), meets

    def meets(self, number: int) -> bool | None:
        """Whether a number meets; replications are added until that is decided, or there are enough."""
        for looked in self._looks(number):
            self.seen[number] = looked
            if self.told is not None:
                self.told(looked)
            if looked.meets(self.wanted) is not None:
                break
        return self.seen[number].meets(self.wanted)

    def _bracket(self, fails: int, most: int) -> tuple[int, int]:
        """Two numbers between which the answer lies, by doubling from the smaller one."""
        while (number := min(max(2 * fails, fails + 1), most)) < most:
            if self.meets(number):
                return fails, number
            fails = number
        return fails, most

    def _looks(self, number: int) -> Iterator[Looked]:
        most = self.bounds.replications
        together = NUMBERS * -(-most // BATCH)
        known = self.seen.get(number)
        start = len(known.years) if known is not None else min(2 * BATCH, most)
        for replications in range(start, most + 1, BATCH):
            years = self.shares(number, replications)
            share, low, high = map(float, interval(years, together=together))
            yield Looked(number, share, low, high, years)


def _clearly_worse(larger: Looked, smaller: Looked) -> bool:
    both = min(len(larger.years), len(smaller.years))
    _, _, high = interval(larger.years[:both] - smaller.years[:both])
    return bool(high < 0)
