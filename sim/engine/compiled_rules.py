"""The rules of `sim.model.network` on the tables of a `State`, compiled.

`_happen`, `_settle` and `_deal` are the steps 1 to 3 of a round. Why they are as they are is said in
`sim.engine.simpy_engine`.
"""

from __future__ import annotations

from sim.engine import compiled_tables as t
from sim.engine.compiled_clocks import add, after_work, next_open
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
        if s.rows[which].keeps and _is_open(s, which):
            note(s, t.KEPT, which)
        else:
            _leave(s, which)
        _finish(s, which, s.rows[which].prospect, now)
    elif kind == t.COUNTED:
        _count(s, which, now)
    elif kind == t.COMES_TO_LIMIT:
        if _waits(s, which):
            s.rows[which].queued = False
            s.start[which] = now
            _finish(s, which, t.ABANDONED if s.rows[which].rule == t.LAPSE else t.UNSERVED, now)
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
    if outcome == t.LAPSED or outcome == t.ABANDONED:
        parent = s.parent[task.group]
        note(s, t.NOW_CLOSING, parent if parent != NONE else task.group)
        return
    if task.closes != NONE:
        note(s, t.NOW_CLOSING, task.closes)
    if task.gives_back != NONE:
        _give_back(s, task.gives_back)
    for edge in range(task.first_edge, task.last_edge):
        instant = now if s.lag[edge] == 0 else add(s, s.lag_clock[edge], now, s.lag[edge])
        if instant == now:
            _count(s, s.successor[edge], now)
        else:
            schedule(s, instant, t.COUNTED, s.successor[edge])


@inner
def _give_back(s: State, row: int) -> None:
    """Let a row keep its units no longer."""
    s.rows[row].keeps = False
    for i in range(s.lengths[t.KEPT]):
        if s.noted[t.KEPT, i] == row:
            s.lengths[t.KEPT] -= 1
            s.noted[t.KEPT, i] = s.noted[t.KEPT, s.lengths[t.KEPT]]
            _leave(s, row)
            return


@inner
def _leave(s: State, row: int) -> None:
    """Give up the units that a row holds."""
    if s.rows[row].pool != NONE and s.pools[s.rows[row].pool].serves == t.PEOPLE:
        _hand_back(s, s.rows[row].pool)
        if _is_team(s, row):
            for i in range(s.first_also[row], s.first_also[row + 1]):
                _hand_back(s, s.also[i])


@inner
def _is_team(s: State, row: int) -> bool:
    """Whether a row needs more than one unit."""
    return len(s.also) > 0 and s.first_also[row + 1] > s.first_also[row]


@inner
def _hand_back(s: State, pool: int) -> None:
    s.pools[pool].busy -= 1
    _call(s, pool)


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
    if s.lengths[t.NOW_CLOSING] > 0:
        for i in range(s.lengths[t.KEPT] - 1, -1, -1):
            if not _is_open(s, s.noted[t.KEPT, i]):
                _give_back(s, s.noted[t.KEPT, i])
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
    task.queued = True
    _join(s, task.pool, row)
    if _is_team(s, row):
        for i in range(s.first_also[row], s.first_also[row + 1]):
            if not _before(s, row, i):
                _join(s, s.also[i], row)
    if _may_be_cut(s, row):
        schedule(s, max(task.due, now), t.COMES_TO_LIMIT, row)


@inner
def _join(s: State, pool: int, row: int) -> None:
    """Wait in the queue of a pool, which deals at this instant."""
    _enter_queue(s, pool, row)
    _call(s, pool)


@inner
def _enter_queue(s: State, pool: int, row: int) -> None:
    task = s.rows[row]
    by_due = task.rule != t.NO_RULE and s.pools[pool].by_due
    enqueue(s, pool, (task.priority, task.due if by_due else s.ready[row], row))


@inner
def _before(s: State, row: int, i: int) -> bool:
    """Whether a row needs another unit of the pool `also[i]` before that one."""
    again: bool = s.also[i] == s.rows[row].pool
    for j in range(s.first_also[row], i):
        again = again or s.also[j] == s.also[i]
    return again


