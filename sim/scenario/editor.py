"""The JSON Schema of scenario and lever files, so that editors complete, explain and underline.

A file that `extends` another, and what a lever changes, may leave anything out; a complete scenario may not. So there
are two sets of definitions, one of them without `required`, and the file's own keys say which one applies.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from sim.scenario.schema import Lever, Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFINITIONS = "#/$defs/"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of everything that may stand in a scenario file or a lever file."""
    _, written = models_json_schema(
        [(Scenario, "validation"), (Lever, "validation")],
        ref_template=f"{_DEFINITIONS}{{model}}",
        schema_generator=_Generator,
    )
    complete = written["$defs"]
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
