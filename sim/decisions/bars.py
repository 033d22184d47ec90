"""Pictures of where days go and of what levers bring: bars that add up, each with its words beside it.

Each function draws one figure on `ax`, or on a new one, and gives the axes back. Colours are those of Okabe and Ito.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.analysis.explained import PARTS
from sim.decisions.explaining import Explanation, moved
from sim.decisions.explanation_text import change_title
from sim.decisions.ledger import Amount, Entry, Ledger
from sim.decisions.rerunning import Effect
from sim.decisions.text import lever_titles
from sim.report.plots import COLOURS, QUIET, axes_of
from sim.report.titles import Titles
from sim.report.words import Language, days, goal_days, number, say, share, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = dict(zip(PARTS, ("#999999", "#0072B2", "#E69F00", "#CC79A7", "#000000", "#D55E00"), strict=True))
"""The colour of each part of the days."""

SHOWN = 12
"""Bars at most; the others are one bar."""

SOONER, LATER = COLOURS[2], COLOURS[1]


def explanation_pictures(
    found: Sequence[Explanation], effects: Sequence[Sequence[Effect]], language: Language
) -> dict[str, Callable[[], Axes]]:
    """What draws each picture of explanations: the days of each, of two the difference, and what reruns bring."""
    drawn: dict[str, Callable[[], Axes]] = {}
    reached = all(each.trials for each in found)
    for each in found if reached else ():
        drawn[f"days_{each.work.name}"] = partial(days_picture, each, language=language)
    if len(found) > 1 and reached:
        drawn["difference"] = partial(difference_picture, found[0], found[-1], language=language)
    for each, of in zip(found, effects, strict=False) if reached else ():
        titles = Titles(each.work.scenario, language)
        drawn[f"effects_{each.work.name}"] = partial(effects_picture, of, titles, language=language)
    return drawn


def days_picture(found: Explanation, ax: Axes | None = None, *, language: Language = "en") -> Axes:
    """Where the mean days from the goal's first event to its last go: a bar a task, parted by why."""
    titles, goal = Titles(found.work.scenario, language), found.work.scenario.goal
    assert goal is not None  # an explanation has one
    rows = [(titles.event(row.task), row.days.value, row.parts) for row in found.rows]
    first, rest = rows[:SHOWN], rows[SHOWN:]
    if rest:
        parts = {part: sum(each[2][part] for each in rest) for part in PARTS}
        first.append((say("others", language, n=f"{len(rest)}"), sum(each[1] for each in rest), parts))
    ax = axes_of(ax, (8, 1.6 + 0.32 * len(first)))
    for height, (_, total, parts) in enumerate(first):
        left = 0.0
        for part in PARTS:
            ax.barh(height, parts[part], 0.72, left=left, color=INK[part], linewidth=0)
            left += parts[part]
        _beside(ax, total, height, number(total, language))
    _names(ax, [name for name, _, _ in first])
    used = [part for part in PARTS if sum(row.parts[part] for row in found.rows) >= 0.05]
    _inks(ax, [(say(f"part_{part}", language), INK[part]) for part in used])
    ax.set_xlabel(say("days_x", language))
    words = {"scenario": titles.whole, "days": days(found.total.value, language)}
    _headline(ax, say("days_title", language, since=titles.event(goal.from_), to=titles.event(goal.to), **words))
    return ax


def difference_picture(
    before: Explanation, after: Explanation, ax: Axes | None = None, *, language: Language = "en"
) -> Axes:
    """From the mean days of one scenario to those of another, task by task: a staircase that adds up."""
    a, b = (Titles(each.work.scenario, language) for each in (before, after))
    goal = after.work.scenario.goal
    assert goal is not None  # an explanation has one
    found = moved(before, after)
    steps = [Stair(b.event(each.task), each.difference.value) for each in found[:SHOWN]]
    if rest := found[SHOWN:]:
        steps.append(Stair(say("others", language, n=f"{len(rest)}"), sum(each.difference.value for each in rest)))
    ends = (Stair(a.whole, before.total.value), Stair(b.whole, after.total.value))
    ax = staircase(ends, steps, ax, less_is_better=True, language=language)
    ax.set_xlabel(say("days_x", language))
    _headline(ax, say("difference_title", language, since=b.event(goal.from_), to=b.event(goal.to)))
    return ax


def ledger_picture(found: Ledger, ax: Axes | None = None, *, language: Language = "en") -> Axes:
    """From the goal's share without levers to that with all, by Shapley values, and what each adds alone and last."""
    key, results = found.keys[0], found.comparison.results
    scenario, names = results[-1].scenario, lever_titles(found.levers, language)
    goal = scenario.goal
    assert goal is not None  # no share without one
    steps = [
        Stair(names[each.lever], each.shapley.value, _aside(each, language))
        for each in sorted(found.entries(key), key=lambda each: -each.shapley.value)
    ]
    before, after = (results[place].summary.estimates[key].value for place in (0, -1))
    ends = (Stair(say("ledger_none", language), before), Stair(say("together", language), after))
    ax = staircase(ends, steps, ax, less_is_better=False, percent=True, language=language)
    ax.set_xlabel(say("ledger_x", language))
    words = {"reached": Titles(scenario, language).reached(goal.to), "goal": goal_days(goal, language)}
    _headline(ax, say("ledger_title", language, event=Titles(scenario, language).since(goal.from_), **words))
    return ax