@inner
def _start(s: State, row: int, now: int) -> None:
    task = s.rows[row]
    end = after_work(s, task.clock, now, task.work)
    s.start[row] = now
    in_time = end <= task.due or (task.on_wait and now <= task.due)
    task.prospect = t.DONE if in_time else _cut(s, row)
    if not in_time and task.rule != t.OVERRUN:
        end = max(task.due, now)
    schedule(s, end, t.ENDS, row)


@inner
def _may_be_cut(s: State, row: int) -> bool:
    """Whether a limit ends the row if it still waits then."""
    rule: int = s.rows[row].rule
    return rule != t.NO_RULE and rule != t.OVERRUN


@inner
def _cut(s: State, row: int) -> int:
    """How a row ends whose limit comes before its end."""
    rule = s.rows[row].rule
    return t.LATE_END if rule == t.OVERRUN else t.LAPSED if rule == t.LAPSE else t.AT_LIMIT


@inner
def _deal(s: State, now: int) -> None:
    """Step 3: the pools that were called deal; in any order, unless somebody may wait for two of them."""
    called = s.lengths[t.CALLED]
    s.lengths[t.CALLED] = 0
    if len(s.also) > 0:
        _in_order(s, called)
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
    if not _deals(s, number, now):
        return
    while pool.queue > 0 and pool.busy < pool.units:
        row = next_queued(s, number)
        if _waits(s, row):
            if _take(s, row, now):
                _serve(s, row, now)
            else:
                note(s, t.PASSED_OVER, row)
    for i in range(s.lengths[t.PASSED_OVER]):
        _enter_queue(s, number, s.noted[t.PASSED_OVER, i])
    s.lengths[t.PASSED_OVER] = 0


@inner
def _deals(s: State, number: int, now: int) -> bool:
    """Whether a pool of people is open now; if not, it deals when it opens."""
    opening = next_open(s, s.pools[number].clock, now)
    if opening > now:
        _call_at(s, number, opening)
    return opening == now


@inner
def _take(s: State, row: int, now: int) -> bool:
    """Take all units that a row needs, or none if one of them is not free; whether it did."""
    many = 1 + s.first_also[row + 1] - s.first_also[row] if _is_team(s, row) else 1
    taken = 0
    while taken < many and _take_one(s, _needed(s, row, taken), now):
        taken += 1
    if taken == many:
        return True
    for i in range(taken):
        s.pools[_needed(s, row, i)].busy -= 1
    return False


@inner
def _take_one(s: State, number: int, now: int) -> bool:
    free: bool = s.pools[number].busy < s.pools[number].units and _deals(s, number, now)
    s.pools[number].busy += free
    return free


@inner
def _needed(s: State, row: int, i: int) -> int:
    """The pool of the unit number `i` that a row needs."""
    pool: int = s.rows[row].pool if i == 0 else s.also[s.first_also[row] + i - 1]
    return pool


@inner
def _in_order(s: State, called: int) -> None:
    """Put the pools that were called in their order (comb sort).

    References
    ----------
    Dobosiewicz W. (1980). An efficient variation of bubble sort. Information Processing Letters 11, 5-6.
    doi:10.1016/0020-0190(80)90022-8
    """
    gap, swapped = called, True
    while gap > 1 or swapped:
        gap, swapped = max(gap * 10 // 13, 1), False
        for i in range(called - gap):
            one, other = s.noted[t.CALLED, i], s.noted[t.CALLED, i + gap]
            if one > other:
                s.noted[t.CALLED, i], s.noted[t.CALLED, i + gap] = other, one
                swapped = True


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
            end = _first_line(s, number, s.rows[row].due) if _may_be_cut(s, row) else pool.last_line
            line = _draw(s, number, row, end)
            if line < end:
                s.lines[line].number -= 1
                schedule(s, s.lines[line].instant, t.SITS, row)


@inner
def _draw(s: State, number: int, row: int, end: int) -> int:
    """The sitting before `end` that a row books: one inside its window if it can, else the first one later."""
    pool = s.pools[number]
    first = _first_line(s, number, s.ready[row] + pool.earliest)
    after = _first_line(s, number, s.ready[row] + pool.latest + 1)
    inside = 0
    for line in range(first, min(after, end)):
        inside += s.lines[line].number > 0
    line, skip = (first, int(s.pick[row] * inside)) if inside > 0 else (after, 0)
    while line < end:
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
