"""The process as a user writes it: steps with start rules, limits and variants, and plain tasks.

A `Step` is what the four stages are written with; a `Task` is a step with a name and a place of its own, for stages
of plain tasks.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer, PlainValidator, model_serializer

from sim.scenario.language.durations import Duration, DurationField
from sim.scenario.language.mistakes import shown
from sim.scenario.language.quantities import DateField, ShareField, Span, SpanField, read_span
from sim.scenario.language.records import STRICT, Condition, CountField, Flag, Name, Record, Title

START_RULE = re.compile(
    r"\s*(?:(?P<which>first|every|coordinating)\s+)?(?P<event>[a-z][a-z0-9_]*)\s*(?:(?P<sign>[+-])\s*(?P<span>\S.*?))?\s*"
)

MOST_VARIANTS = 60
"""Which variants hold is kept in the bits of one number."""


class StartRule(BaseModel):
    """A start rule: an event, which of its sites, and a lag [span], negative for 'before the planned date'."""

    model_config = STRICT

    event: str = Field(description="The event that is waited for.")
    which: Literal["first", "every", "coordinating"] | None = Field(
        default=None, description="Which of its places: the first, every one, or the coordinating site."
    )
    lag: SpanField | None = Field(default=None, description="So long after it.")
    before: bool = Field(default=False, description="So long before its planned date instead.")

    def __str__(self) -> str:
        lag = f" {'-' if self.before else '+'} {self.lag}" if self.lag else ""
        return f"{self.which + ' ' if self.which else ''}{self.event}{lag}"

    @model_serializer
    def _written(self) -> str:
        return str(self)


def _start_rule(written: Any) -> Any:
    match = START_RULE.fullmatch(written) if isinstance(written, str) and len(written) < 200 else None
    if match is None:
        return written if isinstance(written, (dict, StartRule)) else _reject_start(written)
    return {"event": match["event"], "which": match["which"], "lag": match["span"], "before": match["sign"] == "-"}


def _reject_start(written: Any) -> Any:
    raise ValueError(
        f"must be an event such as 'authorised', 'authorised + 10 d' or 'first site_activated', got {shown(written)}"
    )


def _one_or_many(written: Any) -> Any:
    return written if isinstance(written, (list, tuple)) else (written,)


Starts = Annotated[
    tuple[Annotated[StartRule, BeforeValidator(_start_rule, json_schema_input_type=str)], ...],
    BeforeValidator(_one_or_many, json_schema_input_type=str | list[str]),
    Field(min_length=1, max_length=1000),
]


Team = Annotated[
    tuple[Name, ...],
    BeforeValidator(_one_or_many, json_schema_input_type=Name | list[Name]),
    PlainSerializer(lambda team: team[0] if len(team) == 1 else list(team)),
    Field(min_length=1, max_length=20),
]
Units = Annotated[int, Field(strict=True, ge=1, le=1000)]


def _span_or_duration(written: Any) -> Any:
    """What has the form of a duration is one; anything else is a span."""
    return Duration.model_validate(written) if isinstance(written, dict | Duration) else read_span(written)


Within = Annotated[
    Span | Duration,
    PlainValidator(_span_or_duration, json_schema_input_type=SpanField | Duration),
    PlainSerializer(lambda it: str(it) if isinstance(it, Span) else it.model_dump(mode="json", exclude_none=True)),
]


class Limit(Record):
    """A time limit and what happens at its end."""

    within: Within = Field(
        description="One span for all, or a duration that is drawn for each: how long somebody is patient."
    )
    until: Literal["start", "end"] = Field(
        default="end", description="What must come within it; start: it is a limit on the wait alone."
    )
    then: Literal["tacit", "decide", "overrun", "lapse"] = Field(
        description="At its end: deemed done, decided by then, late, or the trial ends."
    )
    clock: Name | None = Field(
        default=None, description="The clock it counts on; none: the calendar, or for wd the step's."
    )
    since: Name | None = Field(
        default=None, description="Counts from the end of this earlier task; none: from when it is ready."
    )

    @property
    def span(self) -> Span:
        """The limit, or one of the numbers of the duration that it is drawn from: the unit is that of all."""
        return self.within if isinstance(self.within, Span) else self.within.spans[0]

    @property
    def is_drawn(self) -> bool:
        """Whether each has a limit of its own."""
        return isinstance(self.within, Duration)


class Variant(Record):
    """What replaces parts of a step for some trials, sites, roles or submission dates (both included)."""

    when: Condition = Field(description="The trials or sites for which it holds; {} for all.")
    submitted_from: DateField | None = Field(default=None, description="For trials submitted on this day or later.")
    submitted_to: DateField | None = Field(default=None, description="For trials submitted on this day or before.")
    starts: Starts | None = None
    work: DurationField | None = None
    pool: Team | None = None
    units: Units | None = None
    clock: Name | None = None
    limit: Limit | None = None
    share: ShareField | None = None
    priority: Annotated[int, Field(strict=True, ge=-1000, le=1000)] | None = None


class Step(Record):
    """One piece of work: when it may start, how long it takes, who does it, within which limit, for which trials."""

    title: Title | None = Field(default=None, description="What people call the event that it ends with.")
    starts: Starts | None = Field(default=None, description="The events it waits for (all of them).")
    work: DurationField | None = Field(default=None, description="How long it takes once started; none: no time.")
    pool: Team | None = Field(
        default=None,
        description="The people it needs, from one pool or from each of several at the same instant; none: it never "
        "waits for anybody.",
    )
    units: Units | None = Field(default=None, description="How many of each of these people it needs; none: one.")
    kept_until: Name | None = Field(
        default=None,
        description="They are kept after its end, until this later event of the same trial, site or patient.",
    )
    clock: Name | None = Field(
        default=None, description="The clock that hours and wd count on; none: that of the first pool."
    )
    limit: Limit | None = None
    share: ShareField | None = Field(
        default=None, description="The share of trials (or sites) that need it; none: all."
    )
    only: Condition | None = Field(default=None, description="Only trials or sites with these attributes.")
    priority: Annotated[int, Field(strict=True, ge=-1000, le=1000)] | None = Field(
        default=None, description="Smaller first; none: the class's."
    )
    variants: tuple[Variant, ...] = Field(
        default=(),
        max_length=MOST_VARIANTS,
        description="What is different under a condition; for each thing the first that holds and says it counts.",
    )

    @property
    def team(self) -> tuple[str, ...]:
        """The pool of each unit that it needs."""
        return tuple(name for name in self.pool or () for _ in range(self.units or 1))


class Task(Step):
    """A plain task: a step with a name and a scope, so that any process can be written without Python."""

    name: Name = Field(description="How it, and the event at its end, is known.")
    scope: Literal["trial", "site"] = Field(default="trial", description="Once in a trial, or at each of its sites.")
    along_with: Name | None = Field(
        default=None, description="Exists exactly where this other task of the same scope exists."
    )
    unless: Name | None = Field(
        default=None, description="Exists exactly where this other task of the same scope does not."
    )
    rounds: CountField | None = Field(default=None, description="It (or its steps, in turn) is repeated so often.")
    steps: tuple[Task, ...] = Field(default=(), description="The steps of one round, one after the other.")
    enough: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = Field(
        default=None, description="How many of the events of `starts` suffice: 1 for the first of several; none: all."
    )
    all_but: Annotated[int, Field(strict=True, ge=0, le=1000)] | None = Field(
        default=None,
        description="How many of the trial's sites may be without the event that `starts` awaits of every one.",
    )
    drops_others: Flag = Field(
        default=False, description="The tasks of `starts` that have not ended then are dropped, also at work."
    )
    closes_site: Flag = Field(
        default=False,
        description="The site leaves the trial: nothing of it goes on, and nobody waits for it beside others.",
    )
    closes_trial: Flag = Field(default=False, description="Ends the trial: nothing of it starts afterwards.")
    needed_if: tuple[Name, Name] | None = Field(
        default=None, description="[A, B]: needed only if A ended before B did; both must precede it."
    )


class Share(Record):
    """A share with a source of its own."""

    share: ShareField = Field(description="The share.")
