"""From a scenario file to a `Scenario`, or to all its mistakes.

`load` gives the scenario; `read` gives a `Reading`, which also keeps the tree it was made from, value by value with
its place, and the files that had a part in it.

A scenario is made of layers: what its file extends, then the file itself, then the levers it names, then what the
command line sets. Who extends a file with levers builds on their effect, unless it names levers itself: then its own
list replaces the other one. Levers are applied in the order of their names, so that the order in which they are
listed means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.scenario.checks.names import check
from sim.scenario.files import NOT_SCENARIOS, read_tree, scenario_file
from sim.scenario.language.mistakes import Mistake, Place, ScenarioError, mistake, shown
from sim.scenario.language.tree import Node
from sim.scenario.limits import entries
from sim.scenario.merging import Merge, items
from sim.scenario.pulling import Pulling
from sim.scenario.schema import Scenario
from sim.scenario.setting import PLACE, Setting, put, setting
from sim.scenario.shape import validated

__all__ = ["Mistake", "Reading", "ScenarioError", "load", "read"]

LONGEST_CHAIN = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """A scenario, the tree it was made from, and the trees of the files (the base first) that were merged into it."""

    scenario: Scenario
    tree: Node
    layers: tuple[Node, ...]


def load(source: str | Path, *, set_: Sequence[str] = ()) -> Scenario:
    """The scenario of a file, or of a shipped name, with its base and its levers applied.

    Parameters
    ----------
    source
        A path, or the name of a shipped scenario, with or without `.yaml`.
    set_
        Changes such as `contracting.starts=authorised`; the value is read as YAML.

    Raises
    ------
    ScenarioError
        With every mistake that was found, each with its place.
    """
    return read(source, set_=set_).scenario


def read(source: str | Path, *, set_: Sequence[str] = (), levers: Sequence[str] = ()) -> Reading:
    """The scenario of a file and where everything in it was written; `levers` are pulled besides its own.

    Raises
    ------
    ScenarioError
        With every mistake that was found, each with its place.
    """
    settings = [setting(text) for text in set_]
    return _Reader().reading(source, settings, [Node(name, Place("levers"), Place("levers")) for name in levers])


@dataclass(slots=True)
class _Reader:
    """One reading: what was merged so far, and what is wrong with it."""

    merge: Merge = field(default_factory=Merge)
    layers: list[Node] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    def reading(self, source: str | Path, settings: list[Setting], more: list[Node]) -> Reading:
        found = self.merge.found
        try:
            tree = self._tree(source, settings, more)
        except ScenarioError as error:
            raise ScenarioError([*found, *error.mistakes]) from None
        scenario = validated(Scenario, tree, found)
        if scenario is not None:
            found.extend(check(scenario, tree, self.merge.added))
        if scenario is None or found:
            raise ScenarioError(found)
        return Reading(scenario, tree, tuple(self.layers))

    def _tree(self, source: str | Path, settings: list[Setting], more: list[Node]) -> Node:
        """All layers, merged."""
        names = next((each.value for each in reversed(settings) if each.path == ("levers",)), None)
        file = scenario_file(source, None, Place(str(source)))
        tree = self._file(file, (), pull=names is None and not more)
        if names is not None or more:
            tree = self._pulled(tree, [*items(names or tree.get("levers") or tree), *more])
        for each in settings:
            if each.path == ("extends",):
                self.merge.found.append(mistake(PLACE, "extends", "cannot be set; name another file"))
            elif each.path != ("levers",):
                tree = put(tree, each, self.merge)
        return tree

    def _file(self, file: Path, above: tuple[Path, ...], *, pull: bool) -> Node:
        """A file on top of what it extends, with the levers that it names if they are to be pulled."""
        tree = read_tree(file, self.merge.found)
        if tree.get("changes") is not None and tree.get("mechanism") is not None:
            raise _stop(
                tree.place, "", f"this is a lever, not a scenario; pull it in one, with 'levers: [{tree.name}]'"
            )
        if file.stem in NOT_SCENARIOS and tree.get("title") is None:
            raise _stop(
                tree.place, "", "this is a table that scenarios look things up in, not a scenario; leave it out"
            )
        own = tree.get("levers")
        base = self._base(file, tree, above, pull=pull and own is None)
        self.layers.append(tree)
        self.folders.insert(0, file.parent)
        plain = {key: node for key, node in entries(tree).items() if key not in ("extends", "levers")}
        merged = Node(plain, tree.place, tree.key)
        if base is not None:
            merged = self.merge.over(base, merged)
        if own is None:
            return merged
        named = Node({**entries(merged), "levers": own}, tree.place, tree.key)
        return self._pulled(named, items(own)) if pull and (own.value is None or items(own)) else named

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
        return self._file(base, chain, pull=pull)

    def _pulled(self, tree: Node, names: list[Node]) -> Node:
        """The tree with levers on top."""
        pulling = Pulling(self.merge, self.folders)
        pulled = pulling.over(tree, names)
        self.layers.extend(pulling.layers)
        return pulled


def _stop(place: Place, path: str, message: str) -> ScenarioError:
    return ScenarioError([mistake(place, path, message)])
