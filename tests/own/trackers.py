"""Trackers with known truth, as hospitals keep them: English and French, wide and long, clean and dirty, CSV and Excel.

`History` is what really happened (minutes are dropped, as a tracker drops them); the functions that write it down know
nothing of how trackers are read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

BEGIN = date(2023, 1, 2)
TRUTH: Mapping[str, tuple[float, float]] = {
    "contract_sent": (12.0, 0.6),
    "contract_executed": (70.0, 0.8),
    "site_activated": (20.0, 0.5),
}
"""Median [d] and spread (sd of the logarithm) of the time from the milestone before to each."""
CHAIN = ("site_selected", *TRUTH)

ENGLISH = {
    "site_selected": "Site selected",
    "contract_sent": "Contract sent",
    "contract_executed": "Contract executed",
    "site_activated": "Activated",
}
FRENCH = {
    "site_selected": "Centre retenu",
    "contract_sent": "Envoi convention",
    "contract_executed": "Convention signée",
    "site_activated": "Ouverture centre",
}
_MOIS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]


@dataclass(frozen=True)
class History:
    """What happened to each trial at its centre: a date for each milestone that happened by `extracted_on`."""

    trials: tuple[str, ...]
    centres: tuple[str, ...]
    dates: tuple[Mapping[str, date | None], ...]
    cancelled: tuple[bool, ...]
    extracted_on: date


def history(
    seed: int,
    trials: int = 120,
    *,
    years: float = 2.0,
    open_share: float | None = None,
    cancelled: float = 0.0,
    centres: int = 6,
) -> History:
    """Trials that begin over some years; `open_share` moves the extraction so that so many contracts are open."""
    rng = np.random.default_rng(seed)
    begin = np.sort(rng.uniform(0, 365.25 * years, trials))
    instants = {"site_selected": begin}
    for before, after in pairwise(CHAIN):
        median, spread = TRUTH[after]
        instants[after] = instants[before] + median * np.exp(spread * rng.standard_normal(trials))
    extracted = 365.25 * years + 30 if open_share is None else _extraction(instants, open_share)
    given_up = rng.random(trials) < cancelled
    early = ("site_selected", "contract_sent")
    at = {name: np.where(given_up & (name not in early), np.inf, when) for name, when in instants.items()}
    known = [row for row in range(trials) if begin[row] <= extracted]
    return History(
        tuple(f"ONC-{row + 1:03d}" for row in known),
        tuple(f"Hôpital {'ABCDEFGHIJ'[int(rng.integers(centres))]}" for _ in known),
        tuple(
            {name: _day(when[row]) if when[row] <= extracted else None for name, when in at.items()} for row in known
        ),
        tuple(bool(given_up[row]) for row in known),
        _day(extracted),
    )


def _extraction(instants: Mapping[str, Any], open_share: float) -> float:
    """The instant at which such a share of the contracts that were sent is not yet signed."""
    sent, signed = instants["contract_sent"], instants["contract_executed"]
    moments = np.linspace(signed.max(), np.quantile(sent, 0.05), 400)
    for moment in moments:
        there = sent <= moment
        if there.any() and np.mean(signed[there] > moment) >= open_share:
            return float(moment)
    return float(moments[-1])


def _day(instant: float) -> date:
    return BEGIN + timedelta(days=int(instant))


Writer = Callable[[date | None], str]


def iso(day: date | None) -> str:
    """2026-01-31."""
    return day.isoformat() if day else ""


def french(day: date | None) -> str:
    """31/01/2026."""
    return day.strftime("%d/%m/%Y") if day else ""


def messy(day: date | None) -> str:
    """Another form for every day of the week: 31-01-26, 31.01.2026, 31 janv. 2026, ... and 'en cours'."""
    if day is None:
        return "en cours"
    month = f"{day.day} {_MOIS[day.month - 1]} {day.year}"
    forms = [
        day.strftime(form) for form in ("%d/%m/%Y", "%d-%m-%y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y 14:30", "%d/%m/%y")
    ]
    forms.append(month)
    return forms[day.toordinal() % len(forms)]


def wide(past: History, labels: Mapping[str, str], write: Writer, *, separator: str = ",") -> bytes:
    """A row for each trial at its centre, a column for each milestone."""
    names = ("Étude", "Centre", "Statut") if labels is FRENCH else ("Study", "Site", "Status")
    status = ("abandonné", "en cours") if labels is FRENCH else ("cancelled", "ongoing")
    rows: list[Sequence[str]] = [[*names, *labels.values()]]
    for trial, centre, dates, gone in zip(past.trials, past.centres, past.dates, past.cancelled, strict=True):
        rows.append([trial, centre, status[not gone], *(write(dates[code]) for code in labels)])
    return _csv(rows, separator)


def long(past: History, labels: Mapping[str, str], write: Writer, *, separator: str = ",") -> bytes:
    """A row for each milestone of each trial at its centre."""
    english = ("Study", "Site", "Milestone", "Actual date", "Status")
    names = ("Étude", "Centre", "Jalon", "Date réelle", "Statut") if labels is FRENCH else english
    status = ("abandonné", "en cours") if labels is FRENCH else ("cancelled", "ongoing")
    rows: list[Sequence[str]] = [names]
    for trial, centre, dates, gone in zip(past.trials, past.centres, past.dates, past.cancelled, strict=True):
        rows += [[trial, centre, label, write(dates[code]), status[not gone]] for code, label in labels.items()]
    return _csv(rows, separator)


def _csv(rows: Sequence[Sequence[str]], separator: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def mapping(past: History, labels: Mapping[str, str], *, shape: str = "wide", more: str = "") -> str:
    """The mapping of such a tracker."""
    names = ("Étude", "Centre", "Statut") if labels is FRENCH else ("Study", "Site", "Status")
    plain = dict(zip(names, ("trial", "centre", "status"), strict=True))
    codes = {label: code for code, label in labels.items()}
    if shape == "long":
        own = ("Jalon", "Date réelle") if labels is FRENCH else ("Milestone", "Actual date")
        plain |= dict(zip(own, ("milestone", "actual"), strict=True))
    lines = [f"extracted_on: {past.extracted_on}", "columns:"]
    lines += [f'  "{label}": {meaning}' for label, meaning in (plain if shape == "long" else plain | codes).items()]
    if shape == "long":
        lines += ["milestones:", *(f'  "{label}": {code}' for label, code in codes.items())]
    return "\n".join([*lines, more]) + "\n"


def written(folder: Path, content: bytes, mapping_text: str, name: str = "tracker.csv") -> tuple[Path, Path]:
    """The two files."""
    (folder / name).write_bytes(content)
    (folder / "mapping.yaml").write_text(mapping_text, encoding="utf-8")
    return folder / name, folder / "mapping.yaml"
