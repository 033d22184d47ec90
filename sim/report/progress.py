"""A bar that says how far a run is: replications, time left, and the share within the goal so far.

It goes to standard error, and only to a terminal: what is piped or logged stays clean.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import isnan

Told = Callable[[int, int, Mapping[str, float]], None]


@contextmanager
def progress_bar() -> Iterator[Told]:
    """A bar for the length of the block; what it yields is told about finished replications."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
               TextColumn("{task.fields[shares]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None, shares="")

        def told(done: int, total: int, estimates: Mapping[str, float]) -> None:
            bar.update(task, completed=done, total=total, shares=_shares(estimates))

        yield told


def _shares(estimates: Mapping[str, float]) -> str:
    """The share within the goal of each scenario so far.

    >>> _shares({"now": 0.084, "then": 0.91, "other": float("nan")})
    'within the goal so far: now 8 %, then 91 %'
    """
    known = [f"{name} {share:.0%}".replace("%", " %") for name, share in estimates.items() if not isnan(share)]
    return f"within the goal so far: {', '.join(known)}" if known else ""
