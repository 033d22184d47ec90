"""What is wanted of one replication: its measures, all that happened in it as a table with dates, or both.

All are functions of a `Work` and a replication number alone, so that any process can compute any replication, and
a surprising one can be played again by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from sim.analysis.indicators import Measures, measure
from sim.analysis.timelines import frame
from sim.experiment.columns import as_parquet
from sim.experiment.workers import CannotPlay, Work
from sim.model.feasibility import Concern, concerns
from sim.model.network import Network, Timelines, Workload
from sim.model.trials import Replication

if TYPE_CHECKING:
    import pandas as pd

_LOG = logging.getLogger(__name__)

ENGINES: Mapping[str, str] = {"compiled": "sim.engine.compiled_engine", "simpy": "sim.engine.simpy_engine"}
"""The engines by name, and the module that each lives in."""

_REPAID = 500_000  # rows that the SimPy engine plays in about the time that compiling the other one takes


class Engine(Protocol):
    """What happens: a function of its input alone."""

    def __call__(self, network: Network, workload: Workload) -> Timelines:
        """When every row of the workload became ready, started and ended."""


def engine_named(name: str, rows: int) -> str:
    """The engine that `name` stands for; "auto" is the compiled one if there are enough `rows` to repay compiling.

    Says so where that one would repay and numba is not installed.

    Raises
    ------
    ValueError
        If there is no such engine, or the compiled one is asked for and numba is not installed.
    """
    if name not in ("auto", *ENGINES):
        raise ValueError(f"engine: must be auto or one of {', '.join(ENGINES)}, got {name!r}")
    compiles = find_spec("numba") is not None
    if name == "compiled" and not compiles:
        raise ValueError("engine: compiled needs the package numba, got none; install it, or use simpy")
    if name != "auto":
        return name
    if rows >= _REPAID and not compiles:
        _LOG.warning("numba is not installed: the SimPy engine runs, with the same result in many times the time")
    return "compiled" if compiles and rows >= _REPAID else "simpy"


def simulated(work: Work, number: int) -> tuple[Replication, Timelines]:
    """Replication `number` of a scenario, and what happened in it. Raises CannotPlay."""
    engine = engine_of(work)
    replication = drawn(work, number)
    return replication, engine(work.plan.network, replication.workload)


def engine_of(work: Work) -> Engine:
    """The engine that plays a work. Raises CannotPlay if it cannot be imported."""
    try:
        engine: Engine = import_module(ENGINES[work.engine]).simulate
    except ImportError as error:
        raise CannotPlay(f"engine: {work.engine} cannot be imported, {error}; use --engine simpy") from None
    return engine


def drawn(work: Work, number: int) -> Replication:
    """Replication `number` of a scenario before anything has happened. Raises CannotPlay."""
    try:
        return work.plan.replication(work.seed, number)
    except ValueError as error:
        raise CannotPlay(f"{work.name}: {error}") from error


def measured(work: Work, number: int) -> Measures:
    """The numbers of replication `number`."""
    return measure(work.plan, *simulated(work, number))


@dataclass(frozen=True, slots=True)
class Found:
    """What a replication leaves behind."""

    measures: Measures
    timelines: bytes | None = None  # the table of `played_again` as a Parquet file, if it is kept
    concerns: tuple[Concern, ...] | None = None  # what the scenario cannot do, as replication 0 tells


Wanted = Callable[[Work, int], Found]
"""What is to be found out about a replication."""


def indicators_of(work: Work, number: int) -> Found:
    """What is kept of replication `number` where timelines are not."""
    replication, timelines = simulated(work, number)
    return Found(measure(work.plan, replication, timelines), concerns=_concerns(work, replication))


def timelines_of(work: Work, number: int) -> Found:
    """What is kept of replication `number` where timelines are, too."""
    import pyarrow as pa

    replication, timelines = simulated(work, number)
    rows = pa.Table.from_pandas(frame(work.plan, replication, timelines), preserve_index=False)
    return Found(
        measure(work.plan, replication, timelines),
        as_parquet(rows, f"{work.stamp} {number}"),
        _concerns(work, replication),
    )


def concerns_of(work: Work) -> tuple[Concern, ...]:
    """What the scenario cannot do, or not in time, without playing it. Raises CannotPlay."""
    return concerns(work.plan, drawn(work, 0))


def warn(name: str, concerns: tuple[Concern, ...]) -> None:
    """Say what a scenario cannot do, or not in time."""
    for concern in concerns:
        _LOG.warning("%s: warning: %s", name, concern)


def _concerns(work: Work, replication: Replication) -> tuple[Concern, ...] | None:
    return concerns(work.plan, replication) if replication.number == 0 else None


def played_again(work: Work, number: int) -> pd.DataFrame:
    """Replication `number` as a table with one line per task of every trial, with dates."""
    return frame(work.plan, *simulated(work, number))
