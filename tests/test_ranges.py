"""What a range means: laws of values, and how a new value is written back."""

from __future__ import annotations

import math
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from sim.scenario.language.kinds import amount
from sim.scenario.language.mistakes import Place
from sim.scenario.language.ranges import (
    REAL,
    Law,
    Part,
    Quantity,
    beta_of_cases,
    end,
    error_of_median,
    mean_of_shares,
    normal_of_error,
    number_of,
    rewritten,
)
from sim.scenario.schema import Scenario
from sim.scenario.shape import record_at


def part(key: object, value: object, line: int = 1) -> Part:
    """A written number, in a line of its own."""
    return Part(key, Place("x.yaml", line, 1), value)


def quantity(about: str, *parts: Part, centre: float = 1.0, unit: str = "d", rest: tuple[Part, ...] = ()) -> Quantity:
    """Numbers that are one thing."""
    return Quantity(("x",), "x", "time", unit, parts, centre, about, rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "number", "expected"),
    [
        ("3 wd", 4.25, "4.25 wd"),
        ("authorised - 20 d", 35.5, "authorised - 35.5 d"),
        ("exactly 4 h", 2, "exactly 2 h"),
        ("exactly 6", 7.4, "exactly 7"),
        ("30 %", 12.3456789, "12.3457 %"),
        ("122 /year", 61, "61 /year"),
        (5, 2.5, 3),
        (1, 0.5, 1),
    ],
)
def test_a_number_is_written_back_as_it_was_written(written: object, number: float, expected: object) -> None:
    """With its unit and the words around it; what must be whole is rounded, halves up."""
    assert rewritten(part("units", written), number) == expected


def test_the_plain_numbers_that_need_not_be_whole_are_those_of_the_schema() -> None:
    """`REAL` lists exactly the keys of a scenario that hold a plain number with a fraction."""
    assert _real_keys(Scenario, set()) == REAL


