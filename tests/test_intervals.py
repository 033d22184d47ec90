"""Intervals: those of textbooks, and that none claims what cannot be."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, ttest_rel

from sim.analysis.intervals import ALIKE, Part, difference, interval, mean_of, share_limits, share_of


def test_with_one_trial_a_replication_it_is_clopper_and_pearson() -> None:
    """Many independent trials: 30 of 200, and the limits of the exact binomial interval."""
    went = np.repeat([1.0, 0.0], [30, 170])
    found = share_of(0.15, (went - 0.15) / 200, 200)
    assert found.low == pytest.approx(beta.ppf(0.025, 30, 171), abs=0.002)
    assert found.high == pytest.approx(beta.ppf(0.975, 31, 170), abs=0.002)


def test_trials_that_go_together_prove_less() -> None:
    """The same share in ten replications that go all one way or all the other: nearly an observation each."""
    went = np.repeat([1.0, 0.0], [5, 5])
    apart = share_of(0.5, (went - 0.5) / 10, 200)
    assert apart.low < 0.25 and apart.high > 0.75


@pytest.mark.parametrize(("trials", "most"), [(30, 0.25), (300, 0.03), (30_000, 0.0003)])
def test_where_all_are_alike_the_number_of_trials_tells(trials: int, most: float) -> None:
    """None of 30 may be a quarter, none of 30,000 next to nothing; never 0 to 0."""
    low, high = share_limits(0.0, 0.0, 30, trials)
    assert low == 0 and 0 < high <= most
    assert high == pytest.approx(1 - 0.025 ** (ALIKE / trials))
    assert share_limits(1.0, 0.0, 30, trials) == pytest.approx((1 - high, 1))


def part(value: float, low: float, high: float, influence: list[float]) -> Part:
    """A number with its interval."""
    return Part(value, low, high, np.array(influence))


sides = st.tuples(*[st.floats(0, 1)] * 3).map(sorted)
influences = st.lists(st.floats(-1, 1), min_size=4, max_size=4)


@given(sides, sides, influences, influences)
def test_a_difference_of_shares_is_possible(
    one: list[float], other: list[float], moved: list[float], moves: list[float]
) -> None:
    """Whatever the limits of both sides and however they go together: from -100 to 100 points, around the value."""
    before, after = (part(each[1], each[0], each[2], how) for each, how in ((one, moved), (other, moves)))
    found = difference(before, after)
    assert -1 - 1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=30))
def test_a_difference_of_means_is_students_paired_interval(pairs: list[tuple[float, float]]) -> None:
    """Between the limits of both sides lies exactly what a paired t test has."""
    before, after = (np.array([each[side] for each in pairs]) for side in (0, 1))
    found = difference(mean_of(before), mean_of(after))
    right = ttest_rel(after, before).confidence_interval(0.95)
    if not isnan(right.low):
        assert (found.low, found.high) == pytest.approx((right.low, right.high), abs=1e-4)
    assert (found.low, found.high) == pytest.approx(tuple(interval(after - before)[1:]), abs=1e-4)


def test_what_is_not_known_has_no_difference() -> None:
    """Nothing to say on one side, or not reached: nan, not a number."""
    known, unknown = part(1.0, 0.5, 1.5, [0.1, -0.1]), part(nan, nan, nan, [0, 0])
    assert isnan(difference(known, unknown).value) and isnan(difference(unknown, known).low)
