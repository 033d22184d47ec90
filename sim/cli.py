"""The command `trialstart`: one function per verb, each of which asks a module and prints the answer.

Exit codes: 0 done, 1 a comparison found a difference, 2 the input is wrong, 130 interrupted. Answers go to standard
output, mistakes and progress to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim

if TYPE_CHECKING:
    from sim.experiment.results import Comparison

app = typer.Typer(
    name="trialstart",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="How long it takes to start clinical trials, and what would change it.\n\nBegin with: trialstart compare",
)
File = Annotated[str, typer.Argument(metavar="FILE", help="A scenario file, or the name of a shipped scenario.")]


class Format(StrEnum):
    """How a table is printed."""

    text = "text"
    csv = "csv"
    json = "json"


class Lang(StrEnum):
    """The language of an answer."""

    en = "en"
    fr = "fr"


Replications = Annotated[
    int | None, typer.Option(min=1, help="Repetitions of the same years with other luck; 30 if not given.")
]
Seed = Annotated[int, typer.Option(min=0, help="Where the luck comes from; the same seed gives the same bytes.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes; all cores if not given. Changes no result.")]
Engine = Annotated[str, typer.Option(help="Which engine simulates: auto, compiled or simpy. Changes no result.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder for tables and figures; if not given, `out` with text and none else.")
]
Printed = Annotated[
    Format, typer.Option(help="What is printed: the answer, the indicators as CSV, or one JSON document.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change one value of every scenario; may be repeated."),
]
Language = Annotated[Lang, typer.Option(help="The language of the answer and the figures.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to simulate, and where the answer goes."""

    files: Sequence[str]
    changes: Sequence[str]
    replications: int | None
    seed: int
    jobs: int | None
    engine: str
    out: Path | None
    format: Format
    lang: Lang

    @property
    def folder(self) -> Path | None:
        """The folder to write to; None for printing alone."""
        return self.out or (Path("out") if self.format is Format.text else None)


def main() -> None:
    """Run the command line and leave with its exit code; wrong usage, Ctrl-C and a closed pipe are Typer's."""
    from sim.scenario.mistakes import ScenarioError

    try:
        app()
    except ScenarioError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def _version(asked: bool) -> None:
    if asked:
        print(f"trialstart {sim.__version__}")
        raise typer.Exit


@app.callback()
def _trialstart(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.call_on_close(sys.stdout.flush)  # here a closed pipe, as in `trialstart schema | head`, makes no noise


@app.command()
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files, or shipped names.")],
) -> None:
    """Check scenario files, and do nothing else.

    Every mistake is printed at once, as file:line:column: path: rule, value received; remedy.

    Example: trialstart validate scenarios/*.yaml my_region.yaml
    """
    from sim.scenario.mistakes import ScenarioError
    from sim.scenario.reading import load

    wrong = 0
    for file in files:
        try:
            load(file)
            print(f"{file}: OK")
        except ScenarioError as error:
            print(error, file=sys.stderr)
            wrong += 1
    if wrong:
        raise typer.Exit(2)


@app.command()
def run(
    file: File, replications: Replications = None, seed: Seed = 1, jobs: Jobs = None, engine: Engine = "auto",
    out: Out = None, format: Printed = Format.text, set_: Set = None,
    lang: Language = Lang.en,
) -> None:
    """Simulate one scenario: the answer, and tables and figures in a folder.

    Example: trialstart run france_parallel --set 'contracting.starts=application_submitted + 10 d'
    """
    _answer(Asked((file,), set_ or (), replications, seed, jobs, engine, out, format, lang))


@app.command()
def compare(
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILE...]", help="The first is the reference.")] = None,
    replications: Replications = None, seed: Seed = 1, jobs: Jobs = None, engine: Engine = "auto", out: Out = None,
    format: Printed = Format.text, set_: Set = None, lang: Language = Lang.en,
) -> None:
    """Simulate several scenarios on the same trials with the same luck, and say what differs from the first.

    With no file: contracts after the authorisation, contracts in parallel with it, and the whole pledge, in France.

    Example: trialstart compare france_sequential my_region.yaml --out my_region
    """
    from sim.experiment.running import SHIPPED

    _answer(Asked(files or SHIPPED, set_ or (), replications, seed, jobs, engine, out, format, lang))


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, with which editors complete and explain keys.

    Example: trialstart schema > scenario.schema.json, and begin a scenario with the line
    # yaml-language-server: $schema=scenario.schema.json
    """
    import json

    from sim.scenario.editor import json_schema

    print(json.dumps(json_schema(), indent=1, ensure_ascii=False))


@app.command()
def diff(a: File, b: File) -> None:
    """Say in words what is different between two scenarios.

    The exit code is that of diff(1): 0 if they are the same, 1 if they differ, 2 if one cannot be read.

    Example: trialstart diff france_sequential france_parallel
    """
    from sim.scenario.differences import differences
    from sim.scenario.reading import load

    found = differences(load(a), load(b))
    for difference in found:
        print(difference)
    if found:
        raise typer.Exit(1)


@app.command()
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
    from sim.scenario.mistakes import ScenarioError

    if check:
        found = register.check(file)
        if found:
            raise ScenarioError(found)
        print(f"{file}: OK")
    else:
        write = {"text": evidence_table.as_text, "csv": evidence_table.as_csv, "json": evidence_table.as_json}[format]
        print(write(register.numbers(file)), end="")


def _answer(asked: Asked) -> None:
    """Run what was asked, then print and write what came of it; interrupted, what is finished by then."""
    from sim.experiment.running import Interrupted
    from sim.experiment.writing import CannotWrite, prepare

    try:
        if asked.folder is not None:
            prepare(asked.folder)
        _show(asked, _compared(asked))
    except Interrupted as interrupted:
        _show_finished(asked, interrupted.finished)
        raise typer.Exit(130) from None
    except CannotWrite as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


def _compared(asked: Asked) -> Comparison:
    from sim.experiment.running import compare
    from sim.report.progress import progress_bar
    from sim.scenario.mistakes import ScenarioError

    try:
        with progress_bar() as progress:
            return compare(
                asked.files, set_=asked.changes, replications=asked.replications, seed=asked.seed, jobs=asked.jobs,
                engine=asked.engine, progress=progress,
            )
    except ScenarioError:
        raise
    except ValueError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


def _show(asked: Asked, comparison: Comparison) -> None:
    from sim.report.output import Answer
    from sim.scenario import evidence as register

    grades = register.shares(register.numbers(asked.files[0]))
    answer = Answer(comparison, asked.lang.value, {grade: share for grade, share in grades.items() if share})
    match asked.format:
        case Format.text:
            answer.show()
        case Format.csv:
            print(answer.as_csv(), end="")
        case Format.json:
            print(answer.as_json(), end="")
    if asked.folder is not None:
        answer.write(asked.folder)
        print(f"tables and figures: {asked.folder}", file=sys.stderr)


def _show_finished(asked: Asked, finished: Comparison | None) -> None:
    if finished is not None:
        _show(asked, finished)
    done = finished.manifest.replications if finished is not None else 0
    print(f"interrupted: {done} replications of each scenario were finished", file=sys.stderr)
