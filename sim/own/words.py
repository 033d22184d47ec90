"""Every sentence about a user's own data, in English and French.

How numbers are written is that of the answers of the simulator: `sim.report.words`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.report.words import NO_BREAK, Language, number, share

__all__ = ["COUNTED", "REASONS", "Language", "count", "number", "reason", "say", "share"]

PHRASES: Mapping[str, tuple[str, str]] = {
    "read_title": ("What was read", "Ce qui a été lu"),
    "read_counts": (
        "{rows} rows read: {trials} trials, {pairs} at one centre each; {aside} rows set aside. As of {day}.",
        "{rows} lignes lues : {trials} essais, {pairs} couples essai-centre ; {aside} lignes écartées. État au {day}.",
    ),
    "read_cells": (
        "{cells} filled cells of milestones: {used} used, {aside} cells set aside.",
        "{cells} cellules de jalons remplies : {used} utilisées, {aside} cellules écartées.",
    ),
    "note_partial": (
        "{n} dates are known to the month, week or year only: each is an interval, not its first day.",
        "{n} dates ne sont connues qu'au mois, à la semaine ou à l'an : ce sont des intervalles, non un premier jour.",
    ),
    "note_times": ("{n} times of day were dropped.", "{n} heures ont été laissées de côté."),
    "note_merged": (
        "{n} cells have the value of the merged cell they belong to.",
        "{n} cellules ont reçu la valeur de la cellule fusionnée dont elles font partie.",
    ),
    "unread": (
        "Columns that the mapping does not name ({n}), not read:",
        "Colonnes que la correspondance ne nomme pas ({n}), non lues :",
    ),
    "set_aside": ("Set aside ({n}):", "Écartées ({n}) :"),
    "more": ("... and {n} more", "... et {n} de plus"),
    "milestones_title": (
        "Milestones: how often each is there, and the share of rows without it by the year in which they began",
        "Jalons : nombre de fois où chacun est présent, et part des lignes qui ne l'ont pas, par année de début",
    ),
    "milestones_head": (
        "  milestone                      day  partial     open  missing cancelled not needed weekend  missing by year",
        "  jalon                         jour  partiel en cours manquant   annulés sans objet weekend  manquants / an",
    ),
    "violations": ("In the wrong order ({n}):", "Dans le mauvais ordre ({n}) :"),
    "violation": (
        "{second} ({two}) is {days} d before {first} ({one})",
        "{second} ({two}) précède {first} ({one}) de {days} j",
    ),
    "heaping": (
        "{code}: too many dates on day {days} of the month; they may stand for 'some day of that month'.",
        "{code} : trop de dates au {days} du mois ; elles signifient peut-être « dans le mois ».",
    ),
    "few": (
        "{n} centres have fewer than {few} trials ({trials} together): they are pooled and not told apart.",
        "{n} centres ont moins de {few} essais ({trials} en tout) : ils sont regroupés et ne sont pas distingués.",
    ),
    "fit_title": ("What was fitted", "Ce qui a été ajusté"),
    "fit_line": (
        "{task}: from {begin}; n {n}, {open} still open, {cancelled} given up; {begun} to {ended}",
        "{task} : depuis {begin} ; n = {n}, {open} en cours, {cancelled} abandonnés ; de {begun} à {ended}",
    ),
    "fit_median": (
        "  median {median} d (90 % {low} to {high}), P90 {p90} d ({p90_low} to {p90_high})",
        "  médiane {median} j (90 % : {low} à {high}), P90 {p90} j ({p90_low} à {p90_high})",
    ),
    "fit_families": ("  families by AICc weight: {weights}", "  familles par poids AICc : {weights}"),
    "family_lognormal": ("lognormal", "log-normale"),
    "family_gamma": ("gamma", "gamma"),
    "family_weibull": ("Weibull", "Weibull"),
    "family_loglogistic": ("log-logistic", "log-logistique"),
    "family_exponential": ("exponential", "exponentielle"),
    "fit_close": (
        "  no family stands out: quantiles are weighted means over all of them",
        "  aucune famille ne se détache : les quantiles sont des moyennes pondérées sur toutes",
    ),
    "fit_gof": (
        "  goodness of fit: p = {p} (Cramér-von Mises on Kaplan-Meier, {n} resamples){verdict}",
        "  qualité d'ajustement : p = {p} (Cramér-von Mises sur Kaplan-Meier, {n} tirages){verdict}",
    ),
    "fit_poor": ("; the family does not fit well", " ; la famille s'ajuste mal"),
    "fit_few": (
        "  fewer than {few} cases: quartiles only, graded D",
        "  moins de {few} cas : quartiles seulement, grade D",
    ),
    "fit_zero": (
        "  {share} take no time at all; the rest was fitted apart",
        "  {share} ne prennent aucun temps ; le reste est ajusté à part",
    ),
    "fit_centres": (
        "  centres (median, d; raw > drawn to the whole): {centres}",
        "  centres (médiane, j ; brute > rapprochée de l'ensemble) : {centres}",
    ),
    "fit_refused": ("{task}: not fitted, {why}", "{task} : non ajusté, {why}"),
    "why_truncated": (
        "the tracker has no open row, although {expected} would be expected: it seems to list only what is finished, "
        "which makes times look short. Say 'rows: finished' in the mapping to fit it as such, 'rows: all' if nothing "
        "is open, or add the open rows",
        "le tableau n'a aucune ligne en cours, alors qu'on en attendrait {expected} : il semble ne contenir que ce qui "
        "est terminé, ce qui raccourcit les délais. Écrire « rows: finished » dans la correspondance pour l'ajuster "
        "comme tel, « rows: all » si rien n'est en cours, ou ajouter les lignes en cours",
    ),
    "why_unobserved": ("the tracker does not have this milestone", "le tableau n'a pas ce jalon"),
    "why_no_task": ("the scenario has no task of that name", "le scénario n'a pas de tâche de ce nom"),
    "why_no_work": (
        "the scenario gives it no time of its own, it comes with others; time one of them, by 'intervals'",
        "le scénario ne lui donne pas de durée propre : il vient avec d'autres. Ajuster l'un d'eux avec « intervals »",
    ),
    "why_no_start": ("nothing that it waits for is in the tracker", "rien de ce qu'il attend n'est dans le tableau"),
    "why_few": ("only {n} cases", "seulement {n} cas"),
    "fit_aside": (
        "  left out: {negative} negative times, {unknown} without a start",
        "  non retenus : {negative} durées négatives, {unknown} sans début",
    ),
    "fit_passed": (
        "  {n} without this date, although what follows has one: set aside, they are not open",
        "  {n} sans cette date, alors que la suite en a une : mis de côté, ils ne sont pas en cours",
    ),
    "fit_ahead": (
        "  {n} came before {begin}, and count as coming with it",
        "  {n} sont antérieurs à {begin}, et comptent comme simultanés",
    ),
    "count_line": (
        "{what}: {value} (90 % {low} to {high}), n {n}",
        "{what} : {value} (90 % : {low} à {high}), n = {n}",
    ),
    "picture_band": ("90 % of curves from the fit", "90 % des courbes issues de l'ajustement"),
    "picture_fit": ("fitted ({family})", "ajusté ({family})"),
    "picture_seen": ("observed (Kaplan-Meier)", "observé (Kaplan-Meier)"),
    "picture_open": ("not ended yet", "pas encore terminé"),
    "picture_days": ("days", "jours"),
    "picture_share": ("share that has ended", "part terminée"),
    "picture_fitted": ("fitted quantile, days", "quantile ajusté, jours"),
    "picture_observed": ("observed quantile, days", "quantile observé, jours"),
    "test_title": ("Would it have predicted?", "Aurait-il prédit ?"),
    "test_origins": (
        "{n} origins from {first} to {last}: fitted on what was known on the day, then compared with what came.",
        "{n} dates d'origine, du {first} au {last} : ajusté sur ce qu'on savait ce jour-là, puis comparé à la suite.",
    ),
    "test_line": (
        "{task}: {n} predicted ({open} of them still open); mean error score {crps} d",
        "{task} : {n} prédictions (dont {open} encore en cours) ; score d'erreur moyen {crps} j",
    ),
    "test_skill": (
        "  skill against {reference}: {skill} ({low} to {high})",
        "  gain sur {reference} : {skill} ({low} à {high})",
    ),
    "ref_climatology": ("last year's times", "les délais de l'année précédente"),
    "ref_planned": ("the planned date", "la date prévue"),
    "ref_published": ("the published median", "la médiane publiée"),
    "test_coverage": (
        "  of the intervals of 50, 80 and 95 %, these held: {shares}",
        "  parmi les intervalles à 50, 80 et 95 %, ont tenu : {shares}",
    ),
    "test_pit": ("  ranks of what came: {histogram} (p = {p})", "  rangs de ce qui est arrivé : {histogram} (p = {p})"),
    "test_brier": (
        "  within {goal} d: predicted {predicted}, came {came}; Brier score {brier}",
        "  en {goal} j : prédit {predicted}, observé {came} ; score de Brier {brier}",
    ),
    "test_tenth": (
        "    where {predicted} were predicted, {came} came ({low} to {high}, n {n})",
        "    où l'on prédisait {predicted}, on a observé {came} ({low} à {high}, n = {n})",
    ),
    "picture_goal": ("share within {days} d", "part en {days} j au plus"),
    "picture_predicted": ("predicted", "prédite"),
    "picture_came": ("came", "observée"),
    "picture_ranks": ("rank among what was predicted", "rang parmi les prédictions"),
    "picture_trials": ("trials", "essais"),
    "picture_luck": ("as many in each, and 90 % of luck", "autant dans chacun, et 90 % du hasard"),
    "picture_level": ("level of the interval", "niveau de l'intervalle"),
    "picture_held": ("share that held", "part tenue"),
    "verdict_yes": (
        "  It may be used for this time: intervals hold, and it predicts better than last year's times or as well.",
        "  Utilisable pour ce délai : les intervalles tiennent, et il prédit au moins aussi bien que l'an passé.",
    ),
    "verdict_care": ("  With care: {why}.", "  Avec prudence : {why}."),
    "verdict_no": ("  Not to be used for this time: {why}.", "  À ne pas utiliser pour ce délai : {why}."),
    "verdict_unknown": (
        "  Too few predictions ({n}) to say whether it may be used.",
        "  Trop peu de prédictions ({n}) pour dire si l'on peut s'en servir.",
    ),
    "because_worse": ("last year's times predict better", "les délais de l'année précédente prédisent mieux"),
    "because_narrow": (
        "its intervals are too narrow (80 % held {share})",
        "ses intervalles sont trop étroits (80 % : {share} tenus)",
    ),
    "because_wide": (
        "its intervals are too wide (80 % held {share})",
        "ses intervalles sont trop larges (80 % : {share} tenus)",
    ),
}

COUNTED: Mapping[str, str] = {
    "trials a year": "essais par an",
    "centres of a trial": "centres par essai",
    "share with questions, part_i": "part avec questions, partie I [%]",
    "share with questions, part_ii": "part avec questions, partie II [%]",
    "share refused": "part refusée [%]",
    "share of screen failures": "part d'échecs à la sélection [%]",
    "patients of a centre": "patients par centre et par an",
}
"""What is counted in a tracker, in French."""

REASONS: Mapping[str, str] = {
    "is true or false, not a date": "est vrai ou faux, non une date",
    "is a number, not a date": "est un nombre, non une date",
    "is a serial number; say date_system: 1900 or 1904 in the mapping": (
        "est un numéro de série ; écrire date_system: 1900 ou 1904 dans la correspondance"
    ),
    "could be day/month or month/day; say day_first in the mapping": (
        "peut être jour/mois ou mois/jour ; écrire day_first dans la correspondance"
    ),
    "is a quarter without a year": "est un trimestre sans année",
    "is a month without a year": "est un mois sans année",
    "is a week without a year": "est une semaine sans année",
    "is not a date": "n'est pas une date",
    "is no day of the calendar": "n'est pas un jour du calendrier",
    "is no month of the calendar": "n'est pas un mois du calendrier",
    "is no week of that year": "n'est pas une semaine de cette année",
    "is a default date, or far from any trial": "est une date par défaut, ou loin de tout essai",
    "lies after the extraction, and cannot have happened": "est postérieur à l'extraction et n'a pu avoir lieu",
    "is a status that the mapping does not know; it counts as running": (
        "est un statut que la correspondance ne connaît pas ; il compte comme en cours"
    ),
    "is no number of patients": "n'est pas un nombre de patients",
    "the row names no trial": "la ligne ne nomme aucun essai",
    "the same trial and centre stand in": "les mêmes essai et centre figurent déjà en",
    "the same milestone of the same trial stands in": "le même jalon du même essai figure déjà en",
    "already, all the same": "à l'identique",
    " already": "",
    "is a milestone that the mapping does not name": "est un jalon que la correspondance ne nomme pas",
    "did you mean": "vouliez-vous dire",
    "known:": "connus :",
    "names no milestone": "ne nomme aucun jalon",
}
"""Why something is set aside, in French: parts of a reason, as it is written where it is found."""


def reason(text: str, language: Language) -> str:
    """Why something is set aside, in a language."""
    if language == "fr":
        for english, french in REASONS.items():
            text = text.replace(english, french)
        text = text.replace(" ;", f"{NO_BREAK};").replace(" :", f"{NO_BREAK}:")
    return text


def say(phrase: str, language: Language, **values: str) -> str:
    """A sentence with its values; French has spaces that cannot break before its tall marks."""
    text = PHRASES[phrase][language == "fr"].format(**values)
    if language == "en":
        return text
    for mark in ":;?%»":
        text = text.replace(f" {mark}", f"{NO_BREAK}{mark}")
    return text.replace("« ", f"«{NO_BREAK}")


def count(value: int, language: Language) -> str:
    """A whole number."""
    return number(value, language, digits=0)
