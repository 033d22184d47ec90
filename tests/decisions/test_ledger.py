"""The ledger of levers: what is computed by hand on a scenario of two levers and a dummy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.decisions.ledger import Amount, Ledger, Role, amounts, called, ledger
from sim.decisions.tables import ledger_lines
from sim.decisions.text import ledger_text
from sim.experiment.running import run
from tests.conftest import ONE_OFFICE

LEVERS = {
    "more_people": "{pools: {office: {units: 2}}}",
    "less_work": "{tasks: [{name: answered, work: {median: 0.5 d, p90: 1 d}}]}",
    "nothing": "{pools: {office: {order: due}}}",
}


@pytest.fixture
def three_levers(tmp_path: Path) -> Path:
    """One office with two levers that work and one that changes nothing."""
    (tmp_path / "levers").mkdir()
    for name, changes in LEVERS.items():
        text = f"name: {name}\ntitle: {{en: {name}, fr: {name}}}\nmechanism: made up\nchanges: {changes}\n"
        (tmp_path / "levers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = tmp_path / "office.yaml"
    path.write_text(f"{ONE_OFFICE}levers: [{', '.join(LEVERS)}]\n", encoding="utf-8")
    return path


@pytest.fixture
def found(three_levers: Path) -> Ledger:
    """Its ledger."""
    return ledger(three_levers, replications=4, jobs=1)


def test_every_combination_is_simulated_once(found: Ledger, three_levers: Path) -> None:
    """Eight of them, each equal to a plain run with these levers."""
    assert len(found.comparison.results) == 8
    alone = run(three_levers, set_=["levers=[less_work]"], replications=4, jobs=1)
    mine = found.comparison[called(("less_work",))]
    assert mine.summary.values.tobytes() == alone.summary.values.tobytes()


def test_entries_add_up_and_a_dummy_is_worth_nothing(found: Ledger) -> None:
    """Shapley values are the whole; the lever that changes nothing is idle, to the bit."""
    key = found.keys[0]
    entries = {each.lever: each for each in found.entries(key)}
    assert sum(each.shapley.value for each in entries.values()) == pytest.approx(found.whole(key).value, abs=1e-12)
    nothing = entries["nothing"]
    assert (nothing.alone, nothing.last_in, nothing.shapley) == (Amount(0.0, 0.0, 0.0),) * 3
    assert (nothing.role, nothing.needed_with) == (Role.IDLE, None)
    assert entries["more_people"].alone.value > 0


def test_levers_that_do_the_same_are_substitutes(found: Ledger) -> None:
    """Two people or half the work: who has one gains less from the other."""
    pairs = {frozenset(each.levers): each.interaction for each in found.pairs(found.keys[0])}
    assert pairs[frozenset({"more_people", "less_work"})].value < 0


def test_the_ledger_is_told_in_both_languages(found: Ledger) -> None:
    """The answer first, and a line for each figure."""
    assert ledger_text(found, "en").startswith("Together the levers bring ")
    assert ledger_text(found, "fr").startswith("Ensemble, les leviers apportent ")
    lines = [line for line in ledger_lines(found) if line["figure"] == "shapley"]
    assert {line["lever"] for line in lines} == {*LEVERS}


def test_intervals_hold_together() -> None:
    """With more levers each interval is wider: Bonferroni."""
    values = np.random.default_rng(1).normal(size=(4, 20))
    four, one = amounts(values)[0], amounts(values[:1])[0]
    assert four.value == one.value
    assert four.low < one.low < one.high < four.high


def test_what_has_no_levers_to_combine(one_office: Path) -> None:
    """None named, or one under limits."""
    with pytest.raises(ValueError, match="must name at least one lever, got none"):
        ledger(one_office)
