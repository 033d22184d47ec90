"""The verbs of the command `trialstart` that simulate: `run` and `compare`, their options, and where answers go.

They ask a module and print the answer, as all verbs of `sim.cli` do, and keep to their exit codes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.experiment.results import Comparison

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


class Keep(StrEnum):
    """What stays of each replication."""

    indicators = "indicators"
    timelines = "timelines"


Replications = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Repetitions of the same years with other luck; 30 if not given. With --precision, the "
        "most that it may make.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Where the luck comes from; the same seed gives the same bytes.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes; all cores if not given. Changes no result.")]
Engine = Annotated[str, typer.Option(help="Which engine simulates: auto, compiled or simpy. Changes no result.")]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder for tables, figures and replications, from which the same command goes "
        "on if it was interrupted; if not given, 'out' for text, none for csv and json.",
    ),
]
Printed = Annotated[
    Format, typer.Option(help="What is printed: the answer, the indicators as CSV, or one JSON document.")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change one value of every scenario, such as windows.warm_up=90d; may be repeated.",
    ),
]
Language = Annotated[Lang, typer.Option(help="The language of the answer and the figures.")]
Kept = Annotated[Keep, typer.Option(help="What the folder keeps of each replication, as Parquet files.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Throw away the replications that the folder holds.")]
Executor = Annotated[
    str | None, typer.Option(metavar="dask://HOST:PORT", help="Workers of a Dask cluster, instead of processes here.")
]
Precision = Annotated[
    str | None,
    typer.Option(metavar="WIDTH", help="Add replications until intervals have this half-width: '1%' or '2 d'."),
]
PrecisionOf = Annotated[
    str | None, typer.Option(metavar="NAME.STATISTIC", help="Of which number; the share within the goal if not given.")
]

By = Annotated[
    str | None,
    typer.Option(
        metavar="month|class|ATTRIBUTE",
        help="Print the goal by group instead: by month of submission, class "
        "of trials, or an attribute of trials or sites.",
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to simulate and how, and where the answer goes."""

    files: Sequence[str]
    changes: Sequence[str]
    replications: int | None
    seed: int
    jobs: int | None
    engine: str
    out: Path | None
    format: Format
    lang: Lang
    keep: Keep
    fresh: bool
    executor: str | None
    precision: str | None
    precision_of: str | None
    by: str | None

    @property
    def folder(self) -> Path | None:
        """The folder to write to; None for printing alone."""
        return self.out or (Path("out") if self.format is Format.text else None)


def run(
    file: File,
    replications: Replications = None,
    seed: Seed = 1,
    jobs: Jobs = None,
    engine: Engine = "auto",
    out: Out = None,
    format: Printed = Format.text,
    set_: Set = None,
    lang: Language = Lang.en,
    keep: Kept = Keep.indicators,
    fresh: Fresh = False,
    executor: Executor = None,
    precision: Precision = None,
    precision_of: PrecisionOf = None,
    by: By = None,
) -> None:
    """Simulate one scenario: the answer, and tables and figures in a folder.

    Example: trialstart run france_parallel --set 'contracting.starts=application_submitted + 10 d' --out later
    """
    _answer(
        Asked(
            (file,),
            set_ or (),
            replications,
            seed,
            jobs,
            engine,
            out,
            format,
            lang,
            keep,
            fresh,
            executor,
            precision,
            precision_of,
            by,
        )
    )


def compare(
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILE...]", help="The first is the reference.")] = None,
    replications: Replications = None,
    seed: Seed = 1,
    jobs: Jobs = None,
    engine: Engine = "auto",
    out: Out = None,
    format: Printed = Format.text,
    set_: Set = None,
    lang: Language = Lang.en,
    keep: Kept = Keep.indicators,
    fresh: Fresh = False,
    executor: Executor = None,
    precision: Precision = None,
    precision_of: PrecisionOf = None,
    by: By = None,
) -> None:
    """Simulate several scenarios on the same trials with the same luck, and say what differs from the first.

    With no file: contracts after the authorisation, contracts in parallel with it, and the whole pledge, in France.

    Example: trialstart compare france_sequential my_region.yaml --out my_region
    """
    from sim.experiment.running import SHIPPED

    _answer(
        Asked(
            files or SHIPPED,
            set_ or (),
            replications,
            seed,
            jobs,
            engine,
            out,
            format,
            lang,
            keep,
            fresh,
            executor,
            precision,
            precision_of,
            by,
        )
    )


