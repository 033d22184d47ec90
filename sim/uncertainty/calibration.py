"""Learning from totals: history matching. Which draws of what nobody knows could give what was published?

A draw is ruled out if, of any target, what it gives lies more than three standard deviations from what was published,
counting how sure the publication is and the luck of the years that were simulated. What is left is fitted to nothing:
it is what totals do not contradict.

Draws are judged in two waves. A first sample (`matched`) says what the ranges give, and an emulator fitted to it, whose
own error counts too, sorts out draws that need not be simulated. Of the others (`verified`) one after the other is
simulated for a year, in the circumstances of the most demanding totals first, until enough remain: whatever is handed
on has been seen to contradict nothing.

References
----------
Craig, Goldstein, Seheult, Smith (1997), Pressure matching for hydrocarbon reservoirs, doi:10.1007/978-1-4612-2290-3_2.
Vernon, Goldstein, Bower (2010), Galaxy formation: a Bayesian uncertainty analysis, doi:10.1214/10-BA524. Pukelsheim
(1994), The three sigma rule, doi:10.1080/00031305.1994.10476030.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from math import inf, nan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import NEVER, Level, Played, decided, minutes, played
from sim.experiment.gathering import Progress
from sim.experiment.options import Options
from sim.experiment.replications import simulated
from sim.experiment.workers import Work, cores, local_pool
from sim.model.network import Int
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.language.ranges import Input
from sim.scenario.targets import Target, Targets
from sim.uncertainty.bands import Band
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

BATCH = 256
"""Draws that are simulated before it is seen whether enough remain."""

NEAR = 6.0
"""Standard deviations of a publication, within which draws tell how much luck there is in what it counts."""

QUANTILES: Mapping[str, float] = {"q1": 0.25, "median": 0.5, "q3": 0.75, "p90": 0.9}


@dataclass(frozen=True)
class Met:
    """A target, and what the scenario gives [d, or a share]."""

    target: Target
    written: float  # at the numbers as they are written
    draws: Band  # 90 % of draws
    plausible: float  # the share of the ranges that does not contradict it, by itself
    seen: float  # of the emulator
    luck: float  # the standard deviation of what a draw gives over its replications


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
    points: Points  # (draws, axes) draws that remain, for what follows


def calibrated(
    source: str | Path,
    targets: Targets,
    how: Options,
    told: Progress | None = None,
    number: int = DRAWS,
    remain: int = KEPT,
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
        Of draws of the first wave.
    remain
        How many draws to look for that contradict nothing.

    Raises
    ------
    ScenarioError
        If the scenario or one of its ranges cannot be read, or a draw cannot be built.
    ValueError
        If a target names an event that is not there or is hardly ever reached, or nothing has a range.
    """
    unknowns = unknowns_of(source, targets, how.changes)
    if not unknowns.names:
        raise ValueError(f"{source}: must have a number with a range, got none")
    _known(unknowns, targets)
    points = np.vstack([np.full(len(unknowns.names), nan), draws(len(unknowns.names), number)])
    values = np.empty((len(points), LUCK, len(targets.targets)))
    with _same_workers(how) as of_all:
        study = _Study(unknowns, targets.targets, of_all)
        for name, places in study.places.items():
            values[:, :, places] = study.given(name, points, "first", LUCK, told)
        return verified(study, matched(unknowns, targets.targets, points, values), told, remain)


@contextmanager
def _same_workers(how: Options) -> Iterator[Options]:
    """Processes that stay for all that follows, where local ones are asked for."""
    if how.executor is not None or how.jobs == 1:
        yield how
        return
    workers = how.jobs or cores()
    with local_pool(workers) as pool:
        yield replace(how, executor=pool, jobs=workers)


def unknowns_of(source: str | Path, targets: Targets, set_: tuple[str, ...] = ()) -> Unknowns:
    """What nobody knows in a scenario and in the circumstances of the surveys, the scenario itself first."""
    others = dict.fromkeys(each.scenario for each in targets.targets if each.scenario is not None)
    return Unknowns({Path(source).stem: source, **{Path(each).stem: each for each in others}}, set_)


