"""What a regression says, in sentences: the first difference that a person can understand, then what else moved.

`words` gives the lines for one scenario, the first of which is the whole answer in short. They are for engineers and
for the logs of CI systems, and in English alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isfinite, isnan

from sim.regression.baselines import Baseline, Moment, Movement, Row, Written
from sim.regression.equivalence import Equivalence, Verdict
from sim.regression.tiers import Cause, Regression
from sim.report.words import DASH, between, number, signed

SHOWN = 10
"""Numbers that moved, in full; the others are counted."""

FINEST = 6
"""Decimals at most."""

VERBS = {"ready": "became ready", "start": "started", "end": "ended"}
UNITS = {"days": " d", "share": " %", "days_per_100_trials": " d per 100 trials"}


def words(found: Regression | Baseline) -> list[str]:
    """The lines about one scenario: the answer, then how it comes to it."""
    if isinstance(found, Baseline):
        return [f"{found.scenario}: new baseline ({_extent(found)})"]
    head = headline(found)
    if found.exact is Verdict.SAME:
        return [head, *(f"  {line}" for line in tolerance_lines(found))]
    sentence = first_difference(found)
    lines = ([] if sentence == head else [sentence], _extents(found), movement_lines(found), tolerance_lines(found))
    return [head, *(f"  {line}" for part in lines for line in part)]


def headline(found: Regression) -> str:
    """The answer for one scenario in one line."""
    match found.verdict:
        case Verdict.SAME if found.exact is Verdict.SAME:
            return f"{found.name}: the same ({_extent(found.found)})"
        case Verdict.SAME:
            return f"{found.name}: the same within its tolerance, though not to the byte ({_extent(found.found)})"
        case Verdict.CANNOT_TELL:
            return f"{found.name}: cannot tell, {_needs([each for _, each in found.equivalences])}"
    return first_difference(found)


def first_difference(found: Regression) -> str:
    """The first thing that is not as it was: a trial with its dates, else which trial or replication it is."""
    if found.first is not None:
        return f"{found.name}: {_moment(found.first)}"
    if found.timelines_kept:
        return f"{found.name}: {len(found.movements)} numbers moved, and no date"
    if found.moved_trials:
        trial = found.moved_trials[0]
        labels = found.found.labels
        who = labels[trial] if trial < len(labels) else f"number {trial + 1} of the baseline"
        return f"{found.name}: trial {who} went another way, in tasks whose dates are not stored"
    which = found.moved_replications[0]
    return f"{found.name}: replication {which} went another way; only dates of replication 0 are stored"


def movement_lines(found: Regression) -> Iterator[str]:
    """The numbers that moved, the largest first: before and after, each with its interval."""
    for each in found.movements[:SHOWN]:
        before, after, shift = before_and_after(each)
        yield f"{number_name(each.key)}: {before} -> {after}, {shift}"
    if len(found.movements) > SHOWN:
        yield f"and {len(found.movements) - SHOWN} more numbers"


def tolerance_lines(found: Regression) -> Iterator[str]:
    """The statistical tier, number by number."""
    for key, each in found.equivalences:
        unit = _unit_of(found, key)
        low, high = (_scaled(end, unit) for end in (each.low, each.high))
        moved = (
            "is there on one side alone"
            if isnan(each.value) and each.verdict is Verdict.MOVED
            else (f"moved by {difference(each.value, unit)} [{between(low, high, 'en', digits=2)}]")
        )
        needs = f", {_needs([each])}" if each.verdict is Verdict.CANNOT_TELL else ""
        tolerance = difference(each.tolerance, unit).lstrip("+")
        yield f"{number_name(key)} {moved}, tolerance {tolerance}: {each.verdict}{needs}"


def number_name(key: Written) -> str:
    """A number as a scenario's tolerance names it, with its level if that is not the trial."""
    name, level, statistic = key
    return f"{name}.{statistic}" + (f" ({level})" if level != "trial" else "")


