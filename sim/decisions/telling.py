"""The story of one trial: when each of its tasks was ready, began and ended, who was waited for, and what they had.

`tell` plays one replication of a scenario and gives a `Told`: a `Step` for each task of the trial and of the site that
reached the goal first, in days since the goal's first event, with its wait by kind (`sim.analysis.waits`), the kind of
pool that was waited for, and the classes of trials that those at work had in hand meanwhile. `on_way` marks the steps
on the chain that ended last, with the days of each on it; these add up to the days of the goal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.attribution import bound, chains, reached_rows
from sim.analysis.events import NEVER, Played, decided, played
from sim.analysis.indicators import counted_for_goal
from sim.analysis.intervals import Float
from sim.analysis.timelines import StoryRow, TrialStory, day_zero, story, story_rows, typical_trial
from sim.analysis.waits import KINDS, held_by, kinds_of_wait, waits_since
from sim.decisions.explaining import works_with_goals
from sim.experiment.options import Options, options_of
from sim.experiment.replications import simulated
from sim.experiment.workers import Work
from sim.model.network import NONE
from sim.scenario.language.mistakes import did_you_mean
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.loading import Source
from sim.scenario.schema import Scenario
from sim.tables import Line, as_frame

if TYPE_CHECKING:
    import pandas as pd

TYPICAL = "typical"
"""The trial whose times are nearest to the medians."""


@dataclass(frozen=True, slots=True)
class Step:
    """One task of a trial."""

    row: StoryRow
    pool: str  # the kind that it asked, "" for nobody
    waits: dict[str, float]  # [d] by KINDS
    held: tuple[tuple[str, float], ...]  # class of trials, and days of people that were on them meanwhile; most first
    on_way: float = 0.0  # [d] on the chain from the goal's first event to its last; 0: not on it
    waited_on_way: float = 0.0  # [d] of these, waiting

    @property
    def wait(self) -> float:
        """How long it waited [d]."""
        return sum(self.waits.values())

    @property
    def work(self) -> float:
        """How long it took, once begun [d]."""
        return self.row.end - self.row.start


@dataclass(frozen=True)
class Told:
    """One trial under one scenario, in one replication."""

    work: Work
    replication: int
    trial: str
    began: datetime  # day 0: the goal's first event, else the arrival
    steps: tuple[Step, ...]  # in the order of time
    days: float | None  # [d] from the goal's first event to its last at the first site; None: not there by the horizon
    within: bool | None  # whether the goal was kept; None: not there
    story: TrialStory

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return self.work.scenario

    @property
    def way(self) -> tuple[Step, ...]:
        """The steps on the chain that ended last."""
        return tuple(each for each in self.steps if each.on_way > 0)

    @property
    def lines(self) -> list[Line]:
        """One line a step, for tables and programs; days since day 0."""
        return [
            {
                "scenario": self.work.name,
                "trial": self.trial,
                "replication": self.replication,
                "site": each.row.site,
                "stage": each.row.stage,
                "task": each.row.task,
                "round": each.row.round,
                "ready": each.row.ready,
                "start": each.row.start,
                "end": each.row.end,
                "pool": each.pool,
                **each.waits,
                "held_by": " ".join(name for name, _ in each.held),
                "on_way": each.on_way,
                "waited_on_way": each.waited_on_way,
            }
            for each in self.steps
        ]

    @property
    def frame(self) -> pd.DataFrame:
        """The lines as a pandas frame."""
        return as_frame(self.lines)


def tell(
    scenarios: Sequence[Source] | Source, trial: str, options: Options | None = None, **named: Any
) -> tuple[Told, ...]:
    """The story of one trial under each scenario, with the same luck.

    Parameters
    ----------
    trial
        The label of a trial, as event logs have it, in replication 0; "LABEL@N" in replication N; "typical" for the one
        whose times are nearest to the medians under the first scenario.
    options, named
        As for `sim.explain`; the seed, the engine and changes count.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read or built.
    ValueError
        If a scenario has no goal, or there is no such trial.
    """
    label, _, number = trial.partition("@")
    if number and not number.isdecimal():
        raise ValueError(f"trial: must be LABEL or LABEL@N, N a replication from 0, got {trial!r}")
    found: list[Told] = []
    for work in works_with_goals(scenarios, options_of(options, named)):
        found.append(_told(work, int(number or 0), found[0].trial if found and label == TYPICAL else label))
    return tuple(found)


def _told(work: Work, number: int, label: str) -> Told:
    replication, timelines = simulated(work, number)
    run, labels = played(work.plan, replication, timelines), replication.trials.label
    index = typical_trial(work.plan, replication, timelines) if label == TYPICAL else None
    if index is None and label == TYPICAL:
        raise ValueError(f"trial: none of {work.name} reaches the goal in replication {number}; name one instead")
    if index is None and label not in labels:
        raise ValueError(
            f"trial: there is no {label!r} in replication {number} of {work.name}; {did_you_mean(label, labels)}"
        )
    trial = labels.index(label) if index is None else index
    days, within, way = _goal(run, trial)
    return Told(
        work,
        number,
        labels[trial],
        datetime.combine(work.plan.network.origin, datetime.min.time()) + timedelta(minutes=day_zero(run, trial)),
        _steps(run, trial, way),
        days,
        within,
        story(work.plan, replication, timelines, trial),
    )


Way = dict[int, tuple[float, float]]
"""Rows on the way: the days of each on it, and those of them that it waited."""


def _goal(run: Played, trial: int) -> tuple[float | None, bool | None, Way]:
    """The days from the goal's first event to its last, whether they keep it, and the way between them."""
    goal = run.scenario.goal
    assert goal is not None  # nobody asks otherwise
    since, there = (decided(run, event, "trial") for event in (goal.from_, goal.to))
    if since.end[trial] >= NEVER or there.end[trial] >= NEVER:
        return None, None, {}
    days = float(there.end[trial] - since.end[trial]) / MINUTES_PER_DAY
    rows, begins = reached_rows(run, goal, "trial")
    place = np.flatnonzero(rows == there.row[trial])
    if not len(place):  # out of scope, or before or after the window
        return days, None, {}
    chain = chains(bound(run), run.timelines, rows[place], begins[place])
    days_of_rows = ((chain.lag + chain.wait + chain.work) / MINUTES_PER_DAY).tolist()
    spent = zip(days_of_rows, (chain.wait / MINUTES_PER_DAY).tolist(), strict=True)
    kept = counted_for_goal(run, since.end[[trial]], there.end[[trial]]) <= goal.within.value
    return days, bool(kept[0]), dict(zip(chain.row.tolist(), spent, strict=True))


