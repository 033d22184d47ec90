"""Promises in a scenario's file: kept, broken or not to be told, by module and by command."""

from __future__ import annotations

import re
from math import inf, isinf, nan
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from sim.analysis.estimates import indicator_key
from sim.cli import app
from sim.experiment import running
from sim.experiment.running import Interrupted, compare
from sim.regression.promises import Held, Promises, Sense, _held, _more, check
from sim.regression.promises_text import promises_text
from sim.scenario.checks.names import expected_numbers
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load
from sim.scenario.schema import fingerprint
from tests.conftest import ONE_OFFICE

PROMISES = """\
expect:
  soon: {of: answer_time.median, at_most: 9 d, title: {en: soon, fr: bientôt}}
  all: {at_least: 99.9 %}
  better: {better_than: two_offices}
  worse_by_little: {better_than: two_offices, of: "wait_time[office].mean", by: 0.1 d}
"""


@pytest.fixture
def promising(one_office: Path, two_offices: Path) -> Path:
    """One office that promises what it keeps, what it cannot, and to be better than two."""
    one_office.write_text(ONE_OFFICE + PROMISES, encoding="utf-8")
    return one_office


def told(found: Promises) -> dict[str, Held]:
    """What came of each promise."""
    return {each.name: each.held for each in found.promises}


def trialstart(*arguments: str | Path) -> Result:
    """One run of `trialstart check`."""
    return CliRunner().invoke(app, ["check", *map(str, arguments), "--jobs", "1", "--engine", "simpy"])


@pytest.mark.parametrize(
    ("sense", "interval", "held"),
    [
        (Sense.AT_LEAST, (0.5, 0.6), Held.KEPT),
        (Sense.AT_LEAST, (0.4, 0.6), Held.INCONCLUSIVE),
        (Sense.AT_LEAST, (0.3, 0.4), Held.BROKEN),
        (Sense.AT_MOST, (0.4, 0.5), Held.KEPT),
        (Sense.AT_MOST, (0.4, 0.6), Held.INCONCLUSIVE),
        (Sense.AT_MOST, (0.6, 0.7), Held.BROKEN),
        (Sense.AT_MOST, (inf, inf), Held.BROKEN),
        (Sense.AT_LEAST, (nan, nan), Held.INCONCLUSIVE),
    ],
)
def test_the_whole_interval_decides(sense: Sense, interval: tuple[float, float], held: Held) -> None:
    """On the right side of a half it is kept, on the wrong side broken, across it inconclusive."""
    assert _held(sense, 0.5, interval, strict=True) is held


def test_better_is_more_than_the_same() -> None:
    """No difference at all is not better; by nothing at least, it is."""
    assert _held(Sense.BETTER_THAN, 0.0, (0.0, 0.0), strict=True) is Held.BROKEN
    assert _held(Sense.BETTER_THAN, 0.0, (0.0, 0.0), strict=False) is Held.KEPT
    assert _held(Sense.BETTER_THAN, 0.0, (0.1, 0.2), strict=True) is Held.KEPT


def test_promises_are_held_against_what_runs_give(promising: Path, two_offices: Path) -> None:
    """Numbers and differences are those of a comparison; the lines name the other scenario."""
    found = check(promising, replications=12, jobs=1)
    assert told(found) == {"soon": Held.KEPT, "all": Held.BROKEN, "better": Held.BROKEN, "worse_by_little": Held.BROKEN}
    plain = compare([two_offices, promising], replications=12, jobs=1)
    soon, _, better, _ = found.promises
    key = indicator_key("answer_time", "median")
    assert soon.value == plain["one_office"].summary.estimates[key].value
    contrast = plain.paired[0][1][indicator_key("answer_time", "share_within_goal")]
    assert (better.value, better.low, better.high) == (contrast.value, contrast.low, contrast.high)
    assert [line["than"] for line in found.lines] == ["", "", "Two offices", "Two offices"]
    assert list(found.frame.held) == ["kept", "broken", "broken", "broken"]


