"""The levers: named, sourced overlays that can be pulled on a scenario, alone or together.

A lever is a file `levers/NAME.yaml` beside a scenario or among the shipped files. It says by which mechanism it works
and what it changes; what comes of it is for the simulation to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.scenario.files import read_tree, shipped_folder
from sim.scenario.language.mistakes import Mistake, ScenarioError
from sim.scenario.loading import read
from sim.scenario.schema import Lever, Scenario
from sim.scenario.shape import validated


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


def pull(source: str | Path, names: Sequence[str], *, set_: Sequence[str] = ()) -> Scenario:
    """The scenario of a file with more levers than it names itself; their order means nothing.

    Raises
    ------
    ScenarioError
        If the scenario or a lever cannot be read, or two levers set one thing to different values.
    """
    return read(source, set_=set_, levers=names).scenario
