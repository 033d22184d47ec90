"""The numbers of a scenario as a table: text for people, CSV and JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence

from sim import tables
from sim.scenario.evidence import Number, shares
from sim.scenario.language.kinds import value_and_unit


def as_text(found: Sequence[Number]) -> str:
    """The numbers as a table for people, with the share of each grade below."""
    rows = [("grade", "number", "value", "source")] + [
        (each.grade or "none", each.path, each.text, _said(each)) for each in found
    ]
    graded = ", ".join(f"{grade} {share:.0%}" for grade, share in shares(found).items())
    return f"{tables.as_text(rows)}\n{len(found)} numbers: {graded}\n"


def as_csv(found: Sequence[Number]) -> str:
    """The numbers as CSV."""
    return tables.as_csv(map(_as_row, found), _as_row(found[0]) if found else ("path",))


def as_json(found: Sequence[Number]) -> str:
    """The numbers as a JSON list of objects."""
    return tables.as_json([_as_row(each) for each in found])


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
