"""The goal by group, for people: a table for each scenario, what differs, and figures.

Groups are months, classes, types of sites, or the values of an attribute; trials or sites without it are a line of
their own, at the end.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.estimates import FEWEST, Estimate
from sim.analysis.groups import MONTH, NONE_OF_THEM, SITE_TYPE
from sim.analysis.indicators import SHARE
from sim.experiment.groups import COLUMNS, DIFFERENCE_COLUMNS, Grouped
from sim.experiment.writing import prepare, write
from sim.report.output import figure_draft, text_draft
from sim.report.plots import COLOURS, axes_of, headline, panels_of
from sim.report.text import difference_cells, share_cell, time_cell
from sim.report.titles import Titles
from sim.report.words import PHRASES, Language, goal_days, month, plain, say, share, unit_for
from sim.tables import as_csv, as_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
    titles = Titles(next(iter(grouped.scenarios.values())), language)
    called = {"site": titles.site, "class": titles.trial_class, SITE_TYPE: titles.site_type}.get(grouped.by)
    if called is not None:
        return called(name)
    return say(name, language) if name in ("true", "false") else plain(name)


def groups_text(grouped: Grouped, language: Language) -> str:
    """The goal by group as plain text: a table for each scenario, then the differences."""
    page = _Page(grouped, language)
    tables = [_table(page, name) for name in grouped.found]
    return "\n".join((*tables, *_differences(page)))


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
        if page.grouped.by == MONTH and scenario == first:
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
    """The share within the goal by group: a ribbon by month, else bars with intervals, a panel for each scenario.

    None for scenarios without a goal.
    """
    page = _Page(grouped, language)
    first = next(iter(grouped.scenarios.values()))
    seen = [key for each in grouped.found.values() for one in each.values() for key in one.parts]
    key = next((each for each in seen if each.statistic == SHARE), None)
    if first.goal is None or key is None:
        return None
    groups = list(dict.fromkeys(name for each in grouped.found.values() for name in each))
    size = (max(5.0, 0.5 * len(groups) + 1.5), 2.4) if grouped.by == MONTH else (5.0, 1.2 + 0.34 * len(groups))
    figure, panels = panels_of(len(grouped.found), (size[0], size[1] * len(grouped.found)))
    for panel, (scenario, found), colour in zip(panels, grouped.found.items(), COLOURS * len(panels), strict=False):
        drawn = [found[name].estimates.get(key) if name in found else None for name in groups]
        told = [each if each is not None and each.trials >= FEWEST else None for each in drawn]
        (_ribbon if grouped.by == MONTH else _bars)(axes_of(panel), told, colour)
        names = [page.group(name) for name in groups]
        _label(panel, names, grouped.by == MONTH, language)
        headline(panel, page.title(scenario), pad=4)
    to = next(each.to for each in first.indicators if each.name == key.of)
    titles = Titles(first, language)
    what = {"reached": titles.reached(to), "done": titles.event(to), "event": titles.since(first.goal.from_)}
    words = say(f"groups_of_{key.level}s", language, by=page.by, goal=goal_days(first.goal, language), **what)
    figure.suptitle(textwrap.fill(words, round(14 * size[0])), x=0.01, ha="left", fontsize=9)
    return figure


def _ribbon(ax: Axes, found: list[Estimate | None], colour: str) -> None:
    """Months from left to right: a line in a band that is its interval; a gap where there are too few trials."""
    at = np.arange(len(found))
    value, low, high = (
        np.array([np.nan if each is None else getattr(each, name) for each in found])
        for name in ("value", "low", "high")
    )
    ax.fill_between(at, low, high, color=colour, alpha=0.2, linewidth=0)
    ax.plot(at, value, color=colour, linewidth=2, marker="o", markersize=4)


def _bars(ax: Axes, found: list[Estimate | None], colour: str) -> None:
    for place, each in enumerate(found):
        if each is not None:
            ax.barh(place, each.value, 0.6, color=colour)
            ax.plot([each.low, each.high], [place, place], color="black", linewidth=1.2)


def _label(ax: Axes, names: list[str], by_month: bool, language: Language) -> None:
    shares, groups = (ax.yaxis, ax.xaxis) if by_month else (ax.xaxis, ax.yaxis)
    shares.set_major_formatter(lambda value, _: share(value, language))
    groups.set_ticks(range(len(names)), names, fontsize=8, rotation=90 if by_month else 0)
    (ax.set_ylim if by_month else ax.set_xlim)(0, 1)
    if not by_month:
        ax.set_ylim(len(names) - 0.5, -0.5)


def write_groups(grouped: Grouped, folder: Path, language: Language) -> None:
    """Write the answer, both tables and the figure into `folder`. Raises CannotWrite."""
    texts = {
        "groups.txt": groups_text(grouped, language),
        "groups.csv": as_csv(grouped.lines, COLUMNS),
        "group_differences.csv": as_csv(grouped.difference_lines, DIFFERENCE_COLUMNS),
    }
    figure = groups_figure(grouped, language)
    drawn = {f"groups.{kind}": figure_draft(figure) for kind in ("png", "svg") if figure is not None}
    prepare(folder)
    write(folder, {name: text_draft(content) for name, content in texts.items()} | drawn)
