"""A tracker's file as rows of cells, each of which can say where it stands.

`read_sheet` reads CSV (any usual separator, UTF-8, UTF-16 or cp1252) or Excel and gives a `Sheet`: rows of plain
values, in which a merged cell has its value everywhere. What could harm or mislead is refused before it is read: too
large a file, an archive that unfolds to much more than it is, links to other files, formulas without a stored value.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal

from sim.scenario.files import display
from sim.scenario.language.mistakes import Mistake, ScenarioError, did_you_mean, shown

LARGEST_FILE = 30_000_000
"""[bytes] of a tracker as it lies on disk."""
LARGEST_UNPACKED = 200_000_000
"""[bytes] of all parts of a workbook once unpacked."""
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
_SEPARATORS = ";,\t|"

Value = str | int | float | bool | date | None
Epoch = Literal[1900, 1904]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one sheet; `rows[i][j]` stands in row i + 1 and column j of the file."""

    file: str
    name: str  # "" in a CSV file
    rows: tuple[tuple[Value, ...], ...]
    sha256: str
    epoch: Epoch | None = None  # from which serial numbers count; None: the file does not say
    merged: int = 0  # cells that were given the value of the merged cell they belong to
    lines: tuple[int, ...] = ()  # of a CSV file, the line in which each row begins, if rows are longer than a line

    def address(self, row: int, column: int) -> str:
        """Where a cell stands, such as `Suivi!F12`, or `F12` in a CSV file."""
        where = f"{letters(column)}{self.lines[row] if self.lines else row + 1}"
        return f"{self.name}!{where}" if self.name else where

    def mistake(self, row: int, column: int, message: str) -> Mistake:
        """A mistake at a cell."""
        return Mistake(self.file, 0, 0, self.address(row, column), message)


def letters(column: int) -> str:
    """The letters of a column counted from 0: A, B, ..., Z, AA, ...

    >>> letters(0), letters(25), letters(26), letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    found = ""
    column += 1
    while column:
        column, last = divmod(column - 1, 26)
        found = chr(ord("A") + last) + found
    return found


def read_sheet(path: str | Path, sheet: str | None = None) -> Sheet:
    """The cells of a tracker; `sheet` names one of a workbook, None takes the first.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or must not be.
    """
    file = Path(path)
    content = _content(file)
    if content[:4] == b"PK\x03\x04":
        return _workbook(file, content, sheet)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise refused(
            file, "must be .xlsx or CSV, got an old or encrypted Excel file; save it as .xlsx without password"
        )
    return _text(file, content)


def refused(file: Path, message: str, address: str = "") -> ScenarioError:
    """One mistake about a file."""
    return ScenarioError([Mistake(display(file), 0, 0, address, message)])


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise refused(file, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > LARGEST_FILE:
        raise refused(file, f"file is too large: at most {LARGEST_FILE:,} bytes; keep the columns that are needed")
    if not content.strip():
        raise refused(file, "file is empty; a tracker has a row of headings and rows of dates")
    return content


def _text(file: Path, content: bytes) -> Sheet:
    text = _decoded(file, content)
    rows: list[tuple[Value, ...]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    line = 1
    try:
        for row in reader:
            rows.append(tuple(value.replace("\N{NO-BREAK SPACE}", " ").strip() or None for value in row))
            lines.append(line)
            line = reader.line_num + 1
            _within(file, len(rows), len(row))
    except csv.Error as error:
        raise refused(file, f"is not CSV: {error}", f"A{line}") from None
    return Sheet(display(file), "", _square(rows), hashlib.sha256(content).hexdigest(), lines=tuple(lines))


def _within(file: Path, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise refused(file, f"must have at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns, got more")


def _square(rows: list[tuple[Value, ...]]) -> tuple[tuple[Value, ...], ...]:
    width = max(map(len, rows), default=0)
    return tuple((*row, *[None] * (width - len(row))) for row in rows)


def _decoded(file: Path, content: bytes) -> str:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError as error:
            place = content[: error.start].count(b"\n") + 1
    else:
        raise refused(
            file, "must be text in UTF-8 or cp1252, got bytes that are neither; save it as CSV UTF-8", f"A{place}"
        )
    if "\0" in text:
        place = text[: text.index("\0")].count("\n") + 1
        raise refused(file, "must be text, got a zero byte; save it as CSV UTF-8", f"A{place}")
    return text


def _separator(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of cells, more than one."""
    sample = [line for line in text.splitlines()[:20] if line.strip()]

    def merit(separator: str) -> tuple[int, int]:
        cuts = [line.count(separator) for line in sample]
        usual = max(set(cuts), key=lambda cut: (cuts.count(cut), cut)) if cuts else 0
        return (cuts.count(usual) if usual else 0, usual)

    return max(_SEPARATORS, key=merit)


