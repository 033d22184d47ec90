"""The share that has ended by each time without assuming a family: Kaplan-Meier, or Turnbull where times are intervals.

References
----------
Kaplan E. L., Meier P. (1958). Nonparametric estimation from incomplete observations. Journal of the American
Statistical Association 53, 457-481. doi:10.1080/01621459.1958.10501452
Turnbull B. W. (1976). Journal of the Royal Statistical Society B 38, 290-295. doi:10.1111/j.2517-6161.1976.tb01597.x
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.own.families import Sample
from sim.own.spells import HALF

Float = NDArray[np.float64]
_WIDE = 2 * HALF + 1e-9  # [d] intervals up to this are days, taken at their middle
_ROUNDS = 500
_STILL = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The share that has ended by `time` [d] (k), a step at each; below 1 at the end if the longest are open."""

    time: Float
    share: Float

    def quantile(self, p: float) -> float:
        """The first time [d] by which a share `p` has ended; inf if that is not reached."""
        reached = np.flatnonzero(self.share >= p - 1e-12)
        return float(self.time[reached[0]]) if len(reached) else float("inf")


def curve(seen: Sample) -> Curve:
    """Kaplan-Meier with delayed entry where every end is known to the day, else Turnbull."""
    done = np.isfinite(seen.high)
    if np.all(seen.high[done] - seen.low[done] <= _WIDE):
        return _kaplan_meier(seen, done)
    return _turnbull(seen)


def _kaplan_meier(seen: Sample, done: NDArray[np.bool_]) -> Curve:
    at = np.where(done, np.round((seen.low + np.where(done, seen.high, 0.0)) / 2), seen.low)
    times = np.unique(at[done])
    ended = np.array([seen.weight[done & (at == time)].sum() for time in times])
    watched = np.array([seen.weight[(at >= time) & (seen.entry <= time)].sum() for time in times])
    return Curve(times, 1 - np.cumprod(1 - ended / np.maximum(watched, 1e-12)))


def _turnbull(seen: Sample) -> Curve:
    """Self-consistency over the ends of intervals, where the innermost ones have their mass; truncation included."""
    right = np.unique(np.concatenate([seen.high[np.isfinite(seen.high)], [np.inf]]))
    inside = (right[None, :] > seen.low[:, None]) & (right[None, :] <= seen.high[:, None])  # (n, k)
    allowed = (right[None, :] > seen.entry[:, None]) & (right[None, :] <= seen.exit[:, None])
    mass = np.full(len(right), 1 / len(right))
    for _ in range(_ROUNDS):
        given = inside * mass / np.maximum((inside * mass).sum(1, keepdims=True), 1e-12)
        outside = ~allowed * mass / np.maximum((allowed * mass).sum(1, keepdims=True), 1e-12)
        new = seen.weight @ (given + outside)
        new /= new.sum()
        if np.abs(new - mass).max() < _STILL:
            break
        mass = new
    return Curve(right[:-1], np.cumsum(mass)[:-1])


def given_up_share(seen: Sample, cancelled: NDArray[np.bool_]) -> float:
    """The share that is given up in the end [0 to 1] (Aalen-Johansen), of those that end one way or the other.

    References
    ----------
    Aalen O. O., Johansen S. (1978). Scandinavian Journal of Statistics 5, 141-150.
    """
    done = np.isfinite(seen.high)
    at = np.where(done, np.where(done, seen.high, 0.0) - HALF, seen.low)
    running, given_up, ended = 1.0, 0.0, 0.0
    for time in np.unique(at[done | cancelled]):
        watched = seen.weight[at >= time].sum()
        ends, gone = (seen.weight[which & (at == time)].sum() / watched for which in (done, cancelled))
        given_up, ended = given_up + running * gone, ended + running * ends
        running *= 1 - ends - gone
    return given_up / (given_up + ended) if given_up + ended else 0.0
