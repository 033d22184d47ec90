"""Learning from totals: history matching. Which draws of what nobody knows could give what was published?

A draw is ruled out if, of any target, what it gives lies more than three standard deviations from what was published,
counting how sure the publication is, the luck of the years that were simulated, and the error of the emulator by which
draws that were not simulated are judged. What is left is fitted to nothing: it is what totals do not
contradict.

References
----------
Craig, Goldstein, Seheult, Smith (1997), Pressure matching for hydrocarbon reservoirs, doi:10.1007/978-1-4612-2290-3_2.
Vernon, Goldstein, Bower (2010), Galaxy formation: a Bayesian uncertainty analysis, doi:10.1214/10-BA524. Pukelsheim
(1994), The three sigma rule, doi:10.1080/00031305.1994.10476030.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from math import inf, nan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import NEVER, Played, decided, minutes, played
from sim.experiment.gathering import Progress
from sim.experiment.options import Options
from sim.experiment.replications import simulated
from sim.experiment.workers import Work
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.language.ranges import Input
from sim.scenario.targets import Target, Targets
from sim.uncertainty.bands import Band, parted
from sim.uncertainty.designs import Points, draws
from sim.uncertainty.emulator import fitted
from sim.uncertainty.indices import explained
from sim.uncertainty.playing import Design
from sim.uncertainty.playing import played as played_at
from sim.uncertainty.unknowns import Unknowns

Float = NDArray[np.float64]

DRAWS = 256
LUCK = 2
FARTHEST = 3.0
"""Standard deviations beyond which a draw is ruled out."""

JUDGED = 2**14
"""Fresh draws that are judged by the emulator."""

FEWEST = 16
"""Draws that an emulator is fitted to, at least."""

KEPT = 128
"""Of what remains, how many draws are handed on."""

QUANTILES: Mapping[str, float] = {"q1": 0.25, "median": 0.5, "q3": 0.75, "p90": 0.9}


@dataclass(frozen=True)
class Met:
    """A target, and what the scenario gives [d, or a share]."""

    target: Target
    written: float  # at the numbers as they are written
    draws: Band  # 90 % of draws
    plausible: float  # the share of the ranges that does not contradict it, by itself
    seen: float  # of the emulator


@dataclass(frozen=True)
class Left:
    """What is left of the range of an input [its unit]: 90 % of it before and after."""

    inputs: tuple[Input, ...]
    before: Band
    after: Band

    @property
    def kept(self) -> float:
        """How wide the one is beside the other."""
        width = self.before.high - self.before.low
        return (self.after.high - self.after.low) / width if width else 1.0


@dataclass(frozen=True)
class Calibration:
    """What published totals leave of the ranges."""

    unknowns: Unknowns
    met: tuple[Met, ...]
    remaining: float  # the share of the ranges that contradicts no target
    apart: tuple[tuple[str, str], ...]  # targets that can each be met, but not together
    left: tuple[Left, ...]  # the most narrowed first; empty if nothing remains
    points: Points  # (KEPT at most, axes) draws that remain, for what follows


def calibrated(
    source: str | Path, targets: Targets, how: Options, told: Progress | None = None, number: int = DRAWS
) -> Calibration:
    """What the targets leave of the ranges of a scenario.

    Parameters
    ----------
    source
        Its file, or the name of a shipped one.
    targets
        What was published.
    how
        The seed, the engine, who computes, and the folder that keeps what is finished.
    told
        Told about every finished run.
    number
        Of draws that are simulated.

    Raises
    ------
    ScenarioError
        If the scenario or one of its ranges cannot be read, or a draw cannot be built.
    ValueError
        If a target names an event that is not there or is hardly ever reached, or nothing has a range.
    """
    unknowns = Unknowns({Path(source).stem: source}, how.changes)
    if not unknowns.names:
        raise ValueError(f"{source}: must have a number with a range, got none")
    _known(unknowns, targets)
    points = np.vstack([np.full(len(unknowns.names), nan), draws(len(unknowns.names), number)])
    wanted = partial(totals_of, targets=targets.targets)
    of_draws = replace(how, replications=LUCK, precision=None, precision_of=None, keep="indicators")
    found = played_at(unknowns, Design(points, None, wanted, repr(targets)), of_draws, told)
    return matched(unknowns, targets.targets, points, found.values[:, 0])


def matched(unknowns: Unknowns, targets: Sequence[Target], points: Points, values: Float) -> Calibration:
    """What targets leave of ranges, from outputs (1 + draws, replications, targets), as written first."""
    fresh = draws(len(unknowns.names), JUDGED, seed=2)
    far, met = [], []
    for place, target in enumerate(targets):
        reached = np.isfinite(values[1:, :, place]).all(axis=1)
        outputs, at = values[1:, :, place][reached], points[1:][reached]
        if len(outputs) < FEWEST:
            raise ValueError(f"targets.{target.name}: must be reached in {FEWEST} draws at least, got {len(outputs)}")
        means, rest = outputs.mean(axis=1), max(parted(outputs).rest, 0.0) / outputs.shape[1]
        order = [unknowns.names.index(each.name) for each in explained(unknowns.names, at, means)]
        emulator = fitted(at, means, order)
        unseen = (1 - emulator.seen) * float(means.var())
        error = (target.error**2 + rest + unseen) ** 0.5
        far.append(np.abs(emulator(fresh) - target.published) / error)
        low, high = np.quantile(means, (0.05, 0.95)).tolist()
        written, plausible = float(values[0, :, place].mean()), float((far[-1] <= FARTHEST).mean())
        met.append(Met(target, written, Band(low, high), plausible, emulator.seen))
    possible = np.array(far) <= FARTHEST  # (targets, fresh)
    stays = np.asarray(possible.all(axis=0))
    return Calibration(
        unknowns,
        tuple(met),
        float(stays.mean()),
        _apart(targets, possible),
        _left(unknowns, fresh, stays),
        fresh[stays][:KEPT],
    )


def totals_of(work: Work, number: int, *, targets: Sequence[Target]) -> dict[str, float]:
    """Every target in one replication [d, or a share]; inf if it is not reached, nan if no trial tells."""
    run = played(work.plan, *simulated(work, number))
    return {each.name: _total(run, each) for each in targets}


def _total(run: Played, target: Target) -> float:
    begin, end = decided(run, target.from_, "trial").end, decided(run, target.to, "trial").end
    opens, closes = run.window
    counts = _asked(run, target) & (opens <= begin) & (begin < closes)
    if target.seen_within is not None:
        counts &= end <= opens + minutes(target.seen_within)
    days = np.where(end < NEVER, (end - begin) / MINUTES_PER_DAY, inf)[counts]
    if not len(days):
        return nan
    if target.within is not None:
        return float((days <= target.within.days).mean())
    if target.statistic == "mean":
        return float(days[np.isfinite(days)].mean()) if np.isfinite(days).any() else nan
    return float(np.quantile(days, QUANTILES[target.statistic], method="higher"))


def _asked(run: Played, target: Target) -> NDArray[np.bool_]:
    """(trials) Those that the survey was about."""
    trials = run.replication.trials
    if not target.at:
        return trials.in_scope
    held = np.ones(len(trials), dtype=bool)
    for name, wanted in target.at.items():
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        held &= np.isin(trials.attributes[name], np.array(values, dtype=trials.attributes[name].dtype))
    return held


def _known(unknowns: Unknowns, targets: Targets) -> None:
    """Raises ValueError for a target about an event or an attribute that the scenario does not have."""
    loaded = unknowns.scenario(next(iter(unknowns.sources)), {})
    events = {name for task in loaded.process.tasks for name, _ in task.steps}
    attributes = {name for each in loaded.scenario.classes for name in each.attributes}
    for each in targets.targets:
        for what, known in (({each.from_, each.to}, events), ({*each.at}, attributes)):
            if missing := what - known:
                raise ValueError(f"targets.{each.name}: the scenario has no {', '.join(sorted(missing))}")


def _apart(targets: Sequence[Target], possible: NDArray[np.bool_]) -> tuple[tuple[str, str], ...]:
    pairs = combinations(range(len(targets)), 2)
    return tuple(
        (targets[a].name, targets[b].name)
        for a, b in pairs
        if possible[a].any() and possible[b].any() and not (possible[a] & possible[b]).any()
    )


def _left(unknowns: Unknowns, fresh: Points, stays: NDArray[np.bool_]) -> tuple[Left, ...]:
    if not stays.any():
        return ()
    found = []
    for axis, inputs in enumerate(unknowns.moving.values()):
        ends = (np.quantile(each[:, axis], (0.05, 0.95)) for each in (fresh, fresh[stays]))
        before, after = (Band(*(inputs[0].value(float(u)) for u in each)) for each in ends)
        found.append(Left(inputs, before, after))
    return tuple(sorted(found, key=lambda each: each.kept))
