"""Two one-sided tests on paired differences: known answers, and numbers that are not there."""

from __future__ import annotations

from math import inf, nan, sqrt

import numpy as np
import pytest

from sim.regression.equivalence import Verdict, equivalence, replications_needed

SYMMETRIC = np.array([-1.5, -1.0, -0.5, -0.5, 0.0, 0.0, 0.5, 0.5, 1.0, 1.5])
"""Ten differences with mean 0 and standard deviation sqrt(7.5 / 9)."""

T_95, T_80 = 1.833113, 0.883404
"""Quantiles of Student's t with 9 degrees of freedom, from a printed table."""


def held(differences: np.ndarray, tolerance: float) -> tuple[Verdict, int | None]:
    """The verdict on differences from a long row of ones, and how many more replications it asks for."""
    found = equivalence(np.ones(len(differences)), 1 + np.asarray(differences, float), tolerance)
    return found.verdict, found.needs


def test_the_interval_is_that_of_two_tests_at_five_per_cent() -> None:
    """Mean and 90 % interval of ten differences, by hand."""
    found = equivalence(np.zeros(10), SYMMETRIC, 1.0)
    half = T_95 * sqrt(7.5 / 9) / sqrt(10)
    assert (found.value, found.low, found.high) == pytest.approx((0.0, -half, half), rel=1e-5)


@pytest.mark.parametrize(
    ("shift", "tolerance", "verdict"),
    [
        (0.0, 0.53, Verdict.SAME),  # the half-width is 0.5292
        (0.0, 0.52, Verdict.CANNOT_TELL),
        (1.0, 0.50, Verdict.CANNOT_TELL),
        (1.0, 0.47, Verdict.MOVED),
        (-1.0, 0.47, Verdict.MOVED),
        (-1.0, 1.53, Verdict.SAME),
        (-1.0, 1.52, Verdict.CANNOT_TELL),
    ],
)
def test_the_verdict_is_where_the_interval_lies(shift: float, tolerance: float, verdict: Verdict) -> None:
    """Within the tolerance, outside it, or across its edge."""
    assert held(SYMMETRIC + shift, tolerance)[0] is verdict


def test_what_cannot_be_told_asks_for_as_many_replications_as_would_tell() -> None:
    """The fewest n with (t95 + t80) s / sqrt(n) within the room that is left; here 28, of which 10 are there."""
    spread = sqrt(7.5 / 9)
    room = (1.7032884 + 0.8551373) * spread / sqrt(28)  # t95 and t80 with 27 degrees of freedom, from a printed table
    assert replications_needed(room * 1.0001, spread) == 28
    assert replications_needed(room * 0.9999, spread) == 29
    assert held(SYMMETRIC, room * 1.0001) == (Verdict.CANNOT_TELL, 18)
    assert held(SYMMETRIC + 1, 1 - room * 1.0001) == (Verdict.CANNOT_TELL, 18)


def test_a_difference_at_the_tolerance_is_never_told() -> None:
    """No number of replications separates a mean from where it lies."""
    assert held(SYMMETRIC + 1, 1.0) == (Verdict.CANNOT_TELL, None)


def test_one_replication_tells_nothing() -> None:
    """Without a variance there is no interval, whatever the difference; neither is there without any."""
    assert held(np.array([9.0]), 1.0) == (Verdict.CANNOT_TELL, 1)
    assert held(np.array([]), 1.0) == (Verdict.CANNOT_TELL, 2)


def test_differences_that_are_all_alike_have_no_spread() -> None:
    """Up to the tolerance it is the same, past it it has moved."""
    assert held(np.full(3, 0.5), 0.5) == (Verdict.SAME, 0)
    assert held(np.full(3, 0.75), 0.5) == (Verdict.MOVED, 0)


@pytest.mark.parametrize("gone", [nan, inf])
def test_a_number_on_one_side_alone_has_moved(gone: float) -> None:
    """What is there before and not after, or the other way round, is no small difference."""
    assert equivalence([1.0, 2.0, 3.0], [1.0, gone, 3.0], 9.0).verdict is Verdict.MOVED
    assert equivalence([1.0, gone, 3.0], [1.0, 2.0, 3.0], 9.0).verdict is Verdict.MOVED


@pytest.mark.parametrize("gone", [nan, inf])
def test_a_number_on_neither_side_says_nothing(gone: float) -> None:
    """The other replications decide alone."""
    found = equivalence([1.0, gone, 3.0], [1.5, gone, 3.5], 0.5)
    assert (found.verdict, found.value) == (Verdict.SAME, 0.5)
