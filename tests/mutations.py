"""Broken and odd scenarios, made from the shipped ones: `mutant(number)` is always the same file for the same number.

A `Mutant` is the bytes of a scenario file and words for how it came about. Some are changed as text (a truncated file,
an alias), some as trees (a key dropped, a unit changed, a start rule turned round), some are files on top of France.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sim.scenario.language.tree import parse

SHIPPED = Path(__file__).resolve().parents[1] / "scenarios"
FRANCE = SHIPPED / "france.yaml"
EVERY_FEATURE = Path(__file__).parent / "every_feature.yaml"
Where = tuple[Any, ...]


@dataclass(frozen=True)
class Mutant:
    """A scenario file to be tried, and how it came about."""

    number: int
    made: str
    content: bytes


def mutant(number: int) -> Mutant:
    """Mutant `number`: of a small scenario as text or as a tree, of France, or of what a file refers to."""
    luck = Random(number)
    ways: dict[Callable[[Random], tuple[str, bytes]], int] = {
        _text_of_small: 22,
        _tree_of_small: 42,
        _on_top_of_small: 16,
        _on_top_of_france: 12,
        _text_of_france: 1,
        _referring: 7,
    }
    (way,) = luck.choices([*ways], [*ways.values()])
    made, content = way(luck)
    return Mutant(number, f"{way.__name__.lstrip('_')}: {made}", content)


@cache
def _small() -> tuple[tuple[str, bytes], ...]:
    files = [*sorted((SHIPPED / "verification").glob("*.yaml")), EVERY_FEATURE]
    texts = [(file.stem, file.read_bytes()) for file in files]
    return (*texts, *[texts[-1]] * (len(texts) // 3))  # the one with every feature a third of the time


@cache
def _plain(name: str) -> Any:
    content = FRANCE.read_bytes() if name == "france" else dict(_small())[name]
    return parse(content, name, []).plain()


def _text_of_small(luck: Random) -> tuple[str, bytes]:
    return _as_text(*luck.choice(_small()), luck)


def _text_of_france(luck: Random) -> tuple[str, bytes]:
    return _as_text("france", FRANCE.read_bytes(), luck)


def _as_text(name: str, content: bytes, luck: Random) -> tuple[str, bytes]:
    way = luck.choice(_TEXT)
    return f"{name}, {way.__name__.lstrip('_')}", way(content, luck)


def _tree_of_small(luck: Random) -> tuple[str, bytes]:
    name, _ = luck.choice(_small())
    tree = copy.deepcopy(_plain(name))
    made = [_change(tree, luck) for _ in range(luck.choice((1, 1, 1, 2, 3)))]
    return f"{name}, {'; '.join(made)}", _written(tree)


def _on_top_of_small(luck: Random) -> tuple[str, bytes]:
    return _on_top_of("every_feature", str(EVERY_FEATURE), {}, luck)


def _on_top_of_france(luck: Random) -> tuple[str, bytes]:
    """France has few sponsors here, so that it is quickly built."""
    few = {"sponsor_types": {name: {"number": 1} for name in ("company", "biotech", "academic")}}
    levers = {"levers": [luck.choice(_LEVER_USES)]} if luck.random() < 0.3 else {}
    return _on_top_of("france", str(FRANCE), {**few, **levers}, luck)


def _on_top_of(name: str, file: str, more: dict[str, Any], luck: Random) -> tuple[str, bytes]:
    """A file that extends another and changes one thing in it."""
    tree = _plain(name)
    where = luck.choice([where for where in _everywhere(tree) if where])
    value, made = _other(_at(tree, where), tree, luck)
    change: Any = value
    for below, part in reversed([*enumerate(where)]):
        there = _at(tree, where[:below])
        if isinstance(there, dict):
            change = {part: change}
        elif isinstance(there[part], dict) and "name" in there[part] and isinstance(change, dict):
            change = [{"name": there[part]["name"], **change}]
        else:
            change = [change]
    return f"{where}: {made}", _written({"extends": file, **more, **change})


def _referring(luck: Random) -> tuple[str, bytes]:
    """A file whose `extends` or `levers` name what they should not."""
    named = luck.choice(_NOT_SCENARIOS)
    key = luck.choice(("extends", "extends", "levers"))
    value = named if key == "extends" or luck.random() < 0.5 else [named, "parallel_contracting", {"name": named}]
    base = {} if luck.random() < 0.5 else copy.deepcopy(_plain("mm1"))
    return f"{key}: {named!r}"[:100], _written({**base, key: value})


def _written(tree: Any) -> bytes:
    return json.dumps(_with_words_as_keys(tree), default=date.isoformat, indent=1, ensure_ascii=False).encode()


def _with_words_as_keys(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(key): _with_words_as_keys(below) for key, below in tree.items()}
    return [_with_words_as_keys(below) for below in tree] if isinstance(tree, list) else tree


# trees


def _everywhere(tree: Any, where: Where = ()) -> Iterator[Where]:
    """The paths of everything in a tree."""
    yield where
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, below in entries:
        yield from _everywhere(below, (*where, key))


def _at(tree: Any, where: Where) -> Any:
    for part in where:
        tree = tree[part]
    return tree


def _change(tree: Any, luck: Random) -> str:
    """Change one thing in a tree; words for what."""
    where = luck.choice([where for where in _everywhere(tree) if where])
    there, key = _at(tree, where[:-1]), where[-1]
    way = luck.choice(("value",) * 6 + ("drop", "rename", "copy", "swap", "double", "order"))
    made = way
    if way == "drop":
        del there[key]
    elif way == "rename" and isinstance(there, dict):
        there[luck.choice((f"{key}x", str(key).upper(), *map(str, luck.choice(_KEYS)), 1, ""))] = there.pop(key)
    elif way == "copy":
        there[key] = copy.deepcopy(_at(tree, luck.choice([*_everywhere(tree)])))
    elif way == "swap":
        other = luck.choice([other for other in _everywhere(tree) if other])
        if other[: len(where)] != where and where[: len(other)] != other:
            outer = _at(tree, other[:-1])
            there[key], outer[other[-1]] = outer[other[-1]], there[key]
    elif way == "double" and isinstance(there, list):
        there.extend([copy.deepcopy(there[key]) for _ in range(luck.choice((1, 1, 1000)))])
    elif way == "order" and isinstance(there[key], list):
        luck.shuffle(there[key])
    else:
        there[key], made = _other(there[key], tree, luck)
    return f"{'.'.join(map(str, where))}: {made}"


def _other(value: Any, tree: Any, luck: Random) -> tuple[Any, str]:
    """Another value in the place of one, near to it or not, and words for it."""
    near: list[Any] = []
    if isinstance(value, str):
        near = [*_quantities(value, luck), *_rules(value, tree, luck), luck.choice(_names(tree))]
    elif isinstance(value, date):
        near = ["1900-01-01", "0001-01-01", "9999-12-31", "2024-02-29", "2026-02-30", "2019-12-31", "2039-01-01"]
    elif isinstance(value, (int, float)):
        near = [-value, 0, value * 1000, 0.5, 10**9, value // 3, not value, 1000, 100_000, 1_000_000]
    other = luck.choice(near) if near and luck.random() < 0.75 else luck.choice(_ANYTHING)
    return copy.deepcopy(other), f"{str(value)[:30]!r} -> {str(other)[:30]!r}"


def _quantities(value: str, luck: Random) -> list[str]:
    number, _, unit = value.rpartition(" ")
    if not unit or not number:
        return [f"{value} {luck.choice(_UNITS)}", "5 d", "10 %", "3 wd"]
    sizes = ("0", "-1", "1e-9", "1e3", "1e5", "1000000", "1e308", "36500", "0.5", "1e400")
    bare = number.split()[-1]
    return [
        f"{number} {luck.choice(_UNITS)}",
        f"{number} {luck.choice(_UNITS)}",
        value.replace(bare, luck.choice(sizes)),
        f"-{value}",
        number,
        f"exactly {value}",
        value.replace(" ", ""),
    ]


def _rules(value: str, tree: Any, luck: Random) -> list[str]:
    """The value as a start rule, such as one that counts back or waits for what comes later."""
    event = luck.choice([*_names(tree), value])
    return [
        f"{luck.choice(('first', 'every', 'coordinating'))} {event}",
        f"{event} + {luck.choice(('3 wd', '9 d', '2 h'))}",
        f"{event} - {luck.choice(('3 wd', '9 d', '400 d', '2 h'))}",
        event,
    ]


def _names(tree: Any) -> list[str]:
    """Every word that names something in the tree, and some that the stages know."""
    words = {str(where[-1]) for where in _everywhere(tree) if where}
    words |= {str(_at(tree, where)) for where in _everywhere(tree) if where[-1:] == ("name",)}
    known = "arrived authorised contract_executed site_activated eligible nothing calendar"
    return [*sorted(words), *known.split()]


# texts


def _truncated(content: bytes, luck: Random) -> bytes:
    return content[: luck.randrange(len(content))]


def _odd_character(content: bytes, luck: Random) -> bytes:
    at = luck.randrange(len(content))
    return content[:at] + luck.choice(_CHARACTERS) + content[at + luck.choice((0, 1)) :]


def _line_dropped(content: bytes, luck: Random) -> bytes:
    lines = content.split(b"\n")
    del lines[luck.randrange(len(lines))]
    return b"\n".join(lines)


def _line_doubled(content: bytes, luck: Random) -> bytes:
    lines = content.split(b"\n")
    at = luck.randrange(len(lines))
    return b"\n".join([*lines[: at + 1], *lines[at:]])


def _blocks_swapped(content: bytes, luck: Random) -> bytes:
    lines = content.split(b"\n")
    a, b, c = sorted(luck.randrange(len(lines)) for _ in range(3))
    return b"\n".join([*lines[:a], *lines[b:c], *lines[a:b], *lines[c:]])


def _indented(content: bytes, luck: Random) -> bytes:
    lines = content.split(b"\n")
    at = luck.randrange(len(lines))
    lines[at] = luck.choice((b" ", b"  ", b"\t", b"- ")) + lines[at]
    return b"\n".join(lines)


def _value_replaced(content: bytes, luck: Random) -> bytes:
    """What stands after one of the colons becomes an anchor, a tag, something deep, something huge."""
    parts = content.split(b": ")
    at = luck.randrange(1, len(parts)) if len(parts) > 1 else 0
    keep = luck.choice((b"", parts[at]))
    parts[at] = luck.choice(_YAML) + keep
    return b": ".join(parts)


def _appended(content: bytes, luck: Random) -> bytes:
    return content + b"\n" + luck.choice(_YAML_LINES)


_TEXT = (
    _truncated,
    _odd_character,
    _odd_character,
    _line_dropped,
    _line_doubled,
    _blocks_swapped,
    _indented,
    _value_replaced,
    _value_replaced,
    _appended,
)
_UNITS = ("d", "wd", "h", "min", "%", "/year", "/d", "/h", "s", "D", "years", "", "µ", "d d")
_KEYS = (("starts", "pool", "clock"), ("limit", "share", "only"), ("tasks", "pools", "sites"), ("exactly", "median"))
_DEEP: list[Any] = []
for _ in range(60):
    _DEEP = [_DEEP]
_ANYTHING: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    -1e-308,
    10**17,
    2**63,
    10**400,
    "",
    " ",
    "x" * 5000,
    "\u202e",
    "é\u0301",
    "\U0001f600",
    "🏥 d",
    "null",
    "yes",
    "0x10",
    "1_000",
    "12:30",
    "2026-02-30",
    "..",
    "/",
    "~",
    "=",
    "<<",
    "*a",
    "&a",
    "!!python/x",
    "{}",
    "[]",
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"name": "x"},
    [{"name": "x"}],
    {"exactly": "1 d"},
    ["a"] * 2000,
    [1] * 50_000,
    {f"k{i}": i for i in range(3000)},
    _DEEP,
    "10 d",
    "10 wd",
    "10 %",
    "3 /year",
    "1000000 /h",
    "1000000 d",
    "exactly 5",
    "exactly 1000",
    {"mean": 50},
    {"mean": "1 d", "sd": "1000000 d"},
    {"values": ["0 d"]},
    {"low": "0 d", "high": "1000000 wd"},
    {"family": "gamma", "median": "1 d", "p90": "1000000 d"},
    {"family": "weibull", "mean": "1 d", "sd": "1000 d"},
    {"family": "normal", "median": "1 d", "p90": "9 d"},
    {"family": "gamma", "q1": "9 d", "median": "9.1 d", "q3": "9.2 d"},
    {"within": "3 d", "then": "lapse"},
    {"within": "3 wd", "then": "tacit", "clock": "statutory"},
    {"within": "0 d", "then": "decide", "since": "arrived"},
    {"shares": {"1": "100 %"}},
    {"shares": {"1000": "100 %"}},
    ["arrived", "first arrived"],
    "every arrived",
    "coordinating contract_executed",
    "authorised - 200 d",
    "first authorised - 3 d",
)
_CHARACTERS = (
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xe2\x80\xae",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x85",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\t",
    b"\r",
    b"\x07",
    b"\x1b[31m",
    b"{",
    b"[",
    b"]",
    b"}",
    b":",
    b'"',
    b"'",
    b"#",
    b"|",
    b">",
    b"%",
    b"@",
    b"`",
    b"&",
    b"*",
    b"!",
    b"? ",
    b"- ",
    b"\n",
    b"\n\n---\n",
    b"\n...\n",
    "é".encode(),
    "🏥".encode(),
)
_YAML = (
    b"&a ",
    b"*a ",
    b"!!python/object/apply:os.system ['true'] ",
    b"!!binary aGk= ",
    b"!!set {a} ",
    b"!x ",
    b"<<: *a ",
    b"| ",
    b"> ",
    b"? ",
    b"- ",
    b"[" * 60,
    b"{a: " * 60,
    b"[" + b"1," * 200_000 + b"]",
    b'"' + b"x" * 400_000 + b'"',
    b"9" * 100_000,
    b"1e999",
    b"-.inf",
    b".nan",
    b"0o7",
    b"0x1F",
    b'"\\U00200000"',
    b'"\\ud800"',
    b"'",
    b'"',
    b"{",
    b"}",
    b"2026-13-45",
    b"~",
    b"1e5",
)
_YAML_LINES = (
    b"title: again",
    b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]",
    b"---\ntitle: x",
    b"...",
    b"%YAML 1.1",
    b"\t",
    b"? [a]\n: b",
    b"tasks: []",
    b"extends: france",
    b"levers: [parallel_contracting]",
    b"<<: {a: 1}",
    b"x: !!python/name:os.system",
    b"\xff\xfe",
    b"windows: {warm_up: 0 d, observation: 1000000 d, follow_up: 0 d}",
    b"? ",
    b"- ",
    b"origin: 2019-01-01",
)
_NOT_SCENARIOS = (
    "",
    ".",
    "..",
    "/",
    "/dev/zero",
    "/dev/stdin",
    "/proc/self/environ",
    "/proc/self/mem",
    "/etc/passwd",
    "~",
    "x\0y",
    "a" * 5000,
    "holidays",
    "holidays.yaml",
    "../scenarios/evidence.csv",
    "evidence.csv",
    "levers/parallel_contracting",
    "mutant.yaml",
    "mutant",
    "./mutant.yaml",
    "http://localhost/x.yaml",
    "file:///etc/passwd",
    "C:\\x",
    "\u202efrance",
    "france\n",
    "frnace",
    "*",
    "[a]",
    3,
    True,
    None,
    ["france"],
    {"name": "france"},
    1.5,
    "é" * 300,
)
_LEVER_USES: tuple[Any, ...] = (
    "parallel_contracting",
    "dedicated_referents",
    "early_mobilisation",
    "integrated_coordination",
    "nothing",
    3,
    None,
    [],
    {"name": "parallel_contracting", "from": "2026-01-01"},
    {"name": "dedicated_referents", "at": {"pioneer": True}},
    {"name": "early_mobilisation", "from": "2027-01-01", "to": "2026-01-01"},
    {"name": "parallel_contracting", "at": {"x": 1}},
    {"name": "integrated_coordination", "at": {"class": ["later_industry", "nobody"]}},
    {"at": {}},
    {"name": "parallel_contracting", "at": 3},
)
