"""The verb `trialstart verify`: what it prints, and its exit codes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.verification import verify as verification


def trialstart(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one run."""
    done = CliRunner().invoke(app, ["verify", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_agreement_is_exit_code_0() -> None:
    """The table, with the companions beside it."""
    code, out, error = trialstart("calendar", "--replications", "2", "--jobs", "1", "--companions")
    assert (code, error) == (0, "")
    assert out.splitlines()[-1].startswith("1 of 1 quantities in 1 cases agree")
    assert " differs " in out


def test_programs_read_json() -> None:
    """One list of records."""
    code, out, _ = trialstart("calendar", "--replications", "2", "--jobs", "1", "--format", "json")
    (record,) = json.loads(out)
    assert code == 0
    assert (record["exact"], record["simulated"], record["agrees"]) == (20.0, 20.0, True)


def test_disagreement_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """One wrong number is enough."""
    right = verification.verify(["calendar"], replications=2, jobs=1)
    monkeypatch.setattr(verification, "verify", lambda *_, **__: (replace(right[0], simulated=19.0),))
    code, out, _ = trialstart("calendar")
    assert code == 1
    assert "DISAGREES" in out


def test_a_misspelt_case_is_exit_code_2() -> None:
    """With the nearest right name, and nothing on standard output."""
    assert trialstart("calender") == (2, "", "case: there is no case 'calender'; did you mean 'calendar'?\n")
