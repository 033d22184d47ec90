"""A calibration in tables and sentences, in both languages."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from sim.report.unsure import input_title
from sim.report.words import Language, between, number, plain, quantity, say, share
from sim.scenario.schema import Scenario
from sim.tables import Line, as_text
from sim.uncertainty.calibration import Calibration, Met

NARROWED = 0.9
"""A range that is left less wide than this share of itself is told about."""

SHOWN = 10


def calibration_text(it: Calibration, scenario: Scenario, language: Language, width: int = 80) -> str:
    """What totals leave of the ranges."""
    rows = [_heads(("target", "published", "as_written", "over_draws", "plausible"), language)]
    rows += [_row(each, language) for each in it.met]
    sentences = "".join(f"{textwrap.fill(each, width)}\n" for each in _sentences(it, language))
    left = [each for each in it.left if each.kept < NARROWED][:SHOWN]
    narrowed = [_heads(("input", "before", "after"), language)]
    for each in left:
        first = each.inputs[0]
        ends = [
            say(
                "from_to",
                language,
                low=quantity(band.low, first.unit, language),
                high=quantity(band.high, first.unit, language),
            )
            for band in (each.before, each.after)
        ]
        narrowed.append([input_title(first, scenario, language), *ends])
    table = as_text(narrowed, right={1, 2}) if left else ""
    return f"{say('part_calibration', language)}\n{as_text(rows, right={1, 2, 3, 4})}{sentences}{table}"


def calibration_lines(it: Calibration) -> dict[str, list[Line]]:
    """Targets, what is left of each range, and the draws that remain."""
    targets: list[Line] = [
        {"target": each.target.name, "published": each.target.published, "spread": each.target.error}
        | {"as_written": each.written, "low": each.draws.low, "high": each.draws.high}
        | {"plausible": each.plausible, "emulator_sees": each.seen}
        for each in it.met
    ]
    left: list[Line] = [
        {"moves": each.inputs[0].tie or each.inputs[0].name, "unit": each.inputs[0].unit}
        | {"before_low": each.before.low, "before_high": each.before.high}
        | {"after_low": each.after.low, "after_high": each.after.high, "kept": each.kept}
        for each in it.left
    ]
    remaining: list[Line] = [dict(zip(it.unknowns.names, map(float, point), strict=True)) for point in it.points]
    return {"targets": targets, "left": left, "remaining": remaining}


def _heads(names: Sequence[str], language: Language) -> list[str]:
    return [say(f"head_{name}", language) for name in names]


def _row(each: Met, language: Language) -> list[str]:
    target, of_share = each.target, each.target.within is not None
    scale, digits = (100, 0) if of_share else (1, 1)
    name = plain(target.name) if target.title is None else getattr(target.title, language)
    unit = "%" if of_share else {"en": "d", "fr": "j"}[language]
    figures = [number(scale * x, language, digits=digits) for x in (target.published, target.error, each.written)]
    over = between(scale * each.draws.low, scale * each.draws.high, language, digits=digits)
    return [f"{name}, {unit}", f"{figures[0]} ± {figures[1]}", figures[2], over, share(each.plausible, language)]


def _sentences(it: Calibration, language: Language) -> Iterator[str]:
    yield say("calibration_left", language, share=share(it.remaining, language))
    for one, other in it.apart:
        yield say("calibration_apart", language, one=plain(one), other=plain(other))
    for each in it.met:
        if not each.plausible:
            yield say("calibration_never", language, target=plain(each.target.name))
