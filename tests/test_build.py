"""From a written scenario to dates: what the words of a process mean, worked out by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sim.model.network import Workload
from sim.model.plan import Plan
from tests.written import ends, scenario

WINDOWS = "origin: {origin}\nwindows: {{warm_up: 0 d, observation: 200 d, follow_up: 100 d}}\n"


def process(tasks: str, *, dates: str = "2026-04-30", origin: str = "2026-01-01", more: str = "") -> str:
    """A scenario of one class whose trials arrive on given dates and go through plain tasks."""
    return WINDOWS.format(origin=origin) + f"classes: [{{name: a, dates: [{dates}]}}]\n{more}tasks:\n{tasks}"


def test_two_parallel_tasks_then_one_give_the_dates_of_the_calendar() -> None:
    """Working days skip weekends and 1 May, statutory days end at 23:59, and the third task waits for both."""
    happened = ends(
        scenario(
            process("""\
  - {name: documents, work: exactly 3 wd}
  - {name: review, work: exactly 60 d, limit: {within: 15 d, then: decide, clock: statutory}}
  - {name: opening, starts: [documents, review], work: exactly 2 d}
""")
        )
    )
    assert happened["documents"] == ["Tue 05 May 2026 17:00"]  # Thu 30 April, Mon 4 and Tue 5 May
    assert happened["review"] == ["Fri 15 May 2026 23:59"]  # the 14th, Ascension, is inside the period
    assert happened["opening"] == ["Sun 17 May 2026 23:59"]


def test_the_winter_stop_suspends_a_statutory_clock() -> None:
    """Ten days from 15 December: six before the stop, four after it end on a Sunday, hence Monday 12 January."""
    happened = ends(
        scenario(
            process(
                "  - {name: review, work: exactly 60 d, limit: {within: 10 d, then: decide, clock: statutory}}\n"
                "  - {name: written, work: exactly 10 d, clock: statutory}\n",
                dates="2025-12-15",
                origin="2025-12-01",
            )
        )
    )
    assert happened["review"] == ["Mon 12 Jan 2026 23:59"]
    assert happened["written"] == ["Sun 11 Jan 2026 00:00"]  # seven days to the stop, three after it, as days go


def test_a_committee_that_meets_on_a_holiday_meets_on_the_next_working_day() -> None:
    """The first Monday of April 2026 is Easter Monday; the file of the 8th waits for the first Monday of May."""
    pool = "pools:\n  committee: {clock: working, sittings: {bodies: 1, every: month, seats: 1}}\n"
    happened = ends(
        scenario(
            process(
                "  - {name: opinion, pool: committee, work: exactly 1 d}\n",
                dates="2026-04-01, 2026-04-08, 2026-04-09",
                more=pool,
            )
        )
    )
    assert happened["opinion"] == ["Wed 08 Apr 2026 09:00", "Tue 05 May 2026 09:00", "Tue 02 Jun 2026 09:00"]


def test_files_are_spread_over_the_sittings_of_their_window() -> None:
    """Forty files of one day that may wait for five weeks: some are seen in each of the five, none later."""
    pool = """\
pools: {committee: {clock: working, sittings: {bodies: 1, every: week, seats: 40, drawn_between: [0 d, 35 d]}}}
"""
    dates = ", ".join(["2026-09-01"] * 40)
    seen = ends(
        scenario(process("  - {name: opinion, pool: committee, work: exactly 1 min}\n", dates=dates, more=pool))
    )["opinion"]
    assert {day[4:10] for day in seen} == {"07 Sep", "14 Sep", "21 Sep", "28 Sep", "05 Oct"}


def test_what_takes_no_rounds_is_not_there() -> None:
    """Who waits for it waits for what it would have waited for, and not for a task that only stands before it."""
    happened = ends(
        scenario(
            process("""\
  - {name: slow, work: exactly 10 d}
  - {name: queries, rounds: exactly 0, work: exactly 3 d}
  - {name: next, starts: queries, work: exactly 1 d}
""")
        )
    )
    assert (happened["queries"], happened["next"]) == ([], ["Fri 01 May 2026 00:00"])


def test_rounds_take_their_steps_in_turn() -> None:
    """Two rounds of a two-day and a one-day turn take six days, and the task after them waits for the last turn."""
    happened = ends(
        scenario(
            process("""\
  - name: negotiation
    rounds: exactly 2
    steps:
      - {name: hospital, work: exactly 2 d}
      - {name: company, work: exactly 1 d}
  - {name: signature, starts: negotiation, work: exactly 1 d}
  - {name: copy, starts: hospital}
