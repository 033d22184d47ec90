"""The event log as objects: trials, sites, sponsors, applications, agreements and patients, and what happened to them.

An event is a task that was done, at the moment it was done; that it could begin and that it began are its attributes.
It names every object that it is about, with a qualifier. `parts` gives the events, objects and relations of a
replication at a time; `sim.logs.ocel_files` writes them as OCEL 2.0. An object that occurs in no event is dropped by
readers, so sites and sponsors stand in the events of their trials.

References
----------
Berti A. et al. (2024). OCEL (Object-Centric Event Log) 2.0 specification. arXiv:2403.01975.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.logs.xes import stamps

if TYPE_CHECKING:
    import pandas as pd

    from sim.logs.activities import Played

Kind = Literal["string", "time", "integer", "float", "boolean"]
EVENT_ATTRIBUTES: Mapping[str, Kind] = {
    "enabled": "time",
    "started": "time",
    "round": "integer",
    "wait_days": "float",
    "wait_kind": "string",
    "resource": "string",
    "outcome": "string",
}
OBJECTS = ("trial", "site", "sponsor", "application", "agreement", "patient")
FIRST = "1970-01-01T00:00:00+00:00"
"""When an object had the values that it has from the beginning."""
_OF_STAGE = {"authorisation": "application", "contracting": "agreement"}


@dataclass(frozen=True, slots=True)
class Schema:
    """Types of events and objects, each with the types of its attributes."""

    events: Mapping[str, Mapping[str, Kind]]
    objects: Mapping[str, Mapping[str, Kind]]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, and the objects it happened to: (id, qualifier)."""

    id: str
    type: str
    time: str
    values: tuple[Any, ...]  # as EVENT_ATTRIBUTES; None for none
    objects: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One replication: events in the order of time, objects by id, and relations (source, target, qualifier)."""

    events: Sequence[Event]
    objects: Mapping[str, tuple[str, tuple[Any, ...]]]  # type, and values as the schema lists them
    relations: Sequence[tuple[str, str, str]]


def schema(results: Sequence[Played]) -> Schema:
    """What can occur in the log of some results."""
    tasks = dict.fromkeys(task for each in results for task in each.work.plan.network.tasks)
    attributes = dict.fromkeys(
        name for each in results for kind in each.work.scenario.classes for name in kind.attributes
    )
    attributes |= dict.fromkeys(each.attribute for result in results for each in result.work.scenario.admissions)
    trial: dict[str, Kind] = {"class": "string", "in_scope": "boolean", **dict.fromkeys(attributes, "string")}
    own: dict[str, Mapping[str, Kind]] = {"trial": trial, "site": {"name": "string"}, "sponsor": {"name": "string"}}
    return Schema(dict.fromkeys(tasks, EVENT_ATTRIBUTES), {name: own.get(name, {}) for name in OBJECTS})


def parts(tables: Iterable[pd.DataFrame], shape: Schema) -> Iterator[Part]:
    """The events, objects and relations of each replication."""
    for table in tables:
        yield _part(table[table["end"].notna()], shape)


def _part(table: pd.DataFrame, shape: Schema) -> Part:
    objects: dict[str, tuple[str, tuple[Any, ...]]] = {}
    relations: dict[tuple[str, str, str], None] = {}
    events = []
    trials = list(shape.objects["trial"])
    facts = [
        _texts(table, "class"),
        table["in_scope"].tolist(),
        *(_texts(table, f"trial.{name}") for name in trials[2:]),
    ]
    ends, enabled, started = (stamps(table, name) for name in ("end", "enabled", "start"))
    names = (
        "activity",
        "case",
        "site",
        "role",
        "sponsor",
        "stage",
        "task",
        "scope",
        "wait_kind",
        "resource",
        "outcome",
    )
    rows = zip(
        *(_texts(table, name) for name in names), table["round"].tolist(), table["wait_days"].tolist(), strict=True
    )
    for row, (own, case, site, role, sponsor, stage, task, scope, wait, resource, outcome, turn, days) in enumerate(
        rows
    ):
        if case not in objects:
            objects[case] = ("trial", tuple(column[row] for column in facts))
        there = [
            (case, "trial"),
            *_related(case, site, role, sponsor, _kept_as(stage, scope), turn, objects, relations),
        ]
        values = (enabled[row], started[row], turn, days, wait, resource, outcome)
        events.append(Event(own, task, ends[row], values, tuple(there)))
    order = np.argsort(np.array(ends), kind="stable").tolist() if ends else []
    return Part([events[row] for row in order], objects, list(relations))


def _kept_as(stage: str, scope: str) -> str:
    """The kind of object that a row is about besides its trial and site."""
    return "patient" if scope == "patient" else _OF_STAGE.get(stage, "")


def _related(
    case: str, site: str, role: str, sponsor: str, kind: str, turn: int, objects: Any, relations: Any
) -> Iterator[tuple[str, str]]:
    """The other objects of a row, noted where they are new."""
    world = case.rsplit("/", 1)[0]
    if sponsor:
        yield _noted(f"{world}/{sponsor}", "sponsor", (sponsor,), "sponsor", objects)
        relations[case, f"{world}/{sponsor}", "sponsor"] = None
    if site:
        yield _noted(f"{world}/{site}", "site", (site,), role, objects)
        relations[case, f"{world}/{site}", role] = None
    if kind:
        at = f"{case}/{site}" if site else case
        own = f"{at}/{kind}/{turn}" if kind == "patient" else f"{at}/{kind}"
        yield _noted(own, kind, (), kind, objects)
        relations[own, case, "of trial"] = None
        if site:
            relations[own, f"{world}/{site}", "at site"] = None


def _noted(own: str, kind: str, values: tuple[Any, ...], qualifier: str, objects: Any) -> tuple[str, str]:
    if own not in objects:
        objects[own] = (kind, values)
    return own, qualifier


def _texts(table: pd.DataFrame, name: str) -> list[str]:
    return table[name].astype(str).tolist() if name in table else [""] * len(table)
