"""Every sentence that a policy team reads, in English and French, and how numbers are written in each.

A wording is a pair (English, French); what a scenario calls its things is in `titles.py`.

English writes 1,234.5 and 74 %; French writes 1 234,5 and 74 % with narrow no-break spaces. What is not known is a
dash, what is not reached by the end of the simulation says so; neither is ever a 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import ceil, floor, isfinite, isinf, isnan
from typing import Literal, NamedTuple

from sim.scenario.schema import Goal
from sim.scenario.stages.tasks import Words

Language = Literal["en", "fr"]
NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"

GRADES: Mapping[str, Words] = {
    "A": ("legal text", "texte officiel"),
    "B": ("measured and published", "mesuré et publié"),
    "C": ("survey", "enquête"),
    "D": ("expert or press", "expert ou presse"),
    "assumption": ("assumption", "hypothèse"),
    "none": ("none", "aucune"),
}

VERDICTS: Mapping[str, Words] = {
    "gain": ("gain", "gain"),
    "loss": ("loss", "perte"),
    "no_difference": ("no difference to see", "pas de différence visible"),
    "identical": ("exactly identical", "strictement identique"),
    "change": ("change", "changement"),
    "unknown": ("cannot tell", "ne peut être dit"),
}

KEYS: Mapping[str, Words] = {
    "span": ("length", "durée"),
    "classes": ("trials that arrive", "essais qui arrivent"),
    "pools": ("people and sittings", "équipes et séances"),
    "site_types": ("staff of the centres", "effectifs des centres"),
    "sponsor_types": ("sponsors", "promoteurs"),
    "tasks": ("tasks", "tâches"),
    "pace": ("common pace", "rythme commun"),
    "trial": ("of a trial", "d'un essai"),
    "sponsor": ("of a sponsor", "d'un promoteur"),
    "site": ("of a site", "d'un centre"),
    "clocks": ("calendar", "calendrier"),
    "leave": ("leave", "congés"),
    "background": ("other work", "autre activité"),
    "weight": ("patients a year", "patients par an"),
    "attributes": ("kind of trial", "type d'essai"),
    "mononational": ("in one country only", "mononational"),
    "gmo": ("with GMO", "avec OGM"),
    "large": ("large centres", "grands centres"),
    "medium": ("medium centres", "centres moyens"),
    "small": ("small centres", "petits centres"),
    "preparation": ("preparation of the dossier", "préparation du dossier"),
    "query": ("query at validation", "demande lors de la recevabilité"),
    "questions": ("questions", "questions"),
    "negotiation": ("negotiation", "négociation"),
    "rounds": ("rounds", "tours"),
    "associated": ("associated sites", "établissements associés"),
    "reopening": ("contract reopened", "convention rouverte"),
    "share": ("share", "part"),
    "known": ("patients known beforehand", "patients déjà repérés"),
    "patients": ("patients to include", "patients à inclure"),
    "number": ("number", "nombre"),
    "units": ("people", "effectif"),
    "people": ("staff", "effectifs"),
    "sites": ("sites of a trial", "centres par essai"),
    "sponsors": ("types of sponsors", "types de promoteurs"),
    "volume": ("trials a year", "essais par an"),
    "refused": ("refusals", "refus"),
    "withdrawn": ("withdrawals", "retraits"),
    "screen_failure": ("screen failures", "échecs de sélection"),
    "referrals": ("referrals", "adressages"),
    "working": ("working days", "jours ouvrés"),
    "present": ("present", "présents"),
    "company": ("companies", "grandes entreprises"),
    "biotech": ("biotechs", "entreprises de biotechnologie"),
    "academic": ("academic sponsors", "promoteurs académiques"),
    "sittings": ("sittings", "séances"),
    "bodies": ("committees", "comités"),
    "seats": ("files per sitting", "dossiers par séance"),
    "part_ii": ("Part II", "partie II"),
    "phase": ("phase", "phase"),
    "oncology": ("oncology", "cancérologie"),
    "industry": ("industry", "promotion industrielle"),
    "early": ("early", "précoce"),
    "draft": ("draft contract", "projet de convention"),
    "cost_matrix": ("cost matrix", "matrice des coûts et surcoûts"),
    "site_turn": ("turn of the centre", "tour de l'établissement"),
    "sponsor_turn": ("turn of the sponsor", "tour du promoteur"),
    "signature": ("signature", "signature"),
    "associated_signature": ("signature of associated sites", "signature des établissements associés"),
    "pharmacy": ("pharmacy", "pharmacie"),
    "eligibility": ("eligibility", "éligibilité"),
    "alpha": ("spread", "dispersion"),
    "work": ("work", "durée"),
}
"""The keys of a scenario that a range may be about."""

UNITS: Mapping[str, Words] = {
    "d": ("d", "j"),
    "wd": ("working days", "j ouvrés"),
    "1 wd": ("working day", "j ouvré"),
    "h": ("h", "h"),
    "/year": ("a year", "par an"),
    "%": ("%", "%"),
    "x": ("x", "×"),
}
"""Of the values of a range."""

PHRASES: Mapping[str, Words] = {
    "answer": (
        "{share} (95 % CI {interval}, {replications}) of trials {reached} within {goal} of {event}.",
        "{share} (IC à 95 % : {interval}, {replications}) des essais {reached} dans les {goal} suivant {event}.",
    ),
    "answer_unsure": (
        "{share} ({replications}) of trials {reached} within {goal} of {event}.",
        "{share} ({replications}) des essais {reached} dans les {goal} suivant {event}.",
    ),
    "no_trial": ("No trial counts.", "Aucun essai n'est compté."),
    "too_soon": (
        "Whether trials {reached} within {goal} of {event} cannot be told: none is followed so long.",
        "On ne peut dire si les essais {reached} dans les {goal} suivant {event} : aucun n'est suivi aussi longtemps.",
    ),
    "too_few": (
        "Too few trials to say how many {reached} within {goal} of {event}: {n}, where {fewest} are needed.",
        "Trop peu d'essais pour dire combien {reached} dans les {goal} suivant {event} : {n} pour {fewest} au moins.",
    ),
    "replications": ("{n} replications", "{n} réplications"),
    "figure_origin": (
        "Simulated (trialstart {version}): {many}, seed {seed}, trials from {opens} to {closes}. "
        "Sources: trialstart evidence.",
        "Simulation (trialstart {version}) : {many}, graine {seed}, essais du {opens} au {closes}. "
        "Sources : trialstart evidence.",
    ),
    "replication": ("one replication", "une réplication"),
    "binding": ("Last to finish: {items}.", "Ce qui finit en dernier : {items}."),
    "share_of_item": ("{item} ({share})", "{item} ({share})"),
    "overhang": (
        "The first contract is signed on average {days} ({interval}) after authorisation (0 if before).",
        "La première convention est signée en moyenne {days} ({interval}) après l'autorisation (0 si avant).",
    ),
    "wasted": (
        "Contract work lost: {days} ({interval}) per 100 trials submitted.",
        "Travail contractuel perdu : {days} ({interval}) pour 100 essais déposés.",
    ),
    "readings": (
        "A range, not one number: {low} to {high} of trials {reached} within {goal} of {since}, by {n} readings of the "
        "same published figures.",
        "Une fourchette, non un seul chiffre : de {low} à {high} des essais {reached} dans les {goal} suivant {since}, "
        "selon {n} lectures des mêmes chiffres publiés.",
    ),
    "readings_beside": (
        "A range, not one number: this is one of {n} readings of the same published figures. The others: {items}.",
        "Une fourchette, non un seul chiffre : ceci est une lecture, parmi {n}, des mêmes chiffres publiés. "
        "Les autres : {items}.",
    ),
    "wasted_setup": (
        "Work of the set-up lost: {days} ({interval}) per 100 trials submitted.",
        "Travail de mise en place perdu : {days} ({interval}) pour 100 essais déposés.",
    ),
    "evidence_grade": ("grade", "preuve"),
    "evidence_number": ("number", "nombre"),
    "evidence_value": ("value", "valeur"),
    "evidence_source": ("source", "source"),
    "evidence_numbers": ("{n} numbers: {grades}", "{n} nombres : {grades}"),
    "grade_none": ("none", "aucune"),
    "grade_assumption": ("assumption", "hypothèse"),
    "assumed": ("assumed {range}", "hypothèse : {range}"),
    "added_lever": ("added lever {what}", "levier ajouté : {what}"),
    "removed_lever": ("removed lever {what}", "levier retiré : {what}"),
    "added_part": ("added {what}", "ajouté : {what}"),
    "removed_part": ("removed {what}", "retiré : {what}"),
    "difference_of": ("{what}: {before} -> {after}", "{what} : {before} -> {after}"),
    "none": ("none", "rien"),
    "changes": ("Changes: {items}.", "Ce qui change : {items}."),
    "no_changes": ("Changes nothing that is simulated.", "Ne change rien à ce qui est simulé."),
    "more_changes": ("and {n} more (see trialstart diff)", "et {n} autres (voir trialstart diff)"),
    "other_goal": (
        "Another promise than the reference ({ours}; there: {theirs}): the shares that keep it are not compared.",
        "Un autre engagement que la référence ({ours} ; là : {theirs}) : les parts qui le tiennent ne sont pas "
        "comparées.",
    ),
    "more_people": ("People: {n} ({items}).", "Personnes : {n} ({items})."),
    "more_cost": ("Cost: {n} thousand euros a year.", "Coût : {n} milliers d'euros par an."),
    "concern": ("Warning: {what}.", "Avertissement : {what}."),
    "starved": (
        (
            "Too few people ({pool}): requests never served: {starved} of {requests}, of which ended by their limit: "
            "{unserved}; queues never empty: {never_empty}."
        ),
        (
            "Trop peu de monde ({pool}) : demandes jamais traitées : {starved} sur {requests}, dont closes par leur "
            "délai : {unserved} ; files jamais vides : {never_empty}."
        ),
    ),
    "Unsure": ("How sure is it", "À quel point est-ce sûr"),
    "unsure_share": ("share", "part"),
    "unsure_computed": ("computed", "calculé"),
    "unsure_luck": ("a year's luck", "aléa d'une année"),
    "unsure_unknown": ("what nobody knows", "ce que nul ne sait"),
    "unsure_found": ("ranges allow", "les fourchettes permettent"),
    "unsure_axis": ("{what}: share within the goal, %", "{what} : part dans l'objectif, %"),
    "unsure_bands": (
        "In percent. Computed: the 95 % interval of the answer, at the numbers as written. A year's luck: where one "
        "year falls nine times in ten at these numbers. What nobody knows: the same, over {draws}. Ranges allow: the "
        "lowest and highest of these draws, however likely.",
        "En pour cent. Calculé : intervalle à 95 % de la réponse, aux valeurs écrites. Aléa d'une année : là où tombe "
        "une année, neuf fois sur dix, à ces valeurs. Ce que nul ne sait : de même, sur {draws}. Les fourchettes "
        "permettent : le plus bas et le plus haut de ces tirages, si peu probables soient-ils.",
    ),
    "unsure_of_ranges": (
        "{draws} draws of all numbers within their ranges",
        "{draws} tirages de toutes les valeurs dans leurs fourchettes",
    ),
    "unsure_of_totals": (
        "{draws} draws of all numbers within their ranges that contradict none of the {totals} ({share} of all draws "
        "do not)",
        "{draws} tirages de toutes les valeurs dans leurs fourchettes, qui ne contredisent aucun des {totals} (c'est "
        "le cas de {share} des tirages)",
    ),
    "unsure_where": (
        "Why the computed number stands where it does ({scenario}: {value}, above {below} of the draws): it is "
        "computed at the likeliest value of each number, and {low} of the {ranges} ranges reach further up from there "
        "than down.",
        "Pourquoi le résultat calculé se situe là ({scenario} : {value}, au-dessus de {below} des tirages) : il est "
        "calculé à la valeur la plus vraisemblable de chaque nombre, et {low} des {ranges} fourchettes s'étendent plus "
        "loin vers le haut que vers le bas.",
    ),
    "unsure_contrast": (
        "{scenario} against {reference}: better in {better} of the draws, worse in {worse}, undecided in {undecided}, "
        "the same to the bit in {same} (95 % CI of \N{LEFT DOUBLE QUOTATION MARK}{way}"
        "\N{RIGHT DOUBLE QUOTATION MARK}: {interval}); by {low} to {high} points.",
        "{scenario} face à {reference} : mieux dans {better} des tirages, moins bien dans {worse}, indécis dans "
        "{undecided}, identique au bit près dans {same} (IC à 95 % de « {way} » : {interval}) ; de {low} à {high} "
        "points.",
    ),
    "unsure_better": ("better", "mieux"),
    "unsure_worse": ("worse", "moins bien"),
    "unsure_first": (
        "Measure these first; what the spread rests on ({scenario}):",
        "À mesurer en premier ; ce dont dépend la dispersion ({scenario}) :",
    ),
    "unsure_and_more": ("{what}, and {n} more that move with it", "{what}, et {n} autres liés"),
    "unsure_matter": (
        "{place}. {what} [{path}], assumed {written}, between {low} and {high}: {spread} of the spread; the share is "
        "{at_low} where it is lowest, {at_high} where it is highest.",
        "{place}. {what} [{path}], supposé à {written}, entre {low} et {high} : {spread} de la dispersion ; la part "
        "est de {at_low} au plus bas, de {at_high} au plus haut.",
    ),
    "unsure_perhaps": (
        "{place}. {what} [{path}], assumed {written}, between {low} and {high}: {spread} of the spread; the share is "
        "{at_low} where it is lowest, {at_high} where it is highest (not told from chance by so few draws).",
        "{place}. {what} [{path}], supposé à {written}, entre {low} et {high} : {spread} de la dispersion ; la part "
        "est de {at_low} au plus bas, de {at_high} au plus haut (non distingué du hasard par si peu de tirages).",
    ),
    "part_value": ("What to survey first", "Que mesurer d'abord"),
    "part_ranking": ("What a choice may cost", "Ce qu'un choix peut coûter"),
    "part_groups": ("What the spread rests on, by group", "De quoi dépend la dispersion, par groupe"),
    "part_indices": ("What the spread rests on, by number", "De quoi dépend la dispersion, par valeur"),
    "sensitivity_flips": (
        "{what}: {scenario} is no better than {reference} beyond {at} ({low} to {high}), within its range {range}.",
        "{what} : {scenario} ne fait plus mieux que {reference} au-delà de {at} ({low} à {high}), dans sa fourchette "
        "{range}.",
    ),
    "sensitivity_holds": (
        "{what}: {scenario} against {reference} holds over the whole range {range} ({first} to {last} points).",
        "{what} : {scenario} face à {reference} tient sur toute la fourchette {range} (de {first} à {last} points).",
    ),
    "sensitivity_alone": ("One scenario has nothing to flip against.", "Un scénario seul n'a rien à renverser."),
    "part_flips": ("Where a number turns the conclusion round", "Où une valeur renverse la conclusion"),
    "part_tornado": ("One number at a time, at both its ends", "Une valeur à la fois, à ses deux bouts"),
    "part_screening": ("Screening (Morris)", "Criblage (Morris)"),
    "sensitivity_axis": (
        "change of the share within the goal, points ({scenario})",
        "écart de la part dans l'objectif, points ({scenario})",
    ),
    "sensitivity_null": ("{n} of {of} change nothing, to the bit.", "{n} sur {of} ne changent rien, au bit près."),
    "sensitivity_bent": ("depends on others, or bends", "dépend des autres, ou s'infléchit"),
    "sensitivity_straight": ("about straight", "à peu près droit"),
    "sensitivity_zero": (
        "An interval that holds zero: no first-order effect to be seen at this number of points.",
        "Un intervalle qui contient zéro : aucun effet de premier ordre visible à ce nombre de points.",
    ),
    "sensitivity_blind": (
        "The emulator predicts only {seen} of the spread of draws that it has not seen, too little to take the spread "
        "apart: ask for more --draws, or for --on engine.",
        "L'émulateur ne prédit que {seen} de la dispersion de tirages qu'il n'a pas vus, trop peu pour la décomposer : "
        "demandez plus de tirages (--draws), ou --on engine.",
    ),
    "sensitivity_engine": (
        "On the engine itself, at {n} rows of the design.",
        "Sur le moteur lui-même, à {n} lignes du plan.",
    ),
    "sensitivity_emulator": (
        "By an emulator, which predicts {seen} of the spread of draws that it has not seen.",
        "Par un émulateur, qui prédit {seen} de la dispersion de tirages qu'il n'a pas vus.",
    ),
    "sensitivity_assumed": (
        "Of the spread, {low} rests on assumptions alone, and {high} on them and on what they do together with others "
        "(95 % CI).",
        "De la dispersion, {low} reposent sur les seules hypothèses, et {high} sur elles et sur leurs effets combinés "
        "avec d'autres valeurs (IC à 95 %).",
    ),
    "sensitivity_side": (
        "{what} between {low} and {high} (chosen again in {again} of sets of draws)",
        "{what} entre {low} et {high} (retenu de nouveau dans {again} des rééchantillonnages)",
    ),
    "sensitivity_held": (
        "The ranking {ranking} holds in {holds} of {draws} draws (95 % CI {interval}), not in {fails}, and is "
        "undecided in {undecided}.",
        "Le classement {ranking} tient dans {holds} des {draws} tirages (IC à 95 % : {interval}), non dans {fails}, et "
        "reste indécis dans {undecided}.",
    ),
    "sensitivity_region": (
        "{scenario} is not better where {sides}: that holds {coverage} of these draws, and is so in {density} of it.",
        "{scenario} ne fait pas mieux là où {sides} : cela réunit {coverage} de ces tirages, "
        "et y est vrai à {density}.",
    ),
    "sensitivity_no_region": (
        "Where {scenario} is not better is not told by few numbers; the nearest is {sides} (it holds {coverage} of "
        "these draws, and is so in {density} of it).",
        "Là où {scenario} ne fait pas mieux ne se dit pas en peu de valeurs ; le plus proche : {sides} (cela réunit "
        "{coverage} de ces tirages, et y est vrai à {density}).",
    ),
    "sensitivity_worth": (
        "The share of the spread that would go if the number were known (90 % CI), and the share within the goal where "
        "it lies lowest and highest.",
        "La part de la dispersion qui disparaîtrait si la valeur était connue (IC à 90 %), et la part dans l'objectif "
        "là où elle est au plus bas et au plus haut.",
    ),
    "part_calibration": ("What published totals leave", "Ce que laissent les totaux publiés"),
    "calibration_left": (
        "{share} of the ranges contradict none of these totals (three standard deviations).",
        "{share} des fourchettes ne contredisent aucun de ces totaux (trois écarts-types).",
    ),
    "calibration_apart": (
        "{one} and {other} can each be met, but not together.",
        "{one} et {other} peuvent être retrouvés chacun, mais pas ensemble.",
    ),
    "calibration_never": (
        "No numbers within the ranges give {target}.",
        "Aucune valeur des fourchettes ne redonne {target}.",
    ),
    "from_to": ("{low} to {high}", "de {low} à {high}"),
    "head_target": ("total", "total"),
    "head_published": ("published", "publié"),
    "head_as_written": ("as written", "aux valeurs écrites"),
    "head_over_draws": ("over draws (90 %)", "sur les tirages (90 %)"),
    "head_plausible": ("of the ranges give it", "des fourchettes le donnent"),
    "head_before": ("range (90 %)", "fourchette (90 %)"),
    "head_after": ("what is left", "ce qui en reste"),
    "at_low_end": ("at the low end of the range", "au bas de la fourchette"),
    "at_high_end": ("at the high end", "au haut de la fourchette"),
    "head_input": ("number", "valeur"),
    "head_group": ("group", "groupe"),
    "head_scenario": ("chosen for all", "choisi pour tous"),
    "head_range": ("low – written – high", "bas – écrit – haut"),
    "head_at_low": ("at low, points", "au bas, points"),
    "head_at_high": ("at high, points", "au haut, points"),
    "head_at_low_share": ("share at low", "part au bas"),
    "head_at_high_share": ("share at high", "part au haut"),
    "head_mu_star": ("effect, points (95 % CI)", "effet, points (IC à 95 %)"),
    "head_sigma": ("its spread", "sa dispersion"),
    "head_shape": ("shape", "forme"),
    "head_first": ("alone (95 % CI)", "seul (IC à 95 %)"),
    "head_total": ("in all (95 % CI)", "en tout (IC à 95 %)"),
    "head_worth": ("of the spread (90 % CI)", "de la dispersion (IC à 90 %)"),
    "head_regret_mean": ("lost, mean, points", "perdu, moyenne, points"),
    "head_regret_p90": ("P90", "P90"),
    "head_regret_most": ("most", "au plus"),
    "unsure_left_out": (
        "What nobody knows is left out of the answer: {why}",
        "Ce que nul ne sait est laissé de côté : {why}",
    ),
    "nothing_unknown": ("no number here has a range", "aucun nombre n'a ici de fourchette"),
    "precise": (
        "precision of {of}: ± {wished} asked, ± {found} reached after {n} replications",
        "précision de {of} : ± {wished} demandés, ± {found} atteints après {n} réplications",
    ),
    "not_precise": (
        "precision of {of}: ± {wished} asked, ± {found} reached after {n} replications, the most allowed; allow more "
        "with --replications",
        "précision de {of} : ± {wished} demandés, ± {found} atteints après {n} réplications, le plus qui soit permis ; "
        "permettez-en davantage par --replications",
    ),
    "interrupted": (
        "interrupted: {n} replications of each scenario were finished",
        "interrompu : {n} réplications de chaque scénario étaient terminées",
    ),
    "bar": ("replications", "réplications"),
    "bar_goal": ("within the goal", "dans l'objectif"),
    "bar_so_far": ("{what} so far: {values}", "{what}, jusqu'ici : {values}"),
    "stopped": ("interrupted", "interrompu"),
    "stopped_early": ("interrupted: this is what was finished", "interrompu : voici ce qui était terminé"),
    "written": ("tables and figures: {folder}", "tableaux et figures : {folder}"),
    "calendar": ("{n} calendar days (by dates)", "{n} jours calendaires (de date à date)"),
    "working": ("{n} working days (by dates)", "{n} jours ouvrés (de date à date)"),
    "less_than": ("less than 0.1 %", "moins de 0,1 %"),
    "more_than": ("more than 99.9 %", "plus de 99,9 %"),
    "d": ("d", "j"),
    "h": ("h", "h"),
    "min": ("min", "min"),
    "in_d": ("days", "jours"),
    "in_h": ("hours", "heures"),
    "in_min": ("minutes", "minutes"),
    "unlisted": ("something that is no prerequisite, mostly {task}", "un élément hors des prérequis, surtout {task}"),
    "points": ("{n} points", "{n} points"),
    "interval": ("95 % CI", "IC à 95 %"),
    "between": ("95 % CI {interval}", "IC à 95 % : {interval}"),
    "not_reached": ("not reached", "non atteint"),
    "have_reached": (
        "have reached \N{LEFT DOUBLE QUOTATION MARK}{event}\N{RIGHT DOUBLE QUOTATION MARK}",
        "ont atteint « {event} »",
    ),
    "Brief": ("In brief", "En bref"),
    "brief_difference": ("difference, points", "écart, points"),
    "brief_shares": (
        "Shares within {goal} of {since}, and how they differ from \N{LEFT DOUBLE QUOTATION MARK}{reference}"
        "\N{RIGHT DOUBLE QUOTATION MARK} (same trials, same luck), with 95 % intervals.",
        "Parts dans les {goal} suivant {since}, et leurs écarts à « {reference} » (mêmes essais, même hasard), avec "
        "leurs intervalles à 95 %.",
    ),
    "brief_unknown": (
        "What nobody knows: where the share falls, in per cent, in nine of ten of {draws}.",
        "Ce que nul ne sait : là où tombe la part, en pour cent, dans neuf sur dix de {draws}.",
    ),
    "brief_measure": ("To measure first: {items}.", "À mesurer en premier : {items}."),
    "brief_perhaps": (
        "To measure first, though so few draws do not tell all of them from chance: {items}.",
        "À mesurer en premier, bien que si peu de tirages ne les distinguent pas toutes du hasard : {items}.",
    ),
    "brief_of": ("{scenario}: {what}", "{scenario} : {what}"),
    "whole": ("The whole answer: {file}", "La réponse entière : {file}"),
    "Answer": ("The answer", "La réponse"),
    "Differences": (
        "{title}, against {reference} (same trials, same luck)",
        "{title}, par rapport à {reference} (mêmes essais, mêmes aléas)",
    ),
    "Medians": (
        "Shares [95 % CI] and medians in {unit} [quartiles]",
        "Parts [IC à 95 %] et médianes en {unit} [quartiles]",
    ),
    "Days": (
        "Where the days from {since} to {to} go: mean days (of which waiting)",
        "Où passent les jours, {since} → {to} : moyenne en jours (dont attente)",
    ),
    "People": ("People and sittings: {scenario}", "Équipes et séances : {scenario}"),
    "Reading": ("How to read this", "Comment lire ces résultats"),
    "within_goal": ("within the goal [95 % CI]", "dans l'objectif [IC à 95 %]"),
    "median": ("median, {unit} [95 % CI]", "médiane, {unit} [IC à 95 %]"),
    "percentile": ("{n} % are there by [95 % CI]", "{n} % y sont à [IC à 95 %]"),
    "no_attribute": ("not said", "non précisé"),
    "between_scenarios": ("{group}: {title}, against {reference}", "{group} : {title}, par rapport à {reference}"),
    "between_groups": ("{title}: {group}, against {reference}", "{title} : {group}, par rapport à {reference}"),
    "Groups": ("By {by}: {title}", "Par {by} : {title}"),
    "groups_of_trials": (
        "Share of trials that {reached} within {goal} of {event}, by {by}",
        "Part des essais qui {reached} dans les {goal} suivant {event}, par {by}",
    ),
    "groups_of_sites": (
        "Share of sites that reach \N{LEFT DOUBLE QUOTATION MARK}{done}\N{RIGHT DOUBLE QUOTATION MARK} "
        "within {goal} of {event}, by {by}",
        "Part des centres qui atteignent « {done} » dans les {goal} suivant {event}, par {by}",
    ),
    "month": ("month of submission", "mois de dépôt"),
    "quarter": ("quarter of submission", "trimestre de dépôt"),
    "company": ("company: there anyway, or new", "company : déjà là, ou nouveaux"),
    "company_anyway": ("there anyway", "déjà là"),
    "company_new": ("new", "nouveaux"),
    "in_company": (
        "{title}: of the trials that are in \N{LEFT DOUBLE QUOTATION MARK}{reference}\N{RIGHT DOUBLE QUOTATION MARK}, "
        "too, {share} instead of {before} {reached} within {goal} of {event}: {difference}.",
        "{title} : des essais que compte aussi « {reference} », {share} au lieu de {before} {reached} dans les {goal} "
        "suivant {event} : {difference}.",
    ),
    "new_in_company": ("Of the new ones, {new}.", "Des nouveaux, {new}."),
    "cohort": ("quarter of authorisation", "trimestre d'autorisation"),
    "quarter_letter": ("Q", "T"),
    "range_of_trials": (
        "{title}: of the trials, {low} [{low_interval}] ({low_group}) to {high} [{high_interval}] ({high_group}) "
        "{reached} within {goal} of {event}, by {by} (95 % CI, {replications}): a gap of {gap}.",
        "{title} : parmi les essais, de {low} [{low_interval}] ({low_group}) à {high} [{high_interval}] ({high_group}) "
        "{reached} dans les {goal} suivant {event}, par {by} (IC à 95 %, {replications}) : un écart de {gap}.",
    ),
    "range_of_sites": (
        "{title}: of the sites of trials, {low} [{low_interval}] ({low_group}) to {high} [{high_interval}] "
        "({high_group}) reach “{done}” within {goal} of {event}, by {by} (95 % CI, {replications}): a gap of {gap}.",
        "{title} : parmi les centres des essais, de {low} [{low_interval}] ({low_group}) à {high} [{high_interval}] "
        "({high_group}) atteignent « {done} » dans les {goal} suivant {event}, par {by} (IC à 95 %, {replications}) : "
        "un écart de {gap}.",
    ),
    "first_below": (
        "The first one clearly below {first} is {group}: {difference}.",
        "Le premier nettement au-dessous de {first} est {group} : {difference}.",
    ),
    "none_below": ("None is clearly below {first}.", "Aucun n'est nettement au-dessous de {first}."),
    "groups_against": (
        "{title}, against {reference}, the same trials: most for {most}, {most_difference}; least for {least}, "
        "{least_difference}; clearly different in {n} of {groups} groups.",
        "{title}, par rapport à {reference}, mêmes essais : le plus pour {most}, {most_difference} ; le moins pour "
        "{least}, {least_difference} ; nettement différent dans {n} groupes sur {groups}.",
    ),
    "no_queue_grows": ("{title}: no queue clearly grows.", "{title} : aucune file ne s'allonge nettement."),
    "queues_heading": (
        "Queues that grow from {day} on: {title} (files; their number on the last day of each period)",
        "Files qui s'allongent à partir du {day} : {title} (dossiers en attente au dernier jour de chaque période)",
    ),
    "queue_first": ("at first", "au début"),
    "queue_most": ("at most", "au plus"),
    "queue_most_day": ("on", "le"),
    "queue_last": ("at the end", "à la fin"),
    "queue_oldest": ("oldest then", "plus ancien alors"),
    "queue_back": ("as at first again", "retour au niveau du début"),
    "queue_not_back": ("not by the end", "pas avant la fin"),
    "class": ("class of trials", "catégorie d'essais"),
    "site_type": ("type of site", "type de centre"),
    "site": ("site", "centre"),
    "true": ("yes", "oui"),
    "false": ("no", "non"),
    "group": ("group", "groupe"),
    "indicator": ("time", "délai"),
    "n_trials": ("trials", "essais"),
    "number": ("Number", "Grandeur"),
    "difference": ("Difference", "Écart"),
    "verdict": ("Verdict", "Verdict"),
    "stage": ("Stage", "Étape"),
    "work": ("work", "traitement"),
    "wait": ("waiting", "attente"),
    "pool": ("Pool", "Équipe ou instance"),
    "mean_wait": ("Wait, {unit}", "Attente, {unit}"),
    "p90_wait": ("P90, {unit}", "P90, {unit}"),
    "utilisation": ("Use", "Occup."),
    "backlog": ("Backlog", "Stock"),
    "busiest": ("Busiest", "Le plus chargé"),
    "share_of_trials": ("trials that {reached} in time", "essais qui {reached} à temps"),
    "share_of_sites": ("sites, the same", "centres, idem"),
    "median_of": ("median of {what}, {unit}", "médiane, {what}, {unit}"),
    "mean_of": ("mean of {what}, {unit}", "moyenne, {what}, {unit}"),
    "wasted_title": ("contract days lost per 100 trials", "jours de contrat perdus pour 100 essais"),
    "wasted_setup_title": ("set-up days lost per 100 trials", "jours de mise en place perdus pour 100 essais"),
    "window": (
        (
            "Counted: trials in scope whose first event falls between {opens} and {closes} "
            "(after {warm_up} of warm-up), followed until {ends}."
        ),
        (
            "Sont comptés : les essais du périmètre dont le premier événement tombe entre le {opens} et le {closes} "
            "(après {warm_up} de montée en charge), suivis jusqu'au {ends}."
        ),
    ),
    "counted": ("{scenario}: {trials} trials in {replications}", "{scenario} : {trials} essais en {replications}"),
    "n_not_yet": (
        "{n} not there by the end, which count for as long as they were followed",
        "{n} pas encore arrivés au terme du suivi, comptés pour la durée de celui-ci",
    ),
    "n_never": (
        "{n} that can never be (refused, withdrawn, lapsed), which count as missed",
        "{n} qui n'y arriveront jamais (refus, retrait, caducité), comptés comme manqués",
    ),
    "beyond": (
        "Followed too briefly ({follow_up} after the observation) to be seen: {items}; lengthen windows.follow_up.",
        "Suivis trop peu de temps ({follow_up} après l'observation) pour être vus : {items} ; allongez "
        "windows.follow_up.",
    ),
    "not_needed": ("besides them {n} that need no such event", "en outre {n} qui n'en ont pas besoin"),
    "then": ("; ", " ; "),
    "laws_hold": (
        "Checked in these very runs ({replications}, {rows} tasks): nobody is lost, nobody works who is "
        "not there, queues and waits agree (Little), and every date follows from those before it.",
        "Vérifié sur ces calculs mêmes ({replications}, {rows} tâches) : nul ne se perd, nul ne travaille "
        "en son absence, files et attentes concordent (Little), et chaque date découle des précédentes.",
    ),
    "laws_broken": (
        "These runs break laws that hold in every run ({items}; of {rows} tasks, {replications}): do not rely on "
        "them, and report the scenario and the seed.",
        "Ces calculs enfreignent des lois vraies de tout calcul ({items} ; sur {rows} tâches, {replications}) : ne "
        "vous y fiez pas, et signalez le scénario et la graine.",
    ),
    "law_longest_path": ("dates that do not follow", "dates qui ne découlent pas"),
    "law_flow": ("tasks out of order", "tâches dans le désordre"),
    "law_use": ("starts without anybody there", "débuts sans personne"),
    "law_little": ("queues that disagree with waits", "files en désaccord avec les attentes"),
    "dates": (
        "{goal}: the dates of the two events are compared, and the day of the first one is not counted.",
        "{goal} : on compare les dates des deux événements, sans compter le jour du premier.",
    ),
    "bases": (
        (
            "Shares and medians are of all trials that count; means are of those that are there or still may come, "
            "which count as {followed} days at most."
        ),
        (
            "Parts et médianes portent sur tous les essais comptés ; les moyennes, sur ceux qui y sont arrivés ou "
            "peuvent encore y arriver, qui comptent pour {followed} jours au plus."
        ),
    ),
    "inclusion": ("Included means: {what}.", "« Inclus » signifie : {what}."),
    "intervals": (
        "95 % intervals come from the spread of replications; they say how sure the simulation is, not the inputs.",
        (
            "Les intervalles à 95 % viennent de l'écart entre réplications ; ils portent sur la simulation, "
            "non sur les données d'entrée."
        ),
    ),
    "evidence": ("Numbers of the scenario by evidence: {grades}.", "Nombres du scénario selon leur preuve : {grades}."),
    "consent": ("consent signed", "consentement signé"),
    "eligibility": ("eligibility confirmed", "éligibilité confirmée"),
    "first_dose": ("first dose", "première administration"),
    "curve_title": (
        "Share of trials that {reached}, by days since {event}",
        "Part des essais qui {reached}, selon le nombre de jours depuis {event}",
    ),
    "curve_x_calendar": ("calendar days since {event}", "jours calendaires depuis {event}"),
    "curve_x_working": ("working days since {event}", "jours ouvrés depuis {event}"),
    "curve_y": ("share of trials", "part des essais"),
    "goal_line": ("goal: {goal}", "objectif : {goal}"),
    "stages_title": (
        "How long each stage takes: median days, first site",
        "Durée de chaque étape : médiane, premier centre",
    ),
    "stages_x": (
        "median, calendar days (bar), 95 % interval (line)",
        "médiane, jours calendaires (barre), intervalle à 95 % (trait)",
    ),
    "gantt_trial": ("Trial {trial}, day by day", "L'essai {trial}, jour par jour"),
    "gantt_title": ("A typical trial under each scenario ({trial})", "Un essai typique dans chaque scénario ({trial})"),
    "all_else_ready": ("nothing but {event}", "rien d'autre que {event}"),
    "on_day": ("{event}, day {n}", "{event}, jour {n}"),
    "other": ("something else", "autre"),
    "gantt_x": ("calendar days since {event}", "jours calendaires depuis {event}"),
    "ledger_answer": (
        "Together the levers bring {whole} ({interval}; {replications}): from {from_} to {to} of trials "
        "{reached} within {goal} of {event}.",
        "Ensemble, les leviers apportent {whole} ({interval} ; {replications}) : de {from_} à {to} des "
        "essais {reached} dans les {goal} suivant {event}.",
    ),
    "ledger_necessary": (
        "Without {lever}, {share} of this gain is left.",
        "Sans le levier « {lever} », il reste {share} de ce gain.",
    ),
    "ledger_alone": (
        "Pulled alone, it brings {alone}; on average over all orders (Shapley), {shapley}.",
        "Seul, il apporte {alone} ; en moyenne sur tous les ordres (Shapley), {shapley}.",
    ),
    "ledger_first": ("The lever that brings most is {lever}.", "Le levier qui rapporte le plus est « {lever} »."),
    "ledger_nothing": (
        "{levers}: adds nothing that can be seen once the others are pulled.",
        "{levers} : n'apporte rien de visible une fois les autres leviers actionnés.",
    ),
    "ledger_reading": (
        "Alone: the lever without the others. Last in: the lever on top of all the others. Shapley: the "
        "average over all orders; these add up to the whole. Intervals at 95 % hold for all levers at once.",
        "Seul : le levier sans les autres. En dernier : le levier ajouté à tous les autres. Shapley : la "
        "moyenne sur tous "
        "les ordres ; ces valeurs s'additionnent. Les intervalles à 95 % valent pour tous les leviers à la fois.",
    ),
    "ledger_rests": (
        "What the gain rests on: each lever on top of all the others, points [95 % CI]",
        "Sur quoi repose le gain : chaque levier ajouté à tous les autres, points [IC à 95 %]",
    ),
    "rests_on_structure": ("structure", "structure"),
    "rests_on_numbers": ("numbers put in", "valeurs introduites"),
    "rests_people": ("people", "personnes"),
    "ledger_structure": (
        "Of this gain, {structure} ({interval}) come without any of the numbers that the levers put in.",
        "De ce gain, {structure} ({interval}) viennent sans aucune des valeurs que les leviers introduisent.",
    ),
    "ledger_people": ("People added: {people}.", "Personnes ajoutées : {people}."),
    "ledger_sampled": (
        "With {n} levers, {subsets} of {combinations} combinations were simulated: Shapley values are means over "
        "{orders} orders drawn from {all}, and their intervals hold what other orders might have given.",
        "Pour {n} leviers, {subsets} combinaisons sur {combinations} ont été calculées : les valeurs de Shapley sont "
        "des moyennes sur {orders} ordres tirés au sort parmi {all}, et leurs intervalles tiennent compte de ce que "
        "d'autres ordres auraient donné.",
    ),
    "ledger_pairs": ("How levers go together", "Comment les leviers se combinent"),
    "lever": ("Lever", "Levier"),
    "alone": ("alone", "seul"),
    "last_in": ("last in", "en dernier"),
    "shapley": ("Shapley", "Shapley"),
    "needed_with": ("adds with", "agit avec"),
    "role": ("role", "rôle"),
    "nobody": ("nobody", "aucun autre"),
    "never": ("never", "jamais"),
    "together": ("all together", "tous ensemble"),
    "necessary": ("necessary", "nécessaire"),
    "redundant": ("redundant", "redondant"),
    "idle": ("no effect", "sans effet"),
    "contributes": ("contributes", "contribue"),
    "complements": ("complements", "complémentaires"),
    "substitutes": ("substitutes", "substituables"),
    "independent": ("no interaction to see", "pas d'interaction visible"),
    "interaction": ("interaction", "interaction"),
    "questions_title": ("Fifteen questions, fifteen commands", "Quinze questions, quinze commandes"),
    "questions_introduction": (
        "What policy teams ask, each with the command that answers it. This page is what these commands printed: "
        "`trialstart questions --out docs` makes it again, in both languages. Shares and days have 95 % intervals over "
        "replications, which say how precisely the model was computed, not how far it is from the world.",
        "Ce que demandent les équipes chargées des politiques publiques, avec la commande qui y répond. Cette page est "
        "ce que ces commandes ont affiché : `trialstart questions --out docs` la refait, dans les deux langues. Les "
        "parts et les jours ont un intervalle à 95 % sur les réplications, qui dit la précision du calcul, non "
        "l'écart entre le modèle et la réalité.",
    ),
    "questions_all": ("All that the command says", "Tout ce que dit la commande"),
    "solve_found": (
        "With {at}, {share} ({interval}, {replications}) of trials {reached} within {goal} of {event}; with {fewer}, "
        "{less} ({less_interval}).",
        "Avec {at}, {share} ({interval}, {replications}) des essais {reached} dans les {goal} suivant {event} ; avec "
        "{fewer}, {less} ({less_interval}).",
    ),
    "solve_cost": (
        "All people whose cost is known: {cost} thousand euros a year.",
        "L'ensemble des personnes dont le coût est connu : {cost} milliers d'euros par an.",
    ),
    "solve_several": (
        "With {at} ({people} people in all), {share} ({interval}, {replications}) of trials {reached} within {goal} of "
        "{event}.",
        "Avec {at} ({people} personnes en tout), {share} ({interval}, {replications}) des essais {reached} dans les "
        "{goal} suivant {event}.",
    ),
    "solve_minimal": (
        "With one less of any of these the goal of {wanted} is missed: nothing can be taken away from here; a cheaper "
        "mix far from it is not ruled out.",
        "Avec un de moins de n'importe lequel, l'objectif de {wanted} est manqué : rien ne peut être retiré d'ici ; un "
        "mélange moins coûteux, loin de ce point, n'est pas exclu.",
    ),
    "solve_least": (
        "What was allowed as too little already meets {wanted}: with {at}, {share} ({interval}, {replications}) of "
        "trials {reached} within {goal} of {event}.",
        "Ce qui devait être trop peu atteint déjà {wanted} : avec {at}, {share} ({interval}, {replications}) des "
        "essais {reached} dans les {goal} suivant {event}.",
    ),
    "solve_unreachable": (
        "{wanted} is unreachable so: with {at}, at most {share} ({interval}, {replications}) of trials {reached} "
        "within {goal} of {event}. What finishes last then, and what to change instead: {items}.",
        "{wanted} est inatteignable ainsi : avec {at}, au plus {share} ({interval}, {replications}) des essais "
        "{reached} dans les {goal} suivant {event}. Ce qui finit alors en dernier, et qu'il faut changer : {items}.",
    ),
    "solve_stopped": (
        "Interrupted: there is no answer yet; so many points were looked at: {points}. At the most that was allowed, "
        "{at}, {share} ({interval}) of trials {reached} within {goal} of {event}.",
        "Interrompu : pas encore de réponse ; points examinés : {points}. Au plus permis, {at}, {share} ({interval}) "
        "des essais {reached} dans les {goal} suivant {event}.",
    ),
    "solve_undecided": (
        "Whether its neighbour misses the goal cannot be told with the replications allowed; allow more.",
        "Les réplications autorisées ne permettent pas de dire si son voisin manque l'objectif ; autorisez-en "
        "davantage.",
    ),
    "solve_next": ("One more adds {points} ({interval}).", "Un de plus ajoute {points} ({interval})."),
    "solve_after": ("Another one adds {points} ({interval}).", "Encore un de plus ajoute {points} ({interval})."),
    "solve_years": (
        "{wanted} is for the mean; {years} of single years reach it.",
        "{wanted} vaut pour la moyenne ; {years} des années prises une à une l'atteignent.",
    ),
    "solve_edge": (
        "The answer lies on the edge of the numbers that were allowed: allow others.",
        "La réponse se trouve au bord des nombres autorisés : autorisez-en d'autres.",
    ),
    "solve_worse": (
        "Surprising: with {more} it is clearly worse than with {fewer}.",
        "Surprenant : avec {more}, c'est nettement moins bien qu'avec {fewer}.",
    ),
    "by_year": (
        "{wanted} of trials {reached} within {goal} of {event}, year by year, with: {items}.",
        "{wanted} des essais {reached} dans les {goal} suivant {event}, année par année, avec : {items}.",
    ),
    "by_year_item": ("{at} in {year}", "{at} en {year}"),
    "by_year_unreachable": (
        "In {year} no number is enough: with {at}, at most {share} ({interval}, {replications}). What finishes last "
        "then, and what to change instead: {items}. Later years begin with what this one leaves undone.",
        "En {year}, aucun effectif ne suffit : avec {at}, au plus {share} ({interval}, {replications}). Ce qui finit "
        "alors en dernier, et qu'il faut changer : {items}. Les années suivantes partent de ce qui y reste en attente.",
    ),
    "by_year_open": (
        "Whether any number is enough in {year} cannot be told with the replications allowed: with {at}, {share} "
        "({interval}, {replications}); allow more. What finishes last then: {items}.",
        "Les réplications autorisées ne permettent pas de dire si un effectif suffit en {year} : avec {at}, {share} "
        "({interval}, {replications}) ; autorisez-en davantage. Ce qui finit alors en dernier : {items}.",
    ),
    "by_year_close": (
        "Whether one less would be enough cannot be told with the replications allowed: {years}; allow more.",
        "Les réplications autorisées ne permettent pas de dire si un de moins suffirait : {years} ; autorisez-en "
        "davantage.",
    ),
    "by_year_reading": (
        "Each year is sought with the numbers of the years before it in place, the first one from the beginning on; a "
        "year is that in which a trial begins to count.",
        "Chaque année est cherchée avec les effectifs des années précédentes en place, le premier dès le début ; "
        "l'année est celle où un essai commence à compter.",
    ),
    "by_year_title": (
        "People needed each year: {wanted} of trials {reached} within {goal} of {event}",
        "Effectif nécessaire chaque année : {wanted} des essais {reached} dans les {goal} suivant {event}",
    ),
    "year_column": ("year", "année"),
    "with_one_less": ("with one less", "avec un de moins"),
    "people_per_site": ("{n} {people} per site", "un effectif de {n} par centre ({people})"),
    "people_per_type": (
        "{n} {people} per site of type {type}",
        "un effectif de {n} par centre de type {type} ({people})",
    ),
    "people_per_sponsor": ("{n} {people} per sponsor", "un effectif de {n} par promoteur ({people})"),
    "people_per_country": ("{n} {people}", "un effectif de {n} ({people})"),
    "starts_after": ("{path} {days} after {event}", "{path} {days} après {event}"),
    "starts_before": ("{path} {days} before {event}", "{path} {days} avant {event}"),
    "days_after": ("days after {event}", "jours après {event}"),
    "wait_time_of": ("days of wait for {pool}", "jours d'attente : {pool}"),
    "utilisation_of": ("use of {pool}", "occupation : {pool}"),
    "backlog_of": ("files that wait for {pool}", "dossiers en attente : {pool}"),
    "quoted": ("“{words}”", "« {words} »"),
    "sweep_told": (
        "{number}: from {low} [{low_interval}] ({low_cell}) to {high} [{high_interval}] ({high_cell}).",
        "{number} : de {low} [{low_interval}] ({low_cell}) à {high} [{high_interval}] ({high_cell}).",
    ),
    "attraction_gain": (
        "{scenario}, beside {reference}, at the same volume: {of}, median, {after} in place of {before}; {share} of "
        "trials {reached} within {goal} of {event}, in place of {share_before} (95 % CI, {replications}).",
        "{scenario}, par rapport à {reference}, à volume égal : {of}, médiane, {after} au lieu de {before} ; {share} "
        "des essais {reached} dans les {goal} suivant {event}, au lieu de {share_before} (IC à 95 %, {replications}).",
    ),
    "attraction_drawn": (
        "If each per cent of days saved brings {elasticity} per cent more trials, {volume} a year come in place of "
        "{volume_before}, and {share} of them keep the goal: the queues take {back} of the gain back.",
        "Si chaque pour cent de jours gagnés amène {elasticity} pour cent d'essais de plus, il en vient {volume} par "
        "an au lieu de {volume_before}, et {share} tiennent l'objectif : les files reprennent {back} du gain.",
    ),
    "attraction_wait": (
        "The wait that grows most is for {pool}: {more} in place of {less}.",
        "L'attente qui s'allonge le plus est celle de {pool} : {more} au lieu de {less}.",
    ),
    "attraction_reading": (
        "An elasticity is an assumption: nobody has measured how many trials a faster country draws. The volume is the "
        "one at which the days that it leads to draw just as many.",
        "Une élasticité est une hypothèse : personne n'a mesuré combien d'essais attire un pays plus rapide. Le volume "
        "est celui pour lequel les délais qu'il entraîne en attirent exactement autant.",
    ),
    "attraction_elasticity": ("elasticity", "élasticité"),
    "attraction_volume": ("trials a year", "essais par an"),
    "attraction_days": ("days, median", "jours, médiane"),
    "attraction_reference": ("reference", "référence"),
    "use_of_them": ("their use", "occupation"),
    "wait_for_them": ("wait for them", "attente"),
    "people_in_all": ("people in all", "personnes en tout"),
    "cost_in_all": ("cost, k€ a year", "coût, k€ par an"),
    "and": (" and ", " et "),
    "years_met": ("years that meet", "années qui conviennent"),
    "most_used": ("use", "occup."),
    "sweep_standing": ("standing", "position"),
    "front": ("front", "front"),
    "clearly_dominated": ("dominated", "dominé"),
    "undecided": ("undecided", "indécis"),
    "sweep_best": (
        "Best of the grid: {cell}, {share} ({interval}, {replications}) of trials {reached} within {goal} of {event}.",
        "Le meilleur point de la grille : {cell}, {share} ({interval}, {replications}) des essais {reached} dans les "
        "{goal} suivant {event}.",
    ),
    "sweep_front": (
        "Of {cells} points, {front} lie on the front of share and lost work: none is better in both. Beyond {cell} "
        "({share}; days of contract work lost per 100 trials: {price}) more of the one costs most of the other.",
        "Sur {cells} points, {front} sont sur le front de la part et du travail perdu : aucun n'est meilleur pour les "
        "deux. Au-delà de {cell} ({share} ; jours de travail perdus par 100 essais : {price}), gagner sur l'un coûte "
        "le plus sur l'autre.",
    ),
    "frontier_title": (
        "How many trials {reached} within {goal} of {event}; dashed: the {wanted} that is wanted",
        "Combien d'essais {reached} dans les {goal} suivant {event} ; en tirets : les {wanted} voulus",
    ),
    "frontier_hot": ("hollow: used more than {use}", "vide : occupation de plus de {use}"),
    "sweep_title": (
        "Trials that {reached} within {goal} of {event}, over what is tried",
        "Essais qui {reached} dans les {goal} suivant {event}, selon ce qui est essayé",
    ),
    "sweep_figure_guard": (
        "▲ clearly fewer than in the first cell, although less time passes in all",
        "▲ nettement moins que dans la première case, bien que le délai total raccourcisse",
    ),
    "front_title": ("Share against lost work: the front", "La part face au travail perdu : le front"),
    "sweep_guarded": ("fewer though sooner", "moins, mais plus tôt"),
    "sweep_edge": (
        "It lies on the edge of the grid: try values beyond it.",
        "Il se trouve au bord de la grille : essayez des valeurs au-delà.",
    ),
    "sweep_guard": (
        "In {cells}, fewer trials keep the goal although they open sooner after the submission: a shorter "
        "review leaves "
        "less time to negotiate beside it.",
        "Dans {cells}, moins d'essais tiennent l'objectif alors que les centres ouvrent plus tôt après le dépôt : une "
        "instruction plus courte laisse moins de temps pour négocier en parallèle.",
    ),
    "explain_answer": (
        "{scenario}: {days} ({interval}) on average from {since} to {to}, of which {waited} of waiting.",
        "{scenario} : {days} ({interval}) en moyenne de « {since} » à « {to} », dont {waited} d'attente.",
    ),
    "explain_nobody": (
        "{scenario}: no trial comes from {since} to {to} by the end of the simulation; there is nothing to explain.",
        "{scenario} : aucun essai ne va de « {since} » à « {to} » avant le terme de la simulation ; il n'y a rien à "
        "expliquer.",
    ),
    "explain_held": (
        "While they were waited for, these had in hand: {items}, a trial.",
        "Pendant qu'on les attendait, avaient en main, par essai : {items}.",
    ),
    "explain_held_item": ("{pool} {days} of “{work}”", "{pool} {days} de « {work} »"),
    "explain_reading": (
        "On the way: in what share of trials the task lies on the chain that ends last. Margin: days that could be "
        "gained at most if this alone took no time and queues did not react. Unlocked: trials that miss the goal and "
        "would keep it then. None of these is a cause: what a change brings, a run of it says.",
        "Sur le chemin : part des essais où la tâche est sur la chaîne qui finit en dernier. Marge : jours gagnés au "
        "plus si cet élément seul ne prenait aucun temps et si les files ne réagissaient pas. Débloqués : essais qui "
        "manquent l'objectif et le tiendraient alors. Aucun n'est une cause : l'effet d'un changement, seul un "
        "calcul le dit.",
    ),
    "check_answer": ("Promises: {items}.", "Engagements : {items}."),
    "check_colon": (": ", " : "),
    "check_scenario": ("scenario", "scénario"),
    "check_promise": ("promise", "engagement"),
    "check_result": ("result", "résultat"),
    "check_kept": ("kept", "tenu"),
    "check_broken": ("broken", "non tenu"),
    "check_inconclusive": ("inconclusive", "indécis"),
    "check_of_mean": ("mean", "moyenne"),
    "check_of_median": ("median", "médiane"),
    "check_of_q1": ("first quartile", "premier quartile"),
    "check_of_q3": ("third quartile", "troisième quartile"),
    "check_of_share": ("share", "part"),
    "check_share": (
        "trials that {reached} within {goal} of {event}",
        "essais qui {reached} dans les {goal} suivant {event}",
    ),
    "check_wait_time": ("wait for {pool} ({statistic})", "attente, {pool} ({statistic})"),
    "check_utilisation": ("use of {pool}", "occupation, {pool}"),
    "check_unserved": ("requests never served, {pool}", "demandes jamais traitées, {pool}"),
    "check_at_least": (
        "{held}; at least {bound} promised, {value} found ({interval}, {replications}): {what}.",
        "{held} ; au moins {bound} attendus, {value} constatés ({interval}, {replications}) : {what}.",
    ),
    "check_at_most": (
        "{held}; at most {bound} promised, {value} found ({interval}, {replications}): {what}.",
        "{held} ; au plus {bound} attendus, {value} constatés ({interval}, {replications}) : {what}.",
    ),
    "check_better": (
        "{held}; better than “{other}” promised, {value} found in its favour ({interval}, {replications}): {what}.",
        "{held} ; mieux que « {other} » attendu, {value} constatés en sa faveur ({interval}, {replications}) : {what}.",
    ),
    "check_better_by": (
        "{held}; better than “{other}” by at least {bound} promised, {value} found in its favour ({interval}, "
        "{replications}): {what}.",
        "{held} ; mieux que « {other} » d'au moins {bound} attendu, {value} constatés en sa faveur ({interval}, "
        "{replications}) : {what}.",
    ),
    "check_needs": (
        "About {n} more replications would tell.",
        "Environ {n} réplications de plus permettraient de trancher.",
    ),
    "check_needs_none": (
        "No number of replications would tell: the number lies at its bound.",
        "Aucun nombre de réplications ne permettrait de trancher : la valeur est à la limite.",
    ),
    "effects_reading": (
        "Rerun: the same trials with the same luck, with one task that takes no time or one team that everybody finds "
        "free (a seat at every sitting). Margin: what that could bring at most on the way if queues did not react; "
        "they do, so that the effect may be more, less, or of the other sign. Days are of the trials that reach the "
        "goal in both. Each interval stands alone.",
        "Recalcul : les mêmes essais, les mêmes aléas, mais une tâche sans durée ou une équipe toujours disponible "
        "(une place à chaque séance). Marge : ce que cela apporterait au plus, sur le chemin, si les files ne "
        "réagissaient pas ; comme elles réagissent, l'effet peut être plus grand, plus petit ou de signe contraire. "
        "Les jours portent sur les essais qui atteignent l'objectif dans les deux cas. Chaque intervalle vaut pour lui "
        "seul.",
    ),
    "effect_change": ("Rerun with", "Recalcul avec"),
    "effect_margin": ("margin, d", "marge, j"),
    "effect_days": ("days [95 % CI]", "jours [IC à 95 %]"),
    "effect_share": ("within the goal, points [95 % CI]", "dans l'objectif, points [IC à 95 %]"),
    "effect_task": ("{task}: no time", "{task} : sans durée"),
    "effect_pool": ("{pool}: always free", "{pool} : toujours disponibles"),
    "story_kept": (
        "{scenario}, trial {trial}: {since} on {day}, {to} on {there}, {days} later; the goal of {goal} is kept.",
        "{scenario}, essai {trial} : {since} le {day}, {to} le {there}, {days} plus tard ; l'objectif de "
        "{goal} est tenu.",
    ),
    "story_missed": (
        "{scenario}, trial {trial}: {since} on {day}, {to} on {there}, {days} later; the goal of {goal} is missed.",
        "{scenario}, essai {trial} : {since} le {day}, {to} le {there}, {days} plus tard ; l'objectif de "
        "{goal} est manqué.",
    ),
    "story_there": (
        "{scenario}, trial {trial}: {since} on {day}, {to} on {there}, {days} later; the trial does not count "
        "towards the goal.",
        "{scenario}, essai {trial} : {since} le {day}, {to} le {there}, {days} plus tard ; l'essai ne compte "
        "pas pour l'objectif.",
    ),
    "story_not_there": (
        "{scenario}, trial {trial}: {to} is not reached by the end of the simulation (day 0: {day}).",
        "{scenario}, essai {trial} : « {to} » n'est pas atteint au terme de la simulation (jour 0 : {day}).",
    ),
    "story_way": ("What decided it: {items}.", "Ce qui l'a décidé : {items}."),
    "story_step": ("{task}, {days}", "{task}, {days}"),
    "story_step_waited": (
        "{task}, {days}, of which {wait} waiting ({pool}; {why})",
        "{task}, {days}, dont {wait} d'attente ({pool} ; {why})",
    ),
    "story_held": ("{why}: {held}", "{why} : {held}"),
    "story_reading": (
        "Day 0 is the first event of the goal. On the way: days on the chain of tasks that ended last; they add up to "
        "the days of the goal.",
        "Le jour 0 est le premier événement de l'objectif. Sur le chemin : jours passés sur la chaîne de tâches qui "
        "finit en dernier ; leur somme est la durée de l'objectif.",
    ),
    "story_ready": ("ready", "prête"),
    "story_start": ("begins", "début"),
    "story_end": ("ends", "fin"),
    "story_wait": ("wait, d", "attente, j"),
    "story_pool": ("for whom", "de qui"),
    "story_why": ("why", "pourquoi"),
    "ledger_none": ("no lever", "aucun levier"),
    "ledger_aside": ("(alone {alone}, last in {last_in})", "(seul {alone}, en dernier {last_in})"),
    "ledger_x": (
        "share of trials, %; each bar is a Shapley value, in points",
        "part des essais, % ; chaque barre est une valeur de Shapley, en points",
    ),
    "ledger_title": (
        "Trials that {reached} within {goal} of {event}: what each lever brings",
        "Essais qui {reached} dans les {goal} suivant {event} : ce qu'apporte chaque levier",
    ),
    "others": ("{n} others", "{n} autres"),
    "days_x": ("mean, days a trial", "moyenne, jours par essai"),
    "days_title": (
        "{scenario}: where the {days} from “{since}” to “{to}” go",
        "{scenario} : où passent les {days} de « {since} » à « {to} »",
    ),
    "difference_title": (
        "What changes between “{since}” and “{to}”, task by task",
        "Ce qui change entre « {since} » et « {to} », tâche par tâche",
    ),
    "effects_x": (
        "days gained on average (bar), 95 % interval (line), margin (diamond)",
        "jours gagnés en moyenne (barre), intervalle à 95 % (trait), marge (losange)",
    ),
    "effects_title": (
        "{scenario}: what a rerun brings without one task, or with one team always free",
        "{scenario} : ce que gagne un recalcul sans une tâche, ou avec une équipe toujours disponible",
    ),
    "task": ("Task", "Tâche"),
    "days": ("days", "jours"),
    "part_lag": ("delay", "délai"),
    "part_work": ("work", "traitement"),
    "part_off_duty": ("nobody there", "absents"),
    "part_sitting": ("next sitting", "séance"),
    "part_overtaken": ("overtaken", "doublé"),
    "part_busy": ("all busy", "tous occupés"),
    "waited_for": ("Waited for", "Qui est attendu"),
    "critical": ("on the way", "sur le chemin"),
    "prerequisite": ("Prerequisite", "Prérequis"),
    "last": ("last", "en dernier"),
    "margin": ("margin, d", "marge, j"),
    "unlocks": ("unlocked", "débloqués"),
    "in_all": ("in all", "en tout"),
    "cell": ("{n} cell", "{n} case"),
    "cells": ("{n} cells", "{n} cases"),
}


def say(key: str, language: Language, /, **values: str) -> str:
    """A phrase with its blanks filled."""
    return worded(PHRASES[key], language, **values)


def worded(pair: Words, language: Language, /, **values: str) -> str:
    """A wording in one language, its spaces as they are set there, with its blanks filled."""
    return unbroken(_pick(pair, language), language).format(**values)


def key_title(name: str, language: Language) -> str:
    """What a key of a scenario is called."""
    return _named(KEYS, name, language)


def quantity(value: float, unit: str, language: Language) -> str:
    """A value of a range with its unit; "x" is a factor.

    >>> quantity(2.5, "wd", "en"), quantity(0.5, "x", "fr")
    ('2.5\N{NO-BREAK SPACE}working days', '×0,50')
    """
    digits = 0 if value == round(value) else 1 if abs(value) >= 1 else 2
    named = f"1 {unit}" if value == 1 and f"1 {unit}" in UNITS else unit
    figure, word = number(value, language, digits=digits), _named(UNITS, named, language)
    return f"{word}{figure}" if unit == "x" else f"{figure}{NO_BREAK}{word}" if unit else figure


def range_title(written: str, language: Language) -> str:
    """A range as a scenario writes it, in words: "45 to 200", "fixed".

    >>> range_title("x0.5 to x2", "fr"), range_title("fixed", "fr")
    ('de x0,5 à x2', 'fixe')
    """
    if language == "en" or not written:
        return written
    low, to, high = written.partition(" to ")
    return f"de {low} à {high}".replace(".", ",") if to else {"fixed": "fixe"}.get(written, written)


def grade_title(grade: str, language: Language) -> str:
    """What a grade of evidence means."""
    return _named(GRADES, grade, language)


def grade_letter(grade: str, language: Language) -> str:
    """A grade that is a letter as it is; one that is a word in the language."""
    return grade if len(grade) == 1 else say(f"grade_{grade}", language)


def verdict_title(verdict: str, language: Language) -> str:
    """What a verdict is called."""
    return _named(VERDICTS, verdict, language)


def plain(name: str) -> str:
    """A name of the scenario as words."""
    return name.replace("_", " ")


def goal_days(goal: Goal, language: Language) -> str:
    """The days of the goal, such as '15 calendar days'."""
    return say(goal.counted, language, n=f"{goal.within.value:g}").replace(" ", NO_BREAK, 1)


MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def day(of: date, language: Language) -> str:
    """A date as people write it: 2025-01-06 in English, 6 janvier 2025 in French.

    >>> day(date(2025, 8, 1), "fr").replace(NO_BREAK, " ")
    '1er août 2025'
    """
    if language == "en":
        return of.isoformat()
    number = "1er" if of.day == 1 else str(of.day)
    return f"{number}{NO_BREAK}{MONTHS[of.month - 1]}{NO_BREAK}{of.year}"


def month(of: str, language: Language) -> str:
    """A month such as 2026-08 as people write it; what is none stays as it is.

    >>> month("2026-08", "fr").replace(NO_BREAK, " "), month("2026-08", "en")
    ('août 2026', '2026-08')
    """
    year, _, number = of.partition("-")
    if language == "en" or not number.isdigit():
        return of
    return f"{MONTHS[int(number) - 1]}{NO_BREAK}{year}"


def _named(names: Mapping[str, Words], name: str, language: Language) -> str:
    return _pick(names[name], language) if name in names else plain(name)


def unbroken(words: str, language: Language) -> str:
    """The words with spaces that cannot break where each language has them before (and after) a mark.

    >>> marked = unbroken("« 5 % » : bien ? oui ; bien !", "fr")
    >>> marked.replace(NARROW, "_").replace(NO_BREAK, "~")
    '«~5_%~»~: bien_? oui_; bien_!'
    >>> unbroken("5 % ?", "en").replace(NO_BREAK, "~")
    '5~% ?'
    """
    if language == "en":
        return words.replace(" %", f"{NO_BREAK}%")
    for mark in "%;?!":
        words = words.replace(f" {mark}", f"{NARROW}{mark}")
    return words.replace(" :", f"{NO_BREAK}:").replace("« ", f"«{NO_BREAK}").replace(" »", f"{NO_BREAK}»")


def _pick(pair: Words, language: Language) -> str:
    return pair[1] if language == "fr" else pair[0]


MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


def number(value: float, language: Language, *, digits: int = 1) -> str:
    """A number with so many decimals; 'not reached' for inf, a dash for nan.

    >>> number(-1234.56, "en"), number(float("inf"), "en")
    ('\N{MINUS SIGN}1,234.6', 'not reached')
    """
    if isnan(value):
        return DASH
    if isinf(value):
        return say("not_reached", language)
    written = f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", MINUS)
    return written.replace(",", NARROW).replace(".", ",") if language == "fr" else written


def share(value: float, language: Language) -> str:
    """A share as a percentage; one that is nearly nothing or nearly all is said in words, never rounded to it.

    >>> share(0.0004, "en").replace(NO_BREAK, " "), share(0.004, "fr").replace(NARROW, " "), share(0.0, "en")
    ('less than 0.1 %', '0,4 %', '0\xa0%')
    """
    if 0 < value < 0.001:
        return say("less_than", language)
    if 0.999 < value < 1:
        return say("more_than", language)
    digits = 1 if 0 < value < 0.005 or 0.995 < value < 1 else 0
    space = NARROW if language == "fr" else NO_BREAK
    return f"{number(100 * value, language, digits=digits)}{space}%"


def share_between(low: float, high: float, language: Language) -> str:
    """The interval of a share in per cent, with a decimal where it is narrow.

    >>> share_between(0.0, 0.0004, "en"), share_between(0.09, 0.17, "en")
    ('0.0\N{EN DASH}0.1', '9\N{EN DASH}17')
    """
    narrow = high - low < 0.02
    low, high = (floor(1000 * low) / 10, ceil(1000 * high) / 10) if narrow and high == high else (100 * low, 100 * high)
    return between(low, high, language, digits=1 if narrow else 0)


class Unit(NamedTuple):
    """A unit of time that shows a number."""

    name: str  # d, h or min
    of_day: float  # how many of it are a day

    def short(self, language: Language) -> str:
        """Its sign."""
        return say(self.name, language)

    def long(self, language: Language) -> str:
        """Its name, of several."""
        return say(f"in_{self.name}", language)


DAYS = Unit("d", 1)


def unit_for(values: Iterable[float]) -> Unit:
    """The unit [of d] in which the largest of these days shows: days from half a day on, then hours, then minutes.

    >>> unit_for([0.02, 3.0]).name, unit_for([0.1]).name, unit_for([0.02]).name, unit_for([]).name
    ('d', 'h', 'min', 'd')
    """
    largest = max((abs(each) for each in values if isfinite(each)), default=1.0)
    if largest >= 0.5 or largest == 0:
        return DAYS
    return Unit("h", 24) if largest >= 2 / 24 else Unit("min", 1440)


def days(value: float, language: Language, *, digits: int = 1) -> str:
    """A length of time [d], in a unit that shows it."""
    unit = unit_for([value])
    return f"{number(value * unit.of_day, language, digits=digits)}{NO_BREAK}{unit.short(language)}"


def days_between(low: float, high: float, value: float, language: Language, *, digits: int = 1) -> str:
    """The interval of a length of time [d], in the unit in which `days` writes the value.

    >>> days(0.2, "en").replace(NO_BREAK, " "), days_between(0.1, 0.3, 0.2, "en")
    ('4.8 h', '2.4\N{EN DASH}7.2')
    """
    of_day = unit_for([value]).of_day
    return between(of_day * low, of_day * high, language, digits=digits)


def between(low: float, high: float, language: Language, *, digits: int = 1) -> str:
    """An interval; a dash alone if there is none."""
    if isnan(low) or isnan(high):
        return DASH
    joint = DASH if round(low, digits) >= 0 else {"en": " to ", "fr": " à "}[language]
    return f"{number(low, language, digits=digits)}{joint}{number(high, language, digits=digits)}"


def signed(value: float, language: Language, *, digits: int = 1) -> str:
    """A difference with its sign; one that rounds to 0 has none."""
    written = number(value, language, digits=digits)
    return f"+{written}" if round(value, digits) > 0 else written