def before_and_after(movement: Movement) -> tuple[str, str, str]:
    """The two means, each with its interval, and how far the one is from the other."""
    digits = _digits(movement.shift, movement.unit)
    before, after = (_estimate(values, movement.unit, digits) for values in (movement.before, movement.after))
    return before, after, difference(movement.shift, movement.unit)


def difference(value: float, unit: str) -> str:
    """A difference with its sign and unit; shares differ by points."""
    if not isfinite(value):
        return DASH
    written = signed(_scaled(value, unit), "en", digits=_digits(value, unit))
    return f"{written}{' points' if unit == 'share' else UNITS.get(unit, '')}"


def _estimate(values: tuple[float, float, float], unit: str, digits: int) -> str:
    value, low, high = (_scaled(each, unit) for each in values)
    written = f"{number(value, 'en', digits=digits)}{UNITS.get(unit, '') if isfinite(value) else ''}"
    return written if isnan(low) else f"{written} [{between(low, high, 'en', digits=digits)}]"


def _digits(shift: float, unit: str) -> int:
    """So many decimals that the difference can be seen."""
    size = abs(_scaled(shift, unit))
    return next((digits for digits in range(1, FINEST) if size * 10**digits >= 1), FINEST if 0 < size < inf else 1)


def _moment(moment: Moment) -> str:
    row = moment.found or moment.expected
    assert row is not None
    at, which = f" at {row.site}" if row.site else "", f" {row.round}" if row.round > 1 else ""
    return f"trial {row.trial}{at}: {row.task}{which} {_event(moment)}"


def _event(moment: Moment) -> str:
    """What happened to a task and what was expected, such as 'ended 2026-03-04 16:31, expected 2026-03-02 11:20'."""
    expected, found = moment.expected, moment.found
    if expected is None:
        return f"is new: {_ended(found)}"
    if found is None:
        return f"is not there any more: expected that it {_ended(expected)}"
    if moment.instant not in VERBS:
        return f"ended as {found.outcome} at {found.end}, expected {expected.outcome}"
    verb = VERBS[moment.instant]
    is_at, was_at = (getattr(row, moment.instant) for row in (found, expected))
    return f"{verb} {is_at or 'not by the end'}, expected {was_at or 'not by the end'}"


def _ended(row: Row | None) -> str:
    return f"{VERBS['end']} {row.end}" if row is not None and row.end else "did not end"


def _extents(found: Regression) -> Iterator[str]:
    """Where the change came from, and how far it reaches."""
    versions = "".join(
        f"; {name} {found.expected.versions[name]} -> {found.found.versions[name]}" for name in found.other_versions
    )
    yield f"{found.cause}{versions}"
    if found.cause is Cause.NUMBERS:
        return
    if found.moved_trials:
        labels, first = found.found.labels, found.moved_trials[0]
        named = f", the first is {labels[first]}" if first < len(labels) else ""
        yield (
            f"{number(len(found.moved_trials), 'en', digits=0)} of {number(len(labels), 'en', digits=0)} trials of "
            f"replication 0 differ{named}"
        )
    yield f"{len(found.moved_replications)} of {found.found.replications} replications differ"


def _extent(baseline: Baseline) -> str:
    plural = "" if baseline.replications == 1 else "s"
    return f"{baseline.replications} replication{plural}, seed {baseline.seed}"


def _needs(unsure: list[Equivalence]) -> str:
    needs = [each.needs for each in unsure if each.verdict is Verdict.CANNOT_TELL]
    if None in needs:
        return "no number of replications would tell"
    more = max(each for each in needs if each is not None)
    return f"needs {number(more, 'en', digits=0)} more replication{'' if more == 1 else 's'}"


def _unit_of(found: Regression, key: Written) -> str:
    return {**found.expected.units, **found.found.units}[key]


def _scaled(value: float, unit: str) -> float:
    return 100 * value if unit == "share" else value
