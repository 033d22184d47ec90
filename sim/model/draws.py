"""The only randomness: uniforms that are found by name, and the transforms that turn them into numbers and times.

A `Draws` belongs to one replication. A uniform is a function of (seed, replication, quantity, trial, site, round,
class) and of nothing else: not of how many were drawn before, nor beside which others. So a scenario that changes one
thing leaves every other draw as it was. Whole numbers are drawn as people know them: exactly so many, by a mean, or by
a table of shares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.model.network import Int
from sim.scenario.language.distributions import FAMILIES
from sim.scenario.schema import Count

Float = NDArray[np.float64]
Words = NDArray[np.uint64]

_LOW = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = np.array([[0xD251_1F53], [0xCD9E_8D57]], np.uint64)  # (2, 1)
_WEYL = np.array([0x9E37_79B9, 0xBB67_AE85], np.uint64)  # (2) added to the key from round to round
_ROUNDS = 10
_BLOCK = 8192  # counters at a time, so that the words of a block stay in the cache
_BITS = 52  # with 53, (x + 1/2) / 2**53 would round to 1 for the largest x


@dataclass(frozen=True, slots=True)
class Draws:
    """The uniforms of replication `replication` under `seed`."""

    seed: int
    replication: int

    def uniform(
        self, quantity: str, trial: ArrayLike, site: ArrayLike = 0, round: ArrayLike = 0, trial_class: ArrayLike = 0
    ) -> Float:
        """Uniforms strictly between 0 and 1, one for each (trial, site, round, class), whole numbers that broadcast.

        Raises
        ------
        ValueError
            If one of them is not a whole number from 0 to 2**32 - 1.

        References
        ----------
        Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3,
        doi:10.1145/2063384.2063405 (Philox4x32-10; the key is a hash of seed, replication and quantity).
        """
        given = {"trial": trial, "site": site, "round": round, "trial_class": trial_class}
        if sys.modules.get("numba") and (found := _compiled(given.values(), self._key(quantity))) is not None:
            return found
        lanes = np.broadcast_arrays(*(_lane(name, numbers) for name, numbers in given.items()))
        words = philox(np.stack(lanes).reshape(4, -1), self._key(quantity))
        bits: Words = (words[1] << _HALF | words[0]) >> np.uint64(64 - _BITS)
        return np.reshape((bits.astype(np.float64) + 0.5) / 2.0**_BITS, lanes[0].shape)

    def _key(self, quantity: str) -> tuple[int, int]:
        digest = blake2b(f"{self.seed}/{self.replication}/{quantity}".encode(), digest_size=8).digest()
        return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def stable_id(name: str) -> int:
    """A number from 0 to 2**32 - 1 that depends on `name` only; two names may share one, which the caller checks."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")


def philox(counter: Words, key: tuple[int, int]) -> Words:
    """Philox4x32-10: the four 32-bit words (4, n) of the four-word counters (4, n) under a key of two words.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), doi:10.1145/2063384.2063405.
    """
    words = np.empty_like(counter)
    for start in range(0, counter.shape[1], _BLOCK):
        block = np.s_[:, start : start + _BLOCK]
        words[block] = _philox_block(counter[block], key)
    return words


def _philox_block(counter: Words, key: tuple[int, int]) -> Words:
    even, odd = counter[::2].copy(), counter[1::2].copy()  # (2, n) words 0 and 2, words 1 and 3
    product = np.empty_like(even)
    for round_key in _round_keys(key):
        np.multiply(even, _MULTIPLIERS, out=product)
        np.right_shift(product[::-1], _HALF, out=even)
        even ^= odd
        even ^= round_key
        even &= _LOW  # what stands above the low half of `odd` ends here
        odd, product = product[::-1], odd
    return np.stack((even, odd & _LOW), axis=1).reshape(4, -1)


