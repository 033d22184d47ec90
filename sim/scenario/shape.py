"""From a tree to a record, or to the mistakes in it.

Pydantic checks everything at once but speaks of types; here each of its errors becomes a sentence about the file: the
place from the tree, the rule and the remedy from the record that was expected there.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import UnionType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.scenario.language.mistakes import MOST_TOLD, Mistake, did_you_mean, listed, mistake, nearest, shown
from sim.scenario.language.records import A_NAME, Assumption, Sampling
from sim.scenario.language.tree import Node, joined

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], tree: Node, found: list[Mistake]) -> Model | None:
    """The record that a tree describes; None, with every reason added to `found`, if it describes none."""
    try:
        return model.model_validate(tree.plain())
    except ValidationError as error:
        said = (_mistake(model, tree, each) for each in _errors(error))
        found.extend(islice((each for each in said if each is not None), MOST_TOLD))
        return None


def repaired(model: type[Model], tree: Node) -> Model | None:
    """The record that a tree describes apart from what is wrong in it; None if it cannot do without."""
    plain = tree.plain()
    for _ in range(_REPAIRS):
        try:
            return model.model_validate(plain)
        except ValidationError as error:
            wrong = [each["loc"][:-1] if each["type"] == "missing" else each["loc"] for each in _errors(error)]
        entries = [_entry(plain, path) for path in wrong]
        for owner, key in entries:
            if owner is None:
                return None
            owner.pop(key, None)
    return None


_REPAIRS = 4
"""A key is taken out, then what needs it, and so on."""


def _entry(plain: Any, path: tuple[Any, ...]) -> tuple[dict[Any, Any] | None, Any]:
    """The mapping and the key to take out for what is wrong at a path; None for an item that has a name to keep."""
    owner, key, here = None, None, plain
    for part in path:
        if isinstance(here, dict) and part in here:
            owner, key, here = here, part, here[part]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            owner = None if isinstance(here, dict) else owner
        else:
            break
    return owner, key


def keys_of(model: type[BaseModel]) -> dict[str, str]:
    """The keys of a record as written, each with its description."""
    return {field.alias or name: field.description or "" for name, field in model.model_fields.items()}


def record_at(model: type[BaseModel], path: tuple[Any, ...]) -> type[BaseModel] | None:
    """The record that is expected at a path; None where something else is."""
    here: Any = model
    for part in path:
        here = {"assumption": Assumption, "sampling": Sampling}.get(part) or _below(here, part)
    return _record(here)


def _errors(error: ValidationError) -> Iterator[Any]:
    """The single errors, those of a record that was checked inside a validator included."""
    for each in error.errors(include_url=False):
        inner = each.get("ctx", {}).get("error")
        if isinstance(inner, ValidationError):
            yield from ({**below, "loc": (*each["loc"], *below["loc"])} for below in _errors(inner))
        else:
            yield each


def _mistake(model: type[BaseModel], tree: Node, error: Any) -> Mistake | None:
    kind, location, context = error["type"], error["loc"], error.get("ctx", {})
    if kind == "invalid_key":
        node, words, _ = tree.walk(*location[:-1])
        key = error["input"]
        return mistake((node.get(key) or node).key, joined(words, key), f"a key must be a word, got {shown(key)}")
    node, words, rest = tree.walk(*location)
    if kind == "too_short" and len(node.plain()) >= context["min_length"]:
        return None  # pydantic counts only the items that are right
    if kind == "missing" and isinstance(rest[0], str):
        about = keys_of(record_at(model, location[:-1]) or BaseModel).get(rest[0], "")
        return mistake(
            node.place, joined(words, rest[0]), f"required key is missing; add it{about and f' ({_short(about)})'}"
        )
    if kind == "extra_forbidden":
        expected = record_at(model, location[:-1])
        known = f"; {did_you_mean(location[-1], tuple(keys_of(expected)))}" if expected else ""
        return mistake(node.key, words, f"unknown key{known}")
    is_key = rest[-1:] == ("[key]",)
    if kind == "value_error":
        return mistake(node.key if is_key else node.place, words, str(context["error"]))
    if is_key:
        return mistake(node.key, words, f"{_RULES[kind](context, location[-2]) if kind in _RULES else A_NAME}")
    received = node.value if rest else error["input"]
    rule = _RULES[kind](context, received) if kind in _RULES else f"is not right ({error['msg']})"
    if kind in ("model_type", "dict_type"):
        expected = record_at(model, location)
        rule = f"must be a mapping{f' of {listed(keys_of(expected))}' if expected else ''}"
    return mistake(
        node.place,
        words,
        f"{rule}, got {shown(node.plain() if kind != 'missing' else received)}{_remedy(kind, context, received)}",
    )


_RULES: Mapping[str, Callable[[Any, Any], str]] = {
    "missing": lambda context, value: "must have two values",
    "model_type": lambda context, value: "must be a mapping",
    "dict_type": lambda context, value: "must be a mapping",
    "tuple_type": lambda context, value: "must be a list",
    "string_type": lambda context, value: "must be text",
    "bool_type": lambda context, value: "must be true or false",
    "int_type": lambda context, value: "must be a whole number",
    "int_parsing": lambda context, value: "must be a whole number",
    "float_type": lambda context, value: "must be a number",
    "float_parsing": lambda context, value: "must be a number",
    "finite_number": lambda context, value: "must be a finite number",
    "greater_than_equal": lambda context, value: f"must be at least {context['ge']:g}",
    "greater_than": lambda context, value: f"must be more than {context['gt']:g}",
    "less_than_equal": lambda context, value: f"must be at most {context['le']:g}",
    "less_than": lambda context, value: f"must be less than {context['lt']:g}",
    "too_short": lambda context, value: f"must have at least {context['min_length']}",
    "too_long": lambda context, value: f"must have at most {context['max_length']} items",
    "string_too_long": lambda context, value: f"must have at most {context['max_length']} characters",
    "string_pattern_mismatch": lambda context, value: A_NAME,
    "literal_error": lambda context, value: f"must be {context['expected']}",
}


def _remedy(kind: str, context: Any, received: Any) -> str:
    if kind != "literal_error":
        return ""
    close = nearest(received, context["expected"].replace("'", "").replace(" or ", ", ").split(", "))
    return f"; did you mean {close!r}?" if close else ""


def _short(description: str) -> str:
    return description.split(". ")[0].rstrip(".")


def _below(annotation: Any, part: Any) -> Any:
    record = _record(annotation)
    if record is not None:
        record.model_rebuild()  # a record that is written above another that it names has resolved its names only then
        fields = {field.alias or name: field.annotation for name, field in record.model_fields.items()}
        return fields.get(part)
    for each in _alternatives(annotation):
        inside = typing.get_args(each)
        if typing.get_origin(each) is dict:
            return inside[1]
        if typing.get_origin(each) is tuple:
            return inside[0]
    return None


def _record(annotation: Any) -> type[BaseModel] | None:
    return next(
        (each for each in _alternatives(annotation) if isinstance(each, type) and issubclass(each, BaseModel)), None
    )


def _alternatives(annotation: Any) -> list[Any]:
    """What an annotation may be, without `Annotated` and one level of `|`."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _alternatives(typing.get_args(annotation)[0])
    if isinstance(annotation, UnionType) or typing.get_origin(annotation) is typing.Union:
        return [one for each in typing.get_args(annotation) for one in _alternatives(each)]
    return [annotation]
