"""The exact engine behind the page: a state against a reference, a few replications at first and then more.

`Explorer.answers` yields the comparison after 4, 8, 16, ... replications, up to as many as a plain run makes: the last
is that run, number for number. Both sides are played on the same trials with the same luck, and what was played once is
remembered, so that the reference costs nothing after the first time and the difference is steady while it refines. A
`Desk` is one explorer that answers one question at a time, the newest: an older one makes no further replication, and
those that are being made end at their next step, in whatever process: a `Turn` tells them.

While nobody asks, every range is played at both of its ends, on the luck of one year: what that does to the share
within the goal says which ones matter.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from pathlib import Path
from threading import Condition, Event, Thread

from sim.analysis.estimates import Key, Pooled
from sim.analysis.indicators import Measures, measure
from sim.experiment.options import Options
from sim.experiment.precision import goal_key, times_of
from sim.experiment.replications import Found, drawn, engine_of
from sim.experiment.results import Comparison
from sim.experiment.running import Experiment, comparison, laid_out
from sim.experiment.workers import Batch, Computer, Work, interleaved
from sim.explore.controls import RANGES, Control
from sim.explore.state import Start, State
from sim.explore.words import WORDS
from sim.model.feasibility import Concern, concerns
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.language.quantities import shortest
from sim.scenario.loading import Loaded
from sim.scenario.schema import Text, fingerprint

FIRST = 4
"""Replications of the first answer."""

LONGEST = 60.0
"""[s] after which no further replication is begun for one question."""

_REMEMBERED = 24  # scenarios whose replications are kept: about 50 kB a replication of France

SCREENED = 1
"""The replication in which ranges are played at their ends."""

Clock = Callable[[], float]
Reached = Mapping[str, tuple[float, float]]
"""The median of the goal's indicator [d] in one year, at the low end and at the high end of each range."""


