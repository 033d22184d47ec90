"""How sure the answer is, on the page: bands, what matters, what turns it round, and what would change our mind.

A `Sure` is what there is to say of a comparison over what nobody knows; what was not computed is named with the command
that computes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.page import drawing
from sim.page.tables import Figure, Table
from sim.page.words import told
from sim.report.answer import Shown
from sim.report.how_sure import HowSure, Share, ToMeasure
from sim.report.sensitivity import flip_sentence
from sim.report.unsure import NAMED, band_cell
from sim.report.words import Language, quantity, say, share
from sim.uncertainty.sensitivity import Flip


@dataclass(frozen=True, slots=True)
class Sure:
    """The section, in its order; `missing` says what was not computed, and how it would be."""

    figure: Figure | None
    sentences: tuple[str, ...]
    matters: Table | None
    flips: tuple[str, ...]
    mind: tuple[str, ...]
    missing: tuple[str, ...]


def sure_section(seen: Sequence[Shown], found: HowSure | None, flips: Sequence[Flip], files: str) -> Sure:
    """What there is to say of the scenarios that are shown, the last one being what the question is about.

    Parameters
    ----------
    found, flips
        What was computed; None, and none, where it was not.
    files
        The scenarios as a command names them.
    """
    language = seen[-1].language
    missing = []
    if found is None:
        missing.append(told("no_bands", language, command=f"trialstart report {files} --inputs drawn"))
    if not flips and len(seen) > 1:
        missing.append(told("no_flips", language, command=f"trialstart sensitivity {files} --part flips"))
    scenarios = {it.result.name: it.result.scenario for it in seen}
    turned = tuple(flip_sentence(each, scenarios, seen[0].result.name, language) for each in flips)
    if found is None or not found.shares:
        return Sure(None, (), None, turned, (), tuple(missing))
    figure, mind = _bands(seen, found), tuple(_mind(seen, found))
    return Sure(figure, found.sentences[language], _matters(seen, found), turned, mind, tuple(missing))


def _bands(seen: Sequence[Shown], found: HowSure) -> Figure:
    """The three bands of each share, the scenarios one below the other."""
    language = seen[-1].language
    indicators = dict.fromkeys(each.indicator for each in found.shares)
    blocks = [
        (seen[0].titles.indicator(name), [_nested(seen, each) for each in found.shares if each.indicator == name])
        for name in indicators
    ]
    legend = [say(f"unsure_{kind}", language) for kind in ("computed", "luck", "unknown")]
    ticks = [(tick / 4, share(tick / 4, language)) for tick in range(5)]
    last = next(each for each in found.shares if each.scenario == seen[-1].result.name)
    words = told(
        "bands_show",
        language,
        scenario=_title(seen, last.scenario),
        share=share(last.value, language),
        luck=band_cell(last.luck, language),
        unknown=band_cell(last.unknown, language),
    )
    kinds = ("share", "computed", "luck", "unknown", "found")
    head = (told("scenario", language), *(say(f"unsure_{kind}", language) for kind in kinds))
    return Figure(
        "bands", words, drawing.bands(blocks, legend, ticks), Table(words, head, tuple(_rows(found, language)))
    )


def _nested(seen: Sequence[Shown], it: Share) -> drawing.Nested:
    language = seen[-1].language
    intervals = [(max(each.low, 0.0), min(each.high, 1.0)) for each in (it.computed, it.luck, it.unknown)]
    said = f"{share(it.value, language)} [{band_cell(it.unknown, language)}]"
    return drawing.Nested(_title(seen, it.scenario), it.value, intervals, said)


def _rows(found: HowSure, language: Language) -> Iterator[tuple[str, ...]]:
    for each in found.shares:
        bands = (each.computed, each.luck, each.unknown, each.found)
        yield each.title[language], share(each.value, language), *(band_cell(band, language) for band in bands)


def _title(seen: Sequence[Shown], scenario: str) -> str:
    return next(it.title for it in seen if it.result.name == scenario)


def _matters(seen: Sequence[Shown], found: HowSure) -> Table | None:
    if not found.first:
        return None
    language = seen[-1].language
    heads = ("input", "range", "worth", "at_low_share", "at_high_share")
    rows = tuple(tuple(_matter(each, language)) for each in found.first)
    caption = told("matters_caption", language, scenario=_title(seen, found.widest))
    return Table(caption, tuple(say(f"head_{name}", language) for name in heads), rows)


def _matter(it: ToMeasure, language: Language) -> Iterator[str]:
    yield it.title[language]
    yield " \N{EN DASH} ".join(quantity(each, it.unit, language) for each in (it.low, it.written, it.high))
    yield f"{share(it.spread, language)} ({band_cell(it.spread_interval, language)})"
    yield from (share(each, language) for each in (it.share_at_low, it.share_at_high))


def _mind(seen: Sequence[Shown], found: HowSure) -> Iterator[str]:
    """What, if it were observed, would refute the model or move the answer."""
    it, first = seen[0], found.shares[0]
    language = it.language
    to = next(each.to for each in it.result.scenario.indicators if each.name == first.indicator)
    words = {"reached": it.titles.reached(to), "scenario": it.title}
    yield told("mind_count", language, within=band_cell(first.unknown, language), **words)
    clear = [each for each in found.first if each.spread_interval.low > 0]
    yield from (_if_known(each, _title(seen, found.widest), language) for each in (clear or found.first)[:NAMED])


def _if_known(it: ToMeasure, scenario: str, language: Language) -> str:
    ends = {"written": it.written, "low": it.low, "high": it.high}
    words = {name: quantity(value, it.unit, language) for name, value in ends.items()}
    shares = {"at_low": share(it.share_at_low, language), "at_high": share(it.share_at_high, language)}
    what = it.title[language]
    return told("mind_input", language, what=what[:1].upper() + what[1:], scenario=scenario, **words, **shares)
