"""Indicators from tables written by hand, with the numbers worked out on paper."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.estimates import Estimate, indicator_key, summary
from sim.analysis.events import Level
from sim.analysis.indicators import Measures, Times, measure
from sim.model.network import NONE, Outcome
from tests.hand_tables import Row, replication

STAGES = {
    "authorised": "authorisation",
    "contract_executed": "contracting",
    "pharmacy_ready": "site_setup",
    "site_activated": "site_setup",
}


def opening(trial: int, authorised: float, *activated: float | None) -> list[Row]:
    """A trial that is authorised on a day and whose sites open on these days."""
    sites = [Row(trial, site, "site_activated", authorised, day, day) for site, day in enumerate(activated)]
    return [Row(trial, NONE, "authorised", authorised, authorised, authorised), *sites]


def table(*trials: Sequence[float | None], **changes: object) -> Measures:
    """The measures of trials given as (authorised, activated at A, at B)."""
    rows = [row for number, (first, *rest) in enumerate(trials) for row in opening(number, first or 0, *rest)]
    return measure(*replication(rows, STAGES, **changes))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Found:
    """One indicator of one replication: its times, and each statistic by its name."""

    times: Times
    estimates: Mapping[str, Estimate]
    curve: np.ndarray

    def __getattr__(self, statistic: str) -> float:
        return self.estimates[statistic].value

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Trials; of them not yet, and never; besides them not needed."""
        return self.times.trials, self.times.not_yet, self.times.never, self.times.not_needed


def found(measures: Measures, level: Level = "trial", name: str = "readiness_time") -> Found:
    """One indicator of the measures."""
    times = next(each for each in measures.indicators if (each.name, each.level) == (name, level))
    said = summary([measures])
    by_name = {each: said.estimates[indicator_key(name, each, level)] for each in times.statistics}
    return Found(times, by_name, said.curve(name, level).share)


def test_days_from_authorisation_to_the_first_site() -> None:
    """At trial level the first site decides; mean, quartiles and p90 are those of 10, 20, 30 and 40 days."""
    measures = table((20, 30, 99), (20, 99, 40), (20, 50, 60), (20, 60, 60))
    statistics = found(measures)
    assert (statistics.mean, statistics.median, statistics.q1, statistics.q3) == (25, 25, 15, 35)
    assert statistics.p90 == 40
    assert statistics.counts == (4, 0, 0, 0)


def test_every_site_counts_at_site_level() -> None:
    """At site level every (trial, site) is one value."""
    statistics = found(table((20, 30, 40), (20, 50, 60)), "site")
    assert (statistics.times.trials, statistics.mean) == (4, 25)


def test_only_scope_and_window_count() -> None:
    """Trials out of scope, and those authorised before or at the end of the window, are not measured."""
    measures = table((20, 30, 30), (5, 6, 6), (99.9, 110, 110), (100, 101, 101), (20, 21, 21), out_of_scope=(4,))
    assert found(measures).times.trials == 2
    assert found(measures).mean == pytest.approx((10 + 10.1) / 2)


def test_sites_out_of_scope_do_not_open_a_trial() -> None:
    """A site that the goal is not about neither counts at site level nor opens the trial."""
    measures = table((20, 25, 40), site_in_scope=(False, True))
    assert found(measures).mean == 20
    assert found(measures, "site").times.trials == 1


def test_a_trial_without_a_site_in_scope_is_not_measured() -> None:
    """No site could open it, so it is neither reached nor missed."""
    assert found(table((20, 25), (20, 30, 31), site_in_scope=(False, True))).times.trials == 1


@pytest.mark.parametrize(("activated", "kept"), [(35.99, True), (36.0, False)])
def test_the_goal_is_counted_in_dates(activated: float, kept: bool) -> None:
    """Authorised in the evening of day 20: open until midnight at the end of day 35 is within 15 days, later is not."""
    assert found(table((20.9, activated, None))).share_within_goal == float(kept)


@pytest.mark.parametrize(("activated", "kept"), [(32.9, True), (34.9, True), (35.0, False)])
def test_the_goal_may_count_working_days(activated: float, kept: bool) -> None:
    """Authorised on Tuesday 27 January: the 8th working day is Friday 6 February; the goal holds that weekend."""
    goal = {"from": "authorised", "to": "site_activated", "within": "8 wd", "counted": "working"}
    # day 0 is Monday 5 January: 27 January is day 22, 6 February day 32, Monday 9 February day 35
    assert found(table((22.5, activated, None), goal=goal)).share_within_goal == float(kept)


