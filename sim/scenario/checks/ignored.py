"""What is written and would change nothing: it is refused, with the place where it would count.

A scenario may say anything that its records know; here are the things that they know and that have no meaning where
they stand, beside what else is said: a goal counted in hours, hours of a clock that has none, the start rule of
somebody's second turn. `tests/test_law.py` holds this against every key of the language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.scenario.checks.process import may_meet
from sim.scenario.checks.references import Checked, Finding, Path
from sim.scenario.language.mistakes import listed
from sim.scenario.schema import OF_GOAL, Clock, Goal, Indicator, Kind, Limit, Pool, Scenario, Step, TrialClass, Variant

_TURN = "takes its turn after another step, which says {}; move it there, or delete it"
_FREE = {"kept_until": "is for work that is done once; who takes turns is free at the end of each: delete it"}
_SAID_ELSEWHERE = {
    ("contracting", "talks"): {"starts": "is said by contracting.starts; delete it here"},
    ("contracting", "negotiation", "sponsor_turn"): {key: _TURN.format(key) for key in ("starts", "share", "only")},
    ("contracting", "associated", "sponsor_turn"): {key: _TURN.format(key) for key in ("starts", "share", "only")},
    ("contracting", "reopening", "site_turn"): {"share": "is said by contracting.reopening.share; delete it here"},
    ("contracting", "reopening", "sponsor_turn"): {key: _TURN.format(key) for key in ("starts", "share", "only")},
    ("site_setup", "reopening", "pharmacy"): {"share": "is said by site_setup.reopening.share; delete it here"},
    ("site_setup", "reopening", "laboratory"): {key: _TURN.format(key) for key in ("starts", "share", "only")},
    ("site_setup", "reopening", "training"): {key: _TURN.format(key) for key in ("starts", "share", "only")},
    ("inclusion", "eligibility"): {"share": "is said by inclusion.screen_failure; delete it here"},
}
"""Keys of a step that its stage decides."""


def ignored(it: Checked) -> Iterator[Finding]:
    """Everything that would change nothing where it stands."""
    yield from (Finding(path, message) for path, message in _ignored(it))


def idle(it: Checked) -> Iterator[Finding]:
    """Plain tasks that keep nobody busy, that nothing waits for and that nothing measures."""
    measured = it.scenario.indicators or it.scenario.goal is not None
    for index, task in enumerate(it.scenario.tasks if measured else ()):
        own, steps = ("tasks", index), (task, *task.steps)
        names = {each.name for each in steps}
        awaited = any(name in names and path[:2] != own for path, kind, name in it.references if kind in _EVENTS)
        pools = {step.pool for step in steps} | {variant.pool for step in steps for variant in step.variants}
        if not (awaited or pools - {None} or task.closes_trial or task.closes_site or task.drops_others):
            rule = "nothing waits for it and nothing measures it"
            yield Finding(own, f"{rule}; let something start after it, or delete it")


_EVENTS = ("event", "task")


def _ignored(it: Checked) -> Iterator[tuple[Path, str]]:
    scenario = it.scenario
    for path, record in it.new:
        match record:
            case Step():
                yield from _step(path, record)
                yield from _seats(scenario, path, record)
            case Pool():
                yield from _pool(scenario, path, record)
            case Clock():
                yield from _clock(scenario, path, record)
            case Kind():
                yield from _kind(path, record)
            case TrialClass():
                yield from _class(scenario, path, record)
            case Goal():
                yield from _goal(scenario, path, record)
            case Indicator():
                yield from _indicator(path, record)
    yield from _name_of_the_goal(scenario)


def working_clocks(scenario: Scenario) -> list[str]:
    """The clocks whose working days a goal may count: the working ones, or else the statutory ones."""
    kinds = {name: clock.kind for name, clock in scenario.clocks.items()}
    return [name for name in kinds if kinds[name] == "working"] or [*kinds]


def _step(path: Path, step: Step) -> Iterator[tuple[Path, str]]:
    said: list[tuple[Path, Step | Variant]] = [(path, step)]
    said += [((*path, "variants", index), each) for index, each in enumerate(step.variants)]
    if not any(each.pool is not None for _, each in said):
        remedy = "name the pool, or delete it"
        yield from (
            ((*at, "priority"), f"is for who waits for people, and nothing here does; {remedy}")
            for at, each in said
            if each.priority is not None
        )
        yield from (
            ((*at, "units"), f"is how many of the people it needs, and it names none; {remedy}")
            for at, each in said
            if each.units is not None
        )
        yield from (
            ((*at, "limit", "until"), f"is about waiting for people, and nothing here does; {remedy}")
            for at, each in said
            if each.limit is not None and each.limit.until == "start"
        )
    if not any(each.work is not None or _on_clock_of_step(each.limit) for _, each in said):
        remedy = "say how long it takes, or delete it"
        yield from (
            ((*at, "clock"), f"counts work or a limit, and there is neither; {remedy}")
            for at, each in said
            if each.clock is not None
        )
    elsewhere = dict(_SAID_ELSEWHERE.get(path, {})) | (_FREE if _takes_turns(path) else {})
    if path[0] == "tasks" and "steps" in path and path[-1] != 0:
        elsewhere = {key: _TURN.format(key) for key in ("starts", "share")}
        said = said[1:]  # a step of a task says none of that itself
    if path == ("contracting", "talks"):
        said = said[:1]  # a limited start of contracting is a variant of its opening
    for at, each in said:
        yield from (((*at, key), why) for key, why in elsewhere.items() if getattr(each, key, None) is not None)


def _seats(scenario: Scenario, path: Path, step: Step) -> Iterator[tuple[Path, str]]:
    """Units of a body that meets: a file takes one seat."""
    said: tuple[Step | Variant, ...] = (step, *step.variants)
    named = {name for each in said for name in each.pool or ()}
    meets = all(scenario.pools[name].meets for name in named & {*scenario.pools})
    if step.units is not None and named and meets:
        yield (*path, "units"), "are of people, and a body that meets gives one seat to a file; delete it"


def _takes_turns(path: Path) -> bool:
    """Whether a step is one of those that are repeated, or done again."""
    again = path[0] == "contracting" and len(path) == 3
    return again or (path[0] == "site_setup" and path[1:2] == ("reopening",))


def _clock(scenario: Scenario, path: Path, clock: Clock) -> Iterator[tuple[Path, str]]:
    for key in ("hours", "other_hours") if clock.kind == "statutory" else ():
        if getattr(clock, key):
            yield (*path, key), "are for a working clock; a statutory one counts whole days: delete them"
    takers = (pool for pool in scenario.pools.values() if pool.clock == path[1] and pool.leave is None)
    if clock.leave and not any(not pool.meets for pool in takers):
        yield (*path, "leave"), "is of people who work on this clock, and no pool of people takes it; delete it"


def _on_clock_of_step(limit: Limit | None) -> bool:
    """Whether a limit is counted on the clock of its step."""
    return limit is not None and limit.clock is None and limit.span.unit != "d"


def _pool(scenario: Scenario, path: Path, pool: Pool) -> Iterator[tuple[Path, str]]:
    if pool.at_close == "finish" and (pool.clock is None or pool.meets):
        yield (
            (*path, "at_close"),
            "is about people whose shift ends, and theirs never does; name their clock, or delete it",
        )
    if pool.for_priority == "pause" and pool.meets:
        yield (*path, "for_priority"), "is about people at work, and a body that meets has seats; delete it"
    if pool.batch is not None:
        for key in ("units", "absences", "part_time", "sittings", "background", "leave"):
            if getattr(pool, key):
                yield (*path, key), "is of people or of sittings, and a batch is taken whenever so many wait; delete it"
    if pool.shared_by is not None and pool.per != "site":
        yield (*path, "shared_by"), f"is for a pool per site, got one per {pool.per}; delete it, or write per: site"
    if pool.batch is None and pool.sittings is not None:
        for key in ("units", "absences", "part_time"):
            if getattr(pool, key):
                yield (*path, key), "are of people, and a body that meets has seats; delete them, or the sittings"
        for index, leave in enumerate(pool.leave or ()):
            if leave.at_least:
                yield (*path, "leave", index, "at_least"), "is of people, and a body that meets has seats; delete it"
    elif pool.units is not None and pool.per != "country" and not _takes_units(scenario, path[1], pool):
        where = "site_types and sites" if pool.per == "site" else "sponsor_types"
        yield (*path, "units"), f"are taken by nobody: all say their own people of it, in {where}; change those"


def _takes_units(scenario: Scenario, name: str, pool: Pool) -> bool:
    """Whether a site or sponsor takes the people of a pool from the pool itself."""
    if pool.per == "sponsor":
        return any(name not in kind.people for kind in scenario.sponsor_types.values())
    types = scenario.site_types
    return any(
        name not in site.people and (site.type not in types or name not in types[site.type].people)
        for site in scenario.sites
    )


def _kind(path: Path, kind: Kind) -> Iterator[tuple[Path, str]]:
    of_sites = path[0] == "site_types"
    other = "sponsor types" if of_sites else "site types"
    for key in ("number",) if of_sites else ("weight", "attributes"):
        if getattr(kind, key):
            yield (*path, key), f"is for {other}; delete it"


def _class(scenario: Scenario, path: Path, each: TrialClass) -> Iterator[tuple[Path, str]]:
    clock = scenario.clocks.get(each.arrive_on or "")
    if clock is not None and clock.kind != "working":
        yield (*path, "arrive_on"), f"must be a working clock, got the statutory one {each.arrive_on!r}; name another"
    if "arrivals" in each.model_fields_set and (each.dates or (each.arrivals == "even" and each.volume is None)):
        yield (*path, "arrivals"), "is about a volume, got dates; delete it"
    if each.at and each.sites is None:
        yield (*path, "at"), "chooses among sites, and the class opens none; add sites, or delete it"
    if each.reserve and each.sites is None:
        yield (*path, "reserve"), "is of sites that stand by, and the class opens none; add sites, or delete it"
    elif each.reserve and not any(task.closes_site and may_meet(each, task.only or {}) for task in scenario.tasks):
        remedy = "write closes_site: true at a task of each site, or delete it"
        yield (*path, "reserve"), f"is for sites that leave, and none leaves these trials; {remedy}"


def _goal(scenario: Scenario, path: Path, goal: Goal) -> Iterator[tuple[Path, str]]:
    units = ("d",) if goal.counted == "calendar" else ("d", "wd")
    if goal.within.unit not in units or goal.within.value != int(goal.within.value):
        example = f"{max(round(goal.within.days), 1)} {units[-1]}"
        remedy = "" if goal.within.unit != "wd" else ", or write counted: working"
        yield (
            (*path, "within"),
            f"must be whole {goal.counted} days, such as '{example}', got '{goal.within}'{remedy}",
        )
    if goal.from_ == goal.to:
        yield (*path, "to"), f"must be another event than the first, got {goal.to!r} for both"
    if goal.inclusion is not None and scenario.inclusion is None:
        yield (*path, "inclusion"), "is about the stage inclusion, which is not there; add the stage, or delete it"
    clocks = working_clocks(scenario)
    if goal.counted == "calendar" and goal.clock is not None:
        yield (*path, "clock"), "counts working days, and the goal counts by the calendar; delete it"
    elif goal.counted == "working" and not clocks:
        yield (*path, "counted"), "'working' needs to know the working days; add a clock to clocks"
    elif goal.counted == "working" and goal.clock is None and len(_ways_to_count(scenario, clocks)) > 1:
        yield path, f"must name the clock whose working days count; add 'clock:', one of {listed(clocks)}"


def _ways_to_count(scenario: Scenario, clocks: Sequence[str]) -> set[Any]:
    return {
        (frozenset(scenario.clocks[name].days), scenario.clocks[name].holidays, scenario.clocks[name].closed_on)
        for name in clocks
    }


def _indicator(path: Path, indicator: Indicator) -> Iterator[tuple[Path, str]]:
    if indicator.from_ == indicator.to:
        yield (*path, "to"), f"must be another event than the first, got {indicator.to!r} for both"
    for index, name in enumerate(indicator.less):
        if name in (indicator.from_, indicator.to):
            yield (*path, "less", index), f"must be a task between the two events, got one of them, {name!r}; delete it"


def _name_of_the_goal(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """The indicator that stands for the goal itself has its name for itself."""
    own = [index for index, each in enumerate(scenario.indicators) if each.name == OF_GOAL]
    if len(own) > 1:
        yield ("indicators", own[0], "name"), "is the name of the goal's own time from event to event; rename this one"
