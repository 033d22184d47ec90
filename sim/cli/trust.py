"""The verbs that tell whether to trust it: whether a file is right, its numbers have sources, and nothing moved."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import File, Format, wrong_input

if TYPE_CHECKING:
    from sim.regression.baselines import Baseline
    from sim.regression.tiers import Asked, Regression

PANEL = "Trust"


class Table(StrEnum):
    """How the table of the verification is printed."""

    text = "text"
    csv = "csv"
    json = "json"
    markdown = "markdown"


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files, or shipped names.")],
) -> None:
    """Check scenario files, and do nothing else.

    Every mistake is printed at once, as file:line:column: path: rule, value received; remedy.

    What can be read and is hardly meant, such as a site without people, is a warning; exit code 2 is for mistakes.

    Example: trialstart validate my_region.yaml my_other_region.yaml
    """
    from sim.scenario.evidence import register
    from sim.scenario.language.mistakes import ScenarioError
    from sim.scenario.loading import read

    wrong = 0
    for file in files:
        try:
            loaded = read(file)
            register(loaded.file.parent if loaded.file is not None else None)
            for warning in loaded.warnings:
                print(warning, file=sys.stderr)
            print(f"{file}: OK")
        except ScenarioError as error:
            print(error, file=sys.stderr)
            wrong += 1
    if wrong:
        raise typer.Exit(2)


def evidence(
    file: File = "france",
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong; exit code 2 if anything is.")] = False,
    format: Annotated[Format, typer.Option(help="How to print the table.")] = Format.text,
) -> None:
    """Show where every number of a scenario comes from, and how good that is.

    Grades: A legal text, B measured and published, C survey, D expert or assumption; a number with several sources
    has the grade of the worst.

    Example: trialstart evidence france --format csv > numbers.csv
    """
    from sim.scenario import evidence as register
    from sim.scenario import evidence_table
    from sim.scenario.language.mistakes import ScenarioError

    if check:
        found = register.check(file)
        if found:
            raise ScenarioError(found)
        print(f"{file}: OK")
    else:
        write = {"text": evidence_table.as_text, "csv": evidence_table.as_csv, "json": evidence_table.as_json}[format]
        print(write(register.numbers(file)), end="")


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
    from sim.report.progress import progress_bar
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
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit XML.")] = None,
    github: Annotated[
        bool, typer.Option("--github", help="Print GitHub annotations, and fill the summary of the job.")
    ] = False,
    markdown: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a summary in Markdown.")] = None,
) -> None:
    """Compare scenarios with their stored baselines: the same seed must give the same dates and the same numbers.

    Exit code 0: the same; 1: something moved, or it cannot be told; 2: wrong input. After a change on purpose,
    --update writes the new baselines and says what changed; say why in the commit.

    Example: trialstart regress my_region.yaml --baseline baselines --junit report.xml
    """
    from sim.regression.ci import Outputs, publish
    from sim.regression.tiers import Asked, Regression

    with wrong_input():
        found = _played(files, baseline, Asked(replications, seed, engine, update, statistical))
        publish([each for each in found if isinstance(each, Regression)], Outputs(junit, markdown, github))
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


VERBS = (
    (validate, "Check scenario files: all mistakes at once, with their places."),
    (evidence, "Show where every number of a scenario comes from."),
    (verify, "Compare the simulator with what is known exactly."),
    (regress, "Compare scenarios with stored baselines: did anything move?"),
)
