"""All tasks of a scenario: the stages one after the other, then the plain tasks."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.schema import Scenario
from sim.scenario.stages import authorisation, contracting, inclusion, site_setup
from sim.scenario.stages.tasks import Process, Task, milestone, plain_task, process


def whole(scenario: Scenario) -> Process:
    """The process of a scenario.

    Raises
    ------
    ValueError
        If a rule counts back from what has no planned date, or tasks wait for each other.
    """
    stage = scenario.authorisation
    return process([*tasks_of(scenario)], authorisation.plans(stage) if stage is not None else {})


def tasks_of(scenario: Scenario) -> Iterator[Task]:
    """The tasks, each with the start rules that were written."""
    yield milestone("arrived", "arrival", "trial")
    if scenario.authorisation is not None:
        yield from authorisation.tasks(scenario.authorisation)
    if scenario.contracting is not None:
        yield from contracting.tasks(scenario.contracting)
    if scenario.site_setup is not None:
        yield from site_setup.tasks(scenario.site_setup)
    if scenario.inclusion is not None:
        yield from inclusion.tasks(scenario.inclusion, _counted(scenario))
    yield from map(plain_task, scenario.tasks)


def _counted(scenario: Scenario) -> str:
    """What counts as inclusion; eligibility, the definition of the terms, where no goal says otherwise."""
    return (scenario.goal.inclusion if scenario.goal is not None else None) or "eligibility"
