"""The records: forms of durations and counts, what goes out comes in again, and the schema for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema import ValidationError as JsonError
from pydantic import TypeAdapter, ValidationError

from sim.scenario.editor import json_schema
from sim.scenario.files import shipped_folder
from sim.scenario.language.tree import parse
from sim.scenario.loading import load
from sim.scenario.lowering import events_of_stages, tasks_of
from sim.scenario.schema import CountField, DurationField, Scenario, StartRule, Starts
from tests.test_reading import WHOLE

DURATIONS: TypeAdapter[Any] = TypeAdapter(DurationField)
COUNTS: TypeAdapter[Any] = TypeAdapter(CountField)
STARTS: TypeAdapter[Any] = TypeAdapter(Starts)


@pytest.mark.parametrize(
    "written",
    [
        "exactly 5 d",
        {"median": "33 d", "p90": "120 d"},
        {"p10": "3 d", "q3": "9 d"},
        {"q1": "51 d", "median": "73 d", "q3": "98 d"},
        {"low": "5 d", "mode": "10 d", "high": "30 d"},
        {"low": "5 d", "mode": "5 d", "high": "30 d", "family": "triangular"},
        {"low": "0 d", "high": "3 d"},
        {"mean": "3 d", "sd": "1 d", "family": "gamma"},
        {"mean": "3 d"},
        {"mean": "3 d", "family": "exponential"},
        {"values": ["1 d", "2 d", "1 d"]},
        {"exactly": "0 d"},
    ],
)
def test_a_duration_may_be_given_in_each_of_the_known_forms(written: Any) -> None:
    """Every form of the documentation is accepted."""
    DURATIONS.validate_python(written)


REMEDY = (
    "write 'exactly 5 d', {median: ..., p90: ...}, {p10: ..., median: ..., p90: ...}, "
    "{low: ..., mode: ..., high: ...}, {mean: ..., sd: ...} or {values: [...]}"
)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({}, f"must be one known form, got no number; {REMEDY}"),
        ({"median": "3 d", "low": "1 d"}, f"must be one known form, got median + low; {REMEDY}"),
        ({"p10": "1 d", "median": "3 d", "mean": "9 d"}, f"must be one known form, got p10 + median + mean; {REMEDY}"),
        ({"median": "3 d"}, "must say how it spreads, got median alone; add p90"),
        ({"p90": "3 d"}, "must say how it spreads, got p90 alone; add median"),
        ({"median": "3 d", "p90": "9 wd"}, "must be in one unit, got d and wd; write all of its numbers in the same"),
        ({"values": ["3 d", "9 h"]}, "must be in one unit, got d and h; write all of its numbers in the same"),
        ({"q1": "3 d", "median": "3 d", "q3": "4 d"}, "q1 must be less than median, got 3 d and 3 d"),
        ({"low": "3 d", "mode": "2 d", "high": "4 d"}, "low must be at most mode, got 3 d and 2 d"),
        ({"low": "3 d", "mode": "3 d", "high": "3 d"}, "low must be less than high, got 3 d and 3 d"),
        (
            {"median": "0 d", "p90": "3 d"},
            "median must be more than 0, got 0 d; for no time at all write 'exactly 0 d'",
        ),
        (
            {"median": "3 d", "p90": "9 d", "family": "pert"},
            "family 'pert' does not go with median + p90; use lognormal or gamma or weibull or normal or piecewise",
        ),
        ({"exactly": "3 d", "family": "gamma"}, "family 'gamma' does not go with exactly; delete family"),
    ],
)
def test_numbers_that_make_no_known_form_are_refused(written: Any, message: str) -> None:
    """The message says what was received and what to write."""
    with pytest.raises(ValidationError) as caught:
        DURATIONS.validate_python(written)
    assert str(caught.value.errors()[0]["ctx"]["error"]) == message


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("3", "must be 'exactly N', {mean: ...} or {shares: ...}, got '3'"),
        ({}, "must be one of exactly, mean, shares; got none of them"),
        ({"exactly": 1, "mean": 2.0}, "must be one of exactly, mean, shares; got exactly, mean"),
        ({"shares": {1: "20 %", 2: "70 %"}}, "shares must add up to 100 %, got 90 %"),
    ],
)
def test_a_count_has_one_form(written: Any, message: str) -> None:
    """Exactly N, a mean, or shares that add up."""
    with pytest.raises(ValidationError) as caught:
        COUNTS.validate_python(written)
    assert str(caught.value.errors()[0]["ctx"]["error"]) == message


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("authorised", StartRule(event="authorised")),
        ("first site_activated + 10 wd", {"event": "site_activated", "which": "first", "lag": "10 wd"}),
        ("authorised - 30 d", {"event": "authorised", "lag": "30 d", "before": True}),
    ],
)
def test_a_start_rule_is_an_event_with_a_lag(text: str, rule: Any) -> None:
    """Its written form says everything, and is what it is shown as."""
    (read,) = STARTS.validate_python(text)
    assert read == StartRule.model_validate(rule)
    assert str(read) == text


@pytest.mark.parametrize("name", ["france", "france_pledge"])
def test_a_scenario_that_is_written_out_and_read_again_is_the_same(name: str) -> None:
    """Units, start rules, shares and dates survive as text."""
    scenario = load(name)
    assert Scenario.model_validate(scenario.model_dump(mode="json", by_alias=True, exclude_none=True)) == scenario


def test_the_stored_schema_is_the_one_that_is_printed() -> None:
    """After a change of the records, `trialstart schema > scenarios/scenario.schema.json` is due."""
    stored = (shipped_folder() / "scenario.schema.json").read_text(encoding="utf-8")
    assert json.loads(stored) == json_schema()


def wrong_in(document: Any) -> list[str]:
    """What an editor would underline: the messages at the bottom of each branch."""

    def bottom(error: JsonError) -> list[str]:
        return [message for inner in error.context or () for message in bottom(inner)] or [error.message]

    return [message for error in Draft202012Validator(json_schema()).iter_errors(document) for message in bottom(error)]


def as_json(text: str) -> Any:
    """A YAML text as an editor's schema sees it: dates and numbers in keys are strings."""
    return json.loads(json.dumps(parse(text.encode(), "x.yaml", []).plain(), default=str))


