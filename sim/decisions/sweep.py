"""One or two values on a grid: how far the answer moves when a value of the scenario does.

An `Axis` is a path of the scenario and the values to try there, written as for `--set`; the path `scenario` stands for
the file itself and `levers` for combinations joined by `+`. A `Cell` is one value of each axis. All cells are simulated
as one experiment on the same trials with the same luck, so that a curve over them is smooth; a cell holds what a plain
run of it would give.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.contrasts import Contrast, contrasts
from sim.analysis.estimates import Estimate, Key, Kind, indicator_key
from sim.analysis.intervals import interval
from sim.decisions.ledger import WASTED, keys_of
from sim.decisions.pareto import Standing, knee, standings
from sim.experiment.gathering import Progress
from sim.experiment.options import Options, options_of
from sim.experiment.results import Comparison, Result
from sim.experiment.running import Interrupted, compare
from sim.experiment.tables import line_of
from sim.scenario.language.mistakes import did_you_mean
from sim.scenario.loading import load
from sim.scenario.schema import STATISTICS, Scenario
from sim.tables import Line, as_frame

if TYPE_CHECKING:
    import pandas as pd

_NUMBER = re.compile(r"(?P<sign>[+-] ?)?(?P<value>[0-9]+([.][0-9]+)?)")

MOST_CELLS = 1_000
"""Cells of a grid: an hour or two of one core for the French year."""

Change = tuple[str, str]
"""A path and the value that is set there."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A path and the values to try there, in their order."""

    path: str
    values: tuple[str, ...]

    @property
    def scale(self) -> tuple[float, ...] | None:
        """Where its values lie on a line, if they differ in one number: what comes before an event is negative.

        >>> Axis("contracting.starts", ("authorised - 20 d", "authorised", "authorised + 5 d")).scale
        (-20.0, 0.0, 5.0)
        """
        read = [_NUMBER.search(value) for value in self.values]
        rests = {_rest(value, number) for value, number in zip(self.values, read, strict=True)}
        if len(rests) > 1 or not any(read):
            return None
        return tuple(_signed(each) if each is not None else 0.0 for each in read)

    @property
    def is_scale(self) -> bool:
        """Whether its values have an order with two ends, and something between."""
        return len(self.values) > 2 and self.scale is not None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of each axis, and what came of it."""

    at: tuple[Change, ...]
    result: Result

    def estimate(self, key: Key) -> Estimate:
        """A number of this cell. Raises KeyError where its scenario does not measure it."""
        return self.result.summary.estimates[key]


@dataclass(frozen=True)
class Sweep:
    """A grid, simulated; the first cell is the reference of differences."""

    axes: tuple[Axis, ...]
    comparison: Comparison
    also: tuple[Key, ...] = ()  # numbers that are told besides

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, the last axis fastest."""
        return tuple(map(Cell, grid(self.axes), self.comparison.results))

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The numbers that every cell is told about."""
        return tuple(dict.fromkeys((*keys_of(self.comparison.reference.scenario), *self.also)))

    @property
    def lines(self) -> Iterator[Line]:
        """A line for each number of each cell: the values of the axes, the estimate, the difference from the first."""
        for cell in self.cells:
            differences = contrasts(self.comparison.reference, cell.result)
            for key in self.keys:
                yield {**dict(cell.at), **line_of(cell.estimate(key)), **_difference(differences[key])}

    @property
    def frame(self) -> pd.DataFrame:
        """The lines as a tidy frame."""
        return as_frame([*self.lines])

    @cached_property
    def told(self) -> tuple[Key, ...]:
        """The numbers about which some cell says something."""
        return tuple(k for k in self.keys if any(isfinite(cell.estimate(k).value) for cell in self.cells))

    @property
    def goal_key(self) -> Key | None:
        """The share that keeps the goal; None where there is no goal, or nobody counts."""
        has_goal = self.comparison.reference.scenario.goal is not None
        return self.keys[0] if has_goal and self.keys[0] in self.told else None

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """How each cell stands, more of the goal's share being better and more lost work worse; () where none is."""
        if self.goal_key is None or WASTED not in self.told:
            return ()
        return standings(self._values(self.keys[0]), self._values(WASTED))

    @cached_property
    def front(self) -> tuple[Cell, ...]:
        """The cells that no other one is better than in both numbers on average."""
        stands = zip(self.cells, self.standings, strict=False)
        return tuple(cell for cell, each in stands if each is Standing.FRONT)

    @property
    def knee(self) -> Cell | None:
        """The cell of the front after which more of the share costs most; None where the front has no three cells."""
        if len(self.front) < 3:
            return None
        share, price = (np.array([c.estimate(k).value for c in self.front]) for k in (self.keys[0], WASTED))
        return self.front[knee(share, price)]

    def clearly_differ(self, key: Key, a: int, b: int) -> bool:
        """Whether a number of two cells, by their places, differs by a paired interval that does not hold 0."""
        values = self._values(key)
        _, low, high = interval(values[a] - values[b])
        return bool(low > 0 or high < 0)

    @property
    def guarded(self) -> tuple[Cell, ...]:
        """The cells in which clearly fewer trials keep the goal than in the first, although clearly less time passes.

        A review that is shorter leaves less time to negotiate beside it: the share may fall while the days from the
        submission to the goal's end, or to the first patient, improve.
        """
        return tuple(cell for cell in self.cells if self._trades(cell))

    def _trades(self, cell: Cell) -> bool:
        if self.goal_key is None:
            return False
        differences = contrasts(self.comparison.reference, cell.result)
        sooner = [differences[key].high < 0 for key in self._from_before if key in differences]
        return differences[self.keys[0]].high < 0 and any(sooner)

    @cached_property
    def _from_before(self) -> tuple[Key, ...]:
        """The median days up to where the goal's clock leads, counted from another event than the goal's."""
        scenario = self.comparison.reference.scenario
        since = scenario.goal.from_ if scenario.goal is not None else ""
        ends = {each.to for each in scenario.indicators if each.from_ == since and not each.less}
        spans = [each for each in scenario.indicators if each.to in ends - {since} and each.from_ != since]
        return tuple(indicator_key(each.name, "median") for each in spans if each.from_ not in ends)

    def _values(self, key: Key) -> np.ndarray[Any, np.dtype[np.float64]]:
        """(cells, replications) A number of every cell."""
        columns = [[*cell.result.summary.units].index(key) for cell in self.cells]
        return np.array([cell.result.summary.values[:, at] for cell, at in zip(self.cells, columns, strict=True)])


