"""Units decide the clock: calendar days, working days, hours of the people at work."""

from __future__ import annotations

import pytest

from tests.written import ends, scenario

TEXT = """\
origin: 2026-01-01
windows: {{warm_up: 0 d, observation: 50 d, follow_up: 50 d}}
classes: [{{name: a, dates: [2026-01-08]}}]
pools: {{office: {{units: 1, clock: working}}, machine: {{units: 1}}}}
tasks: [{{name: piece, {step}}}]
"""


@pytest.mark.parametrize(("step", "end"), [
    ("work: exactly 2 d", "Sat 10 Jan 2026 00:00"),
    ("work: exactly 2 d, pool: office", "Sat 10 Jan 2026 09:00"),
    ("work: exactly 2 wd", "Fri 09 Jan 2026 17:00"),
    ("work: exactly 2 wd, pool: office", "Fri 09 Jan 2026 17:00"),
    ("work: exactly 10 h, pool: office", "Fri 09 Jan 2026 11:00"),
    ("work: exactly 10 h, pool: machine", "Thu 08 Jan 2026 10:00"),
    ("work: exactly 10 h, pool: machine, clock: working", "Fri 09 Jan 2026 11:00"),
    ("work: exactly 10 h", "Thu 08 Jan 2026 10:00"),
    ("work: exactly 90 min, clock: working", "Thu 08 Jan 2026 10:30"),
    ("work: exactly 2 d, clock: statutory", "Mon 12 Jan 2026 23:59"),
    ("starts: arrived + 2 wd", "Fri 09 Jan 2026 17:00"),
    ("starts: arrived + 2 d", "Sat 10 Jan 2026 00:00"),
])
def test_a_quantity_counts_on_the_clock_of_its_unit(step: str, end: str) -> None:
    """From Thursday 8 January 2026, 00:00."""
    assert ends(scenario(TEXT.format(step=step)))["piece"] == [end]


@pytest.mark.parametrize(("step", "message"), [
    ("limit: {within: 3 d, then: tacit, clock: working}", "days of the working clock 'working' are written wd"),
    ("work: exactly 2 wd, clock: statutory", "wd needs a working clock"),
])
def test_a_unit_that_does_not_go_with_its_clock_is_refused(step: str, message: str) -> None:
    """The message says which unit to write."""
    with pytest.raises(ValueError, match=message):
        ends(scenario(TEXT.format(step=step)))
