"""The pytest plugin, as people who test their own scenarios use it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sim.regression.tiers import Asked, regress
from tests.conftest import ONE_OFFICE

pytest_plugins = ["pytester"]

TEST = "def test_my_scenario(timeline_regression):\n    timeline_regression('my_scenario.yaml', replications=2)\n"


def outcome(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """One run of pytest with the plugin, which is loaded by its module instead of its entry point."""
    others = ("-p", "no:trialstart", "-p", "no:hypothesispytest")  # the latter takes seconds to load, each time
    return pytester.runpytest_inprocess(*others, "-p", "sim.regression.pytest_plugin", *arguments)


@pytest.fixture(scope="module", autouse=True)
def loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Everything that a run imports: pytester forgets what is new after each run, and numpy cannot be loaded twice."""
    home = tmp_path_factory.mktemp("loaded")
    (home / "scenario.yaml").write_text(ONE_OFFICE, encoding="utf-8")
    for update in (True, False):
        list(regress([home / "scenario.yaml"], home, Asked(update=update)))


@pytest.fixture
def scenario(pytester: pytest.Pytester) -> Path:
    """A scenario beside a test that uses the fixture."""
    pytester.makepyfile(test_mine=TEST)
    file = pytester.path / "my_scenario.yaml"
    file.write_text(ONE_OFFICE, encoding="utf-8")
    return file


def test_a_test_of_a_scenario_fails_with_the_sentence_when_it_moves(pytester: pytest.Pytester, scenario: Path) -> None:
    """Update, pass, change, fail, update: each with its words."""
    made = outcome(pytester, "--trialstart-update")
    made.assert_outcomes(passed=1)
    made.stdout.fnmatch_lines(["*baselines of trialstart*", "my_scenario.yaml: new baseline (2 replications, seed 1)"])
    assert (pytester.path / "baselines" / "my_scenario" / "timelines.csv").is_file()
    outcome(pytester).assert_outcomes(passed=1)
    scenario.write_text(ONE_OFFICE.replace("median: 1 d", "median: 1.05 d"), encoding="utf-8")
    failed = outcome(pytester)
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(["my_scenario.yaml: trial files-*: answered ended 20*, expected 20*"])
    assert "Traceback" not in failed.stdout.str()
    outcome(pytester, "--trialstart-update").stdout.fnmatch_lines(["my_scenario.yaml: trial files-*: answered ended*"])
    outcome(pytester).assert_outcomes(passed=1)


def test_baselines_can_be_elsewhere(pytester: pytest.Pytester, scenario: Path) -> None:
    """`--trialstart-baseline` names the folder."""
    outcome(pytester, "--trialstart-baseline", "kept", "--trialstart-update").assert_outcomes(passed=1)
    assert (pytester.path / "kept" / "my_scenario" / "manifest.json").is_file()
    outcome(pytester, "--trialstart-baseline", "kept").assert_outcomes(passed=1)


def test_a_scenario_is_looked_for_beside_its_test(pytester: pytest.Pytester, scenario: Path) -> None:
    """Wherever pytest is started; one that is nowhere is named."""
    (pytester.path / "inner").mkdir()
    (pytester.path / "test_mine.py").rename(pytester.path / "inner" / "test_mine.py")
    scenario.rename(pytester.path / "inner" / "my_scenario.yaml")
    outcome(pytester, "--trialstart-update").assert_outcomes(passed=1)
    (pytester.path / "inner" / "my_scenario.yaml").unlink()
    missing = outcome(pytester)
    missing.assert_outcomes(failed=1)
    missing.stdout.fnmatch_lines(["my_scenario.yaml: no such file or shipped scenario*"])


def test_a_missing_baseline_says_how_to_make_it(pytester: pytest.Pytester, scenario: Path) -> None:
    """The test fails, and the message has the remedy."""
    failed = outcome(pytester)
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(["*there is no such file; make it with*(with pytest: --trialstart-update)"])


def test_the_plugin_costs_nothing_until_it_is_used() -> None:
    """It is loaded in every run of pytest, and imports no module of the simulation."""
    program = (
        "import sim.regression.pytest_plugin, sys; print(*(m for m in sys.modules if m.startswith(('sim.', 'numpy'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["sim.regression", "sim.regression.pytest_plugin"]


def test_pytest_finds_the_plugin_by_itself() -> None:
    """The package declares it as an entry point."""
    text = (Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["project"]["entry-points"]["pytest11"] == {"trialstart": "sim.regression.pytest_plugin"}
