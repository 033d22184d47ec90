"""The goal by group: months, classes and attributes, each of its own trials only."""

from __future__ import annotations

import csv
import io
import json
from math import nan
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.analysis.estimates import Summary, indicator_key, summary
from sim.analysis.events import Level
from sim.analysis.groups import ends_of_periods, measure_groups
from sim.analysis.indicators import Measures, measure
from sim.cli import app
from sim.engine.simpy_engine import simulate
from sim.experiment.groups import by_group
from sim.model.plan import Plan
from sim.report.groups import groups_text
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
    said = {each.name: summary([Measures(0, each.times, (), (), None, nan, nan)]) for each in found}
    return {name: numbers(each, level) for name, each in said.items() for _, level in each.indicators}


def numbers(said: Summary, level: Level) -> tuple[float, float, int]:
    """Share within the goal, median and number of trials."""
    share, median = (said.estimates[indicator_key("opening", each, level)] for each in ("share_within_goal", "median"))
    return share.value, median.value, share.trials


def test_each_class_is_measured_alone() -> None:
    """Three quick trials in 4 days each, asked for in the window; three slow ones, at their first site."""
    assert groups("class") == {"quick": (1.0, 4.0, 3), "slow": (0.0, 8.0, 3)}
    assert groups("drug") == {"true": (1.0, 4.0, 3), "false": (0.0, 8.0, 3)}


def test_an_attribute_of_sites_groups_the_places() -> None:
    """Every site of every trial counts; the sites without the attribute are a group of their own."""
    assert groups("large") == {"true": (0.5, 6.0, 6), "false": (0.5, 6.5, 6), "": (0.5, 6.5, 6)}
    assert set(groups("site")) == {"lyon", "lille", "nice"}


def test_months_are_those_of_the_submission() -> None:
    """A trial of January that is asked for in February counts in no month: it was submitted before the window."""
    assert groups("month") == {"2026-02": (0.5, 6.0, 2), "2026-03": (1 / 3, 8.0, 3)}


def test_quarters_are_those_of_the_submission_and_cohorts_those_of_the_clock() -> None:
    """A trial of January that is asked for in February counts in a cohort, and in no quarter of submission."""
    assert groups("quarter") == {"2026-Q1": (0.4, 8.0, 5)}
    assert groups("cohort") == {"2026-Q1": (0.5, 6.0, 6)}


def test_cohorts_need_a_goal() -> None:
    """Without one, nobody has said from which event they count."""
    plan = Plan(scenario(TEXT.replace("goal: {from: asked, to: open, within: 5 d, counted: calendar}\n", "")))
    replication = plan.replication(1, 0)
    with pytest.raises(ValueError, match="by: cohorts are those of a goal"):
        measure_groups(plan, replication, simulate(plan.network, replication.workload), "cohort")


@pytest.mark.parametrize(
    ("by", "days"),
    [("month", ["02-01", "03-01", "04-01"]), ("quarter", ["02-01", "04-01"]), ("cohort", ["02-01", "04-01"])],
)
def test_periods_end_with_the_calendar(by: str, days: list[str]) -> None:
    """The observation begins on 1 February and lasts 59 days, to the end of March."""
    found, instants = ends_of_periods(scenario(TEXT), by)
    assert [f"{day:%m-%d}" for day in found] == days
    assert instants.tolist() == [{"02-01": 31, "03-01": 59, "04-01": 90}[day] * 24 * 60 for day in days]


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
    """These trials have no luck in them: medians have no width, and a share says how little nine trials prove."""
    lines = by_group([file], "class", replications=3, jobs=1).lines
    found = {(line["group"], line["statistic"]): line for line in lines}
    assert [each["trials"] for each in lines] == [9] * 4
    assert [found[name, "median"][each] for name in ("quick", "slow") for each in ("low", "value", "high")] == [
        *(4.0, 4.0, 4.0),
        *(8.0, 8.0, 8.0),
    ]
    quick, slow = (found[name, "share_within_goal"] for name in ("quick", "slow"))
    assert (quick["value"], quick["high"], slow["value"], slow["low"]) == (1, 1, 0, 0)
    assert quick["low"] == pytest.approx(1 - slow["high"]) and 0.3 < quick["low"] < 0.6


