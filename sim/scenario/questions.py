"""The questions that policy teams ask, each with the command that answers it: `questions.yaml` beside the scenarios."""

from __future__ import annotations

import shlex

from pydantic import Field

from sim.scenario.files import read_tree, shipped_folder
from sim.scenario.language.mistakes import Mistake, ScenarioError
from sim.scenario.language.records import Name, Record, Text
from sim.scenario.shape import validated


class Question(Record):
    """A question, the command that answers it, and how not to misread the answer."""

    question: Text
    command: str = Field(description="A line of trialstart, without its first word.")
    figure: Name | None = Field(default=None, description="Which of the figures that the command writes is shown.")
    guard: Text

    @property
    def words(self) -> tuple[str, ...]:
        """The command as a shell would part it."""
        return tuple(shlex.split(self.command))


class _Questions(Record):
    questions: tuple[Question, ...] = Field(min_length=1)


def questions() -> tuple[Question, ...]:
    """The shipped questions, in their order. Raises ScenarioError."""
    found: list[Mistake] = []
    read = validated(_Questions, read_tree(shipped_folder() / "questions.yaml", found), found)
    if read is None or found:
        raise ScenarioError(found)
    return read.questions
