"""Over the replications of a result: every number with its interval.

A `Key` says which number it is: of what kind, of what (an indicator, a task, a kind of pool), at which level, which
statistic. How a key is written in tables, such as `binding_share[pharmacy_ready]`, is `Key.name`; nothing takes such a
name apart. A `Number` is one statistic of one replication. A `Summary` is what all replications of a result say, read
once, one after the other; a result of any length fits in memory, because of a replication only its numbers stay. An
`Estimate` is a mean over replications with a Student t interval (the trials of one replication share queues, so a
replication is one observation); a `Curve` is the share that is there within so many days.

A replication in which no trial counts says nothing and is not averaged. If a quantile is not reached in any of the
others, the estimate is inf, "not reached", without an interval.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import inf, nan
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis.events import Level
from sim.analysis.indicators import Measures, Statistics
from sim.analysis.timelines import TrialStory
from sim.scenario.schema import STATISTICS, Scenario

CONFIDENCE = 0.95

Float = NDArray[np.float64]


class Kind(StrEnum):
    """What a number is about; the word with which its name begins, but for an indicator, which has its own."""

    INDICATOR = "indicator"  # of an indicator of the scenario: each of its statistics
    BINDING = "binding_share"  # of a prerequisite of the goal: how often it finished last
    SPENT = "days_spent"  # of a task: mean days of lag, wait and work on the way to the goal
    WASTED = "wasted_contract_days"  # of nothing: contract work lost
    WAIT = "wait_time"  # of a kind of pool
    USE = "utilisation"  # of a kind of pool
    BACKLOG = "backlog"  # of a kind of pool


POOLS = (Kind.WAIT, Kind.USE, Kind.BACKLOG)
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
    def concerns(self) -> tuple[str, ...]:
        """What was said before it ran: what cannot happen, or not in time."""


@dataclass(frozen=True, slots=True)
class Number:
    """One statistic of one replication."""

    value: float
    unit: str  # days, share, requests, or days_per_100_trials
    trials: int = 0
    not_reached: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """One statistic over the replications; nan where there is nothing to say, inf where it is not reached."""

    key: Key
    value: float
    low: float
    high: float
    trials: int  # of all replications
    not_reached: int
    left_out: int
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
    starved: int  # requests still waiting at the horizon
    never_empty: int  # pools with somebody waiting at every moment of the window
    busiest: str  # whose pool is most often used most, "" if there is only one
    busiest_utilisation: float  # its mean use in these replications


@dataclass(frozen=True)
class Summary:
    """What n replications say: k numbers each."""

    replications: tuple[int, ...]  # (n) their numbers
    units: Mapping[Key, str]  # (k)
    values: Float  # (n, k)
    counts: NDArray[np.int64]  # (k, 3) trials, not reached, left out, of all replications
    curves: Mapping[tuple[str, Level], Curve]  # by indicator and level
    stages: Mapping[str, str]  # the stage of each task on the way to the goal
    loads: tuple[Load, ...]

    @cached_property
    def estimates(self) -> Mapping[Key, Estimate]:
        """Every number over the replications, in the order of the scenario."""
        bounds, counts = np.transpose(interval(self.values)).tolist(), self.counts.tolist()
        found = zip(self.units.items(), bounds, counts, strict=True)
        return {key: _estimate(key, each, number, unit) for (key, unit), each, number in found}

    def curve(self, name: str, level: Level = "trial") -> Curve:
        """The mean curve of indicator `name`. Raises ValueError if the result does not measure it."""
        if (name, level) not in self.curves:
            known = ", ".join(f"{known} ({at})" for known, at in self.curves)
            raise ValueError(f"indicator: must be one of {known}, got {name} ({level})")
        return self.curves[name, level]


def summary(measures: Iterable[Measures]) -> Summary:
    """What replications say, each read once."""
    replications, values, counts, units = [], [], [], dict[Key, str]()
    curves: defaultdict[tuple[str, Level], list[Float]] = defaultdict(list)
    loads, stages = _Loads(), dict[str, str]()
    for each in measures:
        table = numbers(each)
        units = units or {key: number.unit for key, number in table.items()}
        replications.append(each.replication)
        values.append([table[key].value for key in units])
        counts.append([(table[key].trials, table[key].not_reached, table[key].left_out) for key in units])
        for indicator in each.indicators:
            curves[indicator.name, indicator.level].append(indicator.curve)
        loads.see(each)
        stages = stages or _stages(each)
    drawn = {key: Curve(np.arange(len(several[0])), *interval(several)) for key, several in curves.items()}
    table_of_all = np.reshape(np.array(values, np.float64), (len(values), len(units)))
    of_all = np.reshape(np.array(counts, np.int64), (len(values), len(units), 3)).sum(axis=0)
    return Summary(tuple(replications), units, table_of_all, of_all, drawn, stages, loads.found())


def _estimate(key: Key, bounds: tuple[float, float, float], counts: tuple[int, int, int], unit: str) -> Estimate:
    return Estimate(key, *bounds, *counts, unit)


def interval(values: ArrayLike, *, together: int = 1) -> tuple[Float, Float, Float]:
    """Mean, low and high of the Student t interval over the first axis, which is independent replications.

    With `together` of them, intervals are wide enough to hold all at once (Bonferroni). nan says nothing and is not
    averaged; where any value is infinite, the mean is infinite. Low and high are nan there, and for fewer than two
    values.

    References
    ----------
    Law A. M. (2015). Simulation Modeling and Analysis, 5th edition, section 4.5.
    """
    from scipy.special import stdtrit

    sample = np.asarray(values, np.float64)
    says, finite = np.isfinite(sample), ~np.isinf(sample).any(axis=0)
    number = says.sum(axis=0)
    degrees = np.maximum(number - 1, 1)
    mean = np.where(says, sample, 0.0).sum(axis=0) / np.maximum(number, 1)
    squares = (np.where(says, sample - mean, 0.0) ** 2).sum(axis=0)
    tail = (1 - CONFIDENCE) / 2 / together
    half = stdtrit(degrees, 1 - tail) * np.sqrt(squares / degrees / np.maximum(number, 1))
    half = np.where(finite & (number > 1), half, nan)
    mean = np.where(finite, np.where(number > 0, mean, nan), inf)
    return mean, mean - half, mean + half


def interval_widths(series: ArrayLike) -> Float:
    """(series, replications) The half-width of each series' interval after its first, second, ... replication.

    inf where there is no interval: after fewer than two numbers, or with one that is not reached; nan says nothing.
    """
    values = np.asarray(series, np.float64).T  # (replications, series)
    bounds = [interval(values[: number + 1]) for number in range(len(values))]
    widths = np.array([(high - low) / 2 for _, low, high in bounds]).reshape(values.shape)
    return np.where(np.isnan(widths), inf, widths).T


def numbers(measures: Measures) -> dict[Key, Number]:
    """Every number of one replication."""
    return dict(_numbers(measures))


def _numbers(measures: Measures) -> Iterator[tuple[Key, Number]]:
    for indicator in measures.indicators:
        yield from _of_indicator(indicator)
    for each in measures.binding:
        yield Key(Kind.BINDING, each.prerequisite, each.level, "share"), Number(each.share, "share")
    lost = measures.wasted_contract_days
    yield Key(Kind.WASTED, "", "trial", "per_100_trials"), Number(lost, "days_per_100_trials")
    if (spent := measures.attribution) is not None:
        for task, *kinds in zip(spent.tasks, spent.lag, spent.wait, spent.work, strict=True):
            for kind, days in zip(("lag", "wait", "work"), kinds, strict=True):
                yield Key(Kind.SPENT, task, "trial", kind), Number(float(days), "days", spent.trials)
    for load in measures.pools:
        yield Key(Kind.WAIT, load.kind, "pool", "mean"), Number(load.mean_wait, "days", load.requests)
        yield Key(Kind.WAIT, load.kind, "pool", "p90"), Number(load.p90_wait, "days", load.requests)
        yield Key(Kind.USE, load.kind, "pool", "share"), Number(load.utilisation, "share", load.requests)
        yield Key(Kind.BACKLOG, load.kind, "pool", "mean"), Number(load.backlog, "requests", load.requests)


def _of_indicator(indicator: Statistics) -> Iterator[tuple[Key, Number]]:
    counts = (indicator.trials, indicator.not_reached, indicator.left_out)
    for statistic in STATISTICS:
        unit = "share" if statistic == "share_within_goal" else "days"
        key = indicator_key(indicator.name, statistic, indicator.level)
        yield key, Number(getattr(indicator, statistic), unit, *counts)


def _stages(measures: Measures) -> dict[str, str]:
    spent = measures.attribution
    return {} if spent is None else dict(zip(spent.tasks, spent.stages, strict=True))


class _Loads:
    """Adds up the loads of pools, replication by replication."""

    def __init__(self) -> None:
        self._total: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._times: Counter[tuple[str, str]] = Counter()
        self._used: defaultdict[tuple[str, str], float] = defaultdict(float)

    def see(self, measures: Measures) -> None:
        """The loads of one more replication."""
        for load in measures.pools:
            counts = {name: getattr(load, name) for name in ("requests", "starved", "never_empty")}
            self._total[load.kind].update(counts)
            self._times[load.kind, load.busiest] += 1
            self._used[load.kind, load.busiest] += load.busiest_utilisation

    def found(self) -> tuple[Load, ...]:
        """The load of each kind."""
        most_common = reversed(self._times.most_common())  # that of a kind comes last
        busiest = {kind: owner for (kind, owner), _ in most_common}
        return tuple(self._load(kind, busiest[kind]) for kind in self._total)

    def _load(self, kind: str, owner: str) -> Load:
        total, used = self._total[kind], self._used[kind, owner] / self._times[kind, owner]
        return Load(kind, total["requests"], total["starved"], total["never_empty"], owner, used)
