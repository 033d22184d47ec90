"""What a conclusion rests on: the parts of a sensitivity analysis, each alone, on the same keys at every point.

`sensitivity` gives a `Sensitivity`, which computes a part when it is asked for and keeps its runs in a folder of that
part, from which it goes on. What is looked at is the share within the goal, of trials.

- `unsure`: draws of everything at once: the bands, how often the ranking holds, what measuring an input is worth.
- `ends`: one input at a time at both its ends, in every scenario (a tornado).
- `screened`: Morris, in the scenario that spreads most; which inputs change nothing to the bit.
- `indices`: first-order and total, of inputs; `groups`: of grades of evidence or of parts of the process. On an
  emulator, which says how far it can be trusted, or on the engine itself.
- `flips`: where the inputs that matter most turn a conclusion round.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.experiment.gathering import Progress
from sim.experiment.options import Options, options_of
from sim.experiment.results import Comparison
from sim.experiment.running import SHIPPED, compare
from sim.scenario.language.ranges import Input
from sim.scenario.schema import Scenario
from sim.tables import as_frame
from sim.uncertainty.agreeing import Agreeing, usual
from sim.uncertainty.bands import Held, held
from sim.uncertainty.conclusions import Box, BreakEven, Regret, break_even, regret, where
from sim.uncertainty.designs import Points, draws, ends, saltelli, trajectories
from sim.uncertainty.emulator import Emulator, fitted
from sim.uncertainty.indices import Index, Screened, apportioned, explained, screened
from sim.uncertainty.playing import Design, Played, played
from sim.uncertainty.unknowns import Unknowns
from sim.uncertainty.unsure import DRAWS, LUCK, PLACE, Unsure, unsure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Float = NDArray[np.float64]
Value = TypeVar("Value")
On = Literal["emulator", "engine"]
By = Literal["grade", "stage"]

TRAJECTORIES = 10
ROWS = 1024
"""Of a design for indices on the emulator; a power of two."""

ROWS_ON_ENGINE = 64
FLIPPED = 5
"""How many of the inputs that matter most are followed from end to end, at so many `STEPS`."""

FEWEST_SEEN = 0.5
"""Of the spread of draws that it has not seen, what an emulator must predict for it to be asked."""

STEPS = 9
PAIRED = 4
"""Replications at the ends of a range, and on the way between them."""

TOO_FEW = 10
"""Draws in which a conclusion fails, below which no region is looked for."""


@dataclass(frozen=True)
class Ends:
    """The share of a scenario with one input at its low and at its high end, less that at the numbers as written."""

    inputs: tuple[Input, ...]
    scenario: str
    low: float
    high: float
    exact_null: bool  # no replication changes to the bit, at either end

    @property
    def width(self) -> float:
        """How far apart the ends are, or either of them is from what is written."""
        return max(abs(self.low), abs(self.high), abs(self.high - self.low))


@dataclass(frozen=True)
class Flip:
    """Where an input turns round which scenario is better, as a value of the input [its unit]."""

    inputs: tuple[Input, ...]
    scenario: str
    found: BreakEven
    at: float
    low: float
    high: float


@dataclass(frozen=True)
class Sensitivity:
    """The parts of a sensitivity analysis of some files; the first is the reference."""

    sources: tuple[str | Path, ...]
    how: Options
    told: Progress | None = None
    draws: int | Points | Agreeing = DRAWS
    on: On = "emulator"  # where indices are computed

    @cached_property
    def comparison(self) -> Comparison:
        """The scenarios at the numbers as they are written."""
        return compare(self.sources, self.how, progress=self.told, structure=False)

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenarios by name, as they are written."""
        return {result.name: result.scenario for result in self.comparison.results}

    @cached_property
    def unsure(self) -> Unsure:
        """The comparison over draws of all that nobody knows. Raises ValueError if nothing has a range."""
        found = unsure(self.comparison, self.sources, self.how, self.told, self.draws)
        if found is None or found.goal is None:
            missing = "a number with a range" if found is None else "a goal with an indicator"
            raise ValueError(f"sensitivity: the scenarios must have {missing}, got none")
        return found

    @property
    def unknowns(self) -> Unknowns:
        """What nobody knows."""
        return self.unsure.played.unknowns

    @cached_property
    def ends(self) -> tuple[Ends, ...]:
        """Every input at both its ends in every scenario, the farthest first."""
        names = self.unknowns.names
        points = np.vstack([np.full(len(names), np.nan), ends(len(names))])
        found = self._played("ends", points, PAIRED)
        return tuple(
            sorted(
                (self._ends(found, axis, scenario) for axis in range(len(names)) for scenario in found.scenarios),
                key=lambda each: -each.width,
            )
        )

    @cached_property
    def screened(self) -> tuple[Screened, ...]:
        """Morris, in the scenario whose share spreads most."""
        names = self.unknowns.names
        points = trajectories(names, TRAJECTORIES)
        found = self._played("screening", points, LUCK, only=self.unsure.widest)
        return screened(names, points, found.means(self.unsure.widest, self._goal))

    @cached_property
    def emulator(self) -> Emulator:
        """Of the share that spreads most, fitted to draws over all ranges: it is asked about every corner of them."""
        it, names = self.unsure, self.unknowns.names
        points, outputs = it.played.points, it.played.means(it.widest, self._goal)
        if not isinstance(self.draws, int):
            points = draws(len(names), DRAWS)
            outputs = self._played("emulator", points, LUCK, only=it.widest).means(it.widest, self._goal)
        order = [names.index(each.name) for each in explained(names, points, outputs)]
        return fitted(points, outputs, order)

    @cached_property
    def indices(self) -> tuple[Index, ...]:
        """First-order and total indices of every input, the largest total first."""
        return self._apportioned(None, "indices")

    @property
    def blind(self) -> bool:
        """Whether the emulator, where it is asked, sees too little of the spread to take it apart."""
        return self.on == "emulator" and self.emulator.seen < FEWEST_SEEN

    def groups(self, by: By = "grade") -> tuple[Index, ...]:
        """The same of grades of evidence, or of parts of the process: the total is what rests on a group.

        On the engine also where the emulator is blind: there are few groups.
        """
        return self._apportioned([str(getattr(each[0], by)) for each in self.unknowns.moving.values()], by)

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """The inputs that matter most, each from end to end, for every scenario against the reference."""
        axes = [self.unknowns.names.index(each.explained.name) for each in self.unsure.matters[:FLIPPED]]
        steps = np.linspace(0, 1, STEPS)
        points = np.full((len(axes) * STEPS, len(self.unknowns.names)), np.nan)
        for place, axis in enumerate(axes):
            points[place * STEPS : (place + 1) * STEPS, axis] = steps
        found = self._played("flips", points, PAIRED)
        return tuple(
            self._flip(found, axis, place, scenario)
            for place, axis in enumerate(axes)
            for scenario in found.scenarios[1:]
        )

    @property
    def ranking(self) -> tuple[str, ...]:
        """The scenarios by their share of the goal at the numbers as written, the best first."""
        written = self.unsure.written
        return tuple(sorted(self.unsure.scenarios, key=lambda name: -float(written[name, self._goal].mean())))

    @property
    def held(self) -> Held | None:
        """In how many draws this ranking holds; None for one scenario."""
        it = self.unsure.played
        shares = np.stack([it.of(name, self._goal) for name in self.ranking])
        return held(shares) if len(shares) > 1 else None

    @cached_property
    def regrets(self) -> Mapping[str, Regret]:
        """What is lost to the best scenario of each draw, if one is chosen for all."""
        it = self.unsure.played
        shares = np.column_stack([it.means(name, self._goal) for name in it.scenarios])
        return dict(zip(it.scenarios, regret(shares), strict=True))

    @cached_property
    def regions(self) -> Mapping[str, Box]:
        """For each scenario, where it is not better than the reference; only where that is not rare, nor the rule."""
        it, found = self.unsure.played, {}
        for name in it.scenarios[1:]:
            fails = it.difference(name, self._goal).mean(axis=1) <= 0
            if TOO_FEW <= fails.sum() <= len(fails) - TOO_FEW:
                box = where(self.unknowns.names, it.points, fails)
                if box is not None:
                    found[name] = box
        return found

    @property
    def _goal(self) -> str:
        return self.unsure.goal or ""

    def _ends(self, found: Played, axis: int, scenario: str) -> Ends:
        runs = found.of(scenario, self._goal)  # (points, replications): as written, then low and high of each axis
        moved = runs[[1 + 2 * axis, 2 + 2 * axis]] - runs[0]
        inputs = [*self.unknowns.moving.values()][axis]
        low, high = moved.mean(axis=1).tolist()
        return Ends(inputs, scenario, low, high, bool((moved == 0).all()))

    def _flip(self, found: Played, axis: int, place: int, scenario: str) -> Flip:
        rows = slice(place * STEPS, (place + 1) * STEPS)
        crossing = break_even(np.linspace(0, 1, STEPS), found.difference(scenario, self._goal)[rows])
        inputs = [*self.unknowns.moving.values()][axis]
        values = (math.nan if math.isnan(u) else inputs[0].value(u) for u in (crossing.at, crossing.low, crossing.high))
        return Flip(inputs, scenario, crossing, *values)

    def _apportioned(self, groups: list[str] | None, part: str) -> tuple[Index, ...]:
        names = self.unknowns.names
        if groups is not None and len({*groups}) == 1:
            return (Index(groups[0], 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),)
        emulated = self.on == "emulator" and (groups is None or not self.blind)
        points = saltelli(names, ROWS if emulated else ROWS_ON_ENGINE, groups=groups)
        if emulated:
            outputs = self.emulator(points)
        else:
            outputs = self._played(part, points, LUCK, only=self.unsure.widest).means(self.unsure.widest, self._goal)
        return tuple(sorted(apportioned(names, outputs, groups), key=lambda each: -each.total))

    def frame(self, part: str) -> pd.DataFrame:
        """A part as a frame: bands, value, ranking, groups, indices, flips, tornado or screening.

        Raises
        ------
        ValueError
            If there is no such part.
        """
        from sim.report.sensitivity import PARTS

        return as_frame(chosen(PARTS, part, "part")(self))

    def draw(self, part: str, ax: Axes | None = None, *, language: Literal["en", "fr"] = "en") -> Axes:
        """The figure of a part (bands, value or tornado) on `ax`, or on a figure of its own.

        Raises
        ------
        ValueError
            If there is no such part, or it has no figure.
        """
        from sim.report.sensitivity import DRAWN

        return chosen(DRAWN, part, "part with a figure")(self, ax, language)

    def _played(self, part: str, points: Points, replications: int, only: str | None = None) -> Played:
        how = replace(self.how, replications=replications, out=self._place(part))
        return played(self.unknowns, Design(points, only), how, self.told)

    def _place(self, part: str) -> Path | None:
        return None if self.how.out is None else Path(self.how.out) / PLACE / part


