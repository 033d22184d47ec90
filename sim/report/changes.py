"""What each scenario of a comparison changes from its reference, in a line, and whether their promises are one.

What is said comes from `sim.scenario.differences`: levers first, then every other path whose words differ; of many
paths the first few, and how many more there are.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from sim.report.words import Language, goal_days, number, say
from sim.scenario.differences import Difference, differences, promise
from sim.scenario.schema import Goal, Scenario

NAMED = 4
"""How many differences are named."""
LONGEST = 60
"""[characters] of one of them."""


def changes(reference: Scenario, other: Scenario, language: Language) -> Iterator[str]:
    """Sentences on what one scenario changes, for people who see it beside its reference."""
    found = sorted(differences(reference, other), key=lambda each: each.path[0] != "levers")
    said = [_short(each, language) for each in found[:NAMED]]
    if len(found) > NAMED:
        said.append(say("more_changes", language, n=number(len(found) - NAMED, language, digits=0)))
    yield say("changes", language, items=say("then", language).join(said)) if said else say("no_changes", language)
    if reference.goal is not None and other.goal is not None and promise(reference) != promise(other):
        yield say("other_goal", language, ours=_goal(other.goal, language), theirs=_goal(reference.goal, language))


def told(difference: Difference, language: Language) -> str:
    """A difference in words; paths and values are those of the file."""
    words, before, after = " ".join(difference.path), difference.before, difference.after
    change = "added" if before is None else "removed"
    if difference.path[0] == "levers":
        return say(f"{change}_lever", language, what=difference.path[1])
    if after == "" or before == "":
        return say(f"{change}_part", language, what=words)
    nothing = say("none", language)
    sides = {"before": nothing if before is None else before, "after": nothing if after is None else after}
    return say("difference_of", language, what=words, **sides)


def _short(difference: Difference, language: Language) -> str:
    return textwrap.shorten(told(difference, language), LONGEST, placeholder="...")


def _goal(goal: Goal, language: Language) -> str:
    """A promise, short: its events and its days, and whom it is about."""
    about = "".join(f", {name} {wanted}".replace("True", "true") for name, wanted in goal.scope.items())
    return f"{goal.from_} > {goal.to}, {goal_days(goal, language)}{about}"
