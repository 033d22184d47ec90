"""What a user's headings mean: the mapping of a tracker, and a first draft of one.

A `Mapping` says of every column what it is: `trial`, `centre`, `status`, a milestone (`contract_sent`, or `planned
contract_sent`, `baseline contract_sent`), a count of patients, an attribute. In a long table, with a row for each
milestone, `milestones` says what the labels in the column `milestone` mean. Labels are compared without accents, case
and line breaks; a label that the file does not have is a mistake with the nearest one, a column that the mapping does
not name is listed and not read. Nothing is guessed: `draft` proposes a mapping, and only what a person has read and
kept is used.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from sim.own.dates import WORDS, Day, Habits, Word, folded, read_cell
from sim.own.sheets import Sheet, Value
from sim.scenario.files import read_tree, shipped_folder
from sim.scenario.language.mistakes import Mistake, ScenarioError, did_you_mean
from sim.scenario.language.quantities import DateField
from sim.scenario.language.records import STRICT
from sim.scenario.shape import validated

When = Literal["actual", "planned", "baseline"]
_MEANING = re.compile(r"(?:(actual|planned|baseline) )?([a-z][a-z0-9_]{0,59})")

TRIAL, CENTRE, STATUS, MILESTONE = "trial", "centre", "status", "milestone"
PLAIN = frozenset({TRIAL, CENTRE, STATUS, MILESTONE, "ended_on", "sponsor", "class", "screened", "included"})
"""Meanings of a column that are no milestone."""
LONG_DATES = ("actual", "planned", "baseline")
"""Meanings of the columns of dates in a long table."""

_SEARCHED = 25  # rows in which headings may stand
_MOST_HEADING_ROWS = 4


class TrackerMapping(BaseModel):
    """What the columns and the words of a tracker mean."""

    model_config = STRICT

    extracted_on: DateField = Field(description="The day on which the tracker was as it is; what is open then is open.")
    columns: dict[str, str | None] = Field(
        min_length=1,
        description="Heading -> trial, centre, status, ended_on, sponsor, class, screened, included, a milestone, "
        "'planned MILESTONE', 'baseline MILESTONE', 'attribute NAME', or nothing for one that is left out on purpose.",
    )
    milestones: dict[str, str | None] = Field(
        default={}, description="In a long table: label in the column `milestone` -> milestone."
    )
    sheet: str | None = Field(default=None, description="The sheet of a workbook; none: the first one.")
    day_first: dict[str, bool] | bool | None = Field(
        default=None,
        description="Whether 03/04/2026 is in April, for all columns or by heading; none: as its column shows.",
    )
    pivot: int = Field(default=70, ge=0, le=100, description="Two-digit years below it are 20xx, the others 19xx.")
    date_system: Literal[1900, 1904] | None = Field(
        default=None, description="What serial numbers in a CSV count from."
    )
    words: dict[Literal["missing", "open", "cancelled", "not_needed"], tuple[str, ...]] = Field(
        default={}, description="Words of your own that stand for a date or a status."
    )
    finished: tuple[str, ...] = Field(default=(), description="Words of the status of what is done.")
    kept_since: DateField | None = Field(
        default=None, description="The day the tracker was begun: what had ended before is not in it."
    )
    rows: Literal["all", "finished"] | None = Field(
        default=None,
        description="finished: the tracker lists only what has ended, and is fitted as such; all: what is open too.",
    )
    order: tuple[str, ...] = Field(default=(), description="Milestones in the order in which they must happen.")
    intervals: dict[str, str] = Field(
        default={},
        description="Task -> 'from -> to': a time to be fitted that the scenario's own start rules do not give.",
    )

    @field_validator("columns", "milestones")
    @classmethod
    def _meanings(cls, written: dict[str, str | None]) -> dict[str, str | None]:
        for label, meaning in written.items():
            if meaning is not None and not _MEANING.fullmatch(meaning.removeprefix("attribute ")):
                raise ValueError(
                    f"{label!r} must mean a name such as contract_sent or 'planned contract_sent', got {meaning!r}"
                )
        return written

    @model_validator(mode="after")
    def _has_trials(self) -> TrackerMapping:
        if TRIAL not in self.columns.values():
            raise ValueError("columns must name the one that says which trial a row is about, such as 'Study: trial'")
        if self.long and not self.milestones:
            raise ValueError("a table with a column of milestones needs milestones: label -> code; got none")
        return self

    @property
    def long(self) -> bool:
        """Whether a row is one milestone, rather than one trial at one centre."""
        return MILESTONE in self.columns.values()

    @property
    def known_words(self) -> dict[str, Word]:
        """The words of dates, with those of the user's own."""
        own = {folded(word): Word(kind) for kind, words in self.words.items() for word in words}
        return {**WORDS, **own}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tracker that is read: what it is, and which milestone's date of which kind it holds."""

    index: int
    label: str
    meaning: str
    when: When | None = None  # None: not a date of a milestone in a wide table


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the headings of a sheet end, and what its columns are."""

    first_row: int  # the first row of the table below the headings
    columns: tuple[Column, ...]
    unread: tuple[Column, ...]  # columns with a heading that the mapping does not name


def read_mapping(path: str | Path) -> TrackerMapping:
    """The mapping in a file.

    Raises
    ------
    ScenarioError
        With every mistake that was found, each with its place.
    """
    found: list[Mistake] = []
    file = Path(path)
    tree = read_tree(file, found)
    mapping = validated(TrackerMapping, tree, found)
    if mapping is None or found:
        raise ScenarioError(found)
    return mapping


def layout(sheet: Sheet, mapping: TrackerMapping) -> Layout:
    """Where the columns of the mapping are.

    Raises
    ------
    ScenarioError
        If a column is not there, or there twice.
    """
    wanted = {folded(label): (label, meaning) for label, meaning in mapping.columns.items()}
    first, last = _heading_rows(sheet, set(wanted))
    labels = _labels(sheet, first, last)
    known = [label for label in labels if label]
    found: list[Mistake] = []
    columns: list[Column] = []
    for key, (label, meaning) in wanted.items():
        places = [index for index, heading in enumerate(labels) if key in _names(heading, sheet, first, last, index)]
        if len(places) != 1:
            what = "there is no column" if not places else f"there are {len(places)} columns"
            remedy = did_you_mean(label, known) if not places else f"rename all but one: {_where(sheet, last, places)}"
            found.append(sheet.mistake(last, places[0] if places else 0, f"{what} {label!r}; {remedy}"))
        elif meaning is not None:
            columns.append(_column(places[0], labels[places[0]], meaning))
    if found:
        raise ScenarioError(found)
    named = set(wanted)
    unread = [
        Column(index, label, "")
        for index, label in enumerate(labels)
        if label and not named & _names(label, sheet, first, last, index)
    ]
    return Layout(last + 1, tuple(columns), tuple(unread))


def draft(sheet: Sheet) -> str:
    """A first mapping of a sheet, as YAML, for a person to correct."""
    first, last = _heading_rows(sheet, set(_synonyms()))
    labels = _labels(sheet, first, last)
    long = any(_proposal(label) == MILESTONE for label in labels if label)
    lines = [
        "# A first mapping, made from the headings: read every line, correct it, and fill in what is empty.",
        "extracted_on:            # required: the day on which the tracker was as it is, such as 2026-06-30",
        *([f"sheet: {_quoted(sheet.name)}"] if sheet.name else []),
        "columns:",
        *(_draft_line(sheet, last, index, label) for index, label in enumerate(labels) if label),
    ]
    if long:
        lines += ["milestones:", *_draft_milestones(sheet, last, labels)]
    return "\n".join([*lines, *_DRAFT_END]) + "\n"


_DRAFT_END = (
    "# day_first: true       # only if a column cannot tell by itself",
    "# words: {cancelled: [abandonné], not_needed: [sans objet], open: [en cours]}",
    "# kept_since: 2024-01-01  # if what had ended before that day is not in the tracker",
    "# rows: finished        # if only what has ended is in the tracker; all, if it has everything and nothing is open",
)


def _draft_line(sheet: Sheet, last: int, index: int, label: str) -> str:
    meaning = _proposal(label)
    values = [row[index] for row in sheet.rows[last + 1 : last + 201] if row[index] is not None]
    dates = sum(isinstance(read_cell(value, Habits(day_first=True, epoch=1900)), Day) for value in values)
    seen = f"column {sheet.address(last, index)}: {len(values)} filled, {dates} of them dates"
    return f"  {_quoted(label)}: {meaning or ''}".ljust(44) + f"  # {seen}{'' if meaning else '; empty: left out'}"


def _draft_milestones(sheet: Sheet, last: int, labels: Sequence[str]) -> Iterator[str]:
    column = next(index for index, label in enumerate(labels) if label and _proposal(label) == MILESTONE)
    seen = dict.fromkeys(str(row[column]) for row in sheet.rows[last + 1 :] if row[column] is not None)
    for label in list(seen)[:100]:
        yield f"  {_quoted(label)}: {_proposal(label) or ''}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _column(index: int, label: str, meaning: str) -> Column:
    match = _MEANING.fullmatch(meaning)
    if match is None or meaning in PLAIN or meaning in LONG_DATES:
        return Column(index, label, meaning)
    when: Any = match[1] or "actual"
    return Column(index, label, match[2], when)


def _heading_rows(sheet: Sheet, wanted: set[str]) -> tuple[int, int]:
    """The first and the last row of the headings: those, one on top of the other, with most of the wanted labels."""
    best, merit = (0, 0), -1
    for first in range(min(_SEARCHED, len(sheet.rows))):
        for last in range(first, min(first + _MOST_HEADING_ROWS, len(sheet.rows))):
            names = [_names(label, sheet, first, last, i) for i, label in enumerate(_labels(sheet, first, last))]
            hits = sum(bool(wanted & each) for each in names)
            score = 100 * hits - (last - first)
            if score > merit:
                best, merit = (first, last), score
    return best


def _labels(sheet: Sheet, first: int, last: int) -> list[str]:
    """The heading of every column: what stands in its heading rows, one after the other, each once."""
    labels = []
    for column in range(len(sheet.rows[0]) if sheet.rows else 0):
        parts = [str(sheet.rows[row][column]) for row in range(first, last + 1) if sheet.rows[row][column] is not None]
        labels.append(" / ".join(dict.fromkeys(" ".join(part.split()) for part in parts)))
    return labels


def _names(label: str, sheet: Sheet, first: int, last: int, column: int) -> set[str]:
    """How a column may be called: by its whole heading, or by what stands in its lowest heading row."""
    lowest = sheet.rows[last][column]
    return {folded(label), *([folded(str(lowest))] if lowest is not None else [])} - {""}


def _where(sheet: Sheet, row: int, columns: Sequence[int]) -> str:
    return ", ".join(sheet.address(row, column) for column in columns)


def _proposal(label: str) -> str | None:
    """What a heading most likely means; None if that is not known."""
    text = folded(label)
    last = folded(label.split(" / ")[-1])
    for kind, pattern in _KINDS:
        if pattern.search(text):
            bare = pattern.sub(" ", text)
            code = _code(" ".join(bare.split()))
            return f"{kind} {code}" if code and code not in PLAIN else _code(text) or _code(last)
    return _code(text) or _code(last)


def _code(text: str) -> str | None:
    bare = re.sub(r"[^a-z0-9 ]+", " ", text)
    bare = re.sub(r"\b(date|de|du|des|la|le|les|d|l|of|the|on|reelle?|actual|effective)\b", " ", bare)
    key = " ".join(bare.split())
    return _synonyms().get(text) or _synonyms().get(key)


_KINDS: Sequence[tuple[Literal["planned", "baseline"], re.Pattern[str]]] = (
    ("planned", re.compile(r"\b(prevue?|previsionnelle?|planned|plan|estimee?|target|forecast)\b")),
    ("baseline", re.compile(r"\b(baseline|initiale?ment prevue?|reference|contractuelle)\b")),
)


@cache
def _synonyms() -> Map[str, str]:
    """What the headings of `headings.csv` mean; they stand there without accents, articles and the word "date"."""
    with (shipped_folder() / "headings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row["heading"]: row["meaning"] for row in rows} | {row["meaning"]: row["meaning"] for row in rows}


def words_of(value: Value, mapping: TrackerMapping) -> Word | Literal["finished"] | None:
    """What a status says; None if it is not known."""
    text = folded(str(value)) if value is not None else ""
    if text in {folded(each) for each in mapping.finished} or text in _FINISHED:
        return "finished"
    return mapping.known_words.get(text)


_FINISHED = frozenset(
    (
        *(
            "done",
            "completed",
            "complete",
            "finished",
            "closed",
            "active",
            "open to recruitment",
            "authorised",
            "authorized",
        ),
        *(
            "termine",
            "terminee",
            "fait",
            "realise",
            "clos",
            "actif",
            "ouvert",
            "autorise",
            "signe",
            "signee",
            "ok",
            "oui",
        ),
        *("yes", "recrutement"),
    )
)
