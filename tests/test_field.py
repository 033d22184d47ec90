"""What builders of such models ask for in public, in small: shifts, two people at once, patience; values by hand."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from sim.analysis.indicators import measure
from sim.engine.simpy_engine import simulate
from sim.model.network import NOT_YET, Outcome
from sim.model.plan import Plan
from tests.written import scenario

REPLICATIONS = 40
FILES = """\
origin: 2025-01-06
windows: {{warm_up: 0 d, observation: 28 d, follow_up: 30 d}}
clocks: {{office: {{kind: working, days: [mon, tue, wed, thu, fri], hours: {hours}}}}}
pools: {{nurse: {{units: 1}}, doctor: {{units: 1}}}}
classes: [{{name: files, volume: 5 /d}}]
tasks: [{{name: done, {how}, work: exactly 1 h}}]
indicators: [{{name: t, from: arrived, to: done}}]
"""


def times(hours: str, how: str) -> tuple[np.ndarray, np.ndarray]:
    """(replications) the mean hours from arrival to the end of the files of four weeks, and the share that gave up."""
    plan = Plan(scenario(FILES.format(hours=hours, how=how), clocks=False))
    means, gone = [], []
    for number in range(REPLICATIONS):
        workload = plan.replication(1, number).workload
        played = simulate(plan.network, workload)
        files = (workload.task == plan.network.tasks.index("done")) & (played.ready >= 0) & (played.ready < 28 * 1440)
        done = files & (played.outcome == Outcome.DONE)
        assert (played.end[files] != NOT_YET).all()
        means.append((played.end - played.ready)[done].mean() / 60)
        gone.append(1 - done.sum() / files.sum())
    return np.array(means), np.array(gone)


def agrees(found: np.ndarray, expected: float) -> bool:
    """Whether the mean of replications is within four standard errors of a number."""
    return bool(abs(found.mean() - expected) < 4 * found.std(ddof=1) / len(found) ** 0.5)


def test_a_lunch_break() -> None:
    """A file takes an open hour, whenever it comes; the hours of a week by hand.

    On each of five days six hours without a break ahead (1 h), the last of the morning (2 h), the lunch (1.5 h on
    average); the last hour of the afternoon 16 h, on Friday 64 h; four nights of 15 h (8.5 h), a week-end of 63 h
    (32.5 h): 2,733 h in 168 h.
    """
    week = 5 * (6 * 1 + 2 + 1.5) + 4 * 16 + 64 + 4 * 15 * 8.5 + 63 * 32.5
    found, _ = times('["08:00", "12:00", "13:00", "17:00"]', "clock: office")
    assert week / 168 == pytest.approx(16.268, abs=1e-3)
    assert agrees(found, week / 168)
    assert not agrees(found, 1.1 * week / 168)


def test_a_night_shift() -> None:
    """From ten to six: seven hours of a night (1 h), its last hour 17 h, on Saturday 65 h, and the days between."""
    week = 5 * 7 * 1 + 4 * 17 + 65 + 4 * 16 * 9 + 64 * 33
    found, _ = times('["22:00", "06:00"]', "clock: office")
    assert week / 168 == 17
    assert agrees(found, 17)
    assert not agrees(found, 1.1 * 17)


def test_two_people_at_the_same_time() -> None:
    """A nurse and a doctor, always together, are one server of an hour: M/D/1, and each is at work 5 h a day.

    References
    ----------
    Pollaczek F. (1930). Ueber eine Aufgabe der Wahrscheinlichkeitstheorie. Mathematische Zeitschrift 32, 64-100.
    doi:10.1007/BF01194620
    """
    load = 5 / 24
    found, _ = times('["08:00", "12:00"]', "pool: [nurse, doctor]")
    assert agrees(found, 1 + load / (2 * (1 - load)))
    plan = Plan(scenario(FILES.format(hours='["08:00", "12:00"]', how="pool: [nurse, doctor]"), clocks=False))
    used = []
    for number in range(REPLICATIONS):
        replication = plan.replication(1, number)
        nurse, doctor = measure(plan, replication, simulate(plan.network, replication.workload)).pools
        assert nurse.utilisation == doctor.utilisation
        used.append(nurse.utilisation)
    assert agrees(np.array(used), load)
    assert not agrees(np.array(used), 1.1 * load)


def test_patience_that_is_drawn() -> None:
    """Who is patient for three days on average, exponentially, gives up before wait and work are over.

    The wait of M/D/1 has the transform (1 - r) s / (s - a + a exp(-s)) with a files an hour, each of one hour: at s =
    1/72 an hour, 1.56 % give up. That these keep nobody for the whole hour changes it by less than a hundredth of that.
    """
    a, s = 5 / 24, 1 / 72
    stays = exp(-s) * (1 - a) * s / (s - a + a * exp(-s))
    _, gone = times('["08:00", "12:00"]', "pool: nurse, limit: {within: {mean: 3 d}, then: lapse}")
    assert 1 - stays == pytest.approx(0.0156, abs=1e-4)
    assert agrees(gone, 1 - stays)
    assert not agrees(gone, 2 * (1 - stays))


def test_a_file_on_a_clock_of_nobody_takes_its_hour() -> None:
    """Hours count by the calendar where nothing names a clock."""
    found, _ = times('["08:00", "12:00", "13:00", "17:00"]', "share: 100 %")
    assert (found == 1).all()
