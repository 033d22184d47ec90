"""The benchmark's year as parameters, for simulators that do not read scenarios.

A `Year` is read from a scenario file, so that no number is written twice. A `Played` is what one replication of any
simulator says: the mean days of its trials from arrival to each milestone, by which simulators are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from pathlib import Path

from sim.scenario.loading import load
from sim.scenario.schema import Scenario

HERE = Path(__file__).parent
YEAR, CHAIN = HERE / "year.yaml", HERE / "chain.yaml"
MILESTONES = ("authorised", "open")

_P90 = 1.2815515655446004  # the 90th percentile of the standard normal distribution

Played = Mapping[str, float]
"""Mean days from arrival to each milestone, over the trials that arrived in the observation window."""


@dataclass(frozen=True, slots=True)
class TrialClass:
    """Trials of one kind."""

    name: str
    per_day: float
    sites: int
    priority: int


@dataclass(frozen=True, slots=True)
class Year:
    """Everything that a simulator needs to know. Days."""

    classes: tuple[TrialClass, ...]
    sites: int
    units: Mapping[str, int]  # by pool
    work: Mapping[str, tuple[float, float]]  # by task: mean and standard deviation of the logarithm
    rounds: float  # mean number of negotiations, geometric
    opens: float  # the observation window
    closes: float
    horizon: float


def year(file: Path, changes: Iterable[str] = ()) -> Year:
    """The parameters of a scenario file of the benchmark."""
    scenario = load(file, set_=tuple(changes))
    windows = scenario.windows
    opens, closes = windows.warm_up.days, windows.warm_up.days + windows.observation.days
    rounds = next(task.rounds for task in scenario.tasks if task.rounds is not None)
    assert rounds.mean is not None
    return Year(
        tuple(
            TrialClass(each.name, (each.volume or 0) / 365.25, _sites(each.sites), each.priority or 0)
            for each in scenario.classes
        ),
        len(scenario.sites),
        {name: pool.units or 0 for name, pool in scenario.pools.items()},
        dict(_works(scenario)),
        rounds.mean,
        opens,
        closes,
        closes + windows.follow_up.days,
    )


def mean_days(arrivals_and_ends: Iterable[tuple[float, Mapping[str, float]]], year: Year) -> Played:
    """The mean days of those that arrived in the window and reached each milestone."""
    counted = [(arrived, ends) for arrived, ends in arrivals_and_ends if year.opens <= arrived < year.closes]
    days = {name: [ends[name] - arrived for arrived, ends in counted if name in ends] for name in MILESTONES}
    return {name: sum(found) / len(found) for name, found in days.items() if found}


def _sites(count: object) -> int:
    return int(getattr(count, "exactly", None) or 0)


def _works(scenario: Scenario) -> Iterable[tuple[str, tuple[float, float]]]:
    for task in scenario.tasks:
        if task.work is not None:
            assert task.work.median is not None and task.work.p90 is not None
            median, p90 = task.work.median.value, task.work.p90.value
            yield task.name, (log(median), log(p90 / median) / _P90)
