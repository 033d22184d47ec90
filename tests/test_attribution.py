"""What binds and where the days go, on chains written by hand and on random ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.attribution import OTHER, binding_predecessors, chains, explain
from sim.analysis.indicators import measure
from sim.model.network import NONE, Outcome
from tests.hand_tables import DAY, Row, replication

STAGES = {
    "authorised": "authorisation",
    "contract_executed": "contracting",
    "pharmacy_ready": "site_setup",
    "training_done": "site_setup",
    "site_activated": "site_setup",
}


def opened(trial: int, contract_end: float, pharmacy_end: float, place: int) -> list[Row]:
    """A trial authorised on day 20; training (1 d of wait, 2 d of work) follows the later of contract and pharmacy."""
    both = max(contract_end, pharmacy_end)
    return [
        Row(trial, NONE, "authorised", 20, 20, 20),
        Row(trial, 0, "contract_executed", 10, 12, contract_end),
        Row(trial, 0, "pharmacy_ready", 20, 20, pharmacy_end, after=((place, 0),)),
        Row(trial, 0, "training_done", both + 3, both + 4, both + 6, after=((place + 1, 3), (place + 2, 3))),
        Row(trial, 0, "site_activated", both + 6, both + 6, both + 6, after=((place, 0), (place + 3, 0))),
    ]


def test_the_prerequisite_that_finished_last_binds() -> None:
    """Walking back from the activation past the training, the contract bound one trial of three, the pharmacy two."""
    rows = [*opened(0, 40, 30, 0), *opened(1, 25, 30, 5), *opened(2, 18, 24, 10)]
    shares = {(each.prerequisite, each.level): each.share for each in measure(*replication(rows, STAGES)).binding}
    assert shares["contract_executed", "trial"] == pytest.approx(1 / 3)
    assert shares["pharmacy_ready", "site"] == pytest.approx(2 / 3)
    assert shares["authorised", "trial"] == shares[OTHER, "trial"] == 0
    assert sum(share for (_, level), share in shares.items() if level == "trial") == pytest.approx(1)


def test_what_meets_no_prerequisite_is_said() -> None:
    """A task outside of the list that took time since the authorisation is named, and is not "all was ready"."""
    rows = [*opened(0, 40, 30, 0), *opened(1, 25, 30, 5)]
    goal = {"from": "authorised", "to": "site_activated", "within": "15 d", "counted": "calendar"}
    listed = measure(*replication(rows, STAGES, goal={**goal, "prerequisites": ["contract_executed"]})).binding
    assert {(each.prerequisite, each.level): (each.share, each.mostly) for each in listed} == {
        **{("contract_executed", level): (0.5, "") for level in ("trial", "site")},
        **{("authorised", level): (0, "") for level in ("trial", "site")},
        **{(OTHER, level): (0.5, "training_done") for level in ("trial", "site")},
    }


def test_without_a_list_every_task_may_bind() -> None:
    """The nearest task on the way back that took any time since the first event; none did: all was ready."""
    rows = [*opened(0, 40, 30, 0), Row(1, NONE, "authorised", 20, 20, 20), Row(1, 0, "site_activated", 20, 20, 20)]
    rows[-1] = replace(rows[-1], after=((5, 0),))
    goal = {"from": "authorised", "to": "site_activated", "within": "15 d", "counted": "calendar"}
    found = measure(*replication(rows, STAGES, goal=goal)).binding
    shares = {each.prerequisite: each.share for each in found if each.level == "trial" and each.share}
    assert shares == {"training_done": 0.5, "authorised": 0.5}


def test_days_go_to_the_tasks_of_the_binding_chain() -> None:
    """Contract until day 40: 20 days of its work lie after the authorisation, then 3 of lag, 1 of wait, 2 of work."""
    spent = explain(*replication(opened(0, 40, 30, 0), STAGES))
    assert spent is not None
    by_task = dict(zip(spent.tasks, zip(spent.lag, spent.wait, spent.work, strict=True), strict=True))
    assert by_task["contract_executed"] == (0, 0, 20)
    assert by_task["training_done"] == (3, 1, 2)
    assert by_task["pharmacy_ready"] == by_task["authorised"] == (0, 0, 0)
    assert spent.trials == 1


def test_a_start_without_a_predecessor_is_lag_of_its_task() -> None:
    """What is released at a date, ten days after the authorisation, has waited for that date."""
    rows = [Row(0, NONE, "authorised", 20, 20, 20), Row(0, 0, "site_activated", 30, 31, 33)]
    spent = explain(*replication(rows, STAGES))
    assert spent is not None
    assert (spent.lag[-1], spent.wait[-1], spent.work[-1]) == (10, 1, 2)


def test_a_trial_open_before_the_authorisation_spends_nothing() -> None:
    """What lies before the goal's first event is not counted."""
    rows = [Row(0, NONE, "authorised", 40, 40, 40), Row(0, 0, "site_activated", 20, 25, 30)]
    spent = explain(*replication(rows, STAGES))
    assert spent is not None and spent.trials == 1
    assert spent.lag.sum() == spent.wait.sum() == spent.work.sum() == 0


