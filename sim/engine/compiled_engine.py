"""The fast engine: the same timelines as the reference engine, in a small part of its time.

`simulate` lays a `Network` and a `Workload` out as the tables of a `State` and has the compiled rules play it, day by
day and minute by minute; the rules write the four columns of `Timelines`.
"""

from __future__ import annotations

import platform
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import numba
import numpy as np

from sim.engine import compiled_tables as t
from sim.engine.compiled_layout import Given, fill, given, lay_out, most_breaks
from sim.engine.compiled_queues import open_day, schedule
from sim.engine.compiled_rules import play_instant, put_to_sleep
from sim.engine.compiled_tables import State
from sim.engine.first_call import compiling_once
from sim.model.kept_code import unless_cut
from sim.model.network import NONE, Int, Network, Timelines, Workload


def simulate(network: Network, workload: Workload) -> Timelines:
    """Play one replication and return when each row became ready, started and ended [min].

    The same result as `sim.engine.simpy_engine.simulate`, in a small part of its time; the interpreter lock is
    released while it runs. The first call on a machine compiles, which takes seconds, and says so.
    """
    room = most_breaks(network, workload)
    while True:
        state = lay_out(network, workload, room)
        if _play.signatures:
            _play(state, given(workload))
        else:
            with compiling_once(Path(_play.stats.cache_path), _EDITION):
                unless_cut(_play, partial(_play, state, given(workload)))
        if state.lengths[t.BREAKS] < max(room, 1):
            return Timelines(state.ready, state.start, state.end, state.outcome, _breaks(state))
        room *= 2


def _breaks(state: State) -> Int:
    """The breaks in order, but those that took no time."""
    found = state.breaks[: state.lengths[t.BREAKS]]
    found = found[found[:, 1] != found[:, 2]]
    return np.asarray(found[np.lexsort((found[:, 1], found[:, 0]))])


def _edition() -> int:
    """A number that is another one when any of the compiled files is."""
    return crc32(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("compiled_*.py"))))


def _compile_play(edition: int) -> Any:  # a dispatcher of numba, which has no types
    """The compiled `play`: numba keeps its machine code until this file or `edition`, which it closes over, changes."""

    @t.compiled
    def play(s: State, given: Given) -> None:
        """Play every instant before the horizon at which there are events."""
        s.lengths[t.EDITION] = edition
        fill(s, given)
        if len(s.stands_by) > 0:
            put_to_sleep(s)
        for pool in range(len(s.pools)):
            if s.pools[pool].serves == t.PEOPLE:
                schedule(s, s.lines[s.pools[pool].first_line].instant, t.CHANGES, pool)
        for day in range(len(s.diary) - t.DAY):
            if s.diary[t.DAY + day] != NONE:
                open_day(s, day)
                for part in range(t.DAY // t.PART):
                    if s.busy[part]:
                        for minute in range(part * t.PART, (part + 1) * t.PART):
                            if s.diary[minute] != NONE:
                                play_instant(s, minute, day * t.DAY + minute)
                        s.busy[part] = False

    return play


_play = _compile_play(_edition())
_EDITION = f"trialstart-{_edition():08x}-{platform.python_version()}-numba-{numba.__version__}"
