"""The numbers of a scenario as a table: text for people, CSV and JSON for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from sim.scenario.evidence import Number, shares
from sim.scenario.language.kinds import value_and_unit


def as_text(found: Sequence[Number]) -> str:
    """The numbers as a table for people, with the share of each grade below."""
    rows = [("grade", "number", "value", "source")] + [
        (each.grade or "none", each.path, each.text, _said(each)) for each in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    table = "".join(
        "  ".join((*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3])).rstrip() + "\n"
        for row in rows
    )
    graded = ", ".join(f"{grade} {share:.0%}" for grade, share in shares(found).items())
    return f"{table}\n{len(found)} numbers: {graded}\n"


def as_csv(found: Sequence[Number]) -> str:
    """The numbers as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _as_row(found[0]) if found else ("path",), lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_as_row, found))
    return text.getvalue()


def as_json(found: Sequence[Number]) -> str:
    """The numbers as a JSON list of objects."""
    return json.dumps([_as_row(each) for each in found], indent=1, ensure_ascii=False) + "\n"


def _as_row(number: Number) -> dict[str, str | int | None]:
    value, unit = value_and_unit(number.text)
    return {
        "path": number.path,
        "value": value,
        "unit": unit,
        "source": " ".join(number.sources) or None,
        "year": " ".join(number.years) or None,
        "grade": number.grade,
        "range": number.assumption,
        "file": number.place.file,
        "line": number.place.line,
    }


def _said(number: Number) -> str:
    assumed = [f"assumed {number.assumption}"] if number.assumption is not None else []
    return ", ".join([*number.sources, *assumed])
