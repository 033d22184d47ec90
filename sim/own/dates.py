"""What people write where a date should stand, read without guessing.

`read_cell` gives a `Day`, which is a first and a last calendar day between which the event happened (the same day if
it is known to the day), a `Word` (nothing there, not yet, given up, not needed), or the reason why it is neither.
Whether 03/04/2026 is in April or in March is decided for a whole column by `day_first`: one date in it that makes
sense in one order only decides; where none does, nobody can know, and the mapping has to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from sim.own.sheets import Epoch, Value

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
"""Dates outside are no dates of a trial: the default of a system (1900-01-01, 9999-12-31) or a slip."""

_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil jul july",
            "aout aou august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_BEGIN, _MIDDLE, _END = (1, 10), (11, 20), (21, 31)
_PART: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("debut", "early"), _BEGIN),
    **dict.fromkeys(("mi", "mid"), _MIDDLE),
    **dict.fromkeys(("fin", "end", "late"), _END),
}
_TIME = r"(?:[t ,]+\d{1,2}[:h]\d{0,2}(?::\d{2}(?:\.\d+)?)?(?:\s*(?:am|pm))?(?:z|\s*[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_NUMERIC = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?[-/. ]+([a-z]+)\.?[-/,. ]*(\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTH = re.compile(r"(?:(debut|mi|fin|early|mid|end|late)[- ]+(?:of )?)?([a-z]+)\.?[-/. ]*(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_YEAR = re.compile(r"\d{4}")
_WEEK = re.compile(r"(?:(\d{4})[- /]*)?[sw](\d{1,2})(?:[- /]*(\d{4}))?")
_QUARTER = re.compile(r"(?:(\d{4})[- /]*)?[tq]([1-4])(?:[- /]*(\d{4}))?")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_WEEKDAY = re.compile(
    r"(?:lun(?:di)?|mar(?:di)?|mer(?:credi)?|jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?"
    r"|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\.?,? (?=\d)"
)


class Word(Enum):
    """What stands for a date that is not there."""

    MISSING = "missing"  # nothing is known
    OPEN = "open"  # it has begun and is not done
    CANCELLED = "cancelled"  # it was given up
    NOT_NEEDED = "not_needed"  # this trial does not have it


_SPELLED: Mapping[Word, str] = {
    Word.MISSING: "|?|-|--|/|n.d.|nd|na|n/a|nc|nr|inconnu|a completer|non renseigne|unknown|missing"
    "|nan|null|none|tbd|tbc",
    Word.OPEN: "en cours|encours|a venir|en attente|attente|pas encore|a faire|prevu|relance"
    "|in progress|ongoing|pending|open|not yet|planned|started",
    Word.CANCELLED: "annule|annulee|abandonne|abandonnee|abandon|arrete|retire|retiree|refuse|refusee|caduc|sans suite"
    "|clos sans suite|cancelled|canceled|withdrawn|dropped|refused|terminated",
    Word.NOT_NEEDED: "sans objet|so|s.o.|s/o|non concerne|non applicable|dispense"
    "|not applicable|not needed|not required|exempt",
}
WORDS: Mapping[str, Word] = {text: word for word, texts in _SPELLED.items() for text in texts.split("|")}
"""Without accents and in lower case; a mapping adds its own, and says otherwise where it means otherwise."""


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """An event happened on one of these days, both included."""

    first: date
    last: date

    @property
    def exact(self) -> bool:
        """Whether it is known to the day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Habits:
    """How dates are written in one column."""

    day_first: bool | None = None  # None: no date of the column depends on it
    pivot: int = 70  # two-digit years below it are of this century
    epoch: Epoch | None = None
    words: Mapping[str, Word] | None = None  # None: WORDS

    def known(self) -> Mapping[str, Word]:
        """The words of this column."""
        return WORDS if self.words is None else self.words


def folded(text: str) -> str:
    """Lower case, without accents, with single spaces: how labels and words are compared.

    >>> folded("  Décembre\\n2026 ")
    'decembre 2026'
    """
    plain = unicodedata.normalize("NFKD", text).replace("\N{COMBINING CEDILLA}", "")
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).lower().split())


def day_first(values: Iterable[tuple[int, Value]], said: bool | None) -> bool | tuple[int, int | None] | None:
    """Whether days come before months in a column of (row, value); None if no date depends on it.

    Two rows that contradict each other, or (row, None) of the first date that cannot be told, where nobody can know.
    """
    day, month, unclear = None, None, None
    for row, value in values:
        numbers = _two_numbers(value)
        if numbers is None or numbers[0] == numbers[1]:
            continue
        if numbers[0] > 12 >= numbers[1]:
            day = row if day is None else day
        elif numbers[1] > 12 >= numbers[0]:
            month = row if month is None else month
        elif max(numbers) <= 12 and unclear is None:
            unclear = row
    if said is not None:
        return said
    if day is not None and month is not None:
        return day, month
    if unclear is not None and day is None and month is None:
        return unclear, None
    return True if day is not None else False if month is not None else None


def read_cell(value: Value, habits: Habits) -> Day | Word | str:
    """The days of a cell, or its word, or in words why it is neither."""
    if value is None:
        return Word.MISSING
    if isinstance(value, bool):
        return "is true or false, not a date"
    if isinstance(value, date):
        return _plausible(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, (int, float)):
        return _number(value, habits)
    text = folded(value)
    word = habits.known().get(text.rstrip(" .!")) or habits.known().get(text)
    return word if word is not None else _read_text(_WEEKDAY.sub("", text, count=1), habits)


