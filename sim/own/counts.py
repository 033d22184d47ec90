"""What a tracker says that is no time: how many trials come, to how many centres, and what share of them is what.

A `Counted` is one number of a scenario with its interval of 90 % and the path at which it is written there. Shares have
Jeffreys' interval, volumes the gamma interval of a Poisson count; recruitment is a Poisson-gamma model, whose rate and
shape are found by maximum likelihood from patients and days open at each centre.

References
----------
Brown L. D., Cai T. T., DasGupta A. (2001). Interval estimation for a binomial proportion. Statistical Science 16,
101-133. doi:10.1214/ss/1009213286
Anisimov V., Fedorov V. (2007). Statistics in Medicine 26, 4958-4975. doi:10.1002/sim.2956
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.own.dates import Day, Word
from sim.own.reading import Row, Tracker
from sim.own.spells import by_trial
from sim.scenario.language.quantities import DAYS_PER_YEAR
from sim.scenario.schema import Scenario

_LEAST = 20  # of fewer, no share is said
_GRADE = "B"


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of a scenario that is counted in a tracker."""

    quantity: str
    path: tuple[Any, ...]
    entry: Mapping[str, Any]
    value: str
    unit: str
    low: str
    high: str
    n: int
    note: str = ""
    grade: str = field(default=_GRADE)


def counted(tracker: Tracker, scenario: Scenario) -> Iterator[Counted]:
    """Every number that the scenario has a place for and the tracker enough cases of."""
    yield from _volume(tracker, scenario)
    yield from _sites(tracker, scenario)
    if scenario.authorisation is not None:
        yield from _questions(tracker)
    if scenario.inclusion is not None:
        yield from _patients(tracker)


def _volume(tracker: Tracker, scenario: Scenario) -> Iterator[Counted]:
    from scipy.stats import gamma

    begun = _begun(tracker)
    if len(scenario.classes) != 1 or scenario.classes[0].volume is None or len(begun) < _LEAST:
        return
    first = max(tracker.mapping.kept_since or min(begun), min(begun))
    years = ((tracker.extracted_on - first).days + 1) / DAYS_PER_YEAR
    n = sum(day >= first for day in begun)
    low, high = (float(gamma.ppf(p, n + 0.5)) / years for p in (0.05, 0.95))
    name, rate = scenario.classes[0].name, f"{n / years:.3g}"
    yield Counted(
        "trials a year",
        ("classes", name),
        {"volume": f"{rate} /year", "sampling": {"error": f"{n**0.5 / years:.3g} /year"}},
        rate,
        "trials/year",
        f"{low:.3g}",
        f"{high:.3g}",
        n,
    )


def _begun(tracker: Tracker) -> list[Any]:
    """The first date of each trial."""
    dated = ([day.first for day in row.actual.values() if isinstance(day, Day)] for row in by_trial(tracker.rows))
    return [min(days) for days in dated if days]


def _sites(tracker: Tracker, scenario: Scenario) -> Iterator[Counted]:
    centres: dict[str, set[str]] = {}
    for row in tracker.rows:
        if row.centre:
            centres.setdefault(row.trial, set()).add(row.centre)
    if len(scenario.classes) != 1 or scenario.classes[0].sites is None or len(centres) < _LEAST:
        return
    sizes = Counter(min(len(each), max(len(scenario.sites), 1)) for each in centres.values())
    total = sum(sizes.values())
    parts = {size: round(1000 * number / total) / 10 for size, number in sorted(sizes.items())}
    parts[max(sizes, key=lambda size: sizes[size])] += 100 - sum(parts.values())
    shares = {size: f"{part:.4g} %" for size, part in parts.items()}
    mean = sum(size * number for size, number in sizes.items()) / total
    path = ("classes", scenario.classes[0].name, "sites")
    yield Counted(
        "centres of a trial",
        path,
        {"shares": shares},
        f"{mean:.3g}",
        "centres",
        str(min(sizes)),
        str(max(sizes)),
        total,
        "low and high are extremes",
    )


