"""The event log as vidigi animates it: each trial, or each trial at one site, is an entity that queues and is served.

Times are minutes since the origin of the scenario. A unit of a pool is a resource with a number: the lowest that is
free when the work begins. What needs nobody is a queue that is left when the work is done.

References
----------
vidigi, https://github.com/Bergam0t/vidigi: the format of its event logs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("entity_id", "event_type", "event", "time", "run_number", "resource_id", "pathway", "timestamp")
_ORDER = {"arrival_departure": 0, "queue": 1, "resource_use": 2, "resource_use_end": 3}


def write_vidigi(tables: Iterable[pd.DataFrame], path: Path) -> int:
    """Write vidigi's CSV; the number of events."""
    import pandas as pd

    rows = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        for table in tables:
            lines = pd.DataFrame(list(vidigi_lines(table)), columns=list(COLUMNS))
            lines["resource_id"] = lines["resource_id"].astype("Int64")
            lines.to_csv(stream, header=rows == 0, index=False, lineterminator="\n")
            rows += len(lines)
    return rows


def vidigi_lines(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The lines of one replication, in the order of time, entity and event."""
    if not len(table):
        return
    origin = table["enabled"].min()
    entity = _entities(table)
    lines = [*_lives(table, entity), *_tasks(table, entity)]
    lines.sort(key=lambda line: (line[3], line[0], line[2] != "arrival", line[2] == "depart", _ORDER[line[1]]))
    for own, kind, event, at, unit, pathway, run in lines:
        minutes = (at - origin.to_datetime64()) / np.timedelta64(1, "m")
        yield own, kind, event, float(minutes), run, unit, pathway, str(at.astype("datetime64[s]")).replace("T", " ")


def _entities(table: pd.DataFrame) -> list[str]:
    """(n) The entity of each line: the trial for its own tasks, the trial at a site for those of the site."""
    pairs = zip(table["trial"].astype(str), table["site"].astype(str), strict=True)
    return [f"{trial}@{site}" if site else trial for trial, site in pairs]


def _lives(table: pd.DataFrame, entity: list[str]) -> Iterator[tuple[Any, ...]]:
    """When each entity comes, and when its last task is done; who is not done by then stays."""
    run = int(table["replication"].iloc[0])
    grouped = table.assign(entity=entity).groupby("entity", sort=False)
    lives = grouped.agg(
        come=("enabled", "min"),
        go=("end", "max"),
        all_done=("end", lambda ends: ends.notna().all()),
        pathway=("class", "first"),
    )
    for own, come, go, done, pathway in lives.itertuples():
        yield own, "arrival_departure", "arrival", come.to_datetime64(), None, str(pathway), run
        if done:
            yield own, "arrival_departure", "depart", go.to_datetime64(), None, str(pathway), run


def _tasks(table: pd.DataFrame, entity: list[str]) -> Iterator[tuple[Any, ...]]:
    run = int(table["replication"].iloc[0])
    unit = _units(table)
    columns = ("task", "resource", "enabled", "start", "end", "class")
    rows = zip(entity, unit, *(table[name].to_numpy() for name in columns), strict=True)
    for own, number, task, resource, enabled, start, end, pathway in rows:
        yield own, "queue", str(task), enabled, None, str(pathway), run
        if resource and not np.isnat(start):
            yield own, "resource_use", str(task), start, number, str(pathway), run
            if not np.isnat(end):
                yield own, "resource_use_end", str(task), end, number, str(pathway), run


def _units(table: pd.DataFrame) -> list[int | None]:
    """(n) The number of the unit that does each line: the lowest of its pool that is free when it begins."""
    found: list[int | None] = [None] * len(table)
    free: dict[str, list[int]] = {}
    busy: dict[str, list[tuple[Any, int]]] = {}
    count: dict[str, int] = {}
    start, end, pool = (table[name].to_numpy() for name in ("start", "end", "resource"))
    for row in np.lexsort((np.arange(len(table)), start)).tolist():
        name = str(pool[row])
        if not name or np.isnat(start[row]):
            continue
        at = busy.setdefault(name, [])
        while at and at[0][0] <= start[row]:
            heapq.heappush(free.setdefault(name, []), heapq.heappop(at)[1])
        if free.get(name):
            unit = heapq.heappop(free[name])
        else:
            unit = count[name] = count.get(name, 0) + 1
        found[row] = unit
        heapq.heappush(at, (end[row] if not np.isnat(end[row]) else np.datetime64("2999-01-01"), unit))
    return found
