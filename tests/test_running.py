"""Running and comparing: the same bytes whoever computes, fair turns, and nothing lost on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sim.experiment import replications, running, tables, workers
from sim.experiment.replications import Found, engine_named
from sim.experiment.results import Comparison, Result
from sim.experiment.running import Interrupted, compare, run
from sim.experiment.tables import INDICATOR_COLUMNS, contrast_lines, indicator_lines
from sim.experiment.workers import Batch, ReplicationFailed, Work, computed_here, interleaved
from sim.model.plan import Plan
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load
from sim.tables import as_csv


class Backwards(Executor):
    """An executor that answers the latest of a few requests first, each after a detour through another thread."""

    def __init__(self) -> None:
        self.held: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # type: ignore[override]
        """Hold three requests, then compute them from the last to the first."""
        future: Future[Any] = Future()
        self.held.append((future, fn, args))
        if len(self.held) == 3:
            while self.held:
                held, function, given = self.held.pop()
                with ThreadPoolExecutor(1) as thread:
                    held.set_result(thread.submit(function, *given).result())
        return future


def document_of_numbers(result: Result) -> str:
    """The estimates of a result, as text."""
    return as_csv(indicator_lines([result]), INDICATOR_COLUMNS)


def document(comparison: Comparison) -> str:
    """The JSON of a comparison."""
    lines = contrast_lines(comparison.reference.name, comparison.paired)
    return tables.document(comparison.manifest, indicator_lines(comparison.results), lines)


def test_workers_and_their_order_change_nothing(one_office: Path, two_offices: Path) -> None:
    """One process, or an executor that answers in reverse: the same bytes."""
    here = compare([one_office, two_offices], replications=6, jobs=1)
    elsewhere = compare([one_office, two_offices], replications=6, jobs=2, executor=Backwards())
    assert document(here) == document(elsewhere)


@pytest.mark.slow
def test_processes_change_nothing(one_office: Path, two_offices: Path) -> None:
    """One process or two: the same bytes."""
    one, two = (compare([one_office, two_offices], replications=5, jobs=jobs) for jobs in (1, 2))
    assert document(one) == document(two)


def test_more_replications_keep_the_first_ones(one_office: Path) -> None:
    """Replication k is the same in a run of four and in a run of two."""
    few, many = (run(one_office, replications=number, jobs=1) for number in (2, 4))
    means = [[each.indicators[0].days.mean() for each in result.measures] for result in (few, many)]
    assert means[0] == means[1][:2]
    assert len(set(means[1])) == 4


def test_seed_changes_the_luck(one_office: Path) -> None:
    """Another seed gives other trials."""
    first, second = (run(one_office, replications=1, seed=seed, jobs=1) for seed in (1, 2))
    assert first.measures[0].indicators[0].days.mean() != second.measures[0].indicators[0].days.mean()


def test_scenarios_share_their_luck(one_office: Path, two_offices: Path) -> None:
    """In a comparison, replication k is the same trials on the same dates in every scenario."""
    one, two = compare([one_office, two_offices], replications=1, jobs=1).results
    columns = ["trial", "task", "ready"]
    asked = [result.timelines.query("task == 'asked'")[columns].astype(str) for result in (one, two)]
    assert asked[0].equals(asked[1])
    assert len(asked[0]) > 20


def test_a_result_compared_with_itself_differs_in_nothing(one_office: Path) -> None:
    """The same scenario twice: every difference is exactly zero, or not known because nothing counts."""
    table = compare([one_office, one_office], replications=3, jobs=1).contrasts
    assert set(table.verdict) <= {"identical", "unknown"}
    assert table.set_index(["name", "statistic"]).loc[("answer_time", "mean"), "verdict"] == "identical"
    assert set(table.scenario) == {"one_office_2"}


def test_a_second_officer_is_a_gain(one_office: Path, two_offices: Path) -> None:
    """Two people answer faster than one, and the paired difference says so."""
    table = compare([one_office, two_offices], replications=5, jobs=1).contrasts.set_index(["name", "statistic"])
    assert table.loc[("answer_time", "mean"), "verdict"] == "gain"
    assert table.loc[("answer_time", "mean"), "high"] < 0


def test_changes_apply_to_every_file_and_are_recorded(one_office: Path, two_offices: Path) -> None:
    """`set_` changes both scenarios; the manifest says what was changed and fingerprints what was run."""
    changed = compare([one_office, two_offices], set_=["pools.office.units=3"], replications=1, jobs=1)
    assert [result.scenario.pools["office"].units for result in changed.results] == [3, 3]
    assert [each.changes for each in changed.manifest.scenarios] == [("pools.office.units=3",)] * 2
    plain = run(one_office, replications=1, jobs=1).manifest.scenarios[0]
    assert plain.fingerprint != changed.manifest.scenarios[0].fingerprint
    assert plain.file == "one_office.yaml"


def test_scenarios_from_python_are_named_by_title_or_mapping(one_office: Path) -> None:
    """A scenario has the name of its title, or the one that a mapping gives it."""
    scenario = load(one_office)
    assert run(scenario, replications=1, jobs=1).name == "one_office"
    named = compare({"now": scenario, "then": scenario}, replications=1, jobs=1)
    assert [result.name for result in named.results] == ["now", "then"]


def test_replay_is_part_of_the_timelines(one_office: Path) -> None:
    """Replaying one replication gives its lines of the whole table."""
    result = run(one_office, replications=2, jobs=1)
    of_second = result.timelines.query("replication == 1").reset_index(drop=True)
    assert of_second.astype(str).equals(result.replay(1).astype(str))


def test_the_typical_trial_is_the_same_in_every_scenario(one_office: Path, two_offices: Path) -> None:
    """The story of a scenario is that of the reference's typical trial, so that charts stand side by side."""
    one, two = compare([one_office, two_offices], replications=1, jobs=1).results
    assert one.story is not None and two.story is not None
    assert one.story.trial == two.story.trial == one.typical


