"""From a scenario file to a `Scenario`, or to all its mistakes.

`load` gives the scenario; `read` gives a `Reading`, which also keeps the tree it was made from, value by value with
its place, and the files that had a part in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.checks.names import check
from sim.scenario.language.mistakes import Mistake, ScenarioError
from sim.scenario.language.tree import Node
from sim.scenario.layers import layered
from sim.scenario.schema import Scenario
from sim.scenario.shape import validated

__all__ = ["Mistake", "Reading", "ScenarioError", "load", "pull", "read"]


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


def pull(source: str | Path, names: Sequence[str], *, set_: Sequence[str] = ()) -> Scenario:
    """The scenario of a file with more levers than it names itself; their order means nothing.

    Raises
    ------
    ScenarioError
        If the scenario or a lever cannot be read, or two levers set one thing to different values.
    """
    return read(source, set_=set_, levers=names).scenario


def read(source: str | Path, *, set_: Sequence[str] = (), levers: Sequence[str] = ()) -> Reading:
    """The scenario of a file and where everything in it was written; `levers` are pulled besides its own.

    Raises
    ------
    ScenarioError
        With every mistake that was found, each with its place.
    """
    layers = layered(source, levers, set_)
    found = layers.merge.found
    scenario = validated(Scenario, layers.tree, found)
    if scenario is not None:
        found.extend(check(scenario, layers.tree, layers.merge.added))
    if scenario is None or found:
        raise ScenarioError(found)
    return Reading(scenario, layers.tree, tuple(layers.files))
