"""What is checked, and which names stand where in it: events, pools, clocks, types, attributes that conditions ask for.

`Checked` is a scenario beside what it lowers to; every check takes it and gives each `Finding` with the path at which
it was written. A `Reference` is where a name stands, what kind of thing it names, and the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import BaseModel

from sim.scenario.language.records import SCALARS, parts
from sim.scenario.lowering import tasks_of
from sim.scenario.schema import (
    Absence,
    Admission,
    Condition,
    Goal,
    Inclusion,
    InclusionVariant,
    Indicator,
    LeverUse,
    Limit,
    PartTime,
    Pool,
    Scenario,
    Site,
    StartRule,
    Step,
    Task,
    TrialClass,
    Variant,
)
from sim.scenario.stages.tasks import Task as Lowered

Path = tuple[Any, ...]
Reference = tuple[Path, str, str]


class Finding(NamedTuple):
    """What is wrong at a path of a scenario."""

    path: Path
    message: str
    at_key: bool = False  # what is wrong is the last name of the path itself


@dataclass(frozen=True)
class Checked:
    """A scenario whose parts are right by themselves, beside what it lowers to."""

    scenario: Scenario
    before: Scenario | None = None  # one with nothing wrong in it, from which this one differs in numbers alone

    @cached_property
    def tasks(self) -> tuple[Lowered, ...]:
        """The tasks of its stages and its plain tasks, each with the start rules that were written."""
        return tuple(tasks_of(self.scenario))

    @cached_property
    def records(self) -> tuple[tuple[Path, BaseModel], ...]:
        """Every record in it, with its path in the file."""
        return tuple(records(self.scenario, ()))

    @cached_property
    def new(self) -> tuple[tuple[Path, BaseModel], ...]:
        """The records in it that the scenario before does not have; all of them where there is none before."""
        return self.records if self.before is None else tuple(_new(self.scenario, self.before, ()))

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every name that refers to something else."""
        return tuple((path + below, kind, name) for path, each in self.records for below, kind, name in names_in(each))

    @cached_property
    def conditions(self) -> tuple[tuple[Path, Condition], ...]:
        """Every condition."""
        return tuple((path + below, asked) for path, each in self.records for below, asked in conditions_in(each))


def records(value: Any, path: Path) -> Iterator[tuple[Path, BaseModel]]:
    """Every record below a value, with its path in the file."""
    if isinstance(value, BaseModel):
        yield path, value
    for part, below in parts(value):
        if not isinstance(below, SCALARS):
            yield from records(below, (*path, part))


def _new(value: Any, before: Any, path: Path) -> Iterator[tuple[Path, BaseModel]]:
    """The records below a value that are not in another one before, which differs from it in numbers alone."""
    if isinstance(value, BaseModel):
        yield path, value
    for (part, below), (_, there) in zip(parts(value), parts(before), strict=True):
        if below is not there and not isinstance(below, SCALARS):
            yield from _new(below, there, (*path, part))


def names_in(record: BaseModel) -> Iterator[Reference]:
    """The references that stand in a record itself, apart from people and conditions."""
    match record:
        case StartRule():
            yield (), "event", record.event
        case Limit():
            yield from _given((("clock",), "clock", record.clock), (("since",), "event", record.since))
        case Step() | Variant():
            several = len(record.pool or ()) > 1
            yield from (
                (("pool", index) if several else ("pool",), "pool", name)
                for index, name in enumerate(record.pool or ())
            )
            yield from _given((("clock",), "clock", record.clock))
        case Pool():
            yield from _given((("clock",), "clock", record.clock), (("shared_by",), "site attribute", record.shared_by))
        case Absence() | PartTime():
            yield from _given((("at",), "site or sponsor type", record.at))
        case Site():
            yield from _given((("type",), "site type", record.type))
        case TrialClass():
            yield from ((("sponsors", name), "sponsor type", name) for name in record.sponsors or {})
            yield from _given((("arrive_on",), "clock", record.arrive_on))
        case Goal() | Indicator():
            yield ("from",), "event", record.from_
            yield ("to",), "event", record.to
            yield from _given((("clock",), "clock", getattr(record, "clock", None)))
    if isinstance(record, Step):
        yield from _given((("kept_until",), "event", record.kept_until))
    if isinstance(record, Task):
        yield from _given((("along_with",), "task", record.along_with), (("unless",), "task", record.unless))
    for key in _LISTS_OF_EVENTS.get(type(record), ()):
        yield from (((key, index), "event", event) for index, event in enumerate(getattr(record, key) or ()))


_LISTS_OF_EVENTS: Mapping[type[BaseModel], tuple[str, ...]] = {
    Task: ("needed_if",),
    Goal: ("prerequisites",),
    Indicator: ("less",),
}


def _given(*references: tuple[Path, str, str | None]) -> Iterator[Reference]:
    return ((path, kind, name) for path, kind, name in references if name is not None)


def conditions_in(record: BaseModel) -> Iterator[tuple[Path, Condition]]:
    """The conditions that stand in a record itself, each with its key."""
    match record:
        case Step() | Inclusion():
            yield ("only",), record.only or {}
        case Variant() | InclusionVariant() | Admission():
            yield ("when",), record.when
        case TrialClass() | LeverUse():
            yield ("at",), record.at
        case Goal():
            yield ("scope",), record.scope
