"""What a stage lowers to: tasks with start rules, in the words of the scenario.

A `Task` stands for one row per place of its scope (a trial, a site of a trial, a patient of a site), or several when
its steps are repeated in rounds; an `Event` is the end of one of its steps, and what that is called. `Process` is all
tasks of a scenario, the stages one after the other.

Two kinds of start rule are rewritten into small milestones of their own, so that everything later only knows
"wait for k of these events": `first site_activated` (the first site of the trial) and `authorised - 30 d` (so long
before the date that is planned when the application is submitted, but never after the event itself).
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Literal

from sim.scenario.language.quantities import Span
from sim.scenario.language.records import Condition, Count, Record
from sim.scenario.language.steps import StartRule, Step
from sim.scenario.language.steps import Task as PlainTask

Scope = Literal["trial", "site", "patient"]
Role = Literal["coordinating", "associated"]
Words = tuple[str, str]
"""A wording in English and in French."""
ANYTHING = Step()
"""A step without work, people or conditions: a milestone."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the process: its key in a scenario, where its steps take place, and what it is called."""

    name: str
    scope: Scope
    en: str
    fr: str


@dataclass(frozen=True, slots=True)
class Event:
    """The end of a step: its name in a scenario, and what people call it, in English and French.

    In the annotation of a field of a stage it says which event the step of that field ends with.
    """

    name: str
    en: str
    fr: str
    reached: Words | None = None  # what is said of trials that have reached it
    since: Words | None = None  # it as the start of a count of days

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> Any:
        """What an editor says of a field that is annotated with it."""
        return {"description": f"It ends with the event `{self.name}` ({self.en})."} | handler(core_schema)


REPLACEMENT = Event("replacement_asked", en="replacement asked", fr="remplaçant sollicité")
"""What happens at a site that stood by when another one has left."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the process, at every place of its scope that needs it."""

    name: str
    stage: str
    scope: Scope
    starts: tuple[StartRule, ...]
    steps: tuple[tuple[str, Step], ...]  # the steps of one round; the first decides where the task is needed
    events: tuple[Event, ...] = ()  # those ends of its steps that have words of their own
    rounds: Count | None = None  # None: once
    role: Role | None = None  # only at sites with this role
    first_of: int | None = None  # how many of the awaited events suffice; None: all
    along_with: str | None = None  # needed exactly where this task is
    unless: str | None = None  # needed exactly where this task is not
    all_but: int | None = None  # how many places may be without the awaited event
    closes: Literal["trial", "site", "candidates"] | None = None
    drops: tuple[str, ...] = ()  # the tasks that are dropped when it ends, wherever they have not ended
    otherwise: str | None = None  # where it is not needed, others wait for this; None: for what it would have awaited
    needed_if: tuple[str, str] | None = None  # waived unless the first ended before the second
    gives_back: str | None = None  # the task that keeps its people until this one ends
    stands_by: bool = False  # only at sites that stand by, when they are asked
    arrives: bool = False  # its duration is the candidate's time of referral, not a draw of its own

    @property
    def step(self) -> Step:
        """The step that decides where the task is needed."""
        return self.steps[0][1]

    @property
    def once(self) -> bool:
        """Whether it is one row wherever it is needed."""
        return self.rounds is None and len(self.steps) == 1

    @property
    def chooses(self) -> bool:
        """Whether it does not wait for all that precede it."""
        return self.first_of is not None or self.all_but is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """When people who count back expect an event: so long after another one."""

    after: str
    span: Span


@dataclass(frozen=True)
class Process:
    """All tasks of a scenario, ready to be laid out over trials."""

    tasks: tuple[Task, ...]

    @cached_property
    def named(self) -> dict[str, Task]:
        """The tasks by name; a step's name stands for the task it belongs to."""
        steps = {step: task for task in self.tasks for step, _ in task.steps}
        return steps | {task.name: task for task in self.tasks}

    @cached_property
    def events(self) -> dict[str, Event]:
        """The events that have words of their own, by name."""
        return {event.name: event for task in self.tasks for event in task.events}


@cache
def after(*rules: str) -> tuple[StartRule, ...]:
    """Start rules from their written form, such as `after("authorised + 10 d", "first site_activated")`."""
    return Step.model_validate({"starts": rules or None}).starts or ()


def milestone(event: Event, stage: Stage, *starts: str) -> Task:
    """An event that takes no time once everything it waits for has happened."""
    return task(event, stage, ANYTHING, *starts)


def task(event: Event, stage: Stage, step: Step, *starts: str) -> Task:
    """A task with the work of `step`; the step's own start rules, if it has any, replace `starts`."""
    steps = ((event.name, step),)
    return Task(event.name, stage.name, stage.scope, step.starts or after(*starts), steps, (worded(event, step),))


def turns(name: str, stage: Stage, steps: Mapping[Event, Step], *starts: str) -> Task:
    """Steps that take turns, once or in rounds."""
    first = next(iter(steps.values()))
    named = tuple((event.name, step) for event, step in steps.items())
    events = tuple(worded(event, step) for event, step in steps.items())
    return Task(name, stage.name, stage.scope, first.starts or after(*starts), named, events)


def worded(event: Event, step: Step) -> Event:
    """The event, called as the scenario calls its step if it does."""
    return event if step.title is None else Event(event.name, step.title.en, step.title.fr)


def events_of(stage: Record) -> Iterator[tuple[Event, Step]]:
    """The steps of a stage whose fields are annotated with the event that they end with."""
    for name, field in type(stage).model_fields.items():
        yield from ((event, getattr(stage, name)) for event in field.metadata if isinstance(event, Event))


