"""Where each task is needed, and the rows it becomes: the blocks of a workload.

A `Block` is all rows of one task: at each place that needs the task, its steps in turn, as many rounds as were drawn.
The rows of a place follow each other. Everything is an array over all places at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.model.draws import counts
from sim.model.network import NONE, Int
from sim.model.places import Mask, World, at_places
from sim.scenario.stages.tasks import Process, Task

Some = Int | slice
"""Which ones of an array: their indices, or all of them."""

ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one task: `first[p]` to `last[p]` at place p, NONE where it has none."""

    task: Task
    start: int  # number of its first row
    at: Int  # the places that have some
    first: Int  # (places)
    last: Int  # (places)
    place: Int  # (rows) the place of each row
    turn: Int  # (rows) index of its step
    round: Int  # (rows) from 1
    variants: Int  # (places) the variants that hold for its first step, as bits

    @property
    def everywhere(self) -> bool:
        """Whether every place has some."""
        return len(self.at) == len(self.first)

    def number(self, world: World) -> Int:
        """(rows) the number of the candidate, or of the round."""
        return world.places["patient"].number[self.place] if self.task.scope == "patient" else self.round

    def last_of(self, event: str, place: Int) -> Int:
        """The last row of the task at these places, or of one of its steps where `event` names a step."""
        steps = [name for name, _ in self.task.steps]
        behind = len(steps) - 1 - steps.index(event) if event != self.task.name else 0
        last = self.last[place]
        return np.where(last == NONE, NONE, last - behind) if behind else last


def blocks_of(process: Process, world: World) -> Mapping[str, Block]:
    """The block of each task by name, rows numbered one block after the other."""
    needed = _Needed(process, world, {})
    blocks: dict[str, Block] = {}
    start = 0
    for task in process.tasks:
        blocks[task.name] = _block(task, world, np.flatnonzero(needed.at(task)), start)
        start += len(blocks[task.name].place)
    return blocks


def _block(task: Task, world: World, at: Int, start: int) -> Block:
    first = np.full(len(world.places[task.scope]), NONE)
    variants = world.variants(task.step, task.scope)
    if task.once:
        first[at] = np.arange(start, start + len(at))
        return Block(
            task, start, at, first, first, at, np.zeros(len(at), np.int64), np.ones(len(at), np.int64), variants
        )
    last = first.copy()
    rounds = np.ones(len(at), dtype=np.int64)
    if task.rounds is not None:
        rounds = counts(task.rounds, world.uniform(f"{task.name}: rounds", task.scope, at))
    rows = rounds * len(task.steps)
    ends = np.cumsum(rows)
    within = np.arange(rows.sum()) - np.repeat(ends - rows, rows)
    some = rows > 0
    at = at[some]
    first[at], last[at] = start + (ends - rows)[some], start + ends[some] - 1
    turn, round_ = within % len(task.steps), within // len(task.steps) + 1
    return Block(task, start, at, first, last, np.repeat(at, rows[some]), turn, round_, variants)


@dataclass(frozen=True, slots=True)
class _Needed:
    """Where each task exists; answers are kept, because tasks refer to each other."""

    process: Process
    world: World
    known: dict[str, Mask]

    def at(self, task: Task) -> Mask:
        if task.name not in self.known:
            self.known[task.name] = self._with_partners(task, self._meets_conditions(task)) & self._drawn(task)
        return self.known[task.name]

    def _meets_conditions(self, task: Task) -> Mask:
        role = {"role": task.role} if task.role else {}
        held = self.world.holds({**(task.step.only or {}), **role}, task.scope)
        return held & (self.world.standing_by > 0) if task.stands_by else held

    def _with_partners(self, task: Task, held: Mask) -> Mask:
        """Where the tasks that it goes along with are needed, and those that make it needless are not."""
        for other, there in ((task.along_with, True), (task.unless, False)):
            if other is not None:
                partner = self.process.named[other]
                place = self.world.inside(task.scope, np.arange(len(held)), partner.scope)
                held = held & (self.at(partner)[place] == there)
        return held

    def _drawn(self, task: Task) -> Mask | bool:
        """A share of the places, by a draw that only this task uses."""
        world, hooks = self.world, self.world.hooks
        said = (task.step.share, *(variant.share for variant in task.step.variants))
        if not hooks and all(share is None for share in said):
            return True
        everywhere = np.arange(len(world.places[task.scope]))
        shares = at_places(lambda step: 1.0 if step.share is None else step.share, task.step, world, task.scope)
        luck = world.uniform(needed_by(task.name), task.scope, everywhere)
        hooked = hooks.answers("share", task.name, world.seen_by_hooks(task.scope, everywhere, 1, luck))
        return np.asarray(luck < (shares if hooked is None else hooked), dtype=bool)


def needed_by(task: str) -> str:
    """The words under which the need for a task is drawn."""
    return f"{task}: needed"
