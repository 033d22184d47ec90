"""A YAML file as a tree in which every value knows its place.

A `Node` holds a scalar, a mapping or a list of nodes; `parse` makes one from the bytes of a file, by the YAML 1.2 core
schema (`no` is a word, `1_000` is a word, `2026-01-31` is a date).

The values of a scenario are plain on purpose: tags, anchors and aliases are refused, and so is a file that is larger
or deeper than any scenario. What is wrong but can be read past (a key given twice, a tag) is collected; what cannot is
raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import yaml
from yaml import events

from sim.scenario.language.mistakes import Mistake, Place, ScenarioError, mistake, shown, word

LARGEST_FILE = 400_000
"""[bytes]; twenty times France, read in about a second"""
DEEPEST = 40
MOST_NODES = 10_000

_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The scanner in C is forty times quicker; the one in Python says some mistakes in other words."""

Scalar = str | int | float | bool | date | None
_CORE: tuple[tuple[re.Pattern[str], Any], ...] = (
    (re.compile(r"~|null|Null|NULL|"), lambda text: None),
    (re.compile(r"true|True|TRUE|false|False|FALSE"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]{1,18}"), int),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?"), float),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), date.fromisoformat),
)


@dataclass(frozen=True, slots=True)
class Node:
    """A value, where it begins, and where its key begins (an item of a list has no key: its own place again)."""

    value: Scalar | dict[Scalar, Node] | list[Node]
    place: Place
    key: Place

    def plain(self) -> Any:
        """The value as plain dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def get(self, key: Scalar) -> Node | None:
        """The node under a key of a mapping; None where there is no such key, or no mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    @property
    def name(self) -> str | None:
        """What an item of a list calls itself."""
        named = self.get("name")
        return named.value if named is not None and isinstance(named.value, str) else None

    def walk(self, *path: Any) -> tuple[Node, str, tuple[Any, ...]]:
        """The deepest node on a path, the path to it in words, and the part of the path that led nowhere."""
        node, words = self, ""
        for depth, part in enumerate(path):
            if isinstance(node.value, dict) and part in node.value:
                node, words = node.value[part], joined(words, part)
            elif isinstance(node.value, list) and (item := _item(node.value, part)) is not None:
                node = item
                words = joined(words, node.name) if node.name else f"{words}[{part}]"
            else:
                return node, words, path[depth:]
        return node, words, ()

    def with_values(self, values: Mapping[Place, Scalar]) -> Node:
        """The tree with other scalars at these places; what is as it was stays the same node."""
        return _with_values(self, values, {place.line for place in values})

    def parts(self) -> Iterable[tuple[Any, Node]]:
        """The entries of a mapping, or the items of a list with their indices; of a scalar none."""
        if isinstance(self.value, dict):
            return self.value.items()
        return enumerate(self.value) if isinstance(self.value, list) else ()

    def scalars(self, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Node]]:
        """Every scalar below, with the keys and indices that lead to it."""
        if not isinstance(self.value, dict | list):
            yield path, self
        for part, node in self.parts():
            yield from node.scalars((*path, part))


def _with_values(node: Node, values: Mapping[Place, Scalar], lines: Set[int]) -> Node:
    """The node with other scalars at places on these lines."""
    if not isinstance(node.value, (dict, list)):
        return replace(node, value=values[node.place]) if node.place in values else node
    changed = {
        part: new
        for part, each in node.parts()
        if (isinstance(each.value, (dict, list)) or each.place.line in lines)
        and (new := _with_values(each, values, lines)) is not each
    }
    if not changed:
        return node
    entries = {**dict(node.parts()), **changed}
    return replace(node, value=entries if isinstance(node.value, dict) else [*entries.values()])


def _item(items: list[Node], part: Any) -> Node | None:
    """An item by its index or its name."""
    if isinstance(part, int):
        return items[part] if 0 <= part < len(items) else None
    return next((item for item in items if item.name == part), None)


def joined(words: str, part: Any) -> str:
    """A path in words, one part longer."""
    return f"{words}.{word(part)}" if words else word(part)


def in_words(path: tuple[Any, ...]) -> str:
    """A path as messages show it."""
    words = ""
    for part in path:
        words = f"{words}[{part}]" if isinstance(part, int) and words else joined(words, part)
    return words