def test_a_result_shows_itself_as_a_table(one_office: Path, two_offices: Path) -> None:
    """In a notebook: one column per scenario, one row per statistic, values with intervals."""
    html = compare([one_office, two_offices], replications=2, jobs=1)._repr_html_()
    assert all(word in html for word in ("<table", "one_office", "two_offices", "share_within_goal"))


def test_progress_counts_every_replication(one_office: Path, two_offices: Path) -> None:
    """Progress ends at all replications of all scenarios and carries an estimate for each."""
    seen: list[tuple[int, int, Mapping[str, tuple[float, float, float]]]] = []
    comparison = compare([one_office, two_offices], replications=3, jobs=1, progress=lambda *told: seen.append(told))
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert seen[-1][:2] == (6, 6)
    shares = {each.name: each.estimates for each in comparison.results}
    final = {
        name: next((e.value, e.low, e.high) for e in of.values() if e.key.statistic == "share_within_goal")
        for name, of in shares.items()
    }
    assert {name: pytest.approx(found) for name, found in seen[-1][2].items()} == final


@pytest.mark.parametrize("replications", [10, 100])
def test_batches_take_turns(replications: int) -> None:
    """Every replication of every work exactly once, and no work more than a batch ahead of another."""
    batched = list(interleaved([range(replications)] * 3, workers=1))
    assert sorted((each.work, number) for each in batched for number in each.numbers) == [
        (work, number) for work in range(3) for number in range(replications)
    ]
    assert [each.work for each in batched] == [0, 1, 2] * (len(batched) // 3)


def test_batches_of_the_same_replications_are_computed_together(one_office: Path) -> None:
    """Replication by replication, in the order of the batches, which come back as they are; not without end."""
    told: list[tuple[str, int]] = []

    def telling(work: Work, number: int) -> int:
        told.append((work.name, number))
        return number

    works = [Work(name, Plan(load(one_office)), 1, "simpy") for name in "ab"]
    batches = [Batch(0, [0, 1]), Batch(1, [0, 1]), Batch(0, [2])]
    assert list(computed_here(telling, works, batches)) == [
        (batches[0], (0, 1)),
        (batches[1], (0, 1)),
        (batches[2], (2,)),
    ]
    assert told == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2)]
    told.clear()
    next(computed_here(telling, works, (Batch(0, [0]) for _ in range(1000))))
    assert len(told) < 100


