"""A bar that says how far a run is: replications, how fast, time left, and the number that is watched so far.

It goes to standard error, and only to a terminal: what is piped or logged stays clean.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import isnan
from time import monotonic

from sim.report.words import DASH, Language, say

SoFar = tuple[float, float, float]
Told = Callable[[int, int, Mapping[str, SoFar]], None]


@contextmanager
def progress_bar(watched: str | None = None, language: Language = "en") -> Iterator[Told]:
    """A bar for the length of the block; what it yields is told about finished replications.

    `watched` names the number of the estimates; None is the share within the goal.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(say("bar", language)),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[estimates]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None, rate="", estimates="")
        begun: list[tuple[int, float]] = []  # what was there already, and when the rest began

        def told(done: int, total: int, estimates: Mapping[str, SoFar]) -> None:
            if not begun:
                begun.append((done, monotonic()))
            more, seconds = done - begun[0][0], monotonic() - begun[0][1]
            bar.update(
                task,
                completed=done,
                total=total,
                rate=f"{more / seconds:.3g}/s" if more else "",
                estimates=_estimates(estimates, watched, language),
            )

        yield told


def _estimates(estimates: Mapping[str, SoFar], watched: str | None, language: Language) -> str:
    """What is known of each scenario so far, in their order, with half the width of its interval.

    >>> _estimates({"now": (0.084, 0.071, 0.097), "other": (float("nan"),) * 3}, None, "en")
    'within the goal so far: 8 % ± 1, –'
    >>> _estimates({"now": (31.42, 29.4, 33.5)}, "readiness_time.median", "fr").replace(chr(160), " ")
    "readiness_time.median, jusqu'ici : 31,4 ± 2,05"
    """
    share = watched is None or watched.endswith("share_within_goal")
    if all(isnan(mean) for mean, _, _ in estimates.values()):
        return ""
    known = [DASH if isnan(each[0]) else _estimate(*each, share=share) for each in estimates.values()]
    values = [each.replace(".", ",") if language == "fr" else each for each in known]
    what = watched or say("bar_goal", language)
    return say("bar_so_far", language, what=what, values=", ".join(values))


def _estimate(mean: float, low: float, high: float, *, share: bool) -> str:
    half = "" if isnan(low) else f" ± {100 * (high - low) / 2:.0f}" if share else f" ± {(high - low) / 2:.3g}"
    return (f"{mean:.0%}".replace("%", " %") if share else f"{mean:.3g}") + half
