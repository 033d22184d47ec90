"""The year as one writes it in SimPy: generators per trial and per site, priority resources, one draw at a time."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import simpy

from benchmarks.process import Played, TrialClass, Year, mean_days

Process = Generator[simpy.Event, Any, None]


@dataclass
class Country:
    """Who works where, and what has happened."""

    env: simpy.Environment
    year: Year
    rng: np.random.Generator
    ends: list[tuple[float, dict[str, float]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        def staff(pool: str) -> simpy.PriorityResource:
            return simpy.PriorityResource(self.env, self.year.units[pool])

        self.assessors, self.committees, self.monitors = staff("assessors"), staff("committees"), staff("monitors")
        self.offices = [staff("offices") for _ in range(self.year.sites)]
        self.pharmacies = [staff("pharmacies") for _ in range(self.year.sites)]


def play(year: Year, seed: int) -> Played:
    """One replication."""
    country = Country(simpy.Environment(), year, np.random.default_rng(seed))
    for trial_class in year.classes:
        country.env.process(arrivals(country, trial_class))
    country.env.run(until=year.horizon)
    return mean_days(country.ends, year)


def arrivals(country: Country, trial_class: TrialClass) -> Process:
    """Trials of one class, at random."""
    while True:
        yield country.env.timeout(country.rng.exponential(1 / trial_class.per_day))
        country.env.process(trial(country, trial_class))


def trial(country: Country, trial_class: TrialClass) -> Process:
    """A trial: authorised by two bodies while its sites prepare, open when its first site is."""
    env, priority = country.env, trial_class.priority
    ends: dict[str, float] = {}
    country.ends.append((env.now, ends))
    authorised = env.process(authorisation(country, priority, ends))
    chosen = country.rng.choice(country.year.sites, trial_class.sites, replace=False)
    visits = [env.process(site(country, number, priority, authorised)) for number in chosen]
    yield env.any_of(visits)
    ends["open"] = env.now


def authorisation(country: Country, priority: int, ends: dict[str, float]) -> Process:
    """Both bodies, side by side."""
    yield (
        country.env.process(work(country, "assessed", priority, country.assessors))
        & country.env.process(work(country, "reviewed", priority, country.committees))
    )
    ends["authorised"] = country.env.now


def site(country: Country, number: int, priority: int, authorised: simpy.Process) -> Process:
    """A site: contract, pharmacy and training side by side, then the visit."""
    env = country.env
    contract = env.process(contracting(country, number, priority))
    prepared = env.process(work(country, "prepared", priority, country.pharmacies[number]))
    yield contract & prepared & authorised
    yield env.process(work(country, "visited", priority, country.monitors))


def contracting(country: Country, number: int, priority: int) -> Process:
    """A draft, then rounds of negotiation and, beside them, training."""
    yield from work(country, "drafted", priority, country.offices[number])
    trained = country.env.process(training(country))
    for _ in range(country.rng.geometric(1 / country.year.rounds)):
        yield from work(country, "negotiated", priority, country.offices[number])
    yield trained


def training(country: Country) -> Process:
    """Nobody is waited for."""
    yield country.env.timeout(country.rng.lognormal(*country.year.work["trained"]))


def work(country: Country, task: str, priority: int, staff: simpy.PriorityResource) -> Process:
    """Wait for somebody, then keep them for as long as it takes."""
    with staff.request(priority) as turn:
        yield turn
        yield country.env.timeout(country.rng.lognormal(*country.year.work[task]))
