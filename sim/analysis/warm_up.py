"""How long a model takes to forget that it began empty: the backlog day by day, and where MSER-5 would cut it.

References
----------
White K. P. (1997). An effective truncation heuristic for bias reduction in simulation output. Simulation 69, 323-334.
doi:10.1177/003754979706900601
White K. P., Cobb M. J., Spratt S. C. (2000). A comparison of five steady-state truncation heuristics for simulation.
Proceedings of the 2000 Winter Simulation Conference, 755-760. doi:10.1109/WSC.2000.899926
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import Played
from sim.model.network import Outcome
from sim.scenario.language.quantities import MINUTES_PER_DAY

BATCH = 5
Float = NDArray[np.float64]


def backlog(run: Played) -> Float:
    """(days up to the end of the observation) How many requests wait for a pool at the end of each day [requests]."""
    workload, line = run.replication.workload, run.timelines
    rows = np.unique(workload.asks[0])
    rows = rows[(line.ready[rows] >= 0) & (line.outcome[rows] != Outcome.WAIVED)]
    ready, start = line.ready[rows], line.start[rows]
    leaves = np.where(start >= 0, start, np.maximum(run.group_ends[workload.group[rows]], ready))
    row, since, until = line.breaks.T
    closes = np.maximum(run.group_ends[workload.group[row]], since)
    ready, leaves = np.concatenate((ready, since)), np.concatenate((leaves, np.where(until < 0, closes, until)))
    ends = np.arange(1, run.window[1] // MINUTES_PER_DAY + 1) * MINUTES_PER_DAY
    come, gone = (np.searchsorted(np.sort(instants), ends, side="right") for instants in (ready, leaves))
    return (come - gone).astype(np.float64)


def mser5(series: Float) -> int | None:
    """How many observations at the start MSER-5 leaves out; None if the best cut is not in the first half.

    Means of five observations are cut where the standard error of the mean of the rest is least; a cut in the second
    half means that the series is too short to tell.
    """
    batches = series[: len(series) // BATCH * BATCH].reshape(-1, BATCH).mean(axis=1)
    if len(batches) < 2:
        return None
    errors = [np.var(batches[cut:]) / (len(batches) - cut) for cut in range(len(batches) - 1)]
    cut = int(np.argmin(errors))
    return cut * BATCH if cut <= len(batches) // 2 else None
