"""The command: answers on standard output, mistakes on standard error, and the exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from inspect import signature
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import sim
from sim.cli import answer, decide, own, trust
from sim.cli import write as write_
from sim.cli.options import Asked, spread
from tests.test_reading import WHOLE, write

HEAVY = ("numpy", "pandas", "scipy", "matplotlib", "simpy", "numba", "rich", "holidays", "pyarrow")


def trialstart(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """One run of the command."""
    return subprocess.run([sys.executable, "-m", "sim", *map(str, arguments)], capture_output=True, text=True)


def test_valid_files_are_each_told_on_a_line(tmp_path: Path) -> None:
    """OK, and exit code 0."""
    a, b = write(tmp_path, a=WHOLE), write(tmp_path, b="extends: a.yaml\n")
    done = trialstart("validate", a, b)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{a}: OK\n{b}: OK\n", "")


def test_mistakes_of_all_files_go_to_standard_error(tmp_path: Path) -> None:
    """A wrong file does not keep the next one from being read; exit code 2, no traceback."""
    wrong, right = write(tmp_path, x="title: 3\n"), write(tmp_path, y=WHOLE)
    done = trialstart("validate", wrong, right, tmp_path / "missing.yaml")
    assert (done.returncode, done.stdout) == (2, f"{right}: OK\n")
    first, *_, last = done.stderr.splitlines()
    assert first == f"{wrong}:1:1: classes: required key is missing; add it"
    assert last.startswith(f"{tmp_path}/missing.yaml: no such file or shipped scenario, got ")
    assert "Traceback" not in done.stderr


def test_shipped_scenarios_are_known_by_name_from_any_folder(tmp_path: Path) -> None:
    """No path is needed for what travels with the package."""
    program = "import sys; sys.argv = ['trialstart', 'validate', 'france']; from sim.cli import main; main()"
    root = str(Path(sim.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": root}
    )
    assert (done.returncode, done.stdout) == (0, "france: OK\n"), done.stderr


def test_validating_imports_nothing_heavy(tmp_path: Path) -> None:
    """It answers at once because it does without the libraries of the simulation."""
    program = (
        "import sys; from sim.cli import main\ntry: main()\n"
        f"except SystemExit: print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "validate", str(write(tmp_path, x=WHOLE))], capture_output=True, text=True
    )
    assert done.stdout.endswith("x.yaml: OK\n[]\n"), done.stderr


def test_the_schema_is_printed_as_json() -> None:
    """What is printed is a JSON Schema of the dialect that it names."""
    schema = json.loads(trialstart("schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_the_exit_code_of_diff_is_that_of_diff(tmp_path: Path) -> None:
    """0 the same, 1 different, 2 one cannot be read."""
    a, b, c = (
        write(tmp_path, **{name: text})
        for name, text in (("a", WHOLE), ("b", WHOLE.replace("units: 1", "units: 3")), ("c", "title: 3\n"))
    )
    assert [
        (done.returncode, done.stdout)
        for done in (trialstart("diff", a, a), trialstart("diff", a, b), trialstart("diff", a, c))
    ] == [(0, ""), (1, "pools desk units: 1 -> 3\n"), (2, "")]


def test_evidence_is_a_table_or_a_check(tmp_path: Path) -> None:
    """The table of a scenario; with --check only what is wrong, with exit code 2."""
    file = write(tmp_path, x=WHOLE)
    table, found = trialstart("evidence", file, "--format", "json"), trialstart("evidence", file, "--check")
    assert "tasks.draft.work.median" in [row["path"] for row in json.loads(table.stdout)]
    assert (found.returncode, found.stdout) == (2, "")
    assert (
        f"{file}:5:27: classes.early.volume: must have a source or an assumption, got 120 /year with neither"
        in found.stderr
    )
    assert trialstart("evidence", "france", "--check").stdout == "france: OK\n"


@pytest.mark.parametrize(
    "arguments", [["validat"], ["validate"], ["diff", "france"], ["evidence", "--format", "xml"], ["schema", "--x"]]
)
def test_a_wrong_command_line_is_exit_code_2(arguments: list[str]) -> None:
    """A sentence, no traceback."""
    done = trialstart(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("verb", ["validate", "schema", "diff", "evidence"])
def test_every_verb_teaches_with_an_example(verb: str) -> None:
    """--help shows how the verb is used."""
    assert f"Example: trialstart {verb}" in trialstart(verb, "--help").stdout


def test_the_version_is_that_of_the_package() -> None:
    """One number, in one place."""
    assert trialstart("--version").stdout == f"trialstart {sim.__version__}\n"


def test_csv_is_as_french_excel_wants_it_where_that_is_asked_for() -> None:
    """With an option before the verb; a wrong form is refused."""
    table = "evidence", "france", "--format", "csv"
    plain, french = trialstart(*table), trialstart("--csv", "fr", *table)
    assert plain.stdout.startswith("path,")
    assert french.stdout.startswith("\ufeffpath;")
    assert trialstart("--csv", "de", "evidence", "france").returncode == 2


def test_a_reader_that_has_had_enough_is_no_mistake() -> None:
    """`trialstart schema | head -1` ends without a word, and so does an answer that nobody reads at all."""
    for verb in ("schema", "--help"):
        first = subprocess.Popen(
            [sys.executable, "-m", "sim", verb], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert first.stdout is not None and first.stderr is not None
        first.stdout.close()
        assert (first.stderr.read(), first.wait()) == ("", 1)


def test_an_interruption_is_exit_code_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C leaves a word and no traceback."""
    from sim import cli

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.scenario.loading.read", interrupted)
    monkeypatch.setattr(sys, "argv", ["trialstart", "validate", "france"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 130
    assert capsys.readouterr().err == "interrupted\n"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("folder", "must be a scenario file, got the folder 'folder'; name a file in it"),
        ("groups", "this is a table that scenarios look things up in, not a scenario; leave it out"),
        (
            "levers/dedicated_referents",
            "this is a lever, not a scenario; pull it in one, with 'levers: [dedicated_referents]'",
        ),
    ],
)
def test_what_is_no_scenario_is_called_what_it_is(
    wrong: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, a table beside the scenarios and a lever each get one line that says so."""
    from sim.scenario.language.mistakes import ScenarioError
    from sim.scenario.loading import load

    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        load(wrong)
    assert str(caught.value).split(": ", 1)[1] == says


def test_a_warning_is_told_and_the_file_is_right(tmp_path: Path) -> None:
    """What is hardly meant goes to standard error at its place; the exit code stays 0."""
    short = WHOLE.replace("follow_up: ", "follow_up: 0.0")
    file = write(tmp_path, x=f"{short}\ngoal: {{from: arrived, to: review, within: 15 d, counted: calendar}}\n")
    done = trialstart("validate", file)
    assert (done.returncode, done.stdout) == (0, f"{file}: OK\n")
    assert ": windows.follow_up: warning: the follow-up of " in done.stderr and done.stderr.count("\n") == 1


def test_the_verbs_are_listed_in_full() -> None:
    """Whoever asks for help sees whole sentences and where to begin."""
    page = trialstart("--help").stdout
    assert "Begin with: trialstart compare" in page and "..." not in page.split("Answer:")[1]


def test_verbs_stand_in_groups_by_what_people_want() -> None:
    """Every verb is below the group of its file, and in no other."""
    page = trialstart("--help").stdout.split("--help ")[1]
    groups = re.findall(r"^(\w+):\n((?:  .*\n)+)", page, re.MULTILINE)
    assert [name for name, _ in groups] == ["Answer", "Decide", "Learn", "Trust", "Write"]
    found = [[line.split()[0] for line in lines.splitlines()] for _, lines in groups]
    files = (answer, decide, own, trust, write_)
    assert found == [[verb.__name__.rstrip("_").replace("_", "-") for verb, _ in group.VERBS] for group in files]


def test_a_record_of_options_is_one_option_per_field() -> None:
    """A verb takes the record; the command line shows its fields, those of the record that it builds on first."""
    seen: list[Asked] = []

    def verb(file: str, asked: Asked) -> None:
        seen.append(asked)

    told = spread(verb)
    assert list(signature(told).parameters) == ["file", *(each.name for each in fields(Asked))]
    told(file="x", **{each.name: each.default for each in fields(Asked)} | {"seed": 7})
    assert seen == [Asked(seed=7)]


@pytest.mark.parametrize("verb", ["run", "compare", "validate", "diff"])
def test_a_shell_completes_the_names_of_shipped_scenarios(verb: str) -> None:
    """After `trialstart run france_p` and the tabulator key."""
    words = {"_TRIALSTART_COMPLETE": "complete_bash", "COMP_WORDS": f"trialstart {verb} france_p", "COMP_CWORD": "2"}
    program = "import sys; sys.argv = ['trialstart']; from sim.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, **words})
    assert done.stdout.split() == ["france_parallel", "france_pledge"]
