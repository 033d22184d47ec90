"""The two engines on the benchmark's scenarios, and on a shipped one: everything included, and the loop alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import process_time

from benchmarks.process import Played
from sim.analysis.indicators import Measures, measure
from sim.experiment.replications import ENGINES, Engine
from sim.model.network import Network, Timelines, Workload
from sim.model.plan import Plan
from sim.scenario.loading import load

MILESTONES = {"authorisation": "authorised", "opening": "open"}


@dataclass(frozen=True, slots=True)
class Parts:
    """Processor time of the parts of one replication [s]."""

    draw: float  # trials, places, random numbers, the workload
    loop: float
    measure: float
    rows: int

    @property
    def whole(self) -> float:
        """Everything included [s]."""
        return self.draw + self.loop + self.measure


def plan(scenario: str | Path, *changes: str) -> Plan:
    """A scenario made ready, its network built."""
    ready = Plan(load(scenario, set_=changes))
    assert len(ready.network.tasks)
    return ready


def engine(name: str) -> Engine:
    """An engine by name."""
    found: Engine = import_module(ENGINES[name]).simulate
    return found


def replication(plan: Plan, simulate: Callable[[Network, Workload], Timelines], number: int) -> tuple[Measures, Parts]:
    """One replication, and what it took."""
    begin = process_time()
    drawn = plan.replication(1, number)
    looped = process_time()
    timelines = simulate(plan.network, drawn.workload)
    measured = process_time()
    found = measure(plan, drawn, timelines)
    return found, Parts(looped - begin, measured - looped, process_time() - measured, len(drawn.workload))


def played(measures: Measures) -> Played:
    """What one replication says, in the words of the benchmark."""
    return {
        MILESTONES[each.name]: float(each.days[each.there].mean())
        for each in measures.indicators
        if each.name in MILESTONES
    }
