"""The verbs that write something to keep or to begin from: pages, schemas, copies of the library."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import (
    SPOKEN,
    File,
    Jobs,
    Language,
    Replications,
    Seed,
    Simulating,
    Varied,
    progress_bar,
    refuse_idle,
    shared,
    wrong_input,
)

PANEL = "Write"


def scenarios(
    lang: Language = SPOKEN,
    copy: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Copy the library into a folder, to edit it.")
    ] = None,
    results: Annotated[
        bool, typer.Option("--results", help="Simulate the whole library and print what it taught, as Markdown.")
    ] = False,
    replications: Replications = None,
    seed: Seed = 1,
    jobs: Jobs = None,
) -> None:
    """List the library: every shipped scenario by group, with its title and the question it answers.

    A copied scenario builds on its neighbours in the same folder; what is not there is taken from the library.

    Example: trialstart scenarios --copy mine, then edit mine/france.yaml and run mine/fast_track_france.yaml
    """
    from sim.scenario.library import copy as copied
    from sim.scenario.library import groups, library

    refuse_idle("copy", copy is None or not results, "does nothing with --results; ask for one of them")
    for name, served in {"replications": replications is None, "seed": seed == 1, "jobs": jobs is None}.items():
        refuse_idle(name, served or results, "needs --results: nothing is simulated without")
    refuse_idle("lang", lang is SPOKEN or not (results or copy), "is for the list alone; leave it out")
    if copy is not None:
        print(f"{len(copied(copy))} files copied to {copy}")
    elif results:
        from sim.experiment.running import compare as compared
        from sim.report.library_page import page

        entries = library()
        comparison = compared(
            {each.name: each.name for each in entries}, replications=replications, seed=seed, jobs=jobs
        )
        print(page(entries, groups(), {each.name: each for each in comparison.results}), end="")
    else:
        from sim.report.text import listing

        print(listing(library(), groups(), lang.value), end="")


def report(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE...|DIR]", help="Scenarios, the first being the reference; or a folder of results."
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="report_LANG.html if not given.")] = None,
    levers: Annotated[
        bool | None,
        typer.Option(
            "--levers/--no-levers",
            help="Simulate every combination of the last scenario's levers, too. If not given: yes for scenarios, "
            "no for a folder.",
        ),
    ] = None,
    groups: Annotated[
        bool | None, typer.Option("--groups/--no-groups", help="The same for the goal by month and by kind of centre.")
    ] = None,
    inputs: Varied = None,
    sliders: Annotated[
        bool,
        typer.Option(
            "--sliders", help="Fit a surface to simulations over the numbers that matter most; the page has sliders."
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder that keeps what is simulated, to go on from.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print it as A4, through an installed Chromium.")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Write a workbook for Excel beside it.")] = False,
    *,
    asked: Simulating,
) -> None:
    """Write the report: one file with the answer, its figures and its sources, to be mailed, opened and printed.

    With no file it is about the scenarios of `trialstart compare`. It needs no network and nothing installed. What was
    not computed is named on the page, with the command that computes it.

    Example: trialstart report --lang fr --pdf
    """
    from sim.experiment.options import Options
    from sim.page.making import Wanted, write_report

    place = to or Path(f"report_{asked.lang.value}.html")
    with wrong_input(), progress_bar() as progress:
        known = None if inputs is None else inputs.value
        wanted = Wanted(place, asked.lang.value, levers, groups, known, sliders=sliders, pdf=pdf, xlsx=xlsx)
        for written in write_report(files or (), wanted, Options(**shared(asked, Options) | {"out": out}), progress):
            print(written)


def describe(file: File = "france", lang: Language = SPOKEN) -> None:
    """Print what a scenario simulates, as Markdown: a diagram per stage, tables, and what each lever changes.

    It follows the items of STRESS-DES, so that a reviewer can tick them.

    Example: trialstart describe france > docs/model.md
    """
    from sim.report.model_page import model_page

    print(model_page(file, lang.value), end="")


def schema(
    page: Annotated[
        bool, typer.Option("--page", help="Print the reference of the language instead, as Markdown.")
    ] = False,
) -> None:
    """Print the JSON Schema of scenario files, with which editors complete and explain keys.

    Example: trialstart schema > scenario.schema.json, and begin a scenario with the line
    # yaml-language-server: $schema=scenario.schema.json
    """
    import json

    from sim.report.language_page import language_page
    from sim.scenario.editor import json_schema

    if page:
        print(language_page(), end="")
        return
    print(json.dumps(json_schema(), indent=1, ensure_ascii=False))


class To(StrEnum):
    """The formats of an event log."""

    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"
    xes = "xes"
    ocel = "ocel"
    ocel_json = "ocel-json"
    ocel_xml = "ocel-xml"
    vidigi = "vidigi"


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that a run or a comparison left.")],
    to: Annotated[To, typer.Option(help="The format.")] = To.csv,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file; if not given, events.* in the folder.")
    ] = None,
    replications: Annotated[int | None, typer.Option(min=1, help="How many of them, from the first; all.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Hold the file against the checklist of its format.")] = False,
) -> None:
    """Write what happened in every replication as an event log, for process mining, statistics or animation.

    csv, parquet and xlsx are one tidy table; xes is IEEE 1849; ocel is OCEL 2.0 as SQLite, JSON or XML, with trials,
    sites, agreements, applications, sponsors and patients; vidigi is the log that vidigi animates.

    Example: trialstart run france_parallel --replications 2 --out one, then trialstart export one --to ocel --check
    """
    from sim.experiment.results import Comparison
    from sim.experiment.running import open
    from sim.experiment.writing import refused
    from sim.logs.export import FORMATS
    from sim.logs.export import check as checked
    from sim.logs.export import export as exported

    kind = FORMATS[to.value]
    path = out or folder / f"events{kind.suffix}"
    with wrong_input(), refused(path):
        found = open(folder)
        results = list(found.results) if isinstance(found, Comparison) else [found]
        count = min(len(results[0].measures), replications or len(results[0].measures))
        written = exported(results, to.value, path, replications=range(count))
    print(f"{path}: {written:,} {kind.counts}")
    if check:
        rules = checked(to.value, path)
        print(*rules, sep="\n")
        if not all(each.kept for each in rules):
            raise typer.Exit(1)


VERBS = (
    (report, "Write the report: one file to be mailed, opened and printed."),
    (scenarios, "List, copy or simulate the library of scenarios."),
    (describe, "Print what a scenario simulates: diagrams, tables, levers."),
    (export, "Write what happened as an event log, for other programs."),
    (schema, "Print the JSON Schema with which editors explain them."),
)
