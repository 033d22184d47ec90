"""The words of the explorer's page, in English and French."""

from __future__ import annotations

from collections.abc import Mapping

from sim.report.words import Language, worded
from sim.scenario.stages.tasks import Words

WORDS: Mapping[str, Words] = {
    "ready": (
        "Open {address} in a browser on this machine; Ctrl-C here ends it.",
        "Ouvrez {address} dans un navigateur de cette machine ; Ctrl-C ici l'arrête.",
    ),
    "title": ("Explore: {scenario}", "Explorer : {scenario}"),
    "skip": ("Skip to the answer", "Aller à la réponse"),
    "intro": (
        "Switch a lever, change a number: every trial is played again by the exact engine, on the same trials with the "
        "same luck as the reference.",
        "Actionnez un levier, changez un nombre : tous les essais sont rejoués par le moteur exact, sur les mêmes "
        "essais et avec les mêmes aléas que la référence.",
    ),
    "no_script": (
        "This page needs JavaScript. Without it, trialstart compare and trialstart report answer the same questions.",
        "Cette page a besoin de JavaScript. Sans lui, trialstart compare et trialstart report répondent aux mêmes "
        "questions.",
    ),
    "answer": ("The answer", "La réponse"),
    "controls": ("What can be changed", "Ce qui peut être changé"),
    "computing": ("Computing…", "Calcul en cours…"),
    "lost": (
        "The program that answers has ended. Start trialstart explore again.",
        "Le programme qui répond s'est arrêté. Relancez trialstart explore.",
    ),
    "stopped": (
        "Stopped before all replications were there: another page asks something, or a minute has passed. Move "
        "anything to go on.",
        "Arrêté avant la fin des réplications : une autre page demande quelque chose, ou une minute est passée. "
        "Bougez un réglage pour continuer.",
    ),
    "warnings": ("What cannot be, or not in time", "Ce qui ne peut pas avoir lieu, ou pas à temps"),
    "of_share": ("{value} {words}, {interval}.", "{value} {words}, {interval}."),
    "of_difference": (
        "{difference} against “{reference}” (95 % CI {interval}): {verdict}.",
        "{difference} par rapport à « {reference} » (IC à 95 % {interval}) : {verdict}.",
    ),
    "as_reference": ("These are the numbers of the reference.", "Ce sont les nombres de la référence."),
    "done": ("{n} replications of {most}", "{n} réplications sur {most}"),
    "done_one": ("1 replication of {most}", "1 réplication sur {most}"),
    "levers": ("Levers", "Leviers"),
    "people": ("People", "Effectifs"),
    "starts": ("When steps start", "Début des étapes"),
    "volumes": ("Volumes", "Volumes"),
    "ranges": ("Numbers that have a range", "Valeurs qui ont une plage"),
    "others": ("{n} more", "Les {n} autres"),
    "search": ("Find a number", "Chercher une valeur"),
    "found": ("{n} found", "{n} trouvées"),
    "more_each": ("one more each: {what}", "un de plus partout : {what}"),
    "fewer_each": ("one fewer each: {what}", "un de moins partout : {what}"),
    "national": ("for the country", "pour le pays"),
    "between": (
        "written: {value}; range: {low} to {high}; {grade}",
        "valeur : {value} ; plage : {low} à {high} ; {grade}",
    ),
    "at_ends": (
        "; median time in one year: {low} at the lowest, {high} at the highest",
        " ; délai médian sur une année : {low} au plus bas, {high} au plus haut",
    ),
    "only_where": ("{what}: {value}", "{what} : {value}"),
    "begins": ("starts: {what}", "début : {what}"),
    "exactly": ("exact value: {what}", "valeur exacte : {what}"),
    "sponsors": ("number of sponsors: {what}", "nombre de promoteurs : {what}"),
    "reset": ("Back to the reference", "Revenir à la référence"),
    "compare": ("Compare with these settings from now on", "Prendre ces réglages comme référence"),
    "as_written": ("Start again from the file", "Repartir du fichier"),
    "download": ("Download as a scenario file", "Télécharger le scénario (YAML)"),
    "link": ("Link to these settings", "Lien vers ces réglages"),
    "other_language": ("Français", "English"),
    "your_settings": ("your settings", "vos réglages"),
    "chosen_reference": ("the reference you chose", "la référence choisie"),
    "changed_title": ("{title} (set in the explorer)", "{title} (réglages de l'explorateur)"),
    "caution": (
        "The interval says how precisely the model was computed, not how far it is from the world.",
        "L'intervalle dit la précision du calcul, non l'écart entre le modèle et le monde.",
    ),
}


def said(key: str, language: Language, /, **values: str) -> str:
    """A phrase of the page with its blanks filled."""
    return worded(WORDS[key], language, **values)
