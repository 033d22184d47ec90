"""The help of every verb in French: each paragraph of help, each option, and what stands around them.

`tests/test_french.py` holds the table against every paragraph that the command line has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from sim.report import mistakes
from sim.report.mistakes import Wordings, worded, wordings
from sim.report.words import NO_BREAK, unbroken

HELP: dict[str, str] = {
    # the command
    "How long it takes to start clinical trials, and what would change it.": (
        "Combien de temps prend le démarrage des essais cliniques, et ce qui le changerait."
    ),
    "Begin with: trialstart compare": "Pour commencer : trialstart compare",
    "A scenario of your own is a few lines on top of a shipped one ('extends: france'): see what there is with "
    "scenarios and describe, write what is different, check it with validate, then run it or compare it.": (
        "Un scénario à vous tient en quelques lignes posées sur un scénario fourni (« extends: france ») : voyez ce "
        "qu'il y a par scenarios et describe, écrivez ce qui diffère, vérifiez-le par validate, puis calculez-le par "
        "run ou compare."
    ),
    "How CSV is written, before the verb: plain, or fr for Excel in French (semicolons, decimal commas).": (
        "Forme des CSV, à placer avant le verbe : plain, ou fr pour Excel en français (points-virgules, virgule "
        "décimale)."
    ),
    "Print the version.": "Affiche la version.",
    "Install completion for the current shell.": "Installe le complètement pour l'interpréteur de commandes.",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "Affiche le complètement de l'interpréteur, pour le copier ou l'adapter."
    ),
    "Answer": "Répondre",
    "Decide": "Décider",
    "Learn": "Apprendre de ses propres essais",
    "Trust": "Vérifier",
    "Write": "Écrire",
    # options of several verbs
    "A scenario file, or the name of a shipped scenario.": "Un fichier de scénario, ou le nom d'un scénario fourni.",
    "The first is the reference.": "Le premier est la référence.",
    "Change one value of every scenario, such as windows.warm_up=90d; may be repeated.": (
        "Change une valeur de chaque scénario, par exemple windows.warm_up=90d ; peut être répété."
    ),
    "Repetitions of the same years with other luck; 30 if not given. With --precision, the most that it may make.": (
        "Répétitions des mêmes années avec d'autres aléas ; 30 sans indication. Avec --precision, le plus qui soit "
        "fait."
    ),
    "Where the luck comes from; the same seed gives the same bytes.": (
        "D'où viennent les aléas ; la même graine donne les mêmes octets."
    ),
    "Where the luck comes from.": "D'où viennent les aléas.",
    "Processes; all cores if not given. Changes no result.": (
        "Processus ; tous les cœurs sans indication. Ne change aucun résultat."
    ),
    "Processes; all cores if not given. Changes no verdict.": (
        "Processus ; tous les cœurs sans indication. Ne change aucun verdict."
    ),
    "Which engine simulates: auto, compiled or simpy. Changes no result.": (
        "Le moteur qui simule : auto, compiled ou simpy. Ne change aucun résultat."
    ),
    "auto, compiled or simpy. Changes no result.": "auto, compiled ou simpy. Ne change aucun résultat.",
    "auto, compiled or simpy. Changes no verdict.": "auto, compiled ou simpy. Ne change aucun verdict.",
    "The language of the answer and the figures.": "La langue de la réponse et des figures.",
    "Folder for tables, figures and replications, from which the same command goes on if it was interrupted; if not "
    "given, 'out' for text, none for csv and json.": (
        "Dossier des tableaux, figures et réplications, d'où la même commande reprend si elle a été interrompue ; sans "
        "indication, « out » pour text, aucun pour csv et json."
    ),
    "What is printed: the answer, the indicators as CSV, or one JSON document.": (
        "Ce qui s'affiche : la réponse, les indicateurs en CSV, ou un document JSON."
    ),
    "What the folder keeps of each replication, as Parquet files.": (
        "Ce que le dossier garde de chaque réplication, en fichiers Parquet."
    ),
    "Throw away the replications that the folder holds.": "Jette les réplications que contient le dossier.",
    "Workers of a Dask cluster, instead of processes here.": (
        "Les machines d'une grappe Dask, au lieu de processus ici."
    ),
    "Add replications until intervals have this half-width: '1%' or '2 d'.": (
        "Ajoute des réplications jusqu'à ce que les intervalles aient cette demi-largeur : « 1% » ou « 2 d »."
    ),
    "Of which number; the share within the goal if not given.": (
        "De quel nombre ; la part dans l'objectif sans indication."
    ),
    "Draws that a calibration left, instead of draws over all ranges.": (
        "Les tirages qu'un calage a laissés, au lieu de tirages sur toutes les fourchettes."
    ),
    "Draws over all ranges, whether or not they agree with published totals.": (
        "Des tirages sur toutes les fourchettes, qu'ils s'accordent ou non avec les totaux publiés."
    ),
    "How to print the table.": "La forme du tableau.",
    "How the table is printed.": "La forme du tableau.",
    "Repetitions of each scenario.": "Répétitions de chaque scénario.",
    "Repetitions of each case.": "Répétitions de chaque cas.",
    "Write JUnit XML.": "Écrit du XML JUnit.",
    "Print GitHub annotations, and fill the summary of the job.": (
        "Affiche des annotations GitHub, et remplit le résumé de la tâche."
    ),
    "Write a summary in Markdown.": "Écrit un résumé en Markdown.",
    # answer
    "Simulate scenarios side by side; begin here.": "Simule des scénarios côte à côte ; commencez ici.",
    "Simulate several scenarios on the same trials with the same luck, and say what differs from the first.": (
        "Simule plusieurs scénarios sur les mêmes essais avec les mêmes aléas, et dit ce qui diffère du premier."
    ),
    "With no file: France today and the two readings of its published figures, contracts in parallel with the review, "
    "and the whole pledge. A scenario whose levers put numbers in stands there twice, with them and with its structure "
    "alone.": (
        "Sans fichier : la France d'aujourd'hui et les deux lectures de ses chiffres publiés, les conventions en "
        "parallèle de l'instruction, et l'engagement entier. Un scénario dont les leviers apportent des nombres y "
        "figure deux fois, avec eux et par sa seule structure."
    ),
    "Simulate one scenario.": "Simule un scénario.",
    "Simulate one scenario: the answer, and tables and figures in a folder.": (
        "Simule un scénario : la réponse, et dans un dossier les tableaux et les figures."
    ),
    "Print the goal by group instead: by month or quarter of submission, by cohort (the quarter in which the goal's "
    "clock starts), company (trials that are there anyway, and new ones), class of trials, or an attribute of trials "
    "or sites; in time, with queues that grow.": (
        "Affiche plutôt l'objectif par groupe : par mois ou trimestre de dépôt, par cohorte (le trimestre où commence "
        "le décompte), par company (les essais déjà là, et les nouveaux), par catégorie d'essais, ou par attribut "
        "d'essais ou de centres ; dans le temps, avec les files qui s'allongent."
    ),
    "Draw what nobody knows within its ranges, so that it agrees with published totals where such draws are kept "
    "(drawn) or whatever was published (free), or leave every number as it is written (fixed); drawn for compare, "
    "fixed for run if not given.": (
        "Tire ce que nul ne sait dans ses fourchettes, en accord avec les totaux publiés là où de tels tirages sont "
        "gardés (drawn) ou quoi qu'il ait été publié (free), ou laisse chaque nombre tel qu'il est écrit (fixed) ; "
        "sans indication, drawn pour compare, fixed pour run."
    ),
    "What policy teams ask, each with its command and its answer.": (
        "Ce que demandent les équipes de politique publique, avec commandes et réponses."
    ),
    "List the questions that policy teams ask with their commands; answer some; or make the pages of all answers.": (
        "Liste les questions que posent les équipes de politique publique, avec leurs commandes ; répond à certaines ; "
        "ou fait les pages de toutes les réponses."
    ),
    "Answer these alone; none: list all, answer none.": (
        "Répond à celles-ci seules ; aucune : liste tout, sans répondre."
    ),
    "Answer all, or those named, and write their sections of the pages in both languages, with figures.": (
        "Répond à toutes, ou à celles qui sont nommées, et écrit leurs sections des pages dans les deux langues, avec "
        "leurs figures."
    ),
    "Turn the knobs on a page of this machine, and see the answer.": (
        "Tournez les boutons sur une page de cette machine, et voyez la réponse."
    ),
    "Turn the knobs: a page on this machine where levers, people, starts and numbers are moved, and the answer "
    "moves.": (
        "Tournez les boutons : une page sur cette machine où l'on déplace leviers, effectifs, départs et nombres, "
        "et la "
        "réponse suit."
    ),
    "Open the address that it prints in a browser. The answer begins with a few replications and refines to those of a "
    "plain run; each state is a link, and a scenario file. Ctrl-C ends it.": (
        "Ouvrez dans un navigateur l'adresse qui s'affiche. La réponse commence par quelques réplications et s'affine "
        "jusqu'à celles d'un calcul ordinaire ; chaque état est un lien, et un fichier de scénario. Ctrl-C y met fin."
    ),
    "Where it listens; a free one if not given.": "Où elle écoute ; un port libre sans indication.",
    "Where the page begins; the reference.": "Où commence la page ; la référence.",
    # decide
    "Where the days go, and who is waited for.": "Où passent les jours, et qui l'on attend.",
    "Say where the days go, why they are waited, and what stands in the way of the goal; of two, what differs.": (
        "Dit où passent les jours, pourquoi ils sont attendus, et ce qui fait obstacle à l'objectif ; de deux "
        "scénarios, ce qui diffère."
    ),
    "A scenario, or two to be held side by side.": "Un scénario, ou deux à tenir côte à côte.",
    "Also play all again with one task that takes no time, or one team always free.": (
        "Rejoue aussi le tout avec une tâche qui ne prend aucun temps, ou une équipe toujours libre."
    ),
    "Instead, the story of one trial: its label in event logs, ID@N in replication N, typical.": (
        "Plutôt l'histoire d'un essai : son étiquette des journaux d'événements, ID@N dans la réplication N, typical."
    ),
    "Folder for the answer, its tables and figures.": "Dossier de la réponse, de ses tableaux et figures.",
    "Which lever brings most, and which need each other.": (
        "Quel levier rapporte le plus, et lesquels ont besoin l'un de l'autre."
    ),
    "Simulate every combination of a scenario's levers: which one brings most, and which need each other.": (
        "Simule chaque combinaison des leviers d'un scénario : lequel rapporte le plus, et lesquels ont besoin l'un de "
        "l'autre."
    ),
    "Also what rests on their structure and what on the numbers that they put in, people added and contract work lost. "
    "Of more than six levers, the combinations that some orders pass through. With --out, the answer, the table and "
    "the figure are written there too.": (
        "Aussi : ce qui repose sur leur structure et ce qui repose sur les valeurs qu'ils introduisent, les personnes "
        "ajoutées et le travail contractuel perdu. Au-delà de six leviers, les combinaisons par lesquelles passent "
        "quelques ordres. Avec --out, la réponse, le tableau et la figure y sont écrits aussi."
    ),
    "With more than six levers, how many orders are drawn; 12 if not given.": (
        "Au-delà de six leviers, combien d'ordres sont tirés au sort ; 12 par défaut."
    ),
    "A scenario that names its levers.": "Un scénario qui nomme ses leviers.",
    "How many people a goal needs.": "Combien de personnes il faut pour un objectif.",
    "Find the smallest number of people that meets a goal, or say that none does and what stands in the way.": (
        "Trouve le plus petit nombre de personnes qui tient un objectif, ou dit qu'aucun ne le tient et ce qui fait "
        "obstacle."
    ),
    "Of several pools, or values, the answer is a point from which nobody can be taken away; steps go where a person "
    "brings most. A start such as contracting.starts is sought in days after its event: the latest that meets.": (
        "De plusieurs équipes ou valeurs, la réponse est un point d'où personne ne peut être retiré ; les pas vont là "
        "où une personne rapporte le plus. Un départ tel que contracting.starts est cherché en jours après son "
        "événement : le plus tardif qui convienne."
    ),
    "The exit code is 0 if a number meets, 3 if none does. With --replications, the most that are played at a number "
    "(60 if not given). With --out, the answer, the table and the figure are written there too.": (
        "Le code de retour est 0 si un nombre convient, 3 si aucun ne convient. Avec --replications, le plus qui soit "
        "joué par nombre (60 sans indication). Avec --out, la réponse, le tableau et la figure y sont écrits aussi."
    ),
    "The share of trials that shall keep the goal, such as '90%'.": (
        "La part des essais qui doit tenir l'objectif, par exemple « 90% »."
    ),
    "Whose number of people is sought; may be repeated.": "L'équipe dont l'effectif est cherché ; peut être répété.",
    "Any whole number of the scenario, of which the smallest is sought; or a start or a time, of which the latest or "
    "longest is.": (
        "Tout nombre entier du scénario, dont le plus petit est cherché ; ou un départ ou une durée, dont le plus "
        "tardif ou la plus longue l'est."
    ),
    "The smallest number to try.": "Le plus petit nombre à essayer.",
    "The largest: more than anybody could use.": "Le plus grand : plus que nul ne saurait employer.",
    "Of one pool: the number of each calendar year, one after the other.": (
        "Pour une seule ressource : l'effectif de chaque année civile, l'une après l'autre."
    ),
    "How the answer moves with one or two values.": "Comment la réponse bouge avec une ou deux valeurs.",
    "Try the values of one or two paths, all on the same trials: which point is best, and which are worth having.": (
        "Essaie les valeurs d'un ou deux chemins, toutes sur les mêmes essais : quel point est le meilleur, et "
        "lesquels "
        "valent leur prix."
    ),
    "With --out, the answer, the table and the figures are written there too.": (
        "Avec --out, la réponse, le tableau et les figures y sont écrits aussi."
    ),
    "The values to try at a path; for a grid, give it twice. The path 'scenario' stands for the file, 'levers' for "
    "combinations such as none,parallel_contracting+early_mobilisation.": (
        "Les valeurs à essayer à un chemin ; pour une grille, donnez-le deux fois. Le chemin « scenario » est le "
        "fichier, « levers » des combinaisons telles que none,parallel_contracting+early_mobilisation."
    ),
    "Another number to tell of each cell, such as submission_to_fpi.median or 'wait_time[contract_officers].mean'; may "
    "be repeated.": (
        "Un autre nombre à donner pour chaque case, tel que submission_to_fpi.median ou "
        "'wait_time[contract_officers].mean' ; peut être répété."
    ),
    "Say what becomes of a gain when more trials come because of it: the volume at which speed and volume agree.": (
        "Dit ce que devient un gain quand d'autres essais viennent à cause de lui : le volume auquel délais et volume "
        "s'accordent."
    ),
    "Days count from before the goal's clock to its event, such as from the submission to the open site.": (
        "Les jours comptent d'avant le départ de l'objectif jusqu'à son événement, du dépôt au centre ouvert par "
        "exemple."
    ),
    "What is left of a gain when more trials come for it.": "Ce qui reste d'un gain quand d'autres essais viennent "
    "pour lui.",
    "The scenario of today.": "Le scénario d'aujourd'hui.",
    "Per cent more trials for a per cent fewer days: an assumption.": (
        "Pour cent d'essais de plus pour un pour cent de jours de moins : une hypothèse."
    ),
    "A class that is drawn; those of the goal if none is named.": (
        "Une catégorie attirée ; celles de l'objectif si aucune n'est nommée."
    ),
    "Say in words what is different between two scenarios.": "Dit en mots ce qui diffère entre deux scénarios.",
    "The exit code is that of diff(1): 0 if they are the same, 1 if they differ, 2 if one cannot be read.": (
        "Le code de retour est celui de diff(1) : 0 s'ils sont identiques, 1 s'ils diffèrent, 2 si l'un ne peut "
        "être lu."
    ),
    # learn
    "Read a tracker of your own trials, and say what was read.": (
        "Lit un tableau de suivi de vos essais, et dit ce qui a été lu."
    ),
    "Read a tracker of your own trials, and say what was read, used, set aside and why, cell by cell.": (
        "Lit un tableau de suivi de vos essais, et dit ce qui a été lu, utilisé, écarté et pourquoi, cellule par "
        "cellule."
    ),
    "Nothing is guessed, nothing leaves this machine, and the report names no trial, no centre and nobody.": (
        "Rien n'est deviné, rien ne quitte cette machine, et le compte rendu ne nomme ni essai, ni centre, ni personne."
    ),
    "An Excel workbook (.xlsx) or a CSV file.": "Un classeur Excel (.xlsx) ou un fichier CSV.",
    "What its columns mean; begin with --draft.": "Ce que veulent dire ses colonnes ; commencez par --draft.",
    "What its columns mean; begin with import --draft.": (
        "Ce que veulent dire ses colonnes ; commencez par import --draft."
    ),
    "Print a first mapping, made from the headings, to be corrected.": (
        "Affiche une première correspondance, faite des en-têtes, à corriger."
    ),
    "The sheet of a workbook, for a draft.": "La feuille d'un classeur, pour un brouillon.",
    "Read an event log instead, and write the process in it as a scenario.": (
        "Lit plutôt un journal d'événements, et écrit son processus comme un scénario."
    ),
    "Where --discover writes.": "Où écrit --discover.",
    "Fit a scenario to a tracker.": "Ajuste un scénario à un tableau de suivi.",
    "Fit the times of a scenario to a tracker, open trials included, and write it as a scenario of its own.": (
        "Ajuste les durées d'un scénario à un tableau de suivi, essais en cours compris, et en écrit un scénario."
    ),
    "The folder gets fitted.yaml, which extends the scenario, with a register (evidence.csv) that says of every number "
    "how many trials it rests on, how many of them are still open, and its interval of 90 %.": (
        "Le dossier reçoit fitted.yaml, qui étend le scénario, avec un registre (evidence.csv) qui dit de chaque "
        "nombre "
        "sur combien d'essais il repose, combien sont encore en cours, et son intervalle à 90 %."
    ),
    "The scenario to be fitted: a file, or a shipped name.": "Le scénario à ajuster : un fichier, ou un nom fourni.",
    "Where the scenario, its register and figures go.": "Où vont le scénario, son registre et ses figures.",
    "Name the centres that have enough trials, instead of numbering them.": (
        "Nomme les centres qui ont assez d'essais, au lieu de les numéroter."
    ),
    "Say whether it would have predicted what came.": "Dit s'il aurait prédit ce qui est venu.",
    "Say whether the fitted scenario would have predicted what came: may it be used for this hospital?": (
        "Dit si le scénario ajusté aurait prédit ce qui est venu : peut-on s'en servir pour cet hôpital ?"
    ),
    "On the first day of each quarter only what was known then is fitted; what came afterwards is held against it, and "
    "against last year's times, the planned dates and a published median.": (
        "Au premier jour de chaque trimestre, seul ce qui était alors connu est ajusté ; ce qui est venu ensuite lui "
        "est opposé, ainsi qu'aux durées de l'année passée, aux dates prévues et à une médiane publiée."
    ),
    "A published median to compare with; may be repeated.": "Une médiane publiée à comparer ; peut être répété.",
    "The days within which it should be done; may be repeated.": (
        "Les jours dans lesquels cela devrait être fait ; peut être répété."
    ),
    "Write the page (backtest.txt) there, and for each time how predictions held.": (
        "Y écrit la page (backtest.txt), et pour chaque durée comment les prédictions ont tenu."
    ),
    # trust
    "Check scenario files: all mistakes at once, with their places.": (
        "Vérifie des fichiers de scénario : toutes les erreurs d'un coup, avec leur place."
    ),
    "Check scenario files, and do nothing else.": "Vérifie des fichiers de scénario, et rien d'autre.",
    "Every mistake is printed at once, as file:line:column: path: rule, value received; remedy.": (
        "Toutes les erreurs s'affichent d'un coup : fichier:ligne:colonne: chemin: règle, valeur reçue ; remède."
    ),
    "What can be read and is hardly meant, such as a site without people, is a warning; exit code 2 is for mistakes. A "
    "range must hold its number and say which it is about, and the scenario must be buildable at the ends of all.": (
        "Ce qui peut être lu et n'est guère voulu, tel qu'un centre sans personne, est un avertissement ; le code de "
        "retour 2 est pour les erreurs. Une fourchette doit contenir son nombre et dire duquel il s'agit, et le "
        "scénario doit pouvoir être construit aux deux bouts de toutes."
    ),
    "Scenario files, or shipped names.": "Des fichiers de scénario, ou des noms fournis.",
    "Show where every number of a scenario comes from.": "Montre d'où vient chaque nombre d'un scénario.",
    "Show where every number of a scenario comes from, and how good that is.": (
        "Montre d'où vient chaque nombre d'un scénario, et ce que cela vaut."
    ),
    "Grades: A legal text, B measured and published, C survey, D expert or assumption; a number with several sources "
    "has the grade of the worst. Quantiles that a duration's family cannot have are listed below, with what they "
    "become.": (
        "Preuves : A texte officiel, B mesuré et publié, C enquête, D expert ou hypothèse ; un nombre à plusieurs "
        "sources a la note de la moins bonne. Les quantiles que la famille d'une durée ne peut avoir sont listés "
        "dessous, avec ce qu'ils deviennent."
    ),
    "Only say what is wrong; exit code 2 if anything is.": (
        "Ne dit que ce qui ne va pas ; code de retour 2 s'il y a quelque chose."
    ),
    "Say what published totals leave of the ranges.": "Dit ce que des totaux publiés laissent des fourchettes.",
    "Say what published totals leave of the ranges of a scenario, and which totals contradict each other.": (
        "Dit ce que des totaux publiés laissent des fourchettes d'un scénario, et quels totaux se contredisent."
    ),
    "Draws that could not give a total, by three standard deviations, are ruled out; nothing is fitted. What remains "
    "is written to remaining.csv, which compare and sensitivity take with --within; beside the totals, under their "
    "name, it is what compare draws from by itself.": (
        "Les tirages qui ne pouvaient donner un total, à trois écarts-types, sont écartés ; rien n'est ajusté. Ce qui "
        "reste est écrit dans remaining.csv, que compare et sensitivity prennent par --within ; placé à côté des "
        "totaux, sous leur nom, c'est ce dans quoi compare tire de lui-même."
    ),
    "Published totals.": "Des totaux publiés.",
    "Draws of the first sample; a power of two is best.": (
        "Tirages du premier échantillon ; de préférence une puissance de deux."
    ),
    "How many draws to look for that contradict no total; each is simulated.": (
        "Combien de tirages chercher qui ne contredisent aucun total ; chacun est simulé."
    ),
    "Say which unknown numbers the conclusion rests on.": "Dit de quels nombres inconnus dépend la conclusion.",
    "Say what the conclusion rests on: which unknown numbers move it, which turn it round, what to survey first.": (
        "Dit de quoi dépend la conclusion : quels nombres inconnus la font bouger, lesquels la renversent, que mesurer "
        "d'abord."
    ),
    "Numbers vary within their ranges, at every point with the same luck. bands, value, ranking, groups and indices "
    "need the draws alone; flips, tornado and screening add runs of their own. What is finished is kept in the "
    "folder.": (
        "Les nombres varient dans leurs fourchettes, en chaque point avec les mêmes aléas. bands, value, ranking, "
        "groups "
        "et indices n'ont besoin que des tirages ; flips, tornado et screening ajoutent leurs propres calculs. Ce qui "
        "est terminé reste dans le dossier."
    ),
    "A part alone; may be repeated. Each keeps its own runs.": (
        "Une partie seule ; peut être répété. Chacune garde ses propres calculs."
    ),
    "Draws of what nobody knows; a power of two is best.": (
        "Tirages de ce que nul ne sait ; de préférence une puissance de deux."
    ),
    "Where indices and groups are computed; the engine takes runs of its own.": (
        "Où sont calculés indices et groupes ; le moteur demande ses propres calculs."
    ),
    "Compare the simulator with what is known exactly.": "Compare le simulateur à ce que l'on sait exactement.",
    "Compare the simulator with what is known exactly: queues, priorities, networks, projects, sittings, patients.": (
        "Compare le simulateur à ce que l'on sait exactement : files, priorités, réseaux, projets, séances, patients."
    ),
    "Exit code 0: all agree within four standard errors (and no companion does); 1: some do not; 2: wrong input.": (
        "Code de retour 0 : tout concorde à quatre erreurs types (et aucun témoin faussé) ; 1 : pas tout ; 2 : demande "
        "fautive."
    ),
    "None: all of them.": "Aucun : tous.",
    "Also run every case ten per cent off: then nothing may agree.": (
        "Calcule aussi chaque cas faussé de dix pour cent : alors rien ne doit concorder."
    ),
    "Instead, measure how often 95 % intervals hold what they should.": (
        "Mesure plutôt combien de fois les intervalles à 95 % contiennent ce qu'ils doivent."
    ),
    "Print what the model of France was set to, met and missed.": (
        "Affiche sur quoi le modèle de la France est réglé, ce qu'il retrouve et ce qu'il manque."
    ),
    "Print what the model of France was set to, what it met without being set to it, and what it missed, as "
    "Markdown.": (
        "Affiche en Markdown sur quoi le modèle de la France est réglé, ce qu'il retrouve sans y être réglé, et ce "
        "qu'il "
        "manque."
    ),
    "Hold scenarios to the promises in their files.": "Confronte des scénarios aux promesses de leurs fichiers.",
    "Hold scenarios to the promises in their files: a share at least, a wait at most, better than another scenario.": (
        "Confronte des scénarios aux promesses de leurs fichiers : une part au moins, une attente au plus, mieux qu'un "
        "autre scénario."
    ),
    "Promises stand under expect. Exit code 0: all kept; 1: one is broken; 3: none is, and one cannot be told with so "
    "many replications; 2: wrong input.": (
        "Les promesses sont sous expect. Code de retour 0 : toutes tenues ; 1 : l'une est rompue ; 3 : aucune, mais "
        "l'une ne peut être dite avec autant de réplications ; 2 : demande fautive."
    ),
    "Scenarios with promises.": "Des scénarios avec promesses.",
    "Compare scenarios with stored baselines: did anything move?": (
        "Compare des scénarios à des références gardées : quelque chose a-t-il bougé ?"
    ),
    "Compare scenarios with their stored baselines: the same seed must give the same dates and the same numbers.": (
        "Compare des scénarios à leurs références gardées : la même graine doit donner les mêmes dates et les mêmes "
        "nombres."
    ),
    "Exit code 0: the same; 1: something moved, or it cannot be told; 2: wrong input. After a change on purpose, "
    "--update writes the new baselines and says what changed; say why in the commit.": (
        "Code de retour 0 : identique ; 1 : quelque chose a bougé, ou ne peut être dit ; 2 : demande fautive. Après un "
        "changement voulu, --update écrit les nouvelles références et dit ce qui a changé ; dites pourquoi au dépôt."
    ),
    "None: the shipped scenarios that have a baseline.": "Aucun : les scénarios fournis qui ont une référence.",
    "Folder of baselines.": "Dossier des références.",
    "Write new baselines, and say what changed.": "Écrit de nouvelles références, et dit ce qui a changé.",
    "If not given, those of the baseline; 2 in a new one.": (
        "Sans indication, celles de la référence ; 2 dans une nouvelle."
    ),
    "If not given, that of the baseline; 1 in a new one.": (
        "Sans indication, celle de la référence ; 1 dans une nouvelle."
    ),
    "Ask whether it moved more than the scenario's tolerance.": (
        "Demande si cela a bougé de plus que la tolérance du scénario."
    ),
    # write
    "Write the report: one file to be mailed, opened and printed.": (
        "Écrit le rapport : un fichier à envoyer, ouvrir et imprimer."
    ),
    "Write the report: one file with the answer, its figures and its sources, to be mailed, opened and printed.": (
        "Écrit le rapport : un fichier avec la réponse, ses figures et ses sources, à envoyer, ouvrir et imprimer."
    ),
    "With no file it is about the scenarios of `trialstart compare`. It needs no network and nothing installed. What "
    "was not computed is named on the page, with the command that computes it.": (
        "Sans fichier, il porte sur les scénarios de `trialstart compare`. Il ne demande ni réseau ni logiciel. Ce qui "
        "n'a pas été calculé est nommé sur la page, avec la commande qui le calcule."
    ),
    "Scenarios, the first being the reference; or a folder of results.": (
        "Des scénarios, le premier étant la référence ; ou un dossier de résultats."
    ),
    "report_LANG.html if not given.": "report_LANG.html sans indication.",
    "Fit a surface to simulations over the numbers that matter most; the page has sliders.": (
        "Ajuste une surface à des simulations sur les valeurs qui comptent le plus ; la page a des curseurs."
    ),
    "Simulate every combination of the last scenario's levers, too. If not given: yes for scenarios, no for a "
    "folder.": (
        "Simule aussi chaque combinaison des leviers du dernier scénario. Sans indication : oui pour des "
        "scénarios, non "
        "pour un dossier."
    ),
    "The same for the goal by month and by kind of centre.": "De même pour l'objectif par mois et par type de centre.",
    "Folder that keeps what is simulated, to go on from.": "Dossier qui garde ce qui est simulé, d'où reprendre.",
    "Print it as A4, through an installed Chromium.": "L'imprime en A4, par un Chromium installé.",
    "Write a workbook for Excel beside it.": "Écrit à côté un classeur pour Excel.",
    "List, copy or simulate the library of scenarios.": "Liste, copie ou simule la bibliothèque de scénarios.",
    "List the library: every shipped scenario by group, with its title and the question it answers.": (
        "Liste la bibliothèque : chaque scénario fourni par groupe, avec son titre et la question à laquelle il répond."
    ),
    "A copied scenario builds on its neighbours in the same folder; what is not there is taken from the library.": (
        "Un scénario copié s'appuie sur ses voisins du même dossier ; ce qui n'y est pas vient de la bibliothèque."
    ),
    "Copy the library into a folder, to edit it.": "Copie la bibliothèque dans un dossier, pour la modifier.",
    "Simulate the whole library and print what it taught, as Markdown.": (
        "Simule toute la bibliothèque et affiche ce qu'elle a appris, en Markdown."
    ),
    "Print what a scenario simulates: diagrams, tables, levers.": (
        "Affiche ce que simule un scénario : schémas, tableaux, leviers."
    ),
    "Print what a scenario simulates, as Markdown: a diagram per stage, tables, and what each lever changes.": (
        "Affiche ce que simule un scénario, en Markdown : un schéma par étape, des tableaux, et ce que change chaque "
        "levier."
    ),
    "It follows the items of STRESS-DES, so that a reviewer can tick them.": (
        "Cela suit les points de STRESS-DES, qu'un relecteur peut ainsi cocher."
    ),
    "Write what happened as an event log, for other programs.": (
        "Écrit ce qui s'est passé en journal d'événements, pour d'autres logiciels."
    ),
    "Write what happened in every replication as an event log, for process mining, statistics or animation.": (
        "Écrit ce qui s'est passé dans chaque réplication en journal d'événements, pour la fouille de processus, la "
        "statistique ou l'animation."
    ),
    "csv, parquet and xlsx are one tidy table; xes is IEEE 1849; ocel is OCEL 2.0 as SQLite, JSON or XML, with trials, "
    "sites, agreements, applications, sponsors and patients; vidigi is the log that vidigi animates.": (
        "csv, parquet et xlsx sont un tableau simple ; xes est l'IEEE 1849 ; ocel est l'OCEL 2.0 en SQLite, JSON ou "
        "XML, avec essais, centres, conventions, dossiers, promoteurs et patients ; vidigi est le journal que vidigi "
        "anime."
    ),
    "The folder that a run or a comparison left.": "Le dossier qu'un calcul ou une comparaison a laissé.",
    "The format.": "Le format.",
    "The file; if not given, events.* in the folder.": "Le fichier ; sans indication, events.* dans le dossier.",
    "How many of them, from the first; all.": "Combien d'entre elles, depuis la première ; toutes.",
    "Hold the file against the checklist of its format.": "Confronte le fichier à la liste de contrôle de son format.",
    "Print the JSON Schema with which editors explain them.": (
        "Affiche le schéma JSON par lequel les éditeurs les expliquent."
    ),
    "Print the JSON Schema of scenario files, with which editors complete and explain keys.": (
        "Affiche le schéma JSON des fichiers de scénario, par lequel les éditeurs complètent et expliquent les clés."
    ),
    "Print the reference of the language instead, as Markdown.": "Affiche plutôt la référence du langage, en Markdown.",
}
"""Paragraphs of help, without the ends of lines; examples need none."""

FRAME: dict[str, str] = {
    r"^Usage:": f"Utilisation{NO_BREAK}:",
    r"^(Arguments|Options):$": rf"\1{NO_BREAK}:",
    r"\[default:": f"[par défaut{NO_BREAK}:",
    r"^(Répondre|Décider|Apprendre de ses propres essais|Vérifier|Écrire):$": rf"\1{NO_BREAK}:",
    r"; (?=(required|x|\d)[^\s]*\])": " ; ",
    r"\brequired\]": "obligatoire]",
    r"<int range>": "<entier>   ",
    r"Show this message and exit\.": "Affiche cette aide.",
    r"^Try ('.*') for help\.$": rf"Aide{NO_BREAK}: \1",
    r"^Error:": f"Erreur{NO_BREAK}:",
}
"""What the command line itself puts around the help and around a mistake."""

USAGE: dict[str, str] = {
    "Missing argument {}.": "argument {} manquant.",
    "Missing option {}.": "option {} manquante.",
    "Missing command.": "commande manquante.",
    "No such option: {}": "option inconnue : {}",
    "No such option: {} (Possible options: {})": "option inconnue : {} (options possibles : {})",
    "No such option: {} Did you mean {}?": "option inconnue : {} Vouliez-vous dire {} ?",
    "No such command {}.": "commande inconnue : {}.",
    "No such command {}. Did you mean {}?": "commande inconnue : {}. Vouliez-vous dire {} ?",
    "Got unexpected extra argument(s) ({})": "argument en trop : {}",
    "Option {} requires an argument.": "l'option {} demande une valeur.",
    "Option {} does not take a value.": "l'option {} ne prend pas de valeur.",
    "Value error, {} is not one of {}.": "{} n'est pas parmi {}.",
    "Input should be greater than or equal to {}": "doit valoir au moins {}",
    "Input should be less than or equal to {}": "doit valoir au plus {}",
    "Input should be a valid integer, {**}": "doit être un nombre entier",
    "Input should be a valid number, {**}": "doit être un nombre",
    "name a pool, or a value": "nommez une ressource ou une valeur",
}
"""What is wrong with a command, as Typer says it, with blanks for what was written."""

_EXAMPLE = re.compile(r"Example: ")
_VALUE_OF = re.compile(r"Invalid value for (.+?): (.*)", re.DOTALL)
_THEN = re.compile(r", then (?=trialstart )")


def translate(command: Any) -> None:
    """Give a command and its options their help in French."""
    command.help, command.short_help = in_french(command.help), in_french(command.short_help)
    if panel := getattr(command, "rich_help_panel", None):
        command.rich_help_panel = in_french(panel)
    for each in command.params:
        if getattr(each, "help", None):
            each.help = in_french(each.help)


def in_french(text: str | None) -> str | None:
    """Help in French, paragraph by paragraph; what has none stays in English."""
    return None if text is None else "\n\n".join(_paragraph(each) for each in paragraphs(text))


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a help text, each on one line."""
    return (" ".join(each.split()) for each in re.split(r"\n\s*\n", text.strip()))


def framed(text: str) -> str:
    """A page of help whose frame is in French."""
    for words, french in FRAME.items():
        text = re.sub(words, french, text, flags=re.MULTILINE)
    return text


def wrong_usage(message: str) -> str | None:
    """What is wrong with a command, in French; None if it is not known.

    >>> wrong_usage("Invalid value for '--jobs': Input should be greater than or equal to 1").replace(NO_BREAK, " ")
    "valeur de '--jobs' : doit valoir au moins 1"
    """
    if (of := _VALUE_OF.fullmatch(message)) is not None:
        said = worded(of[2], _usage()) or mistakes.in_french(of[2])
        return said and f"valeur de {of[1]}{NO_BREAK}: {said}"
    return worded(message, _usage())


@cache
def _usage() -> Wordings:
    return wordings(USAGE)


def _paragraph(text: str) -> str:
    if _EXAMPLE.match(text):
        return _THEN.sub(", puis ", _EXAMPLE.sub(f"Exemple{NO_BREAK}: ", text))
    return unbroken(HELP.get(text, text), "fr")
