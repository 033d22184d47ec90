"""What decisions come to, in sentences and tables, in English and French.

Each function takes what was computed and gives the text that a policy team reads: the answer first, the table that it
rests on, and how to read it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from math import factorial

from sim.analysis.estimates import Key, Kind
from sim.decisions.ledger import Amount, Entry, Ledger, Pair, Rests, Role
from sim.report.titles import Titles
from sim.report.words import Language, between, goal_days, number, plain, say, share, signed
from sim.scenario.levers import levers
from sim.scenario.schema import Goal, Scenario
from sim.tables import as_text

WIDTH = 100
"""Columns of a sentence."""

Rows = list[tuple[str, ...]]


def ledger_text(found: Ledger, language: Language) -> str:
    """What each lever adds, which one most, and how they go together."""
    names = lever_titles(found.levers, language)
    goal_key = found.keys[0]
    parts = [wrapped(_ledger_answer(found, names, language))]
    for key in found.keys:
        heading = number_title(key, found.comparison.reference.scenario, language)
        parts.append(f"{heading}\n{_ledger_table(found, key, names, language)}")
    if pairs := found.pairs(goal_key):
        parts.append(f"{say('ledger_pairs', language)}\n{_pairs_table(pairs, names, language)}")
    if rests := found.rests(goal_key):
        parts.append(f"{say('ledger_rests', language)}\n{_rests_table(rests, names, language)}")
    parts.append(wrapped([say("ledger_reading", language), *_sampled(found, language)]))
    return "\n".join(parts)


def lever_titles(names: Iterable[str], language: Language) -> Mapping[str, str]:
    """What levers are called: by their files, else by their names."""
    known = {each.name: each.title.fr if language == "fr" else each.title.en for each in levers()}
    return {name: known.get(name, plain(name)) for name in names}


def number_title(key: Key, scenario: Scenario, language: Language) -> str:
    """What a number is called in the heading of a table."""
    if key.kind in (Kind.WASTED, Kind.WASTED_SETUP):
        return say("wasted_title" if key.kind is Kind.WASTED else "wasted_setup_title", language)
    if key.kind is not Kind.INDICATOR:
        return say(f"{key.kind}_of", language, pool=Titles(scenario, language).pool(key.of))
    if key.statistic != "share_within_goal":
        return Titles(scenario, language).indicator(key.of)
    to = next(each.to for each in scenario.indicators if each.name == key.of)
    return say("share_of_trials", language, reached=Titles(scenario, language).reached(to))


def amount(found: Amount, unit: str, language: Language) -> str:
    """A difference and its interval: points for a share, else the number of days."""
    scale = 100 if unit == "share" else 1
    value, low, high = (scale * each for each in (found.value, found.low, found.high))
    return f"{signed(value, language)} [{between(low, high, language)}]"


def _ledger_answer(found: Ledger, names: Mapping[str, str], language: Language) -> Iterator[str]:
    key, results = found.keys[0], found.comparison.results
    entries, whole = found.entries(key), found.whole(key)
    ends = [results[place].summary.estimates[key].value for place in (0, -1)]
    yield say(
        "ledger_answer",
        language,
        whole=_points(whole.value, language),
        interval=_points_interval(whole, language),
        replications=replications_words(len(found.values(key)[0]), language),
        from_=share(ends[0], language),
        to=share(ends[1], language),
        **goal_words(results[0].scenario, language),
    )
    if rests := found.rests(key):
        bare = rests[-1]
        if found.bare:
            said = {"structure": _points(bare.structure.value, language)}
            yield say("ledger_structure", language, interval=_points_interval(bare.structure, language), **said)
        if bare.people > 0:
            yield say("ledger_people", language, people=number(bare.people, language, digits=0))
    if whole.clear and entries:
        yield from _first_lever(entries, whole, names, language)
    nothing = [names[each.lever] for each in entries if each.role in (Role.REDUNDANT, Role.IDLE)]
    if nothing:
        yield say("ledger_nothing", language, levers=", ".join(nothing))


def _first_lever(
    entries: tuple[Entry, ...], whole: Amount, names: Mapping[str, str], language: Language
) -> Iterator[str]:
    most = max(entries, key=lambda each: each.shapley.value)
    yield say("ledger_first", language, lever=names[most.lever])
    left = share(max(0.0, 1 - most.last_in.value / whole.value), language)
    yield say("ledger_necessary", language, lever=names[most.lever], share=left)
    parts = {name: _points(getattr(most, name).value, language) for name in ("alone", "shapley")}
    yield say("ledger_alone", language, **parts)


def _ledger_table(found: Ledger, key: Key, names: Mapping[str, str], language: Language) -> str:
    unit = found.comparison.reference.summary.units[key]
    head = tuple(say(word, language) for word in ("lever", "alone", "last_in", "shapley", "needed_with", "role"))
    rows: Rows = [head, *(_ledger_row(each, unit, names, language) for each in found.entries(key))]
    rows.append((say("together", language), "", "", amount(found.whole(key), unit, language), "", ""))
    return as_text(rows, right={1, 2, 3})


def _ledger_row(entry: Entry, unit: str, names: Mapping[str, str], language: Language) -> tuple[str, ...]:
    figures = (amount(each, unit, language) for each in (entry.alone, entry.last_in, entry.shapley))
    if entry.needed_with is None:
        others = say("never", language)
    else:
        others = ", ".join(names[each] for each in entry.needed_with) or say("nobody", language)
    role = say(entry.role.value, language) if unit == "share" or entry.role is Role.IDLE else ""
    return (names[entry.lever], *figures, others, role)


def _sampled(found: Ledger, language: Language) -> Iterator[str]:
    """What was simulated, where that is not every combination."""
    if found.orders is not None:
        m, n = found.orders.shape
        counts = {"orders": m, "all": factorial(n), "subsets": len(found.subsets), "combinations": 1 << n, "n": n}
        yield say("ledger_sampled", language, **{k: number(v, language, digits=0) for k, v in counts.items()})


def _rests_table(found: Iterable[Rests], names: Mapping[str, str], language: Language) -> str:
    """What the last-in of each lever, and the whole, rest on."""
    head = ("lever", "rests_on_structure", "rests_on_numbers", "rests_people")
    rows: Rows = [tuple(say(key, language) for key in head)]
    for each in found:
        title = names[each.lever] if each.lever else say("together", language)
        parts = (amount(part, "share", language) for part in (each.structure, each.numbers))
        rows.append((title, *parts, signed(each.people, language, digits=0)))
    return as_text(rows, right={1, 2, 3})


def _pairs_table(pairs: Iterable[Pair], names: Mapping[str, str], language: Language) -> str:
    rows: Rows = [("", say("interaction", language), "")]
    for each in pairs:
        both = " + ".join(names[name] for name in each.levers)
        rows.append((both, amount(each.interaction, "share", language), say(_together(each.interaction), language)))
    return as_text(rows, right={1})


def _together(found: Amount) -> str:
    return "independent" if not found.clear else "complements" if found.value > 0 else "substitutes"


def goal_words(scenario: Scenario, language: Language) -> dict[str, str]:
    """How a sentence speaks of a goal: what is reached, within how long, after what."""
    goal, titles = scenario.goal, Titles(scenario, language)
    assert isinstance(goal, Goal)  # no share without one
    return {"reached": titles.reached(goal.to), "goal": goal_days(goal, language), "event": titles.since(goal.from_)}


def _points(value: float, language: Language) -> str:
    return say("points", language, n=number(100 * value, language))


def _points_interval(found: Amount, language: Language) -> str:
    return f"{say('interval', language)} {between(100 * found.low, 100 * found.high, language)}"


def replications_words(n: int, language: Language) -> str:
    """So many replications."""
    return say("replication", language) if n == 1 else say("replications", language, n=f"{n}")


def wrapped(sentences: Iterable[str]) -> str:
    """Sentences as lines, each beginning a new one."""
    return "".join(f"{line}\n" for each in sentences for line in textwrap.wrap(each, WIDTH))
