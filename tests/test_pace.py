"""Pace: what tasks of a trial, a sponsor and a site have in common; background: the other work of the people."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.plan import Plan
from sim.scenario.language.mistakes import ScenarioError
from tests.written import scenario

TWO_TASKS = """
origin: 2025-01-01
windows: {{warm_up: 0 d, observation: 1000 d, follow_up: 100 d}}
classes: [{{name: trials, volume: 4 /d}}]
{pace}
tasks:
  - {{name: first, work: {first}}}
  - {{name: second, starts: first, work: {second}{more}}}
"""
PLACES = """
origin: 2025-01-01
windows: {{warm_up: 0 d, observation: 400 d, follow_up: 100 d}}
sites: [{{name: north}}, {{name: south}}]
sponsor_types: {{company: {{number: 3}}, hospital: {{number: 2}}}}
classes:
  - {{name: trials, volume: 1 /d, sites: exactly 2, sponsors: {{company: 60 %, hospital: 40 %}}}}
pace: {pace}
tasks: [{{name: at_site, scope: site, work: exactly 10 d}}]
"""


def work(text: str, task: str, **parts: str) -> np.ndarray:
    """(rows) the minutes of work of a task, trial by trial."""
    plan = Plan(scenario(text.format(**parts)))
    workload = plan.replication(1, 0).workload
    return workload.work[workload.task == plan.network.tasks.index(task)].astype(float)


def two(pace: str, *, first: str = "exactly 10 d", second: str = "exactly 20 d", more: str = "") -> list[np.ndarray]:
    """The work of both tasks of every trial."""
    parts = {"pace": pace, "first": first, "second": second, "more": more}
    return [work(TWO_TASKS, task, **parts) for task in ("first", "second")]


def test_a_trial_has_one_pace() -> None:
    """The second task takes twice as long as the first in every trial, to the minute that each is rounded to."""
    first, second = two("pace: {trial: {p90: 2.0}}")
    assert np.all(np.abs(second - 2 * first) <= 2)
    assert len(np.unique(first)) > 3000


def test_its_median_is_one_and_one_trial_in_ten_is_slower_than_p90() -> None:
    """Of 4,000 trials half take longer than without pace, and a tenth more than twice as long, within 4 errors."""
    factor = two("pace: {trial: {p90: 2.0}}")[0] / (10 * 1440)
    error = 4 / np.sqrt(len(factor))
    assert np.mean(factor > 1) == pytest.approx(0.5, abs=error * 0.5)
    assert np.mean(factor > 2) == pytest.approx(0.1, abs=error * 0.3)


@pytest.mark.parametrize(("pace", "expected"), [("pace: {trial: {p90: 2.0}}", 0.5), ("", 0.0)])
def test_the_correlation_is_the_share_of_the_variance_that_is_common(pace: str, expected: float) -> None:
    """Logarithms with as much variance of their own as in common have correlation 1/2; without a pace none."""
    own = "{median: 100 d, p90: 200 d}"
    first, second = two(pace, first=own, second=own)
    found = np.corrcoef(np.log(first), np.log(second))[0, 1]
    assert found == pytest.approx(expected, abs=4 * (1 - expected**2) / np.sqrt(len(first)))


def test_a_pace_without_spread_changes_nothing() -> None:
    """A factor of exactly 1, to the last minute."""
    own = "{median: 10 d, p90: 20 d}"
    for one, other in zip(two("", first=own), two("pace: {trial: {p90: 1.0}}", first=own), strict=True):
        assert np.array_equal(one, other)


def test_a_limit_sets_its_own_pace() -> None:
    """A step with a limit takes the time that it says, in every trial."""
    first, second = two("pace: {trial: {p90: 2.0}}", more=", limit: {within: 40 d, then: lapse}")
    assert np.unique(second).tolist() == [20 * 1440]
    assert len(np.unique(first)) > 3000


@pytest.mark.parametrize(("pace", "different"), [("{site: {p90: 2.0}}", 2), ("{sponsor: {p90: 2.0}}", 5)])
def test_a_site_and_a_sponsor_have_one_pace_each(pace: str, different: int) -> None:
    """Two sites work at two paces whatever the trial; five sponsors at five whatever the site."""
    assert len(np.unique(work(PLACES, "at_site", pace=pace))) == different


def test_paces_multiply() -> None:
    """With a pace of sites and of sponsors there are ten kinds of rows, each the product of two factors."""
    both = np.unique(work(PLACES, "at_site", pace="{site: {p90: 2.0}, sponsor: {p90: 2.0}}"))
    of_site, of_sponsor = (
        np.unique(work(PLACES, "at_site", pace=pace)) for pace in ("{site: {p90: 2.0}}", "{sponsor: {p90: 2.0}}")
    )
    products = np.sort(np.outer(of_site, of_sponsor).ravel() / (10 * 1440))
    assert both == pytest.approx(products, abs=2)


BUSY = """
origin: 2025-01-01
windows: {{warm_up: 0 d, observation: 100 d, follow_up: 100 d}}
classes: [{{name: trials, volume: 1 /d}}]
pools: {{desk: {{units: 1{background}}}}}
tasks: [{{name: asked, pool: desk, work: exactly 6 h}}]
"""


@pytest.mark.parametrize(("background", "hours"), [("", 6), (", background: 0 %", 6), (", background: 50 %", 12)])
def test_who_has_half_of_the_time_takes_twice_as_long(background: str, hours: int) -> None:
    """Six hours of work take six hours, or twelve beside as much other work."""
    assert np.unique(work(BUSY, "asked", background=background)).tolist() == [hours * 60]


@pytest.mark.parametrize(
    ("background", "message"),
    [
        (", background: 100 %", "leaves no time for anything"),
        (", background: 10 %, sittings: {bodies: 1, every: week, seats: 1}", "sittings have no background"),
    ],
)
def test_a_background_that_means_nothing_is_refused(background: str, message: str) -> None:
    """All of the time, or a share of a sitting."""
    with pytest.raises(ScenarioError, match=message):
        scenario(BUSY.format(background=background))
