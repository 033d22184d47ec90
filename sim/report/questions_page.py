"""The questions of policy teams as pages: each with its command, what that answered, and how not to misread it.

Every answer is what the command printed: the table that it begins with, the sentences before the next as
prose, the rest as it stands.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.words import Language, say
from sim.scenario.questions import Question

FIGURES = "images"
"""The folder of the figures, beside the pages."""

SIDE_BY_SIDE = re.compile(r"\S {2,}\S")
"""A line with columns: what comes before the first of them is prose."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, its number from 1, and what its command printed."""

    number: int
    question: Question
    printed: str

    def figure(self, language: Language) -> str:
        """The file of its figure, beside the others."""
        return f"question_{self.number:02}_{language}.png"


def listing(questions: Sequence[Question], language: Language) -> str:
    """The questions with their commands, as plain text."""
    lines = (
        f"{number:2}. {getattr(each.question, language)}\n    trialstart {each.command}\n"
        for number, each in enumerate(questions, 1)
    )
    return "".join(lines)


def page(answered: Sequence[Answered], language: Language, figures: Sequence[str] = (), before: str = "") -> str:
    """The page in a language, as Markdown.

    Parameters
    ----------
    figures : the files that are there to be shown.
    before : the page as it was: questions that are not answered anew keep their sections.
    """
    introduction = "\n".join(textwrap.wrap(say("questions_introduction", language), 120))
    head = f"# {say('questions_title', language)}\n\n{introduction}\n"
    kept = {int(number): told for told, number in re.findall(r"(^## (\d+)\. .*?)(?=^## |\Z)", before, re.M | re.S)}
    sections = kept | {each.number: section(each, language, figures) for each in answered}
    return "\n".join((head, *(f"{sections[number].rstrip()}\n" for number in sorted(sections))))


def section(of: Answered, language: Language, figures: Sequence[str] = ()) -> str:
    """One question: its command, the answer in sentences, its figure, all that was printed, and its guard."""
    brief, prose, rest = parted(of.printed)
    parts = [
        f"## {of.number}. {getattr(of.question.question, language)}",
        f"```sh\ntrialstart {of.question.command}\n```",
        *([f"```text\n{brief}\n```"] if brief else []),
        *("\n".join(textwrap.wrap(each, 120, break_long_words=False, break_on_hyphens=False)) for each in prose),
    ]
    if (figure := of.figure(language)) in figures:
        parts.append(f"![{getattr(of.question.question, language)}]({FIGURES}/{figure})")
    if rest:
        told = say("questions_all", language)
        parts.append(f"<details><summary>{told}</summary>\n\n```text\n{rest}\n```\n\n</details>")
    parts.append(f"*{getattr(of.question.guard, language)}*")
    return "\n\n".join(parts) + "\n"


def parted(printed: str) -> tuple[str, list[str], str]:
    """The table that a longer text begins with; the paragraphs before the next, each one line; and what follows.

    A heading over indented sentences is set in bold before them; the heading of the whole is left out.

    >>> parted("The answer\\n\\nParallel\\n  12 % of trials\\n    are ready.\\n\\npool  use\\na     7 %\\n")
    ('', ['**Parallel.** 12 % of trials are ready.'], 'pool  use\\na     7 %')
    """
    blocks = [each for each in re.split(r"\n\s*\n", printed.strip("\n")) if each.strip()]
    brief = blocks.pop(0) if len(blocks) > 1 and _has_columns(blocks[0]) else ""
    table = next((place for place, each in enumerate(blocks) if _has_columns(each)), len(blocks))
    prose = [_prose(each) for each in blocks[:table] if "\n" in each or each.rstrip().endswith(".")]
    return brief, prose, "\n\n".join(blocks[table:])


def _has_columns(block: str) -> bool:
    return any(SIDE_BY_SIDE.search(line.strip()) for line in block.splitlines())


def _prose(block: str) -> str:
    head, _, rest = block.partition("\n")
    if rest.startswith("  "):
        return f"**{head.strip()}.** {' '.join(rest.split())}"
    return " ".join(block.split())
