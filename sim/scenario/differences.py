"""What is different between two scenarios, in words.

Each scenario becomes a table from paths to words; a `Difference` is a path whose words differ. A duration, a count or
a start rule is one value, so that a changed distribution is one line, and a part that only one scenario has is one
line too. Where numbers come from, notes and titles are left out unless asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.scenario.language.mistakes import listed
from sim.scenario.merging import PROVENANCE, is_form
from sim.scenario.schema import Scenario

WORDING = frozenset({"title", "question", "group", "readings", *PROVENANCE})
Path = tuple[str, ...]
Table = dict[Path, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A path, and what stands there in each scenario: None for nothing, "" for a whole part."""

    path: Path
    before: str | None
    after: str | None


def differences(a: Scenario, b: Scenario, *, wording: bool = False) -> list[Difference]:
    """What changes from `a` to `b`; titles, sources, assumptions and notes only if `wording` is asked for."""
    before, after = _table(a, wording), _table(b, wording)
    parts_before, parts_after = _parts(before, a), _parts(after, b)
    found: dict[Path, Difference] = {}
    for path in dict.fromkeys((*before, *after)):
        if path not in after:
            top = _top(path, parts_after)
            found[top] = Difference(top, before.get(top, ""), None)
        elif path not in before:
            top = _top(path, parts_before)
            found[top] = Difference(top, None, after.get(top, ""))
        elif before[path] != after[path]:
            found[path] = Difference(path, before[path], after[path])
    return [*found.values(), *_order(a, b)]


def promise(scenario: Scenario) -> Any:
    """What a scenario promises, and about whom: shares that keep it are comparable where it is the same."""
    goal = scenario.goal
    leave_out = {*PROVENANCE, "prerequisites"}
    return None if goal is None else goal.model_dump(mode="json", exclude=leave_out)


def incomparable(reference: Scenario, other: Scenario) -> str | None:
    """Why two scenarios cannot be compared: nothing is measured in both; None if something is."""
    ours, theirs = ([each.name for each in scenario.indicators] for scenario in (reference, other))
    if not ours or {*ours} & {*theirs}:
        return None
    return f"must measure something that the reference measures too ({listed(ours, 3)}), got {listed(theirs, 3)}"


def _order(a: Scenario, b: Scenario) -> Iterator[Difference]:
    """Pools deal in the order in which they are declared, so the same pools in another order are a difference."""
    if {*a.pools} == {*b.pools} and [*a.pools] != [*b.pools]:
        yield Difference(("pools", "order"), ", ".join(a.pools), ", ".join(b.pools))


def _table(scenario: Scenario, wording: bool) -> Table:
    leave_out = frozenset() if wording else WORDING
    return dict(_rows(scenario.model_dump(mode="json", by_alias=True, exclude_none=True), (), leave_out))


def _rows(value: Any, path: Path, leave_out: frozenset[str]) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict) and not is_form(value):
        for key, below in value.items():
            if key not in leave_out and not (key == "name" and path):
                yield from _rows(below, (*path, str(key)), leave_out)
    elif path == ("levers",):
        yield from (
            ((*path, use if isinstance(use, str) else _words(use, leave_out).removeprefix("name ")), "")
            for use in value
        )
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, below in enumerate(value, 1):
            yield from _rows(below, (*path, below.get("name", str(number))), leave_out)
    elif value != []:
        yield path, _words(value, leave_out)


def _words(value: Any, leave_out: frozenset[str]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(below, leave_out)}" for key, below in value.items() if key not in leave_out)
    if isinstance(value, list):
        return ", ".join(_words(below, leave_out) for below in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parts(table: Table, scenario: Scenario) -> set[Path]:
    """Every path at which a table has something, or has something below; an empty section is there all the same."""
    sections = {(name,) for name in type(scenario).model_fields if getattr(scenario, name) is not None}
    return sections | {path[:length] for path in table for length in range(1, len(path) + 1)}


def _top(path: Path, there: set[Path]) -> Path:
    """The shortest beginning of a path that the other table does not have."""
    return next((path[:length] for length in range(1, len(path)) if path[:length] not in there), path)
