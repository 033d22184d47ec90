"""Fits to look at: the observed curve with the fitted one and its band, and quantiles against quantiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.own.fitting import Fit
from sim.own.words import Language, say

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
