"""How ours grows: with the number of trials, with cores, with replications in memory, and what a start costs.

Every answer is a `Measured`: what was measured, how long or how much, and its ratio to the first of its kind.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from benchmarks import ours
from benchmarks.process import YEAR, Year, year
from sim.experiment.replications import measured
from sim.experiment.running import compare
from sim.experiment.workers import Work, cores
from sim.model.kept import keeping
from sim.uncertainty.playing import shares_of

_PEAK = """
import resource, sys
from sim.experiment.running import run
result = run(sys.argv[1], set_=sys.argv[4:], replications=int(sys.argv[2]), jobs=1, engine="compiled", out=sys.argv[3])
assert len(result.estimates)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_FIRST = """
import sys
from time import perf_counter
begin = perf_counter()
from sim.experiment.running import SHIPPED, compare
class Enough(Exception): pass
def first(*told):
    print(perf_counter() - begin)
    raise Enough
from sim.experiment import gathering
gathering.Watching.begin = first
try:
    compare(SHIPPED, jobs=1)
except Enough:
    pass
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement."""

    what: str
    value: float
    unit: str
    ratio: float  # to the first of its kind; 1 for that


def with_trials(factors: Sequence[int], rounds: int, file: Path = YEAR) -> Iterator[Measured]:
    """The compiled engine on so many times the trials and so many times the people, everything included."""
    known = year(file)
    plans = [ours.plan(file, *_larger(factor, known)) for factor in factors]
    simulate = ours.engine("compiled")
    seconds: list[list[float]] = [[] for _ in factors]
    for number in range(rounds + 1):  # the first one compiles and fills caches
        for plan, found in zip(plans, seconds, strict=True):
            found.append(ours.replication(plan, simulate, number)[1].whole)
    medians = [median(found[1:]) for found in seconds]
    for factor, middle in zip(factors, medians, strict=True):
        yield Measured(f"trials x{factor}, people x{factor}: a replication, CPU", middle, "s", middle / medians[0])


def with_cores(replications: int, rounds: int, file: Path = YEAR) -> Iterator[Measured]:
    """The same run on one core and on all of them, pool and result included; alternating rounds of elapsed time.

    First what the machine has to give: as many processes that only count, beside one that counts alone. The cores of a
    virtual machine are rarely worth as much together as one after the other.
    """
    jobs = sorted({1, 2, cores()} & set(range(1, cores() + 1)))
    counts: list[list[float]] = [[] for _ in jobs]
    seconds: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds):
        for one, counted, found in zip(jobs, counts, seconds, strict=True):
            counted.append(_counted(one))
            begin = perf_counter()
            compare([file], replications=replications, jobs=one, engine="compiled")
            found.append(perf_counter() - begin)
    for what, each, by in (
        ("{} processes that only count, elapsed", counts, jobs),
        (f"{replications} replications on {{}} cores, elapsed", seconds, [1] * len(jobs)),
    ):
        medians = [median(found) for found in each]
        for one, middle, work in zip(jobs, medians, by, strict=True):
            yield Measured(what.format(one), middle, "s", work * medians[0] / middle)


def _counted(processes: int) -> float:
    """How long the slowest of so many processes takes to count [s]."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return max(pool.map(_count, range(processes)))


def _count(_: int) -> float:
    begin = perf_counter()
    sum(number * number for number in range(10_000_000))
    return perf_counter() - begin


def in_memory(replications: Sequence[int], file: Path, changes: Sequence[str] = ()) -> Iterator[Measured]:
    """The peak memory of a process that makes so many replications, and their estimates, with a folder."""
    peaks = []
    for number in replications:
        with tempfile.TemporaryDirectory() as folder:
            peaks.append(float(_python(_PEAK, str(file), str(number), folder, *changes)))
        yield Measured(f"{number} replications: peak memory", peaks[-1], "MiB", peaks[-1] / peaks[0])


SHARING = ("france", "france_parallel", "france_pledge")
PEOPLE = "pools.assessors.units=300"


def with_sharing(rounds: int, changes: Sequence[str] = ()) -> Iterator[Measured]:
    """The same replications of scenarios one after the other, the first of which has everything to draw.

    Those of a comparison, and a draw of what nobody knows that changes people alone; with all indicators, as a
    comparison has them, and with the share in time alone, which is what is asked at each of a thousand draws.
    """
    first, parallel, pledge, people = (
        Work(name, ours.plan(name, *more, *changes), 1, "compiled")
        for name, *more in (*((each,) for each in SHARING), (SHARING[0], PEOPLE))
    )
    rows: dict[str, tuple[Callable[[Work, int], object], tuple[Work, ...]]] = {
        "all indicators": (measured, (first, parallel, pledge)),
        "all indicators, other people": (measured, (first, people)),
        "the share in time": (shares_of, (first, parallel, pledge)),
        "the share in time, other people": (shares_of, (first, people)),
    }
    seconds: dict[str, list[list[float]]] = {name: [] for name in rows}
    for number in range(
        1, rounds + 2
    ):  # the first one compiles and fills caches; number 0 is checked, which costs more
        for name, (wanted, works) in rows.items():
            with keeping():
                seconds[name].append([_seconds(wanted, work, number) for work in works])
    for name, (_, works) in rows.items():
        medians = [median(each) for each in zip(*seconds[name][1:], strict=True)]
        for place, (work, middle) in enumerate(zip(works, medians, strict=True), start=1):
            yield Measured(f"{name}: {work.name}, number {place}, CPU", middle, "s", middle / medians[0])


def _seconds(wanted: Callable[[Work, int], object], work: Work, number: int) -> float:
    begin = process_time()
    wanted(work, number)
    return process_time() - begin


def at_start(rounds: int) -> Iterator[Measured]:
    """What a user waits for before anything happens; every one a process of its own."""
    empty = median(_elapsed("-c", "pass") for _ in range(rounds))
    yield Measured("python that does nothing", empty, "s", 1)
    for name, words in {
        "import sim": ("-c", "import sim"),
        "trialstart validate france_pledge": ("-m", "sim", "validate", "france_pledge"),
    }.items():
        found = median(_elapsed(*words) for _ in range(rounds))
        yield Measured(name, found, "s", found / empty)
    found = median(float(_python(_FIRST)) for _ in range(rounds))
    yield Measured("trialstart compare, until its first replication", found, "s", found / empty)


def _larger(factor: int, known: Year) -> Iterator[str]:
    """The changes that make the country so many times as large, at the same load per person."""
    yield from (f"pools.{pool}.units={factor * number}" for pool, number in known.units.items())
    yield from (f"classes.{each.name}.volume={factor * each.per_day:.12g} /d" for each in known.classes)


def _elapsed(*words: str) -> float:
    begin = perf_counter()
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    return perf_counter() - begin


def _python(program: str, *words: str) -> str:
    return subprocess.run([sys.executable, "-c", program, *words], check=True, capture_output=True, text=True).stdout
