"""Figures of the report as SVG: text that is text, direct labels, and line styles that are told apart without colour.

`s_curve`, `bars`, `forest`, `bands` and `groups` draw one each. Colours are those of Okabe and Ito, darkened where text
would be too faint on white: each has a contrast of at least 4.5 to 1, and goes with a dash pattern of its own.

References
----------
Okabe M., Ito K. (2008). Color Universal Design. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite

from sim.report.plots import COLOURS, apart

DASHES = ("none", "9 3", "2 3", "9 3 2 3", "14 4", "5 2")
WAITING, WORKING = "#E69F00", "#0072B2"
_WAITS = f'fill="{WAITING}" stroke="#000" stroke-width="0.6" stroke-dasharray="2 2"'
WIDTH = 720
"""Of every drawing; it fits itself to the page."""

SAID = WIDTH - 220
"""Where the words of a difference begin."""

NESTS = ((5, "#08306b", "#08306b"), (12, "#6baed6", "#2171b5"), (20, "#dce9f5", "#2171b5"))
"""How thick an interval is drawn [px], its colour and its edge; the narrowest first."""

PLOT = {"left": 52, "right": WIDTH - 190, "top": 14, "bottom": 328}
"""The edges of a curve that moves [px]."""

Point = tuple[float, float]
Tick = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A curve with its band: shares by day, and the name at its end."""

    place: int  # of its scenario on the page, which gives its colour and its dashes
    name: str
    share: Sequence[float]  # by day, from day 0
    low: Sequence[float]
    high: Sequence[float]
    at_goal: str  # its value on the day of the goal, in words


@dataclass(frozen=True, slots=True)
class Part:
    """A bar of days: those of work, then those of waiting."""

    name: str
    work: float
    wait: float
    said: str  # what stands at its end


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and what it may be."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference, and two lines of words at its end."""

    name: str
    found: Interval
    said: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Nested:
    """A share with intervals, each within the next as a rule, and what stands at its end."""

    name: str
    value: float
    intervals: Sequence[tuple[float, float]]  # the narrowest first
    said: str


@dataclass(frozen=True, slots=True)
class Axis:
    """What stands at an axis: its words, and the text of a tick."""

    words: str
    ticks: Sequence[Tick]


@dataclass(frozen=True, slots=True)
class Goal:
    """The day of the goal, and its words."""

    day: float
    words: str


def s_curve(lines: Sequence[Line], axes: tuple[Axis, Axis], goal: Goal) -> str:
    """The share that is there within so many days; each line named at its end and told by its value at the goal."""
    height, left, right, top, bottom = 380, 52, 190, 14, 52
    last = max(day for day, _ in axes[0].ticks)
    across, down = _scale((0, last), (left, WIDTH - right)), _scale((0, 1), (height - bottom, top))
    ends = [line.share[int(last)] for line in lines]
    parts = [*_grid(axes, across, down, (left, WIDTH - right))]
    parts.append(_rule(across(goal.day), (top, height - bottom), goal.words))
    for line in lines:
        parts.append(_band(line, across, down, int(last)))
        parts.append(_stairs(line, across, down, int(last)))
    heights = _inside(apart([down(end) for end in ends], 30), (top + 12, height - bottom))
    for line, end, y in zip(lines, ends, heights, strict=True):
        parts.append(_label(line, (across(last) + 8, y), down(end)))
    there = [down(line.share[int(goal.day)]) for line in lines]
    heights = _inside(apart(there, 17), (top + 12, height - bottom))
    for line, at_goal, y in zip(lines, there, heights, strict=True):
        parts.append(_at_goal(line, (across(goal.day), y), at_goal))
    return _svg(height, parts)


def _inside(places: Sequence[float], edges: Point) -> list[float]:
    """Places moved together, as little as needed to lie between the edges; at the first edge if there is no room."""
    down = max(min(0.0, edges[1] - max(places)), edges[0] - min(places))
    return [place + down for place in places]


def moving(lines: Sequence[Line], days: Sequence[int], axes: tuple[Axis, Axis], goal: Goal) -> str:
    """Curves through a few days, as `s_curve` draws them, which a script may move: those of class "moving"."""
    last = max(days)
    across, down = _scale((0, last), (PLOT["left"], PLOT["right"])), _scale((0, 1), (PLOT["bottom"], PLOT["top"]))
    parts = [*_grid(axes, across, down, (PLOT["left"], PLOT["right"]))]
    parts.append(_rule(across(goal.day), (PLOT["top"], PLOT["bottom"]), goal.words))
    for line in lines:
        points = " ".join(f"{across(day):.1f},{down(line.share[day]):.1f}" for day in days)
        style = f'stroke="{_ink(line.place)}" stroke-width="2.4" stroke-dasharray="{_dash(line.place)}" fill="none"'
        parts.append(f'<polyline class="moving" points="{points}" {style}/>')
    ends = _inside(apart([down(line.share[last]) for line in lines], 30), (PLOT["top"] + 12, PLOT["bottom"]))
    for line, y in zip(lines, ends, strict=True):
        words = _in_two(line.name, 21)
        first = y + 4 - 7 * (len(words) - 1)
        for number, each in enumerate(words):
            at = (PLOT["right"] + 11.0, first + 14 * number)
            parts.append(_text(each, at, ink=_ink(line.place), weight="bold"))
    return _svg(380, parts)


