"""Every sentence that a policy team reads, in English and French, and how numbers are written in each.

A wording is a pair (English, French); what a scenario calls its things is in `titles.py`.

English writes 1,234.5 and 74 %; French writes 1 234,5 and 74 % with narrow no-break spaces. What is not known is a
dash, what is not reached by the end of the simulation says so; neither is ever a 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
}

VERDICTS: Mapping[str, Words] = {
    "gain": ("gain", "gain"),
    "loss": ("loss", "perte"),
    "no_difference": ("no difference to see", "pas de différence visible"),
    "identical": ("exactly identical", "strictement identique"),
    "change": ("change", "changement"),
    "unknown": ("cannot tell", "ne peut être dit"),
}

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
    "concern": ("Warning: {what}.", "Avertissement : {what}."),
    "starved": (
        (
            "Too few people ({pool}): requests still waiting at the end: {starved} of {requests}; "
            "queues never empty: {never_empty}."
        ),
        (
            "Trop peu de monde ({pool}) : demandes encore en attente à la fin : {starved} sur {requests} ; "
            "files jamais vides : {never_empty}."
        ),
    ),
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
    "not_needed": ("besides them {n} that need no such event", "en outre {n} qui n'en ont pas besoin"),
    "then": ("; ", " ; "),
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
    "gantt_title": ("A typical trial under each scenario ({trial})", "Un essai typique dans chaque scénario ({trial})"),
    "all_else_ready": ("nothing (all was ready at the {event})", "rien (tout était prêt à l'{event})"),
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
    "solve_found": (
        "With {number} {path}, {share} ({interval}, {replications}) of trials {reached} within {goal} of {event}; "
        "with {fewer}, {less} ({less_interval}).",
        "Avec {number} {path}, {share} ({interval}, {replications}) des essais {reached} dans les {goal} suivant "
        "{event} ; avec {fewer}, {less} ({less_interval}).",
    ),
    "solve_least": (
        "The smallest number that was allowed, {number} {path}, already gives {share} ({interval}).",
        "Le plus petit nombre autorisé, {number} {path}, donne déjà {share} ({interval}).",
    ),
    "solve_unreachable": (
        "Unreachable so: with {number} {path}, at most {share} ({interval}) of trials {reached} within "
        "{goal} of {event}. "
        "What finishes last then: {items}.",
        "Inatteignable ainsi : avec {number} {path}, au plus {share} ({interval}) des essais {reached} dans les {goal} "
        "suivant {event}. Ce qui finit alors en dernier : {items}.",
    ),
    "solve_undecided": (
        "{number} meets, but it and its neighbour cannot be told apart with {replications}; allow more.",
        "{number} convient, mais ce nombre et son voisin ne peuvent être départagés avec {replications} ; "
        "autorisez-en davantage.",
    ),
    "solve_years": (
        "The mean share meets {wanted}; so does the share of {years} of single years.",
        "La part moyenne atteint {wanted} ; c'est aussi le cas de {years} des années prises une à une.",
    ),
    "solve_worse": (
        "Surprising: {more} does clearly worse than {fewer}.",
        "Surprenant : {more} fait nettement moins bien que {fewer}.",
    ),
    "people_per_site": ("{people} per site", "{people} par centre"),
    "people_per_sponsor": ("{people} per sponsor", "{people} par promoteur"),
    "people_per_country": ("{people}", "{people}"),
    "solve_number": ("number", "nombre"),
    "years_met": ("years that meet", "années qui conviennent"),
    "most_used": ("use", "occup."),
    "sweep_standing": ("standing", "position"),
    "front": ("front", "front"),
    "clearly_dominated": ("dominated", "dominé"),
    "undecided": ("undecided", "indécis"),
    "sweep_best": (
        "Best of the grid: {cell}, {share} ({interval}) of trials {reached} within {goal} of {event}.",
        "Le meilleur point de la grille : {cell}, {share} ({interval}) des essais {reached} dans les "
        "{goal} suivant {event}.",
    ),
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
    "cell": ("{n} cell", "{n} case"),
    "cells": ("{n} cells", "{n} cases"),
}


def say(key: str, language: Language, /, **values: str) -> str:
    """A phrase with its blanks filled."""
    return worded(PHRASES[key], language, **values)


def worded(pair: Words, language: Language, /, **values: str) -> str:
    """A wording in one language, its spaces as they are set there, with its blanks filled."""
    return _unbroken(_pick(pair, language), language).format(**values)


def grade_title(grade: str, language: Language) -> str:
    """What a grade of evidence means."""
    return _named(GRADES, grade, language)


def verdict_title(verdict: str, language: Language) -> str:
    """What a verdict is called."""
    return _named(VERDICTS, verdict, language)


def plain(name: str) -> str:
    """A name of the scenario as words."""
    return name.replace("_", " ")


def goal_days(goal: Goal, language: Language) -> str:
    """The days of the goal, such as '15 calendar days'."""
    return say(goal.counted, language, n=f"{goal.within.value:g}").replace(" ", NO_BREAK, 1)


def _named(names: Mapping[str, Words], name: str, language: Language) -> str:
    return _pick(names[name], language) if name in names else plain(name)


def _unbroken(words: str, language: Language) -> str:
    """The words with spaces that cannot break where each language has them before (and after) a mark."""
    if language == "en":
        return words.replace(" %", f"{NO_BREAK}%")
    for mark in "%;":
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