def test_not_there_by_the_horizon() -> None:
    """It is known how long each was followed, 15, 14 and 9 whole days: of three that could be there on day 10, one was.

    Nobody is left out: the mean counts each as the 90 days that the longest could be followed, weighed as Kaplan and
    Meier do.
    """
    measures = table((20, 30, None), (84, None, None), (85, None, None), (90, None, None), horizon=100)
    statistics = found(measures)
    assert statistics.counts == (4, 3, 0, 0)
    assert statistics.share_within_goal == pytest.approx(1 / 3)
    assert (statistics.q1, statistics.median) == (inf, inf)  # a quarter, and not one more, is there by day 10
    assert statistics.mean == pytest.approx(10 / 4 + 90 * 3 / 4)  # in days and hours the third is still followed


def test_who_counts_does_not_depend_on_the_goal() -> None:
    """A goal moves no quantile and no mean: those who are there and those who are not are followed by one clock."""
    trials = [(10 + day, 10 + day + (14 if day % 2 else 28), None) for day in range(0, 40, 2)]
    trials += [(11 + day, 11 + day + 28 if day < 10 else None, None) for day in range(0, 40, 2)]
    goal = {"from": "authorised", "to": "site_activated", "within": "15 d", "counted": "calendar"}
    several = [found(table(*trials, horizon=50, goal=each)) for each in (goal, None)]
    for statistic in ("mean", "median", "q1", "q3", "p90"):
        assert getattr(several[0], statistic) == getattr(several[1], statistic)


def test_what_is_not_needed_is_not_missing() -> None:
    """A trial without the task, and one whose task turned out not to be needed, count nowhere but among these."""
    stages = {"authorised": "a", "extra": "a"}
    rows = [Row(trial, NONE, "authorised", 20, 20, 20) for trial in (0, 1, 2)]
    rows[1:1] = [Row(0, NONE, "extra", 20, 20, 24)]
    rows[3:3] = [Row(1, NONE, "extra", 20, 20, 20, outcome=Outcome.WAIVED)]
    indicator = {"name": "extra", "from": "authorised", "to": "extra"}
    statistics = found(measure(*replication(rows, stages, goal=None, indicators=[indicator])), name="extra")
    assert statistics.counts == (1, 0, 0, 2)
    assert statistics.mean == statistics.p90 == 4


def test_what_can_never_be_is_missed_and_is_in_no_mean() -> None:
    """A trial whose application has ended: not in time, above every quantile, and no part of the mean."""
    rows = [
        *opening(0, 20, 30),
        Row(1, NONE, "authorised", 20, 20, 20, group=1, closes=1),
        Row(1, 0, "site_activated", 20, None, None, group=1, outcome=Outcome.NOT_YET),
    ]
    statistics = found(measure(*replication(rows, STAGES)))
    assert statistics.counts == (2, 0, 1, 0)
    assert (statistics.share_within_goal, statistics.mean, statistics.q3) == (0.5, 10, inf)


@pytest.mark.parametrize("within", ["15 d", "121 d", "180 d"])
def test_a_goal_may_be_as_long_as_anybody_is_followed(within: str) -> None:
    """Its share is the curve at its day, whatever the day; past the longest follow-up there is nothing to say."""
    goal = {"from": "authorised", "to": "site_activated", "within": within, "counted": "calendar"}
    statistics = found(table((20, 30, None), (20, None, None), goal=goal))
    assert statistics.share_within_goal == statistics.curve[int(within.split()[0])] == 0.5
    assert isnan(found(table((20, 30, None), goal=goal, horizon=100)).share_within_goal) == (within != "15 d")


def test_any_percentile_may_be_asked_for() -> None:
    """p80 of ten trials is between the eighth and the ninth."""
    indicator = {"name": "readiness_time", "from": "authorised", "to": "site_activated", "statistics": ["p80", "p95"]}
    statistics = found(table(*[(20, 20 + day, None) for day in range(1, 11)], indicators=[indicator]))
    assert (statistics.p80, statistics.p95) == (8.5, 10)


def test_a_quantile_below_the_missing_ones_is_a_number() -> None:
    """With one of three not there the median still is a number, the 90th percentile is not reached."""
    statistics = found(table((20, 30, None), (20, 40, None), (20, None, None)))
    assert (statistics.median, statistics.p90, statistics.times.not_yet) == (20, inf, 1)


def test_nothing_to_measure() -> None:
    """Without a trial that counts every number is nan and the counts are 0."""
    statistics = found(table((5, 6, 6)))
    assert statistics.times.trials == 0
    assert isnan(statistics.mean) and isnan(statistics.median) and isnan(statistics.share_within_goal)
    assert np.isnan(statistics.curve).all()


