"""A result that an earlier run left in a folder, given back without simulating again: `open`."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from sim.experiment.experiments import Experiment, comparison
from sim.experiment.folder import PLACE, Folder, identity_of
from sim.experiment.gathering import common
from sim.experiment.manifest import ScenarioRecord, fingerprint
from sim.experiment.results import Comparison, Result
from sim.experiment.workers import Work
from sim.model.plan import Plan
from sim.scenario.schema import Scenario


def open(folder: str | Path) -> Result | Comparison:
    """What is finished of the experiment in `folder`: a `Result` of one scenario, a `Comparison` of several.

    Numbers and timelines are read from the folder when they are asked for.

    Raises
    ------
    ValueError
        If the folder holds no experiment, one without a finished replication, or one of another version.
    """
    said = identity_of(Path(folder))
    works = tuple(_work(each, said) for each in said["scenarios"])
    experiment = Experiment(works, tuple(map(_record, said["scenarios"])))
    kept = Folder(Path(folder) / PLACE, experiment.names)
    total = common(kept, len(works), kept.known)
    if not total:
        raise ValueError(f"{folder}: must hold at least one replication of every scenario, got none")
    found = comparison(experiment, kept, total)
    return found if len(works) > 1 else found.reference


def _work(said: dict[str, Any], all_of_it: dict[str, Any]) -> Work:
    try:
        scenario = Scenario.model_validate(said["written"])
    except ValueError:
        scenario = None
    if scenario is None or fingerprint(scenario) != said["fingerprint"]:
        made = all_of_it["versions"]["trialstart"]
        raise ValueError(f"{said['name']}: was written by trialstart {made} and reads otherwise today; run it again")
    return Work(said["name"], Plan(scenario), all_of_it["seed"], all_of_it["engine"])


def _record(said: dict[str, Any]) -> ScenarioRecord:
    known = {each.name: said[each.name] for each in fields(ScenarioRecord)}
    return ScenarioRecord(**known | {name: tuple(known[name]) for name in ("changes", "levers")})
