"""The numbers of results as lines: what CSV files, the one JSON document and frames of pandas are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from sim import tables
from sim.analysis.contrasts import Contrast
from sim.analysis.estimates import POOLS, Estimate, Key, Kind, Summary
from sim.tables import Line, plain

if TYPE_CHECKING:
    from sim.experiment.manifest import Manifest

KEY = ("name", "level", "statistic")
INDICATOR_COLUMNS = ("scenario", *KEY, *(each.name for each in fields(Estimate)[1:]))
CONTRAST_COLUMNS = ("scenario", "reference", *KEY, *(each.name for each in fields(Contrast)[1:]))
FILES = {
    "indicators": (Kind.INDICATOR, Kind.WASTED, Kind.WASTED_SETUP),
    "pools": POOLS,
    "binding": (Kind.BINDING,),
    "days_spent": (Kind.SPENT,),
}
"""The tables that numbers are apart in, and the kinds that each holds."""

_SHOWN = ("median", "p90", "share_within_goal")


class Estimated(Protocol):
    """What a table needs to know of a result."""

    @property
    def name(self) -> str:
        """A short name of the scenario."""

    @property
    def summary(self) -> Summary:
        """What its replications say."""


def line_of(found: Estimate | Contrast) -> dict[str, Any]:
    """A number as a line: name, level and statistic, then the fields of its record."""
    rest = {each.name: getattr(found, each.name) for each in fields(found)[1:]}
    return dict(zip(KEY, found.key.columns, strict=True)) | rest


def indicator_lines(results: Iterable[Estimated], kinds: Sequence[Kind] = tuple(Kind)) -> list[Line]:
    """Every estimate of these kinds of every scenario."""
    return [
        {"scenario": result.name, **line_of(estimate)}
        for result in results
        for estimate in result.summary.estimates.values()
        if estimate.key.kind in kinds
    ]


def contrast_lines(reference: str, paired: Iterable[tuple[Estimated, Mapping[Key, Contrast]]]) -> list[Line]:
    """Every paired difference of every other scenario from the reference."""
    return [
        {"scenario": result.name, "reference": reference, **line_of(contrast)}
        for result, differences in paired
        for contrast in differences.values()
    ]


def document(
    manifest: Manifest,
    indicators: Sequence[Line],
    differences: Sequence[Line],
    warnings: Sequence[Line] = (),
    more: Mapping[str, Sequence[Line]] = MappingProxyType({}),
) -> str:
    """The one document of an experiment: manifest, warnings, indicators, contrasts, and more lines by name."""
    return tables.as_json(
        {
            "manifest": manifest.as_dict(),
            "warnings": list(warnings),
            "indicators": plain(indicators),
            "contrasts": plain(differences),
            **{name: plain(lines) for name, lines in more.items()},
        }
    )


def as_html(results: Sequence[Estimated]) -> str:
    """The indicators of scenarios side by side, each with its interval, as an HTML table."""
    import pandas as pd

    cells = {
        result.name: {
            each.key.columns: f"{each.value:.3g} [{each.low:.3g}, {each.high:.3g}]"
            for each in result.summary.estimates.values()
            if each.key.statistic in _SHOWN
        }
        for result in results
    }
    return str(pd.DataFrame(cells).rename_axis(["indicator", "level", "statistic"]).to_html())
