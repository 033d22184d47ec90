"""From a draw to a changed scenario: `Unknowns` are what nobody knows in scenarios that belong together.

A draw has a number between 0 and 1 for each thing that moves: a tie, or an input by itself. Scenarios that share a file
share its inputs, so that a comparison is between scenarios with the same unknown France. A changed scenario is read
through the same door as the files: a value stands where another was written, and everything else follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sim.scenario.evidence import inputs
from sim.scenario.language.mistakes import Mistake, Place, ScenarioError, mistake
from sim.scenario.language.ranges import Input, Scalar, together
from sim.scenario.loading import Loaded, read


@dataclass(frozen=True)
class Unknowns:
    """What nobody knows in some scenarios [name: file or shipped name], with the same `set_` for all."""

    sources: Mapping[str, str | Path]
    set_: tuple[str, ...] = ()

    @cached_property
    def written(self) -> Mapping[str, Loaded]:
        """Each scenario as it is written. Raises ScenarioError."""
        return {name: read(source, set_=self.set_) for name, source in self.sources.items()}

    @cached_property
    def of_each(self) -> Mapping[str, tuple[Input, ...]]:
        """The inputs of each scenario. Raises ScenarioError."""
        return {name: inputs(loaded) for name, loaded in self.written.items()}

    @cached_property
    def moving(self) -> Mapping[str, tuple[Input, ...]]:
        """The inputs by what moves them, those of all scenarios once; the axes of a draw, in this order."""
        every = {(each.place, each.name): each for found in self.of_each.values() for each in found}
        return together([*every.values()])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the axes."""
        return tuple(self.moving)

    def values(self, draw: Mapping[str, float]) -> dict[Place, Scalar]:
        """What is written where at a draw [0 to 1 by axis]; an axis that it leaves out stays as it is written."""
        changes: dict[Place, Scalar] = {}
        for name, u in draw.items():
            for each in self.moving[name]:
                changes |= each.written(each.value(u))
        return changes

    def scenario(self, name: str, draw: Mapping[str, float]) -> Loaded:
        """A scenario as it is at a draw.

        Raises
        ------
        ScenarioError
            If it cannot be built there.
        """
        return self.changed(name, self.values(draw))

    def changed(self, name: str, values: Mapping[Place, Scalar]) -> Loaded:
        """A scenario with other values at places of its files. Raises ScenarioError."""
        return read(self.sources[name], set_=self.set_, values=values, near=self.written[name])


def corner_mistakes(source: str | Path) -> list[Mistake]:
    """What cannot be read or built at the ends of the ranges of a scenario, each with the range that is to blame.

    Every range is seen at both its ends, and ranges that stand near each other, as those of one duration do, at any two
    of their ends together.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read as it is written, or a range does not say what it is about.
    """
    unknowns = Unknowns({"": source})
    for corner in corners(unknowns.names):
        if _fails(unknowns, corner):
            return [_blamed(unknowns, corner)]
    return []


def corners(names: Sequence[str]) -> Iterator[dict[str, float]]:
    """Corners [0 or 1 by axis] at which any two axes, at most three apart, stand at any two of their ends.

    All low, all high, and for the last two digits of the axes' numbers in base 2 those with this digit, and the others.
    """
    if names:
        yield dict.fromkeys(names, 0.0)
        yield dict.fromkeys(names, 1.0)
    for digit in range(2 if len(names) > 1 else 0):
        high = {name: float(number >> digit & 1) for number, name in enumerate(names)}
        yield high
        yield {name: 1 - end for name, end in high.items()}


def _fails(unknowns: Unknowns, corner: Mapping[str, float]) -> Mistake | None:
    try:
        unknowns.scenario("", corner)
    except ScenarioError as error:
        return error.mistakes[0]
    return None


def _blamed(unknowns: Unknowns, corner: Mapping[str, float]) -> Mistake:
    """Why a corner fails, at the first range that cannot stand at this end, with as few others as it takes."""
    needed = dict(corner)
    for name in corner:
        fewer = {other: end for other, end in needed.items() if other != name}
        if _fails(unknowns, fewer):
            needed = fewer
    why = _fails(unknowns, needed)
    assert why is not None
    first = unknowns.moving[next(iter(needed))][0]
    ends = ", ".join(f"{each.name} = {_shown(each, u)}" for name, u in needed.items() for each in unknowns.moving[name])
    return mistake(first.place, "range", f"the scenario must be buildable at its ends, got {ends}: {why}")


def _shown(each: Input, u: float) -> str:
    value = each.value(u)
    return f"x{value:g}" if each.unit == "x" else f"{value:g} {each.unit}".rstrip()
