"""The fast engine: the same timelines as the reference engine, in a small part of its time.

`simulate` lays a `Network` and a `Workload` out as the tables of a `State`, has the compiled rules play it, and reads
the four columns of `Timelines` off its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sim.engine import compiled_rules as rules
from sim.engine.compiled_rules import DRAWN, PEOPLE, SITTINGS, State
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
    rules.play(state, roots[order], workload.release[roots][order], network.horizon)
    return Timelines(*(state.rows[:, column].copy() for column in (rules.READY, rules.START, rules.END, rules.OUTCOME)))


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
        lengths=np.zeros(6, np.int64),
    )


def _table(*columns: Any) -> Int:
    return np.stack([np.asarray(column, np.int64) for column in columns], axis=1)


def _row_table(workload: Workload) -> Int:
    columns = [getattr(workload, name) for name in _INPUT]
    at_first = [np.full(len(workload), number) for number in _AT_FIRST]
    return _table(*columns, workload.first_edge[:-1], workload.first_edge[1:], *at_first)


def _lines(pool: Pool) -> Int:
    """(lines, 2) The sittings of a pool and their seats, or its changes and the units from then on."""
    if pool.sittings is None or pool.seats is None:
        return _table(pool.changes, pool.units)
    return _table(pool.sittings, pool.seats)


def _pool_table(pools: Sequence[Pool], wanted: Int, lines: Sequence[int]) -> Int:
    table = np.zeros((len(pools), 13), np.int64)
    members = np.bincount(wanted[wanted != NONE], minlength=len(pools))
    table[:, rules.FIRST_QUEUED] = np.cumsum(members) - members
    table[:, rules.LAST_LINE] = np.cumsum(lines)
    table[:, rules.FIRST_LINE] = table[:, rules.LAST_LINE] - np.array(lines, np.int64)
    table[:, rules.WAKES_AT] = NOT_YET
    for line, pool in zip(table, pools, strict=True):
        line[rules.SERVES] = PEOPLE if pool.sittings is None else SITTINGS if pool.window is None else DRAWN
        line[rules.POOL_CLOCK], line[rules.BY_DUE] = pool.clock, pool.order_by_due
        line[rules.EARLIEST], line[rules.LATEST] = pool.window or (0, 0)
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
