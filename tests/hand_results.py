"""Results written out by hand: what a report is made of, without a simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import nan
from typing import Any

import numpy as np

from sim.analysis.attribution import Attribution, Binding
from sim.analysis.estimates import Summary, summary
from sim.analysis.indicators import CURVE_DAYS, Measures, Statistics
from sim.analysis.pools import PoolLoad
from sim.analysis.timelines import StoryRow, TrialStory
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
    concerns: tuple[str, ...] = ()

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


def _measures(number: int, days: float, share: float, late: float) -> Measures:
    steps = np.minimum(share * np.arange(CURVE_DAYS) / 15, max(share, 0.9))
    ready = Statistics("readiness_time", "trial", days, days, days - 5, days + 5, days + 20, share, 100, 2, 1, steps)
    return Measures(
        replication=number,
        indicators=(
            ready,
            replace(ready, level="site"),
            replace(ready, name="inclusion_time", share_within_goal=share / 2, curve=steps / 2),
            replace(ready, name="contract_overhang", mean=late, median=late),
        ),
        pools=(PoolLoad("contract_officers", 4.5, 12.0, 0.87, 6.0, 50, "clip2_03", 0.99, False, 0, 0),),
        binding=(
            Binding("contract_executed", "trial", 0.61),
            Binding("pharmacy_ready", "trial", 0.39),
            Binding("other", "trial", 0.0),
            Binding("contract_executed", "site", 0.5),
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
    )
