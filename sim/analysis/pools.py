"""How loaded the people are: wait, utilisation and backlog of every kind of pool.

A `PoolLoad` gathers the pools of one kind (one contract office per site, say) and names the busiest. Requests are the
rows that became ready inside the observation window; busy time, open time and backlog are those of the window.

Who works on after the end of a presence (leave begins, a post ends) is at work for nobody who is there: that time is
overtime, and no part of the utilisation, which is never more than all of it. A request that its limit ended while it
waited was not served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from sim.analysis.durations import Distribution, pooled
from sim.analysis.events import Bool, Played
from sim.analysis.overlaps import united
from sim.model.network import NONE, NOT_SERVED, NOT_YET, Int, Network, Outcome, Pool, among, matches
from sim.scenario.language.quantities import MINUTES_PER_DAY

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the requests of a kind of pool waited, in w different lengths, to three significant digits."""

    days: Float  # (w) [d] increasing; of who still waits, so far
    served: Bool  # (w)
    number: Int  # (w) of the requests

    def quantile(self, share: float) -> float:
        """The time [d] within which this share is served; inf if it is not reached, nan if nobody asked."""
        return waits_of([self]).quantile(share).value


@dataclass(frozen=True, slots=True)
class PoolLoad:
    """The load of all pools of one kind."""

    kind: str
    mean_wait: float  # [d] of the requests that were served by the horizon
    waits: Waits  # of the served and the still waiting
    utilisation: float  # unit-minutes used per unit-minute open, at most 1; for sittings, seats; nan: none open
    backlog: float  # [requests] time average of those waiting, all pools of the kind together
    requests: int
    busiest: str  # the site or sponsor whose pool is used most, "" if there is only one
    busiest_utilisation: float
    sittings: bool  # the kind is a body that meets
    starved: int  # [requests] of those in the window, never served: still waiting at the horizon, or `unserved`
    never_empty: int  # [pools] with somebody waiting at every moment of the window
    unserved: int = 0  # [requests] of those in the window, ended by their limit while they waited
    overtime: float = 0.0  # unit-minutes worked in open time beyond those present, per unit-minute open; nan: none open

    @property
    def p90_wait(self) -> float:
        """The time [d] within which nine requests of ten are served."""
        return self.waits.quantile(0.9)


@dataclass(frozen=True, slots=True)
class _Pools:
    """What does not change between the replications of a scenario: its p pools, of k kinds."""

    kinds: tuple[str, ...]  # (k)
    kind: NDArray[np.int16]  # (p) of a short type, which sorts ten times as fast
    clock: Int  # (p)
    meets: Bool  # (p) a body with sittings
    shrinks: Bool  # (p) has fewer people at some time than before
    open: Float  # (p) unit-minutes open in the window; for sittings, seats
    shifts: tuple[Int, Int, Int]  # (s) of pools that shrink: which, when people come or go [min], how many come


@dataclass(frozen=True, slots=True)
class _Queue:
    """Requests: the pool that each asks, and its instants [min]."""

    pool: Int
    units: Int  # of that pool
    ready: Int
    start: Int  # NOT_YET
    end: Int  # NOT_YET; when its units are given back
    leaves: Int  # the queue: the start, or when its group closed, else the horizon
    paused: Int  # minutes of breaks, in which it waits again
    in_vain: Bool  # ended by its limit while it waited

    def part(self, which: slice | Bool) -> _Queue:
        return _Queue(*(getattr(self, each.name)[which] for each in fields(self)))

    def beside(self, other: _Queue) -> _Queue:
        if not len(other.pool):
            return self
        return _Queue(*(np.concatenate((getattr(self, each.name), getattr(other, each.name))) for each in fields(self)))


def waits_of(several: Sequence[Waits]) -> Distribution:
    """The waits of several replications together: who still waits is known to wait longer than so far."""
    return pooled(
        [np.repeat(each.days, each.number) for each in several],
        [np.repeat(each.served, each.number) for each in several],
    )


def pool_loads(run: Played) -> tuple[PoolLoad, ...]:
    """The load of each kind of pool, in the order in which the pools deal."""
    if not run.network.pools:
        return ()
    pools = _pools(run.network, run.window)
    queue = _queue(run, pools)
    breaks = breaks_of(run)
    held = _held(run, queue.beside(replace(breaks, units=-breaks.units)))
    over = _overtime(run, pools, held)
    used = _used(run, pools, held) - over
    ends = np.cumsum(np.bincount(pools.kind[queue.pool], minlength=len(pools.kinds))).tolist()
    return tuple(
        _load(
            run,
            pools,
            np.flatnonzero(pools.kind == kind),
            (queue.part(slice(*between)), breaks.part(pools.kind[breaks.pool] == kind)),
            (used, over),
        )
        for kind, between in enumerate(pairwise([0, *ends]))
    )


