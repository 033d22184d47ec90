"""Who takes part: arrivals at the stated rate, attributes in the stated shares, sites by weight."""

from __future__ import annotations

from math import sqrt

import numpy as np

from sim.model.network import NONE
from sim.model.plan import Plan
from sim.model.trials import Trials
from tests.written import scenario

TEXT = """\
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 3653 d, follow_up: 0 d}
sites:
  - {name: north, weight: 3, attributes: {children: true}}
  - {name: south, attributes: {children: true}}
  - {name: west}
sponsor_types: {company: {number: 4}, biotech: {number: 2}}
classes:
  - name: a
    volume: 400 /year
    sites: exactly 1
    sponsors: {company: 75 %, biotech: 25 %}
    attributes: {phase: early, rare: 20 %}
  - {name: young, volume: 100 /year, sites: exactly 2, at: {children: true}}
  - {name: regular, volume: 73.05 /year, arrivals: even}
tasks: [{name: opened, scope: site}]
"""


def trials() -> Trials:
    """Ten years of trials."""
    return Plan(scenario(TEXT)).replication(1, 0).trials


def near(count: int, expected: float, share: float = 0.0) -> bool:
    """Within four standard errors of a Poisson count, or of a binomial one with this share."""
    return abs(count - expected) < 4 * sqrt(expected * (1 - share))


def test_arrivals_keep_their_rate_and_are_poisson() -> None:
    """Ten years at 400 a year; the gaps have the standard deviation of an exponential, their mean."""
    found = trials()
    mine = found.arrival[found.trial_class == 0]
    gaps = np.diff(mine)
    assert near(len(mine), 4000)
    assert abs(gaps.std() / gaps.mean() - 1) < 4 * sqrt(1 / len(gaps))
    assert np.all(np.diff(found.arrival) >= 0)


def test_even_arrivals_are_evenly_spaced() -> None:
    """73.05 a year are one every five days, from the origin on."""
    found = trials()
    regular = found.arrival[found.trial_class == 2]
    assert regular[:3].tolist() == [0, 5 * 1440, 10 * 1440]
    assert len(regular) == 731


def test_attributes_and_sponsors_have_their_shares() -> None:
    """A fifth is rare, three quarters are of companies, and each company has as many as the next."""
    found = trials()
    mine = found.trial_class == 0
    assert near(int(found.attributes["rare"][mine].astype(bool).sum()), 0.2 * mine.sum(), 0.2)
    assert near(int((found.attributes["sponsor_type"] == "company").sum()), 0.75 * mine.sum(), 0.75)
    companies = np.bincount(found.sponsor[mine], minlength=6)[:4]
    assert all(near(int(each), companies.sum() / 4, 0.25) for each in companies)
    assert set(found.sponsor[~mine]) == {NONE}
    assert set(found.attributes["phase"][mine]) == {"early"}


def test_sites_are_chosen_by_weight() -> None:
    """With weights 3, 1 and 1 the north coordinates three trials in five."""
    found = trials()
    coordinating = found.coordinating[found.trial_class == 0]
    assert near(int((coordinating == 0).sum()), 0.6 * len(coordinating), 0.6)
    assert near(int((coordinating == 1).sum()), 0.2 * len(coordinating), 0.2)


def test_the_first_site_that_is_chosen_coordinates() -> None:
    """Of trials at both the north (weight 3) and the south (weight 1), the north coordinates three in four."""
    found = trials()
    coordinating = found.coordinating[found.trial_class == 1]
    assert near(int((coordinating == 0).sum()), 0.75 * len(coordinating), 0.75)
    assert set(coordinating) == {0, 1}


def test_a_class_opens_only_at_sites_with_its_attributes() -> None:
    """Trials with children never open in the west, and open at both others."""
    drawn = Plan(scenario(TEXT)).replication(1, 0)
    young = np.flatnonzero(drawn.trials.trial_class == 1)
    at = drawn.workload.site[np.isin(drawn.workload.trial, young) & (drawn.workload.site != NONE)]
    assert np.bincount(at, minlength=3).tolist() == [len(young), len(young), 0]


def test_each_class_has_its_own_sponsors() -> None:
    """The trials of a later class leave those of an earlier one their types."""
    late = "at: {children: true}, sponsors: {biotech: 100 %}"
    text = TEXT.replace("company: 75 %, biotech: 25 %", "company: 100 %").replace("at: {children: true}", late)
    found = Plan(scenario(text)).replication(1, 0).trials
    kinds = found.attributes["sponsor_type"]
    assert [set(kinds[found.trial_class == number]) for number in range(3)] == [{"company"}, {"biotech"}, {None}]


def test_a_trial_opens_at_most_at_every_site_it_may_use() -> None:
    """With a mean of fifty sites wanted, nearly every trial gets all three, and none more."""
    drawn = Plan(scenario(TEXT.replace("sites: exactly 1", "sites: {mean: 50}"))).replication(1, 0)
    mine = np.flatnonzero(drawn.trials.trial_class == 0)
    at_sites = np.isin(drawn.workload.trial, mine) & (drawn.workload.site != NONE)
    sites = np.bincount(drawn.workload.trial[at_sites])[mine]
    assert sites.max() == 3
    assert (sites == 3).mean() > 0.9
