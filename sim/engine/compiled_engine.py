"""The fast engine: the same timelines as the reference engine, in a small part of its time.

`simulate` lays a `Network` and a `Workload` out as the tables of a `State`, has the compiled rules play it, and reads
the four columns of `Timelines` off its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from sim.engine import compiled_tables as t
from sim.engine.compiled_rules import make_ready, play_instant
from sim.engine.compiled_tables import State, schedule
from sim.model.clocks import FAR, Clock
from sim.model.network import NONE, NOT_YET, Int, Network, Outcome, Pool, Timelines, Workload

_INPUT = ("work", "clock", "pool", "priority", "needs", "limit", "limit_clock", "limit_rule", "limit_since",
          "group", "closes", "early", "late")
_AT_FIRST = (NOT_YET, NOT_YET, NOT_YET, Outcome.NOT_YET, FAR, 0, 0)  # READY, START, END, OUTCOME, DUE, QUEUED, PROSPECT


def simulate(network: Network, workload: Workload) -> Timelines:
    """Play one replication and return when each row became ready, started and ended [min].

    The same result as `sim.engine.simpy_engine.simulate`, in a small part of its time; the interpreter lock is
    released while it runs. The first call on a machine compiles, which takes seconds.
    """
    state = _lay_out(network, workload)
    roots = np.flatnonzero(workload.needs == 0)
    order = np.argsort(workload.release[roots], kind="stable")
    _play(state, roots[order], workload.release[roots][order], network.horizon)
    return Timelines(*(state.rows[:, column].copy() for column in (t.READY, t.START, t.END, t.OUTCOME)))


def _edition() -> int:
    """A number that is another one when any of the compiled files is."""
    return crc32(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("compiled_*.py"))))


def _compile_play(edition: int) -> Callable[[State, Int, Int, int], None]:
    """The compiled `play`: numba keeps its machine code until this file or `edition`, which it closes over, changes."""

    @t.compiled
    def play(s: State, roots: Int, releases: Int, horizon: int) -> None:
        """Play every instant before the horizon; the roots become ready at their releases, which increase."""
        s.lengths[t.EDITION] = edition
        for pool in range(len(s.pools)):
            if s.pools[pool, t.SERVES] == t.PEOPLE:
                schedule(s, s.sittings[s.pools[pool, t.FIRST_LINE], t.INSTANT], t.CHANGES, pool)
        released = 0
        while True:
            now = releases[released] if released < len(roots) else FAR
            if s.lengths[t.EVENTS] > 0:
                now = min(now, s.events[0, t.INSTANT])
            if now >= horizon:
                return
            while released < len(roots) and releases[released] == now:
                make_ready(s, roots[released], now)
                released += 1
            play_instant(s, now)

    return play


_play = _compile_play(_edition())


def _lay_out(network: Network, workload: Workload) -> State:
    rows, pools = len(workload), len(network.pools)
    sittings = [_lines(pool) for pool in network.pools]
    clocks, days = _clock_tables(network.clocks)
    return State(
        rows=_row_table(workload),
        pick=np.array(workload.pick, np.float64),
        edges=_table(workload.successor, workload.lag, workload.lag_clock),
        groups=_table(np.where(workload.parent == NONE, np.arange(len(workload.parent)), workload.parent),
                      np.zeros(len(workload.parent))),
        pools=_pool_table(network.pools, workload.pool, [len(lines) for lines in sittings]),
        sittings=np.concatenate([np.zeros((0, 2), np.int64), *sittings]),
        clocks=clocks,
        days=days,
        events=np.empty((3 * rows + len(workload.successor) + 2 * pools, 3), np.int64),
        queues=np.empty((np.count_nonzero(workload.pool != NONE), 3), np.int64),
        noted=np.empty((4, rows), np.int64),
        lengths=np.zeros(7, np.int64),
    )


def _table(*lists: Any) -> Int:
    return np.stack([np.asarray(column, np.int64) for column in lists], axis=1)


def _row_table(workload: Workload) -> Int:
    given = [getattr(workload, name) for name in _INPUT]
    at_first = [np.full(len(workload), number) for number in _AT_FIRST]
    return _table(*given, workload.first_edge[:-1], workload.first_edge[1:], *at_first)


def _lines(pool: Pool) -> Int:
    """(lines, 2) The sittings of a pool and their seats, or its changes and the units from then on."""
    if pool.sittings is None or pool.seats is None:
        return _table(pool.changes, pool.units)
    return _table(pool.sittings, pool.seats)


def _pool_table(pools: Sequence[Pool], wanted: Int, lines: Sequence[int]) -> Int:
    table = np.zeros((len(pools), 13), np.int64)
    members = np.bincount(wanted[wanted != NONE], minlength=len(pools))
    table[:, t.FIRST_QUEUED] = np.cumsum(members) - members
    table[:, t.LAST_LINE] = np.cumsum(lines)
    table[:, t.FIRST_LINE] = table[:, t.LAST_LINE] - np.array(lines, np.int64)
    table[:, t.WAKES_AT] = NOT_YET
    for line, pool in zip(table, pools, strict=True):
        line[t.SERVES] = t.PEOPLE if pool.sittings is None else t.SITTINGS if pool.window is None else t.DRAWN
        line[t.POOL_CLOCK], line[t.BY_DUE] = pool.clock, pool.order_by_due
        line[t.EARLIEST], line[t.LATEST] = pool.window or (0, 0)
    return table


def _clock_tables(clocks: Iterable[Clock]) -> tuple[Int, Int]:
    """(clocks, 7) and the three tables of every clock laid end to end."""
    lines: list[list[int]] = []
    tables: list[Int] = []
    for clock in clocks:
        parts = (clock.open_before, clock.open_days, clock.next_working)
        starts = np.cumsum([sum(map(len, tables)), len(clock.open_before), len(clock.open_days)])
        lines.append([clock.kind, clock.opens, clock.closes, clock.days, *starts])
        tables.extend(parts)
    return np.array(lines, np.int64), np.concatenate(tables)
