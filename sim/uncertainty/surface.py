"""A surface through runs at the points of a design: the shares at every point of a box, each with its error.

The box has the few inputs that matter most as its axes, each from the low to the high end of its range; everything else
stays as it is written. Points are spread evenly over it (Sobol'), all with the same luck; through the means of each
share goes a Gaussian process, whose error is its own and that of the replications together. It is fitted to more points
until leaving one out misses by at most `MISSED`, and looked at again at `HELD_OUT` points that it has not seen.

References
----------
Rasmussen, Williams (2006), Gaussian Processes for Machine Learning, 2.7 (a constant mean), 4.2 (Matern 5/2), 5.4
(likelihood, leaving one out), doi:10.7551/mitpress/3206.001.0001.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import Played as Run
from sim.analysis.events import played as played_events
from sim.analysis.indicators import Times, promised, times
from sim.experiment.gathering import Progress
from sim.experiment.options import Options
from sim.experiment.replications import simulated
from sim.experiment.workers import Work
from sim.scenario.language.ranges import Input, number_of
from sim.scenario.schema import Indicator
from sim.uncertainty.designs import draws
from sim.uncertainty.playing import Design, Played, played
from sim.uncertainty.unknowns import Unknowns

Float = NDArray[np.float64]

FEWEST, MOST = 64, 512
"""Points of a design: so many at first, doubled up to the second while the surface misses too much."""

MISSED = 0.02
"""Of a share, by how much a point that is left out may be missed (root mean square) for the surface to be enough."""

NEARLY = 0.8
"""Of what is missed, the part that is luck from which on more points are not worth their time."""

HELD_OUT = 32
"""Points at which a surface is looked at that it was not fitted to."""

COVERED = 0.9
"""Of them, the share that shall lie within two standard errors."""

FOLDER = "surface"
_DAY, _TRIALS = "day ", "trials "
_STARTS = (0.3, 1.0)  # length scales from which the likelihood is climbed
_LEAST_NOISE = 1e-6


@dataclass(frozen=True, slots=True)
class Axis:
    """What a slider moves: the inputs that move together, and how far along [0 to 1] a value of the first one is."""

    inputs: tuple[Input, ...]

    @property
    def name(self) -> str:
        """As the draws name it."""
        return self.inputs[0].tie or self.inputs[0].name

    @property
    def logarithmic(self) -> bool:
        """Whether equal steps are equal factors."""
        return self.inputs[0].law.name == "logpert"

    def along(self, value: float) -> float:
        """Where a value lies between the low end [0] and the high end [1]."""
        low, high = self.inputs[0].law.low, self.inputs[0].law.high
        if self.logarithmic:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return (value - low) / (high - low)

    def value(self, along: float) -> float:
        """The value there, as it would be written: a whole number where it must be one."""
        low, high = self.inputs[0].law.low, self.inputs[0].law.high
        return self.as_written(low * (high / low) ** along if self.logarithmic else low + along * (high - low))

    def as_written(self, value: float) -> float:
        """The value that a file says for this one; within the range."""
        first = self.inputs[0]
        if first.by == "value" and first.quantities[0].about == "number":
            said = first.quantities[0].at(value)[first.quantities[0].parts[0].place]
            value = value if isinstance(said, date) else number_of(said)
        return min(max(value, first.law.low), first.law.high)

    def draw(self, value: float) -> float:
        """The draw [0 to 1] at which the input has a value between its ends."""
        law, low, high = self.inputs[0].law, 0.0, 1.0
        if value <= law.low or value >= law.high:
            return float(value >= law.high)
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if law.quantile(middle) < value else (low, middle)
        return (low + high) / 2


@dataclass(frozen=True)
class Process:
    """A Gaussian process through outputs at points, with a constant mean."""

    points: Float = field(repr=False)  # (points, axes)
    outputs: Float = field(repr=False)  # (points)
    lengths: Float  # (axes) over which the output changes
    noise: float  # of a point, as a share of the variance

    def __call__(self, at: Float) -> tuple[Float, Float]:
        """(places) The output expected at places (places, axes), and its standard error."""
        there = _kernel(at, self.points, self.lengths)
        weights = there @ self._inverse
        lacking = 1 - weights.sum(axis=1)
        ones = self._inverse.sum()
        unknown = 1 - (weights * there).sum(axis=1) + lacking**2 / ones
        return (self.mean + weights @ (self.outputs - self.mean), np.sqrt(self.variance * np.maximum(unknown, 0.0)))

    @property
    def mean(self) -> float:
        """What the output is far from every point."""
        whole = self._inverse.sum(axis=0)
        return float(whole @ self.outputs / whole.sum())

    @property
    def variance(self) -> float:
        """Of the output over the box."""
        left = self.outputs - self.mean
        return float(left @ self._inverse @ left / max(len(left) - 1, 1))

    @property
    def missed(self) -> float:
        """By how much a point is missed that is left out, root mean square."""
        inverse = self._inverse
        whole = inverse.sum(axis=0)
        without_mean = inverse - np.outer(whole, whole) / whole.sum()
        return float(np.sqrt(np.mean(((without_mean @ self.outputs) / np.diag(without_mean)) ** 2)))

    @cached_property
    def _inverse(self) -> Float:
        return np.asarray(np.linalg.inv(_covariance(self.points, self.lengths, self.noise)))


def through(points: Float, outputs: Float) -> Process:
    """The process under which the outputs are most likely.

    Parameters
    ----------
    points
        (points, axes) In the unit cube.
    outputs
        (points)
    """
    from scipy.optimize import minimize

    axes = points.shape[1]
    if not np.ptp(outputs):
        return Process(points, outputs, np.ones(axes), 1.0)
    bounds = [(math.log(0.05), math.log(20.0))] * axes + [(math.log(_LEAST_NOISE), math.log(10.0))]
    starts = (np.append(np.full(axes, math.log(start)), math.log(0.01)) for start in _STARTS)
    climbed = (minimize(_unlikely, start, (points, outputs), "L-BFGS-B", bounds=bounds) for start in starts)
    best = np.round(min(climbed, key=lambda each: float(each.fun)).x, 6)
    return Process(points, outputs, np.exp(best[:-1]), math.exp(best[-1]))


def _unlikely(numbers: Float, points: Float, outputs: Float) -> float:
    """Minus the log likelihood at logarithms of the lengths and the noise, mean and variance at their best."""
    covariance = _covariance(points, np.exp(numbers[:-1]), math.exp(numbers[-1]))
    factor = np.linalg.cholesky(covariance)
    both = np.linalg.solve(factor, np.column_stack([outputs, np.ones(len(outputs))]))
    y, ones = both.T
    left = y - ones * (ones @ y) / (ones @ ones)
    logs = 2 * np.log(np.diag(factor)).sum() + math.log(ones @ ones)
    return float((len(y) - 1) * math.log(left @ left) + logs) / 2


def _covariance(points: Float, lengths: Float, noise: float) -> Float:
    return _kernel(points, points, lengths) + noise * np.eye(len(points))


def _kernel(one: Float, other: Float, lengths: Float) -> Float:
    """(one, other) Matern 5/2."""
    apart = ((one[:, None] - other[None]) / lengths) ** 2
    distance = np.sqrt(5 * apart.sum(axis=2))
    return np.asarray((1 + distance + distance**2 / 3) * np.exp(-distance))


@dataclass(frozen=True)
class Held:
    """What points that a surface has not seen say of it; each is (points) of all scenarios and shares together."""

    foreseen: Float
    error: Float
    found: Float

    @property
    def covered(self) -> float:
        """The share of the points within two standard errors."""
        return float((np.abs(self.found - self.foreseen) <= 2 * self.error).mean())


@dataclass(frozen=True)
class Surface:
    """The shares of scenarios over a box of inputs; `processes` and `luck` by scenario and share."""

    axes: tuple[Axis, ...]
    scenarios: tuple[str, ...]
    shares: tuple[str, ...]  # the indicators, that of the goal first
    days: tuple[int, ...]  # of the curve of the first one
    points: Float = field(repr=False)  # (points, axes)
    curves: Float = field(repr=False)  # (points, scenarios, days)
    processes: dict[tuple[str, str], Process] = field(repr=False)
    luck: dict[tuple[str, str], float]  # the variance of a mean over replications, as a multiple of share (1 - share)
    replications: int
    held: Held

    @property
    def missed(self) -> float:
        """The most by which a share is missed at points that are left out, root mean square [0 to 1]."""
        return max(each.missed for each in self.processes.values())

    @property
    def noise(self) -> float:
        """The luck of the points themselves where it is greatest, which more of them do not take away [0 to 1]."""
        return max(math.sqrt(each.variance * each.noise) for each in self.processes.values())

    @property
    def good(self) -> bool:
        """Whether it misses by no more than it may, and its errors hold where it was not fitted."""
        return self.missed <= MISSED and self.held.covered >= COVERED

    def at(self, scenario: str, share: str, places: Float) -> tuple[Float, Float]:
        """(places) A share [0 to 1] at places (places, axes), and its standard error."""
        value, error = self.processes[scenario, share](places)
        value = np.clip(value, 0.0, 1.0)
        return value, np.sqrt(error**2 + self.luck[scenario, share] * value * (1 - value))

    def bent(self, scenario: str, share: str) -> tuple[Axis, ...]:
        """The axes along which a share goes up and down by more than its error, at one of a few points of the box."""
        steps = np.linspace(0, 1, 21)
        return tuple(axis for place, axis in enumerate(self.axes) if self._is_bent(scenario, share, place, steps))

    def _is_bent(self, scenario: str, share: str, place: int, steps: Float) -> bool:
        for start in self.points[:16]:
            line = np.tile(start, (len(steps), 1))
            line[:, place] = steps
            value, error = self.at(scenario, share, line)
            ups, downs = np.maximum.accumulate(value) - value, value - np.minimum.accumulate(value)
            if min(ups.max(), downs.max()) > 2 * error.max():
                return True
        return False


def surface(
    unknowns: Unknowns, axes: Sequence[Axis], days: Sequence[int], how: Options, told: Progress | None = None
) -> Surface:
    """The surface of the shares of scenarios over the box of some inputs.

    Parameters
    ----------
    unknowns
        The scenarios; the first is the reference.
    axes
        What moves; at least one.
    days
        On which the curve of the goal's indicator is known [d].
    how
        The replications at every point, the seed, who computes, and the folder that keeps what is finished.
    told
        Told about every finished run.

    Raises
    ------
    ScenarioError
        If a scenario cannot be built at a point.
    ValueError
        If nothing moves.
    """
    if not axes:
        raise ValueError("axes: must be at least one input with a range, got none")
    box = _Box(unknowns, tuple(axes), tuple(days), how, told)
    held, blocks = box.played(box.held_out, "held_out"), []
    points = box.written(draws(len(axes), MOST))
    for number in _doubling(FEWEST, MOST):
        begin = 0 if number == FEWEST else number // 2
        blocks.append(box.played(points[begin:number], f"{number:03}"))
        found = box.fitted(points[:number], blocks, held)
        if found.missed <= max(MISSED, found.noise / NEARLY):
            break
    return found


def _doubling(first: int, last: int) -> list[int]:
    return [first * 2**power for power in range((last // first).bit_length())]


@dataclass(frozen=True)
class _Box:
    """Runs in a box of inputs."""

    unknowns: Unknowns
    axes: tuple[Axis, ...]
    days: tuple[int, ...]
    how: Options
    told: Progress | None

    @property
    def held_out(self) -> Float:
        """(points, axes) The points at which a surface is looked at that it was not fitted to."""
        return self.written(draws(len(self.axes), HELD_OUT, seed=2))

    def written(self, points: Float) -> Float:
        """(points, axes) The points at which a file can be."""
        columns = [[axis.along(axis.value(each)) for each in points[:, place]] for place, axis in enumerate(self.axes)]
        return np.column_stack(columns)

    def played(self, points: Float, name: str) -> Played:
        """Runs of every scenario at points (points, axes) of the box, kept in a folder of this name."""
        names = self.unknowns.names
        drawn = np.full((len(points), len(names)), np.nan)
        for place, axis in enumerate(self.axes):
            drawn[:, names.index(axis.name)] = [axis.draw(axis.value(each)) for each in points[:, place]]
        out = None if self.how.out is None else Path(self.how.out) / FOLDER / name
        design = Design(drawn, wanted=partial(curves_of, days=self.days), says=f"shares by {self.days}")
        return played(self.unknowns, design, replace(self.how, out=out), self.told)

    def fitted(self, points: Float, blocks: Sequence[Played], held: Played) -> Surface:
        """The surface through the runs of all blocks."""
        shares = tuple(each for each in held.outputs if not each.startswith((_DAY, _TRIALS)))
        pairs = [(name, share) for name in held.scenarios for share in shares]
        means = {pair: np.concatenate([_pooled(each, *pair) for each in blocks]) for pair in pairs}
        processes = {pair: through(points, found) for pair, found in means.items()}
        luck = {pair: _luck(np.concatenate([each.of(*pair) for each in blocks])) for pair in pairs}
        curves = np.stack([self._curves(blocks, name, shares[0]) for name in held.scenarios], axis=1)
        nothing = Held(np.empty(0), np.empty(0), np.empty(0))
        found = Surface(
            self.axes, held.scenarios, shares, self.days, points, curves, processes, luck, self.how.most, nothing
        )
        return replace(found, held=_held(found, self.held_out, held))

    def _curves(self, blocks: Sequence[Played], name: str, share: str) -> Float:
        """(points, days)"""
        days = (f"{_DAY}{day}" for day in self.days)
        parts = [np.concatenate([_pooled(each, name, day, share) for each in blocks]) for day in days]
        return np.column_stack(parts)


def _pooled(found: Played, scenario: str, output: str, of: str | None = None) -> Float:
    """(points) A share [0 to 1] over the trials of all replications together, as a run tells it."""
    trials = found.of(scenario, f"{_TRIALS}{of or output}")
    shares = np.where(trials > 0, found.of(scenario, output), 0.0)
    return np.asarray((shares * trials).sum(axis=1) / np.maximum(trials.sum(axis=1), 1))


def _luck(outputs: Float) -> float:
    """The variance of a mean over replications (points, replications), as a multiple of share (1 - share)."""
    means = np.nanmean(outputs, axis=1)
    whole = float((means * (1 - means)).mean())
    if outputs.shape[1] < 2 or not whole > 0:
        return 0.0
    return float(np.nanvar(outputs, axis=1, ddof=1).mean() / outputs.shape[1]) / whole


def _held(found: Surface, places: Float, held: Played) -> Held:
    parts = [
        (*found.at(name, share, places), _pooled(held, name, share))
        for name in found.scenarios
        for share in found.shares
    ]
    foreseen, error, there = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Held(foreseen, error, there)


def curves_of(work: Work, number: int, *, days: Sequence[int]) -> dict[str, float]:
    """Of one replication: the share within the goal [0 to 1] and the trials of each indicator that the goal is about,
    and the share of the first one within each of some days.
    """
    run = played_events(work.plan, *simulated(work, number))
    asked = [each for each in run.scenario.indicators if "trial" in each.levels and promised(run.scenario.goal, each)]
    first, *others = (times(run, each, "trial") for each in sorted(asked, key=lambda each: not _is_goal(run, each)))
    found = {each.name: _share(each, each.within) for each in (first, *others)}
    found |= {f"{_TRIALS}{each.name}": float(each.trials) for each in (first, *others)}
    return found | {f"{_DAY}{day}": _share(first, day) for day in days}


def _is_goal(run: Run, indicator: Indicator) -> bool:
    return run.scenario.goal is not None and indicator.to == run.scenario.goal.to


def _share(of: Times, days: float) -> float:
    return float((of.there & (of.counted <= days)).mean()) if of.trials else 0.0
