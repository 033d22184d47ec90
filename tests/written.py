"""Scenarios written in tests, and what happened in them in words: dates by task."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.engine.simpy_engine import simulate
from sim.model.network import NOT_YET
from sim.model.plan import Plan
from sim.scenario.language.mistakes import Mistake
from sim.scenario.language.tree import parse
from sim.scenario.loading import load
from sim.scenario.schema import Scenario

HEAD = """\
title: {en: Test, fr: Essai}
assumption: {range: fixed, why: made up for a test}
"""
CLOCKS = """\
clocks:
  working: {kind: working, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"], holidays: FR}
  statutory:
    kind: statutory
    days: [mon, tue, wed, thu, fri]
    holidays: FR
    stops: [{from: 12-22, to: 01-07}]
"""


def scenario(text: str, *, clocks: bool = True) -> Scenario:
    """The scenario of a text, with a title, an assumption and (unless told otherwise) the usual clocks before it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "test.yaml"
        path.write_text(HEAD + (CLOCKS if clocks else "") + text, encoding="utf-8")
        return load(path)


def unchecked(text: str, *, clocks: bool = True) -> Scenario:
    """The same of a text whose parts alone are right: what nobody would let in."""
    found: list[Mistake] = []
    tree = parse((HEAD + (CLOCKS if clocks else "") + text).encode(), "test.yaml", found)
    assert not found
    return Scenario.model_validate(tree.plain())


def ends(written: Scenario, *, seed: int = 1) -> dict[str, list[str]]:
    """When each task ended, row by row, in one replication: 'Fri 15 May 2026 23:59', or '-' where it did not."""
    plan = Plan(written)
    workload = plan.replication(seed, 0).workload
    timelines = simulate(plan.network, workload)
    happened: dict[str, list[str]] = {name: [] for name in plan.network.tasks}
    for task, end in zip(workload.task, timelines.end, strict=True):
        happened[plan.network.tasks[task]].append(_date(written, int(end)))
    return happened


def _date(written: Scenario, minute: int) -> str:
    if minute == NOT_YET:
        return "-"
    origin = datetime(written.origin.year, written.origin.month, written.origin.day)
    return f"{origin + timedelta(minutes=minute):%a %d %b %Y %H:%M}"
