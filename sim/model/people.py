"""The pools of a scenario: one per country, per site (or group of sites) or per sponsor; leave, absences, sittings.

`PoolSet` is all pools in the order in which they deal, with the tables that find the pool of a site or a sponsor.

Leave is staggered: when a share of the people is away during a season, each is away for that share of it in one piece
(round its end where it begins late), the absences spread evenly over the season. Within a team they lie side by side,
so that a team of four at 50 % has two people all the time; from team to team they begin at other days, so that of
twenty-two posts alone eleven are held each day. `at_least` so many people of every team stay whatever the share: a
post alone is covered by a colleague with `at_least: 1`, and without it is empty while its holder is away.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.clocks import Clock, season_days
from sim.model.network import NONE, Int, Pool
from sim.scenario import schema
from sim.scenario.checks.people import people_at
from sim.scenario.language.quantities import MINUTES_PER_DAY
from sim.scenario.schema import Headcount, Scenario, Sittings

UNSTAFFED = 0
DAYS_PER_WEEK = 7
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, slots=True)
class PoolSet:
    """All pools, and for each kind how to find the one that serves a place."""

    pools: tuple[Pool, ...]
    by_site: Mapping[str, Int]  # (sites) index of the pool
    by_sponsor: Mapping[str, Int]  # (sponsors)
    of_country: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose pool it is: its name, how many people, and which places (sites or sponsors) it serves."""

    name: str
    units: Int  # (days)
    places: tuple[int, ...]
    absent_as: frozenset[str]  # the names under which absences find it


def build_pools(scenario: Scenario, clocks: Sequence[Clock], clock_index: Mapping[str, int], days: int) -> PoolSet:
    """The pools of a scenario over `days` days."""
    pools: list[Pool] = []
    tables: dict[str, dict[str, Int]] = {"site": {}, "sponsor": {}}
    country: dict[str, int] = {}
    for kind, written in scenario.pools.items():
        clock = clock_index[written.clock] if written.clock is not None else 0
        said = repr((kind, clock, written, _said_elsewhere(scenario, kind, written), scenario.origin, days))
        made, places = _pools_of(_Kind(said, scenario, kind, clock, clocks[clock], days))
        if written.per == "country":
            country[kind] = len(pools)
        else:
            tables[written.per][kind] = np.where(places == NONE, NONE, places + len(pools))
        pools += made
    return PoolSet(tuple(pools), tables["site"], tables["sponsor"], country)


def _said_elsewhere(scenario: Scenario, kind: str, written: schema.Pool) -> tuple[Any, ...]:
    """What sites, sponsors and clocks say of a kind of pool."""
    clock = scenario.clocks.get(written.clock or "")
    if written.per == "site":
        shared = (attributes_of(scenario, site).get(written.shared_by or "") for site in scenario.sites)
        people = (people_at(scenario, site, kind) for site in scenario.sites)
        return clock, *zip((site.name for site in scenario.sites), shared, people, strict=True)
    if written.per == "sponsor":
        return clock, *((name, each.number, each.people.get(kind)) for name, each in scenario.sponsor_types.items())
    return (clock,)


@dataclass(frozen=True)
class _Kind:
    """A kind of pool, and all that its pools depend on in words: scenarios that say the same share them."""

    said: str
    scenario: Scenario = field(compare=False)
    kind: str = field(compare=False)
    clock: int = field(compare=False)
    table: Clock = field(compare=False)
    days: int = field(compare=False)


@lru_cache(maxsize=64)
def _pools_of(it: _Kind) -> tuple[tuple[Pool, ...], Int]:
    """The pools of a kind, and which of them serves each site or each sponsor."""
    written = it.scenario.pools[it.kind]
    owners = [*_owners(it.scenario, it.kind, written, it.days)]
    places = len(it.scenario.sites) if written.per == "site" else len(sponsors(it.scenario))
    if written.sittings is not None:
        nobody = np.zeros((len(owners), 1), np.int64)
        empty = _of_people(it.kind, written, owners, it.clock, nobody)
        made: Iterable[Pool] = (
            _sitting_pool(it.scenario, written, written.sittings, each, it.table, it.days) for each in empty
        )
    else:
        made = _of_people(it.kind, written, owners, it.clock, _present(it.scenario, written, owners, it.days))
    return tuple(made), _table(owners, places)


def sponsors(scenario: Scenario) -> tuple[str, ...]:
    """The sponsor type of every sponsor, type by type."""
    return tuple(name for name, kind in scenario.sponsor_types.items() for _ in range(kind.number or 1))


