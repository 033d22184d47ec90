"""Why a row was ready when it was: the predecessor that was counted last, and the chain of them back to an event.

`binding_predecessors` gives one row (or `NONE`) per row. A `Chain` is a flat table of the segments of many chains:
each belongs to a `unit` (a trial or a place), names its `row`, and holds minutes of lag (before the row was ready),
of wait (before it started) and of work. Clipped at an instant, the segments of a unit add up to the time from that
instant to its end, exactly: nothing is lost between tasks, so "where do the days go" has a whole answer.

References
----------
Kelley J. E. (1961). Critical-path planning and scheduling: mathematical basis. Operations Research 9, 296-320.
doi:10.1287/opre.9.3.296
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.network import NONE, Int, Network, Timelines, Workload


@dataclass(frozen=True, slots=True)
class Chain:
    """Segments of binding chains, one per (unit, row) [min]."""

    unit: Int
    row: Int
    lag: Int
    wait: Int
    work: Int


def binding_predecessors(network: Network, workload: Workload, timelines: Timelines, trials: NDArray[np.bool_]) -> Int:
    """(rows) The predecessor whose count made each row of `trials` ready; of several at that instant, the last row.

    `NONE` for a row without, and for the rows of other trials.
    """
    rows = np.flatnonzero(trials[workload.trial] & (timelines.end >= 0))
    number = np.diff(workload.first_edge)[rows]
    before = np.repeat(rows, number)
    nth = np.arange(len(before)) - np.repeat(np.cumsum(number) - number, number)
    edges = workload.first_edge[before] + nth
    after = workload.successor[edges]
    decided = _counted(network, workload, edges, timelines.end[before]) == timelines.ready[after]
    binding = np.full(len(workload), NONE)
    binding[after[decided]] = before[decided]
    return binding


def chains(binding: Int, timelines: Timelines, rows: Int, since: Int) -> Chain:
    """The chains of `rows` (units; each has ended) back to the instants `since` (units) [min]."""
    unit, row = np.arange(len(rows)), rows
    pieces: list[tuple[Int, ...]] = []
    while True:
        later = timelines.end[row] > since[unit]
        unit, row = unit[later], row[later]
        pieces.append(_segments(binding, timelines, unit, row, since[unit]))
        unit, row = unit[binding[row] != NONE], binding[row][binding[row] != NONE]
        if not len(unit):
            return Chain(*(np.concatenate(column) for column in zip(*pieces, strict=True)))


def last_of(binding: Int, rows: Int, wanted: NDArray[np.bool_]) -> Int:
    """(units) The nearest row before each of `rows` along its chain that `wanted` (rows) marks, else `NONE`."""
    found = np.where(rows == NONE, NONE, binding[rows])
    walking = np.flatnonzero(found != NONE)
    while len(walking := walking[~wanted[found[walking]]]):
        found[walking] = binding[found[walking]]
        walking = walking[found[walking] != NONE]
    return found


def _segments(binding: Int, timelines: Timelines, unit: Int, row: Int, since: Int) -> tuple[Int, ...]:
    before = binding[row]
    left = np.where(before == NONE, since, timelines.end[before])
    left, ready, start = (np.maximum(instant, since) for instant in (left, timelines.ready[row], timelines.start[row]))
    return unit, row, ready - left, start - ready, timelines.end[row] - start


def _counted(network: Network, workload: Workload, edges: Int, end: Int) -> Int:
    """(edges) When each of `edges` counts, for predecessors that ended at `end` [min]."""
    lag, clock = workload.lag[edges], workload.lag_clock[edges]
    counts = end + lag
    for index, each in enumerate(network.clocks):
        mine = np.flatnonzero((clock == index) & (lag != 0))
        counts[mine] = each.add_many(end[mine], lag[mine])
    return counts
