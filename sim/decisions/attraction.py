"""Attractiveness: more trials come because a country is faster, and the queues give some of the gain back.

How many more is an elasticity e, which nobody has measured: where the days from the submission to the goal's event fall
from D0 (the reference) to D, the volume of the classes that are drawn by it becomes (D0 / D)^e times what it was. But D
itself depends on the volume, through the queues. `attracted` looks for the volume at which both agree, the fixed point,
by bisection on runs of the scenario: more trials never make it faster, so there is one between 1 and (D0 / D(1))^e.
Trials are thinned, so that those of today are among those of tomorrow, with the same luck and more company.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

from sim.analysis.estimates import Estimate, Kind, indicator_key
from sim.experiment.options import Options, options_of
from sim.experiment.precision import goal_key
from sim.experiment.results import Result
from sim.experiment.running import run
from sim.scenario.loading import load
from sim.scenario.schema import Indicator, Scenario, TrialClass
from sim.tables import Line

AGREE = 0.005
"""Volumes that differ by less than half a per cent agree: far less than an elasticity is known."""

ROUNDS = 8
"""Halvings of the range of volumes, at most."""


@dataclass(frozen=True, slots=True)
class Point:
    """A scenario at a volume: so many times that of the reference, in the classes that are drawn."""

    factor: float
    result: Result

    def days(self, of: Indicator) -> float:
        """The median days of an indicator [d]."""
        return self.result.estimates[indicator_key(of.name, "median")].value

    @property
    def share(self) -> Estimate:
        """The share that keeps the goal."""
        key = goal_key(self.result.scenario)
        assert key is not None  # an attraction has a goal
        return self.result.estimates[key]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What an elasticity comes to: the volume at which speed and volume agree."""

    elasticity: float
    at: Point


@dataclass(frozen=True)
class Attraction:
    """A faster scenario and its reference: what more trials make of the gain, by elasticity."""

    indicator: Indicator
    classes: tuple[TrialClass, ...]  # that are drawn
    reference: Point
    unanswered: Point  # the scenario at the volume of the reference
    drawn: tuple[Drawn, ...]

    def given_back(self, each: Drawn) -> float:
        """The part of the gain in the goal's share that more trials take away; nan where there is no gain."""
        gain = self.unanswered.share.value - self.reference.share.value
        return (self.unanswered.share.value - each.at.share.value) / gain if gain > 0 else float("nan")

    def slower(self, each: Drawn) -> tuple[str, float, float] | None:
        """The pool for whom one waits longest more than at the volume of the reference, and both waits [d]."""
        before, after = (point.result.estimates for point in (self.unanswered, each.at))
        keys = [key for key in before if key.kind is Kind.WAIT and key.statistic == "mean" and key in after]
        more = {key: after[key].value - before[key].value for key in keys}
        most = max((key for key in more if isfinite(more[key])), key=lambda key: more[key], default=None)
        return None if most is None else (most.of, before[most].value, after[most].value)


def attracted(
    reference: str | Path,
    scenario: str | Path,
    elasticities: Sequence[float],
    options: Options | None = None,
    *,
    classes: Sequence[str] = (),
    **named: Any,
) -> Attraction:
    """How many more trials a faster scenario draws, and what its queues leave of the gain.

    Parameters
    ----------
    reference, scenario
        Files, or names of shipped scenarios.
    elasticities
        Per cent more trials for a per cent fewer days, each above 0.
    classes
        The classes that are drawn; none: those that the goal is about.
    options, named
        As for `sim.compare`; each volume keeps its replications in a folder of its own.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read or built.
    ValueError
        If there is no goal, no indicator that leads to it from before, no class with a volume, or no elasticity.
    """
    how = options_of(options, named)
    base = load(reference, set_=how.changes)
    indicator, drawn = leading(base), _classes(base, classes)
    if not elasticities or min(elasticities) <= 0:
        raise ValueError(f"elasticity: must be above 0, got {', '.join(map(str, elasticities)) or 'none'}")
    players = [_Player(source, drawn, how, name) for source, name in ((reference, "reference"), (scenario, "scenario"))]
    first, unanswered = (each.at(1.0) for each in players)
    if not all(isfinite(each.days(indicator)) and each.days(indicator) > 0 for each in (first, unanswered)):
        raise ValueError(f"{indicator.name}: must have a median, got too few trials that come there; simulate longer")
    found = [Drawn(e, _fixed_point(players[1], e, first.days(indicator), indicator)) for e in elasticities]
    return Attraction(indicator, drawn, first, unanswered, tuple(found))