@lru_cache(maxsize=8)
def _pools(network: Network, window: tuple[int, int]) -> _Pools:
    names = [pool.kind or pool.name for pool in network.pools]
    kinds = tuple(dict.fromkeys(names))
    shrinks = np.array([pool.sittings is None and bool((np.diff(pool.units) < 0).any()) for pool in network.pools])
    shrinking = [network.pools[index] for index in np.flatnonzero(shrinks)]
    return _Pools(
        kinds,
        np.array([kinds.index(name) for name in names], np.int16),
        np.array([pool.clock for pool in network.pools]),
        np.array([pool.sittings is not None or pool.batch > 0 for pool in network.pools]),
        shrinks,
        np.array([_open(network, pool, window) for pool in network.pools], np.float64),
        (
            np.repeat(np.flatnonzero(shrinks), [len(pool.changes) for pool in shrinking]),
            np.concatenate([np.zeros(0, np.int64), *(pool.changes for pool in shrinking)]),
            np.concatenate([np.zeros(0, np.int64), *(np.diff(pool.units, prepend=0) for pool in shrinking)]),
        ),
    )


def _open(network: Network, pool: Pool, window: tuple[int, int]) -> int:
    """Unit-minutes at which `pool` is open in the window; for sittings, seats."""
    if pool.sittings is not None and pool.seats is not None:
        return int(pool.seats[(window[0] <= pool.sittings) & (pool.sittings < window[1])].sum())
    changes = np.clip(np.append(pool.changes, window[1]), *window)
    return int(network.clocks[pool.clock].open_minutes(changes[:-1], changes[1:]) @ pool.units)


def _queue(run: Played, pools: _Pools) -> _Queue:
    """The requests that matter to the window, kind by kind; those of a kind in the order of the rows."""
    workload, line, (opens, closes) = run.replication.workload, run.timelines, run.window
    given = given_back(run)
    inside = (line.ready >= 0) & (line.ready < closes) & ((given >= opens) | (given < 0))
    inside &= line.outcome != Outcome.WAIVED
    rows, pool, units = (column for column in workload.asks)
    some = np.flatnonzero(inside[rows])
    some = some[np.argsort(pools.kind[pool[some]], kind="stable")]
    rows, pool, units = rows[some], pool[some], units[some]
    ready, start = line.ready[rows], line.start[rows]
    leaves = np.where(start >= 0, start, np.maximum(run.group_ends[workload.group[rows]], ready))
    paused = np.bincount(*_waited_in_breaks(run), minlength=len(line.end)).astype(np.int64)[rows]
    in_vain = among(line.outcome[rows], NOT_SERVED)
    return _Queue(pool, units, ready, start, given[rows], leaves, paused, in_vain)


def _waited_in_breaks(run: Played) -> tuple[Int, Int]:
    """(breaks) The row of each, and for how long it waited to go on [min]: not after its group closed."""
    row, since, until = run.timelines.breaks.T
    if not len(row):
        return row, since
    closes = np.maximum(np.minimum(run.network.horizon, run.group_ends[run.replication.workload.group[row]]), since)
    return row, np.where(until == NOT_YET, closes, until) - since


def breaks_of(run: Played) -> _Queue:
    """Every request once for each of its breaks, from when to when it held nobody."""
    row, since, until = run.timelines.breaks.T
    if not len(row):
        return _Queue(row, row, since, since, until, until, row, row > 0)
    asked, pool, units = run.replication.workload.asks
    each, mine = matches(row, asked)
    since, until = since[each], np.where(until == NOT_YET, run.network.horizon, until)[each]
    leaves = since + _waited_in_breaks(run)[1][each]
    nothing = np.zeros(len(each), np.int64)
    return _Queue(pool[mine], units[mine], since, since, until, leaves, nothing, nothing > 0)


def given_back(run: Played) -> Int:
    """(rows) When the units of a row are given back [min]: at its end, or later if it keeps them; NOT_YET."""
    workload, end = run.replication.workload, run.timelines.end
    giving = np.flatnonzero(workload.gives_back != NONE)
    if not len(giving):
        return end
    kept = np.full(len(end), run.network.horizon)
    np.minimum.at(kept, workload.gives_back[giving], np.minimum(run.ends(giving), run.network.horizon))
    keeps = np.zeros(len(end), bool)
    keeps[workload.gives_back[giving]] = True
    keeping = np.flatnonzero(keeps)
    until = np.minimum(kept[keeping], run.group_ends[workload.group[keeping]])
    given = end.copy()
    given[keeping] = np.where(end[keeping] < 0, NOT_YET, np.maximum(end[keeping], until))
    row, _, gone_on = run.timelines.breaks.T
    cut = row[(gone_on == end[row]) & (run.timelines.outcome[row] == Outcome.AT_LIMIT)]  # it held nobody to keep
    given[cut] = end[cut]
    return given


