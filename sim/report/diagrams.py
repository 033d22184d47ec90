"""A stage of a process as a Mermaid diagram: boxes for tasks, arrows for "waits for"."""

from __future__ import annotations

from collections.abc import Iterator

from sim.model.tasks import Process, Task
from sim.scenario.schema import StartRule

STAND_INS = "milestones"
"""The stage of milestones that stand for `first ...` and `... - n d`; they are drawn as what they stand for."""


def diagram(process: Process, stage: str) -> str:
    """One stage as a Mermaid flowchart, in a fenced block of Markdown."""
    tasks = [task for task in process.tasks if task.stage == stage]
    lines = [*(_box(task) for task in tasks), *_arrows(process, tasks)]
    return "\n".join(("```mermaid", "flowchart LR", *(f"  {line}" for line in dict.fromkeys(lines)), "```"))


def _box(task: Task) -> str:
    """A task with the people that it needs, the share of places that need it, and its rounds."""
    people = " / ".join(dict.fromkeys(step.pool for _, step in task.steps if step.pool))
    share = f"{task.step.share:.3g} of them" if task.step.share is not None else ""
    rounds = "in rounds" if task.rounds is not None else ""
    only = f"only {task.role} sites" if task.role else f"at each {task.scope}"
    variants = "variants" if any(step.variants for _, step in task.steps) else ""
    label = "<br/>".join(part for part in (_words(task.name), only, people, share, rounds, variants) if part)
    return f'{task.name}["{label}"]'


def _arrows(process: Process, tasks: list[Task]) -> Iterator[str]:
    inside = {task.name for task in tasks}
    for task in tasks:
        for rule in task.starts:
            yield from _arrow(process, rule, task, inside)
        if task.along_with or task.unless:
            other = f"{task.along_with} -.-|only then| {task.name}" if task.along_with else f"{task.unless} -.-|not then| {task.name}"
            yield other


def _arrow(process: Process, rule: StartRule, task: Task, inside: set[str]) -> Iterator[str]:
    awaited = process.named[rule.event]
    lag = f"|+ {rule.lag}|" if rule.lag is not None else ""
    if awaited.name in inside:
        yield f"{awaited.name} -->{lag} {task.name}"
        return
    label = _words(rule.event) if awaited.stage != STAND_INS else _words(rule.event).replace(" minus ", " − ")
    yield f'{rule.event}(["{rule.which + " " if rule.which else ""}{label}"])'
    yield f"{rule.event} -->{lag} {task.name}"


def _words(name: str) -> str:
    return name.replace("_", " ")
