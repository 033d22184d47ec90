"""What is doubtful in a tracker, and the page that says what was read of it.

`findings` looks for what a person should see before trusting a number: dates against their order, dates on weekends,
days of the month that come too often, missing dates by year, centres with few trials. `report` is the page, in English
or French. It has addresses of cells and counts, and no name of a trial, a person or a centre.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise

from sim.own.dates import Day, Word
from sim.own.reading import Row, Tracker
from sim.own.words import Language, count, reason, say, share
from sim.tables import Line

FEW = 5
"""Centres with fewer trials are pooled, and never told apart."""
_SHOWN = 12
_HEAPED = 2.0  # so many times its fair share of dates is a heap

ORDER: Sequence[tuple[str, ...]] = (
    ("protocol_final", "application_submitted", "application_validated", "part_i_concluded", "authorised"),
    ("application_validated", "part_ii_concluded", "authorised", "site_activated"),
    ("part_i_rfi_issued", "part_i_rfi_answered", "part_i_concluded"),
    (
        "feasibility_completed",
        "site_selected",
        "contract_sent",
        "contract_agreed",
        "contract_executed",
        "site_activated",
    ),
    ("contract_sent", "budget_agreed"),
    (
        "ip_release_approved",
        "ip_on_site",
        "siv_done",
        "site_activated",
        "first_screened",
        "first_patient_in",
        "first_dose",
    ),
    ("authorised", "trial_started"),
    ("authorised", "first_subject_first_visit", "first_patient_in", "recruitment_ended"),
)
"""Milestones that cannot happen the other way round, as the terms define them."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A milestone that is dated before one that must come first."""

    before: str
    after: str
    first: str  # addresses
    second: str
    days: int


def violations(tracker: Tracker) -> tuple[Violation, ...]:
    """Every pair of dates in a row that stand in the wrong order, as far as their days are known."""
    chains = (tracker.mapping.order,) if tracker.mapping.order else ORDER
    return tuple(found for row in tracker.rows for chain in chains for found in _in_chain(row, chain))


def _in_chain(row: Row, chain: Sequence[str]) -> Iterator[Violation]:
    dated = [(code, day) for code in chain if isinstance(day := row.actual.get(code), Day)]
    for (first, one), (second, two) in pairwise(dated):
        if two.last < one.first:
            yield Violation(
                first,
                second,
                row.cells.get(first, row.address),
                row.cells.get(second, row.address),
                (one.first - two.last).days,
            )


def weekend_share(tracker: Tracker, code: str) -> float:
    """The share of the exact dates of a milestone on Saturdays and Sundays [0 to 1]; 2 of 7 look typed in at random."""
    days = _days(tracker, code)
    return sum(day.weekday() >= 5 for day in days) / max(len(days), 1)


def heaps(tracker: Tracker, code: str) -> tuple[int, ...]:
    """The days of the month 1 and 15 that hold more than twice their share of the exact dates of a milestone."""
    days = Counter(day.day for day in _days(tracker, code))
    total = sum(days.values())
    return tuple(day for day in (1, 15) if total >= 20 and days[day] > _HEAPED * total / 30.4 + 2)


def missing_by_year(tracker: Tracker, code: str) -> Mapping[int, tuple[int, int]]:
    """By the year of a row's first date, how many rows have no date of a milestone, of how many that need it."""
    counts: dict[int, list[int]] = {}
    for row in tracker.rows:
        dated = [day.first for day in row.actual.values() if isinstance(day, Day)]
        seen = row.actual.get(code, Word.MISSING)
        if dated and seen is not Word.NOT_NEEDED:
            here = counts.setdefault(min(dated).year, [0, 0])
            here[0] += not isinstance(seen, Day)
            here[1] += 1
    return {year: (lost, of) for year, (lost, of) in sorted(counts.items())}


def small_centres(tracker: Tracker) -> tuple[int, int]:
    """How many centres have fewer than `FEW` trials, and how many trials these have together."""
    sizes = Counter(row.centre for row in tracker.rows if row.centre)
    few = [size for size in sizes.values() if size < FEW]
    return len(few), sum(few)


def report(tracker: Tracker, language: Language = "en") -> str:
    """The page that says what was read, used and set aside, and what is doubtful."""
    return "\n".join(_lines(tracker, language)) + "\n"


