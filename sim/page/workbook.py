"""The numbers of a comparison as a workbook for Excel: a sheet per table, numbers as numbers, definitions in front.

Words that a user wrote are words to Excel too: nothing that begins like a formula is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.results import Comparison
from sim.experiment.tables import CONTRAST_COLUMNS, FILES, INDICATOR_COLUMNS, contrast_lines, indicator_lines
from sim.page.content import Page
from sim.page.words import told
from sim.tables import Line

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def workbook(comparison: Comparison, page: Page, file: Path) -> None:
    """Write the workbook."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = told("sheet_first", page.language)
    _read_me(first, page)
    for name, kinds in FILES.items():
        _sheet(book.create_sheet(name), INDICATOR_COLUMNS, indicator_lines(comparison.results, kinds))
    if comparison.paired:
        lines = contrast_lines(comparison.reference.name, comparison.paired)
        _sheet(book.create_sheet("contrasts"), CONTRAST_COLUMNS, lines)
    inputs = page.inputs
    _sheet(book.create_sheet("inputs"), inputs.head, [dict(zip(inputs.head, row, strict=True)) for row in inputs.rows])
    book.save(file)


def _read_me(sheet: Worksheet, page: Page) -> None:
    """The answer, what each indicator means, and how to have it again."""
    rows: list[Sequence[str]] = [(page.title,), (), *((sentence,) for sentence in page.sentences), ()]
    for fiche in page.fiches:
        rows += [(fiche.caption,), *fiche.rows, ()]
    rows += [(sentence,) for sentence in page.reading]
    rows += [(), (told("again", page.language),), (page.again,), (page.footer,)]
    _fill(sheet, rows)
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 90


def _sheet(sheet: Worksheet, columns: Sequence[str], lines: Iterable[Line]) -> None:
    from openpyxl.styles import Font

    _fill(sheet, [columns, *([line[column] for column in columns] for line in lines)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for column in sheet.columns:
        longest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(max(longest, 8) + 2, 60)


def _fill(sheet: Worksheet, rows: Iterable[Sequence[Any]]) -> None:
    """Rows; what is not a number (nothing counts, or not reached) is empty, and words are words."""
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if isinstance(value, float) and not isfinite(value):
                continue
            cell = sheet.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type, cell.quotePrefix = "s", value[:1] in ("=", "+", "-", "@")