def _steps(run: Played, trial: int, way: Way) -> tuple[Step, ...]:
    """Every task of the trial and its first site that took time, or lies on the way, in the order of time."""
    timelines, workload = run.timelines, run.replication.workload
    rows = np.union1d(story_rows(run, trial), np.array([*way], np.int64)).astype(np.int64)
    ready, start, end = (getattr(timelines, name)[rows] for name in ("ready", "start", "end"))
    rows = rows[np.lexsort((rows, end, start, ready))]
    rows = rows[(timelines.end[rows] > timelines.ready[rows]) | np.isin(rows, [*way])]
    waiting, classes = waits_since(timelines, rows, timelines.ready[rows]), run.replication.trials.trial_class
    kinds, held = (
        waiting.by_row(found, rows) / MINUTES_PER_DAY
        for found in (
            kinds_of_wait(run.network, workload, timelines, waiting),
            held_by(workload, timelines, waiting, classes[workload.trial]),
        )
    )
    zero = day_zero(run, trial)
    in_hand = (_held(run, each) for each in held)
    by_kind = (dict(zip(KINDS, each.tolist(), strict=True)) for each in kinds)
    return tuple(
        Step(_row(run, row, zero), _pool(run, row), of_kinds, of_classes, *way.get(row, ()))
        for row, of_kinds, of_classes in zip(rows.tolist(), by_kind, in_hand, strict=True)
    )


def _row(run: Played, row: int, zero: int) -> StoryRow:
    workload, network = run.replication.workload, run.network
    ready, start, end = (int(getattr(run.timelines, name)[row]) for name in ("ready", "start", "end"))
    site, task = int(workload.site[row]), int(workload.task[row])
    return StoryRow(
        network.stages[task],
        network.tasks[task],
        network.sites[site] if site != NONE else "",
        int(workload.round[row]),
        *((each - zero) / MINUTES_PER_DAY for each in (ready, start, end)),
    )


def _pool(run: Played, row: int) -> str:
    pool = int(run.replication.workload.pool[row])
    return "" if pool == NONE else run.network.pools[pool].kind or run.network.pools[pool].name


def _held(run: Played, days: Float) -> tuple[tuple[str, float], ...]:
    """The classes that those at work had in hand, the most first."""
    named = zip((each.name for each in run.scenario.classes), days.tolist(), strict=False)
    return tuple(sorted((each for each in named if each[1] > 0), key=lambda each: -each[1]))
