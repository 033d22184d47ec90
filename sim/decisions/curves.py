"""Pictures of searches and grids: the frontier of a number of people, the people of each year, curves, and maps.

A share of trials is read upwards; an interval is at 95 %. Nothing is smoothed: what is drawn was played.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import product
from math import floor, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.estimates import Estimate, Key
from sim.decisions.by_year import Year
from sim.decisions.ledger import WASTED
from sim.decisions.pareto import Standing
from sim.decisions.solution_text import counted
from sim.decisions.solving import Answer
from sim.decisions.staffing import Looked, frontier
from sim.decisions.sweep import Cell, Sweep
from sim.decisions.sweep_text import value_said
from sim.decisions.text import goal_words, number_title
from sim.report.plots import COLOURS, QUIET, axes_of, halo, headline
from sim.report.titles import Titles
from sim.report.words import Language, number, say, share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HOT = 0.85
"""The use of people above which a little more work makes queues long (Whitt 1992)."""

WIDE = 0.025
"""A cell whose half-width is larger is hatched: 2.5 points."""

LEVEL = 10
"""Lines between cells are drawn where the share crosses a multiple of so many points."""


def solution_figure(found: Answer, language: Language) -> Figure | None:
    """The share within the goal by the number that was sought, or by the people in all where several were."""
    from matplotlib.ticker import MaxNLocator

    solution, several = found.solution, len(found.sought) > 1
    ax = axes_of(None, (7, 4.2))
    looked = sorted(solution.looked, key=lambda each: _across(found, each))
    x = np.array([_across(found, each) for each in looked], float)
    y = np.array([[each.share, each.share - each.low, each.high - each.share] for each in looked])
    ax.axhline(found.question.wanted, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    if not several:
        ax.plot(x, frontier(tuple(looked), falling=solution.largest), color=COLOURS[0], linewidth=1, alpha=0.6)
    ax.errorbar(x, y[:, 0], yerr=y[:, 1:].T, fmt="none", ecolor=COLOURS[0], elinewidth=1.2)
    for each, at in zip(looked, x, strict=True):
        _point(ax, found, each, float(at))
        ax.annotate(
            _label(found, each, language), (at, each.share), xytext=(6, -11), textcoords="offset points", fontsize=8
        )
    titles = Titles(found.scenario, language)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(lambda value, _: share(value, language))
    ax.set_xlabel(say("people_in_all", language) if several else counted(found.sought[0], titles))
    words = goal_words(found.scenario, language)
    ax.set_ylabel(say("curve_y", language))
    headline(ax, say("frontier_title", language, wanted=share(found.question.wanted, language), **words), wide=62)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if several:
        named = " | ".join(counted(each, titles) for each in found.sought)
        ax.annotate(named, (0, 1), xycoords="axes fraction", xytext=(4, -4), textcoords="offset points",
                    va="top", fontsize=8, color=QUIET)  # fmt: skip
    if any(_use(found, each) > HOT for each in looked):
        ax.annotate(say("frontier_hot", language, use=share(HOT, language)), (1, 0), xycoords="axes fraction",
                    xytext=(-4, 4), textcoords="offset points", ha="right", fontsize=8, color=QUIET)  # fmt: skip
    return _figure(ax)


def by_year_figure(found: Sequence[Year], language: Language) -> Axes:
    """The number of each year, with the share that it brings; hollow where no number is enough."""
    from matplotlib.ticker import MaxNLocator

    (pool,) = found[0].answer.pools
    titles, wanted = Titles(found[0].answer.scenario, language), found[0].answer.question.wanted
    ax = axes_of(None, (7, 3.6))
    for year in found:
        face, edge = (COLOURS[0], COLOURS[0]) if year.reached else ("white", QUIET)
        ax.bar(
            year.opens.year, year.seen.number, 0.7, facecolor=face, edgecolor=edge, hatch=None if year.reached else "//"
        )
        more = "" if year.reached else "> "
        said = f"{more}{year.seen.number}\n{share(year.seen.share, language)}"
        ax.annotate(said, (year.opens.year, year.seen.number), xytext=(0, 3), textcoords="offset points",
                    ha="center", va="bottom", fontsize=8)  # fmt: skip
    ax.set_ylim(0, 1.25 * max(year.seen.number for year in found))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel(titles.pool(pool))
    words = goal_words(found[0].answer.scenario, language)
    headline(ax, say("by_year_title", language, wanted=share(wanted, language), **words), wide=62)
    return ax


def sweep_figure(found: Sweep, language: Language) -> Figure | None:
    """Curves over one axis, or maps over two; beside them the front of share and lost work. None for more axes."""
    from matplotlib.figure import Figure

    if len(found.axes) > 2 or not found.told:
        return None
    panels = [*found.told, *([None] if found.standings else [])]
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    wide, tall = (len(each.values) for each in ((*found.axes, found.axes[0])[1], found.axes[0]))
    height = max(3.4, 1.6 + 0.42 * tall) if len(found.axes) > 1 else 3.4
    size = (max(4.8, 1.2 + 0.6 * wide) * columns, height * rows + 0.4)
    figure = Figure(figsize=size, dpi=150, layout="constrained")
    for place, key in enumerate(panels, 1):
        ax = axes_of(figure.add_subplot(rows, columns, place))
        if key is None:
            _front(ax, found, language)
        elif len(found.axes) == 1:
            _curve(ax, found, key, language)
        else:
            _map(ax, found, key, language)
    scenario = found.comparison.reference.scenario
    notes = [say("sweep_title", language, **goal_words(scenario, language))] if found.goal_key is not None else []
    if found.guarded:
        notes.append(say("sweep_figure_guard", language))
    words = "\n".join(textwrap.fill(each, round(12 * size[0])) for each in notes)
    figure.suptitle(words, x=0.01, ha="left", fontsize=10, weight="bold")
    return figure


def _across(found: Answer, looked: Looked) -> int:
    return found.people(looked.at) if len(looked.at) > 1 else looked.number


def _use(found: Answer, looked: Looked) -> float:
    """The most that people who are sought are used at a point; 0 where nobody is sought."""
    return max((found.load(looked.at, pool)[0].value for pool in found.pools), default=0.0)


def _point(ax: Axes, found: Answer, looked: Looked, at: float) -> None:
    """Filled where people are not overloaded, hollow where they are; the answer is larger."""
    hollow = _use(found, looked) > HOT
    size = 11 if looked.at == found.solution.at else 6
    face = "white" if hollow else COLOURS[0]
    ax.plot(at, looked.share, "o", color=COLOURS[0], markerfacecolor=face, markersize=size, zorder=4)


def _label(found: Answer, looked: Looked, language: Language) -> str:
    numbers = f"{' | '.join(map(str, looked.at))}: " if len(looked.at) > 1 else ""
    return numbers + share(looked.share, language)


def _curve(ax: Axes, found: Sweep, key: Key, language: Language) -> None:
    """A number over one axis, in the band of its interval; dots where the values have no order."""
    axis = found.axes[0]
    at = np.array(axis.scale if axis.scale is not None else [*range(len(axis.values))], float)
    estimates = [cell.estimate(key) for cell in found.cells]
    value, low, high = (np.array([getattr(each, name) for each in estimates]) for name in ("value", "low", "high"))
    if axis.scale is not None:
        order = np.argsort(at)
        ax.fill_between(at[order], low[order], high[order], color=COLOURS[0], alpha=0.2, linewidth=0)
        ax.plot(at[order], value[order], color=COLOURS[0], linewidth=2, marker="o", markersize=4)
    else:
        ax.errorbar(at, value, yerr=[value - low, high - value], fmt="o", color=COLOURS[0], capsize=0)
    ax.set_xticks(at, _values(found, 0, language), rotation=30, ha="right", fontsize=8)
    for place, cell in enumerate(found.cells):
        mark = f" {GUARD}" if cell in found.guarded else ""
        text = _said(estimates[place], language) + mark
        ax.annotate(text, (at[place], value[place]), xytext=(5, 5), textcoords="offset points", fontsize=8)
    _scale_of(ax, key, language)
    ax.set_xlabel(axis.path, fontsize=8)
    headline(ax, number_title(key, found.comparison.reference.scenario, language), wide=34)


GUARD = "\N{BLACK UP-POINTING TRIANGLE}"
"""Marks a cell in which fewer trials keep the goal although less time passes."""


def _map(ax: Axes, found: Sweep, key: Key, language: Language) -> None:
    """A number over two axes: a colour and the number in each cell, hatched where it is not known well."""
    rows, columns = (len(each.values) for each in found.axes)
    value = np.array([cell.estimate(key).value for cell in found.cells]).reshape(rows, columns)
    colours = "viridis" if key != WASTED else "cividis_r"
    mesh = ax.pcolormesh(np.ma.masked_invalid(value), cmap=colours, alpha=0.75)
    for place, cell in enumerate(found.cells):
        row, column = divmod(place, columns)
        _cell(ax, (column, row), cell, key, language, guarded=cell in found.guarded)
    for a, b in _crossed(found, key, value):
        _line_between(ax, a, b)
    ax.set_xticks(np.arange(columns) + 0.5, _values(found, 1, language), rotation=30, ha="right", fontsize=8)
    ax.set_yticks(np.arange(rows) + 0.5, _values(found, 0, language), fontsize=8)
    ax.set_xlabel(found.axes[1].path, fontsize=8)
    ax.set_ylabel(found.axes[0].path, fontsize=8)
    ax.invert_yaxis()
    mesh.set_clim(float(np.nanmin(value)), float(np.nanmax(value)) or 1.0)
    headline(ax, number_title(key, found.comparison.reference.scenario, language), wide=34)


def _cell(ax: Axes, at: tuple[int, int], cell: Cell, key: Key, language: Language, *, guarded: bool) -> None:
    from matplotlib.patches import Rectangle

    found = cell.estimate(key)
    words = _said(found, language) + (f" {GUARD}" if guarded else "")
    ax.text(at[0] + 0.5, at[1] + 0.5, words, ha="center", va="center", fontsize=8, color="black", **halo())
    if found.unit == "share" and found.high - found.low > 2 * WIDE:
        ax.add_patch(Rectangle(at, 1, 1, fill=False, hatch="///", edgecolor="white", linewidth=0, alpha=0.5))


def _crossed(found: Sweep, key: Key, value: Any) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Neighbouring cells between which a share crosses a level, and clearly differs: where a level line runs."""
    if found.comparison.reference.summary.units[key] != "share":
        return []
    rows, columns = value.shape
    pairs = [((r, c), (r, c + 1)) for r, c in product(range(rows), range(columns - 1))]
    pairs += [((r, c), (r + 1, c)) for r, c in product(range(rows - 1), range(columns))]
    level = {(r, c): floor(100 * value[r, c] / LEVEL) if not isnan(value[r, c]) else -1
             for r, c in product(range(rows), range(columns))}  # fmt: skip
    return [
        (a, b)
        for a, b in pairs
        if level[a] != level[b] and found.clearly_differ(key, a[0] * columns + a[1], b[0] * columns + b[1])
    ]


