"""The law of the language: whatever is written changes what is simulated or measured, or is refused, or is a label.

Every leaf of a scenario that uses everything is given other values, and every key that its records do not state is
given some. For each, at least one value that is accepted must show in the rows, the people or the numbers.
"""

from __future__ import annotations

import copy
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.indicators import measure
from sim.engine.simpy_engine import simulate
from sim.model.network import NONE
from sim.model.plan import Plan
from sim.scenario.checks.references import records
from sim.scenario.language.mistakes import ScenarioError
from sim.scenario.language.tree import parse
from sim.scenario.loading import load
from sim.scenario.schema import Scenario, Step, Variant
from sim.scenario.shape import keys_of

EVERYTHING = Path(__file__).parent / "every_feature.yaml"
REPLICATIONS = 1

LABELS = {"title", "question", "group", "source", "assumption", "note", "sampling", "why", "en", "fr", "range"}
"""Keys that only say something about a scenario."""

FOR_GROUPS = {
    ("classes", 2, "sponsors"),
    *(("indicators", number, "only_after") for number in (0, 1)),
    ("classes", 1, "attributes", "phase"),
}
"""What nobody here asks for: a sponsor who signs nothing, a phase, and that no day before the event counts."""

Where = tuple[Any, ...]


@cache
def written() -> dict[str, Any]:
    """The scenario that uses everything, as plain values."""
    plain: dict[str, Any] = parse(EVERYTHING.read_bytes(), EVERYTHING.name, []).plain()
    return plain


def scenario_of(tree: dict[str, Any]) -> Scenario:
    """The scenario that a file with these values gives."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.yaml"
        file.write_text(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return load(file)


def leaves(value: Any, path: Where = ()) -> Iterator[tuple[Where, Any]]:
    """Every scalar that is written, with its path."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inside is None:
        yield path, value
    for key, below in inside or ():
        yield from leaves(below, (*path, key))


WORDS = tuple(
    sorted(
        {value for _, value in leaves(written()) if isinstance(value, str) and re.fullmatch("[a-z_]+", value)}
        | {"consent", "eligibility", "first_dose", "ready", "due", "calendar", "tacit", "lapse", "decide", "overrun"}
        | {
            "week",
            "month",
            "even",
            "poisson",
            "sat",
            "gamma",
            "normal",
            "pert",
            "uniform",
            "country",
            "site",
            "sponsor",
        }
    )
)
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def others(value: Any) -> list[Any]:
    """Other values of the kind of a value."""
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [each for each in (value + 1, value * 10 + 5, 0, max(value - 1, 1), -value) if each != value]
        case date():
            return [value + timedelta(days) for days in (10, -10, 60, 150)]
        case str() if re.fullmatch(r"\d\d-\d\d", value):
            return ["03-03", "12-30", "02-10", "06-01"]
        case str() if re.fullmatch(r"\d\d:\d\d", value):
            return [each for each in ("08:00", "12:00", "18:30", "23:00", "09:15", "14:45") if each != value]
        case str() if number := NUMBER.search(value):
            x, before, after = float(number[0]), value[: number.start()], value[number.end() :]
            return [f"{before}{y:g}{after}" for y in (x + 1, x * 3 + 2, x * 10, 0, x / 2, 3)]
    return [word for word in WORDS if word != value][::4]


