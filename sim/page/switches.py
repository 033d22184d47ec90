"""The levers as switches: every combination that was simulated, exact, in a sentence of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.analysis.estimates import Key
from sim.decisions.games import members
from sim.decisions.ledger import Ledger, Role
from sim.decisions.text import amount, lever_titles, number_title
from sim.experiment.results import Result
from sim.page.tables import Table
from sim.page.words import told
from sim.report.words import Language, days, days_between, say, share, share_between


@dataclass(frozen=True, slots=True)
class Switches:
    """The levers, what each combination comes to (bit i for lever i), and what each lever is worth."""

    names: tuple[str, ...]
    sentences: tuple[str, ...]
    worth: Table
    combinations: Table


def switches(found: Ledger, language: Language) -> Switches:
    """The switches of a ledger."""
    names = lever_titles(found.levers, language)
    results = found.comparison.results
    sentences = tuple(_sentence(result, found, language) for result in results)
    return Switches(tuple(names.values()), sentences, _worth(found, names, language), _all(found, names, language))


def _sentence(result: Result, found: Ledger, language: Language) -> str:
    items = (
        told("said_of", language, what=number_title(key, result.scenario, language), value=_said(result, key, language))
        for key in found.keys
    )
    return told("then", language).join(items)


def _said(result: Result, key: Key, language: Language) -> str:
    it = result.summary.estimates[key]
    if it.unit == "share":
        return f"{share(it.value, language)} [{share_between(it.low, it.high, language)}]"
    return f"{days(it.value, language, digits=0)} [{days_between(it.low, it.high, it.value, language, digits=0)}]"


def _worth(found: Ledger, names: Mapping[str, str], language: Language) -> Table:
    """What each lever adds to the goal's share."""
    key = found.keys[0]
    head = tuple(say(word, language) for word in ("lever", "alone", "last_in", "shapley", "role"))
    rows = tuple(
        (
            names[each.lever],
            *(amount(figure, "share", language) for figure in (each.alone, each.last_in, each.shapley)),
            say(Role(each.role).value, language),
        )
        for each in found.entries(key)
    )
    return Table(told("levers_caption", language), head, rows)


def _all(found: Ledger, names: Mapping[str, str], language: Language) -> Table:
    titles = (*names.values(),)
    scenario = found.comparison.reference.scenario
    head = (told("levers_on", language), *(number_title(key, scenario, language) for key in found.keys))
    rows = tuple(
        (
            " + ".join(titles[i] for i in members(subset)) or told("levers_none", language),
            *(_said(result, key, language) for key in found.keys),
        )
        for subset, result in enumerate(found.comparison.results)
    )
    return Table(told("levers_all", language), head, rows)
