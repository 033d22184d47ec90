"""The explorer's engine: its answers are those of a plain run, and no work is done that nobody wants."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import sim
from sim.analysis.estimates import Pooled
from sim.experiment.replications import indicators_of
from sim.experiment.running import laid_out
from sim.experiment.workers import Computer
from sim.explore import experiment
from sim.explore.experiment import (
    FIRST,
    LONGEST,
    SCREENED,
    Answer,
    Desk,
    Explorer,
    Ordered,
    Question,
    Said,
    Turn,
    in_turn,
)
from sim.explore.state import Start, State, state_of
from sim.scenario.differences import differences
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load
from sim.scenario.schema import Scenario
from tests.explore.conftest import HOW, Counting
from tests.patience import happens

MOVED = State(None, {"site_types.large.people.clerks": "4", "tasks.answered.work": "2.5"})
STATES = {
    "people": State(None, {"site_types.large.people.clerks": "4", "pools.desk.units": "5"}),
    "volume": State(None, {"classes.requests.volume": "200"}),
    "start": State(None, {"tasks.answered.starts": "arrived"}),
    "range": State(None, {"tasks.answered.work": "2.5"}),
    "lever": State(("helped",)),
    "lever and another number": State(("helped",), {"pools.desk.units": "2"}),
    "the very number of a lever": State(("helped",), {"tasks.answered.work": "1.5"}),
}


@pytest.mark.parametrize("state", STATES)
def test_the_last_answer_is_a_plain_run_of_the_file_of_the_state(
    state: str, start: Start, explorer: Explorer, country: Path
) -> None:
    """Every number, its interval and its paired difference, exactly."""
    *_, last = explorer.answers(Question(STATES[state]))
    file = country.parent / "downloaded.yaml"
    file.write_text(start.text(STATES[state]), encoding="utf-8")
    plain = sim.compare([country, file], replications=6, seed=3, jobs=1, engine="simpy")
    assert last.last and last.most == 6
    assert repr(last.comparison.results[1].estimates) == repr(plain.results[1].estimates)
    assert repr(last.comparison.paired[0][1]) == repr(plain.paired[0][1])
    assert repr(plain.results[1].estimates) != repr(plain.results[0].estimates)


def test_a_file_of_a_state_is_a_few_lines_where_that_is_enough(start: Start) -> None:
    """What was moved, on top of the file; all of it only where a lever would set what was moved."""
    short = start.text(STATES["lever and another number"])
    assert "extends: " in short and "levers: [helped]" in short and "desk: {units: 2}" in short
    assert len(short.splitlines()) < 8
    assert "extends: " not in start.text(STATES["the very number of a lever"])


def test_answers_refine_on_the_same_trials(explorer: Explorer) -> None:
    """4, then all: each begins with the replications of the one before, on both sides."""
    answers = [*explorer.answers(Question(MOVED))]
    assert [each.comparison.manifest.replications for each in answers] == [FIRST, 6]
    for side in (0, 1):
        of_side = [each.comparison.results[side].measures for each in answers]
        assert [each.replication for each in of_side[-1]] == [*range(6)]
        assert all(earlier[place] is of_side[-1][place] for earlier in of_side for place in range(len(earlier)))


def test_the_reference_is_played_once(explorer: Explorer, counting: Counting) -> None:
    """Another state costs its own replications; the same state again costs none."""
    answers = [*explorer.answers(Question(MOVED))]
    assert len(counting.played) == 12
    assert len([*explorer.answers(Question(STATES["volume"]))]) == len(answers)
    assert counting.played[12:] == [("state", number) for number in range(6)]
    assert len([*explorer.answers(Question(MOVED))]) == len(answers)
    assert len(counting.played) == 18


def test_the_reference_may_be_another_state(explorer: Explorer, start: Start) -> None:
    """The difference is to the state that was chosen; none where both are the same."""
    *_, chosen = explorer.answers(Question(MOVED, STATES["lever"]))
    *_, direct = explorer.answers(Question(STATES["lever"]))
    assert repr(chosen.comparison.reference.estimates) == repr(direct.comparison.results[1].estimates)
    *_, same = explorer.answers(Question(MOVED, MOVED))
    assert len(same.comparison.results) == 1


def test_nothing_more_is_played_once_nobody_wants_to_know(explorer: Explorer, counting: Counting) -> None:
    """Between two replications it is asked whether another one is wanted."""
    answers = explorer.answers(Question(MOVED), lambda: len(counting.played) < 5)
    assert [*answers] == []
    assert len(counting.played) == 5


@pytest.mark.parametrize(("step", "after"), [("drawn", "engine_of"), ("engine_of", "measure")])
def test_a_replication_ends_at_its_next_step_when_it_is_no_longer_its_turn(
    step: str, after: str, start: Start, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever process: what comes after is not done; until then it is the replication of a plain run."""
    work = laid_out({"it": start.loaded(State())}, HOW).works[0]
    mine = pickle.loads(pickle.dumps((turn, turn.now)))
    assert repr(in_turn(work, 0, turn=mine)) == repr(indicators_of(work, 0))
    done: list[str] = []

    def ending(name: str) -> Callable[..., Any]:
        before = getattr(experiment, name)

        def told(*given: Any) -> Any:
            done.append(name)
            if name == step:
                turn.end()
            return before(*given)

        return told

    for name in (step, after):
        monkeypatch.setattr(experiment, name, ending(name))
    assert in_turn(work, 0, turn=mine) is None and done == [step]
    assert in_turn(work, 0, turn=mine) is None and done == [step]


