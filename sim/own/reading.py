"""A tracker, read by its mapping: what happened to which trial at which centre, and what was set aside and why.

A `Tracker` has a `Row` for each trial at each centre, whose milestones are each a `Day` or a `Word`. Every row and
every filled cell of the file is either used or in `set_aside`, with its address and the reason: nothing is lost, and
nothing is guessed. Names of trials and centres stay in the rows, which never leave the machine; a report has addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from sim.own.dates import Day, Habits, Word, day_first, dropped_time, folded, masked, read_cell
from sim.own.mapping import (
    CENTRE,
    MILESTONE,
    STATUS,
    TRIAL,
    Column,
    Layout,
    TrackerMapping,
    When,
    layout,
    read_mapping,
    words_of,
)
from sim.own.sheets import Sheet, Value, read_sheet
from sim.scenario.language.mistakes import Mistake, ScenarioError, did_you_mean

Status = Literal["running", "finished", "cancelled"]
Seen = Day | Word
_SAY = "say day_first in the mapping"


@dataclass(frozen=True, slots=True)
class Aside:
    """A cell, or a whole row, that is not used."""

    address: str
    reason: str
    whole_row: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One trial at one centre: its milestones by code, as they happened, were planned, and were first planned."""

    trial: str
    centre: str  # "" where the tracker has no centres
    address: str
    status: Status
    ended_on: Day | None  # when it was given up, if that is known
    actual: Mapping[str, Seen]
    planned: Mapping[str, Seen]
    baseline: Mapping[str, Seen]
    facts: Mapping[str, Value]  # sponsor, class, screened, included, attributes
    cells: Mapping[str, str]  # the address of each milestone's actual date


@dataclass(frozen=True, slots=True)
class Tracker:
    """What a tracker says, and what of it was not used."""

    file: str
    sha256: str
    mapping: TrackerMapping
    rows: tuple[Row, ...]
    set_aside: tuple[Aside, ...]
    unread: tuple[str, ...]  # headings that the mapping does not name
    rows_read: int  # rows of the file below the headings with anything in them
    cells_read: int  # filled cells of milestones
    cells_used: int
    notes: Mapping[str, int] = field(default_factory=dict)  # how often something was done that is said once

    @property
    def extracted_on(self) -> date:
        """The day on which the tracker was as it is."""
        return self.mapping.extracted_on

    @property
    def milestones(self) -> tuple[str, ...]:
        """The milestones that it has, in the order of its columns."""
        return tuple(dict.fromkeys(code for row in self.rows for code in row.actual))


def read_tracker(path: str | Path, mapping: TrackerMapping | str | Path) -> Tracker:
    """Read a tracker.

    Parameters
    ----------
    path
        A CSV file or an Excel workbook.
    mapping
        What its columns mean, or the file that says so.

    Raises
    ------
    ScenarioError
        If the file cannot be read, the mapping does not fit it, or a column of dates cannot be understood.
    """
    meaning = mapping if isinstance(mapping, TrackerMapping) else read_mapping(mapping)
    sheet = read_sheet(path, meaning.sheet)
    return _Reading(sheet, meaning, layout(sheet, meaning)).tracker()


