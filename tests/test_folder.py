"""The folder of an experiment: it goes on where it was, whatever ended it, and belongs to one experiment."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.experiment import folder, running, workers, writing
from sim.experiment.columns import as_parquet, digest
from sim.experiment.folder import SHARD
from sim.experiment.replications import Found, indicators_of
from sim.experiment.results import Comparison, Result
from sim.experiment.running import compare, run
from sim.experiment.writing import CannotWrite
from sim.report.output import Answer
from tests.patience import happens

MANY = SHARD + 4
"""Replications: one whole shard and a part of the next."""


def contents(place: Path) -> dict[str, bytes]:
    """Every file below a folder, but the lock."""
    return {
        str(file.relative_to(place)): file.read_bytes()
        for file in sorted(place.rglob("*"))
        if file.is_file() and file.name != ".lock"
    }


def dying_after(number: int) -> Callable[..., Any]:
    """Computes like `computed_here`, and ends like a killed process: nothing is flushed, nothing is said."""
    played = workers.computed_here

    def computed(*given: Any) -> Iterator[Any]:
        for place, outcome in enumerate(played(*given)):
            if place == number:
                raise MemoryError("killed")
            yield outcome

    return computed


@pytest.mark.parametrize("batches_done", [0, 1, 25, 41])
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(
    batches_done: int, one_office: Path, two_offices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended before the first shard, inside one, or behind one: the same command ends with the same files."""
    pair = [one_office, two_offices]
    whole = compare(pair, replications=MANY + 3, jobs=1, out=tmp_path / "whole")
    with monkeypatch.context() as until_killed:
        until_killed.setattr(workers, "computed_here", dying_after(batches_done))
        until_killed.setattr(folder.Folder, "flush", lambda self: None)
        with pytest.raises(MemoryError):
            compare(pair, replications=MANY + 3, jobs=1, out=tmp_path / "again")
    again = compare(pair, replications=MANY + 3, jobs=1, out=tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "whole")
    assert again.contrasts.equals(whole.contrasts)


