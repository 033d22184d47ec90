"""How the story of a trial is laid out: bars that overlap in time go to lanes of their own.

A `Lane` is one line of the picture: a stage and the tasks drawn on it, none of which overlap. A stage has as many
lanes as it has tasks at the same time; tasks keep the first lane that is free, so that turns follow each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sim.analysis.timelines import StoryRow, TrialStory

ORDER = ("authorisation", "contracting", "site_setup", "inclusion")
"""Stages from top to bottom; others follow."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Tasks of one stage that do not overlap, in the order of time."""

    stage: str
    rows: tuple[StoryRow, ...]


def lanes(story: TrialStory) -> tuple[Lane, ...]:
    """The lanes of a trial, stage by stage; tasks without any length are left out."""
    long = sorted((row for row in story.rows if row.end > row.ready), key=lambda row: (_rank(row.stage), row.ready))
    return tuple(lane for stage, rows in groupby(long, key=lambda row: row.stage) for lane in _packed(stage, tuple(rows)))


def _packed(stage: str, rows: Sequence[StoryRow]) -> list[Lane]:
    packed: list[list[StoryRow]] = []
    for row in rows:
        free = next((lane for lane in packed if lane[-1].end <= row.ready), None)
        if free is None:
            packed.append([row])
        else:
            free.append(row)
    return [Lane(stage, tuple(lane)) for lane in packed]


def _rank(stage: str) -> tuple[int, str]:
    return (ORDER.index(stage) if stage in ORDER else len(ORDER), stage)
