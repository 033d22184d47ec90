"""What happened, for people to read: the table of every task, and the story of one trial.

`frame` gives a pandas table with one line per task of every trial. A `TrialStory` is one trial as it is drawn: its
own tasks and those of the site that opened first, in days since the goal's first event (the authorisation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.attribution import binding_predecessors
from sim.analysis.events import NEVER, PATIENTS, Planned, Played, decided, played
from sim.analysis.groups import in_words
from sim.model.network import NONE, Int, Outcome, Timelines
from sim.model.trials import Replication
from sim.scenario.language.quantities import MINUTES_PER_DAY

if TYPE_CHECKING:
    import pandas as pd

FIRST_PATIENT = "first_patient_in"


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One task of a trial [d since the goal's first event]."""

    stage: str
    task: str
    site: str  # "" for a task of the whole trial
    round: int
    ready: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class TrialStory:
    """One trial: its own tasks that ended, those of its first site, and those of that site's first patient."""

    trial: str
    site: str  # the site that reached the goal first, "" if none did
    rows: tuple[StoryRow, ...]


def frame(plan: Planned, replication: Replication, timelines: Timelines, *, dates: bool = True) -> pd.DataFrame:
    """One line per task of every trial.

    Columns: replication, trial (its label), trial_class, in_scope, site, stage, task, round, pool, ready, start, end,
    wait_days and work_days [d], outcome, and each attribute of the trials with `attribute_` before its name. Instants
    are dates with hours, or minutes since the origin [min] if not `dates`; what has not happened is NaT, or NOT_YET.
    Who is interrupted waits until work goes on: those days are days of wait.
    Empty strings stand for "none".
    """
    import pandas as pd

    workload, network, trials = replication.workload, plan.network, replication.trials
    classes = [each.name for each in plan.scenario.classes]
    instants = {name: getattr(timelines, name) for name in ("ready", "start", "end")}
    breaks = timelines.in_breaks(np.arange(len(workload)))
    if dates:
        instants = {name: _dates(plan, at) for name, at in instants.items()}
    return pd.DataFrame(
        {
            "replication": np.full(len(workload), replication.number),
            "trial": _named(trials.label, workload.trial),
            "trial_class": _named(tuple(classes), trials.trial_class[workload.trial]),
            "in_scope": trials.in_scope[workload.trial],
            "site": _named(network.sites, workload.site),
            "stage": _named(network.stages, workload.task),
            "task": _named(network.tasks, workload.task),
            "round": workload.round,
            "pool": _named(tuple(pool.name for pool in network.pools), workload.pool),
            **instants,
            "wait_days": _days_between(timelines.ready, timelines.start + breaks),
            "work_days": _days_between(timelines.start + breaks, timelines.end),
            "outcome": _named(tuple(outcome.name.lower() for outcome in Outcome), timelines.outcome),
            **{
                f"attribute_{name}": pd.Categorical(in_words(list(values)))[workload.trial]
                for name, values in trials.attributes.items()
            },
        }
    )


def typical_trial(plan: Planned, replication: Replication, timelines: Timelines) -> int | None:
    """The trial whose indicators are nearest to the medians of the trials that count; None if none does.

    Near is the sum, over the indicators at trial level, of the distance in interquartile ranges.
    """
    run = played(plan, replication, timelines)
    spans = [_spans(run, each.from_, each.to) for each in plan.scenario.indicators if "trial" in each.levels]
    candidates = np.flatnonzero(_reaches_goal(run))
    if not len(candidates):
        return None
    far = np.zeros(len(candidates))
    for span in spans:
        q1, median, q3 = np.quantile(span[candidates], (0.25, 0.5, 0.75), method="inverted_cdf")
        if median < np.inf:
            scale = q3 - q1 if 0 < q3 - q1 < np.inf else 1.0
            far += np.minimum(np.abs(span[candidates] - median) / scale, len(candidates))
    return int(candidates[np.argmin(far)])