def _load(
    run: Played, pools: _Pools, mine: Int, requests: tuple[_Queue, _Queue], worked: tuple[Float, Float]
) -> PoolLoad:
    """The load of the pools `mine`, of one kind; `requests` and their breaks; `worked`: used and overtime (p)."""
    (opens, closes), (used, over), (queue, breaks) = run.window, worked, requests
    asked = queue.part((opens <= queue.ready) & (queue.ready < closes))
    waited, served = asked.leaves - asked.ready + asked.paused, (asked.start >= 0) & ~asked.in_vain
    still = (asked.start < 0) & (asked.leaves == run.network.horizon)
    unserved = int(asked.in_vain.sum())
    shares = [_share(*both) for both in zip(used[mine].tolist(), pools.open[mine].tolist(), strict=True)]
    busiest = max(range(len(mine)), key=lambda index: -1 if isnan(shares[index]) else shares[index])
    waiting = queue.beside(breaks)
    starts, stops = np.clip(waiting.ready, opens, closes), np.clip(waiting.leaves, opens, closes)
    return PoolLoad(
        pools.kinds[pools.kind[mine[0]]],
        float((waited[served] / MINUTES_PER_DAY).mean()) if served.any() else nan,
        _waits(waited[served | still], served[served | still]),
        _share(used[mine].sum(), pools.open[mine].sum()),
        float((stops - starts).sum() / (closes - opens)),
        len(asked.pool),
        run.network.pools[mine[busiest]].owner,
        shares[busiest],
        bool(pools.meets[mine].any()),
        int(still.sum()) + unserved,
        _never_empty(waiting.pool, starts, stops, closes - opens),
        unserved,
        _share(over[mine].sum(), pools.open[mine].sum()),
    )


def _never_empty(pool: Int, starts: Int, stops: Int, window: int) -> int:
    """How many pools have somebody waiting, each from a start to a stop, during all `window` minutes."""
    enough = np.bincount(pool, stops - starts) >= window  # who waits less in all cannot fill the window
    rows = np.flatnonzero(enough[pool] & (stops > starts))
    return int((united(pool[rows], starts[rows], stops[rows]) == window).sum())


_BITS = 10
"""A wait is kept to so many binary digits, a thousandth of it, so that thousands of requests are a few numbers."""


def _waits(minutes: Int, served: Bool) -> Waits:
    spare = 1 << np.maximum(np.frexp(minutes)[1] - _BITS, 0)  # a power of two
    kept, number = np.unique(2 * ((minutes + spare // 2) // spare * spare) + ~served, return_counts=True)
    return Waits(kept // 2 / MINUTES_PER_DAY, kept % 2 == 0, number.astype(np.int64))


def _held(run: Played, queue: _Queue) -> _Queue:
    """The requests that held somebody in the window, from `start` to `end`, at most the horizon."""
    held = queue.part((queue.start >= 0) & (queue.start < run.window[1]) & ~queue.in_vain)
    return replace(held, end=np.where(held.end < 0, run.network.horizon, held.end))


def _used(run: Played, pools: _Pools, held: _Queue) -> Float:
    """(p) Unit-minutes used in the window while the pool was open; for sittings, seats."""
    opens, closes = run.window
    spent = np.array(opens <= held.start, np.int64)
    for index, clock in enumerate(run.network.clocks):
        mine = np.flatnonzero((pools.clock == index)[held.pool] & ~pools.meets[held.pool])
        spent[mine] = clock.open_minutes(np.maximum(held.start[mine], opens), np.clip(held.end[mine], opens, closes))
    return np.asarray(np.bincount(held.pool, spent * held.units, minlength=len(pools.kind)), np.float64)


def _overtime(run: Played, pools: _Pools, held: _Queue) -> Float:
    """(p) Unit-minutes worked in the window, while the pool was open, by more than were present."""
    held = held.part(pools.shrinks[held.pool])
    changing, changes, present = pools.shifts
    pool = np.concatenate((held.pool, held.pool, changing)).astype(np.int64)
    at = np.clip(np.concatenate((held.start, held.end, changes)), *run.window)
    step = np.concatenate((held.units, -held.units, -present)).astype(np.int64)
    order = np.argsort(pool * (run.network.horizon + 1) + at)  # of what happens at one instant, all or nothing counts
    pool, at = pool[order], at[order]
    before = np.concatenate(([0], np.cumsum(np.bincount(pool, step[order], len(pools.kind)))[:-1])).astype(np.int64)
    beyond = np.maximum(np.cumsum(step[order]) - before[pool], 0)[:-1] * (pool[1:] == pool[:-1])
    for index, clock in enumerate(run.network.clocks):
        mine = np.flatnonzero((pools.clock[pool[:-1]] == index) & (beyond > 0))
        beyond[mine] *= clock.open_minutes(at[mine], at[mine + 1])
    return np.asarray(np.bincount(pool[:-1], beyond, minlength=len(pools.kind)), np.float64)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else nan
