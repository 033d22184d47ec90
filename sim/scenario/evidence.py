"""Where every number of a scenario comes from: a row of the register, or an assumption with a range and a reason.

`numbers` lists them; a `Number` knows its place, what covers it and the grade of that: the worst of its sources
(A legal text, B measured, C survey, D expert), and D for an assumption. What covers a number is the nearest `source` or
`assumption` above it in the same file: a source says something about the number that stood beside it when it was
written, never about one that another file put there later.

A number is every quantity with a unit, whole number, fraction, date and time of day, weights and priorities too. Not
numbers: `origin` (where minute 0 is put), the years of a season, a `tolerance` or what is expected (they change no
result), and digits in names, wording and provenance itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.scenario.files import shipped_folder
from sim.scenario.inputs import Covered, Said, inputs_of
from sim.scenario.language.kinds import AMOUNT, COUNT, MADE_OF, amount, kind_of_unit
from sim.scenario.language.mistakes import Mistake, Place, ScenarioError, did_you_mean, mistake
from sim.scenario.language.ranges import Input
from sim.scenario.language.tree import Node
from sim.scenario.loading import Loaded, Source, read
from sim.scenario.merging import PROVENANCE, items

GRADES = ("A", "B", "C", "D")
ASSUMED = "D"
LAW = "A"
_NOT_NUMBERS = frozenset(
    {
        "name",
        "title",
        "question",
        "mechanism",
        "holidays",
        "extends",
        "origin",
        "years",
        "tolerance",
        "expect",
        "readings",
        "totals",
    }
).union(PROVENANCE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the register."""

    id: str
    quantity: str
    value: str
    unit: str
    year: str
    source: str
    url: str
    grade: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The provenance of the numbers under one mapping of one file."""

    sources: tuple[str, ...]
    assumption: Node | None
    sampling: Node | None
    place: Place
    noted: bool  # its note says that it is an assumption, and no range is given

    @property
    def assumed(self) -> bool:
        """Whether its numbers count as assumptions."""
        return self.assumption is not None or self.noted


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a scenario and what covers it; `grade` is None where nothing does."""

    path: str
    text: str
    place: Place
    sources: tuple[str, ...]
    assumption: str | None
    grade: str | None
    years: tuple[str, ...]  # of its sources
    stale: Place | None  # a provenance of another file that seems to cover it, but was written for another number


def register(beside: Path | None = None) -> dict[str, Row]:
    """The rows of the shipped register, and of `evidence.csv` in a folder of one's own, by id.

    As a spreadsheet saves it: UTF-8 with or without a mark, or Windows-1252; with commas or semicolons.

    Raises
    ------
    ScenarioError
        If a file is no such table, with the row.
    """
    files = [*([beside / "evidence.csv"] if beside is not None else []), shipped_folder() / "evidence.csv"]
    rows = [row for file in dict.fromkeys(files) if file.is_file() for row in _rows(file)]
    return {row.id: row for row in rows} | {row.id: row for row in reversed(rows)}  # one's own come first, and count


def numbers(source: Source) -> tuple[Number, ...]:
    """Every number of a scenario, in the order of the file.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read.
    """
    return Evidence(source).numbers


def shares(found: Sequence[Number]) -> dict[str, float]:
    """The share of the numbers [0 to 1] of each grade, of assumptions, and ("none") of those that nothing covers."""
    sourced = [number for number in found if number.assumption is None]
    counts = {grade: sum(number.grade == grade for number in sourced) for grade in GRADES}
    counts["assumption"] = sum(number.assumption is not None for number in found)
    counts["none"] = sum(number.grade is None for number in found)
    return {grade: count / max(len(found), 1) for grade, count in counts.items()}


def check(source: Source) -> list[Mistake]:
    """What is wrong with the evidence of a scenario: no provenance, an unknown row, a range that does not hold.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read.
    """
    return sorted(set(Evidence(source).mistakes()))


def inputs(source: Source, *, set_: Sequence[str] = ()) -> tuple[Input, ...]:
    """What nobody knows in a scenario: its ranges and sampling errors, in the order of the file.

    A number that the command line sets is known, and legal text does not vary.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read, or a range does not say what it is about.
    """
    evidence = Evidence(source, set_=set_)
    if wrong := sorted(set(evidence.wrong_ranges())):
        raise ScenarioError(wrong)
    return evidence.inputs


