"""What verbs ask for: their arguments and options, each with its help, and records of those that go together.

A verb takes a record as it takes any parameter, `def run(file: File, asked: Asked)`, and `spread` shows the command
line one option per field of it. An option of every verb that simulates is a line of `Simulating`, and no more.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import wraps
from inspect import Parameter, signature
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, get_type_hints

import typer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.report.progress import Told
    from sim.tables import Line
    from sim.uncertainty.agreeing import Agreeing
    from sim.uncertainty.designs import Points

Verb = Callable[..., None]


class Format(StrEnum):
    """How a table is printed."""

    text = "text"
    csv = "csv"
    json = "json"


class Lang(StrEnum):
    """The language of an answer."""

    en = "en"
    fr = "fr"


class Inputs(StrEnum):
    """How numbers vary that nobody knows: so that draws agree with published totals, within all ranges, or not."""

    drawn = "drawn"
    free = "free"
    fixed = "fixed"


def _spoken() -> Lang:
    """The language of whoever asks, as the system says it."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Lang.fr if next(filter(None, names), "").startswith("fr") else Lang.en


SPOKEN = _spoken()
_ANSWERED: ContextVar[Lang] = ContextVar("answered", default=SPOKEN)


def answer_in(words: Sequence[str]) -> None:
    """From here on help and mistakes are in the language that the words of a command ask for."""
    asked = [each.removeprefix("--lang=") for each in words if each.startswith("--lang=")]
    asked += [each for option, each in pairwise(words) if option == "--lang"]
    _ANSWERED.set(Lang(asked[-1]) if asked and asked[-1] in [*Lang] else SPOKEN)


def answered_in() -> Lang:
    """The language of help and mistakes."""
    return _ANSWERED.get()


class Keep(StrEnum):
    """What stays of each replication."""

    indicators = "indicators"
    timelines = "timelines"


def shipped(begun: str) -> list[str]:
    """Names of shipped scenarios that a shell may complete; its own completion knows files."""
    from sim.scenario.files import shipped_names

    return [name for name in shipped_names() if name.startswith(begun)]


File = Annotated[
    str,
    typer.Argument(metavar="FILE", help="A scenario file, or the name of a shipped scenario.", autocompletion=shipped),
]
Language = Annotated[Lang, typer.Option(help="The language of the answer and the figures.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change one value of every scenario, such as windows.warm_up=90d; may be repeated.",
    ),
]
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
Written = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for the answer, its tables and figures.")
]
Printed = Annotated[
    Format, typer.Option(help="What is printed: the answer, the indicators as CSV, or one JSON document.")
]
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
Varied = Annotated[
    Inputs | None,
    typer.Option(
        help="Draw what nobody knows within its ranges, so that it agrees with published totals where such draws are "
        "kept (drawn) or whatever was published (free), or leave every number as it is written (fixed); drawn for "
        "compare, fixed for run if not given."
    ),
]
Within = Annotated[
    Path | None,
    typer.Option(metavar="remaining.csv", help="Draws that a calibration left, instead of draws over all ranges."),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="month|quarter|cohort|company|class|ATTRIBUTE",
        help="Print the goal by group instead: by month or quarter of submission, by cohort (the quarter in which the "
        "goal's clock starts), company (trials that are there anyway, and new ones), class of trials, or an attribute "
        "of trials or sites; in time, with queues that grow.",
    ),
]


@dataclass(frozen=True)
class Simulating:
    """The options of every verb that simulates."""

    set_: Set = None
    replications: Replications = None
    seed: Seed = 1
    jobs: Jobs = None
    engine: Engine = "auto"
    lang: Language = SPOKEN


@dataclass(frozen=True)
class Asked(Simulating):
    """What `run` and `compare` are asked besides: where the answer goes, and how long it takes."""

    out: Out = None
    format: Printed = Format.text
    keep: Kept = Keep.indicators
    fresh: Fresh = False
    executor: Executor = None
    precision: Precision = None
    precision_of: PrecisionOf = None
    by: By = None
    inputs: Varied = None
    within: Within = None

    def __post_init__(self) -> None:
        printed = ("precision", "precision_of", "keep", "fresh")
        for name in printed if self.by is not None else ():
            refuse_idle(name, getattr(self, name) == getattr(Asked, name), "cannot be combined with --by")
        refuse_idle("precision_of", self.precision_of is None or self.precision is not None, "needs --precision")
        drawn = self.inputs is not Inputs.fixed and self.by is None and self.format is not Format.csv
        drawn &= self.inputs is not Inputs.free
        refuse_idle("within", self.within is None or drawn, "is for numbers that are drawn; ask for --inputs drawn")
        refuse_idle("fresh", not self.fresh or self.folder is not None, "needs a folder; name one with --out")

    @property
    def folder(self) -> Path | None:
        """The folder to write to; None for printing alone."""
        return self.out or (Path("out") if self.format is Format.text else None)


def drawn_from(
    files: Sequence[str], changes: tuple[str, ...], number: int, within: Path | None, *, free: bool
) -> int | Points | Agreeing:
    """Where draws of what nobody knows come from: all ranges, a file, or what agrees with published totals."""
    from sim.uncertainty.agreeing import remaining, usual

    if free:
        return number
    return usual(files, changes, number) if within is None else remaining(within, files, changes)


