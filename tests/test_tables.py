"""Numbers as lines: CSV, JSON, and what is not a number in each."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from math import inf, nan

import pandas as pd

from sim.analysis.contrasts import Contrast, Verdict
from sim.analysis.estimates import Estimate, Key, Kind, Summary, indicator_key
from sim.experiment.manifest import Manifest
from sim.experiment.tables import CONTRAST_COLUMNS, FILES, INDICATOR_COLUMNS, as_html, contrast_lines, indicator_lines
from sim.experiment.tables import document as document_of
from sim.tables import FRENCH, PLAIN, as_csv, from_csv

MEDIAN = Estimate(indicator_key("readiness_time", "median"), inf, nan, nan, 10, 6, 1, 0, "days")
SHARE = Estimate(indicator_key("readiness_time", "share_within_goal"), 0.25, 0.2, 0.3, 10, 6, 1, 0, "share")
POOL = Estimate(Key(Kind.WAIT, "office", "pool", "mean"), 1.5, 1.0, 2.0, 40, 0, 0, 0, "days")
LAST = Estimate(Key(Kind.BINDING, "contract_executed", "trial", "share"), 0.6, 0.5, 0.7, 10, 0, 0, 0, "share")
SPENT = Estimate(Key(Kind.SPENT, "contract_sent", "trial", "wait"), 3.0, 2.0, 4.0, 10, 0, 0, 0, "days")


@dataclass(frozen=True)
class Estimated:
    """A result that is only its estimates."""

    name: str
    estimates: tuple[Estimate, ...]

    @property
    def summary(self) -> Summary:
        """Of one replication."""
        found = {each.key: each for each in self.estimates}
        summary = Summary((0,), {}, {}, {}, (), "")
        summary.__dict__["estimates"] = found
        return summary


NOW = Estimated("now", (MEDIAN, SHARE, POOL, LAST, SPENT))
THEN = Estimated("then", (SHARE,))


def test_lines_are_split_by_what_they_are_about() -> None:
    """Each estimate lands in exactly one table."""
    names = {file: [line["name"] for line in indicator_lines([NOW], kinds)] for file, kinds in FILES.items()}
    assert sorted(kind for kinds in FILES.values() for kind in kinds) == sorted(Kind)
    assert names == {
        "indicators": ["readiness_time"] * 2,
        "pools": ["wait_time[office]"],
        "binding": ["binding_share[contract_executed]"],
        "days_spent": ["days_spent[contract_sent]"],
    }


def test_csv_is_read_back_by_pandas() -> None:
    """Not reached is infinite, nothing to say is missing, and the columns have their names."""
    table = pd.read_csv(io.StringIO(as_csv(indicator_lines([NOW, THEN]), INDICATOR_COLUMNS)))
    assert list(table.scenario) == ["now"] * 5 + ["then"]
    assert table.value.tolist() == [inf, 0.25, 1.5, 0.6, 3.0, 0.25]
    assert table.low.isna().tolist() == [True] + [False] * 5
    assert list(table.columns) == [
        "scenario",
        "name",
        "level",
        "statistic",
        "value",
        "low",
        "high",
        "trials",
        "not_yet",
        "never",
        "not_needed",
        "unit",
    ]


def test_csv_of_nothing_has_its_header() -> None:
    """A run of one scenario has no contrasts: a table without lines, which every reader can read."""
    table = pd.read_csv(io.StringIO(as_csv([], CONTRAST_COLUMNS)))
    assert len(table) == 0
    assert list(table.columns)[:2] == ["scenario", "reference"]


def test_json_has_null_where_there_is_no_number() -> None:
    """Neither NaN nor Infinity is JSON: both are null, and `not_yet` tells why."""
    difference = Contrast(indicator_key("readiness_time", "median"), nan, nan, nan, "days", Verdict.UNKNOWN)
    manifest = Manifest({"python": "3.11"}, "simpy", 1, 2, ())
    text = document_of(manifest, indicator_lines([NOW]), contrast_lines("now", [(THEN, {difference.key: difference})]))
    document = json.loads(text)
    assert document["indicators"][0] | {"value": None, "low": None, "not_yet": 6} == document["indicators"][0]
    assert (
        document["contrasts"][0] | {"value": None, "verdict": "unknown", "reference": "now", "scenario": "then"}
        == document["contrasts"][0]
    )
    assert document["manifest"] == {
        "versions": {"python": "3.11"},
        "engine": "simpy",
        "seed": 1,
        "replications": 2,
        "scenarios": [],
    }


def test_html_shows_scenarios_side_by_side() -> None:
    """One column per scenario, values with their interval; pools and shares of causes stay out."""
    html = as_html([NOW, THEN])
    assert html.count("0.25 [0.2, 0.3]") == 2
    assert "office" not in html


def test_text_that_a_spreadsheet_would_compute_is_marked_as_text() -> None:
    """A title of somebody else's file starts no program; numbers stay numbers."""
    cells = ["=1+1", "@SUM(A1)", "-1+cmd|' /C calc'!A0", "+33", "-5 d", "a=b"]
    assert (
        as_csv([{"x": each} for each in cells], ["x"]) == "x\n'=1+1\n'@SUM(A1)\n'-1+cmd|' /C calc'!A0\n+33\n-5 d\na=b\n"
    )


def test_french_excel_opens_a_table_as_it_is_meant() -> None:
    """A mark first, semicolons between cells, commas in numbers; what is text stays text, and all is read back."""
    lines = [{"name": "a, b; c", "value": 0.5, "n": 3, "none": nan, "never": inf, "formula": "=1+1", "tiny": 1e-7}]
    text = as_csv(lines, lines[0], FRENCH)
    assert text == '\ufeffname;value;n;none;never;formula;tiny\n"a, b; c";0,5;3;;inf;\'=1+1;1e-07\n'
    assert from_csv(text) == from_csv(as_csv(lines, lines[0], PLAIN))


def test_what_is_like_a_decimal_in_a_plain_table_stays() -> None:
    """A pair of numbers is not made one."""
    assert from_csv('pair\n"1,5"\n') == [{"pair": "1,5"}]
