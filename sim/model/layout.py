"""From tasks and places to rows: the workload of one replication.

Rows are laid out step by step; those of one step at which the same variants of it hold are dealt with together, and get
their columns (work, people, limits, groups), drawn and looked up for all their places at once. Each goes to its place
in the order of the last tie-break: these are the `Rows`. With the start rules, which become edges, they are a workload.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.blocks import ALL, Block, Some, blocks_of
from sim.model.groups import Groups
from sim.model.network import NONE, NOT_YET, Int, Rule, Workload, grouped
from sim.model.pace import factors
from sim.model.places import World
from sim.model.precedence import Precedence
from sim.model.resources import Resources
from sim.scenario.schema import Limit, Step
from sim.scenario.stages.tasks import Process, Scope, Task

Columns = dict[str, NDArray[Any]]
RULES = {"tacit": Rule.TACIT, "decide": Rule.DECIDE, "overrun": Rule.OVERRUN, "lapse": Rule.LAPSE}


@dataclass(frozen=True, slots=True)
class Rows:
    """All of a workload but who waits for whom."""

    blocks: Mapping[str, Block]
    rank: Int  # (rows + 1) where each row of the blocks stands in the order of the workload; NONE for NONE
    columns: Columns

    def workload(self, process: Process, world: World, resources: Resources) -> Workload:
        """The rows with the edges that the start rules of a process make between them."""
        edges, rows = Precedence(process, world, resources, self.blocks).edges(), len(self.rank) - 1
        before, after = self.rank[edges.before], self.rank[edges.after]
        first, stored = grouped(before, rows)
        rule = edges.rule[stored]
        return Workload(
            **self.columns | {"needs": _needs(self.columns, np.bincount(after, minlength=rows))},
            first_edge=first,
            successor=after[stored],
            lag=edges.lag[rule],
            lag_clock=edges.lag_clock[rule],
        )


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows of one step at which the same variants of it hold, in the order of their places and rounds."""

    block: Block
    name: str
    step: Step  # as these variants change it
    rows: Some  # of the block
    place: Int  # (rows)
    round: Int  # (rows)