def parse(content: bytes, file: str, found: list[Mistake]) -> Node:
    """The tree of a YAML document; mistakes that can be read past are added to `found`.

    Raises
    ------
    ScenarioError
        If the text cannot be read as one YAML document within the limits.
    """
    text = _decoded(content, file)
    composer = _Composer(file, yaml.parse(text, Loader=_LOADER), found)
    try:
        return composer.document()
    except yaml.MarkedYAMLError as error:
        place = Place(file, error.problem_mark.line + 1, error.problem_mark.column + 1)
        problem = str(error.problem or error.context).replace("\n", " ")
        raise ScenarioError([*found, mistake(place, "", f"is not YAML here: {problem}")]) from None
    except (OverflowError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        message = "has an escape after this that stands for no character, such as \\U00200000; correct it"
        raise ScenarioError([*found, mistake(composer.last, "", message)]) from None


def _decoded(content: bytes, file: str) -> str:
    if len(content) > LARGEST_FILE:
        raise _refused(Place(file, 1, 1), f"file is too large: at most {LARGEST_FILE} bytes, got {len(content)}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        raise _refused(
            _place_after(before, file),
            f"must be UTF-8 text, got byte 0x{content[error.start]:02x}; save the file as UTF-8",
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (wrong := _UNPRINTABLE.search(text)) is not None:
        message = f"must be printable text, got character {shown(wrong[0])}; delete it"
        raise _refused(_place_after(text[: wrong.start()], file), message)
    return text


def _refused(place: Place, message: str) -> ScenarioError:
    return ScenarioError([mistake(place, "", message)])


def _place_after(text: str, file: str) -> Place:
    return Place(file, text.count("\n") + 1, len(text) - text.rfind("\n"))


@dataclass(slots=True)
class _Composer:
    """Builds nodes from the events of a parser, and counts them."""

    file: str
    events: Iterator[Any]
    found: list[Mistake]
    nodes: int = field(default=0)
    last: Place = field(init=False)

    def __post_init__(self) -> None:
        self.last = Place(self.file, 1, 1)

    def document(self) -> Node:
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), events.StreamEndEvent):
            raise self._fatal(Place(self.file, 1, 1), (), "file is empty; a scenario begins with 'title:'")
        node = self._node(next(self.events), (), None)
        next(self.events)  # the end of the document
        after = next(self.events)
        if not isinstance(after, events.StreamEndEvent):
            raise self._fatal(self._place(after), (), "a second document begins here; keep one scenario in a file")
        return node

    def _node(self, event: Any, path: tuple[Any, ...], key: Place | None) -> Node:
        place = self._place(event)
        self._limit(len(path), place)
        if isinstance(event, events.AliasEvent):
            self._add(
                place, path, f"aliases are not allowed, got '*{event.anchor}'; write the value out, or use extends"
            )
            return Node(None, place, key or place)
        self._refuse_extras(event, place, path)
        if isinstance(event, events.MappingStartEvent):
            return Node(self._mapping(path), place, key or place)
        if isinstance(event, events.SequenceStartEvent):
            return Node(self._sequence(path), place, key or place)
        return Node(_scalar(event), place, key or place)

    def _mapping(self, path: tuple[Any, ...]) -> dict[Scalar, Node]:
        entries: dict[Scalar, Node] = {}
        texts: dict[str, Place] = {}  # 2025-01-01 and "2025-01-01" mean one date
        while not isinstance(event := next(self.events), events.MappingEndEvent):
            place = self._place(event)
            if not isinstance(event, events.ScalarEvent):
                raise self._fatal(place, path, "a key must be a word, got a mapping, a list or an alias")
            self._refuse_extras(event, place, path)
            name = _scalar(event)
            below = (*path, name)
            node = self._node(next(self.events), below, place)
            first = entries[name].key if name in entries else texts.setdefault(str(_plain(event.value)), place)
            if first is not place:
                self._add(place, below, f"key given twice, first in line {first.line}; delete one of them")
            else:
                entries[name] = node
        return entries

    def _sequence(self, path: tuple[Any, ...]) -> list[Node]:
        items: list[Node] = []
        names: dict[str, int] = {}
        while not isinstance(event := next(self.events), events.SequenceEndEvent):
            item = self._node(event, (*path, len(items)), None)
            items.append(item)
            if item.name in names and path != ("levers",):  # one lever may be pulled for several groups
                self._add(
                    item.place,
                    (*path, item.name),
                    f"name given twice, first in line {names[item.name]}; rename or delete one of them",
                )
            elif item.name is not None:
                names[item.name] = item.place.line
        return items

    def _limit(self, depth: int, place: Place) -> None:
        self.nodes += 1
        if depth > DEEPEST:
            raise self._fatal(place, (), f"must be nested at most {DEEPEST} deep, got {depth}")
        if self.nodes > MOST_NODES:
            raise self._fatal(place, (), f"must have at most {MOST_NODES} values, got more")

    def _refuse_extras(self, event: Any, place: Place, path: tuple[Any, ...]) -> None:
        if event.anchor is not None:
            self._add(
                place, path, f"anchors are not allowed, got '&{event.anchor}'; write the value out, or use extends"
            )
        if event.tag is not None:
            self._add(place, path, f"YAML tags are not allowed, got {shown(str(event.tag))}; delete the tag")
        if isinstance(event, events.ScalarEvent) and _HALF_A_CHARACTER.search(event.value):
            self._add(place, path, f"must be whole characters, got {shown(event.value)}; correct the escape")

    def _place(self, event: Any) -> Place:
        self.last = Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        return self.last

    def _add(self, place: Place, path: tuple[Any, ...], message: str) -> None:
        self.found.append(mistake(place, in_words(path), message))

    def _fatal(self, place: Place, path: tuple[Any, ...], message: str) -> ScenarioError:
        return ScenarioError([*self.found, mistake(place, in_words(path), message)])


def _scalar(event: Any) -> Scalar:
    return _plain(event.value) if event.implicit[0] and event.tag is None else str(event.value)


def _plain(text: str) -> Scalar:
    """What a text means without quotes."""
    read = next((read for pattern, read in _CORE if pattern.fullmatch(text)), None)
    return _read_as(read, text) if read is not None else text


def _read_as(read: Any, text: str) -> Scalar:
    try:
        value: Scalar = read(text)
    except ValueError:  # a date such as 2026-02-30
        return text
    return value


def moved(node: Node, place: Place) -> Node:
    """The node and everything below it as if written at one place."""
    if isinstance(node.value, dict):
        return Node({key: moved(below, place) for key, below in node.value.items()}, place, place)
    if isinstance(node.value, list):
        return Node([moved(below, place) for below in node.value], place, place)
    return replace(node, place=place, key=place)
