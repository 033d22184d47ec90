"""Replications written out by hand: a few rows with their times in days, put into the arrays that analysis reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from sim.model.clocks import build_clocks
from sim.model.network import NONE, Network, Outcome, Pool, Timelines, Workload
from sim.model.trials import Replication, Trials
from sim.scenario.schema import Scenario

DAY = 1440


@dataclass(frozen=True)
class Row:
    """One task: times in days, None for what has not happened; `after` lists (place in the table, lag in days)."""

    trial: int
    site: int
    task: str
    ready: float | None
    start: float | None
    end: float | None
    round: int = 1
    after: tuple[tuple[int, float], ...] = ()
    pool: int = NONE
    outcome: Outcome = Outcome.DONE
    group: int = 0
    closes: int = NONE


@dataclass(frozen=True)
class HandPlan:
    """A plan without a builder."""

    scenario: Scenario
    network: Network


def scenario(**changes: Any) -> Scenario:
    """A scenario from Monday 5 January 2026 that is observed from day 10 to day 100 and followed to day 200."""
    written = {
        "title": {"en": "By hand", "fr": "À la main"},
        "origin": date(2026, 1, 5),
        "windows": {"warm_up": "10 d", "observation": "90 d", "follow_up": "100 d"},
        "goal": {
            "from": "authorised",
            "to": "site_activated",
            "within": "15 d",
            "counted": "calendar",
            "prerequisites": ["contract_executed", "pharmacy_ready"],
        },
        "clocks": {
            "office": {"kind": "working", "days": ["mon", "tue", "wed", "thu", "fri"], "hours": ["09:00", "17:00"]}
        },
        "classes": [{"name": "early", "volume": "10 /year"}],
        "indicators": [
            {"name": "readiness_time", "from": "authorised", "to": "site_activated", "levels": ["trial", "site"]}
        ],
    }
    return Scenario.model_validate(written | changes)


def replication(
    rows: Sequence[Row],
    stages: Mapping[str, str],
    *,
    sites: Sequence[str] = ("A", "B"),
    pools: Sequence[Pool] = (),
    site_in_scope: Sequence[bool] | None = None,
    out_of_scope: Sequence[int] = (),
    horizon: float = 200,
    number: int = 0,
    **changes: Any,
) -> tuple[HandPlan, Replication, Timelines]:
    """The plan, the replication and the timelines of `rows` (sorted as a workload is); `stages` gives all tasks."""
    written = scenario(**changes)
    tasks = tuple(stages)
    clocks = build_clocks(written, int(horizon) + 30)
    network = Network(
        written.origin, int(horizon * DAY), clocks, tuple(pools), tasks, tuple(stages.values()), tuple(sites)
    )
    column = {
        name: np.array([getattr(row, name) for row in rows], np.int64)
        for name in ("trial", "site", "round", "pool", "group", "closes")
    }
    n, trials = len(rows), max(row.trial for row in rows) + 1
    edges = sorted((before, row, lag) for row, each in enumerate(rows) for before, lag in each.after)
    nothing = np.full(n, NONE)
    workload = Workload(
        **column,
        task=np.array([tasks.index(row.task) for row in rows]),
        work=nothing,
        clock=np.zeros(n, np.int64),
        priority=np.zeros(n, np.int64),
        needs=np.array([len(row.after) for row in rows]),
        release=nothing,
        limit=nothing,
        limit_clock=nothing,
        limit_rule=nothing,
        limit_since=nothing,
        early=nothing,
        late=nothing,
        pick=np.full(n, 0.5),
        every=np.ones(n, bool),
        whole=np.arange(trials),
        drops=np.zeros(trials, bool),
        replaced_by=np.full(trials, NONE),
        first_within=np.zeros(trials + 1, np.int64),
        within=np.zeros(0, np.int64),
        first_edge=np.searchsorted([before for before, _, _ in edges], np.arange(n + 1)),
        successor=np.array([row for _, row, _ in edges], np.int64),
        lag=np.array([lag * DAY for _, _, lag in edges], np.int64),
        lag_clock=np.zeros(len(edges), np.int64),
        on_wait=np.zeros(n, bool),
        gives_back=np.full(n, NONE),
        first_also=np.zeros(n + 1, np.int64),
        also=np.zeros(0, np.int64),
    )
    timelines = Timelines(
        *(_minutes(rows, name) for name in ("ready", "start", "end")), np.array([row.outcome for row in rows], np.int64)
    )
    nobody = np.zeros(trials, np.int64)
    who = Trials(
        classes=("early",),
        trial_class=nobody,
        number=np.arange(1, trials + 1),
        arrival=nobody,
        coordinating=nobody,
        sponsor=nobody,
        in_scope=np.array([index not in out_of_scope for index in range(trials)]),
        attributes={},
    )
    in_scope = np.ones(len(sites), bool) if site_in_scope is None else np.array(site_in_scope)
    return HandPlan(written, network), Replication(number, who, workload, in_scope), timelines


def _minutes(rows: Sequence[Row], name: str) -> np.ndarray[Any, Any]:
    days = [getattr(row, name) for row in rows]
    return np.array([-1 if day is None else round(day * DAY) for day in days], np.int64)
