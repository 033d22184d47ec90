"""The price of negotiating early: contract work on applications that fail, and contracts that are opened again."""

from __future__ import annotations

from math import nan

import numpy as np

from sim.analysis.events import Bool, Played, decided
from sim.model.network import Outcome
from sim.scenario.language.quantities import MINUTES_PER_DAY

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
