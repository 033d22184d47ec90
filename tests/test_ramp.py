"""A volume that grows: the number at work on a given day, a queue that nobody can keep up with, and who is behind whom.

References
----------
Eick S. G., Massey W. A., Whitt W. (1993). The physics of the Mt/G/infinity queue. Operations Research 41, 731-742.
doi:10.1287/opre.41.4.731
"""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest

from sim.analysis.backlogs import backlog
from sim.analysis.events import played
from sim.engine.simpy_engine import simulate
from sim.model.plan import Plan
from tests.written import scenario

DAY = 1440
REPLICATIONS = 60
TEXT = """\
origin: 2026-01-01
windows: {{warm_up: 0 d, observation: 201 d, follow_up: 0 d}}
classes: [{{name: files, arrivals: thinned, {arrivals}}}]
pools: {{desk: {{units: {units}}}}}
tasks: [{{name: done, {pool}work: {work}}}]
"""
RAMP = "volume_by_date: {2026-01-01: 2 /d, 2026-07-20: 12 /d}"  # 2 and 0.05 more a day, for 200 days
LOGNORMAL = f"{{median: 10 d, p90: {10 * exp(0.8 * 1.2815515655):.6f} d}}"


def at_work(work: str, day: float) -> np.ndarray:
    """(replications) The files that are at work on a day, where nobody waits for anybody."""
    plan = Plan(scenario(TEXT.format(arrivals=RAMP, units=1, pool="", work=work)))
    found = []
    for number in range(REPLICATIONS):
        line = simulate(plan.network, plan.replication(1, number).workload)
        found.append(
            ((line.start >= 0) & (line.start <= day * DAY) & ~((line.end >= 0) & (line.end <= day * DAY))).sum()
        )
    return np.array(found, float)


def lags_behind(mean: float, second: float) -> float:
    """How many are at work on day 200: the volume of E[S^2] / 2 E[S] days earlier, times E[S]."""
    return (2 + 0.05 * (200 - second / (2 * mean))) * mean


@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "mean", "second", "known"),
    [("{mean: 10 d}", 10.0, 200.0, 115.0), (LOGNORMAL, 10 * exp(0.32), 100 * exp(1.28), 156.2636)],
    ids=["exponential", "lognormal"],
)
def test_on_a_ramp_the_number_at_work_lags_behind(work: str, mean: float, second: float, known: float) -> None:
    """It is that of the theory to four standard errors, and not that of the volume of the day."""
    assert lags_behind(mean, second) == pytest.approx(known, abs=5e-4)
    found = at_work(work, 200)
    error = found.std(ddof=1) / sqrt(REPLICATIONS)
    assert abs(found.mean() - known) < 4 * error
    assert abs(found.mean() - 12 * mean) > 2 * error  # what the volume of that day would give if it had always been so
    assert abs(found.mean() - 1.1 * known) > 4 * error


@pytest.mark.slow
def test_a_queue_that_nobody_can_keep_up_with_grows_by_what_is_too_much() -> None:
    """Six a day come, four a day can be answered: by the fiftieth day a hundred wait, to four standard deviations."""
    arrivals, work = "volume: 6 /d", "{mean: 1 d}"
    plan = Plan(scenario(TEXT.format(arrivals=arrivals, units=4, pool="pool: desk, ", work=work)))
    found = []
    for number in range(REPLICATIONS):
        replication = plan.replication(1, number)
        run = played(plan, replication, simulate(plan.network, replication.workload))
        found.append(backlog(run, np.array([50, 150]) * DAY).waiting[0])
    waiting = np.array(found)
    error = waiting.std(axis=0, ddof=1) / sqrt(REPLICATIONS)
    assert abs(waiting[:, 1].mean() - waiting[:, 0].mean() - (6 - 4) * 100) < 4 * error.sum()
    assert (abs(waiting - (6 - 4) * np.array([50, 150])) < 4.5 * np.sqrt((6 + 4) * np.array([50, 150]))).all()


@pytest.mark.slow
def test_a_queue_is_longest_after_most_arrive() -> None:
    """A volume that swells and ebbs: the number at work is highest after the day of the highest volume."""
    knots = {0: 2, 50: 12, 100: 2, 150: 2}
    dates = {0: "2026-01-01", 50: "2026-02-20", 100: "2026-04-11", 150: "2026-05-31"}
    swell = f"volume_by_date: {{{', '.join(f'{dates[day]}: {rate} /d' for day, rate in knots.items())}}}"
    plan = Plan(scenario(TEXT.format(arrivals=swell, units=1, pool="", work="{mean: 20 d}")))
    busy = np.zeros(150)
    for number in range(REPLICATIONS):
        line = simulate(plan.network, plan.replication(1, number).workload)
        for day in range(150):
            left = (line.end >= 0) & (line.end <= day * DAY)
            busy[day] += ((line.start >= 0) & (line.start <= day * DAY) & ~left).sum()
    assert 60 < busy.argmax() < 75  # theory: where the volume of then is the mean of what came before
