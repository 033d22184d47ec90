"""The rules of `sim.model.network` on the tables of a `State`, compiled.

`_happen`, `_settle` and `_deal` are the steps 1 to 3 of a round. Why they are as they are is said in
`sim.engine.simpy_engine`.
"""

from __future__ import annotations

from sim.engine import compiled_tables as t
from sim.engine.compiled_clocks import add, after_work, next_open, open_minutes
from sim.engine.compiled_queues import enqueue, first_queued, is_queued, next_event, next_queued, note, schedule
from sim.engine.compiled_tables import State, inner, rare, wide
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
        if len(s.begun) > 0 and not _ends(s, which, now):
            return
        if s.rows[which].keeps and _is_open(s, which):
            note(s, t.KEPT, which)
        else:
            _leave(s, which)
        _finish(s, which, wide(s.rows[which].prospect), now)
    elif kind == t.COUNTED:
        _count(s, which)
    elif kind == t.COMES_TO_LIMIT:
        _come_to_limit(s, which, now)
    elif kind == t.SITS:
        note(s, t.NOW_SEATED, which)
    elif kind == t.WAKES:
        _call(s, which)
    else:
        _change(s, which)


@inner
def _ends(s: State, row: int, now: int) -> bool:
    """Whether a row is at work and comes to its end; not, if it was interrupted since that was foreseen."""
    if s.begun[row] == NOT_YET or _end_of_work(s, row, s.begun[row]) != now:
        return False
    s.begun[row] = NOT_YET
    _yields_no_more(s, row)
    return True


@inner
def _come_to_limit(s: State, row: int, now: int) -> None:
    """End a row that still waits at its limit."""
    if not _waits(s, row) or _met(s, row):
        return
    s.rows[row].queued = False
    if s.start[row] == NOT_YET:
        s.start[row] = now
        _finish(s, row, t.ABANDONED if s.rows[row].rule == t.LAPSE else t.UNSERVED, now)
    else:
        _end_break(s, row, now)
        _finish(s, row, _cut(s, row), now)


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
        note(s, t.NOW_CLOSING, s.whole[task.group])
        return
    if task.closes != NONE:
        note(s, t.NOW_CLOSING, task.closes)
    if task.gives_back != NONE:
        _give_back(s, task.gives_back)
    for edge in range(task.first_edge, task.last_edge):
        instant = now if s.lag[edge] == 0 else add(s, s.lag_clock[edge], now, s.lag[edge])
        if instant == now:
            _count(s, s.successor[edge])
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
        _hand_back(s, wide(s.rows[row].pool))
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
def _count(s: State, row: int) -> None:
    """One predecessor less to wait for; without any, the row is ready, which is noted for step 2."""
    task = s.rows[row]
    task.needs -= 1
    if len(s.counted) > 0:
        s.counted[row] = True
    if task.needs == 0:
        _make_ready(s, row)


@inner
def _make_ready(s: State, row: int) -> None:
    """Note for step 2 that the count of a row has run out, unless its group stands by."""
    if len(s.held) > 0:
        if s.held[row]:
            return
        s.held[row] = True
    if not _stands_by(s, row):
        note(s, t.NOW_READY, row)


@inner
def _stands_by(s: State, row: int) -> bool:
    standing: bool = len(s.stands_by) > 0 and s.stands_by[s.rows[row].group]
    return standing


@inner
def _settle(s: State, now: int) -> None:
    """Step 2: groups close, rows start; what passes at once is finished, for the next round."""
    for i in range(s.lengths[t.NOW_CLOSING]):
        group = s.noted[t.NOW_CLOSING, i]
        s.closed[group] = True
        for j in range(s.first_within[group], s.first_within[group + 1]):
            s.closed[s.within[j]] = True
    if s.lengths[t.NOW_CLOSING] > 0:
        if len(s.stands_by) > 0:
            _replace(s)
        if len(s.begun) > 0:
            _drop_groups(s, now)
        for i in range(s.lengths[t.KEPT] - 1, -1, -1):
            if not _is_open(s, s.noted[t.KEPT, i]):
                _give_back(s, s.noted[t.KEPT, i])
    for i in range(s.lengths[t.NOW_SEATED]):
        _serve(s, s.noted[t.NOW_SEATED, i], now)
    for i in range(s.lengths[t.NOW_READY]):
        row = s.noted[t.NOW_READY, i]
        if len(s.held) > 0:
            s.held[row] = False
            if s.rows[row].needs > 0 or s.ready[row] != NOT_YET:
                continue
        s.ready[row] = now
        if _is_open(s, row):
            _begin(s, row, now)
    passed = s.lengths[t.PASSED]
    s.lengths[t.NOW_CLOSING] = s.lengths[t.NOW_SEATED] = s.lengths[t.NOW_READY] = s.lengths[t.PASSED] = 0
    for i in range(passed):
        row = s.noted[t.PASSED, i]
        _finish(s, row, wide(s.rows[row].prospect), now)


