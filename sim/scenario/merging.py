"""One tree on top of another: how a file that `extends` another, a lever and `--set` change a scenario.

Mappings merge; lists of named items merge by name; a duration or a count in another form replaces the old form
(`{low, mode, high}` on `{median, p90}` leaves no median behind); anything else replaces.

A change must hit something. What the schema does not know is found when the merged scenario is validated; this module
finds the two slips that it cannot see: an item of a list that nobody has, and (by way of `Merge.added`) a new entry of
an open mapping such as `pools`, which the checks then demand to be used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.scenario.language.mistakes import Mistake, did_you_mean, listed, mistake
from sim.scenario.language.tree import Node, Scalar, joined

PROVENANCE = ("source", "assumption", "sampling", "note")
FORMS = frozenset(
    {"exactly", "median", "p10", "q1", "q3", "p90", "low", "mode", "high", "mean", "sd", "values", "shares"}
)
_IN_A_FORM = FORMS | {"family", *PROVENANCE}
_OPTIONAL = frozenset({"title", *PROVENANCE})


@dataclass(slots=True)
class Merge:
    """Merges trees, and keeps what is wrong and which entries are new."""

    found: list[Mistake] = field(default_factory=list)
    added: list[tuple[Any, ...]] = field(default_factory=list)
    variants_in_front: bool = False  # of those that are there, instead of in their place

    def over(self, base: Node, change: Node, path: tuple[Any, ...] = (), words: str = "") -> Node:
        """`base` with `change` on top."""
        if isinstance(base.value, dict) and isinstance(change.value, dict):
            if _another_form(base.value, change.value):
                return change
            return Node(self._mappings(base.value, change.value, path, words), change.place, change.key)
        if is_named(base) and is_named(change):
            return Node(self._items(base, change, path, words), change.place, change.key)
        if self.variants_in_front and path[-1:] == ("variants",):
            return Node([*items(change), *items(base)], change.place, change.key)
        return change

    def _mappings(
        self, base: dict[Scalar, Node], change: dict[Scalar, Node], path: tuple[Any, ...], words: str
    ) -> dict[Scalar, Node]:
        told_anew = any(key in change for key in ("source", "assumption"))
        merged = {key: node for key, node in base.items() if not (told_anew and key in PROVENANCE)}
        for key, node in change.items():
            below = (*path, key)
            if key not in base:
                self.added.append(below)
            merged[key] = self.over(base[key], node, below, joined(words, key)) if key in base else node
        return merged

    def _items(self, base: Node, change: Node, path: tuple[Any, ...], words: str) -> list[Node]:
        merged = {item.name: item for item in items(base)}
        known = [str(name) for name in merged]
        needed = _given_by_all(base) | ({"starts"} if path[-1:] == ("tasks",) else set())
        for item in items(change):
            name, below = str(item.name), joined(words, item.name)
            if name in known:
                merged[name] = self.over(merged[name], item, (*path, name), below)
                continue
            merged[name] = item
            missing = [key for key in sorted(needed) if item.get(key) is None]
            if missing:
                self.found.append(
                    mistake(
                        item.place,
                        below,
                        f"there is no {name!r} to change; "
                        f"{did_you_mean(name, known)} (a new one must give {listed(missing)})",
                    )
                )
        return list(merged.values())


def items(node: Node | None) -> list[Node]:
    """The items of a list; none of anything else."""
    return node.value if node is not None and isinstance(node.value, list) else []


def entries(node: Node | None) -> Mapping[Scalar, Node]:
    """The entries of a mapping; none of anything else."""
    return node.value if node is not None and isinstance(node.value, dict) else {}


def is_named(node: Node) -> bool:
    """Whether a node is a list of which every item has a name, and has any."""
    return bool(items(node)) and all(item.name is not None for item in items(node))


def leaves(node: Node, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Node]]:
    """What a change sets: the paths at which `Merge.over` replaces, named items by name, provenance left out."""
    if isinstance(node.value, dict) and not is_form(node.value):
        for key, below in node.value.items():
            if key not in PROVENANCE:
                yield from leaves(below, (*path, key))
    elif is_named(node):
        for item in items(node):
            yield from leaves(item, (*path, item.name))
    else:
        yield path, node


def _another_form(base: dict[Scalar, Node], change: dict[Scalar, Node]) -> bool:
    return is_form(base) and is_form(change) and bool(FORMS & {*change} - {*base})


def is_form(mapping: Mapping[Any, Any]) -> bool:
    """Whether a mapping is a duration or a count, with nothing else in it."""
    return {*mapping} <= _IN_A_FORM and bool(FORMS & {*mapping})


def _given_by_all(node: Node) -> set[str]:
    keys = [{str(key) for key in item.value} for item in items(node) if isinstance(item.value, dict)]
    return set.intersection(*keys) - _OPTIONAL
