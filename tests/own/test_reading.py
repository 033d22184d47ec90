"""A tracker read by its mapping: the same history whatever the shape, nothing lost, nothing guessed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sim.own.dates import Day, Word
from sim.own.mapping import draft, read_mapping
from sim.own.quality import heaps, report, small_centres, tables, violations
from sim.own.reading import Tracker, read_tracker
from sim.own.sheets import read_sheet
from sim.scenario.language.mistakes import ScenarioError
from tests.own import trackers
from tests.own.trackers import ENGLISH, FRENCH, History


def read(folder: Path, text: str, mapping: str) -> Tracker:
    """The tracker of a CSV text."""
    return read_tracker(*trackers.written(folder, text.encode(), mapping))


def days(tracker: Tracker) -> dict[tuple[str, str], dict[str, date]]:
    """What happened when, by trial and centre."""
    return {
        (row.trial, row.centre): {code: seen.first for code, seen in row.actual.items() if isinstance(seen, Day)}
        for row in tracker.rows
    }


def happened(past: History) -> dict[tuple[str, str], dict[str, date]]:
    """The same, from the truth."""
    rows = zip(past.trials, past.centres, past.dates, strict=True)
    return {(trial, centre): {code: day for code, day in dates.items() if day} for trial, centre, dates in rows}


@pytest.mark.parametrize("shape", ["wide", "long"])
@pytest.mark.parametrize("labels", [ENGLISH, FRENCH], ids=["english", "french"])
@pytest.mark.parametrize("write", [trackers.iso, trackers.french, trackers.messy], ids=["iso", "french", "messy"])
def test_every_shape_tells_the_same_history(
    tmp_path: Path, shape: str, labels: dict[str, str], write: trackers.Writer
) -> None:
    """English or French, wide or long, tidy or dirty: what is read is what happened."""
    past = trackers.history(3, 60, cancelled=0.1)
    content = (trackers.wide if shape == "wide" else trackers.long)(past, labels, write, separator=";")
    tracker = read_tracker(*trackers.written(tmp_path, content, trackers.mapping(past, labels, shape=shape)))
    assert days(tracker) == happened(past)
    gone = {trial for trial, gone, dates in zip(past.trials, past.cancelled, past.dates, strict=True) if gone}
    assert {row.trial for row in tracker.rows if row.status == "cancelled"} == gone
    assert (tracker.set_aside, tracker.unread) == ((), ())


def test_excel_with_headings_on_top_of_each_other(tmp_path: Path) -> None:
    """A title, two rows of merged headings, typed dates, words and a week: read by the whole heading."""
    book = openpyxl.Workbook()
    for row in (
        ["Suivi des études de la DRCI", None, None, None],
        ["Étude", "Convention unique", None, "MEP"],
        [None, "Envoi", "Signature", None],
        ["A", date(2026, 1, 5), "en cours", None],
        ["B", date(2026, 1, 6), "S12 2026", date(2026, 3, 30)],
    ):
        book.active.append(row)
    book.active.merge_cells("B2:C2")
    book.save(tmp_path / "t.xlsx")
    columns = '{Étude: trial, "convention unique / envoi": contract_sent, Signature: contract_executed, MEP: siv_done}'
    text = f"extracted_on: 2026-06-30\ncolumns: {columns}\n"
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    tracker = read_tracker(tmp_path / "t.xlsx", tmp_path / "m.yaml")
    first, second = tracker.rows
    assert first.actual == {
        "contract_sent": Day(date(2026, 1, 5), date(2026, 1, 5)),
        "contract_executed": Word.OPEN,
        "siv_done": Word.MISSING,
    }
    assert second.actual["contract_executed"] == Day(date(2026, 3, 16), date(2026, 3, 22))
    assert second.cells["contract_executed"] == "Sheet!C5"
    assert tracker.notes == {"partial": 1, "merged": 1}


MAPPING = """
extracted_on: 2026-06-30
columns: {Study: trial, Sent: contract_sent, Signed: contract_executed, Signed plan: planned contract_executed}
"""


def test_what_is_not_used_is_set_aside_with_its_cell(tmp_path: Path) -> None:
    """A slip, a date of the future, a row without a trial, a trial twice: each has its address and reason, no name."""
    text = (
        "Study;Sent;Signed;Signed plan;Comment\n"
        "A;2026-01-05;2026-02-31;2026-02-01;Mme Martin\n"
        "B;2026-01-06;2027-01-01;2027-01-01;\n"
        ";2026-01-07;;;\n"
        "B;2026-01-08;;;\n"
        "C;vu avec Mme Martin;;;\n"
        "\n"
    )
    tracker = read(tmp_path, text, MAPPING)
    assert [f"{each.address}: {each.reason}" for each in tracker.set_aside] == [
        "C2: '2026-02-31' is no day of the calendar",
        "C3: '2027-01-01' lies after the extraction, and cannot have happened",
        "A4: the row names no trial",
        "A5: the same trial and centre stand in A3 already",
        "B6: 'xx xxxx Xxx Xxxxxx' is not a date",
    ]
    assert tracker.rows_read == len(tracker.rows) + 2
    assert (tracker.cells_read, tracker.cells_used) == (7, 4)
    assert tracker.unread == ("Comment (E1)",)
    assert "Martin" not in report(tracker) + report(tracker, "fr")


def test_a_column_that_cannot_tell_is_refused_with_its_cell(tmp_path: Path) -> None:
    """03/04/2026 alone is not guessed; what the mapping says is done; two dates that disagree are both named."""
    header = "Study;Sent;Signed;Signed plan\n"
    with pytest.raises(ScenarioError, match=r"B2: nothing in this column says whether day or month comes first"):
        read(tmp_path, f"{header}A;03/04/2026;;\n", MAPPING)
    told = read(tmp_path, f"{header}A;03/04/2026;;\n", MAPPING + "day_first: {sent: false}\n")
    assert told.rows[0].actual["contract_sent"] == Day(date(2026, 3, 4), date(2026, 3, 4))
    with pytest.raises(ScenarioError, match=r"B2: day and month change places.*'04/13/2026' in B3"):
        read(tmp_path, f"{header}A;13/04/2026;;\nB;04/13/2026;;\n", MAPPING)


def test_planned_baseline_and_actual_are_three_things(tmp_path: Path) -> None:
    """A planned date may lie after the extraction, and is never taken for what happened."""
    row = read(tmp_path, "Study;Sent;Signed;Signed plan\nA;2026-01-05;;2026-09-01\n", MAPPING).rows[0]
    assert row.actual["contract_executed"] is Word.MISSING
    assert row.planned["contract_executed"] == Day(date(2026, 9, 1), date(2026, 9, 1))


def test_wrong_columns_are_all_said_with_the_nearest(tmp_path: Path) -> None:
    """A heading that is not there, and one that is there twice."""
    with pytest.raises(ScenarioError) as error:
        read(
            tmp_path,
            "Study;Sent;Sent;Sined\nA;;;\n",
            "extracted_on: 2026-06-30\ncolumns: {Study: trial, Sent: contract_sent, Signed: contract_executed}\n",
        )
    assert "there are 2 columns 'Sent'" in str(error.value)
    assert "there is no column 'Signed'; did you mean 'Sined'?" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: {A: trial}\n", "extracted_on: required key is missing"),
        ("extracted_on: 2026-01-01\ncolumns: {A: contract_sent}\n", "columns must name the one that says which trial"),
        ("extracted_on: 2026-01-01\ncolumns: {A: trial, B: Contract Sent}\n", "must mean a name such as contract_sent"),
        ("extracted_on: 2026-01-01\ncolumns: {A: trial, B: milestone}\n", "needs milestones"),
        ("extracted_on: 2026-01-01\ncolumn: {A: trial}\n", "unknown key; did you mean 'columns'?"),
    ],
)
def test_a_wrong_mapping_is_said_at_its_place(tmp_path: Path, text: str, said: str) -> None:
    """As a scenario: file, line, column, rule, remedy."""
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_mapping(tmp_path / "m.yaml")
    assert said in str(error.value)
    assert "m.yaml:" in str(error.value)


@pytest.mark.parametrize("shape", ["wide", "long"])
@pytest.mark.parametrize("labels", [ENGLISH, FRENCH], ids=["english", "french"])
def test_the_draft_of_a_mapping_reads_the_tracker(tmp_path: Path, shape: str, labels: dict[str, str]) -> None:
    """With its one required date filled in, the draft of usual headings reads the tracker as one by hand does."""
    past = trackers.history(3, 40)
    content = (trackers.wide if shape == "wide" else trackers.long)(past, labels, trackers.french, separator=";")
    file, _ = trackers.written(tmp_path, content, "")
    text = draft(read_sheet(file))
    (tmp_path / "d.yaml").write_text(
        text.replace("extracted_on:", f"extracted_on: {past.extracted_on}", 1), encoding="utf-8"
    )
    assert days(read_tracker(file, tmp_path / "d.yaml")) == happened(past)


def test_an_export_of_the_portal_is_read_and_doubted(tmp_path: Path) -> None:
    """Headings of CTIS are known; a recruitment that starts before the decision is a violation with both cells."""
    text = (
        "ctNumber,submissionDate,firstDecisionDate,recruitmentStartDate\n2024-511-00,2025-01-10,2025-05-02,2025-04-01\n"
    )
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    (tmp_path / "m.yaml").write_text(
        draft(read_sheet(tmp_path / "t.csv")).replace("extracted_on:", "extracted_on: 2025-12-31", 1)
    )
    tracker = read_tracker(tmp_path / "t.csv", tmp_path / "m.yaml")
    assert set(tracker.milestones) == {"application_submitted", "authorised", "first_patient_in"}
    (wrong,) = violations(tracker)
    assert (wrong.before, wrong.after, wrong.first, wrong.second, wrong.days) == (
        "authorised",
        "first_patient_in",
        "C2",
        "D2",
        31,
    )


def test_heaps_and_small_centres_are_found(tmp_path: Path) -> None:
    """Dates that are all the 1st of a month are a heap, dates as they come are not; centres under five are counted."""
    past = trackers.history(5, 200, centres=9)
    rounded = replace(
        past, dates=tuple({code: day and day.replace(day=1) for code, day in dates.items()} for dates in past.dates)
    )
    for history, found in ((past, ()), (rounded, (1,))):
        tracker = read_tracker(
            *trackers.written(
                tmp_path, trackers.wide(history, ENGLISH, trackers.iso), trackers.mapping(history, ENGLISH)
            )
        )
        assert heaps(tracker, "contract_sent") == found
    few = trackers.history(5, 12, centres=4)
    tracker = read_tracker(
        *trackers.written(tmp_path, trackers.wide(few, ENGLISH, trackers.iso), trackers.mapping(few, ENGLISH))
    )
    sizes = [few.centres.count(centre) for centre in set(few.centres)]
    assert small_centres(tracker) == (sum(size < 5 for size in sizes), sum(size for size in sizes if size < 5))


def test_a_report_names_no_trial_and_no_centre(tmp_path: Path) -> None:
    """Addresses and counts only."""
    past = trackers.history(1, 30, cancelled=0.2)
    tracker = read_tracker(
        *trackers.written(tmp_path, trackers.wide(past, FRENCH, trackers.messy), trackers.mapping(past, FRENCH))
    )
    for page in (report(tracker), report(tracker, "fr")):
        assert "Hôpital" not in page and "ONC-" not in page and str(tmp_path) not in page
        assert "30" in page


def test_tables_say_what_the_page_says(tmp_path: Path) -> None:
    """As many rows, trials, pairs and cells; the same kinds of each milestone; each cell that was set aside."""
    past = trackers.history(1, 30, cancelled=0.2)
    tracker = read_tracker(
        *trackers.written(tmp_path, trackers.wide(past, FRENCH, trackers.messy), trackers.mapping(past, FRENCH))
    )
    page, told = report(tracker), tables(tracker)
    (read_in_all,) = told["read"]
    for name in ("rows", "trials", "pairs", "cells", "cells_used"):
        assert re.search(rf"\b{read_in_all[name]}\b", page), name
    for line in told["milestones"]:
        kinds = [str(line[kind]) for kind in ("day", "partial", "open", "missing", "cancelled", "not_needed")]
        assert re.search(rf"^  {line['milestone']} +{' +'.join(kinds)} ", page, re.MULTILINE), line
    assert len(told["out_of_order"]) == len(violations(tracker))
    assert len(told["set_aside"]) == len(tracker.set_aside)
