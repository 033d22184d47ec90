"""What scenarios promise of their numbers, held against what they give: kept, broken, or not to be told yet.

`check` simulates scenarios that expect something (and those that they shall be better than) as one experiment, on the
same trials with the same luck, and gives a `Promise` for each expectation: its number with the 95 % interval, and what
that says. A promise is kept where the whole interval is on the right side of its bound, broken where the whole interval
is on the wrong side, and otherwise inconclusive with so many replications; then `needs` is about how many more would
tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, inf, isinf, isnan, nan, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.contrasts import contrasts, more_is_better
from sim.analysis.estimates import Key, Kind, indicator_key
from sim.analysis.intervals import CONFIDENCE
from sim.experiment.gathering import Progress
from sim.experiment.options import Options, options_of
from sim.experiment.precision import goal_key
from sim.experiment.results import Comparison, Result
from sim.experiment.running import compare, finishing, named_scenarios
from sim.regression.equivalence import replications_needed
from sim.scenario.files import display
from sim.scenario.language.mistakes import Place
from sim.scenario.language.quantities import Span
from sim.scenario.loading import Loaded, Source, better_than, read
from sim.scenario.schema import Expectation, Scenario
from sim.tables import Line, as_frame

if TYPE_CHECKING:
    import pandas as pd


FEWEST = 2
"""More replications at least, where so many cannot tell."""

MOST = 1_000_000
"""Replications past which no number is said to be enough."""


class Held(StrEnum):
    """What came of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    INCONCLUSIVE = "inconclusive"  # with so many replications


