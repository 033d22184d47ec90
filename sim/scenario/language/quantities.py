"""Quantities as people write them: a number and its unit, in one string.

A `Span` is a length of time ("10 d" calendar days, "10 wd" working days, "2 h", "30 min"); a share is a float
between 0 and 1, written "15 %"; a rate is a float per year, written "200 /year".

A unit is never guessed: a bare number is refused with the remedy, because 10 calendar days and 10 working days are
four days apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from sim.scenario.language.mistakes import shown

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
DAYS_PER_YEAR = 365.25

_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*(%|/?[A-Za-z]+)\s*")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_PER_YEAR = {"/year": 1.0, "/month": 12.0, "/week": DAYS_PER_YEAR / 7, "/d": DAYS_PER_YEAR, "/h": DAYS_PER_YEAR * 24}
_IN_WORDS = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(per |par |a |/)?\s*([^0-9/]*[^0-9/\s.])\.?\s*")
_TIMES: dict[str, tuple[str, ...]] = {
    "min minute mn": ("min",),
    "h hour heure hr": ("h",),
    "d calendar_day jour_calendaire": ("d",),
    "wd working_day business_day jour_ouvré jour_ouvre jour_ouvrable": ("wd",),
    "day jour j": ("d", "wd"),
    "week semaine": ("7 d", "5 wd"),
    "month moi": ("30.4 d",),
    "year an année annee": ("365 d",),
    "% percent per_cent pour_cent": ("%",),
}
_RATES = {
    "h hour heure": "/h",
    "d day jour j": "/d",
    "week semaine": "/week",
    "month moi": "/month",
    "year an année annee": "/year",
}
_LONGEST = 1e6  # a value past a million is a slip of the pen in every unit that is known here


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: `value` in `unit`, one of min, h (open hours of a clock), d (calendar days), wd (working)."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{shortest(self.value)} {self.unit}"

    @property
    def days(self) -> float:
        """The span in days of its own kind [d or wd]; hours and minutes as parts of a 24-hour day."""
        return {"d": 1.0, "wd": 1.0, "h": 1 / 24, "min": 1 / MINUTES_PER_DAY}[self.unit] * self.value


def split_quantity(text: Any, *, units: str) -> tuple[float, str]:
    """The number and the unit of `text`; `units` says in the message what would be right. Raises ValueError."""
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        raise ValueError(f"needs a unit ({units}), got {shown(text)}")
    match = _QUANTITY.fullmatch(text) if isinstance(text, str) and len(text) < 60 else None
    if match is None:
        raise ValueError(f"must be a number and a unit ({units}), got {shown(text)}{_remedy(text)}")
    value = float(match[1])
    if abs(value) > _LONGEST:
        raise ValueError(f"must be at most {_LONGEST:g} {match[2]}, got {shown(text)}")
    return value, match[2]


def read_span(text: Any) -> Span:
    """A `Span` from "10 d", "10 wd", "2 h" or "30 min". Raises ValueError."""
    if isinstance(text, Span):
        return text
    value, unit = split_quantity(text, units="such as '10 d' calendar, '10 wd' working, '2 h'")
    if unit not in ("min", "h", "d", "wd"):
        remedy = _remedy(text) or "; use min, h, d (calendar) or wd (working)"
        raise ValueError(f"has an unknown unit {unit!r}, got {shown(text)}{remedy}")
    if value < 0:
        raise ValueError(f"must not be negative, got {shown(text)}")
    return Span(value, unit)


def read_share(text: Any) -> float:
    """A share in [0, 1] from "15 %". Raises ValueError."""
    value, unit = split_quantity(text, units="such as '15 %'")
    if unit != "%":
        raise ValueError(f"must be a percentage such as '15 %', got {shown(text)}")
    if not 0 <= value <= 100:
        raise ValueError(f"must lie between 0 % and 100 %, got {shown(text)}")
    return value / 100


def read_tolerance(text: Any) -> float | Span:
    """A share in [0, 1] from "1 %", or a `Span` from "2 d". Raises ValueError."""
    if isinstance(text, str) and text.rstrip().endswith("%"):
        return read_share(text)
    if not isinstance(text, Span):
        split_quantity(text, units="such as '1 %' or '2 d'")
    span = read_span(text)
    if span.unit == "wd":
        raise ValueError(f"must be in calendar days such as '2 d', got {shown(text)}")
    return span


def read_rate(text: Any) -> float:
    """A rate [per year] from "200 /year" (also /month, /week, /d, /h). Raises ValueError."""
    value, unit = split_quantity(text, units="such as '200 /year'")
    if unit not in _PER_YEAR:
        remedy = _remedy(text) or f"; known: {', '.join(_PER_YEAR)}"
        raise ValueError(f"must be per unit of time, such as '200 /year', got {shown(text)}{remedy}")
    if value < 0:
        raise ValueError(f"must not be negative, got {shown(text)}")
    return value * _PER_YEAR[unit]


def read_date(text: Any) -> date:
    """A day from 2026-01-31, or from the same as text. Raises ValueError."""
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text if isinstance(text, str) and len(text) == 10 else "")
    except ValueError:
        raise ValueError(f"must be a date such as 2026-01-31, got {shown(text)}") from None


def read_month_day(text: Any) -> str:
    """A day of every year from "08-15". Raises ValueError."""
    if not isinstance(text, str) or not _MONTH_DAY.fullmatch(text) or not _is_day(text):
        raise ValueError(f"must be a month and a day such as '08-15', got {shown(text)}")
    return text


def read_hour(text: Any) -> str:
    """A time of day from "09:00", up to "24:00". Raises ValueError."""
    if not isinstance(text, str) or not _HOUR.fullmatch(text):
        raise ValueError(f"must be a time of day such as '09:00', got {shown(text)}")
    return text


def in_our_words(text: str) -> tuple[str, ...]:
    """What to write for a quantity in other words or in French, or each thing that it may mean; nothing if unclear.

    >>> in_our_words("15 jours"), in_our_words("2 weeks"), in_our_words("3,5 d"), in_our_words("200 par an")
    (('15 d', '15 wd'), ('14 d', '10 wd'), ('3.5 d',), ('200 /year',))
    """
    match = _IN_WORDS.fullmatch(text.lower()) if len(text) < 60 else None
    if match is None:
        return ()
    number, said = match[1].replace(",", "."), "_".join(word.rstrip("s") or "s" for word in match[3].split())
    if match[2]:
        return tuple(f"{number} {unit}" for words, unit in _RATES.items() if said in words.split())
    units = (unit for words, units in _TIMES.items() if said in words.split() for unit in units)
    return tuple(_times(float(number), unit) for unit in units)


def _times(number: float, unit: str) -> str:
    """So many of a unit, which may be so many of another one."""
    *many, name = unit.split()
    return f"{shortest(number * float(many[0]) if many else number)} {name}"


def _remedy(text: Any) -> str:
    found = in_our_words(text) if isinstance(text, str) else ()
    meant = {"d": " (calendar)", "wd": " (working)"} if len(found) > 1 else {}
    return f"; write {' or '.join(repr(each) + meant.get(each.split()[-1], '') for each in found)}" if found else ""


def shortest(value: float, scale: float = 1.0) -> str:
    """The shortest text of `scale * value` that gives back `value` when read and divided by `scale`.

    >>> shortest(0.07, 100)  # 100 * 0.07 is 7.000000000000001
    '7'
    """
    texts = (f"{scale * value:.{digits}g}" for digits in (6, 12, 15))
    return next((text for text in texts if float(text) / scale == value), repr(scale * value))


def _is_day(month_day: str) -> bool:
    try:
        date.fromisoformat(f"2024-{month_day}")  # a leap year: 02-29 is a day
    except ValueError:
        return False
    return True


def write_share(share: float) -> str:
    """A share as people write it: 0.15 as "15 %"."""
    return f"{shortest(share, 100)} %"


def _text_schema(example: str, pattern: str) -> WithJsonSchema:
    """A text of a form, with what an editor says of another one instead of the pattern."""
    message = f"must be written such as '{example}'"
    return WithJsonSchema({"type": "string", "examples": [example], "pattern": pattern, "patternErrorMessage": message})


SpanField = Annotated[
    Span, BeforeValidator(read_span), PlainSerializer(str), _text_schema("10 d", rf"^\s*{_NUMBER}\s*(min|h|d|wd)\s*$")
]
ShareField = Annotated[
    float, BeforeValidator(read_share), PlainSerializer(write_share), _text_schema("15 %", rf"^\s*{_NUMBER}\s*%\s*$")
]
ToleranceField = Annotated[
    float | Span,
    BeforeValidator(read_tolerance),
    PlainSerializer(lambda tolerance: str(tolerance) if isinstance(tolerance, Span) else write_share(tolerance)),
    _text_schema("1 %", rf"^\s*{_NUMBER}\s*(%|min|h|d)\s*$"),
]
RateField = Annotated[
    float,
    BeforeValidator(read_rate),
    PlainSerializer(lambda rate: f"{shortest(rate)} /year"),
    _text_schema("200 /year", rf"^\s*{_NUMBER}\s*/(year|month|week|d|h)\s*$"),
]
DateField = Annotated[date, BeforeValidator(read_date), WithJsonSchema({"type": "string", "format": "date"})]
MonthDay = Annotated[str, BeforeValidator(read_month_day), _text_schema("08-15", f"^{_MONTH_DAY.pattern}$")]
Hour = Annotated[str, BeforeValidator(read_hour), _text_schema("09:00", f"^({_HOUR.pattern})$")]
