"""Numbers as lines: the tables and the one JSON document that other programs read.

A line is a mapping from column to value; a table is its lines, all with the same columns. In JSON, what is not a
number (nothing counts, or not reached) is null; in CSV, nothing counts is empty and not reached is `inf`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, Protocol

from sim.analysis.contrasts import Contrast
from sim.analysis.estimates import Estimate

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.manifest import Manifest

Line = dict[str, Any]

INDICATOR_COLUMNS = ("scenario", *(each.name for each in fields(Estimate)))
CONTRAST_COLUMNS = ("scenario", "reference", *(each.name for each in fields(Contrast)))

_SHOWN = ("median", "p90", "share_within_goal")


class Estimated(Protocol):
    """What a table needs to know of a result."""

    @property
    def name(self) -> str:
        """A short name of the scenario."""

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every number with its interval."""


def indicator_lines(results: Iterable[Estimated]) -> list[Line]:
    """Every estimate of every scenario."""
    return [{"scenario": result.name, **asdict(estimate)} for result in results for estimate in result.estimates]


def contrast_lines(reference: str, paired: Iterable[tuple[Estimated, Sequence[Contrast]]]) -> list[Line]:
    """Every paired difference of every other scenario from the reference."""
    return [
        {"scenario": result.name, "reference": reference, **asdict(contrast)}
        for result, differences in paired
        for contrast in differences
    ]


def by_kind(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines of `indicator_lines` apart: indicators, pools, binding, days_spent."""
    tables: dict[str, list[Line]] = {"indicators": [], "pools": [], "binding": [], "days_spent": []}
    for line in lines:
        tables[_kind(line)].append(line)
    return tables


def as_csv(lines: Iterable[Line], columns: Sequence[str]) -> str:
    """Lines as CSV, the columns named first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: _cell(value) for column, value in line.items()} for line in lines)
    return text.getvalue()


def as_json(
    manifest: Manifest, indicators: Sequence[Line], differences: Sequence[Line], warnings: Sequence[Line] = ()
) -> str:
    """The one document of an experiment: manifest, warnings, indicators and contrasts."""
    document = {
        "manifest": manifest.as_dict(),
        "warnings": list(warnings),
        "indicators": plain(indicators),
        "contrasts": plain(differences),
    }
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_frame(lines: Sequence[Line]) -> pd.DataFrame:
    """Lines as a pandas frame."""
    import pandas as pd

    return pd.DataFrame(lines)


def as_html(results: Sequence[Estimated]) -> str:
    """The indicators of scenarios side by side, each with its interval, as an HTML table."""
    import pandas as pd

    cells = {
        result.name: {
            (each.name, each.level, each.statistic): f"{each.value:.3g} [{each.low:.3g}, {each.high:.3g}]"
            for each in result.estimates
            if each.statistic in _SHOWN
        }
        for result in results
    }
    return str(pd.DataFrame(cells).rename_axis(["indicator", "level", "statistic"]).to_html())


def _kind(line: Line) -> str:
    if line["level"] == "pool":
        return "pools"
    return {"binding_share": "binding", "days_spent": "days_spent"}.get(line["name"].split("[")[0], "indicators")


def _cell(value: Any) -> Any:
    return "" if isinstance(value, float) and isnan(value) else value


def plain(lines: Iterable[Line]) -> list[Line]:
    """Lines for JSON: null where there is no number."""
    return [
        {column: None if isinstance(value, float) and not isfinite(value) else value for column, value in line.items()}
        for line in lines
    ]
