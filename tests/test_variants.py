"""Variants of a step: for each thing, the first that holds and says something about it counts."""

from __future__ import annotations

from sim.model.places import under
from sim.scenario.schema import Step
from tests.written import ends, scenario

STEP = Step.model_validate(
    {
        "work": "exactly 1 d",
        "pool": "desk",
        "variants": [
            {"when": {"a": True}, "work": "exactly 2 d"},
            {"when": {}, "work": "exactly 3 d", "priority": 5},
            {"when": {}, "submitted_from": "2026-01-01", "pool": "night", "priority": 7},
        ],
    }
)


def said(variants: int) -> tuple[str, tuple[str, ...], int | None]:
    """Work, pools and priority of the step under these variants."""
    step = under(STEP, variants)
    assert step.work is not None
    return str(step.work.exactly), step.pool, step.priority


def test_without_a_variant_the_step_is_itself() -> None:
    """Nothing is copied."""
    assert under(STEP, 0) is STEP


def test_each_thing_is_said_by_the_first_variant_that_says_it() -> None:
    """All eight sets of variants that can hold."""
    assert [said(variants) for variants in range(8)] == [
        ("1 d", ("desk",), None),
        ("2 d", ("desk",), None),
        ("3 d", ("desk",), 5),
        ("2 d", ("desk",), 5),
        ("1 d", ("night",), 7),
        ("2 d", ("night",), 7),
        ("3 d", ("night",), 5),
        ("2 d", ("night",), 5),
    ]


def test_start_rules_shares_and_work_come_from_different_variants() -> None:
    """What one variant leaves open, a later one fills, in what is simulated too."""
    text = """
origin: 2026-01-05
windows: {warm_up: 0 d, observation: 60 d, follow_up: 0 d}
classes:
  - {name: a, dates: [2026-01-05], attributes: {kind: a}}
  - {name: b, dates: [2026-01-05], attributes: {kind: b}}
tasks:
  - {name: first, work: exactly 3 d}
  - name: second
    work: exactly 1 d
    variants:
      - {when: {kind: a}, starts: first}
      - {when: {kind: [a, b]}, work: exactly 2 d}
"""
    assert ends(scenario(text))["second"] == ["Sat 10 Jan 2026 00:00", "Wed 07 Jan 2026 00:00"]


def test_a_share_differs_between_the_places_where_variants_hold() -> None:
    """Everybody of class b is asked, nobody else."""
    text = """
origin: 2026-01-05
windows: {warm_up: 0 d, observation: 60 d, follow_up: 0 d}
classes:
  - {name: a, dates: [2026-01-05, 2026-01-06], attributes: {kind: a}}
  - {name: b, dates: [2026-01-07], attributes: {kind: b}}
tasks: [{name: asked, share: 0 %, variants: [{when: {kind: b}, share: 100 %}]}]
"""
    assert ends(scenario(text))["asked"] == ["Wed 07 Jan 2026 00:00"]
