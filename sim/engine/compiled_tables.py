"""The tables that the compiled rules play on, their fields, and how their parts are compiled.

A `State` holds the tables. Rows, pools, clocks and events are records, of which the rules read and write the fields;
`days` and `lines` are the tables of all clocks and pools laid end to end. The columns of the timelines, and those of
the workload that are used as they are, stay arrays. `noted` holds the lists that a round collects, `lengths` how many
are in each.
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

_LEAN = {"no_cfunc_wrapper": True, "_nrt": False, "error_model": "numpy"}
"""Compiled functions make no arrays and need not count references: four times as fast, compiled in half the time."""


def compiled(function: _Function) -> _Function:
    """Compile at the first call and keep the machine code, with all that it calls, beside the source file."""
    return _jit(function, nogil=True, cache=True, **_LEAN)


def inner(function: _Function) -> _Function:
    """Compile into what calls it: handing over so many tables would cost more than most of these functions do."""
    return _jit(function, no_cpython_wrapper=True, forceinline=True, **_LEAN)


def rare(function: _Function) -> _Function:
    """Compile by itself what is seldom called, so that what is called often stays small."""
    return _jit(function, no_cpython_wrapper=True, **_LEAN)


def _jit(function: _Function, **options: Any) -> _Function:
    return cast(_Function, cast(Any, numba.njit)(**options)(function))


@inner
def wide(number: int) -> int:
    """A narrow number as compiled functions take it, which would be compiled once more for each width."""
    return int(np.int64(number))


Records = NDArray[Any]
"""One record for each of something: `pools[3].units`."""

ROW = np.dtype(
    [
        ("needs", "i4"),
        ("group", "i4"),
        ("pool", "i4"),
        ("first_edge", "i4"),
        ("last_edge", "i4"),
        ("closes", "i4"),
        ("early", "i4"),
        ("since", "i4"),
        ("gives_back", "i4"),
        ("clock", "i2"),
        ("limit_clock", "i2"),
        ("rule", "i1"),
        ("prospect", "i1"),
        ("queued", "?"),
        ("on_wait", "?"),
        ("keeps", "?"),
        ("work", "i8"),
        ("due", "i8"),
    ],
    align=True,
)
"""A row of the workload and where it stands; `prospect` is its outcome when at work, `due` is the length of its limit
until it is ready. It is as long as a line of the cache, 64 bytes: who looks at a row has all of it."""

POOL = np.dtype(
    [
        (name, "i8")
        for name in (
            "serves",
            "clock",
            "by_due",
            "first_line",
            "last_line",
            "earliest",
            "latest",
            "first_queued",
            "queue",
            "units",
            "busy",
            "wakes_at",
            "called",
            "gives_way",
            "batch",
        )
    ]
)
"""A pool: from `first_queued` on, `queue` rows wait; `lines` from `first_line` up to `last_line` are still to come."""

CLOCK = np.dtype(
    [(name, "i8") for name in ("kind", "opens", "closes", "days", "open_before", "open_days", "next_working")]
)
"""A clock; the last three say where its tables begin in `days`, one after the other. A clock with several stretches a
day has the open time before each of them in place of `open_before`, and their openings in place of `open_days`."""

LINE = np.dtype([("instant", "i8"), ("number", "i8")])
"""A sitting and its seats left, or an instant and the units present from then on."""

EVENT = np.dtype([("minute", "i8"), ("kind", "i8"), ("which", "i8"), ("next", "i8")])
"""An event at a minute of its day, and the next one of its list."""

PEOPLE, SITTINGS, DRAWN, BATCHES = range(4)  # what a pool serves with
ENDS, COMES_TO_LIMIT, COUNTED, SITS, WAKES, CHANGES = range(6)  # kinds of events
LISTS = (
    9  # that a round collects; two last: `KEPT`, rows that hold units after their end, and `YIELDING`, that may yield
)
NOW_READY, NOW_SEATED, NOW_CLOSING, PASSED, CALLED, PASSED_OVER, GIVEN_UP, KEPT, YIELDING = range(LISTS)
EVENTS, SPARE, TODAY, EDITION, BREAKS = range(LISTS, LISTS + 5)  # further numbers in `lengths`

DAY = 24 * 60
PART = 15  # [min] of today, looked at minute by minute if anything happens in it
CALENDAR, WORKING, STATUTORY = int(Kind.CALENDAR), int(Kind.WORKING), int(Kind.STATUTORY)
SHIFTS = STATUTORY + 1  # a working clock of several stretches a day
NO_RULE, OVERRUN, LAPSE = int(Rule.NONE), int(Rule.OVERRUN), int(Rule.LAPSE)
NOT_ENDED, DONE, AT_LIMIT = int(Outcome.NOT_YET), int(Outcome.DONE), int(Outcome.AT_LIMIT)
LATE_END, LAPSED, WAIVED = int(Outcome.LATE), int(Outcome.LAPSED), int(Outcome.WAIVED)
UNSERVED, ABANDONED = int(Outcome.UNSERVED), int(Outcome.ABANDONED)


class State(NamedTuple):
    """The tables of one replication; see the head of the file."""

    horizon: int  # [min]
    rows: Records  # (n)
    ready: Int  # (n)
    start: Int  # (n)
    end: Int  # (n)
    outcome: Int  # (n)
    priority: Int  # (n)
    late: Int  # (n)
    pick: NDArray[np.float64]  # (n)
    successor: Int  # (m)
    lag: Int  # (m)
    lag_clock: Int  # (m)
    first_also: Int  # (n + 1)
    also: Int  # (units)
    every: NDArray[np.bool_]  # (n)
    whole: Int  # (k)
    drops: NDArray[np.bool_]  # (k)
    first_within: Int  # (k + 1)
    within: Int
    closed: NDArray[np.bool_]  # (k)
    dropped: NDArray[np.bool_]  # (k)
    replaced_by: Int  # (k)
    stands_by: NDArray[np.bool_]  # (k) none of it where no group does
    left: NDArray[np.bool_]  # (k) a row has closed it
    held: NDArray[np.bool_]  # (n) its count has run out, and step 2 has not looked at it since; likewise
    begun: Int  # (n) since when at work, NOT_YET: not at work; none of it where nobody is ever interrupted
    paused: Int  # (n) the break that a row is in, or NONE; likewise
    counted: NDArray[np.bool_]  # (n) a predecessor has ended; likewise
    given_up: NDArray[np.bool_]  # (n) likewise
    breaks: Int  # (room, 3) row, from, until
    pools: Records  # (pools)
    lines: Records  # (sittings and changes of all pools)
    clocks: Records  # (clocks)
    days: Int  # (tables of all clocks)
    diary: Int  # (minutes of a day + days) the first event of each minute of today, and of each day
    busy: NDArray[np.bool_]  # (parts of a day) something happens in this one today
    events: Records  # (most events at a time)
    queues: Int  # (units that rows need, 3)
    noted: Int  # (LISTS, n or pools, whichever is more)
    lengths: Int  # (LISTS + 5) of the lists; how many `events` were used, the first spare one; today; edition; breaks
