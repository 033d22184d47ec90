"""Steps in Python: what a function of a trial gives, and that only the caller can give one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import sim
from sim.engine.simpy_engine import simulate
from sim.model.hooks import At, Hook, Hooks, unknown_hook
from sim.model.plan import Plan
from sim.scenario.language.mistakes import ScenarioError
from tests.written import scenario

TEXT = """\
origin: 2026-01-05
windows: {warm_up: 0 d, observation: 28 d, follow_up: 30 d}
sites: [{name: x, attributes: {big: true}}, {name: y, attributes: {big: false}}]
classes:
  - {name: early, dates: [2026-01-05, 2026-01-06], sites: exactly 2, attributes: {phase: early}}
  - {name: late, dates: [2026-01-07], sites: exactly 2, attributes: {phase: late}}
tasks:
  - {name: approved, work: {low: 1 wd, mode: 2 wd, high: 3 wd}}
  - {name: opened, scope: site, starts: approved, work: exactly 1 d}
  - {name: again, scope: site, starts: opened, share: 50 %, work: exactly 2 d}
indicators: [{name: t, from: arrived, to: approved}]
"""


def days(hooks: Mapping[str, Hook], task: str) -> list[float]:
    """The work of a task [d], trial by trial and site by site."""
    plan = Plan(scenario(TEXT), hooks=Hooks(hooks))
    workload = plan.replication(1, 0).workload
    return [minutes / 1440 for minutes in workload.work[workload.task == plan.network.tasks.index(task)].tolist()]


def by_phase(at: At) -> float:
    """Three working days for early trials, five for late ones."""
    return 3 if at.attributes["phase"] == "early" else 5


def test_a_duration_is_a_function_of_the_trial_in_the_unit_of_the_step() -> None:
    """Days of eight hours, as the scenario writes the work."""
    assert days({"approved.work": by_phase}, "approved") == [1.0, 1.0, 5 / 3]


def test_a_share_is_a_choice_of_each_site() -> None:
    """Only the big site does it again."""
    seen: list[str] = []

    def again(at: At) -> float:
        seen.append(at.site)
        return bool(at.of_site["big"])

    assert days({"again.share": again}, "again") == [2.0] * 3
    assert seen == ["x", "y"] * 3


def test_luck_is_that_of_the_step_and_other_luck_stays() -> None:
    """A hook that asks again is told the same; what it does not stand for is drawn as without it."""
    lucks: list[float] = []

    def lucky(at: At) -> float:
        lucks.append(at.luck)
        return at.luck

    first, again = days({"approved.work": lucky}, "approved"), days({"approved.work": lucky}, "approved")
    assert first == again and lucks[:3] == lucks[3:] and len({*lucks}) == 3
    assert days({"approved.work": lucky}, "again") == days({}, "again")
    assert [at.day for at in _submitted()] == [5, 6, 7]


def _submitted() -> Iterator:
    found = []

    def note(at: At) -> float:
        found.append(at.submitted)
        return 1

    days({"approved.work": note}, "approved")
    yield from found


def test_both_engines_play_what_a_hook_gave_and_other_processes_too() -> None:
    """A replication is a function of its number, wherever it is computed: to Wednesday's end, and to a Tuesday's."""
    source = scenario(TEXT)
    found = [
        sim.run(source, replications=2, hooks={"approved.work": by_phase}, **how).replay(1)
        for how in ({"jobs": 1, "engine": "simpy"}, {"jobs": 2, "engine": "simpy"})
    ]
    assert found[0].equals(found[1])
    assert set(found[0][found[0]["task"] == "approved"]["work_days"].round(6)) == {2.708333, 6.708333}


WRONG = {
    "of no number": (
        {"approved.work": lambda at: -1.0},
        "hooks: approved.work must give a number at least 0 and finite",
    ),
    "no share": ({"again.share": lambda at: 1.5}, "hooks: again.share must give a number between 0 and 1, got 1.5"),
    "of nothing": ({"aproved.work": by_phase}, "got 'aproved.work'; did you mean 'approved.work'?"),
    "kept": ({"approved.work": by_phase}, "hooks: leave nothing in a folder"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_hook_that_cannot_be_is_refused(case: str) -> None:
    """With the name of the hook, the rule and what was given."""
    hooks, message = WRONG[case]
    with pytest.raises(ValueError, match=message.replace(".", "[.]").replace("?", "[?]")):
        sim.run(scenario(TEXT), replications=2, jobs=1, hooks=hooks, out="nowhere" if case == "kept" else None)


def test_a_function_that_another_process_cannot_find_is_refused() -> None:
    """A lambda is no name in a module."""
    with pytest.raises(ValueError, match="hooks: a function cannot be sent to another process"):
        sim.run(scenario(TEXT), replications=2, jobs=2, hooks={"approved.work": lambda at: 1})


def test_a_file_cannot_name_a_function() -> None:
    """No key of a scenario runs anything."""
    for text in ("hooks: {approved.work: os.getcwd}", "hook: os.getcwd", "python: print(1)"):
        with pytest.raises(ScenarioError, match="unknown key"):
            scenario(TEXT + text + "\n")


def test_ranges_know_nothing_of_hooks() -> None:
    """A design of points is made of scenarios."""
    with pytest.raises(ValueError, match="hooks: have no ranges"):
        sim.sensitivity(scenario(TEXT), hooks={"approved.work": by_phase})


def test_the_example_of_the_documentation_fits_france(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands for steps that are there, and the trials of a year get the work that it gives."""
    page = (Path(sim.__file__).parents[1] / "docs" / "from_simpy.md").read_text(encoding="utf-8")
    _, program = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    given: dict[str, Hook] = {}
    monkeypatch.setattr(sim, "run", lambda source, hooks, **how: given.update(hooks), raising=False)
    exec(program, {})
    plan = Plan(sim.load("france"), hooks=Hooks(given))
    assert len(given) == 2 and unknown_hook(plan.hooks, plan.process) is None
    workload = plan.replication(1, 0).workload
    rework = workload.task == plan.network.tasks.index("rework_done")
    assert {*workload.site[rework].tolist()} == {plan.network.sites.index("clip2_05")}


def test_the_same_rows_are_played() -> None:
    """What is played is a plain workload: an engine knows nothing of hooks."""
    plan = Plan(scenario(TEXT), hooks=Hooks({"approved.work": by_phase}))
    times = simulate(plan.network, plan.replication(1, 0).workload)
    assert (times.end >= 0).all()
