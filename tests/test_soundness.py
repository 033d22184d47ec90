"""Whether a process can be laid out: each thing that cannot be is told at its place, before anything is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load

EVERY_FEATURE = Path(__file__).parent / "every_feature.yaml"

UNSOUND = {
    "one event of a trial has no first": (
        "site_setup: {activation: {starts: first authorised}}",
        "site_setup.activation.starts: 'authorised' happens once in a trial, got 'first'; delete that word",
    ),
    "a patient does not coordinate": (
        "tasks: [{name: also, starts: coordinating eligible}]",
        "tasks.also.starts: 'eligible' happens for each patient, got 'coordinating'; write first or every",
    ),
    "a site does not see every site": (
        "site_setup: {activation: {starts: every siv_done}}",
        "site_setup.activation.starts: 'every' is for what looks at sites or patients from outside, "
        "got 'every siv_done'; delete that word",
    ),
    "counting back from what is not planned": (
        "tasks: [{name: also, starts: decision - 3 d}]",
        "tasks.also.starts: cannot count back from 'decision'; "
        "what has a planned date is application_submitted and authorised",
    ),
    "counting back in another unit": (
        "contracting: {starts: authorised - 3 wd}",
        "contracting.starts: must count back in the unit of the 60 d that are planned, got 3 wd",
    ),
    "counting back too far": (
        "contracting: {starts: authorised - 61 d}",
        "contracting.starts: must count back by at most the 60 d that are planned, got 61 d",
    ),
    "working days of a statutory clock": (
        "site_setup: {training: {pool: null, work: exactly 3 wd, clock: statutory}}",
        "site_setup.training.work: wd needs a working clock, got the statutory one 'statutory'; "
        "name another with 'clock:', or write d",
    ),
    "working days of a pool on a statutory clock": (
        "pools: {slots: {clock: statutory}}\nsite_setup: {pharmacy: {work: exactly 3 wd}}",
        "site_setup.pharmacy.work: wd needs a working clock, got the statutory one 'statutory'; "
        "name another with 'clock:', or write d",
    ),
    "a limit in working days of a statutory clock": (
        "authorisation: {decision: {limit: {within: 5 wd, clock: statutory}}}",
        "authorisation.decision.limit: wd needs a working clock, got the statutory one 'statutory'; "
        "name another with 'clock:', or write d",
    ),
    "a limit in days of a working clock": (
        "authorisation: {decision: {limit: {within: 5 d, clock: working}}}",
        "authorisation.decision.limit: days of the working clock 'working' are written wd, got 5 d",
    ),
    "a variant in working days of a statutory clock": (
        "authorisation: {validation: {check: {variants: [{when: {atmp: true}, work: exactly 3 wd}]}}}",
        "authorisation.validation.check.variants[0].work: wd needs a working clock, got the statutory one 'statutory'; "
        "name another with 'clock:', or write d",
    ),
    "a trial served by a pool of sites": (
        "authorisation: {decision: {pool: officers}}",
        "authorisation.decision.pool: pool 'officers' is per site, and this is done once in a trial; name another pool",
    ),
    "a class without the sponsors that are asked": (
        "tasks: [{name: also, pool: lawyers}]",
        "tasks.also.pool: pool 'lawyers' is per sponsor, and class 'dated' has none; give it sponsors",
    ),
    "a class of which some may ask sponsors that it has not": (
        "classes: [{name: dated, attributes: {industry: 50 %}}]\n"
        "tasks: [{name: also, pool: lawyers, only: {industry: true}}]",
        "tasks.also.pool: pool 'lawyers' is per sponsor, and class 'dated' has none; give it sponsors",
    ),
    "a partner in a narrower place": (
        "tasks: [{name: also, along_with: site_selected}]",
        "tasks.also.along_with: must be an event of the same trial, got 'site_selected', which happens for each site",
    ),
    "waived by what happens in a narrower place": (
        "tasks: [{name: late_fix, needed_if: [site_activated, also]}]",
        "tasks.late_fix.needed_if[0]: must be an event of the same trial, "
        "got 'site_activated', which happens for each site",
    ),
    "a limit since something in a narrower place": (
        "tasks: [{name: never_both, limit: {since: site_selected}}]",
        "tasks.never_both.limit.since: must be an event of the same trial, "
        "got 'site_selected', which happens for each site",
    ),
    "tasks that exist only where the other does": (
        "tasks: [{name: kicked_off, along_with: also}]",
        "tasks.kicked_off: tasks exist only where the other does: kicked_off -> also -> kicked_off; "
        "drop one along_with or unless",
    ),
    "work of a task that has steps": (
        "tasks: [{name: kicked_off, work: exactly 3 d}]",
        "tasks.kicked_off.work: a task with steps has this at its steps; move it there",
    ),
    "a start rule of a step": (
        "tasks: [{name: kicked_off, steps: [{name: noted, starts: arrived}]}]",
        "tasks.kicked_off.steps.noted.starts: a step takes its turn in a task, which says this; move it there",
    ),
}


def refusal(change: str, folder: Path) -> str:
    """What is said of the scenario with every feature after a change."""
    file = folder / "x.yaml"
    file.write_text(f"extends: {EVERY_FEATURE}\n{change}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return str(caught.value)


@pytest.mark.parametrize("name", UNSOUND)
def test_what_cannot_be_laid_out_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    """The place, the rule and the remedy, with a line of the file that said it."""
    change, expected = UNSOUND[name]
    said = refusal(change, tmp_path).split("\n")
    assert [line.split(": ", 1)[1] for line in said] == [expected]
    assert said[0].startswith((f"{tmp_path}/x.yaml:2:", f"{tmp_path}/x.yaml:3:"))


TWO_VARIANTS = """\
title: {en: x, fr: x}
origin: 2025-01-01
windows: {warm_up: 0 d, observation: 9 d, follow_up: 0 d}
clocks:
  working: {kind: working, days: [mon], hours: ["09:00", "17:00"]}
  statutory: {kind: statutory, days: [mon]}
