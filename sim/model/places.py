"""Where tasks happen in one replication: the trials, the sites of each trial, the candidates of each site.

`Places` is one such table; a place knows its trial, its site and the place that contains it. `World` holds the three
tables and answers conditions such as `{atmp: true, role: coordinating}` for all places at once.

For each thing that variants can change in a step, the first one counts that holds and says it. Which variants hold at
a place is a whole number, bit i for variant i (`World.variants`), so that places at which the same variants hold are
dealt with together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import Draws
from sim.model.hooks import NO_HOOKS, At, Hooks
from sim.model.network import NONE, Int
from sim.model.trials import Trials
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.schema import Attribute, Condition, Inclusion, InclusionVariant, Record, Scenario, Step, Variant
from sim.scenario.stages.tasks import Scope

Mask = NDArray[np.bool_]
DEPTH: Mapping[Scope, int] = {"trial": 0, "site": 1, "patient": 2}


@dataclass(frozen=True, slots=True)
class Places:
    """n places of one scope, sorted by trial, site and number."""

    scope: Scope
    trial: Int  # (n) index into the trials
    site: Int  # (n) index into the sites, or NONE
    number: Int  # (n) from 1; the candidate's number at the site
    up: Int  # (n) index of the place that contains it; for a trial, itself

    def __len__(self) -> int:
        return len(self.trial)


@dataclass(frozen=True, slots=True)
class Owners:
    """The trials and their sites in the order of rows: each trial, then its sites."""

    trial: Int  # (trials and sites of trials)
    site: Int  # index into the sites; NONE for the trial itself
    of: Mapping[Scope, Int]  # (places of each scope) the trial, or its site, that the rows of a place belong to


@dataclass(frozen=True)
class World:
    """The trials of a replication and everywhere they take place."""

    scenario: Scenario
    trials: Trials
    site_attributes: Mapping[str, NDArray[np.object_]]  # (sites) each
    places: Mapping[Scope, Places]
    standing_by: Int  # (places of sites) 0, or the how-manieth leaving of a site of the trial has it asked
    submitted: Int  # (trials) [min] planned submission
    referred: Int  # (patients) [min after the site opens]
    draws: Draws
    trial_key: Int  # (trials) number within the class: the word by which draws know a trial
    class_key: Int  # (trials) stable id of the class
    site_key: Int  # (sites) stable id of the site
    hooks: Hooks = NO_HOOKS

    def uniform(self, quantity: str, scope: Scope, at: Int, round_: Int | int = 1) -> NDArray[np.float64]:
        """(len(at)) one uniform in (0, 1) for each place index in `at`, keyed by who it is."""
        trial, site, trial_class = (key[at] for key in self._keys[scope])
        number = self.places[scope].number[at] if scope == "patient" else round_
        return self.draws.uniform(quantity, trial, site, number, trial_class)

    def seen_by_hooks(self, scope: Scope, at: Int, round_: Int | int, luck: NDArray[np.float64]) -> Iterator[At]:
        """Each place in `at` as a hook sees it, with the luck of a step there."""
        places, sites = self.places[scope], self.scenario.sites
        rounds = np.broadcast_to(round_, len(at)).tolist()
        for place, turn, chance in zip(at.tolist(), rounds, luck.tolist(), strict=True):
            trial, site = int(places.trial[place]), int(places.site[place])
            yield At(
                {name: values[trial] for name, values in self.trials.attributes.items()},
                {name: values[site] for name, values in self.site_attributes.items()} if site != NONE else {},
                sites[site].name if site != NONE else "",
                self.scenario.origin + timedelta(int(self.submitted[trial]) // MINUTES_PER_DAY),
                int(places.number[place]) if scope == "patient" else turn,
                chance,
            )

    @cached_property
    def _keys(self) -> Mapping[Scope, tuple[Int, Int, Int]]:
        """The words by which draws know each place: trial, site (0 for a trial), class."""
        site = np.append(self.site_key, 0)  # NONE is the last
        return {
            scope: (self.trial_key[each.trial], site[each.site], self.class_key[each.trial])
            for scope, each in self.places.items()
        }

    @cached_property
    def owners(self) -> Owners:
        """To whom rows belong."""
        sites, trials = self.places["site"], np.arange(len(self.trials))
        of_trial, of_site = np.searchsorted(sites.trial, trials) + trials, np.arange(len(sites)) + sites.trial + 1
        trial, site = np.full((2, len(trials) + len(sites)), NONE)
        trial[of_trial], trial[of_site], site[of_site] = trials, sites.trial, sites.site
        return Owners(trial, site, {"trial": of_trial, "site": of_site, "patient": of_site[self.places["patient"].up]})

    def inside(self, scope: Scope, at: Int, outer: Scope) -> Int:
        """(len(at)) for each place of `scope`, the index of the place of the wider scope `outer` that contains it."""
        for _ in range(DEPTH[scope] - DEPTH[outer]):
            at = self.places[scope].up[at]
            scope = "site" if scope == "patient" else "trial"
        return at

    def holds(self, condition: Condition, scope: Scope) -> Mask:
        """(n) where the condition holds: each attribute has the value, or one of the values, that it asks for."""
        held = np.ones(len(self.places[scope]), dtype=bool)
        for name, wanted in condition.items():
            held &= self._meets(name, wanted, scope)
        return held

    def variants(self, step: Step | Inclusion, scope: Scope) -> Int:
        """(n) which variants of the step hold at each place: bit i for variant i."""
        held = np.zeros(len(self.places[scope]), dtype=np.int64)
        written: Sequence[Variant | InclusionVariant] = step.variants
        for index, variant in enumerate(written):
            held |= self.applies(variant, scope).astype(np.int64) << index
        return held

    def applies(self, variant: Variant | InclusionVariant, scope: Scope) -> Mask:
        """(n) where a variant's condition and submission dates hold."""
        held = self.holds(variant.when, scope)
        submitted = self.submitted[self.places[scope].trial]
        if variant.submitted_from is not None:
            held &= submitted >= self._minute_of(variant.submitted_from)
        if variant.submitted_to is not None:
            held &= submitted < self._minute_of(variant.submitted_to) + MINUTES_PER_DAY
        return held

    def _minute_of(self, day: date) -> int:
        return (day - self.scenario.origin).days * MINUTES_PER_DAY

    def _meets(self, name: str, wanted: Attribute | tuple[Attribute, ...], scope: Scope) -> Mask:
        """(n) where one attribute is as wanted."""
        if (name, wanted, scope) not in self._met:
            self._met[name, wanted, scope] = self._compare(name, wanted, scope)
        return self._met[name, wanted, scope]

    @cached_property
    def _met(self) -> dict[tuple[str, Attribute | tuple[Attribute, ...], Scope], Mask]:
        return {}

    def _compare(self, name: str, wanted: Attribute | tuple[Attribute, ...], scope: Scope) -> Mask:
        """(n) asked once of every trial or site, then of the places there."""
        places = self.places[scope]
        if name == "role":
            return meets(objects(["associated", "coordinating"]), wanted)[self._coordinates(scope).astype(np.int64)]
        if name in self.trials.attributes:
            return meets(np.asarray(self.trials.attributes[name], dtype=object), wanted)[places.trial]
        if name in self.site_attributes and scope != "trial":
            return meets(self.site_attributes[name], wanted)[places.site]
        if name in self.site_attributes:  # a trial is where its coordinating site is; without one (NONE) nowhere
            of_sites = meets(objects([*self.site_attributes[name], None]), wanted)
            return of_sites[self.trials.coordinating[places.trial]]
        return meets(np.full(len(places), None, dtype=object), wanted)

    def _coordinates(self, scope: Scope) -> Mask:
        places = self.places[scope]
        return np.asarray(places.site == self.trials.coordinating[places.trial], dtype=bool)

    @cached_property
    def coordinating_place(self) -> Int:
        """(trials) the place of each trial's coordinating site among the sites' places, or NONE."""
        at = np.full(len(self.trials), NONE, dtype=np.int64)
        sites = self.places["site"]
        first = np.flatnonzero(self._coordinates("site"))
        at[sites.trial[first]] = first
        return at


