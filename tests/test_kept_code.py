"""Machine code on disk that was cut, by a full disk or a power cut, is made again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.model.kept_code import unless_cut
from tests.test_nothing_lost import trialstart

numba = pytest.importorskip("numba")


def kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function of which numba keeps the code in a folder."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(folder))

    def twice(number: Any) -> Any:
        return 2 * number

    return numba.njit(cache=True)(twice)


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("left", [0, 30])
def test_what_was_cut_is_made_again(suffix: str, left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index or the code, cut short or empty: the same answer, and afterwards the whole code is kept."""
    assert kept(tmp_path, monkeypatch)(np.int64(2)) == 4
    (file,) = tmp_path.rglob(f"*.{suffix}")
    whole = file.stat().st_size
    os.truncate(file, left)
    for _ in range(2):
        function = kept(tmp_path, monkeypatch)
        assert unless_cut(function, lambda function=function: function(np.int64(2))) == 4  # type: ignore[misc]
    assert sum(function.stats.cache_hits.values()) == 1
    assert abs(max(each.stat().st_size for each in tmp_path.rglob(f"*.{suffix}")) - whole) < 100


def test_a_fault_of_the_function_itself_is_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails when it runs fails once, as it is."""
    function, tried = kept(tmp_path, monkeypatch), []

    def call() -> None:
        function(np.int64(1))
        tried.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        unless_cut(function, call)
    assert tried == [1]


@pytest.mark.slow
def test_a_cut_cache_of_the_engine_ends_no_run(one_office: Path, tmp_path: Path) -> None:
    """Every kept file cut to its half: the command answers as before."""
    words = ["run", str(one_office), "--engine", "compiled", "--replications", "2", "--jobs", "1", "--format", "csv"]
    first = trialstart(*words, NUMBA_CACHE_DIR=str(tmp_path / "cache"))
    for file in (tmp_path / "cache").rglob("*.nb*"):
        os.truncate(file, file.stat().st_size // 2)
    again = trialstart(*words, NUMBA_CACHE_DIR=str(tmp_path / "cache"))
    assert (again.returncode, again.stdout) == (0, first.stdout)
