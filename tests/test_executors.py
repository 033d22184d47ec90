"""Who computes changes nothing, and a worker that dies takes only its own replications with it."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from sim.experiment import replications, running, workers
from sim.experiment.replications import Found, indicators_of
from sim.experiment.running import compare, run
from sim.experiment.workers import Work, WorkerDied
from tests.patience import PATIENCE, happens
from tests.test_running import document

ROOT = Path(__file__).resolve().parents[1]
HAS_DASK = importlib.util.find_spec("distributed") is not None


def dies_at_twenty(work: Work, number: int) -> Found:
    """Replication 20 ends the process that computes it, as a system short of memory does."""
    if number == 20:
        os.kill(os.getpid(), signal.SIGKILL)
    return indicators_of(work, number)


def test_a_dead_worker_is_named_and_the_folder_goes_on(
    one_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed inside replication 20: it is among those named, what was finished is kept, and the next run ends well."""
    with monkeypatch.context() as deadly:
        deadly.setattr(running, "indicators_of", dies_at_twenty)
        with (
            ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
            pytest.raises(WorkerDied, match="a worker ended before its work") as died,
        ):
            run(one_office, replications=24, jobs=1, executor=pool, out=tmp_path / "out")
    assert "20" in re.findall(r"\d+", str(died.value).partition("under way")[0])
    shard = tmp_path / "out" / "replications" / "one_office" / "measures" / "000000.parquet"
    assert shard.exists()
    again = run(one_office, replications=24, jobs=1, out=tmp_path / "out")
    assert again.indicators.equals(run(one_office, replications=24, jobs=1).indicators)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_engine_that_cannot_be_imported_is_one_line(
    one_office: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """numba is there, but not for this NumPy: what is wrong and what to use instead, from here and from a worker."""
    broken = one_office.parent / "numba"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('Numba needs NumPy 2.2 or less')")
    monkeypatch.setenv("PYTHONPATH", str(broken.parent))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sim",
            "run",
            str(one_office),
            "--engine",
            "compiled",
            "--replications",
            "2",
            "--jobs",
            str(jobs),
            "--out",
            str(one_office.parent / "out"),
        ],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "engine: compiled cannot be imported, Numba needs NumPy 2.2 or less; use --engine simpy\n"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ray://here:1", "executor: must be dask://host:port, got 'ray://here:1'"),
        pytest.param(
            "dask://127.0.0.1:1",
            "executor: no Dask scheduler answers at 'dask://127.0.0.1:1'",
            marks=pytest.mark.skipif(not HAS_DASK, reason="needs distributed, of the extra cluster"),
        ),
    ],
)
def test_an_executor_that_is_not_there_is_refused(
    one_office: Path, address: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheme that nobody knows, and a scheduler that does not answer."""
    monkeypatch.setattr("sim.experiment.workers._PATIENCE", 1)
    with pytest.raises(ValueError, match=says):
        run(one_office, replications=2, executor=address)


class Nobody:
    """A Dask client whose workers are all gone: what is submitted never ends."""

    def __init__(self) -> None:
        self.looked = 0

    def get_executor(self, *, pure: bool) -> Any:
        """Itself, for a function that has side effects."""
        assert not pure
        return self

    def submit(self, *_: object) -> Future[object]:
        """Nobody comes."""
        return Future()

    def nthreads(self) -> dict[str, int]:
        """One worker at first, then none."""
        self.looked += 1
        return {"one": 1} if self.looked == 1 else {}


def test_a_cluster_without_workers_is_left(one_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All workers went away: said with what was under way, once somebody looks, and not before."""
    monkeypatch.setattr(workers, "_MINUTE", 0.01)
    client = Nobody()
    with pytest.raises(
        WorkerDied, match=r"no worker of the cluster is left, with replications of .* \(0\), .* under way; start"
    ):
        run(one_office, replications=2, jobs=1, executor=workers._Cluster(client))
    assert client.looked == 2


SCRIPT = """
import sim
print(sim.run("one_office.yaml", replications=4, jobs=2))
"""


@pytest.mark.parametrize("words", [["three_lines.py"], ["-c", SCRIPT]])
def test_a_plain_script_needs_no_guard(words: list[str], one_office: Path) -> None:
    """Three lines without `if __name__ == '__main__':` run once, in as many processes as are asked for."""
    (one_office.parent / "three_lines.py").write_text(SCRIPT)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *words], cwd=one_office.parent, env=environment, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("<Result one_office, 4 replications>\n", "")


def test_without_the_extra_the_remedy_is_said(one_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask is asked for and not installed: how to install it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match=r"pip install 'trialstart\[cluster\]'"):
        run(one_office, replications=2, executor="dask://127.0.0.1:8786")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """The address of a real scheduler on this machine, with two worker processes."""
    program = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    if not HAS_DASK:
        pytest.skip("needs distributed, of the extra cluster")
    log = (tmp_path / "scheduler.log").open("w+")
    words = [
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(tmp_path / "scheduler.json"),
    ]
    processes = [subprocess.Popen([*program, *words], stdout=log, stderr=log)]
    try:
        for _ in range(2):
            worker = [
                sys.executable,
                "-m",
                "distributed.cli.dask_worker",
                "--scheduler-file",
                words[-1],
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--local-directory",
                str(tmp_path),
            ]
            processes.append(subprocess.Popen(worker, stdout=log, stderr=log))
        yield _address(tmp_path / "scheduler.json")
    finally:
        for process in processes:  # killed: a worker whose scheduler goes away at the same moment may wait for it
            process.kill()
            process.wait()
        log.close()


def _address(file: Path) -> str:
    assert happens(lambda: file.exists() and file.stat().st_size > 0), "the scheduler did not start"
    return str(json.loads(file.read_text())["address"]).replace("tcp://", "dask://")


@pytest.mark.slow
def test_a_cluster_changes_nothing(
    cluster: str, one_office: Path, two_offices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two worker processes of a Dask scheduler: the same bytes as here, in the document and in the folder."""
    monkeypatch.setattr("sim.experiment.workers._PATIENCE", PATIENCE)
    pair = [one_office, two_offices]
    here = compare(pair, replications=20, jobs=1, out=tmp_path / "here")
    there = compare(pair, replications=20, executor=cluster, out=tmp_path / "there")
    assert document(here) == document(there)
    files = [
        {file.relative_to(tmp_path / name): file.read_bytes() for file in (tmp_path / name).rglob("*.parquet")}
        for name in ("here", "there")
    ]
    assert files[0] == files[1] and len(files[0]) == 4


def test_indicators_are_what_is_measured(one_office: Path) -> None:
    """What an executor is asked for is the measures and, where they are kept, the timelines; nothing else travels."""
    (measures,) = run(one_office, replications=1, jobs=1).measures
    work = run(one_office, replications=1, jobs=1).work
    found, both = replications.indicators_of(work, 0), replications.timelines_of(work, 0)
    assert str(found.measures) == str(both.measures) == str(measures)
    assert found.timelines is None and both.timelines is not None and both.timelines[:4] == b"PAR1"
