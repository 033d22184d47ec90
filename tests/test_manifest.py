"""What a result says it depends on: the meaning of a scenario, not the look of its file."""

from __future__ import annotations

from pathlib import Path

from sim.experiment.manifest import Origin, record
from sim.scenario.loading import load
from sim.scenario.schema import fingerprint
from tests.conftest import ONE_OFFICE


def test_fingerprint_is_of_the_meaning(tmp_path: Path, one_office: Path) -> None:
    """Comments, order and spelling of a quantity leave the fingerprint alone."""
    lines = ONE_OFFICE.replace("60 d", "60.0 d").splitlines()
    (tmp_path / "again.yaml").write_text("\n".join(["# a comment", lines[2], lines[1], lines[0], *lines[3:]]))
    assert fingerprint(load(tmp_path / "again.yaml")) == fingerprint(load(one_office))


def test_fingerprint_tells_numbers_apart(one_office: Path) -> None:
    """One more officer is another scenario."""
    assert fingerprint(load(one_office, set_=["pools.office.units=2"])) != fingerprint(load(one_office))


def test_record_says_what_was_promised_without_its_sources(tmp_path: Path) -> None:
    """The goal and the windows stand in the record as they are written, without the provenance of their numbers."""
    written = ONE_OFFICE.replace("follow_up: 60 d}", "follow_up: 60 d, note: chosen}").replace(
        "within: 5 d", "within: 5 d, note: wished"
    )
    (tmp_path / "noted.yaml").write_text(written)
    said = record("noted", Origin("noted.yaml", ()), load(tmp_path / "noted.yaml"))
    assert said.windows == {"warm_up": "10 d", "observation": "60 d", "follow_up": "60 d"}
    assert said.goal is not None
    assert "note" not in said.goal
    assert (said.goal["from"], said.goal["to"], said.goal["within"]) == ("asked", "answered", "5 d")


def test_fingerprint_knows_the_order_in_which_pools_deal(tmp_path: Path, one_office: Path) -> None:
    """Whatever can change a number is in it: the order of pools, and of the shares that luck is divided by."""
    text = one_office.read_text(encoding="utf-8")
    pools = "  other: {units: 1}\n  office: {units: 1}\n", "  office: {units: 1}\n  other: {units: 1}\n"
    assert "  office: {units: 1}\n" in text
    for number, both in enumerate(pools):
        text_with = text.replace("  office: {units: 1}\n", both)
        (tmp_path / f"{number}.yaml").write_text(text_with, encoding="utf-8")
    first, second = (fingerprint(load(tmp_path / f"{number}.yaml")) for number in range(2))
    assert first != second
