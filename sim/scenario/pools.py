"""The pools of a scenario as a user writes them: people and sittings, and when they are not there.

A `Season` comes every year; a `Pool` has people who take leave and may be absent, or sittings that may be missed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.language.quantities import DateField, MonthDay, ShareField, SpanField
from sim.scenario.language.records import Name, Record, Whole

Year = Annotated[int, Field(strict=True, ge=1900, le=2200)]


class Season(Record):
    """A stretch of every year, both days included; it may run over the new year."""

    from_: MonthDay = Field(alias="from")
    to: MonthDay
    years: tuple[Year, ...] | None = Field(default=None, description="Only the seasons that begin in these years.")


class Leave(Season):
    """A season in which only a share of a pool's people is present."""

    present: ShareField


class Absence(Record):
    """Some people of a pool away between two dates, both included."""

    from_: DateField = Field(alias="from")
    to: DateField
    units: Whole
    at: Name | None = Field(default=None, description="Only the pool of this site or sponsor type.")

    @model_validator(mode="after")
    def _in_order(self) -> Absence:
        if self.from_ > self.to:
            raise ValueError(f"must begin before it ends, got {self.from_} to {self.to}")
        return self


class Missed(Season):
    """A season without sittings."""

    bodies: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = Field(
        default=None, description="How many of the bodies miss theirs; none: all of them."
    )


class Sittings(Record):
    """A body that meets: the dates at which a pool serves, and how many files at each."""

    bodies: Annotated[int, Field(strict=True, ge=1, le=1000)] = Field(
        description="Number of bodies, with their meetings spread evenly."
    )
    every: Literal["week", "two_weeks", "month"]
    seats: Annotated[int, Field(strict=True, ge=0, le=100_000)] = Field(description="Files at one sitting of one body.")
    drawn_between: tuple[SpanField, SpanField] | None = Field(
        default=None, description="The sitting is drawn at random among those so long after the file is ready.")
    missed: tuple[Missed, ...] = Field(default=(), description="Seasons in which sittings do not take place.")


class Pool(Record):
    """People (or sittings) for whom tasks queue."""

    per: Literal["country", "site", "sponsor"] = "country"
    shared_by: Name | None = Field(
        default=None, description="Sites with the same value of this attribute share one pool."
    )
    units: Annotated[int, Field(strict=True, ge=0, le=100_000)] | None = Field(
        default=None, description="People; for `per: site` see site_types."
    )
    clock: Name | None = Field(default=None, description="When they work; none: always.")
    order: Literal["ready", "due"] = Field(default="ready", description="Within a priority: first come, or first due.")
    leave: tuple[Leave, ...] = ()
    absences: tuple[Absence, ...] = ()
    sittings: Sittings | None = None
