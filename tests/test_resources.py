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


@pytest.mark.parametrize(
    ("step", "end"),
    [
        ("work: exactly 2 d", "Sat 10 Jan 2026 00:00"),
        ("work: exactly 2 d, pool: office", "Sat 10 Jan 2026 09:00"),
        ("work: exactly 2 wd", "Fri 09 Jan 2026 17:00"),
        ("work: exactly 2 wd, pool: office", "Fri 09 Jan 2026 17:00"),
        ("work: exactly 10 h, pool: office", "Fri 09 Jan 2026 11:00"),
        ("work: exactly 10 h, pool: machine", "Thu 08 Jan 2026 10:00"),
        ("work: exactly 10 h, pool: machine, clock: working", "Fri 09 Jan 2026 11:00"),
        ("work: exactly 10 h", "Thu 08 Jan 2026 10:00"),
        ("work: exactly 90 min, clock: working", "Thu 08 Jan 2026 10:30"),
        ("work: exactly 2 d, clock: statutory", "Sat 10 Jan 2026 00:00"),
        ("work: exactly 30 min, clock: statutory", "Thu 08 Jan 2026 00:30"),
        ("work: exactly 9 d, limit: {within: 2 d, then: decide, clock: statutory}", "Mon 12 Jan 2026 23:59"),
        ("starts: arrived + 2 wd", "Fri 09 Jan 2026 17:00"),
        ("starts: arrived + 2 d", "Sat 10 Jan 2026 00:00"),
        ("starts: arrived + 1 min", "Thu 08 Jan 2026 00:01"),
        ("work: exactly 1 min", "Thu 08 Jan 2026 00:01"),
        ("work: exactly 30 d, clock: statutory, limit: {within: 3 d, then: tacit}", "Sun 11 Jan 2026 00:00"),
        ("work: exactly 30 h, pool: office, limit: {within: 10 h, then: tacit}", "Fri 09 Jan 2026 11:00"),
    ],
)
def test_a_quantity_counts_on_the_clock_of_its_unit(step: str, end: str) -> None:
    """From Thursday 8 January 2026, 00:00."""
    assert ends(scenario(TEXT.format(step=step)))["piece"] == [end]


def test_work_beyond_every_number_of_minutes_is_for_ever() -> None:
    """Of durations from a second to a thousand ages of the universe, some are done at once, some never."""
    wild = scenario(
        TEXT.format(step="work: {median: 0.000001 d, p90: 1000000 d}").replace(
            "dates: [2026-01-08]", "volume: 3000 /year"
        )
    )
    done = [end != "-" for end in ends(wild)["piece"]]
    assert 0 < sum(done) < len(done)


def test_a_class_without_a_priority_has_priority_0() -> None:
    """It is served after a class with -1, and before one with 1 that came first."""
    text = TEXT.format(step="pool: machine, work: exactly 1 d").replace(
        "classes: [{name: a, dates: [2026-01-08]}]",
        """classes:
  - {name: last, dates: [2026-01-08], priority: 1}
  - {name: plain, dates: [2026-01-08]}
  - {name: first, dates: [2026-01-08], priority: -1}""",
    )
    assert ends(scenario(text))["piece"] == ["Sun 11 Jan 2026 00:00", "Sat 10 Jan 2026 00:00", "Fri 09 Jan 2026 00:00"]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("limit: {within: 3 d, then: tacit, clock: working}", "days of the working clock 'working' are written wd"),
        ("work: exactly 2 wd, clock: statutory", "wd needs a working clock"),
    ],
)
def test_a_unit_that_does_not_go_with_its_clock_is_refused(step: str, message: str) -> None:
    """The message says which unit to write."""
    with pytest.raises(ValueError, match=message):
        ends(scenario(TEXT.format(step=step)))
