"""What is wrong in a file, in French: a mistake is made in English where it is found, and translated here to be told.

A sentence is a rule, the value received and a remedy; each of these is one of `CLAUSES`, with blanks for what is the
user's: `{}` for a word or a value, `{*}` and `{**}` for what others say. What stands in a blank, or was received, is as
it was written, or one of `VALUES`. `tests/test_french.py` holds both tables against every sentence in `sim/scenario`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from sim.report.words import NARROW, Language, unbroken
from sim.scenario.language.mistakes import Mistake, ScenarioError

VALUES: dict[str, str] = {
    "a mapping": "un bloc de clés",
    "an empty mapping": "un bloc vide",
    "a list": "une liste",
    "an empty list": "une liste vide",
    "a mapping, a list or an alias": "un bloc, une liste ou un alias",
    "nothing": "rien",
    "none": "aucun",
    "none of them": "aucun d'eux",
    "neither": "ni l'un ni l'autre",
    "both": "les deux",
    "both or none": "les deux ou aucun",
    "more": "davantage",
    "dates": "des dates",
    "no number": "aucun nombre",
    "at most {} bytes": "au plus {} octets",
    "a number": "un nombre",
    "{} (calendar)": "{} (calendaires)",
    "{} (working)": "{} (ouvrés)",
    "% of the trials, such as '1 %'": "% des essais, par exemple '1 %'",
    "calendar days, such as '2 d'": "jours calendaires, par exemple '2 d'",
    "no pool": "aucune équipe",
    "a scenario without": "un scénario sans lui",
    "one without replications": "un dossier sans réplications",
    "limits of {}": "des limites de {}",
    "no better_than": "aucun better_than",
    "no unit": "sans unité",
    "a sampling error": "une erreur d'échantillonnage",
    "about {}": "environ {}",
    "{} to {}": "de {} à {}",
    "{} and {}": "{} et {}",
    "{} or {}": "{} ou {}",
    "{}, or write counted: working": "{}, ou écrivez counted: working",
    "{} for both": "{} pour les deux",
    "{} for {}": "{} pour {}",
    "{} alone": "{} seul",
    "{} with none": "{} sans rien de tel",
    "{} with neither": "{} sans l'un ni l'autre",
    "{} of them": "{} en tout",
    "{} from {}": "{}, de {}",
    "{} from {} in {}": "{}, de {} en {}",
    "byte 0x{}": "l'octet 0x{}",
    "character {}": "le caractère {}",
    "the folder {}": "le dossier {}",
    "one of them, {}": "l'un des deux, {}",
    "one per {}": "un par {}",
    "the statutory one {}": "l'horloge légale {}",
    "the {} one {}": "{1}, qui est {0}",
    "{} units together": "{} unités à la fois",
    "{}, which happens for each {}": "{}, qui a lieu pour chaque {}",
    "{}, one of each {}": "{}, un pour chaque {}",
    "{}, and the task waits for {}": "{}, et la tâche en attend {}",
    "a simulation from {} to {}": "une simulation de {} à {}",
    "numbers too close together or too far apart for that": "des nombres trop proches ou trop éloignés pour cela",
    "{} (mean {}, sd {})": "{} (moyenne {}, écart-type {})",
    "{} for a scenario that was read already": "{} pour un scénario déjà lu",
    "{} trials a year": "{} essais par an",
    "{} sites of a trial": "{} centres par essai",
    "{} candidates of a site": "{} candidats par centre",
    "{} rounds of a task": "{} tours d'une tâche",
    "{} tasks": "{} tâches",
    "{} years": "{} ans",
    "{} becomes {}": "{} devient {}",
    "true, false or a share": "true, false ou une part",
    "such as {}": "par exemple {}",
    "such as '10 d' calendar, '10 wd' working, '2 h'": "par exemple '10 d' calendaires, '10 wd' ouvrés, '2 h'",
    "such as '1 %' or '2 d'": "par exemple '1 %' ou '2 d'",
    # kinds of things
    "event": "événement",
    "task": "tâche",
    "pool": "équipe",
    "clock": "horloge",
    "site type": "type de centre",
    "sponsor type": "type de promoteur",
    "site or sponsor type": "type de centre ou de promoteur",
    "site attribute": "attribut de centre",
    "site": "centre",
    "sponsor": "promoteur",
    "trial": "essai",
    "patient": "patient",
    "calendar": "calendaires",
    "working": "ouvrés",
    "statutory": "légale",
    "several": "plusieurs",
    "one without": "une qui ne l'a pas",
    "an old or encrypted Excel file": "un fichier Excel ancien ou chiffré",
    "bytes that are neither": "des octets qui ne sont ni l'un ni l'autre",
    "a zero byte": "un octet nul",
    "with a range": "à fourchette",
}
"""What stands in blanks, and what was received."""

SYSTEM = {
    "address already in use": "déjà occupé",
    "file name too long": "nom de fichier trop long",
    "file too large": "fichier trop grand",
    "input/output error": "erreur d'entrée-sortie",
    "is a directory": "c'est un dossier",
    "no space left on device": "le disque est plein",
    "no such file or directory": "il n'y a rien de ce nom",
    "not a directory": "ce n'est pas un dossier",
    "permission denied": "accès refusé",
    "read-only file system": "le disque est en lecture seule",
}
"""What an operating system says when it refuses."""

CLAUSES: dict[str, str] = {
    # remedies
    "delete it": "supprimez-le",
    "delete them": "supprimez-les",
    "delete it here": "supprimez-le ici",
    "delete that word": "supprimez ce mot",
    "delete the tag": "supprimez l'étiquette",
    "delete one of them": "supprimez l'un des deux",
    "delete family": "supprimez family",
    "delete them, or the sittings": "supprimez-les, ou bien les séances",
    "rename this one": "renommez celui-ci",
    "rename {}": "renommez {}",
    "rename or delete one of them": "renommez ou supprimez l'un des deux",
    "move it there": "placez-le là",
    "move it there, or delete it": "placez-le là, ou supprimez-le",
    "move it, or delete it": "déplacez-le, ou supprimez-le",
    "correct it": "corrigez-le",
    "correct the escape": "corrigez l'échappement",
    "leave it out": "laissez-le de côté",
    "name another": "nommez-en une autre",
    "name another file": "nommez un autre fichier",
    "name a file in it": "nommez un fichier qu'il contient",
    "name another pool": "nommez une autre équipe",
    "name the pool, or delete it": "nommez l'équipe, ou supprimez-le",
    "name one, or delete it": "nommez-en une, ou supprimez-le",
    "name their clock, or delete it": "nommez leur horloge, ou supprimez-le",
    "name another with 'clock:', or write d": "nommez-en une autre par « clock: », ou écrivez d",
    "name something that is there": "nommez quelque chose qui existe",
    "name the source of this number, or an assumption": "donnez la source de ce nombre, ou une hypothèse",
    "name one of them, such as {}, or a task that starts after it": (
        "nommez l'une d'elles, par exemple {}, ou une tâche qui commence après"
    ),
    "name it with 'of', or give factors such as [x0.5, x2] for all": (
        "nommez-le par « of », ou donnez des facteurs tels que [x0.5, x2] pour tous"
    ),
    "or give factors such as [x0.5, x2]": "ou donnez des facteurs tels que [x0.5, x2]",
    "or let variants {} and {} of this step not hold together": (
        "ou faites que les variantes {} et {} de cette étape ne valent pas ensemble"
    ),
    "say how long it takes, or delete it": "dites combien de temps cela prend, ou supprimez-le",
    "say its own source or assumption": "donnez sa propre source ou hypothèse",
    "let something start after it, or delete it": "faites commencer quelque chose après elle, ou supprimez-la",
    "let {} wait for it": "faites que {} l'attende",
    "let a task before it need and keep them": "faites qu'une tâche antérieure les demande et les garde",
    "give it people": "donnez-lui des personnes",
    "give it people, or let the task do without the pool": (
        "donnez-lui des personnes, ou faites que la tâche s'en passe"
    ),
    "give its sites people, or let the task do without the pool": (
        "donnez des personnes à ses centres, ou faites que la tâche s'en passe"
    ),
    "give its sponsors people, or let the task do without the pool": (
        "donnez des personnes à ses promoteurs, ou faites que la tâche s'en passe"
    ),
    "give it seats, or days on which it sits": "donnez-lui des places, ou des jours de séance",
    "give these sites people": "donnez des personnes à ces centres",
    "give it sponsors": "donnez-lui des promoteurs",
    "give less": "donnez moins",
    "give fewer seats": "donnez moins de places",
    "give the standard error": "donnez l'erreur type",
    "add it": "ajoutez-la",
    "add {}": "ajoutez {}",
    "add units": "ajoutez units",
    "add of": "ajoutez of",
    "add it to the people of a site type": "ajoutez-la aux personnes d'un type de centre",
    "add it to the people of a sponsor type": "ajoutez-la aux personnes d'un type de promoteur",
    "add it to clocks, or write d": "ajoutez-la à clocks, ou écrivez d",
    "add a clock to clocks": "ajoutez une horloge à clocks",
    "add 'clock:', one of {}": "ajoutez « clock: », au choix : {}",
    "add sites, or delete it": "ajoutez des centres, ou supprimez-le",
    "add the stage, or delete it": "ajoutez l'étape, ou supprimez-le",
    "add the stage, or wait for another event": "ajoutez l'étape, ou attendez un autre événement",
    "change those": "changez-les là",
    "write {}": "écrivez {}",
    "write first or every": "écrivez first ou every",
    "write family: piecewise, which has them all": "écrivez family: piecewise, qui les a tous",
    "write all of its numbers in the same": "écrivez tous ses nombres dans la même",
    "write the value out, or use extends": "écrivez la valeur, ou passez par extends",
    "write 'exactly {}', {{median: ..., p90: ...}} or {{low: ..., mode: ..., high: ...}}": (
        "écrivez 'exactly {}', {{median: ..., p90: ...}} ou {{low: ..., mode: ..., high: ...}}"
    ),
    "for no time at all write 'exactly 0 d'": "pour une durée nulle, écrivez 'exactly 0 d'",
    "for no spread write 'exactly' and the mean": "sans dispersion, écrivez 'exactly' et la moyenne",
    "use {}": "prenez {}",
    "use at_most": "prenez at_most",
    "use family lognormal": "prenez family lognormal",
    "use family lognormal or gamma": "prenez family lognormal ou gamma",
    "use min, h, d (calendar) or wd (working)": "prenez min, h, d (calendaires) ou wd (ouvrés)",
    "did you mean {}?": "vouliez-vous dire {} ?",
    "did you mean {}? (a new one must give {})": "vouliez-vous dire {} ? (un nouveau doit donner {})",
    "known: {}": "connus : {}",
    "known: {} (a new one must give {})": "connus : {} (un nouveau doit donner {})",
    "there are none": "il n'y en a pas",
    "there are none (a new one must give {})": "il n'y en a pas (un nouveau doit donner {})",
    "keep one scenario in a file": "gardez un scénario par fichier",
    "save the file as UTF-8": "enregistrez le fichier en UTF-8",
    "save it as 'CSV UTF-8'": "enregistrez-le en « CSV UTF-8 »",
    "put text with commas in quotes": "mettez entre guillemets le texte qui contient des virgules",
    "shorten the windows or move the origin": "raccourcissez les fenêtres ou déplacez l'origine",
    "lengthen windows.follow_up": "allongez windows.follow_up",
    "drop one start rule": "retirez l'une des règles de départ",
    "drop one along_with or unless": "retirez l'un des along_with ou unless",
    "set it as a whole": "fixez-le en entier",
    "pull one of them": "n'en actionnez qu'un",
    "pull it in one, with 'levers: [{}]'": "actionnez-le dans un scénario, par « levers: [{}] »",
    "pull the lever without from, to and at": "actionnez le levier sans from, to ni at",
    "no trial is in both": "aucun essai n'est dans les deux",
    "copy to another folder": "copiez dans un autre dossier",
    "the largest factor is {}": "le facteur le plus grand est {}",
    "the other one at {}": "l'autre étant en {}",
    "must be at most {}": "au plus {}",
    "got {}": "reçu : {}",
    # rules: what must be
    "must be a mapping": "doit être un bloc de clés",
    "must be a mapping of {}": "doit être un bloc des clés {}",
    "must be a mapping such as 'title: ...'": "doit être un bloc de clés tel que « title: ... »",
    "must be a list": "doit être une liste",
    "must be text": "doit être un texte",
    "must be one line of text": "doit être un texte d'une seule ligne",
    "must be true or false": "doit être true ou false",
    "must be a number": "doit être un nombre",
    "must be a whole number": "doit être un nombre entier",
    "must be a finite number": "doit être un nombre fini",
    "must be at least {}": "doit valoir au moins {}",
    "must be more than {}": "doit être supérieur à {}",
    "must be less than {}": "doit être inférieur à {}",
    "must have at least {}": "doit en avoir au moins {}",
    "must have at most {} items": "doit avoir au plus {} éléments",
    "must have at most {} characters": "doit avoir au plus {} caractères",
    "must have at most {} values": "doit avoir au plus {} valeurs",
    "must have two values": "doit avoir deux valeurs",
    "must be {}": "doit être {}",
    "must be lower-case letters, digits and _, a letter first": (
        "doit être fait de minuscules sans accent, de chiffres et de _, une lettre en tête"
    ),
    "must be a word, true, false or a whole number": "doit être un mot, true, false ou un nombre entier",
    "must be an id of the register or a list of ids": "doit être un ou plusieurs identifiants du registre",
    "must be two numbers of one unit, two factors such as x0.5 and x2, or fixed": (
        "doit être deux nombres de même unité, deux facteurs tels que x0.5 et x2, ou fixed"
    ),
    "must run from the lowest to the highest value": "doit aller de la plus petite à la plus grande valeur",
    "must have a size or an error, not both": "doit avoir size ou error, et non les deux",
    "must be 'exactly N', {{mean: ...}} or {{shares: ...}}": "doit être 'exactly N', {{mean: ...}} ou {{shares: ...}}",
    "must be one of exactly, mean, shares": "doit être l'un de exactly, mean, shares",
    "must be one of {}": "doit être l'un de {}",
    "must be an event such as 'authorised', 'authorised + 10 d' or 'first site_activated'": (
        "doit être un événement tel que 'authorised', 'authorised + 10 d' ou 'first site_activated'"
    ),
    "must be a number and a unit ({})": "doit être un nombre et une unité ({})",
    "needs a unit ({})": "il faut une unité ({})",
    "must be written such as {}": "doit s'écrire comme {}",
    "has an unknown unit {}": "l'unité {} est inconnue",
    "must not be negative": "ne peut être négatif",
    "must be a percentage such as '15 %'": "doit être un pourcentage tel que '15 %'",
    "must be a percentile such as 'p80'": "doit être un centile tel que 'p80'",
    "must lie between 0 % and 100 %": "doit être compris entre 0 % et 100 %",
    "must be a share such as '1 %'": "doit être une part telle que '1 %'",
    "must be a length of time such as '2 d'": "doit être une durée telle que '2 d'",
    "must be in calendar days such as {}": "doit être en jours calendaires, par exemple {}",
    "must be per unit of time, such as '200 /year'": "doit être par unité de temps, par exemple '200 /year'",
    "must be a date such as 2026-01-31": "doit être une date telle que 2026-01-31",
    "must be a month and a day such as '08-15'": "doit être un mois et un jour tels que '08-15'",
    "must be a time of day such as '09:00'": "doit être une heure telle que '09:00'",
    "must be a day such as 'mon'": "doit être un jour tel que 'mon'",
    "must be whole {} days, such as {}": "doit être un nombre entier de jours ({}), par exemple {}",
    "must be another event than the first": "doit être un autre événement que le premier",
    "must name the clock whose working days count": "doit nommer l'horloge dont les jours ouvrés comptent",
    "'working' needs to know the working days": "'working' suppose de connaître les jours ouvrés",
    "must be a task between the two events": "doit être une tâche entre les deux événements",
    "must be a working clock": "doit être une horloge de travail",
    "must have people or sittings": "doit avoir des personnes ou des séances",
    "must add up to 100 %": "doit faire 100 % en tout",
    "shares must add up to 100 %": "les parts doivent faire 100 % en tout",
    "must not be before the origin {}": "ne peut précéder l'origine {}",
    "must be at most the {} sites that the class may choose": (
        "doit être au plus les {} centres que la catégorie peut choisir"
    ),
    "must be at most the {} sites that the class may choose beside": (
        "doit être au plus les {} centres que la catégorie peut choisir en plus"
    ),
    "is of sites that stand by, and the class opens none": (
        "est pour des centres de réserve, et la catégorie n'en ouvre aucun"
    ),
    "is for sites that leave, and none leaves these trials": (
        "est pour remplacer les centres qui se retirent, et aucun ne quitte ces essais"
    ),
    "write closes_site: true at a task of each site, or delete it": (
        "écrivez closes_site: true à une tâche de chaque centre, ou supprimez-le"
    ),
    "must be an event of the same {}": "doit être un événement du même {}",
    "must be less than all": "doit être moins que toutes",
    "must come before {}": "doit venir avant {}",
    "must be at least 1 d": "doit valoir au moins 1 d",
    "must add up to at most {} years": "doit faire au plus {} ans en tout",
    "must lie between the years {} and {}": "doit être compris entre les années {} et {}",
    "must be at most {} with their steps": "doit être au plus {} avec leurs étapes",
    "must be at most {} in all": "doit être au plus {} en tout",
    "must have a source or an assumption": "doit avoir une source ou une hypothèse",
    "must have the columns {}": "doit avoir les colonnes {}",
    "must be a table, {}": "doit être un tableau, {}",
    "must have as many cells as the first row": "doit avoir autant de cellules que la première ligne",
    "must be text in UTF-8 or Windows-1252": "doit être un texte en UTF-8 ou Windows-1252",
    "must be a scenario file": "doit être un fichier de scénario",
    "must be a scenario file, NAME.yaml": "doit être un fichier de scénario, NOM.yaml",
    "must be the name of a file": "doit être le nom d'un fichier",
    "must be the name of the file, {}": "doit être le nom du fichier, {}",
    "must not lead back to this file": "ne peut ramener à ce fichier",
    "must lead over at most {} files": "doit passer par {} fichiers au plus",
    "must be path=value such as contracting.starts=authorised": (
        "doit être chemin=valeur, par exemple contracting.starts=authorised"
    ),
    "must be in the unit of the number that it is about, {} as {}": (
        "doit être dans l'unité du nombre dont il s'agit, {} comme {}"
    ),
    "must give its error in the unit of the number, {} as {}": (
        "doit donner son erreur dans l'unité du nombre, {} comme {}"
    ),
    "must lie between the numbers that have a share, {} and {}": "doit être entre les nombres à part, {} et {}",
    "must cover a date": "doit porter sur une date",
    "must cover a number": "doit porter sur un nombre",
    "must be of the kind of the number that it is about, {}": "doit être de la nature du nombre dont il s'agit, {}",
    "must be about one number": "doit porter sur un seul nombre",
    "must hold the number that it is about, {}": "doit contenir le nombre dont il s'agit, {}",
    "must hold the number that it is about, a mean of {}": "doit contenir le nombre dont il s'agit, une moyenne de {}",
    "must hold what is written, x1 or 0 d": "doit contenir ce qui est écrit, x1 ou 0 d",
    "the scenario must be buildable at its ends": "le scénario doit pouvoir être construit à ses deux bouts",
    "a number of cases says how sure a share is, or a median with a p90": (
        "un nombre de cas dit la précision d'une part, ou d'une médiane donnée avec son p90"
    ),
    "must say how it spreads": "doit dire sa dispersion",
    "must be one known form": "doit être d'une forme connue",
    "family {} does not go with {}": "family {} ne va pas avec {}",
    "must be in one unit": "doit être dans une seule unité",
    "{} must be less than {}": "{} doit être inférieur à {}",
    "{} must be at most {}": "{} doit être au plus {}",
    "{} must be more than 0": "{} doit être supérieur à 0",
    "a normal duration must be negative with a probability below {}": (
        "une durée normale doit être négative avec une probabilité inférieure à {}"
    ),
    "the shape of a {} duration must lie between {} and {}": (
        "la forme d'une durée {} doit être comprise entre {} et {}"
    ),
    "{} cannot have these numbers: {}": "{} ne peut avoir ces nombres : {}",
    "must say the number it is of where there is no goal": "doit dire de quel nombre il s'agit, faute d'objectif",
    "more of it is neither better nor worse": "en avoir plus n'est ni mieux ni pire",
    "needs one of volume, volume_by_date or dates": "il faut volume, volume_by_date ou dates",
    "needs one of at_least, at_most or better_than": "il faut at_least, at_most ou better_than",
    "by says how much better than another scenario": "by dit de combien mieux qu'un autre scénario",
    "must begin before it ends": "doit commencer avant de finir",
    "a working clock needs hours, such as ['09:00', '17:00']": (
        "une horloge de travail a des heures, par exemple ['09:00', '17:00']"
    ),
    "a night must end before another day opens": "une nuit doit finir avant que le jour suivant n'ouvre",
    "hours must be pairs of opening and closing": "les heures vont par paires, ouverture et fermeture",
    "hours must follow each other, only the last may be on the next day": (
        "les heures se suivent, seule la dernière peut être le lendemain"
    ),
    "a background of 100 % leaves no time for anything": "un background de 100 % ne laisse de temps pour rien",
    "sittings have no background": "des séances n'ont pas de background",
    "must not contain control characters": "ne peut contenir de caractères de commande",
    "must be UTF-8 text": "doit être un texte en UTF-8",
    "must be printable text": "doit être un texte imprimable",
    "must be nested at most {} deep": "doit être imbriqué sur {} niveaux au plus",
    "must be whole characters": "doit être des caractères entiers",
    "a key must be a word": "une clé doit être un mot",
    "scenario: must be a file, a name or a Scenario": "scénario : doit être un fichier, un nom ou un Scenario",
    "set_ and levers: are for files": "set_ et levers : sont pour des fichiers",
    "holidays must be one of holidays.yaml": "les jours fériés doivent être l'un de holidays.yaml",
    "must be one of holidays.yaml": "doit être l'un de holidays.yaml",
    "did you mean {}? known: {}, other countries of the Python package holidays, and regions such as FR-57": (
        "vouliez-vous dire {} ? connus : {}, les autres pays du paquet Python holidays, et des régions comme FR-57"
    ),
    "known: {}, other countries of the Python package holidays, and regions such as FR-57": (
        "connus : {}, les autres pays du paquet Python holidays, et des régions comme FR-57"
    ),
    "value and spread must both be shares for a share, both days for anything else": (
        "value et spread doivent être deux parts pour une part, deux durées pour le reste"
    ),
    "within must be given for a share, and for nothing else": "within se donne pour une part, et pour rien d'autre",
    "must count back in the unit of the {} that are planned": "doit se décompter dans l'unité des {} qui sont prévus",
    "must count back by at most the {} that are planned": "doit se décompter d'au plus les {} qui sont prévus",
    "cannot count back from {}": "ne peut se décompter depuis {}",
    "what has a planned date is {}": "ont une date prévue : {}",
    "what has a planned date is nothing without the stage 'authorisation'": (
        "rien n'a de date prévue sans l'étape 'authorisation'"
    ),
    "must measure something that the reference measures too ({})": (
        "doit mesurer quelque chose que la référence mesure aussi ({})"
    ),
    # rules: what is so
    "{} of the files are there already": "{} des fichiers existent déjà",
    "lies outside the simulated time, {} to {}, and changes nothing": (
        "est hors du temps simulé, du {} au {}, et ne change rien"
    ),
    "takes its turn after another step, which says {}": "prend son tour après une autre étape, qui dit {}",
    "is for work that is done once": "est pour un travail fait une seule fois",
    "who takes turns is free at the end of each: delete it": (
        "qui prend des tours est libre à la fin de chacun : supprimez-le"
    ),
    "is said by {}": "est dit par {}",
    "nothing waits for it and nothing measures it": "rien ne l'attend et rien ne la mesure",
    "is for who waits for people, and nothing here does": "est pour qui attend des personnes, et rien n'en attend ici",
    "is how many of the people it needs, and it names none": (
        "est le nombre de personnes qu'il faut, et aucune n'est nommée"
    ),
    "is about waiting for people, and nothing here does": "porte sur l'attente de personnes, et rien n'en attend ici",
    "counts work or a limit, and there is neither": "compte un travail ou un délai, et il n'y a ni l'un ni l'autre",
    "are of people, and a body that meets gives one seat to a file": (
        "sont des personnes, et une instance qui siège donne une place par dossier"
    ),
    "are for a working clock": "sont pour une horloge de travail",
    "a statutory one counts whole days: delete them": "une horloge légale compte des jours entiers : supprimez-les",
    "is of people who work on this clock, and no pool of people takes it": (
        "est pour qui travaille à cette horloge, et aucune équipe ne la suit"
    ),
    "is about people whose shift ends, and theirs never does": (
        "est pour qui a une fin de service, et ici elle ne vient jamais"
    ),
    "is for a pool per site": "est pour une équipe par centre",
    "delete it, or write per: site": "supprimez-le, ou écrivez per: site",
    "are of people, and a body that meets has seats": "sont des personnes, et une instance qui siège a des places",
    "is about people at work, and a body that meets has seats": (
        "porte sur des personnes au travail, et une instance qui siège a des places"
    ),
    "is of people or of sittings, and a batch is taken whenever so many wait": (
        "est pour des personnes ou des séances, et un lot est pris dès qu'il est complet"
    ),
    "is for a trial that waits for one event of every site": (
        "est pour un essai qui attend un même événement de tous ses centres"
    ),
    "write such as starts: every left": "écrivez par exemple starts: every left",
    "is for a task of each site": "est pour une tâche de chaque centre",
    "write scope: site": "écrivez scope: site",
    "is for a trial that goes on": "est pour un essai qui continue",
    "delete it, or closes_trial": "supprimez-le, ou closes_trial",
    "is for who does not wait for all of them": "est pour qui ne les attend pas toutes",
    "say with 'enough' for how many": "dites avec 'enough' combien suffisent",
    "is for who closes nothing else": "est pour qui ne met fin à rien d'autre",
    "let another task, that starts after this one, close it": "laissez une autre tâche, qui la suit, y mettre fin",
    "is for tasks of the same {} or of its sites": "est pour des tâches du même {} ou de ses centres",
    "name others in starts": "nommez-en d'autres dans starts",
    "{} may be dropped by another task already": "{} peut déjà être abandonnée par une autre tâche",
    "let one of them drop it": "n'en laissez qu'une l'abandonner",
    "is of people, and a body that meets has seats": "est pour des personnes, et une instance qui siège a des places",
    "are taken by nobody: all say their own people of it, in site_types and sites": (
        "ne servent à personne : tous disent leurs propres effectifs, dans site_types et sites"
    ),
    "are taken by nobody: all say their own people of it, in sponsor_types": (
        "ne servent à personne : tous disent leurs propres effectifs, dans sponsor_types"
    ),
    "is for sponsor types": "est pour les types de promoteurs",
    "is for site types": "est pour les types de centres",
    "is about a volume": "porte sur un volume",
    "chooses among sites, and the class opens none": "choisit parmi les centres, et la catégorie n'en ouvre aucun",
    "is about the stage inclusion, which is not there": "porte sur l'étape inclusion, qui n'y est pas",
    "counts working days, and the goal counts by the calendar": (
        "compte des jours ouvrés, et l'objectif compte des jours calendaires"
    ),
    "is the name of the goal's own time from event to event": "est le nom du délai de l'objectif lui-même",
    "is the name of the clock that is always open": "est le nom de l'horloge toujours ouverte",
    "is {} elsewhere": "est {} ailleurs",
    "there is no event {} without the stage {}": "il n'y a pas d'événement {} sans l'étape {}",
    "there is no {} {}": "introuvable : {} {}",
    "there is no site type {}": "introuvable : type de centre {}",
    "there is no sponsor type {}": "introuvable : type de promoteur {}",
    "there is no site or sponsor type {}": "introuvable : type de centre ou de promoteur {}",
    "there is no site attribute {}": "introuvable : attribut de centre {}",
    "there is no {} {} to change, and nothing uses a new one": (
        "introuvable : {} {} à changer, et rien n'en utilise un nouveau"
    ),
    "there is no attribute {} to change, and no condition asks for a new one": (
        "il n'y a pas d'attribut {} à changer, et aucune condition n'en demande un nouveau"
    ),
    "there is no attribute {}": "il n'y a pas d'attribut {}",
    "there is no number {} of trials": "il n'y a pas de nombre {} sur les essais",
    "there is no number {} to expect anything of": "il n'y a pas de nombre {} dont attendre quelque chose",
    "there is no pool {} per {}": "il n'y a pas d'équipe {} par {}",
    "there is no row {} in the register": "il n'y a pas de ligne {} dans le registre",
    "there is no item {}": "il n'y a pas d'élément {}",
    "there is no {} to change": "introuvable : {} à changer",
    "there is another event {}": "il y a un autre événement {}",
    "no trial or site has the value {}": "aucun essai ni centre n'a la valeur {}",
    "are known from {} to {}": "sont connus de {} à {}",
    "is called {}, as another event is": "s'appelle {}, comme un autre événement",
    "{} stands for the rule {}": "{} désigne la règle {}",
    "{} is made of steps": "{} est fait d'étapes",
    "never sits, and {} would wait for ever": "ne siège jamais, et {} attendrait sans fin",
    "has nobody at any time, and {} would wait for ever": "n'a jamais personne, et {} attendrait sans fin",
    "has nobody at {}, and trials go there: what needs it waits for ever": (
        "n'a personne pour {}, où vont des essais : ce qui en a besoin attend sans fin"
    ),
    "the follow-up of {} is shorter than the {} of the goal: trials whose clock starts late in the observation cannot "
    "be seen to miss it": (
        "le suivi de {} est plus court que les {} de l'objectif : les essais dont le décompte commence tard dans "
        "l'observation ne peuvent être vus le manquer"
    ),
    "{} happens once in a trial": "{} a lieu une fois par essai",
    "{} happens for each patient": "{} a lieu pour chaque patient",
    "'every' is for what looks at sites or patients from outside": (
        "'every' est pour ce qui regarde des centres ou des patients de l'extérieur"
    ),
    "is for people that it needs": "est pour des personnes dont il a besoin",
    "days of the working clock {} are written wd": "les jours de l'horloge de travail {} s'écrivent wd",
    "wd needs a clock {}": "wd suppose une horloge {}",
    "wd needs a working clock": "wd suppose une horloge de travail",
    "pool {} meets, and serves one at a time": "l'équipe {} siège, et traite un dossier à la fois",
    "pool {} is per site, and this is done once in a trial": (
        "l'équipe {} est par centre, et ceci se fait une fois par essai"
    ),
    "pool {} is per sponsor, and class {} has none": "l'équipe {} est par promoteur, et la catégorie {} n'en a pas",
    "whom a repeated task needs is not kept": "qui sert une tâche répétée n'est pas gardé",
    "a task with steps has this at its steps": "une tâche faite d'étapes a ceci dans ses étapes",
    "a step takes its turn in a task, which says this": "une étape prend son tour dans une tâche, qui dit ceci",
    "tasks exist only where the other does: {}": "des tâches n'existent que l'une avec l'autre : {}",
    "tasks wait for each other: {}": "des tâches s'attendent mutuellement : {}",
    "make {} pools with people of their own": "font {} équipes distinctes",
    "a replication would have about {} rows, at most {} can be simulated": (
        "une réplication aurait environ {} lignes, on peut en simuler {} au plus"
    ),
    "a replication would have about {} candidates, at most {} can be simulated": (
        "une réplication aurait environ {} candidats, on peut en simuler {} au plus"
    ),
    "is not for legal text, which does not vary": "n'est pas pour un texte officiel, qui ne varie pas",
    "is in another unit than its source": "est dans une autre unité que sa source",
    "keeps the source of another number, written at {}": "garde la source d'un autre nombre, écrite en {}",
    "grade: must be one of {}": "grade : doit être l'un de {}",
    "no such file or shipped scenario": "aucun fichier ni scénario fourni de ce nom",
    "no such lever": "aucun levier de ce nom",
    "cannot be read: {*}": "ne peut être lu : {}",
    "cannot be written: {*}": "ne peut être écrit : {}",
    "is not YAML here: {*}": "n'est pas du YAML ici : {}",
    "is not right ({*})": "n'est pas correct ({})",
    "has an escape after this that stands for no character, such as \\U00200000": (
        "est suivi d'un échappement qui n'est aucun caractère, tel que \\U00200000"
    ),
    "file is too large: {}": "le fichier est trop grand : {}",
    "file is empty": "le fichier est vide",
    "a scenario begins with 'title:'": "un scénario commence par « title: »",
    "a second document begins here": "un second document commence ici",
    "aliases are not allowed": "les alias ne sont pas admis",
    "anchors are not allowed": "les ancres ne sont pas admises",
    "YAML tags are not allowed": "les étiquettes YAML ne sont pas admises",
    "key given twice, first in line {}": "clé donnée deux fois, d'abord à la ligne {}",
    "name given twice, first in line {}": "nom donné deux fois, d'abord à la ligne {}",
    "required key is missing; add it ({**})": "une clé obligatoire manque ; ajoutez-la",
    "required key is missing": "une clé obligatoire manque",
    "unknown key": "clé inconnue",
    "this is a lever, not a scenario": "ceci est un levier, non un scénario",
    "this is a table that scenarios look things up in, not a scenario": (
        "ceci est une table que les scénarios consultent, non un scénario"
    ),
    "matches nothing": "ne correspond à rien",
    "cannot be set": "ne peut être fixé",
    "is a list to be set as a whole, such as levers=[parallel_contracting]": (
        "est une liste à fixer en entier, par exemple levers=[parallel_contracting]"
    ),
    "has no parts": "n'a pas de parties",
    "is not for a lever to change": "n'est pas à changer par un levier",
    "levers {} and {} set it to different values, the other one at {}": (
        "les leviers {} et {} le fixent à des valeurs différentes, l'autre en {}"
    ),
    "contradicts a variant of the lever, at {}": "contredit une variante du levier, en {}",
    "cannot be limited to dates or a group, as {} asks": (
        "ne peut être limité à des dates ou à un groupe, comme le veut {}"
    ),
    # of options, folders and decisions
    "no trial and no site has an attribute {}": "aucun essai ni centre n'a d'attribut {}",
    "must be a whole number, at least {}": "doit être un nombre entier, au moins {}",
    "must be more than 0, and for {} in {}": "doit être supérieur à 0, et pour {} en {}",
    "needs the package {}": "demande le paquet {}",
    "compiled needs the package {}": "compiled demande le paquet {}",
    "install it": "installez-le",
    "install it, or use simpy": "installez-le, ou prenez simpy",
    "must be auto or one of {}": "doit être auto ou l'un de {}",
    "must be the folder of an experiment": "doit être le dossier d'une expérience",
    "must hold at least one replication of every scenario": "doit contenir au moins une réplication de chaque scénario",
    "holds another experiment, {*}": "contient une autre expérience, {}",
    "holds another experiment, of {}, not of {}": "contient une autre expérience, celle de {}, non de {}",
    "holds another experiment, with seed {}, not {}": "contient une autre expérience, de graine {}, non {}",
    "holds another experiment, in which {} says something else": (
        "contient une autre expérience, où {} dit autre chose"
    ),
    "holds another experiment, made by {}, not {}": "contient une autre expérience, faite par {}, non {}",
    "holds something else than this experiment": "contient autre chose que cette expérience",
    "holds other replications than its name says": "contient d'autres réplications que ne dit son nom",
    "is damaged": "est endommagé",
    "is no file of this experiment": "n'est pas un fichier de cette expérience",
    "another run is writing there": "un autre calcul y écrit",
    "cannot be written, {*}": "ne peut être écrit, {}",
    "cannot be written, too many folders": "ne peut être écrit, trop de dossiers",
    "choose another folder with --out": "choisissez un autre dossier par --out",
    "choose another folder with --out, or --fresh to throw that one away": (
        "choisissez un autre dossier par --out, ou jetez celui-là par --fresh"
    ),
    "run again with --fresh, or choose another folder with --out": (
        "recommencez avec --fresh, ou choisissez un autre dossier par --out"
    ),
    "wait, or choose another with --out": "attendez, ou choisissez-en un autre par --out",
    "move it away and run again": "déplacez-le et recommencez",
    "delete it and run again": "supprimez-le et recommencez",
    "run again": "recommencez",
    "run it again": "recommencez",
    "needs a goal": "demande un objectif",
    "name a number with --precision-of": "nommez un nombre par --precision-of",
    "must be an indicator and a statistic": "doit être un indicateur et une statistique",
    "must be in every scenario": "doit être dans chaque scénario",
    "must be a list of files, names or Scenarios": "doit être une liste de fichiers, de noms ou de Scenario",
    "must be there to be explained": "doit être là pour être expliqué",
    "must be there to be met": "doit être là pour être tenu",
    "add one": "ajoutez-en un",
    "must name at least one lever": "doit nommer au moins un levier",
    "must name at least one value": "doit nommer au moins une valeur",
    "add --set 'levers=[...]'": "ajoutez --set 'levers=[...]'",
    "at most {} can be combined": "au plus {} peuvent être combinés",
    "must be pulled everywhere to be combined": "doivent être actionnés partout pour être combinés",
    "must be more than 0 % and at most 100 %": "doit être supérieur à 0 % et d'au plus 100 %",
    "must run from a smaller to a larger one": "doit aller d'un plus petit à un plus grand",
    "must be path=v1,v2,..., such as pools.experts.units=1,2,3": (
        "doit être chemin=v1,v2,..., par exemple pools.experts.units=1,2,3"
    ),
    "must name at least one path, such as pools.experts.units=1,2,3": (
        "doit nommer au moins un chemin, par exemple pools.experts.units=1,2,3"
    ),
    "must make at most {} cells": "doit faire au plus {} cases",
    "try fewer values": "essayez moins de valeurs",
    "must be values, each once": "doit être des valeurs, chacune une fois",
    "must have a number with a range": "doit avoir un nombre avec une fourchette",
    "must be dask://host:port": "doit être dask://hôte:port",
    "the scheduler at {} has no workers": "l'ordonnanceur en {} n'a pas d'exécutants",
    "start some": "démarrez-en",
    "no Dask scheduler answers at {}": "aucun ordonnanceur Dask ne répond en {}",
    "must be TASK=DAYS, such as contract_signed=70": "doit être TÂCHE=JOURS, par exemple contract_signed=70",
    "must be from {} to {}": "doit aller de {} à {}",
    # a tracker of one's own trials
    "needs a mapping": "demande une correspondance",
    "is for what was read of a tracker": "concerne ce qui a été lu d'un tableau de suivi",
    "make one with --draft": "faites-en une par --draft",
    "file is too large: at most {} bytes": "le fichier est trop grand : au plus {} octets",
    "keep the columns that are needed": "ne gardez que les colonnes utiles",
    "unpacks to {} bytes, at most {}": "se décompresse en {} octets, au plus {}",
    "must have at most {} rows and {} columns": "doit avoir au plus {} lignes et {} colonnes",
    "must have at most {} rows": "doit avoir au plus {} lignes",
    "use --to csv or parquet": "utilisez --to csv ou parquet",
    "a tracker has a row of headings and rows of dates": (
        "un tableau de suivi a une ligne de titres et des lignes de dates"
    ),
    "has links to other files, which are not followed": "a des liens vers d'autres fichiers, qui ne sont pas suivis",
    "copy its values to a new workbook": "copiez ses valeurs dans un classeur neuf",
    "reading Excel needs the package openpyxl, which is not here": "lire Excel demande le paquet openpyxl, absent ici",
    "install it, or save the file as CSV": "installez-le, ou enregistrez le fichier en CSV",
    "is a formula without a stored value": "est une formule sans valeur enregistrée",
    "open and save it": "ouvrez le fichier et enregistrez-le",
    "is damaged: {*}": "est endommagé : {}",
    "is not a workbook that can be read ({**})": "n'est pas un classeur lisible ({})",
    "save it again from Excel": "enregistrez-le de nouveau depuis Excel",
    "is a serial number": "est un numéro de série",
    "say date_system: 1900 or 1904 in the mapping": "indiquez date_system: 1900 ou 1904 dans la correspondance",
    "could be day/month or month/day": "se lit jour/mois comme mois/jour",
    "say day_first in the mapping": "indiquez day_first dans la correspondance",
    "nothing in this column says whether day or month comes first": (
        "rien dans cette colonne ne dit qui du jour ou du mois vient en premier"
    ),
    "day and month change places within this column": "jour et mois changent de place dans cette colonne",
    "is a status that the mapping does not know": "est un statut que la correspondance ne connaît pas",
    "it counts as running": "il compte comme en cours",
    "is a milestone that the mapping does not name": "est un jalon que la correspondance ne nomme pas",
    "columns must name the one that says which trial a row is about, such as 'Study: trial'": (
        "columns doit nommer celle qui dit de quel essai parle une ligne, par exemple « Étude: trial »"
    ),
    "a table with a column of milestones needs milestones: label -> code": (
        "un tableau à colonne de jalons demande milestones: libellé -> code"
    ),
    "got none": "il n'y en a pas",
    "{} must mean a name such as contract_sent or 'planned contract_sent'": (
        "{} doit désigner un nom tel que contract_sent ou « planned contract_sent »"
    ),
    "there is no column {}": "il n'y a pas de colonne {}",
    "there are {} columns {}": "il y a {} colonnes {}",
    "rename all but one: {*}": "renommez-les toutes sauf une : {}",
    "must have dates with times of day in its columns": "doit avoir des dates avec leur heure dans ses colonnes",
    "an event log needs a column {}": "un journal d'événements demande une colonne {}",
    # what a command cannot do
    "timelines need a folder to keep them in": "les chronologies demandent un dossier où les garder",
    "needs a folder": "demande un dossier",
    "name one with --out": "nommez-en un par --out",
    "the same command goes on from what is finished in {}": "la même commande reprend ce qui est terminé dans {}",
    "is for numbers that are drawn": "concerne les nombres tirés",
    "ask for --inputs drawn": "demandez --inputs drawn",
    "does nothing with --trial": "est sans effet avec --trial",
    "see --trial ID@N": "voyez --trial ID@N",
    "one scenario, or two": "un scénario, ou deux",
    "name no more": "n'en nommez pas plus",
    "does nothing at {}, where values are tried": "est sans effet à {}, où des valeurs sont essayées",
    "does nothing: every draw is played twice, and more is told by more draws": (
        "est sans effet : chaque tirage est joué deux fois, et davantage de tirages en disent davantage"
    ),
    "ask for more --draws": "demandez davantage de --draws",
    "coverage: takes no cases and has no companions": "coverage : ne prend pas de cas et n'a pas de cas décalés",
    "leave them out, or leave out --coverage": "laissez-les de côté, ou laissez de côté --coverage",
    "does nothing with --results": "est sans effet avec --results",
    "ask for one of them": "demandez l'un des deux",
    "is for the list alone": "ne concerne que la liste",
    "--sliders: needs a goal and numbers with ranges that were drawn": (
        "--sliders: demande un objectif et des nombres à fourchette qui ont été tirés"
    ),
    "see --inputs": "voyez --inputs",
    "--pdf: needs Chromium, Chrome or Edge, found none": "--pdf: demande Chromium, Chrome ou Edge, aucun n'est là",
    "open the page and print it from there": "ouvrez la page et imprimez-la de là",
    "{} could not print it": "{} n'a pas pu l'imprimer",
    "{} cannot be had, {*}": "{} n'est pas disponible, {}",
    "name another, or none": "nommez-en un autre, ou aucun",
    # what an analysis cannot do
    "there is no pool of people {}": "il n'y a pas d'équipe {}",
    "costs: must have each pool that is sought, got none of {}": (
        "costs : doit avoir chaque équipe cherchée, rien sur {}"
    ),
    "elasticity: must be numbers such as 0.5,1,2": "elasticity : doit être des nombres tels que 0.5,1,2",
    "goal: must be there to be gained": "goal : doit y être pour qu'on y gagne",
    "class: must be a class with a volume": "class : doit être une catégorie à volume",
    "orders: must be at least 2 for an interval": "orders : doit valoir au moins 2 pour un intervalle",
    "{} must be one number or one time": "{} doit être un nombre ou une durée",
    "name one of them": "nommez l'un d'eux",
    "{} must be a whole number, a span or a start rule": (
        "{} doit être un nombre entier, une durée ou une règle de départ"
    ),
    "numbers: must run from a smaller to a larger one": "numbers : doit aller d'un plus petit à un plus grand",
    "values: must be at least one, each once": "values : il en faut au moins une, chacune une fois",
    "goal: must be there in every cell": "goal : doit être dans chaque case",
    "add it, or name a number with --tell": "ajoutez-le, ou nommez un nombre par --tell",
    "tell: must be a number of every cell": "tell : doit être un nombre de chaque case",
    "precision-of: must be in every scenario, got {}, which {} has not": (
        "precision-of : doit être dans chaque scénario, reçu : {}, que {} n'a pas"
    ),
    "scenarios: must be at least one": "scenarios : il en faut au moins un",
    "there is no such number here": "ce nombre n'existe pas ici",
    "must be a CSV file of draws": "doit être un fichier CSV de tirages",
    "axes: must be at least one input with a range": "axes : il faut au moins une entrée à fourchette",
    "{} must be reached in {} draws at least": "{} doit être atteint dans {} tirages au moins",
    "sensitivity: must be a {}, one of {}": "sensitivity : doit être parmi les {} : {}",
    "must be less than all, got {}, and the task {}": "doit être moins que toutes, reçu : {}, et la tâche {}",
    "must be .xlsx or CSV": "doit être .xlsx ou CSV",
    "save it as .xlsx without password": "enregistrez-le en .xlsx sans mot de passe",
    "must be text in UTF-8 or cp1252": "doit être du texte en UTF-8 ou cp1252",
    "save it as CSV UTF-8": "enregistrez-le en CSV UTF-8",
    "must have a median, got too few trials that come there": "doit avoir une médiane, trop peu d'essais y arrivent",
    "simulate longer": "simulez plus longtemps",
    "indicators: must have one to {} from another event than {}": (
        "indicators : doit en avoir un vers {} depuis un autre événement que {}"
    ),
    "classes: none with a volume is what the goal is about": "classes : aucune à volume n'est visée par l'objectif",
    "name some with --class": "nommez-en par --class",
    "orders: are for more than {} levers": "orders : sert au-delà de {} leviers",
    "by company: needs a scenario beside its reference, got one alone": (
        "by company : demande un scénario à côté de sa référence, un seul est donné"
    ),
    "compare two": "comparez-en deux",
    "by company: the scenarios have no class of trials in common": (
        "by company : les scénarios n'ont aucune classe d'essais en commun"
    ),
    "compare others": "comparez-en d'autres",
    "by company: must be the same days in both scenarios, got others": (
        "by company : les deux scénarios doivent couvrir les mêmes jours, ce n'est pas le cas"
    ),
    "set windows, too": "réglez aussi windows",
    "by company: the trials of {} are the same in both only where arrivals are thinned": (
        "by company : les essais de {} ne sont les mêmes que si les arrivées sont « thinned »"
    ),
    "write arrivals: thinned for them": "écrivez-leur arrivals: thinned",
    "by company: fewer trials of {} come than in the reference": (
        "by company : il vient moins d'essais de {} que dans la référence"
    ),
    "name the one with fewer first": "nommez d'abord celui qui en a le moins",
    "by year: must be the people of one pool": "by year : ne cherche que l'effectif d'une ressource",
    "name one pool": "nommez une seule ressource",
    "values: a time must be sought alone, got several values": (
        "values : une durée se cherche seule, plusieurs valeurs sont données"
    ),
    "leave the others out": "laissez les autres de côté",
    "trial: none of {} reaches the goal in replication {}": (
        "trial : aucun de {} n'atteint l'objectif dans la réplication {}"
    ),
    "there is no {} in replication {} of {}": "il n'y a pas de {} dans la réplication {} de {}",
    "name one instead": "nommez-en un",
    "sensitivity: the scenarios must have {}": "sensitivity : les scénarios doivent avoir {}",
    "hooks: have no ranges, and points of a design are scenarios": (
        "hooks : n'ont pas de fourchettes, et les points d'un plan sont des scénarios"
    ),
    "leave them out here": "laissez-les ici de côté",
    "no such start": "ce départ n'existe pas",
    "must have a draw, of numbers from 0 to 1, with a column such as {}": (
        "doit avoir un tirage, de nombres de 0 à 1, avec une colonne telle que {}"
    ),
    # what a run cannot do
    "keep: {} needs the package pyarrow": "keep : {} demande le paquet pyarrow",
    "cannot be read, {*}": "est illisible, {}",
    "hooks: leave nothing in a folder, which could not tell what they do": (
        "hooks : ne laissent rien dans un dossier, qui ne saurait dire ce qu'ils font"
    ),
    "leave 'out' out": "laissez « out » de côté",
    "keep: must be indicators, or timelines with a folder to keep them in": (
        "keep : doit être indicators, ou timelines avec un dossier où les garder"
    ),
    "engine: {} cannot be imported, {*}": "engine : {} n'a pu être importé, {}",
    "use --engine simpy": "utilisez --engine simpy",
    "was written by trialstart {} and reads otherwise today": (
        "a été écrit par trialstart {} et se lit autrement aujourd'hui"
    ),
    "no worker of the cluster is left, {*}": "il ne reste aucun exécutant de la grappe, {}",
    "start some, and run the same again": "démarrez-en, et relancez la même commande",
    "a worker ended before its work, {*}: out of memory, killed, or started by an executor of your own from a script "
    "without `if __name__ == '__main__':`": (
        "un exécutant s'est arrêté avant son travail, {} : mémoire épuisée, tué, ou démarré par un exécuteur à vous "
        "depuis un script sans `if __name__ == '__main__':`"
    ),
    "try fewer jobs ({**})": "essayez moins de processus ({})",
    "executor: dask needs a package that is not there": "executor : dask demande un paquet absent",
    "pip install 'trialstart[cluster]'": "pip install 'trialstart[cluster]'",
    "hooks: a function cannot be sent to another process ({*})": (
        "hooks : une fonction ne peut être envoyée à un autre processus ({})"
    ),
}
"""The rules and remedies; blanks are filled in the same order, or by number."""

Wordings = tuple[tuple[re.Pattern[str], str], ...]
RECEIVED, REMEDY = ", got ", "; "
_INSIDE = r"((?:(?!, got |; ).)+?)"
_FOREIGN, _ANY = "((?:(?!; ).)+)", "(.+)"
_WARNING, _AVERTISSEMENT = "warning: ", "avertissement : "
_PLACED = re.compile(r"(.*?)((?:^|: )\S+:\d+:\d+: (?:[^\s:]+: )?)(.*)", re.DOTALL)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def said(error: Exception, language: Language) -> str:
    """An error in a language, a line for each mistake of a scenario."""
    if isinstance(error, ScenarioError):
        return "\n".join(told(each, language) for each in error.mistakes)
    return (language == "fr" and in_french(str(error))) or str(error)


def told(mistake: Mistake, language: Language) -> str:
    """A mistake or a warning in a language; its place and its path are as they are in the file."""
    french = in_french(mistake.message) if language == "fr" else None
    return str(mistake if french is None else replace(mistake, message=french))


def in_french(message: str) -> str | None:
    """A message in French; None if it has none.

    >>> in_french("must be at least 1, got 0.4").replace(chr(160), " ")
    'doit valoir au moins 1, reçu : 0.4'
    """
    if message.startswith(_WARNING):
        said = in_french(message.removeprefix(_WARNING))
        return said and unbroken(_AVERTISSEMENT, "fr") + said
    if (placed := _PLACED.fullmatch(message)) is not None:
        head, place, tail = placed.groups()
        return f"{in_french(head) or head}{place}{in_french(tail) or tail}"
    return _clause(message) or _remedied(message) or _received(message) or _named(message)


def _named(message: str) -> str | None:
    """What is said of an option or a file."""
    name, colon, rest = message.partition(": ")
    said = in_french(rest) if colon and " " not in name else None
    return said and f"{name}{colon}{said}"


def _remedied(message: str) -> str | None:
    """A rule and its remedy; several marks may stand in what the user wrote."""
    for at in (found.start() for found in re.finditer(REMEDY, message)):
        rule, remedy = in_french(message[:at]), in_french(message[at + len(REMEDY) :])
        if rule is not None and remedy is not None:
            return rule + unbroken(" ; ", "fr") + remedy
    return None


def _received(message: str) -> str | None:
    rule, _, value = message.partition(RECEIVED)
    said = _clause(rule) if value else None
    return said and said + unbroken(", reçu : ", "fr") + _value(value)


def _clause(message: str) -> str | None:
    return worded(message, _clauses())


def _value(blank: str) -> str:
    """What is the user's as it is; what the program says of it, in French."""
    if _QUOTED.fullmatch(blank):
        return blank
    return worded(blank, _values()) or _THOUSANDS.sub(NARROW, blank)


