"""The load of pools, from queues written by hand."""

from __future__ import annotations

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.durations import pooled
from sim.analysis.estimates import Key, Kind, summary
from sim.analysis.indicators import Measures, measure
from sim.analysis.pools import PoolLoad, _waits
from sim.model.network import NONE, Outcome, Pool
from tests.hand_tables import DAY, Row, replication

STAGES = {"authorised": "authorisation", "job": "contracting", "site_activated": "site_setup"}
ALWAYS = np.array([0])


def office(owner: str, units: int = 1, clock: int = 0) -> Pool:
    """The contract office of a site."""
    return Pool(f"office_{owner}", clock, ALWAYS, np.array([units]), kind="office", owner=owner)


def measured(rows: list[Row], *pools: Pool, **changes: object) -> Measures:
    """What is measured when these rows are played."""
    return measure(*replication(rows, STAGES, pools=pools, goal=None, indicators=[], **changes))  # type: ignore[arg-type]


def loads(rows: list[Row], *pools: Pool, **changes: object) -> list[PoolLoad]:
    """The loads of the pools when these rows are played."""
    return list(measured(rows, *pools, **changes).pools)


def test_wait_utilisation_and_backlog() -> None:
    """In the 90 days from day 10 one officer works 27 days; three requests wait 0, 6 and 12 days."""
    rows = [Row(0, 0, "job", 20 + n, 20 + 7 * n, 29 + 9 * n, round=n + 1, pool=0) for n in range(3)]
    (load,) = loads(rows, office("A"))
    assert (load.kind, load.requests, load.mean_wait, load.p90_wait) == ("office", 3, 6, 12)
    assert load.utilisation == pytest.approx((9 + 11 + 13) / 90)
    assert load.backlog == pytest.approx(18 / 90)


def test_only_the_window_counts() -> None:
    """Work and waiting before day 10 and from day 100 on are not counted, nor requests that come then."""
    rows = [Row(0, 0, "job", 0, 5, 15, pool=0), Row(0, 0, "job", 90, 110, 120, round=2, pool=0)]
    (load,) = loads(rows, office("A"))
    assert load.requests == 1 and load.mean_wait == 20
    assert load.utilisation == pytest.approx(5 / 90) and load.backlog == pytest.approx(10 / 90)


def test_units_are_counted_on_their_clock() -> None:
    """One week of work, Monday to Monday, fills 5 of the 64 working days of the window, not 7 of 90."""
    (load,) = loads([Row(0, 0, "job", 14, 14, 21, pool=0)], office("A", clock=1))
    assert load.utilisation == pytest.approx(5 / 64)


def test_units_that_come_and_go() -> None:
    """One officer until day 40, two until day 70, none after: 30 + 60 days are open in the window."""
    pool = Pool("office", 0, np.array([0, 40, 70]) * DAY, np.array([1, 2, 0]))
    (load,) = loads([Row(0, 0, "job", 20, 20, 65, pool=0)], pool)
    assert load.utilisation == pytest.approx(45 / 90)


def test_the_busiest_of_a_kind_is_named() -> None:
    """The offices of all sites are one kind; the busiest of them says its name and its own utilisation."""
    rows = [Row(0, 0, "job", 20, 20, 29, pool=0), Row(0, 1, "job", 20, 20, 56, pool=1)]
    (load,) = loads(rows, office("A"), office("B"))
    assert (load.busiest, load.busiest_utilisation) == ("B", pytest.approx(0.4))
    assert load.utilisation == pytest.approx(0.25)


def test_nobody_there() -> None:
    """A pool without people has no utilisation, and its requests are still waiting."""
    (load,) = loads([Row(0, 0, "job", 20, None, None, pool=0, outcome=Outcome.NOT_YET)], office("A", units=0))
    assert isnan(load.utilisation) and isnan(load.mean_wait) and load.p90_wait == inf
    assert load.backlog == pytest.approx(80 / 90)


def test_a_request_leaves_the_queue_when_its_group_closes() -> None:
    """A refusal on day 30 ends the waiting of a request of day 20: it is neither served nor still waiting."""
    rows = [
        Row(0, NONE, "authorised", 30, 30, 30, closes=0),
        Row(0, 0, "job", 20, None, None, pool=0, outcome=Outcome.NOT_YET),
    ]
    (load,) = loads(rows, office("A"))
    assert load.backlog == pytest.approx(10 / 90) and isnan(load.p90_wait) and load.requests == 1


def test_what_is_waived_asks_for_nobody() -> None:
    """A row that turned out not to be needed is no request."""
    (load,) = loads([Row(0, 0, "job", 20, 20, 20, pool=0, outcome=Outcome.WAIVED)], office("A"))
    assert load.requests == 0 and load.utilisation == 0


def test_the_tenth_that_waits_longest_is_that_of_all_replications() -> None:
    """One replication of three whose requests wait 20 days, and two of a day: of all, more than a tenth waits 20 days.

    The mean of the three p90 would be 22 / 3 days.
    """
    short = [Row(0, 0, "job", 20 + n, 21 + n, 22 + n, round=n + 1, pool=0) for n in range(10)]
    long = [Row(0, 0, "job", 20 + n, 40 + n, 41 + n, round=n + 1, pool=0) for n in range(10)]
    several = [measured(rows, office("A", units=9)) for rows in (short, long, short)]
    found = summary(several).estimates[Key(Kind.WAIT, "office", "pool", "p90")]
    assert [each.pools[0].p90_wait for each in several] == [1, 20, 1]
    assert (found.value, found.low, found.high) == (20, 1, 20)


def test_who_still_waits_has_waited_so_far_at_least() -> None:
    """Seven wait a day, two are still waiting after 101 days, one is served after 120: so may those two be."""
    rows = [Row(0, 0, "job", 20 + n, 21 + n, 22 + n, round=n + 1, pool=0) for n in range(7)]
    rows += [Row(0, 0, "job", 99, None, None, round=n, pool=0, outcome=Outcome.NOT_YET) for n in (8, 9)]
    (load,) = loads([*rows, Row(0, 0, "job", 30, 150, 151, round=10, pool=0)], office("A", units=9))
    assert (load.starved, load.p90_wait) == (2, 120)
    (load,) = loads(rows, office("A", units=9))
    assert load.p90_wait == inf


@given(st.lists(st.integers(0, 10_000_000), min_size=1), st.integers(0, 100))
def test_a_wait_is_kept_to_a_thousandth(minutes: list[int], share: int) -> None:
    """Whatever is asked of the kept waits is that of the real ones, to a thousandth."""
    kept = _waits(np.array(minutes), np.ones(len(minutes), bool)).quantile(share / 100) * DAY
    real = pooled([np.sort(np.array(minutes, np.float64))], [np.ones(len(minutes), bool)]).quantile(share / 100).value
    assert kept == pytest.approx(real, rel=1e-3)


def test_sittings_count_seats() -> None:
    """Three of the eight seats of the two sittings inside the window are used."""
    committee = Pool("cpp", 0, ALWAYS, ALWAYS, sittings=np.array([5, 40, 70]) * DAY, seats=np.array([9, 4, 4]))
    rows = [Row(0, 0, "job", 20, 40, 41, round=n + 1, pool=0) for n in range(3)]
    (load,) = loads(rows, committee)
    assert load.utilisation == pytest.approx(3 / 8) and load.sittings and load.mean_wait == 20
