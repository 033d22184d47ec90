"""The engine is compiled by one process of a machine, which says so; all others take what it made."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.engine.first_call import compiling_once


def test_one_compiles_and_the_others_wait(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Four start at once: their blocks do not overlap, one line is said, and a fifth finds it made."""
    inside: list[int] = []
    most: list[int] = []

    def compiles(_: int) -> None:
        with compiling_once(tmp_path / "cache", "edition-1"):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.05)  # the others could come in
            inside.pop()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(compiles, range(4)))
    compiles(4)
    assert most == [1] * 5
    assert [record.getMessage() for record in caplog.records] == [
        "compiling the engine: once on this machine, about 15 seconds"
    ]


def test_what_fails_is_not_taken_for_made(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Ended while it compiled: the next one says so and compiles; another edition is compiled, too."""
    with pytest.raises(MemoryError), compiling_once(tmp_path, "edition-1"):
        raise MemoryError
    for edition in ("edition-1", "edition-2", "edition-1"):
        with compiling_once(tmp_path, edition):
            pass
    assert len(caplog.records) == 3
