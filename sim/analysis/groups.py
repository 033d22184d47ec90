"""The goal by group: the same statistics for each month or quarter, class of trials, or value of an attribute.

A `Group` is the trials (or, for an attribute of sites, the places) that have one value, or none (`NONE_OF_THEM`);
`measure_groups` gives the indicators that count from the goal's first event for each of them, in one replication.

Months and quarters are those of the submission; a cohort is the trials whose clock of the goal starts in one quarter.
Which trials count is the same as for the whole, with one exception: by month or quarter, those that are submitted in
the observation window, so that a month is never told by the few of its trials that were authorised early.

By company, trials that a reference has, too, stand apart from those that are new: where volumes grow by thinned
arrivals, the first have the same luck in both, and what differs is what the others do to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import NEVER, Bool, Level, Planned, Played, decided, played
from sim.analysis.indicators import Times, promised, times
from sim.model.network import Int, Timelines
from sim.model.people import attributes_of
from sim.model.trials import Replication
from sim.scenario.language.mistakes import did_you_mean
from sim.scenario.language.quantities import MINUTES_PER_DAY, Span
from sim.scenario.schema import Indicator, Scenario, Windows

MONTH, QUARTER, COHORT = "month", "quarter", "cohort"
TIMES = (MONTH, QUARTER, COHORT)
"""Groups that follow each other in time."""

COMPANY, ANYWAY, NEW = "company", "anyway", "new"
"""Trials that the reference has, too, and those that it has not."""

SUBMITTED = ("application_submitted", "arrived")
"""The event whose month or quarter counts: the first of these that the scenario has."""

NONE_OF_THEM = ""
"""The group of the trials, or places, that do not have the attribute."""

SITE_TYPE = "site_type"
OUTSIDE = "\1"
"""No group: what is not counted at all."""

Names = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Group:
    """What one group of trials, or places, came to in one replication."""

    name: str
    times: tuple[Times, ...]


def measure_groups(
    plan: Planned, replication: Replication, timelines: Timelines, by: str, known: Mapping[str, Int] | None = None
) -> tuple[Group, ...]:
    """The indicators of each group that has any trial in scope, in the order of their names.

    Parameters
    ----------
    by
        "month" or "quarter" (of submission, such as 2026-08 or 2026-Q3), "cohort" (the quarter in which the clock of
        the goal starts), "company", "class", "site_type", or an attribute of trials or of sites.
    known
        The numbers of the trials of each class that the reference has, by company.

    Raises
    ------
    ValueError
        If no trial and no site has such an attribute, or there are cohorts without a goal.
    """
    run = played(plan, replication, timelines)
    level, names = _names(run, by, known)
    if by in (MONTH, QUARTER):
        run, names = _submitted_in_window(run, names)
    wanted = [each for each in counted(run.scenario) if level in each.levels]
    return tuple(
        Group(str(name), tuple(times(_only(run, level, names == name), each, level) for each in wanted))
        for name in np.unique(names[run.scope(level) & (names != OUTSIDE)])
    )


def counted(scenario: Scenario) -> tuple[Indicator, ...]:
    """The indicators that count from the goal's first event; all of them without a goal."""
    goal = scenario.goal
    return tuple(each for each in scenario.indicators if goal is None or promised(goal, each))


def _names(run: Played, by: str, known: Mapping[str, Int] | None) -> tuple[Level, Names]:
    """The level at which there are groups, and the group of each trial (t) or place (p)."""
    trials, sites = run.replication.trials, run.scenario.sites
    if by == COMPANY and known is not None:
        return "trial", _company(run.replication, known)
    if by in TIMES:
        return "trial", _periods(run, by)
    if by in trials.attributes:
        return "trial", in_words(list(trials.attributes[by]))
    of_sites = [{**attributes_of(run.scenario, site), SITE_TYPE: site.type} for site in sites]
    known_names = {*TIMES, COMPANY, *trials.attributes, *(name for each in of_sites for name in each)}
    if by not in known_names:
        raise ValueError(f"by: no trial and no site has an attribute {by!r}; {did_you_mean(by, sorted(known_names))}")
    return "site", in_words([each.get(by) for each in of_sites])[run.place_site]


