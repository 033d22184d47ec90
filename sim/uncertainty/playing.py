"""Runs at the points of a design, on the same keys at every point, kept as they are finished.

`played` simulates scenarios at points of what nobody knows: every point sees the same replications, so that whatever
differs between two points is what the inputs did. What comes out depends on the scenarios, the points, the seed and the
number of replications; a folder that was left half done is gone on with, and ends with the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import played as played_events
from sim.analysis.indicators import Measures, Times, promised, times
from sim.experiment.folder import claimed
from sim.experiment.gathering import Progress
from sim.experiment.manifest import code
from sim.experiment.options import Options
from sim.experiment.replications import engine_named, simulated
from sim.experiment.workers import Batch, Work, computing
from sim.model.plan import Plan
from sim.scenario.checks.size import expected_rows
from sim.scenario.language.mistakes import Place
from sim.scenario.language.ranges import Scalar
from sim.scenario.schema import fingerprint, written
from sim.uncertainty.designs import Points
from sim.uncertainty.unknowns import Unknowns

Float = NDArray[np.float64]
SHARE = "share_within_goal"
RUNS = "runs.jsonl"
_Run = tuple[int, str, int]  # point, scenario, replication


@dataclass(frozen=True)
class Played:
    """What came out at every point of a design."""

    unknowns: Unknowns
    scenarios: tuple[str, ...]  # the first is the reference
    points: Points  # (points, axes); nan where a number stays as it is written
    outputs: tuple[str, ...]  # what was wanted, by name: the indicators of which the share within the goal is known
    values: Float = field(repr=False)  # (points, scenarios, replications, outputs)

    def of(self, scenario: str, output: str) -> Float:
        """(points, replications) The share [0 to 1] of an indicator within the goal."""
        return np.asarray(self.values[:, self.scenarios.index(scenario), :, self.outputs.index(output)])

    def means(self, scenario: str, output: str) -> Float:
        """(points) The share of each point over its replications."""
        return np.asarray(self.of(scenario, output).mean(axis=1))

    def difference(self, scenario: str, output: str) -> Float:
        """(points, replications) By how much the share of a scenario is above that of the reference."""
        return self.of(scenario, output) - self.of(self.scenarios[0], output)


@dataclass(frozen=True)
class _Works(Sequence[Work]):
    """The work of every point and scenario, made when it is asked for: it is sent away and forgotten."""

    unknowns: Unknowns
    scenarios: tuple[str, ...]
    points: Points
    seed: int
    engine: str
    _last: dict[int, dict[Place, Scalar]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.points) * len(self.scenarios)

    def _written(self, point: int) -> dict[Place, Scalar]:
        """What is written where at a point: the same in all its scenarios, which come one after the other."""
        if point not in self._last:
            self._last.clear()
            self._last[point] = self.unknowns.values(draw_at(self.unknowns, self.points[point]))
        return self._last[point]

    def __getitem__(self, place: Any) -> Any:
        point, scenario = divmod(place, len(self.scenarios))
        name = self.scenarios[scenario]
        changed = self.unknowns.changed(name, self._written(point))
        return Work(f"{name} at point {point}", Plan(changed.scenario, changed.process), self.seed, self.engine)


def draw_at(unknowns: Unknowns, point: Float) -> dict[str, float]:
    """A point as a draw: what is nan stays as it is written."""
    return {name: float(u) for name, u in zip(unknowns.names, point, strict=True) if not math.isnan(u)}


def shares_of(work: Work, number: int) -> dict[str, float]:
    """The share within the goal of each indicator of trials, in one replication [0 to 1]; nothing else is measured."""
    run = played_events(work.plan, *simulated(work, number))
    asked = (each for each in run.scenario.indicators if "trial" in each.levels and promised(run.scenario.goal, each))
    return {each.name: _within(times(run, each, "trial")) for each in asked}


def shares(measures: Measures) -> dict[str, float]:
    """The share within the goal of each indicator of trials that the goal is about [0 to 1]; nan without trials."""
    told = [each for each in measures.indicators if each.level == "trial" and not math.isnan(each.within)]
    return {each.name: _within(each) for each in told}


def _within(times: Times) -> float:
    return float((times.there & (times.counted <= times.within)).mean()) if times.trials else math.nan


@dataclass(frozen=True)
class Design:
    """What is to be played: points, in one scenario or (None) in all, and what is wanted of each run, by name."""

    points: Points
    only: str | None = None
    wanted: Callable[[Work, int], dict[str, float]] = shares_of
    says: str = SHARE  # what is wanted, in words that change with it


def played(unknowns: Unknowns, design: Design, how: Options, told: Progress | None = None) -> Played:
    """What is wanted of every point, in every scenario and replication.

    Parameters
    ----------
    unknowns
        The scenarios and what nobody knows in them.
    design
        Its points, and what is wanted of them.
    how
        The replications at every point, the seed, the engine, who computes, and the folder that keeps what is finished.
    told
        Told about every finished run.

    Raises
    ------
    ScenarioError
        If a scenario cannot be built at a point.
    CannotWrite
        If the folder belongs to other runs.
    ReplicationFailed
        If a run could not be computed.
    """
    names, points = tuple(unknowns.sources) if design.only is None else (design.only,), design.points
    at_written = {name: unknowns.scenario(name, {}).scenario for name in names}
    wanted = len(points) * len(names) * how.most
    engine = engine_named(how.engine, round(len(points) * how.most * sum(map(expected_rows, at_written.values()))))
    works = _Works(unknowns, names, points, how.seed, engine)
    said = repr((unknowns.names, how.most, design.says))
    identity = {
        "versions": {"code": code(), "design": hashlib.sha256(points.tobytes() + said.encode()).hexdigest()[:16]},
        "seed": how.seed,
        "engine": engine,
        "scenarios": [
            {"name": name, "fingerprint": fingerprint(each), "written": written(each)}
            for name, each in at_written.items()
        ],
    }
    with _kept(how, identity) as kept:
        with computing(how.executor, how.jobs) as computer:
            batches = _missing(works, how.most, kept)
            for batch, found in computer.compute(design.wanted, works, batches):
                point, scenario = divmod(batch.work, len(names))
                for number, shares in zip(batch.numbers, found, strict=True):
                    kept.add((point, names[scenario], number), shares)
                if told is not None:
                    told(len(kept.found), wanted, {})
        kept.finish()
    return _together(works, how.most, kept.found)


def _missing(works: _Works, replications: int, kept: _Kept) -> Iterator[Batch]:
    for place in range(len(works)):
        point, scenario = divmod(place, len(works.scenarios))
        name = works.scenarios[scenario]
        if missing := [each for each in range(replications) if (point, name, each) not in kept.found]:
            yield Batch(place, missing)


def _together(works: _Works, replications: int, found: Mapping[_Run, Mapping[str, float]]) -> Played:
    outputs = tuple(next(iter(found.values()))) if found else ()
    points, names = range(len(works.points)), works.scenarios
    values = np.array(
        [
            found[point, name, number][output]
            for point in points
            for name in names
            for number in range(replications)
            for output in outputs
        ]
    )
    shape = len(points), len(names), replications, len(outputs)
    return Played(works.unknowns, names, works.points, outputs, values.reshape(shape))


class _Kept:
    """Runs that are finished, in memory and, a line each, in a file."""

    def __init__(self, file: Path | None) -> None:
        self.found: dict[_Run, dict[str, float]] = {}
        self._file, self._stream = file, None if file is None else _opened(file, self.found)

    def add(self, run: _Run, shares: dict[str, float]) -> None:
        """Keep one run."""
        self.found[run] = shares
        if self._stream is not None:
            self._stream.write(_line(run, shares))
            self._stream.flush()

    def finish(self) -> None:
        """The file in the order of the runs, so that it has the same bytes in whatever order they were finished."""
        if self._file is not None and self._stream is not None:
            self._stream.close()
            draft = self._file.with_suffix(".draft")
            draft.write_text("".join(_line(run, self.found[run]) for run in sorted(self.found)), encoding="utf-8")
            draft.replace(self._file)


@contextmanager
def _kept(how: Options, identity: Mapping[str, Any]) -> Iterator[_Kept]:
    if how.out is None:
        yield _Kept(None)
        return
    with claimed(Path(how.out), identity, fresh=how.fresh) as folder:
        yield _Kept(folder / RUNS)


def _opened(file: Path, found: dict[_Run, dict[str, float]]) -> TextIO:
    """The file to add to, after what it holds was read; a line that was cut off is as good as none."""
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                point, scenario, number, shares = json.loads(line)
                found[point, scenario, number] = shares
        file.write_text("".join(_line(run, found[run]) for run in found), encoding="utf-8")
    return file.open("a", encoding="utf-8")


def _line(run: _Run, shares: Mapping[str, float]) -> str:
    return json.dumps([*run, shares]) + "\n"
