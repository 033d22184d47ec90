"""Layers of a scenario: settings that mean what they say, at every place they mean, or say that they mean nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.loading import load
from tests.test_levers import folder, lever
from tests.test_reading import SITES, START, TASKS, WHOLE, mistakes, write

__all__ = ["folder"]

PEOPLE = START + SITES.replace("{name: lille, type: large}", "{name: lille, type: large, people: {officers: 1}}")
ANYWHERE = START + SITES.replace("people: {officers: 2}, ", "")


@pytest.mark.parametrize("text", [PEOPLE, ANYWHERE])
def test_units_of_a_pool_of_sites_are_those_of_every_site(text: str, tmp_path: Path) -> None:
    """The most natural wording reaches the people of the types and of the sites, wherever they stand."""
    file = write(tmp_path, x=text + TASKS)
    scenario = load(file, set_=["pools.officers.units=40"])
    at = {site.name: {**scenario.site_types["large"].people, **site.people}.get("officers") for site in scenario.sites}
    default = scenario.pools["officers"].units
    assert [people if people is not None else default for people in at.values()] == [40, 40]


def test_units_of_a_pool_of_sponsors_are_those_of_every_sponsor(tmp_path: Path) -> None:
    """The same for people of sponsor types."""
    text = WHOLE.replace(
        "pools:\n", "sponsor_types: {small: {people: {lawyers: 1}}}\npools:\n  lawyers: {per: sponsor}\n"
    )
    scenario = load(write(tmp_path, x=text), set_=["pools.lawyers.units=7"])
    assert (scenario.sponsor_types["small"].people["lawyers"], scenario.pools["lawyers"].units) == (7, None)


def test_a_wild_card_stands_for_every_entry_that_has_the_rest(tmp_path: Path) -> None:
    """In mappings and in lists; what is not there is not made."""
    file = write(tmp_path, x=PEOPLE + TASKS)
    everywhere = load(file, set_=["pools.*.units=6"])
    assert everywhere.pools["desk"].units == 6 and everywhere.pools["officers"].units is None
    assert everywhere.site_types["large"].people == {"officers": 6}
    sites = load(file, set_=["sites[*].people.officers=3"]).sites
    assert [site.people for site in sites] == [{}, {"officers": 3}]
    names = load(file, set_=["tasks.*.clock=office"]).tasks
    assert [task.clock for task in names] == ["office", None]


def test_a_date_in_a_path_is_the_date_of_the_file(tmp_path: Path) -> None:
    """It changes the value of that day, and adds no second one."""
    text = WHOLE.replace("volume: 120 /year", "volume_by_date: {2025-01-01: 10 /year, 2025-06-01: 20 /year}")
    (early,) = load(write(tmp_path, x=text), set_=["classes.early.volume_by_date.2025-01-01=30 /year"]).classes
    assert [*(early.volume_by_date or {}).values()] == [30, 20]


def test_one_lever_needs_no_brackets(folder: Path) -> None:
    """`levers: name` and `--set levers=name` pull the lever, as the list of one does."""
    one = load(folder / "base.yaml", set_=["levers=[faster]"])
    assert load(folder / "base.yaml", set_=["levers=faster"]) == one
    assert load(write(folder, x="extends: base.yaml\nlevers: faster\n")) == one
    write(folder, b="extends: base.yaml\nlevers: faster\n")
    assert load(write(folder, x="extends: b.yaml\n")) == one
    write(folder / "levers", slower=lever("slower", "{tasks: [{name: draft, work: {median: 7 wd, p90: 9 wd}}]}"))
    assert load(folder / "b.yaml", set_=["levers={name: slower, at: {phase: early}}"]).tasks[0].variants


WRONG = {
    "pools.*.unit=3": ["--set: pools.*.unit: matches nothing; name something that is there"],
    "sites[*].people.officer=3": ["--set: sites.*.people.officer: matches nothing; name something that is there"],
    "levers[0].at={phase: early}": [
        "--set: levers[0].at: is a list to be set as a whole, such as levers=[parallel_contracting]"
    ],
    "levers=3": ["--set: levers[0]: must be text, got 3"],
    "sites[7].weight=3": ["--set: sites: there is no item 7; known: lyon, lille"],
}


@pytest.mark.parametrize("setting", WRONG)
def test_a_setting_that_means_nothing_is_refused(setting: str, tmp_path: Path) -> None:
    """It is never left out in silence."""
    assert mistakes(write(tmp_path, x=WHOLE), setting) == WRONG[setting]


def test_all_wrong_settings_are_told_at_once(tmp_path: Path) -> None:
    """One call names every one of them."""
    assert len(mistakes(write(tmp_path, x=WHOLE), "volume", "origin=[", "pools.*.unit=3", "clases.early=1")) == 4


def test_a_question_is_not_inherited(tmp_path: Path) -> None:
    """It was the question of the base; who changes something asks another one, or none."""
    base = WHOLE + "question: {en: Why?, fr: Pourquoi ?}\n"
    assert load(write(tmp_path, x="extends: base.yaml\n", base=base)).question is None
    own = load(write(tmp_path, x="extends: base.yaml\nquestion: {en: How?, fr: Comment ?}\n", base=base)).question
    assert own is not None and own.en == "How?"


LABELLED = "title: {en: l, fr: l}\nextends: base.yaml\nsites: [{name: lille, attributes: {%s: true}}]\n"


def test_a_scenario_may_only_label_sites(tmp_path: Path) -> None:
    """An attribute that no condition asks for is one to group an answer by; one that is nearly another is misspelt."""
    base = WHOLE.replace("{name: lille,", "{name: lille, attributes: {pioneer: true},")
    write(tmp_path, base=base)
    labelled = load(write(tmp_path, x=LABELLED % "university"))
    (lille,) = (site for site in labelled.sites if site.name == "lille")
    assert lille.attributes == {"pioneer": True, "university": True}
    (said,) = mistakes(write(tmp_path, x=LABELLED % "pioner"))
    assert said.endswith("sites.lille.attributes.pioner: there is no attribute 'pioner' to change, and no condition "
                         "asks for a new one; did you mean 'pioneer'?")  # fmt: skip


def test_a_misspelt_pool_is_told_beside_a_misspelt_key(tmp_path: Path) -> None:
    """Every mistake at once; a pool that something else in the file needs is a new one."""
    write(tmp_path, base=WHOLE)
    child = "title: {en: c, fr: c}\nextends: base.yaml\ncolour: red\npools: {oficers: {units: 3}}\n"
    said = mistakes(write(tmp_path, x=child))
    assert [each.partition(": ")[2].partition(":")[0] for each in said] == ["colour", "pools.oficers"]
    child = child.replace("oficers", "lawyers") + "tasks: [{name: a, pool: lawyers, wrk: exactly 1 d}]\n"
    assert not any("pools.lawyers" in each for each in mistakes(write(tmp_path, x=child)))
