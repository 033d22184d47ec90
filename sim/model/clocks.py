"""How time counts: the calendar, working hours, and the statutory days of Regulation 1182/71.

A `Clock` is three tables over the days of a simulation (numbered from 0, the scenario's origin) and the arithmetic on
them, for one instant in plain Python and for arrays. An instant is a number of minutes since 00:00 of day 0. Where the
hours of a day are not one stretch, or not the same on all days (a lunch break, a night shift), two tables of its
stretches come on top.

Every question is answered by looking up, never by walking from day to day: the open minutes before a day, the days
that count, the next working day. A compiled engine reads the same tables. What lies past the last day of the tables
is not known, and the answer is `FAR`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario import schema
from sim.scenario.files import public_holidays
from sim.scenario.language.quantities import MINUTES_PER_DAY, MINUTES_PER_HOUR

FAR = 2**62
"""An instant that is never reached: the answer lies beyond the days that the clock knows."""

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]


class Kind(IntEnum):
    """What a clock counts."""

    CALENDAR = 0  # every minute
    WORKING = 1  # open minutes: from opening to closing on working days
    STATUTORY = 2  # whole days, as Regulation 1182/71 counts them


_CALENDAR, _WORKING, _STATUTORY = Kind


def _nothing() -> Int:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class Clock:
    """How time counts over D days.

    On a statutory clock the day of the event is not counted, days in a stop are not counted, and a period ends at
    23:59 of its last day or, if that is no working day or lies in a stop, of the next working day outside stops.

    References
    ----------
    Council Regulation (EEC, Euratom) No 1182/71 determining the rules applicable to periods, dates and time limits,
    Article 3(1), (3) and (4). Article 3(5), at least two working days in a period of two days or more, is left out: it
    lengthens some periods of two to four days, none of five or more.
    """

    name: str
    kind: Kind
    opens: int  # [min of the day]
    closes: int  # [min of the day]; the minute itself is closed
    open_before: Int  # (D + 1) [min] open time before 00:00 of each day; a counted day of a statutory clock has 1440
    open_days: Int  # (number of open days) the open (statutory: counted) days, increasing
    next_working: Int  # (D + 1) the first working day outside stops that is this day or later; D: there is none
    starts: Int = field(default_factory=_nothing)  # (S) [min] the openings, from an empty one at 0 on; none: one a day
    before: Int = field(default_factory=_nothing)  # (S + 1) [min] open time before each of them, and in all
    _before: list[int] = field(init=False, repr=False)
    _days: list[int] = field(init=False, repr=False)
    _next: list[int] = field(init=False, repr=False)
    _end: int = field(init=False, repr=False)
    _starts: list[int] = field(init=False, repr=False)
    _spent_by: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name, table in (
            ("_before", self.open_before),
            ("_days", self.open_days),
            ("_next", self.next_working),
            ("_starts", self.starts),
            ("_spent_by", self.before),
        ):
            object.__setattr__(self, name, table.tolist())  # a list answers one question three times as fast
        object.__setattr__(self, "_end", self.days * MINUTES_PER_DAY)

    @property
    def days(self) -> int:
        """Number of days D that the tables cover [d]."""
        return len(self.open_before) - 1

    @property
    def minutes_per_day(self) -> int:
        """Open minutes of one working day [min]: what `1 wd` is; 1440 on the calendar and on statutory clocks.

        Where days have different hours, the mean of the working days, rounded.
        """
        if len(self.starts):
            return round(int(self.before[-1]) / max(len(self.open_days), 1))
        return self.closes - self.opens

    def add(self, t: int, amount: int) -> int:
        """The instant at which `amount` has passed since `t` [min]; an amount of 0 has passed at once, at `t`.

        Parameters
        ----------
        t : instant [min], at least 0.
        amount : minutes of open time [min], at least 0; on a statutory clock a period of the law: 1440 for each day,
            and a part of a day counts as a day. On a working clock a whole day's minutes from the opening end at that
            day's closing.

        Returns
        -------
        Instant [min], or `FAR` if it lies beyond the tables.
        """
        if self.kind is not _STATUTORY or amount == 0:
            return self.after_work(t, amount)
        if not 0 <= t < self._end or amount < 0:
            return _beyond(t, amount)
        return self._add_days(t // MINUTES_PER_DAY, -(-amount // MINUTES_PER_DAY))

    def after_work(self, t: int, amount: int) -> int:
        """The instant at which `amount` minutes have been worked since `t` [min]: `add`, but not by the law's days.

        Half an hour on a statutory clock is half an hour of a day that counts: the law rounds periods, not work.
        """
        if amount == 0 or self.kind is _CALENDAR:
            return t + amount
        if not 0 <= t < self._end or amount < 0:
            return _beyond(t, amount)
        if self._starts:
            return self._in_stretches(t, amount)
        day = t // MINUTES_PER_DAY
        since_opening = t - day * MINUTES_PER_DAY - self.opens
        spent = self._before[day]
        if since_opening > 0:
            spent = min(spent + since_opening, self._before[day + 1])
        number, rest = divmod(spent + amount - 1, self.closes - self.opens)
        return self._days[number] * MINUTES_PER_DAY + self.opens + rest + 1 if number < len(self._days) else FAR

    def _in_stretches(self, t: int, amount: int) -> int:
        starts, before = self._starts, self._spent_by
        now = bisect_right(starts, t) - 1
        spent = min(before[now] + t - starts[now], before[now + 1]) + amount
        then = bisect_left(before, spent) - 1
        return starts[then] + spent - before[then] if spent <= before[-1] else FAR

    def _add_days(self, day: int, amount: int) -> int:
        number = self._before[day + 1] // MINUTES_PER_DAY + amount - 1
        if number >= len(self._days):
            return FAR
        end = (self._next[self._days[number]] + 1) * MINUTES_PER_DAY - 1
        return end if end < self._end else FAR

    def next_open(self, t: int) -> int:
        """`t` if the clock is open then, else its next opening [min]; `t` on the calendar and on statutory clocks."""
        if self.kind is not _WORKING:
            return t
        if not 0 <= t < self._end:
            return _beyond(t, 0)
        if self._starts:
            return self._next_stretch(t)
        day = t // MINUTES_PER_DAY
        minute = t - day * MINUTES_PER_DAY
        working = self._next[day if minute < self.closes else day + 1]
        if working == day and minute >= self.opens:
            return t
        opening = working * MINUTES_PER_DAY + self.opens
        return opening if opening < self._end else FAR

    def _next_stretch(self, t: int) -> int:
        starts, before = self._starts, self._spent_by
        now = bisect_right(starts, t) - 1
        if before[now] + t - starts[now] < before[now + 1]:
            return t
        return starts[now + 1] if now + 1 < len(starts) else FAR

    def add_many(self, t: ArrayLike, amount: ArrayLike) -> Int:
        """`add` for arrays of instants and amounts [min] that broadcast together. Raises ValueError if negative."""
        t, amount = np.broadcast_arrays(_int(t), _int(amount))
        if self.kind is Kind.CALENDAR:
            return _int(t + amount)
        if t.size and min(t.min(), amount.min()) < 0:
            raise ValueError(f"instants and amounts must not be negative, got {min(t.min(), amount.min())}")
        inside = t < self._end
        at = np.where(inside, t, 0)
        reached = self._open_many(at, amount) if self.kind is Kind.WORKING else self._days_many(at, amount)
        return np.where(amount == 0, t, np.where(inside, reached, FAR))

    def _open_many(self, t: Int, amount: Int) -> Int:
        if len(self.starts):
            spent = self._spent(t) + amount
            then = np.maximum(np.searchsorted(self.before, np.minimum(spent, self.before[-1])) - 1, 0)
            return np.where(spent <= self.before[-1], self.starts[then] + spent - self.before[then], FAR)
        whole_days, rest = np.divmod(self._spent(t) + amount - 1, self.minutes_per_day)
        day = self._numbered(whole_days)
        return np.where(day < self.days, day * MINUTES_PER_DAY + self.opens + rest + 1, FAR)

    def _days_many(self, t: Int, amount: Int) -> Int:
        counted = self.open_before[t // MINUTES_PER_DAY + 1] // MINUTES_PER_DAY
        last = self.next_working[self._numbered(counted - (-amount // MINUTES_PER_DAY) - 1)]
        return np.where(last < self.days, (last + 1) * MINUTES_PER_DAY - 1, FAR)

    def _numbered(self, number: Int) -> Int:
        """The day of each number in `open_days`; D where there is none."""
        return _int(np.append(self.open_days, self.days)[np.minimum(number, len(self.open_days))])

    def open_minutes(self, t0: ArrayLike, t1: ArrayLike) -> Int:
        """Open minutes from `t0` to `t1` [min], arrays that broadcast; on a statutory clock minutes of counted days.

        Raises ValueError if an instant lies outside the tables (the calendar has no end).
        """
        t0, t1 = _int(t0), _int(t1)
        if self.kind is Kind.CALENDAR:
            return _int(t1 - t0)
        for t in (t0, t1):
            if t.size and not 0 <= t.min() <= t.max() <= self._end:
                raise ValueError(f"instants must lie between 0 and {self._end} min, got {t.min()} to {t.max()}")
        return _int(self._spent(t1) - self._spent(t0))

    def _spent(self, t: Int) -> Int:
        """Open minutes before `t`."""
        if len(self.starts):
            now = np.searchsorted(self.starts, t, side="right") - 1
            return _int(np.minimum(self.before[now] + t - self.starts[now], self.before[now + 1]))
        day = t // MINUTES_PER_DAY
        since_opening = np.maximum(t - day * MINUTES_PER_DAY - self.opens, 0)
        closing = self.open_before[np.minimum(day + 1, self.days)]
        return _int(np.minimum(self.open_before[day] + since_opening, closing))


def _int(numbers: ArrayLike) -> Int:
    return np.asarray(numbers, np.int64)


def _beyond(t: int, amount: int) -> int:
    if t < 0 or amount < 0:
        raise ValueError(f"instants and amounts must not be negative, got {min(t, amount)}")
    return FAR


def build_clocks(scenario: schema.Scenario, days: int) -> tuple[Clock, ...]:
    """The calendar, then the clocks of `scenario` in its order, over `days` days from the origin [d].

    Where recruitment is on hold at times, the last clock is that of the other times. A `stops` season closes a working
    clock as it stops a statutory one.

    Raises
    ------
    ValueError
        If a country or a year is not in `holidays.yaml`.
    """
    every_day = np.ones(days, bool)
    calendar = _clock("calendar", Kind.CALENDAR, (0, MINUTES_PER_DAY), every_day, every_day)
    named = (_placed(name, clock, scenario.origin, days) for name, clock in scenario.clocks.items())
    return calendar, *named, *_recruiting(scenario, days)


def _recruiting(scenario: schema.Scenario, days: int) -> Iterator[Clock]:
    """The clock that stands still while recruitment is on hold, if it ever is."""
    if scenario.inclusion is not None and scenario.inclusion.holds:
        day, running = np.datetime64(scenario.origin, "D") + np.arange(days), np.ones(days, bool)
        for hold in scenario.inclusion.holds:
            running &= (day < np.datetime64(hold.from_, "D")) | (day > np.datetime64(hold.to, "D"))
        yield _clock("recruiting", Kind.WORKING, (0, MINUTES_PER_DAY), running, running)


def clock_index(scenario: schema.Scenario) -> dict[str, int]:
    """The place of each clock in `build_clocks`, by name; 'calendar' is 0. Raises ValueError if that name is taken."""
    if "calendar" in scenario.clocks:
        raise ValueError("clocks.calendar: must have another name, got that of the clock that is always open")
    return {name: index for index, name in enumerate(("calendar", *scenario.clocks))}


def _placed(name: str, clock: schema.Clock, origin: date, days: int) -> Clock:
    try:
        return _build(name, clock, origin, days)
    except ValueError as error:
        raise ValueError(f"clocks.{name}: {error}") from None


def _build(name: str, clock: schema.Clock, origin: date, days: int) -> Clock:
    running = ~season_days(clock.stops, origin, days)
    working = _weekdays(clock.days, origin, days) & running
    if clock.holidays is not None:
        working[_holidays(clock.holidays, origin, days)] = False
    own = np.array([(day - origin).days for day in clock.closed_on], np.int64)
    working[own[(own >= 0) & (own < days)]] = False
    if clock.kind == "statutory":
        return _clock(name, Kind.STATUTORY, (0, MINUTES_PER_DAY), running, working)
    assert clock.hours is not None  # the schema requires hours of a working clock
    if len(clock.hours) == 2 and clock.hours[0] < clock.hours[1] and not clock.other_hours:
        return _clock(name, Kind.WORKING, (_minute(clock.hours[0]), _minute(clock.hours[1])), working, working)
    return _in_shifts(name, clock, origin, working)


def _in_shifts(name: str, clock: schema.Clock, origin: date, working: Bool) -> Clock:
    """A working clock with several stretches a day, or with other hours on some days."""
    days = len(working)
    stretches = [
        (day * MINUTES_PER_DAY + opens, day * MINUTES_PER_DAY + closes)
        for day in np.flatnonzero(working).tolist()
        for opens, closes in stretches_of(clock.hours_on((origin.weekday() + day) % 7))
    ]
    starts, ends = np.array([(0, 0), *stretches], np.int64).T
    before = np.concatenate(([0], np.cumsum(ends - starts)))
    plain = _clock(name, Kind.WORKING, (0, MINUTES_PER_DAY), working, working)
    midnights = np.arange(days + 1) * MINUTES_PER_DAY
    now = np.searchsorted(starts, midnights, side="right") - 1
    open_before = np.minimum(before[now] + midnights - starts[now], before[now + 1])
    return replace(plain, open_before=open_before, starts=starts, before=before)


def stretches_of(hours: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Opening and closing [min of the day] of each stretch; one that closes before it opens does so the next day."""
    minutes = [_minute(hour) for hour in hours]
    for opens, closes in zip(minutes[::2], minutes[1::2], strict=True):
        yield opens, closes if closes > opens else closes + MINUTES_PER_DAY


