"""The figures: how soon sites open, how long each stage takes, and a typical trial day by day.

Each function takes results and draws one figure on `ax`, or on a new one, and gives the axes back. Colours are those
of Okabe and Ito, told apart by colour-blind readers; a line carries its name, so that no legend has to be matched.

The story of a trial is laid out in lanes: a `Lane` is one line of the picture, a stage and the tasks drawn on it, none
of which overlap in time. A stage has as many lanes as it has tasks at the same time; tasks keep the first lane that is
free, so that turns follow each other.

References
----------
Okabe M., Ito K. (2008). Color Universal Design. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.analysis.estimates import Curve, Estimate, Measured, indicator_key
from sim.analysis.timelines import StoryRow, TrialStory
from sim.report.answer import pledged
from sim.report.titles import Titles
from sim.report.words import Language, days, goal_days, number, plain, say, share
from sim.scenario.schema import Goal, Indicator, Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LETTER = 0.043
"""The width of a letter of a task's name [inches]."""

COLOURS = ("#0072B2", "#B04A00", "#00704F", "#A1467F", "#4D4D4D", "#7A5C00")
"""A colour for each scenario, by its place; darkened, so that words in it have a contrast of at least 4.5 on white."""

WORK, WAIT, GOAL, QUIET = "#0072B2", "#E69F00", "#009E73", "#555555"
MARKED = ("site_activated", "first_patient_in")
"""The events that a Gantt chart marks with their day."""

SETTLED = 0.995
"""A curve is drawn until it has covered so much of its way."""


def s_curve(
    results: Sequence[Measured], ax: Axes | None = None, *, indicator: str | None = None, language: Language = "en"
) -> Axes:
    """The share of trials that are there within so many days, with the goal's line and 95 % bands.

    Parameters
    ----------
    indicator : its name; None: that of the goal.

    Raises
    ------
    ValueError
        If the first scenario has no goal or does not measure the indicator.
    """
    scenario = results[0].scenario
    chosen, goal = _chosen(scenario, indicator)
    ax = axes_of(ax, (8, 4.8))
    curves = [result.summary.curve(chosen.name, chosen.levels[0]) for result in results]
    last = _last_day(curves, goal)
    for result, drawn, colour in zip(results, curves, COLOURS * len(results), strict=False):
        ax.plot(
            drawn.days, drawn.share, color=colour, linewidth=2, drawstyle="steps-post", label=_title(result, language)
        )
        ax.fill_between(drawn.days, drawn.low, drawn.high, color=colour, alpha=0.18, linewidth=0, step="post")
    _mark_goal(ax, curves, goal, language)
    _name_lines(ax, results, curves, last, language)
    titles = Titles(scenario, language)
    event = titles.since(goal.from_)
    ax.set(
        xlim=(0, last),
        ylim=(0, 1),
        ylabel=say("curve_y", language),
        xlabel=say(f"curve_x_{goal.counted}", language, event=event),
    )
    ax.yaxis.set_major_formatter(lambda value, _: share(value, language))
    headline(ax, say("curve_title", language, reached=titles.reached(chosen.to), event=event))
    return ax


def stages(results: Sequence[Measured], ax: Axes | None = None, *, language: Language = "en") -> Axes:
    """The median of every indicator at trial level, scenarios side by side, with 95 % intervals."""
    scenario = results[0].scenario
    named = [each for each in scenario.indicators if "trial" in each.levels]
    keys = {each.name: indicator_key(each.name, "median") for each in named}
    shown = [each for each in named if all(keys[each.name] in result.summary.estimates for result in results)]
    ax = axes_of(ax, (8, 0.9 + (0.26 * len(results) + 0.22) * max(len(shown), 1)))
    for place, (result, colour) in enumerate(zip(results, COLOURS * len(results), strict=False)):
        found = result.summary.estimates
        heights = np.arange(len(shown)) + _offset(place, len(results))
        for height, each in zip(heights, shown, strict=True):
            name = _title(result, language) if each is shown[0] else ""
            _bar(ax, float(height), found[keys[each.name]], (0.8 / len(results), colour, name), language)
    titles = Titles(scenario, language)
    ax.set_yticks(range(len(shown)), [textwrap.fill(titles.indicator(each.name), 30) for each in shown])
    ax.set_ylim(len(shown) - 0.5, -0.5)
    ax.set_xlabel(say("stages_x", language))
    ax.set_xlim(left=min(0.0, ax.get_xlim()[0]), right=ax.get_xlim()[1] * 1.12)
    ax.tick_params(axis="y", length=0)
    headline(ax, say("stages_title", language))
    return ax


