"""Several readings of the same published figures: a scenario that names them is a range, and says so first."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.page.content import page_of
from sim.report.text import text
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load
from sim.scenario.schema import fingerprint

TODAY = """\
title: {en: Today, fr: Aujourd'hui}
origin: 2026-01-05
assumption: {range: fixed, why: made up}
windows: {warm_up: 0 d, observation: 100 d, follow_up: 50 d}
goal: {from: asked, to: answered, within: 3 d, counted: calendar}
classes: [{name: letters, volume: 400 /year, arrivals: even}]
tasks: [{name: asked}, {name: answered, starts: asked, work: {median: 3 d, p90: 6 d}}]
indicators: [{name: answer_time, from: asked, to: answered}]
"""


@pytest.fixture
def readings(tmp_path: Path) -> list[Path]:
    """Today, which names two other readings, slower and faster."""
    files = [tmp_path / f"{name}.yaml" for name in ("today", "slow", "fast")]
    files[0].write_text(f"{TODAY}readings: [slow.yaml, fast.yaml]\n", encoding="utf-8")
    for file, median in zip(files[1:], (5, 1), strict=True):
        step = f"tasks: [{{name: answered, work: {{median: {median} d, p90: 8 d}}}}]\n"
        file.write_text(f"extends: today.yaml\n{step}", encoding="utf-8")
    return files


def test_all_readings_side_by_side_are_a_range(readings: list[Path]) -> None:
    """The first sentence has the lowest and the highest share; the others do not say it again, nor is it a change."""
    compared = sim.compare(readings, replications=2, jobs=1, engine="simpy")
    key = "answer_time", "share_within_goal"
    table = compared.indicators.set_index(["name", "statistic"])["value"]
    low, high = (f"{100 * each:.0f} %" for each in (table[key].min(), table[key].max()))
    said = " ".join(text(compared.results).split())
    assert said.index(f"A range, not one number: {low} to {high} of trials") < said.index("The answer Today")
    assert said.count("A range, not one number") == 1 and "readings:" not in said
    assert "Une fourchette, non un seul chiffre" in " ".join(text(compared.results, language="fr").split())


def test_a_reading_alone_names_the_others(readings: list[Path]) -> None:
    """Which have to be simulated to know the range."""
    said = " ".join(text([sim.run(readings[0], replications=1, jobs=1, engine="simpy")]).split())
    assert "this is one of 3 readings of the same published figures. The others: slow, fast." in said


def test_the_page_says_it_first_as_well(readings: list[Path]) -> None:
    """As the answer on the terminal."""
    compared = sim.compare(readings[:1], replications=2, jobs=1, engine="simpy")
    assert page_of(compared, "en").sentences[0].startswith("A range, not one number: this is one of 3 readings")


def test_readings_change_nothing_and_are_not_handed_on(readings: list[Path]) -> None:
    """The same simulation with and without them; who extends today is no range; one that is not there is refused."""
    assert load(readings[1]).readings == ()
    assert fingerprint(load(readings[0])) == fingerprint(load(readings[0], set_=("readings=[]",)))
    with pytest.raises(ScenarioError, match="readings"):
        load(readings[0], set_=("readings=[nowhere]",))
