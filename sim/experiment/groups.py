"""The goal of scenarios by group, over replications: by month, class, or an attribute of trials or sites.

A `Grouped` has, for every scenario and group, what the replications say of its trials. Differences are between the
scenarios within a group, and between the groups within a scenario, always on the same trials with the same luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from math import nan
from typing import Any

import numpy as np

from sim.analysis.backlogs import Backlog, backlog
from sim.analysis.contrasts import Contrast, Verdict, contrast, paired
from sim.analysis.estimates import FEWEST, Estimate, Key, Pooled, Summary
from sim.analysis.events import played
from sim.analysis.groups import COMPANY, TIMES, Group, ends_of_periods, measure_groups
from sim.analysis.indicators import SHARE, Times
from sim.analysis.intervals import Float, interval
from sim.experiment.gathering import Progress
from sim.experiment.options import Options, options_of
from sim.experiment.replications import concerns_of, simulated, warn
from sim.experiment.running import laid_out, named_scenarios
from sim.experiment.tables import CONTRAST_COLUMNS, INDICATOR_COLUMNS, line_of
from sim.experiment.workers import Work, computing, interleaved
from sim.scenario.loading import Loaded, Source
from sim.scenario.schema import Scenario, TrialClass
from sim.tables import Line

SHOWN = (SHARE, "median")
"""The statistics of a group."""

BOUNDS = ("value", "low", "high")

COLUMNS = ("scenario", "by", "group", *INDICATOR_COLUMNS[1:])
QUEUE_COLUMNS = ("scenario", "pool", "day", *(f"{what}_{each}" for what in ("waiting", "oldest") for each in BOUNDS))
DIFFERENCE_COLUMNS = ("scenario", "by", "group", "reference", "reference_group", *CONTRAST_COLUMNS[2:])


@dataclass(frozen=True)
class Grouped:
    """The goal by group; the first scenario is the reference of the others, the first group that of other groups."""

    by: str
    scenarios: Mapping[str, Scenario]
    found: Mapping[str, Mapping[str, Summary]]  # scenario, group
    queues: Mapping[str, Queues] = field(
        default_factory=dict
    )  # of each scenario, where groups follow each other in time

    def estimates(self, scenario: str, group: str) -> Mapping[Key, Estimate]:
        """The share within the goal and the median of each indicator of the goal."""
        found = self.found[scenario][group].estimates
        return {key: each for key, each in found.items() if key.statistic in SHOWN}

    def differences(self) -> Iterator[tuple[tuple[str, str], tuple[str, str], Mapping[Key, Contrast]]]:
        """(scenario, group) against the (scenario, group) that is its reference: the paired differences."""
        first = next(iter(self.found))
        for scenario, groups in self.found.items():
            for group in groups:
                if scenario != first and group in self.found[first]:
                    yield (scenario, group), (first, group), self.between((first, group), (scenario, group))
            for group in [*groups][1:]:
                against = (scenario, next(iter(groups)))
                yield (scenario, group), against, self.between(against, (scenario, group))

    @property
    def lines(self) -> list[Line]:
        """A line for each scenario, group and statistic."""
        return [
            {"scenario": scenario, "by": self.by, "group": group, **line_of(each)}
            for scenario, groups in self.found.items()
            for group in groups
            for each in self.estimates(scenario, group).values()
        ]

    @property
    def difference_lines(self) -> list[Line]:
        """A line for each difference and statistic."""
        return [
            {
                "scenario": scenario,
                "by": self.by,
                "group": group,
                "reference": first,
                "reference_group": other,
                **line_of(each),
            }
            for (scenario, group), (first, other), found in self.differences()
            for each in found.values()
        ]

    @property
    def queue_lines(self) -> list[Line]:
        """A line for each scenario, pool and day: the files that wait, and how long the oldest has [d]."""
        return [
            {
                "scenario": scenario,
                "pool": kind,
                "day": day.isoformat(),
                **{f"waiting_{bound}": float(queues.waiting[k, i, at]) for at, bound in enumerate(BOUNDS)},
                **{f"oldest_{bound}": float(queues.oldest[k, i, at]) for at, bound in enumerate(BOUNDS)},
            }
            for scenario, queues in self.queues.items()
            for k, kind in enumerate(queues.kinds)
            for i, day in enumerate(queues.days)
        ]

    def between(self, before: tuple[str, str], after: tuple[str, str]) -> Mapping[Key, Contrast]:
        """The paired differences of a (scenario, group) from another one."""
        mine, other = (self.found[scenario][group] for scenario, group in (before, after))
        keys = (key for key in mine.parts if key in other.parts and key.statistic in SHOWN)
        differ = paired if before[1] == after[1] else contrast  # groups of one scenario are of other trials
        found = {key: differ(key, mine.unit(key), mine.parts[key], other.parts[key]) for key in keys}
        few = (key for key in found if min(each.estimates[key].trials for each in (mine, other)) < FEWEST)
        return found | {key: replace(found[key], low=nan, high=nan, verdict=Verdict.UNKNOWN) for key in few}


@dataclass(frozen=True)
class Queues:
    """What lies in the queues of a scenario when the observation begins and each of its periods ends."""

    days: tuple[date, ...]  # (i)
    backlogs: tuple[Backlog, ...]  # (n) of each replication

    @property
    def kinds(self) -> tuple[str, ...]:
        """(k) The kinds of pools."""
        return self.backlogs[0].kinds

    @cached_property
    def waiting(self) -> Float:
        """(k, i, 3) Files that wait, on average, with their interval."""
        return np.stack(interval(np.array([each.waiting for each in self.backlogs])), axis=-1)

    @cached_property
    def oldest(self) -> Float:
        """(k, i, 3) How long the oldest of them has waited [d], on average, with its interval."""
        return np.stack(interval(np.array([each.oldest for each in self.backlogs])), axis=-1)

    def grows(self, kind: int) -> bool:
        """Whether clearly more lies in a queue at its highest than at first."""
        waiting = np.array([each.waiting[kind] for each in self.backlogs])
        _, low, _ = interval(waiting[:, self.highest(kind)] - waiting[:, 0], together=len(self.days))
        return bool(low > 0)

    def highest(self, kind: int) -> int:
        """The place of the day on which most lies in a queue."""
        return int(np.argmax(self.waiting[kind, :, 0]))

    def back(self, kind: int) -> int | None:
        """The place of the first day, after most lay there, on which no more lies in a queue than at first; or None."""
        after = np.flatnonzero(self.waiting[kind, :, 0] <= self.waiting[kind, 0, 0])
        return next((int(each) for each in after if each > self.highest(kind)), None)


def by_group(scenarios: Sequence[Source], by: str, options: Options | None = None, **named: Any) -> Grouped:
    """Share within the goal and median of the indicators of the goal, for each group of trials or sites.

    Parameters
    ----------
    by
        "month" or "quarter" (of submission), "cohort" (the quarter in which the goal's clock starts), "company" (the
        trials that the first scenario has, too, apart from those that are new), "class", "site_type", or an attribute
        of trials or of sites. The others are those of `compare`.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read.
    ValueError
        If there is no such attribute; by company, if the scenarios have no trials that can be told to be the same.
    """
    how = options_of(options, named)
    return by_groups(named_scenarios(scenarios, how.changes), (by,), how)[0]


def by_groups(
    scenarios: Mapping[str, Loaded], bys: Sequence[str], how: Options, told: Progress | None = None
) -> tuple[Grouped, ...]:
    """The same for scenarios that were read, in several ways at once: each replication is simulated once for all."""
    works = laid_out(scenarios, how).works
    if COMPANY in bys:
        _refuse_other_trials(works)
    told_apart = partial(groups_of, bys=bys, reference=works[0] if COMPANY in bys else None)
    for work in works:
        told_apart(work, 0)  # a wrong name is said here, in one sentence
        warn(work.name, concerns_of(work))
    found: list[dict[int, tuple[Seen, ...]]] = [{} for _ in works]
    with computing(how.executor, how.jobs) as computer:
        batches = interleaved([[*range(how.most)] for _ in works], computer.workers)
        for batch, groups in computer.compute(told_apart, works, batches):
            found[batch.work].update(zip(batch.numbers, groups, strict=True))
            if told is not None:
                told(sum(map(len, found)), how.most * len(works), {})
    return tuple(_grouped(by, place, works, found) for place, by in enumerate(bys))


def _grouped(by: str, place: int, works: Sequence[Work], found: Sequence[Mapping[int, tuple[Seen, ...]]]) -> Grouped:
    each = {
        work.name: [of_work[number][place] for number in sorted(of_work)]
        for work, of_work in zip(works, found, strict=True)
    }
    summaries = {name: _summaries([groups for groups, _ in seen]) for name, seen in each.items()}
    scenarios = {work.name: work.scenario for work in works}
    queues = {name: _queues(scenarios[name], by, seen) for name, seen in each.items()} if by in TIMES else {}
    return Grouped(by, scenarios, summaries, queues)


Seen = tuple[tuple[Group, ...], Backlog | None]
"""The groups of a replication, and its queues where the groups follow each other in time."""


def groups_of(work: Work, number: int, *, bys: Sequence[str], reference: Work | None = None) -> tuple[Seen, ...]:
    """The groups of replication `number`, in each of several ways; by company, beside those of a reference."""
    replication, timelines = simulated(work, number)
    known = reference.plan.numbers(reference.seed, number) if reference is not None else None
    return tuple(
        (
            measure_groups(work.plan, replication, timelines, by, known if by == COMPANY else None),
            backlog(played(work.plan, replication, timelines), ends_of_periods(work.scenario, by)[1])
            if by in TIMES
            else None,
        )
        for by in bys
    )


def _refuse_other_trials(works: Sequence[Work]) -> None:
    """That the trials of the first scenario are not among those of the others: raises ValueError."""
    first, *others = (work.scenario for work in works)
    if not others:
        raise ValueError("by company: needs a scenario beside its reference, got one alone; compare two")
    classes = {each.name: each for each in first.classes}
    for other in others:
        both = [(classes[each.name], each) for each in other.classes if each.name in classes]
        if not both:
            raise ValueError("by company: the scenarios have no class of trials in common; compare others")
        if (first.origin, first.windows.days) != (other.origin, other.windows.days):
            raise ValueError("by company: must be the same days in both scenarios, got others; set windows, too")
        for one, same in both:
            thinned = {one.arrivals, same.arrivals} == {"thinned"} and one.arrive_on == same.arrive_on
            if _arrivals(one) != _arrivals(same) and not thinned:
                raise ValueError(
                    f"by company: the trials of {one.name!r} are the same in both only where arrivals are thinned; "
                    "write arrivals: thinned for them"
                )
            if not _among(one, same, first.origin):
                raise ValueError(
                    f"by company: fewer trials of {one.name!r} come than in the reference; "
                    "name the one with fewer first"
                )


def _among(one: TrialClass, same: TrialClass, origin: date) -> bool:
    """Whether on no day fewer trials come than in `one`: volumes are straight between the days compared."""
    both = [each.volume_by_date or {origin: each.volume or 0.0} for each in (one, same)]
    days = sorted({day for volumes in both for day in volumes})
    mine, other = (
        np.interp(
            [day.toordinal() for day in days],
            [day.toordinal() for day in sorted(volumes)],
            [volumes[day] for day in sorted(volumes)],
        )
        for volumes in both
    )
    return bool(np.all(other >= mine))


def _arrivals(written: TrialClass) -> tuple[object, ...]:
    return written.volume, written.volume_by_date, written.dates, written.arrivals, written.arrive_on


def _queues(scenario: Scenario, by: str, seen: Sequence[Seen]) -> Queues:
    days, _ = ends_of_periods(scenario, by)
    return Queues(tuple(days), tuple(each for _, each in seen if each is not None))


def _summaries(replications: Sequence[tuple[Group, ...]]) -> dict[str, Summary]:
    """What all replications say of each group, in the order of their names; those without an attribute come last."""
    tables = [{group.name: group.times for group in groups} for groups in replications]
    names = sorted({name for table in tables for name in table}, key=lambda name: (not name, name))
    return {name: _summary([table.get(name) for table in tables]) for name in names}


def _summary(several: Sequence[tuple[Times, ...] | None]) -> Summary:
    """One group over replications; in one without any trial of it, nobody counts."""
    nobody = tuple(map(_nobody, next(each for each in several if each is not None)))
    together = [
        Pooled(each[0].name, each[0].level, each) for each in zip(*(each or nobody for each in several), strict=True)
    ]
    numbers = tuple(range(len(several)))
    return Summary(numbers, {(each.name, each.level): each for each in together}, {}, {}, (), "")


def _nobody(times: Times) -> Times:
    none, nobody = np.empty(0), np.empty(0, bool)
    return replace(times, days=none, counted=none, there=nobody, open=nobody, not_needed=0)
