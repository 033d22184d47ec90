"""What is said about one's own data: each sentence is used, and both languages fill in the same values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.own.families import FAMILIES
from sim.own.words import PHRASES, REASONS, reason, say

SOURCES = "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "sim" / "own").glob("*.py"))
MADE = ("note_", "ref_", "verdict_", "family_")
"""Beginnings of phrases whose names are put together."""


@pytest.mark.parametrize("name", PHRASES)
def test_a_phrase_is_used_and_says_the_same_in_both_languages(name: str) -> None:
    """No sentence lies about unused, and none forgets a value in one of the languages."""
    english, french = PHRASES[name]
    assert name.startswith(MADE) or SOURCES.count(f'"{name}"') > 1
    assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", french))


def test_every_family_has_a_name() -> None:
    """As people call it, in both languages."""
    assert {f"family_{name}" for name in FAMILIES} == {name for name in PHRASES if name.startswith("family_")}
    assert say("family_loglogistic", "fr") == "log-logistique"


def test_french_spaces_do_not_break() -> None:
    """Tall marks have a space before them at which no line ends."""
    assert say("because_narrow", "fr", share="44\u202f%") == (
        "ses intervalles sont trop étroits (80\u00a0%\u00a0: 44\u202f% tenus)"
    )


def test_reasons_are_said_in_french() -> None:
    """Every reason for which a date is not read has its French, and a sentence is French from end to end."""
    dates = (Path(__file__).parents[2] / "sim" / "own" / "dates.py").read_text(encoding="utf-8")
    assert {*re.findall(r'(?:return|else) "(is [^"]+|could [^"]+)"', dates)} <= {*REASONS}
    twice = "the same trial and centre stand in A3 already"
    assert reason(twice, "fr") == "les mêmes essai et centre figurent déjà en A3"
    assert reason(f"{twice}, all the same", "fr") == "les mêmes essai et centre figurent déjà en A3 à l'identique"
    assert reason(twice, "en") == twice
