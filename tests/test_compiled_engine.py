"""The compiled engine is the reference engine, minute for minute."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings

from sim.engine import compiled_engine, simpy_engine
from tests.engine_cases import CASES, Case, describe
from tests.strategies import Replicated, replications

quietly = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_timelines_follow_from_the_rules(case: Case) -> None:
    """Every row of a hand-written case becomes ready, starts and ends when the rules say."""
    actual = compiled_engine.simulate(case.network, case.workload)
    assert not actual.differs_from(case.expected).any(), describe(case, actual)


def assert_engines_agree(replicated: Replicated) -> None:
    expected = simpy_engine.simulate(replicated.network, replicated.workload)
    case = Case("random", replicated.network, replicated.workload, expected)
    actual = compiled_engine.simulate(replicated.network, replicated.workload)
    assert not actual.differs_from(expected).any(), describe(case, actual)


@settings(max_examples=200, **quietly)
@given(replications())
def test_engines_agree_on_random_networks(replicated: Replicated) -> None:
    """Both engines give the same four columns for any network and workload."""
    assert_engines_agree(replicated)


@pytest.mark.slow
@settings(max_examples=5000, **quietly)
@given(replications(most_rows=25))
def test_engines_agree_on_many_larger_networks(replicated: Replicated) -> None:
    """The same, thousands of times, with longer queues and chains."""
    assert_engines_agree(replicated)


def test_a_workload_is_left_as_it_was() -> None:
    """An engine writes to nothing that it was given, so that the next engine sees the same workload."""
    for case in CASES:
        again = compiled_engine.simulate(case.network, case.workload)
        assert not again.differs_from(compiled_engine.simulate(case.network, case.workload)).any(), case.name


def test_only_the_compiled_engine_imports_numba() -> None:
    """The reference engine works where numba is not installed, and starts without waiting for it."""
    program = "import sys, sim.engine.simpy_engine; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
