"""The answer in sentences: the share within the goal, what finishes last, the price, and what was counted.

`Shown` is one result with its titles and its estimates, in one language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isinf, isnan, nan
from pathlib import Path
from typing import Any

from sim import __version__
from sim.analysis.attribution import OTHER
from sim.analysis.estimates import FEWEST, QUANTILES, Estimate, Key, Kind, Measured, indicator_key
from sim.analysis.indicators import SHARE
from sim.analysis.laws import LAWS
from sim.experiment.precision import Reached
from sim.report.titles import Titles
from sim.report.words import (
    NO_BREAK,
    Language,
    day,
    days,
    days_between,
    goal_days,
    grade_title,
    number,
    say,
    share,
    share_between,
    signed,
    unbroken,
)
from sim.scenario.checks.people import cost, people
from sim.scenario.schema import Indicator, Scenario

OVERHANG = indicator_key("contract_overhang", "mean")
WASTED = Key(Kind.WASTED, "", "trial", "per_100_trials")
WASTED_SETUP = WASTED._replace(kind=Kind.WASTED_SETUP)
NAMED = 3
"""How many of the things that finish last are named."""

_NOTEWORTHY = 0.002
"""The share of requests never served from which an answer says so; tables have them all."""


@dataclass(frozen=True)
class Shown:
    """A result as it is reported."""

    result: Measured
    titles: Titles
    numbers: Mapping[Key, Estimate]

    @property
    def language(self) -> Language:
        """The language of the report."""
        return self.titles.language

    @property
    def title(self) -> str:
        """What the scenario is called."""
        return self.titles.whole


def shown(result: Measured, language: Language) -> Shown:
    """The result with its estimates."""
    return Shown(result, Titles(result.scenario, language), result.summary.estimates)


def pledged(scenario: Scenario) -> tuple[Indicator, ...]:
    """The indicators that count from the goal's first event, that of the goal itself first; none without a goal."""
    goal = scenario.goal
    if goal is None:
        return ()
    found = [each for each in scenario.indicators if each.from_ == goal.from_ and not (each.only_after or each.less)]
    return tuple(sorted(found, key=lambda each: each.to != goal.to))


def answer(it: Shown) -> Iterator[str]:
    """The sentences that answer the question of the goal, for one result."""
    yield from (_share_sentence(it, each) for each in pledged(it.result.scenario) if "trial" in each.levels)
    if last := list(_last_to_finish(it)):
        yield say("binding", it.language, items=", ".join(last))
    for key, phrase in ((OVERHANG, "overhang"), (WASTED, "wasted"), (WASTED_SETUP, "wasted_setup")):
        if key in it.numbers and not isnan((spent := it.numbers[key]).value):
            interval = say(
                "between", it.language, interval=days_between(spent.low, spent.high, spent.value, it.language)
            )
            yield say(phrase, it.language, days=days(spent.value, it.language), interval=interval)
    yield from (say("concern", it.language, what=each) for each in told_before(it.result, it.language))
    yield from starved(it.result, it.language, at_least=_NOTEWORTHY)


def noteworthy(it: Shown) -> Iterator[str]:
    """What nobody may miss who reads only the shares: people that too many waited for in vain, and broken laws."""
    yield from starved(it.result, it.language, at_least=_NOTEWORTHY)
    if not all(each.hold for each in it.result.summary.laws):
        yield from laws_told([it.result], it.language)


def read_otherwise(it: Shown, seen: Sequence[Shown]) -> Iterator[str]:
    """That a scenario is one of several readings of the same figures, with their range if all of them are shown."""
    named, goal = [Path(each).stem for each in it.result.scenario.readings], it.result.scenario.goal
    if not named:
        return
    n = number(len(named) + 1, it.language, digits=0)
    if goal is not None:
        indicator = pledged(it.result.scenario)[0]
        all_readings = (it, *(each for each in seen if each.result.name in named))
        shares = [_value(each, indicator_key(indicator.name, SHARE)) for each in all_readings]
        if len(shares) == len(named) + 1 and not any(map(isnan, shares)):
            low, high = (share(each, it.language) for each in (min(shares), max(shares)))
            said = {"reached": it.titles.reached(indicator.to), "since": it.titles.since(goal.from_)}
            yield say("readings", it.language, low=low, high=high, goal=goal_days(goal, it.language), n=n, **said)
            return
    yield say("readings_beside", it.language, n=n, items=", ".join(named))


def more_people(reference: Shown, it: Shown) -> str | None:
    """How many people more (or fewer) than the reference a scenario has, of which kind, and at what cost, if known.

    None if it has as many of each.
    """
    before, after = people(reference.result.scenario), people(it.result.scenario)
    more = {kind: after.get(kind, 0) - before.get(kind, 0) for kind in {**before, **after}}
    changed = {kind: n for kind, n in more.items() if n}
    if not changed:
        return None
    named = (f"{it.titles.pool(kind)} {signed(n, it.language, digits=0)}" for kind, n in changed.items())
    total = signed(sum(changed.values()), it.language, digits=0)
    told = say("more_people", it.language, n=total, items=", ".join(named))
    usual, spent = (cost(each.result.scenario) for each in (reference, it))
    if usual is None or spent is None or usual == spent:
        return told
    return f"{told} {say('more_cost', it.language, n=signed((spent - usual) / 1000, it.language, digits=0))}"


