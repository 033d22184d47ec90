"""Every word that a policy team reads, in English and French.

A wording is a pair (English, French). What a scenario names itself (its title, an indicator with a title) is taken
from there; what is not in the dictionaries is shown as the scenario spells it, with spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sim.scenario.schema import Goal, Scenario, Text

Language = Literal["en", "fr"]
Pair = tuple[str, str]

NO_BREAK = "\N{NO-BREAK SPACE}"

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
    "protocol_final": ("protocol final", "protocole finalisé"),
    "application_submitted": ("submission", "dépôt du dossier"),
    "reporting_state_agreed": ("reporting State", "État rapporteur"),
    "validation_checked": ("validation", "recevabilité"),
    "validation_answer": ("validation reply", "réponse recevabilité"),
    "validation_rechecked": ("validation re-check", "nouvelle vérification"),
    "part_i_assessed": ("Part I (ANSM)", "partie I (ANSM)"),
    "part_i_answered": ("Part I reply", "réponse partie I"),
    "part_i_reassessed": ("Part I reassessment", "réévaluation partie I"),
    "part_ii_assessed": ("Part II (CPP)", "partie II (CPP)"),
    "part_ii_answered": ("Part II reply", "réponse partie II"),
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
    "authorised": ("authorisation", "l'autorisation"),
    "application_submitted": ("submission", "le dépôt"),
    "site_activated": ("opening of the site", "l'ouverture du centre"),
}
"""An event as the start of a count of days."""

GRADES: Mapping[str, Pair] = {
    "A": ("legal text", "texte officiel"),
    "B": ("measured and published", "mesuré et publié"),
    "C": ("survey", "enquête"),
    "D": ("expert or press", "expert ou presse"),
    "assumption": ("assumption", "hypothèse"),
}

VERDICTS: Mapping[str, Pair] = {
    "gain": ("gain", "gain"),
    "loss": ("loss", "perte"),
    "no_difference": ("no difference to see", "pas de différence visible"),
    "identical": ("exactly identical", "strictement identique"),
    "change": ("change", "changement"),
    "unknown": ("cannot tell", "ne peut être dit"),
}

PHRASES: Mapping[str, Pair] = {
    "answer": (
        "{share} (95 % CI {interval}, {replications}) of trials {reached} within {goal} of {event}.",
        "{share} (IC à 95 % : {interval}, {replications}) des essais {reached} dans les {goal} suivant {event}.",
    ),
    "answer_unsure": (
        "{share} ({replications}) of trials {reached} within {goal} of {event}.",
        "{share} ({replications}) des essais {reached} dans les {goal} suivant {event}.",
    ),
    "no_trial": ("No trial counts.", "Aucun essai n'est compté."),
    "replications": ("{n} replications", "{n} réplications"),
    "replication": ("one replication", "une réplication"),
    "binding": ("Last to finish: {items}.", "Dernier élément terminé : {items}."),
    "overhang": (
        "The first contract is signed on average {days} ({interval}) after authorisation (0 if before).",
        "La première convention est signée en moyenne {days} ({interval}) après l'autorisation (0 si avant).",
    ),
    "wasted": (
        "Contract work lost: {days} ({interval}) per 100 trials submitted.",
        "Travail contractuel perdu : {days} ({interval}) pour 100 essais déposés.",
    ),
    "calendar": ("{n} calendar days", "{n} jours calendaires"),
    "working": ("{n} working days", "{n} jours ouvrés"),
    "points": ("{n} points", "{n} points"),
    "interval": ("95 % CI", "IC à 95 %"),
    "not_reached": ("not reached", "non atteint"),
    "have_reached": ("have reached \N{LEFT DOUBLE QUOTATION MARK}{event}\N{RIGHT DOUBLE QUOTATION MARK}",
                     "ont atteint « {event} »"),
    "Answer": ("The answer", "La réponse"),
    "Differences": ("{title}, against {reference} (same trials, same luck)",
                    "{title}, par rapport à {reference} (mêmes essais, mêmes aléas)"),
    "Medians": ("Shares [95 % CI] and medians in days [quartiles]", "Parts [IC à 95 %] et médianes en jours [quartiles]"),
    "Days": ("Where the days from {since} to {to} go: mean days (of which waiting)",
             "Où passent les jours, {since} → {to} : moyenne (dont attente)"),
    "People": ("People and sittings: {scenario}", "Équipes et séances : {scenario}"),
    "Reading": ("How to read this", "Comment lire ces résultats"),
    "number": ("Number", "Grandeur"),
    "difference": ("Difference", "Écart"),
    "verdict": ("Verdict", "Verdict"),
    "stage": ("Stage", "Étape"),
    "work": ("work", "traitement"),
    "wait": ("waiting", "attente"),
    "pool": ("Pool", "Ressource"),
    "mean_wait": ("Wait, d", "Attente, j"),
    "p90_wait": ("P90, d", "P90, j"),
    "utilisation": ("Use", "Occup."),
    "backlog": ("Backlog", "Stock"),
    "busiest": ("Busiest", "Le plus chargé"),
    "share_of_trials": ("trials that {reached} in time", "essais qui {reached} à temps"),
    "share_of_sites": ("sites, the same", "centres, idem"),
    "median_of": ("median of {what}, d", "médiane, {what}, j"),
    "mean_of": ("mean of {what}, d", "moyenne, {what}, j"),
    "wasted_title": ("contract days lost per 100 trials", "jours de contrat perdus pour 100 essais"),
    "window": (
        ("Counted: trials in scope whose first event falls between {opens} and {closes} (after {warm_up} of warm-up), "
        "followed until {ends}."),
        ("Sont comptés : les essais du périmètre dont le premier événement tombe entre le {opens} et le {closes} (après "
        "{warm_up} de montée en charge), suivis jusqu'au {ends}."),
    ),
    "counted": (
        ("{scenario}: {trials} trials in {replications}; {not_reached} not there by the end, which count as missed; "
        "{left_out} too recent to tell, left out."),
        ("{scenario} : {trials} essais en {replications} ; {not_reached} non atteints à la fin, comptés comme manqués ; "
        "{left_out} trop récents pour être jugés, écartés."),
    ),
    "dates": (
        "{goal}: by dates, the day of the first event not counted.",
        "{goal} : par dates, le jour du premier événement non compté.",
    ),
    "inclusion": ("Included means: {what}.", "« Inclus » signifie : {what}."),
    "intervals": (
        "Intervals are 95 % Student intervals over replications; they say how sure the simulation is, not the inputs.",
        ("Les intervalles sont de Student à 95 % sur les réplications ; ils portent sur la simulation, non sur les données "
        "d'entrée."),
    ),
    "evidence": ("Numbers of the scenario by evidence: {grades}.", "Nombres du scénario selon leur preuve : {grades}."),
    "consent": ("consent signed", "consentement signé"),
    "eligibility": ("eligibility confirmed", "éligibilité confirmée"),
    "first_dose": ("first dose", "première administration"),
    "curve_title": ("Share of trials that {reached}, by days since {event}",
                    "Part des essais qui {reached}, selon le nombre de jours depuis {event}"),
    "curve_x_calendar": ("calendar days since {event}", "jours calendaires depuis {event}"),
    "curve_x_working": ("working days since {event}", "jours ouvrés depuis {event}"),
    "curve_y": ("share of trials", "part des essais"),
    "goal_line": ("goal: {goal}", "objectif : {goal}"),
    "stages_title": ("How long each stage takes: median days, first site", "Durée de chaque étape : médiane, premier centre"),
    "stages_x": ("median, calendar days (bar), 95 % interval (line)",
                 "médiane, jours calendaires (barre), intervalle à 95 % (trait)"),
    "gantt_title": ("A typical trial under each scenario ({trial})", "Un essai typique dans chaque scénario ({trial})"),
    "all_else_ready": ("nothing (all was ready at the {event})", "rien (tout était prêt à l'{event})"),
    "gantt_x": ("calendar days since {event}", "jours calendaires depuis {event}"),
}


def say(key: str, language: Language, /, **values: str) -> str:
    """A phrase with its blanks filled."""
    return _pick(PHRASES[key], language).format(**values)


def title(text: Text, language: Language) -> str:
    """A title that the scenario gives itself."""
    return text.fr if language == "fr" else text.en


def indicator_title(scenario: Scenario, name: str, language: Language) -> str:
    """What an indicator is called: by the scenario, else here, else its name."""
    for indicator in scenario.indicators:
        if indicator.name == name and indicator.title is not None:
            return title(indicator.title, language)
    return _named(INDICATORS, name, language)


def task_title(name: str, language: Language) -> str:
    """What a task, or the event at its end, is called."""
    return _named(TASKS, name, language)


def stage_title(name: str, language: Language) -> str:
    """What a stage is called."""
    return _named(STAGES, name, language)


def pool_title(name: str, language: Language) -> str:
    """What a kind of pool is called."""
    return _named(POOLS, name, language)


def grade_title(grade: str, language: Language) -> str:
    """What a grade of evidence means."""
    return _named(GRADES, grade, language)


def verdict_title(verdict: str, language: Language) -> str:
    """What a verdict is called."""
    return _named(VERDICTS, verdict, language)


def plain(name: str) -> str:
    """A name of the scenario as words."""
    return name.replace("_", " ")


def reached(event: str, language: Language) -> str:
    """What is said of trials that have reached `event`."""
    if event in REACHED:
        return _pick(REACHED[event], language)
    return say("have_reached", language, event=task_title(event, language))


def since(event: str, language: Language) -> str:
    """`event` as the start of a count of days."""
    return _named(OF, event, language)


def goal_days(goal: Goal, language: Language) -> str:
    """The days of the goal, such as '15 calendar days'."""
    return say(goal.counted, language, n=f"{goal.within.value:g}").replace(" ", NO_BREAK, 1)


def _named(names: Mapping[str, Pair], name: str, language: Language) -> str:
    return _pick(names[name], language) if name in names else plain(name)


def _pick(pair: Pair, language: Language) -> str:
    return pair[1] if language == "fr" else pair[0]
