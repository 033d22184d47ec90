"""Work counted in calls: the same on any machine, however fast or busy it is."""

from __future__ import annotations

from collections.abc import Callable
from cProfile import Profile


def calls(play: Callable[[], object]) -> int:
    """How many functions were called, in Python and below it, while `play` ran."""
    profile = Profile()
    profile.runcall(play)
    return sum(each.callcount for each in profile.getstats())
