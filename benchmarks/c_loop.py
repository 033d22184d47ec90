"""The plain C loop of loop.c on the arrays of a workload: compiled for the benchmark only, with gcc."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sim.model.network import NONE, Network, Timelines, Workload

SOURCE = Path(__file__).parent / "loop.c"


def available() -> bool:
    """Whether there is a C compiler."""
    return shutil.which("gcc") is not None


def compiled(folder: Path) -> Callable[[Network, Workload], Timelines]:
    """An engine for networks of people on always-open clocks without limits; its library is built in `folder`."""
    library = folder / "loop.so"
    subprocess.run(["gcc", "-O3", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
    play = ctypes.CDLL(str(library)).play
    play.restype = ctypes.c_int

    def simulate(network: Network, workload: Workload) -> Timelines:
        return _simulate(play, network, workload)

    return simulate


def _simulate(play: Any, network: Network, workload: Workload) -> Timelines:
    n = len(workload)
    given = ("work", "pool", "priority", "needs", "release", "first_edge", "successor", "lag")
    columns = [np.ascontiguousarray(getattr(workload, name), np.int64) for name in given]
    units = np.array([pool.units[0] for pool in network.pools], np.int64)
    ready, start, end = (np.empty(n, np.int64) for _ in range(3))
    arrays = [*columns, units, ready, start, end]
    pointers = [array.ctypes.data_as(ctypes.POINTER(ctypes.c_int64)) for array in arrays]
    if play(*map(ctypes.c_int64, (n, len(network.pools), network.horizon)), *pointers):
        raise MemoryError("the C loop ran out of memory")
    return Timelines(ready, start, end, np.where(end == NONE, 0, 1))
