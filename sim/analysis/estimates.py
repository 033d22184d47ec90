"""Over the replications of a result: every number with its interval.

A `Key` says which number it is: of what kind, of what (an indicator, a task, a kind of pool), at which level, which
statistic. How a key is written in tables, such as `binding_share[pharmacy_ready]`, is `Key.name`; nothing takes such a
name apart. A `Summary` is what all replications of a result say, read once, one after the other: of each stay the times
of its trials and a few numbers. It gives an `Estimate` for every key, and for what is drawn a `Curve`, the share that
is there within so many days. `Summary.parts` has the same with the influence of each replication, of which paired
differences are made; `Summary.values` has what each replication says of each number, for whoever makes others of them.

What is estimated. Shares and quantiles of an indicator are over all trials of all replications; a trial that is not
there lies above every quantile, and counts as long as it was followed (`sim.analysis.durations`). A mean is over the
trials that are there or still may come, and a trial that is not there within `Times.followed` days counts as so many.
The p90 of a wait is over the requests of all replications, in the same way. Everything else (loads, days spent) is one
number a replication and averaged over those in which it says anything; if one is infinite, the estimate is inf, "not
reached", without an interval. A replication is one observation (`sim.analysis.intervals`).
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import inf, isnan, nan
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.analysis.durations import Distribution, pooled
from sim.analysis.events import Level
from sim.analysis.indicators import SHARE, Measures, Times
from sim.analysis.intervals import Float, Part, mean_of, share_of
from sim.analysis.laws import Laws
from sim.analysis.pools import Waits, waits_of
from sim.analysis.timelines import TrialStory
from sim.model.feasibility import Concern
from sim.scenario.schema import Scenario

QUANTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75}
"""Statistics that are quantiles, but for percentiles, which say it themselves: p90."""

CURVE_DAYS = 120
"""A curve goes as far as this at least, and as far as the goal and as anybody is followed [d]."""

FEWEST = 30
"""Trials of all replications together, below which it is said that they are too few."""


class Kind(StrEnum):
    """What a number is about; the word with which its name begins, but for an indicator, which has its own."""

    INDICATOR = "indicator"  # of an indicator of the scenario: each of its statistics
    BINDING = "binding_share"  # of a prerequisite of the goal: how often it finished last
    SPENT = "days_spent"  # of a task: mean days of lag, wait and work on the way to the goal
    WASTED = "wasted_contract_days"  # of nothing: contract work lost
    WASTED_SETUP = "wasted_setup_days"  # of nothing: work of the set-up lost
    WAIT = "wait_time"  # of a kind of pool
    USE = "utilisation"  # of a kind of pool
    BACKLOG = "backlog"  # of a kind of pool
    OVERTIME = "overtime"  # of a kind of pool: work beyond those present, per time open
    UNSERVED = "unserved"  # of a kind of pool: the requests that their limit ended while they waited


POOLS = (Kind.WAIT, Kind.USE, Kind.BACKLOG, Kind.OVERTIME, Kind.UNSERVED)
"""The kinds of number that are about people and sittings."""


class Key(NamedTuple):
    """Which number of a scenario.

    >>> Key(Kind.BINDING, "pharmacy_ready", "trial", "share").name
    'binding_share[pharmacy_ready]'
    """

    kind: Kind
    of: str
    level: str  # trial, site, or pool
    statistic: str

    @property
    def name(self) -> str:
        """How the number is called in tables."""
        if self.kind is Kind.INDICATOR:
            return self.of
        return f"{self.kind}[{self.of}]" if self.of else str(self.kind)

    @property
    def columns(self) -> tuple[str, str, str]:
        """Name, level and statistic, as tables have them."""
        return self.name, self.level, self.statistic


def indicator_key(name: str, statistic: str, level: str = "trial") -> Key:
    """The key of a statistic of an indicator."""
    return Key(Kind.INDICATOR, name, level, statistic)


class Measured(Protocol):
    """What is reported needs to know this much of a result."""

    @property
    def name(self) -> str:
        """A short name of the scenario."""

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""

    @property
    def summary(self) -> Summary:
        """What its replications say."""

    @property
    def story(self) -> TrialStory | None:
        """A typical trial; None where no trial reaches the goal."""

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """What was said before it ran: what cannot happen, or not in time."""


@dataclass(frozen=True, slots=True)
class Number:
    """One statistic of one replication."""

    value: float
    unit: str  # days, share, requests, per_open_time, or days_per_100_trials
    trials: int = 0  # that stand behind it


@dataclass(frozen=True, slots=True)
class Several:
    """A number of several replications, in little space."""

    unit: str
    values: array[float] = field(default_factory=lambda: array("d"))  # (n)
    trials: array[float] = field(default_factory=lambda: array("d"))  # (n) that stand behind it

    def add(self, number: Number) -> None:
        """The number of one more replication."""
        self.values.append(number.value)
        self.trials.append(number.trials)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One statistic over the replications; nan where there is nothing to say, inf where it is not reached."""

    key: Key
    value: float
    low: float
    high: float
    trials: int  # that count, of all replications (places, at site level; requests, of a pool)
    not_yet: int  # of them, not there by the horizon
    never: int  # of them, their application or their search has ended before
    not_needed: int  # besides them, trials that have no such event
    unit: str

    @property
    def half_width(self) -> float:
        """Half the length of the interval, in `unit`."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Curve:
    """The share that is there within so many days, with a pointwise interval."""

    days: NDArray[np.int64]  # (d) counted as the goal counts
    share: Float  # (d)
    low: Float  # (d)
    high: Float  # (d)


@dataclass(frozen=True, slots=True)
class Load:
    """The pools of one kind over all replications."""

    kind: str
    requests: int
    starved: int  # requests never served: still waiting at the horizon, or `unserved`
    unserved: int  # requests ended by their limit while they waited
    never_empty: int  # pools with somebody waiting at every moment of the window
    busiest: str  # whose pool is most often used most, "" if there is only one
    busiest_utilisation: float  # its mean use in these replications


@dataclass(frozen=True)
class Pooled:
    """An indicator at one level over n replications."""

    name: str
    level: Level
    several: tuple[Times, ...]  # (n)

    @property
    def statistics(self) -> tuple[str, ...]:
        """What is said about it."""
        return self.several[0].statistics

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Trials that count; of them not yet, and never; besides them not needed."""
        found = np.sum([(each.trials, each.not_yet, each.never, each.not_needed) for each in self.several], axis=0)
        trials, not_yet, never, not_needed = found.tolist()
        return trials, not_yet, never, not_needed

    def parts(self) -> Mapping[str, Part]:
        """Every statistic over the replications."""
        shares = {each: self.part(each) for each in self.statistics if each == SHARE}
        distributions = _Distributions(self.several)
        return {each: shares[each] if each in shares else distributions.part(each) for each in self.statistics}

    def part(self, statistic: str) -> Part:
        """One statistic over the replications."""
        return _Distributions(self.several).part(statistic)

    def curve(self) -> Curve:
        """The share that is there within so many days."""
        first, counted = self.several[0], _Distributions(self.several).counted
        days = np.arange(int(np.nanmax([CURVE_DAYS, first.within, first.followed_counted])) + 1)
        parts = [counted.below(float(day)) for day in days]
        return Curve(days, *(np.array([getattr(each, name) for each in parts]) for name in ("value", "low", "high")))