STARTS = ["arrived", "authorised + 40 d", "first site_activated"]
SEASON = {"from": "02-01", "to": "11-30"}
WORK = ["exactly 50 d", "exactly 9 wd", {"median": "30 d", "p90": "90 d"}]
ADDED: dict[str, list[Any]] = {
    "starts": STARTS,
    "work": WORK,
    "pool": ["assessors", "officers", "lawyers", "slots", "committees"],
    "clock": ["working", "statutory", "labs"],
    "limit": [{"within": "1 d", "then": then} for then in ("decide", "lapse", "tacit")],
    "share": ["40 %"],
    "only": [{"phase": "late"}, {"atmp": True}, {"pioneer": True}],
    "priority": [-9, 9],
    "variants": [
        [{"when": {}, "work": "exactly 50 d"}],
        [{"when": {}, "share": "10 %"}],
        [{"when": {}, "known": {"share": "90 %"}}],
    ],
    "along_with": ["also", "kicked_off", "site_selected", "never_both", "part_i_rfi_issued"],
    "unless": ["also", "kicked_off", "site_selected"],
    "rounds": ["exactly 3"],
    "steps": [[{"name": "one", "work": "exactly 2 d"}, {"name": "two"}]],
    "closes_trial": [True],
    "closes_site": [True],
    "drops_others": [True],
    "all_but": [0, 1, 2],
    "batch": [2],
    "for_priority": ["pause"],
    "holds": [[{"from": date(2025, 4, 1), "to": date(2025, 6, 1)}]],
    "needed_if": [["authorised", "application_submitted"], ["arrived", "authorised"]],
    "scope": ["site", {"phase": "late"}, {"pioneer": True}],
    "since": ["application_submitted", "application_validated", "authorised"],
    "submitted_from": [date(2025, 4, 1)],
    "submitted_to": [date(2025, 4, 1)],
    "known": [{"share": "90 %"}],
    "referrals": [{"rate": "500 /year", "alpha": 2.0}],
    "hours": [["10:00", "12:00"]],
    "other_hours": [{"fri": ["10:00", "12:00"]}],
    "closed_on": [[date(2025, 1, 6) + timedelta(day) for day in range(150)]],
    "part_time": [[{"units": 1, "days": ["mon"]}]],
    "at_close": ["finish"],
    "at_least": [1, "9 %", "9 d"],
    "until": ["start"],
    "kept_until": ["first_dose", "site_activated", "authorised", "kicked_off"],
    "holidays": ["DE"],
    "stops": [[SEASON]],
    "weight": [9],
    "number": [4],
    "people": [{"officers": 9}, {"lawyers": 9}],
    "attributes": [{"phase": "late"}, {"pioneer": True}, {"region": "south"}],
    "type": ["large", "small"],
    "volume": ["90 /year"],
    "volume_by_date": [{date(2025, 1, 1): "5 /year", date(2026, 1, 1): "90 /year"}],
    "dates": [[date(2025, 3, 3)]],
    "arrivals": ["even", "thinned"],
    "enough": [1, 2],
    "arrive_on": ["working"],
    "sites": ["exactly 1", "exactly 2"],
    "reserve": [2],
    "at": [{"pioneer": True}, "lille", "large", "company"],
    "sponsors": [{"company": "100 %"}],
    "shared_by": ["region", "pioneer"],
    "units": [1, 50],
    "order": ["due"],
    "leave": [[{**SEASON, "present": "10 %"}]],
    "absences": [[{"from": date(2025, 1, 5), "to": date(2025, 9, 1), "units": 1}]],
    "sittings": [{"bodies": 1, "every": "month", "seats": 1}],
    "drawn_between": [["5 d", "60 d"]],
    "missed": [[SEASON]],
    "bodies": [1],
    "years": [[2024], [2030]],
    "inclusion": ["first_dose"],
    "prerequisites": [["authorised"]],
    "less": [["pharmacy_ready", "siv_done"]],
    "only_after": [True],
    "levels": [["site"], ["trial", "site"]],
    "counted": ["calendar"],
    "per": ["site", "sponsor"],
    "family": ["gamma", "weibull", "normal", "triangular"],
    "extends": ["france"],
    "totals": ["targets/spain"],
    "a_year": [60_000],
    "statistics": [["p80"]],
    "background": ["50 %"],
    **{step: [{"starts": "authorised", "work": "exactly 50 d"}] for step in ("imaging_reading", "cro", "drug_packing")},
    "early": [{"share": "40 %", "starts": "arrived"}],
    "talks": [{"work": "exactly 50 d"}],
    "levers": [["parallel_contracting"]],
    "of": ["readiness_time.mean", "wait_time[officers].p90"],
    "at_most": ["9 %", "9 d"],
    "better_than": ["denmark"],
    "by": ["9 %", "9 d"],
    "exactly": ["5 d", 5],
    "mean": ["5 d", 5.0],
    "sd": ["2 d"],
    "shares": [{1: "50 %", 3: "50 %"}],
    "values": [["5 d", "6 d"]],
    **{part: ["5 d", "1 d"] for part in ("median", "p10", "q1", "q3", "p90", "low", "mode", "high")},
}


def changed(path: Where, value: Any) -> dict[str, Any]:
    """The scenario with one value replaced or added."""
    tree = copy.deepcopy(written())
    here: Any = tree
    of_variant = len(path) > 1 and path[-2] == "variants" and isinstance(path[-1], str)
    *above, key = path[:-1] if of_variant else path
    for part in above:
        here = here[part]
    here[key] = value
    return tree