def _questions(tracker: Tracker) -> Iterator[Counted]:
    rows = list(by_trial(tracker.rows))
    for part in ("part_i", "part_ii"):
        asked, over = f"{part}_rfi_issued", ("authorised", f"{part}_concluded", "refused")
        judged = [
            row for row in rows if asked in row.actual and any(isinstance(row.actual.get(code), Day) for code in over)
        ]
        yes = sum(isinstance(row.actual[asked], Day) for row in judged)
        yield from _share(f"share with questions, {part}", ("authorisation", part, "questions"), yes, len(judged))
    decided = [
        row
        for row in rows
        if isinstance(row.actual.get("authorised"), Day) or isinstance(row.actual.get("refused"), Day)
    ]
    if any("refused" in row.actual for row in rows):
        refused = sum(isinstance(row.actual.get("refused"), Day) for row in decided)
        yield from _share("share refused", ("authorisation", "refused"), refused, len(decided))


def _patients(tracker: Tracker) -> Iterator[Counted]:
    both = [
        (_of(row, "screened"), _of(row, "included")) for row in tracker.rows if {"screened", "included"} <= {*row.facts}
    ]
    screened, included = (sum(column) for column in zip(*both, strict=True)) if both else (0, 0)
    if screened >= included:
        yield from _share("share of screen failures", ("inclusion", "screen_failure"), screened - included, screened)
    watched = [(_of(row, "screened"), _open_days(tracker, row)) for row in tracker.rows if "screened" in row.facts]
    if sum(days > 0 for _, days in watched) >= _LEAST:
        yield from _referrals(*np.array([each for each in watched if each[1] > 0], np.float64).T)


def _of(row: Row, name: str) -> int:
    value = row.facts[name]
    return value if isinstance(value, int) else 0


def _open_days(tracker: Tracker, row: Row) -> float:
    """Days for which a centre has been open to patients [d]."""
    opened, closed = row.actual.get("site_activated"), row.actual.get("recruitment_ended", Word.OPEN)
    if not isinstance(opened, Day):
        return 0.0
    last = closed.first if isinstance(closed, Day) else tracker.extracted_on
    return float((last - opened.first).days)


def _referrals(patients: Any, days: Any) -> Iterator[Counted]:
    from scipy.optimize import minimize
    from scipy.special import gammaln

    years = days / DAYS_PER_YEAR

    def loss(logs: Any) -> float:
        shape, rate = np.exp(np.clip(logs, -8, 8))
        scale = years * rate / shape
        terms = (
            gammaln(patients + shape) - gammaln(shape) + patients * np.log(scale) - (patients + shape) * np.log1p(scale)
        )
        return -float(terms.sum())

    found = minimize(loss, np.array([0.0, np.log(max(patients.sum() / years.sum(), 1e-3))]), method="BFGS")
    shape, rate = np.exp(np.clip(found.x, -8, 8))
    wide = np.exp(1.645 * float(np.sqrt(max(found.hess_inv[1, 1], 0.0))))
    sampling = {"error": f"{rate * float(np.log(wide)) / 1.645:.3g} /year", "of": "rate"}
    alpha = float(f"{min(max(shape, 0.01), 1000):.3g}")
    entry = {"rate": f"{rate:.3g} /year", "alpha": alpha, "sampling": sampling}
    path, n = ("inclusion", "referrals"), len(patients)
    yield Counted(
        "patients of a centre",
        path,
        entry,
        f"{rate:.3g}",
        "patients/year",
        f"{rate / wide:.3g}",
        f"{rate * wide:.3g}",
        n,
        f"shape {shape:.3g}",
    )


def _share(quantity: str, path: tuple[Any, ...], yes: int, n: int) -> Iterator[Counted]:
    if n >= _LEAST:
        low, value, high = share_interval(yes, n)
        entry = {"share": f"{value} %", "sampling": {"size": n}}
        yield Counted(quantity, path, entry, value, "%", low, high, n)


def share_interval(yes: int, n: int) -> tuple[str, str, str]:
    """A share with Jeffreys' interval of 90 %, as text [%]: low, value, high."""
    from scipy.stats import beta

    low, high = (100 * float(beta.ppf(p, yes + 0.5, n - yes + 0.5)) for p in (0.05, 0.95))
    return f"{low:.3g}", f"{100 * yes / n:.3g}", f"{high:.3g}"
