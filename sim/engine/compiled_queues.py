"""What happens when, and who waits: the diary of events, the queues of pools, the lists of a round.

The diary has one list of events for each day and, for today, one for each minute: within an instant the order of
events makes no difference. A queue is a binary heap of (priority, due or ready time, row) in its pool's part of
`queues`.
"""

from __future__ import annotations

from sim.engine.compiled_tables import DAY, EVENTS, PART, SPARE, TODAY, State, inner
from sim.model.network import NONE, Int


@inner
def note(s: State, which: int, item: int) -> None:
    """Add to one of the lists of a round."""
    s.noted[which, s.lengths[which]] = item
    s.lengths[which] += 1


@inner
def schedule(s: State, instant: int, kind: int, which: int) -> None:
    """Add an event, unless it lies beyond the horizon."""
    if instant >= s.horizon:
        return
    new = s.lengths[SPARE]
    if new != NONE:
        s.lengths[SPARE] = s.events[new].next
    else:
        new = s.lengths[EVENTS]
        s.lengths[EVENTS] += 1
    day = instant // DAY
    minute = instant - day * DAY
    event = s.events[new]
    event.minute, event.kind, event.which = minute, kind, which
    if day == s.lengths[TODAY]:
        _enter_today(s, minute, new)
    else:
        _enter(s, DAY + day, new)


@inner
def _enter_today(s: State, minute: int, event: int) -> None:
    _enter(s, minute, event)
    s.busy[minute // PART] = True


@inner
def _enter(s: State, place: int, event: int) -> None:
    s.events[event].next = s.diary[place]
    s.diary[place] = event


@inner
def open_day(s: State, day: int) -> None:
    """Enter the events of a day at their minutes."""
    s.lengths[TODAY] = day
    event = s.diary[DAY + day]
    while event != NONE:
        following = s.events[event].next
        _enter_today(s, s.events[event].minute, event)
        event = following


@inner
def next_event(s: State, minute: int) -> tuple[int, int]:
    """Take an event of this minute: its kind, and what it happens to."""
    first = s.diary[minute]
    event = s.events[first]
    s.diary[minute] = event.next
    event.next = s.lengths[SPARE]
    s.lengths[SPARE] = first
    return event.kind, event.which


@inner
def enqueue(s: State, number: int, item: tuple[int, int, int]) -> None:
    """Add (priority, due or ready time, row) to the queue of a pool."""
    pool = s.pools[number]
    _insert(s.queues, pool.first_queued, pool.queue, item)
    pool.queue += 1


@inner
def next_queued(s: State, number: int) -> int:
    """Take the first row of the queue of a pool."""
    pool = s.pools[number]
    row: int = s.queues[pool.first_queued, 2]
    _drop_first(s.queues, pool.first_queued, pool.queue)
    pool.queue -= 1
    return row


@inner
def first_queued(s: State, number: int) -> int:
    """The first row of the queue of a pool."""
    row: int = s.queues[s.pools[number].first_queued, 2]
    return row


@inner
def is_queued(s: State, number: int, row: int) -> bool:
    """Whether a row is in the queue of a pool."""
    first = s.pools[number].first_queued
    found = False
    for line in range(first, first + s.pools[number].queue):
        found = found or s.queues[line, 2] == row
    return found


@inner
def _insert(heap: Int, first: int, size: int, item: tuple[int, int, int]) -> None:
    """Put an item into the binary heap of `size` lines that begins at line `first`."""
    line = first + size
    while line > first:
        parent = first + (line - first - 1) // 2
        if not item < _item(heap, parent):
            break
        _put(heap, line, _item(heap, parent))
        line = parent
    _put(heap, line, item)


@inner
def _drop_first(heap: Int, first: int, size: int) -> None:
    """Take the least item out of the binary heap of `size` lines that begins at line `first`."""
    end = first + size - 1
    item, line, child = _item(heap, end), first, first + 1
    while child < end:
        if child + 1 < end and _item(heap, child + 1) < _item(heap, child):
            child += 1
        if not _item(heap, child) < item:
            break
        _put(heap, line, _item(heap, child))
        line, child = child, first + 2 * (child - first) + 1
    _put(heap, line, item)


@inner
def _item(heap: Int, line: int) -> tuple[int, int, int]:
    return heap[line, 0], heap[line, 1], heap[line, 2]


@inner
def _put(heap: Int, line: int, item: tuple[int, int, int]) -> None:
    heap[line, 0], heap[line, 1], heap[line, 2] = item
