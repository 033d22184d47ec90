"""The trials of one replication: when they arrive, what they are, which sites take part, which patients come.

Every answer is a draw keyed by the trial's class and number, the site and the patient, so that a scenario that changes
one thing keeps the same trials with the same luck.

Trials of a class arrive on given dates, evenly, or at random at a volume that may change over the years. They are
numbered in the order of arrival, and the k-th gap is the same draw whatever the volume: a larger volume brings the
same trials closer together. Thinned arrivals are the other way to think of a larger volume: each potential trial has
its day, its number and a level, and is there if the volume of that day reaches its level; so the trials of a smaller
volume are among those of a larger one, with the same luck and with more company.

A programme has few places: of the trials that may come in a share asks to, and in each calendar month those submitted
first get the seats, which is known at the submission. Who is let in has the attribute of the programme; all others go
the ordinary way, so that nobody waits for a seat.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from sim.model.clocks import Clock
from sim.model.draws import Draws, counts, stable_id, whole_minutes
from sim.model.network import NONE, Int
from sim.model.people import attributes_of, sponsors
from sim.model.places import Mask, Places, World, meets, nowhere_but_trials, objects
from sim.model.trials import Trials
from sim.scenario.language.quantities import DAYS_PER_YEAR, MINUTES_PER_DAY
from sim.scenario.schema import Admission, Condition, Scenario, TrialClass


@dataclass(frozen=True)
class Population:
    """Who a scenario is about; `world(draws)` draws one replication of it, but for the candidates."""

    scenario: Scenario
    horizon: int
    clocks: Mapping[str, Clock]

    def world(self, draws: Draws) -> World:
        """The trials and sites of one replication, without candidates."""
        return self._with_sites(admitted(self._trials_alone(draws)))

    def numbers(self, draws: Draws) -> Mapping[str, Int]:
        """The numbers of the trials of each class that arrive in one replication."""
        return {each.name: self._arrivals(each, draws)[1] for each in self.scenario.classes}

    @cached_property
    def site_attributes(self) -> Mapping[str, NDArray[np.object_]]:
        """(sites) each attribute that some site has; None where a site lacks it."""
        each = [attributes_of(self.scenario, site) for site in self.scenario.sites]
        names = dict.fromkeys(name for attributes in each for name in attributes)
        return {name: objects([attributes.get(name) for attributes in each]) for name in names}

    @cached_property
    def _site_key(self) -> Int:
        keys = np.array([stable_id(site.name) for site in self.scenario.sites], dtype=np.int64)
        if len(np.unique(keys)) < len(keys):
            raise ValueError("sites: two names have the same stable id; rename one of them")
        return keys

    def _arrivals(self, written: TrialClass, draws: Draws) -> tuple[Int, Int]:
        """(trials) the arrivals of a class [min], in the open hours of its clock if it has one; and its numbers."""
        if written.arrivals == "thinned" and written.dates is None:
            at, number = thinned(written, draws, self.scenario.origin, self.horizon)
        else:
            at = arrivals_of(written, draws, self.scenario.origin, self.horizon)
            number = np.arange(1, len(at) + 1)
        opened = self._opened(written, at)
        return opened[opened < self.horizon], number[opened < self.horizon]

    def _opened(self, written: TrialClass, arrivals: Int) -> Int:
        """(trials) the arrivals of a class [min], in the open hours of its clock if it has one; some after the end."""
        if written.arrive_on is None:
            return arrivals
        clock = self.clocks[written.arrive_on]
        if written.dates is not None:
            return np.array([clock.next_open(each) for each in arrivals.tolist()], np.int64)
        # time passes only while it is open, and so much faster that as many come
        share = int(clock.open_minutes(0, self.horizon)) / self.horizon
        return clock.add_many(0, np.floor(arrivals * share).astype(np.int64) + 1) - 1

    def _trials_alone(self, draws: Draws) -> World:
        """All trials by arrival, at no site yet."""
        arrivals = [self._arrivals(each, draws) for each in self.scenario.classes]
        index = np.repeat(np.arange(len(arrivals)), [len(at) for at, _ in arrivals])
        arrival, number = (np.concatenate([each[part] for each in arrivals]) for part in (0, 1))
        order = np.lexsort((number, index, arrival))
        index, number, arrival = index[order], number[order], arrival[order]
        names = tuple(each.name for each in self.scenario.classes)
        sponsor = self._sponsor(draws, index, number)
        nowhere, everything = np.full(len(index), NONE), np.ones(len(index), dtype=bool)
        attributes = self._attributes(draws, index, number, sponsor)
        trials = Trials(names, index, number, arrival, nowhere, sponsor, everything, attributes)
        preparation = (
            self.scenario.authorisation.preparation.span.days if self.scenario.authorisation is not None else 0
        )
        return World(
            scenario=self.scenario, trials=trials, site_attributes=self.site_attributes,
            places=nowhere_but_trials(len(trials)), standing_by=np.zeros(0, np.int64),
            submitted=arrival + round(preparation * MINUTES_PER_DAY),
            referred=np.zeros(0, dtype=np.int64), draws=draws, trial_key=number,
            class_key=np.array([stable_id(name) for name in names], dtype=np.int64)[index], site_key=self._site_key,
        )  # fmt: skip

    def _with_sites(self, world: World) -> World:
        """Each trial at its sites: as many as drawn, at most all it may use, larger ones more often; more stand by."""
        chosen = [self._sites_of(world, index) for index, each in enumerate(self.scenario.classes) if each.sites]
        trial, site, rank, behind = (
            (np.concatenate([part[i] for part in chosen]) for i in range(4))
            if chosen
            else [np.zeros(0, dtype=np.int64)] * 4
        )
        coordinating = world.trials.coordinating.copy()
        first = (rank == 0) & (behind <= 0)
        coordinating[trial[first]] = site[first]
        order = np.lexsort((site, trial))
        trial, site, behind = trial[order], site[order], behind[order]
        places = Places("site", trial, site, np.ones(len(trial), dtype=np.int64), trial)
        trials = replace(world.trials, coordinating=coordinating)
        standing_by = np.maximum(behind, 0)
        return replace(world, trials=trials, places={**world.places, "site": places}, standing_by=standing_by)

    def _sites_of(self, world: World, index: int) -> tuple[Int, Int, Int, Int]:
        """Trial, site, its rank, and its number among those that stand by (at most 0: it takes part), for one class.

        Sites are chosen without replacement with probability by weight: the smallest exponentials of rate `weight`.
        """
        written = self.scenario.classes[index]
        assert written.sites is not None
        mine = np.flatnonzero(world.trials.trial_class == index)
        open_to = np.flatnonzero(self.sites_with(written.at))
        wanted = counts(written.sites, draw(world.draws, "number of sites", written, world.trial_key[mine]))
        luck = draw(world.draws, "choice of sites", written, world.trial_key[mine][:, None], self._site_key[open_to])
        order = np.argsort(-np.log(luck) / self._weights[open_to], axis=1)  # (trials of the class, sites)
        rank = np.broadcast_to(np.arange(len(open_to)), order.shape)
        behind = rank - wanted[:, None] + 1
        taken = behind <= (written.reserve or 0)
        return np.repeat(mine, taken.sum(axis=1)), open_to[order[taken]], rank[taken], behind[taken]

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        kinds, sites = self.scenario.site_types, self.scenario.sites
        of_type = [kinds[site.type].weight if site.type is not None else None for site in sites]
        return np.array([site.weight or kind or 1.0 for site, kind in zip(sites, of_type, strict=True)])

    def sites_with(self, condition: Condition) -> Mask:
        """(sites) where the attributes of a site meet a condition."""
        held = np.ones(len(self.scenario.sites), dtype=bool)
        for name, wanted in condition.items():
            held &= meets(self.site_attributes.get(name, np.full(len(held), None)), wanted)
        return held

    def _sponsor(self, draws: Draws, index: Int, number: Int) -> Int:
        """(trials) a type by the shares of the class, then one of its sponsors, all alike."""
        kinds = np.array(sponsors(self.scenario))
        chosen = np.full(len(index), NONE, dtype=np.int64)
        for i, each in enumerate(self.scenario.classes):
            mine = np.flatnonzero(index == i)
            if each.sponsors is None or not len(mine):
                continue
            types, shares = list(each.sponsors), np.cumsum(list(each.sponsors.values()))
            kind = np.searchsorted(shares / shares[-1], draw(draws, "sponsor type", each, number[mine]))
            which = draw(draws, "sponsor", each, number[mine])
            for k, name in enumerate(types):
                those = np.flatnonzero(kinds == name)
                some = kind == k
                chosen[mine[some]] = those[(which[some] * len(those)).astype(np.int64)]
        return chosen

    def _attributes(self, draws: Draws, index: Int, number: Int, sponsor: Int) -> dict[str, NDArray[np.generic]]:
        """(trials) each attribute: the value of the class, or true for the share of trials that it states."""
        names = dict.fromkeys(name for each in self.scenario.classes for name in each.attributes)
        values = {name: np.full(len(index), None, dtype=object) for name in names}
        values["class"] = objects([each.name for each in self.scenario.classes])[index]
        values["sponsor_type"] = objects([*sponsors(self.scenario), None])[sponsor]
        for i, each in enumerate(self.scenario.classes):
            mine = np.flatnonzero(index == i)
            for name, value in each.attributes.items():
                if isinstance(value, float):
                    values[name][mine] = draw(draws, f"attribute {name}", each, number[mine]) < value
                else:
                    values[name][mine] = value
        return dict(values)


MINUTES_PER_YEAR = DAYS_PER_YEAR * MINUTES_PER_DAY


def arrivals_of(written: TrialClass, draws: Draws, origin: date, horizon: int) -> Int:
    """(trials) the arrivals of a class before the horizon [min], in order."""
    if written.dates is not None:
        at = np.sort(np.array([(day - origin).days for day in written.dates], dtype=np.int64)) * MINUTES_PER_DAY
        return at[at < horizon]
    if written.volume_by_date is not None:
        return _at_changing_volume(written, written.volume_by_date, draws, origin, horizon)
    if not written.volume:
        return np.zeros(0, dtype=np.int64)
    between = MINUTES_PER_YEAR / written.volume
    if written.arrivals == "even":
        return whole_minutes(np.arange(math.ceil(horizon / between)) * between)
    at = whole_minutes(np.cumsum(_gaps(written, draws, horizon / between)) * between)
    return at[at < horizon]


def draw(draws: Draws, quantity: str, written: TrialClass, number: Int, site: Int | int = 0) -> NDArray[np.float64]:
    """Uniforms in (0, 1) for trials of a class by their number in the class."""
    return draws.uniform(quantity, number, site, 0, stable_id(written.name))


STRIP = 10_000_000
"""Potential trials of one strip of levels have their numbers from its multiple on."""


def thinned(written: TrialClass, draws: Draws, origin: date, horizon: int) -> tuple[Int, Int]:
    """(trials) the arrivals of a class before the horizon [min], in order, and the numbers of the potential trials.

    Potential trials lie at random in time and in level; those up to the volume of their day arrive. The first strip
    of levels reaches to one trial a year, and each further one to twice the level of the one below it.

    References
    ----------
    Lewis P. A. W., Shedler G. S. (1979). Simulation of nonhomogeneous Poisson processes by thinning. Naval Research
    Logistics Quarterly 26, 403-413. doi:10.1002/nav.3800260304
    """
    volumes = written.volume_by_date or {origin: written.volume or 0.0}
    knots = sorted(volumes)
    days = [(day - origin).days * MINUTES_PER_DAY for day in knots]
    found = []
    for strip in range(max(0, math.ceil(math.log2(max(1e-9, *volumes.values())))) + 1):
        low, high = (0.0 if strip == 0 else 2.0 ** (strip - 1)), 2.0**strip
        expected = (high - low) * horizon / MINUTES_PER_YEAR
        first = strip * STRIP + 1
        reached = np.cumsum(_gaps(written, draws, expected, first))
        reached = reached[reached < expected]
        number = first + np.arange(len(reached))
        at = np.minimum(whole_minutes(reached / expected * horizon), horizon - 1)
        level = low + (high - low) * draw(draws, "level of arrival", written, number)
        there = level <= np.interp(at, days, [volumes[day] for day in knots])
        found.append((at[there], number[there]))
    at, number = (np.concatenate([each[part] for each in found]) for part in (0, 1))
    order = np.lexsort((number, at))
    return at[order], number[order]


def _at_changing_volume(
    written: TrialClass, volumes: Mapping[date, float], draws: Draws, origin: date, horizon: int
) -> Int:
    """Arrivals of a Poisson process whose rate is straight between the dates, and constant before and after them.

    References
    ----------
    Cinlar E. (1975). Introduction to Stochastic Processes, chapter 4, section 7: the arrivals of a process of rate 1,
    at the times where the expected number of arrivals reaches them.
    """
    days = np.arange(horizon // MINUTES_PER_DAY + 1)
    knots = sorted(volumes)
    rate = np.interp(days, [(day - origin).days for day in knots], [volumes[day] for day in knots]) / DAYS_PER_YEAR
    expected = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2)])  # (days) before 00:00 of each
    reached = np.cumsum(_gaps(written, draws, expected[-1]))
    return whole_minutes(np.interp(reached[reached < expected[-1]], expected, days * float(MINUTES_PER_DAY)))


def _gaps(written: TrialClass, draws: Draws, expected: float, first: int = 1) -> NDArray[np.float64]:
    """Exponential gaps of mean 1, enough of them to pass `expected`, drawn for the numbers from the first on."""
    many = int(expected + 6 * math.sqrt(expected) + 10)
    while True:
        gaps = -np.log(draw(draws, "arrival", written, first + np.arange(many)))
        if gaps.sum() > expected + 1:  # rounding to a minute cannot undo this margin
            return gaps
        many *= 2


def admitted(world: World) -> World:
    """The world in which every trial knows the programmes of the scenario that it is in."""
    return reduce(_with, world.scenario.admissions, world)


def _with(world: World, admission: Admission) -> World:
    trials = world.trials
    attributes = {**trials.attributes, admission.attribute: _let_in(world, admission).astype(object)}
    return replace(world, trials=replace(trials, attributes=attributes))


def _let_in(world: World, admission: Admission) -> Mask:
    """(trials) the first of each month that ask, as many as there are seats."""
    everyone = np.arange(len(world.trials))
    asks = world.uniform(f"admission {admission.attribute}", "trial", everyone) < admission.share
    asking = np.flatnonzero(asks & world.holds(admission.when, "trial"))
    asking = asking[np.argsort(world.submitted[asking], kind="stable")]
    month = _months(world)[asking]
    rank = np.arange(len(month)) - np.searchsorted(month, month)  # how many of the same month came before
    return np.isin(everyone, asking[rank < admission.seats])


def _months(world: World) -> Int:
    """(trials) the calendar month of the submission, counted from 1970."""
    days = np.datetime64(world.scenario.origin, "D") + world.submitted // MINUTES_PER_DAY
    return days.astype("M8[M]").astype(np.int64)
