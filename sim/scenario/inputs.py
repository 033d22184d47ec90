"""The inputs of a scenario: from a range or a sampling error, and the numbers that it covers, to an `Input`.

`inputs_of` says what a cover means, or what is wrong with it. `sim.scenario.language.ranges` has the definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sim.scenario.language.kinds import amount
from sim.scenario.language.mistakes import ScenarioError, listed, mistake
from sim.scenario.language.ranges import (
    CENTRES,
    FACTOR,
    Input,
    Law,
    Part,
    Quantity,
    beta_of_cases,
    end,
    error_of_median,
    mean_of_shares,
    normal_of_error,
    number_of,
    unit_of,
)
from sim.scenario.language.tree import Node
from sim.scenario.merging import PROVENANCE, is_form, items

FIXED = "fixed"
Covered = Sequence[tuple[tuple[Any, ...], Node]]


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of the numbers under one mapping: a range or a sampling error, and their grade."""

    key: str  # assumption or sampling
    node: Node
    grade: str
    gone: tuple[Node, ...] = ()  # numbers that it covered in its file, and that another file has replaced


def inputs_of(said: Said, covered: Covered, tree: Node) -> tuple[Input, ...]:
    """The inputs that a range or a sampling error makes of the numbers it covers [path, node], at most one if tied.

    Raises
    ------
    ScenarioError
        If it says nothing that can be done.
    """
    free = [each for each in quantities(covered, tree) if "limit" not in each.path]
    if _replaced(said, free):
        return ()
    if said.key == "sampling":
        return (_of_sampling(said, _one(said, free)),)
    ends = said.node.get("range")
    if ends is None or ends.value == FIXED:
        return ()
    low, high = _ends(ends)
    if low[0] in (FACTOR, "shift"):
        return _of_several(said, free, low, high)
    return (_of_one(said, free, low, high),)


def _replaced(said: Said, free: list[Quantity]) -> bool:
    """Whether what a range was about has been replaced, so that it is about nothing any more."""
    ends = said.node.get("range")
    kind = amount(items(ends)[0].value) if ends is not None and items(ends) else None
    if kind is None or said.node.get("of") is not None:
        return bool(said.gone) and not (_named(said, free) if free else ())
    gone = any((amount(node.value) or ("", 0.0))[0] == kind[0] for node in said.gone)
    return gone and not any(each.kind == kind[0] for each in free)


def quantities(covered: Covered, tree: Node) -> Iterator[Quantity]:
    """The numbers that one cover covers, those that are one thing together."""
    done: set[tuple[Any, ...]] = set()
    for path, _ in covered:
        above = _whole_of(path, tree)
        if above not in done:
            done.add(above)
            yield _quantity(above, path, [pair for pair in covered if pair[0][: len(above)] == above], tree)


def _whole_of(path: tuple[Any, ...], tree: Node) -> tuple[Any, ...]:
    """The path of the duration or count that a number is a part of; its own if it is none."""
    for length in (len(path) - 1, len(path) - 2):
        above = tree.walk(*path[:length])[0].value if length > 0 else None
        if isinstance(above, dict) and is_form(above):
            return path[:length]
    return path


def _quantity(above: tuple[Any, ...], path: tuple[Any, ...], pairs: Covered, tree: Node) -> Quantity:
    parts = tuple(Part(where[-1], node.place, node.value) for where, node in pairs)
    first, words = parts[0], tree.walk(*above)[1]
    kind = (amount(first.value) or ("none", 0.0))[0]
    if len(path) == len(above) + 2 and path[-2] == "shares":
        return Quantity(above, words, "plain", "", parts, mean_of_shares(parts), "mean")
    if isinstance(first.value, date):
        return Quantity(above, words, "date", "date", parts, float(first.value.toordinal()), "date")
    if len(path) > len(above):
        return _duration(Quantity(above, words, kind, unit_of(first.value), parts, float("nan"), "shape"))
    rest = _rest(path, tree) if kind == "share" else ()
    return Quantity(above, words, kind, unit_of(first.value), parts, _number(first.value), "number", rest)


