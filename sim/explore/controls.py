"""What can be moved in a scenario: people, volumes, when steps start, and every number that has a range.

A `Control` is one of these things: its written value, where it may go, and `values`, which says what stands where in
the files once it has another value. Everything is read again through the front door (`sim.scenario.loading.read`), so a
control can do nothing that a file could not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.scenario.evidence import Evidence
from sim.scenario.language.mistakes import Place, ScenarioError, did_you_mean, mistake
from sim.scenario.language.ranges import REAL, Input, Part, number_of, rewritten, rounded, together, unit_of
from sim.scenario.language.tree import Node, Scalar, in_words
from sim.scenario.loading import Loaded
from sim.scenario.merging import PROVENANCE, items

PEOPLE, VOLUMES, STARTS, RANGES = "people", "volumes", "starts", "ranges"
MOST = 10_000
"""The largest number of people or trials that a field takes."""

_Path = tuple[Any, ...]
Values = dict[Place, Scalar]


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that can be moved: a number between two ends, or one of some words."""

    name: str  # what a state calls it
    kind: str  # people, volumes, starts or ranges
    path: _Path  # in the tree of the scenario; of a range, that of its first quantity
    written: float | str
    ends: tuple[float, float]  # for a number: the lowest and the highest value
    unit: str
    whole: bool
    moved: Callable[[float | str], Values]  # what stands where at a value
    choices: tuple[str, ...] = ()  # for words
    source: Input | None = None  # of a range

    def read(self, text: str, place: Place) -> float | str:
        """A value as it was typed.

        Raises
        ------
        ScenarioError
            If it is none, or lies beyond the ends.
        """
        if self.choices:
            if text not in self.choices:
                raise ScenarioError([mistake(place, self.name, f"no such start; {did_you_mean(text, self.choices)}")])
            return text
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        low, high = self.ends
        if not low <= value <= high or (self.whole and value != round(value)):
            kind = "a whole number" if self.whole else "a number"
            unit = f" {self.unit}" if self.unit else ""
            rule = f"must be {kind} from {low:g} to {high:g}{unit}, got {text!r}"
            raise ScenarioError([mistake(place, self.name, rule)])
        return value

    def takes(self, text: str) -> bool:
        """Whether a text is a value that it can have."""
        try:
            self.read(text, Place(""))
        except ScenarioError:
            return False
        return True


def controls(loaded: Loaded) -> dict[str, Control]:
    """What can be moved in a scenario, by name, in the order of the file.

    Raises
    ------
    ScenarioError
        If a range does not say what it is about.
    """
    tree = loaded.tree
    numbers = [each for path, node in tree.scalars() if (each := _number(path, node, tree)) is not None]
    known = {each.name for each in numbers}
    own = {node.place for path, node in tree.scalars() if _kind(path) is not None}
    ranges = [
        _range(name, several)
        for name, several in together(Evidence(loaded).inputs).items()
        if not own.issuperset(part.place for each in several for one in each.quantities for part in one.parts)
    ]
    found = [*numbers, *(each for each in ranges if each.name not in known)]
    return {each.name: each for each in found if _can_move(each)}


def _number(path: _Path, node: Node, tree: Node) -> Control | None:
    """The control of a plain number of people or trials, or of a start; None for anything else, or what `set_` set."""
    kind, value = _kind(path) if node.place.line else None, node.value
    name = in_words(_named(path, tree))
    if kind == STARTS and isinstance(value, str):
        words = tuple(each for each in dict.fromkeys((value, *_milestones(tree))) if each not in name.split("."))
        return Control(name, STARTS, path, value, (0, 0), "", False, lambda new: {node.place: str(new)}, words)
    if kind is None or kind == STARTS or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    part = Part(path[-1], node.place, value)
    try:
        written, unit = number_of(value), unit_of(value)
    except (ValueError, IndexError):
        return None
    whole = not isinstance(value, str) and path[-1] not in REAL
    return Control(
        name, kind, path, written, (0, MOST), unit, whole, lambda new: {node.place: rewritten(part, float(new))}
    )