@dataclass(frozen=True)
class Layout:
    """Lays the process, whatever its start rules are, out over the places of one world."""

    process: Process
    world: World
    resources: Resources

    def rows(self) -> Rows:
        """All rows, sorted by (trial, site, task, round)."""
        columns = self._neutral()
        for alike, at in zip(self._alike, np.split(self._at, self._laid[1:-1]), strict=True):
            self._fill(columns, alike, at)
        for block in self.blocks.values():
            self._decide(columns, block)
        return Rows(self.blocks, self._rank, {**columns, **self._groups.columns(), **self._further_units()})

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """The rows of each task."""
        return dict(blocks_of(self.process, self.world))

    @cached_property
    def _alike(self) -> list[Alike]:
        """All rows as they are laid out; those of a trial, or of one of its sites, are in the order of tie-breaks."""
        return [each for block in self.blocks.values() for each in self._alike_in(block)]

    def _alike_in(self, block: Block) -> Iterator[Alike]:
        for turn, (name, step) in enumerate(block.task.steps):
            mine = ALL if block.task.once else np.flatnonzero(block.turn == turn)
            for rows, effective in self._by_variant(block, mine, step):
                yield Alike(block, name, effective, rows, block.place[rows], block.round[rows])

    def _by_variant(self, block: Block, rows: Some, step: Step) -> Iterator[tuple[Some, Step]]:
        """The rows at which the same variants of the step hold, with the step as they change it."""
        if not step.variants:
            yield rows, step
            return
        every = np.arange(len(block.place))[rows]
        held = self.world.variants(step, block.task.scope)[block.place[every]]
        for variants in np.unique(held):
            yield every[held == variants], self.resources.effective(step, int(variants))

    @cached_property
    def _laid(self) -> Int:
        """(alike + 1) How many rows are laid out before each of those that are alike, and in all."""
        return np.cumsum([0, *(len(alike.place) for alike in self._alike)])

    @cached_property
    def _order(self) -> tuple[Int, Int]:
        """(trials and their sites + 1) the first row of each; and, in the order of tie-breaks, the rows as laid out."""
        owners = self.world.owners
        owner = [owners.of[alike.block.task.scope][alike.place] for alike in self._alike]
        return grouped(np.concatenate(owner), len(owners.trial))

    @cached_property
    def _at(self) -> Int:
        """(rows as laid out) where each stands in the order of tie-breaks."""
        return _inverse(self._order[1])

    @cached_property
    def _rank(self) -> Int:
        """(rows of the blocks + 1) the same; NONE for NONE."""
        rank = np.empty(len(self._at) + 1, dtype=np.int64)
        for alike, at in zip(self._alike, np.split(self._at, self._laid[1:-1]), strict=True):
            rank[alike.block.start : alike.block.start + len(alike.block.place)][alike.rows] = at
        rank[NONE] = NONE
        return rank

    def _neutral(self) -> Columns:
        """All rows in order: who they are, and neutral values for what their task decides."""
        first, order = self._order
        owners, n, rows = self.world.owners, len(order), np.diff(first)
        none = ("pool", "limit", "limit_since", "closes", "early", "late", "release", "gives_back")
        priority = self.resources.class_priority[self.world.trials.trial_class[owners.trial]]
        steps = np.array([self.resources.task_index[alike.name] for alike in self._alike])
        rounds = [alike.block.number(self.world)[alike.rows] for alike in self._alike]
        return {
            "trial": np.repeat(owners.trial, rows),
            "site": np.repeat(owners.site, rows),
            "task": np.repeat(steps, np.diff(self._laid))[order],
            "round": np.concatenate(rounds)[order],
            "priority": np.repeat(priority, rows),
            "group": np.repeat(owners.trial, rows),
            "pick": np.zeros(n),
            "on_wait": np.zeros(n, bool),
            "every": np.ones(n, bool),
            **{name: np.full(n, NONE) for name in none},
            **{name: np.zeros(n, dtype=np.int64) for name in ("needs", "work", "clock", "limit_clock", "limit_rule")},
        }

    def _decide(self, columns: Columns, block: Block) -> None:
        """The columns of a block's rows that its task decides."""
        rows, task = self._rank[block.start : block.start + len(block.place)], block.task
        self._group(columns, block, rows)
        if task.arrives:
            columns["work"][rows] = self.world.referred[block.place]
            if (inclusion := self.world.scenario.inclusion) is not None and inclusion.holds:
                columns["clock"][rows] = len(self.resources.clocks) - 1
                columns["work"][rows] = np.maximum(columns["work"][rows], 1)  # nor does who is known come in a hold
        if task.name == "arrived" or task.stands_by:
            trial = self.world.inside(task.scope, block.place, "trial")
            columns["release"][rows] = self.world.trials.arrival[trial]

    def _group(self, columns: Columns, block: Block, rows: Int) -> None:
        """What each row belongs to, what it closes, how many it waits for, and what may waive it."""
        task = block.task
        if (group := self._groups.of(task, block.place)) is not None:
            columns["group"][rows] = group
        if (closes := self._groups.closed_by(task, block.place)) is not None:
            columns["closes"][rows] = closes
        if task.chooses:
            columns["needs"][rows], columns["every"][rows] = self._enough(task)[block.place], False
        if task.needed_if is not None:
            columns["early"][rows], columns["late"][rows] = (self._row_of(event, block) for event in task.needed_if)
        if task.gives_back is not None:
            columns["gives_back"][rows] = self._row_of(task.gives_back, block)

    def _fill(self, columns: Columns, alike: Alike, at: Int) -> None:
        """The columns that a step decides, of rows which stand `at` these places."""
        resources, step, scope = self.resources, alike.step, alike.block.task.scope
        if step.pool is not None:
            pool, *further = (resources.pool_of(name, self.world, scope, alike.place) for name in step.team)
            columns["pool"][at] = pool
            self._further.extend((at, np.broadcast_to(each, len(at))) for each in further)
            if resources.is_drawn(step.pool[0]):
                columns["pick"][at] = self._luck(alike, "sitting")
        if step.work is not None:
            luck = self._luck(alike, "work")
            pace = self._pace[scope][alike.place] if self._pace is not None else 1.0
            seen = self.world.seen_by_hooks(scope, alike.place, alike.round, luck)
            hooked = self.world.hooks.answers("work", alike.name, seen)
            columns["work"][at], columns["clock"][at] = resources.minutes(step, luck, pace, hooked)
        if step.priority is not None:
            columns["priority"][at] = step.priority
        if step.limit is not None:
            self._fill_limit(columns, alike, at, step.limit)

    def _luck(self, alike: Alike, of: str) -> NDArray[np.float64]:
        """(rows) a uniform for each of the rows, for one quantity of their step."""
        return self.world.uniform(f"{alike.name}: {of}", alike.block.task.scope, alike.place, alike.round)

    @cached_property
    def _pace(self) -> Mapping[Scope, NDArray[np.float64]] | None:
        """(places of each scope) what the scenario's pace makes of the work there; None if it gives none."""
        pace = self.world.scenario.pace
        return factors(self.world, pace) if pace is not None else None

    @cached_property
    def _further(self) -> list[tuple[Int, Int]]:
        """Rows that need another unit, with its pool, as `_fill` finds them."""
        return []

    def _further_units(self) -> Columns:
        """The further units that rows need, row by row."""
        rows, pools = np.concatenate([np.zeros((2, 0), np.int64), *map(np.stack, self._further)], axis=1)
        first, order = grouped(rows, len(self._at))
        return {"first_also": first, "also": pools[order]}

    def _fill_limit(self, columns: Columns, alike: Alike, at: Int, limit: Limit) -> None:
        drawn = self._luck(alike, "limit") if limit.is_drawn else None
        columns["limit"][at], columns["limit_clock"][at] = self.resources.limit(alike.step, limit, drawn)
        columns["limit_rule"][at] = RULES[limit.then]
        columns["on_wait"][at] = limit.until == "start"
        if limit.since is not None:
            columns["limit_since"][at] = self._row_of(limit.since, alike.block)[alike.rows]

    def _row_of(self, event: str, block: Block) -> Int:
        """(rows of the block) the last row of an event at the same place, or at the place that contains it."""
        other = self.process.named[event]
        inside = self.world.inside(block.task.scope, block.place, other.scope)
        return self._rank[self.blocks[other.name].last_of(event, inside)]

    @cached_property
    def _groups(self) -> Groups:
        return Groups(self.process, self.world)

    def _enough(self, task: Task) -> Int:
        """(places of the task) How many of the awaited events suffice."""
        places = len(self.world.places[task.scope])
        if task.all_but is None:
            return np.full(places, task.first_of, np.int64)
        leaving = self.process.named[task.starts[0].event].closes == "site"  # all who stand by have been asked by then
        there = leaving | (self.world.standing_by == 0)
        sites = np.bincount(self.world.places["site"].trial[there], minlength=places)
        return np.maximum(sites - task.all_but, 1)


def _inverse(order: Int) -> Int:
    """Where each index stands in an order."""
    found = np.empty_like(order)
    found[order] = np.arange(len(order))
    return found


def _needs(columns: Columns, awaited: Int) -> Int:
    """How many predecessors must have counted: all unless fewer suffice; a row that nothing leads to never starts."""
    everything = np.where(columns["release"] != NOT_YET, 0, np.maximum(awaited, 1))
    return np.where(columns["needs"] > 0, columns["needs"], everything)
