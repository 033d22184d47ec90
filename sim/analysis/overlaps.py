"""How long at least one of several tasks was open: intervals of many trials united at once.

Each trial's intervals are shifted to a stretch of time of its own, so that one running maximum over all of them never
sees two trials together.
"""

from __future__ import annotations

import numpy as np

from sim.analysis.events import Level, Played
from sim.model.network import NONE, Int, matches


def open_time(run: Played, names: tuple[str, ...], level: Level, units: Int, between: tuple[Int, Int]) -> Int:
    """(u) Minutes in which at least one of the tasks `names` of a unit was ready or at work, overlaps counted once.

    Parameters
    ----------
    units : (u) indices of trials or places, increasing.
    between : (u), (u) the instants [min] from and until which it counts.

    Raises
    ------
    ValueError
        If there is no task of such a name.
    """
    if not names:
        return np.zeros(len(units), np.int64)
    line = run.timelines
    rows = np.sort(run.rows_of(*names))
    rows = rows[line.ready[rows] >= 0]
    unit, row = _of_units(run, level, units, rows)
    stop = np.where(line.end[row] < 0, run.network.horizon, line.end[row])
    begin, until = (instant[unit] for instant in between)
    starts, stops = (np.minimum(np.maximum(instant, begin), until) for instant in (line.ready[row], stop))
    return united(unit, starts, stops, len(units))


def _of_units(run: Played, level: Level, units: Int, rows: Int) -> tuple[Int, Int]:
    """Pairs (unit, row): the rows of each trial, or of each place and of its trial as a whole."""
    workload = run.replication.workload
    if level == "trial":
        return _pairs(units, workload.trial[rows], rows)
    place = run.unit_place[run.unit[rows]]
    whole, there = rows[place == NONE], rows[place != NONE]
    of_trial = _pairs(run.place_trial[units], workload.trial[whole], whole)
    of_place = _pairs(units, place[place != NONE], there)
    return np.concatenate((of_trial[0], of_place[0])), np.concatenate((of_trial[1], of_place[1]))


def _pairs(unit_keys: Int, row_keys: Int, rows: Int) -> tuple[Int, Int]:
    """Every (unit, row) with equal keys; `unit_keys` is increasing."""
    row, unit = matches(row_keys, unit_keys)
    return unit, rows[row]


def united(unit: Int, starts: Int, stops: Int, units: int = 0) -> Int:
    """(units, at least) The length of the union of each unit's intervals [start, stop], which begin at 0 or later."""
    shift = unit * (int(stops.max(initial=0)) + 1)
    order = np.argsort(starts + shift)
    starts, stops = (starts + shift)[order], (stops + shift)[order]
    reached = np.concatenate((starts[:1], np.maximum.accumulate(stops)[:-1]))
    alone = np.maximum(stops - np.maximum(starts, reached), 0)
    return np.bincount(unit[order], weights=alone, minlength=units).astype(np.int64)
