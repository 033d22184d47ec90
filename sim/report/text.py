"""The report in the terminal: the answer first, in brief, then what differs, where the days go, and how to read it.

`report` gives what a rich console prints, `text` the same as plain text of a given width. Scenarios stand side by
side, three to a table, so that 80 columns are enough.

`listing` is the library for people to read: the list of its scenarios; `numbers_text` the numbers of a scenario and
where they come from. Times stand in the unit that shows them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING

from sim.analysis.contrasts import Contrast, contrasts
from sim.analysis.estimates import FEWEST, Estimate, Key, Kind, Load, Measured, indicator_key
from sim.analysis.indicators import SHARE
from sim.report.answer import (
    OVERHANG,
    WASTED,
    WASTED_SETUP,
    Shown,
    answer,
    more_people,
    noteworthy,
    pledged,
    read_otherwise,
    reading,
    shown,
)
from sim.report.changes import changes
from sim.report.console import WIDTH, bare_table, plain, section, wrapped
from sim.report.titles import Titles
from sim.report.unsure import unknown_cell, unsure_in_brief, unsure_parts
from sim.report.words import (
    DASH,
    DAYS,
    Language,
    Unit,
    between,
    goal_days,
    grade_letter,
    number,
    say,
    share,
    share_between,
    signed,
    unit_for,
    verdict_title,
)
from sim.scenario.differences import promise
from sim.scenario.evidence import Number, shares
from sim.scenario.library import Entry
from sim.scenario.schema import Scenario, Text
from sim.tables import as_text
from sim.uncertainty.unsure import Unsure

if TYPE_CHECKING:
    from rich.console import Group, RenderableType

SIDE_BY_SIDE = 3
"""Scenarios in one table."""


def report(
    results: Sequence[Measured],
    *,
    language: Language = "en",
    evidence: Mapping[str, float] | None = None,
    unsure: Unsure | None = None,
    width: int = WIDTH,
) -> Group:
    """The report of one result, or of several of which the first is the reference.

    Parameters
    ----------
    evidence : share of the scenario's numbers by grade, such as {"A": 0.2, "assumption": 0.8}.
    unsure : how sure it is over what nobody knows, if that was looked at.
    width : columns of the sentences; tables fit themselves to the console.
    """
    from rich.console import Group

    seen = [shown(result, language) for result in results]
    parts = (
        in_brief := [*_brief(seen, unsure, width)],
        _answers(seen, width, read_already=bool(in_brief)),
        _differences(seen, width),
        _medians(seen),
        _spent(seen),
        _pools(seen),
        section(say("Reading", language), wrapped(reading(seen, evidence), width)),
        unsure_parts(unsure, _scenarios(seen), language, width) if unsure is not None else (),
    )
    return Group(*(line for part in parts for line in part))


def brief(
    results: Sequence[Measured], *, language: Language = "en", unsure: Unsure | None = None, width: int = WIDTH
) -> Group | None:
    """What fits on one screen: the first section of the report, and what nobody may miss who reads only that.

    None for what has no goal, or one scenario alone.
    """
    from rich.console import Group

    seen = [shown(result, language) for result in results]
    lines = [*_brief(seen, unsure, width)]
    notes = (say("brief_of", language, scenario=it.title, what=what) for it in seen for what in noteworthy(it))
    return Group(*lines, *wrapped(notes, width)) if lines else None


def text(
    results: Sequence[Measured],
    *,
    language: Language = "en",
    evidence: Mapping[str, float] | None = None,
    unsure: Unsure | None = None,
    width: int = WIDTH,
) -> str:
    """`report` as plain text, `width` columns wide."""
    return plain([report(results, language=language, evidence=evidence, unsure=unsure, width=width)], width)


def _brief(seen: Sequence[Shown], unsure: Unsure | None, width: int) -> Iterator[RenderableType]:
    """Scenarios with one promise side by side: each share, what nobody knows of the first, and how it differs."""
    reference, language = seen[0], seen[0].language
    goal, shares_ = reference.result.scenario.goal, [*_shares(reference, levels=("trial",))]
    same = all(promise(it.result.scenario) == promise(reference.result.scenario) for it in seen)
    if goal is None or len(seen) < 2 or not shares_ or not same:
        return
    (label, first), *others = shares_
    unknown = [say("unsure_unknown", language)] if unsure is not None else []
    table = bare_table("", [label, *unknown, say("brief_difference", language), *(label for label, _ in others)])
    for it in seen:
        table.add_row(
            it.title,
            share_cell(it.numbers.get(first), language),
            *([unknown_cell(unsure, it.result.name, first.of, language)] if unsure is not None else []),
            DASH if it is reference else _points_cell(contrasts(reference.result, it.result).get(first), language),
            *(share_cell(it.numbers.get(key), language) for _, key in others),
        )
    said = {
        "goal": goal_days(goal, language),
        "since": reference.titles.since(goal.from_),
        "reference": reference.title,
    }
    sentences = [say("brief_shares", language, **said), *read_otherwise(reference, seen)]
    if unsure is not None:
        sentences += unsure_in_brief(unsure, _scenarios(seen), language)
    yield from section(say("Brief", language), [table, *wrapped(sentences, width)])


def _scenarios(seen: Sequence[Shown]) -> Mapping[str, Scenario]:
    return {it.result.name: it.result.scenario for it in seen}


def _points_cell(found: Contrast | None, language: Language) -> str:
    """By how many points a share is above that of the reference, with its interval."""
    if found is None or isnan(found.value):
        return DASH
    value, low, high = (100 * each for each in (found.value, found.low, found.high))
    return f"{signed(value, language, digits=0)} [{between(low, high, language, digits=0)}]"


def _answers(seen: Sequence[Shown], width: int, *, read_already: bool) -> Iterator[RenderableType]:
    from rich.text import Text

    yield from section(say("Answer", seen[0].language))
    for it in seen:
        yield Text(it.title, style="bold cyan")
        if it is not seen[0]:
            yield from wrapped(changes(seen[0].result.scenario, it.result.scenario, it.language), width)
        if it is not seen[0] or not read_already:
            yield from wrapped(read_otherwise(it, seen), width)
        yield from wrapped(answer(it), width)
        yield Text("")


def _differences(seen: Sequence[Shown], width: int) -> Iterator[RenderableType]:
    reference = seen[0]
    for it in seen[1:]:
        language = it.language
        heading = say("Differences", language, title=it.title, reference=reference.title)
        table = bare_table(say("number", language), (say("difference", language), say("interval", language)))
        table.add_column(say("verdict", language))
        found = contrasts(reference.result, it.result)
        for label, key in compared(it, reference):
            table.add_row(label, *difference_cells(found[key], language, shown_unit(it, reference, key)))
        people = more_people(reference, it)
        yield from section(heading, [table, *(wrapped([people], width) if people else ())])


def compared(it: Shown, reference: Shown) -> Iterator[tuple[str, Key]]:
    """The numbers whose differences are shown, of those that both have; a time has its unit in its label.

    Shares that keep a promise are no such number where another one was made.
    """
    same = promise(it.result.scenario) == promise(reference.result.scenario)
    lost = ((say("wasted_title", it.language), WASTED), (say("wasted_setup_title", it.language), WASTED_SETUP))
    named = [*(_shares(it) if same else ()), *_times(it, reference), *lost]
    return ((label, key) for label, key in named if _told(it, key) and _told(reference, key))


def _told(it: Shown, key: Key) -> bool:
    return key in it.numbers and not isnan(it.numbers[key].value)


def _times(it: Shown, reference: Shown) -> Iterator[tuple[str, Key]]:
    for indicator in it.result.scenario.indicators:
        if "trial" in indicator.levels:
            statistic = OVERHANG.statistic if indicator.name == OVERHANG.of else "median"
            key = indicator_key(indicator.name, statistic)
            unit = shown_unit(it, reference, key).short(it.language)
            what = it.titles.indicator(indicator.name)
            yield say(f"{statistic}_of", it.language, what=what, unit=unit), key


def shown_unit(it: Shown, reference: Shown, key: Key) -> Unit:
    """The unit in which a time of two scenarios shows; days for what is none."""
    values = [each.numbers[key].value for each in (it, reference) if key in each.numbers]
    return unit_for(values) if key.kind is Kind.INDICATOR and key.statistic != SHARE else DAYS


def _shares(it: Shown, levels: Collection[str] = ("trial", "site")) -> Iterator[tuple[str, Key]]:
    """The shares within the goal, at each level."""
    for indicator in pledged(it.result.scenario):
        for level in (each for each in indicator.levels if each in levels):
            label = say(f"share_of_{level}s", it.language, reached=it.titles.reached(indicator.to))
            yield label, indicator_key(indicator.name, "share_within_goal", level)


def difference_cells(contrast: Contrast, language: Language, unit: Unit = DAYS) -> tuple[str, str, str]:
    """A difference, its interval and its verdict in words; shares in points."""
    verdict = verdict_title(contrast.verdict, language)
    if contrast.unit != "share":
        value, low, high = (unit.of_day * each for each in (contrast.value, contrast.low, contrast.high))
        return signed(value, language), between(low, high, language), verdict
    points = say("points", language, n=signed(100 * contrast.value, language))
    return points, between(100 * contrast.low, 100 * contrast.high, language), verdict


def _medians(seen: Sequence[Shown]) -> Iterator[RenderableType]:
    language, scenario = seen[0].language, seen[0].result.scenario
    medians = [each.value for it in seen for key, each in it.numbers.items() if key.statistic == "median"]
    unit = unit_for(medians)
    for few in _batches(seen):
        table = bare_table("", [it.title for it in few])
        for label, key in _shares(seen[0]):
            table.add_row(label, *(share_cell(it.numbers.get(key), it.language) for it in few))
        for indicator in scenario.indicators:
            level = indicator.levels[0]
            name = seen[0].titles.indicator(indicator.name)
            table.add_row(name, *(_median_cell(it, indicator.name, level, unit) for it in few))
            for percentile in indicator.statistics:
                label = say("percentile", language, n=number(float(percentile[1:]), language, digits=0))
                key = indicator_key(indicator.name, percentile, level)
                table.add_row(f"  {label}", *(time_cell(it.numbers.get(key), unit, language) for it in few))
        if scenario.indicators:
            yield from section(say("Medians", language, unit=unit.long(language)), [table])


def share_cell(found: Estimate | None, language: Language) -> str:
    """A share with its interval; a dash where there is none, or too few trials to say."""
    if found is None or isnan(found.value) or found.trials < FEWEST:
        return DASH
    return f"{share(found.value, language)} [{share_between(found.low, found.high, language)}]"


def time_cell(found: Estimate | None, unit: Unit, language: Language) -> str:
    """A time with its interval, in a unit."""
    if found is None or isnan(found.value):
        return DASH
    value, low, high = (unit.of_day * each for each in (found.value, found.low, found.high))
    return f"{number(value, language)} [{between(low, high, language, digits=0 if unit.of_day == 1 else 1)}]"


def _median_cell(it: Shown, name: str, level: str, unit: Unit) -> str:
    median, q1, q3 = (it.numbers.get(indicator_key(name, statistic, level)) for statistic in ("median", "q1", "q3"))
    if median is None or q1 is None or q3 is None or isnan(median.value):
        return DASH
    quartiles = between(unit.of_day * q1.value, unit.of_day * q3.value, it.language, digits=0)
    return f"{number(unit.of_day * median.value, it.language)} [{quartiles}]"


def _spent(seen: Sequence[Shown]) -> Iterator[RenderableType]:
    language, goal = seen[0].language, seen[0].result.scenario.goal
    if goal is None:
        return
    titles = seen[0].titles
    heading = say("Days", language, since=titles.event(goal.from_), to=titles.event(goal.to))
    for few in _batches(seen):
        table = bare_table(say("stage", language), [it.title for it in few])
        by_stage = [spent_by_stage(it) for it in few]
        stages = dict.fromkeys(stage for days in by_stage for stage in days)
        for stage in stages:
            cells = [days.get(stage, (0.0, 0.0)) for days in by_stage]
            table.add_row(titles.stage(stage), *(_days_cell(*cell, language) for cell in cells))
        yield from section(heading, [table])


def spent_by_stage(it: Shown) -> dict[str, tuple[float, float]]:
    """Mean days [d] of each stage that has any, and how many of them are waiting."""
    spent: dict[str, tuple[float, float]] = {}
    for task, stage in it.result.summary.stages.items():
        kinds = [it.numbers[Key(Kind.SPENT, task, "trial", kind)].value for kind in ("lag", "wait", "work")]
        if sum(kinds) > 0:
            total, waiting = spent.get(stage, (0.0, 0.0))
            spent[stage] = total + sum(kinds), waiting + kinds[1]
    return spent


def _days_cell(total: float, waiting: float, language: Language) -> str:
    return f"{number(total, language)} ({number(waiting, language)})"


def _pools(seen: Sequence[Shown]) -> Iterator[RenderableType]:
    for it in seen:
        language, loads = it.language, it.result.summary.loads
        unit = unit_for([each.value for key, each in it.numbers.items() if key.kind is Kind.WAIT])
        named = ("mean_wait", "p90_wait", "utilisation", "backlog")
        columns = [say(name, language, unit=unit.short(language)) for name in named]
        table = bare_table(say("pool", language), columns)
        table.add_column(say("busiest", language), no_wrap=True)
        for load in loads:
            cells = (_pool_cell(it.numbers[key], unit, language) for key in _of_pool(load.kind))
            table.add_row(it.titles.pool(load.kind), *cells, _busiest(load, it.titles))
        if loads:
            yield from section(say("People", language, scenario=it.title), [table])


def _of_pool(kind: str) -> tuple[Key, ...]:
    named = ((Kind.WAIT, "mean"), (Kind.WAIT, "p90"), (Kind.USE, "share"), (Kind.BACKLOG, "mean"))
    return tuple(Key(what, kind, "pool", statistic) for what, statistic in named)


def _busiest(load: Load, titles: Titles) -> str:
    """The pool that is most often used most, with its mean use then; nothing if it is the only one."""
    return f"{titles.site(load.busiest)}, {share(load.busiest_utilisation, titles.language)}" if load.busiest else ""


def _pool_cell(estimate: Estimate, unit: Unit, language: Language) -> str:
    if estimate.unit == "share" and not isnan(estimate.value):
        return share(estimate.value, language)
    return number(estimate.value * (unit.of_day if estimate.unit == "days" else 1), language)


def _batches(seen: Sequence[Shown]) -> Iterator[Sequence[Shown]]:
    return (seen[start : start + SIDE_BY_SIDE] for start in range(0, len(seen), SIDE_BY_SIDE))


LISTED = 100
"""Columns of the list of scenarios."""


def listing(entries: Sequence[Entry], groups: Mapping[str, Text], language: Language) -> str:
    """Every scenario by group: its name, its title and its question, in one language."""
    return "\n".join(
        "\n".join(_group(title, [each for each in entries if each.group == name], language)) + "\n"
        for name, title in groups.items()
    )


def _group(title: Text, entries: Sequence[Entry], language: Language) -> Iterator[str]:
    yield getattr(title, language)
    for each in entries:
        yield f"  {each.name}: {getattr(each.title, language)}"
        yield textwrap.fill(
            getattr(each.question, language),
            LISTED,
            initial_indent="    ",
            subsequent_indent="    ",
            break_on_hyphens=False,
        )


def numbers_text(found: Sequence[Number], language: Language) -> str:
    """The numbers of a scenario and where they come from, with the share of each grade below."""
    rows = [tuple(say(f"evidence_{column}", language) for column in ("grade", "number", "value", "source"))]
    rows += [
        (grade_letter(each.grade or "none", language), each.path, each.text, _sources(each, language)) for each in found
    ]
    graded = ", ".join(
        f"{grade_letter(grade, language)} {share(part, language)}" for grade, part in shares(found).items()
    )
    told = say("evidence_numbers", language, n=number(len(found), language, digits=0), grades=graded)
    return f"{as_text(rows)}\n{told}\n"


def _sources(number: Number, language: Language) -> str:
    assumed = [say("assumed", language, range=number.assumption)] if number.assumption is not None else []
    return ", ".join([*number.sources, *assumed])
