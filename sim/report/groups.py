"""The goal by group, for people: a table for each scenario, what differs, and figures.

Groups are months, classes, types of sites, or the values of an attribute; trials or sites without it are a line of
their own, at the end.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.contrasts import Contrast
from sim.analysis.estimates import FEWEST, Estimate, Key
from sim.analysis.groups import ANYWAY, COHORT, COMPANY, MONTH, NEW, NONE_OF_THEM, QUARTER, SITE_TYPE, TIMES
from sim.analysis.indicators import SHARE
from sim.analysis.intervals import Float
from sim.experiment.groups import COLUMNS, DIFFERENCE_COLUMNS, QUEUE_COLUMNS, Grouped
from sim.experiment.writing import prepare, write
from sim.report.answer import origin_of_figures
from sim.report.output import figure_drafts, text_draft
from sim.report.plots import COLOURS, axes_of, headline, panels_of
from sim.report.text import difference_cells, share_cell, time_cell
from sim.report.titles import Titles
from sim.report.words import (
    PHRASES,
    Language,
    between,
    day,
    days,
    goal_days,
    key_title,
    month,
    number,
    plain,
    say,
    share,
    share_between,
    signed,
    unit_for,
)
from sim.tables import as_csv, as_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


WIDTH = 100
"""Columns of a sentence."""


@dataclass(frozen=True)
class _Page:
    """Groups in one language."""

    grouped: Grouped
    language: Language

    def titles(self, scenario: str) -> Titles:
        return Titles(self.grouped.scenarios[scenario], self.language)

    def title(self, scenario: str) -> str:
        return self.titles(scenario).whole

    def group(self, name: str) -> str:
        return group_title(self.grouped, name, self.language)

    @property
    def by(self) -> str:
        return say(self.grouped.by, self.language) if self.grouped.by in PHRASES else plain(self.grouped.by)


def group_title(grouped: Grouped, name: str, language: Language) -> str:
    """What a group is called."""
    if name == NONE_OF_THEM:
        return say("no_attribute", language)
    if grouped.by == MONTH:
        return month(name, language)
    if grouped.by in (QUARTER, COHORT):
        return name.replace("Q", say("quarter_letter", language))
    if grouped.by == COMPANY:
        return say(f"company_{name}", language)
    titles = Titles(next(iter(grouped.scenarios.values())), language)
    called = {"site": titles.site, "class": titles.trial_class, SITE_TYPE: titles.site_type}.get(grouped.by)
    if called is not None and called(name) != plain(name):
        return called(name)
    return say(name, language) if name in ("true", "false") else key_title(name, language)


def groups_text(grouped: Grouped, language: Language) -> str:
    """The goal by group as plain text: what differs most, a table for each scenario, the queues, the differences."""
    page = _Page(grouped, language)
    said = "".join(f"{line}\n" for each in _sentences(page) for line in textwrap.wrap(each, WIDTH))
    tables = [_table(page, name) for name in grouped.found]
    queues = [_queues_table(page, name) for name in grouped.queues]
    return "\n".join(filter(None, (said, *tables, *queues, *_differences(page))))


def _sentences(page: _Page) -> Iterator[str]:
    """The range over groups, when it begins to fall, what is gained where, and which queues grow."""
    first = next(iter(page.grouped.scenarios))
    for scenario in page.grouped.scenarios:
        told = _told(page, scenario)
        if page.grouped.by == COMPANY:
            if scenario != first and ANYWAY in told:
                yield _in_company(page, scenario, told)
            continue
        if len(told) > 1:
            yield _range(page, scenario, told)
            if page.grouped.by in (QUARTER, COHORT):
                yield _first_below(page, scenario, told)
        if scenario != first and told:
            yield from _against(page, scenario, told)
    for scenario, queues in page.grouped.queues.items():
        if not any(map(queues.grows, range(len(queues.kinds)))):
            yield say("no_queue_grows", page.language, title=page.title(scenario))


def _told(page: _Page, scenario: str) -> dict[str, Estimate]:
    """The share within the goal of each group that has enough trials."""
    found = {name: _share_of(page, scenario, name) for name in page.grouped.found[scenario]}
    return {
        name: each
        for name, each in found.items()
        if each is not None and each.trials >= FEWEST and not isnan(each.value) and name != NONE_OF_THEM
    }


def _share_of(page: _Page, scenario: str, group: str) -> Estimate | None:
    found = page.grouped.found[scenario][group].estimates
    return next((each for key, each in found.items() if key.statistic == SHARE), None)


def _range(page: _Page, scenario: str, told: Mapping[str, Estimate]) -> str:
    low, high = (name for name, _ in (min(told.items(), key=_by_value), max(told.items(), key=_by_value)))
    key = told[low].key
    words = {"gap": _difference(page, page.grouped.between((scenario, low), (scenario, high))[key], gap=True)}
    for bound, name in (("low", low), ("high", high)):
        each = told[name]
        words |= {bound: share(each.value, page.language), f"{bound}_group": page.group(name),
                  f"{bound}_interval": share_between(each.low, each.high, page.language)}  # fmt: skip
    words |= {"replications": _replications(page, scenario), "title": page.title(scenario)}
    return say(f"range_of_{key.level}s", page.language, **words, **_goal_words(page, scenario, key))


def _by_value(item: tuple[str, Estimate]) -> float:
    return item[1].value


def _first_below(page: _Page, scenario: str, told: Mapping[str, Estimate]) -> str:
    """The first group in time that is clearly below the first one."""
    first, *others = told
    for name in others:
        found = page.grouped.between((scenario, first), (scenario, name))[told[name].key]
        if found.high < 0:
            words = {"group": page.group(name), "first": page.group(first), "difference": _difference(page, found)}
            return say("first_below", page.language, **words)
    return say("none_below", page.language, first=page.group(first))


def _against(page: _Page, scenario: str, told: Mapping[str, Estimate]) -> Iterator[str]:
    """Where a scenario differs most from the first one, and where least."""
    reference = next(iter(page.grouped.scenarios))
    both = [name for name in told if name in _told(page, reference)]
    found = {name: page.grouped.between((reference, name), (scenario, name))[told[name].key] for name in both}
    if not found:
        return
    ordered = sorted(found, key=lambda name: found[name].value)
    words = {"n": f"{sum(each.low > 0 or each.high < 0 for each in found.values())}", "groups": f"{len(found)}"}
    for which, name in (("most", ordered[-1]), ("least", ordered[0])):
        words |= {which: page.group(name), f"{which}_difference": _difference(page, found[name])}
    title, reference_title = page.title(scenario), page.title(reference)
    yield say("groups_against", page.language, title=title, reference=reference_title, **words)


def _in_company(page: _Page, scenario: str, told: Mapping[str, Estimate]) -> str:
    """What becomes of the trials that the reference has, too; and the share of the new ones."""
    reference = next(iter(page.grouped.scenarios))
    same, before = told[ANYWAY], _share_of(page, reference, ANYWAY)
    assert before is not None  # it has the same trials
    found = page.grouped.between((reference, ANYWAY), (scenario, ANYWAY))[same.key]
    words = {"share": share(same.value, page.language), "before": share(before.value, page.language)}
    words |= {"title": page.title(scenario), "reference": page.title(reference), "difference": _difference(page, found)}
    said = say("in_company", page.language, **words, **_goal_words(page, scenario, same.key))
    if NEW not in told:
        return said
    return f"{said} {say('new_in_company', page.language, new=share(told[NEW].value, page.language))}"


def _difference(page: _Page, found: Contrast, *, gap: bool = False) -> str:
    """A difference of shares in points, with its interval; a gap has no sign."""
    points = say("points", page.language, n=(number if gap else signed)(100 * found.value, page.language))
    interval = between(100 * found.low, 100 * found.high, page.language)
    return f"{points} [{interval}]"


def _replications(page: _Page, scenario: str) -> str:
    n = len(next(iter(page.grouped.found[scenario].values())).replications)
    return say("replication", page.language) if n == 1 else say("replications", page.language, n=f"{n}")


def _goal_words(page: _Page, scenario: str, key: Key) -> dict[str, str]:
    goal, titles = page.grouped.scenarios[scenario].goal, page.titles(scenario)
    assert goal is not None  # else there is no share within it
    to = next(each.to for each in page.grouped.scenarios[scenario].indicators if each.name == key.of)
    what = {"reached": titles.reached(to), "done": titles.event(to)}
    return {"goal": goal_days(goal, page.language), "event": titles.since(goal.from_), "by": page.by, **what}


def _queues_table(page: _Page, scenario: str) -> str:
    """The queues that grow: at first, at most and when, at the end with its oldest file, and when they are back."""
    language, queues = page.language, page.grouped.queues[scenario]
    growing = sorted(filter(queues.grows, range(len(queues.kinds))), key=lambda k: -queues.waiting[k, -1, 0])
    heads = ("queue_first", "queue_most", "queue_most_day", "queue_last", "queue_oldest", "queue_back")
    rows = [[say("pool", language), *(say(head, language) for head in heads)]]
    for k in growing:
        highest, back = queues.highest(k), queues.back(k)
        cells = [_files(queues.waiting[k, i], language) for i in (0, highest)]
        cells += [day(queues.days[highest], language), _files(queues.waiting[k, -1], language)]
        cells += [days(queues.oldest[k, -1, 0], language, digits=0)]
        cells += [day(queues.days[back], language) if back is not None else say("queue_not_back", language)]
        rows.append([page.titles(scenario).pool(queues.kinds[k]), *cells])
    if not growing:
        return ""
    heading = say("queues_heading", language, title=page.title(scenario), day=day(queues.days[0], language))
    return f"{heading}\n{as_text(rows, right={1, 2, 4, 5})}"


def _files(found: Float, language: Language) -> str:
    return f"{number(found[0], language, digits=0)} [{between(found[1], found[2], language, digits=0)}]"


def _table(page: _Page, scenario: str) -> str:
    language, groups = page.language, page.grouped.found[scenario]
    medians = [each.value for name in groups for each in _of(page, scenario, name, "median")]
    unit = unit_for(medians)
    head = [say(name, language) for name in ("group", "indicator", "n_trials", "within_goal")]
    rows = [[*head, say("median", language, unit=unit.short(language))]]
    for group in groups:
        for median in _of(page, scenario, group, "median"):
            within = groups[group].estimates.get(median.key._replace(statistic=SHARE))
            name = page.titles(scenario).indicator(median.key.of)
            cells = share_cell(within, language), time_cell(median, unit, language)
            rows.append([page.group(group), name, str(median.trials), *cells])
    heading = say("Groups", language, by=page.by, title=page.title(scenario))
    return f"{heading}\n{as_text(rows, right={2, 3, 4})}"


def _of(page: _Page, scenario: str, group: str, statistic: str) -> list[Estimate]:
    found = page.grouped.estimates(scenario, group)
    return [each for key, each in found.items() if key.statistic == statistic]


def _differences(page: _Page) -> Iterator[str]:
    """What differs, in the share within the goal where there is one, else in the median; one month is not compared with
    another.
    """
    language = page.language
    for (scenario, group), (first, other), found in page.grouped.differences():
        if page.grouped.by in TIMES and scenario == first:
            continue
        phrase = "between_scenarios" if scenario != first else "between_groups"
        names = (page.group(group), page.group(other))
        words = {"group": names[0], "title": page.title(scenario)}
        against = page.title(first) if scenario != first else names[1]
        rows = []
        for key, each in found.items():
            if not isnan(each.value) and (key.statistic == SHARE) == any(one.statistic == SHARE for one in found):
                unit = unit_for([each.value, each.low, each.high])
                name = page.titles(scenario).indicator(key.of)
                value, between, verdict = difference_cells(each, language, unit)
                short = "" if key.statistic == SHARE else f" {unit.short(language)}"
                rows.append(["  " + name, f"{value}{short} [{between}]", verdict])
        if rows:
            yield f"{say(phrase, language, reference=against, **words)}\n{as_text(rows)}"


def groups_figure(grouped: Grouped, language: Language) -> Figure | None:
    """The share within the goal by group: in time, ribbons over each other; else bars, a panel for each scenario.

    None for scenarios without a goal.
    """
    page = _Page(grouped, language)
    first = next(iter(grouped.scenarios.values()))
    seen = [key for each in grouped.found.values() for one in each.values() for key in one.parts]
    key = next((each for each in seen if each.statistic == SHARE), None)
    if first.goal is None or key is None:
        return None
    groups = list(dict.fromkeys(name for each in grouped.found.values() for name in each))
    in_time = grouped.by in TIMES
    size = (max(7.0, 0.4 * len(groups) + 1.5), 3.6) if in_time else (5.0, 1.2 + 0.34 * len(groups))
    number_of_panels = 1 if in_time else len(grouped.found)
    figure, panels = panels_of(number_of_panels, (size[0], size[1] * number_of_panels))
    if in_time:
        panels = panels * len(grouped.found)
    for panel, (scenario, found), colour in zip(panels, grouped.found.items(), COLOURS * len(panels), strict=False):
        drawn = [found[name].estimates.get(key) if name in found else None for name in groups]
        told = [each if each is not None and each.trials >= FEWEST else None for each in drawn]
        if in_time:
            _ribbon(axes_of(panel), told, colour, page.title(scenario))
        else:
            _bars(axes_of(panel), told, colour)
            headline(panel, page.title(scenario), pad=4)
        _label(panel, [page.group(name) for name in groups], in_time, language)
    if in_time:
        panels[0].legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=8)
    to = next(each.to for each in first.indicators if each.name == key.of)
    titles = Titles(first, language)
    what = {"reached": titles.reached(to), "done": titles.event(to), "event": titles.since(first.goal.from_)}
    words = say(f"groups_of_{key.level}s", language, by=page.by, goal=goal_days(first.goal, language), **what)
    figure.suptitle(textwrap.fill(words, round(14 * size[0])), x=0.01, ha="left", fontsize=9)
    return figure


def _ribbon(ax: Axes, found: list[Estimate | None], colour: str, name: str) -> None:
    """Times from left to right: a line in a band that is its interval; a gap where there are too few trials."""
    at = np.arange(len(found))
    value, low, high = (
        np.array([np.nan if each is None else getattr(each, name) for each in found])
        for name in ("value", "low", "high")
    )
    ax.fill_between(at, low, high, color=colour, alpha=0.2, linewidth=0)
    ax.plot(at, value, color=colour, linewidth=2, marker="o", markersize=4, label=name)


def _bars(ax: Axes, found: list[Estimate | None], colour: str) -> None:
    for place, each in enumerate(found):
        if each is not None:
            ax.barh(place, each.value, 0.6, color=colour)
            ax.plot([each.low, each.high], [place, place], color="black", linewidth=1.2)


def _label(ax: Axes, names: list[str], in_time: bool, language: Language) -> None:
    shares, groups = (ax.yaxis, ax.xaxis) if in_time else (ax.xaxis, ax.yaxis)
    shares.set_major_formatter(lambda value, _: share(value, language))
    groups.set_ticks(range(len(names)), names, fontsize=8, rotation=90 if in_time else 0)
    (ax.set_ylim if in_time else ax.set_xlim)(0, 1)
    if not in_time:
        ax.set_ylim(len(names) - 0.5, -0.5)


def write_groups(grouped: Grouped, folder: Path, seed: int, language: Language) -> None:
    """Write the answer, both tables and the figure into `folder`. Raises CannotWrite."""
    texts = {
        "groups.txt": groups_text(grouped, language),
        "groups.csv": as_csv(grouped.lines, COLUMNS),
        "group_differences.csv": as_csv(grouped.difference_lines, DIFFERENCE_COLUMNS),
    }
    if grouped.queues:
        texts["queues.csv"] = as_csv(grouped.queue_lines, QUEUE_COLUMNS)
    scenario, *_ = grouped.scenarios.values()
    several = {len(each.replications) for groups in grouped.found.values() for each in groups.values()}
    origin = origin_of_figures(scenario, max(several, default=0), seed, language)
    drawn = figure_drafts({"groups": groups_figure(grouped, language)}, origin)
    prepare(folder)
    write(folder, {name: text_draft(content) for name, content in texts.items()} | drawn)
