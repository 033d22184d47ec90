"""The front of two numbers: by hand, and with luck in it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.decisions.pareto import Standing, hypervolume, knee, standings

CERTAIN = np.array([[0.0, 1e-9]])  # two replications that hardly differ


def test_a_front_by_hand() -> None:
    """Of four settings the one that is worse in both is dominated, a duplicate of a front point is not."""
    share, price = np.array([0.2, 0.5, 0.9, 0.4, 0.5]), np.array([0.0, 1.0, 5.0, 2.0, 1.0])
    found = standings(share[:, None] + CERTAIN, price[:, None] + CERTAIN)
    assert found == (Standing.FRONT, Standing.FRONT, Standing.FRONT, Standing.DOMINATED, Standing.FRONT)


def test_what_luck_may_explain_is_undecided() -> None:
    """A setting that is worse on average, by less than its intervals, is neither on the front nor off it."""
    share = np.array([[0.5, 0.5, 0.5, 0.5], [0.3, 0.6, 0.4, 0.6]])
    price = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.2, 0.9, 1.1]])
    assert standings(share, price) == (Standing.FRONT, Standing.UNDECIDED)


def test_the_knee_is_where_the_front_bends() -> None:
    """The point farthest from the chord; of a straight front, its first point."""
    assert knee(np.array([0.0, 0.8, 1.0]), np.array([0.0, 1.0, 10.0])) == 1
    assert knee(np.array([0.0, 0.5, 1.0]), np.array([0.0, 5.0, 10.0])) == 0
    assert knee(np.array([1.0, 0.8, 0.0]), np.array([10.0, 1.0, 0.0])) == 1


def test_the_area_of_a_staircase() -> None:
    """Steps at prices 0, 1 and 3 up to the dearest price 4; what is dominated or too dear adds nothing."""
    share, price = np.array([0.2, 0.5, 0.9]), np.array([0.0, 1.0, 3.0])
    area = 0.2 * 1 + 0.5 * 2 + 0.9 * 1
    assert hypervolume(share, price, (0.0, 4.0)) == pytest.approx(area)
    assert hypervolume(np.append(share, 0.1), np.append(price, 2.0), (0.0, 4.0)) == pytest.approx(area)
    assert hypervolume(np.append(share, 1.0), np.append(price, 9.0), (0.0, 4.0)) == pytest.approx(area)


def test_the_same_price_in_every_replication_is_no_excuse() -> None:
    """Clearly fewer trials for exactly the same lost work is dominated; where the work differs by luck, undecided."""
    share = np.array([[0.5, 0.52, 0.51, 0.5], [0.3, 0.32, 0.31, 0.31]])
    same = np.array([[1.0, 1.3, 0.9, 1.1], [1.0, 1.3, 0.9, 1.1]])
    assert standings(share, same) == (Standing.FRONT, Standing.DOMINATED)
    luck = same + np.array([[0.0] * 4, [0.1, -0.1, 0.2, -0.1]])
    assert standings(share, luck) == (Standing.FRONT, Standing.UNDECIDED)
