"""From one replication to its numbers: every indicator of the scenario, the load of its pools, and what bound the goal.

`measure` gives a `Measures`, small and frozen, so that thousands travel between processes; `Times` in it are one
indicator at one level: how long every trial took.

What counts. The trials (or places) in scope whose `from` event falls inside the observation window, and that need the
`to` event at all. Days are the difference between two instants [d]; a goal is kept by dates: on the calendar if the
day number of `to` minus that of `from` is at most N; in working days if at most N of them lie after the date of `from`
up to and with the date of `to`. Of a trial that is not there by the horizon it is known how long it was followed.
Not needed, not yet and never (the application has ended, or the search) are three things, and counted apart.

The price of negotiating early: contract work on applications that fail, and contracts that are opened again.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from sim.analysis.attribution import Attribution, Binding, binding_shares, bound, explain_played
from sim.analysis.events import NEVER, Bool, Level, Planned, Played, decided, may_come, played
from sim.analysis.laws import EVERY, Laws, broken
from sim.analysis.overlaps import open_time
from sim.analysis.pools import PoolLoad, pool_loads
from sim.model.clocks import clock_index
from sim.model.network import NONE, Int, Timelines
from sim.model.trials import Replication
from sim.scenario.checks.ignored import working_clocks
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.schema import STATISTICS, Goal, Indicator, Scenario

SHARE = "share_within_goal"
"""The statistic that is a share: of those that are there within the days of the goal."""

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Times:
    """One indicator at one level in one replication: how long each of the u trials (or places) that count took.

    A trial that is not there took longer than it was followed, which is what stands in its place.
    """

    name: str
    level: Level
    days: Float  # (u) elapsed [d], increasing
    counted: Float  # (u) days as the goal counts them
    there: Bool  # (u)
    open: Bool  # (u) it is there or may still come; False: never, its application or its search has ended
    not_needed: int  # trials that have no such event, which do not count
    within: float  # days of the goal, as `counted`; nan: they say nothing about this indicator
    followed: float  # [d] the longest that anybody is followed
    followed_counted: float  # the same, as `counted`
    statistics: tuple[str, ...]  # what is said about it

    @property
    def trials(self) -> int:
        """Trials that count."""
        return len(self.days)

    @property
    def not_yet(self) -> int:
        """Trials that were not there by the horizon, and may come."""
        return int((~self.there & self.open).sum())

    @property
    def never(self) -> int:
        """Trials that cannot come any more."""
        return int((~self.open).sum())


@dataclass(frozen=True, slots=True)
class Measures:
    """The numbers of one replication."""

    replication: int
    indicators: tuple[Times, ...]
    pools: tuple[PoolLoad, ...]
    binding: tuple[Binding, ...]
    attribution: Attribution | None  # None without a goal
    wasted_contract_days: float  # [d per 100 trials in scope submitted in the window]; nan: nothing is submitted
    wasted_setup_days: float  # the same of the work of the set-up
    laws: Laws | None = None  # how many rows and pools break a law; None: not looked at in this replication


@dataclass(frozen=True, slots=True)
class _Spells:
    """The u units that count: when they began and ended [min], and what is subtracted."""

    begin: Int
    end: Int  # NEVER
    less: Int
    open: Bool  # the end may still come
    not_needed: int  # units without such an end, which do not count


def measure(plan: Planned, replication: Replication, timelines: Timelines) -> Measures:
    """The numbers of one replication of `plan`.

    Raises
    ------
    ValueError
        If an indicator or the goal names an event that is no task of the scenario.
    """
    run = played(plan, replication, timelines)
    binding = bound(run) if plan.scenario.goal is not None else None
    loads = pool_loads(run)
    return Measures(
        replication=replication.number,
        indicators=tuple(times(run, each, level) for each in run.scenario.indicators for level in each.levels),
        pools=loads,
        binding=binding_shares(run, binding) if binding is not None else (),
        attribution=explain_played(run, binding) if binding is not None else None,
        wasted_contract_days=wasted_days(run, "contracting"),
        wasted_setup_days=wasted_days(run, "site_setup"),
        laws=broken(run, loads) if replication.number % EVERY == 0 else None,
    )


def times(run: Played, indicator: Indicator, level: Level) -> Times:
    """One indicator at one level, of the trials (or places) in scope."""
    spells = _spells(run, indicator, level)
    there = spells.end < NEVER
    days, counted = _days(run, indicator, spells), _counted_days(run, indicator, spells)
    order = np.lexsort((~there, days))
    return Times(
        indicator.name,
        level,
        days[order],
        counted[order],
        there[order],
        (there | spells.open)[order],
        spells.not_needed,
        run.scenario.goal.within.value if promised(run.scenario.goal, indicator) else nan,
        (run.network.horizon - run.window[0]) / MINUTES_PER_DAY,
        _followed(run, indicator),
        statistics_of(run.scenario, indicator),
    )


def _spells(run: Played, indicator: Indicator, level: Level) -> _Spells:
    since, there = decided(run, indicator.from_, level), decided(run, indicator.to, level)
    begin, end, (opens, closes) = since.end, there.end, run.window
    counts = run.scope(level) & (opens <= begin) & (begin < closes)
    if level == "trial" and (since.at_sites or there.at_sites):
        counts &= np.bincount(run.place_trial, run.place_in_scope, len(counts)) > 0
    needed = (there.row != NONE) | (indicator.to in run.patients)
    not_needed, counts = int((counts & ~needed).sum()), counts & needed
    begin, end, still = begin[counts], end[counts], may_come(run, indicator.to, level)[counts]
    until = np.minimum(end, run.network.horizon)
    less = open_time(run, indicator.less, level, np.flatnonzero(counts), (begin, until))
    return _Spells(begin, end, less, still, not_needed)


def _days(run: Played, indicator: Indicator, spells: _Spells) -> Float:
    """Elapsed days [d], up to the horizon where the end is not there."""
    until = np.minimum(spells.end, run.network.horizon)
    days = np.asarray((until - spells.begin - spells.less) / MINUTES_PER_DAY, np.float64)
    return np.maximum(days, 0.0) if indicator.only_after else days


def _counted_days(run: Played, indicator: Indicator, spells: _Spells) -> Float:
    """Days as the goal counts them; where the end is not there, up to the last whole day before the horizon."""
    last = run.network.horizon // MINUTES_PER_DAY - 1
    until = np.where(spells.end < NEVER, spells.end // MINUTES_PER_DAY, last)
    return _count(run, indicator, spells.begin // MINUTES_PER_DAY, until, spells.less / MINUTES_PER_DAY)


def counted_for_goal(run: Played, since: Int, until: Int) -> Float:
    """Days from instants to others [min], as the goal of the scenario counts them: by dates."""
    if run.scenario.goal is not None and run.scenario.goal.counted == "working":
        before = _working_days_before(run)
        return np.asarray(before[until // MINUTES_PER_DAY + 1] - before[since // MINUTES_PER_DAY + 1], np.float64)
    return np.asarray(until // MINUTES_PER_DAY - since // MINUTES_PER_DAY, np.float64)


def _count(run: Played, indicator: Indicator, since: Int, until: Int, less: Float) -> Float:
    """Days from one day to another, as the goal counts them."""
    if run.scenario.goal is not None and run.scenario.goal.counted == "working":
        before = _working_days_before(run)
        return np.asarray(before[until + 1] - before[since + 1], np.float64)
    days = until - since - less
    return np.asarray(np.maximum(days, 0.0) if indicator.only_after else days)


def _followed(run: Played, indicator: Indicator) -> float:
    """The longest that anybody is followed, in whole days as the goal counts them."""
    days = np.array([run.window[0], run.network.horizon]) // MINUTES_PER_DAY
    return float(_count(run, indicator, days[:1], days[1:] - 1, np.zeros(1))[0])


def statistics_of(scenario: Scenario, indicator: Indicator) -> tuple[str, ...]:
    """What is said about an indicator: the usual statistics, a share where one was promised, its own percentiles."""
    usual = STATISTICS if promised(scenario.goal, indicator) else tuple(each for each in STATISTICS if each != SHARE)
    return (*usual, *(each for each in indicator.statistics if each not in usual))


def promised(goal: Goal | None, indicator: Indicator) -> TypeGuard[Goal]:
    """Whether the goal's days say something about an indicator: it counts from the goal's first event."""
    return goal is not None and indicator.from_ == goal.from_ and not (indicator.only_after or indicator.less)


def _working_days_before(run: Played) -> Int:
    """(days + 1) The working days before each day, on the clock of the goal.

    Without a name it is the only one there is, or any of those that count alike: a scenario that leaves it open is
    refused when it is read.
    """
    goal, names = run.scenario.goal, working_clocks(run.scenario)
    named = goal.clock if goal is not None and goal.clock is not None else next(iter(names), None)
    if named is None:
        raise ValueError("goal.counted: 'working' needs to know the working days, got no clock; add one to clocks")
    next_working = run.network.clocks[clock_index(run.scenario)[named]].next_working
    is_working = next_working[:-1] == np.arange(len(next_working) - 1)
    return np.concatenate(([0], np.cumsum(is_working)))


SUBMITTED = "application_submitted"
FAILURES = ("refused", "withdrawn")
AGAIN = {
    "contracting": ("reopening_site_turn", "reopening_sponsor_turn"),
    "site_setup": ("pharmacy_again", "lab_again", "training_again"),
}
"""What questions of the authority that change the protocol make a stage do again."""


def wasted_days(run: Played, stage: str) -> float:
    """Days of work of a stage lost per 100 trials in scope submitted in the window [d]; nan where nothing is submitted.

    Lost is all work of the stage in trials that were refused, withdrawn or lapsed, and what is done again in any trial.
    Work is from start to end. Nan as well where the scenario has no such stage.
    """
    if SUBMITTED not in run.network.tasks or stage not in run.network.stages:
        return nan
    opens, closes = run.window
    submitted = decided(run, SUBMITTED, "trial").end
    counts = run.replication.trials.in_scope & (opens <= submitted) & (submitted < closes)
    if not counts.any():
        return nan
    return 100 * _lost_days(run, stage, counts) / int(counts.sum())


def _lost_days(run: Played, stage: str, counts: Bool) -> float:
    """Days of work of a stage [d] lost in the trials that count."""
    workload, line, network = run.replication.workload, run.timelines, run.network
    rows = run.rows_of(*(name for name, of in zip(network.tasks, network.stages, strict=True) if of == stage))
    rows = rows[counts[workload.trial[rows]] & (line.end[rows] >= 0)]
    again = np.array([name in AGAIN[stage] for name in network.tasks])
    lost = rows[again[workload.task[rows]] | _failed(run)[workload.trial[rows]]]
    return float((line.end[lost] - line.start[lost] - line.in_breaks(lost)).sum() / MINUTES_PER_DAY)


def _failed(run: Played) -> Bool:
    """(trials) Whether the application was refused, withdrawn or lapsed by the horizon."""
    workload, line = run.replication.workload, run.timelines
    rows = run.rows_of(*(name for name in FAILURES if name in run.network.tasks))
    failed = np.zeros(len(run.replication.trials), bool)
    failed[workload.trial[rows[line.end[rows] >= 0]]] = True
    failed[workload.trial[run.lapsed]] = True
    return failed