class SweepInterrupted(KeyboardInterrupt):
    """Ctrl-C, with the `Sweep` of the replications that every cell has; None if there is none."""

    def __init__(self, finished: Sweep | None) -> None:
        super().__init__()
        self.finished = finished


def sweep(
    source: str | Path,
    over: Mapping[str, Sequence[str]],
    options: Options | None = None,
    *,
    also: Sequence[str] = (),
    progress: Progress | None = None,
    **named: Any,
) -> Sweep:
    """Simulate a scenario at every point of a grid.

    Parameters
    ----------
    source
        A scenario file, or the name of a shipped scenario.
    over
        The values to try at each path, such as {"contracting.starts": ["authorised", "application_submitted"]}.
    also
        Numbers that are told besides, such as "submission_to_fpi.median" or "wait_time[contract_officers].mean".
    options, progress, named
        As for `sim.compare`.

    Raises
    ------
    ScenarioError
        If a cell cannot be read or built.
    ValueError
        If there is no axis, an axis without a value, or more than `MOST_CELLS` cells, or a number that no cell has.
    SweepInterrupted
        On Ctrl-C, with what is finished.
    """
    how = options_of(options, named)
    axes = tuple(Axis(path, tuple(values)) for path, values in over.items())
    _check(axes)
    scenarios = {called(at): scenario_at(source, at, how.changes) for at in grid(axes)}
    keys = tuple(key_named(each, scenarios.values()) for each in also)
    if not keys and any(each.goal is None for each in scenarios.values()):
        raise ValueError("goal: must be there in every cell, got one without; add it, or name a number with --tell")
    try:
        return Sweep(axes, compare(scenarios, how, progress=progress, structure=False, set_=None), keys)
    except Interrupted as interrupted:
        done = interrupted.finished
        raise SweepInterrupted(None if done is None else Sweep(axes, done, keys)) from None


