"""The command `trialstart`: one function per verb, each of which asks a module and prints the answer.

Exit codes: 0 done, 1 a comparison found a difference, 2 the input is wrong, 130 interrupted. Answers go to standard
output, mistakes and progress to standard error.
"""

from __future__ import annotations

import copy as copying
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import sim
from sim.cli_ci import regress, verify
from sim.cli_runs import File, Format, Jobs, Lang, Language, Replications, Seed, compare, run


class _Verbs(TyperGroup):
    """The verbs; Ctrl-C in any of them is one line and exit code 130."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            raise typer.Exit(130) from None


app = typer.Typer(
    name="trialstart",
    cls=_Verbs,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="How long it takes to start clinical trials, and what would change it.\n\nBegin with: trialstart compare\n\n"
    "A scenario of your own is a few lines on top of a shipped one ('extends: france'): see what there is with "
    "scenarios and describe, write what is different, check it with validate, then run it or compare it.",
)


def main() -> None:
    """Run the command line and leave with its exit code; wrong usage, Ctrl-C and a closed pipe are Typer's."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for them reads every installed package
    from sim.scenario.language.mistakes import ScenarioError

    try:
        _asked(sys.argv[1:2])()
    except ScenarioError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def _asked(words: list[str]) -> typer.Typer:
    """The command with the verb that is asked for alone: to read the signatures of all takes a while."""
    asked = [each for each in app.registered_commands if each.callback and each.callback.__name__ in words]
    command = copying.copy(app)
    command.registered_commands = asked or app.registered_commands
    return command


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


app.command(short_help="Simulate scenarios side by side; begin here.")(compare)
app.command(short_help="Simulate one scenario.")(run)


@app.command(short_help="Check scenario files: all mistakes at once, with their places.")
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files, or shipped names.")],
) -> None:
    """Check scenario files, and do nothing else.

    Every mistake is printed at once, as file:line:column: path: rule, value received; remedy.

    What can be read and is hardly meant, such as a site without people, is a warning; exit code 2 is for mistakes.

    Example: trialstart validate my_region.yaml my_other_region.yaml
    """
    from sim.model.buildable import read_buildable
    from sim.scenario.language.mistakes import ScenarioError

    wrong = 0
    for file in files:
        try:
            for warning in read_buildable(file)[1]:
                print(warning, file=sys.stderr)
            print(f"{file}: OK")
        except ScenarioError as error:
            print(error, file=sys.stderr)
            wrong += 1
    if wrong:
        raise typer.Exit(2)


@app.command(short_help="List, copy or simulate the library of scenarios.")
def scenarios(
    lang: Language = Lang.en,
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


@app.command(short_help="Print the JSON Schema with which editors explain scenario files.")
def schema() -> None:
    """Print the JSON Schema of scenario files, with which editors complete and explain keys.

    Example: trialstart schema > scenario.schema.json, and begin a scenario with the line
    # yaml-language-server: $schema=scenario.schema.json
    """
    import json

    from sim.scenario.editor import json_schema

    print(json.dumps(json_schema(), indent=1, ensure_ascii=False))


@app.command(short_help="Say in words what is different between two scenarios.")
def diff(a: File, b: File) -> None:
    """Say in words what is different between two scenarios.

    The exit code is that of diff(1): 0 if they are the same, 1 if they differ, 2 if one cannot be read.

    Example: trialstart diff france_sequential france_parallel
    """
    from sim.scenario.differences import differences
    from sim.scenario.loading import load

    found = differences(load(a), load(b))
    for difference in found:
        print(difference)
    if found:
        raise typer.Exit(1)


@app.command(short_help="Print what a scenario simulates: diagrams, tables, levers.")
def describe(file: File = "france") -> None:
    """Print what a scenario simulates, as Markdown: a diagram per stage, tables, and what each lever changes.

    It follows the items of STRESS-DES, so that a reviewer can tick them.

    Example: trialstart describe france > docs/model.md
    """
    from sim.report.model_page import model_page

    print(model_page(file), end="")


@app.command(short_help="Show where every number of a scenario comes from.")
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


app.command(short_help="Compare scenarios with stored baselines: did anything move?")(regress)
app.command(short_help="Compare the simulator with what is known exactly.")(verify)
