"""The search for the smallest number that meets a goal: exact answers, the unreachable, and more that is worse."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.intervals import Float
from sim.decisions.staffing import BATCH, Bounds, Looked, Shares, Verdict, frontier, solve


def curve(at: dict[int, float], *, spread: float = 0.02, seed: int = 1) -> Shares:
    """Shares of a number that are known on average, the same luck for every number; past the last one they stay."""
    luck = np.random.default_rng(seed).normal(0, spread, 1_000)

    def shares(number: int, replications: int) -> Float:
        return np.clip(at[min(number, max(at))] + luck[:replications], 0, 1)

    return shares


def test_the_smallest_number_that_meets() -> None:
    """Ten points between neighbours and two of luck: 5 meets, 4 does not, and the certificate has both."""
    found = solve(curve({n: 0.45 + 0.1 * n for n in range(1, 6)}), 0.93)
    assert (found.verdict, found.number) == (Verdict.FOUND, 5)
    below, at = found.certificate
    assert below is not None and at is not None
    assert (below.number, at.number) == (4, 5)
    assert below.high < 0.93 <= at.low


def test_what_cannot_be_reached_is_said_at_once() -> None:
    """Half of the trials wait for something else: one number is looked at, and no best point is given."""
    found = solve(curve(dict.fromkeys(range(1, 9), 0.5)), 0.9)
    assert (found.verdict, found.number, found.certificate) == (Verdict.UNREACHABLE, None, (None, None))
    assert [each.number for each in found.looked] == [64]
    assert found.ceiling.high < 0.9


def test_a_goal_that_the_least_meets() -> None:
    """The best value lies on the edge of its range, and the verdict says so."""
    found = solve(curve({1: 0.95}), 0.9, Bounds(least=1, most=8))
    assert (found.verdict, found.number) == (Verdict.MET_BY_LEAST, 1)


def test_neighbours_that_cannot_be_told_apart() -> None:
    """A share on the very edge with much luck is undecided with the replications allowed, not decided by chance."""
    found = solve(curve({1: 0.3, 2: 0.9, 3: 0.99}, spread=0.2), 0.9, Bounds(most=8, replications=2 * BATCH))
    assert found.verdict is Verdict.UNDECIDED


def test_one_more_that_makes_it_worse_is_said() -> None:
    """Removing a constraint can delay (Graham 1969): 3 is worse than 2, and the two are named."""
    found = solve(curve({1: 0.3, 2: 0.7, 3: 0.6, 4: 0.95}), 0.9, Bounds(most=4))
    assert [(a.number, b.number) for a, b in found.anomalies] == [(2, 3)]
    np.testing.assert_allclose(frontier(found.looked)[1:3], np.mean([each.share for each in found.looked[1:3]]))


@pytest.mark.parametrize("answer", [1, 2, 3, 7, 20, 63, 64])
def test_every_answer_is_found(answer: int) -> None:
    """A step at any number between the least and the most is found there."""
    found = solve(curve({n: 0.5 if n < answer else 0.95 for n in range(1, 65)}), 0.9)
    assert found.number == answer


def test_the_search_is_right_as_often_as_it_says() -> None:
    """With the truth two points from the goal on either side, at most one search in twenty errs."""
    truth = {1: 0.6, 2: 0.8, 3: 0.88, 4: 0.92, 5: 0.95}
    searches = [
        solve(curve(truth, spread=0.04, seed=seed), 0.9, Bounds(most=8, replications=100)) for seed in range(200)
    ]
    wrong = [each for each in searches if each.verdict is Verdict.FOUND and each.number != 4]
    assert len(wrong) <= 10
    assert sum(each.verdict is Verdict.FOUND for each in searches) > 100


def test_years_that_meet_are_counted() -> None:
    """At a mean of 0.9 half of the years may miss it."""
    looked = Looked(1, 0.9, 0.88, 0.92, np.array([0.85, 0.89, 0.91, 0.95]))
    assert looked.years_met(0.9) == 0.5
