"""Many replications of one scenario or of several: `run`, `compare`, and `open` for what is there already.

An `Experiment` is scenarios laid out for simulation under one seed. Those of a comparison see the same seeds, so that
replication k of each is the same trials with the same luck. What comes out depends on the scenarios, the seed, the
number of replications and the engine; the executor, the number of workers, the batches and their order change nothing,
nor does being killed and started again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.experiment.folder import PLACE, Folder, claimed, has_tables, identity_of
from sim.experiment.gathering import Kept, Memory, Progress, Watching, common, gather
from sim.experiment.manifest import Origin, ScenarioRecord, identity, manifest, record
from sim.experiment.options import Options, options_of
from sim.experiment.precision import Precision, Reached, Watched, asked, goal_key, totals
from sim.experiment.replications import concerns_of, engine_named, indicators_of, timelines_of
from sim.experiment.results import Comparison, Result
from sim.experiment.workers import Work, computing
from sim.model.feasibility import Concern
from sim.model.hooks import Hooks, unknown_hook
from sim.model.plan import Plan
from sim.scenario.checks.size import expected_rows
from sim.scenario.loading import Loaded, Source, read, structure_only
from sim.scenario.schema import Scenario, fingerprint

SHIPPED = ("france", "france_late_talks", "france_early_talks", "france_parallel", "france_pledge")
"""What `compare` compares when nothing is named; the first is the reference."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with what was `finished` by then, or None if nothing was.

    That is what the function gives that was interrupted, of the replications that every scenario has.
    """

    def __init__(self, finished: Any) -> None:
        super().__init__()
        self.finished = finished


@contextmanager
def finishing(made: Callable[[Any], Any]) -> Iterator[None]:
    """A block that simulates: interrupted, what is finished is what is `made` of what the block has finished."""
    try:
        yield
    except Interrupted as stopped:
        raise Interrupted(None if stopped.finished is None else made(stopped.finished)) from None


def run(scenario: Source, options: Options | None = None, *, progress: Progress | None = None, **named: Any) -> Result:
    """The indicators of one scenario, from independent replications; the parameters are those of `compare`."""
    return compare([scenario], options, progress=progress, **named).results[0]


def compare(
    scenarios: Sequence[Source] | Mapping[str, Source] = SHIPPED,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    structure: bool = True,
    **named: Any,
) -> Comparison:
    """Scenarios side by side, on the same trials with the same luck; the first one is the reference.

    Parameters
    ----------
    scenarios
        Scenarios, files or names of shipped scenarios; a mapping gives them names of your own.
    options
        How they are simulated, and where replications go.
    progress
        Told about every finished batch.
    structure
        Of several scenarios, those whose levers put numbers in stand there twice: behind each comes NAME_structure,
        what its levers change in the process alone. False: each once.
    named
        Options by name, such as `replications=10`.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read or built.
    ValueError
        If an option makes no sense.
    CannotWrite
        If the folder belongs to another experiment, or something cannot be written to it.
    ReplicationFailed
        If a replication could not be computed; says which. What is finished stays in the folder.
    Interrupted
        On Ctrl-C, with what is finished.
    """
    how = options_of(options, named)
    with computing(how.executor, how.jobs) as computer:  # first of all: its processes start while scenarios are read
        given = named_scenarios(scenarios, how.changes)
        if structure and len(given) > 1:
            given = with_structure(given)
        scenarios_read = [loaded.scenario for loaded in given.values()]
        aim = (
            None if how.precision is None else asked(how.precision, how.precision_of, scenarios_read, how.replications)
        )
        experiment = laid_out(given, how)
        with _kept(experiment, how) as kept:
            watching = _watching(experiment, kept, aim, progress)
            wished = (how.most,) if aim is None else totals(aim, watching.watched)
            wanted = timelines_of if how.keep == "timelines" else indicators_of
            try:
                total = gather(experiment.works, kept, wished, computer, wanted, watching)
            except KeyboardInterrupt:
                enough = common(kept, len(experiment.works), aim.at_most if aim is not None else how.most)
                finished = comparison(experiment, kept, enough, watching.concerns) if enough else None
                raise Interrupted(finished) from None
            finally:
                kept.flush()
    reached = None if aim is None else Reached(aim, watching.watched.half_width(total), total)
    return comparison(experiment, kept, total, watching.concerns, reached)


def named_scenarios(scenarios: Sequence[Source] | Mapping[str, Source], changes: tuple[str, ...]) -> dict[str, Loaded]:
    """Scenarios by name; what has the same name twice gets a number."""
    if isinstance(scenarios, Mapping):
        return {name: read(source, set_=changes) for name, source in scenarios.items()}
    named: dict[str, Loaded] = {}
    if isinstance(scenarios, str | Path | Scenario | Loaded):
        scenarios = (scenarios,)
    if not isinstance(scenarios, Sequence):
        raise ValueError(f"scenarios: must be a list of files, names or Scenarios, got {scenarios!r}")
    for source in scenarios:
        loaded = read(source, set_=changes)
        name = _name(loaded)
        free = (f"{name}_{number}" for number in count(len(named) + 1))
        named[name if name not in named else next(each for each in free if each not in named)] = loaded
    if not named:
        raise ValueError("scenarios: must be at least one, got none")
    return named


def with_structure(given: Mapping[str, Loaded]) -> dict[str, Loaded]:
    """Scenarios, and behind each whose levers put numbers in their structure alone, unless that is given."""
    levers = [each.scenario.levers for each in given.values()]
    found: dict[str, Loaded] = {}
    for name, loaded in given.items():
        found[name] = loaded
        bare = structure_only(loaded)
        if bare is not None and bare.scenario.levers not in levers:
            found[f"{name}_structure"] = bare
    return found


def without_structure(compared: Comparison) -> Comparison:
    """The comparison without what `with_structure` put behind some of its scenarios."""
    names = {result.name for result in compared.results}
    added = {f"{name}_structure" for name in names}
    kept = tuple(each for each in compared.results if each.name not in added or not _bare(each.scenario))
    return replace(compared, results=kept)


def _bare(scenario: Scenario) -> bool:
    """Whether the levers of a scenario put no numbers in."""
    return all(not isinstance(use, str) and not use.numbers for use in scenario.levers)


def _name(loaded: Loaded) -> str:
    if loaded.file is not None:
        return loaded.file.stem
    return re.sub(r"\W+", "_", loaded.scenario.title.en.lower()).strip("_")


@contextmanager
def _kept(experiment: Experiment, how: Options) -> Iterator[Kept]:
    """Where replications are kept: in memory, or in a folder that is this experiment's alone."""
    if how.out is None or not has_tables(keep=how.keep):
        yield Memory(len(experiment.works))
        return
    with claimed(Path(how.out), experiment.identity, fresh=how.fresh) as folder:
        yield Folder(folder, experiment.works, timelines=how.keep == "timelines")


