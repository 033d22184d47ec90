"""Hand-written conformance cases that every engine must keep, and the builders to write such cases.

A `Case` is a name, a `Network`, a `Workload` and the `Timelines` that follow from the rules, worked out by hand. The
workload is written as `row(...)`s that know each other by name, the timelines as a table with one line per row: its
name, when it became ready, started and ended (in days; `4@9` is day 4 at 09:00, `-` is not yet), unless it is plainly
done its outcome, and its breaks (`2..3`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np

from sim.model.clocks import Clock, Kind
from sim.model.network import NONE, NOT_YET, Int, Network, Outcome, Pool, Rule, Timelines, Workload

HOUR = 60
DAY = 24 * HOUR
MONDAY = date(2024, 1, 1)

# --- builders ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a workload; rows are named by strings, everything else as in `Workload` [min]."""

    name: str
    work: int
    after: tuple[tuple[str, int, int], ...]  # predecessor, lag, clock of the lag
    clock: int
    pool: int
    priority: int
    needs: int
    release: int
    limit: int
    limit_clock: int
    limit_rule: Rule
    limit_since: str | None
    group: int
    closes: int
    early: str | None
    late: str | None
    pick: float
    also: tuple[int, ...]
    on_wait: bool
    gives_back: str | None
    every: bool


def row(
    name: str,
    *,
    work: int = 0,
    after: Sequence[str | tuple[str, int] | tuple[str, int, int]] = (),
    clock: int = 0,
    pool: int = NONE,
    priority: int = 0,
    needs: int | None = None,
    release: int = 0,
    limit: int = NONE,
    limit_clock: int = 0,
    rule: Rule = Rule.NONE,
    since: str | None = None,
    group: int = 0,
    closes: int = NONE,
    needed_if: tuple[str, str] = ("", ""),
    pick: float = 0.5,
    also: Sequence[int] = (),
    on_wait: bool = False,
    gives_back: str | None = None,
) -> Row:
    """A row that waits for all of `after` unless `needs` says how many; a lag and its clock may follow a name."""
    edges = tuple(_edge(before) for before in after)
    every = needs is None
    needs = len(edges) if needs is None else needs
    early, late = (name or None for name in needed_if)
    return Row(
        name,
        work,
        edges,
        clock,
        pool,
        priority,
        needs,
        NOT_YET if needs else release,
        limit,
        limit_clock,
        rule,
        since,
        group,
        closes,
        early,
        late,
        pick,
        tuple(also),
        on_wait,
        gives_back,
        every,
    )


def _edge(before: str | tuple[str, int] | tuple[str, int, int]) -> tuple[str, int, int]:
    name, lag, clock = (*((before,) if isinstance(before, str) else before), 0, 0)[:3]
    return str(name), int(lag), int(clock)


def workload(
    *rows: Row,
    parents: Sequence[int] = (NONE, NONE, NONE),
    drops: Sequence[int] = (),
    outer: Sequence[int] = (),
    replaced_by: Sequence[int] = (),
) -> Workload:
    """The rows as arrays, every row a trial of its own, groups 0, 1, ... inside `parents` (and `outer`), some drop."""
    index = {row.name: number for number, row in enumerate(rows)} | {None: NONE}
    edges = sorted(
        ((index[before], number, lag, clock) for number, row in enumerate(rows) for before, lag, clock in row.after),
        key=lambda edge: edge[0],
    )

    def column(name: str) -> Int:
        return np.array([getattr(row, name) for row in rows], np.int64)

    def rank(name: str) -> Int:
        return np.array([index[getattr(row, name)] for row in rows], np.int64)

    numbers = (
        "work",
        "clock",
        "pool",
        "priority",
        "needs",
        "release",
        "limit",
        "limit_clock",
        "limit_rule",
        "group",
        "closes",
    )
    before, successor, lag, lag_clock = np.array(edges, np.int64).reshape(-1, 4).T.copy()
    return Workload(
        trial=np.arange(len(rows)),
        site=np.full(len(rows), NONE),
        task=np.zeros(len(rows), np.int64),
        round=np.ones(len(rows), np.int64),
        **{name: column(name) for name in numbers},
        limit_since=rank("limit_since"),
        early=rank("early"),
        late=rank("late"),
        pick=np.array([row.pick for row in rows], np.float64),
        every=np.array([row.every for row in rows], bool),
        whole=np.array([group if parent == NONE else parent for group, parent in enumerate(parents)]),
        drops=np.isin(np.arange(len(parents)), drops),
        replaced_by=np.array(replaced_by or [NONE] * len(parents), np.int64),
        **_within(parents, outer),
        first_edge=np.searchsorted(before, np.arange(len(rows) + 1)),
        successor=successor,
        lag=lag,
        lag_clock=lag_clock,
        on_wait=np.array([row.on_wait for row in rows], bool),
        gives_back=rank("gives_back"),
        first_also=np.cumsum([0, *(len(row.also) for row in rows)]),
        also=np.array([pool for row in rows for pool in row.also], np.int64),
    )


def _within(parents: Sequence[int], outer: Sequence[int]) -> dict[str, Int]:
    """The groups that close with each group, to any depth."""
    around = [{parent, *outer[group : group + 1]} - {NONE, group} for group, parent in enumerate(parents)]
    for _ in around:
        around = [groups.union(*(around[each] for each in groups)) for groups in around]
    inside = [
        [inner for inner, groups in enumerate(around) if group in groups - {inner}] for group in range(len(around))
    ]
    return {
        "first_within": np.cumsum([0, *map(len, inside)]),
        "within": np.array([inner for groups in inside for inner in groups], np.int64),
    }


def network(*pools: Pool, clocks: Sequence[Clock] = (), horizon: int = 365 * DAY) -> Network:
    """Pools on the calendar (clock 0) and other clocks, from a Monday on."""
    return Network(MONDAY, horizon, (calendar(), *clocks), pools, tasks=("task",), stages=("stage",), sites=())


def people(
    *presence: int | tuple[int, int], clock: int = 0, order_by_due: bool = False, gives_way: bool = False
) -> Pool:
    """A pool of units: a number, or pairs of (from minute, units)."""
    pairs = [(0, step) if isinstance(step, int) else step for step in presence]
    changes, units = np.array(pairs, np.int64).T.copy()
    return Pool("people", clock, changes, units, order_by_due, gives_way=gives_way)


