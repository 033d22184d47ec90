"""The files that travel with the package: where they are, and the public holidays among them.

The scenarios, their register and `holidays.yaml` stand in `scenarios` of a checkout and inside an installed package.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """The folder of the shipped files."""
    installed = _PACKAGE / "shipped"
    return installed if installed.is_dir() else _PACKAGE.parent / "scenarios"


def public_holidays(country: str) -> Mapping[int, tuple[date, ...]]:
    """The public holidays of each year of a country of `holidays.yaml`. Raises ValueError if it is unknown."""
    known = _read_holidays()
    if country not in known:
        nearest = get_close_matches(country.upper(), known, 1)
        hint = f"did you mean {nearest[0]!r}? " if nearest else ""
        raise ValueError(f"holidays must be one of holidays.yaml, got {country!r}; {hint}known: {', '.join(known)}")
    return known[country]


@cache
def _read_holidays() -> Mapping[str, Mapping[int, tuple[date, ...]]]:
    from ruamel.yaml import YAML

    countries = YAML(typ="safe").load(shipped_folder() / "holidays.yaml")
    return {country: {year: _days(year, days) for year, days in years.items()} for country, years in countries.items()}


def _days(year: int, month_days: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(f"{year}-{month_day}") for month_day in month_days.split())
