"""Thousands of broken and odd scenarios: each is refused with places, or runs, in so many calls and 500 MB."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from sim import cli
from sim.scenario.language.mistakes import ScenarioError
from tests import fuzzing
from tests.fuzzing import MEMORY, failures, limit_memory, tried
from tests.mutations import Mutant, mutant

FINE = Mutant(0, "by hand", b"")


def test_hundreds_of_mutants_are_refused_with_places_or_run() -> None:
    """No traceback, no hang, no hunger."""
    assert failures(range(250), workers=1, counted=True) == []


@pytest.mark.slow
def test_ten_thousand_mutants_are_refused_with_places_or_run() -> None:
    """The same for many more."""
    assert failures(range(10_000), workers=2) == []


def test_a_mutant_is_always_the_same() -> None:
    """A failure can be looked at again by its number."""
    assert [mutant(number) for number in range(50)] == [mutant(number) for number in range(50)]


def test_a_traceback_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no ScenarioError is a failure, with where it came from."""

    def broken(*_: object) -> None:
        raise KeyError("pool")

    monkeypatch.setattr(fuzzing, "load", broken)
    assert "KeyError: 'pool'" in str(tried(FINE, tmp_path))


def test_a_message_without_mistakes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal says what is wrong."""

    def broken(*_: object) -> None:
        raise ScenarioError([])

    monkeypatch.setattr(fuzzing, "load", broken)
    assert "without a place" in str(tried(FINE, tmp_path))


def test_a_hang_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work without end is stopped, and so is waiting without end."""

    def busy(*_: object) -> None:
        while True:
            pass

    def idle(*_: object) -> None:
        time.sleep(3600)

    for name, way in (("LONGEST", busy), ("BLOCKED", idle)):
        monkeypatch.setattr(fuzzing, name, 0.2)
        monkeypatch.setattr(fuzzing, "load", way)
        assert "TooLong" in str(tried(FINE, tmp_path))


def test_work_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant that takes more calls than it may is a failure."""
    monkeypatch.setattr(fuzzing, "WORK", 10)
    assert "mutant 3 took" in str(fuzzing._counted([3]))


def test_hunger_is_noticed() -> None:
    """A worker that asks for more memory than a mutant may have does not get it."""
    with ProcessPoolExecutor(1, get_context("spawn"), limit_memory) as pool, pytest.raises(MemoryError):
        pool.submit(bytearray, MEMORY + 50_000_000).result()


@pytest.mark.parametrize("verb", ["validate", "run"])
def test_the_command_line_answers_what_is_refused_with_exit_code_2(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Some mutants of every kind, as a user would meet them: places on standard error, and no traceback."""
    for number in (4, 8, 15, 16, 23, 42):
        file = tmp_path / "mutant.yaml"
        file.write_bytes(b"titel: x\n" + mutant(number).content)
        monkeypatch.setattr(sys, "argv", ["trialstart", verb, str(file)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        assert left.value.code == 2
        assert "mutant.yaml:" in capsys.readouterr().err
