"""Reading scenario files: every mistake at its place, files that extend others, and `--set`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.loading import load, read

START = """\
title: {en: Test, fr: Essai}
origin: 2025-01-01
windows: {warm_up: 0 d, observation: 30 d, follow_up: 30 d}
classes:
  - {name: early, volume: 120 /year, attributes: {phase: early, gmo: 5 %}}
"""
SITES = """\
site_types:
  large: {people: {officers: 2}, attributes: {pioneer: true}}
sites:
  - {name: lyon, type: large}
  - {name: lille, type: large}
pools:
  officers: {per: site, clock: office}
  desk: {units: 1}
clocks:
  office: {kind: working, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"], holidays: FR}
"""
TASKS = """\
tasks:
  - {name: draft, work: {median: 3 wd, p90: 9 wd, source: X-1}, pool: desk, clock: office}
  - {name: review, starts: draft, work: exactly 5 d, rounds: {mean: 1.4}}
"""
WHOLE = START + SITES + TASKS


def write(folder: Path, **files: str) -> Path:
    """Writes NAME.yaml for each keyword; the path of the first."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / f"{next(iter(files))}.yaml"


def mistakes(file: Path, *set_: str) -> list[str]:
    """The lines that reading the file gives, without the folder."""
    with pytest.raises(ScenarioError) as caught:
        load(file, set_=set_)
    return str(caught.value).replace(f"{file.parent}/", "").split("\n")


BROKEN = {
    "misspelt key": (
        START + "tasks:\n  - {name: a, pol: desk}\n",
        "x.yaml:7:15: tasks.a.pol: unknown key; did you mean 'pool'?",
    ),
    "a misspelt key of a record that is written below its owner": (
        WHOLE.replace("kind: working", "kind: working, stops: [{from: 08-01, too: 08-15}]"),
        "x.yaml:15:49: clocks.office.stops[0].too: unknown key; did you mean 'to'?",
    ),
    "a key that is no date": (
        WHOLE.replace("{units: 1}", "{units: {2025: 1}}"),
        "x.yaml:13:18: pools.desk.units.2025: must be a date such as 2026-01-31, got 2025",
    ),
    "a condition that nothing can meet": (
        WHOLE.replace("work: exactly 5 d", "only: {phase: []}"),
        "x.yaml:18:49: tasks.review.only.phase: must name at least one value, got an empty list",
    ),
    "too small a number": (
        START + "tasks:\n  - {name: a, rounds: {mean: 0.4}}\n",
        "x.yaml:7:30: tasks.a.rounds.mean: must be at least 1, got 0.4",
    ),
    "no unit": (
        START + "tasks:\n  - {name: a, limit: {within: 10, then: tacit}}\n",
        "x.yaml:7:31: tasks.a.limit.within: needs a unit (such as '10 d' calendar, '10 wd' working, '2 h'), got 10",
    ),
    "wrong unit": (
        START + "tasks:\n  - {name: a, work: exactly 5 days}\n",
        "x.yaml:7:21: tasks.a.work: has an unknown unit 'days', got '5 days'; "
        "write '5 d' (calendar) or '5 wd' (working)",
    ),
    "a bare share": (
        START + "tasks:\n  - {name: a, share: 0.2}\n",
        "x.yaml:7:22: tasks.a.share: needs a unit (such as '15 %'), got 0.2",
    ),
    "a share as an attribute without a unit": (
        START.replace("5 %", "0.05"),
        "x.yaml:5:70: classes.early.attributes.gmo: must be a word, true, false or a whole number, got 0.05",
    ),
    "a duration that does not say how it spreads": (
        START + "tasks:\n  - {name: a, work: 5 d}\n",
        "x.yaml:7:21: tasks.a.work: must say how it spreads, got '5 d'; write 'exactly 5 d', {median: ..., p90: ...} "
        "or {low: ..., mode: ..., high: ...}",
    ),
    "quantiles out of order": (
        START + "tasks:\n  - {name: a, work: {median: 33 d, p90: 20 d}}\n",
        "x.yaml:7:21: tasks.a.work: median must be less than p90, got 33 d and 20 d",
    ),
    "a missing key": (
        START.replace("follow_up", "folow_up"),
        "x.yaml:3:10: windows.follow_up: required key is missing; add it (After the observation; measured trials are "
        "still followed)",
    ),
    "a key given twice": (
        START + "origin: 2026-01-01\n",
        "x.yaml:6:1: origin: key given twice, first in line 2; delete one of them",
    ),
    "a name given twice": (
        START + "tasks:\n  - {name: a}\n  - {name: a}\n",
        "x.yaml:8:5: tasks.a: name given twice, first in line 7; rename or delete one of them",
    ),
    "a date that does not exist": (
        START.replace("2025-01-01", "2025-02-30"),
        "x.yaml:2:9: origin: must be a date such as 2026-01-31, got '2025-02-30'",
    ),
    "yes is a word": (
        START + "tasks:\n  - {name: a, closes_trial: yes}\n",
        "x.yaml:7:29: tasks.a.closes_trial: must be true or false, got 'yes'",
    ),
    "a word that is not one of the choices": (
        START + "tasks:\n  - {name: a, scope: sites}\n",
        "x.yaml:7:22: tasks.a.scope: must be 'trial' or 'site', got 'sites'; did you mean 'site'?",
    ),
    "something else than a mapping": (
        START + "goal: soon\n",
        "x.yaml:6:7: goal: must be a mapping of source, assumption, sampling, note, from, to, within, counted, "
        "clock, inclusion, scope, prerequisites, got 'soon'",
    ),
    "an empty list": (
        START.split("classes")[0] + "classes: []\n",
        "x.yaml:4:10: classes: must have at least 1, got an empty list",
    ),
    "a reversed range": (
        START + "assumption: {range: [3, 1], why: x}\n",
        "x.yaml:6:21: assumption.range: must run from the lowest to the highest value, got 3 to 1",
    ),
    "a range without numbers": (
        START + "assumption: {range: [9 d, banana], why: x}\n",
        "x.yaml:6:21: assumption.range: must be two numbers of one unit, two factors such as x0.5 and x2, or fixed, "
        "got 9 d to banana",
    ),
    "a range in two kinds": (
        START + "assumption: {range: [1 d, 3 %], why: x}\n",
        "x.yaml:6:21: assumption.range: must be two numbers of one unit, two factors such as x0.5 and x2, or fixed, "
        "got 1 d to 3 %",
    ),
    "a title with an escape": (
        START.replace("en: Test", 'en: "a\\eb"'),
        "x.yaml:1:13: title.en: must not contain control characters, got '\\x1b'; delete it",
    ),
    "a title that turns the line": (
        START.replace("en: Test", "en: a\u202eb"),
        "x.yaml:1:13: title.en: must not contain control characters, got '\\u202e'; delete it",
    ),
    "a title on two lines": (
        START.replace("en: Test", 'en: "a\\nb"'),
        "x.yaml:1:13: title.en: must be one line of text, got 'a\\nb'",
    ),
    "an unknown event": (
        START + "tasks:\n  - {name: a}\n  - {name: b, starts: [aa + 3 d]}\n",
        "x.yaml:8:24: tasks.b.starts[0]: there is no event 'aa'; did you mean 'a'?",
    ),
    "an event of a stage that is not there": (
        START + "tasks:\n  - {name: a, starts: authorised}\n",
        "x.yaml:7:23: tasks.a.starts: there is no event 'authorised' without the stage 'authorisation'; add the stage, "
        "or wait for another event",
    ),
    "tasks that wait for each other": (
        START + "tasks:\n  - {name: a, starts: c}\n  - {name: b, starts: a}\n  - {name: c, starts: b}\n",
        "x.yaml:7:23: tasks.a.starts: tasks wait for each other: a -> b -> c -> a; drop one start rule",
    ),
    "an unknown pool": (
        WHOLE.replace("pool: desk", "pool: desc"),
        "x.yaml:17:71: tasks.draft.pool: there is no pool 'desc'; did you mean 'desk'?",
    ),
    "an unknown clock": (
        WHOLE.replace("per: site, clock: office", "per: site, clock: ofice"),
        "x.yaml:12:32: pools.officers.clock: there is no clock 'ofice'; did you mean 'office'?",
    ),
    "a day in French": (
        WHOLE.replace("days: [mon,", "days: [lundi,"),
        "x.yaml:15:34: clocks.office.days[0]: must be a day such as 'mon', got 'lundi'; write 'mon'",
    ),
    "an unknown country": (
        WHOLE.replace("holidays: FR", "holidays: FX"),
        "x.yaml:15:97: clocks.office.holidays: must be one of holidays.yaml, got 'FX'; known: FR, ES, DE, DK, BE, "
        "other countries of the Python package holidays, and regions such as FR-57",
    ),
    "a pool without people": (
        WHOLE.replace("people: {officers: 2}, ", ""),
        "x.yaml:12:13: pools.officers: must have people or sittings, got neither; add it to the people of a site type",
    ),
    "people of a pool that is not there": (
        WHOLE.replace("{officers: 2}", "{officers: 2, offices: 1}"),
        "x.yaml:7:33: site_types.large.people.offices: there is no pool 'offices' per site; did you mean 'officers'?",
    ),
    "an unknown site type": (
        WHOLE.replace("lille, type: large", "lille, type: big"),
        "x.yaml:10:25: sites.lille.type: there is no site type 'big'; known: large",
    ),
    "an unknown attribute": (
        START + "tasks:\n  - {name: a, only: {phases: early}}\n",
        "x.yaml:7:22: tasks.a.only.phases: there is no attribute 'phases'; did you mean 'phase'?",
    ),
    "a value that no trial has": (
        START + "tasks:\n  - {name: a, only: {phase: erly}}\n",
        "x.yaml:7:29: tasks.a.only.phase: no trial or site has the value 'erly'; did you mean 'early'?",
    ),
    "more sites than there are": (
        WHOLE.replace("volume: 120 /year", "volume: 120 /year, sites: {shares: {1: 50 %, 5: 50 %}}"),
        "x.yaml:5:45: classes.early.sites: must be at most the 2 sites that the class may choose, got 5",
    ),
    "shares that do not add up": (
        START.replace("120 /year", "120 /year, sponsors: {firm: 70 %, lab: 20 %}")
        + "sponsor_types: {firm: {}, lab: {}}\n",
        "x.yaml:5:48: classes.early.sponsors: must add up to 100 %, got 90 %",
    ),
    "a key that is no word": (START + "goal: {1: a}\n", "x.yaml:6:8: goal.1: a key must be a word, got 1"),
    "a working clock without hours": (
        WHOLE.replace(', hours: ["09:00", "17:00"]', ""),
        "x.yaml:15:11: clocks.office: a working clock needs hours, such as ['09:00', '17:00']; got none",
    ),
    "hours without a closing": (
        WHOLE.replace('hours: ["09:00", "17:00"]', 'hours: ["09:00", "12:00", "13:00"]'),
        "x.yaml:15:11: clocks.office: hours must be pairs of opening and closing, got 3 of them",
    ),
    "an absence that ends before it begins": (
        WHOLE.replace("{units: 1}", "{units: 1, absences: [{from: 2025-03-02, to: 2025-03-01, units: 1}]}"),
        "x.yaml:13:31: pools.desk.absences[0]: must begin before it ends, got 2025-03-02 to 2025-03-01",
    ),
    "a source of people that is none": (
        WHOLE.replace("{officers: 2}", "{officers: 2, source: 5}"),
        "x.yaml:7:41: site_types.large.people.source: must be an id of the register or a list of ids, got 5",
    ),
    "an assumption about people with a misspelt key": (
        WHOLE.replace("{officers: 2}", "{officers: 2, assumption: {rnge: [1, 3], why: x}}"),
        "x.yaml:7:46: site_types.large.people.assumption.rnge: unknown key; did you mean 'range'?",
    ),
    "a task with the name of an event": (
        START + "tasks:\n  - {name: arrived}\n",
        "x.yaml:7:12: tasks.arrived.name: there is another event 'arrived'; rename this one",
    ),
    "an arrival before the origin": (
        START.replace("volume: 120 /year", "dates: [2024-12-31]"),
        "x.yaml:5:26: classes.early.dates: must not be before the origin 2025-01-01, got 2024-12-31",
    ),
    "no arrivals": (
        START.replace("volume: 120 /year, ", ""),
        "x.yaml:5:5: classes.early: needs one of volume, volume_by_date or dates; got none of them",
    ),
    "half a character": (
        'note: "\\ud800"\n',
        "x.yaml:1:10: is not YAML here: found invalid Unicode character escape code",
    ),
    "too many values": ("note: [" + "1," * 100_000 + "]\n", "x.yaml:1:20004: must have at most 10000 values, got more"),
    "tabs": ("\ttitle: x\n", "x.yaml:1:1: is not YAML here: found character that cannot start any token"),
    "an open bracket": ("title: [a\n", "x.yaml:2:1: is not YAML here: did not find expected ',' or ']'"),
    "an empty file": ("", "x.yaml:1:1: file is empty; a scenario begins with 'title:'"),
    "a list": ("- a\n", "x.yaml:1:1: must be a mapping such as 'title: ...', got a list"),
    "a NUL byte": ("title: \0\n", "x.yaml:1:8: must be printable text, got character '\\x00'; delete it"),
    "a tag": (
        START + "note: !!python/name:os.system x\n",
        "x.yaml:6:7: note: YAML tags are not allowed, got 'tag:yaml.org,2002:python/name:os.system'; delete the tag",
    ),
    "an alias": (
        START + "note: &a x\nquestion: *a\n",
        "x.yaml:7:11: question: aliases are not allowed, got '*a'; write the value out, or use extends",
    ),
    "two documents": (START + "---\na: 1\n", "x.yaml:6:1: a second document begins here; keep one scenario in a file"),
    "too deep": ("[" * 50, "x.yaml:1:42: must be nested at most 40 deep, got 41"),
    "nothing to extend": (
        "extends: frnace\n",
        "x.yaml:1:10: extends: no such file or shipped scenario, got 'frnace'; did you mean 'france'?",
    ),
    "extends what is no scenario": (
        "extends: /etc/passwd\n",
        "x.yaml:1:10: extends: must be a scenario file, NAME.yaml, got '/etc/passwd'",
    ),
    "extends itself": ("extends: x.yaml\n", "x.yaml:1:10: extends: must not lead back to this file, got 'x.yaml'"),
    "an unknown lever": (
        START + "levers: [parallel_contractin]\n",
        "x.yaml:6:10: levers: no such lever, got 'parallel_contractin'; did you mean 'parallel_contracting'?",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_the_message_that_a_user_needs(name: str, tmp_path: Path) -> None:
    """Each kind of mistake is named at its place, with the rule, what was received, and the remedy."""
    text, expected = BROKEN[name]
    assert expected in mistakes(write(tmp_path, x=text))


def test_the_unbroken_file_loads(tmp_path: Path) -> None:
    """The text that the broken ones are made from is right."""
    scenario = load(write(tmp_path, x=WHOLE))
    assert [task.name for task in scenario.tasks] == ["draft", "review"]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """One reading of a file with four mistakes of four kinds gives four lines."""
    text = START.replace("fr: Essai", "fr: 3") + "origin: 2026-01-01\ntasks:\n  - {name: A, work: 5 d, pol: x}\n"
    lines = mistakes(write(tmp_path, x=text))
    assert [line.split(": ")[:2] for line in lines] == [
        ["x.yaml:1:23", "title.fr"],
        ["x.yaml:6:1", "origin"],
        ["x.yaml:8:12", "tasks.A.name"],
        ["x.yaml:8:21", "tasks.A.work"],
        ["x.yaml:8:26", "tasks.A.pol"],
    ]


def test_wrong_names_are_told_beside_wrong_words(tmp_path: Path) -> None:
    """A unit that is missing hides no misspelt pool; a name in a part that is wrong is not called unknown."""
    text = WHOLE.replace("pool: desk", "pool: desc").replace("exactly 5 d", "5 d")
    lines = mistakes(write(tmp_path, x=text.replace("{units: 1}", "{units: many}")))
    assert [line.split(": ")[1] for line in lines] == ["pools.desk.units", "tasks.draft.pool", "tasks.review.work"]
    nobody = WHOLE.replace("{name: draft, work: {median: 3 wd, p90: 9 wd, source: X-1}", "{name: draft, work: 3 wd")
    assert [line.split(": ")[1] for line in mistakes(write(tmp_path, x=nobody))] == ["tasks.draft.work"]


def test_a_stage_with_a_mistake_is_there(tmp_path: Path) -> None:
    """What waits for an event of a stage is not wrong because something else in that stage is."""
    change = "extends: france\ncontracting: {starts: authorised - -5 d}\n"
    assert mistakes(write(tmp_path, x=change)) == ["x.yaml:2:23: contracting.starts: must not be negative, got '-5 d'"]


def test_invalid_utf8_is_placed(tmp_path: Path) -> None:
    """A byte that is not UTF-8 is told by its line and column."""
    file = tmp_path / "x.yaml"
    file.write_bytes(b"title: x\nnote: caf\xe9\n")
    assert mistakes(file) == ["x.yaml:2:10: must be UTF-8 text, got byte 0xe9; save the file as UTF-8"]


def test_a_file_of_half_a_million_bytes_is_refused(tmp_path: Path) -> None:
    """Nobody waits for a file that cannot be a scenario."""
    assert mistakes(write(tmp_path, x="# " + "x" * 500_000)) == [
        "x.yaml:1:1: file is too large: at most 400000 bytes, got 400001"
    ]


def test_marks_and_line_ends_of_other_systems_change_no_place(tmp_path: Path) -> None:
    """A byte order mark and CR LF are read over."""
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("pool: desk", "pool: desc").replace("\n", "\r\n").encode())
    assert mistakes(file) == ["x.yaml:17:71: tasks.draft.pool: there is no pool 'desc'; did you mean 'desk'?"]


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    """A name that is neither a file nor shipped gives one line."""
    with pytest.raises(ScenarioError, match=r"no such file or shipped scenario, got 'frence'; did you mean 'france'\?"):
        load("frence")


def test_extending_merges_mappings_and_named_items_and_replaces_the_rest(tmp_path: Path) -> None:
    """An override keeps its neighbours; a list without names is replaced as a whole."""
    change = """\
extends: base.yaml
pools: {desk: {units: 7}}
tasks:
  - {name: review, starts: [draft, arrived], rounds: exactly 2}
  - {name: archive, starts: review, work: exactly 1 d, pool: desk, rounds: exactly 1}
"""
    scenario = load(write(tmp_path, x=change, base=WHOLE))
    assert scenario.pools["desk"].units == 7
    assert scenario.pools["officers"].clock == "office"
    draft, review, archive = scenario.tasks
    assert str(draft.work.median) == "3 wd"
    assert [str(rule) for rule in review.starts] == ["draft", "arrived"]
    assert str(review.work.exactly) == "5 d"
    assert archive.name == "archive"


def test_a_changed_quantile_keeps_the_other_and_another_form_replaces_the_duration(tmp_path: Path) -> None:
    """{median} on {median, p90} changes the median; {low, mode, high} leaves no median behind."""

    def work_of_draft(change: str) -> dict[str, str]:
        file = write(tmp_path, x=f"extends: base.yaml\ntasks: [{{name: draft, work: {change}}}]\n", base=WHOLE)
        return load(file).tasks[0].work.model_dump(mode="json", exclude_none=True)

    assert work_of_draft("{median: 4 wd}") == {"median": "4 wd", "p90": "9 wd", "source": "X-1"}
    assert work_of_draft("{low: 1 d, mode: 2 d, high: 3 d}") == {"low": "1 d", "mode": "2 d", "high": "3 d"}
    assert work_of_draft("exactly 5 d") == {"exactly": "5 d"}


def test_a_mistake_in_the_base_is_placed_in_the_base(tmp_path: Path) -> None:
    """Who extends a broken file is sent to that file, and to the own one for the own mistakes."""
    file = write(tmp_path, x="extends: base\npools: {desk: {unit: 1}}\n", base=WHOLE.replace("exactly 5 d", "5 d"))
    assert [line.split(": ")[0] for line in mistakes(file)] == ["base.yaml:18:41", "x.yaml:2:16"]


OVERRIDES_OF_NOTHING = {
    "tasks: [{name: reviw, rounds: exactly 2}]": (
        "x.yaml:2:9: tasks.reviw: there is no 'reviw' to change; did you mean 'review'? "
        "(a new one must give starts, work)"
    ),
    "sites: [{name: lilles, people: {officers: 3}}]": (
        "x.yaml:2:9: sites.lilles: there is no 'lilles' to change; did you mean 'lille'? (a new one must give type)"
    ),
    "pools: {dsk: {units: 3}}": (
        "x.yaml:2:9: pools.dsk: there is no pool 'dsk' to change, and nothing uses a new one; did you mean 'desk'?"
    ),
    "clocks: {ofice: {kind: working, days: [mon], hours: ['09:00', '12:00']}}": (
        "x.yaml:2:10: clocks.ofice: there is no clock 'ofice' to change, and nothing uses a new one; "
        "did you mean 'office'?"
    ),
    "classes: [{name: early, attributes: {gmoo: 2 %}}]": (
        "x.yaml:2:38: classes.early.attributes.gmoo: there is no attribute 'gmoo' to change, "
        "and no condition asks for a new one; did you mean 'gmo'?"
    ),
    "contractin: {}": "x.yaml:2:1: contractin: unknown key; did you mean 'contracting'?",
}


@pytest.mark.parametrize("change", OVERRIDES_OF_NOTHING)
def test_an_override_of_something_that_does_not_exist_is_an_error(change: str, tmp_path: Path) -> None:
    """A misspelt name in a file that extends another never adds something silently."""
    file = write(tmp_path, x=f"extends: base.yaml\n{change}\n", base=WHOLE)
    assert mistakes(file) == [OVERRIDES_OF_NOTHING[change]]


def test_a_new_pool_that_is_used_may_be_added(tmp_path: Path) -> None:
    """An addition is told from a slip by being used."""
    change = "extends: base.yaml\npools: {night: {units: 3}}\ntasks: [{name: review, pool: night}]\n"
    assert load(write(tmp_path, x=change, base=WHOLE)).pools["night"].units == 3


def test_a_name_that_no_file_can_have_is_no_file(tmp_path: Path) -> None:
    """A name too long for the system is refused like any other that is not there."""
    (said,) = mistakes(write(tmp_path, x=f"extends: {'é' * 300}\n"))
    assert said.startswith("x.yaml:1:10: extends: no such file or shipped scenario, got 'ééé")


def test_a_long_chain_and_a_loop_of_extends_are_refused(tmp_path: Path) -> None:
    """Neither a loop over two files nor a chain without end is followed."""
    loop = write(tmp_path, a="extends: b.yaml\n", b="extends: a.yaml\n")
    assert mistakes(loop) == ["b.yaml:1:10: extends: must not lead back to this file, got 'a.yaml'"]
    chain = write(tmp_path, **{f"c{number}": f"extends: c{number + 1}.yaml\n" for number in range(12)}, c12=WHOLE)
    assert mistakes(chain) == ["c10.yaml:1:10: extends: must lead over at most 10 files, got more"]


def test_set_reaches_a_share_by_its_number(tmp_path: Path) -> None:
    """A key that is a number in the file is one in the path too."""
    file = write(tmp_path, x=WHOLE.replace("rounds: {mean: 1.4}", "rounds: {shares: {1: 100 %, 2: 0 %}}"))
    scenario = load(file, set_=["tasks.review.rounds.shares.1=40 %", "tasks.review.rounds.shares.2=60 %"])
    assert scenario.tasks[1].rounds.shares == {1: 0.4, 2: 0.6}


def test_set_changes_one_value(tmp_path: Path) -> None:
    """Paths go through keys and names; the value is YAML."""
    file = write(tmp_path, x=WHOLE)
    scenario = load(
        file, set_=["classes.early.volume=240 /year", "tasks.review.starts=[draft, arrived]", "sites[1].weight=2"]
    )
    assert scenario.classes[0].volume == 240
    assert len(scenario.tasks[1].starts or ()) == 2
    assert scenario.sites[1].weight == 2


WRONG_SETTINGS = {
    "clases.early.volume=1 /year": "--set: clases: unknown key; did you mean 'classes'?",
    "classes.erly.volume=1 /year": "--set: classes: there is no item 'erly'; did you mean 'early'?",
    "classes.early.volum=1 /year": "--set: classes.early.volum: unknown key; did you mean 'volume'?",
    "classes.early.volume=1": "--set: classes.early.volume: needs a unit (such as '200 /year'), got 1",
    "origin.year=2": "--set: origin: has no parts, got 2025-01-01; set it as a whole",
    "pools.dsk.units=3": (
        "--set: pools.dsk: there is no pool 'dsk' to change, and nothing uses a new one; did you mean 'desk'?"
    ),
    "extends=y": "--set: extends: cannot be set; name another file",
    "volume": "--set: must be path=value such as contracting.starts=authorised, got 'volume'",
    "origin=[": "--set: origin: is not YAML here: did not find expected node content",
}


@pytest.mark.parametrize("setting", WRONG_SETTINGS)
def test_a_wrong_setting_says_what_would_be_right(setting: str, tmp_path: Path) -> None:
    """Mistakes of --set name the setting and the nearest right name."""
    assert mistakes(write(tmp_path, x=WHOLE), setting) == [WRONG_SETTINGS[setting]]


def test_every_value_knows_the_file_and_line_that_it_came_from(tmp_path: Path) -> None:
    """After a merge an overridden value has the place of the override, its neighbour that of the base."""
    tree = read(
        write(tmp_path, x="extends: base.yaml\ntasks: [{name: draft, work: {median: 4 wd}}]\n", base=WHOLE)
    ).tree
    median, p90 = (tree.walk("tasks", "draft", "work", part)[0].place for part in ("median", "p90"))
    assert (Path(median.file).name, median.line, median.column) == ("x.yaml", 2, 38)
    assert (Path(p90.file).name, p90.line) == ("base.yaml", 17)


def test_reading_imports_nothing_heavy(tmp_path: Path) -> None:
    """Validation answers at once because it does without the libraries of the simulation."""
    program = (
        "import sys; from sim.scenario.loading import load; load(sys.argv[1]);"
        "print([m for m in ('numpy', 'pandas', 'scipy', 'matplotlib', 'simpy', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(write(tmp_path, x=WHOLE))], capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr


PIECES = st.sampled_from(
    [
        *":-[]{},&*!|>'\"#%@?\n \t",
        "title",
        "extends",
        "x.yaml",
        "classes",
        "- ",
        ": ",
        "  ",
        "\x85",
        "é",
        "1",
        "2025-01-01",
        "exactly",
        "<<",
        "name",
        "~",
        "\ufeff",
        "---",
        "...",
        "\\U99999999",
        "tasks",
        "levers",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(lambda parts: WHOLE + "".join(parts))))
@example('"\\U00200000"')
@example('"\\UFFFFFFFF"')
def test_any_text_loads_or_is_refused_with_places(text: str) -> None:
    """No text makes reading fail in any other way than with mistakes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.yaml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            load(file)
            return
        except ScenarioError as mistaken:
            error = mistaken
    assert error.mistakes
    assert str(error).encode("utf-8").count(b"\n") == len(error.mistakes) - 1


@given(st.binary())
def test_any_bytes_load_or_are_refused_with_places(content: bytes) -> None:
    """The same for bytes that are not text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.yaml"
        file.write_bytes(content)
        with pytest.raises(ScenarioError):
            load(file)
