"""The sliders of the page: a surface that is evaluated where it is read, every state of them a scenario file.

A slider goes over the range of what matters in steps, so that all its states are known when the page is written: what
each is called, where it lies on the surface, and what a scenario file must say for it. The page only adds up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.analysis.estimates import indicator_key
from sim.analysis.indicators import SHARE
from sim.decisions.text import number_title
from sim.page import drawing
from sim.page.tables import Figure, Table
from sim.page.words import told
from sim.report.answer import Shown
from sim.report.unsure import input_title
from sim.report.words import Language, goal_days, number, quantity, say, share, share_between
from sim.scenario.layers import layered
from sim.scenario.loading import read
from sim.scenario.overlay import as_yaml, overlay
from sim.scenario.schema import Scenario, written
from sim.uncertainty.surface import Axis, Surface
from sim.uncertainty.unknowns import Unknowns

STEPS = 24
"""Of a slider, from end to end; the value that is written is one more."""


@dataclass(frozen=True, slots=True)
class Slider:
    """What it moves in words, the words of its steps, and the step that is written."""

    name: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    written: int
    unit: str


@dataclass(frozen=True, slots=True)
class Sliders:
    """The sliders, the curve that they move, what was checked, and what the page needs to compute."""

    sliders: tuple[Slider, ...]
    figure: Figure
    result: str
    checks: Table
    numbers: Mapping[str, Any]


def sliders(seen: Sequence[Shown], found: Surface, unknowns: Unknowns) -> Sliders:
    """The sliders of a surface of the scenarios that are shown: the reference, and the last one."""
    places = [next(place for place, it in enumerate(seen) if it.result.name == name) for name in found.scenarios]
    shown = [seen[place] for place in places]
    language, last = shown[-1].language, shown[-1]
    steps = [_steps(axis) for axis in found.axes]
    made = tuple(_slider(axis, values, last) for axis, values in zip(found.axes, steps, strict=True))
    exact = [[_exact(it, name) for name in found.shares] for it in shown]
    numbers = {
        "sliders": [
            {
                "at": [round(axis.along(value), 6) for value in values],
                "values": values,
                "labels": slider.labels,
                "written": slider.written,
                "says": [says(unknowns, last.result.name, axis, value) for value in values],
            }
            for axis, values, slider in zip(found.axes, steps, made, strict=True)
        ],
        "extends": Path(str(unknowns.sources[last.result.name])).name.removesuffix(".yaml") + ".yaml",
        "points": found.points.round(6).tolist(),
        "days": found.days,
        "scenarios": [it.title for it in shown],
        "shares": [number_title(indicator_key(name, SHARE), last.result.scenario, language) for name in found.shares],
        "processes": [[_process(found, it.result.name, name) for name in found.shares] for it in shown],
        "curves": found.curves.transpose(1, 2, 0).round(5).tolist(),  # (scenarios, days, points)
        "exact": exact,
        "words": {key: told(f"slider_{key}", language, **_BLANKS) for key in _SAID},
        "plot": drawing.PLOT,
    }
    result = told("slider_at_written", language)
    return Sliders(made, _figure(shown, places, found), result, _checks(found, shown), numbers)


_SAID = ("about", "exact", "apart", "then", "pinned", "flips", "holds", "no_more", "name")
_BLANKS = {
    name: f"{{{name}}}"
    for name in ("scenario", "share", "value", "error", "points", "what", "at", "target", "items", "low", "high")
}


def says(unknowns: Unknowns, scenario: str, axis: Axis, value: float) -> Any:
    """What a file that extends the scenario's must say for an axis to have this value [its unit]; {} for nothing."""
    source = unknowns.sources[scenario]
    values = unknowns.values({axis.name: axis.draw(value)})
    return overlay(layered(source).tree, layered(source, set_=unknowns.set_, values=values).tree) or {}


def movable(unknowns: Unknowns, scenario: str, axes: Sequence[Axis]) -> tuple[Axis, ...]:
    """Those of the axes of which every state can be written as a file that reads back as the same scenario."""
    kept: list[Axis] = []
    for axis in axes:
        if all(_same(unknowns, scenario, [*kept, axis], along) for along in (0.0, 0.37, 1.0)):
            kept.append(axis)
    return tuple(kept)


def _same(unknowns: Unknowns, scenario: str, axes: Sequence[Axis], along: float) -> bool:
    said: Any = {"extends": str(Path(str(unknowns.sources[scenario])).resolve())}
    if not Path(said["extends"]).is_file():
        said = {"extends": f"{Path(str(unknowns.sources[scenario])).name.removesuffix('.yaml')}.yaml"}
    draw = {}
    for axis in axes:
        value = axis.value(along)
        said = merged(said, says(unknowns, scenario, axis, value))
        draw[axis.name] = axis.draw(value)
    try:
        json.dumps(said)
    except TypeError:  # a date: the page has no way to write one
        return False
    with TemporaryDirectory() as folder:
        file = Path(folder) / "state.yaml"
        file.write_text(as_yaml(said), encoding="utf-8")
        return _content(read(file).scenario) == _content(unknowns.scenario(scenario, draw).scenario)


