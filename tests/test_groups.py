"""The goal by group: months, classes and attributes, each of its own trials only."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.analysis.groups import measure_groups
from sim.analysis.indicators import measure
from sim.cli import app
from sim.engine.simpy_engine import simulate
from sim.experiment.running import by_group
from sim.model.plan import Plan
from tests.written import CLOCKS, HEAD, scenario

TEXT = """
origin: 2026-01-01
windows: {warm_up: 31 d, observation: 59 d, follow_up: 60 d}
goal: {from: asked, to: open, within: 5 d, counted: calendar}
sites: [{name: lyon, attributes: {large: true}}, {name: lille, attributes: {large: false}}, {name: nice}]
classes:
  - {name: quick, dates: [2026-01-30, 2026-02-10, 2026-03-10], sites: exactly 3, attributes: {drug: true}}
  - {name: slow, dates: [2026-02-10, 2026-03-10, 2026-03-20], sites: exactly 3, attributes: {drug: false}}
tasks:
  - {name: asked, work: exactly 3 d}
  - name: open
    scope: site
    starts: asked
    work: exactly 4 d
    variants: [{when: {class: slow, large: true}, work: exactly 8 d}, {when: {class: slow}, work: exactly 9 d}]
indicators:
  - {name: opening, from: asked, to: open, levels: [trial, site]}
  - {name: all, from: arrived, to: open}
"""


def groups(by: str) -> dict[str, tuple[float, float, int]]:
    """Share within the goal, median and number of each group."""
    plan = Plan(scenario(TEXT))
    replication = plan.replication(1, 0)
    found = measure_groups(plan, replication, simulate(plan.network, replication.workload), by)
    return {group.name: (one.share_within_goal, one.median, one.trials) for group in found for one in group.statistics}


def test_each_class_is_measured_alone() -> None:
    """Three quick trials in 4 days each, asked for in the window; three slow ones, at their first site."""
    assert groups("class") == {"quick": (1.0, 4.0, 3), "slow": (0.0, 8.0, 3)}
    assert groups("drug") == {"true": (1.0, 4.0, 3), "false": (0.0, 8.0, 3)}


def test_an_attribute_of_sites_groups_the_places() -> None:
    """Every site of every trial counts; a site without the attribute is in no group."""
    assert groups("large") == {"true": (0.5, 6.0, 6), "false": (0.5, 6.5, 6)}
    assert set(groups("site")) == {"lyon", "lille", "nice"}


def test_months_are_those_of_the_submission() -> None:
    """A trial of January that is asked for in February counts in no month: it was submitted before the window."""
    assert groups("month") == {"2026-02": (0.5, 6.0, 2), "2026-03": (1 / 3, 8.0, 3)}


def test_groups_together_are_the_whole() -> None:
    """The numbers of trials by class add up to those of the indicator."""
    plan = Plan(scenario(TEXT))
    replication = plan.replication(1, 0)
    whole = measure(plan, replication, simulate(plan.network, replication.workload)).indicators[0]
    assert sum(number for _, _, number in groups("class").values()) == whole.trials == 6


def test_an_unknown_attribute_is_told() -> None:
    """With the nearest right one."""
    with pytest.raises(ValueError, match="by: no trial and no site has an attribute 'larg'; did you mean 'large'"):
        groups("larg")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The scenario as a file."""
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + CLOCKS + TEXT, encoding="utf-8")
    return path


def test_lines_have_an_interval_over_replications(file: Path) -> None:
    """These trials have no luck in them: every replication is the same, and the interval has no width."""
    lines = by_group([file], "class", replications=3, jobs=1)
    assert [
        (line["group"], line["statistic"], line["value"], line["low"], line["high"], line["trials"]) for line in lines
    ] == [
        ("quick", "share_within_goal", 1.0, 1.0, 1.0, 9),
        ("quick", "median", 4.0, 4.0, 4.0, 9),
        ("slow", "share_within_goal", 0.0, 0.0, 0.0, 9),
        ("slow", "median", 8.0, 8.0, 8.0, 9),
    ]


def test_the_command_prints_groups_in_three_formats(file: Path) -> None:
    """Text for people, CSV and JSON for programs, and exit code 2 for a wrong name."""

    def printed(*more: str) -> str:
        done = CliRunner().invoke(app, ["run", str(file), "--by", "class", "--replications", "2", "--jobs", "1", *more])
        assert done.exit_code == 0, done.output
        return done.stdout

    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    assert rows == [
        {key: str(value) for key, value in line.items()} for line in json.loads(printed("--format", "json"))
    ]
    assert printed().splitlines()[-1].split() == ["slow", "opening", "6", "0", "%", "[0–0]", "8.0", "[8–8]"]
    assert CliRunner().invoke(app, ["run", str(file), "--by", "colour", "--replications", "2"]).exit_code == 2
