"""The differences between two scenarios, in words that a person understands."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.report.changes import told
from sim.scenario.differences import differences
from sim.scenario.loading import load
from tests.test_reading import WHOLE, write


def words(folder: Path, before: str, after: str, *, wording: bool = False) -> list[str]:
    """The differences between two texts, as printed."""
    a, b = load(write(folder, a=before)), load(write(folder, b=after))
    return [told(difference, "en") for difference in differences(a, b, wording=wording)]


CHANGES = {
    "a number": ("units: 1", "units: 3", ["pools desk units: 1 -> 3"]),
    "a start rule": (
        "starts: draft",
        "starts: [draft, arrived + 3 d]",
        ["tasks review starts: draft -> draft, arrived + 3 d"],
    ),
    "a rate": ("120 /year", "10 /week", ["classes early volume: 120 /year -> 521.7857142857143 /year"]),
    "a share": ("gmo: 5 %", "gmo: 7 %", ["classes early attributes gmo: 5 % -> 7 %"]),
    "a quantile": (
        "median: 3 wd",
        "median: 4 wd",
        ["tasks draft work: median 3 wd, p90 9 wd -> median 4 wd, p90 9 wd"],
    ),
    "another form": (
        "work: exactly 5 d",
        "work: {low: 1 d, high: 2 d}",
        ["tasks review work: exactly 5 d -> low 1 d, high 2 d"],
    ),
    "something more": (", pool: desk", ", pool: desk, priority: 2", ["tasks draft priority: none -> 2"]),
    "something less": (", rounds: {mean: 1.4}", "", ["tasks review rounds: mean 1.4 -> none"]),
    "a new part": (", pool: desk", ", pool: desk, limit: {within: 3 d, then: tacit}", ["added tasks draft limit"]),
    "a removed item": ("  - {name: lille, type: large}\n", "", ["removed sites lille"]),
    "a list": ("days: [mon, ", "days: [", ["clocks office days: mon, tue, wed, thu, fri -> tue, wed, thu, fri"]),
    "a flag": ("name: draft", "name: draft, closes_trial: true", ["tasks draft closes_trial: false -> true"]),
    "a title": ("en: Test", "en: Other", []),
    "a source": ("source: X-1", "source: X-2", []),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_kind_of_change_is_one_line(name: str, tmp_path: Path) -> None:
    """A path in words, what was there, and what is there now."""
    old, new, expected = CHANGES[name]
    assert old in WHOLE
    assert words(tmp_path, WHOLE, WHOLE.replace(old, new)) == expected


def test_what_is_added_one_way_is_removed_the_other_way(tmp_path: Path) -> None:
    """A part that only one scenario has is one line, whatever is in it."""
    more = WHOLE.replace("  desk:", "  night: {units: 2}\n  desk:")
    assert words(tmp_path, WHOLE, more) == ["added pools night"]
    assert words(tmp_path, more, WHOLE) == ["removed pools night"]


def test_wording_and_sources_are_told_if_asked_for(tmp_path: Path) -> None:
    """Titles and provenance change no result, but may be looked at."""
    after = WHOLE.replace("en: Test", "en: Other").replace("X-1", "X-2")
    assert words(tmp_path, WHOLE, after) == []
    assert words(tmp_path, WHOLE, after, wording=True) == [
        "title en: Test -> Other",
        "tasks draft work: source X-1, median 3 wd, p90 9 wd -> source X-2, median 3 wd, p90 9 wd",
    ]


def test_the_order_of_pools_is_a_difference(tmp_path: Path) -> None:
    """Pools deal in the order in which they are declared, so it can change a result."""
    before = "  officers: {per: site, clock: office}\n  desk: {units: 1}\n"
    after = "  desk: {units: 1}\n  officers: {per: site, clock: office}\n"
    assert words(tmp_path, WHOLE, WHOLE.replace(before, after)) == ["pools order: officers, desk -> desk, officers"]


def test_the_shipped_scenarios_differ_by_their_levers() -> None:
    """Sequential against parallel is one changed start rule, and the lever that changed it."""
    found = [told(each, "en") for each in differences(load("france_sequential"), load("france_parallel"))]
    assert "contracting starts: authorised -> application_submitted" in found
    assert "added lever parallel_contracting" in found
