"""The layers of a scenario in one tree: what its file extends, the file, its levers, and what the command line sets.

Each layer is merged over those below it. Who extends a file with levers builds on their effect, unless it names levers
itself: then its own list replaces the other one.

`--set path=value` is a layer of one leaf. The path is written as messages show it: keys and names of items with dots,
`[0]` for an item without a name, `*` for every entry in which the rest of the path is there; the value is YAML. The
units of a pool of sites or sponsors are those of all of them, wherever its people stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.scenario.files import NOT_SCENARIOS, read_tree, scenario_file
from sim.scenario.language.mistakes import Mistake, Place, ScenarioError, did_you_mean, mistake, shown
from sim.scenario.language.tree import Node, Scalar, in_words, moved, parse
from sim.scenario.levers import Pulling
from sim.scenario.merging import PROVENANCE, Merge, entries, is_named, items

LONGEST_CHAIN = 10
_SET = Place("--set")
_PART = re.compile(r"\.?([^.\[\]]+)|\[([0-9]{1,6}|\*)\]")
_PEOPLE = {"site": (("site_types", "*"), ("sites", "*")), "sponsor": (("sponsor_types", "*"),)}

Steps = tuple[str | int, ...]
Values = Mapping[Place, Scalar]
"""Other values for places in files."""

_OF_ITS_OWN = ("question", "readings")
"""Keys that a scenario does not hand on to those that extend it."""


@dataclass(slots=True)
class Layered:
    """A scenario as one tree, the trees of the files in it (the base first), and what is new or wrong in it."""

    tree: Node
    files: list[Node] = field(default_factory=list)
    merge: Merge = field(default_factory=Merge)


def layered(
    source: str | Path,
    levers: Sequence[str] = (),
    set_: Sequence[str] = (),
    values: Values = MappingProxyType({}),
    *,
    numbers: bool = True,
) -> Layered:
    """A file of a scenario, or a shipped name, with its base, its levers and more of them, and settings on top.

    `values` stand in the files in place of what is written there, each at its place. Without `numbers` levers are
    pulled with their structure alone.

    Raises
    ------
    ScenarioError
        If a layer cannot be read; with all that was found until then.
    """
    merge = Merge()
    reader = _Layers(merge, values, numbers)
    try:
        settings = _settings(set_, merge.found)
        names = next((each.value for each in reversed(settings) if each.path == ("levers",)), None)
        more = [Node(name, Place("levers"), Place("levers")) for name in levers]
        file = scenario_file(source, None, Place(str(source)))
        tree = reader.file(file, (), pull=names is None and not more)
        if names is not None or more:
            named = _listed(names if names is not None else tree.get("levers"))
            tree = reader.pulled(tree, [*items(named), *more])
        for each in settings:
            tree = each.over(tree, merge)
    except ScenarioError as error:
        raise ScenarioError([*merge.found, *error.mistakes]) from None
    return Layered(tree, reader.files, merge)


@dataclass(slots=True)
class _Layers:
    """Reads files and what they extend, and merges them."""

    merge: Merge
    values: Values
    numbers: bool
    files: list[Node] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    def file(self, file: Path, above: tuple[Path, ...], *, pull: bool) -> Node:
        """A file on top of what it extends, with the levers that it names if they are to be pulled."""
        tree = read_tree(file, self.merge.found).with_values(self.values)
        _refuse_others(file, tree)
        own = _listed(tree.get("levers"))
        base = self._base(file, tree, above, pull=pull and own is None)
        self.files.append(tree)
        self.folders.insert(0, file.parent)
        plain = {key: node for key, node in entries(tree).items() if key not in ("extends", "levers")}
        merged = Node(plain, tree.place, tree.key)
        if base is not None:
            inherited = {key: node for key, node in entries(base).items() if key not in _OF_ITS_OWN}
            merged = self.merge.over(Node(inherited, base.place, base.key), merged)
        if own is None:
            return merged
        named = Node({**entries(merged), "levers": own}, tree.place, tree.key)
        return self.pulled(named, items(own)) if pull else named

    def _base(self, file: Path, tree: Node, above: tuple[Path, ...], *, pull: bool) -> Node | None:
        named = tree.get("extends")
        if named is None or named.value is None:
            return None
        if not isinstance(named.value, str):
            raise _stop(named.place, "extends", f"must be the name of a file, got {shown(named.plain())}")
        base = scenario_file(named.value, file.parent, named.place, "extends")
        if base.suffix not in (".yaml", ".yml"):
            raise _stop(named.place, "extends", f"must be a scenario file, NAME.yaml, got {shown(named.value)}")
        chain = (*above, file.resolve())
        if base.resolve() in chain:
            raise _stop(named.place, "extends", f"must not lead back to this file, got {shown(named.value)}")
        if len(chain) > LONGEST_CHAIN:
            raise _stop(named.place, "extends", f"must lead over at most {LONGEST_CHAIN} files, got more")
        return self.file(base, chain, pull=pull)

    def pulled(self, tree: Node, names: list[Node]) -> Node:
        """The tree with levers on top."""
        pulling = Pulling(self.merge, self.folders, self.values, self.numbers)
        pulled = pulling.over(tree, names)
        self.files.extend(pulling.layers)
        return pulled


def _refuse_others(file: Path, tree: Node) -> None:
    """A lever or a table where a scenario is asked for."""
    if tree.get("changes") is not None and tree.get("mechanism") is not None:
        raise _stop(tree.place, "", f"this is a lever, not a scenario; pull it in one, with 'levers: [{tree.name}]'")
    if file.stem in NOT_SCENARIOS and tree.get("title") is None:
        raise _stop(tree.place, "", "this is a table that scenarios look things up in, not a scenario; leave it out")


def _listed(named: Node | None) -> Node | None:
    """`levers: name` as the list of one that it means."""
    if named is None or named.value is None or isinstance(named.value, list):
        return named
    return Node([named], named.place, named.key)


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and the path where it goes."""

    path: Steps
    value: Node

    def over(self, tree: Node, merge: Merge) -> Node:
        """The tree with the value at every place that the path means."""
        if self.path[0] in ("extends", "levers"):
            self._refuse_whole(merge)
            return tree
        paths = [*_meant(tree, self.path)]
        if not paths:
            words = in_words(self.path).replace("'*'", "*")
            merge.found.append(mistake(_SET, words, "matches nothing; name something that is there"))
        for path in paths:
            tree = merge.over(tree, _leaf(tree, path, self.value, (), merge))
        return tree

    def _refuse_whole(self, merge: Merge) -> None:
        if self.path[0] == "extends":
            merge.found.append(mistake(_SET, "extends", "cannot be set; name another file"))
        elif len(self.path) > 1:
            message = "is a list to be set as a whole, such as levers=[parallel_contracting]"
            merge.found.append(mistake(_SET, in_words(self.path), message))


