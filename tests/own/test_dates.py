"""What people write for a date: one table of cells, and the order of day and month by evidence."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.own.dates import Day, Habits, Word, day_first, read_cell
from sim.own.sheets import Value

FRENCH = Habits(day_first=True, epoch=1900)


def day(*numbers: int) -> Day:
    """One day."""
    return Day(date(*numbers), date(*numbers))


def span(first: str, last: str) -> Day:
    """The days between two."""
    return Day(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-12-31", day(2026, 12, 31)),
        ("2026-12-31T08:15:00Z", day(2026, 12, 31)),
        ("2026-12-31 08:15", day(2026, 12, 31)),
        ("20261231", day(2026, 12, 31)),
        (20261231, day(2026, 12, 31)),
        ("31/12/2026", day(2026, 12, 31)),
        ("31-12-26", day(2026, 12, 31)),
        ("31.12.2026", day(2026, 12, 31)),
        ("31/12/2026 14h30", day(2026, 12, 31)),
        ("01/02/75", day(1975, 2, 1).first.isoformat()),  # the pivot makes it 1975: far from any trial
        ("jeu. 31/12/2026", day(2026, 12, 31)),
        ("31 déc. 2026", day(2026, 12, 31)),
        ("1er février 2026", day(2026, 2, 1)),
        ("15 AOÛT 2026", day(2026, 8, 15)),
        ("3-févr-26", day(2026, 2, 3)),
        ("March 3, 2026", day(2026, 3, 3)),
        (date(2026, 3, 4), day(2026, 3, 4)),
        (datetime(2026, 3, 4, 9, 30), day(2026, 3, 4)),
        (46022, day(2025, 12, 31)),
        (46022.75, day(2025, 12, 31)),
        ("46022", day(2025, 12, 31)),
        ("46022,5", day(2025, 12, 31)),
        ("03/2026", span("2026-03-01", "2026-03-31")),
        ("2026-02", span("2026-02-01", "2026-02-28")),
        ("mars 2026", span("2026-03-01", "2026-03-31")),
        ("fin avril 2026", span("2026-04-21", "2026-04-30")),
        ("mi-mars 2026", span("2026-03-11", "2026-03-20")),
        ("S12 2026", span("2026-03-16", "2026-03-22")),
        ("2026-W12", span("2026-03-16", "2026-03-22")),
        ("T1 2026", span("2026-01-01", "2026-03-31")),
        ("2026", span("2026-01-01", "2026-12-31")),
        (None, Word.MISSING),
        ("", Word.MISSING),
        ("NA", Word.MISSING),
        ("N/A ", Word.MISSING),
        ("En cours", Word.OPEN),
        ("à venir", Word.OPEN),
        ("Abandonné", Word.CANCELLED),
        ("Sans objet", Word.NOT_NEEDED),
        ("fin mars", "month without a year"),
        ("S12", "week without a year"),
        ("30/02/2026", "no day of the calendar"),
        ("01/01/1900", "default date"),
        ("31/12/9999", "default date"),
        (1, "a number, not a date"),
        (True, "true or false"),
        ("vu avec Mme Martin", "not a date"),
        (float("nan"), "a number, not a date"),
    ],
)
def test_a_cell(value: Value, read: Day | Word | str) -> None:
    """Each form is the days that it means, its word, or the reason why it is neither."""
    found = read_cell(value, FRENCH)
    if isinstance(read, str):
        assert isinstance(found, str) and (read in found or "far from any trial" in found)
    else:
        assert found == read


def test_serial_numbers_count_from_what_the_file_says() -> None:
    """1904 is 1,462 days later than 1900; a CSV that says nothing gets no date."""
    assert read_cell(44560, Habits(epoch=1904)) == read_cell(46022, Habits(epoch=1900))
    assert "date_system" in str(read_cell(46022, Habits()))


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["03/04/2026", "13/04/2026"], True),
        (["03/04/2026", "04/13/2026"], False),
        (["2026-04-03", "4/4/2026", None, "en cours"], None),
        (["03/04/2026", "05/06/2026"], (0, None)),
        (["x", "13/04/2026", "04/13/2026"], (1, 2)),
    ],
)
def test_the_order_is_decided_by_the_column(column: list[Value], order: object) -> None:
    """One date that makes sense in one order only decides; none, or two that disagree, decide nothing."""
    assert day_first(enumerate(column), None) == order
    assert day_first(enumerate(column), False) is False


def test_an_ambiguous_date_is_never_guessed() -> None:
    """Without evidence 03/04/2026 is no date; 04/04/2026 is one either way."""
    assert "day/month or month/day" in str(read_cell("03/04/2026", Habits()))
    assert read_cell("04/04/2026", Habits()) == day(2026, 4, 4)
    assert read_cell("03/04/2026", Habits(day_first=False)) == day(2026, 3, 4)


@given(st.text(max_size=40))
def test_any_text_is_a_day_a_word_or_a_reason(text: str) -> None:
    """Whatever is written, the reader answers."""
    found = read_cell(text, FRENCH)
    assert isinstance(found, str | Word) or found.first <= found.last


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_written_dates_come_back(when: date) -> None:
    """A date in any of the usual forms is that date."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%Y%m%d"):
        assert read_cell(when.strftime(form), FRENCH) == Day(when, when)
