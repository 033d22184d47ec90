"""Where the events of a replication are: the row that decides each event, at every site and at the first one.

`Played` is one replication that an engine has run, with its `places`: the (trial, site) pairs that take part. An event
is the end of the task with its name; a row that turned out not to be needed is none. Of a task that is repeated the
last round decides; of patients, the first one. A trial reaches an event of its sites when the first site in scope does.

A row that decides is an index into the workload; `NONE` where the trial or the place has no such row. An instant is
in minutes; `NEVER` where the event has not happened by the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.model.network import NONE, NOT_REACHED, Int, Network, Outcome, Timelines, among
from sim.model.trials import Replication
from sim.scenario import schema
from sim.scenario.language.quantities import MINUTES_PER_DAY, Span
from sim.scenario.stages.tasks import REPLACEMENT

NEVER = 2**62
"""An instant after every other: the event has not happened by the horizon."""

PATIENTS = "inclusion"
"""The stage whose rows at one place are candidates, numbered by their round."""

Level = Literal["trial", "site"]
Bool = NDArray[np.bool_]


class Planned(Protocol):
    """What is measured needs to know this much of a plan."""

    @property
    def scenario(self) -> schema.Scenario:
        """What the user wrote."""

    @property
    def network(self) -> Network:
        """What does not change between replications."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What decides an event for each trial (t), or for each place (p)."""

    row: Int
    end: Int  # [min] when that row ended, or NEVER
    at_sites: bool  # the event is one of the sites, not of the trial as a whole


@dataclass(frozen=True)
class Played:
    """One replication, run: p places, of t trials; u units, each a place or a trial as a whole."""

    scenario: schema.Scenario
    network: Network
    replication: Replication
    timelines: Timelines
    unit: Int  # (rows) the unit of each row, increasing
    by_task: Int  # (rows) the rows task by task, those of a task in their order
    first_of_task: Int  # (tasks + 1) where each task begins in `by_task`
    unit_place: Int  # (u) the place that a unit is, NONE for a trial as a whole
    place_trial: Int  # (p)
    place_site: Int  # (p)
    place_in_scope: Bool  # (p)
    known: dict[tuple[str, Level], Decided] = field(init=False, default_factory=dict, repr=False)  # by `decided`

    @property
    def window(self) -> tuple[int, int]:
        """The observation window [min]: from the end of the warm-up, up to but without the second instant."""
        windows = self.scenario.windows
        opens = minutes(windows.warm_up)
        return opens, opens + minutes(windows.observation)

    def rows_of(self, *events: str) -> Int:
        """The rows of tasks named `events`, task by task, increasing. Raises ValueError if there is no such task."""
        first = self.first_of_task
        parts = (self.by_task[first[index] : first[index + 1]] for index in self.tasks_named(events))
        return np.concatenate((self.by_task[:0], *parts))

    @cached_property
    def lapsed(self) -> Bool:
        """(rows) Whether a row ended without its event, because the application did."""
        return among(self.timelines.outcome, NOT_REACHED)

    @cached_property
    def reached(self) -> Bool:
        """(rows) Whether the event of a row has happened by the horizon."""
        return (self.timelines.end >= 0) & ~self.lapsed

    @cached_property
    def group_ends(self) -> Int:
        """(groups + 1) When each group closed [min], by itself or with the one around it, else the horizon; last, for
        `NONE`, the horizon.
        """
        workload, end = self.replication.workload, self.timelines.end
        closed = np.full(len(workload.whole) + 1, self.network.horizon)
        closing = np.flatnonzero((workload.closes != NONE) & self.reached)
        np.minimum.at(closed, workload.closes[closing], end[closing])
        np.minimum.at(closed, workload.whole[workload.group[self.lapsed]], end[self.lapsed])
        around = np.repeat(closed[:-1], np.diff(workload.first_within))
        np.minimum.at(closed, workload.within, around)
        return closed

    @property
    def patients(self) -> tuple[str, ...]:
        """The tasks of candidates, whose number is drawn: that there is none yet does not mean that none is needed."""
        both = zip(self.network.tasks, self.network.stages, strict=True)
        return tuple(task for task, stage in both if stage == PATIENTS)

    def scope(self, level: Level) -> Bool:
        """(t) or (p): the trials, or places, that the goal is about."""
        return self.replication.trials.in_scope if level == "trial" else self.place_in_scope

    def tasks_named(self, names: tuple[str, ...]) -> Int:
        """The indices of tasks. Raises ValueError for a name that the network does not have."""
        return np.array([_index(self.network.tasks, name) for name in names], np.int64)

    def ends(self, rows: Int) -> Int:
        """When `rows` ended [min]: `NEVER` for `NONE`, for what has not ended and for what lapsed."""
        if not len(self.timelines.end):
            return np.full(rows.shape, NEVER)
        return np.where((rows != NONE) & self.reached[rows], self.timelines.end[rows], NEVER)


