"""Steps in Python: functions of a trial's attributes, in place of what a scenario says of a step.

A hook is called as the number that it stands for: `contract_executed.work` gives the work of a step, in the unit in
which the scenario writes it and on its clock; `rework_done.share` the share of places that need a task, or true and
false as a choice. It is asked about one `At` at a time (a trial, a site of a trial, or a patient), with the luck that
the step has there in every scenario. Reading a scenario never runs anything: no file can name a function, and hooks are
given to `sim.run` and `sim.compare` by whoever calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.scenario.language.mistakes import did_you_mean
from sim.scenario.stages.tasks import Process

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class At:
    """Where a hook is asked.

    Two calls that agree in all of this must get the same answer: then replications can be played again, anywhere.
    """

    attributes: Mapping[str, Any]  # of the trial, `class` and `sponsor_type` among them
    of_site: Mapping[str, Any]  # the attributes of the site; none for a task of the whole trial
    site: str  # "" for a task of the whole trial
    submitted: date  # planned
    number: int  # the round of the task, or the candidate's number at the site
    luck: float  # a uniform in (0, 1), the same for this step and place in every scenario of a seed


Hook = Callable[[At], float]


@dataclass(frozen=True)
class Hooks:
    """The hooks of an experiment by what they stand for, such as `contract_executed.work`."""

    given: Mapping[str, Hook] = field(default_factory=lambda: MappingProxyType({}))

    def __bool__(self) -> bool:
        return bool(self.given)

    def answers(self, of: Literal["work", "share"], name: str, places: Iterable[At]) -> Float | None:
        """What the hook of a step, or task, gives at each of some places; None if there is no such hook.

        Raises
        ------
        ValueError
            If it is no number, less than 0, or a share of more than 1.
        """
        hook = self.given.get(f"{name}.{of}")
        if hook is None:
            return None
        most = 1.0 if of == "share" else np.inf
        found = np.array([hook(each) for each in places], np.float64)
        wrong = np.flatnonzero(~((found >= 0) & (found <= most) & np.isfinite(found)))
        if len(wrong):
            rule = "between 0 and 1" if of == "share" else "at least 0 and finite"
            raise ValueError(f"hooks: {name}.{of} must give a number {rule}, got {found[wrong[0]]}")
        return found


NO_HOOKS = Hooks()


def unknown_hook(hooks: Hooks, process: Process) -> str | None:
    """What is wrong with the first hook that stands for nothing of a process; None if all do."""
    steps = {name: step for task in process.tasks for name, step in task.steps}
    known = {f"{name}.work" for name, step in steps.items() if step.work is not None}
    known |= {f"{task.name}.share" for task in process.tasks if task.scope != "patient"}
    wrong = next((name for name in hooks.given if name not in known), None)
    if wrong is None:
        return None
    rule = "must stand for the work of a step that takes time, or the share of a task of trials or sites"
    return f"hooks: {rule}, got {wrong!r}; {did_you_mean(wrong, sorted(known))}"