class Sense(StrEnum):
    """What is promised of a number."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETTER_THAN = "better_than"


@dataclass(frozen=True, slots=True)
class Promise:
    """An expectation of a scenario, and what the scenario gives.

    The number is in its unit (a share, or days); against another scenario it is the paired difference, counted so that
    more is better.
    """

    file: str  # as messages show it
    place: Place  # where it is written
    name: str
    scenario: Scenario
    key: Key
    unit: str  # share or days
    sense: Sense
    bound: float
    value: float
    low: float
    high: float
    held: Held
    replications: int
    needs: int | None  # about how many more would tell; 0 where it is told, None if no number would
    other: Scenario | None = None  # what it shall be better than

    @property
    def title(self) -> tuple[str, str]:
        """What people call the promise, in English and French."""
        title = self.scenario.expect[self.name].title
        return (title.en, title.fr) if title is not None else (self.name.replace("_", " "),) * 2


@dataclass(frozen=True)
class Promises:
    """The promises of several scenarios, in their order, and the comparison that they were held against."""

    promises: tuple[Promise, ...]
    comparison: Comparison

    @property
    def held(self) -> Held:
        """Broken if any is; else inconclusive if any is; else kept."""
        found = {each.held for each in self.promises}
        return next(each for each in (Held.BROKEN, Held.INCONCLUSIVE, Held.KEPT) if each in found)

    @property
    def lines(self) -> list[Line]:
        """One line a promise, for tables and programs."""
        return [_line(each) for each in self.promises]

    @property
    def frame(self) -> pd.DataFrame:
        """The lines as a pandas frame."""
        return as_frame(self.lines)


def check(
    sources: Sequence[Source] | Source,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    **named: Any,
) -> Promises:
    """Hold scenarios to what they expect of themselves.

    Parameters
    ----------
    sources
        Scenarios with `expect`.
    options, progress, named
        As for `sim.compare`.

    Raises
    ------
    ScenarioError
        If a scenario, or one that it shall be better than, cannot be read or built.
    ValueError
        If a scenario expects nothing, or a number that the other one does not have.
    Interrupted
        On Ctrl-C, with the promises as far as replications are finished.
    """
    how = options_of(options, named)
    scenarios = named_scenarios([sources] if isinstance(sources, Source) else sources, how.changes)
    for name, loaded in scenarios.items():
        if not loaded.scenario.expect:
            raise ValueError(f"{name}: expect: must hold at least one promise to be checked, got none; add one")
    others = dict(_others(scenarios, how.changes))
    played = scenarios | {f"than_{file.stem}": loaded for file, loaded in others.items()}
    with finishing(lambda found: _promises(found, scenarios, played)):
        return _promises(
            compare(played, replace(how, set_=None), progress=progress, structure=False), scenarios, played
        )


def _promises(found: Comparison, checked: Mapping[str, Loaded], played: Mapping[str, Loaded]) -> Promises:
    """Every expectation of the scenarios that are checked."""
    by_file = {each.file: name for name, each in played.items()}
    promises = (
        _promise(found, loaded, (name, expectation), by_file)
        for name, loaded in checked.items()
        for expectation in loaded.scenario.expect
    )
    return Promises(tuple(promises), found)


def _others(scenarios: Mapping[str, Loaded], changes: tuple[str, ...]) -> Iterator[tuple[Path, Loaded]]:
    """The scenarios that others shall be better than, by their files, but for those that are checked themselves."""
    own = {each.file for each in scenarios.values()}
    for loaded in scenarios.values():
        for name in loaded.scenario.expect:
            file = better_than(loaded, name)
            if file is not None and file not in own:
                yield file, read(file, set_=changes)


def _promise(found: Comparison, loaded: Loaded, which: tuple[str, str], by_file: Mapping[Path | None, str]) -> Promise:
    """One expectation, and what came of it."""
    scenario, name = which
    wanted, result = loaded.scenario.expect[name], found[scenario]
    key = _key(wanted, loaded.scenario)
    other = None if (file := better_than(loaded, name)) is None else found[by_file[file]]
    sense, bound = _bound(wanted)
    value, low, high, error = _number(result, key) if other is None else _gain(result, other, key)
    held = _held(sense, bound, (low, high), strict=wanted.by is None)
    n = len(result.summary.replications)
    place = loaded.tree.walk("expect", name)[0].key
    return Promise(
        file=place.file if loaded.file is None else display(loaded.file),
        place=place,
        name=name,
        scenario=loaded.scenario,
        key=key,
        unit=result.summary.unit(key),
        sense=sense,
        bound=bound,
        value=value,
        low=low,
        high=high,
        held=held,
        replications=n,
        needs=0 if held is not Held.INCONCLUSIVE else _more(abs(value - bound), (error, high - low), n),
        other=None if other is None else other.scenario,
    )


def _key(wanted: Expectation, scenario: Scenario) -> Key:
    """The number that a promise is about."""
    if wanted.of is None:
        key = goal_key(scenario)
        assert key is not None  # reading refuses it
        return key
    named, _, statistic = wanted.of.rpartition(".")
    kind, _, pool = named.partition("[")
    return Key(Kind(kind), pool[:-1], "pool", statistic) if pool else indicator_key(named, statistic)


def _bound(wanted: Expectation) -> tuple[Sense, float]:
    """What is promised, and of how much [share or d]."""
    for sense in (Sense.AT_LEAST, Sense.AT_MOST):
        if (bound := getattr(wanted, sense.value)) is not None:
            return sense, _plain(bound)
    return Sense.BETTER_THAN, 0.0 if wanted.by is None else _plain(wanted.by)


def _plain(bound: float | Span) -> float:
    return bound.days if isinstance(bound, Span) else bound


def _number(result: Result, key: Key) -> tuple[float, float, float, float]:
    """A number of a result with its interval and its standard error; one that is not reached has no spread."""
    estimate = result.summary.estimates[key]
    if isinf(estimate.value):
        return inf, inf, inf, 0.0
    return estimate.value, estimate.low, estimate.high, result.summary.parts[key].deviation


def _gain(result: Result, other: Result, key: Key) -> tuple[float, float, float, float]:
    """How much better than another result it is, on the same trials."""
    found = contrasts(other, result).get(key)
    if found is None:
        raise ValueError(
            f"{result.name}: expect: must be about a number that {other.name.removeprefix('than_')} has too, and about "
            f"the same promise, got {key.name}.{key.statistic}"
        )
    sign = 1 if more_is_better(key, found.unit) else -1
    low, high = sorted((sign * found.low, sign * found.high)) if not isnan(found.low) else (nan, nan)
    mine, theirs = (each.summary.parts[key].influence for each in (result, other))
    moved = mine - theirs
    n = len(moved)
    return sign * found.value, low, high, sqrt(n / (n - 1) * float(moved @ moved)) if n > 1 else nan


def _held(sense: Sense, bound: float, interval: tuple[float, float], *, strict: bool) -> Held:
    """What an interval says of a bound; against another scenario without `by`, better is more than no difference."""
    low, high = (-interval[1], -interval[0]) if sense is Sense.AT_MOST else interval
    bound = -bound if sense is Sense.AT_MOST else bound
    if isnan(low) or isnan(high):
        return Held.INCONCLUSIVE
    if sense is Sense.BETTER_THAN and strict:
        return Held.KEPT if low > bound else Held.BROKEN if high <= bound else Held.INCONCLUSIVE
    return Held.KEPT if low >= bound else Held.BROKEN if high < bound else Held.INCONCLUSIVE


def _more(room: float, spread: tuple[float, float], n: int) -> int | None:
    """About how many more replications would tell a number that is `room` away from its bound.

    `spread` is its standard error and the length of its interval, which is longer where all replications are alike.
    """
    error, length = spread
    if n < 2:
        return FEWEST
    if isnan(room + error + length) or not room:
        return None
    enough = replications_needed(room, error * sqrt(n), error=(1 - CONFIDENCE) / 2)
    alike = n * (length / 2 / room) ** 2
    return None if enough is None or alike > MOST else max(enough - n, ceil(alike) - n, FEWEST)


def _line(found: Promise) -> Line:
    named = dict(zip(("number", "level", "statistic"), found.key.columns, strict=True))
    return {
        "file": found.file,
        "promise": found.name,
        **named,
        "unit": found.unit,
        "sense": found.sense.value,
        "than": "" if found.other is None else found.other.title.en,
        "bound": found.bound,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "held": found.held.value,
        "replications": found.replications,
        "needs": "" if found.needs is None else found.needs,
    }
