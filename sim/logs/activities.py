"""The canonical event log: one line for each task of each trial that became ready, a replication at a time.

`activities` gives a pandas table for each replication, so that a log of any length is written in flat memory. A
replication is played again from its scenario, its seed and its number, which gives what was kept, to the minute, and
besides it what is kept nowhere: the attributes of the trial, the kind of wait and what the task waited for last.

Columns: scenario, replication, case (the trial in its replication), trial, class, in_scope, site, role, sponsor, stage,
task, scope (trial, site or patient), round (of a patient: its number), enabled, start, end (dates; NaT for not yet),
wait_days and work_days [d], wait_kind (the kind that most of the wait was of), off_duty_days, sitting_days,
overtaken_days and busy_days [d] (what the wait is made of: `sim.analysis.waits`), resource, outcome, activity (the name
of the line), binding_predecessor (that of the line it waited for last), draw_key (what its random numbers are drawn
by), and `trial.NAME` for each attribute of the trials.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.analysis.attribution import binding_predecessors
from sim.analysis.timelines import frame
from sim.analysis.waits import KINDS, kinds_of_wait, waits_since
from sim.experiment.replications import simulated
from sim.experiment.workers import Work
from sim.model.network import NONE, NOT_YET, Network, Timelines
from sim.model.people import sponsors
from sim.model.trials import Replication
from sim.scenario.language.quantities import MINUTES_PER_DAY

if TYPE_CHECKING:
    import pandas as pd

WAIVED = "waived"


class Played(Protocol):
    """A result: what was simulated, and how often."""

    @property
    def work(self) -> Work:
        """What was simulated."""

    @property
    def measures(self) -> Sequence[Any]:
        """One for each replication."""


def activities(results: Sequence[Played], replications: Sequence[int] | None = None) -> Iterator[pd.DataFrame]:
    """The table of each replication of each result; None for all replications."""
    for result in results:
        for number in range(len(result.measures)) if replications is None else replications:
            yield table(result.work, number, named=len(results) > 1)


def table(work: Work, number: int, *, named: bool = False) -> pd.DataFrame:
    """The lines of one replication; `named` puts the scenario into the names of cases."""
    replication, timelines = simulated(work, number)
    lines = frame(work.plan, replication, timelines)
    everyone = np.ones(len(replication.trials), bool)
    before = binding_predecessors(work.plan.network, replication.workload, timelines, everyone)
    names = _names(lines, f"{work.name}/" if named else "", number)
    lines = lines.rename(columns={"ready": "enabled", "pool": "resource", "trial_class": "class"})
    lines.insert(0, "scenario", work.name)
    lines["case"] = names[0]
    lines["activity"] = names[1]
    lines["binding_predecessor"] = np.where(before == NONE, "", names[1][before])
    lines["draw_key"] = [f"{work.seed}/{name}" for name in names[1]]
    lines["role"], lines["sponsor"] = _role(replication), _sponsor(work, replication)
    scopes = {name: each.scope for each in work.plan.process.tasks for name, _ in each.steps}
    lines["scope"] = lines["task"].map(scopes)
    for name, values in _kinds(work.plan.network, replication, timelines).items():
        lines[name] = values
    trial = replication.workload.trial
    for name, values in replication.trials.attributes.items():
        lines[f"trial.{name}"] = values[trial]
    happened = (timelines.ready >= 0) & (lines["outcome"] != WAIVED).to_numpy()
    return lines.loc[happened, _ordered(lines.columns)].reset_index(drop=True)


_FIRST = (
    *("scenario", "replication", "case", "trial", "class", "in_scope", "site", "role", "sponsor"),
    *("stage", "task", "scope", "round"),
    *("enabled", "start", "end", "wait_days", "work_days", "wait_kind", *(f"{kind}_days" for kind in KINDS)),
    *("resource", "outcome"),
    *("activity", "binding_predecessor", "draw_key"),
)


def _ordered(columns: Any) -> list[str]:
    return [*_FIRST, *(name for name in columns if name.startswith("trial."))]


def _names(lines: pd.DataFrame, prefix: str, number: int) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """(n) each: the name of the case, and that of the line."""
    head = f"{prefix}r{number:03d}/"
    cases = [f"{head}{trial}" for trial in lines["trial"]]
    columns = zip(cases, lines["site"], lines["task"], lines["round"], strict=True)
    own = [f"{case}/{site}/{task}/{turn}" if site else f"{case}/{task}/{turn}" for case, site, task, turn in columns]
    return np.array(cases, object), np.array(own, object)


def _role(replication: Replication) -> NDArray[np.str_]:
    workload = replication.workload
    coordinating = replication.trials.coordinating[workload.trial] == workload.site
    return np.where(workload.site == NONE, "", np.where(coordinating, "coordinating", "associated"))


def _sponsor(work: Work, replication: Replication) -> NDArray[np.object_]:
    names = np.array([*(f"{kind}-{place + 1}" for place, kind in enumerate(sponsors(work.scenario))), ""], object)
    return np.asarray(names[replication.trials.sponsor[replication.workload.trial]])


def _kinds(network: Network, replication: Replication, timelines: Timelines) -> dict[str, Any]:
    """What each line waited for, most of the time, and the days of each kind [d]; nothing where it did not start."""
    import pandas as pd

    waited = (replication.workload.pool != NONE) & (timelines.start > timelines.ready) & (timelines.ready >= 0)
    waited[timelines.breaks[timelines.breaks[:, 2] != NOT_YET, 0]] = True
    rows = np.flatnonzero(waited)
    waiting = waits_since(timelines, rows, timelines.ready[rows])
    minutes = waiting.by_row(kinds_of_wait(network, replication.workload, timelines, waiting), rows)
    most, days = np.zeros(len(waited), np.int64), np.zeros((len(KINDS), len(waited)))
    most[rows], days[:, rows] = minutes.argmax(axis=1) + 1, minutes.T / MINUTES_PER_DAY
    days[:, timelines.start < 0] = np.nan
    kind = pd.Categorical.from_codes(most, categories=["", *KINDS])
    return {"wait_kind": kind, **{f"{name}_days": own for name, own in zip(KINDS, days, strict=True)}}
