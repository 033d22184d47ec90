"""What a scenario gave when its baseline was made, as text that git can show line by line.

A `Baseline` is one scenario: the digests of its draws and timelines by replication, every number by replication, a
short mark for each trial of replication 0, and a `Row` for each task of a few trials of it. `record` makes one by
simulation, `read` and `Baseline.write` have it in a folder of its own:

- `manifest.json`: versions, seed, fingerprint of the scenario, digests;
- `indicators.csv`: one number a line, one replication a column, written so that it is read back exactly;
- `trials.txt`: the marks, in the order of arrival;
- `timelines.csv`: the sampled rows with their dates.

A digest knows rows by the names of trial, site, task and round, never by their place in a table; a number is known by
what is written in its line. What is different between two baselines of one scenario is a `Moment`, the earliest
difference among the sampled rows, and `Movement`s, each a number before and after.
"""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import partial
from hashlib import sha256
from math import inf, isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimates import numbers
from sim.analysis.indicators import Measures, measure
from sim.analysis.intervals import interval
from sim.analysis.timelines import frame
from sim.experiment.manifest import manifest
from sim.experiment.replications import simulated
from sim.experiment.workers import Batch, Work, computed_here
from sim.experiment.writing import Draft, prepare, write
from sim.model.network import Timelines
from sim.model.trials import Replication
from sim.scenario.schema import fingerprint

if TYPE_CHECKING:
    import pandas as pd

Written = tuple[str, str, str]
"""Name, level and statistic of a number, as its line has them."""

SAMPLED = 400
"""Rows are kept for one trial after the other until there are so many: a few trials with all their dates."""

MARK = 6
"""Letters of a trial's mark, six bits each: two different trials of a replication have the same one in 70 billion."""

_A_LINE = 12  # marks


class BaselineError(ValueError):
    """A baseline that is not there, or not one: which, and how to make it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A task of a sampled trial as it went; instants as dates, "" where it did not."""

    trial: str
    site: str  # "" for a task of the whole trial
    task: str
    round: int
    ready: str
    start: str
    end: str
    outcome: str

    @property
    def identity(self) -> tuple[str, str, str, int]:
        """What says which row it is."""
        return self.trial, self.site, self.task, self.round


@dataclass(frozen=True, slots=True)
class Baseline:
    """A scenario as it went, in `replications` repetitions."""

    scenario: str  # the name of its file
    fingerprint: str
    seed: int
    versions: Mapping[str, str]
    draws: tuple[str, ...]  # (replications) sha256 of every duration, release and pick
    timelines: tuple[str, ...]  # (replications) sha256 of what happened
    numbers: Mapping[Written, tuple[float, ...]]  # (replications) each
    units: Mapping[Written, str]
    marks: tuple[str, ...]  # (trials of replication 0)
    rows: tuple[Row, ...]
    labels: tuple[str, ...] = ()  # (trials of replication 0); not stored: marks are in the order of arrival

    @property
    def replications(self) -> int:
        """How many repetitions."""
        return len(self.timelines)

    @property
    def sample(self) -> tuple[str, ...]:
        """The trials whose rows are kept."""
        return tuple(dict.fromkeys(row.trial for row in self.rows))

    def values(self, key: Written) -> tuple[float, ...]:
        """(replications) A number, or nan where the baseline does not know it."""
        return self.numbers.get(key, (nan,) * self.replications)

    def first(self, replications: int) -> Baseline:
        """The same with its first replications alone."""
        return replace(
            self,
            draws=self.draws[:replications],
            timelines=self.timelines[:replications],
            numbers={key: values[:replications] for key, values in self.numbers.items()},
        )

    def write(self, folder: Path) -> None:
        """Write the files into `folder`. Raises CannotWrite."""
        said = {name: getattr(self, name) for name in ("scenario", "fingerprint", "seed", "replications", "versions")}
        said |= {"draws": self.draws, "timelines": self.timelines}
        values = ([*key, self.units[key], *map(repr, each)] for key, each in self.numbers.items())
        lines = [self.marks[start : start + _A_LINE] for start in range(0, len(self.marks), _A_LINE)]
        prepare(folder)
        write(
            folder,
            {
                "manifest.json": _draft(json.dumps(said, indent=1, ensure_ascii=False) + "\n"),
                "indicators.csv": _draft(_csv([[*_KEY, "unit", *range(self.replications)], *values])),
                "trials.txt": _draft("".join(f"{' '.join(line)}\n" for line in lines)),
                "timelines.csv": _draft(_csv([_COLUMNS, *map(astuple, self.rows)])),
            },
        )


_KEY = ("name", "level", "statistic")
_COLUMNS = tuple(each.name for each in fields(Row))


