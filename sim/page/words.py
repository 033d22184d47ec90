"""The words of the report page, in English and French; sentences about numbers are those of `sim.report.words`."""

from __future__ import annotations

from collections.abc import Mapping

from sim.report.words import Language, worded
from sim.scenario.stages.tasks import Words

PAGE: Mapping[str, Words] = {
    "skip": ("Skip to the answer", "Aller à la réponse"),
    "answer": ("The answer", "La réponse"),
    "changes": ("What changes", "Ce qui change"),
    "days": ("Where the days go, and who is waited for", "Où passent les jours, qui attend qui"),
    "groups": ("By month, by kind of centre", "Selon le mois, selon le type de centre"),
    "people": ("People: who is needed, who is waited for", "Les équipes : qui il faut, qui l'on attend"),
    "sure": ("How sure is it?", "À quel point est-ce sûr ?"),
    "mind": ("What would change our mind", "Ce qui nous ferait changer d'avis"),
    "trust": ("Can it be trusted?", "Peut-on s'y fier ?"),
    "method": ("Method", "Méthode"),
    "annex_data": ("Annex A. The data of the figures", "Annexe A. Les données des figures"),
    "annex_numbers": ("Annex B. All indicators", "Annexe B. Tous les indicateurs"),
    "annex_inputs": ("Annex C. The numbers that went in", "Annexe C. Les paramètres"),
    "annex_again": ("Annex D. The same again, to the byte", "Annexe D. Comment refaire, à l'octet près"),
    "unprinted": (
        "These {rows} lines are in the page and are not printed; open the table before printing to have them on paper.",
        "Ces {rows} lignes sont dans la page et ne sont pas imprimées ; pour les avoir sur papier, ouvrez le tableau "
        "avant d'imprimer.",
    ),
    "page_number": ("page {page} of {pages}", "page {page} sur {pages}"),
    "against": ("against {other}", "contre {other}"),
    "card_share": ("of trials {reached} within {goal}", "des essais {reached} dans les {goal}"),
    "card_days": ("median, {what}", "médiane, {what}"),
    "card_lost": ("of contract work lost per 100 trials", "de travail contractuel perdu pour 100 essais"),
    "n": ("{trials} trials in {replications}", "{trials} essais en {replications}"),
    "curve_shows": (
        "By day {day}, share of trials that {reached}: {items}.",
        "Au jour {day}, part des essais qui {reached} : {items}.",
    ),
    "of_scenario": ("{scenario}, {share}", "{scenario} : {share}"),
    "days_shows": ("From {since} to {to}, on average: {items}.", "De « {since} » à « {to} », en moyenne : {items}."),
    "days_item": (
        "{days} in “{scenario}”, {wait} of them waiting",
        "{days} dans « {scenario} », dont {wait} d'attente",
    ),
    "changes_shows": (
        "Against “{reference}”, same trials, same luck: {gains} numbers better, {losses} worse, {same} the same, "
        "{open} undecided.",
        "Par rapport à « {reference} », sur les mêmes essais et les mêmes aléas : {gains} grandeurs en mieux, {losses} "
        "en moins bien, {same} identiques, {open} sans écart net.",
    ),
    "unit_points": ("Shares, in points", "Parts, en points"),
    "unit_days": ("Lengths of time, in days", "Durées, en jours"),
    "less": ("less", "moins"),
    "more": ("more", "plus"),
    "data": ("The data of this figure: annex A", "Les données de cette figure : annexe A"),
    "in_annex": ("{what}: annex A", "{what} : annexe A"),
    "sheet_first": ("Read first", "À lire d'abord"),
    "show": ("Show the table", "Afficher le tableau"),
    "day": ("day", "jour"),
    "share": ("share", "part"),
    "interval": ("95 % interval", "intervalle à 95 %"),
    "number": ("Number", "Grandeur"),
    "reference": ("reference", "référence"),
    "difference": ("Difference", "Écart"),
    "verdict": ("Verdict", "Verdict"),
    "stage": ("Stage", "Étape"),
    "work_days": ("Work, days", "Traitement, jours"),
    "wait_days": ("Waiting, days", "Attente, jours"),
    "work": ("work and fixed delays", "traitement et délais fixes"),
    "wait": ("waiting", "attente"),
    "pools_caption": (
        "People and sittings: how long they are waited for, and how busy they are",
        "Équipes et séances : combien on les attend, et leur taux d'occupation",
    ),
    "pool": ("People or sittings", "Équipe ou séance"),
    "mean_wait": ("Mean wait, days", "Attente moyenne, jours"),
    "p90_wait": ("Ninth decile, days", "Neuvième décile, jours"),
    "use": ("Use", "Occupation"),
    "evidence_shows": ("{n} numbers went in: {grades}.", "{n} nombres sont entrés dans le calcul : {grades}."),
    "value": ("Value", "Valeur"),
    "range": ("Range", "Fourchette"),
    "place": ("Where it is written", "Où il est écrit"),
    "source": ("Source", "Source"),
    "grade": ("Grade", "Niveau de preuve"),
    "assumption": ("assumption", "hypothèse"),
    "laws": ("Laws of every run", "Lois vraies de tout calcul"),
    "trust_caption": ("What was checked on this very run", "Ce qui a été vérifié sur ce calcul même"),
    "check": ("Check", "Vérification"),
    "result": ("Result", "Résultat"),
    "engines": ("Two engines, one written to be read, agree", "Deux moteurs, dont un écrit pour être lu, concordent"),
    "engines_agree": ("{rows} tasks, equal to the minute", "{rows} tâches, égales à la minute"),
    "engines_differ": ("{rows} of the tasks differ", "{rows} tâches diffèrent"),
    "engines_alone": ("not measured: one engine alone is installed", "non mesuré : un seul moteur est installé"),
    "luck": ("Luck: replications of the same year", "Aléas : réplications de la même année"),
    "not_computed": (
        "Not computed here; this command does: {command}",
        "Non calculé ici ; cette commande le fait : {command}",
    ),
    "how_many": (
        "The smallest number of people with whom a share of the trials keeps the goal is computed by a command, for "
        "{pool}, who are waited for longest: {command}",
        "Le plus petit effectif avec lequel une part donnée des essais tient l'objectif se calcule par une commande ; "
        "pour l'équipe la plus attendue ({pool}) : {command}",
    ),
    "no_bands": (
        "What nobody knows was not computed here; this command does: {command}",
        "Ce que nul ne sait n'a pas été calculé ici ; cette commande le fait : {command}",
    ),
    "no_flips": (
        "From which value of a number on the conclusion turns round is computed by: {command}",
        "La valeur à partir de laquelle la conclusion se renverse se calcule par : {command}",
    ),
    "bands_show": (
        "“{scenario}”: {share} as computed; {luck} % from one year to another; {unknown} % given what nobody knows, "
        "nine times in ten.",
        "« {scenario} » : {share} selon le calcul ; {luck} % d'une année à l'autre ; {unknown} % compte tenu de ce que "
        "nul ne sait, neuf fois sur dix.",
    ),
    "matters_caption": (
        "The numbers on which the answer rests most (“{scenario}”)",
        "Les valeurs dont la réponse dépend le plus (« {scenario} »)",
    ),
    "mind_count": (
        "A count of real trials: if the share of those that {reached} within the goal (“{scenario}”) were outside "
        "{within} %, the model would have to be mended.",
        "Un décompte d'essais réels : si la part de ceux qui {reached} dans l'objectif (« {scenario} ») sortait de "
        "{within} %, le modèle serait à revoir.",
    ),
    "mind_input": (
        "{what} (taken to be {written}): near {low}, the share of “{scenario}” would be {at_low}; near {high}, "
        "{at_high}.",
        "{what} (valeur retenue : {written}) : vers {low}, la part de « {scenario} » serait de {at_low} ; vers {high}, "
        "de {at_high}.",
    ),
    "groups_show": (
        "By {by}, the share of “{scenario}” goes from {low} ({lowest}) to {high} ({highest}).",
        "Selon le {by}, la part de « {scenario} » va de {low} ({lowest}) à {high} ({highest}).",
    ),
    "groups_too_few": (
        "By {by} there are too few trials to say.",
        "Selon le {by}, trop peu d'essais pour se prononcer.",
    ),
    "sliders": ("Vary the assumptions", "Faire varier les hypothèses"),
    "sliders_intro": (
        "The numbers that matter most, each within its range. An answer is read off a surface fitted to simulations "
        "and says by how much it may be off (two standard errors); nothing outside the ranges. At the values as "
        "written, it is the exact result. Levers are switched above.",
        "Les valeurs qui comptent le plus, chacune dans sa fourchette. Une réponse se lit sur une surface ajustée à "
        "des simulations et indique son erreur possible (deux erreurs types) ; rien hors des fourchettes. Aux valeurs "
        "écrites, le résultat est exact. Les leviers s'actionnent plus haut.",
    ),
    "slider_about": (
        "about {value} ± {error} points (“{scenario}”)",
        "environ {value} ± {error} points (« {scenario} »)",
    ),
    "slider_exact": ("{value} (“{scenario}”, exact)", "{value} (« {scenario} », exact)"),
    "slider_apart": ("{points} points apart", "{points} points d'écart"),
    "slider_then": ("; ", " ; "),
    "slider_name": ("{what}: {items}", "{what} : {items}"),
    "slider_pinned": ("Compared with the state that was kept: {items}.", "Par rapport à l'état retenu : {items}."),
    "slider_flips": (
        "{what}: at {at}, “{scenario}” goes across {target}.",
        "{what} : à {at}, « {scenario} » franchit {target}.",
    ),
    "slider_no_more": (
        "{what}: at {at}, “{scenario}” is no better than the reference.",
        "{what} : à {at}, « {scenario} » ne fait plus mieux que la référence.",
    ),
    "slider_holds": (
        "{what}: nothing changes sides between {low} and {high}.",
        "{what} : rien ne bascule entre {low} et {high}.",
    ),
    "slider_at_written": (
        "At the values as written: the exact results, above.",
        "Aux valeurs écrites : les résultats exacts, ci-dessus.",
    ),
    "slider_curve": (
        "Share of trials that {reached} within so many days, at the state of the sliders.",
        "Part des essais qui {reached} en tant de jours, selon la position des curseurs.",
    ),
    "slider_curve_data": ("The curve at the values as written", "La courbe aux valeurs écrites"),
    "slider_values": ("State of the sliders", "Position des curseurs"),
    "slider_field": ("{what}, in {unit}", "{what}, en {unit}"),
    "slider_plain_field": ("{what}, as a number", "{what}, en chiffres"),
    "button_reset": ("Reset", "Revenir aux valeurs écrites"),
    "button_pin": ("Compare with this state", "Comparer avec cet état"),
    "button_flips": ("What turns it round?", "Qu'est-ce qui fait basculer ?"),
    "button_file": ("Download the scenario (YAML)", "Télécharger le scénario (YAML)"),
    "target": ("Share of trials to be reached, %", "Part d'essais à atteindre, %"),
    "no_sliders": (
        "Sliders over the numbers that matter most are computed by: {command}",
        "Des curseurs sur les valeurs qui comptent le plus se calculent par : {command}",
    ),
    "points": ("percentage points", "points de pourcentage"),
    "surface_caption": ("What the surface is worth", "Ce que vaut la surface"),
    "surface_points": ("Design of simulations", "Plan de simulations"),
    "surface_runs": (
        "{points} points, {replications} replications of each scenario at each",
        "{points} points, {replications} réplications de chaque scénario à chacun",
    ),
    "surface_missed": ("Missed, where a point is left out (RMS)", "Écart, un point étant laissé de côté (quadratique)"),
    "surface_covered": (
        "Within two standard errors, of {n} results it was not fitted to",
        "À moins de deux erreurs types, sur {n} résultats tenus à l'écart",
    ),
    "surface_monotone": (
        "Numbers along which the share goes up and down, by more than its error",
        "Valeurs le long desquelles la part monte et descend, au-delà de l'erreur",
    ),
    "surface_all_monotone": ("none", "aucune"),
    "then": ("; ", " ; "),
    "said_of": ("{what}: {value}", "{what} : {value}"),
    "structure_alone": (
        "With the structure of the levers alone, without the durations that they suppose: {share} ({interval}).",
        "Avec la seule structure des leviers, sans les durées qu'ils supposent : {share} ({interval}).",
    ),
    "weight": ("Weight", "Poids"),
    "fiche_caption": ("Indicator: {what}", "Fiche indicateur : {what}"),
    "fiche_definition": ("Definition", "Définition"),
    "fiche_from_to": ("days from “{since}” to “{to}”", "nombre de jours de « {since} » à « {to} »"),
    "fiche_less": (", without {less}", ", déduction faite de : {less}"),
    "fiche_after": ("; 0 if the second comes first", " ; 0 si le second événement précède le premier"),
    "fiche_count": ("Counting", "Décompte"),
    "fiche_scope": ("Scope", "Périmètre"),
    "fiche_all": ("all trials of the scenario", "tous les essais du scénario"),
    "fiche_where": ("trials: {scope}", "essais : {scope}"),
    "fiche_source": ("Source", "Source"),
    "fiche_model": (
        "simulated; not an observation. Scenario that begins on {origin}, fingerprint {fingerprint}",
        "simulé ; ce n'est pas une observation. Scénario qui commence le {origin}, empreinte {fingerprint}",
    ),
    "fiche_limits": ("Limits", "Limites"),
    "fiche_update": ("Update", "Mise à jour"),
    "fiche_each_run": (
        "with every computation; same scenario, seed and version: same numbers",
        "à chaque calcul ; mêmes scénario, graine et version : mêmes nombres",
    ),
    "fiche_elapsed": ("time elapsed, in days", "temps écoulé, en jours"),
    "fiche_not": ("not {what}", "hors {what}"),
    "fiche_trials": ("{n} trials counted over all replications", "{n} essais comptés sur l'ensemble des réplications"),
    "fiche_not_yet": ("{n} of them not there by the end", "{n} non aboutis à la fin du suivi"),
    "fiche_never": ("{n} that can never be", "{n} qui ne peuvent pas aboutir"),
    "fiche_not_needed": ("{n} more need no such event", "{n} autres ne sont pas concernés"),
    "lever_structure": ("structure only", "structure seule"),
    "again": (
        "This command computes the same numbers again, to the byte, on any number of cores:",
        "Cette commande recalcule les mêmes nombres, à l'octet près, quel que soit le nombre de cœurs :",
    ),
    "versions": ("Versions", "Versions"),
    "fingerprint": ("Fingerprint", "Empreinte"),
    "scenario": ("Scenario", "Scénario"),
    "levers_title": ("Which lever, and which together", "Quel levier, et lesquels ensemble"),
    "levers_switch": (
        "Switch the levers: each combination was simulated, these are its exact results.",
        "Actionnez les leviers : chaque combinaison a été simulée, ce sont ses résultats exacts.",
    ),
    "levers_caption": (
        "What each lever adds to the share of trials within the goal, in points",
        "Ce que chaque levier ajoute à la part des essais dans l'objectif, en points",
    ),
    "levers_all": ("Every combination of the levers", "Toutes les combinaisons des leviers"),
    "levers_on": ("Levers pulled", "Leviers actionnés"),
    "levers": ("Levers", "Leviers"),
    "levers_none": ("none", "aucun"),
    "footer": (
        "trialstart {version}. A simulation, not a forecast. Seed {seed}, {replications}.",
        "trialstart {version}. Une simulation, non une prévision. Graine {seed}, {replications}.",
    ),
    "caution": (
        "This interval says how precisely the model was computed. How far the model is from the world depends on its "
        "numbers: see “Can it be trusted?”.",
        "Cet intervalle dit la précision du calcul. L'écart entre le modèle et le monde dépend de ses paramètres : "
        "voir « Peut-on s'y fier ? ».",
    ),
}


def told(key: str, language: Language, /, **values: str) -> str:
    """A phrase of the page with its blanks filled."""
    return worded(PAGE[key], language, **values)