@inner
def _drop_groups(s: State, now: int) -> None:
    """Interrupt who is at work in groups for good, and give up what has not ended there."""
    for i in range(s.lengths[t.NOW_CLOSING]):
        group = s.noted[t.NOW_CLOSING, i]
        if s.drops[group] and not s.dropped[group]:
            s.dropped[group] = True
            for row in range(len(s.rows)):
                if s.end[row] == NOT_YET and _lies_in(s, s.rows[row].group, group):
                    if s.begun[row] != NOT_YET:
                        _interrupt(s, row, now)
                    _note_given_up(s, row)
            _give_all_up(s)


@rare
def put_to_sleep(s: State) -> None:
    """Give up what belongs to groups that stand by."""
    for row in range(len(s.rows)):
        if _stands_by(s, row):
            _note_given_up(s, row)
    _give_all_up(s)


@rare
def _replace(s: State) -> None:
    """Wake the groups that replace those which rows have just closed."""
    for i in range(s.lengths[t.NOW_CLOSING]):
        group = s.noted[t.NOW_CLOSING, i]
        following = NONE if s.left[group] or s.stands_by[group] else s.replaced_by[group]
        s.left[group] = True
        while following != NONE and (s.closed[following] or not s.stands_by[following]):
            following = s.replaced_by[following]
        if following != NONE:
            _wake(s, following)


@inner
def _wake(s: State, group: int) -> None:
    s.stands_by[group] = False
    for i in range(s.first_within[group], s.first_within[group + 1]):
        s.stands_by[s.within[i]] = False
    for row in range(len(s.rows)):
        if _lies_in(s, s.rows[row].group, group):
            _note_taken_up(s, row)
    while s.lengths[t.GIVEN_UP] > 0:
        s.lengths[t.GIVEN_UP] -= 1
        _count_on(s, s.noted[t.GIVEN_UP, s.lengths[t.GIVEN_UP]])
    for row in range(len(s.rows)):
        if _lies_in(s, s.rows[row].group, group):
            if s.held[row]:
                note(s, t.NOW_READY, row)
            elif s.every[row] and s.rows[row].needs == 0 and not s.counted[row]:
                _note_given_up(s, row)
    _give_all_up(s)


@inner
def _note_taken_up(s: State, row: int) -> None:
    if s.given_up[row]:
        s.given_up[row] = False
        note(s, t.GIVEN_UP, row)


@inner
def _count_on(s: State, row: int) -> None:
    """Who waits for every predecessor and is not ready waits for a row that was given up; so may others for them."""
    for edge in range(s.rows[row].first_edge, s.rows[row].last_edge):
        after = s.successor[edge]
        if s.every[after] and _is_open(s, after) and s.ready[after] == NOT_YET:
            s.rows[after].needs += 1
            _note_taken_up(s, after)


@inner
def _give_all_up(s: State) -> None:
    while s.lengths[t.GIVEN_UP] > 0:
        s.lengths[t.GIVEN_UP] -= 1
        _give_up(s, s.noted[t.GIVEN_UP, s.lengths[t.GIVEN_UP]])


@inner
def _lies_in(s: State, group: int, other: int) -> bool:
    found: bool = group == other
    for i in range(s.first_within[other], s.first_within[other + 1]):
        found = found or s.within[i] == group
    return found


@inner
def _note_given_up(s: State, row: int) -> None:
    if not s.given_up[row]:
        s.given_up[row] = True
        note(s, t.GIVEN_UP, row)


