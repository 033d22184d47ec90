"""The verbs that answer a question by simulation: `run` one scenario, `compare` several."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import (
    SPOKEN,
    Asked,
    File,
    Format,
    Inputs,
    Keep,
    Language,
    Simulating,
    drawn_from,
    print_mistake,
    progress_bar,
    refuse_idle,
    shared,
    shipped,
    wrong_input,
)

if TYPE_CHECKING:
    from sim.experiment.results import Comparison
    from sim.scenario.loading import Loaded
    from sim.uncertainty.unsure import Unsure

PANEL = "Answer"


def run(file: File, asked: Asked) -> None:
    """Simulate one scenario: the answer, and tables and figures in a folder.

    Example: trialstart run france_parallel --set 'contracting.starts=application_submitted + 10 d' --out later
    """
    _answer((file,), replace(asked, inputs=asked.inputs or Inputs.fixed))


def compare(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE...]", help="The first is the reference.", autocompletion=shipped),
    ] = None,
    *,
    asked: Asked,
) -> None:
    """Simulate several scenarios on the same trials with the same luck, and say what differs from the first.

    With no file: France today and the two readings of its published figures, contracts in parallel with the review, and
    the whole pledge. A scenario whose levers put numbers in stands there twice, with them and with its structure alone.

    Example: trialstart compare france_sequential my_region.yaml --out my_region
    """
    from sim.experiment.running import SHIPPED

    _answer(files or SHIPPED, asked)


def explore(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="Where the page begins; the reference.", autocompletion=shipped)
    ] = "france",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where it listens; a free one if not given.")] = 0,
    *,
    asked: Simulating,
) -> None:
    """Turn the knobs: a page on this machine where levers, people, starts and numbers are moved, and the answer moves.

    Open the address that it prints in a browser. The answer begins with a few replications and refines to those of a
    plain run; each state is a link, and a scenario file. Ctrl-C ends it.

    Example: trialstart explore france_pledge --lang fr
    """
    from sim.experiment.options import Options
    from sim.explore.server import serve
    from sim.explore.state import Start
    from sim.explore.words import said

    def ready(address: str) -> None:
        print(said("ready", asked.lang.value, address=address), flush=True)

    with wrong_input():
        how = Options(**shared(asked, Options) | {"set_": None})
        serve(Start(file, tuple(asked.set_ or ())), how, asked.lang.value, port, ready)


def _answer(files: Sequence[str], asked: Asked) -> None:
    """Run what was asked, then write and print what came of it; interrupted, what is finished by then."""
    from sim.experiment.running import Interrupted, without_structure
    from sim.experiment.workers import WorkerDied
    from sim.experiment.writing import CannotWrite

    read = _read(files, asked)
    if asked.by is not None:
        print(_by_group(read, asked, asked.by), end="")
        return
    grades = _grades(read[0])  # before the run: a register that cannot be read shall cost no simulation
    try:
        with _place(asked) as place:
            try:
                comparison = _compared(read, asked, place)
                try:
                    sure = _over_unknown(files, asked, without_structure(comparison), place)
                except KeyboardInterrupt:
                    raise Interrupted(comparison) from None
                _show(grades, asked, comparison, sure)
            except Interrupted as interrupted:
                _show_finished(grades, asked, interrupted.finished)
                raise typer.Exit(130) from None
    except CannotWrite as error:
        print_mistake(error)
        raise typer.Exit(2) from None
    except WorkerDied as error:
        rest = f"; the same command goes on from what is finished in {asked.folder}" if asked.folder else ""
        print(f"{error}{rest}", file=sys.stderr)
        raise typer.Exit(2) from None


def _read(files: Sequence[str], asked: Asked) -> list[Loaded]:
    """The scenarios, each with what was set; refused if one has no number in common with the first."""
    from sim.scenario.differences import incomparable
    from sim.scenario.loading import read

    loaded = [read(file, set_=asked.set_ or ()) for file in files]
    with wrong_input():
        for file, other in zip(files, loaded, strict=True):
            if (why := incomparable(loaded[0].scenario, other.scenario)) is not None:
                raise ValueError(f"{file}: {why}")
    return loaded


def _by_group(read: Sequence[Loaded], asked: Asked, by: str) -> str:
    """The goal by group, in the format that was asked for; tables and figures go to a folder if one is named."""
    from sim.experiment.groups import COLUMNS, by_group
    from sim.experiment.options import Options
    from sim.report.groups import groups_text, write_groups
    from sim.tables import as_csv, as_json, plain

    with wrong_input():
        found = by_group(read, by, Options(**shared(asked, Options) | {"out": None}))
        if asked.out is not None:
            write_groups(found, asked.out, asked.seed, asked.lang.value)
    match asked.format:
        case Format.text:
            return groups_text(found, asked.lang.value)
        case Format.csv:
            return as_csv(found.lines, COLUMNS)
        case Format.json:
            queues = {"queues": plain(found.queue_lines)} if found.queues else {}
            return as_json({"groups": plain(found.lines), "differences": plain(found.difference_lines), **queues})


@contextmanager
def _place(asked: Asked) -> Iterator[Path]:
    """Where replications go while they are made: the folder, or one that is gone afterwards; never all in memory."""
    from sim.experiment.writing import prepare

    if asked.folder is not None:
        prepare(asked.folder)
        yield asked.folder
        return
    if asked.keep is Keep.timelines:
        raise typer.BadParameter("timelines need a folder to keep them in; name one with --out", param_hint="--keep")
    with TemporaryDirectory() as folder:
        yield Path(folder)


def _compared(read: Sequence[Loaded], asked: Asked, place: Path) -> Comparison:
    from sim.experiment.options import Options
    from sim.experiment.running import compare

    how = Options(**shared(asked, Options) | {"out": place})
    with wrong_input(), progress_bar(asked.precision_of) as progress:
        return compare(read, how, progress=progress)


def _over_unknown(files: Sequence[str], asked: Asked, comparison: Comparison, place: Path) -> Unsure | None:
    """The answer over what nobody knows, if that is asked for and the ranges say what they are about."""
    from sim.experiment.options import Options
    from sim.report.mistakes import said
    from sim.report.words import say
    from sim.scenario.language.mistakes import ScenarioError
    from sim.uncertainty.unsure import draws_for, unsure

    if (asked.inputs or _usual(asked.format)) is Inputs.fixed:
        return None
    how = Options(**shared(asked, Options) | {"out": place})
    try:
        with wrong_input(), progress_bar() as told:
            number = draws_for(asked.replications)
            drawn = drawn_from(files, how.changes, number, asked.within, free=asked.inputs is Inputs.free)
            found = unsure(comparison, files, how, told, drawn)
            why = say("nothing_unknown", asked.lang.value) if found is None and asked.inputs is not None else None
    except ScenarioError as error:
        found, why = None, said(error, asked.lang.value)
    if why is not None:
        print(say("unsure_left_out", asked.lang.value, why=why), file=sys.stderr)
    return found


def _usual(format: Format) -> Inputs:
    """CSV has no place for what nobody knows."""
    return Inputs.fixed if format is Format.csv else Inputs.drawn


def _grades(reference: Loaded) -> dict[str, float]:
    """What the numbers of a scenario rest on: the share of each grade that it has."""
    from sim.scenario import evidence as register

    return {grade: share for grade, share in register.shares(register.numbers(reference)).items() if share}


def _show(grades: Mapping[str, float], asked: Asked, comparison: Comparison, unsure: Unsure | None = None) -> None:
    from sim.report.answer import how_precise
    from sim.report.output import Answer
    from sim.report.words import say

    answer = Answer(comparison, asked.lang.value, grades, unsure)
    if asked.folder is not None:  # first: whatever becomes of standard output, the files are there
        answer.write(asked.folder)
    match asked.format:
        case Format.text:
            answer.show(asked.folder)
        case Format.csv:
            print(answer.as_csv(), end="")
        case Format.json:
            print(answer.as_json(), end="")
    if asked.folder is not None:
        print(say("written", asked.lang.value, folder=str(asked.folder)), file=sys.stderr)
    if comparison.precision is not None:
        print(how_precise(comparison.precision, asked.lang.value), file=sys.stderr)


def _show_finished(grades: Mapping[str, float], asked: Asked, finished: Comparison | None) -> None:
    from sim.report.words import say

    if finished is not None:
        _show(grades, asked, finished)
    done = finished.manifest.replications if finished is not None else 0
    print(say("interrupted", asked.lang.value, n=str(done)), file=sys.stderr)


def questions(
    numbers: Annotated[
        list[int] | None, typer.Argument(metavar="[N...]", help="Answer these alone; none: list all, answer none.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Answer all, or those named, and write their sections of the pages in both languages, with figures.",
        ),
    ] = None,
    lang: Language = SPOKEN,
) -> None:
    """List the questions that policy teams ask with their commands; answer some; or make the pages of all answers.

    Example: trialstart questions 3 8 --lang fr
    """
    from sim.cli.asking import ask, write_pages
    from sim.report.questions_page import listing, section
    from sim.scenario.questions import questions as shipped_questions

    asked = shipped_questions()
    known = range(1, len(asked) + 1)
    unknown = [each for each in numbers or () if each not in known]
    if unknown:
        raise typer.BadParameter(f"must be from 1 to {len(asked)}, got {unknown[0]}", param_hint="N")
    refuse_idle("lang", out is None or lang is SPOKEN, "does nothing with --out: pages are in both languages")
    chosen = {number: asked[number - 1] for number in numbers or known}
    if out is not None:
        with wrong_input(), TemporaryDirectory() as folder:
            for written in write_pages(chosen, out, Path(folder)):
                print(written)
    elif numbers:
        with wrong_input(), TemporaryDirectory() as folder:
            for number, each in chosen.items():
                print(section(ask(number, each, lang.value, Path(folder)), lang.value), flush=True)
    else:
        print(listing(asked, lang.value), end="")


VERBS: tuple[tuple[Any, str], ...] = (
    (compare, "Simulate scenarios side by side; begin here."),
    (run, "Simulate one scenario."),
    (explore, "Turn the knobs on a page of this machine, and see the answer."),
    (questions, "What policy teams ask, each with its command and its answer."),
)