def test_a_new_question_ends_the_one_before(explorer: Explorer, counting: Counting) -> None:
    """The old one ends in the replication it is at and begins no other; the new one gets all of its answers."""
    desk = Desk(explorer)
    old: list[Said] = []
    new: list[Said] = []
    counting.hold.clear()
    desk.ask(Question(MOVED), old.append)
    counting.begun.wait()
    desk.ask(Question(STATES["volume"]), new.append)
    counting.hold.set()
    assert happens(lambda: new[-1:] == [None])
    assert [type(each) for each in new] == [Answer, Answer, Ordered, type(None)]
    assert old == [None]
    played = [name for name, _ in counting.played]
    assert played[0] == "reference" and played[1:].count("reference") == played[1:].count("state") == 6
    desk.close()


def test_the_turn_of_a_question_ends_before_the_next_is_given_out(
    explorer: Explorer, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended after, it would be the turn of the new one: its first replication would be thrown away."""
    desk, ended = Desk(explorer), list[Question]()
    counting.hold.clear()
    old = desk.ask(Question(MOVED), lambda _: None)
    counting.begun.wait()
    monkeypatch.setattr(explorer.turn, "end", lambda: ended.append(desk._newest.question if desk._newest else old))
    desk.ask(Question(STATES["volume"]), lambda _: None)
    assert ended == [old.question]
    counting.hold.set()
    desk.close()


def test_what_goes_wrong_is_told_and_the_next_question_is_answered(explorer: Explorer) -> None:
    """A wrong value is an answer too."""
    desk = Desk(explorer)
    told: list[Said] = []
    desk.ask(Question(State(None, {"tasks.answered.work": "99"})), told.append)
    assert happens(lambda: told[-1:] == [None])
    assert "tasks.answered.work: must be a number from 1 to 12 d, got '99'" in str(told[0])
    again: list[Said] = []
    desk.ask(Question(), again.append)
    assert happens(lambda: again[-1:] == [None]) and isinstance(again[0], Answer)
    desk.close()


def test_ranges_are_played_at_their_ends_when_nobody_asks(explorer: Explorer, counting: Counting, start: Start) -> None:
    """Once for each lever, on one year; a question in between ends it, and it goes on where it was."""
    assert explorer.reached(None) == {}
    assert not explorer.screen(None, lambda: len(counting.played) < 3)
    assert explorer.reached(None) == {} and len(counting.played) == 3
    assert explorer.screen(None, lambda: True)
    ends = explorer.reached(None)
    names = ["tasks.opened.work", "tasks.answered.work"]
    assert [*ends] == names and [name for name, _ in counting.played[-2:]] == names[1:] * 2
    for name, at_ends in ends.items():
        for place, end in enumerate(start.controls(State())[name].ends):
            (only, *_) = explorer.answers(Question(State(None, {name: f"{end:g}"})))
            times = only.comparison.results[1].measures[SCREENED].indicators[0]
            assert Pooled("t", "trial", (times,)).part("median").value == at_ends[place]
    assert all(low < high for low, high in ends.values())  # more work, later
    assert explorer.reached(("helped",)) == {}


def test_an_answer_takes_no_longer_than_it_may(start: Start, counting: Counting, turn: Turn) -> None:
    """Past the limit no further replication is begun; the answers so far stand."""
    times = iter([0.0, LONGEST + 1])
    explorer = Explorer(start, HOW, Computer(counting, 1), turn, lambda: next(times))
    answers = [*explorer.answers(Question())]
    assert [each.comparison.manifest.replications for each in answers] == [FIRST]
    assert not answers[-1].last and len(counting.played) == FIRST


@pytest.mark.parametrize(
    ("moved", "message"),
    [
        ({"tasks.answered.work": "many"}, "tasks.answered.work: must be a number from 1 to 12 d, got 'many'"),
        ({"pools.desk.units": "2.5"}, "pools.desk.units: must be a whole number from 0 to 10000, got '2.5'"),
        ({"pools.desks.units": "2"}, "pools.desks.units: there is no such number here; did you mean"),
        ({"tasks.answered.starts": "never"}, "tasks.answered.starts: no such start"),
        (
            {"tasks.opened.starts": "answered", "tasks.answered.starts": "opened"},
            "tasks wait for each other: opened -> answered -> opened",
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_place(moved: dict[str, str], message: str, start: Start) -> None:
    """What it is about, the rule and what was given."""
    with pytest.raises(ScenarioError) as told:
        start.loaded(State(None, moved))
    assert message in str(told.value)


def test_a_state_is_a_link() -> None:
    """What a link says is the state that it was made of."""
    states = [State(), State(()), State(("a", "b"), {"x.y[0]": "1.5", "z": "first & last = 2 d"})]
    assert [state_of(each.link) for each in states] == states
    assert states[0].link == ""
    with pytest.raises(ScenarioError, match="at most"):
        state_of("x" * 30_000)


def test_after_a_lever_what_still_fits_stays(start: Start) -> None:
    """A number that a lever has set has the range of the lever."""
    moved = {"tasks.answered.work": "8", "pools.desk.units": "5", "gone": "1"}
    assert start.fitting(State(None, moved)).moved == {"tasks.answered.work": "8", "pools.desk.units": "5"}
    assert start.fitting(State(("helped",), moved)).moved == {"pools.desk.units": "5"}


def test_what_was_set_on_the_command_line_stays(country: Path) -> None:
    """It is no knob any more, and stands in the file of every state."""
    start = Start(str(country), ("pools.desk.units=7",))
    assert "pools.desk.units" not in start.controls(State()) and "tasks.opened.work" in start.controls(State())
    for state in (State(), MOVED, State(("helped",))):
        assert loaded_from(start.text(state)).pools["desk"].units == 7
        assert not differences(loaded_from(start.text(state)), start.loaded(state).scenario)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["people", "volumes", "starts", "ranges"])
def test_controls_of_france_move_it_and_have_a_file(kind: str) -> None:
    """Each at another value: the scenario differs, and the file of the state reads to it in a few lines."""
    start = Start("france_pledge")
    of_kind = [each for each in start.controls(State()).values() if each.kind == kind]
    assert len(of_kind) >= 10
    for control in of_kind[:: max(len(of_kind) // 5, 1)]:
        low, high = control.ends
        other = high if kind == "ranges" and high != control.written else low
        other_words = next((each for each in control.choices if each != control.written), "")
        state = State(None, {control.name: other_words or f"{other or 7:g}"})
        wanted = start.loaded(state).scenario
        assert wanted != start.loaded(State()).scenario
        text = start.text(state)
        assert "extends: france_pledge" in text and len(text.splitlines()) < 40
        assert not differences(loaded_from(text), wanted)


def loaded_from(text: str) -> Scenario:
    """The scenario of a file."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "state.yaml").write_text(text, encoding="utf-8")
        return load(Path(folder) / "state.yaml")
