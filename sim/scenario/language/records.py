"""The records that all parts of a scenario are made of: provenance, wording, durations, counts, conditions.

Every `Record` may carry where its numbers come from: `source` (rows of the register) or `assumption` (a range and a
reason); either covers everything under it. A default here is always "nothing": no number of a result stands in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from sim.scenario.language.mistakes import shown
from sim.scenario.language.quantities import DateField, ShareField, Span

STRICT = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)
"""How every record behaves; records are built at first use, because that takes most of the time of an import."""

A_NAME = "must be lower-case letters, digits and _, a letter first"
Name = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60, json_schema_extra={"patternErrorMessage": A_NAME})
]
Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


def read_attribute(written: Any) -> Any:
    """An attribute's value: a word, a flag or a whole number. Raises ValueError."""
    if not isinstance(written, (bool, str, int)):
        raise ValueError(f"must be a word, true, false or a whole number, got {shown(written)}")
    return written


def _attributes(written: Any) -> Any:
    """A list of values for 'one of these', as a tuple. Raises ValueError if it is empty: nothing would ever meet it."""
    if not isinstance(written, (list, tuple)):
        return read_attribute(written)
    if not written:
        raise ValueError("must name at least one value, got an empty list")
    return tuple(map(read_attribute, written))


def _references(written: Any) -> Any:
    if written is None or isinstance(written, str):
        return written
    if not isinstance(written, (list, tuple)) or not all(isinstance(row, str) for row in written) or not written:
        raise ValueError(f"must be an id of the register or a list of ids, got {shown(written)}")
    return tuple(written)


Attribute = Annotated[bool | str | int, BeforeValidator(read_attribute)]
Condition = dict[Name, Annotated[bool | str | int | tuple[bool | str | int, ...], BeforeValidator(_attributes)]]


def accepts(wanted: Any, value: Any) -> bool:
    """Whether a value is what a condition asks for, or one of what it asks for; true is not the number 1."""
    one_of = wanted if isinstance(wanted, tuple) else (wanted,)
    return any(value == each and isinstance(value, bool) == isinstance(each, bool) for each in one_of)


class Assumption(BaseModel):
    """A number without a published source: the range within which it may lie, and the reason."""

    model_config = STRICT

    range: tuple[Any, Any] | Literal["fixed"] = Field(
        description="The lowest and the highest plausible value, in the unit of the number: [1 wd, 15 wd]. For a "
        "duration these are values of its median (mode, mean, exact value) and its shape is kept; of one of several "
        "shares the others give way. Factors for several numbers: [x0.5, x2]; days for dates: [-90 d, +90 d]. "
        "fixed: a choice or a convention, which no survey could tell."
    )
    of: str | None = Field(
        default=None, description="Which of several numbers the range is about, such as 'number' or 'work.p90'."
    )
    spread: Literal["pert", "uniform"] = Field(
        default="pert",
        description="How likely the values are: all alike (uniform), or most likely the written one (pert; lengths of "
        "time, rates and numbers of people by their ratios, so that half and twice as much are alike).",
    )
    move: Literal["together", "apart"] = Field(
        default="together", description="Whether the numbers under a range of factors move as one, or each by itself."
    )
    tie: Name | None = Field(default=None, description="Ranges with the same word here move as one.")
    why: str = Field(description="Why this value, and what the range rests on.")

    @field_validator("range")
    @classmethod
    def _from_low_to_high(cls, written: Any) -> Any:
        from sim.scenario.language.ranges import end

        if written == "fixed":
            return written
        low, high = map(end, written)
        words = " to ".join(map(str, written))
        if low is None or high is None or (low[0], low[2]) != (high[0], high[2]):
            raise ValueError(f"must be two numbers of one unit, two factors such as x0.5 and x2, or fixed, got {words}")
        if low[1] > high[1]:
            raise ValueError(f"must run from the lowest to the highest value, got {words}")
        return written


