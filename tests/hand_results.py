"""Results written out by hand: what a report is made of, without a simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import nan
from typing import Any

import numpy as np

from sim.analysis.attribution import OTHER, Attribution, Binding
from sim.analysis.estimates import Summary, summary
from sim.analysis.events import Level
from sim.analysis.indicators import Measures, Times
from sim.analysis.pools import PoolLoad, Waits
from sim.analysis.timelines import StoryRow, TrialStory
from sim.model.feasibility import Concern
from sim.scenario.schema import Scenario
from tests.hand_tables import scenario

STORY = TrialStory(
    "early-7",
    "A",
    (
        StoryRow("authorisation", "part_i_assessed", "", 1, -60, -60, -20),
        StoryRow("authorisation", "part_ii_assessed", "", 1, -60, -40, -30),
        StoryRow("contracting", "negotiation_site_turn", "A", 1, -50, -30, 10),
        StoryRow("contracting", "negotiation_sponsor_turn", "A", 1, 10, 12, 30),
        StoryRow("site_setup", "site_activated", "A", 1, 30, 30, 30),
        StoryRow("inclusion", "first_patient_in", "A", 1, 44, 44, 44),
    ),
)


@dataclass(frozen=True)
class HandResult:
    """A result without a run."""

    name: str
    scenario: Scenario
    measures: tuple[Measures, ...]
    story: TrialStory | None = STORY
    concerns: tuple[Concern, ...] = ()

    @cached_property
    def summary(self) -> Summary:
        """What its replications say."""
        return summary(self.measures)


def result(
    days: Sequence[float],
    shares: Sequence[float],
    *,
    title: tuple[str, str] = ("Today", "Aujourd'hui"),
    late: float = 3.0,
    story: TrialStory | None = STORY,
    **changes: Any,
) -> HandResult:
    """A result whose replications have these medians [d] and shares; contracts end `late` days after authorisation."""
    written = scenario(
        title={"en": title[0], "fr": title[1]},
        indicators=[
            {
                "name": "readiness_time",
                "title": {"en": "authorisation to open site", "fr": "délai autorisation → centre ouvert"},
                "from": "authorised",
                "to": "site_activated",
                "levels": ["trial", "site"],
            },
            {
                "name": "inclusion_time",
                "title": {"en": "authorisation to first patient in", "fr": "délai autorisation → premier patient"},
                "from": "authorised",
                "to": "first_patient_in",
            },
            {"name": "contract_overhang", "from": "authorised", "to": "contract_executed", "only_after": True},
        ],
        **changes,
    )
    measures = tuple(_measures(number, *pair, late) for number, pair in enumerate(zip(days, shares, strict=True)))
    return HandResult(title[0].lower(), written, measures, story)


def times(name: str, days: Sequence[float], counted: Sequence[float], level: Level = "trial") -> Times:
    """An indicator of trials that took these days, in their order and as the goal counts; inf: not by day 190."""
    there = np.isfinite(days)
    elapsed = np.where(there, days, 190.0)
    order = np.lexsort((~there, elapsed))
    statistics = ("mean", "median", "q1", "q3", "p90", "share_within_goal")
    columns = (elapsed[order], np.asarray(counted, np.float64)[order], there[order], np.ones(len(there), bool))
    return Times(name, level, *columns, 0, 15.0, 190.0, 190.0, statistics)


WAITS = Waits(np.array([2.0, 12.0]), np.array([True, True]), np.array([40, 10]))


def _times(name: str, days: float, share: float) -> Times:
    """100 trials around these days, of which this share is there after a week, and the others after two months."""
    spread = np.repeat([-6.0, -5.0, 0.0, 5.0, 6.0], 20)
    return times(name, days + spread, np.where(np.arange(100) < round(100 * share), 7.0, 60.0))


def _measures(number: int, days: float, share: float, late: float) -> Measures:
    ready = _times("readiness_time", days, share)
    overhang = times("contract_overhang", [late] * 100, [late] * 100)
    return Measures(
        replication=number,
        indicators=(
            ready,
            replace(ready, level="site"),
            _times("inclusion_time", days, share / 2),
            replace(overhang, within=nan, statistics=overhang.statistics[:-1]),
        ),
        pools=(PoolLoad("contract_officers", 4.5, WAITS, 0.87, 6.0, 50, "clip2_03", 0.99, False, 0, 0),),
        binding=(
            Binding("contract_executed", "trial", 0.61, 100),
            Binding("pharmacy_ready", "trial", 0.39, 100),
            Binding(OTHER, "trial", 0.0, 100),
            Binding("contract_executed", "site", 0.5, 100),
        ),
        attribution=Attribution(
            ("contract_executed", "site_activated"),
            ("contracting", "site_setup"),
            np.array([1.0, 0.0]),
            np.array([2.5, 0.0]),
            np.array([6.0, 4.0]),
            100,
        ),
        wasted_contract_days=nan,
        wasted_setup_days=nan,
    )