def warning_lines(result: Measured, language: Language) -> Iterator[dict[str, str]]:
    """What was said of a scenario before it ran, and who starved in it, as lines for other programs."""
    after = (*starved(result, language), *beyond_follow_up(shown(result, language)))
    for found, sentences in (("before", told_before(result, language)), ("in the run", after)):
        yield from ({"scenario": result.name, "found": found, "message": each} for each in sentences)


def told_before(result: Measured, language: Language) -> Iterator[str]:
    """What was said of a scenario before it ran."""
    return (unbroken(each.fr, language) if language == "fr" else each for each in result.concerns)


def starved(result: Measured, language: Language, at_least: float = 0.0) -> Iterator[str]:
    """The people who never came to some of what was asked, `at_least` that share: why events are not reached."""
    for load in result.summary.loads:
        names = ("starved", "requests", "unserved", "never_empty")
        counts = {name: getattr(load, name) for name in names}
        if load.starved and load.starved >= at_least * load.requests:
            yield say(
                "starved",
                language,
                pool=Titles(result.scenario, language).pool(load.kind),
                **{name: number(count, language, digits=0) for name, count in counts.items()},
            )


def how_precise(reached: Reached, language: Language) -> str:
    """Which half-width was asked of which number, which one was reached, and after how many replications."""
    of_share, key = reached.asked.key.statistic == SHARE, reached.asked.key
    wished, found = (
        say("points", language, n=f"{100 * width:.3g}") if of_share else f"{width:.3g}{NO_BREAK}{say('d', language)}"
        for width in (reached.asked.half_width, reached.half_width)
    )
    many = number(reached.replications, language, digits=0)
    said = {"of": f"{key.of}.{key.statistic}", "wished": wished, "found": found, "n": many}
    if language == "fr":
        said |= {name: said[name].replace(".", ",") for name in ("wished", "found")}
    return say("precise" if reached.enough else "not_precise", language, **said)


def beyond_follow_up(*seen: Shown) -> Iterator[str]:
    """The quantiles that nobody is followed long enough to see, in any of the scenarios.

    Who can never come is no reason to follow longer.
    """
    late: dict[str, dict[str, dict[str, None]]] = {}  # by follow-up and indicator, the signs of its quantiles
    for it in seen:
        follow_up = days(it.result.scenario.windows.follow_up.days, it.language, digits=0)
        for each in it.result.scenario.indicators:
            for name in _unseen_quantiles(it, each):
                signs = late.setdefault(follow_up, {}).setdefault(it.titles.indicator(each.name), {})
                signs[_QUANTILE_SIGNS.get(name, name.upper())] = None
    for follow_up, found in late.items():
        items = ", ".join(f"{title} ({', '.join(signs)})" for title, signs in found.items())
        yield say("beyond", seen[0].language, items=items, follow_up=follow_up)


_QUANTILE_SIGNS = {"q1": "Q1", "median": "P50", "q3": "Q3"}


def _unseen_quantiles(it: Shown, indicator: Indicator) -> Iterator[str]:
    for key, each in it.numbers.items():
        if (key.kind, key.of, key.level) == (Kind.INDICATOR, indicator.name, indicator.levels[0]) and isinf(each.value):
            part = QUANTILES[key.statistic] if key.statistic in QUANTILES else float(key.statistic[1:]) / 100
            if each.not_yet and each.trials - each.never >= part * each.trials:
                yield key.statistic


def reading(shown: Sequence[Shown], evidence: Mapping[str, float] | None) -> Iterator[str]:
    """What was counted and how, and how the numbers of the scenario are supported (`evidence`: share by grade)."""
    first = shown[0]
    language, scenario = first.language, first.result.scenario
    yield _window(scenario, language)
    for each in shown:
        yield from _counted(each)
    yield from beyond_follow_up(*shown)
    yield from laws_told([each.result for each in shown], language)
    if (goal := scenario.goal) is not None:
        yield say("dates", language, goal=goal_days(goal, language).capitalize())
        if goal.inclusion is not None:
            yield say("inclusion", language, what=say(goal.inclusion, language))
    yield say("bases", language, followed=number(_followed(scenario), language, digits=0))
    yield say("intervals", language)
    if evidence:
        grades = (f"{grade_title(grade, language)} {share(part, language)}" for grade, part in evidence.items())
        yield say("evidence", language, grades=", ".join(grades))


