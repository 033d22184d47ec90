"""When trials of a class arrive: on given dates, evenly, or at random at a volume that may change over the years.

Trials of a class are numbered in the order of arrival, and the k-th gap is the same draw whatever the volume: a larger
volume brings the same trials closer together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import Draws, stable_id, whole_minutes
from sim.model.network import Int
from sim.scenario.language.quantities import DAYS_PER_YEAR, MINUTES_PER_DAY
from sim.scenario.schema import TrialClass

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
    at = np.cumsum(whole_minutes(_gaps(written, draws, horizon / between) * between))
    return at[at < horizon]


def draw(draws: Draws, quantity: str, written: TrialClass, number: Int, site: Int | int = 0) -> NDArray[np.float64]:
    """Uniforms in (0, 1) for trials of a class by their number in the class."""
    return draws.uniform(quantity, number, site, 0, stable_id(written.name))


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


def _gaps(written: TrialClass, draws: Draws, expected: float) -> NDArray[np.float64]:
    """Exponential gaps of mean 1, enough of them to pass `expected`."""
    many = int(expected + 6 * math.sqrt(expected) + 10)
    while True:
        gaps = -np.log(draw(draws, "arrival", written, np.arange(1, many + 1)))
        if gaps.sum() > 1.001 * expected + 1:  # rounding each gap to a minute cannot undo this margin
            return gaps
        many *= 2
