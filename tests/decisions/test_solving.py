"""The smallest number of people, played: an answer of queueing theory, what cannot be reached, what is refused."""

from __future__ import annotations

from math import exp
from pathlib import Path

import numpy as np
import pytest

from sim.decisions import solving
from sim.decisions.curves import solution_figure
from sim.decisions.solution_text import solution_text
from sim.decisions.solving import Question, Sought, solve_for, sought_at
from sim.decisions.staffing import Bounds, Verdict
from sim.experiment.options import Options
from sim.scenario.evidence import inputs
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load
from sim.scenario.schema import fingerprint
from sim.verification.theory import waiting_share

RATE, SERVICE, DAYS = 0.8219178082, 2.0, 5

QUEUE = f"""\
title: {{en: Servers, fr: Guichets}}
assumption: {{range: [0, 1], why: made up for a test}}
origin: 2025-01-01
windows: {{warm_up: 100 d, observation: 3000 d, follow_up: 200 d}}
goal: {{from: arrived, to: service, within: {DAYS} d, counted: calendar}}
classes:
  - {{name: customers, volume: {RATE} /d}}
pools:
  server: {{units: 3}}
tasks:
  - {{name: service, pool: server, work: {{mean: {SERVICE:g} d}}}}
indicators:
  - {{name: time_in_system, from: arrived, to: service}}
"""


def share_in_time(servers: int) -> float:
    """The share of customers of M/M/c who leave at most `DAYS` dates after the date of their arrival.

    The time in system has the tail e^(-mu t) + C mu (e^(-mu t) - e^(-s t)) / (s - mu), s = c mu - lambda, C the share
    who wait (Erlang). By dates it must be below `DAYS` + 1 - u, where u is the time of day of the arrival.

    References
    ----------
    Gross D., Shortle J. F., Thompson J. M., Harris C. M. (2008). Fundamentals of Queueing Theory, 4th edition, section
    2.3.
    """
    mu, waits = 1 / SERVICE, waiting_share(servers, RATE * SERVICE)
    s = servers * mu - RATE
    days = DAYS + 1 - (np.arange(10_000) + 0.5) / 10_000
    tail = [exp(-mu * t) + waits * mu * (exp(-mu * t) - exp(-s * t)) / (s - mu) for t in days]
    return 1 - float(np.mean(tail))


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    """M/M/c with a goal."""
    path = tmp_path / "queue.yaml"
    path.write_text(QUEUE, encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_smallest_number_of_servers_is_erlangs(queue: Path) -> None:
    """Between the shares of three and of four servers, four are needed; the shares are those of theory."""
    three, four = share_in_time(3), share_in_time(4)
    bounds = Bounds(least=2, most=8, replications=40)
    found = solve_for(Question(queue, "pools.server.units", (three + four) / 2, bounds), jobs=1)
    assert (found.solution.verdict, found.solution.number) == (Verdict.FOUND, 4)
    for each in found.solution.looked:
        error = each.years.std(ddof=1) / np.sqrt(len(each.years))
        assert abs(each.share - share_in_time(each.number)) < 4 * error


def test_what_no_number_of_people_reaches(one_office: Path) -> None:
    """Nobody answers every file at once: the most that is reached is said, and what finishes last then."""
    question = Question(one_office, "pools.office.units", "100 %", Bounds(most=4, replications=20))
    found = solve_for(question, jobs=1, set_=["goal.within=0 d"])
    assert found.solution.verdict is Verdict.UNREACHABLE
    assert solution_text(found, "en").startswith(
        "100 % is unreachable so: with 4 office, at most ".replace(" %", "\N{NO-BREAK SPACE}%")
    )
    assert "est inatteignable ainsi\N{NO-BREAK SPACE}: avec un effectif de 4 (office), au plus" in solution_text(
        found, "fr"
    )


def test_a_search_goes_on_from_its_folder(one_office: Path, tmp_path: Path) -> None:
    """The same question again plays nothing, and gives the same."""
    question = Question(one_office, "pools.office.units", 0.9, Bounds(most=4, replications=20))
    first = solve_for(question, jobs=1, out=tmp_path / "kept")
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "kept").rglob("*.parquet")}
    again = solve_for(question, jobs=1, out=tmp_path / "kept")
    assert [(each.number, each.share) for each in again.solution.looked] == [
        (each.number, each.share) for each in first.solution.looked
    ]
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "kept").rglob("*.parquet")} == kept


BOTH = """\
title: {en: Two desks, fr: Deux guichets}
assumption: {range: [0, 1], why: made up for a test}
origin: 2025-01-01
windows: {warm_up: 20 d, observation: 100 d, follow_up: 40 d}
goal: {from: arrived, to: out, within: 4 d, counted: calendar, prerequisites: [out]}
classes: [{name: files, volume: 2 /d, arrivals: even}]
pools: {reading: {units: 1}, writing: {units: 1}}
tasks:
  - {name: read, pool: reading, work: {exactly: 1.4 d}}
  - {name: out, starts: read, pool: writing, work: {exactly: 0.9 d}}
indicators: [{name: t, from: arrived, to: out}]
"""


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """Two files a day go through two desks; it takes 2.8 people to read them and 1.8 to write the answers."""
    path = tmp_path / "both.yaml"
    path.write_text(BOTH, encoding="utf-8")
    return path


