"""Which file is meant, and what it holds: paths, names of shipped scenarios, names of levers, public holidays.

A source is a path, or the name of a shipped file with or without `.yaml`. A name in a file is looked for beside that
file first, then among the shipped ones. What is shipped (the scenarios, their register and `holidays.yaml`) stands in
`scenarios` of a checkout and inside an installed package.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path

from sim.scenario.language.mistakes import Mistake, Place, ScenarioError, did_you_mean, mistake, shown
from sim.scenario.language.tree import LARGEST_FILE, Node, parse

NOT_SCENARIOS = frozenset({"holidays", "groups", "questions"})
"""Files beside the shipped scenarios that are none."""


def scenario_file(source: str | Path, beside: Path | None, place: Place, path: str = "") -> Path:
    """The file of a scenario that is named at `place`.

    Raises
    ------
    ScenarioError
        If there is no such file.
    """
    name = str(source)
    folders = [beside or Path(), shipped_folder()]
    if (found := _first(name, folders)) is not None:
        return found
    if name and os.path.isdir(folders[0] / name):
        message = f"must be a scenario file, got the folder {shown(name)}; name a file in it"
        raise ScenarioError([mistake(place, path, message)])
    return _no_file(place, path, f"no such file or shipped scenario, got {shown(name)}", name, shipped_names())


def shipped_names() -> list[str]:
    """The names of the shipped scenarios, in order."""
    return [each.stem for each in sorted(shipped_folder().glob("*.yaml")) if each.stem not in NOT_SCENARIOS]


def lever_file(name: str, folders: Iterable[Path], place: Place) -> Path:
    """The file of a lever, from `levers/` beside one of the scenario's files or among the shipped ones.

    Raises
    ------
    ScenarioError
        If there is no such file.
    """
    where = [folder / "levers" for folder in (*folders, shipped_folder())]
    if (found := _first(f"{name}.yaml", where)) is not None:
        return found
    known = dict.fromkeys(each.stem for folder in where for each in sorted(folder.glob("*.yaml")))
    return _no_file(place, "levers", f"no such lever, got {shown(name)}", name, known)


def read_tree(file: Path, found: list[Mistake]) -> Node:
    """The tree of a file that must hold one mapping.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    name = display(file)
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ScenarioError([*found, mistake(Place(name), "", f"cannot be read: {error.strerror}")]) from None
    tree, mistakes = _parsed(content, name)
    found.extend(mistakes)
    if not isinstance(tree.value, dict):
        raise ScenarioError(
            [*found, mistake(tree.place, "", f"must be a mapping such as 'title: ...', got {shown(tree.plain())}")]
        )
    return tree


@lru_cache(maxsize=16)
def _parsed(content: bytes, name: str) -> tuple[Node, tuple[Mistake, ...]]:
    """The tree of a text and what could be read past in it; several scenarios on one base parse the base once."""
    found: list[Mistake] = []
    return parse(content, name, found), tuple(found)


def years_of_holidays(country: str) -> list[int]:
    """The years that `holidays.yaml` has of a country, not read as YAML: that takes longer than all checks."""
    text = (shipped_folder() / "holidays.yaml").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(country)}:.*\n((?: .*\n)+)", text, re.MULTILINE)
    return [int(year) for year in re.findall(r"^ +([0-9]{4}):", found[1], re.MULTILINE)] if found else []


def display(file: Path) -> str:
    """A path as messages show it: relative to where the user is, if it lies below."""
    absolute, here = os.path.normpath(file.absolute()), os.getcwd() + os.sep
    return absolute.removeprefix(here)


def _first(name: str, folders: Iterable[Path]) -> Path | None:
    for folder in folders:
        for file in (folder / name, folder / f"{name}.yaml"):
            if os.path.isfile(file):  # false, unlike Path.is_file, for what cannot be the name of a file
                return file
    return None


def _no_file(place: Place, path: str, message: str, name: str, known: Iterable[str]) -> Path:
    raise ScenarioError([mistake(place, path, f"{message}; {did_you_mean(Path(name).stem, known)}")])


_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """The folder of the shipped files."""
    installed = _PACKAGE / "shipped"
    return installed if installed.is_dir() else _PACKAGE.parent / "scenarios"


def public_holidays(country: str) -> Mapping[int, tuple[date, ...]]:
    """The public holidays of each year of a country or region: of `holidays.yaml`, else of the package `holidays`.

    Raises
    ------
    ValueError
        If neither knows it.
    """
    known = _read_holidays()
    found = known.get(country) or _of_package(country)
    if found is None:
        nearest = get_close_matches(country.upper(), known, 1)
        hint = f"did you mean {nearest[0]!r}? " if nearest else ""
        raise ValueError(
            f"holidays must be one of holidays.yaml, got {country!r}; {hint}known: {', '.join(known)}, other countries "
            "of the Python package holidays, and regions such as FR-57"
        )
    return found


@cache
def _of_package(country: str) -> Mapping[int, tuple[date, ...]] | None:
    """What the package `holidays` knows of a country or region, such as 'FR-57'; None if it knows nothing."""
    written = re.fullmatch(r"([A-Z]{2})(?:-([A-Z0-9]{1,4}))?", country)
    if written is None:
        return None
    from holidays import country_holidays

    try:
        return {year: tuple(sorted(country_holidays(written[1], subdiv=written[2], years=year))) for year in _YEARS}
    except NotImplementedError:
        return None


_YEARS = range(2000, 2061)


@cache
def _read_holidays() -> Mapping[str, Mapping[int, tuple[date, ...]]]:
    countries = read_tree(shipped_folder() / "holidays.yaml", []).plain()
    return {country: {year: _days(year, days) for year, days in years.items()} for country, years in countries.items()}


def _days(year: int, month_days: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(f"{year}-{month_day}") for month_day in month_days.split())
