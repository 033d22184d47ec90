"""Fits and back-tests to look at.

Of a fit: the observed curve with the fitted one and its band, and quantiles against quantiles. Of a back-test: the
ranks of what came, which are flat if predictions are right; how often intervals held; and the reliability diagram, of
which the points lie on the diagonal.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.own.backtest import LEVELS, Backtest
from sim.own.fitting import Fit
from sim.own.words import Language, number, say, share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SEEN, _FITTED, _OPEN = "#1f2a44", "#c8553d", "#7a8699"


def picture(task: str, fit: Fit, language: Language = "en") -> Figure:
    """Two panels about one time: the share that has ended by each day, and observed against fitted quantiles."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    figure.suptitle(task.replace("_", " "))
    _curves(left, fit, language)
    _quantiles(right, fit, language)
    return figure


def write_pictures(fits: dict[str, Fit], folder: Path, language: Language = "en") -> list[Path]:
    """A PNG for each fit that has families."""
    written = []
    for task, fit in fits.items():
        if fit.families:
            written.append(folder / f"{task}.png")
            picture(task, fit, language).savefig(written[-1], dpi=120)
    return written


def judged(test: Backtest, language: Language = "en") -> Figure:
    """Three panels about one time that was predicted: ranks, intervals, shares within the goal."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 3.8), layout="constrained")
    ranks, intervals, shares = figure.subplots(1, 3)
    figure.suptitle(test.task.replace("_", " "))
    _ranks(ranks, test, language)
    held = [(level, *test.coverage(level)) for level in LEVELS]
    _diagonal(intervals, held, ("picture_level", "picture_held"), language)
    found = [(each.predicted, each.came, each.low, each.high) for each in test.reliability]
    _diagonal(shares, found, ("picture_predicted", "picture_came"), language)
    shares.set_title(say("picture_goal", language, days=number(test.goal, language, digits=0)), fontsize=10)
    return figure


def write_judged(tests: Sequence[Backtest], folder: Path, language: Language = "en") -> list[Path]:
    """A PNG for each time that was predicted at all. Raises OSError."""
    written = []
    for test in tests:
        if test.scored:
            written.append(folder / f"{test.task}.png")
            judged(test, language).savefig(written[-1], dpi=120)
    return written


def _ranks(ax: Axes, test: Backtest, lang: Language) -> None:
    from scipy.stats import binom

    n = len(test.scored)
    ax.hist([each.rank for each in test.scored], bins=10, range=(0, 1), color=_SEEN, rwidth=0.9)
    low, high = binom.ppf((0.05, 0.95), n, 0.1)
    ax.axhspan(low, high, color=_FITTED, alpha=0.2, lw=0, label=say("picture_luck", lang))
    ax.axhline(n / 10, color=_FITTED, lw=1)
    ax.set(xlabel=say("picture_ranks", lang), ylabel=say("picture_trials", lang), xlim=(0, 1))
    ax.margins(y=0.25)
    ax.legend(fontsize=8, loc="upper left", frameon=False)


def _diagonal(ax: Axes, points: Sequence[tuple[float, ...]], labels: tuple[str, str], lang: Language) -> None:
    """Points with their intervals (x, y, low, high), against what they should be."""
    ax.plot([0, 1], [0, 1], color=_FITTED, lw=1)
    for x, y, low, high in points:
        ax.plot([x, x], [low, high], color=_SEEN, lw=1.2)
        ax.plot(x, y, "o", color=_SEEN, ms=4)
    ax.set(xlabel=say(labels[0], lang), ylabel=say(labels[1], lang), xlim=(0, 1), ylim=(0, 1))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: share(value, lang))


def _curves(ax: Axes, fit: Fit, lang: Language) -> None:
    assert fit.observed is not None  # where there are families
    end = max(float(fit.observed.time.max()), fit.quantile(0.9))
    days = np.linspace(0, end, 400)
    fitted = fit.cdf(days)
    if fit.goodness is not None:
        low, high = (np.clip(fitted + side * fit.goodness.band, 0, 1) for side in (-1, 1))
        ax.fill_between(days, low, high, color=_FITTED, alpha=0.15, lw=0, label=say("picture_band", lang))
    ax.plot(days, fitted, color=_FITTED, label=say("picture_fit", lang, family=say(f"family_{fit.best.family}", lang)))
    time, share = np.append(0.0, fit.observed.time), np.append(0.0, fit.observed.share)
    ax.step(time, share, where="post", color=_SEEN, lw=1.2, label=say("picture_seen", lang))
    still = np.array([spell.low for spell in fit.times.spells if spell.end != "done"])
    at = np.interp(still, time, share)
    ax.plot(still, at, "|", color=_OPEN, ms=7, label=say("picture_open", lang))
    ax.set(xlabel=say("picture_days", lang), ylabel=say("picture_share", lang), xlim=(0, end), ylim=(0, 1))
    ax.legend(fontsize=8, loc="lower right", frameon=False)


def _quantiles(ax: Axes, fit: Fit, lang: Language) -> None:
    """Observed times against those that the fit has at the same share; open times where they are, as marks."""
    from matplotlib.ticker import LogLocator, NullLocator

    assert fit.observed is not None
    inside = (fit.observed.share > 0.005) & (fit.observed.share < 0.995)
    if not inside.any():
        inside[:] = True  # nearly all took as long
    seen, expected = fit.observed.time[inside], fit.quantiles(np.minimum(fit.observed.share[inside], 0.995))
    ax.loglog(np.maximum(expected, 0.3), np.maximum(seen, 0.3), "o", ms=3, color=_SEEN)
    ends = [max(0.3, float(min(seen.min(), expected.min()))), float(max(seen.max(), expected.max()))]
    ax.loglog(ends, ends, color=_FITTED, lw=1)
    still = np.array([spell.low for spell in fit.times.spells if spell.end != "done" and spell.low >= ends[0]])
    ax.plot(still, still, "|", color=_OPEN, ms=7)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_locator(NullLocator())
    ax.set(xlabel=say("picture_fitted", lang), ylabel=say("picture_observed", lang))
