"""From scenarios, or a folder of results, to the files of a report: a page, and if wanted its print and a workbook."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.analysis.groups import MONTH, SITE_TYPE, SUBMITTED
from sim.decisions.ledger import ALL_OF, Ledger, ledger
from sim.experiment.gathering import Progress
from sim.experiment.groups import Grouped, by_groups
from sim.experiment.options import Options
from sim.experiment.results import Comparison, Result
from sim.experiment.running import SHIPPED, compare, named_scenarios, without_structure
from sim.experiment.running import open as opened
from sim.experiment.writing import CannotWrite, refused, write
from sim.page.content import Beside, page_of, source_of, still_said
from sim.page.html import as_html
from sim.page.sliders import movable
from sim.page.workbook import workbook
from sim.report.answer import pledged
from sim.report.how_sure import FILE as HOW_SURE
from sim.report.how_sure import HowSure, how_sure, kept
from sim.report.words import Language
from sim.scenario.language.ranges import Input
from sim.tables import from_csv
from sim.uncertainty.agreeing import usual
from sim.uncertainty.conclusions import BreakEven
from sim.uncertainty.sensitivity import Flip
from sim.uncertainty.surface import Axis, Surface, surface
from sim.uncertainty.unknowns import Unknowns
from sim.uncertainty.unsure import Unsure, draws_for, unsure

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_PATIENCE = 300  # [s] for a browser to print


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file of the page, its language, and what shall stand beside it."""

    place: Path
    language: Language
    levers: bool | None = None  # these three: None is yes for scenarios, no for a folder of results
    groups: bool | None = None
    inputs: str | None = None  # drawn, free or fixed
    sliders: bool = False
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
    sources = sources or SHIPPED
    comparison = _opened(sources[0]) if folder else _compared(sources, options, progress)
    page = page_of(comparison, wanted.language, _beside(comparison, sources, wanted, options, progress))
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


def _compared(sources: Sequence[str], options: Options, progress: Progress | None) -> Comparison:
    """The scenarios side by side, and behind those whose levers put numbers in their structure alone."""
    return compare(sources, options, progress=progress)


def _beside(
    comparison: Comparison, sources: Sequence[str], wanted: Wanted, options: Options, progress: Progress | None
) -> Beside:
    """What stands beside a comparison: what was asked for, and what its folder holds."""
    of_files, manifest = without_structure(comparison), comparison.manifest
    folder = Path(sources[0]) if len(sources) == 1 and Path(sources[0]).is_dir() else None
    changes = manifest.scenarios[0].changes
    how = replace(options, replications=manifest.replications, seed=manifest.seed, set_=changes, precision=None)
    files = _files_of(of_files, sources if folder is None else ())
    found = Beside(files=files, sure=None if folder is None else kept(folder))
    if _yes(wanted.groups, folder):
        found = replace(found, groups=_groups(of_files, files, how, progress))
    if len(files) < len(of_files.results):
        return found
    if _yes(wanted.levers, folder):
        found = replace(found, ledger=_ledger(of_files.results[-1], files, how, progress))
    if wanted.inputs in ("drawn", "free") or (wanted.inputs is None and folder is None):
        number = draws_for(how.replications)
        drawn = number if wanted.inputs == "free" else usual([*files.values()], changes, number)
        unknown = unsure(of_files, [*files.values()], how, progress, drawn)
        found = replace(found, sure=None if unknown is None else _told(unknown, of_files, how))
    if wanted.sliders:
        found = replace(found, surface=_surface(of_files, files, found.sure, how, progress))
    return found if folder is None else replace(found, flips=_flips(folder / "flips.csv", files, changes))


