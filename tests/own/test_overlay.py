"""From a tracker to a scenario that extends another: what is fitted, what is rewired, where numbers come from."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

import sim
from sim.own.counts import counted
from sim.own.overlay import Overlay, as_yaml, fit_tracker, report, write
from sim.own.reading import Tracker, read_tracker
from sim.own.timed import timed_tasks
from sim.scenario import evidence
from tests.own import trackers
from tests.own.trackers import ENGLISH, FRENCH

BASE = """
title: {en: Chain, fr: Chaîne}
origin: 2025-01-01
assumption: {range: fixed, why: made up}
windows: {warm_up: 0 d, observation: 365 d, follow_up: 365 d}
goal: {from: site_selected, to: site_activated, within: 100 d, counted: calendar}
classes: [{name: trials, volume: 60 /year}]
pools: {lawyer: {units: 1}}
tasks:
  - {name: site_selected, work: exactly 0 d}
  - {name: contract_sent, starts: site_selected + 2 d, pool: lawyer, work: exactly 1 d}
  - {name: talks, starts: contract_sent, rounds: {mean: 2}, pool: lawyer, work: exactly 3 d}
  - {name: contract_executed, starts: talks, work: exactly 1 d}
  - {name: insured, starts: contract_executed, work: exactly 1 d}
  - {name: site_activated, starts: [contract_executed, insured], work: exactly 1 d}
indicators: [{name: opening, from: site_selected, to: site_activated}]
"""


def read(folder: Path, *, trials: int = 120, more: str = "") -> Tracker:
    """A French tracker of contracts."""
    past = trackers.history(1, trials, cancelled=0.05)
    text = trackers.mapping(past, FRENCH, more=more)
    return read_tracker(*trackers.written(folder, trackers.wide(past, FRENCH, trackers.messy, separator=";"), text))


@pytest.fixture
def overlay(tmp_path: Path) -> Overlay:
    """The fit of the chain."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return fit_tracker(read(tmp_path), tmp_path / "base.yaml", resamples=20, lucky=9)


def test_what_the_tracker_does_not_see_belongs_to_the_time(overlay: Overlay) -> None:
    """Talks and insurance are no columns: the contract is timed from its sending, the opening from the contract."""
    begins = {
        timed.name: (timed.begins, timed.starts, timed.why) for timed in timed_tasks(overlay.tracker, overlay.scenario)
    }
    assert begins == {
        "site_selected": ((), None, "why_no_start"),
        "contract_sent": (("site_selected",), ("site_selected",), ""),
        "contract_executed": (("contract_sent",), ("contract_sent",), ""),
        "site_activated": (("contract_executed",), ("contract_executed",), ""),
    }


def test_the_overlay_is_a_scenario_that_runs(overlay: Overlay, tmp_path: Path) -> None:
    """It is read, its people are no longer queued for, its medians are those of the fit, and its numbers have rows."""
    file = write(overlay, tmp_path / "out")
    scenario = sim.load(file)
    tasks = {task.name: task for task in scenario.tasks}
    assert tasks["contract_sent"].pool is None
    assert [str(rule) for rule in tasks["contract_executed"].starts or ()] == ["contract_sent"]
    assert (tasks["talks"].share, tasks["insured"].share) == (0.0, 0.0)  # parts of fitted times: nobody is kept by them
    for name, fit in overlay.fits.items():
        work = tasks[name].work
        assert work is not None and work.median is not None
        assert work.median.value == pytest.approx(fit.quantile(0.5), rel=0.02)
    numbers = {number.path: number for number in evidence.numbers(file)}
    assert numbers["tasks.contract_executed.work.median"].grade == "B"
    assert numbers["classes.trials.volume"].sources == ("OWN-04",)
    assert evidence.check(file) == []
    unknown = {each.name for each in evidence.inputs(file)}
    assert {"tasks.contract_executed.work", "classes.trials.volume"} <= unknown  # each varies by its own error
    assert sim.run(file, sim.Options(replications=2, jobs=1)).estimates


