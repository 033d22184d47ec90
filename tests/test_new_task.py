"""A new piece of the site set-up is one line of Python and one of a scenario; everything else follows from it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINE = '    radiation: Annotated[Step, Event("radiation_cleared", en="radiation clearance", fr="radioprotection")]\n'
WRITTEN = (
    "  radiation: {starts: protocol_final, work: exactly 9 d, assumption: {range: [1 d, 20 d], why: for this test}}\n"
)
BESIDE = "    rework: Annotated["
ASKED = """
import json, sim
from sim.report.text import text
from sim.scenario.checks.size import expected_rows
scenario = sim.load("france")
changes = ["goal.prerequisites=[radiation_cleared]", "site_setup.radiation.work=exactly 300 d",
           "site_setup.activation.starts=[siv_done, contract_executed, radiation_cleared]"]
result = sim.run("france", set_=changes, replications=1, jobs=1)
print(json.dumps({
    "schema": sim.schema()["$defs"]["SiteSetup"]["properties"].get("radiation"),
    "rows": expected_rows(scenario),
    "page": sim.describe("france"),
    "en": text([result], language="en"),
    "fr": text([result], language="fr"),
    "number": [each.text for each in sim.evidence("france") if each.path.startswith("site_setup.radiation")],
}))
"""


def copied(folder: Path, *, line: str = "", written: str = "") -> Path:
    """A copy of the package and of its scenarios, with one line more in each."""
    for part in ("sim", "scenarios"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    stage, france = folder / "sim/scenario/stages/site_setup.py", folder / "scenarios/france.yaml"
    _insert(stage, BESIDE, line)
    _insert(france, "  training: {starts: systems_ready,", written)
    return folder


def _insert(file: Path, before: str, line: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, line + before), encoding="utf-8")


def asked(folder: Path) -> Any:
    """What the package in a folder says of France."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, cwd=folder, env={"PYTHONPATH": "."}
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_new_task_is_one_line(tmp_path: Path) -> None:
    """It is in the schema, in the size, on the page of the model, in both answers, and its number wants a source."""
    from sim.scenario.checks.size import expected_rows
    from sim.scenario.loading import load

    said = asked(copied(tmp_path, line=LINE, written=WRITTEN))
    assert said["schema"] is not None and said["number"] == ["exactly 9 d"]
    assert said["rows"] > expected_rows(load("france"))
    assert 'radiation_cleared["radiation clearance<br/>at each site"]' in said["page"]
    assert "| `radiation_cleared` | radiation clearance | site_setup | site | protocol_final |" in said["page"]
    assert "radiation clearance" in said["en"] and "radioprotection" in said["fr"]


@pytest.mark.slow
def test_a_line_of_a_scenario_alone_is_refused(tmp_path: Path) -> None:
    """A key that no line of Python knows is a mistake of the file."""
    folder = copied(tmp_path, written=WRITTEN)
    done = subprocess.run(
        [sys.executable, "-m", "sim", "validate", "france"],
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": "."},
    )
    assert done.returncode == 2 and "site_setup.radiation: unknown key" in done.stderr
