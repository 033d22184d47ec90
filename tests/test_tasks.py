"""The process before it is laid out: start rules that count back, first sites, and circles."""

from __future__ import annotations

import pytest

from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.language.quantities import Span
from sim.scenario.stages.tasks import Event, Plan, Scope, Stage, Task, after, first_circle, process
from sim.scenario.stages.tasks import milestone as milestone_of
from tests.written import ends, scenario

PLANS = {"authorised": Plan("submitted", Span(104, "d"))}


def milestone(name: str, scope: Scope, *starts: str) -> Task:
    """A milestone of some stage."""
    return milestone_of(Event(name, name, name), Stage("s", scope, "s", "s"), *starts)


def test_counting_back_becomes_the_first_of_the_planned_date_and_the_event() -> None:
    """`authorised - 30 d` is 74 days after the submission when 104 are planned, and never after the authorisation."""
    tasks = (
        milestone("submitted", "trial"),
        milestone("authorised", "trial", "submitted"),
        milestone("draft", "site", "authorised - 30 d"),
    )
    named = process(tasks, PLANS).named
    stand_in = named["authorised_minus_30_d"]
    assert named["draft"].starts == after("authorised_minus_30_d")
    assert stand_in.starts == after("submitted + 74 d", "authorised")
    assert (stand_in.first_of, stand_in.scope) == (1, "trial")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("draft_sent - 3 d", "cannot count back from 'draft_sent'; what has a planned date is authorised"),
        ("authorised - 105 d", "must count back by at most the 104 d that are planned, got 105 d"),
        ("authorised - 10 wd", "must count back in the unit of the 104 d that are planned, got 10 wd"),
    ],
)
def test_what_cannot_be_counted_back_is_refused(rule: str, message: str) -> None:
    """Only planned events can be counted back from, in the unit of the plan, and not to before the plan was made."""
    with pytest.raises(ValueError, match="starts: ") as refused:
        process((milestone("draft", "trial", rule),), PLANS)
    assert message in str(refused.value)


def test_two_rules_about_the_first_site_share_one_milestone() -> None:
    """`first opened` stands once among the tasks, waiting for one of the sites."""
    tasks = (
        milestone("opened", "site"),
        milestone("a", "trial", "first opened"),
        milestone("b", "site", "first opened + 2 d"),
    )
    named = process(tasks, {}).named
    assert named["first_opened"].first_of == 1
    assert named["first_opened"].starts == after("every opened")
    assert named["b"].starts == after("first_opened + 2 d")
    assert len(named) == 4


def test_what_leads_back_to_itself_is_shown_as_a_circle() -> None:
    """The names of the circle, each leading to the next, the first one again at the end."""
    around = first_circle({"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": []})
    assert around is not None and around[0] == around[-1] and {*around} == {"a", "b", "c"}
    assert first_circle({"a": ["b"], "b": ["d"], "d": []}) is None


def test_the_first_of_several_events_is_enough_where_a_task_says_so() -> None:
    """Two opinions of two and five days: the answer begins with the first, and the other goes on to its end."""
    found = ends(
        scenario("""\
origin: 2026-01-05
windows: {warm_up: 0 d, observation: 28 d, follow_up: 0 d}
classes: [{name: a, dates: [2026-01-05]}]
tasks:
  - {name: one, work: exactly 5 d}
  - {name: other, work: exactly 2 d}
  - {name: answer, starts: [one, other + 1 d], enough: 1, work: exactly 1 d}
  - {name: both, starts: [one, other], work: exactly 1 d}
""")
    )
    assert found["answer"] == ["Fri 09 Jan 2026 00:00"]
    assert found["one"] == ["Sat 10 Jan 2026 00:00"]
    assert found["both"] == ["Sun 11 Jan 2026 00:00"]


def test_enough_is_fewer_than_all() -> None:
    """Two of two is what every task waits for anyway."""
    with pytest.raises(
        ScenarioError, match=r"tasks\.b\.enough: must be less than all, got 1, and the task waits for 1"
    ):
        scenario("""\
origin: 2026-01-05
windows: {warm_up: 0 d, observation: 28 d, follow_up: 0 d}
classes: [{name: a, dates: [2026-01-05]}]
tasks: [{name: a}, {name: b, starts: a, enough: 1}]
""")
