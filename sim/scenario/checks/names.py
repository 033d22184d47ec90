"""That every name and every condition in a scenario means something.

`unknown` gives the references to what is not there or there twice; `misnamed` what else only the whole scenario can
tell about its names: people of pools that do not exist, values that no trial has, changes of what nothing uses.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.scenario.checks.references import Checked, Finding, Path
from sim.scenario.checks.size import last_year
from sim.scenario.files import public_holidays, years_of_holidays
from sim.scenario.language.mistakes import did_you_mean, nearest, shown
from sim.scenario.language.quantities import Span, write_share
from sim.scenario.language.records import accepts
from sim.scenario.lowering import PLAIN, events_of_stages
from sim.scenario.schema import (
    POOL_STATISTICS,
    STATISTICS,
    Condition,
    Headcount,
    Kind,
    Scenario,
    Site,
    StartRule,
    Task,
    TrialClass,
)
from sim.scenario.stages.tasks import Role, stand_in

_OPEN = {"pools": "pool", "clocks": "clock", "site_types": "site type", "sponsor_types": "sponsor type"}
_SHARE = "share_within_goal"


def unknown(it: Checked, elsewhere: Set[str] = frozenset()) -> Iterator[Finding]:
    """References to what is not there, nor `elsewhere` in its file, and names that mean two things.

    An event of a stage is there where the stage is, though something in the stage be wrong.
    """
    names = _Names(it)
    for path, kind, name in it.references:
        if name not in names.known[kind] and not {name, names.stage_of(kind, name)} & elsewhere:
            yield Finding(path, names.no_such(kind, name), path[-1] == name)
    yield from names.event_names()


def misnamed(it: Checked, added: list[Path]) -> Iterator[Finding]:
    """What else is wrong with names and values; `added` are the entries that a change made new."""
    names = _Names(it)
    for path, condition in it.conditions:
        yield from names.condition(path, condition)
    yield from names.mixed()
    yield from names.holidays()
    yield from names.people()
    yield from names.costs()
    yield from names.classes()
    yield from names.measured()
    yield from names.tolerances()
    yield from names.expectations()
    yield from names.unused(added)


def miscounted(it: Checked) -> Iterator[Finding]:
    """What is wrong with the numbers of a scenario of which all names are right."""
    return _Names(it).classes()


def misspelt(it: Checked, added: list[Path], elsewhere: Set[str]) -> Iterator[Finding]:
    """New pools, clocks and types that nothing uses, nor names `elsewhere` in its file."""
    return (each for each in _Names(it).unused(added) if len(each.path) == 2 and each.path[1] not in elsewhere)


@dataclass(frozen=True)
class _Names:
    it: Checked

    @property
    def scenario(self) -> Scenario:
        return self.it.scenario

    @cached_property
    def known(self) -> Mapping[str, tuple[str, ...]]:
        """The names of each kind of thing."""
        scenario = self.scenario
        sites, sponsors = tuple(site.name for site in scenario.sites), tuple(scenario.sponsor_types)
        tasks = tuple(name for _, name in self.tasks)
        staged = [name for task in self.it.tasks if task.stage != PLAIN.name for name, _ in task.steps]
        return {
            "event": (*staged, *tasks),
            "task": tasks,
            "pool": tuple(scenario.pools),
            "clock": tuple(scenario.clocks),
            "site type": tuple(scenario.site_types),
            "sponsor type": sponsors,
            "site or sponsor type": (*sites, *sponsors),
            "site attribute": tuple(self.of_sites),
        }

    @cached_property
    def tasks(self) -> list[tuple[Path, str]]:
        """The plain tasks and their steps, with their paths."""
        return [(path, record.name) for path, record in self.it.records if isinstance(record, Task)]

    @cached_property
    def of_sites(self) -> dict[str, set[Any]]:
        """The values of each attribute of sites."""
        pairs: list[tuple[str, Any]] = [("site", site.name) for site in self.scenario.sites]
        pairs += [pair for kind in self.scenario.site_types.values() for pair in kind.attributes.items()]
        return _values(pairs + [pair for site in self.scenario.sites for pair in site.attributes.items()])

    @cached_property
    def values(self) -> dict[str, set[Any]]:
        """The values of each attribute that a condition may ask for; a share stands for true and false."""
        of_trials: list[tuple[str, Any]] = [("class", each.name) for each in self.scenario.classes]
        of_trials += [("sponsor_type", name) for name in self.scenario.sponsor_types]
        of_trials += [pair for each in self.scenario.classes for pair in each.attributes.items()]
        of_trials += [("role", role) for role in typing.get_args(Role)]
        of_trials += [(admission.attribute, True) for admission in self.scenario.admissions]
        both = _values(of_trials)
        for name, values in self.of_sites.items():
            both[name] = both.get(name, set()) | values
        return {
            name: {value for value in values if not _is_flag(value)} | {True, False}
            if any(map(_is_flag, values))
            else values
            for name, values in both.items()
        }

    def mixed(self) -> Iterator[Finding]:
        """An attribute that is true or false here and a number there: nobody can ask for the one and not the other."""
        flags: dict[str, bool] = {}
        for path, record in self.it.records:
            for name, value in record.attributes.items() if isinstance(record, TrialClass | Kind | Site) else ():
                flag = _is_flag(value)
                if not isinstance(value, str) and flags.setdefault(name, flag) != flag:
                    kinds = ("a number", "true, false or a share")
                    message = f"is {kinds[flags[name]]} elsewhere, got {shown(value)}; write {kinds[flags[name]]}"
                    yield Finding((*path, "attributes", name), message)

    def stage_of(self, kind: str, name: str) -> str | None:
        """The stage that has an event of that name; None where none has."""
        return events_of_stages()[name][0].name if kind == "event" and name in events_of_stages() else None

    def no_such(self, kind: str, name: str) -> str:
        if stage := self.stage_of(kind, name):
            return f"there is no event {name!r} without the stage {stage!r}; add the stage, or wait for another event"
        return f"there is no {kind} {name!r}; {did_you_mean(name, self.known[kind])}"

    def condition(self, path: Path, condition: Condition) -> Iterator[Finding]:
        for name, wanted in condition.items():
            values = self.values.get(name)
            if values is None:
                yield Finding(
                    (*path, name), f"there is no attribute {name!r}; {did_you_mean(name, self.values)}", at_key=True
                )
                continue
            for value in wanted if isinstance(wanted, tuple) else (wanted,):
                if not any(accepts(value, other) for other in values):
                    known = sorted(str(each).lower() if _is_flag(each) else str(each) for each in values)
                    yield Finding(
                        (*path, name), f"no trial or site has the value {shown(value)}; {did_you_mean(value, known)}"
                    )

    def holidays(self) -> Iterator[Finding]:
        first, last = self.scenario.origin.year, last_year(self.scenario)
        for name, clock in self.scenario.clocks.items():
            if clock.holidays is None:
                continue
            path, years = ("clocks", name, "holidays"), years_of_holidays(clock.holidays)
            if not years:
                try:
                    public_holidays(clock.holidays)
                except ValueError as error:
                    yield Finding(path, str(error).removeprefix("holidays "))
            elif not years[0] <= first <= last <= years[-1]:
                yield Finding(
                    path,
                    f"are known from {years[0]} to {years[-1]}, got a simulation from {first} to {last}; "
                    "shorten the windows or move the origin",
                )

    def people(self) -> Iterator[Finding]:
        """People belong to pools that sites or sponsors have, and every pool has people."""
        scenario = self.scenario
        staffed: set[str] = set()
        for path, per, people in _staff(scenario):
            for name in people:
                staffed.add(name)
                right = [pool for pool, written in scenario.pools.items() if written.per == per]
                if name not in right:
                    yield Finding(
                        (*path, "people", name),
                        f"there is no pool {name!r} per {per}; {did_you_mean(name, right)}",
                        at_key=True,
                    )
        for name, pool in scenario.pools.items():
            if pool.units is None and not pool.meets and not (name in staffed and pool.per != "country"):
                where = {
                    "country": "add units",
                    "site": "add it to the people of a site type",
                    "sponsor": "add it to the people of a sponsor type",
                }[pool.per]
                yield Finding(("pools", name), f"must have people or sittings, got neither; {where}")

    def costs(self) -> Iterator[Finding]:
        """Costs are those of people."""
        pools = [name for name, pool in self.scenario.pools.items() if not pool.meets]
        for name in self.scenario.costs:
            if name not in pools:
                message = f"there is no pool of people {name!r}; {did_you_mean(name, pools)}"
                yield Finding(("costs", name), message, at_key=True)

    def classes(self) -> Iterator[Finding]:
        for index, each in enumerate(self.scenario.classes):
            if each.sponsors is not None and abs(sum(each.sponsors.values()) - 1) > 1e-9:
                total = 100 * sum(each.sponsors.values())
                yield Finding(("classes", index, "sponsors"), f"must add up to 100 %, got {total:g} %")
            early = [day for day in each.dates or () if day < self.scenario.origin]
            if early:
                yield Finding(
                    ("classes", index, "dates"), f"must not be before the origin {self.scenario.origin}, got {early[0]}"
                )
            most, there = _most_sites(each), sum(self._hosts(site, each.at) for site in self.scenario.sites)
            if most > there:
                yield Finding(
                    ("classes", index, "sites"),
                    f"must be at most the {there} sites that the class may choose, got {most}",
                )
            elif each.sites is not None and most + (each.reserve or 0) > there:
                yield Finding(
                    ("classes", index, "reserve"),
                    f"must be at most the {there - most} sites that the class may choose beside, got {each.reserve}",
                )

    def _hosts(self, site: Site, condition: Condition) -> bool:
        if not condition:
            return True
        kind = self.scenario.site_types.get(site.type or "")
        own = {**(kind.attributes if kind else {}), **site.attributes, "site": site.name}
        return all(accepts(wanted, own.get(name)) for name, wanted in condition.items())

    def event_names(self) -> Iterator[Finding]:
        """Each event has a name of its own, and so has each milestone that stands for a rule such as `first opened`."""
        rules = [(path, rule) for path, rule in self.it.records if isinstance(rule, StartRule)]
        made = {name: rule for _, rule in rules if (name := stand_in(rule)) is not None}
        taken = {name for task in self.it.tasks if task.stage != PLAIN.name for name in (task.name, *dict(task.steps))}
        for path, rule in rules:
            if stand_in(rule) in taken:
                yield Finding(path, f"is called {stand_in(rule)!r}, as another event is; rename {rule.event!r}")
        for path, name in self.tasks:
            if name in made:
                yield Finding((*path, "name"), f"{name!r} stands for the rule '{made[name]}'; rename this one")
            elif name in taken:
                yield Finding((*path, "name"), f"there is another event {name!r}; rename this one")
            taken.add(name)
        if "calendar" in self.scenario.clocks:
            yield Finding(("clocks", "calendar"), "is the name of the clock that is always open; rename this one", True)

    def measured(self) -> Iterator[Finding]:
        """What is measured is the end of one task: a task that is made of steps is known by them."""
        steps = {task.name: task.steps for task in self.scenario.tasks if task.steps}
        for path, kind, name in self.it.references:
            if kind == "event" and path[0] in ("goal", "indicators") and name in steps:
                yield Finding(
                    path,
                    f"{name!r} is made of steps; name one of them, such as {steps[name][-1].name!r}, "
                    "or a task that starts after it",
                )

    def tolerances(self) -> Iterator[Finding]:
        """A tolerance is about one statistic of an indicator of trials, in the unit of that statistic."""
        statistics = [name for name in STATISTICS if name != _SHARE or self.scenario.goal is not None]
        known = [
            f"{each.name}.{statistic}"
            for each in self.scenario.indicators
            if "trial" in each.levels
            for statistic in statistics
        ]
        for name, tolerance in self.scenario.tolerance.items():
            path = ("tolerance", name)
            if name not in known:
                yield Finding(path, f"there is no number {name!r} of trials; {did_you_mean(name, known)}", at_key=True)
            else:
                yield from _in_unit(path, tolerance, of_share=name.endswith(_SHARE))

    def expectations(self) -> Iterator[Finding]:
        """An expectation is about a number of the results, in its unit; use alone has no better side."""
        known = expected_numbers(self.scenario)
        for name, each in self.scenario.expect.items():
            path = ("expect", name)
            if each.of is None and self.scenario.goal is None:
                yield Finding(path, "must say the number it is of where there is no goal, got none; add of")
                continue
            if each.of is not None and each.of not in known:
                message = f"there is no number {each.of!r} to expect anything of; {did_you_mean(each.of, known)}"
                yield Finding((*path, "of"), message)
                continue
            if each.better_than is not None and (each.of or "").startswith("utilisation["):
                yield Finding((*path, "of"), f"more of it is neither better nor worse, got {each.of!r}; use at_most")
            of_share = each.of is None or each.of.endswith((_SHARE, ".share"))
            for key in ("at_least", "at_most", "by"):
                if (bound := getattr(each, key)) is not None:
                    yield from _in_unit((*path, key), bound, of_share=of_share)

    def unused(self, added: list[Path]) -> Iterator[Finding]:
        """A new entry that nothing refers to is a misspelt change."""
        used = {(kind, name) for _, kind, name in self.it.references}
        used |= {("site attribute", name) for _, condition in self.it.conditions for name in condition}
        attributes = {name for kind, name in used if kind == "site attribute"}
        for path in added:
            kind = _OPEN.get(path[0]) if len(path) == 2 else None
            if kind is not None and (kind, path[1]) not in used:
                others = [name for name in self.known[kind] if name != path[1]]
                yield Finding(
                    path,
                    f"there is no {kind} {path[1]!r} to change, and nothing uses a new one; "
                    f"{did_you_mean(path[1], others)}",
                    at_key=True,
                )
            elif len(path) == 4 and path[2] == "attributes" and path[3] not in attributes:
                others = [name for name in self.values if name != path[3]]
                if nearest(path[3], others) is not None:  # any other is a label, for an answer by groups
                    yield Finding(
                        path,
                        f"there is no attribute {path[3]!r} to change, and no condition asks for a new one; "
                        f"{did_you_mean(path[3], others)}",
                        at_key=True,
                    )


def expected_numbers(scenario: Scenario) -> list[str]:
    """What may be expected of a scenario: each statistic of its indicators of trials and of its pools."""
    statistics = [name for name in STATISTICS if name != _SHARE or scenario.goal is not None]
    indicators = [each for each in scenario.indicators if "trial" in each.levels]
    return [
        *(f"{each.name}.{statistic}" for each in indicators for statistic in (*statistics, *each.statistics)),
        *(
            f"{number}[{pool}].{each}"
            for pool in scenario.pools
            for number, found in POOL_STATISTICS.items()
            for each in found
        ),
    ]


def _in_unit(path: Path, bound: float | Span, *, of_share: bool) -> Iterator[Finding]:
    """A bound of a number is in its unit: a share, or a length of time."""
    if isinstance(bound, Span) and of_share:
        yield Finding(path, f"must be a share such as '1 %', got '{bound}'")
    elif not isinstance(bound, Span) and not of_share:
        yield Finding(path, f"must be a length of time such as '2 d', got '{write_share(bound)}'")


def _staff(scenario: Scenario) -> Iterator[tuple[Path, str, Mapping[str, Headcount]]]:
    yield from ((("site_types", name), "site", kind.people) for name, kind in scenario.site_types.items())
    yield from ((("sites", index), "site", site.people) for index, site in enumerate(scenario.sites))
    yield from ((("sponsor_types", name), "sponsor", kind.people) for name, kind in scenario.sponsor_types.items())


def _values(pairs: list[tuple[str, Any]]) -> dict[str, set[Any]]:
    values: dict[str, set[Any]] = {}
    for name, value in pairs:
        values.setdefault(name, set()).add(value)
    return values


def _is_flag(value: Any) -> bool:
    return isinstance(value, (bool, float))


def _most_sites(each: TrialClass) -> int:
    if each.sites is None:
        return 0
    return each.sites.exactly or max(
        (number for number, share in (each.sites.shares or {0: 0}).items() if share), default=0
    )
