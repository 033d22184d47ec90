"""Replications in batches on any executor: the same values, whoever computes them and in whatever order.

A `Work` is a scenario to be simulated; a `Batch` is some replications of one work; a function (Work, replication
number) -> value is what is wanted of each. `computed_on` hands batches to a `concurrent.futures.Executor`,
`computed_here` keeps them in this process; both yield (batch, values) as they finish.

A worker is sent the scenario, not the plan: it is small, travels to another machine, and the plan made of it is kept
for the batches that follow.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from multiprocessing import get_context
from typing import TypeVar

from sim.model.build import Plan
from sim.scenario.schema import Scenario

_AHEAD = 2  # batches handed out per worker: enough that none is idle, few enough to stop soon
_LARGEST = 16  # replications in a batch: past that, sending one costs nothing that could be saved
_TURNS = 32  # batches per worker where batches are smaller: progress is seen and little is lost by an interruption

Value = TypeVar("Value")


class ReplicationFailed(RuntimeError):
    """A replication could not be computed: says which one of which scenario, so that it can be looked at alone."""


@dataclass(frozen=True)
class Work:
    """A scenario laid out for simulation, and everything that a replication depends on but its number."""

    name: str
    plan: Plan
    seed: int
    engine: str

    @property
    def scenario(self) -> Scenario:
        """What the user wrote."""
        return self.plan.scenario

    @cached_property
    def pickled(self) -> bytes:
        """The work as it is sent to a worker: the scenario instead of its plan."""
        return pickle.dumps((self.name, self.scenario, self.seed, self.engine))


@dataclass(frozen=True, slots=True)
class Batch:
    """Replications `numbers` of the work at place `work` among those of an experiment."""

    work: int
    numbers: range


def interleaved(works: int, replications: int, workers: int) -> Iterator[Batch]:
    """All replications in batches, every work taking its turn, so that all are about equally far at any moment."""
    size = min(max(replications * works // (_TURNS * workers), 1), _LARGEST)
    for first in range(0, replications, size):
        for work in range(works):
            yield Batch(work, range(first, min(first + size, replications)))


def computed_here(
    wanted: Callable[[Work, int], Value], works: Sequence[Work], batches: Iterable[Batch]
) -> Iterator[tuple[Batch, tuple[Value, ...]]]:
    """What is wanted of each batch, computed in this process. Raises ReplicationFailed."""
    for batch in batches:
        yield batch, _values(wanted, works[batch.work], batch.numbers)


def computed_on(
    executor: Executor, workers: int, wanted: Callable[[Work, int], Value], works: Sequence[Work],
    batches: Iterable[Batch],
) -> Iterator[tuple[Batch, tuple[Value, ...]]]:
    """What is wanted of each batch, as the executor finishes it, few batches ahead. Raises ReplicationFailed."""
    waiting: dict[Future[tuple[Value, ...]], Batch] = {}
    try:
        for batch in batches:
            waiting[executor.submit(_values_of_pickled, wanted, works[batch.work].pickled, batch.numbers)] = batch
            if len(waiting) >= _AHEAD * workers:
                yield from _finished(waiting)
        while waiting:
            yield from _finished(waiting)
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def local_pool(workers: int) -> Iterator[Executor]:
    """Processes on this machine; when the block is left by an exception, they are ended at once."""
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_the_parent)
    try:
        yield pool
    except BaseException:
        for worker in pool._processes.values():  # Python 3.14 calls this terminate_workers
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _finished(waiting: dict[Future[tuple[Value, ...]], Batch]) -> Iterator[tuple[Batch, tuple[Value, ...]]]:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        try:
            yield waiting.pop(future), future.result()
        except BrokenExecutor as error:
            raise ReplicationFailed("a worker process ended before its work: out of memory, killed, or started from "
                                    "a script without `if __name__ == '__main__':`; try jobs=1") from error


def _values_of_pickled(wanted: Callable[[Work, int], Value], pickled: bytes, numbers: range) -> tuple[Value, ...]:
    return _values(wanted, _unpickled(pickled), numbers)


@lru_cache(maxsize=8)
def _unpickled(pickled: bytes) -> Work:
    name, scenario, seed, engine = pickle.loads(pickled)
    return Work(name, Plan(scenario), seed, engine)


def _values(wanted: Callable[[Work, int], Value], work: Work, numbers: range) -> tuple[Value, ...]:
    return tuple(_value(wanted, work, number) for number in numbers)


def _value(wanted: Callable[[Work, int], Value], work: Work, number: int) -> Value:
    try:
        return wanted(work, number)
    except Exception as error:
        raise ReplicationFailed(f"{work.name}: replication {number} with seed {work.seed} failed: {error!r}") from error


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
