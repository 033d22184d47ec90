"""Authorisation of a trial: from the final protocol to the single national decision.

The sponsor prepares the dossier and submits it in CTIS. The dossier is checked for completeness; then Part I (the
competent authority) and Part II (the ethics committee) are assessed side by side. Either may end with questions, which
the sponsor answers while the authority's clock stands still, and a reassessment. One decision closes both. A trial may
be refused, withdrawn by its sponsor, or lapse because an answer came too late (a limit with `then: lapse`).

References
----------
Regulation (EU) No 536/2014, articles 5 to 8 and 14. Regulation (EEC, Euratom) No 1182/71 for how days count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic import Field

from sim.scenario.language.quantities import ShareField, SpanField
from sim.scenario.language.records import Record
from sim.scenario.language.steps import Share, Step
from sim.scenario.stages.tasks import Event, Plan, Stage, Task, milestone, task

STAGE = Stage("authorisation", "trial", en="Authorisation", fr="Autorisation")
_SUBMITTED = Event("application_submitted", en="submission", fr="dépôt du dossier", since=("submission", "le dépôt"))
_AUTHORISED = Event(
    "authorised",
    en="authorisation",
    fr="autorisation",
    reached=("are authorised", "sont autorisés"),
    since=("authorisation", "l'autorisation"),
)


class Planned(Record):
    """A length of time that is known in advance."""

    span: SpanField = Field(description="How long.")


class Questions(Record):
    """Requests for information of one part of the assessment, and what they lead to."""

    share: ShareField = Field(description="Share of applications with questions.")
    answer: Step = Field(description="The sponsor's answer; the authority's clock stops.")
    reassessment: Step


class Part(Record):
    """One part of the assessment: Part I (competent authority) or Part II (ethics committee)."""

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


def tasks(stage: Authorisation) -> Iterator[Task]:
    """The tasks of the authorisation, in the order in which they happen."""
    yield milestone(Event("protocol_final", "protocol final", "protocole finalisé"), STAGE, "arrived")
    yield milestone(_SUBMITTED, STAGE, f"protocol_final + {stage.preparation.span}")
    agreed = Event("reporting_state_agreed", "reporting State", "État rapporteur")
    yield task(agreed, STAGE, stage.reporting_state, "application_submitted")
    checked = Event("validation_checked", "validation", "recevabilité")
    yield task(checked, STAGE, stage.validation.check, "application_submitted")
    again = Event("validation_rechecked", "validation re-check", "nouvelle vérification")
    yield from _questions("validation", checked, again, stage.validation.query)
    valid = Event("application_validated", "dossier valid", "dossier recevable")
    yield milestone(valid, STAGE, "validation_rechecked", "reporting_state_agreed")
    yield from _part("part_i", "Part I", "partie I", stage.part_i)
    yield from _part("part_ii", "Part II", "partie II", stage.part_ii)
    decision = Event("decision", "decision", "décision")
    yield task(decision, STAGE, stage.decision, "part_i_concluded", "part_ii_concluded")
    refused = Event("refused", "refusal", "refus")
    yield replace(_for_a_share(refused, stage.refused.share, "decision"), closes="trial")
    yield replace(milestone(_AUTHORISED, STAGE, "decision"), unless="refused")
    withdrawn = Event("withdrawn", "withdrawal", "retrait")
    yield replace(_for_a_share(withdrawn, stage.withdrawn.share, "part_i_rfi_issued"), closes="trial")


def plans(stage: Authorisation) -> Mapping[str, Plan]:
    """The dates that people plan with, so that work can start so many days before them."""
    return {
        "application_submitted": Plan("protocol_final", stage.preparation.span),
        "authorised": Plan("application_submitted", stage.expected_review.span),
    }


def _part(name: str, en: str, fr: str, part: Part) -> Iterator[Task]:
    assessed = Event(f"{name}_assessed", en, fr)
    yield task(assessed, STAGE, part.assessment, "application_validated")
    again = Event(f"{name}_reassessed", f"{en} reassessment", f"réévaluation {fr}")
    yield from _questions(name, assessed, again, part.questions)
    yield milestone(Event(f"{name}_concluded", f"{en} concluded", f"conclusion {fr}"), STAGE, again.name)


def _questions(name: str, asked: Event, again: Event, questions: Questions) -> Iterator[Task]:
    """What may come after the assessment that ends with `asked`, up to the one that ends with `again`."""
    issued = Event(f"{name}_rfi_issued", f"{asked.en} questions", f"questions {asked.fr}")
    answered = Event(f"{name}_rfi_answered", f"{asked.en} reply", f"réponse {asked.fr}")
    yield _for_a_share(issued, questions.share, asked.name)
    yield replace(task(answered, STAGE, questions.answer, issued.name), along_with=issued.name)
    yield replace(task(again, STAGE, questions.reassessment, answered.name), along_with=issued.name)


def _for_a_share(event: Event, share: float, then: str) -> Task:
    return replace(milestone(event, STAGE, then), steps=((event.name, Step.model_construct(share=share)),))
