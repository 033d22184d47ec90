"""Pages for people who change the code name what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_architecture import LAYERS

ROOT = Path(__file__).resolve().parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


PAGES = [
    page
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
    if page.name not in ("mutation.md", "CHANGELOG.md")  # records of an earlier day
]


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