@dataclass(frozen=True)
class _Distributions:
    """The times of several replications side by side; large, and gone as soon as its numbers are known."""

    several: tuple[Times, ...]

    @cached_property
    def all(self) -> Distribution:
        """The days of all trials that count."""
        return pooled([each.days for each in self.several], [each.there for each in self.several])

    @cached_property
    def open(self) -> Distribution:
        """The days of the trials that are there or may come."""
        if all(each.open.all() for each in self.several):
            return self.all
        return pooled([each.days[each.open] for each in self.several], [each.there[each.open] for each in self.several])

    @cached_property
    def counted(self) -> Distribution:
        """The days as the goal counts them, of all trials."""
        return pooled([each.counted for each in self.several], [each.there for each in self.several])

    def part(self, statistic: str) -> Part:
        """One statistic."""
        first = self.several[0]
        if statistic == "mean":
            return self.open.mean(first.followed)
        if statistic != SHARE:
            return self.all.quantile(QUANTILES[statistic] if statistic in QUANTILES else float(statistic[1:]) / 100)
        if first.within <= first.followed_counted:
            return self.counted.below(first.within)
        return Part(nan, nan, nan, np.zeros(len(self.several)))  # nobody is followed for as long as was promised


@dataclass(frozen=True)
class Summary:
    """What n replications say."""

    replications: tuple[int, ...]  # (n) their numbers
    indicators: Mapping[tuple[str, Level], Pooled]
    numbers: Mapping[Key, Several]  # of what is one number a replication
    stages: Mapping[str, str]  # the stage of each task on the way to the goal
    loads: tuple[Load, ...]
    unlisted: str  # the task that most often finished last and is no prerequisite of the goal, "" if there is none
    waits: Mapping[str, tuple[Waits, ...]] = field(default_factory=dict)  # kind of pool: (n)
    laws: tuple[Laws, ...] = ()  # of the replications in which they were looked at

    @cached_property
    def parts(self) -> Mapping[Key, Part]:
        """Every number with the influence of each replication, in the order of the scenario."""
        of_indicators = {
            indicator_key(each.name, statistic, each.level): part
            for each in self.indicators.values()
            for statistic, part in each.parts().items()
        }
        of_waits = {
            Key(Kind.WAIT, kind, "pool", "p90"): waits_of(several).quantile(0.9) for kind, several in self.waits.items()
        }
        return of_indicators | {
            key: of_waits[key] if key in of_waits else _over_replications(key, several)
            for key, several in self.numbers.items()
        }

    @cached_property
    def estimates(self) -> Mapping[Key, Estimate]:
        """Every number over the replications, in the order of the scenario."""
        return {key: self._estimate(key, part) for key, part in self.parts.items()}

    @cached_property
    def units(self) -> Mapping[Key, str]:
        """The unit of every number, in the order of `parts`."""
        return {key: self.unit(key) for key in self.parts}

    @cached_property
    def values(self) -> Float:
        """(n, k) What each replication says of each number of `parts`: their mean is the estimate.

        They are pseudo-values, the estimate and n times the influence, so that sums and differences of columns have
        the standard errors that come with their spread, paired with those of another result of the same replications.
        """
        n, parts = len(self.replications), self.parts.values()
        columns = [each.value + n * each.influence for each in parts]
        return np.reshape(np.array(columns, np.float64), (len(columns), n)).T

    def unit(self, key: Key) -> str:
        """The unit of a number: days, share, requests, or days_per_100_trials."""
        if key.kind is Kind.INDICATOR:
            return "share" if key.statistic == SHARE else "days"
        return self.numbers[key].unit

    def curve(self, name: str, level: Level = "trial") -> Curve:
        """The curve of indicator `name`. Raises ValueError if the result does not measure it."""
        if (name, level) not in self.indicators:
            known = ", ".join(f"{known} ({at})" for known, at in self.indicators)
            raise ValueError(f"indicator: must be one of {known}, got {name} ({level})")
        return self.indicators[name, level].curve()

    def _estimate(self, key: Key, part: Part) -> Estimate:
        if key.kind is Kind.INDICATOR:
            counts = self.indicators[key.of, key.level].counts  # type: ignore[index]
        else:
            counts = int(sum(self.numbers[key].trials)), 0, 0, 0
        low, high = _possible(part, self.unit(key), self._seen(key))
        return Estimate(key, part.value, low, high, *counts, self.unit(key))

    def _seen(self, key: Key) -> Sequence[float]:
        """The smallest that a time was in each replication, or what each said of another number."""
        if key.kind is Kind.INDICATOR:
            return [each.days[0] for each in self.indicators[key.of, key.level].several if len(each.days)]  # type: ignore[index]
        return self.numbers[key].values