@inner
def _give_up(s: State, row: int) -> None:
    """Nobody who waits for every predecessor waits for a row any more; who waits for nothing else is given up too."""
    for edge in range(s.rows[row].first_edge, s.rows[row].last_edge):
        after = s.successor[edge]
        if s.every[after] and _is_open(s, after):
            s.rows[after].needs -= 1
            if s.rows[after].needs == 0 and s.counted[after]:
                _make_ready(s, after)
            elif s.rows[after].needs == 0:
                _note_given_up(s, after)


@inner
def _begin(s: State, row: int, now: int) -> None:
    task = s.rows[row]
    if task.early != NONE and not NOT_YET < s.end[task.early] < s.end[s.late[row]]:
        _pass(s, row, t.WAIVED, now)
        return
    if task.rule != t.NO_RULE:
        ended = s.end[task.since] if task.since != NONE else NOT_YET
        task.due = add(s, wide(task.limit_clock), now if ended == NOT_YET else ended, task.due)
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
    _join(s, wide(task.pool), row)
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
    enqueue(s, pool, (s.priority[row], task.due if by_due else s.ready[row], row))


@inner
def _before(s: State, row: int, i: int) -> bool:
    """Whether a row needs another unit of the pool `also[i]` before that one."""
    again: bool = s.also[i] == s.rows[row].pool
    for j in range(s.first_also[row], i):
        again = again or s.also[j] == s.also[i]
    return again


@inner
def _start(s: State, row: int, now: int) -> None:
    """Let a row start, or go on."""
    task = s.rows[row]
    if len(s.begun) > 0:
        s.begun[row] = now
        if s.start[row] != NOT_YET:
            _end_break(s, row, now)
        if task.pool != NONE and _may_yield(s, row):
            note(s, t.YIELDING, row)
    if s.start[row] == NOT_YET:
        s.start[row] = now
    end = after_work(s, wide(task.clock), now, task.work)
    in_time = end <= task.due or _met(s, row)
    task.prospect = t.DONE if in_time else _cut(s, row)
    if not in_time and task.rule != t.OVERRUN:
        end = max(task.due, now)
    schedule(s, end, t.ENDS, row)


@inner
def _end_of_work(s: State, row: int, since: int) -> int:
    """When a row that is at work since then ends, if nothing interrupts it."""
    task = s.rows[row]
    end = after_work(s, wide(task.clock), since, task.work)
    if task.prospect == t.DONE or task.rule == t.OVERRUN:
        return end
    due: int = max(task.due, since)
    return due


@inner
def _met(s: State, row: int) -> bool:
    """Whether a row has met its limit by starting."""
    task = s.rows[row]
    met: bool = task.on_wait and NOT_YET < s.start[row] <= task.due
    return met


@inner
def _may_yield(s: State, row: int) -> bool:
    """Whether a row holds units of a pool that gives way."""
    found: bool = s.pools[s.rows[row].pool].gives_way != 0
    if _is_team(s, row):
        for i in range(s.first_also[row], s.first_also[row + 1]):
            found = found or s.pools[s.also[i]].gives_way != 0
    return found


@inner
def _yields_no_more(s: State, row: int) -> None:
    for i in range(s.lengths[t.YIELDING]):
        if s.noted[t.YIELDING, i] == row:
            s.lengths[t.YIELDING] -= 1
            s.noted[t.YIELDING, i] = s.noted[t.YIELDING, s.lengths[t.YIELDING]]
            return


@inner
def _interrupt(s: State, row: int, now: int) -> None:
    """Take a row off its work; what is left of it waits, unless there is no room to note one more break."""
    task, number = s.rows[row], s.lengths[t.BREAKS]
    if number == len(s.breaks):
        return
    s.lengths[t.BREAKS] += 1
    s.breaks[number, 0], s.breaks[number, 1], s.breaks[number, 2] = row, now, NOT_YET
    task.work -= open_minutes(s, wide(task.clock), s.begun[row], now)
    s.begun[row], s.paused[row] = NOT_YET, number
    _yields_no_more(s, row)
    _leave(s, row)
    if task.pool != NONE:
        _queue_again(s, row)


@inner
def _end_break(s: State, row: int, now: int) -> None:
    s.breaks[s.paused[row], 2] = now
    s.paused[row] = NONE