def _content(scenario: Scenario) -> dict[str, Any]:
    """What a scenario simulates: without what a file that extends another one says for itself."""
    own = ("extends", "title", "question", "group")
    return {key: value for key, value in written(scenario).items() if key not in own}


def merged(one: Any, other: Any) -> Any:
    """Two overlays as one: keys together, items by their names; what only one can say, the second does."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {**one, **{key: merged(one[key], each) if key in one else each for key, each in other.items()}}
    if _named(one) and _named(other):
        by_name = {each["name"]: each for each in one}
        for each in other:
            by_name[each["name"]] = merged(by_name.get(each["name"], {}), each)
        return [*by_name.values()]
    return other


def _named(items: Any) -> bool:
    return isinstance(items, list) and all(isinstance(each, Mapping) and "name" in each for each in items)


def _steps(axis: Axis) -> list[float]:
    """The values of a slider [its unit], increasing: each writes something else, and one of them is as written."""
    written, seen = axis.inputs[0].law.mode, dict[str, float]()
    for value in [written, *(_short(axis.value(step / STEPS)) for step in range(STEPS + 1))]:
        within = axis.as_written(value)
        seen.setdefault(repr(axis.inputs[0].written(within)), within)
    return sorted(seen.values())


def _short(value: float) -> float:
    """A value in two significant digits, or three from 100 on."""
    return float(f"{value:.{3 if abs(value) >= 100 else 2}g}")


def _slider(axis: Axis, values: Sequence[float], it: Shown) -> Slider:
    first = axis.inputs[0]
    labels = tuple(quantity(value, first.unit, it.language) for value in values)
    name = input_title(first, it.result.scenario, it.language)
    unit = quantity(2, first.unit, it.language).lstrip("2").strip()
    return Slider(name[:1].upper() + name[1:], labels, tuple(values), values.index(first.law.mode), unit)


def _process(found: Surface, scenario: str, indicator: str) -> dict[str, Any]:
    it = found.processes[scenario, indicator]
    return {
        "y": it.outputs.round(6).tolist(),
        "lengths": it.lengths.round(6).tolist(),
        "noise": float(f"{it.noise:.6g}"),
        "luck": float(f"{found.luck[scenario, indicator]:.6g}"),
    }


def _exact(it: Shown, indicator: str) -> dict[str, Any]:
    found = it.numbers[indicator_key(indicator, SHARE)]
    said = f"{share(found.value, it.language)} [{share_between(found.low, found.high, it.language)}]"
    return {"value": round(found.value, 6), "said": said}


def _figure(shown: Sequence[Shown], places: Sequence[int], found: Surface) -> Figure:
    """The curve of each scenario at the numbers as written, to be moved."""
    it = shown[0]
    language, goal = it.language, it.result.scenario.goal
    assert goal is not None  # a surface is of shares within it
    curves = [each.result.summary.curve(found.shares[0]).share for each in shown]
    last = found.days[-1]
    lines = [
        drawing.Line(place, each.title, curve.tolist(), (), (), "")
        for place, each, curve in zip(places, shown, curves, strict=True)
    ]
    across = drawing.Axis(
        say(f"curve_x_{goal.counted}", language, event=it.titles.since(goal.from_)),
        [(tick, number(tick, language, digits=0)) for tick in range(0, last + 1, max(last // 8, 1))],
    )
    up = drawing.Axis("", [(tick / 4, share(tick / 4, language)) for tick in range(5)])
    mark = drawing.Goal(goal.within.value, say("goal_line", language, goal=goal_days(goal, language)))
    words = told("slider_curve", language, reached=it.titles.reached(goal.to))
    rows = tuple(
        (number(day, language, digits=0), *(share(curve[day], language) for curve in curves)) for day in found.days
    )
    table = Table(told("slider_curve_data", language), (told("day", language), *(each.title for each in shown)), rows)
    return Figure("moved", words, drawing.moving(lines, found.days, (across, up), mark), table)


def _checks(found: Surface, shown: Sequence[Shown]) -> Table:
    """What says how far the surface can be trusted."""
    language: Language = shown[0].language
    runs = {"points": f"{len(found.points)}", "replications": f"{found.replications}"}
    rows = [
        (told("surface_points", language), told("surface_runs", language, **runs)),
        (told("surface_missed", language), f"{number(100 * found.missed, language)} {told('points', language)}"),
        (told("surface_covered", language, n=f"{len(found.held.found)}"), share(found.held.covered, language)),
        *_monotone(found, shown),
    ]
    return Table(told("surface_caption", language), (told("check", language), told("result", language)), tuple(rows))


def _monotone(found: Surface, shown: Sequence[Shown]) -> Iterator[tuple[str, str]]:
    it, language = shown[-1], shown[-1].language
    bent = found.bent(it.result.name, found.shares[0])
    names = "; ".join(input_title(each.inputs[0], it.result.scenario, language) for each in bent)
    yield told("surface_monotone", language), names or told("surface_all_monotone", language)
