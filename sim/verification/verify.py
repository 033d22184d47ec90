"""Whether the simulator agrees with what is known exactly: every case, simulated and compared.

`verify` gives a `Verdict` for each quantity of the cases in `sim.verification.cases`. The simulated value is a ratio of
sums over replications; its standard error comes from the spread between replications, which are independent. A
quantity agrees if the simulated value lies within four standard errors of the exact one (or is equal to it, for what
does not vary). With `off` the cases are run with a parameter ten per cent off, and none may agree: a comparison that
cannot fail says nothing.

References
----------
Law A. M. (2015). Simulation Modeling and Analysis, 5th edition, sections 4.5 and 9.5 (intervals from replications).
Cochran W. G. (1977). Sampling Techniques, 3rd edition, section 2.11 (standard error of a ratio).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sim.analysis.events import played
from sim.analysis.intervals import interval
from sim.experiment.replications import ENGINES, Engine, engine_named
from sim.experiment.workers import Batch, Work, computing
from sim.model.plan import Plan
from sim.scenario.language.mistakes import did_you_mean
from sim.scenario.loading import read
from sim.verification.cases import Case, Quantity, cases
from sim.verification.observed import Sample, Totals
from sim.verification.routes import routed

REPLICATIONS = 30
STANDARD_ERRORS = 4
_EQUAL = 1e-9  # relative; what is nearer is the same number, however little it varies
_BATCH = 5  # replications
_OFF = "/off"  # behind the name of a case that is run ten per cent off

Float = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Told how many replications of how many are finished."""
Row = tuple[tuple[Totals, Totals], ...]
"""What one replication says: for each quantity of the case, what is observed and what it should be."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One quantity: what it is, what the simulator says, and whether that agrees."""

    case: str
    scenario: str
    quantity: str
    reference: str
    exact: float
    simulated: float
    standard_error: float  # of the difference between the two
    low: float  # of the 95 % Student t interval around the simulated value
    high: float
    replications: int

    @property
    def standard_errors(self) -> float:
        """How many standard errors lie between simulated and exact; 0 if they are the same number."""
        difference = abs(self.simulated - self.exact)
        if difference <= _EQUAL * abs(self.exact):
            return 0.0
        return difference / self.standard_error if self.standard_error > 0 else float("inf")

    @property
    def agrees(self) -> bool:
        """Whether the difference is at most `STANDARD_ERRORS` standard errors."""
        return self.standard_errors <= STANDARD_ERRORS


def verify(
    names: Sequence[str] | None = None,
    *,
    replications: int = REPLICATIONS,
    seed: int = 1,
    jobs: int | None = None,
    engine: str = "auto",
    off: bool = False,
    progress: Progress | None = None,
) -> tuple[Verdict, ...]:
    """The verdict on every quantity of the cases, in their order.

    Parameters
    ----------
    names
        Cases by name; None for all.
    replications
        Independent repetitions of each case, at least 2.
    seed
        Where all randomness comes from.
    jobs
        Processes on this machine; 1 computes here, None uses every core. Changes no verdict.
    engine
        "auto", or an engine by its name. Changes no verdict.
    off
        Run the power companions: every case with a parameter ten per cent off, against the same exact values.
    progress
        Told about every finished batch.

    Raises
    ------
    ValueError
        If there is no such case or engine, or fewer than 2 replications.
    """
    if replications < 2:
        raise ValueError(f"replications: must be at least 2 for a standard error, got {replications}")
    wanted = [_case(name) for name in (names or cases())]
    plans = [_plan(case, *(case.off if off else ())) for case in wanted]
    rows = replications * sum(len(plan.replication(seed, 0).workload) for plan in plans)
    played_by = engine_named(engine, rows)
    works = [Work(case.name + _OFF * off, plan, seed, played_by) for case, plan in zip(wanted, plans, strict=True)]
    found = _computed(works, replications, jobs, progress)
    return tuple(verdict for case, rows_ in zip(wanted, found, strict=True) for verdict in verdicts(case, rows_))


def _case(name: str) -> Case:
    if name not in cases():
        raise ValueError(f"case: there is no case {name!r}; {did_you_mean(name, cases())}")
    return cases()[name]


def _computed(works: Sequence[Work], replications: int, jobs: int | None, progress: Progress | None) -> list[list[Row]]:
    """For each work, what its replications say, in their order."""
    batches = [
        Batch(work, range(first, min(first + _BATCH, replications)))
        for work in range(len(works))
        for first in range(0, replications, _BATCH)
    ]
    found: list[dict[int, Row]] = [{} for _ in works]
    with computing(None, jobs) as computer:
        for batch, values in computer.compute(_said, works, batches):
            found[batch.work].update(zip(batch.numbers, values, strict=True))
            if progress is not None:
                progress(sum(map(len, found)), len(works) * replications)
    return [[rows[number] for number in range(replications)] for rows in found]


def _said(work: Work, number: int) -> Row:
    """What replication `number` says about each quantity of its case."""
    case = _case(work.name.removesuffix(_OFF))
    sample = _played(case, work.plan, work, number)
    by_run = any(callable(quantity.exact) for quantity in case.quantities)
    right = _played(case, _as_it_stands(case.name), work, number) if by_run and work.name != case.name else sample
    return tuple(
        (quantity.observed(sample), quantity.exact(right) if callable(quantity.exact) else (quantity.exact, 1.0))
        for quantity in case.quantities
    )


@lru_cache(maxsize=1)
def _as_it_stands(name: str) -> Plan:
    """The plan of a case without anything off."""
    return _plan(_case(name))


def _plan(case: Case, *off: str) -> Plan:
    loaded = read(case.file, set_=(*case.changes, *off))
    return Plan(loaded.scenario, loaded.process)


def _played(case: Case, plan: Plan, work: Work, number: int) -> Sample:
    simulate: Engine = import_module(ENGINES[work.engine]).simulate
    if case.routing is None:
        replication = plan.replication(work.seed, number)
    else:
        replication = routed(plan, work.seed, number, case.routing)
    return Sample(played(plan, replication, simulate(plan.network, replication.workload)), case.unit)


def verdicts(case: Case, rows: Sequence[Row]) -> Iterator[Verdict]:
    """The verdict on each quantity of a case, from what its replications say."""
    for index, quantity in enumerate(case.quantities):
        seen, right = (np.array([row[index][side] for row in rows]) for side in (0, 1))  # (replications, 2) each
        yield _verdict(case, quantity, seen, right)


def _verdict(case: Case, quantity: Quantity, seen: Float, right: Float) -> Verdict:
    """One verdict from the totals and counts (replications, 2) of both sides."""
    simulated, around = _ratio(seen)
    exact, around_exact = _ratio(right)
    _, low, high = interval(simulated + around)
    standard_error = sqrt(float((around - around_exact).var(ddof=1)) / len(around))
    return Verdict(
        case.name,
        case.file,
        quantity.says,
        quantity.reference,
        exact,
        simulated,
        standard_error,
        float(low),
        float(high),
        len(seen),
    )


def _ratio(totals: Float) -> tuple[float, Float]:
    """The sum of the totals by the sum of the counts, and how far each replication is from it."""
    ratio = float(totals[:, 0].sum() / totals[:, 1].sum())
    return ratio, (totals[:, 0] - ratio * totals[:, 1]) / totals[:, 1].mean()
