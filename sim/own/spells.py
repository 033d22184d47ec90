"""From dates to times: how long each trial took from one milestone to the next, or has taken so far.

A `Spell` is the time of one trial, in days, as far as it is known: between `low` and `high`. Two dates that are known
to the day leave a time that is known to half a day either way; a date known to the month leaves a month. What is still
open when the tracker was extracted has no `high`; what was given up neither, and says so: it is a competing end.
`entry` is how long a trial had to last to be in the tracker at all (0 as a rule), `exit` how long it could last at most
(no limit as a rule): a list of finished trials alone has a limit for each.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sim.own.dates import Day, Word
from sim.own.reading import Row, Seen, Tracker

End = Literal["done", "open", "cancelled"]
HALF = 0.5  # [d] how far off a difference of two days may be


@dataclass(frozen=True, slots=True)
class Spell:
    """The time of one trial from its start to a milestone [d]."""

    low: float
    high: float  # inf where it has not ended
    end: End
    centre: str
    begun: date
    follow_up: float  # from its start to the extraction: how long it could be watched
    entry: float = 0.0
    exit: float = math.inf
    planned: float | None = None  # the time that was planned, if the tracker says so

    @property
    def zero(self) -> bool:
        """Whether it ended on the day it began."""
        return self.end == "done" and self.low == 0.0 and self.high <= HALF


@dataclass(frozen=True, slots=True)
class Times:
    """All times to one milestone, and what could not be used."""

    task: str
    begins: tuple[str, ...]  # the milestones that it waits for; the last of them starts the time
    spells: tuple[Spell, ...]
    negative: int = 0  # ended before they began
    unknown: int = 0  # ended, and nobody knows when they began
    not_needed: int = 0  # trials that do not have the milestone
    passed: int = 0  # without its date, though what follows it has one: not open, and nobody knows when it ended
    ahead: int = 0  # came before their start, and count as coming with it
    whole: bool | None = None  # whether the tracker lists open rows too, if anybody said

    @property
    def done(self) -> int:
        """How many have ended."""
        return sum(spell.end == "done" for spell in self.spells)

    def count(self, end: End) -> int:
        """How many ended so."""
        return sum(spell.end == end for spell in self.spells)


def times(
    tracker: Tracker,
    task: str,
    begins: Sequence[str],
    *,
    end: str | None = None,
    after: Sequence[str] = (),
    of_trial: bool = False,
    ahead: bool = False,
) -> Times:
    """The times of a task, from the last of `begins` to its milestone, or to another one that stands for its `end`.

    They are those of every trial at every centre, or of every trial as a whole. What may come `ahead` of its start
    counts as coming with it; else to end before it began is a mistake. Where one of the milestones `after` it is there,
    a missing one is not open.
    """
    rows = list(by_trial(tracker.rows)) if of_trial else tracker.rows
    found = [_spell(tracker, row, end or task, begins, after) for row in rows]
    early = [place for place, each in enumerate(found) if each == "negative"] if ahead else []
    for place in early:
        found[place] = _spell(tracker, _together(rows[place], end or task, begins), end or task, begins)
    spells = tuple(each for each in found if isinstance(each, Spell))
    counts = {why: found.count(why) for why in ("negative", "unknown", "not_needed", "passed")}
    whole = None if tracker.mapping.rows is None else tracker.mapping.rows == "all"
    return Times(task, tuple(begins), spells, **counts, ahead=len(early), whole=whole)


def _together(row: Row, end: str, begins: Sequence[str]) -> Row:
    """The row with its end on the day on which the last of `begins` is known to have come."""
    days = [day for code in begins if isinstance(day := row.actual.get(code), Day)]
    return replace(row, actual={**row.actual, end: max(days, key=lambda day: day.last)})


def as_of(whole: Times, day: date) -> Times:
    """The times as they were known on an earlier day: what began later is not there, what ended later is open."""
    spells = (_cut(spell, (day - spell.begun).days) for spell in whole.spells if spell.begun <= day)
    return replace(whole, spells=tuple(spells))


def by_trial(rows: Iterable[Row]) -> Iterator[Row]:
    """One row for each trial: a milestone of the trial is that of its first centre to get there."""
    together: dict[str, list[Row]] = {}
    for row in rows:
        together.setdefault(row.trial, []).append(row)
    for mine in together.values():
        codes = dict.fromkeys(code for row in mine for code in row.actual)
        actual = {code: _first([row.actual.get(code, Word.MISSING) for row in mine]) for code in codes}
        gone = all(row.status == "cancelled" for row in mine)
        yield replace(mine[0], actual=actual, status="cancelled" if gone else "running", centre="")


def _first(seen: Sequence[Seen]) -> Seen:
    days = [each for each in seen if isinstance(each, Day)]
    return min(days) if days else seen[0]


def _spell(tracker: Tracker, row: Row, task: str, begins: Sequence[str], after: Sequence[str] = ()) -> Spell | str:
    """The spell of a row, or in a word why there is none."""
    end = row.actual.get(task, Word.MISSING)
    if end is Word.NOT_NEEDED:
        return "not_needed"
    if end is Word.MISSING and any(isinstance(row.actual.get(code), Day) for code in after):
        return "passed"
    awaited = [row.actual.get(code, Word.MISSING) for code in begins]
    dated = [day for day in awaited if isinstance(day, Day)]
    if not dated or any(not isinstance(day, Day) and day is not Word.NOT_NEEDED for day in awaited):
        return "unknown" if isinstance(end, Day) else "not begun"
    start = Day(max(day.first for day in dated), max(day.last for day in dated))
    follow_up = float((tracker.extracted_on - start.first).days)
    spell = Spell(
        max(0.0, float((tracker.extracted_on - start.last).days)), math.inf, "open", row.centre, start.first, follow_up
    )
    spell = replace(spell, planned=_planned(row, task, start), entry=_entry(tracker, start))
    if isinstance(end, Day):
        if (end.last - start.first).days < 0:
            return "negative"
        low, high = (end.first - start.last).days - HALF, (end.last - start.first).days + HALF
        spell = replace(spell, low=max(0.0, low), high=high, end="done")
    elif row.status == "cancelled" or end is Word.CANCELLED:
        at = row.ended_on
        spell = replace(spell, low=max(0.0, float((at.first - start.last).days)) if at else spell.low, end="cancelled")
    if tracker.mapping.rows == "finished":
        return replace(spell, exit=follow_up + HALF) if spell.end == "done" else "not begun"
    return spell


def _planned(row: Row, task: str, start: Day) -> float | None:
    planned = row.baseline.get(task) or row.planned.get(task)
    return float((planned.first - start.first).days) if isinstance(planned, Day) else None


def _entry(tracker: Tracker, start: Day) -> float:
    """How long a trial must have lasted to be in a tracker that was begun while it ran [d]."""
    since = tracker.mapping.kept_since
    return max(0.0, float((since - start.last).days)) if since is not None else 0.0


def _cut(spell: Spell, known: int) -> Spell:
    """A spell as it was known so many days after it began."""
    cut = replace(spell, follow_up=float(known), exit=math.inf if math.isinf(spell.exit) else known + HALF)
    if spell.end == "done" and spell.high - HALF <= known:
        return cut
    if spell.end == "cancelled" and spell.low <= known:
        return cut
    return replace(cut, low=float(known), high=math.inf, end="open")