class Storied(Protocol):
    """What is drawn as a chart of Gantt needs to know this much of a result."""

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""

    @property
    def story(self) -> TrialStory | None:
        """One trial; None where there is none."""


def gantt(
    results: Sequence[Storied], ax: Axes | None = None, *, language: Language = "en", typical: bool = True
) -> Axes:
    """One trial under each scenario: waiting and work in different inks, day 0 the goal's first event."""
    told = [(Titles(each.scenario, language), each.story) for each in results if each.story is not None]
    blocks = [(titles, story, lanes(story)) for titles, story in told]
    ax = axes_of(ax, (12, 1.3 + 0.21 * sum(len(drawn) + 2 for _, _, drawn in blocks)))
    rows = [row for _, _, drawn in blocks for lane in drawn for row in lane.rows]
    ax.set_xlim(min((row.ready for row in rows), default=0.0) - 3, max((row.end for row in rows), default=1.0) + 3)
    _gantt_frame(ax, Titles(results[0].scenario, language))
    named = ", ".join(dict.fromkeys(plain(story.trial) for _, story, _ in blocks))
    headline(ax, say("gantt_title" if typical else "gantt_trial", language, trial=named), pad=32)
    height, ticks = 0, dict[int, str]()
    for titles, story, drawn in blocks:
        _heading(ax, height, titles.whole)
        _milestones(ax, height, story.rows, titles)
        for line, lane in enumerate(drawn, height + 1):
            if titles.stage(lane.stage) not in [ticks[each] for each in ticks if each > height]:
                ticks[line] = titles.stage(lane.stage)
            for row in lane.rows:
                _task(ax, line, row, titles)
        height += len(drawn) + 2
    ax.set_yticks(list(ticks), list(ticks.values()))
    ax.set_ylim(height - 1, -1.2)
    return ax


def _chosen(scenario: Scenario, name: str | None) -> tuple[Indicator, Goal]:
    """The indicator to draw, and the goal it is held against."""
    known = {each.name: each for each in pledged(scenario)}
    if scenario.goal is None or not known:
        raise ValueError("s_curve: needs a goal and an indicator that counts from its first event, got none")
    if name is not None and name not in known:
        raise ValueError(f"indicator: must be one of {', '.join(known)}, got {name!r}")
    return known[name or next(iter(known))], scenario.goal


def _last_day(curves: Sequence[Curve], goal: Goal) -> int:
    """The day by which every curve has gone nearly all its way: at least twice the goal, at most eight times [d]."""
    settled = [int(np.searchsorted(each.share, SETTLED * each.share[-1])) for each in curves if each.share[-1] > 0]
    least, most = 2 * goal.within.value, 8 * goal.within.value
    return int(min(max([*settled, least, 10]), max(most, 30), curves[0].days[-1]))


