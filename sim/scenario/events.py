"""The words that a scenario may use without defining them: events of the four stages, and attributes of every trial.

A name here can stand in a start rule, a limit, a goal or an indicator of any scenario that has the stage. The stages
in `sim/model/` produce them; whoever adds an event there adds its name here.
"""

from __future__ import annotations

ALWAYS = ("arrived",)

AUTHORISATION = (
    "protocol_final",
    "application_submitted",
    "reporting_state_agreed",
    "validation_checked",
    "validation_rfi_issued",
    "validation_rfi_answered",
    "validation_rechecked",
    "application_validated",
    "part_i_assessed",
    "part_i_rfi_issued",
    "part_i_rfi_answered",
    "part_i_reassessed",
    "part_i_concluded",
    "part_ii_assessed",
    "part_ii_rfi_issued",
    "part_ii_rfi_answered",
    "part_ii_reassessed",
    "part_ii_concluded",
    "decision",
    "refused",
    "withdrawn",
    "authorised",
)
CONTRACTING = (
    "contract_sent",
    "cost_matrix",
    "negotiation_site_turn",
    "negotiation_sponsor_turn",
    "contract_agreed",
    "contract_signed",
    "reopening_site_turn",
    "reopening_sponsor_turn",
    "contract_executed",
    "associated_site_turn",
    "associated_sponsor_turn",
    "associated_signed",
)
SITE_SETUP = (
    "feasibility_completed",
    "ars_authorised",
    "gmo_authorised",
    "essential_documents_sent",
    "pharmacy_ready",
    "lab_ready",
    "imaging_ready",
    "systems_ready",
    "training_done",
    "rework_done",
    "ip_release_approved",
    "ip_on_site",
    "monitor_available",
    "siv_done",
    "site_activated",
)
INCLUSION = ("referred", "consented", "screened", "eligible", "first_dose", "first_patient_in", "recruitment_ended")

BY_STAGE = {
    "authorisation": AUTHORISATION,
    "contracting": CONTRACTING,
    "site_setup": SITE_SETUP,
    "inclusion": INCLUSION,
}

ATTRIBUTES = ("class", "sponsor_type", "site", "role")
"""What conditions may ask for although no class and no site gives it as an attribute."""

ROLES = ("coordinating", "associated")
