"""Hypothesis strategies for random replications: small networks with everything in them, and ties everywhere.

A strategy gives a `Replicated`: a `Network` and a `Workload` with up to a dozen rows, acyclic by construction, whose
times are few whole hours and days, so that most instants see several events. `Everything` says what may occur.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from sim.model.network import NONE, Network, Pool, Rule, Workload
from tests.engine_cases import (
    DAY,
    HOUR,
    Row,
    batches,
    network,
    office,
    people,
    row,
    shifts,
    sittings,
    statutory,
    workload,
)

SPANS = st.sampled_from((0, 0, HOUR, 7 * HOUR, 8 * HOUR, DAY, DAY, 2 * DAY, 3 * DAY, 5 * DAY))
INSTANTS = st.sampled_from((0, 0, 9 * HOUR, DAY, DAY + 9 * HOUR, 2 * DAY, 4 * DAY + 16 * HOUR, 6 * DAY))
UNITS = st.sampled_from((1, 1, 2, 3, 0))  # [people]
LIMITS = (Rule.TACIT, Rule.DECIDE, Rule.OVERRUN, Rule.TACIT, Rule.OVERRUN, Rule.LAPSE)
HORIZONS = st.sampled_from((700 * DAY, 700 * DAY, 700 * DAY, 9 * DAY, 4 * DAY))


@dataclass(frozen=True, slots=True)
class Everything:
    """What may occur in a random replication; a law that holds only without something switches it off."""

    clocks: bool = True  # working and statutory clocks, shifts, unit changes, sittings
    pools: bool = True
    limits: bool = True
    groups: bool = True  # rows that close a group
    choices: bool = True  # k of n predecessors, waivers
    horizons: bool = True  # short ones
    teams: bool = True  # several units at once, units that are kept, limits on the wait
    breaks: bool = True  # pools that give way, groups that drop
    replaced: bool = True  # groups that stand by until another one closes
    batches: bool = True


@dataclass(frozen=True, slots=True)
class Replicated:
    """The input of an engine."""

    network: Network
    workload: Workload


@st.composite
def replications(draw: st.DrawFn, may: Everything = Everything(), *, most_rows: int = 12) -> Replicated:
    """A random network and a random workload for it."""
    closed = sorted(draw(st.sets(st.integers(0, 9), max_size=2)))
    clocks = (office(*closed, days=800), statutory(*closed, days=800), shifts(*closed, days=800)) if may.clocks else ()
    kinds = st.one_of(_people(may), *((_sittings(),) if may.clocks else ()), *((_batches(may),) if may.batches else ()))
    pools = draw(st.lists(kinds, min_size=1, max_size=3)) if may.pools else []
    horizon = draw(HORIZONS) if may.horizons else 700 * DAY
    rows: list[Row] = []
    pressed = may.breaks and draw(st.booleans())
    for number in range(draw(st.integers(3, most_rows))):
        row = draw(_rows(may, number, rows, pools, len(clocks)))
        rows.append(draw(_pressing(row)) if pressed and row.pool != NONE else row)
    parents = draw(st.sampled_from(((NONE, NONE, NONE), (NONE, 0, NONE), (NONE, 0, 0))))
    outer = draw(st.sampled_from(((), (), (NONE, NONE, 1)))) if parents[2] == 0 else ()
    drops = draw(st.sets(st.integers(0, 2), max_size=2)) if may.breaks and draw(st.booleans()) else ()
    shuffled = draw(st.permutations(rows))
    standing = ((NONE, 2, NONE), (2, NONE, NONE), (1, 2, NONE), (1, NONE, 1), (2, 2, NONE))[
        : 1 if parents[1] == 0 else 5
    ]
    lone = (
        (NONE, NONE, NONE)
        if outer or not may.replaced
        else draw(st.sampled_from((*[(NONE, NONE, NONE)] * 5, *standing)))
    )
    work = workload(*shuffled, parents=parents, drops=tuple(drops), outer=outer, replaced_by=lone)
    return Replicated(network(*pools, clocks=clocks, horizon=horizon), work)


@st.composite
def _pressing(draw: st.DrawFn, row: Row) -> Row:
    """The row as one that waits for nobody else, takes its time, and may be more urgent than those at work."""
    alone = {"after": (), "needs": 0, "early": None, "late": None, "limit_since": None, "every": True}
    release, work = draw(INSTANTS), draw(st.sampled_from((7 * HOUR, DAY, 3 * DAY, 5 * DAY)))
    return replace(row, **alone, release=release, work=work, priority=draw(st.integers(0, 3)))


@st.composite
def _people(draw: st.DrawFn, may: Everything) -> Pool:
    first, by_due = draw(UNITS), draw(st.booleans())
    gives_way = may.breaks and draw(st.integers(0, 2)) > 0
    if not may.clocks:
        return people(first, order_by_due=by_due, gives_way=gives_way)
    changes = sorted(draw(st.sets(st.sampled_from((9 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY)), max_size=3)))
    presence = [(0, first), *((change, draw(UNITS)) for change in changes), (20 * DAY, 1)]
    return people(*presence, clock=draw(st.sampled_from((0, 1, 3))), order_by_due=by_due, gives_way=gives_way)


@st.composite
def _batches(draw: st.DrawFn, may: Everything) -> Pool:
    return batches(draw(st.integers(1, 4)), draw(st.sampled_from((0, 1, 3))) if may.clocks else 0)


@st.composite
def _sittings(draw: st.DrawFn) -> Pool:
    instants = sorted(draw(st.sets(st.integers(0, 14), max_size=5)))
    seats = [(day * DAY, draw(st.integers(0, 2))) for day in instants]
    window = draw(st.sampled_from((None, (0, 0), (0, 3 * DAY), (DAY, 5 * DAY), (2 * DAY, 9 * DAY))))
    return sittings(*seats, (30 * DAY, 9), window=window, order_by_due=draw(st.booleans()))


@st.composite
def _rows(draw: st.DrawFn, may: Everything, number: int, earlier: list[Row], pools: list[Pool], clocks: int) -> Row:
    """A row that may follow rows made `earlier`."""
    names = [row.name for row in earlier]
    before = draw(st.lists(st.sampled_from(names), max_size=3, unique=True)) if earlier else []
    pool = draw(st.sampled_from((*range(len(pools)), *range(len(pools)), NONE)))
    staffed = [index for index, each in enumerate(pools) if each.sittings is None and not each.batch]
    together = may.teams and pool in staffed and draw(st.integers(0, 2)) == 0
    any_clock = st.integers(0, clocks)
    limited = may.limits and draw(st.integers(0, 2)) == 0
    choosing = may.choices and draw(st.integers(0, 2)) == 0
    return row(
        f"r{number}",
        work=draw(SPANS),
        after=[(name, draw(st.sampled_from((0, 0, HOUR, DAY))), draw(any_clock)) for name in before],
        clock=draw(any_clock),
        pool=pool,
        also=draw(st.lists(st.sampled_from(staffed), max_size=2)) if together else (),
        gives_back=draw(st.sampled_from((None, None, None, *names))) if may.teams else None,
        on_wait=limited and may.teams and draw(st.booleans()),
        priority=draw(st.integers(0, 2)),
        needs=draw(st.integers(1, len(before))) if choosing and before else None,
        needed_if=tuple(before[:2]) if choosing and len(before) > 1 else ("", ""),
        release=draw(INSTANTS),
        limit=draw(SPANS) if limited else NONE,
        limit_clock=draw(any_clock) if limited else 0,
        rule=draw(st.sampled_from(LIMITS)) if limited else Rule.NONE,
        since=draw(st.sampled_from((None, *before))) if limited else None,
        group=draw(st.integers(0, 2)),
        closes=draw(st.sampled_from((*[NONE] * 9, 0, 1, 2))) if may.groups else NONE,
        pick=draw(st.sampled_from((0.01, 0.3, 0.5, 0.7, 0.99))),
    )
