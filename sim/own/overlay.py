"""From a tracker to a scenario: what is put in place of the times that the tracker knows.

A task of the scenario is fitted if the tracker has its milestone and what it waits for (`sim.own.timed`). What the
tracker does not see in between belongs to the time that is fitted. Since what is timed includes waiting for people, a
fitted task no longer takes them. An `Overlay` is what was found, as a scenario that `extends` the other one, with a
register of its own beside it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.own.counts import Counted, counted, share_interval
from sim.own.fitting import LUCKY, RESAMPLES, Fit, fit_times, standard_error
from sim.own.reading import Tracker
from sim.own.spells import Times
from sim.own.timed import Path_, Timed, Whole, timed_tasks
from sim.own.words import COUNTED, Language, count, number, say, share
from sim.scenario.loading import load
from sim.scenario.lowering import tasks_of
from sim.scenario.schema import Scenario, Step
from sim.tables import Line

COLUMNS = (
    *("id", "stage", "quantity", "value", "unit", "statistic", "population", "year", "source", "url", "grade", "note"),
    *("low", "high"),
)
"""Of the register beside the scenario: as of the shipped one, and the ends of the interval of 90 %."""
WRITTEN = ("lognormal", "gamma", "weibull")
"""Families that two quantiles give in a scenario."""
_OWN = (", from its own data", ", sur ses propres données")


@dataclass(frozen=True, slots=True)
class FittedTask:
    """A task of the scenario with what was found about its time."""

    name: str
    path: Path_ | None  # where its step is written; None where it is not fitted
    starts: tuple[str, ...] | None  # its new start rules; None where the scenario's own stay
    fit: Fit | None
    why: str = ""
    whole: Whole | None = None  # what else it changes, if several tasks come together in it


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a tracker says about a scenario."""

    tracker: Tracker
    extends: str
    scenario: Scenario
    tasks: tuple[FittedTask, ...]
    counted: tuple[Counted, ...]

    @property
    def fits(self) -> Mapping[str, Fit]:
        """What was fitted, by task."""
        return {each.name: each.fit for each in self.tasks if each.fit is not None and each.fit.why is None}


def fit_tracker(
    tracker: Tracker, base: str | Path, *, seed: int = 1, resamples: int = RESAMPLES, lucky: int = LUCKY
) -> Overlay:
    """Everything in a scenario that a tracker knows.

    Parameters
    ----------
    tracker
        What `read_tracker` gave.
    base
        The scenario to be fitted: a file, or the name of a shipped one.
    seed, resamples, lucky
        The luck and the number of resamples of the intervals, and of the goodness of fit.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read.
    """
    scenario = load(base)
    fit = partial(fit_times, seed=seed, resamples=resamples, lucky=lucky)
    tasks = tuple(_fitted_task(tracker, scenario, timed, fit) for timed in timed_tasks(tracker, scenario))
    return Overlay(tracker, str(base), scenario, tasks, tuple(counted(tracker, scenario)))


def _fitted_task(tracker: Tracker, scenario: Scenario, timed: Timed, fit: Any) -> FittedTask:
    name = timed.name
    if timed.why or timed.task is None:
        return FittedTask(name, None, None, None, timed.why)
    path = timed.whole.step if timed.whole is not None else _where(scenario, timed.task.step)
    found: Fit = fit(timed.times(tracker))
    return FittedTask(name, path if found.why is None else None, timed.starts, found, whole=timed.whole)


def _where(scenario: Scenario, step: Step) -> Path_ | None:
    """Where a step is written in its scenario: the record whose work is the very same object."""
    return next((path for path, record in _steps(scenario, ()) if record.work is step.work), None)


def _steps(record: Any, path: Path_) -> Iterator[tuple[Path_, Step]]:
    if isinstance(record, Step):
        yield path, record
    if isinstance(record, BaseModel):
        for name, info in type(record).model_fields.items():
            yield from _steps(getattr(record, name), (*path, info.alias or name))
    elif isinstance(record, tuple):
        for index, each in enumerate(record):
            yield from _steps(each, (*path, getattr(each, "name", index)))