def summary(measures: Iterable[Measures]) -> Summary:
    """What replications say, each read once."""
    replications, stages, loads, unlisted = list[int](), dict[str, str](), _Loads(), Counter[str]()
    indicators: defaultdict[tuple[str, Level], list[Times]] = defaultdict(list)
    waits: defaultdict[str, list[Waits]] = defaultdict(list)
    found, laws = dict[Key, Several](), list[Laws]()
    for each in measures:
        replications.append(each.replication)
        laws += [each.laws] if each.laws is not None else []
        for one in each.indicators:
            indicators[one.name, one.level].append(one)
        for key, number in _numbers(each):
            found.setdefault(key, Several(number.unit)).add(number)
        unlisted.update(
            {
                each.mostly: round(each.share * each.trials)
                for each in each.binding
                if each.mostly and each.level == "trial"
            }
        )
        loads.see(each)
        for load in each.pools:
            waits[load.kind].append(load.waits)
        stages = stages or _stages(each)
    together = {key: Pooled(*key, tuple(several)) for key, several in indicators.items()}
    often = unlisted.most_common(1)[0][0] if unlisted else ""
    waited = {kind: tuple(several) for kind, several in waits.items()}
    return Summary(tuple(replications), together, found, stages, loads.found(), often, waited, tuple(laws))