def test_the_schema_is_a_schema() -> None:
    """It is valid by the dialect that it names."""
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize(
    "file",
    sorted([*shipped_folder().glob("france*.yaml"), *shipped_folder().glob("levers/*.yaml")]),
    ids=lambda file: file.stem,
)
def test_editors_underline_nothing_in_a_shipped_file(file: Path) -> None:
    """Complete scenarios, files that extend one, and levers are all right as they are."""
    assert wrong_in(as_json(file.read_text(encoding="utf-8"))) == []


def test_editors_ask_for_required_keys_only_in_a_complete_scenario() -> None:
    """A file that extends another may leave out what the other one has, at every depth."""
    whole, part = (
        as_json(WHOLE),
        as_json("extends: france\nauthorisation: {validation: {check: {limit: {within: 3 d}}}}\n"),
    )
    assert wrong_in(whole) == [] == wrong_in(part)
    del whole["windows"]["follow_up"], part["extends"]
    assert wrong_in(whole) == ["'follow_up' is a required property"]
    assert "'origin' is a required property" in wrong_in(part)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("extends: france\ncontracting: {startz: authorised}\n", "'startz' was unexpected"),
        ("extends: france\ncontracting: {draft: {share: 0.2}}\n", "0.2 is not of type 'string'"),
        ("extends: france\nconclusion: 3\n", "'conclusion' was unexpected"),
        (WHOLE.replace("3 wd", "3 weeks"), "'3 weeks' does not match"),
    ],
)
def test_editors_underline_a_misspelt_key_and_a_wrong_unit(text: str, where: str) -> None:
    """The schema knows keys and units at every depth, in files that extend another too."""
    assert where in " ".join(wrong_in(as_json(text)))


def properties() -> dict[tuple[str, str], Any]:
    """Every key of every record, and what the schema says of it."""
    written = json_schema()["$defs"].items()
    return {(name, key): said for name, each in written for key, said in each.get("properties", {}).items()}


def test_every_key_of_a_scenario_is_explained_on_hover() -> None:
    """What a key means is said by itself, by the record under it, or by the event that a step ends with."""
    said = properties()
    assert [where for where, each in said.items() if not each.get("description")] == []
    assert said["Contracting", "starts"]["description"].startswith("When talks open")
    assert said["SiteSetup", "pharmacy"]["description"] == "It ends with the event `pharmacy_ready` (pharmacy)."
    assert said["Variant", "work"]["description"] == said["Step", "work"]["description"]


def test_the_names_that_everybody_has_are_offered() -> None:
    """Beside any other name: events of the stages, shipped scenarios, levers, and the pools and clocks of France."""
    definitions = json_schema()["$defs"]
    assert {"authorised", "site_activated"} <= {*definitions["KnownEvent"]["enum"]}
    assert {"france", "denmark"} <= {*definitions["KnownScenario"]["enum"]}
    assert "parallel_contracting" in definitions["KnownLever"]["enum"]
    assert "pharmacists" in definitions["KnownPool"]["enum"] and "statutory" in definitions["KnownClock"]["enum"]
    for record, key, kind in [
        ("Goal", "from", "Event"),
        ("Step", "starts", "Event"),
        ("Variant", "pool", "Pool"),
        ("PartialScenario", "extends", "Scenario"),
        ("Scenario", "levers", "Lever"),
    ]:
        assert f"Known{kind}" in json.dumps(properties()[record, key])
    assert "KnownEvent" not in json.dumps(properties()["Season", "from"])


def test_no_pattern_is_shown_to_a_person() -> None:
    """Every pattern of a value has a sentence of its own."""

    def patterns(said: Any) -> list[Any]:
        below = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
        own = [said] if isinstance(said, dict) and isinstance(said.get("pattern"), str) else []
        return own + [found for each in below for found in patterns(each)]

    found = patterns(list(properties().values()))
    assert len(found) > 50
    assert [each for each in found if "patternErrorMessage" not in each] == []


def test_the_names_of_events_are_unique() -> None:
    """An event belongs to one stage; what a complete scenario has is what can be said of stages without one."""
    tasks = [*tasks_of(load("france"))]
    names = [name for task in tasks for name, _ in task.steps]
    assert len(names) == len(set(names))
    assert [each.name for task in tasks for each in task.events] == names == list(events_of_stages())
