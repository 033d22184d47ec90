"""The checklist of each format, held against a file that was written: a `Check` for every rule, kept or not.

The 24 rules of the relational form of OCEL are those of its specification: which tables and columns there are, what
they are called, and every key.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.logs.vidigi import COLUMNS
from sim.logs.xes import TRANSITIONS

_XES = "{http://www.xes-standard.org/}"
_INSTANTS = ("enabled", "start", "end")


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of a format, and whether a file keeps it."""

    rule: str
    kept: bool

    def __str__(self) -> str:
        return f"{'ok' if self.kept else 'NOT KEPT'}: {self.rule}"


@dataclass(frozen=True, slots=True)
class _Base:
    """What a database says about itself: columns with type and place in the primary key, and foreign keys, by table."""

    columns: Mapping[str, Mapping[str, tuple[str, int]]]
    keys: Mapping[str, frozenset[tuple[str, str, str]]]  # (column, table it points to, column there)
    of_type: Mapping[str, tuple[str, ...]]  # "event", "object": the names of types in tables

    def tables(self, kind: str) -> list[str]:
        """The tables of the types of a kind."""
        return [f"{kind}_{name}" for name in self.of_type[kind]]

    def have(self, tables: Iterable[str], *wanted: str) -> bool:
        """Whether all tables have the columns."""
        return all(table in self.columns and {*wanted} <= {*self.columns[table]} for table in tables)

    def primary(self, tables: Iterable[str], *wanted: str) -> bool:
        """Whether exactly these columns are the primary key of all tables."""
        keys = ({name for name, (_, pk) in self.columns.get(table, {}).items() if pk} for table in tables)
        return all(key == {*wanted} for key in keys)

    def points(self, tables: Iterable[str], *wanted: tuple[str, str, str]) -> bool:
        """Whether all tables have the foreign keys."""
        return all({*wanted} <= self.keys.get(table, frozenset()) for table in tables)

    def named(self, kind: str) -> bool:
        """Whether the tables of a kind are those of its types and no others."""
        known = {f"{kind}_{name}" for name in self.of_type[kind]} | {f"{kind}_map_type", f"{kind}_object"}
        return known == {table for table in self.columns if table.startswith(f"{kind}_")}

    def timed(self, tables: Iterable[str]) -> bool:
        """Whether all tables have `ocel_time` declared as a TIMESTAMP."""
        return all(self.columns.get(table, {}).get("ocel_time", ("", 0))[0] == "TIMESTAMP" for table in tables)


def check_sqlite(path: Path) -> list[Check]:
    """The 24 rules of the relational form of OCEL 2.0."""
    base = _base(path)
    return [Check(rule, kept) for rule, kept in (*_tables_and_columns(base), *_keys(base))]


_MAPS, _PLAIN = ("event_map_type", "object_map_type"), ("event", "object")
_E2O, _O2O = ("event_object",), ("object_object",)


def _tables_and_columns(base: _Base) -> Iterator[tuple[str, bool]]:
    events, objects = base.tables("event"), base.tables("object")
    six = (*_PLAIN, *_E2O, *_O2O, *_MAPS)
    yield f"tables {', '.join(six)}", base.have(six)
    yield "a table object_TYPE for each type of object, and no other", base.named("object")
    yield "a table event_TYPE for each type of event, and no other", base.named("event")
    yield "ocel_type in both maps, in event and in object", base.have((*_MAPS, *_PLAIN), "ocel_type")
    yield "ocel_type_map in both maps", base.have(_MAPS, "ocel_type_map")
    yield "ocel_id in event and in object", base.have(_PLAIN, "ocel_id")
    yield "ocel_qualifier in both relations", base.have((*_E2O, *_O2O), "ocel_qualifier")
    yield "ocel_event_id and ocel_object_id in event_object", base.have(_E2O, "ocel_event_id", "ocel_object_id")
    yield "ocel_source_id and ocel_target_id in object_object", base.have(_O2O, "ocel_source_id", "ocel_target_id")
    yield "ocel_id in every object_TYPE", base.have(objects, "ocel_id")
    yield "ocel_id in every event_TYPE", base.have(events, "ocel_id")
    yield "ocel_time, a TIMESTAMP, in every object_TYPE", base.timed(objects)
    yield "ocel_time, a TIMESTAMP, in every event_TYPE", base.timed(events)


