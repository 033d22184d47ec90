"""What the library taught: a Markdown page with the results of every scenario against the one that it changes.

Every number and every sentence is made from the results; a null effect is a result, and is said like the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from sim.analysis.contrasts import Contrast, Verdict, contrasts
from sim.analysis.estimates import Estimate, Key, Measured, indicator_key
from sim.report.answer import last_to_finish, pledged
from sim.report.titles import Titles
from sim.report.words import DASH, between, number, share, signed
from sim.scenario.library import Entry
from sim.scenario.schema import Indicator, Text
from sim.tables import as_markdown

TOTAL = indicator_key("submission_to_fpi", "median")
HEAD = (
    "scenario",
    "changes",
    "ready in time",
    "points",
    "included in time",
    "points",
    "days to ready",
    "days to first patient",
    "last to finish",
)
SAID = {"site_activated": "ready", "first_patient_in": "included"}
"""What is said of trials that have come to an event."""


@dataclass(frozen=True)
class Row:
    """A scenario of the library, its numbers, and what is different from the one that it changes."""

    entry: Entry
    result: Measured
    numbers: Mapping[Key, Estimate]
    before: Mapping[Key, Estimate]  # of the scenario that it changes
    changes: Mapping[Key, Contrast]

    @property
    def promised(self) -> tuple[Indicator, ...]:
        """The indicators of the goal that are told: readiness and inclusion in the French scenarios."""
        return tuple(each for each in pledged(self.result.scenario) if "trial" in each.levels)[:2]


def page(entries: Sequence[Entry], groups: Mapping[str, Text], results: Mapping[str, Measured]) -> str:
    """The page, from the results of every entry by its name."""
    parts = [_introduction(results)]
    for name, title in groups.items():
        rows = [row(each, results) for each in entries if each.group == name]
        parts += [f"## {title.en}\n", _table(rows), "\n".join(f"- {lesson(each)}" for each in rows) + "\n"]
    return "\n".join(parts)


def row(entry: Entry, results: Mapping[str, Measured]) -> Row:
    """An entry with its numbers and its differences."""
    result, base = results[entry.name], results.get(entry.base or "")
    of_result, of_base = (each.summary.estimates if each is not None else {} for each in (result, base))
    found = contrasts(base, result) if base else {}
    return Row(entry, result, of_result, of_base, found)


def lesson(of: Row) -> str:
    """What a scenario teaches, in sentences made of its results."""
    warned = (f"Warning: {concern}." for concern in of.result.concerns)
    said = " ".join((*_promises(of), *_total(of), *_last(of), *warned))
    return f"**{of.entry.title.en}** (`{of.entry.name}`): {of.entry.question.en} {said}"


def _introduction(results: Mapping[str, Measured]) -> str:
    replications = len(next(iter(results.values())).summary.replications)
    return f"""# The library: results

Every scenario of the library on the same {replications} replications, each beside the scenario that it changes (the
file that it `extends`). Regenerate this page with
`trialstart scenarios --results --replications {replications} > docs/library.md`;
all of it, the sentences too, is made from the results.

*Ready in time* and *included in time* are the shares of trials in the scope of the scenario's goal that keep it, at the
first site, days counted by dates; *points* are the paired difference from the scenario that it changes, with its 95 %
interval over replications; *days to first patient* is the change of the median time from submission to first patient.
An interval that holds zero is said to show no difference; with so few replications small effects hide in it. A scenario
is not a forecast.
"""


def _table(rows: Sequence[Row]) -> str:
    return as_markdown([HEAD, *(_cells(each) for each in rows)])


def _cells(of: Row) -> tuple[str, ...]:
    shares = [cell for each in of.promised for cell in _share_cells(of, indicator_key(each.name, "share_within_goal"))]
    shares += [DASH] * (4 - len(shares))
    last, base = _most_binding(of.numbers), f"`{of.entry.base}`" if of.before else DASH
    days = (_days_cell(of.changes.get(key)) for key in (_ready(of), TOTAL))
    return f"`{of.entry.name}`", base, *shares, *days, _named(of, last) if last else DASH


def _days_cell(change: Contrast | None) -> str:
    if change is None or isnan(change.value):
        return DASH
    return f"{signed(change.value, 'en', digits=0)} [{between(change.low, change.high, 'en', digits=0)}]"


def _ready(of: Row) -> Key:
    """The median of the goal's own indicator."""
    return indicator_key(of.promised[0].name if of.promised else "", "median")


def _share_cells(of: Row, key: Key) -> tuple[str, str]:
    change = of.changes.get(key)
    if change is None:
        return share(of.numbers[key].value, "en"), DASH
    points = signed(100 * change.value, "en", digits=_digits(change))
    return share(of.numbers[key].value, "en"), f"{points} [{_points(change)}]"


def _points(change: Contrast) -> str:
    return between(100 * change.low, 100 * change.high, "en", digits=_digits(change))


def _digits(change: Contrast) -> int:
    """Decimals of a difference in points: a small one that is there is not written as 0."""
    return 0 if abs(change.value) >= 0.015 or change.verdict not in (Verdict.GAIN, Verdict.LOSS) else 1


def _promises(of: Row) -> Iterator[str]:
    """What became of readiness and inclusion."""
    for each in of.promised:
        key, what = indicator_key(each.name, "share_within_goal"), SAID.get(each.to, f"at `{each.to}`")
        if (change := of.changes.get(key)) is None:
            yield f"{share(of.numbers[key].value, 'en')} of trials are {what} in time."
        elif change.verdict in (Verdict.GAIN, Verdict.LOSS):
            more = "more" if change.value > 0 else "fewer"
            points = number(100 * abs(change.value), "en", digits=_digits(change))
            yield f"{points} points {more} trials are {what} in time."
        else:
            unseen = f"No difference to see in who is {what} in time ({_points(change)} points): a null effect."
            yield {
                Verdict.IDENTICAL: f"Exactly the same trials are {what} in time: a null effect.",
                Verdict.UNKNOWN: f"Whether more are {what} in time cannot be told.",
            }.get(change.verdict, unseen)


def _total(of: Row) -> Iterator[str]:
    """How many days the median moved, where it did."""
    for key, event in ((_ready(of), "The median trial is ready"), (TOTAL, "The first patient comes")):
        change = of.changes.get(key)
        if change is not None and change.verdict in (Verdict.GAIN, Verdict.LOSS):
            longer = "later" if change.value > 0 else "sooner"
            since = "authorisation" if key != TOTAL else "submission"
            yield f"{event} {number(abs(change.value), 'en', digits=0)} days {longer} after its {since}."


def _last(of: Row) -> Iterator[str]:
    """What finishes last most often, and whether that was so before."""
    last = _most_binding(of.numbers)
    if last is None:
        return
    before = of.before.get(last.key)
    then = f", {share(before.value, 'en')} before" if before is not None and not isnan(before.value) else ""
    yield f"Last to finish most often: {_named(of, last)}{then}."


def _most_binding(numbers: Mapping[Key, Estimate]) -> Estimate | None:
    found = (each for each in last_to_finish(numbers) if not isnan(each.value))
    return max(found, key=lambda each: each.value, default=None)


def _named(of: Row, last: Estimate) -> str:
    return f"{Titles(of.result.scenario, 'en').event(last.key.of)} {share(last.value, 'en')}"
