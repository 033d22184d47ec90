"""An experiment: scenarios laid out for simulation under one seed, and what their replications amount to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sim.experiment.gathering import Kept
from sim.experiment.manifest import Origin, ScenarioRecord, identity, manifest, record
from sim.experiment.precision import Reached
from sim.experiment.replications import engine_named
from sim.experiment.results import Comparison, Result
from sim.experiment.workers import Work
from sim.model.plan import Plan
from sim.scenario.checks.size import expected_rows
from sim.scenario.schema import Scenario


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
    rows = replications * sum(expected_rows(scenario) for _, scenario in named.values())
    played_by = engine_named(engine, round(rows))
    works = tuple(Work(name, Plan(scenario), seed, played_by) for name, (_, scenario) in named.items())
    return Experiment(works, tuple(record(name, origin, scenario) for name, (origin, scenario) in named.items()))


def comparison(
    experiment: Experiment, kept: Kept, total: int, concerns: Mapping[int, tuple[str, ...]] = MappingProxyType({}),
    reached: Reached | None = None,
) -> Comparison:
    """The first `total` replications of every scenario, with what was said of each before it ran, by its place."""
    works, records = experiment.works, experiment.records
    parts = [(work, kept.measures(place, total), manifest((records[place],), work, total), kept.timelines(place),
              concerns.get(place, ())) for place, work in enumerate(works)]
    first = Result(*parts[0])
    others = (Result(*part, reference=first) for part in parts[1:])
    return Comparison((first, *others), manifest(records, works[0], total), reached)
