"""The rules of `sim.model.network` on tables of whole numbers, compiled by numba.

A `State` holds the tables: `rows` is the workload and what has happened to it, `edges`, `groups`, `pools` and `clocks`
have one line each, `days` and `sittings` are the tables of all clocks and pools laid end to end. Events and queues are
binary heaps of three numbers: (instant, kind, which) in `events`, (priority, due or ready time, row) in each pool's
part of `queues`. `noted` holds the four lists that a round collects, `lengths` how many are in them.

`play` goes from instant to instant; `_happen`, `_settle` and `_deal` are the steps 1 to 3 of a round. Why they are as
they are is said in `sim.engine.simpy_engine`. All that is compiled stands in this one file, because numba keeps its
machine code until the file of the outermost function changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.clocks import FAR, Kind
from sim.model.network import NONE, NOT_YET, Int, Outcome, Rule

_Function = TypeVar("_Function", bound=Callable[..., Any])

_LEAN = {"no_cfunc_wrapper": True, "_nrt": False}
"""Compiled functions make no arrays and need not count references: four times as fast, compiled in half the time."""


def _compiled(function: _Function) -> _Function:
    """Compile at the first call and keep the machine code, with all that it calls, beside the source file."""
    return _jit(function, nogil=True, cache=True, **_LEAN)


def _inner(function: _Function) -> _Function:
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
EVENTS, CALLS = 4, 5  # further counts

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
    lengths: Int  # (6) of the four lists, number of events, number of pools called


@_compiled
def play(s: State, roots: Int, releases: Int, horizon: int) -> None:
    """Play every instant before the horizon."""
    for pool in range(len(s.pools)):
        if s.pools[pool, SERVES] == PEOPLE:
            _schedule(s, s.sittings[s.pools[pool, FIRST_LINE], INSTANT], CHANGES, pool)
    released = 0
    while True:
        now = releases[released] if released < len(roots) else FAR
        if s.lengths[EVENTS] > 0:
            now = min(now, s.events[0, INSTANT])
        if now >= horizon:
            return
        while released < len(roots) and releases[released] == now:
            _make_ready(s, roots[released], now)
            released += 1
        _play_instant(s, now)


@_inner
def _play_instant(s: State, now: int) -> None:
    """Rounds of the three steps until nothing more happens at this instant."""
    while True:
        while s.lengths[EVENTS] > 0 and s.events[0, INSTANT] == now:
            kind, which = s.events[0, 1], s.events[0, 2]
            _drop_first(s.events, 0, s.lengths[EVENTS])
            s.lengths[EVENTS] -= 1
            _happen(s, kind, which, now)
        if s.lengths[NOW_READY] + s.lengths[NOW_SEATED] + s.lengths[NOW_CLOSING] > 0:
            _settle(s, now)
        elif s.lengths[CALLS] > 0:
            _deal(s, now)
        else:
            return


@_inner
def _happen(s: State, kind: int, which: int, now: int) -> None:
    """Step 1: one event."""
    if kind == ENDS:
        pool = s.rows[which, POOL]
        if pool != NONE and s.pools[pool, SERVES] == PEOPLE:
            s.pools[pool, BUSY] -= 1
            _call(s, pool)
        _finish(s, which, s.rows[which, PROSPECT], now)
    elif kind == COUNTED:
        _count(s, which, now)
    elif kind == COMES_TO_LIMIT:
        if _waits(s, which):
            s.rows[which, QUEUED] = 0
            s.rows[which, START] = now
            _finish(s, which, _cut(s, which), now)
    elif kind == SITS:
        _note(s, NOW_SEATED, which)
    elif kind == WAKES:
        _call(s, which)
    else:
        _change(s, which)


@_inner
def _change(s: State, pool: int) -> None:
    """Units come or go."""
    line = s.pools[pool, FIRST_LINE]
    s.pools[pool, UNITS] = s.sittings[line, NUMBER]
    s.pools[pool, FIRST_LINE] = line + 1
    if line + 1 < s.pools[pool, LAST_LINE]:
        _schedule(s, s.sittings[line + 1, INSTANT], CHANGES, pool)
    _call(s, pool)


@_inner
def _finish(s: State, row: int, outcome: int, now: int) -> None:
    s.rows[row, END] = now
    s.rows[row, OUTCOME] = outcome
    if outcome == LAPSED:
        _note(s, NOW_CLOSING, s.groups[s.rows[row, GROUP], OUTERMOST])
        return
    if s.rows[row, CLOSES] != NONE:
        _note(s, NOW_CLOSING, s.rows[row, CLOSES])
    for edge in range(s.rows[row, FIRST_EDGE], s.rows[row, LAST_EDGE]):
        instant = _add(s, s.edges[edge, LAG_CLOCK], now, s.edges[edge, LAG])
        if instant == now:
            _count(s, s.edges[edge, SUCCESSOR], now)
        else:
            _schedule(s, instant, COUNTED, s.edges[edge, SUCCESSOR])


@_inner
def _count(s: State, row: int, now: int) -> None:
    s.rows[row, NEEDS] -= 1
    if s.rows[row, NEEDS] == 0:
        _make_ready(s, row, now)


@_inner
def _make_ready(s: State, row: int, now: int) -> None:
    s.rows[row, READY] = now
    _note(s, NOW_READY, row)


@_inner
def _settle(s: State, now: int) -> None:
    """Step 2: groups close, rows start; what passes at once is finished, for the next round."""
    for i in range(s.lengths[NOW_CLOSING]):
        s.groups[s.noted[NOW_CLOSING, i], CLOSED] = 1
    for i in range(s.lengths[NOW_SEATED]):
        _serve(s, s.noted[NOW_SEATED, i], now)
    for i in range(s.lengths[NOW_READY]):
        if _is_open(s, s.noted[NOW_READY, i]):
            _begin(s, s.noted[NOW_READY, i], now)
    passed = s.lengths[PASSED]
    for i in range(EVENTS):
        s.lengths[i] = 0
    for i in range(passed):
        row = s.noted[PASSED, i]
        _finish(s, row, s.rows[row, PROSPECT], now)


@_inner
def _begin(s: State, row: int, now: int) -> None:
    rows = s.rows
    if rows[row, EARLY] != NONE:
        early, late = rows[rows[row, EARLY], END], rows[rows[row, LATE], END]
        if not NOT_YET < early < late:
            rows[row, START], rows[row, PROSPECT] = now, WAIVED
            _note(s, PASSED, row)
            return
    if rows[row, RULE] != NO_RULE:
        since = rows[row, SINCE]
        ended = rows[since, END] if since != NONE else NOT_YET
        rows[row, DUE] = _add(s, rows[row, LIMIT_CLOCK], now if ended == NOT_YET else ended, rows[row, LIMIT])
    if rows[row, POOL] != NONE:
        _queue(s, row, now)
    elif rows[row, WORK] > 0:
        _start(s, row, now)
    else:
        rows[row, START] = now
        rows[row, PROSPECT] = DONE if now <= rows[row, DUE] else _cut(s, row)
        _note(s, PASSED, row)


@_inner
def _queue(s: State, row: int, now: int) -> None:
    rows, pool = s.rows, s.rows[row, POOL]
    limited = rows[row, RULE] != NO_RULE
    key = rows[row, DUE] if limited and s.pools[pool, BY_DUE] else now
    rows[row, QUEUED] = 1
    _insert(s.queues, s.pools[pool, FIRST_QUEUED], s.pools[pool, QUEUE], (rows[row, PRIORITY], key, row))
    s.pools[pool, QUEUE] += 1
    _call(s, pool)
    if limited and rows[row, RULE] != OVERRUN:
        _schedule(s, max(rows[row, DUE], now), COMES_TO_LIMIT, row)


@_inner
def _start(s: State, row: int, now: int) -> None:
    rows = s.rows
    end, due = _add(s, rows[row, CLOCK], now, rows[row, WORK]), rows[row, DUE]
    rows[row, START] = now
    rows[row, PROSPECT] = DONE if end <= due else _cut(s, row)
    if end > due and rows[row, RULE] != OVERRUN:
        end = max(due, now)
    _schedule(s, end, ENDS, row)


@_inner
def _cut(s: State, row: int) -> int:
    """How a row ends whose limit comes before its end."""
    rule = s.rows[row, RULE]
    return LATE_END if rule == OVERRUN else LAPSED if rule == LAPSE else AT_LIMIT


@_inner
def _deal(s: State, now: int) -> None:
    """Step 3: the pools that were called deal, in declared order."""
    s.lengths[CALLS] = 0
    for pool in range(len(s.pools)):
        if s.pools[pool, CALLED]:
            s.pools[pool, CALLED] = 0
            if s.pools[pool, SERVES] == PEOPLE:
                _deal_people(s, pool, now)
            elif s.pools[pool, SERVES] == SITTINGS:
                _deal_sittings(s, pool, now)
            else:
                _deal_drawn(s, pool, now)


@_inner
def _deal_people(s: State, pool: int, now: int) -> None:
    opening = _next_open(s, s.pools[pool, POOL_CLOCK], now)
    if opening > now:
        _call_at(s, pool, opening)
        return
    while s.pools[pool, QUEUE] > 0 and s.pools[pool, BUSY] < s.pools[pool, UNITS]:
        s.pools[pool, BUSY] += _serve(s, _next_queued(s, pool), now)


@_inner
def _deal_sittings(s: State, pool: int, now: int) -> None:
    line = _first_line(s, pool, now)
    if line < s.pools[pool, LAST_LINE] and s.sittings[line, INSTANT] == now:
        while s.pools[pool, QUEUE] > 0 and s.sittings[line, NUMBER] > 0:
            s.sittings[line, NUMBER] -= _serve(s, _next_queued(s, pool), now)
        line += 1
    if s.pools[pool, QUEUE] > 0 and line < s.pools[pool, LAST_LINE]:
        _call_at(s, pool, s.sittings[line, INSTANT])


@_inner
def _deal_drawn(s: State, pool: int, now: int) -> None:
    while s.pools[pool, QUEUE] > 0:
        row = _next_queued(s, pool)
        if _waits(s, row):
            line = _draw(s, pool, row)
            if line < s.pools[pool, LAST_LINE]:
                s.sittings[line, NUMBER] -= 1
                _schedule(s, s.sittings[line, INSTANT], SITS, row)


@_inner
def _draw(s: State, pool: int, row: int) -> int:
    """The sitting that a row books: one inside its window if it can, else the first one later."""
    first = _first_line(s, pool, s.rows[row, READY] + s.pools[pool, EARLIEST])
    after = _first_line(s, pool, s.rows[row, READY] + s.pools[pool, LATEST] + 1)
    inside = 0
    for line in range(first, after):
        inside += s.sittings[line, NUMBER] > 0
    line, skip = (first, int(s.pick[row] * inside)) if inside > 0 else (after, 0)
    while line < s.pools[pool, LAST_LINE]:
        if s.sittings[line, NUMBER] > 0:
            if skip == 0:
                break
            skip -= 1
        line += 1
    return line


@_inner
def _first_line(s: State, pool: int, instant: int) -> int:
    """The first sitting of a pool at or after `instant`."""
    first: int = s.pools[pool, FIRST_LINE]
    last: int = s.pools[pool, LAST_LINE]
    while first < last:
        middle = (first + last) // 2
        if s.sittings[middle, INSTANT] < instant:
            first = middle + 1
        else:
            last = middle
    return first


@_inner
def _serve(s: State, row: int, now: int) -> int:
    """Start a row if it still waits; 1 if it did."""
    if not _waits(s, row):
        return 0
    s.rows[row, QUEUED] = 0
    _start(s, row, now)
    return 1


@_inner
def _waits(s: State, row: int) -> bool:
    return s.rows[row, QUEUED] == 1 and _is_open(s, row)


@_inner
def _is_open(s: State, row: int) -> bool:
    group = s.rows[row, GROUP]
    return not (s.groups[group, CLOSED] or s.groups[s.groups[group, OUTERMOST], CLOSED])


@_inner
def _note(s: State, which: int, item: int) -> None:
    s.noted[which, s.lengths[which]] = item
    s.lengths[which] += 1


@_inner
def _call(s: State, pool: int) -> None:
    """Have a pool deal at this instant, if anybody waits."""
    if s.pools[pool, QUEUE] > 0 and not s.pools[pool, CALLED]:
        s.pools[pool, CALLED] = 1
        s.lengths[CALLS] += 1


@_inner
def _call_at(s: State, pool: int, instant: int) -> None:
    if s.pools[pool, WAKES_AT] != instant:
        s.pools[pool, WAKES_AT] = instant
        _schedule(s, instant, WAKES, pool)


@_inner
def _schedule(s: State, instant: int, kind: int, which: int) -> None:
    _insert(s.events, 0, s.lengths[EVENTS], (instant, kind, which))
    s.lengths[EVENTS] += 1


@_inner
def _next_queued(s: State, pool: int) -> int:
    first = s.pools[pool, FIRST_QUEUED]
    row: int = s.queues[first, 2]
    _drop_first(s.queues, first, s.pools[pool, QUEUE])
    s.pools[pool, QUEUE] -= 1
    return row


@_inner
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


@_inner
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


@_inner
def _item(heap: Int, line: int) -> tuple[int, int, int]:
    return heap[line, 0], heap[line, 1], heap[line, 2]


@_inner
def _put(heap: Int, line: int, item: tuple[int, int, int]) -> None:
    heap[line, 0], heap[line, 1], heap[line, 2] = item


@_inner
def _add(s: State, clock: int, instant: int, amount: int) -> int:
    """`Clock.add`."""
    kind, day = s.clocks[clock, COUNTS], instant // DAY
    if amount == 0 or kind == CALENDAR:
        return instant + amount
    if day >= s.clocks[clock, DAYS]:
        return FAR
    return _add_open(s, clock, instant, amount) if kind == WORKING else _add_days(s, clock, day, amount)


@_inner
def _add_open(s: State, clock: int, instant: int, amount: int) -> int:
    opens, before, open_days = s.clocks[clock, OPENS], s.clocks[clock, OPEN_BEFORE], s.clocks[clock, OPEN_DAYS]
    day = instant // DAY
    spent: int = min(s.days[before + day] + max(instant - day * DAY - opens, 0), s.days[before + day + 1])
    per_day: int = s.clocks[clock, CLOSES_AT] - opens
    whole_days = (spent + amount - 1) // per_day
    if open_days + whole_days >= s.clocks[clock, NEXT_WORKING]:
        return FAR
    opening: int = s.days[open_days + whole_days] * DAY + opens
    return opening + spent + amount - whole_days * per_day


@_inner
def _add_days(s: State, clock: int, day: int, amount: int) -> int:
    open_days, next_working = s.clocks[clock, OPEN_DAYS], s.clocks[clock, NEXT_WORKING]
    number = s.days[s.clocks[clock, OPEN_BEFORE] + day + 1] // DAY - (-amount // DAY) - 1
    if open_days + number >= next_working:
        return FAR
    last = s.days[next_working + s.days[open_days + number]]
    return (last + 1) * DAY - 1 if last < s.clocks[clock, DAYS] else FAR


@_inner
def _next_open(s: State, clock: int, instant: int) -> int:
    """`Clock.next_open`."""
    if s.clocks[clock, COUNTS] != WORKING:
        return instant
    day, last = instant // DAY, s.clocks[clock, DAYS]
    if day >= last:
        return FAR
    minute, next_working = instant - day * DAY, s.clocks[clock, NEXT_WORKING]
    working = s.days[next_working + day]
    if working == day:
        if s.clocks[clock, OPENS] <= minute < s.clocks[clock, CLOSES_AT]:
            return instant
        if minute >= s.clocks[clock, CLOSES_AT]:
            working = s.days[next_working + day + 1]
    return working * DAY + s.clocks[clock, OPENS] if working < last else FAR
