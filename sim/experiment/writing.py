"""Files that are whole or not there: a folder that is tried before the run, and writing by rename.

`Draft` is a function that writes one file at the path it is given.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

Draft = Callable[[Path], None]


class CannotWrite(Exception):
    """A folder or a file that cannot be written: which one, and why."""


def prepare(folder: Path) -> None:
    """Make `folder` and try it, so that a run of minutes does not end without a place to go. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _refused(folder, error) from error


def write(folder: Path, drafts: Mapping[str, Draft]) -> None:
    """Write each file (name -> draft) of `folder`: under another name first, then renamed. Raises CannotWrite."""
    for name, draft in drafts.items():
        partial = folder / f".{os.getpid()}.{name}"  # keeps the suffix, which says the format of a figure
        try:
            draft(partial)
            partial.replace(folder / name)
        except OSError as error:
            raise _refused(folder / name, error) from error
        finally:
            partial.unlink(missing_ok=True)


def _refused(path: Path, error: OSError) -> CannotWrite:
    why = (error.strerror or str(error)).lower()
    return CannotWrite(f"{path}: cannot be written, {why}; choose another folder with --out")
