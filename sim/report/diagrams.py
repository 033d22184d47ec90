"""A stage of a process as a Mermaid diagram: boxes for tasks, arrows for "waits for"."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.language.quantities import write_share
from sim.scenario.schema import StartRule
from sim.scenario.stages.tasks import Process, Task


def diagram(process: Process, stage: str) -> str:
    """One stage as a Mermaid flowchart, in a fenced block of Markdown."""
    tasks = [task for task in process.tasks if task.stage == stage]
    lines = [*(_box(task) for task in tasks), *_arrows(process, tasks)]
    return "\n".join(("```mermaid", "flowchart LR", *(f"  {line}" for line in dict.fromkeys(lines)), "```"))


def _box(task: Task) -> str:
    """A task with the people that it needs, the share of places that need it, and its rounds."""
    people = " / ".join(dict.fromkeys(step.pool for _, step in task.steps if step.pool))
    share = f"for {write_share(task.step.share)}" if task.step.share is not None else ""
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
        if task.along_with in inside:
            yield f"{task.along_with} -. only then .-> {task.name}"
        if task.unless in inside:
            yield f"{task.unless} -. not then .-> {task.name}"


def _arrow(process: Process, rule: StartRule, task: Task, inside: set[str]) -> Iterator[str]:
    awaited = process.named[rule.event]
    said = " ".join(part for part in (rule.which or "", f"+ {rule.lag}" if rule.lag is not None else "") if part)
    lag = f"|{said}|" if said else ""
    if awaited.name in inside:
        yield f"{awaited.name} -->{lag} {task.name}"
        return
    label = _words(rule.event).replace(" minus ", " − ")
    yield f'{rule.event}(["{label}"])'
    yield f"{rule.event} -->{lag} {task.name}"


def _words(name: str) -> str:
    return name.replace("_", " ")
