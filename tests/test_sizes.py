"""How large a scenario may be: the estimate is near what is built, and what is too large is refused before that."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.model.plan import Plan
from sim.scenario.checks.size import expected_rows
from sim.scenario.loading import load
from tests.test_soundness import EVERY_FEATURE, refusal

TOO_LARGE = {
    "windows: {observation: 1000000 d}": "windows: must add up to at most 200 years, got 2,738",
    "windows: {follow_up: 9 wd}": "windows.follow_up: must be in calendar days such as '365 d', got 9 wd",
    "windows: {observation: 0 d}": "windows.observation: must be at least 1 d, got 0 d",
    "origin: 0001-01-01": "origin: must lie between the years 1900 and 2200, got 0001-01-01",
    "origin: 2019-12-31": "clocks.working.holidays: are known from 2020 to 2040, got a simulation from 2019 to 2021; "
    "shorten the windows or move the origin",
    "classes: [{name: early, volume: 1000000 /h}]": (
        "classes.early.volume: a replication would have about 7.2e+11 rows, at most 10,000,000 can be simulated; "
        "the largest factor is 8.8e+09 trials a year"
    ),
    "sponsor_types: {company: {number: 10000}, academic: {number: 10000}, third: {number: 10000}}\n"
    "classes: [{name: early, sponsors: {third: 0 %}}]": (
        "sponsor_types: make 30,009 pools with people of their own; must be at most 20,000"
    ),
    "pools: {committees: {per: site, sittings: {bodies: 1000, every: week}}}\nwindows: {observation: 3000 d}": (
        "pools.committees.sittings: must be at most 500,000 in all, got about 1,337,143"
    ),
}


@pytest.mark.parametrize("change", TOO_LARGE)
def test_what_no_machine_holds_is_refused(change: str, tmp_path: Path) -> None:
    """The message names the quantity that makes it so large."""
    assert TOO_LARGE[change] in [line.split(": ", 1)[1] for line in refusal(change, tmp_path).split("\n")]


@pytest.mark.parametrize("name", ["france", str(EVERY_FEATURE)])
def test_the_estimate_is_near_what_is_built(name: str) -> None:
    """Between three quarters and one and a half times the rows of a replication."""
    scenario = load(name)
    rows = len(Plan(scenario).replication(1, 0).workload)
    assert 0.75 * rows < expected_rows(scenario) < 1.5 * rows


def test_endless_candidates_are_counted(tmp_path: Path) -> None:
    """If nobody passes screening, a trial takes candidates until the horizon; that is bounded too."""
    change = "inclusion: {screen_failure: {share: 100 %}, referrals: {rate: 100000 /d}}"
    assert "inclusion: a replication would have about" in refusal(change, tmp_path)
