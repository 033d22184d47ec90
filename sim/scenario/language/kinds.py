"""The kinds of numbers: times, shares, rates, dates and plain numbers, as scenarios and the register write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sim.scenario.language.quantities import Span, read_rate

AMOUNT = re.compile(
    r"(?<![\w.])([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(%|/(?:year|month|week|d|h)|min|h|d|wd)(?!\w)"
)
COUNT = re.compile(r"exactly\s+([0-9]+)|[0-9]{2}[:-][0-9]{2}")
_TIMES = frozenset(
    {"d", "wd", "h", "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours"}
)
_NO_UNIT = frozenset({"rule", "date", "dates", "qualitative"})
MADE_OF: Mapping[str, frozenset[str]] = {
    "time": frozenset({"time"}),
    "share": frozenset({"share", "count", "rate"}),
    "rate": frozenset({"rate", "count"}),
}
"""What a number of a kind can have been made of: a share is often a ratio of counts."""


def amount(value: Any) -> tuple[str, float] | None:
    """The kind of a number (time, share, rate, date, plain) and its size in the same unit for all of a kind."""
    if isinstance(value, date):
        return "date", float(value.toordinal())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "plain", float(value)
    match = AMOUNT.search(value) if isinstance(value, str) else None
    if match is None:
        count = COUNT.fullmatch(value.strip()) if isinstance(value, str) else None
        return ("plain", float(count[1])) if count is not None and count[1] else None
    number, unit = float(match[1]), match[2]
    if unit == "%":
        return "share", number / 100
    return ("rate", read_rate(match[0])) if unit.startswith("/") else ("time", Span(number, unit).days)


def value_and_unit(text: str) -> tuple[str, str]:
    """A number as a scenario writes it, taken apart; the unit of a plain number is "".

    >>> value_and_unit("authorised - 20 d"), value_and_unit("exactly 4 h"), value_and_unit("08-31"), value_and_unit("6")
    (('20', 'd'), ('4', 'h'), ('08-31', 'date'), ('6', ''))
    """
    if (match := AMOUNT.search(text)) is not None:
        return match[1], match[2]
    if (match := COUNT.fullmatch(text.strip())) is not None and match[1]:
        return match[1], ""
    return text, "time of day" if ":" in text else "date" if "-" in text[1:] else ""


def kind_of_unit(unit: str) -> str | None:
    """The kind of a unit of the register: time, share, rate or count; None for what is no number.

    >>> kind_of_unit("calendar days"), kind_of_unit("% of sites"), kind_of_unit("patients/year"), kind_of_unit("rule")
    ('time', 'share', 'rate', None)
    """
    words = [word for word in re.findall(r"[a-z]+", unit.lower()) if word not in ("calendar", "working")]
    if "%" in unit or "percent" in words:
        return "share"
    if not words or words[0] in _NO_UNIT:
        return None
    if "per" in words or "/" in unit:
        return "rate"
    return "time" if words[0] in _TIMES else "count"
