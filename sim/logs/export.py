"""What happened, for other programs: the event log of results in the format that is asked for, and its checklist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.logs import checks, ocel_files, tables, vidigi, xes
from sim.logs.activities import Played, activities
from sim.logs.checks import Check
from sim.logs.ocel import Part, Schema, parts, schema

if TYPE_CHECKING:
    import pandas as pd

Tables = Iterable["pd.DataFrame"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the ending of its files, how it is written (giving the number of rows or events), how it is checked."""

    suffix: str
    write: Callable[[Tables, Sequence[Played], Path], int]
    check: Callable[[Path], list[Check]]
    counts: str = "events"


def export(results: Sequence[Played], to: str, path: Path, *, replications: Sequence[int] | None = None) -> int:
    """Write the event log of results; the number of events, or of rows of a table.

    Parameters
    ----------
    results
        What `run`, `compare` or `open` gave.
    to
        One of `FORMATS`.
    path
        The file to be written.
    replications
        Which of them; None for all.

    Raises
    ------
    ValueError
        If there is no such format, or it cannot hold so much.
    OSError
        If the file cannot be written.
    """
    return FORMATS[to].write(activities(results, replications), results, path)


def check(to: str, path: Path) -> list[Check]:
    """The checklist of a format, held against a file."""
    return FORMATS[to].check(path)


def _plainly(write: Callable[[Tables, Path], int]) -> Callable[[Tables, Sequence[Played], Path], int]:
    return lambda lines, results, path: write(lines, path)


def _as_objects(
    write: Callable[[Iterable[Part], Schema, Path], int],
) -> Callable[[Tables, Sequence[Played], Path], int]:
    def written(lines: Tables, results: Sequence[Played], path: Path) -> int:
        shape = schema(results)
        return write(parts(lines, shape), shape, path)

    return written


def _check_csv(path: Path) -> list[Check]:
    import pandas as pd

    return checks.check_table(lambda: pd.read_csv(path, chunksize=100_000, parse_dates=["enabled", "start", "end"]))


def _check_parquet(path: Path) -> list[Check]:
    import pyarrow.parquet as pq

    return checks.check_table(lambda: (part.to_pandas() for part in pq.ParquetFile(path).iter_batches()))


def _check_xlsx(path: Path) -> list[Check]:
    import pandas as pd

    return checks.check_table(lambda: [pd.read_excel(path)])


FORMATS: Mapping[str, Format] = {
    "csv": Format(".csv", _plainly(tables.write_csv), _check_csv, "rows"),
    "parquet": Format(".parquet", _plainly(tables.write_parquet), _check_parquet, "rows"),
    "xlsx": Format(".xlsx", _plainly(tables.write_xlsx), _check_xlsx, "rows"),
    "xes": Format(".xes", _plainly(xes.write_xes), checks.check_xes),
    "ocel": Format(".sqlite", _as_objects(ocel_files.write_sqlite), checks.check_sqlite),
    "ocel-json": Format(".json", _as_objects(ocel_files.write_json), checks.check_json),
    "ocel-xml": Format(".xml", _as_objects(ocel_files.write_xml), checks.check_xml),
    "vidigi": Format(".vidigi.csv", _plainly(vidigi.write_vidigi), checks.check_vidigi),
}
