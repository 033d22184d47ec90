"""Targets of a calibration: published totals that a scenario has to be able to give, each with how sure it is.

A target says between which events, which statistic, the published value and its `spread` (the standard deviation of
what was published about the truth: sampling, definition, another year), which trials the survey was about (`at`), in
which circumstances (`scenario`), at which `level` it counted, and within which time the survey could see them
(`seen_within`): a survey of trials that were submitted and started within 18 months sees short ones only, and so must
what is compared with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.files import read_tree, scenario_file
from sim.scenario.language.mistakes import Mistake, Place, ScenarioError
from sim.scenario.language.quantities import SpanField, ToleranceField
from sim.scenario.language.records import Condition, Name, Record, Text
from sim.scenario.shape import validated


class Target(Record):
    """A published total."""

    name: Name
    title: Text | None = None
    from_: Name = Field(alias="from")
    to: Name
    statistic: Literal["mean", "median", "q1", "q3", "p90", "share"] = Field(
        description="Of the days from one event to the other; share: of the trials that take at most `within`."
    )
    within: SpanField | None = None
    value: ToleranceField = Field(description="What was published, such as 70 d or 33 %.")
    spread: ToleranceField = Field(description="Its standard deviation about the truth, such as 6 d or 4 %.")
    at: Condition = Field(default={}, description="The trials of the survey; none: those that the goal is about.")
    scenario: str | None = Field(
        default=None,
        description="The circumstances of the survey, if they are others: a scenario such as calibration/set_up, "
        "beside this file or shipped; the numbers that nobody knows are the same in it.",
    )
    level: Literal["trial", "site", "patient"] = Field(
        default="trial", description="What was counted: trials, each at its first site; sites; or patients."
    )
    seen_within: SpanField | None = Field(
        default=None, description="How long the survey looked: both events fall into it, counted from the observation."
    )

    @model_validator(mode="after")
    def _of_one_kind(self) -> Target:
        share = isinstance(self.value, float)
        if share != isinstance(self.spread, float) or share != (self.statistic == "share"):
            raise ValueError("value and spread must both be shares for a share, both days for anything else")
        if (self.within is None) == share:
            raise ValueError("within must be given for a share, and for nothing else")
        return self

    @property
    def published(self) -> float:
        """What was published [d], or as a share [0 to 1]."""
        return self.value if isinstance(self.value, float) else self.value.days

    @property
    def error(self) -> float:
        """Its standard deviation about the truth, in the same unit."""
        return self.spread if isinstance(self.spread, float) else self.spread.days


class Targets(Record):
    """A file of targets."""

    title: Text
    targets: tuple[Target, ...] = Field(min_length=1)


def read_targets(source: str | Path, beside: Path | None = None) -> Targets:
    """The targets of a file, or of a shipped name such as `targets/france`; every scenario that they name is there.

    Raises
    ------
    ScenarioError
        With every mistake that was found, each with its place.
    """
    found: list[Mistake] = []
    file = scenario_file(source, beside, Place(str(source)))
    tree = read_tree(file, found)
    read = validated(Targets, tree, found)
    if read is None or found:
        raise ScenarioError(found)
    placed = []
    for number, each in enumerate(read.targets):
        node, words, _ = tree.walk("targets", number, "scenario")
        there = None if each.scenario is None else scenario_file(each.scenario, file.parent, node.place, words)
        placed.append(each.model_copy(update={"scenario": None if there is None else str(there)}))
    return read.model_copy(update={"targets": tuple(placed)})
