"""Quantities: a number and its unit, or a sentence that says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.language.quantities import (
    Span,
    in_our_words,
    read_date,
    read_hour,
    read_month_day,
    read_rate,
    read_share,
    read_span,
    shortest,
    write_share,
)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("10 d", Span(10, "d")),
        ("10wd", Span(10, "wd")),
        (" 2.5 h ", Span(2.5, "h")),
        ("30 min", Span(30, "min")),
        (".5 d", Span(0.5, "d")),
    ],
)
def test_a_span_is_a_number_and_one_of_four_units(text: str, span: Span) -> None:
    """Days of the calendar, working days, hours and minutes; spaces do not matter."""
    assert read_span(text) == span


def test_shares_and_rates_are_read_in_one_unit() -> None:
    """A share is a part of 1, a rate is per year."""
    assert read_share("15 %") == 0.15
    assert (read_rate("200 /year"), read_rate("10 /month"), read_rate("1 /d")) == (200, 120, 365.25)
    assert read_rate("7 /week") == pytest.approx(365.25)


WRONG: list[tuple[Callable[[Any], Any], Any, str]] = [
    (read_span, 10, "needs a unit (such as '10 d' calendar, '10 wd' working, '2 h'), got 10"),
    (read_span, "ten d", "must be a number and a unit (such as '10 d' calendar, '10 wd' working, '2 h'), got 'ten d'"),
    (read_span, "10 ages", "has an unknown unit 'ages', got '10 ages'; use min, h, d (calendar) or wd (working)"),
    (read_span, "14 days", "has an unknown unit 'days', got '14 days'; write '14 d' (calendar) or '14 wd' (working)"),
    (
        read_span,
        "3,5 d",
        "must be a number and a unit (such as '10 d' calendar, '10 wd' working, '2 h'), got '3,5 d'; write '3.5 d'",
    ),
    (read_share, "15 pour cent", "must be a number and a unit (such as '15 %'), got '15 pour cent'; write '15 %'"),
    (read_rate, "200 par an", "must be a number and a unit (such as '200 /year'), got '200 par an'; write '200 /year'"),
    (read_span, "-1 d", "must not be negative, got '-1 d'"),
    (read_span, "1e9 d", "must be at most 1e+06 d, got '1e9 d'"),
    (read_span, True, "must be a number and a unit (such as '10 d' calendar, '10 wd' working, '2 h'), got true"),
    (read_span, "٣ d", "must be a number and a unit (such as '10 d' calendar, '10 wd' working, '2 h'), got '٣ d'"),
    (read_share, 0.15, "needs a unit (such as '15 %'), got 0.15"),
    (read_share, "15 d", "must be a percentage such as '15 %', got '15 d'"),
    (read_share, "115 %", "must lie between 0 % and 100 %, got '115 %'"),
    (read_rate, "200", "must be a number and a unit (such as '200 /year'), got '200'"),
    (read_rate, "-2 /year", "must not be negative, got '-2 /year'"),
    (
        read_rate,
        "2 /decade",
        "must be per unit of time, such as '200 /year', got '2 /decade'; known: /year, /month, /week, /d, /h",
    ),
    (read_date, "2026-02-30", "must be a date such as 2026-01-31, got '2026-02-30'"),
    (read_date, 20260131, "must be a date such as 2026-01-31, got 20260131"),
    (read_month_day, "02-30", "must be a month and a day such as '08-15', got '02-30'"),
    (read_hour, "9:00", "must be a time of day such as '09:00', got '9:00'"),
    (read_hour, "24:30", "must be a time of day such as '09:00', got '24:30'"),
]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 weeks", ["14 d", "10 wd"]),
        ("15 jours", ["15 d", "15 wd"]),
        ("10 jours ouvrés", ["10 wd"]),
        ("5 working days", ["5 wd"]),
        ("1 jour calendaire", ["1 d"]),
        ("3,5 j.", ["3.5 d", "3.5 wd"]),
        ("2 mois", ["60.8 d"]),
        ("1 an", ["365 d"]),
        ("2 heures", ["2 h"]),
        ("30 Minutes", ["30 min"]),
        ("15,5 %", ["15.5 %"]),
        ("200/an", ["200 /year"]),
        ("3 per week", ["3 /week"]),
        ("10 parsecs", []),
        ("soon", []),
        ("3 par parsec", []),
    ],
)
def test_other_words_are_answered_with_what_to_write(text: str, meant: list[str]) -> None:
    """Each thing that may be meant, as it would be read; nothing is guessed."""
    assert list(in_our_words(text)) == meant
    for each in meant:
        (read_share if "%" in each else read_rate if "/" in each else read_span)(each)


@pytest.mark.parametrize(("read", "text", "message"), WRONG)
def test_what_is_no_quantity_is_refused_with_the_rule_and_a_remedy(
    read: Callable[[Any], Any], text: Any, message: str
) -> None:
    """A unit is never guessed, a value never clamped."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(text)


def test_days_of_the_year_and_hours_include_the_last_ones() -> None:
    """29 February is a day of some years, 24:00 the end of each day."""
    assert (read_month_day("02-29"), read_hour("24:00"), read_date("2024-02-29")) == (
        "02-29",
        "24:00",
        date(2024, 2, 29),
    )


@given(st.floats(0, 1))
def test_a_share_that_is_written_and_read_again_is_the_same(share: float) -> None:
    """Nothing is lost by showing a share."""
    assert read_share(write_share(share)) == pytest.approx(share, rel=1e-15)


@given(st.floats(0, 1e6))
def test_the_shortest_text_of_a_number_gives_it_back(number: float) -> None:
    """Nothing is lost by showing a number, and whole percentages stay short."""
    assert float(shortest(number)) == number
    assert [write_share(percent / 100) for percent in range(101)] == [f"{percent} %" for percent in range(101)]


@pytest.mark.parametrize(
    ("span", "days"), [(Span(36, "h"), 1.5), (Span(3, "wd"), 3), (Span(720, "min"), 0.5), (Span(2, "d"), 2)]
)
def test_a_span_in_days(span: Span, days: float) -> None:
    """Hours and minutes are parts of a day of 24 hours."""
    assert span.days == days
