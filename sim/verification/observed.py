"""What is seen in one replication, for a comparison with theory: waits, queues and times, as a total and a count.

An `Observation` is a function of a `Sample`. It gives a total and the number of what was added up (trials, or units of
time), so that the mean over replications is a ratio of two sums and short replications do not count for more. Times
are in the `unit` of the sample. A trial counts if it comes to the task inside the observation window; what has not
happened by the horizon is taken as happening then, never dropped.

Two laws hold in every run, whatever is drawn: the longest path, and what is inside when people come and go. They are
computed from the workload or from instants alone, without an engine and without the analysis of pools, so that these
can be checked against them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis.events import Played
from sim.analysis.laws import mean_inside, stretches
from sim.analysis.pools import PoolLoad, pool_loads
from sim.model.network import NOT_YET, Int, Network, Outcome, Workload
from sim.scenario.language.quantities import MINUTES_PER_DAY

Float = NDArray[np.float64]
Totals = tuple[float, float]


@dataclass(frozen=True)
class Sample:
    """One replication that was played, and the unit of time [d] in which it is compared."""

    run: Played
    unit: float

    @cached_property
    def loads(self) -> Mapping[str, PoolLoad]:
        """The load of each kind of pool, as the analysis has it."""
        return {each.kind: each for each in pool_loads(self.run)}

    @cached_property
    def unhindered_ends(self) -> Int:
        """(rows) When each row would end [min] if nobody ever waited."""
        return longest_paths(self.run.network, self.run.replication.workload)

    def times(self, minutes: Int) -> Float:
        """Minutes in the unit of the sample."""
        return np.asarray(minutes / (self.unit * MINUTES_PER_DAY), np.float64)

    def happened(self, column: Int) -> Int:
        """Instants [min], the horizon for what has not happened."""
        return np.where(column < 0, self.run.network.horizon, column)

    def asked(self, task: str, of_class: str | None = None) -> Int:
        """The rows of a task that became ready inside the window, of all trials or of those of one class."""
        rows, (opens, closes) = self.run.rows_of(task), self.run.window
        ready = self.run.timelines.ready[rows]
        rows = rows[(opens <= ready) & (ready < closes)]
        if of_class is None:
            return rows
        index = [each.name for each in self.run.scenario.classes].index(of_class)
        of_trial: Int = self.run.replication.trials.trial_class[self.run.replication.workload.trial[rows]]
        return np.asarray(rows[of_trial == index], np.int64)

    def waits(self, task: str, of_class: str | None = None) -> Float:
        """The wait of each row that asked."""
        rows = self.asked(task, of_class)
        return self.times(self.happened(self.run.timelines.start[rows]) - self.run.timelines.ready[rows])

    def stays(self, task: str) -> Float:
        """The wait and the work of each row that asked."""
        rows = self.asked(task)
        return self.times(self.happened(self.run.timelines.end[rows]) - self.run.timelines.ready[rows])

    def since_arrival(self, event: str) -> Float:
        """From the arrival of each trial that arrived inside the window to the first row of an event."""
        replication, (opens, closes) = self.run.replication, self.run.window
        first = np.full(len(replication.trials), self.run.network.horizon)
        rows = self.run.rows_of(event)
        np.minimum.at(first, replication.workload.trial[rows], self.happened(self.run.timelines.end[rows]))
        arrival = replication.trials.arrival
        return self.times((first - arrival)[(opens <= arrival) & (arrival < closes)])


Observation = Callable[[Sample], Totals]


def _mean(values: Float) -> Totals:
    return float(values.sum()), float(len(values))


def wait(task: str, of_class: str | None = None) -> Observation:
    """Mean wait for a task."""
    return lambda sample: _mean(sample.waits(task, of_class))


def wait_longer(task: str, than: float = 0.0) -> Observation:
    """Share of those who wait longer than so long; by default, of those who wait at all."""
    return lambda sample: _mean((sample.waits(task) > than).astype(np.float64))


def wait_squared(task: str) -> Observation:
    """Mean square of the wait for a task."""
    return lambda sample: _mean(sample.waits(task) ** 2)


def stay(task: str) -> Observation:
    """Mean time from asking for a task to its end."""
    return lambda sample: _mean(sample.stays(task))


def time_to(event: str) -> Observation:
    """Mean time from the arrival of a trial to an event."""
    return lambda sample: _mean(sample.since_arrival(event))


def time_to_within(event: str, time: float) -> Observation:
    """Share of the trials that come to an event within so long."""
    return lambda sample: _mean((sample.since_arrival(event) <= time).astype(np.float64))


def spread_of_time_to(event: str, around: float) -> Observation:
    """Mean squared deviation of the time to an event from a number: the variance, around the true mean."""
    return lambda sample: _mean((sample.since_arrival(event) - around) ** 2)


def queue(task: str) -> Observation:
    """Number of those who wait for a task, averaged over time."""
    return lambda sample: (mean_inside(*_inside(sample, task, "start")), 1.0)


def number(task: str) -> Observation:
    """Number of those who wait for a task or are at it, averaged over time."""
    return lambda sample: (mean_inside(*_inside(sample, task, "end")), 1.0)


def empty(task: str) -> Observation:
    """Share of the time in which nobody waits for a task or is at it."""
    return lambda sample: (empty_time(*_inside(sample, task, "end")), 1.0)


def _inside(sample: Sample, task: str, until: str) -> tuple[Int, Int, tuple[int, int]]:
    lines, rows = sample.run.timelines, sample.run.rows_of(task)
    rows = rows[lines.ready[rows] >= 0]
    return lines.ready[rows], sample.happened(getattr(lines, until)[rows]), sample.run.window


def backlog(pool: str) -> Observation:
    """Mean backlog of a kind of pool, as the analysis of pools has it."""
    return lambda sample: (sample.loads[pool].backlog, 1.0)


def counted_queue(pool: str) -> Observation:
    """Mean number of rows that wait for a kind of pool, counted from change to change."""
    return lambda sample: (mean_inside(*_waiting_for(sample, pool)), 1.0)


def _waiting_for(sample: Sample, pool: str) -> tuple[Int, Int, tuple[int, int]]:
    """When each row that asks for a kind of pool began to wait, and when it no longer did [min]."""
    lines, workload, network = sample.run.timelines, sample.run.replication.workload, sample.run.network
    of_kind = [index for index, each in enumerate(network.pools) if each.kind == pool]
    further = np.repeat(np.arange(len(workload)), np.diff(workload.first_also))  # rows that need others as well
    rows = np.union1d(np.flatnonzero(np.isin(workload.pool, of_kind)), further[np.isin(workload.also, of_kind)])
    rows = rows[(lines.ready[rows] >= 0) & (lines.outcome[rows] != Outcome.WAIVED)]
    given_up = np.maximum(sample.run.group_ends[workload.group[rows]], lines.ready[rows])
    return lines.ready[rows], np.where(lines.start[rows] >= 0, lines.start[rows], given_up), sample.run.window


def longest_path_to(event: str) -> Observation:
    """Mean time from the arrival of a trial to an event if nobody ever waits, from the workload alone."""

    def observed(sample: Sample) -> Totals:
        replication, (opens, closes) = sample.run.replication, sample.run.window
        rows, arrival = sample.run.rows_of(event), replication.trials.arrival
        trial = replication.workload.trial[rows]
        inside = (opens <= arrival[trial]) & (arrival[trial] < closes)
        return _mean(sample.times((sample.unhindered_ends[rows] - arrival[trial])[inside]))

    return observed


def longest_paths(network: Network, workload: Workload) -> Int:
    """(rows) When each row ends [min] if nobody ever waits for people: the longest path that leads to it.

    Of a row that needs only some of its predecessors, the path over the last of those that suffice. Limits and waivers
    are not known here. NOT_YET for a row that waits for ever; ends past the horizon are given as they are.

    References
    ----------
    Kelley J. E. (1961). Critical-path planning and scheduling: mathematical basis. Operations Research 9, 296-320.
    doi:10.1287/opre.9.3.296
    """
    add, after_work = [clock.add for clock in network.clocks], [clock.after_work for clock in network.clocks]
    w = {
        name: getattr(workload, name).tolist()
        for name in ("needs", "release", "work", "clock", "first_edge", "successor", "lag", "lag_clock")
    }
    arrived: list[list[int]] = [[] for _ in w["needs"]]
    end = np.full(len(arrived), NOT_YET, np.int64)
    waiting = [row for row, needs in enumerate(w["needs"]) if needs == 0]
    leads = np.bincount(workload.successor, minlength=len(arrived))
    while waiting:
        row = waiting.pop()
        needs = w["needs"][row]
        ready = sorted(arrived[row])[needs - 1] if needs else w["release"][row]
        end[row] = after_work[w["clock"][row]](ready, w["work"][row])
        for edge in range(w["first_edge"][row], w["first_edge"][row + 1]):
            after = w["successor"][edge]
            arrived[after].append(add[w["lag_clock"][edge]](int(end[row]), w["lag"][edge]))
            if len(arrived[after]) == leads[after]:
                waiting.append(after)
    return end


def empty_time(enters: ArrayLike, leaves: ArrayLike, window: tuple[int, int]) -> float:
    """Share of the window during which nobody is inside."""
    lengths, inside = stretches(enters, leaves, window)
    return float(lengths[inside == 0].sum()) / (window[1] - window[0])
