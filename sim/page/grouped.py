"""The goal by group on the page: by month of submission, by kind of centre."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from sim.analysis.estimates import FEWEST, Estimate
from sim.analysis.indicators import SHARE
from sim.experiment.groups import Grouped
from sim.page import drawing
from sim.page.tables import Figure, Table
from sim.page.words import told
from sim.report.answer import Shown
from sim.report.groups import group_title
from sim.report.text import share_cell
from sim.report.words import Language, say, share


def by_group(seen: Sequence[Shown], grouped: Grouped) -> Figure | None:
    """The share within the goal by group, in the reference and in the scenario of the question; None if unknown."""
    language, names = seen[0].language, [*grouped.found]
    groups = list(dict.fromkeys(group for each in grouped.found.values() for group in each))
    key = next((key for each in grouped.found.values() for one in each.values() for key in one.parts), None)
    if key is None or seen[0].result.scenario.goal is None:
        return None
    key = key._replace(statistic=SHARE)
    found = {
        (name, group): grouped.found[name][group].estimates.get(key) if group in grouped.found[name] else None
        for name in names
        for group in groups
    }
    places = {it.result.name: place for place, it in enumerate(seen)}
    titles = [(places[name], seen[places[name]].title) for name in names]
    ticks = [(tick / 4, share(tick / 4, language)) for tick in range(5)]
    marks = [(group_title(grouped, each, language), [_mark(found[name, each]) for name in names]) for each in groups]
    if not any(each for _, found_there in marks for each in found_there):
        return None
    words = _shows(seen, grouped, [found[names[-1], group] for group in groups], groups)
    head = (say(grouped.by, language), *(title for _, title in titles))
    rows = tuple(
        (group_title(grouped, group, language), *(share_cell(found[name, group], language) for name in names))
        for group in groups
    )
    return Figure(f"by-{grouped.by}", words, drawing.groups(marks, titles, ticks), Table(words, head, rows))


def too_few(seen: Sequence[Shown], grouped: Grouped) -> str:
    """That no group has trials enough, in a sentence."""
    return told("groups_too_few", seen[0].language, by=say(grouped.by, seen[0].language))


def _mark(found: Estimate | None) -> drawing.Interval | None:
    if found is None or found.trials < FEWEST or isnan(found.value):
        return None
    return drawing.Interval(found.value, found.low, found.high)


def _shows(seen: Sequence[Shown], grouped: Grouped, found: Sequence[Estimate | None], groups: Sequence[str]) -> str:
    """Between which groups the share of the scenario of the question lies lowest and highest."""
    language: Language = seen[-1].language
    there = [(each.value, group) for each, group in zip(found, groups, strict=True) if _mark(each) and each is not None]
    by = say(grouped.by, language)
    (low, lowest), (high, highest) = min(there), max(there)
    return told(
        "groups_show",
        language,
        by=by,
        scenario=seen[-1].title,
        low=share(low, language),
        lowest=group_title(grouped, lowest, language),
        high=share(high, language),
        highest=group_title(grouped, highest, language),
    )