def nowhere_but_trials(trials: int) -> dict[Scope, Places]:
    """The places of trials that have no sites and no patients yet."""
    each, nothing = np.arange(trials), np.zeros(0, dtype=np.int64)
    return {
        "trial": Places("trial", each, np.full(trials, NONE), np.ones(trials, dtype=np.int64), each),
        "site": Places("site", nothing, nothing, nothing, nothing),
        "patient": Places("patient", nothing, nothing, nothing, nothing),
    }


def meets(values: NDArray[np.generic], wanted: Attribute | tuple[Attribute, ...]) -> Mask:
    """Where an attribute has the value, or one of the values, that is asked for."""
    one_of = wanted if isinstance(wanted, tuple) else (wanted,)
    return np.asarray(np.any([values == each for each in one_of], axis=0), dtype=bool)


def objects(values: Sequence[object]) -> NDArray[np.object_]:
    """A column of attributes; None where there is none."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


Varied = TypeVar("Varied", Step, Inclusion)
CONDITIONS = frozenset({"when", "submitted_from", "submitted_to", *Record.model_fields})
"""What a variant says about itself; everything else in it changes the step."""


def under(step: Varied, variants: int) -> Varied:
    """The step as these of its variants (bits) change it."""
    changes: dict[str, object] = {}
    for variant in (each for index, each in enumerate(step.variants) if variants >> index & 1):
        said = {name: getattr(variant, name) for name in type(variant).model_fields if name not in CONDITIONS}
        changes = {name: value for name, value in said.items() if value is not None} | changes
    return step.model_copy(update=changes) if changes else step


def at_places(number: Callable[[Varied], float], step: Varied, world: World, scope: Scope) -> NDArray[np.float64]:
    """(places) a number of the step under the variants that hold at each place."""
    if not step.variants:
        return np.full(len(world.places[scope]), number(step))
    held = world.variants(step, scope)
    which, place = np.unique(held, return_inverse=True)
    return np.array([number(under(step, int(variants))) for variants in which], dtype=float)[place]