""")
        )
    )
    assert happened["hospital"] == ["Sat 02 May 2026 00:00", "Tue 05 May 2026 00:00"]
    assert happened["company"] == ["Sun 03 May 2026 00:00", "Wed 06 May 2026 00:00"]
    assert happened["signature"] == ["Thu 07 May 2026 00:00"]
    assert happened["copy"] == ["Tue 05 May 2026 00:00"]  # a rule that names a step waits for its last round


def test_a_task_that_is_not_needed_hands_on_what_it_would_have_awaited() -> None:
    """With nobody needing the middle task, the last one starts when the first has ended, without the lag between."""
    happened = ends(
        scenario(
            process("""\
  - {name: first, work: exactly 3 d}
  - {name: middle, starts: first + 9 d, work: exactly 5 d, share: 0 %}
  - {name: last, starts: middle + 1 d, work: exactly 1 d}
""")
        )
    )
    assert happened["middle"] == []
    assert happened["last"] == ["Tue 05 May 2026 00:00"]


def test_companions_and_alternatives_share_one_draw() -> None:
    """`along_with` exists exactly where the drawn task does, `unless` exactly where it does not."""
    written = scenario(
        WINDOWS.format(origin="2026-01-01")
        + """\
classes: [{name: a, volume: 400 /year}]
tasks:
  - {name: questions, share: 40 %}
  - {name: answer, starts: questions, along_with: questions}
  - {name: clean, unless: questions}
"""
    )
    plan = Plan(written)
    workload = plan.replication(1, 0).workload
    having = {name: set(workload.trial[workload.task == k]) for k, name in enumerate(plan.network.tasks)}
    assert having["questions"] == having["answer"]
    assert having["clean"] == having["arrived"] - having["questions"]
    assert 0 < len(having["questions"]) < len(having["arrived"])


SITES = """\
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 200 d, follow_up: 100 d}
sites: [{name: north}, {name: south, attributes: {slow: true}}, {name: west}]
classes: [{name: a, dates: [2026-02-02], sites: exactly 3}]
tasks:
  - name: opened
    scope: site
    work: exactly 5 d
    variants: [{when: {slow: true}, work: exactly 9 d}]
"""


def test_a_trial_can_wait_for_its_first_site_or_for_every_site() -> None:
    """Two sites open after five days and one after nine."""
    happened = ends(
        scenario(
            SITES
            + """\
  - {name: started, starts: first opened + 1 d}
  - {name: complete, starts: every opened}
"""
        )
    )
    assert happened["started"] == ["Sun 08 Feb 2026 00:00"]
    assert happened["complete"] == ["Wed 11 Feb 2026 00:00"]


def test_a_variant_can_wait_for_the_first_site() -> None:
    """Where it holds, the task waits for the first site instead of every one."""
    happened = ends(
        scenario(
            SITES.replace(
                "dates: [2026-02-02], sites: exactly 3",
                "dates: [2026-02-02], sites: exactly 3, attributes: {hasty: true}",
            )
            + """\
  - {name: started, starts: every opened, variants: [{when: {hasty: true}, starts: first opened + 1 d}]}
"""
        )
    )
    assert happened["started"] == ["Sun 08 Feb 2026 00:00"]


def test_each_trial_waits_for_its_own_sites() -> None:
    """Three trials, ten days apart; the first of them needs no completion."""
    classes = (
        "classes: [{name: a, dates: [2026-02-02], sites: exactly 3}, "
        "{name: b, dates: [2026-02-12, 2026-02-22], sites: exactly 3, attributes: {completed: true}}]"
    )
    happened = ends(
        scenario(
            SITES.replace("classes: [{name: a, dates: [2026-02-02], sites: exactly 3}]", classes)
            + """\
  - {name: started, starts: first opened + 1 d}
  - {name: complete, starts: every opened, only: {completed: true}}
"""
        )
    )
    assert happened["started"] == ["Sun 08 Feb 2026 00:00", "Wed 18 Feb 2026 00:00", "Sat 28 Feb 2026 00:00"]
    assert happened["complete"] == ["Sat 21 Feb 2026 00:00", "Tue 03 Mar 2026 00:00"]


def test_a_task_of_the_trial_can_depend_on_its_coordinating_site() -> None:
    """Only the trial that the slow site coordinates needs more, whatever the last site of the scenario is."""
    happened = ends(
        scenario(
            SITES.replace(
                "classes: [{name: a, dates: [2026-02-02], sites: exactly 3}]",
                """\
classes:
  - {name: a, dates: [2026-02-02], sites: exactly 1, at: {slow: true}}
  - {name: b, dates: [2026-02-12], sites: exactly 1, at: {site: [north, west]}}""",
            )
            + """\
  - {name: more, only: {slow: true}, work: exactly 1 d}