def _watching(experiment: Experiment, kept: Kept, aim: Precision | None, progress: Progress | None) -> Watching:
    """Follows the number that is aimed at, or the share within the goal, and warnings, from what is there on."""
    keys = [goal_key(work.scenario) if aim is None else aim.key for work in experiment.works]
    followed = aim is not None or progress is not None
    watched = Watched(keys if followed else [None] * len(keys))  # what nobody asks for is not kept
    if followed:
        for place in range(len(experiment.works)):
            for measures in kept.seen(place):
                watched.see(place, measures)
    watching = Watching(experiment.names, watched, progress)
    for place, work in enumerate(experiment.works):
        if not kept.missing(place, 1):  # else whoever plays the first replication tells
            watching.warn(place, concerns_of(work))
    return watching


@dataclass(frozen=True, slots=True)
class Experiment:
    """Scenarios ready to be simulated, and what the manifest says of them."""

    works: tuple[Work, ...]
    records: tuple[ScenarioRecord, ...]

    @property
    def names(self) -> list[str]:
        """The names of the scenarios."""
        return [work.name for work in self.works]

    @property
    def identity(self) -> dict[str, Any]:
        """What tells its replications from those of another experiment."""
        return identity(self.records, self.works)


def laid_out(named: Mapping[str, Loaded], how: Options) -> Experiment:
    """Scenarios by name, ready to be simulated. Raises ValueError."""
    rows = how.most * sum(expected_rows(each.scenario) for each in named.values())
    played_by = engine_named(how.engine, round(rows))
    hooks = Hooks(how.hooks or {})
    plans = {name: Plan(each.scenario, each.process, hooks) for name, each in named.items()}
    wrong = [unknown_hook(hooks, plan.process) for plan in plans.values()]
    if all(wrong):
        raise ValueError(wrong[0])
    works = tuple(Work(name, plan, how.seed, played_by) for name, plan in plans.items())
    return Experiment(works, tuple(record(name, _origin(each), each.scenario) for name, each in named.items()))


def _origin(loaded: Loaded) -> Origin:
    return Origin(loaded.file.name if loaded.file is not None else None, loaded.changes)


def comparison(
    experiment: Experiment,
    kept: Kept,
    total: int,
    concerns: Mapping[int, tuple[Concern, ...]] = MappingProxyType({}),
    reached: Reached | None = None,
) -> Comparison:
    """The first `total` replications of every scenario, with what was said of each before it ran, by its place."""
    works, records = experiment.works, experiment.records
    parts = [
        (
            work,
            kept.measures(place, total),
            manifest((records[place],), work, total),
            kept.timelines(place),
            concerns.get(place, ()),
        )
        for place, work in enumerate(works)
    ]
    first = Result(*parts[0])
    others = (Result(*part, reference=first) for part in parts[1:])
    return Comparison((first, *others), manifest(records, works[0], total), reached)


def open(folder: str | Path) -> Result | Comparison:
    """What is finished of the experiment in `folder`: a `Result` of one scenario, a `Comparison` of several.

    Numbers and timelines are read from the folder when they are asked for.

    Raises
    ------
    ValueError
        If the folder holds no experiment, one without a finished replication, or one of another version.
    """
    said = identity_of(Path(folder))
    has_tables(keep="what is kept")
    works = tuple(_work(each, said) for each in said["scenarios"])
    experiment = Experiment(works, tuple(map(_record, said["scenarios"])))
    kept = Folder(Path(folder) / PLACE, works)
    total = common(kept, len(works), kept.known)
    if not total:
        raise ValueError(f"{folder}: must hold at least one replication of every scenario, got none")
    found = comparison(experiment, kept, total)
    return found if len(works) > 1 else found.reference


def _work(said: dict[str, Any], all_of_it: dict[str, Any]) -> Work:
    try:
        scenario = Scenario.model_validate(said["written"])
    except ValueError:
        scenario = None
    if scenario is None or fingerprint(scenario) != said["fingerprint"]:
        made = all_of_it["versions"]["trialstart"]
        raise ValueError(f"{said['name']}: was written by trialstart {made} and reads otherwise today; run it again")
    return Work(said["name"], Plan(scenario), all_of_it["seed"], all_of_it["engine"])


def _record(said: dict[str, Any]) -> ScenarioRecord:
    known = {each.name: said[each.name] for each in fields(ScenarioRecord)}
    return ScenarioRecord(**known | {name: tuple(known[name]) for name in ("changes", "levers")})
