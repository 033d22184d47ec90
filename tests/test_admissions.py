"""Admissions: the first of each month that ask get the seats, and everybody knows it."""

from __future__ import annotations

from sim.model.plan import Plan
from tests.written import scenario

TEXT = """
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 90 d, follow_up: 0 d}
classes:
  - {name: a, dates: [2026-01-31, 2026-01-05, 2026-01-20, 2026-02-01, 2026-02-02], attributes: {big: true}}
  - {name: b, dates: [2026-01-02, 2026-02-28], attributes: {big: false}}
admissions:
  - {attribute: lane, when: {big: true}, share: SHARE, seats: 2}
tasks:
  - {name: work, work: exactly 1 d, variants: [{when: {lane: true}, work: exactly 2 d}]}
"""


def let_in(share: str) -> list[str]:
    """The trials that are let in."""
    trials = Plan(scenario(TEXT.replace("SHARE", share))).replication(1, 0).trials
    return [label for label, lane in zip(trials.label, trials.attributes["lane"], strict=True) if lane]


def test_the_first_of_each_month_are_let_in() -> None:
    """Two a month, in the order of submission; others do not count, and nobody is left over for the next month."""
    assert let_in("100 %") == ["a-1", "a-2", "a-4", "a-5"]


def test_only_those_who_ask_are_let_in() -> None:
    """Nobody asks, nobody comes in."""
    assert let_in("0 %") == []


def test_who_asks_does_not_depend_on_the_seats() -> None:
    """With a share, some of those who would be let in are not; the luck is that of each trial."""
    assert set(let_in("50 %")) < {"a-1", "a-2", "a-3", "a-4", "a-5"}
