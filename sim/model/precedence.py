"""Who waits for whom: start rules as precedence edges between rows.

A start rule is resolved for all places at once. Looking up (a site waits for its trial) and across (a task of the same
place) each place has one row to wait for; looking down (a trial waits for every site) it has many. A rule that names
a task which is not needed at a place waits for what that task would have waited for there, so that a process stays
connected whichever of its optional tasks a trial needs; the lag of the absent task is dropped with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.model.blocks import ALL, Block, Some
from sim.model.network import NONE, Int
from sim.model.places import DEPTH, World, under
from sim.model.resources import Resources
from sim.scenario.schema import StartRule
from sim.scenario.stages.tasks import Process, Task


@dataclass(frozen=True, slots=True)
class Edges:
    """m precedence edges of r rules: row `after[i]` waits for row `before[i]`, as much later as its rule says."""

    before: Int
    after: Int
    rule: Int
    lag: Int  # (r)
    lag_clock: Int  # (r)


Alike = tuple[Int, Int, int, int]
"""Edges that have one lag on one clock: before, after, lag, clock."""


@dataclass(frozen=True, slots=True)
class Precedence:
    """Resolves the start rules of a process over the blocks of one world."""

    process: Process
    world: World
    resources: Resources
    blocks: Mapping[str, Block]

    def edges(self) -> Edges:
        """All edges: inside blocks, and those of every start rule."""
        repeated = (block for block in self.blocks.values() if not block.task.once)
        nothing = np.zeros(0, np.int64)
        parts = [(nothing, nothing, 0, 0), *map(_turn_by_turn, repeated), *self._of_start_rules()]
        before, after, lag, clock = zip(*parts, strict=True)
        rule = np.repeat(np.arange(len(parts)), [len(rows) for rows in before])
        return Edges(np.concatenate(before), np.concatenate(after), rule, np.array(lag), np.array(clock))

    def _of_start_rules(self) -> Iterator[Alike]:
        for block in self.blocks.values():
            first = block.first[block.at]
            for chosen, rules in _rules(self.process.named[block.task.name], block, block.at):
                some, waiting = block.at[chosen], first[chosen]
                for rule in rules:
                    lag, clock = self.resources.lag(rule)
                    for before, after in self._awaited(rule, block.task, some, waiting):
                        yield before, after, lag, clock

    def _awaited(self, rule: StartRule, task: Task, at: Int, waiting: Int) -> Iterator[tuple[Int, Int]]:
        """Pairs (row, row that waits for it): what `rule` means at the places `at` of `task`, for those `waiting`."""
        if not len(at):
            return
        awaited = self.process.named[rule.event]
        source, position = self._looked_at(rule, awaited, task, at)
        waiting, block = waiting[position], self.blocks[awaited.name]
        if block.everywhere or (there := block.first[source] != NONE).all():
            yield block.last_of(rule.event, source), waiting
            return
        yield block.last_of(rule.event, source[there]), waiting[there]
        if not task.chooses and not awaited.chooses:
            yield from self._instead(awaited, source[~there], waiting[~there])

    def _looked_at(self, rule: StartRule, awaited: Task, task: Task, at: Int) -> tuple[Int, Some]:
        """The places of the awaited task, and for each its position in `at`."""
        world = self.world
        if rule.which == "coordinating":
            place = world.coordinating_place[world.places[task.scope].trial[at]]
            return place[place != NONE], np.flatnonzero(place != NONE)
        if DEPTH[awaited.scope] <= DEPTH[task.scope]:
            return world.inside(task.scope, at, awaited.scope), ALL
        owner = world.inside(awaited.scope, np.arange(len(world.places[awaited.scope])), task.scope)  # increasing
        low, high = np.searchsorted(owner, at, side="left"), np.searchsorted(owner, at, side="right")
        position = np.repeat(np.arange(len(at)), high - low)
        ends = np.cumsum(high - low)
        return np.arange(len(position)) - np.repeat(ends - high, high - low), position

    def _instead(self, absent: Task, source: Int, waiting: Int) -> Iterator[tuple[Int, Int]]:
        """What an absent task would have waited for; nothing where its role does not exist."""
        if absent.role is not None:
            here = self.world.holds({"role": absent.role}, absent.scope)[source]
            source, waiting = source[here], waiting[here]
        if absent.otherwise is not None:
            yield from self._awaited(StartRule(event=absent.otherwise), absent, source, waiting)
            return
        for some, rules in _rules(absent, self.blocks[absent.name], source):
            for rule in rules:
                yield from self._awaited(rule, absent, source[some], waiting[some])


def _rules(task: Task, block: Block, at: Int) -> Iterator[tuple[Some, Sequence[StartRule]]]:
    """The positions in `at`, places of a task, where the same variants hold, and the start rules there."""
    if not task.step.variants:
        yield ALL, task.starts
        return
    held = block.variants[at]
    for variants in np.unique(held):
        yield np.flatnonzero(held == variants), _starts(task, int(variants))


def _starts(task: Task, variants: int) -> Sequence[StartRule]:
    """The rules of the first of these variants that says when to start; else those of the task."""
    bare = task.step.model_copy(update={"starts": None})
    return under(bare, variants).starts or task.starts


def _turn_by_turn(block: Block) -> Alike:
    """Inside a block each row of a place waits for the one before it."""
    after = np.flatnonzero(block.place[1:] == block.place[:-1]) + 1 + block.start
    return after - 1, after, 0, 0