@dataclass(frozen=True)
class _Study:
    """What is held against which totals."""

    unknowns: Unknowns
    targets: tuple[Target, ...]
    how: Options

    @property
    def places(self) -> Mapping[str, list[int]]:
        """The targets by the scenario that they are seen in."""
        own, found = next(iter(self.unknowns.sources)), dict[str, list[int]]()
        for place, each in enumerate(self.targets):
            found.setdefault(own if each.scenario is None else Path(each.scenario).stem, []).append(place)
        return found

    def given(self, name: str, points: Points, wave: str, luck: int, told: Progress | None = None) -> Float:
        """(points, replications, targets of the scenario) What the points give, kept in a folder of its own."""
        asked = tuple(self.targets[place] for place in self.places[name])
        out = None if self.how.out is None else Path(self.how.out) / wave / name
        how = replace(self.how, replications=luck, precision=None, precision_of=None, keep="indicators", out=out)
        wanted = partial(totals_of, targets=asked)
        return played_at(self.unknowns, Design(points, name, wanted, repr(asked)), how, told).values[:, 0]


def verified(study: _Study, first: Calibration, told: Progress | None, remain: int) -> Calibration:
    """A calibration whose draws have each been simulated: the first that contradict nothing, `remain` at most."""
    order = sorted(study.places, key=lambda name: min(first.met[place].plausible for place in study.places[name]))
    kept: list[int] = []
    seen = 0
    while len(kept) < remain and seen < len(first.points):
        wave, batch = f"draws_{seen:05d}", np.arange(seen, min(seen + min(BATCH, 2 * remain), len(first.points)))
        seen += len(batch)
        for name in order:
            if len(batch):
                values = study.given(name, first.points[batch], wave, 1)
                batch = batch[_possible([first.met[place] for place in study.places[name]], values)]
        kept += batch.tolist()
        if told is not None:
            told(min(len(kept), remain), remain, {})
    judged = seen if len(kept) < remain else kept[remain - 1] + 1  # whatever the size of a batch
    points = first.points[kept[:remain]]
    share = first.remaining * len(points) / judged if judged else 0.0
    return replace(first, points=points, remaining=share, left=_left(study.unknowns, first.points, points))


def _possible(met: Sequence[Met], values: Float) -> NDArray[np.bool_]:
    """(points) Whether what they give (points, replications, targets) contradicts none of the targets."""
    published, error = (np.array(each) for each in ([m.target.published for m in met], [m.target.error for m in met]))
    luck = np.array([each.luck for each in met])
    with np.errstate(invalid="ignore"):
        far = np.abs(values.mean(axis=1) - published) / np.hypot(error, luck / values.shape[1] ** 0.5)
    return np.asarray((far <= FARTHEST).all(axis=1))


def matched(unknowns: Unknowns, targets: Sequence[Target], points: Points, values: Float) -> Calibration:
    """What targets leave of ranges, from outputs (1 + draws, replications, targets), as written first."""
    fresh = draws(len(unknowns.names), JUDGED, seed=2)
    far, met = [], []
    for place, target in enumerate(targets):
        told = ~np.isnan(values[1:, :, place]).any(axis=1)
        outputs, at = _finite(target, values[1:, :, place][told]), points[1:][told]
        means = outputs.mean(axis=1)
        emulator = fitted(at, means, [unknowns.names.index(each.name) for each in explained(unknowns.names, at, means)])
        unseen = (1 - emulator.seen) * float(means.var())
        luck = _luck(target, outputs)
        error = (target.error**2 + luck**2 / outputs.shape[1] + unseen) ** 0.5
        far.append(np.abs(emulator(fresh) - target.published) / error)
        low, high = np.quantile(means, (0.05, 0.95)).tolist()
        written = float(values[0, :, place].mean())
        met.append(Met(target, written, Band(low, high), 0.0, emulator.seen, luck))
        met[-1] = replace(met[-1], plausible=float(_possible(met[-1:], outputs[:, :, None]).mean()))
    possible = np.array(far) <= FARTHEST  # (targets, fresh)
    stays = fresh[np.asarray(possible.all(axis=0))]
    apart = _apart(targets, possible)
    return Calibration(unknowns, tuple(met), len(stays) / JUDGED, apart, _left(unknowns, fresh, stays), stays)


