"""The JSON Schema of scenario and lever files, so that editors complete, explain and underline.

A file that `extends` another, and what a lever changes, may leave anything out; a complete scenario may not. So there
are two sets of definitions, one of them without `required`, and the file's own keys say which one applies.

Where a name is expected, the names that everybody has (events of the stages, shipped scenarios and levers, pools and
clocks of France) are offered beside any other; every key is explained, by itself or by the record that stands under it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from sim.scenario.levers import levers
from sim.scenario.library import library
from sim.scenario.loading import load
from sim.scenario.lowering import events_of_stages
from sim.scenario.schema import Lever, Scenario
from sim.scenario.stages.tasks import REPLACEMENT

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFINITIONS = "#/$defs/"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of everything that may stand in a scenario file or a lever file."""
    _, written = models_json_schema(
        [(Scenario, "validation"), (Lever, "validation")],
        ref_template=f"{_DEFINITIONS}{{model}}",
        schema_generator=_Generator,
    )
    complete = {name: each for name, each in written["$defs"].items() if name not in _WRITTEN_AS_TEXT}
    _offer_names(complete)
    _explain(complete)
    partial = {f"Partial{name}": _partial(definition) for name, definition in complete.items() if name != "Lever"}
    complete["Lever"]["properties"]["changes"] = {
        "$ref": f"{_DEFINITIONS}PartialScenario",
        "description": "What it changes: a part of a scenario.",
    }
    return {
        "$schema": DIALECT,
        "title": "trialstart scenario",
        "if": {"required": ["changes"]},
        "then": {"$ref": f"{_DEFINITIONS}Lever"},
        "else": {
            "if": {"required": ["extends"]},
            "then": {"$ref": f"{_DEFINITIONS}PartialScenario"},
            "else": {"$ref": f"{_DEFINITIONS}Scenario"},
        },
        "$defs": dict(sorted((complete | partial).items())),
    }


_WRITTEN_AS_TEXT = ("Span", "StartRule")
_OF_EVENTS = ("from", "to", "since", "starts", "less", "prerequisites", "along_with", "unless", "needed_if")
_NOT_EVENTS = ("Season", "Leave", "Missed", "Absence", "LeverUse")
"""Records whose `from` and `to` are days."""


def _offer_names(definitions: dict[str, Any]) -> None:
    """Offer the names that are known beside any other, in every key that takes a name."""
    france = load("france_pledge")
    offered = {
        "KnownEvent": (_OF_EVENTS, [*events_of_stages(), REPLACEMENT.name]),
        "KnownPool": (("pool",), [*france.pools]),
        "KnownClock": (("clock",), [*france.clocks]),
        "KnownScenario": (("extends",), [each.name for each in library()]),
        "KnownLever": (("levers",), [each.name for each in levers()]),
    }
    for record, definition in definitions.items():
        for key, written in definition.get("properties", {}).items():
            kind = next((kind for kind, (keys, _) in offered.items() if key in keys), None)
            if kind is not None and record not in _NOT_EVENTS:
                definition["properties"][key] = _offering(written, kind)
    definitions |= {kind: {"enum": names} for kind, (_, names) in offered.items()}


def _offering(written: Any, kind: str) -> Any:
    """A schema in which each free text may be one of the known names as well."""
    if isinstance(written, list):
        return [_offering(each, kind) for each in written]
    if not isinstance(written, dict):
        return written
    if written.get("type") == "string" and "enum" not in written:
        said = {key: written.pop(key) for key in ("description",) if key in written}
        return {**said, "anyOf": [{"$ref": f"{_DEFINITIONS}{kind}"}, written]}
    return {key: _offering(value, kind) for key, value in written.items()}


def _explain(definitions: Mapping[str, Any]) -> None:
    """Explain each key that says nothing of its own by the record under it, or by what its variants change."""
    for record, definition in definitions.items():
        for key, written in definition.get("properties", {}).items():
            if "description" not in written:
                under = (definitions[name].get("description") for name in _records_in(written))
                of_step = definitions["Step"]["properties"].get(key, {}).get("description")
                said = (record == "Variant" and of_step) or next((each for each in under if each), None)
                written |= {"description": said.split("\n")[0]} if said else {}


def _records_in(written: Any) -> Iterator[str]:
    """The records that may stand under a key, in a list or under names too."""
    if isinstance(written, dict):
        if "$ref" in written:
            yield written["$ref"].removeprefix(_DEFINITIONS)
        for below in written.values():
            yield from _records_in(below)
    elif isinstance(written, list):
        for below in written:
            yield from _records_in(below)


class _Generator(GenerateJsonSchema):
    """Leaves out the titles that pydantic derives from the names of keys: they say nothing that the key does not."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _partial(schema: Any) -> Any:
    """The schema without anything required, apart from the names by which items of lists are known."""
    if isinstance(schema, list):
        return [_partial(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _partial(value) for key, value in schema.items() if key not in ("required", "$ref")}
    if "$ref" in schema:
        kept["$ref"] = schema["$ref"].replace(_DEFINITIONS, f"{_DEFINITIONS}Partial")
    if "name" in schema.get("required", ()):
        kept["required"] = ["name"]
    return kept