def _surface(
    comparison: Comparison, files: Mapping[str, str], sure: HowSure | None, how: Options, progress: Progress | None
) -> tuple[Surface, Unknowns]:
    """The surface of the reference and the last scenario over the numbers that matter most. Raises ValueError."""
    both = dict.fromkeys((comparison.results[0].name, comparison.results[-1].name))
    unknowns = Unknowns({name: files[name] for name in both}, how.changes)
    first = [] if sure is None else [each.path for each in sure.first]
    inputs = [each for path in first for each in unknowns.moving.values() if each[0].name == path]
    axes = movable(unknowns, [*both][-1], [Axis(each) for each in inputs])
    if not axes or not pledged(comparison.reference.scenario):
        raise ValueError("--sliders: needs a goal and numbers with ranges that were drawn, got none; see --inputs")
    return surface(unknowns, axes, _days(comparison), how, progress), unknowns


def _days(comparison: Comparison) -> list[int]:
    """The days of a curve that moves: about forty, to well beyond the goal."""
    goal = comparison.reference.scenario.goal
    assert goal is not None  # whoever has an indicator of the goal has one
    last = max(int(8 * goal.within.value), 40)
    return sorted({*range(0, last + 1, max(last // 40, 1)), int(goal.within.value), last})


def _told(drawn: Unsure, comparison: Comparison, how: Options) -> HowSure:
    """How sure the comparison is, left in the folder of its runs if there is one."""
    told = how_sure(drawn, {each.name: each.scenario for each in comparison.results})
    if how.out is not None:
        write(Path(how.out), {HOW_SURE: lambda file: _text(file, told.as_json())})
    return told


def _yes(wanted: bool | None, folder: Path | None) -> bool:
    """Whether something is computed: as was asked, else for scenarios alone."""
    return folder is None if wanted is None else wanted


def _files_of(comparison: Comparison, sources: Sequence[str]) -> dict[str, str]:
    """The file of each scenario by name: as it was given, or as the manifest names it if it still says the same."""
    names = [result.name for result in comparison.results]
    of_manifest = {each.name: each.file or "" for each in comparison.manifest.scenarios}
    given = dict(zip(names, sources, strict=True)) if sources else of_manifest
    return {
        each.name: given[each.name] for each in comparison.results if still_said(each, given[each.name]) is not None
    }


def _groups(
    comparison: Comparison, files: Mapping[str, str], how: Options, progress: Progress | None
) -> tuple[Grouped, ...]:
    """The reference and the last scenario by month and by kind of centre, as far as they have them."""
    both = {each.name: source_of(each, files) for each in (comparison.results[0], comparison.results[-1])}
    return by_groups(named_scenarios(both, ()), _ways(comparison.reference), replace(how, out=None), progress)


def _ways(result: Result) -> list[str]:
    scenario = result.scenario
    submitted = any(each in result.plan.network.tasks for each in SUBMITTED)
    return [
        by for by, known in ((MONTH, submitted), (SITE_TYPE, len({each.type for each in scenario.sites}) > 1)) if known
    ]


def _flips(file: Path, files: Mapping[str, str], changes: tuple[str, ...]) -> tuple[Flip, ...]:
    """Where numbers turn a conclusion round, as `trialstart sensitivity --part flips` wrote it."""
    if not file.is_file():
        return ()
    moving = Unknowns(files, changes).moving
    lines = from_csv(file.read_text(encoding="utf-8"))
    known = (line for line in lines if line["moves"] in moving and line["scenario"] in files)
    return tuple(_flip(line, moving[line["moves"]]) for line in known)


def _flip(line: Mapping[str, str], inputs: tuple[Input, ...]) -> Flip:
    names = ("flips_at", "flips_low", "flips_high", "difference_at_low", "difference_at_high")
    at, low, high, first, last = (float(line[name] or "nan") for name in names)
    return Flip(inputs, line["scenario"], BreakEven(at, low, high, first, last), at, low, high)


def _ledger(last: Result, files: Mapping[str, str], how: Options, progress: Progress | None) -> Ledger | None:
    """The ledger of a scenario's levers, on as many replications; None where there is nothing to combine."""
    levers = last.scenario.levers
    if not 0 < len(levers) <= ALL_OF or not all(isinstance(use, str) for use in levers):
        return None
    out = None if how.out is None else Path(how.out) / "levers"
    return ledger(files[last.name], replace(how, out=out), progress=progress, structure=False)


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
