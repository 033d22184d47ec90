"""The rules of `sim.model.network` on the tables of a `State`, compiled.

`_happen`, `_settle` and `_deal` are the steps 1 to 3 of a round. Why they are as they are is said in
`sim.engine.simpy_engine`.
"""

from __future__ import annotations

from sim.engine import compiled_tables as t
from sim.engine.compiled_clocks import add, next_open
from sim.engine.compiled_queues import enqueue, next_event, next_queued, note, schedule
from sim.engine.compiled_tables import State, inner
from sim.model.network import NONE, NOT_YET


@inner
def play_instant(s: State, minute: int, now: int) -> None:
    """Rounds of the three steps until nothing more happens at this instant, a minute of today."""
    while True:
        while s.diary[minute] != NONE:
            kind, which = next_event(s, minute)
            _happen(s, kind, which, now)
        if s.lengths[t.NOW_READY] + s.lengths[t.NOW_SEATED] + s.lengths[t.NOW_CLOSING] > 0:
            _settle(s, now)
        elif s.lengths[t.CALLED] > 0:
            _deal(s, now)
        else:
            return


@inner
def _happen(s: State, kind: int, which: int, now: int) -> None:
    """Step 1: one event."""
    if kind == t.ENDS:
        pool = s.rows[which].pool
        if pool != NONE and s.pools[pool].serves == t.PEOPLE:
            s.pools[pool].busy -= 1
            _call(s, pool)
        _finish(s, which, s.rows[which].prospect, now)
    elif kind == t.COUNTED:
        _count(s, which, now)
    elif kind == t.COMES_TO_LIMIT:
        if _waits(s, which):
            s.rows[which].queued = False
            s.start[which] = now
            _finish(s, which, _cut(s, which), now)
    elif kind == t.SITS:
        note(s, t.NOW_SEATED, which)
    elif kind == t.WAKES:
        _call(s, which)
    else:
        _change(s, which)


@inner
def _change(s: State, number: int) -> None:
    """Units come or go."""
    pool = s.pools[number]
    pool.units = s.lines[pool.first_line].number
    pool.first_line += 1
    if pool.first_line < pool.last_line:
        schedule(s, s.lines[pool.first_line].instant, t.CHANGES, number)
    _call(s, number)


@inner
def _finish(s: State, row: int, outcome: int, now: int) -> None:
    task = s.rows[row]
    s.end[row], s.outcome[row] = now, outcome
    if outcome == t.LAPSED:
        parent = s.parent[task.group]
        note(s, t.NOW_CLOSING, parent if parent != NONE else task.group)
        return
    if task.closes != NONE:
        note(s, t.NOW_CLOSING, task.closes)
    for edge in range(task.first_edge, task.last_edge):
        instant = now if s.lag[edge] == 0 else add(s, s.lag_clock[edge], now, s.lag[edge])
        if instant == now:
            _count(s, s.successor[edge], now)
        else:
            schedule(s, instant, t.COUNTED, s.successor[edge])


@inner
def _count(s: State, row: int, now: int) -> None:
    """One predecessor less to wait for; without any, the row is ready, which is noted for step 2."""
    task = s.rows[row]
    task.needs -= 1
    if task.needs == 0:
        s.ready[row] = now
        note(s, t.NOW_READY, row)


@inner
def _settle(s: State, now: int) -> None:
    """Step 2: groups close, rows start; what passes at once is finished, for the next round."""
    for i in range(s.lengths[t.NOW_CLOSING]):
        s.closed[s.noted[t.NOW_CLOSING, i]] = True
    for i in range(s.lengths[t.NOW_SEATED]):
        _serve(s, s.noted[t.NOW_SEATED, i], now)
    for i in range(s.lengths[t.NOW_READY]):
        if _is_open(s, s.noted[t.NOW_READY, i]):
            _begin(s, s.noted[t.NOW_READY, i], now)
    passed = s.lengths[t.PASSED]
    s.lengths[t.NOW_CLOSING] = s.lengths[t.NOW_SEATED] = s.lengths[t.NOW_READY] = s.lengths[t.PASSED] = 0
    for i in range(passed):
        row = s.noted[t.PASSED, i]
        _finish(s, row, s.rows[row].prospect, now)


@inner
def _begin(s: State, row: int, now: int) -> None:
    task = s.rows[row]
    if task.early != NONE and not NOT_YET < s.end[task.early] < s.end[task.late]:
        _pass(s, row, t.WAIVED, now)
        return
    if task.rule != t.NO_RULE:
        ended = s.end[task.since] if task.since != NONE else NOT_YET
        task.due = add(s, task.limit_clock, now if ended == NOT_YET else ended, task.limit)
    if task.pool != NONE:
        _queue(s, row, now)
    elif task.work > 0:
        _start(s, row, now)
    else:
        _pass(s, row, t.DONE if now <= task.due else _cut(s, row), now)


