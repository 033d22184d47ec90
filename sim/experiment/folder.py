"""The folder of an experiment: replications go to disk as they are finished, and the next run finds them there.

`experiment.json` says whose replications they are; below each scenario's name, `measures/000016.parquet` is a shard,
the measures of up to 16 replications from number 16 on, one row each, and `timelines/000016.parquet` is the table of
all that happened in replication 16. A shard is whole or not there, and what is in it depends on its number alone, so
that a run which was killed and started again ends with the same files as one which was not.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice, takewhile
from math import ceil
from pathlib import Path
from typing import Any, TypeVar, overload

from sim.analysis.indicators import Measures
from sim.experiment.columns import as_parquet, records, table
from sim.experiment.replications import Found
from sim.experiment.writing import CannotWrite, Draft, prepare, refused, write

SHARD = 16
"""Replications in a shard: so many of each scenario are lost at most when a run is killed."""

PLACE = "replications"
IDENTITY = "experiment.json"
_LOCK = ".lock"

Value = TypeVar("Value")


class Shards(Sequence[Measures]):
    """The measures of replications 0 to `count` - 1, read from disk shard by shard when they are asked for."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder, self._count = folder, count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Measures: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Measures, ...]: ...
    def __getitem__(self, place: int | slice) -> Measures | tuple[Measures, ...]:
        numbers = range(self._count)[place]
        if isinstance(numbers, range):
            return tuple(self[number] for number in numbers)
        return _shard(self._folder, numbers // SHARD)[numbers % SHARD]

    def __iter__(self) -> Iterator[Measures]:
        shards = (_shard(self._folder, shard) for shard in range(ceil(self._count / SHARD)))
        return islice(chain.from_iterable(shards), self._count)


class Folder:
    """Keeps the replications of the scenarios `names` below `folder`, at most a shard of each in memory."""

    def __init__(self, folder: Path, names: Sequence[str], *, timelines: bool = False) -> None:
        self._places = [of_scenario(folder, place, name) for place, name in enumerate(names)]
        self._timelines = timelines
        self._pending: list[dict[int, Measures]] = [{} for _ in names]
        self._on_disk = [_shards_of(place) for place in self._places]
        for work, shards in enumerate(self._on_disk):
            for shard in [shard for shard, rows in shards.items() if rows < SHARD]:
                self._pending[work].update(_numbered(_shard(self._places[work] / "measures", shard)))

    def missing(self, work: int, total: int) -> list[int]:
        """The replications below `total` that scenario `work` does not have yet, increasing."""
        return [number for number in range(total) if not self._has(work, number)]

    def add(self, work: int, number: int, found: Found) -> None:
        """Keep one replication; a shard is written as soon as it is complete. Raises CannotWrite."""
        if found.timelines is not None:
            _write(self._places[work] / "timelines", number, found.timelines)
        shard = number // SHARD
        if self._on_disk[work].get(shard) == SHARD:
            return
        self._pending[work][number] = found.measures
        if all(each in self._pending[work] for each in _numbers(shard)):
            self._write(work, shard)
            for each in _numbers(shard):
                del self._pending[work][each]

    @property
    def known(self) -> int:
        """One more than the highest replication that any scenario has."""
        return max((SHARD * shard + rows for shards in self._on_disk for shard, rows in shards.items()), default=0)

    def flush(self) -> None:
        """Write what is finished of the shards that are not complete. Raises CannotWrite."""
        for work, pending in enumerate(self._pending):
            for shard in sorted({number // SHARD for number in pending}):
                self._write(work, shard)

    def seen(self, work: int) -> Iterator[Measures]:
        """Every replication that scenario `work` has."""
        whole = (shard for shard, rows in self._on_disk[work].items() if rows == SHARD)
        yield from chain.from_iterable(_shard(self._places[work] / "measures", shard) for shard in sorted(whole))
        yield from self._pending[work].values()

    def measures(self, work: int, total: int) -> Sequence[Measures]:
        """The first `total` replications of scenario `work`, which are all on disk."""
        return Shards(self._places[work] / "measures", total)

    def timelines(self, work: int) -> Path:
        """Where the timelines of scenario `work` are, those that are kept."""
        return self._places[work] / "timelines"

    def _has(self, work: int, number: int) -> bool:
        known = number in self._pending[work] or self._on_disk[work].get(number // SHARD) == SHARD
        return known and (not self._timelines or file_of(self.timelines(work), number).exists())

    def _write(self, work: int, shard: int) -> None:
        """Write the replications of a shard up to the first that is missing, unless they are there."""
        pending = self._pending[work]
        numbers = list(takewhile(pending.__contains__, _numbers(shard)))
        if len(numbers) > self._on_disk[work].get(shard, 0):
            content = as_parquet(table(Measures, [pending[number] for number in numbers]))
            _write(self._places[work] / "measures", shard * SHARD, content)
            self._on_disk[work][shard] = len(numbers)


@contextmanager
def claimed(out: Path, identity: Mapping[str, Any], *, fresh: bool = False) -> Iterator[Path]:
    """The folder of replications in `out` for the length of the block, ours alone.

    Raises
    ------
    CannotWrite
        If it belongs to another experiment (and is not to be made `fresh`), is in use, or cannot be written.
    """
    folder = out / PLACE
    if fresh and (folder / IDENTITY).exists():
        with refused(folder):
            shutil.rmtree(folder)
    prepare(folder)
    with _locked(folder):
        _check(folder, identity)
        for left_over in chain(out.glob(".[0-9]*.*"), folder.rglob(".[0-9]*.*")):
            left_over.unlink(missing_ok=True)
        write(folder, {IDENTITY: text_draft(json.dumps(identity, indent=1, ensure_ascii=False) + "\n")})
        yield folder


def identity_of(out: Path) -> dict[str, Any]:
    """Whose replications are in the folder `out`. Raises ValueError if there are none."""
    try:
        return dict(json.loads((out / PLACE / IDENTITY).read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        raise ValueError(f"{out}: must be the folder of an experiment, got one without replications") from None


def of_scenario(folder: Path, place: int, name: str) -> Path:
    """Where the replications of a scenario are; two names never share a place."""
    plain = re.sub(r"\W+", "_", name)
    return folder / (name if name == plain else f"{place + 1}_{plain}")


def text_draft(content: str) -> Draft:
    """Writes a text."""

    def draft(path: Path) -> None:
        path.write_text(content, encoding="utf-8", newline="\n")

    return draft


def _check(folder: Path, identity: Mapping[str, Any]) -> None:
    if not (folder / IDENTITY).exists():
        return
    there = json.loads((folder / IDENTITY).read_text(encoding="utf-8"))
    if differs := _difference(there, identity):
        raise CannotWrite(
            f"{folder.parent}: holds another experiment, {differs}; choose another folder with --out, "
            "or --fresh to throw that one away"
        )


def _difference(there: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """What makes two experiments two, in words; "" if they are one."""
    names = [", ".join(each["name"] for each in one["scenarios"]) for one in (there, here)]
    if names[0] != names[1]:
        return f"of {names[0]}, not of {names[1]}"
    if there["seed"] != here["seed"]:
        return f"with seed {there['seed']}, not {here['seed']}"
    for old, new in zip(there["scenarios"], here["scenarios"], strict=True):
        if old["fingerprint"] != new["fingerprint"]:
            return f"in which {old['name']} says something else"
    changed = (name for name, version in here["versions"].items() if there["versions"].get(name) != version)
    return next((f"made by {name} {there['versions'].get(name)}, not {here['versions'][name]}" for name in changed), "")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """No other process has the folder; the system lets go of it when this one ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    with refused(folder), open(folder / _LOCK, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotWrite(
                f"{folder.parent}: another run is writing there; wait, or choose another with --out"
            ) from None
        yield


def _shards_of(place: Path) -> dict[int, int]:
    """The rows of each shard of a scenario."""
    import pyarrow.parquet as pq

    files = sorted((place / "measures").glob("[0-9]*.parquet"))
    return {int(file.stem) // SHARD: _whole(file, lambda file: int(pq.read_metadata(file).num_rows)) for file in files}


def _shard(folder: Path, shard: int) -> tuple[Measures, ...]:
    import pyarrow.parquet as pq

    return _whole(file_of(folder, shard * SHARD), lambda file: records(Measures, pq.read_table(file)))


def _whole(file: Path, read: Callable[[Path], Value]) -> Value:
    """What `read` makes of a file. Raises CannotWrite if the file is damaged."""
    import pyarrow as pa

    try:
        return read(file)
    except pa.ArrowInvalid:
        raise CannotWrite(f"{file}: is damaged; delete it and run again") from None


def _write(folder: Path, number: int, content: bytes) -> None:
    with refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
    file = file_of(folder, number)
    write(folder, {file.name: lambda path: _put(path, content)})


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def file_of(folder: Path, number: int) -> Path:
    """The file of a replication, or of the shard that begins with it."""
    return folder / f"{number:06}.parquet"


def _numbers(shard: int) -> range:
    return range(shard * SHARD, (shard + 1) * SHARD)


def _numbered(measures: Sequence[Measures]) -> dict[int, Measures]:
    return {each.replication: each for each in measures}