def _duration(of_all: Quantity) -> Quantity:
    """A duration or count with its centre, and the unit of that."""
    alone = of_all.parts[0] if len(of_all.parts) == 1 else None
    centre = next((part for name in CENTRES for part in of_all.parts if part.key == name), alone)
    if centre is None:
        return of_all
    about = of_all if alone is None else replace(of_all, about="number")
    return replace(about, centre=_number(centre.value), unit=unit_of(centre.value))


def _number(value: Any) -> float:
    return number_of(value) if amount(value) is not None else float("nan")


def _rest(path: tuple[Any, ...], tree: Node) -> tuple[Part, ...]:
    """The other shares beside one, if all together are 100 %."""
    beside = tree.walk(*path[:-1])[0].value
    shares = {key: node for key, node in beside.items() if key not in PROVENANCE} if isinstance(beside, dict) else {}
    values = [amount(node.value) for node in shares.values()]
    if len(shares) < 2 or any(value is None or value[0] != "share" for value in values):
        return ()
    if abs(sum(value[1] for value in values if value is not None) - 1) > 1e-9:
        return ()
    return tuple(Part(key, node.place, node.value) for key, node in shares.items() if key != path[-1])


def _of_one(said: Said, free: list[Quantity], low: tuple[str, float, str], high: tuple[str, float, str]) -> Input:
    """A range in the unit of a number is about one quantity of that kind."""
    kind = "date" if low[0] == "date" else (amount(_text(said, 0)) or ("none", 0.0))[0]
    about = _one(said, [each for each in free if each.kind == kind] or free, kind)
    if about.unit != low[2]:
        wanted = f"must be in the unit of the number that it is about, {_unit(about.unit)} as {about.words}"
        raise _wrong(said, f"{wanted}, got {_shown(said)}")
    centre = about.centre
    if about.about == "mean" and not _reachable(about, low[1], high[1]):
        keys = [part.key for part in about.parts]
        raise _wrong(
            said, f"must lie between the numbers that have a share, {min(keys)} and {max(keys)}, got {_shown(said)}"
        )
    if about.about == "date":
        low, high, centre = (*low[:1], low[1] - centre, ""), (*high[:1], high[1] - centre, ""), 0.0
    return _input(said, (about,), _law(said, low[1], centre, high[1], about), "value", about.words)


def _reachable(about: Quantity, low: float, high: float) -> bool:
    keys = [float(part.key) for part in about.parts]
    return min(keys) <= low and high <= max(keys)


def _of_several(
    said: Said, free: list[Quantity], low: tuple[str, float, str], high: tuple[str, float, str]
) -> tuple[Input, ...]:
    """Factors, or days for dates, are about all that is covered, or all that `of` names."""
    dates = low[0] == "shift"
    about = [each for each in _named(said, free) if (each.kind == "date") == dates and each.kind != "none"]
    if not about:
        raise _wrong(said, f"must cover {'a date' if dates else 'a number'}, got {_shown(said)} with none")
    by = "value" if dates else FACTOR
    law = _law(said, low[1], 0.0 if dates else 1.0, high[1], None)
    if (move := said.node.get("move")) is not None and move.value == "apart":
        return tuple(_input(said, (each,), law, by, each.words) for each in about)
    name = about[0].words if len(about) == 1 else f"{about[0].words} (+{len(about) - 1})"
    return (_input(said, tuple(about), law, by, name),)


def _of_sampling(said: Said, about: Quantity) -> Input:
    """How sure a published number is, from the number of cases or its standard error."""
    size, error = said.node.get("size"), said.node.get("error")
    if error is not None:
        known = end(error.value)
        if known is None or known[2] != about.unit:
            unit = _unit(about.unit)
            raise _wrong(said, f"must give its error in the unit of the number, {unit} as {about.words}", "error")
        law = normal_of_error(about.centre, known[1])
    elif about.kind == "share":
        law = beta_of_cases(about.centre, float(size.value))  # type: ignore[union-attr,arg-type]
    else:
        try:
            spread = error_of_median(about, float(size.value))  # type: ignore[union-attr,arg-type]
        except ValueError as problem:
            raise _wrong(said, str(problem), "size") from None
        law = normal_of_error(about.centre, spread)
    return _input(said, (about,), law, "value", about.words)


