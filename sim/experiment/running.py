"""Many replications of one scenario or of several: `run` and `compare`.

Scenarios of a comparison see the same seeds, so that replication k of each is the same trials with the same luck.
What comes out depends on the scenarios, the seed, the number of replications and the engine; the executor, the number
of workers, the batches and their order change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from itertools import count
from math import isnan, nan
from pathlib import Path
from statistics import fmean
from typing import Protocol

from sim.analysis.indicators import Measures
from sim.experiment.batches import Batch, Work, computed_here, computed_on, cores, interleaved, local_pool
from sim.experiment.manifest import Origin, ScenarioRecord, manifest, record
from sim.experiment.replications import engine_named, measured
from sim.experiment.results import Comparison, Result
from sim.model.build import Plan
from sim.scenario.reading import load
from sim.scenario.schema import Scenario

REPLICATIONS = 30
"""Gives the share within the goal a half-width of at most 3 points in the shipped scenarios."""

SHIPPED = ("france_sequential", "france_parallel", "france_pledge")
"""What `compare` compares when nothing is named; the first is the reference."""

Source = Scenario | str | Path
Outcomes = Iterator[tuple[Batch, tuple[Measures, ...]]]


class Progress(Protocol):
    """Told about every batch that is finished."""

    def __call__(self, done: int, total: int, estimates: Mapping[str, float], /) -> None:
        """`done` of `total` replications, all scenarios together; the share within the goal so far, by scenario."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with what was `finished` by then: the replications that every scenario has, or None if there is none."""

    def __init__(self, finished: Comparison | None) -> None:
        super().__init__()
        self.finished = finished


def run(
    scenario: Source, *, set_: Sequence[str] = (), replications: int | None = None, seed: int = 1,
    jobs: int | None = None, engine: str = "auto", executor: Executor | None = None,
    progress: Progress | None = None,
) -> Result:
    """The indicators of one scenario, from independent replications; the parameters are those of `compare`."""
    return compare(
        [scenario], set_=set_, replications=replications, seed=seed, jobs=jobs, engine=engine,
        executor=executor, progress=progress,
    ).results[0]


def compare(
    scenarios: Sequence[Source] | Mapping[str, Source] = SHIPPED, *, set_: Sequence[str] = (),
    replications: int | None = None, seed: int = 1, jobs: int | None = None, engine: str = "auto",
    executor: Executor | None = None, progress: Progress | None = None,
) -> Comparison:
    """Scenarios side by side, on the same trials with the same luck; the first one is the reference.

    Parameters
    ----------
    scenarios
        Scenarios, files or names of shipped scenarios; a mapping gives them names of your own.
    set_
        Changes to every scenario that is read from a file, such as "contracting.starts=authorised".
    replications
        Independent repetitions of each scenario, at least 2 for an interval; None for `REPLICATIONS`.
    seed
        Where all randomness comes from; the same seed gives the same result.
    jobs
        Processes on this machine; 1 computes here, None uses every core.
    engine
        "compiled", "simpy", or "auto": compiled where that is quicker. Both give the same result.
    executor
        Any `concurrent.futures.Executor` instead of local processes; with it, `jobs` says how many batches it
        can compute at once.
    progress
        Told about every finished batch.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read or built.
    ValueError
        If replications, seed, jobs or engine make no sense.
    ReplicationFailed
        If a replication could not be computed; says which.
    Interrupted
        On Ctrl-C, with what is finished.
    """
    replications = REPLICATIONS if replications is None else replications
    _check(replications=(replications, 1), seed=(seed, 0), jobs=(1 if jobs is None else jobs, 1))
    named = _named(scenarios, tuple(set_))
    plans = {name: Plan(scenario) for name, (_, scenario) in named.items()}
    played_by = engine_named(engine, replications * sum(_rows(name, plan, seed) for name, plan in plans.items()))
    works = tuple(Work(name, plan, seed, played_by) for name, plan in plans.items())
    records = tuple(record(name, origin, scenario) for name, (origin, scenario) in named.items())
    finished: list[dict[int, Measures]] = [{} for _ in works]
    try:
        with _outcomes(works, replications, executor, jobs or cores()) as outcomes:
            _collect(outcomes, works, replications, finished, progress)
    except KeyboardInterrupt:
        enough = all(0 in each for each in finished)
        raise Interrupted(_comparison(works, records, finished) if enough else None) from None
    return _comparison(works, records, finished)


