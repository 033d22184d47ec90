"""Damaged trackers: each is read with nothing lost, or refused in clear lines; never a traceback."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from sim.own.quality import report
from sim.own.reading import Tracker, read_tracker
from sim.scenario.language.mistakes import ScenarioError
from tests.own import trackers
from tests.own.trackers import ENGLISH, FRENCH

PAST = trackers.history(7, 14, cancelled=0.2)
ODD = (
    *(
        "",
        " ",
        "?",
        "=1+1",
        "#REF!",
        "31/02/2026",
        "01/13/2026",
        "00/00/0000",
        "fin mars",
        "S53 2025",
        "2026-13",
        "9999999",
    ),
    *(
        "1900-01-01",
        "31/12/9999",
        "12/03",
        "mardi",
        "en  cours",
        "NA",
        "vu avec Mme Martin",
        "٣١/١٢/٢٠٢٦",
        "😀",
        "1e99",
        "-5",
        "46022,5",
    ),
    *(
        "Étude",
        "\u2028",
        '"',
        ";;;",
        "nan",
        "inf",
        "2026-02-30T25:61",
        "x" * 500,
        "\ufeff",
        "'",
        "T5 2026",
        "0",
        "13.13.13",
    ),
)
Damage = Callable[[random.Random, list[list[str]]], None]


def _cell(luck: random.Random, rows: list[list[str]]) -> tuple[list[str], int]:
    row = luck.choice(rows)
    return row, luck.randrange(len(row)) if row else 0


def odd(luck: random.Random, rows: list[list[str]]) -> None:
    """Something odd in a cell."""
    row, place = _cell(luck, rows)
    row[place : place + 1] = [luck.choice(ODD)]


def swapped(luck: random.Random, rows: list[list[str]]) -> None:
    """Two cells of the table changed over."""
    (one, i), (two, j) = _cell(luck, rows), _cell(luck, rows)
    if one and two:
        one[i], two[j] = two[j], one[i]


def lost(luck: random.Random, rows: list[list[str]]) -> None:
    """A cell gone, so that the others move to the left."""
    row, place = _cell(luck, rows)
    del row[place : place + 1]


def doubled(luck: random.Random, rows: list[list[str]]) -> None:
    """A row twice."""
    rows.insert(luck.randrange(len(rows)), list(luck.choice(rows)))


def gone(luck: random.Random, rows: list[list[str]]) -> None:
    """A row gone."""
    if len(rows) > 1:
        rows.pop(luck.randrange(len(rows)))


def above(luck: random.Random, rows: list[list[str]]) -> None:
    """A title above the headings."""
    rows.insert(0, [luck.choice(ODD)])


def shuffled(luck: random.Random, rows: list[list[str]]) -> None:
    """The letters of a cell in another order."""
    row, place = _cell(luck, rows)
    if row:
        row[place] = "".join(luck.sample(row[place], len(row[place])))


DAMAGES: tuple[Damage, ...] = (odd, odd, odd, swapped, lost, doubled, gone, above, shuffled)


def damaged(seed: int) -> bytes:
    """A small tracker with one to six damages, some of its bytes perhaps too."""
    luck = random.Random(seed)
    write = luck.choice((trackers.iso, trackers.french, trackers.messy))
    text = trackers.wide(PAST, FRENCH, write, separator="\x1f").decode("utf-8-sig")
    rows = [line.split("\x1f") for line in text.splitlines()]
    for _ in range(luck.randint(1, 6)):
        luck.choice(DAMAGES)(luck, rows)
    content = "\n".join(";".join(row) for row in rows).encode(
        luck.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16")), "replace"
    )
    if luck.random() < 0.2:
        spoilt = bytearray(content)
        for _ in range(luck.randint(1, 5)):
            spoilt[luck.randrange(len(spoilt))] = luck.randrange(256)
        content = bytes(spoilt[: luck.randint(1, len(spoilt))])
    return content


PLACE = re.compile(r"^[^\n]*tracker\.(csv|xlsx)(: (?:[^:!]+!)?[A-Z]{1,3}\d+)?: .{5,}")


def hold(folder: Path, content: bytes, name: str = "tracker.csv") -> bool:
    """Whether a damaged tracker is read; asserts that nothing is lost of it, or that it is refused in clear lines."""
    files = trackers.written(folder, content, trackers.mapping(PAST, FRENCH), name)
    tracker, refusal = _read(files)
    if tracker is None:
        assert all(PLACE.match(line) for line in refusal.split("\n")), refusal
        return False
    _nothing_lost(tracker)
    assert "Martin" not in report(tracker) + report(tracker, "fr")
    return True


def _read(files: tuple[Path, Path]) -> tuple[Tracker | None, str]:
    try:
        return read_tracker(*files), ""
    except ScenarioError as error:
        return None, str(error)


def _nothing_lost(tracker: Tracker) -> None:
    rows = sum(each.whole_row for each in tracker.set_aside)
    assert tracker.rows_read == len(tracker.rows) + rows
    dates = [each for each in tracker.set_aside if not each.whole_row and "is a status" not in each.reason]
    assert tracker.cells_read == tracker.cells_used + len(dates)
    assert all(re.fullmatch(r"(?:[^!]+!)?[A-Z]{1,3}\d+", each.address) for each in tracker.set_aside)


def test_some_damaged_trackers(tmp_path: Path) -> None:
    """Three hundred of them: some are read, some refused."""
    read = sum(hold(tmp_path, damaged(seed)) for seed in range(300))
    assert 50 < read < 290


@pytest.mark.slow
def test_ten_thousand_damaged_trackers(tmp_path: Path) -> None:
    """Nothing lost, no traceback."""
    for seed in range(300, 10_300):
        hold(tmp_path, damaged(seed))


def workbook(seed: int) -> bytes:
    """A workbook with odd cells, and some bytes of its parts spoilt."""
    luck = random.Random(seed)
    book = openpyxl.Workbook()
    rows = [line.split(",") for line in trackers.wide(PAST, FRENCH, trackers.french).decode("utf-8-sig").splitlines()]
    for _ in range(luck.randint(0, 4)):
        luck.choice(DAMAGES)(luck, rows)
    for row in rows:
        book.active.append([None if "\u2028" in cell or cell.startswith("=") else cell for cell in row])
    if luck.random() < 0.3:
        book.active.merge_cells(start_row=2, end_row=4, start_column=1, end_column=luck.randint(1, 4))
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue() if luck.random() < 0.5 else _spoilt(luck, whole.getvalue())


def _spoilt(luck: random.Random, content: bytes) -> bytes:
    """A part of a workbook lost, or some of its bytes changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        unlucky = luck.choice(old.namelist())
        for name in old.namelist():
            part = bytearray(old.read(name))
            if name == unlucky:
                if luck.random() < 0.3:
                    continue
                for _ in range(luck.randint(1, 3)):
                    part[luck.randrange(len(part))] = luck.randrange(256)
            new.writestr(name, bytes(part))
    return out.getvalue()


@pytest.mark.parametrize("count", [20, pytest.param(600, marks=pytest.mark.slow)])
def test_damaged_workbooks(tmp_path: Path, count: int) -> None:
    """The same for Excel, whose parts may be missing or spoilt."""
    read = sum(hold(tmp_path, workbook(seed), "tracker.xlsx") for seed in range(count))
    assert 0 < read < count


def test_english_headings_are_not_french_ones(tmp_path: Path) -> None:
    """A whole tracker with the wrong mapping is refused column by column."""
    files = trackers.written(tmp_path, trackers.wide(PAST, ENGLISH, trackers.iso), trackers.mapping(PAST, FRENCH))
    with pytest.raises(ScenarioError) as error:
        read_tracker(*files)
    assert str(error.value).count("there is no column") == 7
