"""What is simulated, for a reviewer: the process drawn stage by stage, and every part of it in tables, as Markdown.

The prose stands in `model_page.en.md` and `model_page.fr.md`, in the order of the STRESS-DES items; everything about
the scenario is filled in from the scenario itself. A stage is a Mermaid diagram: boxes for tasks, arrows for "waits
for".

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
from sim.report.words import Language, grade_letter, number, quantity, say, share, unbroken, worded
from sim.scenario.checks.size import expected_rows
from sim.scenario.differences import differences
from sim.scenario.evidence import numbers, shares
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.language.quantities import Span, write_share
from sim.scenario.levers import levers
from sim.scenario.library import library
from sim.scenario.loading import pull, read
from sim.scenario.schema import Duration, Headcount, Limit, Pool, Scenario, StartRule, Step, TrialClass, fingerprint
from sim.scenario.stages.tasks import Process, Task, Words
from sim.tables import as_markdown

PROVENANCE = {"source", "assumption", "sampling", "note", "title"}
VARIANT_WHEN = ("when", "submitted_from", "submitted_to")
LOOKED_AT = 3
"""Replications whose backlog is looked at for the warm-up."""
WORDS: Mapping[str, Words] = {
    "question": ("none is stated.", "aucune n'est posée."),
    "aims": ("- nothing: it is not in the library.", "- rien : il n'est pas dans la bibliothèque."),
    "no_goal": ("No goal is stated.", "Aucun objectif n'est fixé."),
    "goal": (
        "The goal: from `{since}` to `{to}` within {within}, {counted} days by dates{about}.",
        "L'objectif : de `{since}` à `{to}` dans les {within}, en jours {counted} de date à date{about}.",
    ),
    "calendar": ("calendar", "calendaires"),
    "working": ("working", "ouvrés"),
    "for_trials": (", for trials with {what}", ", pour les essais avec {what}"),
    "no_patients": ("none are simulated.", "aucun n'est simulé."),
    "patients": (
        "a trial includes {number}; {known} of sites know one when they open; candidates are referred to a site at "
        "{rate} (gamma with shape {alpha} over sites); {failure} fail the screening{others}.",
        "un essai en inclut {number} ; {known} des centres en connaissent un à leur ouverture ; les candidats sont "
        "adressés à un centre au rythme de {rate} (gamma de forme {alpha} entre centres) ; {failure} échouent à la "
        "sélection{others}.",
    ),
    "other_patients": ("; for {when}: {what}", " ; pour {when} : {what}"),
    "site": ("site {name}", "centre {name}"),
    "no_people": ("none of their own", "aucune en propre"),
    "people_from": ("{n} from {day}", "{n} dès le {day}"),
    "all": ("all", "tous"),
    "less": (", less {what}", ", moins {what}"),
    "dates": ("{n} dates", "{n} dates"),
    "any": (" (any {n})", " ({n} au choix)"),
    "any_then_drop": (" (any {n}, the others are dropped)", " ({n} au choix, les autres sont abandonnées)"),
    "all_but": (" (all sites but {n})", " (tous les centres sauf {n})"),
    "reserve": ("; {n} stand by for who leaves", " ; {n} en réserve pour remplacer qui se retire"),
    "hold": ("; nobody is referred from {since} to {to}", " ; personne n'est adressé du {since} au {to}"),
    "batch": ("{n} together, as soon as so many wait", "{n} ensemble, dès que {n} attendent"),
    "pauses": ("{people}, who pause for smaller priorities", "{people}, qui s'interrompent pour plus urgent"),
    "to_the_start": ("{within} to the start, then {then}", "{within} jusqu'au début, puis {then}"),
    "then": ("{within}, then {then}", "{within}, puis {then}"),
    "kept": ("{people}, until {event}", "{people}, jusqu'à {event}"),
    "no_time": ("no time", "aucun temps"),
    "sittings": (
        "{n} bodies, every {every}, {seats} seats each",
        "{n} instances, chaque {every}, {seats} places chacune",
    ),
    "see_types": ("see site and sponsor types", "voir les types de centres et de promoteurs"),
    "present": ("{since} to {to}: {share} present", "du {since} au {to} : {share} présents"),
    "away": ("{since} to {to}: {n} away", "du {since} au {to} : {n} absents"),
    "shared": (", shared by {what}", ", commune par {what}"),
    "serves": ("first {order}, {clock}", "premier {order}, {clock}"),
    "ready": ("ready", "prêt"),
    "due": ("due", "à échoir"),
    "always": ("always", "toujours"),
    "week": ("week", "semaine"),
    "two_weeks": ("two_weeks", "quinzaine"),
    "month": ("month", "mois"),
    "lever_idle": ("nothing more: it is pulled already", "rien de plus : il est déjà actionné"),
    "unsettled": (
        "MSER-5 on the backlog (requests that wait at midnight, mean of {n} replications, seed 1) finds no cut in the "
        "first half: the queues do not settle while they are watched.",
        "MSER-5 sur le stock (demandes en attente à minuit, moyenne de {n} réplications, graine 1) ne trouve pas de "
        "coupe dans la première moitié : les files ne se stabilisent pas tant qu'on les observe.",
    ),
    "long_enough": (
        "MSER-5 on the backlog (requests that wait at midnight, mean of {n} replications, seed 1) would leave out the "
        "first {cut} days: the warm-up is as long as it needs to be.",
        "MSER-5 sur le stock (demandes en attente à minuit, moyenne de {n} réplications, graine 1) laisserait de côté "
        "les {cut} premiers jours : la montée en charge est assez longue.",
    ),
    "too_short": (
        "MSER-5 on the backlog (requests that wait at midnight, mean of {n} replications, seed 1) would leave out the "
        "first {cut} days: the warm-up is shorter than that, and should be lengthened.",
        "MSER-5 sur le stock (demandes en attente à minuit, moyenne de {n} réplications, graine 1) laisserait de côté "
        "les {cut} premiers jours : la montée en charge est plus courte, et devrait être allongée.",
    ),
    "only_role": ("only {what} sites", "seuls les centres « {what} »"),
    "at_trial": ("at each trial", "par essai"),
    "at_site": ("at each site", "par centre"),
    "at_patient": ("at each patient", "par patient"),
    "for_share": ("for {share}", "pour {share}"),
    "in_rounds": ("in rounds", "par tours"),
    "has_variants": ("variants", "variantes"),
    "only_then": ("only then", "alors seulement"),
    "not_then": ("not then", "pas alors"),
}
HEADS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "indicators": (("indicator", "from", "to", "levels"), ("indicateur", "de", "à", "niveaux")),
    "classes": (
        ("class", "arrivals", "sites", "sponsors", "attributes"),
        ("catégorie", "arrivées", "centres", "promoteurs", "attributs"),
    ),
    "activities": (
        ("task", "called", "stage", "at each", "waits for", "takes", "clock", "limit"),
        ("tâche", "nom", "étape", "pour chaque", "attend", "prend", "horloge", "délai"),
    ),
    "pools": (
        ("pool", "called", "per", "people or sittings", "serves", "away"),
        ("équipe", "nom", "par", "personnes ou séances", "sert", "absences"),
    ),
    "variants": (("task", "for", "differs in"), ("tâche", "pour", "diffère par")),
    "staff": (("type", "number", "people"), ("type", "nombre", "personnes")),
}


def model_page(name: str, language: Language = "en") -> str:
    """The page of a scenario, a file or a shipped name.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read.
    """
    loaded = read(name)
    scenario, windows = loaded.scenario, loaded.scenario.windows
    plan, titles = Plan(scenario, loaded.process), Titles(scenario, language)
    tasks = plan.process.tasks
    stages = dict.fromkeys(task.stage for task in tasks if task.stage not in ("arrival", "milestones"))
    found = numbers(loaded)
    graded = (
        f"{grade_letter(grade, language)} {share(part, language)}" for grade, part in shares(found).items() if part
    )
    prose = (files("sim.report") / f"model_page.{language}.md").read_text(encoding="utf-8")
    return Template(unbroken(prose, language) if language == "fr" else prose).substitute(
        name=name,
        title=titles.whole,
        question=getattr(scenario.question, language) if scenario.question else _word("question", language),
        goal=_goal(scenario, language),
        indicators=_table("indicators", language, _indicators(scenario, language)),
        diagrams="\n\n".join(
            f"### {titles.stage(stage)}\n\n{diagram(plan.process, stage, titles)}" for stage in stages
        ),
        levers="\n".join(_levers(name, scenario, language)),
        classes=_table("classes", language, (_class(each, language) for each in scenario.classes)),
        activities=_table("activities", language, _activities(plan, titles)),
        pools=_table("pools", language, (_pool(scenario, titles, *each) for each in scenario.pools.items())),
        grades=", ".join(graded),
        aims="\n".join(_aims(name, language)) or _word("aims", language),
        variants=_table("variants", language, _variants(plan, language)),
        patients=_patients(scenario, language),
        staff=_table("staff", language, _staff(scenario, titles)),
        amount=number(len(found), language, digits=0),
        diagnosis=_diagnosis(plan, language),
        rows=number(round(expected_rows(scenario), -2), language, digits=0),
        version=sim.__version__,
        fingerprint=fingerprint(scenario)[:16],
        warm_up=_span(windows.warm_up, language),
        observation=_span(windows.observation, language),
        follow_up=_span(windows.follow_up, language),
    )


def _word(key: str, language: Language, **values: object) -> str:
    """A wording of the page with its blanks filled."""
    return worded(WORDS[key], language, **{name: str(value) for name, value in values.items()})


def _span(span: Span, language: Language) -> str:
    """A length of time as the page says it; in English as it is written."""
    return str(span) if language == "en" else quantity(span.value, span.unit, language)


def _aims(name: str, language: Language) -> Iterator[str]:
    """The scenarios of the library that build on this one, and what they ask."""
    colon = unbroken(" :", "fr") if language == "fr" else ":"
    asked = ((each.name, getattr(each.question, language)) for each in library() if name in (each.name, each.base))
    return (f"- `{scenario}`{colon} {question}" for scenario, question in asked)


def _variants(plan: Plan, language: Language) -> Iterator[tuple[str, ...]]:
    for task in plan.process.tasks:
        for name, step in task.steps:
            for each in step.variants:
                dates = {"from": each.submitted_from, "to": each.submitted_to}
                when = _said({**each.when, **{word: day for word, day in dates.items() if day}}) or _word(
                    "all", language
                )
                changes = {key: value for key, value in _bare(each).items() if key not in VARIANT_WHEN}
                yield f"`{name}`", when, _said(_plain(changes))


def _plain(written: Any) -> Any:
    """What was written, without what is said about its numbers at any depth."""
    if isinstance(written, dict):
        return {key: _plain(value) for key, value in written.items() if key not in PROVENANCE}
    return [_plain(each) for each in written] if isinstance(written, list) else written


def _patients(scenario: Scenario, language: Language) -> str:
    if (stage := scenario.inclusion) is None:
        return _word("no_patients", language)
    others = [_word("hold", language, since=each.from_, to=each.to) for each in stage.holds]
    others += [
        _word("other_patients", language, when=_said(each.when), what=_said(_referred(each))) for each in stage.variants
    ]
    return _word(
        "patients",
        language,
        number=stage.patients.number,
        known=write_share(stage.known.share),
        rate=_bare(stage.referrals)["rate"],
        alpha=f"{stage.referrals.alpha:g}",
        failure=write_share(stage.screen_failure.share),
        others="".join(others),
    )


def _referred(variant: Any) -> dict[str, Any]:
    return {key: value for key, value in _bare(variant).items() if key not in VARIANT_WHEN}


def _staff(scenario: Scenario, titles: Titles) -> Iterator[tuple[str, ...]]:
    kinds = {**scenario.site_types, **scenario.sponsor_types}
    sites = Counter(site.type for site in scenario.sites)
    for name, kind in kinds.items():
        many = sites[name] if name in scenario.site_types else kind.number or 1
        yield f"`{name}`", str(many), _people(kind.people, titles)
    for site in scenario.sites:
        if site.people:
            yield _word("site", titles.language, name=f"`{site.name}`"), "1", _people(site.people, titles)


def _people(people: Mapping[str, Headcount], titles: Titles) -> str:
    each = (f"{titles.pool(pool)} {_headcount(units, titles.language)}" for pool, units in people.items())
    return ", ".join(each) or _word("no_people", titles.language)


def _headcount(units: Headcount, language: Language) -> str:
    """Such as '3', or '1 from 2026-01-01, 2 from 2026-07-01'."""
    if not isinstance(units, dict):
        return str(units)
    return ", ".join(_word("people_from", language, n=n, day=day) for day, n in units.items())


def _diagnosis(plan: Plan, language: Language) -> str:
    """Where MSER-5 would cut the backlog, in a sentence."""
    days = round(plan.scenario.windows.warm_up.days)
    engine = engine_named("auto", round(LOOKED_AT * expected_rows(plan.scenario)))
    work = Work("described", plan, seed=1, engine=engine)
    cut = mser5(np.mean([backlog(played(plan, *simulated(work, number))) for number in range(LOOKED_AT)], axis=0))
    if cut is None:
        return _word("unsettled", language, n=LOOKED_AT)
    return _word("long_enough" if cut <= days else "too_short", language, n=LOOKED_AT, cut=cut)


def _table(what: str, language: Language, rows: Iterable[Sequence[str]]) -> str:
    return as_markdown([HEADS[what][language == "fr"], *rows]).rstrip("\n")


def _goal(scenario: Scenario, language: Language) -> str:
    goal = scenario.goal
    if goal is None:
        return _word("no_goal", language)
    about = _word("for_trials", language, what=_said(goal.scope)) if goal.scope else ""
    counted = _word(goal.counted, language)
    ends = {"since": goal.from_, "to": goal.to, "within": _span(goal.within, language)}
    return _word("goal", language, **ends, counted=counted, about=about)


def _indicators(scenario: Scenario, language: Language) -> Iterator[tuple[str, ...]]:
    for each in scenario.indicators:
        less = _word("less", language, what=", ".join(each.less)) if each.less else ""
        yield f"`{each.name}`", each.from_, each.to + less, ", ".join(each.levels)


def _levers(name: str, scenario: Scenario, language: Language) -> Iterator[str]:
    """What each shipped lever that fits changes, in words."""
    for lever in levers():
        try:
            found = differences(scenario, pull(name, [lever.name]))
        except ScenarioError:
            continue  # a lever for another kind of process
        changes = [told(each, language) for each in found if each.path[0] != "levers"]
        yield f"- **{getattr(lever.title, language)}** (`{lever.name}`). {getattr(lever.mechanism, language)}"
        yield from (f"  - {change}" for change in changes or [_word("lever_idle", language)])


def _class(written: TrialClass, language: Language) -> tuple[str, ...]:
    sponsors = {name: write_share(share) for name, share in (written.sponsors or {}).items()}
    reserve = _word("reserve", language, n=written.reserve) if written.reserve else ""
    return (
        f"`{written.name}`",
        _arrivals(written, language),
        (_said(_bare(written.sites)) or say("none", language)) + reserve,
        _said(sponsors),
        _said(written.model_dump(mode="json")["attributes"]),
    )


def _arrivals(written: TrialClass, language: Language) -> str:
    said = written.model_dump(mode="json", include={"volume", "volume_by_date"}, exclude_none=True)
    dates = _word("dates", language, n=len(written.dates or ()))
    return _said(said.get("volume_by_date") or {}) or said.get("volume") or dates


def _activities(plan: Plan, titles: Titles) -> Iterator[tuple[str, ...]]:
    for task in plan.process.tasks:
        rules = ", ".join(map(str, task.starts)) + _how_many(task, titles.language)
        for place, (name, step) in enumerate(task.steps):
            yield (
                f"`{name}`",
                titles.event(name),
                task.stage,
                task.scope,
                rules if place == 0 else f"`{task.steps[place - 1][0]}`",
                _work(step, titles.language),
                step.clock or "",
                _limit(step.limit, titles.language) if step.limit else "",
            )


def _how_many(task: Task, language: Language) -> str:
    """How many of the awaited events suffice, and what becomes of the others."""
    if task.all_but is not None:
        return _word("all_but", language, n=task.all_but)
    return _word("any_then_drop" if task.drops else "any", language, n=task.first_of) if task.first_of else ""


def _limit(limit: Limit, language: Language) -> str:
    within = _spread(limit.within) if isinstance(limit.within, Duration) else str(limit.within)
    return _word("to_the_start" if limit.until == "start" else "then", language, within=within, then=limit.then)


def _team(step: Step, titles: Titles) -> str:
    """The people of a step, such as '2 nurses + monitors, until first dose'."""
    many = ((titles.pool(name), units) for name, units in Counter(step.team).items())
    people = " + ".join(f"{units} {name}" if units > 1 else name for name, units in many)
    if not step.kept_until:
        return people
    return _word("kept", titles.language, people=people, event=titles.event(step.kept_until))


def _work(step: Step, language: Language) -> str:
    return _spread(step.work) if step.work is not None else _word("no_time", language)


def _spread(work: Duration) -> str:
    return _said(_bare(work))


def _pool(scenario: Scenario, titles: Titles, name: str, written: Pool) -> tuple[str, ...]:
    language, sittings = titles.language, written.sittings
    if sittings is not None:
        every = _word(sittings.every, language)
        who = _word("sittings", language, n=sittings.bodies, every=every, seats=sittings.seats)
    elif written.batch is not None:
        who = _word("batch", language, n=written.batch)
    else:
        who = _word("see_types", language) if written.units is None else _headcount(written.units, language)
    who = _word("pauses", language, people=who) if written.for_priority == "pause" else who
    leave, absences = scenario.leave_of(written), written.absences
    away = [
        _word("present", language, since=each.from_, to=each.to, share=share(each.present, language)) for each in leave
    ]
    away += [_word("away", language, since=each.from_, to=each.to, n=each.units) for each in absences]
    shared = _word("shared", language, what=written.shared_by) if written.shared_by else ""
    clock = written.clock or _word("always", language)
    return (
        f"`{name}`",
        titles.pool(name),
        written.per + shared,
        who,
        _word("serves", language, order=_word(written.order, language), clock=clock),
        say("then", language).join(away),
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
        ", ".join(map(_said, mapping))
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
    language, step = titles.language, task.step
    needed = _word("for_share", language, share=write_share(step.share)) if step.share is not None else ""
    rounds = _word("in_rounds", language) if task.rounds is not None else ""
    only = _word("only_role", language, what=task.role) if task.role else _word(f"at_{task.scope}", language)
    variants = _word("has_variants", language) if any(each.variants for _, each in task.steps) else ""
    label = "<br/>".join(part for part in (titles.event(task.name), only, people, needed, rounds, variants) if part)
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
            yield f"{task.along_with} -. {_word('only_then', titles.language)} .-> {task.name}"
        if task.unless in inside:
            yield f"{task.unless} -. {_word('not_then', titles.language)} .-> {task.name}"


def _quoted(label: str) -> str:
    return '"' + label.replace('"', "#quot;") + '"'


def _lag(rule: StartRule) -> str:
    said = " ".join(part for part in (rule.which or "", f"+ {rule.lag}" if rule.lag is not None else "") if part)
    return f"|{said}|" if said else ""