@inner
def _pass(s: State, row: int, outcome: int, now: int) -> None:
    """Start a row that takes no time."""
    s.start[row] = now
    s.rows[row].prospect = outcome
    note(s, t.PASSED, row)


@inner
def _queue(s: State, row: int, now: int) -> None:
    task = s.rows[row]
    limited = task.rule != t.NO_RULE
    key = task.due if limited and s.pools[task.pool].by_due else now
    task.queued = True
    enqueue(s, task.pool, (task.priority, key, row))
    _call(s, task.pool)
    if limited and task.rule != t.OVERRUN:
        schedule(s, max(task.due, now), t.COMES_TO_LIMIT, row)


@inner
def _start(s: State, row: int, now: int) -> None:
    task = s.rows[row]
    end = add(s, task.clock, now, task.work)
    s.start[row] = now
    task.prospect = t.DONE if end <= task.due else _cut(s, row)
    if end > task.due and task.rule != t.OVERRUN:
        end = max(task.due, now)
    schedule(s, end, t.ENDS, row)


@inner
def _cut(s: State, row: int) -> int:
    """How a row ends whose limit comes before its end."""
    rule = s.rows[row].rule
    return t.LATE_END if rule == t.OVERRUN else t.LAPSED if rule == t.LAPSE else t.AT_LIMIT


@inner
def _deal(s: State, now: int) -> None:
    """Step 3: the pools that were called deal; in any order, because nobody waits for two of them."""
    called = s.lengths[t.CALLED]
    s.lengths[t.CALLED] = 0
    for i in range(called):
        pool = s.noted[t.CALLED, i]
        s.pools[pool].called = 0
        if s.pools[pool].serves == t.PEOPLE:
            _deal_people(s, pool, now)
        elif s.pools[pool].serves == t.SITTINGS:
            _deal_sittings(s, pool, now)
        else:
            _deal_drawn(s, pool, now)


@inner
def _deal_people(s: State, number: int, now: int) -> None:
    pool = s.pools[number]
    opening = next_open(s, pool.clock, now)
    if opening > now:
        _call_at(s, number, opening)
        return
    while pool.queue > 0 and pool.busy < pool.units:
        pool.busy += _serve(s, next_queued(s, number), now)


@inner
def _deal_sittings(s: State, number: int, now: int) -> None:
    pool = s.pools[number]
    line = _first_line(s, number, now)
    if line < pool.last_line and s.lines[line].instant == now:
        while pool.queue > 0 and s.lines[line].number > 0:
            s.lines[line].number -= _serve(s, next_queued(s, number), now)
        line += 1
    if pool.queue > 0 and line < pool.last_line:
        _call_at(s, number, s.lines[line].instant)


@inner
def _deal_drawn(s: State, number: int, now: int) -> None:
    pool = s.pools[number]
    while pool.queue > 0:
        row = next_queued(s, number)
        if _waits(s, row):
            line = _draw(s, number, row)
            if line < pool.last_line:
                s.lines[line].number -= 1
                schedule(s, s.lines[line].instant, t.SITS, row)


@inner
def _draw(s: State, number: int, row: int) -> int:
    """The sitting that a row books: one inside its window if it can, else the first one later."""
    pool = s.pools[number]
    first = _first_line(s, number, s.ready[row] + pool.earliest)
    after = _first_line(s, number, s.ready[row] + pool.latest + 1)
    inside = 0
    for line in range(first, after):
        inside += s.lines[line].number > 0
    line, skip = (first, int(s.pick[row] * inside)) if inside > 0 else (after, 0)
    while line < pool.last_line:
        if s.lines[line].number > 0:
            if skip == 0:
                break
            skip -= 1
        line += 1
    return line


@inner
def _first_line(s: State, number: int, instant: int) -> int:
    """The first sitting of a pool at or after `instant`."""
    first: int = s.pools[number].first_line
    last: int = s.pools[number].last_line
    while first < last:
        middle = (first + last) // 2
        if s.lines[middle].instant < instant:
            first = middle + 1
        else:
            last = middle
    return first


@inner
def _serve(s: State, row: int, now: int) -> int:
    """Start a row if it still waits; 1 if it did."""
    if not _waits(s, row):
        return 0
    s.rows[row].queued = False
    _start(s, row, now)
    return 1


@inner
def _waits(s: State, row: int) -> bool:
    return s.rows[row].queued and _is_open(s, row)


@inner
def _is_open(s: State, row: int) -> bool:
    group = s.rows[row].group
    parent = s.parent[group]
    return not (s.closed[group] or (parent != NONE and s.closed[parent]))


@inner
def _call(s: State, number: int) -> None:
    """Have a pool deal at this instant, if anybody waits."""
    pool = s.pools[number]
    if pool.queue > 0 and not pool.called:
        pool.called = 1
        note(s, t.CALLED, number)


@inner
def _call_at(s: State, pool: int, instant: int) -> None:
    if s.pools[pool].wakes_at != instant:
        s.pools[pool].wakes_at = instant
        schedule(s, instant, t.WAKES, pool)
