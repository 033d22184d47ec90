"""Two scanners of YAML, one in C and one in Python, of which nobody can tell which was at work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.scenario.language import scanning
from sim.scenario.language.mistakes import Mistake, ScenarioError
from sim.scenario.language.scanning import quickly_scanned
from sim.scenario.language.tree import LARGEST_FILE, Node, parse
from tests.mutations import mutant

SHIPPED = sorted((Path(__file__).resolve().parents[1] / "scenarios").rglob("*.yaml"))

ODD = (
    "a:",
    "a: ",
    "a:\n",
    "- ",
    "---",
    "a: ~\nb:",
    "{a: , b}",  # what is missing stands elsewhere
    "a\t",
    "a:\tb",
    "- a\t# b",  # only one takes a tab
    "\x85a: 1",
    "\u2028a: 1",
    "'a\u2029b'",
    "\ufeffa: 1",
    "a: \x7f",
    "a: b\0",  # only one ends lines there
    "|#",
    "> \n \n  a",
    " | \n \n  :",
    "a: |\n  b\n",
    "a: >-\n  b\n  c",
    "&t: 1",
    "a: &b c\nd: *b",
    "a: !t b",
    "a: !!str 1",
    "%YAML 1.1\n---\na: no",
    "a: 1\n---\nb: 2",
    "a: 1\na: 2",
    "a: [1",
    "a: {b",
    "a: b: c",
    "'a",
    "? a\n: b",
    '"\\ud800"',
    '"\\U00200000"',
    "",
)


def outcome(content: bytes) -> tuple[Node | None, tuple[Mistake, ...]]:
    """The tree of a text, and what is wrong with it."""
    found: list[Mistake] = []
    try:
        return parse(content, "file", found), tuple(found)
    except ScenarioError as error:
        return None, error.mistakes


def in_both(content: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The outcome with the scanner in C, and without."""
    with_c = outcome(content)
    with monkeypatch.context() as patch:
        patch.setattr(scanning, "CParser", None)
        return [with_c, outcome(content)]


@pytest.mark.parametrize("text", ODD)
def test_what_scanners_see_otherwise_is_read_as_in_python(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same tree with the same places, or the same messages."""
    quick, slow = in_both(text.encode("utf-8"), monkeypatch)
    assert quick == slow


def test_mutants_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred broken and odd files."""
    for number in range(100):
        content = mutant(number).content[: LARGEST_FILE + 1]
        quick, slow = in_both(content, monkeypatch)
        assert quick == slow, number


def test_shipped_files_are_read_quickly() -> None:
    """None of them has anything that only the scanner in Python reads."""
    pytest.importorskip("_ruamel_yaml")
    for file in SHIPPED:
        scanned = quickly_scanned(file.read_text(encoding="utf-8"))
        assert scanned is not None and len(list(scanned)) > 10, file.name


def test_nothing_is_missing_without_the_scanner_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an option of this machine."""
    monkeypatch.setattr(scanning, "CParser", None)
    assert quickly_scanned("a: 1") is None
    assert parse(b"a: [1, no]", "file", []).plain() == {"a": [1, "no"]}
