"""The process as a user writes it: steps with start rules, limits and variants, plain tasks, and the four stages.

A `Step` is what the four stages are written with; a `Task` is a step with a name and a place of its own, for stages
of plain tasks.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, model_serializer

from sim.scenario.language.mistakes import shown
from sim.scenario.language.quantities import DateField, RateField, ShareField, SpanField
from sim.scenario.language.records import STRICT, Condition, CountField, DurationField, Flag, Name, Record

START_RULE = re.compile(
    r"\s*(?:(?P<which>first|every|coordinating)\s+)?(?P<event>[a-z][a-z0-9_]*)\s*(?:(?P<sign>[+-])\s*(?P<span>\S.*?))?\s*"
)

MOST_VARIANTS = 60
"""Which variants hold is kept in the bits of one number."""


class StartRule(BaseModel):
    """A start rule: an event, which of its sites, and a lag [span], negative for 'before the planned date'."""

    model_config = STRICT

    event: str
    which: Literal["first", "every", "coordinating"] | None = None
    lag: SpanField | None = None
    before: bool = False

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


class Limit(Record):
    """A time limit and what happens at its end."""

    within: SpanField
    then: Literal["tacit", "decide", "overrun", "lapse"]
    clock: Name | None = Field(
        default=None, description="The clock it counts on; none: the calendar, or for wd the step's."
    )
    since: Name | None = Field(
        default=None, description="Counts from the end of this earlier task; none: from when it is ready."
    )


class Variant(Record):
    """What replaces parts of a step for some trials, sites, roles or submission dates (both included)."""

    when: Condition
    submitted_from: DateField | None = None
    submitted_to: DateField | None = None
    starts: Starts | None = None
    work: DurationField | None = None
    pool: Name | None = None
    clock: Name | None = None
    limit: Limit | None = None
    share: ShareField | None = None
    priority: Annotated[int, Field(strict=True, ge=-1000, le=1000)] | None = None


class Step(Record):
    """One piece of work: when it may start, how long it takes, who does it, within which limit, for which trials."""

    starts: Starts | None = Field(default=None, description="The events it waits for (all of them).")
    work: DurationField | None = Field(default=None, description="How long it takes once started; none: no time.")
    pool: Name | None = Field(
        default=None, description="The people it needs, one unit; none: it never waits for anybody."
    )
    clock: Name | None = Field(default=None, description="The clock that hours and wd count on; none: the pool's.")
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


class Task(Step):
    """A plain task: a step with a name and a scope, so that any process can be written without Python."""

    name: Name
    scope: Literal["trial", "site"] = "trial"
    along_with: Name | None = Field(
        default=None, description="Exists exactly where this other task of the same scope exists."
    )
    unless: Name | None = Field(
        default=None, description="Exists exactly where this other task of the same scope does not."
    )
    rounds: CountField | None = Field(default=None, description="It (or its steps, in turn) is repeated so often.")
    steps: tuple[Task, ...] = Field(default=(), description="The steps of one round, one after the other.")
    closes_trial: Flag = Field(default=False, description="Ends the trial: nothing of it starts afterwards.")
    needed_if: tuple[Name, Name] | None = Field(
        default=None, description="[A, B]: needed only if A ended before B did; both must precede it."
    )


class Share(Record):
    """A share with a source of its own."""

    share: ShareField


class Planned(Record):
    """A length of time that is known in advance."""

    span: SpanField


class Referrals(Record):
    """How candidates come to a site: at a rate that is gamma-distributed over the sites of all trials."""

    rate: RateField = Field(description="Mean number of candidates per site and year.")
    alpha: Annotated[float, Field(strict=True, gt=0, le=1000)] = Field(description="Shape of the gamma distribution.")


class Target(Record):
    """How many patients a trial includes."""

    number: Annotated[int, Field(strict=True, ge=1, le=10_000)]


class Questions(Record):
    """Requests for information of one part of the assessment, and what they lead to."""

    share: ShareField = Field(description="Share of applications with questions.")
    answer: Step = Field(description="The sponsor's answer; the authority's clock stops.")
    reassessment: Step


class Part(Record):
    """One part of the assessment: Part I (ANSM) or Part II (CPP)."""

    assessment: Step
    questions: Questions


class Validation(Record):
    """Whether the dossier is complete."""

    check: Step
    query: Questions


class Authorisation(Record):
    """From the final protocol to the national decision, under Regulation (EU) 536/2014."""

    preparation: Planned = Field(description="From the final protocol to the submission, known in advance.")
    expected_review: Planned = Field(description="What people plan with when they count back from the authorisation.")
    reporting_state: Step = Field(description="Choice of the reporting Member State (multinational applications).")
    validation: Validation
    part_i: Part
    part_ii: Part
    decision: Step
    refused: Share = Field(description="Share of the decided applications that are refused.")
    withdrawn: Share = Field(description="Share of the applications that the sponsor withdraws.")


class Rounds(Record):
    """Turns that are repeated: the ball is in one court at a time."""

    rounds: CountField
    site_turn: Step
    sponsor_turn: Step


class Reopening(Record):
    """Questions of the authority that change the protocol reopen a contract that was agreed before the answer."""

    share: ShareField = Field(
        description="Share of the trials with questions whose contract is reopened if agreed by then."
    )
    site_turn: Step
    sponsor_turn: Step


class Contracting(Record):
    """The convention unique: coordinating site first, associated sites on its terms."""

    only: Condition = Field({}, description="The trials that need a contract of this kind; none: all.")
    starts: Starts = Field(description="The start rule of the whole stage: what the parallel lever changes.")
    draft: Step
    cost_matrix: Step
    negotiation: Rounds
    signature: Step
    reopening: Reopening
    associated: Rounds = Field(description="Review of the coordinator's terms by each associated site.")
    associated_signature: Step


class SiteSetup(Record):
    """From a selected site to written permission to enrol."""

    feasibility: Step
    ars_authorisation: Step
    gmo_authorisation: Step
    essential_documents: Step
    pharmacy: Step
    laboratory: Step
    imaging: Step
    systems: Step
    training: Step
    rework: Step
    drug_release: Step
    drug_shipment: Step
    monitor: Step
    initiation_visit: Step
    activation: Step


class Inclusion(Record):
    """Patients of each active site: identified or referred, consent, screening, inclusion, first dose."""

    patients: Target = Field(description="Inclusions at which the trial stops taking candidates.")
    known: Share = Field(description="Share of sites with a patient already identified when the site opens.")
    referrals: Referrals
    starts: Starts
    only: Condition = {}
    consent: Step
    screening: Step
    screen_failure: Share
    eligibility: Step
    first_dose: Step
    variants: tuple[InclusionVariant, ...] = Field(
        default=(), max_length=MOST_VARIANTS, description="As for a step: the first that holds and says it counts."
    )


class InclusionVariant(Record):
    """Other patients at some sites, classes or dates."""

    when: Condition
    submitted_from: DateField | None = None
    submitted_to: DateField | None = None
    known: Share | None = None
    referrals: Referrals | None = None
