"""The explorer's page: its knobs, and the answers as they come, with the figures and the words of the report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from sim.analysis.estimates import indicator_key
from sim.experiment.results import Comparison
from sim.explore.controls import PEOPLE, RANGES, STARTS, VOLUMES, Control
from sim.explore.experiment import Answer, Explorer, Question, Reached
from sim.explore.state import State
from sim.explore.words import said
from sim.page.content import cards, changes, curve
from sim.page.html import digest, environment, template
from sim.report.answer import Shown, pledged, shown, warning_lines
from sim.report.text import difference_cells
from sim.report.titles import Titles
from sim.report.unsure import input_title
from sim.report.words import Language, days, grade_title, key_title, number, quantity, say
from sim.scenario.language.quantities import shortest
from sim.scenario.loading import Loaded
from sim.scenario.merging import entries
from sim.scenario.overlay import flow
from sim.scenario.schema import Scenario
from sim.scenario.stages.tasks import Event

if TYPE_CHECKING:
    from jinja2 import Template

FIRST = 12
"""Ranges that are shown before the others are asked for."""
_LAG = re.compile(r"([+-]) *([0-9.]+) *([a-z]+)")


@dataclass(frozen=True, slots=True)
class Knob:
    """A control as it is shown: its words, where it stands and where it was written to stand, as a browser reads it."""

    name: str
    label: str
    value: str
    written: str
    low: str
    high: str
    step: str
    unit: str
    note: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Switch:
    """A lever as it is shown."""

    name: str
    title: str
    pulled: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Knobs that belong together, such as the people of one kind in all centres; then they may move together."""

    title: str
    knobs: tuple[Knob, ...]
    together: bool


@dataclass(frozen=True, slots=True)
class Knobs:
    """All that can be moved with some levers."""

    levers: tuple[Switch, ...]
    own: str  # the levers of the file, as a state names them
    people: tuple[Row, ...]
    volumes: tuple[Knob, ...]
    starts: tuple[Knob, ...]
    ranges: tuple[Knob, ...]


def page(explorer: Explorer, question: Question, language: Language) -> str:
    """The whole page, at a question. Raises ScenarioError."""
    style, script = f"{template('style.css')}{_written('explore.css')}", _written("explore.js")
    return _template("explore.html").render(
        t=_words(language),
        language=language,
        title=Titles(explorer.start.loaded(question.reference).scenario, language).whole,
        knobs=knobs(explorer, question, language),
        question=question,
        first=FIRST,
        style=style,
        script=script,
    )


