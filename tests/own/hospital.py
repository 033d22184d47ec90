"""A tracker made by the simulator: what a hospital would have written down of what happened in a scenario.

`python -m tests.own.hospital` writes the one that `notebooks/02_your_own_hospital.ipynb` reads.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

import sim
from tests.own.trackers import french, messy

FOLDER = Path(__file__).resolve().parents[2] / "notebooks" / "own_hospital"
BASE = "examples/one_hospital.yaml"
EXTRACTED = date(2025, 12, 31)
HEADINGS: Mapping[str, str] = {
    "feasible": "Faisabilité validée",
    "contract_signed": "Convention signée",
    "budget_agreed": "Budget validé",
    "ethics_approved": "Avis CPP",
    "pharmacy_ready": "PUI prête",
    "visit": "MEP",
    "open": "Ouverture",
}
CHANGES = (
    "origin=2023-01-02",
    *("windows.warm_up=0 d", "windows.observation=1000 d", "windows.follow_up=94 d"),
    *("pools.lawyer.units=2", "pools.finance.units=2"),
    "tasks.talks.steps.sponsor_turn.work={median: 8 wd, p90: 24 wd}",
    "tasks.contract_signed.work={median: 9 d, p90: 25 d}",
    "tasks.pharmacy_ready.work={median: 4 wd, p90: 14 wd}",
)
"""What is different at this hospital from the example that it will begin with."""


def dates(events: pd.DataFrame, tasks: Sequence[str], extracted: date) -> list[dict[str, date | None]]:
    """By trial, the day of each task that was done by the extraction."""
    done = events[(events["end"] < pd.Timestamp(extracted)) & events["task"].isin(tasks)]
    last = done.groupby(["trial", "task"], observed=True)["end"].max().dt.date
    trials = dict.fromkeys(events["trial"].astype(str))
    return [{task: last.get((trial, task)) for task in tasks} for trial in trials]


def rows(events: pd.DataFrame, extracted: date, seed: int) -> list[list[str]]:
    """The tracker as people keep it: several forms of dates, some studies given up, some dates by the month."""
    luck = random.Random(seed)
    table = [["Étude", "Statut", *HEADINGS.values()]]
    for number, days in enumerate(dates(events, [*HEADINGS], extracted), start=1):
        if not any(days.values()):
            continue
        gone = days["open"] is None and luck.random() < 0.2
        write = messy if luck.random() < 0.3 else french
        cells = [f"{day:%m/%Y}" if day and luck.random() < 0.01 else write(day) for day in days.values()]
        table.append([f"ONC-{number:03d}", "abandonnée" if gone else "ouverte" if days["open"] else "en cours", *cells])
    return table


def tracker() -> str:
    """The tracker of the notebook."""
    result = sim.run(BASE, sim.Options(set_=CHANGES, replications=1, seed=11, jobs=1))
    return "\r\n".join(";".join(row) for row in rows(result.events(0), EXTRACTED, 11)) + "\r\n"


def mapping() -> str:
    """Its mapping."""
    lines = [
        "# What the columns of tracker.csv mean; made with `trialstart import tracker.csv --draft`, then corrected.",
        f"extracted_on: {EXTRACTED}",
        "columns:",
        '  "Étude": trial',
        '  "Statut": status',
        *(f'  "{heading}": {task}' for task, heading in HEADINGS.items()),
        "finished: [ouverte]",
        "words: {cancelled: [abandonnée]}",
        "order: [feasible, contract_signed, visit, open]",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "tracker.csv").write_bytes(b"\xef\xbb\xbf" + tracker().encode())
    (FOLDER / "mapping.yaml").write_text(mapping(), encoding="utf-8")
