"""Whether a process can be laid out: who sees which events, who serves whom, which unit goes with which clock.

`unsound` gives what the names of a scenario do not show and its parts do not know of each other: an event of each site
that a rule takes for one of the trial, working days on a clock without any, a pool of each site that a trial as a whole
asks for, tasks that wait for each other, durations that no distribution has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any

from sim.scenario.checks.references import Checked, Finding, Path
from sim.scenario.language.durations import QUANTILES
from sim.scenario.language.quantities import Span
from sim.scenario.language.records import accepts
from sim.scenario.lowering import PLAIN, STAGES, plans_of
from sim.scenario.schema import (
    WORKING,
    Condition,
    Duration,
    Limit,
    Scenario,
    StartRule,
    Step,
    Task,
    TrialClass,
    Variant,
)
from sim.scenario.stages.tasks import Scope, awaited, first_circle, not_counted_back, rules_of
from sim.scenario.stages.tasks import Task as Lowered

_DEPTH = {"trial": 0, "site": 1, "patient": 2}
_TOGETHER = ("work", "pool", "units", "clock", "limit")
"""What goes together in a step, whoever says it."""
_OF_STEPS = ("work", "pool", "units", "kept_until", "clock", "limit", "priority", "variants")
_OF_TASKS = (
    "starts",
    "share",
    "only",
    "rounds",
    "steps",
    "along_with",
    "unless",
    "needed_if",
    "all_but",
    "drops_others",
    "closes_site",
    "closes_trial",
    "scope",
    "kept_until",
)


_MAY_FAIL = ("normal", "weibull", "gamma")
"""The families of which not every pair of numbers has a member."""


def unsound(it: Checked) -> Iterator[Finding]:
    """What stands in the way of laying out a scenario whose names are all known."""
    process = _Process(it)
    found = [*_each_record(process), *process.partners_in_a_circle()]
    yield from found
    if (around := process.circle) is not None:
        yield process.waiting_in(around)
    elif not found:
        yield from process.not_before()


def misfits(it: Checked) -> Iterator[Finding]:
    """What is wrong with the numbers of a scenario, where its names and who waits for whom are right."""
    return _each_record(_Process(it))


def _each_record(process: _Process) -> Iterator[Finding]:
    for path, record in process.it.new:
        match record:
            case StartRule():
                yield from process.start_rule(path, record)
            case Limit() if record.since is not None:
                yield from process.sees((*path, "since"), record.since)
            case Duration():
                yield from _unfitting(path, record)
        if isinstance(record, Step):
            yield from process.step(path, record)
            if record.kept_until is not None:
                yield from process.keeps((*path, "kept_until"), record)
        if isinstance(record, Task):
            yield from process.task(path, record)


def _unfitting(path: Path, duration: Duration) -> Iterator[Finding]:
    """Numbers that no distribution of their family has."""
    if duration.family in _MAY_FAIL:
        from sim.scenario.language.distributions import fit

        try:
            fit(duration)
        except ValueError as error:
            yield Finding(path, str(error))


def missed(it: Checked) -> Iterator[Finding]:
    """Durations with three quantiles or more, some of which their family does not have."""
    for path, record in it.records:
        if isinstance(record, Duration) and sum(getattr(record, name) is not None for name in QUANTILES) > 2:
            from sim.scenario.language.distributions import misses

            if (what := misses(record)) is not None:
                yield Finding(path, f"{what}; write family: piecewise, which has them all")


@dataclass(frozen=True)
class _Process:
    """A scenario, with what its events and clocks are."""

    it: Checked

    @property
    def scenario(self) -> Scenario:
        return self.it.scenario

    @cached_property
    def named(self) -> Mapping[str, Lowered]:
        """The tasks by name."""
        return {task.name: task for task in self.it.tasks}

    @cached_property
    def owner(self) -> Mapping[str, str]:
        """The task that each event belongs to: itself, or the one it is a step of."""
        steps = {step: task.name for task in self.it.tasks for step, _ in task.steps}
        return steps | {task.name: task.name for task in self.it.tasks}

    @cached_property
    def scope_of(self) -> Mapping[str, Scope]:
        """Where each event happens: once in a trial, at each site, for each patient."""
        return {event: self.named[task].scope for event, task in self.owner.items()}

    def scope_at(self, path: Path) -> Scope:
        """Where what stands at a path of the process takes place."""
        return self.scenario.tasks[path[1]].scope if path[0] == PLAIN.name else STAGES[path[0]].scope

    def start_rule(self, path: Path, rule: StartRule) -> Iterator[Finding]:
        """An event, a lag and a word before it that go together, seen from here."""
        scope = self.scope_of[rule.event]
        if rule.which is not None and scope == "trial":
            yield Finding(path, f"{rule.event!r} happens once in a trial, got '{rule.which}'; delete that word")
        elif rule.which == "coordinating" and scope != "site":
            yield Finding(path, f"{rule.event!r} happens for each patient, got 'coordinating'; write first or every")
        elif rule.which == "every" and _DEPTH[scope] <= _DEPTH[self.scope_at(path)]:
            seen = "'every' is for what looks at sites or patients from outside"
            yield Finding(path, f"{seen}, got '{rule}'; delete that word")
        if (wrong := self._wrong_lag(rule)) is not None:
            yield Finding(path, wrong)

    def _wrong_lag(self, rule: StartRule) -> str | None:
        if rule.before:
            return not_counted_back(rule, plans_of(self.scenario))
        return self._wrong_clock(rule.lag, None) if rule.lag is not None else None

    def sees(self, path: Path, event: str) -> Iterator[Finding]:
        """One row of an event for each row at this path: the event must be one of the same place, or of a wider one."""
        here, there = self.scope_at(path), self.scope_of[event]
        if _DEPTH[there] > _DEPTH[here]:
            yield Finding(path, f"must be an event of the same {here}, got {event!r}, which happens for each {there}")

    def keeps(self, path: Path, step: Step) -> Iterator[Finding]:
        """Whom one keeps one has needed, until an event of the same place."""
        assert step.kept_until is not None
        here, there = self.scope_at(path), self.scope_of[step.kept_until]
        if here != there:
            yield Finding(path, f"must be an event of the same {here}, got {step.kept_until!r}, one of each {there}")
        elif step.pool is None:
            yield Finding(path, "is for people that it needs, got no pool; name one, or delete it")

    def step(self, path: Path, step: Step) -> Iterator[Finding]:
        """Units, clocks and pools of a step, as it is, under each of its variants alone, and under any two of them."""
        found = [*self._work(path, step, step)]
        said = [
            {name: value for name in _TOGETHER if (value := getattr(each, name)) is not None} for each in step.variants
        ]
        for index, (variant, own) in enumerate(zip(step.variants, said, strict=True)):
            if own:
                found.extend(self._work((*path, "variants", index), variant, step.model_copy(update=own)))
        yield from found or self._two_variants(path, step, said)

    def _two_variants(self, path: Path, step: Step, said: list[dict[str, Any]]) -> Iterator[Finding]:
        """Two variants that are right alone, and wrong where both hold: the work of one, the clock of the other."""
        for (first, one), (second, other) in combinations(enumerate(said), 2):
            if {*one} >= {*other} or not _half(one, other):
                continue
            variant, both = step.variants[second], step.model_copy(update={**other, **one})
            wrong = [*self._work((*path, "variants", second), variant, both)]
            if wrong and self._may_both_hold(step.variants[first], variant):
                remedy = f"or let variants {first + 1} and {second + 1} of this step not hold together"
                yield from (each._replace(message=f"{each.message}; {remedy}") for each in wrong)

    def _may_both_hold(self, one: Variant, other: Variant) -> bool:
        """Whether two variants may hold for one trial, as far as they and the classes say."""
        first = max(each.submitted_from or date.min for each in (one, other))
        last = min(each.submitted_to or date.max for each in (one, other))
        apart = any(
            not _values(wanted) & _values(other.when[name]) for name, wanted in one.when.items() if name in other.when
        )
        return (
            first <= last
            and not apart
            and any(may_meet(each, one.when) and may_meet(each, other.when) for each in self.scenario.classes)
        )

    def _work(self, path: Path, written: Step | Variant, step: Step) -> Iterator[Finding]:
        """What is wrong with a step, told where `written` stands."""
        if written.pool is not None:
            yield from self._served((*path, "pool"), step)
        clock = step.clock or (self.scenario.pools[step.pool[0]].clock if step.pool is not None else None)
        if step.work is not None and (wrong := self._wrong_clock(step.work.spans[0], clock)):
            yield Finding((*path, "work") if written.work is not None else path, wrong)
        if step.limit is not None:
            yield from self._limit((*path, "limit") if written.limit is not None else path, step.limit, clock)

    def _limit(self, path: Path, limit: Limit, clock: str | None) -> Iterator[Finding]:
        on = limit.clock or (None if limit.span.unit == "d" else clock)
        if wrong := self._wrong_clock(limit.span, on):
            yield Finding(path, wrong)
        elif limit.span.unit == "d" and self._kind(limit.clock) == "working":
            yield Finding(path, f"days of the working clock {limit.clock!r} are written wd, got {limit.span}")

    def _wrong_clock(self, span: Span, clock: str | None) -> str | None:
        """Why working days cannot be counted on a clock; None if they can, or if they are none."""
        if span.unit != "wd" or self._kind(clock or WORKING) == "working":
            return None
        if clock is None:
            return f"wd needs a clock {WORKING!r}, got none; add it to clocks, or write d"
        kind = self._kind(clock)
        return f"wd needs a working clock, got the {kind} one {clock!r}; name another with 'clock:', or write d"

    def _kind(self, clock: str | None) -> str | None:
        return self.scenario.clocks[clock].kind if clock in self.scenario.clocks else None

    def _served(self, path: Path, step: Step) -> Iterator[Finding]:
        """A pool of sites serves sites; a pool of sponsors serves trials that have one."""
        for name in dict.fromkeys(step.team):
            pool = self.scenario.pools[name]
            if pool.meets and len(step.team) > 1:
                yield Finding(
                    path, f"pool {name!r} meets, and serves one at a time, got {len(step.team)} units together"
                )
            if pool.per == "site" and self.scope_at(path) == "trial":
                yield Finding(path, f"pool {name!r} is per site, and this is done once in a trial; name another pool")
            if pool.per == "sponsor":
                yield from self._sponsored(path, step, name)

    def _sponsored(self, path: Path, step: Step, pool: str) -> Iterator[Finding]:
        only = {**self._stage_only(path), **(step.only or {})}
        there = [each for each in self.scenario.classes if self.scope_at(path) == "trial" or each.sites is not None]
        alone = [each.name for each in there if each.sponsors is None and may_meet(each, only)]
        if alone:
            yield Finding(path, f"pool {pool!r} is per sponsor, and class {alone[0]!r} has none; give it sponsors")

    def _stage_only(self, path: Path) -> Condition:
        if path[0] == "contracting" and self.scenario.contracting is not None:
            return self.scenario.contracting.only
        return self.scenario.tasks[path[1]].only or {} if path[0] == "tasks" else {}

    def task(self, path: Path, task: Task) -> Iterator[Finding]:
        """The partners of a plain task, and what belongs to it rather than to its steps."""
        for key in ("along_with", "unless"):
            if (partner := getattr(task, key)) is not None:
                yield from self.sees((*path, key), partner)
        for index, event in enumerate(task.needed_if or ()):
            yield from self.sees((*path, "needed_if", index), event)
        if task.enough is not None and task.enough >= len(task.starts or ()):
            there = f"waits for {len(task.starts or ())}"
            yield Finding(
                (*path, "enough"), f"must be less than all, got {task.enough}, and the task {there}; delete it"
            )
        yield from self._leaving(path, task)
        if task.rounds is not None and task.kept_until is not None:
            wrong = "whom a repeated task needs is not kept; let a task before it need and keep them"
            yield Finding((*path, "kept_until"), wrong)
        for key in (key for key in _OF_STEPS if task.steps and key in task.model_fields_set):
            yield Finding((*path, key), "a task with steps has this at its steps; move it there")
        for index, step in enumerate(task.steps):
            for key in (key for key in _OF_TASKS if key in step.model_fields_set):
                wrong = "a step takes its turn in a task, which says this; move it there"
                yield Finding((*path, "steps", index, key), wrong)

    def _leaving(self, path: Path, task: Task) -> Iterator[Finding]:
        """What a task drops, closes or does without is there to be dropped, closed or counted."""
        rules = task.starts or ()
        scopes = [self.scope_of[rule.event] for rule in rules if rule.event in self.scope_of]
        of_every_site = [rule.which for rule in rules] == ["every"] and scopes == ["site"]
        if task.all_but is not None and not (of_every_site and task.scope == "trial" and task.enough is None):
            wrong = "is for a trial that waits for one event of every site; write such as starts: every left"
            yield Finding((*path, "all_but"), wrong)
        if task.closes_site and task.scope == "trial":
            yield Finding((*path, "closes_site"), "is for a task of each site; write scope: site")
        if task.closes_site and task.closes_trial:
            yield Finding((*path, "closes_site"), "is for a trial that goes on; delete it, or closes_trial")
        if task.drops_others:
            yield from self._dropping((*path, "drops_others"), task, scopes)

    def _dropping(self, path: Path, task: Task, scopes: list[Scope]) -> Iterator[Finding]:
        others = [each for each in self.scenario.tasks if each.drops_others and each.name != task.name]
        taken = {rule.event for each in others for rule in each.starts or ()}
        rules = task.starts or ()
        if task.enough is None:
            yield Finding(path, "is for who does not wait for all of them; say with 'enough' for how many")
        elif task.closes_trial or task.closes_site:
            yield Finding(
                path, "is for who closes nothing else; let another task, that starts after this one, close it"
            )
        elif "patient" in scopes or any(_DEPTH[scope] < _DEPTH[self.scope_at(path)] for scope in scopes):
            yield Finding(
                path, f"is for tasks of the same {self.scope_at(path)} or of its sites; name others in starts"
            )
        elif double := next((rule.event for rule in rules if rule.event in taken), None):
            yield Finding(path, f"{double!r} may be dropped by another task already; let one of them drop it")

    def partners_in_a_circle(self) -> Iterator[Finding]:
        """Tasks whose existence depends on each other, the first circle."""
        partners = {
            task.name: [self.owner[name] for name in (task.along_with, task.unless) if name and name in self.owner]
            for task in self.it.tasks
        }
        if (around := first_circle(partners)) is not None:
            index = next(i for i, task in enumerate(self.scenario.tasks) if task.name in around)
            message = f"tasks exist only where the other does: {' -> '.join(around)}; drop one along_with or unless"
            yield Finding((PLAIN.name, index), message)

    @cached_property
    def circle(self) -> list[str] | None:
        """Tasks that wait for each other, the first one again at the end."""
        graph = {
            task.name: [self.owner[event] for event in awaited(task) if event in self.owner] for task in self.it.tasks
        }
        return first_circle(graph)

    def waiting_in(self, around: list[str]) -> Finding:
        """The first start rule that is part of a circle."""
        rules = {
            id(rule) for name in around for rule in rules_of(self.named[name]) if self.owner.get(rule.event) in around
        }
        path = next(path for path, record in self.it.records if id(record) in rules)
        return Finding(path, f"tasks wait for each other: {' -> '.join(around)}; drop one start rule")

    def not_before(self) -> Iterator[Finding]:
        """Events that a task looks back at although they need not have happened when it begins."""
        of_limit = {id(limit): task.name for task in self.it.tasks for limit in _limits(task)}
        for path, record in self.it.records:
            if isinstance(record, Limit) and record.since is not None and (task := of_limit.get(id(record))):
                if self.owner[record.since] not in {*self._earlier(task), task}:
                    yield Finding((*path, "since"), _too_late(task, record.since))
            elif isinstance(record, Task) and record.name in self.named:
                for number, event in enumerate(record.needed_if or ()):
                    if self.owner[event] not in self._earlier(record.name):
                        yield Finding((*path, "needed_if", number), _too_late(record.name, event))

    def _earlier(self, name: str) -> set[str]:
        """The tasks that a task waits for, directly or not."""
        found: set[str] = set()
        ahead = [name]
        while ahead:
            new = {self.owner[event] for event in awaited(self.named[ahead.pop()]) if event in self.owner} - found
            found |= new
            ahead.extend(new)
        return found


def _too_late(task: str, event: str) -> str:
    return f"must come before {task!r}, got {event!r}; let {task!r} wait for it"


def _limits(task: Lowered) -> Iterator[Limit]:
    for _, step in task.steps:
        limits = (step.limit, *(variant.limit for variant in step.variants))
        yield from (limit for limit in limits if limit is not None)


def may_meet(each: TrialClass, condition: Condition) -> bool:
    """Whether trials of a class may meet a condition, as far as the class says."""
    if not condition:
        return True
    own: dict[str, Any] = {**each.attributes, "class": each.name}
    return all(
        isinstance(own[name], float) or accepts(wanted, own[name]) for name, wanted in condition.items() if name in own
    )


def _half(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether one of two variants says how long, and the other on which clock."""
    return any(
        {"work", "limit"} & {*long} and {"clock", "pool"} & {*clock} for long, clock in ((one, other), (other, one))
    )


def _values(wanted: Any) -> set[tuple[type, Any]]:
    """What a condition accepts; true is not the number 1."""
    return {(type(each), each) for each in (wanted if isinstance(wanted, tuple) else (wanted,))}