def tables(tracker: Tracker) -> dict[str, list[Line]]:
    """The same for other programs: each milestone, what was read in all, what was set aside, and dates out of order."""
    read = {
        "extracted_on": tracker.extracted_on.isoformat(),
        "rows": tracker.rows_read,
        "trials": len({row.trial for row in tracker.rows}),
        "pairs": len(tracker.rows),
        "cells": tracker.cells_read,
        "cells_used": tracker.cells_used,
        "small_centres": small_centres(tracker)[0],
    }
    return {
        "milestones": _milestones(tracker),
        "read": [read],
        "set_aside": [asdict(each) for each in tracker.set_aside],
        "out_of_order": [asdict(each) for each in violations(tracker)],
    }


def _milestones(tracker: Tracker) -> list[Line]:
    """Each milestone with how many of its cells say what."""
    lines: list[Line] = []
    for code in tracker.milestones:
        seen = Counter(_kind(row.actual[code]) for row in tracker.rows if code in row.actual)
        kinds = {kind: seen[kind] for kind in ("day", "partial", "open", "missing", "cancelled", "not_needed")}
        lines.append({"milestone": code, **kinds, "weekend_share": weekend_share(tracker, code)})
    return lines


def _lines(tracker: Tracker, lang: Language) -> Iterator[str]:
    whole = sum(each.whole_row for each in tracker.set_aside)
    yield say("read_title", lang)
    yield say(
        "read_counts",
        lang,
        rows=count(tracker.rows_read, lang),
        trials=count(len({row.trial for row in tracker.rows}), lang),
        pairs=count(len(tracker.rows), lang),
        aside=count(whole, lang),
        day=tracker.extracted_on.isoformat(),
    )
    lost = sum(not each.whole_row for each in tracker.set_aside)
    yield say(
        "read_cells",
        lang,
        cells=count(tracker.cells_read, lang),
        used=count(tracker.cells_used, lang),
        aside=count(lost, lang),
    )
    for name in ("partial", "times", "merged"):
        if times := tracker.notes.get(name):
            yield say(f"note_{name}", lang, n=count(times, lang))
    yield from _listed("unread", tracker.unread, lang)
    yield from _listed(
        "set_aside", [f"{each.address}: {reason(each.reason, lang)}" for each in tracker.set_aside], lang
    )
    yield ""
    yield from _table(tracker, lang)
    yield from _doubts(tracker, lang)


def _listed(title: str, lines: Sequence[str], lang: Language) -> Iterator[str]:
    if lines:
        yield ""
        yield say(title, lang, n=count(len(lines), lang))
        yield from (f"  {line}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield "  " + say("more", lang, n=count(len(lines) - _SHOWN, lang))


def _table(tracker: Tracker, lang: Language) -> Iterator[str]:
    yield say("milestones_title", lang)
    yield say("milestones_head", lang)
    for seen in _milestones(tracker):
        code = str(seen["milestone"])
        years = ", ".join(
            f"{year}: {share(lost / of, lang)}" for year, (lost, of) in missing_by_year(tracker, code).items()
        )
        yield (
            f"  {code:26} {seen['day']:>7} {seen['partial']:>8} {seen['open']:>8} {seen['missing']:>8} "
            f"{seen['cancelled']:>9} {seen['not_needed']:>10}  {share(weekend_share(tracker, code), lang):>7}  {years}"
        )


def _kind(seen: Day | Word) -> str:
    return seen.value if isinstance(seen, Word) else "day" if seen.exact else "partial"


def _doubts(tracker: Tracker, lang: Language) -> Iterator[str]:
    wrong = violations(tracker)
    lines = [
        say(
            "violation",
            lang,
            first=each.before,
            second=each.after,
            one=each.first,
            two=each.second,
            days=count(each.days, lang),
        )
        for each in wrong
    ]
    yield from _listed("violations", lines, lang)
    for code in tracker.milestones:
        if found := heaps(tracker, code):
            yield say("heaping", lang, code=code, days=", ".join(map(str, found)))
    centres, trials = small_centres(tracker)
    if centres:
        yield say("few", lang, n=count(centres, lang), trials=count(trials, lang), few=str(FEW))


def _days(tracker: Tracker, code: str) -> list[date]:
    """The exact dates of a milestone."""
    seen = (row.actual.get(code) for row in tracker.rows)
    return [day.first for day in seen if isinstance(day, Day) and day.exact]