def test_several_pools_are_sought_together(both: Path) -> None:
    """Three read and two write, which is what the work takes; with one less of either queues grow without end."""
    question = Question(both, ("pools.reading.units", "pools.writing.units"), 0.9, Bounds(most=6, replications=20))
    found = solve_for(question, jobs=1)
    assert (found.solution.verdict, found.solution.at) == (Verdict.FOUND, (3, 2))
    assert [each.at for each in found.solution.less] == [(2, 2), (3, 1)]
    assert found.people((3, 2)) == 5
    assert "With 3 reading and 2 writing (5 people in all)" in solution_text(found, "en")
    assert {line["answer"] for line in found.lines} == {True, False}
    assert [line["pools.reading.units"] for line in found.lines if line["answer"]] == [3]


COSTS = "costs: {reading: {a_year: 90000}, writing: {a_year: 1000}}\n"


def test_people_are_weighed_by_what_they_cost(both: Path) -> None:
    """A step is judged by its euros; every point says what it costs, and so does the sentence."""
    both.write_text(BOTH + COSTS, encoding="utf-8")
    question = Question(both, ("pools.reading.units", "pools.writing.units"), 0.9, Bounds(most=6, replications=20))
    sought = tuple(sought_at(path, load(both)) for path in question.each)
    assert solving._prices(question, sought, Options()) == [90_000, 1000]
    found = solve_for(question, jobs=1)
    assert found.cost((3, 2)) == 272_000
    assert "All people whose cost is known: 272 thousand euros a year." in " ".join(solution_text(found, "en").split())
    assert [line["euros_a_year"] for line in found.lines if line["answer"]] == [272_000]


def test_some_costs_are_no_costs(both: Path) -> None:
    """Who has none would be for nothing."""
    both.write_text(BOTH + "costs: {writing: {a_year: 1000}}\n", encoding="utf-8")
    question = Question(both, ("pools.reading.units", "pools.writing.units"), 0.9)
    with pytest.raises(ValueError, match=r"^costs: must have each pool that is sought, got none of reading; add it"):
        solve_for(question, jobs=1)


def test_costs_are_beside_what_is_simulated(both: Path) -> None:
    """Another cost is the same scenario, and nothing that its draws would vary."""
    both.write_text(BOTH.replace("[0, 1]", "fixed"), encoding="utf-8")
    bare, priced = fingerprint(load(both)), both.with_name("priced.yaml")
    ranged = COSTS.replace("1000}", "1000, assumption: {range: [500, 2000], why: made up}}")
    priced.write_text(BOTH.replace("[0, 1]", "fixed") + ranged, encoding="utf-8")
    assert fingerprint(load(priced)) == bare
    assert inputs(priced) == ()
    priced.write_text(BOTH + COSTS.replace("writing", "writers"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"costs\.writers: there is no pool of people 'writers'"):
        load(priced)
    priced.write_text(BOTH + COSTS.replace("1000", "60 k€"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"costs\.writing\.a_year: must be a number, got '60 k€'"):
        load(priced)


def test_a_range_over_costs_and_work_is_about_the_work(both: Path) -> None:
    """One factor over everything is an input, also where the costs are written before what is simulated."""
    both.write_text(BOTH.replace("[0, 1]", "[x0.5, x2]").replace("origin:", f"{COSTS}origin:"), encoding="utf-8")
    (one,) = inputs(both)
    paths = [each.path[0] for each in one.quantities]
    assert paths[0] == "costs" and "tasks" in paths


def test_the_latest_start_that_holds_the_goal(both: Path) -> None:
    """Of the four dates 2.3 days are work: answers may wait two days after the reading, not three."""
    changes = ["pools.reading.units=9", "pools.writing.units=9"]
    question = Question(both, "tasks.out.starts", 0.9, Bounds(0, 6, 20))
    found = solve_for(question, jobs=1, set_=changes)
    assert (found.solution.verdict, found.solution.number) == (Verdict.FOUND, 2)
    assert "tasks.out.starts 2 d after" in solution_text(found, "en").replace("\N{NO-BREAK SPACE}", " ")


def test_what_is_sought_at_a_path(both: Path) -> None:
    """A start is days after its event, a span keeps its unit, anything else is a whole number."""
    scenario = load(both)
    assert sought_at("tasks.out.starts", scenario) == Sought("tasks.out.starts", "read", "d")
    assert sought_at("goal.within", scenario).setting(7) == "goal.within=7 d"
    assert sought_at("pools.reading.units", scenario).setting(2) == "pools.reading.units=2"
    with pytest.raises(ValueError, match=r"^title.en: must be a whole number, a span or a start rule"):
        sought_at("title.en", scenario)
    with pytest.raises(ValueError, match=r"there is no pool of people 'readings'; did you mean 'reading'\?"):
        sought_at("pools.readings.units", scenario)


def test_a_time_is_sought_alone(both: Path) -> None:
    """Beside another value it is refused: nobody has said what a day costs."""
    with pytest.raises(ValueError, match="a time must be sought alone"):
        solve_for(Question(both, ("pools.reading.units", "goal.within"), 0.9), jobs=1)


def test_an_answer_is_drawn_in_both_languages(both: Path) -> None:
    """One number: its curve; several: the people in all."""
    one = solve_for(Question(both, "pools.reading.units", 0.5, Bounds(most=4, replications=20)), jobs=1)
    for language, label in (("en", "reading"), ("fr", "reading")):
        figure = solution_figure(one, language)
        assert figure is not None and figure.axes[0].get_xlabel() == label


@pytest.mark.parametrize(("share", "bounds"), [("0 %", Bounds()), (1.5, Bounds()), (0.5, Bounds(least=4, most=4))])
def test_questions_that_make_no_sense(share: str | float, bounds: Bounds) -> None:
    """A share is above 0 and at most 1, and numbers run from a smaller to a larger one."""
    with pytest.raises(ValueError, match=r"^(share|numbers): must"):
        Question("france", "pools.contract_officers.units", share, bounds)
