"""An experiment: scenarios laid out for simulation under one seed, and what their replications amount to."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.experiment.batches import Work
from sim.experiment.gathering import Kept
from sim.experiment.manifest import Origin, ScenarioRecord, identity, manifest, record
from sim.experiment.precision import Reached
from sim.experiment.replications import engine_named
from sim.experiment.results import Comparison, Result
from sim.model.build import Plan
from sim.model.feasibility import concerns
from sim.model.trials import Replication
from sim.scenario.schema import Scenario

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Experiment:
    """Scenarios ready to be simulated, what the manifest says of them, and what was said of them before they ran."""

    works: tuple[Work, ...]
    records: tuple[ScenarioRecord, ...]
    concerns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
    first = {name: _first(name, plan, seed) for name, plan in plans.items()}
    played_by = engine_named(engine, replications * sum(len(each.workload) for each in first.values()))
    works = tuple(Work(name, plan, seed, played_by) for name, plan in plans.items())
    records = tuple(record(name, origin, scenario) for name, (origin, scenario) in named.items())
    return Experiment(works, records, {name: _concerns(name, plan, first[name]) for name, plan in plans.items()})


def _first(name: str, plan: Plan, seed: int) -> Replication:
    """The first replication; what cannot be built is said here, before anything runs. Raises ValueError."""
    try:
        return plan.replication(seed, 0)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _concerns(name: str, plan: Plan, replication: Replication) -> tuple[str, ...]:
    """What cannot happen, or not in time; said at once, and kept for the answer."""
    found = concerns(plan, replication)
    for concern in found:
        _LOG.warning("%s: warning: %s", name, concern)
    return found


def comparison(experiment: Experiment, kept: Kept, total: int, reached: Reached | None = None) -> Comparison:
    """The first `total` replications of every scenario."""
    works, records = experiment.works, experiment.records
    parts = [(work, kept.measures(place, total), manifest((records[place],), work, total), kept.timelines(place),
              experiment.concerns.get(work.name, ())) for place, work in enumerate(works)]
    first = Result(*parts[0])
    others = (Result(*part, reference=first) for part in parts[1:])
    return Comparison((first, *others), manifest(records, works[0], total), reached)