class _Reading:
    """One reading: the cells, and what is not used of them."""

    def __init__(self, sheet: Sheet, mapping: TrackerMapping, found: Layout) -> None:
        self.sheet, self.mapping, self.layout = sheet, mapping, found
        self.aside: list[Aside] = []
        self.notes: dict[str, int] = {"merged": sheet.merged} if sheet.merged else {}
        self.cells_read = self.cells_used = 0
        self.habits = self._habits()

    def tracker(self) -> Tracker:
        filled = [
            index
            for index in range(self.layout.first_row, len(self.sheet.rows))
            if any(self._cell(index, column) is not None for column in self.layout.columns)
        ]
        rows = tuple(self._long(filled) if self.mapping.long else self._wide(filled))
        unread = tuple(
            f"{column.label} ({self.sheet.address(self.layout.first_row - 1, column.index)})"
            for column in self.layout.unread
        )
        return Tracker(
            self.sheet.file, self.sheet.sha256, self.mapping, rows, tuple(self.aside), unread,
            len(filled), self.cells_read, self.cells_used, self.notes,
        )  # fmt: skip

    # how dates are written

    def _habits(self) -> dict[int, Habits]:
        """By column of dates, how they are written there. Raises ScenarioError where nobody can know."""
        found: list[Mistake] = []
        habits = {}
        for column in self._date_columns():
            values = [
                (row, self.sheet.rows[row][column.index]) for row in range(self.layout.first_row, len(self.sheet.rows))
            ]
            order = day_first(values, self._said(column.label))
            if isinstance(order, tuple):
                found.append(self._unclear(column, *order))
                continue
            epoch = self.sheet.epoch or self.mapping.date_system
            habits[column.index] = Habits(order, self.mapping.pivot, epoch, self.mapping.known_words)
        if found:
            raise ScenarioError(found)
        return habits

    def _date_columns(self) -> list[Column]:
        dates = ("ended_on", "actual", "planned", "baseline")
        return [column for column in self.layout.columns if column.when or column.meaning in dates]

    def _said(self, label: str) -> bool | None:
        said = self.mapping.day_first
        return (
            {folded(key): value for key, value in said.items()}.get(folded(label)) if isinstance(said, dict) else said
        )

    def _unclear(self, column: Column, row: int, other: int | None) -> Mistake:
        value = masked(self.sheet.rows[row][column.index])
        if other is None:
            message = f"nothing in this column says whether day or month comes first, got {value}; {_SAY}"
        else:
            against = f"{masked(self.sheet.rows[other][column.index])} in {self.sheet.address(other, column.index)}"
            message = f"day and month change places within this column, got {value} and {against}; {_SAY}"
        return self.sheet.mistake(row, column.index, message)

    # cells

    def _cell(self, row: int, column: Column) -> Value:
        return self.sheet.rows[row][column.index]

    def _text(self, row: int, meaning: str) -> str:
        column = next((each for each in self.layout.columns if each.meaning == meaning and each.when is None), None)
        value = self._cell(row, column) if column is not None else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return " ".join(str(value).split()) if value is not None else ""

    def _set_aside(self, row: int, column: Column, reason: str) -> None:
        self.aside.append(Aside(self.sheet.address(row, column.index), f"{masked(self._cell(row, column))} {reason}"))

    def _row_aside(self, row: int, reason: str) -> None:
        self.aside.append(Aside(self.sheet.address(row, 0), reason, whole_row=True))

    def _seen(self, row: int, column: Column, *, happened: bool) -> Seen | None:
        """What a cell of dates says; None, with the reason kept, if it is not used."""
        value = self._cell(row, column)
        self.cells_read += value is not None
        seen = read_cell(value, self.habits[column.index])
        if isinstance(seen, str):
            self._set_aside(row, column, seen)
            return None
        if happened and isinstance(seen, Day) and seen.first > self.mapping.extracted_on:
            self._set_aside(row, column, "lies after the extraction, and cannot have happened")
            return None
        self.cells_used += value is not None
        if isinstance(seen, Day):
            for name, noted in (("partial", not seen.exact), ("times", dropped_time(value))):
                if noted:
                    self.notes[name] = self.notes.get(name, 0) + 1
        return seen

    def _facts(self, row: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for column in self.layout.columns:
            value = self._cell(row, column)
            if column.meaning in ("sponsor", "class") or column.meaning.startswith("attribute "):
                found[column.meaning.removeprefix("attribute ")] = value
            elif column.meaning in ("screened", "included") and value is not None:
                number = _count(value)
                if number is None:
                    self._set_aside(row, column, "is no number of patients")
                else:
                    found[column.meaning] = number
        return found

    def _status(self, row: int) -> Status | None:
        """What the status says; None if it is not known, or not given."""
        column = next((each for each in self.layout.columns if each.meaning == STATUS), None)
        if column is None or (value := self._cell(row, column)) is None:
            return None
        word = words_of(value, self.mapping)
        if word is None:
            self.notes["status"] = self.notes.get("status", 0) + 1
            self._set_aside(row, column, "is a status that the mapping does not know; it counts as running")
        return "cancelled" if word is Word.CANCELLED else "finished" if word == "finished" else "running"

    def _ended(self, row: int) -> Day | None:
        column = next((each for each in self.layout.columns if each.meaning == "ended_on"), None)
        seen = self._seen(row, column, happened=True) if column is not None else None
        return seen if isinstance(seen, Day) else None

    # the two shapes

    def _wide(self, rows: list[int]) -> Iterator[Row]:
        known: dict[tuple[str, str], int] = {}
        for row in rows:
            trial, centre = self._text(row, TRIAL), self._text(row, CENTRE)
            if not trial:
                self._row_aside(row, "the row names no trial")
                continue
            if (trial, centre) in known:
                first = self.sheet.address(known[trial, centre], 0)
                same = self.sheet.rows[row] == self.sheet.rows[known[trial, centre]]
                self._row_aside(
                    row, f"the same trial and centre stand in {first} already{', all the same' if same else ''}"
                )
                continue
            known[trial, centre] = row
            yield self._wide_row(row, trial, centre)

    def _wide_row(self, row: int, trial: str, centre: str) -> Row:
        dates: dict[str, dict[str, Seen]] = {"actual": {}, "planned": {}, "baseline": {}}
        cells: dict[str, str] = {}
        for column in self.layout.columns:
            if column.when is None:
                continue
            seen = self._seen(row, column, happened=column.when == "actual")
            if seen is None:
                continue
            there = dates[column.when]
            there[column.meaning] = _later(there.get(column.meaning), seen)
            if column.when == "actual":
                cells[column.meaning] = self.sheet.address(row, column.index)
        status, ended = self._status(row), self._ended(row)
        if status is None:
            status = "cancelled" if ended or Word.CANCELLED in dates["actual"].values() else "running"
        return Row(
            trial, centre, self.sheet.address(row, 0), status, ended, **dates, facts=self._facts(row), cells=cells
        )

    def _long(self, rows: list[int]) -> Iterator[Row]:
        meanings = {folded(label): code for label, code in self.mapping.milestones.items()}
        of_trial: dict[tuple[str, str], list[tuple[int, str]]] = {}
        label_column = next(each for each in self.layout.columns if each.meaning == MILESTONE)
        for row in rows:
            trial, label = self._text(row, TRIAL), folded(self._text(row, MILESTONE))
            if not trial:
                self._row_aside(row, "the row names no trial")
            elif label not in meanings:
                near = did_you_mean(label, meanings) if label else "it names none"
                self._set_aside(
                    row,
                    label_column,
                    f"is a milestone that the mapping does not name; {near}" if label else "names no milestone",
                )
            elif (code := meanings[label]) is not None:
                of_trial.setdefault((trial, self._text(row, CENTRE)), []).append((row, code))
        for (trial, centre), mine in of_trial.items():
            yield self._long_row(trial, centre, mine)

    def _long_row(self, trial: str, centre: str, rows: list[tuple[int, str]]) -> Row:
        dates: dict[str, dict[str, Seen]] = {"actual": {}, "planned": {}, "baseline": {}}
        cells: dict[str, str] = {}
        facts: dict[str, Value] = {}
        cancelled, ended = False, None
        for row, code in rows:
            status = self._status(row)
            ended = self._ended(row) or ended
            for column in self.layout.columns:
                if column.meaning in dates:
                    when: When = column.meaning  # type: ignore[assignment]
                    self._put(row, code, column, dates[when], cells if when == "actual" else None)
            facts |= self._facts(row)
            if status == "cancelled" and not isinstance(dates["actual"].get(code), Day):
                cancelled, dates["actual"][code] = True, Word.CANCELLED
        state: Status = "cancelled" if cancelled or ended else "running"
        return Row(trial, centre, self.sheet.address(rows[0][0], 0), state, ended, **dates, facts=facts, cells=cells)

    def _put(self, row: int, code: str, column: Column, there: dict[str, Seen], cells: dict[str, str] | None) -> None:
        seen = self._seen(row, column, happened=cells is not None)
        if seen is None:
            return
        before = there.get(code)
        if cells is not None and isinstance(before, Day) and isinstance(seen, Day):
            self._set_aside(row, column, f"the same milestone of the same trial stands in {cells[code]} already")
            self.cells_used -= 1
            return
        if not isinstance(before, Day):
            there[code] = seen
            if cells is not None:
                cells[code] = self.sheet.address(row, column.index)


def _later(before: Seen | None, seen: Seen) -> Seen:
    """Of several columns with one meaning, the one that was done last; a word where one of them is not done."""
    if before is None or before is Word.MISSING or before is Word.NOT_NEEDED:
        return seen
    if isinstance(before, Day) and isinstance(seen, Day):
        return max(before, seen)
    return before if seen in (Word.MISSING, Word.NOT_NEEDED) or not isinstance(before, Day) else seen


def _count(value: Value) -> int | None:
    """A number of patients, at least 0; 12, "12" and "12,0" are the same."""
    try:
        number = float(str(value).replace("\N{NARROW NO-BREAK SPACE}", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return int(number) if 0 <= number <= 1e6 and number == int(number) else None