def story(plan: Planned, replication: Replication, timelines: Timelines, trial: int) -> TrialStory:
    """The tasks of `trial` (an index) that ended, in days since the goal's first event, or since its arrival."""
    run = played(plan, replication, timelines)
    workload, network = replication.workload, plan.network
    site, zero, rows = _first_site(run, trial), day_zero(run, trial), story_rows(run, trial)
    days = np.stack([timelines.ready[rows], timelines.start[rows], timelines.end[rows]], axis=1) - zero
    return TrialStory(
        replication.trials.label[trial],
        network.sites[site] if site != NONE else "",
        tuple(
            StoryRow(
                network.stages[workload.task[row]],
                network.tasks[workload.task[row]],
                network.sites[site] if workload.site[row] != NONE else "",
                int(workload.round[row]),
                *times,
            )
            for row, times in zip(rows, (days / MINUTES_PER_DAY).tolist(), strict=True)
        ),
    )


def story_rows(run: Played, trial: int) -> Int:
    """The rows of a story: those of `trial` (an index) and of its first site that ended and were not waived."""
    workload, timelines, site = run.replication.workload, run.timelines, _first_site(run, trial)
    mine = (workload.trial == trial) & np.isin(workload.site, (NONE, site)) & (timelines.end >= 0)
    return np.flatnonzero(mine & (timelines.outcome != Outcome.WAIVED) & _first_patient(run, trial, site))


def day_zero(run: Played, trial: int) -> int:
    """Day 0 of a story [min]: the goal's first event, or the trial's arrival."""
    arrival = int(run.replication.trials.arrival[trial])
    if run.scenario.goal is None:
        return arrival
    begin = int(decided(run, run.scenario.goal.from_, "trial").end[trial])
    return begin if begin < NEVER else arrival


def _reaches_goal(run: Played) -> NDArray[np.bool_]:
    """(trials) In scope, the goal's first event in the window, and the second one there; without a goal, in scope."""
    goal = run.scenario.goal
    if goal is None:
        return run.scope("trial")
    begin = decided(run, goal.from_, "trial").end
    opens, closes = run.window
    there = decided(run, goal.to, "trial").end < NEVER
    return np.asarray(run.scope("trial") & there & (opens <= begin) & (begin < closes))


def _spans(run: Played, begin: str, end: str) -> NDArray[np.float64]:
    """(trials) Days between two events, inf where one is not there."""
    first, last = (decided(run, event, "trial").end for event in (begin, end))
    return np.where((first < NEVER) & (last < NEVER), (last - first) / MINUTES_PER_DAY, np.inf)


def _first_site(run: Played, trial: int) -> int:
    """The site that reached the goal first; without a goal the first in the table; NONE if there is none."""
    if run.scenario.goal is None:
        places = np.flatnonzero(run.place_trial == trial)
        return int(run.place_site[places[0]]) if len(places) else NONE
    row = decided(run, run.scenario.goal.to, "trial").row[trial]
    return int(run.replication.workload.site[row]) if row != NONE and run.timelines.end[row] >= 0 else NONE


def _first_patient(run: Played, trial: int, site: int) -> NDArray[np.bool_]:
    """(rows) False for the candidates of a place other than the one who was included first."""
    workload = run.replication.workload
    patients = np.array([stage == PATIENTS for stage in run.network.stages])[workload.task] & (workload.site != NONE)
    others = np.asarray(~patients)
    if FIRST_PATIENT not in run.network.tasks:
        return others
    milestone = workload.task == run.network.tasks.index(FIRST_PATIENT)
    included = np.flatnonzero(
        milestone & (workload.trial == trial) & (workload.site == site) & (run.timelines.end >= 0)
    )
    if not len(included):
        return others
    only = np.arange(len(run.replication.trials)) == trial
    first = binding_predecessors(run.network, workload, run.timelines, only)[included[0]]
    return np.asarray(others | milestone | (workload.round == workload.round[first]))


def _dates(plan: Planned, at: Int) -> NDArray[np.datetime64]:
    instants = np.datetime64(plan.network.origin, "m") + at.astype("timedelta64[m]")
    return np.where(at < 0, np.datetime64("NaT"), instants).astype("datetime64[s]")


def _days_between(first: Int, last: Int) -> NDArray[np.float64]:
    return np.where((first < 0) | (last < 0), np.nan, (last - first) / MINUTES_PER_DAY)


def _named(names: tuple[str, ...], index: Int) -> pd.Categorical | NDArray[np.object_]:
    """The name at each index, "" for NONE, as a category: a table of a hundred thousand lines stays small."""
    import pandas as pd

    labels = {name: place for place, name in enumerate(dict.fromkeys((*names, "")))}
    place = np.array([labels[name] for name in (*names, "")])
    return pd.Categorical.from_codes(place[index], categories=list(labels))