def batches(together: int, clock: int = 0) -> Pool:
    """A pool that takes so many rows at once."""
    nobody = np.zeros(1, np.int64)
    return Pool("batches", clock, nobody, nobody, batch=together)


def sittings(*seats: tuple[int, int], window: tuple[int, int] | None = None, order_by_due: bool = False) -> Pool:
    """A pool of sittings: pairs of (minute, seats)."""
    nobody = np.zeros(1, np.int64)
    instants, numbers = np.array(seats, np.int64).reshape(-1, 2).T.copy()
    return Pool("sittings", 0, nobody, nobody, order_by_due, instants, numbers, window)


def calendar() -> Clock:
    """The clock that is always open."""
    return _clock(Kind.CALENDAR, (0, DAY), np.ones(1, bool), np.ones(1, bool))


@cache
def office(*holidays: int, days: int = 400) -> Clock:
    """A working clock: 09:00 to 17:00 from Monday to Friday, closed on the days numbered `holidays`."""
    working = _working(holidays, days)
    return _clock(Kind.WORKING, (9 * HOUR, 17 * HOUR), working, working)


@cache
def statutory(*stops: int, days: int = 400) -> Clock:
    """A statutory clock that does not count the days numbered `stops`."""
    return _clock(Kind.STATUTORY, (0, DAY), ~np.isin(np.arange(days), stops), _working(stops, days))


@cache
def shifts(*holidays: int, days: int = 400) -> Clock:
    """A working clock: 08:00 to 12:00 and 13:00 to 17:00 from Monday to Thursday, 22:00 to 06:00 from Friday on."""
    working = _working(holidays, days)
    hours = [[(8, 12), (13, 17)], [(22, 30)]]
    stretches = [
        (day * DAY + opens * HOUR, day * DAY + closes * HOUR)
        for day in np.flatnonzero(working).tolist()
        for opens, closes in hours[day % 7 == 4]
    ]
    starts, ends = np.array([(0, 0), *stretches], np.int64).T
    plain = _clock(Kind.WORKING, (0, DAY), working, working)
    return replace(plain, starts=starts, before=np.concatenate(([0], np.cumsum(ends - starts))))


def _working(closed: Sequence[int], days: int) -> np.ndarray:
    return (np.arange(days) % 7 < 5) & ~np.isin(np.arange(days), closed)


def _clock(kind: Kind, hours: tuple[int, int], counted: np.ndarray, working: np.ndarray) -> Clock:
    days = len(counted)
    following = [next((day for day in range(first, days) if working[day]), days) for first in range(days + 1)]
    minutes = np.concatenate(([0], np.cumsum(counted, dtype=np.int64))) * (hours[1] - hours[0])
    return Clock(kind.name, kind, *hours, minutes, np.flatnonzero(counted), np.array(following))


# --- cases ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """What an engine is given and what it must return."""

    name: str
    network: Network
    workload: Workload
    expected: Timelines


def case(
    name: str,
    network: Network,
    rows: Sequence[Row],
    table: str,
    parents: Sequence[int] = (NONE, NONE, NONE),
    drops: Sequence[int] = (),
    outer: Sequence[int] = (),
    replaced_by: Sequence[int] = (),
) -> Case:
    """A case whose expected timelines are a `table` with one line per row."""
    lines = [line.split() for line in table.strip().splitlines()]
    assert [line[0] for line in lines] == [row.name for row in rows], f"{name}: the table lists other rows"
    instants = np.array([[_minute(text) for text in line[1:4]] for line in lines]).T
    breaks = [
        [(row, *map(_minute, text.split(".."))) for text in line if ".." in text] for row, line in enumerate(lines)
    ]
    outcomes = np.array([_outcome([text for text in line if ".." not in text]) for line in lines], np.int64)
    expected = Timelines(
        *instants, outcomes, np.array([each for line in breaks for each in line], np.int64).reshape(-1, 3)
    )
    work = workload(*rows, parents=parents, drops=drops, outer=outer, replaced_by=replaced_by)
    return Case(name, network, work, expected)


def _minute(text: str) -> int:
    """`4` is day 4 at 00:00, `4@9` at 09:00, `4@9:30` at 09:30, `-` not yet."""
    if text == "-":
        return NOT_YET
    day, _, time = text.partition("@")
    hours, _, minutes = time.partition(":")
    return int(day) * DAY + int(hours or 0) * HOUR + int(minutes or 0)


def _outcome(line: Sequence[str]) -> int:
    if len(line) == 5:
        return Outcome[line[4]]
    return Outcome.NOT_YET if line[3] == "-" else Outcome.DONE


def describe(case: Case, actual: Timelines) -> str:
    """The rows that differ, one line each: expected and actual."""
    wrong = np.flatnonzero(actual.differs_from(case.expected))
    columns = ("ready", "start", "end", "outcome")
    return "\n".join(
        f"{case.name}, row {row}: expected {[int(getattr(case.expected, c)[row]) for c in columns]}, "
        f"got {[int(getattr(actual, c)[row]) for c in columns]}"
        for row in wrong
    )


TACIT, DECIDE, OVERRUN, LAPSE = Rule.TACIT, Rule.DECIDE, Rule.OVERRUN, Rule.LAPSE

