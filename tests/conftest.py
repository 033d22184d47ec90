"""What several test files share: a small scenario whose numbers a person can follow."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("any machine", deadline=None, suppress_health_check=SLOW)
settings.load_profile("any machine")  # no example fails because the machine is slow or busy

collect_ignore = ["mutation"]  # a command with packages of its own, not tests

BEGAN = time.monotonic()
NOT_STARTED = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """With a budget of time the test that is under way ends, and those behind it are left."""
    parser.addoption("--start-within", type=float, metavar="SECONDS", help="start no test later than this")


def pytest_configure(config: pytest.Config) -> None:
    """A list of the tests that were left; and Ctrl-C is heard.

    Who was started in the background ignores it, and so would the commands that tests start and interrupt.
    """
    config.stash[NOT_STARTED] = []
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """A test that would start too late counts as dealt with."""
    within = item.config.getoption("--start-within")
    if within is None or time.monotonic() < BEGAN + within:
        return None
    item.config.stash[NOT_STARTED].append(item.nodeid)
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Whoever reads that all tests passed reads how many were left."""
    if left := terminalreporter.config.stash[NOT_STARTED]:
        terminalreporter.write_line(f"{len(left)} tests were not started, the time being used up, from {left[0]} on")


ONE_OFFICE = """\
title: {en: One office, fr: Un bureau}
assumption: {range: fixed, why: made up for a test}
origin: 2024-01-01
windows: {warm_up: 10 d, observation: 60 d, follow_up: 60 d}
goal: {from: asked, to: answered, within: 5 d, counted: calendar, prerequisites: [answered]}
classes:
  - {name: files, volume: 200 /year}
pools:
  office: {units: 1}
tasks:
  - {name: asked, scope: trial}
  - {name: answered, scope: trial, starts: asked, work: {median: 1 d, p90: 2 d}, pool: office}
indicators:
  - {name: answer_time, from: asked, to: answered}
"""


@pytest.fixture
def one_office(tmp_path: Path) -> Path:
    """The file of a scenario in which every file that arrives waits for one office."""
    path = tmp_path / "one_office.yaml"
    path.write_text(ONE_OFFICE, encoding="utf-8")
    return path


@pytest.fixture
def two_offices(tmp_path: Path) -> Path:
    """The same with two people in the office."""
    path = tmp_path / "two_offices.yaml"
    path.write_text(ONE_OFFICE.replace("One office", "Two offices").replace("units: 1", "units: 2"), encoding="utf-8")
    return path
