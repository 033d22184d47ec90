"""The command `trialstart`: verbs in groups by what people want, each of which asks a module and prints the answer.

To add a verb, write a function in the file of its group (`answer`, `decide`, `own`, `trust`, `write`) and its line in
`VERBS` there; what it asks for is in `sim.cli.options`. Its docstring is its help and ends with an example.

Exit codes: 0 done, 1 a comparison found a difference, 2 the input is wrong, 130 interrupted. Answers go to standard
output, mistakes and progress to standard error.
"""

from __future__ import annotations

import codecs
import copy
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from itertools import groupby
from typing import Annotated, Any
from unicodedata import normalize

import typer
from typer.core import TyperCommand, TyperGroup

import sim
from sim.cli import answer, decide, french, own, trust, write
from sim.cli.options import Lang, answer_in, answered_in, print_mistake, spread
from sim.report.words import say


class _Verbs(TyperGroup):
    """The verbs; Ctrl-C in any of them is one line and exit code 130."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        answer_in(args)
        if answered_in() is Lang.fr:
            for each in (self, *self.commands.values()):
                french.translate(each)
        if "--help" in args:  # of a verb that has no --lang, too
            args = [*(each for each in args[:1] if each in self.commands), "--help"]
        return super().parse_args(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """The page of help in the language that is asked for."""
        return _in_language(super().get_help(ctx))

    def make_context(self, *args: Any, **more: Any) -> Any:
        with _told():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        with _told():
            return super().invoke(ctx)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The verbs below the names of their groups, in columns that stand below each other."""
        wide = max(map(len, self.commands))
        for panel, verbs in groupby(self.commands.values(), key=lambda verb: getattr(verb, "rich_help_panel", "")):
            with formatter.section(panel):
                formatter.write_dl([(f"{verb.name}".ljust(wide), verb.short_help) for verb in verbs])


class _Verb(TyperCommand):
    """A verb whose help is in the language that is asked for."""

    def get_help(self, ctx: Any) -> str:
        """The page of help."""
        return _in_language(super().get_help(ctx))


_WrongUsage: type[Any] = typer.BadParameter.__base__  # type: ignore[assignment]


@contextmanager
def _told() -> Iterator[None]:
    """A block in which Ctrl-C is one line and exit code 130, and wrong usage is told in the language asked for."""
    try:
        yield
    except KeyboardInterrupt:
        print(say("stopped", answered_in().value), file=sys.stderr)
        raise typer.Exit(130) from None
    except _WrongUsage as error:
        message = error.format_message()
        said = french.wrong_usage(message) if answered_in() is Lang.fr else None
        if said is None:
            raise
        error.show(page := io.StringIO())
        print(french.framed(page.getvalue().replace(message, said)), end="", file=sys.stderr)
        raise typer.Exit(error.exit_code) from None


def _in_language(page: str) -> str:
    return french.framed(page) if answered_in() is Lang.fr else page


app = typer.Typer(
    name="trialstart",
    cls=_Verbs,
    no_args_is_help=True,
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

    codecs.register_error("plain", _plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")
    try:
        _asked(sys.argv[1:2])()
    except ScenarioError as error:
        print_mistake(error)
        sys.exit(2)


PLAIN = {"\u2212": "-", "–": "-", "—": "-", "\u2019": "'", "«": '"', "»": '"', "“": '"', "”": '"', "→": "->", "≤": "<=",
         "≥": ">=", "…": "...", "×": "x", "·": ".", "œ": "oe"}  # fmt: skip
"""What is printed for a sign that a stream cannot show, such as one of a Windows redirect or of LANG=C."""


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """An answer for a stream that does not know a sign: the nearest one that every stream knows."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = (PLAIN.get(sign, normalize("NFKD", sign)) for sign in error.object[error.start : error.end])
    return "".join(sign.encode("ascii", "ignore").decode() or "?" for sign in signs), error.end


def _asked(words: list[str]) -> typer.Typer:
    """The command with the verb that is asked for alone: to read the signatures of all takes a while."""
    asked = [each for each in app.registered_commands if each.name in words]
    command = copy.copy(app)
    command.registered_commands = asked or app.registered_commands
    return command


class Csv(StrEnum):
    """How CSV is written."""

    plain = "plain"
    fr = "fr"


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
    csv: Annotated[
        Csv,
        typer.Option(
            envvar="TRIALSTART_CSV",
            show_envvar=False,
            show_default=False,
            help="How CSV is written, before the verb: plain, or fr for Excel in French (semicolons, decimal commas).",
        ),
    ] = Csv.plain,
) -> None:
    from sim.tables import FORM, FRENCH, PLAIN

    context.call_on_close(partial(FORM.reset, FORM.set(FRENCH if csv is Csv.fr else PLAIN)))
    context.call_on_close(sys.stdout.flush)  # here a closed pipe, as in `trialstart schema | head`, makes no noise


for _group in (answer, decide, own, trust, write):
    for _verb, _short in _group.VERBS:
        _name = _verb.__name__.rstrip("_").replace("_", "-")
        app.command(_name, cls=_Verb, short_help=_short, rich_help_panel=_group.PANEL)(spread(_verb))
