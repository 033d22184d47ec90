"""Nothing is lost at the end of a simulation: whatever was simulated is written and said, on any machine."""

from __future__ import annotations

import codecs
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from warnings import catch_warnings, simplefilter
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import _plainly, app
from sim.scenario.evidence import register
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load
from tests.conftest import ONE_OFFICE
from tests.test_evidence import COVERED, REGISTER

ROOT = Path(__file__).resolve().parents[1]
SMALL = {
    "a goal of 121 days": ONE_OFFICE.replace("within: 5 d", "within: 121 d"),
    "a goal of 4 years": ONE_OFFICE.replace("within: 5 d", "within: 1461 d"),
    "nobody arrives": ONE_OFFICE.replace("200 /year", "0 /year"),
    "nothing is in scope": ONE_OFFICE.replace("{name: files, ", "{name: files, attributes: {early: 0 %}, ").replace(
        "prerequisites:", "scope: {early: true}, prerequisites:"
    ),
    "a window of two days": ONE_OFFICE.replace(
        "warm_up: 10 d, observation: 60 d, follow_up: 60 d", "warm_up: 0 d, observation: 2 d, follow_up: 0 d"
    ),
    "a pool that is never at work": ONE_OFFICE.replace(
        "{units: 1}", "{units: 1, absences: [{from: 2024-01-01, to: 2026-12-31, units: 1}]}"
    ),
    "everything lapses": ONE_OFFICE.replace("pool: office}", "pool: office, limit: {within: 0 d, then: lapse}}"),
}


QUICK = ("a goal of 121 days", "nobody arrives")


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in SMALL]
)
def test_what_is_odd_is_written_and_said(name: str, tmp_path: Path) -> None:
    """Long goals, and nothing to count: every table and figure, an answer, exit code 0; the same when gone on with."""
    file, out = tmp_path / "small.yaml", tmp_path / "out"
    file.write_text(SMALL[name], encoding="utf-8")
    words = ["run", str(file), "--jobs", "1", "--out", str(out), "--lang", "fr"]
    for replications in ("2", "3"):
        done = CliRunner().invoke(app, [*words, "--replications", replications])
        assert (done.exit_code, done.exception) == (0, None)
    assert done.stdout == (out / "answer.txt").read_text(encoding="utf-8")
    assert {file.name for file in out.iterdir()} >= {"indicators.csv", "manifest.json", "s_curve.png", "gantt.svg"}


