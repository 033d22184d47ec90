"""Contracting: the convention unique between the sponsor and each hospital.

The sponsor sends a draft to the coordinating hospital, which builds the matrix of costs and extra costs. Then the
ball goes from one court to the other, round after round, until the text is agreed, and the signature circuit runs.
The associated hospitals review and sign the coordinator's terms. When talks open is one rule of the scenario: after
the authorisation, at the submission, or so long before either; where practice differs, a share of the trials has
`early` talks by a rule of its own. A draft that has a start rule of its own is written before, so that the rule is
about the sending. Starting early has a price: questions of the authority that change the protocol reopen a contract
that was agreed before they were answered.

References
----------
Code de la santé publique, article R. 1121-3-1; instruction DGOS/PF4/2014/195.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydantic import Field

from sim.scenario.language.quantities import ShareField
from sim.scenario.language.records import Condition, CountField, Record
from sim.scenario.language.steps import Starts, Step
from sim.scenario.stages.tasks import Event, Stage, Task, milestone, task, turns, with_condition

STAGE = Stage("contracting", "site", en="Contract", fr="Convention")
_EXECUTED = Event(
    "contract_executed",
    en="signed contract",
    fr="convention signée",
    reached=("have a signed contract", "ont une convention signée"),
)


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


class Early(Record):
    """A share of the trials whose talks open by another rule than that of the stage."""

    share: ShareField = Field(description="Share of the trials.")
    starts: Starts = Field(description="The start rule of these trials.")


class Contracting(Record):
    """The convention unique: coordinating site first, associated sites on its terms."""

    only: Condition = Field({}, description="The trials that need a contract of this kind; none: all.")
    starts: Starts = Field(description="When talks open: what the parallel lever changes.")
    early: Early | None = Field(default=None, description="The trials whose talks open by another rule; none: none.")
    talks: Step = Field(default=Step(), description="The opening itself; without anything of its own it takes no time.")
    draft: Step = Field(description="Written when talks open, or by its own start rule before that.")
    cost_matrix: Step
    negotiation: Rounds
    signature: Step
    reopening: Reopening
    associated: Rounds = Field(description="Review of the coordinator's terms by each associated site.")
    associated_signature: Step


def tasks(stage: Contracting, *, reopened: bool) -> Iterator[Task]:
    """The tasks of the contract, in the order in which they happen; `reopened`: an authority may have questions."""
    for each in _all(stage, reopened):
        (name, first), *others = each.steps
        yield replace(each, steps=((name, with_condition(first, stage.only)), *others))


def _all(stage: Contracting, reopened: bool) -> Iterator[Task]:
    yield from (replace(each, role="coordinating") for each in _coordinating(stage))
    if reopened:
        yield replace(_reopening(stage.reopening), role="coordinating")
    yield from (replace(each, role="associated") for each in _associated(stage))
    yield milestone(_EXECUTED, STAGE, "reopening" if reopened else "contract_signed", "associated_signed")


def _coordinating(stage: Contracting) -> Iterator[Task]:
    yield from _opening(stage)
    drafted = Event("contract_drafted", "draft written", "projet rédigé")
    yield task(drafted, STAGE, stage.draft, "talks_opened")
    sent = Event("contract_sent", "draft contract", "projet de convention")
    yield milestone(sent, STAGE, "talks_opened", "contract_drafted")
    yield task(Event("cost_matrix", "cost matrix", "matrice des coûts"), STAGE, stage.cost_matrix, "contract_sent")
    negotiation = {
        Event(
            "negotiation_site_turn", "negotiation, hospital", "négociation, établissement"
        ): stage.negotiation.site_turn,
        Event(
            "negotiation_sponsor_turn", "negotiation, sponsor", "négociation, promoteur"
        ): stage.negotiation.sponsor_turn,
    }
    yield replace(turns("negotiation", STAGE, negotiation, "cost_matrix"), rounds=stage.negotiation.rounds)
    yield milestone(Event("contract_agreed", "agreed text", "version négociée"), STAGE, "negotiation")
    yield task(Event("contract_signed", "signature", "signature"), STAGE, stage.signature, "contract_agreed")


def _opening(stage: Contracting) -> Iterator[Task]:
    """Talks open by the rule of the stage, but for some trials by that of `early`."""
    opened = Event("talks_opened", "talks open", "ouverture des échanges")
    if stage.early is None:
        yield task(opened, STAGE, stage.talks.model_copy(update={"starts": stage.starts}))
        return
    early, later = (
        Event("early_talks", "early talks", "échanges précoces"),
        Event("later_talks", "later talks", "échanges plus tardifs"),
    )
    yield task(early, STAGE, Step.model_construct(share=stage.early.share, starts=stage.early.starts))
    yield replace(
        task(later, STAGE, Step.model_construct(starts=stage.starts)), unless=early.name, otherwise=early.name
    )
    yield task(opened, STAGE, stage.talks, later.name)


def _associated(stage: Contracting) -> Iterator[Task]:
    site = Event("associated_site_turn", "associated site's review", "relecture, établissement associé")
    sponsor = Event("associated_sponsor_turn", "associated site, sponsor", "établissement associé, promoteur")
    review = {site: stage.associated.site_turn, sponsor: stage.associated.sponsor_turn}
    of_coordinator = turns("associated", STAGE, review, "coordinating contract_executed")
    yield replace(of_coordinator, rounds=stage.associated.rounds)
    signed = Event("associated_signed", "associated signature", "signature de l'établissement associé")
    yield task(signed, STAGE, stage.associated_signature, "associated")


def _reopening(reopening: Reopening) -> Task:
    site = Event("reopening_site_turn", "contract reopened, hospital", "convention rouverte, établissement")
    sponsor = Event("reopening_sponsor_turn", "contract reopened, sponsor", "convention rouverte, promoteur")
    first = reopening.site_turn.model_copy(update={"share": reopening.share})
    steps = {site: first, sponsor: reopening.sponsor_turn}
    again = turns("reopening", STAGE, steps, "contract_signed", "part_i_rfi_answered")
    agreed_before = ("contract_agreed", "part_i_rfi_answered")
    return replace(again, along_with="part_i_rfi_issued", otherwise="contract_signed", needed_if=agreed_before)
