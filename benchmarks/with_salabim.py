"""The year in salabim: a component per trial and per piece of work, resources with priorities."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import salabim

from benchmarks.process import Played, TrialClass, Year, mean_days

Process = Generator[Any, Any, None]


class World:
    """Who works where, and what has happened."""

    def __init__(self, year: Year, seed: int) -> None:
        salabim.yieldless(False)
        self.env = salabim.Environment(trace=False, yieldless=False)
        self.year, self.rng = year, np.random.default_rng(seed)
        self.staff: dict[tuple[str, int], salabim.Resource] = {}
        for pool, units in year.units.items():
            for number in range(year.sites if pool in ("offices", "pharmacies") else 1):
                self.staff[pool, number] = salabim.Resource(capacity=units)
        self.ends: list[tuple[float, dict[str, float]]] = []


def play(year: Year, seed: int) -> Played:
    """One replication."""
    world = World(year, seed)
    for trial_class in year.classes:
        Arrivals(world=world, trial_class=trial_class)
    world.env.run(till=year.horizon)
    return mean_days(world.ends, year)


class Arrivals(salabim.Component):  # type: ignore[misc]
    """Trials of one class, at random."""

    def setup(self, world: World, trial_class: TrialClass) -> None:
        """Whose."""
        self.world, self.trial_class = world, trial_class

    def process(self) -> Process:
        """One after the other."""
        while True:
            yield self.hold(self.world.rng.exponential(1 / self.trial_class.per_day))
            Trial(world=self.world, trial_class=self.trial_class)


class Waiting(salabim.Component):  # type: ignore[misc]
    """Somebody who can go on when so many others are done."""

    missing: int

    def one_more(self) -> None:
        """One of them is; who does not wait yet, need not be woken."""
        self.missing -= 1
        if not self.missing and self.ispassive():
            self.activate()


class Trial(Waiting):
    """A trial: authorised by two bodies while its sites prepare, open when its first site is."""

    def setup(self, world: World, trial_class: TrialClass) -> None:
        """Of which class."""
        self.world, self.rank, self.missing = world, trial_class.priority, 2
        self.chosen = world.rng.choice(world.year.sites, trial_class.sites, replace=False)

    def process(self) -> Process:
        """From arrival to authorisation; its sites go on beside it."""
        ends: dict[str, float] = {}
        self.world.ends.append((self.world.env.now(), ends))
        sites = [Site(world=self.world, number=int(number), rank=self.rank, ends=ends) for number in self.chosen]
        Work(world=self.world, task="assessed", pool="assessors", number=0, rank=self.rank, waiting=self)
        Work(world=self.world, task="reviewed", pool="committees", number=0, rank=self.rank, waiting=self)
        yield self.passivate()
        ends["authorised"] = self.world.env.now()
        for site in sites:
            site.one_more()


class Site(Waiting):
    """A site: contract, pharmacy and training side by side, then the visit, for which the trial is authorised."""

    def setup(self, world: World, number: int, rank: int, ends: dict[str, float]) -> None:
        """Of which trial."""
        self.world, self.number, self.rank, self.ends, self.missing = world, number, rank, ends, 3

    def process(self) -> Process:
        """From arrival to opening."""
        year, rng, office = self.world.year, self.world.rng, self.world.staff["offices", self.number]
        Work(world=self.world, task="prepared", pool="pharmacies", number=self.number, rank=self.rank, waiting=self)
        for turn in range(1 + rng.geometric(1 / year.rounds)):
            yield self.request((office, 1, self.rank))
            yield self.hold(rng.lognormal(*year.work["negotiated" if turn else "drafted"]))
            self.release(office)
            if turn == 0:
                Work(world=self.world, task="trained", pool=None, number=0, rank=0, waiting=self)
        if self.missing:
            yield self.passivate()
        monitors = self.world.staff["monitors", 0]
        yield self.request((monitors, 1, self.rank))
        yield self.hold(rng.lognormal(*year.work["visited"]))
        self.release(monitors)
        self.ends.setdefault("open", self.world.env.now())


class Work(salabim.Component):  # type: ignore[misc]
    """A piece of work that goes on beside something else."""

    def setup(self, world: World, task: str, pool: str | None, number: int, rank: int, waiting: Waiting) -> None:
        """By whom, and who is told."""
        self.world, self.task, self.rank, self.waiting = world, task, rank, waiting
        self.staff = None if pool is None else world.staff[pool, number]

    def process(self) -> Process:
        """Wait for somebody, then keep them for as long as it takes."""
        if self.staff is not None:
            yield self.request((self.staff, 1, self.rank))
        yield self.hold(self.world.rng.lognormal(*self.world.year.work[self.task]))
        if self.staff is not None:
            self.release(self.staff)
        self.waiting.one_more()
