"""Why rows waited: by hand on tables of a few rows, and the law that kinds add up in both engines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from sim.analysis.waits import KINDS, held_by, kinds_of_wait, waits_since
from sim.engine import compiled_engine, simpy_engine
from sim.model.network import NONE, NOT_SERVED, Network, Workload
from tests.engine_cases import DAY, HOUR, batches, network, office, people, row, sittings, workload
from tests.strategies import Replicated, replications


def of(net: Network, rows: Workload, waits: int) -> dict[str, int]:
    """The kinds of wait of one row [min], those that are not 0."""
    played = simpy_engine.simulate(net, rows)
    found = kinds_of_wait(net, rows, played, waits_since(played, np.array([waits]), played.ready[[waits]]))
    return {kind: int(minutes) for kind, minutes in zip(KINDS, found.sum(axis=0), strict=True) if minutes}


def test_everybody_is_busy_with_what_came_before() -> None:
    """One person, two files at the same time: the second waits two days for the first."""
    net = network(people(1))
    assert of(net, workload(row("a", work=2 * DAY, pool=0), row("b", work=DAY, pool=0)), 1) == {"busy": 2 * DAY}


def test_nobody_is_there_at_night_and_on_leave() -> None:
    """An office from 9 to 17 is asked at midnight; a pool is on leave for three days."""
    night = network(people(1, clock=1), clocks=[office()])
    assert of(night, workload(row("a", work=HOUR, pool=0)), 0) == {"off_duty": 9 * HOUR}
    leave = network(people((0, 0), (3 * DAY, 1)))
    assert of(leave, workload(row("a", work=HOUR, pool=0)), 0) == {"off_duty": 3 * DAY}


def test_a_body_meets_on_its_dates_and_its_seats_are_taken() -> None:
    """Sittings on days 5 and 10 with one seat: the first file waits for a sitting, the second for a seat besides."""
    net = network(sittings((5 * DAY, 1), (10 * DAY, 1)))
    rows = workload(row("a", work=HOUR, pool=0), row("b", work=HOUR, pool=0))
    assert of(net, rows, 0) == {"sitting": 5 * DAY}
    assert of(net, rows, 1) == {"sitting": 5 * DAY, "busy": 5 * DAY}


def test_who_comes_later_and_is_served_first_overtakes() -> None:
    """While one is at work a second comes, then an urgent third: the second waits two days, one of them overtaken."""
    net = network(people(1))
    rows = workload(
        row("a", work=2 * DAY, pool=0),
        row("b", work=DAY, pool=0, release=DAY),
        row("c", work=3 * DAY, pool=0, release=DAY + HOUR, priority=-1),
    )
    assert of(net, rows, 1) == {"busy": DAY, "overtaken": 3 * DAY}


def test_who_is_interrupted_is_overtaken() -> None:
    """Two days of work, interrupted for a day by what came later: that day is a wait, and the urgent one waits not."""
    net = network(people(1, gives_way=True))
    rows = workload(row("slow", work=2 * DAY, pool=0, priority=1), row("urgent", work=DAY, pool=0, release=DAY))
    assert of(net, rows, 0) == {"overtaken": DAY}
    assert of(net, rows, 1) == {}


def test_a_batch_is_waited_for_like_a_sitting() -> None:
    """The first of two files waits at an office for three days until the second comes, at night for the office."""
    net = network(batches(2, clock=1), clocks=[office()])
    rows = workload(row("a", work=HOUR, pool=0, release=9 * HOUR), row("b", work=HOUR, pool=0, release=DAY + 9 * HOUR))
    assert of(net, rows, 0) == {"sitting": 8 * HOUR, "off_duty": 16 * HOUR}


def test_who_was_at_work_on_what() -> None:
    """Two days of waiting for one person, who had a file of the other class for one day and of its own for another."""
    net = network(people(1))
    rows = workload(row("a", work=DAY, pool=0), row("b", work=DAY, pool=0), row("c", work=DAY, pool=0))
    played = simpy_engine.simulate(net, rows)
    held = held_by(rows, played, waits_since(played, np.array([2]), played.ready[[2]]), np.array([0, 1, 1]))
    assert held.tolist() == [[DAY, DAY]]


@settings(max_examples=100)
@given(replications())
def test_kinds_add_up_to_the_wait_in_both_engines(replicated: Replicated) -> None:
    """Not one minute is lost or told twice, and none is negative."""
    kinds_add_up(replicated)


@pytest.mark.slow
@settings(max_examples=1000)
@given(replications(most_rows=16))
def test_kinds_add_up_on_a_thousand_random_networks(replicated: Replicated) -> None:
    """The same on larger networks."""
    kinds_add_up(replicated)


def kinds_add_up(replicated: Replicated) -> None:
    """In both engines."""
    net, rows = replicated.network, replicated.workload
    for simulate in (simpy_engine.simulate, compiled_engine.simulate):
        played = simulate(net, rows)
        waited = np.flatnonzero((rows.pool != NONE) & (played.start >= 0) & ~np.isin(played.outcome, NOT_SERVED))
        waits = waits_since(played, waited, played.ready[waited])
        found = kinds_of_wait(net, rows, played, waits)
        assert (found >= 0).all()
        total = waits.by_row(found.sum(axis=1), waited)
        np.testing.assert_array_equal(total, (played.start - played.ready)[waited] + played.in_breaks(waited))
