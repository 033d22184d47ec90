"""The pools of the reference engine: queues for people, for sittings, and for sittings drawn in a window.

A pool keeps its rows in the order of (priority, due or ready time, row). It deals when the run asks it to, which is
when an instant is otherwise quiet, so that who is served never depends on who happened to ask first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any, Protocol

from simpy import Event

from sim.model import network
from sim.model.network import NOT_YET, Network

Life = Generator[Event, Any, None]
"""What SimPy calls a process: a function that yields the events it waits for."""


class Run(Protocol):
    """What a pool needs to know of the run that it is part of."""

    env: Any
    rows: Any
    ready: list[int]

    def call(self, pool: int) -> None: ...
    def seat(self, event: Any) -> None: ...
    def cut_at(self, row: int) -> int: ...
    def waits(self, row: int) -> bool: ...
    def serve(self, row: int) -> bool: ...
    def may_take(self, row: int, pool: Pool) -> bool: ...


def open_pool(run: Run, network: Network, number: int) -> Pool:
    """Pool `number` of the network, with nobody in it."""
    pool = network.pools[number]
    if pool.batch:
        return _Batches(run, number, pool, network.clocks[pool.clock].next_open)
    if pool.sittings is None:
        return _People(run, number, pool, network.clocks[pool.clock].next_open)
    return (_Sittings if pool.window is None else _DrawnSittings)(run, number, pool)


class Pool(ABC):
    """A queue; rows that no longer wait (limit, closed group) stay in it until they are met."""

    def __init__(self, run: Run, number: int, pool: network.Pool) -> None:
        self.run, self.number = run, number
        self.order_by_due, self.gives_way = pool.order_by_due, pool.gives_way
        self.queue: list[tuple[int, int, int]] = []
        self.wakes_at = NOT_YET

    @abstractmethod
    def deal(self) -> None:
        """Serve whom it can at this instant."""

    def has(self, units: int) -> bool:
        """Whether so many units are free now; a seat is looked for as its sitting is dealt."""
        return True

    def give(self, units: int) -> None:  # noqa: B027 - not for every pool to say: a seat is given as it is dealt
        """Let a row have units."""

    def take_back(self, units: int) -> None:  # noqa: B027 - a seat is not given twice
        """Take back what a row held."""

    def join(self, entry: tuple[int, int, int]) -> None:
        """Add (priority, due or ready time, row) to the queue."""
        heappush(self.queue, entry)
        self.run.call(self.number)

    def call(self, _: Event | None = None) -> None:
        """Deal at this instant, if anybody waits."""
        if self.queue:
            self.run.call(self.number)

    def call_at(self, instant: int) -> None:
        """Deal at a later instant; one call for each instant is enough."""
        if instant != self.wakes_at:
            self.wakes_at = instant
            self.run.env.timeout(instant - self.run.env.now).callbacks.append(self.call)


class _Hours(Pool):
    """A pool that deals while its clock is open."""

    def __init__(self, run: Run, number: int, pool: network.Pool, next_open: Callable[[int], int]) -> None:
        super().__init__(run, number, pool)
        self.next_open = next_open

    def _is_open(self) -> bool:
        """Whether the clock is open now; if not, the pool deals when it opens."""
        opening = self.next_open(self.run.env.now)
        if opening > self.run.env.now:
            self.call_at(opening)
        return bool(opening == self.run.env.now)


class _People(_Hours):
    """Units, given out while the clock is open; one that leaves finishes its row first."""

    def __init__(self, run: Run, number: int, pool: network.Pool, next_open: Callable[[int], int]) -> None:
        super().__init__(run, number, pool, next_open)
        self.units = self.busy = 0
        run.env.process(self._come_and_go(pool.changes.tolist(), pool.units.tolist()))

    def _come_and_go(self, changes: list[int], units: list[int]) -> Life:
        for change, present in zip(changes, units, strict=True):
            if change > self.run.env.now:
                yield self.run.env.timeout(change - self.run.env.now)
            self.units = present
            self.call()

    def has(self, units: int) -> bool:
        return self.busy + units <= self.units and self._is_open()

    def give(self, units: int) -> None:
        self.busy += units

    def take_back(self, units: int) -> None:
        self.busy -= units
        self.call()

    def deal(self) -> None:
        passed_over = []
        while self._is_open() and self.queue and (self.busy < self.units or self._may_give_way()):
            entry = heappop(self.queue)
            if self.run.waits(entry[-1]) and not self.run.serve(entry[-1]):
                passed_over.append(entry)
        for entry in passed_over:
            heappush(self.queue, entry)

    def _may_give_way(self) -> bool:
        return self.gives_way and self.run.may_take(self.queue[0][-1], self)


class _Batches(_Hours):
    """So many at once, as soon as so many wait."""

    def __init__(self, run: Run, number: int, pool: network.Pool, next_open: Callable[[int], int]) -> None:
        super().__init__(run, number, pool, next_open)
        self.batch = pool.batch

    def deal(self) -> None:
        if self._is_open():
            waiting = sorted(entry for entry in self.queue if self.run.waits(entry[-1]))
            together = len(waiting) // self.batch * self.batch
            for entry in waiting[:together]:
                self.run.serve(entry[-1])
            self.queue = waiting[together:]


class _Sittings(Pool):
    """Seats at given instants, taken in the order of the queue."""

    def __init__(self, run: Run, number: int, pool: network.Pool) -> None:
        super().__init__(run, number, pool)
        assert pool.sittings is not None and pool.seats is not None
        self.sittings: list[int] = pool.sittings.tolist()
        self.seats: list[int] = pool.seats.tolist()  # not yet taken
        self.window = pool.window or (0, 0)

    def deal(self) -> None:
        now = self.run.env.now
        sitting = bisect_left(self.sittings, now)
        if sitting < len(self.sittings) and self.sittings[sitting] == now:
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
                wait = self.sittings[sitting] - self.run.env.now
                self.run.env.timeout(wait, row).callbacks.append(self.run.seat)

    def _draw(self, row: int) -> int | None:
        """The sitting that a row books: one inside its window if it can, else the first one later; before its limit."""
        earliest, latest = (self.run.ready[row] + bound for bound in self.window)
        first, after = bisect_left(self.sittings, earliest), bisect_right(self.sittings, latest)
        end = bisect_left(self.sittings, self.run.cut_at(row))
        inside = [sitting for sitting in range(first, min(after, end)) if self.seats[sitting]]
        if inside:
            return inside[int(self.run.rows.pick[row] * len(inside))]
        return next((sitting for sitting in range(after, end) if self.seats[sitting]), None)
