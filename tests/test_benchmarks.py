"""The benchmarks run on a tiny case and say the same; nothing here asks how long anything takes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from benchmarks import c_loop, ours, race, scaling
from benchmarks.__main__ import main
from benchmarks.process import CHAIN, YEAR, mean_days, year
from sim.engine.simpy_engine import simulate

SHORT = ("windows.warm_up=30 d", "windows.observation=60 d", "windows.follow_up=120 d")
SHORTER = ("windows.warm_up=10 d", "windows.observation=30 d", "windows.follow_up=60 d")


def test_the_parameters_are_those_of_the_scenario() -> None:
    """Rates per day, people, the logarithm of a median, and what the window is."""
    known = year(YEAR, SHORT)
    assert [round(each.per_day * 365.25) for each in known.classes] == [200, 250, 150]
    assert (known.sites, known.units["offices"], known.rounds) == (19, 7, 4)
    assert known.work["drafted"][0] == pytest.approx(1.0986, abs=1e-4)
    assert (known.opens, known.closes, known.horizon) == (30, 90, 210)


def test_days_are_of_those_that_arrived_in_the_window() -> None:
    """Too early and too late do not count; who has not arrived at a milestone is left out of it."""
    known = year(YEAR, SHORT)
    told = [
        (10.0, {"open": 90.0}),
        (40.0, {"authorised": 50.0, "open": 70.0}),
        (50.0, {"authorised": 70.0}),
        (95.0, {"open": 96.0}),
    ]
    assert mean_days(told, known) == {"authorised": 15.0, "open": 30.0}


@pytest.mark.skipif(not c_loop.available(), reason="needs gcc")
def test_the_c_loop_plays_the_same_minute_for_minute(tmp_path: Path) -> None:
    """On the arrays of the year, ties and priorities included, the C loop and the reference engine agree."""
    plan, play = ours.plan(YEAR, *SHORTER), c_loop.compiled(tmp_path)
    workload = plan.replication(1, 0).workload
    assert not play(plan.network, workload).differs_from(simulate(plan.network, workload)).any()


def test_a_different_process_is_noticed() -> None:
    """The check of the means says no where two simulators do not play the same year."""
    slower = race.Runner("slower", "", race_of(1.2))
    same = race.Runner("same", "", race_of(1.0, first=100))
    lines = race.race([race.Runner("one", "", race_of(1.0)), same, slower], 30, "one")
    assert [line.agrees for line in lines] == [True, True, False]


def race_of(scale: float, first: int = 0) -> Callable[[int], race.Round]:
    """A runner whose means vary a little from round to round."""
    return lambda number: race.Round({"open": scale * np.random.default_rng(first + number).normal(30, 2)}, 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["year", "chain"])
def test_simulators_agree_on_short_years(which: str, tmp_path: Path) -> None:
    """Whoever is installed gives the same means as the compiled engine."""
    wanted = {"year": ("salabim", "cimba"), "chain": ("ciw", "cimba")}[which]
    if missing := [name for name in wanted if importlib.util.find_spec(name) is None]:
        pytest.skip(f"needs {', '.join(missing)}, of the extra bench")
    short = ("windows.warm_up=60 d", "windows.observation=60 d", "windows.follow_up=180 d")
    runners = race.of_year(YEAR, short, tmp_path) if which == "year" else race.of_chain(CHAIN, short)
    whole = [each for each in runners if not each.name.endswith(", loop")]
    lines = race.race(whole, 6, "compiled engine")
    assert {line.name: line.agrees for line in lines} == {line.name: True for line in lines}


def test_the_idiomatic_model_agrees_on_a_short_year() -> None:
    """SimPy with generators and one draw at a time: the same means as the engines."""
    named = (each for each in race.of_year(YEAR, SHORTER) if each.name in ("idiomatic SimPy", "simpy engine"))
    runners = list(islice(named, 2))  # nobody after them is made ready
    assert all(line.agrees for line in race.race(runners, 4, "simpy engine"))


@pytest.mark.slow
def test_every_part_of_the_table_is_printed() -> None:
    """The one command, as small as it gets: each part has its heading and its rows."""
    words = [
        sys.executable,
        "-m",
        "benchmarks",
        "trials",
        "cores",
        "memory",
        "start",
        "france",
        "sharing",
        "--rounds",
        "1",
        "--replications",
        "4",
        "--most",
        "200",
        "--factors",
        "1",
        "2",
    ]
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("|---|") == 6
    assert "| 2 replications: peak memory |" in done.stdout


def test_an_unknown_part_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and the names of the parts."""
    monkeypatch.setattr(sys, "argv", ["benchmarks", "speed"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "no part 'speed'; known: year, chain, france" in capsys.readouterr().err


def test_more_people_come_with_more_trials() -> None:
    """Ten times the trials and the people: ten times the rows, at the same load per person."""
    known = year(YEAR)
    one, ten = (ours.plan(YEAR, *SHORT, *scaling._larger(factor, known)) for factor in (1, 10))
    assert [pool.units[0] for pool in ten.network.pools] == [10 * pool.units[0] for pool in one.network.pools]
    rows = [len(plan.replication(1, 0).workload) for plan in (one, ten)]
    assert rows[1] / rows[0] == pytest.approx(10, rel=0.15)
