"""The story of one trial: by hand on a scenario without luck, and what adds up."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.decisions.explanation_text import story_text
from sim.decisions.telling import tell
from tests.decisions.written import BUSY


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    """The first of two files waits a day for an office that works on another one."""
    path = tmp_path / "busy.yaml"
    path.write_text(BUSY, encoding="utf-8")
    return path


def test_a_story_by_hand(busy: Path) -> None:
    """Day 0 is 2 January; the contract waits a day for the office, which has a file of the other class; 20 days."""
    (told,) = tell(busy, "files-1")
    assert (told.began, told.days, told.within) == (datetime(2024, 1, 2), 20, False)
    steps = {step.row.task: step for step in told.steps}
    contract = steps["contract"]
    assert (contract.row.ready, contract.row.start, contract.row.end) == (0, 1, 19)
    assert (contract.pool, contract.waits["busy"], contract.held) == ("office", 1, (("others", 1.0),))
    assert [step.row.task for step in told.way] == ["contract", "open"]
    assert (contract.on_way, contract.waited_on_way, steps["pharmacy"].on_way) == (19, 1, 0)
    assert sum(step.on_way for step in told.steps) == told.days


def test_the_second_file_waits_for_nobody(busy: Path) -> None:
    """It comes a month later."""
    (told,) = tell(busy, "files-2")
    assert told.days == 19 and not any(step.wait for step in told.steps)


def test_it_is_told_in_both_languages(busy: Path) -> None:
    """What decided it, who was waited for and what they had in hand; and in the tables for programs."""
    found = tell(busy, "files-1")
    english, french = (" ".join(story_text(found, language).split()) for language in ("en", "fr"))
    assert "contract, 19.0 d, of which 1.0 d waiting (office; all busy: others)" in english
    assert "contract, 19,0 j, dont 1,0 j d'attente (office ; tous occupés : others)" in french
    assert "l'objectif de 15 jours calendaires (de date à date) est manqué" in french
    assert found[0].frame.loc[found[0].frame.task == "contract", "held_by"].tolist() == ["others"]


@pytest.mark.parametrize("scenario", ["one_office", pytest.param("france_parallel", marks=pytest.mark.slow)])
def test_the_way_of_a_typical_trial_adds_up(scenario: str, one_office: Path) -> None:
    """Whatever the scenario: the days on the way are those of the goal; another replication has other trials."""
    source = one_office if scenario == "one_office" else scenario
    (told,) = tell(source, "typical", engine="simpy")
    assert told.days is not None
    assert sum(step.on_way for step in told.steps) == pytest.approx(told.days, abs=1e-9)
    for step in told.steps:
        assert step.wait == pytest.approx(step.row.start - step.row.ready, abs=1e-9)
    assert tell(source, f"{told.trial}@1", engine="simpy")[0].began != told.began


def test_a_trial_that_is_not_there_is_refused(busy: Path) -> None:
    """With the nearest name; so is a replication that is no number."""
    with pytest.raises(ValueError, match=r"there is no 'file-1' in replication 0 of busy; did you mean 'files-1'\?"):
        tell(busy, "file-1")
    with pytest.raises(ValueError, match=r"must be LABEL or LABEL@N, N a replication from 0, got 'files-1@x'"):
        tell(busy, "files-1@x")


def test_what_is_not_there_by_the_end_says_so(busy: Path) -> None:
    """A trial whose contract takes longer than anybody looks is told as far as it came; none is typical."""
    busy.write_text(BUSY.replace("exactly 18 d", "exactly 900 d"), encoding="utf-8")
    (told,) = tell(busy, "files-1")
    assert told.days is None and told.within is None and not told.way
    assert "not reached by the end of the simulation" in " ".join(story_text([told], "en").split())
    with pytest.raises(ValueError, match="none of busy reaches the goal in replication 0; name one instead"):
        tell(busy, "typical")


def test_the_command_writes_a_chart(busy: Path, tmp_path: Path) -> None:
    """The story as text, as a table, and as a chart of Gantt."""
    asked = ["explain", str(busy), "--trial=files-1", "--engine=simpy", f"--out={tmp_path / 'o'}", "--lang=en"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0 and done.output.startswith("Busy, trial files-1: asked on 2024-01-02, open on ")
    assert {each.name for each in (tmp_path / "o").iterdir()} == {"answer.txt", "story.csv", "gantt.png", "gantt.svg"}
