"""From tasks and places to rows: the workload of one replication.

Each task's block of rows gets its columns (work, people, limits, groups), drawn and looked up for all places at once;
the start rules become edges; and everything is put in the order of the last tie-break.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.blocks import Block, blocks_of
from sim.model.network import NONE, NOT_YET, Int, Rule, Workload
from sim.model.places import World
from sim.model.precedence import Edges, Precedence
from sim.model.resources import Resources
from sim.model.tasks import Process
from sim.scenario.schema import Limit, Step

Columns = dict[str, NDArray[Any]]
RULES = {"tacit": Rule.TACIT, "decide": Rule.DECIDE, "overrun": Rule.OVERRUN, "lapse": Rule.LAPSE}


@dataclass(frozen=True)
class Layout:
    """Lays the process out over the places of one world."""

    process: Process
    world: World
    resources: Resources

    def workload(self) -> Workload:
        """All rows, sorted by (trial, site, task, round), with their edges."""
        columns = [self._columns(block) for block in self.blocks.values()]
        table = {name: np.concatenate([each[name] for each in columns]) for name in columns[0]}
        edges = Precedence(self.process, self.world, self.resources, self.blocks).edges()
        table["needs"] = _needs(table["needs"], np.bincount(edges.after, minlength=len(table["task"])), table["release"])
        return _sorted(table, edges, self._parents())

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """The rows of each task."""
        return dict(blocks_of(self.process, self.world))

    def _columns(self, block: Block) -> Columns:
        """The columns of a block's rows."""
        columns = self._identity(block) | self._groups(block)
        for turn, (name, step) in enumerate(block.task.steps):
            rows = np.flatnonzero(block.turn == turn)
            columns["task"][rows] = self.resources.task_index[name]
            for some, effective in self._by_variant(block, rows, step):
                self._fill(columns, block, some, name, effective)
        if block.task.arrives:
            columns["work"] = self.world.referred[block.place]
        return columns

    def _identity(self, block: Block) -> Columns:
        """Who each row is, and neutral values for what its step decides."""
        task, n, places = block.task, len(block.place), self.world.places[block.task.scope]
        trial = places.trial[block.place]
        arrival = self.world.trials.arrival[trial]
        return {
            "trial": trial,
            "site": places.site[block.place],
            "round": places.number[block.place] if task.scope == "patient" else block.round,
            "priority": self.resources.class_priority[self.world.trials.trial_class[trial]],
            "release": arrival if task.name == "arrived" else np.full(n, NOT_YET, dtype=np.int64),
            "needs": np.full(n, task.first_of or 0, dtype=np.int64),
            "pick": np.zeros(n),
            **{name: np.full(n, NONE, dtype=np.int64) for name in ("pool", "limit", "limit_since")},
            **{name: np.zeros(n, dtype=np.int64) for name in ("task", "work", "clock", "limit_clock", "limit_rule")},
        }

    def _groups(self, block: Block) -> Columns:
        """What each row belongs to, what it closes, and what may waive it."""
        task, trials = block.task, len(self.world.trials)
        trial = self.world.places[task.scope].trial[block.place]
        nothing = np.full(len(trial), NONE, dtype=np.int64)
        closes = {None: nothing, "trial": trial, "candidates": trial + trials}[task.closes]
        early, late = (self._row_of(event, block) for event in task.needed_if) if task.needed_if else (nothing, nothing)
        group = trial + trials if task.scope == "patient" else trial
        return {"group": group, "closes": closes, "early": early, "late": late}

    def _by_variant(self, block: Block, rows: Int, step: Step) -> Iterator[tuple[Int, Step]]:
        """The rows at which the same variants of the step hold, with the step as they change it."""
        held = self.world.variants(step, block.task.scope)[block.place[rows]]
        for variants in np.unique(held):
            yield rows[held == variants], self.resources.effective(step, int(variants))

    def _fill(self, columns: Columns, block: Block, rows: Int, name: str, step: Step) -> None:
        """The columns that a step decides."""
        resources, scope, place, round_ = self.resources, block.task.scope, block.place[rows], block.round[rows]
        if step.pool is not None:
            sponsor = self.world.trials.sponsor[columns["trial"][rows]]
            columns["pool"][rows] = resources.pool_of(step.pool, columns["site"][rows], sponsor)
            if resources.is_drawn(step.pool):
                columns["pick"][rows] = self.world.uniform(f"{name}: sitting", scope, place, round_)
        if step.work is not None:
            luck = self.world.uniform(f"{name}: work", scope, place, round_)
            columns["work"][rows], columns["clock"][rows] = resources.minutes(step, luck)
        if step.priority is not None:
            columns["priority"][rows] = step.priority
        if step.limit is not None:
            self._fill_limit(columns, block, rows, step, step.limit)

    def _fill_limit(self, columns: Columns, block: Block, rows: Int, step: Step, limit: Limit) -> None:
        counted_with = None if limit.within.unit == "d" else step
        columns["limit"][rows], columns["limit_clock"][rows] = self.resources.span(limit.within, limit.clock, counted_with)
        columns["limit_rule"][rows] = RULES[limit.then]
        if limit.since is not None:
            columns["limit_since"][rows] = self._row_of(limit.since, block)[rows]

    def _row_of(self, event: str, block: Block) -> Int:
        """(rows of the block) the last row of an event at the same place, or at the place that contains it."""
        other = self.process.named[event]
        return self.blocks[other.name].last_of(event, self.world.inside(block.task.scope, block.place, other.scope))

    def _parents(self) -> Int:
        """(groups) the trials' groups first, then one group of candidates inside each."""
        trials = len(self.world.trials)
        return np.concatenate([np.full(trials, NONE, dtype=np.int64), np.arange(trials, dtype=np.int64)])


def _needs(first_of: Int, awaited: Int, release: Int) -> Int:
    """How many predecessors must have counted: all of them unless fewer suffice; a row nothing leads to never starts."""
    everything = np.where(release != NOT_YET, 0, np.maximum(awaited, 1))
    return np.where(first_of > 0, first_of, everything)


def _sorted(table: Columns, edges: Edges, parent: Int) -> Workload:
    """Rows in the order of the last tie-break, references to rows renumbered, edges stored by predecessor."""
    order = _order(table["trial"], table["site"], table["task"], table["round"])
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order], rank[NONE] = np.arange(len(order)), NONE
    rows = {name: column[order] for name, column in table.items()}
    rows |= {name: rank[rows[name]] for name in ("limit_since", "early", "late")}
    before, after = rank[edges.before], rank[edges.after]
    stored = _order(before, after)
    return Workload(
        **rows,
        parent=parent,
        first_edge=np.searchsorted(before[stored], np.arange(len(order) + 1)),
        successor=after[stored],
        lag=edges.lag[stored],
        lag_clock=edges.lag_clock[stored],
    )


def _order(*columns: Int) -> Int:
    """The rows in the order of the first column, then the second, ...: as digits of one number, which sorts faster."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns if len(key) else ():
        least = column.min()
        key = key * (column.max() - least + 1) + (column - least)
    return np.argsort(key, kind="stable")
