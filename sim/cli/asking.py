"""Questions answered by their commands, each run as somebody would type it, and the pages of the answers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.cli.decide import UNREACHABLE
from sim.cli.options import Lang
from sim.experiment.writing import Draft, prepare, write
from sim.report.output import text_draft
from sim.report.questions_page import FIGURES, Answered, page
from sim.scenario.questions import Question


def ask(number: int, question: Question, language: str, place: Path) -> Answered:
    """Run the command of a question as it stands; in the second language it goes on from what the first one left.

    Raises
    ------
    ValueError
        If it fails; that nothing meets a goal is an answer.
    """
    words = [*question.words, "--lang", language, "--out", str(place / f"{number}")]
    print(f"{number}. trialstart {question.command}", file=sys.stderr)
    command = [sys.executable, "-X", "utf8", "-m", "sim", *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode not in (0, UNREACHABLE):
        raise ValueError(f"trialstart {question.command}: ended with {done.returncode}: {done.stderr.strip()}")
    return Answered(number, question, done.stdout)


def write_pages(chosen: Mapping[int, Question], out: Path, place: Path) -> Iterator[Path]:
    """Ask each question in both languages, and write its section of the pages and its figures; the pages as made.

    Raises
    ------
    CannotWrite, ValueError
        If the folder cannot be written to, or a command fails.
    """
    prepare(out / FIGURES)
    for lang in Lang:
        answered = [ask(number, each, lang.value, place) for number, each in chosen.items()]
        drawn = {
            each.figure(lang.value): _copied(place / f"{each.number}" / f"{each.question.figure}.png")
            for each in answered
            if each.question.figure is not None
        }
        name = "questions.md" if lang is Lang.en else f"questions.{lang.value}.md"
        before = (out / name).read_text(encoding="utf-8") if (out / name).is_file() else ""
        write(out / FIGURES, drawn)
        write(out, {name: text_draft(page(answered, lang.value, [*drawn], before))})
        yield out / name


def _copied(file: Path) -> Draft:
    content = file.read_bytes()

    def draft(path: Path) -> None:
        path.write_bytes(content)

    return draft
