"""From a scenario to what an engine runs: the network once, and a workload for each replication.

`Plan` is a scenario made ready: its process (the four stages and the plain tasks, one after the other), its clocks and
pools, and `replication(seed, number)`, which draws everything random of one replication. It does so in four parts, of
which another scenario may have some already (`sim.model.kept`); whoever draws a part is given a scenario in which
everything is left out that the part has nothing to do with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from sim.model.clocks import Clock, build_clocks, clock_index
from sim.model.draws import Draws
from sim.model.hooks import NO_HOOKS, Hooks
from sim.model.kept import parts
from sim.model.layout import Layout
from sim.model.network import Int, Network
from sim.model.patients import with_patients
from sim.model.people import PoolSet, build_pools
from sim.model.places import World
from sim.model.population import Population
from sim.model.resources import Resources
from sim.model.trials import Replication
from sim.scenario.checks.size import MARGIN
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.language.records import SCALARS, Record, only
from sim.scenario.lowering import lowered
from sim.scenario.merging import PROVENANCE
from sim.scenario.schema import Clock as WrittenClock
from sim.scenario.schema import Inclusion, Kind, Scenario, StartRule
from sim.scenario.stages.tasks import Process, Task


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
        trials_said, patients_said, rows_said, workload_said = self._said
        part, resources = parts(Draws(seed, number)), self._resources
        sites = part.then(trials_said, lambda: self._population.world(part.draws))
        world = part.then(patients_said, lambda: self._with_patients(sites))
        rows = part.then(rows_said, lambda: Layout(self._without_starts, world, resources).rows())
        workload = part.then(workload_said, lambda: rows.workload(self.process, world, resources))
        scope = self.scenario.goal.scope if self.scenario.goal is not None else {}
        trials = replace(world.trials, in_scope=world.holds(scope, "trial"))
        of_sites = {name: wanted for name, wanted in scope.items() if name not in trials.attributes}
        return Replication(number, trials, workload, self._population.sites_with(of_sites))

    def numbers(self, seed: int, number: int) -> Mapping[str, Int]:
        """The numbers of the trials of each class in replication `number`, without anything else of it."""
        return self._population.numbers(Draws(seed, number))

    @cached_property
    def _said(self) -> tuple[object, object, object, object]:
        """All that each part of a replication is made of, beside the parts before it."""
        resources, process = self._resources, self._without_starts
        pools = self._pools
        served = [{name: index.tolist() for name, index in by.items()} for by in (pools.by_site, pools.by_sponsor)]
        return (
            _in_words(self._population.scenario),
            (_in_words(self._patients), self.hooks),
            (_in_words(process.tasks), _in_words(resources.scenario), repr((served, resources.pool_of_country))),
            _in_words(tuple(task.starts for task in self.process.tasks)),
        )

    def _with_patients(self, sites: World) -> World:
        scenario = sites.scenario.model_copy(update={"inclusion": self._patients})
        world = replace(sites, scenario=scenario, hooks=self.hooks)
        return world if self._patients is None else with_patients(world, self._patients, self.days * MINUTES_PER_DAY)

    @cached_property
    def _patients(self) -> Inclusion | None:
        """What is said of candidates before anything is done for them."""
        inclusion = self.scenario.inclusion
        return inclusion and only(
            inclusion, "patients", "known", "referrals", "holds", "only", "screen_failure", "variants"
        )

    @cached_property
    def _without_starts(self) -> Process:
        """All tasks, without who waits for whom and what their ends are called."""
        return Process(tuple(map(_without_starts, self.process.tasks)))

    @cached_property
    def _clocks(self) -> tuple[Clock, ...]:
        return build_clocks(self.scenario, self.days + MARGIN)

    @cached_property
    def _pools(self) -> PoolSet:
        return build_pools(self.scenario, self._clocks, clock_index(self.scenario), self.days + MARGIN)

    @cached_property
    def _population(self) -> Population:
        clocks = dict(zip(clock_index(self.scenario), self._clocks, strict=False))  # one more where holds are
        return Population(_trials_alone(self.scenario), self.days * MINUTES_PER_DAY, clocks)

    @cached_property
    def _resources(self) -> Resources:
        pools, names = self._pools, self.network.tasks
        index = {name: number for number, name in enumerate(names)}
        scenario = _durations_alone(self.scenario)
        return Resources(scenario, self._clocks, pools.by_site, pools.by_sponsor, pools.of_country, index)


def _trials_alone(scenario: Scenario) -> Scenario:
    """What is said of trials and sites, without those who work for them."""
    of_trials = ("origin", "windows", "classes", "admissions", "pace")
    places = {name: _unstaffed(getattr(scenario, name)) for name in ("site_types", "sponsor_types")}
    sites = tuple(site.model_copy(update={"people": {}}) for site in scenario.sites)
    submission = scenario.authorisation and only(scenario.authorisation, "preparation")
    known = {**places, "sites": sites, "clocks": _clocks_alone(scenario), "authorisation": submission}
    return only(scenario, *of_trials).model_copy(update=known)


def _durations_alone(scenario: Scenario) -> Scenario:
    """What decides how long work takes and on which clock, without how many do it."""
    pools = {name: only(pool, "clock", "background", "at_close", "sittings") for name, pool in scenario.pools.items()}
    return only(scenario, "classes").model_copy(update={"pools": pools, "clocks": _clocks_alone(scenario)})


def _clocks_alone(scenario: Scenario) -> dict[str, WrittenClock]:
    return {name: clock.model_copy(update={"leave": ()}) for name, clock in scenario.clocks.items()}


def _unstaffed(types: Mapping[str, Kind]) -> dict[str, Kind]:
    return {name: each.model_copy(update={"people": {}}) for name, each in types.items()}


def _in_words(value: Any) -> str:
    """All that something says of what is simulated, and in which order; not where its numbers come from.

    It is shorter than the representation of a record, and made in less than half the time.
    """
    if isinstance(value, SCALARS):
        return repr(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(_in_words, value))})"
    if isinstance(value, dict):
        return f"{{{', '.join([f'{key!r}: {_in_words(each)}' for key, each in value.items()])}}}"
    if isinstance(value, (Record, StartRule)):
        given = value.__dict__.items()
        said = [f"{name}={_in_words(each)}" for name, each in given if each is not None and name not in PROVENANCE]
    elif isinstance(value, Task):
        said = [_in_words(value.starts), _in_words(value.steps), repr(_REST_OF_TASK(value))]
    else:
        return repr(value)
    return f"{type(value).__name__}({', '.join(said)})"


_REST_OF_TASK = attrgetter(*(each.name for each in fields(Task) if each.name not in ("starts", "steps")))


def _without_starts(task: Task) -> Task:
    steps = tuple(
        (name, step if step.starts is None else step.model_copy(update={"starts": None})) for name, step in task.steps
    )
    awaited = task.starts if task.all_but is not None else ()  # how many suffice depends on what they are
    return replace(task, starts=awaited, steps=steps, events=())
