"""What the French scenarios do trial by trial: no review is longer than the law allows, talks open when they should."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.engine.simpy_engine import simulate
from sim.model.clocks import FAR, Clock
from sim.model.network import NOT_YET, Outcome, Timelines
from sim.model.plan import Plan
from sim.model.trials import Replication
from sim.scenario.loading import load

DAY = 1440
SCENARIOS = ("france", "france_pledge")


@cache
def played(name: str, *changes: str) -> tuple[Plan, Replication, Timelines]:
    """One replication of a year, by the engine that is written to be read."""
    plan = Plan(load(name, set_=("windows.warm_up=0 d", *changes)))
    drawn = plan.replication(1, 0)
    return plan, drawn, simulate(plan.network, drawn.workload)


def ends(name: str, task: str, *changes: str) -> NDArray[np.int64]:
    """(trials) when a task of the trial ended [min], or NOT_YET; of tasks at sites the coordinating site's."""
    plan, drawn, timelines = played(name, *changes)
    mine = drawn.workload.task == plan.network.tasks.index(task)
    site = drawn.workload.site[mine]
    here = (site < 0) | (site == drawn.trials.coordinating[drawn.workload.trial[mine]])
    found = np.full(len(drawn.trials), NOT_YET, dtype=np.int64)
    found[drawn.workload.trial[mine][here]] = timelines.end[mine][here]
    return found


def latest(name: str, *changes: str) -> NDArray[np.int64]:
    """(trials) the last minute at which the law lets each be authorised: every clock runs to its limit.

    Regulation (EU) No 536/2014: 10 days to validate, with a query 10 for the answer and 5 for the check; 45 to assess
    (50 more for ATMP), with questions 12 for the answer and 19 to assess again; 5 to decide. Sponsors' answers rest
    over the winter stop.
    """
    plan, drawn, _ = played(name, *changes)
    clocks: dict[str, Clock] = {clock.name: clock for clock in plan.network.clocks}
    asked = {
        part: ends(name, f"{part}_rfi_issued", *changes) != NOT_YET for part in ("validation", "part_i", "part_ii")
    }
    atmp = np.asarray(drawn.trials.attributes["atmp"], dtype=bool)

    def later(at: NDArray[np.int64], days: NDArray[np.int64] | int, clock: str) -> NDArray[np.int64]:
        return np.where(
            at < FAR, clocks[clock].add_many(np.minimum(at, plan.network.horizon), days * np.full(len(at), DAY)), at
        )

    def with_questions(at: NDArray[np.int64], part: str, answer: int, again: int) -> NDArray[np.int64]:
        return np.where(asked[part], later(later(at, answer, "reply"), again, "statutory"), at)

    submitted = ends(name, "application_submitted", *changes)
    submitted = np.where(submitted == NOT_YET, 0, submitted)
    valid = with_questions(later(submitted, 10, "statutory"), "validation", 10, 5)
    concluded = [
        with_questions(later(valid, days, "statutory"), part, 12, 19)
        for part, days in (("part_i", 45 + 50 * atmp), ("part_ii", 45))
    ]
    return later(np.maximum(*concluded), 5, "statutory")


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_review_is_longer_than_the_law_allows(name: str) -> None:
    """Each trial is authorised by the day on which all its clocks have run out, and some exactly on it."""
    authorised = ends(name, "authorised")
    decided = authorised != NOT_YET
    assert decided.sum() > 500
    assert np.all(authorised[decided] <= latest(name)[decided])


def test_a_review_that_begins_late_breaks_the_law() -> None:
    """The companion: choosing the reporting State before the ten days of validation is seen by this test."""
    late = "authorisation.validation.check.starts=reporting_state_agreed"
    authorised = ends("france", "authorised", late)
    assert np.any(authorised > latest("france", late))


def test_the_longest_clocks_add_up_to_106_days() -> None:
    """Outside of the winter stop 106 days, and 50 more for ATMP, but for periods that end on a working day."""
    _, drawn, _ = played("france")
    authorised, submitted = ends("france", "authorised"), ends("france", "application_submitted")
    decided = authorised != NOT_YET
    days = (authorised[decided] - submitted[decided]) // DAY
    longest = 106 + 50 * np.asarray(drawn.trials.attributes["atmp"], dtype=bool)[decided]
    moved = 7 * 3  # seven periods, each at most from a Saturday to the Tuesday after Easter Monday
    stopped = 17  # days of the winter stop
    assert np.all(days <= longest + moved + stopped)
    assert np.mean(days <= longest + 7) > 0.85


def test_talks_open_at_the_submission_or_after_the_authorisation() -> None:
    """In six trials of ten at the submission; in the others when they are authorised, and never before."""
    submitted, authorised, opened = (
        ends("france", task) for task in ("application_submitted", "authorised", "talks_opened")
    )
    early = (opened != NOT_YET) & (opened == submitted)
    later = (opened != NOT_YET) & ~early
    assert np.all(opened[later] == authorised[later])
    _, drawn, _ = played("france")
    possible = (drawn.trials.coordinating >= 0) & (submitted != NOT_YET)
    assert np.mean(early[possible]) == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / possible.sum()))


def test_more_early_talks_are_the_same_ones_and_others() -> None:
    """A larger share keeps the trials of the smaller one: the draw is the trial's own."""
    few, many = (ends("france", "early_talks", f"contracting.early.share={share} %") for share in (20, 60))
    assert np.all(many[few != NOT_YET] != NOT_YET)
    assert (many != NOT_YET).sum() > (few != NOT_YET).sum()


def test_the_draft_is_sent_when_talks_open_and_it_is_written() -> None:
    """The published times of contracts count from the sending: writing lies before it."""
    sent, opened, drafted = (ends("france", task) for task in ("contract_sent", "talks_opened", "contract_drafted"))
    there = sent != NOT_YET
    assert np.array_equal(sent[there], np.maximum(opened, drafted)[there])
    assert np.mean(sent[there] == opened[there]) > 0.95


def undone(name: str) -> tuple[int, int]:
    """How many sites began again with the pharmacy, and how many of them had not been ready before the answer."""
    plan, drawn, timelines = played(name)
    tasks, of = plan.network.tasks, drawn.workload
    again = np.flatnonzero((of.task == tasks.index("pharmacy_again")) & (timelines.outcome == Outcome.DONE))
    answered = ends(name, "part_i_rfi_answered")[of.trial[again]]
    ready = {
        (int(of.trial[row]), int(of.site[row])): int(timelines.end[row])
        for row in np.flatnonzero(of.task == tasks.index("pharmacy_ready"))
    }
    before = np.array([ready[int(of.trial[row]), int(of.site[row])] for row in again], dtype=np.int64)
    return len(again), int(np.sum(before >= answered))


def test_questions_undo_what_was_ready_before_they_were_answered() -> None:
    """Nothing where documents wait for the authorisation; where they do not, some sites, all of them ready before."""
    assert undone("france") == (0, 0)
    many, not_ready = undone("france_pledge")
    assert many > 50
    assert not_ready == 0
