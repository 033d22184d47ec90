"""Dates that no day of the simulation sees: what is written for them changes nothing.

A date may lie before the origin and count, as a rule that was there already; `outside` gives what begins and ends
before it, or begins after the last day. A scenario that another one extends may well hold such dates, so they are no
mistakes but doubts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sim.scenario.checks.references import Checked, Finding, Path
from sim.scenario.schema import Absence, Clock, Headcount, LeverUse, Scenario, Season, TrialClass, Variant
from sim.scenario.stages.inclusion import Hold, InclusionVariant


@dataclass(frozen=True, slots=True)
class _Simulated:
    """The first and the last day of a replication."""

    first: date
    last: date

    def misses(self, begins: date | None, ends: date | None) -> bool:
        """Whether a span has no day in common with the simulation; None is open."""
        return (begins is not None and begins > self.last) or (ends is not None and ends < self.first)


def outside(it: Checked) -> Iterator[Finding]:
    """Absences, arrivals, variants, levers, seasons, closed days and numbers by date that are never seen."""
    days = _simulated(it.scenario)
    why = f"lies outside the simulated time, {days.first} to {days.last}, and changes nothing; move it, or delete it"
    yield from (Finding(path, why) for path in _outside(it, days))


def _simulated(scenario: Scenario) -> _Simulated:
    length = max(scenario.windows.days, 1)
    return _Simulated(scenario.origin, scenario.origin + timedelta(length - 1))


def _outside(it: Checked, days: _Simulated) -> Iterator[Path]:
    of_levers = {(use.from_, use.to) for use in it.scenario.levers if isinstance(use, LeverUse)}
    for path, record in it.records:
        match record:
            case Absence() | Hold() if days.misses(record.from_, record.to):
                yield path
            case LeverUse() if days.misses(record.from_, record.to):
                yield path
            case Variant() | InclusionVariant() if days.misses(*(of := (record.submitted_from, record.submitted_to))):
                if of not in of_levers:  # else said of the lever
                    yield path
            case Season(years=tuple() as years) if not any(
                days.first.year - 1 <= each <= days.last.year for each in years
            ):
                yield (*path, "years")
            case Clock() if record.closed_on and all(days.misses(each, each) for each in record.closed_on):
                yield (*path, "closed_on")
            case TrialClass():
                yield from _arrivals(path, record, days)
    yield from _people(it, days)


def _arrivals(path: Path, each: TrialClass, days: _Simulated) -> Iterator[Path]:
    for index, arrives in enumerate(each.dates or ()):
        if days.misses(arrives, arrives):
            yield (*path, "dates", index)
    for day in _never(tuple(each.volume_by_date or {}), days, between=True):
        yield (*path, "volume_by_date", day)


def _people(it: Checked, days: _Simulated) -> Iterator[Path]:
    """Numbers of people from a date on."""
    scenario = it.scenario
    said: list[tuple[Path, Headcount | None]] = [
        (("pools", name, "units"), pool.units) for name, pool in scenario.pools.items()
    ]
    for section, kinds in (("site_types", scenario.site_types), ("sponsor_types", scenario.sponsor_types)):
        said += [
            ((section, kind, "people", name), n) for kind, each in kinds.items() for name, n in each.people.items()
        ]
    said += [
        (("sites", index, "people", name), n)
        for index, site in enumerate(scenario.sites)
        for name, n in site.people.items()
    ]
    for path, units in said:
        for day in _never(tuple(units), days, between=False) if isinstance(units, dict) else ():
            yield (*path, day)


def _never(dates: Sequence[date], days: _Simulated, *, between: bool) -> Iterator[date]:
    """The dates whose number holds on no day: the next one holds by the first day, or the last day is before it.

    With `between` a number changes in a straight line from date to date, so that the first one after the end counts.
    """
    ordered = sorted(dates)
    for place, day in enumerate(ordered):
        following = ordered[place + 1] if place + 1 < len(ordered) else None
        before = ordered[place - 1] if place else None
        early = following is not None and following <= days.first
        late = before is not None and (before if between else day) > days.last
        if early or late:
            yield day
