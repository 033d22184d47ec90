"""What a run says of a bottleneck: the same trials with the same luck, one task instantaneous or one pool unlimited.

`rerun` takes an explanation and plays its replications again, once for each task on the way that takes the most days
(its work is nothing, its people are still waited for) and once for each kind of pool that is waited for (everybody who
asks is served at once while the pool is open; a body that meets has a seat for everybody at each sitting). It gives an
`Effect` for each: how much sooner (or later) the trials that reach the goal in both come from its first event to its
last, and the paired difference of the share within the goal. An effect is what a margin is not: queues react. It may be
of the other sign.

References
----------
Graham R. L. (1969). Bounds on multiprocessing timing anomalies. SIAM J. Applied Mathematics 17, 416-429.
doi:10.1137/0117039 (less work, or one more machine, may end later)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache, partial
from math import nan

import numpy as np

from sim.analysis.attribution import reached_rows
from sim.analysis.estimates import Pooled
from sim.analysis.events import Played, played
from sim.analysis.indicators import SHARE, Times, times
from sim.analysis.intervals import Float, difference
from sim.decisions.explaining import Explanation, amount_of, gathered
from sim.decisions.ledger import Amount
from sim.experiment.gathering import Progress
from sim.experiment.options import Options
from sim.experiment.replications import drawn, engine_named, engine_of
from sim.experiment.running import finishing
from sim.experiment.workers import Work
from sim.model.network import Network, Pool, Workload
from sim.scenario.checks.size import expected_rows
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.schema import Scenario, own_indicator

MOST = 15
"""Tasks that are tried, those with the most days on the way first."""

LEAST = 0.05
"""Days a trial [d] under which a task or a pool is not tried: it shows as 0.0."""


class What(StrEnum):
    """What is changed in a rerun."""

    TASK = "task"  # instantaneous
    POOL = "pool"  # unlimited


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the work of a task is nothing, or a kind of pool has people (seats) for everybody."""

    what: What
    name: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change brings, beside what it could bring at most if queues did not react."""

    change: Change
    margin: float  # [d a trial] on the way: the work of a task, the wait for a pool
    days: Amount  # [d] from the goal's first event to its last, of the trials there in both; below 0 is sooner
    share: Amount  # of the trials within the goal


@dataclass(frozen=True, slots=True)
class _Changed:
    """A plan with another network."""

    scenario: Scenario
    network: Network


def rerun(
    explanation: Explanation, options: Options | None = None, *, progress: Progress | None = None
) -> tuple[Effect, ...]:
    """The effect of each change on the replications of an explanation, the largest gain of the share first.

    Parameters
    ----------
    options, progress
        As for `sim.explain`; `jobs`, `engine` and `executor` count, the rest is that of the explanation.

    Raises
    ------
    Interrupted
        On Ctrl-C, with the effects over the replications that are finished.
    """
    how = replace(options or Options(), replications=len(explanation.replications))
    changes = _changes(explanation)
    rows = expected_rows(explanation.work.scenario) * how.most * (1 + len(changes))
    work = replace(explanation.work, engine=engine_named(how.engine, round(rows)))
    with finishing(lambda found: _effects(explanation, changes, found[0])):
        (found,) = gathered(partial(_replayed, changes=changes), [work], how, progress)
    return _effects(explanation, changes, found)


def _changes(explanation: Explanation) -> tuple[Change, ...]:
    """What is tried: the tasks on the way, and the pools that are waited for, those with the most days first."""
    tasks = [Change(What.TASK, row.task) for row in explanation.rows if row.days.value >= LEAST and row.parts["work"]]
    pools = (Change(What.POOL, each.pool) for each in explanation.waits if each.days.value >= LEAST)
    return (*tasks[:MOST], *pools)


@dataclass(frozen=True, slots=True)
class _Replayed:
    """One replication under one change."""

    goal: Times
    moved: float  # mean difference [d] of the trials that reach the goal as it is and under the change; nan: none


def _replayed(work: Work, number: int, changes: tuple[Change, ...]) -> tuple[_Replayed, ...]:
    """A replication as it is and under each change."""
    engine, replication = engine_of(work), drawn(work, number)
    own = own_indicator(work.scenario)
    assert own is not None  # a goal is measured
    found, base = list[_Replayed](), np.zeros(0)
    for change in (None, *changes):
        network = _network(work.plan.network, change)
        changed = replace(replication, workload=_workload(network, replication.workload, change))
        run = played(_Changed(work.scenario, network), changed, engine(network, changed.workload))
        days = _days(run)
        base = days if change is None else base
        both = np.isfinite(days) & np.isfinite(base)
        found.append(_Replayed(times(run, own, "trial"), float((days - base)[both].mean()) if both.any() else nan))
    return tuple(found)


def _days(run: Played) -> Float:
    """(trials) From the goal's first event to its last [d]; nan for who does not count or is not there."""
    goal = run.scenario.goal
    assert goal is not None  # an explanation has one
    rows, since = reached_rows(run, goal, "trial")
    days = np.full(len(run.replication.trials), nan)
    days[run.replication.workload.trial[rows]] = (run.timelines.end[rows] - since) / MINUTES_PER_DAY
    return days


@lru_cache(maxsize=32)
def _network(network: Network, change: Change | None) -> Network:
    """The network with people, or seats, for everybody in the pools of one kind."""
    if change is None or change.what is not What.POOL:
        return network
    return replace(network, pools=tuple(_unlimited(each) if _is(each, change.name) else each for each in network.pools))


def _is(pool: Pool, kind: str) -> bool:
    return (pool.kind or pool.name) == kind


def _unlimited(pool: Pool) -> Pool:
    if pool.seats is not None:
        return replace(pool, seats=np.full_like(pool.seats, EVERYBODY))
    return replace(pool, changes=np.array([0]), units=np.array([EVERYBODY]))


EVERYBODY = 10**7
"""More people, or seats, than there are rows in any replication."""


def _workload(network: Network, workload: Workload, change: Change | None) -> Workload:
    """The workload in which one task takes no time."""
    if change is None or change.what is not What.TASK:
        return workload
    return replace(workload, work=np.where(workload.task == network.tasks.index(change.name), 0, workload.work))


def _effects(
    explanation: Explanation, changes: tuple[Change, ...], found: Sequence[tuple[_Replayed, ...]]
) -> tuple[Effect, ...]:
    """Paired differences from the replications as they are."""
    base, *others = zip(*found, strict=True)
    margins = {Change(What.TASK, row.task): row.parts["work"] for row in explanation.rows}
    margins |= {Change(What.POOL, each.pool): each.days.value for each in explanation.waits}
    effects = (
        Effect(
            change,
            margins[change],
            amount_of([each.moved for each in other]),
            _more(*(Pooled(each[0].goal.name, "trial", tuple(one.goal for one in each)) for each in (base, other))),
        )
        for change, other in zip(changes, others, strict=True)
    )
    return tuple(sorted(effects, key=lambda each: (-each.share.value, each.days.value)))


def _more(before: Pooled, after: Pooled) -> Amount:
    moved = difference(before.part(SHARE), after.part(SHARE))
    return Amount(moved.value, moved.low, moved.high)
