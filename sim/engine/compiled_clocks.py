"""`Clock.add` and `Clock.next_open`, compiled: the same look-ups in the same tables."""

from __future__ import annotations

from sim.engine import compiled_tables as t
from sim.engine.compiled_tables import State, inner
from sim.model.clocks import FAR


@inner
def add(s: State, clock: int, instant: int, amount: int) -> int:
    """`Clock.add`."""
    kind, day = s.clocks[clock, t.COUNTS], instant // t.DAY
    if amount == 0 or kind == t.CALENDAR:
        return instant + amount
    if day >= s.clocks[clock, t.DAYS]:
        return FAR
    return _add_open(s, clock, instant, amount) if kind == t.WORKING else _add_days(s, clock, day, amount)


@inner
def _add_open(s: State, clock: int, instant: int, amount: int) -> int:
    opens, before, open_days = s.clocks[clock, t.OPENS], s.clocks[clock, t.OPEN_BEFORE], s.clocks[clock, t.OPEN_DAYS]
    day = instant // t.DAY
    spent: int = min(s.days[before + day] + max(instant - day * t.DAY - opens, 0), s.days[before + day + 1])
    per_day: int = s.clocks[clock, t.CLOSES_AT] - opens
    whole_days = (spent + amount - 1) // per_day
    if open_days + whole_days >= s.clocks[clock, t.NEXT_WORKING]:
        return FAR
    opening: int = s.days[open_days + whole_days] * t.DAY + opens
    return opening + spent + amount - whole_days * per_day


@inner
def _add_days(s: State, clock: int, day: int, amount: int) -> int:
    open_days, next_working = s.clocks[clock, t.OPEN_DAYS], s.clocks[clock, t.NEXT_WORKING]
    number = s.days[s.clocks[clock, t.OPEN_BEFORE] + day + 1] // t.DAY - (-amount // t.DAY) - 1
    if open_days + number >= next_working:
        return FAR
    last = s.days[next_working + s.days[open_days + number]]
    return (last + 1) * t.DAY - 1 if last < s.clocks[clock, t.DAYS] else FAR


@inner
def next_open(s: State, clock: int, instant: int) -> int:
    """`Clock.next_open`."""
    if s.clocks[clock, t.COUNTS] != t.WORKING:
        return instant
    day, last = instant // t.DAY, s.clocks[clock, t.DAYS]
    if day >= last:
        return FAR
    minute, next_working = instant - day * t.DAY, s.clocks[clock, t.NEXT_WORKING]
    working = s.days[next_working + day]
    if working == day:
        if s.clocks[clock, t.OPENS] <= minute < s.clocks[clock, t.CLOSES_AT]:
            return instant
        if minute >= s.clocks[clock, t.CLOSES_AT]:
            working = s.days[next_working + day + 1]
    return working * t.DAY + s.clocks[clock, t.OPENS] if working < last else FAR