class Turn:
    """Whose turn it is, for all processes: the length of a file, which grows whenever another question begins."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.write_bytes(b"")

    @property
    def now(self) -> int:
        """How many turns there have been."""
        return self.file.stat().st_size

    def end(self) -> None:
        """Begin another turn."""
        with self.file.open("ab") as stream:
            stream.write(b".")


def in_turn(work: Work, number: int, *, turn: tuple[Turn, int]) -> Found | None:
    """What is kept of a replication; None if between two of its steps it is another question's turn."""
    its, mine = turn
    if its.now != mine:
        return None
    replication = drawn(work, number)
    if its.now != mine:
        return None
    timelines = engine_of(work)(work.plan.network, replication.workload)
    if its.now != mine:
        return None
    return Found(
        measure(work.plan, replication, timelines), concerns=concerns(work.plan, replication) if number == 0 else None
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A state, and what it is compared with."""

    state: State = field(default_factory=State)
    reference: State = field(default_factory=State)


@dataclass(frozen=True, slots=True)
class Answer:
    """What so many replications say; the first result is the reference, and the only one where nothing was moved."""

    comparison: Comparison
    most: int  # replications that it will have at the end
    last: bool


class Memory:
    """The replications of scenarios that were played, by what they mean; those used last are kept longest."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, dict[int, Found]] = OrderedDict()

    def of(self, key: str) -> dict[int, Found]:
        """The replications of a scenario, to be added to."""
        self._of.setdefault(key, {})
        self._of.move_to_end(key)
        while len(self._of) > _REMEMBERED:
            self._of.popitem(last=False)
        return self._of[key]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The replications of one experiment, as `comparison` reads them."""

    found: Sequence[dict[int, Found]]

    def missing(self, work: int, total: int) -> list[int]:
        return [number for number in range(total) if number not in self.found[work]]

    def add(self, work: int, number: int, found: Found) -> None:
        self.found[work][number] = found

    def flush(self) -> None:
        pass

    def seen(self, work: int) -> list[Measures]:
        return [each.measures for each in self.found[work].values()]

    def measures(self, work: int, total: int) -> tuple[Measures, ...]:
        return tuple(self.found[work][number].measures for number in range(total))

    def timelines(self, work: int) -> None:
        return None

    def concerns(self) -> Mapping[int, tuple[Concern, ...]]:
        first = ((place, found.get(0)) for place, found in enumerate(self.found))
        return {place: each.concerns or () for place, each in first if each is not None}


class Explorer:
    """Answers questions about one start.

    Parameters
    ----------
    start
        Where every state begins.
    how
        The seed, the engine, and the replications of the last answer.
    computer
        Who computes.
    turn
        What tells the processes that compute when a question is over.
    clock
        What the time [s] of an answer is measured with.
    """

    def __init__(
        self, start: Start, how: Options, computer: Computer, turn: Turn, clock: Clock = time.monotonic
    ) -> None:
        self.start, self.how, self.turn = start, how, turn
        self._computer, self._clock = computer, clock
        self._memory = Memory()
        self._reached: dict[tuple[str, ...] | None, dict[str, tuple[float, float]]] = {}

    def answers(self, question: Question, wanted: Callable[[], bool] = lambda: True) -> Iterator[Answer]:
        """The answers, each of more replications; none any more once `wanted` is false.

        Raises
        ------
        ScenarioError
            If a state makes no scenario.
        ReplicationFailed
            If a replication could not be computed.
        """
        began = self._clock()
        experiment, kept = self._experiment(question)
        for total in self._totals():
            if total > FIRST and self._clock() - began > LONGEST:
                return
            self._play(experiment.works, kept, total, wanted)
            if not wanted():
                return
            yield Answer(comparison(experiment, kept, total, kept.concerns()), self.how.most, total == self.how.most)

    def reached(self, levers: tuple[str, ...] | None) -> Reached:
        """What is known of the ends of the ranges with these levers; nothing before all of it is."""
        names = [each.name for each in self._ranges(levers)]
        known = self._reached.get(levers, {})
        return known if len(known) == len(names) else {}

    def screen(self, levers: tuple[str, ...] | None, wanted: Callable[[], bool]) -> bool:
        """Play the ranges at their ends, those that were not yet, as long as that is wanted; whether all are played.

        Raises
        ------
        ReplicationFailed
            If one could not be computed.
        """
        known = self._reached.setdefault(levers, {})
        goal = goal_key(self.start.loaded(State(levers)).scenario)
        if goal is None:
            return False
        for control in self._ranges(levers):
            if control.name not in known:
                ends = self._at_ends(control, levers, wanted)
                if not wanted():
                    return False
                known[control.name] = (_median(ends[0], goal), _median(ends[1], goal))
        return True

    def _ranges(self, levers: tuple[str, ...] | None) -> list[Control]:
        return [each for each in self.start.controls(State(levers)).values() if each.kind == RANGES]

    def _at_ends(
        self, control: Control, levers: tuple[str, ...] | None, wanted: Callable[[], bool]
    ) -> dict[int, Measures]:
        """One year at both ends of a range, or as it is written where an end cannot be."""
        works: list[Work] = []
        for end in control.ends:
            try:
                loaded = self.start.loaded(State(levers, {control.name: shortest(end)}))
            except ScenarioError:
                loaded = self.start.loaded(State(levers))
            works += laid_out({control.name: loaded}, self.how).works
        batches = [Batch(place, [SCREENED]) for place in range(len(works))]
        return {place: found.measures for place, _, found in self._computed(works, batches, wanted)}

    def _experiment(self, question: Question) -> tuple[Experiment, _Kept]:
        """The scenarios, laid out, and the replications that are remembered of them."""
        reference, state = (self.start.loaded(each) for each in (question.reference, question.state))
        keys = [fingerprint(each.scenario) for each in (reference, state)]
        named = {"reference": _titled(reference, "chosen_reference") if question.reference.link else reference}
        if keys[0] != keys[1]:
            named["state"] = _titled(state, "your_settings")
        return laid_out(named, self.how), _Kept([self._memory.of(key) for key in keys[: len(named)]])

    def _totals(self) -> Iterator[int]:
        total = FIRST
        while total < self.how.most:
            yield total
            total *= 2
        yield self.how.most

    def _play(self, works: Sequence[Work], kept: _Kept, total: int, wanted: Callable[[], bool]) -> None:
        """Bring every scenario to `total` replications, as long as they are wanted."""
        missing = [kept.missing(place, total) for place in range(len(works))]
        for place, number, found in self._computed(works, interleaved(missing, self._computer.workers), wanted):
            kept.add(place, number, found)

    def _computed(
        self, works: Sequence[Work], batches: Iterable[Batch], wanted: Callable[[], bool]
    ) -> Iterator[tuple[int, int, Found]]:
        """What comes of the replications of batches, of those that are wanted until their end."""
        play = partial(in_turn, turn=(self.turn, self.turn.now))
        for batch, several in self._computer.compute(play, works, takewhile(lambda _: wanted(), batches)):
            for number, found in zip(batch.numbers, several, strict=True):
                if found is not None:
                    yield batch.work, number, found


def _median(measures: Measures, key: Key) -> float:
    """The median of an indicator over the trials of one year [d]."""
    times = times_of(measures, key)
    return Pooled(times.name, times.level, (times,)).part("median").value


def _titled(loaded: Loaded, key: str) -> Loaded:
    """The scenario under another title, by which figures tell it from the file."""
    en, fr = WORDS[key]
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"title": Text(en=en, fr=fr)}))


@dataclass(frozen=True, slots=True)
class Ordered:
    """It is known now which ranges matter."""


Said = Answer | Ordered | Exception | None
Told = Callable[[Said], None]
"""Told of every answer, of what went wrong, and at the end of None."""


class Asked:
    """A question that waits for its answers, or gets them."""

    def __init__(self, question: Question, told: Told, turn: Turn) -> None:
        self.question, self.told = question, told
        self._over, self._turn = Event(), turn

    def cancel(self) -> None:
        """Want no more answers."""
        if self.wanted():
            self._over.set()
            self._turn.end()

    def wanted(self) -> bool:
        """Whether anybody still wants to know."""
        return not self._over.is_set()


class Desk:
    """One question at a time, the newest; they are answered in a thread of their own."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self._newest: Asked | None = None
        self._changed = Condition()
        self._closed = False
        self._thread = Thread(target=self._work, name="explorer", daemon=True)
        self._thread.start()

    def ask(self, question: Question, told: Told) -> Asked:
        """Put a question in the place of the one before, which gets no more answers."""
        asked = Asked(question, told, self.explorer.turn)
        with self._changed:
            if self._newest is not None:  # its turn ends before the next begins
                self._newest.cancel()
            self._newest = asked
            self._changed.notify()
        return asked

    def cancel(self) -> None:
        """Make no further replication for the question that was asked last."""
        with self._changed:
            if self._newest is not None:
                self._newest.cancel()

    def close(self) -> None:
        """Answer nothing more; returns when nothing is computed any more."""
        self.cancel()
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        done: Asked | None = None
        while (asked := self._next(done)) is not None:
            self._answer(asked)
            done = asked

    def _next(self, done: Asked | None) -> Asked | None:
        """The newest question that is not answered yet, when there is one; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._newest is not done)
            return None if self._closed else self._newest

    def _answer(self, asked: Asked) -> None:
        try:
            for answer in self.explorer.answers(asked.question, asked.wanted):
                asked.told(answer)
            levers = asked.question.state.levers
            if not self.explorer.reached(levers) and self.explorer.screen(levers, asked.wanted):
                asked.told(Ordered())
        except Exception as error:  # whoever asked is told; the next question has another chance
            asked.told(error)
        asked.told(None)
