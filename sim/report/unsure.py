"""How sure an answer is, in words: three bands of each share, how often a difference holds, what to measure first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from sim.report.answer import pledged
from sim.report.console import WIDTH, bare_table, plain, section, wrapped
from sim.report.titles import Titles
from sim.report.words import DASH, Language, between, key_title, number, quantity, say, share, share_between, signed
from sim.scenario.language.ranges import Input
from sim.scenario.lowering import tasks_of
from sim.scenario.schema import Scenario
from sim.tables import Line
from sim.uncertainty.bands import Band, Bands, Sure
from sim.uncertainty.unsure import Unsure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

NAMED = 3
"""How many of the numbers that matter are named."""

COLUMNS = (
    "scenario",
    "name",
    "against",
    "value",
    "low",
    "high",
    "luck_low",
    "luck_high",
    "unknown_low",
    "unknown_high",
    "found_low",
    "found_high",
    "sd_of_unknown",
    "sd_of_luck",
    "better",
    "worse",
    "undecided",
    "identical",
    "draws",
)
Scenarios = Mapping[str, Scenario]


def unsure_text(it: Unsure, scenarios: Scenarios, language: Language, width: int = WIDTH) -> str:
    """The section of the answer that says how sure it is, as plain text."""
    return plain(unsure_parts(it, scenarios, language, width), width)


def unsure_parts(it: Unsure, scenarios: Scenarios, language: Language, width: int) -> Iterator[RenderableType]:
    """The same for a console: the bands of each scenario's shares, and what they mean."""
    heads = ("unsure_share", "unsure_computed", "unsure_luck", "unsure_unknown", "unsure_found")
    tables: list[RenderableType] = []
    for output in told(it, scenarios):
        what = Titles(scenarios[it.scenarios[0]], language).indicator(output)
        tables += [table := bare_table(what, [say(key, language) for key in heads]), ""]
        for name in it.scenarios:
            found = it.bands(name, output)
            bands = (band_cell(band, language) for band in _of(found))
            table.add_row(Titles(scenarios[name], language).whole, share(found.value, language), *bands)
    sentences = unsure_sentences(it, scenarios, language)
    yield from section(say("Unsure", language), [*tables, *wrapped(sentences, width, indent="")])


def unknown_cell(it: Unsure, name: str, output: str, language: Language) -> str:
    """What nobody knows of a share, in per cent; a dash where it was not looked at."""
    known = name in it.scenarios and output in it.outputs
    return band_cell(it.bands(name, output).unknown, language) if known else DASH


def unsure_in_brief(it: Unsure, scenarios: Scenarios, language: Language) -> Iterator[str]:
    """Over which draws the share was looked at, and which numbers to measure first."""
    yield say("brief_unknown", language, draws=_draws(it, language))
    if first := it.matters[:NAMED]:
        items = say("then", language).join(
            input_title(each.inputs[0], scenarios[it.widest], language) for each in first
        )
        yield say(
            "brief_measure" if all(each.explained.told for each in first) else "brief_perhaps", language, items=items
        )


def unsure_sentences(it: Unsure, scenarios: Scenarios, language: Language) -> Iterator[str]:
    """What the table means, in how many draws the differences hold, and what to measure first."""
    outputs = told(it, scenarios)
    return chain(
        [say("unsure_bands", language, draws=_draws(it, language))],
        _where(it, scenarios, outputs, language),
        _contrasts(it, scenarios, outputs, language),
        _first_to_measure(it, scenarios, language),
    )


def told(it: Unsure, scenarios: Scenarios) -> list[str]:
    """The outputs that count from the goal's first event, that of the goal first."""
    named = [each.name for each in pledged(scenarios[it.scenarios[0]])]
    return [name for name in named if name in it.outputs]


def unsure_lines(it: Unsure) -> list[Line]:
    """Every band and every paired difference, one line each."""
    alone = (_line(it, name, output, it.bands(name, output), None) for name in it.scenarios for output in it.outputs)
    paired = (
        _line(it, name, output, it.contrast(name, output), it.sure(name, output))
        for name in it.scenarios[1:]
        for output in it.outputs
    )
    return [*alone, *paired]


def matter_lines(it: Unsure) -> list[Line]:
    """Every input with the share of the spread that knowing it would take away, the largest first."""
    return [
        {
            "moves": each.explained.name,
            "inputs": " ".join(one.name for one in each.inputs),
            "written": each.inputs[0].law.mode,
            "low": each.inputs[0].law.low,
            "high": each.inputs[0].law.high,
            "unit": each.inputs[0].unit,
            "grade": each.inputs[0].grade,
            "stage": each.inputs[0].stage,
            "share_of_spread": each.explained.share,
            "share_low": each.explained.low,
            "share_high": each.explained.high,
            "told_from_chance": each.explained.told,
            "goal_at_low": each.explained.at[0],
            "goal_at_high": each.explained.at[1],
        }
        for each in it.matters
    ]


def input_title(each: Input, scenario: Scenario, language: Language) -> str:
    """What an input is called: the task that it is about, or the keys that lead to it as words."""
    first = each.quantities[0]
    parts = [part for part in first.words.split(".") if not part.endswith("]")]
    task = _task_at(first.path, scenario)
    if task is not None:
        rest = parts[-1:] if parts[-1] in ("share", "rounds") else []
        return ", ".join([Titles(scenario, language).event(task), *(key_title(part, language) for part in rest)])
    shown = parts[-3:] if len(parts) < 3 else parts[1:][-3:]
    return ", ".join(_part_title(part, parts, scenario, language) for part in shown)