def bars(blocks: Sequence[tuple[str, Sequence[Part]]], legend: tuple[str, str]) -> str:
    """Bars of days, block by block: work and waiting side by side, on one scale."""
    left, right, row = 210, 120, 22
    rows = sum(len(parts) + 1 for _, parts in blocks)
    height = 34 + row * rows + 8 * len(blocks)
    most = max((part.work + part.wait for _, parts in blocks for part in parts), default=1.0) or 1.0
    across = _scale((0, most), (left, WIDTH - right))
    drawn, y = [_legend(legend)], 34.0
    for name, parts in blocks:
        drawn.append(_text(name, (0, y + 14), weight="bold"))
        y += row
        for part in parts:
            drawn.append(_bar(part, across, y))
            y += row
        y += 8
    return _svg(height, drawn)


def forest(blocks: Sequence[tuple[str, Sequence[Difference]]], legend: tuple[str, str]) -> str:
    """Differences with their intervals about the line of no difference, a block for each unit on a scale of its own."""
    row, gap = 34, 30
    parts, y = [], 4.0
    for unit, differences in blocks:
        across = _symmetric(differences)
        foot = y + gap + row * len(differences)
        parts.append(f'<line x1="{across(0):.1f}" x2="{across(0):.1f}" y1="{y + 4}" y2="{foot}" class="rule"/>')
        parts.append(_text(f"\N{LEFTWARDS ARROW} {legend[0]}", (across(0) - 8, y + 14), anchor="end", klass="quiet"))
        parts.append(_text(f"{legend[1]} \N{RIGHTWARDS ARROW}", (across(0) + 8, y + 14), klass="quiet"))
        parts.append(_text(unit, (0, y + 14), weight="bold"))
        parts += [_whisker(each, across, y + gap + row * (place + 0.4)) for place, each in enumerate(differences)]
        y = foot + 8
    return _svg(y, parts)


def bands(blocks: Sequence[tuple[str, Sequence[Nested]]], legend: Sequence[str], ticks: Sequence[Tick]) -> str:
    """Shares with their intervals on one scale: the wider an interval is meant, the thicker and paler it is drawn."""
    row, left, right = 34, 250, 130
    across = _scale((0, 1), (left, WIDTH - right))
    parts, y = [*_bands_legend(legend)], 30.0
    for name, rows in blocks:
        foot = y + 26 + row * len(rows)
        parts += [_upright(across(value), (y + 22, foot), words) for value, words in ticks]
        parts.append(_text(name, (0, y + 12), weight="bold"))
        parts += [_nest(each, across, y + 26 + row * (place + 0.5)) for place, each in enumerate(rows)]
        y = foot + 30
    return _svg(y - 8, parts)


def groups(
    rows: Sequence[tuple[str, Sequence[Interval | None]]], names: Sequence[tuple[int, str]], ticks: Sequence[Tick]
) -> str:
    """Shares by group: for each scenario a mark of its own, by its place on the page, with its interval; one scale."""
    row, left, right = 15 * len(names) + 9, 190, 36
    across, head = _scale((0, 1), (left, WIDTH - right)), 22.0 * len(names) + 8
    foot = head + row * len(rows)
    parts = [_upright(across(value), (head, foot), words) for value, words in ticks]
    for line, (place, name) in enumerate(names):
        parts += [_mark(place, (left + 8, 22.0 * line + 12)), _text(name, (left + 24, 22.0 * line + 16))]
    for number, (name, found) in enumerate(rows):
        top = head + row * number
        parts.append(_text(name, (left - 10, top + row / 2 + 4), anchor="end"))
        parts.append(f'<line x1="{left}" x2="{WIDTH - right}" y1="{top:.1f}" y2="{top:.1f}" class="grid"/>')
        for line, (each, (place, _)) in enumerate(zip(found, names, strict=True)):
            if each is not None:
                parts.append(_marked(each, place, across, top + 12 + 15 * line))
    return _svg(foot + 26, parts)


