"""A `Network` and a `Workload` laid out as the `State` that the compiled rules play on.

The columns of a workload that the rules ask for together become one record for each row: `lay_out` makes room for
them, `fill` makes them from `Given`, in compiled code and in one pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import compiled_tables as t
from sim.engine.compiled_queues import schedule
from sim.engine.compiled_tables import Records, State
from sim.model.clocks import FAR, Clock
from sim.model.network import NONE, NOT_YET, Int, Network, Pool, Workload


class Given(NamedTuple):
    """The columns of a workload that become records: (n) each, `first_edge` (n + 1)."""

    needs: Int
    release: Int
    group: Int
    pool: Int
    work: Int
    clock: Int
    limit: Int
    limit_clock: Int
    limit_rule: Int
    limit_since: Int
    closes: Int
    early: Int
    gives_back: Int
    on_wait: NDArray[np.bool_]
    first_edge: Int


def given(workload: Workload) -> Given:
    """The columns of a workload, for `fill`."""
    return Given(*(_column(getattr(workload, name)) for name in Given._fields))


_AS_THEY_ARE = ("priority", "late", "pick", "every", "whole", "drops", "replaced_by", "first_within", "within",
                "successor", "lag", "lag_clock", "first_also", "also")  # fmt: skip
"""The columns of a workload that the rules use as they are."""


@t.inner
def fill(s: State, given: Given) -> None:
    """Make the records of the rows; one without predecessors waits for its release alone."""
    for row in range(len(s.rows)):
        task = s.rows[row]
        task.group, task.pool = given.group[row], given.pool[row]
        task.work, task.clock, task.closes = given.work[row], given.clock[row], given.closes[row]
        task.limit_clock, task.rule = given.limit_clock[row], given.limit_rule[row]
        task.since, task.early = given.limit_since[row], given.early[row]
        task.due = FAR if given.limit_rule[row] == t.NO_RULE else given.limit[row]
        task.first_edge, task.last_edge = given.first_edge[row], given.first_edge[row + 1]
        task.gives_back, task.on_wait = given.gives_back[row], given.on_wait[row]
        task.queued, task.prospect, task.keeps = False, t.NOT_ENDED, False
        task.needs = max(given.needs[row], 1)
        s.ready[row], s.start[row], s.end[row], s.outcome[row] = NOT_YET, NOT_YET, NOT_YET, t.NOT_ENDED
        if given.needs[row] == 0:
            schedule(s, given.release[row], t.COUNTED, row)
    for row in range(len(s.rows)):
        if given.gives_back[row] != NONE:
            s.rows[given.gives_back[row]].keeps = True


def most_breaks(network: Network, workload: Workload) -> int:
    """How many breaks there are at most, as a first guess; 0 where nobody is ever interrupted."""
    interrupts = workload.drops.any() or workload.stands_by.any() or any(pool.gives_way for pool in network.pools)
    return 2 * len(workload) if interrupts else 0


def lay_out(network: Network, workload: Workload, room: int) -> State:
    """The tables as they are at the origin, but for the records of the rows; with room for so many breaks."""
    rows, pools = len(workload), network.pools
    interruptible = rows if room else 0
    standing = _standing(workload)
    asked = np.bincount(workload.pool - NONE, minlength=1 + len(pools))[1:]
    asked += np.bincount(workload.also, minlength=len(pools))
    clocks, days = _clock_records(network.clocks)
    ready, start, end, outcome = np.empty((4, rows), np.int64)
    return State(
        network.horizon,
        _rows(workload),
        ready,
        start,
        end,
        outcome,
        **{name: _column(getattr(workload, name)) for name in _AS_THEY_ARE},
        closed=np.zeros(len(workload.whole), np.bool_),
        dropped=np.zeros(len(workload.whole), np.bool_),
        stands_by=standing,
        left=np.zeros(len(workload.whole), np.bool_),
        held=np.zeros(rows if len(standing) else 0, np.bool_),
        begun=np.full(interruptible, NOT_YET, np.int64),
        paused=np.full(interruptible, NONE, np.int64),
        counted=np.zeros(interruptible, np.bool_),
        given_up=np.zeros(interruptible, np.bool_),
        breaks=np.empty((room, 3), np.int64),
        pools=_pool_records(pools, asked),
        lines=_lines(pools),
        clocks=clocks,
        days=days,
        diary=np.full(t.DAY + -(-network.horizon // t.DAY), NONE, np.int64),
        busy=np.zeros(t.DAY // t.PART, np.bool_),
        events=np.empty(3 * rows + len(workload.successor) + 2 * len(pools) + room, t.EVENT),
        queues=np.empty((asked.sum(), 3), np.int64),
        noted=np.empty((t.LISTS, max(rows, len(pools))), np.int64),
        lengths=np.array([0] * t.LISTS + [0, NONE, NONE, 0, 0], np.int64),
    )


def _standing(workload: Workload) -> NDArray[np.bool_]:
    """(k) The groups that stand by; none of it where none does."""
    standing = workload.stands_by
    return standing if standing.any() else standing[:0]


def _rows(workload: Workload) -> Records:
    """Room for the records of the rows, each on its line of the cache."""
    size = t.ROW.itemsize
    memory = np.empty((len(workload) + 1) * size, np.uint8)
    first = -memory.ctypes.data % size
    return memory[first : first + len(workload) * size].view(t.ROW)


def _column(numbers: NDArray[Any]) -> Any:
    """A column as compiled code takes it: itself, unless it was made in another way."""
    return np.require(numbers, np.int64 if numbers.dtype.kind == "i" else None, ["C", "W"])


def _pool_records(pools: Sequence[Pool], asked: Int) -> Records:
    """The records of pools, of which so many units are asked for."""
    records = np.zeros(len(pools), t.POOL)
    records["first_queued"] = np.cumsum(asked) - asked
    lines = np.array([len(_instants(pool)) for pool in pools], np.int64)
    records["last_line"] = np.cumsum(lines)
    records["first_line"] = np.cumsum(lines) - lines
    records["wakes_at"] = NOT_YET
    records["clock"] = [pool.clock for pool in pools]
    records["by_due"] = [pool.order_by_due for pool in pools]
    records["gives_way"] = [pool.gives_way for pool in pools]
    records["batch"] = [pool.batch for pool in pools]
    records["serves"] = [_serves(pool) for pool in pools]
    records["earliest"], records["latest"] = np.reshape([pool.window or (0, 0) for pool in pools], (-1, 2)).T
    return records


def _serves(pool: Pool) -> int:
    if pool.sittings is None:
        return t.BATCHES if pool.batch else t.PEOPLE
    return t.SITTINGS if pool.window is None else t.DRAWN


def _lines(pools: Sequence[Pool]) -> Records:
    """The sittings of every pool and their seats, or its changes and the units from then on, laid end to end."""
    lines = np.empty(sum(len(_instants(pool)) for pool in pools), t.LINE)
    if pools:
        lines["instant"] = np.concatenate([_instants(pool) for pool in pools])
        lines["number"] = np.concatenate([pool.units if pool.seats is None else pool.seats for pool in pools])
    return lines


def _instants(pool: Pool) -> Int:
    return pool.changes if pool.sittings is None else pool.sittings


def _clock_records(clocks: Iterable[Clock]) -> tuple[Records, Int]:
    """A record for each clock, and the three tables of all clocks laid end to end."""
    records: list[tuple[int, ...]] = []
    tables: list[Int] = []
    for clock in clocks:
        parts, kind = (clock.open_before, clock.open_days, clock.next_working), int(clock.kind)
        if len(clock.starts):
            parts, kind = (clock.before, clock.starts, clock.next_working), t.SHIFTS
        starts = np.cumsum([sum(map(len, tables)), len(parts[0]), len(parts[1])])
        records.append((kind, clock.opens, clock.closes, clock.days, *starts))
        tables.extend(parts)
    return np.array(records, t.CLOCK), np.concatenate(tables)
