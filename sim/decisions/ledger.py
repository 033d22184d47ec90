"""The ledger of levers: every combination of them on the same trials with the same luck, and what each is worth.

There are 2^n combinations of n levers. `ledger` simulates them all as one experiment and gives a `Ledger`: for each
number of the pledge a game, and for each lever an `Entry` with what it adds alone, to all the others, and on average
over all orders (Shapley). Every figure is made replication by replication; its interval is a Student t interval over
replications, wide enough for all levers at once (Bonferroni).

Of more levers than `ALL_OF`, only the combinations are simulated that some orders, drawn at random, pass through, and
those of one lever and of all but one. Then Shapley values are means over these orders; they add up to the whole all the
same, and their intervals are wider by what other orders might have given.

What a lever adds to all the others is parted (`Rests`): what its structure adds, with none of the numbers that it puts
in, and what these add to that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimates import Key, Kind, indicator_key
from sim.analysis.intervals import Float, interval
from sim.decisions.games import (
    Int,
    alone,
    interaction,
    last_in,
    members,
    needed_with,
    orders_of,
    sampled_shapley,
    shapley,
    subsets_of,
)
from sim.experiment.gathering import Progress
from sim.experiment.options import Options, options_of
from sim.experiment.precision import goal_key
from sim.experiment.results import Comparison, Result
from sim.experiment.running import compare, finishing
from sim.scenario.checks.people import people
from sim.scenario.loading import load
from sim.scenario.schema import Scenario
from sim.tables import Line, as_frame

if TYPE_CHECKING:
    import pandas as pd

ALL_OF = 6
"""Levers of which every combination is simulated: 64 scenarios."""

ORDERS = 12
"""Orders that are drawn where there are more levers."""

BARE = "without_numbers:"
"""How a scenario is called in which all levers are pulled, but one (or all) without its numbers."""

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

    @property
    def as_share(self) -> Amount:
        """The same of a share, whose interval stays between 0 and 1."""
        return Amount(self.value, max(self.low, 0.0), min(self.high, 1.0))

    @property
    def line(self) -> dict[str, float]:
        """Its columns in tables."""
        return {"value": self.value, "low": self.low, "high": self.high}

    def columns(self, name: str) -> dict[str, float]:
        """The same where it is not the figure of its line."""
        return {name: self.value, f"{name}_low": self.low, f"{name}_high": self.high}


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
class Rests:
    """What one lever adds to all the others, or (lever "") all levers to nothing, and what of it rests on what."""

    lever: str
    structure: Amount  # who may start when, who serves whom: without the numbers that the lever puts in
    numbers: Amount  # these, on top
    people: int  # more than without the lever


@dataclass(frozen=True, slots=True)
class Pair:
    """How two levers go together: above 0 complements, below 0 substitutes."""

    levers: tuple[str, str]
    interaction: Amount


@dataclass(frozen=True)
class Ledger:
    """Combinations of levers, simulated: the comparison, and the entries of each number."""

    levers: tuple[str, ...]
    subsets: tuple[int, ...]  # the combinations by their number: bit i for lever i; nothing first, everything last
    comparison: Comparison  # of these
    orders: Int | None = None  # (m, n) that were drawn; None: every combination is simulated
    bare: Mapping[str, Result] | None = None  # all levers, without the numbers of one ("": of all); None: not asked

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The numbers that are told about: the goal's share, the other shares within it, and the work that is lost."""
        known = (key for key in keys_of(self.comparison.reference.scenario) if key in self._places)
        return tuple(key for key in known if self.values(key)[0].size)

    def values(self, key: Key) -> dict[int, Float]:
        """(replications) A number of each combination, by its number, where it says something in all of them."""
        table = self._table(self.comparison.results, key)
        return dict(zip(self.subsets, table[:, self._says(key)], strict=True))

    def entries(self, key: Key) -> tuple[Entry, ...]:
        """What each lever adds to a number."""
        values, n = self.values(key), len(self.levers)
        figures = amounts(alone(values, n)), amounts(last_in(values, n)), self._shapley(values)
        rows = zip(self.levers, *figures, strict=True)
        return tuple(self._entry(values, place, *row) for place, row in enumerate(rows))

    def pairs(self, key: Key) -> tuple[Pair, ...]:
        """How each two levers go together; nothing where not every combination is simulated."""
        both = [*combinations(range(len(self.levers)), 2)]
        if self.orders is not None or not both:
            return ()
        game = np.array([*self.values(key).values()])
        found = amounts(np.array([interaction(game, i, j) for i, j in both]))
        return tuple(Pair((self.levers[i], self.levers[j]), each) for (i, j), each in zip(both, found, strict=True))

    def whole(self, key: Key) -> Amount:
        """What all levers add together."""
        values = self.values(key)
        return amounts((values[self.subsets[-1]] - values[0])[None])[0]

    def rests(self, key: Key) -> tuple[Rests, ...]:
        """What the last-in of each lever, and the whole, rest on; nothing if that was not asked for."""
        if self.bare is None:
            return ()
        values, everybody = self.values(key), self.subsets[-1]
        before = [*(everybody ^ 1 << i for i in range(len(self.levers))), 0]
        names = (*self.levers, "")
        parts = [self._parts(key, name, values[subset]) for name, subset in zip(names, before, strict=True)]
        structure, numbers = (amounts(np.array(part)) for part in zip(*parts, strict=True))
        more = (people_added(self._result(subset).scenario, self._result(everybody).scenario) for subset in before)
        return tuple(map(Rests, names, structure, numbers, more))

    @property
    def lines(self) -> list[Line]:
        """Each figure of each lever about each number, then each pair, then what they rest on, then the whole."""
        return [line for key in self.keys for line in self._lines(key)]

    @property
    def frame(self) -> pd.DataFrame:
        """The lines as a pandas frame."""
        return as_frame(self.lines)

    def _lines(self, key: Key) -> Iterator[Line]:
        named = dict(zip(("name", "level", "statistic"), key.columns, strict=True))
        for entry in self.entries(key):
            role = {"needed_with": " ".join(entry.needed_with or ()), "role": entry.role.value}
            for figure in ("alone", "last_in", "shapley"):
                yield {**named, "lever": entry.lever, "figure": figure, **getattr(entry, figure).line, **role}
        empty = {"needed_with": "", "role": ""}
        for pair in self.pairs(key):
            yield {**named, "lever": " ".join(pair.levers), "figure": "interaction", **pair.interaction.line, **empty}
        for rest in self.rests(key):
            figures = {"structure": rest.structure, "numbers": rest.numbers}
            figures["people"] = Amount(*[float(rest.people)] * 3)
            for figure, found in figures.items():
                yield {**named, "lever": rest.lever, "figure": figure, **found.line, **empty}
        yield {**named, "lever": "", "figure": "whole", **self.whole(key).line, **empty}

    def _parts(self, key: Key, lever: str, without: Float) -> tuple[Float, Float]:
        """(replications) What the structure of a lever adds to all the others, and what its numbers add to that."""
        whole = self.values(key)[self.subsets[-1]]
        if self.bare is None or lever not in self.bare:  # it puts in no numbers
            return whole - without, np.zeros_like(whole)
        bare = self._table([self.bare[lever]], key)[0, self._says(key)]
        return bare - without, whole - bare

    def _result(self, subset: int) -> Result:
        return self.comparison.results[self.subsets.index(subset)]

    def _entry(self, values: Mapping[int, Float], place: int, name: str, *figures: Amount) -> Entry:
        of_alone, of_last, of_shapley = figures
        with_whom = needed_with(values, place, lambda added: amounts(added[None])[0].clear)
        others = None if with_whom is None else tuple(self.levers[i] for i in members(with_whom))
        return Entry(name, of_alone, of_last, of_shapley, others, _role(values, place, of_last, of_shapley))

    def _shapley(self, values: Mapping[int, Float]) -> list[Amount]:
        """The Shapley value of each lever; of sampled orders, with what other orders might have given."""
        if self.orders is None:
            return amounts(shapley(np.array([*values.values()])))
        found, by_order = sampled_shapley(lambda who: values[sum(1 << i for i in who)], self.orders)
        _, low, high = interval(by_order, together=len(self.levers))
        return [
            Amount(each.value, each.value - half, each.value + half)
            for each, width in zip(amounts(found), (high - low) / 2, strict=True)
            for half in [float(np.hypot((each.high - each.low) / 2, width))]
        ]

    def _table(self, results: Sequence[Result], key: Key) -> Float:
        """(results, replications) What each replication says of a number."""
        return np.array([result.summary.values[:, self._places[key]] for result in results])

    def _says(self, key: Key) -> NDArray[np.bool_]:
        """(replications) Where a number says something in every scenario."""
        everything = self._table([*self.comparison.results, *(self.bare or {}).values()], key)
        return np.asarray(np.isfinite(everything).all(axis=0))

    @cached_property
    def _places(self) -> Mapping[Key, int]:
        return {key: place for place, key in enumerate(self.comparison.reference.summary.units)}


