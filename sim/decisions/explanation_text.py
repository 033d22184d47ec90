"""Where the days go, in sentences and tables, in English and French: explanations, reruns, the story of a trial."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sim.analysis.explained import PARTS
from sim.decisions.explaining import WAITS, Explanation, moved
from sim.decisions.rerunning import Effect, What
from sim.decisions.telling import Step, Told
from sim.decisions.text import Rows, amount, wrapped
from sim.report.titles import Titles
from sim.report.words import Language, between, day, days, goal_days, number, say, share, signed
from sim.tables import as_text


def explanation_text(found: Sequence[Explanation], language: Language, effects: Sequence[Sequence[Effect]] = ()) -> str:
    """Where the days go in each scenario, who is waited for, what stands in the way; of two, what differs.

    `effects` are those of reruns of each scenario, if there are any.
    """
    parts = []
    for place, each in enumerate(found):
        titles = Titles(each.work.scenario, language)
        if not each.trials:
            parts.append(wrapped([_nobody(each, titles)]))
            continue
        parts += [wrapped(_explained(each, titles)), _days_table(each, titles)]
        parts += [table for table in (_waits_table(each, titles), _margins_table(each, titles)) if table]
        if each.held:
            parts.append(wrapped([_held_sentence(each, titles)]))
        if effects:
            parts.append(_effects_table(effects[place], titles))
    if len(found) > 1 and all(each.trials for each in found):
        parts.append(_moved_table(found[0], found[-1], language))
    readings = ["explain_reading", *(["effects_reading"] if effects else [])]
    return "\n".join([*parts, wrapped(say(each, language) for each in readings)])


def _explained(found: Explanation, titles: Titles) -> Iterator[str]:
    goal, language = found.work.scenario.goal, titles.language
    assert goal is not None  # an explanation has one
    waited = sum(sum(row.parts[kind] for kind in WAITS) for row in found.rows)
    yield say(
        "explain_answer",
        language,
        scenario=titles.whole,
        days=days(found.total.value, language),
        interval=f"{say('interval', language)} {between(found.total.low, found.total.high, language)}",
        since=titles.event(goal.from_),
        to=titles.event(goal.to),
        waited=days(waited, language),
    )


def _nobody(found: Explanation, titles: Titles) -> str:
    """That there is nothing to explain."""
    goal = found.work.scenario.goal
    assert goal is not None  # an explanation has one
    said = {"since": titles.event(goal.from_), "to": titles.event(goal.to)}
    return say("explain_nobody", titles.language, scenario=titles.whole, **said)


def _days_table(found: Explanation, titles: Titles) -> str:
    language = titles.language
    kinds = [kind for kind in PARTS if any(row.parts[kind] >= 0.05 for row in found.rows)]
    head = (
        say("task", language),
        say("days", language),
        *(say(f"part_{kind}", language) for kind in kinds),
        say("critical", language),
    )
    rows: Rows = [head]
    for row in found.rows:
        if row.days.value >= 0.05:
            cells = (number(row.parts[kind], language) for kind in kinds)
            rows.append(
                (titles.event(row.task), number(row.days.value, language), *cells, share(row.critical.value, language))
            )
    return as_text(rows, right={*range(1, len(head))})


def _waits_table(found: Explanation, titles: Titles) -> str:
    language = titles.language
    shown = [each for each in found.waits if each.days.value >= 0.05]
    kinds = [kind for kind in WAITS if any(each.parts[kind] >= 0.05 for each in shown)]
    head = ("waited_for", "days", *(f"part_{kind}" for kind in kinds), "critical")
    rows: Rows = [tuple(say(key, language) for key in head)]
    for each in shown:
        cells = (number(part, language) for part in (each.days.value, *(each.parts[kind] for kind in kinds)))
        rows.append((titles.pool(each.pool), *cells, share(each.critical.value, language)))
    return as_text(rows, right={*range(1, len(head))}) if shown else ""


def _margins_table(found: Explanation, titles: Titles) -> str:
    language = titles.language
    rows: Rows = [tuple(say(key, language) for key in ("prerequisite", "last", "margin", "unlocks"))]
    for each in found.margins[:8]:
        names = " + ".join(titles.event(name) for name in each.prerequisites)
        last = share(each.last, language) if len(each.prerequisites) == 1 else ""
        rows.append((names, last, number(each.days, language), share(each.unlocks, language)))
    return as_text(rows, right={1, 2, 3}) if len(rows) > 1 else ""


def _held_sentence(found: Explanation, titles: Titles) -> str:
    classes = {each.name: titles.trial_class(each.name) for each in found.work.scenario.classes}
    items = (
        say(
            "explain_held_item",
            titles.language,
            pool=titles.pool(pool),
            work=classes[name],
            days=days(spent, titles.language),
        )
        for pool, name, spent in found.held[:3]
    )
    return say("explain_held", titles.language, items=", ".join(items))


def _moved_table(a: Explanation, b: Explanation, language: Language) -> str:
    before, after = Titles(a.work.scenario, language), Titles(b.work.scenario, language)
    total = b.total.value - a.total.value
    rows: Rows = [(say("task", language), before.whole, after.whole, say("difference", language))]
    for each in moved(a, b):
        if abs(each.difference.value) >= 0.05:
            figures = (
                number(each.before, language),
                number(each.after, language),
                amount(each.difference, "days", language),
            )
            rows.append((after.event(each.task), *figures))
    rows.append(
        (
            say("in_all", language),
            number(a.total.value, language),
            number(b.total.value, language),
            signed(total, language),
        )
    )
    return as_text(rows, right={1, 2, 3})


def change_title(effect: Effect, titles: Titles) -> str:
    """What is changed in a rerun."""
    if effect.change.what is What.TASK:
        return say("effect_task", titles.language, task=titles.event(effect.change.name))
    return say("effect_pool", titles.language, pool=titles.pool(effect.change.name))


def _effects_table(found: Sequence[Effect], titles: Titles) -> str:
    language = titles.language
    head = ("effect_change", "effect_margin", "effect_days", "effect_share")
    rows: Rows = [tuple(say(key, language) for key in head)]
    for each in found:
        cells = amount(each.days, "days", language), amount(each.share, "share", language)
        rows.append((change_title(each, titles), number(each.margin, language), *cells))
    return as_text(rows, right={1, 2, 3})


def story_text(found: Sequence[Told], language: Language) -> str:
    """The story of one trial under each scenario: the answer, the way that decided it, and all its tasks."""
    parts = []
    for each in found:
        titles = Titles(each.scenario, language)
        parts += [wrapped(_story(each, titles)), _steps_table(each, titles)]
    return "\n".join([*parts, wrapped([say("story_reading", language)])])


def _story(found: Told, titles: Titles) -> Iterator[str]:
    goal, language = titles.scenario.goal, titles.language
    assert goal is not None  # an explanation has one
    said = {
        "scenario": titles.whole,
        "trial": ", ".join(each for each in (found.trial, titles.site(found.story.site)) if each),
        "since": titles.event(goal.from_),
        "day": day(found.began.date(), language),
        "to": titles.event(goal.to),
        "goal": goal_days(goal, language),
    }
    if found.days is None:
        yield say("story_not_there", language, **said)
        return
    there = day((found.began + timedelta(found.days)).date(), language)
    outcome = "story_there" if found.within is None else "story_kept" if found.within else "story_missed"
    yield say(outcome, language, there=there, days=days(found.days, language), **said)
    if found.way:
        yield say("story_way", language, items=say("then", language).join(_on_way(each, titles) for each in found.way))


def _on_way(step: Step, titles: Titles) -> str:
    """A step on the way: its days, and who was waited for."""
    language = titles.language
    task = titles.event(step.row.task)
    if step.waited_on_way < 0.05:
        return say("story_step", language, task=task, days=days(step.on_way, language))
    return say(
        "story_step_waited",
        language,
        task=task,
        days=days(step.on_way, language),
        wait=days(step.waited_on_way, language),
        pool=titles.pool(step.pool),
        why=_why(step, titles),
    )


def _why(step: Step, titles: Titles) -> str:
    """Why a step waited: the kinds of its wait, and what those at work had in hand."""
    language = titles.language
    kinds = [kind for kind, spent in step.waits.items() if spent >= 0.05]
    why = ", ".join(say(f"part_{kind}", language) for kind in kinds)
    if step.held and {"busy", "overtaken"} & {*kinds}:
        held = ", ".join(titles.trial_class(name) for name, _ in step.held[:2])
        return say("story_held", language, why=why, held=held)
    return why


def _steps_table(found: Told, titles: Titles) -> str:
    language = titles.language
    keys = ("task", "story_ready", "story_start", "story_end", "story_wait", "story_pool", "story_why", "critical")
    rows: Rows = [tuple(say(key, language) for key in keys)]
    for each in found.steps:
        if each.row.end - each.row.ready < 0.05 and not each.on_way:
            continue
        moments = (_moment(found.began + timedelta(at)) for at in (each.row.ready, each.row.start, each.row.end))
        wait = number(each.wait, language) if each.wait >= 0.05 else ""
        pool, why = (titles.pool(each.pool), _why(each, titles)) if wait else ("", "")
        on_way = number(each.on_way, language) if each.on_way else ""
        turn = f" {each.row.round}" if each.row.round > 1 else ""
        rows.append((f"{titles.event(each.row.task)}{turn}", *moments, wait, pool, why, on_way))
    return as_text(rows, right={4, 7})


def _moment(at: datetime) -> str:
    """A date in a column: the same in every language."""
    return at.date().isoformat()
