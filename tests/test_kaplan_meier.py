"""Distributions of times that are not all over: by hand, leaving out one replication, and against a textbook."""

from __future__ import annotations

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.durations import Distribution, pooled


def of(*replications: list[float | str]) -> Distribution:
    """Replications of times; "12+" is followed for 12 days and not there."""
    days = [np.array([float(str(each).rstrip("+")) for each in some]) for some in replications]
    return pooled(days, [np.array([not str(each).endswith("+") for each in some], bool) for some in replications])


def test_the_example_of_the_textbooks() -> None:
    """Remission times of 6-MP (Freireich 1963): the share left after 6, 7, 10, 13, 16, 22 and 23 weeks."""
    times = [6, 6, 6, "6+", 7, "9+", 10, "10+", "11+", 13, 16, "17+", "19+", "20+", 22, 23, "25+", "32+", "32+", "34+"]
    found = of([*times, "35+"])
    left = [1 - found.below(week).value for week in (6, 7, 10, 13, 16, 22, 23)]
    assert left == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=0.0005)
    assert found.quantile(0.5).value == 23


def test_without_anybody_missing_it_is_the_share_that_is_there() -> None:
    """Shares are counted, quantiles halve the step that they fall on, the mean is the mean."""
    found = of([1, 2], [3, 4])
    assert [found.below(day).value for day in (0, 1, 2.5, 4)] == [0, 0.25, 0.5, 1]
    assert [found.quantile(share).value for share in (0.25, 0.5, 0.6, 1)] == [1.5, 2.5, 3, 4]
    assert found.mean(100).value == 2.5


def test_what_is_not_reached_has_no_end() -> None:
    """A quantile above the share that gets there, and the upper limit of one near it, are infinite."""
    found = of([1, 2, "9+", "9+"], [1, 3, "9+", "9+"], [2, 3, "9+", "9+"])
    assert found.quantile(0.9).value == inf and isnan(found.quantile(0.9).low)
    assert found.quantile(0.45).value == 3 and found.quantile(0.45).high == inf
    assert found.mean(9).value == pytest.approx((1 + 2 + 1 + 3 + 2 + 3 + 6 * 9) / 12)


def test_nobody_says_nothing() -> None:
    """No trial, no number; a replication without trials counts among the replications."""
    assert isnan(of([], []).below(3).value) and isnan(of([]).mean(5).value)
    assert of([1, 2], []).replications == 2


replications = st.lists(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 25)), max_size=6), min_size=3, max_size=8
).filter(lambda several: sum(map(len, several)) > 2)


@given(replications, st.integers(0, 25))
def test_influences_add_up_to_nothing(several: list[list[tuple[int, int]]], day: int) -> None:
    """What some replications add to a share or a mean, the others take away."""
    found = followed(several)
    for part in (found.below(day), found.mean(25)):
        assert part.influence.sum() == pytest.approx(0, abs=1e-9)
        assert len(part.influence) == len(several)


@given(replications, st.integers(0, 25))
def test_where_all_are_there_an_influence_is_the_distance_from_the_whole(
    several: list[list[tuple[int, int]]], day: int
) -> None:
    """Ties or not: each trial adds what it is more than the share, or the mean, by the number of trials."""
    days = [np.array([takes for takes, _ in some], float) for some in several]
    found, everybody = pooled(days, [np.ones(len(some), bool) for some in days]), np.concatenate(days)
    share, mean = (everybody <= day).mean(), everybody.mean()
    exact = [[((some <= day) - share).sum(), (some - mean).sum()] for some in days]
    parts = np.array([found.below(day).influence, found.mean(30).influence])
    assert parts.T * len(everybody) == pytest.approx(np.array(exact), abs=1e-9)


@given(replications, st.integers(0, 25))
def test_limits_are_possible(several: list[list[tuple[int, int]]], day: int) -> None:
    """A share and its limits lie between 0 and 1 in their order, those of a quantile around it."""
    found = followed(several)
    part = found.below(day)
    assert 0 <= part.low <= part.value + 1e-9 and part.value - 1e-9 <= part.high <= 1
    median = found.quantile(0.5)
    assert median.value == inf or median.low <= median.value <= median.high


def followed(several: list[list[tuple[int, int]]]) -> Distribution:
    """Pairs of how long it takes and how long it is followed."""
    days = [np.array([min(each) for each in some], float) for some in several]
    return pooled(days, [np.array([takes <= seen for takes, seen in some], bool) for some in several])


def test_an_influence_is_what_is_missing_without_the_replication() -> None:
    """Leaving out one replication after the other moves share and mean by their influences (the jackknife)."""
    rng = np.random.default_rng(1)
    takes, seen = rng.exponential(10, (150, 20)), rng.uniform(0, 25, (150, 20))
    days, there = [*np.minimum(takes, seen)], [*(takes <= seen)]
    whole = pooled(days, there)
    for what in (lambda each: each.below(9.0), lambda each: each.mean(25.0)):
        without = np.array(
            [what(pooled(days[:n] + days[n + 1 :], there[:n] + there[n + 1 :])).value for n in range(150)]
        )
        jackknife = (without.mean() - without) * 149 / 150
        assert np.corrcoef(jackknife, what(whole).influence)[0, 1] > 0.999
        assert jackknife.std() == pytest.approx(what(whole).influence.std(), rel=0.01)
