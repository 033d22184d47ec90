"""The smallest numbers that meet a goal: how many people, or any whole numbers of a scenario.

A point is a whole number for each value that is sought. `solve` seeks one: it first asks for the ceiling (as many as
nobody could use), and where even that misses, the answer is "unreachable", with what is reached at most. Otherwise it
brackets by doubling and bisects on whole numbers, adding replications at each number until its interval lies on one
side of the share, or within a point of it. What comes out is a `Solution` with its certificate: the smallest number
that meets, the largest that does not, on the same trials with the same luck. A time is sought the other way round: the
largest number of days that still meets.

`allocate` seeks several numbers together: from the smallest ones it goes, step by step, where a unit of price brings
most (marginal allocation), until the goal is met; then it takes away again whatever is not needed. The point that comes
out is locally minimal: with one less of any of them the goal is missed. A cheaper point elsewhere is not ruled out.

That more never hurts is not assumed: neighbours are compared, and one that is clearly worse than a smaller number is
said. Intervals are wide enough for all looks together (Bonferroni).

References
----------
Whitt W. (1992). Understanding the efficiency of multi-server service systems. Management Science 38, 708-723.
doi:10.1287/mnsc.38.5.708
Fox B. (1966). Discrete optimization via marginal analysis. Management Science 13, 210-216. doi:10.1287/mnsc.13.3.210
Graham R. L. (1969). Bounds on multiprocessing timing anomalies. SIAM Journal on Applied Mathematics 17, 416-429.
doi:10.1137/0117039
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import permutations

import numpy as np

from sim.analysis.intervals import Float, interval

BATCH = 10
"""Replications that are added at a number until it is decided."""

INDIFFERENT = 0.01
"""A share that is known to a point on both sides of the goal meets it "within a point"."""

NUMBERS = 6
"""Numbers that a search looks at for each value, about: how many intervals have to hold together."""

BEYOND = 2
"""How many numbers beyond the answer are looked at: what the next person would add."""

Point = tuple[int, ...]
"""A whole number for each value that is sought."""

Shares = Callable[[Point, int], Float]
"""(a point, replications) -> (replications) the share within the goal in each year."""

Told = Callable[["Looked"], None]
"""Told about every look at a point."""


class Verdict(StrEnum):
    """What came of a search."""

    FOUND = "found"
    UNREACHABLE = "unreachable"  # not even the ceiling meets
    MET_BY_LEAST = "met_by_least"  # what was thought to be too little already meets
    UNDECIDED = "undecided"  # two neighbours cannot be told apart with the replications allowed
    STOPPED = "stopped"  # interrupted before there was an answer


@dataclass(frozen=True, slots=True)
class Bounds:
    """The whole numbers between which a search looks, and the most replications at each."""

    least: int = 1
    most: int = 64
    replications: int = 60


@dataclass(frozen=True, slots=True)
class Looked:
    """One point that was tried: the mean share and its interval, and how many years meet the goal."""

    at: Point
    share: float
    low: float
    high: float
    years: Float  # (replications) the share of each year

    @property
    def number(self) -> int:
        """The number, where one is sought."""
        return self.at[0]

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

    def gain(self, other: Looked) -> tuple[float, float, float]:
        """How much higher the share is than at another point, with its interval, on the replications of both."""
        both = min(len(self.years), len(other.years))
        value, low, high = interval(self.years[:both] - other.years[:both])
        return float(value), float(low), float(high)


@dataclass(frozen=True, slots=True)
class Solution:
    """What a search found, and everything that it looked at, in the order of the points."""

    verdict: Verdict
    at: Point | None  # the answer; None where no point meets
    looked: tuple[Looked, ...]
    ceiling: Looked
    bounds: Bounds
    largest: bool = False  # whether the largest number that meets was sought

    @property
    def number(self) -> int | None:
        """The answer where one number was sought; None where none meets."""
        return None if self.at is None else self.at[0]

    @property
    def found(self) -> Looked | None:
        """What was seen at the answer."""
        return self._known.get(self.at) if self.at is not None else None

    @property
    def less(self) -> tuple[Looked, ...]:
        """The neighbours with one less of one value (one more of a largest one), as far as they were looked at."""
        return self._neighbours(1 if self.largest else -1)

    @property
    def more(self) -> tuple[Looked, ...]:
        """The numbers just beyond the answer, on the easy side, where one number was sought."""
        if self.at is None or len(self.at) > 1:
            return ()
        step = -1 if self.largest else 1
        beyond = (self._known.get((self.at[0] + step * each,)) for each in range(1, BEYOND + 1))
        return tuple(each for each in beyond if each is not None)

    @property
    def certificate(self) -> tuple[Looked | None, Looked | None]:
        """The number next to the answer that does not meet, and the answer."""
        return (next(iter(self.less), None), self.found)

    @property
    def on_edge(self) -> bool:
        """Whether a number of the answer is as far as the search was allowed to go for it."""
        return self.at is not None and (self.bounds.least if self.largest else self.bounds.most) in self.at

    @property
    def anomalies(self) -> tuple[tuple[Looked, Looked], ...]:
        """Neighbours of which the one that should be better is clearly worse, on the replications that both have."""
        pairs = sorted(permutations(self.looked, 2), key=lambda pair: (pair[0].at, pair[1].at))
        ordered = ((b, a) if self.largest else (a, b) for a, b in pairs if self._next_to(a, b))
        return tuple((a, b) for a, b in ordered if b.gain(a)[2] < 0)

    @property
    def _known(self) -> dict[Point, Looked]:
        return {each.at: each for each in self.looked}

    def _neighbours(self, step: int) -> tuple[Looked, ...]:
        if self.at is None:
            return ()
        found = (self._known.get(_stepped(self.at, place, step)) for place in range(len(self.at)))
        return tuple(each for each in found if each is not None)

    def _next_to(self, a: Looked, b: Looked) -> bool:
        """Whether b is the next larger point that was looked at, in one of its values."""
        differ = [place for place, (x, y) in enumerate(zip(a.at, b.at, strict=True)) if x != y]
        if len(differ) != 1 or b.at[differ[0]] < a.at[differ[0]]:
            return False
        at = differ[0]
        between = (each.at for each in self.looked if a.at[at] < each.at[at] < b.at[at])
        return not any(a.at == (*each[:at], a.at[at], *each[at + 1 :]) for each in between)


def solve(
    shares: Shares, wanted: float, bounds: Bounds | None = None, told: Told | None = None, *, largest: bool = False
) -> Solution:
    """The smallest number whose share is at least `wanted`.

    Parameters
    ----------
    shares
        Plays a point of one number; the same replications for every number.
    wanted
        A share in (0, 1].
    bounds
        Between which numbers to look; the largest of them is the ceiling.
    told
        Told about every look at a number.
    largest
        Seek the largest number that meets instead; the ceiling is the least.

    Raises
    ------
    SearchInterrupted
        On Ctrl-C, with what was looked at.
    """
    search = _Search(shares, wanted, bounds or Bounds(), 1, told, largest)
    return search.solution(search.one)


def allocate(
    shares: Shares, wanted: float, prices: Sequence[float], bounds: Bounds | None = None, told: Told | None = None
) -> Solution:
    """A point of several numbers, locally minimal, whose share is at least `wanted`; the parameters as for `solve`.

    Parameters
    ----------
    prices
        What one more of each number costs, in any unit above 0.
    """
    search = _Search(shares, wanted, bounds or Bounds(), len(prices), told)
    return search.solution(lambda: search.several(prices))


class SearchInterrupted(KeyboardInterrupt):
    """Ctrl-C during a search, with what it had looked at: a `Solution` without an answer, None if there is none."""

    def __init__(self, finished: Solution | None) -> None:
        super().__init__()
        self.finished = finished


def frontier(looked: tuple[Looked, ...], *, falling: bool = False) -> Float:
    """(numbers) The shares with their order restored: the isotonic fit, weighted by replications.

    References
    ----------
    Barlow R. E., Bartholomew D. J., Bremner J. M., Brunk H. D. (1972). Statistical inference under order restrictions.
    """
    from scipy.optimize import isotonic_regression

    weights = [len(each.years) for each in looked]
    fit = isotonic_regression([each.share for each in looked], weights=weights, increasing=not falling)
    return np.asarray(fit.x, np.float64)


Outcome = tuple[Verdict, Point | None]


@dataclass(slots=True)
class _Search:
    shares: Shares
    wanted: float
    bounds: Bounds
    values: int
    told: Told | None = None
    largest: bool = False
    seen: dict[Point, Looked] = field(default_factory=dict)

    def solution(self, outcome: Callable[[], Outcome]) -> Solution:
        """What comes of a search, with all that it looked at."""
        try:
            return self._as_solution(*outcome())
        except KeyboardInterrupt:
            finished = self._as_solution(Verdict.STOPPED, None) if self.ceiling in self.seen else None
            raise SearchInterrupted(finished) from None

    def _as_solution(self, verdict: Verdict, at: Point | None) -> Solution:
        looked = tuple(self.seen[point] for point in sorted(self.seen))
        return Solution(verdict, at, looked, self.seen[self.ceiling], self.bounds, self.largest)

    @property
    def ceiling(self) -> Point:
        """The point at which the goal is met if it is met anywhere."""
        return (self.bounds.least if self.largest else self.bounds.most,) * self.values

    def one(self) -> Outcome:
        """The smallest number that meets, on the scale on which more is better."""
        least, most = self.bounds.least, self.bounds.most
        if self._met(most) is False:
            return Verdict.UNREACHABLE, None
        if self._met(least):
            return self._with_more(Verdict.MET_BY_LEAST, least)
        fails, meets = self._bracket(least, most)
        while meets - fails > 1:
            middle = (fails + meets) // 2
            fails, meets = (fails, middle) if self._met(middle) else (middle, meets)
        decided = all(self._met(each) is not None for each in (fails, meets))
        return self._with_more(Verdict.FOUND if decided else Verdict.UNDECIDED, meets)

    def several(self, prices: Sequence[float]) -> Outcome:
        """A point from which nothing can be taken away."""
        least = (self.bounds.least,) * self.values
        if self.meets(self.ceiling) is False:
            return Verdict.UNREACHABLE, None
        if self.meets(least):
            return Verdict.MET_BY_LEAST, least
        point = least
        while point != self.ceiling and not self.meets(point):
            point = self._step(point, prices)
        point = self._pruned(point, sorted(range(self.values), key=lambda place: -prices[place]))
        below = [_stepped(point, place, -1) for place, n in enumerate(point) if n > self.bounds.least]
        decided = all(self.meets(each) is not None for each in (point, *below))
        return (Verdict.FOUND if decided else Verdict.UNDECIDED), point

    def meets(self, point: Point) -> bool | None:
        """Whether a point meets; replications are added until that is decided, or there are enough."""
        for _ in self._looks(point):
            if self.seen[point].meets(self.wanted) is not None:
                break
        return self.seen[point].meets(self.wanted)

    def look(self, point: Point) -> Looked:
        """A point at which nothing needs to be decided: the first look at it."""
        if point not in self.seen:
            next(self._looks(point))
        return self.seen[point]

    def _met(self, number: int) -> bool | None:
        """Whether a number meets that is counted so that more is better."""
        return self.meets(self._counted(number))

    def _counted(self, number: int) -> Point:
        return (self.bounds.least + self.bounds.most - number if self.largest else number,)

    def _with_more(self, verdict: Verdict, number: int) -> Outcome:
        """Look at the numbers beyond the answer, too."""
        for each in range(number + 1, min(number + BEYOND, self.bounds.most) + 1):
            self.look(self._counted(each))
        return verdict, self._counted(number)

    def _bracket(self, fails: int, most: int) -> tuple[int, int]:
        """Two numbers between which the answer lies, by doubling from the smaller one; days are not doubled."""
        step = most if self.largest else max(1, fails)
        while (number := min(fails + step, most)) < most:
            if self._met(number):
                return fails, number
            fails, step = number, 2 * step
        return fails, most

    def _step(self, point: Point, prices: Sequence[float]) -> Point:
        """The next point: more of what brings most for its price; of everything where nothing alone brings anything."""
        open_ = [place for place, n in enumerate(point) if n < self.bounds.most]
        nexts = {place: self._stepped_up(point, place) for place in open_}
        here = self.look(point)
        worth = {
            place: self.look(each).gain(here)[0] / (prices[place] * (each[place] - point[place]))
            for place, each in nexts.items()
        }
        best = max(open_, key=lambda place: worth[place])
        if worth[best] > 0:
            return nexts[best]
        return tuple(nexts[place][place] if place in nexts else n for place, n in enumerate(point))

    def _stepped_up(self, point: Point, place: int) -> Point:
        """One more, or a quarter more where there are many: what is too much is taken away again."""
        step = min(max(1, point[place] // 4), self.bounds.most - point[place])
        return _stepped(point, place, step)

    def _pruned(self, point: Point, order: Sequence[int]) -> Point:
        """The point without what is not needed, the dearest first, until nothing more can be taken away."""
        before = None
        while before != point:
            before = point
            for place in order:
                fails, meets = self.bounds.least - 1, point[place]
                if meets > self.bounds.least and not self.meets(_stepped(point, place, -1)):
                    continue
                while meets - fails > 1:
                    middle = (fails + meets) // 2
                    lower = self.meets((*point[:place], middle, *point[place + 1 :]))
                    fails, meets = (fails, middle) if lower else (middle, meets)
                point = (*point[:place], meets, *point[place + 1 :])
        return point

    def _looks(self, point: Point) -> Iterator[None]:
        """Look at a point with more and more replications."""
        most = self.bounds.replications
        together = NUMBERS * self.values * -(-most // BATCH)
        known = self.seen.get(point)
        start = len(known.years) if known is not None else min(2 * BATCH, most)
        for replications in range(start, most + 1, BATCH):
            if known is None or replications > start:
                years = self.shares(point, replications)
                share, low, high = map(float, interval(years, together=together))
                self.seen[point] = Looked(point, share, max(0.0, low), min(1.0, high), years)
                if self.told is not None:
                    self.told(self.seen[point])
            yield


def _stepped(point: Point, place: int, step: int) -> Point:
    return (*point[:place], point[place] + step, *point[place + 1 :])