"""
        )
    )
    assert happened["more"] == ["Tue 03 Feb 2026 00:00"]


def test_associated_sites_can_wait_for_the_coordinating_site() -> None:
    """The coordinator signs after two days, each of the two others three days after that."""
    happened = ends(
        scenario(
            SITES
            + """\
  - {name: terms, scope: site, only: {role: coordinating}, work: exactly 2 d}
  - {name: accession, scope: site, only: {role: associated}, starts: coordinating terms, work: exactly 3 d}
"""
        )
    )
    assert happened["terms"] == ["Wed 04 Feb 2026 00:00"]
    assert happened["accession"] == ["Sat 07 Feb 2026 00:00"] * 2


def test_rework_is_needed_only_if_the_early_event_came_first() -> None:
    """The contract agreed before the answer is reopened; the one agreed after it is not."""
    tasks = """\
  - {{name: agreed, work: exactly {agreed} d}}
  - {{name: answered, work: exactly 20 d}}
  - {{name: reopened, starts: [agreed, answered], needed_if: [agreed, answered], work: exactly 4 d}}
"""
    early = ends(scenario(process(tasks.format(agreed=10))))
    late = ends(scenario(process(tasks.format(agreed=30))))
    assert early["reopened"] == ["Sun 24 May 2026 00:00"]
    assert late["reopened"] == ["Sat 30 May 2026 00:00"]


def test_a_limit_since_a_step_that_is_not_needed_counts_from_the_start() -> None:
    """Without talks the five days begin when the decision can be made, on 10 May."""
    happened = ends(
        scenario(
            process("""\
  - {name: first, work: exactly 10 d}
  - {name: talks, share: 0 %, steps: [{name: asked, work: exactly 1 d}, {name: told, work: exactly 1 d}]}
  - {name: decided, starts: [first, talks], work: exactly 9 d, limit: {within: 5 d, then: tacit, since: asked}}
  - {name: other, work: exactly 3 d}
""")
        )
    )
    assert happened["decided"] == ["Fri 15 May 2026 00:00"]


def test_a_task_that_closes_its_trial_stops_what_has_not_started() -> None:
    """After the refusal the work at hand is finished, and nothing follows it."""
    happened = ends(
        scenario(
            process("""\
  - {name: refused, work: exactly 5 d, closes_trial: true}
  - {name: draft, work: exactly 8 d}
  - {name: signature, starts: draft, work: exactly 1 d}
""")
        )
    )
    assert happened["draft"] == ["Fri 08 May 2026 00:00"]
    assert happened["signature"] == ["-"]


def test_a_variant_can_begin_on_a_date_of_submission() -> None:
    """Trials submitted from 1 March on take two days, those before ten."""
    happened = ends(
        scenario(
            process(
                """\
  - name: review
    work: exactly 10 d
    variants: [{when: {}, submitted_from: 2026-03-01, work: exactly 2 d}]
""",
                dates="2026-02-28, 2026-03-01",
            )
        )
    )
    assert happened["review"] == ["Tue 10 Mar 2026 00:00", "Tue 03 Mar 2026 00:00"]


def test_a_variant_can_end_on_a_date_of_submission() -> None:
    """Trials submitted on 1 March, the last day, take two days, those of the day after ten."""
    happened = ends(
        scenario(
            process(
                """\
  - name: review
    work: exactly 10 d
    variants: [{when: {}, submitted_from: 2026-02-28, submitted_to: 2026-03-01, work: exactly 2 d}]
""",
                dates="2026-02-27, 2026-02-28, 2026-03-01, 2026-03-02, 2026-03-03",
            )
        )
    )
    assert happened["review"] == [
        "Mon 09 Mar 2026 00:00",
        "Mon 02 Mar 2026 00:00",
        "Tue 03 Mar 2026 00:00",
        "Thu 12 Mar 2026 00:00",
        "Fri 13 Mar 2026 00:00",
    ]


RANDOM = """\
origin: 2026-01-01
windows: {warm_up: 0 d, observation: 200 d, follow_up: 100 d}
sites: [{name: north}, {name: south}, {name: west}]
classes:
  - {name: a, volume: 100 /year, sites: {shares: {1: 50 %, 2: 50 %}}}
tasks:
  - {name: draft, scope: site, work: {median: 5 d, p90: 20 d}}
  - {name: review, scope: trial, work: {median: 50 d, p90: 90 d}, share: 60 %}
