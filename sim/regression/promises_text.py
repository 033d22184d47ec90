"""What came of promises, in sentences: each promise with its number, the bound, and what more would tell."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from sim.analysis.estimates import Key, Kind
from sim.regression.promises import Held, Promise, Promises, Sense
from sim.report.answer import laws_told
from sim.report.titles import Titles
from sim.report.words import Language, between, days, days_between, goal_days, number, plain, say, share, share_between

WIDTH = 100
"""Columns of a sentence."""


def promises_text(found: Promises, language: Language) -> str:
    """How many promises are kept, then each of them in a sentence."""
    counts = {held: sum(each.held is held for each in found.promises) for held in Held}
    items = (f"{counts[held]} {held_title(held, language)}" for held in Held if counts[held])
    sentences = [say("check_answer", language, items=", ".join(items))]
    sentences += [
        f"{each.file}, {named(each, language)}{say('check_colon', language)}{sentence(each, language)}"
        for each in found.promises
    ]
    sentences += laws_told(found.comparison.results, language)
    return "\n".join("\n".join(textwrap.wrap(each, WIDTH, subsequent_indent="  ")) for each in sentences) + "\n"


def sentence(found: Promise, language: Language) -> str:
    """What came of one promise: the verdict, the number with its interval, and the bound."""
    return " ".join(_sentences(found, language))


def named(found: Promise, language: Language) -> str:
    """What people call a promise."""
    return found.title[language == "fr"]


def held_title(held: Held, language: Language) -> str:
    """What came of a promise, in a word."""
    return say(f"check_{held.value}", language)


def check_head(language: Language) -> tuple[str, str, str]:
    """The heads of the columns of a table of promises."""
    return say("check_scenario", language), say("check_promise", language), say("check_result", language)


def _sentences(found: Promise, language: Language) -> Iterator[str]:
    what = _number(found.key, Titles(found.scenario, language))
    n = found.replications
    said = {
        "held": held_title(found.held, language),
        "what": what,
        "value": _amount(found, found.value, language),
        "interval": _interval(found, language),
        "bound": _amount(found, found.bound, language),
        "replications": say("replication", language) if n == 1 else say("replications", language, n=f"{n}"),
    }
    if found.other is None:
        yield say(f"check_{found.sense.value}", language, **said)
    else:
        by = "_by" if found.bound else ""
        yield say(f"check_better{by}", language, other=Titles(found.other, language).whole, **said)
    if found.held is Held.INCONCLUSIVE:
        if found.needs is None:
            yield say("check_needs_none", language)
        else:
            yield say("check_needs", language, n=number(found.needs, language, digits=0))


def _number(key: Key, titles: Titles) -> str:
    """What a number is called."""
    language = titles.language
    statistic = say(f"check_of_{key.statistic}", language) if f"check_of_{key.statistic}" in KNOWN else key.statistic
    if key.kind is not Kind.INDICATOR:
        return say(f"check_{key.kind.value}", language, pool=titles.pool(key.of), statistic=statistic)
    goal = titles.scenario.goal
    if key.statistic == "share_within_goal" and goal is not None:
        to = next(each.to for each in titles.scenario.indicators if each.name == key.of)
        said = {"reached": titles.reached(to), "goal": goal_days(goal, language), "event": titles.since(goal.from_)}
        return say("check_share", language, **said)
    return f"{titles.indicator(key.of) or plain(key.of)} ({statistic})"


KNOWN = {f"check_of_{each}" for each in ("mean", "median", "q1", "q3", "share")}
"""The statistics that have a name of their own; a percentile is called p90."""


def _amount(found: Promise, value: float, language: Language) -> str:
    if found.unit != "share":
        return days(value, language)
    if found.sense is Sense.BETTER_THAN:
        return say("points", language, n=number(100 * value, language))
    return share(value, language)


def _interval(found: Promise, language: Language) -> str:
    if found.unit != "share":
        interval = days_between(found.low, found.high, found.value, language)
    elif found.sense is Sense.BETTER_THAN:
        interval = between(100 * found.low, 100 * found.high, language)
    else:
        interval = share_between(found.low, found.high, language)
    return say("between", language, interval=interval)