def _settings(texts: Sequence[str], found: list[Mistake]) -> list[Setting]:
    """What is written as "path=value", without what is no path or not YAML."""
    return [each for text in texts if (each := _setting(text, found)) is not None]


def _setting(text: str, found: list[Mistake]) -> Setting | None:
    path, equals, value = text.partition("=")
    path = path.strip()
    parts = tuple(int(index) if index.isdigit() else key or index for key, index in _PART.findall(path))
    if not equals or not value.strip() or not parts or "".join(m[0] for m in _PART.finditer(path)) != path:
        rule = f"must be path=value such as contracting.starts=authorised, got {shown(text)}"
        found.append(mistake(_SET, "", rule))
        return None
    wrong: list[Mistake] = []
    try:
        node = parse(value.encode("utf-8", "replace"), _SET.file, wrong)
    except ScenarioError as error:
        wrong = list(error.mistakes)
    found.extend(mistake(_SET, path, each.message) for each in wrong)
    return None if wrong else Setting(parts, moved(node, _SET))


def _meant(tree: Node, path: Steps) -> Iterator[Steps]:
    """The paths that a path means: wild cards stand for what is there, the units of a pool for all its people."""
    if path[0] == "pools" and len(path) == 3 and path[2] == "units":
        for pool in entries(tree.get("pools")) if path[1] == "*" else path[1:2]:
            yield from _units(tree, str(pool), sure=path[1] != "*")
    elif "*" in path:
        yield from _matches(tree, path)
    else:
        yield path


def _units(tree: Node, pool: str, *, sure: bool) -> Iterator[Steps]:
    """Where the units of a pool are said."""
    per = tree.walk("pools", pool, "per")[0].value
    owners = _PEOPLE.get(per, ()) if isinstance(per, str) else ()
    people = [found for owner in owners for found in _matches(tree, (*owner, "people", pool))]
    yield from people
    if not tree.walk("pools", pool, "units")[2] or (sure and not people):
        yield "pools", pool, "units"


def _matches(node: Node, path: Steps) -> Iterator[Steps]:
    """The paths to what is there, with something in place of each wild card."""
    if not path:
        yield ()
        return
    for part in _parts(node) if path[0] == "*" else path[:1]:
        below, _, missing = node.walk(_as_written(part, node))
        if not missing:
            yield from ((part, *rest) for rest in _matches(below, path[1:]))


def _parts(node: Node) -> list[Any]:
    if isinstance(node.value, list):
        return [item.name or number for number, item in enumerate(node.value)]
    return [key for key in entries(node) if key not in PROVENANCE]


def _leaf(node: Node, path: Steps, value: Node, done: tuple[Any, ...], merge: Merge) -> Node:
    """A tree of one leaf, shaped like the tree that it changes."""
    if not path:
        return value
    if isinstance(node.value, list):
        return _leaf_of_list(node, path, value, done, merge)
    if node.value is not None and not isinstance(node.value, dict):
        merge.found.append(mistake(_SET, in_words(done), f"has no parts, got {shown(node.plain())}; set it as a whole"))
        return node
    key = _as_written(path[0], node)
    below = node.get(key) or Node(None, _SET, _SET)
    return Node({key: _leaf(below, path[1:], value, (*done, key), merge)}, _SET, _SET)


def _leaf_of_list(node: Node, path: Steps, value: Node, done: tuple[Any, ...], merge: Merge) -> Node:
    item, _, missing = node.walk(path[0])
    if missing:
        known = [each.name or f"[{index}]" for index, each in enumerate(items(node))]
        message = f"there is no item {shown(path[0])}; {did_you_mean(path[0], known)}"
        merge.found.append(mistake(_SET, in_words(done), message))
        return node
    change = _leaf(item, path[1:], value, (*done, path[0]), merge)
    if is_named(node) and isinstance(change.value, dict):
        name = Node(item.name, _SET, _SET)
        return Node([Node({"name": name, **change.value}, _SET, _SET)], _SET, _SET)
    return Node([merge.over(item, change) if each is item else each for each in items(node)], node.place, node.key)


def _as_written(part: str | int, node: Node) -> Scalar:
    """The key that a part of a path means: `1` may be the number 1, `2025-01-01` a date."""
    return next((key for key in entries(node) if str(key) == str(part)), part)


def _stop(place: Place, path: str, message: str) -> ScenarioError:
    return ScenarioError([mistake(place, path, message)])