QUEUES = (
    case(
        "three trials share two units",
        network(people(2)),
        [row(name, work=3 * DAY, pool=0) for name in "abc"],
        """
        a  0 0 3
        b  0 0 3
        c  0 3 6
        """,
    ),
    case(
        "a smaller priority is served first",
        network(people(1)),
        [
            row("first", work=2 * DAY, pool=0),
            row("later", work=2 * DAY, pool=0, priority=1, release=1 * DAY),
            row("urgent", work=1 * DAY, pool=0, priority=0, release=1 * DAY),
        ],
        """
        first   0 0 2
        later   1 3 5
        urgent  1 2 3
        """,
    ),
    case(
        "a pool ordered by due dates serves what is due first, a row without a limit by when it became ready",
        network(people(1, order_by_due=True)),
        [
            row("plain", work=2 * DAY, pool=0),
            row("due_on_10", work=1 * DAY, pool=0, rule=OVERRUN, limit=10 * DAY),
            row("due_on_4", work=2 * DAY, pool=0, release=1 * DAY, rule=OVERRUN, limit=3 * DAY),
            row("ready_on_1", work=1 * DAY, pool=0, release=1 * DAY),
        ],
        """
        plain       0 0 2
        due_on_10   0 5 6
        due_on_4    1 3 5  LATE
        ready_on_1  1 2 3
        """,
    ),
    case(
        "milestones pass before any pool deals",
        network(people(1)),
        [
            row("less_urgent", work=1 * DAY, pool=0, priority=1, release=1 * DAY),
            row("work", work=1 * DAY),
            row("milestone", after=["work"]),
            row("next_milestone", after=["milestone"]),
            row("urgent", work=1 * DAY, pool=0, after=["next_milestone"]),
        ],
        """
        less_urgent     1 2 3
        work            0 0 1
        milestone       1 1 1
        next_milestone  1 1 1
        urgent          1 1 2
        """,
    ),
    case(
        "all pools deal before what they dealt may end",
        network(people(1), people(1)),
        [
            row("moment", pool=0),
            row("too_late", pool=1, priority=-1, after=["moment"]),
            row("back", work=1 * DAY, pool=0, after=["too_late"]),
            row("day", work=1 * DAY, pool=1),
        ],
        """
        moment    0 0 0
        too_late  0 1 1
        back      1 1 2
        day       0 0 1
        """,
    ),
    case(
        "one unit serves any number of rows without duration at one instant",
        network(people(1)),
        [*(row(name, pool=0) for name in "abc"), row("d", work=1 * DAY, pool=0)],
        """
        a  0 0 0
        b  0 0 0
        c  0 0 0
        d  0 0 1
        """,
    ),
)

CHAINS = (
    case(
        "a row waits for its last predecessor and the lag after it",
        network(),
        [
            row("a", work=1 * DAY),
            row("b", work=2 * DAY, release=1 * DAY),
            row("c", work=1 * DAY, after=[("a", 5 * DAY), "b"]),
            row("d", after=["c"]),
        ],
        """
        a  0 0 1
        b  1 1 3
        c  6 6 7
        d  7 7 7
        """,
    ),
    case(
        "two of three predecessors are enough and the third is ignored",
        network(),
        [
            *(row(name, work=days * DAY) for name, days in zip("abc", (1, 2, 3), strict=True)),
            row("two", work=4 * DAY, after=[("a", 3 * DAY), "b", "c"], needs=2),
        ],
        """
        a    0 0 1
        b    0 0 2
        c    0 0 3
        two  3 3 7
        """,
    ),
    case(
        "a row is waived unless the one event came before the other",
        network(people(0)),
        [
            *(row(name, work=days * DAY) for name, days in zip(("one", "two", "also_two"), (1, 2, 2), strict=True)),
            row("needed", work=3 * DAY, after=["one", "two"], needed_if=("one", "two")),
            row("reversed", work=3 * DAY, after=["one", "two"], needed_if=("two", "one"), pool=0),
            row("same_time", work=3 * DAY, after=["two", "also_two"], needed_if=("two", "also_two"), pool=0),
            row("then", work=1 * DAY, after=["reversed"]),
        ],
        """
        one        0 0 1
        two        0 0 2
        also_two   0 0 2
        needed     2 2 5
        reversed   2 2 2  WAIVED
        same_time  2 2 2  WAIVED
        then       2 2 3
        """,
    ),
)

LIMITS = (
    case(
        "each rule at the end of a limit, at work",
        network(),
        [
            row("tacit", work=5 * DAY, rule=TACIT, limit=3 * DAY),
            row("decide", work=5 * DAY, rule=DECIDE, limit=3 * DAY),
            row("overrun", work=5 * DAY, rule=OVERRUN, limit=3 * DAY),
            row("lapse", work=5 * DAY, rule=LAPSE, limit=3 * DAY, group=1),
            row("after_tacit", after=["tacit"]),
            row("after_lapse", after=["lapse"]),
        ],
        """
        tacit        0 0 3  AT_LIMIT
        decide       0 0 3  AT_LIMIT
        overrun      0 0 5  LATE
        lapse        0 0 3  LAPSED
        after_tacit  3 3 3
        after_lapse  - - -
        """,
    ),
    case(
        "what ends at its limit is in time",
        network(people(1)),
        [
            row("tacit", work=3 * DAY, rule=TACIT, limit=3 * DAY),
            row("overrun", work=3 * DAY, rule=OVERRUN, limit=3 * DAY),
            row("lapse", work=3 * DAY, rule=LAPSE, limit=3 * DAY),
            row("served", work=3 * DAY, rule=DECIDE, limit=3 * DAY, pool=0),
            row("milestone", rule=LAPSE, limit=0),
        ],
        """
        tacit      0 0 3
        overrun    0 0 3
        lapse      0 0 3
        served     0 0 3
        milestone  0 0 0
        """,
    ),
    case(
        "each rule at the end of a limit, while waiting",
        network(people(1)),
        [
            row("long", work=10 * DAY, pool=0),
            row("tacit", work=1 * DAY, pool=0, rule=TACIT, limit=3 * DAY),
            row("decide", work=1 * DAY, pool=0, rule=DECIDE, limit=4 * DAY),
            row("overrun", work=1 * DAY, pool=0, rule=OVERRUN, limit=2 * DAY),
            row("lapse", work=1 * DAY, pool=0, rule=LAPSE, limit=5 * DAY, group=1),
            row("same_group", work=1 * DAY, pool=0, group=1),
            row("last", work=1 * DAY, pool=0),
        ],
        """
        long        0  0 10
        tacit       0  3  3  UNSERVED
        decide      0  4  4  UNSERVED
        overrun     0 10 11  LATE
        lapse       0  5  5  ABANDONED
        same_group  0  -  -
        last        0 11 12
        """,
    ),
    case(
        "at one instant the limit wins over a unit",
        network(people(1)),
        [
            row("long", work=3 * DAY, pool=0),
            row("tacit", work=1 * DAY, pool=0, rule=TACIT, limit=3 * DAY),
            row("next", work=1 * DAY, pool=0),
            row("at_once", work=1 * DAY, pool=0, rule=TACIT, limit=0, release=8 * DAY),
        ],
        """
        long     0 0 3
        tacit    0 3 3  UNSERVED
        next     0 3 4
        at_once  8 8 8  UNSERVED
        """,
    ),
    case(
        "a row that is cut short leaves its unit to the next one",
        network(people(1)),
        [
            row("tacit", work=5 * DAY, pool=0, rule=TACIT, limit=3 * DAY),
            row("lapse", work=5 * DAY, pool=0, rule=LAPSE, limit=4 * DAY, group=1),
            row("next", work=1 * DAY, pool=0),
        ],
        """
        tacit  0 0 3  AT_LIMIT
        lapse  0 3 4  LAPSED
        next   0 4 5
        """,
    ),
    case(
        "a limit may count from an earlier row, and be over before the row is ready",
        network(people(5)),
        [
            row("start", work=2 * DAY),
            row("middle", work=4 * DAY, after=["start"]),
            row("inside", work=3 * DAY, after=["middle"], rule=TACIT, limit=5 * DAY, since="start"),
            row("tacit", work=3 * DAY, after=["middle"], rule=TACIT, limit=3 * DAY, since="start"),
            row("queued", work=3 * DAY, after=["middle"], rule=TACIT, limit=3 * DAY, since="start", pool=0),
            row("overrun", after=["middle"], rule=OVERRUN, limit=3 * DAY, since="start"),
            row("lapse", after=["middle"], rule=LAPSE, limit=3 * DAY, since="start", group=1),
        ],
        """
        start    0 0 2
        middle   2 2 6
        inside   6 6 7  AT_LIMIT
        tacit    6 6 6  AT_LIMIT
        queued   6 6 6  UNSERVED
        overrun  6 6 6  LATE
        lapse    6 6 6  LAPSED
        """,
    ),
    case(
        "a statutory limit counts whole days, skips stops and ends on a working day",
        network(clocks=(statutory(9, 10),)),
        [
            row("friday", work=90 * DAY, release=10 * HOUR, rule=TACIT, limit=4 * DAY, limit_clock=1),
            row("saturday", work=90 * DAY, release=10 * HOUR, rule=TACIT, limit=5 * DAY, limit_clock=1),
            row("stopped", work=90 * DAY, release=10 * HOUR, rule=LAPSE, limit=9 * DAY, limit_clock=1),
        ],
        """
        friday    0@10 0@10  4@23:59  AT_LIMIT
        saturday  0@10 0@10  7@23:59  AT_LIMIT
        stopped   0@10 0@10 11@23:59  LAPSED
        """,
    ),
)

