"""From an event log of any start-up process to a scenario of plain tasks: the modest kind of process discovery.

A log has a row for each activity of each case, with its start and its end, and perhaps when it could begin (`enabled`)
and who did it. One activity waits for another if it never began before that one had ended, in any case that has both;
what follows from other such pairs is left out. Activities that come again in equal numbers are the steps of a round.
What is no part of every case has a share. Who does things is a pool, with as many people as were ever busy at once,
where waiting is waiting for people; where it is not (sittings, opening hours), it belongs to the time that is taken.

What is not found: choices that depend on one another, rules about attributes, and anything that never varied. The
scenario says so at its top, and `Discovered.notes` lists what was assumed and dropped.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

from sim.own.dates import folded
from sim.own.fitting import Fit, fit_times
from sim.own.overlay import WRITTEN
from sim.own.sheets import Sheet, Value, read_sheet, refused
from sim.own.spells import Spell, Times
from sim.own.timed import ROOT
from sim.scenario.language.quantities import DAYS_PER_YEAR, MINUTES_PER_DAY

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "case": ("case", "case id", "case:concept:name", "trial", "essai", "etude", "study"),
    "task": ("task", "activity", "concept:name", "activite", "tache", "event", "jalon"),
    "enabled": ("enabled", "schedule", "ready", "pret"),
    "start": ("start", "start timestamp", "debut", "start time"),
    "end": ("end", "complete", "time:timestamp", "timestamp", "fin", "end time", "completed"),
    "resource": ("resource", "org:resource", "ressource", "pool", "role"),
}
_NEEDED = ("case", "task", "end")
_ALWAYS = 0.995  # of the cases that have both must agree on which came first
_PEOPLE = 0.7  # of waits that began while all were busy make it waiting for people
_SHORT = 0.05  # [d] what is shorter takes no time


@dataclass(frozen=True, slots=True)
class Done:
    """One activity of one case [d since the first of the log]; inf for not yet."""

    enabled: float
    start: float
    end: float
    resource: str


@dataclass(slots=True)
class Discovered:
    """A process: its activities, what each waits for, and how it was found."""

    sha256: str
    origin: datetime  # the first instant of the log
    cases: dict[str, dict[str, list[Done]]]  # by case and activity, in the order of time
    until: float  # [d] the last instant of the log
    waits_for: dict[str, list[str]] = field(default_factory=dict)
    loops: dict[str, list[str]] = field(default_factory=dict)  # by their first activity
    notes: list[str] = field(default_factory=list)

    @property
    def tasks(self) -> list[str]:
        """The activities in the order in which they mostly begin."""
        seen: dict[str, list[float]] = {}
        for case in self.cases.values():
            first = min(each[0].enabled for each in case.values())
            for name, done in case.items():
                seen.setdefault(name, []).append(done[0].enabled - first)
        return sorted(seen, key=lambda name: (median(seen[name]), name))


def discover(path: str | Path) -> Discovered:
    """The process of an event log, a CSV file or a workbook.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or lacks a column for the case, the activity or its end.
    """
    sheet = read_sheet(path)
    found = _read(Path(path), sheet)
    found.loops = _loops(found)
    found.waits_for = _order(found)
    return found


def as_yaml(found: Discovered) -> str:
    """The process as a scenario, with what was assumed and dropped at its top."""
    pools: dict[str, str] = {}
    tasks = [line for name in found.tasks if not _inner(found, name) for line in _task(found, name, pools)]
    days = max(1, math.ceil(found.until))
    rate = len(found.cases) / (days / DAYS_PER_YEAR)
    last = found.tasks[-1]
    head = [
        "# Found in an event log by `trialstart import --discover`; a beginning, to be read and corrected.",
        *(f"# - {note}" for note in (*_ASSUMED, *dict.fromkeys(found.notes))),
        "title: {en: A process found in an event log, fr: Un processus tiré d'un journal d'événements}",
        f"origin: {found.origin.date()}",
        "source: LOG-01",
        f"windows: {{warm_up: 0 d, observation: {days} d, follow_up: {days} d}}",
        f"classes: [{{name: cases, volume: {rate:.4g} /year}}]",
    ]
    people = [f"  {name}: {said}" for name, said in pools.items()]
    hours = {said.split("clock: ")[1].rstrip("}") for said in pools.values() if "clock" in said}
    first = found.tasks[0]
    return "\n".join(
        [
            *head,
            *(["clocks:", *sorted(f"  {name}: {_CLOCK.format(*_opening(name))}" for name in hours)] if hours else []),
            *(["pools:", *people] if people else []),
            "tasks:",
            *tasks,
            f"indicators: [{{name: whole_time, from: {_name(first)}, to: {_name(last)}}}]",
            "",
        ]
    )


def as_register(found: Discovered) -> str:
    """The row of the register that all numbers come from."""
    head = "id,stage,quantity,value,unit,statistic,population,year,source,url,grade,note\n"
    source = f'"own event log, SHA-256 {found.sha256[:16]}"'
    count, year = len(found.cases), found.origin.year
    return f"{head}LOG-01,own,process,{count},qualitative,,n {count},{year},{source},,B,\n"


_ASSUMED = (
    "every case arrives by itself, at random, as often as on average",
    "shares are independent of one another; nothing depends on attributes of a case",
    "rounds are counted, with the shares that were seen",
    "hours and holidays are a part of the times; nothing is known of priorities",
)


def _read(path: Path, sheet: Sheet) -> Discovered:
    places = _places(path, sheet)
    rows = [row for row in sheet.rows[1:] if row[places["case"]] is not None and row[places["task"]] is not None]
    instants = {
        key: [_instant(row[places[key]]) if key in places else None for row in rows]
        for key in ("enabled", "start", "end")
    }
    known = [at for column in instants.values() for at in column if at is not None]
    if not known:
        raise refused(
            path, "must have dates with times of day in its columns, got none", sheet.address(1, places["end"])
        )
    origin = min(known)
    found = Discovered(sheet.sha256, origin, {}, (max(known) - origin).total_seconds() / 86400)
    for row, *at in zip(rows, *instants.values(), strict=True):
        end = _since(origin, at[2])
        start = _since(origin, at[1]) if at[1] is not None else (end if "start" not in places else math.inf)
        enabled = _since(origin, at[0]) if at[0] is not None else start
        if math.isinf(min(enabled, start, end)):
            continue
        resource = str(row[places["resource"]] or "") if "resource" in places else ""
        if _name(str(row[places["task"]])) == ROOT:
            continue  # the arrival of a case is no work of anybody's
        case = found.cases.setdefault(str(row[places["case"]]), {})
        case.setdefault(str(row[places["task"]]), []).append(Done(enabled, start, end, resource))
    for case in found.cases.values():
        for done in case.values():
            done.sort(key=lambda each: (each.start, each.enabled))
    return found


def _places(path: Path, sheet: Sheet) -> dict[str, int]:
    headings = [folded(str(value)) if value is not None else "" for value in sheet.rows[0]] if sheet.rows else []
    first = {key: [headings.index(name) for name in names if name in headings] for key, names in _COLUMNS.items()}
    places = {key: found[0] if found else -1 for key, found in first.items()}
    missing = [key for key in _NEEDED if places[key] < 0]
    if missing:
        known = " or ".join(_COLUMNS[missing[0]][:3])
        raise refused(
            path,
            f"an event log needs a column {known}, got {', '.join(filter(None, headings))[:100]}",
            sheet.address(0, 0),
        )
    return {key: place for key, place in places.items() if place >= 0}


def _instant(value: Value) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    try:
        return datetime.fromisoformat(str(value).replace("Z", "+00:00")).replace(tzinfo=None)
    except ValueError:
        return None


def _since(origin: datetime, at: datetime | None) -> float:
    return math.inf if at is None else round((at - origin).total_seconds() / 60) / MINUTES_PER_DAY


def _loops(found: Discovered) -> dict[str, list[str]]:
    """Activities that come again: those with the same numbers in every case are steps of one round, in their order."""
    counts: dict[str, dict[str, int]] = {}
    for name, case in found.cases.items():
        for task, done in case.items():
            counts.setdefault(task, {})[name] = sum(math.isfinite(each.end) for each in done)
    again = [task for task in found.tasks if max(counts[task].values()) > 1]
    loops: dict[str, list[str]] = {}
    for task in again:
        alike = next((first for first in loops if _same(counts[first], counts[task])), None)
        loops.setdefault(alike or task, []).append(task)
    return loops


def _same(one: Mapping[str, int], two: Mapping[str, int]) -> bool:
    """Whether two activities come equally often, give or take the last round of a case that is not over."""
    both = {*one} | {*two}
    return sum(one.get(case, 0) == two.get(case, 0) for case in both) >= 0.9 * len(both)


def _order(found: Discovered) -> dict[str, list[str]]:
    """What each activity waits for, without what follows from the rest; the steps of a round stand for their round."""
    heads = [name for name in found.tasks if not _inner(found, name)]
    ends = {name: _ends(found, name) for name in heads}
    pairs = {(one, two) for one in heads for two in heads if one != two and _before(found, ends[one], two)}
    place = {name: at for at, name in enumerate(heads)}
    pairs -= {(one, two) for one, two in pairs if (two, one) in pairs and place[one] > place[two]}  # at one instant
    before = {name: [other for other in heads if (other, name) in pairs] for name in heads}
    return {
        name: [other for other in others if not any(other in before[between] for between in others if between != other)]
        for name, others in before.items()
    }


def _inner(found: Discovered, name: str) -> bool:
    """Whether an activity is a later step of a round."""
    return any(name in steps[1:] for steps in found.loops.values())


def _before(found: Discovered, ends: Mapping[str, float], second: str) -> bool:
    """Whether the second never began before the first had ended, and waited for it in some cases to the minute."""
    gaps = [case[second][0].enabled - ends[own] for own, case in found.cases.items() if second in case and own in ends]
    if len(gaps) < 3:
        return False
    return sum(gap >= -1e-6 for gap in gaps) >= _ALWAYS * len(gaps) and _touches(gaps)


def _touches(gaps: Sequence[float]) -> bool:
    """Whether gaps have a smallest value that comes again and again: what waits for something begins when it is there.

    In a log without exact instants nothing touches; then order is all that there is.
    """
    rounded = Counter(round(gap * 24 * 4) for gap in gaps if math.isfinite(gap))
    return not rounded or rounded[min(rounded)] >= 0.02 * len(gaps) or max(rounded.values()) <= 2


def _task(found: Discovered, name: str, pools: dict[str, str]) -> Iterator[str]:
    starts = _starts(found, name)
    given = f"name: {_name(name)}" + (f", starts: [{', '.join(starts)}]" if starts else "")
    if (share := _share(found, name)) < 0.995:
        given += f", share: {100 * share:.3g} %"
    steps = found.loops.get(name)
    if steps is None:
        yield f"  - {{{given}, {_work(found, name, pools)}}}"
        return
    turns = Counter(
        sum(math.isfinite(each.end) for each in case[name]) for case in found.cases.values() if name in case
    )
    turns.pop(0, None)
    given = given.replace(f"name: {_name(name)}", f"name: {_name(name) if len(steps) == 1 else _loop_name(steps)}", 1)
    inside = ", ".join(f"{{name: {_name(step)}, {_work(found, step, pools)}}}" for step in steps)
    if len(steps) == 1:
        yield f"  - {{{given}, rounds: {_shares(turns)}, {_work(found, name, pools)}}}"
    else:
        yield f"  - {{{given}, rounds: {_shares(turns)}, steps: [{inside}]}}"


def _loop_name(steps: Sequence[str]) -> str:
    """What a round is called: by what its steps have in common, else by its first step."""
    return f"{_name(steps[0])}_rounds"


def _shares(turns: Mapping[int, int]) -> str:
    total = sum(turns.values())
    parts = {number: round(1000 * count / total) / 10 for number, count in sorted(turns.items())}
    parts[max(turns, key=lambda number: turns[number])] += 100 - sum(parts.values())
    return "{shares: {" + ", ".join(f"{number}: {part:.4g} %" for number, part in parts.items()) + "}}"


def _share(found: Discovered, name: str) -> float:
    """The share of the cases that came so far which have the activity."""
    waits = found.waits_for.get(name, [])
    could = [case for case in found.cases.values() if all(_over(found, case, other) for other in waits)]
    return sum(name in case for case in could) / max(len(could), 1)


def _over(found: Discovered, case: Mapping[str, list[Done]], name: str) -> bool:
    """Whether an activity of a case is over: done, or not needed although all that it waits for is over."""
    done = [each for step in found.loops.get(name, [name]) for each in case.get(step, ())]
    if done:
        return all(math.isfinite(each.end) for each in done)
    return all(_over(found, case, other) for other in found.waits_for.get(name, []))


def _starts(found: Discovered, name: str) -> list[str]:
    """Start rules, with a lag where nothing else explains when it could begin."""
    waits = found.waits_for.get(name, [])
    ends = {other: _ends(found, other) for other in waits}
    gaps = [
        case[name][0].enabled - max(there)
        for own, case in found.cases.items()
        if name in case and (there := [ends[other][own] for other in waits if own in ends[other]])
    ]
    lag = median(gaps) if gaps else 0.0
    names = [_loop_name(found.loops[other]) if len(found.loops.get(other, ())) > 1 else _name(other) for other in waits]
    return [f"{each} + {lag:.2g} d" for each in names] if lag > 0.2 else names


def _ends(found: Discovered, name: str) -> dict[str, float]:
    """By case, when an activity was over, with all its rounds."""
    steps = found.loops.get(name, [name])
    done = {own: [each.end for step in steps for each in case.get(step, ())] for own, case in found.cases.items()}
    return {own: max(ends) for own, ends in done.items() if ends}


def _work(found: Discovered, name: str, pools: dict[str, str]) -> str:
    """How long it takes and who does it: in open hours of those who do it, where they keep some."""
    rows = [each for case in found.cases.values() for each in case.get(name, ())]
    pool = _pool(found, name, rows)
    hours = _hours(found, pool) if pool else None
    spells = [_spell(found, each, each.start if pool else each.enabled, hours) for each in rows]
    times = Times(name, (), tuple(each for each in spells if each is not None), whole=True)
    said = f"work: {_duration(found, name, fit_times(times, resamples=0, lucky=0), 'wd' if hours else 'd')}"
    if not pool:
        return said
    clock = f", clock: from_{hours[0]}_to_{hours[1]}" if hours else ""
    pools.setdefault(pool, f"{{units: {_busy(found, pool)}{clock}}}")
    return f"{said}, pool: {pool}"


_CLOCK = '{{kind: working, days: [mon, tue, wed, thu, fri], hours: ["{0:02d}:00", "{1:02d}:00"]}}'
_WEEK = 30  # so many starts, all on weekdays, make a working week


def _opening(clock: str) -> tuple[int, int]:
    """The hours in the name of a clock."""
    first, last = map(int, re.findall(r"\d+", clock))
    return first, last


def _hours(found: Discovered, resource: str) -> tuple[int, int] | None:
    """The hours within which all work of a pool begins, if it does so on weekdays alone; None if there are none."""
    at = [found.origin + timedelta(days=start) for start, _ in _spans(found, resource) if math.isfinite(start)]
    if len(at) < _WEEK or any(each.weekday() > 4 for each in at):
        return None
    times = sorted(each.hour + each.minute / 60 for each in at)
    first, last = math.floor(times[0]), math.ceil(times[-1])
    return (first, last) if last - first <= 16 else None


def _open_days(found: Discovered, start: float, end: float, hours: tuple[int, int]) -> float:
    """The working days between two instants [wd], a day being as long as it is open."""
    total = 0.0
    day = (found.origin + timedelta(days=start)).date()
    last = (found.origin + timedelta(days=end)).date()
    while day <= last:
        midnight = (datetime(day.year, day.month, day.day) - found.origin).total_seconds() / 86400
        if day.weekday() < 5:
            total += max(0.0, min(end, midnight + hours[1] / 24) - max(start, midnight + hours[0] / 24))
        day += timedelta(days=1)
    return total / ((hours[1] - hours[0]) / 24)


def _spell(found: Discovered, done: Done, since: float, hours: tuple[int, int] | None) -> Spell | None:
    if math.isinf(since):
        return None
    until = min(done.end, found.until)
    took = until - since if hours is None else _open_days(found, since, until, hours)
    if math.isinf(done.end):
        return Spell(took, math.inf, "open", "", date.min, took)
    half = 0.5 / MINUTES_PER_DAY if took >= _SHORT else _SHORT
    return Spell(max(0.0, took - half) if took >= _SHORT else 0.0, took + half, "done", "", date.min, 1e6)


def _duration(found: Discovered, name: str, fit: Fit, unit: str) -> str:
    done = sorted(each.high for each in fit.times.spells if each.end == "done")
    if not done or done[int(0.95 * (len(done) - 1))] <= 2 * _SHORT:
        return f"exactly 0 {unit}"
    if done[-1] - done[0] < 1e-3:
        return f"exactly {done[0]:.3g} {unit}"
    if not fit.families:
        found.notes.append(f"{name}: only {len(done)} ended; each as likely as the next")
        return "{values: [" + ", ".join(f"{value:.3g} {unit}" for value in done) + "]}"
    best = next((each for each in fit.families if each.family in WRITTEN), fit.best)
    middle = max(best.quantile(0.5), 0.01)
    family = f", family: {best.family}" if best.family in WRITTEN[1:] else ""
    return f"{{median: {middle:.3g} {unit}, p90: {max(best.quantile(0.9), middle * 1.02):.4g} {unit}{family}}}"


def _pool(found: Discovered, name: str, rows: Sequence[Done]) -> str:
    """The pool whose people an activity waits for; "" where it waits for nobody, or for something else."""
    resources = Counter(each.resource for each in rows if each.resource)
    if not resources:
        return ""
    resource = resources.most_common(1)[0][0]
    busy = _busy(found, resource)
    waiting = [each for each in rows if each.start - each.enabled > 1e-6]
    if len(waiting) < 0.02 * len(rows):
        return _name(resource)
    full = sum(
        _at_work(found, resource, (each.enabled + min(each.start, found.until)) / 2) >= 0.5 * busy for each in waiting
    )
    if full >= _PEOPLE * len(waiting):
        return _name(resource)
    found.notes.append(
        f"{name}: waits while {resource} is free (sittings, opening hours): the wait is a part of its time"
    )
    return ""


def _spans(found: Discovered, resource: str) -> list[tuple[float, float]]:
    rows = (each for case in found.cases.values() for done in case.values() for each in done)
    return [(each.start, each.end) for each in rows if each.resource == resource or _name(each.resource) == resource]


def _at_work(found: Discovered, resource: str, at: float) -> int:
    return sum(start <= at < end for start, end in _spans(found, resource))


def _busy(found: Discovered, resource: str) -> int:
    """The most people of a pool that were ever at work at once."""
    steps = sorted(
        (at, change)
        for start, end in _spans(found, resource)
        for at, change in ((start, 1), (end, -1))
        if math.isfinite(at)
    )
    now = most = 0
    for _, change in steps:
        now += change
        most = max(most, now)
    return max(most, 1)


def _name(text: str) -> str:
    """A name as scenarios spell them."""
    plain = re.sub(r"[^a-z0-9]+", "_", folded(text)).strip("_")
    return (plain if re.match(r"[a-z]", plain) else f"t_{plain}")[:60].rstrip("_")
