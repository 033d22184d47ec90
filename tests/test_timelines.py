"""The table of tasks, and the story of one trial, from rows written by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sim.analysis.timelines import frame, story, typical_trial
from sim.model.network import NONE, Outcome, Pool
from tests.hand_tables import Row, replication

STAGES = {
    "authorised": "authorisation",
    "contract_executed": "contracting",
    "pharmacy_ready": "site_setup",
    "site_activated": "site_setup",
    "referred": "inclusion",
    "eligible": "inclusion",
    "first_patient_in": "inclusion",
}


def trial(number: int, opens: float, place: int) -> list[Row]:
    """A trial authorised on day 20; site B opens first; of two candidates there the second is included first."""
    return [
        Row(number, NONE, "authorised", 20, 20, 20),
        Row(number, 0, "site_activated", 20, 20, opens + 9),
        Row(number, 1, "contract_executed", 10, 12, 18),
        Row(number, 1, "pharmacy_ready", 20, 20, 20, outcome=Outcome.WAIVED),
        Row(number, 1, "site_activated", 20, opens - 1, opens, pool=0),
        Row(number, 1, "referred", opens, opens, opens + 1, round=1),
        Row(number, 1, "referred", opens, opens, opens + 2, round=2),
        Row(number, 1, "eligible", opens + 1, opens + 1, opens + 9, round=1, after=((place + 5, 0),)),
        Row(number, 1, "eligible", opens + 2, opens + 2, opens + 5, round=2, after=((place + 6, 0),)),
        Row(number, 1, "first_patient_in", opens + 5, opens + 5, opens + 5, after=((place + 7, 0), (place + 8, 0))),
    ]


def test_the_table_has_the_attributes_of_the_trials() -> None:
    """In words, as a scenario writes them, at every row of the trial; nothing where a trial has none."""
    plan, played, timelines = replication([*trial(0, 50, 0), *trial(1, 50, 10)], STAGES, pools=OFFICE)
    attributes = {"phase": np.array(["early", None], object), "oncology": np.array([True, False])}
    table = frame(plan, replace(played, trials=replace(played.trials, attributes=attributes)), timelines)
    by_trial = table.groupby("trial", observed=True)[["attribute_phase", "attribute_oncology"]].agg(set)
    assert by_trial.to_numpy().tolist() == [[{"early"}, {"true"}], [{""}, {"false"}]]


def test_a_story_is_one_site_and_its_first_patient() -> None:
    """The first site's tasks in days since the authorisation, without what was waived and the other candidate."""
    told = story(*replication(trial(0, 50, 0), STAGES, pools=OFFICE), 0)
    assert (told.trial, told.site) == ("early-1", "B")
    assert [(row.task, row.site, row.round, row.ready, row.start, row.end) for row in told.rows] == [
        ("authorised", "", 1, 0, 0, 0),
        ("contract_executed", "B", 1, -10, -8, -2),
        ("site_activated", "B", 1, 0, 29, 30),
        ("referred", "B", 2, 30, 30, 32),
        ("eligible", "B", 2, 32, 32, 35),
        ("first_patient_in", "B", 1, 35, 35, 35),
    ]


def test_a_trial_that_opens_nowhere_tells_its_own_tasks() -> None:
    """Without a site that reached the goal only the tasks of the whole trial are left."""
    rows = [
        Row(0, NONE, "authorised", 20, 20, 20),
        Row(0, 0, "site_activated", 20, None, None, outcome=Outcome.NOT_YET),
    ]
    told = story(*replication(rows, STAGES), 0)
    assert told.site == "" and [row.task for row in told.rows] == ["authorised"]


def test_the_typical_trial_is_nearest_to_the_medians() -> None:
    """Of trials that open after 10, 30 and 90 days, the one with 30; a trial out of scope is never typical."""
    rows = [row for number, opens in enumerate((30, 110, 50, 50)) for row in trial(number, opens, 10 * number)]
    assert typical_trial(*replication(rows, STAGES, pools=OFFICE, out_of_scope=(3,))) == 2
    assert typical_trial(*replication(rows, STAGES, pools=OFFICE, out_of_scope=(0, 1, 2))) == 3
    assert typical_trial(*replication(rows, STAGES, pools=OFFICE, out_of_scope=(0, 1, 2, 3))) is None


def test_the_table_has_dates_where_people_want_dates() -> None:
    """Day 49 after 5 January is 23 February; waits and works are days; what has not happened is NaT."""
    rows = [*trial(0, 50, 0), Row(1, NONE, "authorised", 20, None, None, outcome=Outcome.NOT_YET)]
    table = frame(*replication(rows, STAGES, pools=OFFICE, number=7))
    opening = table[(table.task == "site_activated") & (table.site == "B")].iloc[0]
    assert opening.start == pd.Timestamp("2026-02-23") and (opening.wait_days, opening.work_days) == (29, 1)
    assert (opening.pool, opening.stage, opening.trial_class, opening.replication) == (
        "office",
        "site_setup",
        "early",
        7,
    )
    last = table.iloc[-1]
    assert (
        pd.isna(last.start) and np.isnan(last.wait_days) and (last.site, last.pool, last.outcome) == ("", "", "not_yet")
    )
    assert last.ready == pd.Timestamp("2026-01-25")


def test_the_table_may_have_minutes() -> None:
    """Without dates the instants are those of the engine."""
    plan, played, timelines = replication(trial(0, 50, 0), STAGES, pools=OFFICE)
    table = frame(plan, played, timelines, dates=False)
    assert table.end.tolist() == timelines.end.tolist()


OFFICE = (Pool("office", 0, np.array([0]), np.array([1])),)