def chosen(of: Mapping[str, Value], name: str, what: str) -> Value:
    """What has this name. Raises ValueError."""
    if name not in of:
        raise ValueError(f"sensitivity: must be a {what}, one of {', '.join(of)}, got {name!r}")
    return of[name]


def sensitivity(
    scenarios: Sequence[str | Path] | str | Path = SHIPPED,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    draws: int | Points | Agreeing | None = None,
    on: On = "emulator",
    **named: Any,
) -> Sensitivity:
    """What the conclusion of a comparison of files rests on; nothing is simulated until a part is asked for.

    Parameters
    ----------
    scenarios
        Files or names of shipped scenarios; the first is the reference.
    options
        How they are simulated, and the folder that keeps what is finished.
    progress
        Told about every finished run.
    draws
        How many of what nobody knows, a power of two is best; or the draws (draws, axes) that a calibration left; None:
        those that agree with what was published about the scenarios, if such are kept.
    on
        Where indices are computed: on an emulator fitted to the draws, or on the engine, with runs of their own.
    named
        Options by name, such as `out="folder"`.

    Raises
    ------
    ValueError
        If an option makes no sense.
    """
    sources = (scenarios,) if isinstance(scenarios, (str, Path)) else tuple(scenarios)
    how = options_of(options, named)
    if how.hooks:
        raise ValueError("hooks: have no ranges, and points of a design are scenarios; leave them out here")
    chosen = usual(sources, how.changes, DRAWS) if draws is None else draws
    return Sensitivity(sources, how, progress, chosen, on)
