"""The French scenarios against what was published about their stages; totals are predictions and are not tested.

The numbers on the right are rows of the register. What the model was set to give (the 104 days of AUTH-2024, the 70 of
CON-10) is a calibration; what it was not set to give (the quartiles of CPP-N1, the flows of ANSM-E2021) is a check.
"""

from __future__ import annotations

from functools import cache

import pytest

from sim.engine.simpy_engine import simulate
from sim.experiment.running import run
from sim.model.plan import Plan
from sim.scenario.loading import load

pytestmark = pytest.mark.slow


@cache
def numbers(name: str, replications: int) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Each statistic at trial level: value, low and high."""
    result = run(name, replications=replications, seed=1)
    return {
        (e.key.name, e.key.statistic): (e.value, e.low, e.high)
        for e in result.estimates.values()
        if e.key.level == "trial"
    }


def test_authorisation_takes_the_104_days_that_leem_measured() -> None:
    """AUTH-2024: a mean of 104 d for both bodies in one clock."""
    value, low, high = numbers("france_sequential", 10)["review_time_gross", "mean"]
    assert value == pytest.approx(104, rel=0.05)  # the law hardly allows more
    assert high - low < 6


def test_the_sequential_contract_has_the_median_of_the_last_survey() -> None:
    """CON-10: 70 d from draft to signature, 2019; CON-09: 76 d, 2018."""
    _, low, high = numbers("france_sequential", 30)["contract_cycle_time", "median"]
    assert low <= 76 and high >= 70
    assert high - low < 14  # known to a week on each side


def test_the_committees_give_the_times_of_nimes() -> None:
    """CPP-N1: quartiles 51, 73 and 98 d, not fitted: the median within a tenth, the quartiles within an eighth."""
    found = numbers("cross_check_2021", 8)
    assert found["cpp_time", "median"][0] == pytest.approx(73, rel=0.10)
    assert found["cpp_time", "q1"][0] == pytest.approx(51, rel=0.125)
    assert found["cpp_time", "q3"][0] == pytest.approx(98, rel=0.125)


def test_ansm_with_questions_gives_the_overall_mean_of_2021() -> None:
    """ANSM-T2021: 63 d, from 46 d without and 22 d more with questions."""
    assert numbers("cross_check_2021", 8)["ansm_time", "mean"][0] == pytest.approx(63, abs=1.5)


def test_as_many_applications_are_authorised_as_in_2021() -> None:
    """ANSM-E2021: 145 of 156 early-phase applications authorised, 93 %."""
    plan = Plan(load("france_sequential"))
    drawn = plan.replication(1, 0)
    timelines = simulate(plan.network, drawn.workload)
    early = drawn.trials.attributes["phase"][drawn.workload.trial] == "early"
    long_ago = drawn.trials.arrival[drawn.workload.trial] < plan.network.horizon - 400 * 1440

    def ended(task: str) -> int:
        mine = (drawn.workload.task == plan.network.tasks.index(task)) & early & long_ago
        return int((timelines.end[mine] >= 0).sum())

    assert ended("authorised") / ended("application_submitted") == pytest.approx(145 / 156, abs=0.04)
