"""A sensitivity analysis in tables and sentences, part by part, in both languages.

`PARTS` are the parts by name, each a function from an analysis to its lines; `part_text` prints one.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.report.titles import Titles
from sim.report.unsure import draw_bands, input_title, matter_lines, unsure_lines, unsure_text
from sim.report.words import (
    GRADES,
    KEYS,
    Language,
    between,
    grade_title,
    key_title,
    number,
    quantity,
    say,
    share,
    signed,
)
from sim.scenario.language.ranges import Input
from sim.scenario.schema import Scenario
from sim.tables import Line, as_text
from sim.uncertainty.conclusions import Box
from sim.uncertainty.indices import Index
from sim.uncertainty.sensitivity import ROWS_ON_ENGINE, Flip, Sensitivity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = 15
"""Rows of a table that are printed; files have all."""

ASSUMED = "assumption"


def tornado_lines(it: Sensitivity) -> list[Line]:
    """Every input at both its ends."""
    return [
        {"scenario": each.scenario, **_said(each.inputs), "change_at_low": each.low, "change_at_high": each.high}
        | {"exact_null": each.exact_null}
        for each in it.ends
    ]


def screening_lines(it: Sensitivity) -> list[Line]:
    """Morris' indices of every input."""
    return [
        {"scenario": it.unsure.widest, **_said(it.unknowns.moving[each.name]), "mu_star": each.mu_star}
        | {"mu_star_low": each.low, "mu_star_high": each.high, "sigma": each.sigma, "exact_null": each.exact_null}
        for each in it.screened
    ]


def index_lines(it: Sensitivity) -> list[Line]:
    """First-order and total indices of every input, on the emulator."""
    return _index_lines(it, "input", it.indices)


def group_lines(it: Sensitivity) -> list[Line]:
    """The same of grades of evidence and of parts of the process."""
    return [*_index_lines(it, "grade", it.groups("grade")), *_index_lines(it, "stage", it.groups("stage"))]


def flip_lines(it: Sensitivity) -> list[Line]:
    """Where the inputs that matter most turn round which scenario is better."""
    return [
        {"scenario": each.scenario, **_said(each.inputs), "holds": each.found.holds, "flips_at": each.at}
        | {"flips_low": each.low, "flips_high": each.high}
        | {"difference_at_low": each.found.first, "difference_at_high": each.found.last}
        for each in it.flips
    ]


def ranking_lines(it: Sensitivity) -> list[Line]:
    """What each scenario loses to the best one of each draw, and where it is not better than the reference."""
    return [
        {"scenario": name, "regret_mean": each.mean, "regret_p90": each.p90, "regret_most": each.most}
        | {"not_better": _sides(it.regions[name]) if name in it.regions else ""}
        | {"coverage": it.regions[name].coverage if name in it.regions else None}
        | {"density": it.regions[name].density if name in it.regions else None}
        | {"chosen_again": _again(it.regions[name]) if name in it.regions else ""}
        for name, each in it.regrets.items()
    ]


PARTS: Mapping[str, Callable[[Sensitivity], list[Line]]] = {
    "bands": lambda it: unsure_lines(it.unsure),
    "value": lambda it: matter_lines(it.unsure),
    "ranking": ranking_lines,
    "groups": group_lines,
    "indices": index_lines,
    "flips": flip_lines,
    "tornado": tornado_lines,
    "screening": screening_lines,
}
"""The parts of an analysis, those that need no runs but the draws first."""


def part_text(it: Sensitivity, part: str, scenarios: Mapping[str, Scenario], language: Language) -> str:
    """One part as text: its heading, its table, what it says."""
    if part == "bands":
        return unsure_text(it.unsure, scenarios, language)
    rows, sentences = _TEXTS[part](it, scenarios, language)
    said = "".join(f"{textwrap.fill(each, 80, break_long_words=False)}\n" for each in sentences)
    table = as_text(rows, right={*range(1, len(rows[0]))}) if len(rows) > 1 else ""
    return f"{say(f'part_{part}', language)}\n{table}{said}"


