"""Whole numbers given as people know them: exactly so many, a mean, or a table of shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import from_shares, geometric
from sim.model.network import Int
from sim.scenario.schema import Count


def counts(count: Count, luck: NDArray[np.float64]) -> Int:
    """(len(luck)) the number at each quantile in `luck`."""
    if count.exactly is not None:
        return np.full(len(luck), count.exactly, dtype=np.int64)
    if count.shares is not None:
        numbers = sorted(count.shares)  # so that more luck never means a smaller number, however the file is ordered
        return np.array(numbers)[from_shares(luck, [count.shares[number] for number in numbers])]
    assert count.mean is not None
    return geometric(luck, count.mean)