def test_differences_are_between_groups_and_between_scenarios_in_a_group(file: Path, tmp_path: Path) -> None:
    """Eight days against four in one scenario; in the other one, the quick ones take as long as the slow ones."""
    other = tmp_path / "other.yaml"
    other.write_text(file.read_text(encoding="utf-8").replace("work: exactly 4 d", "work: exactly 8 d"))
    found = by_group([file, other], "class", replications=12, jobs=1)
    medians = {
        (line["scenario"], line["group"], line["reference"], line["reference_group"]): (line["value"], line["verdict"])
        for line in found.difference_lines
        if line["statistic"] == "median"
    }
    assert medians == {
        ("x", "slow", "x", "quick"): (4.0, "loss"),
        ("other", "quick", "x", "quick"): (4.0, "loss"),
        ("other", "slow", "x", "slow"): (0.0, "identical"),
        ("other", "slow", "other", "quick"): (0.0, "no_difference"),
    }
    few = by_group([file], "class", replications=2, jobs=1).difference_lines
    assert {line["verdict"] for line in few} == {"unknown"}  # six trials are too few


def test_a_group_that_one_replication_does_not_have_is_a_group(file: Path) -> None:
    """Nobody counts there, and every replication has its place all the same."""
    text = file.read_text(encoding="utf-8").replace("dates: [2026-01-30, 2026-02-10, 2026-03-10]", "volume: 3 /year")
    file.write_text(text, encoding="utf-8")
    found = by_group([file], "class", replications=8, jobs=1).found["x"]["quick"]
    several = found.indicators["opening", "trial"].several
    assert len(several) == 8 and 0 in [each.trials for each in several] and sum(each.trials for each in several) > 0


def test_figures_and_tables_go_to_a_folder(file: Path, tmp_path: Path) -> None:
    """Ribbons in time, with the queues as a table; bars for other groups; named in French, the answer first."""
    command = ["run", str(file), "--replications", "12", "--jobs", "1", "--lang", "fr", "--out", str(tmp_path / "out")]
    for by in ("month", "class"):
        done = CliRunner().invoke(app, [*command, "--by", by])
        assert done.exit_code == 0, done.output
    assert {each.name for each in (tmp_path / "out").iterdir()} == {
        f"groups.{kind}" for kind in ("txt", "csv", "png", "svg")
    } | {"group_differences.csv", "queues.csv"}
    text = (tmp_path / "out" / "groups.txt").read_text(encoding="utf-8")
    assert text.startswith("Essai\N{NO-BREAK SPACE}: parmi les essais, de ")
    assert "\nPar catégorie d'essais\N{NO-BREAK SPACE}: " in text
    assert "un écart de 100,0 points" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_groups_are_called_by_their_titles(file: Path) -> None:
    """A class and a type of sites as people call them, in the language of the answer; names stay in the tables."""
    titled = file.read_text(encoding="utf-8").replace(
        "{name: quick,", "{name: quick, title: {en: urgent, fr: urgents},"
    )
    titled += "site_types: {large: {title: {en: big, fr: grands centres}, people: {}}}\n"
    file.write_text(titled.replace("{name: lyon,", "{name: lyon, type: large,"), encoding="utf-8")
    said = {by: groups_text(by_group([file], by, replications=2, jobs=1), "fr") for by in ("class", "site_type")}
    assert "\nurgents " in said["class"] and "\nslow " in said["class"] and "quick" not in said["class"]
    assert "\ngrands centres " in said["site_type"] and "\nnon précisé " in said["site_type"]


@pytest.mark.parametrize("option", [["--precision", "1 %"], ["--fresh"]])
def test_an_option_that_groups_do_not_have_is_refused(file: Path, option: list[str]) -> None:
    """Nothing that is asked for is left out in silence."""
    done = CliRunner().invoke(app, ["run", str(file), "--by", "class", *option])
    assert done.exit_code == 2 and f"{option[0]}: cannot be combined with --by" in done.stderr


def test_the_command_prints_groups_in_three_formats(file: Path) -> None:
    """Text for people, CSV and JSON for programs, and exit code 2 for a wrong name."""

    def printed(*more: str) -> str:
        done = CliRunner().invoke(app, ["run", str(file), "--by", "class", "--replications", "2", "--jobs", "1", *more])
        assert done.exit_code == 0, done.output
        return done.stdout

    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    document = json.loads(printed("--format", "json"))
    assert rows == [{key: str(value) for key, value in line.items()} for line in document["groups"]]
    assert {line["verdict"] for line in document["differences"]} == {"unknown"}
    assert printed().splitlines()[3].split() == ["slow", "opening", "6", "–", "8.0", "[8–8]"]
    assert CliRunner().invoke(app, ["run", str(file), "--by", "colour", "--replications", "2"]).exit_code == 2
