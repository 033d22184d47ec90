"""Clocks: hand-counted dates, laws, and tables that agree with the scalar methods."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.model.clocks import FAR, Clock, Kind, build_clocks, clock_index, season_days
from sim.scenario import files, schema
from sim.scenario.files import public_holidays

ORIGIN = date(2026, 1, 1)
DAYS = 800
WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {"kind": "working", "days": WEEK, "hours": ("09:00", "17:00"), "holidays": "FR"}
WINTER = {"from": "12-22", "to": "01-07"}
CTIS = {"kind": "statutory", "days": WEEK, "holidays": "FR", "stops": [WINTER]}
WD = 8 * 60


def clocks(days: int = DAYS, origin: date = ORIGIN, **records: dict[str, Any]) -> tuple[Clock, ...]:
    """The calendar and the clocks of `records`, over `days` days."""
    named = {name: schema.Clock.model_validate(record) for name, record in records.items()}
    return build_clocks(SimpleNamespace(origin=origin, clocks=named, inclusion=None), days)  # type: ignore[arg-type]


CALENDAR, WORK, STATUTE = clocks(office=OFFICE, ctis=CTIS)
ALL = (CALENDAR, WORK, STATUTE)


def at(text: str) -> int:
    """Minutes from the origin to '2026-04-30 10:00'."""
    return (datetime.fromisoformat(text) - datetime.combine(ORIGIN, datetime.min.time())) // timedelta(minutes=1)


# --- hand-counted dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "days", "end"),
    [
        ("2026-04-30 10:00", 15, "2026-05-15 23:59"),  # the day of the event is not counted
        ("2026-04-30 00:00", 15, "2026-05-15 23:59"),
        ("2026-03-02 08:00", 5, "2026-03-09 23:59"),  # would end on Saturday 7 March
        ("2026-03-03 08:00", 5, "2026-03-09 23:59"),  # would end on Sunday 8 March
        ("2026-07-02 12:00", 12, "2026-07-15 23:59"),  # would end on Tuesday 14 July
        ("2026-03-25 12:00", 10, "2026-04-07 23:59"),  # Saturday, Sunday, then Easter Monday
        ("2026-12-18 09:00", 3, "2026-12-21 23:59"),  # the day before the winter stop
        ("2026-12-18 09:00", 4, "2027-01-08 23:59"),  # 19, 20, 21 December, then 8 January
        ("2026-12-18 09:00", 5, "2027-01-11 23:59"),  # would end on Saturday 9 January
        ("2026-12-25 09:00", 45, "2027-02-22 23:59"),  # 8 January is day 1; day 45 is Sunday 21 February
    ],
)
def test_a_statutory_period_ends_when_the_regulation_says(event: str, days: int, end: str) -> None:
    """Days after the event, outside stops, and never ending on a day off."""
    assert STATUTE.add(at(event), days * 1440) == at(end)


def test_a_statutory_period_whose_last_day_meets_a_stop_ends_after_it() -> None:
    """Saturday 20 December 2025 moves past the winter stop, not to a working day inside it."""
    (_, clock) = clocks(origin=date(2025, 12, 1), ctis={**CTIS, "stops": [{"from": "12-21", "to": "01-07"}]})
    assert clock.add(0, 19 * 1440) == (date(2026, 1, 8) - date(2025, 12, 1)).days * 1440 + 1439


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2026-04-02 09:00", 2 * WD, "2026-04-03 17:00"),  # Good Friday is a working day in France
        ("2026-04-02 09:00", 2 * WD + 1, "2026-04-07 09:01"),  # over Easter Monday
        ("2026-04-03 12:00", WD, "2026-04-07 12:00"),
        ("2026-04-04 03:00", WD, "2026-04-07 17:00"),  # from a Saturday night
        ("2026-04-07 17:00", 60, "2026-04-08 10:00"),  # from closing time
        ("2026-04-07 08:00", 60, "2026-04-07 10:00"),  # from before opening
        ("2026-04-04 03:00", 0, "2026-04-04 03:00"),
    ],
)
def test_working_time_passes_only_while_open(start: str, amount: int, end: str) -> None:
    """Open minutes around Easter 2026; a whole day ends at closing, an amount of 0 at once."""
    assert WORK.add(at(start), amount) == at(end)


@pytest.mark.parametrize(
    ("t", "opening"),
    [
        ("2026-04-03 09:00", "2026-04-03 09:00"),
        ("2026-04-03 16:59", "2026-04-03 16:59"),
        ("2026-04-03 17:00", "2026-04-07 09:00"),
        ("2026-04-03 08:59", "2026-04-03 09:00"),
        ("2026-04-05 12:00", "2026-04-07 09:00"),
    ],
)
def test_the_next_opening_is_now_or_the_next_working_morning(t: str, opening: str) -> None:
    """Closing time is closed, opening time is open, Easter Monday is a holiday."""
    assert WORK.next_open(at(t)) == at(opening)


def test_the_first_day_counts_like_any_other() -> None:
    """From Monday 5 January 2026, the origin: an hour from before opening, in the morning, and at the closing."""
    (_, work) = clocks(origin=date(2026, 1, 5), office=OFFICE)
    starts = [8 * 60, 10 * 60, 17 * 60]
    assert [work.add(start, 60) for start in starts] == [10 * 60, 11 * 60, 1440 + 10 * 60]
    assert work.add_many(starts, 60).tolist() == [10 * 60, 11 * 60, 1440 + 10 * 60]
    assert work.open_minutes(0, starts).tolist() == [0, 60, WD]


def test_the_calendar_and_statutory_clocks_are_always_open() -> None:
    """Only a working clock makes anybody wait for the morning."""
    night = at("2026-04-05 03:00")
    assert CALENDAR.next_open(night) == STATUTE.next_open(night) == night


def test_a_stop_closes_a_working_clock_too() -> None:
    """A week of closure is not worked."""
    (_, clock) = clocks(office={**OFFICE, "stops": [{"from": "03-02", "to": "03-08"}]})
    assert clock.add(at("2026-02-27 09:00"), 2 * WD) == at("2026-03-09 17:00")


def test_open_minutes_count_what_is_open() -> None:
    """From Thursday noon to Tuesday 10:00 around Easter: 5 + 8 + 1 hours; statutory days outside stops."""
    assert WORK.open_minutes(at("2026-04-02 12:00"), at("2026-04-07 10:00")) == 14 * 60
    assert CALENDAR.open_minutes(5, 12) == 7
    assert STATUTE.open_minutes(at("2026-12-20 12:00"), at("2027-01-08 06:00")) == 36 * 60 + 6 * 60
    assert WORK.open_minutes([0, 10], DAYS * 1440).shape == (2,)


def test_one_working_day_is_its_open_minutes() -> None:
    """`1 wd` is eight hours on office hours and a whole day elsewhere."""
    assert [clock.minutes_per_day for clock in ALL] == [1440, WD, 1440]


# --- the end of the tables --------------------------------------------------------------------------------------


def test_what_lies_beyond_the_tables_is_never_reached() -> None:
    """FAR, not an exception and not a wrong date."""
    end = DAYS * 1440
    for clock in (WORK, STATUTE):
        assert clock.add(end - 1, 1440) == clock.add(0, 10**9) == clock.add(end, 1) == clock.add(FAR, 1440) == FAR
        assert clock.add_many([end - 1, 0, end, FAR], [1440, 10**9, 1, 1440]).tolist() == [FAR] * 4
    assert WORK.next_open(end) == WORK.next_open(FAR) == FAR
    assert CALENDAR.add(end, 1) == end + 1


def test_a_clock_that_never_opens_within_its_tables_answers_far() -> None:
    """One Saturday: no working day, no next opening."""
    _, work, statute = clocks(days=1, origin=date(2026, 1, 3), office=OFFICE, ctis=CTIS)
    assert work.next_open(0) == work.add(0, 1) == statute.add(0, 1440) == FAR
    assert work.add_many([0], 1).tolist() == statute.add_many(0, [1440]).tolist() == [FAR]


def test_a_statutory_period_that_would_move_beyond_the_tables_answers_far() -> None:
    """The last day is Saturday 3 January 2026; the Monday after it is not in the tables."""
    (_, statute) = clocks(days=3, ctis={**CTIS, "stops": []})
    assert statute.add(0, 2 * 1440) == statute.add_many(0, 2 * 1440) == FAR


@pytest.mark.parametrize("clock", [WORK, STATUTE], ids=lambda clock: clock.name)
def test_negative_times_are_refused(clock: Clock) -> None:
    """A negative instant or amount is a mistake of the caller, not a place in a table."""
    for t, amount in ((-1, 5), (5, -1)):
        with pytest.raises(ValueError, match="negative"):
            clock.add(t, amount)
        with pytest.raises(ValueError, match="negative"):
            clock.add_many([t], [amount])
    for instants in ((0, DAYS * 1440 + 1), (-1, 5)):
        with pytest.raises(ValueError, match="must lie between 0 and"):
            clock.open_minutes(*instants)


# --- laws -------------------------------------------------------------------------------------------------------

instants = st.integers(0, DAYS * 1440 + 10)
whole_days = st.integers(0, 60).map(lambda days: days * WD)
amounts = st.one_of(st.integers(0, 3 * 1440), whole_days, st.integers(0, DAYS * 1440))


@given(st.sampled_from(ALL), instants, instants, amounts, amounts)
def test_adding_is_monotone(clock: Clock, t: int, later: int, amount: int, more: int) -> None:
    """Starting later never ends earlier, nor does a longer amount; nothing ends before it starts."""
    t, later = sorted((t, later))
    amount, more = sorted((amount, more))
    assert t <= clock.add(t, amount) <= clock.add(t, more)
    assert clock.add(t, amount) <= clock.add(later, amount)


@given(st.sampled_from((CALENDAR, WORK)), instants, amounts, amounts)
def test_adding_twice_is_adding_the_sum(clock: Clock, t: int, a: int, b: int) -> None:
    """Work that is interrupted at any minute ends when it would have ended."""
    once = clock.add(t, a)
    assert clock.add(t, a + b) == (clock.add(once, b) if once < FAR else FAR)


@given(instants, amounts)
def test_open_minutes_take_back_what_was_added(t: int, amount: int) -> None:
    """Between t and add(t, amount) exactly `amount` minutes are open, and the last of them is the last minute."""
    end = WORK.add(t, amount)
    if amount > 0 and end < FAR:
        assert WORK.open_minutes(t, end) == amount
        assert WORK.open_minutes(t, end - 1) == amount - 1


@given(instants)
def test_waiting_for_the_opening_costs_no_open_time(t: int) -> None:
    """No minute is open before the next opening, and the minute of the opening is."""
    opening = WORK.next_open(t)
    if opening < FAR:
        assert WORK.open_minutes(t, opening) == 0
        assert WORK.open_minutes(opening, opening + 1) == 1


@given(st.sampled_from(ALL), st.lists(st.tuples(instants, amounts), max_size=20))
def test_arrays_agree_with_scalars(clock: Clock, pairs: list[tuple[int, int]]) -> None:
    """`add_many` is `add`, element by element."""
    t, amount = np.array(pairs, np.int64).reshape(-1, 2).T
    assert clock.add_many(t, amount).tolist() == [clock.add(*pair) for pair in pairs]


@given(instants.filter(lambda t: t < DAYS * 1440), st.integers(1, 90))
def test_statutory_days_agree_with_counting_on_fingers(t: int, days: int) -> None:
    """The tables say what a walk from day to day says."""
    off = {day for year in public_holidays("FR").values() for day in year}

    def stopped(day: date) -> bool:
        return (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 7)

    day, left = ORIGIN + timedelta(t // 1440), days
    while left:
        day += timedelta(1)
        left -= not stopped(day)
    while stopped(day) or day.weekday() >= 5 or day in off:
        day += timedelta(1)
    end = ((day - ORIGIN).days + 1) * 1440 - 1
    assert STATUTE.add(t, days * 1440) == (end if end < DAYS * 1440 else FAR)


# --- shifts -----------------------------------------------------------------------------------------------------

LUNCH = {**OFFICE, "hours": ["08:00", "12:00", "13:00", "17:00"]}
NIGHT = {**OFFICE, "hours": ["22:00", "06:00"]}
MIXED = {
    **OFFICE,
    "hours": ["08:00", "12:00", "13:00", "17:00"],
    "other_hours": {"fri": ["07:00", "09:00", "22:00", "06:00"]},
}
SHIFTS = clocks(lunch=LUNCH, night=NIGHT, mixed=MIXED)[1:]


@pytest.mark.parametrize(
    ("number", "start", "amount", "end"),
    [
        (0, "2026-04-07 11:30", 60, "2026-04-07 13:30"),  # over lunch
        (0, "2026-04-07 12:10", 60, "2026-04-07 14:00"),  # from within the break
        (0, "2026-04-07 09:00", 180, "2026-04-07 12:00"),  # up to the break, not to the end of it
        (0, "2026-04-03 16:00", 120, "2026-04-07 09:00"),  # over Easter Monday
        (1, "2026-04-07 23:30", 60, "2026-04-08 00:30"),  # over midnight
        (1, "2026-04-07 05:00", 60, "2026-04-07 23:00"),  # Monday night was a holiday
        (1, "2026-04-03 22:00", 8 * 60 + 1, "2026-04-07 22:01"),  # from Friday night to Tuesday night
        (2, "2026-04-10 08:30", 60, "2026-04-10 22:30"),  # other hours on a Friday
    ],
)
def test_work_goes_on_from_shift_to_shift(number: int, start: str, amount: int, end: str) -> None:
    """Open minutes of clocks with a lunch break, at night, and with other hours on Fridays, around Easter 2026."""
    assert SHIFTS[number].add(at(start), amount) == at(end)


@pytest.mark.parametrize("clock", SHIFTS, ids=lambda clock: clock.name)
def test_shifts_agree_with_counting_on_fingers(clock: Clock) -> None:
    """Minute by minute over two weeks: what is open, what opens next, and when an amount has passed."""
    first, minutes = at("2026-03-30 00:00"), 14 * 1440
    is_open = np.diff(clock.open_minutes(first, first + np.arange(minutes + 1))) > 0
    rest = np.flatnonzero(is_open)
    for t in range(0, minutes - 4 * 1440, 97):
        ahead = rest[rest >= t]
        assert clock.next_open(first + t) == first + ahead[0]
        for amount in (1, 59, 240, 481):
            expected = first + ahead[amount - 1] + 1
            assert clock.add(first + t, amount) == clock.add_many([first + t], [amount])[0] == expected
    assert clock.open_before[-1] == clock.open_minutes(0, DAYS * 1440)


def test_a_working_day_of_shifts_is_their_mean() -> None:
    """Eight hours with a lunch break, eight at night; with Fridays of ten hours a little more than eight."""
    assert [clock.minutes_per_day for clock in SHIFTS[:2]] == [480, 480]
    assert 480 < SHIFTS[2].minutes_per_day < 600


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        (["09:00", "12:00", "13:00"], "hours must be pairs of opening and closing, got 3 of them"),
        (["09:00", "13:00", "12:00", "17:00"], "hours must follow each other, only the last may be on the next day"),
        (["06:00", "10:00", "22:00", "07:00"], "hours must follow each other, only the last may be on the next day"),
    ],
)
def test_hours_that_overlap_are_refused(hours: list[str], message: str) -> None:
    """Pairs, in order, of which only the last may end on the next day, before the first begins."""
    with pytest.raises(ValidationError, match=message):
        clocks(office={**OFFICE, "hours": hours})


# --- seasons ----------------------------------------------------------------------------------------------------


def days_in(season: dict[str, Any], origin: str, days: int) -> list[str]:
    """The days, from `origin` on, that lie in the season."""
    first = date.fromisoformat(origin)
    inside = season_days([schema.Season.model_validate(season)], first, days)
    assert inside.shape == (days,) and inside.dtype == bool
    return [str(first + timedelta(int(number))) for number in np.flatnonzero(inside)]


def test_a_season_includes_both_its_days() -> None:
    """1 to 3 August, once in a year."""
    season = {"from": "08-01", "to": "08-03"}
    assert days_in(season, "2026-01-01", 365) == ["2026-08-01", "2026-08-02", "2026-08-03"]


def test_a_season_may_run_over_the_new_year() -> None:
    """One that began before the origin is still on at the origin."""
    found = days_in(WINTER, "2026-01-06", 355)
    assert found == ["2026-01-06", "2026-01-07", *(f"2026-12-{day}" for day in range(22, 27))]


def test_the_years_of_a_season_are_those_in_which_it_begins() -> None:
    """The winter of 2025 ends in 2026."""
    assert days_in({**WINTER, "years": [2025]}, "2026-01-06", 400) == ["2026-01-06", "2026-01-07"]


def test_29_february_is_the_edge_of_february_in_other_years() -> None:
    """From it is from 1 March, to it is to 28 February."""
    assert days_in({"from": "02-29", "to": "03-01"}, "2027-02-25", 10) == ["2027-03-01"]
    assert days_in({"from": "02-28", "to": "02-29"}, "2027-02-25", 10) == ["2027-02-28"]
    assert days_in({"from": "02-29", "to": "02-29"}, "2028-02-25", 10) == ["2028-02-29"]


# --- public holidays and names ----------------------------------------------------------------------------------


@pytest.mark.parametrize("country", ["FR", "ES", "DE", "DK", "BE"])
def test_the_frozen_holidays_are_those_of_the_holidays_package(country: str) -> None:
    """Every year from 2020 to 2040, day by day."""
    package = pytest.importorskip("holidays")
    frozen = public_holidays(country)
    assert list(frozen) == list(range(2020, 2041))
    for year, days in frozen.items():
        assert list(days) == sorted(package.country_holidays(country, years=year)), (country, year)


def test_a_region_has_holidays_of_its_own() -> None:
    """In Moselle Good Friday and the day after Christmas are holidays too; elsewhere in France they are not."""
    pytest.importorskip("holidays")
    (_, moselle) = clocks(office={**OFFICE, "holidays": "FR-57"})
    assert moselle.next_open(at("2026-04-03 09:00")) == at("2026-04-07 09:00")
    assert WORK.next_open(at("2026-04-03 09:00")) == at("2026-04-03 09:00")


def test_days_of_ones_own_are_closed_too() -> None:
    """A bridge after Ascension is closed, and no statutory period ends there; a day before the origin does no harm."""
    closed = {"closed_on": ["2026-05-15", "2020-01-01"]}
    _, office, statute = clocks(office={**OFFICE, **closed}, ctis={**CTIS, **closed})
    assert office.next_open(at("2026-05-14 09:00")) == at("2026-05-18 09:00")
    assert statute.add(at("2026-05-05 09:00"), 10 * 1440) == at("2026-05-18 23:59")


def test_an_unknown_country_is_refused_with_the_known_ones() -> None:
    """The message says where, what, and what would be right."""
    with pytest.raises(ValueError, match=r"clocks\.office: .*got 'Fr'; did you mean 'FR'\? known: FR, ES, DE"):
        clocks(office={**OFFICE, "holidays": "Fr"})


def test_years_without_known_holidays_are_refused() -> None:
    """Silence about 2041 would be 11 wrong working days."""
    with pytest.raises(ValueError, match=r"clocks\.office: .* 2020 to 2040, got a simulation from 2040 to 2041"):
        clocks(origin=date(2040, 12, 31), days=2, office=OFFICE)
    assert len(clocks(origin=date(2040, 12, 31), days=1, office=OFFICE)) == 2


def test_clocks_are_found_by_name() -> None:
    """The calendar first, then as the scenario lists them; its name cannot be taken."""
    scenario: Any = SimpleNamespace(
        origin=ORIGIN, clocks={"b": schema.Clock(**CTIS), "a": schema.Clock(**OFFICE)}, inclusion=None
    )
    assert clock_index(scenario) == {"calendar": 0, "b": 1, "a": 2}
    assert [(clock.name, clock.kind) for clock in build_clocks(scenario, 10)] == [
        ("calendar", Kind.CALENDAR),
        ("b", Kind.STATUTORY),
        ("a", Kind.WORKING),
    ]
    with pytest.raises(ValueError, match=r"clocks\.calendar: must have another name"):
        clock_index(SimpleNamespace(clocks={"calendar": None}))  # type: ignore[arg-type]


def test_a_clock_travels_to_another_process() -> None:
    """Pickled and read again it answers the same."""
    again = pickle.loads(pickle.dumps(WORK))
    assert again.add(5, 5000) == WORK.add(5, 5000) and np.array_equal(again.open_days, WORK.open_days)


def test_shipped_files_are_found_in_a_checkout_and_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`scenarios` beside the package, unless the package brings its own `shipped`."""
    assert (files.shipped_folder() / "holidays.yaml").is_file()
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "sim")
    assert files.shipped_folder() == tmp_path / "scenarios"
    (tmp_path / "sim" / "shipped").mkdir(parents=True)
    assert files.shipped_folder() == tmp_path / "sim" / "shipped"
