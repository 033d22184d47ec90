"""How many people a scenario needs, or how late something may begin: the search, played on the scenario itself.

`solve_for` sets values of the scenario to one number after the other, every time on the same trials with the same luck,
and keeps what it has played, so that a search that was interrupted goes on. A value is a whole number, such as the
units of a pool, of which the smallest is sought that meets the goal; or a time, a start rule or a span, of which the
largest number of days is sought. Of several whole numbers a point is sought from which nothing can be taken away; what
one more of each costs is what the scenario says that its people cost, or else the people that it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.estimates import Estimate, Key, Kind
from sim.analysis.intervals import Float
from sim.decisions.ledger import Amount
from sim.decisions.staffing import Bounds, Point, SearchInterrupted, Solution, Told, allocate, solve
from sim.experiment.options import Options, options_of
from sim.experiment.precision import goal_key
from sim.experiment.results import Result
from sim.experiment.running import Interrupted, run
from sim.experiment.workers import cores, local_pool
from sim.scenario.checks.people import cost, people
from sim.scenario.language.mistakes import did_you_mean
from sim.scenario.language.quantities import read_share, read_span
from sim.scenario.language.steps import START_RULE
from sim.scenario.loading import load
from sim.scenario.schema import Scenario, written
from sim.tables import Line, as_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Question:
    """Which values of which scenario shall bring the goal's share to what is wanted.

    Parameters
    ----------
    paths
        A value of the scenario, written as for `--set`, such as `pools.contract_officers.units`,
        `site_types.large.people.contract_officers` or `contracting.starts`; or several.
    share
        What shall be reached: "90 %", or 0.9.
    bounds
        The numbers to look between, and the most replications at each.

    Raises
    ------
    ValueError
        If the share is none, the bounds are no range, or a value is named twice.
    """

    source: str | Path
    paths: str | tuple[str, ...]
    share: str | float
    bounds: Bounds = field(default_factory=Bounds)

    def __post_init__(self) -> None:
        if not 0 < self.wanted <= 1:
            raise ValueError(f"share: must be more than 0 % and at most 100 %, got {self.share!r}")
        if not self.bounds.least < self.bounds.most:
            least, most = self.bounds.least, self.bounds.most
            raise ValueError(f"numbers: must run from a smaller to a larger one, got {least} to {most}")
        if not self.each or len({*self.each}) < len(self.each):
            raise ValueError(f"values: must be at least one, each once, got {', '.join(self.each) or 'none'}")

    @property
    def each(self) -> tuple[str, ...]:
        """The values that are sought."""
        return (self.paths,) if isinstance(self.paths, str) else tuple(self.paths)

    @property
    def wanted(self) -> float:
        """The share that shall be reached."""
        return read_share(self.share) if isinstance(self.share, str) else self.share


@dataclass(frozen=True, slots=True)
class Sought:
    """A value that is sought: where it stands, and how a number is written there."""

    path: str
    event: str | None = None  # of a start rule: so many days after this event
    unit: str | None = None  # of a time: what its number counts
    before: tuple[tuple[date, int], ...] = ()  # of people by date: how many there are from each earlier date on
    since: date | None = None  # from when on there are as many as is sought; None: all the time

    @property
    def pool(self) -> str | None:
        """The pool whose people are sought; None where it is something else."""
        parts = self.path.split(".")
        if len(parts) == 3 and (parts[0], parts[2]) == ("pools", "units"):
            return parts[1]
        return parts[3] if len(parts) == 4 and parts[2] == "people" else None

    @property
    def is_time(self) -> bool:
        """Whether the largest number that meets is sought, not the smallest."""
        return self.unit is not None

    def setting(self, number: int) -> str:
        """A number as `--set` takes it.

        >>> Sought("contracting.starts", "authorised", "d").setting(-3)
        'contracting.starts=authorised - 3 d'
        >>> Sought("pools.desk.units", before=((date(2026, 1, 1), 2),), since=date(2027, 1, 1)).setting(3)
        'pools.desk.units={2026-01-01: 2, 2027-01-01: 3}'
        """
        if self.since is not None:
            dated = ", ".join(f"{day}: {n}" for day, n in (*self.before, (self.since, number)))
            return f"{self.path}={{{dated}}}"
        if self.event is not None:
            return f"{self.path}={self.event} {'-' if number < 0 else '+'} {abs(number)} {self.unit}"
        return f"{self.path}={number}" if self.unit is None else f"{self.path}={number} {self.unit}"


@dataclass(frozen=True)
class Answer:
    """A question, what came of it, and the results of the points that were played."""

    question: Question
    sought: tuple[Sought, ...]
    solution: Solution
    results: dict[Point, Result]

    @property
    def scenario(self) -> Scenario:
        """The scenario at the ceiling."""
        return self.results[self.solution.ceiling.at].scenario

    @property
    def seed(self) -> int:
        """Where its luck comes from."""
        return self.results[self.solution.ceiling.at].work.seed

    @property
    def pools(self) -> tuple[str, ...]:
        """The pools whose people are sought."""
        return tuple(dict.fromkeys(each.pool for each in self.sought if each.pool is not None))

    @property
    def lines(self) -> list[Line]:
        """Every point that was looked at: its numbers by their paths; `answer` marks the one that is the answer."""
        return [
            {
                **{sought.path: number for sought, number in zip(self.sought, each.at, strict=True)},
                **Amount(each.share, each.low, each.high).line,
                "years": len(each.years),
                "years_met": each.years_met(self.question.wanted),
                "people": self.people(each.at),
                **({} if (spent := self.cost(each.at)) is None else {"euros_a_year": spent}),
                **{f"{name}[{pool}]": value for pool in self.pools for name, value in self._load(each.at, pool)},
                "wanted": self.question.wanted,
                "answer": each.at == self.solution.at,
                "verdict": self.solution.verdict.value,
            }
            for each in self.solution.looked
        ]

    @property
    def frame(self) -> pd.DataFrame:
        """The lines as a pandas frame."""
        return as_frame(self.lines)

    def load(self, at: Point, pool: str) -> tuple[Estimate, Estimate]:
        """How much of the time the people of a pool are used, and how long is waited for them on average [d]."""
        estimates = self.results[at].summary.estimates
        return estimates[Key(Kind.USE, pool, "pool", "share")], estimates[Key(Kind.WAIT, pool, "pool", "mean")]

    def _load(self, at: Point, pool: str) -> Iterator[tuple[str, float]]:
        use, wait = self.load(at, pool)
        yield from (("utilisation", use.value), ("wait_time", wait.value))

    def people(self, at: Point) -> int:
        """How many people there are in all at a point that was played."""
        return sum(people(self.results[at].scenario).values())

    def cost(self, at: Point) -> float | None:
        """What they cost a year [EUR]; None where the scenario does not say."""
        return cost(self.results[at].scenario)


class SolveInterrupted(KeyboardInterrupt):
    """Ctrl-C during a search, with the `Answer` as far as it came: None before the ceiling was known."""

    def __init__(self, finished: Answer | None) -> None:
        super().__init__()
        self.finished = finished


def solve_for(question: Question, options: Options | None = None, *, told: Told | None = None, **named: Any) -> Answer:
    """The smallest numbers, or the largest time, with which a scenario keeps its goal in so many trials.

    Parameters
    ----------
    options, named
        As for `sim.compare`; how many replications are played is the question's.
    told
        Told about every look at a point.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read or built with a number.
    ValueError
        If it has no goal, or one of several values is a time.
    SolveInterrupted
        On Ctrl-C, with what was looked at.
    """
    how = options_of(options, named)
    reference = load(question.source, set_=how.changes)
    return solved(question, tuple(sought_at(path, reference) for path in question.each), how, told)


def solved(question: Question, sought: tuple[Sought, ...], how: Options, told: Told | None = None) -> Answer:
    """The same where it is known how each number is written."""
    results = dict[Point, Result]()
    if len(sought) > 1 and any(each.is_time for each in sought):
        raise ValueError("values: a time must be sought alone, got several values; leave the others out")
    try:
        with _playing(question, sought, how, results) as shares:
            solution = _searched(shares, question, sought, how, told)
    except SearchInterrupted as stopped:
        done = None if stopped.finished is None else Answer(question, sought, stopped.finished, results)
        raise SolveInterrupted(done) from None
    return Answer(question, sought, solution, results)


def sought_at(path: str, scenario: Scenario) -> Sought:
    """What is sought at a path: a time where the scenario has one, else a whole number. Raises ValueError."""
    pool = Sought(path).pool
    if pool is not None and pool not in scenario.pools:
        raise ValueError(f"{path}: there is no pool of people {pool!r}; {did_you_mean(pool, [*scenario.pools])}")
    found: Any = written(scenario)
    for part in path.split("."):
        if isinstance(found, list):  # its items have names, or numbers
            found = next((each for at, each in enumerate(found) if part in (f"{at}", _name_of(each))), None)
        else:
            found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if isinstance(found, list):
        raise ValueError(f"{path}: must be one number or one time, got several; name one of them")
    if not isinstance(found, str):
        return Sought(path)
    try:
        return Sought(path, unit=read_span(found).unit)
    except ValueError:
        rule = START_RULE.fullmatch(found)
    if rule is None:
        raise ValueError(f"{path}: must be a whole number, a span or a start rule, got {found!r}") from None
    return Sought(path, f"{rule['which'] or ''} {rule['event']}".strip(), "d")


def _name_of(item: Any) -> str | None:
    return item.get("name") if isinstance(item, dict) else None


def _searched(
    shares: Callable[[Point, int], Float],
    question: Question,
    sought: tuple[Sought, ...],
    how: Options,
    told: Told | None,
) -> Solution:
    if len(sought) == 1:
        return solve(shares, question.wanted, question.bounds, told, largest=sought[0].is_time)
    return allocate(shares, question.wanted, _prices(question, sought, how), question.bounds, told)


def _prices(question: Question, sought: tuple[Sought, ...], how: Options) -> list[float]:
    """What one more of each number takes: euros where the scenario says what people cost, else people; at least 1.

    Raises ValueError if it says what some of them cost, and not others.
    """
    least = question.bounds.least
    points = [tuple(least + (at == place) for at in range(len(sought))) for place in range(len(sought))]
    base, *more = (_scenario_at(question, sought, point, how) for point in ((least,) * len(sought), *points))
    there = people(base)
    changed = {name for each in more for name, n in people(each).items() if n != there[name]}
    if base.costs and (missing := sorted(changed - {*base.costs})):
        raise ValueError(f"costs: must have each pool that is sought, got none of {', '.join(missing)}; add it")
    return [max(1.0, _spent(each) - _spent(base)) for each in more]


def _spent(scenario: Scenario) -> float:
    return sum(people(scenario).values()) if (euros := cost(scenario)) is None else euros


def _scenario_at(question: Question, sought: tuple[Sought, ...], point: Point, how: Options) -> Scenario:
    settings = (each.setting(number) for each, number in zip(sought, point, strict=True))
    return load(question.source, set_=(*how.changes, *settings))


@contextmanager
def _playing(
    question: Question, sought: tuple[Sought, ...], how: Options, results: dict[Point, Result]
) -> Iterator[Callable[[Point, int], Float]]:
    """Plays a point so many times, in processes that stay, and keeps what was played."""
    workers = how.jobs or cores()
    here = workers == 1 or how.executor is not None
    with TemporaryDirectory() as gone, nullcontext() if here else local_pool(workers) as pool:
        kept = replace(how, executor=how.executor or pool, jobs=workers, set_=None)

        def shares(point: Point, replications: int) -> Float:
            scenario = _scenario_at(question, sought, point, how)
            place = Path(how.out or gone) / "points" / "_".join(map(str, point))
            try:
                results[point] = run(scenario, replace(kept, replications=replications, out=place))
            except Interrupted:
                raise KeyboardInterrupt from None
            return years_of(results[point])

        yield shares


def years_of(result: Result) -> Float:
    """(replications) The share within the goal in each year in which a trial counts. Raises ValueError."""
    key = goal_key(result.scenario)
    if key is None:
        raise ValueError("goal: must be there to be met, got a scenario without; add one")
    values = result.summary.values[:, [*result.summary.units].index(key)]
    return np.asarray(values[~np.isnan(values)], np.float64)
