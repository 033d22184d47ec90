"""The commands about own data and event logs: what they print, what they write, how they refuse."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli import main
from tests.own import trackers
from tests.own.test_overlay import BASE
from tests.own.trackers import FRENCH

Answer = tuple[int, str, str]
Command = Callable[..., Answer]


@pytest.fixture
def trialstart(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """The command, in a folder with a tracker, its mapping and a scenario; gives exit code, output and errors."""
    past = trackers.history(1, 90, cancelled=0.05)
    trackers.written(
        tmp_path, trackers.wide(past, FRENCH, trackers.messy, separator=";"), trackers.mapping(past, FRENCH)
    )
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["trialstart", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0), *capsys.readouterr()

    return run


def test_import(trialstart: Command) -> None:
    """A draft, a report in both languages, and a remedy where there is no mapping."""
    code, text, _ = trialstart("import", "tracker.csv", "--draft")
    assert code == 0 and '"Envoi convention": contract_sent' in text
    french = trialstart("import", "tracker.csv", "--mapping", "mapping.yaml", "--lang", "fr")[1]
    assert french.startswith("Ce qui a été lu\n90 lignes lues")
    assert trialstart("import", "tracker.csv", "--mapping", "mapping.yaml")[1].startswith("What was read\n90 rows read")
    code, _, error = trialstart("import", "tracker.csv")
    assert code == 2 and "--draft" in error


def test_fit_writes_a_scenario_that_validates(trialstart: Command) -> None:
    """A folder with scenario, register, page and figures; its numbers all have sources."""
    code, text, _ = trialstart(
        "fit", "tracker.csv", "--mapping", "mapping.yaml", "--extends", "base.yaml", "--out", "mine"
    )
    assert code == 0 and "contract_executed: from contract_sent" in text
    written = {path.name for path in Path("mine").iterdir()}
    assert written >= {"fitted.yaml", "evidence.csv", "fit.txt", "contract_executed.png"}
    assert trialstart("validate", "mine/fitted.yaml")[:2] == (0, "mine/fitted.yaml: OK\n")
    assert trialstart("evidence", "mine/fitted.yaml", "--check")[0] == 0


def test_backtest(trialstart: Command) -> None:
    """A paragraph for each time; wrong options are one line."""
    asked = ("backtest", "tracker.csv", "--mapping", "mapping.yaml", "--extends", "base.yaml")
    code, text, _ = trialstart(*asked, "--published", "contract_executed=70", "--lang", "fr", "--out", "judged")
    assert code == 0 and "contract_executed : " in text.replace("\u00a0", " ") and "où l'on prédisait" in text
    assert Path("judged/backtest.txt").read_text(encoding="utf-8") == text
    pictures = [each.stem for each in Path("judged").glob("*.png")]
    assert "contract_executed" in pictures and all(f"{each} :" in text.replace("\u00a0", " ") for each in pictures)
    code, _, error = trialstart(*asked, "--goal", "contract_executed")
    assert (code, error) == (2, "--goal: must be TASK=DAYS, such as contract_signed=70, got 'contract_executed'\n")


def test_export_and_discover(trialstart: Command) -> None:
    """A run is exported with its checklist; its log becomes a scenario again; a folder without a run is refused."""
    assert trialstart("run", "base.yaml", "--replications", "1", "--jobs", "1", "--out", "run")[0] == 0
    code, text, _ = trialstart("export", "run", "--to", "ocel", "--check")
    assert code == 0 and text.count("\nok: ") == 24
    code, text, _ = trialstart("export", "run", "--out", "log.csv")
    assert code == 0 and text.startswith("log.csv: ") and text.endswith(" rows\n")
    code, text, _ = trialstart("import", "log.csv", "--discover", "--out", "found")
    assert code == 0 and "name: contract_sent" in text
    assert trialstart("validate", "found/found.yaml")[0] == 0
    code, _, error = trialstart("export", "found")
    assert code == 2 and "must be the folder of an experiment" in error


def test_what_is_not_there_is_one_line(trialstart: Command) -> None:
    """A tracker, a mapping, a scenario that is missing."""
    for words in (
        ("import", "none.csv", "--draft"),
        ("import", "tracker.csv", "--mapping", "none.yaml"),
        ("fit", "tracker.csv", "--mapping", "mapping.yaml", "--extends", "frence"),
        ("import", "none.csv", "--discover"),
    ):
        code, _, error = trialstart(*words)
        assert code == 2 and error.count("\n") == 1, words
