"""Why the goal was reached when it was: what finished last, and where the days went.

A `Binding` is the share of trials (or places) at which one prerequisite of the goal finished last. An `Attribution`
gives, per task, the mean days of lag, of wait and of work on the binding chain between the goal's two events.

Both walk back from the goal's end along binding predecessors: the one that was counted last, and so made a row ready
(`binding_predecessors`, one row or `NONE` per row). What finished last is the nearest prerequisite on that way; where
the way meets none, the nearest task that took any time since the goal's first event. A `Chain` is a flat table of the
segments of many chains: each belongs to a `unit` (a trial or a place), names its `row`, and holds minutes of lag
(before the row was ready), of wait (before it started) and of work. Clipped at an instant, the segments of a unit add
up to the time from that instant to its end, exactly: every day belongs to one task, and the days of an `Attribution`
add up to the mean time from `from` to `to` (0 for a trial whose `to` came first).

References
----------
Kelley J. E. (1961). Critical-path planning and scheduling: mathematical basis. Operations Research 9, 296-320.
doi:10.1287/opre.9.3.296
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import NEVER, Level, Planned, Played, decided, played
from sim.model.network import NONE, Int, Network, Timelines, Workload
from sim.model.trials import Replication
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.schema import Goal

OTHER = ""
"""The name of what binds where it is no prerequisite: no task can be called so."""

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Binding:
    """How often one prerequisite finished last."""

    prerequisite: str  # a task, the goal's `from`, or OTHER
    level: Level
    share: float  # nan where no trial counts
    trials: int  # that reach the goal (places, at site level)
    mostly: str = ""  # of OTHER: the task that it was most often


@dataclass(frozen=True, slots=True)
class Attribution:
    """Mean days per trial [d] on the binding chain from the goal's `from` to its `to` at the first site."""

    tasks: tuple[str, ...]
    stages: tuple[str, ...]
    lag: Float  # (tasks) planned or drawn delay between the predecessor's end and the task being ready
    wait: Float  # (tasks) from ready to start: for people, or for a sitting
    work: Float  # (tasks) from start to end
    trials: int


def explain(plan: Planned, replication: Replication, timelines: Timelines) -> Attribution | None:
    """Where the days between the goal's events go; None if the scenario has no goal."""
    if plan.scenario.goal is None:
        return None
    run = played(plan, replication, timelines)
    return explain_played(run, bound(run))


def bound(run: Played) -> Int:
    """(rows) The binding predecessors in the trials that reach the goal, as trials or at their places."""
    levels: tuple[Level, ...] = ("trial", "site")
    reached = np.concatenate([reached_rows(run, _goal(run), level)[0] for level in levels])
    trials = np.zeros(len(run.replication.trials), bool)
    trials[run.replication.workload.trial[reached]] = True
    return binding_predecessors(run.network, run.replication.workload, run.timelines, trials)


def explain_played(run: Played, binding: Int) -> Attribution:
    """`explain` for a replication whose binding predecessors are known; the scenario has a goal."""
    rows, since = reached_rows(run, _goal(run), "trial")
    chain = chains(binding, run.timelines, rows, since)
    task = run.replication.workload.task[chain.row]
    scale = 1 / (MINUTES_PER_DAY * max(len(rows), 1))

    def mean(minutes: Int) -> Float:
        return np.asarray(np.bincount(task, minutes, len(run.network.tasks)) * scale, np.float64)

    return Attribution(
        run.network.tasks, run.network.stages, mean(chain.lag), mean(chain.wait), mean(chain.work), len(rows)
    )


def binding_shares(run: Played, binding: Int) -> tuple[Binding, ...]:
    """The share of trials, and of places, at which each prerequisite of the goal (each task, if none) finished last."""
    return (*_shares(run, binding, "trial"), *_shares(run, binding, "site"))


def _shares(run: Played, binding: Int, level: Level) -> list[Binding]:
    goal = _goal(run)
    names = tuple(dict.fromkeys((*(goal.prerequisites or run.network.tasks), goal.from_)))
    tasks = _last_tasks(run, binding, reached_rows(run, goal, level))
    counts = np.bincount(tasks, minlength=len(run.network.tasks) + 1)
    total = float(len(tasks)) if len(tasks) else np.nan
    places = [run.network.tasks.index(name) for name in names]
    others = np.where(np.isin(np.arange(len(counts)), places), 0, counts)
    mostly = (*run.network.tasks, "")[int(np.argmax(others))] if others.any() else ""
    found = [
        Binding(name, level, float(counts[place] / total), len(tasks))
        for name, place in zip(names, places, strict=True)
    ]
    return [*found, Binding(OTHER, level, float(others.sum() / total), len(tasks), mostly)]


def _last_tasks(run: Played, binding: Int, reached: tuple[Int, Int]) -> Int:
    """(units) The task that finished last; one more than the last task where there is none.

    That is the nearest prerequisite on the way back. Where none is met before the goal's first event, and that event is
    not a prerequisite itself, it is the nearest task that took any time since then.
    """
    rows, since = reached
    task, goal = run.replication.workload.task, _goal(run)
    named = np.zeros(len(run.network.tasks), bool)
    named[run.tasks_named((*goal.prerequisites, goal.from_))] = True
    last = last_of(binding, rows, named[task])
    found = np.where(last == NONE, len(run.network.tasks), task[last])
    first = run.network.tasks.index(goal.from_)
    if goal.from_ in goal.prerequisites:
        return found
    took_time = run.timelines.end > run.timelines.ready
    before = last_of(binding, rows, took_time)
    before = np.where(_later(run, before, since), before, np.where(took_time[rows], rows, NONE))
    unnamed = np.isin(found, (first, len(run.network.tasks))) & (before != NONE)
    return np.where(unnamed, task[before], found)