class Evidence:
    """The numbers of one scenario beside the register."""

    def __init__(self, source: Source, *, set_: Sequence[str] = ()) -> None:
        self._loaded: Loaded = read(source, set_=set_)
        self._register = register(self._loaded.file.parent if self._loaded.file is not None else None)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Every number of the scenario."""
        return tuple(self._number(path, node) for path, node in self._nodes)

    def mistakes(self) -> Iterator[Mistake]:
        """What is wrong with the evidence."""
        yield from (_uncovered(number) for number in self.numbers if number.grade is None and not number.sources)
        yield from (_in_another_unit(number, found) for number in self.numbers if (found := self._other_units(number)))
        for cover in self._used:
            for row in cover.sources:
                if row not in self._register:
                    yield mistake(
                        cover.place,
                        "source",
                        f"there is no row {row!r} in the register; {did_you_mean(row, self._register)}",
                    )
        yield from self.wrong_ranges()

    def wrong_ranges(self) -> Iterator[Mistake]:
        """Ranges and sampling errors that do not hold, or do not say what they are about."""
        for said, covered in self._ranges:
            if said.key == "sampling" and said.grade == LAW:
                yield mistake(said.node.place, "sampling", "is not for legal text, which does not vary; delete it")
            try:
                inputs_of(said, covered, self._loaded.tree)
            except ScenarioError as error:
                yield from error.mistakes

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """What nobody knows of what is simulated, in the order of the scenario. Raises ScenarioError."""
        found = (each for said, covered in self._ranges for each in inputs_of(said, covered, self._loaded.tree))
        return tuple(each for each in found if any(one.path[0] != "costs" for one in each.quantities))

    @property
    def _used(self) -> list[Cover]:
        """The covers of the scenario's numbers, in their order."""
        covers = [self._covers[id(node)] for _, node in self._nodes if id(node) in self._covers]
        return list({id(cover): cover for cover in covers}.values())

    @property
    def _ranges(self) -> Iterator[tuple[Said, Covered]]:
        """Every range and sampling error with the numbers that it covers."""
        for cover in self._used:
            covered = [(path, node) for path, node in self._nodes if self._covers.get(id(node)) is cover]
            if cover.assumption is not None:
                yield Said("assumption", cover.assumption, "assumption", self._gone(cover)), covered
            if cover.sampling is not None:
                grades = [self._register[row].grade for row in cover.sources if row in self._register]
                yield Said("sampling", cover.sampling, max(grades, default=ASSUMED), self._gone(cover)), covered

    def _gone(self, cover: Cover) -> tuple[Node, ...]:
        """What a provenance covered in its file and another file has replaced."""
        still = {id(node) for _, node in self._nodes}
        gone = (node for node, one in self._written if one is cover and id(node) not in still)
        return tuple(node for node in gone if amount(node.value) is not None)

    @cached_property
    def _nodes(self) -> list[tuple[tuple[Any, ...], Node]]:
        found = [(path, node) for path, node in self._loaded.tree.scalars() if is_number(path, node)]
        once = {id(node): (path, node) for path, node in sorted(found, key=lambda each: each[0][0] == "levers")}
        return [(path, node) for path, node in found if once[id(node)][0] == path]  # a date stands in every variant

    @cached_property
    def _covers(self) -> dict[int, Cover]:
        """By identity of its node, what covers a scalar in the file where it was written."""
        return {id(node): cover for node, cover in self._written}

    @cached_property
    def _written(self) -> list[tuple[Node, Cover]]:
        """Every scalar of every file with what covers it."""
        return [pair for layer in self._loaded.layers for pair in _covered(layer, None)]

    def _number(self, path: tuple[Any, ...], node: Node) -> Number:
        cover, words = self._covers.get(id(node)), self._loaded.tree.walk(*path)[1]
        if cover is None:
            return Number(words, _text(node), node.place, (), None, None, (), self._stale(path))
        grades = [self._register[row].grade for row in cover.sources if row in self._register]
        grades += [ASSUMED] if cover.assumed else []
        years = tuple(dict.fromkeys(self._register[row].year for row in cover.sources if row in self._register))
        return Number(
            words, _text(node), node.place, cover.sources, _range_text(cover), max(grades, default=None), years, None
        )

    def _other_units(self, number: Number) -> str:
        """The units of its sources, if a number cannot have been made of any of them; "" if it can, or is assumed."""
        rows = [self._register[row] for row in number.sources if row in self._register]
        kinds = [kind_of_unit(row.unit) for row in rows]
        own = amount(number.text)
        wanted = MADE_OF.get(own[0] if own else "", frozenset())
        if not wanted or not rows or number.assumption is not None or None in kinds or wanted & {*kinds}:
            return ""
        return ", ".join(f"{row.id} in {row.unit}" for row in rows)

    def _stale(self, path: tuple[Any, ...]) -> Place | None:
        for length in range(len(path) - 1, -1, -1):
            here = self._loaded.tree.walk(*path[:length])[0]
            said = here.get("source") or here.get("assumption")
            if said is not None:
                return said.key
        return None


