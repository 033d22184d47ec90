"""Why the goal was reached when it was: by hand on a scenario without luck, and what adds up."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.decisions.explaining import Explanation, explain, moved
from sim.decisions.explanation_text import explanation_text
from tests.decisions.written import BUSY

CERTAIN = """\
title: {en: Without luck, fr: Sans aléa}
assumption: {range: fixed, why: made up for a test}
origin: 2024-01-01
windows: {warm_up: 0 d, observation: 60 d, follow_up: 60 d}
goal: {from: asked, to: open, within: 15 d, counted: calendar, prerequisites: [contract, pharmacy]}
classes:
  - {name: files, dates: [2024-01-01, 2024-02-01]}
  - {name: others, dates: [2024-01-01]}
pools:
  office: {units: 1}
tasks:
  - {name: asked, scope: trial, only: {class: files}}
  - {name: other, scope: trial, only: {class: others}, work: exactly 2 d, pool: office}
  - {name: contract, scope: trial, only: {class: files}, starts: asked, work: exactly 18 d, pool: office}
  - {name: pharmacy, scope: trial, only: {class: files}, starts: asked, work: exactly 14 d}
  - {name: open, scope: trial, only: {class: files}, starts: [contract, pharmacy], work: exactly 1 d}
indicators:
  - {name: opening_time, from: asked, to: open}
"""


@pytest.fixture
def certain(tmp_path: Path) -> Path:
    """Two files, of which the first finds the office at work on another one for two days."""
    path = tmp_path / "certain.yaml"
    path.write_text(CERTAIN, encoding="utf-8")
    return path


def explained(file: Path) -> Explanation:
    """One replication of it, explained."""
    (found,) = explain([file], replications=2, jobs=1)
    return found


def test_days_and_waits_by_hand(certain: Path) -> None:
    """18 days of contract and one to open; the first file may wait two days for an office busy with another class."""
    found = explained(certain)
    rows = {row.task: row for row in found.rows}
    assert set(rows) == {"contract", "open"}
    assert rows["contract"].parts["work"] == 18
    assert rows["contract"].parts["busy"] in (0, 1)  # a mean of two files; whoever of the two classes comes first
    assert rows["open"].days.value == 1
    assert found.total.value == sum(row.days.value for row in found.rows)
    if rows["contract"].parts["busy"]:
        assert found.held == (("office", "others", 1.0),)


def test_who_is_waited_for_by_hand(tmp_path: Path) -> None:
    """The first of two files waits a day for an office that has another file; the second for nobody."""
    path = tmp_path / "busy.yaml"
    path.write_text(BUSY, encoding="utf-8")
    (office,) = explained(path).waits
    assert (office.pool, office.days.value, office.critical.value) == ("office", 0.5, 0.5)
    assert {kind: days for kind, days in office.parts.items() if days} == {"busy": 0.5}


def test_margins_by_hand(certain: Path) -> None:
    """Without the contract 14 days of pharmacy and one to open are left: both files would keep the 15 days."""
    (contract,) = explained(certain).margins
    assert contract.prerequisites == ("contract",)
    assert contract.last == 1
    assert contract.days in (4, 5)
    assert contract.unlocks == 1


def test_a_difference_adds_up(one_office: Path, two_offices: Path) -> None:
    """The differences of the tasks are the difference of the totals, and the days of each the days of its parts."""
    a, b = explain([one_office, two_offices], replications=4, jobs=1)
    assert sum(each.difference.value for each in moved(a, b)) == pytest.approx(b.total.value - a.total.value, abs=1e-9)
    for found in (a, b):
        assert sum(row.days.value for row in found.rows) == pytest.approx(found.total.value, abs=1e-9)
        for row in found.rows:
            assert sum(row.parts.values()) == pytest.approx(row.days.value, abs=1e-9)


def test_it_is_told_in_both_languages(one_office: Path, two_offices: Path) -> None:
    """A sentence for each scenario, the table of its days, and a line for each task in the table for programs."""
    found = explain([one_office, two_offices], replications=3, jobs=1)
    assert explanation_text(found, "en").startswith("One office: ")
    assert explanation_text(found, "fr").startswith("Un bureau\N{NO-BREAK SPACE}: ")
    lines = [line for each in found for line in each.lines]
    assert {line["scenario"] for line in lines} == {"one_office", "two_offices"}
    assert "Waited for" in explanation_text(found, "en") and "Qui est attendu" in explanation_text(found, "fr")
    assert all(line["critical_low"] <= line["critical"] <= line["critical_high"] for line in lines)


def test_where_nobody_comes_there_is_nothing_to_explain(tmp_path: Path, one_office: Path) -> None:
    """It is said, and nothing else; no number stands for it."""
    path = tmp_path / "busy.yaml"
    path.write_text(BUSY.replace("exactly 18 d", "exactly 900 d"), encoding="utf-8")
    found = explain([path], replications=2, jobs=1)
    assert (found[0].trials, found[0].rows) == (0, ())
    text = " ".join(explanation_text(found, "en").split())
    assert text.startswith("Busy: no trial comes from asked to open by the end of the simulation")
    assert "Task" not in text


def test_what_has_no_goal_is_refused(tmp_path: Path) -> None:
    """There is nothing to explain; the sentence says where."""
    path = tmp_path / "aimless.yaml"
    path.write_text("\n".join(line for line in CERTAIN.splitlines() if not line.startswith("goal")), encoding="utf-8")
    with pytest.raises(ValueError, match=r"^aimless: goal: must be there to be explained, got none"):
        explain([path], replications=2, jobs=1)
