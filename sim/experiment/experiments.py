"""An experiment: scenarios laid out for simulation under one seed, and what their replications amount to."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.experiment.batches import Work
from sim.experiment.gathering import Kept
from sim.experiment.manifest import Origin, ScenarioRecord, identity, manifest, record
from sim.experiment.precision import Reached
from sim.experiment.replications import engine_named
from sim.experiment.results import Comparison, Result
from sim.model.build import Plan
from sim.model.feasibility import concerns
from sim.scenario.schema import Scenario

_LOG = logging.getLogger(__name__)


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


def laid_out(
    named: Mapping[str, tuple[Origin, Scenario]], seed: int, engine: str, replications: int
) -> Experiment:
    """Scenarios by name, each with where it came from, ready for so many replications. Raises ValueError."""
    plans = {name: Plan(scenario) for name, (_, scenario) in named.items()}
    played_by = engine_named(engine, replications * sum(_rows(name, plan, seed) for name, plan in plans.items()))
    works = tuple(Work(name, plan, seed, played_by) for name, plan in plans.items())
    return Experiment(works, tuple(record(name, origin, scenario) for name, (origin, scenario) in named.items()))


def _rows(name: str, plan: Plan, seed: int) -> int:
    """The rows of a replication; what cannot be built or cannot happen is said here, before anything runs.

    Raises ValueError.
    """
    try:
        replication = plan.replication(seed, 0)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    for concern in concerns(plan, replication):
        _LOG.warning("%s: warning: %s", name, concern)
    return len(replication.workload)


def comparison(experiment: Experiment, kept: Kept, total: int, reached: Reached | None = None) -> Comparison:
    """The first `total` replications of every scenario."""
    works, records = experiment.works, experiment.records
    parts = [(work, kept.measures(place, total), manifest((records[place],), work, total), kept.timelines(place))
             for place, work in enumerate(works)]
    first = Result(*parts[0])
    others = (Result(*part, reference=first) for part in parts[1:])
    return Comparison((first, *others), manifest(records, works[0], total), reached)
