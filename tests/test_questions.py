"""The questions of policy teams: each has a command that there is, and the pages are what the commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sim.cli import app
from sim.report.questions_page import Answered, parted, section
from sim.scenario.files import shipped_names
from sim.scenario.questions import Question, questions

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"en": "questions.md", "fr": "questions.fr.md"}
QUESTIONS = questions()
DEEP = 3
"""The question that is asked again: its command is cheap."""


def page(language: str) -> str:
    """The page that is kept, in a language."""
    return (ROOT / "docs" / PAGES[language]).read_text(encoding="utf-8")


def test_there_are_fifteen_in_both_languages() -> None:
    """Each ends as a question does, and no two are the same."""
    assert len({each.question.en for each in QUESTIONS}) == len({each.question.fr for each in QUESTIONS}) == 15
    assert all(said.endswith("?") for each in QUESTIONS for said in (each.question.en, each.question.fr))


@pytest.mark.parametrize("question", QUESTIONS, ids=[each.command for each in QUESTIONS])
def test_every_command_exists_and_parses(question: Question) -> None:
    """Its verb is one of the program's, its options are those of the verb, and what it names is shipped."""
    verb, *rest = question.words
    command = typer.main.get_command(app).commands[verb]  # type: ignore[attr-defined]
    given = command.make_context(verb, [*rest]).params
    named = [given["file"]] if "file" in given else given["files"]
    assert named and {*named} <= {*shipped_names()}


@pytest.mark.parametrize("language", PAGES)
def test_the_page_has_every_question_with_its_command_and_an_answer(language: str) -> None:
    """After a change of a question or its command, `trialstart questions --out docs` is due."""
    sections = re.split(r"^## ", page(language), flags=re.MULTILINE)[1:]
    assert len(sections) == len(QUESTIONS)
    for number, (told, question) in enumerate(zip(sections, QUESTIONS, strict=True), 1):
        assert told.startswith(f"{number}. {getattr(question.question, language)}\n")
        assert f"```sh\ntrialstart {question.command}\n```" in told
        assert f"*{getattr(question.guard, language)}*" in told
        answer = told.partition("```\n\n")[2].partition("\n\n")[0]
        assert re.search(r"\d", answer) and not answer.startswith(("<", "!", "*" + question.guard.en[:9]))


@pytest.mark.parametrize("language", PAGES)
def test_figures_of_the_page_are_there(language: str) -> None:
    """Every picture that the page shows."""
    shown = re.findall(r"\]\((images/[\w.]+)\)", page(language))
    assert len(shown) == sum(each.figure is not None for each in QUESTIONS)
    assert [each for each in shown if not (ROOT / "docs" / each).exists()] == []


@pytest.mark.slow
def test_a_question_asked_again_gives_the_same_section(capfd: pytest.CaptureFixture[str]) -> None:
    """The page is not out of date: what stands on it is what the command prints today."""
    done = CliRunner().invoke(app, ["questions", f"{DEEP}", "--lang", "fr"])
    assert done.exit_code == 0
    assert done.stdout.strip() in re.sub(r"^!\[.*\n\n", "", page("fr"), flags=re.MULTILINE)  # no folder, no picture


def test_a_number_that_is_no_question_is_refused() -> None:
    """With exit code 2 and the numbers that there are."""
    done = CliRunner().invoke(app, ["questions", "16"])
    assert done.exit_code == 2 and "must be from 1 to 15, got 16" in done.output


def test_all_are_listed_with_their_commands() -> None:
    """Nothing is simulated."""
    said = CliRunner().invoke(app, ["questions", "--lang", "fr"]).stdout
    assert [each for each in QUESTIONS if each.question.fr not in said or each.command not in said] == []


def test_prose_is_what_stands_before_the_first_table() -> None:
    """A sentence that is wrapped becomes one line again; a table alone leaves no prose."""
    assert parted("One sentence\nof two lines.\n\na  b\n1  2\n") == ("", ["One sentence of two lines."], "a  b\n1  2")
    assert parted("heading\na  b\n1  2\n") == ("", [], "heading\na  b\n1  2")


def test_a_table_that_comes_first_is_shown_first() -> None:
    """In front of the sentences, which are the next."""
    assert parted("In brief\na  b\n\nOne sentence.\n\nc  d\n") == ("In brief\na  b", ["One sentence."], "c  d")


def test_a_figure_is_shown_where_it_was_drawn() -> None:
    """And only there."""
    answered = Answered(1, QUESTIONS[0], "All of it.\n")
    assert "](images/question_01_en.png)" in section(answered, "en", ["question_01_en.png"])
    assert "images" not in section(answered, "en")


@pytest.mark.slow
def test_a_section_is_written_in_both_languages(tmp_path: Path) -> None:
    """Into the pages of a folder, as it stands on those that are shipped, with its figure."""
    done = CliRunner().invoke(app, ["questions", f"{DEEP}", "--out", str(tmp_path)])
    assert done.exit_code == 0
    for language, name in PAGES.items():
        written = re.split(r"^## ", (tmp_path / name).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        assert [each.strip() for each in written] == [
            each.strip()
            for each in re.split(r"^## ", page(language), flags=re.MULTILINE)
            if each.startswith(f"{DEEP}.")
        ]
    assert {each.name for each in (tmp_path / "images").iterdir()} == {
        f"question_{DEEP:02}_{language}.png" for language in PAGES
    }
