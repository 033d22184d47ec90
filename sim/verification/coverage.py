"""How often intervals hold what they should: coverage, measured on small scenarios and many replications.

Thousands of replications of a scenario tell a number as well as needed; of groups of 5, 10 and 30 of them, each is an
experiment as a user would run it, whose interval holds that number or does not. A 95 % interval should hold it in about
95 of 100 groups: less is a promise not kept, much more is a width that nobody needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from math import isfinite

import numpy as np

from sim import tables
from sim.analysis.contrasts import contrast
from sim.analysis.estimates import Key, Summary, indicator_key, summary
from sim.analysis.indicators import Measures
from sim.experiment.running import compare

SCENARIOS = ("intervals_office", "intervals_two_officers", "intervals_rare")
DIFFERENCE = SCENARIOS[:2]
"""The scenarios whose paired difference is looked at: the second minus the first."""

STATISTICS = ("share_within_goal", "mean", "median", "p90")
GROUPS = (5, 10, 30)
REPLICATIONS = 3_000
LEAST = 0.82
"""The share of intervals below which the promise of 95 % is not kept."""

COMMAND = "trialstart verify --coverage --format markdown >> docs/verification.md"
_SECTION = f"""## How often intervals hold what they should

{{replications}} replications of each scenario tell the number; of groups of replications among them, each with an
interval of its own, this is the share whose 95 % interval holds it. Shares have intervals of Korn and Graubard,
quantiles those of Woodruff, differences are taken between the limits of both sides (`sim/analysis/intervals.py`).
Written by `{COMMAND}`.

"""


_PEER = """
## Another simulator

A small model of a start-up (`tests/peer`) was written for another simulator on SimPy, Naga 0.18.0, and run there with
40 replications. This is what it says, with 95 % intervals; `tests/test_published.py` runs the model here, and fails
where intervals do not meet.

| number | there |
| --- | --- |
| mean time from the authorisation to the visit [d] | 21.2 (20.5 to 21.9) |
| share within 15 days, by dates | 31.9 % (30.5 to 33.3) |
| a contract in half the time | +29.7 points (28.5 to 30.9) |
| two more officers | +2.4 points (1.8 to 3.1) |

By elapsed hours instead of dates the share is 29.2 %: the rule of counting alone is worth 2.7 points.
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the intervals of one number, in groups of so many replications, hold it."""

    scenario: str
    number: str
    known: float  # from all replications
    replications: int  # in a group
    groups: int
    held: float  # the share of groups whose interval holds the number
    width: float  # of the interval, on average of the groups where it has two ends


def coverage(replications: int = REPLICATIONS, *, seed: int = 1, jobs: int | None = None) -> tuple[Coverage, ...]:
    """The coverage of shares, means and quantiles, and of their paired differences."""
    files = {name: f"verification/{name}" for name in SCENARIOS}
    results = compare(files, replications=replications, seed=seed, jobs=jobs, structure=False).results
    measured = {result.name: tuple(result.measures) for result in results}
    return tuple(each for name in (*SCENARIOS, DIFFERENCE) for each in _covered(name, measured))


def as_rows(found: Sequence[Coverage]) -> list[list[str]]:
    """The table for people, its head first."""
    head = ["scenario", "number", "known", "replications", "groups", "held", "width"]
    return [head, *map(_row, found)]


def as_text(found: Sequence[Coverage]) -> str:
    """The table as plain text."""
    return tables.as_text(as_rows(found), right={2, 3, 4, 5, 6})


def as_markdown(found: Sequence[Coverage]) -> str:
    """The section of the documentation."""
    most = max(each.replications * each.groups for each in found)
    return _SECTION.format(replications=most) + tables.as_markdown(as_rows(found)) + _PEER


def as_csv(found: Sequence[Coverage]) -> str:
    """The table as CSV, with all digits."""
    return tables.as_csv(map(asdict, found), [each.name for each in fields(Coverage)])


def as_json(found: Sequence[Coverage]) -> str:
    """The table as a JSON list of objects, with all digits."""
    return tables.as_json(list(map(asdict, found)))


def _covered(name: str | tuple[str, str], measured: dict[str, tuple[Measures, ...]]) -> Iterator[Coverage]:
    """The coverage of every number of a scenario, or of the difference between two."""
    sides = [measured[each] for each in ((name,) if isinstance(name, str) else name)]
    (indicator,) = sides[0][0].indicators
    keys = [indicator_key(indicator.name, statistic) for statistic in STATISTICS]
    known = _bounds([summary(side) for side in sides], keys)
    for size in GROUPS:
        starts = range(0, len(sides[0]) - size + 1, size)
        groups = [[summary(side[start : start + size]) for side in sides] for start in starts]
        found = np.array([_bounds(group, keys) for group in groups])  # (groups, keys, 3)
        for key, (value, _, _), bounds in zip(keys, known, found.swapaxes(0, 1), strict=True):
            yield _coverage(name if isinstance(name, str) else " minus ".join(reversed(name)), key, value, size, bounds)


def _coverage(scenario: str, key: Key, known: float, size: int, bounds: np.ndarray) -> Coverage:
    _, low, high = bounds.T
    told = np.isfinite(low)
    held = ((low <= known) | ~told) & ((known <= high) | ~np.isfinite(high))  # no end, or no interval, claims nothing
    widths = (high - low)[told & np.isfinite(high)]
    return Coverage(scenario, key.statistic, known, size, len(bounds), float(held.mean()), float(widths.mean()))


def _bounds(sides: Sequence[Summary], keys: Sequence[Key]) -> list[tuple[float, float, float]]:
    """Value, low and high of each number of one side, or of its difference between two."""
    if len(sides) == 1:
        return [(each.value, each.low, each.high) for each in (sides[0].parts[key] for key in keys)]
    found = [contrast(key, sides[0].unit(key), sides[0].parts[key], sides[1].parts[key]) for key in keys]
    return [(each.value, each.low, each.high) for each in found]


def _row(found: Coverage) -> list[str]:
    digits = "{:.4f}" if found.number == "share_within_goal" else "{:.2f}"
    known, width = (digits.format(each) if isfinite(each) else "not reached" for each in (found.known, found.width))
    return [
        found.scenario.replace("intervals_", ""),
        found.number,
        known,
        str(found.replications),
        str(found.groups),
        f"{found.held:.1%}",
        width,
    ]