def _input(said: Said, about: tuple[Quantity, ...], law: Law, by: Any, name: str) -> Input:
    tie = said.node.get("tie")
    return Input(name, said.node.place, about, law, by, str(tie.value) if tie is not None else None, said.grade)


def _one(said: Said, free: list[Quantity], kind: str = "") -> Quantity:
    """The one quantity that is meant."""
    about = _named(said, free)
    if len(about) == 1 and about[0].kind == (kind or about[0].kind) and about[0].centre == about[0].centre:
        return about[0]
    if len(about) == 1:
        raise _wrong(
            said,
            f"must be of the kind of the number that it is about, {about[0].words}, got {_shown(said)}; "
            "or give factors such as [x0.5, x2]",
        )
    covered = listed([each.words for each in about]) if about else "none"
    raise _wrong(
        said,
        f"must be about one number, got {_shown(said)} for {covered}; "
        "name it with 'of', or give factors such as [x0.5, x2] for all",
    )


def _named(said: Said, free: list[Quantity]) -> list[Quantity]:
    """The quantities that `of` names; all where it names none."""
    of = said.node.get("of")
    if of is None:
        return free
    parts = tuple(str(of.value).split("."))
    found = [each for each in free if _ends_with(each.path, parts)]
    return found or [
        _alone(each, part) for each in free for part in each.parts if _ends_with((*each.path, part.key), parts)
    ]


def _ends_with(path: tuple[Any, ...], parts: tuple[str, ...]) -> bool:
    return tuple(map(str, path[-len(parts) :])) == parts


def _alone(quantity: Quantity, part: Part) -> Quantity:
    """One number of a duration by itself: the shape changes with it."""
    path, words = (*quantity.path, part.key), f"{quantity.words}.{part.key}"
    return replace(
        quantity,
        path=path,
        words=words,
        parts=(part,),
        centre=_number(part.value),
        unit=unit_of(part.value),
        about="number",
    )


def _ends(ends: Node) -> tuple[tuple[str, float, str], tuple[str, float, str]]:
    low, high = (end(node.value) for node in items(ends))
    text = " to ".join(str(node.value) for node in items(ends))
    if low is None or high is None or (low[0], low[2]) != (high[0], high[2]):
        message = f"must be two numbers of one unit, two factors such as x0.5 and x2, or fixed, got {text}"
        raise ScenarioError([mistake(ends.place, "assumption.range", message)])
    if low[1] > high[1]:
        message = f"must run from the lowest to the highest value, got {text}"
        raise ScenarioError([mistake(ends.place, "assumption.range", message)])
    return low, high


def _law(said: Said, low: float, mode: float, high: float, about: Quantity | None) -> Law:
    slack = 1e-9 * max(1.0, abs(mode))
    if not low - slack <= mode <= high + slack:
        number = (
            f"the number that it is about, {_written(about)}" if about is not None else "what is written, x1 or 0 d"
        )
        raise _wrong(said, f"must hold {number}, got {_shown(said)}")
    name = said.node.get("spread")
    if name is not None and name.value == "uniform":
        return Law("uniform", low, mode, high)
    of_ratios = low > 0 and (about is None or about.kind not in ("share", "date"))
    return Law("logpert" if of_ratios else "pert", low, mode, high)


def _written(about: Quantity) -> str:
    if about.about == "mean":
        return f"a mean of {about.centre:g}"
    if about.about == "date":
        return str(about.parts[0].value)
    return f"{about.centre:g} {about.unit}".rstrip()


def _unit(unit: str) -> str:
    return unit or "no unit"


def _text(said: Said, which: int) -> Any:
    return items(said.node.get("range") or said.node)[which].value


def _shown(said: Said) -> str:
    ends = said.node.get("range")
    return " to ".join(str(node.value) for node in items(ends)) if ends is not None else "a sampling error"


def _wrong(said: Said, message: str, part: str = "range") -> ScenarioError:
    node = said.node.get(part) or said.node
    return ScenarioError([mistake(node.place, f"{said.key}.{part}", message)])
