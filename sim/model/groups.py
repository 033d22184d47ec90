"""What closes with what: the trial, its candidates, a site that may leave, tasks of which the first drops the others.

A set of tasks that may be closed by itself has a group for each place at which it can be: one for each trial, or for
each site of a trial. A row that lies in two sets of which none contains the other, such as a candidate of a site that
may leave, has a group of its own kind, within both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.network import NONE, Int
from sim.model.places import World
from sim.scenario.stages.tasks import Process, Scope, Task

CANDIDATES, SITE = "candidates of a trial", "site of a trial"
"""Two sets; the others are called as the task that drops them: no task has a blank in its name."""

Kind = tuple[str, ...]
"""The sets that rows lie in beside their trial."""


@dataclass(frozen=True)
class Groups:
    """The groups of one world: the trials first, then their candidates, then what a scenario asks for."""

    process: Process
    world: World

    def of(self, task: Task, place: Int) -> Int | None:
        """The group of each row of a task, by the places of the rows; None where it is the trial's."""
        return self._at(kind, task.scope, place) if (kind := self._kind(task)) else None

    def closed_by(self, task: Task, place: Int) -> Int | None:
        """The group that each row of a task closes; None if it closes none."""
        kinds: dict[str, Kind] = {"trial": (), "candidates": (CANDIDATES,), "site": (SITE,)}
        if task.drops:
            return self._at((task.name,), task.scope, place)
        return self._at(kinds[task.closes], task.scope, place) if task.closes is not None else None

    def columns(self) -> dict[str, NDArray[Any]]:
        """What a `Workload` says of its groups."""
        outer, inner = (np.concatenate(column) for column in zip(*self._pairs(), strict=True))
        whole = np.concatenate([self.world.places[self._scope(kind)].trial for kind in self._first])
        drops = np.zeros(len(whole), bool)
        for kind in ((one,) for one in (SITE, *self._droppers) if (one,) in self._first):
            drops[self._first[kind] : self._first[kind] + len(self.world.places[self._scope(kind)])] = True
        return {
            "whole": whole,
            "drops": drops,
            "replaced_by": self._replaced_by(len(whole)),
            "first_within": np.concatenate(([0], np.cumsum(np.bincount(outer, minlength=len(whole))))),
            "within": inner[np.argsort(outer, kind="stable")],
        }

    def _replaced_by(self, groups: int) -> Int:
        """(groups) Who stands by for each site: the one that is asked first; for that one the next, and so on."""
        found = np.full(groups, NONE)
        standing = np.flatnonzero(self.world.standing_by)
        if not len(standing) or not self._leave:
            return found
        trial, number = self.world.places["site"].trial, self.world.standing_by
        standing = standing[np.lexsort((number[standing], trial[standing]))]
        first = np.full(len(self.world.trials), NONE)
        first[trial[standing[::-1]]] = self._first[(SITE,)] + standing[::-1]
        sites = np.where(number > 0, NONE, first[trial])
        follows = np.flatnonzero(trial[standing[1:]] == trial[standing[:-1]])
        sites[standing[follows]] = self._first[(SITE,)] + standing[follows + 1]
        found[self._first[(SITE,)] : self._first[(SITE,)] + len(sites)] = sites
        return found

    def _pairs(self) -> list[tuple[Int, Int]]:
        """Every group with each group within it, to any depth."""
        found = []
        for kind in (kind for kind in self._first if kind):
            scope = self._scope(kind)
            place = np.arange(len(self.world.places[scope]))
            around: list[Kind] = [(), *((one,) for one in kind if len(kind) > 1)]
            if self._leave and scope == "site" and SITE not in kind:
                around.append((SITE,))
            found += [(self._at(one, scope, place), self._first[kind] + place) for one in around]
        return found

    def _at(self, kind: Kind, scope: Scope, place: Int) -> Int:
        return self._first[kind] + self.world.inside(scope, place, self._scope(kind))

    @cached_property
    def _first(self) -> Mapping[Kind, int]:
        """The first group of each kind, one for each of its places."""
        alone = [CANDIDATES, *([SITE] if self._leave else []), *self._droppers]
        kinds = dict.fromkeys([(), *((each,) for each in alone), *map(self._kind, self.process.tasks)])
        sizes = [len(self.world.places[self._scope(kind)]) for kind in kinds]
        return dict(zip(kinds, np.cumsum([0, *sizes]).tolist(), strict=False))

    def _kind(self, task: Task) -> Kind:
        """The smallest sets that a task lies in."""
        dropper = self._dropper_of.get(task.name)
        sets = [CANDIDATES] if task.scope == "patient" else []
        if self._leave and task.scope != "trial" and (dropper is None or dropper.scope == "trial"):
            sets.append(SITE)
        return (*sets, dropper.name) if dropper is not None else tuple(sets)

    def _scope(self, kind: Kind) -> Scope:
        """Where there is one group of a kind for each."""
        at_sites = any(one == SITE or (one in self._droppers and self._droppers[one].scope == "site") for one in kind)
        return "site" if at_sites else "trial"

    @cached_property
    def _leave(self) -> bool:
        return any(task.closes == "site" for task in self.process.tasks)

    @cached_property
    def _droppers(self) -> Mapping[str, Task]:
        return {task.name: task for task in self.process.tasks if task.drops}

    @cached_property
    def _dropper_of(self) -> Mapping[str, Task]:
        """For each task that may be dropped, the one that does."""
        return {self.process.named[event].name: task for task in self._droppers.values() for event in task.drops}
