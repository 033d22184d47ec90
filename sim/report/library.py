"""The library for people to read: the list of its scenarios in the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from sim.report.words import Language
from sim.scenario.library import Entry
from sim.scenario.schema import Text

WIDTH = 100


def listing(entries: Sequence[Entry], groups: Mapping[str, Text], language: Language) -> str:
    """Every scenario by group: its name, its title and its question, in one language."""
    return "\n".join("\n".join(_group(title, [each for each in entries if each.group == name], language)) + "\n"
                     for name, title in groups.items())


def _group(title: Text, entries: Sequence[Entry], language: Language) -> Iterator[str]:
    yield getattr(title, language)
    for each in entries:
        yield f"  {each.name}: {getattr(each.title, language)}"
        yield textwrap.fill(getattr(each.question, language), WIDTH, initial_indent="    ", subsequent_indent="    ",
                            break_on_hyphens=False)
