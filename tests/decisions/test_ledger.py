"""The ledger of levers: what is computed by hand on a scenario of two levers and a dummy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.decisions.bars import ledger_picture
from sim.decisions.ledger import Amount, Ledger, Role, amounts, called, ledger
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
    lines = [line for line in found.lines if line["figure"] == "shapley"]
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


def of_many(tmp_path: Path, number: int) -> Path:
    """One office with `number` levers: a dummy, more people, and each of the others drops a class of files."""
    (tmp_path / "levers").mkdir()
    classes = "".join(f"  - {{name: kind_{each}, volume: {12 * each} /year}}\n" for each in range(1, number - 1))
    levers = {"more_people": LEVERS["more_people"], "nothing": LEVERS["nothing"]} | {
        f"less_of_{each}": f"{{classes: [{{name: kind_{each}, volume: 1 /year}}]}}" for each in range(1, number - 1)
    }
    for name, changes in levers.items():
        text = f"name: {name}\ntitle: {{en: {name}, fr: {name}}}\nmechanism: made up\nchanges: {changes}\n"
        (tmp_path / "levers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = tmp_path / "office.yaml"
    text = ONE_OFFICE.replace(
        "  - {name: files, volume: 200 /year}\n", f"  - {{name: files, volume: 80 /year}}\n{classes}"
    )
    path.write_text(f"{text}levers: [{', '.join(levers)}]\n", encoding="utf-8")
    return path


def test_many_levers_are_sampled(tmp_path: Path) -> None:
    """Seven levers, four orders: fewer than 128 combinations, values that add up all the same, a dummy exactly 0."""
    found = ledger(of_many(tmp_path, 7), replications=3, jobs=1, engine="simpy", orders=4)
    assert found.orders is not None and found.orders.shape == (4, 7)
    assert len(found.comparison.results) == len(found.subsets) < 64
    key = found.keys[0]
    entries = {each.lever: each for each in found.entries(key)}
    assert sum(each.shapley.value for each in entries.values()) == pytest.approx(found.whole(key).value, abs=1e-12)
    nothing = entries["nothing"]
    assert (nothing.alone, nothing.last_in, nothing.shapley) == (Amount(0.0, 0.0, 0.0),) * 3
    assert nothing.role is Role.IDLE and found.pairs(key) == ()
    text = " ".join(ledger_text(found, "en").split())
    assert "With 7 levers" in text and "means over 4 orders drawn from 5,040" in text


@pytest.mark.slow
def test_sampled_values_hold_the_exact_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The intervals of twelve orders of seven levers hold the values of all 5,040, and narrow with more orders."""
    path = of_many(tmp_path, 7)
    sampled, more = (ledger(path, replications=4, jobs=1, engine="simpy", orders=n) for n in (12, 48))
    monkeypatch.setattr("sim.decisions.ledger.ALL_OF", 7)
    exact = ledger(path, replications=4, jobs=1, engine="simpy")
    key = exact.keys[0]
    for found in (sampled, more):
        for mine, true in zip(found.entries(key), exact.entries(key), strict=True):
            assert mine.shapley.low <= true.shapley.value <= mine.shapley.high
            assert (mine.alone, mine.last_in) == (true.alone, true.last_in)
    width = [
        sum(each.shapley.high - each.shapley.low for each in found.entries(key)) for found in (sampled, more, exact)
    ]
    assert width[0] > width[1] > width[2]


def test_orders_are_for_many_levers(three_levers: Path, tmp_path: Path) -> None:
    """With few, every combination is simulated; one order has no spread."""
    with pytest.raises(ValueError, match="orders: are for more than 6 levers, got 3; leave them out"):
        ledger(three_levers, replications=2, jobs=1, orders=4)


def test_structure_and_numbers_are_told_apart(tmp_path: Path) -> None:
    """A lever that adds a person and puts in quicker work: what each part adds is what plain runs say."""
    (tmp_path / "levers").mkdir()
    both = (
        "name: both\ntitle: {en: both, fr: les deux}\nmechanism: made up\nchanges: {pools: {office: {units: 2}}}\n"
        "numbers: {tasks: [{name: answered, work: {median: 0.5 d, p90: 1 d}, "
        "assumption: {range: fixed, why: made up}}]}\n"
    )
    (tmp_path / "levers" / "both.yaml").write_text(both, encoding="utf-8")
    path = tmp_path / "office.yaml"
    path.write_text(f"{ONE_OFFICE}levers: [both]\n", encoding="utf-8")
    found = ledger(path, replications=4, jobs=1)
    key = found.keys[0]
    rest, whole = found.rests(key)
    without, bare, pulled = (
        run(path, set_=[f"levers=[{levers}]"], replications=4, jobs=1).estimates[key].value
        for levers in ("", "{name: both, numbers: false}", "both")
    )
    assert (rest.lever, whole.lever, rest.people, whole.people) == ("both", "", 1, 1)
    for each in (rest, whole):
        assert each.structure.value == pytest.approx(bare - without, abs=1e-12)
        assert each.numbers.value == pytest.approx(pulled - bare, abs=1e-12)
    text = ledger_text(found, "en")
    assert "without any of the numbers that the levers put in" in " ".join(text.split())
    assert "People added: 1." in text
    figures = {line["figure"] for line in found.lines}
    assert {"structure", "numbers", "people"} <= figures


def test_levers_without_numbers_rest_on_structure(found: Ledger) -> None:
    """Nothing is simulated twice for them, and all that they add is structure."""
    assert found.bare == {}
    key = found.keys[0]
    *each, whole = found.rests(key)
    assert [rest.structure.value for rest in each] == [entry.last_in.value for entry in found.entries(key)]
    assert whole.structure.value == found.whole(key).value
    assert [(rest.numbers.value, rest.people) for rest in (*each, whole)] == [(0, 0), (0, 1), (0, 0), (0, 1)]


def test_the_picture_adds_up(found: Ledger) -> None:
    """A bar for each lever between two, in both languages."""
    for language in ("en", "fr"):
        ax = ledger_picture(found, language=language)  # type: ignore[arg-type]
        widths = [bar.get_width() for bar in ax.patches]
        assert len(widths) == 5 and sum(widths[2:]) == pytest.approx(widths[1] - widths[0])
