"""What only the model knows of a scenario that is well written is told at its place as well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.model.buildable import load_buildable
from sim.scenario.language.mistakes import ScenarioError
from tests.test_soundness import EVERY_FEATURE

UNBUILDABLE = {
    "site_setup: {feasibility: {starts: contract_executed}}\ncontracting: {starts: feasibility_completed}": [
        "3:23: contracting.starts: tasks wait for each other: reopening -> contract_executed -> "
        "feasibility_completed -> contract_sent -> cost_matrix -> negotiation -> contract_agreed -> contract_signed -> "
        "reopening; drop one start rule"
    ],
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
    "site_setup: {feasibility: {variants: [{when: {}, priority: 1}, {when: {}, starts: contract_executed}]}}\n"
    "contracting: {starts: feasibility_completed}": [
        "3:23: contracting.starts: tasks wait for each other: reopening -> contract_executed -> "
        "feasibility_completed -> contract_sent -> cost_matrix -> negotiation -> contract_agreed -> contract_signed -> "
        "reopening; drop one start rule"
    ],
    "tasks: [{name: late_fix, needed_if: [dropped, also]}]": [
        "2:38: tasks.late_fix.needed_if[0]: must come before 'late_fix', got 'dropped'; let 'late_fix' wait for it"
    ],
}


@pytest.mark.parametrize("change", UNBUILDABLE)
def test_what_cannot_be_built_is_refused_at_its_place(change: str, tmp_path: Path) -> None:
    """A circle across stages is shown; a duration that no distribution has, and a look back at what comes later."""
    file = tmp_path / "x.yaml"
    file.write_text(f"extends: {EVERY_FEATURE}\n{change}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_buildable(file)
    assert str(caught.value).replace(f"{file}:", "").split("\n") == UNBUILDABLE[change]


def test_what_can_be_built_is_the_scenario_as_read() -> None:
    """Nothing is changed on the way."""
    from sim.scenario.loading import load

    assert load_buildable(EVERY_FEATURE, set_=["windows.warm_up=9 d"]) == load(
        EVERY_FEATURE, set_=["windows.warm_up=9 d"]
    )


def test_nothing_heavy_is_imported_for_it() -> None:
    """Validation of a scenario whose durations are of the usual families answers at once."""
    program = (
        "import sys; from sim.model.buildable import load_buildable; load_buildable('france');"
        "print([m for m in ('numpy', 'pandas', 'scipy', 'simpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
