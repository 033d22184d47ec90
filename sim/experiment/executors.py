"""Who computes: this process, processes of this machine, or any executor, such as that of a Dask cluster.

`computing` gives a `Compute`, a function from what is wanted, works and batches to outcomes as they come, and the
number of workers, for the length of a block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from sim.experiment.replications import Found, Wanted
from sim.experiment.workers import Batch, Work, computed_here, computed_on, cores, local_pool

DASK = "dask://"
_PATIENCE = 30  # [s] for a scheduler to answer and for its first worker


class Compute(Protocol):
    """Computes batches and yields each with what was found, in any order."""

    def __call__(
        self, wanted: Wanted, works: Sequence[Work], batches: Iterable[Batch], /
    ) -> Iterator[tuple[Batch, tuple[Found, ...]]]:
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
            yield Computer(partial(computed_on, remote, jobs or threads), jobs or threads)
    elif executor is not None:
        yield Computer(partial(computed_on, executor, jobs or cores()), jobs or cores())
    elif (workers := jobs or cores()) == 1:
        yield Computer(computed_here, 1)
    else:
        with local_pool(workers) as pool:
            yield Computer(partial(computed_on, pool, workers), workers)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The executor of a Dask cluster and its number of threads."""
    if not address.startswith(DASK):
        raise ValueError(f"executor: must be dask://host:port, got {address!r}")
    try:
        from distributed import Client
    except ImportError:
        raise ValueError("executor: dask needs a package that is not there; pip install 'trialstart[cluster]'"
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
        yield client.get_executor(pure=False), sum(client.nthreads().values())
