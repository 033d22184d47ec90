"""Times from dates: exact, censored, competing, known to the month, entered late, listed only when finished."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sim.own.dates import Day, Word
from sim.own.fitting import fit_times
from sim.own.reading import Tracker, read_tracker
from sim.own.spells import Spell, as_of, times
from sim.own.timed import timed_tasks
from sim.scenario.loading import load
from tests.own import trackers
from tests.own.test_overlay import BASE
from tests.own.trackers import FRENCH

MAPPING = """
extracted_on: 2026-06-30
columns:
  {Study: trial, Site: centre, Sent: sent, Budget: budget, Signed: signed, Status: status, Ended: ended_on}
"""
HEAD = "Study;Site;Sent;Budget;Signed;Status;Ended\n"


def tracker(folder: Path, rows: str, more: str = "") -> Tracker:
    """A tracker of a few rows."""
    return read_tracker(*trackers.written(folder, (HEAD + rows).encode(), MAPPING + more))


@pytest.mark.parametrize(
    ("row", "spell"),
    [
        ("A;;2026-01-01;;2026-01-11;;", (9.5, 10.5, "done")),
        ("A;;2026-01-01;;2026-01-01;;", (0.0, 0.5, "done")),
        ("A;;2026-01-01;;2026-02;;", (30.5, 58.5, "done")),
        ("A;;2026-01;;2026-02-10;;", (9.5, 40.5, "done")),
        ("A;;2026-06-01;;en cours;;", (29.0, math.inf, "open")),
        ("A;;2026-06-01;;;cancelled;2026-06-11", (10.0, math.inf, "cancelled")),
        ("A;;2026-06-01;;abandonné;;", (29.0, math.inf, "cancelled")),
    ],
)
def test_one_row(tmp_path: Path, row: str, spell: tuple[float, float, str]) -> None:
    """What one row says of the time from sending to signature."""
    (found,) = times(tracker(tmp_path, row + "\n"), "signed", ["sent"]).spells
    assert (found.low, found.high, found.end) == spell


def test_what_is_no_time_is_counted(tmp_path: Path) -> None:
    """Ended before it began, ended without a beginning, not begun, not needed: none of them is a time."""
    rows = "A;;2026-01-10;;2026-01-01;;\nB;;;;2026-01-01;;\nC;;;;;;\nD;;2026-01-10;;sans objet;;\n"
    seen = times(tracker(tmp_path, rows), "signed", ["sent"])
    assert (seen.spells, seen.negative, seen.unknown, seen.not_needed) == ((), 1, 1, 1)


def test_the_last_of_several_starts_the_time(tmp_path: Path) -> None:
    """A time begins when all that it waits for is there; what a trial does not need is not waited for."""
    rows = "A;;2026-01-01;2026-01-05;2026-01-11;;\nB;;2026-01-01;sans objet;2026-01-11;;\nC;;2026-01-01;;2026-01-11;;\n"
    seen = times(tracker(tmp_path, rows), "signed", ["sent", "budget"])
    assert [spell.low for spell in seen.spells] == [5.5, 9.5]
    assert seen.unknown == 1


def test_entry_and_exit(tmp_path: Path) -> None:
    """Begun before the tracker was: watched from then on. Finished ones alone: each could last until the extraction."""
    rows = "A;;2026-01-01;;2026-03-01;;\nB;;2026-05-01;;;;\n"
    late = times(tracker(tmp_path, rows, "kept_since: 2026-02-01\n"), "signed", ["sent"]).spells
    assert [(spell.entry, spell.exit) for spell in late] == [(31.0, math.inf), (0.0, math.inf)]
    (done,) = times(tracker(tmp_path, rows, "rows: finished\n"), "signed", ["sent"]).spells
    assert done.exit == 180.5


def test_a_trial_is_as_far_as_its_first_centre(tmp_path: Path) -> None:
    """At the level of the trial each milestone is that of the first centre to get there."""
    rows = "A;x;2026-01-05;;2026-02-01;;\nA;y;2026-01-01;;;;\n"
    (spell,) = times(tracker(tmp_path, rows), "signed", ["sent"], of_trial=True).spells
    assert (spell.low, spell.centre) == (30.5, "")


def test_as_of_an_earlier_day_only_what_was_known(tmp_path: Path) -> None:
    """What ended later is open, what began later is not there."""
    rows = "A;;2026-01-01;;2026-01-11;;\nB;;2026-01-05;;2026-03-01;;\nC;;2026-02-01;;2026-02-05;;\n"
    known = as_of(times(tracker(tmp_path, rows), "signed", ["sent"]), date(2026, 1, 20))
    assert [(spell.low, spell.high, spell.end) for spell in known.spells] == [
        (9.5, 10.5, "done"),
        (15.0, math.inf, "open"),
    ]


def test_a_spell_of_no_length() -> None:
    """Ended on the day it began."""
    assert Spell(0.0, 0.5, "done", "", date(2026, 1, 1), 9.0).zero
    assert not Spell(0.0, math.inf, "open", "", date(2026, 1, 1), 0.0).zero


def test_what_others_have_passed_is_not_open(tmp_path: Path) -> None:
    """A milestone without its date is over where a later one has come: set aside, it does not last for ever."""
    rows = "A;;2026-01-01;;2026-03-01;;\nB;;2026-01-01;;;;\nC;;2026-01-01;2026-01-09;2026-03-01;;\n"
    seen = times(tracker(tmp_path, rows), "budget", ["sent"], after=["signed"])
    assert ([each.end for each in seen.spells], seen.passed) == (["open", "done"], 1)
    assert [each.end for each in times(tracker(tmp_path, rows), "budget", ["sent"]).spells] == ["open", "open", "done"]


def test_holes_in_a_tracker_leave_the_times_alone(tmp_path: Path) -> None:
    """Half of the sendings lost, as of associated centres: what is open stays as it was, and so does the median."""
    past = trackers.history(3, 260, years=2.6)
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    files = trackers.written(tmp_path, trackers.wide(past, FRENCH, trackers.messy), trackers.mapping(past, FRENCH))
    whole, lost = read_tracker(*files), []
    for place, row in enumerate(whole.rows):
        hole = bool(place % 2) and isinstance(row.actual.get("contract_executed"), Day)
        lost.append(replace(row, actual={**row.actual, "contract_sent": Word.MISSING}) if hole else row)
    sent = [
        next(each for each in timed_tasks(it, load(tmp_path / "base.yaml")) if each.name == "contract_sent").times(it)
        for it in (whole, replace(whole, rows=tuple(lost)))
    ]
    assert sent[1].passed > 50 and sent[0].passed == 0
    assert sent[1].count("open") == sent[0].count("open")
    before, after = (fit_times(each, resamples=40, lucky=0).median.value for each in sent)
    assert after == pytest.approx(before, rel=0.15)
