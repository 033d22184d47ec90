"""Replications brought together: what is missing is computed, kept as it comes, and told about.

A `Kept` is where replications go and what is there already: `Memory` here, `sim.experiment.folder.Folder` on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from sim.analysis.indicators import Measures
from sim.experiment.precision import Watched
from sim.experiment.replications import Found, Wanted, warn
from sim.experiment.workers import Computer, Work, interleaved
from sim.model.feasibility import Concern

SoFar = tuple[float, float, float]
"""An estimate while replications come in: mean, low, high."""


class Progress(Protocol):
    """Told about every batch that is finished."""

    def __call__(self, done: int, total: int, estimates: Mapping[str, SoFar], /) -> None:
        """`done` of `total` replications, all scenarios together; the number that is watched so far, by scenario."""


class Kept(Protocol):
    """Where replications are kept."""

    def missing(self, work: int, total: int) -> list[int]:
        """The replications below `total` that scenario `work` does not have yet, increasing."""

    def add(self, work: int, number: int, found: Found) -> None:
        """Keep one replication."""

    def flush(self) -> None:
        """Make what is finished last."""

    def seen(self, work: int) -> Iterable[Measures]:
        """Every replication that scenario `work` has."""

    def measures(self, work: int, total: int) -> Sequence[Measures]:
        """The first `total` replications of scenario `work`."""

    def timelines(self, work: int) -> Path | None:
        """Where the timelines of scenario `work` are, if they are kept."""


class Memory:
    """Keeps replications in this process."""

    def __init__(self, works: int) -> None:
        self._found: list[dict[int, Measures]] = [{} for _ in range(works)]

    def missing(self, work: int, total: int) -> list[int]:
        """The replications below `total` that scenario `work` does not have yet, increasing."""
        return [number for number in range(total) if number not in self._found[work]]

    def add(self, work: int, number: int, found: Found) -> None:
        """Keep one replication."""
        self._found[work][number] = found.measures

    def flush(self) -> None:
        """Nothing lasts longer than the process."""

    def seen(self, work: int) -> Iterable[Measures]:
        """Every replication that scenario `work` has."""
        return self._found[work].values()

    def measures(self, work: int, total: int) -> Sequence[Measures]:
        """The first `total` replications of scenario `work`."""
        return tuple(self._found[work][number] for number in range(total))

    def timelines(self, work: int) -> None:
        """Timelines are not kept but played again."""


def gather(
    works: Sequence[Work], kept: Kept, totals: Iterable[int], computer: Computer, wanted: Wanted, watching: Watching
) -> int:
    """Bring every scenario to each of `totals` replications, one total after the other; the last of them."""
    total = 0
    for total in totals:
        missing = [kept.missing(work, total) for work in range(len(works))]
        watching.begin(len(works) * total - sum(map(len, missing)), len(works) * total)
        for batch, found in computer.compute(wanted, works, interleaved(missing, computer.workers)):
            for number, each in zip(batch.numbers, found, strict=True):
                kept.add(batch.work, number, each)
                watching.see(batch.work, each)
            watching.tell(len(found))
    return total


class Watching:
    """Tells `progress`, if there is one, how far a gathering is, and the user what scenarios cannot do."""

    def __init__(self, names: Sequence[str], watched: Watched, progress: Progress | None) -> None:
        self.watched = watched
        self.concerns: dict[int, tuple[Concern, ...]] = {}
        self._names, self._progress = names, progress
        self._done = self._total = 0

    def begin(self, done: int, total: int) -> None:
        """So many replications are there already, and so many shall be."""
        self._done, self._total = done, total
        self.tell(0)

    def see(self, work: int, found: Found) -> None:
        """One more replication of a scenario."""
        self.watched.see(work, found.measures)
        if found.concerns is not None:
            self.warn(work, found.concerns)

    def warn(self, work: int, concerns: tuple[Concern, ...]) -> None:
        """What a scenario cannot do, or not in time: said at once, and kept for the answer."""
        self.concerns[work] = concerns
        warn(self._names[work], concerns)

    def tell(self, more: int) -> None:
        """So many more are finished."""
        self._done += more
        if self._progress is not None:
            estimates = {name: self.watched.estimate(work) for work, name in enumerate(self._names)}
            self._progress(self._done, self._total, estimates)


def common(kept: Kept, works: int, total: int) -> int:
    """How many of the first `total` replications, from the first one on, every scenario has."""
    return min((number for work in range(works) for number in kept.missing(work, total)[:1]), default=total)
