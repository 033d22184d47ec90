"""Programmes with few places: which trials are let in each month, known when they are submitted.

Among the trials that may come in, a share asks to; in each calendar month those submitted first get the seats. Who is
let in has the attribute of the programme; all others go the ordinary way, so that nobody waits for a seat.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import numpy as np

from sim.model.network import Int
from sim.model.places import Mask, World
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.schema import Admission


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
