"""The verbs that tell whether to trust it: whether a file is right, its numbers have sources, and nothing moved."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import (
    SPOKEN,
    File,
    Format,
    Fresh,
    Jobs,
    Language,
    Out,
    Printed,
    Seed,
    Simulating,
    Within,
    drawn_from,
    finished_so_far,
    prepared,
    print_lines,
    print_mistake,
    progress_bar,
    refuse_idle,
    shared,
    shipped,
    wrong_input,
)

if TYPE_CHECKING:
    from sim.regression.baselines import Baseline
    from sim.regression.promises import Promises
    from sim.regression.tiers import Asked, Regression
    from sim.tables import Line
    from sim.uncertainty.sensitivity import Sensitivity

PANEL = "Trust"


JUnit = Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit XML.")]
GitHub = Annotated[bool, typer.Option("--github", help="Print GitHub annotations, and fill the summary of the job.")]
Markdown = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a summary in Markdown.")]


class Table(StrEnum):
    """How the table of the verification is printed."""

    text = "text"
    csv = "csv"
    json = "json"
    markdown = "markdown"


def validate(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Scenario files, or shipped names.", autocompletion=shipped)
    ],
    lang: Language = SPOKEN,
) -> None:
    """Check scenario files, and do nothing else.

    Every mistake is printed at once, as file:line:column: path: rule, value received; remedy.

    What can be read and is hardly meant, such as a site without people, is a warning; exit code 2 is for mistakes.
    A range must hold its number and say which it is about, and the scenario must be buildable at the ends of all.

    Example: trialstart validate my_region.yaml my_other_region.yaml
    """
    from sim.report.mistakes import told
    from sim.scenario.evidence import register
    from sim.scenario.language.mistakes import ScenarioError
    from sim.scenario.loading import read
    from sim.uncertainty.unknowns import corner_mistakes

    wrong = 0
    for file in files:
        try:
            loaded = read(file)
            register(loaded.file.parent if loaded.file is not None else None)
            for warning in loaded.warnings:
                print(told(warning, lang.value), file=sys.stderr)
            if wrong_ranges := corner_mistakes(file):
                raise ScenarioError(wrong_ranges)
            print(f"{file}: OK")
        except ScenarioError as error:
            print_mistake(error)
            wrong += 1
    if wrong:
        raise typer.Exit(2)


class On(StrEnum):
    """Where indices are computed."""

    emulator = "emulator"
    engine = "engine"


class Part(StrEnum):
    """A part of a sensitivity analysis."""

    bands = "bands"
    value = "value"
    ranking = "ranking"
    groups = "groups"
    indices = "indices"
    flips = "flips"
    tornado = "tornado"
    screening = "screening"


@dataclass(frozen=True)
class Analysed(Simulating):
    """What `sensitivity` is asked."""

    part: Annotated[list[Part] | None, typer.Option(help="A part alone; may be repeated. Each keeps its own runs.")] = (
        None
    )
    draws: Annotated[int, typer.Option(min=8, help="Draws of what nobody knows; a power of two is best.")] = 128
    on: Annotated[On, typer.Option(help="Where indices and groups are computed; the engine takes runs of its own.")] = (
        On.emulator
    )
    within: Within = None
    free: Annotated[
        bool, typer.Option("--free", help="Draws over all ranges, whether or not they agree with published totals.")
    ] = False
    out: Out = None
    format: Printed = Format.text
    fresh: Fresh = False

    def __post_init__(self) -> None:
        refuse_idle("within", self.within is None or not self.free, "cannot be combined with --free")

    @property
    def parts(self) -> list[str]:
        """The names of the parts, in the order in which they are printed."""
        return [part.value for part in Part if part in (self.part or Part)]


def sensitivity(
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILE...]", help="The first is the reference.")] = None,
    *,
    asked: Analysed,
) -> None:
    """Say what the conclusion rests on: which unknown numbers move it, which turn it round, what to survey first.

    Numbers vary within their ranges, at every point with the same luck. bands, value, ranking, groups and indices need
    the draws alone; flips, tornado and screening add runs of their own. What is finished is kept in the folder.

    Example: trialstart sensitivity france_sequential france_pledge --part ranking --part flips --out why
    """
    from sim.experiment.options import Options
    from sim.experiment.running import SHIPPED
    from sim.uncertainty.sensitivity import sensitivity as analysed

    place = asked.out or (Path("out") if asked.format is Format.text else None)
    with wrong_input(), progress_bar() as told:
        options = Options(**shared(asked, Options) | {"out": place})
        drawn = drawn_from(files or SHIPPED, options.changes, asked.draws, asked.within, free=asked.free)
        it = analysed(files or SHIPPED, options, progress=told, draws=drawn, on=asked.on.value)
        lines = {part: _lines(it, part) for part in asked.parts}
    _print(it, asked, lines)
    if place is not None:
        _write(it, asked, lines, place)


def _lines(it: Sensitivity, part: str) -> list[Line]:
    from sim.report.sensitivity import PARTS

    return PARTS[part](it)


def _print(it: Sensitivity, asked: Analysed, lines: Mapping[str, list[Line]]) -> None:
    from sim.report.sensitivity import conclusion, part_text
    from sim.tables import as_csv, as_json, plain

    match asked.format:
        case Format.text:
            print(conclusion(it, it.scenarios, asked.lang.value) if "ranking" in lines else "", end="")
            print("\n".join(part_text(it, part, it.scenarios, asked.lang.value) for part in lines), end="")
        case Format.csv:
            print("\n".join(as_csv(each, each[0]) for each in lines.values() if each), end="")
        case Format.json:
            print(as_json({part: plain(each) for part, each in lines.items()}), end="")


def _write(it: Sensitivity, asked: Analysed, lines: Mapping[str, list[Line]], place: Path) -> None:
    """A table for each part, and the figures of those that have one."""
    from sim.experiment.writing import write
    from sim.report.output import figure_draft, text_draft
    from sim.report.sensitivity import DRAWN
    from sim.report.words import say
    from sim.tables import as_csv

    drafts = {f"{part}.csv": text_draft(as_csv(each, each[0])) for part, each in lines.items() if each}
    for part in DRAWN.keys() & lines.keys():
        figure = it.draw(part, language=asked.lang.value).figure
        drafts |= {f"{part}.{kind}": figure_draft(figure) for kind in ("png", "svg")}
    write(place, drafts)
    print(say("written", asked.lang.value, folder=str(place)), file=sys.stderr)


@dataclass(frozen=True)
class Calibrated(Simulating):
    """What `calibrate` is asked."""

    draws: Annotated[int, typer.Option(min=32, help="Draws of the first sample; a power of two is best.")] = 256
    remain: Annotated[
        int, typer.Option(min=1, help="How many draws to look for that contradict no total; each is simulated.")
    ] = 128
    out: Out = None
    format: Printed = Format.text
    fresh: Fresh = False

    def __post_init__(self) -> None:
        why = "does nothing: every draw is played twice, and more is told by more draws; ask for more --draws"
        refuse_idle("replications", self.replications is None, why)


def calibrate(
    file: File,
    against: Annotated[str, typer.Option(metavar="TARGETS.yaml", help="Published totals.")] = "targets/france",
    *,
    asked: Calibrated,
) -> None:
    """Say what published totals leave of the ranges of a scenario, and which totals contradict each other.

    Draws that could not give a total, by three standard deviations, are ruled out; nothing is fitted. What remains is
    written to remaining.csv, which compare and sensitivity take with --within; beside the totals, under their name, it
    is what compare draws from by itself.

    Example: trialstart calibrate france --against targets/france --out learnt
    """
    from sim.experiment.options import Options
    from sim.experiment.writing import write
    from sim.report.calibration import calibration_lines, calibration_text
    from sim.report.output import text_draft
    from sim.report.words import say
    from sim.scenario.loading import load
    from sim.scenario.targets import read_targets
    from sim.tables import as_csv, as_json, plain
    from sim.uncertainty.agreeing import kept_text
    from sim.uncertainty.calibration import calibrated

    place = asked.out or (Path("out") if asked.format is Format.text else None)
    with wrong_input(), progress_bar() as told:
        options = Options(**shared(asked, Options) | {"out": place})
        totals = read_targets(against)
        it = calibrated(file, totals, options, told, asked.draws, asked.remain)
    lines = calibration_lines(it)
    match asked.format:
        case Format.text:
            print(calibration_text(it, load(file, set_=options.changes), asked.lang.value), end="")
        case Format.csv:
            print("\n".join(as_csv(each, each[0]) for each in lines.values() if each), end="")
        case Format.json:
            print(as_json({name: plain(each) for name, each in lines.items()}), end="")
    if place is not None:
        tables = {f"{name}.csv": text_draft(as_csv(each, each[0])) for name, each in lines.items() if each}
        write(place, tables | {"remaining.csv": text_draft(kept_text(it, totals))})
        print(say("written", asked.lang.value, folder=str(place)), file=sys.stderr)


def evidence(
    file: File = "france",
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong; exit code 2 if anything is.")] = False,
    format: Annotated[Format, typer.Option(help="How to print the table.")] = Format.text,
    lang: Language = SPOKEN,
) -> None:
    """Show where every number of a scenario comes from, and how good that is.

    Grades: A legal text, B measured and published, C survey, D expert or assumption; a number with several sources
    has the grade of the worst. Quantiles that a duration's family cannot have are listed below, with what they become.

    Example: trialstart evidence france --format csv > numbers.csv
    """
    from sim.report.text import numbers_text
    from sim.scenario import evidence as register
    from sim.scenario import evidence_table
    from sim.scenario.language.mistakes import ScenarioError
    from sim.scenario.loading import read

    refuse_idle("format", format is Format.text or not check, "does nothing with --check, which prints no table")
    if check:
        found = register.check(file)
        if found:
            raise ScenarioError(found)
        print(f"{file}: OK")
    else:
        numbers = register.numbers(file)
        if format is Format.text:
            print(numbers_text(numbers, lang.value), end="")
            print(*(f"{warning}\n" for warning in read(file).warnings), sep="", end="")
        else:
            print({"csv": evidence_table.as_csv, "json": evidence_table.as_json}[format](numbers), end="")


def verify(
    cases: Annotated[list[str] | None, typer.Argument(metavar="[CASE...]", help="None: all of them.")] = None,
    replications: Annotated[int, typer.Option(min=2, help="Repetitions of each case.")] = 30,
    seed: Annotated[int, typer.Option(min=0, help="Where the luck comes from.")] = 1,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes; all cores if not given. Changes no verdict.")
    ] = None,
    engine: Annotated[str, typer.Option(help="auto, compiled or simpy. Changes no verdict.")] = "auto",
    companions: Annotated[
        bool, typer.Option("--companions", help="Also run every case ten per cent off: then nothing may agree.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Instead, measure how often 95 % intervals hold what they should.")
    ] = False,
    format: Annotated[Table, typer.Option(help="How the table is printed.")] = Table.text,
) -> None:
    """Compare the simulator with what is known exactly: queues, priorities, networks, projects, sittings, patients.

    Exit code 0: all agree within four standard errors (and no companion does); 1: some do not; 2: wrong input.

    Example: trialstart verify V01_mm1 V09_bridge --companions
    """
    if coverage:
        print(_coverage(cases, companions, seed, jobs, format), end="")
        return
    from sim.verification import page as verdicts
    from sim.verification import verify as verification

    with wrong_input(), progress_bar() as progress:
        found = [
            verification.verify(
                cases,
                replications=replications,
                seed=seed,
                jobs=jobs,
                engine=engine,
                off=off,
                progress=lambda done, total: progress(done, total, {}),
            )
            for off in ((False, True) if companions else (False,))
        ]
    rows = list(zip(found[0], found[1] if companions else [None] * len(found[0]), strict=True))
    show = {
        "text": verdicts.as_text,
        "csv": verdicts.as_csv,
        "json": verdicts.as_json,
        "markdown": verdicts.as_markdown,
    }
    print(show[format](rows), end="")
    if not verdicts.all_well(rows):
        raise typer.Exit(1)


def _coverage(cases: list[str] | None, companions: bool, seed: int, jobs: int | None, format: Table) -> str:
    """The table of how often intervals hold what they should."""
    from sim.verification import coverage as measured

    with wrong_input():
        if cases or companions:
            raise ValueError("coverage: takes no cases and has no companions; leave them out, or leave out --coverage")
        found = measured.coverage(seed=seed, jobs=jobs)
    show = {
        "text": measured.as_text,
        "csv": measured.as_csv,
        "json": measured.as_json,
        "markdown": measured.as_markdown,
    }
    return show[format](found)


def judge(
    replications: Annotated[int, typer.Option(min=2, help="Repetitions of each scenario.")] = 10,
    seed: Seed = 1,
    jobs: Jobs = None,
) -> None:
    """Print what the model of France was set to, what it met without being set to it, and what it missed, as Markdown.

    Example: trialstart judge > docs/calibration.md
    """
    from sim.verification.track_record import figures, judged, page

    table = figures()
    print(page(table, judged(table, replications=replications, seed=seed, jobs=jobs), replications), end="")


def regress(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE...]", help="None: the shipped scenarios that have a baseline.")
    ] = None,
    baseline: Annotated[Path, typer.Option(metavar="DIR", help="Folder of baselines.")] = Path("baselines"),
    update: Annotated[bool, typer.Option("--update", help="Write new baselines, and say what changed.")] = False,
    replications: Annotated[
        int | None, typer.Option(min=1, help="If not given, those of the baseline; 2 in a new one.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="If not given, that of the baseline; 1 in a new one.")] = None,
    engine: Annotated[str, typer.Option(help="auto, compiled or simpy. Changes no result.")] = "auto",
    statistical: Annotated[
        bool, typer.Option("--statistical", help="Ask whether it moved more than the scenario's tolerance.")
    ] = False,
    junit: JUnit = None,
    github: GitHub = False,
    markdown: Markdown = None,
) -> None:
    """Compare scenarios with their stored baselines: the same seed must give the same dates and the same numbers.

    Exit code 0: the same; 1: something moved, or it cannot be told; 2: wrong input. After a change on purpose,
    --update writes the new baselines and says what changed; say why in the commit.

    Example: trialstart regress my_region.yaml --baseline baselines --junit report.xml
    """
    from sim.regression.ci import Outputs, of_regressions, publish
    from sim.regression.tiers import Asked, Regression

    reports = {"statistical": statistical, "junit": junit, "github": github, "markdown": markdown}
    for name, given in reports.items():
        refuse_idle(name, not (update and given), "does nothing with --update, which compares with nothing")
    with wrong_input():
        found = _played(files, baseline, Asked(replications, seed, engine, update, statistical))
        compared = [each for each in found if isinstance(each, Regression)]
        publish(of_regressions(compared), Outputs(junit, markdown, github))
    if not update and any(isinstance(each, Regression) and not each.kept for each in found):
        raise typer.Exit(1)


def _played(files: list[str] | None, folder: Path, asked: Asked) -> list[Regression | Baseline]:
    """Every regression, each printed as soon as it is there."""
    from sim.regression import tiers as regression
    from sim.regression.sentences import words

    found = []
    for each in regression.regress(files or regression.shipped_with_baseline(folder), folder, asked):
        print("\n".join(words(each)), flush=True)
        found.append(each)
    return found


@dataclass(frozen=True)
class Checked(Simulating):
    """What `check` is asked."""

    out: Out = None
    format: Printed = Format.text
    fresh: Fresh = False
    junit: JUnit = None
    github: GitHub = False
    markdown: Markdown = None

    def __post_init__(self) -> None:
        refuse_idle("fresh", not self.fresh or self.out is not None, "needs a folder; name one with --out")


INCONCLUSIVE = 3
"""The exit code of `check` where nothing is broken and something cannot be told."""


def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Scenarios with promises.", autocompletion=shipped)
    ],
    *,
    asked: Checked,
) -> None:
    """Hold scenarios to the promises in their files: a share at least, a wait at most, better than another scenario.

    Promises stand under expect. Exit code 0: all kept; 1: one is broken; 3: none is, and one cannot be told with so
    many replications; 2: wrong input.

    Example: trialstart check examples/two_lawyers --junit report.xml
    """
    from sim.experiment.options import Options
    from sim.regression.promises import Held
    from sim.regression.promises import check as checked

    with wrong_input():
        with finished_so_far(lambda found: _held(found, asked)), progress_bar() as told:
            prepared(asked.out)
            found = checked(files, Options(**shared(asked, Options)), progress=told)
        _held(found, asked)
    if found.held is not Held.KEPT:
        raise typer.Exit(1 if found.held is Held.BROKEN else INCONCLUSIVE)


def _held(found: Promises, asked: Checked) -> None:
    """Write what is asked for, then print what came of the promises."""
    from sim.regression.ci import Outputs, of_promises, publish
    from sim.regression.promises_text import promises_text

    report = of_promises(found, asked.lang.value)
    publish(report, Outputs(asked.junit, asked.markdown))
    print_lines(asked.format, promises_text(found, asked.lang.value), found.lines)
    publish(report, Outputs(github=asked.github))


VERBS = (
    (validate, "Check scenario files: all mistakes at once, with their places."),
    (evidence, "Show where every number of a scenario comes from."),
    (calibrate, "Say what published totals leave of the ranges."),
    (sensitivity, "Say which unknown numbers the conclusion rests on."),
    (verify, "Compare the simulator with what is known exactly."),
    (judge, "Print what the model of France was set to, met and missed."),
    (check, "Hold scenarios to the promises in their files."),
    (regress, "Compare scenarios with stored baselines: did anything move?"),
)
