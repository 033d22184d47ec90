"""How sure an answer is: every share with its three bands, every difference over what nobody knows, and what matters.

`unsure` plays a comparison again at draws of what nobody knows. An `Unsure` says of it what a reader needs first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimates import Estimate, indicator_key
from sim.analysis.indicators import SHARE
from sim.experiment.gathering import Progress
from sim.experiment.options import Options
from sim.experiment.precision import goal_key
from sim.experiment.results import Comparison
from sim.scenario.language.ranges import Input
from sim.uncertainty.agreeing import Agreeing
from sim.uncertainty.bands import Band, Bands, Sure, bands, sure
from sim.uncertainty.designs import Points, draws
from sim.uncertainty.indices import Explained, explained
from sim.uncertainty.playing import Design, Played, played, shares
from sim.uncertainty.unknowns import Unknowns

Float = NDArray[np.float64]

DRAWS = 128
"""Of what nobody knows, in the main answer."""

LUCK = 2
"""Replications at each of them; the luck of a year is told by those at the written numbers."""

PLACE = "unknown"
"""Below the folder of an answer, the folder of its draws."""


@dataclass(frozen=True)
class Matter:
    """What moves together, and what knowing it would take away; the most important inputs come first."""

    inputs: tuple[Input, ...]
    explained: Explained  # of the difference between the scenarios' shares and their means, over draws


@dataclass(frozen=True)
class Unsure:
    """A comparison over what nobody knows."""

    played: Played
    written: Mapping[tuple[str, str], Float] = field(repr=False)  # (replications) by scenario and output, as written
    answered: Mapping[tuple[str, str], Estimate] = field(repr=False)  # of the same, what the answer says
    goal: str | None  # the output that the goal is about
    agreeing: Agreeing | None = field(default=None, repr=False)  # the published totals that its draws agree with

    @property
    def outputs(self) -> tuple[str, ...]:
        """The indicators of which something is known at the numbers as written."""
        return tuple(
            each for each in self.played.outputs if all((name, each) in self.written for name in self.scenarios)
        )

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Their names; the first is the reference."""
        return self.played.scenarios

    def bands(self, scenario: str, output: str) -> Bands:
        """The three bands of a share [0 to 1]; share and interval as computed are those of the answer."""
        found = bands(self.written[scenario, output], self.played.of(scenario, output))
        said = self.answered[scenario, output]
        return replace(found, value=said.value, computed=Band(said.low, said.high))

    def contrast(self, scenario: str, output: str) -> Bands:
        """The three bands of by how much a share is above that of the reference [-1 to 1]."""
        written = self.written[scenario, output] - self.written[self.scenarios[0], output]
        return bands(written, self.played.difference(scenario, output))

    def sure(self, scenario: str, output: str) -> Sure:
        """In how many draws a share is above or below that of the reference."""
        return sure(self.played.difference(scenario, output))

    @cached_property
    def matters(self) -> tuple[Matter, ...]:
        """What the spread of the goal's share rests on, over all scenarios in which it spreads, the largest first."""
        if self.goal is None:
            return ()
        unknowns, points = self.played.unknowns, self.played.points
        of_each = [explained(unknowns.names, points, self.played.means(name, self.goal)) for name in self.scenarios]
        spread = [float(self.played.means(name, self.goal).std()) for name in self.scenarios]
        widest = of_each[int(np.argmax(spread))]
        return tuple(Matter(unknowns.moving[each.name], each) for each in widest)

    def below(self, scenario: str, output: str) -> float:
        """The share of the draws [0 to 1] whose share is below that at the numbers as they are written."""
        return float((self.played.means(scenario, output) < self.written[scenario, output].mean()).mean())

    @property
    def leaning(self) -> tuple[int, int]:
        """Of how many axes the written value lies below the middle of its range, by likelihood; and of how many."""
        firsts = [inputs[0].law for inputs in self.played.unknowns.moving.values()]
        return sum(law.mode < law.quantile(0.5) for law in firsts), len(firsts)

    @property
    def widest(self) -> str:
        """The scenario whose share of the goal spreads most: the one that `matters` is about."""
        spread = [float(self.played.means(name, self.goal or "").std()) for name in self.scenarios]
        return self.scenarios[int(np.argmax(spread))]


def unsure(
    comparison: Comparison,
    sources: Sequence[str | Path],
    how: Options,
    told: Progress | None = None,
    draws_: int | Points | Agreeing = DRAWS,
) -> Unsure | None:
    """How sure a comparison of files is; None if none of their numbers has a range.

    Parameters
    ----------
    comparison
        What came out at the numbers as they are written.
    sources
        The files that it compares, or names of shipped scenarios, in its order.
    how
        As it was made; its folder keeps the draws too.
    told
        Told about every finished run.
    draws_
        How many, spread over the ranges; or the draws (draws, axes) themselves, if only those that agree with totals.

    Raises
    ------
    ScenarioError
        If a range does not say what it is about, or a scenario cannot be built within the ranges.
    """
    names = [result.name for result in comparison.results]
    unknowns = Unknowns(dict(zip(names, sources, strict=True)), how.changes)
    if not unknowns.names:
        return None
    out = None if how.out is None else Path(how.out) / PLACE
    of_draws = replace(how, replications=LUCK, out=out, keep="indicators", precision=None, precision_of=None)
    agreeing = draws_ if isinstance(draws_, Agreeing) else None
    points = draws(len(unknowns.names), draws_) if isinstance(draws_, int) else draws_
    points = points.points if isinstance(points, Agreeing) else points
    found = played(unknowns, Design(points), of_draws, told)
    key = goal_key(comparison.reference.scenario)
    written = as_written(comparison)
    answered = {(name, of): comparison[name].estimates[indicator_key(of, SHARE)] for name, of in written}
    return Unsure(found, written, answered, None if key is None else key.of, agreeing)


def draws_for(replications: int | None) -> int:
    """How many draws go with so many replications: about four for each, a power of two, `DRAWS` at most.

    >>> draws_for(None), draws_for(30), draws_for(2)
    (128, 128, 8)
    """
    return DRAWS if replications is None else min(DRAWS, 2 ** (4 * replications - 1).bit_length())


def as_written(comparison: Comparison) -> dict[tuple[str, str], Float]:
    """(replications) The shares within the goal of trials, by scenario and indicator, at the numbers as written."""
    found: dict[tuple[str, str], list[float]] = {}
    for result in comparison.results:
        for measures in result.measures:
            for name, share in shares(measures).items():
                found.setdefault((result.name, name), []).append(share)
    return {key: np.array(values) for key, values in found.items()}
