"""What is wrong in a file, said so that it can be put right: the place, the rule, the value received, the remedy.

A `Place` is a line and a column of a file; a `Mistake` is one sentence about one place; a `ScenarioError` carries all
the mistakes of a reading at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_LONGEST_SHOWN = 60
_MOST_COMPARED = 300
MOST_TOLD = 300
"""Mistakes of one kind of check; who has more than that sees the others next time."""
_WORD = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was written; lines and columns count from 1, line 0 stands for the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake of a user's file; `path` is empty where the mistake is about the file itself."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = Place(self.file, self.line, self.column)
        return ": ".join(part for part in (str(place), self.path, self.message) if part)


class ScenarioError(ValueError):
    """All mistakes of a scenario, sorted by file and line, each once."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Mistake, ...]]]:
        return ScenarioError, (self.mistakes,)


def mistake(place: Place, path: str, message: str) -> Mistake:
    """The mistake at a place."""
    return Mistake(place.file, place.line, place.column, path, message)


def shown(value: Any) -> str:
    """A value as a message shows it: on one line, short, and a mapping or a list by its kind."""
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, (list, tuple)):
        return "a list" if value else "an empty list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."


def word(key: Any) -> str:
    """A key as a path shows it: as it is where it is a plain word, quoted otherwise."""
    text = str(key)
    return text if _WORD.fullmatch(text) else shown(text)


def nearest(name: Any, known: Iterable[str]) -> str | None:
    """The known name that `name` most likely means, or None."""
    close = difflib.get_close_matches(str(name)[:_LONGEST_SHOWN], list(known)[:_MOST_COMPARED], n=1)
    return close[0] if close else None


def did_you_mean(name: Any, known: Iterable[str]) -> str:
    """The remedy for a wrong name: the nearest right one, or else all that there are."""
    names = tuple(known)
    close = nearest(name, names)
    if close is not None:
        return f"did you mean {close!r}?"
    return f"known: {listed(names)}" if names else "there are none"


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names separated by commas, the first few of a long list."""
    all_names = tuple(names)
    return ", ".join(all_names[:most]) + (", ..." if len(all_names) > most else "")
