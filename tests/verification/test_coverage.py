"""How often intervals hold what they should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.verification import coverage as measured
from sim.verification.coverage import GROUPS, LEAST, SCENARIOS, STATISTICS, as_markdown, coverage


@pytest.mark.slow
def test_intervals_hold_what_they_should() -> None:
    """Shares near 1, rare ones, quantiles and means with trials not yet there, differences: nearly always."""
    found = coverage(1_500)
    assert len(found) == (len(SCENARIOS) + 1) * len(STATISTICS) * len(GROUPS)
    assert [each for each in found if each.held < LEAST] == []
    assert sum(each.held for each in found) / len(found) > 0.93
    assert "| office | share_within_goal |" in as_markdown(found)


@pytest.mark.slow
def test_the_measure_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals half as wide do not hold what they should."""
    from sim.analysis import intervals

    right = intervals._student
    monkeypatch.setattr(intervals, "_student", lambda *given: 0.5 * right(*given))
    means = [each for each in coverage(600, jobs=1) if each.number == "mean" and each.replications == 10]
    assert max(each.held for each in means) < LEAST


def test_the_documentation_has_the_coverage_of_every_number() -> None:
    """The section of docs/verification.md names every number, and each is held often enough."""
    page = (Path(__file__).parents[2] / "docs" / "verification.md").read_text(encoding="utf-8")
    section = page.split(as_markdown(coverage(30, jobs=1)).splitlines()[0])[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if "%" in line]
    held = [float(line.split(" | ")[5].rstrip("%")) / 100 for line in lines if line.startswith("| ")]
    assert len(held) == (len(SCENARIOS) + 1) * len(STATISTICS) * len(GROUPS)
    assert min(held) >= LEAST


def test_the_command_prints_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--coverage`, in the format that is asked for; it takes no cases."""
    monkeypatch.setattr(measured, "REPLICATIONS", 30)
    monkeypatch.setattr(measured, "coverage", lambda **given: coverage(30, **given))
    done = CliRunner().invoke(app, ["verify", "--coverage", "--jobs", "1", "--format", "json"])
    assert done.exit_code == 0, done.output
    assert {each["scenario"] for each in json.loads(done.stdout)} >= set(SCENARIOS)
    refused = CliRunner().invoke(app, ["verify", "mm1", "--coverage"])
    assert refused.exit_code == 2 and "takes no cases" in refused.stderr
