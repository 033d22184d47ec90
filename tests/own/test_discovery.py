"""Process discovery: the processes of our own logs are found again, and what cannot be found is said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.own.discovery import Discovered, as_register, as_yaml, discover
from sim.scenario import evidence
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.schema import Scenario, Task


def found(folder: Path, name: str, *columns: str) -> tuple[Discovered, Scenario]:
    """What is discovered in the log of an example, of which only some columns are kept if any are named."""
    events = sim.run(name, sim.Options(replications=1, jobs=1, seed=2)).events(0)
    (events[list(columns)] if columns else events).to_csv(folder / "log.csv", index=False)
    process = discover(folder / "log.csv")
    (folder / "found.yaml").write_text(as_yaml(process), encoding="utf-8")
    (folder / "evidence.csv").write_text(as_register(process), encoding="utf-8")
    return process, sim.load(folder / "found.yaml")


def starts(task: Task) -> set[str]:
    """The events that a task waits for."""
    return {rule.event for rule in task.starts or ()}


def test_the_process_of_one_hospital_is_found_again(tmp_path: Path) -> None:
    """Tasks, order, rounds with their two steps, pools with their people and hours, and how long things take."""
    process, scenario = found(tmp_path, "examples/one_hospital")
    tasks = {task.name: task for task in scenario.tasks}
    assert {name: starts(task) for name, task in tasks.items()} == {
        "feasible": set(),
        "hospital_turn_rounds": {"feasible"},
        "contract_signed": {"hospital_turn_rounds"},
        "budget_agreed": {"feasible"},
        "ethics_approved": {"feasible"},
        "pharmacy_ready": {"budget_agreed"},
        "visit": {"contract_signed", "ethics_approved", "pharmacy_ready"},
        "open": {"visit"},
    }
    rounds = tasks["hospital_turn_rounds"]
    assert [step.name for step in rounds.steps] == ["hospital_turn", "sponsor_turn"]
    assert rounds.rounds is not None and rounds.rounds.shares is not None
    assert sum(number * share for number, share in rounds.rounds.shares.items()) == pytest.approx(2.5, rel=0.2)
    assert {name: pool.units for name, pool in scenario.pools.items()} == {"lawyer": 1, "finance": 1, "pharmacists": 2}
    (clock,) = scenario.clocks.values()
    assert clock.hours == ("09:00", "17:00")
    truth = {task.name: task for task in sim.load("examples/one_hospital").tasks}
    for name in ("budget_agreed", "pharmacy_ready"):
        ours, theirs = tasks[name].work, truth[name].work
        assert ours is not None and ours.median is not None and theirs is not None and theirs.median is not None
        assert ours.median.unit == "wd"
        assert ours.median.value == pytest.approx(theirs.median.value, rel=0.2)
    assert [str(rule) for rule in tasks["ethics_approved"].starts or ()] == ["feasible + 7 d"]
    assert any("ethics_approved: waits while ethics_board is free" in note for note in process.notes)
    assert evidence.check(tmp_path / "found.yaml") == []


def test_the_process_of_an_academic_unit_is_found_again(tmp_path: Path) -> None:
    """Parallel branches, of which one is for a share of trials and one for a share of what comes back."""
    _, scenario = found(tmp_path, "examples/academic_unit")
    tasks = {task.name: task for task in scenario.tasks}
    assert starts(tasks["first_participant"]) == {"corrected", "insured", "database", "drug_made"}
    assert starts(tasks["corrected"]) == {"ethics"}
    assert tasks["drug_made"].share == pytest.approx(4 / 18, abs=0.12)
    assert tasks["corrected"].share == pytest.approx(0.6, abs=0.15)
    assert {name: pool.units for name, pool in scenario.pools.items()} == {"methodologists": 2, "data_managers": 2}


def test_a_found_process_plays_like_the_first(tmp_path: Path) -> None:
    """Where people do not decide, the time of the whole is that of the log, give or take what luck there is."""
    changes = tuple(f"pools.{name}.units=9" for name in ("lawyer", "finance", "pharmacists"))
    first = sim.run("examples/one_hospital", sim.Options(replications=2, jobs=1, seed=3, set_=changes))
    first.events(0).to_csv(tmp_path / "log.csv", index=False)
    process = discover(tmp_path / "log.csv")
    (tmp_path / "found.yaml").write_text(as_yaml(process), encoding="utf-8")
    again = sim.run(tmp_path / "found.yaml", sim.Options(replications=2, jobs=1))
    medians = [
        result.indicators.query(f"name == '{name}' and statistic == 'median'")["value"].iloc[0]
        for result, name in ((first, "opening_time"), (again, "whole_time"))
    ]
    assert medians[1] == pytest.approx(medians[0], rel=0.15)


def test_starts_and_ends_alone_are_enough(tmp_path: Path) -> None:
    """Without people and without the instants at which work could begin, the order is still found, and it runs."""
    _, scenario = found(tmp_path, "examples/one_hospital", "case", "task", "start", "end")
    tasks = {task.name: task for task in scenario.tasks}
    assert scenario.pools == {}
    assert starts(tasks["open"]) == {"visit"}
    assert starts(tasks["visit"]) >= {"contract_signed"}


def test_a_log_without_its_columns_is_refused(tmp_path: Path) -> None:
    """What is missing is named, with what there is."""
    pd.DataFrame({"case": [1], "what": ["a"]}).to_csv(tmp_path / "log.csv", index=False)
    with pytest.raises(ScenarioError, match="needs a column task or activity"):
        discover(tmp_path / "log.csv")
    pd.DataFrame({"case": [1], "task": ["a"], "end": ["soon"]}).to_csv(tmp_path / "log.csv", index=False)
    with pytest.raises(ScenarioError, match="dates with times of day"):
        discover(tmp_path / "log.csv")
