"""How many replications are enough: until a number is known as precisely as was asked.

A `Precision` is asked for: the half-width that a number's interval may have, in each scenario and in the paired
differences. `Watched` follows that number over the replications. `totals` says how many replications to have next,
again and again until the interval is narrow and stays so. It sees replications in their order and all below a number
or none, so that neither workers nor interruptions change where it ends.

References
----------
Hoad K., Robinson S., Davies R. (2010). Automated selection of the number of replications for a discrete-event
simulation. Journal of the Operational Research Society 61, 1632-1644. doi:10.1057/jors.2009.121
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite, nan

from sim.analysis.estimates import Key, Pooled, half_widths, indicator_key
from sim.analysis.indicators import SHARE, Measures, Times, statistics_of
from sim.analysis.intervals import Part, difference
from sim.scenario.language.mistakes import did_you_mean
from sim.scenario.language.quantities import Span, read_tolerance
from sim.scenario.schema import Scenario, own_indicator

AT_LEAST = 30
"""Replications before an interval is believed."""

AT_MOST = 5_000
"""Where it ends if nothing else is said."""

_AHEAD = 5  # replications for which an interval must stay narrow; past 100 replications, percent of them


@dataclass(frozen=True, slots=True)
class Precision:
    """What is asked for: the interval of the number `key` is at most `half_width` wide to each side."""

    key: Key
    half_width: float  # a share, or days [d]
    at_most: int = AT_MOST  # replications


@dataclass(frozen=True, slots=True)
class Reached:
    """What came of it: the widest half-width among the scenarios and their differences, and whether it is enough."""

    asked: Precision
    half_width: float
    replications: int

    @property
    def enough(self) -> bool:
        """Whether it is as narrow as was asked."""
        return self.half_width <= self.asked.half_width


class Watched:
    """One number of every scenario, replication by replication."""

    def __init__(self, keys: Sequence[Key | None]) -> None:
        self._keys = keys
        self._times: list[dict[int, Times]] = [{} for _ in keys]
        self._widths: dict[int, float] = {}

    def see(self, work: int, measures: Measures) -> None:
        """One more replication of scenario `work`."""
        if (key := self._keys[work]) is not None:
            self._times[work][measures.replication] = times_of(measures, key)

    def estimate(self, work: int) -> tuple[float, float, float]:
        """The number, low and high of what was seen of scenario `work`."""
        if not self._times[work]:
            return nan, nan, nan
        part = self._part(work, sorted(self._times[work]))
        return part.value, part.low, part.high

    def half_width(self, total: int) -> float:
        """The widest half-width of any scenario, or difference from the first, after so many replications."""
        if total not in self._widths:
            parts = [self._part(work, range(total)) for work in range(len(self._keys))]
            differences = [difference(parts[0], other) for other in parts[1:]]
            self._widths[total] = max(half_widths([*parts, *differences]))
        return self._widths[total]

    def _part(self, work: int, numbers: Iterable[int]) -> Part:
        key, seen = self._keys[work], self._times[work]
        assert key is not None  # else nothing is seen
        several = tuple(seen[number] for number in numbers)
        return Pooled(several[0].name, several[0].level, several).part(key.statistic)


def asked(text: str, of: str | None, scenarios: Sequence[Scenario], at_most: int | None) -> Precision:
    """The precision that `text` asks of the number `of` ("readiness_time.share_within_goal"; None: the goal's share).

    Raises
    ------
    ValueError
        If it is not a number and a unit, or one of the scenarios does not have that number.
    """
    key = goal_key(scenarios[0]) if of is None else _key(of, scenarios[0])
    if key is None:
        raise ValueError("precision: needs a goal, got a scenario without; name a number with --precision-of")
    for each in scenarios:
        if not any(indicator.name == key.of and key.level in indicator.levels for indicator in each.indicators):
            raise ValueError(f"precision-of: must be in every scenario, got {key.of}, which '{each.title.en}' has not")
    try:
        given = read_tolerance(text)
    except ValueError as error:
        raise ValueError(f"precision: {error}") from None
    unit = "% of the trials, such as '1 %'" if key.statistic == SHARE else "calendar days, such as '2 d'"
    width = given.value if isinstance(given, Span) and given.unit == "d" else given
    if isinstance(width, Span) or isinstance(given, Span) == (key.statistic == SHARE) or not width > 0:
        raise ValueError(f"precision: must be more than 0, and for {key.of}.{key.statistic} in {unit}; got {text!r}")
    return Precision(key, width, AT_MOST if at_most is None else at_most)


def totals(asked: Precision, watched: Watched) -> Iterator[int]:
    """How many replications to have; after each, they have been seen, and the next number says how many more."""
    total = min(AT_LEAST, asked.at_most)
    yield total
    while total < asked.at_most and not settled(watched.half_width, total, asked.half_width):
        total = min(_next(total, watched.half_width(total), asked.half_width), asked.at_most)
        yield total


def settled(half_width: Callable[[int], float], total: int, limit: float) -> bool:
    """Whether the interval was narrow after so many replications and all through the look-ahead before the last."""
    since = next((number for number in range(total, AT_LEAST - 1, -1) if number + look_ahead(number) <= total), None)
    return since is not None and all(half_width(number) <= limit for number in range(total, since - 1, -1))


def look_ahead(number: int) -> int:
    """For how many replications an interval that is narrow after `number` must stay so."""
    return ceil(_AHEAD * max(number, 100) / 100)


def goal_key(scenario: Scenario) -> Key | None:
    """The share of trials within the goal; None without a goal."""
    own = own_indicator(scenario)
    return indicator_key(own.name, SHARE, "trial") if own is not None else None


def times_of(measures: Measures, key: Key) -> Times:
    """The indicator of a key in one replication."""
    return next(each for each in measures.indicators if (each.name, each.level) == (key.of, key.level))


def _key(text: str, scenario: Scenario) -> Key:
    named = {
        f"{each.name}.{statistic}": indicator_key(each.name, statistic, _level(each.levels))
        for each in scenario.indicators
        for statistic in statistics_of(scenario, each)
    }
    if text not in named:
        nearest = did_you_mean(text, named)
        raise ValueError(f"precision-of: must be an indicator and a statistic, got {text!r}; {nearest}")
    return named[text]


def _level(levels: Sequence[str]) -> str:
    return "trial" if "trial" in levels else levels[0]


def _next(have: int, width: float, limit: float) -> int:
    """How many would be enough if half-widths shrink as they should, and the look-ahead; at most twice as many."""
    needed = ceil(have * (width / limit) ** 2) if isfinite(width) else inf
    return int(min(max(needed, have) + look_ahead(have), 2 * have))
