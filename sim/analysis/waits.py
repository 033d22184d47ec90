"""Why a row waited for people: minute by minute, what stood between it and its start.

`kinds_of_wait` parts the wait of rows into four kinds that add up to it, exactly:

- off duty: a pool that the row needs is closed (night, week-end, holiday), or too few of its people are present (leave,
  absence);
- sitting: a body that meets does not do so before the first date at which it could take the row, or before so many
  wait as it takes together;
- overtaken: everybody is busy, and somebody of the pool works on a row that became ready later (priority, due date);
- busy: everybody is busy with rows that were there before, or every seat of earlier sittings was taken.

`held_by` says on what those were at work who were waited for. These are the kinds of waiting-time analysis of process
mining; there they are estimated from logs, here the engine's own times tell.

References
----------
Lashkevich K., Milani F., Chapela-Campa D., Suvorau I., Dumas M. (2024). Unveiling the causes of waiting time in
business processes from event logs. Information Systems 126, 102434. doi:10.1016/j.is.2024.102434
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.model.clocks import Clock
from sim.model.network import NONE, NOT_SERVED, NOT_YET, Int, Network, Pool, Timelines, Workload, among, matches

KINDS = ("off_duty", "sitting", "overtaken", "busy")
"""The kinds of wait, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The k waits that are asked about: each of a row, from `begin` until `end` [min], to start or to go on."""

    rows: Int
    begin: Int
    end: Int
    of: Int  # the place in the list of the rows that were asked about

    def by_row(self, minutes: Int, rows: Int) -> Int:
        """(len(rows), ...) What was found for each wait, added up for each of the rows that were asked about."""
        found = np.zeros((len(rows), *minutes.shape[1:]), np.int64)
        np.add.at(found, self.of, minutes)
        return found


def waits_since(timelines: Timelines, rows: Int, since: Int) -> Waiting:
    """The waits of rows that have started, after an instant for each [min]: until they start, and in their breaks."""
    breaks = timelines.breaks[timelines.breaks[:, 2] != NOT_YET]
    each, mine = matches(rows, breaks[:, 0])
    _, begin, end = breaks[mine].T
    begin, end = (np.maximum(instant, since[each]) for instant in (begin, end))
    return Waiting(
        np.concatenate((rows, rows[each])),
        np.concatenate((np.minimum(since, timelines.start[rows]), begin)),
        np.concatenate((timelines.start[rows], end)),
        np.concatenate((np.arange(len(rows)), each)),
    )


def kinds_of_wait(network: Network, workload: Workload, timelines: Timelines, waiting: Waiting) -> Int:
    """(k, 4) Minutes of each kind; they add up to those of each wait."""
    found = np.zeros((len(waiting.rows), len(KINDS)), np.int64)
    begin, end = waiting.begin, waiting.end
    found[:, KINDS.index("busy")] = end - begin
    service = _service(workload, timelines)
    asked, alone = workload.pool[waiting.rows], np.diff(workload.first_also)[waiting.rows] == 0
    for index in np.unique(asked[alone & (asked != NONE) & (end > begin)]).tolist():
        pool, mine = network.pools[index], np.flatnonzero(alone & (asked == index) & (end > begin))
        between = (begin[mine], end[mine])
        if pool.sittings is not None:
            _part(found, mine, "sitting", _until_first(pool, *between))
        elif pool.batch:
            opened = network.clocks[pool.clock].open_minutes(*between)
            _part(found, mine, "off_duty", between[1] - between[0] - opened)
            _part(found, mine, "sitting", opened)
        else:
            _part(found, mine, "off_duty", _off_duty(network, pool, between))
            ready = timelines.ready[waiting.rows[mine]]
            _part(found, mine, "overtaken", _overtaken(network.clocks[pool.clock], service.of(index), ready, between))
    for team, some in _teams(workload, waiting.rows, np.flatnonzero(~alone & (end > begin))).items():
        mine = np.array(some, np.int64)
        _part(found, mine, "off_duty", _team_off(network, team, (begin[mine], end[mine])))
    return found


def held_by(workload: Workload, timelines: Timelines, waiting: Waiting, of_row: Int) -> Int:
    """(k, classes) Minutes that units of the pool of each row spent on rows of each class while it waited.

    Parameters
    ----------
    of_row : (rows of the workload)
        The class of each row, from 0.
    """
    end = waiting.end
    held = np.zeros((len(waiting.rows), int(of_row.max(initial=-1)) + 1), np.int64)
    service, asked = _service(workload, timelines), workload.pool[waiting.rows]
    for pool in np.unique(asked[asked != NONE]).tolist():
        mine, served = np.flatnonzero(asked == pool), service.of(pool)
        for kind in np.unique(of_row[served.rows]).tolist():
            those = of_row[served.rows] == kind
            spent = _spent(served.begins[those], served.stops[those])
            held[mine, kind] = spent(end[mine]) - spent(waiting.begin[mine])
    return held


def _part(found: Int, rows: Int, kind: str, minutes: Int) -> None:
    """Take minutes of a kind out of those in which everybody is busy, as far as these go."""
    busy = KINDS.index("busy")
    taken = np.minimum(minutes, found[rows, busy])
    found[rows, KINDS.index(kind)] += taken
    found[rows, busy] -= taken


def _until_first(pool: Pool, begin: Int, end: Int) -> Int:
    """The wait for the first sitting that could take a row; the last one of those it is drawn among."""
    assert pool.sittings is not None
    if pool.window is None:
        first = pool.sittings[np.minimum(np.searchsorted(pool.sittings, begin), len(pool.sittings) - 1)]
    else:
        last = np.searchsorted(pool.sittings, begin + pool.window[1], side="right") - 1
        first = pool.sittings[np.maximum(last, 0)]
    return np.clip(first, begin, end) - begin


def _off_duty(network: Network, pool: Pool, between: tuple[Int, Int]) -> Int:
    """Minutes in which the pool is closed, or nobody is present."""
    begin, end = between
    clock = network.clocks[pool.clock]
    off = (end - begin) - clock.open_minutes(begin, end)
    until = np.append(pool.changes[1:], network.horizon)
    for since, till in zip(pool.changes[pool.units < 1], until[pool.units < 1], strict=True):
        low, high = np.clip(begin, since, till), np.clip(end, since, till)
        off += clock.open_minutes(low, high)
    return np.asarray(off, np.int64)


Team = tuple[tuple[int, int], ...]
"""The pools that a row needs at once, each with the units of it."""


def _teams(workload: Workload, rows: Int, places: Int) -> dict[Team, list[int]]:
    """The places of `rows` by the team that they need."""
    found: dict[Team, list[int]] = {}
    for place in places.tolist():
        row = rows[place]
        also = workload.also[workload.first_also[row] : workload.first_also[row + 1]].tolist()
        team = tuple(sorted(Counter([int(workload.pool[row]), *also]).items()))
        found.setdefault(team, []).append(place)
    return found


def _team_off(network: Network, team: Team, between: tuple[Int, Int]) -> Int:
    """The same for rows that need a team: minutes in which any of its pools cannot give its units."""
    since = int(between[0].min())
    instants = np.arange(since, int(between[1].max()))
    off = np.zeros(len(instants), bool)
    for index, needed in team:
        pool = network.pools[index]
        present = pool.units[np.searchsorted(pool.changes, instants, side="right") - 1]
        opened = network.clocks[pool.clock].open_minutes(instants, instants + 1) > 0
        off |= (present < needed) | ~opened
    before = np.concatenate(([0], np.cumsum(off)))
    return np.asarray(before[between[1] - since] - before[between[0] - since], np.int64)


def _overtaken(clock: Clock, served: _Served, ready: Int, between: tuple[Int, Int]) -> Int:
    """Open minutes in which somebody of the pool works on what became ready after each of the rows that wait."""
    found = np.zeros(len(ready), np.int64)
    if not _out_of_order(served.ready, served.begins):
        return found
    for place, (own, since, until) in enumerate(zip(ready.tolist(), *(each.tolist() for each in between), strict=True)):
        later = (served.ready > own) & (served.begins < until) & (served.stops > since)
        if later.any():
            spans = _union(np.clip(served.begins[later], since, until), np.clip(served.stops[later], since, until))
            found[place] = sum(int(clock.open_minutes(*span)) for span in spans)
    return found


def _out_of_order(ready: Int, start: Int) -> bool:
    """Whether any row started before one that was ready earlier."""
    order = np.lexsort((start, ready))
    return bool((np.diff(start[order]) < 0).any())


def _union(begins: Int, ends: Int) -> Iterator[tuple[int, int]]:
    """Spans that do not touch, from spans that may overlap."""
    order = np.argsort(begins, kind="stable")
    since, until = int(begins[order[0]]), int(ends[order[0]])
    for place in order[1:].tolist():
        if begins[place] > until:
            yield since, until
            since, until = int(begins[place]), int(ends[place])
        until = max(until, int(ends[place]))
    yield since, until


@dataclass(frozen=True, slots=True)
class _Served:
    """The rows that units of a pool worked on: when each became ready, and from when until when it held its unit."""

    rows: Int
    ready: Int
    begins: Int
    stops: Int


@dataclass(frozen=True, slots=True)
class _Service:
    """All rows that were served, by their pool."""

    all: _Served
    pool: Int  # increasing

    def of(self, pool: int) -> _Served:
        """Those of one pool."""
        first, last = np.searchsorted(self.pool, (pool, pool + 1))
        those = slice(int(first), int(last))
        return _Served(self.all.rows[those], self.all.ready[those], self.all.begins[those], self.all.stops[those])


def _service(workload: Workload, timelines: Timelines) -> _Service:
    """Who was served, from when until when; a unit is held until the row that gives it back ends."""
    kept = np.where(workload.gives_back == NONE, timelines.end, timelines.end[workload.gives_back])
    stop = np.maximum(np.where(kept < 0, timelines.end, kept), timelines.end)
    paused, since, until = timelines.breaks.T
    gone_on = until != NOT_YET
    stop[paused[~gone_on]] = since[~gone_on]
    served = (workload.pool != NONE) & (timelines.start >= 0) & ~among(timelines.outcome, NOT_SERVED)
    rows = np.flatnonzero(served & (stop > timelines.start))
    begins, stops = timelines.start[rows], stop[rows]
    if len(paused):  # each span ends with a break, but the last one
        begins, stops = np.concatenate((begins, until[gone_on])), np.concatenate((stops, since[gone_on]))
        rows = np.concatenate((rows, paused[gone_on]))
        rows, begins, stops = (
            each[np.lexsort((own, rows))] for each, own in ((rows, begins), (begins, begins), (stops, stops))
        )
    rows, begins, stops = (each[begins < stops] for each in (rows, begins, stops))
    order = np.argsort(workload.pool[rows], kind="stable")
    rows = rows[order]
    return _Service(_Served(rows, timelines.ready[rows], begins[order], stops[order]), workload.pool[rows])


def _spent(begins: Int, ends: Int) -> _Held:
    return _Held(np.sort(begins), np.sort(ends), np.cumsum(np.sort(begins)), np.cumsum(np.sort(ends)))


@dataclass(frozen=True, slots=True)
class _Held:
    """Unit-minutes spent before an instant, by units that are held in spans."""

    begins: Int
    ends: Int
    of_begins: Int
    of_ends: Int

    def __call__(self, instants: Int) -> Int:
        begun, ended = (np.searchsorted(each, instants, side="left") for each in (self.begins, self.ends))
        before = np.concatenate(([0], self.of_begins)), np.concatenate(([0], self.of_ends))
        return np.asarray((begun * instants - before[0][begun]) - (ended * instants - before[1][ended]), np.int64)