def _mark_goal(ax: Axes, curves: Sequence[Curve], goal: Goal, language: Language) -> None:
    day = goal.within.value
    ax.axvline(day, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    ax.annotate(
        say("goal_line", language, goal=goal_days(goal, language)),
        (day, 1),
        xytext=(5, -4),
        va="top",
        textcoords="offset points",
        color=QUIET,
        fontsize=9,
    )
    there = [float(each.share[int(day)]) for each in curves]
    for y, value, colour in zip(apart(there, 0.055), there, COLOURS * len(curves), strict=False):
        ax.plot(day, value, "o", color=colour, markersize=6, zorder=4)
        ax.annotate(
            share(value, language),
            (day, y),
            xytext=(-8, 3),
            textcoords="offset points",
            ha="right",
            color=colour,
            weight="bold",
            annotation_clip=False,
            **halo(),
        )


def _name_lines(ax: Axes, results: Sequence[Measured], curves: Sequence[Curve], last: int, language: Language) -> None:
    names = [textwrap.fill(_title(result, language), 24) for result in results]
    lines = max(name.count("\n") + 1 for name in names)
    ends = apart([float(each.share[last]) for each in curves], 0.055 * lines)
    for name, y, colour in zip(names, ends, COLOURS * len(results), strict=False):
        ax.annotate(
            name,
            (1, y),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            weight="bold",
            annotation_clip=False,
        )


def apart(places: Sequence[float], gap: float) -> list[float]:
    """Places moved as little as needed to lie `gap` from each other; what is crowded spreads to both sides.

    >>> apart([100, 101, 10], 20)
    [90.5, 110.5, 10]
    """
    order = sorted(range(len(places)), key=lambda each: places[each])
    moved = list(places)
    for _ in range(100):
        settled = True
        for below, above in pairwise(order):
            if (lack := gap - (moved[above] - moved[below])) > 1e-9:
                moved[below], moved[above], settled = moved[below] - lack / 2, moved[above] + lack / 2, False
        if settled:
            break
    return moved


def _bar(ax: Axes, y: float, estimate: Estimate, look: tuple[float, str, str], language: Language) -> None:
    thick, colour, name = look
    length = estimate.value if isfinite(estimate.value) else 0.0
    ax.barh(y, length, thick, color=colour)
    if isfinite(estimate.low) and length:
        ax.plot([estimate.low, estimate.high], [y, y], color="black", linewidth=1.2)
    value = days(estimate.value, language) if isfinite(estimate.value) else number(estimate.value, language)
    place = max(length, estimate.high if isfinite(estimate.high) else 0.0, 0.0)
    ax.annotate(
        f"{value}  {name}".rstrip(),
        (place, y),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=colour,
        weight="bold" if name else "normal",
    )


def _gantt_frame(ax: Axes, titles: Titles) -> None:
    language = titles.language
    ax.axvline(0, color="black", linewidth=1)
    if (goal := titles.scenario.goal) is not None:
        ax.set_xlabel(say("gantt_x", language, event=titles.since(goal.from_)))
        if goal.counted == "calendar":
            ax.axvspan(0, goal.within.value, color=GOAL, alpha=0.14, linewidth=0)
        ax.annotate(
            titles.event(goal.from_),
            (0, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-4, 3),
            textcoords="offset points",
            ha="right",
            fontsize=8,
        )
        ax.annotate(
            say("goal_line", language, goal=goal_days(goal, language)),
            (0, 1),
            fontsize=8,
            color=GOAL,
            xycoords=("data", "axes fraction"),
            xytext=(4, 3),
            textcoords="offset points",
        )
    inks: dict[str, Any] = {"textcoords": "offset points", "fontsize": 9, "weight": "bold", "va": "bottom"}
    square = "\N{BLACK SQUARE}"
    work = ax.annotate(
        f"{square} {say('work', language)}", (0, 1), xycoords="axes fraction", xytext=(0, 16), color=WORK, **inks
    )
    ax.annotate(f"{square} {say('wait', language)}", (1, 0), xycoords=work, xytext=(12, 0), color=WAIT, **inks)
    ax.tick_params(axis="y", length=0)


def _heading(ax: Axes, y: float, words: str) -> None:
    ax.annotate(
        words,
        (0, y),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        weight="bold",
        va="center",
        fontsize=9,
    )


def _milestones(ax: Axes, y: float, rows: Sequence[StoryRow], titles: Titles) -> None:
    """The opening of the site and the first patient, each with its day: the earlier named on its left."""
    for row in rows:
        if row.task in MARKED:
            side = -1 if row.task == MARKED[0] else 1
            ax.plot(row.end, y, marker="D", color="black", markersize=5, clip_on=False)
            day = number(row.end, titles.language, digits=0)
            words = say("on_day", titles.language, event=titles.event(row.task), n=day)
            ax.annotate(
                words,
                (row.end, y),
                xytext=(6 * side, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
                ha="right" if side < 0 else "left",
                annotation_clip=False,
                **halo(),
            )


def _task(ax: Axes, y: float, row: StoryRow, titles: Titles) -> None:
    """Its wait and its work, with its name in the first of the two (work, then wait) that is long enough."""
    ax.barh(y, row.start - row.ready, 0.5, left=row.ready, color=WAIT, linewidth=0)
    ax.barh(y, row.end - row.start, 0.8, left=row.start, color=WORK, linewidth=0.4, edgecolor="white")
    words = titles.event(row.task)
    needed = len(words) * _days_per_letter(ax)
    for begin, end, ink in ((row.start, row.end, "white"), (row.ready, row.start, "black")):
        if needed <= end - begin:
            ax.annotate(words, ((begin + end) / 2, y), ha="center", va="center", color=ink, fontsize=6)
            return


def _days_per_letter(ax: Axes) -> float:
    """How many days a letter of a task's name is wide [d]."""
    first, last = ax.get_xlim()
    inches = ax.get_window_extent().width / ax.figure.dpi
    return float((last - first) / inches * LETTER)


def panels_of(number: int, size: tuple[float, float]) -> tuple[Figure, list[Axes]]:
    """A figure [inches] with so many panels below each other, which share what runs from left to right."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=150, layout="constrained")
    return figure, [*figure.subplots(number, 1, sharex=True, squeeze=False)[:, 0]]


def axes_of(ax: Axes | None, size: tuple[float, float] = (8, 4.8)) -> Axes:
    """`ax`, or that of a new figure [inches], without the frame that no reader needs."""
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=size, dpi=150, layout="constrained").add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def halo() -> dict[str, Any]:
    """A white edge around letters that stand on lines."""
    from matplotlib.patheffects import withStroke

    return {"path_effects": [withStroke(linewidth=3, foreground="white")]}


def headline(ax: Axes, words: str, pad: float = 10, wide: int = 80) -> None:
    """What a picture shows, above it, in lines of so many letters."""
    ax.set_title(textwrap.fill(words, wide), loc="left", weight="bold", fontsize=11, pad=pad)


def _title(result: Measured, language: Language) -> str:
    return Titles(result.scenario, language).whole


def _offset(place: int, number_: int) -> float:
    """Where the bar at `place` of a group stands, groups being 1 apart."""
    return (place - (number_ - 1) / 2) * 0.8 / number_


ORDER = ("authorisation", "contracting", "site_setup", "inclusion")
"""Stages from top to bottom; others follow."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Tasks of one stage that do not overlap, in the order of time."""

    stage: str
    rows: tuple[StoryRow, ...]


def lanes(story: TrialStory) -> tuple[Lane, ...]:
    """The lanes of a trial, stage by stage; tasks without any length are left out."""
    long = sorted((row for row in story.rows if row.end > row.ready), key=lambda row: (_rank(row.stage), row.ready))
    return tuple(
        lane for stage, rows in groupby(long, key=lambda row: row.stage) for lane in _packed(stage, tuple(rows))
    )


def _packed(stage: str, rows: Sequence[StoryRow]) -> list[Lane]:
    packed: list[list[StoryRow]] = []
    for row in rows:
        free = next((lane for lane in packed if lane[-1].end <= row.ready), None)
        if free is None:
            packed.append([row])
        else:
            free.append(row)
    return [Lane(stage, tuple(lane)) for lane in packed]


def _rank(stage: str) -> tuple[int, str]:
    return (ORDER.index(stage) if stage in ORDER else len(ORDER), stage)