def as_yaml(overlay: Overlay, folder: Path | None = None) -> str:
    """The overlay as a scenario file, short enough to be read; in `folder` it finds its base from there."""
    tree: dict[Any, Any] = {}
    rows = list(_rows(overlay))
    for path, entry, _ in rows:
        _put(tree, path, entry)
    for path, of in _parts(overlay):
        _put(tree, path, {"share": "0 %", "assumption": {"range": "fixed", "why": f"a part of the time of {of}"}})
    for whole in (each.whole for each in overlay.tasks if each.path is not None and each.whole is not None):
        _put(tree, whole.starts, {"starts": whole.since})
        for path in whole.without:
            _put(tree, path[:-1], {path[-1]: None})
    title = overlay.scenario.title
    head = [
        "# Fitted to a tracker by `trialstart fit`: every number names its row of evidence.csv beside this file.",
        f"# Tracker SHA-256 {overlay.tracker.sha256[:16]}, as of {overlay.tracker.extracted_on}.",
        f"title: {{en: {_text(title.en + _OWN[0])}, fr: {_text(title.fr + _OWN[1])}}}",
        f"extends: {_text(_named(overlay.extends, folder or Path()))}",
    ]
    return "\n".join([*head, *_blocks(tree, 0)]) + "\n"


def _parts(overlay: Overlay) -> Iterator[tuple[Path_, str]]:
    """What is a part of a fitted time, and needs nobody any more; each with the task that has that time."""
    yield from ((("tasks", name), of) for name, of in _swallowed(overlay).items())
    for each in overlay.tasks:
        if each.path is not None and each.whole is not None:
            yield from ((path, each.name) for path in each.whole.parts)


def _swallowed(overlay: Overlay) -> dict[str, str]:
    """Plain tasks that a fitted time has taken in, and that nothing waits for any more; each with that time's task."""
    new = {each.name: each.starts for each in overlay.tasks if each.path is not None and each.starts is not None}
    tasks = {task.name: task for task in tasks_of(overlay.scenario)}
    goal = overlay.scenario.goal
    kept = {*overlay.tracker.milestones, *((goal.from_, goal.to, *goal.prerequisites) if goal is not None else ())}
    kept |= {event for each in overlay.scenario.indicators for event in (each.from_, each.to, *each.less)}
    found: dict[str, str] = {}
    for written in reversed(overlay.scenario.tasks):  # what comes last first: a chain goes from its end
        waiting = [task for task in tasks.values() if any(rule.event == written.name for rule in task.starts)]
        owners = [task.name if task.name in new else found.get(task.name) for task in waiting]
        waits = [task.name for task in waiting if written.name in new.get(task.name, (written.name,))]
        if written.name not in kept and owners and all(owners) and not [name for name in waits if name not in found]:
            found[written.name] = str(owners[0])
    return found


def as_register(overlay: Overlay) -> str:
    """The register of the overlay: a row for each number, with n, what is open, the period and the interval."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(number_lines(overlay))
    return text.getvalue()


def number_lines(overlay: Overlay) -> list[Line]:
    """The rows of the register."""
    return [dict(row) for _, _, row in _rows(overlay)]


def write(overlay: Overlay, folder: Path) -> Path:
    """Write `fitted.yaml` and its register into a folder, and give the first. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evidence.csv").write_text(as_register(overlay), encoding="utf-8", newline="\n")
    (folder / "fitted.yaml").write_text(as_yaml(overlay, folder), encoding="utf-8", newline="\n")
    return folder / "fitted.yaml"


def _named(base: str, folder: Path) -> str:
    """How a scenario in `folder` names its base: a shipped one by name, another by its path from there."""
    return os.path.relpath(base, folder) if os.path.isfile(base) else base


def _rows(overlay: Overlay) -> Iterator[tuple[Path_, dict[str, Any], dict[str, str]]]:
    """What is set, where, and its row of the register."""
    for order, (path, entry, row) in enumerate(_unnumbered(overlay), start=1):
        key = f"OWN-{order:02d}"
        told = {**entry, "work": _sourced(entry["work"], key)} if "work" in entry else _sourced(entry, key)
        yield path, told, {**row, "id": key}


