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


def test_what_is_chance_is_not_seen() -> None:
    """Many inputs and few draws fit anything, and predict nothing that was left out; the error of each is exact."""
    random = np.random.default_rng(3)
    points, noise = random.random((16, 60)), random.normal(0, 1, 16)
    order = list(range(60))
    assert fitted(points, noise, order).seen < 0.3
    few, outputs = random.random((24, 2)), random.normal(0, 1, 24)
    penalties = [
        np.mean(
            [
                (outputs[i] - _again(np.delete(few, i, 0), np.delete(outputs, i), few[i : i + 1], penalty)) ** 2
                for i in range(24)
            ]
        )
        for penalty in 10.0 ** np.arange(-3, 4)
    ]
    assert 1 - fitted(few, outputs, [0, 1]).seen == pytest.approx(min(penalties) / outputs.var(), rel=0.1)


def _again(points: np.ndarray, outputs: np.ndarray, at: np.ndarray, penalty: float) -> float:  # type: ignore[type-arg]
    """A ridge of the same terms, fitted by hand."""
    x = [np.polynomial.legendre.legvander(2 * each - 1, 3)[:, :, 1:] for each in (points, at)]
    terms = [
        np.hstack([*(each[:, :, power] for power in range(3)), (2 * which[:, :1] - 1) * (2 * which[:, 1:] - 1)])
        for each, which in zip(x, (points, at), strict=True)
    ]
    middle, mean = terms[0].mean(axis=0), outputs.mean()
    centred = terms[0] - middle
    numbers = np.linalg.solve(centred.T @ centred + penalty * np.eye(7), centred.T @ (outputs - mean))
    return float(mean + (terms[1][0] - middle) @ numbers)
