"""A file as a tree: odd and broken texts are read, or refused with a place, whichever scanner is installed."""

from __future__ import annotations

import pytest
import yaml

from sim.scenario.language import tree
from sim.scenario.language.mistakes import Mistake, ScenarioError
from sim.scenario.language.tree import LARGEST_FILE, Node, parse
from tests.mutations import mutant

ODD = (
    "a:",
    "a: ",
    "- ",
    "---",
    "a: ~\nb:",
    "{a: , b}",
    "a\t",
    "a:\tb",
    "\x85a: 1",
    "'a\u2029b'",
    "\ufeffa: 1",
    "a: \x7f",
    "a: b\0",
    "|#",
    "> \n \n  a",
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
    "%TAG ! ! !",
    "",
)
ONLY_IN_C = {"a\t", "a:\tb", "|#"}
"""The scanner in C reads a tab before nothing, and a comment behind `|`; the other one refuses them with a place."""


def outcome(content: bytes) -> tuple[Node | None, tuple[Mistake, ...]]:
    """The tree of a text, and what is wrong with it."""
    found: list[Mistake] = []
    try:
        return parse(content, "file", found), tuple(found)
    except ScenarioError as error:
        return None, error.mistakes


def with_both(content: bytes, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Node | None, tuple[Mistake, ...]]]:
    """The outcome with the scanner in C, and with the one in Python."""
    with_c = outcome(content)
    with monkeypatch.context() as patch:
        patch.setattr(tree, "_LOADER", yaml.SafeLoader)
        return [with_c, outcome(content)]


@pytest.mark.parametrize("text", ODD)
def test_both_scanners_give_one_tree_or_mistakes_with_places(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words of a mistake may differ, and columns at the end of a text; what is read does not."""
    quick, slow = with_both(text.encode("utf-8"), monkeypatch)
    for node, mistakes in (quick, slow):
        assert node is not None or (mistakes and all(each.line >= 1 for each in mistakes))
    values = [node.plain() if node is not None and not mistakes else "refused" for node, mistakes in (quick, slow)]
    assert values[0] == values[1] or (text in ONLY_IN_C and values[1] == "refused")


def test_mutants_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred broken and odd files: both scanners read or refuse, and read the same values at the same places."""
    for number in range(100):
        quick, slow = with_both(mutant(number).content[: LARGEST_FILE + 1], monkeypatch)
        if quick[0] is not None and slow[0] is not None:
            assert quick[0].plain() == slow[0].plain(), number
            assert [each.place for _, each in quick[0].scalars() if each.value is not None] == [
                each.place for _, each in slow[0].scalars() if each.value is not None
            ], number


def test_a_value_that_is_missing_stands_behind_its_key() -> None:
    """`goal:` with nothing behind it is told there, not at the line that follows."""
    node = parse(b"title: x\ngoal:\norigin: 1\n", "file", [])
    assert str(node.walk("goal")[0].place) == "file:2:6"


@pytest.mark.parametrize(
    ("first", "second"),
    [("2025-01-01", '"2025-01-01"'), ("1", '"1"'), ("01", "1"), ("1.0", "1"), ("1", '"01"'), ("a", '"a"')],
)
def test_a_key_is_given_once_however_it_is_quoted(first: str, second: str) -> None:
    """A date in quotes is that date again: nothing that is written may be overwritten in silence."""
    _, (said,) = outcome(f"x: {{{first}: 10, {second}: 20}}".encode())
    assert "key given twice, first in line 1" in said.message
