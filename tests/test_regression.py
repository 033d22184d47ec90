"""Regression of timelines: what is the same, what moved first, and what is forgiven; by module and by command."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from math import inf, nan
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from sim import cli
from sim.engine import simpy_engine, simpy_pools
from sim.experiment.running import run
from sim.model import draws
from sim.regression import baselines
from sim.regression import ci as regression_ci
from sim.regression import tiers as regression
from sim.regression.baselines import Movement, Row, first_moment
from sim.regression.equivalence import Verdict
from sim.regression.sentences import words
from sim.regression.tiers import Asked, Cause, Regression
from sim.scenario.files import shipped_folder
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load
from sim.scenario.schema import fingerprint
from tests.conftest import ONE_OFFICE

ROOT = Path(__file__).resolve().parents[1]
OURS = ("france", "france_parallel", "france_pledge", "france_sequential")
DATE = r"\d{4}-\d\d-\d\d \d\d:\d\d"
TOLERANT = "tolerance: {answer_time.median: 90 d, answer_time.share_within_goal: 100 %}\n"
TIES = ONE_OFFICE.replace("volume: 200 /year", "dates: [2024-01-15, 2024-01-15, 2024-01-15, 2024-01-22]")


def trialstart(*arguments: str | Path) -> Result:
    """One run of `trialstart regress`."""
    return CliRunner().invoke(cli.app, ["regress", *map(str, arguments)])


def baseline_of(file: Path, text: str = ONE_OFFICE, **asked: int) -> Path:
    """The folder of baselines beside a scenario file that holds `text`, with its baseline made."""
    file.write_text(text, encoding="utf-8")
    folder = file.parent / "baselines"
    list(regression.regress([file], folder, Asked(update=True, **asked)))
    return folder


def held(file: Path, folder: Path, **asked: bool) -> Regression:
    """A scenario held against its baseline."""
    (found,) = regression.regress([file], folder, Asked(**asked))
    assert isinstance(found, Regression)
    return found


def changed(file: Path, old: str, new: str) -> None:
    """Put `new` for the one `old` in a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_what_has_not_changed_is_the_same(one_office: Path) -> None:
    """A baseline is made, and the same scenario keeps to it: exit code 0."""
    folder = one_office.parent / "baselines"
    made = trialstart(one_office, "--baseline", folder, "--update", "--replications", 3)
    assert (made.exit_code, made.output) == (0, "one_office.yaml: new baseline (3 replications, seed 1)\n")
    done = trialstart(one_office, "--baseline", folder)
    assert (done.exit_code, done.output) == (0, "one_office.yaml: the same (3 replications, seed 1)\n")


def test_wording_moves_nothing(one_office: Path) -> None:
    """A scenario that says the same in other words gives the same dates, and that is what counts."""
    folder = baseline_of(one_office)
    changed(one_office, "One office", "A single office")
    assert held(one_office, folder).verdict is Verdict.SAME


def test_a_baseline_is_the_same_bytes_each_time(one_office: Path) -> None:
    """Made again, by either engine, and read and written again: the same files."""
    folder = baseline_of(one_office) / "one_office"
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert set(files) == {"manifest.json", "indicators.csv", "trials.txt", "timelines.csv"}
    list(regression.regress([one_office], folder.parent, Asked(update=True)))
    baselines.read(folder).write(folder.parent / "again")
    for name, content in files.items():
        assert (folder / name).read_bytes() == content == (folder.parent / "again" / name).read_bytes()


def test_a_longer_task_is_named_with_its_dates(one_office: Path) -> None:
    """Exit code 1; the first task that ended otherwise, with the dates that a replay of each scenario gives."""
    folder = baseline_of(one_office)
    before = run(one_office, replications=1, jobs=1).replay(0).query("task == 'answered'")
    changed(one_office, "median: 1 d", "median: 1.05 d")
    after = run(one_office, replications=1, jobs=1).replay(0).query("task == 'answered'")
    done = trialstart(one_office, "--baseline", folder)
    first = (before.end != after.end).idxmax()
    is_at, was_at = (f"{each.end[first]:%Y-%m-%d %H:%M}" for each in (after, before))
    assert done.exit_code == 1
    assert done.output.splitlines()[0] == (
        f"one_office.yaml: trial {before.trial[first]}: answered ended {is_at}, expected {was_at}"
    )
    assert f"  {Cause.SCENARIO}\n" in done.output
    (moved,) = (line for line in done.output.splitlines() if line.startswith("  answer_time.median: "))
    assert re.fullmatch(r"  answer_time\.median: [\d.]+ d \[.*\] -> [\d.]+ d \[.*\], \+[\d.]+ d", moved)


