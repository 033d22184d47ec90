"""Where to look: points in the unit cube of what nobody knows. A design is an array of (points, axes) in [0, 1].

`draws` spreads points evenly (Sobol', scrambled), `ends` puts one axis at a time at its ends, `trajectories` (Morris)
and `saltelli` are what their indices need. The seed of a design has nothing to do with that of the replications.

References
----------
Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola (2010), Variance based sensitivity analysis of model output,
doi:10.1016/j.cpc.2009.09.018. Morris (1991), Factorial sampling plans for preliminary computational experiments,
doi:10.1080/00401706.1991.10484804. Owen (1998), Scrambling Sobol' and Niederreiter-Xing points,
doi:10.1006/jcom.1998.0487.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

LEVELS = 4
"""Of a Morris trajectory; a step goes over two thirds of an axis."""


def draws(axes: int, number: int, seed: int = 1) -> Points:
    """(number, axes) Points spread evenly over the cube; a power of two is best."""
    from scipy.stats import qmc

    if not axes:
        return np.zeros((number, 0))
    points = qmc.Sobol(axes, scramble=True, rng=np.random.default_rng(seed)).random_base2((number - 1).bit_length())
    return np.asarray(points[:number], dtype=np.float64)


def ends(axes: int, inside: float = 0.0) -> Points:
    """(2 axes, axes) Each axis at its low, then at its high end, the others nan: as they are written."""
    points = np.full((2 * axes, axes), np.nan)
    rows = np.arange(axes)
    points[2 * rows, rows], points[2 * rows + 1, rows] = inside, 1 - inside
    return points


def problem(names: Sequence[str], groups: Sequence[str] | None = None) -> dict[str, Any]:
    """The axes as SALib wants to be told of them."""
    said: dict[str, Any] = {"num_vars": len(names), "names": [*names], "bounds": [[0.0, 1.0]] * len(names)}
    return said if groups is None else said | {"groups": [*groups]}


def trajectories(names: Sequence[str], number: int, seed: int = 1) -> Points:
    """(number (axes + 1), axes) Morris trajectories."""
    from SALib.sample import morris

    return np.asarray(morris.sample(problem(names), number, num_levels=LEVELS, seed=seed))


def saltelli(names: Sequence[str], number: int, seed: int = 1, groups: Sequence[str] | None = None) -> Points:
    """(number (axes or groups + 2), axes) What first-order and total indices need; `number` is a power of two."""
    from SALib.sample import sobol

    sample = sobol.sample(problem(names, groups), number, calc_second_order=False, scramble=True, seed=seed)
    return np.asarray(sample)