def _keys(base: _Base) -> Iterator[tuple[str, bool]]:
    events, objects = base.tables("event"), base.tables("object")
    of_pair, of_link = ("ocel_event_id", "ocel_object_id"), ("ocel_source_id", "ocel_target_id")
    to_event, to_object = ("event", "ocel_id"), ("object", "ocel_id")
    yield "primary key ocel_type of both maps", base.primary(_MAPS, "ocel_type")
    yield "primary key ocel_id of event and of object", base.primary(_PLAIN, "ocel_id")
    yield "primary key of event_object: all three columns", base.primary(_E2O, *of_pair, "ocel_qualifier")
    yield "primary key of object_object: all three columns", base.primary(_O2O, *of_link, "ocel_qualifier")
    yield "primary key ocel_id of every event_TYPE", base.primary(events, "ocel_id")
    for kind in _PLAIN:
        key = ("ocel_type", f"{kind}_map_type", "ocel_type")
        yield f"foreign key of {kind} to {kind}_map_type", base.points((kind,), key)
    pair = ((of_pair[0], *to_event), (of_pair[1], *to_object))
    yield "foreign keys of event_object to event and object", base.points(_E2O, *pair)
    yield "foreign keys of object_object to object", base.points(_O2O, *((name, *to_object) for name in of_link))
    yield "foreign key of every event_TYPE to event", base.points(events, ("ocel_id", *to_event))
    yield "foreign key of every object_TYPE to object", base.points(objects, ("ocel_id", *to_object))


def _base(path: Path) -> _Base:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            table: {row[1]: (row[2], row[5]) for row in base.execute(f'PRAGMA table_info("{table}")')}
            for table in tables
        }
        keys = {
            table: frozenset((row[3], row[2], row[4]) for row in base.execute(f'PRAGMA foreign_key_list("{table}")'))
            for table in tables
        }
        of_type = {
            kind: tuple(name for (name,) in base.execute(f"SELECT ocel_type_map FROM {kind}_map_type"))
            if f"{kind}_map_type" in tables
            else ()
            for kind in ("event", "object")
        }
    return _Base(columns, keys, of_type)


def check_json(path: Path) -> list[Check]:
    """What the JSON form of OCEL 2.0 must keep."""
    log = json.loads(path.read_text(encoding="utf-8"))
    things = {each["id"]: each for each in log["objects"]}
    events, links = log["events"], [link["objectId"] for each in log["events"] for link in each["relationships"]]
    between = [link["objectId"] for each in log["objects"] for link in each["relationships"]]
    kinds = ({each["name"] for each in log[key]} for key in ("eventTypes", "objectTypes"))
    return _object_checks(
        [each["id"] for each in events], [each["time"] for each in events], {each["type"] for each in events},
        [each["id"] for each in log["objects"]], {each["type"] for each in things.values()}, links, between, *kinds,
    )  # fmt: skip


def check_xml(path: Path) -> list[Check]:
    """What the XML form of OCEL 2.0 must keep."""
    root = ElementTree.parse(path).getroot()
    events, things = root.findall("events/event"), root.findall("objects/object")
    links = [link.get("object-id", "") for link in root.findall("events/event/objects/relationship")]
    between = [link.get("object-id", "") for link in root.findall("objects/object/objects/relationship")]
    kinds = (
        {each.get("name", "") for each in root.findall(f"{kind}-types/{kind}-type")} for kind in ("event", "object")
    )
    ids, types = ([[each.get(key, "") for each in found] for found in (events, things)] for key in ("id", "type"))
    times = [each.get("time", "") for each in events]
    return _object_checks(ids[0], times, {*types[0]}, ids[1], {*types[1]}, links, between, *kinds)


def _object_checks(*seen: Any) -> list[Check]:
    events, times, event_types, objects, object_types, links, between, known_events, known_objects = seen
    return [
        Check("every event has an id of its own", len({*events}) == len(events)),
        Check("every object has an id of its own", len({*objects}) == len(objects)),
        Check("every event has a declared type", event_types <= known_events),
        Check("every object has a declared type", object_types <= known_objects),
        Check("every time is ISO 8601 with the offset +00:00", all(time.endswith("+00:00") for time in times)),
        Check("no event before 1970", all(time >= "1970" for time in times)),
        Check("every related object is there", {*links, *between} <= {*objects}),
        Check("every object occurs in an event", {*objects} <= {*links}),
    ]


