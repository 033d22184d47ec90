"""What a grid of values came to: its best point, what to beware of, and the table of all cells."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, isnan

from sim.analysis.estimates import Estimate, Key
from sim.decisions.ledger import WASTED
from sim.decisions.sweep import Axis, Cell, Sweep
from sim.decisions.text import goal_words, lever_titles, number_title, replications_words, wrapped
from sim.report.titles import Titles
from sim.report.words import Language, between, number, say, share, share_between
from sim.tables import as_text


def sweep_text(found: Sweep, language: Language) -> str:
    """The best point of a grid, what to beware of, and the table of all cells."""
    return f"{wrapped(_sentences(found, language))}\n{_table(found, language)}"


def cell_said(cell: Cell, language: Language) -> str:
    """Where a cell is, in the middle of a sentence."""
    return ", ".join(_at(cell, path, value, language) for path, value in cell.at)


def _at(cell: Cell, path: str, value: str, language: Language) -> str:
    called = value_said(cell, path, value, language)
    return say("quoted", language, words=called) if path in CALLED else f"{path} = {called}"


CALLED = ("scenario", "levers")
"""Axes of which the values have titles."""


def value_said(cell: Cell, path: str, value: str, language: Language) -> str:
    """A value of an axis: the title of a scenario or of levers, else as it is written."""
    if path == "scenario":
        return Titles(cell.result.scenario, language).whole
    if path == "levers":
        names = [part for part in value.split("+") if part != "none"]
        return " + ".join(lever_titles(names, language).values()) or say("nobody", language)
    return value


def _sentences(found: Sweep, language: Language) -> Iterator[str]:
    if not found.told:
        yield say("no_trial", language)
    if found.goal_key is not None:
        yield from _best(found, found.goal_key, language)
    yield from (_told(found, each, language) for each in found.also if each in found.told)
    if guarded := len(found.guarded):
        yield say("sweep_guard", language, cells=say("cell" if guarded == 1 else "cells", language, n=f"{guarded}"))


def _best(found: Sweep, key: Key, language: Language) -> Iterator[str]:
    """Where the share that keeps the goal is highest, and what of it is worth its price."""
    cells = [cell for cell in found.cells if not isnan(cell.estimate(key).value)]
    best = max(cells, key=lambda cell: cell.estimate(key).value)
    yield say(
        "sweep_best",
        language,
        cell=cell_said(best, language),
        share=share(best.estimate(key).value, language),
        interval=_interval(best.estimate(key), language),
        replications=replications_words(found.comparison.manifest.replications, language),
        **goal_words(best.result.scenario, language),
    )
    if any(axis.is_scale and value in (axis.values[0], axis.values[-1]) for axis, value in _where(found, best)):
        yield say("sweep_edge", language)
    if found.front and (knee := found.knee) is not None:
        words = {"front": f"{len(found.front)}", "cells": f"{len(found.cells)}", "cell": cell_said(knee, language)}
        price = _number(knee.estimate(WASTED), language)
        yield say("sweep_front", language, share=share(knee.estimate(key).value, language), price=price, **words)


def _told(found: Sweep, key: Key, language: Language) -> str:
    """Where a number that was asked for is lowest and highest."""
    cells = sorted((c for c in found.cells if isfinite(c.estimate(key).value)), key=lambda c: c.estimate(key).value)
    title = number_title(key, found.comparison.reference.scenario, language)
    words = {"number": title[:1].upper() + title[1:]}
    for bound, cell in (("low", cells[0]), ("high", cells[-1])):
        each = cell.estimate(key)
        is_share = each.unit == "share"
        value = share(each.value, language) if is_share else number(each.value, language)
        interval = (share_between if is_share else between)(each.low, each.high, language)
        words |= {bound: value, f"{bound}_interval": interval, f"{bound}_cell": cell_said(cell, language)}
    return say("sweep_told", language, **words)


def _where(found: Sweep, cell: Cell) -> Iterator[tuple[Axis, str]]:
    return ((axis, value) for axis, (_, value) in zip(found.axes, cell.at, strict=True))


def _table(found: Sweep, language: Language) -> str:
    scenario = found.comparison.reference.scenario
    head = (*(each.path for each in found.axes), *(number_title(key, scenario, language) for key in found.told))
    rows = [(*head, say("sweep_standing", language)) if found.standings else head]
    guarded = found.guarded
    for place, cell in enumerate(found.cells):
        row = (*(value for _, value in cell.at), *(_number(cell.estimate(key), language) for key in found.told))
        if found.standings:
            warned = f", {say('sweep_guarded', language)}" if cell in guarded else ""
            row = (*row, say(found.standings[place].value, language) + warned)
        rows.append(row)
    return as_text(rows, right={*range(len(found.axes), len(head))})


def _number(found: Estimate, language: Language) -> str:
    if isnan(found.value):
        return number(found.value, language)
    if found.unit == "share":
        return f"{share(found.value, language)} [{share_between(found.low, found.high, language)}]"
    digits = 0 if abs(found.value) >= 10 else 1
    return f"{number(found.value, language, digits=digits)} [{between(found.low, found.high, language, digits=digits)}]"


def _interval(found: Estimate, language: Language) -> str:
    return f"{say('interval', language)} {share_between(found.low, found.high, language)}"
