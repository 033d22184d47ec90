"""The longest path and the count of who is inside, on examples that a person can follow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import simpy_engine
from sim.model.network import NOT_YET
from sim.verification.observed import empty_time, longest_paths, mean_inside
from tests.engine_cases import DAY, network, row, workload
from tests.strategies import Everything, Replicated, replications


def test_the_longest_path_decides() -> None:
    """Three and then two days, or four days and a lag of three: the last row ends after eight."""
    rows = workload(
        row("a", work=3 * DAY),
        row("b", work=2 * DAY, after=["a"]),
        row("c", work=4 * DAY),
        row("d", work=DAY, after=["b", ("c", 3 * DAY)]),
    )
    assert longest_paths(network(), rows).tolist() == [3 * DAY, 5 * DAY, 4 * DAY, 8 * DAY]


def test_the_path_over_the_first_of_many_counts() -> None:
    """What needs one of two predecessors follows the first of them, and the second of two when it needs both."""
    rows = workload(
        row("a", work=3 * DAY),
        row("b", work=2 * DAY),
        row("c", after=["a", "b"], needs=1),
        row("d", after=["a", "b"], needs=2),
    )
    assert longest_paths(network(), rows).tolist() == [3 * DAY, 2 * DAY, 2 * DAY, 3 * DAY]


@settings(max_examples=100)
@given(replications(Everything(pools=False, limits=False, groups=False, horizons=False, replaced=False)))
def test_nobody_who_needs_no_people_ends_later_or_earlier(replicated: Replicated) -> None:
    """Without pools, limits and groups the engine ends every row at the end of its longest path."""
    w = replicated.workload
    if (w.early >= 0).any():
        return  # waivers are not known to the longest path
    ends = longest_paths(replicated.network, w)
    played = simpy_engine.simulate(replicated.network, w).end
    assert np.where(ends < replicated.network.horizon, ends, NOT_YET).tolist() == played.tolist()


def test_who_is_inside_is_counted_from_change_to_change() -> None:
    """One from 1 to 5, one from 3 to 20, seen from 2 to 10; nobody for a while."""
    assert mean_inside([1, 3], [5, 20], (2, 10)) == pytest.approx((3 + 7) / 8)
    assert empty_time([1, 6], [4, 7], (2, 10)) == pytest.approx(5 / 8)


instants = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20)


@given(instants)
def test_counting_and_adding_up_agree(spells: list[tuple[int, int]]) -> None:
    """Little's law on any window: the mean number inside is the sum of the times spent inside by its length."""
    enters, leaves = [min(spell) for spell in spells], [max(spell) for spell in spells]
    spent = np.clip(leaves, 10, 40) - np.clip(enters, 10, 40)
    assert mean_inside(enters, leaves, (10, 40)) == pytest.approx(spent.sum() / 30)
