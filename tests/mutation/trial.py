"""One mutant against the tests: a forked process imports the broken file in the place of the real one.

`warm` imports what every process would import otherwise, which takes seconds: third-party libraries and
`sim.scenario`, on which the model stands. Nothing of a mutant touches the disk.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

import pytest

MEMORY = 4 * 2**30
"""[bytes] of address space for one mutant, which may build without end."""
THIRD_PARTY = (
    "numpy",
    "scipy.optimize",
    "scipy.special",
    "scipy.stats",
    "pandas",
    "pyarrow.parquet",
    "pydantic",
    "yaml",
    "simpy",
    "hypothesis.strategies",
    "rich.console",
    "typer.testing",
)
FLAGS = (
    "-q",
    "--no-header",
    "--no-summary",
    "-m",
    "not slow",
    "-o",
    "addopts=",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:doctest",
    "-p",
    "no:xdist",
)


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: `killed`, `timeout` or `survived`; by which test, after how long [s]."""

    outcome: str
    test: str
    seconds: float


class Chosen:
    """A pytest plugin: only these tests, in this order; the first that fails is written to a file."""

    def __init__(self, tests: Sequence[str], failed: Path) -> None:
        self.order = {test: place for place, test in enumerate(tests)}
        self.failed = failed

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep and order."""
        wanted = [item for item in items if item.nodeid in self.order]
        items[:] = sorted(wanted, key=lambda item: self.order[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        if report.failed:
            self.failed.write_text(report.nodeid, encoding="utf-8")


def warm() -> None:
    """Import what no mutant changes."""
    for name in THIRD_PARTY:
        importlib.import_module(name)
    scenario = importlib.import_module("sim.scenario")
    for module in pkgutil.iter_modules(scenario.__path__, "sim.scenario."):
        importlib.import_module(module.name)


def attempt(file: str, source: str, tests: Sequence[str], longest: float, scratch: Path) -> Verdict:
    """Run tests in the given order on a broken file until one fails, for at most `longest` [s]."""
    failed = scratch / "failed"
    failed.write_text("", encoding="utf-8")
    began = time.monotonic()

    def play() -> int:
        install(file, source, scratch)
        return run_pytest(tests, [Chosen(tests, failed)], "-x", f"--basetemp={scratch / 'tmp'}")

    code = forked(play, longest)
    outcome = "timeout" if code is None else "killed" if code else "survived"
    return Verdict(outcome, failed.read_text(encoding="utf-8"), round(time.monotonic() - began, 2))


def install(file: str, source: str, scratch: Path) -> None:
    """Make the broken file the module that everyone will import."""
    name = ".".join(Path(file).with_suffix("").parts)
    if "compiled" in name:
        os.environ["NUMBA_CACHE_DIR"] = str(scratch)  # kept machine code is that of the real file
    spec = find_spec(name)
    assert spec is not None
    module = sys.modules[name] = module_from_spec(spec)
    setattr(importlib.import_module(name.rpartition(".")[0]), name.rpartition(".")[2], module)
    exec(compile(source, file, "exec"), module.__dict__)


def run_pytest(tests: Sequence[str], plugins: Sequence[Any], *flags: str) -> int:
    """Run pytest in this process, the same way every time."""
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    files = dict.fromkeys(test.split("::")[0] for test in tests)
    return int(pytest.main([*files, *FLAGS, "--hypothesis-profile=mutation", *flags], list(plugins)))


def forked(play: Callable[[], int], longest: float) -> int | None:
    """The exit code of a function in a process of its own; None if it took longer than `longest` [s]."""
    child = os.fork()
    if child == 0:
        _alone(play)
    handle = os.pidfd_open(child)
    finished, _, _ = select.select([handle], [], [], longest)
    os.close(handle)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # and whatever it has started
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if finished else None


def _alone(play: Callable[[], int]) -> None:
    code = 99
    try:
        os.setsid()
        silence = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(silence, number)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        code = play()
    finally:
        os._exit(code)
