"""The numbers of a scenario as a table for programs: CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence

from sim import tables
from sim.scenario.evidence import Number
from sim.scenario.language.kinds import value_and_unit


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
