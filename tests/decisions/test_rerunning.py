"""What reruns say: by hand on scenarios without luck, one of them an anomaly, and what stays the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.decisions.bars import explanation_pictures
from sim.decisions.explaining import explain
from sim.decisions.explanation_text import explanation_text
from sim.decisions.rerunning import Change, Effect, What, rerun
from sim.decisions.tables import explanation_tables
from sim.experiment.options import Options
from tests.decisions.written import ANOMALY, BUSY

HERE = Options(jobs=1, engine="simpy")


def effects_of(tmp_path: Path, text: str) -> dict[Change, Effect]:
    """The effects of all changes of a scenario."""
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    (found,) = explain(path, HERE, replications=2)
    return {each.change: each for each in rerun(found, HERE)}


def test_effects_by_hand(tmp_path: Path) -> None:
    """Contract of 18 d beside a pharmacy of 14 d, then 1 d; the first of two files waits a day for the office."""
    effects = effects_of(tmp_path, BUSY)
    contract, office = effects[Change(What.TASK, "contract")], effects[Change(What.POOL, "office")]
    assert (contract.margin, contract.days.value, contract.share.value) == (18, -4.5, 1)  # the pharmacy is in the way
    assert (office.margin, office.days.value, office.share.value) == (0.5, -0.5, 0)
    assert effects[Change(What.TASK, "open")].days.value == -1
    assert Change(What.TASK, "pharmacy") not in effects  # it is never on the way


def test_less_work_may_end_later(tmp_path: Path) -> None:
    """Without the check the long file of another class comes to the office first: eight days more."""
    check = effects_of(tmp_path, ANOMALY)[Change(What.TASK, "checked")]
    assert (check.margin, check.days.value, check.share.value) == (2, 8, -1)


def test_the_engines_say_the_same(one_office: Path) -> None:
    """The effects are those of timelines, which are the same."""
    found = [
        rerun(explain(one_office, replications=3, jobs=1, engine=engine)[0], replace(HERE, engine=engine))
        for engine in ("simpy", "compiled")
    ]
    assert found[0] == found[1]


def test_they_are_shown_beside_the_margins(tmp_path: Path, one_office: Path, two_offices: Path) -> None:
    """In the text of both languages, in the tables, and in pictures that draw."""
    found = explain([one_office, two_offices], HERE, replications=3)
    effects = [rerun(each, HERE) for each in found]
    assert "office: always free" in explanation_text(found, "en", effects)
    assert "office\N{NO-BREAK SPACE}: toujours disponibles" in explanation_text(found, "fr", effects)
    tables = explanation_tables(found, effects)
    assert {*tables} == {"days", "margins", "waits", "held", "moved", "effects"}
    assert {line["number"] for line in tables["effects"]} == {"days", "share"}
    pictures = explanation_pictures(found, effects, "fr")
    assert {*pictures} == {
        *(f"{kind}_{name}" for kind in ("days", "effects") for name in ("one_office", "two_offices")),
        "difference",
    }
    assert all(draw().has_data() for draw in pictures.values())


def test_interrupted_it_shows_what_is_finished(one_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the reruns leaves the explanation."""

    def stop(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.decisions.rerunning._replayed", stop)
    asked = ["explain", str(one_office), "--rerun", "--replications=3", "--jobs=1", "--engine=simpy", "--lang=en"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 130
    assert done.output.startswith("One office: ") and "this is what was finished" in done.output