def read(folder: Path) -> Baseline:
    """The baseline in a folder.

    Raises
    ------
    BaselineError
        If there is none, or it cannot be read.
    """
    try:
        said = json.loads(_text(folder / "manifest.json"))
        table = [*csv.DictReader(io.StringIO(_text(folder / "indicators.csv")))]
        columns = [str(number) for number in range(said["replications"])]
        return Baseline(
            said["scenario"],
            said["fingerprint"],
            said["seed"],
            said["versions"],
            tuple(said["draws"]),
            tuple(said["timelines"]),
            {_key(line): tuple(float(line[each]) for each in columns) for line in table},
            {_key(line): line["unit"] for line in table},
            tuple(_text(folder / "trials.txt").split()),
            tuple(_row(line) for line in csv.DictReader(io.StringIO(_text(folder / "timelines.csv")))),
        )
    except FileNotFoundError as error:
        raise BaselineError(f"{error.filename}: there is no such file") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BaselineError(f"{folder}: cannot be read as a baseline, got {error!r}") from None


def record(work: Work, file: str, replications: int, sample: Sequence[str] = ()) -> Baseline:
    """What a scenario gives now, with the rows of the trials of `sample`, or of a few others if it has none of them.

    Raises
    ------
    ReplicationFailed
        If a replication could not be computed; says which.
    """
    wanted, batches = partial(_recorded, sample=tuple(sample)), [Batch(0, range(replications))]
    ((_, recorded),) = computed_here(wanted, [work], batches)
    first = recorded[0]
    return Baseline(
        file,
        fingerprint(work.scenario),
        work.seed,
        manifest((), work, replications).versions,
        tuple(each.draws for each in recorded),
        tuple(each.timelines for each in recorded),
        {key: tuple(each.numbers[key][0] for each in recorded) for key in first.numbers},
        {key: unit for key, (_, unit) in first.numbers.items()},
        first.marks,
        first.rows,
        first.labels,
    )


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One replication; the last three only of replication 0."""

    draws: str
    timelines: str
    numbers: Mapping[Written, tuple[float, str]]  # value and unit
    labels: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def _recorded(work: Work, number: int, sample: tuple[str, ...]) -> _Recorded:
    replication, timelines = simulated(work, number)
    workload = replication.workload
    drawn = _digests(work, replication, [workload.work, workload.release, workload.pick.view(np.int64)])
    columns = [timelines.ready, timelines.start, timelines.end, timelines.outcome]
    breaks = [timelines.in_breaks(np.arange(len(workload)))] if len(timelines.breaks) else []
    went = _digests(work, replication, [*columns, *breaks])
    measured = dict(_numbers(measure(work.plan, replication, timelines)))
    if number > 0:
        return _Recorded(_whole(drawn), _whole(went), measured)
    labels, told = replication.trials.label, _told(timelines)
    trials = tuple(each for each in sample if each in labels) or _sample(replication, told)
    return _Recorded(
        _whole(drawn),
        _whole(went),
        measured,
        labels,
        tuple(base64.b64encode(digest).decode()[:MARK] for digest in went),
        tuple(_rows(frame(work.plan, replication, timelines)[told], trials)),
    )


def _numbers(measures: Measures) -> Iterator[tuple[Written, tuple[float, str]]]:
    """Every number of a replication, and how many trials (or places) an indicator is about."""
    yield from ((key.columns, (each.value, each.unit)) for key, each in numbers(measures).items())
    for each in measures.indicators:
        for count in ("trials", "not_yet", "never", "not_needed"):
            yield (each.name, each.level, count), (float(getattr(each, count)), "trials")


def _digests(work: Work, replication: Replication, columns: Sequence[NDArray[np.int64]]) -> list[bytes]:
    """(trials) The sha256 of each trial: its label, and its rows with these columns, in an order that names give."""
    workload, network, labels = replication.workload, work.plan.network, replication.trials.label
    site, task = _codes((*network.sites, ""))[workload.site], _codes(network.tasks)[workload.task]  # NONE is the last
    order = np.lexsort((workload.round, task, site, workload.trial))
    table = np.stack([site, task, workload.round, *columns], axis=1)[order].astype("<i8")  # (rows, 3 + columns)
    ends = np.searchsorted(workload.trial, np.arange(len(labels) + 1))
    return [
        sha256(label.encode() + table[begin:end].tobytes()).digest()
        for label, begin, end in zip(labels, ends[:-1], ends[1:], strict=True)
    ]


def _codes(names: Sequence[str]) -> NDArray[np.int64]:
    """A number for each name that depends on nothing else."""
    return np.array([int.from_bytes(sha256(name.encode()).digest()[:8], "little", signed=True) for name in names])


def _whole(digests: Sequence[bytes]) -> str:
    return sha256(b"".join(digests)).hexdigest()


def _told(timelines: Timelines) -> NDArray[np.bool_]:
    """(rows) What is worth a date: all that took time, in waiting or in work; milestones say nothing more."""
    return np.asarray((timelines.ready >= 0) & (timelines.end != timelines.ready))


def _sample(replication: Replication, told: NDArray[np.bool_]) -> tuple[str, ...]:
    """The first trials that the goal is about: there, a difference is not yet the consequence of another one."""
    trials = replication.trials
    first = np.argsort(~trials.in_scope, kind="stable")
    rows = np.bincount(replication.workload.trial[told], minlength=len(trials))[first]
    return tuple(trials.label[trial] for trial in first[: 1 + np.searchsorted(rows.cumsum(), SAMPLED)])


def _rows(table: pd.DataFrame, sample: Sequence[str]) -> Iterator[Row]:
    """The rows of the trials of a sample, as text."""
    told = table.loc[table.trial.isin(sample), list(_COLUMNS)]
    for instant in ("ready", "start", "end"):
        told[instant] = told[instant].dt.strftime("%Y-%m-%d %H:%M").fillna("")
    return (Row(*values) for values in told.itertuples(index=False, name=None))


def _key(line: Mapping[str, str]) -> Written:
    return line["name"], line["level"], line["statistic"]


def _row(line: Mapping[str, str]) -> Row:
    return Row(**{**line, "round": int(line["round"])})  # type: ignore[arg-type]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _csv(lines: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def _draft(content: str) -> Draft:
    def draft(path: Path) -> None:
        path.write_text(content, encoding="utf-8", newline="\n")

    return draft


INSTANTS = ("ready", "start", "end")


@dataclass(frozen=True, slots=True)
class Moment:
    """The first difference among the sampled rows: `instant` is one of `INSTANTS`, or "outcome"."""

    instant: str
    expected: Row | None  # None: there was no such row
    found: Row | None  # None: there is no such row any more


@dataclass(frozen=True, slots=True)
class Movement:
    """A number that moved: mean, low and high over the replications, before and after; nan where there is none."""

    key: Written
    unit: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]

    @property
    def shift(self) -> float:
        """How far the mean moved [unit]."""
        return self.after[0] - self.before[0]

    @property
    def size(self) -> float:
        """The shift in half-widths of the wider interval; without an interval, relative to the mean before.

        What is there on one side alone (nan or inf on the other) is the largest, what is on neither the smallest.
        """
        there = [isfinite(each[0]) for each in (self.before, self.after)]
        if not all(there):
            return inf if any(there) else 0.0
        half = max((each[2] - each[0] for each in (self.before, self.after) if isfinite(each[2])), default=0.0)
        return abs(self.shift) / (half or abs(self.before[0]) or 1.0)


def first_moment(expected: Baseline, found: Baseline) -> Moment | None:
    """The earliest difference among the sampled rows; None if none of them differs.

    Work that began as it did and ends at another time moved by itself. What becomes ready or begins at another time may
    follow from a trial that is not in the sample, so it is named only where no such work is.
    """
    before, after = ({row.identity: row for row in each.rows} for each in (expected, found))
    pairs = [(before.get(each), after.get(each)) for each in dict.fromkeys((*before, *after))]
    moments = [_moment(mine, other) for mine, other in pairs if mine != other]
    return min(moments, key=lambda each: (not _by_itself(each), _when(each)), default=None)


def movements(expected: Baseline, found: Baseline) -> tuple[Movement, ...]:
    """The numbers that are not exactly the same, the largest movement first."""
    units = {**expected.units, **found.units}
    pairs = {key: (expected.values(key), found.values(key)) for key in units}
    moved = [
        Movement(key, units[key], _estimate(before), _estimate(after))
        for key, (before, after) in pairs.items()
        if not np.array_equal(before, after, equal_nan=True)
    ]
    return tuple(sorted(moved, key=lambda each: -each.size))


def _moment(expected: Row | None, found: Row | None) -> Moment:
    if expected is None or found is None:
        return Moment(INSTANTS[-1], expected, found)
    differs = (each for each in INSTANTS if getattr(expected, each) != getattr(found, each))
    return Moment(next(differs, "outcome"), expected, found)


def _by_itself(moment: Moment) -> bool:
    return moment.instant == INSTANTS[-1] and moment.expected is not None and moment.found is not None


def _when(moment: Moment) -> tuple[str, int]:
    """The earlier of the two dates, an end before what begins at it; what has no date comes last."""
    instant = moment.instant if moment.instant in INSTANTS else INSTANTS[-1]
    dates = [getattr(row, instant) for row in (moment.expected, moment.found) if row is not None]
    return min((date for date in dates if date), default="9999"), -INSTANTS.index(instant)


def _estimate(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean, low and high over the replications in which the number is there; inf if it is not reached in one."""
    mean, low, high = map(float, interval(values))
    return mean, low, high