def trialstart(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a process, with some variables of its environment."""
    known = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.run([sys.executable, "-m", "sim", *words], env=known, capture_output=True)


def test_a_sign_that_the_output_does_not_know_is_said_plainly(two_offices: Path, tmp_path: Path) -> None:
    """A redirect of Windows: a minus is a hyphen, not a traceback; in the files it is a minus."""
    one = tmp_path / "one_office.yaml"
    one.write_text(ONE_OFFICE, encoding="utf-8")
    words = [
        "compare",
        str(one),
        str(two_offices),
        "--replications",
        "4",
        "--jobs",
        "1",
        "--out",
        str(tmp_path / "out"),
    ]
    done = trialstart(*words, PYTHONIOENCODING="cp1252")
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    written = (tmp_path / "out" / "answer.txt").read_text(encoding="utf-8")
    assert "\N{MINUS SIGN}" in written
    assert done.stdout.decode("cp1252").splitlines() == written.replace("\N{MINUS SIGN}", "-").splitlines()


def test_every_sign_has_a_plain_one() -> None:
    """In ASCII, letters without accents, hyphens, straight quotes; what has no neighbour is a question mark."""
    codecs.register_error("plain", _plainly)
    said = "« délai » : 3\N{NARROW NO-BREAK SPACE}%, \N{MINUS SIGN}2–4, l\N{RIGHT SINGLE QUOTATION MARK}œuvre"
    said += ", ≤ 5 → \N{HOSPITAL}"
    assert said.encode("ascii", "plain") == b'" delai " : 3 %, -2-4, l\'oeuvre, <= 5 -> ?'


def test_files_are_written_before_anything_is_printed(one_office: Path, tmp_path: Path) -> None:
    """Standard output is full or gone: the tables and the figures are there."""
    words = ["run", str(one_office), "--replications", "2", "--jobs", "1", "--out", str(tmp_path / "out")]
    with open("/dev/full", "w") as full:
        subprocess.run([sys.executable, "-m", "sim", *words], env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=full)
    assert (tmp_path / "out" / "answer.txt").exists()
    assert (tmp_path / "out" / "s_curve.png").exists()


def test_a_title_is_shown_as_it_is_written(tmp_path: Path) -> None:
    """Dollars, backslashes, brackets and signs that no font has are no formulas, no mark-up and no warnings."""
    title = r"<b>$5$ & $\\frac{1}$ [bold red]x[/] {brace} %s \U0001F3E5 |"
    file, out = tmp_path / "small.yaml", tmp_path / "out"
    file.write_text(ONE_OFFICE.replace("en: One office, fr: Un bureau", f'en: "{title}", fr: "=1+1"'), encoding="utf-8")
    with catch_warnings():
        simplefilter("error")
        done = CliRunner().invoke(app, ["run", str(file), "--replications", "2", "--jobs", "1", "--out", str(out)])
    assert (done.exit_code, done.exception, done.stderr) == (0, None, f"tables and figures: {out}\n")
    assert r"$5$ & $\frac{1}$ [bold red]x[/] {brace} %s" in " ".join(done.stdout.split())
    for figure in out.glob("*.svg"):
        ElementTree.parse(figure)


@pytest.mark.parametrize("sign", [r"\e", r"\0", r"\x07", r"\r", r"\x9b", r"\u202E", r"\u2066"])
def test_a_control_character_is_refused_with_its_place(sign: str, tmp_path: Path) -> None:
    """It would change what stands around it in a terminal, and no reader of SVG takes it."""
    file = tmp_path / "small.yaml"
    file.write_text(ONE_OFFICE.replace("en: One office", f'en: "One{sign}office"'), encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=r"small\.yaml:1:13: title\.en: must not contain control characters, got '.*'; delete"
    ):
        load(file)


WRONG: dict[str, Callable[[Path], object]] = {
    "scenario: must be a file, a name or a Scenario, got 5": lambda file: sim.load(5),  # type: ignore[arg-type]
    "scenario: must be a file, a name or a Scenario, got <class": lambda file: sim.run(sim.Scenario),  # type: ignore[arg-type]
    "scenarios: must be a list of files, names or Scenarios, got 5": lambda file: sim.compare(5),  # type: ignore[arg-type]
    "set_ and levers: are for files, got ['fast']": lambda file: sim.pull(sim.load(file), ["fast"]),
    "set_ and levers: are for files, got ['pools.office.units=2']": lambda file: sim.run(
        sim.load(file), set_=["pools.office.units=2"]
    ),
    "replications: must be at most 1,000,000, got 1000": lambda file: sim.run(file, replications=10**20),
    "jobs: must be at most 1,000, got 1000000": lambda file: sim.run(file, jobs=10**6),
    "levers: no such lever, got 'fast'": lambda file: sim.pull(file, "fast"),
}


@pytest.mark.parametrize("says", WRONG)
def test_python_is_answered_in_one_line_too(says: str, one_office: Path) -> None:
    """Nothing is ignored, and what makes no sense is a ValueError that says what does."""
    with pytest.raises(ValueError, match=re.escape(says)) as said:
        WRONG[says](one_office)
    assert len(str(said.value).splitlines()) == 1


def test_one_word_is_one_change(one_office: Path) -> None:
    """`set_` and levers take a word for a list of one."""
    assert sim.load(one_office, set_="pools.office.units=2").pools["office"].units == 2  # type: ignore[arg-type]
    assert sim.Options(set_="pools.office.units=2").changes == ("pools.office.units=2",)


FRENCH = REGISTER.replace(",s,q,", ",étape,délai médian,").replace("paper", "Enquête")
SAVED = {
    "as it is": FRENCH.encode(),
    "with a mark": FRENCH.encode("utf-8-sig"),
    "in Windows-1252": FRENCH.encode("cp1252"),
    "with semicolons": FRENCH.replace(",", ";").encode("cp1252"),
    "with semicolons, a mark and Windows lines": FRENCH.replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig"),
}


@pytest.mark.parametrize("how", SAVED)
def test_a_register_is_read_as_a_spreadsheet_saves_it(how: str, tmp_path: Path) -> None:
    """Marks, code pages and separators of a French spreadsheet change nothing."""
    (tmp_path / "evidence.csv").write_bytes(SAVED[how])
    row = register(tmp_path)["T-B"]
    assert (row.quantity, row.source, row.grade) == ("délai médian", "Enquête", "B")


NO_REGISTER = {
    "1:1: evidence: must have the columns id, quantity, .*, got a, b": b"a,b\n1,2\n",
    "1:1: evidence: must have the columns .*, got none": b"",
    "3:1: evidence: must have as many cells as the first row": FRENCH.encode().replace(b"T-B", b"T-B,more"),
    "4:1: evidence: must have as many cells as the first row": FRENCH.encode().replace(b",C,\n", b",C\n"),
    "2:1: evidence: grade: must be one of A, B, C, D, got 'E'": FRENCH.encode().replace(b",A,", b",E,"),
    "1:1: evidence: must be text in UTF-8 or Windows-1252; save it as": FRENCH.encode("utf-16"),
    "1:1: evidence: must be text in UTF-8 or Windows-1252": b"id\x00,\x81\n",
}


@pytest.mark.parametrize("says", NO_REGISTER)
def test_what_is_no_register_is_one_line_with_its_row(says: str, tmp_path: Path) -> None:
    """Said by `validate`, and by `run` before anything is simulated."""
    (tmp_path / "evidence.csv").write_bytes(NO_REGISTER[says])
    (tmp_path / "base.yaml").write_text(COVERED, encoding="utf-8")
    with pytest.raises(ScenarioError, match=rf"evidence\.csv:{says}") as said:
        register(tmp_path)
    assert "\n" not in str(said.value)
    done = CliRunner().invoke(app, ["validate", str(tmp_path / "base.yaml")])
    assert (done.exit_code, done.stderr) == (2, f"{said.value}\n")
    run = ["run", str(tmp_path / "base.yaml"), "--jobs", "1", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, run)
    assert isinstance(done.exception, ScenarioError)
    assert not (tmp_path / "out").exists()
