"""A French answer is in French: no word of the English catalogue stands in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import sim
from sim.cli import app, french
from sim.cli.options import Lang
from sim.report import words
from sim.report.mistakes import in_french, said
from sim.scenario.editor import json_schema
from sim.scenario.library import library
from tests.test_levers import lever
from tests.test_reading import write

SCENARIO = """\
title: {en: Today, fr: Aujourd'hui}
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 60 d, follow_up: 20 d}
goal: {from: arrived, to: rendue, within: 10 d, counted: calendar, prerequisites: [rendue]}
classes: [{name: demandes, volume: 1 /d, attributes: {urgente: 50 %}}]
pools: {bureau: {units: 4, title: {en: desk, fr: le bureau}}}
tasks: [{name: rendue, work: {median: 9 d, p90: 12 d}, pool: bureau, title: {en: reply, fr: réponse rendue}}]
indicators: [{name: t, from: arrived, to: rendue, title: {en: reply time, fr: délai de réponse}}]
assumption: {range: fixed, why: essai}
expect: {tenue: {at_least: 1 %}, rapide: {of: t.median, better_than: y}}
levers: [rapide]
"""
RAPIDE = lever("rapide", "{tasks: [{name: rendue, work: {median: 7 d, p90: 9 d}}]}")
COMMANDS = (
    "run x.yaml --replications=3 --jobs=1 --engine=simpy --out=o",
    "compare x.yaml y.yaml --replications=3 --jobs=1 --engine=simpy --out=o",
    "run x.yaml --replications=3 --jobs=1 --engine=simpy --by=urgente",
    "check x.yaml --replications=3 --jobs=1 --engine=simpy",
    "explain x.yaml y.yaml --replications=3 --jobs=1 --engine=simpy --rerun --out=o",
    "explain x.yaml --trial=typical --engine=simpy",
    "levers x.yaml --replications=2 --jobs=1 --engine=simpy --out=o",
    "diff x.yaml y.yaml",
    "evidence x.yaml",
    "scenarios",
)


def spelled(texts: Iterable[str]) -> set[str]:
    """The words of four letters and more, without the blanks of phrases."""
    return {word for text in texts for word in re.findall(r"[^\W\d_]{4,}", re.sub(r"{\w+}", " ", text).lower())}


def of_catalogue(language: int) -> set[str]:
    """All words of the catalogue in a language (0 English, 1 French)."""
    tables = (words.PHRASES, words.GRADES, words.VERDICTS)
    return spelled(pair[language] for table in tables for pair in table.values())


def keys() -> set[str]:
    """Names of keys and of shipped scenarios, which are no words of a language."""
    named = re.findall(r'"(\w+)"', str(json_schema()).replace("'", '"'))
    return spelled(each.replace("_", " ") for each in (*named, *(entry.name for entry in library())))


@pytest.mark.parametrize("command", COMMANDS)
def test_no_english_word_stands_in_a_french_output(command: str, tmp_path: Path) -> None:
    """Whatever is printed, on either stream, apart from keys and names of files."""
    (tmp_path / "levers").mkdir()
    write(tmp_path / "levers", rapide=RAPIDE)
    other = (
        SCENARIO.replace("Aujourd'hui", "Demain")
        .replace("units: 4", "units: 5")
        .replace("levers: [rapide]\n", "")
        .replace("better_than: y", "better_than: x")
    )
    write(tmp_path, x=SCENARIO, y=other)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        printed = CliRunner().invoke(app, [*command.split(), "--lang=fr"]).output
    foreign = of_catalogue(0) - of_catalogue(1) - keys() - {"trialstart"}
    assert "interrupted" not in printed and sorted(spelled([printed]) & foreign) == []


def test_every_paragraph_of_help_has_french() -> None:
    """A new verb or option needs its help in `sim/cli/french.py`; examples are commands."""
    whole = typer.main.get_command(app)
    verbs = whole.commands.values()  # type: ignore[attr-defined]
    shown = [text for each in (whole, *verbs) for text in (each.help, each.short_help)]
    shown += [each.rich_help_panel for each in verbs]
    shown += [getattr(option, "help", None) for each in (whole, *verbs) for option in each.params]
    wanted = {each for text in shown if text for each in french.paragraphs(text) if not each.startswith("Example: ")}
    assert sorted(wanted - {*french.HELP}) == []
    assert sorted({*french.HELP} - wanted) == []


@pytest.mark.parametrize("command", ["--help", "compare --help", "export --help"])
def test_help_is_in_french(command: str) -> None:
    """Of all verbs and of one, with --lang wherever it stands."""
    printed = CliRunner().invoke(app, [*command.split(), "--lang=fr"]).output
    assert printed.startswith("Utilisation") and "Affiche cette aide." in printed
    assert not re.search(r"\b(Usage|Example|default|required)\b", printed)


def sentences(code: str) -> Iterator[str]:
    """The sentences about mistakes in a module, each blank as {}; docstrings and descriptions are none."""
    tree = ast.parse(code)
    aside = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    told = [each for each in ast.walk(tree) if isinstance(each, ast.keyword) and each.arg in ("description", "help")]
    aside |= {id(part) for each in told for part in ast.walk(each.value)}
    whole = {id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in each.values}
    for each in ast.walk(tree):
        if isinstance(each, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in each.values)  # type: ignore[misc]
        elif isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in whole:
            text = each.value
        else:
            continue
        if id(each) not in aside and re.search(r", got |; [a-z{]|\bmust ", text):
            yield text


BLANKS = {
    "are taken by nobody: all say their own people of it, in {}; change those": ("sponsor_types",),
    "is for {}; delete it": ("site types",),
    "{}, and {} would wait for ever; {}": ("never sits", "x", "give it people"),
    "a replication would have about {} {}, at most {} can be simulated; the largest factor is {}": (
        *("9", "rows", "8", "7 years"),
    ),
    "must cover {}, got {} with none": ("a date", "x"),
    "must hold {}, got {}": ("what is written, x1 or 0 d", "x"),
    "{} must be {} {}, got {} and {}": ("x", "less than", "y", "3 d", "2 d"),
    "there is no {} to change; {} (a new one must give {})": ("x", "did you mean 'y'?", "z"),
}
"""What stands in blanks that are words of the program."""


ROOT = Path(sim.__file__).parent
ROOMS = ("scenario", "own", "cli", "decisions", "experiment", "uncertainty", "logs", "page", "explore")
MODULES = sorted(
    str(path.relative_to(ROOT))
    for room in ROOMS
    for path in ROOT.glob(f"{room}/**/*.py")
    if path.name not in ("words.py", "french.py")
)
NO_MISTAKES = {
    "cli/answer.py": 1,  # help
    "own/discovery.py": 4,  # what was assumed, in the file that was found
    "own/mapping.py": 3,  # comments in a draft, and a rule with its remedy in lines of their own
    "own/overlay.py": 1,
    "decisions/games.py": 1,  # of a program
    "page/html.py": 2,  # headers, and a style
    "explore/page.py": 1,
    "explore/server.py": 2,
    "logs/checks.py": 1,  # names of columns
    "uncertainty/agreeing.py": 1,  # a log
}
"""How many sentences of a module look like mistakes and tell the user of none."""


@pytest.mark.parametrize("module", MODULES)
def test_every_sentence_about_a_mistake_has_french(module: str) -> None:
    """A new one needs its rule and its remedy in `sim/report/mistakes.py`."""
    missing = [
        text for text in sentences((ROOT / module).read_text(encoding="utf-8")) if in_french(filled(text)) is None
    ]
    assert len(missing) == NO_MISTAKES.get(module, 0), missing


ENGLISH = re.compile(
    r"\b(the|in|that|are|is|with|must|be|it|and|or|for|have|has|not|text|days?|an|there|which|other)\b"
)


@pytest.mark.parametrize("module", MODULES)
def test_no_english_word_is_left_in_a_mistake(module: str) -> None:
    """A general rule such as 'must be {}' does not stand in for the French of what follows; what is quoted may be."""
    french = (in_french(filled(text)) or "" for text in sentences((ROOT / module).read_text(encoding="utf-8")))
    bare = (re.sub(r"'[^']*'|`[^`]*`|\bxknown\b.*", "", each) for each in french)  # the blank before known is one
    assert [each for each in bare if ENGLISH.search(each)] == []


ELSEWHERE = "choose another folder with --out, or --fresh to throw that one away"


@pytest.mark.parametrize(
    "message",
    [
        f"out: holds another experiment, of france, not of germany; {ELSEWHERE}",
        f"out: holds another experiment, with seed 1, not 2; {ELSEWHERE}",
        f"out: holds another experiment, in which france says something else; {ELSEWHERE}",
        f"out: holds another experiment, made by numpy 1.2, not 2.0; {ELSEWHERE}",
        "x.yaml: cannot be read: Permission denied",
        "out: cannot be written, no space left on device; choose another folder with --out",
        "no worker of the cluster is left, with replications of france (0, 1), germany (2) under way; start some, and "
        "run the same again",
        "a worker ended before its work, with replications of france (0, 1) under way: out of memory, killed, or "
        "started by an executor of your own from a script without `if __name__ == '__main__':`; try fewer jobs (Oh())",
    ],
)
def test_what_is_said_in_pieces_is_french_as_a_whole(message: str) -> None:
    """Which experiment a folder holds, why the system refuses, what was under way."""
    french = in_french(message)
    assert french is not None
    assert not ENGLISH.search(re.sub(r"'[^']*'|`[^`]*`", "", french)) and "another" not in french


def filled(text: str) -> str:
    """A sentence with words in its blanks: a rule before a mark, a remedy at the end, a name elsewhere."""
    if text in BLANKS:
        return text.format(*BLANKS[text])
    text = re.sub(r"^{}(?=; |, got |$)", "must be text", text.removeprefix("; "))
    return re.sub(r"(?<=; ){}$", "delete it", text).replace("{}", "x")


@pytest.mark.parametrize(
    "command",
    [
        "run x.yaml --by=nothing --replications=2",
        "levers x.yaml --replications=2 --set=levers=[]",
        "sweep x.yaml --over=pools",
        "solve x.yaml --share=200% --pool=bureau",
        "run x.yaml --replications=2 --precision=0%",
        "run nothing.yaml",
    ],
)
def test_what_makes_no_sense_is_answered_in_french(command: str, tmp_path: Path) -> None:
    """Mistakes of a command as well as of a file."""
    (tmp_path / "levers").mkdir()
    write(tmp_path / "levers", rapide=RAPIDE)
    write(tmp_path, x=SCENARIO)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        done = CliRunner().invoke(app, [*command.split(), "--lang=fr"])
    printed = done.stderr or said(done.exception, "fr")
    assert re.search(r"doit|aucun|n'a pas|reçu", printed) and not re.search(r"\b(must|got|no such|add|use)\b", printed)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "run",
        "solve x.yaml",
        "run x.yaml y.yaml",
        "run x.yaml --replications=0",
        "run x.yaml --jobs=two",
        "run x.yaml --seed",
        "run x.yaml --nosuch",
        "run x.yaml --format=xml",
        "report --pdf=3",
        "compar",
        "--nosuch",
        "questions 17",
    ],
)
def test_wrong_usage_is_answered_in_french(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verb, an argument or an option that is missing, unknown, or of no use."""
    monkeypatch.setattr("sim.cli.options.SPOKEN", Lang.fr)
    done = CliRunner().invoke(app, command.split())
    assert done.exit_code == 2
    assert not re.search(
        r"\b([Mm]issing|[Uu]nexpected|No such|should|must|requires|is not|does|Error|Usage|Try)\b", done.output
    )


def test_the_law_sees_an_english_word() -> None:
    """The words that are looked for are those of sentences, and French ones are not among them."""
    foreign = of_catalogue(0) - of_catalogue(1) - keys()
    assert {"within", "against", "follows"} & foreign and not {"essais", "jours"} & foreign
