"""How loaded the people are: wait, utilisation and backlog of every kind of pool.

A `PoolLoad` gathers the pools of one kind (one contract office per site, say) and names the busiest. Requests are the
rows that became ready inside the observation window; busy time, open time and backlog are those of the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import Played
from sim.model.network import NONE, Int, Network, Outcome, Pool
from sim.scenario.quantities import MINUTES_PER_DAY

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PoolLoad:
    """The load of all pools of one kind."""

    kind: str
    mean_wait: float  # [d] of the requests that were served by the horizon
    p90_wait: float  # [d] of the served and the still waiting; inf where it falls on the latter
    utilisation: float  # unit-minutes used per unit-minute open; for sittings, seats used per seat; nan: none open
    backlog: float  # [requests] time average of those waiting, all pools of the kind together
    requests: int
    busiest: str  # the site or sponsor whose pool is used most, "" if there is only one
    busiest_utilisation: float
    sittings: bool  # the kind is a body that meets
    starved: int  # [requests] of those in the window, still waiting at the horizon
    never_empty: int  # [pools] with somebody waiting at every moment of the window


def pool_loads(run: Played) -> tuple[PoolLoad, ...]:
    """The load of each kind of pool, in the order in which the pools deal."""
    pools = run.network.pools
    if not pools:
        return ()
    kinds = tuple(dict.fromkeys(_kind(pool) for pool in pools))
    rows = np.flatnonzero((run.replication.workload.pool != NONE) & (run.timelines.ready >= 0)
                          & (run.timelines.outcome != Outcome.WAIVED))
    of_kind = np.array([kinds.index(_kind(pool)) for pool in pools], np.int64)[run.replication.workload.pool[rows]]
    leaves = _leaves_queue(run, rows)
    used, open_ = _used(run, rows), _available(run)
    return tuple(
        _load(run, kind, (rows[of_kind == index], leaves[of_kind == index]), used, open_) for index, kind in enumerate(kinds)
    )


def _load(run: Played, kind: str, queue: tuple[Int, Int], used: Float, open_: Float) -> PoolLoad:
    rows, leaves = queue
    opens, closes = run.window
    ready, start = run.timelines.ready[rows], run.timelines.start[rows]
    mine = np.array([_kind(pool) == kind for pool in run.network.pools])
    asked = (opens <= ready) & (ready < closes)
    waits = (start - ready)[asked & (start >= 0)] / MINUTES_PER_DAY
    still = int((asked & (start < 0) & (leaves == run.network.horizon)).sum())
    busiest = _busiest(run.network, mine, used, open_)
    waiting = np.clip(leaves, opens, closes) - np.clip(ready, opens, closes)
    return PoolLoad(
        kind, float(waits.mean()) if len(waits) else nan, _p90(waits, still),
        _share(used[mine].sum(), open_[mine].sum()), float(waiting.sum() / (closes - opens)), int(asked.sum()),
        run.network.pools[busiest].owner, _share(used[busiest], open_[busiest]),
        any(pool.sittings is not None for pool in run.network.pools if _kind(pool) == kind),
        still, _never_empty(run.replication.workload.pool[rows], ready, leaves, run.window),
    )


def _never_empty(pool: Int, ready: Int, leaves: Int, window: tuple[int, int]) -> int:
    """How many pools have a queue, of rows that wait from `ready` until `leaves` [min], that spans the whole window."""
    order = np.lexsort((ready, pool))
    spans = 0
    for mine in np.split(order, np.flatnonzero(np.diff(pool[order])) + 1) if len(order) else ():
        until = np.maximum.accumulate(leaves[mine])
        gap = (ready[mine][1:] > until[:-1]) & (until[:-1] < window[1]) & (ready[mine][1:] > window[0])
        spans += bool(ready[mine][0] <= window[0] and until[-1] >= window[1] and not gap.any())
    return spans


def _p90(waits: Float, still: int) -> float:
    """The 90th percentile [d] of `waits` and of `still` more that have no end."""
    everyone = np.append(waits, np.full(still, inf))
    return float(np.quantile(everyone, 0.9, method="inverted_cdf")) if len(everyone) else nan


def _busiest(network: Network, mine: NDArray[np.bool_], used: Float, open_: Float) -> int:
    shares = [_share(used[index], open_[index]) if mine[index] else -1.0 for index in range(len(network.pools))]
    return int(np.argmax(np.nan_to_num(shares, nan=-0.5)))


def _leaves_queue(run: Played, rows: Int) -> Int:
    """When each row left the queue [min]: when it started or its group closed, else the horizon."""
    workload, line = run.replication.workload, run.timelines
    closed = np.full(len(workload.parent) + 1, run.network.horizon)  # the last is for rows without a group
    closing = np.flatnonzero((workload.closes != NONE) & (line.end >= 0))
    np.minimum.at(closed, workload.closes[closing], line.end[closing])
    closed[:-1] = np.minimum(closed[:-1], closed[workload.parent])
    return np.where(line.start[rows] >= 0, line.start[rows], np.maximum(closed[workload.group[rows]], line.ready[rows]))


def _used(run: Played, rows: Int) -> Float:
    """(pools) Unit-minutes used in the window while the pool was open; for sittings, seats."""
    line, pools = run.timelines, run.network.pools
    opens, closes = run.window
    start, end = line.start[rows], np.where(line.end[rows] < 0, run.network.horizon, line.end[rows])
    inside = (start >= 0) & (start < closes) & (end >= opens)
    start, end, pool = start[inside], end[inside], run.replication.workload.pool[rows][inside]
    meets = np.array([each.sittings is not None for each in pools], bool)[pool]
    spent = np.where(meets, opens <= start, _open_minutes(run, pool, start, end))
    return np.asarray(np.bincount(pool, spent, minlength=len(pools)), np.float64)


def _available(run: Played) -> Float:
    """(pools) Unit-minutes open in the window; for sittings, seats."""
    pools, closes = run.network.pools, run.window[1]
    pool = np.repeat(np.arange(len(pools)), [len(each.changes) for each in pools])
    changes = np.concatenate([each.changes for each in pools])
    until = np.concatenate([np.append(each.changes[1:], closes) for each in pools])
    units = np.concatenate([each.units for each in pools])
    minutes = np.bincount(pool, _open_minutes(run, pool, changes, until) * units, minlength=len(pools))
    return np.array([
        spent if each.sittings is None or each.seats is None else _seats(each.sittings, each.seats, run.window)
        for each, spent in zip(pools, minutes, strict=True)
    ])


def _open_minutes(run: Played, pool: Int, starts: Int, stops: Int) -> Int:
    """Minutes of [start, stop] inside the window at which the clock of each one's pool is open."""
    clock = np.array([each.clock for each in run.network.pools], np.int64)[pool]
    starts, stops = (np.clip(instants, *run.window) for instants in (starts, stops))
    minutes = np.zeros(len(pool), np.int64)
    for index in np.unique(clock):
        mine = clock == index
        minutes[mine] = run.network.clocks[index].open_minutes(starts[mine], stops[mine])
    return minutes


def _seats(sittings: Int, seats: Int, window: tuple[int, int]) -> int:
    return int(seats[(window[0] <= sittings) & (sittings < window[1])].sum())


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else nan


def _kind(pool: Pool) -> str:
    return pool.kind or pool.name