def test_the_largest_movement_comes_first(one_office: Path) -> None:
    """Numbers are sorted by their shift in half-widths; one that has none any more is before all others."""
    wide, narrow = (
        Movement(("x", "trial", "mean"), "days", (5.0, 5 - half, 5 + half), (6.0, 6.0, 6.0)) for half in (4.0, 0.5)
    )
    assert (wide.size, narrow.size) == (0.25, 2.0)
    assert Movement(("x", "trial", "p90"), "days", (5.0, 4.0, 6.0), (inf, nan, nan)).size == inf
    folder = baseline_of(one_office)
    changed(one_office, "p90: 2 d", "p90: 4 d")
    sizes = [each.size for each in held(one_office, folder).movements]
    assert len(sizes) > 3 and sizes == sorted(sizes, reverse=True)


def broken(folder: Path, line: str, instead: str) -> ModuleType:
    """A copy of the pools of the reference engine in which one line is another."""
    source = Path(simpy_pools.__file__).read_text(encoding="utf-8")
    assert source.count(line) == 1
    copy = folder / "broken_pools.py"
    copy.write_text(source.replace(line, instead), encoding="utf-8")
    spec = spec_from_file_location("broken_pools", copy)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_broken_tie_rule_is_not_forgiven(one_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the last of the files of one instant is served first, the first file's answer is late, and that is said."""
    folder = baseline_of(one_office, TIES + TOLERANT)
    pools = broken(
        one_office.parent,
        "entry = heappop(self.queue)",
        "entry = self.queue.pop(self.queue.index(max(each for each in self.queue if each[:2] == min(self.queue)[:2])))",
    )
    monkeypatch.setattr(simpy_engine, "open_pool", pools.open_pool)
    done = trialstart(one_office, "--baseline", folder, "--engine", "simpy")
    assert done.exit_code == 1
    assert re.match(
        rf"one_office\.yaml: trial files-1: answered started {DATE}, expected 2024-01-15 00:00\n", done.output
    ), done.output
    assert f"  {Cause.RULES}\n  3 of 4 trials of replication 0 differ, the first is files-1\n" in done.output


def test_other_draws_of_the_same_scenario_are_held_against_its_tolerance(
    one_office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The statistical tier speaks by itself: the same, cannot tell, or moved; without a tolerance, it has moved."""
    texts = {
        Verdict.SAME: ONE_OFFICE + TOLERANT,
        Verdict.CANNOT_TELL: f"{ONE_OFFICE}tolerance: {{answer_time.median: 0.3 d}}\n",
        None: ONE_OFFICE,
    }
    folders = {}
    for verdict, text in texts.items():
        home = one_office.parent / str(verdict)
        home.mkdir()
        folders[verdict] = baseline_of(home / "one_office.yaml", text, replications=4)
    uniform = draws.Draws.uniform
    monkeypatch.setattr(draws.Draws, "uniform", lambda self, quantity, *rest: uniform(self, f"other {quantity}", *rest))
    for verdict, folder in folders.items():
        found = held(folder.parent / "one_office.yaml", folder)
        assert (found.cause, found.exact, found.tolerated) == (Cause.DRAWS, Verdict.MOVED, verdict)
        assert found.verdict is (verdict or Verdict.MOVED)
    same, unsure = (
        trialstart(folders[each].parent / "one_office.yaml", "--baseline", folders[each])
        for each in (Verdict.SAME, Verdict.CANNOT_TELL)
    )
    assert (same.exit_code, unsure.exit_code) == (0, 1)
    assert same.output.startswith("one_office.yaml: the same within its tolerance, though not to the byte (4 rep")
    assert re.match(r"one_office\.yaml: cannot tell, needs \d+ more replications\n", unsure.output), unsure.output


def test_the_statistical_tier_can_be_asked_for(one_office: Path) -> None:
    """A scenario that was changed on purpose is then held against its tolerance alone."""
    folder = baseline_of(one_office, ONE_OFFICE + TOLERANT)
    changed(one_office, "median: 1 d", "median: 1.01 d")
    assert held(one_office, folder).verdict is Verdict.MOVED
    assert held(one_office, folder, statistical=True).verdict is Verdict.SAME


def test_one_number_past_its_tolerance_decides(one_office: Path) -> None:
    """What moved outweighs what cannot be told, and that outweighs what is the same."""
    folder = baseline_of(one_office, ONE_OFFICE + TOLERANT, replications=8)
    changed(one_office, "median: 1 d, p90: 2 d", "median: 2 d, p90: 3 d")
    changed(one_office, "answer_time.share_within_goal: 100 %", "answer_time.mean: 0.1 d")
    moved = held(one_office, folder, statistical=True)
    assert ([each.verdict for _, each in moved.equivalences], moved.verdict) == (
        [Verdict.SAME, Verdict.MOVED],
        Verdict.MOVED,
    )
    first = trialstart(one_office, "--baseline", folder, "--statistical")
    assert (first.exit_code, first.output.splitlines()[-1][-7:]) == (1, ": moved")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            "answer_time.medan: 1 d",
            "there is no number 'answer_time.medan' of trials; did you mean 'answer_time.median'?",
        ),
        ("answer_time.median: 1 %", "must be a length of time such as '2 d', got '1 %'"),
        ("answer_time.share_within_goal: 1 d", "must be a share such as '1 %', got '1 d'"),
        ("answer_time.median: 1 wd", "must be in calendar days such as '2 d', got '1 wd'"),
        ("answer_time.median: 1", "needs a unit"),
    ],
)
def test_a_tolerance_is_about_a_number_of_the_scenario(written: str, message: str, one_office: Path) -> None:
    """An unknown name or a wrong unit is a placed mistake."""
    one_office.write_text(f"{ONE_OFFICE}tolerance: {{{written}}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=re.escape(message)) as caught:
        load(one_office)
    assert caught.value.mistakes[0].line == len(ONE_OFFICE.splitlines()) + 1


def test_numbers_that_move_without_a_date(one_office: Path) -> None:
    """If only the numbers differ, that is said; with other versions of a library the tolerance decides."""
    folder = baseline_of(one_office, ONE_OFFICE + TOLERANT)
    stored = folder / "one_office" / "indicators.csv"
    lines = [*csv.reader(stored.open(encoding="utf-8"))]
    (median,) = (line for line in lines if line[:3] == ["answer_time", "trial", "median"])
    changed(stored, ",".join(median), ",".join([*median[:4], repr(float(median[4]) + 1e-12), *median[5:]]))
    found = held(one_office, folder)
    assert (found.verdict, found.cause, len(found.movements)) == (Verdict.MOVED, Cause.NUMBERS, 1)
    assert words(found)[0] == "one_office.yaml: 1 numbers moved, and no date"
    said = folder / "one_office" / "manifest.json"
    changed(said, f'"numpy": "{json.loads(said.read_text())["versions"]["numpy"]}"', '"numpy": "1.0"')
    found = held(one_office, folder)
    assert (found.verdict, found.other_versions) == (Verdict.SAME, ("numpy",))


def test_a_trial_without_stored_dates_is_still_named(one_office: Path) -> None:
    """Its mark differs, so that a difference beyond the sample has a name; else its replication has."""
    folder = baseline_of(one_office)
    home = folder / "one_office"
    marks = (home / "trials.txt").read_text().split()
    changed(home / "manifest.json", baselines.read(home).timelines[0], "0" * 64)
    changed(home / "trials.txt", marks[-1], "------")
    labels = run(one_office, replications=1, jobs=1).replay(0).trial
    sentence = f"one_office.yaml: trial {labels.iloc[-1]} went another way, in tasks whose dates are not stored"
    assert words(held(one_office, folder))[0] == sentence
    changed(home / "trials.txt", "------", marks[-1])
    stored = baselines.read(home)
    changed(home / "manifest.json", "0" * 64, held(one_office, folder).found.timelines[0])
    changed(home / "manifest.json", stored.timelines[1], "1" * 64)
    sentence = "one_office.yaml: replication 1 went another way; only dates of replication 0 are stored"
    assert words(held(one_office, folder))[0] == sentence


def test_an_update_says_what_changed(one_office: Path) -> None:
    """Exit code 0, the same sentences as a failure has, and afterwards nothing differs."""
    folder = baseline_of(one_office)
    changed(one_office, "median: 1 d", "median: 1.05 d")
    failed, updated = (trialstart(one_office, "--baseline", folder, *more) for more in ((), ("--update",)))
    assert (updated.exit_code, updated.output) == (0, failed.output)
    assert trialstart(one_office, "--baseline", folder).exit_code == 0
    again = trialstart(one_office, "--baseline", folder, "--update", "--seed", 2)
    assert again.output == "one_office.yaml: new baseline (2 replications, seed 2)\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.yaml"], "missing.yaml: no such file"),
        (
            ["{file}", "--baseline", "{empty}"],
            (
                "{empty}/one_office/manifest.json: there is no such file; make it with: "
                "trialstart regress {file} --baseline {empty} --update\n"
            ),
        ),
        (["--baseline", "{empty}"], "{empty}: no shipped scenario has a baseline here; make one with: "),
        (["{file}", "--seed", "7"], "{folder}/one_office: has the seed 1, got 7; leave it out, or make it with: "),
        (
            ["{file}", "--replications", "9"],
            "{folder}/one_office: has 2 replications, got 9; ask for fewer, or make it ",
        ),
        (["{file}", "--statistical"], "one_office.yaml: tolerance: must name at least one number"),
        (["{file}", "--engine", "steam"], "engine: must be auto or one of "),
    ],
)
def test_wrong_input_is_exit_code_2(
    arguments: list[str],
    message: str,
    one_office: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A sentence that says what to do, and no traceback."""
    folder = baseline_of(one_office)
    names = {"file": str(one_office), "folder": str(folder), "empty": str(folder.parent / "empty")}
    given = ["--baseline", str(folder), *(each.format(**names) for each in arguments)]
    monkeypatch.setattr("sys.argv", ["trialstart", "regress", *given])
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    assert (left.value.code, said.out) == (2, "")
    assert said.err.startswith(message.format(**names)), said.err


@pytest.mark.parametrize("name", ["manifest.json", "indicators.csv", "timelines.csv"])
def test_a_broken_baseline_is_wrong_input(name: str, one_office: Path) -> None:
    """It is named, and an update makes a new one."""
    folder = baseline_of(one_office)
    (folder / "one_office" / name).write_text("a,b\n1,2\n", encoding="utf-8")
    done = trialstart(one_office, "--baseline", folder)
    assert done.exit_code == 2
    assert f"{folder}/one_office: cannot be read as a baseline" in done.output
    assert trialstart(one_office, "--baseline", folder, "--update").exit_code == 0
    assert trialstart(one_office, "--baseline", folder).exit_code == 0


def test_junit_has_a_case_for_each_scenario_and_tier(one_office: Path, two_offices: Path) -> None:
    """Well-formed XML; a failure carries the sentence, a scenario that is the same carries nothing."""
    text = two_offices.read_text(encoding="utf-8") + TOLERANT
    folder = baseline_of(one_office)
    baseline_of(two_offices, text)
    changed(one_office, "median: 1 d", "median: 1.05 d")
    report = folder / "reports" / "junit.xml"
    assert trialstart(one_office, two_offices, "--baseline", folder, "--junit", report).exit_code == 1
    suite = ElementTree.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "1", "0")
    first, second = suite
    assert (Path(first.get("classname", "")).name, first.get("name"), len(second)) == ("one_office.yaml", "exact", 0)
    assert re.match(rf"one_office\.yaml: trial files-\d+: answered ended {DATE}", first[0].get("message", ""))
    changed(two_offices, "median: 1 d", "median: 1.05 d")
    assert trialstart(two_offices, "--baseline", folder, "--junit", report, "--statistical").exit_code == 0
    exact, statistical = ElementTree.parse(report).getroot()
    assert ([each.tag for each in exact], statistical.get("name"), len(statistical)) == (["skipped"], "statistical", 0)


def test_github_gets_annotations_and_a_summary(one_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for each scenario that moved, escaped as GitHub wants it; the table goes to the job's summary too."""
    folder, summary = baseline_of(one_office), one_office.parent / "summary.md"
    changed(one_office, "median: 1 d", "median: 1.05 d")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    table = one_office.parent / "table.md"
    done = trialstart(one_office, "--baseline", folder, "--github", "--markdown", table)
    (command,) = (line for line in done.output.splitlines() if line.startswith("::"))
    marks = re.fullmatch(r"::error file=([^,]*),title=one_office\.yaml%3A moved::(one_office\.yaml: trial .*)", command)
    assert marks is not None
    assert (marks[1], "%0A" in marks[2], " %25" in marks[2]) == (str(one_office), True, True)
    assert summary.read_text(encoding="utf-8") == table.read_text(encoding="utf-8")
    assert f"| {one_office} | moved |  | one_office.yaml: trial files-" in table.read_text(encoding="utf-8")
    assert "| answer_time.median | " in table.read_text(encoding="utf-8")


def test_what_github_reads_is_escaped() -> None:
    """Percent signs and ends of line in a message; colons and commas too in a property."""
    assert regression_ci._data("5 %\r\na: b, c") == "5 %25%0D%0Aa: b, c"
    assert regression_ci._property("C:\\a,b") == "C%3A\\a%2Cb"


def test_our_own_baselines_are_of_the_scenarios_as_they_are() -> None:
    """After a change of a shipped scenario, `trialstart regress --update` is due."""
    assert regression.shipped_with_baseline(ROOT / "baselines") == OURS
    stored = {name: baselines.read(ROOT / "baselines" / name).fingerprint for name in OURS}
    assert {name: fingerprint(load(name)) for name in OURS} == stored


@pytest.mark.slow
def test_a_median_that_moves_by_five_per_cent_in_france_is_found(tmp_path: Path) -> None:
    """The signature of contracts takes 14.7 d instead of 14: exit code 1, and a sentence with the dates of both."""
    folder, text = tmp_path / "baselines", (shipped_folder() / "france.yaml").read_text(encoding="utf-8")
    france, more = tmp_path / "france.yaml", ("--baseline", folder, "--engine", "compiled")
    assert trialstart("france", *more, "--update", "--replications", 1).exit_code == 0
    france.write_text(text, encoding="utf-8")
    assert trialstart(france, *more).exit_code == 0
    changed(france, "signature:\n    work: {median: 14 d,", "signature:\n    work: {median: 14.7 d,")
    done = trialstart(france, *more)
    moment = rf"france\.yaml: trial (\S+) at (\S+): (\w+) (started|ended) ({DATE}), expected ({DATE})\n"
    said = re.match(moment, done.output)
    assert (done.exit_code, said is not None) == (1, True), done.output
    trial, site, task, what, is_at, was_at = said.groups()
    assert (task, what) == ("contract_signed", "ended")  # not what follows from it in the queues
    for source, at in ((france, is_at), ("france", was_at)):
        played = run(source, replications=1, jobs=1, engine="compiled").replay(0)
        at_site = played[(played.trial == trial) & (played.site == site) & (played.task == task)]
        assert at in [f"{each:%Y-%m-%d %H:%M}" for each in at_site["end"]]


def test_work_that_moved_by_itself_is_named_before_what_may_follow_from_it(one_office: Path, tmp_path: Path) -> None:
    """A wait that ends a day later elsewhere is earlier, and no cause; without such work the earliest is named."""
    assert trialstart(one_office, "--baseline", tmp_path / "kept", "--update").exit_code == 0
    kept = baselines.read(tmp_path / "kept" / one_office.stem)
    waits = Row("a-1", "x", "pharmacy_ready", 1, "2025-01-01", "2025-01-03", "2025-01-05", "done")
    works = Row("a-2", "x", "contract_signed", 1, "2025-01-06", "2025-01-06", "2025-01-08", "done")
    later = (replace(waits, start="2025-01-04", end="2025-01-06"), replace(works, end="2025-01-09"))
    moved = [
        first_moment(replace(kept, rows=(waits, works)), replace(kept, rows=found))
        for found in (later, (later[0], works), (waits, works))
    ]
    assert [each and (each.instant, each.found) for each in moved] == [("end", later[1]), ("start", later[0]), None]
