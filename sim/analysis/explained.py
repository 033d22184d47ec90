"""Why the goal was reached when it was, in one replication: where the days went, why they were waited, what bound.

`explained` gives an `Explained`: the days on the binding chain from the goal's first event to its last, by task, with
the wait parted into its kinds and by the class of what those at work had in hand; and, for each prerequisite of the
goal, how often it lies on the chain, what could be gained at most if it alone took no time, and how many of the trials
that miss the goal would keep it then. The days of the tasks add up to the days between the two events, exactly.

A margin supposes that queues do not react; what a rerun says may be more, less, or of the other sign.

References
----------
Kelley J. E. (1961). Critical-path planning and scheduling: mathematical basis. Operations Research 9, 296-320.
doi:10.1287/opre.9.3.296
Van Slyke R. M. (1963). Monte Carlo methods and the PERT problem. Operations Research 11, 839-860.
doi:10.1287/opre.11.5.839
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sim.analysis.attribution import bound, chains, reached_rows
from sim.analysis.events import NEVER, Played, decided
from sim.analysis.indicators import counted_for_goal
from sim.analysis.waits import KINDS, Waiting, held_by, kinds_of_wait, waits_since
from sim.model.network import NONE, Int, Network
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.schema import Goal

Float = NDArray[np.float64]
PARTS = ("lag", "work", *KINDS)
"""What the days of a task are made of."""


@dataclass(frozen=True, slots=True)
class Margin:
    """What one prerequisite of the goal, or two at once, stand in the way of."""

    prerequisites: tuple[str, ...]
    days: float  # [d] a trial, at most, if they took no time and queues did not react
    unlocks: float  # the share of all trials that miss the goal and would keep it then
    last: float  # the share of trials in which it finished last; 0 for two


@dataclass(frozen=True, slots=True)
class Explained:
    """One replication, over the n trials that reach the goal."""

    trials: int
    days: Float  # (tasks, PARTS) mean days a trial [d]
    critical: Float  # (tasks) the share of trials with the task on the chain
    waited: Float  # (kinds of pool, KINDS) mean days a trial on the chain that each was waited for [d]
    waiting: Float  # (kinds of pool) the share of trials that waited for it on the chain
    held: Float  # (kinds of pool, classes) mean days a trial that was waited while they had these in hand [d]
    margins: tuple[Margin, ...]


def explained(run: Played) -> Explained:
    """Why the trials of a replication reached the goal of the scenario when they did; it has one."""
    goal = run.scenario.goal
    assert goal is not None  # nobody asks otherwise
    rows, since = reached_rows(run, goal, "trial")
    chain = chains(bound(run), run.timelines, rows, since)
    waiting = waits_since(run.timelines, chain.row, np.maximum(run.timelines.ready[chain.row], since[chain.unit]))
    kinds = kinds_of_wait(run.network, run.replication.workload, run.timelines, waiting)
    minutes = np.column_stack((chain.lag, chain.work, waiting.by_row(kinds, chain.row)))
    task = run.replication.workload.task[chain.row]
    scale = 1 / (MINUTES_PER_DAY * max(len(rows), 1))
    spent = [np.bincount(task, part, len(run.network.tasks)) * scale for part in minutes.T]
    days = np.asarray(np.stack(spent, axis=1), np.float64)
    there = np.unique(np.stack((chain.unit, task), axis=1)[minutes.sum(axis=1) > 0], axis=0)
    critical = np.bincount(there[:, 1], minlength=len(run.network.tasks)) / max(len(rows), 1)
    waited = np.asarray(_waited(run, waiting, kinds) * scale, np.float64)
    who = _who_waits(run, waiting, chain.unit[waiting.of]) / max(len(rows), 1)
    held = np.asarray(_held(run, waiting, kinds) * scale, np.float64)
    return Explained(len(rows), days, critical, waited, who, held, _margins(run, goal, rows, since))


def kinds_of_pool(network: Network) -> tuple[str, ...]:
    """The kinds of pool of a network, in the order in which they deal."""
    return tuple(dict.fromkeys(pool.kind or pool.name for pool in network.pools))


def _waited(run: Played, waiting: Waiting, kinds: Int) -> Float:
    """(kinds of pool, KINDS) Minutes of waiting for each."""
    found = np.zeros((len(kinds_of_pool(run.network)), len(KINDS)))
    pool = run.replication.workload.pool[waiting.rows]
    asked = pool != NONE
    np.add.at(found, _kind_of(run)[pool[asked]], kinds[asked])
    return found


def _who_waits(run: Played, waiting: Waiting, unit: Int) -> Int:
    """(kinds of pool) Trials that waited for each; `unit` is that of each wait."""
    pool = run.replication.workload.pool[waiting.rows]
    waited = (pool != NONE) & (waiting.end > waiting.begin)
    pairs = np.unique(np.stack((unit[waited], _kind_of(run)[pool[waited]]), axis=1), axis=0)
    return np.bincount(pairs[:, 1], minlength=len(kinds_of_pool(run.network)))


def _kind_of(run: Played) -> Int:
    """(pools) The kind of each, as `kinds_of_pool` counts them."""
    names = kinds_of_pool(run.network)
    return np.array([names.index(pool.kind or pool.name) for pool in run.network.pools] or [0])


def _held(run: Played, waiting: Waiting, kinds: Int) -> Float:
    """(kinds of pool, classes) minutes of waiting while everybody is busy, by what they had in hand."""
    workload, names = run.replication.workload, kinds_of_pool(run.network)
    of_row = run.replication.trials.trial_class[workload.trial]
    held = held_by(workload, run.timelines, waiting, of_row).astype(np.float64)
    total = held.sum(axis=1, keepdims=True)
    busy = kinds[:, [KINDS.index("overtaken"), KINDS.index("busy")]].sum(axis=1, keepdims=True)
    shared = np.divide(held * busy, total, out=np.zeros_like(held), where=total > 0)
    found = np.zeros((len(names), held.shape[1]))
    kind_of = _kind_of(run)
    asked = workload.pool[waiting.rows] != NONE
    np.add.at(found, kind_of[workload.pool[waiting.rows][asked]], shared[asked])
    return found


def _margins(run: Played, goal: Goal, rows: Int, since: Int) -> tuple[Margin, ...]:
    """For each prerequisite, and each two of them, at the site that reaches the goal first."""
    asked = tuple(name for name in goal.prerequisites if name != goal.from_)
    ends = _ends_of(run, asked, rows)
    if not len(rows) or not len(asked):
        return ()
    done, latest = run.timelines.end[rows], np.maximum(ends.max(axis=0), since)
    missed = counted_for_goal(run, since, done) > goal.within.value
    found = []
    for size in (1, 2):
        for some in combinations(range(len(ends)), size):
            others = np.maximum(np.delete(ends, some, axis=0).max(axis=0, initial=0), since)
            gain = np.maximum(latest - others, 0)
            kept = missed & (counted_for_goal(run, since, done - gain) <= goal.within.value)
            last = float((ends[some[0]] >= latest).mean()) if size == 1 else 0.0
            names = tuple(asked[each] for each in some)
            found.append(Margin(names, float(gain.mean() / MINUTES_PER_DAY), float(kept.mean()), last))
    return tuple(found)


def _ends_of(run: Played, names: tuple[str, ...], rows: Int) -> Int:
    """(prerequisites, trials) When each was finished at the site that reaches the goal [min]; 0: not asked."""
    workload = run.replication.workload
    place = run.unit_place[run.unit[rows]]
    found = []
    for name in names:
        of = decided(run, name, "site")
        ends = (
            np.where(place == NONE, NEVER, of.end[np.maximum(place, 0)]) if len(of.end) else np.full(len(rows), NEVER)
        )
        whole = decided(run, name, "trial").end[workload.trial[rows]]
        ends = np.where(place == NONE, whole, ends)
        found.append(np.where(ends >= NEVER, 0, ends))
    return np.reshape(np.array(found, np.int64), (len(names), len(rows)))
