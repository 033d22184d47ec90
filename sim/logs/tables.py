"""The event log as a tidy table: CSV, Parquet, Excel. Written line by line as it is played.

A text that a spreadsheet would take for a formula (it begins with =, +, - or @) is written with a quote before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_048_575
"""Rows that a sheet of Excel can hold below its headings."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(tables: Iterable[pd.DataFrame], path: Path) -> int:
    """Write CSV in UTF-8, dates as ISO 8601; the number of rows."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        for table in tables:
            harmless(table).to_csv(
                stream, header=rows == 0, index=False, lineterminator="\n", date_format="%Y-%m-%dT%H:%M:%S"
            )
            rows += len(table)
    return rows


def write_parquet(tables: Iterable[pd.DataFrame], path: Path) -> int:
    """Write Parquet, a row group for each replication; the number of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows, writer = 0, None
    try:
        for table in tables:
            part = pa.Table.from_pandas(plain(table), preserve_index=False)
            writer = pq.ParquetWriter(path, part.schema) if writer is None else writer
            writer.write_table(part.cast(writer.schema))
            rows += len(table)
    finally:
        if writer is not None:
            writer.close()
    return rows


def write_xlsx(tables: Iterable[pd.DataFrame], path: Path) -> int:
    """Write one sheet of Excel; the number of rows. Raises ValueError for more rows than a sheet can hold."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("events")
    rows = 0
    for table in tables:
        if rows + len(table) > MOST_ROWS:
            raise ValueError(f"xlsx: must have at most {MOST_ROWS:,} rows, got more; use --to csv or parquet")
        if not rows:
            sheet.append(list(table.columns))
        for line in _cells(harmless(table)):
            sheet.append(line)
        rows += len(table)
    book.save(path)
    return rows


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table with categories as text, so that every replication has the same types."""
    return table.astype({name: "str" for name, kind in table.dtypes.items() if str(kind) in ("category", "object")})


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """The table without texts that a spreadsheet would run."""
    table = plain(table)
    for name in table.columns:
        if str(table[name].dtype) in ("str", "string", "object"):
            risky = table[name].str.startswith(_FORMULA)
            if risky.any():
                table[name] = table[name].where(~risky, "'" + table[name])
    return table


def _cells(table: pd.DataFrame) -> Iterable[list[Any]]:
    import pandas as pd

    for line in table.astype(object).itertuples(index=False):
        yield [None if value is pd.NaT or value != value else value for value in line]
