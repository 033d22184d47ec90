"""Which of several settings are worth having when two numbers pull apart: the front of Pareto, with luck in it.

A setting is clearly dominated if another one is better in both numbers by paired intervals that do not hold 0, or is
better in one and the same in the other in every replication. It is on the front if no other one is even better on
average in both; else nobody can tell.

References
----------
Fieldsend J. E., Everson R. M. (2005). Multi-objective optimisation in the presence of uncertainty. IEEE Congress on
Evolutionary Computation, 243-250. doi:10.1109/CEC.2005.1554691
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from sim.analysis.intervals import Float, interval


class Standing(StrEnum):
    """How a setting stands among the others."""

    FRONT = "front"
    DOMINATED = "clearly_dominated"
    UNDECIDED = "undecided"


def standings(better: Float, worse: Float) -> tuple[Standing, ...]:
    """How each setting stands.

    Parameters
    ----------
    better, worse : (settings, replications)
        A number of which more is better, and one of which more is worse, on the same replications.
    """
    ahead = [_ahead(better, worse, place) for place in range(len(better))]
    return tuple(_standing(*each) for each in ahead)


def knee(share: Float, price: Float) -> int:
    """The point of a front farthest from the chord between its ends, both numbers scaled to the front's range.

    Of a front on which nothing bends it is the first point.
    """
    order = np.argsort(price)
    x, y = (_scaled(each[order]) for each in (price, share))
    return int(order[np.argmax(y - x)])


def hypervolume(share: Float, price: Float, reference: tuple[float, float]) -> float:
    """The area that settings dominate, up to a reference with the least share and the highest price that count.

    >>> hypervolume(np.array([0.5, 1.0]), np.array([0.0, 1.0]), (0.0, 2.0))
    1.5
    """
    least, dearest = reference
    order = np.argsort(price)
    prices = np.append(np.minimum(price[order], dearest), dearest)
    best = np.maximum.accumulate(np.maximum(share[order] - least, 0.0))
    return float(np.diff(prices) @ best)


def _ahead(better: Float, worse: Float, place: int) -> tuple[bool, bool]:
    """Whether another setting is clearly better in both, and whether one is on average."""
    others = np.delete(np.arange(len(better)), place)
    gains = [interval((better[others] - better[place]).T), interval((worse[place] - worse[others]).T)]
    means, lows, highs = (np.array([each[part] for each in gains]) for part in (0, 1, 2))
    at_least = ((means >= 0).all(axis=0) & (means > 0).any(axis=0)).any()
    same = (lows == 0) & (highs == 0)  # in every replication
    clearly = ((lows > 0) | same).all(axis=0) & (lows > 0).any(axis=0)
    return bool(clearly.any()), bool(at_least)


def _standing(clearly: bool, on_average: bool) -> Standing:
    if clearly:
        return Standing.DOMINATED
    return Standing.UNDECIDED if on_average else Standing.FRONT


def _scaled(values: Float) -> Float:
    span = float(np.ptp(values))
    return (values - values.min()) / span if span else np.zeros(len(values))