def dropped_time(value: Value) -> bool:
    """Whether a cell says a time of day, which is not read."""
    return isinstance(value, datetime) or (
        isinstance(value, str) and bool(re.search(r"\d[t ,]+\d{1,2}[:h]\d", value.lower()))
    )


def _two_numbers(value: Value) -> tuple[int, int] | None:
    match = _NUMERIC.fullmatch(_WEEKDAY.sub("", folded(value), count=1)) if isinstance(value, str) else None
    return (int(match[1]), int(match[2])) if match else None


def _number(value: float, habits: Habits) -> Day | str:
    if isinstance(value, float) and (value != value or abs(value) > 1e9):
        return "is a number, not a date"
    if 19_900_101 <= value <= 21_000_101:
        return _read_text(str(int(value)), habits)
    if not 20_000 <= value < 80_000:
        return "is a number, not a date"
    if habits.epoch is None:
        return "is a serial number; say date_system: 1900 or 1904 in the mapping"
    origin = date(1904, 1, 1) if habits.epoch == 1904 else date(1899, 12, 30)
    return _plausible(origin + timedelta(days=int(value)))


def _read_text(text: str, habits: Habits) -> Day | str:
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _calendar(*map(int, match.groups()[:3]))
    if match := _NUMERIC.fullmatch(text):
        one, two, year = int(match[1]), int(match[2]), _year(match[3], habits)
        if max(one, two) <= 12 and one != two and habits.day_first is None:
            return "could be day/month or month/day; say day_first in the mapping"
        return _calendar(year, two, one) if habits.day_first is not False else _calendar(year, one, two)
    if match := _DAY_MONTH.fullmatch(text):
        return _named(match[2], match[1], match[3], habits)
    if match := _MONTH_DAY.fullmatch(text):
        return _named(match[1], match[2], match[3], habits)
    if _SERIAL.fullmatch(text):
        return _number(float(text.replace(",", ".")), habits)
    return _partial(text, habits)


def _partial(text: str, habits: Habits) -> Day | str:
    """A month, a part of one, a week, a quarter or a year."""
    if match := _MONTH_YEAR.fullmatch(text):
        return _span(int(match[2]), int(match[1]))
    if match := _YEAR_MONTH.fullmatch(text):
        return _span(int(match[1]), int(match[2]))
    if _YEAR.fullmatch(text):
        return _between(int(text), 1, 12)
    if (match := _MONTH.fullmatch(text)) and match[2] in _MONTHS:
        return _span(_year(match[3], habits), _MONTHS[match[2]], _PART[match[1]] if match[1] else (1, 31))
    if match := _WEEK.fullmatch(text):
        return _week(match[1] or match[3], int(match[2]))
    if match := _QUARTER.fullmatch(text):
        year, quarter = match[1] or match[3], int(match[2])
        return _between(int(year), 3 * quarter - 2, 3 * quarter) if year else "is a quarter without a year"
    if any(part in _MONTHS for part in re.split(r"[- .]+", text)) and not re.search(r"\d{4}", text):
        return "is a month without a year"
    return "is not a date"


def _named(month: str, day: str, year: str, habits: Habits) -> Day | str:
    return _calendar(_year(year, habits), _MONTHS[month], int(day)) if month in _MONTHS else "is not a date"


def _year(text: str, habits: Habits) -> int:
    number = int(text)
    return number if len(text) > 2 else number + (2000 if number < habits.pivot else 1900)


def _calendar(year: int, month: int, day: int) -> Day | str:
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        return "is no day of the calendar"


def _plausible(day: date) -> Day | str:
    if not EARLIEST <= day < LATEST:
        return "is a default date, or far from any trial"
    return Day(day, day)


def _span(year: int, month: int, days: tuple[int, int] = (1, 31)) -> Day | str:
    if not 1 <= month <= 12 or not EARLIEST.year <= year < LATEST.year:
        return "is no month of the calendar"
    end = _last(year, month)
    return Day(date(year, month, days[0]), end.replace(day=min(days[1], end.day)))


def _between(year: int, first: int, last: int) -> Day | str:
    if not EARLIEST.year <= year < LATEST.year:
        return "is a default date, or far from any trial"
    return Day(date(year, first, 1), _last(year, last))


def _last(year: int, month: int) -> date:
    return (date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)


def _week(year: str | None, week: int) -> Day | str:
    if year is None:
        return "is a week without a year"
    try:
        monday = date.fromisocalendar(int(year), week, 1)
    except ValueError:
        return "is no week of that year"
    found = _plausible(monday)
    return Day(monday, monday + timedelta(days=6)) if isinstance(found, Day) else found


def masked(value: Value) -> str:
    """A value that may hold somebody's name, as a report shows it: letters as x, X; numbers alone as they are.

    >>> masked("vu avec Mme Martin"), masked("31/02/2026")
    ("'xx xxxx Xxx Xxxxxx'", "'31/02/2026'")
    """
    if not isinstance(value, str):
        return str(value)
    hidden = "".join("X" if each.isupper() else "x" if each.isalpha() else each for each in value)
    return repr(hidden if len(hidden) <= 40 else f"{hidden[:37]}...")
