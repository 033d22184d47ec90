"""The report in the terminal: the answer first, then what differs, where the days go, and how to read it.

`report` gives what a rich console prints, `text` the same as plain text of a given width. Scenarios stand side by
side, three to a table, so that 80 columns are enough.

`listing` is the library for people to read: the list of its scenarios; `numbers_text` the numbers of a scenario and
where they come from. Times stand in the unit that shows them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    pledged,
    read_otherwise,
    reading,
    shown,
)
from sim.report.changes import changes
from sim.report.titles import Titles
from sim.report.words import (
    DASH,
    DAYS,
    Language,
    Unit,
    between,
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
from sim.scenario.schema import Text
from sim.tables import as_text

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table

SIDE_BY_SIDE = 3
"""Scenarios in one table."""

HEADER = 16
"""The width at which the head of a column of numbers is wrapped."""


def report(
    results: Sequence[Measured],
    *,
    language: Language = "en",
    evidence: Mapping[str, float] | None = None,
    width: int = 80,
) -> Group:
    """The report of one result, or of several of which the first is the reference.

    Parameters
    ----------
    evidence : share of the scenario's numbers by grade, such as {"A": 0.2, "assumption": 0.8}.
    width : columns of the sentences; tables fit themselves to the console.
    """
    from rich.console import Group

    seen = [shown(result, language) for result in results]
    parts = (
        _answers(seen, width),
        _differences(seen, width),
        _medians(seen),
        _spent(seen),
        _pools(seen),
        _section(say("Reading", language), _wrapped(reading(seen, evidence), width)),
    )
    return Group(*(line for part in parts for line in part))


def text(
    results: Sequence[Measured],
    *,
    language: Language = "en",
    evidence: Mapping[str, float] | None = None,
    width: int = 80,
) -> str:
    """`report` as plain text, `width` columns wide."""
    from io import StringIO

    from rich.console import Console

    page = StringIO()
    console = Console(file=page, width=width, color_system=None, force_terminal=False)
    console.print(report(results, language=language, evidence=evidence, width=width))
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


def _answers(seen: Sequence[Shown], width: int) -> Iterator[RenderableType]:
    from rich.text import Text

    yield from _section(say("Answer", seen[0].language))
    for it in seen:
        yield Text(it.title, style="bold cyan")
        if it is not seen[0]:
            yield from _wrapped(changes(seen[0].result.scenario, it.result.scenario, it.language), width)
        yield from _wrapped(read_otherwise(it, seen), width)
        yield from _wrapped(answer(it), width)
        yield Text("")


def _differences(seen: Sequence[Shown], width: int) -> Iterator[RenderableType]:
    reference = seen[0]
    for it in seen[1:]:
        language = it.language
        heading = say("Differences", language, title=it.title, reference=reference.title)
        table = _table(say("number", language), (say("difference", language), say("interval", language)))
        table.add_column(say("verdict", language))
        found = contrasts(reference.result, it.result)
        for label, key in compared(it, reference):
            table.add_row(label, *difference_cells(found[key], language, shown_unit(it, reference, key)))
        people = more_people(reference, it)
        yield from _section(heading, [table, *(_wrapped([people], width) if people else ())])


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


def _shares(it: Shown) -> Iterator[tuple[str, Key]]:
    """The shares within the goal, at each level."""
    for indicator in pledged(it.result.scenario):
        for level in indicator.levels:
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
        table = _table("", [it.title for it in few])
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
            yield from _section(say("Medians", language, unit=unit.long(language)), [table])


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
        table = _table(say("stage", language), [it.title for it in few])
        by_stage = [spent_by_stage(it) for it in few]
        stages = dict.fromkeys(stage for days in by_stage for stage in days)
        for stage in stages:
            cells = [days.get(stage, (0.0, 0.0)) for days in by_stage]
            table.add_row(titles.stage(stage), *(_days_cell(*cell, language) for cell in cells))
        yield from _section(heading, [table])


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
        table = _table(say("pool", language), columns)
        table.add_column(say("busiest", language), no_wrap=True)
        for load in loads:
            cells = (_pool_cell(it.numbers[key], unit, language) for key in _of_pool(load.kind))
            table.add_row(it.titles.pool(load.kind), *cells, _busiest(load, it.titles))
        if loads:
            yield from _section(say("People", language, scenario=it.title), [table])


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


def _section(heading: str, parts: Iterable[RenderableType] = ()) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text(heading, style="bold")
    yield from parts
    yield Text("")


def _table(first: str, columns: Iterable[str]) -> Table:
    """A table without lines: words left, numbers right and never broken."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(first)
    for column in columns:
        table.add_column(textwrap.fill(column, HEADER), justify="right", no_wrap=True)
    return table


def _wrapped(sentences: Iterable[str], width: int) -> Iterator[RenderableType]:
    """Paragraphs, wrapped here because rich would break at a no-break space."""
    from rich.text import Text

    for sentence in sentences:
        yield Text(textwrap.fill(sentence, width - 2, initial_indent="  ", subsequent_indent="    "))


def _batches(seen: Sequence[Shown]) -> Iterator[Sequence[Shown]]:
    return (seen[start : start + SIDE_BY_SIDE] for start in range(0, len(seen), SIDE_BY_SIDE))


WIDTH = 100


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
            WIDTH,
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
