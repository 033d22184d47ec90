"""Where the events of a replication are: the row that decides each event, at every site and at the first one.

`Played` is one replication that an engine has run, with its `places`: the (trial, site) pairs that take part. An event
is the end of the task with its name. Of a task that is repeated the last round decides; of patients, the first one.
A trial reaches an event of its sites when the first site in scope does.

A row that decides is an index into the workload; `NONE` where the trial or the place has no such row. An instant is
in minutes; `NEVER` where the event has not happened by the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.model.network import NONE, Int, Network, Timelines
from sim.model.trials import Replication
from sim.scenario import schema
from sim.scenario.quantities import MINUTES_PER_DAY, Span

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
class Played:
    """One replication, run: p places, of t trials."""

    scenario: schema.Scenario
    network: Network
    replication: Replication
    timelines: Timelines
    codes: Int  # (rows) one number per (trial, site), increasing
    by_task: Int  # (rows) the rows task by task, those of a task in their order
    first_of_task: Int  # (tasks + 1) where each task begins in `by_task`
    place_code: Int  # (p)
    place_trial: Int  # (p)
    place_in_scope: Bool  # (p)

    @property
    def window(self) -> tuple[int, int]:
        """The observation window [min]: from the end of the warm-up, up to but without the second instant."""
        windows = self.scenario.windows
        opens = minutes(windows.warm_up)
        return opens, opens + minutes(windows.observation)

    def rows_of(self, event: str) -> Int:
        """The rows of the task named `event`, increasing. Raises ValueError if there is no such task."""
        index = _index(self.network.tasks, event)
        return self.by_task[self.first_of_task[index] : self.first_of_task[index + 1]]

    def scope(self, level: Level) -> Bool:
        """(t) or (p): the trials, or places, that the goal is about."""
        return self.replication.trials.in_scope if level == "trial" else self.place_in_scope

    def tasks_named(self, names: tuple[str, ...]) -> Int:
        """The indices of tasks. Raises ValueError for a name that the network does not have."""
        return np.array([_index(self.network.tasks, name) for name in names], np.int64)

    def ends(self, rows: Int) -> Int:
        """When `rows` ended [min]: `NEVER` for `NONE` and for what has not ended."""
        if not len(self.timelines.end):
            return np.full(rows.shape, NEVER)
        end = np.where(rows == NONE, NONE, self.timelines.end[rows])
        return np.where(end < 0, NEVER, end)


def played(plan: Planned, replication: Replication, timelines: Timelines) -> Played:
    """The replication with its places found."""
    workload, sites = replication.workload, len(plan.network.sites)
    codes = workload.trial * (sites + 1) + workload.site + 1
    at_site = codes[_starts_of_groups(codes)]
    at_site = at_site[at_site % (sites + 1) != 0]
    trial, site = np.divmod(at_site - 1, sites + 1)
    in_scope = replication.trials.in_scope[trial] & replication.site_in_scope[site]
    by_task = np.argsort(workload.task.astype(np.int16), kind="stable")  # a radix sort, ten times as fast
    first = np.concatenate(([0], np.cumsum(np.bincount(workload.task, minlength=len(plan.network.tasks)))))
    return Played(
        plan.scenario, plan.network, replication, timelines, codes, by_task, first, at_site, trial, in_scope,
    )


def deciding_rows(run: Played, event: str, level: Level) -> Int:
    """The row that decides `event` for each trial (t), or for each place (p).

    Raises
    ------
    ValueError
        If no task has that name.
    """
    rows = _one_per_place(run, event)
    by_trial = np.full(len(run.replication.trials), NONE)
    whole = run.replication.workload.site[rows] == NONE
    by_trial[run.replication.workload.trial[rows[whole]]] = rows[whole]
    by_place = by_trial[run.place_trial]
    by_place[np.searchsorted(run.place_code, run.codes[rows[~whole]])] = rows[~whole]
    if level == "site":
        return by_place
    return by_trial if whole.any() else _first_of_trial(run, by_place)


def happens_at_sites(run: Played, event: str) -> bool:
    """Whether `event` is one of the sites, not of the trial as a whole."""
    return bool((run.replication.workload.site[run.rows_of(event)] != NONE).any())


def minutes(span: Span) -> int:
    """The minutes of a span of calendar days [min]."""
    return round(span.days * MINUTES_PER_DAY)


def _one_per_place(run: Played, event: str) -> Int:
    """The deciding row of each (trial, site) that has rows of `event`, in the order of the rows."""
    rows = run.rows_of(event)
    if run.network.stages[run.network.tasks.index(event)] == PATIENTS:
        rows = rows[np.lexsort((run.ends(rows), run.codes[rows]))]
        return rows[_starts_of_groups(run.codes[rows])]
    return rows[_starts_of_groups(run.codes[rows][::-1])[::-1]]


def _first_of_trial(run: Played, by_place: Int) -> Int:
    """(t) among the places of a trial in scope, the row that ended first."""
    mine = np.flatnonzero(run.place_in_scope & (by_place != NONE))
    mine = mine[np.lexsort((run.ends(by_place[mine]), run.place_trial[mine]))]
    mine = mine[_starts_of_groups(run.place_trial[mine])]
    first = np.full(len(run.replication.trials), NONE)
    first[run.place_trial[mine]] = by_place[mine]
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
