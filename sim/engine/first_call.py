"""Compiling happens once on a machine: the first process says so and does it, the others wait and take what it made."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOG = logging.getLogger(__name__)


@contextmanager
def compiling_once(folder: Path, edition: str) -> Iterator[None]:
    """A block that compiles `edition` into `folder`, or finds it there; only the first process on a machine says so."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{edition}.made"
    if made.exists():
        yield
        return
    with _alone(folder / f"{edition}.lock"):
        if not made.exists():
            _LOG.warning("compiling the engine: once on this machine, about 15 seconds")
        yield
        made.touch()


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """No other process is in the block; the system lets go of it when this one ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    with open(place, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
