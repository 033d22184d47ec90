"""All tasks of a scenario: the stages one after the other, then the plain tasks."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sim.scenario.language.quantities import Span
from sim.scenario.language.records import Count, Record
from sim.scenario.schema import Scenario
from sim.scenario.stages import authorisation, contracting, inclusion, site_setup
from sim.scenario.stages.tasks import REPLACEMENT, Event, Plan, Process, Stage, Task, milestone, plain_task, process

ARRIVAL = Stage("arrival", "trial", en="Arrival", fr="Arrivée")
PLAIN = Stage("tasks", "trial", en="Tasks", fr="Tâches")
STAGES: Mapping[str, Stage] = {
    each.name: each
    for each in (ARRIVAL, authorisation.STAGE, contracting.STAGE, site_setup.STAGE, inclusion.STAGE, PLAIN)
}
_RECORDS: Mapping[str, type[Record]] = {
    "authorisation": authorisation.Authorisation,
    "contracting": contracting.Contracting,
    "site_setup": site_setup.SiteSetup,
    "inclusion": inclusion.Inclusion,
}
_ARRIVED = Event("arrived", en="arrival", fr="arrivée", since=("arrival", "l'arrivée"))


def lowered(scenario: Scenario) -> Process:
    """The process of a scenario.

    Raises
    ------
    ValueError
        If a rule counts back from what has no planned date.
    """
    return process([*tasks_of(scenario)], plans_of(scenario))


def plans_of(scenario: Scenario) -> Mapping[str, Plan]:
    """The dates that people plan with, by event."""
    return authorisation.plans(scenario.authorisation) if scenario.authorisation is not None else {}


def tasks_of(scenario: Scenario) -> Iterator[Task]:
    """The tasks, each with the start rules that were written."""
    yield milestone(_ARRIVED, ARRIVAL)
    if scenario.authorisation is not None:
        yield from authorisation.tasks(scenario.authorisation)
    if scenario.contracting is not None:
        yield from contracting.tasks(scenario.contracting, reopened=scenario.authorisation is not None)
    if scenario.site_setup is not None:
        yield from site_setup.tasks(scenario.site_setup)
    if scenario.inclusion is not None:
        yield from inclusion.tasks(scenario.inclusion, _counted(scenario))
    yield from (plain_task(each, PLAIN) for each in scenario.tasks)
    if any(each.reserve for each in scenario.classes):
        yield replace(milestone(REPLACEMENT, ARRIVAL), scope="site", stands_by=True)


@cache
def events_of_stages() -> Mapping[str, tuple[Stage, Event]]:
    """The events that a scenario with all four stages has at least, each with its stage."""
    stages: dict[str, Any] = {name: _bare(kind, *_optional(kind)) for name, kind in _RECORDS.items()}
    whole = Scenario.model_construct(**stages, classes=())
    return {event.name: (STAGES[task.stage], event) for task in tasks_of(whole) for event in task.events}


def _kind(annotation: Any) -> type[Record] | None:
    """The record that may stand where this is expected."""
    kinds = typing.get_args(annotation) or (annotation,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Record)), None)


def _bare(kind: type[Record], *more: str) -> Record:
    """A record in which nothing takes any time, with these of its optional parts: enough to ask for its events."""
    wanted = {
        name: field.annotation for name, field in kind.model_fields.items() if field.is_required() or name in more
    }
    return kind.model_construct(**{name: _nothing(annotation) for name, annotation in wanted.items()})


def _optional(kind: type[Record]) -> Iterator[str]:
    """The parts that a stage may leave out, with the events they have."""
    parts = {name: _kind(field.annotation) for name, field in kind.model_fields.items() if field.default is None}
    return (name for name, part in parts.items() if part is not None)


def _nothing(annotation: Any) -> Any:
    if annotation is Span:
        return Span(0.0, "d")
    if annotation is Count:
        return Count(exactly=1)
    kind = _kind(annotation)
    if kind is not None:
        return _bare(kind)
    return () if typing.get_origin(annotation) is tuple else annotation()


def _counted(scenario: Scenario) -> str:
    """What counts as inclusion; eligibility, the definition of the terms, where no goal says otherwise."""
    return (scenario.goal.inclusion if scenario.goal is not None else None) or "eligibility"