def _kind(path: _Path) -> str | None:
    """Of what a path is the plain number."""
    first, last = path[0], path[-1]
    if (first == "pools" and last in ("units", "seats", "bodies")) or "people" in path[2:3]:
        return PEOPLE if last not in PROVENANCE and len(path) <= 4 else None
    if (first == "classes" and path[2:] == ("volume",)) or (first == "sponsor_types" and path[2:] == ("number",)):
        return VOLUMES
    return STARTS if last == "starts" and "variants" not in path and first not in ("levers", "pools") else None


def _named(path: _Path, tree: Node) -> _Path:
    """A path with the names of items instead of their numbers."""
    named: list[Any] = []
    for length, part in enumerate(path, 1):
        item = tree.walk(*path[:length])[0]
        named.append(item.name or part if isinstance(part, int) else part)
    return tuple(named)


def _milestones(tree: Node) -> Iterator[str]:
    """Events of a trial from which a step may start, if the scenario has them."""
    if tree.get("authorisation") is not None:
        yield from ("protocol_final", "application_submitted", "application_validated", "authorised")
    if tree.get("contracting") is not None:
        yield "contract_executed"
    if plain := items(tree.get("tasks")):
        yield from ("arrived", *(each.name for each in plain if each.name is not None))


def _range(name: str, several: Sequence[Input]) -> Control:
    """The control of a range; inputs that are tied go as far towards their ends as the first of them."""
    first = several[0]
    low, high = rounded(first.law.low), rounded(first.law.high)
    mode = first.law.mode

    def moved(value: float | str) -> Values:
        towards = _towards(first, float(value))
        values: Values = dict(first.written(float(value)))
        for other in several[1:]:
            values |= other.written(_at(other, towards))
        return values

    whole = first.by == "value" and first.quantities[0].about == "number" and _is_whole(first.quantities[0].parts[0])
    return Control(name, RANGES, first.quantities[0].path, mode, (low, high), first.unit, whole, moved, (), first)


def _is_whole(part: Part) -> bool:
    return not isinstance(part.value, str) and part.key not in REAL


def _towards(each: Input, value: float) -> float:
    """How far a value is from the written one towards an end: -1 at the low one, 0 as written, 1 at the high one."""
    low, mode, high = (_scale(each)(end) for end in (each.law.low, each.law.mode, each.law.high))
    at = _scale(each)(value)
    side = high - mode if at > mode else mode - low
    return (at - mode) / side if side else 0.0


def _at(each: Input, towards: float) -> float:
    """The value that lies so far from the written one towards an end."""
    scale = _scale(each)
    low, mode, high = (scale(end) for end in (each.law.low, each.law.mode, each.law.high))
    at = mode + towards * (high - mode if towards > 0 else mode - low)
    return min(max(math.exp(at) if scale is math.log else at, each.law.low), each.law.high)


def _scale(each: Input) -> Callable[[float], float]:
    return math.log if each.law.name == "logpert" else float


def _can_move(control: Control) -> bool:
    """Whether a control has anywhere to go, in files."""
    return len(control.choices) > 1 or control.ends[0] < control.ends[1]


def changed(found: Mapping[str, Control], given: Mapping[str, str], place: Place) -> Values:
    """What stands where when controls have these values, as they were typed.

    Raises
    ------
    ScenarioError
        With every value that is none, and every name that nothing has.
    """
    wrong, values = [], Values()
    for name, text in given.items():
        if name not in found:
            message = f"there is no such number here; {did_you_mean(name, found)}"
            wrong.append(mistake(place, name, message))
            continue
        try:
            values |= found[name].moved(found[name].read(text, place))
        except ScenarioError as error:
            wrong += error.mistakes
    if wrong:
        raise ScenarioError(wrong)
    return values
