"""What several test files share: a small scenario whose numbers a person can follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("any machine", deadline=None, suppress_health_check=SLOW)
settings.load_profile("any machine")  # no example fails because the machine is slow or busy

collect_ignore = ["mutation"]  # a command with packages of its own, not tests

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
