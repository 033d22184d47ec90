"""What engines are given and give back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.model.network import Timelines


@pytest.mark.parametrize("column", ["ready", "start", "end", "outcome"])
def test_the_rows_that_differ_are_found(column: str) -> None:
    """One value of three rows, in any of the four columns."""
    same = Timelines(*(np.arange(3) for _ in range(4)))
    other = replace(same, **{column: np.array([0, 7, 2])})
    assert same.differs_from(other).tolist() == [False, True, False]
    assert same.differs_from(same).tolist() == [False] * 3
