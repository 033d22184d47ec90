"""What only the model knows of a scenario that is well written: circles across its stages, durations that nothing has.

`load_buildable` reads a scenario and says these at their places too, before anything is laid out. It imports what a
fit needs only for the few families that can fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from sim.scenario.checks.people import doubtful, impossible
from sim.scenario.checks.references import Path, records
from sim.scenario.language.mistakes import Mistake, ScenarioError, mistake
from sim.scenario.loading import Reading, read
from sim.scenario.lowering import lowered, tasks_of
from sim.scenario.schema import Duration, Limit, Scenario, StartRule
from sim.scenario.stages.tasks import Task, awaited, circle

Finding = tuple[Path, str]
_MAY_FAIL = ("normal", "weibull", "gamma")


def load_buildable(source: str | FilePath, *, set_: Sequence[str] = ()) -> Scenario:
    """The scenario of a file, as `sim.scenario.loading.load` gives it, that can be laid out as well.

    Raises
    ------
    ScenarioError
        With every mistake that was found, each with its place.
    """
    return read_buildable(source, set_=set_)[0]


def read_buildable(source: str | FilePath, *, set_: Sequence[str] = ()) -> tuple[Scenario, tuple[Mistake, ...]]:
    """The scenario of a file that can be laid out, and at their places the warnings of what it hardly means.

    Raises
    ------
    ScenarioError
        With every mistake that was found, each with its place.
    """
    reading = read(source, set_=set_)
    known = list(records(reading.scenario, ()))
    found = [*unbuildable(reading.scenario), *impossible(reading.scenario, known)]
    if found:
        raise ScenarioError(_placed(reading, *each) for each in found)
    return reading.scenario, tuple(
        _placed(reading, path, f"warning: {message}") for path, message in doubtful(reading.scenario, known)
    )


def _placed(reading: Reading, path: Path, message: str) -> Mistake:
    node, words, _ = reading.tree.walk(*path)
    return mistake(node.place, words, message)


def unbuildable(scenario: Scenario) -> Iterator[Finding]:
    """What is wrong, each with its path; the first circle only."""
    known = list(records(scenario, ()))
    yield from _unfitting(known)
    tasks = {task.name: task for task in tasks_of(scenario)}
    around = circle([*tasks.values()])
    if around is None:
        yield from _not_before(scenario, known)
    else:
        rules = {id(rule) for name in around for rule in _rules(tasks[name]) if _owner(tasks).get(rule.event) in around}
        path = next(path for path, record in known if id(record) in rules)
        yield path, f"tasks wait for each other: {' -> '.join(around)}; drop one start rule"


def _unfitting(known: list[tuple[Path, Any]]) -> Iterator[Finding]:
    """Durations whose numbers no distribution of their family has."""
    for path, record in known:
        if isinstance(record, Duration) and record.family in _MAY_FAIL:
            from sim.scenario.language.distributions import fit

            try:
                fit(record)
            except ValueError as error:
                yield path, str(error)


def _not_before(scenario: Scenario, known: list[tuple[Path, Any]]) -> Iterator[Finding]:
    """Events that a task looks back at although they need not have happened when it begins."""
    tasks = {task.name: task for task in lowered(scenario).tasks}
    owner = _owner(tasks)
    of_limit = {id(limit): task for task in tasks.values() for limit in _limits(task)}
    for path, record in known:
        if isinstance(record, Limit) and record.since is not None and id(record) in of_limit:
            task = of_limit[id(record)]
            if owner[record.since] not in _earlier(task.name, tasks, owner) | {task.name}:
                yield (*path, "since"), _too_late(task.name, record.since)
    for index, written in enumerate(scenario.tasks):
        for number, event in enumerate(written.needed_if or ()):
            if owner[event] not in _earlier(written.name, tasks, owner):
                yield ("tasks", index, "needed_if", number), _too_late(written.name, event)


def _too_late(task: str, event: str) -> str:
    return f"must come before {task!r}, got {event!r}; let {task!r} wait for it"


def _earlier(name: str, tasks: Mapping[str, Task], owner: Mapping[str, str]) -> set[str]:
    """The tasks that a task waits for, directly or not."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        new = {owner[event] for event in awaited(tasks[ahead.pop()]) if event in owner} - found
        found |= new
        ahead.extend(new)
    return found


def _owner(tasks: Mapping[str, Task]) -> dict[str, str]:
    """The task that each event belongs to: itself, or the one it is a step of."""
    return {step: task.name for task in tasks.values() for step, _ in task.steps} | {name: name for name in tasks}


def _rules(task: Task) -> Iterator[StartRule]:
    yield from task.starts
    for _, step in task.steps:
        for variant in step.variants:
            yield from variant.starts or ()


def _limits(task: Task) -> Iterator[Limit]:
    for _, step in task.steps:
        limits = (step.limit, *(variant.limit for variant in step.variants))
        yield from (limit for limit in limits if limit is not None)
