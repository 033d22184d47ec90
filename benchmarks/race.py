"""Simulators against each other: alternating rounds on the same year, medians of processor time, and equal means.

A `Runner` plays replication k and says what came out and how long it took. Rounds alternate, every simulator in turn,
so that a disturbance of the machine meets all of them; a `Line` has the median and its ratio to the first runner's.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
from scipy.stats import ttest_ind

from benchmarks import c_loop, ours, with_simmer
from benchmarks.process import CHAIN, YEAR, Played, Year, year
from sim.analysis.indicators import Measures, measure
from sim.analysis.intervals import interval

DOUBT = 1e-4
"""Two simulators disagree if equal ones would be so far apart less often than this."""


@dataclass(frozen=True, slots=True)
class Round:
    """One replication of one simulator."""

    says: Played
    seconds: float


@dataclass(frozen=True, slots=True)
class Runner:
    """A simulator, what it is timed on, and replication -> round."""

    name: str
    measures: str
    play: Callable[[int], Round]
    returns: str = "means"


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one simulator after all rounds."""

    name: str
    measures: str
    returns: str
    seconds: float  # median of a replication
    times_faster: float  # than the first
    means: Mapping[str, tuple[float, float]]  # by milestone: mean and half-width [d]
    agrees: bool  # with the compiled engine


def race(runners: Sequence[Runner], rounds: int, reference: str) -> tuple[Line, ...]:
    """All runners, in alternating rounds; the first is what the others are compared with in time."""
    for runner in runners:
        runner.play(0)  # compiles, imports, fills caches
    found: dict[str, list[Round]] = {runner.name: [] for runner in runners}
    for number in range(1, rounds + 1):
        for runner in runners:
            found[runner.name].append(runner.play(number))
    slowest = median(each.seconds for each in found[runners[0].name])
    return tuple(_line(runner, found[runner.name], slowest, found[reference]) for runner in runners)


def of_year(file: Path = YEAR, changes: Sequence[str] = (), folder: Path | None = None) -> Iterator[Runner]:
    """Everybody who can play the year."""
    from benchmarks import plain_simpy

    known = year(file, changes)
    yield Runner("idiomatic SimPy", "draw, loop, means", lambda number: _timed(plain_simpy.play, known, number))
    if importlib.util.find_spec("salabim") is not None:
        from benchmarks import with_salabim

        yield Runner("salabim", "draw, loop, means", lambda number: _timed(with_salabim.play, known, number))
    yield from _cimba("year", known)
    yield from _ours(file, changes)
    if folder is not None and c_loop.available():
        yield _c_loop(file, changes, folder)


def of_chain(file: Path = CHAIN, changes: Sequence[str] = ()) -> Iterator[Runner]:
    """Everybody who can play the chain."""
    known = year(file, changes)
    if importlib.util.find_spec("ciw") is not None:
        from benchmarks import with_ciw

        yield Runner("Ciw", "draw, loop, means", lambda number: _timed(with_ciw.play, known, number))
    if with_simmer.available():
        yield Runner("R simmer", "draw, loop, means", lambda number: Round(*with_simmer.play(known, number)))
    yield from _cimba("chain", known)
    yield from _ours(file, changes)


def _cimba(what: str, known: Year) -> Iterator[Runner]:
    if importlib.util.find_spec("cimba") is not None:
        from benchmarks import with_cimba

        for form, model in zip(("a process per trial", "servers pull records"), with_cimba.MODELS[what], strict=True):
            runs = with_cimba.Runs(model(known), known)
            play = partial(_timed, lambda _, number, runs=runs: runs.play(number), known)
            yield Runner(f"Cimba, {form}", "draw, loop, means", play)


def skipped() -> Iterator[str]:
    """Who is not here, and why."""
    missing = [name for name in ("salabim", "ciw", "cimba") if importlib.util.find_spec(name) is None]
    yield from (f"{name}: not installed; pip install 'trialstart[bench]'" for name in missing)
    if not with_simmer.available():
        yield "R simmer: R with the packages simmer and jsonlite is not installed"
    if not c_loop.available():
        yield "C loop: gcc is not installed"


def _ours(file: Path, changes: Sequence[str]) -> Iterator[Runner]:
    plan = ours.plan(file, *changes)
    for name in ("simpy", "compiled"):
        simulate = ours.engine(name)

        once = lru_cache(maxsize=1)(partial(ours.replication, plan, simulate))  # both lines are of one replication

        def play(number: int, *, part: str, once: Callable[[int], tuple[Measures, ours.Parts]] = once) -> Round:
            measures, parts = once(number)
            return Round(ours.played(measures), getattr(parts, part))

        returns = "every timeline, every indicator"
        yield Runner(f"{name} engine", "draw, loop, all indicators", partial(play, part="whole"), returns)
        yield Runner(f"{name} engine, loop", "loop", partial(play, part="loop"), "every timeline")


def _c_loop(file: Path, changes: Sequence[str], folder: Path) -> Runner:
    plan, simulate, check = ours.plan(file, *changes), c_loop.compiled(folder), ours.engine("compiled")

    def play(number: int) -> Round:
        drawn = plan.replication(1, number)
        begin = process_time()
        timelines = simulate(plan.network, drawn.workload)
        seconds = process_time() - begin
        same = check(plan.network, drawn.workload)
        if timelines.differs_from(same).any():
            raise AssertionError(f"the C loop and the compiled engine differ in replication {number}")
        return Round(ours.played(measure(plan, drawn, timelines)), seconds)

    return Runner("C loop", "loop", play, "every timeline")


def _timed(play: Callable[[Year, int], Played], known: Year, number: int) -> Round:
    begin = process_time()
    says = play(known, number)
    return Round(says, process_time() - begin)


def _line(runner: Runner, rounds: Sequence[Round], slowest: float, reference: Sequence[Round]) -> Line:
    seconds = median(each.seconds for each in rounds)
    means = {name: _mean(rounds, name) for name in rounds[0].says}
    return Line(
        runner.name,
        runner.measures,
        runner.returns,
        seconds,
        slowest / seconds,
        means,
        all(_agree(rounds, reference, name) for name in means),
    )


def _mean(rounds: Sequence[Round], name: str) -> tuple[float, float]:
    mean, _, high = map(float, interval([each.says[name] for each in rounds]))
    return mean, high - mean


def _agree(ones: Sequence[Round], others: Sequence[Round], name: str) -> bool:
    """Whether Welch's test sees no difference between the means of two simulators, however few the rounds.

    References
    ----------
    Welch B. L. (1947). The generalization of 'Student's' problem when several different population variances are
    involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28
    """
    one, other = (np.array([each.says[name] for each in rounds]) for rounds in (ones, others))
    if np.array_equal(one, other):
        return True
    return float(ttest_ind(one, other, equal_var=False).pvalue) > DOUBT
