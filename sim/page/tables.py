"""What the page is made of: a table, and a figure with the table of what is drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Its caption, the heads of its columns (none: it needs none), and its rows, of which the first cell is a head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, the sentence that says what it shows, and the table of its data."""

    name: str
    title: str
    svg: str
    table: Table