def attributes_of(scenario: Scenario, site: schema.Site) -> Mapping[str, schema.Attribute]:
    """The attributes of a site, its type's among them, and its name as `site`."""
    kind = scenario.site_types[site.type].attributes if site.type is not None else {}
    return {**kind, **site.attributes, "site": site.name}


def _owners(scenario: Scenario, kind: str, written: schema.Pool, days: int) -> Iterator[_Owner]:
    if written.per == "country":
        yield _Owner("", _each_day(written.units or 0, scenario.origin, days), (), frozenset())
    elif written.per == "sponsor":
        everyone = sponsors(scenario)
        for index, name in enumerate(everyone):
            said = scenario.sponsor_types[name].people.get(kind, written.units or 0)
            units = _each_day(said, scenario.origin, days)
            yield _Owner(f"{name}_{index - everyone.index(name) + 1}", units, (index,), frozenset({name}))
    else:
        yield from _site_owners(scenario, kind, written, days)


def _each_day(people: Headcount, origin: date, days: int) -> Int:
    """(days) how many there are; before the first date as many as then."""
    if not isinstance(people, dict):
        return np.full(days, people, np.int64)
    dates = sorted(people)
    since = np.searchsorted([(day - origin).days for day in dates], np.arange(days), side="right") - 1
    return np.array([people[day] for day in dates], np.int64)[np.maximum(since, 0)]


def _site_owners(scenario: Scenario, kind: str, written: schema.Pool, days: int) -> Iterator[_Owner]:
    """One owner per site, or per value of the attribute that the pool is shared by; shared people add up."""
    groups: dict[tuple[type | None, str], list[int]] = {}  # a site may be called like a region
    for index, site in enumerate(scenario.sites):
        shared = attributes_of(scenario, site).get(written.shared_by) if written.shared_by is not None else None
        key = (None, site.name) if shared is None else (type(shared), str(shared))
        groups.setdefault(key, []).append(index)
    for (_, name), members in groups.items():
        each = [_each_day(people_at(scenario, scenario.sites[i], kind), scenario.origin, days) for i in members]
        units = np.sum(each, axis=0)
        yield _Owner(name, units, tuple(members), frozenset({name, *(scenario.sites[i].name for i in members)}))


def _table(owners: Iterable[_Owner], places: int) -> Int:
    table = np.full(places, NONE, dtype=np.int64)
    for number, owner in enumerate(owners):
        table[list(owner.places)] = number
    return table


def _of_people(kind: str, written: schema.Pool, owners: Sequence[_Owner], clock: int, present: Int) -> Iterator[Pool]:
    """Pools of the units that are present (owners, days); before the first change there are none."""
    changes = np.ones(present.shape, bool)
    changes[:, 1:] = present[:, 1:] != present[:, :-1]
    for owner, units, changing in zip(owners, present, changes, strict=True):
        days = np.flatnonzero(changing)
        yield Pool(
            f"{kind} of {owner.name}" if owner.name else kind,
            clock,
            days * MINUTES_PER_DAY,
            units[days],
            order_by_due=written.order == "due",
            kind=kind,
            owner=owner.name,
            gives_way=written.for_priority == "pause",
            batch=written.batch or 0,
        )


def _present(scenario: Scenario, written: schema.Pool, owners: Sequence[_Owner], days: int) -> Int:
    """(owners, days) units present on each day."""
    origin = scenario.origin
    whole = np.array([owner.units for owner in owners], np.int64).reshape(len(owners), days)
    present, teams = whole.copy(), np.arange(len(owners))
    for leave in scenario.leave_of(written):
        for first, length in _stretches(leave.from_, leave.to, leave.years, origin, days):
            season = slice(first, first + length)
            present[:, season] -= _on_leave(whole[:, season], leave, teams)
    weekday = (origin.weekday() + np.arange(days)) % DAYS_PER_WEEK
    for row, owner in enumerate(owners):
        for absence in written.absences:
            if absence.at is None or absence.at in owner.absent_as:
                first, last = ((day - origin).days for day in (absence.from_, absence.to))
                present[row, max(first, 0) : max(last + 1, 0)] -= absence.units
        for part in written.part_time:
            if part.at is None or part.at in owner.absent_as:
                present[row, ~np.isin(weekday, [schema.WEEKDAYS.index(day) for day in part.days])] -= part.units
    return np.maximum(present, UNSTAFFED)


