"""From one replication to its numbers: every indicator of the scenario, the load of its pools, and what bound the goal.

`measure` gives a `Measures`, small and frozen, so that thousands travel between processes; each `Statistics` in it
is one indicator at one level.

What counts. The trials (or places) in scope whose `from` event falls inside the observation window. Days are the
difference between two instants [d]; a goal is kept by dates: on the calendar if the day number of `to` minus that of
`from` is at most N; in working days if at most N of them lie after the date of `from` up to and with the date of `to`.
A trial not there by the horizon has missed the goal if more than N days have passed since `from`; else it is left out
of every statistic, and counted. A trial that is not there lies above every quantile.

The price of negotiating early: contract work on applications that fail, and contracts that are opened again.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, nan

import numpy as np
from numpy.typing import NDArray

from sim.analysis.attribution import Attribution, Binding, binding_shares, bound, explain_played
from sim.analysis.events import NEVER, Bool, Level, Planned, Played, decided, played
from sim.analysis.overlaps import open_time
from sim.analysis.pools import PoolLoad, pool_loads
from sim.model.clocks import Kind
from sim.model.network import Int, Outcome, Timelines
from sim.model.trials import Replication
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.schema import Indicator

CURVE_DAYS = 121
"""A curve gives the share that is there within 0, 1, ... 120 days, and to twice the goal where that is longer."""

QUANTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75, "p90": 0.9}

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statistics:
    """One indicator at one level in one replication; days [d] unless said otherwise.

    A number is nan where no trial counts, and a quantile is inf where it falls on a trial that is not there.
    """

    name: str
    level: Level
    mean: float  # of those that are there
    median: float
    q1: float
    q3: float
    p90: float
    share_within_goal: float
    trials: int  # that count (places, at site level); those left out are not among them
    not_reached: int  # not there by the horizon, and more days than the goal have passed
    left_out: int  # not there by the horizon, and too early to tell
    curve: Float  # (days) share there within so many days, counted as the goal counts


@dataclass(frozen=True, slots=True)
class Measures:
    """The numbers of one replication."""

    replication: int
    indicators: tuple[Statistics, ...]
    pools: tuple[PoolLoad, ...]
    binding: tuple[Binding, ...]
    attribution: Attribution | None  # None without a goal
    wasted_contract_days: float  # [d per 100 trials in scope submitted in the window]; nan: nothing is submitted


@dataclass(frozen=True, slots=True)
class _Spells:
    """The u units that count: when they began and ended [min], and what is subtracted."""

    begin: Int
    end: Int  # NEVER
    less: Int


def measure(plan: Planned, replication: Replication, timelines: Timelines) -> Measures:
    """The numbers of one replication of `plan`.

    Raises
    ------
    ValueError
        If an indicator or the goal names an event that is no task of the scenario.
    """
    run = played(plan, replication, timelines)
    binding = bound(run) if plan.scenario.goal is not None else None
    return Measures(
        replication=replication.number,
        indicators=tuple(statistics(run, each, level) for each in run.scenario.indicators for level in each.levels),
        pools=pool_loads(run),
        binding=binding_shares(run, binding) if binding is not None else (),
        attribution=explain_played(run, binding) if binding is not None else None,
        wasted_contract_days=wasted_contract_days(run),
    )


def statistics(run: Played, indicator: Indicator, level: Level) -> Statistics:
    """One indicator at one level, of the trials (or places) in scope."""
    goal = run.scenario.goal
    within = goal.within.value if goal else inf
    spells = _spells(run, indicator, level)
    counted = _counted_days(run, indicator, spells)
    there = spells.end < NEVER
    tells = there | (counted > within) | (within == inf)
    days, counted = _days(indicator, spells)[tells], np.sort(np.where(there, counted, inf)[tells])
    ordered = np.sort(days)
    return Statistics(
        indicator.name,
        level,
        mean=float(days[there[tells]].mean()) if there.any() else nan,
        **{name: _quantile(ordered, share) for name, share in QUANTILES.items()},
        share_within_goal=float((counted <= within).mean()) if goal and tells.any() else nan,
        trials=int(tells.sum()),
        not_reached=int((tells & ~there).sum()),
        left_out=int((~tells).sum()),
        curve=_curve(counted, max(CURVE_DAYS, 2 * ceil(within) + 1) if goal else CURVE_DAYS),
    )


def _spells(run: Played, indicator: Indicator, level: Level) -> _Spells:
    since, there = decided(run, indicator.from_, level), decided(run, indicator.to, level)
    begin, end, (opens, closes) = since.end, there.end, run.window
    counts = run.scope(level) & (opens <= begin) & (begin < closes)
    if level == "trial" and (since.at_sites or there.at_sites):
        counts &= np.bincount(run.place_trial, run.place_in_scope, len(counts)) > 0
    begin, end = begin[counts], end[counts]
    until = np.minimum(end, run.network.horizon)
    return _Spells(begin, end, open_time(run, indicator.less, level, np.flatnonzero(counts), (begin, until)))


def _days(indicator: Indicator, spells: _Spells) -> Float:
    """Elapsed days [d], inf where the end is not there."""
    days = np.where(spells.end < NEVER, (spells.end - spells.begin - spells.less) / MINUTES_PER_DAY, inf)
    return np.maximum(days, 0.0) if indicator.only_after else days


def _counted_days(run: Played, indicator: Indicator, spells: _Spells) -> Float:
    """Days as the goal counts them, up to the horizon where the end is not there."""
    until = np.minimum(spells.end, run.network.horizon) // MINUTES_PER_DAY
    since = spells.begin // MINUTES_PER_DAY
    if run.scenario.goal is not None and run.scenario.goal.counted == "working":
        before = _working_days_before(run)
        return np.asarray(before[until + 1] - before[since + 1], np.float64)
    days = until - since - spells.less / MINUTES_PER_DAY
    return np.asarray(np.maximum(days, 0.0) if indicator.only_after else days)


def _working_days_before(run: Played) -> Int:
    """(days + 1) The working days before each day, on the first working clock, else on the first statutory one."""
    kinds = [clock.kind for clock in run.network.clocks]
    for kind in (Kind.WORKING, Kind.STATUTORY):
        if kind in kinds:
            next_working = run.network.clocks[kinds.index(kind)].next_working
            is_working = next_working[:-1] == np.arange(len(next_working) - 1)
            return np.concatenate(([0], np.cumsum(is_working)))
    raise ValueError("goal.counted: 'working' needs to know the working days, got no clock; add one to clocks")


def _quantile(ordered: Float, share: float) -> float:
    """The quantile by linear interpolation between ordered values (type 7 of Hyndman and Fan 1996), which may be inf.

    References
    ----------
    Hyndman R. J., Fan Y. (1996). Sample quantiles in statistical packages. The American Statistician 50, 361-365.
    doi:10.1080/00031305.1996.10473566
    """
    if not len(ordered):
        return nan
    place = (len(ordered) - 1) * share
    low, part = int(place), place - int(place)
    if part == 0:
        return float(ordered[low])
    return float(ordered[low] + part * (ordered[low + 1] - ordered[low])) if ordered[low + 1] < inf else inf


def _curve(counted: Float, days: int) -> Float:
    """(days) The share of `counted` [d, increasing] that is at most 0, 1, ... days."""
    if not len(counted):
        return np.full(days, nan)
    return np.searchsorted(counted, np.arange(days), side="right") / len(counted)


SUBMITTED = "application_submitted"
FAILURES = ("refused", "withdrawn")
STAGE = "contracting"
REOPENING = "reopening"


def wasted_contract_days(run: Played) -> float:
    """Days of contract work lost per 100 trials in scope submitted in the window [d]; nan where nothing is submitted.

    Lost is all work of the stage `contracting` in trials that were refused, withdrawn or lapsed, and the work of
    reopening a contract in any trial. Work is from start to end.
    """
    if SUBMITTED not in run.network.tasks:
        return nan
    opens, closes = run.window
    submitted = decided(run, SUBMITTED, "trial").end
    counts = run.replication.trials.in_scope & (opens <= submitted) & (submitted < closes)
    if not counts.any():
        return nan
    return 100 * _lost_days(run, counts) / int(counts.sum())


def _lost_days(run: Played, counts: Bool) -> float:
    """Days of contract work [d] lost in the trials that count."""
    workload, line, network = run.replication.workload, run.timelines, run.network
    rows = run.rows_of(*(name for name, stage in zip(network.tasks, network.stages, strict=True) if stage == STAGE))
    rows = rows[counts[workload.trial[rows]] & (line.end[rows] >= 0)]
    reopening = np.array([name.startswith(REOPENING) for name in network.tasks])
    lost = rows[reopening[workload.task[rows]] | _failed(run)[workload.trial[rows]]]
    return float((line.end[lost] - line.start[lost]).sum() / MINUTES_PER_DAY)


def _failed(run: Played) -> Bool:
    """(trials) Whether the application was refused, withdrawn or lapsed by the horizon."""
    workload, line = run.replication.workload, run.timelines
    rows = run.rows_of(*(name for name in FAILURES if name in run.network.tasks))
    failed = np.zeros(len(run.replication.trials), bool)
    failed[workload.trial[rows[line.end[rows] >= 0]]] = True
    failed[workload.trial[line.outcome == Outcome.LAPSED]] = True
    return failed
