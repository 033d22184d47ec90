"""The folder of an experiment: replications go to disk as they are finished, and the next run finds them there.

`experiment.json` says whose replications they are; below each scenario's name, `measures/000016.parquet` is a shard,
the measures of up to 16 replications from number 16 on, one row each, and `timelines/000016.parquet` is the table of
all that happened in replication 16. A shard is whole or not there, and what is in it depends on its number alone, so
that a run which was killed and started again ends with the same files as one which was not. Each file carries the seed
and the fingerprint of its scenario and checksums of its pages: what is damaged, of another experiment, or under another
number's name is refused, not read.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import chain, islice, takewhile
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from sim.analysis.indicators import Measures
from sim.experiment.columns import STAMP, as_parquet, digest, records, table
from sim.experiment.replications import Found
from sim.experiment.workers import Work
from sim.experiment.writing import LEFT_OVER, CannotWrite, Draft, prepare, refused, write

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SHARD = 16
"""Replications in a shard: so many of each scenario are lost at most when a run is killed."""

PLACE = "replications"
IDENTITY = "experiment.json"
_LOCK = ".lock"
_LOG = logging.getLogger(__name__)

Value = TypeVar("Value")


class Shards(Sequence[Measures]):
    """The measures of replications 0 to `count` - 1, read from disk shard by shard when they are asked for."""

    def __init__(self, folder: Path, stamp: str, count: int) -> None:
        self._folder, self._stamp, self._count = folder, stamp, count

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
        return _shard(self._folder, self._stamp, numbers // SHARD)[numbers % SHARD]

    def __iter__(self) -> Iterator[Measures]:
        shards = (_shard(self._folder, self._stamp, shard) for shard in range(ceil(self._count / SHARD)))
        return islice(chain.from_iterable(shards), self._count)


class Folder:
    """Keeps the replications of scenarios below `folder`, at most a shard of each in memory."""

    def __init__(self, folder: Path, works: Sequence[Work], *, timelines: bool = False) -> None:
        _leave_interrupts_to_python()
        self._places = [of_scenario(folder, place, work.name) for place, work in enumerate(works)]
        self._stamps = [work.stamp for work in works]
        self._timelines = timelines
        self._pending: list[dict[int, Measures]] = [{} for _ in works]
        self._on_disk = [_shards_of(place / "measures") for place in self._places]
        for work, shards in enumerate(self._on_disk):
            for shard in [shard for shard, rows in shards.items() if rows < SHARD]:
                self._pending[work].update(_numbered(self._shard(work, shard)))

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
        yield from chain.from_iterable(self._shard(work, shard) for shard in sorted(whole))
        yield from self._pending[work].values()

    def measures(self, work: int, total: int) -> Sequence[Measures]:
        """The first `total` replications of scenario `work`, which are all on disk."""
        return Shards(self._places[work] / "measures", self._stamps[work], total)

    def timelines(self, work: int) -> Path:
        """Where the timelines of scenario `work` are, those that are kept."""
        return self._places[work] / "timelines"

    def _has(self, work: int, number: int) -> bool:
        known = number in self._pending[work] or self._on_disk[work].get(number // SHARD) == SHARD
        return known and (not self._timelines or file_of(self.timelines(work), number).exists())

    def _shard(self, work: int, shard: int) -> tuple[Measures, ...]:
        return _shard(self._places[work] / "measures", self._stamps[work], shard)

    def _write(self, work: int, shard: int) -> None:
        """Write the replications of a shard up to the first that is missing, unless they are there."""
        pending = self._pending[work]
        numbers = list(takewhile(pending.__contains__, _numbers(shard)))
        if len(numbers) > self._on_disk[work].get(shard, 0):
            rows = table(Measures, [pending[number] for number in numbers])
            content = as_parquet(rows, f"{self._stamps[work]} {digest(rows)}")
            _write(self._places[work] / "measures", shard * SHARD, content)
            self._on_disk[work][shard] = len(numbers)


def has_tables(*, keep: str) -> bool:
    """Whether replications can be kept in files; where they cannot, says that they stay in memory.

    Raises
    ------
    ValueError
        If more is to be kept, or read, than fits in memory.
    """
    if find_spec("pyarrow") is not None:
        return True
    if keep != "indicators":
        raise ValueError(f"keep: {keep} needs the package pyarrow, got none; install it")
    _LOG.warning("pyarrow is not installed: replications are not kept, and a run that is interrupted begins again")
    return False


@contextmanager
def claimed(out: Path, identity: Mapping[str, Any], *, fresh: bool = False) -> Iterator[Path]:
    """The folder of replications in `out` for the length of the block, ours alone.

    Raises
    ------
    CannotWrite
        If it belongs to another experiment (and is not to be made `fresh`), is in use, or cannot be written.
    """
    folder = out / PLACE
    prepare(folder)
    with _locked(folder):
        if fresh and (folder / IDENTITY).exists():
            with refused(folder):
                _empty(folder)
        _check(folder, identity)
        for left_over in chain(out.glob(LEFT_OVER), folder.rglob(LEFT_OVER)):
            left_over.unlink(missing_ok=True)
        write(folder, {IDENTITY: text_draft(json.dumps(identity, indent=1, ensure_ascii=False) + "\n")})
        yield folder


def identity_of(out: Path) -> dict[str, Any]:
    """Whose replications are in the folder `out`. Raises ValueError if there are none, or nobody can say whose."""
    file = out / PLACE / IDENTITY
    if not file.exists():
        raise ValueError(f"{out}: must be the folder of an experiment, got one without replications")
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        for each in said["scenarios"]:
            _ = Path(each["name"]), each["fingerprint"] + "", {**each["written"]}
        _ = said["seed"] + 0, said["engine"] + "", {**said["versions"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise ValueError(f"{file}: is damaged; run again with --fresh, or choose another folder with --out") from None
    return dict(said)


def _leave_interrupts_to_python() -> None:
    """Ctrl-C while a Parquet file is read or written is Python's; pyarrow's own handler may end the process with it."""
    with suppress(ImportError):
        import pyarrow as pa

        pa.enable_signal_handlers(False)


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
    try:
        there = identity_of(folder.parent)
    except ValueError as error:
        raise CannotWrite(str(error)) from None
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
    with refused(folder), open(folder / _LOCK, "w") as lock:
        try:
            _lock(lock.fileno())
        except (BlockingIOError, PermissionError):
            raise CannotWrite(
                f"{folder.parent}: another run is writing there; wait, or choose another with --out"
            ) from None
        yield


def _lock(handle: int) -> None:
    """Take an open file for this process alone. Raises BlockingIOError or PermissionError if another one has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _empty(folder: Path) -> None:
    """Throw away what is in the folder, which stays locked; whose it is goes last."""
    for place in sorted(folder.iterdir(), key=lambda place: place.name == IDENTITY):
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        elif place.name != _LOCK:
            place.unlink()