classes: [
  {name: a, volume: 9 /year, attributes: {atmp: 5 %, rare: 5 %}}, {name: b, volume: 9 /year, attributes: {atmp: true}}]
tasks: [{name: c, variants: [
  {when: FIRST, work: exactly 3 wd},
  {when: SECOND, clock: statutory}]}]
"""


def test_two_variants_that_are_wrong_together_are_told_at_the_second(tmp_path: Path) -> None:
    """Working days of the one on the statutory clock of the other, unless no trial is in both."""
    file, together = (
        tmp_path / "x.yaml",
        ("{atmp: true}, submitted_from: 2025-01-03", "{rare: true}, submitted_to: 2025-01-03"),
    )
    apart = (
        ("{atmp: true}", "{atmp: false}"),
        ("{class: b}", "{atmp: false}"),
        ("{}, submitted_from: 2025-01-03", "{}, submitted_to: 2025-01-02"),
    )
    for first, second in apart:
        file.write_text(TWO_VARIANTS.replace("FIRST", first).replace("SECOND", second), encoding="utf-8")
        load(file)
    file.write_text(TWO_VARIANTS.replace("FIRST", together[0]).replace("SECOND", together[1]), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert str(caught.value) == (
        f"{file}:11:3: tasks.c.variants[1]: wd needs a working clock, got the statutory one 'statutory'; "
        "name another with 'clock:', or write d; or let variants 1 and 2 of this step not hold together"
    )


def test_working_days_need_the_clock_of_that_name(tmp_path: Path) -> None:
    """A lag in wd belongs to no pool, so that there must be a clock called working."""
    file = tmp_path / "x.yaml"
    file.write_text(
        "title: {en: x, fr: x}\norigin: 2025-01-01\nwindows: {warm_up: 0 d, observation: 9 d, follow_up: 0 d}\n"
        "classes: [{name: a, volume: 9 /year}]\ntasks: [{name: b, starts: arrived + 3 wd}]\n",
        encoding="utf-8",
    )
    with pytest.raises(
        ScenarioError, match=r"tasks\.b\.starts: wd needs a clock 'working', got none; add it to clocks, or write d"
    ):
        load(file)


def test_a_class_that_asks_for_no_sponsor_needs_none(tmp_path: Path) -> None:
    """The lawyers are for late trials here, and those without sponsors are early."""
    file = tmp_path / "x.yaml"
    file.write_text(
        f"extends: {EVERY_FEATURE}\ntasks: [{{name: also, pool: lawyers, only: {{phase: late}}}}]\n", encoding="utf-8"
    )
    assert load(file).tasks[2].team == ("lawyers",)


def test_everything_that_may_be_written_is_sound() -> None:
    """The scenario that the wrong ones are made from has every feature, and nothing is wrong with it."""
    assert len(load(EVERY_FEATURE).tasks) == 14


def test_true_is_not_the_number_one(tmp_path: Path) -> None:
    """An attribute is a flag for everybody or a number for everybody, so that a condition means one thing."""
    change = "sites: [{name: lille, attributes: {ward: 1}}, {name: lyon, attributes: {ward: true}}]"
    said = refusal(change, tmp_path)
    assert "sites.lyon.attributes.ward: is a number elsewhere, got true; write a number" in said