def _line_between(ax: Axes, a: tuple[int, int], b: tuple[int, int]) -> None:
    (row, column), across = b, a[0] == b[0]
    xs, ys = ([column, column], [row, row + 1]) if across else ([column, column + 1], [row, row])
    ax.plot(xs, ys, color="black", linewidth=2, solid_capstyle="butt")


def _front(ax: Axes, found: Sweep, language: Language) -> None:
    """Share against lost work: the front filled, what is clearly dominated grey, what nobody can tell hollow."""
    key, knee = found.keys[0], found.knee
    looks = {Standing.FRONT: (COLOURS[0], COLOURS[0]), Standing.DOMINATED: ("#bbbbbb", "#bbbbbb"),
             Standing.UNDECIDED: (COLOURS[0], "white")}  # fmt: skip
    for standing, (edge, face) in looks.items():
        cells = [cell for cell, each in zip(found.cells, found.standings, strict=True) if each is standing]
        if cells:
            x, y = ([cell.estimate(k).value for cell in cells] for k in (WASTED, key))
            label = say(standing.value, language)
            ax.plot(x, y, "o", color=edge, markerfacecolor=face, markersize=7, linestyle="none", label=label)
    if knee is not None:
        at = (knee.estimate(WASTED).value, knee.estimate(key).value)
        words = "\n".join(textwrap.fill(value_said(knee, *each, language), 28) for each in knee.at)
        ax.annotate(words, at, xytext=(8, -14), textcoords="offset points", fontsize=8, weight="bold")
    scenario = found.comparison.reference.scenario
    ax.set_xlabel(number_title(WASTED, scenario, language), fontsize=8)
    _scale_of(ax, key, language)
    ax.set_ylabel(number_title(key, scenario, language), fontsize=8)
    ax.legend(fontsize=8, frameon=False, loc="lower right")
    headline(ax, say("front_title", language), wide=34)


def _values(found: Sweep, axis: int, language: Language) -> list[str]:
    """The values of an axis as ticks say them."""
    path, values = found.axes[axis].path, found.axes[axis].values
    cells = {cell.at[axis][1]: cell for cell in found.cells}
    return [textwrap.fill(value_said(cells[each], path, each, language), 26) for each in values]


def _scale_of(ax: Axes, key: Key, language: Language) -> None:
    ax.set_ylim(0, 1.12 * ax.get_ylim()[1])
    if key.statistic.startswith("share"):  # within the goal, or of the time at work
        digits = 0 if ax.get_ylim()[1] > 0.1 else 1
        ax.yaxis.set_major_formatter(lambda value, _: f"{number(100 * value, language, digits=digits)} %")


def _said(found: Estimate, language: Language) -> str:
    if found.unit == "share":
        return share(found.value, language)
    return number(found.value, language, digits=0 if abs(found.value) >= 10 else 1)


def _figure(ax: Axes) -> Figure:
    from matplotlib.figure import Figure

    figure = ax.figure
    assert isinstance(figure, Figure)  # made for it
    return figure
