"""From a scenario to what an engine runs: the network once, and a workload for each replication.

`Plan` is a scenario made ready: its process (the four stages and the plain tasks, one after the other), its clocks and
pools, and `replication(seed, number)`, which draws everything random of one replication.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sim.model.clocks import Clock, build_clocks, clock_index
from sim.model.draws import Draws
from sim.model.hooks import NO_HOOKS, Hooks
from sim.model.layout import Layout
from sim.model.network import Int, Network
from sim.model.people import PoolSet, build_pools
from sim.model.population import Population
from sim.model.resources import Resources
from sim.model.trials import Replication
from sim.scenario.checks.size import MARGIN
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.lowering import lowered
from sim.scenario.schema import Scenario
from sim.scenario.stages.tasks import Process


@dataclass(frozen=True)
class Plan:
    """A scenario made ready to be simulated; one that nobody has checked may be one that cannot be."""

    scenario: Scenario
    given: Process | None = None  # what it lowers to, where that is known already
    hooks: Hooks = NO_HOOKS

    @cached_property
    def days(self) -> int:
        """Length of a replication [d]."""
        return self.scenario.windows.days

    @cached_property
    def process(self) -> Process:
        """All tasks, the stages one after the other."""
        return self.given or lowered(self.scenario)

    @cached_property
    def network(self) -> Network:
        """What does not change between replications."""
        named = [(name, task.stage) for task in self.process.tasks for name, _ in task.steps]
        return Network(
            origin=self.scenario.origin,
            horizon=self.days * MINUTES_PER_DAY,
            clocks=self._clocks,
            pools=self._pools.pools,
            tasks=tuple(name for name, _ in named),
            stages=tuple(stage for _, stage in named),
            sites=tuple(site.name for site in self.scenario.sites),
        )

    def replication(self, seed: int, number: int) -> Replication:
        """Replication `number`: its trials and every random number that they need."""
        world = replace(self._population.world(Draws(seed, number)), hooks=self.hooks)
        workload = Layout(self.process, world, self._resources).workload()
        scope = self.scenario.goal.scope if self.scenario.goal is not None else {}
        trials = replace(world.trials, in_scope=world.holds(scope, "trial"))
        of_sites = {name: wanted for name, wanted in scope.items() if name not in trials.attributes}
        return Replication(number, trials, workload, self._population.sites_with(of_sites))

    def numbers(self, seed: int, number: int) -> Mapping[str, Int]:
        """The numbers of the trials of each class in replication `number`, without anything else of it."""
        return self._population.numbers(Draws(seed, number))

    @cached_property
    def _clocks(self) -> tuple[Clock, ...]:
        return build_clocks(self.scenario, self.days + MARGIN)

    @cached_property
    def _pools(self) -> PoolSet:
        return build_pools(self.scenario, self._clocks, clock_index(self.scenario), self.days + MARGIN)

    @cached_property
    def _population(self) -> Population:
        clocks = dict(zip(clock_index(self.scenario), self._clocks, strict=False))  # one more where holds are
        return Population(self.scenario, self.days * MINUTES_PER_DAY, clocks)

    @cached_property
    def _resources(self) -> Resources:
        pools, names = self._pools, self.network.tasks
        index = {name: number for number, name in enumerate(names)}
        return Resources(self.scenario, self._clocks, pools.by_site, pools.by_sponsor, pools.of_country, index)
