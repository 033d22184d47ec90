"""Inclusion: the first patient of a site, the last patient of a trial, and what counts as included."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.written import ends, scenario

TEXT = """\
origin: 2026-01-01
windows: {{warm_up: 0 d, observation: 300 d, follow_up: 0 d}}
sites: [{{name: north}}]
classes: [{{name: a, dates: [2026-01-05], sites: exactly 1}}]
tasks: [{{name: opened, scope: site}}]
goal: {{from: arrived, to: first_patient_in, within: 15 d, counted: calendar, inclusion: {counted}}}
inclusion:
  patients: {{number: 3}}
  known: {{share: 0 %}}
  referrals: {{rate: 200 /year, alpha: 5}}
  starts: opened
  consent: {{work: exactly 1 d}}
  screening: {{work: exactly 2 d}}
  screen_failure: {{share: 0 %}}
  eligibility: {{work: exactly 1 d}}
  first_dose: {{work: exactly 3 d}}
"""


def instants(counted: str) -> dict[str, list[datetime]]:
    """When each task ended for the candidates of one trial, in order; without those that never came to it."""
    happened = ends(scenario(TEXT.format(counted=counted)))
    return {
        task: sorted(datetime.strptime(end, "%a %d %b %Y %H:%M") for end in found if end != "-")
        for task, found in happened.items()
    }


@pytest.mark.parametrize(
    ("counted", "event"), [("consent", "consented"), ("eligibility", "eligible"), ("first_dose", "first_dose")]
)
def test_recruitment_goes_from_the_first_patient_who_counts_to_the_last_one_needed(counted: str, event: str) -> None:
    """What counts as included is a field of the scenario; the first of them is in, the third ends the recruitment."""
    happened = instants(counted)
    assert len(happened[event]) >= 3
    assert happened["first_patient_in"] == happened[event][:1]
    assert happened["recruitment_ended"] == happened[event][2:3]


def test_the_end_of_recruitment_stops_candidates_and_nothing_else() -> None:
    """A site that opens long after the last patient needed is still visited, and nobody is screened there."""
    text = (
        TEXT.format(counted="eligibility")
        .replace("sites: exactly 1", "sites: exactly 2")
        .replace("[{name: north}]", "[{name: north}, {name: south, attributes: {slow: true}}]")
        .replace(
            "tasks: [{name: opened, scope: site}]",
            """tasks:
  - {name: opened, scope: site, variants: [{when: {slow: true}, work: exactly 200 d}]}
  - {name: visited, scope: site, starts: opened}""",
        )
    )
    happened = ends(scenario(text))
    assert happened["visited"] == ["Mon 05 Jan 2026 00:00", "Fri 24 Jul 2026 00:00"]
    ended = datetime.strptime(happened["recruitment_ended"][0], "%a %d %b %Y %H:%M")
    assert ended < datetime(2026, 7, 24)
    late = [end for end in happened["screened"] if end != "-" and datetime.strptime(end, "%a %d %b %Y %H:%M") > ended]
    assert len(late) <= 3  # who was being screened at that moment
