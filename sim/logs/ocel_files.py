"""OCEL 2.0 on disk: a SQLite database with every key that the specification asks for, JSON, or XML.

Each is written a replication at a time. JSON and XML list objects before events (readers rely on it); the events go to
a second file while objects are written, which is then put behind them.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from sim.logs.ocel import FIRST, Event, Kind, Part, Schema

_SQL: Mapping[Kind, str] = {
    "string": "TEXT",
    "time": "TIMESTAMP",
    "integer": "INTEGER",
    "float": "REAL",
    "boolean": "BOOLEAN",
}
_BASE = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (
  ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type)) WITHOUT ROWID;
CREATE TABLE object (
  ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type)) WITHOUT ROWID;
CREATE TABLE event_object (
  ocel_event_id TEXT REFERENCES event (ocel_id), ocel_object_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,
  PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)) WITHOUT ROWID;
CREATE TABLE object_object (
  ocel_source_id TEXT REFERENCES object (ocel_id), ocel_target_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,
  PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)) WITHOUT ROWID;
"""


def write_sqlite(parts: Iterable[Part], shape: Schema, path: Path) -> int:
    """Write the relational form; the number of events."""
    path.unlink(missing_ok=True)
    tables = {kind: mapped(types) for kind, types in (("event", shape.events), ("object", shape.objects))}
    events = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA journal_mode = OFF")  # a file that was not finished is no log, and is written anew
        base.execute("BEGIN")
        for statement in (*_BASE.split(";"), *_type_tables(shape, tables)):
            base.execute(statement)
        for kind, names in tables.items():
            base.executemany(f"INSERT INTO {kind}_map_type VALUES (?, ?)", names.items())
        for part in parts:
            _put(base, part, shape, tables)
            events += len(part.events)
        base.execute("COMMIT")
    return events


def mapped(types: Iterable[str]) -> dict[str, str]:
    """The name of each type in the names of tables: letters and digits, no two alike but for their case.

    >>> mapped(["contract_sent", "contractsent"])
    {'contract_sent': 'ContractSent', 'contractsent': 'Contractsent2'}
    """
    names: dict[str, str] = {}
    taken: set[str] = {"object", "maptype"}  # event_object and event_map_type are tables of their own
    for each in types:
        plain = "".join(part.capitalize() for part in re.findall(r"[A-Za-z0-9]+", each)) or "Type"
        name, again = plain, 1
        while name.lower() in taken:
            again += 1
            name = f"{plain}{again}"
        taken.add(name.lower())
        names[each] = name
    return names