def draw_tornado(
    it: Sensitivity, scenarios: Mapping[str, Scenario], ax: Axes | None = None, *, language: Language = "en"
) -> Axes:
    """The inputs that move the share of the widest scenario farthest, on `ax` or on a figure of its own."""
    farthest = [each for each in it.ends if each.scenario == it.unsure.widest][:SHOWN]
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(8.5, 1.5 + 0.32 * len(farthest)), layout="constrained").subplots()
    for place, each in enumerate(farthest):
        ax.plot([100 * each.low, 100 * each.high], [place, place], lw=7, color="#c6dbef", solid_capstyle="butt")
        for value, ink, key in ((each.low, "#2171b5", "at_low_end"), (each.high, "#cb4b16", "at_high_end")):
            label = say(key, language) if not place else "_nolegend_"
            ax.plot(100 * value, place, "o", color=ink, label=label)
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=2)
    names = [input_title(each.inputs[0], scenarios[each.scenario], language) for each in farthest]
    ax.set_yticks(range(len(farthest)), names)
    ax.axvline(0, color="black", lw=0.8)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set(ylim=(len(farthest) - 0.5, -0.5))
    ax.set_xlabel(say("sensitivity_axis", language, scenario=Titles(scenarios[it.unsure.widest], language).whole))
    return ax


def draw_value(
    it: Sensitivity, scenarios: Mapping[str, Scenario], ax: Axes | None = None, *, language: Language = "en"
) -> Axes:
    """What knowing each number would take away of the spread, with its interval, the most first."""
    first = it.unsure.matters[:SHOWN]
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(8.5, 1.2 + 0.32 * len(first)), layout="constrained").subplots()
    for place, each in enumerate(first):
        found = each.explained
        ax.plot([100 * max(found.low, 0.0), 100 * found.high], [place, place], lw=7, color="#c6dbef")
        ax.plot(100 * found.share, place, "o", color="#08519c")
    ax.set_yticks(
        range(len(first)), [input_title(each.inputs[0], scenarios[it.unsure.widest], language) for each in first]
    )
    ax.spines[["top", "right"]].set_visible(False)
    ax.set(ylim=(len(first) - 0.5, -0.5), xlim=(0, 100))
    ax.set_xlabel(say("head_worth", language))
    return ax


DRAWN: Mapping[str, Callable[[Sensitivity, Axes | None, Language], Axes]] = {
    "bands": lambda it, ax, language: draw_bands(it.unsure, it.scenarios, ax, language=language),
    "value": lambda it, ax, language: draw_value(it, it.scenarios, ax, language=language),
    "tornado": lambda it, ax, language: draw_tornado(it, it.scenarios, ax, language=language),
}
"""The parts that have a figure."""

Text = tuple[list[list[str]], list[str]]


def _tornado(it: Sensitivity, scenarios: Mapping[str, Scenario], language: Language) -> Text:
    rows = [_heads(("input", "range", "at_low", "at_high"), language)]
    for each in [each for each in it.ends if each.scenario == it.unsure.widest][:SHOWN]:
        what = input_title(each.inputs[0], scenarios[each.scenario], language)
        rows.append([what, _range(each.inputs[0], language), *(_points(x, language) for x in (each.low, each.high))])
    moved = {each.inputs[0].tie or each.inputs[0].name for each in it.ends if not each.exact_null}
    every = len(it.unknowns.names)
    return rows, [say("sensitivity_null", language, n=str(every - len(moved)), of=str(every))]


def _screening(it: Sensitivity, scenarios: Mapping[str, Scenario], language: Language) -> Text:
    rows = [_heads(("input", "mu_star", "sigma", "shape"), language)]
    for each in it.screened[:SHOWN]:
        what = input_title(it.unknowns.moving[each.name][0], scenarios[it.unsure.widest], language)
        shape = say("sensitivity_bent" if each.bent else "sensitivity_straight", language)
        effect = f"{_points(each.mu_star, language)} ({between(100 * each.low, 100 * each.high, language, digits=0)})"
        rows.append([what, effect.lstrip("+"), number(100 * each.sigma, language, digits=0), shape])
    nothing = sum(each.exact_null for each in it.screened)
    return rows, [say("sensitivity_null", language, n=str(nothing), of=str(len(it.screened)))]


