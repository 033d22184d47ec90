"""The laws that hold in every run, whatever is drawn, checked on what a replication gave.

`broken` gives, for each law, how many rows or pools break it: none, unless the program is wrong.

- longest path: a row is ready when the last predecessor that it needs has counted, starts no sooner, and takes as long
  as its work does on its clock, without its breaks; so every end is the longest chain of waits, lags and work to it;
- flow: what has happened has happened in order and before the horizon, and every row that became ready is waiting, at
  work, given up or ended;
- use: nobody starts, or goes on, with people who are not there;
- Little: the requests that wait, counted from change to change, are on average those that their waits add up to.

References
----------
Little J. D. C. (1961). A proof for the queuing formula L = lambda W. Operations Research 9, 383-387.
doi:10.1287/opre.9.3.383
Kelley J. E. (1961). Critical-path planning and scheduling: mathematical basis. Operations Research 9, 296-320.
doi:10.1287/opre.9.3.296
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis.attribution import counted
from sim.analysis.events import Played
from sim.analysis.pools import PoolLoad, breaks_of, given_back
from sim.model.network import NOT_REACHED, NOT_SERVED, NOT_YET, Int, Outcome, among, matches

EVERY = 10
"""They are checked in every tenth replication, from the first one on: all of them would take half as long again."""

NEAR = 1e-9
"""How far two sums of the same minutes may lie apart, in parts of themselves."""


@dataclass(frozen=True, slots=True)
class Laws:
    """How many break each law."""

    longest_path: int  # rows
    flow: int  # rows
    use: int  # rows that start with somebody who is not there
    little: int  # kinds of pool
    rows: int  # that were looked at

    @property
    def hold(self) -> bool:
        """Whether all of them do."""
        return not any(getattr(self, each) for each in LAWS)

    def __add__(self, other: Laws) -> Laws:
        """Of two replications together."""
        return Laws(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Laws)))


LAWS = ("longest_path", "flow", "use", "little")
"""Their names."""


def broken(run: Played, loads: tuple[PoolLoad, ...]) -> Laws:
    """How many rows and pools of a replication break each law; `loads` are those of its pools."""
    rows = len(run.timelines.end)
    if not rows:
        return Laws(0, 0, 0, 0, 0)
    path = int((_ready_wrong(run) | _work_wrong(run)).sum())
    return Laws(path, int(_out_of_order(run).sum()), _beyond(run), _apart(run, loads), rows)


def _ready_wrong(run: Played) -> NDArray[np.bool_]:
    """(rows) Ready at another instant than that at which the last predecessor that it needs counted, or its release."""
    workload, timelines, horizon = run.replication.workload, run.timelines, run.network.horizon
    before = np.repeat(np.arange(len(workload)), np.diff(workload.first_edge))
    edges = np.flatnonzero((timelines.end[before] >= 0) & ~among(timelines.outcome[before], NOT_REACHED))
    after, at = workload.successor[edges], counted(run.network, workload, edges, timelines.end[before[edges]])
    ready, n = timelines.ready, len(workload)
    known = np.bincount(after[at < horizon], minlength=n)
    by_then = np.bincount(after[at <= ready[after]], minlength=n)
    sooner = np.bincount(after[at < ready[after]], minlength=n)
    waits = workload.needs > 0
    is_ready = np.where(waits, known >= workload.needs, workload.release < horizon)
    right = np.where(waits, (by_then >= workload.needs) & (sooner < workload.needs), ready == workload.release)
    wrong = np.where(is_ready, ~right, ready != NOT_YET)
    stands_by = workload.stands_by[workload.group]  # its rows may be ready later, and waited for by fewer
    wrong &= ~stands_by
    if workload.drops.any() or stands_by.any():  # who waits for every row may go on without those that were given up
        open_edges = np.flatnonzero((timelines.end[before] < 0) | stands_by[before])
        without = np.bincount(workload.successor[open_edges], minlength=n) > 0
        wrong &= ~(workload.every & without)
    return np.asarray(wrong)


def _work_wrong(run: Played) -> NDArray[np.bool_]:
    """(rows) Done, and not in the time that its work takes on its clock; or ended later than that."""
    workload, timelines = run.replication.workload, run.timelines
    wrong = np.zeros(len(workload), bool)
    ended = (timelines.end >= 0) & (timelines.outcome != Outcome.WAIVED)
    for index, clock in enumerate(run.network.clocks):
        rows = np.flatnonzero(ended & (workload.clock == index))
        spent = clock.open_minutes(timelines.start[rows], timelines.end[rows])
        each, pause = matches(rows, timelines.breaks[:, 0])
        paused = clock.open_minutes(timelines.breaks[pause, 1], timelines.breaks[pause, 2])
        spent = spent - np.bincount(each, paused, minlength=len(rows)).astype(np.int64)
        whole = among(timelines.outcome[rows], (Outcome.DONE, Outcome.LATE))
        wrong[rows] = np.where(whole, spent != workload.work[rows], spent > workload.work[rows])
    return wrong


def _out_of_order(run: Played) -> NDArray[np.bool_]:
    """(rows) Later parts without earlier ones, or before them, or past the horizon; or an end without an outcome."""
    timelines = run.timelines
    wrong = (timelines.end >= 0) != (timelines.outcome != Outcome.NOT_YET)
    for earlier, later in ((timelines.ready, timelines.start), (timelines.start, timelines.end)):
        wrong |= (later >= 0) & ((earlier < 0) | (earlier > later))
        wrong |= later >= run.network.horizon
    return np.asarray(wrong)


def _beyond(run: Played) -> int:
    """Starts at which more units of a pool are at work than are present, or more seats taken than a sitting has."""
    network, timelines, ends = run.network, run.timelines, given_back(run)
    if not network.pools:
        return 0
    rows, pool, units = run.replication.workload.asks
    held = (timelines.start[rows] >= 0) & ~among(timelines.outcome[rows], (*NOT_SERVED, Outcome.WAIVED))
    meets = np.array([each.sittings is not None for each in network.pools])
    free = np.array([each.batch > 0 for each in network.pools])
    stay = np.where(ends[rows] < 0, network.horizon, ends[rows])
    people = np.flatnonzero(held & ~meets[pool] & ~free[pool] & (stay > timelines.start[rows]))
    seats = np.flatnonzero(held & meets[pool])
    breaks = breaks_of(run)  # they end a stay, and begin another
    there = ~meets[breaks.pool]
    held_by = [
        np.concatenate((own[people], of_break[there]))
        for own, of_break in zip(
            (pool, units, timelines.start[rows], stay),
            (breaks.pool, breaks.units, breaks.end, breaks.start),
            strict=True,
        )
    ]
    return _crowded(run, held_by) + _unseated(run, pool[seats], rows[seats])


def _crowded(run: Played, held_by: Sequence[Int]) -> int:
    """Starts at which more are at work than present; each pool on a stretch of time of its own."""
    pool, units, start, stay = held_by
    stretch = run.network.horizon + 1
    begins, stops = pool * stretch + start, pool * stretch + stay
    there = [
        (index * stretch + each.changes[each.changes < stretch], each.units[each.changes < stretch])
        for index, each in enumerate(run.network.pools)
    ]
    changes, present = (np.concatenate([np.zeros(0, np.int64), *column]) for column in zip(*there, strict=True))
    begun, given = _so_far(begins, units), _so_far(stops, units)
    first = pool * stretch
    at_work = begun(begins) - begun(first - 1) - (given(begins) - given(first - 1))
    return int((at_work > present[np.searchsorted(changes, begins, side="right") - 1]).sum())


def _so_far(instants: Int, units: Int) -> Callable[[Int], Int]:
    """How many units up to an instant, itself included."""
    order = np.argsort(instants, kind="stable")
    sorted_, total = instants[order], np.concatenate(([0], np.cumsum(units[order])))
    return lambda at: np.asarray(total[np.searchsorted(sorted_, at, side="right")], np.int64)


def _unseated(run: Played, pool: Int, rows: Int) -> int:
    """Rows beyond the seats of their sitting."""
    stretch = run.network.horizon + 1
    taken, number = np.unique(pool * stretch + run.timelines.start[rows], return_counts=True)
    bodies = [(index, each) for index, each in enumerate(run.network.pools) if each.sittings is not None]
    dates = (index * stretch + each.sittings for index, each in bodies if each.sittings is not None)
    instants = np.concatenate([np.zeros(0, np.int64), *dates])
    seats = np.concatenate([np.zeros(0, np.int64), *(each.seats for _, each in bodies if each.seats is not None)])
    has = _so_far(instants, seats)
    return int(np.maximum(number - (has(taken) - has(taken - 1)), 0).sum())


def _apart(run: Played, loads: tuple[PoolLoad, ...]) -> int:
    """Kinds of pool whose backlog is not that of those who wait, counted from change to change."""
    timelines, workload = run.timelines, run.replication.workload
    rows, pool, _ = workload.asks
    asks = (timelines.ready[rows] >= 0) & (timelines.outcome[rows] != Outcome.WAIVED)
    rows, pool = rows[asks], pool[asks]
    given_up = np.maximum(run.group_ends[workload.group[rows]], timelines.ready[rows])
    leaves = np.where(timelines.start[rows] >= 0, timelines.start[rows], given_up)
    breaks = breaks_of(run)
    pool = np.concatenate((pool, breaks.pool))
    enters = np.concatenate((timelines.ready[rows], breaks.ready))
    leaves = np.concatenate((leaves, breaks.leaves))
    kind = np.array([each.kind or each.name for each in run.network.pools])
    found = 0
    for load in loads:
        mine = np.isin(pool, np.flatnonzero(kind == load.kind))
        inside = mean_inside(enters[mine], leaves[mine], run.window)
        found += abs(inside - load.backlog) > NEAR * max(inside, 1.0)
    return found


def mean_inside(enters: ArrayLike, leaves: ArrayLike, window: tuple[int, int]) -> float:
    """How many are inside on average over the window, counted from change to change.

    References
    ----------
    Little J. D. C. (1961), the same as the sum of the times that each spends inside, per unit of time.
    """
    lengths, inside = stretches(enters, leaves, window)
    return float(lengths @ inside) / (window[1] - window[0])


def stretches(enters: ArrayLike, leaves: ArrayLike, window: tuple[int, int]) -> tuple[Int, Int]:
    """The lengths of the stretches of the window between two changes, and how many are inside during each."""
    enters, leaves = (np.clip(np.asarray(instants, np.int64), *window) for instants in (enters, leaves))
    instants = np.concatenate(([window[0]], enters, leaves, [window[1]]))
    steps = np.concatenate(([0], np.ones(len(enters), np.int64), -np.ones(len(leaves), np.int64), [0]))
    order = np.argsort(instants, kind="stable")
    return np.diff(instants[order]), np.cumsum(steps[order])[:-1]
