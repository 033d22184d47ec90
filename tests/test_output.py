"""`trialstart run` and `compare` as a user meets them: what is printed, what is written, and how it ends."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim import cli
from sim.experiment import running
from sim.experiment.running import Interrupted
from tests.conftest import ONE_OFFICE

FILES = {
    "answer.txt",
    "indicators.csv",
    "contrasts.csv",
    "pools.csv",
    "binding.csv",
    "days_spent.csv",
    "manifest.json",
    "s_curve.png",
    "s_curve.svg",
    "stages.png",
    "stages.svg",
    "gantt.png",
    "gantt.svg",
}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def trialstart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, run in an empty folder in this process."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def command(*words: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["trialstart", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return command


def written(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_text_is_printed_and_written(trialstart: Command, one_office: Path, two_offices: Path) -> None:
    """The answer goes to standard output and, with tables and figures, to `out`; where it is goes to standard error."""
    done = trialstart("compare", one_office, two_offices, "--replications", 3, "--jobs", 1)
    assert done.code == 0
    assert set(written(Path("out"))) == FILES
    assert Path("out/answer.txt").read_text(encoding="utf-8") == done.out
    assert "Two offices" in done.out
    assert done.err == "tables and figures: out\n"


class Terminal(io.StringIO):
    """A standard output that people look at."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_a_terminal_shows_what_fits_and_where_the_rest_is(
    trialstart: Command, one_office: Path, two_offices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several scenarios the brief, and the file of the whole; of one scenario all."""
    monkeypatch.setattr(sys, "stdout", shown := Terminal())
    trialstart("compare", one_office, two_offices, "--replications", 2, "--jobs", 1)
    words = " ".join(shown.getvalue().split())
    assert "In brief" in words and "The answer" not in words and words.endswith("The whole answer: out/answer.txt")
    assert len(shown.getvalue().splitlines()) < 24 and not re.search("Too few people|Checked in these", words)
    one_office.write_text(ONE_OFFICE.replace("200 /year", "2000 /year"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", shown := Terminal())
    trialstart("compare", one_office, two_offices, "--replications", 2, "--jobs", 1, "--fresh")
    assert "One office: Too few people (office): requests never served" in " ".join(shown.getvalue().split())
    monkeypatch.setattr(sys, "stdout", shown := Terminal())
    trialstart("run", one_office, "--replications", 2, "--jobs", 1, "--fresh")
    assert "How to read" in shown.getvalue() and "The whole answer" not in shown.getvalue()


def test_same_input_same_bytes(trialstart: Command, one_office: Path, two_offices: Path) -> None:
    """Twice the same command: the same bytes in every file, figures included."""
    for folder in ("first", "second"):
        trialstart("compare", one_office, two_offices, "--replications", 2, "--jobs", 1, "--out", folder)
    assert written(Path("first")) == written(Path("second"))


@pytest.mark.parametrize(
    "verb",
    [
        "run --by month --replications 3",
        "explain --replications 3",
        "explain --trial typical",
        "sweep --over pools.office.units=1,2 --replications 3",
        "solve --pool office --share 10% --most 3 --replications 3",
    ],
)
def test_a_picture_of_any_verb_says_so_too(trialstart: Command, one_office: Path, tmp_path: Path, verb: str) -> None:
    """At its foot, as that of a run."""
    name, *words = verb.split()
    trialstart(name, one_office, *words, "--seed", 5, "--jobs", 1, "--out", tmp_path / "o")
    pictures = [*(tmp_path / "o").glob("*.svg")]
    assert pictures
    for each in pictures:
        assert "<text" in each.read_text(encoding="utf-8")
        assert re.search(
            r"Simulated \(trialstart [^)]*\): [^<]*, seed 5, trials from ", each.read_text(encoding="utf-8")
        )


def test_a_picture_says_where_its_numbers_come_from(trialstart: Command, one_office: Path, tmp_path: Path) -> None:
    """Which trials, how often, with which seed; in the language of the answer, and as text."""
    trialstart(
        "run", one_office, "--replications", 3, "--seed", 5, "--jobs", 1, "--lang", "fr", "--out", tmp_path / "o"
    )
    for name in ("s_curve", "stages", "gantt"):
        said = (tmp_path / "o" / f"{name}.svg").read_text(encoding="utf-8")
        assert "3 réplications, graine 5, essais du 11 janvier 2024 au 11 mars 2024" in said.replace(
            "\N{NO-BREAK SPACE}", " "
        )


def test_json_is_one_document_and_nothing_is_written(trialstart: Command, one_office: Path) -> None:
    """JSON on standard output is the whole answer; no folder appears."""
    done = trialstart("run", one_office, "--replications", 2, "--jobs", 1, "--format", "json", "--seed", 5)
    document = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert document["manifest"]["seed"] == 5
    assert document["manifest"]["replications"] == 2
    assert document["contrasts"] == []
    assert list(Path().iterdir()) == []


def test_what_starves_is_in_the_document(trialstart: Command, one_office: Path) -> None:
    """What was said before the run and what came of it are warnings; a scenario that goes well has none."""
    calm = trialstart("run", one_office, "--replications", 2, "--jobs", 1, "--format", "json")
    one_office.write_text(one_office.read_text(encoding="utf-8").replace("p90: 2 d", "p90: 20 d"), encoding="utf-8")
    busy = [trialstart("run", one_office, "--replications", 2, "--jobs", 1, "--format", "json") for _ in range(2)]
    assert json.loads(calm.out)["warnings"] == []
    before, after, unseen = json.loads(busy[0].out)["warnings"]
    assert before["scenario"] == after["scenario"] == "one_office"
    assert (before["found"], before["message"][:24]) == ("before", "pool 'office' is offered")
    assert (after["found"], after["message"][:24]) == ("in the run", "Too few people (office):")
    assert (unseen["found"], unseen["message"][:24]) == ("in the run", "Followed too briefly (60")
    assert busy[0].out == busy[1].out
    answer = trialstart("run", one_office, "--replications", 2, "--jobs", 1).out
    assert "Warning: pool 'office' is offered" in answer and "Too few people (office)" in answer


def test_csv_with_a_folder_does_both(trialstart: Command, one_office: Path) -> None:
    """`--out` writes the folder whatever is printed; what is printed is the file of the same name."""
    done = trialstart("run", one_office, "--replications", 2, "--jobs", 1, "--format", "csv", "--out", "mine/deep")
    assert done.code == 0
    assert Path("mine/deep/indicators.csv").read_text() == done.out


def test_a_scenario_without_goal_has_no_curve(trialstart: Command, one_office: Path) -> None:
    """Any process can be run: without a goal there is no share to draw, and the rest is written."""
    lines = one_office.read_text().splitlines()
    one_office.write_text("\n".join(line for line in lines if not line.startswith("goal")))
    assert trialstart("run", one_office, "--replications", 2, "--jobs", 1).code == 0
    assert set(written(Path("out"))) == FILES - {"s_curve.png", "s_curve.svg"}


def test_changes_reach_the_scenario(trialstart: Command, one_office: Path) -> None:
    """`--set` may be repeated, and the manifest says what was changed."""
    done = trialstart(
        "run",
        one_office,
        "--replications",
        1,
        "--jobs",
        1,
        "--format",
        "json",
        "--set",
        "pools.office.units=3",
        "--set",
        "windows.observation=30 d",
    )
    (record,) = json.loads(done.out)["manifest"]["scenarios"]
    assert record["changes"] == ["pools.office.units=3", "windows.observation=30 d"]
    assert record["windows"]["observation"] == "30 d"


def test_french(trialstart: Command, one_office: Path) -> None:
    """The answer in French has the French title."""
    done = trialstart("run", one_office, "--replications", 1, "--jobs", 1, "--lang", "fr")
    assert "Un bureau" in done.out
    assert "One office" not in done.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--set", "pools.office.unitz=3"], "pools.office.unitz: unknown key; did you mean 'units'?"),
        (["--engine", "symphony"], "engine: must be auto or one of"),
        (["--out", "taken"], "taken: cannot be written, file exists; choose another folder with --out"),
        (["--replications", "0"], "'--replications'"),
        (["--format", "xml"], "'xml'"),
    ],
)
def test_wrong_input_is_one_clear_message(trialstart: Command, one_office: Path, words: list[str], says: str) -> None:
    """Exit code 2, a message with the remedy, nothing on standard output, no traceback."""
    Path("taken").write_text("")
    done = trialstart("run", one_office, "--jobs", 1, *words)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


def test_interrupted_prints_what_is_finished(
    trialstart: Command, one_office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C after two replications: the answer of two, written too, and exit code 130."""
    finished = running.compare([one_office], replications=2, jobs=1)

    def interrupted(*_: object, **__: object) -> None:
        raise Interrupted(finished)

    monkeypatch.setattr(running, "compare", interrupted)
    done = trialstart("run", one_office)
    assert done.code == 130
    assert "One office" in done.out
    assert "interrupted: 2 replications of each scenario were finished" in done.err
    assert set(written(Path("out"))) == FILES


def test_interrupted_too_early_prints_no_answer(
    trialstart: Command, one_office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C before anything is finished: exit code 130, and no answer that looks like one."""

    def interrupted(*_: object, **__: object) -> None:
        raise Interrupted(None)

    monkeypatch.setattr(running, "compare", interrupted)
    done = trialstart("run", one_office, "--format", "json")
    assert (done.code, done.out) == (130, "")
    assert "interrupted: 0 replications" in done.err
