"""The search for the smallest number that meets a goal: exact answers, the unreachable, and more that is worse."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.intervals import Float
from sim.decisions.staffing import (
    BATCH,
    Bounds,
    Looked,
    Point,
    SearchInterrupted,
    Shares,
    Verdict,
    allocate,
    frontier,
    solve,
)


def curve(at: dict[int, float], *, spread: float = 0.02, seed: int = 1) -> Shares:
    """Shares of a number that are known on average, the same luck for every number; past the last one they stay."""
    luck = np.random.default_rng(seed).normal(0, spread, 1_000)

    def shares(point: Point, replications: int) -> Float:
        return np.clip(at[min(point[0], max(at))] + luck[:replications], 0, 1)

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
    looked = Looked((1,), 0.9, 0.88, 0.92, np.array([0.85, 0.89, 0.91, 0.95]))
    assert looked.years_met(0.9) == 0.5


def test_the_next_numbers_are_looked_at_too() -> None:
    """What one person more would add, and another one: the steps are paired differences."""
    found = solve(curve({1: 0.5, 2: 0.8, 3: 0.95, 4: 0.97, 5: 0.98}), 0.9, Bounds(most=8))
    assert [each.number for each in found.more] == [4, 5]
    assert found.found is not None
    assert found.more[0].gain(found.found)[0] == pytest.approx(0.02, abs=0.005)


def test_the_largest_number_of_days_that_meets() -> None:
    """A share that falls with the number: 20 days hold the goal and 21 do not."""
    late = curve({n: 0.95 if n <= 20 else 0.5 for n in range(61)})
    found = solve(late, 0.9, Bounds(0, 60), largest=True)
    assert (found.verdict, found.number) == (Verdict.FOUND, 20)
    assert [each.number for each in found.less] == [21]
    assert [each.number for each in found.more] == [19, 18]
    assert solve(late, 0.9, Bounds(21, 60), largest=True).verdict is Verdict.UNREACHABLE


def test_an_answer_on_the_edge_says_so() -> None:
    """The ceiling itself is the first that meets; more was not allowed."""
    steps = curve({n: 0.4 + 0.1 * n for n in range(1, 9)})
    assert solve(steps, 0.85, Bounds(most=5)).on_edge
    assert not solve(steps, 0.85, Bounds(most=6)).on_edge


def desks(point: Point, replications: int) -> Float:
    """The share in time of a goal that needs two pools at once: the scarcer of two desks decides, a third is idle."""
    luck = np.random.default_rng(1).normal(0, 0.01, 1_000)[:replications]
    return np.clip(min(0.3 * point[0], 0.2 * point[1], 0.95) + luck, 0, 1)


def test_several_numbers_are_locally_minimal() -> None:
    """The third pool gets nobody more than the least; with one less of either of the others the goal is missed."""
    found = allocate(desks, 0.85, [1.0, 1.0, 1.0], Bounds(most=8))
    assert (found.verdict, found.at) == (Verdict.FOUND, (3, 5, 1))
    assert {each.at for each in found.less} >= {(2, 5, 1), (3, 4, 1)}
    assert all(each.meets(0.85) is False for each in found.less)


def test_several_numbers_that_cannot_reach_a_goal() -> None:
    """Neither desk is what is missing."""
    assert allocate(desks, 0.99, [1.0, 1.0, 1.0], Bounds(most=8)).verdict is Verdict.UNREACHABLE


def test_where_two_pools_do_the_same_the_cheaper_one_is_taken() -> None:
    """Either desk adds as much; the first costs ten times as much."""

    def shares(point: Point, replications: int) -> Float:
        luck = np.random.default_rng(1).normal(0, 0.01, 1_000)[:replications]
        return np.clip(0.1 * (point[0] + point[1]) + luck, 0, 1)

    assert allocate(shares, 0.85, [10.0, 1.0], Bounds(most=12)).at == (1, 8)


def test_an_interrupted_search_has_what_it_looked_at() -> None:
    """Ctrl-C at the third look: two numbers are there, and no answer."""
    played = curve({n: 0.45 + 0.1 * n for n in range(1, 6)})
    asked: list[Point] = []

    def shares(point: Point, replications: int) -> Float:
        asked.append(point)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return played(point, replications)

    with pytest.raises(SearchInterrupted) as stopped:
        solve(shares, 0.93)
    assert stopped.value.finished is not None
    assert stopped.value.finished.verdict is Verdict.STOPPED
    assert {each.at for each in stopped.value.finished.looked} == {*asked[:2]}


def test_intervals_of_shares_are_possible() -> None:
    """Two years that differ much say little, and nothing that cannot be."""
    found = solve(curve({1: 0.1, 2: 0.6, 3: 0.95}, spread=0.4), 0.9, Bounds(most=3, replications=2))
    assert found.looked and all(0 <= each.low <= each.share <= each.high <= 1 for each in found.looked)
    assert {(each.low, each.high) for each in found.looked} & {(0.0, 1.0)}
