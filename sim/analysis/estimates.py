"""Over the replications of a result: every number with its interval.

A `Number` is one statistic of one replication; an `Estimate` is its mean over replications with a Student t interval
(the trials of one replication share queues, so a replication is one observation); a `Curve` is the share that is
there within so many days.

A replication in which no trial counts says nothing and is not averaged. If a quantile is not reached in any of the
others, the estimate is inf, "not reached", without an interval. Replications are read one after the other and not
held, so that a result of any length fits in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf, nan
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis.events import Level
from sim.analysis.indicators import CURVE_DAYS, Measures, Statistics
from sim.analysis.timelines import TrialStory
from sim.scenario.schema import STATISTICS, Scenario

CONFIDENCE = 0.95

Float = NDArray[np.float64]
Key = tuple[str, str, str]
"""Name, level and statistic of a number."""


class Measured(Protocol):
    """What is reported needs to know this much of a result."""

    @property
    def name(self) -> str:
        """A short name of the scenario."""

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""

    @property
    def measures(self) -> Sequence[Measures]:
        """The numbers, one entry per replication."""

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

    name: str
    level: str
    statistic: str
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


class Running:
    """Mean and interval of numbers, k at a time, that come one replication after the other and are not kept.

    nan says nothing and is not averaged; where any number was infinite, the mean is infinite, without an interval.

    References
    ----------
    Welford B. P. (1962). Note on a method for calculating corrected sums of squares and products. Technometrics 4,
    419-420. doi:10.1080/00401706.1962.10490022
    """

    def __init__(self, k: int) -> None:
        self.number = np.zeros(k, np.int64)  # (k) of those that say something
        self._mean, self._squares, self._finite = np.zeros(k), np.zeros(k), np.ones(k, bool)

    def add(self, values: ArrayLike) -> None:
        """The (k) numbers of one more replication."""
        given = np.asarray(values, np.float64)
        self._finite &= ~np.isinf(given)
        says = np.isfinite(given)
        self.number += says
        distance = np.where(says, given - self._mean, 0.0)
        self._mean += distance / np.maximum(self.number, 1)
        self._squares += distance * np.where(says, given - self._mean, 0.0)

    def interval(self) -> tuple[Float, Float, Float]:
        """(k) Mean, low and high of the Student t interval, as `interval` gives them."""
        from scipy.special import stdtrit

        degrees = np.maximum(self.number - 1, 1)
        half = stdtrit(degrees, (1 + CONFIDENCE) / 2) * np.sqrt(self._squares / degrees / np.maximum(self.number, 1))
        half = np.where(self._finite & (self.number > 1), half, nan)
        mean = np.where(self._finite, np.where(self.number > 0, self._mean, nan), inf)
        return mean, mean - half, mean + half


def estimates(result: Measured) -> tuple[Estimate, ...]:
    """Every number of a result over its replications, in the order of the scenario."""
    tables = map(numbers, result.measures)
    first = next(tables, {})
    running, counts = Running(len(first)), np.zeros((3, len(first)), np.int64)
    for table in chain([first], tables):
        running.add([table[key].value for key in first])
        counts += np.array([(each.trials, each.not_reached, each.left_out) for each in table.values()]).reshape(-1, 3).T
    bounds = (each.tolist() for each in (*running.interval(), *counts))
    units = (each.unit for each in first.values())
    return tuple(Estimate(*key, *found) for key, *found in zip(first, *bounds, units, strict=True))


def curve(result: Measured, name: str, level: Level = "trial") -> Curve:
    """The mean curve of indicator `name` over replications. Raises ValueError if the result does not measure it."""
    running = Running(CURVE_DAYS)
    for measures in result.measures:
        named = {(each.name, each.level): each for each in measures.indicators}
        if (name, level) not in named:
            known = ", ".join(f"{known} ({at})" for known, at in named)
            raise ValueError(f"indicator: must be one of {known}, got {name} ({level})")
        running.add(named[name, level].curve)
    return Curve(np.arange(CURVE_DAYS), *running.interval())


def interval(values: ArrayLike) -> tuple[Float, Float, Float]:
    """Mean, low and high of the Student t interval over the first axis, which is independent replications.

    Low and high are nan for fewer than two values.

    References
    ----------
    Law A. M. (2015). Simulation Modeling and Analysis, 5th edition, section 4.5.
    """
    sample = np.asarray(values, np.float64)
    if not len(sample):
        return (np.full(sample.shape[1:], nan),) * 3
    mean = sample.mean(axis=0)
    if len(sample) < 2:
        return mean, np.full(mean.shape, nan), np.full(mean.shape, nan)
    from scipy.special import stdtrit

    half = stdtrit(len(sample) - 1, (1 + CONFIDENCE) / 2) * sample.std(axis=0, ddof=1) / np.sqrt(len(sample))
    return mean, mean - half, mean + half


def interval_widths(series: ArrayLike) -> Float:
    """(series, replications) The half-width of each series' interval after its first, second, ... replication.

    inf where there is no interval: after fewer than two numbers, or with one that is not reached; nan says nothing.
    """
    from scipy.special import stdtrit

    values = np.asarray(series, np.float64)
    says = np.isfinite(values)
    number = np.cumsum(says, axis=1)
    finite = np.where(says, values, 0.0)
    centre = finite.sum(axis=1, keepdims=True) / np.maximum(number[:, -1:], 1)  # near it, squares do not cancel
    given = np.where(says, finite - centre, 0.0)
    total, degrees = np.cumsum(given, axis=1), np.maximum(number - 1, 1)
    squares = np.maximum(np.cumsum(given**2, axis=1) - total**2 / np.maximum(number, 1), 0.0)
    half = stdtrit(degrees, (1 + CONFIDENCE) / 2) * np.sqrt(squares / degrees / np.maximum(number, 1))
    known = (number > 1) & ~np.logical_or.accumulate(np.isinf(values), axis=1)
    return np.where(known, half, inf)


def numbers(measures: Measures) -> dict[Key, Number]:
    """Every number of one replication by (name, level, statistic)."""
    return dict(_numbers(measures))


def _numbers(measures: Measures) -> Iterator[tuple[Key, Number]]:
    for indicator in measures.indicators:
        yield from _of_indicator(indicator)
    for each in measures.binding:
        yield (f"binding_share[{each.prerequisite}]", each.level, "share"), Number(each.share, "share")
    yield (
        ("wasted_contract_days", "trial", "per_100_trials"),
        Number(measures.wasted_contract_days, "days_per_100_trials"),
    )
    if (spent := measures.attribution) is not None:
        for task, *kinds in zip(spent.tasks, spent.lag, spent.wait, spent.work, strict=True):
            for kind, days in zip(("lag", "wait", "work"), kinds, strict=True):
                yield (f"days_spent[{task}]", "trial", kind), Number(float(days), "days", spent.trials)
    for load in measures.pools:
        yield (f"wait_time[{load.kind}]", "pool", "mean"), Number(load.mean_wait, "days", load.requests)
        yield (f"wait_time[{load.kind}]", "pool", "p90"), Number(load.p90_wait, "days", load.requests)
        yield (f"utilisation[{load.kind}]", "pool", "share"), Number(load.utilisation, "share", load.requests)
        yield (f"backlog[{load.kind}]", "pool", "mean"), Number(load.backlog, "requests", load.requests)


def _of_indicator(indicator: Statistics) -> Iterator[tuple[Key, Number]]:
    counts = (indicator.trials, indicator.not_reached, indicator.left_out)
    for statistic in STATISTICS:
        unit = "share" if statistic == "share_within_goal" else "days"
        yield (indicator.name, indicator.level, statistic), Number(getattr(indicator, statistic), unit, *counts)
