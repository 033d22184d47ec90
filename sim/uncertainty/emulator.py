"""A stand-in for the engine: a smooth function of what nobody knows, fitted to draws, that states its error.

Each input has a cubic of its own, and the inputs that matter most bend each other in pairs. How far it can be trusted
is `seen`: the share of the variance of draws that it predicts without having seen them (each left out in turn).

References
----------
Sudret (2008), Global sensitivity analysis using polynomial chaos expansions, doi:10.1016/j.ress.2007.04.002. Allen
(1974), The relationship between variable selection and data augmentation, doi:10.1080/00401706.1974.10489157 (the error
of leaving one out, in closed form).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

DEGREE = 3
PAIRED = 6
"""Of the inputs that matter most, how many bend each other."""

_PENALTIES = 10.0 ** np.arange(-3, 4)


@dataclass(frozen=True)
class Emulator:
    """A fitted function; `seen` is 1 if it predicts draws that it was not fitted to, 0 if no better than their mean."""

    seen: float
    mean: float
    middle: Float  # (terms) their means over the sample
    numbers: Float  # (terms)
    pairs: tuple[tuple[int, int], ...]

    def __call__(self, points: Float) -> Float:
        """(points) The output expected at points (points, axes)."""
        return np.asarray(self.mean + (_terms(points, self.pairs) - self.middle) @ self.numbers)


def fitted(points: Float, outputs: Float, order: list[int]) -> Emulator:
    """The function of a sample, with the penalty that predicts best what is left out.

    Parameters
    ----------
    points
        (points, axes)
    outputs
        (points)
    order
        The axes, those that matter most first.
    """
    pairs = tuple(combinations(sorted(order[:PAIRED]), 2))
    terms, mean = _terms(points, pairs), float(outputs.mean())
    middle = terms.mean(axis=0)
    found = [_ridge(terms - middle, outputs - mean, penalty) for penalty in _PENALTIES]
    error, numbers = min(found, key=lambda each: each[0])
    whole = float(np.var(outputs))
    return Emulator(1 - error / whole if whole > 0 else 0.0, mean, middle, numbers, pairs)


def _ridge(terms: Float, y: Float, penalty: float) -> tuple[float, Float]:
    """The mean square error of leaving one out, and the numbers of all; terms and outputs have mean 0."""
    u, s, vt = np.linalg.svd(terms, full_matrices=False)
    shrunk = s / (s**2 + penalty)
    hat = ((u * (s * shrunk)) * u).sum(axis=1) + 1 / len(y)  # the mean was fitted too
    left = y - (u * (s * shrunk)) @ (u.T @ y)
    return float(((left / (1 - hat)) ** 2).mean()), np.asarray(vt.T @ (shrunk * (u.T @ y)))


def _terms(points: Float, pairs: tuple[tuple[int, int], ...]) -> Float:
    """(points, terms) Legendre polynomials of each axis, and products of two axes."""
    x = 2 * points - 1
    alone = [np.polynomial.legendre.legval(x, np.eye(DEGREE + 1)[power]) for power in range(1, DEGREE + 1)]
    products = [(x[:, one] * x[:, other])[:, None] for one, other in pairs]
    return np.hstack([*alone, *products])
