"""Draws that contradict none of the totals that were published about a country, kept beside these totals.

Drawn each by itself, numbers that nobody knows make countries that nobody has seen: where staff is half, work twice and
queues have no end, the contract of the median trial is never signed. A scenario says with `totals` what was published
about it; `kept_text` is what a calibration leaves, as a file beside these totals, and `agreeing` reads it for any
scenarios that name the same totals. What the calibration did not know of, such as what a lever puts in, is drawn over
its range. A stamp says of which ranges and totals the draws are; where these have changed, they are `Outdated`.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.scenario.language.ranges import Input
from sim.scenario.loading import read, totals_of
from sim.scenario.schema import Text
from sim.scenario.targets import Targets, read_targets
from sim.tables import PLAIN, as_csv, from_csv
from sim.uncertainty.calibration import Calibration, unknowns_of
from sim.uncertainty.designs import Points, draws
from sim.uncertainty.unknowns import Unknowns

COMMENT = "# "
_LOG = logging.getLogger(__name__)


class Outdated(ValueError):
    """Draws that were kept for other ranges or other totals than there are now."""


@dataclass(frozen=True)
class Agreeing:
    """Draws that agree with published totals."""

    points: Points  # (draws, axes)
    totals: Text  # what they agree with
    share: float  # of all draws within the ranges [0 to 1], so many do


def kept_text(it: Calibration, targets: Targets) -> str:
    """The draws that a calibration left, as a CSV file that says of what they are."""
    said = {"stamp": stamp(it.unknowns, targets), "share": float(f"{it.remaining:.2g}")}
    lines = (dict(zip(it.unknowns.names, (f"{u:.6f}" for u in point), strict=True)) for point in it.points.tolist())
    return f"{COMMENT}{json.dumps(said)}\n{as_csv(lines, it.unknowns.names, PLAIN)}"


def agreeing(sources: Sequence[str | Path], set_: Sequence[str] = ()) -> Agreeing | None:
    """The draws that are kept beside the totals of some scenarios; None if these name none, or not all the same.

    Parameters
    ----------
    sources
        Files, or names of shipped scenarios.
    set_
        What is set in them; such a number is known, and its draws are left out.

    Raises
    ------
    ScenarioError
        If a file cannot be read.
    Outdated
        If there are no draws beside the totals, or they are those of other ranges or totals.
    """
    scenarios = [read(each, set_=set_) for each in sources]
    named = {totals_of(each) for each in scenarios}
    totals = next(iter(named)) if len(named) == 1 else None
    if totals is None:
        return None
    targets, base = read_targets(totals), Path(scenarios[0].tree.walk("totals")[0].place.file)
    file, command = totals.with_suffix(".csv"), f"trialstart calibrate {base} --against {totals}"
    if not file.exists():
        raise Outdated(f"{file}: no draws are kept that agree with the totals; `{command}` finds some")
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    said = json.loads(head.removeprefix(COMMENT)) if head.startswith(COMMENT) else {}
    if said.get("stamp") != stamp(unknowns_of(base, targets), targets):
        raise Outdated(f"{file}: the draws are those of other ranges or totals; `{command}` finds new ones")
    unknowns = Unknowns({str(each): each for each in sources}, tuple(set_))
    return Agreeing(_completed(unknowns, from_csv("\n".join(lines))), targets.title, said["share"])


def usual(sources: Sequence[str | Path], set_: Sequence[str], number: int) -> int | Agreeing:
    """The draws of an answer: those that agree with the totals of its scenarios, so many at most; else so many.

    Where draws should agree and cannot, because they are outdated, that is said as a warning.

    Raises
    ------
    ScenarioError
        If a file cannot be read.
    """
    try:
        found = agreeing(sources, set_)
    except Outdated as error:
        _LOG.warning("%s; until then, numbers are drawn whatever was published", error)
        return number
    return number if found is None else replace(found, points=found.points[:number])


def remaining(file: Path, sources: Sequence[str | Path], set_: Sequence[str] = ()) -> Points:
    """(draws, axes) The draws of a CSV file with a column [0 to 1] for axes that it knows; others over their range.

    Raises
    ------
    ValueError
        If it is no such file, or knows none of the axes.
    """
    unknowns = Unknowns({str(each): each for each in sources}, tuple(set_))
    try:
        text = file.read_text(encoding="utf-8").splitlines(keepends=True)
        lines = from_csv("".join(line for line in text if not line.startswith(COMMENT)))
        points = _completed(unknowns, lines)
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"{file}: must be a CSV file of draws, got {error}") from None
    if not lines or not {*lines[0]} & {*unknowns.names} or not ((points >= 0) & (points <= 1)).all():
        raise ValueError(f"{file}: must have a draw, of numbers from 0 to 1, with a column such as {unknowns.names[0]}")
    return points


def stamp(unknowns: Unknowns, targets: Targets) -> str:
    """What draws depend on, in twelve signs: every range with its law, and the totals."""
    ranges = [(name, [_law(each) for each in inputs]) for name, inputs in unknowns.moving.items()]
    said = [each.model_dump(mode="json", exclude={"title", "note", "scenario"}) for each in targets.targets]
    return hashlib.sha256(json.dumps([ranges, said]).encode()).hexdigest()[:12]


def _law(each: Input) -> list[object]:
    return [each.name, each.by, each.law.name, each.law.low, each.law.mode, each.law.high, each.law.spread]


def _completed(unknowns: Unknowns, lines: Sequence[dict[str, str]]) -> Points:
    """(draws, axes) Draws as they are written; where one says nothing of an axis, spread evenly over its range."""
    even = draws(len(unknowns.names), len(lines)) if lines else np.zeros((0, len(unknowns.names)))
    columns = {*lines[0]} if lines else set()
    for axis, name in enumerate(unknowns.names):
        if name in columns:
            even[:, axis] = [float(line[name]) for line in lines]
    return even