def policy() -> str:
    """What the page may load: its own style and script, and answers from where it came from."""
    style, script = f"{template('style.css')}{_written('explore.css')}", _written("explore.js")
    return (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def knobs_of(explorer: Explorer, question: Question, language: Language) -> str:
    """The knobs alone, for a page whose levers were switched. Raises ScenarioError."""
    it = knobs(explorer, question, language)
    return _template("knobs.html").render(t=_words(language), knobs=it, first=FIRST)


def event(answer: Answer, language: Language) -> dict[str, Any]:
    """An answer as the page takes it: sentences to be spoken, a few words of them, and pieces of HTML."""
    seen = tuple(shown(result, language) for result in answer.comparison.results)
    drawn = [each for each in (curve(seen), changes(answer.comparison, seen)) if each is not None]
    warnings = [line["message"] for line in warning_lines(answer.comparison.results[-1], language)]
    n = answer.comparison.manifest.replications
    done = said("done_one" if n == 1 else "done", language, n=f"{n}", most=f"{answer.most}")
    counted = [*cards(seen)]
    first = counted[:1]
    sentences = [said("of_share", language, value=it.value, words=it.words, interval=it.interval) for it in first]
    difference = _difference(answer.comparison, seen)
    if difference is None:
        sentences += [said("as_reference", language)] if len(seen) < 2 else []
    else:
        moved, interval, verdict = difference
        words = {"difference": moved, "interval": interval, "verdict": verdict}
        sentences.append(said("of_difference", language, reference=seen[0].title, **words))
    return {
        "status": " ".join([*sentences, f"{done}."]),
        "brief": " · ".join([*(it.value for it in first), *(difference or ())[:1], done]),
        "html": _template("answer.html").render(t=_words(language), cards=counted, figures=drawn, warnings=warnings),
        "done": n,
        "most": answer.most,
        "last": answer.last,
    }


def _difference(comparison: Comparison, seen: Sequence[Shown]) -> tuple[str, str, str] | None:
    """By how much the share that was promised first differs from the reference, its interval, and a verdict."""
    for indicator in pledged(seen[-1].result.scenario)[:1] if len(seen) > 1 else ():
        key = indicator_key(indicator.name, "share_within_goal", indicator.levels[0])
        found = comparison.paired[-1][1].get(key)
        return None if found is None else difference_cells(found, seen[-1].language)
    return None


def knobs(explorer: Explorer, question: Question, language: Language) -> Knobs:
    """What can be moved, where a question has it. Raises ScenarioError."""
    start, state = explorer.start, question.state
    loaded = start.loaded(state)
    found = start.controls(state)
    pulled = start.pulled(state)
    levers = tuple(
        Switch(name, each.title.fr if language == "fr" else each.title.en, name in pulled)
        for name, each in start.levers().items()
    )
    own = ",".join(each.name for each in levers if each.name in start.pulled(State()))
    of = {kind: [each for each in found.values() if each.kind == kind] for kind in (PEOPLE, VOLUMES, STARTS, RANGES)}
    worded = _Worded(loaded, state.moved, language, explorer.reached(state.levers))
    return Knobs(
        levers,
        own,
        tuple(worded.rows(of[PEOPLE])),
        tuple(worded.knob(each, worded.volume(each)) for each in of[VOLUMES]),
        tuple(worded.start(each) for each in of[STARTS]),
        tuple(worded.ranges(of[RANGES])),
    )


@dataclass(frozen=True, slots=True)
class _Worded:
    """Controls in the words of a scenario."""

    loaded: Loaded
    moved: Mapping[str, str]
    language: Language
    reached: Reached

    @property
    def scenario(self) -> Scenario:
        return self.loaded.scenario

    @property
    def titles(self) -> Titles:
        return Titles(self.scenario, self.language)

    def knob(self, each: Control, label: str, note: str = "") -> Knob:
        unit = quantity(2, each.unit, self.language).replace("2", "", 1).strip() if each.unit else ""
        low, high = map(_plain, each.ends)
        written, step = _plain(each.written), "1" if each.whole else "any"
        return Knob(each.name, label, self.moved.get(each.name, written), written, low, high, step, unit, note)

    def rows(self, people: Sequence[Control]) -> Iterator[Row]:
        """People of one kind together, wherever they stand."""
        ordered = sorted(people, key=lambda each: [*self.scenario.pools].index(_pool(each)))
        for pool, several in groupby(ordered, key=_pool):
            kinds = [*several]
            found = tuple(self.knob(each, self._owner(each)) for each in kinds)
            yield Row(self.titles.pool(pool), found, len(found) > 1 and "pools" not in kinds[0].path)

    def volume(self, each: Control) -> str:
        """Whose number it is."""
        of, name = each.name.split(".")[:2]
        if of == "classes":
            return self.titles.trial_class(name)
        return said("sponsors", self.language, what=key_title(name, self.language))

    def start(self, each: Control) -> Knob:
        """A step with the events it may start from."""
        knob = self.knob(each, said("begins", self.language, what=self._step(each)))
        return replace(knob, choices=tuple((choice, self._rule(choice)) for choice in each.choices))

    def ranges(self, several: Sequence[Control]) -> Iterator[Knob]:
        """Numbers with their ranges, those that matter most first; what has the same name is told apart."""
        titles = {each.name: input_title(each.source, self.scenario, self.language) for each in several if each.source}
        count = Counter(titles.values())
        for each in sorted(several, key=self._matters):
            title = titles[each.name]
            apart = self._apart(each) if count[title] > 1 else ()
            yield self.knob(each, ", ".join([title, *apart]), self._note(each))

    def _note(self, each: Control) -> str:
        """The range of a number, what it rests on, and what its ends do."""
        assert each.source is not None
        value, low, high = (quantity(number, each.unit, self.language) for number in (float(each.written), *each.ends))
        grade = grade_title(each.source.grade, self.language)
        note = said("between", self.language, value=value, low=low, high=high, grade=grade)
        if (ends := self.reached.get(each.name)) is not None:
            low, high = (days(end, self.language) if isfinite(end) else number(end, self.language) for end in ends)
            note += said("at_ends", self.language, low=low, high=high)
        return note

    def _apart(self, each: Control) -> Iterator[str]:
        """What tells a number from those of the same name: the class of trials it is about, or when it holds."""
        first, second, *rest = (*each.path, "", "")
        if first == "classes" and "attributes" in rest:
            yield self.titles.trial_class(self.loaded.tree.walk(first, second)[0].name or "")
        elif "variants" in each.path:
            held = self.loaded.tree.walk(*each.path[: each.path.index("variants") + 2])[0].get("when")
            for name, value in entries(held).items():
                words = flow(value.plain())
                words = say(words, self.language) if isinstance(value.value, bool) else words
                yield said("only_where", self.language, what=key_title(str(name), self.language), value=words)

    def _matters(self, each: Control) -> float:
        """Where a range stands in the list: the more it does to the goal, the less."""
        low, high = self.reached.get(each.name, (0.0, 0.0))
        return 0.0 if isnan(high - low) else -abs(high - low)

    def _owner(self, each: Control) -> str:
        first = each.path[0]
        if first == "pools":
            last = str(each.path[-1])
            return said("national", self.language) if last == "units" else key_title(last, self.language)
        name = each.name.split(".")[1]
        return self.titles.site(name) if first == "sites" else key_title(name, self.language)

    def _step(self, each: Control) -> str:
        """What is called that starts: a stage, the event that a step of it ends with, or what leads there."""
        stage, *steps = map(str, each.path[:-1])
        if not steps:
            return self.titles.stage(stage)
        field = type(getattr(self.scenario, stage)).model_fields.get(steps[0]) if stage != "tasks" else None
        ends = [said for said in field.metadata if isinstance(said, Event)] if field is not None else []
        if ends and len(steps) == 1:
            return self.titles.event(ends[0].name)
        return ", ".join(key_title(step, self.language) for step in each.name.split(".")[1:-1])

    def _rule(self, rule: str) -> str:
        """A start rule in words: an event, and so long after it."""
        event, *rest = rule.split(" ", 1)
        lag = _LAG.fullmatch(rest[0]) if rest else None
        if lag is None:
            return " ".join([self.titles.event(event), *rest])
        return f"{self.titles.event(event)} {lag[1]} {quantity(float(lag[2]), lag[3], self.language)}"


def _plain(value: float | str) -> str:
    """A value as a browser reads it."""
    return value if isinstance(value, str) else shortest(value)


def _pool(each: Control) -> str:
    return str(each.path[1] if each.path[0] == "pools" else each.path[3])


def _words(language: Language) -> Any:
    def words(key: str, **values: str) -> str:
        return said(key, language, **values)

    return words


def _template(name: str) -> Template:
    return environment("sim.explore").get_template(name)


def _written(name: str) -> str:
    return template(name, "sim.explore")
