"""How many people a scenario needs: the search for the smallest number, played on the scenario itself.

`solve_for` sets a whole number of the scenario (the units of a pool, say) to one value after the other, every time on
the same trials with the same luck, and keeps what it has played, so that a search that was interrupted goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from sim.analysis.intervals import Float
from sim.decisions.staffing import Bounds, Solution, Told, solve
from sim.experiment.options import Options, options_of
from sim.experiment.precision import goal_key
from sim.experiment.results import Result
from sim.experiment.running import run
from sim.experiment.workers import cores, local_pool
from sim.scenario.language.quantities import read_share
from sim.scenario.loading import load


@dataclass(frozen=True, slots=True)
class Question:
    """Which whole number of which scenario shall bring the goal's share to what is wanted.

    Parameters
    ----------
    path
        A whole number of the scenario, written as for `--set`, such as `pools.contract_officers.units`.
    share
        What shall be reached: "90 %", or 0.9.
    bounds
        The numbers to look between, and the most replications at each.

    Raises
    ------
    ValueError
        If the share is none, or the bounds are no range.
    """

    source: str | Path
    path: str
    share: str | float
    bounds: Bounds = field(default_factory=Bounds)

    def __post_init__(self) -> None:
        if not 0 < self.wanted <= 1:
            raise ValueError(f"share: must be more than 0 % and at most 100 %, got {self.share!r}")
        if not 0 <= self.bounds.least < self.bounds.most:
            least, most = self.bounds.least, self.bounds.most
            raise ValueError(f"numbers: must run from a smaller to a larger one, got {least} to {most}")

    @property
    def wanted(self) -> float:
        """The share that shall be reached."""
        return read_share(self.share) if isinstance(self.share, str) else self.share


@dataclass(frozen=True)
class Answer:
    """A question, what came of it, and the results of the numbers that were played."""

    question: Question
    solution: Solution
    results: dict[int, Result]


def solve_for(question: Question, options: Options | None = None, *, told: Told | None = None, **named: Any) -> Answer:
    """The smallest whole number with which a scenario keeps its goal in so many trials.

    Parameters
    ----------
    options, named
        As for `sim.compare`; how many replications are played is the question's.
    told
        Told about every look at a number.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read or built with a number.
    ValueError
        If it has no goal.
    """
    results: dict[int, Result] = {}
    with _playing(question, options_of(options, named), results) as shares:
        return Answer(question, solve(shares, question.wanted, question.bounds, told), results)


@contextmanager
def _playing(question: Question, how: Options, results: dict[int, Result]) -> Iterator[Callable[[int, int], Float]]:
    """Plays a number so many times, in processes that stay, and keeps what was played."""
    workers = how.jobs or cores()
    with TemporaryDirectory() as gone, local_pool(workers) as pool:
        kept = replace(how, executor=how.executor or pool, jobs=workers, set_=None)

        def shares(number: int, replications: int) -> Float:
            scenario = load(question.source, set_=(*how.changes, f"{question.path}={number}"))
            place = Path(how.out or gone) / f"{number}"
            results[number] = run(scenario, replace(kept, replications=replications, out=place))
            return years_of(results[number])

        yield shares


def years_of(result: Result) -> Float:
    """(replications) The share within the goal in each year in which a trial counts. Raises ValueError."""
    key = goal_key(result.scenario)
    if key is None:
        raise ValueError("goal: must be there to be met, got a scenario without; add one")
    values = result.summary.values[:, [*result.summary.units].index(key)]
    return np.asarray(values[~np.isnan(values)], np.float64)
