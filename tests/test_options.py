"""The law of the options: each changes what comes of a verb, or is refused beside what makes it idle."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sim.cli import app
from tests.own import trackers
from tests.own.test_overlay import BASE as EXTENDED
from tests.own.trackers import FRENCH
from tests.test_levers import lever
from tests.test_reading import write
from tests.test_sensitivity import offices

SMALL = """\
title: {en: Answers, fr: Réponses}
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 60 d, follow_up: 60 d}
goal: {from: arrived, to: answered, within: 10 d, counted: calendar, prerequisites: [answered]}
classes: [{name: requests, volume: 1 /d, attributes: {urgent: 50 %}}]
pools: {desk: {units: 4, assumption: {range: [3, 6], why: made up for a test}}}
tasks: [{name: answered, work: {median: 9 d, p90: 12 d}, pool: desk}, {name: seen, work: exactly 1 h}]
indicators: [{name: t, from: arrived, to: answered}, {name: s, from: seen, to: answered}]
expect: {half: {at_least: 50 %}}
assumption: {range: fixed, why: made up for a test}
levers: [fast]
"""
TOTALS = """\
title: {en: totals, fr: totaux}
targets: [{name: median, from: asked, to: answered, statistic: median, value: 2 d, spread: 1 d}]
"""
FAST = lever("fast", "{tasks: [{name: answered, work: {median: 7 d, p90: 9 d}}]}")

SIMULATED = {
    "--set": "--set=windows.observation=30d",
    "--replications": "--replications=3",
    "--seed": "--seed=2",
    "--lang": "--lang=fr",
    "--format": "--format=csv",
    "--out": "--out=kept",
}
ANSWERED = SIMULATED | {
    "--keep": "--keep=timelines",
    "--fresh": "--fresh",
    "--precision": "--precision=50%",
    "--precision-of": "--precision=50% --precision-of=t.share_within_goal",
    "--by": "--by=urgent",
}
KEPT = "run x.yaml --replications=2 --jobs=1 --engine=simpy --out=kept"
BASE = {
    "run": "run x.yaml --replications=2 --jobs=1 --engine=simpy",
    "compare": "compare x.yaml y.yaml --replications=2 --jobs=1 --engine=simpy",
    "levers": "levers x.yaml --replications=2 --jobs=1 --engine=simpy",
    "sweep": "sweep x.yaml --over=pools.desk.units=3,4 --replications=2 --jobs=1 --engine=simpy",
    "explain": "explain x.yaml --replications=2 --jobs=1 --engine=simpy",
    "check": "check x.yaml --replications=2 --jobs=1 --engine=simpy",
    "solve": "solve x.yaml --share=10% --pool=desk --most=6 --replications=5 --jobs=1 --engine=simpy",
    "attract": "attract x.yaml y.yaml --elasticity=1 --replications=2 --jobs=1 --engine=simpy",
    "diff": "diff x.yaml y.yaml",
    "evidence": "evidence x.yaml",
    "verify": "verify V09_bridge --replications=2 --jobs=1 --engine=simpy",
    "regress": "regress x.yaml --baseline=. --update && regress moved/x.yaml --baseline=.",
    "scenarios": "scenarios",
    "describe": "describe x.yaml",
    "validate": "validate nothing_of_that_name",
    "schema": "schema",
    "report": "report x.yaml --no-levers --replications=2 --jobs=1 --engine=simpy",
    "export": f"{KEPT} && export kept",
    "calibrate": "calibrate one.yaml --against=totals.yaml --draws=32 --jobs=1 --engine=simpy",
    "sensitivity": "sensitivity one.yaml two.yaml --part=bands --draws=8 --replications=2 --jobs=1 --engine=simpy",
    "import": "import tracker.csv --mapping=mapping.yaml",
    "fit": "fit tracker.csv --mapping=mapping.yaml --extends=base.yaml",
    "backtest": "backtest tracker.csv --mapping=mapping.yaml --extends=base.yaml",
}
TOLD: dict[tuple[str, str], str] = {
    **{(verb, option): said for verb in ("run", "compare") for option, said in ANSWERED.items()},
    **{(verb, option): said for verb in ("levers", "sweep", "solve", "attract") for option, said in SIMULATED.items()},
    **{(verb, option): said for verb in ("check", "explain") for option, said in SIMULATED.items()},
    ("explain", "--rerun"): "--rerun",
    ("check", "--fresh"): "--out=kept --fresh",
    ("check", "--junit"): "--junit=found.xml",
    ("check", "--github"): "--github",
    ("check", "--markdown"): "--markdown=found.md",
    ("run", "--inputs"): "--inputs=drawn",
    ("compare", "--inputs"): "--inputs=fixed",
    ("attract", "--elasticity"): "--elasticity=2",
    ("solve", "--share"): "--share=100%",
    ("solve", "--least"): "--least=5",
    ("solve", "--by-year"): "--by-year",
    ("solve", "--most"): "--share=99.9% --most=3",
    ("sweep", "--tell"): "--tell=utilisation[desk].share",
    ("sweep", "--over"): "--over=pools.desk.units=5,6",
    ("diff", "--lang"): "--lang=fr",
    ("evidence", "--check"): "--check",
    ("evidence", "--format"): "--format=csv",
    ("evidence", "--lang"): "--lang=fr",
    ("verify", "--replications"): "--replications=3",
    ("verify", "--seed"): "--seed=2",
    ("verify", "--companions"): "--companions",
    ("verify", "--format"): "--format=csv",
    ("regress", "--baseline"): "--baseline=elsewhere",
    ("regress", "--update"): "--update",
    ("regress", "--replications"): "--replications=1",
    ("regress", "--seed"): "--seed=4",
    ("regress", "--statistical"): "--statistical",
    ("regress", "--junit"): "--junit=found.xml",
    ("regress", "--github"): "--github",
    ("regress", "--markdown"): "--markdown=found.md",
    ("scenarios", "--lang"): "--lang=fr",
    ("scenarios", "--copy"): "--copy=mine",
    ("describe", "--lang"): "--lang=fr",
    ("validate", "--lang"): "--lang=fr",
    ("schema", "--page"): "--page",
    **{("report", option): SIMULATED[option] for option in ("--set", "--replications", "--seed", "--lang", "--out")},
    ("report", "--to"): "--to=page.html",
    ("report", "--levers"): "--levers",
    ("report", "--groups"): "--no-groups",
    ("report", "--xlsx"): "--xlsx",
    ("export", "--to"): "--to=xes",
    ("export", "--out"): "--out=log.csv",
    ("export", "--replications"): "--replications=1",
    ("export", "--check"): "--check",
    **{("calibrate", option): said for option, said in SIMULATED.items() if option != "--replications"},
    ("calibrate", "--set"): "--set=windows.observation=20d",
    ("calibrate", "--against"): "--against=others.yaml",
    ("calibrate", "--draws"): "--draws=64",
    ("calibrate", "--remain"): "--remain=40",
    **{("sensitivity", option): said for option, said in SIMULATED.items()},
    ("sensitivity", "--set"): "--set=windows.observation=20d",
    ("sensitivity", "--part"): "--part=value",
    ("sensitivity", "--draws"): "--draws=16",
    ("import", "--mapping"): "--mapping=other_mapping.yaml",
    ("import", "--draft"): "--draft",
    ("import", "--lang"): "--lang=fr",
    ("import", "--format"): "--format=csv",
    ("fit", "--format"): "--format=json",
    ("backtest", "--format"): "--format=csv",
    ("fit", "--mapping"): "--mapping=other_mapping.yaml",
    ("fit", "--extends"): "--extends=nothing_of_that_name",
    ("fit", "--out"): "--out=elsewhere",
    ("fit", "--seed"): "--seed=2",
    ("fit", "--name-centres"): "--name-centres",
    ("fit", "--lang"): "--lang=fr",
    ("backtest", "--mapping"): "--mapping=other_mapping.yaml",
    ("backtest", "--extends"): "--extends=nothing_of_that_name",
    ("backtest", "--published"): "--published=contract_executed=3",
    ("backtest", "--goal"): "--goal=contract_executed=60",
    ("backtest", "--out"): "--out=told",
    ("backtest", "--lang"): "--lang=fr",
}
"""What each option is given; two of one name: the second counts."""

REFUSED = {
    "run x.yaml --by=urgent --precision=1%": "--precision: cannot be combined with --by",
    "import mine.csv --draft --format=csv": "--format: is for what was read of a tracker",
    "run x.yaml --by=urgent --keep=timelines": "--keep: cannot be combined with --by",
    "run x.yaml --within=left.csv": "--within: is for numbers that are drawn",
    "compare x.yaml y.yaml --within=left.csv --inputs=fixed": "--within: is for numbers that are drawn",
    "run x.yaml --by=urgent --fresh": "--fresh: cannot be combined with --by",
    "compare x.yaml y.yaml --precision-of=t.median": "--precision-of: needs --precision",
    "run x.yaml --format=csv --fresh": "--fresh: needs a folder",
    "run x.yaml --format=csv --keep=timelines": "--keep: timelines need a folder",
    "solve x.yaml --share=10%": "--pool: name a pool, or a value",
    "solve x.yaml --share=10% --pool=desk --value=pools.desk.units": "values: must be at least one, each once",
    "solve x.yaml --share=10% --pool=desk --value=goal.within": "values: a time must be sought alone",
    "solve x.yaml --share=10% --value=goal.within --by-year": "by year: must be the people of one pool",
    "questions --out=pages --lang=fr": "--lang: does nothing with --out",
    "sweep x.yaml --over=pools.desk.units=3,4 --set=pools.desk.units=9": "--set: does nothing at pools.desk.units",
    "solve x.yaml --share=10% --pool=desk --set=pools.desk.units=9": "--set: does nothing at pools.desk.units",
    "explain x.yaml --trial=requests-1 --rerun": "--rerun: does nothing with --trial",
    "explain x.yaml --trial=requests-1 --replications=3": "--replications: does nothing with --trial",
    "check x.yaml --fresh": "--fresh: needs a folder",
    "sweep x.yaml --over=pools.desk.units=3,4 --tell=utilisation[desks].share": "tell: must be a number of every cell",
    "calibrate x.yaml --replications=3": "--replications: does nothing: every draw is played twice",
    "evidence x.yaml --check --format=csv": "--format: does nothing with --check",
    "regress x.yaml --update --statistical": "--statistical: does nothing with --update",
    "regress x.yaml --update --junit=a": "--junit: does nothing with --update",
    "regress x.yaml --update --markdown=a": "--markdown: does nothing with --update",
    "regress x.yaml --update --github": "--github: does nothing with --update",
    "scenarios --copy=mine --results": "--copy: does nothing with --results",
    "scenarios --copy=mine --lang=fr": "ne concerne que la liste",
    "scenarios --seed=2": "--seed: needs --results",
    "scenarios --replications=2": "--replications: needs --results",
    "scenarios --jobs=2": "--jobs: needs --results",
}
ELSEWHERE = {
    ("run", "--executor"): "tests/test_executors.py",
    ("compare", "--executor"): "tests/test_executors.py",
    ("scenarios", "--results"): "tests/test_library.py",
    ("verify", "--coverage"): "tests/verification",
    ("run", "--within"): "tests/test_calibration.py",
    ("compare", "--within"): "tests/test_calibration.py",
    ("scenarios", "--replications"): "tests/test_library.py",
    ("scenarios", "--seed"): "tests/test_library.py",
    ("levers", "--orders"): "tests/decisions/test_ledger.py",
    ("explain", "--trial"): "tests/decisions/test_telling.py",
    ("report", "--inputs"): "tests/page",
    ("report", "--pdf"): "tests/page",
    ("report", "--sliders"): "tests/page",
    ("calibrate", "--replications"): "refused, it would do nothing",
    ("calibrate", "--fresh"): "what it empties is that of run",
    ("sensitivity", "--fresh"): "what it empties is that of run",
    ("sensitivity", "--on"): "tests/test_sensitivity.py",
    ("sensitivity", "--within"): "tests/test_calibration.py",
    ("sensitivity", "--free"): "tests/test_calibration.py",
    ("import", "--sheet"): "tests/own/test_sheets.py",
    ("import", "--discover"): "tests/own/test_discovery.py",
    ("import", "--out"): "tests/own/test_discovery.py",
    ("attract", "--class"): "tests/decisions/test_attraction.py",
    **{("explore", option): "tests/explore" for option in ("--set", "--replications", "--seed", "--lang", "--port")},
    **{("judge", option): "tests/test_track_record.py" for option in ("--replications", "--seed")},
    **{("questions", option): "tests/test_questions.py" for option in ("--out", "--lang")},
    ("solve", "--pool"): "one of two that are needed",
    ("solve", "--value"): "one of two that are needed",
}


def options() -> dict[tuple[str, str], str]:
    """Every option of every verb, with its help."""
    verbs = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return {
        (verb, each.opts[0]): each.help
        for verb, command in verbs.items()
        for each in command.params
        if each.param_type_name == "option"
    }


def outcome(folder: Path, command: str) -> tuple[int, str, dict[str, bytes]]:
    """What a command leaves: the exit code of its last part, what it prints, and the files."""
    folder.mkdir()
    for below in (folder / "levers", folder / "moved" / "levers"):
        below.mkdir(parents=True)
        write(below, fast=FAST)
    more = SMALL.replace("units: 4", "units: 5")
    write(folder, x=SMALL, y=more)
    write(folder / "moved", x=more)
    if "one.yaml" in command:
        offices(folder)
        write(folder, totals=TOTALS, others=TOTALS.replace("value: 2 d", "value: 3 d"))
    if "tracker" in command:
        write_tracker(folder)
    printed = ""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for part in command.split(" && "):
            done = CliRunner().invoke(app, part.split())
            printed += done.output
    files = {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    return done.exit_code, printed, files


def write_tracker(folder: Path) -> None:
    """A tracker with its mapping, another mapping, and the scenario that it fits."""
    past = trackers.history(1, 90, cancelled=0.05, centres=3)
    mapping = trackers.mapping(past, FRENCH)
    trackers.written(folder, trackers.wide(past, FRENCH, trackers.messy, separator=";"), mapping)
    (folder / "other_mapping.yaml").write_text("columns: {}\n", encoding="utf-8")
    at_centres = EXTENDED
    for task in ("contract_sent", "contract_executed", "site_activated"):
        at_centres = at_centres.replace(f"{{name: {task},", f"{{name: {task}, scope: site,")
    (folder / "base.yaml").write_text(at_centres, encoding="utf-8")


def test_every_option_is_spoken_for() -> None:
    """A new option of any verb says here what it changes, or in its help that it changes no result."""
    known = options()
    idle = {key for key, text in known.items() if "Changes no" in text}
    assert {option for _, option in idle} == {"--jobs", "--engine"}
    assert sorted({*known} - idle - {*TOLD} - {*ELSEWHERE}) == []
    assert sorted({*TOLD, *ELSEWHERE} - {*known}) == []


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "option"), sorted(TOLD))
def test_an_option_changes_what_comes_of_the_verb(verb: str, option: str, tmp_path: Path) -> None:
    """The exit code, the words or the files are others with it than without."""
    without, given = BASE[verb], f"{BASE[verb]} {TOLD[verb, option]}"
    if option == "--fresh":  # it empties what another experiment left
        without, given = (f"{BASE[verb]} --seed=2 --out=kept && {each} --out=kept" for each in (without, given))
    assert outcome(tmp_path / "without", without) != outcome(tmp_path / "given", given)


@pytest.mark.parametrize("command", REFUSED)
def test_an_option_that_would_do_nothing_is_refused(command: str, tmp_path: Path) -> None:
    """With exit code 2, the option and why; nothing is simulated or written."""
    code, printed, files = outcome(tmp_path / "here", command)
    assert code == 2 and REFUSED[command] in printed
    assert {*files} == {"x.yaml", "y.yaml", "levers/fast.yaml", "moved/x.yaml", "moved/levers/fast.yaml"}
