"""The uniforms of `sim.model.draws`, bit for bit, in compiled code: one pass over the counters instead of a hundred;
and `sim.model.layout.grouped`.

Imported where numba is at work already, because importing it costs more than it saves in a short run.

References
----------
Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405.

Knuth D. E. (1998). The Art of Computer Programming, volume 3, section 5.2: sorting by counting.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from sim.model.kept_code import unless_cut

_Int = NDArray[np.int64]
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


_GROUP, _FIRST_OF = types.Array(types.int64, 1, "C", readonly=True), types.int64[::1]


def _by_group(group: Any, first: Any, order: Any) -> None:
    """Put the indices into `order` by group, and the first place of each group into `first`, which has one to spare."""
    first[:] = 0
    for index in range(len(group)):
        first[group[index] + 2] += 1
    for each in range(2, len(first)):
        first[each] += first[each - 1]
    for index in range(len(group)):
        order[first[group[index] + 1]] = index
        first[group[index] + 1] += 1


_grouped: Any = _made(_by_group, types.void(_GROUP, _FIRST_OF, _FIRST_OF))


def by_group(group: _Int, groups: int) -> tuple[_Int, _Int]:
    """(groups + 1) the first place of each group, and the indices by group, in their order within each."""
    first, order = np.empty(groups + 2, np.int64), np.empty(len(group), np.int64)
    _grouped(group, first, order)
    return first[:-1], order
