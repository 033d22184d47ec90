"""The front door: from a scenario file to what is simulated, or to all its mistakes.

`read` gives a `Loaded`: the scenario, the process that it lowers to, the tree it was made from, value by value with its
place, and what can be run but is hardly meant. Every verb, every function of Python and every worker takes scenarios
from here; `load` gives the scenario alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.scenario.checks.dates import outside
from sim.scenario.checks.ignored import idle, ignored
from sim.scenario.checks.names import miscounted, misnamed, misspelt, unknown
from sim.scenario.checks.people import doubtful, impossible
from sim.scenario.checks.process import misfits, missed, unsound
from sim.scenario.checks.references import Checked, Finding
from sim.scenario.checks.size import too_large
from sim.scenario.files import scenario_file
from sim.scenario.language.mistakes import MOST_TOLD, Mistake, Place, ScenarioError, mistake
from sim.scenario.language.tree import Node
from sim.scenario.layers import Layered, Values, layered
from sim.scenario.lowering import plans_of
from sim.scenario.renumbered import renumbered
from sim.scenario.schema import Scenario, Text, written
from sim.scenario.shape import repaired, validated
from sim.scenario.stages.tasks import Process, process


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario that can be simulated."""

    scenario: Scenario
    process: Process
    tree: Node  # what it was made from
    layers: tuple[Node, ...]  # the trees of the files (the base first) that were merged into it
    warnings: tuple[Mistake, ...]  # what hardly anybody means
    file: Path | None = None  # where it begins; None: made in Python
    changes: tuple[str, ...] = ()  # what was set after


UNSEEN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")
"""Control characters but tabs and the ends of lines, and marks that turn the direction of writing."""

Source = Loaded | Scenario | str | Path
"""A scenario, its file, the name of a shipped one, or what `read` gave."""


def load(source: Source, *, set_: Sequence[str] = (), levers: Sequence[str] = ()) -> Scenario:
    """The scenario of a file, or of a shipped name, with its base and its levers applied.

    Parameters
    ----------
    source
        A path, or the name of a shipped scenario, with or without `.yaml`; or a scenario made in Python, to check it.
    set_
        Changes such as `contracting.starts=authorised`; the value is read as YAML.
    levers
        Levers to pull besides those that the file names.

    Raises
    ------
    ScenarioError
        With every mistake that was found, each with its place.
    """
    set_, levers = ((given,) if isinstance(given, str) else given for given in (set_, levers))
    return read(source, set_=set_, levers=levers).scenario


def pull(source: Source, names: Sequence[str], *, set_: Sequence[str] = ()) -> Scenario:
    """The scenario of a file with more levers than it names itself; their order means nothing.

    Raises
    ------
    ScenarioError
        If the scenario or a lever cannot be read, or two levers set one thing to different values.
    """
    return load(source, set_=set_, levers=names)


def read(
    source: Source,
    *,
    set_: Sequence[str] = (),
    levers: Sequence[str] = (),
    values: Values = MappingProxyType({}),
    near: Loaded | None = None,
) -> Loaded:
    """The scenario of a file, what it lowers to, and where everything in it was written.

    A scenario that was made in Python is checked like any other, what was read before is given back; `set_`, `levers`
    and `values` are for files. `values` stand in the files in place of what is written there, each at its place: a draw
    of what nobody knows goes through the same door as a file. Whoever reads many of these gives the scenario as it is
    without `values` as `near`: then only what differs from it is made and checked. What comes out is the same.

    Raises
    ------
    ScenarioError
        With every mistake that was found, each with its place.
    ValueError
        If a scenario made in Python shall be changed, or what is named is no file at all.
    """
    if not isinstance(source, Loaded | Scenario | str | Path):
        raise ValueError(f"scenario: must be a file, a name or a Scenario, got {source!r}")
    if isinstance(source, (Loaded, Scenario)):
        _refuse_changes(source, set_, levers)
    if isinstance(source, Loaded):
        return source
    if isinstance(source, Scenario):
        return _checked(source, Layered(_as_tree(source)))
    layers = layered(source, levers, set_, values)
    found = _again(near, layers) if near is not None and values else None
    return replace(found or _read(source, layers, drawn=bool(values)), changes=(*set_,))


def _again(near: Loaded, layers: Layered) -> Loaded | None:
    """The scenario that these layers make, if it is right and differs from one that was read in numbers alone."""
    scenario = renumbered(near.scenario, near.tree, layers.tree)
    if scenario is None or layers.merge.found:
        return None
    it = Checked(scenario, near.scenario)
    if any(True for _ in chain(ignored(it), misfits(it), too_large(it), miscounted(it), impossible(it))):
        return None
    try:
        return Loaded(scenario, process(it.tasks, plans_of(scenario)), layers.tree, tuple(layers.files), (), near.file)
    except ValueError:  # a rule counts back by more than is planned
        return None


def _read(source: str | Path, layers: Layered, *, drawn: bool = False) -> Loaded:
    """The scenario that these layers of a file make."""
    scenario = validated(Scenario, layers.tree, layers.merge.found)
    if scenario is None:
        raise ScenarioError([*layers.merge.found, *_names_as_far(layers.tree, layers.merge.added)])
    loaded = replace(_checked(scenario, layers, drawn=drawn), file=scenario_file(source, None, Place(str(source))))
    for name in scenario.expect:
        better_than(loaded, name)
    totals_of(loaded)
    _check_readings(loaded)
    return loaded


