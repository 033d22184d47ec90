"""What an output owes to each input: elementary effects, first-order and total indices, what measuring it is worth.

`screened` is Morris, `apportioned` is Sobol', by SALib; both with intervals from a bootstrap. `explained` needs no
design of its own: it regresses any sample on one input at a time (Strong, Oakley), and so gives the share of the
variance that would go if the input were known.

An index is never clipped: one below 0 with an interval that holds 0 says that no first-order effect is to be seen at
this number of points.

References
----------
Morris (1991), doi:10.1080/00401706.1991.10484804. Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018 (first order).
Jansen (1999), Analysis of variance designs for model output, doi:10.1016/S0010-4655(98)00154-4 (total). Strong, Oakley,
Brennan (2014), Estimating multiparameter partial expected value of perfect information, doi:10.1177/0272989X13505910.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.uncertainty.designs import LEVELS, Points, problem

RESAMPLES = 1000
DEALT = 200
"""How often outputs are dealt to points at random, to see what chance explains."""

Float = NDArray[np.float64]
_Z90 = 1.6448536269514722  # of a normal distribution, 5 % on each side


@dataclass(frozen=True, slots=True)
class Screened:
    """The elementary effects of an input: their mean size and spread, and an interval of the former (95 %)."""

    name: str
    mu_star: float
    low: float
    high: float
    sigma: float
    exact_null: bool  # no effect to the bit, in any trajectory

    @property
    def bent(self) -> bool:
        """Whether its effect depends on where the others are, or on where it is itself."""
        return self.mu_star > 0 and self.sigma > self.mu_star


@dataclass(frozen=True, slots=True)
class Index:
    """The share of the variance that an input (or group) has, alone and in all, each with the ends of 95 %."""

    name: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float

    @property
    def seen(self) -> bool:
        """Whether a first-order effect is to be seen at this number of points."""
        return self.first_low > 0


@dataclass(frozen=True, slots=True)
class Explained:
    """What knowing one input would take away: the share of the variance, with its interval (90 %)."""

    name: str
    share: float
    low: float
    high: float
    at: tuple[float, float]  # the mean output where the input lies in its lowest and in its highest eighth
    told: bool  # from chance: by luck alone, the best of all inputs explains as much once in twenty times at most


def screened(names: Sequence[str], points: Points, outputs: Float) -> tuple[Screened, ...]:
    """Morris' indices of a sample of trajectories, the largest first.

    Parameters
    ----------
    names
        Of the axes.
    points
        (trajectories (axes + 1), axes)
    outputs
        (trajectories (axes + 1))
    """
    from SALib.analyze import morris

    found = morris.analyze(
        problem(names), points, outputs, num_levels=LEVELS, num_resamples=RESAMPLES, seed=1, print_to_console=False
    )
    flat = _flat(len(names), points, outputs)
    rows = zip(names, found["mu_star"], found["mu_star_conf"], found["sigma"], flat, strict=True)
    all_of_them = [Screened(n, float(m), float(m - c), float(m + c), float(s), bool(f)) for n, m, c, s, f in rows]
    return tuple(sorted(all_of_them, key=lambda each: -each.mu_star))


def _flat(axes: int, points: Points, outputs: Float) -> NDArray[np.bool_]:
    """(axes) Whether no step along an axis changed anything."""
    steps = np.diff(points.reshape(-1, axes + 1, axes), axis=1) != 0  # (trajectories, axes steps, axes)
    moved = np.diff(outputs.reshape(-1, axes + 1), axis=1) != 0  # (trajectories, axes steps)
    return np.asarray(~(steps & moved[..., None]).any(axis=(0, 1)))


def apportioned(names: Sequence[str], outputs: Float, groups: Sequence[str] | None = None) -> tuple[Index, ...]:
    """Sobol' indices of a sample from `saltelli` (points), in the order of the names, or of the groups."""
    from SALib.analyze import sobol

    found = sobol.analyze(
        problem(names, groups),
        outputs,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        seed=1,
        print_to_console=False,
    )
    of = [*dict.fromkeys(groups)] if groups is not None else [*names]
    return tuple(
        Index(name, float(s), float(s - c), float(s + c), float(t), float(t - d), float(t + d))
        for name, s, c, t, d in zip(of, found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)
    )


def explained(names: Sequence[str], points: Points, outputs: Float) -> tuple[Explained, ...]:
    """What each input explains of a sample, the largest first.

    A cubic in the input is fitted to the output. The share of the variance that it explains is corrected for the
    numbers that were fitted, so that it is near 0, above or below, for an input without effect; its interval is that of
    a squared correlation. Of many inputs some explain much by luck: whether one is told from chance is judged against
    the best of all where outputs are dealt to the points at random.

    Parameters
    ----------
    names
        Of the axes.
    points
        (points, axes)
    outputs
        (points)

    References
    ----------
    Olkin, Finn (1995), Correlations redux, doi:10.1037/0033-2909.118.1.155 (the error of a squared correlation).
    """
    shares, most = _shares(points, outputs[:, None])[:, 0], _of_chance(points, outputs)
    found = (_explained(name, points[:, axis], outputs, (float(shares[axis]), most)) for axis, name in enumerate(names))
    return tuple(sorted(found, key=lambda each: -each.share))


def _explained(name: str, x: Float, y: Float, shares: tuple[float, float]) -> Explained:
    """Of an input, from the share it explains and the share that chance may explain."""
    share, most = shares
    squared = max(share, 0.0)
    error = math.sqrt(4 * squared * (1 - squared) ** 2 / len(y) + 6 / len(y) ** 2)
    in_order, eighth = y[np.argsort(x, kind="stable")], max(len(y) // 8, 1)
    at = float(in_order[:eighth].mean()), float(in_order[-eighth:].mean())
    return Explained(name, share, share - _Z90 * error, share + _Z90 * error, at, share > most)


def _shares(points: Points, outputs: Float) -> Float:
    """(axes, samples) The share of each sample of outputs (points, samples) that a cubic in each input explains."""
    free, whole = len(points) - 4, np.maximum(outputs.var(axis=0, ddof=1), 0.0)
    ladders = (
        np.linalg.qr(np.stack([_ladder(x) for x in points.T]))[0] if points.shape[1] else np.zeros((0, len(points), 4))
    )
    fitted = np.swapaxes(ladders, 1, 2) @ outputs  # (axes, 4, samples)
    left = (outputs**2).sum(axis=0) - (fitted**2).sum(axis=1)
    return np.where(whole > 0, 1 - left / max(free, 1) / np.where(whole > 0, whole, 1.0), 0.0)


def _of_chance(points: Points, outputs: Float) -> float:
    """What the best of all inputs explains by luck alone, in all but one of twenty times."""
    random = np.random.default_rng(1)
    dealt = np.stack([random.permutation(outputs) for _ in range(DEALT)], axis=1)
    best = _shares(points, dealt).max(axis=0, initial=-math.inf)
    return float(np.quantile(best, 0.95))


def _ladder(x: Float) -> Float:
    """(points, 4) The powers of an input, about its middle."""
    return np.asarray(np.vander(2 * x - 1, 4))
