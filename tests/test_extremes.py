"""Extreme but legal scenarios: the numbers stay right, and the work grows with the rows and with nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from sim.analysis.indicators import measure
from sim.engine.simpy_engine import simulate
from sim.model.network import Timelines, Workload
from sim.model.plan import Plan
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.schema import Scenario
from tests.counted import calls
from tests.written import ends, scenario, unchecked

MORE = 2
"""How many times the calls of a normal scenario an extreme one may take for as many rows; none takes 1.4 today."""

NORMAL = """\
origin: 2025-01-01
windows: {warm_up: 100 d, observation: 400 d, follow_up: 100 d}
classes: [{name: trials, volume: 2 /d, sites: exactly 2}]
sites: [{name: a}, {name: b}, {name: c}]
pools: {desk: {units: 4, clock: working}, officers: {per: site, units: 3, clock: working}}
tasks:
  - {name: draft, pool: desk, work: {median: 3 h, p90: 9 h}}
  - {name: review, scope: site, starts: draft, pool: officers, work: {median: 3 h, p90: 9 h}}
  - {name: signed, scope: site, starts: review, work: exactly 2 d}
"""
DAYS = "windows: {warm_up: 100 d, observation: 400 d, follow_up: 100 d}"
SITES = "[{name: a}, {name: b}, {name: c}]"


def chain(tasks: int) -> str:
    """So many tasks, each of them after the one before."""
    return "".join(
        f"  - {{name: t{i}, work: exactly 1 h, starts: {f't{i - 1}' if i else 'arrived'}}}\n" for i in range(tasks)
    )


def web(tasks: int) -> str:
    """So many tasks, each of them after a few others."""
    names = [f"t{i}" for i in range(tasks)]
    starts = [
        ", ".join(dict.fromkeys((names[i // 2], names[i - 1], names[i // 3]))) if i else "arrived" for i in range(tasks)
    ]
    return "".join(f"  - {{name: {names[i]}, work: exactly 1 h, starts: [{starts[i]}]}}\n" for i in range(tasks))


def alone(tasks: str, day: str = "2025-01-06") -> str:
    """One trial, on a day."""
    return f"origin: 2025-01-01\n{DAYS}\nclasses: [{{name: trials, dates: [{day}]}}]\ntasks:\n{tasks}"


EXTREMES: Mapping[str, str] = {
    "one trial": NORMAL.replace("volume: 2 /d", "dates: [2025-01-06]"),
    "a thousand sites": NORMAL.replace(SITES, f"[{', '.join(f'{{name: s{i}}}' for i in range(1000))}]"),
    "work without time": NORMAL.replace("{median: 3 h, p90: 9 h}", "exactly 0 h").replace("exactly 2 d", "exactly 0 d"),
    "a pool of ten thousand": NORMAL.replace(
        "units: 4,", "units: 10000, leave: [{from: 08-01, to: 08-31, present: 90 %}],"
    ),
    "a pool of nobody": NORMAL.replace("units: 4,", "units: 0,"),
    "thirty years": NORMAL.replace(DAYS, "windows: {warm_up: 0 d, observation: 10958 d, follow_up: 0 d}").replace(
        "volume: 2 /d", "volume: 20 /year"
    ),
    "a thousand tasks in a row": alone(chain(1000)),
    "a web of a thousand tasks": alone(web(1000)),
    "a thousand rounds": NORMAL.replace("volume: 2 /d", "dates: [2025-01-06]").replace(
        "work: exactly 2 d", "rounds: exactly 1000"
    ),
    "far priorities": NORMAL.replace("sites: exactly 2", "sites: exactly 2, priority: -1000").replace(
        "starts: draft,", "starts: draft, priority: 1000,"
    ),
    "work of a million working days": NORMAL.replace("exactly 2 d", "exactly 1000000 wd"),
    "wild luck": NORMAL.replace("exactly 2 d", "{median: 0.001 d, p90: 1000000 d}"),
    "everything at once": NORMAL.replace("volume: 2 /d", f"dates: [{', '.join(['2025-01-06'] * 1200)}]"),
}


def clocked(name: str) -> Scenario:
    """An extreme scenario; thirty years are longer than public holidays are known."""
    written = EXTREMES.get(name, NORMAL)
    return unchecked(
        "clocks: {working: {kind: working, days: [mon, tue, wed, thu, fri], hours: ['09:00', '17:00']}}\n" + written,
        clocks=False,
    )


def played(written: Scenario) -> tuple[Workload, Timelines]:
    """A replication, and what happened; it is measured, too."""
    plan = Plan(written)
    replication = plan.replication(1, 0)
    timelines = simulate(plan.network, replication.workload)
    measure(plan, replication, timelines)
    return replication.workload, timelines


@cache
def normal() -> tuple[int, int]:
    """The rows of the normal scenario, and the calls that it takes, once everything is imported."""
    written = clocked("normal")
    workload, _ = played(written)
    return len(workload), calls(lambda: played(written))


@pytest.mark.parametrize("name", EXTREMES)
def test_an_extreme_scenario_neither_overflows_nor_crawls(name: str) -> None:
    """Every instant lies between the arrival and the horizon, and a row takes no more work than a few normal ones."""
    rows, work = normal()
    written = clocked(name)
    workload, timelines = played(written)
    assert calls(lambda: played(written)) < MORE * work * max(len(workload) / rows, 1)
    happened = timelines.end >= 0
    horizon = 600 * MINUTES_PER_DAY if name != "thirty years" else 10958 * MINUTES_PER_DAY
    assert (timelines.ready[happened] <= timelines.start[happened]).all()
    assert (timelines.start[happened] <= timelines.end[happened]).all()
    assert timelines.end.max() < horizon
    assert happened.any()
    assert min(workload.work.min(), workload.lag.min(initial=0)) >= 0


@pytest.mark.slow
@pytest.mark.parametrize("name", EXTREMES)
def test_the_engines_agree_on_what_is_extreme(name: str) -> None:
    """The compiled engine overflows nowhere either."""
    from sim.engine import compiled_engine

    plan = Plan(clocked(name))
    workload = plan.replication(1, 0).workload
    assert not simulate(plan.network, workload).differs_from(compiled_engine.simulate(plan.network, workload)).any()


def test_a_thousand_hours_in_a_row() -> None:
    """A chain of a thousand tasks of an hour ends 41 days and 16 hours later."""
    assert ends(clocked("a thousand tasks in a row"))["t999"] == ["Sun 16 Feb 2025 16:00"]


def test_a_web_is_as_long_as_its_longest_path() -> None:
    """Each task waits for the one before, whatever else it waits for."""
    assert ends(clocked("a web of a thousand tasks"))["t999"] == ["Sun 16 Feb 2025 16:00"]


def test_nobody_waits_for_ten_thousand_people() -> None:
    """A draft begins when it is ready and somebody works."""
    written = clocked("a pool of ten thousand")
    workload, timelines = played(written)
    draft = np.flatnonzero(workload.task == Plan(written).network.tasks.index("draft"))
    started = draft[timelines.start[draft] >= 0]
    office = Plan(written).network.clocks[1]
    assert len(started) > 1000
    assert [office.next_open(int(ready)) for ready in timelines.ready[started]] == timelines.start[started].tolist()


def test_work_without_time_ends_where_it_begins() -> None:
    """A trial that needs no time is through at the opening after it arrives."""
    _, timelines = played(clocked("work without time"))
    done = timelines.end >= 0
    assert (timelines.end[done] == timelines.start[done]).all()
    assert done.mean() > 0.99


def test_the_twenty_ninth_of_february_is_a_day() -> None:
    """One day after 28 February, one day before 1 March, an origin, a season and a holiday of its own."""
    leap = alone("  - {name: next, work: exactly 1 d}\n  - {name: year, work: exactly 366 d}\n", "2028-02-29").replace(
        "origin: 2025-01-01", "origin: 2028-02-28"
    )
    assert {name: ends(scenario(leap))[name] for name in ("arrived", "next", "year")} == {
        "arrived": ["Tue 29 Feb 2028 00:00"],
        "next": ["Wed 01 Mar 2028 00:00"],
        "year": ["Thu 01 Mar 2029 00:00"],
    }
    away = "pools: {desk: {units: 1, leave: [{from: 02-29, to: 02-29, present: 0 %}]}}\n" + alone(
        "  - {name: draft, pool: desk, work: exactly 1 h}\n", "2028-02-29"
    ).replace("origin: 2025-01-01", "origin: 2028-02-29")
    assert ends(scenario(away))["draft"] == ["Wed 01 Mar 2028 01:00"]
