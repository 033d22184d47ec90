"""Files that are whole or not there: a folder that is tried before the run, and writing by rename.

`Draft` is a function that writes one file at the path it is given.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

Draft = Callable[[Path], None]


class CannotWrite(Exception):
    """A folder or a file that cannot be written, or gone on with: which one, and why."""


def prepare(folder: Path) -> None:
    """Make `folder` and try it, so that a run of minutes does not end without a place to go. Raises CannotWrite."""
    with refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def write(folder: Path, drafts: Mapping[str, Draft]) -> None:
    """Write files (name -> draft) into `folder`: all under other names and down to the disk, then renamed.

    What was there before stays whole until then. Raises CannotWrite.
    """
    partial = {name: folder / f".{os.getpid()}.{name}" for name in drafts}  # keeps the suffix: the format of a figure
    try:
        for name, draft in drafts.items():
            with refused(folder / name):
                draft(partial[name])
                _to_disk(partial[name])
        with refused(folder):
            for name in drafts:
                partial[name].replace(folder / name)
            _to_disk(folder)
    finally:
        for path in partial.values():
            path.unlink(missing_ok=True)


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """A block in which what the system refuses is one line about `path`. Raises CannotWrite."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise CannotWrite(f"{path}: cannot be written, {why}; choose another folder with --out") from error


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
