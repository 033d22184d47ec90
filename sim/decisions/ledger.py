"""The ledger of levers: every combination of them on the same trials with the same luck, and what each is worth.

There are 2^n combinations of n levers. `ledger` simulates them all as one experiment and gives a `Ledger`: for each
number of the pledge a game, and for each lever an `Entry` with what it adds alone, to all the others, and on average
over all orders (Shapley). Every figure is made replication by replication; its interval is a Student t interval over
replications, wide enough for all levers at once (Bonferroni).

More levers than `ALL_OF` are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.estimates import Key, Kind, indicator_key
from sim.analysis.intervals import Float, interval
from sim.decisions.games import alone, interaction, last_in, members, needed_with, shapley
from sim.experiment.gathering import Progress
from sim.experiment.options import Options, options_of
from sim.experiment.precision import goal_key
from sim.experiment.results import Comparison
from sim.experiment.running import compare
from sim.scenario.loading import load
from sim.scenario.schema import Scenario

ALL_OF = 6
"""Levers of which every combination is simulated: 64 scenarios."""

KEEPS = 0.10
"""A lever is necessary if, without it, less than this share of the gain of all levers is left."""

WASTED = Key(Kind.WASTED, "", "trial", "per_100_trials")


class Role(StrEnum):
    """What the figures of a lever say of it, in one word."""

    NECESSARY = "necessary"  # without it, little of the gain is left
    REDUNDANT = "redundant"  # on average it adds something, to all the others nothing that matters
    IDLE = "idle"  # it changes nothing, in any combination
    CONTRIBUTES = "contributes"


@dataclass(frozen=True, slots=True)
class Amount:
    """A difference in the unit of its number (a share, or days), with its interval."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval does not hold 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What one lever adds to one number."""

    lever: str
    alone: Amount  # to nobody
    last_in: Amount  # to all the others
    shapley: Amount  # on average over all orders; those of all levers add up to the whole
    needed_with: tuple[str, ...] | None  # the fewest others with which it adds something; None: it never does
    role: Role


@dataclass(frozen=True, slots=True)
class Pair:
    """How two levers go together: above 0 complements, below 0 substitutes."""

    levers: tuple[str, str]
    interaction: Amount


@dataclass(frozen=True)
class Ledger:
    """Every combination of levers, simulated: the comparison, and the entries of each number."""

    levers: tuple[str, ...]
    comparison: Comparison  # of all subsets, by their number: bit i for lever i

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The numbers that are told about: the goal's share, the other shares within it, and the work that is lost."""
        known = (key for key in keys_of(self.comparison.reference.scenario) if key in self._values)
        return tuple(key for key in known if self.game(key).size)

    def game(self, key: Key) -> Float:
        """(2^n, replications) A number of every subset of the levers, those replications in which it says something."""
        values = np.array([result.summary.values[:, self._values[key]] for result in self.comparison.results])
        return np.asarray(values[:, np.isfinite(values).all(axis=0)], np.float64)

    def entries(self, key: Key) -> tuple[Entry, ...]:
        """What each lever adds to a number."""
        game = self.game(key)
        parts = (amounts(part(game)) for part in (alone, last_in, shapley))
        rows = zip(self.levers, *parts, strict=True)
        return tuple(self._entry(game, place, *row) for place, row in enumerate(rows))

    def pairs(self, key: Key) -> tuple[Pair, ...]:
        """How each two levers go together."""
        game, both = self.game(key), [*combinations(range(len(self.levers)), 2)]
        found = amounts(np.array([interaction(game, i, j) for i, j in both])) if both else []
        return tuple(Pair((self.levers[i], self.levers[j]), each) for (i, j), each in zip(both, found, strict=True))

    def whole(self, key: Key) -> Amount:
        """What all levers add together."""
        game = self.game(key)
        return amounts((game[-1] - game[0])[None])[0]

    def _entry(self, game: Float, place: int, name: str, *figures: Amount) -> Entry:
        of_alone, of_last, of_shapley = figures
        with_whom = needed_with(game, place, lambda added: amounts(added[None])[0].clear)
        others = None if with_whom is None else tuple(self.levers[i] for i in members(with_whom))
        return Entry(name, of_alone, of_last, of_shapley, others, _role(game, place, of_last, of_shapley))

    @cached_property
    def _values(self) -> Mapping[Key, int]:
        return {key: place for place, key in enumerate(self.comparison.reference.summary.units)}


def ledger(
    source: str | Path, options: Options | None = None, *, progress: Progress | None = None, **named: Any
) -> Ledger:
    """Simulate every combination of the levers that a scenario pulls.

    Parameters
    ----------
    source
        A scenario that names its levers, such as `france_pledge`.
    options, progress, named
        As for `sim.compare`.

    Raises
    ------
    ScenarioError
        If the scenario, or one of its combinations, cannot be read or built.
    ValueError
        If it pulls no lever, pulls one under limits, or more than `ALL_OF`.
    """
    how = options_of(options, named)
    names = levers_of(load(source, set_=how.changes), str(source))
    subsets = [tuple(names[i] for i in members(subset)) for subset in range(1 << len(names))]
    scenarios = {
        called(pulled): load(source, set_=(*how.changes, f"levers=[{', '.join(pulled)}]")) for pulled in subsets
    }
    return Ledger(names, compare(scenarios, how, progress=progress, set_=None))


def levers_of(scenario: Scenario, source: str) -> tuple[str, ...]:
    """The levers that a scenario pulls everywhere. Raises ValueError if there is nothing to combine."""
    limited = [use.name for use in scenario.levers if not isinstance(use, str)]
    if limited:
        raise ValueError(f"{source}: levers: must be pulled everywhere to be combined, got limits of {limited[0]!r}")
    names = tuple(use for use in scenario.levers if isinstance(use, str))
    if not names:
        raise ValueError(f"{source}: levers: must name at least one lever, got none; add --set 'levers=[...]'")
    if len(names) > ALL_OF:
        raise ValueError(f"{source}: levers: at most {ALL_OF} can be combined, got {len(names)}")
    return names


def keys_of(scenario: Scenario) -> tuple[Key, ...]:
    """The goal's share, the share within the goal of the other indicators from the same event, and the lost work."""
    first, goal = goal_key(scenario), scenario.goal
    others = [
        indicator_key(each.name, "share_within_goal")
        for each in scenario.indicators
        if goal is not None and each.from_ == goal.from_ and "trial" in each.levels
        if not (each.less or each.only_after)
    ]
    return tuple(dict.fromkeys([*([first] if first is not None else []), *others, WASTED]))


def called(levers: Sequence[str]) -> str:
    """The name of a combination.

    >>> called(("parallel_contracting", "early_mobilisation"))
    'parallel_contracting+early_mobilisation'
    """
    return "+".join(levers) or "no_lever"


def amounts(differences: Float) -> list[Amount]:
    """(m, replications) as m amounts, whose intervals hold all at once in 95 % of the cases (Bonferroni)."""
    bounds = interval(differences.T, together=len(differences))
    return [Amount(*map(float, each)) for each in zip(*bounds, strict=True)]


def _role(game: Float, place: int, last: Amount, share: Amount) -> Role:
    everybody = len(game) - 1
    gain, left = (float((game[subset] - game[0]).mean()) for subset in (everybody, everybody ^ 1 << place))
    if not any((game[s | 1 << place] != game[s]).any() for s in range(len(game)) if not s >> place & 1):
        return Role.IDLE
    if gain and left / gain < KEEPS:
        return Role.NECESSARY
    return Role.REDUNDANT if not last.clear and share.clear else Role.CONTRIBUTES
