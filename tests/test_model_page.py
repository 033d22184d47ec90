"""The page of the model: made of the scenario, complete to the STRESS-DES items."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from sim.model.plan import Plan
from sim.report.model_page import WORDS, diagram, model_page
from sim.report.titles import Titles
from sim.scenario.loading import load
from tests.written import scenario

DOCS = Path(__file__).resolve().parents[1] / "docs"
ITEMS = [
    "1.1",
    "1.2",
    "1.3",
    "2.1",
    "2.2",
    "2.3",
    "2.4",
    "2.5",
    "2.5.1",
    "2.5.2",
    "2.5.3",
    "2.5.4",
    "2.5.5",
    "3.1",
    "3.2",
    "3.3",
    "3.4",
    "4.1",
    "4.2",
    "4.3",
    "5.1",
    "5.2",
    "5.3",
    "5.4",
    "6.1",
]
TEXT = """
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 30 d, follow_up: 0 d}
classes: [{name: a, dates: [2026-01-01]}]
pools: {desk: {units: 1}}
tasks:
  - {name: draft, work: exactly 1 d}
  - {name: review, starts: draft + 2 d, pool: desk, share: 40 %, work: exactly 1 d}
  - {name: signed, starts: [review, arrived], along_with: review}
"""


def test_a_diagram_shows_who_waits_for_whom() -> None:
    """Boxes, arrows with their lags, events of other stages, and partners."""
    written = scenario(TEXT)
    assert diagram(Plan(written).process, "tasks", Titles(written, "en")).splitlines() == [
        "```mermaid",
        "flowchart LR",
        '  draft["draft<br/>at each trial"]',
        '  review["review<br/>at each trial<br/>desk<br/>for 40 %"]',
        '  signed["signed<br/>at each trial"]',
        '  arrived(["arrival"])',
        "  arrived --> draft",
        "  draft -->|+ 2 d| review",
        "  review --> signed",
        "  arrived --> signed",
        "  review -. only then .-> signed",
        "```",
    ]


def test_the_page_has_every_item_and_every_task() -> None:
    """A reviewer can tick each item; no task, pool or class is left out."""
    text, france = model_page("france"), load("france")
    assert re.findall(r"^\*+([0-9][0-9.]*[0-9]) ", text.replace("*2.5.", "**2.5."), re.MULTILINE) != []
    assert [item for item in ITEMS if not re.search(rf"^\*+{re.escape(item)}\.? ", text, re.MULTILINE)] == []
    tasks = Plan(france).network.tasks
    assert [name for name in (*tasks, *france.pools) if f"| `{name}` |" not in text] == []
    assert "site_setup rework share: 30 % -> 10 %" in text
    assert "$" not in text


def test_any_scenario_has_a_page() -> None:
    """Without stages, sites or levers that fit."""
    text = model_page("examples/one_hospital")
    assert "# The model: One hospital" in text and "| `lawyer` | lawyer | country | 1 |" in text


def test_the_page_says_what_reviewers_asked_for() -> None:
    """Variants, staff, patients, how long the warm-up should be, and which version of which scenario it is."""
    text = model_page("examples/one_hospital")
    assert "MSER-5 on the backlog" in text
    assert "fingerprint of this scenario is `" in text
    assert re.search(r"^\| task \| for \| differs in \|$", text, re.MULTILINE)
    assert "numbers in all" in text
    assert "assumption" not in text.partition("| differs in |")[2].partition("Patients:")[0]


def test_the_page_is_in_french() -> None:
    """Every item, with titles, questions, levers and tables in French; keys stay those of the file."""
    text = model_page("examples/one_hospital", "fr")
    assert [item for item in ITEMS if not re.search(rf"^\*+{re.escape(item)}\.? ", text, re.MULTILINE)] == []
    assert "$" not in text and "# Le modèle\N{NO-BREAK SPACE}:" in text
    assert re.search(r"^\| tâche \| pour \| diffère par \|$", text, re.MULTILINE)
    words = {word for pair in WORDS.values() for word in re.findall(r"[a-z]{5,}", re.sub("{.*?}", "", pair[0].lower()))}
    french = {word for pair in WORDS.values() for word in re.findall(r"[a-z]{5,}", pair[1].lower())}
    prose = re.sub(r"`[^`]*`|doi:\S+|Journal of Simulation|empirical simulation studies.*", "", text)
    prose = "\n".join(line for line in prose.splitlines() if not line.startswith(("|", "  ", "```", "of empirical")))
    assert {*re.findall(r"[a-z]{5,}", prose.lower())} & words - french - {"working", "patients"} == set()


def test_the_blanks_of_both_pages_are_the_same() -> None:
    """What is filled in stands in both."""
    blanks = [
        {*re.findall(r"\$(\w+)", (files("sim.report") / f"model_page.{each}.md").read_text(encoding="utf-8"))}
        for each in ("en", "fr")
    ]
    assert blanks[0] == blanks[1]


@pytest.mark.slow
def test_the_page_in_the_documentation_is_the_one_that_is_printed() -> None:
    """After a change of the scenario, `trialstart describe france > docs/model.md` is due."""
    assert (DOCS / "model.md").read_text(encoding="utf-8") == model_page("france")