def test_more_replications_tell_what_few_cannot(one_office: Path) -> None:
    """A promise near the number is inconclusive with few, says about how many more are needed, and is told by them."""
    share = 0.94
    one_office.write_text(f"{ONE_OFFICE}expect: {{near: {{at_least: {share:.0%}}}}}\n".replace("%", " %"), "utf-8")
    (near,) = check(one_office, replications=3, jobs=1).promises
    assert near.held is Held.INCONCLUSIVE and near.needs
    more = min(near.replications + 2 * near.needs, 400)
    (told_now,) = check(one_office, replications=more, jobs=1).promises
    assert told_now.held is not Held.INCONCLUSIVE
    assert (told_now.value >= share) == (told_now.held is Held.KEPT)


def test_an_interval_that_is_not_there_needs_no_number() -> None:
    """A number without an interval is not told by any number of replications that could be said."""
    assert _more(0.1, (0.01, nan), 5) is None
    assert _more(0.0, (0.01, 0.04), 5) is None


def test_one_replication_tells_nothing(one_office: Path) -> None:
    """It has no interval: two more would give one."""
    one_office.write_text(f"{ONE_OFFICE}expect: {{it: {{at_least: 1 %}}}}\n", encoding="utf-8")
    (it,) = check(one_office, replications=1, jobs=1).promises
    assert (it.held, it.needs) == (Held.INCONCLUSIVE, 2)


def test_where_all_are_alike_more_are_needed_than_one(one_office: Path) -> None:
    """None of a few trials in time proves little about one in twenty."""
    slow = ONE_OFFICE.replace("median: 1 d, p90: 2 d", "median: 40 d, p90: 50 d").replace("units: 1", "units: 99")
    one_office.write_text(f"{slow}expect: {{it: {{at_least: 2 %}}}}\n", encoding="utf-8")
    (it,) = check(one_office, replications=2, jobs=1).promises
    assert it.value == 0 and it.held is Held.INCONCLUSIVE and it.needs is not None and it.needs > 2


def test_a_promise_changes_nothing_that_is_simulated(one_office: Path, promising: Path) -> None:
    """The fingerprint of a scenario is the same with promises and without."""
    with_promises = fingerprint(load(promising))
    one_office.write_text(ONE_OFFICE, encoding="utf-8")
    assert fingerprint(load(one_office)) == with_promises


