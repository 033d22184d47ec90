"""From tasks and places to rows: the workload of one replication.

Each task's block of rows gets its columns (work, people, limits, groups), drawn and looked up for all places at once,
in the order of the last tie-break: these are the `Rows`. With the start rules, which become edges, they are a workload.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.blocks import ALL, Block, Some, blocks_of
from sim.model.groups import Groups
from sim.model.network import NONE, NOT_YET, Int, Rule, Workload
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
        edges = Precedence(process, world, resources, self.blocks).edges()
        before, after = self.rank[edges.before], self.rank[edges.after]
        awaited, awaiting = (np.bincount(rows, minlength=len(self.rank) - 1) for rows in (after, before))
        stored = _stable_order(before)
        return Workload(
            **self.columns | {"needs": _needs(self.columns["needs"], awaited, self.columns["release"])},
            first_edge=np.concatenate([[0], np.cumsum(awaiting)]),
            successor=after[stored],
            lag=edges.lag[stored],
            lag_clock=edges.lag_clock[stored],
        )


@dataclass(frozen=True)
class Layout:
    """Lays the process, whatever its start rules are, out over the places of one world."""

    process: Process
    world: World
    resources: Resources

    def rows(self) -> Rows:
        """All rows, sorted by (trial, site, task, round)."""
        columns = self._neutral()
        for block in self.blocks.values():
            self._decide(columns, block)
        return Rows(self.blocks, self._rank, {**columns, **self._groups.columns(), **self._further_units()})

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """The rows of each task."""
        return dict(blocks_of(self.process, self.world))

    @cached_property
    def _pace(self) -> Mapping[Scope, NDArray[np.float64]] | None:
        """(places of each scope) what the scenario's pace makes of the work there; None if it gives none."""
        pace = self.world.scenario.pace
        return factors(self.world, pace) if pace is not None else None

    @cached_property
    def _identity(self) -> Columns:
        """Who each row is, one block after the other."""
        each = [self._who(block) for block in self.blocks.values()]
        return {name: np.concatenate([columns[name] for columns in each]) for name in each[0]}

    def _who(self, block: Block) -> Columns:
        task, places = block.task, self.world.places[block.task.scope]
        return {
            "trial": places.trial[block.place],
            "site": places.site[block.place],
            "task": np.array([self.resources.task_index[name] for name, _ in task.steps])[block.turn],
            "round": places.number[block.place] if task.scope == "patient" else block.round,
        }

    @cached_property
    def _order(self) -> Int:
        """The rows in the order of the last tie-break: (trial, site, task, round) as digits of one number."""
        key = np.zeros(len(self._identity["trial"]), dtype=np.int64)
        for column in self._identity.values() if len(key) else ():
            least = column.min()
            key = key * (column.max() - least + 1) + (column - least)
        return _stable_order(key)

    @cached_property
    def _rank(self) -> Int:
        """(rows + 1) where each row of the blocks stands in that order; NONE for NONE."""
        rank = np.empty(len(self._order) + 1, dtype=np.int64)
        rank[self._order], rank[NONE] = np.arange(len(self._order)), NONE
        return rank

    def _neutral(self) -> Columns:
        """All rows in order: who they are, and neutral values for what their task decides."""
        who = {name: column[self._order] for name, column in self._identity.items()}
        n = len(self._order)
        none = ("pool", "limit", "limit_since", "closes", "early", "late", "release", "gives_back")
        return {
            **who,
            "priority": self.resources.class_priority[self.world.trials.trial_class[who["trial"]]],
            "group": np.zeros(n, dtype=np.int64),
            "pick": np.zeros(n),
            "on_wait": np.zeros(n, bool),
            "every": np.ones(n, bool),
            **{name: np.full(n, NONE) for name in none},
            **{name: np.zeros(n, dtype=np.int64) for name in ("needs", "work", "clock", "limit_clock", "limit_rule")},
        }

    def _decide(self, columns: Columns, block: Block) -> None:
        """The columns of a block's rows."""
        rows = self._rank[block.start : block.start + len(block.place)]
        self._group(columns, block, rows)
        for turn, (name, step) in enumerate(block.task.steps):
            mine = ALL if block.task.once else np.flatnonzero(block.turn == turn)
            for some, effective in self._by_variant(block, mine, step):
                self._fill(columns, rows[some], block, some, name, effective)
        if block.task.arrives:
            columns["work"][rows] = self.world.referred[block.place]
            if (inclusion := self.world.scenario.inclusion) is not None and inclusion.holds:
                columns["clock"][rows] = len(self.resources.clocks) - 1
                columns["work"][rows] = np.maximum(columns["work"][rows], 1)  # nor does who is known come in a hold
        if block.task.name == "arrived" or block.task.stands_by:
            trial = self.world.inside(block.task.scope, block.place, "trial")
            columns["release"][rows] = self.world.trials.arrival[trial]

    def _group(self, columns: Columns, block: Block, rows: Int) -> None:
        """What each row belongs to, what it closes, how many it waits for, and what may waive it."""
        task = block.task
        columns["group"][rows] = self._groups.of(task, block.place)
        if (closes := self._groups.closed_by(task, block.place)) is not None:
            columns["closes"][rows] = closes
        if task.chooses:
            columns["needs"][rows], columns["every"][rows] = self._enough(task)[block.place], False
        if task.needed_if is not None:
            columns["early"][rows], columns["late"][rows] = (self._row_of(event, block) for event in task.needed_if)
        if task.gives_back is not None:
            columns["gives_back"][rows] = self._row_of(task.gives_back, block)

    def _by_variant(self, block: Block, rows: Some, step: Step) -> Iterator[tuple[Some, Step]]:
        """The rows at which the same variants of the step hold, with the step as they change it."""
        if not step.variants:
            yield rows, step
            return
        every = np.arange(len(block.place))[rows]
        held = self.world.variants(step, block.task.scope)[block.place[every]]
        for variants in np.unique(held):
            yield every[held == variants], self.resources.effective(step, int(variants))

    def _fill(self, columns: Columns, at: Int, block: Block, rows: Some, name: str, step: Step) -> None:
        """The columns that a step decides, for `rows` of the block, which stand `at` these places of the columns."""
        resources, scope, place, round_ = self.resources, block.task.scope, block.place[rows], block.round[rows]
        if step.pool is not None:
            sponsor = self.world.trials.sponsor[columns["trial"][at]]
            pool, *further = (resources.pool_of(name, columns["site"][at], sponsor) for name in step.team)
            columns["pool"][at] = pool
            self._further.extend((np.arange(len(columns["pool"]))[at], each) for each in further)
            if resources.is_drawn(step.pool[0]):
                columns["pick"][at] = self.world.uniform(f"{name}: sitting", scope, place, round_)
        if step.work is not None:
            luck = self.world.uniform(f"{name}: work", scope, place, round_)
            pace = self._pace[scope][place] if self._pace is not None else 1.0
            hooked = self.world.hooks.answers("work", name, self.world.seen_by_hooks(scope, place, round_, luck))
            columns["work"][at], columns["clock"][at] = resources.minutes(step, luck, pace, hooked)
        if step.priority is not None:
            columns["priority"][at] = step.priority
        if step.limit is not None:
            drawn = self.world.uniform(f"{name}: limit", scope, place, round_) if step.limit.is_drawn else None
            columns["limit"][at], columns["limit_clock"][at] = resources.limit(step, step.limit, drawn)
            self._fill_limit(columns, at, block, rows, step.limit)

    @cached_property
    def _further(self) -> list[tuple[Int, Int]]:
        """Rows that need another unit, with its pool, as `_fill` finds them."""
        return []

    def _further_units(self) -> Columns:
        """The further units that rows need, row by row."""
        rows, pools = np.concatenate([np.zeros((2, 0), np.int64), *map(np.stack, self._further)], axis=1)
        order = np.argsort(rows, kind="stable")
        many = np.bincount(rows, minlength=len(self._order))
        return {"first_also": np.concatenate([[0], np.cumsum(many)]), "also": pools[order]}

    def _fill_limit(self, columns: Columns, at: Int, block: Block, rows: Some, limit: Limit) -> None:
        columns["limit_rule"][at] = RULES[limit.then]
        columns["on_wait"][at] = limit.until == "start"
        if limit.since is not None:
            columns["limit_since"][at] = self._row_of(limit.since, block)[rows]

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


def _stable_order(key: Int) -> Int:
    """The indices that sort the keys, none of them negative; compiled where numba is loaded anyway."""
    if not sys.modules.get("numba"):
        return np.argsort(key, kind="stable")
    from sim.model.compiled_draws import stable_order

    return stable_order(key)


def _needs(first_of: Int, awaited: Int, release: Int) -> Int:
    """How many predecessors must have counted: all unless fewer suffice; a row that nothing leads to never starts."""
    everything = np.where(release != NOT_YET, 0, np.maximum(awaited, 1))
    return np.where(first_of > 0, first_of, everything)
