"""The questions of policy teams: each has a command that there is, and the pages are what the commands print."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from sim.cli import app
from sim.report.questions_page import Answered, parted, section
from sim.scenario.files import shipped_names
from sim.scenario.questions import Question, questions

QUESTIONS = questions()


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
    assert parted("One sentence\nof two lines.\n\na  b\n1  2\n") == (["One sentence of two lines."], "a  b\n1  2")
    assert parted("heading\na  b\n1  2\n") == ([], "heading\na  b\n1  2")


def test_a_figure_is_shown_where_it_was_drawn() -> None:
    """And only there."""
    answered = Answered(1, QUESTIONS[0], "All of it.\n")
    assert "](images/question_01_en.png)" in section(answered, "en", ["question_01_en.png"])
    assert "images" not in section(answered, "en")
