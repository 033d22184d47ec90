"""The chain in R's simmer, where R, simmer and jsonlite are installed: one R process per replication, timed inside."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.process import Played, Year

SCRIPT = Path(__file__).parent / "simmer.R"


def available() -> bool:
    """Whether R has what is needed."""
    if shutil.which("Rscript") is None:
        return False
    asks = ["Rscript", "-e", "library(simmer); library(jsonlite)"]
    return subprocess.run(asks, check=False, capture_output=True).returncode == 0


def play(year: Year, seed: int) -> tuple[Played, float]:
    """One replication, and the processor time of it [s], without that of starting R."""
    said = {
        "per_day": [each.per_day for each in year.classes],
        "priority": [each.priority for each in year.classes],
        "units": year.units,
        "work": year.work,
        "rounds": year.rounds,
        "opens": year.opens,
        "closes": year.closes,
        "horizon": year.horizon,
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(said, file)
        file.flush()
        done = subprocess.run(["Rscript", SCRIPT, file.name, str(seed)], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return {"open": float(found["open"])}, float(found["seconds"])