def plain_task(written: PlainTask, stage: Stage) -> Task:
    """A task of the `tasks` section; without a start rule it begins when the trial arrives."""
    inner = written.steps or (written,)
    steps = tuple((step.name, step) for step in inner)
    if written.steps:  # the conditions stand on the task, the work on its steps
        gate = steps[0][1].model_copy(update={"share": written.share, "only": written.only})
        steps = ((steps[0][0], gate), *steps[1:])
    return Task(
        written.name,
        stage.name,
        written.scope,
        written.starts or after("arrived"),
        steps,
        tuple(Event(each.name, each.title.en, each.title.fr) for each in (written, *written.steps) if each.title),
        written.rounds,
        along_with=written.along_with,
        unless=written.unless,
        needed_if=written.needed_if,
        closes="trial" if written.closes_trial else "site" if written.closes_site else None,
        first_of=written.enough,
        all_but=written.all_but,
        drops=tuple(rule.event for rule in written.starts or ()) if written.drops_others else (),
    )


def process(tasks: Sequence[Task], plans: Mapping[str, Plan]) -> Process:
    """The tasks with every `first ...` and `... - n d` replaced by a milestone that stands for it.

    Raises
    ------
    ValueError
        If a rule counts back from what has no planned date.
    """
    rewriting = _Rewriting(plans, {})
    back = [_given_back(task, task.step.kept_until) for task in tasks if task.once and task.step.kept_until]
    return Process((*map(rewriting.task, tasks), *rewriting.stand_ins.values(), *back))


def _given_back(task: Task, event: str) -> Task:
    """A milestone at the places of a task that keeps its people: they are given back when it has come."""
    name, rules = f"{task.name}_gives_back", (StartRule(event=event), StartRule(event=task.name))
    return Task(
        name,
        "milestones",
        task.scope,
        rules,
        ((name, ANYTHING),),
        role=task.role,
        along_with=task.name,
        gives_back=task.name,
    )


def with_condition(step: Step, condition: Condition) -> Step:
    """The step, needed only where the condition holds as well."""
    return step.model_copy(update={"only": {**(step.only or {}), **condition}})


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """Replaces start rules by simpler ones, and keeps the milestones that stand for them."""

    plans: Mapping[str, Plan]
    stand_ins: dict[str, Task]

    def task(self, written: Task) -> Task:
        if not any(map(stand_in, rules_of(written))):
            return written
        starts = self._simple(written.starts)
        return replace(written, starts=starts, steps=tuple((name, self._step(step)) for name, step in written.steps))

    def _step(self, step: Step) -> Step:
        variants = tuple(
            variant.model_copy(update={"starts": self._simple(variant.starts)}) if variant.starts else variant
            for variant in step.variants
        )
        return step.model_copy(update={"variants": variants}) if variants else step

    def _simple(self, rules: tuple[StartRule, ...]) -> tuple[StartRule, ...]:
        return tuple(self._rule(rule) for rule in rules)

    def _rule(self, rule: StartRule) -> StartRule:
        if not rule.before and rule.which != "first":
            return rule
        milestone = _counted_back(rule, self.plans) if rule.before else _first(rule.event)
        self.stand_ins.setdefault(milestone.name, milestone)
        return StartRule(event=milestone.name, lag=None if rule.before else rule.lag)


def _first(event: str) -> Task:
    """The first of an event's places."""
    return _either(f"first_{event}", StartRule(event=event, which="every"))


def _either(name: str, *rules: StartRule) -> Task:
    """A milestone of the trial that needs only one of the events that its rules name."""
    return Task(name, "milestones", "trial", rules, ((name, ANYTHING),), first_of=1)


def _counted_back(rule: StartRule, plans: Mapping[str, Plan]) -> Task:
    if (wrong := not_counted_back(rule, plans)) is not None:
        raise ValueError(f"starts: {wrong}")
    plan = plans[rule.event]
    assert rule.lag is not None
    ahead = Span(plan.span.value - rule.lag.value, plan.span.unit)
    return _either(str(stand_in(rule)), StartRule(event=plan.after, lag=ahead), StartRule(event=rule.event))


def stand_in(rule: StartRule) -> str | None:
    """The name of the milestone that stands for a rule; None where nothing needs to."""
    if rule.before and rule.lag is not None:
        return f"{rule.event}_minus_{rule.lag.value:g}_{rule.lag.unit}".replace(".", "_")
    return f"first_{rule.event}" if rule.which == "first" else None


def not_counted_back(rule: StartRule, plans: Mapping[str, Plan]) -> str | None:
    """Why one cannot begin so long before the event of a rule; None if one can."""
    plan, lag = plans.get(rule.event), rule.lag
    assert lag is not None  # without one there is nothing to count back
    if plan is None:
        known = " and ".join(plans) or "nothing without the stage 'authorisation'"
        return f"cannot count back from {rule.event!r}; what has a planned date is {known}"
    if lag.unit != plan.span.unit:
        return f"must count back in the unit of the {plan.span} that are planned, got {lag}"
    if lag.value > plan.span.value:
        return f"must count back by at most the {plan.span} that are planned, got {lag}"
    return None


def first_circle(graph: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Names that lead to each other, the first one again at the end; None if there are none."""
    try:
        graphlib.TopologicalSorter({name: dict.fromkeys(others) for name, others in graph.items()}).prepare()
    except graphlib.CycleError as cycle:
        return list(cycle.args[1])
    return None


def awaited(task: Task) -> list[str]:
    """The events that a task waits for at its own place, in some variant or other."""
    return [rule.event for rule in rules_of(task) if not (rule.which == "coordinating" and task.role == "associated")]


def rules_of(task: Task) -> Iterator[StartRule]:
    """The start rules of a task, and those of its variants."""
    yield from task.starts
    yield from (rule for _, step in task.steps for variant in step.variants for rule in variant.starts or ())
