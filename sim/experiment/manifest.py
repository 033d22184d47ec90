"""What a result depends on, written beside it, so that anybody can produce the same bytes again.

A `Manifest` names the versions, the engine, the seed and the replications of an experiment, and for each scenario
its file and its fingerprint. It holds no time of day, no machine and no number of workers: none of them changes a
result.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sim
from sim.experiment.workers import Work
from sim.scenario.schema import Scenario, fingerprint, written

_LIBRARIES = ("numpy", "scipy")
_NUMBERS_COME_FROM = ("scenario", "model", "engine", "analysis")
_ENGINE_LIBRARY = {"simpy": "simpy", "compiled": "numba"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a scenario came from: the name of a file (None: it was made in Python), and what was changed after."""

    file: str | None
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScenarioRecord:
    """One scenario of an experiment: where it came from and what it promised."""

    name: str
    file: str | None
    changes: tuple[str, ...]
    title: str
    fingerprint: str  # sha256 of the scenario with its levers applied
    levers: tuple[Any, ...]  # names, or mappings of a name and its limits
    origin: str
    windows: Mapping[str, str]
    goal: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that the numbers of an experiment depend on."""

    versions: Mapping[str, str]
    engine: str
    seed: int
    replications: int
    scenarios: tuple[ScenarioRecord, ...]

    def as_dict(self) -> dict[str, Any]:
        """The manifest as plain values, for JSON."""
        return asdict(self)

    def as_json(self) -> str:
        """The manifest as a JSON document."""
        return json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n"


def manifest(records: Sequence[ScenarioRecord], work: Work, replications: int) -> Manifest:
    """The manifest of an experiment on these scenarios, with the seed and the engine of `work`."""
    versions = {"trialstart": sim.__version__, "python": platform.python_version()}
    versions |= {library: version(library) for library in (*_LIBRARIES, _ENGINE_LIBRARY[work.engine])}
    return Manifest(versions, work.engine, work.seed, replications, tuple(records))


def record(name: str, origin: Origin, scenario: Scenario) -> ScenarioRecord:
    """What the manifest says about one scenario."""
    said = written(scenario)
    return ScenarioRecord(
        name,
        origin.file,
        origin.changes,
        scenario.title.en,
        fingerprint(scenario),
        tuple(said["levers"]),
        said["origin"],
        _bare(said["windows"]),
        _bare(said["goal"]) if "goal" in said else None,
    )


def identity(records: Sequence[ScenarioRecord], works: Sequence[Work]) -> dict[str, Any]:
    """Whose replications these are, for the folder that keeps them: enough to tell them from others, and to go on."""
    versions = {"trialstart": sim.__version__, "code": code()} | {library: version(library) for library in _LIBRARIES}
    scenarios = [{**asdict(each), "written": written(work.scenario)} for each, work in zip(records, works, strict=True)]
    return {"versions": versions, "engine": works[0].engine, "seed": works[0].seed, "scenarios": scenarios}


def code() -> str:
    """A hash of all code that numbers come from, so that no number of an older one is taken for one of this."""
    found = hashlib.sha256()
    root = Path(sim.__file__).parent
    for file in sorted(file for part in _NUMBERS_COME_FROM for file in (root / part).rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


def _bare(said: Mapping[str, Any]) -> dict[str, Any]:
    """A section of a scenario without what it says about its numbers."""
    return {key: value for key, value in said.items() if key not in ("source", "assumption", "sampling", "note")}
