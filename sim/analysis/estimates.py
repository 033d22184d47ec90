"""Over the replications of a result: every number with its interval.

A `Number` is one statistic of one replication; an `Estimate` is its mean over replications with a Student t interval
(the trials of one replication share queues, so a replication is one observation); a `Curve` is the share that is
there within so many days.

A replication in which no trial counts says nothing and is not averaged. If a quantile is not reached in any of the
others, the estimate is inf, "not reached", without an interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, isinf, nan
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis.events import Level
from sim.analysis.indicators import STATISTICS, Measures, Statistics
from sim.analysis.timelines import TrialStory
from sim.scenario.schema import Scenario

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


def estimates(result: Measured) -> tuple[Estimate, ...]:
    """Every number of a result over its replications, in the order of the scenario."""
    tables = [numbers(each) for each in result.measures]
    return tuple(_estimate(key, [table[key] for table in tables]) for key in (tables[0] if tables else ()))


def curve(result: Measured, name: str, level: Level = "trial") -> Curve:
    """The mean curve of indicator `name` over replications. Raises ValueError if the result does not measure it."""
    found = [each for measures in result.measures for each in measures.indicators if (each.name, each.level) == (name, level)]
    if not found:
        known = ", ".join(f"{each.name} ({each.level})" for each in result.measures[0].indicators)
        raise ValueError(f"indicator: must be one of {known}, got {name} ({level})")
    curves = np.array([each.curve for each in found])  # (replications, days)
    share, low, high = interval(curves[~np.isnan(curves[:, 0])])
    return Curve(np.arange(curves.shape[1]), share, low, high)


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


def numbers(measures: Measures) -> dict[Key, Number]:
    """Every number of one replication by (name, level, statistic)."""
    return dict(_numbers(measures))


def _numbers(measures: Measures) -> Iterator[tuple[Key, Number]]:
    for indicator in measures.indicators:
        yield from _of_indicator(indicator)
    for each in measures.binding:
        yield (f"binding_share[{each.prerequisite}]", each.level, "share"), Number(each.share, "share")
    yield ("wasted_contract_days", "trial", "per_100_trials"), Number(measures.wasted_contract_days, "days_per_100_trials")
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


def _estimate(key: Key, found: Sequence[Number]) -> Estimate:
    values = np.array([each.value for each in found])
    values = values[~np.isnan(values)]
    mean, low, high = (inf, nan, nan) if any(map(isinf, values)) else map(float, interval(values))
    return Estimate(
        *key, mean, low, high, sum(each.trials for each in found), sum(each.not_reached for each in found),
        sum(each.left_out for each in found), found[0].unit,
    )
