"""What the report page says: the sections of a comparison, as figures, tables and sentences in one language.

`page_of` makes a `Page` of a comparison: nothing on it is computed for it alone but the check of the engines. The first
scenario is the reference, the last one is what the question is about; a run of one scenario is both.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from math import isfinite, isnan

from sim.analysis.contrasts import Contrast, Verdict
from sim.analysis.estimates import Estimate, Key, indicator_key
from sim.decisions.ledger import Ledger
from sim.experiment.groups import Grouped
from sim.experiment.replications import simulated
from sim.experiment.results import Comparison, Result
from sim.experiment.running import without_structure
from sim.page import drawing
from sim.page.grouped import by_group, too_few
from sim.page.sliders import Sliders, sliders
from sim.page.sure import Sure, sure_section
from sim.page.switches import Switches, switches
from sim.page.tables import Figure, Table
from sim.page.words import told
from sim.report.answer import (
    WASTED,
    Shown,
    answer,
    laws_told,
    more_people,
    pledged,
    read_otherwise,
    reading,
    replications,
    shown,
)
from sim.report.how_sure import HowSure
from sim.report.text import compared, difference_cells, shown_unit, spent_by_stage
from sim.report.words import (
    Language,
    between,
    day,
    days,
    days_between,
    goal_days,
    grade_title,
    key_title,
    number,
    range_title,
    say,
    share,
    share_between,
)
from sim.scenario import evidence
from sim.scenario.evidence import Number
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import Loaded, read
from sim.scenario.schema import Indicator, Scenario, fingerprint
from sim.uncertainty.sensitivity import Flip
from sim.uncertainty.surface import Surface
from sim.uncertainty.unknowns import Unknowns

FEW = 8
"""Differences that are drawn; the others stand in the annex."""

TIMES = ("days", "days_per_100_trials")
"""The units of numbers that are times [d]; of others, such as requests that wait, only the number is shown."""


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of the answer: a number, what it is, its interval, and what the reference has."""

    value: str
    words: str
    interval: str
    other: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page, in its order."""

    language: Language
    title: str
    question: str
    sentences: tuple[str, ...]
    cards: tuple[Card, ...]
    curve: Figure | None
    changes: Figure | None
    levers: Switches | None
    days: Figure | None
    groups: tuple[Figure, ...]
    too_few: tuple[str, ...]  # of which groups there is nothing to draw
    people: str
    pools: tuple[Table, ...]
    sure: Sure
    sliders: Sliders | None
    missing: Mapping[str, str]  # for a section without results: the sentence with the command that makes them
    reading: tuple[str, ...]
    evidence: str
    checks: Table
    fiches: tuple[Table, ...]
    numbers: Table
    inputs: Table
    again: str
    origin: Table
    footer: str

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, in the order of the page."""
        sliders = self.sliders.figure if self.sliders is not None else None
        found = (self.curve, self.changes, self.days, self.sure.figure, sliders, *self.groups)
        return tuple(each for each in found if each is not None)


@dataclass(frozen=True)
class Beside:
    """What stands on the page beside the comparison, as far as it was computed."""

    files: Mapping[str, str] = field(default_factory=dict)  # by the name of the scenario
    ledger: Ledger | None = None  # of the levers of the last scenario
    groups: tuple[Grouped, ...] = ()  # of the reference and the last scenario
    sure: HowSure | None = None  # over what nobody knows
    flips: tuple[Flip, ...] = ()  # where a number turns a conclusion round
    surface: tuple[Surface, Unknowns] | None = None  # of the reference and the last scenario


