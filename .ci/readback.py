"""Other programs read our event logs back: a job of its own, for which see `.ci/readback`.

It runs where pm4py and vidigi are installed and this package is not: pm4py is under the AGPL, and nothing of ours
imports it. Everything is compared with the tidy table of the same run, `events.csv`.

Usage: python .ci/readback.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pm4py
from pm4py.objects.ocel.validation import ocel20_rel_validation
from vidigi.logging import EventLogger
from vidigi.prep import reshape_for_animations


def main(folder: Path) -> None:
    """Read every log in the folder, and compare counts and durations; an AssertionError says what differs."""
    table = pd.read_csv(folder / "events.csv", parse_dates=["enabled", "start", "end"])
    _xes(pm4py.read_xes(str(folder / "events.xes")), table)
    done, missed = ocel20_rel_validation.apply(str(folder / "events.sqlite"))
    assert (len(done), missed) == (24, []), missed
    for name, read in (("sqlite", pm4py.read_ocel2_sqlite), ("json", pm4py.read_ocel2_json), ("xml", pm4py.read_ocel2_xml)):
        _ocel(read(str(folder / f"events.{name}")), table)
        print(f"OCEL {name}: the same")
    logger = EventLogger()
    logger.from_csv(pd.read_csv(folder / "events.vidigi.csv"), run_col_name="run_number", pathway_col_name="pathway")
    _vidigi(logger, table)


def _xes(log: pd.DataFrame, table: pd.DataFrame) -> None:
    assert len(log) == table[["enabled", "start", "end"]].notna().sum().sum()
    assert log["case:concept:name"].nunique() == table["case"].nunique()
    at = log.pivot(index="concept:instance", columns="lifecycle:transition", values="time:timestamp")
    took = (at["complete"] - at["start"]).dt.total_seconds() / 60
    ours = ((table["end"] - table["start"]).dt.total_seconds() / 60).set_axis(table["activity"])
    assert (took.reindex(ours.index).fillna(-1) == ours.fillna(-1)).all()
    print(f"XES: {len(log):,} events, {len(at):,} tasks: counts and durations the same, to the minute")


def _ocel(log: object, table: pd.DataFrame) -> None:
    done = table[table["end"].notna()]
    events = log.events.set_index("ocel:eid")  # type: ignore[attr-defined]
    assert len(events) == len(done)
    ends = pd.to_datetime(events["ocel:timestamp"]).dt.tz_localize(None).reindex(done["activity"])
    assert (ends.to_numpy() == done["end"].to_numpy()).all()
    objects = log.objects["ocel:type"].value_counts()  # type: ignore[attr-defined]
    assert objects["trial"] == done["case"].nunique()
    assert objects["site"] == len(done[done["site"].notna()][["replication", "site"]].drop_duplicates())


def _vidigi(log: EventLogger, table: pd.DataFrame) -> None:
    lines = log.to_dataframe()
    counts = lines["event_type"].value_counts()
    used = table[table["resource"].notna() & table["start"].notna()]
    assert counts["queue"] == len(table)
    assert counts["resource_use"] == len(used)
    assert counts["resource_use_end"] == used["end"].notna().sum()
    begun = lines[lines["event_type"] == "resource_use"]["time"].sum()
    ended = lines[lines["event_type"] == "resource_use_end"]["time"].sum()
    still = used[used["end"].isna()]
    origin = table.groupby("replication")["enabled"].transform("min")
    open_since = ((still["start"] - origin[still.index]).dt.total_seconds() / 60).sum()
    worked = ((used["end"] - used["start"]).dt.total_seconds() / 60).sum()
    assert abs((ended - begun + open_since) - worked) < 1
    one = lines[lines["run_number"] == 0]
    shown = reshape_for_animations(one, every_x_time_units=60 * 24 * 10, limit_duration=60 * 24 * 60)
    assert len(shown)
    print(f"vidigi: {len(lines):,} events, the work of people the same")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
