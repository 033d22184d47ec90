"""Which times of a scenario a tracker knows: from which milestones to which, and where they are written.

A `Timed` is a milestone of the tracker that the scenario has a task for. As a rule it is timed from what the task waits
for, or from the nearest milestones of the tracker behind that; a task that is counted back from a planned date, from
where the plan is made. Of the contract a tracker knows less than a scenario: when the draft was sent and when all had
signed. So these two are timed whole: the sending from the submission, which is the head start that contracts have over
the authorisation, whatever rule the scenario has for it; the contract from its sending, rounds and all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.own.reading import Tracker
from sim.own.spells import Times, times
from sim.scenario.lowering import plans_of, tasks_of
from sim.scenario.schema import Scenario, StartRule
from sim.scenario.stages.tasks import Plan, Task

Path_ = tuple[Any, ...]
ROOT = "arrived"


@dataclass(frozen=True, slots=True)
class Whole:
    """A time that several tasks of a stage make up together."""

    since: str  # the milestone that it is timed from
    step: Path_  # the step that gets it
    starts: Path_  # the record that gets `since` as its start rule
    parts: tuple[Path_, ...]  # the steps that are in it, and need nobody any more
    without: tuple[Path_, ...] = ()  # what no longer holds
    ahead: bool = False  # it may come before `since`, and then counts as coming with it


_CONTRACT: Mapping[str, Whole] = {
    "contract_sent": Whole(
        "application_submitted",
        ("contracting", "talks"),
        ("contracting",),
        (("contracting", "draft"),),
        (("contracting", "early"),),
        ahead=True,
    ),
    "contract_executed": Whole(
        "contract_sent",
        ("contracting", "signature"),
        ("contracting", "signature"),
        tuple(("contracting", *part) for part in (("cost_matrix",), ("negotiation", "site_turn"), ("reopening",))),
    ),
}
"""Times of the stage `contracting`, by their milestone."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A task whose milestone the tracker has, and the milestones from which it is timed; `why` if it cannot be."""

    name: str
    begins: tuple[str, ...] = ()
    starts: tuple[str, ...] | None = None  # its new start rules; None where the scenario's own stay
    why: str = ""
    task: Task | None = None
    end: str | None = None  # the milestone that stands for its end; None: its own
    whole: Whole | None = None  # where it is written, if several tasks of the scenario come together in it
    after: tuple[str, ...] = ()  # the milestones that show that it has come, where its own is missing

    @property
    def milestone(self) -> str:
        """What ends it."""
        return self.end or self.name

    def times(self, tracker: Tracker) -> Times:
        """The times of the tracker."""
        of_trial = self.task is not None and self.task.scope == "trial"
        ahead = self.whole is not None and self.whole.ahead
        return times(tracker, self.name, self.begins, end=self.end, after=self.after, of_trial=of_trial, ahead=ahead)


def timed_tasks(tracker: Tracker, scenario: Scenario) -> Iterator[Timed]:
    """What becomes of the milestones of a tracker, and of intervals of its own, in the order of the process."""
    found = [*_of_each(tracker, scenario)]
    return (replace(each, after=_after(each.milestone, found)) for each in found)


def _after(milestone: str, found: Sequence[Timed]) -> tuple[str, ...]:
    """The milestones that wait for one, at once or in turn."""
    known: dict[str, None] = {}
    here = [milestone]
    while here:
        before = here.pop()
        new = [each.milestone for each in found if before in each.begins and each.milestone not in known]
        known |= dict.fromkeys(new)
        here += new
    return tuple(known)


def _of_each(tracker: Tracker, scenario: Scenario) -> Iterator[Timed]:
    tasks = {task.name: task for task in tasks_of(scenario)}
    asked = {part.strip() for given in tracker.mapping.intervals.values() for part in given.split("->")[1:]}
    whole = _CONTRACT if scenario.contracting is not None else {}
    events = {*tasks, *(step for task in tasks.values() for step, _ in task.steps)}
    seen = {*tracker.milestones}
    for name, task in tasks.items():
        if (given := tracker.mapping.intervals.get(name)) is not None:
            yield _interval(task, given, seen, events)
        elif name in seen and name in whole and name not in asked:
            yield _taken_whole(task, whole[name], seen)
        elif name in seen:
            yield _timed(task, tasks, seen, plans_of(scenario))
    for name in (*(code for code in tracker.milestones if code not in events), *tracker.mapping.intervals):
        if name not in tasks:
            yield Timed(name, why="why_no_task")


def _interval(task: Task, given: str, seen: set[str], events: set[str]) -> Timed:
    """A task that the mapping times in its own way, 'from -> to'."""
    since, _, until = given.partition("->")
    begins, end = tuple(part.strip() for part in since.split(",")), until.strip() or task.name
    if not {*begins, end} <= seen:
        return Timed(task.name, why="why_unobserved")
    if task.step.work is None or not task.once:
        return Timed(task.name, why="why_no_work")
    return Timed(task.name, begins, begins if {*begins} <= events else None, "", task, end)


def _taken_whole(task: Task, whole: Whole, seen: set[str]) -> Timed:
    if whole.since not in seen:
        return Timed(task.name, why="why_no_start")
    return Timed(task.name, (whole.since,), (whole.since,), "", task, whole=whole)


def _timed(task: Task, tasks: Mapping[str, Task], seen: set[str], plans: Mapping[str, Plan]) -> Timed:
    if task.step.work is None or not task.once or task.scope == "patient":
        return Timed(task.name, why="why_no_work")
    begins: dict[str, None] = {}
    blind: dict[str, None] = {}  # what the tracker sees nothing of still has to happen first
    for rule in (StartRule(event=plans[each.event].after) if each.before else each for each in task.starts):
        found = dict.fromkeys(_seen_before(rule, tasks, seen))
        begins |= found
        if not found and rule.event != ROOT:
            blind[str(rule)] = None
    if not begins:
        return Timed(task.name, why="why_no_start")
    plain = all((rule.event in seen and rule.lag is None) or str(rule) in blind for rule in task.starts)
    # a rule that counts back has a lag, so it is written anew
    return Timed(task.name, (*begins,), None if plain else (*begins, *blind), "", task)


def _seen_before(rule: StartRule, tasks: Mapping[str, Task], seen: set[str]) -> Iterator[str]:
    """The nearest milestones of the tracker behind a start rule: its event, or what that waits for in turn."""
    owner = {step: each for each in tasks.values() for step, _ in each.steps} | dict(tasks)
    if rule.event in seen:
        yield rule.event
    elif rule.event in owner and rule.event != ROOT:
        for before in owner[rule.event].starts:
            yield from _seen_before(before, tasks, seen)
