"""The page on which the model of France is judged: what it was set to, what it met without, and what it missed.

The figures stand in `scenarios/calibration/figures.yaml`, each with its published numbers, the row of the register, and
the scenario and the indicator that give the model's. A figure is *met* if the model's number is within a tenth of each
published one, of a share within five points: an interval would call met whatever few replications leave open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Literal

from sim.analysis.estimates import Estimate, Key, indicator_key
from sim.experiment.running import compare
from sim.report.words import number
from sim.scenario.files import read_tree, shipped_folder
from sim.scenario.language.mistakes import Mistake, ScenarioError
from sim.scenario.language.records import Name, Record
from sim.scenario.shape import validated
from sim.tables import as_markdown

COMMAND = "trialstart judge > docs/calibration.md"
NEAR = 0.10
"""The relative distance at which a published number of days is met."""
NEAR_SHARE = 0.05
"""The distance at which a published share is met."""

_TITLES = {"set": "Set to it: stages", "met": "Met without being set to it", "missed": "Missed, and what that says"}
_HEAD = ("quantity", "published", "model (95 % interval)", "scenario", "")


class Figure(Record):
    """A published figure and where the model's is found."""

    says: str
    published: tuple[float, ...]
    unit: Literal["d", "%"] = "d"
    scenario: str
    indicator: Name
    level: Literal["trial", "site"] = "trial"
    statistics: tuple[Literal["mean", "median", "q1", "q3", "p90", "share_within_goal"], ...]
    role: Literal["set", "predicted"]
    tells: str  # how it was set; or what it says that it is met or missed


class Figures(Record):
    """All figures, and what moved when they were last set."""

    title: str
    figures: tuple[Figure, ...]
    moved: str  # Markdown: what moved and why


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure with the model's numbers beside the published ones."""

    figure: Figure
    found: tuple[Estimate, ...]

    @property
    def met(self) -> bool:
        """Whether the model gives every published number."""
        pairs = zip(self.figure.published, self.found, strict=True)
        return all(_agree(published, each.value, self.figure.unit) for published, each in pairs)

    @property
    def verdict(self) -> str:
        """Which table of the page it stands in."""
        return "set" if self.figure.role == "set" else "met" if self.met else "missed"


def figures() -> Figures:
    """The figures of the shipped table.

    Raises
    ------
    ScenarioError
        If the table cannot be read.
    """
    found: list[Mistake] = []
    table = validated(Figures, read_tree(_folder() / "figures.yaml", found), found)
    if table is None or found:
        raise ScenarioError(found)
    return table


def judged(table: Figures, *, replications: int = 10, seed: int = 1, jobs: int | None = None) -> list[Judged]:
    """Every figure with the model's numbers: each scenario is simulated once."""
    sources = {each.scenario: source_of(each.scenario) for each in table.figures}
    results = compare(sources, replications=replications, seed=seed, jobs=jobs, structure=False).results
    numbers = {result.name: result.estimates for result in results}
    return [Judged(each, tuple(numbers[each.scenario][key] for key in _keys(each))) for each in table.figures]


def page(table: Figures, judgements: Sequence[Judged], replications: int) -> str:
    """The page in Markdown."""
    head = f"# {table.title}\n\n" + _INTRODUCTION.format(
        replications=replications, command=COMMAND, near=NEAR, points=100 * NEAR_SHARE
    )
    return "\n".join([head, *_tables(judgements), "## What moved, and why", "", table.moved.rstrip(), ""])


_INTRODUCTION = """\
Stages are set to published figures about stages; totals are predictions. Nothing is tuned for the pledge, and no
end-to-end delay is an input. A figure is met if the model is within {near:.0%} of each published number (a share:
within {points:.0f} points); intervals are 95 %, over {replications} replications. This page is written by `{command}`.
"""


def _tables(judgements: Sequence[Judged]) -> Iterator[str]:
    for verdict, title in _TITLES.items():
        lines = [_line(each) for each in judgements if each.verdict == verdict]
        yield f"## {title}\n"
        yield as_markdown([_HEAD, *lines]) if lines else "None.\n"


def _line(each: Judged) -> tuple[str, ...]:
    figure = each.figure
    published = " / ".join(f"{value:g}" for value in figure.published)
    rows = (figure.source,) if isinstance(figure.source, str) else figure.source or ()
    said = f"{published} {figure.unit}" + (f" ({', '.join(rows)})" if rows else "")
    model = " / ".join(_said(found, figure) for found in each.found)
    missed = " **Not reached.**" if figure.role == "set" and not each.met else ""
    return figure.says, said, model, f"`{figure.scenario}`", figure.tells + missed


def _said(found: Estimate, figure: Figure) -> str:
    if not isfinite(found.value):
        return "not reached"
    value, low, high = (number(_scale(figure) * part, "en") for part in (found.value, found.low, found.high))
    return f"{value} ({low}–{high})"


def _agree(published: float, found: float, unit: str) -> bool:
    if unit == "%":
        return abs(found - published / 100) <= NEAR_SHARE
    return abs(found - published) <= NEAR * published


def _scale(figure: Figure) -> float:
    return 100.0 if figure.unit == "%" else 1.0


def _keys(figure: Figure) -> Iterator[Key]:
    return (indicator_key(figure.indicator, statistic, figure.level) for statistic in figure.statistics)


def source_of(name: str) -> Path | str:
    """Where a scenario of the table is: beside it, or among the shipped ones."""
    own = _folder() / f"{name}.yaml"
    return own if own.is_file() else name


def _folder() -> Path:
    return shipped_folder() / "calibration"
