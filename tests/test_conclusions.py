"""Where a conclusion holds: break-even values, regret, and the region in which it fails."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.uncertainty.conclusions import break_even, regret, where
from sim.uncertainty.designs import draws

AXIS = np.linspace(0, 1, 9)


def test_a_break_even_value_lies_between_two_points() -> None:
    """Where a falling line crosses 0, with an interval as wide as the replications differ."""
    luck = np.array([-0.05, 0.0, 0.05])
    found = break_even(AXIS, (0.3 - AXIS)[:, None] + luck)
    assert found.at == pytest.approx(0.3)
    assert (found.holds, found.first, found.last) == (False, pytest.approx(0.3), pytest.approx(-0.7))
    assert 0.25 <= found.low < 0.3 < found.high <= 0.35


@pytest.mark.parametrize("line", [1 + AXIS, -1 - AXIS, 0 * AXIS])
def test_what_never_crosses_holds_from_end_to_end(line: np.ndarray) -> None:
    """Above, below, and nothing at all."""
    found = break_even(AXIS, line[:, None] + np.zeros(2))
    assert found.holds
    assert math.isnan(found.low)


def test_regret_of_three_options() -> None:
    """Lost to the best option of each draw."""
    first, second = regret(np.array([[0.5, 0.6], [0.9, 0.6], [0.7, 0.7]]))
    assert (first.mean, first.most) == pytest.approx((0.1 / 3, 0.1))
    assert (second.mean, second.most) == pytest.approx((0.1, 0.3))


NAMES = ("a", "b", "c", "d")


def test_one_threshold_is_enough_where_it_is() -> None:
    """A conclusion that fails where b is above 0.7."""
    points = draws(4, 512)
    found = where(NAMES, points, points[:, 1] > 0.7)
    assert found is not None and [*found.sides] == ["b"]
    assert found.sides["b"][0] == pytest.approx(0.7, abs=0.01)
    assert (found.coverage, found.density) == (1, 1)


def test_a_corner_needs_two_sides() -> None:
    """A conclusion that fails where a is above 0.6 and c below 0.5: the box has both, and no third."""
    points = draws(4, 1024)
    found = where(NAMES, points, (points[:, 0] > 0.6) & (points[:, 2] < 0.5))
    assert found is not None and found.good
    assert {*found.sides} == {"a", "c"}
    assert found.sides["a"][0] == pytest.approx(0.6, abs=0.06)
    assert found.sides["c"][1] == pytest.approx(0.5, abs=0.06)


def test_where_there_is_no_region_none_is_called_good() -> None:
    """Failures at random fill no box; without any there is nothing to say."""
    points = draws(4, 512)
    found = where(NAMES, points, np.random.default_rng(1).random(512) < 0.3)
    assert found is not None and not found.good
    assert where(NAMES, points, np.zeros(512, dtype=bool)) is None


def test_a_side_says_how_often_it_is_chosen_again() -> None:
    """A clear threshold always; where failures are at random, seldom the same."""
    points = draws(4, 256)
    clear = where(NAMES, points, points[:, 1] > 0.7)
    assert clear is not None and clear.again == {"b": 1.0}
    chance = where(NAMES, points, np.random.default_rng(2).random(256) < 0.3)
    assert chance is not None and max(chance.again.values()) < 0.9
