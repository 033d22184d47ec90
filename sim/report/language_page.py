"""The scenario language as a page: every key of every record, what may be written there and what it means.

Made of the JSON Schema that editors use, so that the page and the editor say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.scenario.editor import json_schema
from sim.tables import as_markdown

COMMAND = "trialstart schema --page > docs/language.md"
HEAD = f"""\
# The scenario language

Every key that may stand in a scenario file, record by record, from the outside in. An editor that knows
`scenarios/scenario.schema.json` says the same while you type, and `trialstart validate` says what is wrong.

This page is written by `{COMMAND}`.

A file that begins with `extends: NAME` is another scenario with these keys changed; it may leave out anything. Items of
lists that have a `name` are known by it. What is not marked as needed may be left out.

Quantities are a number and a unit: `10 d` calendar days, `10 wd` working days, `3 h` open hours, `45 min`; `25 %`;
`120 /year`. Beside any number may stand where it comes from:
"""
EXAMPLE = """\
pools:
  nurses: {units: 2, for_priority: pause}      # they put less urgent work aside for more urgent work
  committee: {batch: 10}                       # it sits when ten files wait
tasks:
  - {name: contract, scope: site, work: {median: 40 d, p90: 90 d}}
  - {name: gave_up, scope: site, work: exactly 120 d}
  - {name: decided, scope: site, starts: [contract, gave_up], enough: 1, drops_others: true}
  - {name: left, scope: site, starts: gave_up, closes_site: true}
  - {name: too_few_left, starts: every left, all_but: 1, closes_trial: true}
  - {name: all_signed, starts: every contract} # of the sites that have not left
  - {name: reviewed, starts: all_signed, pool: committee, work: exactly 5 d}
  - {name: round, starts: reviewed, pool: nurses, priority: 1, work: exactly 8 h}
  - {name: alarm, starts: reviewed + 4 h, share: 5 %, pool: nurses, work: exactly 1 h}
"""
RESERVE = """\
classes:
  - {name: a, volume: 20 /year, sites: exactly 3, reserve: 2}
tasks:
  - {name: contract, scope: site, work: {median: 40 d, p90: 90 d}}
  - {name: left, scope: site, share: 20 %, work: exactly 60 d, closes_site: true}
  - {name: all_signed, starts: every contract}
  - {name: too_few_left, starts: every left, all_but: 1, closes_trial: true}
"""
MORE_THAN_ONE = f"""\

## What interrupts, ends and leaves

People finish what they do, and a trial waits for all of its sites, unless a scenario says otherwise:

```yaml
{EXAMPLE}```

Interrupted work goes on later with what is left; the time between is a wait. What is dropped, or belongs to a site that
has left, is never finished; who waits for it and for others waits for the others alone, and who waits for nothing else
never starts.

### Who stands by for a site that leaves

```yaml
{RESERVE}```

The first site that leaves a trial has the first of its `reserve` asked, the second that leaves the second one: one that
came for another and leaves is replaced as well, as long as somebody stands by. They are the next ones in the order in
which the sites of the trial are drawn, and none of them coordinates.

Nothing of a site that stands by is ready before it is asked, which is the event `replacement_asked` of that site; from
then on it is a site like any other, and begins with all that waits for nothing else. What waits for `every contract`
and has not started before the site leaves waits for the new one too, even if the last contract comes in that minute.
`first` is whoever comes first. Who is never asked has no events: nobody waits for it, it takes nobody's time and is no
site of the trial in any number. A trial that has ended asks nobody.