def page_of(compared: Comparison, language: Language, beside: Beside | None = None) -> Page:
    """The page of a comparison, with what was computed beside it."""
    beside, comparison = beside or Beside(), without_structure(compared)
    seen = tuple(shown(result, language) for result in comparison.results)
    last, scenario = seen[-1], comparison.results[-1].scenario
    found = evidence.numbers(source_of(comparison.results[-1], beside.files))
    grades = {grade: part for grade, part in evidence.shares(found).items() if part}
    files = _files(comparison)
    return Page(
        language=language,
        title=_question(scenario, language) or last.title,
        question=last.title,
        sentences=(
            *read_otherwise(last, seen),
            *[*answer(last)][: 1 + len(pledged(scenario))],
            *_structure(compared, last),
        ),
        cards=tuple(cards(seen)),
        curve=curve(seen),
        changes=changes(comparison, seen),
        levers=None if beside.ledger is None else switches(beside.ledger, language),
        days=_days(seen),
        groups=tuple(figure for each in beside.groups if (figure := by_group(seen, each)) is not None),
        too_few=tuple(too_few(seen, each) for each in beside.groups if by_group(seen, each) is None),
        people=more_people(seen[0], last) or "",
        pools=tuple(_pools(seen[-1:])),
        sure=sure_section(seen, beside.sure, beside.flips, files),
        sliders=None if beside.surface is None else sliders(seen, *beside.surface),
        missing=_missing(beside, last, files),
        reading=tuple(reading([shown(each, language) for each in compared.results], None)),
        evidence=_evidence(found, grades, language),
        checks=_checks(comparison, language),
        fiches=tuple(_fiche(last, each) for each in scenario.indicators),
        numbers=_numbers([shown(each, language) for each in compared.results]),
        inputs=_inputs(found, beside.sure, language),
        again=_command(comparison),
        origin=_origin(compared, language),
        footer=_footer(comparison, last),
    )


def _structure(compared: Comparison, it: Shown) -> Iterator[str]:
    """What the structure of the levers does alone, without the numbers that they put in, where that was simulated."""
    name, language = f"{it.result.name}_structure", it.language
    bare = next((each for each in compared.results if each.name == name), None)
    if bare is None or not pledged(bare.scenario):
        return
    indicator = pledged(bare.scenario)[0]
    found = bare.estimates.get(indicator_key(indicator.name, "share_within_goal", indicator.levels[0]))
    if found is not None and not isnan(found.value):
        interval = say("between", language, interval=share_between(found.low, found.high, language))
        words = {"share": share(found.value, language), "interval": interval}
        yield told("structure_alone", language, **words)


def _files(comparison: Comparison) -> str:
    """The scenarios as a command names them."""
    names = {each.name for each in comparison.results}
    records = (each for each in comparison.manifest.scenarios if each.name in names)
    return " ".join(shlex.quote(each.file.removesuffix(".yaml") if each.file else each.name) for each in records)


def _missing(beside: Beside, it: Shown, files: str) -> dict[str, str]:
    """For each section that has no results, the sentence with the command that makes them."""
    language, scenario = it.language, it.result.scenario
    found = {}
    if beside.ledger is None and scenario.levers:
        found["levers"] = told("not_computed", language, command=f"trialstart report {files} --levers")
    if not beside.groups and scenario.goal is not None:
        found["groups"] = told("not_computed", language, command=f"trialstart report {files} --groups")
    if beside.surface is None and scenario.goal is not None:
        found["sliders"] = told("no_sliders", language, command=f"trialstart report {files} --sliders")
    people = {kind for kind, pool in scenario.pools.items() if pool.sittings is None}
    asked = [key for key in it.numbers if key.level == "pool" and key.statistic == "p90" and key.of in people]
    if asked and scenario.goal is not None:
        busiest = max(asked, key=lambda key: it.numbers[key].value if isfinite(it.numbers[key].value) else 0.0).of
        command = f"trialstart solve {files.split()[-1]} --pool {busiest} --share '75%'"
        found["people"] = told("how_many", language, command=command, pool=it.titles.pool(busiest))
    return found


def _question(scenario: Scenario, language: Language) -> str:
    asked = scenario.question
    return "" if asked is None else asked.fr if language == "fr" else asked.en


def cards(seen: Sequence[Shown]) -> Iterator[Card]:
    """The shares of the pledge, the days to the first patient, and the price."""
    language, scenario = seen[-1].language, seen[-1].result.scenario
    for indicator in pledged(scenario)[:2]:
        key = indicator_key(indicator.name, "share_within_goal", indicator.levels[0])
        words = {"reached": seen[-1].titles.reached(indicator.to), "goal": _goal(scenario, language)}
        yield from _card(seen, key, told("card_share", language, **words))
    ends = {each.to for each in pledged(scenario)}
    for indicator in [each for each in scenario.indicators if each.to in ends and each not in pledged(scenario)][-1:]:
        key = indicator_key(indicator.name, "median", indicator.levels[0])
        yield from _card(seen, key, told("card_days", language, what=seen[-1].titles.indicator(indicator.name)))
    yield from _card(seen, WASTED, told("card_lost", language))