class Sampling(BaseModel):
    """How sure a published number is: the number of cases it was counted among, or its standard error."""

    model_config = STRICT

    size: Annotated[int, Field(strict=True, ge=2, le=100_000_000)] | None = Field(
        default=None, description="Cases behind a share, or behind a median that is given with its p90."
    )
    error: Any = Field(default=None, description="Its standard error, in the unit of the number.")
    of: str | None = Field(default=None, description="Which of several numbers it is about.")
    tie: Name | None = Field(default=None, description="Ranges with the same word here move as one.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Sampling:
        if (self.size is None) == (self.error is None):
            raise ValueError("must have a size or an error, not both, got both or none")
        return self


class Record(BaseModel):
    """What every part of a scenario may say about itself."""

    model_config = STRICT

    source: Annotated[str | tuple[str, ...] | None, BeforeValidator(_references)] = Field(
        default=None, description="Rows of the register that the numbers under this come from."
    )
    assumption: Assumption | None = Field(
        default=None, description="Said where no source exists: the range that is plausible, and why."
    )
    sampling: Sampling | None = Field(
        default=None, description="Beside a source: its number of cases, or the standard error of the number."
    )
    note: str | None = Field(
        default=None, description="How a number was derived from its sources, or what it leaves out."
    )


Some = TypeVar("Some", bound=Record)


def only(record: Some, *names: str) -> Some:
    """The record with None in all fields but these."""
    return record.model_copy(update=dict.fromkeys(type(record).model_fields.keys() - {*names}))


def parts(value: Any) -> Iterable[tuple[Any, Any]]:
    """What stands in a record, a mapping or a list, with its key in the file; nothing in anything else."""
    if isinstance(value, dict):
        return value.items()
    if isinstance(value, tuple):
        return enumerate(value)
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return ((fields[name].alias or name, below) for name, below in value.__dict__.items())
    return ()


SCALARS = (str, int, float, date, Span, type(None))
"""What has no parts."""


def _numbers_alone(written: Any) -> Any:
    """A table without what it says about its own numbers: that is checked here, and kept by the evidence."""
    if not isinstance(written, Mapping):
        return written
    said = {key: value for key, value in written.items() if key in Record.model_fields}
    Record.model_validate(said)
    return {key: value for key, value in written.items() if key not in said}


def _table_schema(values: Mapping[str, Any]) -> WithJsonSchema:
    own = {
        "source": {"type": ["string", "array"], "description": "The row of the register, or several, behind them."},
        "assumption": {"type": "object", "description": "Where there is no source: the range, and why."},
        "sampling": {"type": "object", "description": "How sure a published number is."},
        "note": {"type": "string", "description": "What readers need to know."},
    }
    return WithJsonSchema({"type": "object", "properties": own, "additionalProperties": dict(values)})


def _headcount(written: Any) -> Any:
    """A number of people, or the number from each of several dates on."""
    return _BY_DATE.validate_python(written) if isinstance(written, dict) else _ALWAYS.validate_python(written)


_ALWAYS: TypeAdapter[int] = TypeAdapter(Whole)
_BY_DATE: TypeAdapter[dict[date, int]] = TypeAdapter(
    Annotated[dict[DateField, Whole], Field(min_length=1, max_length=1000)]
)
_HEADCOUNT_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
    ]
}
Headcount = Annotated[
    int | dict[date, int],
    PlainValidator(_headcount),
    PlainSerializer(lambda it: it if isinstance(it, int) else {day.isoformat(): units for day, units in it.items()}),
    WithJsonSchema(_HEADCOUNT_SCHEMA),
]
"""People: a number, or the number from each of several dates on; before the first of them that of the first."""
People = Annotated[dict[Name, Headcount], BeforeValidator(_numbers_alone), _table_schema(_HEADCOUNT_SCHEMA)]
"""Units of each pool [people]; like `Shares` it may carry a source or an assumption of its own."""
Shares = Annotated[
    dict[Name, ShareField], BeforeValidator(_numbers_alone), _table_schema({"type": "string", "examples": ["70 %"]})
]


def _one_line(written: str) -> str:
    if {*written} & {*"\n\t\x85\u2028\u2029"}:
        raise ValueError(f"must be one line of text, got {shown(written)}")
    return written


Line = Annotated[str, AfterValidator(_one_line)]


class Text(BaseModel):
    """A wording in both languages, each on one line."""

    model_config = STRICT

    en: Line = Field(description="In English.")
    fr: Line = Field(description="In French.")


def _in_both(written: Any) -> Any:
    """One text for both languages, where one is enough."""
    return {"en": written, "fr": written} if isinstance(written, str) else written


Title = Annotated[Text, BeforeValidator(_in_both, json_schema_input_type=str | Text)]
"""What people read instead of a name."""


def _exact_count(written: Any) -> Any:
    if isinstance(written, str):
        match = re.fullmatch(r"\s*exactly\s+(\d{1,6})\s*", written)
        if match is None:
            raise ValueError(f"must be 'exactly N', {{mean: ...}} or {{shares: ...}}, got {shown(written)}")
        return {"exactly": int(match[1])}
    return written


class Count(Record):
    """A whole number: exactly N | {mean} (from 1, geometric) | {shares: {1: 20 %, 2: 80 %}}."""

    exactly: Annotated[int, Field(strict=True, ge=0, le=1000)] | None = Field(default=None, description="The number.")
    mean: Annotated[float, Field(strict=True, ge=1, le=50)] | None = Field(
        default=None, description="At least 1; geometric from 1 up."
    )
    shares: dict[Annotated[int, Field(ge=0, le=1000)], ShareField] | None = Field(
        default=None, min_length=1, description="The share of each number, in all 100 %."
    )

    @model_validator(mode="after")
    def _one_form(self) -> Count:
        given = [name for name in ("exactly", "mean", "shares") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"must be one of exactly, mean, shares; got {', '.join(given) or 'none of them'}")
        if self.shares is not None and abs(sum(self.shares.values()) - 1) > 1e-9:
            raise ValueError(f"shares must add up to 100 %, got {100 * sum(self.shares.values()):g} %")
        return self


CountField = Annotated[Count, BeforeValidator(_exact_count, json_schema_input_type=str | Count)]