def _aside(entry: Entry, language: Language) -> str:
    """What a lever adds alone and to all the others."""
    figures = {name: signed(100 * getattr(entry, name).value, language) for name in ("alone", "last_in")}
    return say("ledger_aside", language, **figures)


@dataclass(frozen=True, slots=True)
class Stair:
    """One bar of a staircase: what it is called, how far it goes, and what is said beside it after the figure."""

    name: str
    value: float
    said: str = ""


def staircase(
    ends: tuple[Stair, Stair],
    steps: Sequence[Stair],
    ax: Axes | None = None,
    *,
    less_is_better: bool,
    language: Language = "en",
    percent: bool = False,
) -> Axes:
    """A bar for what is there before, one for each step from where the last one ended, one for what is there after.

    Parameters
    ----------
    ends, steps
        The steps add up to the second end minus the first.
    percent
        Values are shares, and steps are points.
    """
    ax = axes_of(ax, (8, 1.5 + 0.36 * (len(steps) + 2)))
    scale = 100 if percent else 1
    last, at = len(steps) + 1, ends[0].value
    highest = max(ends[0].value, ends[1].value)
    for height, end in ((0, ends[0]), (last, ends[1])):
        ax.barh(height, scale * end.value, 0.72, color=QUIET, linewidth=0)
        words = share(end.value, language) if percent else days(end.value, language)
        _beside(ax, scale * end.value, height, words, weight="bold")
    for height, step in enumerate(steps, 1):
        better = step.value < 0 if less_is_better else step.value > 0
        ink = SOONER if better else LATER
        ax.barh(height, scale * step.value, 0.72, left=scale * at, color=ink, linewidth=0)
        ax.plot([scale * at] * 2, [height - 1 + 0.36, height - 0.36], color=QUIET, linewidth=0.8)
        at += step.value
        words = f"{signed(scale * step.value, language)}  {step.said}".rstrip()
        left = bool(step.said) and min(at, at - step.value) > highest / 2
        place = min(at, at - step.value) if left else max(at, at - step.value)
        _beside(ax, scale * place, height, words, color=ink, left=left)
    ax.plot([scale * at] * 2, [last - 1 + 0.36, last - 0.36], color=QUIET, linewidth=0.8)
    _names(ax, [each.name for each in (ends[0], *steps, ends[1])])
    ax.set_xlim(right=ax.get_xlim()[1] * 1.1)
    return ax


def effects_picture(
    found: Sequence[Effect], titles: Titles, ax: Axes | None = None, *, language: Language = "en"
) -> Axes:
    """What each rerun brings in mean days, with its interval, beside the margin: a mark at what could be brought."""
    shown = sorted(found, key=lambda each: each.days.value)[: SHOWN + 3]
    ax = axes_of(ax, (8, 1.6 + 0.32 * len(shown)))
    for height, each in enumerate(shown):
        ink = SOONER if each.days.high < 0 else LATER if each.days.low > 0 else QUIET
        ax.barh(height, -each.days.value, 0.6, color=ink, linewidth=0)
        ax.plot([-each.days.low, -each.days.high], [height] * 2, color="black", linewidth=1.1)
        ax.plot(each.margin, height, marker="D", color="white", markeredgecolor="black", markersize=5)
        _beside(ax, max(-each.days.low, -each.days.value, each.margin), height, _gain(each.days, language))
    _names(ax, [change_title(each, titles) for each in shown])
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set_xlabel(say("effects_x", language))
    _headline(ax, say("effects_title", language, scenario=titles.whole))
    return ax


def _headline(ax: Axes, words: str) -> None:
    """What the picture shows, from its left edge."""
    ax.figure.suptitle(textwrap.fill(words, 84), x=0.01, ha="left", weight="bold", fontsize=11)


def _gain(found: Amount, language: Language) -> str:
    return signed(-found.value, language)


def _names(ax: Axes, names: Sequence[str]) -> None:
    """Bars from top to bottom, each with its name."""
    ax.set_yticks(range(len(names)), [textwrap.fill(name, 34) for name in names], fontsize=9)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def _beside(
    ax: Axes, x: float, y: float, words: str, *, color: str = "black", weight: str = "normal", left: bool = False
) -> None:
    """Words to the right of a bar, or to its left."""
    ax.annotate(
        words,
        (x, y),
        xytext=(-5 if left else 5, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
        fontsize=9,
        color=color,
        weight=weight,
        annotation_clip=False,
    )


def _inks(ax: Axes, named: Sequence[tuple[str, str]]) -> None:
    """What the colours mean, above the bars, each in its colour."""
    square = "\N{BLACK SQUARE}"
    last = None
    for words, colour in named:
        at, coords = ((0, 1), "axes fraction") if last is None else ((1, 0), last)
        last = ax.annotate(
            f"{square} {words}",
            at,
            xycoords=coords,
            xytext=(0 if last is None else 10, 4 if last is None else 0),
            textcoords="offset points",
            fontsize=9,
            weight="bold",
            va="bottom",
            color=colour,
        )
