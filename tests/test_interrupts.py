"""Ctrl-C and kill -9 at a real command: what is finished is there, the exit code is 130, nothing is left running."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import sim
from tests.patience import PATIENCE, happens


@contextmanager
def long_run(file: Path, jobs: int) -> Iterator[subprocess.Popen[str]]:
    """A run of hours in a process group of its own, which does not outlive the block."""
    command = [
        sys.executable,
        "-m",
        "sim",
        "run",
        str(file),
        "--replications",
        "100000",
        "--jobs",
        str(jobs),
        "--engine",
        "simpy",
        "--out",
        str(file.parent / "out"),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        try:
            yield run
        finally:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)


def interrupted(file: Path, jobs: int, once: str) -> tuple[int, str, str]:
    """Exit code, answer and messages of a long run whose group gets SIGINT once a file like this is in its folder."""
    with long_run(file, jobs) as run:
        assert happens(partial(written, file, once)), f"no {once} was written"
        os.killpg(run.pid, signal.SIGINT)
        out, err = run.communicate(timeout=PATIENCE)
    assert happens(partial(gone, run.pid)), "a worker is left running"
    return run.returncode, out, err


def written(scenario: Path, name: str) -> bool:
    """Whether the run of a scenario has written a file with such a name."""
    return any((scenario.parent / "out").rglob(name))


def gone(group: int) -> bool:
    """Whether every process of a group has ended."""
    running = subprocess.run(["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True).stdout.split()
    return all(state.startswith("Z") for state in running)  # what has ended and waits for its parent to look


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_gives_what_is_finished(jobs: int, one_office: Path) -> None:
    """However early it comes the exit code is 130; what every scenario has by then is the answer."""
    code, _, err = interrupted(one_office, jobs, once="experiment.json")
    assert code == 130
    assert "Traceback" not in err
    code, out, err = interrupted(one_office, jobs, once="[0-9]*.parquet")
    assert code == 130
    assert "Traceback" not in err
    finished = re.search(r"interrupted: (\d+) replications", err)
    assert finished is not None
    done = int(finished[1])  # with two workers the first replications may still be under way when others are kept
    assert done > (1 if jobs == 1 else -1)
    assert done < 2 or f"{done:,} replications" in out


CAUGHT_WHILE_A_TEXT_IS_EXECUTED = """\
import sys
import sim.cli
from sim.__main__ import main

def command():
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        sys.exit(130)

sim.cli.main = command
main()
"""


def test_ctrl_c_while_a_module_is_imported_has_the_same_exit_code(tmp_path: Path) -> None:
    """Python remembers an interrupt of text that it executes, caught or not, and would end as if killed by it."""
    (tmp_path / "caught.py").write_text(CAUGHT_WHILE_A_TEXT_IS_EXECUTED, encoding="utf-8")
    known = os.environ | {"PYTHONPATH": str(Path(sim.__file__).parents[1])}
    assert subprocess.run([sys.executable, "-m", "caught"], cwd=tmp_path, env=known).returncode == 130


@pytest.mark.slow
def test_workers_end_with_a_killed_parent(one_office: Path) -> None:
    """kill -9 of the command alone: its workers, at work or waiting for more, end by themselves."""
    with long_run(one_office, jobs=2) as run:
        assert happens(partial(written, one_office, "[0-9]*.parquet")), "nothing was finished"
        run.kill()
    assert happens(partial(gone, run.pid)), "a worker is left running"
