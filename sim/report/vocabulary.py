"""What the field calls its things, in English and French: indicators, tasks, stages, people and events.

Each dictionary goes from the name in a scenario to a pair (English, French); what is not in it keeps its own name.
"""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

INDICATORS: Mapping[str, Pair] = {
    "readiness_time": ("authorisation to open site", "délai autorisation → centre ouvert"),
    "inclusion_time": ("authorisation to first patient in", "délai autorisation → premier patient inclus"),
    "review_time_gross": ("authorisation time (gross)", "délai d'autorisation (brut)"),
    "review_time_net": ("authorisation time (without the sponsor's clock)", "délai net (hors horloge promoteur)"),
    "contract_cycle_time": ("contract, from draft to signature", "délai de contractualisation"),
    "contract_overhang": ("contract delay after authorisation", "retard contractuel après autorisation"),
    "activation_to_fpi": ("open site to first patient in", "centre ouvert → premier patient inclus"),
    "submission_to_fpi": ("submission to first patient in", "dépôt → premier patient inclus"),
}

TASKS: Mapping[str, Pair] = {
    "arrived": ("arrival", "arrivée"),
    "protocol_final": ("protocol final", "protocole finalisé"),
    "application_submitted": ("submission", "dépôt du dossier"),
    "reporting_state_agreed": ("reporting State", "État rapporteur"),
    "validation_checked": ("validation", "recevabilité"),
    "validation_rfi_answered": ("validation reply", "réponse recevabilité"),
    "validation_rechecked": ("validation re-check", "nouvelle vérification"),
    "part_i_assessed": ("Part I (ANSM)", "partie I (ANSM)"),
    "part_i_rfi_answered": ("Part I reply", "réponse partie I"),
    "part_i_reassessed": ("Part I reassessment", "réévaluation partie I"),
    "part_ii_assessed": ("Part II (CPP)", "partie II (CPP)"),
    "part_ii_rfi_answered": ("Part II reply", "réponse partie II"),
    "part_ii_reassessed": ("Part II reassessment", "réévaluation partie II"),
    "decision": ("decision", "décision"),
    "authorised": ("authorisation", "autorisation"),
    "contract_sent": ("draft contract", "projet de convention"),
    "cost_matrix": ("cost matrix", "matrice des coûts et surcoûts"),
    "negotiation_site_turn": ("negotiation, hospital", "négociation, établissement"),
    "negotiation_sponsor_turn": ("negotiation, sponsor", "négociation, promoteur"),
    "contract_agreed": ("agreed text", "version négociée"),
    "contract_signed": ("signature", "signature"),
    "reopening_site_turn": ("contract reopened, hospital", "convention rouverte, établissement"),
    "reopening_sponsor_turn": ("contract reopened, sponsor", "convention rouverte, promoteur"),
    "associated_site_turn": ("associated site's review", "relecture, établissement associé"),
    "associated_sponsor_turn": ("associated site, sponsor", "établissement associé, promoteur"),
    "associated_signed": ("associated signature", "signature de l'établissement associé"),
    "contract_executed": ("signed contract", "convention signée"),
    "feasibility_completed": ("feasibility", "faisabilité"),
    "ars_authorised": ("ARS authorisation", "autorisation de lieu (ARS)"),
    "gmo_authorised": ("GMO authorisation", "autorisation OGM"),
    "essential_documents_sent": ("essential documents", "documents essentiels"),
    "pharmacy_ready": ("pharmacy", "PUI"),
    "lab_ready": ("laboratory", "laboratoire"),
    "imaging_ready": ("imaging", "imagerie"),
    "systems_ready": ("computer access", "accès informatiques"),
    "training_done": ("training", "formation"),
    "rework_done": ("rework", "reprise"),
    "ip_release_approved": ("drug release", "feu vert du médicament"),
    "ip_on_site": ("drug on site", "médicament reçu à la PUI"),
    "monitor_available": ("monitor", "ARC promoteur"),
    "siv_done": ("initiation visit", "visite de mise en place"),
    "site_activated": ("open site", "centre ouvert"),
    "referred": ("finding a patient", "recherche d'un patient"),
    "consented": ("consent", "consentement"),
    "screened": ("screening", "bilan de sélection"),
    "eligible": ("eligibility", "éligibilité"),
    "first_dose": ("first dose", "première administration"),
    "first_patient_in": ("first patient in", "premier patient inclus"),
    "other": ("something else", "autre"),
}

STAGES: Mapping[str, Pair] = {
    "authorisation": ("Authorisation", "Autorisation"),
    "contracting": ("Contract", "Convention"),
    "site_setup": ("Site set-up", "Mise en place"),
    "inclusion": ("Patients", "Patients"),
    "tasks": ("Tasks", "Tâches"),
    "milestones": ("Milestones", "Jalons"),
}

POOLS: Mapping[str, Pair] = {
    "assessors": ("assessors (ANSM)", "évaluateurs (ANSM)"),
    "committees": ("committees (CPP)", "comités (CPP)"),
    "contract_officers": ("contract officers", "cellule contrats"),
    "pharmacists": ("pharmacists", "pharmaciens"),
    "study_coordinators": ("study coordinators", "TEC"),
    "investigators": ("investigators", "investigateurs"),
    "screening_slots": ("screening slots", "créneaux de sélection"),
    "sponsor_legal": ("sponsor's lawyers", "juristes du promoteur"),
    "monitors": ("monitors", "ARC promoteur"),
    "site_referents": ("site referents", "référents du centre"),
    "sponsor_referents": ("sponsor referents", "référents du promoteur"),
}

REACHED: Mapping[str, Pair] = {
    "site_activated": ("have an open site", "ont un centre ouvert"),
    "first_patient_in": ("have included a first patient", "ont inclus un premier patient"),
    "contract_executed": ("have a signed contract", "ont une convention signée"),
    "authorised": ("are authorised", "sont autorisés"),
}
"""What can be said of trials that have reached an event; for any other: "have reached ..."."""

OF: Mapping[str, Pair] = {
    "arrived": ("arrival", "l'arrivée"),
    "authorised": ("authorisation", "l'autorisation"),
    "application_submitted": ("submission", "le dépôt"),
    "site_activated": ("opening of the site", "l'ouverture du centre"),
}
"""An event as the start of a count of days."""
