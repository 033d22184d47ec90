"""What the field calls its things, in English and French: indicators and people.

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
