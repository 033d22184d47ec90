"""From scenarios, or a folder of results, to the files of a report: a page, and if wanted its print and a workbook."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.decisions.ledger import ALL_OF, Ledger, ledger
from sim.experiment.gathering import Progress
from sim.experiment.options import Options
from sim.experiment.results import Comparison, Result
from sim.experiment.running import SHIPPED, compare
from sim.experiment.running import open as opened
from sim.experiment.writing import CannotWrite, refused, write
from sim.page.content import page_of
from sim.page.html import as_html
from sim.page.workbook import workbook
from sim.report.words import Language

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_PATIENCE = 300  # [s] for a browser to print


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file of the page, its language, and what shall stand beside it."""

    place: Path
    language: Language
    levers: bool = True
    pdf: bool = False
    xlsx: bool = False


def write_report(
    sources: Sequence[str], wanted: Wanted, options: Options, progress: Progress | None = None
) -> Iterator[Path]:
    """Write the report and yield each file that is written.

    Parameters
    ----------
    sources
        Scenarios, the first being the reference, or one folder that a run left; none: those of `sim.compare`.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read.
    ValueError
        If the folder holds no results, or an option makes no sense.
    CannotWrite
        If a file cannot be written, or no browser is there to print.
    """
    folder = len(sources) == 1 and Path(sources[0]).is_dir()
    browser = _browser() if wanted.pdf else ""
    comparison = _opened(sources[0]) if folder else compare(list(sources) or SHIPPED, options, progress=progress)
    page = page_of(comparison, wanted.language, _ledger(comparison, wanted, options, progress))
    place = wanted.place
    write(place.parent, {place.name: lambda file: _text(file, as_html(page))})
    yield place
    if wanted.xlsx:
        book = place.with_suffix(".xlsx")
        write(book.parent, {book.name: lambda file: workbook(comparison, page, file)})
        yield book
    if browser:
        yield _printed(browser, place)


def _opened(folder: str) -> Comparison:
    found = opened(folder)
    return Comparison((found,), found.manifest) if isinstance(found, Result) else found


def _ledger(comparison: Comparison, wanted: Wanted, options: Options, progress: Progress | None) -> Ledger | None:
    """The ledger of the last scenario's levers, on as many replications; None where there is nothing to combine."""
    last = comparison.results[-1]
    record, levers = last.manifest.scenarios[0], last.scenario.levers
    alike = record.file is not None and 0 < len(levers) <= ALL_OF and all(isinstance(use, str) for use in levers)
    if not wanted.levers or not alike:
        return None
    manifest = comparison.manifest
    how = replace(options, replications=manifest.replications, seed=manifest.seed, set_=record.changes, out=None)
    return ledger(str(record.file), how, progress=progress)


def _browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise CannotWrite("--pdf: needs Chromium, Chrome or Edge, found none; open the page and print it from there")
    return found


def _printed(browser: str, page: Path) -> Path:
    """The page as PDF."""
    pdf = page.with_suffix(".pdf")
    words = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={pdf.resolve()}"]
    with refused(pdf):
        done = subprocess.run([browser, *words, page.resolve().as_uri()], capture_output=True, timeout=_PATIENCE)
    if done.returncode or not pdf.exists():
        raise CannotWrite(f"{pdf}: {Path(browser).name} could not print it; open the page and print it from there")
    return pdf


def _text(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8", newline="\n")
