"""A table of the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Its caption, the heads of its columns (none: it needs none), and its rows, of which the first cell is a head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
