"""Trackers as rows of cells: encodings, separators, merged cells, and what is refused before it can harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sim.own.sheets import read_sheet
from sim.scenario.language.mistakes import ScenarioError


def workbook(path: Path, rows: list[list[object]], *, merge: tuple[str, ...] = (), epoch_1904: bool = False) -> Path:
    """An Excel file with one sheet called Suivi."""
    book = openpyxl.Workbook()
    book.active.title = "Suivi"
    if epoch_1904:
        book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    for row in rows:
        book.active.append(row)
    for span in merge:
        book.active.merge_cells(span)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_csv_of_any_origin_is_the_same(tmp_path: Path, encoding: str, separator: str) -> None:
    """Encoding and separator do not change what is read; a no-break space is a space, an empty cell nothing."""
    text = f"Étude{separator}Signée\u00a0le{separator}Note\r\nA1{separator}01/02/2026{separator}\r\n"
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    assert read_sheet(tmp_path / "t.csv").rows == (("Étude", "Signée le", "Note"), ("A1", "01/02/2026", None))


def test_addresses_count_lines_of_the_file(tmp_path: Path) -> None:
    """A cell with line breaks does not shift the addresses below it."""
    (tmp_path / "t.csv").write_text('a;b\n"x\ny";1\nz;2\n', encoding="utf-8")
    sheet = read_sheet(tmp_path / "t.csv")
    assert [sheet.address(row, 1) for row in range(3)] == ["B1", "B2", "B4"]


def test_merged_cells_have_their_value_everywhere(tmp_path: Path) -> None:
    """A heading over two columns, and a trial over two rows, stand in each of their cells, and this is counted."""
    rows: list[list[object]] = [
        ["Étude", "Convention", None],
        [None, "Envoi", "Signature"],
        ["A", date(2026, 1, 5), None],
        [None, None, None],
    ]
    sheet = read_sheet(workbook(tmp_path / "t.xlsx", rows, merge=("B1:C1", "A3:A4")))
    assert sheet.rows[0] == ("Étude", "Convention", "Convention")
    assert [row[0] for row in sheet.rows[2:]] == ["A", "A"]
    assert (sheet.merged, sheet.address(2, 1)) == (2, "Suivi!B3")


def test_dates_of_both_date_systems_are_the_same_day(tmp_path: Path) -> None:
    """A workbook that counts from 1904 says so, and a date in it is the day that Excel shows."""
    for old in (False, True):
        sheet = read_sheet(workbook(tmp_path / "t.xlsx", [["d"], [date(2026, 3, 4)]], epoch_1904=old))
        assert (sheet.rows[1][0], sheet.epoch) == (date(2026, 3, 4), 1904 if old else 1900)


def refusal(path: Path, content: bytes) -> str:
    """What is said of a file with this content."""
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as error:
        read_sheet(path)
    return str(error.value)


def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    """Nothing, zero bytes, old Excel, a damaged archive: each is refused with a remedy, never with a traceback."""
    file = tmp_path / "t.xlsx"
    assert "empty" in refusal(file, b"  \n")
    assert "zero byte" in refusal(file, b"a;b\n1;\0\n")
    assert "old or encrypted" in refusal(file, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99)
    assert "damaged" in refusal(file, b"PK\x03\x04" + b"0" * 99)
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv")


def test_an_archive_that_unfolds_is_refused(tmp_path: Path) -> None:
    """A small workbook with hundreds of megabytes inside is refused before it is unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(25):
            archive.writestr(f"xl/{part}.xml", b"0" * 10_000_000)
    assert len(packed.getvalue()) < 1_000_000
    assert "unpacks to" in refusal(tmp_path / "t.xlsx", packed.getvalue())


def test_links_to_other_files_are_refused(tmp_path: Path) -> None:
    """A workbook that looks into other workbooks is not followed there."""
    workbook(tmp_path / "t.xlsx", [["a"], [1]])
    with zipfile.ZipFile(tmp_path / "t.xlsx", "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<x/>")
    with pytest.raises(ScenarioError, match="links to other files"):
        read_sheet(tmp_path / "t.xlsx")


def test_a_formula_without_a_value_is_not_an_empty_cell(tmp_path: Path) -> None:
    """A formula that was never calculated is named with its cell."""
    workbook(tmp_path / "t.xlsx", [["a", "b"], [1, "=A2+1"]])
    with pytest.raises(ScenarioError, match=r"Suivi!B2: is a formula without a stored value"):
        read_sheet(tmp_path / "t.xlsx")


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    """The nearest name is offered."""
    workbook(tmp_path / "t.xlsx", [["a"]])
    with pytest.raises(ScenarioError, match="did you mean 'Suivi'"):
        read_sheet(tmp_path / "t.xlsx", "Suivis")