def _indices(it: Sensitivity, scenarios: Mapping[str, Scenario], language: Language) -> Text:
    if it.blind:
        return [[""]], [_trusted(it, language)]
    rows = [_heads(("input", "first", "total"), language)]
    for each in it.indices[:SHOWN]:
        what = input_title(it.unknowns.moving[each.name][0], scenarios[it.unsure.widest], language)
        rows.append([what, *_both(each, language)])
    return rows, [_trusted(it, language), say("sensitivity_zero", language)]


def _groups(it: Sensitivity, scenarios: Mapping[str, Scenario], language: Language) -> Text:
    rows = [_heads(("group", "first", "total"), language)]
    scenario = scenarios[it.unsure.widest]
    both = (*it.groups("grade"), *it.groups("stage"))
    rows += [[group_title(each.name, scenario, language), *_both(each, language)] for each in both]
    rests = [
        say("sensitivity_assumed", language, low=both[0], high=both[1])
        for each in it.groups("grade")
        if each.name == ASSUMED
        for both in [[*_both(each, language)]]
    ]
    seen = say("sensitivity_engine", language, n=str(ROWS_ON_ENGINE)) if it.blind else _trusted(it, language)
    return rows, [*rests, seen]


def _flips(it: Sensitivity, scenarios: Mapping[str, Scenario], language: Language) -> Text:
    sentences = [flip_sentence(each, scenarios, it.unsure.scenarios[0], language) for each in it.flips]
    return [[""]], sentences or [say("sensitivity_alone", language)]


def flip_sentence(each: Flip, scenarios: Mapping[str, Scenario], reference: str, language: Language) -> str:
    """Where an input turns round whether a scenario is better than the reference, or that it does not."""
    named = {
        "what": input_title(each.inputs[0], scenarios[each.scenario], language),
        "scenario": Titles(scenarios[each.scenario], language).whole,
        "reference": Titles(scenarios[reference], language).whole,
        "range": _range(each.inputs[0], language),
    }
    if each.found.holds:
        ends = [_points(end, language) for end in (each.found.first, each.found.last)]
        return say("sensitivity_holds", language, **named, first=ends[0], last=ends[1])
    at, low, high = (quantity(x, each.inputs[0].unit, language) for x in (each.at, each.low, each.high))
    return say("sensitivity_flips", language, **named, at=at, low=low, high=high)


def _ranking(it: Sensitivity, scenarios: Mapping[str, Scenario], language: Language) -> Text:
    rows = [_heads(("scenario", "regret_mean", "regret_p90", "regret_most"), language)]
    for name, each in it.regrets.items():
        lost = (_points(x, language).lstrip("+") for x in (each.mean, each.p90, each.most))
        rows.append([Titles(scenarios[name], language).whole, *lost])
    regions = [_where(it, name, box, scenarios, language) for name, box in it.regions.items()]
    return rows, regions


def conclusion(it: Sensitivity, scenarios: Mapping[str, Scenario], language: Language) -> str:
    """In how many draws the ranking holds, as a paragraph that stands before all else; "" if nothing is ranked."""
    found = it.held
    if found is None:
        return ""
    sentence = say(
        "sensitivity_held",
        language,
        ranking=" > ".join(Titles(scenarios[name], language).whole for name in it.ranking),
        holds=share(found.holds, language),
        interval=between(100 * found.interval.low, 100 * found.interval.high, language, digits=0),
        fails=share(found.fails, language),
        undecided=share(found.undecided, language),
        draws=number(found.draws, language, digits=0),
    )
    return f"{textwrap.fill(sentence, 80, break_long_words=False)}\n\n"


