"""What a model cannot do, said before it runs: people who are not there, work for more than there are, too little time.

`concerns` gives sentences about a plan and the rows of one of its replications; an empty answer promises nothing, but
each sentence is a reason why an event would be "not reached" that has nothing to do with how well anybody works.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.model.network import NONE, NOT_YET, Int, Pool, Rule, Workload
from sim.model.plan import Plan
from sim.model.trials import Replication
from sim.scenario.checks.people import short_follow_up
from sim.scenario.language.mistakes import listed
from sim.scenario.language.quantities import Span
from sim.scenario.schema import Scenario

Float = NDArray[np.float64]
Mask = NDArray[np.bool_]

_CUT = (Rule.TACIT, Rule.DECIDE, Rule.LAPSE)
_NAMED = 4


class Concern(str):
    """A sentence in English that knows itself in French, `fr`."""

    fr: str

    def __new__(cls, en: str, fr: str) -> Concern:
        """The sentence in both languages."""
        made = super().__new__(cls, en)
        made.fr = fr
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """What makes it again in another process."""
        return str(self), self.fr


def concerns(plan: Plan, replication: Replication) -> tuple[Concern, ...]:
    """Why some of what a scenario describes cannot happen, or not in time; one sentence each."""
    load = _Load(plan, replication.workload)
    return (*_late(plan.scenario), *_nobody(load), *_never(load), *_goal(load), *_overload(load))


def _late(scenario: Scenario) -> Iterator[Concern]:
    """A follow-up that is shorter than the goal."""
    if (late := short_follow_up(scenario)) is not None and scenario.goal is not None:
        yield Concern(
            late,
            f"le suivi de {_french(scenario.windows.follow_up)} est plus court que les {_french(scenario.goal.within)} "
            "de l'objectif : les essais dont le décompte commence tard dans l'observation ne peuvent être vus le "
            "manquer ; allongez windows.follow_up",
        )


def _french(span: Span) -> str:
    return f"{span.value:g} {'h' if span.unit == 'h' else 'min' if span.unit == 'min' else 'j'}".replace(".", ",")


@dataclass(frozen=True)
class _Load:
    """A plan and the rows that ask for its people."""

    plan: Plan
    rows: Workload

    @property
    def horizon(self) -> int:
        """Length of the replication [min]."""
        return self.plan.network.horizon

    @property
    def pools(self) -> tuple[Pool, ...]:
        """The pools in the order in which they deal."""
        return self.plan.network.pools

    @cached_property
    def capacity(self) -> Float:
        """(pools) Unit-minutes while open; for sittings, seats; batches have no end."""
        return np.array([self._capacity(pool) for pool in self.pools], np.float64)

    def _capacity(self, pool: Pool) -> int:
        if pool.sittings is not None and pool.seats is not None:
            return int(pool.seats[pool.sittings < self.horizon].sum())
        if pool.batch:
            return self.horizon * len(self.rows)
        changes = np.minimum(np.append(pool.changes, self.horizon), self.horizon)
        return int((self.plan.network.clocks[pool.clock].open_minutes(changes[:-1], changes[1:]) * pool.units).sum())

    @cached_property
    def most(self) -> Int:
        """(pools) The units that are there at some time while it is open; of sittings, seats."""
        there = np.array([(pool.units if pool.seats is None else pool.seats).max(initial=0) for pool in self.pools])
        there = np.where([pool.batch > 0 for pool in self.pools], len(self.rows), there)
        return np.where(self.capacity > 0, there, 0).astype(np.int64)

    @cached_property
    def open_share(self) -> Float:
        """(clocks) Open minutes per minute of the calendar."""
        return np.array([clock.open_minutes(0, self.horizon) for clock in self.plan.network.clocks]) / self.horizon

    @cached_property
    def asks(self) -> tuple[Int, Int, Int]:
        """The rows that ask for somebody, the pool of each, and how many of its units."""
        return self.rows.asks

    @cached_property
    def never(self) -> Mask:
        """(rows) True where a row can never start: for want of people, or of what it waits for."""
        rows = self.rows
        never = np.zeros(len(rows), bool)
        asking, pool, units = self.asks
        useless = self.most[pool] < units
        never[asking[useless & ~np.isin(rows.limit_rule[asking], _CUT)]] = True
        before = np.repeat(np.arange(len(rows)), np.diff(rows.first_edge))
        while True:
            come = np.bincount(rows.successor[~never[before]], minlength=len(rows))
            more = never | ((come < rows.needs) & (rows.release == NOT_YET))
            if (more == never).all():
                return never
            never = more

    def kinds(self, some: Int) -> dict[str, Int]:
        """Pools by what they are called in the scenario."""
        named: dict[str, list[int]] = {}
        for index in some:
            named.setdefault(self.pools[index].kind, []).append(int(index))
        return {kind: np.array(those) for kind, those in named.items()}


def _nobody(load: _Load) -> Iterator[Concern]:
    """Pools without anybody at any time that something needs."""
    asked = np.bincount(load.asks[1], minlength=len(load.pools))
    for kind, pools in load.kinds(np.flatnonzero((load.capacity == 0) & (asked > 0))).items():
        whose = listed([load.pools[index].owner or "the country" for index in pools], _NAMED)
        what = "never sits" if load.pools[pools[0]].sittings is not None else "has nobody at work at any time"
        need = "1 piece of work needs" if (n := asked[pools].sum()) == 1 else f"{n:,} pieces of work need"
        fr = "ne siège jamais" if load.pools[pools[0]].sittings is not None else "n'a jamais personne au travail"
        besoin = "1 travail en a besoin" if n == 1 else f"{n} travaux en ont besoin"
        of = listed([_french_site(load, load.pools[index].owner) or "tout le pays" for index in pools], _NAMED)
        yield Concern(
            f"pool {kind!r} of {whose} {what}, and {need} it",
            f"« {_french_pool(load, kind)} » ({of}) {fr}, et {besoin}",
        )


def _never(load: _Load) -> Iterator[Concern]:
    """Tasks that can never start, at any place."""
    names = load.plan.network.tasks
    there = np.bincount(load.rows.task, minlength=len(names))
    stuck = np.bincount(load.rows.task[load.never], minlength=len(names))
    enough = {task.name for task in load.plan.process.tasks if task.chooses}  # may only lack candidates
    counted = zip(names, there, stuck, strict=True)
    tasks = [name for name, all_, some in counted if 0 < all_ == some and name not in enough]
    if tasks:
        which = listed(tasks, 3 * _NAMED)
        yield Concern(
            f"nothing lets these tasks ever start: {which}", f"rien ne permet à ces tâches de commencer : {which}"
        )


def _goal(load: _Load) -> Iterator[Concern]:
    """A goal whose event no trial has."""
    goal, names = load.plan.scenario.goal, load.plan.network.tasks
    if goal is not None and len(load.rows) and not (load.rows.task == names.index(goal.to)).any():
        yield Concern(
            f"no trial has the event {goal.to!r} of the goal: none opens a site, or a condition leaves it out",
            f"aucun essai n'a l'événement « {goal.to} » de l'objectif : aucun n'ouvre de centre, ou une condition "
            "l'écarte",
        )


def _overload(load: _Load) -> Iterator[Concern]:
    """Pools that are asked for more than they can do."""
    offered = _offered(load)
    for kind, pools in load.kinds(np.flatnonzero(load.capacity > 0)).items():
        share = offered[pools].sum() / load.capacity[pools].sum()
        if share <= 1:
            continue
        each = offered[pools] / load.capacity[pools]
        most = load.pools[pools[each.argmax()]]
        asked, of_most = (max(101, round(100 * part)) for part in (share, each.max()))  # never all, being more
        where = f", {of_most}% at {most.owner}" if most.owner else ""
        pour = f", {of_most} % pour {_french_site(load, most.owner)}" if most.owner else ""
        yield Concern(
            f"pool {kind!r} is offered {asked}% of what it can do{where}: its queue grows for as long as this lasts",
            f"on demande à « {_french_pool(load, kind)} » {asked} % de sa capacité{pour} : sa file s'allonge "
            "tant que cela dure",
        )


def _french_pool(load: _Load, kind: str) -> str:
    """What a kind of pool is called in French; its name where nobody has said."""
    pool = load.plan.scenario.pools.get(kind)
    return pool.title.fr if pool is not None and pool.title is not None else kind


def _french_site(load: _Load, name: str) -> str:
    """The same of a site, or of a sponsor, which has no other name."""
    titles = {site.name: site.title.fr for site in load.plan.scenario.sites if site.title is not None}
    return titles.get(name, name)


def _offered(load: _Load) -> Float:
    """(pools) Unit-minutes of open time that all rows together ask for; for sittings, seats."""
    (asking, pools, many), rows, share = load.asks, load.rows, load.open_share
    needed = ~_surplus(load)[asking]
    some, pool, units = asking[needed], pools[needed], many[needed]
    pace = np.maximum(share, 1 / load.horizon)  # a clock that never opens takes for ever
    elapsed = rows.work[some] / pace[rows.clock[some]]
    cut = np.isin(rows.limit_rule[some], _CUT)
    elapsed = np.where(cut, np.minimum(elapsed, rows.limit[some] / pace[rows.limit_clock[some]]), elapsed)
    seated = np.array([each.sittings is not None for each in load.pools], bool)[pool]
    clock = np.array([each.clock for each in load.pools], np.int64)[pool]
    asked = np.where(seated, 1.0, np.minimum(elapsed, load.horizon) * share[clock])
    return np.asarray(np.bincount(pool, asked * units, minlength=len(load.pools)), np.float64)


def _surplus(load: _Load) -> Mask:
    """(rows) True for candidates whom a trial no longer needs by the time they come, sites being equally early."""
    rows, inclusion, names = load.rows, load.plan.scenario.inclusion, load.plan.network.tasks
    surplus = np.zeros(len(rows), bool)
    if inclusion is None:
        return surplus
    key = (rows.trial * (len(load.plan.network.sites) + 1) + rows.site) * (rows.round.max(initial=1) + 1) + rows.round
    come, passes = (np.flatnonzero(rows.task == names.index(name)) for name in ("referred", "eligible"))
    come = come[np.lexsort((rows.work[come], rows.trial[come]))]
    passed = np.cumsum(np.isin(key[come], key[passes]))
    first = np.searchsorted(rows.trial[come], rows.trial[come])
    before = np.concatenate(([0], passed))
    late = before[:-1] - before[first] >= inclusion.patients.number
    of_patients = [index for index, stage in enumerate(load.plan.network.stages) if stage == "inclusion"]
    patients = np.isin(rows.task, of_patients)
    return np.asarray(patients & (rows.site != NONE) & np.isin(key, key[come[late]]), bool)
