"""The library: every scenario is right, rests on evidence, can be simulated, listed, copied and told about."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.engine.simpy_engine import simulate
from sim.experiment.running import compare, run
from sim.model.plan import Plan
from sim.report.library_page import HEAD, lesson, page, row
from sim.report.text import listing
from sim.scenario.evidence import check, numbers, shares
from sim.scenario.files import shipped_folder
from sim.scenario.library import Entry, groups, library
from sim.scenario.loading import load
from sim.scenario.schema import Text

ENTRIES = library()
NAMES = [each.name for each in ENTRIES]
SHORT = "windows={warm_up: 0 d, observation: 60 d, follow_up: 0 d}"


@cache
def examples() -> list[Path]:
    """The files of the examples."""
    return sorted((shipped_folder() / "examples").glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_rests_on_evidence(name: str) -> None:
    """It validates, and every number in it has a source or an assumption that holds."""
    assert list(map(str, check(name))) == []
    assert shares(numbers(name))["none"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_can_be_simulated(name: str) -> None:
    """Its first sixty days, in the reference engine: something happens in them."""
    plan = Plan(load(name, set_=[SHORT]))
    workload = plan.replication(1, 0).workload
    assert (simulate(plan.network, workload).end >= 0).sum() > len(plan.scenario.classes)


def test_every_group_has_scenarios_and_every_scenario_differs() -> None:
    """No empty group, no two scenarios with one title, and questions in both languages."""
    assert {each.group for each in ENTRIES} == {*groups()}
    for language in ("en", "fr"):
        titles = [getattr(each.title, language) for each in ENTRIES]
        assert len(set(titles)) == len(titles)
        questions = [getattr(each.question, language) for each in ENTRIES]
        assert all(question.rstrip().endswith("?") for question in questions)


def test_what_others_build_on_comes_first() -> None:
    """Inside a group, a scenario stands after the one that it changes."""
    place = {name: number for number, name in enumerate(NAMES)}
    for each in ENTRIES:
        same_group = each.base in place and next(e for e in ENTRIES if e.name == each.base).group == each.group
        assert not same_group or place[str(each.base)] < place[each.name]


def test_the_examples_are_short_and_not_about_france() -> None:
    """At least two, under 60 lines each, with none of the four stages and no French holidays."""
    assert len(examples()) >= 2
    for file in examples():
        assert file.read_text(encoding="utf-8").count("\n") < 60
        scenario = load(file)
        assert (scenario.authorisation, scenario.contracting, scenario.extends) == (None, None, None)
        assert 6 <= len(scenario.tasks) <= 8


def test_the_list_is_there_in_both_languages() -> None:
    """Every name with its title and its question; the groups in their order."""
    for language in ("en", "fr"):
        text = CliRunner().invoke(app, ["scenarios", "--lang", language]).stdout
        heads = [line for line in text.splitlines() if line and not line.startswith(" ")]
        assert heads == [getattr(title, language) for title in groups().values()]
        assert all(f"  {each.name}: {getattr(each.title, language)}\n" in text for each in ENTRIES)


def test_a_question_is_never_cut() -> None:
    """Long ones are wrapped, all words of them."""
    question = "Why " + "so " * 60 + "long?"
    entry = Entry("x", "g", Text(en="X", fr="X"), Text(en=question, fr=question), None)
    text = listing([entry], {"g": Text(en="G", fr="G")}, "en")
    assert " ".join(text.split()) == f"G x: X {question}"
    assert max(map(len, text.splitlines())) <= 100


def test_a_copy_works_where_it_is_and_is_never_overwritten(tmp_path: Path) -> None:
    """A copied scenario builds on its copied neighbour; a second copy is refused and changes nothing."""
    mine = tmp_path / "mine"
    assert CliRunner().invoke(app, ["scenarios", "--copy", str(mine)]).exit_code == 0
    france = mine / "france.yaml"
    france.write_text(france.read_text(encoding="utf-8").replace("within: 15 d", "within: 20 d"), encoding="utf-8")
    goal = load(mine / "pledge_rollout.yaml").goal
    assert goal is not None and str(goal.within) == "20 d"
    assert {file.stem for file in mine.glob("*.yaml")} >= {name for name in NAMES if "/" not in name}
    again = CliRunner().invoke(app, ["scenarios", "--copy", str(mine)])
    assert again.exit_code != 0
    assert "within: 20 d" in france.read_text(encoding="utf-8")


def test_the_page_tells_every_scenario_from_its_own_results(one_office: Path, two_offices: Path) -> None:
    """A gain is said as a gain, nothing to see as a null effect; nothing but results is in the sentences."""
    results = {each.name: each for each in compare([one_office, two_offices], replications=12, jobs=1).results}
    results["same"] = run(two_offices, replications=12, jobs=1)
    title = Text(en="T", fr="T")
    entries = [
        Entry("one_office", "g", title, Text(en="One?", fr="Un ?"), None),
        Entry("two_offices", "g", title, Text(en="Two?", fr="Deux ?"), "one_office"),
        Entry("same", "g", title, Text(en="Same?", fr="Pareil ?"), "two_offices"),
    ]
    first, second, third = (lesson(row(each, results)) for each in entries)
    assert first.startswith("**T** (`one_office`): One? ") and "points" not in first
    assert " points more trials are at `answered` in time." in second
    assert "Exactly the same trials are at `answered` in time: a null effect." in third
    table = [line for line in page(entries, {"g": title}, results).splitlines() if line.startswith("| `")]
    assert [line.count("|") for line in table] == [len(HEAD) + 1] * 3
    assert [line.split("|")[2].strip() for line in table] == ["–", "`one_office`", "`two_offices`"]


@pytest.mark.slow
def test_with_the_fast_track_the_contract_binds_more_often() -> None:
    """The share of trials whose contract is last to finish, before and after, on the same trials."""
    before, after = compare(
        ["fast_track_eligible", "fast_track_france"], replications=4, jobs=1, engine="compiled"
    ).results
    shares_last = [
        {key.name: each.value for key, each in result.estimates.items() if key.level == "trial"}
        for result in (before, after)
    ]
    contract = [table["binding_share[contract_executed]"] for table in shares_last]
    assert 0 < contract[0] < contract[1] <= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_runs_to_its_end(name: str) -> None:
    """One whole replication; every indicator of trials has trials that count."""
    result = run(name, replications=1, jobs=1, engine="compiled")
    assert all(
        each.trials for key, each in result.estimates.items() if (key.statistic, key.level) == ("median", "trial")
    )


@pytest.mark.slow
def test_a_roll_out_grows_with_the_months() -> None:
    """The share that is ready in time is larger after the last wave than before the second."""
    from sim.experiment.groups import by_group

    lines = by_group(["pledge_rollout"], "month", replications=4, jobs=1, engine="compiled").lines
    ready = {
        line["group"]: line["value"]
        for line in lines
        if (line["name"], line["statistic"]) == ("readiness_time", "share_within_goal")
    }
    early, late = (
        [value for month, value in ready.items() if low <= month <= high]
        for low, high in (("2026-01", "2026-02"), ("2027-06", "2027-12"))
    )
    assert sum(early) / len(early) + 0.2 < sum(late) / len(late)