def half_widths(parts: Iterable[Part]) -> list[float]:
    """Half the length of each interval; inf where there is none."""
    return [inf if isnan(each.low) or isnan(each.high) else (each.high - each.low) / 2 for each in parts]


def _over_replications(key: Key, several: Several) -> Part:
    """One number a replication: a share of trials pooled over trials, anything else as a mean of replications."""
    values, trials = np.array(several.values), np.array(several.trials)
    if key.kind not in (Kind.BINDING, Kind.UNSERVED):
        return mean_of(values)
    value = float(np.nansum(values * trials) / trials.sum()) if trials.sum() else nan
    influence = np.nan_to_num(values - value) * trials / max(trials.sum(), 1.0)
    return share_of(value, influence, trials.sum())


def _possible(part: Part, unit: str, values: Sequence[float]) -> tuple[float, float]:
    """The limits of a number, within what it can be: a share up to 1, and nothing below 0 that never was."""
    low = max(part.low, 0.0) if values and min(values) >= 0 else part.low
    return low, min(part.high, 1.0) if unit == "share" else part.high


def numbers(measures: Measures) -> dict[Key, Number]:
    """Every number of one replication."""
    of_one = summary([measures])
    counts = {key: of_one.estimates[key].trials for key in of_one.parts}
    return {key: Number(part.value, of_one.unit(key), counts[key]) for key, part in of_one.parts.items()}


def _numbers(measures: Measures) -> Iterator[tuple[Key, Number]]:
    """What is one number a replication."""
    for each in measures.binding:
        yield Key(Kind.BINDING, each.prerequisite, each.level, "share"), Number(each.share, "share", each.trials)
    lost = ((Kind.WASTED, measures.wasted_contract_days), (Kind.WASTED_SETUP, measures.wasted_setup_days))
    for which, spent_for_nothing in lost:
        yield Key(which, "", "trial", "per_100_trials"), Number(spent_for_nothing, "days_per_100_trials")
    if (spent := measures.attribution) is not None:
        for task, *kinds in zip(spent.tasks, spent.lag, spent.wait, spent.work, strict=True):
            for kind, days in zip(("lag", "wait", "work"), kinds, strict=True):
                yield Key(Kind.SPENT, task, "trial", kind), Number(float(days), "days", spent.trials)
    for load in measures.pools:
        yield Key(Kind.WAIT, load.kind, "pool", "mean"), Number(load.mean_wait, "days", load.requests)
        yield Key(Kind.WAIT, load.kind, "pool", "p90"), Number(load.p90_wait, "days", load.requests)
        yield Key(Kind.USE, load.kind, "pool", "share"), Number(load.utilisation, "share", load.requests)
        yield Key(Kind.BACKLOG, load.kind, "pool", "mean"), Number(load.backlog, "requests", load.requests)
        yield (
            Key(Kind.OVERTIME, load.kind, "pool", "per_open_time"),
            Number(load.overtime, "per_open_time", load.requests),
        )
        unserved = load.unserved / load.requests if load.requests else nan
        yield Key(Kind.UNSERVED, load.kind, "pool", "share"), Number(unserved, "share", load.requests)


def _stages(measures: Measures) -> dict[str, str]:
    spent = measures.attribution
    return {} if spent is None else dict(zip(spent.tasks, spent.stages, strict=True))


_COUNTED = ("requests", "starved", "unserved", "never_empty")


class _Loads:
    """Adds up the loads of pools, replication by replication."""

    def __init__(self) -> None:
        self._total: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._times: Counter[tuple[str, str]] = Counter()
        self._used: defaultdict[tuple[str, str], float] = defaultdict(float)

    def see(self, measures: Measures) -> None:
        """The loads of one more replication."""
        for load in measures.pools:
            counts = {name: getattr(load, name) for name in _COUNTED}
            self._total[load.kind].update(counts)
            self._times[load.kind, load.busiest] += 1
            self._used[load.kind, load.busiest] += load.busiest_utilisation

    def found(self) -> tuple[Load, ...]:
        """The load of each kind."""
        most_common = reversed(self._times.most_common())  # that of a kind comes last
        busiest = {kind: owner for (kind, owner), _ in most_common}
        return tuple(self._load(kind, busiest[kind]) for kind in self._total)

    def _load(self, kind: str, owner: str) -> Load:
        used = self._used[kind, owner] / self._times[kind, owner]
        counts = {name: self._total[kind][name] for name in _COUNTED}
        return Load(kind=kind, busiest=owner, busiest_utilisation=used, **counts)
