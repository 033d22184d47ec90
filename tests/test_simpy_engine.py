"""The reference engine gives the timelines that the rules give by hand."""

from __future__ import annotations

import pytest

from sim.engine.simpy_engine import simulate
from tests.engine_cases import CASES, Case, describe


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_timelines_follow_from_the_rules(case: Case) -> None:
    """Every row of a hand-written case becomes ready, starts and ends when the rules say."""
    actual = simulate(case.network, case.workload)
    assert not actual.differs_from(case.expected).any(), describe(case, actual)
