"""Authorisation of a trial: from the final protocol to the single national decision of ANSM and CPP.

The sponsor prepares the dossier and submits it in CTIS. The dossier is checked for completeness; then Part I (ANSM)
and Part II (the ethics committee, CPP) are assessed side by side. Either may end with questions, which the sponsor
answers while the authority's clock stands still, and a reassessment. One decision closes both. A trial may be refused,
withdrawn by its sponsor, or lapse because an answer came too late (a limit with `then: lapse`).

References
----------
Regulation (EU) No 536/2014, articles 5 to 8 and 14. Regulation (EEC, Euratom) No 1182/71 for how days count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sim.scenario.schema import Authorisation, Part, Questions, Step
from sim.scenario.stages.tasks import Plan, Task, milestone, task

STAGE = "authorisation"


def tasks(stage: Authorisation) -> Iterator[Task]:
    """The tasks of the authorisation, in the order in which they happen."""
    yield milestone("protocol_final", STAGE, "trial", "arrived")
    yield milestone("application_submitted", STAGE, "trial", f"protocol_final + {stage.preparation.span}")
    yield task("reporting_state_agreed", STAGE, "trial", stage.reporting_state, "application_submitted")
    yield task("validation_checked", STAGE, "trial", stage.validation.check, "reporting_state_agreed")
    yield from _questions("validation", "rechecked", stage.validation.query, "validation_checked")
    yield milestone("application_validated", STAGE, "trial", "validation_rechecked")
    yield from _part("part_i", stage.part_i)
    yield from _part("part_ii", stage.part_ii)
    yield task("decision", STAGE, "trial", stage.decision, "part_i_concluded", "part_ii_concluded")
    yield replace(_for_a_share("refused", stage.refused.share, "decision"), closes="trial")
    yield replace(milestone("authorised", STAGE, "trial", "decision"), unless="refused")
    yield replace(_for_a_share("withdrawn", stage.withdrawn.share, "part_i_rfi_issued"), closes="trial")


def plans(stage: Authorisation) -> Mapping[str, Plan]:
    """The dates that people plan with, so that work can start so many days before them."""
    return {
        "application_submitted": Plan("protocol_final", stage.preparation.span),
        "authorised": Plan("application_submitted", stage.expected_review.span),
    }


def _part(part: str, stage: Part) -> Iterator[Task]:
    yield task(f"{part}_assessed", STAGE, "trial", stage.assessment, "application_validated")
    yield from _questions(part, "reassessed", stage.questions, f"{part}_assessed")
    yield milestone(f"{part}_concluded", STAGE, "trial", f"{part}_reassessed")


def _questions(part: str, again: str, questions: Questions, then: str) -> Iterator[Task]:
    issued, answered = f"{part}_rfi_issued", f"{part}_rfi_answered"
    yield _for_a_share(issued, questions.share, then)
    yield replace(task(answered, STAGE, "trial", questions.answer, issued), along_with=issued)
    yield replace(task(f"{part}_{again}", STAGE, "trial", questions.reassessment, answered), along_with=issued)


def _for_a_share(name: str, share: float, then: str) -> Task:
    return replace(milestone(name, STAGE, "trial", then), steps=((name, Step.model_construct(share=share)),))
