"""The verbs that learn from one's own trials: read a tracker, fit a scenario, see whether it would have predicted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.options import SPOKEN, Format, Language, Said, Seed, print_said, wrong_input

PANEL = "Learn"

Tracker = Annotated[Path, typer.Argument(metavar="TRACKER", help="An Excel workbook (.xlsx) or a CSV file.")]
Mapping = Annotated[Path, typer.Option(metavar="FILE", help="What its columns mean; begin with import --draft.")]
Extends = Annotated[str, typer.Option(metavar="SCENARIO", help="The scenario to be fitted: a file, or a shipped name.")]
Named = Annotated[
    bool, typer.Option("--name-centres", help="Name the centres that have enough trials, instead of numbering them.")
]

Printed = Annotated[Format, typer.Option(help="How the table is printed.")]


def import_(
    tracker: Tracker,
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What its columns mean; begin with --draft.")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Print a first mapping, made from the headings, to be corrected.")
    ] = False,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook, for a draft.")] = None,
    discover: Annotated[
        bool, typer.Option("--discover", help="Read an event log instead, and write the process in it as a scenario.")
    ] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where --discover writes.")] = Path("found"),
    format: Printed = Format.text,
    lang: Language = SPOKEN,
) -> None:
    """Read a tracker of your own trials, and say what was read, used, set aside and why, cell by cell.

    Nothing is guessed, nothing leaves this machine, and the report names no trial, no centre and nobody.

    Example: trialstart import tracker.xlsx --draft > mapping.yaml, then trialstart import tracker.xlsx --mapping
    mapping.yaml
    """
    from sim.own.mapping import draft as drafted
    from sim.own.quality import report, tables
    from sim.own.reading import read_tracker
    from sim.own.sheets import read_sheet

    if format is not Format.text and (discover or draft):
        raise typer.BadParameter("is for what was read of a tracker; leave it out", param_hint="--format")
    if discover:
        _discover(tracker, out)
    elif draft or mapping is None:
        if not draft:
            raise typer.BadParameter("needs a mapping, got none; make one with --draft", param_hint="--mapping")
        print(drafted(read_sheet(tracker, sheet)), end="")
    else:
        read = read_tracker(tracker, mapping)
        print_said(Said(report(read, lang.value), tables(read), {}), format)


def _discover(log: Path, out: Path) -> None:
    """Write the process of an event log as found.yaml with its register, and print it."""
    from sim.experiment.writing import prepare
    from sim.own.discovery import as_register, as_yaml
    from sim.own.discovery import discover as discovered

    with wrong_input():
        found = discovered(log)
        prepare(out)
    text = as_yaml(found)
    (out / "found.yaml").write_text(text, encoding="utf-8", newline="\n")
    (out / "evidence.csv").write_text(as_register(found), encoding="utf-8", newline="\n")
    print(text, end="")


def fit(
    tracker: Tracker,
    mapping: Mapping,
    extends: Extends,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the scenario, its register and figures go.")] = Path(
        "fitted"
    ),
    seed: Seed = 1,
    name_centres: Named = False,
    format: Printed = Format.text,
    lang: Language = SPOKEN,
) -> None:
    """Fit the times of a scenario to a tracker, open trials included, and write it as a scenario of its own.

    The folder gets fitted.yaml, which extends the scenario, with a register (evidence.csv) that says of every number
    how many trials it rests on, how many of them are still open, and its interval of 90 %.

    Example: trialstart fit tracker.xlsx --mapping mapping.yaml --extends one_hospital --out mine, then trialstart run
    mine/fitted.yaml
    """
    from sim.experiment.writing import prepare
    from sim.own.overlay import fit_tracker, number_lines, report, write
    from sim.own.pictures import write_pictures
    from sim.own.reading import read_tracker

    with wrong_input():
        prepare(out)
        overlay = fit_tracker(read_tracker(tracker, mapping), extends, seed=seed)
        write(overlay, out)
        write_pictures(dict(overlay.fits), out, lang.value)
    text = report(overlay, lang.value, name_centres=name_centres)
    (out / "fit.txt").write_text(text, encoding="utf-8", newline="\n")
    print_said(Said(text, {"numbers": number_lines(overlay)}, {}), format)


def backtest(
    tracker: Tracker,
    mapping: Mapping,
    extends: Extends,
    published: Annotated[
        list[str] | None, typer.Option(metavar="TASK=DAYS", help="A published median to compare with; may be repeated.")
    ] = None,
    goal: Annotated[
        list[str] | None,
        typer.Option(metavar="TASK=DAYS", help="The days within which it should be done; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write the page (backtest.txt) there, and for each time how predictions held."
        ),
    ] = None,
    format: Printed = Format.text,
    lang: Language = SPOKEN,
) -> None:
    """Say whether the fitted scenario would have predicted what came: may it be used for this hospital?

    On the first day of each quarter only what was known then is fitted; what came afterwards is held against it, and
    against last year's times, the planned dates and a published median.

    Example: trialstart backtest tracker.xlsx --mapping mapping.yaml --extends one_hospital --goal visit=60
    """
    from sim.experiment.writing import prepare
    from sim.own.backtest import backtest as tested
    from sim.own.backtest import lines, report
    from sim.own.pictures import write_judged
    from sim.own.reading import read_tracker

    with wrong_input():
        if out is not None:
            prepare(out)
        read = read_tracker(tracker, mapping)
        tests = tested(read, extends, published=_days(published, "published"), goals=_days(goal, "goal"))
    text = report(tests, lang.value)
    if out is not None:
        (out / "backtest.txt").write_text(text, encoding="utf-8", newline="\n")
        write_judged(tests, out, lang.value)
    print_said(Said(text, {"times": lines(tests)}, {}), format)


def _days(written: list[str] | None, option: str) -> dict[str, float]:
    """Days [d] by task. Raises ValueError."""
    found = {}
    for text in written or ():
        task, _, days = text.partition("=")
        try:
            found[task.strip()] = float(days)
        except ValueError:
            raise ValueError(f"--{option}: must be TASK=DAYS, such as contract_signed=70, got {text!r}") from None
    return found


VERBS: tuple[tuple[Any, str], ...] = (
    (import_, "Read a tracker of your own trials, and say what was read."),
    (fit, "Fit a scenario to a tracker."),
    (backtest, "Say whether it would have predicted what came."),
)
