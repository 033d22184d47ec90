"""The input and the output of an engine, as arrays: the contract that every engine keeps.

A `Network` is what does not change between replications: clocks, pools, names, horizon. A `Workload` is one
replication: one row per task of every trial, with every random number already drawn. `Timelines` is what happened:
when each row became ready, started and ended. An engine is a function (Network, Workload) -> Timelines with no
randomness of its own.

Time is a whole number of minutes since 00:00 of the scenario's origin date. Rows are sorted by (trial, site, task,
round), so a row's index is also its rank in the last tie-break.

The rules of an instant t, repeated until nothing more happens at t:
1. everything that ends or comes due at t happens, and every successor whose lag runs out at t counts one
   predecessor less, in the same step if it can;
2. the groups that step 1 closed are closed; a row whose count has reached 0 is *ready*; every ready row of an open
   group that needs no pool (or is waived, or whose booked sitting is now) starts; rows that need a pool join its queue;
3. if step 2 gave rise to nothing more at t, every pool deals, in declared order, to its queue in the order of
   (priority, due or ready time, row). A row that needs several units waits in the queue of each of their pools and
   starts when the first of these deals while all of them are free; who is passed over keeps the place in the queue.
   In a pool that gives way, units at work on rows of larger priority are as good as free: those rows are interrupted,
   the largest (priority, ready time, row) first, pool after pool of the row that starts, until enough is free.
Step 1 and 2 come round again before any pool deals, so milestones without duration pass through at once. What ends
in the instant in which it starts ends in the next round.

An interrupted row gives its units up and waits in its place of the queues; served again, it goes on with the work that
is left. It is one row, from its first start to its end, with breaks. When a group that drops is closed by a row (not
with one around it), its rows at work are interrupted for good, and those that have not ended are given up: who waits
for every predecessor waits no longer for them, from that step on; and who would wait for nothing else is given up too.

A group by which another one is `replaced_by` stands by: its rows are given up, and none of them is ready. When a row
closes the other one, step 2 wakes it, before anything is dropped: who waits for every predecessor, and is not ready
before this step, waits for its rows as well from then on, and those of them whose count has run out are ready. Where it
is awake or closed already, the one that replaces it is woken in its place, and so on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.model.clocks import Clock

NOT_YET = -1
"""In `ready`, `start` and `end`: it has not happened by the horizon."""

NONE = -1
"""In a column of indices: there is no such thing."""

Int = NDArray[np.int64]


class Rule(IntEnum):
    """What happens at the end of a limit."""

    NONE = 0
    TACIT = 1  # the step is deemed done at the limit
    DECIDE = 2  # the body finishes by the limit, whatever else it has to do
    OVERRUN = 3  # it may be late; the limit only marks it (and orders a queue by due date)
    LAPSE = 4  # the application ends: the group of the trial closes


class Outcome(IntEnum):
    """How a row ended."""

    NOT_YET = 0  # not by the horizon, or never because its group closed
    DONE = 1
    AT_LIMIT = 2  # TACIT or DECIDE cut it short at work
    LATE = 3  # OVERRUN and past its limit
    LAPSED = 4  # LAPSE ended it at work
    WAIVED = 5  # turned out not to be needed: ready = start = end, no pool
    UNSERVED = 6  # TACIT or DECIDE ended it while it waited: start = end, nobody served it
    ABANDONED = 7  # LAPSE did


NOT_SERVED = (Outcome.UNSERVED, Outcome.ABANDONED)
"""Rows that waited for a pool in vain: their wait is time, but no service, and they held nobody."""

NOT_REACHED = (Outcome.LAPSED, Outcome.ABANDONED)
"""Rows whose event has not happened although they have an end: the application ended instead."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Scarce people, or sittings with seats.

    A pool of units (no `sittings`) gives its units out only at instants at which `clock` is open; who has one keeps it,
    unless the pool `gives_way`. `units[i]` [people] are present from minute `changes[i]` on (`changes[0]` is 0); a unit
    that leaves while at work finishes that row first.

    A pool of sittings serves at the instants `sittings` [min, increasing; strictly without a `window`], `seats` [rows]
    each: a row waits for the first sitting at or after it is ready. Where `window` (earliest, latest) [min after ready]
    is given, the row books a seat when the pool next deals after it became ready: of the m sittings inside the window
    with a seat left, number floor(pick * m); if there is none, the first later sitting with a seat left. A row that
    its limit would cut by then books none. A booked row starts at its sitting; if its group closes first, the seat
    stays taken.

    A pool of batches (`batch`) has neither: at an instant at which `clock` is open and so many rows wait, the first
    so many of the queue start together; it holds nobody.
    """

    name: str
    clock: int
    changes: Int
    units: Int
    order_by_due: bool = False
    sittings: Int | None = None
    seats: Int | None = None
    window: tuple[int, int] | None = None
    kind: str = ""  # the pool's name in the scenario; `name` adds the site or sponsor it belongs to
    owner: str = ""  # that site or sponsor, or ""
    gives_way: bool = False  # to smaller priorities
    batch: int = 0  # [rows]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """What does not change between replications; a key of caches. Clock 0 is the calendar (always open)."""

    origin: date
    horizon: int  # [min]; instants before it happen, instants at or after it do not
    clocks: tuple[Clock, ...]
    pools: tuple[Pool, ...]
    tasks: tuple[str, ...]  # task names, in the order of their index
    stages: tuple[str, ...]  # the stage of each task
    sites: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Workload:
    """One replication: n rows, m precedence edges, k groups. All times and amounts in minutes.

    What is asked of it more than once is found once, however many scenarios share it.

    Edges are stored by predecessor: the successors of row r are `successor[first_edge[r]:first_edge[r + 1]]`; an
    edge counts at `clocks[lag_clock].add(end, lag)`.
    """

    trial: Int  # (n)
    site: Int  # (n) index into Network.sites, NONE for a row of the whole trial
    task: Int  # (n)
    round: Int  # (n) from 1; for a row of a patient, the candidate's number at the site
    work: Int  # (n) duration once started, counted on the row's clock
    clock: Int  # (n)
    pool: Int  # (n) the pool of which it needs a unit, from its start to its end, or NONE
    priority: Int  # (n) smaller is served first
    needs: Int  # (n) how many predecessors must have counted; 0: ready at `release`
    release: Int  # (n) for rows with needs 0, else NOT_YET
    limit: Int  # (n) NONE or the length of the limit, counted on limit_clock (a multiple of 1440 on a statutory one)
    limit_clock: Int  # (n)
    limit_rule: Int  # (n) a Rule
    limit_since: (
        Int  # (n) the row (a predecessor, even indirect) whose end starts the limit; NONE, not ended: own ready
    )
    group: Int  # (n)
    closes: Int  # (n) the group that closes when this row ends, or NONE
    early: Int  # (n) with `late`: the row is waived unless early ended strictly before late; NONE: never waived
    late: Int  # (n) both rows precede this one
    pick: NDArray[np.float64]  # (n) a uniform in (0, 1) for the draw of a sitting
    on_wait: NDArray[np.bool_]  # (n) the limit is met by starting within it, whatever the end
    gives_back: Int  # (n) the row that keeps its units after its end, until this row ends or its own group closes; NONE
    every: NDArray[np.bool_]  # (n) it waits for every predecessor, whatever their number is
    whole: Int  # (k) the group that closes when a row of this one lapses
    drops: NDArray[np.bool_]  # (k) when a row closes it, who is at work in it is interrupted for good
    replaced_by: Int  # (k) the group that stands by until a row closes this one, or NONE; none within another
    first_within: Int  # (k + 1) as first_edge: the groups that close with each group, to any depth
    within: Int
    first_edge: Int  # (n + 1)
    successor: Int  # (m)
    lag: Int  # (m)
    lag_clock: Int  # (m)
    first_also: Int  # (n + 1) as first_edge: the further units that a row needs, all at the same instant
    also: Int  # (units) the pool of each, none with sittings; a pool may be there again, also the row's own

    def __len__(self) -> int:
        return len(self.trial)

    @cached_property
    def by_task(self) -> Int:
        """(n) The rows task by task, those of a task in their order."""
        return grouped(self.task, int(self.task.max(initial=NONE)) + 1)[1]

    @cached_property
    def begins(self) -> NDArray[np.bool_]:
        """(n) Whether a row is the first of its trial, or of its trial's place."""
        other = (self.trial[1:] != self.trial[:-1]) | (self.site[1:] != self.site[:-1])
        return np.concatenate((np.ones(min(len(self), 1), bool), other))

    @property
    def stands_by(self) -> NDArray[np.bool_]:
        """(k) The groups that stand by at the origin, by themselves or with the one around them."""
        standing = np.zeros(len(self.whole), bool)
        if not (mine := self.replaced_by != NONE).any():
            return standing
        standing[self.replaced_by[mine]] = True
        standing[self.within[np.repeat(standing, np.diff(self.first_within))]] = True
        return standing

    @cached_property
    def asks(self) -> tuple[Int, Int, Int]:
        """Every pool that a row needs: (rows, pools, units of it), by row; a pool once for each row."""
        one = np.flatnonzero(self.pool != NONE)
        if not len(self.also):
            return one, self.pool[one], np.ones(len(one), np.int64)
        further = np.diff(self.first_also)
        team = np.flatnonzero(further > 0)
        row = np.concatenate((one, np.repeat(team, further[team])))
        pool = np.concatenate((self.pool[one], self.also))
        bits = int(pool.max()).bit_length()
        pairs = np.sort(row << bits | pool, kind="stable")  # one number each, in two sorted runs: sooner than pairs
        first = np.flatnonzero(np.diff(pairs, prepend=NONE) > 0)
        return pairs[first] >> bits, pairs[first] & (1 << bits) - 1, np.diff(first, append=len(pairs))


