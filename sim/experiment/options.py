"""How scenarios are simulated, and where their replications go: one record for every function that does it.

>>> replace(Options(replications=10), seed=2).replications
10
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from sim.model.hooks import Hook

REPLICATIONS = 30
"""Gives the share within the goal a half-width of at most 3 points in the shipped scenarios."""

Keep = Literal["indicators", "timelines"]


@dataclass(frozen=True, slots=True)
class Options:
    """How scenarios are simulated, and where replications go.

    Parameters
    ----------
    set_
        Changes to every scenario that is read from a file, such as "contracting.starts=authorised".
    replications
        Independent repetitions of each scenario, at least 2 for an interval; None for `REPLICATIONS`. With a
        precision, the most that may be made for it.
    seed
        Where all randomness comes from; the same seed gives the same result.
    jobs
        Processes on this machine; 1 computes here, None uses every core.
    engine
        "compiled", "simpy", or "auto": compiled where that is quicker. Both give the same result.
    executor
        Any `concurrent.futures.Executor` instead of local processes, or "dask://host:port" for the workers of a Dask
        cluster; with it, `jobs` says how many batches it can compute at once.
    out
        A folder that keeps the replications as they are finished; the same experiment goes on from there. None
        keeps them in memory.
    keep
        With a folder: "indicators", or "timelines" for all that happened as well.
    fresh
        Throw away the replications of another experiment, or of this one, that the folder holds.
    precision
        Make replications until the interval of a number has at most this half-width, in each scenario and in the
        differences: "1 %" for a share, "2 d" for days.
    hooks
        Functions in place of what scenarios say of a step, by what they stand for, such as "contract_executed.work";
        see `sim.model.hooks`. For `run`, `compare` and the groups of a result; they leave nothing in a folder.
    precision_of
        Which number, such as "readiness_time.median"; None for the share within the goal.

    Raises
    ------
    ValueError
        If replications, seed, jobs or keep make no sense.
    """

    set_: Sequence[str] | None = None
    replications: int | None = None
    seed: int = 1
    jobs: int | None = None
    engine: str = "auto"
    executor: Executor | str | None = None
    out: str | Path | None = None
    keep: Keep = "indicators"
    fresh: bool = False
    precision: str | None = None
    precision_of: str | None = None
    hooks: Mapping[str, Hook] | None = None

    def __post_init__(self) -> None:
        _check("replications", self.most, 1, 1_000_000)
        _check("seed", self.seed, 0, None)
        _check("jobs", 1 if self.jobs is None else self.jobs, 1, 1_000)
        if self.hooks and self.out is not None:
            raise ValueError("hooks: leave nothing in a folder, which could not tell what they do; leave 'out' out")
        if self.keep not in ("indicators", "timelines") or (self.keep == "timelines" and self.out is None):
            raise ValueError(f"keep: must be indicators, or timelines with a folder to keep them in, got {self.keep!r}")

    @property
    def changes(self) -> tuple[str, ...]:
        """Changes to every scenario that is read from a file."""
        return (self.set_,) if isinstance(self.set_, str) else tuple(self.set_ or ())

    @property
    def most(self) -> int:
        """The most replications that are made of each scenario, if no precision asks for more."""
        return REPLICATIONS if self.replications is None else self.replications


def options_of(given: Options | None, named: Mapping[str, Any]) -> Options:
    """The options as a function was given them: a record, fields by name, or a record with some fields changed."""
    return replace(given or Options(), **named)


def _check(name: str, value: object, least: int, most: int | None) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name}: must be a whole number, at least {least}, got {value!r}")
    if most is not None and value > most:
        raise ValueError(f"{name}: must be at most {most:,}, got {value}")
