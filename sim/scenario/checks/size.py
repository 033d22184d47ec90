"""How large a scenario is before anything is built, so that no file can exhaust the machine.

`too_large` gives (path, message) for each quantity past what a replication can hold; the expected number of rows is a
product, and the message names its largest factor.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sim.scenario.checks.process import may_meet
from sim.scenario.checks.references import Checked, Finding, Path
from sim.scenario.language.quantities import DAYS_PER_YEAR
from sim.scenario.lowering import PLAIN
from sim.scenario.schema import Count, Pool, Scenario, TrialClass
from sim.scenario.stages.tasks import Task

MOST_ROWS = 10_000_000
"""Rows of one replication: some gigabytes."""
MOST_CELLS = 50_000_000
"""Candidates of all sites, or trials times sites: tables that exist for a moment."""
MOST_TASKS = 20_000
MOST_POOLS = 20_000
MOST_SITTINGS = 500_000
MARGIN = 400
"""[d] that clocks know past the horizon, so that planned dates and limits have an answer."""
LONGEST = 200
"""[years] of one replication."""
FIRST, LAST = 1900, 2200
"""[years] in which the origin may lie."""
_INTERVAL = {"week": 7, "two_weeks": 14, "month": 30}  # [d]


def too_large(it: Checked) -> Iterator[Finding]:
    """What of a scenario is past what can be simulated; if its time is, nothing else is looked at."""
    windows = list(_windows(it.scenario))
    yield from windows
    if not windows:
        yield from _counted(it.scenario)
        yield from _rows(it)


def last_year(scenario: Scenario) -> int:
    """The year of the last day that clocks must know."""
    try:
        return (scenario.origin + timedelta(scenario.windows.days + MARGIN - 1)).year
    except OverflowError:
        return date.max.year


def expected_rows(scenario: Scenario) -> float:
    """About how many rows a replication has, rather more than fewer."""
    it = Checked(scenario)
    return sum(_Class(it, each).rows for each in scenario.classes)


def _windows(scenario: Scenario) -> Iterator[Finding]:
    windows, years = scenario.windows, scenario.windows.days / DAYS_PER_YEAR
    for name in ("warm_up", "observation", "follow_up"):
        if getattr(windows, name).unit != "d":
            wrong = f"must be in calendar days such as '365 d', got {getattr(windows, name)}"
            yield Finding(("windows", name), wrong)
    if windows.observation.days < 1:
        yield Finding(("windows", "observation"), f"must be at least 1 d, got {windows.observation}")
    if years > LONGEST:
        yield Finding(("windows",), f"must add up to at most {LONGEST} years, got {years:,.0f}")
    if not FIRST <= scenario.origin.year <= LAST:
        yield Finding(("origin",), f"must lie between the years {FIRST} and {LAST}, got {scenario.origin}")


def _counted(scenario: Scenario) -> Iterator[Finding]:
    """Tasks, pools and sittings: what is there once."""
    tasks = sum(max(len(task.steps), 1) for task in scenario.tasks)
    if tasks > MOST_TASKS:
        yield Finding(("tasks",), f"must be at most {MOST_TASKS:,} with their steps, got {tasks:,}")
    sponsors = sum(kind.number or 1 for kind in scenario.sponsor_types.values())
    each = {"country": 1, "site": len(scenario.sites), "sponsor": sponsors}
    pools = sum(each[pool.per] for pool in scenario.pools.values())
    if pools > MOST_POOLS:
        key = "sponsor_types" if sponsors >= len(scenario.sites) else "sites"
        yield Finding((key,), f"make {pools:,} pools with people of their own; must be at most {MOST_POOLS:,}")
    for name, pool in scenario.pools.items():
        if (sittings := each[pool.per] * _sittings(scenario, pool)) > MOST_SITTINGS:
            wrong = f"must be at most {MOST_SITTINGS:,} in all, got about {sittings:,.0f}"
            yield Finding(("pools", name, "sittings"), wrong)


def _sittings(scenario: Scenario, pool: Pool) -> float:
    return pool.sittings.bodies * scenario.windows.days / _INTERVAL[pool.sittings.every] if pool.sittings else 0.0


def _rows(it: Checked) -> Iterator[Finding]:
    classes = [_Class(it, each) for each in it.scenario.classes]
    rows, cells = sum(each.rows for each in classes), sum(each.cells for each in classes)
    if rows <= MOST_ROWS and cells <= MOST_CELLS:
        return
    worst = max(classes, key=lambda each: each.rows + each.cells)
    path, factor = worst.largest_factor(it.scenario.classes.index(worst.written))
    what, most, got = ("rows", MOST_ROWS, rows) if rows > MOST_ROWS else ("candidates", MOST_CELLS, cells)
    yield Finding(
        path,
        f"a replication would have about {_said(got)} {what}, at most {_said(most)} can be simulated; "
        f"the largest factor is {factor}",
    )


@dataclass(frozen=True)
class _Class:
    """How much of everything a class of trials brings."""

    it: Checked
    written: TrialClass

    @property
    def scenario(self) -> Scenario:
        return self.it.scenario

    @property
    def years(self) -> float:
        return self.scenario.windows.days / DAYS_PER_YEAR

    @cached_property
    def trials(self) -> float:
        if self.written.dates is not None:
            return len(self.written.dates)
        changing = self.written.volume_by_date
        return self.years * (max(changing.values()) if changing is not None else self.written.volume or 0.0)

    @cached_property
    def sites(self) -> float:
        return _mean(self.written.sites) + (self.written.reserve or 0) if self.written.sites is not None else 0.0

    @cached_property
    def candidates(self) -> float:
        """Of one site: until the trial would have its patients by this site alone, or the time is over."""
        stage = self.scenario.inclusion
        if stage is None or not may_meet(self.written, stage.only):
            return 0.0
        passes = max(1 - stage.screen_failure.share, 1e-9)
        rates = [stage.referrals, *(each.referrals for each in stage.variants if each.referrals is not None)]
        spread = 2 * math.log(self.trials * self.sites + 2)  # the busiest of many sites
        come = max(each.rate * self.years * (1 + spread / each.alpha) for each in rates)
        return 1 + min(stage.patients.number / passes, come)

    @cached_property
    def cells(self) -> float:
        """Of the tables in which sites and candidates are drawn."""
        stage, chosen = self.scenario.inclusion, self.trials * len(self.scenario.sites) if self.sites else 0.0
        drawn = max(2 * stage.patients.number + 8, 2 * self.candidates) if stage is not None else 0.0
        return max(chosen, self.trials * self.sites * drawn)

    @cached_property
    def rows(self) -> float:
        return self.trials * sum(self._places(task) * _rows_of(task) for task in self.it.tasks)

    def _places(self, task: Task) -> float:
        """In how many places of one trial a task takes place at most."""
        if not may_meet(self.written, task.step.only or {}):
            return 0.0
        if task.scope == "trial":
            return 1.0
        if task.stands_by:
            return float(self.written.reserve or 0)
        coordinating = min(self.sites, 1.0)
        sites = {"coordinating": coordinating, "associated": self.sites - coordinating}.get(task.role or "", self.sites)
        return sites if task.scope == "site" else sites * self.candidates

    def largest_factor(self, index: int) -> tuple[Path, str]:
        """Where the largest of the numbers that are multiplied was written, and what it is."""
        way = next(key for key in ("volume", "volume_by_date", "dates") if getattr(self.written, key) is not None)
        plain = [task for task in self.it.tasks if task.stage == PLAIN.name]
        most = max(plain, key=_rows_of, default=None)
        factors: list[tuple[float, Path, str]] = [
            (self.trials / self.years, ("classes", index, way), f"{_said(self.trials / self.years)} trials a year"),
            (self.years, ("windows",), f"{_said(self.years)} years"),
            (self.sites, ("classes", index, "sites"), f"{_said(self.sites)} sites of a trial"),
            (self.candidates, ("inclusion",), f"{_said(self.candidates)} candidates of a site"),
        ]
        if most is not None:
            rows = _rows_of(most)
            factors.append((rows, ("tasks", plain.index(most)), f"{_said(rows)} rounds of a task"))
            factors.append((float(len(plain)), ("tasks",), f"{len(plain):,} tasks"))
        _, path, words = max(factors, key=lambda factor: factor[0])
        return path, words


def _rows_of(task: Task) -> float:
    """Of one place that needs all of it."""
    return len(task.steps) * (_mean(task.rounds) if task.rounds is not None else 1.0)


def _mean(count: Count) -> float:
    if count.shares is not None:
        return sum(number * share for number, share in count.shares.items())
    return float(count.exactly if count.exactly is not None else count.mean or 0.0)


def _said(number: float) -> str:
    return f"{number:,.0f}" if number < 1e9 else f"{number:.2g}"
