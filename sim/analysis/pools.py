"""How loaded the people are: wait, utilisation and backlog of every kind of pool.

A `PoolLoad` gathers the pools of one kind (one contract office per site, say) and names the busiest. Requests are the
rows that became ready inside the observation window; busy time, open time and backlog are those of the window.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise
from math import ceil, inf, isnan, nan

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import Bool, Played
from sim.analysis.overlaps import united
from sim.model.network import NONE, Int, Network, Outcome, Pool
from sim.scenario.language.quantities import MINUTES_PER_DAY

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


@dataclass(frozen=True, slots=True)
class _Pools:
    """What does not change between the replications of a scenario: its p pools, of k kinds."""

    kinds: tuple[str, ...]  # (k)
    kind: NDArray[np.int16]  # (p) of a short type, which sorts ten times as fast
    clock: Int  # (p)
    meets: Bool  # (p) a body with sittings
    open: Float  # (p) unit-minutes open in the window; for sittings, seats


@dataclass(frozen=True, slots=True)
class _Queue:
    """Requests: the pool that each asks, and its instants [min]."""

    pool: Int
    ready: Int
    start: Int  # NOT_YET
    end: Int  # NOT_YET
    leaves: Int  # the queue: the start, or when its group closed, else the horizon

    def part(self, which: slice | Bool) -> _Queue:
        return _Queue(*(getattr(self, each.name)[which] for each in fields(self)))


def pool_loads(run: Played) -> tuple[PoolLoad, ...]:
    """The load of each kind of pool, in the order in which the pools deal."""
    if not run.network.pools:
        return ()
    pools = _pools(run.network, run.window)
    queue = _queue(run, pools)
    used = _used(run, pools, queue)
    ends = np.cumsum(np.bincount(pools.kind[queue.pool], minlength=len(pools.kinds))).tolist()
    return tuple(
        _load(run, pools, np.flatnonzero(pools.kind == kind), queue.part(slice(*between)), used)
        for kind, between in enumerate(pairwise([0, *ends]))
    )


@lru_cache(maxsize=8)
def _pools(network: Network, window: tuple[int, int]) -> _Pools:
    names = [pool.kind or pool.name for pool in network.pools]
    kinds = tuple(dict.fromkeys(names))
    return _Pools(
        kinds,
        np.array([kinds.index(name) for name in names], np.int16),
        np.array([pool.clock for pool in network.pools]),
        np.array([pool.sittings is not None for pool in network.pools]),
        np.array([_open(network, pool, window) for pool in network.pools], np.float64),
    )


def _open(network: Network, pool: Pool, window: tuple[int, int]) -> int:
    """Unit-minutes at which `pool` is open in the window; for sittings, seats."""
    if pool.sittings is not None and pool.seats is not None:
        return int(pool.seats[(window[0] <= pool.sittings) & (pool.sittings < window[1])].sum())
    changes = np.clip(np.append(pool.changes, window[1]), *window)
    return int(network.clocks[pool.clock].open_minutes(changes[:-1], changes[1:]) @ pool.units)


def _queue(run: Played, pools: _Pools) -> _Queue:
    """The requests that matter to the window, kind by kind; those of a kind in the order of the rows."""
    pool, line, (opens, closes) = run.replication.workload.pool, run.timelines, run.window
    inside = (line.ready >= 0) & (line.ready < closes) & ((line.end >= opens) | (line.end < 0))
    rows = np.flatnonzero((pool != NONE) & inside & (line.outcome != Outcome.WAIVED))
    rows = rows[np.argsort(pools.kind[pool[rows]], kind="stable")]
    ready, start, group = line.ready[rows], line.start[rows], run.replication.workload.group[rows]
    leaves = np.where(start >= 0, start, np.maximum(run.group_ends[group], ready))
    return _Queue(pool[rows], ready, start, line.end[rows], leaves)


def _load(run: Played, pools: _Pools, mine: Int, queue: _Queue, used: Float) -> PoolLoad:
    """The load of the pools `mine`, which are of one kind and are asked by `queue`; `used` (p) as `_Pools.open`."""
    opens, closes = run.window
    asked = queue.part((opens <= queue.ready) & (queue.ready < closes))
    waits = (asked.start - asked.ready)[asked.start >= 0] / MINUTES_PER_DAY
    still = int(((asked.start < 0) & (asked.leaves == run.network.horizon)).sum())
    shares = [_share(*both) for both in zip(used[mine].tolist(), pools.open[mine].tolist(), strict=True)]
    busiest = max(range(len(mine)), key=lambda index: -1 if isnan(shares[index]) else shares[index])
    starts, stops = np.clip(queue.ready, opens, closes), np.clip(queue.leaves, opens, closes)
    return PoolLoad(
        pools.kinds[pools.kind[mine[0]]],
        float(waits.mean()) if len(waits) else nan,
        _p90(waits, still),
        _share(used[mine].sum(), pools.open[mine].sum()),
        float((stops - starts).sum() / (closes - opens)),
        len(asked.pool),
        run.network.pools[mine[busiest]].owner,
        shares[busiest],
        bool(pools.meets[mine].any()),
        still,
        _never_empty(queue.pool, starts, stops, closes - opens),
    )


def _never_empty(pool: Int, starts: Int, stops: Int, window: int) -> int:
    """How many pools have somebody waiting, each from a start to a stop, during all `window` minutes."""
    enough = np.bincount(pool, stops - starts) >= window  # who waits less in all cannot fill the window
    rows = np.flatnonzero(enough[pool] & (stops > starts))
    return int((united(pool[rows], starts[rows], stops[rows]) == window).sum())


def _p90(waits: Float, still: int) -> float:
    """The 90th percentile [d] of `waits` and of `still` more that have no end."""
    if not len(waits) + still:
        return nan
    place = ceil(0.9 * (len(waits) + still)) - 1
    return float(np.partition(waits, place)[place]) if place < len(waits) else inf


def _used(run: Played, pools: _Pools, queue: _Queue) -> Float:
    """(p) Unit-minutes used in the window while the pool was open; for sittings, seats."""
    opens, closes = run.window
    served = queue.part((queue.start >= 0) & (queue.start < closes))
    pool, start, end = served.pool, served.start, np.where(served.end < 0, run.network.horizon, served.end)
    spent = np.array(opens <= start, np.int64)
    for index, clock in enumerate(run.network.clocks):
        mine = np.flatnonzero((pools.clock == index)[pool] & ~pools.meets[pool])
        spent[mine] = clock.open_minutes(np.maximum(start[mine], opens), np.clip(end[mine], opens, closes))
    return np.asarray(np.bincount(pool, spent, minlength=len(pools.kind)), np.float64)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else nan
