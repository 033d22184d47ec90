"""What decisions come to as lines, for CSV, JSON and frames: one line a figure, with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.decisions.explaining import Explanation, moved
from sim.decisions.rerunning import Effect
from sim.tables import Line


def explanation_tables(found: Sequence[Explanation], effects: Sequence[Sequence[Effect]] = ()) -> dict[str, list[Line]]:
    """All that explanations say: the days, the margins, who held the people, what moved, and what reruns bring."""
    tables: dict[str, list[Line]] = {"days": [line for each in found for line in each.lines]}
    tables["margins"] = [
        {
            "scenario": each.work.name,
            "prerequisites": " ".join(margin.prerequisites),
            "last": margin.last,
            "days": margin.days,
            "unlocks": margin.unlocks,
        }
        for each in found
        for margin in each.margins
    ]
    tables["waits"] = [
        {
            "scenario": each.work.name,
            "pool": waited.pool,
            **waited.days.line,
            **waited.parts,
            **waited.critical.columns("critical"),
        }
        for each in found
        for waited in each.waits
    ]
    tables["held"] = [
        {"scenario": each.work.name, "pool": pool, "class": held_by, "days": spent}
        for each in found
        for pool, held_by, spent in each.held
    ]
    if len(found) > 1:
        tables["moved"] = [
            {"stage": each.stage, "task": each.task, "before": each.before, "after": each.after} | each.difference.line
            for each in moved(found[0], found[-1])
        ]
    if effects:
        tables["effects"] = [line for each, of in zip(found, effects, strict=True) for line in _of_effects(each, of)]
    return tables


def _of_effects(found: Explanation, effects: Sequence[Effect]) -> Iterator[Line]:
    for each in effects:
        named = {"scenario": found.work.name, "change": each.change.what.value, "of": each.change.name}
        for figure, unit in (("days", "days"), ("share", "share")):
            yield {**named, "margin": each.margin, "number": figure, "unit": unit, **getattr(each, figure).line}
