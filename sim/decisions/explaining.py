"""Where the days go, and who is waited for: one scenario, or the difference of two that adds up.

`explain` plays the replications of a scenario (or of two, on the same trials with the same luck) and gives an
`Explanation`: for each task the mean days of lag, of work and of each kind of wait on the way from the goal's first
event to its last, with intervals over replications. What is on the chain was `binding`; its `criticality` is how often;
its `margin` is what could be gained at most. None of these is a cause: what a change brings, a run of it says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from sim.analysis.events import played
from sim.analysis.explained import PARTS, Explained, Margin, explained, kinds_of_pool
from sim.analysis.intervals import Float, interval
from sim.decisions.ledger import Amount
from sim.experiment.gathering import Progress
from sim.experiment.options import Options, options_of
from sim.experiment.replications import simulated
from sim.experiment.running import Interrupted, finishing, laid_out, named_scenarios
from sim.experiment.workers import Value, Work, computing, interleaved
from sim.scenario.loading import Source
from sim.tables import Line, as_frame

if TYPE_CHECKING:
    import pandas as pd

WAITS = PARTS[2:]


@dataclass(frozen=True, slots=True)
class Row:
    """One task on the way: mean days a trial in all and of each part, and how often it is on the way."""

    task: str
    stage: str
    days: Amount
    parts: dict[str, float]  # by PARTS [d]
    critical: Amount  # a share of trials


@dataclass(frozen=True, slots=True)
class Waited:
    """One kind of pool: mean days a trial on the way that it is waited for, of each kind of wait, and how often."""

    pool: str
    days: Amount
    parts: dict[str, float]  # by WAITS [d]
    critical: Amount  # a share of trials


@dataclass(frozen=True)
class Explanation:
    """One scenario, explained over its replications."""

    work: Work
    replications: tuple[Explained, ...]
    pools: tuple[str, ...]  # kinds

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The tasks on the way, those with the most days first."""
        days, critical = self._stacked("days"), self._stacked("critical")
        totals, network = days.sum(axis=2), self.work.plan.network
        found = []
        for place in np.argsort(-totals.mean(axis=0), kind="stable").tolist():
            if totals[:, place].any():
                parts = dict(zip(PARTS, days[:, place].mean(axis=0).tolist(), strict=True))
                amounts = (amount_of(each[:, place]) for each in (totals, critical))
                of_days, of_critical = amounts
                of_critical = of_critical.as_share
                found.append(Row(network.tasks[place], network.stages[place], of_days, parts, of_critical))
        return tuple(found)

    @cached_property
    def total(self) -> Amount:
        """Mean days a trial from the goal's first event to its last: the sum of those of the rows."""
        return amount_of(self._stacked("days").sum(axis=(1, 2)))

    @cached_property
    def waits(self) -> tuple[Waited, ...]:
        """The kinds of pool that are waited for on the way, those with the most days first."""
        days, trials = self._stacked("waited"), self._stacked("waiting")
        found = []
        for place, pool in enumerate(self.pools):
            if (of_pool := days[:, place].sum(axis=1)).any():
                parts = dict(zip(WAITS, days[:, place].mean(axis=0).tolist(), strict=True))
                found.append(Waited(pool, amount_of(of_pool), parts, amount_of(trials[:, place]).as_share))
        return tuple(sorted(found, key=lambda each: -each.days.value))

    @cached_property
    def held(self) -> tuple[tuple[str, str, float], ...]:
        """Kind of pool, class of trials, and the days a trial [d] that was waited while the pool had these in hand."""
        mean = self._stacked("held").mean(axis=0)
        classes = [each.name for each in self.work.scenario.classes]
        found = [
            (pool, name, float(mean[i, j]))
            for i, pool in enumerate(self.pools)
            for j, name in enumerate(classes)
            if mean[i, j] > 0
        ]
        return tuple(sorted(found, key=lambda each: -each[2]))

    @cached_property
    def margins(self) -> tuple[Margin, ...]:
        """Prerequisites, and pairs that unlock more than both apart, means over replications; the most first."""
        tables = [{each.prerequisites: each for each in one.margins} for one in self.replications if one.margins]
        names = dict.fromkeys(name for table in tables for name in table)
        found = {name: _mean_margin(name, [table[name] for table in tables if name in table]) for name in names}
        telling = [each for each in found.values() if _tells(each, found)]
        return tuple(sorted(telling, key=lambda each: (-each.unlocks, -each.days)))

    @property
    def lines(self) -> list[Line]:
        """Each task: mean days a trial with their interval, what they are made of, and how often it is on the way."""
        return [
            {
                "scenario": self.work.name,
                "stage": row.stage,
                "task": row.task,
                **row.days.line,
                **row.parts,
                **row.critical.columns("critical"),
            }
            for row in self.rows
        ]

    @property
    def frame(self) -> pd.DataFrame:
        """The lines as a pandas frame."""
        return as_frame(self.lines)

    @property
    def trials(self) -> int:
        """How many reach the goal, in all replications."""
        return sum(each.trials for each in self.replications)

    def _stacked(self, name: str) -> Float:
        """Something of the replications in which a trial reaches the goal; of all, if none does."""
        telling = [each for each in self.replications if each.trials]
        return np.stack([getattr(each, name) for each in telling or self.replications])


