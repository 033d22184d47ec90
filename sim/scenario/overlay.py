"""From two trees to a file: what stands in one scenario and not in the other, as somebody would write it on top of it.

An overlay is plain dicts, lists and scalars: `overlay` is what `sim.scenario.merging` needs to make the second tree of
the first, `as_yaml` its text. A part that is gone cannot be said by an overlay; whoever needs to know reads the file
again and compares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sim.scenario.language.quantities import shortest
from sim.scenario.language.tree import Node
from sim.scenario.merging import is_named, items

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_./+%]*(?: [A-Za-z0-9_./+%-]+)*")
_AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]+)? ?[a-z%/]+")
_NOT_WORDS = frozenset({"true", "false", "null"})


def overlay(before: Node, after: Node) -> Any:
    """What changes `before` to `after`; None where nothing does."""
    if isinstance(before.value, dict) and isinstance(after.value, dict):
        there = before.value
        changed = {key: _entry(there.get(key), node) for key, node in after.value.items()}
        return {key: change for key, change in changed.items() if change is not None} or None
    if is_named(before) and is_named(after):
        known = {item.name: item for item in items(before)}
        named = ((item, _entry(known.get(item.name), item)) for item in items(after))
        return [{"name": item.name, **change} for item, change in named if change is not None] or None
    return None if before.plain() == after.plain() else after.plain()


def _entry(before: Node | None, after: Node) -> Any:
    return after.plain() if before is None else overlay(before, after)


def as_yaml(tree: Mapping[Any, Any]) -> str:
    """A tree of plain values as YAML, a line for each mapping that holds nothing but scalars.

    >>> print(as_yaml({"pools": {"desk": {"units": 4}}, "why": "a: b"}), end="")
    pools:
      desk: {units: 4}
    why: "a: b"
    """
    return "".join(f"{line}\n" for line in _block(tree, ""))


def _block(value: Any, pad: str) -> Iterator[str]:
    entries = value.items() if isinstance(value, Mapping) else ((None, each) for each in value)
    for key, below in entries:
        head = f"{pad}-" if key is None else f"{pad}{flow(key)}:"
        if _is_short(below):
            yield f"{head} {flow(below)}"
        elif key is None and isinstance(below, Mapping):
            first, *rest = _block(below, f"{pad}  ")
            yield f"{head} {first.lstrip()}"
            yield from rest
        else:
            yield head
            yield from _block(below, f"{pad}  ")


def _is_short(value: Any) -> bool:
    """Whether a value stands on the line of its key: a scalar, or a few of them together."""
    if isinstance(value, Mapping):
        return not any(isinstance(each, Mapping | list | tuple) for each in value.values())
    return not isinstance(value, list | tuple) or not any(isinstance(each, Mapping | list | tuple) for each in value)


def flow(value: Any) -> str:
    """A value on one line.

    >>> flow({"starts": "authorised + 10 d", "share": "5 %", "named": "5", "on": [True, None]})
    '{starts: authorised + 10 d, share: 5 %, named: "5", on: [true, null]}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        plain = (_WORD.fullmatch(value) or _AMOUNT.fullmatch(value)) and value.lower() not in _NOT_WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        return shortest(value)
    return value.isoformat() if isinstance(value, date) else json.dumps(value)
