"""Levers for a group or from a day on: what they change there, what they leave alone elsewhere, what is refused."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from sim.engine.simpy_engine import simulate
from sim.model.plan import Plan
from sim.scenario.loading import load, pull
from sim.scenario.schema import LeverUse, fingerprint
from tests.test_levers import lever
from tests.test_reading import mistakes, write

FOUR = ("parallel_contracting", "early_mobilisation", "dedicated_referents", "integrated_coordination")
BASE = """\
title: {en: Test, fr: Essai}
origin: 2025-01-01
windows: {warm_up: 0 d, observation: 90 d, follow_up: 90 d}
clocks: {working: {kind: working, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"]}}
sites:
  - {name: lyon, attributes: {pioneer: true}}
  - {name: lille, attributes: {pioneer: false}}
classes:
  - {name: late, dates: [2025-02-01, 2025-02-20], sites: exactly 2, attributes: {phase: later}}
  - {name: early, dates: [2025-01-10, 2025-02-10, 2025-03-01], sites: exactly 2, attributes: {phase: early}}
pools:
  desk: {units: 9}
tasks:
  - name: draft
    scope: site
    starts: arrived
    work: {median: 8 d, p90: 20 d}
    variants: [{when: {phase: later}, work: exactly 30 d}]
  - {name: review, scope: site, starts: draft, work: exactly 5 d, pool: desk}
"""
LEVERS = {
    "fast": "{tasks: [{name: draft, work: {median: 2 d}}, {name: review, starts: arrived}]}",
    "rapid": "{tasks: [{name: draft, work: {median: 4 d}}]}",
    "night": "{pools: {night: {units: 2}}, tasks: [{name: review, variants: [{when: {phase: early}, pool: night}]}]}",
    "urgent": "{tasks: [{name: review, variants: [{when: {phase: early}, priority: 1}]}]}",
    "people": "{pools: {desk: {units: 3}}}",
    "twice": "{tasks: [{name: review, rounds: exactly 2}]}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a scenario, `base.yaml`, and the levers."""
    (tmp_path / "levers").mkdir()
    write(tmp_path / "levers", **{name: lever(name, changes) for name, changes in LEVERS.items()})
    write(tmp_path, base=BASE)
    return tmp_path


def with_levers(folder: Path, levers: str) -> Path:
    """A file that pulls levers on the base."""
    return write(folder, x=f"extends: base.yaml\nlevers: [{levers}]\n")


def happened(file: Path) -> dict[tuple[str, str, str], int]:
    """When each task ended [min], by trial, site and task."""
    plan = Plan(load(file))
    replication = plan.replication(1, 0)
    ends, rows = simulate(plan.network, replication.workload).end, replication.workload
    sites = (*plan.network.sites, "")
    return {
        (replication.trials.label[rows.trial[row]], sites[rows.site[row]], plan.network.tasks[rows.task[row]]): end
        for row, end in enumerate(ends.tolist())
    }


def test_the_four_levers_of_the_pledge_mean_the_same_in_any_order() -> None:
    """All 24 orders give one scenario, byte for byte."""
    assert len({fingerprint(pull("france_sequential", names)) for names in permutations(FOUR)}) == 1


def test_levers_with_limits_mean_the_same_in_any_order(folder: Path) -> None:
    """So do uses with groups and dates, and one lever for several groups."""
    uses = (
        "{name: fast, at: {pioneer: true}}",
        "{name: fast, from: 2025-02-01}",
        "night",
        "{name: urgent, to: 2025-02-20}",
    )
    found = {fingerprint(load(with_levers(folder, ", ".join(order)))) for order in permutations(uses)}
    assert len(found) == 1


def test_before_its_date_and_outside_its_group_nothing_changes(folder: Path) -> None:
    """Trials submitted earlier, and other sites, go exactly as without the lever; the others do not."""
    before = happened(folder / "base.yaml")
    after = happened(with_levers(folder, "{name: fast, from: 2025-02-10, at: {pioneer: true, phase: early}}"))
    changed = {(trial, site) for (trial, site, task) in before if before[trial, site, task] != after[trial, site, task]}
    assert changed == {("early-2", "lyon"), ("early-3", "lyon")}


def test_inside_its_limits_a_lever_does_what_it_does_without_any(folder: Path) -> None:
    """Limits that hold for everything change nothing; the variants of the scenario keep their place."""
    everywhere = happened(with_levers(folder, "fast, night"))
    limited = happened(
        with_levers(folder, "{name: fast, at: {phase: [early, later]}}, {name: night, from: 2025-01-01}")
    )
    assert limited == everywhere
    assert happened(folder / "base.yaml") != everywhere


def test_a_partial_change_keeps_the_rest_of_the_value(folder: Path) -> None:
    """A lever that changes a median keeps the p90 of the scenario, under limits too."""
    draft = load(with_levers(folder, "{name: fast, at: {pioneer: true}}")).tasks[0]
    assert [str(draft.variants[1].work.median), str(draft.variants[1].work.p90)] == ["2 d", "20 d"]
    assert draft.variants[0].when == {"phase": "later"}


def test_the_start_of_contracting_can_be_limited() -> None:
    """The rule of the stage becomes a variant of the step at which talks open."""
    contracting = load("pledge_pioneers").contracting
    assert contracting is not None
    (variant,) = contracting.talks.variants
    assert (variant.when["pioneer"], str(variant.starts[0])) == (True, "application_submitted")
    assert str(contracting.starts[0]) == "authorised"


def test_a_scenario_names_its_uses_in_order(folder: Path) -> None:
    """By name, then by limits; a use that is written twice counts once."""
    levers = load(
        with_levers(folder, "night, {name: fast, from: 2025-02-01}, night, {name: fast, at: {pioneer: true}}")
    ).levers
    assert [use if isinstance(use, str) else (use.name, str(use.from_)) for use in levers] == [
        ("fast", "None"),
        ("fast", "2025-02-01"),
        "night",
    ]


def test_levers_for_groups_that_do_not_meet_may_differ(folder: Path) -> None:
    """Groups without a common value, or dates without a common day, are no conflict."""
    for limits in (("at: {pioneer: true}", "at: {pioneer: false}"), ("to: 2025-02-01", "from: 2025-02-02")):
        draft = load(with_levers(folder, f"{{name: fast, {limits[0]}}}, {{name: rapid, {limits[1]}}}")).tasks[0]
        assert [str(each.work.median) for each in draft.variants[1:]] == ["2 d", "4 d"]


def test_variants_of_two_levers_on_one_step_both_count(folder: Path) -> None:
    """They say different things about it: a pool and a priority."""
    review = load(with_levers(folder, "night, urgent")).tasks[1]
    assert [(each.pool, each.priority) for each in review.variants] == [(None, 1), (("night",), None)]


REFUSED = {
    "two levers for one group": (
        "{name: fast, at: {phase: early}}, {name: rapid, at: {pioneer: true}}",
        [
            "levers/rapid.yaml:5:39: tasks.draft.work: levers 'fast' and 'rapid' set it to different values, "
            "the other one at levers/fast.yaml:5:39; pull one of them"
        ],
    ),
    "a lever everywhere and another for a group": (
        "fast, {name: rapid, from: 2025-03-01}",
        [
            "levers/rapid.yaml:5:39: tasks.draft.work: levers 'fast' and 'rapid' set it to different values, "
            "the other one at levers/fast.yaml:5:39; pull one of them"
        ],
    ),
    "limits that contradict the lever": (
        "{name: night, at: {phase: later}}",
        [
            "x.yaml:2:10: levers.night: contradicts a variant of the lever, at levers/night.yaml:5:73; "
            "no trial is in both"
        ],
    ),
    "people that are there already": (
        "{name: people, from: 2025-02-01}",
        [
            "levers/people.yaml:5:26: changes.pools.desk.units: cannot be limited to dates or a group, "
            "as x.yaml:2:10 asks; pull the lever without from, to and at"
        ],
    ),
    "rounds": (
        "{name: twice, at: {pioneer: true}}",
        [
            "levers/twice.yaml:5:34: changes.tasks.review.rounds: cannot be limited to dates or a group, "
            "as x.yaml:2:10 asks; pull the lever without from, to and at"
        ],
    ),
    "an attribute that nobody has": (
        "{name: fast, at: {pioner: true}}",
        ["x.yaml:2:28: levers.fast.at.pioner: there is no attribute 'pioner'; did you mean 'pioneer'?"],
    ),
    "dates the wrong way round": (
        "{name: fast, from: 2025-02-01, to: 2025-01-01}",
        ["x.yaml:2:10: levers.fast: must begin before it ends, got 2025-02-01 to 2025-01-01"],
    ),
    "a misspelt key": (
        "{name: fast, form: 2025-02-01}",
        ["x.yaml:2:23: levers.fast.form: unknown key; did you mean 'from'?"],
    ),
    "a number": ("3, night", ["x.yaml:2:10: levers[0]: must be text, got 3"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_meaning_is_refused_at_its_place(name: str, folder: Path) -> None:
    """Each message says where, what, and what to do."""
    levers, expected = REFUSED[name]
    assert mistakes(with_levers(folder, levers)) == expected


def test_who_extends_a_file_states_levers_of_its_own(folder: Path) -> None:
    """The list of the base is replaced, not merged, whatever the names in it."""
    with_levers(folder, "{name: fast, at: {pioneer: true}}")
    levers = load(write(folder, y="extends: x.yaml\nlevers: [{name: night, from: 2025-02-01}]\n")).levers
    assert [use.name for use in levers if isinstance(use, LeverUse)] == ["night"]
