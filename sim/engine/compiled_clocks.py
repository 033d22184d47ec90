"""`Clock.add`, `Clock.after_work` and `Clock.next_open`, compiled: the same look-ups in the same tables."""

from __future__ import annotations

from sim.engine import compiled_tables as t
from sim.engine.compiled_tables import State, inner
from sim.model.clocks import FAR


@inner
def add(s: State, number: int, instant: int, amount: int) -> int:
    """`Clock.add`."""
    if s.clocks[number].kind != t.STATUTORY or amount == 0:
        return after_work(s, number, instant, amount)
    return _add_days(s, number, instant, amount) if instant // t.DAY < s.clocks[number].days else FAR


@inner
def after_work(s: State, number: int, instant: int, amount: int) -> int:
    """`Clock.after_work`."""
    if amount == 0 or s.clocks[number].kind == t.CALENDAR:
        return instant + amount
    if instant // t.DAY >= s.clocks[number].days:
        return FAR
    if s.clocks[number].kind == t.SHIFTS:
        return _add_in_stretches(s, number, instant, amount)
    return _add_open(s, number, instant, amount)


@inner
def open_minutes(s: State, number: int, since: int, until: int) -> int:
    """`Clock.open_minutes`."""
    if s.clocks[number].kind == t.CALENDAR:
        return until - since
    return _spent(s, number, until) - _spent(s, number, since)


@inner
def _spent(s: State, number: int, instant: int) -> int:
    """Open minutes before an instant."""
    clock = s.clocks[number]
    if clock.kind == t.SHIFTS:
        now = _after(s, clock.open_days, clock.next_working - clock.open_days, instant + 1) - 1
        in_stretch: int = s.days[clock.open_before + now] + instant - s.days[clock.open_days + now]
        return min(in_stretch, int(s.days[clock.open_before + now + 1]))
    day = instant // t.DAY
    before = clock.open_before + day
    spent: int = min(s.days[before] + max(instant - day * t.DAY - clock.opens, 0), s.days[before + 1])
    return spent


@inner
def _add_open(s: State, number: int, instant: int, amount: int) -> int:
    clock = s.clocks[number]
    spent = _spent(s, number, instant)
    per_day: int = clock.closes - clock.opens
    whole_days = (spent + amount - 1) // per_day
    if clock.open_days + whole_days >= clock.next_working:
        return FAR
    opening: int = s.days[clock.open_days + whole_days] * t.DAY + clock.opens
    return opening + spent + amount - whole_days * per_day


@inner
def _add_in_stretches(s: State, number: int, instant: int, amount: int) -> int:
    before, starts = s.clocks[number].open_before, s.clocks[number].open_days
    last = s.clocks[number].next_working - starts  # how many stretches there are
    now = _after(s, starts, last, instant + 1) - 1
    spent: int = min(s.days[before + now] + instant - s.days[starts + now], s.days[before + now + 1]) + amount
    if spent > s.days[before + last]:
        return FAR
    then = _after(s, before, last + 1, spent) - 1
    reached: int = s.days[starts + then] + spent - s.days[before + then]
    return reached


@inner
def _after(s: State, table: int, length: int, number: int) -> int:
    """The first place in a table, of so many increasing numbers, that has one of at least `number`."""
    low, high = 0, length
    while low < high:
        middle = (low + high) // 2
        if s.days[table + middle] < number:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def _add_days(s: State, number: int, instant: int, amount: int) -> int:
    clock, day = s.clocks[number], instant // t.DAY
    counted = s.days[clock.open_before + day + 1] // t.DAY - (-amount // t.DAY) - 1
    if clock.open_days + counted >= clock.next_working:
        return FAR
    last = s.days[clock.next_working + s.days[clock.open_days + counted]]
    return (last + 1) * t.DAY - 1 if last < clock.days else FAR


@inner
def next_open(s: State, number: int, instant: int) -> int:
    """`Clock.next_open`."""
    clock = s.clocks[number]
    if clock.kind != t.WORKING and clock.kind != t.SHIFTS:
        return instant
    day = instant // t.DAY
    if day >= clock.days:
        return FAR
    if clock.kind == t.SHIFTS:
        return _next_stretch(s, number, instant)
    minute = instant - day * t.DAY
    working = s.days[clock.next_working + (day if minute < clock.closes else day + 1)]
    if working == day and minute >= clock.opens:
        return instant
    return working * t.DAY + clock.opens if working < clock.days else FAR


@inner
def _next_stretch(s: State, number: int, instant: int) -> int:
    clock = s.clocks[number]
    last = clock.next_working - clock.open_days
    now = _after(s, clock.open_days, last, instant + 1) - 1
    if s.days[clock.open_before + now] + instant - s.days[clock.open_days + now] < s.days[clock.open_before + now + 1]:
        return instant
    opening: int = s.days[clock.open_days + now + 1] if now + 1 < last else FAR
    return opening
