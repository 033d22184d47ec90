"""Inclusion: the candidates of each active site, until the trial has the patients it needs.

Some sites know a patient when they open. Other candidates are referred at random, at a rate that differs from site to
site by a gamma distribution (the Poisson-gamma model). A candidate consents and is screened in a scarce slot; some
fail; the others are included and get a first dose. The first patient is the milestone of the pledge; after the last
one needed, no further candidate starts.

References
----------
Anisimov V., Fedorov V. (2007). Modelling, prediction and adaptive adjustment of recruitment in multicentre trials.
Statistics in Medicine 26, 4958-4975. doi:10.1002/sim.2956
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.language.quantities import DateField, RateField
from sim.scenario.language.records import Condition, Record
from sim.scenario.language.steps import MOST_VARIANTS, Share, Starts, Step
from sim.scenario.stages.tasks import Event, Stage, Task, milestone, task

STAGE = Stage("inclusion", "patient", en="Patients", fr="Patients")
ELIGIBLE = "eligible"
_OF_SITES, _OF_TRIALS = replace(STAGE, scope="site"), replace(STAGE, scope="trial")
_FIRST = Event(
    "first_patient_in",
    en="first patient in",
    fr="premier patient inclus",
    reached=("have included a first patient", "ont inclus un premier patient"),
)


class Referrals(Record):
    """How candidates come to a site: at a rate that is gamma-distributed over the sites of all trials."""

    rate: RateField = Field(description="Mean number of candidates per site and year.")
    alpha: Annotated[float, Field(strict=True, gt=0, le=1000)] = Field(description="Shape of the gamma distribution.")


class Hold(Record):
    """Days on which no site takes anybody in, both included."""

    from_: DateField = Field(alias="from", description="Its first day.")
    to: DateField = Field(description="Its last day.")

    @model_validator(mode="after")
    def _in_order(self) -> Hold:
        if self.from_ > self.to:
            raise ValueError(f"must begin before it ends, got {self.from_} to {self.to}")
        return self


class Target(Record):
    """How many patients a trial includes."""

    number: Annotated[int, Field(strict=True, ge=1, le=10_000)] = Field(description="How many patients.")


class Inclusion(Record):
    """Patients of each active site: identified or referred, consent, screening, inclusion, first dose."""

    patients: Target = Field(description="Inclusions at which the trial stops taking candidates.")
    known: Share = Field(description="Share of sites with a patient already identified when the site opens.")
    referrals: Referrals
    starts: Starts = Field(description="When candidates may come.")
    holds: tuple[Hold, ...] = Field(
        default=(), max_length=1000, description="When nobody is referred; who was referred before goes on."
    )
    only: Condition = Field(default={}, description="The trials that include patients; none: all.")
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

    when: Condition = Field(description="The trials or sites for which it holds; {} for all.")
    submitted_from: DateField | None = Field(default=None, description="For trials submitted on this day or later.")
    submitted_to: DateField | None = Field(default=None, description="For trials submitted on this day or before.")
    known: Share | None = None
    referrals: Referrals | None = None


def tasks(stage: Inclusion, counted: str) -> Iterator[Task]:
    """The tasks of one candidate, and the milestones of the site and the trial; `counted` is what inclusion means."""
    referral = milestone(Event("referred", "finding a patient", "recherche d'un patient"), STAGE, "arrived")
    yield replace(referral, starts=stage.starts, arrives=True)
    yield task(Event("consented", "consent", "consentement"), STAGE, stage.consent, "referred")
    yield task(Event("screened", "screening", "bilan de sélection"), STAGE, stage.screening, "consented")
    passed = stage.eligibility.model_copy(update={"share": 1 - stage.screen_failure.share})
    yield task(Event(ELIGIBLE, "eligibility", "éligibilité"), STAGE, passed, "screened")
    dose = task(Event("first_dose", "first dose", "première administration"), STAGE, stage.first_dose, ELIGIBLE)
    yield replace(dose, along_with=ELIGIBLE)
    event = {"consent": "consented", "eligibility": ELIGIBLE, "first_dose": "first_dose"}[counted]
    yield replace(milestone(_FIRST, _OF_SITES, f"every {event}"), first_of=1)
    ended = Event("recruitment_ended", "end of recruitment", "fin des inclusions")
    enough = replace(milestone(ended, _OF_TRIALS, f"every {event}"), first_of=stage.patients.number)
    yield replace(enough, closes="candidates")