def test_the_first_of_several_can_bind() -> None:
    """A row that waits for any one of three events was made ready by the one that came first."""
    rows = [
        Row(0, NONE, "authorised", 20, 20, 20),
        Row(0, 0, "contract_executed", 20, 20, 30),
        Row(0, 0, "pharmacy_ready", 20, 20, 25),
        Row(0, 0, "training_done", 20, None, None, outcome=Outcome.NOT_YET),
        Row(0, 0, "site_activated", 25, 25, 25, after=((1, 0), (2, 0), (3, 0))),
    ]
    plan, played, timelines = replication(rows, STAGES)
    assert binding_predecessors(plan.network, played.workload, timelines, played.trials.in_scope)[4] == 2


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """Rows in a random acyclic order, each ready when its last predecessor has counted, in days of quarter length."""
    quarter = st.integers(0, 80).map(lambda n: n / 4)
    rows: list[Row] = [Row(0, NONE, "authorised", 20, 20, 20)]
    for site in range(draw(st.integers(1, 12))):
        before = draw(st.lists(st.integers(0, len(rows) - 1), max_size=3, unique=True))
        after = tuple((place, draw(quarter)) for place in before)
        ready = max([rows[place].end + lag for place, lag in after], default=draw(quarter))  # type: ignore[operator]
        start = ready + draw(quarter)
        rows.append(Row(0, site, "site_activated", ready, start, start + draw(quarter), after=after))
    return rows


@given(histories())
def test_the_chain_adds_up_exactly(rows: list[Row]) -> None:
    """Lag, wait and work along every chain are the time from the first event to the end, to the minute."""
    plan, played, timelines = replication(rows, STAGES, sites=[f"S{n}" for n in range(len(rows))])
    binding = binding_predecessors(plan.network, played.workload, timelines, played.trials.in_scope)
    since = np.full(len(rows), 20 * DAY)
    chain = chains(binding, timelines, np.arange(len(rows)), since)
    total = np.bincount(chain.unit, chain.lag + chain.wait + chain.work, len(rows))
    assert total.tolist() == np.maximum(timelines.end - since, 0).tolist()
    assert min(chain.lag.min(initial=0), chain.wait.min(initial=0), chain.work.min(initial=0)) == 0


def test_the_days_add_up_to_the_mean() -> None:
    """The attribution of several trials is their mean readiness time."""
    plan, played, timelines = replication([*opened(0, 40, 30, 0), *opened(1, 25, 30, 5)], STAGES)
    spent = explain(plan, played, timelines)
    assert spent is not None
    assert (spent.lag + spent.wait + spent.work).sum() == pytest.approx(
        measure(plan, played, timelines).indicators[0].days.mean()
    )