@dataclass(frozen=True, slots=True)
class Timelines:
    """What happened, one value per row of the workload [min]; NOT_YET where it did not.

    wait = start - ready, and its breaks; elapsed work = end - start, less its breaks. A row that its limit cut while it
    waited to start has start = end, and an outcome of `NOT_SERVED`. A row whose group closed while it waited keeps its
    `ready` and has no `start`; one that was at work then is finished, but its successors do not start.
    """

    ready: Int
    start: Int
    end: Int
    outcome: Int
    breaks: Int = field(default_factory=lambda: np.zeros((0, 3), np.int64))
    """(b, 3) row, from when, until when it was interrupted, sorted; until is NOT_YET where it never went on."""

    def differs_from(self, other: Timelines) -> NDArray[np.bool_]:
        """(n) True where any of the four columns, or a break, differs."""
        pairs = [(getattr(self, name), getattr(other, name)) for name in ("ready", "start", "end", "outcome")]
        found = np.any([mine != theirs for mine, theirs in pairs], axis=0)
        mine, theirs = ({tuple(each) for each in times.breaks.tolist()} for times in (self, other))
        found[[row for row, _, _ in mine ^ theirs]] = True
        return np.asarray(found, dtype=bool)

    def in_breaks(self, rows: Int, since: Int | int = 0) -> Int:
        """(rows) Minutes of breaks of each row after an instant [min], one or one for each; those that have ended."""
        if not len(self.breaks):
            return np.zeros(len(rows), np.int64)
        each, mine = matches(rows, self.breaks[:, 0])
        begin, end = self.breaks[mine, 1], self.breaks[mine, 2]
        spent = np.maximum(end - np.maximum(begin, np.broadcast_to(since, len(rows))[each]), 0)
        return np.bincount(each, spent, minlength=len(rows)).astype(np.int64)


def matches(asked: Int, found: Int) -> tuple[Int, Int]:
    """Every pair of places (in `asked`, in `found`) with equal numbers; `found` is increasing."""
    first = np.searchsorted(found, asked, side="left")
    number = np.searchsorted(found, asked, side="right") - first
    nth = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    return np.repeat(np.arange(len(asked)), number), np.repeat(first, number) + nth


def among(values: Int, few: Iterable[int]) -> NDArray[np.bool_]:
    """Whether each value is one of a few; in a third of the time of `np.isin`, which makes a table for them."""
    return np.asarray(np.any([values == each for each in few], axis=0), bool)


def grouped(group: Int, groups: int) -> tuple[Int, Int]:
    """(groups + 1) the first place of each group, and the indices by group, in their order within each.

    Compiled where numba is loaded anyway.
    """
    if sys.modules.get("numba"):
        from sim.model.compiled_draws import by_group

        return by_group(group, groups)
    return np.concatenate(([0], np.cumsum(np.bincount(group, minlength=groups)))), np.argsort(group, kind="stable")