def rows(folder: Path) -> list[Mapping[str, str]]:
    """The register of an overlay."""
    with (folder / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_register_says_where_a_number_comes_from(overlay: Overlay, tmp_path: Path) -> None:
    """Hash of the file, n, censored, given up, period, grade and interval; no path and no name."""
    write(overlay, tmp_path / "out")
    sent, executed, *_ = rows(tmp_path / "out")
    assert (sent["id"], sent["quantity"], sent["grade"]) == ("OWN-01", "site_selected to contract_sent", "B")
    assert overlay.tracker.sha256[:16] in executed["source"]
    assert "censored" in executed["population"] and "given up" in executed["population"]
    assert float(executed["low"]) < float(executed["value"]) < float(executed["high"])
    everything = (
        as_yaml(overlay) + (tmp_path / "out/evidence.csv").read_text() + report(overlay) + report(overlay, "fr")
    )
    assert "Hôpital" not in everything and "ONC-" not in everything and str(tmp_path) not in report(overlay)


def test_few_cases_become_quartiles(tmp_path: Path) -> None:
    """Under 20 cases the overlay says three quartiles, and its register grade D."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    overlay = fit_tracker(read(tmp_path, trials=18), tmp_path / "base.yaml", lucky=0)
    scenario = sim.load(write(overlay, tmp_path / "out"))
    work = next(task.work for task in scenario.tasks if task.name == "contract_sent")
    assert work is not None and work.q1 is not None and work.q3 is not None
    assert {row["grade"] for row in rows(tmp_path / "out") if row["unit"] == "days"} == {"D"}


def test_an_interval_of_ones_own(tmp_path: Path) -> None:
    """The mapping can time a task from elsewhere; a milestone that the tracker does not have is refused by name."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    begins = "contract_executed: site_selected -> contract_executed, site_activated: siv_done -> site_activated"
    own = read(tmp_path, more=f"intervals: {{{begins}}}")
    overlay = fit_tracker(own, tmp_path / "base.yaml", lucky=0, resamples=5)
    found = {each.name: each for each in overlay.tasks}
    fit = found["contract_executed"].fit
    assert fit is not None and fit.times.begins == ("site_selected",)
    assert found["site_activated"].why == "why_unobserved"
    assert "the tracker does not have this milestone" in report(overlay)


def test_the_stages_of_france_are_fitted_where_they_are_written(tmp_path: Path) -> None:
    """Milestones of the stages find their steps; the mapping can time the contract in its own way, by one of them."""
    labels = {**ENGLISH, "siv_done": "Initiation visit"}
    past = trackers.history(2, 80)
    past = replace(past, dates=tuple({**each, "siv_done": each["contract_executed"]} for each in past.dates))
    more = "intervals: {contract_signed: contract_sent -> contract_executed}"
    files = trackers.written(
        tmp_path, trackers.wide(past, labels, trackers.iso), trackers.mapping(past, labels, more=more)
    )
    overlay = fit_tracker(read_tracker(*files), "france", lucky=0, resamples=5)
    found = {each.name: each for each in overlay.tasks}
    assert {name: each.why for name, each in found.items() if each.why} == {
        "site_selected": "why_no_task",
        "contract_sent": "why_no_start",
        "contract_executed": "why_no_work",
    }
    visit, signature = found["siv_done"], found["contract_signed"]
    assert visit.path == ("site_setup", "initiation_visit")
    assert visit.starts is not None and visit.starts[0] == "contract_executed" and "rework_done" in visit.starts
    assert visit.fit is not None and visit.fit.zero == 1.0  # on the day of the contract, every time
    assert signature.path == ("contracting", "signature")
    assert signature.fit is not None and signature.fit.times.done == sum(
        bool(each["contract_executed"]) for each in past.dates
    )
    scenario = sim.load(write(overlay, tmp_path / "out"))
    assert scenario.contracting is not None
    assert [str(rule) for rule in scenario.contracting.signature.starts or ()] == ["contract_sent"]


def contracts(folder: Path, *, ahead: int) -> Tracker:
    """100 trials: the draft sent 40 d (30 to 50) after the submission, `ahead` of them before it, signed 70 d later."""
    past, labels = trackers.history(4, 100), {"application_submitted": "Submitted", **ENGLISH}
    first = [each["site_selected"] for each in past.dates]
    sent = [day + timedelta(-5 if k < ahead else 30 + k % 21) for k, day in enumerate(first) if day]
    dates = (
        {**each, "application_submitted": begun, "contract_sent": on, "contract_executed": on + timedelta(60 + k % 21)}
        for k, (each, begun, on) in enumerate(zip(past.dates, first, sent, strict=True))
    )
    past = replace(past, dates=tuple(dates), extracted_on=past.extracted_on + timedelta(400))
    more = "rows: all"
    return read_tracker(
        *trackers.written(folder, trackers.wide(past, labels, trackers.iso), trackers.mapping(past, labels, more=more))
    )


def test_the_head_start_of_the_contract_is_fitted(tmp_path: Path) -> None:
    """France sends its drafts as this hospital does, whatever its own rule was; the contract takes what it took."""
    overlay = fit_tracker(contracts(tmp_path, ahead=0), "france_late_talks", lucky=0, resamples=5)
    file = write(overlay, tmp_path / "out")
    stage = sim.load(file).contracting
    assert stage is not None and stage.early is None
    assert [str(rule) for rule in stage.starts] == ["application_submitted"]
    log = sim.run(file, replications=1, jobs=1, set_=("classes.*.volume=60 /year",)).events(0)
    log = log[(log["role"] != "associated") & (log["stage"].isin(("authorisation", "contracting")))]
    ends = log.pivot_table(index="trial", columns="task", values="end", aggfunc="max", observed=True)
    took = [
        (ends[b] - ends[a]).dt.days
        for a, b in pairwise(("application_submitted", "contract_sent", "contract_executed"))
    ]
    assert [float(each.median()) for each in took] == pytest.approx([40, 70], abs=4)
    assert {"negotiation_site_turn", "cost_matrix", "contract_drafted"} & set(log["task"]) == set()


def test_a_draft_that_was_sent_before_the_submission_counts_as_sent_with_it(tmp_path: Path) -> None:
    """Thirty of a hundred: a share that takes no time, which the page says, and nobody is left out."""
    overlay = fit_tracker(contracts(tmp_path, ahead=30), "france", lucky=0, resamples=5)
    fit = overlay.fits["contract_sent"]
    assert (fit.times.ahead, fit.times.negative, fit.zero) == (30, 0, 0.3)
    assert "30 came before application_submitted" in report(overlay)


def test_what_is_counted_back_is_timed_from_where_the_plan_is_made(tmp_path: Path) -> None:
    """A visit that is planned 10 d before the authorisation: from the submission to the visit."""
    labels = {"application_submitted": "Submitted", **ENGLISH, "siv_done": "Visit"}
    past = trackers.history(2, 60)
    dates = (
        {**each, "application_submitted": each["site_selected"], "siv_done": each["contract_sent"]}
        for each in past.dates
    )
    past = replace(past, dates=tuple(dates))
    files = trackers.written(tmp_path, trackers.wide(past, labels, trackers.iso), trackers.mapping(past, labels))
    scenario = sim.load("france", set_=("site_setup.initiation_visit.starts=authorised - 10 d",))
    (visit,) = (each for each in timed_tasks(read_tracker(*files), scenario) if each.name == "siv_done")
    assert (visit.begins, visit.starts, visit.why) == (("application_submitted",),) * 2 + ("",)


def test_counts_by_hand(tmp_path: Path) -> None:
    """30 trials, 6 of 30 with questions, 20 of 100 screened fail: shares and their places in France."""
    lines = ["Study;RFI;Part I;Open;Screened;Included"]
    lines += [
        f"T{k};{'2025-02-01' if k < 6 else ''};2025-03-01;2025-04-01;{4 if k < 10 else 3};{2 if k < 20 else 3}"
        for k in range(30)
    ]
    dates = "Study: trial, RFI: part_i_rfi_issued, Part I: part_i_concluded, Open: site_activated"
    columns = f"{{{dates}, Screened: screened, Included: included}}"
    files = trackers.written(tmp_path, "\n".join(lines).encode(), f"extracted_on: 2026-04-01\ncolumns: {columns}\n")
    found = {each.quantity: each for each in counted(read_tracker(*files), sim.load("france"))}
    assert found["share with questions, part_i"].entry == {"share": "20 %", "sampling": {"size": 30}}
    assert found["share of screen failures"].entry == {"share": "30 %", "sampling": {"size": 100}}
    assert found["share of screen failures"].path == ("inclusion", "screen_failure")
    assert float(found["patients of a centre"].value) == pytest.approx(100 / 30, rel=0.01)
