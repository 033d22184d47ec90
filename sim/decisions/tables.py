"""What decisions come to as lines, for CSV, JSON and frames: one line a figure, with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.analysis.estimates import Key
from sim.decisions.explaining import Explanation, moved
from sim.decisions.ledger import Amount, Ledger
from sim.decisions.rerunning import Effect
from sim.decisions.solution_text import load, pool_of
from sim.decisions.solving import Answer
from sim.decisions.staffing import Point
from sim.tables import Line

FIGURES = ("alone", "last_in", "shapley")


def ledger_lines(found: Ledger) -> list[Line]:
    """Each figure of each lever about each number, then each pair, then the whole."""
    return [line for key in found.keys for line in _of_number(found, key)]


def solution_lines(found: Answer) -> list[Line]:
    """Every point that was looked at: its numbers by their paths; `answer` marks the one that is the answer."""
    question, solution = found.question, found.solution
    pools = dict.fromkeys(filter(None, map(pool_of, found.sought)))
    return [
        {
            **{sought.path: number for sought, number in zip(found.sought, each.at, strict=True)},
            **_bounds(Amount(each.share, each.low, each.high)),
            "years": len(each.years),
            "years_met": each.years_met(question.wanted),
            "people": found.people(each.at),
            **{f"{name}[{pool}]": value for pool in pools for name, value in _load(found, each.at, pool)},
            "wanted": question.wanted,
            "answer": each.at == solution.at,
            "verdict": solution.verdict.value,
        }
        for each in solution.looked
    ]


def _load(found: Answer, at: Point, pool: str) -> Iterator[tuple[str, float]]:
    use, wait = load(found, at, pool)
    yield from (("utilisation", use.value), ("wait_time", wait.value))


def explanation_lines(found: Sequence[Explanation]) -> list[Line]:
    """Each task of each scenario: mean days a trial with their interval, what they are made of, and how often."""
    return [
        {
            "scenario": each.work.name,
            "stage": row.stage,
            "task": row.task,
            **_bounds(row.days),
            **row.parts,
            "critical": row.critical.value,
        }
        for each in found
        for row in each.rows
    ]


def explanation_tables(found: Sequence[Explanation], effects: Sequence[Sequence[Effect]] = ()) -> dict[str, list[Line]]:
    """All that explanations say: the days, the margins, who held the people, what moved, and what reruns bring."""
    tables: dict[str, list[Line]] = {"days": explanation_lines(found)}
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
    tables["held"] = [
        {"scenario": each.work.name, "pool": pool, "class": held_by, "days": spent}
        for each in found
        for pool, held_by, spent in each.held
    ]
    if len(found) > 1:
        tables["moved"] = [
            {"stage": each.stage, "task": each.task, "before": each.before, "after": each.after}
            | {**_bounds(each.difference)}
            for each in moved(found[0], found[-1])
        ]
    if effects:
        tables["effects"] = [line for each, of in zip(found, effects, strict=True) for line in _of_effects(each, of)]
    return tables


def _of_effects(found: Explanation, effects: Sequence[Effect]) -> Iterator[Line]:
    for each in effects:
        named = {"scenario": found.work.name, "change": each.change.what.value, "of": each.change.name}
        for figure, unit in (("days", "days"), ("share", "share")):
            yield {**named, "margin": each.margin, "number": figure, "unit": unit, **_bounds(getattr(each, figure))}


def _of_number(found: Ledger, key: Key) -> Iterator[Line]:
    named = dict(zip(("name", "level", "statistic"), key.columns, strict=True))
    for entry in found.entries(key):
        role = {"needed_with": " ".join(entry.needed_with or ()), "role": entry.role.value}
        for figure in FIGURES:
            yield {**named, "lever": entry.lever, "figure": figure, **_bounds(getattr(entry, figure)), **role}
    empty = {"needed_with": "", "role": ""}
    for rest in found.rests(key):
        for figure in ("structure", "numbers"):
            yield {**named, "lever": rest.lever, "figure": figure, **_bounds(getattr(rest, figure)), **empty}
        people = Amount(*[float(rest.people)] * 3)
        yield {**named, "lever": rest.lever, "figure": "people", **_bounds(people), **empty}
    for pair in found.pairs(key):
        yield {**named, "lever": " ".join(pair.levers), "figure": "interaction", **_bounds(pair.interaction), **empty}
    yield {**named, "lever": "", "figure": "whole", **_bounds(found.whole(key)), **empty}


def _bounds(found: Amount) -> Line:
    return {"value": found.value, "low": found.low, "high": found.high}
