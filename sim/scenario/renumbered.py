"""A scenario that differs from one that was read in its numbers alone, made anew only where it does.

A study of what nobody knows asks for a thousand variants of one scenario, each with other values for a few numbers of
it. `renumbered` validates what such a value stands in and keeps every other record of the scenario that was read, the
same object. It gives none where more differs than numbers, or where a number is not right: then the whole is to be
read, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.scenario.language.kinds import AMOUNT, COUNT
from sim.scenario.language.records import parts
from sim.scenario.language.tree import Node
from sim.scenario.schema import Scenario

_BESIDE = frozenset({"attributes", "only", "when", "at", "scope", "origin", "windows", "closed_on", "reserve"})
"""Keys below which a number says which trials and sites are meant, which days are simulated or worked, or whether sites
are ever replaced: what stands elsewhere may be wrong because of it."""


def renumbered(before: Scenario, was: Node, tree: Node) -> Scenario | None:
    """The scenario of a tree, with the records of the one before, of the tree that `was`, where it is as it was."""
    if not all(_in_numbers(*each) for each in _differences(tree, was, ())):
        return None
    try:
        return Scenario.model_validate(_made_of(tree, was, before))
    except ValidationError:
        return None


def _differences(node: Node, was: Node, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    """Where two trees differ, and the values there."""
    if node is was:
        return
    ours, theirs = dict(node.parts()), dict(was.parts())
    if ours and [*ours] == [*theirs]:
        for part, below in ours.items():
            yield from _differences(below, theirs[part], (*path, part))
    elif (type(node.value), node.value) != (type(was.value), was.value):
        yield path, node.value, was.value


def _in_numbers(path: tuple[Any, ...], value: Any, was: Any) -> bool:
    """Whether two values at a path are numbers of one kind, and nothing elsewhere is about them."""
    words = _words(value)
    of_trials = path[0] == "classes" and path[2:3] == ("attributes",) and words == "%"  # the share with an attribute
    return words == _words(was) and (of_trials or not _BESIDE & {*path})


def _words(value: Any) -> Any:
    """What a value says beside its numbers."""
    if isinstance(value, str):
        return COUNT.sub("", AMOUNT.sub(r"\2", value))
    kinds = {int: "number", float: "number", date: "date"}
    return kinds.get(type(value), value)


def _made_of(node: Node, was: Node, made: Any) -> Any:
    """The value of a node, with the records, and lists of them, that were made of nodes that are as they were."""
    if node is was and isinstance(made, (tuple, BaseModel)):
        return made
    if not isinstance(node.value, dict | list):
        return node.value
    known, there = dict(parts(made)), dict(was.parts())
    entries = {part: _made_of(below, there[part], known.get(part)) for part, below in node.parts()}
    return entries if isinstance(node.value, dict) else [*entries.values()]
