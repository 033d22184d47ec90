"""Arrivals on dates, evenly, at random, and at a volume that grows."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from sim.model.plan import Plan
from tests.written import scenario

DAY = 1440
TEXT = """\
origin: 2026-01-01
windows: {{warm_up: 0 d, observation: 2192 d, follow_up: 0 d}}
classes: [{{name: a, {arrivals}}}]
tasks: [{{name: asked}}]
"""


def days(arrivals: str) -> np.ndarray:
    """Arrivals in days since 1 January 2026, over six years."""
    return Plan(scenario(TEXT.format(arrivals=arrivals))).replication(1, 0).trials.arrival / DAY


def test_dates_are_kept_in_order() -> None:
    """One trial on each date, whatever their order in the file."""
    assert days("dates: [2026-03-01, 2026-01-02, 2026-03-01]").tolist() == [1, 59, 59]


def test_a_volume_that_doubles_in_a_straight_line_brings_half_as_many_again() -> None:
    """From 200 a year in 2026 to 400 in 2030: 150 % of 200 over four years, and 400 a year after that."""
    at = days("volume_by_date: {2026-01-01: 200 /year, 2030-01-01: 400 /year}")
    ramp, after = (at < 1461).sum(), (at >= 1461).sum()
    assert abs(ramp - 1200) < 4 * sqrt(1200)
    assert abs(after - 800) < 4 * sqrt(800)
    first_half = (at < 730.5).sum()
    assert abs(first_half - 500) < 4 * sqrt(500)  # 200 to 300 a year, mean 250


def test_a_constant_volume_by_date_is_the_constant_volume() -> None:
    """Both give the same trials at the same times, to the rounding of each gap."""
    constant = days("volume: 200 /year")
    by_date = days("volume_by_date: {2026-01-01: 200 /year, 2030-01-01: 200 /year}")
    assert len(constant) == len(by_date)
    assert np.abs(constant - by_date).max() < len(constant) / DAY


@pytest.mark.parametrize(
    "arrivals", ["volume: 9000 /year", "volume_by_date: {2026-01-01: 9000 /year, 2027-01-01: 9000 /year}"]
)
def test_trials_arrive_from_the_first_day_to_the_last(arrivals: str) -> None:
    """Twenty-five a day on average; on the first and on the last day no less than on the others."""
    on_day = np.bincount(days(arrivals).astype(np.int64), minlength=2192)
    assert len(on_day) == 2192
    assert on_day.min() > 0


def test_a_larger_volume_brings_the_same_trials_closer_together() -> None:
    """Twice the volume: the k-th trial comes after half the time."""
    few, many = days("volume: 100 /year"), days("volume: 200 /year")
    assert np.abs(few - 2 * many[: len(few)]).max() < len(few) / DAY


def test_trials_arrive_in_the_open_hours_of_a_clock_and_as_many_as_without_it() -> None:
    """Nobody comes at night, over lunch or at the weekend; the volume of each year is the one that is said."""
    office = "{office: {kind: working, days: [mon, tue, wed, thu, fri], hours: ['08:00', '12:00', '13:00', '17:00']}}"
    text = TEXT.format(arrivals="volume: 9000 /year, arrive_on: office") + f"clocks: {office}\n"
    at = (Plan(scenario(text, clocks=False)).replication(1, 0).trials.arrival).astype(np.int64)
    hour, weekday = at % DAY // 60, (at // DAY + 3) % 7  # 1 January 2026 is a Thursday
    assert set(hour) == {8, 9, 10, 11, 13, 14, 15, 16}
    assert set(weekday) == {0, 1, 2, 3, 4}
    whole = Plan(scenario(TEXT.format(arrivals="volume: 9000 /year"))).replication(1, 0).trials.arrival
    assert abs(len(at) - len(whole)) <= 1
    by_hour = np.bincount(hour)[[8, 9, 10, 11, 13, 14, 15, 16]]
    assert np.abs(by_hour - len(at) / 8).max() < 4 * sqrt(len(at) / 8)


def test_dates_in_closed_hours_are_those_of_the_next_opening() -> None:
    """Saturday 3 January 2026 becomes Monday at nine."""
    assert days("dates: [2026-01-03], arrive_on: working").tolist() == [4 + 9 / 24]


SITES = TEXT.replace("{arrivals}}}]", "{arrivals}, sites: exactly 1}}]\nsites: [{{name: x}}, {{name: y}}, {{name: z}}]")


def numbered(volume: str) -> dict[int, tuple[int, int]]:
    """Of each thinned trial, by its number: the minute of its arrival, and its site."""
    trials = Plan(scenario(SITES.format(arrivals=f"{volume}, arrivals: thinned"))).replication(1, 0).trials
    told = zip(trials.arrival.tolist(), trials.coordinating.tolist(), strict=True)
    return dict(zip(trials.number.tolist(), told, strict=True))


def test_thinned_trials_of_a_smaller_volume_are_among_those_of_a_larger_one() -> None:
    """On the same days, at the same sites; a fifth of the larger volume's trials are the smaller one's."""
    few, many = numbered("volume: 40 /year"), numbered("volume: 200 /year")
    assert few.items() < many.items()
    assert abs(len(few) - 240) < 4 * sqrt(240) and abs(len(many) - 1200) < 4 * sqrt(1200)


def test_a_thinned_ramp_lies_between_its_two_ends() -> None:
    """Those of the volume at first come all, those of the volume at last come more and more."""
    ramp = numbered("volume_by_date: {2026-01-01: 100 /year, 2032-01-01: 200 /year}")
    assert numbered("volume: 100 /year").items() <= ramp.items() <= numbered("volume: 200 /year").items()
    at = np.array([minute for minute, _ in ramp.values()]) / DAY
    assert abs((at < 1096).sum() - 375) < 4 * sqrt(375)  # 100 to 150 a year over three years
    assert abs((at >= 1096).sum() - 525) < 4 * sqrt(525)


def test_thinned_arrivals_are_at_random() -> None:
    """The days in between are exponential: their standard deviation is their mean."""
    at = np.sort([minute for minute, _ in numbered("volume: 900 /year").values()]) / DAY
    gaps = np.diff(at)
    assert abs(gaps.std() / gaps.mean() - 1) < 4 / sqrt(len(gaps))