OF_POOLS = ((Kind.WAIT, "mean"), (Kind.WAIT, "p90"), (Kind.USE, "share"), (Kind.BACKLOG, "mean"))
"""What can be told of people."""


def key_named(written: str, scenarios: Iterable[Scenario]) -> Key:
    """A number by its name in tables, a point, and a statistic: `readiness_time.median`, `wait_time[officers].mean`.

    Raises
    ------
    ValueError
        If one of the scenarios does not have it.
    """
    first, *others = [_numbers_of(each) for each in scenarios]
    known = [name for name in first if all(name in each for each in others)]
    if written not in known:
        raise ValueError(f"tell: must be a number of every cell, got {written!r}; {did_you_mean(written, known)}")
    return first[written]


def _numbers_of(scenario: Scenario) -> dict[str, Key]:
    found = [
        indicator_key(each.name, statistic, "trial" if "trial" in each.levels else each.levels[0])
        for each in scenario.indicators
        for statistic in (*STATISTICS, *each.statistics)
    ]
    found += [Key(kind, pool, "pool", statistic) for pool in scenario.pools for kind, statistic in OF_POOLS]
    return {f"{key.name}.{key.statistic}": key for key in found}


def axis(written: str) -> Axis:
    """An axis as the command line gives it, `path=v1,v2,v3`; a comma inside brackets or braces does not part values.

    >>> axis("pools.experts.units=1,2")
    Axis(path='pools.experts.units', values=('1', '2'))

    Raises
    ------
    ValueError
        If it is no path with values.
    """
    path, equals, values = written.partition("=")
    parts = tuple(part.strip() for part in re.split(r",(?![^\[{]*[\]}])", values))
    if not equals or not path.strip() or not all(parts):
        raise ValueError(f"over: must be path=v1,v2,..., such as pools.experts.units=1,2,3; got {written!r}")
    return Axis(path.strip(), parts)


def grid(axes: Sequence[Axis]) -> list[tuple[Change, ...]]:
    """The points of a grid, the last axis fastest."""
    return [*product(*([(each.path, value) for value in each.values] for each in axes))]


def scenario_at(source: str | Path, at: Sequence[Change], changes: Sequence[str] = ()) -> Scenario:
    """The scenario of one cell. Raises ScenarioError."""
    file = next((value for path, value in at if path == "scenario"), source)
    return load(file, set_=(*changes, *(_setting(*each) for each in at if each[0] != "scenario")))


def called(at: Sequence[Change]) -> str:
    """The name of a cell.

    >>> called([("pools.experts.units", "2"), ("levers", "none")])
    'pools.experts.units=2; levers=none'
    """
    return "; ".join(f"{path}={value}" for path, value in at)


def _rest(value: str, number: re.Match[str] | None) -> tuple[str, str]:
    """What a value says besides its number; the unit of a lag that is not there is anything."""
    if number is None:
        return value.strip(), ""
    before, after = value[: number.start()].strip(), value[number.end() :].strip()
    return before, "" if number["sign"] and before else after


def _signed(number: re.Match[str]) -> float:
    value = float(number["value"])
    return -value if (number["sign"] or "").startswith("-") else value


def _setting(path: str, value: str) -> str:
    if path != "levers":
        return f"{path}={value}"
    return f"levers=[{', '.join(part for part in value.split('+') if part != 'none')}]"


def _difference(found: Contrast) -> Line:
    return {f"difference_{name}": getattr(found, name) for name in ("value", "low", "high")} | {
        "verdict": found.verdict.value
    }


def _check(axes: Sequence[Axis]) -> None:
    if not axes:
        raise ValueError("over: must name at least one path, such as pools.experts.units=1,2,3; got none")
    for each in axes:
        if len({*each.values}) < len(each.values) or not each.values:
            raise ValueError(f"over: {each.path}: must be values, each once; got {', '.join(each.values) or 'none'}")
    cells = int(np.prod([len(each.values) for each in axes]))
    if cells > MOST_CELLS:
        raise ValueError(f"over: must make at most {MOST_CELLS:,} cells, got {cells:,}; try fewer values")
