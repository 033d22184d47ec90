"""The parts of what is printed: sections, tables without lines, and paragraphs, on a console or as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

WIDTH = 80
"""Columns of plain text."""

HEADER = 16
"""The width at which the head of a column of numbers is wrapped."""


def section(heading: str, parts: Iterable[RenderableType] = ()) -> Iterator[RenderableType]:
    """A heading, what stands below it, and an empty line."""
    from rich.text import Text

    yield Text(heading, style="bold")
    yield from parts
    yield Text("")


def bare_table(first: str, columns: Iterable[str]) -> Table:
    """A table without lines: words left, numbers right and never broken."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    made.add_column(first)
    for column in columns:
        made.add_column(textwrap.fill(column, HEADER), justify="right", no_wrap=True)
    return made


def wrapped(sentences: Iterable[str], width: int, indent: str = "  ") -> Iterator[RenderableType]:
    """Paragraphs, wrapped here because rich would break at a no-break space."""
    from rich.text import Text

    for sentence in sentences:
        lines = textwrap.fill(sentence, width - 2, initial_indent=indent, subsequent_indent=indent and 2 * indent)
        yield Text(lines)


def plain(parts: Iterable[RenderableType], width: int = WIDTH) -> str:
    """What a console of this width would show, without colours."""
    from rich.console import Console

    page = StringIO()
    console = Console(file=page, width=width, color_system=None, force_terminal=False)
    for each in parts:
        console.print(each)
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())
