"""Site set-up: from a feasibility questionnaire to the written permission to enrol, at each site.

Feasibility first; then pharmacy, laboratory, imaging, computer access and training get ready, some of them again when
a circuit fails its test. The drug is released once the law and the contract allow it, and shipped. A monitor comes for
the initiation visit; after it, and with authorisation and contract in hand, the site is activated. Authorisation of
the place by the regional agency (ARS) and of genetically modified organisms come on top where they apply.

When each piece may start is a rule of the scenario: this is what early mobilisation and coordination change.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.schema import SiteSetup, Step
from sim.scenario.stages.tasks import Task, task

STAGE = "site_setup"


def tasks(stage: SiteSetup) -> Iterator[Task]:
    """The tasks of the set-up of one site, each with the start rules of the scenario."""
    yield _at_site("feasibility_completed", stage.feasibility)
    yield _at_site("ars_authorised", stage.ars_authorisation)
    yield _at_site("gmo_authorised", stage.gmo_authorisation)
    yield _at_site("essential_documents_sent", stage.essential_documents)
    yield _at_site("pharmacy_ready", stage.pharmacy)
    yield _at_site("lab_ready", stage.laboratory)
    yield _at_site("imaging_ready", stage.imaging)
    yield _at_site("systems_ready", stage.systems)
    yield _at_site("training_done", stage.training)
    yield _at_site("rework_done", stage.rework)
    yield _at_site("ip_release_approved", stage.drug_release)
    yield _at_site("ip_on_site", stage.drug_shipment)
    yield _at_site("monitor_available", stage.monitor)
    yield _at_site("siv_done", stage.initiation_visit)
    yield _at_site("site_activated", stage.activation)


def _at_site(name: str, step: Step) -> Task:
    return task(name, STAGE, "site", step, "arrived")
