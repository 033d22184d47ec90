"""Candidates follow the Poisson-gamma model, and stop when more of them could not matter."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.model.plan import Plan
from sim.model.trials import Replication
from tests.written import scenario

DAY = 1440
TEXT = """\
origin: 2026-01-01
windows: {{warm_up: 0 d, observation: 3653 d, follow_up: 0 d}}
sites: [{{name: north}}]
classes: [{{name: a, volume: 300 /year, sites: exactly 1}}]
tasks: [{{name: opened, scope: site}}]
inclusion:
  patients: {{number: {patients}}}
  known: {{share: {known} %}}
  referrals: {{rate: {rate} /year, alpha: 0.8}}
  starts: opened
  consent: {{}}
  screening: {{}}
  screen_failure: {{share: 25 %}}
  eligibility: {{}}
  first_dose: {{}}
"""


def drawn(*, patients: int = 1, known: int = 0, rate: int = 6) -> Replication:
    """Ten years of trials at one site."""
    return Plan(scenario(TEXT.format(patients=patients, known=known, rate=rate))).replication(1, 0)


def first_referrals(replication: Replication) -> NDArray[np.float64]:
    """(trials of the first nine years) days until the first candidate; inf where none came within the horizon."""
    w = replication.workload
    referred = _task("referred")
    early = np.flatnonzero(replication.trials.arrival < 9 * 365 * DAY)
    first = np.full(len(replication.trials), np.inf)
    mine = (w.task == referred) & (w.round == 1)
    first[w.trial[mine]] = w.work[mine] / DAY
    return first[early]


def _task(name: str) -> int:
    return Plan(scenario(TEXT.format(patients=1, known=0, rate=6))).network.tasks.index(name)


@pytest.mark.parametrize("days", [15, 60, 200])
def test_the_wait_for_the_first_candidate_is_a_gamma_mixture(days: int) -> None:
    """P(first > t) = (beta / (beta + t))**alpha, to four standard errors."""
    waits = first_referrals(drawn())
    exact = (1 + 6 / 365.25 * days / 0.8) ** -0.8
    error = sqrt(exact * (1 - exact) / len(waits))
    assert abs((waits > days).mean() - exact) < 4 * error


def test_half_as_many_candidates_again_fail_the_same_test() -> None:
    """The power of the test above: the rate 6 is rejected when 9 candidates a year come."""
    waits = first_referrals(drawn(rate=9))
    exact = (1 + 6 / 365.25 * 60 / 0.8) ** -0.8
    assert abs((waits > 60).mean() - exact) > 4 * sqrt(exact * (1 - exact) / len(waits))


def test_some_sites_know_a_patient_when_they_open() -> None:
    """Nearly 40 % of the sites refer their first candidate at once, the others never at that minute."""
    waits = first_referrals(drawn(known=40))
    assert abs((waits == 0).mean() - 0.4) < 4 * sqrt(0.4 * 0.6 / len(waits))


def test_a_site_draws_no_more_candidates_than_could_matter() -> None:
    """With three patients needed, a site's last candidate is its third inclusion or the horizon's last referral."""
    replication = drawn(patients=3)
    w = replication.workload
    passed = np.bincount(w.trial[w.task == _task("eligible")], minlength=len(replication.trials))
    last = np.zeros(len(replication.trials), dtype=np.int64)
    np.maximum.at(last, w.trial[w.task == _task("referred")], w.round[w.task == _task("referred")])
    included = w.task == _task("eligible")
    eligible = set(zip(w.trial[included].tolist(), w.round[included].tolist(), strict=True))
    referred = w.task == _task("referred")
    assert (replication.trials.arrival[w.trial[referred]] + w.work[referred]).max() < 3653 * DAY
    assert passed.max() == 3
    assert all((trial, int(last[trial])) in eligible for trial in np.flatnonzero(passed == 3))
    assert 0.2 < 1 - len(eligible) / (w.task == _task("referred")).sum() < 0.3  # a quarter fails


def test_candidates_come_until_one_passes_however_many_fail() -> None:
    """Where 19 in 20 fail, a site draws a hundred and more; each is followed by the next until one passes."""
    text = (
        TEXT.replace("share: 25 %", "share: 95 %")
        .replace("alpha: 0.8", "alpha: 50")
        .replace("volume: 300", "volume: 100")
    )
    text = text.format(patients=1, known=0, rate=3000)
    w = Plan(scenario(text)).replication(1, 0).workload
    early = w.trial < 800  # the horizon ends nobody's search
    candidates = np.bincount(w.trial[early & (w.task == _task("referred"))])
    assert candidates.max() > 100
    assert abs(candidates.mean() - 20) < 4 * sqrt(20 * 19 / len(candidates))
    assert np.bincount(w.trial[early & (w.task == _task("eligible"))]).tolist() == [1] * len(candidates)


def test_early_mobilisation_changes_nobody_else_s_luck() -> None:
    """A site that does not know a patient either way has the same candidates at the same times."""
    few, many = first_referrals(drawn(known=20)), first_referrals(drawn(known=50))
    same = many > 0
    assert np.array_equal(few[same], many[same])
    assert same.mean() < 0.6
