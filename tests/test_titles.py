"""What things are called: by the scenario that has them, else by the stage that makes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

import sim
from sim.report.text import text
from sim.report.titles import Titles
from sim.report.words import Language
from sim.scenario.files import shipped_folder
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load
from sim.scenario.lowering import lowered
from tests.written import scenario

FRENCH = re.compile(r"\b(ANSM|CPP|PUI|TEC|ARC|ARS|CNIL|surcoûts)\b")
"""Bodies and their acronyms; the hospitals of these scenarios are French on purpose."""
COUNTRIES = ("denmark", "denmark_three_committees", "spain", "germany", "germany_before_clauses", "belgium")
OWN = """\
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 200 d, follow_up: 100 d}
classes: [{name: a, dates: [2026-01-08]}]
pools: {desk: {units: 1, title: {en: front desk, fr: accueil}}, back_office: {units: 1}}
sites: [{name: lille, title: CHU de Lille}]
tasks:
  - {name: filed, pool: desk, title: Filing}
  - {name: read_twice, starts: filed, pool: back_office}
indicators: [{name: whole_time, title: {en: all of it, fr: le tout}, from: arrived, to: read_twice}]
"""


def test_a_scenario_names_its_own_things() -> None:
    """In both languages, in one text for both, or not at all: then by name."""
    written = scenario(OWN)
    en, fr = Titles(written, "en"), Titles(written, "fr")
    assert (en.pool("desk"), fr.pool("desk"), fr.pool("back_office")) == ("front desk", "accueil", "back office")
    assert (en.event("filed"), fr.event("filed"), fr.event("read_twice")) == ("Filing", "Filing", "read twice")
    assert (fr.indicator("whole_time"), fr.site("lille"), fr.site("nice")) == ("le tout", "CHU de Lille", "nice")
    assert (fr.event("authorised"), fr.since("authorised"), fr.event("")) == ("autorisation", "l'autorisation", "autre")
    assert (en.reached("site_activated"), fr.stage("site_setup")) == ("have an open site", "Mise en place")


def test_a_title_replaces_the_words_of_the_stage() -> None:
    """The event at the end of a step is called as the scenario says; what was said of it otherwise goes with it."""
    fr = Titles(load("france", set_=["site_setup.activation.title={en: doors open, fr: portes ouvertes}"]), "fr")
    assert fr.event("part_i_assessed") == "partie I (ANSM)"
    assert fr.event("part_i_rfi_answered") == "réponse partie I"
    assert fr.reached("site_activated") == "ont atteint «\N{NO-BREAK SPACE}portes ouvertes\N{NO-BREAK SPACE}»"


def test_everything_that_france_shows_has_a_french_title() -> None:
    """Pools, classes, indicators and sites of the scenario that the others build on."""
    france = load("france_pledge")
    assert [name for name, pool in france.pools.items() if pool.title is None] == []
    assert [each.name for each in (*france.classes, *france.indicators, *france.sites) if each.title is None] == []


@pytest.mark.parametrize("name", COUNTRIES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_rules_of_another_country_name_no_french_body(name: str, language: Language) -> None:
    """Neither its events nor its people, in any language."""
    written = load(name)
    titles = Titles(written, language)
    assert FRENCH.search(Titles(load("france"), language).event("part_i_assessed"))  # the test can fail
    said = [
        *map(titles.event, lowered(written).named),
        *map(titles.pool, written.pools),
        *(titles.indicator(each.name) for each in written.indicators),
    ]
    assert [each for each in said if FRENCH.search(each)] == []


def test_the_danish_answer_names_no_french_body() -> None:
    """All that `trialstart run denmark` prints, in either language."""
    result = sim.run("denmark", replications=1, jobs=1)
    assert [FRENCH.search(text([result], language=language)) for language in get_args(Language)] == [None, None]


def test_every_french_body_is_in_a_file_of_a_scenario() -> None:
    """None in Python: a country is described by its files alone."""
    sources = [*(Path(sim.__file__).parent).rglob("*.py")]
    said = [str(each) for each in sources if re.search(r'"[^"\n]*\b(ANSM|CPP|PUI|TEC|ARC)\b[^"\n]*"', each.read_text())]
    assert said == []
    assert "ANSM" in (shipped_folder() / "france.yaml").read_text(encoding="utf-8")


def test_a_title_is_text() -> None:
    """Or a text in both languages, and nothing else."""
    with pytest.raises(ScenarioError, match="title"):
        scenario(OWN.replace("title: Filing", "title: 3"))