def worded(text: str, wordings: Wordings) -> str | None:
    """A text in the French of the first wording that it follows; None if it follows none."""
    for pattern, words in wordings:
        if (found := pattern.fullmatch(text)) is not None:
            foreign = _FOREIGN in pattern.pattern or _ANY in pattern.pattern
            return words.format(*(_of_system(each) if foreign else _value(each) for each in found.groups()))
    return None


def _of_system(blank: str) -> str:
    """What others say, as they say it; what the system says most often, in French."""
    under_way = re.fullmatch(r"with (?:no replications|replications of (.+)) under way", blank)
    if under_way is not None:
        return f"réplications en cours : {under_way[1] or 'aucune'}"
    return SYSTEM.get(blank.lower(), blank)


def wordings(table: Mapping[str, str]) -> Wordings:
    """A table of English and French with blanks, as patterns: those with most words of their own first."""
    ordered = sorted(table, key=lambda each: (-len(re.sub(r"{\*{0,2}}", "", each)), each))
    return tuple((re.compile(_pattern(each), re.DOTALL), unbroken(table[each], "fr")) for each in ordered)


@cache
def _clauses() -> Wordings:
    return wordings(CLAUSES)


@cache
def _values() -> Wordings:
    return wordings(VALUES)


def _pattern(clause: str) -> str:
    literal = {"{}": _INSIDE, "{*}": _FOREIGN, "{**}": _ANY, "{{": re.escape("{"), "}}": re.escape("}")}
    return "".join(literal.get(part) or re.escape(part) for part in re.split(r"({{|}}|{\*{0,2}})", clause))
