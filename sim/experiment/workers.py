"""Replications in batches on any executor: the same values, whoever computes them and in whatever order.

A `Work` is a scenario to be simulated; a `Batch` is some replications of one work; a function (Work, replication
number) -> value is what is wanted of each. `computing` says who computes, for the length of a block: this process,
processes of this machine, or any executor, such as that of a Dask cluster. `computed_on` hands batches to a
`concurrent.futures.Executor`, `computed_here` keeps them in this process; both yield (batch, values) as they finish.

A worker is sent the scenario and its process, not the plan: they are small, travel to another machine, and the plan
made of them is kept for the batches that follow. Batches of the same replications that come one after the other are
computed together, replication by replication, so that scenarios can share what was drawn (`sim.model.kept`).
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import chain
from multiprocessing import get_context, parent_process
from threading import Thread
from types import ModuleType
from typing import Any, Protocol, TypeVar

from sim.model.hooks import Hooks
from sim.model.kept import keeping
from sim.model.plan import Plan
from sim.scenario.schema import Scenario, fingerprint

_AHEAD = 2  # batches handed out per worker: enough that none is idle, few enough to stop soon
_LARGEST = 16  # replications of all works sent at once: past that, sending costs nothing that could be saved
_TURNS = 32  # times that a worker is sent some where they are fewer: progress is seen, an interruption loses little
_TOGETHER = 32  # replications of all batches that are computed together
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # the numbers of these settings in <malloc.h>

Value = TypeVar("Value")
_Waiting = dict[Future[list[tuple[Value, ...]]], list["Batch"]]


class ReplicationFailed(RuntimeError):
    """A replication could not be computed: says which one of which scenario, so that it can be looked at alone."""


class CannotPlay(ReplicationFailed, ValueError):
    """No replication can be played, of a scenario that cannot be built or by an engine that cannot be imported."""


class WorkerDied(ReplicationFailed):
    """A process or a machine went away with its work: says which replications were under way."""


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
    def stamp(self) -> str:
        """Whose replications these are: the seed, and the fingerprint of the scenario."""
        return " ".join((f"{self.seed}", fingerprint(self.scenario), *self.plan.hooks.given))

    @cached_property
    def pickled(self) -> bytes:
        """The work as it is sent to a worker: the scenario and its process instead of all that is made of them."""
        parts = (self.name, self.scenario, self.plan.process, self.seed, self.engine)
        try:
            return pickle.dumps((*parts, dict(self.plan.hooks.given)))
        except (pickle.PicklingError, AttributeError) as error:
            remedy = "define it in a module that other processes can import, or compute here with jobs=1"
            raise CannotPlay(f"hooks: a function cannot be sent to another process ({error}); {remedy}") from None


@dataclass(frozen=True, slots=True)
class Batch:
    """Replications `numbers` of the work at place `work` among those of an experiment."""

    work: int
    numbers: Sequence[int]


def interleaved(wanted: Sequence[Sequence[int]], workers: int) -> Iterator[Batch]:
    """The replications wanted of each work in batches, works taking turns, so that all are about equally far."""
    at_once = min(sum(map(len, wanted)) // (_TURNS * workers), _LARGEST)
    size = max(at_once // len(wanted), 1)
    for first in range(0, max(map(len, wanted)), size):
        for work, numbers in enumerate(wanted):
            if some := numbers[first : first + size]:
                yield Batch(work, some)


def computed_here(
    wanted: Callable[[Work, int], Value], works: Sequence[Work], batches: Iterable[Batch]
) -> Iterator[tuple[Batch, tuple[Value, ...]]]:
    """What is wanted of each batch, computed in this process. Raises ReplicationFailed."""
    keep_freed_memory()
    for together in _together(batches):
        found = _values(wanted, [works[batch.work] for batch in together], together[0].numbers)
        yield from zip(together, found, strict=True)


def computed_on(
    executor: Executor,
    at_once: int,
    wanted: Callable[[Work, int], Value],
    works: Sequence[Work],
    batches: Iterable[Batch],
) -> Iterator[tuple[Batch, tuple[Value, ...]]]:
    """What is wanted of each batch, as the executor finishes it, at most `at_once` of them handed out at a time.

    Raises ReplicationFailed, or WorkerDied if the executor lost what it was given.
    """
    waiting: _Waiting[Value] = {}
    try:
        for together in _together(batches):
            sent = [works[batch.work].pickled for batch in together]
            with _deaf_to_interrupts(), _naming_what_is_lost(waiting, works):
                future = executor.submit(_values_of_pickled, wanted, sent, together[0].numbers)
            waiting[future] = together
            if len(waiting) >= at_once:
                yield from _finished(executor, waiting, works)
        while waiting:
            yield from _finished(executor, waiting, works)
    finally:
        if not isinstance(executor, ProcessPoolExecutor):  # its thread fails on what is cancelled when its workers end
            for future in waiting:
                future.cancel()


@contextmanager
def local_pool(workers: int) -> Iterator[Executor]:
    """Processes on this machine, started at once; when the block is left by an exception, they are ended at once."""
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)
    try:
        with _deaf_to_interrupts(), _without_script():
            for _ in range(workers):
                pool.submit(_import_ahead)
        yield pool
    except BaseException:
        for worker in pool._processes.values():  # Python 3.14 calls this terminate_workers
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _without_script() -> Iterator[None]:
    """A process that starts in the block does not run the user's script, which need not guard itself against it.

    What workers are sent is found in modules, never in `__main__`.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C comes after the block; a process that starts in it never hears of it, not even while it starts."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def keep_freed_memory() -> None:
    """Have the C library keep what a replication frees for the next one, where it can be told to.

    To give 50 MB back to the system and take them again costs about a fifth of a replication of the French year.
    """
    with suppress(AttributeError, OSError, TypeError):  # a library that has no such setting
        tune = ctypes.CDLL(None).mallopt
        tune(_MMAP_THRESHOLD, 32 * 2**20)
        tune(_TRIM_THRESHOLD, 2**30)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _together(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    """Batches one after the other that are of the same replications, at most so many of them."""
    together: list[Batch] = []
    for batch in batches:
        many = (len(together) + 1) * len(batch.numbers)
        if together and (many > _TOGETHER or [*batch.numbers] != [*together[0].numbers]):
            yield together
            together = []
        together.append(batch)
    if together:
        yield together


def _finished(
    executor: Executor, waiting: _Waiting[Value], works: Sequence[Work]
) -> Iterator[tuple[Batch, tuple[Value, ...]]]:
    while not (done := wait(waiting, timeout=_MINUTE, return_when=FIRST_COMPLETED).done):
        if isinstance(executor, _Cluster) and executor.is_empty():
            what = f"no worker of the cluster is left, {_under_way(chain(*waiting.values()), works)}"
            raise WorkerDied(f"{what}; start some, and run the same again")
    for future in done:
        with _naming_what_is_lost(waiting, works):
            values = future.result()
        yield from zip(waiting.pop(future), values, strict=True)


@contextmanager
def _naming_what_is_lost(waiting: _Waiting[Value], works: Sequence[Work]) -> Iterator[None]:
    """A block in which an executor may find that a worker is gone. Raises WorkerDied."""
    try:
        yield
    except ReplicationFailed:
        raise
    except Exception as error:  # each executor has its own
        raise WorkerDied(
            f"a worker ended before its work, {_under_way(chain(*waiting.values()), works)}: out of memory, "
            "killed, or started by an executor of your own from a script without `if __name__ == '__main__':`; "
            f"try fewer jobs ({error!r})"
        ) from error


def _under_way(batches: Iterable[Batch], works: Sequence[Work]) -> str:
    """Batches in words.

    >>> _under_way([], [])
    'with no replications under way'
    """
    named = [f"{works[batch.work].name} ({', '.join(map(str, batch.numbers))})" for batch in batches]
    return f"with replications of {', '.join(named)} under way" if named else "with no replications under way"


def _values_of_pickled(
    wanted: Callable[[Work, int], Value], pickled: Sequence[bytes], numbers: Sequence[int]
) -> list[tuple[Value, ...]]:
    return _values(wanted, [*map(_unpickled, pickled)], numbers)


@lru_cache(maxsize=8)
def _unpickled(pickled: bytes) -> Work:
    name, scenario, process, seed, engine, hooks = pickle.loads(pickled)
    return Work(name, Plan(scenario, process, Hooks(hooks)), seed, engine)


def _values(
    wanted: Callable[[Work, int], Value], works: Sequence[Work], numbers: Sequence[int]
) -> list[tuple[Value, ...]]:
    """What is wanted of each replication of each work."""
    with keeping():
        found = [[_value(wanted, work, number) for work in works] for number in numbers]
    return [*zip(*found, strict=True)]


def _value(wanted: Callable[[Work, int], Value], work: Work, number: int) -> Value:
    try:
        return wanted(work, number)
    except CannotPlay:
        raise
    except Exception as error:
        raise ReplicationFailed(f"{work.name}: replication {number} with seed {work.seed} failed: {error!r}") from error


def _import_ahead() -> None:
    """A worker that looks this up imports this module, and most of what it needs, while its parent reads scenarios."""


def _begin() -> None:
    """A worker leaves interrupts to its parent, and ends when that is gone, even if it was killed."""
    keep_freed_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


DASK = "dask://"
_PATIENCE = 30  # [s] for a scheduler to answer and for its first worker
_MINUTE = 60  # [s] without a finished batch, after which somebody looks whether there are workers


class Compute(Protocol):
    """Computes batches and yields each with what was found, in any order."""

    def __call__(
        self, wanted: Callable[[Work, int], Value], works: Sequence[Work], batches: Iterable[Batch], /
    ) -> Iterator[tuple[Batch, tuple[Value, ...]]]:
        """Raises ReplicationFailed."""


@dataclass(frozen=True, slots=True)
class Computer:
    """Who computes, and how many batches at once."""

    compute: Compute
    workers: int


@contextmanager
def computing(executor: Executor | str | None, jobs: int | None) -> Iterator[Computer]:
    """This process (one job), local processes, an executor, or a cluster's ("dask://host:port").

    Raises
    ------
    ValueError
        If an executor is named that is not there.
    """
    if isinstance(executor, str):
        with _cluster(executor) as (remote, threads):
            yield Computer(partial(computed_on, remote, _AHEAD * (jobs or threads)), jobs or threads)
    elif executor is not None:
        yield Computer(partial(computed_on, executor, _AHEAD * (jobs or cores())), jobs or cores())
    elif (workers := jobs or cores()) == 1:
        yield Computer(computed_here, 1)
    else:
        with local_pool(workers) as pool:
            yield Computer(partial(computed_on, pool, _AHEAD * workers), workers)


class _Cluster(Executor):
    """The executor of a Dask client, which knows whether anybody is left to do the work."""

    def __init__(self, client: Any) -> None:
        self._client, self._executor = client, client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Value], /, *given: Any, **named: Any) -> Future[Value]:
        """As Dask does it."""
        future: Future[Value] = self._executor.submit(fn, *given, **named)
        return future

    def is_empty(self) -> bool:
        """Whether the scheduler has no worker, or is gone itself."""
        try:
            return not self._client.nthreads()
        except (OSError, TimeoutError):
            return True


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The executor of a Dask cluster and its number of threads."""
    if not address.startswith(DASK):
        raise ValueError(f"executor: must be dask://host:port, got {address!r}")
    try:
        from distributed import Client
    except ImportError:
        raise ValueError(
            "executor: dask needs a package that is not there; pip install 'trialstart[cluster]'"
        ) from None
    try:
        client = Client(f"tcp://{address.removeprefix(DASK)}", timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ValueError(f"executor: no Dask scheduler answers at {address!r}; {error}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise ValueError(f"executor: the scheduler at {address!r} has no workers; start some") from None
        yield _Cluster(client), sum(client.nthreads().values())
