"""The laws that hold in every run: none is broken in what engines give, and each sees what breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.analysis import laws
from sim.analysis.events import Played, played
from sim.analysis.indicators import measure
from sim.analysis.laws import EVERY, Laws, broken
from sim.analysis.pools import pool_loads
from sim.cli import app
from sim.experiment.options import Options
from sim.experiment.replications import simulated
from sim.experiment.running import compare, laid_out, named_scenarios
from sim.model.network import Timelines
from sim.report.answer import laws_told

EVERYTHING = Path(__file__).parent / "every_feature.yaml"


def run_of(source: str | Path, engine: str, number: int = 0) -> Played:
    """A replication of a scenario, played."""
    (work,) = laid_out(named_scenarios([source], ()), Options(engine=engine)).works
    return played(work.plan, *simulated(work, number))


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_engines_keep_all_of_them(engine: str, number: int) -> None:
    """In a scenario that uses everything."""
    run = run_of(EVERYTHING, engine, number)
    found = broken(run, pool_loads(run))
    assert found.hold and found == Laws(0, 0, 0, 0, len(run.timelines.end))


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["france_pledge", "denmark", "haematology_today"])
def test_shipped_scenarios_keep_all_of_them(scenario: str) -> None:
    """Countries with sittings, leave, part-time and referrals."""
    run = run_of(scenario, "compiled")
    assert broken(run, pool_loads(run)).hold


def test_each_law_sees_what_breaks_it(one_office: Path) -> None:
    """A date moved, an end before its start, two at work for one person, a queue that is not what was waited."""
    run = run_of(one_office, "simpy")
    loads = pool_loads(run)
    row = int(np.flatnonzero((run.replication.workload.pool == 0) & (run.timelines.start > 0))[5])

    def with_(**columns: Callable[[np.ndarray], None]) -> Laws:
        changed = {name: getattr(run.timelines, name).copy() for name in ("ready", "start", "end", "outcome")}
        for name, change in columns.items():
            change(changed[name])
        return broken(replace(run, timelines=Timelines(**changed)), loads)

    def put(value: int) -> Callable[[np.ndarray], None]:
        return lambda column: column.__setitem__(row, value)

    ready, start, end = (int(getattr(run.timelines, name)[row]) for name in ("ready", "start", "end"))
    assert with_().hold
    assert with_(ready=put(ready - 1)).longest_path == 1
    assert with_(end=put(end + 1)).longest_path == 1
    assert with_(end=put(start - 1)).flow == 1
    assert with_(start=put(run.network.horizon)).flow >= 1
    assert with_(start=lambda column: np.copyto(column, np.where(column > 0, start, column))).use > 0
    wrong = tuple(replace(each, backlog=each.backlog + 0.01) for each in loads)
    assert broken(run, wrong).little == 1


def test_every_tenth_replication_is_looked_at(one_office: Path) -> None:
    """The first, the eleventh, and so on; the others cost nothing."""
    (result,) = compare([one_office], replications=EVERY + 1, jobs=1).results
    assert [each.laws is not None for each in result.measures] == [True, *[False] * (EVERY - 1), True]
    assert len(result.summary.laws) == 2


def test_the_answer_says_that_they_hold(one_office: Path, tmp_path: Path) -> None:
    """In a line of the answer, in the manifest and in the one document."""
    asked = ["run", str(one_office), "--replications=3", "--jobs=1", "--engine=simpy", "--lang=en"]
    folder = tmp_path / "o"
    done = CliRunner().invoke(app, [*asked, f"--out={folder}"])
    assert "Checked in these very runs (one replication, " in " ".join(done.output.split())
    (line,) = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["laws"]
    assert line["scenario"] == "one_office" and line["replications"] == 1 and line["rows"] > 0
    assert {line[law] for law in laws.LAWS} == {0}
    document = json.loads(CliRunner().invoke(app, [*asked, "--format=json"]).stdout)
    assert document["laws"] == [line]


def test_the_answer_says_when_one_is_broken(one_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which, how often, and not to rely on it, in both languages."""
    monkeypatch.setattr("sim.analysis.indicators.broken", lambda run, loads: Laws(0, 0, 2, 0, 90))
    found = compare([one_office], replications=2, jobs=1).results
    assert "starts without anybody there 2" in next(laws_told(found, "en"))
    assert "débuts sans personne 2" in next(laws_told(found, "fr"))


def test_measures_without_laws_say_nothing(one_office: Path) -> None:
    """A replication that was not looked at adds no line."""
    (work,) = laid_out(named_scenarios([one_office], ()), Options(engine="simpy")).works
    assert measure(work.plan, *simulated(work, 1)).laws is None
