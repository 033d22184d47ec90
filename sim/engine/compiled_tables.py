"""The tables that the compiled rules play on, their columns, and how their parts are compiled.

A `State` holds the tables: `rows` is the workload and what has happened to it, `edges`, `groups`, `pools` and `clocks`
have one line each, `days` and `sittings` are the tables of all clocks and pools laid end to end. Events and queues are
binary heaps of three numbers: (instant, kind, which) in `events`, (priority, due or ready time, row) in each pool's
part of `queues`. `noted` holds the four lists that a round collects, `lengths` how many are in them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.clocks import Kind
from sim.model.network import Int, Outcome, Rule

_Function = TypeVar("_Function", bound=Callable[..., Any])

_LEAN = {"no_cfunc_wrapper": True, "_nrt": False}
"""Compiled functions make no arrays and need not count references: four times as fast, compiled in half the time."""


def compiled(function: _Function) -> _Function:
    """Compile at the first call and keep the machine code, with all that it calls, beside the source file."""
    return _jit(function, nogil=True, cache=True, **_LEAN)


def inner(function: _Function) -> _Function:
    """Compile as a part of what calls it."""
    return _jit(function, no_cpython_wrapper=True, **_LEAN)


def _jit(function: _Function, **options: bool) -> _Function:
    return cast(_Function, cast(Any, numba.njit)(**options)(function))


# columns of the tables
(WORK, CLOCK, POOL, PRIORITY, NEEDS, LIMIT, LIMIT_CLOCK, RULE, SINCE, GROUP, CLOSES, EARLY, LATE, FIRST_EDGE, LAST_EDGE,
 READY, START, END, OUTCOME, DUE, QUEUED, PROSPECT) = range(22)  # rows; PROSPECT is the outcome when at work
SUCCESSOR, LAG, LAG_CLOCK = range(3)  # edges
OUTERMOST, CLOSED = range(2)  # groups
(SERVES, POOL_CLOCK, BY_DUE, FIRST_LINE, LAST_LINE, EARLIEST, LATEST, FIRST_QUEUED,
 QUEUE, UNITS, BUSY, WAKES_AT, CALLED) = range(13)  # pools
INSTANT, NUMBER = range(2)  # sittings: instant and seats left, or instant and units present from then on
COUNTS, OPENS, CLOSES_AT, DAYS, OPEN_BEFORE, OPEN_DAYS, NEXT_WORKING = range(7)  # clocks; three places in `days`

PEOPLE, SITTINGS, DRAWN = range(3)  # what a pool serves with
ENDS, COMES_TO_LIMIT, COUNTED, SITS, WAKES, CHANGES = range(6)  # kinds of events
NOW_READY, NOW_SEATED, NOW_CLOSING, PASSED = range(4)  # lists of a round
EVENTS, CALLS, EDITION = 4, 5, 6  # further numbers in `lengths`

DAY = 24 * 60
CALENDAR, WORKING = int(Kind.CALENDAR), int(Kind.WORKING)
NO_RULE, OVERRUN, LAPSE = int(Rule.NONE), int(Rule.OVERRUN), int(Rule.LAPSE)
DONE, AT_LIMIT, LATE_END = int(Outcome.DONE), int(Outcome.AT_LIMIT), int(Outcome.LATE)
LAPSED, WAIVED = int(Outcome.LAPSED), int(Outcome.WAIVED)


class State(NamedTuple):
    """The tables of one replication; see the head of the file."""

    rows: Int  # (n, 22)
    pick: NDArray[np.float64]  # (n)
    edges: Int  # (m, 3)
    groups: Int  # (k, 2)
    pools: Int  # (pools, 13)
    sittings: Int  # (sittings and changes of all pools, 2)
    clocks: Int  # (clocks, 7)
    days: Int  # (tables of all clocks)
    events: Int  # (most events at a time, 3)
    queues: Int  # (rows that need a pool, 3)
    noted: Int  # (4, n)
    lengths: Int  # (7) of the four lists, number of events, number of pools called; the edition


# --- events, queues and lists -----------------------------------------------------------------------------------


@inner
def note(s: State, which: int, item: int) -> None:
    """Add to one of the lists of a round."""
    s.noted[which, s.lengths[which]] = item
    s.lengths[which] += 1


@inner
def schedule(s: State, instant: int, kind: int, which: int) -> None:
    """Add an event."""
    _insert(s.events, 0, s.lengths[EVENTS], (instant, kind, which))
    s.lengths[EVENTS] += 1


@inner
def next_event(s: State) -> tuple[int, int]:
    """Take the first event: its kind, and what it happens to."""
    kind, which = s.events[0, 1], s.events[0, 2]
    _drop_first(s.events, 0, s.lengths[EVENTS])
    s.lengths[EVENTS] -= 1
    return kind, which


@inner
def enqueue(s: State, pool: int, item: tuple[int, int, int]) -> None:
    """Add (priority, due or ready time, row) to the queue of a pool."""
    _insert(s.queues, s.pools[pool, FIRST_QUEUED], s.pools[pool, QUEUE], item)
    s.pools[pool, QUEUE] += 1


@inner
def next_queued(s: State, pool: int) -> int:
    """Take the first row of the queue of a pool."""
    first = s.pools[pool, FIRST_QUEUED]
    row: int = s.queues[first, 2]
    _drop_first(s.queues, first, s.pools[pool, QUEUE])
    s.pools[pool, QUEUE] -= 1
    return row


@inner
def _insert(heap: Int, first: int, size: int, item: tuple[int, int, int]) -> None:
    """Put an item into the binary heap of `size` lines that begins at line `first`."""
    line = first + size
    while line > first:
        parent = first + (line - first - 1) // 2
        if not item < _item(heap, parent):
            break
        _put(heap, line, _item(heap, parent))
        line = parent
    _put(heap, line, item)


@inner
def _drop_first(heap: Int, first: int, size: int) -> None:
    """Take the least item out of the binary heap of `size` lines that begins at line `first`."""
    end = first + size - 1
    item, line, child = _item(heap, end), first, first + 1
    while child < end:
        if child + 1 < end and _item(heap, child + 1) < _item(heap, child):
            child += 1
        if not _item(heap, child) < item:
            break
        _put(heap, line, _item(heap, child))
        line, child = child, first + 2 * (child - first) + 1
    _put(heap, line, item)


@inner
def _item(heap: Int, line: int) -> tuple[int, int, int]:
    return heap[line, 0], heap[line, 1], heap[line, 2]


@inner
def _put(heap: Int, line: int, item: tuple[int, int, int]) -> None:
    heap[line, 0], heap[line, 1], heap[line, 2] = item