def _answer(asked: Asked) -> None:
    """Run what was asked, then print and write what came of it; interrupted, what is finished by then."""
    from sim.experiment.running import Interrupted
    from sim.experiment.workers import WorkerDied
    from sim.experiment.writing import CannotWrite

    if asked.by is not None:
        print(_by_group(asked, asked.by), end="")
        return
    try:
        with _place(asked) as place:
            try:
                _show(asked, _compared(asked, place))
            except Interrupted as interrupted:
                _show_finished(asked, interrupted.finished)
                raise typer.Exit(130) from None
    except CannotWrite as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    except WorkerDied as error:
        rest = f"; the same command goes on from what is finished in {asked.folder}" if asked.folder else ""
        print(f"{error}{rest}", file=sys.stderr)
        raise typer.Exit(2) from None


def _by_group(asked: Asked, by: str) -> str:
    """The goal by group, in the format that was asked for."""
    import json

    from sim.experiment.running import COLUMNS, by_group
    from sim.experiment.tables import as_csv, plain
    from sim.report.text import groups_text
    from sim.scenario.language.mistakes import ScenarioError

    try:
        lines = by_group(
            asked.files,
            by,
            set_=asked.changes,
            replications=asked.replications,
            seed=asked.seed,
            jobs=asked.jobs,
            engine=asked.engine,
        )
    except ScenarioError:
        raise
    except ValueError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    match asked.format:
        case Format.text:
            return groups_text(lines, asked.lang.value)
        case Format.csv:
            return as_csv(lines, COLUMNS)
        case Format.json:
            return json.dumps(plain(lines), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


@contextmanager
def _place(asked: Asked) -> Iterator[Path]:
    """Where replications go while they are made: the folder, or one that is gone afterwards; never all in memory."""
    from tempfile import TemporaryDirectory

    from sim.experiment.writing import prepare

    if asked.folder is not None:
        prepare(asked.folder)
        yield asked.folder
        return
    if asked.keep is Keep.timelines:
        raise typer.BadParameter("timelines need a folder to keep them in; name one with --out", param_hint="--keep")
    with TemporaryDirectory() as folder:
        yield Path(folder)


def _compared(asked: Asked, place: Path) -> Comparison:
    from sim.experiment.running import compare
    from sim.report.progress import progress_bar
    from sim.scenario.language.mistakes import ScenarioError

    try:
        with progress_bar(asked.precision_of) as progress:
            return compare(
                asked.files,
                set_=asked.changes,
                replications=asked.replications,
                seed=asked.seed,
                jobs=asked.jobs,
                engine=asked.engine,
                executor=asked.executor,
                progress=progress,
                out=place,
                keep=asked.keep.value,
                fresh=asked.fresh,
                precision=asked.precision,
                precision_of=asked.precision_of,
            )
    except ScenarioError:
        raise
    except ValueError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


def _show(asked: Asked, comparison: Comparison) -> None:
    from sim.report.output import Answer
    from sim.report.words import say
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
        print(say("written", asked.lang.value, folder=str(asked.folder)), file=sys.stderr)
    if comparison.precision is not None:
        print(comparison.precision, file=sys.stderr)


def _show_finished(asked: Asked, finished: Comparison | None) -> None:
    if finished is not None:
        _show(asked, finished)
    done = finished.manifest.replications if finished is not None else 0
    print(f"interrupted: {done} replications of each scenario were finished", file=sys.stderr)
