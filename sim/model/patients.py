"""The candidates of each site: who is known when it opens, who is referred later, and when.

The rate of a site is drawn once from a gamma distribution around the mean of the scenario; referrals then follow a
Poisson process. A site draws candidates until it would have all the patients of its trial by itself, or until the
horizon: nobody after that could make a difference.

References
----------
Anisimov V., Fedorov V. (2007). Modelling, prediction and adaptive adjustment of recruitment in multicentre trials.
Statistics in Medicine 26, 4958-4975. doi:10.1002/sim.2956
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.model.blocks import needed_by
from sim.model.draws import gamma, whole_minutes
from sim.model.network import Int
from sim.model.places import Places, World, at_places
from sim.scenario.language.quantities import DAYS_PER_YEAR, MINUTES_PER_DAY
from sim.scenario.schema import Inclusion
from sim.scenario.stages.inclusion import ELIGIBLE

MINUTES_PER_YEAR = DAYS_PER_YEAR * MINUTES_PER_DAY


def with_patients(world: World, inclusion: Inclusion, horizon: int) -> World:
    """The world with the candidates of every site that includes patients."""
    sites = np.flatnonzero(world.holds(inclusion.only, "site"))
    share = at_places(lambda each: each.known.share, inclusion, world, "site")
    known = world.uniform("patient known", "site", sites) < share[sites]
    between = _between_referrals(world, inclusion)[sites]
    left = horizon - world.trials.arrival[world.places["site"].trial[sites]]
    offsets, wanted = _candidates(world, inclusion, sites, (known, between, left))
    site, number = np.nonzero(wanted)
    return replace(
        world,
        places={**world.places, "patient": _patients(world, sites[site], number + 1)},
        referred=offsets[site, number],
    )


def _patients(world: World, up: Int, number: Int) -> Places:
    sites = world.places["site"]
    return Places("patient", sites.trial[up], sites.site[up], number, up)


def _between_referrals(world: World, inclusion: Inclusion) -> NDArray[np.float64]:
    """(sites of trials) mean minutes between two candidates."""
    sites = np.arange(len(world.places["site"]))
    alpha = at_places(lambda each: each.referrals.alpha, inclusion, world, "site")
    relative = np.empty(len(sites))
    for shape in np.unique(alpha):
        some = np.flatnonzero(alpha == shape)
        relative[some] = gamma(world.uniform("referral rate", "site", some), shape) / shape
    rate = at_places(lambda each: each.referrals.rate, inclusion, world, "site") * relative
    return MINUTES_PER_YEAR / np.maximum(rate, np.finfo(float).tiny)


def _candidates(
    world: World, inclusion: Inclusion, sites: Int, of_site: tuple[NDArray[np.bool_], NDArray[np.float64], Int]
) -> tuple[Int, NDArray[np.bool_]]:
    """Offsets of referral [min] and whether the candidate matters, both (sites, candidates)."""
    known, between, left = of_site
    many = 2 * inclusion.patients.number + 8
    while True:
        place = np.repeat(sites, many)
        number = np.tile(np.arange(1, many + 1), len(sites))
        gaps = -np.log(_luck(world, "referral", place, number).reshape(-1, many)) * between[:, None]
        gaps = np.minimum(gaps, 2.0 * np.max(left, initial=1))  # beyond the horizon is beyond the horizon
        gaps[known, 0] = 0.0
        offsets = whole_minutes(np.cumsum(gaps, axis=1))
        passes = _luck(world, needed_by(ELIGIBLE), place, number).reshape(-1, many) < 1 - inclusion.screen_failure.share
        before: Int = np.cumsum(passes, axis=1) - passes  # inclusions before this candidate
        wanted = (offsets < left[:, None]) & (before < inclusion.patients.number)
        if not wanted[:, -1].any():
            return offsets, wanted
        many *= 2


def _luck(world: World, quantity: str, place: Int, number: Int) -> NDArray[np.float64]:
    """Uniforms for candidates by the site of the trial and their number; the same words as for patients' tasks."""
    sites = world.places["site"]
    trial, site = sites.trial[place], world.site_key[sites.site[place]]
    return world.draws.uniform(quantity, world.trial_key[trial], site, number, world.class_key[trial])
