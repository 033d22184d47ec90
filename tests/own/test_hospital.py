"""The tracker of the notebook, and the way round: scenario, run, tracker, fit, run again."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.own.overlay import fit_tracker, write
from sim.own.reading import read_tracker
from tests.own import hospital, trackers
from tests.own.test_overlay import BASE


def test_the_shipped_tracker_is_what_the_simulator_makes() -> None:
    """`python -m tests.own.hospital` changes nothing."""
    assert (hospital.FOLDER / "tracker.csv").read_bytes().decode("utf-8-sig") == hospital.tracker()
    assert (hospital.FOLDER / "mapping.yaml").read_text(encoding="utf-8") == hospital.mapping()


def test_the_shipped_tracker_is_read_whole() -> None:
    """Every row and every cell is used, and every milestone is one of the example's tasks."""
    tracker = read_tracker(hospital.FOLDER / "tracker.csv", hospital.FOLDER / "mapping.yaml")
    assert (tracker.set_aside, tracker.unread) == ((), ())
    assert tracker.cells_read == tracker.cells_used > 1000
    assert {*tracker.milestones} <= {task.name for task in sim.load(hospital.BASE).tasks}


TIMES = (
    *("windows.warm_up=0 d", "windows.observation=1400 d", "windows.follow_up=400 d", "classes.trials.volume=90 /year"),
    "tasks.contract_sent.starts=site_selected",
    *("tasks.contract_sent.pool=null", "tasks.talks.pool=null"),
    "tasks.contract_sent.work={median: 12 d, p90: 26 d}",
    "tasks.contract_executed.work={median: 50 d, p90: 120 d}",
    "tasks.site_activated.work={median: 15 d, p90: 30 d}",
)


def tracker_of(events: pd.DataFrame, extracted: date) -> bytes:
    """The tracker of what happened: a row for each trial, a date for each milestone."""
    days = hospital.dates(events, trackers.CHAIN, extracted)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Study", "Status", *trackers.ENGLISH.values()])
    for number, each in enumerate(days):
        if any(each.values()):
            writer.writerow([f"T{number}", "ongoing", *(day.isoformat() if day else "" for day in each.values())])
    return text.getvalue().encode()


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_round_trip(tmp_path: Path, seed: int) -> None:
    """A scenario is run, written down as a tracker, read, fitted and run again: shares within the goal agree.

    What they agree within are the intervals of both: over replications, and of the fit, whose n trials could have been
    others.
    """
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    how = sim.Options(set_=TIMES, replications=4, seed=seed, jobs=1)
    real = sim.run(tmp_path / "base.yaml", how)
    extracted = date(2027, 12, 31)
    columns = {"Study": "trial", "Status": "status", **{label: code for code, label in trackers.ENGLISH.items()}}
    text = f"extracted_on: {extracted}\ncolumns:\n" + "".join(f"  {label}: {code}\n" for label, code in columns.items())
    files = trackers.written(tmp_path, tracker_of(real.events(0), extracted), text)
    overlay = fit_tracker(read_tracker(*files), tmp_path / "base.yaml", lucky=0, resamples=30)
    again = sim.run(
        write(overlay, tmp_path / "out"), sim.Options(set_=TIMES[:3], replications=4, seed=seed + 9, jobs=1)
    )
    wanted = "name == 'opening' and statistic == 'share_within_goal'"
    one, two = (result.indicators.query(wanted).iloc[0] for result in (real, again))
    n = len(overlay.fits["site_activated"].times.spells)
    fitted = 1.96 * (one.value * (1 - one.value) / n) ** 0.5
    assert abs(one.value - two.value) <= (one.high - one.low) / 2 + (two.high - two.low) / 2 + fitted
    assert 0.3 < one.value < 0.8
