"""Ctrl-C and kill -9 at a real command: what is finished is there, the exit code is 130, nothing is left running."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


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


def interrupted(file: Path, jobs: int, after: float) -> tuple[int, str, str]:
    """Exit code, answer and messages of a long run whose whole process group gets SIGINT `after` so many seconds."""
    with long_run(file, jobs) as run:
        time.sleep(after)
        os.killpg(run.pid, signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert gone(run.pid), "a worker is left running"
    return run.returncode, out, err


def gone(group: int) -> bool:
    """Whether every process of a group ends within some seconds."""
    for _ in range(100):
        running = subprocess.run(["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True).stdout.split()
        if all(state.startswith("Z") for state in running):  # what has ended and waits for its parent to look
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_gives_what_is_finished(jobs: int, one_office: Path) -> None:
    """However early it comes the exit code is 130; once something is finished, it is the answer."""
    for after in (4, 8, 16, 32):
        code, out, err = interrupted(one_office, jobs, after)
        assert code == 130
        assert "Traceback" not in err
        finished = re.search(r"interrupted: (\d+) replications", err)
        if finished and int(finished[1]) > 1:
            break
    assert finished is not None
    assert f"{int(finished[1]):,} replications" in out


@pytest.mark.slow
def test_workers_end_with_a_killed_parent(one_office: Path) -> None:
    """kill -9 of the command alone: its workers, at work or waiting for more, end by themselves."""
    with long_run(one_office, jobs=2) as run:
        for _ in range(300):
            if list((one_office.parent / "out").rglob("[0-9]*.parquet")):
                break
            time.sleep(0.1)
        else:
            pytest.fail("nothing was finished in half a minute")
        run.kill()
    assert gone(run.pid), "a worker is left running"