def refuse_idle(option: str, serves: bool, why: str) -> None:
    """Refuse an option that would do nothing beside the others. Raises BadParameter."""
    if not serves:
        raise typer.BadParameter(why, param_hint=f"--{option.replace('_', '-')}")


def spread(verb: Verb) -> Verb:
    """The verb as the command line sees it: every record among its parameters is an option per field."""
    own, hints = signature(verb).parameters, get_type_hints(verb, include_extras=True)
    records = {name: hints[name] for name in own if is_dataclass(hints[name])}
    if not records:
        return verb

    @wraps(verb)
    def told(**given: Any) -> None:
        made = {
            name: kind(**{each.name: given.pop(each.name) for each in fields(kind)}) for name, kind in records.items()
        }
        verb(**given, **made)

    plain = [
        each.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[name])
        for name, each in own.items()
        if name not in records
    ]
    options = [_parameter(each, kind) for kind in records.values() for each in fields(kind)]
    seen = signature(verb).replace(parameters=[*plain, *options], return_annotation=None)
    told.__signature__ = seen  # type: ignore[attr-defined]
    told.__annotations__ = {each.name: each.annotation for each in seen.parameters.values()}
    return told


def _parameter(field: Field[Any], record: type) -> Parameter:
    default = Parameter.empty if field.default is MISSING else field.default
    hint = get_type_hints(record, include_extras=True)[field.name]
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def shared(record: Simulating, wanted: type) -> dict[str, Any]:
    """The fields of `record` that the record `wanted` has too, by name; words instead of enumerations."""
    names = {each.name for each in fields(record)} & {each.name for each in fields(wanted)}
    values = {name: getattr(record, name) for name in names}
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in values.items()}


def progress_bar(watched: str | None = None) -> AbstractContextManager[Told]:
    """How far a run is, in the language of help and mistakes; `watched` as in `sim.report.progress`."""
    from sim.report.progress import progress_bar

    return progress_bar(watched, answered_in().value)


@contextmanager
def finished_so_far(show: Callable[[Any], None]) -> Iterator[None]:
    """A block that Ctrl-C may end: what is finished by then is shown, with exit code 130."""
    from sim.experiment.running import Interrupted
    from sim.report.words import say

    try:
        yield
    except Interrupted as stopped:
        if stopped.finished is not None:
            show(stopped.finished)
        how = "stopped_early" if stopped.finished is not None else "stopped"
        print(say(how, answered_in().value), file=sys.stderr)
        raise typer.Exit(130) from None


@dataclass(frozen=True)
class Said:
    """An answer: as text, as tables by name (CSV prints the first), and its pictures, drawn if they are written."""

    text: str
    tables: Mapping[str, Sequence[Line]]
    pictures: Mapping[str, Callable[[], Axes | Figure | None]]  # None: nothing to draw
    origin: str = ""  # where the numbers of the pictures come from


class _Shown(Protocol):
    """What is asked of how an answer is shown."""

    @property
    def format(self) -> Format: ...
    @property
    def out(self) -> Path | None: ...
    @property
    def lang(self) -> Lang: ...


def show(said: Said, asked: _Shown) -> None:
    """Write an answer into the folder that is asked for, then print it."""
    from sim.report.output import write_said
    from sim.report.words import say

    if asked.out is not None:
        pictures = {name: draw() for name, draw in said.pictures.items()}
        write_said(asked.out, said.text, said.tables, pictures, said.origin)
    print_said(said, asked.format)
    if asked.out is not None:
        print(say("written", asked.lang.value, folder=str(asked.out)), file=sys.stderr)


def print_said(said: Said, format: Format) -> None:
    """An answer in the format that was asked for: as text, its first table as CSV, all of them as one JSON document."""
    from sim.tables import as_json, plain

    if format is Format.json and len(said.tables) > 1:
        print(as_json({name: plain(lines) for name, lines in said.tables.items()}), end="")
    else:
        print_lines(format, said.text, next(iter(said.tables.values())))


def prepared(folder: Path | None) -> None:
    """See to the folder that is asked for, before anything is computed. Raises CannotWrite."""
    from sim.experiment.writing import prepare

    if folder is not None:
        prepare(folder)


def print_lines(format: Format, text: str, lines: Sequence[Line]) -> None:
    """An answer in the format that was asked for: as text, or as lines."""
    from sim.tables import as_csv, as_json, plain

    match format:
        case Format.text:
            print(text, end="")
        case Format.csv:
            print(as_csv(lines, [*lines[0]] if lines else []), end="")
        case Format.json:
            print(as_json(plain(lines)), end="")


@contextmanager
def wrong_input() -> Iterator[None]:
    """A block in which what the user asked for may make no sense: one line, and exit code 2."""
    from sim.experiment.writing import CannotWrite

    try:
        yield
    except (ValueError, CannotWrite) as error:
        print_mistake(error)
        raise typer.Exit(2) from None


def print_mistake(error: Exception) -> None:
    """What is wrong with what the user asked for, on standard error, in the language of the answer."""
    from sim.report.mistakes import said

    print(said(error, answered_in().value), file=sys.stderr)
