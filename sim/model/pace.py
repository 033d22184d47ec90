"""What the tasks of one trial, of one sponsor and of one site have in common: their pace.

A slow trial is slow in everything. A scenario may give trials, sponsors and sites a pace each: a factor with median 1
on the work of all their tasks, lognormal, drawn once for each of them. The factors of a row multiply. A step with a
limit keeps its own time: there the limit sets the pace.

`Factors` is one factor per place of each scope; None where the scenario gives no pace, so that nothing is drawn.

References
----------
Hougaard P. (2000). Analysis of Multivariate Survival Data, chapter 7 (shared frailty, here on durations instead of
hazards). doi:10.1007/978-1-4612-1304-8
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import stable_id
from sim.model.network import Int
from sim.model.people import sponsors
from sim.model.places import World
from sim.scenario.language.distributions import FAMILIES
from sim.scenario.schema import Pace, Spread
from sim.scenario.stages.tasks import Scope

NORMAL_P90 = 1.2815515655446004
"""What one standard normal variate in ten exceeds."""

Float = NDArray[np.float64]


def factors(world: World, pace: Pace) -> Mapping[Scope, Float]:
    """(places of each scope) the product of the paces of the place's trial, of its sponsor and of its site."""
    of_trial = _trials(world, pace.trial) * np.append(_sponsors(world, pace.sponsor), 1.0)[world.trials.sponsor]
    of_site = np.append(_sites(world, pace.site), 1.0)  # the last is that of NONE
    return {scope: of_trial[each.trial] * of_site[each.site] for scope, each in world.places.items()}


def _trials(world: World, spread: Spread | None) -> Float:
    """(trials)"""
    return _drawn(world, "trial", spread, world.trial_key, 0, world.class_key)


def _sites(world: World, spread: Spread | None) -> Float:
    """(sites)"""
    return _drawn(world, "site", spread, 0 * world.site_key, world.site_key, 0)


def _sponsors(world: World, spread: Spread | None) -> Float:
    """(sponsors) each known by its type and its number in the type."""
    kinds = sponsors(world.scenario)
    number = np.array([index - kinds.index(kind) + 1 for index, kind in enumerate(kinds)], dtype=np.int64)
    return _drawn(world, "sponsor", spread, number, 0, np.array([*map(stable_id, kinds)], dtype=np.int64))


def _drawn(world: World, of: str, spread: Spread | None, trial: Int, site: Int | int, group: Int | int) -> Float:
    """Lognormal factors with median 1, one for each of these keys; 1 where there is no spread."""
    if spread is None:
        return np.ones(len(trial))
    luck = world.draws.uniform(f"pace of the {of}", trial, site, 0, group)
    return FAMILIES["lognormal"](luck, np.array([0.0, np.log(spread.p90) / NORMAL_P90]))
