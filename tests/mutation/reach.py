"""Which tests reach which lines: the whole suite once, each test with its lines and its time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from tests.mutation.trial import forked, run_pytest

LEFT_OUT = (
    "architecture",
    "benchmarks",
    "executors",
    "folder",
    "france",
    "fuzzing",
    "interrupts",
    "library",
    "notebooks",
    "packaging",
    "pictures",
    "plots",
    "sizes",
)
"""Test files about something else than what the model computes, or too slow for thousands of mutants."""
LONGEST = 1800.0
"""[s] for the whole suite."""


@dataclass(frozen=True)
class Reach:
    """The lines that each test runs, by file, and how long it takes [s]."""

    seconds: dict[str, float]
    lines: dict[str, dict[str, list[int]]]  # file -> test -> lines

    def tests(self, file: str, line: int, budget: float) -> list[str]:
        """Tests of a line, those of the file's own module first, then the fastest; other tests of the file last.

        What is computed once and kept counts for the first test that needs it, so that a line may have more tests
        than it seems. Together they take at most `budget` [s]. Machine code leaves no trace, its tests have it in
        their names.
        """
        traced = {} if "compiled" in file else self.lines.get(file, {})
        reached = traced or {test: [] for test in self.seconds if "compiled" in test}
        stem = Path(file).stem.replace("simpy_", "")
        order = sorted(reached, key=lambda test: (line not in reached[test], stem not in test, self.seconds[test]))
        chosen, spent = [], 0.0
        for test in order:
            if spent + self.seconds[test] <= budget:
                chosen.append(test)
                spent += self.seconds[test]
        return chosen


def measured(kept: Path, tests: Sequence[str]) -> Reach:
    """Reach as kept in a file, or measured now and kept."""
    if not kept.exists() and forked(lambda: _measure(kept, tests), LONGEST) != 0:
        raise SystemExit(f"the suite did not end within {LONGEST:g} s under coverage, or it crashed; run pytest to see")
    return Reach(**json.loads(kept.read_text(encoding="utf-8")))


def all_tests() -> list[str]:
    """The test files that say something about the model and the engines."""
    files = sorted(map(str, Path("tests").rglob("test_*.py")))
    return [file for file in files if Path(file).stem.removeprefix("test_") not in LEFT_OUT]


class _Contexts:
    """A pytest plugin: tells coverage which test runs, and keeps the time of each that passes."""

    def __init__(self, coverage: Any) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = {}
        self.useless: set[str] = set()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        yield
        self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if not report.passed:
            self.useless.add(report.nodeid)


def _measure(kept: Path, tests: Sequence[str]) -> int:
    coverage = Coverage(
        data_file=None,
        include=[f"sim/{part}" for part in ("scenario/stages/*", "scenario/lowering.py", "model/*", "engine/*")],
    )
    contexts = _Contexts(coverage)
    coverage.start()
    run_pytest(tests, [contexts])
    coverage.stop()
    for test in contexts.useless:
        del contexts.seconds[test]
    lines: dict[str, dict[str, list[int]]] = {}
    found = coverage.get_data()
    for file in found.measured_files():
        reached = lines[str(Path(file).relative_to(Path.cwd()))] = {}
        for line, names in found.contexts_by_lineno(file).items():
            for name in names:
                if name in contexts.seconds:
                    reached.setdefault(name, []).append(line)
    kept.write_text(json.dumps({"seconds": contexts.seconds, "lines": lines}), encoding="utf-8")
    return 0
