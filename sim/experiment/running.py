"""Many replications of one scenario or of several: `run` and `compare`.

Scenarios of a comparison see the same seeds, so that replication k of each is the same trials with the same luck.
What comes out depends on the scenarios, the seed, the number of replications and the engine; the executor, the number
of workers, the batches and their order change nothing, nor does being killed and started again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sim.experiment.executors import computing
from sim.experiment.experiments import Experiment, comparison, laid_out
from sim.experiment.folder import Folder, claimed
from sim.experiment.gathering import Kept, Memory, Progress, Watching, common, gather
from sim.experiment.manifest import Origin
from sim.experiment.precision import Precision, Reached, Watched, asked, goal_key, totals
from sim.experiment.replications import concerns_of, indicators_of, timelines_of
from sim.experiment.results import Comparison, Result
from sim.model.buildable import load_buildable
from sim.scenario.schema import Scenario

REPLICATIONS = 30
"""Gives the share within the goal a half-width of at most 3 points in the shipped scenarios."""

SHIPPED = ("france_sequential", "france_parallel", "france_pledge")
"""What `compare` compares when nothing is named; the first is the reference."""

Source = Scenario | str | Path
Keep = Literal["indicators", "timelines"]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with what was `finished` by then: the replications that every scenario has, or None if there is none."""

    def __init__(self, finished: Comparison | None) -> None:
        super().__init__()
        self.finished = finished


def run(
    scenario: Source, *, set_: Sequence[str] = (), replications: int | None = None, seed: int = 1,
    jobs: int | None = None, engine: str = "auto", executor: Executor | str | None = None,
    progress: Progress | None = None, out: str | Path | None = None, keep: Keep = "indicators", fresh: bool = False,
    precision: str | None = None, precision_of: str | None = None,
) -> Result:
    """The indicators of one scenario, from independent replications; the parameters are those of `compare`."""
    return compare(
        [scenario], set_=set_, replications=replications, seed=seed, jobs=jobs, engine=engine, executor=executor,
        progress=progress, out=out, keep=keep, fresh=fresh, precision=precision, precision_of=precision_of,
    ).results[0]


def compare(
    scenarios: Sequence[Source] | Mapping[str, Source] = SHIPPED, *, set_: Sequence[str] = (),
    replications: int | None = None, seed: int = 1, jobs: int | None = None, engine: str = "auto",
    executor: Executor | str | None = None, progress: Progress | None = None, out: str | Path | None = None,
    keep: Keep = "indicators", fresh: bool = False, precision: str | None = None, precision_of: str | None = None,
) -> Comparison:
    """Scenarios side by side, on the same trials with the same luck; the first one is the reference.

    Parameters
    ----------
    scenarios
        Scenarios, files or names of shipped scenarios; a mapping gives them names of your own.
    set_
        Changes to every scenario that is read from a file, such as "contracting.starts=authorised".
    replications
        Independent repetitions of each scenario, at least 2 for an interval; None for `REPLICATIONS`. With a
        precision, the most that may be made for it.
    seed
        Where all randomness comes from; the same seed gives the same result.
    jobs
        Processes on this machine; 1 computes here, None uses every core.
    engine
        "compiled", "simpy", or "auto": compiled where that is quicker. Both give the same result.
    executor
        Any `concurrent.futures.Executor` instead of local processes, or "dask://host:port" for the workers of a Dask
        cluster; with it, `jobs` says how many batches it can compute at once.
    progress
        Told about every finished batch.
    out
        A folder that keeps the replications as they are finished; the same experiment goes on from there. None
        keeps them in memory.
    keep
        With a folder: "indicators", or "timelines" for all that happened as well.
    fresh
        Throw away the replications of another experiment, or of this one, that the folder holds.
    precision
        Make replications until the interval of a number has at most this half-width, in each scenario and in the
        differences: "1 %" for a share, "2 d" for days.
    precision_of
        Which number, such as "readiness_time.median"; None for the share within the goal.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read or built.
    ValueError
        If replications, seed, jobs, engine, executor, keep or precision make no sense.
    CannotWrite
        If the folder belongs to another experiment, or something cannot be written to it.
    ReplicationFailed
        If a replication could not be computed; says which. What is finished stays in the folder.
    Interrupted
        On Ctrl-C, with what is finished.
    """
    most = REPLICATIONS if replications is None else replications
    _check(replications=(most, 1), seed=(seed, 0), jobs=(1 if jobs is None else jobs, 1))
    if keep not in ("indicators", "timelines") or (keep == "timelines" and out is None):
        raise ValueError(f"keep: must be indicators, or timelines with a folder to keep them in, got {keep!r}")
    with computing(executor, jobs) as computer:  # first of all: its processes start while scenarios are read
        named = named_scenarios(scenarios, tuple(set_))
        read = [scenario for _, scenario in named.values()]
        aim = None if precision is None else asked(precision, precision_of, read, replications)
        experiment = laid_out(named, seed, engine, most)
        with _kept(experiment, out, keep, fresh) as kept:
            watching = _watching(experiment, kept, aim, progress)
            wished = (most,) if aim is None else totals(aim, watching.watched)
            wanted = timelines_of if keep == "timelines" else indicators_of
            try:
                total = gather(experiment.works, kept, wished, computer, wanted, watching)
            except KeyboardInterrupt:
                enough = common(kept, len(experiment.works), aim.at_most if aim is not None else most)
                finished = comparison(experiment, kept, enough, watching.concerns) if enough else None
                raise Interrupted(finished) from None
            finally:
                kept.flush()
    reached = None if aim is None else Reached(aim, float(watching.watched.half_widths(total)[-1]), total)
    return comparison(experiment, kept, total, watching.concerns, reached)


def _check(**given: tuple[int, int]) -> None:
    """Every value [name: (value, smallest that makes sense)] is a whole number, at least the smallest."""
    for name, (value, least) in given.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"{name}: must be a whole number, at least {least}, got {value!r}")


def named_scenarios(
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
    return path.stem, Origin(path.name if path.suffix else f"{path.name}.yaml", changes), load_buildable(source, set_=changes)


@contextmanager
def _kept(experiment: Experiment, out: str | Path | None, keep: Keep, fresh: bool) -> Iterator[Kept]:
    """Where replications are kept: in memory, or in a folder that is this experiment's alone."""
    if out is None:
        yield Memory(len(experiment.works))
        return
    with claimed(Path(out), experiment.identity, fresh=fresh) as folder:
        yield Folder(folder, experiment.names, timelines=keep == "timelines")


def _watching(experiment: Experiment, kept: Kept, aim: Precision | None, progress: Progress | None) -> Watching:
    """Follows the number that is aimed at, or the share within the goal, and warnings, from what is there already on."""
    watched = Watched([goal_key(work.scenario) if aim is None else aim.key for work in experiment.works])
    if aim is not None or progress is not None:
        for place in range(len(experiment.works)):
            for measures in kept.seen(place):
                watched.see(place, measures)
    watching = Watching(experiment.names, watched, progress)
    for place, work in enumerate(experiment.works):
        if not kept.missing(place, 1):  # else whoever plays the first replication tells
            watching.warn(place, concerns_of(work))
    return watching
