"""`python -m benchmarks`: one command, one table; see README.md for what is in it."""

from __future__ import annotations

import argparse
import platform
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

from benchmarks import ours, race, scaling
from benchmarks.process import CHAIN
from sim.experiment.workers import cores, keep_freed_memory

MONTH = ("windows.warm_up=30 d", "windows.observation=30 d", "windows.follow_up=60 d")


def main() -> None:
    """Print every part that was asked for; each line as soon as it is known."""
    asked = _arguments()
    keep_freed_memory()  # as the workers of a run do
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, {platform.machine()}, {cores()} cores")
    for name in asked.parts:
        print(f"\n{PARTS[name][0]}\n")
        for line in PARTS[name][1](asked):
            print(line, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"some of {', '.join(PARTS)}; all if none")
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds of which medians are taken")
    parser.add_argument("--replications", type=int, default=200, help="of the runs on one core and on all")
    parser.add_argument("--most", type=int, default=10_000, help="replications of the largest run of `memory`")
    parser.add_argument("--factors", type=int, nargs="+", default=[1, 10, 100], help="times the trials and the people")
    asked = parser.parse_args()
    if unknown := [name for name in asked.parts if name not in PARTS]:
        parser.error(f"no part {unknown[0]!r}; known: {', '.join(PARTS)}")
    if asked.rounds < 2 and {"year", "chain"} & set(asked.parts):
        parser.error("--rounds: at least 2 for year and chain, whose means are compared")
    return asked


def _year(asked: argparse.Namespace) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _race(race.race(list(race.of_year(folder=Path(folder))), asked.rounds, "compiled engine"))
    yield from race.skipped()


def _chain(asked: argparse.Namespace) -> Iterator[str]:
    yield from _race(race.race(list(race.of_chain()), asked.rounds, "compiled engine"))


def _france(asked: argparse.Namespace) -> Iterator[str]:
    """The shipped scenario, part by part, both engines in turn."""
    plan = ours.plan("france_sequential")
    engines = {name: ours.engine(name) for name in ("simpy", "compiled")}
    found: dict[str, list[ours.Parts]] = {name: [] for name in engines}
    for number in range(asked.rounds + 1):  # the first one compiles and fills caches
        for name, simulate in engines.items():
            found[name].append(ours.replication(plan, simulate, number)[1])
    yield f"| CPU of a replication, median of {asked.rounds} | SimPy engine | compiled engine | times |"
    yield "|---|---:|---:|---:|"
    for part in ("draw", "loop", "measure", "whole"):
        slow, fast = (median(getattr(each, part) for each in found[name][1:]) for name in engines)
        yield f"| {part} | {slow:.4f} s | {fast:.4f} s | {slow / fast:.1f} |"
    yield f"\n{found['simpy'][1].rows} rows in replication 1"


def _scaling(asked: argparse.Namespace) -> Iterator[str]:
    yield from _measured(scaling.with_trials(asked.factors, asked.rounds))


def _sharing(asked: argparse.Namespace) -> Iterator[str]:
    yield from _measured(scaling.with_sharing(asked.rounds))


def _cores(asked: argparse.Namespace) -> Iterator[str]:
    yield from _measured(scaling.with_cores(asked.replications, max(asked.rounds // 2, 1)))


def _memory(asked: argparse.Namespace) -> Iterator[str]:
    yield from _measured(scaling.in_memory([asked.most // 100, asked.most], CHAIN, MONTH))


def _start(asked: argparse.Namespace) -> Iterator[str]:
    yield from _measured(scaling.at_start(asked.rounds))


def _race(lines: Iterable[race.Line]) -> Iterator[str]:
    yield "| simulator | what is timed | what comes back | CPU of a replication | times | mean days | same means |"
    yield "|---|---|---|---:|---:|---|---|"
    for line in lines:
        means = ", ".join(f"{name} {mean:.2f} ± {half:.2f}" for name, (mean, half) in line.means.items())
        same = "yes" if line.agrees else "NO"
        told = f"{line.name} | {line.measures} | {line.returns}"
        yield f"| {told} | {line.seconds:.4f} s | {line.times_faster:.1f} | {means} | {same} |"


def _measured(lines: Iterable[scaling.Measured]) -> Iterator[str]:
    yield "| what | value | ratio |"
    yield "|---|---:|---:|"
    yield from (f"| {line.what} | {line.value:.3f} {line.unit} | {line.ratio:.2f} |" for line in lines)


PARTS = {
    "year": ("A year with forks, joins and priorities, in every simulator that can play it (year.yaml)", _year),
    "chain": ("A chain with priorities and feedback, for those without joins (chain.yaml)", _chain),
    "france": ("A national year of the shipped scenario, everything included", _france),
    "sharing": ("Scenarios that leave alone what was drawn for the one before", _sharing),
    "trials": ("More trials at the same load per person", _scaling),
    "cores": ("More cores", _cores),
    "memory": ("More replications of a month of the chain, in one process, indicators only", _memory),
    "start": ("Before the first replication", _start),
}

if __name__ == "__main__":
    main()
