"""One front door: a file that cannot be simulated gives the same placed sentence wherever it comes in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli import main
from sim.experiment.groups import by_group
from sim.regression.tiers import regress
from sim.report.model_page import model_page
from sim.scenario import evidence
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import Loaded, load, read
from sim.scenario.schema import Scenario
from tests.test_soundness import EVERY_FEATURE

AROUND = (
    "3:23: contracting.starts: tasks wait for each other: reopening -> contract_executed -> feasibility_completed -> "
    "later_talks -> talks_opened -> contract_sent -> cost_matrix -> negotiation -> contract_agreed -> "
    "contract_signed -> reopening; drop one start rule"
)
UNBUILDABLE = {
    "site_setup: {feasibility: {starts: contract_executed}}\ncontracting: {starts: feasibility_completed}": [AROUND],
    "site_setup: {feasibility: {variants: [{when: {}, starts: feasibility_completed}]}}": [
        "2:58: site_setup.feasibility.variants[0].starts: tasks wait for each other: feasibility_completed -> "
        "feasibility_completed; drop one start rule"
    ],
    "authorisation: {decision: {work: {family: normal, median: 1 d, p90: 9 d}}}": [
        "2:34: authorisation.decision.work: a normal duration must be negative with a probability below 0.001, "
        "got 0.44 (mean 1, sd 6.242); use family lognormal or gamma"
    ],
    "authorisation: {part_i: {assessment: {limit: {since: decision}}}}": [
        "2:54: authorisation.part_i.assessment.limit.since: must come before 'part_i_assessed', got 'decision'; "
        "let 'part_i_assessed' wait for it"
    ],
    "site_setup: {feasibility: {variants: [{when: {}, share: 90 %}, {when: {}, starts: contract_executed}]}}\n"
    "contracting: {starts: feasibility_completed}": [AROUND],
    "tasks: [{name: late_fix, needed_if: [dropped, also]}]": [
        "2:38: tasks.late_fix.needed_if[0]: must come before 'late_fix', got 'dropped'; let 'late_fix' wait for it"
    ],
}
CIRCLE = next(iter(UNBUILDABLE))
VERBS = (
    "validate FILE",
    "run FILE",
    "run FILE --by month",
    "compare france FILE",
    "diff FILE france",
    "diff france FILE",
    "describe FILE",
    "evidence FILE",
    "evidence FILE --check",
    "regress FILE",
    "regress FILE --update",
)
FUNCTIONS: dict[str, Callable[[Path], Any]] = {
    "sim.load": sim.load,
    "sim.pull": lambda file: sim.pull(file, []),
    "sim.run": sim.run,
    "sim.compare": lambda file: sim.compare(["france", file]),
    "read": read,
    "by_group": lambda file: by_group([file], "month"),
    "model_page": lambda file: model_page(str(file)),
    "evidence.numbers": evidence.numbers,
    "evidence.check": evidence.check,
    "regress": lambda file: [*regress([file], file.parent)],
}


def broken(folder: Path, change: str = CIRCLE) -> Path:
    """A file whose parts are right, and which cannot be simulated."""
    file = folder / "x.yaml"
    file.write_text(f"extends: {EVERY_FEATURE}\n{change}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("change", UNBUILDABLE)
def test_what_cannot_be_laid_out_is_refused_at_its_place(change: str, tmp_path: Path) -> None:
    """A circle across stages is shown; a duration that no distribution has, and a look back at what comes later."""
    file = broken(tmp_path, change)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert str(caught.value).replace(f"{file}:", "").split("\n") == UNBUILDABLE[change]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_the_same(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence with its place on standard error, nothing on standard output, and exit code 2."""
    file = broken(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["trialstart", *verb.replace("FILE", "x.yaml").split()])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    assert (left.value.code, said.out, said.err) == (2, "", f"{file.name}:{AROUND}\n")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_the_same(name: str, tmp_path: Path) -> None:
    """A ScenarioError with the one sentence."""
    file = broken(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        FUNCTIONS[name](file)
    assert str(caught.value) == f"{file}:{AROUND}"


@pytest.mark.parametrize("function", [sim.run, sim.load, lambda scenario: sim.compare({"mine": scenario})])
def test_a_scenario_made_in_python_comes_in_by_the_same_door(function: Callable[[Scenario], Any]) -> None:
    """Its title stands for the file that nobody wrote."""
    scenario = load(EVERY_FEATURE)
    assert scenario.site_setup is not None and scenario.contracting is not None
    starts = scenario.contracting.starts[0].model_copy(update={"event": "site_activated"})
    contracting = scenario.contracting.model_copy(update={"starts": (starts,)})
    waiting = scenario.site_setup.activation.model_copy(
        update={"starts": (starts.model_copy(update={"event": "contract_executed", "lag": None, "before": False}),)}
    )
    site_setup = scenario.site_setup.model_copy(update={"activation": waiting})
    wrong = scenario.model_copy(update={"contracting": contracting, "site_setup": site_setup})
    with pytest.raises(ScenarioError, match=rf"^{scenario.title.en}: .*must count|wait for each other: "):
        function(wrong)


def test_nothing_is_read_or_lowered_again() -> None:
    """What was read comes in as it is, with its process, and a run is made of that."""
    loaded = read("france")
    assert read(loaded) is loaded
    assert isinstance(loaded, Loaded) and loaded.file is not None and loaded.file.name == "france.yaml"
    result = sim.run(loaded, replications=1, jobs=1)
    assert result.scenario is loaded.scenario and result.plan.process is loaded.process


def test_nothing_heavy_is_imported_for_it() -> None:
    """Validation of a scenario whose durations are of the usual families answers at once."""
    program = (
        "import sys; from sim.scenario.loading import load; load('france');"
        "print([m for m in ('numpy', 'pandas', 'scipy', 'simpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_changes_of_what_was_read_already_are_refused(tmp_path: Path) -> None:
    """They are for files: beside a scenario that is there they would be ignored."""
    loaded = read("france", set_=["windows.warm_up=90 d"])
    assert read(loaded, set_=["windows.warm_up=90 d"]) is loaded
    for source in (loaded, loaded.scenario):
        with pytest.raises(ValueError, match=r"^set_ and levers: are for files, got \['pools.cpp.units=3'\]"):
            read(source, set_=["pools.cpp.units=3"])
        with pytest.raises(ValueError, match=r"are for files, got .*parallel"):
            sim.pull(source, ["parallel_contracting"])