def better_than(loaded: Loaded, expectation: str) -> Path | None:
    """The file of the scenario that an expectation holds this one against; None where it holds it against none.

    Raises
    ------
    ScenarioError
        If there is no such file, beside the one that names it or among the shipped ones.
    """
    named = loaded.scenario.expect[expectation].better_than
    node, words, _ = loaded.tree.walk("expect", expectation, "better_than")
    return None if named is None else scenario_file(named, Path(node.place.file).parent, node.place, words)


def totals_of(loaded: Loaded) -> Path | None:
    """The file of the totals that were published about a scenario; None where it names none.

    Raises
    ------
    ScenarioError
        If there is no such file, beside the one that names it or among the shipped ones.
    """
    named = loaded.scenario.totals
    node, words, _ = loaded.tree.walk("totals")
    return None if named is None else scenario_file(named, Path(node.place.file).parent, node.place, words)


def _check_readings(loaded: Loaded) -> None:
    """Raises ScenarioError if a reading is no scenario, beside the one that names it or among the shipped ones."""
    for place, named in enumerate(loaded.scenario.readings):
        node, words, _ = loaded.tree.walk("readings", place)
        scenario_file(named, Path(node.place.file).parent, node.place, words)


def structure_only(loaded: Loaded) -> Loaded | None:
    """The scenario with its levers, but none of the numbers that they put in; None where they put in none."""
    if loaded.file is None or not loaded.scenario.levers:
        return None
    bare, title = _read(loaded.file, layered(loaded.file, (), loaded.changes, numbers=False)), loaded.scenario.title
    said = {"levers": loaded.scenario.levers, "title": title}
    if bare.scenario.model_copy(update=said) == loaded.scenario:
        return None
    words = Text(en=f"{title.en}, structure only", fr=f"{title.fr}, structure seule")
    return replace(bare, scenario=bare.scenario.model_copy(update={"title": words}), changes=loaded.changes)


def _refuse_changes(source: Loaded | Scenario, set_: Sequence[str], levers: Sequence[str]) -> None:
    """Settings and levers change files: beside what was read already they would be ignored."""
    done = source.changes if isinstance(source, Loaded) else ()
    if levers or (set_ and tuple(set_) != done):
        raise ValueError(f"set_ and levers: are for files, got {[*set_, *levers]} for a scenario that was read already")


def _checked(scenario: Scenario, layers: Layered, *, drawn: bool = False) -> Loaded:
    """The scenario, if nothing is wrong with it beside what was found already.

    Where values were `drawn` in place of those of its files, its texts are those that were checked when it was read as
    it is written, and what is hardly meant has been said.
    """
    it, tree = Checked(scenario), layers.tree
    texts = () if drawn else _unseen(tree)
    wrong = [*layers.merge.found, *texts, *_once(_placed(tree, _wrong(it, layers.merge.added)))]
    wrong = wrong or [*_placed(tree, impossible(it))]
    if wrong:
        raise ScenarioError(wrong)
    doubts = () if drawn else (*doubtful(it), *idle(it), *missed(it), *outside(it))
    warnings = _placed(tree, (each._replace(message=f"warning: {each.message}") for each in doubts))
    return Loaded(scenario, process(it.tasks, plans_of(scenario)), tree, tuple(layers.files), tuple(warnings))


def _unseen(tree: Node) -> Iterator[Mistake]:
    """Text with signs that nobody sees and that change what is around them in a terminal, a figure or a table."""
    for path, node in tree.scalars():
        if isinstance(node.value, str) and (found := UNSEEN.search(node.value)):
            message = f"must not contain control characters, got {found[0]!r}; delete it"
            yield mistake(node.place, tree.walk(*path)[1], message)


def _names_as_far(tree: Node, added: list[tuple[Any, ...]]) -> Iterator[Mistake]:
    """Wrong names in a scenario whose words are not all right: those that stand nowhere in it."""
    rest = repaired(Scenario, tree)
    if rest is not None:
        scalars = [*tree.scalars()]
        keys = {str(part) for path, _ in scalars for part in path}
        names = {str(each.value) for path, each in scalars if path[-1] == "name"}
        it, values = Checked(rest), {str(each.value) for _, each in scalars}
        yield from _placed(tree, chain(unknown(it, keys | names), misspelt(it, added, values)))


def _once(found: Iterator[Mistake]) -> Iterable[Mistake]:
    """Each message at a place once, where it was found first: the limits of a lever stand in many variants."""
    return {(each.file, each.line, each.column, each.message): each for each in reversed([*found])}.values()


def _wrong(it: Checked, added: list[tuple[Any, ...]]) -> Iterator[Finding]:
    names = [*unknown(it)]
    yield from names
    if not names:
        yield from ignored(it)
        yield from unsound(it)
    yield from too_large(it)
    yield from misnamed(it, added)


def _placed(tree: Node, found: Iterator[Finding]) -> Iterator[Mistake]:
    for each in islice(found, MOST_TOLD):
        node, words, _ = tree.walk(*each.path)
        yield mistake(node.key if each.at_key else node.place, words, each.message)


def _as_tree(scenario: Scenario) -> Node:
    """A scenario that no file describes, as if written in one of its title."""
    place = Place(scenario.title.en)

    def node(value: Any) -> Node:
        if isinstance(value, dict):
            return Node({key: node(below) for key, below in value.items()}, place, place)
        return Node([node(below) for below in value] if isinstance(value, list) else value, place, place)

    return node(written(scenario))