def _shards_of(folder: Path) -> dict[int, int]:
    """The rows of each shard of a scenario. Raises CannotWrite."""
    import pyarrow.parquet as pq

    rows = {file: _whole(file, lambda file: int(pq.read_metadata(file).num_rows)) for file in _files_of(folder)}
    return {int(file.stem) // SHARD: number for file, number in rows.items()}


def _files_of(folder: Path) -> Iterator[Path]:
    """The shards of a scenario, in order. Raises CannotWrite if a file has a name that no shard has."""
    for file in sorted(folder.glob("[0-9]*.parquet")):
        if not re.fullmatch(r"[0-9]{6,}", file.stem) or int(file.stem) % SHARD:
            raise CannotWrite(f"{file}: is no file of this experiment; move it away and run again")
        yield file


def _shard(folder: Path, stamp: str, shard: int) -> tuple[Measures, ...]:
    """The measures in a shard. Raises CannotWrite if it is damaged, or is not what its name and its place say."""

    def read(file: Path) -> tuple[Measures, ...]:
        rows, whole = _stamped(file, stamp)
        found = records(Measures, rows)
        if digest(rows) != whole:
            raise ValueError
        if [each.replication for each in found] != [*_numbers(shard)][: len(found)]:
            raise CannotWrite(f"{file}: holds other replications than its name says; delete it and run again")
        return found

    return _whole(file_of(folder, shard * SHARD), read)


def timelines_in(folder: Path, stamp: str, number: int) -> pd.DataFrame | None:
    """The kept table of what happened in replication `number`; None if none is kept. Raises CannotWrite."""
    if not (file := file_of(folder, number)).exists():
        return None
    kept: pd.DataFrame = _whole(file, lambda file: _stamped(file, f"{stamp} {number}")[0].to_pandas())
    return kept.astype(dict.fromkeys(kept.select_dtypes("datetime"), "datetime64[s]"))  # in Parquet they have [ms]


def _stamped(file: Path, stamp: str) -> tuple[pa.Table, str]:
    """The rows of a file that begins its stamp so, and the rest of the stamp."""
    import pyarrow.parquet as pq

    rows = pq.read_table(file, page_checksum_verification=True)
    said = f"{rows.schema.metadata[STAMP].decode()} "
    if not said.startswith(f"{stamp} "):
        raise CannotWrite(f"{file}: holds something else than this experiment; delete it and run again")
    return rows, said.removeprefix(f"{stamp} ").strip()


def _whole(file: Path, read: Callable[[Path], Value]) -> Value:
    """What `read` makes of a file. Raises CannotWrite if the file is damaged."""
    try:
        return read(file)
    except (CannotWrite, ImportError):
        raise
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise CannotWrite(f"{file}: cannot be read, {(error.strerror or str(error)).lower()}; run again") from None
    except Exception:  # what Arrow makes of bytes that mean nothing is of any kind
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
