"""The compiled engine is the reference engine, minute for minute."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings

from sim.engine import compiled_engine, simpy_engine
from sim.model.network import Workload
from sim.model.plan import Plan
from tests.engine_cases import CASES, Case, describe
from tests.strategies import Replicated, replications
from tests.written import scenario


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


@settings(max_examples=200)
@given(replications())
def test_engines_agree_on_random_networks(replicated: Replicated) -> None:
    """Both engines give the same four columns for any network and workload."""
    assert_engines_agree(replicated)


@pytest.mark.slow
@settings(max_examples=5000)
@given(replications(most_rows=25))
def test_engines_agree_on_many_larger_networks(replicated: Replicated) -> None:
    """The same, thousands of times, with longer queues and chains."""
    assert_engines_agree(replicated)


def test_a_workload_is_left_as_it_was() -> None:
    """An engine writes to nothing that it was given, so that the next engine sees the same workload."""
    for case in CASES:
        again = compiled_engine.simulate(case.network, case.workload)
        assert not again.differs_from(compiled_engine.simulate(case.network, case.workload)).any(), case.name


def test_columns_made_in_another_way_are_read_alike() -> None:
    """Columns that may not be written to, are narrower, or are every other one of an array give the same timelines."""
    for case in CASES:
        columns = {field.name: getattr(case.workload, field.name) for field in fields(case.workload)}
        for name, column in columns.items():
            columns[name] = np.repeat(column.astype(column.dtype.str.replace("i8", "i4")), 2)[::2]
            columns[name].flags.writeable = False
        actual = compiled_engine.simulate(case.network, Workload(**columns))
        assert not actual.differs_from(case.expected).any(), describe(case, actual)


def test_threads_do_not_disturb_each_other() -> None:
    """The lock is released, so that replications may run at once; each has tables of its own."""
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda case: compiled_engine.simulate(case.network, case.workload), 10 * CASES)
        for case, actual in zip(10 * CASES, found, strict=True):
            assert not actual.differs_from(case.expected).any(), describe(case, actual)


def test_only_the_compiled_engine_imports_numba() -> None:
    """The reference engine works where numba is not installed, and starts without waiting for it."""
    program = "import sys, sim.engine.simpy_engine; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_queue_is_in_order_wherever_it_begins() -> None:
    """The second pool's queue begins at an odd place, after the one row of the first pool."""
    waiting = "".join(
        f"  - {{name: t{number}, pool: busy, priority: {number * 7 % 20}, work: exactly 1 d}}\n" for number in range(20)
    )
    plan = Plan(
        scenario(
            """\
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 100 d, follow_up: 0 d}
classes: [{name: a, dates: [2026-01-05]}]
pools: {calm: {units: 1}, busy: {units: 1}}
tasks:
  - {name: alone, pool: calm, work: exactly 1 d}
"""
            + waiting
        )
    )
    workload = plan.replication(1, 0).workload
    found = compiled_engine.simulate(plan.network, workload)
    started = sorted((int(start), int(rank)) for start, rank in zip(found.start, workload.priority, strict=True))
    assert [rank for start, rank in started][-19:] == list(range(1, 20))
    assert not found.differs_from(simpy_engine.simulate(plan.network, workload)).any()