def _round_keys(key: tuple[int, int]) -> Words:
    """(rounds, 2, 1) the key of each round."""
    steps = np.arange(_ROUNDS, dtype=np.uint64)[:, np.newaxis] * _WEYL
    return ((np.array(key, np.uint64) + steps) & _LOW)[:, :, np.newaxis]


def _compiled(given: Iterable[ArrayLike], key: tuple[int, int]) -> Float | None:
    """The same uniforms from compiled code, worth it where numba is loaded anyway; None for what is no counter."""
    from sim.model.compiled_draws import fill

    numbers = [np.asarray(each) for each in given]
    if any(each.dtype.kind not in "iu" for each in numbers):
        return None
    found = np.empty(np.broadcast(*numbers).shape)
    lanes = [_flat(each.astype(np.int64, copy=False), found.shape) for each in numbers]
    return found if fill(*lanes, np.uint64(key[0]), np.uint64(key[1]), found.reshape(-1)) else None


def _flat(numbers: Int, shape: tuple[int, ...]) -> Int:
    """The numbers broadcast to a shape, in a row."""
    if numbers.shape == shape:
        return np.ascontiguousarray(numbers).reshape(-1)
    whole = np.empty(shape, np.int64)
    whole[...] = numbers
    return whole.reshape(-1)


def _lane(name: str, numbers: ArrayLike) -> Words:
    found = np.asarray(numbers)
    if found.size == 0:
        return found.astype(np.uint64)
    if found.dtype.kind not in "iu" or found.min() < 0 or found.max() > int(_LOW):
        raise ValueError(f"{name}: must be whole numbers from 0 to 2**32 - 1, got {found.min()} to {found.max()}")
    return found.astype(np.uint64)


def whole_minutes(x: ArrayLike) -> Int:
    """The nearest whole minute, halves to the even one: the only place where real numbers become time.

    Raises ValueError if a value is not finite or past 2**53.
    """
    minutes = np.rint(np.asarray(x, np.float64))
    if not np.abs(minutes).max(initial=0.0) <= 2.0**53:
        unknown = minutes[~(np.abs(minutes) <= 2.0**53)]
        raise ValueError(f"minutes must be finite and at most 2**53, got {unknown.flat[0]}")
    return np.asarray(minutes, np.int64)


def geometric(u: ArrayLike, mean: float) -> Int:
    """How often one must try until the first success, at least once, `mean` times on average (inverse transform).

    Raises ValueError if `mean` is less than 1.
    """
    if not mean >= 1:
        raise ValueError(f"mean must be at least 1, got {mean}")
    if mean == 1:
        return np.ones(np.shape(u), np.int64)
    return np.asarray(np.ceil(np.log1p(-np.asarray(u)) / np.log1p(-1 / mean)), np.int64)


def from_shares(u: ArrayLike, shares: Sequence[float]) -> Int:
    """The index in `shares` of each uniform (inverse transform); an index with share 0 is never returned.

    Raises ValueError if a share is negative or they do not add up to 1.
    """
    upper = np.cumsum(shares)
    if min(shares) < 0 or abs(upper[-1] - 1) > 1e-9:
        raise ValueError(f"shares must not be negative and must add up to 1, got {list(shares)}")
    return np.asarray(np.searchsorted(upper[:-1] / upper[-1], u), np.int64)


def gamma(u: ArrayLike, shape: float) -> Float:
    """A gamma variate with mean `shape` and scale 1 (inverse transform)."""
    return FAMILIES["gamma"](np.asarray(u, np.float64), np.array([shape, 1.0]))


def counts(count: Count, luck: NDArray[np.float64]) -> Int:
    """(len(luck)) the number at each quantile in `luck`."""
    if count.exactly is not None:
        return np.full(len(luck), count.exactly, dtype=np.int64)
    if count.shares is not None:
        numbers = sorted(count.shares)  # so that more luck never means a smaller number, however the file is ordered
        return np.array(numbers)[from_shares(luck, [count.shares[number] for number in numbers])]
    assert count.mean is not None
    return geometric(luck, count.mean)
