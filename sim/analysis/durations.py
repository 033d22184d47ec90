"""How long trials take, of all replications together: shares, quantiles and means, whoever is not there yet.

A `Distribution` is the estimate of Kaplan and Meier: a trial that is not there by the horizon is known to take longer
than it was followed, no more. Nobody is left out, so that who counts does not depend on how long it took. Every number
comes with how much each replication moved it, from which `sim.analysis.intervals` makes its interval; a quantile has
the limits at which the share below it has its own (Woodruff).

Trials of all replications stand side by side, so that few trials a replication are no reason for a wrong quantile.

References
----------
Kaplan E. L., Meier P. (1958). Nonparametric estimation from incomplete observations. Journal of the American
Statistical Association 53, 457-481. doi:10.1080/01621459.1958.10501452
Woodruff R. S. (1952). Confidence intervals for medians and other position measures. Journal of the American
Statistical Association 47, 635-646. doi:10.1080/01621459.1952.10483443
Reid N. (1981). Influence functions for censored data. Annals of Statistics 9, 78-92. doi:10.1214/aos/1176345334
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite, nan

import numpy as np
from numpy.typing import NDArray

from sim.analysis.intervals import Float, Part, around, deviation, share_limits, share_of

_ENOUGH = 1e-9  # shares nearer than this are the same

Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class Distribution:
    """Times [d] of N trials in n replications: m different times at which some are there."""

    days: Float  # (N) until it is there, or as long as it was followed; increasing
    there: Bool  # (N)
    replication: NDArray[np.int32]  # (N) the place of its replication among the n
    replications: int  # n

    @cached_property
    def at(self) -> Float:
        """(m) The times at which a trial is there."""
        return np.unique(self.days[self.there])

    @cached_property
    def _still(self) -> Float:
        """(m) How many are followed and not there before each time."""
        return np.asarray(len(self.days) - np.searchsorted(self.days, self.at), np.float64)

    @cached_property
    def _arrive(self) -> Float:
        """(m) How many are there at each time."""
        there = self.days[self.there]
        return np.diff(np.searchsorted(there, self.at), append=len(there)).astype(np.float64)

    @cached_property
    def share(self) -> Float:
        """(m) The share that is there within each time; that of all trials as long as all are followed."""
        arrived = np.cumsum(self._arrive)
        everybody = self._still + arrived - self._arrive == len(self.days)
        return np.where(everybody, arrived / len(self.days), 1 - np.cumprod(1 - self._arrive / self._still))

    @cached_property
    def _weight(self) -> Float:
        """(m) What one trial that is there at each time moves the logarithm of the share left; 0 where none is left."""
        after = self._still - self._arrive
        return np.divide(1.0, after, out=np.zeros_like(after), where=after > 0)

    def below(self, days: float) -> Part:
        """The share that is there within so many days."""
        return share_of(*self._below(days), len(self.days)) if len(self.days) else self._nothing

    def quantile(self, share: float) -> Part:
        """The time by which this share is there; inf if it is not reached, halfway where it falls between two times."""
        if not len(self.days):
            return self._nothing
        value = self._inverse(share)
        if not isfinite(value):
            return Part(value, nan, nan, np.zeros(self.replications))
        part, influence = self._below(value)
        low, high = nan, nan
        if self.replications > 1:
            error = deviation(influence) if part < 1 - _ENOUGH else 0.0
            limits = share_limits(share, error, self.replications, len(self.days))
            low, high = (min(self._reached(limits[0]), value), max(self._reached(limits[1]), value))
        return Part(value, low, high, -influence)

    def mean(self, within: float) -> Part:
        """The mean time; whoever is not there within so many days counts as so many."""
        if not len(self.days):
            return self._nothing
        jumps, left = np.diff(self.share, prepend=0.0), 1 - self.share[-1] if len(self.at) else 1.0
        value = float(jumps @ self.at + (left * within if left > _ENOUGH else 0.0))
        return around(value, self._influence_on_mean(within))

    @property
    def _nothing(self) -> Part:
        return Part(nan, nan, nan, np.zeros(self.replications))

    def _below(self, days: float) -> tuple[float, Float]:
        """The share that is there within so many days, and what each replication adds to it (n)."""
        place = int(np.searchsorted(self.at, days + _ENOUGH, side="right"))
        share = float(self.share[place - 1]) if place else 0.0
        return share, (1 - share) * self._moved(self._weight[:place], self.at[:place])

    def _influence_on_mean(self, within: float) -> Float:
        """(n) A later time weighs as long as the share is left after it."""
        lengths = np.diff(self.at, append=max(within, self.at[-1]) if len(self.at) else within)
        area = np.cumsum(((1 - self.share) * lengths)[::-1])[::-1]
        return -self._moved(self._weight * area, self.at)

    def _moved(self, weight: Float, at: Float) -> Float:
        """(n) The sum over trials of weight where it is there, less what was to be expected of it until then."""
        expected = np.concatenate(([0.0], np.cumsum(weight * (self._arrive / self._still)[: len(at)])))
        known = np.concatenate((weight, [0.0]))
        place = np.searchsorted(at, self.days, side="right")
        arrives = self.there & (self.days <= (at[-1] if len(at) else -inf))
        moved = np.where(arrives, known[place - 1], 0.0) - expected[place]
        return np.asarray(np.bincount(self.replication, moved, self.replications), np.float64)

    def _inverse(self, share: float) -> float:
        place = int(np.searchsorted(self.share, share - _ENOUGH))
        if place == len(self.at):
            return inf
        first = float(self.at[place])
        if self.share[place] > min(share + _ENOUGH, 1 - _ENOUGH):
            return first
        return (first + float(self.at[place + 1])) / 2 if place + 1 < len(self.at) else inf

    def _reached(self, share: float) -> float:
        """The first time by which at least this share is there."""
        place = int(np.searchsorted(self.share, share - _ENOUGH))
        return float(self.at[place]) if place < len(self.at) else inf


def pooled(days: Sequence[Float], there: Sequence[Bool]) -> Distribution:
    """The distribution of times, one array per replication."""
    lengths = [len(each) for each in days]
    all_days = np.concatenate([np.empty(0), *days])
    all_there = np.concatenate([np.empty(0, bool), *there])
    replication = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    order = np.lexsort((~all_there, all_days))
    return Distribution(all_days[order], all_there[order], replication[order], len(lengths))