def _real_keys(record: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    """The keys of a record, and of those below it, that are a float with bounds of its own."""
    if record in seen:
        return set()
    seen.add(record)
    found = set()
    for name, field in record.model_fields.items():
        strict = any(getattr(each, "strict", False) for each in field.metadata) or "Strict" in str(field.annotation)
        if "float" in str(field.annotation) and ("strict=True" in str(field) or strict):
            found.add(name)
        for inner in _records(field.annotation):
            found |= _real_keys(inner, seen)
    return found


def _records(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [each for inside in typing.get_args(annotation) for each in _records(inside)]


def test_record_at_knows_the_parts_of_a_range() -> None:
    """A misspelt key under an assumption or a sampling error is told like any other."""
    names = [record_at(Scenario, ("windows", key)) for key in ("assumption", "sampling")]
    assert [each.__name__ for each in names if each is not None] == ["Assumption", "Sampling"]


def test_a_duration_keeps_its_shape() -> None:
    """Twice the median is twice the p90."""
    of_work = quantity("shape", part("median", "3 wd", 1), part("p90", "10 wd", 2), centre=3.0)
    assert [*of_work.at(6).values()] == ["6 wd", "20 wd"] == [*of_work.by(2).values()]


def test_the_other_shares_of_a_hundred_give_way() -> None:
    """In proportion, and the sum stays 100 %."""
    others = (part("biotech", "20 %", 2), part("startup", "20 %", 3))
    of_split = quantity("number", part("company", "60 %"), centre=60.0, unit="%", rest=others)
    assert [*of_split.at(80).values()] == ["80 %", "10 %", "10 %"]
    assert [*of_split.at(100).values()] == ["100 %", "0 %", "0 %"]


COUNTS = tuple(part(key, f"{share} %", key + 1) for key, share in enumerate((25, 25, 20, 15, 10, 5)))


@given(st.floats(0.01, 4.99))
def test_shares_of_whole_numbers_are_tilted_to_a_mean(mean: float) -> None:
    """The new shares have the mean, add up to 100 %, and none is negative."""
    texts = quantity("mean", *COUNTS, centre=mean_of_shares(COUNTS)).at(mean)
    shares = [number_of(texts[each.place]) for each in COUNTS]
    assert sum(share * key for key, share in enumerate(shares)) / 100 == pytest.approx(mean, abs=1e-4)
    assert sum(amount(text)[1] for text in texts.values()) == pytest.approx(1, abs=1e-9)  # type: ignore[index]
    assert min(shares) >= 0


def test_tilted_to_the_mean_that_is_written_they_stay_as_they_are() -> None:
    """The companion: the written mean gives the written shares, another one does not."""
    of_sites = quantity("mean", *COUNTS, centre=mean_of_shares(COUNTS))
    assert [*of_sites.at(of_sites.centre).values()] == [each.value for each in COUNTS]
    assert [*of_sites.at(1.1 * of_sites.centre).values()] != [each.value for each in COUNTS]


@pytest.mark.parametrize(
    "law",
    [
        Law("pert", 1, 3, 15),
        Law("pert", 1, 1, 15),
        Law("logpert", 1, 4, 80),
        Law("uniform", 0, 0.3, 1),
        beta_of_cases(4.6, 152),
        normal_of_error(104, 5),
    ],
    ids=str,
)
def test_a_law_runs_from_end_to_end(law: Law) -> None:
    """Its quantiles rise from the low end to the high end."""
    values = [law.quantile(u / 50) for u in range(51)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (law.low, law.high)


def test_pert_has_the_mean_of_its_three_numbers() -> None:
    """(low + 4 mode + high) / 6, from its quantiles; a mode ten per cent off has another one."""
    mean = sum(Law("pert", 1, 3, 15).quantile((u + 0.5) / 2000) for u in range(2000)) / 2000
    assert mean == pytest.approx((1 + 4 * 3 + 15) / 6, rel=1e-4)
    assert mean != pytest.approx((1 + 4 * 3.3 + 15) / 6, rel=1e-2)


def test_half_and_twice_as_much_are_alike() -> None:
    """A factor from x0.5 to x2 leans to neither side by ratios; by differences the middle would be above 1."""
    by_ratio, by_difference = (Law(name, 0.5, 1, 2) for name in ("logpert", "pert"))
    for u in (0.01, 0.1, 0.3):
        assert by_ratio.quantile(u) * by_ratio.quantile(1 - u) == pytest.approx(1)
    assert by_ratio.quantile(0.5) == pytest.approx(1)
    assert by_difference.quantile(0.5) > 1.05


def test_a_share_of_cases_is_as_sure_as_their_number() -> None:
    """7 of 152: Jeffreys' 95 % interval, 2.08 to 8.83 %; ten times the cases, a third of the width."""
    few, many = beta_of_cases(100 * 7 / 152, 152), beta_of_cases(100 * 7 / 152, 1520)
    assert [few.quantile(u) for u in (0.025, 0.975)] == pytest.approx([2.083, 8.828], abs=0.001)
    widths = [law.quantile(0.975) - law.quantile(0.025) for law in (few, many)]
    assert widths[0] / widths[1] == pytest.approx(math.sqrt(10), rel=0.05)


def test_the_error_of_a_median() -> None:
    """Of 100 cases with median 10 d and log-standard-deviation 1: 1.2533 x 10 / 10."""
    of_work = quantity("shape", part("median", "10 d"), part("p90", f"{10 * math.exp(1.2815515655)} d"), centre=10.0)
    assert error_of_median(of_work, 100) == pytest.approx(1.2533, rel=1e-3)
    with pytest.raises(ValueError, match="give the standard error"):
        error_of_median(quantity("shape", part("low", "1 d"), part("high", "2 d")), 100)


@pytest.mark.parametrize("text", ["x", "x-1", "3", "about 3 d", True, "xinf", None])
def test_what_is_no_end_of_a_range(text: object) -> None:
    """A bare word, a number in quotes, a negative factor."""
    assert end(text) is None