def _sourced(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What is set with its source, and how sure it is after that."""
    said = ("sampling", "assumption")
    plain = {name: value for name, value in entry.items() if name not in said}
    return {**plain, "source": key, **{name: entry[name] for name in said if name in entry}}


def _unnumbered(overlay: Overlay) -> Iterator[tuple[Path_, dict[str, Any], dict[str, str]]]:
    for each in overlay.tasks:
        if each.path is not None and each.fit is not None:
            yield each.path, *_task_entry(overlay, each, each.fit)
            yield from _share_entry(overlay, each, each.fit)
    for one in overlay.counted:
        row = _row(
            overlay,
            quantity=one.quantity,
            value=one.value,
            unit=one.unit,
            statistic="estimate, 90 % interval",
            population=f"n {one.n}",
            year=str(overlay.tracker.extracted_on.year),
            grade=one.grade,
            note=one.note,
            low=one.low,
            high=one.high,
        )
        yield one.path, dict(one.entry), row


def _row(overlay: Overlay, **said: str) -> dict[str, str]:
    source = f"own tracker, SHA-256 {overlay.tracker.sha256[:16]}, as of {overlay.tracker.extracted_on}"
    return {**dict.fromkeys(COLUMNS, ""), "stage": "own", "source": source, **said}


def _task_entry(overlay: Overlay, each: FittedTask, fit: Fit) -> tuple[dict[str, Any], dict[str, str]]:
    work, note = _work(fit)
    entry: dict[str, Any] = {"work": {**work, **_sure(fit)}}
    step = next(step for path, step in _steps(overlay.scenario, ()) if path == each.path)
    entry |= {taken: None for taken in ("pool", "clock", "limit") if getattr(step, taken) is not None}
    entry |= {"variants": []} if step.variants else {}
    if each.starts is not None and each.whole is None:
        entry["starts"] = list(each.starts)
    row = _row(
        overlay,
        quantity=f"{' and '.join(fit.times.begins)} to {each.name}",
        value=_days(fit.quartiles[1] if fit.quartiles else fit.quantile(0.5)),
        unit="days",
        statistic="median, 90 % interval",
        population=_population(fit.times),
        year=_period(fit.times),
        grade=fit.grade,
        note=note,
        low=_days(fit.median.low) if fit.median else "",
        high=_days(fit.median.high) if fit.median else "",
    )
    return entry, row


def _share_entry(
    overlay: Overlay, each: FittedTask, fit: Fit
) -> Iterator[tuple[Path_, dict[str, Any], dict[str, str]]]:
    """The share of those that came so far which need the task, and some time for it; nothing if all do."""
    n = len(fit.times.spells) + fit.times.not_needed
    yes = round(len(fit.times.spells) * (1 - fit.zero if fit.zero < 1 else 1))
    if each.path is not None and yes < n:
        low, value, high = share_interval(yes, n)
        row = _row(
            overlay,
            quantity=f"share that needs {each.name}, and time for it",
            value=value,
            unit="%",
            statistic="share, 90 % interval",
            population=f"n {n}",
            year=_period(fit.times),
            grade=fit.grade,
            low=low,
            high=high,
        )
        yield each.path, {"share": f"{value} %", "sampling": {"size": n}}, row


def _work(fit: Fit) -> tuple[dict[str, str], str]:
    """The time as a scenario writes it, and what was left out in writing it so."""
    if fit.zero == 1.0:
        return {"exactly": "0 d"}, "nearly all on the same day"
    if fit.quartiles is not None:
        q1, median, q3 = fit.quartiles
        return {"q1": f"{_days(q1)} d", "median": f"{_days(median)} d", "q3": f"{_days(q3)} d"}, "quartiles only"
    rest = (0.5, 0.9)
    family = next((each for each, _ in fit.used if each.family in WRITTEN), None)
    name = family.family if family is not None else "lognormal"
    median, p90 = (sum(weight * each.quantile(p) for each, weight in fit.used) for p in rest)
    others = ", ".join(
        f"{each.family} {weight:.2f}" for each, weight in zip(fit.families, fit.weights, strict=True) if weight >= 0.01
    )
    zero = f"; {100 * fit.zero:.0f} % take no time" if fit.zero else ""
    work = {"median": f"{_days(median)} d", "p90": f"{_days(max(p90, median * 1.01))} d"}
    return ({**work, "family": name} if name != "lognormal" else work), f"AICc weights: {others}{zero}"


def _sure(fit: Fit) -> dict[str, Any]:
    """How sure the median is: its standard error, or its interval where some errors below it there is nothing left.

    The interval of a time that is fitted in two parts is that of the whole; of the rest alone it says nothing.
    """
    if fit.median is None or fit.zero:
        return {}
    error = standard_error(fit.median)
    if 3 * error < fit.median.value:
        return {"sampling": {"error": f"{_days(error)} d"}}
    ends = [f"{_days(each)} d" for each in (fit.median.low, fit.median.high)]
    return {"assumption": {"range": ends, "why": "the interval of 90 % of the fit"}}


def _days(value: float) -> str:
    return f"{max(value, 0.05):.1f}" if value >= 10 else f"{max(value, 0.05):.2f}"


def _population(seen: Times) -> str:
    return f"n {len(seen.spells)}, {seen.count('open')} censored, {seen.count('cancelled')} given up"


def _period(seen: Times) -> str:
    years = [spell.begun.year for spell in seen.spells]
    return f"{min(years)}-{max(years)}"


def _put(tree: dict[Any, Any], path: Path_, entry: Mapping[str, Any]) -> None:
    """Put an entry at a path; the items of `tasks` and `classes` go by name."""
    here = tree
    for part in path:
        here = here.setdefault(part, {})
    here.update(entry)


def _blocks(tree: Mapping[Any, Any], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for key, value in tree.items():
        if key in ("tasks", "classes") and depth == 0:
            yield f"{key}:"
            yield from (f"  - {_flow({'name': name, **entry})}" for name, entry in value.items())
        elif (
            isinstance(value, Mapping)
            and any(isinstance(each, Mapping) for each in value.values())
            and "work" not in value
        ):
            yield f"{pad}{key}:"
            yield from _blocks(value, depth + 1)
        else:
            yield f"{pad}{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return "null" if value is None else str(value)


def _text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def report(overlay: Overlay, language: Language = "en", *, name_centres: bool = False) -> str:
    """What was fitted and what was not, in words."""
    return "\n".join(_lines(overlay, language, name_centres)) + "\n"


def _lines(overlay: Overlay, lang: Language, name_centres: bool) -> Iterator[str]:
    yield say("fit_title", lang)
    for each in overlay.tasks:
        yield ""
        if each.fit is None or each.fit.why is not None:
            why, values = (each.why, {}) if each.fit is None else each.fit.why or ("", {})
            yield say("fit_refused", lang, task=each.name, why=say(why, lang, **values))
        else:
            yield from _fit_lines(each.name, each.fit, lang, name_centres)
    for one in overlay.counted:
        yield ""
        what = COUNTED.get(one.quantity, one.quantity) if lang == "fr" else one.quantity
        values = {name: str(getattr(one, name)) for name in ("value", "low", "high", "n")}
        yield say("count_line", lang, what=what, **values)


def _fit_lines(name: str, fit: Fit, lang: Language, name_centres: bool) -> Iterator[str]:
    seen = fit.times
    begun = [spell.begun for spell in seen.spells]
    yield say(
        "fit_line",
        lang,
        task=name,
        begin=", ".join(seen.begins),
        n=count(len(seen.spells), lang),
        open=count(seen.count("open"), lang),
        cancelled=count(seen.count("cancelled"), lang),
        begun=min(begun).isoformat(),
        ended=max(begun).isoformat(),
    )
    if seen.passed:
        yield say("fit_passed", lang, n=count(seen.passed, lang))
    if seen.ahead:
        yield say("fit_ahead", lang, n=count(seen.ahead, lang), begin=", ".join(seen.begins))
    if seen.negative or seen.unknown:
        yield say("fit_aside", lang, negative=count(seen.negative, lang), unknown=count(seen.unknown, lang))
    if fit.quartiles is not None:
        yield say("fit_few", lang, few="20")
        return
    if fit.zero:
        yield say("fit_zero", lang, share=share(fit.zero, lang))
    if not fit.families:
        return
    yield from _quantile_lines(fit, lang)
    shown = ", ".join(
        f"{say(f'family_{each.family}', lang)} {number(weight, lang, digits=2)}"
        for each, weight in zip(fit.families, fit.weights, strict=True)
    )
    yield say("fit_families", lang, weights=shown)
    if fit.close:
        yield say("fit_close", lang)
    if fit.goodness is not None:
        poor = say("fit_poor", lang) if fit.goodness.p < 0.05 else ""
        yield say(
            "fit_gof",
            lang,
            p=number(fit.goodness.p, lang, digits=2),
            n=count(fit.goodness.resamples, lang),
            verdict=poor,
        )
    if fit.centres:
        yield say("fit_centres", lang, centres=_centres(fit, lang, name_centres))


def _quantile_lines(fit: Fit, lang: Language) -> Iterator[str]:
    assert fit.median is not None and fit.p90 is not None  # where there are families
    values = [fit.median.value, fit.median.low, fit.median.high, fit.p90.value, fit.p90.low, fit.p90.high]
    keys = ("median", "low", "high", "p90", "p90_low", "p90_high")
    yield say("fit_median", lang, **{key: number(value, lang) for key, value in zip(keys, values, strict=True)})


def _centres(fit: Fit, lang: Language, named: bool) -> str:
    order: Sequence[Any] = sorted(fit.centres, key=lambda each: each.shrunk)
    return "; ".join(
        f"{each.name if named else place} {number(each.raw, lang)} > {number(each.shrunk, lang)} (n {each.trials})"
        for place, each in enumerate(order, start=1)
    )
