"""A scenario of which only numbers differ: near the written one it is read as it would be by itself, mistakes too."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.checks.references import Checked
from sim.scenario.files import shipped_names
from sim.scenario.language.kinds import AMOUNT
from sim.scenario.language.mistakes import Place, ScenarioError
from sim.scenario.language.tree import Node, Scalar
from sim.scenario.loading import Loaded, read
from sim.uncertainty.unknowns import Unknowns
from tests.counted import calls

EVERYTHING = Path(__file__).parent / "every_feature.yaml"
ANYTHING = [0, 1, 50, 1.5, "0 d", "3 d", "500 d", "2 wd", "5 h", "0 %", "120 %", "-3 d", "exactly 2", "12 /year"]
ANYTHING += ["9999999 /year", "08-15", "09:00", date(1950, 1, 1), date(2025, 6, 1), "x", True, None]


@cache
def written(source: str | Path) -> Loaded:
    """A scenario as it is written."""
    return read(source)


@cache
def scalars(source: str | Path) -> tuple[Node, ...]:
    """Every scalar in the files of a scenario."""
    return tuple(node for layer in written(source).layers for _, node in layer.scalars())


def outcome(source: str | Path, values: Mapping[Place, Any], near: Loaded | None) -> Any:
    """All that is read, or all that is wrong."""
    try:
        found = read(source, values=values, near=near)
    except ScenarioError as error:
        return str(error)
    return found, repr(found.scenario), [record.model_fields_set for _, record in Checked(found.scenario).records]


def alike(source: str | Path, values: Mapping[Place, Any]) -> bool:
    """Whether the whole is read as it is near the written scenario."""
    return bool(outcome(source, values, None) == outcome(source, values, written(source)))


def draws(names: tuple[str, ...], number: int) -> list[dict[str, float]]:
    """Everything that nobody knows at once, one thing alone, and two."""
    luck = random.Random(number)
    return [
        {name: luck.random() for name in luck.sample(names, size)} for size in {len(names), *range(min(len(names), 3))}
    ]


@pytest.mark.parametrize("name", ["france", "france_pledge", "pledge_rollout", "belgium"])
def test_what_nobody_knows_is_read_alike(name: str) -> None:
    """Values of ranges, many or few, whatever levers are pulled."""
    unknowns = Unknowns({"": name})
    assert all(alike(name, unknowns.values(draw)) for draw in draws(unknowns.names, 1))


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped_names())
def test_what_nobody_knows_is_read_alike_everywhere(name: str) -> None:
    """In all shipped scenarios, at several draws."""
    unknowns = Unknowns({"": name})
    assert all(alike(name, unknowns.values(draw)) for number in range(3) for draw in draws(unknowns.names, number))


@st.composite
def changes(draw: st.DrawFn) -> dict[Place, Scalar]:
    """Other values in the place of one or two that are written, right or wrong."""
    found = draw(st.lists(st.sampled_from(scalars(EVERYTHING)), min_size=1, max_size=2))
    return {node.place: draw(st.sampled_from([*ANYTHING, *of_its_kind(node.value)])) for node in found}


def of_its_kind(value: Any) -> list[Any]:
    """Other numbers in the unit of one."""
    if isinstance(value, str):
        return [AMOUNT.sub(rf"{number} \2", value) for number in (0, 1, 7, 30, 90, 400, 100_000)]
    return [0, 1, 2, 3, -1, 100_000] if isinstance(value, int) else []


@given(changes())
def test_whatever_is_changed_is_read_alike(values: dict[Place, Scalar]) -> None:
    """Numbers, names and nonsense: the same scenario, or the same sentences."""
    assert alike(EVERYTHING, values)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("pools", "assessors", "units"), -1, "assessors.units: must be at least 0, got -1"),
        (("contracting", "signature", "work", "median"), "90000 d", "must be less than p90"),
        (("authorisation", "expected_review", "span"), "1 d", "must count back by at most the 1 d"),
        (("classes", 0, "volume"), "900000 /year", "the largest factor is 900,000 trials a year"),
    ],
)
def test_a_mistake_is_told_in_the_same_words(path: tuple[Any, ...], value: Scalar, told: str) -> None:
    """At its place, with what is wrong elsewhere because of it."""
    place = written("france_late_talks").tree.walk(*path)[0].place
    found = outcome("france_late_talks", {place: value}, written("france_late_talks"))
    assert told in found
    assert alike("france_late_talks", {place: value})


ELSEWHERE = """\
title: {en: Numbers that others are about, fr: Des nombres dont d'autres dépendent}
assumption: {range: fixed, why: made up for a test}
origin: 2026-01-05
windows: {warm_up: 0 d, observation: 28 d, follow_up: 90 d}
goal: {from: signed, to: filed, within: 5 wd, counted: working, scope: {beds: 5}}
clocks:
  one: {kind: working, days: [mon], hours: ["09:00", "17:00"], holidays: FR, closed_on: [2026-02-02]}
  two: {kind: working, days: [mon], hours: ["10:00", "17:00"], holidays: FR, closed_on: [2026-02-02]}
sites: [{name: x, attributes: {beds: 5}}, {name: y, attributes: {beds: 8}}, {name: z, attributes: {beds: 8}}]
classes: [{name: a, dates: [2026-01-05], sites: exactly 1, reserve: 1, at: {beds: [5, 8]}}]
tasks:
  - {name: signed, scope: site, variants: [{when: {beds: 5}, work: exactly 1 d}]}
  - {name: left, scope: site, only: {beds: 5}, closes_site: true}
  - {name: filed, scope: site, starts: signed}
indicators:
  - {name: asked_to_filed, from: replacement_asked, to: filed, levels: [site]}
"""


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("sites", "x", "attributes", "beds"), 6, "tasks.left.only.beds: no trial or site has the value 5"),
        (("tasks", "left", "only", "beds"), 7, "no trial or site has the value 7"),
        (("tasks", "signed", "variants", 0, "when", "beds"), 7, "no trial or site has the value 7"),
        (("classes", "a", "at", "beds", 0), 7, "no trial or site has the value 7"),
        (("goal", "scope", "beds"), 7, "no trial or site has the value 7"),
        (("classes", "a", "reserve"), 0, "there is no event 'replacement_asked'"),
        (("clocks", "one", "closed_on", 0), date(2026, 2, 9), "must name the clock whose working days count"),
        (("windows", "observation"), "40000 d", "clocks.one.holidays: are known from"),
        (("origin",), date(1996, 1, 1), "clocks.one.holidays: are known from"),
    ],
)
def test_a_number_that_others_are_about_is_wrong_there(
    tmp_path: Path, path: tuple[Any, ...], value: Scalar, told: str
) -> None:
    """What stands elsewhere is looked at again, and told where it stands."""
    file = tmp_path / "elsewhere.yaml"
    file.write_text(ELSEWHERE, encoding="utf-8")
    near = read(file)
    values = {near.tree.walk(*path)[0].place: value}
    found = outcome(file, values, near)
    assert told in found
    assert found == outcome(file, values, None)


def test_what_holds_no_other_number_is_the_same() -> None:
    """Only the records that a changed number stands in are new."""
    near = written("france")
    place = near.tree.walk("contracting", "signature", "work", "median")[0].place
    found = read("france", values={place: "15 d"}, near=near).scenario
    new = [path for path, _ in Checked(found, near.scenario).new]
    assert new == [(), ("contracting",), ("contracting", "signature"), ("contracting", "signature", "work")]


def test_one_number_is_read_with_a_third_of_the_work() -> None:
    """Of that of reading the whole, counted in calls."""
    near = written("france")
    values: dict[Place, Scalar] = {near.tree.walk("pools", "assessors", "units")[0].place: 50}
    assert 3 * calls(lambda: read("france", values=values, near=near)) < calls(lambda: read("france", values=values))
