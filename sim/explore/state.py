"""Where the knobs stand: a state, what it makes of the scenario, and the file and the link that say the same.

A `State` names the levers that are pulled and the values that were moved; `Start` is the file that everything begins
from. `Start.loaded` is the scenario of a state, read through the front door with other values in the places of the
files; `Start.text` is a file that reads to the same scenario.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sim.explore.controls import Control, changed, controls
from sim.explore.words import said
from sim.scenario.differences import differences
from sim.scenario.files import shipped_folder
from sim.scenario.language.mistakes import Place, ScenarioError, mistake
from sim.scenario.levers import levers as known_levers
from sim.scenario.loading import Loaded, read
from sim.scenario.merging import items
from sim.scenario.overlay import as_yaml, flow, overlay
from sim.scenario.schema import Lever, Scenario, written

LEVERS = "levers"
STATE = Place("the page")
"""The place of mistakes in a state: what was typed on the page, or stands in its address."""
_LONGEST = 20_000
"""[characters] of a state as a link."""


@dataclass(frozen=True, slots=True)
class State:
    """The levers that are pulled (None: those of the file), and what was moved, as it was typed."""

    levers: tuple[str, ...] | None = None
    moved: Mapping[str, str] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """The state as the query of an address; "" for a file as it is written."""
        pulled = [] if self.levers is None else [(LEVERS, ",".join(self.levers))]
        return urlencode([*pulled, *self.moved.items()])


def state_of(link: str) -> State:
    """The state that a query says.

    Raises
    ------
    ScenarioError
        If it is too long to be one.
    """
    if len(link) > _LONGEST:
        raise ScenarioError([mistake(STATE, "", f"must have at most {_LONGEST} characters, got {len(link)}")])
    pairs = dict(parse_qsl(link, keep_blank_values=True))
    named = pairs.pop(LEVERS, None)
    return State(None if named is None else tuple(filter(None, named.split(","))), pairs)


@dataclass(frozen=True)
class Start:
    """The file from which a page begins, and what was set in it."""

    source: str
    set_: tuple[str, ...] = ()

    def loaded(self, state: State) -> Loaded:
        """The scenario of a state.

        Raises
        ------
        ScenarioError
            If a value is none, if levers contradict each other, or if nothing can be simulated so.
        """
        base = self._base(state.levers)
        if not state.moved:
            return base
        values = changed(self.controls(state), state.moved, STATE)
        return read(self.source, set_=base.changes, values=values)

    def controls(self, state: State) -> Mapping[str, Control]:
        """What can be moved with the levers of a state. Raises ScenarioError."""
        return _controls(self, state.levers)

    def fitting(self, state: State) -> State:
        """The state without what cannot be moved so with its levers, as after one was switched."""
        found = self.controls(state)
        fits = {name: text for name, text in state.moved.items() if name in found and found[name].takes(text)}
        return State(state.levers, fits)

    def levers(self) -> Mapping[str, Lever]:
        """The levers that can be pulled in the scenario, by name: its own, and those known that say something here."""
        folder = _folder(self)
        known = {each.name: each for each in (*known_levers(), *(known_levers(folder) if folder else ()))}
        own = _own(self)
        return {name: each for name, each in known.items() if name in own or self._can_pull((*own, name))}

    def pulled(self, state: State) -> tuple[str, ...]:
        """The names of the levers that are pulled."""
        return _own(self) if state.levers is None else state.levers

    def text(self, state: State) -> str:
        """A scenario file that reads to the scenario of a state: a few lines on top of the file, or all of it.

        All of it is written where a few lines would not do, such as where a lever that was pulled here sets the very
        number that was moved.

        Raises
        ------
        ScenarioError
            As `loaded`.
        """
        wanted = self.loaded(state)
        text = self._on_top(state, wanted)
        return text if _reads_to(text, wanted.scenario) else _in_full(wanted.scenario)

    def _base(self, levers: tuple[str, ...] | None) -> Loaded:
        return _read(self, levers)

    def _can_pull(self, names: tuple[str, ...]) -> bool:
        try:
            return bool(_read(self, names))
        except ScenarioError:
            return False

    def _on_top(self, state: State, wanted: Loaded) -> str:
        base = self._base(None)
        below = self._base(state.levers)
        named = {} if state.levers is None else {LEVERS: _uses(self, state.levers)}
        changes = overlay(below.tree, wanted.tree) or {}
        extends = self.source if base.file is None or base.file.parent == shipped_folder() else str(base.file.resolve())
        set_ = overlay(read(self.source).tree, base.tree) or {} if self.set_ else {}
        return _headed(wanted.scenario, {"extends": extends, **named, **_merged(set_, changes)})


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Mapping[str, Any]:
    """Two overlays as one, the second on top; lists of the same key are the second's."""
    both = dict(below)
    for key, value in above.items():
        there = both.get(key)
        both[key] = _merged(there, value) if isinstance(there, dict) and isinstance(value, dict) else value
    return both


def _headed(scenario: Scenario, rest: Mapping[str, Any]) -> str:
    title = {"en": said("changed_title", "en", title=scenario.title.en)}
    title["fr"] = said("changed_title", "fr", title=scenario.title.fr)
    chosen = {"range": "fixed", "why": "chosen on the page of trialstart explore"}
    return as_yaml({"title": title, **rest, "assumption": chosen})


def _in_full(scenario: Scenario) -> str:
    told = {key: value for key, value in written(scenario).items() if key not in ("title", LEVERS) and value}
    return _headed(scenario, told)


def _reads_to(text: str, wanted: Scenario) -> bool:
    """Whether a file reads to the same scenario, apart from words."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "state.yaml")
        file.write_text(text, encoding="utf-8")
        try:
            return not differences(read(file).scenario, wanted)
        except ScenarioError:
            return False


def _own(start: Start) -> tuple[str, ...]:
    """The levers that the file names, each once."""
    uses = _read(start, None).scenario.levers
    return tuple(dict.fromkeys(use if isinstance(use, str) else use.name for use in uses))


def _uses(start: Start, names: Sequence[str]) -> list[Any]:
    """Levers as the file names them, with its limits; others by their name."""
    written_ones = items(_read(start, None).tree.get(LEVERS))
    own = {name: [each.plain() for each in written_ones if name in (each.value, each.name)] for name in names}
    return [use for name in names for use in own[name] or [name]]


def _folder(start: Start) -> Path | None:
    file = _read(start, None).file
    return file.parent if file is not None and file.parent != shipped_folder() else None


@lru_cache(maxsize=64)
def _read(start: Start, levers: tuple[str, ...] | None) -> Loaded:
    if levers is None:
        return read(start.source, set_=start.set_)
    return read(start.source, set_=(*start.set_, f"{LEVERS}={flow(_uses(start, levers))}"))


@lru_cache(maxsize=64)
def _controls(start: Start, levers: tuple[str, ...] | None) -> Mapping[str, Control]:
    return controls(_read(start, levers))