def _where(it: Sensitivity, name: str, box: Box, scenarios: Mapping[str, Scenario], language: Language) -> str:
    sides = []
    for axis, (low, high) in box.sides.items():
        first = it.unknowns.moving[axis][0]
        ends = [quantity(first.value(u), first.unit, language) for u in (low, high)]
        what = input_title(first, scenarios[name], language)
        again = share(box.again.get(axis, 0.0), language)
        sides.append(say("sensitivity_side", language, what=what, low=ends[0], high=ends[1], again=again))
    return say(
        "sensitivity_region" if box.good else "sensitivity_no_region",
        language,
        scenario=Titles(scenarios[name], language).whole,
        sides="; ".join(sides),
        coverage=share(box.coverage, language),
        density=share(box.density, language),
    )


def _value(it: Sensitivity, scenarios: Mapping[str, Scenario], language: Language) -> Text:
    rows = [_heads(("input", "range", "worth", "at_low_share", "at_high_share"), language)]
    for each in it.unsure.matters[:SHOWN]:
        what = input_title(each.inputs[0], scenarios[it.unsure.widest], language)
        found = each.explained
        worth = f"{share(found.share, language)} ({between(100 * found.low, 100 * found.high, language, digits=0)})"
        rows.append([what, _range(each.inputs[0], language), worth, *(share(x, language) for x in found.at)])
    return rows, [say("sensitivity_worth", language)]


_TEXTS: Mapping[str, Callable[[Sensitivity, Mapping[str, Scenario], Language], Text]] = {
    "value": _value,
    "ranking": _ranking,
    "groups": _groups,
    "indices": _indices,
    "flips": _flips,
    "tornado": _tornado,
    "screening": _screening,
}


def group_title(name: str, scenario: Scenario, language: Language) -> str:
    """What a group of inputs is called: a grade of evidence, or a part of the scenario."""
    if name in GRADES:
        return grade_title(name, language)
    return key_title(name, language) if name in KEYS else Titles(scenario, language).stage(name)


def _heads(names: Sequence[str], language: Language) -> list[str]:
    return [say(f"head_{name}", language) for name in names]


def _both(each: Index, language: Language) -> Iterator[str]:
    for value, low, high in (
        (each.first, each.first_low, each.first_high),
        (each.total, each.total_low, each.total_high),
    ):
        yield f"{share(value, language)} ({between(100 * low, 100 * high, language, digits=0)})"


def _trusted(it: Sensitivity, language: Language) -> str:
    if it.on == "engine":
        return say("sensitivity_engine", language, n=str(ROWS_ON_ENGINE))
    key = "sensitivity_blind" if it.blind else "sensitivity_emulator"
    return say(key, language, seen=share(it.emulator.seen, language))


def _points(value: float, language: Language) -> str:
    return signed(100 * value, language, digits=0)


def _range(each: Input, language: Language) -> str:
    low, mode, high = (quantity(x, each.unit, language) for x in (each.law.low, each.law.mode, each.law.high))
    return f"{low} – {mode} – {high}"


def _said(inputs: Sequence[Input]) -> dict[str, object]:
    first = inputs[0]
    return {
        "moves": first.tie or first.name,
        "inputs": " ".join(each.name for each in inputs),
        "written": first.law.mode,
        "low": first.law.low,
        "high": first.law.high,
        "unit": first.unit,
    }


def _index_lines(it: Sensitivity, kind: str, found: Sequence[Index]) -> list[Line]:
    return [
        {"scenario": it.unsure.widest, "of": kind, "name": each.name, "first": each.first}
        | {"first_low": each.first_low, "first_high": each.first_high}
        | {"total": each.total, "total_low": each.total_low, "total_high": each.total_high}
        | {"emulator_sees": it.emulator.seen if it.on == "emulator" else None}
        | {"on": "engine" if it.on == "engine" or (kind != "input" and it.blind) else "emulator"}
        for each in found
    ]


def _again(box: Box) -> str:
    return "; ".join(f"{name} {share_:.2f}" for name, share_ in box.again.items())


def _sides(box: Box) -> str:
    return "; ".join(f"{name} {low:.3g}-{high:.3g}" for name, (low, high) in box.sides.items())
