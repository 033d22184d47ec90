"""The uniforms of `sim.model.draws`, bit for bit, in compiled code: one pass over the counters instead of a hundred.

Imported where numba is at work already, because importing it costs more than it saves in a short run.

References
----------
Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405.

`np.argsort(key, kind="stable")`, the same order in compiled code: digit by digit, in a third of the time.

Imported where numba is at work already, because importing it costs more than it saves in a short run.

References
----------
Knuth D. E. (1998). The Art of Computer Programming, volume 3, section 5.2.5: sorting by distribution.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

from sim.model.kept_code import unless_cut

_COUNTER = types.Array(types.int64, 1, "C", readonly=True)
_LOW = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)
_FIRST, _SECOND = np.uint64(0xD251_1F53), np.uint64(0xCD9E_8D57)  # multipliers
_WEYL_FIRST, _WEYL_SECOND = np.uint64(0x9E37_79B9), np.uint64(0xBB67_AE85)
_ROUNDS = 10
_DROPPED = np.uint64(12)
_STEPS = 2.0**52
_SIGNATURE = types.boolean(_COUNTER, _COUNTER, _COUNTER, _COUNTER, types.uint64, types.uint64, types.float64[::1])


def _fill(trial: Any, site: Any, round: Any, trial_class: Any, first_key: Any, second_key: Any, out: Any) -> bool:
    """Put the uniform of each counter of four words into `out`; False if a word does not fit into 32 bits."""
    used = np.uint64(0)
    for place in range(len(out)):
        used |= (
            np.uint64(trial[place]) | np.uint64(site[place]) | np.uint64(round[place]) | np.uint64(trial_class[place])
        )
    if used >> _HALF:
        return False
    for place in range(len(out)):  # without a branch, and all words seen to be short, so that four are made at a time
        a, b = np.uint64(trial[place]) & _LOW, np.uint64(site[place]) & _LOW
        c, d = np.uint64(round[place]) & _LOW, np.uint64(trial_class[place]) & _LOW
        key, other = first_key, second_key
        for _ in range(_ROUNDS):
            one, two = _FIRST * a, _SECOND * c
            a, c = ((two >> _HALF) ^ b ^ key) & _LOW, ((one >> _HALF) ^ d ^ other) & _LOW
            b, d = two & _LOW, one & _LOW
            key, other = (key + _WEYL_FIRST) & _LOW, (other + _WEYL_SECOND) & _LOW
        out[place] = (np.float64((b << _HALF | a) >> _DROPPED) + 0.5) / _STEPS
    return True


def _made(function: Any, signature: Any) -> Any:
    """The function in machine code, for arguments of these types alone."""
    made: Any = njit(cache=True, nogil=True)(function)
    unless_cut(made, lambda: made.compile(signature))
    made.disable_compile()
    return made


fill: Any = _made(_fill, _SIGNATURE)


_BITS = 13  # of a digit
_DIGITS = 1 << _BITS
_KEYS, _ROWS = types.Array(types.int64, 1, "C", readonly=True), types.int64[::1]


def _sort(key: Any, bits: int, rows: Any, other: Any, places: Any) -> bool:
    """Sort `rows` by key, whose largest has so many bits; whether the result is in `other` instead of `rows`."""
    swapped = False
    for shift in range(0, bits, _BITS):
        places[:] = 0
        for row in range(len(key)):
            places[(key[row] >> shift & (_DIGITS - 1)) + 1] += 1
        for digit in range(_DIGITS):
            places[digit + 1] += places[digit]
        for row in rows:
            digit = key[row] >> shift & (_DIGITS - 1)
            other[places[digit]] = row
            places[digit] += 1
        rows, other, swapped = other, rows, not swapped
    return swapped


_compiled: Any = _made(_sort, types.boolean(_KEYS, types.int64, _ROWS, _ROWS, _ROWS))


def stable_order(key: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """(n) the indices that sort the keys (n), none of them negative; equal keys keep their order."""
    rows, other = np.arange(len(key)), np.empty(len(key), np.int64)
    swapped = _compiled(key, int(key.max(initial=0)).bit_length(), rows, other, np.empty(_DIGITS + 1, np.int64))
    return other if swapped else rows
