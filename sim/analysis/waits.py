"""Why a row waited for people: minute by minute, what stood between it and its start.

`kinds_of_wait` parts the wait of rows into four kinds that add up to it, exactly:

- off duty: a pool that the row needs is closed (night, week-end, holiday), or too few of its people are present (leave,
  absence);
- sitting: a body that meets does not do so before the first date at which it could take the row;
- overtaken: everybody is busy, and somebody of the pool works on a row that became ready later (priority, due date);
- busy: everybody is busy with rows that were there before, or every seat of earlier sittings was taken.

`held_by` says on what those were at work who were waited for. These are the kinds of waiting-time analysis of process
mining; there they are estimated from logs, here the engine's own times tell.

References
----------
Lashkevich K., Milani F., Chapela-Campa D., Suvorau I., Dumas M. (2024). Unveiling the causes of waiting time in
business processes from event logs. Information Systems 126, 102434. doi:10.1016/j.is.2024.102434
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.model.network import NONE, NOT_SERVED, Int, Network, Pool, Timelines, Workload

KINDS = ("off_duty", "sitting", "overtaken", "busy")
"""The kinds of wait, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The k rows that are asked about: each waits from `begin` until it starts [min]."""

    rows: Int
    begin: Int

    def end(self, timelines: Timelines) -> Int:
        """When they start."""
        return timelines.start[self.rows]


def kinds_of_wait(network: Network, workload: Workload, timelines: Timelines, waiting: Waiting) -> Int:
    """(k, 4) Minutes of each kind; they add up to those from `begin` to the start of each row, which has started."""
    found = np.zeros((len(waiting.rows), len(KINDS)), np.int64)
    end = waiting.end(timelines)
    found[:, KINDS.index("busy")] = end - waiting.begin
    alone = np.diff(workload.first_also)[waiting.rows] == 0
    for index, pool in enumerate(network.pools):
        mine = np.flatnonzero(alone & (workload.pool[waiting.rows] == index) & (end > waiting.begin))
        if not len(mine):
            continue
        if pool.sittings is not None:
            _part(found, mine, "sitting", _until_first(pool, waiting.begin[mine], end[mine]))
        else:
            _part(found, mine, "off_duty", _off_duty(network, pool, 1, (waiting.begin[mine], end[mine])))
            _part(
                found,
                mine,
                "overtaken",
                _overtaken(network, workload, timelines, Waiting(waiting.rows[mine], waiting.begin[mine])),
            )
    for place in np.flatnonzero(~alone & (end > waiting.begin)):
        between = (int(waiting.begin[place]), int(end[place]))
        _part(
            found, np.array([place]), "off_duty", np.array([_team_off(network, workload, waiting.rows[place], between)])
        )
    return found


def held_by(workload: Workload, timelines: Timelines, waiting: Waiting, of_row: Int) -> Int:
    """(k, classes) Minutes that units of the pool of each row spent on rows of each class while it waited.

    Parameters
    ----------
    of_row : (rows of the workload)
        The class of each row, from 0.
    """
    end = waiting.end(timelines)
    held = np.zeros((len(waiting.rows), int(of_row.max(initial=-1)) + 1), np.int64)
    begins, stops = _service(workload, timelines)
    for pool in np.unique(workload.pool[waiting.rows]):
        mine = np.flatnonzero(workload.pool[waiting.rows] == pool) if pool != NONE else np.zeros(0, np.int64)
        served = np.flatnonzero((workload.pool == pool) & (stops > begins))
        for kind in np.unique(of_row[served]) if len(mine) else ():
            those = served[of_row[served] == kind]
            spent = _spent(begins[those], stops[those])
            held[mine, kind] = spent(end[mine]) - spent(waiting.begin[mine])
    return held


def _part(found: Int, rows: Int, kind: str, minutes: Int) -> None:
    """Take minutes of a kind out of those in which everybody is busy, as far as these go."""
    busy = KINDS.index("busy")
    taken = np.minimum(minutes, found[rows, busy])
    found[rows, KINDS.index(kind)] += taken
    found[rows, busy] -= taken


def _until_first(pool: Pool, begin: Int, end: Int) -> Int:
    """The wait for the first sitting that could take a row; the last one of those it is drawn among."""
    assert pool.sittings is not None
    if pool.window is None:
        first = pool.sittings[np.minimum(np.searchsorted(pool.sittings, begin), len(pool.sittings) - 1)]
    else:
        last = np.searchsorted(pool.sittings, begin + pool.window[1], side="right") - 1
        first = pool.sittings[np.maximum(last, 0)]
    return np.clip(first, begin, end) - begin


def _off_duty(network: Network, pool: Pool, units: int, between: tuple[Int, Int]) -> Int:
    """Minutes in which the pool is closed, or fewer than so many units are present."""
    begin, end = between
    clock = network.clocks[pool.clock]
    off = (end - begin) - clock.open_minutes(begin, end)
    until = np.append(pool.changes[1:], network.horizon)
    for since, till in zip(pool.changes[pool.units < units], until[pool.units < units], strict=True):
        low, high = np.clip(begin, since, till), np.clip(end, since, till)
        off += clock.open_minutes(low, high)
    return np.asarray(off, np.int64)


def _team_off(network: Network, workload: Workload, row: int, between: tuple[int, int]) -> int:
    """The same for a row that needs several pools at once: minutes in which any of them cannot give its units."""
    off = np.zeros(between[1] - between[0], bool)
    instants = np.arange(*between)
    rows, pools, units = workload.asks()
    for pool, needed in zip(pools[rows == row], units[rows == row], strict=True):
        here = network.pools[pool]
        present = here.units[np.searchsorted(here.changes, instants, side="right") - 1]
        opened = network.clocks[here.clock].open_minutes(instants, instants + 1) > 0
        off |= (present < needed) | ~opened
    return int(off.sum())


def _overtaken(network: Network, workload: Workload, timelines: Timelines, waiting: Waiting) -> Int:
    """Open minutes in which somebody of the pool, one for all rows, works on what became ready after each of them."""
    pool = int(workload.pool[waiting.rows[0]])
    begins, stops = _service(workload, timelines)
    served = np.flatnonzero((workload.pool == pool) & (timelines.start >= 0) & (stops > begins))
    ready, found = timelines.ready[served], np.zeros(len(waiting.rows), np.int64)
    if not _out_of_order(ready, begins[served]):
        return found
    clock = network.clocks[network.pools[pool].clock]
    for place, (row, since) in enumerate(zip(waiting.rows.tolist(), waiting.begin.tolist(), strict=True)):
        until = int(timelines.start[row])
        later = served[(ready > timelines.ready[row]) & (begins[served] < until) & (stops[served] > since)]
        if len(later):
            spans = _union(np.clip(begins[later], since, until), np.clip(stops[later], since, until))
            found[place] = sum(int(clock.open_minutes(*span)) for span in spans)
    return found


def _out_of_order(ready: Int, start: Int) -> bool:
    """Whether any row started before one that was ready earlier."""
    order = np.lexsort((start, ready))
    return bool((np.diff(start[order]) < 0).any())


def _union(begins: Int, ends: Int) -> Iterator[tuple[int, int]]:
    """Spans that do not touch, from spans that may overlap."""
    order = np.argsort(begins, kind="stable")
    since, until = int(begins[order[0]]), int(ends[order[0]])
    for place in order[1:].tolist():
        if begins[place] > until:
            yield since, until
            since, until = int(begins[place]), int(ends[place])
        until = max(until, int(ends[place]))
    yield since, until


def _service(workload: Workload, timelines: Timelines) -> tuple[Int, Int]:
    """(rows) From when until when each row holds its unit; two equal instants where it never did."""
    kept = np.where(workload.gives_back == NONE, timelines.end, timelines.end[workload.gives_back])
    stop = np.maximum(np.where(kept < 0, timelines.end, kept), timelines.end)
    served = (timelines.start >= 0) & (stop >= 0) & ~np.isin(timelines.outcome, NOT_SERVED)
    return np.where(served, timelines.start, 0), np.where(served, stop, 0)


def _spent(begins: Int, ends: Int) -> _Held:
    return _Held(np.sort(begins), np.sort(ends), np.cumsum(np.sort(begins)), np.cumsum(np.sort(ends)))


@dataclass(frozen=True, slots=True)
class _Held:
    """Unit-minutes spent before an instant, by units that are held in spans."""

    begins: Int
    ends: Int
    of_begins: Int
    of_ends: Int

    def __call__(self, instants: Int) -> Int:
        begun, ended = (np.searchsorted(each, instants, side="left") for each in (self.begins, self.ends))
        before = np.concatenate(([0], self.of_begins)), np.concatenate(([0], self.of_ends))
        return np.asarray((begun * instants - before[0][begun]) - (ended * instants - before[1][ended]), np.int64)