def played(plan: Planned, replication: Replication, timelines: Timelines) -> Played:
    """The replication with its places found."""
    workload = replication.workload
    begins = workload.begins
    trial, site = workload.trial[begins], workload.site[begins]
    at_site = site != NONE
    place = np.where(at_site, np.cumsum(at_site) - 1, NONE)
    trial, site = trial[at_site], site[at_site]
    in_scope = replication.trials.in_scope[trial] & replication.site_in_scope[site]
    if REPLACEMENT.name in plan.network.tasks and len(timelines.end):  # who was never asked is no site of the trial
        never = (workload.task == plan.network.tasks.index(REPLACEMENT.name)) & (timelines.end < 0)
        in_scope[place[np.cumsum(begins) - 1][never]] = False
    first = np.concatenate(([0], np.cumsum(np.bincount(workload.task, minlength=len(plan.network.tasks)))))
    return Played(
        plan.scenario,
        plan.network,
        replication,
        timelines,
        np.cumsum(begins) - 1,
        workload.by_task,
        first,
        place,
        trial,
        site,
        in_scope,
    )


def decided(run: Played, event: str, level: Level) -> Decided:
    """The row that decides `event` for each trial (t), or for each place (p), and when it ended.

    Raises
    ------
    ValueError
        If no task has that name.
    """
    if (event, level) not in run.known:
        run.known[event, level] = _decided(run, event, level)
    return run.known[event, level]


def may_come(run: Played, event: str, level: Level) -> Bool:
    """(t) or (p): whether `event` may still happen, where it has not by the horizon: its group is open."""
    if level == "trial" and decided(run, event, "trial").at_sites:
        at_places = run.place_in_scope & may_come(run, event, "site")
        return np.bincount(run.place_trial, at_places, len(run.replication.trials)) > 0
    row = decided(run, event, level).row
    if not len(run.timelines.end):
        return np.ones(len(row), bool)
    group = np.where(row == NONE, NONE, run.replication.workload.group[row])
    return run.group_ends[group] >= run.network.horizon


def minutes(span: Span) -> int:
    """The minutes of a span of calendar days [min]."""
    return round(span.days * MINUTES_PER_DAY)


def _decided(run: Played, event: str, level: Level) -> Decided:
    rows = _one_per_unit(run, event)
    place = run.unit_place[run.unit[rows]]
    at_site = place != NONE
    by_trial = np.full(len(run.replication.trials), NONE)
    by_trial[run.replication.workload.trial[rows[~at_site]]] = rows[~at_site]
    row = by_trial
    if level == "site":
        row = by_trial[run.place_trial]
        row[place[at_site]] = rows[at_site]
    elif at_site.all():
        row = _first_of_trial(run, decided(run, event, "site"))
    return Decided(row, run.ends(row), bool(at_site.any()))


def _one_per_unit(run: Played, event: str) -> Int:
    """The deciding row of each unit that has rows of `event`, in the order of the rows."""
    rows = run.rows_of(event)
    rows = rows[run.timelines.outcome[rows] != Outcome.WAIVED] if len(run.timelines.outcome) else rows
    if run.network.stages[run.network.tasks.index(event)] == PATIENTS:
        rows = rows[np.lexsort((run.ends(rows), run.unit[rows]))]
        return rows[_starts_of_groups(run.unit[rows])]
    return rows[_starts_of_groups(run.unit[rows][::-1])[::-1]]


def _first_of_trial(run: Played, at_sites: Decided) -> Int:
    """(t) among the places of a trial in scope, the row that ended first."""
    mine = np.flatnonzero(run.place_in_scope & (at_sites.row != NONE))
    mine = mine[np.lexsort((at_sites.end[mine], run.place_trial[mine]))]
    mine = mine[_starts_of_groups(run.place_trial[mine])]
    first = np.full(len(run.replication.trials), NONE)
    first[run.place_trial[mine]] = at_sites.row[mine]
    return first


def _starts_of_groups(values: Int) -> Bool:
    """True where a value differs from the one before it."""
    return np.concatenate((np.ones(min(len(values), 1), bool), values[1:] != values[:-1]))


def _index(tasks: tuple[str, ...], name: str) -> int:
    if name not in tasks:
        nearest = get_close_matches(name, tasks, 1)
        hint = f"did you mean {nearest[0]!r}?" if nearest else f"known: {', '.join(tasks)}"
        raise ValueError(f"event {name!r}: must be the name of a task of the scenario; {hint}")
    return tasks.index(name)