def failing_at_second(work: Work, number: int) -> Found:
    """Fails in replication 2 of any work."""
    if number == 2:
        raise ZeroDivisionError("nobody there")
    return replications.indicators_of(work, number)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failure_names_scenario_and_replication(one_office: Path, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in replication 2 is reported as such, from this process and from an executor."""
    monkeypatch.setattr(running, "indicators_of", failing_at_second)
    with pytest.raises(ReplicationFailed, match=r"one_office: replication 2 with seed 7 failed: ZeroDivisionError"):
        run(one_office, replications=4, seed=7, jobs=jobs, executor=ThreadPoolExecutor(2) if jobs == 2 else None)


def test_what_cannot_be_built_is_the_users_mistake() -> None:
    """A scenario made in Python, with a clock whose holidays nobody knows, is refused as a file would be."""
    scenario = load("france")
    clocks = {name: clock.model_copy(update={"holidays": "XX"}) for name, clock in scenario.clocks.items()}
    wrong = scenario.model_copy(update={"clocks": clocks})
    with pytest.raises(
        ScenarioError, match=r"^France today: clocks\.working\.holidays: must be one of holidays\.yaml, got"
    ):
        compare({"wrong": wrong}, replications=2, jobs=1)


def test_interrupted_runs_keep_what_every_scenario_has(
    one_office: Path, two_offices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C after three replications of one scenario and two of the other leaves a comparison of two."""
    whole = compare([one_office, two_offices], replications=2, jobs=1)
    played = workers.computed_here

    def five_then_ctrl_c(*given: Any) -> Iterator[tuple[Batch, tuple[Any, ...]]]:
        for place, outcome in enumerate(played(*given)):
            if place == 5:
                raise KeyboardInterrupt
            yield outcome

    monkeypatch.setattr(workers, "computed_here", five_then_ctrl_c)
    with pytest.raises(Interrupted) as caught:
        compare([one_office, two_offices], replications=4, jobs=1)
    assert caught.value.finished is not None
    assert document(caught.value.finished) == document(whole)


def test_interrupted_before_anything_leaves_nothing(one_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C before the first replication: still Ctrl-C, and nothing to show."""

    def ctrl_c(*given: Any) -> Iterator[tuple[Batch, tuple[Any, ...]]]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(workers, "computed_here", ctrl_c)
    with pytest.raises(Interrupted) as caught:
        run(one_office, replications=2, jobs=1)
    assert caught.value.finished is None


def test_engines_agree_on_every_number(one_office: Path) -> None:
    """The compiled engine and the reference give the same estimates; only the manifest tells which it was."""
    compiled, simpy = (run(one_office, replications=2, jobs=1, engine=engine) for engine in ("compiled", "simpy"))
    assert document_of_numbers(compiled) == document_of_numbers(simpy)
    assert (compiled.manifest.engine, simpy.manifest.engine) == ("compiled", "simpy")
    assert "numba" in compiled.manifest.versions
    assert "numba" not in simpy.manifest.versions


@pytest.mark.parametrize(
    ("name", "rows", "engine"),
    [
        ("auto", 1_000, "simpy"),
        ("auto", 10_000_000, "compiled"),
        ("simpy", 10_000_000, "simpy"),
        ("compiled", 1, "compiled"),
    ],
)
def test_auto_compiles_only_what_repays_it(name: str, rows: int, engine: str) -> None:
    """A short run is not made to wait for a compiler; a named engine is always used."""
    assert engine_named(name, rows) == engine


def test_without_numba_the_reference_runs(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Where numba is missing, auto is the SimPy engine and says so, and asking for the compiled one is refused."""
    monkeypatch.setattr(replications, "find_spec", lambda name: None)
    assert (engine_named("auto", 1_000), caplog.messages) == ("simpy", [])
    assert engine_named("auto", 10_000_000) == "simpy"
    assert caplog.messages == [
        "numba is not installed: the SimPy engine runs, with the same result in many times the time"
    ]
    with pytest.raises(ValueError, match="compiled needs the package numba, got none; install it, or use simpy"):
        engine_named("compiled", 1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"replications": 0}, "replications: must be a whole number, at least 1, got 0"),
        ({"replications": 2.5}, "replications: must be a whole number, at least 1, got 2.5"),
        ({"seed": -1}, "seed: must be a whole number, at least 0, got -1"),
        ({"jobs": -2}, "jobs: must be a whole number, at least 1, got -2"),
        ({"jobs": 0}, "jobs: must be a whole number, at least 1, got 0"),
        ({"engine": "symphony"}, "engine: must be auto or one of .*simpy"),
    ],
)
def test_impossible_requests_are_refused(one_office: Path, wrong: dict[str, Any], says: str) -> None:
    """A number that makes no sense is refused before anything runs, with the rule and the value."""
    with pytest.raises(ValueError, match=says):
        run(one_office, **{"jobs": 1, **wrong})


def test_the_document_is_valid_json_without_place_or_time(one_office: Path, tmp_path: Path) -> None:
    """One document; what is not a number is null; no path of this machine in it."""
    text = document(compare([one_office], replications=1, jobs=1))
    read = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in the document"))
    assert list(read) == ["manifest", "warnings", "indicators", "contrasts"]
    assert read["manifest"]["seed"] == 1
    columns = {
        "name",
        "level",
        "statistic",
        "value",
        "low",
        "high",
        "trials",
        "not_yet",
        "never",
        "not_needed",
        "scenario",
    }
    assert columns <= set(read["indicators"][0])
    assert read["indicators"][0]["low"] is None  # one replication has no interval
    assert str(tmp_path) not in text