def ledger(
    source: str | Path,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    orders: int | None = None,
    structure: bool = True,
    **named: Any,
) -> Ledger:
    """Simulate the combinations of the levers that a scenario pulls.

    Parameters
    ----------
    source
        A scenario that names its levers, such as `france_pledge`.
    options, progress, named
        As for `sim.compare`.
    orders
        Of more than `ALL_OF` levers: how many orders are drawn, at least 2; None for `ORDERS`.
    structure
        Whether to find out what rests on structure and what on numbers put in, which takes a scenario for each lever
        that puts numbers in, and one more.

    Raises
    ------
    ScenarioError
        If the scenario, or one of its combinations, cannot be read or built.
    ValueError
        If it pulls no lever, or one under limits, or orders make no sense.
    Interrupted
        On Ctrl-C, with the ledger over the replications that are finished.
    """
    how = options_of(options, named)
    names = levers_of(load(source, set_=how.changes), str(source))
    drawn = _orders(len(names), orders, how.seed)
    subsets = tuple(range(1 << len(names))) if drawn is None else subsets_of(drawn)
    pulled = [tuple(names[i] for i in members(subset)) for subset in subsets]
    scenarios = {called(each): _pulling(source, how, each) for each in pulled}
    bare = _bare(source, how, names) if structure else {}

    def made(found: Comparison) -> Ledger:
        first, rest = found.results[: len(subsets)], found.results[len(subsets) :]
        apart = dict(zip(bare, rest, strict=True))
        if len(apart) == 1:  # all levers without numbers are that one
            apart[""] = next(iter(apart.values()))
        return Ledger(names, subsets, replace(found, results=first), drawn, apart if structure else None)

    with finishing(made):
        everything = scenarios | {f"{BARE}{name}": scenario for name, scenario in bare.items()}
        return made(compare(everything, how, progress=progress, structure=False, set_=None))


