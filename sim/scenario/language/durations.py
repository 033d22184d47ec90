"""A length of time as people know it: which numbers describe it, and which of them may stand together.

`Duration` is what was written, looked at by itself: one known form, one unit, quantiles in order. Whether a
distribution through these numbers exists is settled where it is fitted.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.language.mistakes import shown
from sim.scenario.language.quantities import Span, SpanField, in_our_words
from sim.scenario.language.records import Record

QUANTILES = ("p10", "q1", "median", "q3", "p90")
PARTS = ("exactly", *QUANTILES, "low", "mode", "high", "mean", "sd", "values")

_SKEWED = ("lognormal", "gamma", "weibull")
_OF_QUANTILES = (*_SKEWED, "normal", "piecewise")
_FAMILIES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("exactly",): (),
    ("low", "mode", "high"): ("pert", "triangular"),
    ("low", "high"): ("uniform",),
    ("mean", "sd"): (*_SKEWED, "normal"),
    ("mean",): ("exponential",),
    ("values",): (),
}
"""The families of each form apart from quantiles; none: the form says it all."""

_REMEDY = (
    "write 'exactly 5 d', {median: ..., p90: ...}, {p10: ..., median: ..., p90: ...}, "
    "{low: ..., mode: ..., high: ...}, {mean: ..., sd: ...} or {values: [...]}"
)


def _exactly(written: Any) -> Any:
    """'exactly 5 d' as the mapping {exactly: 5 d}; anything else unchanged."""
    if isinstance(written, str):
        match = re.fullmatch(r"\s*exactly\s+(.+)", written)
        if match is None:
            number = (*in_our_words(written), written)[0]
            raise ValueError(
                f"must say how it spreads, got {shown(written)}; write 'exactly {number}', "
                "{median: ..., p90: ...} or {low: ..., mode: ..., high: ...}"
            )
        return {"exactly": match[1]}
    return written


Family = Literal["lognormal", "gamma", "weibull", "normal", "piecewise", "exponential", "pert", "triangular", "uniform"]


class Duration(Record):
    """A length of time given as people know it; `family` is lognormal unless the pair says otherwise.

    exactly | median + p90, p10 + median + p90, ... two or more of p10, q1, median, q3, p90 | low + mode + high (pert) |
    low + high (uniform) | mean + sd | mean (exponential) | values (each as likely as the next). More than two quantiles
    are met as nearly as the family can; `family: piecewise` meets them all.
    """

    family: Family | None = Field(
        default=None, description="The family of distributions; none: lognormal, or that of the form."
    )
    exactly: SpanField | None = Field(default=None, description="No spread: always so long.")
    median: SpanField | None = Field(default=None, description="Half take at most so long.")
    p10: SpanField | None = Field(default=None, description="A tenth takes at most so long.")
    q1: SpanField | None = Field(default=None, description="A quarter takes at most so long.")
    q3: SpanField | None = Field(default=None, description="Three quarters take at most so long.")
    p90: SpanField | None = Field(default=None, description="Nine tenths take at most so long.")
    low: SpanField | None = Field(default=None, description="The shortest.")
    mode: SpanField | None = Field(default=None, description="The most likely.")
    high: SpanField | None = Field(default=None, description="The longest.")
    mean: SpanField | None = Field(default=None, description="The mean.")
    sd: SpanField | None = Field(default=None, description="The standard deviation.")
    values: tuple[SpanField, ...] | None = Field(
        default=None, min_length=1, max_length=100_000, description="Each as likely as the next."
    )

    @property
    def spans(self) -> tuple[Span, ...]:
        """The numbers that it is given by, all in one unit."""
        given = (getattr(self, name) for name in type(self).model_fields)
        return tuple(each for each in (*given, *(self.values or ())) if isinstance(each, Span))

    @model_validator(mode="after")
    def _known_form(self) -> Duration:
        _check(self)
        return self


DurationField = Annotated[Duration, BeforeValidator(_exactly, json_schema_input_type=str | Duration)]


def _check(duration: Duration) -> None:
    """Refuse a duration whose numbers do not make one known form. Raises ValueError."""
    given = tuple(part for part in PARTS if getattr(duration, part) is not None)
    _check_form(given, duration.family)
    spans = _spans(duration, given)
    _check_unit(spans)
    _check_order([(part, span) for part, span in spans if part in QUANTILES], strict=True)
    _check_order([(part, span) for part, span in spans if part in ("low", "mode", "high")])
    _check_order([(part, span) for part, span in spans if part in ("low", "high")], strict=True)
    _check_above_zero(duration, given)


def _check_form(given: tuple[str, ...], family: str | None) -> None:
    quantiles = len(given) > 1 and set(given) <= set(QUANTILES)
    if len(given) == 1 and given[0] in QUANTILES:
        raise ValueError(
            f"must say how it spreads, got {given[0]} alone; add {'median' if given[0] == 'p90' else 'p90'}"
        )
    if not quantiles and given not in _FAMILIES:
        raise ValueError(f"must be one known form, got {' + '.join(given) or 'no number'}; {_REMEDY}")
    allowed = _OF_QUANTILES if quantiles else _FAMILIES[given]
    if family is not None and family not in allowed:
        remedy = f"use {' or '.join(allowed)}" if allowed else "delete family"
        raise ValueError(f"family {family!r} does not go with {' + '.join(given)}; {remedy}")


def _spans(duration: Duration, given: tuple[str, ...]) -> list[tuple[str, Span]]:
    if given == ("values",):
        return [("values", span) for span in duration.values or ()]
    return [(part, getattr(duration, part)) for part in given]


def _check_unit(spans: list[tuple[str, Span]]) -> None:
    units = {span.unit: None for _, span in spans}
    if len(units) > 1:
        raise ValueError(f"must be in one unit, got {' and '.join(units)}; write all of its numbers in the same")


def _check_order(spans: list[tuple[str, Span]], *, strict: bool = False) -> None:
    for (smaller, low), (larger, high) in pairwise(spans):
        if low.value > high.value or (strict and low.value == high.value):
            relation = "less than" if strict else "at most"
            raise ValueError(f"{smaller} must be {relation} {larger}, got {low} and {high}")


def _check_above_zero(duration: Duration, given: tuple[str, ...]) -> None:
    if "exactly" in given or "values" in given or "low" in given or duration.family == "normal":
        return
    for part in given:
        if getattr(duration, part).value == 0:
            raise ValueError(
                f"{part} must be more than 0, got {getattr(duration, part)}; for no time at all write 'exactly 0 d'"
            )