@inner
def _queue_again(s: State, row: int) -> None:
    """Wait in the queues of all pools that a row needs, if it is not there still from before its break."""
    s.rows[row].queued = True
    for i in range(_many(s, row)):
        pool = _needed(s, row, i)
        if i == 0 or not _before(s, row, s.first_also[row] + i - 1):
            if not is_queued(s, pool, row):
                _enter_queue(s, pool, row)
            _call(s, pool)


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
        elif s.pools[pool].serves == t.BATCHES:
            _deal_batches(s, pool, now)
        else:
            _deal_drawn(s, pool, now)


@inner
def _deal_people(s: State, number: int, now: int) -> None:
    pool = s.pools[number]
    if not _deals(s, number, now):
        return
    while pool.queue > 0 and (pool.busy < pool.units or _gives_way(s, number, first_queued(s, number)) > 0):
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
    """Whether a pool is open now; if not, it deals when it opens."""
    opening = next_open(s, s.pools[number].clock, now)
    if opening > now:
        _call_at(s, number, opening)
    return opening == now


@inner
def _take(s: State, row: int, now: int) -> bool:
    """Take all units that a row needs, or none if one of them is not free, nor gives way; whether it did."""
    many, taken = _many(s, row), 0
    while taken < many and _take_one(s, row, _needed(s, row, taken), now):
        taken += 1
    if taken < many:
        for i in range(taken):
            s.pools[_needed(s, row, i)].busy -= 1
        return False
    if len(s.begun) > 0:
        for i in range(many):
            _make_way(s, row, _needed(s, row, i), now)
    return True


@inner
def _take_one(s: State, row: int, number: int, now: int) -> bool:
    pool = s.pools[number]
    free: bool = pool.busy < pool.units or pool.busy < pool.units + _gives_way(s, number, row)
    free = free and _deals(s, number, now)
    pool.busy += free
    return free


@inner
def _make_way(s: State, row: int, number: int, now: int) -> None:
    """Interrupt others until no more units of a pool are in use than there are, or there is nobody to interrupt."""
    while s.pools[number].busy > s.pools[number].units:
        last = NONE
        for i in range(s.lengths[t.YIELDING]):
            other = s.noted[t.YIELDING, i]
            if _held_by_less_urgent(s, other, number, row) > 0 and (last == NONE or _rank(s, other) > _rank(s, last)):
                last = other
        if last == NONE or s.lengths[t.BREAKS] == len(s.breaks):
            return
        _interrupt(s, last, now)


@inner
def _gives_way(s: State, number: int, row: int) -> int:
    """How many units of a pool would be taken from others for a row."""
    units = 0
    if s.pools[number].gives_way and s.lengths[t.BREAKS] < len(s.breaks):
        for i in range(s.lengths[t.YIELDING]):
            units += _held_by_less_urgent(s, s.noted[t.YIELDING, i], number, row)
    return units


@inner
def _held_by_less_urgent(s: State, other: int, number: int, row: int) -> int:
    """How many units of a pool another row holds, if it is less urgent."""
    units = 0
    if s.priority[other] > s.priority[row]:
        for i in range(_many(s, other)):
            units += _needed(s, other, i) == number
    return units


@inner
def _rank(s: State, row: int) -> tuple[int, int, int]:
    return s.priority[row], s.ready[row], row


@inner
def _many(s: State, row: int) -> int:
    """How many units a row needs that needs a pool."""
    further: int = s.first_also[row + 1] - s.first_also[row] if len(s.also) > 0 else 0
    return 1 + further


@inner
def _needed(s: State, row: int, i: int) -> int:
    """The pool of the unit number `i` that a row needs."""
    pool: int = wide(s.rows[row].pool) if i == 0 else s.also[s.first_also[row] + i - 1]
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
def _deal_batches(s: State, number: int, now: int) -> None:
    pool = s.pools[number]
    if not _deals(s, number, now):
        return
    while pool.queue > 0:
        row = next_queued(s, number)
        if _waits(s, row):
            note(s, t.PASSED_OVER, row)
    together = s.lengths[t.PASSED_OVER] // pool.batch * pool.batch
    for i in range(s.lengths[t.PASSED_OVER]):
        if i < together:
            _serve(s, s.noted[t.PASSED_OVER, i], now)
        else:
            _enter_queue(s, number, s.noted[t.PASSED_OVER, i])
    s.lengths[t.PASSED_OVER] = 0


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
    return not s.closed[s.rows[row].group]


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