def _orders(n: int, asked: int | None, seed: int) -> Int | None:
    """The orders that are drawn; None where every combination is simulated."""
    if n <= ALL_OF:
        if asked is not None:
            raise ValueError(f"orders: are for more than {ALL_OF} levers, got {n}; leave them out")
        return None
    if asked is not None and asked < 2:
        raise ValueError(f"orders: must be at least 2 for an interval, got {asked}")
    return orders_of(n, ORDERS if asked is None else asked, seed)


def _pulling(source: str | Path, how: Options, levers: Sequence[str], bare: Sequence[str] = ()) -> Scenario:
    """The scenario with these levers, some of them without the numbers that they put in."""
    uses = (f"{{name: {each}, numbers: false}}" if each in bare else each for each in levers)
    return load(source, set_=(*how.changes, f"levers=[{', '.join(uses)}]"))


def _bare(source: str | Path, how: Options, names: tuple[str, ...]) -> dict[str, Scenario]:
    """All levers without the numbers of each one that puts some in, and ("") of all, if there are several."""
    whole = _pulling(source, how, names)
    apart = {name: _pulling(source, how, names, [name]) for name in names}
    changed = {name: each for name, each in apart.items() if each.model_copy(update={"levers": whole.levers}) != whole}
    return changed | ({"": _pulling(source, how, names, names)} if len(changed) > 1 else {})


def people_added(before: Scenario, after: Scenario) -> int:
    """How many people more a scenario has, of all kinds of pool."""
    return sum(people(after).values()) - sum(people(before).values())


def levers_of(scenario: Scenario, source: str) -> tuple[str, ...]:
    """The levers that a scenario pulls everywhere. Raises ValueError if there is nothing to combine."""
    limited = [use.name for use in scenario.levers if not isinstance(use, str)]
    if limited:
        raise ValueError(f"{source}: levers: must be pulled everywhere to be combined, got limits of {limited[0]!r}")
    names = tuple(use for use in scenario.levers if isinstance(use, str))
    if not names:
        raise ValueError(f"{source}: levers: must name at least one lever, got none; add --set 'levers=[...]'")
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


def _role(values: Mapping[int, Float], place: int, last: Amount, share: Amount) -> Role:
    everybody, alone = max(values), 1 << place
    gain, left = (float((values[subset] - values[0]).mean()) for subset in (everybody, everybody ^ alone))
    steps = [subset for subset in values if not subset & alone and subset | alone in values]
    if not any((values[subset | alone] != values[subset]).any() for subset in steps):
        return Role.IDLE
    if gain and left / gain < KEEPS:
        return Role.NECESSARY
    return Role.REDUNDANT if not last.clear and share.clear else Role.CONTRIBUTES
