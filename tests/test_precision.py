"""How many replications are enough: narrow, and narrow for long enough, whoever computes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.estimates import indicator_key
from sim.analysis.intervals import interval
from sim.experiment.precision import Watched, look_ahead, settled
from sim.experiment.running import compare, run
from sim.report.answer import how_precise


def test_what_says_nothing_is_left_out_of_an_interval() -> None:
    """nan is not averaged, one infinite number makes the mean infinite, and nothing at all is nan."""
    table = np.random.default_rng(1).normal(50, 3, (40, 4))
    table[7, 1], table[9, 2], table[:, 3] = np.nan, np.inf, np.nan
    found = np.array(interval(table))
    for column in (0, 1):
        given = table[:, column]
        assert found[:, column] == pytest.approx(np.array(interval(given[~np.isnan(given)])))
    assert np.array_equal(found[:, 2], [np.inf, np.nan, np.nan], equal_nan=True)
    assert np.isnan(found[:, 3]).all()


@pytest.mark.parametrize(("number", "ahead"), [(3, 5), (100, 5), (101, 6), (200, 10), (1000, 50)])
def test_the_look_ahead_grows_with_the_number(number: int, ahead: int) -> None:
    """Five replications up to a hundred, then five per hundred, as Hoad, Robinson and Davies have it."""
    assert look_ahead(number) == ahead


def test_an_interval_must_stay_narrow() -> None:
    """Narrow after 50 replications: enough after 55, not before; one wide interval on the way starts it again."""
    widths = {number: 2.0 if number < 50 else 1.0 for number in range(1, 66)}
    assert [number for number in range(1, 61) if settled(widths.__getitem__, number, 1.0)] == [*range(55, 61)]
    widths[53] = 1.5
    assert [number for number in range(1, 61) if settled(widths.__getitem__, number, 1.0)] == [59, 60]


def test_few_replications_are_not_believed() -> None:
    """Replications that do not differ at all are narrow at once; thirty and the look-ahead are made all the same."""
    assert min(number for number in range(1, 60) if settled(lambda _: 0.0, number, 1.0)) == 35


def test_the_half_width_after_some_replications_is_theirs(one_office: Path, two_offices: Path) -> None:
    """What is watched after n replications of more is what a comparison of n shows, the widest of them."""
    pair = [one_office, two_offices]
    made = compare(pair, replications=9, jobs=1)
    for statistic in ("share_within_goal", "mean", "median"):
        key = indicator_key("answer_time", statistic)
        watched = Watched([key] * 2)
        for work, each in enumerate(made.results):
            for measures in each.measures:
                watched.see(work, measures)
        few = compare(pair, replications=5, jobs=1)
        shown = [each.estimates[key] for each in few.results] + [few.paired[0][1][key]]
        assert watched.half_width(5) == pytest.approx(max((each.high - each.low) / 2 for each in shown))


def test_the_interval_is_as_narrow_as_was_asked(one_office: Path, two_offices: Path) -> None:
    """In every scenario and in the difference, and not with many more replications than needed."""
    found = compare([one_office, two_offices], precision="8 %", jobs=1)
    of = [e for each in found.results for e in each.estimates.values() if e.key.statistic == "share_within_goal"]
    difference = found.contrasts.set_index(["name", "statistic"]).loc[("answer_time", "share_within_goal")]
    widths = [each.half_width for each in of] + [(difference.high - difference.low) / 2]
    assert found.precision is not None and found.precision.enough
    assert max(widths) == pytest.approx(found.precision.half_width)
    assert max(widths) <= 0.08
    fewer = compare([one_office, two_offices], replications=found.manifest.replications // 3, jobs=1)
    wider = [
        e.half_width
        for each in fewer.results
        for e in each.estimates.values()
        if e.key.statistic == "share_within_goal"
    ]
    assert max(wider) > 0.08


def test_differences_are_watched_too(one_office: Path) -> None:
    """Two scenarios that move against each other: their difference is known least, and it is what counts."""
    made = run(one_office, replications=6, jobs=1).measures
    key = indicator_key("answer_time", "mean")
    watched = Watched([key] * 2)
    for measures in made:
        (answer,) = measures.indicators
        watched.see(0, measures)
        watched.see(1, replace(measures, indicators=(replace(answer, days=-answer.days[::-1]),)))
    _, low, high = watched.estimate(0)
    assert watched.half_width(6) == pytest.approx(high - low)  # twice as wide as each


def test_workers_and_interruptions_do_not_change_where_it_ends(one_office: Path, tmp_path: Path) -> None:
    """One process, two threads, or a folder with a beginning: as many replications."""
    here = run(one_office, precision="6 %", jobs=1)
    there = run(one_office, precision="6 %", jobs=3, executor=ThreadPoolExecutor(2))
    run(one_office, replications=7, jobs=1, out=tmp_path / "out")
    later = run(one_office, precision="6 %", jobs=1, out=tmp_path / "out")
    assert len(here.measures) == len(there.measures) == len(later.measures) > 30
    assert here.indicators.equals(there.indicators)
    assert here.indicators.equals(later.indicators)


def test_a_cap_ends_it_and_is_said(one_office: Path) -> None:
    """What cannot be reached with the replications that are allowed: as many as allowed, and it says so."""
    found = compare([one_office], precision="0.01 d", precision_of="answer_time.mean", replications=12, jobs=1)
    assert found.manifest.replications == 12
    assert found.precision is not None and not found.precision.enough
    assert found.precision is not None
    said = how_precise(found.precision, "en").replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("precision of answer_time.mean: ± 0.01 d asked, ")
    assert "± 0,01 j demandés" in how_precise(found.precision, "fr").replace("\N{NO-BREAK SPACE}", " ")
    assert how_precise(found.precision, "en").endswith(
        " after 12 replications, the most allowed; allow more with --replications"
    )


@pytest.mark.parametrize(
    ("precision", "of", "says"),
    [
        ("1", None, "precision: needs a unit|precision: must be a number and a unit"),
        ("1 d", None, "answer_time.share_within_goal in % of the trials, such as '1 %'; got '1 d'"),
        ("0 %", None, "must be more than 0"),
        ("1 %", "answer_time.median", "answer_time.median in calendar days, such as '2 d'; got '1 %'"),
        ("1 wd", "answer_time.median", "in calendar days"),
        ("1 %", "answer_tim.median", "precision-of: must be an indicator .*did you mean 'answer_time.median'"),
    ],
)
def test_a_precision_that_makes_no_sense_is_refused(
    one_office: Path, precision: str, of: str | None, says: str
) -> None:
    """Before anything runs, with the rule and the remedy."""
    with pytest.raises(ValueError, match=says):
        run(one_office, precision=precision, precision_of=of, jobs=1)


def test_a_number_must_be_known_to_every_scenario(one_office: Path, tmp_path: Path) -> None:
    """A comparison watches one number, so that all its scenarios must have it; without a goal it must be named."""
    text = one_office.read_text()
    other, aimless = tmp_path / "other.yaml", tmp_path / "aimless.yaml"
    other.write_text(text.replace("name: answer_time", "name: reply_time"))
    aimless.write_text("\n".join(line for line in text.splitlines() if not line.startswith("goal")))
    with pytest.raises(ValueError, match="must be in every scenario, got answer_time, which 'One office'"):
        compare([one_office, other], precision="1 %", jobs=1)
    with pytest.raises(ValueError, match="precision: needs a goal, got a scenario without; name a number"):
        run(aimless, precision="1 %", jobs=1)
