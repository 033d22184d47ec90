"""The reference engine: one SimPy process for each task that takes time, on pools that deal by a rule.

`simulate` makes a `_Run`, which holds the columns of the workload, what has happened so far, and the pools: `_People`
(units on a working calendar), `_Sittings` (seats, first come) and `_DrawnSittings` (a seat booked in a window).

Dates make ties the normal case, so what happens at one instant must not depend on the order in which SimPy takes its
events. Each instant is therefore played in rounds, and SimPy's priorities keep the steps of a round apart:

1. priority NORMAL: rows end, limits and lags run out, predecessors are counted. This only notes what follows from it
   (rows that are ready, groups that close), so that the order within the step does not matter.
2. priority SETTLE: the noted groups close, then the noted rows start, join a queue, or take their booked seat. A
   milestone without duration passes here and may make more rows ready: they are settled in the next round.
3. priority DEAL: when the instant is otherwise quiet, the pools that were called give out units and seats.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator
from dataclasses import fields
from heapq import heappop, heappush
from types import SimpleNamespace
from typing import Any

import numpy as np
from simpy import Environment, Event
from simpy.events import EventPriority

from sim.model.clocks import FAR
from sim.model.network import NONE, NOT_YET, Network, Outcome, Pool, Rule, Timelines, Workload

SETTLE, DEAL = EventPriority(2), EventPriority(3)  # SimPy's own URGENT and NORMAL are 0 and 1

DONE, LATE, LAPSED, WAIVED = Outcome.DONE, Outcome.LATE, Outcome.LAPSED, Outcome.WAIVED
CUT = {Rule.TACIT: Outcome.AT_LIMIT, Rule.DECIDE: Outcome.AT_LIMIT, Rule.LAPSE: LAPSED}
"""How a row ends that is cut short by its limit."""

Life = Generator[Event, Any, None]


def simulate(network: Network, workload: Workload) -> Timelines:
    """Play one replication and return when each row became ready, started and ended [min].

    The rules are those of `sim.model.network`; the same input gives the same timelines, whatever the order of edges.
    """
    run = _Run(network, workload)
    run.env.run(until=network.horizon)
    return Timelines(*(np.array(column, np.int64) for column in (run.ready, run.start, run.end, run.outcome)))


class _Bell(Event):
    """An event that answers once at the end of a step, however often it was rung during the step."""

    def __init__(self, env: Environment, priority: EventPriority, answer: Callable[[Event], None]) -> None:
        super().__init__(env)
        self._ok, self._value, self._priority, self._answer = True, None, priority, answer
        self.callbacks = None  # type: ignore[assignment]  # SimPy's own sign for "it has happened"

    def ring(self) -> None:
        if self.callbacks is None:
            self.callbacks = [self._answer]
            self.env.schedule(self, self._priority)


class _Run:
    """One replication being played: the rows of the workload, what has happened to them, and the pools."""

    def __init__(self, network: Network, workload: Workload) -> None:
        self.env: Any = Environment()  # SimPy types its time as int | float; here it is whole minutes
        self.rows = SimpleNamespace(**{f.name: getattr(workload, f.name).tolist() for f in fields(workload)})
        self.add = [clock.add for clock in network.clocks]
        rows, groups = len(workload), len(workload.parent)
        self.ready, self.start, self.end = [NOT_YET] * rows, [NOT_YET] * rows, [NOT_YET] * rows
        self.outcome = [Outcome.NOT_YET] * rows
        self.due = [FAR] * rows
        self.missing = self.rows.needs.copy()  # predecessors that have not counted yet
        self.queued = [False] * rows
        self.closed = [False] * groups
        self.within = [[group] for group in range(groups)]  # a group and the groups that it contains
        for group, parent in enumerate(self.rows.parent):
            if parent != NONE:
                self.within[parent].append(group)
        self.closing: list[int] = []  # groups that the next settling closes
        self.now_ready: list[int] = []  # rows that it starts or queues
        self.now_seated: list[int] = []  # rows whose booked sitting it opens
        self.calling: set[int] = set()  # pools that may have something to deal
        self.settling = _Bell(self.env, SETTLE, self._settle)
        self.dealing = _Bell(self.env, DEAL, self._deal)
        self.pools = [_open_pool(self, network, number) for number in range(len(network.pools))]
        self.env.process(self._release())

    # step 1: what happens by itself

    def _release(self) -> Life:
        """Make the rows without predecessors ready at their release."""
        release = self.rows.release
        for row in sorted((row for row, needs in enumerate(self.rows.needs) if needs == 0), key=release.__getitem__):
            if release[row] > self.env.now:
                yield self.env.timeout(release[row] - self.env.now)
            self._make_ready(row)

    def _make_ready(self, row: int) -> None:
        self.ready[row] = self.env.now
        self.now_ready.append(row)
        self.settling.ring()

    def _work(self, row: int, pool: _Pool | None) -> Life:
        """The life of a task once it starts: work, make room for the next one, end."""
        self.start[row] = now = self.env.now
        end, outcome = self._prospect(row, now)
        if end > now:
            yield self.env.timeout(end - now)
        if pool is not None:
            pool.leave()
        self._finish(row, outcome)

    def _prospect(self, row: int, start: int) -> tuple[int, Outcome]:
        """When and how a row that starts at `start` will end."""
        end, due = self.add[self.rows.clock[row]](start, self.rows.work[row]), self.due[row]
        if end <= due:
            return end, DONE
        rule = self.rows.limit_rule[row]
        return (max(due, start), CUT[rule]) if rule in CUT else (end, LATE)

    def _come_to_limit(self, event: Any) -> None:
        """End a row that still waits at its limit."""
        row = event.value
        if self.waits(row):
            self.queued[row] = False
            self.start[row] = self.env.now
            self._finish(row, CUT[self.rows.limit_rule[row]])

    def _finish(self, row: int, outcome: Outcome) -> None:
        """Note the end of a row: the group that it closes, the successors that count it."""
        rows, now = self.rows, self.env.now
        self.end[row], self.outcome[row] = now, outcome
        if outcome is LAPSED:
            return self._close(self._outermost(row))
        if rows.closes[row] != NONE:
            self._close(rows.closes[row])
        for edge in range(rows.first_edge[row], rows.first_edge[row + 1]):
            lag = self.add[rows.lag_clock[edge]](now, rows.lag[edge]) - now
            if lag == 0:
                self._count(rows.successor[edge])
            else:
                self.env.timeout(lag, rows.successor[edge]).callbacks.append(self._end_lag)

    def _end_lag(self, event: Any) -> None:
        self._count(event.value)

    def _count(self, row: int) -> None:
        """One predecessor less to wait for."""
        self.missing[row] -= 1
        if self.missing[row] == 0:
            self._make_ready(row)

    def _outermost(self, row: int) -> int:
        group: int = self.rows.group[row]
        parent: int = self.rows.parent[group]
        return group if parent == NONE else parent

    def _close(self, group: int) -> None:
        self.closing.append(group)
        self.settling.ring()

    # step 2: groups close, rows start

    def _settle(self, _: Event) -> None:
        for group in self.closing:
            for inner in self.within[group]:
                self.closed[inner] = True
        ready, seated = self.now_ready, self.now_seated
        self.closing, self.now_ready, self.now_seated = [], [], []
        for row in seated:
            self.serve(row)
        passed = [row for row in ready if not self.closed[self.rows.group[row]] and self._begin(row)]
        for row in passed:
            self._finish(row, self.outcome[row])

    def _begin(self, row: int) -> bool:
        """Start or queue a row that is ready; whether it takes no time, its outcome being known then."""
        rows, now = self.rows, self.env.now
        if rows.early[row] != NONE and not NOT_YET < self.end[rows.early[row]] < self.end[rows.late[row]]:
            self.start[row], self.outcome[row] = now, WAIVED
            return True
        if rows.limit_rule[row]:
            self.due[row] = self._due(row)
        if rows.pool[row] != NONE:
            self._queue(row, self.pools[rows.pool[row]])
        elif rows.work[row] > 0:
            self.env.process(self._work(row, None))
        else:
            self.start[row], self.outcome[row] = now, self._prospect(row, now)[1]
            return True
        return False

    def _due(self, row: int) -> int:
        since = self.rows.limit_since[row]
        ended = self.end[since] if since != NONE else NOT_YET
        limit: int = self.rows.limit[row]
        return self.add[self.rows.limit_clock[row]](self.ready[row] if ended == NOT_YET else ended, limit)

    def _queue(self, row: int, pool: _Pool) -> None:
        rule = self.rows.limit_rule[row]
        self.queued[row] = True
        pool.join((self.rows.priority[row], self.due[row] if rule and pool.order_by_due else self.ready[row], row))
        if rule in CUT:
            limit = max(self.due[row] - self.env.now, 0)
            self.env.timeout(limit, row).callbacks.append(self._come_to_limit)

    # step 3: pools deal

    def _deal(self, _: Event) -> None:
        called, self.calling = sorted(self.calling), set()
        for number in called:
            self.pools[number].deal()

    def waits(self, row: int) -> bool:
        """Whether a row is in a queue, or booked: not served, not come to its limit, its group open."""
        return self.queued[row] and not self.closed[self.rows.group[row]]

    def serve(self, row: int) -> bool:
        """Start a row if it still waits; whether it did."""
        if not self.waits(row):
            return False
        self.queued[row] = False
        self.env.process(self._work(row, self.pools[self.rows.pool[row]]))
        return True


def _open_pool(run: _Run, network: Network, number: int) -> _Pool:
    pool = network.pools[number]
    if pool.sittings is None:
        return _People(run, number, pool, network.clocks[pool.clock].next_open)
    return (_Sittings if pool.window is None else _DrawnSittings)(run, number, pool)


class _Pool(ABC):
    """A queue in the order of (priority, due or ready time, row); rows that no longer wait stay in it until met."""

    def __init__(self, run: _Run, number: int, pool: Pool) -> None:
        self.run, self.number = run, number
        self.order_by_due = pool.order_by_due
        self.queue: list[tuple[int, int, int]] = []
        self.wakes_at = NOT_YET

    @abstractmethod
    def deal(self) -> None:
        """Serve whom it can at this instant."""

    def leave(self) -> None:
        """Take back what a row held; a seat is not given twice."""

    def join(self, entry: tuple[int, int, int]) -> None:
        heappush(self.queue, entry)
        self.call()

    def call(self, _: Event | None = None) -> None:
        """Have the pool deal at this instant, if anybody waits."""
        if self.queue:
            self.run.calling.add(self.number)
            self.run.dealing.ring()

    def call_at(self, instant: int) -> None:
        """Have the pool deal at a later instant; one call for each instant is enough."""
        if instant != self.wakes_at:
            self.wakes_at = instant
            self.run.env.timeout(instant - self.run.env.now).callbacks.append(self.call)


class _People(_Pool):
    """Units that serve one row each, while the clock is open; a unit that leaves finishes its row first."""

    def __init__(self, run: _Run, number: int, pool: Pool, next_open: Callable[[int], int]) -> None:
        super().__init__(run, number, pool)
        self.next_open = next_open
        self.units = self.busy = 0
        run.env.process(self._come_and_go(pool.changes.tolist(), pool.units.tolist()))

    def _come_and_go(self, changes: list[int], units: list[int]) -> Life:
        for change, present in zip(changes, units, strict=True):
            if change > self.run.env.now:
                yield self.run.env.timeout(change - self.run.env.now)
            self.units = present
            self.call()

    def leave(self) -> None:
        self.busy -= 1
        self.call()

    def deal(self) -> None:
        opening = self.next_open(self.run.env.now)
        if opening > self.run.env.now:
            return self.call_at(opening)
        while self.queue and self.busy < self.units:
            self.busy += self.run.serve(heappop(self.queue)[-1])


class _Sittings(_Pool):
    """Seats at given instants, taken in the order of the queue."""

    def __init__(self, run: _Run, number: int, pool: Pool) -> None:
        super().__init__(run, number, pool)
        assert pool.sittings is not None and pool.seats is not None
        self.sittings: list[int] = pool.sittings.tolist()
        self.seats: list[int] = pool.seats.tolist()  # not yet taken
        self.window, self.pick = pool.window, run.rows.pick

    def deal(self) -> None:
        sitting = bisect_left(self.sittings, self.run.env.now)
        if sitting < len(self.sittings) and self.sittings[sitting] == self.run.env.now:
            while self.queue and self.seats[sitting]:
                self.seats[sitting] -= self.run.serve(heappop(self.queue)[-1])
            sitting += 1
        if self.queue and sitting < len(self.sittings):
            self.call_at(self.sittings[sitting])


class _DrawnSittings(_Sittings):
    """Seats that are booked on arrival, at a sitting drawn in a window; a booked seat stays taken."""

    def deal(self) -> None:
        while self.queue:
            row = heappop(self.queue)[-1]
            sitting = self._draw(row) if self.run.waits(row) else None
            if sitting is not None:
                self.seats[sitting] -= 1
                self.run.env.timeout(self.sittings[sitting] - self.run.env.now, row).callbacks.append(self._open)

    def _draw(self, row: int) -> int | None:
        """The sitting that a row books: one inside its window if it can, else the first one later."""
        assert self.window is not None
        earliest, latest = (self.run.ready[row] + bound for bound in self.window)
        first, after = bisect_left(self.sittings, earliest), bisect_right(self.sittings, latest)
        inside = [sitting for sitting in range(first, after) if self.seats[sitting]]
        if inside:
            return inside[int(self.pick[row] * len(inside))]
        return next((sitting for sitting in range(after, len(self.sittings)) if self.seats[sitting]), None)

    def _open(self, event: Event) -> None:
        self.run.now_seated.append(event.value)  # type: ignore[arg-type]
        self.run.settling.ring()
