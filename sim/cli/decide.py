"""The verbs that help to decide: what a scenario changes, which lever, how many people, from which value on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli.options import (
    SPOKEN,
    File,
    Format,
    Language,
    Out,
    Printed,
    Said,
    Simulating,
    Written,
    finished_so_far,
    prepared,
    progress_bar,
    refuse_idle,
    shared,
    shipped,
    show,
    wrong_input,
)

if TYPE_CHECKING:
    from sim.decisions.explaining import Explanation
    from sim.decisions.ledger import Ledger
    from sim.decisions.rerunning import Effect
    from sim.decisions.solving import Question
    from sim.decisions.staffing import Looked
    from sim.experiment.gathering import Progress
    from sim.experiment.options import Options

PANEL = "Decide"
UNREACHABLE = 3
"""The exit code of `solve` where nothing meets."""


@dataclass(frozen=True)
class Deciding(Simulating):
    """What a verb that decides is asked besides: how it answers, and where replications are kept."""

    format: Printed = Format.text
    out: Out = None


def diff(a: File, b: File, lang: Language = SPOKEN) -> None:
    """Say in words what is different between two scenarios.

    The exit code is that of diff(1): 0 if they are the same, 1 if they differ, 2 if one cannot be read.

    Example: trialstart diff france_sequential france_parallel
    """
    from sim.report.changes import told
    from sim.scenario.differences import differences
    from sim.scenario.loading import load

    found = differences(load(a), load(b))
    for difference in found:
        print(told(difference, lang.value))
    if found:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Explained(Simulating):
    """What `explain` is asked."""

    rerun: Annotated[
        bool,
        typer.Option("--rerun", help="Also play all again with one task that takes no time, or one team always free."),
    ] = False
    trial: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Instead, the story of one trial: its label in event logs, ID@N in replication N, typical.",
        ),
    ] = None
    out: Written = None
    format: Printed = Format.text

    def __post_init__(self) -> None:
        whole = self.trial is None
        refuse_idle("rerun", whole or not self.rerun, "does nothing with --trial, which is about one trial")
        refuse_idle("replications", whole or self.replications is None, "does nothing with --trial; see --trial ID@N")


def explain(
    files: Annotated[
        list[str],
        typer.Argument(metavar="A [B]", help="A scenario, or two to be held side by side.", autocompletion=shipped),
    ],
    *,
    asked: Explained,
) -> None:
    """Say where the days go, why they are waited, and what stands in the way of the goal; of two, what differs.

    Example: trialstart explain france_parallel france_pledge --lang fr
    """
    if len(files) > 2:
        raise typer.BadParameter("one scenario, or two; name no more", param_hint="A [B]")
    with wrong_input():
        prepared(asked.out)
        if asked.trial is not None:
            _tell_trial(files, asked, asked.trial)
        else:
            _explain(files, asked)


def _explain(files: list[str], asked: Explained) -> None:
    from sim.decisions.explaining import explain as explain_scenarios
    from sim.experiment.options import Options
    from sim.experiment.running import finishing

    how = Options(**shared(asked, Options) | {"out": None})
    with finished_so_far(lambda so_far: _explained(so_far[0], so_far[1], asked)), progress_bar() as progress:
        with finishing(lambda so_far: (so_far, ())):
            found = explain_scenarios(files, how, progress=progress)
        effects = _reruns(found, how, progress) if asked.rerun else ()
    _explained(found, effects, asked)


def _reruns(found: Sequence[Explanation], how: Options, progress: Progress) -> Sequence[Sequence[Effect]]:
    """The effects of reruns of each explanation; interrupted, of those that are finished."""
    from sim.decisions.rerunning import rerun
    from sim.experiment.running import Interrupted

    effects: list[Sequence[Effect]] = []
    for each in found:
        try:
            effects.append(rerun(each, how, progress=progress))
        except Interrupted as stopped:
            effects += [] if stopped.finished is None else [stopped.finished]
            raise Interrupted((found[: len(effects)] or found, effects)) from None
    return effects


def _explained(found: Sequence[Explanation], effects: Sequence[Sequence[Effect]], asked: Explained) -> None:
    """What explanations say, written and printed as asked."""
    from sim.decisions.bars import explanation_pictures
    from sim.decisions.explanation_text import explanation_text
    from sim.decisions.tables import explanation_tables
    from sim.report.answer import origin_of_figures

    text, tables = explanation_text(found, asked.lang.value, effects), explanation_tables(found, effects)
    first = found[0]
    origin = origin_of_figures(first.work.scenario, len(first.replications), first.work.seed, asked.lang.value)
    show(Said(text, tables, explanation_pictures(found, effects, asked.lang.value), origin), asked)


def _tell_trial(files: list[str], asked: Explained, trial: str) -> None:
    """The story of one trial under each scenario."""
    from sim.decisions.explanation_text import story_text
    from sim.decisions.telling import TYPICAL, tell
    from sim.experiment.options import Options
    from sim.report import plots
    from sim.report.answer import origin_of_figures

    found = tell(files, trial, Options(**shared(asked, Options) | {"out": None}))
    tables = {"story": [line for each in found for line in each.lines]}
    drawn = {"gantt": lambda: plots.gantt(found, language=asked.lang.value, typical=trial == TYPICAL)}
    origin = origin_of_figures(found[0].scenario, 1, found[0].work.seed, asked.lang.value)
    show(Said(story_text(found, asked.lang.value), tables, drawn, origin), asked)


@dataclass(frozen=True)
class Combined(Deciding):
    """What `levers` is asked besides."""

    orders: Annotated[
        int | None, typer.Option(min=2, help="With more than six levers, how many orders are drawn; 12 if not given.")
    ] = None


def levers(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="A scenario that names its levers.", autocompletion=shipped)
    ] = "france_pledge",
    *,
    asked: Combined,
) -> None:
    """Simulate every combination of a scenario's levers: which one brings most, and which need each other.

    Also what rests on their structure and what on the numbers that they put in, people added and contract work lost.
    Of more than six levers, the combinations that some orders pass through. With --out, the answer, the table and the
    figure are written there too.

    Example: trialstart levers france_pledge --lang fr
    """
    from sim.decisions.ledger import ledger

    with wrong_input():
        with finished_so_far(lambda found: _combined(found, asked)), progress_bar() as progress:
            found = ledger(file, _options(asked), progress=progress, orders=asked.orders)
        _combined(found, asked)


def _combined(found: Ledger, asked: Combined) -> None:
    """What levers come to, written and printed as asked."""
    from sim.decisions.bars import ledger_picture
    from sim.decisions.text import ledger_text
    from sim.report.output import origin_of_comparison

    drawn = {"levers": lambda: ledger_picture(found, language=asked.lang.value)}
    origin = origin_of_comparison(found.comparison, asked.lang.value)
    show(Said(ledger_text(found, asked.lang.value), {"levers": found.lines}, drawn, origin), asked)


def sweep(
    file: File,
    over: Annotated[
        list[str],
        typer.Option(
            "--over",
            metavar="PATH=V1,V2,...",
            help="The values to try at a path; for a grid, give it twice. The path 'scenario' stands for the file, "
            "'levers' for combinations such as none,parallel_contracting+early_mobilisation.",
        ),
    ],
    tell: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NUMBER.STATISTIC",
            help="Another number to tell of each cell, such as submission_to_fpi.median or "
            "'wait_time[contract_officers].mean'; may be repeated.",
        ),
    ] = None,
    *,
    asked: Deciding,
) -> None:
    """Try the values of one or two paths, all on the same trials: which point is best, and which are worth having.

    With --out, the answer, the table and the figures are written there too.

    Example: trialstart sweep france_parallel --over 'contracting.starts=authorised,application_submitted'
    """
    from sim.decisions.curves import sweep_figure
    from sim.decisions.sweep import SweepInterrupted, axis
    from sim.decisions.sweep import sweep as swept
    from sim.decisions.sweep_text import sweep_text
    from sim.report.output import origin_of_comparison

    with wrong_input(), progress_bar() as progress:
        axes = {each.path: each.values for each in map(axis, over)}
        _refuse_set_too(asked, {*axes})
        try:
            found, stopped = swept(file, axes, _options(asked), also=tell or (), progress=progress), False
        except SweepInterrupted as interrupted:
            if interrupted.finished is None:
                raise KeyboardInterrupt from None
            found, stopped = interrupted.finished, True
    drawn = {"sweep": lambda: sweep_figure(found, asked.lang.value)}
    origin = origin_of_comparison(found.comparison, asked.lang.value)
    show(Said(sweep_text(found, asked.lang.value), {"sweep": [*found.lines]}, drawn, origin), asked)
    if stopped:
        raise KeyboardInterrupt


def solve(
    file: File,
    share: Annotated[str, typer.Option(help="The share of trials that shall keep the goal, such as '90%'.")],
    pool: Annotated[list[str] | None, typer.Option(help="Whose number of people is sought; may be repeated.")] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="Any whole number of the scenario, of which the smallest is sought; or a start or a time, of which "
            "the latest or longest is.",
        ),
    ] = None,
    least: Annotated[int, typer.Option(help="The smallest number to try.")] = 1,
    most: Annotated[int, typer.Option(help="The largest: more than anybody could use.")] = 64,
    by_year: Annotated[
        bool, typer.Option("--by-year", help="Of one pool: the number of each calendar year, one after the other.")
    ] = False,
    *,
    asked: Deciding,
) -> None:
    """Find the smallest number of people that meets a goal, or say that none does and what stands in the way.

    Of several pools, or values, the answer is a point from which nobody can be taken away; steps go where a person
    brings most. A start such as contracting.starts is sought in days after its event: the latest that meets.

    The exit code is 0 if a number meets, 3 if none does. With --replications, the most that are played at a number
    (60 if not given). With --out, the answer, the table and the figure are written there too.

    Example: trialstart solve france_pledge --pool pharmacists --pool contract_officers --share '60%'
    """
    from sim.decisions.curves import solution_figure
    from sim.decisions.solution_text import solution_text
    from sim.decisions.solving import Question, SolveInterrupted, solve_for
    from sim.decisions.staffing import Bounds, Verdict
    from sim.report.answer import origin_of_figures

    paths = (*(f"pools.{each}.units" for each in pool or ()), *(value or ()))
    if not paths:
        raise typer.BadParameter("name a pool, or a value", param_hint="--pool")
    _refuse_set_too(asked, {*paths})
    with wrong_input():
        bounds = Bounds(least, most, asked.replications or Bounds().replications)
        question = Question(file, paths, share, bounds)
        if by_year:
            _solve_by_year(question, asked)
            return
        try:
            found = solve_for(question, _options(asked), told=_teller(asked.lang.value))
        except SolveInterrupted as interrupted:
            if interrupted.finished is None:
                raise KeyboardInterrupt from None
            found = interrupted.finished
    drawn = {"solve": lambda: solution_figure(found, asked.lang.value)}
    most_played = max(len(each.years) for each in found.solution.looked)
    origin = origin_of_figures(found.scenario, most_played, found.seed, asked.lang.value)
    show(Said(solution_text(found, asked.lang.value), {"solve": found.lines}, drawn, origin), asked)
    if found.solution.verdict is Verdict.STOPPED:
        raise KeyboardInterrupt
    if found.solution.verdict is Verdict.UNREACHABLE:
        raise typer.Exit(UNREACHABLE)


def _solve_by_year(question: Question, asked: Deciding) -> None:
    """Seek the number of each year; interrupted, show those that are found."""
    from sim.decisions.by_year import Year, solve_by_year
    from sim.decisions.by_year_text import by_year_text
    from sim.decisions.curves import by_year_figure
    from sim.decisions.solving import SolveInterrupted
    from sim.report.answer import origin_of_figures
    from sim.scenario.loading import load

    how, found, stopped = _options(asked), list[Year](), False
    try:
        for year in solve_by_year(question, how, told=_teller(asked.lang.value)):
            found.append(year)
    except SolveInterrupted:
        stopped = True
        if not found:
            raise KeyboardInterrupt from None
    most_played = max(len(year.seen.years) for year in found)
    whole = load(question.source, set_=how.changes)
    origin = origin_of_figures(whole, most_played, found[0].answer.seed, asked.lang.value)
    drawn = {"solve": lambda: by_year_figure(found, asked.lang.value)}
    show(Said(by_year_text(found, asked.lang.value), {"solve": [year.line for year in found]}, drawn, origin), asked)
    if stopped:
        raise KeyboardInterrupt
    if not found[-1].reached:
        raise typer.Exit(UNREACHABLE)


def attract(
    reference: Annotated[
        str, typer.Argument(metavar="REFERENCE", help="The scenario of today.", autocompletion=shipped)
    ],
    file: File,
    elasticity: Annotated[
        str, typer.Option(metavar="E1,E2,...", help="Per cent more trials for a per cent fewer days: an assumption.")
    ],
    drawn: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="NAME", help="A class that is drawn; those of the goal if none is named."),
    ] = None,
    *,
    asked: Deciding,
) -> None:
    """Say what becomes of a gain when more trials come because of it: the volume at which speed and volume agree.

    Days count from before the goal's clock to its event, such as from the submission to the open site.

    Example: trialstart attract france france_pledge --elasticity 0.5,1,2
    """
    from sim.decisions.attraction import attracted, attraction_lines
    from sim.decisions.attraction_text import attraction_text

    with wrong_input():
        found = attracted(reference, file, _numbers(elasticity), _options(asked), classes=drawn or ())
    show(Said(attraction_text(found, asked.lang.value), {"attract": attraction_lines(found)}, {}), asked)


def _numbers(written: str) -> list[float]:
    """Numbers with commas between them. Raises ValueError."""
    try:
        return [float(each) for each in written.split(",")]
    except ValueError:
        raise ValueError(f"elasticity: must be numbers such as 0.5,1,2; got {written!r}") from None


def _refuse_set_too(asked: Deciding, tried: set[str]) -> None:
    """What is tried at a path takes the place of what is set there."""
    for text in asked.set_ or ():
        path = text.partition("=")[0].strip()
        refuse_idle("set", path not in tried, f"does nothing at {path}, where values are tried; leave it out")


def _options(asked: Deciding) -> Options:
    from sim.experiment.options import Options

    prepared(asked.out)
    return Options(**shared(asked, Options))


def _teller(language: Literal["en", "fr"]) -> Callable[[Looked], None]:
    """Prints a line about every look, where somebody is looking."""
    from sim.decisions.solution_text import looked_words

    def tell(looked: Looked) -> None:
        if sys.stderr.isatty():
            words = looked_words(looked, language)
            at = ", ".join(map(str, looked.at))
            print(f"{at}: {words['share']} ({words['interval']}, {words['replications']})", file=sys.stderr)

    return tell


VERBS: tuple[tuple[Any, str], ...] = (
    (explain, "Where the days go, and who is waited for."),
    (levers, "Which lever brings most, and which need each other."),
    (solve, "How many people a goal needs."),
    (attract, "What is left of a gain when more trials come for it."),
    (sweep, "How the answer moves with one or two values."),
    (diff, "Say in words what is different between two scenarios."),
)