@dataclass(frozen=True, slots=True)
class Moved:
    """One task on the way in two scenarios: mean days a trial before, after, and the difference with its interval."""

    task: str
    stage: str
    before: float
    after: float
    difference: Amount


def moved(a: Explanation, b: Explanation) -> tuple[Moved, ...]:
    """The tasks whose days differ, the largest difference first; the differences add up to that of the totals."""
    both = [bool(one.trials and other.trials) for one, other in zip(a.replications, b.replications, strict=True)]
    days = [_by_task(each, both) for each in (a, b)]
    stages = {
        task: stage
        for each in (b, a)
        for task, stage in zip(each.work.plan.network.tasks, each.work.plan.network.stages, strict=True)
    }
    nothing = np.zeros(sum(both))
    found = []
    for task, stage in stages.items():
        before, after = (each.get(task, nothing) for each in days)
        if (before != after).any():
            found.append(Moved(task, stage, float(before.mean()), float(after.mean()), amount_of(after - before)))
    return tuple(sorted(found, key=lambda each: -abs(each.difference.value)))


def explain(
    scenarios: Sequence[Source] | Source,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    **named: Any,
) -> tuple[Explanation, ...]:
    """Explain scenarios, each with a goal, on the same trials with the same luck.

    Parameters
    ----------
    options, progress, named
        As for `sim.compare`.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read or built.
    ValueError
        If a scenario has no goal, or an option makes no sense.
    Interrupted
        On Ctrl-C, with the explanations over the replications that are finished.
    """
    how = options_of(options, named)
    works = works_with_goals(scenarios, how)
    with finishing(lambda found: _explanations(works, found)):
        return _explanations(works, gathered(explained_of, works, how, progress))


def works_with_goals(scenarios: Sequence[Source] | Source, how: Options) -> tuple[Work, ...]:
    """Scenarios laid out to be explained. Raises ScenarioError, or ValueError if one has no goal."""
    given = [scenarios] if isinstance(scenarios, Source) else scenarios
    works = laid_out(named_scenarios(given, how.changes), how).works
    for work in works:
        if work.scenario.goal is None:
            raise ValueError(f"{work.name}: goal: must be there to be explained, got none; add one")
    return works


def gathered(
    wanted: Callable[[Work, int], Value], works: Sequence[Work], how: Options, progress: Progress | None
) -> list[list[Value]]:
    """What is wanted of each replication of each work, in their order.

    Raises
    ------
    Interrupted
        On Ctrl-C, with the same of the first replications, those that every work has.
    """
    found: list[dict[int, Value]] = [{} for _ in works]
    try:
        with computing(how.executor, how.jobs) as computer:
            batches = interleaved([[*range(how.most)] for _ in works], computer.workers)
            for batch, values in computer.compute(wanted, works, batches):
                found[batch.work].update(zip(batch.numbers, values, strict=True))
                if progress is not None:
                    progress(sum(map(len, found)), how.most * len(works), {})
    except KeyboardInterrupt:
        missing = (next((number for number in range(how.most) if number not in of), how.most) for of in found)
        done = min(missing)
        raise Interrupted([[of[number] for number in range(done)] for of in found] if done else None) from None
    return [[of[number] for number in range(how.most)] for of in found]


def explained_of(work: Work, number: int) -> Explained:
    """Replication `number` of a scenario, explained."""
    return explained(played(work.plan, *simulated(work, number)))


def _explanations(works: Sequence[Work], found: Sequence[Sequence[Explained]]) -> tuple[Explanation, ...]:
    return tuple(
        Explanation(work, tuple(of), kinds_of_pool(work.plan.network)) for work, of in zip(works, found, strict=True)
    )


def _by_task(found: Explanation, which: Sequence[bool]) -> dict[str, Float]:
    """Days a trial of each task, by replication, in some of them."""
    chosen = [each.days.sum(axis=1) for each, told in zip(found.replications, which, strict=True) if told]
    totals = np.reshape(np.array(chosen), (len(chosen), len(found.work.plan.network.tasks)))
    return {task: totals[:, place] for place, task in enumerate(found.work.plan.network.tasks)}


def _tells(margin: Margin, found: Mapping[tuple[str, ...], Margin]) -> bool:
    """Whether it says something: one that bound at all, or two that unlock more together than one by one."""
    if len(margin.prerequisites) == 1:
        return margin.last > 0
    return margin.unlocks > sum(found[name,].unlocks for name in margin.prerequisites) + 1e-12


def _mean_margin(names: tuple[str, ...], several: Sequence[Margin]) -> Margin:
    means = (float(np.mean([getattr(each, part) for each in several])) for part in ("days", "unlocks", "last"))
    return Margin(names, *means)


def amount_of(values: ArrayLike) -> Amount:
    """The mean of one number a replication, with its Student t interval."""
    return Amount(*map(float, interval(values)))
