"""Where an answer goes: to a terminal, to another program, or into a folder of tables and figures.

An `Answer` is a comparison (a run is a comparison of one) in a language, with what its first scenario rests on.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from warnings import catch_warnings, filterwarnings

from sim.experiment.results import Comparison
from sim.experiment.tables import CONTRAST_COLUMNS, FILES, INDICATOR_COLUMNS, contrast_lines, document, indicator_lines
from sim.experiment.writing import Draft, write
from sim.report import plots
from sim.report.answer import law_lines, origin_of_figures, pledged, warning_lines
from sim.report.how_sure import FILE as HOW_SURE
from sim.report.how_sure import how_sure
from sim.report.text import brief, report, text
from sim.report.unsure import COLUMNS, draw_bands, matter_lines, told, unsure_lines
from sim.report.words import Language, say
from sim.scenario.schema import Scenario
from sim.tables import Line, as_csv, as_json
from sim.uncertainty.unsure import Unsure

ANSWER = "answer.txt"
"""The file of a folder that holds the whole answer."""


@dataclass(frozen=True)
class Answer:
    """A comparison as it is shown."""

    comparison: Comparison
    language: Language
    evidence: Mapping[str, float]  # share of the first scenario's numbers by grade
    unsure: Unsure | None = None  # how sure it is over what nobody knows

    @cached_property
    def indicators(self) -> list[Line]:
        """Every estimate, one line each."""
        return indicator_lines(self.comparison.results)

    @cached_property
    def contrasts(self) -> list[Line]:
        """Every paired difference, one line each."""
        return contrast_lines(self.comparison.reference.name, self.comparison.paired)

    def show(self, folder: Path | None) -> None:
        """Print the answer: whole and plain into a pipe; on a terminal what fits there, the rest being in `folder`."""
        if not sys.stdout.isatty():
            print(self._text, end="")
            return
        from rich.console import Console

        console, results, language = Console(), self.comparison.results, self.language
        short = brief(results, language=language, unsure=self.unsure, width=console.width) if folder else None
        if folder is None or short is None:
            whole = report(results, language=language, evidence=self.evidence, unsure=self.unsure, width=console.width)
            console.print(whole)
            return
        console.print(short)
        console.print(say("whole", language, file=str(folder / ANSWER)), highlight=False)

    def as_csv(self) -> str:
        """The indicators as CSV."""
        return as_csv(indicator_lines(self.comparison.results, FILES["indicators"]), INDICATOR_COLUMNS)

    def as_json(self) -> str:
        """The one JSON document: manifest, warnings, indicators, contrasts."""
        warnings = [line for result in self.comparison.results for line in warning_lines(result, self.language)]
        unknown = (
            {} if self.unsure is None else {"unknown": unsure_lines(self.unsure), "matters": matter_lines(self.unsure)}
        )
        more = {"laws": law_lines(self.comparison.results)} | unknown
        return document(self.comparison.manifest, self.indicators, self.contrasts, warnings, more)

    @property
    def _manifest(self) -> dict[str, Any]:
        """What the numbers depend on, and that the laws of every run hold in them."""
        return self.comparison.manifest.as_dict() | {"laws": law_lines(self.comparison.results)}

    def write(self, folder: Path) -> None:
        """Write the answer, the tables, the manifest and the figures into `folder`. Raises CannotWrite."""
        write(folder, {**self._tables(), **self._figures()})

    @cached_property
    def _text(self) -> str:
        return text(self.comparison.results, language=self.language, evidence=self.evidence, unsure=self.unsure)

    @property
    def _scenarios(self) -> Mapping[str, Scenario]:
        return {result.name: result.scenario for result in self.comparison.results}

    def _tables(self) -> dict[str, Draft]:
        results = self.comparison.results
        tables = {
            f"{name}.csv": as_csv(indicator_lines(results, kinds), INDICATOR_COLUMNS) for name, kinds in FILES.items()
        }
        texts = tables | {
            "contrasts.csv": as_csv(self.contrasts, CONTRAST_COLUMNS),
            "manifest.json": as_json(self._manifest),
            ANSWER: self._text,
        }
        if self.unsure is not None:
            texts["unknown.csv"] = as_csv(unsure_lines(self.unsure), COLUMNS)
            texts[HOW_SURE] = how_sure(self.unsure, self._scenarios).as_json()
            matters = matter_lines(self.unsure)
            texts["matters.csv"] = as_csv(matters, matters[0]) if matters else ""
        return {name: text_draft(content) for name, content in texts.items()}

    def _figures(self) -> dict[str, Draft]:
        results, language = self.comparison.results, self.language
        drawn = {"stages": plots.stages(results, language=language), "gantt": plots.gantt(results, language=language)}
        if pledged(self.comparison.reference.scenario):
            drawn["s_curve"] = plots.s_curve(results, language=language)
        if self.unsure is not None and told(self.unsure, self._scenarios):
            drawn["bands"] = draw_bands(self.unsure, self._scenarios, language=language)
        return figure_drafts(drawn, origin_of_comparison(self.comparison, language))


def origin_of_comparison(comparison: Comparison, language: Language) -> str:
    """Where the numbers of a comparison's pictures come from."""
    made = comparison.manifest
    scenario, version = comparison.reference.scenario, made.versions["trialstart"]
    return origin_of_figures(scenario, made.replications, made.seed, language, version)


def write_said(
    folder: Path, answer: str, tables: Mapping[str, Sequence[Line]], pictures: Mapping[str, Any], origin: str
) -> None:
    """Write an answer in words, a CSV for each table, and each picture as PNG and SVG. Raises CannotWrite."""
    drafts = {ANSWER: text_draft(answer)}
    drafts |= {f"{name}.csv": text_draft(as_csv(lines, [*lines[0]])) for name, lines in tables.items() if lines}
    write(folder, drafts | figure_drafts(pictures, origin))


def figure_drafts(pictures: Mapping[str, Any], origin: str) -> dict[str, Draft]:
    """Each picture as PNG and SVG, with where its numbers come from at its foot; nothing for what is not drawn."""
    figures = {name: picture.figure for name, picture in pictures.items() if picture is not None}
    for figure in figures.values():
        figure.supxlabel(origin, x=0.01, ha="left", fontsize=6.5, color="0.35")
    return {f"{name}.{kind}": figure_draft(figure) for name, figure in figures.items() for kind in ("png", "svg")}


def text_draft(content: str) -> Draft:
    """Writes a text."""

    def draft(path: Path) -> None:
        path.write_text(content, encoding="utf-8", newline="\n")

    return draft


def figure_draft(figure: Any) -> Draft:
    """Saves a figure; the same figure gives the same bytes, with no date and no random names, and text that is text."""

    def draft(path: Path) -> None:
        from matplotlib import rc_context
        from matplotlib.text import Text

        for each in figure.findobj(Text):  # a title may speak of $5 and $6
            each.set_parse_math(False)
        with rc_context({"svg.hashsalt": "trialstart", "svg.fonttype": "none"}), catch_warnings():
            filterwarnings("ignore", message="Glyph .* missing from font")  # a box stands for a sign that no font has
            figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)

    return draft
