"""Files are whole or not there, and a folder that cannot be used is known before the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiment.writing import CannotWrite, prepare, write


def test_files_are_written_under_their_names(tmp_path: Path) -> None:
    """Every draft ends up under its name, over an older file, and nothing else is left."""
    (tmp_path / "a.txt").write_text("old")
    write(tmp_path, {"a.txt": lambda path: _put(path, "new"), "b.txt": lambda path: _put(path, "b")})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "new", "b.txt": "b"}


def test_a_failed_draft_leaves_the_old_file(tmp_path: Path) -> None:
    """A disk that fills up half-way: the old file is still there, whole, and one line says what happened."""
    (tmp_path / "a.txt").write_text("old")

    def half_way(path: Path) -> None:
        path.write_text("ne")
        raise OSError(28, "No space left on device")

    with pytest.raises(CannotWrite, match=r"a\.txt: cannot be written, no space left on device; choose another folder"):
        write(tmp_path, {"a.txt": half_way})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old"}


def test_a_bug_in_a_draft_leaves_nothing_half_written(tmp_path: Path) -> None:
    """What is not about the disk comes out as it is, and the partial file is gone."""

    def broken(path: Path) -> None:
        path.write_text("half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(tmp_path, {"a.txt": broken})
    assert list(tmp_path.iterdir()) == []


def test_a_suffix_survives_in_the_partial_name(tmp_path: Path) -> None:
    """A figure is saved in the format of its suffix, so the partial file has the same one."""
    seen: list[str] = []
    write(tmp_path, {"a.svg": lambda path: seen.append(path.suffix) or _put(path, "")})  # type: ignore[func-returns-value]
    assert seen == [".svg"]


def test_prepare_makes_the_folder_and_leaves_it_empty(tmp_path: Path) -> None:
    """A folder in a folder that does not exist yet is made; the trial leaves nothing behind."""
    prepare(tmp_path / "deep" / "out")
    assert list((tmp_path / "deep" / "out").iterdir()) == []


@pytest.mark.parametrize("place", ["file", "file/out"])
def test_a_folder_that_cannot_be_is_refused(tmp_path: Path, place: str) -> None:
    """A file where the folder should be: one line that names it and the remedy."""
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match=f"{place}: cannot be written, .*; choose another folder with --out"):
        prepare(tmp_path / place)


def test_two_thousand_folders_in_each_other_are_refused(tmp_path: Path) -> None:
    """One line, however the system says it."""
    with pytest.raises(CannotWrite, match=r"cannot be written, .*; choose another folder with --out"):
        prepare(tmp_path / "/".join("a" * 2000))


def _put(path: Path, text: str) -> None:
    path.write_text(text)