def test_what_is_there_is_not_computed_again(one_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finished run, asked for again with ten more replications, computes these ten only."""
    asked: list[int] = []

    def counting(work: Any, number: int) -> Found:
        asked.append(number)
        return indicators_of(work, number)

    monkeypatch.setattr(running, "indicators_of", counting)
    for replications in (MANY, MANY, MANY + 10):
        run(one_office, replications=replications, jobs=1, out=tmp_path / "out")
    assert asked == list(range(MANY + 10))


def test_a_folder_changes_no_number(one_office: Path, two_offices: Path, tmp_path: Path) -> None:
    """In memory, written, and read back: the same tables, to the last bit."""
    pair = [one_office, two_offices]
    here, written = (compare(pair, replications=MANY, jobs=1, out=out) for out in (None, tmp_path / "out"))
    read = sim.open(tmp_path / "out")
    assert isinstance(read, Comparison)
    for other in (written, read):
        assert other.indicators.equals(here.indicators)
        assert other.contrasts.equals(here.contrasts)
        assert other.manifest == here.manifest
    assert [str(each) for each in read.results[1].measures] == [str(each) for each in here.results[1].measures]
    assert str(read.results[0].measures[SHARD + 1]) == str(here.results[0].measures[SHARD + 1])
    assert len(read.results[0].measures[2:5]) == 3


def test_a_shard_is_read_at_most_twice(
    one_office: Path, two_offices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once to know what is there already, once for all that is printed, written and drawn of a comparison."""
    compare([one_office, two_offices], replications=MANY, jobs=1, out=tmp_path / "out")
    read: Counter[Path] = Counter()
    monkeypatch.setattr(folder, "_whole", counting_reads(folder._whole, read))
    comparison = compare(
        [one_office, two_offices], replications=MANY, jobs=1, out=tmp_path / "out", progress=lambda *_: None
    )
    answer = Answer(comparison, "en", {})
    answer.write(tmp_path / "out")
    assert answer.as_csv() and answer.as_json() and len(comparison.indicators) and len(comparison.contrasts)
    assert len(read) == 2 * (MANY // SHARD + 1)
    assert set(read.values()) == {2}


def counting_reads(whole: Callable[[Path, Any], Any], read: Counter[Path]) -> Callable[[Path, Any], Any]:
    """`whole`, which also counts the shards whose rows are read."""

    def counted(file: Path, reader: Any) -> Any:
        found = whole(file, reader)
        read[file] += isinstance(found, tuple)
        return found

    return counted


def test_fewer_replications_are_the_first_ones(one_office: Path, tmp_path: Path) -> None:
    """A folder with more than is asked for gives what was asked for, and keeps the rest."""
    run(one_office, replications=MANY, jobs=1, out=tmp_path / "out")
    few = run(one_office, replications=3, jobs=1, out=tmp_path / "out")
    assert few.indicators.equals(run(one_office, replications=3, jobs=1).indicators)
    assert len(sim.open(tmp_path / "out").measures) == MANY


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"seed": 2},
            "out: holds another experiment, with seed 1, not 2; choose another folder with --out, or --fresh",
        ),
        ({"set_": ["pools.office.units=3"]}, "in which one_office says something else"),
    ],
)
def test_a_folder_of_another_experiment_is_refused(
    one_office: Path, tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    """Another seed or scenario: one line that says what is different, and nothing in the folder is touched."""
    run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    before = contents(tmp_path / "out")
    with pytest.raises(CannotWrite, match=says):
        run(one_office, replications=2, jobs=1, out=tmp_path / "out", **change)
    assert contents(tmp_path / "out") == before


def test_other_scenarios_and_other_code_are_other_experiments(
    one_office: Path, two_offices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scenario more is another experiment; so is the same one under code that may count otherwise."""
    run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    with pytest.raises(CannotWrite, match="of one_office, not of one_office, two_offices"):
        compare([one_office, two_offices], replications=2, jobs=1, out=tmp_path / "out")
    monkeypatch.setattr("sim.experiment.manifest.code", lambda: "1234")
    with pytest.raises(CannotWrite, match=r"made by code .*, not 1234"):
        run(one_office, replications=2, jobs=1, out=tmp_path / "out")


def test_fresh_throws_the_replications_away_and_nothing_else(one_office: Path, tmp_path: Path) -> None:
    """`fresh` begins anew in a folder of another experiment; other files stay."""
    run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    (tmp_path / "out" / "mine.txt").write_text("mine")
    run(one_office, replications=2, seed=2, jobs=1, out=tmp_path / "out", fresh=True)
    run(one_office, replications=2, seed=2, jobs=1, out=tmp_path / "new")
    assert contents(tmp_path / "out") == contents(tmp_path / "new") | {"mine.txt": b"mine"}


def test_two_runs_do_not_write_to_one_folder(one_office: Path, tmp_path: Path) -> None:
    """While one has the folder, another is told so."""
    result = run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    whose = folder.identity_of(tmp_path / "out")
    with folder.claimed(tmp_path / "out", whose), pytest.raises(CannotWrite, match="another run is writing there"):
        run(one_office, replications=3, jobs=1, out=tmp_path / "out")
    assert len(result.measures) == 2


def test_fresh_does_not_reach_beneath_a_run(one_office: Path, tmp_path: Path) -> None:
    """While one has the folder, nobody can throw its replications away, and nothing in it is touched."""
    run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    before = contents(tmp_path / "out")
    whose = folder.identity_of(tmp_path / "out")
    with folder.claimed(tmp_path / "out", whose), pytest.raises(CannotWrite, match="another run is writing there"):
        run(one_office, replications=2, seed=7, jobs=1, out=tmp_path / "out", fresh=True)
    assert contents(tmp_path / "out") == before


def test_timelines_are_kept_and_read_back(one_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept is what playing again gives, and is read without playing."""
    played = run(one_office, replications=3, jobs=1).timelines
    run(one_office, replications=1, jobs=1, out=tmp_path / "out")
    run(one_office, replications=3, jobs=1, out=tmp_path / "out", keep="timelines")
    read = sim.open(tmp_path / "out")
    assert isinstance(read, Result)
    monkeypatch.setattr("sim.experiment.results.played_again", lambda *given: pytest.fail("played again"))
    assert read.timelines.equals(played)
    assert read.timelines.dtypes.equals(played.dtypes)


def test_what_comes_after_a_gap_waits_for_it(one_office: Path, tmp_path: Path) -> None:
    """Replications 0, 1 and 3 are finished when a run ends: 0 and 1 are kept, so that a shard says what is in it."""
    played = run(one_office, replications=4, jobs=1)
    (first, second, _, fourth) = played.measures
    kept = folder.Folder(tmp_path, [played.work])
    for measures in (fourth, first, second):
        kept.add(0, measures.replication, Found(measures))
    assert kept.missing(0, 5) == [2, 4]
    kept.flush()
    again = folder.Folder(tmp_path, [played.work])
    assert (again.missing(0, 5), again.known) == ([2, 3, 4], 2)
    assert [str(each) for each in again.measures(0, 2)] == [str(first), str(second)]


def test_left_overs_of_a_killed_run_are_swept_away(one_office: Path, tmp_path: Path) -> None:
    """A file that was being written when the run was killed is not there after the next one."""
    run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    half = tmp_path / "out" / "replications" / "one_office" / "measures" / ".trialstart-4711-000016.parquet"
    half.write_text("half")
    run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    assert not half.exists()


def test_what_a_user_keeps_in_the_folder_stays(one_office: Path, tmp_path: Path) -> None:
    """Hidden files with a number in front, notes and pictures: a run deletes no file but its own."""
    names = (".2024.notes", ".4711.answer.txt", "replications/.1.mine", "000003.parquet")
    run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    for name in names:
        (tmp_path / "out" / name).write_text("mine")
    run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    assert [name for name in names if not (tmp_path / "out" / name).exists()] == []


DAMAGES: dict[str, Callable[[Path], object]] = {
    "is damaged": lambda shard: shard.write_bytes(shard.read_bytes()[:-9]),
    "is damaged; delete": lambda shard: shard.write_bytes(b""),
    "is damaged; delete it": lambda shard: shard.write_bytes(b"not a shard at all"),
    "is damaged; delete it and": lambda shard: shard.write_bytes(flipped(all_ := shard.read_bytes(), len(all_) // 4)),
    "holds something else than this experiment": lambda shard: shard.write_bytes(other_seed(shard).read_bytes()),
    "holds other replications than its name says": lambda shard: shard.rename(shard.with_name("000016.parquet")),
    "is no file of this experiment; move it away": lambda shard: shard.rename(shard.with_name("000007.parquet")),
    "is no file of this experiment": lambda shard: shard.rename(shard.with_name("0abc.parquet")),
}


def flipped(content: bytes, place: int) -> bytes:
    """The content with one bit of one byte turned."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def other_seed(shard: Path) -> Path:
    """The same shard of another seed."""
    out = shard.parents[4] / "other"
    run(shard.parents[4] / "one_office.yaml", replications=SHARD, seed=2, jobs=1, out=out)
    return out / shard.relative_to(shard.parents[3])


@pytest.mark.parametrize("says", DAMAGES)
def test_what_is_no_shard_of_ours_is_named(says: str, one_office: Path, tmp_path: Path) -> None:
    """Damaged, swapped, renamed or foreign: one line with its name and the remedy, never another number."""
    run(one_office, replications=SHARD, jobs=1, out=tmp_path / "out")
    DAMAGES[says](tmp_path / "out" / "replications" / "one_office" / "measures" / "000000.parquet")
    with pytest.raises(CannotWrite, match=rf"[0-9]*[a-z]*\.parquet: {says}"):
        len(run(one_office, replications=2 * SHARD, jobs=1, out=tmp_path / "out").estimates)


def test_every_bit_of_a_shard_is_checked(one_office: Path, tmp_path: Path) -> None:
    """A bit that turns anywhere is noticed, or it changes nothing that is read."""
    result = run(one_office, replications=SHARD, jobs=1, out=tmp_path / "out")
    shard = tmp_path / "out" / "replications" / "one_office" / "measures" / "000000.parquet"
    content, known = shard.read_bytes(), str(list(result.measures))
    noticed = 0
    for place in random.Random(1).sample(range(len(content)), 60):
        shard.write_bytes(flipped(content, place))
        try:
            assert str(list(result.measures)) == known
        except CannotWrite:
            noticed += 1
    assert noticed > 30


def test_damaged_timelines_are_named(one_office: Path, tmp_path: Path) -> None:
    """A kept timeline of another replication is not taken for this one."""
    result = run(one_office, replications=2, jobs=1, out=tmp_path / "out", keep="timelines")
    first, second = sorted((tmp_path / "out" / "replications" / "one_office" / "timelines").iterdir())
    first.write_bytes(second.read_bytes())
    with pytest.raises(CannotWrite, match=r"000000\.parquet: holds something else than this experiment"):
        result.replay(0)


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"scenarios": [{}]}', '{"scenarios": [], "seed": "1"}'])
def test_a_damaged_identity_is_one_line(content: str, one_office: Path, tmp_path: Path) -> None:
    """Nobody can say whose replications these are: not taken for ours, neither by a run nor by `open`."""
    run(one_office, replications=2, jobs=1, out=tmp_path / "out")
    (tmp_path / "out" / "replications" / "experiment.json").write_text(content)
    for play in (
        lambda: run(one_office, replications=2, jobs=1, out=tmp_path / "out"),
        lambda: sim.open(tmp_path / "out"),
    ):
        with pytest.raises((CannotWrite, ValueError), match=r"experiment\.json: is damaged; run again with --fresh"):
            play()
    assert len(run(one_office, replications=2, jobs=1, out=tmp_path / "out", fresh=True).measures) == 2


def test_a_folder_without_an_experiment_cannot_be_opened(tmp_path: Path) -> None:
    """An empty folder, and one that does not exist: a message, not a traceback of the reader."""
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ValueError, match="must be the folder of an experiment, got one without replications"):
            sim.open(place)


def test_names_of_your_own_have_places_of_their_own(one_office: Path, two_offices: Path, tmp_path: Path) -> None:
    """Names that no file could have are told apart."""
    compare({"now / then": one_office, "now . then": two_offices}, replications=1, jobs=1, out=tmp_path / "out")
    found = {each.name for each in (tmp_path / "out" / "replications").iterdir() if each.is_dir()}
    assert found == {"1_now_then", "2_now_then"}


def test_a_disk_that_fills_up_ends_the_run_and_loses_nothing(
    one_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No space for the second shard: one line, the first is whole, nothing half-written is left; then it goes on."""
    whole = run(one_office, replications=2 * SHARD, jobs=1, out=tmp_path / "whole")
    with monkeypatch.context() as full:

        def refuse_second(path: Path) -> None:
            if path.name.endswith(f"{SHARD:06}.parquet"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        full.setattr(writing, "_to_disk", refuse_second)
        with pytest.raises(CannotWrite, match=r"000016\.parquet: cannot be written, no space left on device"):
            run(one_office, replications=2 * SHARD, jobs=1, out=tmp_path / "out")
    assert {Path(name).name for name in contents(tmp_path / "out")} == {"experiment.json", "000000.parquet"}
    again = run(one_office, replications=2 * SHARD, jobs=1, out=tmp_path / "out")
    assert again.indicators.equals(whole.indicators)


def test_without_pyarrow_the_answer_is_given(
    one_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No wheel for this machine: the same numbers from memory, one line that says so; what needs files is refused."""
    known = run(one_office, replications=3, jobs=1, out=tmp_path / "known").indicators
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    found = run(one_office, replications=3, jobs=1, out=tmp_path / "out").indicators
    assert found.equals(known)
    assert [each.getMessage() for each in caplog.records] == [
        "pyarrow is not installed: replications are not kept, and a run that is interrupted begins again"
    ]
    with pytest.raises(ValueError, match="keep: timelines needs the package pyarrow, got none; install it"):
        run(one_office, replications=3, jobs=1, out=tmp_path / "out", keep="timelines")
    with pytest.raises(ValueError, match="needs the package pyarrow"):
        sim.open(tmp_path / "known")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("a small file system can only be mounted by root")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_real_full_disk_is_one_line(one_office: Path, tiny_disk: Path) -> None:
    """The command on a disk of 64 KiB: exit code 2, one line, and only whole files."""
    done = trialstart(one_office, tiny_disk / "out", replications=300)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not [file for file in tiny_disk.rglob(".*") if file.name != ".lock"]


def test_a_read_only_folder_is_one_line(one_office: Path, tiny_disk: Path) -> None:
    """A file system mounted read-only: exit code 2 and one line before anything is computed."""
    subprocess.run(["mount", "-o", "remount,ro", tiny_disk], check=True)
    done = trialstart(one_office, tiny_disk / "out", replications=2)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"{tiny_disk / 'out'}: cannot be written, read-only file system; choose another folder with --out"
    ]


def command(scenario: Path, out: Path, replications: int) -> list[str]:
    """The command that runs a scenario on one core."""
    return [
        sys.executable,
        "-m",
        "sim",
        "run",
        str(scenario),
        "--replications",
        str(replications),
        "--out",
        str(out),
        "--jobs",
        "1",
    ]


def trialstart(scenario: Path, out: Path, replications: int) -> subprocess.CompletedProcess[str]:
    """One run of the command."""
    return subprocess.run(command(scenario, out, replications), capture_output=True, text=True)


def at_least(shards: int, out: Path, process: subprocess.Popen[bytes]) -> bool:
    """Whether so many shards are written, or the run is over."""
    return len(list(out.rglob("[0-9]*.parquet"))) >= shards or process.poll() is not None


@pytest.mark.slow
def test_killed_at_ten_random_moments(one_office: Path, tmp_path: Path) -> None:
    """kill -9 ten times, then once to the end: every file is as if nothing had happened."""
    assert trialstart(one_office, tmp_path / "whole", replications=100).returncode == 0
    moments = random.Random(1)
    for shards in sorted(moments.choices(range(7), k=10)):
        words = command(one_office, tmp_path / "out", 100)
        with subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            there = partial(at_least, shards, tmp_path / "out", process)
            assert happens(there)
            process.send_signal(signal.SIGKILL)
    assert trialstart(one_office, tmp_path / "out", replications=100).returncode == 0
    every_file = [
        {
            file.relative_to(tmp_path / name): file.read_bytes()
            for file in (tmp_path / name).rglob("*")
            if file.is_file()
        }
        for name in ("out", "whole")
    ]
    assert every_file[0] == every_file[1]


PEAK = """
import resource, sys
from dataclasses import replace
from sim.experiment import running
from sim.experiment.replications import Found, measured
from sim.experiment.running import run

known = []

def same(work, number):
    if not known:
        known.append(measured(work, 0))
    return Found(replace(known[0], replication=number))

running.indicators_of = same
result = run(sys.argv[1], replications=int(sys.argv[2]), jobs=1, engine="simpy", out=sys.argv[3])
assert len(result.estimates)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_is_bounded(one_office: Path, tmp_path: Path) -> None:
    """Ten thousand replications with their estimates need at most 1.4 times the memory of a hundred.

    One replication is played and taken for all: what grows is what is kept of them, the times of 33 trials each.
    """

    def peak(replications: int) -> int:
        words = [sys.executable, "-c", PEAK, str(one_office), str(replications), str(tmp_path / str(replications))]
        return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

    assert peak(10_000) <= 1.4 * peak(100)


def test_a_digest_tells_apart_what_is_nearly_the_same() -> None:
    """How a list is parted, nothing from zero, a name, a sign; and it is the same however a table came to be."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [
        {"a": [[1.0], [2.0, 3.0]], "b": 0, "c": {"d": "x"}},
        {"a": [[1.0, 2.0], [3.0]], "b": 0, "c": {"d": "x"}},
        {"a": [[1.0], [2.0, 3.0]], "b": None, "c": {"d": "x"}},
        {"a": [[1.0], [2.0, 3.0], []], "b": 0, "c": {"d": "x"}},
        {"a": [[1.0], [2.0, -3.0]], "b": 0, "c": {"d": "x"}},
        {"a": [[1.0], [2.0, 3.0]], "b": 0, "c": {"d": ""}},
        {"a": [[1.0], [2.0, 3.0]], "b": 0, "c": {"e": "x"}},
        {"a": None, "b": 0, "c": {"d": "x"}},
    ]
    kept = [pa.Table.from_pylist([each]) for each in rows]
    assert len({digest(each) for each in kept}) == len(rows)
    for each in kept:
        file = pa.BufferReader(as_parquet(each, "stamp"))
        assert digest(pq.read_table(file)) == digest(each)
        assert digest(pa.concat_tables([each, each])) == digest(pa.concat_tables([each, each]).combine_chunks())