def _check(**given: tuple[int, int]) -> None:
    """Every value [name: (value, smallest that makes sense)] is a whole number, at least the smallest."""
    for name, (value, least) in given.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"{name}: must be a whole number, at least {least}, got {value!r}")


def _named(
    scenarios: Sequence[Source] | Mapping[str, Source], changes: tuple[str, ...]
) -> dict[str, tuple[Origin, Scenario]]:
    """Scenarios by name, each with where it came from; what has the same name twice gets a number."""
    if isinstance(scenarios, Mapping):
        return {name: _read(source, changes)[1:] for name, source in scenarios.items()}
    named: dict[str, tuple[Origin, Scenario]] = {}
    for source in (scenarios,) if isinstance(scenarios, str) else scenarios:
        name, origin, scenario = _read(source, changes)
        named[name if name not in named else f"{name}_{len(named) + 1}"] = origin, scenario
    if not named:
        raise ValueError("scenarios: must be at least one, got none")
    return named


def _read(source: Source, changes: tuple[str, ...]) -> tuple[str, Origin, Scenario]:
    """The name of a scenario, where it came from, and itself."""
    if isinstance(source, Scenario):
        return re.sub(r"\W+", "_", source.title.en.lower()).strip("_"), Origin(None, ()), source
    path = Path(source)
    return path.stem, Origin(path.name if path.suffix else f"{path.name}.yaml", changes), load(source, set_=changes)


def _rows(name: str, plan: Plan, seed: int) -> int:
    """The rows of a replication; what cannot be built is said here, before anything runs. Raises ValueError."""
    try:
        return len(plan.replication(seed, 0).workload)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


@contextmanager
def _outcomes(
    works: Sequence[Work], replications: int, executor: Executor | None, workers: int
) -> Iterator[Outcomes]:
    """The measures of all replications, as they come: from the executor, from local processes, or from here."""
    batches = interleaved(len(works), replications, workers)
    if executor is not None:
        yield computed_on(executor, workers, measured, works, batches)
    elif workers == 1:
        yield computed_here(measured, works, batches)
    else:
        with local_pool(workers) as pool:
            yield computed_on(pool, workers, measured, works, batches)


def _collect(
    outcomes: Outcomes, works: Sequence[Work], replications: int, finished: list[dict[int, Measures]],
    progress: Progress | None,
) -> None:
    for batch, measures in outcomes:
        finished[batch.work].update(zip(batch.numbers, measures, strict=True))
        if progress is not None:
            done = sum(map(len, finished))
            progress(done, len(works) * replications, _so_far(works, finished))


def _so_far(works: Sequence[Work], finished: Sequence[Mapping[int, Measures]]) -> dict[str, float]:
    """By scenario, the share within the goal over the finished replications; nan where there is none."""
    return {work.name: _share(work.scenario, done.values()) for work, done in zip(works, finished, strict=True)}


def _share(scenario: Scenario, measures: Iterable[Measures]) -> float:
    goal = scenario.goal
    names = {each.name for each in scenario.indicators if goal and (each.from_, each.to) == (goal.from_, goal.to)}
    shares = [each.share_within_goal for one in measures for each in one.indicators if each.name in names]
    return fmean(known) if (known := [share for share in shares if not isnan(share)]) else nan


def _comparison(
    works: Sequence[Work], records: Sequence[ScenarioRecord], finished: Sequence[Mapping[int, Measures]]
) -> Comparison:
    """The replications, from the first one on, that every scenario has."""
    common = next(number for number in count() if not all(number in measures for measures in finished))
    said = [manifest((each,), works[0], common) for each in records]
    measures = [tuple(of_one[number] for number in range(common)) for of_one in finished]
    first = Result(works[0], measures[0], said[0])
    others = (Result(*parts, reference=first) for parts in zip(works[1:], measures[1:], said[1:], strict=True))
    return Comparison((first, *others), manifest(records, works[0], common))
