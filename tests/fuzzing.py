"""Tries mutants: each must be refused with places, or run, within its work and memory.

`failures(numbers, workers)` tries them in worker processes and gives, for each that failed, what it was and how.
"""

from __future__ import annotations

import resource
import signal
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sim.analysis.indicators import measure
from sim.engine.simpy_engine import simulate
from sim.model.feasibility import concerns
from sim.model.plan import Plan
from sim.scenario.checks.size import expected_rows
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.language.quantities import Span
from sim.scenario.loading import load
from sim.scenario.schema import Scenario, Windows
from tests.counted import calls
from tests.mutations import Mutant, mutant

WORK = 20_000_000
"""[calls] that one mutant may take where they are counted; none of thousands takes a quarter."""
LONGEST, BLOCKED = 300.0, 3600.0
"""[s] of work, and of any time, after which a mutant hangs: patience, for any machine."""
MEMORY = 500_000_000
"""[bytes] that one mutant may need besides what the process has."""
ROWS = 2000
"""A scenario is played for as many days as give about so many rows."""
BATCH = 25


class TooLong(BaseException):
    """A mutant took too long; not an Exception, so that nothing takes it for its own."""


def failures(numbers: Sequence[int], workers: int, *, counted: bool = False) -> list[str]:
    """What is wrong with these mutants, in words; nothing if each was refused with places or ran."""
    batches = [numbers[first : first + BATCH] for first in range(0, len(numbers), BATCH)]
    with ProcessPoolExecutor(workers, get_context("spawn"), limit_memory) as pool:
        return [failure for found in pool.map(_counted if counted else _tried, batches) for failure in found]


def tried(each: Mutant, folder: Path) -> str | None:
    """How a mutant failed; None if it was refused with places or ran."""
    file = folder / "mutant.yaml"
    file.write_bytes(each.content)
    try:
        with _in_time(), warnings.catch_warnings():
            warnings.simplefilter("error")  # an overflow is a failure
            _play(load(file))
    except ScenarioError as error:
        return _how(each, f"refused without a place: {error}") if not _well_said(error) else None
    except (Exception, TooLong):
        return _how(each, traceback.format_exc(limit=-4))
    return None


def _tried(numbers: Sequence[int]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        found = (tried(mutant(number), Path(folder)) for number in numbers)
        return [failure for failure in found if failure is not None]


def _counted(numbers: Sequence[int]) -> list[str]:
    found: list[str] = []
    for number in numbers:
        work = calls(lambda number=number: found.extend(_tried([number])))  # type: ignore[misc]
        if work > WORK:
            found.append(f"mutant {number} took {work} calls")
    return found


def _how(each: Mutant, failure: str) -> str:
    return f"mutant {each.number} ({each.made}): {failure}"


def _well_said(error: ScenarioError) -> bool:
    """Whether there are messages, each on one line, and each with a place."""
    lines = str(error).split("\n")
    return 0 < len(error.mistakes) == len(lines) and all(each.file and each.message for each in error.mistakes)


def _play(scenario: Scenario) -> None:
    """One short replication, and what is measured of it."""
    plan = Plan(_shortened(scenario))
    replication = plan.replication(1, 0)
    concerns(plan, replication)
    measure(plan, replication, simulate(plan.network, replication.workload))


def _shortened(scenario: Scenario) -> Scenario:
    """The scenario with windows in which it has about `ROWS` rows."""
    rows, days = expected_rows(scenario), scenario.windows.days
    if rows <= ROWS:
        return scenario
    third = Span(max(float(days * ROWS / rows // 3), 1.0), "d")
    return scenario.model_copy(update={"windows": Windows(warm_up=third, observation=third, follow_up=third)})


def limit_memory() -> None:
    """Let this process have so much more memory as one mutant may need."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmData:"):
            most = int(line.split()[1]) * 1024 + MEMORY
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))


@contextmanager
def _in_time() -> Iterator[None]:
    def stop(signal_: int, frame: Any) -> None:
        raise TooLong(f"more than {LONGEST} s of work" if signal_ == signal.SIGPROF else f"blocked for {BLOCKED} s")

    signal.signal(signal.SIGPROF, stop)
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    signal.setitimer(signal.ITIMER_REAL, BLOCKED)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
