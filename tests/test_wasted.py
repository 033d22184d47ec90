"""Contract work that was for nothing, from applications written by hand."""

from __future__ import annotations

from math import isnan

import sim
from sim.analysis.indicators import AGAIN, measure
from sim.model.network import NONE, Outcome
from sim.scenario.lowering import tasks_of
from tests.hand_tables import Row, replication

STAGES = {
    "application_submitted": "authorisation",
    "answered": "authorisation",
    "refused": "authorisation",
    "negotiation": "contracting",
    "reopening_site_turn": "contracting",
    "pharmacy_ready": "site_setup",
}


def wasted(rows: list[Row], stages: dict[str, str] = STAGES, **changes: object) -> float:
    """Days lost per 100 trials."""
    return measure(*replication(rows, stages, goal=None, indicators=[], **changes)).wasted_contract_days  # type: ignore[arg-type]


def submitted(trial: int, day: float = 20) -> Row:
    """An application."""
    return Row(trial, NONE, "application_submitted", day, day, day)


def test_work_on_a_refused_application_is_lost() -> None:
    """Of two trials one is refused after 12 days of contract work (waiting and set-up not counted): 600 per 100."""
    rows = [
        submitted(0),
        Row(0, NONE, "refused", 60, 60, 60),
        Row(0, 0, "negotiation", 20, 25, 37),
        Row(0, 0, "pharmacy_ready", 20, 20, 50),
        submitted(1),
        Row(1, 0, "negotiation", 20, 20, 40),
    ]
    assert wasted(rows) == 600


def test_a_lapsed_application_is_lost_as_well() -> None:
    """An answer that came too late ended the application."""
    rows = [
        submitted(0),
        Row(0, NONE, "answered", 30, 30, 42, outcome=Outcome.LAPSED),
        Row(0, 0, "negotiation", 20, 20, 30),
    ]
    assert wasted(rows) == 1000


def test_opening_a_contract_again_is_lost_in_every_trial() -> None:
    """Reopening costs 4 days in a trial that goes on; a reopening that was not needed costs nothing."""
    rows = [
        submitted(0),
        Row(0, 0, "negotiation", 20, 20, 30),
        Row(0, 0, "reopening_site_turn", 50, 52, 56),
        submitted(1),
        Row(1, 0, "reopening_site_turn", 50, 50, 50, outcome=Outcome.WAIVED),
    ]
    assert wasted(rows) == 200


def test_set_up_that_questions_undo_is_lost_beside_the_contract() -> None:
    """The pharmacy works 5 days again in a trial that goes on; a refused trial loses its 30 days: 1,750 per 100."""
    rows = [
        submitted(0),
        Row(0, NONE, "refused", 60, 60, 60),
        Row(0, 0, "pharmacy_ready", 20, 20, 50),
        submitted(1),
        Row(1, 0, "pharmacy_ready", 20, 20, 40),
        Row(1, 0, "pharmacy_again", 50, 52, 57),
    ]
    stages = STAGES | {"pharmacy_again": "site_setup"}
    found = measure(*replication(rows, stages, goal=None, indicators=[]))
    assert (found.wasted_setup_days, found.wasted_contract_days) == (1750, 0)


def test_what_is_done_again_is_what_the_stages_say() -> None:
    """The names by which lost work is known are those of the tasks of France that questions reopen."""
    france = sim.load("france")
    reopened = {
        step: task.stage
        for task in tasks_of(france)
        if task.along_with == "part_i_rfi_issued" and task.stage in AGAIN
        for step, _ in task.steps
    }
    assert reopened == {name: stage for stage, names in AGAIN.items() for name in names}


def test_only_trials_in_scope_submitted_in_the_window() -> None:
    """Work lost in a trial out of scope, or submitted before the window, is not counted; nor is that trial."""
    lost = [
        [submitted(n, day), Row(n, NONE, "refused", 60, 60, 60), Row(n, 0, "negotiation", 20, 20, 30)]
        for n, day in enumerate((5, 20, 20))
    ]
    assert wasted([row for rows in lost for row in rows], out_of_scope=(2,)) == 1000


def test_without_applications_there_is_nothing_to_say() -> None:
    """A process that submits nothing has no number, rather than 0."""
    assert isnan(wasted([Row(0, 0, "job", 20, 20, 30)], {"job": "tasks"}))
    assert isnan(wasted([submitted(0, 5)]))