def _clock(name: str, kind: Kind, hours: tuple[int, int], counted: Bool, working: Bool) -> Clock:
    opens, closes = hours
    none = len(working)
    next_working = np.where(np.append(working, True), np.arange(none + 1), none)
    return Clock(
        name,
        kind,
        opens,
        closes,
        open_before=np.concatenate(([0], np.cumsum(counted, dtype=np.int64))) * (closes - opens),
        open_days=np.flatnonzero(counted),
        next_working=np.minimum.accumulate(next_working[::-1])[::-1].copy(),
    )


def _minute(hour: str) -> int:
    hours, minutes = hour.split(":")
    return int(hours) * MINUTES_PER_HOUR + int(minutes)


def _weekdays(names: Iterable[str], origin: date, days: int) -> Bool:
    return np.isin((origin.weekday() + np.arange(days)) % 7, [schema.WEEKDAYS.index(name) for name in names])


def season_days(seasons: Iterable[schema.Season], origin: date, days: int) -> Bool:
    """(days) True for the days, from `origin` on, that lie in one of `seasons`.

    Where a year lacks a day (29 February), a season from that day starts with the next one that there is, and a
    season to that day ends with the one before.
    """
    dates = np.datetime64(origin, "D") + np.arange(days)
    years, months = dates.astype("M8[Y]"), dates.astype("M8[M]")
    month_day = ((months - years).astype(np.int64) + 1) * 100 + (dates - months).astype(np.int64) + 1
    inside = np.zeros(days, bool)
    for season in seasons:
        first, last = (int(day.replace("-", "")) for day in (season.from_, season.to))
        after, before = month_day >= first, month_day <= last
        now = after | before if first > last else after & before
        begins = years.astype(np.int64) + 1970 - (before & (first > last))
        inside |= now if season.years is None else now & np.isin(begins, season.years)
    return inside


def _holidays(country: str, origin: date, days: int) -> list[int]:
    """The numbers of the days, 0 up to `days`, that are public holidays."""
    by_year = public_holidays(country)
    needed = range(origin.year, (origin + timedelta(days - 1)).year + 1)
    if not by_year.keys() >= set(needed):
        raise ValueError(
            f"holidays of {country} are known from {min(by_year)} to {max(by_year)}, got a simulation "
            f"from {needed[0]} to {needed[-1]}; shorten the windows or move the origin"
        )
    numbers = ((day - origin).days for year in needed for day in by_year[year])
    return [number for number in numbers if 0 <= number < days]
