"""The rules of `sim.model.network` on the tables of a `State`, compiled.

`_happen`, `_settle` and `_deal` are the steps 1 to 3 of a round. Why they are as they are is said in
`sim.engine.simpy_engine`.
"""

from __future__ import annotations

from sim.engine import compiled_tables as t
from sim.engine.compiled_clocks import add, next_open
from sim.engine.compiled_tables import State, enqueue, inner, next_event, next_queued, note, schedule
from sim.model.network import NONE, NOT_YET


@inner
def play_instant(s: State, now: int) -> None:
    """Rounds of the three steps until nothing more happens at this instant."""
    while True:
        while s.lengths[t.EVENTS] > 0 and s.events[0, t.INSTANT] == now:
            kind, which = next_event(s)
            _happen(s, kind, which, now)
        if s.lengths[t.NOW_READY] + s.lengths[t.NOW_SEATED] + s.lengths[t.NOW_CLOSING] > 0:
            _settle(s, now)
        elif s.lengths[t.CALLS] > 0:
            _deal(s, now)
        else:
            return


@inner
def _happen(s: State, kind: int, which: int, now: int) -> None:
    """Step 1: one event."""
    if kind == t.ENDS:
        pool = s.rows[which, t.POOL]
        if pool != NONE and s.pools[pool, t.SERVES] == t.PEOPLE:
            s.pools[pool, t.BUSY] -= 1
            _call(s, pool)
        _finish(s, which, s.rows[which, t.PROSPECT], now)
    elif kind == t.COUNTED:
        _count(s, which, now)
    elif kind == t.COMES_TO_LIMIT:
        if _waits(s, which):
            s.rows[which, t.QUEUED] = 0
            s.rows[which, t.START] = now
            _finish(s, which, _cut(s, which), now)
    elif kind == t.SITS:
        note(s, t.NOW_SEATED, which)
    elif kind == t.WAKES:
        _call(s, which)
    else:
        _change(s, which)


@inner
def _change(s: State, pool: int) -> None:
    """Units come or go."""
    line = s.pools[pool, t.FIRST_LINE]
    s.pools[pool, t.UNITS] = s.sittings[line, t.NUMBER]
    s.pools[pool, t.FIRST_LINE] = line + 1
    if line + 1 < s.pools[pool, t.LAST_LINE]:
        schedule(s, s.sittings[line + 1, t.INSTANT], t.CHANGES, pool)
    _call(s, pool)


@inner
def _finish(s: State, row: int, outcome: int, now: int) -> None:
    s.rows[row, t.END] = now
    s.rows[row, t.OUTCOME] = outcome
    if outcome == t.LAPSED:
        note(s, t.NOW_CLOSING, s.groups[s.rows[row, t.GROUP], t.OUTERMOST])
        return
    if s.rows[row, t.CLOSES] != NONE:
        note(s, t.NOW_CLOSING, s.rows[row, t.CLOSES])
    for edge in range(s.rows[row, t.FIRST_EDGE], s.rows[row, t.LAST_EDGE]):
        instant = add(s, s.edges[edge, t.LAG_CLOCK], now, s.edges[edge, t.LAG])
        if instant == now:
            _count(s, s.edges[edge, t.SUCCESSOR], now)
        else:
            schedule(s, instant, t.COUNTED, s.edges[edge, t.SUCCESSOR])


@inner
def _count(s: State, row: int, now: int) -> None:
    s.rows[row, t.NEEDS] -= 1
    if s.rows[row, t.NEEDS] == 0:
        make_ready(s, row, now)


@inner
def make_ready(s: State, row: int, now: int) -> None:
    """Note that a row is ready, for step 2."""
    s.rows[row, t.READY] = now
    note(s, t.NOW_READY, row)


@inner
def _settle(s: State, now: int) -> None:
    """Step 2: groups close, rows start; what passes at once is finished, for the next round."""
    for i in range(s.lengths[t.NOW_CLOSING]):
        s.groups[s.noted[t.NOW_CLOSING, i], t.CLOSED] = 1
    for i in range(s.lengths[t.NOW_SEATED]):
        _serve(s, s.noted[t.NOW_SEATED, i], now)
    for i in range(s.lengths[t.NOW_READY]):
        if _is_open(s, s.noted[t.NOW_READY, i]):
            _begin(s, s.noted[t.NOW_READY, i], now)
    passed = s.lengths[t.PASSED]
    for i in range(t.EVENTS):
        s.lengths[i] = 0
    for i in range(passed):
        row = s.noted[t.PASSED, i]
        _finish(s, row, s.rows[row, t.PROSPECT], now)


@inner
def _begin(s: State, row: int, now: int) -> None:
    rows = s.rows
    if rows[row, t.EARLY] != NONE:
        early, late = rows[rows[row, t.EARLY], t.END], rows[rows[row, t.LATE], t.END]
        if not NOT_YET < early < late:
            rows[row, t.START], rows[row, t.PROSPECT] = now, t.WAIVED
            note(s, t.PASSED, row)
            return
    if rows[row, t.RULE] != t.NO_RULE:
        since = rows[row, t.SINCE]
        ended = rows[since, t.END] if since != NONE else NOT_YET
        rows[row, t.DUE] = add(s, rows[row, t.LIMIT_CLOCK], now if ended == NOT_YET else ended, rows[row, t.LIMIT])
    if rows[row, t.POOL] != NONE:
        _queue(s, row, now)
    elif rows[row, t.WORK] > 0:
        _start(s, row, now)
    else:
        rows[row, t.START] = now
        rows[row, t.PROSPECT] = t.DONE if now <= rows[row, t.DUE] else _cut(s, row)
        note(s, t.PASSED, row)


