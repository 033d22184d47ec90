"""Site set-up: from a feasibility questionnaire to the written permission to enrol, at each site.

Feasibility first; then pharmacy, laboratory, imaging, computer access and training get ready, some of them again when
a circuit fails its test. Service providers have work of their own for each site: kits of the central laboratory, the
central reading of images, the labelled drug of the depot, the people of a contract research organisation (CRO). The
drug is released once the law and the contract allow it, and shipped. A monitor comes for the initiation visit; after
it, and with authorisation and contract in hand, the site is activated. Authorisation of the place by its agency and of
genetically modified organisms come on top where they apply.

Starting early has a price: questions of the authority that change the protocol send a site that was ready before the
answer back to its pharmacy, its laboratory and its training.

When each piece may start is a rule of the scenario: this is what early mobilisation and coordination change. A new
piece is one more line of `SiteSetup`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from sim.scenario.language.quantities import ShareField
from sim.scenario.language.records import Record
from sim.scenario.language.steps import Step
from sim.scenario.stages.tasks import Event, Stage, Task, events_of, task, turns

STAGE = Stage("site_setup", "site", en="Site set-up", fr="Mise en place")
_OPEN = Event(
    "site_activated",
    en="open site",
    fr="centre ouvert",
    reached=("have an open site", "ont un centre ouvert"),
    since=("opening of the site", "l'ouverture du centre"),
)


class SetupReopening(Record):
    """Questions of the authority that change the protocol undo what was made ready before the answer."""

    share: ShareField = Field(
        description="Share of the sites of trials with questions that begin again, if the pharmacy was ready by then."
    )
    pharmacy: Annotated[Step, Event("pharmacy_again", en="pharmacy again", fr="reprise en pharmacie")]
    laboratory: Annotated[Step, Event("lab_again", en="laboratory again", fr="reprise au laboratoire")]
    training: Annotated[Step, Event("training_again", en="training again", fr="reprise de la formation")]


class SiteSetup(Record):
    """From a selected site to written permission to enrol."""

    feasibility: Annotated[Step, Event("feasibility_completed", en="feasibility", fr="faisabilité")]
    ars_authorisation: Annotated[Step, Event("ars_authorised", en="place authorised", fr="autorisation de lieu")]
    gmo_authorisation: Annotated[Step, Event("gmo_authorised", en="GMO authorisation", fr="autorisation OGM")]
    essential_documents: Annotated[
        Step, Event("essential_documents_sent", en="essential documents", fr="documents essentiels")
    ]
    lab_kits: Annotated[Step, Event("lab_kits_on_site", en="laboratory kits", fr="kits de laboratoire")] = Step()
    imaging_reading: Annotated[
        Step, Event("imaging_reading_ready", en="central reading", fr="relecture centralisée")
    ] = Step()
    cro: Annotated[Step, Event("cro_ready", en="CRO", fr="prestataire (CRO)")] = Step()
    drug_packing: Annotated[Step, Event("drug_packed", en="drug at the depot", fr="médicament au dépôt")] = Step()
    pharmacy: Annotated[Step, Event("pharmacy_ready", en="pharmacy", fr="pharmacie")]
    laboratory: Annotated[Step, Event("lab_ready", en="laboratory", fr="laboratoire")]
    imaging: Annotated[Step, Event("imaging_ready", en="imaging", fr="imagerie")]
    systems: Annotated[Step, Event("systems_ready", en="computer access", fr="accès informatiques")]
    training: Annotated[Step, Event("training_done", en="training", fr="formation")]
    rework: Annotated[Step, Event("rework_done", en="rework", fr="reprise")]
    drug_release: Annotated[Step, Event("ip_release_approved", en="drug release", fr="feu vert du médicament")]
    drug_shipment: Annotated[Step, Event("ip_on_site", en="drug on site", fr="médicament reçu")]
    monitor: Annotated[Step, Event("monitor_available", en="monitor", fr="moniteur")]
    initiation_visit: Annotated[Step, Event("siv_done", en="initiation visit", fr="visite de mise en place")]
    activation: Annotated[Step, _OPEN]
    reopening: SetupReopening | None = Field(default=None, description="None: nothing that was ready is undone.")


def tasks(stage: SiteSetup) -> Iterator[Task]:
    """The tasks of the set-up of one site, each with the start rules of the scenario."""
    yield from (task(event, STAGE, step, "arrived") for event, step in events_of(stage))
    if stage.reopening is not None:
        yield _reopening(stage.reopening)


def _reopening(again: SetupReopening) -> Task:
    (first, step), *others = events_of(again)
    steps = {first: step.model_copy(update={"share": again.share}), **dict(others)}
    undone = turns("setup_reopening", STAGE, steps, "rework_done", "part_i_rfi_answered")
    ready_before = ("pharmacy_ready", "part_i_rfi_answered")
    return replace(undone, along_with="part_i_rfi_issued", otherwise="rework_done", needed_if=ready_before)
