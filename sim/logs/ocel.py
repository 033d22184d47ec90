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
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

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


class Event(NamedTuple):
    """Something that happened, and the objects it happened to: (id, qualifier)."""

    id: str
    type: str
    time: str
    values: tuple[Any, ...]  # as EVENT_ATTRIBUTES; "" for none
    objects: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One replication: events, trial by trial, objects by id, and relations (source, target, qualifier)."""

    events: Sequence[Event]
    objects: Mapping[str, tuple[str, tuple[Any, ...]]]  # type, and values as the schema lists them
    relations: Sequence[tuple[str, str, str]]

    def in_time(self) -> list[Event]:
        """The events in the order of time."""
        return sorted(self.events, key=lambda each: each.time)


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
    """One replication; what a row is about is found once for all rows that are about the same."""
    first = table[["case", "class", "in_scope", *(name for name in table.columns if name.startswith("trial."))]]
    objects: dict[str, tuple[str, tuple[Any, ...]]] = _trials(first.drop_duplicates("case"), shape)
    relations: dict[tuple[str, str, str], None] = {}
    known: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
    about = []
    names = ("case", "site", "role", "sponsor", "stage", "scope")
    rows = zip(*(table[name].tolist() for name in names), table["round"].tolist(), strict=True)
    for case, site, role, sponsor, stage, scope, turn in rows:
        kind = "patient" if scope == "patient" else _OF_STAGE.get(stage, "")
        thing = f"{kind}/{turn}" if scope == "patient" else kind
        key = (case, site, thing)
        if key not in known:
            related = _related(case, (site, role), sponsor, thing, objects, relations)
            known[key] = tuple(sorted(((case, "trial"), *related)))
        about.append(known[key])
    times = (stamps(table, name) for name in ("enabled", "start"))
    rest = (table[name].tolist() for name in ("round", "wait_days", "wait_kind", "resource", "outcome"))
    columns = (table["activity"].tolist(), table["task"].tolist(), stamps(table, "end"))
    events = map(Event._make, zip(*columns, zip(*times, *rest, strict=True), about, strict=True))
    return Part(list(events), objects, list(relations))


def _trials(rows: pd.DataFrame, shape: Schema) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """The trials by their case, with their attributes; a trial of another scenario may lack some."""
    lacking = [""] * len(rows)
    texts = (f"trial.{name}" for name in list(shape.objects["trial"])[2:])
    facts = zip(
        rows["class"].tolist(),
        rows["in_scope"].tolist(),
        *(rows[name].astype(str).tolist() if name in rows else lacking for name in texts),
        strict=True,
    )
    return {case: ("trial", values) for case, values in zip(rows["case"].tolist(), facts, strict=True)}


def _related(
    case: str, at: tuple[str, str], sponsor: str, thing: str, objects: Any, relations: Any
) -> Iterator[tuple[str, str]]:
    """The other objects of a row, noted where they are new; `at` a site with its role."""
    world, (site, role) = case.rsplit("/", 1)[0], at
    if sponsor:
        yield _noted(f"{world}/{sponsor}", "sponsor", (sponsor,), "sponsor", objects)
        relations[case, f"{world}/{sponsor}", "sponsor"] = None
    if site:
        yield _noted(f"{world}/{site}", "site", (site,), role, objects)
        relations[case, f"{world}/{site}", role] = None
    if thing:
        own, kind = f"{case}/{site}/{thing}" if site else f"{case}/{thing}", thing.split("/")[0]
        yield _noted(own, kind, (), kind, objects)
        relations[own, case, "of trial"] = None
        if site:
            relations[own, f"{world}/{site}", "at site"] = None


def _noted(own: str, kind: str, values: tuple[Any, ...], qualifier: str, objects: Any) -> tuple[str, str]:
    objects.setdefault(own, (kind, values))
    return own, qualifier
