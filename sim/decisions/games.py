"""What each of several players adds to what all of them reach together: the arithmetic of a cooperative game.

A game is an array (2^n subsets, replications): the value of every subset of n players, subset s holding player i where
bit i of s is set. Values of one column come from the same trials with the same luck, so that every figure below is
made replication by replication, and its spread over them is the spread of a paired difference.

References
----------
Shapley L. S. (1953). A value for n-person games. Contributions to the Theory of Games II, 307-317.
doi:10.1515/9781400881970-018
Owen G. (1972). Multilinear extensions of games. Management Science 18, 64-79. doi:10.1287/mnsc.18.5.64
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import factorial
from random import Random

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]


Values = Mapping[int, Float] | Float
"""The values (replications) of subsets, by their number: of all of them, or of some."""


def alone(game: Values, n: int) -> Float:
    """(n, replications) What each of n players adds to nobody: v(i) - v(0)."""
    return np.array([game[1 << i] - game[0] for i in range(n)])


def last_in(game: Values, n: int) -> Float:
    """(n, replications) What each of n players adds to all the others: v(N) - v(N without i)."""
    everybody = (1 << n) - 1
    return np.array([game[everybody] - game[everybody ^ (1 << i)] for i in range(n)])


def shapley(game: Float) -> Float:
    """(n, replications) What each player adds on average over all orders in which they may come.

    The values of all players add up to v(N) - v(0) in every replication.
    """
    n = players(game)
    weights = [factorial(k) * factorial(n - 1 - k) / factorial(n) for k in range(n)]  # by the size of the subset
    values = np.zeros((n, *game.shape[1:]))
    for i in range(n):
        for subset in without(i, n):
            values[i] += weights[subset.bit_count()] * (game[subset | 1 << i] - game[subset])
    return values


def interaction(game: Float, i: int, j: int) -> Float:
    """(replications) The two-way contrast of a 2^n factorial design: half of how much more i adds where j is there.

    Above zero the two are complements, below zero substitutes.

    References
    ----------
    Box G. E. P., Hunter J. S., Hunter W. G. (2005). Statistics for Experimenters, 2nd edition, section 5.8.
    """
    others = [subset for subset in without(i, players(game)) if not subset >> j & 1]
    both = [game[s | 1 << i | 1 << j] - game[s | 1 << i] - game[s | 1 << j] + game[s] for s in others]
    return np.asarray(np.mean(both, axis=0) / 2, np.float64)


def needed_with(game: Mapping[int, Float], i: int, clearly: Callable[[Float], bool]) -> int | None:
    """The smallest subset to which player i adds `clearly` something; of equals the first. None if there is none.

    `game` has the values of some subsets, by their number.
    """
    subsets = sorted(
        (subset for subset in game if not subset >> i & 1 and subset | 1 << i in game),
        key=lambda subset: (subset.bit_count(), subset),
    )
    return next((subset for subset in subsets if clearly(game[subset | 1 << i] - game[subset])), None)


def sampled_shapley(value: Callable[[frozenset[int]], Float], orders: Int) -> tuple[Float, Float]:
    """Shapley values from some orders of the players, where 2^n subsets are too many.

    Parameters
    ----------
    value
        The value (replications) of a set of players.
    orders
        (m, n) orders in which the players come, each a permutation of 0 to n - 1.

    Returns
    -------
    values : (n, replications)
        They add up to v(N) - v(0) in every replication, as every order does.
    by_order : (m, n)
        What each order gives, mean over replications: its spread is the error that is left because not all were taken.

    References
    ----------
    Castro J., Gómez D., Tejada J. (2009). Polynomial calculation of the Shapley value based on sampling. Computers and
    Operations Research 36, 1726-1730. doi:10.1016/j.cor.2008.04.004
    """
    added = np.zeros((len(orders), orders.shape[1], *np.shape(value(frozenset()))))
    for m, order in enumerate(orders):
        for place, player in enumerate(order.tolist()):
            before = frozenset(order[:place].tolist())
            added[m, player] = value(before | {player}) - value(before)
    return added.mean(axis=0), added.mean(axis=-1)


def orders_of(n: int, m: int, seed: int) -> Int:
    """(m, n) Orders of n players, drawn at random; the same seed gives the same, and the first of more are the first.

    >>> orders_of(3, 2, seed=1).tolist() == orders_of(3, 5, seed=1)[:2].tolist()
    True
    """
    luck = Random(seed)
    return np.array([luck.sample(range(n), n) for _ in range(m)], np.int64)


def subsets_of(orders: Int) -> tuple[int, ...]:
    """The subsets that orders pass through, those of one player and those of all but one, by their number."""
    n = orders.shape[1]
    everybody = (1 << n) - 1
    found = {0, everybody, *(1 << i for i in range(n)), *(everybody ^ 1 << i for i in range(n))}
    for order in orders.tolist():
        found |= {sum(1 << player for player in order[:place]) for place in range(n)}
    return tuple(sorted(found))


def players(game: Float) -> int:
    """How many players a game has. Raises ValueError if it does not hold a value for every subset of them."""
    n = len(game).bit_length() - 1
    if len(game) != 1 << n or not n:
        raise ValueError(f"game: must hold 2^n subsets of n players, got {len(game)}")
    return n


def without(i: int, n: int) -> Iterator[int]:
    """The subsets of n players in which player i is not, by their number."""
    return (subset for subset in range(1 << n) if not subset >> i & 1)


def members(subset: int) -> tuple[int, ...]:
    """The players in a subset.

    >>> members(0b1011)
    (0, 1, 3)
    """
    return tuple(i for i in range(subset.bit_length()) if subset >> i & 1)
