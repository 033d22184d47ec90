"""The package as a user gets it: what is in the wheel, what an import costs, what the set-up commands say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import sim
from sim.cli import app

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOW = ROOT / ".github" / "workflows" / "tests.yml"


def lines_of_python(code: str, folder: Path) -> list[str]:
    """What `code` prints in a new interpreter that starts in another folder."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.splitlines()


def test_import_is_a_table_of_contents(tmp_path: Path) -> None:
    """`import sim` loads nothing but itself: no numpy, no pydantic, no module of its own."""
    loaded = lines_of_python(
        "before = set(sys.modules); import sim; print(*sorted(set(sys.modules) - before), sep='\\n')", tmp_path
    )
    assert "sim" in loaded
    assert [name for name in loaded if name.split(".")[0] not in {"sim", "__future__", *sys.stdlib_module_names}] == []
    assert [name for name in loaded if name.startswith("sim.")] == []


def test_contents_exist() -> None:
    """Every name of the table of contents leads to something, and any other name is an AttributeError."""
    assert all(getattr(sim, name) is not None for name in sim.__all__)
    assert set(dir(sim)) == set(sim.__all__)
    with pytest.raises(AttributeError, match="simulate_everything"):
        _ = sim.simulate_everything


def test_contents_are_documented() -> None:
    """Each name has a line in `help(sim)`, and what the documentation and the notebooks call is there."""
    assert sim.__doc__ is not None
    told = set(re.findall(r"`(\w+)`: ", sim.__doc__) + re.findall(r"`(\w+)` (?:keeps|are)", sim.__doc__))
    assert told == set(sim.__all__) - {"__version__"}
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("notebooks/*.ipynb")]
    code = [
        block for page in pages for block in re.findall(r"```python\n(.*?)```|import sim(.*)", page.read_text(), re.S)
    ]
    called = {name for block in code for name in re.findall(r"\bsim\.(\w+)\(", "".join(block))}
    assert called and called - set(sim.__all__) == set()


def test_readme_has_two_set_up_commands() -> None:
    """Exactly two lines to copy, each of which makes its environment with the tested versions."""
    commands = re.findall(r"^python3 -m venv .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 2
    assert all("pip install -q -c constraints.txt " in command for command in commands)
    assert commands[0].endswith(".venv/bin/trialstart compare")
    assert commands[1].endswith(".venv/bin/python -m pytest -n auto --dist loadfile")


def test_readme_example_is_a_scenario(tmp_path: Path) -> None:
    """The scenario that the README tells people to write can be read, and changes what the text says."""
    (example,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "mine.yaml").write_text(example, encoding="utf-8")
    contracting = sim.load(tmp_path / "mine.yaml").contracting
    assert contracting is not None
    assert [str(rule) for rule in contracting.starts] == ["application_submitted + 10 d"]


def test_constraints_cover_the_dependencies() -> None:
    """Every dependency, of the package and of its tests, has one tested version and no address."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    constraints = (ROOT / "constraints.txt").read_text().split()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in constraints)
    pinned = [line.split("==")[0].lower() for line in constraints]
    assert len(pinned) == len(set(pinned))
    assert {re.split(">=", line)[0].lower() for line in wanted} <= set(pinned)


def wanted_on(**machine: str) -> set[str]:
    """The packages that an installation on such a machine asks for."""
    known = [Requirement(line) for line in PROJECT["dependencies"]]
    return {each.name for each in known if each.marker is None or each.marker.evaluate(machine)}


def test_what_has_no_wheel_is_not_asked_for() -> None:
    """No numba on Intel Macs, no pyarrow on Windows with ARM; everywhere else both."""
    both = {"numba", "pyarrow"}
    machines = {
        ("darwin", "x86_64"): {"pyarrow"},
        ("win32", "ARM64"): {"numba"},
        ("darwin", "arm64"): both,
        ("win32", "AMD64"): both,
        ("linux", "x86_64"): both,
        ("linux", "aarch64"): both,
    }
    assert {key: wanted_on(sys_platform=key[0], platform_machine=key[1]) & both for key in machines} == machines


def test_the_source_distribution_holds_what_its_readers_need() -> None:
    """Every page at the top in every language, and only what there is."""
    include = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["sdist"][
        "include"
    ]
    assert [name for name in include if not (ROOT / name.lstrip("/")).exists()] == []
    assert {f"/{page.name}" for page in ROOT.glob("*.md")} <= set(include)


def test_the_workflow_tries_every_python_that_is_promised() -> None:
    """Linux, macOS and Windows; each version that the package says it runs on, from the oldest that it installs on."""
    (tests,) = [job for name, job in yaml.safe_load(WORKFLOW.read_text())["jobs"].items() if name == "tests"]
    matrix = tests["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    promised = [line.split(" :: ")[-1] for line in PROJECT["classifiers"] if ":: Python :: 3." in line]
    assert matrix["python"] == promised
    assert PROJECT["requires-python"] == f">={promised[0]}"


def test_commands_for_contributors_are_commands() -> None:
    """Every verb that CONTRIBUTING names exists, and its set-up has the tested versions."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    verbs = set(re.findall(r"\.venv/bin/trialstart ([a-z]+)", text))
    assert verbs >= {"schema", "describe", "scenarios", "verify", "regress", "evidence", "validate", "report"}
    assert verbs <= {command.name for command in app.registered_commands}
    assert "pip install -q -c constraints.txt -e '.[test]'" in text


def test_citation_and_changelog_name_this_version() -> None:
    """The version stands in one place in the code; what cites it agrees."""
    assert f"version: {sim.__version__}" in (ROOT / "CITATION.cff").read_text().splitlines()
    assert f"## {sim.__version__}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.slow
def test_installed_command_works_from_any_folder(tmp_path: Path) -> None:
    """A wheel installed elsewhere holds the shipped scenarios and validates one by its name, far from the clone."""
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True)
    (wheel,) = tmp_path.glob("trialstart-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    shipped = {f"sim/shipped/{path.relative_to(ROOT / 'scenarios')}" for path in (ROOT / "scenarios").rglob("*.*")}
    assert "sim/shipped/france_sequential.yaml" in inside
    assert shipped <= inside
    target = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), str(wheel)], check=True
    )
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r}); import sim, sim.cli; "
        f"assert sim.__file__.startswith({str(target)!r}); "
        "sys.argv[:] = ['trialstart', 'validate', 'france_sequential']; sim.cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