GROUPS = (
    case(
        "a lapse closes the whole trial: nothing starts any more, what is at work is finished",
        network(people(1)),
        [
            row("lapse", work=9 * DAY, rule=LAPSE, limit=2 * DAY, group=1),
            row("busy", work=4 * DAY, pool=0, group=0),
            row("waiting", work=1 * DAY, pool=0, group=0),
            row("after_busy", work=1 * DAY, after=["busy"], group=0),
            row("other_trial", work=1 * DAY, pool=0, group=2),
            row("same_instant", work=1 * DAY, release=2 * DAY, group=1),
        ],
        """
        lapse         0 0 2  LAPSED
        busy          0 0 4
        waiting       0 - -
        after_busy    4 - -
        other_trial   0 4 5
        same_instant  2 - -
        """,
        parents=(NONE, 0, NONE),
    ),
    case(
        "the second patient closes the group of candidates, who may start until its end is known",
        network(),
        [
            row("goal", after=["c0", "c1", "c2", "c3", "c4"], needs=2, closes=1),
            *(row(f"c{day}", work=2 * DAY, release=day * DAY, group=1) for day in range(5)),
            row("treated", after=["c2"], group=1),
        ],
        """
        goal     3 3 3
        c0       0 0 2
        c1       1 1 3
        c2       2 2 4
        c3       3 3 5
        c4       4 - -
        treated  4 - -
        """,
        parents=(NONE, 0, NONE),
    ),
    case(
        "a row closes its group at its limit, late or waived as well",
        network(),
        [
            row("tacit", work=5 * DAY, rule=TACIT, limit=2 * DAY, closes=1),
            row("late", work=3 * DAY, rule=OVERRUN, limit=1 * DAY, closes=2),
            row("waived", work=5 * DAY, after=["late"], needed_if=("late", "late"), closes=3),
            *(row(f"in_{group}", release=4 * DAY, group=group) for group in range(4)),
        ],
        """
        tacit   0 0 2  AT_LIMIT
        late    0 0 3  LATE
        waived  3 3 3  WAIVED
        in_0    4 4 4
        in_1    4 - -
        in_2    4 - -
        in_3    4 - -
        """,
        parents=(NONE, NONE, NONE, NONE),
    ),
    case(
        "a row ends at its limit in the instant at which its group closes",
        network(people(0)),
        [
            row("closer", work=2 * DAY, closes=1),
            row("tacit", work=1 * DAY, pool=0, rule=TACIT, limit=2 * DAY, group=1),
            row("too_late", work=1 * DAY, pool=0, rule=TACIT, limit=3 * DAY, group=1),
        ],
        """
        closer    0 0 2
        tacit     0 2 2  UNSERVED
        too_late  0 - -
        """,
    ),
)

