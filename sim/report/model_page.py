"""What is simulated, for a reviewer: the process drawn stage by stage, and every part of it in tables, as Markdown.

The prose stands in `model_page.md`, in the order of the STRESS-DES items; everything about the scenario is filled in
from the scenario itself. A stage is a Mermaid diagram: boxes for tasks, arrows for "waits for".

References
----------
Monks T., Currie C. S. M., Onggo B. S., Robinson S., Kunc M., Taylor S. J. E. (2019). Strengthening the reporting of
empirical simulation studies: introducing the STRESS guidelines. Journal of Simulation 13, 55-67.
doi:10.1080/17477778.2018.1442155
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import Any

import numpy as np

import sim
from sim.analysis.events import played
from sim.analysis.warm_up import backlog, mser5
from sim.experiment.replications import engine_named, simulated
from sim.experiment.workers import Work
from sim.model.plan import Plan
from sim.report.changes import told
from sim.report.titles import Titles
from sim.scenario.checks.size import expected_rows
from sim.scenario.differences import differences
from sim.scenario.evidence import numbers, shares
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.language.quantities import write_share
from sim.scenario.levers import levers
from sim.scenario.library import library
from sim.scenario.loading import pull, read
from sim.scenario.schema import Duration, Headcount, Limit, Pool, Scenario, StartRule, Step, TrialClass, fingerprint
from sim.scenario.stages.tasks import Process, Task
from sim.tables import as_markdown

PROVENANCE = {"source", "assumption", "sampling", "note", "title"}
VARIANT_WHEN = ("when", "submitted_from", "submitted_to")
LOOKED_AT = 3
"""Replications whose backlog is looked at for the warm-up."""
ACTIVITY = ("task", "called", "stage", "at each", "waits for", "takes", "clock", "limit")


def model_page(name: str) -> str:
    """The page of a scenario, a file or a shipped name.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read.
    """
    loaded = read(name)
    scenario, windows = loaded.scenario, loaded.scenario.windows
    plan, titles = Plan(scenario, loaded.process), Titles(scenario, "en")
    tasks = plan.process.tasks
    stages = dict.fromkeys(task.stage for task in tasks if task.stage not in ("arrival", "milestones"))
    found = numbers(loaded)
    graded = (f"{grade} {share:.0%}" for grade, share in shares(found).items() if share)
    return Template((files("sim.report") / "model_page.md").read_text(encoding="utf-8")).substitute(
        name=name,
        title=scenario.title.en,
        question=scenario.question.en if scenario.question else "none is stated.",
        goal=_goal(scenario),
        indicators=_table(("indicator", "from", "to", "levels"), _indicators(scenario)),
        diagrams="\n\n".join(
            f"### {titles.stage(stage)}\n\n{diagram(plan.process, stage, titles)}" for stage in stages
        ),
        levers="\n".join(_levers(name, scenario)),
        classes=_table(("class", "arrivals", "sites", "sponsors", "attributes"), map(_class, scenario.classes)),
        activities=_table(ACTIVITY, _activities(plan, titles)),
        pools=_table(
            ("pool", "called", "per", "people or sittings", "serves", "away"),
            (_pool(scenario, titles, *each) for each in scenario.pools.items()),
        ),
        grades=", ".join(graded),
        aims="\n".join(_aims(name)) or "- nothing: it is not in the library.",
        variants=_table(("task", "for", "differs in"), _variants(plan)),
        patients=_patients(scenario),
        staff=_table(("type", "number", "people"), _staff(scenario, titles)),
        amount=len(found),
        diagnosis=_diagnosis(plan),
        rows=f"{round(expected_rows(scenario), -2):,.0f}",
        version=sim.__version__,
        fingerprint=fingerprint(scenario)[:16],
        warm_up=windows.warm_up,
        observation=windows.observation,
        follow_up=windows.follow_up,
    )


def _aims(name: str) -> Iterator[str]:
    """The scenarios of the library that build on this one, and what they ask."""
    return (f"- `{each.name}`: {each.question.en}" for each in library() if name in (each.name, each.base))


def _variants(plan: Plan) -> Iterator[tuple[str, ...]]:
    for task in plan.process.tasks:
        for name, step in task.steps:
            for each in step.variants:
                dates = {"from": each.submitted_from, "to": each.submitted_to}
                when = _said({**each.when, **{word: day for word, day in dates.items() if day}}) or "all"
                changes = {key: value for key, value in _bare(each).items() if key not in VARIANT_WHEN}
                yield f"`{name}`", when, _said(_plain(changes))


def _plain(written: Any) -> Any:
    """What was written, without what is said about its numbers at any depth."""
    if isinstance(written, dict):
        return {key: _plain(value) for key, value in written.items() if key not in PROVENANCE}
    return [_plain(each) for each in written] if isinstance(written, list) else written


def _patients(scenario: Scenario) -> str:
    if (stage := scenario.inclusion) is None:
        return "none are simulated."
    known, failure = (write_share(each.share) for each in (stage.known, stage.screen_failure))
    others = "".join(f"; for {_said(each.when)}: {_said(_referred(each))}" for each in stage.variants)
    return (
        f"a trial includes {stage.patients.number}; {known} of sites know one when they open; "
        f"candidates are referred to a site at {_bare(stage.referrals)['rate']} "
        f"(gamma with shape {stage.referrals.alpha:g} over sites); {failure} fail the screening{others}."
    )


def _referred(variant: Any) -> dict[str, Any]:
    return {key: value for key, value in _bare(variant).items() if key not in VARIANT_WHEN}


def _staff(scenario: Scenario, titles: Titles) -> Iterator[tuple[str, ...]]:
    kinds = {**scenario.site_types, **scenario.sponsor_types}
    sites = Counter(site.type for site in scenario.sites)
    for name, kind in kinds.items():
        number = sites[name] if name in scenario.site_types else kind.number or 1
        yield f"`{name}`", str(number), _people(kind.people, titles)
    for site in scenario.sites:
        if site.people:
            yield f"site `{site.name}`", "1", _people(site.people, titles)


def _people(people: Mapping[str, Headcount], titles: Titles) -> str:
    each = (f"{titles.pool(pool)} {_headcount(units)}" for pool, units in people.items())
    return ", ".join(each) or "none of their own"


def _headcount(units: Headcount) -> str:
    """Such as '3', or '1 from 2026-01-01, 2 from 2026-07-01'."""
    return ", ".join(f"{n} from {day}" for day, n in units.items()) if isinstance(units, dict) else str(units)


def _diagnosis(plan: Plan) -> str:
    """Where MSER-5 would cut the backlog, in a sentence."""
    days = round(plan.scenario.windows.warm_up.days)
    engine = engine_named("auto", round(LOOKED_AT * expected_rows(plan.scenario)))
    work = Work("described", plan, seed=1, engine=engine)
    cut = mser5(np.mean([backlog(played(plan, *simulated(work, number))) for number in range(LOOKED_AT)], axis=0))
    seen = f"MSER-5 on the backlog (requests that wait at midnight, mean of {LOOKED_AT} replications, seed 1)"
    if cut is None:
        return f"{seen} finds no cut in the first half: the queues do not settle while they are watched."
    verdict = "as long as it needs to be" if cut <= days else "shorter than that, and should be lengthened"
    return f"{seen} would leave out the first {cut} days: the warm-up is {verdict}."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return as_markdown([head, *rows]).rstrip("\n")


def _goal(scenario: Scenario) -> str:
    goal = scenario.goal
    if goal is None:
        return "No goal is stated."
    about = f", for trials with {_said(goal.scope)}" if goal.scope else ""
    return f"The goal: from `{goal.from_}` to `{goal.to}` within {goal.within}, {goal.counted} days by dates{about}."


def _indicators(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    for each in scenario.indicators:
        less = f", less {', '.join(each.less)}" if each.less else ""
        yield f"`{each.name}`", each.from_, each.to + less, ", ".join(each.levels)


def _levers(name: str, scenario: Scenario) -> Iterator[str]:
    """What each shipped lever that fits changes, in words."""
    for lever in levers():
        try:
            found = differences(scenario, pull(name, [lever.name]))
        except ScenarioError:
            continue  # a lever for another kind of process
        changes = [told(each, "en") for each in found if each.path[0] != "levers"]
        yield f"- **{lever.title.en}** (`{lever.name}`). {lever.mechanism}"
        yield from (f"  - {change}" for change in changes or ["nothing more: it is pulled already"])


def _class(written: TrialClass) -> tuple[str, ...]:
    sponsors = {name: write_share(share) for name, share in (written.sponsors or {}).items()}
    return (
        f"`{written.name}`",
        _arrivals(written),
        _said(_bare(written.sites)) or "none",
        _said(sponsors),
        _said(written.model_dump(mode="json")["attributes"]),
    )


def _arrivals(written: TrialClass) -> str:
    said = written.model_dump(mode="json", include={"volume", "volume_by_date"}, exclude_none=True)
    return _said(said.get("volume_by_date") or {}) or said.get("volume") or f"{len(written.dates or ())} dates"


def _activities(plan: Plan, titles: Titles) -> Iterator[tuple[str, ...]]:
    for task in plan.process.tasks:
        rules = ", ".join(map(str, task.starts)) + (f" (any {task.first_of})" if task.first_of else "")
        for number, (name, step) in enumerate(task.steps):
            yield (
                f"`{name}`",
                titles.event(name),
                task.stage,
                task.scope,
                rules if number == 0 else f"`{task.steps[number - 1][0]}`",
                _work(step),
                step.clock or "",
                _limit(step.limit) if step.limit else "",
            )


def _limit(limit: Limit) -> str:
    within = _spread(limit.within) if isinstance(limit.within, Duration) else str(limit.within)
    return f"{within}{' to the start' if limit.until == 'start' else ''}, then {limit.then}"


def _team(step: Step, titles: Titles) -> str:
    """The people of a step, such as '2 nurses + monitors, until first dose'."""
    many = ((titles.pool(name), units) for name, units in Counter(step.team).items())
    people = " + ".join(f"{units} {name}" if units > 1 else name for name, units in many)
    return f"{people}, until {titles.event(step.kept_until)}" if step.kept_until else people


def _work(step: Step) -> str:
    return _spread(step.work) if step.work is not None else "no time"


def _spread(work: Duration) -> str:
    return _said(_bare(work))


def _pool(scenario: Scenario, titles: Titles, name: str, written: Pool) -> tuple[str, ...]:
    sittings = written.sittings
    who = (
        f"{sittings.bodies} bodies, every {sittings.every}, {sittings.seats} seats each"
        if sittings
        else ("see site and sponsor types" if written.units is None else _headcount(written.units))
    )
    away = [f"{each.from_} to {each.to}: {each.present:.0%} present" for each in scenario.leave_of(written)]
    away += [f"{each.from_} to {each.to}: {each.units} away" for each in written.absences]
    shared = f", shared by {written.shared_by}" if written.shared_by else ""
    return (
        f"`{name}`",
        titles.pool(name),
        written.per + shared,
        who,
        f"first {written.order}, {written.clock or 'always'}",
        "; ".join(away),
    )


def _bare(record: Any) -> dict[str, Any]:
    """A record as it is written, without what it says about its numbers."""
    if record is None:
        return {}
    written = record.model_dump(mode="json", exclude_none=True)
    return {key: value for key, value in written.items() if key not in PROVENANCE}


def _said(mapping: Any) -> str:
    if isinstance(mapping, dict):
        return ", ".join(f"{key} {_said(value)}" for key, value in mapping.items())
    return (
        ", ".join(map(str, mapping))
        if isinstance(mapping, (list, tuple))
        else str(mapping).lower()
        if isinstance(mapping, bool)
        else f"{mapping:.3g}"
        if isinstance(mapping, float)
        else str(mapping)
    )


def diagram(process: Process, stage: str, titles: Titles) -> str:
    """One stage as a Mermaid flowchart, in a fenced block of Markdown."""
    tasks = [task for task in process.tasks if task.stage == stage]
    lines = [*(_box(task, titles) for task in tasks), *_arrows(process, tasks, titles)]
    return "\n".join(("```mermaid", "flowchart LR", *(f"  {line}" for line in dict.fromkeys(lines)), "```"))


def _box(task: Task, titles: Titles) -> str:
    """A task with the people that it needs, the share of places that need it, and its rounds."""
    people = " / ".join(dict.fromkeys(_team(step, titles) for _, step in task.steps if step.pool))
    share = f"for {write_share(task.step.share)}" if task.step.share is not None else ""
    rounds = "in rounds" if task.rounds is not None else ""
    only = f"only {task.role} sites" if task.role else f"at each {task.scope}"
    variants = "variants" if any(step.variants for _, step in task.steps) else ""
    label = "<br/>".join(part for part in (titles.event(task.name), only, people, share, rounds, variants) if part)
    return f"{task.name}[{_quoted(label)}]"


def _arrows(process: Process, tasks: list[Task], titles: Titles) -> Iterator[str]:
    inside = {task.name for task in tasks}
    for task in tasks:
        for rule in task.starts:
            awaited = process.named[rule.event].name
            if awaited not in inside:
                yield f"{rule.event}([{_quoted(titles.event(rule.event).replace(' minus ', ' − '))}])"
            yield f"{awaited if awaited in inside else rule.event} -->{_lag(rule)} {task.name}"
        if task.along_with in inside:
            yield f"{task.along_with} -. only then .-> {task.name}"
        if task.unless in inside:
            yield f"{task.unless} -. not then .-> {task.name}"


def _quoted(label: str) -> str:
    return '"' + label.replace('"', "#quot;") + '"'


def _lag(rule: StartRule) -> str:
    said = " ".join(part for part in (rule.which or "", f"+ {rule.lag}" if rule.lag is not None else "") if part)
    return f"|{said}|" if said else ""
