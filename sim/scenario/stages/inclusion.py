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

from sim.scenario.schema import Inclusion
from sim.scenario.stages.tasks import Task, milestone, task

STAGE = "inclusion"
ELIGIBLE = "eligible"


def tasks(stage: Inclusion, counted: str) -> Iterator[Task]:
    """The tasks of one candidate, and the milestones of the site and the trial; `counted` is what inclusion means."""
    referral = replace(milestone("referred", STAGE, "patient", "arrived"), starts=stage.starts, arrives=True)
    yield referral
    yield task("consented", STAGE, "patient", stage.consent, "referred")
    yield task("screened", STAGE, "patient", stage.screening, "consented")
    passed = stage.eligibility.model_copy(update={"share": 1 - stage.screen_failure.share})
    yield task("eligible", STAGE, "patient", passed, "screened")
    yield replace(task("first_dose", STAGE, "patient", stage.first_dose, "eligible"), along_with="eligible")
    event = {"consent": "consented", "eligibility": "eligible", "first_dose": "first_dose"}[counted]
    yield replace(milestone("first_patient_in", STAGE, "site", f"every {event}"), first_of=1)
    enough = replace(milestone("recruitment_ended", STAGE, "trial", f"every {event}"), first_of=stage.patients.number)
    yield replace(enough, closes="candidates")