CALENDARS = (
    case(
        "a unit on leave finishes its row, and the pool serves no more than are present",
        network(people((0, 2), (2 * DAY, 1), (6 * DAY, 2))),
        [row(name, work=4 * DAY, pool=0) for name in "abcd"],
        """
        a  0 0  4
        b  0 0  4
        c  0 4  8
        d  0 6 10
        """,
    ),
    case(
        "a pool without anybody waits for somebody to come",
        network(people((0, 0), (3 * DAY, 1))),
        [row("a", work=1 * DAY, pool=0), row("b", work=1 * DAY, pool=0)],
        """
        a  0 3 4
        b  0 4 5
        """,
    ),
    case(
        "an office is closed at night, over the weekend and on a holiday",
        network(people(3, clock=1), clocks=(office(7),)),
        [
            row("friday", work=2 * HOUR, clock=1, pool=0, release=4 * DAY + 16 * HOUR),
            row("closing", work=2 * HOUR, clock=1, pool=0, release=4 * DAY + 17 * HOUR),
            row("saturday", pool=0, clock=1, release=5 * DAY),
            row("milestone", clock=1, release=5 * DAY),
            row("an_hour_later", after=[("milestone", 1 * HOUR, 1)]),
            row("calendar_day", work=1 * DAY, pool=0, release=5 * DAY),
            row("night", work=9 * HOUR, clock=1, release=15 * HOUR),
        ],
        """
        friday         4@16 4@16  8@10
        closing        4@17  8@9  8@11
        saturday       5     8@9  8@9
        milestone      5     5    5
        an_hour_later  8@10  8@10 8@10
        calendar_day   5     8@9  9@9
        night          0@15  0@15 1@16
        """,
    ),
    case(
        "the law rounds a period to whole days, not the work that is done within it",
        network(people(1), clocks=(statutory(1, 2),)),
        [
            row("half_an_hour", work=HOUR // 2, clock=1, pool=0, release=10 * HOUR),
            row("over_the_stop", work=1 * DAY, clock=1, pool=0, release=10 * HOUR),
            row("in_the_stop", work=2 * HOUR, clock=1, release=1 * DAY + 5 * HOUR),
            row("limited", work=9 * DAY, clock=1, release=10 * HOUR, rule=TACIT, limit=1, limit_clock=1),
        ],
        """
        half_an_hour   0@10 0@10    0@10:30
        over_the_stop  0@10 0@10:30 3@10:30
        in_the_stop    1@5  1@5     3@2
        limited        0@10 0@10    3@23:59  AT_LIMIT
        """,
    ),
)

SHIFTS = (
    case(
        "work goes on after a break, over midnight, and not before the next shift",
        network(people(1, clock=1), people(1, clock=1), clocks=(shifts(1),)),
        [
            row("lunch", work=2 * HOUR, clock=1, pool=0, release=11 * HOUR),
            row("at_noon", work=1 * HOUR, clock=1, pool=1, release=12 * HOUR),
            row("to_noon", work=4 * HOUR, clock=1, release=8 * HOUR),
            row("holiday", work=9 * HOUR, clock=1, release=1 * DAY),
            row("night", work=3 * HOUR, clock=1, pool=0, release=4 * DAY + 18 * HOUR),
            row("weekend", work=6 * HOUR, clock=1, pool=1, release=5 * DAY + 5 * HOUR),
            row("lag", after=[("to_noon", 5 * HOUR, 1)]),
            row("finishes", work=5 * HOUR, pool=0, release=7 * DAY + 9 * HOUR),
        ],
        """
        lunch     0@11 0@11 0@14
        at_noon   0@12 0@13 0@14
        to_noon   0@8  0@8  0@12
        holiday   1    1    3@9
        night     4@18 4@22 5@1
        weekend   5@5  5@5  7@14
        lag       2@9  2@9  2@9
        finishes  7@9  7@9  7@14
        """,
    ),
)

SITTINGS = (
    case(
        "a body serves as many files at a sitting as it has seats",
        network(sittings((3 * DAY, 2), (7 * DAY, 1), (10 * DAY, 5))),
        [
            *(row(name, work=1 * DAY, pool=0) for name in "abcd"),
            row("at_sitting", work=1 * DAY, pool=0, release=3 * DAY),
            row("urgent", work=1 * DAY, pool=0, priority=-1, release=7 * DAY),
            row("too_late", work=1 * DAY, pool=0, release=11 * DAY),
        ],
        """
        a            0  3  4
        b            0  3  4
        c            0 10 11
        d            0 10 11
        at_sitting   3 10 11
        urgent       7  7  8
        too_late    11  -  -
        """,
    ),
    case(
        "a sitting is drawn among those in the window with a seat left, else it is the first one later",
        network(sittings(*((day * DAY, 1) for day in (1, 3, 5, 7, 12)), window=(2 * DAY, 7 * DAY))),
        [
            row("second_of_three", work=1 * DAY, pool=0, pick=0.5),
            row("second_of_two", work=1 * DAY, pool=0, pick=0.5),
            row("only_one", work=1 * DAY, pool=0, pick=0.9),
            row("none_left", work=1 * DAY, pool=0),
            row("never", work=1 * DAY, pool=0),
        ],
        """
        second_of_three  0  5  6
        second_of_two    0  7  8
        only_one         0  3  4
        none_left        0 12 13
        never            0  -  -
        """,
    ),
    case(
        "a drawn sitting may be now, and a later one when the window has none",
        network(sittings((2 * DAY, 1), (9 * DAY, 1), window=(0, 3 * DAY))),
        [row("now", work=1 * DAY, pool=0, release=2 * DAY), row("later", work=1 * DAY, pool=0, release=3 * DAY)],
        """
        now    2 2  3
        later  3 9 10
        """,
    ),
    case(
        "a row that comes to its limit as it arrives books no seat",
        network(sittings((3 * DAY, 1), window=(0, 4 * DAY))),
        [row("at_once", work=1 * DAY, pool=0, priority=-1, rule=TACIT, limit=0), row("booked", work=1 * DAY, pool=0)],
        """
        at_once  0 0 0  UNSERVED
        booked   0 3 4
        """,
    ),
    case(
        "a row books no seat that its limit would take from it, and one whose group closes leaves its seat empty",
        network(sittings((3 * DAY, 2), (5 * DAY, 1), window=(0, 4 * DAY))),
        [
            row("closed", work=1 * DAY, pool=0, priority=-1, group=1, release=2 * DAY, pick=0.1),
            row("tacit", work=1 * DAY, pool=0, release=2 * DAY, rule=TACIT, limit=1 * DAY, pick=0.1),
            row("in_time", work=1 * DAY, pool=0, release=2 * DAY, rule=TACIT, limit=2 * DAY, pick=0.9),
            row("no_seat", work=1 * DAY, pool=0, release=2 * DAY, rule=TACIT, limit=3 * DAY),
            row("late", work=1 * DAY, pool=0, release=2 * DAY, rule=OVERRUN, limit=1 * DAY),
            row("closer", release=3 * DAY - 1 * HOUR, closes=1),
        ],
        """
        closed   2    -    -
        tacit    2    3    3    UNSERVED
        in_time  2    3    4
        no_seat  2    5    5    UNSERVED
        late     2    5    6    LATE
        closer   2@23 2@23 2@23
        """,
    ),
)

TEAMS = (
    case(
        "two people are taken at the same instant, and who lacks one of them is passed over",
        network(people(1), people(1)),
        [
            row("nurse", work=2 * DAY, pool=0),
            row("both", work=1 * DAY, pool=0, also=[1]),
            row("doctor", work=3 * DAY, pool=1),
            row("next_nurse", work=1 * DAY, pool=0),
            row("next_doctor", work=1 * DAY, pool=1),
        ],
        """
        nurse        0 0 2
        both         0 3 4
        doctor       0 0 3
        next_nurse   0 2 3
        next_doctor  0 4 5
        """,
    ),
    case(
        "two units of one pool are taken at the same instant",
        network(people(3)),
        [
            row("two", work=2 * DAY, pool=0, also=[0]),
            row("two_more", work=2 * DAY, pool=0, also=[0]),
            row("one", work=1 * DAY, pool=0),
            row("later", work=1 * DAY, pool=0, release=2 * DAY),
        ],
        """
        two       0 0 2
        two_more  0 2 4
        one       0 0 1
        later     2 2 3
        """,
    ),
    case(
        "two teams that share people do not hold each other up",
        network(people(1), people(1), people(1)),
        [
            row("a_and_b", work=2 * DAY, pool=0, also=[1]),
            row("b_and_c", work=2 * DAY, pool=1, also=[2]),
            row("c_and_a", work=2 * DAY, pool=2, also=[0]),
            row("c", work=1 * DAY, pool=2),
        ],
        """
        a_and_b  0 0 2
        b_and_c  0 4 6
        c_and_a  0 2 4
        c        0 0 1
        """,
    ),
    case(
        "a team begins when the last of its people comes to work",
        network(people(1, clock=1), people((0, 0), (1 * DAY, 1)), clocks=(office(),)),
        [
            row("visit", work=2 * HOUR, pool=1, also=[0]),
            row("friday", work=2 * HOUR, pool=0, also=[1], release=4 * DAY + 18 * HOUR),
        ],
        """
        visit   0    1@9 1@11
        friday  4@18 7@9 7@11
        """,
    ),
    case(
        "a unit is kept until a later row ends",
        network(people(1)),
        [
            row("screened", work=1 * DAY, pool=0),
            row("dosed", work=1 * DAY, after=[("screened", 3 * DAY)]),
            row("back", after=["dosed"], gives_back="screened"),
            row("next", work=1 * DAY, pool=0),
        ],
        """
        screened  0 0 1
        dosed     4 4 5
        back      5 5 5
        next      0 5 6
        """,
    ),
    case(
        "a unit is kept no longer than until the group of its row closes, or its work ends after that",
        network(people(1), people(1)),
        [
            row("kept", work=1 * DAY, pool=0, group=1),
            row("back", after=["never"], gives_back="kept", group=1),
            row("at_work", work=5 * DAY, pool=1, group=1),
            row("too", after=["never"], gives_back="at_work", group=1),
            row("never", after=["kept"], pool=0, group=1),
            row("closer", work=3 * DAY, closes=1),
            row("next", work=1 * DAY, pool=0, group=2),
            row("other", work=1 * DAY, pool=1, group=2),
        ],
        """
        kept     0 0 1
        back     - - -
        at_work  0 0 5
        too      - - -
        never    1 - -
        closer   0 0 3
        next     0 3 4
        other    0 5 6
        """,
    ),
    case(
        "a limit on the wait is met by starting, whatever the end",
        network(people(1)),
        [
            row("patient", work=5 * DAY, pool=0, rule=LAPSE, limit=3 * DAY, on_wait=True),
            row("gone", work=1 * DAY, pool=0, rule=LAPSE, limit=2 * DAY, on_wait=True, group=1),
            row("late", work=1 * DAY, pool=0, rule=OVERRUN, limit=4 * DAY, on_wait=True),
            row("in_time", work=9 * DAY, pool=0, rule=OVERRUN, limit=6 * DAY, on_wait=True),
        ],
        """
        patient  0 0  5
        gone     0 2  2  ABANDONED
        late     0 5  6  LATE
        in_time  0 6 15
        """,
    ),
)

BREAKS = (
    case(
        "who is less urgent is interrupted, and goes on with what is left",
        network(people(1, gives_way=True)),
        [row("slow", work=5 * DAY, pool=0, priority=1), row("urgent", work=1 * DAY, pool=0, release=2 * DAY)],
        """
        slow    0 0 6  2..3
        urgent  2 2 3
        """,
    ),
    case(
        "people who do not give way finish first",
        network(people(1)),
        [row("slow", work=5 * DAY, pool=0, priority=1), row("urgent", work=1 * DAY, pool=0, release=2 * DAY)],
        """
        slow    0 0 5
        urgent  2 5 6
        """,
    ),
    case(
        "the last to come is interrupted, by the more urgent alone, and keeps its place",
        network(people(2, gives_way=True)),
        [
            row("first", work=4 * DAY, pool=0, priority=1),
            row("second", work=4 * DAY, pool=0, priority=1, release=1 * DAY),
            row("urgent", work=1 * DAY, pool=0, release=2 * DAY),
            row("as_urgent", work=1 * DAY, pool=0, priority=1, release=2 * DAY),
        ],
        """
        first      0 0 4
        second     1 1 6  2..3
        urgent     2 2 3
        as_urgent  2 4 5
        """,
    ),
    case(
        "interrupted by one who is interrupted",
        network(people(1, gives_way=True)),
        [
            row("low", work=5 * DAY, pool=0, priority=2),
            row("middle", work=3 * DAY, pool=0, priority=1, release=1 * DAY),
            row("top", work=1 * DAY, pool=0, release=2 * DAY),
            row("top_again", work=1 * DAY, pool=0, release=6 * DAY),
        ],
        """
        low        0 0 10  1..5 6..7
        middle     1 1 5   2..3
        top        2 2 3
        top_again  6 6 7
        """,
    ),
    case(
        "what is left is counted in open time, and goes on when the people are there again",
        network(people(1, clock=1, gives_way=True), clocks=(office(),)),
        [
            row("slow", work=16 * HOUR, clock=1, pool=0, priority=1, release=9 * HOUR),
            row("urgent", work=4 * HOUR, clock=1, pool=0, release=13 * HOUR),
            row("at_night", work=1 * HOUR, clock=1, pool=0, release=30 * HOUR),
        ],
        """
        slow      0@9  0@9  2@14  0@13..1@10
        urgent    0@13 0@13 0@17
        at_night  1@6  1@9  1@10
        """,
    ),
    case(
        "all people of who is interrupted are free",
        network(people(1, gives_way=True), people(1)),
        [
            row("visit", work=3 * DAY, pool=0, also=[1], priority=1),
            row("urgent", work=2 * DAY, pool=0, release=1 * DAY),
            row("other", work=3 * DAY, pool=1, priority=1, release=1 * DAY),
        ],
        """
        visit   0 0 6  1..4
        urgent  1 1 3
        other   1 1 4
        """,
    ),
    case(
        "who has just begun is interrupted at that instant",
        network(people(1), people(1, gives_way=True)),
        [row("both", work=1 * DAY, pool=1, also=[0], priority=1), row("urgent", work=1 * DAY, pool=1)],
        """
        both    0 0 2  0..1
        urgent  0 0 1
        """,
    ),
    case(
        "nobody is interrupted for who cannot start then",
        network(people(3, gives_way=True), people(1)),
        [
            row("low", work=4 * DAY, pool=0, priority=1),
            row("lower", work=4 * DAY, pool=0, priority=2),
            row("top", work=4 * DAY, pool=0),
            row("two", work=1 * DAY, pool=0, also=[0], release=1 * DAY),
            row("three", work=1 * DAY, pool=0, also=[0, 0], release=3 * DAY),
            row("elsewhere", work=9 * DAY, pool=1),
            row("both", work=1 * DAY, pool=0, also=[1], release=3 * DAY),
        ],
        """
        low        0 0 6   1..2 4..5
        lower      0 0 6   1..2 4..5
        top        0 0 4
        two        1 1 2
        three      3 4 5
        elsewhere  0 0 9
        both       3 9 10
        """,
    ),
    case(
        "a limit runs on in a break",
        network(people(1, gives_way=True), people(1, gives_way=True), people(1, gives_way=True)),
        [
            row("tacit", work=2 * DAY, pool=0, priority=1, rule=TACIT, limit=3 * DAY),
            row("lapse", work=2 * DAY, pool=1, priority=1, rule=LAPSE, limit=3 * DAY, group=1),
            row("met", work=2 * DAY, pool=2, priority=1, rule=LAPSE, limit=3 * DAY, on_wait=True, group=2),
            row("u0", work=5 * DAY, pool=0, release=1 * DAY),
            row("u1", work=5 * DAY, pool=1, release=1 * DAY),
            row("u2", work=5 * DAY, pool=2, release=1 * DAY),
        ],
        """
        tacit  0 0 3  AT_LIMIT  1..3
        lapse  0 0 3  LAPSED    1..3
        met    0 0 7  1..6
        u0     1 1 6
        u1     1 1 6
        u2     1 1 6
        """,
    ),
    case(
        "a group that drops is left where it stands, and nobody waits for it who waits for something else",
        network(people(1)),
        [
            row("quick", work=3 * DAY, group=1),
            row("slow", work=5 * DAY, pool=0, group=1),
            row("waiting", work=1 * DAY, pool=0, group=1),
            row("later", work=1 * DAY, group=1, after=["slow"]),
            row("first", after=["quick", "slow"], needs=1, closes=1),
            row("lagged", after=[("slow", 2 * DAY)]),
            row("both", after=[("quick", 1 * DAY), "slow", "later"]),
            row("any", after=["slow", "waiting"], needs=2),
            row("follows", work=1 * DAY, after=["slow", "waiting"]),
            row("quick_and_follows", after=["quick", "follows"]),
            row("next", work=1 * DAY, pool=0, release=1 * DAY),
        ],
        """
        quick    0 0 3
        slow     0 0 -  3..-
        waiting  0 - -
        later    - - -
        first    3 3 3
        lagged   - - -
        both     4 4 4
        any      - - -
        follows  - - -
        quick_and_follows  3 3 3
        next     1 3 4
        """,
        drops=[1],
    ),
    case(
        "a group that closes with the one around it drops nothing",
        network(people(1)),
        [
            row("end", work=1 * DAY, closes=0),
            row("at_work", work=3 * DAY, pool=0, group=1),
            row("follows", after=["at_work"]),
            row("elsewhere", after=["at_work"], group=2),
            row("again", work=2 * DAY, pool=0, group=2),
        ],
        """
        end        0 0 1
        at_work    0 0 3
        follows    3 - -
        elsewhere  3 3 3
        again      0 3 5
        """,
        parents=[NONE, 0, NONE],
        drops=[1],
    ),
    case(
        "a group may lie within two others",
        network(),
        [
            row("site_leaves", work=2 * DAY, group=1, closes=1),
            row("patient", work=3 * DAY, group=3),
            row("patient_elsewhere", work=3 * DAY, group=2),
            row("elsewhere_again", work=3 * DAY, group=2, after=["patient_elsewhere"]),
            row("every_patient", after=["patient", "patient_elsewhere"]),
            row("recruited", work=1 * DAY, after=["every_patient"], closes=2),
        ],
        """
        site_leaves        0 0 2
        patient            0 0 -  2..-
        patient_elsewhere  0 0 3
        elsewhere_again    3 3 6
        every_patient      3 3 3
        recruited          3 3 4
        """,
        parents=[NONE, 0, 0, 0],
        outer=[NONE, NONE, NONE, 1],
        drops=[1],
    ),
)

REPLACED = (
    case(
        "who stands by is asked when another leaves, and waited for from then on",
        network(people(1)),
        [
            row("x", work=5 * DAY, group=1),
            row("x_leaves", release=3 * DAY, group=1, closes=1),
            row("y", work=1 * DAY, group=0),
            row("before", work=4 * DAY, pool=0, group=2),
            row("later", work=1 * DAY, group=2, after=["before", "y"]),
            row("released", group=2, release=7 * DAY),
            row("soonest", group=2, after=["y", ("y", 4 * DAY)], needs=1),
            row("never", group=3),
            row("every", after=["x", "y", "later", "never"]),
            row("y_and_never", after=["y", ("never", 1 * DAY)]),
            row("follows_never", after=["never"]),
            row("after_that", after=["y", "follows_never"]),
            row("first", after=["x", "later"], needs=1),
        ],
        """
        x         0 0 -  3..-
        x_leaves  3 3 3
        y         0 0 1
        before    3 3 7
        later     7 7 8
        released  7 7 7
        soonest   3 3 3
        never     - - -
        every     8 8 8
        y_and_never    1 1 1
        follows_never  - - -
        after_that     1 1 1
        first     8 8 8
        """,
        parents=[NONE, 0, 0, 0],
        drops=[1, 2, 3],
        replaced_by=[NONE, 2, 3, NONE],
    ),
    case(
        "two leave at once, and one of those who replace them later: one stands by in vain",
        network(),
        [
            row("x_leaves", release=2 * DAY, group=1, closes=1),
            row("y_leaves", release=2 * DAY, group=2, closes=2),
            row("a", work=9 * DAY, group=3),
            row("a_leaves", work=1 * DAY, group=3, closes=3),
            row("b", work=5 * DAY, group=4),
            row("c", work=5 * DAY, group=5),
            row("d", work=5 * DAY, group=6),
            row("every", after=["a", "b", "c", "d"]),
            row("all_left", after=["x_leaves", "y_leaves", "a_leaves"]),
        ],
        """
        x_leaves  2 2 2
        y_leaves  2 2 2
        a         2 2 -  3..-
        a_leaves  2 2 3
        b         2 2 7
        c         3 3 8
        d         - - -
        every     8 8 8
        all_left  3 3 3
        """,
        parents=[NONE, 0, 0, 0, 0, 0, 0],
        drops=[1, 2, 3, 4, 5, 6],
        replaced_by=[NONE, 3, 3, 4, 5, 6, NONE],
    ),
    case(
        "the last predecessor counts in the instant of the leaving: whoever is asked then is waited for",
        network(),
        [
            row("x", work=2 * DAY, group=1),
            row("x_leaves", work=2 * DAY, group=1, closes=1),
            row("y", work=1 * DAY),
            row("w", work=3 * DAY, group=2),
            row("every", after=["x", "y", "w"]),
            row("all_left", after=["x_leaves", "w"], closes=0),
            row("told", work=1 * DAY, after=["y"]),
        ],
        """
        x         0 0 2
        x_leaves  0 0 2
        y         0 0 1
        w         2 2 5
        every     5 5 5
        all_left  5 5 5
        told      1 1 2
        """,
        parents=[NONE, 0, 0],
        drops=[1, 2],
        replaced_by=[NONE, 2, NONE],
    ),
    case(
        "nobody is asked by a trial that ends, nor by one that was never asked",
        network(),
        [
            row("end", work=2 * DAY, closes=0),
            row("x_leaves", work=2 * DAY, group=1, closes=1),
            row("w", work=1 * DAY, group=2),
            row("w_is_closed", work=1 * DAY, group=3, closes=2),
            row("v", work=1 * DAY, group=4),
        ],
        """
        end          0 0 2
        x_leaves     0 0 2
        w            - - -
        w_is_closed  0 0 1
        v            - - -
        """,
        parents=[NONE, 0, 0, NONE, 0],
        drops=[1, 2],
        replaced_by=[NONE, 2, 4, NONE, NONE],
    ),
    case(
        "who comes for another finds dropped what it would have waited for",
        network(),
        [
            row("quick", work=1 * DAY, group=3),
            row("slow", work=9 * DAY, group=3),
            row("answered", after=["quick", "slow"], needs=1, closes=3),
            row("x_leaves", release=4 * DAY, group=1, closes=1),
            row("w", work=2 * DAY, group=2),
            row("w_slow", work=1 * DAY, group=2, after=["slow"]),
            row("w_after", work=1 * DAY, group=2, after=["w", "w_slow"]),
            row("every", after=["w_slow", "quick"]),
        ],
        """
        quick     0 0 1
        slow      0 0 -  1..-
        answered  1 1 1
        x_leaves  4 4 4
        w         4 4 6
        w_slow    - - -
        w_after   6 6 7
        every     1 1 1
        """,
        parents=[NONE, 0, 0, 0],
        drops=[1, 2, 3],
        replaced_by=[NONE, 2, NONE, NONE],
    ),
)

BATCHES = (
    case(
        "a committee sits when three files wait, the most urgent first",
        network(batches(3)),
        [
            row("first", work=2 * DAY, pool=0),
            row("second", work=1 * DAY, pool=0, release=1 * DAY),
            row("third", work=1 * DAY, pool=0, release=4 * DAY, priority=1),
            row("fourth", work=1 * DAY, pool=0, release=4 * DAY),
            row("fifth", work=1 * DAY, pool=0, release=5 * DAY),
            row("never", work=1 * DAY, pool=0, release=9 * DAY, after=["last"]),
            row("last", work=1 * DAY, pool=0, release=6 * DAY),
        ],
        """
        first   0 4 6
        second  1 4 5
        third   4 6 7
        fourth  4 4 5
        fifth   5 6 7
        never   7 - -
        last    6 6 7
        """,
    ),
    case(
        "who has gone is not counted, and nobody sits at night",
        network(batches(2, clock=1), clocks=(office(),)),
        [
            row("gone", work=1 * HOUR, pool=0, rule=TACIT, limit=1 * DAY, release=9 * HOUR),
            row("one", work=1 * HOUR, pool=0, release=2 * DAY + 9 * HOUR),
            row("two", work=1 * HOUR, pool=0, release=2 * DAY + 20 * HOUR),
        ],
        """
        gone  0@9  1@9 1@9  UNSERVED
        one   2@9  3@9 3@10
        two   2@20 3@9 3@10
        """,
    ),
)

HORIZONS = (
    case(
        "what happens at the horizon has not happened yet",
        network(people(1), horizon=5 * DAY),
        [
            row("in_time", work=4 * DAY),
            row("at_horizon", work=5 * DAY, pool=0),
            row("waiting", work=1 * DAY, pool=0),
            row("unborn", release=5 * DAY),
            row("limit_at_horizon", work=1 * DAY, pool=0, rule=TACIT, limit=5 * DAY),
        ],
        """
        in_time           0 0 4
        at_horizon        0 0 -
        waiting           0 - -
        unborn            - - -
        limit_at_horizon  0 - -
        """,
    ),
    case(
        "work beyond the days that its clock knows is never done",
        network(people(1, clock=1), clocks=(office(days=3),)),
        [
            row("too_long", work=99 * HOUR, clock=1),
            row("closed_for_good", work=1 * HOUR, pool=0, release=4 * DAY),
            row("tacit", work=99 * HOUR, clock=1, rule=TACIT, limit=9 * DAY),
        ],
        """
        too_long         0 0 -
        closed_for_good  4 - -
        tacit            0 0 9  AT_LIMIT
        """,
    ),
)

CASES = (
    QUEUES + CHAINS + LIMITS + GROUPS + CALENDARS + SHIFTS + SITTINGS + TEAMS + BREAKS + REPLACED + BATCHES + HORIZONS
)
