"""Contracting: the convention unique between the sponsor and each hospital.

The sponsor sends a draft to the coordinating hospital, which builds the matrix of costs and extra costs. Then the
ball goes from one court to the other, round after round, until the text is agreed, and the signature circuit runs.
The associated hospitals review and sign the coordinator's terms. When the stage may start is one rule of the scenario:
after the authorisation, at the submission, or so long before either. Starting early has a price: questions of the
authority that change the protocol reopen a contract that was agreed before they were answered.

References
----------
Code de la santé publique, article R. 1121-3-1; instruction DGOS/PF4/2014/195.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sim.scenario.schema import Contracting, Step
from sim.scenario.stages.tasks import Task, milestone, task, turns, with_condition

STAGE = "contracting"


def tasks(stage: Contracting) -> Iterator[Task]:
    """The tasks of the contract, in the order in which they happen."""
    for each in _all(stage):
        (name, first), *others = each.steps
        yield replace(each, steps=((name, with_condition(first, stage.only)), *others))


def _all(stage: Contracting) -> Iterator[Task]:
    yield from (replace(each, role="coordinating") for each in _coordinating(stage))
    yield from (replace(each, role="associated") for each in _associated(stage))
    yield milestone("contract_executed", STAGE, "site", "reopening", "associated_signed")


def _coordinating(stage: Contracting) -> Iterator[Task]:
    draft = stage.draft.model_copy(update={"starts": stage.starts})
    yield task("contract_sent", STAGE, "site", draft)
    yield task("cost_matrix", STAGE, "site", stage.cost_matrix, "contract_sent")
    negotiation = _turns("negotiation", stage.negotiation.site_turn, stage.negotiation.sponsor_turn)
    yield turns("negotiation", STAGE, stage.negotiation.rounds, negotiation, "cost_matrix")
    yield milestone("contract_agreed", STAGE, "site", "negotiation")
    yield task("contract_signed", STAGE, "site", stage.signature, "contract_agreed")
    yield _reopening(stage)


def _associated(stage: Contracting) -> Iterator[Task]:
    review = _turns("associated", stage.associated.site_turn, stage.associated.sponsor_turn)
    yield turns("associated", STAGE, stage.associated.rounds, review, "coordinating contract_executed")
    yield task("associated_signed", STAGE, "site", stage.associated_signature, "associated")


def _reopening(stage: Contracting) -> Task:
    reopening = stage.reopening
    steps = _turns("reopening", reopening.site_turn, reopening.sponsor_turn)
    steps["reopening_site_turn"] = reopening.site_turn.model_copy(update={"share": reopening.share})
    again = turns("reopening", STAGE, None, steps, "contract_signed", "part_i_rfi_answered")
    agreed_before = ("contract_agreed", "part_i_rfi_answered")
    return replace(again, along_with="part_i_rfi_issued", otherwise="contract_signed", needed_if=agreed_before)


def _turns(name: str, site_turn: Step, sponsor_turn: Step) -> dict[str, Step]:
    return {f"{name}_site_turn": site_turn, f"{name}_sponsor_turn": sponsor_turn}