def test_elapsed_time_of_named_tasks_is_subtracted_once() -> None:
    """Days 12 to 18, 13 to 14 and 15 to 20 overlap and count as 8; only what lies between the two events counts."""
    stages = {"submitted": "a", "query": "a", "answer_i": "a", "answer_ii": "a", "authorised": "a"}
    rows = [
        Row(0, NONE, "submitted", 11, 11, 11),
        Row(0, NONE, "query", 13, 13, 14),
        Row(0, NONE, "answer_i", 12, 14, 18),
        Row(0, NONE, "answer_ii", 15, 15, 20),
        Row(0, NONE, "authorised", 40, 40, 40),
        Row(1, NONE, "submitted", 30, 30, 30),
        Row(1, NONE, "answer_i", 28, 28, 32),
        Row(1, NONE, "answer_ii", 38, 38, 45),
        Row(1, NONE, "authorised", 40, 40, 40),
    ]
    net = {"name": "net", "from": "submitted", "to": "authorised", "less": ["query", "answer_i", "answer_ii"]}
    statistics = found(measure(*replication(rows, stages, goal=None, indicators=[net])), name="net")
    assert statistics.mean == ((29 - 8) + (10 - 2 - 2)) / 2


def test_subtraction_at_site_level_takes_the_sites_own_tasks() -> None:
    """A task of the trial is subtracted at each of its sites, a task of a site only there."""
    stages = {"authorised": "a", "pause": "a", "break": "s", "site_activated": "s"}
    rows = [
        Row(0, NONE, "authorised", 20, 20, 20),
        Row(0, NONE, "pause", 21, 21, 24),
        Row(0, 0, "break", 23, 23, 26),
        Row(0, 0, "site_activated", 30, 30, 30),
        Row(0, 1, "site_activated", 30, 30, 30),
    ]
    net = {"name": "net", "from": "authorised", "to": "site_activated", "less": ["pause", "break"], "levels": ["site"]}
    statistics = found(measure(*replication(rows, stages, goal=None, indicators=[net])), "site", "net")
    assert (statistics.q1, statistics.q3) == (5, 7)  # 10 - 5 at A, 10 - 3 at B


def test_only_what_lies_after_counts() -> None:
    """With `only_after` a contract signed before the authorisation counts as 0 days, not as less."""
    indicator = {"name": "overhang", "from": "authorised", "to": "site_activated", "only_after": True}
    statistics = found(table((30, 20, None), (30, 34, None), indicators=[indicator]), name="overhang")
    assert statistics.mean == 2


def test_the_last_round_decides_and_the_first_patient() -> None:
    """Of a repeated task the highest round is the event; of the candidates of a site the first to get there."""
    stages = {"authorised": "a", "negotiated": "contracting", "included": "inclusion"}
    rows = [
        Row(0, NONE, "authorised", 20, 20, 20),
        Row(0, 0, "negotiated", 21, 21, 22, round=1),
        Row(0, 0, "negotiated", 22, 22, 27, round=2),
        Row(0, 0, "included", 30, 30, 41, round=1),
        Row(0, 0, "included", 30, 30, 35, round=2),
        Row(0, 0, "included", 50, None, None, round=3, outcome=Outcome.NOT_YET),
    ]
    indicators = [{"name": name, "from": "authorised", "to": name} for name in ("negotiated", "included")]
    measures = measure(*replication(rows, stages, goal=None, indicators=indicators))
    assert [found(measures, name=name).mean for name in ("negotiated", "included")] == [7, 15]


def test_the_curve_passes_through_the_share() -> None:
    """The share within the goal is the curve at the goal's day, and the curve only rises."""
    statistics = found(table((20, 30, None), (20, 35, None), (20, 36, None), (20, None, None)))
    assert statistics.share_within_goal == statistics.curve[15] == 0.5
    assert (statistics.curve[9], statistics.curve[10], statistics.curve[-1]) == (0, 0.25, 0.75)
    assert len(statistics.curve) == 190  # days of follow-up, and day 0
    assert (np.diff(statistics.curve) >= 0).all()


def test_an_unknown_event_is_named() -> None:
    """An indicator on something that is no task says which, and the nearest right name."""
    with pytest.raises(ValueError, match=r"'site_activate'.*did you mean 'site_activated'"):
        table((20, 30, None), indicators=[{"name": "x", "from": "authorised", "to": "site_activate"}])


def test_measures_are_small() -> None:
    """The numbers of a replication travel in a few bytes a trial and arrive unchanged."""
    measures = table(*[(20, 30, 40)] * 500)
    pickled = pickle.dumps(measures)
    assert len(pickled) < 20 * (500 + 2 * 500)  # trials, and places
    assert found(pickle.loads(pickled)).mean == 10


@given(st.lists(st.one_of(st.none(), st.floats(0, 150)), min_size=1, max_size=30), st.integers(0, 29))
def test_one_more_day_never_helps(days: list[float | None], which: int) -> None:
    """Opening one trial a day later never raises the share within the goal nor lowers the mean or a quantile."""
    later = [day + 1 if index == which and day is not None else day for index, day in enumerate(days)]
    before, after = (
        found(table(*[(20, None if day is None else 20 + day, None) for day in each])) for each in (days, later)
    )
    assert after.share_within_goal <= before.share_within_goal
    assert after.median >= before.median and after.p90 >= before.p90
    assert after.times.trials == before.times.trials == len(days)
