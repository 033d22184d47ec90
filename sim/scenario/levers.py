"""The levers: named, sourced overlays on a scenario, pulled everywhere or for some of its trials.

A lever is a file `levers/NAME.yaml` beside a scenario or among the shipped files. It says by which mechanism it works
and what it changes: its structure in `changes` (who may start when, who serves whom, what runs beside what), and the
numbers that it puts in by hand in `numbers`. What comes of it is for the simulation to find. A `Use` is a lever as a
scenario names it: by its name alone, without its numbers, or with `Limits`: dates of submission and a group of sites or
trials.

The order in which levers are listed means nothing. Each is merged in the order of the names, its variants in front of
those that a step has. Under limits the lever is pulled everywhere first; then each step that differs from what it was
gets variants that say so inside the limits, so that inside of them the lever does exactly what it does without any,
and outside of them nothing. Two levers that set one thing to different values, for trials that may be the same, are
refused; so is a change that no variant can say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.scenario.files import lever_file, read_tree, shipped_folder
from sim.scenario.language.mistakes import Mistake, Place, ScenarioError, mistake
from sim.scenario.language.quantities import read_date
from sim.scenario.language.tree import Node, Scalar, in_words
from sim.scenario.merging import PROVENANCE, Merge, entries, is_named, items, leaves
from sim.scenario.schema import Inclusion, InclusionVariant, Lever, LeverUse, Scenario, Step, Variant
from sim.scenario.shape import record_at, validated

Steps = tuple[Any, ...]
Entries = Mapping[Scalar, Node]

_OF_USE, _OF_VARIANT = ("at", "from", "to"), ("when", "submitted_from", "submitted_to")
_VARIANTS: Mapping[type[BaseModel], type[BaseModel]] = {Step: Variant, Inclusion: InclusionVariant}


def levers(folder: str | Path | None = None) -> tuple[Lever, ...]:
    """The levers in `folder`/levers, by name; those shipped if no folder is given.

    Raises
    ------
    ScenarioError
        With every mistake in their files.
    """
    found: list[Mistake] = []
    files = sorted((Path(folder) if folder is not None else shipped_folder()).glob("levers/*.yaml"))
    read_ones = [validated(Lever, read_tree(file, found), found) for file in files]
    if found:
        raise ScenarioError(found)
    return tuple(lever for lever in read_ones if lever is not None)


@dataclass(frozen=True, slots=True)
class Limits:
    """A condition, and the first and the last day of submission; nothing stands for no limit."""

    at: Entries
    first: Node | None = None
    last: Node | None = None

    def also(self, other: Limits) -> Limits | None:
        """Both at once; None if they contradict each other."""
        shared = {name: _in_both(node, other.at[name]) for name, node in self.at.items() if name in other.at}
        first, last = _outer(self.first, other.first, 1), _outer(self.last, other.last, -1)
        if None in shared.values() or (_day(first) or date.min) > (_day(last) or date.max):
            return None
        return Limits({**self.at, **other.at, **{name: node for name, node in shared.items() if node}}, first, last)

    @property
    def none(self) -> bool:
        """Whether they limit nothing."""
        return not self.at and self.first is None and self.last is None

    def variant(self, place: Node, said: Entries) -> Node:
        """A variant, written at this place, that says something inside the limits."""
        when = Node(dict(self.at), place.place, place.key)
        limits = zip(_OF_VARIANT, (when, self.first, self.last), strict=True)
        return Node({**{name: node for name, node in limits if node is not None}, **said}, place.place, place.key)


@dataclass(frozen=True, slots=True)
class Use:
    """A lever that is pulled: where the scenario names it, under which limits, and what it changes."""

    name: str
    node: Node
    limits: Limits
    changes: Node

    def statements(self) -> Iterator[tuple[Steps, Limits, Node]]:
        """Everything that it sets; what its variants set stands at the step, under their limits too."""
        for path, leaf in leaves(self.changes):
            if path[-1] != "variants":
                yield _about(path, self.limits), self.limits, leaf
                continue
            for variant in items(leaf):
                limits = self.limits.also(_limits(variant, _OF_VARIANT))
                for key, node in entries(variant).items():
                    if key not in {*_OF_VARIANT, *PROVENANCE} and limits is not None:
                        yield _about((*path[:-1], key), limits), limits, node


@dataclass(slots=True)
class Pulling:
    """Pulls levers, found in these folders or among the shipped ones, and keeps the trees of their files."""

    merge: Merge
    folders: list[Path]
    values: Mapping[Place, Scalar] = field(default_factory=dict)  # in place of what is written there
    numbers: bool = True  # False: none puts in its numbers
    layers: list[Node] = field(default_factory=list)

    def over(self, tree: Node, named: list[Node]) -> Node:
        """The tree with levers on top, and their uses, in order, in `levers`."""
        named = named if self.numbers else [*map(_without_numbers, named)]
        listed = {_order(node): node for node in sorted(named, key=_order)}
        uses = [use for node in listed.values() if (use := self._use(node)) is not None]
        for one, other in combinations(uses, 2):
            self._refuse_conflicts(one, other)
        levers = Node([*listed.values()], tree.place, tree.key)
        for use in sorted(uses, key=lambda each: not each.limits.none):  # the whole country first; sorted() is stable
            pulled = Merge(self.merge.found, self.merge.added, variants_in_front=True).over(tree, use.changes)
            tree = pulled if use.limits.none else _Limited(use, self.merge.found).part(tree, pulled, ())
        return Node({**entries(tree), "levers": levers}, tree.place, tree.key)

    def _use(self, node: Node) -> Use | None:
        """What a scenario names; None if it is not to be had, or not rightly written: that the schema says."""
        name = node.value if isinstance(node.value, str) else node.name
        if name is None or (isinstance(node.value, dict) and validated(LeverUse, node, []) is None):
            return None
        changes = self._changes(name, node)
        return None if changes is None else Use(name, node, _limits(node, _OF_USE), changes)

    def _changes(self, name: str, named: Node) -> Node | None:
        """The changes of a lever; None, with the reasons among what was found, if there are none to be had."""
        found: list[Mistake] = self.merge.found
        try:
            tree = read_tree(lever_file(name, self.folders, named.place), found).with_values(self.values)
        except ScenarioError as error:
            found.extend(error.mistakes)
            return None
        lever, changes = validated(Lever, tree, found), _changes(tree, named)
        if lever is not None and lever.name != name:
            message = f"must be the name of the file, {name!r}, got {lever.name!r}"
            found.append(mistake(tree.walk("name")[0].place, "name", message))
        if lever is None or changes is None:
            return None
        wrong = {key: node for key in ("levers", "extends", *PROVENANCE) if (node := changes.get(key)) is not None}
        rule = "is not for a lever to change; delete it"
        found.extend(mistake(node.key, f"changes.{key}", rule) for key, node in wrong.items())
        self.layers.append(tree)
        return changes

    def _refuse_conflicts(self, one: Use, other: Use) -> None:
        """Two levers that set the same thing to different values have no common meaning."""
        if one.name == other.name or one.limits.also(other.limits) is None:
            return
        first = [*one.statements()]
        for path, limits, value in other.statements():
            for other_path, other_limits, there in first:
                shared = min(len(path), len(other_path))
                same = path == other_path and value.plain() == there.plain()
                if path[:shared] == other_path[:shared] and not same and limits.also(other_limits) is not None:
                    message = (
                        f"levers {one.name!r} and {other.name!r} set it to different values, "
                        f"the other one at {there.place}; pull one of them"
                    )
                    self.merge.found.append(mistake(value.place, in_words(path), message))


@dataclass(frozen=True, slots=True)
class _Limited:
    """What a use of a lever makes of a scenario inside its limits."""

    use: Use
    found: list[Mistake]

    def part(self, before: Node | None, after: Node, path: Steps) -> Node:
        """A part that is `after` inside the limits and `before` outside of them."""
        if after is before or (before is None and path[:1] == ("pools",)):
            return after  # a new pool is there everywhere, and does no harm
        if before is not None and varied(path):
            return self._step(before, after, path)
        if isinstance(after.value, dict) and before is not None and isinstance(before.value, dict):
            return self._mapping(before, after, path)
        if before is not None and is_named(after):
            there = {item.name: item for item in items(before)}
            inner = [self.part(there.get(item.name), item, (*path, item.name)) for item in items(after)]
            return Node(inner, before.place, before.key)
        if _differ(before, after):
            self._refuse(path, after)
        return before or after

    def _mapping(self, before: Node, after: Node, path: Steps) -> Node:
        """A mapping, entry by entry; the start rule of contracting takes effect when talks open."""
        said = {key: node for key, node in entries(after).items() if key not in PROVENANCE}
        starts, started = before.get("starts"), after.get("starts")
        if path == ("contracting",) and starts is not None and started is not None and starts is not started:
            talks = self._step(_with(before.get("talks"), starts), _with(after.get("talks"), started), (*path, "talks"))
            kept = {key: node for key, node in entries(talks).items() if key != "starts"}
            said = {key: node for key, node in said.items() if key not in ("starts", "talks")}
            before = Node({**entries(before), "talks": Node(kept, talks.place, talks.key)}, before.place, before.key)
        inner = {key: self.part(before.get(key), node, (*path, key)) for key, node in said.items()}
        return Node({**entries(before), **inner}, before.place, before.key)

    def _step(self, before: Node, after: Node, path: Steps) -> Node:
        """The lever's variants inside its limits, those that are there, and the lever's plain changes as a last one."""
        own = varied(path)
        new = {key: node for key, node in entries(after).items() if node is not before.get(key)}
        kept = items(before.get("variants"))
        first = items(new.pop("variants", None))[: -len(kept) or None]
        plain: dict[Scalar, Node] = {k: node for k, node in new.items() if k in own and _differ(before.get(k), node)}
        about: dict[Scalar, Node] = {key: node for key, node in new.items() if key in PROVENANCE}
        last = [self.use.limits.variant(self.use.node, plain | about)] if plain else []
        inner = {
            key: self.part(before.get(key), node, (*path, key))
            for key, node in new.items()
            if key not in own | {*PROVENANCE}
        }
        variants = [*map(self._narrowed, first), *kept, *last]
        inner |= {"variants": Node(variants, after.place, after.key)} if first or last else {}
        return Node({**entries(before), **inner}, before.place, before.key)

    def _narrowed(self, variant: Node) -> Node:
        both = self.use.limits.also(_limits(variant, _OF_VARIANT))
        if both is None:
            message = f"contradicts a variant of the lever, at {variant.place}; no trial is in both"
            self.found.append(mistake(self.use.node.place, in_words(("levers", self.use.name)), message))
            return variant
        return both.variant(variant, {key: node for key, node in entries(variant).items() if key not in _OF_VARIANT})

    def _refuse(self, path: Steps, change: Node) -> None:
        message = (
            f"cannot be limited to dates or a group, as {self.use.node.place} asks; "
            "pull the lever without from, to and at"
        )
        self.found.append(mistake(change.key, in_words(("changes", *path)), message))


def _without_numbers(named: Node) -> Node:
    """The same use of a lever, without the numbers that it puts in."""
    said: Entries = {"name": named} if isinstance(named.value, str) else entries(named)
    return Node({**said, "numbers": Node(False, named.place, named.key)}, named.place, named.key)


def _changes(lever: Node, named: Node) -> Node | None:
    """The structure of a lever, with the numbers it puts in on top unless its use does without them."""
    structure, numbers, wanted = lever.get("changes"), lever.get("numbers"), named.get("numbers")
    if structure is None or numbers is None or (wanted is not None and wanted.value is False):
        return structure
    return Merge(variants_in_front=True).over(structure, numbers)


def varied(path: Steps) -> frozenset[str]:
    """What variants can change in the record at a path of a scenario; nothing where it has none."""
    record = record_at(Scenario, path)
    for kind, variant in _VARIANTS.items():
        if record is not None and issubclass(record, kind):
            return frozenset(variant.model_fields) - {*_OF_VARIANT, *PROVENANCE}
    return frozenset()


def _about(path: Steps, limits: Limits) -> Steps:
    """What a statement at a path is about: under limits the whole of a thing that variants can change."""
    if path == ("contracting", "talks", "starts"):
        return "contracting", "starts"
    ends = (index + 1 for index, part in enumerate(path) if part in varied(path[:index]))
    return path if limits.none else path[: next(ends, len(path))]


def _order(node: Node) -> str:
    """By name, then by group and dates; the same for the same use, wherever and however it is written."""
    plain = node.plain()
    said = {"name": plain} if isinstance(plain, str) else plain
    said = {key: value for key, value in said.items() if key not in PROVENANCE} if isinstance(said, dict) else said
    name = said.get("name") if isinstance(said, dict) else ""
    return f"{name} {json.dumps(said, sort_keys=True, default=str)}"


def _limits(said: Node, names: tuple[str, str, str]) -> Limits:
    """The limits that stand in a mapping, under these three keys."""
    condition, first, last = (said.get(name) for name in names)
    return Limits(entries(condition), first, last)


def _with(step: Node | None, starts: Node) -> Node:
    """A step that says when it starts."""
    there = step or starts
    return Node({**entries(step), "starts": starts}, there.place, there.key)


def _differ(before: Node | None, after: Node) -> bool:
    return before is None or before.plain() != after.plain()


def _in_both(a: Node, b: Node) -> Node | None:
    """What two wanted values, or lists of values, have in common; None if that is nothing."""
    ours, theirs = ([*items(node)] or [node] for node in (a, b))
    known = [(type(node.value), node.value) for node in theirs]
    common = [node for node in ours if (type(node.value), node.value) in known]
    if len(common) == len(ours):
        return a
    return Node(common, a.place, a.key) if common else None


def _outer(a: Node | None, b: Node | None, sign: int) -> Node | None:
    """The later of two days (sign 1) or the earlier (sign -1); what is no day is left to the schema to refuse."""
    days = [(day.toordinal() * sign, node) for node in (a, b) if node is not None and (day := _day(node)) is not None]
    return max(days, key=lambda each: each[0])[1] if days else a or b


def _day(node: Node | None) -> date | None:
    try:
        return read_date(node.value) if node is not None else None
    except ValueError:
        return None