def is_number(path: tuple[Any, ...], node: Node) -> bool:
    """Whether a scalar of a scenario is a number that needs provenance."""
    if _NOT_NUMBERS & set(path) or isinstance(node.value, bool):
        return False
    if isinstance(node.value, str):
        return bool(AMOUNT.search(node.value) or COUNT.fullmatch(node.value.strip()))
    return isinstance(node.value, (int, float, date))


def _in_another_unit(number: Number, found: str) -> Mistake:
    return mistake(
        number.place,
        number.path,
        f"is in another unit than its source, got {number.text} from {found}; "
        "name the source of this number, or an assumption",
    )


def _uncovered(number: Number) -> Mistake:
    if number.stale is not None:
        return mistake(
            number.place,
            number.path,
            f"keeps the source of another number, written at {number.stale}, "
            f"got {number.text}; say its own source or assumption",
        )
    return mistake(number.place, number.path, f"must have a source or an assumption, got {number.text} with neither")


def _covered(node: Node, cover: Cover | None) -> Iterator[tuple[Node, Cover]]:
    if isinstance(node.value, dict):
        inner = _cover(node.value) or cover
        for key, below in node.value.items():
            if key not in PROVENANCE:
                yield from _covered(below, inner)
    elif isinstance(node.value, list):
        for below in node.value:
            yield from _covered(below, cover)
    elif cover is not None:
        yield node, cover


def _cover(mapping: Mapping[Any, Node]) -> Cover | None:
    source, assumption = mapping.get("source"), mapping.get("assumption")
    said = source or assumption
    if said is None:
        return None
    rows = source.plain() if source is not None else ()
    sources = (rows,) if isinstance(rows, str) else tuple(rows)
    noted = assumption is None and "assum" in str(getattr(mapping.get("note"), "value", ""))
    return Cover(sources, assumption, mapping.get("sampling"), said.place, noted)


def _text(node: Node) -> str:
    return str(node.value)


def _range_text(cover: Cover) -> str | None:
    if cover.noted:
        return "as its note says, without a range"
    ends = cover.assumption.get("range") if cover.assumption is not None else None
    if ends is None:
        return None
    return " to ".join(_text(node) for node in items(ends)) or _text(ends)


def _rows(file: Path) -> Iterator[Row]:
    text = _decoded(file)
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    known = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = known
    if missing := [field.name for field in fields(Row) if field.name not in known]:
        raise _no_register(file, 1, f"must have the columns {', '.join(missing)}, got {', '.join(known) or 'none'}")
    try:
        for row in reader:
            yield _row(file, reader.line_num, row)
    except csv.Error as error:
        raise _no_register(file, reader.line_num, f"must be a table, {error}") from None


def _row(file: Path, line: int, said: Mapping[str | None, Any]) -> Row:
    if None in said or None in said.values():
        raise _no_register(file, line, "must have as many cells as the first row; put text with commas in quotes")
    row = Row(*(said[field.name].strip() for field in fields(Row)))
    if row.grade not in GRADES:
        raise _no_register(file, line, f"grade: must be one of {', '.join(GRADES)}, got {row.grade!r}")
    return row


def _decoded(file: Path) -> str:
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            if "\0" not in (text := content.decode(encoding)):
                return text
    raise _no_register(file, 1, "must be text in UTF-8 or Windows-1252; save it as 'CSV UTF-8'")


def _no_register(file: Path, line: int, message: str) -> ScenarioError:
    return ScenarioError([mistake(Place(str(file), line, 1), "evidence", message)])
