"""Tables, however they are printed: CSV, JSON, Markdown, padded text, and frames of pandas.

A line is a mapping from column to value; a table is its lines, all with the same columns. For people, a table is rows
of words, the head first. In JSON, what is not a number (nothing counts, or not reached) is null; in CSV, nothing counts
is empty and not reached is `inf`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Form:
    """How CSV is written: what is between cells, what is before decimals, and what stands first of all."""

    separator: str
    point: str
    mark: str


PLAIN = Form(",", ".", "")
FRENCH = Form(";", ",", "\N{ZERO WIDTH NO-BREAK SPACE}")
"""As Excel opens it where French is spoken: without the mark it would not know UTF-8."""

FORM: ContextVar[Form] = ContextVar("form", default=PLAIN)
"""Of the tables that the whole program writes."""

Line = Mapping[str, Any]
_DECIMAL = re.compile(r"-?[0-9]+,[0-9]+(e-?[0-9]+)?")
_QUANTITY = re.compile(r"[+-][0-9.]+( ?[a-z/%]+)?")


def as_csv(lines: Iterable[Line], columns: Iterable[str], form: Form | None = None) -> str:
    """Lines as CSV, the columns named first; in the form that is asked for, else in that of the whole program."""
    text, form = io.StringIO(), form or FORM.get()
    writer = csv.DictWriter(text, tuple(columns), delimiter=form.separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: _cell(value, form) for column, value in line.items()} for line in lines)
    return form.mark + text.getvalue()


def from_csv(text: str) -> list[dict[str, str]]:
    """The lines of a table that `as_csv` wrote in whatever form, each number with a point.

    >>> from_csv("\N{ZERO WIDTH NO-BREAK SPACE}name;value\\na,b;0,5\\n")
    [{'name': 'a,b', 'value': '0.5'}]
    """
    text = text.removeprefix(FRENCH.mark)
    head = text.partition("\n")[0]
    form = FRENCH if head.count(FRENCH.separator) > head.count(PLAIN.separator) else PLAIN
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=form.separator)
    return [{column: _with_point(cell) if form is FRENCH else cell for column, cell in line.items()} for line in lines]


def _with_point(cell: str) -> str:
    return cell.replace(",", ".") if _DECIMAL.fullmatch(cell) else cell


def as_json(document: Any) -> str:
    """A document, or lines, as JSON text."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def plain(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Lines for JSON: null where there is no number."""
    return [
        {column: None if isinstance(value, float) and not isfinite(value) else value for column, value in line.items()}
        for line in lines
    ]


def as_frame(lines: Sequence[Line]) -> pd.DataFrame:
    """Lines as a pandas frame."""
    import pandas as pd

    return pd.DataFrame(lines)


def as_text(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """Rows as columns that stand below each other; those at the places `right` end below each other.

    >>> print(as_text([("pool", "use"), ("officers", "7 %")], right={1}), end="")
    pool      use
    officers  7 %
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        + "\n"
        for row in rows
    )


def as_markdown(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a Markdown table, the first one being its head.

    >>> print(as_markdown([("pool", "use"), ("officers", "7 %")]), end="")
    | pool | use |
    | --- | --- |
    | officers | 7 % |
    """
    head, *rest = rows
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *rest))


def _cell(value: Any, form: Form) -> Any:
    """A value as CSV holds it; text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) and not _QUANTITY.fullmatch(value):
        return f"'{value}"
    if isinstance(value, float) and isnan(value):
        return ""
    return repr(float(value)).replace(".", form.point) if isinstance(value, float) and form is not PLAIN else value