def _type_tables(shape: Schema, tables: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for kind, types in (("event", shape.events), ("object", shape.objects)):
        for name, attributes in types.items():
            own = "".join(f', "{key}" {_SQL[of]}' for key, of in attributes.items())
            key, kept = ("PRIMARY KEY ", " WITHOUT ROWID") if kind == "event" else ("", "")
            change = "" if kind == "event" else ", ocel_changed_field TEXT"
            yield (
                f"CREATE TABLE {kind}_{tables[kind][name]} "
                f"(ocel_id TEXT {key}REFERENCES {kind} (ocel_id), ocel_time TIMESTAMP{change}{own}){kept}"
            )


def _put(base: sqlite3.Connection, part: Part, shape: Schema, tables: Mapping[str, Mapping[str, str]]) -> None:
    """Write a part, in the order of keys: so a tree grows at its end."""
    events = sorted(part.events)
    base.executemany("INSERT INTO object VALUES (?, ?)", sorted((own, kind) for own, (kind, _) in part.objects.items()))
    base.executemany("INSERT INTO event VALUES (?, ?)", [each[:2] for each in events])
    pairs = [(each.id, *link) for each in events for link in each.objects]
    base.executemany("INSERT INTO event_object VALUES (?, ?, ?)", pairs)
    base.executemany("INSERT INTO object_object VALUES (?, ?, ?)", sorted(part.relations))
    for name, attributes in shape.objects.items():
        values = ((own, _naive(FIRST), None, *given) for own, (kind, given) in part.objects.items() if kind == name)
        marks = ", ".join("?" * (3 + len(attributes)))
        base.executemany(f"INSERT INTO object_{tables['object'][name]} VALUES ({marks})", values)
    of_type: dict[str, list[tuple[Any, ...]]] = {}
    for own, kind, time, (enabled, started, *rest), _ in events:
        row = (own, _naive(time), _naive(enabled), _naive(started), *rest)
        of_type.setdefault(kind, []).append(row)
    for name, rows in of_type.items():
        base.executemany(f"INSERT INTO event_{tables['event'][name]} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _naive(stamp: str) -> str:
    """In SQLite instants have no offset."""
    return stamp[:19]


def write_json(parts: Iterable[Part], shape: Schema, path: Path) -> int:
    """Write the JSON form; the number of events."""

    def types(of: Mapping[str, Mapping[str, Kind]]) -> list[Any]:
        return [
            {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in attributes.items()]}
            for name, attributes in of.items()
        ]

    declared = f'{{"objectTypes": {json.dumps(types(shape.objects))},\n"eventTypes": {json.dumps(types(shape.events))}'
    frame = (f'{declared},\n"objects": [', '],\n"events": [', "]}\n")
    return _in_two(parts, path, frame, (_json_event, _json_object), shape)


def _json_event(each: Event, shape: Schema) -> str:
    values = zip(shape.events[each.type], each.values, strict=True)
    return json.dumps(
        {
            "id": each.id,
            "type": each.type,
            "time": each.time,
            "attributes": [{"name": name, "value": value} for name, value in values if value != ""],
            "relationships": [{"objectId": own, "qualifier": qualifier} for own, qualifier in each.objects],
        }
    )


def _json_object(own: str, part: Part, links: Mapping[str, list[tuple[str, str]]], shape: Schema) -> str:
    kind, values = part.objects[own]
    given = zip(shape.objects[kind], values, strict=True)
    return json.dumps(
        {
            "id": own,
            "type": kind,
            "attributes": [{"name": name, "time": FIRST, "value": value} for name, value in given if value != ""],
            "relationships": [{"objectId": to, "qualifier": qualifier} for to, qualifier in links.get(own, ())],
        }
    )


def write_xml(parts: Iterable[Part], shape: Schema, path: Path) -> int:
    """Write the XML form; the number of events."""

    def types(tag: str, of: Mapping[str, Mapping[str, Kind]]) -> str:
        rows = "".join(
            f"<{tag}-type name={quoteattr(name)}><attributes>"
            + "".join(f"<attribute name={quoteattr(key)} type={quoteattr(kind)}/>" for key, kind in attributes.items())
            + f"</attributes></{tag}-type>\n"
            for name, attributes in of.items()
        )
        return f"<{tag}-types>\n{rows}</{tag}-types>\n"

    declared = f"{types('object', shape.objects)}{types('event', shape.events)}"
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n{declared}<objects>\n'
    frame = (head, "</objects>\n<events>\n", "</events>\n</log>\n")
    return _in_two(parts, path, frame, (_xml_event, _xml_object), shape)


def _xml_event(each: Event, shape: Schema) -> str:
    values = "".join(
        f"<attribute name={quoteattr(name)}>{escape(_xml_text(value))}</attribute>"
        for name, value in zip(shape.events[each.type], each.values, strict=True)
        if value != ""
    )
    return (
        f'<event id={quoteattr(each.id)} type={quoteattr(each.type)} time="{each.time}">'
        f"<attributes>{values}</attributes>{_xml_links(each.objects)}</event>\n"
    )


def _xml_object(own: str, part: Part, links: Mapping[str, list[tuple[str, str]]], shape: Schema) -> str:
    kind, values = part.objects[own]
    given = "".join(
        f'<attribute name={quoteattr(name)} time="{FIRST}">{escape(_xml_text(value))}</attribute>'
        for name, value in zip(shape.objects[kind], values, strict=True)
        if value != ""
    )
    related = _xml_links(links.get(own, ()))
    return f"<object id={quoteattr(own)} type={quoteattr(kind)}><attributes>{given}</attributes>{related}</object>\n"


def _xml_links(links: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"<relationship object-id={quoteattr(to)} qualifier={quoteattr(how)}/>" for to, how in links)
    return f"<objects>{rows}</objects>" if rows else ""


def _xml_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in_two(
    parts: Iterable[Part], path: Path, frame: tuple[str, str, str], texts: tuple[Any, Any], shape: Schema
) -> int:
    """Write objects, then events (`texts`: of an event, of an object), in a frame; the number of events."""
    between = ",\n" if frame[0].startswith("{") else ""
    count = [0, 0]

    def put(stream: IO[str], place: int, text: str) -> None:
        stream.write((between if count[place] else "") + text)
        count[place] += 1

    with (
        path.open("w", encoding="utf-8", newline="\n") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8") as behind,
    ):
        out.write(frame[0])
        for part in parts:
            links: dict[str, list[tuple[str, str]]] = {}
            for source, target, qualifier in part.relations:
                links.setdefault(source, []).append((target, qualifier))
            for each in part.in_time():
                put(behind, 0, texts[0](each, shape))
            for own in part.objects:
                put(out, 1, texts[1](own, part, links, shape))
        out.write(frame[1])
        behind.seek(0)
        shutil.copyfileobj(behind, out)
        out.write(frame[2])
    return count[0]
