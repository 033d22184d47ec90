"""The simulator against what is known exactly, and every comparison against itself ten per cent off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.scenario.loading import load
from sim.verification import verify as verification
from sim.verification.cases import Case, Quantity, cases
from sim.verification.verify import Verdict, verify

QUICK = ("V01_mm1", "V02_mm3", "V05_mg1_priority", "V08_fork_join", "V09_bridge", "calendar")


def differing(verdicts: tuple[Verdict, ...], *, agree: bool) -> list[tuple[str, str, float]]:
    """The quantities whose verdict is not `agree`, with their distance."""
    return [(each.case, each.quantity, each.standard_errors) for each in verdicts if each.agrees != agree]


@pytest.mark.parametrize("name", QUICK)
def test_the_first_cases_agree_and_notice_ten_per_cent(name: str) -> None:
    """Queues, priorities, fork-join, the bridge, the year by hand: exact within four standard errors, not by chance."""
    assert differing(verify([name], replications=5, jobs=1, engine="simpy"), agree=True) == []
    assert differing(verify([name], replications=5, jobs=1, engine="simpy", off=True), agree=False) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", cases())
def test_every_case_agrees(name: str) -> None:
    """Every quantity lies within four standard errors of its exact value."""
    assert differing(verify([name], engine="compiled", jobs=1), agree=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", cases())
def test_no_companion_agrees(name: str) -> None:
    """With a parameter ten per cent off, every quantity is more than four standard errors away."""
    assert differing(verify([name], engine="compiled", jobs=1, off=True), agree=False) == []


def test_there_are_enough_cases() -> None:
    """At least twenty cases, each with a companion and with names of its own for its quantities."""
    assert len(cases()) >= 20
    for case in cases().values():
        assert case.off, case.name
        says = [each.says for each in case.quantities]
        assert len(says) == len(set(says)), case.name


@pytest.mark.parametrize("case", cases().values(), ids=lambda case: case.name)
def test_a_companion_is_the_scenario_with_other_numbers(case: Case) -> None:
    """Every file, change and companion can be read, and the companion is another scenario."""
    assert load(case.file, set_=case.changes) != load(case.file, set_=(*case.changes, *case.off))


def test_exact_values_are_those_of_the_sources() -> None:
    """The table states the published numbers, in the units of their textbooks."""
    published = {
        "V01_mm1": (4.5, 2.25, 0.25),
        "V02_mm3": (0.428767, 2.428767, 0.290751, 0.17754, 0.352, 1.996),
        "V03_mm3_bank": (4.444444, 14.444444, 0.163500),
        "V03_four_tellers": (0.869565,),
        "V04_md1": (2.0,),
        "V04_mg1_lognormal_1": (4.0,),
        "V04_mg1_lognormal_4": (10.0,),
        "V05_mg1_priority": (0.3125, 1.25),
        "V06_mm1_priority": (0.238095, 0.324675, 0.909091),
        "V06_mm2_priority": (0.028736, 0.033156, 0.048077),
        "V07_jackson": (1.0, 1.333333, 3.0),
        "V08_fork_join": (1.5, 1.25, 1.833333, 1.361111, 2.717857, 1.527422),
        "V09_bridge": (3.4583333, 2.8871528, 0.5, 1 - 0.1653297, 0.9, 0.95),
    }
    stated = {name: tuple(each.exact for each in cases()[name].quantities) for name in published}
    for name, numbers in published.items():
        assert stated[name] == pytest.approx(numbers, rel=2e-3), name


@pytest.mark.slow
def test_jobs_and_batches_change_no_verdict() -> None:
    """Two processes say what one says."""
    assert verify(["calendar", "weekly"], replications=7, jobs=2) == verify(
        ["calendar", "weekly"], replications=7, jobs=1
    )


def test_the_seed_decides() -> None:
    """The same seed gives the same numbers, another seed others."""
    first = verify(["weekly"], replications=2, jobs=1)
    assert verify(["weekly"], replications=2, jobs=1) == first
    assert verify(["weekly"], replications=2, jobs=1, seed=2)[0].simulated != first[0].simulated


def test_progress_is_told() -> None:
    """After each batch, how many replications of how many."""
    told: list[tuple[int, int]] = []
    verify(["calendar"], replications=7, jobs=1, progress=lambda done, total: told.append((done, total)))
    assert told == [(5, 7), (7, 7)]


def test_what_cannot_be_run_says_why() -> None:
    """A misspelt case, one replication, an unknown engine."""
    with pytest.raises(ValueError, match="there is no case 'V01_mm2'; did you mean 'V01_mm1'"):
        verify(["V01_mm2"])
    with pytest.raises(ValueError, match="replications: must be at least 2"):
        verify(["calendar"], replications=1)
    with pytest.raises(ValueError, match="engine: must be auto or one of"):
        verify(["calendar"], engine="quantum")


VERDICT = Verdict(
    "case", "file", "what", "who", exact=10.0, simulated=10.0, standard_error=0.1, low=9, high=11, replications=5
)


@pytest.mark.parametrize(
    ("simulated", "standard_error", "agrees"),
    [
        (10.39, 0.1, True),
        (9.61, 0.1, True),
        (10.41, 0.1, False),
        (9.59, 0.1, False),
        (10.0 + 1e-12, 0.0, True),
        (10.0 + 1e-6, 0.0, False),
    ],
)
def test_four_standard_errors_are_agreement(simulated: float, standard_error: float, agrees: bool) -> None:
    """On both sides; where nothing varies the numbers must be the same."""
    assert replace(VERDICT, simulated=simulated, standard_error=standard_error).agrees is agrees


def test_a_verdict_is_a_ratio_of_sums() -> None:
    """Totals 2 and 10 of counts 1 and 3 are 12 / 4 = 3, and the replications lie 1 / 2 below and above it."""
    case = cases()["calendar"]
    quantity = Quantity("what", "who", 2.0, lambda sample: (0.0, 1.0))
    rows = [(((2.0, 1.0), (2.0, 1.0)),), (((10.0, 3.0), (2.0, 1.0)),)]
    (verdict,) = verification.verdicts(replace(case, quantities=(quantity,)), rows)
    assert (verdict.simulated, verdict.exact) == (3.0, 2.0)
    assert verdict.standard_error == pytest.approx(np.std([-0.5, 0.5], ddof=1) / np.sqrt(2))
    assert (verdict.low + verdict.high) / 2 == pytest.approx(3.0)


def test_a_law_is_paired_run_by_run() -> None:
    """Where the exact value is computed from the same draws, only the difference counts for the standard error."""
    case = cases()["calendar"]
    quantity = Quantity("what", "who", lambda sample: (0.0, 1.0), lambda sample: (0.0, 1.0))
    rows = [(((5.0, 1.0), (4.0, 1.0)),), (((9.0, 1.0), (8.0, 1.0)),)]
    (verdict,) = verification.verdicts(replace(case, quantities=(quantity,)), rows)
    assert (verdict.simulated, verdict.exact, verdict.standard_error) == (7.0, 6.0, 0.0)
    assert not verdict.agrees
