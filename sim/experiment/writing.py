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

LEFT_OVER = ".trialstart-*"
"""Files that were being written when a run was killed."""


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
    partial = {name: folder / f".trialstart-{os.getpid()}-{name}" for name in drafts}  # a figure's suffix is its format
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
    except RecursionError:  # a folder in a folder in a folder ...
        raise CannotWrite(
            f"{str(path)[:60]}...: cannot be written, too many folders; choose another folder with --out"
        ) from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise CannotWrite(f"{path}: cannot be written, {why}; choose another folder with --out") from error


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, survive a power cut."""
    if path.is_dir() and os.name == "nt":  # where a folder cannot be opened
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
