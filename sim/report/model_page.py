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
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from string import Template
from typing import Any

from sim.model.plan import Plan
from sim.report.changes import told
from sim.report.titles import Titles
from sim.scenario.differences import differences
from sim.scenario.evidence import numbers, shares
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.language.quantities import write_share
from sim.scenario.levers import levers
from sim.scenario.loading import pull, read
from sim.scenario.schema import Duration, Limit, Pool, Scenario, StartRule, Step, TrialClass
from sim.scenario.stages.tasks import Process, Task
from sim.tables import as_markdown

PROVENANCE = {"source", "assumption", "sampling", "note", "title"}
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
    graded = (f"{grade} {share:.0%}" for grade, share in shares(numbers(loaded)).items() if share)
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
        warm_up=windows.warm_up,
        observation=windows.observation,
        follow_up=windows.follow_up,
    )


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
        else ("see site and sponsor types" if written.units is None else str(written.units))
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
