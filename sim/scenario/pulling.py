"""Levers on a scenario: each is read, held against the others, and merged, in the order of their names.

A `Use` is a lever as a scenario names it: by its name alone, or with the dates of submission and the group of sites or
trials that it is for. The order in which levers are listed means nothing; one that is listed several times, for
several groups, holds where any of them says so. Two levers that set one thing to different values, for trials that
may be the same, are refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.files import lever_file, read_tree
from sim.scenario.language.mistakes import Mistake, ScenarioError, mistake
from sim.scenario.language.tree import Node, in_words
from sim.scenario.limits import OF_USE, OF_VARIANT, Limiting, Limits, entries, limits_of, varied
from sim.scenario.merging import PROVENANCE, Merge, is_named, items, leaves
from sim.scenario.schema import Lever, LeverUse
from sim.scenario.shape import validated

Steps = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A lever that is pulled: where the scenario names it, under which limits, and what it changes."""

    name: str
    node: Node
    limits: Limits
    changes: Node


@dataclass(frozen=True, slots=True)
class _Statement:
    """One thing that a lever sets, and where and when."""

    name: str
    path: Steps
    limits: Limits
    value: Node

    def contradicts(self, other: _Statement) -> bool:
        """Whether both are about one thing, say something else about it, and may be about the same trial."""
        shared = min(len(self.path), len(other.path))
        same = self.path == other.path and self.value.plain() == other.value.plain()
        one_thing = self.path[:shared] == other.path[:shared]
        return one_thing and not same and self.limits.also(other.limits) is not None


@dataclass(slots=True)
class Pulling:
    """Pulls levers, found in these folders or among the shipped ones, and keeps the trees of their files."""

    merge: Merge
    folders: list[Path]
    layers: list[Node] = field(default_factory=list)

    def over(self, tree: Node, named: list[Node]) -> Node:
        """The tree with levers on top, and their uses, in order, in `levers`."""
        listed = {_order(node): node for node in sorted(named, key=_order)}
        uses = [use for node in listed.values() if (use := self._use(node)) is not None]
        self._refuse_conflicts(uses)
        levers = Node([*listed.values()], tree.place, tree.key)
        pools = frozenset(entries(tree.get("pools")))
        for use in sorted(uses, key=lambda each: not each.limits.none):  # the whole country first; sorted() is stable
            limiting = Limiting(use.node, use.limits, pools, self.merge.found)
            if use.limits.none:
                change = _before_others(use.changes, tree)
            else:
                change = limiting.lowered(_starting_with_the_draft(use.changes), tree)
            tree = self.merge.over(tree, change)
        return Node({**entries(tree), "levers": levers}, tree.place, tree.key)

    def _use(self, node: Node) -> Use | None:
        """What a scenario names; None if it is not to be had, or not rightly written: that the schema says."""
        name = node.value if isinstance(node.value, str) else node.name
        if name is None or (isinstance(node.value, dict) and validated(LeverUse, node, []) is None):
            return None
        changes = self._changes(name, node)
        return None if changes is None else Use(name, node, limits_of(node, OF_USE), changes)

    def _changes(self, name: str, named: Node) -> Node | None:
        """The changes of a lever; None, with the reasons among what was found, if there are none to be had."""
        found: list[Mistake] = self.merge.found
        try:
            tree = read_tree(lever_file(name, self.folders, named.place), found)
        except ScenarioError as error:
            found.extend(error.mistakes)
            return None
        lever, changes = validated(Lever, tree, found), tree.get("changes")
        if lever is not None and lever.name != name:
            message = f"must be the name of the file, {name!r}, got {lever.name!r}"
            found.append(mistake(tree.walk("name")[0].place, "name", message))
        if lever is None or changes is None:
            return None
        found.extend(
            mistake(wrong.key, f"changes.{key}", "is not for a lever to change; delete it")
            for key in ("levers", "extends", *PROVENANCE)
            if (wrong := changes.get(key)) is not None
        )
        self.layers.append(tree)
        return changes

    def _refuse_conflicts(self, uses: list[Use]) -> None:
        """Two levers that set the same thing to different values have no common meaning."""
        said: list[_Statement] = []
        for use in uses:
            for statement in _statements(use):
                for other in said:
                    if other.name != use.name and statement.contradicts(other):
                        self.merge.found.append(
                            mistake(
                                statement.value.place,
                                in_words(statement.path),
                                f"levers {other.name!r} and {use.name!r} set it to different values, "
                                f"the other one at {other.value.place}; pull one of them",
                            )
                        )
                said.append(statement)


def _order(node: Node) -> str:
    """By name, then by group and dates; the same for the same use, wherever and however it is written."""
    plain = node.plain()
    said = {"name": plain} if isinstance(plain, str) else plain
    said = {key: value for key, value in said.items() if key not in PROVENANCE} if isinstance(said, dict) else said
    name = said.get("name") if isinstance(said, dict) else ""
    return f"{name} {json.dumps(said, sort_keys=True, default=str)}"


def _statements(use: Use) -> Iterator[_Statement]:
    """Everything that a lever sets; what its variants set stands at the step, under their limits too."""
    for path, leaf in leaves(use.changes):
        if path[-1] != "variants":
            yield _Statement(use.name, _about(path, use.limits), use.limits, leaf)
            continue
        for variant in items(leaf):
            limits = use.limits.also(limits_of(variant, OF_VARIANT))
            for key, node in entries(variant).items():
                if key not in {*OF_VARIANT, *PROVENANCE} and limits is not None:
                    yield _Statement(use.name, _about((*path[:-1], key), limits), limits, node)


def _about(path: Steps, limits: Limits) -> Steps:
    """What a statement at a path is about: under limits the whole of a thing that variants can change."""
    if path == ("contracting", "draft", "starts"):
        return "contracting", "starts"
    numbered = tuple(0 if index == 1 and path[0] == "tasks" else part for index, part in enumerate(path))
    ends = (index + 1 for index, part in enumerate(path) if part in varied(numbered[:index]))
    return path if limits.none else path[: next(ends, len(path))]


def _before_others(change: Node, there: Node | None) -> Node:
    """The change, with the variants in it in front of those that are there."""
    if is_named(change):
        same = {item.name: item for item in items(there)} if there is not None else {}
        return Node([_before_others(item, same.get(item.name)) for item in items(change)], change.place, change.key)
    if not isinstance(change.value, dict):
        return change
    inner = {key: _before_others(node, there.get(key) if there else None) for key, node in change.value.items()}
    if "variants" in inner and there is not None and (others := there.get("variants")) is not None:
        own = inner["variants"]
        inner["variants"] = Node([*items(own), *items(others)], own.place, own.key)
    return Node(inner, change.place, change.key)


def _starting_with_the_draft(changes: Node) -> Node:
    """The changes, with the start rule of contracting where it takes effect: at the draft."""
    stage = changes.get("contracting")
    starts = stage.get("starts") if stage is not None else None
    if stage is None or starts is None:
        return changes
    draft = Node({**entries(stage.get("draft")), "starts": starts}, starts.place, starts.key)
    rest = {key: node for key, node in entries(stage).items() if key != "starts"}
    contracting = Node({**rest, "draft": draft}, stage.place, stage.key)
    return Node({**entries(changes), "contracting": contracting}, changes.place, changes.key)