def check_xes(path: Path) -> list[Check]:
    """What IEEE 1849 asks for, a trace at a time."""
    seen: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    root: Any = None
    for when, element in ElementTree.iterparse(path, events=("start", "end")):
        if root is None:
            root = element
        if when == "end":
            tag = element.tag.removeprefix(_XES)
            seen[tag if tag != "global" else f"global {element.get('scope')}"] += 1
            seen[f"extension {element.get('prefix')}"] += tag == "extension"
            if tag == "trace":
                bad.update(_trace_faults(element))
                root.clear()
    prefixes = all(seen[f"extension {name}"] for name in ("concept", "time", "lifecycle", "org"))
    rules = (
        ("root <log> in the name space of XES", root is not None and root.tag == f"{_XES}log"),
        ("extensions concept, time, lifecycle and org declared", prefixes),
        ("globals for traces and for events", bool(seen["global trace"] and seen["global event"])),
        ("a classifier", bool(seen["classifier"])),
        ("every event has a name, a time and a transition", not bad["keys"]),
        ("every transition is one of the standard lifecycle", not bad["transition"]),
        ("events of a trace in the order of time", not bad["order"]),
        ("every complete has its start, and every start its schedule", not bad["pair"]),
        ("every time is ISO 8601 with an offset", not bad["offset"]),
    )
    return [Check(rule, kept) for rule, kept in rules]


def _trace_faults(trace: Any) -> Iterator[str]:
    known = {transition for _, transition in TRANSITIONS}
    before, done = "", Counter[tuple[str, str]]()
    for event in trace.iter(f"{_XES}event"):
        said = {child.get("key"): child.get("value") for child in event}
        at, transition, own = said.get("time:timestamp"), said.get("lifecycle:transition"), said.get("concept:instance")
        if not (at and transition and said.get("concept:name")):
            yield "keys"
            continue
        if transition not in known:
            yield "transition"
        if at < before:
            yield "order"
        if not at.endswith("+00:00"):
            yield "offset"
        earlier = {"complete": "start", "start": "schedule"}.get(transition)
        if earlier is not None and not done[own or "", earlier]:
            yield "pair"
        done[own or "", transition] += 1
        before = at


def check_vidigi(path: Path) -> list[Check]:
    """What vidigi asks for."""
    arrivals: Counter[tuple[str, str]] = Counter()
    used: Counter[tuple[str, str, str, str]] = Counter()
    faults: Counter[str] = Counter()
    known = {"arrival_departure", "queue", "resource_use", "resource_use_end"}
    before: dict[str, float] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        for line in reader:
            kind, own, run = line["event_type"], line["entity_id"], line["run_number"]
            arrivals[own, run] += line["event"] == "arrival"
            faults["kind"] += kind not in known
            faults["kind"] += (kind == "arrival_departure") != (line["event"] in ("arrival", "depart"))
            faults["unit"] += kind.startswith("resource_use") and not line["resource_id"].isdigit()
            faults["order"] += float(line["time"]) < before.get(run, 0.0)
            before[run] = float(line["time"])
            used[own, run, line["event"], line["resource_id"]] += {"resource_use": 1, "resource_use_end": -1}.get(
                kind, 0
            )
            faults["ends"] += used[own, run, line["event"], line["resource_id"]] < 0
    rules = (
        (f"columns {', '.join(COLUMNS)}", tuple(reader.fieldnames or ()) == COLUMNS),
        ("types arrival_departure, queue, resource_use, resource_use_end; arrival and depart", not faults["kind"]),
        ("one arrival for each entity and run", all(count == 1 for count in arrivals.values())),
        ("a whole number for every resource that is used", not faults["unit"]),
        ("no use ends before it begins", not faults["ends"]),
        ("times from 0 on, in order within a run", not faults["order"]),
    )
    return [Check(rule, kept) for rule, kept in rules]


def check_table(frames: Callable[[], Iterable[Any]]) -> list[Check]:
    """What the tidy table promises."""
    rows, names, order = 0, True, True
    known: set[str] = set()
    for frame in frames():
        at = frame[list(_INSTANTS)].astype("datetime64[s]")
        order &= bool(((at["enabled"] <= at["start"]) | at["start"].isna()).all())
        order &= bool(((at["start"] <= at["end"]) | at["end"].isna()).all())
        names &= not (known & {*frame["activity"]}) and frame["activity"].is_unique
        known.update(frame["activity"])
        rows += len(frame)
    return [
        Check("at least one row", rows > 0),
        Check("every row has a name of its own", bool(names)),
        Check("enabled, start and end in the order of time", order),
    ]