def laws_told(results: Sequence[Measured], language: Language) -> Iterator[str]:
    """That the laws of every run hold in what was simulated, or which are broken, and where; nothing if not looked."""
    looked = [each for result in results for each in result.summary.laws]
    if not looked:
        return
    total = sum(looked[1:], start=looked[0])
    said = {"replications": counted_in_words(len(looked), language), "rows": number(total.rows, language, digits=0)}
    if total.hold:
        yield say("laws_hold", language, **said)
        return
    items = (f"{say(f'law_{law}', language)} {number(getattr(total, law), language, digits=0)}" for law in LAWS)
    yield say("laws_broken", language, items=", ".join(items), **said)


def law_lines(results: Iterable[Measured]) -> list[dict[str, Any]]:
    """How many rows and pools break each law, by scenario, for other programs."""
    return [
        {"scenario": each.name, "replications": len(each.summary.laws)}
        | {name: sum(getattr(laws, name) for laws in each.summary.laws) for name in (*LAWS, "rows")}
        for each in results
    ]


def _followed(scenario: Scenario) -> float:
    """The longest that a trial that counts is followed [d]."""
    return scenario.windows.observation.days + scenario.windows.follow_up.days


def replications(it: Shown) -> str:
    """How many replications, in words."""
    return counted_in_words(len(it.result.summary.replications), it.language)


def counted_in_words(n: int, language: Language) -> str:
    """So many replications, in words."""
    return say("replication", language) if n == 1 else say("replications", language, n=number(n, language, digits=0))


def _value(it: Shown, key: Key) -> float:
    return it.numbers[key].value if key in it.numbers else nan


def _share_sentence(it: Shown, indicator: Indicator) -> str:
    goal, language = it.result.scenario.goal, it.language
    within = it.numbers.get(indicator_key(indicator.name, SHARE))
    if goal is None or within is None or not within.trials:
        return say("no_trial", language)
    said = {
        "reached": it.titles.reached(indicator.to),
        "goal": goal_days(goal, language),
        "event": it.titles.since(goal.from_),
    }
    if isnan(within.value):
        return say("too_soon", language, **said)
    if within.trials < FEWEST:
        return say("too_few", language, n=str(within.trials), fewest=str(FEWEST), **said)
    return say(
        "answer_unsure" if isnan(within.low) else "answer",
        language,
        share=share(within.value, language),
        interval=share_between(within.low, within.high, language),
        replications=replications(it),
        **said,
    )


def _last_to_finish(it: Shown) -> Iterator[str]:
    """The prerequisites that finish last most often, with their shares."""
    seen = (each for each in last_to_finish(it.numbers) if each.value >= 0.005)
    most = sorted(seen, key=lambda each: -each.value)[:NAMED]
    return (
        say("share_of_item", it.language, item=_prerequisite(it, each.key.of), share=share(each.value, it.language))
        for each in most
    )


def last_to_finish(numbers: Mapping[Key, Estimate]) -> Iterator[Estimate]:
    """How often each prerequisite of the goal finished last, over trials."""
    return (each for key, each in numbers.items() if key.kind is Kind.BINDING and key.level == "trial")


def _prerequisite(it: Shown, task: str) -> str:
    language, goal, unlisted = it.language, it.result.scenario.goal, it.result.summary.unlisted
    if task == OTHER:
        return say("unlisted", language, task=it.titles.event(unlisted)) if unlisted else it.titles.event(task)
    if goal is not None and task == goal.from_:
        return say("all_else_ready", language, event=it.titles.since(task))
    return it.titles.event(task)


def origin_of_figures(
    scenario: Scenario, replications: int, seed: int, language: Language, version: str = __version__
) -> str:
    """Where the numbers of a picture come from: which trials, how often, with which seed, by which version."""
    opens, closes = _observed(scenario)
    return say(
        "figure_origin",
        language,
        version=version,
        many=counted_in_words(replications, language),
        seed=str(seed),
        opens=day(opens, language),
        closes=day(closes, language),
    )


def _observed(scenario: Scenario) -> tuple[date, date]:
    opens = scenario.origin + timedelta(scenario.windows.warm_up.days)
    return opens, opens + timedelta(scenario.windows.observation.days)


def _window(scenario: Scenario, language: Language) -> str:
    windows = scenario.windows
    opens, closes = _observed(scenario)
    ends = closes + timedelta(windows.follow_up.days)
    return say(
        "window",
        language,
        opens=day(opens, language),
        closes=day(closes, language),
        ends=day(ends, language),
        warm_up=days(windows.warm_up.days, language, digits=0),
    )


def _counted(it: Shown) -> Iterator[str]:
    """How many trials stand behind the first indicator."""
    named = pledged(it.result.scenario) or it.result.scenario.indicators
    for indicator in named[:1]:
        counts = it.numbers[indicator_key(indicator.name, "mean", indicator.levels[0])]
        trials = number(counts.trials, it.language, digits=0)
        said = [say("counted", it.language, scenario=it.title, trials=trials, replications=replications(it))]
        found = {name: getattr(counts, name) for name in ("not_yet", "never", "not_needed")}
        said += [say(f"n_{name}", it.language, n=number(n, it.language, digits=0)) for name, n in found.items() if n]
        yield f"{say('then', it.language).join(said)}."
