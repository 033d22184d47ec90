"""Where and when something of a lever holds: a condition and a span of submission dates.

`Limits` are what a use of a lever says (`at`, `from`, `to`) or what a variant says (`when`, `submitted_from`,
`submitted_to`). `Limiting` writes the changes of a lever as variants under its limits, so that outside of them the
scenario is what it was. The lever's own variants keep coming before those that a step has, and its plain changes come
after them, so that inside its limits a lever does exactly what it does without any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from sim.scenario.language.mistakes import Mistake, mistake
from sim.scenario.language.quantities import read_date
from sim.scenario.language.tree import Node, Scalar, in_words
from sim.scenario.merging import PROVENANCE, Merge, items
from sim.scenario.schema import Inclusion, InclusionVariant, Scenario, Step, Variant
from sim.scenario.shape import record_at

OF_USE, OF_VARIANT = ("at", "from", "to"), ("when", "submitted_from", "submitted_to")
_PROCESS = ("authorisation", "contracting", "site_setup", "inclusion", "tasks")
_VARIANTS: Mapping[type[BaseModel], type[BaseModel]] = {Step: Variant, Inclusion: InclusionVariant}

Path = tuple[Any, ...]
Entries = Mapping[Scalar, Node]


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

    def of_variant(self, place: Node) -> dict[Scalar, Node]:
        """The limits as a variant says them."""
        said = zip(OF_VARIANT, (Node(dict(self.at), place.place, place.key), self.first, self.last), strict=True)
        return {name: node for name, node in said if node is not None}


def limits_of(said: Node, names: tuple[str, str, str]) -> Limits:
    """The limits that stand in a mapping, under these three keys."""
    condition, first, last = (said.get(name) for name in names)
    return Limits(entries(condition), first, last)


def entries(node: Node | None) -> Entries:
    """The entries of a mapping; none of anything else."""
    return node.value if node is not None and isinstance(node.value, dict) else {}


def varied(path: Path) -> frozenset[str]:
    """What variants can change in the record at a path of a scenario; nothing where it has none."""
    record = record_at(Scenario, path)
    for kind, variant in _VARIANTS.items():
        if record is not None and issubclass(record, kind):
            return frozenset(variant.model_fields) - {*OF_VARIANT, *PROVENANCE}
    return frozenset()


@dataclass(frozen=True, slots=True)
class Limiting:
    """A use of a lever under limits, on a scenario in which these pools are there without any lever."""

    use: Node
    limits: Limits
    pools: frozenset[Scalar]
    found: list[Mistake]

    def lowered(self, changes: Node, tree: Node) -> Node:
        """The changes as variants; pools that the lever adds are there everywhere, and do no harm."""
        kept: dict[Scalar, Node] = {}
        for key, change in entries(changes).items():
            if key in _PROCESS:
                kept[key] = self._part(change, tree.get(key), (key,))
            elif key == "pools" and not self.pools & {*entries(change)}:
                kept[key] = change
            else:
                self._refuse((key,), change)
        return Node(kept, changes.place, changes.key)

    def _part(self, change: Node, there: Node | None, path: Path) -> Node:
        """A part of the process, with variants for what the lever changes in it."""
        if isinstance(change.value, list):
            return Node(
                [self._item(item, there, (*path, number)) for number, item in enumerate(items(change))],
                change.place,
                change.key,
            )
        own = varied(path)
        lowered: dict[Scalar, Node] = {}
        for key, node in entries(change).items():
            if key == "name":
                lowered[key] = node
            elif isinstance(node.value, (dict, list)) and key not in own | {"variants", *PROVENANCE}:
                lowered[key] = self._part(node, there.get(key) if there is not None else None, (*path, key))
            elif key not in own | {"variants", *PROVENANCE}:
                self._refuse((*path, key), node)
        if own & {*entries(change)} or change.get("variants") is not None:
            lowered["variants"] = self._variants(change, there, own)
        return Node(lowered, change.place, change.key)

    def _item(self, change: Node, there: Node | None, path: Path) -> Node:
        same = [item for item in items(there) if item.name == change.name] if there is not None else []
        return self._part(change, same[0] if same else None, path)

    def _variants(self, change: Node, there: Node | None, own: frozenset[str]) -> Node:
        """The lever's variants under its limits, those that are there, and the lever's plain changes as a last one."""
        changed = entries(change)
        plain: dict[Scalar, Node] = {
            key: self._whole(node, there.get(key) if there else None) for key, node in changed.items() if key in own
        }
        about: dict[Scalar, Node] = {key: node for key, node in changed.items() if key in PROVENANCE}
        last = Node({**self.limits.of_variant(self.use), **plain, **about}, change.place, change.key)
        first = [self._limited(each) for each in items(changed.get("variants", last))]
        kept = items(there.get("variants") or last) if there is not None else []
        return Node([*first, *kept, *([last] if plain else [])], change.place, change.key)

    def _whole(self, change: Node, there: Node | None) -> Node:
        """What a change makes of the value that is there."""
        return Merge(self.found).over(there, change) if there is not None else change

    def _limited(self, variant: Node) -> Node:
        both = self.limits.also(limits_of(variant, OF_VARIANT))
        if both is None:
            self.found.append(
                mistake(
                    self.use.place,
                    in_words(("levers", self.use.name)),
                    f"contradicts a variant of the lever, at {variant.place}; no trial is in both",
                )
            )
            return variant
        rest = {key: node for key, node in entries(variant).items() if key not in OF_VARIANT}
        return Node({**both.of_variant(variant), **rest}, variant.place, variant.key)

    def _refuse(self, path: Path, change: Node) -> None:
        self.found.append(
            mistake(
                change.key,
                in_words(("changes", *path)),
                "cannot be limited to dates or a group, as "
                f"{self.use.place} asks; pull the lever without from, to and at",
            )
        )


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
