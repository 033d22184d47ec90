"""What a scenario asks for that cannot be, as far as that shows without playing it.

`impossible` gives what no run gets past: people or sittings that somebody needs and that are not there at any time.
`doubtful` gives what a run gets past but hardly anybody means. Both give (path, message).
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.process import may_meet
from sim.scenario.checks.references import Checked, Finding, Path
from sim.scenario.language.mistakes import listed
from sim.scenario.language.records import accepts
from sim.scenario.schema import Condition, Goal, Headcount, Pool, Scenario, Season, Site, Step, Task

_NAMED = 4
_CALENDAR_DAYS = 7 / 5  # of a working day


def impossible(it: Checked) -> Iterator[Finding]:
    """Pools without anybody at any time that a step needs."""
    scenario = it.scenario
    for name, pool in scenario.pools.items():
        if not _absent(scenario, name, pool):
            continue
        needed = [
            _named(path, step) for path, step in it.records if isinstance(step, Step) and _needs(scenario, step, name)
        ]
        if needed:
            there = "never sits" if pool.sittings is not None else "has nobody at any time"
            wrong = f"{there}, and {listed(needed, _NAMED)} would wait for ever; {_remedy(pool)}"
            yield Finding(_at(name, pool), wrong)


def doubtful(it: Checked) -> Iterator[Finding]:
    """Sites whose people are missing, and a follow-up that cannot show the goal."""
    scenario = it.scenario
    if too_short := short_follow_up(scenario):
        yield Finding(("windows", "follow_up"), too_short)
    for name, pool in scenario.pools.items():
        if pool.per != "site" or pool.shared_by is not None or pool.batch is not None or _absent(scenario, name, pool):
            continue
        steps = [step for _, step in it.records if isinstance(step, Step) and _needs(scenario, step, name)]
        alone = [
            site.name
            for site in _sites(scenario)
            if not _anybody(people_at(scenario, site, name))
            and any(_holds_at(scenario, site, step.only or {}) for step in steps)
        ]
        if alone:
            yield Finding(
                _at(name, pool),
                f"has nobody at {listed(alone, _NAMED)}, and trials go there: what needs it waits for ever; "
                "give these sites people",
            )


def short_follow_up(scenario: Scenario) -> str | None:
    """Why the goal cannot be seen to be missed in time; None if it can."""
    goal, follow_up = scenario.goal, scenario.windows.follow_up
    if goal is None or follow_up.days >= _calendar_days(goal):
        return None
    return (
        f"the follow-up of {follow_up} is shorter than the {goal.within} of the goal: trials whose clock starts "
        "late in the observation cannot be seen to miss it; lengthen windows.follow_up"
    )


def people(scenario: Scenario) -> dict[str, int]:
    """How many people each kind of pool has in all, where they change over time at most; sittings have none."""
    return {name: _people_of(scenario, name, pool) for name, pool in scenario.pools.items() if not pool.meets}


def cost(scenario: Scenario) -> float | None:
    """What its people cost a year [EUR], at most where they change over time; without a cost they are left out."""
    if not scenario.costs:
        return None
    there = people(scenario)
    return sum(each.a_year * there[name] for name, each in scenario.costs.items())


def _people_of(scenario: Scenario, name: str, pool: Pool) -> int:
    if pool.per == "site":
        return sum(_most(people_at(scenario, site, name)) for site in scenario.sites)
    if pool.per == "sponsor":
        kinds = scenario.sponsor_types.values()
        return sum((kind.number or 1) * _most(kind.people.get(name, pool.units or 0)) for kind in kinds)
    return _most(pool.units or 0)


def people_at(scenario: Scenario, site: Site, pool: str) -> Headcount:
    """How many people a site brings to a pool of sites [people], at all times or from each of several dates on."""
    of_type = scenario.site_types[site.type].people if site.type is not None else {}
    return {pool: scenario.pools[pool].units or 0, **of_type, **site.people}[pool]


def _calendar_days(goal: Goal) -> float:
    return goal.within.days * (_CALENDAR_DAYS if goal.counted == "working" else 1)


def _absent(scenario: Scenario, name: str, pool: Pool) -> bool:
    """Whether there is nobody, or no seat, on any day."""
    if pool.batch is not None:
        return False
    if any(each.present == 0 and _all_year(each) for each in scenario.leave_of(pool)):
        return True
    if pool.sittings is not None:
        bodies = pool.sittings.bodies
        return pool.sittings.seats == 0 or any(
            _all_year(each) and (each.bodies or bodies) >= bodies for each in pool.sittings.missed
        )
    if pool.per == "site":
        return not any(_anybody(people_at(scenario, site, name)) for site in scenario.sites)
    if pool.per == "sponsor":
        kinds = scenario.sponsor_types.values()
        return not any(_anybody(kind.people.get(name, pool.units or 0)) for kind in kinds)
    return not _anybody(pool.units or 0)


def _anybody(people: Headcount) -> bool:
    """Whether somebody is there at some time."""
    return _most(people) > 0


def _most(people: Headcount) -> int:
    return max(people.values()) if isinstance(people, dict) else people


def _all_year(season: Season) -> bool:
    return (season.from_, season.to, season.years) == ("01-01", "12-31", None)


def _needs(scenario: Scenario, step: Step, pool: str) -> bool:
    """Whether a step waits for a unit of a pool in some trial: no limit decides instead, and no variant may."""
    if pool not in step.team or step.share == 0 or (step.limit is not None and step.limit.then != "overrun"):
        return False
    if any(variant.pool or variant.share is not None or variant.limit for variant in step.variants):
        return False
    return any(may_meet(each, step.only or {}) for each in scenario.classes)


def _sites(scenario: Scenario) -> Iterator[Site]:
    """The sites that trials may open."""
    return (
        site
        for site in scenario.sites
        if any(each.sites is not None and _holds_at(scenario, site, each.at) for each in scenario.classes)
    )


def _holds_at(scenario: Scenario, site: Site, condition: Condition) -> bool:
    """Whether a condition may hold at a site, as far as its attributes say."""
    kind = scenario.site_types[site.type].attributes if site.type is not None else {}
    own = {**kind, **site.attributes, "site": site.name}
    return all(accepts(wanted, own[name]) for name, wanted in condition.items() if name in own)


def _named(path: Path, step: Step) -> str:
    return step.name if isinstance(step, Task) else ".".join(map(str, path))


def _at(name: str, pool: Pool) -> Path:
    return ("pools", name, "units") if pool.units is not None else ("pools", name)


def _remedy(pool: Pool) -> str:
    if pool.sittings is not None:
        return "give it seats, or days on which it sits"
    where = {"country": "it", "site": "its sites", "sponsor": "its sponsors"}[pool.per]
    return f"give {where} people, or let the task do without the pool"
