"""The event log as XES: a trace for each trial, with the moments at which each task could begin, began and was done.

Transitions of the lifecycle are `schedule` (nothing more to wait for but people), `start` and `complete`; events of one
task share their `concept:instance`. The file is written as it is played, without a tree in memory.

References
----------
IEEE 1849-2023, Standard for eXtensible Event Stream (XES).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

TRANSITIONS = (("enabled", "schedule"), ("start", "start"), ("end", "complete"))
_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)
_HEAD = "\n".join(
    [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<log xes.version="1849-2023" xmlns="http://www.xes-standard.org/">',
        *(f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>' for name, prefix, uri in _EXTENSIONS),
        '<global scope="trace"><string key="concept:name" value="unnamed"/></global>',
        '<global scope="event"><string key="concept:name" value="unnamed"/>'
        '<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>'
        '<string key="lifecycle:transition" value="complete"/></global>',
        '<classifier name="Activity" keys="concept:name lifecycle:transition"/>',
        '<string key="concept:name" value="trialstart"/>',
        '<string key="lifecycle:model" value="standard"/>',
        "",
    ]
)
_TRACE = ("scenario", "replication", "class", "sponsor", "in_scope")


def write_xes(tables: Iterable[pd.DataFrame], path: Path) -> int:
    """Write XES; the number of events."""
    events = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(_HEAD)
        for table in tables:
            for trace in _traces(table):
                stream.write(trace)
            events += sum(int(table[name].notna().sum()) for name, _ in TRANSITIONS)
        stream.write("</log>\n")
    return events


def stamps(table: pd.DataFrame, name: str) -> list[str]:
    """(n) Instants as ISO 8601 with an offset; "" for not yet."""
    at = table[name].to_numpy().astype("datetime64[s]")
    return [f"{text}+00:00" if text != "NaT" else "" for text in np.datetime_as_string(at, unit="s").tolist()]


def attribute(key: str, value: Any) -> str:
    """One attribute with the type of its value."""
    if isinstance(value, (bool, np.bool_)):
        return f'<boolean key={quoteattr(key)} value="{str(bool(value)).lower()}"/>'
    whole, real = isinstance(value, (int, np.integer)), isinstance(value, (float, np.floating))
    kind = "int" if whole else "float" if real else "string"
    return f"<{kind} key={quoteattr(key)} value={quoteattr(str(value))}/>"


def _traces(table: pd.DataFrame) -> Iterator[str]:
    """The traces of one replication; its lines stand trial by trial."""
    events = _events(table)
    cases = table["case"].to_numpy()
    begins = np.flatnonzero(np.append([True] * min(len(cases), 1), cases[1:] != cases[:-1]))
    attributes = [name for name in table.columns if name in _TRACE or name.startswith("trial.")]
    heads = table.iloc[begins][attributes].astype(object).to_numpy().tolist()
    for place, (begin, head) in enumerate(zip(begins, heads, strict=True)):
        end = begins[place + 1] if place + 1 < len(begins) else len(cases)
        own = "".join(attribute(key, value) for key, value in zip(attributes, head, strict=True) if value != "")
        inside = sorted(each for line in events[begin:end] for each in line)
        name = attribute("concept:name", cases[begin])
        yield f"<trace>{name}{own}\n{''.join(text for _, _, text in inside)}</trace>\n"


def _events(table: pd.DataFrame) -> list[list[tuple[str, int, str]]]:
    """(lines) The events of each line: when, in which order at one instant, and the text."""
    when = [stamps(table, name) for name, _ in TRANSITIONS]
    found = []
    texts = (table[name].astype(str) for name in ("task", "resource", "site", "stage", "outcome", "activity"))
    rows = zip(*texts, table["round"], strict=True)
    for row, (task, resource, site, stage, outcome, own, turn) in enumerate(rows):
        said = attribute("concept:name", task) + attribute("concept:instance", own)
        said += (attribute("org:resource", resource) if resource else "") + (attribute("site", site) if site else "")
        said += attribute("stage", stage) + f'<int key="round" value="{turn}"/>'
        line = []
        for order, (_, transition) in enumerate(TRANSITIONS):
            if at := when[order][row]:
                last = attribute("outcome", outcome) if transition == "complete" else ""
                text = f'<string key="lifecycle:transition" value="{transition}"/>'
                text += f'<date key="time:timestamp" value="{at}"/>{last}'
                line.append((at, 3 * row + order, f"<event>{said}{text}</event>\n"))
        found.append(line)
    return found
