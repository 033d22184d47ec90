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
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Line = Mapping[str, Any]
_QUANTITY = re.compile(r"[+-][0-9.]+( ?[a-z/%]+)?")


def as_csv(lines: Iterable[Line], columns: Iterable[str]) -> str:
    """Lines as CSV, the columns named first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, tuple(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: _cell(value) for column, value in line.items()} for line in lines)
    return text.getvalue()


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


def _cell(value: Any) -> Any:
    """A value as CSV holds it; text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) and not _QUANTITY.fullmatch(value):
        return f"'{value}"
    return "" if isinstance(value, float) and isnan(value) else value
