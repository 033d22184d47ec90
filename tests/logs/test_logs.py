"""Event logs: counts, times and objects are those of the timelines; each format keeps its rules; memory stays flat."""

from __future__ import annotations

import csv
import json
import sqlite3
import weakref
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiment.results import Result
from sim.logs import checks
from sim.logs.activities import activities
from sim.logs.export import FORMATS, check, export
from sim.logs.ocel import parts, schema
from sim.logs.ocel_files import mapped
from sim.logs.tables import harmless

SMALL = (*("windows.warm_up=0 d", "windows.observation=30 d", "windows.follow_up=190 d"), "classes.*.volume=9 /year")


@pytest.fixture(scope="module")
def result() -> Result:
    """A few months of France, twice."""
    return sim.run("france_parallel", sim.Options(replications=2, jobs=1, set_=SMALL))


@pytest.fixture(scope="module")
def tables(result: Result) -> list[pd.DataFrame]:
    """The canonical log of both replications."""
    return list(activities([result]))


@pytest.fixture(scope="module")
def log(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """The same in one table."""
    return pd.concat(tables, ignore_index=True)


def write(to: str, result: Result, tables: Iterable[pd.DataFrame], path: Path) -> int:
    """Write tables in a format."""
    return FORMATS[to].write(tables, [result], path)


def test_the_log_is_the_timelines(result: Result, log: pd.DataFrame) -> None:
    """Every line that became ready and was needed, with its instants, and no other."""
    lines = result.timelines
    lines = lines[lines["ready"].notna() & (lines["outcome"] != "waived")].reset_index(drop=True)
    for ours, theirs in (
        ("enabled", "ready"),
        ("start", "start"),
        ("end", "end"),
        ("trial", "trial"),
        ("round", "round"),
    ):
        assert (log[ours].astype(object).fillna(0) == lines[theirs].astype(object).fillna(0)).all(), ours
    assert log["activity"].is_unique
    first = log[log["replication"] == 0]
    assert result.events(0).astype(str).equals(first.astype(str))


def test_what_a_line_waited_for_last_ended_before_it(log: pd.DataFrame) -> None:
    """Each binding predecessor is a line of the log that ended when the line could begin, or earlier by a lag."""
    ends = log.set_index("activity")["end"]
    bound = log[log["binding_predecessor"] != ""]
    waived = ~bound["binding_predecessor"].isin(ends.index)
    assert (~waived).mean() > 0.8
    before = ends.loc[bound.loc[~waived, "binding_predecessor"]].to_numpy()
    assert (before <= bound.loc[~waived, "enabled"].to_numpy()).all()


def test_kinds_of_wait(log: pd.DataFrame) -> None:
    """The days of the kinds are the wait; its kind is the longest of them; committees sit, officers are off or busy."""
    kinds = log[["off_duty_days", "sitting_days", "overtaken_days", "busy_days"]]
    assert np.allclose(kinds.sum(axis=1, skipna=False), log["wait_days"], equal_nan=True)
    waited = log["wait_days"] > 0
    assert (waited == (log["wait_kind"] != "")).all()
    assert (kinds[waited].idxmax(axis=1) == log.loc[waited, "wait_kind"].astype(str) + "_days").all()
    committees = log["resource"].astype(str).str.startswith("committees")
    assert (log.loc[committees, ["off_duty_days", "overtaken_days"]].fillna(0) == 0).all(axis=None)
    assert log.loc[committees, "sitting_days"].sum() > log.loc[committees, "busy_days"].sum()
    assert (log.loc[~committees, "sitting_days"].fillna(0) == 0).all()


@pytest.mark.parametrize("to", FORMATS)
def test_each_format_keeps_its_rules(tmp_path: Path, result: Result, tables: list[pd.DataFrame], to: str) -> None:
    """What is written passes the checklist of its format."""
    path = tmp_path / f"log{FORMATS[to].suffix}"
    assert write(to, result, tables[:1], path) > 0
    assert [str(each) for each in check(to, path) if not each.kept] == []


def test_counts_and_times_agree_over_formats(
    tmp_path: Path, result: Result, tables: list[pd.DataFrame], log: pd.DataFrame
) -> None:
    """A table has a row for each line, XES an event for each instant, OCEL an event for each line that ended."""
    formats = [to for to in FORMATS if to != "xlsx"]
    counts = {to: write(to, result, tables, tmp_path / f"log{FORMATS[to].suffix}") for to in formats}
    assert export([result], "parquet", tmp_path / "again.parquet", replications=[1]) == len(tables[1])
    instants = int(log[["enabled", "start", "end"]].notna().sum().sum())
    done = int(log["end"].notna().sum())
    assert counts["csv"] == counts["parquet"] == len(log)
    assert counts["xes"] == instants
    assert counts["ocel"] == counts["ocel-json"] == counts["ocel-xml"] == done
    again = pd.read_parquet(tmp_path / "log.parquet")
    assert (again["end"].astype("datetime64[s]").fillna(pd.Timestamp(0)) == log["end"].fillna(pd.Timestamp(0))).all()
    assert (
        pd.read_csv(tmp_path / "log.csv")["work_days"].fillna(-1).round(6) == log["work_days"].fillna(-1).round(6)
    ).all()


def test_the_three_forms_of_ocel_say_the_same(tmp_path: Path, result: Result, tables: list[pd.DataFrame]) -> None:
    """Same events at the same times, same objects, same relations, in SQLite, JSON and XML."""
    for to in ("ocel", "ocel-json", "ocel-xml"):
        write(to, result, tables[1:], tmp_path / f"log{FORMATS[to].suffix}")
    written = json.loads((tmp_path / "log.json").read_text())
    root = ElementTree.parse(tmp_path / "log.xml").getroot()
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as base:
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        events = dict(base.execute("SELECT ocel_id, ocel_type FROM event"))
        pairs = set(base.execute("SELECT * FROM event_object"))
        names = dict(base.execute("SELECT ocel_type, ocel_type_map FROM event_map_type"))
        times = dict(base.execute(f"SELECT ocel_id, ocel_time FROM event_{names['authorised']}"))
    assert events == {each["id"]: each["type"] for each in written["events"]}
    assert events == {each.get("id"): each.get("type") for each in root.findall("events/event")}
    links = {
        (each["id"], link["objectId"], link["qualifier"])
        for each in written["events"]
        for link in each["relationships"]
    }
    assert pairs == links
    in_json = {each["id"]: each["time"] for each in written["events"] if each["type"] == "authorised"}
    assert {own: f"{time}+00:00" for own, time in times.items()} == in_json


def test_objects_and_their_qualifiers(result: Result, tables: list[pd.DataFrame]) -> None:
    """An application belongs to its trial, an agreement to trial and site, a patient to a site; sites have roles."""
    shape = schema([result])
    (part,) = parts(tables[:1], shape)
    kinds = {kind for kind, _ in part.objects.values()}
    assert kinds >= {"trial", "site", "sponsor", "application", "agreement"}
    by_type = {own: kind for own, (kind, _) in part.objects.items()}
    links = {(by_type[source], by_type[target], how) for source, target, how in part.relations}
    assert {
        ("trial", "site", "coordinating"),
        ("agreement", "site", "at site"),
        ("application", "trial", "of trial"),
    } <= links
    assert {own for each in part.events for own, _ in each.objects} == set(part.objects)
    assert all(own.startswith("r000/") for own in part.objects)


def test_vidigi_units_are_never_two_things_at_once(tmp_path: Path, result: Result, tables: list[pd.DataFrame]) -> None:
    """A numbered unit is given out again only after it was handed back, and no pool has more than it has people."""
    write("vidigi", result, tables[:1], tmp_path / "log.csv")
    busy: set[tuple[str, str]] = set()
    resource = {each.task: each.resource for each in tables[0].itertuples()}
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as stream:
        lines = [line for line in csv.DictReader(stream) if line["event_type"].startswith("resource_use")]
    for line in sorted(lines, key=lambda line: (float(line["time"]), line["event_type"] != "resource_use_end")):
        if "[" in str(resource[line["event"]]) or str(resource[line["event"]]) != "assessors":
            continue
        unit = ("assessors", line["resource_id"])
        if line["event_type"] == "resource_use" and line["time"] != "":
            assert unit not in busy
            busy.add(unit)
        else:
            busy.discard(unit)


def test_names_of_tables_are_unique_but_for_case() -> None:
    """Two tasks never share a table, and none takes the name of a table of the format."""
    names = mapped(["object", "map_type", "a_b", "ab", "A_B", "é"])
    lower = [name.lower() for name in names.values()]
    assert len({*lower, "object", "maptype"}) == len(names) + 2
    assert all(name.isalnum() and name.isascii() for name in names.values())


class Counting:
    """Tables of replications, which count how many of them are alive at a time."""

    def __init__(self, whole: pd.DataFrame) -> None:
        self.whole, self.most = whole, 0

    def __iter__(self) -> Iterator[pd.DataFrame]:
        alive: list[weakref.ref[Any]] = []
        for number in range(12):
            each = self.whole.assign(replication=number)
            for name in ("case", "activity"):
                each[name] = each[name].str.replace("r000", f"r{number:03d}")
            alive.append(weakref.ref(each))
            yield each
            del each
            self.most = max(self.most, sum(ref() is not None for ref in alive))


@pytest.mark.parametrize("to", [each for each in FORMATS if each != "xlsx"])
def test_memory_is_flat(result: Result, tables: list[pd.DataFrame], tmp_path: Path, to: str) -> None:
    """However many replications are written, at most two of their tables are alive at a time."""
    counting = Counting(tables[0].head(60))
    write(to, result, counting, tmp_path / "log")
    assert counting.most <= 2


def test_formulas_are_made_harmless() -> None:
    """A text that a spreadsheet would run is written with a quote before it; numbers are left alone."""
    frame = pd.DataFrame({"a": ["=1+1", "@x", "plain", ""], "b": [-1, 2, 3, 4]})
    assert harmless(frame)["a"].tolist() == ["'=1+1", "'@x", "plain", ""]
    assert harmless(frame)["b"].tolist() == [-1, 2, 3, 4]


def test_checklists_can_fail(tmp_path: Path, result: Result, tables: list[pd.DataFrame]) -> None:
    """A database without keys, a log out of order, a use that ends before it begins: each is found."""
    with closing(sqlite3.connect(tmp_path / "bare.sqlite")) as base:
        base.execute("CREATE TABLE event (ocel_id TEXT, ocel_type TEXT)")
        base.execute("CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT)")
        base.execute("INSERT INTO event_map_type VALUES ('a', 'A')")
        base.commit()
    assert sum(each.kept for each in checks.check_sqlite(tmp_path / "bare.sqlite")) < 10
    write("xes", result, tables[:1], tmp_path / "log.xes")
    text = (tmp_path / "log.xes").read_text().replace('value="schedule"', 'value="start"', 1)
    (tmp_path / "log.xes").write_text(text.replace("+00:00", "", 3))
    lost = {each.rule for each in checks.check_xes(tmp_path / "log.xes") if not each.kept}
    assert "every complete has its start, and every start its schedule" in lost
    write("vidigi", result, tables[:1], tmp_path / "v.csv")
    lines = (tmp_path / "v.csv").read_text().splitlines()
    used = next(place for place, line in enumerate(lines) if ",resource_use," in line)
    (tmp_path / "v.csv").write_text("\n".join(lines[:used] + lines[used + 1 :]) + "\n")
    assert [each.rule for each in checks.check_vidigi(tmp_path / "v.csv") if not each.kept] == [
        "no use ends before it begins"
    ]


def test_several_scenarios_keep_their_cases_apart(tmp_path: Path) -> None:
    """With two results the name of the scenario stands before that of the replication."""
    both = [
        sim.run(name, sim.Options(replications=1, jobs=1, set_=SMALL))
        for name in ("france_parallel", "france_sequential")
    ]
    cases = {case.split("/")[0] for each in activities(both) for case in each["case"]}
    assert cases == {"france_parallel", "france_sequential"}