def of_keys() -> Iterator[tuple[Where, list[Any]]]:
    """What may be added: every key that a record does not state, with values for it."""
    scenario = load(EVERYTHING)
    for path, record in records(scenario, ()):
        here: Any = written()
        for part in path:
            here = here.get(part) if isinstance(here, dict) else here[part] if isinstance(here, list) else None
        if isinstance(here, dict):
            for key in keys_of(type(record)):
                if key not in here and not LABELS & {*path, key} and (*path, key) not in FOR_GROUPS:
                    yield (*path, key), ADDED.get(key, [])
            if isinstance(record, Step) and not record.variants:
                for key in {*keys_of(Variant)} - {"when", "submitted_from", "submitted_to", *LABELS}:
                    yield (*path, "variants", key), [[{"when": {}, key: value}] for value in ADDED.get(key, [])]


AS_IT_HAPPENS = {
    ("tasks", 2, "along_with"),  # the only task that may be named is needed by the same trials
    ("tasks", 6, "variants", "pool"),  # of the assessors one is always free
}
"""What counts in the language, and here by chance does not."""


@cache
def alterations() -> dict[Where, list[Any]]:
    """Every leaf and every key that may be added, with values to try."""
    own = {path: others(value) for path, value in leaves(written()) if not LABELS & {*path} and path not in FOR_GROUPS}
    return {path: values for path, values in (own | dict(of_keys())).items() if path not in AS_IT_HAPPENS}


def outcome(scenario: Scenario) -> list[Any]:
    """All that is simulated and measured of a scenario, in a few replications; who waits for nobody has no priority."""
    plan, found = Plan(scenario), []
    flatten(plan.network.pools, found)
    for number in range(REPLICATIONS):
        replication = plan.replication(1, number)
        workload = replication.workload
        timelines = simulate(plan.network, workload)
        asked = replace(workload, priority=np.where(workload.pool == NONE, 0, workload.priority))
        flatten((asked, timelines, measure(plan, replication, timelines)), found)
    found.append(repr((scenario.tolerance, scenario.expect, scenario.readings, scenario.totals, scenario.costs)))
    return found


def flatten(value: Any, found: list[Any]) -> None:
    """The bytes of every array in a record, and the words of everything else."""
    if isinstance(value, np.ndarray):
        found.append(value.tobytes())
    elif is_dataclass(value):
        for each in fields(value):
            flatten(getattr(value, each.name), found)
    elif isinstance(value, (list, tuple)):
        for each in value:
            flatten(each, found)
    else:
        found.append(repr(value))


@cache
def as_it_is() -> list[Any]:
    """The outcome of the scenario as it is."""
    return outcome(load(EVERYTHING))


def effect(path: Where, values: Sequence[Any]) -> str:
    """What comes of the values at a path: 'changes', 'refused', or the first that does nothing."""
    ignored: list[Any] = []
    for value in values:
        try:
            scenario = scenario_of(changed(path, value))
            if outcome(scenario) != as_it_is():
                return "changes"
        except (ScenarioError, ValueError):
            continue
        ignored.append(value)
    return f"{path}: {ignored[0]!r} is accepted and changes nothing" if ignored else "refused"


@settings(deadline=None, max_examples=8)
@given(st.data())
def test_what_is_written_changes_something_or_is_refused(data: st.DataObject) -> None:
    """A leaf of a scenario, or a key that may stand in one of its records, at random."""
    path = data.draw(st.sampled_from(sorted(alterations(), key=str)))
    said = effect(path, alterations()[path])
    assert said in ("changes", "refused")


@pytest.mark.slow
@pytest.mark.parametrize("section", sorted({*Scenario.model_fields} - LABELS))
def test_every_key_of_every_section_counts(section: str) -> None:
    """The same for all of them."""
    found = {path: effect(path, values) for path, values in alterations().items() if path[0] == section}
    assert [said for said in found.values() if said not in ("changes", "refused")] == []
    assert "changes" in found.values() or section == "extends"


@pytest.mark.slow
def test_every_key_of_the_language_has_values_to_try() -> None:
    """A new key of a record needs a line here, or is a label."""
    assert [path for path, values in alterations().items() if not values] == []


def test_the_law_sees_what_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the checks a second turn may say when it starts, and nobody listens."""
    path = ("contracting", "negotiation", "sponsor_turn", "starts")
    assert effect(path, STARTS) == "refused"
    monkeypatch.setattr("sim.scenario.loading.ignored", lambda it: ())
    assert effect(path, STARTS).endswith("is accepted and changes nothing")