@inner
def _queue(s: State, row: int, now: int) -> None:
    rows, pool = s.rows, s.rows[row, t.POOL]
    limited = rows[row, t.RULE] != t.NO_RULE
    key = rows[row, t.DUE] if limited and s.pools[pool, t.BY_DUE] else now
    rows[row, t.QUEUED] = 1
    enqueue(s, pool, (rows[row, t.PRIORITY], key, row))
    _call(s, pool)
    if limited and rows[row, t.RULE] != t.OVERRUN:
        schedule(s, max(rows[row, t.DUE], now), t.COMES_TO_LIMIT, row)


@inner
def _start(s: State, row: int, now: int) -> None:
    rows = s.rows
    end, due = add(s, rows[row, t.CLOCK], now, rows[row, t.WORK]), rows[row, t.DUE]
    rows[row, t.START] = now
    rows[row, t.PROSPECT] = t.DONE if end <= due else _cut(s, row)
    if end > due and rows[row, t.RULE] != t.OVERRUN:
        end = max(due, now)
    schedule(s, end, t.ENDS, row)


@inner
def _cut(s: State, row: int) -> int:
    """How a row ends whose limit comes before its end."""
    rule = s.rows[row, t.RULE]
    return t.LATE_END if rule == t.OVERRUN else t.LAPSED if rule == t.LAPSE else t.AT_LIMIT


@inner
def _deal(s: State, now: int) -> None:
    """Step 3: the pools that were called deal, in declared order."""
    s.lengths[t.CALLS] = 0
    for pool in range(len(s.pools)):
        if s.pools[pool, t.CALLED]:
            s.pools[pool, t.CALLED] = 0
            if s.pools[pool, t.SERVES] == t.PEOPLE:
                _deal_people(s, pool, now)
            elif s.pools[pool, t.SERVES] == t.SITTINGS:
                _deal_sittings(s, pool, now)
            else:
                _deal_drawn(s, pool, now)


@inner
def _deal_people(s: State, pool: int, now: int) -> None:
    opening = next_open(s, s.pools[pool, t.POOL_CLOCK], now)
    if opening > now:
        _call_at(s, pool, opening)
        return
    while s.pools[pool, t.QUEUE] > 0 and s.pools[pool, t.BUSY] < s.pools[pool, t.UNITS]:
        s.pools[pool, t.BUSY] += _serve(s, next_queued(s, pool), now)


@inner
def _deal_sittings(s: State, pool: int, now: int) -> None:
    line = _first_line(s, pool, now)
    if line < s.pools[pool, t.LAST_LINE] and s.sittings[line, t.INSTANT] == now:
        while s.pools[pool, t.QUEUE] > 0 and s.sittings[line, t.NUMBER] > 0:
            s.sittings[line, t.NUMBER] -= _serve(s, next_queued(s, pool), now)
        line += 1
    if s.pools[pool, t.QUEUE] > 0 and line < s.pools[pool, t.LAST_LINE]:
        _call_at(s, pool, s.sittings[line, t.INSTANT])


@inner
def _deal_drawn(s: State, pool: int, now: int) -> None:
    while s.pools[pool, t.QUEUE] > 0:
        row = next_queued(s, pool)
        if _waits(s, row):
            line = _draw(s, pool, row)
            if line < s.pools[pool, t.LAST_LINE]:
                s.sittings[line, t.NUMBER] -= 1
                schedule(s, s.sittings[line, t.INSTANT], t.SITS, row)


@inner
def _draw(s: State, pool: int, row: int) -> int:
    """The sitting that a row books: one inside its window if it can, else the first one later."""
    first = _first_line(s, pool, s.rows[row, t.READY] + s.pools[pool, t.EARLIEST])
    after = _first_line(s, pool, s.rows[row, t.READY] + s.pools[pool, t.LATEST] + 1)
    inside = 0
    for line in range(first, after):
        inside += s.sittings[line, t.NUMBER] > 0
    line, skip = (first, int(s.pick[row] * inside)) if inside > 0 else (after, 0)
    while line < s.pools[pool, t.LAST_LINE]:
        if s.sittings[line, t.NUMBER] > 0:
            if skip == 0:
                break
            skip -= 1
        line += 1
    return line


@inner
def _first_line(s: State, pool: int, instant: int) -> int:
    """The first sitting of a pool at or after `instant`."""
    first: int = s.pools[pool, t.FIRST_LINE]
    last: int = s.pools[pool, t.LAST_LINE]
    while first < last:
        middle = (first + last) // 2
        if s.sittings[middle, t.INSTANT] < instant:
            first = middle + 1
        else:
            last = middle
    return first


@inner
def _serve(s: State, row: int, now: int) -> int:
    """Start a row if it still waits; 1 if it did."""
    if not _waits(s, row):
        return 0
    s.rows[row, t.QUEUED] = 0
    _start(s, row, now)
    return 1


@inner
def _waits(s: State, row: int) -> bool:
    return s.rows[row, t.QUEUED] == 1 and _is_open(s, row)


@inner
def _is_open(s: State, row: int) -> bool:
    group = s.rows[row, t.GROUP]
    return not (s.groups[group, t.CLOSED] or s.groups[s.groups[group, t.OUTERMOST], t.CLOSED])


@inner
def _call(s: State, pool: int) -> None:
    """Have a pool deal at this instant, if anybody waits."""
    if s.pools[pool, t.QUEUE] > 0 and not s.pools[pool, t.CALLED]:
        s.pools[pool, t.CALLED] = 1
        s.lengths[t.CALLS] += 1


@inner
def _call_at(s: State, pool: int, instant: int) -> None:
    if s.pools[pool, t.WAKES_AT] != instant:
        s.pools[pool, t.WAKES_AT] = instant
        schedule(s, instant, t.WAKES, pool)
