"""Bands: variances taken apart, intervals that hold as often as they say, and how sure a difference is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.uncertainty.bands import bands, clopper_pearson, held, nested, parted, sure, within

Float = NDArray[np.float64]


def crossed(random: np.random.Generator, shape: tuple[int, int], sds: tuple[float, float, float]) -> Float:
    """Outputs with known standard deviations of draw, luck and rest, about 10."""
    draws, replications = shape
    of_draw, of_luck, of_rest = sds
    return np.asarray(
        10
        + random.normal(0, of_draw, (draws, 1))
        + random.normal(0, of_luck, (1, replications))
        + random.normal(0, of_rest, shape)
    )


def test_a_hand_example_is_taken_apart() -> None:
    """Two draws by two replications, by hand: 1 3 / 5 11 has squares 36, 16 and 4."""
    parts = parted(np.array([[1.0, 3.0], [5.0, 11.0]]))
    assert (parts.mean, parts.rest, parts.draw, parts.luck) == (5.0, 4.0, (36 - 4) / 2, (16 - 4) / 2)


def test_known_variances_are_found() -> None:
    """A linear model of sd 3, 2 and 1: the mean of many estimates is 9, 4 and 1; the nested form knows only 9 and 5."""
    random = np.random.default_rng(1)
    found = [parted(crossed(random, (40, 12), (3, 2, 1))) for _ in range(600)]
    of = [np.array([getattr(parts, name) for parts in found]) for name in ("draw", "luck", "rest")]
    for values, truth in zip(of, (9, 4, 1), strict=True):
        error = values.std() / math.sqrt(len(values))
        assert abs(values.mean() - truth) < 4 * error
        assert abs(values.mean() - 1.2 * truth) > 4 * error  # the companion, a fifth off
    inside = nested(crossed(random, (4000, 2), (3, 0, 2)))
    assert (inside.draw, inside.rest) == pytest.approx((9, 4), rel=0.1)


def test_a_variance_below_nothing_is_told_as_it_is() -> None:
    """Where draws change nothing, the estimate may be negative, and is not clipped."""
    random = np.random.default_rng(2)
    assert min(parted(crossed(random, (10, 3), (0, 1, 1))).draw for _ in range(20)) < 0


def test_within_is_the_rank_of_a_further_value() -> None:
    """Of 19 values, 90 % of further ones fall between the smallest and the largest; fewer give no more than that."""
    assert within(np.arange(1.0, 20.0)) == (1, 19)
    assert within(np.arange(1.0, 5.0)) == (1, 4)
    assert within(np.arange(1.0, 40.0)) == pytest.approx((2, 38))


def test_how_sure_a_difference_is() -> None:
    """Of ten draws: six up, one down, two too near to tell, one the same to the bit."""
    rest = np.array([[-1.0, 1.0]])
    means = np.array([9.0, 9, 9, 9, 9, 9, -9, 0.1, -0.1])
    differences = np.vstack([means[:, None] + rest * np.array([1, -1, 1, -1, 1, -1, 1, -1, 1])[:, None], [[0.0, 0.0]]])
    found = sure(differences)
    assert (found.up, found.down, found.undecided, found.same) == (0.6, 0.1, 0.2, 0.1)
    assert (found.low, found.high) == clopper_pearson(6, 10)


def test_clopper_pearson_has_the_published_ends() -> None:
    """0 of 10 ends at 30.8 %; 320 of 400 is 80 % give or take 4 points (Clopper, Pearson 1934; Brown et al. 2001)."""
    assert clopper_pearson(0, 10) == pytest.approx((0, 0.3085), abs=1e-4)
    assert clopper_pearson(320, 400) == pytest.approx((0.757, 0.838), abs=1e-3)


@pytest.mark.slow
def test_the_bands_hold_as_often_as_they_say() -> None:
    """300 repetitions of a small case: 95 % of the means, 90 % of further years, with and without what nobody knows."""
    random, sds = np.random.default_rng(3), (3.0, 2.0, 1.0)
    held = np.zeros(3)
    for _ in range(300):
        found = bands(crossed(random, (1, 30), (0, 2, 1))[0], crossed(random, (128, 30), sds))
        year, any_year = random.normal(10, math.hypot(2, 1)), random.normal(10, math.hypot(*sds))
        held += [b.low <= v <= b.high for b, v in ((found.computed, 10), (found.luck, year), (found.unknown, any_year))]
    assert 275 <= held[0] <= 296  # of 285
    assert 255 <= held[1] <= 285  # of 270
    assert 255 <= held[2] <= 285  # of 270


def test_a_ranking_holds_where_each_is_above_the_next() -> None:
    """Of four draws: as ranked, ranked otherwise, the same to the bit, and not to be told from luck."""
    luck = np.array([0.0, 0.001])
    best = np.array([[0.9], [0.2], [0.5], [0.5]]) + luck
    next_ = np.array([[0.5], [0.6], [0.5], [0.5]]) + luck
    next_[3] = [0.5, 0.5012]
    found = held(np.stack([best, next_, next_]))
    assert (found.holds, found.fails, found.undecided, found.draws) == (0.5, 0.25, 0.25, 4)
    assert found.interval == clopper_pearson(2, 4)
