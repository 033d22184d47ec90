"""How much lies in the queues at given instants, and how long the oldest file has waited.

A `Backlog` has one number for each kind of pool (k) and each instant (i). A file lies in a queue from when it is ready
until it is taken, or until it is withdrawn, refused or the trial ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import Played
from sim.model.network import Int, Outcome
from sim.scenario.language.quantities import MINUTES_PER_DAY

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Backlog:
    """One replication's queues."""

    kinds: tuple[str, ...]  # (k) in the order in which the pools deal
    waiting: Float  # (k, i) files
    oldest: Float  # (k, i) [d] how long the oldest of them has waited; 0 where nobody waits


def backlog(run: Played, instants: Int) -> Backlog:
    """The queues of a replication at `instants` (i) [min]."""
    names = [pool.kind or pool.name for pool in run.network.pools]
    kinds = tuple(dict.fromkeys(names))
    of_pool = np.array([kinds.index(name) for name in names], np.int64)
    workload, line = run.replication.workload, run.timelines
    rows, pool, _ = workload.asks
    asked = (line.ready[rows] >= 0) & (line.outcome[rows] != Outcome.WAIVED)
    rows, kind = rows[asked], of_pool[pool[asked]]
    ready, start = line.ready[rows], line.start[rows]
    leaves = np.where(start >= 0, start, np.maximum(run.group_ends[workload.group[rows]], ready))
    waiting, oldest = np.zeros((2, len(kinds), len(instants)))
    for place, instant in enumerate(instants):
        there = (ready <= instant) & (instant < leaves)
        waiting[:, place] = np.bincount(kind[there], minlength=len(kinds))
        np.maximum.at(oldest[:, place], kind[there], (instant - ready[there]) / MINUTES_PER_DAY)
    return Backlog(kinds, waiting, oldest)
