"""The reference engine: one SimPy process for each task at work, on pools that deal by a rule.

`simulate` plays a `_Run`, which holds the rows of the workload as lists, what has happened to them so far, and the
pools of `sim.engine.simpy_pools`.

Dates make ties the normal case, so what happens at one instant must not depend on the order in which SimPy takes its
events. Each instant is therefore played in rounds, and SimPy's priorities keep the steps of a round apart:

1. priority NORMAL: rows end, limits and lags run out, predecessors are counted. This only notes what follows from it
   (rows that are ready, groups that close), so that the order within the step does not matter.
2. priority SETTLE: the noted groups close, then the noted rows start, join a queue, or take their booked seat. A
   milestone without duration passes here and may make more rows ready: they are settled in the next round.
3. priority DEAL: when the instant is otherwise quiet, the pools that were called give out units and seats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import numpy as np
from simpy import Environment, Event
from simpy.events import EventPriority

from sim.engine.simpy_pools import Life, Pool, open_pool
from sim.model.clocks import FAR
from sim.model.network import NONE, NOT_REACHED, NOT_YET, Network, Outcome, Rule, Timelines, Workload

SETTLE, DEAL = EventPriority(2), EventPriority(3)  # SimPy's own URGENT and NORMAL are 0 and 1

DONE, LATE, WAIVED = Outcome.DONE, Outcome.LATE, Outcome.WAIVED
CUT = {Rule.TACIT: Outcome.AT_LIMIT, Rule.DECIDE: Outcome.AT_LIMIT, Rule.LAPSE: Outcome.LAPSED}
"""How a row ends that its limit cuts short at work."""

IN_VAIN = {Rule.TACIT: Outcome.UNSERVED, Rule.DECIDE: Outcome.UNSERVED, Rule.LAPSE: Outcome.ABANDONED}
"""How one ends that still waits then."""


def simulate(network: Network, workload: Workload) -> Timelines:
    """Play one replication and return when each row became ready, started and ended [min].

    The rules are those of `sim.model.network`; the same input gives the same timelines, whatever the order of edges.
    """
    run = _Run(network, workload)
    run.env.run(until=network.horizon)
    breaks = sorted([*run.breaks, *((row, since, NOT_YET) for row, since in run.paused.items())])
    ready, start, end, outcome = (np.array(each, np.int64) for each in (run.ready, run.start, run.end, run.outcome))
    return Timelines(ready, start, end, outcome, np.array(breaks, np.int64).reshape(-1, 3))


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
        self.clocks = network.clocks
        rows, groups = len(workload), len(workload.whole)
        self.ready, self.start, self.end = [NOT_YET] * rows, [NOT_YET] * rows, [NOT_YET] * rows
        self.outcome = [Outcome.NOT_YET] * rows
        self.due = [FAR] * rows
        self.missing = self.rows.needs.copy()  # predecessors that have not counted yet
        self.queued = [False] * rows
        self.at_work: dict[int, int] = {}  # rows at work, and since when
        self.spell = [0] * rows  # how often it went to work
        self.left = self.rows.work.copy()  # work still to do
        self.paused: dict[int, int] = {}  # rows that are interrupted, and since when
        self.breaks: list[tuple[int, int, int]] = []  # row, from, until
        self.keeps = [False] * rows  # who keeps its units after its end
        for row in self.rows.gives_back:
            self.keeps[row] |= row != NONE
        self.kept: set[int] = set()  # rows that have ended and hold units
        self.closed = [False] * groups
        within, first = self.rows.within, self.rows.first_within
        self.within = [{group, *within[first[group] : first[group + 1]]} for group in range(groups)]
        self.closing: list[int] = []  # groups that the next settling closes
        self.gone: set[int] = set()  # groups that a row has closed
        self.dropped: set[int] = set()  # groups
        self.given_up: set[int] = set()  # rows
        self.counted = [False] * rows  # a predecessor has ended
        self.stands_by = workload.stands_by.tolist()
        self.held: set[int] = set()  # rows whose count has run out while their group stands by
        self.now_ready: list[int] = []  # rows that it starts or queues
        self.now_seated: list[int] = []  # rows whose booked sitting it opens
        self.calling: set[int] = set()  # pools that deal next
        self.settling = _Bell(self.env, SETTLE, self._settle)
        self.dealing = _Bell(self.env, DEAL, self._deal)
        self.pools = [open_pool(self, network, number) for number in range(len(network.pools))]
        self._give_up([row for row in range(rows) if self.stands_by[self.rows.group[row]]])
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
        if self.stands_by[self.rows.group[row]]:
            self.held.add(row)
            return
        self.now_ready.append(row)
        self.settling.ring()

    def _go_to_work(self, row: int) -> None:
        """Start a row, or go on with it; from now on it may be interrupted, at this very instant too."""
        now = self.env.now
        if self.start[row] == NOT_YET:
            self.start[row] = now
        else:
            self._end_break(row)
        self.at_work[row] = now
        self.spell[row] += 1
        self.env.process(self._work(row, self.spell[row]))

    def _work(self, row: int, spell: int) -> Life:
        """The life of a task once it starts, or goes on: work, make room for the next one, end."""
        now = self.env.now
        end, outcome = self._prospect(row, now)
        if end > now:
            yield self.env.timeout(end - now)
        if row not in self.at_work or self.spell[row] != spell:
            return  # it was interrupted
        del self.at_work[row]
        if self.keeps[row] and not self.closed[self.rows.group[row]]:
            self.kept.add(row)
        else:
            self._leave(row)
        self._finish(row, outcome)

    def _leave(self, row: int) -> None:
        """Give up the units that a row holds."""
        for pool, units in self._team(row).items():
            pool.take_back(units)

    def _team(self, row: int) -> dict[Pool, int]:
        """The pools that a row needs, with the units of each."""
        rows = self.rows
        numbers = [rows.pool[row], *rows.also[rows.first_also[row] : rows.first_also[row + 1]]]
        team: dict[Pool, int] = {}
        for pool in (self.pools[number] for number in numbers if number != NONE):
            team[pool] = team.get(pool, 0) + 1
        return team

    def _prospect(self, row: int, start: int) -> tuple[int, Outcome]:
        """When and how a row that starts at `start` will end; a limit that is over already cuts it at once."""
        end, due = self.clocks[self.rows.clock[row]].after_work(start, self.left[row]), self.due[row]
        if end <= due or self._met(row):
            return end, DONE
        rule = self.rows.limit_rule[row]
        return (due, CUT[rule]) if rule in CUT else (end, LATE)

    def _met(self, row: int) -> bool:
        """Whether a row has met its limit by starting."""
        return bool(self.rows.on_wait[row]) and NOT_YET < self.start[row] <= self.due[row]

    def interrupt(self, row: int) -> None:
        """Take a row off its work; what is left of it waits."""
        now = self.env.now
        clock, since = self.clocks[self.rows.clock[row]], self.at_work.pop(row)
        self.left[row] -= int(clock.open_minutes(since, now))
        self.paused[row] = now
        self._leave(row)
        if self.rows.pool[row] != NONE:
            self._wait_in_queues(row)

    def _end_break(self, row: int) -> None:
        since = self.paused.pop(row)
        if since < self.env.now:
            self.breaks.append((row, since, self.env.now))

    def _come_to_limit(self, event: Any) -> None:
        """End a row that still waits at its limit."""
        row = event.value
        if not self.waits(row) or self._met(row):
            return
        self.queued[row] = False
        rule = self.rows.limit_rule[row]
        if self.start[row] == NOT_YET:
            self.start[row] = self.env.now
            self._finish(row, IN_VAIN[rule])
        else:
            self._end_break(row)
            self._finish(row, CUT[rule])

    def _finish(self, row: int, outcome: Outcome) -> None:
        """Note the end of a row: the group that it closes, the successors that count it."""
        rows, now = self.rows, self.env.now
        self.end[row], self.outcome[row] = now, outcome
        if outcome in NOT_REACHED:
            self._close(rows.whole[rows.group[row]])
            return
        if rows.closes[row] != NONE:
            self._close(rows.closes[row])
        if rows.gives_back[row] != NONE:
            self._give_back(rows.gives_back[row])
        for edge in range(rows.first_edge[row], rows.first_edge[row + 1]):
            lag = self.add[rows.lag_clock[edge]](now, rows.lag[edge]) - now
            if lag == 0:
                self._count(rows.successor[edge])
            else:
                self.env.timeout(lag, rows.successor[edge]).callbacks.append(self._end_lag)

    def _give_back(self, row: int) -> None:
        """Let a row keep its units no longer."""
        self.keeps[row] = False
        if row in self.kept:
            self.kept.remove(row)
            self._leave(row)

    def _end_lag(self, event: Any) -> None:
        self._count(event.value)

    def _count(self, row: int) -> None:
        """One predecessor less to wait for."""
        self.counted[row] = True
        self.missing[row] -= 1
        if self.missing[row] == 0:
            self._make_ready(row)

    def _close(self, group: int) -> None:
        self.closing.append(group)
        self.settling.ring()

    # step 2: groups close, rows start

    def _settle(self, _: Event) -> None:
        for group in self.closing:
            for inner in self.within[group]:
                self.closed[inner] = True
        leaving = {group for group in self.closing if not self.stands_by[group]} - self.gone
        self.gone |= leaving
        for group in leaving:
            self._wake(self.rows.replaced_by[group])
        for group in self.closing:
            if self.rows.drops[group] and group not in self.dropped:
                self._drop(group)
        if self.closing:
            for row in [row for row in self.kept if self.closed[self.rows.group[row]]]:
                self._give_back(row)
        ready = [row for row in dict.fromkeys(self.now_ready) if self.missing[row] <= 0]
        seated = self.now_seated
        for row in ready:
            self.ready[row] = self.env.now
        self.closing, self.now_ready, self.now_seated = [], [], []
        for row in seated:
            self.serve(row)
        passed = [row for row in ready if not self.closed[self.rows.group[row]] and self._begin(row)]
        for row in passed:
            self._finish(row, self.outcome[row])

    def _drop(self, group: int) -> None:
        """Interrupt who is at work in a group for good, and give up what has not ended there."""
        self.dropped.add(group)
        mine = [
            row for row, its in enumerate(self.rows.group) if its in self.within[group] and self.end[row] == NOT_YET
        ]
        for row in mine:
            if row in self.at_work:
                self.interrupt(row)
        self._give_up(mine)

    def _give_up(self, mine: list[int]) -> None:
        """Let nobody wait any longer for rows who waits for every predecessor."""
        rows = self.rows
        while mine:
            row = mine.pop()
            edges = range(rows.first_edge[row], rows.first_edge[row + 1]) if row not in self.given_up else ()
            self.given_up.add(row)
            for after in (rows.successor[edge] for edge in edges):
                if rows.every[after] and not self.closed[rows.group[after]]:
                    self.missing[after] -= 1
                    if self.missing[after] == 0 and self.counted[after]:
                        self._make_ready(after)
                    elif self.missing[after] == 0:
                        mine.append(after)

    def _wake(self, group: int) -> None:
        """Wake the first group that stands by still, from this one on."""
        while group != NONE and (self.closed[group] or not self.stands_by[group]):
            group = self.rows.replaced_by[group]
        if group == NONE:
            return
        rows = self.rows
        for inner in self.within[group]:
            self.stands_by[inner] = False
        mine = [row for row, its in enumerate(rows.group) if its in self.within[group]]
        self._count_on(mine)
        for row in self.held.intersection(mine):
            self._make_ready(row)  # unless it waits for another of them
        waiting = (row for row in mine if rows.every[row] and rows.needs[row] > 0 and not self.counted[row])
        self._give_up([row for row in waiting if self.missing[row] == 0])  # what they wait for alone was given up

    def _count_on(self, rows: list[int]) -> None:
        """Have who waits for every predecessor wait for rows that were given up."""
        waiting = list(rows)
        while waiting:
            row = waiting.pop()
            if row not in self.given_up:
                continue
            self.given_up.remove(row)
            for edge in range(self.rows.first_edge[row], self.rows.first_edge[row + 1]):
                after = self.rows.successor[edge]
                if self.rows.every[after] and not self.closed[self.rows.group[after]] and self.ready[after] == NOT_YET:
                    self.missing[after] += 1
                    waiting.append(after)

    def _begin(self, row: int) -> bool:
        """Start or queue a row that is ready; whether it takes no time, its outcome being known then."""
        rows, now = self.rows, self.env.now
        if rows.early[row] != NONE and not NOT_YET < self.end[rows.early[row]] < self.end[rows.late[row]]:
            self.start[row], self.outcome[row] = now, WAIVED
            return True
        if rows.limit_rule[row]:
            self.due[row] = self._due(row)
        if rows.pool[row] != NONE:
            self._queue(row)
        elif rows.work[row] > 0:
            self._go_to_work(row)
        else:
            self.start[row] = now
            self.outcome[row] = self._prospect(row, now)[1]
            return True
        return False

    def _due(self, row: int) -> int:
        since = self.rows.limit_since[row]
        ended = self.end[since] if since != NONE else NOT_YET
        clock: int = self.rows.limit_clock[row]
        return self.add[clock](self.ready[row] if ended == NOT_YET else ended, self.rows.limit[row])

    def _queue(self, row: int) -> None:
        self._wait_in_queues(row)
        if self.rows.limit_rule[row] in CUT:
            limit = max(self.due[row] - self.env.now, 0)
            self.env.timeout(limit, row).callbacks.append(self._come_to_limit)

    def _wait_in_queues(self, row: int) -> None:
        self.queued[row] = True
        for pool in self._team(row):
            key = self.due[row] if self.rows.limit_rule[row] and pool.order_by_due else self.ready[row]
            entry = (self.rows.priority[row], key, row)
            if self.start[row] == NOT_YET or entry not in pool.queue:  # it may still be there from before its break
                pool.join(entry)

    # step 3: pools deal

    def _deal(self, _: Event) -> None:
        called, self.calling = sorted(self.calling), set()
        for number in called:
            self.pools[number].deal()

    def call(self, pool: int) -> None:
        """Have a pool deal at this instant."""
        self.calling.add(pool)
        self.dealing.ring()

    def seat(self, event: Any) -> None:
        """Have a booked row start at this instant."""
        self.now_seated.append(event.value)
        self.settling.ring()

    def cut_at(self, row: int) -> int:
        """The instant at which the limit of a row ends it, if it still waits then."""
        return self.due[row] if self.rows.limit_rule[row] in CUT else FAR

    def waits(self, row: int) -> bool:
        """Whether a row is in a queue, or booked: not served, not come to its limit, its group open."""
        return self.queued[row] and not self.closed[self.rows.group[row]]

    def serve(self, row: int) -> bool:
        """Start a row if it still waits and all that it needs is free, or gives way; whether it did."""
        if not self.waits(row):
            return False
        team = self._team(row)
        if not all(pool.has(units - self._in_the_way(row, pool)) for pool, units in team.items()):
            return False
        for pool, units in team.items():
            while not pool.has(units):
                self.interrupt(max(self._giving_way(row, pool), key=self._rank))
        for pool, units in team.items():
            pool.give(units)
        self.queued[row] = False
        self._go_to_work(row)
        return True

    def _giving_way(self, row: int, pool: Pool) -> list[int]:
        """Who is at work with units of a pool and would be interrupted for a row."""
        if not pool.gives_way:
            return []
        priority = self.rows.priority
        return [each for each in self.at_work if priority[each] > priority[row] and pool in self._team(each)]

    def _in_the_way(self, row: int, pool: Pool) -> int:
        """The units that they hold."""
        return sum(self._team(each)[pool] for each in self._giving_way(row, pool))

    def _rank(self, row: int) -> tuple[int, int, int]:
        return self.rows.priority[row], self.ready[row], row

    def may_take(self, row: int, pool: Pool) -> bool:
        """Whether anybody at work with units of a pool would be interrupted for a row."""
        return bool(self._giving_way(row, pool))