def _card(seen: Sequence[Shown], key: Key, words: str) -> Iterator[Card]:
    it, language = seen[-1], seen[-1].language
    found = it.numbers.get(key)
    if found is None or isnan(found.value):
        return
    other = ""
    if len(seen) > 1 and (before := seen[0].numbers.get(key)) is not None:
        other = told("against", language, other=_value(before, language))
    yield Card(_value(found, language), words, _interval(found, language), other)


def curve(seen: Sequence[Shown]) -> Figure | None:
    """The share that is there within so many days, with the goal; None where nothing is promised."""
    scenario, language = seen[0].result.scenario, seen[0].language
    if scenario.goal is None or not pledged(scenario):
        return None
    goal, indicator = scenario.goal, pledged(scenario)[0]
    curves = [it.result.summary.curve(indicator.name, indicator.levels[0]) for it in seen]
    day = int(goal.within.value)
    last = _last_day([each.share.tolist() for each in curves], day)
    lines = [
        drawing.Line(
            place,
            it.title,
            each.share.tolist(),
            each.low.tolist(),
            each.high.tolist(),
            share(each.share[day], language),
        )
        for place, (it, each) in enumerate(zip(seen, curves, strict=True))
    ]
    across = drawing.Axis(
        say(f"curve_x_{goal.counted}", language, event=seen[0].titles.since(goal.from_)),
        [(tick, number(tick, language, digits=0)) for tick in range(0, last + 1, _step(last))],
    )
    up = drawing.Axis("", [(tick / 4, share(tick / 4, language)) for tick in range(5)])
    items = [told("of_scenario", language, share=line.at_goal, scenario=line.name) for line in lines]
    words = told(
        "curve_shows",
        language,
        day=number(day, language, digits=0),
        items=told("then", language).join(items),
        reached=seen[0].titles.reached(indicator.to),
    )
    mark = drawing.Goal(day, say("goal_line", language, goal=_goal(scenario, language)))
    return Figure("curve", words, drawing.s_curve(lines, (across, up), mark), _curve_table(seen, lines, last, words))