def _task_at(path: tuple[Any, ...], scenario: Scenario) -> str | None:
    """The task whose step the path leads through."""
    steps = {id(step): name for task in tasks_of(scenario) for name, step in task.steps}
    here: Any = scenario
    for part in path:
        here = (
            here[part]
            if isinstance(here, tuple)
            else here.get(part)
            if isinstance(here, dict)
            else getattr(here, str(part), None)
        )
        if id(here) in steps:
            return steps[id(here)]
    return None


def _part_title(part: str, parts: Sequence[str], scenario: Scenario, language: Language) -> str:
    titles = Titles(scenario, language)
    if parts[0] == "classes" and part == parts[1]:
        return titles.trial_class(part)
    if part in scenario.pools and part not in ("units", "people"):
        return titles.pool(part)
    return key_title(part, language)


def draw_bands(it: Unsure, scenarios: Scenarios, ax: Axes | None = None, *, language: Language = "en") -> Axes:
    """The three bands of the goal's share, one line a scenario, on `ax` or on a figure of its own."""
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(7.5, 1.6 + 0.5 * len(it.scenarios)), layout="constrained").subplots()
    output = told(it, scenarios)[0]
    for place, name in enumerate(it.scenarios):
        found = it.bands(name, output)
        for band, thickness, ink, label in (
            (found.unknown, 14, "#c6dbef", "unsure_unknown"),
            (found.luck, 9, "#6baed6", "unsure_luck"),
            (found.computed, 4, "#08519c", "unsure_computed"),
        ):
            words = say(label, language) if not place else "_nolegend_"
            ax.hlines(place, 100 * band.low, 100 * band.high, lw=thickness, color=ink, label=words)
        ax.plot(100 * found.value, place, "|", color="white", markersize=10)
    ax.set_yticks(range(len(it.scenarios)), [Titles(scenarios[name], language).whole for name in it.scenarios])
    ax.set(xlim=(0, 100), ylim=(len(it.scenarios) - 0.5, -0.5))
    ax.set_xlabel(say("unsure_axis", language, what=Titles(scenarios[it.scenarios[0]], language).indicator(output)))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3)
    return ax


def _draws(it: Unsure, language: Language) -> str:
    """How many draws there are, and of what."""
    many = number(len(it.played.points), language, digits=0)
    if it.agreeing is None:
        return say("unsure_of_ranges", language, draws=many)
    totals = it.agreeing.totals.en if language == "en" else it.agreeing.totals.fr
    found = quantity(float(f"{100 * it.agreeing.share:.2g}"), "%", language)
    return say("unsure_of_totals", language, draws=many, totals=totals, share=found)


def _where(it: Unsure, scenarios: Scenarios, outputs: list[str], language: Language) -> Iterator[str]:
    """Where among the draws the computed share of the scenario lies that spreads most, and why there."""
    if not outputs:
        return
    low, many = it.leaning
    below = it.below(it.widest, outputs[0])
    yield say(
        "unsure_where",
        language,
        scenario=Titles(scenarios[it.widest], language).whole,
        value=share(it.bands(it.widest, outputs[0]).value, language),
        below=share(below, language),
        low=number(low, language, digits=0),
        ranges=number(many, language, digits=0),
    )


def _of(found: Bands) -> tuple[Band, Band, Band, Band]:
    return found.computed, found.luck, found.unknown, found.found


def band_cell(band: Band, language: Language) -> str:
    """Where a share falls, in per cent; an interval of shares, so within 0 and 100."""
    return share_between(max(band.low, 0.0), min(band.high, 1.0), language)


def _contrasts(it: Unsure, scenarios: Scenarios, outputs: list[str], language: Language) -> Iterator[str]:
    for name in it.scenarios[1:]:
        for output in outputs[:1]:
            found = it.sure(name, output)
            yield say(
                "unsure_contrast",
                language,
                scenario=Titles(scenarios[name], language).whole,
                reference=Titles(scenarios[it.scenarios[0]], language).whole,
                better=share(found.up, language),
                worse=share(found.down, language),
                undecided=share(found.undecided, language),
                same=share(found.same, language),
                way=say("unsure_better" if found.up >= found.down else "unsure_worse", language),
                interval=between(100 * found.low, 100 * found.high, language, digits=0),
                low=signed(100 * found.by.low, language, digits=0),
                high=signed(100 * found.by.high, language, digits=0),
            )


def _first_to_measure(it: Unsure, scenarios: Scenarios, language: Language) -> Iterator[str]:
    if not it.matters:
        return
    scenario = scenarios[it.widest]
    yield say("unsure_first", language, scenario=Titles(scenario, language).whole)
    for place, each in enumerate(it.matters[:NAMED], 1):
        first, more = each.inputs[0], len({one.name for one in each.inputs}) - 1
        title_ = input_title(first, scenario, language)
        yield say(
            "unsure_matter" if each.explained.told else "unsure_perhaps",
            language,
            place=str(place),
            what=title_ if not more else say("unsure_and_more", language, what=title_, n=str(more)),
            path=first.name,
            written=quantity(first.law.mode, first.unit, language),
            low=quantity(first.law.low, first.unit, language),
            high=quantity(first.law.high, first.unit, language),
            spread=share(each.explained.share, language),
            at_low=share(each.explained.at[0], language),
            at_high=share(each.explained.at[1], language),
        )


def _line(it: Unsure, name: str, output: str, found: Bands, how: Sure | None) -> Line:
    values = (
        name,
        output,
        it.scenarios[0] if how is not None else "",
        found.value,
        *(end for band in _of(found) for end in band),
        max(found.parts.draw, 0.0) ** 0.5,
        max(found.parts.luck + found.parts.rest, 0.0) ** 0.5,
        *((how.up, how.down, how.undecided, how.same) if how is not None else (None,) * 4),
        found.parts.draws,
    )
    return dict(zip(COLUMNS, values, strict=True))
