"""A French answer is in French: no word of the English catalogue stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.report import words
from sim.scenario.editor import json_schema
from sim.scenario.library import library
from tests.test_levers import lever
from tests.test_reading import write

SCENARIO = """\
title: {en: Today, fr: Aujourd'hui}
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 60 d, follow_up: 20 d}
goal: {from: arrived, to: rendue, within: 10 d, counted: calendar, prerequisites: [rendue]}
classes: [{name: demandes, volume: 1 /d, attributes: {urgente: 50 %}}]
pools: {bureau: {units: 4, title: {en: desk, fr: le bureau}}}
tasks: [{name: rendue, work: {median: 9 d, p90: 12 d}, pool: bureau, title: {en: reply, fr: réponse rendue}}]
indicators: [{name: t, from: arrived, to: rendue, title: {en: reply time, fr: délai de réponse}}]
assumption: {range: fixed, why: essai}
expect: {tenue: {at_least: 1 %}, rapide: {of: t.median, better_than: y}}
levers: [rapide]
"""
RAPIDE = lever("rapide", "{tasks: [{name: rendue, work: {median: 7 d, p90: 9 d}}]}")
COMMANDS = (
    "run x.yaml --replications=3 --jobs=1 --engine=simpy --out=o",
    "compare x.yaml y.yaml --replications=3 --jobs=1 --engine=simpy --out=o",
    "run x.yaml --replications=3 --jobs=1 --engine=simpy --by=urgente",
    "check x.yaml --replications=3 --jobs=1 --engine=simpy",
    "explain x.yaml y.yaml --replications=3 --jobs=1 --engine=simpy --rerun --out=o",
    "explain x.yaml --trial=typical --engine=simpy",
    "diff x.yaml y.yaml",
    "evidence x.yaml",
    "scenarios",
)


def spelled(texts: Iterable[str]) -> set[str]:
    """The words of four letters and more, without the blanks of phrases."""
    return {word for text in texts for word in re.findall(r"[^\W\d_]{4,}", re.sub(r"{\w+}", " ", text).lower())}


def of_catalogue(language: int) -> set[str]:
    """All words of the catalogue in a language (0 English, 1 French)."""
    tables = (words.PHRASES, words.GRADES, words.VERDICTS)
    return spelled(pair[language] for table in tables for pair in table.values())


def keys() -> set[str]:
    """Names of keys and of shipped scenarios, which are no words of a language."""
    named = re.findall(r'"(\w+)"', str(json_schema()).replace("'", '"'))
    return spelled(each.replace("_", " ") for each in (*named, *(entry.name for entry in library())))


@pytest.mark.parametrize("command", COMMANDS)
def test_no_english_word_stands_in_a_french_output(command: str, tmp_path: Path) -> None:
    """Whatever is printed, on either stream, apart from keys and names of files."""
    (tmp_path / "levers").mkdir()
    write(tmp_path / "levers", rapide=RAPIDE)
    other = (
        SCENARIO.replace("Aujourd'hui", "Demain")
        .replace("units: 4", "units: 5")
        .replace("levers: [rapide]\n", "")
        .replace("better_than: y", "better_than: x")
    )
    write(tmp_path, x=SCENARIO, y=other)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        printed = CliRunner().invoke(app, [*command.split(), "--lang=fr"]).output
    foreign = of_catalogue(0) - of_catalogue(1) - keys() - {"trialstart"}
    assert "interrupted" not in printed and sorted(spelled([printed]) & foreign) == []


def test_the_law_sees_an_english_word() -> None:
    """The words that are looked for are those of sentences, and French ones are not among them."""
    foreign = of_catalogue(0) - of_catalogue(1) - keys()
    assert {"within", "against", "follows"} & foreign and not {"essais", "jours"} & foreign