def _curve_table(seen: Sequence[Shown], lines: Sequence[drawing.Line], last: int, words: str) -> Table:
    language = seen[0].language
    rows = tuple(
        (number(day, language, digits=0), *(_share_and(line, day, language) for line in lines))
        for day in range(0, last + 1, _step(last) // 2 or 1)
    )
    return Table(words, (told("day", language), *(line.name for line in lines)), rows)


def _share_and(line: drawing.Line, day: int, language: Language) -> str:
    return f"{share(line.share[day], language)} [{share_between(line.low[day], line.high[day], language)}]"


def changes(comparison: Comparison, seen: Sequence[Shown]) -> Figure | None:
    """The paired differences of the last scenario from the first; None where there is one alone."""
    if len(seen) < 2:
        return None
    it, language = seen[-1], seen[-1].language
    found = comparison.paired[-1][1]
    rows = [
        (label, found[key], difference_cells(found[key], language, shown_unit(it, seen[0], key)))
        for label, key in compared(it, seen[0])
        if not isnan(found[key].value)
    ]
    told_of = _most_telling(rows)
    blocks = [
        (told(f"unit_{unit}", language), [_drawn(*each) for each in told_of if _unit(each[1]) == unit])
        for unit in dict.fromkeys(_unit(each) for _, each, _ in told_of)
    ]
    verdicts = [each.verdict for _, each, _ in rows]
    counts = {
        "gains": verdicts.count(Verdict.GAIN),
        "losses": verdicts.count(Verdict.LOSS),
        "same": verdicts.count(Verdict.IDENTICAL),
    }
    counts["open"] = len(verdicts) - sum(counts.values())
    words = told(
        "changes_shows", language, reference=seen[0].title, **{name: f"{count}" for name, count in counts.items()}
    )
    head = tuple(told(key, language) for key in ("number", "difference", "interval", "verdict"))
    scaled = drawing.forest(blocks, (told("less", language), told("more", language)))
    return Figure("changes", words, scaled, Table(words, head, tuple((label, *cells) for label, _, cells in rows)))


_Row = tuple[str, Contrast, tuple[str, str, str]]


def _most_telling(rows: Sequence[_Row]) -> list[_Row]:
    """The rows that are drawn: those that say the same of both are left to the table; losses never are."""
    moved = [each for each in rows if each[1].verdict is not Verdict.IDENTICAL] or [*rows]
    lost = [each for each in moved if each[1].verdict is Verdict.LOSS][:FEW]
    kept = [each for each in moved if each not in lost][: FEW - len(lost)]
    return [each for each in moved if each in kept or each in lost]


def _unit(each: Contrast) -> str:
    return "points" if each.unit == "share" else "days"


def _drawn(label: str, each: Contrast, cells: tuple[str, str, str]) -> drawing.Difference:
    value, interval, verdict = cells
    scale = 100 if each.unit == "share" else 1
    ends = (scale * end for end in (each.value, each.low, each.high))
    return drawing.Difference(label, drawing.Interval(*ends), (f"{value} [{interval}]", verdict))


def _days(seen: Sequence[Shown]) -> Figure | None:
    goal, language = seen[0].result.scenario.goal, seen[0].language
    if goal is None:
        return None
    by_stage = [spent_by_stage(it) for it in seen]
    if not any(by_stage):
        return None
    stages = dict.fromkeys(stage for each in by_stage for stage in each)
    blocks = [
        (it.title, [_part(it, stage, spent.get(stage, (0.0, 0.0))) for stage in stages])
        for it, spent in zip(seen, by_stage, strict=True)
    ]
    items = [
        told(
            "days_item",
            language,
            days=days(sum(total for total, _ in spent.values()), language),
            wait=days(sum(wait for _, wait in spent.values()), language),
            scenario=it.title,
        )
        for it, spent in zip(seen, by_stage, strict=True)
    ]
    words = told(
        "days_shows",
        language,
        since=seen[0].titles.event(goal.from_),
        to=seen[0].titles.event(goal.to),
        items=told("then", language).join(items),
    )
    rows = tuple(
        (name, part.name, number(part.work, language), number(part.wait, language))
        for name, parts in blocks
        for part in parts
    )
    head = tuple(told(key, language) for key in ("scenario", "stage", "work_days", "wait_days"))
    legend = (told("work", language), told("wait", language))
    return Figure("days", words, drawing.bars(blocks, legend), Table(words, head, rows))


def _part(it: Shown, stage: str, spent: tuple[float, float]) -> drawing.Part:
    total, wait = spent
    return drawing.Part(it.titles.stage(stage), total - wait, wait, days(total, it.language))


def _pools(seen: Sequence[Shown]) -> Iterator[Table]:
    for it in seen:
        language = it.language
        kinds = dict.fromkeys(key.of for key in it.numbers if key.level == "pool")
        rows = tuple((it.titles.pool(kind), *_pool_cells(it, kind)) for kind in kinds)
        head = tuple(told(key, language) for key in ("pool", "mean_wait", "p90_wait", "use"))
        if rows:
            yield Table(told("pools_caption", language), head, rows)


def _pool_cells(it: Shown, kind: str) -> Iterator[str]:
    of = {
        (key.name.split("[")[0], key.statistic): each
        for key, each in it.numbers.items()
        if key.of == kind and key.level == "pool"
    }
    for name in (("wait_time", "mean"), ("wait_time", "p90")):
        yield number(of[name].value, it.language) if name in of else ""
    use = of.get(("utilisation", "share"))
    yield (
        share(use.value, it.language) if use is not None and isfinite(use.value) else number(float("nan"), it.language)
    )


def _evidence(found: Sequence[Number], grades: Mapping[str, float], language: Language) -> str:
    parts = (f"{grade_title(grade, language)} {share(part, language)}" for grade, part in grades.items())
    return told("evidence_shows", language, n=f"{len(found)}", grades=", ".join(parts))


def _checks(comparison: Comparison, language: Language) -> Table:
    rows = [(told("engines", language), _engines(comparison, language))]
    rows += [(told("laws", language), each) for each in laws_told(comparison.results, language)]
    rows.append((told("luck", language), replications(shown(comparison.reference, language))))
    return Table(told("trust_caption", language), (told("check", language), told("result", language)), tuple(rows))


def _engines(comparison: Comparison, language: Language) -> str:
    """Both engines on the first replication of the last scenario, row by row."""
    if find_spec("numba") is None:
        return told("engines_alone", language)
    work = comparison.results[-1].work
    played = [simulated(replace(work, engine=engine), 0)[1] for engine in ("compiled", "simpy")]
    differ = int(played[0].differs_from(played[1]).sum())
    rows = number(differ or len(played[0].ready), language, digits=0)
    return told("engines_differ" if differ else "engines_agree", language, rows=rows)


def _fiche(it: Shown, indicator: Indicator) -> Table:
    language, scenario = it.language, it.result.scenario
    fingerprint = it.result.manifest.scenarios[0].fingerprint[:12] if isinstance(it.result, Result) else ""
    made = {"origin": day(scenario.origin, language), "fingerprint": fingerprint}
    rows = (
        (told("fiche_definition", language), _definition(it, indicator)),
        (told("fiche_count", language), _counting(it, indicator)),
        (told("fiche_scope", language), _scope(scenario, language)),
        (told("fiche_source", language), told("fiche_model", language, **made)),
        (told("fiche_update", language), told("fiche_each_run", language)),
        (told("fiche_limits", language), told("then", language).join(_limits(it, indicator))),
    )
    return Table(told("fiche_caption", language, what=it.titles.indicator(indicator.name)), (), rows)


def _limits(it: Shown, indicator: Indicator) -> Iterator[str]:
    """How many trials are counted, and which of them have no end that is known."""
    counts = it.numbers[indicator_key(indicator.name, "mean", indicator.levels[0])]
    for name in ("trials", "not_yet", "never", "not_needed"):
        number_of = getattr(counts, name)
        if number_of or name == "trials":
            yield told(f"fiche_{name}", it.language, n=number(number_of, it.language, digits=0))


def _definition(it: Shown, indicator: Indicator) -> str:
    titles, language = it.titles, it.language
    ends = {"since": titles.event(indicator.from_), "to": titles.event(indicator.to)}
    words = told("fiche_from_to", language, **ends)
    if indicator.less:
        words += told("fiche_less", language, less=", ".join(titles.event(each) for each in indicator.less))
    return words + (told("fiche_after", language) if indicator.only_after else "")


def _counting(it: Shown, indicator: Indicator) -> str:
    scenario, language = it.result.scenario, it.language
    if scenario.goal is None or indicator not in pledged(scenario):
        return told("fiche_elapsed", language)
    return say("dates", language, goal=goal_days(scenario.goal, language).capitalize())


def _scope(scenario: Scenario, language: Language) -> str:
    scope = scenario.goal.scope if scenario.goal is not None else {}
    if not scope:
        return told("fiche_all", language)
    items = (_attribute(name, value, language) for name, value in scope.items())
    return told("fiche_where", language, scope=", ".join(items))


def _attribute(name: str, value: object, language: Language) -> str:
    """An attribute of trials in words: "phase early", "industry", "not industry"."""
    title = key_title(name, language)
    if isinstance(value, bool):
        return title if value else told("fiche_not", language, what=title)
    return f"{title} {key_title(str(value), language)}"


def _numbers(seen: Sequence[Shown]) -> Table:
    """Every number of every scenario, as `indicators.csv` and its neighbours have them."""
    language = seen[0].language
    keys = dict.fromkeys(key for it in seen for key in it.numbers)
    rows = tuple((_named(key), *(_cell(it.numbers.get(key), language) for it in seen)) for key in keys)
    return Table(told("annex_numbers", language), (told("number", language), *(it.title for it in seen)), rows)


def _named(key: Key) -> str:
    name, level, statistic = key.columns
    return f"{name} ({level}) {statistic}"


def _cell(found: Estimate | None, language: Language) -> str:
    if found is None or isnan(found.value):
        return number(float("nan"), language)
    return f"{_value(found, language)} [{_bounds(found, language)}]"


def _inputs(found: Sequence[Number], sure: HowSure | None, language: Language) -> Table:
    """Every number that went in; the assumptions first that the answer rests on most, where that is known."""
    weights = {} if sure is None else {each.path: each.spread for each in sure.first}
    ordered = sorted(found, key=lambda each: -_weight(each, weights))
    head = tuple(told(key, language) for key in ("place", "value", "grade", "source", "range", "weight"))
    rows = tuple(
        (
            each.path,
            each.text,
            told("assumption", language) if each.assumption is not None else each.grade or "",
            " ".join(each.sources),
            range_title(each.assumption or "", language),
            share(_weight(each, weights), language) if _weight(each, weights) else "",
        )
        for each in ordered
    )
    return Table(told("annex_inputs", language), head, rows)


def _weight(each: Number, weights: Mapping[str, float]) -> float:
    """The share of the spread that rests on a number [0 to 1]; 0 where that is not known."""
    return next(
        (found for path, found in weights.items() if each.path == path or each.path.startswith(f"{path}.")), 0.0
    )


def _command(comparison: Comparison) -> str:
    manifest = comparison.manifest
    verb = "compare" if len(comparison.results) > 1 else "run"
    changes = "".join(f" --set {shlex.quote(each)}" for each in manifest.scenarios[0].changes)
    how = f"--replications {manifest.replications} --seed {manifest.seed}"
    return f"trialstart {verb} {_files(comparison)}{changes} {how}"


def _origin(comparison: Comparison, language: Language) -> Table:
    head = tuple(told(key, language) for key in ("scenario", "fingerprint", "levers"))
    rows = tuple(
        (
            each.name,
            each.fingerprint,
            ", ".join(_lever(use, language) for use in each.levers) or told("levers_none", language),
        )
        for each in comparison.manifest.scenarios
    )
    versions = ", ".join(f"{name} {version}" for name, version in comparison.manifest.versions.items())
    return Table(
        f"{told('versions', language)} : {versions}"
        if language == "fr"
        else f"{told('versions', language)}: {versions}",
        head,
        rows,
    )


def _lever(use: object, language: Language) -> str:
    """A lever as the manifest has it: a name, or a name with what limits it."""
    if not isinstance(use, Mapping):
        return str(use)
    limits = {key: value for key, value in use.items() if key not in ("name", "numbers")}
    said = [
        *([told("lever_structure", language)] if use.get("numbers") is False else []),
        *(f"{k} {v}" for k, v in limits.items()),
    ]
    return f"{use['name']} ({', '.join(said)})" if said else str(use["name"])


def _footer(comparison: Comparison, it: Shown) -> str:
    manifest = comparison.manifest
    return told(
        "footer",
        it.language,
        version=manifest.versions["trialstart"],
        seed=f"{manifest.seed}",
        replications=replications(it),
    )


def source_of(result: Result, files: Mapping[str, str]) -> Loaded | Scenario:
    """Where the numbers of a result can be looked up: its file, if that still says the same, else itself."""
    file = files.get(result.name) or result.manifest.scenarios[0].file
    found = None if file is None else still_said(result, file)
    return result.scenario if found is None else found


def still_said(result: Result, file: str) -> Loaded | None:
    """The file of a result, read again; None if it cannot be read, or says something else by now."""
    record = result.manifest.scenarios[0]
    with suppress(ScenarioError):
        found = read(file, set_=record.changes)
        if fingerprint(found.scenario) == record.fingerprint:
            return found
    return None


def _goal(scenario: Scenario, language: Language) -> str:
    assert scenario.goal is not None  # asked only where there is one
    return goal_days(scenario.goal, language)


def _value(found: Estimate, language: Language) -> str:
    if found.unit == "share":
        return share(found.value, language)
    if found.unit in TIMES:
        return days(found.value, language, digits=_digits(found))
    return number(found.value, language)


def _interval(found: Estimate, language: Language) -> str:
    return f"{say('interval', language)} {_bounds(found, language)}"


def _bounds(found: Estimate, language: Language) -> str:
    if found.unit == "share":
        return share_between(found.low, found.high, language)
    if found.unit not in TIMES:
        return between(found.low, found.high, language)
    return days_between(found.low, found.high, found.value, language, digits=_digits(found))


def _digits(found: Estimate) -> int:
    """Decimals that say something: none for what is 0, or a hundred days."""
    return 0 if found.value == 0 or abs(found.value) >= 100 else 1


def _last_day(curves: Sequence[Sequence[float]], day: int) -> int:
    """The day by which every curve has gone nearly all its way, a multiple of ten: two to eight times the goal."""
    settled = [next(at for at, value in enumerate(each) if value >= 0.97 * each[-1]) for each in curves if each[-1] > 0]
    last = min(max([*settled, 2 * day, 20]), max(8 * day, 30), len(curves[0]) - 1)
    return last - last % 10


def _step(last: int) -> int:
    """Days between two ticks: about eight of them, whatever the goal.

    >>> _step(120), _step(1000)
    (15, 120)
    """
    return next((step for step in (5, 10, 15, 20, 30, 60, 90) if step * 9 >= last), -(-last // 90) * 10)
