"""Laws that hold in every run, whatever is drawn: the longest path, and what is inside when people come and go.

Both are computed from the workload or from instants alone, without an engine and without the analysis of pools, so
that these can be checked against them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.model.network import NOT_YET, Int, Network, Workload

Float = NDArray[np.float64]


def longest_paths(network: Network, workload: Workload) -> Int:
    """(rows) When each row ends [min] if nobody ever waits for people: the longest path that leads to it.

    Of a row that needs only some of its predecessors, the path over the last of those that suffice. Limits and waivers
    are not known here. NOT_YET for a row that waits for ever; ends past the horizon are given as they are.

    References
    ----------
    Kelley J. E. (1961). Critical-path planning and scheduling: mathematical basis. Operations Research 9, 296-320.
    doi:10.1287/opre.9.3.296
    """
    add = [clock.add for clock in network.clocks]
    w = {name: getattr(workload, name).tolist() for name in ("needs", "release", "work", "clock", "first_edge",
                                                              "successor", "lag", "lag_clock")}
    arrived: list[list[int]] = [[] for _ in w["needs"]]
    end = np.full(len(arrived), NOT_YET, np.int64)
    waiting = [row for row, needs in enumerate(w["needs"]) if needs == 0]
    leads = np.bincount(workload.successor, minlength=len(arrived))
    while waiting:
        row = waiting.pop()
        needs = w["needs"][row]
        ready = sorted(arrived[row])[needs - 1] if needs else w["release"][row]
        end[row] = add[w["clock"][row]](ready, w["work"][row])
        for edge in range(w["first_edge"][row], w["first_edge"][row + 1]):
            after = w["successor"][edge]
            arrived[after].append(add[w["lag_clock"][edge]](int(end[row]), w["lag"][edge]))
            if len(arrived[after]) == leads[after]:
                waiting.append(after)
    return end


def mean_inside(enters: ArrayLike, leaves: ArrayLike, window: tuple[int, int]) -> float:
    """How many are inside on average over the window, counted from change to change.

    References
    ----------
    Little J. D. C. (1961). A proof for the queuing formula L = lambda W. Operations Research 9, 383-387.
    doi:10.1287/opre.9.3.383 (the same as the sum of the times that each spends inside, per unit of time)
    """
    lengths, inside = stretches(enters, leaves, window)
    return float(lengths @ inside) / (window[1] - window[0])


def empty_time(enters: ArrayLike, leaves: ArrayLike, window: tuple[int, int]) -> float:
    """Share of the window during which nobody is inside."""
    lengths, inside = stretches(enters, leaves, window)
    return float(lengths[inside == 0].sum()) / (window[1] - window[0])


def stretches(enters: ArrayLike, leaves: ArrayLike, window: tuple[int, int]) -> tuple[Int, Int]:
    """The lengths of the stretches of the window between two changes, and how many are inside during each."""
    enters, leaves = (np.clip(np.asarray(instants, np.int64), *window) for instants in (enters, leaves))
    instants = np.concatenate(([window[0]], enters, leaves, [window[1]]))
    steps = np.concatenate(([0], np.ones(len(enters), np.int64), -np.ones(len(leaves), np.int64), [0]))
    order = np.argsort(instants, kind="stable")
    return np.diff(instants[order]), np.cumsum(steps[order])[:-1]
