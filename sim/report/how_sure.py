"""How sure an answer is, as a record that lies beside it: what a page or another program shows without playing again.

`HowSure` holds the three bands of every share, those of every paired difference with the draws in which it goes one way
or the other, the numbers to measure first, and the sentences about all that in both languages. `kept` reads it from a
folder of results, where `trialstart compare --out` leaves it as `how_sure.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.report.titles import Titles
from sim.report.unsure import Scenarios, input_title, told, unsure_sentences
from sim.report.words import Language
from sim.scenario.schema import Scenario
from sim.tables import as_json
from sim.uncertainty.bands import Band
from sim.uncertainty.unsure import Matter, Unsure

FILE = "how_sure.json"
FIRST = 5
"""Numbers to measure first that are kept; sentences name fewer."""

LANGUAGES: tuple[Language, ...] = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Share:
    """A share [0 to 1], or by how much it is above that of a reference [-1 to 1], with its three bands."""

    scenario: str
    indicator: str
    title: Mapping[Language, str]  # scenario and indicator
    value: float
    computed: Band
    luck: Band
    unknown: Band
    found: Band


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference, and in how many of the draws [0 to 1] it goes which way; 95 % of the more frequent one."""

    of: Share
    reference: str
    better: float
    worse: float
    undecided: float
    identical: float
    interval: Band


@dataclass(frozen=True, slots=True)
class ToMeasure:
    """A number to measure first: what it is now, and what share of the spread [0 to 1] knowing it would take away."""

    title: Mapping[Language, str]
    path: str
    unit: str
    written: float
    low: float
    high: float
    spread: float
    spread_interval: Band  # 90 %
    told: bool  # whether it is told from chance by so many draws
    share_at_low: float  # the goal's share where the number lies in its lowest eighth
    share_at_high: float


@dataclass(frozen=True, slots=True)
class HowSure:
    """How sure an answer is; the shares are those that count from the goal's first event, that of the goal first."""

    draws: int
    agreeing: Mapping[Language, str] | None  # the published totals that the draws agree with; None: with none
    shares: tuple[Share, ...]
    differences: tuple[Difference, ...]
    first: tuple[ToMeasure, ...]
    widest: str  # the scenario that `first` is about
    sentences: Mapping[Language, tuple[str, ...]]

    def as_json(self) -> str:
        """What `kept` reads."""
        return as_json(_finite(asdict(self)))


def how_sure(it: Unsure, scenarios: Scenarios) -> HowSure:
    """The record of what was found."""
    outputs = told(it, scenarios)
    shares = tuple(_share(it, scenarios, name, output) for name in it.scenarios for output in outputs)
    differences = tuple(_difference(it, scenarios, name, output) for name in it.scenarios[1:] for output in outputs)
    first = tuple(_to_measure(each, it, scenarios) for each in it.matters[:FIRST])
    sentences = {language: tuple(unsure_sentences(it, scenarios, language)) for language in LANGUAGES}
    agreeing = None if it.agreeing is None else {each: getattr(it.agreeing.totals, each) for each in LANGUAGES}
    return HowSure(len(it.played.points), agreeing, shares, differences, first, it.widest, sentences)


def kept(folder: Path) -> HowSure | None:
    """What a folder of results says about how sure they are; None if nothing was drawn for them.

    Raises
    ------
    ValueError
        If the file is there and cannot be read.
    """
    file = folder / FILE
    if not file.exists():
        return None
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        return HowSure(
            **read
            | {
                "shares": tuple(map(_share_of, read["shares"])),
                "differences": tuple(
                    Difference(**each | {"of": _share_of(each["of"]), "interval": _band(each["interval"])})
                    for each in read["differences"]
                ),
                "first": tuple(
                    ToMeasure(**each | {"spread_interval": _band(each["spread_interval"])}) for each in read["first"]
                ),
                "sentences": {language: tuple(said) for language, said in read["sentences"].items()},
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{file}: must be what `trialstart compare --out` writes, got {error!r}") from None


def _share(it: Unsure, scenarios: Scenarios, name: str, output: str, *, paired: bool = False) -> Share:
    found = it.contrast(name, output) if paired else it.bands(name, output)
    title = {each: f"{titles.whole}, {titles.indicator(output)}" for each, titles in _titles(scenarios[name])}
    return Share(name, output, title, found.value, found.computed, found.luck, found.unknown, found.found)


def _difference(it: Unsure, scenarios: Scenarios, name: str, output: str) -> Difference:
    found = it.sure(name, output)
    of = _share(it, scenarios, name, output, paired=True)
    ways = found.up, found.down, found.undecided, found.same
    return Difference(of, it.scenarios[0], *ways, Band(found.low, found.high))


def _to_measure(each: Matter, it: Unsure, scenarios: Scenarios) -> ToMeasure:
    first, explained, scenario = each.inputs[0], each.explained, scenarios[it.widest]
    title = {language: input_title(first, scenario, language) for language in LANGUAGES}
    written, of = (first.law.mode, first.law.low, first.law.high), Band(explained.low, explained.high)
    return ToMeasure(title, first.name, first.unit, *written, explained.share, of, explained.told, *explained.at)


def _titles(scenario: Scenario) -> Iterator[tuple[Language, Titles]]:
    yield from ((language, Titles(scenario, language)) for language in LANGUAGES)


def _share_of(read: Mapping[str, Any]) -> Share:
    return Share(**{**read, **{band: _band(read[band]) for band in ("computed", "luck", "unknown", "found")}})


def _band(read: Sequence[float | None]) -> Band:
    low, high = (math.nan if end is None else end for end in read)
    return Band(low, high)


def _finite(read: Any) -> Any:
    """For JSON: null where there is no number."""
    if isinstance(read, dict):
        return {key: _finite(each) for key, each in read.items()}
    if isinstance(read, (list, tuple)):
        return [_finite(each) for each in read]
    return None if isinstance(read, float) and not math.isfinite(read) else read
