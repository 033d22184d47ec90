"""Designs and indices against functions whose indices are known in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.uncertainty.designs import draws, ends, saltelli, trajectories
from sim.uncertainty.indices import apportioned, explained, screened

Float = NDArray[np.float64]
XYZ = ("x", "y", "z")


def ishigami(u: Float, a: float = 7.0, b: float = 0.1) -> Float:
    """Ishigami, Homma (1990), doi:10.1109/ISUMA.1990.151285, on the unit cube."""
    x, y, z = (math.pi * (2 * u - 1)).T
    return np.asarray(np.sin(x) + a * np.sin(y) ** 2 + b * z**4 * np.sin(x))


ISHIGAMI_FIRST, ISHIGAMI_TOTAL = (0.313905, 0.442411, 0.0), (0.557589, 0.442411, 0.243684)
A = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0)


def sobol_g(u: Float) -> Float:
    """Sobol' g-function; Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018."""
    a = np.array(A)
    return np.asarray(((np.abs(4 * u - 2) + a) / (1 + a)).prod(axis=1))


def g_indices() -> tuple[Float, Float]:
    """First-order and total indices of the g-function."""
    alone = 1 / 3 / (1 + np.array(A)) ** 2
    whole = (1 + alone).prod() - 1
    return alone / whole, alone * (1 + alone).prod() / (1 + alone) / whole


def check(function: Callable[[Float], Float], names: tuple[str, ...], first: Float, total: Float) -> None:
    """Every index within three bootstrap standard deviations of its closed form."""
    for index, s, t in zip(apportioned(names, function(saltelli(names, 1024))), first, total, strict=True):
        assert abs(index.first - s) <= 3 * (index.first_high - index.first) / 1.96, index
        assert abs(index.total - t) <= 3 * (index.total_high - index.total) / 1.96, index


def test_ishigami() -> None:
    """First-order and total indices; an input may have no effect alone and a good one with another."""
    check(ishigami, XYZ, np.array(ISHIGAMI_FIRST), np.array(ISHIGAMI_TOTAL))
    x, y, z = apportioned(XYZ, ishigami(saltelli(XYZ, 1024)))
    assert (x.seen, y.seen, z.seen) == (True, True, False)
    assert z.total_low > 0.15


def test_ishigami_with_another_parameter_is_told_apart() -> None:
    """The companion: with `a` a fifth larger the second index is not the one of 7."""
    with pytest.raises(AssertionError):
        check(lambda u: ishigami(u, a=8.4), XYZ, np.array(ISHIGAMI_FIRST), np.array(ISHIGAMI_TOTAL))


def test_the_g_function() -> None:
    """Six inputs from important to without effect."""
    check(sobol_g, tuple("abcdef"), *g_indices())


def test_noise_of_its_own_at_every_point_swells_the_total_indices() -> None:
    """Why all points use the same keys: with noise of sd 2 (function: 3.72) their sum is 1.7, not 1.24."""
    noise = np.random.default_rng(1).normal(0, 2, 5 * 1024)
    points = saltelli(XYZ, 1024)
    quiet, loud = (sum(i.total for i in apportioned(XYZ, ishigami(points) + n)) for n in (0 * noise, noise))
    assert quiet == pytest.approx(1.2437, abs=0.03)
    assert loud == pytest.approx(1.71, abs=0.15)


def test_indices_of_groups() -> None:
    """x and z together have all that y has not; closed and total agree, for the groups do not interact."""
    groups = ("xz", "y", "xz")
    of_both, of_y = apportioned(XYZ, ishigami(saltelli(XYZ, 1024, groups=groups)), groups)
    assert (of_both.name, of_y.name) == ("xz", "y")
    assert of_both.total == pytest.approx(1 - 0.442411, abs=0.05)
    assert of_both.first == pytest.approx(of_both.total, abs=0.1)


def test_morris_screens() -> None:
    """Sizes of the effects near 7.08, 7.87, 5.62 (20 trajectories), here by many trajectories; z is bent."""
    points = trajectories(XYZ, 400)
    found = {each.name: each for each in screened(XYZ, points, ishigami(points))}
    assert [found[name].mu_star for name in XYZ] == pytest.approx([7.08, 7.87, 5.62], rel=0.15)
    assert found["z"].bent


def test_without_effect_to_the_bit_is_told_apart_from_small() -> None:
    """A millionth is small; nothing is nothing."""
    names = ("much", "little", "none")
    points = trajectories(names, 10)
    found = {each.name: each for each in screened(names, points, points[:, 0] + 1e-6 * points[:, 1])}
    assert [found[name].exact_null for name in names] == [False, False, True]
    assert found["none"].mu_star == 0


def test_what_measuring_an_input_is_worth() -> None:
    """The first-order share of Ishigami's inputs, from a plain sample; z alone explains nothing."""
    points = draws(3, 4096)
    found = {each.name: each for each in explained(XYZ, points, points @ np.array([3.0, 2.0, 0.0]))}
    assert [found[name].share for name in XYZ] == pytest.approx([9 / 13, 4 / 13, 0], abs=0.02)
    assert found["x"].at == pytest.approx((3 / 16 + 1, 45 / 16 + 1), abs=0.05)


def test_a_sample_is_spread_evenly_and_the_same_every_time() -> None:
    """Sobol' points: 128 of them have one in every 128th of every axis."""
    points = draws(42, 128)
    assert (np.sort(np.floor(points * 128), axis=0) == np.arange(128)[:, None]).all()
    assert (points == draws(42, 128)).all()
    assert not (points == draws(42, 128, seed=2)).all()


def test_one_axis_at_a_time() -> None:
    """At its low and its high end; the others stay as they are written."""
    assert np.array_equal(ends(2), [[0, np.nan], [1, np.nan], [np.nan, 0], [np.nan, 1]], equal_nan=True)


@pytest.mark.slow
def test_the_intervals_of_shares_of_variance_hold_as_often_as_they_say() -> None:
    """300 samples of a linear model with noise: the 90 % interval of a share of it covers it in 85 to 97 %."""
    weights, held = np.array([3.0, 2.0, 1.0, 0.0]), 0
    random = np.random.default_rng(7)
    truth = 9 / 12 / (14 / 12 + 0.25)
    for _ in range(300):
        points = random.random((128, 4))
        found = explained(tuple("abcd"), points, points @ weights + random.normal(0, 0.5, 128))
        first = next(each for each in found if each.name == "a")
        held += first.low <= truth <= first.high
    assert 255 <= held <= 291


def test_the_best_of_many_by_luck_is_not_told_from_chance() -> None:
    """Of a hundred inputs without effect one is told in about one of twenty samples; one that matters is told."""
    random = np.random.default_rng(7)
    names, points = [f"x{i}" for i in range(100)], random.random((48, 100))
    lucky = [any(each.told for each in explained(names, points, random.normal(0, 1, 48))) for _ in range(40)]
    assert sum(lucky) <= 7
    assert sum(max(each.low for each in explained(names, points, random.normal(0, 1, 48))) > 0 for _ in range(10)) >= 5
    found = explained(names, points, 4 * points[:, 3] + random.normal(0, 0.5, 48))
    assert found[0].name == "x3" and found[0].told