`every left, all_but: 1` counts who leaves and is not replaced: of three sites and a reserve of one, the third leaving
is the second without anybody to come. Of any other event, such as `every contract, all_but: 1`, so many are enough as
if nobody stood by, whichever of the sites they come from.
"""
PROVENANCE = ("source", "assumption", "sampling", "note")
COLUMNS = ("key", "what is written", "if left out", "meaning")


def language_page() -> str:
    """The page, as Markdown."""
    records = {name: each for name, each in json_schema()["$defs"].items() if not name.startswith("Partial")}
    order = dict.fromkeys(("Scenario", *_named(records, "Scenario"), "Lever", *_named(records, "Lever")))
    provenance = records["Scenario"]["properties"]
    head = _table({key: provenance[key] for key in PROVENANCE if key in provenance}, (), records)
    return "\n".join(
        [HEAD, head, MORE_THAN_ONE, *(_section(name, records) for name in order if "properties" in records[name])]
    )


def _named(records: Mapping[str, Any], name: str) -> Iterator[str]:
    """The records that a record is made of, each after the one that names it first, widest first."""
    seen, waiting = {name}, [name]
    while waiting:
        for found in _references(records[waiting.pop(0)]):
            if found not in seen and not found.startswith("Partial"):
                seen.add(found)
                waiting.append(found)
                yield found


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for each in schema:
            yield from _references(each)
    elif isinstance(schema, dict):
        if "$ref" in schema:
            yield _record(schema)
        for each in schema.values():
            yield from _references(each)


def _section(name: str, records: Mapping[str, Any]) -> str:
    record = records[name]
    told = {key: each for key, each in record["properties"].items() if key not in PROVENANCE}
    return f"## {name}\n\n{_meaning(record)}\n\n{_table(told, record.get('required', ()), records)}"


def _table(keys: Mapping[str, Any], needed: Sequence[str], records: Mapping[str, Any]) -> str:
    rows = (
        (f"`{key}`", _written(each), _otherwise(each, key in needed), _meaning(each) or _of_what(each, records))
        for key, each in keys.items()
    )
    return as_markdown([COLUMNS, *([cell.replace("|", "\\|") for cell in row] for row in rows)])


def _of_what(schema: Mapping[str, Any], records: Mapping[str, Any]) -> str:
    """What the record that is written there is, in its first sentence."""
    named: Mapping[str, Any] = next((records[name] for name in _references(schema) if name in records), {})
    return _meaning(named).partition(". ")[0].partition(": ")[0].removesuffix(".") + "." if named else ""


def _meaning(schema: Mapping[str, Any]) -> str:
    return " ".join(schema.get("description", "").split())


def _otherwise(schema: Mapping[str, Any], needed: bool) -> str:
    if needed:
        return "needed"
    default = schema.get("default")
    return (
        "" if default in (None, [], {}, "") else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    )


def _written(schema: Mapping[str, Any]) -> str:
    """What may be written where this schema stands, in words."""
    if "$ref" in schema:
        name = _record(schema).removeprefix("Partial")
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        told = (each for each in schema["anyOf"] if each.get("type") != "null" and not _is_hint(each))
        return " or ".join(dict.fromkeys(map(_written, told)))
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{each}`" for each in schema.get("enum", [schema.get("const")]))
    if "examples" in schema:
        return " or ".join(f"`{each}`" for each in schema["examples"][:2])
    return _of_type(schema)


def _is_hint(schema: Mapping[str, Any]) -> bool:
    """Whether this lists shipped names for an editor to offer, beside any other name."""
    return "$ref" in schema and _record(schema).startswith("Known")


def _of_type(schema: Mapping[str, Any]) -> str:
    match schema.get("type"):
        case "array":
            return f"list of {_written(schema['items'])}" if "items" in schema else "list"
        case "object":
            inside = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties"))
            return f"mapping of names to {_written(inside)}" if isinstance(inside, dict) and inside else "mapping"
        case "integer":
            return f"whole number{_bounds(schema)}"
        case "number":
            return f"number{_bounds(schema)}"
        case "boolean":
            return "`true` or `false`"
        case "string":
            return {"date": "date"}.get(schema.get("format", ""), "name" if "pattern" in schema else "text")
    return "a quantity"


def _bounds(schema: Mapping[str, Any]) -> str:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    above = "above " if "exclusiveMinimum" in schema else "from "
    return "".join(f" {word}{value:,.10g}" for word, value in ((above, low), ("to ", high)) if value is not None)


def _record(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