def _upright(x: float, between: Point, words: str) -> str:
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{between[0]:.1f}" y2="{between[1]:.1f}" class="grid"/>'
    return line + _text(words, (x, between[1] + 15), anchor="middle", klass="quiet")


def _bands_legend(legend: Sequence[str]) -> Iterable[str]:
    x = 0.0
    for place, words in enumerate(legend):
        yield _thick(place, (x, x + 26), 14)
        yield _text(words, (x + 32, 18))
        x += 50 + 7.3 * len(words)


def _thick(place: int, ends: Point, y: float) -> str:
    """An interval of a kind: thin and dark the narrowest, thick and pale the widest."""
    thick, ink, edge = NESTS[place]
    width = max(ends[1] - ends[0], 1.5)
    size = f'x="{ends[0]:.1f}" y="{y - thick / 2:.1f}" width="{width:.1f}" height="{thick}"'
    return f'<rect {size} fill="{ink}" stroke="{edge}" stroke-width="0.8"/>'


def _nest(each: Nested, across: Scale, y: float) -> str:
    name = "".join(
        _text(words, (240, y + 4 + 14 * line - 7 * (len(_in_two(each.name, 34)) - 1)), anchor="end")
        for line, words in enumerate(_in_two(each.name, 34))
    )
    order = [*enumerate(each.intervals)][::-1]
    bars = "".join(_thick(place, (across(low), across(high)), y) for place, (low, high) in order if isfinite(low))
    x = across(each.value)
    tick = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 13:.1f}" y2="{y + 13:.1f}" stroke="#000" stroke-width="2"/>'
    return name + bars + tick + _text(each.said, (WIDTH - 124, y + 4), weight="bold")


def _mark(place: int, at: Point) -> str:
    """The mark of a scenario: a disc, a square, a triangle, a diamond."""
    (x, y), ink = at, _ink(place)
    if place % 4 == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{ink}"/>'
    around = (((-4, -4), (4, -4), (4, 4), (-4, 4)), ((0, -5), (5, 4), (-5, 4)), ((0, -6), (5, 0), (0, 6), (-5, 0)))
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in around[place % 4 - 1])
    return f'<polygon points="{points}" fill="{ink}"/>'


def _marked(each: Interval, place: int, across: Scale, y: float) -> str:
    low, high = (end if isfinite(end) else each.value for end in (each.low, each.high))
    style = f'stroke="{_ink(place)}" stroke-width="2"'
    line = f'<line x1="{across(low):.1f}" x2="{across(high):.1f}" y1="{y:.1f}" y2="{y:.1f}" {style}/>'
    return line + _mark(place, (across(each.value), y))


def _symmetric(differences: Sequence[Difference]) -> Scale:
    """A scale with nothing in the middle, wide enough for every interval."""
    ends = [
        abs(end) for each in differences for end in (each.found.low, each.found.high, each.found.value) if isfinite(end)
    ]
    most = max(ends, default=1.0) or 1.0
    return _scale((-most, most), (280, SAID - 20))


