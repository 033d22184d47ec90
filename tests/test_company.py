"""By company: the trials that come anyway, told apart from those that come on top."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiment.groups import by_group
from sim.model.plan import Plan
from sim.report.groups import groups_text
from sim.report.mistakes import in_french
from sim.scenario.loading import load
from tests.test_reading import write

DESK = """\
title: {{en: {title}, fr: {title}}}
assumption: {{range: fixed, why: made up for a test}}
origin: 2025-01-01
windows: {{warm_up: 0 d, observation: {days} d, follow_up: 200 d}}
goal: {{from: arrived, to: answered, within: 3 d, counted: calendar, prerequisites: [answered]}}
classes: [{classes}]
pools: {{desk: {{units: {units}}}}}
tasks: [{{name: answered, work: {{median: 1 d, p90: 2 d}}, pool: desk}}]
indicators: [{{name: t, from: arrived, to: answered}}]
"""


def file(folder: Path, name: str, classes: str, units: int = 2, days: int = 300) -> Path:
    """The file of a scenario of one desk."""
    write(folder, **{name: DESK.format(title=name, classes=classes, units=units, days=days)})
    return folder / f"{name}.yaml"


def thinned(volume: str) -> str:
    """One class of files, of which those of a smaller volume are among those of a larger one."""
    return f"{{name: files, arrivals: thinned, volume: {volume}}}"


def test_the_trials_of_the_reference_are_there_anyway(tmp_path: Path) -> None:
    """All of them by class and number; together with the new ones all of the larger volume."""
    few, many = (
        file(tmp_path, name, thinned(volume)) for name, volume in (("few", "200 /year"), ("many", "400 /year"))
    )
    found = by_group([few, many], "company", replications=3, jobs=1)
    numbers = [[Plan(load(each)).numbers(1, n)["files"] for n in range(3)] for each in (few, many)]
    assert all({*one.tolist()} < {*more.tolist()} for one, more in zip(*numbers, strict=True))
    trials = {
        (name, group): next(iter(summary.estimates.values())).trials
        for name, groups in found.found.items()
        for group, summary in groups.items()
    }
    assert trials["few", "anyway"] == trials["many", "anyway"] > 100
    assert {*trials} == {("few", "anyway"), ("many", "anyway"), ("many", "new")}
    alone = by_group([many], "class", replications=3, jobs=1)
    whole = next(iter(alone.found["many"]["files"].estimates.values()))
    assert trials["many", "anyway"] + trials["many", "new"] == whole.trials


@pytest.mark.parametrize(("units", "worse"), [(2, True), (500, False)])
def test_company_costs_where_people_are_few(units: int, worse: bool, tmp_path: Path) -> None:
    """With people enough the same trials have the same times to the minute; with few they wait for the new ones."""
    few, many = (
        file(tmp_path, name, thinned(volume), units) for name, volume in (("few", "200 /year"), ("many", "600 /year"))
    )
    found = by_group([few, many], "company", replications=12, jobs=1)
    differences = found.between(("few", "anyway"), ("many", "anyway"))
    assert len(differences) == 2
    for key, each in differences.items():
        if not worse:
            assert (each.value, each.low, each.high) == (0.0, 0.0, 0.0)
        elif key.statistic == "median":
            assert each.low > 0
        else:
            assert each.high < 0
    assert by_group([few, many], "company", replications=12, jobs=2).lines == found.lines
    english, french = (" ".join(groups_text(found, language).split()) for language in ("en", "fr"))
    assert "many: of the trials that are in “few”, too, " in english and " Of the new ones, " in english
    assert "des essais que compte aussi « few »" in french and "déjà là" in french


def test_trials_that_are_not_the_same_are_refused(tmp_path: Path) -> None:
    """One scenario alone, volumes not thinned, other days, fewer trials, nothing in common; in French, too."""
    few = file(tmp_path, "few", thinned("200 /year"))
    by_day = file(tmp_path, "by_day", thinned("400 /year").replace("}", ", arrive_on: office}"))
    office = "clocks: {office: {kind: working, days: [mon], hours: ['09:00', '17:00']}}\npools:"
    by_day.write_text(by_day.read_text(encoding="utf-8").replace("pools:", office), encoding="utf-8")
    others = {
        "needs a scenario beside its reference": [few],
        "the trials of 'files' are the same in both only where arrivals are thinned": [
            few,
            file(tmp_path, "random", "{name: files, volume: 400 /year}"),
        ],
        "must be the same days in both scenarios": [few, file(tmp_path, "long", thinned("400 /year"), days=301)],
        "the trials of 'files' are the same in both": [few, by_day],
        "fewer trials of 'files' come than in the reference": [file(tmp_path, "many", thinned("400 /year")), few],
        "have no class of trials in common": [
            few,
            file(tmp_path, "other", "{name: letters, arrivals: thinned, volume: 400 /year}"),
        ],
    }
    for said, scenarios in others.items():
        with pytest.raises(ValueError, match=rf"^by company: .*{said}") as refused:
            by_group(scenarios, "company", replications=2, jobs=1)
        assert (in_french(str(refused.value)) or "").startswith("by company\N{NO-BREAK SPACE}: ")


def test_as_many_trials_are_the_same_however_they_arrive(tmp_path: Path) -> None:
    """Where nothing of the arrivals differs, all are there anyway."""
    one, two = (file(tmp_path, f"of_{units}", "{name: files, volume: 300 /year}", units) for units in (1, 2))
    found = by_group([one, two], "company", replications=2, jobs=1)
    assert [{*groups} for groups in found.found.values()] == [{"anyway"}, {"anyway"}]


def test_a_class_with_the_same_numbers_is_new_by_itself(tmp_path: Path) -> None:
    """A trial is known by its class and number: those of a class that the reference has not are all new."""
    one = "{name: letters, volume: 200 /year}"
    more = f"{{name: files, volume: 150 /year}}, {one}"
    few, many = file(tmp_path, "few", one), file(tmp_path, "many", more)
    found = by_group([few, many], "company", replications=2, jobs=1).found["many"]
    by_class = by_group([many], "class", replications=2, jobs=1).found["many"]
    trials = [
        {name: next(iter(each.estimates.values())).trials for name, each in groups.items()}
        for groups in (found, by_class)
    ]
    assert trials[0] == {"anyway": trials[1]["letters"], "new": trials[1]["files"]}
