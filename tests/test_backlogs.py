"""What lies in the queues at given instants: by hand, as the time average of pools, and where nothing waits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.backlogs import backlog
from sim.analysis.events import played
from sim.analysis.pools import pool_loads
from sim.engine.simpy_engine import simulate
from sim.experiment.groups import Queues, by_group
from sim.model.plan import Plan
from sim.report.groups import groups_text
from tests.written import CLOCKS, HEAD, scenario

DAY = 24 * 60

DESK = """
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 59 d, follow_up: 60 d}
goal: {from: arrived, to: done, within: 5 d, counted: calendar, prerequisites: [done]}
classes: [{name: files, dates: [2026-01-01, 2026-01-01, 2026-01-01, 2026-01-02]}]
pools: {desk: {units: 1}, idle: {units: 1}}
tasks:
  - {name: done, pool: desk, work: exactly 10 d}
  - {name: filed, starts: done, pool: idle, work: exactly 1 h}
indicators: [{name: t, from: arrived, to: done}]
"""


def test_files_wait_until_they_are_taken() -> None:
    """Three files on 1 January and one on the 2nd, ten days each: one is taken at once, the next after ten days."""
    plan = Plan(scenario(DESK))
    replication = plan.replication(1, 0)
    run = played(plan, replication, simulate(plan.network, replication.workload))
    found = backlog(run, np.array([0, 1, 5, 15, 25, 35]) * DAY)
    assert found.kinds == ("desk", "idle")
    assert found.waiting.tolist() == [[2, 3, 3, 2, 1, 0], [0, 0, 0, 0, 0, 0]]
    assert found.oldest.tolist() == [[0, 1, 5, 15, 24, 0], [0, 0, 0, 0, 0, 0]]


def test_their_average_over_time_is_the_backlog_of_the_pool() -> None:
    """Looked at every minute of six weeks, the mean number of files is that of the load."""
    plan = Plan(scenario(DESK.replace("59 d", "42 d")))
    replication = plan.replication(1, 0)
    run = played(plan, replication, simulate(plan.network, replication.workload))
    (load, _) = pool_loads(run)
    assert backlog(run, np.arange(0, 42 * DAY, 60)).waiting[0].mean() == pytest.approx(load.backlog, rel=1e-3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A desk at which fifteen files a month can be answered, and for three months twenty-seven arrive."""
    path = tmp_path / "x.yaml"
    many = ", ".join(f"2026-{month:02}-{day:02}" for month in (2, 3, 4) for day in range(1, 28))
    text = DESK.replace("59 d", "180 d").replace("60 d}", "600 d}").replace("exactly 10 d", "exactly 2 d")
    text = text.replace("[2026-01-01, 2026-01-01, 2026-01-01, 2026-01-02]", f"[{many}]")
    path.write_text(HEAD + CLOCKS + text, encoding="utf-8")
    return path


def test_a_queue_that_grows_is_said_with_its_day_and_its_end(file: Path) -> None:
    """Two days a file: by 1 May 81 have come and 45 are taken, by 30 June 75; it is highest at the end of April."""
    queues = by_group([file], "month", replications=3, jobs=1).queues["x"]
    assert queues.waiting[0, :, 0].tolist() == [0, 0, 13, 25, 36, 20, 6]
    assert queues.grows(0) and not queues.grows(1)
    assert f"{queues.days[queues.highest(0)]:%m-%d}" == "05-01"
    assert queues.back(0) is None
    assert "Files qui s'allongent" in groups_text(by_group([file], "month", replications=3, jobs=1), "fr")


def test_when_a_queue_is_back_where_it_began(file: Path) -> None:
    """With a year to look at, the first month after its highest in which no more lies there than at first."""
    longer = file.read_text(encoding="utf-8").replace("180 d", "365 d")
    file.write_text(longer, encoding="utf-8")
    queues: Queues = by_group([file], "quarter", replications=2, jobs=1).queues["x"]
    back = queues.back(0)
    assert back is not None and f"{queues.days[back]:%m-%d}" == "10-01"
