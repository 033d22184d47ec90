"""Shifts in a scenario: a lunch break, a night, other hours on a Friday, and what becomes of work at the end of one."""

from __future__ import annotations

import pytest

from tests.written import ends, scenario

TEXT = """\
origin: 2025-01-06
windows: {{warm_up: 0 d, observation: 28 d, follow_up: 30 d}}
clocks: {{office: {{kind: working, days: [mon, tue, wed, thu, fri], hours: [{hours}]{more}}}}}
pools: {{nurse: {{units: 1, clock: office{at_close}}}}}
classes: [{{name: files, dates: [2025-01-06]}}]
tasks:
  - {{name: before, work: exactly {before}}}
  - {{name: done, starts: before, pool: nurse, work: exactly {work}}}
"""
LUNCH = '"08:00", "12:00", "13:00", "17:00"'
NIGHT = '"22:00", "06:00"'


def done(hours: str, before: str, work: str, *, more: str = "", at_close: str = "") -> str:
    """When work that is ready so long after Monday 6 January 2025, 00:00, is done."""
    text = TEXT.format(hours=hours, before=before, work=work, more=more, at_close=at_close)
    return ends(scenario(text, clocks=False))["done"][0].replace(" Jan 2025", "")


@pytest.mark.parametrize(
    ("hours", "before", "work", "end"),
    [
        (LUNCH, "9 h", "1 h", "Mon 06 10:00"),
        (LUNCH, "11 h", "2 h", "Mon 06 14:00"),  # an hour before lunch, an hour after it
        (LUNCH, "12 h", "1 h", "Mon 06 14:00"),  # who comes at noon waits for one o'clock
        (LUNCH, "16 h", "1 wd", "Tue 07 16:00"),
        (NIGHT, "23 h", "2 h", "Tue 07 01:00"),  # over midnight
        (NIGHT, "5 h", "1 h", "Mon 06 23:00"),  # Sunday night is no shift of Monday
        (NIGHT, "118 h", "9 h", "Mon 13 23:00"),  # all of Friday night, and an hour of Monday night
    ],
)
def test_work_is_done_in_shifts(hours: str, before: str, work: str, end: str) -> None:
    """A unit begins when its shift is on, and what is not done at the end of one goes on in the next."""
    assert done(hours, before, work) == end


def test_who_finishes_does_so_past_the_end_of_the_shift() -> None:
    """An hour before lunch, two hours of work: with `finish` they end at one o'clock, and not after lunch."""
    assert done(LUNCH, "11 h", "2 h", at_close=", at_close: finish") == "Mon 06 13:00"


def test_a_day_may_have_hours_of_its_own() -> None:
    """Fridays end at noon: two hours from eleven are done on Monday at nine."""
    more = ', other_hours: {fri: ["08:00", "12:00"]}'
    assert done(LUNCH, "107 h", "2 h", more=more) == "Mon 13 09:00"
