"""The emulator: what it can follow, and that it says what it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from sim.uncertainty.designs import draws, saltelli
from sim.uncertainty.emulator import fitted
from sim.uncertainty.indices import apportioned

NAMES = tuple("abcd")


def bent(u: np.ndarray) -> np.ndarray:
    """A cubic, a square and a product."""
    x = 2 * u - 1
    return np.asarray(x[:, 0] ** 3 + x[:, 1] ** 2 + x[:, 0] * x[:, 2])


def test_it_follows_what_is_smooth() -> None:
    """From 128 draws, nearly all of what it has not seen; and the indices are those of the function."""
    points = draws(4, 128)
    emulator = fitted(points, bent(points), [0, 1, 2, 3])
    assert emulator.seen > 0.99
    fresh = draws(4, 256, seed=5)
    assert emulator(fresh) == pytest.approx(bent(fresh), abs=0.1)
    design = saltelli(NAMES, 512)
    of_it, of_function = apportioned(NAMES, emulator(design)), apportioned(NAMES, bent(design))
    assert [each.total for each in of_it] == pytest.approx([each.total for each in of_function], abs=0.02)


def test_it_says_what_it_cannot_follow() -> None:
    """Of noise it sees nothing."""
    points = draws(4, 128)
    assert fitted(points, np.random.default_rng(1).normal(size=128), [0, 1, 2, 3]).seen < 0.1
