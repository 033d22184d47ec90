"""The verbs that help to decide: what a scenario changes."""

from __future__ import annotations

import typer

from sim.cli.options import File

PANEL = "Decide"


def diff(a: File, b: File) -> None:
    """Say in words what is different between two scenarios.

    The exit code is that of diff(1): 0 if they are the same, 1 if they differ, 2 if one cannot be read.

    Example: trialstart diff france_sequential france_parallel
    """
    from sim.scenario.differences import differences
    from sim.scenario.loading import load

    found = differences(load(a), load(b))
    for difference in found:
        print(difference)
    if found:
        raise typer.Exit(1)


VERBS = ((diff, "Say in words what is different between two scenarios."),)
