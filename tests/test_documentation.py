"""Pages for people who change the code name what is there."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import fmean, stdev

import pytest

import sim
from sim.analysis.contrasts import Verdict
from sim.experiment.tables import CONTRAST_COLUMNS, INDICATOR_COLUMNS
from sim.model.network import Outcome
from sim.report.language_page import PROVENANCE, language_page
from sim.scenario.editor import json_schema
from tests.test_architecture import LAYERS

ROOT = Path(__file__).resolve().parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


PAGES = [
    page
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
    if page.name not in ("mutation.md", "CHANGELOG.md")  # records of an earlier day
]


def test_the_reference_of_the_language_is_up_to_date() -> None:
    """After a change of the records, `trialstart schema --page > docs/language.md` is due."""
    assert (ROOT / "docs" / "language.md").read_text(encoding="utf-8") == language_page()


def test_the_reference_has_every_record_and_every_key() -> None:
    """What the schema knows stands on the page, and every link leads to a heading."""
    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^## (\w+)$", page, re.MULTILINE))
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= {each.lower() for each in headings}
    for name in ("Scenario", "Pool", "Step", "SiteSetup", "TrialClass", "Goal", "Lever", "Duration"):
        keys = set(json_schema()["$defs"][name]["properties"]) - set(PROVENANCE)
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == keys


def columns(heading: str) -> list[str]:
    """The columns that the page of the tables explains below a heading."""
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?`) \|", section, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def test_every_column_is_explained(one_office: Path) -> None:
    """The page of the tables has the columns that the files have, in their order."""
    assert tuple(columns("`indicators.csv`")) == INDICATOR_COLUMNS
    assert tuple(columns("`contrasts.csv`")) == CONTRAST_COLUMNS
    happened = sim.run(one_office, replications=1, jobs=1).timelines
    assert columns("Timelines")[:-1] == [name for name in happened if not name.startswith("attribute_")]
    log = sim.run(one_office, replications=1, jobs=1).events()
    assert columns("The event log") == [name for name in log if not name.startswith("trial.")]
    said = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert all(f"`{outcome.name.lower()}`" in said for outcome in Outcome)
    assert all(f"`{verdict}`" in said for verdict in Verdict)


def test_the_two_models_of_the_page_for_simpy_say_the_same(tmp_path: Path) -> None:
    """The scenario is read, and its mean answer time is that of the plain SimPy program, within their noise."""
    page = (ROOT / "docs" / "from_simpy.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    program, _ = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "office.yaml").write_text(written, encoding="utf-8")
    numbers = sim.run(tmp_path / "office.yaml", replications=30, jobs=1).indicators
    (ours,) = numbers["value"][(numbers["name"] == "wait_time[office]") & (numbers["statistic"] == "mean")]
    theirs = []
    for seed in range(30):
        names = {"seed": seed}
        exec(program.replace("import simpy\n", "import simpy\nrandom.seed(seed)\n"), names)
        theirs.append(fmean(names["waits"]))
    assert abs(ours - fmean(theirs)) < 4 * (stdev(theirs) / 30**0.5) * 2**0.5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """Every path of the repository in quotes, and every link to a page."""
    text = page.read_text(encoding="utf-8")
    said = re.findall(r"`((?:sim|tests|scenarios|docs|benchmarks|notebooks)/[a-z0-9_/.]+)`", text)
    said += [
        str((page.parent / each).resolve().relative_to(ROOT))
        for each in re.findall(r"\]\(([a-zA-Z0-9_/.]+\.md)\)", text)
    ]
    assert [each for each in said if not (ROOT / each).exists()] == []


def test_every_room_is_on_the_map() -> None:
    """A room of the package has its line on the page about the architecture."""
    rooms = {f"sim/{name}" for name in LAYERS if (ROOT / "sim" / name).is_dir()}
    assert set(re.findall(r"^\| `(sim/[a-z]+)` \|", ARCHITECTURE, re.MULTILINE)) == rooms


def test_what_the_map_gives_as_an_example_stands_there() -> None:
    """`name` in `file`: the file has it."""
    said = re.findall(r"`([a-z_]+)`(?: of `Pool`)? in `([a-z_/.]+)`", ARCHITECTURE)
    assert len(said) >= 6
    assert [name for name, file in said if name not in (ROOT / file).read_text(encoding="utf-8")] == []