def _company(replication: Replication, known: Mapping[str, Int]) -> Names:
    """(t) whether the reference has the trial, too."""
    trials = replication.trials
    there = np.zeros(len(trials), bool)
    for place, name in enumerate(trials.classes):
        there |= (trials.trial_class == place) & np.isin(trials.number, known.get(name, ()))
    return np.where(there, ANYWAY, NEW)


def _periods(run: Played, by: str) -> Names:
    """(t) the month, such as 2026-08, or the quarter, such as 2026-Q3; `OUTSIDE` for what has not come so far."""
    if by == COHORT and run.scenario.goal is None:
        raise ValueError("by: cohorts are those of a goal, got a scenario without; add one, or ask for quarter")
    goal = run.scenario.goal if by == COHORT else None
    event = goal.from_ if goal is not None else next(name for name in SUBMITTED if name in run.network.tasks)
    end = decided(run, event, "trial").end
    day = np.datetime64(run.scenario.origin, "D") + np.where(end < NEVER, end // MINUTES_PER_DAY, 0)
    month = day.astype("M8[M]")
    opens, closes = run.window
    counts = (opens <= end) & (end < closes) if by == COHORT else end < NEVER
    return np.where(counts, month.astype(str) if by == MONTH else _quarter(month), OUTSIDE)


def _quarter(month: NDArray[np.datetime64]) -> Names:
    since = month.astype(np.int64)  # months since 1970
    return np.char.add((1970 + since // 12).astype(str), np.char.add("-Q", (since % 12 // 3 + 1).astype(str)))


def ends_of_periods(scenario: Scenario, by: str) -> tuple[list[date], Int]:
    """When the observation begins and each of its months or quarters ends: the days, and the instants (i) [min]."""
    opens = scenario.origin + timedelta(scenario.windows.warm_up.days)
    closes = opens + timedelta(scenario.windows.observation.days)
    days = [opens]
    months = 1 if by == MONTH else 3
    while days[-1] < closes:
        number = days[-1].year * 12 + days[-1].month - 1
        number = (number // months + 1) * months
        days.append(min(date(number // 12, number % 12 + 1, 1), closes))
    return days, np.array([(day - scenario.origin).days * MINUTES_PER_DAY for day in days], np.int64)


def _submitted_in_window(run: Played, names: Names) -> tuple[Played, Names]:
    """The run with a window that leaves nothing out, and no group for what is submitted outside of its own."""
    event = next(name for name in SUBMITTED if name in run.network.tasks)
    opens, closes = run.window
    end = decided(run, event, "trial").end
    everything = Span(run.network.horizon / MINUTES_PER_DAY, "d")
    windows = Windows(warm_up=Span(0, "d"), observation=everything, follow_up=Span(0, "d"))
    everywhere = replace(run, scenario=run.scenario.model_copy(update={"windows": windows}))
    return everywhere, np.where((opens <= end) & (end < closes), names, OUTSIDE)


def _only(run: Played, level: Level, chosen: Bool) -> Played:
    """The run with nothing in scope but the chosen trials (t) or places (p)."""
    if level == "site":
        return replace(run, place_in_scope=run.place_in_scope & chosen)
    trials = replace(run.replication.trials, in_scope=run.replication.trials.in_scope & chosen)
    return replace(
        run,
        replication=replace(run.replication, trials=trials),
        place_in_scope=run.place_in_scope & chosen[run.place_trial],
    )


def in_words(values: Sequence[object]) -> Names:
    """Attributes as words, as a scenario writes them; "" where there is none."""
    return np.array([*_written(values)], dtype=np.str_)


def _written(values: Sequence[object]) -> Iterator[str]:
    for value in values:
        yield "" if value is None else str(value).lower() if isinstance(value, (bool, np.bool_)) else str(value)