def _scale(values: Point, pixels: Point) -> Scale:
    return Scale(values[0], pixels[0], (pixels[1] - pixels[0]) / ((values[1] - values[0]) or 1.0))


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to pixels."""

    first: float
    origin: float
    slope: float

    def __call__(self, value: float) -> float:
        return self.origin + (value - self.first) * self.slope


def _svg(height: float, parts: Iterable[str]) -> str:
    """The drawing without its frame: what stands around it names and describes it."""
    return f'viewBox="0 0 {WIDTH} {height:g}">{"".join(parts)}'


def _grid(axes: tuple[Axis, Axis], across: Scale, down: Scale, edges: Point) -> Iterable[str]:
    for value, words in axes[1].ticks:
        y = down(value)
        yield f'<line x1="{edges[0]}" x2="{edges[1]:.0f}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
        yield _text(words, (edges[0] - 6, y + 4), anchor="end", klass="quiet")
    floor = down(0)
    for value, words in axes[0].ticks:
        yield f'<line x1="{across(value):.1f}" x2="{across(value):.1f}" y1="{floor}" y2="{floor + 4}" class="rule"/>'
        yield _text(words, (across(value), floor + 18), anchor="middle", klass="quiet")
    yield _text(axes[0].words, ((edges[0] + edges[1]) / 2, floor + 40), anchor="middle")


def _rule(x: float, between: Point, words: str) -> str:
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{between[0]}" y2="{between[1]}" class="goal"/>'
    return line + _text(words, (x + 6, between[0] + 12), klass="quiet")


def _band(line: Line, across: Scale, down: Scale, last: int) -> str:
    """The interval of a curve; nothing where there is none."""
    days = [day for day in range(last + 1) if isfinite(line.low[day]) and isfinite(line.high[day])]
    if not days:
        return ""
    there = [(across(day), down(line.high[day])) for day in days]
    back = [(across(day), down(line.low[day])) for day in reversed(days)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in there + back)
    return f'<polygon points="{points}" fill="{_ink(line.place)}" fill-opacity="0.14"/>'


def _stairs(line: Line, across: Scale, down: Scale, last: int) -> str:
    path = f"M{across(0):.1f},{down(line.share[0]):.1f}"
    path += "".join(f"H{across(day):.1f}V{down(line.share[day]):.1f}" for day in range(1, last + 1))
    style = f'stroke="{_ink(line.place)}" stroke-width="2.4" stroke-dasharray="{_dash(line.place)}" fill="none"'
    return f'<path d="{path}" {style}/>'


def _label(line: Line, at: Point, curve: float) -> str:
    """A name beside the end of its line, in two lines of text if it is long."""
    (x, y), ink = at, _ink(line.place)
    words = _in_two(line.name, 21)
    lead = f'<line x1="{x - 6:.1f}" x2="{x:.1f}" y1="{curve:.1f}" y2="{y:.1f}" stroke="{ink}"/>'
    first = y + 4 - 7 * (len(words) - 1)
    return lead + "".join(
        _text(each, (x + 3, first + 14 * number), ink=ink, weight="bold") for number, each in enumerate(words)
    )


def _at_goal(line: Line, at: Point, curve: float) -> str:
    """The value of a curve at the goal: a dot on it, and words on its left."""
    ink = _ink(line.place)
    dot = f'<circle cx="{at[0]:.1f}" cy="{curve:.1f}" r="4" fill="{ink}"/>'
    return dot + _text(line.at_goal, (at[0] - 8, at[1] - 3), anchor="end", ink=ink, weight="bold")


def _bar(part: Part, across: Scale, y: float) -> str:
    begin, middle, end = across(0), across(part.work), across(part.work + part.wait)
    work = f'<rect x="{begin:.1f}" y="{y + 3:.1f}" width="{middle - begin:.1f}" height="15" fill="{WORKING}"/>'
    wait = (
        f'<rect x="{middle:.1f}" y="{y + 5:.1f}" width="{end - middle:.1f}" height="11" {_WAITS}/>'
        if part.wait > 0
        else ""
    )
    name = _text(part.name, (across(0) - 8, y + 15), anchor="end")
    return name + work + wait + _text(part.said, (end + 6, y + 15), klass="quiet")


def _legend(words: tuple[str, str]) -> str:
    work = f'<rect x="210" y="4" width="22" height="15" fill="{WORKING}"/>' + _text(words[0], (238, 16))
    x = 250 + 8 * len(words[0])
    wait = f'<rect x="{x}" y="6" width="22" height="11" {_WAITS}/>'
    return work + wait + _text(words[1], (x + 28, 16))


def _whisker(each: Difference, across: Scale, y: float) -> str:
    found, lines = each.found, _in_two(each.name, 46)
    first = y + 4 - 7 * (len(lines) - 1)
    name = "".join(_text(words, (0, first + 14 * number)) for number, words in enumerate(lines))
    low, high = (end if isfinite(end) else found.value for end in (found.low, found.high))
    line = f'<line x1="{across(low):.1f}" x2="{across(high):.1f}" y1="{y:.1f}" y2="{y:.1f}" class="whisker"/>'
    dot = f'<circle cx="{across(found.value):.1f}" cy="{y:.1f}" r="4" class="whisker"/>'
    said = _text(each.said[0], (SAID, y - 2), weight="bold") + _text(each.said[1], (SAID, y + 13), klass="quiet")
    return name + line + dot + said


def _text(words: str, at: Point, *, anchor: str = "start", klass: str = "", ink: str = "", weight: str = "") -> str:
    style = "".join(
        f' {name}="{value}"'
        for name, value in (("class", klass), ("fill", ink), ("font-weight", weight), ("text-anchor", anchor))
        if value and value != "start"
    )
    return f'<text x="{at[0]:.1f}" y="{at[1]:.1f}"{style}>{escape(words)}</text>'


def _in_two(words: str, most: int) -> list[str]:
    """Words in two lines if they are longer than `most` letters, cut at the space nearest to the middle.

    >>> _in_two("Contracts during the review", 20)
    ['Contracts during', 'the review']
    """
    spaces = [place for place, letter in enumerate(words) if letter == " "]
    if len(words) <= most or not spaces:
        return [words]
    cut = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return [words[:cut], words[cut + 1 :]]


def _ink(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _dash(place: int) -> str:
    return DASHES[place % len(DASHES)]