"""


def rows_of(text: str, *names: str, seed: int = 1, number: int = 0) -> dict[tuple[str, str, str, int], int]:
    """The work [min] of the rows of some tasks, by who they are: (trial, site, task, round)."""
    plan = Plan(scenario(text))
    drawn = plan.replication(seed, number)
    w: Workload = drawn.workload
    sites = (*plan.network.sites, "")
    who = zip(w.trial, w.site, w.task, w.round, w.work, strict=True)
    return {
        (drawn.trials.label[t], sites[s], plan.network.tasks[k], int(r)): int(work)
        for t, s, k, r, work in who
        if plan.network.tasks[k] in names
    }


@pytest.mark.parametrize(
    "change",
    [
        ("{name: south}", "{name: south}, {name: east, weight: 0.000001}"),
        ("classes:\n", "classes:\n  - {name: b, volume: 300 /year, sites: exactly 2}\n"),
        ("tasks:\n", "tasks:\n  - {name: extra, scope: site, work: {mean: 3 d}, share: 50 %}\n"),
        ("{median: 50 d, p90: 90 d}", "{median: 20 d, p90: 90 d}"),
    ],
)
def test_a_change_leaves_every_other_draw_as_it_was(change: tuple[str, str]) -> None:
    """A new site, class, task or distribution does not touch the drafts of the trials that were there before."""
    before, after = rows_of(RANDOM, "draft"), rows_of(RANDOM.replace(*change), "draft")
    assert len(before) > 50
    assert {who: after.get(who) for who in before} == before


INCLUDED = """\
  - {name: turns, scope: site, rounds: exactly 3, steps: [{name: turn, work: {median: 5 d, p90: 20 d}}]}
inclusion:
  patients: {number: 3}
  known: {share: 0 %}
  referrals: {rate: 900 /year, alpha: 5}
  starts: draft
  consent: {}
  screening: {work: {median: 5 d, p90: 20 d}}
  screen_failure: {share: 25 %}
  eligibility: {}
  first_dose: {}
"""


@pytest.mark.parametrize("task", ["turn", "screened"])
def test_every_round_and_every_candidate_has_luck_of_its_own(task: str) -> None:
    """The rounds of a site take different times, and so do its candidates."""
    work = rows_of(RANDOM + INCLUDED, task)
    assert {number for *_, number in work} >= {1, 2, 3}
    assert task == "screened" or max(number for *_, number in work) == 3
    assert len(set(work.values())) > 0.95 * len(work) > 100


def test_seed_and_replication_decide_everything() -> None:
    """The same seed and number give the same rows; another seed or number gives others."""
    assert rows_of(RANDOM, "draft", "review") == rows_of(RANDOM, "draft", "review")
    for other in (rows_of(RANDOM, "draft", seed=2), rows_of(RANDOM, "draft", number=1)):
        assert other != rows_of(RANDOM, "draft")


def test_a_faster_negotiation_moves_each_trial_to_the_same_quantile() -> None:
    """Halving median and p90 halves the duration of every single row, to the rounding of the minute."""
    slow = rows_of(RANDOM, "draft")
    fast = rows_of(RANDOM.replace("{median: 5 d, p90: 20 d}", "{median: 2.5 d, p90: 10 d}"), "draft")
    pairs = np.array([(slow[who], fast[who]) for who in slow])
    assert np.abs(pairs[:, 0] - 2 * pairs[:, 1]).max() <= 2


def test_rows_are_sorted_by_trial_site_task_and_round() -> None:
    """A row's index is its rank in the last tie-break."""
    w = Plan(scenario(RANDOM)).replication(1, 0).workload
    keys = list(zip(w.trial, w.site, w.task, w.round, strict=True))
    assert keys == sorted(keys)


@pytest.mark.parametrize("groups", [1, 2, 2047, 100_000])
def test_what_is_grouped_by_compiled_code_is_in_the_stable_order(groups: int) -> None:
    """Where numba is loaded, as where it is not: by group, and within each as it stood; a group may have nothing."""
    from sim.model.compiled_draws import by_group

    of = np.random.default_rng(groups).integers(0, groups, 3000) // 3 * 3
    first, order = by_group(of, groups)
    assert order.tolist() == np.argsort(of, kind="stable").tolist()
    assert [of[order[a:b]].tolist() for a, b in pairwise(first)] == [
        [each] * (of == each).sum() for each in range(groups)
    ]
    assert [found.tolist() for found in by_group(of[:0], 2)] == [[0, 0, 0], []]


def test_a_contract_needs_no_authorisation() -> None:
    """Where nobody has questions nothing is reopened: a draft of one day, a matrix of two, a signature of three."""
    turns = "{rounds: exactly 1, site_turn: {}, sponsor_turn: {}}"
    written = scenario(
        WINDOWS.format(origin="2026-01-01")
        + "sites: [{name: lille}]\nclasses: [{name: a, dates: [2026-01-08], sites: exactly 1}]\n"
        + "contracting: {starts: arrived, draft: {work: exactly 1 d}, cost_matrix: {work: exactly 2 d}, "
        + f"negotiation: {turns}, signature: {{work: exactly 3 d}}, associated: {turns}, associated_signature: {{}}, "
        + "reopening: {share: 100 %, site_turn: {work: exactly 9 d}, sponsor_turn: {}}}\n"
    )
    assert ends(written)["contract_executed"] == ["Wed 14 Jan 2026 00:00"]