def _on_leave(units: Int, leave: schema.Leave, teams: Int) -> Int:
    """(owners, days of a season) how many people of each team are away, of its `units` (owners, days).

    Member m of a team is away from day (m + shift) * length / units on, for the share of the season that does not
    stay, round its end; the shifts of the teams are the multiples of the golden section, modulo 1, which are spread
    evenly however many teams there are.

    References
    ----------
    Knuth D. E. (1998). The Art of Computer Programming, volume 3, section 6.4, theorem S (three distances).
    """
    length = units.shape[1]
    off, shift, day = round((1 - leave.present) * length), (teams * GOLDEN % 1.0)[:, None], np.arange(length)
    begun = _begun(units, shift, day)  # members whose leave began on this day or before it
    ended = np.where(day >= off, _begun(units, shift, day - off), 0)
    round_the_end: Int = units - _begun(units, shift, np.minimum(day + length - off, length - 1))
    away = begun - ended + np.where(day < off, round_the_end, 0)
    return np.asarray(np.minimum(away, np.maximum(units - leave.at_least, 0)))


def _begun(units: Int, shift: NDArray[np.floating[Any]], day: Int) -> Int:
    """How many members m begin on a day or before it: those with (m + shift) * length / units < day + 1."""
    before = np.ceil((day + 1) * units / units.shape[1] - shift).astype(np.int64)
    return np.asarray(np.clip(before, 0, units))


@lru_cache(maxsize=64)
def _stretches(from_: str, to: str, years: tuple[int, ...] | None, origin: date, days: int) -> list[tuple[int, int]]:
    """First day and length of each stretch of a season: the same for all the people of a country."""
    season = schema.Season.model_validate({"from": from_, "to": to, "years": years})
    return [*_runs(season_days([season], origin, days))]


def _runs(mask: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First day and length of each stretch of true days."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int64), prepend=0, append=0))
    yield from ((int(first), int(last - first)) for first, last in zip(edges[::2], edges[1::2], strict=True))


def _sitting_pool(
    scenario: Scenario, written: schema.Pool, sittings: Sittings, empty: Pool, table: Clock, days: int
) -> Pool:
    """Sittings drawn one by one stay apart when bodies meet at one instant; otherwise their seats are put together."""
    leave = scenario.leave_of(written)
    found = np.sort(np.array([*_sittings(scenario.origin, leave, sittings, table, days)], dtype=np.int64))
    if sittings.drawn_between is None:
        at, together = np.unique(found, return_counts=True)
        return replace(empty, sittings=at, seats=together * sittings.seats)
    earliest, latest = (round(span.days * MINUTES_PER_DAY) for span in sittings.drawn_between)
    return replace(empty, sittings=found, seats=np.full(len(found), sittings.seats), window=(earliest, latest))


def _sittings(origin: date, away: Sequence[schema.Leave], sittings: Sittings, table: Clock, days: int) -> Iterator[int]:
    """The sittings of all bodies [min]: each at the opening of its day, or of the next working day."""
    missed = [(season_days([season], origin, days), season.bodies or sittings.bodies) for season in sittings.missed]
    seasons = [(season_days([leave], origin, days), leave.present) for leave in away]
    for body in range(sittings.bodies):
        off = [during for during, present in seasons if not body < present * sittings.bodies]
        off += [during for during, bodies in missed if body < bodies]
        free = ~np.any([np.zeros(days, bool), *off], axis=0)
        for day in _meeting_days(origin, days, sittings.every, body):
            if free[day] and (at := table.next_open(day * MINUTES_PER_DAY)) < days * MINUTES_PER_DAY:
                yield at


@lru_cache(maxsize=1024)
def _meeting_days(origin: date, days: int, every: str, body: int) -> Sequence[int]:
    """Days on which a body meets: its weekday, every week, every other week, or once a month in its week of the month.

    Bodies take the weekdays in turn, then the weeks, so that meetings are spread evenly.
    """
    weekday, turn = body % 5, body // 5
    first = (weekday - origin.weekday()) % DAYS_PER_WEEK
    if every == "month":
        return [*_monthly(origin, days, weekday, turn % 4)]
    weeks = 1 if every == "week" else 2
    return range(first + DAYS_PER_WEEK * (turn % weeks), days, DAYS_PER_WEEK * weeks)


def _monthly(origin: date, days: int, weekday: int, week: int) -> Iterator[int]:
    month = origin.replace(day=1)
    while (month - origin).days < days:
        day = month + timedelta(days=(weekday - month.weekday()) % DAYS_PER_WEEK + DAYS_PER_WEEK * week)
        if 0 <= (day - origin).days < days:
            yield (day - origin).days
        month += timedelta(days=monthrange(month.year, month.month)[1])