def leading(scenario: Scenario) -> Indicator:
    """The indicator that leads to the goal's event from before its clock starts. Raises ValueError."""
    goal = scenario.goal
    if goal is None:
        raise ValueError("goal: must be there to be gained, got a scenario without; add one")
    leads = (each for each in scenario.indicators if each.to == goal.to and each.from_ != goal.from_ and not each.less)
    found = next((each for each in leads if "trial" in each.levels), None)
    if found is None:
        raise ValueError(f"indicators: must have one to {goal.to} from another event than {goal.from_}; add one")
    return found


def _fixed_point(player: _Player, elasticity: float, days: float, indicator: Indicator) -> Point:
    """Where the volume that is played is the volume that its speed draws."""
    here = player.at(1.0)
    low, high = sorted((1.0, (days / here.days(indicator)) ** elasticity))
    for _ in range(ROUNDS):
        here = player.at((low + high) / 2)
        drawn = (days / here.days(indicator)) ** elasticity
        if abs(drawn - here.factor) <= AGREE * here.factor or high - low <= AGREE:
            break
        low, high = (here.factor, high) if drawn > here.factor else (low, here.factor)
    return here


@dataclass(slots=True)
class _Player:
    source: str | Path
    drawn: tuple[TrialClass, ...]
    how: Options
    name: str

    def at(self, factor: float) -> Point:
        """The scenario at a volume; what was played stays in the folder, if there is one."""
        changes = [
            f"classes.{each.name}.{change}"
            for each in self.drawn
            for change in (f"volume={factor * (each.volume or 0.0):.6f} /year", "arrivals=thinned")
        ]
        place = None if self.how.out is None else Path(self.how.out) / "volumes" / f"{self.name}_{factor:.6f}"
        scenario = load(self.source, set_=(*self.how.changes, *changes))
        return Point(factor, run(scenario, replace(self.how, set_=None, out=place)))


def _classes(scenario: Scenario, names: Sequence[str]) -> tuple[TrialClass, ...]:
    """The classes of these names; none named: those that the goal may be about. Raises ValueError."""
    known = {each.name: each for each in scenario.classes if each.volume is not None}
    wrong = [name for name in names if name not in known]
    if wrong:
        raise ValueError(f"class: must be a class with a volume, got {wrong[0]!r}; known: {', '.join(known)}")
    scope = scenario.goal.scope if scenario.goal is not None else {}
    found = tuple(known[name] for name in names or known if names or _meant(known[name], scope))
    if not found:
        raise ValueError("classes: none with a volume is what the goal is about; name some with --class")
    return found


def _meant(each: TrialClass, scope: Any) -> bool:
    """Whether a class may have trials in a scope: attributes that are shares may be true."""
    own = {name: value for name, value in each.attributes.items() if name in scope and not isinstance(value, float)}
    return all(
        value in (scope[name] if isinstance(scope[name], tuple | list) else (scope[name],))
        for name, value in own.items()
    )


def attraction_lines(found: Attraction) -> list[Line]:
    """A line for the reference, for the scenario at its volume, and for each elasticity."""
    points: list[tuple[str, float | None, Point]] = [
        ("reference", None, found.reference),
        ("scenario", None, found.unanswered),
        *(("drawn", each.elasticity, each.at) for each in found.drawn),
    ]
    return [
        {
            "what": what,
            "elasticity": elasticity,
            "factor": point.factor,
            "volume": point.factor * sum(each.volume or 0.0 for each in found.classes),
            "days": point.days(found.indicator),
            "share": point.share.value,
            "share_low": point.share.low,
            "share_high": point.share.high,
        }
        for what, elasticity, point in points
    ]
