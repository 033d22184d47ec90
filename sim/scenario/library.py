"""The library: the shipped scenarios by group, to be listed, and copied into a folder to be edited.

An `Entry` is what a reader sees of a scenario before running it; its group is one of `groups.yaml`. Only the head of
each file is read, so that the list is there at once.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.files import NOT_SCENARIOS, display, read_tree, scenario_file, shipped_folder
from sim.scenario.language.mistakes import Place, ScenarioError, mistake
from sim.scenario.language.tree import Node
from sim.scenario.schema import Text

COPIED = ("*.yaml", "levers/*.yaml", "examples/*.yaml", "targets/*.yaml", "evidence.csv", "scenario.schema.json")
"""What a folder to edit holds, apart from `NOT_SCENARIOS`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A scenario of the library."""

    name: str
    group: str
    title: Text
    question: Text
    base: str | None  # the name of the scenario that it changes


def groups() -> dict[str, Text]:
    """The groups by name, each with its title, in the order in which they are listed."""
    tree = read_tree(shipped_folder() / "groups.yaml", [])
    return {name: Text.model_validate(title) for name, title in tree.plain().items()}


def library() -> tuple[Entry, ...]:
    """The shipped scenarios that have a group: group by group, what others build on first."""
    folder = shipped_folder()
    files = [*folder.glob("*.yaml"), *folder.glob("examples/*.yaml")]
    found = [_entry(file) for file in files if file.stem not in NOT_SCENARIOS]
    entries = {each.name: each for each in found if each is not None}
    order = list(groups())
    return tuple(sorted(entries.values(), key=lambda each: (order.index(each.group), _depth(each, entries), each.name)))


def copy(folder: Path) -> list[Path]:
    """Copy the library into a folder, where its scenarios can be edited; the files that were made.

    Raises
    ------
    ScenarioError
        If a file is there already: nothing is copied then; or if the folder cannot be written to.
    """
    source = shipped_folder()
    files = sorted(file for pattern in COPIED for file in source.glob(pattern) if file.stem not in NOT_SCENARIOS)
    made = [folder / file.relative_to(source) for file in files]
    taken = [file for file in made if file.exists()]
    if taken:
        message = f"{len(taken)} of the files are there already; copy to another folder"
        raise ScenarioError([mistake(Place(display(taken[0])), "", message)])
    try:
        for file, target in zip(files, made, strict=True):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    except OSError as error:
        raise ScenarioError([mistake(Place(display(folder)), "", f"cannot be written: {error.strerror}")]) from None
    return made


def _entry(file: Path) -> Entry | None:
    """What the head of a file says; None for a scenario that is in no group."""
    tree = read_tree(file, [])
    group, title, question = (_said(tree, key) for key in ("group", "title", "question"))
    if group is None:
        return None
    name, base = file.relative_to(shipped_folder()).with_suffix("").as_posix(), _said(tree, "extends")
    built_on = scenario_file(str(base), file.parent, Place(display(file))).stem if base is not None else None
    return Entry(name, str(group), Text.model_validate(title), Text.model_validate(question), built_on)


def _said(tree: Node, key: str) -> object:
    node = tree.get(key)
    return None if node is None else node.plain()


def _depth(entry: Entry, entries: Mapping[str, Entry]) -> int:
    """How many scenarios of the library an entry builds on."""
    return 1 + _depth(entries[entry.base], entries) if entry.base is not None and entry.base in entries else 0
