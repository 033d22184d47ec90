"""Levers with and without the numbers that they put in, and the people that they add."""

from __future__ import annotations

import pytest

import sim
from sim.experiment.running import named_scenarios, with_structure
from sim.scenario.checks.people import people
from sim.scenario.loading import load, read, structure_only

SMALL = ("windows.warm_up=0 d", "windows.observation=30 d", "windows.follow_up=60 d", "classes.*.volume=9 /year")
LEVERS = ("parallel_contracting", "early_mobilisation", "dedicated_referents", "integrated_coordination")


def test_the_structure_of_the_pledge_keeps_the_numbers_of_today() -> None:
    """Known patients, rework and turns are those of France; who serves whom and what waits for what is the pledge's."""
    today, bare, whole = (load(name) for name in ("france", "pledge_structure_only", "france_pledge"))
    assert bare.inclusion is not None and today.inclusion is not None and whole.inclusion is not None
    assert bare.inclusion.known.share == today.inclusion.known.share != whole.inclusion.known.share
    assert bare.site_setup is not None and today.site_setup is not None and whole.site_setup is not None
    assert bare.site_setup.rework.share == today.site_setup.rework.share != whole.site_setup.rework.share
    assert bare.site_setup.essential_documents.starts == whole.site_setup.essential_documents.starts
    assert bare.contracting is not None
    turns = bare.contracting.negotiation.sponsor_turn.variants
    assert [each.pool for each in turns if each.when.get("phase") == "early"] == [("sponsor_referents",)]
    assert all(each.work is None for each in turns if each.pool == ("sponsor_referents",))


def test_a_comparison_shows_levers_with_and_without_their_numbers() -> None:
    """Behind each scenario whose levers put numbers in stands its structure; one that is given is not made again."""
    assert [*with_structure(named_scenarios(("france", "france_parallel", "france_pledge"), ()))] == [
        "france",
        "france_parallel",
        "france_pledge",
        "france_pledge_structure",
    ]
    given = with_structure(named_scenarios(("france_pledge", "pledge_structure_only"), ()))
    assert [*given] == ["france_pledge", "pledge_structure_only"]


def test_python_compares_with_and_without_numbers_too() -> None:
    """As the command does, unless it is asked not to; a scenario alone stands alone."""
    small = {"replications": 1, "jobs": 1, "set_": SMALL}
    assert [each.name for each in sim.compare(["france", "france_pledge"], **small).results][1:] == [
        "france_pledge",
        "france_pledge_structure",
    ]
    once = sim.compare(["france", "france_pledge"], structure=False, **small)
    assert [each.name for each in once.results] == ["france", "france_pledge"]


def test_the_structure_is_that_of_the_shipped_scenario() -> None:
    """What is made of the pledge is the shipped `pledge_structure_only`, but for its title and question."""
    made = structure_only(read("france_pledge"))
    assert made is not None
    shipped = load("pledge_structure_only")
    words = {"title": shipped.title, "question": shipped.question}
    assert made.scenario.model_copy(update=words) == shipped
    assert made.scenario.title.fr.endswith(", structure seule")


@pytest.mark.parametrize("name", ["france", "france_parallel", "pledge_structure_only"])
def test_levers_without_numbers_are_their_own_structure(name: str) -> None:
    """No levers, a start rule alone, or all numbers left out already."""
    assert structure_only(read(name)) is None


def test_limited_levers_have_a_structure_too() -> None:
    """The dates and groups of the roll-out stay; what is set comes before the levers as well."""
    made = structure_only(read("pledge_rollout", set_=("inclusion.known.share=10 %",)))
    assert made is not None and made.scenario.inclusion is not None
    assert made.scenario.inclusion.known.share == 0.1
    assert all(not variant.known for variant in made.scenario.inclusion.variants)
    assert len(made.scenario.levers) == len(load("pledge_rollout").levers)


def test_dedicated_referents_are_149_people() -> None:
    """One at each of 19 sites, and one at each of 130 sponsors; nobody else is added."""
    before, after = people(load("france")), people(load("france_pledge"))
    added = {kind: after[kind] - before.get(kind, 0) for kind in after}
    assert {kind: n for kind, n in added.items() if n} == {"site_referents": 19, "sponsor_referents": 130}