def _finite(target: Target, outputs: Float) -> Float:
    """Outputs (draws, replications) with the farthest finite one where the target is not reached. Raises ValueError."""
    reached = np.isfinite(outputs).all(axis=1)
    if reached.sum() < FEWEST:
        raise ValueError(f"targets.{target.name}: must be reached in {FEWEST} draws at least, got {reached.sum()}")
    return np.where(np.isfinite(outputs), outputs, outputs[np.isfinite(outputs)].max())


def _luck(target: Target, outputs: Float) -> float:
    """The standard deviation of one replication, in draws (draws, replications) that come near the target, or in all.

    Where queues grow without end there is more luck than in any country that could have given the total.
    """
    near = np.abs(outputs.mean(axis=1) - target.published) <= NEAR * target.error
    some = outputs[near] if near.sum() >= FEWEST else outputs
    return float(some.var(axis=1, ddof=1).mean() ** 0.5)


def totals_of(work: Work, number: int, *, targets: Sequence[Target]) -> dict[str, float]:
    """Every target in one replication [d, or a share]; inf if it is not reached, nan if no trial tells."""
    run = played(work.plan, *simulated(work, number))
    return {each.name: _total(run, each) for each in targets}


def _total(run: Played, target: Target) -> float:
    begin, end, counts = _patients(run, target) if target.level == "patient" else _events(run, target)
    opens, closes = run.window
    counts = counts & (opens <= begin) & (begin < closes)
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


def _events(run: Played, target: Target) -> tuple[Int, Int, NDArray[np.bool_]]:
    """When both events were there for each trial, or each place [min], and which of these the survey was about.

    A trial has an event of its sites when its first site has it, whether or not the goal is about these sites.
    """
    level: Level = "site" if target.level == "site" else "trial"
    asked = _asked(run, target)
    if level == "site":
        begin, end = (decided(run, event, level).end for event in (target.from_, target.to))
        return begin, end, asked[run.place_trial] & (run.place_in_scope | bool(target.at))
    begin, end = (_of_trials(run, event) for event in (target.from_, target.to))
    return begin, end, asked


def _of_trials(run: Played, event: str) -> Int:
    """(trials) When an event was there [min], of those of sites the first."""
    whole = decided(run, event, "trial")
    if not whole.at_sites:
        return whole.end
    first = np.full(len(run.replication.trials), NEVER)
    np.minimum.at(first, run.place_trial, decided(run, event, "site").end)
    return first


def _patients(run: Played, target: Target) -> tuple[Int, Int, NDArray[np.bool_]]:
    """The same of each patient who came to both."""
    workload = run.replication.workload
    first, last = (run.rows_of(event) for event in (target.from_, target.to))
    began, reached = (run.unit[rows] * (int(workload.round.max()) + 1) + workload.round[rows] for rows in (first, last))
    _, one, other = np.intersect1d(began, reached, return_indices=True)
    begin, end = run.ends(first[one]), run.ends(last[other])
    return begin, end, _asked(run, target)[workload.trial[first[one]]] & (end < NEVER)


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
    """Raises ValueError for a target about an event or an attribute that its scenario does not have."""
    own = next(iter(unknowns.sources))
    for each in targets.targets:
        loaded = unknowns.scenario(own if each.scenario is None else Path(each.scenario).stem, {})
        events = {name for task in loaded.process.tasks for name, _ in task.steps}
        attributes = {name for kind in loaded.scenario.classes for name in kind.attributes}
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


def _left(unknowns: Unknowns, before: Points, after: Points) -> tuple[Left, ...]:
    if not len(after):
        return ()
    found = []
    for axis, inputs in enumerate(unknowns.moving.values()):
        ends = (np.quantile(each[:, axis], (0.05, 0.95)) for each in (before, after))
        bands = [Band(*(inputs[0].value(float(u)) for u in each)) for each in ends]
        found.append(Left(inputs, *bands))
    return tuple(sorted(found, key=lambda each: each.kept))
