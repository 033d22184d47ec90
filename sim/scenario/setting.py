"""`--set path=value`: one change to a scenario, from the command line.

The path is written as messages show it: keys and names of items with dots, `[0]` for an item without a name; the
value is YAML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sim.scenario.language.mistakes import Mistake, Place, ScenarioError, did_you_mean, mistake, shown
from sim.scenario.language.tree import Node, in_words, moved, parse
from sim.scenario.merging import Merge, items

PLACE = Place("--set")
_PART = re.compile(r"\.?([^.\[\]]+)|\[([0-9]{1,6})\]")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and the path where it goes."""

    path: tuple[str | int, ...]
    value: Node


def setting(text: str) -> Setting:
    """The setting that is written as "path=value".

    Raises
    ------
    ScenarioError
        If there is no path, no value, or the value is not YAML.
    """
    path, equals, value = text.partition("=")
    path = path.strip()
    parts = tuple(int(index) if index else key for key, index in _PART.findall(path))
    if not equals or not value.strip() or not parts or "".join(m[0] for m in _PART.finditer(path)) != path:
        raise ScenarioError(
            [mistake(PLACE, "", f"must be path=value such as contracting.starts=authorised, got {shown(text)}")]
        )
    return Setting(parts, moved(_value(path, value), PLACE))


def _value(path: str, text: str) -> Node:
    found: list[Mistake] = []
    try:
        node = parse(text.encode("utf-8", "replace"), PLACE.file, found)
    except ScenarioError as error:
        found = list(error.mistakes)
    if found:
        raise ScenarioError([mistake(PLACE, path, each.message) for each in found])
    return node


def put(tree: Node, change: Setting, merge: Merge) -> Node:
    """The tree with a value replaced; what is new or wrong is kept by `merge`."""
    return _put(tree, change.path, change.value, (), merge)


def _put(node: Node, path: tuple[str | int, ...], value: Node, done: tuple[Any, ...], merge: Merge) -> Node:
    if not path:
        return value
    if isinstance(node.value, list):
        return _put_in_list(node, path, value, done, merge)
    if node.value is not None and not isinstance(node.value, dict):
        merge.found.append(
            mistake(PLACE, in_words(done), f"has no parts, got {shown(node.plain())}; set it as a whole")
        )
        return node
    entries = node.value or {}
    key = _as_written(path[0], entries)
    if key not in entries:
        merge.added.append((*done, key))
    inner = entries.get(key, Node(None, PLACE, PLACE))
    return Node({**entries, key: _put(inner, path[1:], value, (*done, key), merge)}, node.place, node.key)


def _put_in_list(node: Node, path: tuple[str | int, ...], value: Node, done: tuple[Any, ...], merge: Merge) -> Node:
    names = {item.name: index for index, item in enumerate(items(node)) if item.name is not None}
    index = path[0] if isinstance(path[0], int) else names.get(path[0], -1)
    if not 0 <= index < len(items(node)):
        known = tuple(names) or tuple(f"[{each}]" for each in range(len(items(node))))
        merge.found.append(
            mistake(PLACE, in_words(done), f"there is no item {shown(path[0])}; {did_you_mean(path[0], known)}")
        )
        return node
    changed = _put(items(node)[index], path[1:], value, (*done, path[0]), merge)
    return Node([*items(node)[:index], changed, *items(node)[index + 1 :]], node.place, node.key)


def _as_written(part: str | int, entries: dict[Any, Node]) -> Any:
    """The key that a part of a path means: `1` may be the number 1."""
    if isinstance(part, str) and part not in entries and part.isascii() and part.isdigit() and int(part) in entries:
        return int(part)
    return part