def _later(run: Played, rows: Int, since: Int) -> NDArray[np.bool_]:
    """(units) Whether there is a row, and it ended after the instant [min]."""
    return np.asarray((rows != NONE) & (run.timelines.end[rows] > since))


def reached_rows(run: Played, goal: Goal, level: Level) -> tuple[Int, Int]:
    """The rows that reach the goal, of the trials or places that count, and the instants [min] since when."""
    reached, since = decided(run, goal.to, level), decided(run, goal.from_, level).end
    opens, closes = run.window
    counts = run.scope(level) & (opens <= since) & (since < closes) & (reached.end < NEVER)
    return reached.row[counts], since[counts]


def _goal(run: Played) -> Goal:
    assert run.scenario.goal is not None  # `measure` and `explain` ask only then
    return run.scenario.goal


@dataclass(frozen=True, slots=True)
class Chain:
    """Segments of binding chains, one per (unit, row) [min]."""

    unit: Int
    row: Int
    lag: Int
    wait: Int
    work: Int


def binding_predecessors(network: Network, workload: Workload, timelines: Timelines, trials: NDArray[np.bool_]) -> Int:
    """(rows) The predecessor whose count made each row of `trials` ready; of several at that instant, the last row.

    `NONE` for a row without, and for the rows of other trials.
    """
    rows = np.flatnonzero(trials[workload.trial] & (timelines.end >= 0))
    number = np.diff(workload.first_edge)[rows]
    before = np.repeat(rows, number)
    nth = np.arange(len(before)) - np.repeat(np.cumsum(number) - number, number)
    edges = workload.first_edge[before] + nth
    after = workload.successor[edges]
    decided = counted(network, workload, edges, timelines.end[before]) == timelines.ready[after]
    binding = np.full(len(workload), NONE)
    binding[after[decided]] = before[decided]
    for closer in np.flatnonzero((workload.closes != NONE) & (timelines.end >= 0) & workload.drops[workload.closes]):
        after = _let_go(workload, timelines, int(closer))
        after = after[(timelines.ready[after] == timelines.end[closer]) & (binding[after] == NONE)]
        binding[after[trials[workload.trial[after]]]] = closer
    for closer in np.flatnonzero((workload.closes != NONE) & (timelines.end >= 0)) if workload.stands_by.any() else ():
        after = _woken(workload, timelines, int(closer))
        after = after[(timelines.ready[after] == timelines.end[closer]) & (binding[after] == NONE)]
        binding[after[trials[workload.trial[after]]]] = closer
    return binding


def _woken(workload: Workload, timelines: Timelines, closer: int) -> Int:
    """The rows of the groups that may replace the one that a row has closed."""
    found, group = [np.zeros(0, np.int64)], workload.replaced_by[workload.closes[closer]]
    while group != NONE:
        found += [workload.within[workload.first_within[group] : workload.first_within[group + 1]], np.array([group])]
        group = workload.replaced_by[group]
    return np.flatnonzero(np.isin(workload.group, np.concatenate(found)) & (timelines.ready >= 0))


def _let_go(workload: Workload, timelines: Timelines, closer: int) -> Int:
    """Who waits no longer for rows of the group that a row has closed and that drops."""
    group = workload.closes[closer]
    within = workload.within[workload.first_within[group] : workload.first_within[group + 1]]
    rows = np.flatnonzero(np.isin(workload.group, np.append(within, group)) & (timelines.end < 0))
    number = workload.first_edge[rows + 1] - workload.first_edge[rows]
    nth = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    after = workload.successor[np.repeat(workload.first_edge[rows], number) + nth]
    return np.asarray(after[workload.every[after]])


def chains(binding: Int, timelines: Timelines, rows: Int, since: Int) -> Chain:
    """The chains of `rows` (units; each has ended) back to the instants `since` (units) [min]."""
    unit, row = np.arange(len(rows)), rows
    pieces: list[tuple[Int, ...]] = []
    while True:
        later = timelines.end[row] > since[unit]
        unit, row = unit[later], row[later]
        pieces.append(_segments(binding, timelines, unit, row, since[unit]))
        unit, row = unit[binding[row] != NONE], binding[row][binding[row] != NONE]
        if not len(unit):
            return Chain(*(np.concatenate(column) for column in zip(*pieces, strict=True)))


def last_of(binding: Int, rows: Int, wanted: NDArray[np.bool_]) -> Int:
    """(units) The nearest row before each of `rows` along its chain that `wanted` (rows) marks, else `NONE`."""
    found = np.where(rows == NONE, NONE, binding[rows])
    walking = np.flatnonzero(found != NONE)
    while len(walking := walking[~wanted[found[walking]]]):
        found[walking] = binding[found[walking]]
        walking = walking[found[walking] != NONE]
    return found


def _segments(binding: Int, timelines: Timelines, unit: Int, row: Int, since: Int) -> tuple[Int, ...]:
    before = binding[row]
    left = np.where(before == NONE, since, timelines.end[before])
    left, ready, start = (np.maximum(instant, since) for instant in (left, timelines.ready[row], timelines.start[row]))
    breaks = timelines.in_breaks(row, since)
    return unit, row, ready - left, start - ready + breaks, timelines.end[row] - start - breaks


def counted(network: Network, workload: Workload, edges: Int, end: Int) -> Int:
    """(edges) When each of `edges` counts, for predecessors that ended at `end` [min]."""
    lag, clock = workload.lag[edges], workload.lag_clock[edges]
    counts = end + lag
    for index, each in enumerate(network.clocks):
        mine = np.flatnonzero((clock == index) & (lag != 0))
        counts[mine] = each.add_many(end[mine], lag[mine])
    return counts