def test_everything_that_may_be_expected_is_a_number_of_the_results(one_office: Path) -> None:
    """The names that reading allows are those that a run gives."""
    found = compare([one_office], replications=2, jobs=1).reference
    given = {f"{key.name}.{key.statistic}" for key in found.estimates}
    assert {*expected_numbers(found.scenario)} <= given


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{at_least: 5 %, at_most: 6 %}", "needs one of at_least, at_most or better_than; got at_least and at_most"),
        ("{}", "needs one of at_least, at_most or better_than; got none"),
        ("{at_least: 5 %, by: 1 %}", "got no better_than; leave it out"),
        ("{at_least: 5 d}", "must be a share such as '1 %', got '5 d'"),
        ("{of: answer_time.median, at_most: 5 %}", "must be a length of time such as '2 d', got '5 %'"),
        ("{of: answer_time.medan, at_most: 5 d}", "did you mean 'answer_time.median'?"),
        ("{better_than: franc}", "no such file or shipped scenario, got 'franc'; did you mean 'france'?"),
        ("{of: 'utilisation[office].share', better_than: france}", "more of it is neither better nor worse"),
    ],
)
def test_what_cannot_be_promised_is_refused_where_it_stands(written: str, message: str, one_office: Path) -> None:
    """With its place, and what to write instead."""
    one_office.write_text(f"{ONE_OFFICE}expect:\n  it: {written}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=re.escape(message)) as raised:
        load(one_office)
    assert {each.line for each in raised.value.mistakes} == {len(ONE_OFFICE.splitlines()) + 2}


def test_what_promises_nothing_cannot_be_checked(one_office: Path) -> None:
    """Nor is a number compared that the other scenario has not."""
    done = trialstart(one_office)
    assert done.exit_code == 2 and "expect: must hold at least one promise to be checked, got none" in done.output
    one_office.write_text(f"{ONE_OFFICE}expect: {{it: {{better_than: examples/one_hospital}}}}\n", encoding="utf-8")
    done = trialstart(one_office, "--replications", "2")
    assert done.exit_code == 2 and "must be about a number that one_hospital has too" in done.output


@pytest.mark.parametrize(
    ("promise", "code"), [("{at_least: 1 %}", 0), ("{at_least: 100 %}", 1), ("{at_least: 94 %}", 3)]
)
def test_exit_codes(promise: str, code: int, one_office: Path) -> None:
    """Kept, broken, inconclusive."""
    one_office.write_text(f"{ONE_OFFICE}expect: {{it: {promise}}}\n", encoding="utf-8")
    assert trialstart(one_office, "--replications", "3").exit_code == code


def test_ci_gets_what_it_gets_of_regressions(promising: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JUnit with a case for each promise, an annotation at the line of each that is not kept, and the summary."""
    folder, summary = promising.parent, promising.parent / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    more = ("--junit", folder / "r.xml", "--markdown", folder / "r.md", "--github", "--lang", "en")
    done = trialstart(promising, "--replications", "12", *more)
    suite = ElementTree.parse(folder / "r.xml").getroot()
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("trialstart check", "4", "3")
    assert [each.get("name") for each in suite] == ["soon", "all", "better", "worse_by_little"]
    marks = [line for line in done.output.splitlines() if line.startswith("::error ")]
    lines = promising.read_text(encoding="utf-8").splitlines()
    assert [lines[int(re.findall(r",line=(\d+),", mark)[0]) - 1].split(":")[0].strip() for mark in marks] == [
        "all",
        "better",
        "worse_by_little",
    ]
    assert summary.read_text(encoding="utf-8") == (folder / "r.md").read_text(encoding="utf-8")
    assert "| soon | kept |" in summary.read_text(encoding="utf-8")


def test_it_is_told_in_both_languages(promising: Path) -> None:
    """How many are kept, and each with its number."""
    found = check(promising, replications=12, jobs=1)
    assert promises_text(found, "en").startswith("Promises: 1 kept, 3 broken.")
    assert "Checked in these very runs (4 replications, " in promises_text(found, "en").replace("\n  ", " ")
    french = " ".join(promises_text(found, "fr").split())
    assert french.startswith("Engagements : 1 tenu, 3 non tenu.") and ", bientôt : tenu ; au plus 9,0 j" in french


def test_interrupted_it_says_what_is_finished(promising: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C gives the promises with the replications that there are."""

    def some_of(works: object, kept: object, wished: object, computer: object, *rest: object) -> int:
        gather(works, kept, (12,), computer, *rest)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    gather = running.gather
    monkeypatch.setattr(running, "gather", some_of)
    with pytest.raises(Interrupted) as stopped:
        check(promising, replications=15, jobs=1)
    assert {each.replications for each in stopped.value.finished.promises} == {12}
    done = trialstart(promising, "--replications", "15", "--lang", "en")
    assert done.exit_code == 130 and "3 broken" in done.output and "this is what was finished" in done.output


def test_a_wait_without_end_breaks_what_is_promised_of_it(one_office: Path) -> None:
    """A median that is not reached is more than any number of days."""
    slow = ONE_OFFICE.replace("median: 1 d, p90: 2 d", "median: 900 d, p90: 1900 d").replace("units: 1", "units: 99")
    one_office.write_text(f"{slow}expect: {{it: {{of: answer_time.median, at_most: 30 d}}}}\n", encoding="utf-8")
    (it,) = check(one_office, replications=2, jobs=1).promises
    assert isinf(it.value) and it.held is Held.BROKEN
