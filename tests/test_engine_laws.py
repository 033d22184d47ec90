"""Laws that hold for every network: whoever waits has a reason, nobody is in two places, every minute is explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from random import Random

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.engine.simpy_engine import simulate
from sim.model.network import NONE, NOT_REACHED, NOT_SERVED, NOT_YET, Outcome, Pool, Timelines, Workload
from tests.engine_cases import DAY
from tests.strategies import Everything, Replicated, replications

lawful = settings(max_examples=50)
FOREVER = 2**61
NOT_COUNTED = (Outcome.NOT_YET, *NOT_REACHED)
ANY = replications()
ALONE = replications(Everything(replaced=False))
REPLACED = replications().filter(lambda replicated: bool(replicated.workload.stands_by.any()))
PLAIN = replications(Everything(clocks=False, horizons=False))
QUEUES = Everything(clocks=False, limits=False, groups=False, choices=False, horizons=False)
CROWDED = replications(QUEUES, most_rows=16)
NO_CHOICE = Everything(pools=False, limits=False, groups=False, choices=False, horizons=False, replaced=False)
UNLIMITED = replications(NO_CHOICE)


class Played:
    """A replication and its timelines, with the questions that the laws ask."""

    def __init__(self, replicated: Replicated) -> None:
        self.network, self.work = replicated.network, replicated.workload
        self.times = simulate(self.network, self.work)
        self.rows = range(len(self.work))

    def team(self, row: int) -> Counter[int]:
        """The pools that a row needs, with the units of each."""
        further = self.work.also[self.work.first_also[row] : self.work.first_also[row + 1]].tolist()
        return Counter([pool for pool in (int(self.work.pool[row]), *further) if pool != NONE])

    def members(self, pool: int) -> list[int]:
        return [row for row in self.rows if pool in self.team(row) and self.times.outcome[row] != Outcome.WAIVED]

    def served(self, row: int) -> bool:
        """Whether a row that needs a pool got what it waited for (and was not taken off the queue at its limit)."""
        return bool(self.times.start[row] != NOT_YET and self.times.outcome[row] not in NOT_SERVED)

    def at_work(self, pool: int, instant: int) -> int:
        """Units that rows hold from `instant` on."""
        return sum(self.team(row)[pool] for row in self.members(pool) if self.holds(row, instant))

    def holds(self, row: int, instant: int) -> bool:
        return any(since <= instant < until for since, until in self.spans(row))

    def spans(self, row: int) -> list[tuple[int, int]]:
        """From when until when a row holds its units: from its start to its end, or longer, but for its breaks."""
        if not self.served(row):
            return []
        instants = [int(self.times.start[row]), *(at for pause in self.breaks(row) for at in pause)]
        cut_in_a_break = len(instants) > 1 and instants[-1] == self.times.end[row] and self.cut(row)
        ends = () if instants[-1] == FOREVER or cut_in_a_break else (self.keeps_until(row),)
        return list(zip(instants[::2], [*instants[1::2], *ends], strict=False))

    def breaks(self, row: int) -> list[tuple[int, int]]:
        mine = self.times.breaks[self.times.breaks[:, 0] == row, 1:].tolist()
        return [(since, until if until != NOT_YET else FOREVER) for since, until in mine]

    def cut(self, row: int) -> bool:
        return self.times.outcome[row] in (Outcome.AT_LIMIT, Outcome.LAPSED)

    def yields(self, pool: int, row: int, instant: int) -> int:
        """Units of a pool that would be taken from others at work for a row."""
        if not self.network.pools[pool].gives_way:
            return 0
        others = [other for other in self.members(pool) if self.work.priority[other] > self.work.priority[row]]
        working = [other for other in others if self.holds(other, instant) and instant < self.until(other)]
        return sum(self.team(other)[pool] for other in working)

    def waits(self, row: int, instant: int) -> bool:
        """Whether a row waits from `instant` on: to start, or to go on."""
        spans = [(int(self.times.ready[row]), self.waits_until(row)), *self.breaks(row)]
        closed = self.closings[int(self.work.group[row])]
        return any(since <= instant < min(until, closed) for since, until in spans)

    def keeps_until(self, row: int) -> int:
        """When a row gives its units back: at its end, or that of a row that gives them back, or with its group."""
        givers = np.flatnonzero(self.work.gives_back == row)
        if not len(givers):
            return self.until(row)
        given = min((self.until(int(giver)) for giver in givers if not self.lapsed(int(giver))), default=FOREVER)
        return max(self.until(row), min(given, self.closings[int(self.work.group[row])]))

    def lapsed(self, row: int) -> bool:
        return self.times.outcome[row] in NOT_REACHED

    def lacks(self, row: int, instant: int) -> bool:
        """Whether a unit that a row needs is not free, or not open, from `instant` on."""
        return any(
            self.network.clocks[self.network.pools[pool].clock].next_open(instant) > instant
            or self.at_work(pool, instant) + units - self.yields(pool, row, instant)
            > present(self.network.pools[pool], instant)
            for pool, units in self.team(row).items()
        )

    def until(self, row: int) -> int:
        return int(self.times.end[row]) if self.times.end[row] != NOT_YET else FOREVER

    def waits_until(self, row: int) -> int:
        """When a row that is ready stops to wait: its start, the closing of its group, or never."""
        if self.times.start[row] != NOT_YET:
            return int(self.times.start[row])
        return self.closings[int(self.work.group[row])]

    @cached_property
    def closings(self) -> list[int]:
        """When each group closed."""
        own = [FOREVER] * len(self.work.whole)
        for row in self.rows:
            closes = self.closes(row)
            if closes != NONE:
                own[closes] = min(own[closes], self.until(row))
        return [min(own[group], *(own[other] for other in self.around(group))) for group in range(len(own))]

    def closes(self, row: int) -> int:
        if self.times.outcome[row] in NOT_REACHED:
            return int(self.work.whole[self.work.group[row]])
        return int(self.work.closes[row]) if self.times.outcome[row] != Outcome.NOT_YET else NONE

    def around(self, group: int) -> list[int]:
        """The groups that a group lies in, and itself."""
        pairs = zip(
            np.repeat(np.arange(len(self.work.whole)), np.diff(self.work.first_within)), self.work.within, strict=True
        )
        return [group, *(int(outer) for outer, inner in pairs if inner == group)]

    def counts(self, row: int) -> list[tuple[int, int]]:
        """(instant, predecessor) of every predecessor that counts, in the order of time.

        In place of one that was dropped stands the row that closed its group.
        """
        w, t, found = self.work, self.times, []
        for before in self.rows:
            for edge in range(w.first_edge[before], w.first_edge[before + 1]):
                if w.successor[edge] == row and t.outcome[before] not in NOT_COUNTED:
                    lag = int(w.lag[edge])
                    found.append((self.network.clocks[w.lag_clock[edge]].add(int(t.end[before]), lag), before))
                elif w.successor[edge] == row and w.every[row] and (given_up := self.given_up(before)) is not None:
                    found += [given_up] if given_up[0] < self.closings[int(w.group[row])] else []
        return sorted(found) if any(t.outcome[before] not in NOT_COUNTED for _, before in self.preceding(row)) else []

    def preceding(self, row: int) -> list[tuple[int, int]]:
        """(edge, predecessor) of all predecessors."""
        before = np.repeat(np.arange(len(self.work)), np.diff(self.work.first_edge)).tolist()
        return [(edge, before[edge]) for edge in np.flatnonzero(self.work.successor == row).tolist()]

    def given_up(self, row: int) -> tuple[int, int] | None:
        """When a row was given up, with the row that closed its group, or that of what it waits for alone."""
        closers = [other for other in self.rows if self.closes(other) != NONE and self.work.drops[self.closes(other)]]
        closers = [other for other in closers if self.closes(other) in self.around(int(self.work.group[row]))]
        found = [(self.until(other), other) for other in closers if self.until(other) < self.until(row)]
        before = [self.given_up(other) for _, other in self.preceding(row)] if self.work.every[row] else [None]
        if before and all(before):
            last = max(each for each in before if each is not None)
            found += [last] if last[0] < self.closings[int(self.work.group[row])] else []
        return min(found, default=None)

    def instants(self) -> Iterator[int]:
        """Every instant at which anything happened."""
        columns = (self.times.ready, self.times.start, self.times.end)
        yield from (int(t) for t in np.unique(np.concatenate(columns)) if t != NOT_YET)

    def pools(self, *, sitting: bool) -> Iterator[tuple[int, Pool]]:
        pools = ((i, pool) for i, pool in enumerate(self.network.pools) if not pool.batch)
        return ((i, pool) for i, pool in pools if (pool.sittings is not None) == sitting)


def present(pool: Pool, instant: int) -> int:
    return int(pool.units[np.searchsorted(pool.changes, instant, side="right") - 1])


@lawful
@given(ANY)
def test_times_are_in_order_and_before_the_horizon(replicated: Replicated) -> None:
    """ready <= start <= end < horizon, and what has not happened has no later part."""
    t = simulate(replicated.network, replicated.workload)
    for earlier, later in ((t.ready, t.start), (t.start, t.end)):
        happened = later != NOT_YET
        assert (earlier[happened] != NOT_YET).all()
        assert (earlier[happened] <= later[happened]).all()
    assert max(t.ready.max(), t.start.max(), t.end.max()) < replicated.network.horizon
    assert ((t.end != NOT_YET) == (t.outcome != Outcome.NOT_YET)).all()


@lawful
@given(ANY, st.data())
def test_a_shorter_horizon_only_hides_what_comes_after(replicated: Replicated, data: st.DataObject) -> None:
    """What happens before an instant does not depend on whether the simulation goes on after it."""
    whole = simulate(replicated.network, replicated.workload)
    instants = sorted({*whole.ready.tolist(), *whole.start.tolist(), *whole.end.tolist(), DAY} - {NOT_YET, 0})
    horizon = data.draw(st.sampled_from(instants))
    part = simulate(replace(replicated.network, horizon=horizon), replicated.workload)
    for name in ("ready", "start", "end"):
        times = getattr(whole, name)
        np.testing.assert_array_equal(getattr(part, name), np.where(times < horizon, times, NOT_YET))
    breaks = whole.breaks[whole.breaks[:, 1] < horizon]
    np.testing.assert_array_equal(part.breaks, np.where(breaks < [[len(whole.end), horizon, horizon]], breaks, NOT_YET))


@lawful
@given(ALONE)
def test_a_row_is_ready_when_its_last_needed_predecessor_counts(replicated: Replicated) -> None:
    """The k-th predecessor that counts makes a row ready, or its release does; nothing else, and never later."""
    played = Played(replicated)
    for row in played.rows:
        needs, counts = int(played.work.needs[row]), [instant for instant, _ in played.counts(row)]
        expected = counts[needs - 1] if 0 < needs <= len(counts) else FOREVER
        if needs == 0:
            expected = int(played.work.release[row])
        assert played.times.ready[row] == (expected if expected < played.network.horizon else NOT_YET)


@lawful
@given(ALONE)
def test_waiting_work_and_lags_add_up_to_the_elapsed_time(replicated: Replicated) -> None:
    """Along the chain of those that were counted last, the parts telescope to end - release; breaks are waits."""
    played = Played(replicated)
    t = played.times
    for row in np.flatnonzero(t.end != NOT_YET):
        explained, at = 0, int(row)
        while True:
            breaks = int(t.in_breaks(np.array([at]))[0])
            assert breaks == sum(until - since for since, until in played.breaks(at))
            explained += int(t.start[at] - t.ready[at]) + breaks + int(t.end[at] - t.start[at] - breaks)
            if played.work.needs[at] == 0:
                break
            instant, binding = played.counts(at)[played.work.needs[at] - 1]
            explained += instant - int(t.end[binding])
            at = binding
        assert explained == t.end[row] - played.work.release[at]


@lawful
@given(ANY)
def test_work_takes_as_long_as_its_clock_says_unless_it_is_cut(replicated: Replicated) -> None:
    """end = clock.after_work(start, work) for rows that are done or late; rows that are cut end earlier.

    After a break it is what was left, from when they went on.
    """
    played = Played(replicated)
    for row in np.flatnonzero(played.times.end != NOT_YET):
        start, end, outcome = (int(getattr(played.times, name)[row]) for name in ("start", "end", "outcome"))
        clock, left = played.network.clocks[played.work.clock[row]], int(played.work.work[row])
        for since, until in played.breaks(row):
            left -= int(clock.open_minutes(start, since))
            start = until
        whole = clock.after_work(start, left)
        if outcome in (Outcome.DONE, Outcome.LATE):
            assert end == whole
        elif outcome == Outcome.WAIVED:
            assert played.times.ready[row] == start == end
        else:
            assert end <= whole


@lawful
@given(ANY)
def test_never_more_units_at_work_than_present_when_one_starts(replicated: Replicated) -> None:
    """A unit is given only at an open instant and only while fewer are at work than present."""
    played = Played(replicated)
    for number, pool in played.pools(sitting=False):
        for row in (row for row in played.members(number) if played.served(row)):
            for start, until in played.spans(row):
                assert played.network.clocks[pool.clock].next_open(start) == start
                assert present(pool, start) > 0
                if until > start:
                    assert played.at_work(number, start) <= present(pool, start)


@lawful
@given(ANY | CROWDED)
def test_nobody_waits_while_all_units_that_it_needs_are_free_and_open(replicated: Replicated) -> None:
    """At no instant does a row wait although every pool of its team is open and has enough at work for nobody.

    Who is at work on something less urgent, in a pool that gives way, is as good as free.
    """
    played = Played(replicated)
    changes = {int(change) for _, pool in played.pools(sitting=False) for change in pool.changes}
    clocks = {pool.clock for _, pool in played.pools(sitting=False)}
    instants = {*played.instants(), *changes}
    instants |= {played.network.clocks[clock].next_open(instant) for clock in clocks for instant in instants}
    people = {number for number, _ in played.pools(sitting=False)}
    rows = [row for row in played.rows if played.team(row).keys() & people and played.times.ready[row] != NOT_YET]
    for instant in (instant for instant in instants if instant < played.network.horizon):
        for row in rows:
            if played.waits(row, instant):
                assert played.lacks(row, instant)


@lawful
@given(CROWDED | ANY)
def test_the_queue_is_served_in_order(replicated: Replicated) -> None:
    """Who starts comes, by (priority, ready, row), before all who waited for the same people, and no more of them."""
    played = Played(replicated)
    for number, pool in played.pools(sitting=False):
        members = [row for row in played.members(number) if played.times.ready[row] != NOT_YET]
        rank = {row: (played.work.priority[row], played.times.ready[row], row) for row in members}
        if any(played.network.pools[pool].order_by_due for row in members for pool in played.team(row)):
            continue
        for row in (row for row in members if played.served(row)):
            start, team = played.times.start[row], played.team(row)
            passed_over = [other for other in members if played.times.ready[other] < start < played.waits_until(other)]
            alike = [other for other in passed_over if played.team(other).keys() == team.keys()]
            assert all(rank[row] < rank[other] for other in alike if played.team(other) <= team)


@lawful
@given(ANY)
def test_no_sitting_serves_more_than_its_seats(replicated: Replicated) -> None:
    """Rows of a pool of sittings start at a sitting, no more than it has seats, drawn ones not before their window."""
    played = Played(replicated)
    for number, pool in played.pools(sitting=True):
        assert pool.sittings is not None and pool.seats is not None
        starts = [int(played.times.start[row]) for row in played.members(number) if played.served(row)]
        seats = dict(zip(pool.sittings.tolist(), pool.seats.tolist(), strict=True))
        assert all(starts.count(start) <= seats.get(start, 0) for start in starts)
        for row in (row for row in played.members(number) if played.served(row) and pool.window is not None):
            assert played.times.start[row] >= played.times.ready[row] + pool.window[0]


@lawful
@given(ANY)
def test_nobody_waits_at_a_sitting_with_a_seat_left(replicated: Replicated) -> None:
    """At a sitting without draws, either all seats are taken or nobody waits any longer."""
    played = Played(replicated)
    for number, pool in played.pools(sitting=True):
        if pool.window is None:
            assert pool.sittings is not None and pool.seats is not None
            for instant, seats in zip(pool.sittings, pool.seats, strict=True):
                if instant >= played.network.horizon:
                    break
                members = played.members(number)
                taken = sum(played.served(row) and played.times.start[row] == instant for row in members)
                waiting = [
                    row
                    for row in members
                    if played.times.ready[row] != NOT_YET
                    and played.times.ready[row] <= instant < played.waits_until(row)
                ]
                assert taken == seats or not waiting


@lawful
@given(ANY)
def test_a_batch_is_taken_whole_and_as_soon_as_it_is_there(replicated: Replicated) -> None:
    """As many start as belong together, or a multiple, at an open instant; never do so many wait at one."""
    played = Played(replicated)
    for number, pool in enumerate(played.network.pools):
        members = [row for row in played.members(number) if pool.batch and played.times.ready[row] != NOT_YET]
        starts = Counter(int(played.times.start[row]) for row in members if played.served(row))
        clock = played.network.clocks[pool.clock]
        assert all(together % pool.batch == 0 and clock.next_open(start) == start for start, together in starts.items())
        for instant in {*played.instants(), *map(clock.next_open, played.instants())}:
            if instant < played.network.horizon and clock.next_open(instant) == instant:
                waiting = [row for row in members if played.times.ready[row] <= instant < played.waits_until(row)]
                assert len(waiting) < max(pool.batch, 1)


@lawful
@given(ANY)
def test_a_closed_group_starts_nothing(replicated: Replicated) -> None:
    """No row starts after its group, or the group around it, has closed."""
    played = Played(replicated)
    for row in np.flatnonzero(played.times.start != NOT_YET):
        closed = played.closings[int(played.work.group[row])]
        assert played.times.start[row] <= closed
        assert all(until in (FOREVER, played.until(row)) or until <= closed for _, until in played.breaks(row))


@lawful
@given(REPLACED)
def test_who_stands_by_is_not_ready_before_one_leaves_whom_it_may_replace(replicated: Replicated) -> None:
    """Nothing of a group that stands by is ready before a row closes one from which the way leads there."""
    played = Played(replicated)
    left = [FOREVER] * len(played.work.whole)
    for closer in (row for row in played.rows if played.closes(row) != NONE):
        group = played.closes(closer)
        while (group := int(played.work.replaced_by[group])) != NONE:
            left[group] = min(left[group], played.until(closer))
    for row in played.rows:
        standing = [group for group in played.around(int(played.work.group[row])) if group in played.work.replaced_by]
        assert played.times.ready[row] == NOT_YET or all(left[group] <= played.times.ready[row] for group in standing)


@lawful
@given(REPLACED)
def test_who_stands_by_in_vain_is_as_if_not_there(replicated: Replicated) -> None:
    """While no group is closed that may be replaced, all goes on without its rows and who waits for them alone."""
    played = Played(replicated)
    work, network = played.work, played.network
    left = [played.until(row) for row in played.rows if played.closes(row) in np.flatnonzero(work.replaced_by != NONE)]
    network = replace(network, horizon=min([*left, network.horizon]))
    assume(network.horizon > 0)
    without = simulate(network, _without(work, np.flatnonzero(work.stands_by[work.group])))
    assert not simulate(network, work).differs_from(without).any()


def _without(work: Workload, rows: np.ndarray) -> Workload:
    """The workload in which these rows never come, and nobody waits for them, nor for who waits for them alone."""
    before = np.repeat(np.arange(len(work)), np.diff(work.first_edge))
    gone = np.isin(np.arange(len(work)), rows)
    while True:
        left = np.bincount(work.successor[~gone[before]], minlength=len(work))
        lost = ~gone & work.every & (work.needs > 0) & (left == 0)
        if not lost.any():
            break
        gone |= lost
    stay = ~gone[before]
    return replace(
        work,
        needs=np.where(gone, len(work) + 1, np.where(work.every & (work.needs > 0), left, work.needs)),
        replaced_by=np.full(len(work.whole), NONE),
        first_edge=np.concatenate(([0], np.cumsum(np.bincount(before[stay], minlength=len(work))))),
        **{name: getattr(work, name)[stay] for name in ("successor", "lag", "lag_clock")},
    )


@lawful
@given(ANY)
def test_who_is_interrupted_made_way_for_someone_more_urgent_or_was_dropped(replicated: Replicated) -> None:
    """When a break begins, more urgent work starts on people of a pool that gives way, or a group is dropped."""
    played = Played(replicated)
    for row, since, _ in played.times.breaks.tolist():
        team = [pool for pool in played.team(row) if played.network.pools[pool].gives_way]
        urgent = [
            other
            for pool in team
            for other in played.members(pool)
            if played.work.priority[other] < played.work.priority[row]
            and since in (begin for begin, _ in played.spans(other))
        ]
        groups = [group for group in played.around(int(played.work.group[row])) if played.work.drops[group]]
        dropped = [other for other in played.rows if played.closes(other) in groups and played.until(other) == since]
        assert urgent or dropped
        assert since >= played.times.start[row]


@lawful
@given(PLAIN, st.sampled_from((1, DAY, 17 * DAY)))
def test_shifting_every_release_shifts_every_time(replicated: Replicated, shift: int) -> None:
    """On the calendar, with the same people all along, only differences of time matter."""
    workload = replicated.workload
    later = replace(workload, release=np.where(workload.needs == 0, workload.release + shift, NOT_YET))
    before, after = simulate(replicated.network, workload), simulate(replicated.network, later)
    for name in ("ready", "start", "end"):
        times = getattr(before, name)
        np.testing.assert_array_equal(getattr(after, name), np.where(times == NOT_YET, NOT_YET, times + shift))
    np.testing.assert_array_equal(after.outcome, before.outcome)
    moved = np.where(before.breaks[:, 1:] == NOT_YET, NOT_YET, before.breaks[:, 1:] + shift)
    np.testing.assert_array_equal(after.breaks[:, 1:], moved)


@lawful
@given(UNLIMITED)
def test_unlimited_people_give_the_longest_path(replicated: Replicated) -> None:
    """Without pools, limits and groups every row ends at its longest chain of predecessors, lags and work."""
    clocks, w = replicated.network.clocks, replicated.workload
    times = simulate(replicated.network, w)

    def end(row: int) -> int:
        befores = [
            (before, edge)
            for before in range(len(w))
            for edge in range(w.first_edge[before], w.first_edge[before + 1])
            if w.successor[edge] == row
        ]
        ready = max(
            (clocks[w.lag_clock[edge]].add(end(before), int(w.lag[edge])) for before, edge in befores),
            default=int(w.release[row]),
        )
        return clocks[w.clock[row]].after_work(ready, int(w.work[row]))

    assert times.end.tolist() == [end(row) for row in range(len(w))]
    assert (times.start == times.ready).all()


@lawful
@given(ANY, st.randoms(use_true_random=False))
def test_the_order_of_edges_does_not_matter(replicated: Replicated, random: Random) -> None:
    """The successors of a row may be listed in any order."""
    assert (
        not simulate(replicated.network, replicated.workload)
        .differs_from(simulate(replicated.network, reordered(replicated.workload, random)))
        .any()
    )


def reordered(workload: Workload, random: Random) -> Workload:
    order = [
        edge
        for row in range(len(workload))
        for edge in random.sample(
            range(workload.first_edge[row], workload.first_edge[row + 1]),
            int(workload.first_edge[row + 1] - workload.first_edge[row]),
        )
    ]
    return replace(workload, **{name: getattr(workload, name)[order] for name in ("successor", "lag", "lag_clock")})


@lawful
@given(ANY)
def test_the_same_input_gives_the_same_timelines(replicated: Replicated) -> None:
    """An engine has no memory and no randomness, and writes to nothing that it was given."""
    first, second = (simulate(replicated.network, replicated.workload) for _ in range(2))
    assert isinstance(first, Timelines) and not first.differs_from(second).any()
