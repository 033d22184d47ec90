"""What a comparison says of its scenarios: what each changes, and whether they promise the same."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.analysis.contrasts import Verdict, contrasts
from sim.report.changes import changes
from sim.scenario.differences import incomparable
from sim.scenario.loading import load
from sim.scenario.schema import OF_GOAL
from tests.test_ignored import GOAL
from tests.test_reading import write


def test_levers_are_named_first_then_the_first_few_paths_and_how_many_more() -> None:
    """A scenario that differs in more than it seems says so in a line."""
    (said,) = changes(load("france_pledge"), load("year_without_leave"), "en")
    assert said.startswith("Changes: removed lever dedicated_referents; removed lever early_mobilisation; ")
    assert said.endswith("more (see trialstart diff).")
    (said,) = changes(load("france_pledge"), load("year_without_leave"), "fr")
    assert said.startswith("Ce qui change\u00a0: levier retiré : dedicated_referents\u202f; levier retiré")
    assert said.endswith("autres (voir trialstart diff).")


def test_the_same_scenario_changes_nothing() -> None:
    """Titles, groups and sources are no changes."""
    assert [*changes(load("france_sequential"), load("france_sequential"), "en")] == [
        "Changes nothing that is simulated."
    ]


def test_other_promises_are_told_and_never_compared(tmp_path: Path) -> None:
    """Thirty days are kept by everybody and fifteen by nobody, and that is no gain."""
    late = GOAL.replace("exactly 10 d", "exactly 20 d")
    files = [write(tmp_path, a=late), write(tmp_path, b=late.replace("15 d", "30 d"))]
    one, other = sim.compare(files, replications=2, jobs=1, engine="simpy").results
    assert [
        each.summary.estimates[key].value
        for each in (one, other)
        for key in each.summary.estimates
        if (key.of, key.level, key.statistic) == (OF_GOAL, "trial", "share_within_goal")
    ] == [0, 1]
    found = contrasts(one, other)
    assert not [key for key in found if key.statistic == "share_within_goal"]
    assert all(each.verdict is not Verdict.GAIN for each in found.values())
    _, promise = changes(one.scenario, other.scenario, "en")
    assert promise == (
        "Another promise than the reference (arrived > answered, 30\u00a0calendar days (by dates); there: arrived > "
        "answered, 15\u00a0calendar days (by dates)): the shares that keep it are not compared."
    )


def test_scenarios_that_measure_nothing_in_common_cannot_be_compared(tmp_path: Path) -> None:
    """What France measures and what a hospital of its own measures have no number in common."""
    alone = load(write(tmp_path, x=GOAL))
    assert incomparable(load("france"), alone) == (
        "must measure something that the reference measures too (readiness_time, inclusion_time, review_time_gross, "
        "...), got goal"
    )
    assert incomparable(load("france"), load("france_parallel")) is None


@pytest.mark.parametrize("scope", ["", ", scope: {site: here}"])
def test_a_promise_about_others_is_another_promise(scope: str, tmp_path: Path) -> None:
    """Whom it is about belongs to it; what is said about its prerequisites does not."""
    sites = GOAL + "sites: [{name: here}]\n"
    base = load(write(tmp_path, a=sites.replace("calendar}", "calendar, prerequisites: [closed]}")))
    found = [*changes(base, load(write(tmp_path, b=sites.replace("calendar}", f"calendar{scope}}}"))), "en")]
    assert len(found) == (2 if scope else 1)