def _workbook(file: Path, content: bytes, wanted: str | None) -> Sheet:
    _check_archive(file, content)
    values, formulas = (_opened(file, content, data_only=data_only) for data_only in (True, False))
    names = [each.title for each in values.worksheets]
    if not names or (wanted is not None and wanted not in names):
        raise refused(file, f"there is no sheet {shown(wanted)}; {did_you_mean(wanted, names)}")
    name = wanted or names[0]
    there, written = values[name], formulas[name]
    _within(file, there.max_row, there.max_column)
    rows = [[_plain(cell) for cell in row] for row in there.iter_rows(values_only=True)]
    _check_formulas(file, name, written, rows)
    merged = _fill_merged(there, rows)
    epoch: Epoch = 1904 if values.epoch.year == 1904 else 1900
    square = _square([tuple(row) for row in rows])
    return Sheet(display(file), name, square, hashlib.sha256(content).hexdigest(), epoch, merged)


def _check_archive(file: Path, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise refused(file, f"is damaged: {str(error).lower()}; save it again from Excel") from None
    if any(part.filename.startswith("xl/externalLinks/") for part in parts):
        raise refused(file, "has links to other files, which are not followed; copy its values to a new workbook")
    if (size := sum(part.file_size for part in parts)) > LARGEST_UNPACKED:
        raise refused(
            file, f"unpacks to {size:,} bytes, at most {LARGEST_UNPACKED:,}; keep the columns that are needed"
        )


def _opened(file: Path, content: bytes, *, data_only: bool) -> Any:
    import warnings

    try:
        import openpyxl
    except ImportError:
        message = "reading Excel needs the package openpyxl, which is not here; install it, or save the file as CSV"
        raise refused(file, message) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that openpyxl leaves out are not read anyway
            return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only, keep_links=False)
    except Exception as error:  # a damaged workbook fails anywhere inside openpyxl: KeyError, ParseError, TypeError...
        what = f"{type(error).__name__}: {error}".splitlines()[0][:120]
        raise refused(file, f"is not a workbook that can be read ({what}); save it again from Excel") from None


def _plain(value: Any) -> Value:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, str):
        return value.replace("\N{NO-BREAK SPACE}", " ").strip() or None
    return value if isinstance(value, (int, float, bool, date)) or value is None else str(value)


def _check_formulas(file: Path, name: str, written: Any, rows: list[list[Value]]) -> None:
    """A formula whose value was never stored would read as an empty cell."""
    found = [
        Mistake(
            display(file), 0, 0, f"{name}!{cell.coordinate}", "is a formula without a stored value; open and save it"
        )
        for row in written.iter_rows()
        for cell in row
        if cell.data_type == "f" and rows[cell.row - 1][cell.column - 1] is None
    ]
    if found:
        raise ScenarioError(found[:20])


def _fill_merged(sheet: Any, rows: list[list[Value]]) -> int:
    filled = 0
    for span in sheet.merged_cells.ranges:
        for row, column in _inside(span, len(rows), len(rows[0]) if rows else 0):
            if rows[row][column] is None and (value := rows[span.min_row - 1][span.min_col - 1]) is not None:
                rows[row][column] = value
                filled += 1
    return filled


def _inside(span: Any, rows: int, columns: int) -> Iterator[tuple[int, int]]:
    for row in range(span.min_row - 1, min(span.max_row, rows)):
        for column in range(span.min_col - 1, min(span.max_col, columns)):
            yield row, column
