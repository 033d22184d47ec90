"""The goal of scenarios by group, over replications: `by_group` gives a line for each group and statistic.

A line is a mapping from column to value, as in `sim.experiment.tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from math import inf, isinf, isnan, nan

from sim.analysis.estimates import Estimate, interval
from sim.analysis.groups import Group, measure_groups
from sim.analysis.indicators import Statistics
from sim.experiment.experiments import laid_out
from sim.experiment.replications import concerns_of, simulated, warn
from sim.experiment.running import REPLICATIONS, Source, named_scenarios
from sim.experiment.tables import Line
from sim.experiment.workers import Batch, Work, computed_here, computed_on, cores, interleaved, local_pool

SHOWN: Mapping[str, str] = {"share_within_goal": "share", "median": "days"}
"""The statistics of a group, with their units."""

COLUMNS = ("scenario", "by", "group", *Estimate.__dataclass_fields__)
Outcomes = Iterator[tuple[Batch, tuple[tuple[Group, ...], ...]]]


def by_group(
    scenarios: Sequence[Source], by: str, *, set_: Sequence[str] = (), replications: int | None = None, seed: int = 1,
    jobs: int | None = None, engine: str = "auto",
) -> list[Line]:
    """Share within the goal and median of the indicators of the goal, for each group of trials or sites.

    Parameters
    ----------
    by
        "month" (of submission), "class", or an attribute of trials or of sites. The others are those of `compare`.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read.
    ValueError
        If there is no such attribute.
    """
    total = REPLICATIONS if replications is None else replications
    works = laid_out(named_scenarios(scenarios, tuple(set_)), seed, engine, total).works
    for work in works:
        groups_of(work, 0, by=by)  # a wrong name is said here, in one sentence
        warn(work.name, concerns_of(work))
    found: list[dict[int, tuple[Group, ...]]] = [{} for _ in works]
    for batch, groups in _outcomes(works, by, total, jobs or cores()):
        found[batch.work].update(zip(batch.numbers, groups, strict=True))
    each = [[of_work[number] for number in range(total)] for of_work in found]
    return [line for work, of_work in zip(works, each, strict=True) for line in _lines(work.name, by, of_work)]


def groups_of(work: Work, number: int, *, by: str) -> tuple[Group, ...]:
    """The groups of replication `number`."""
    return measure_groups(work.plan, *simulated(work, number), by)


def _outcomes(works: Sequence[Work], by: str, total: int, workers: int) -> Outcomes:
    batches = interleaved([[*range(total)] for _ in works], workers)
    if workers == 1:
        yield from computed_here(partial(groups_of, by=by), works, batches)
        return
    with local_pool(workers) as pool:
        yield from computed_on(pool, workers, partial(groups_of, by=by), works, batches)


def _lines(scenario: str, by: str, replications: Sequence[tuple[Group, ...]]) -> Iterator[Line]:
    tables = [{group.name: group.statistics for group in groups} for groups in replications]
    for group in sorted({name for table in tables for name in table}):
        for several in zip(*(table[group] for table in tables if group in table), strict=True):
            for statistic in SHOWN:
                estimate = _estimate(several, statistic)
                yield {"scenario": scenario, "by": by, "group": group, **asdict(estimate)}


def _estimate(several: Sequence[Statistics], statistic: str) -> Estimate:
    """One statistic over the replications in which the group has any trial."""
    values = [value for each in several if not isnan(value := getattr(each, statistic))]
    mean, low, high = (inf, nan, nan) if any(map(isinf, values)) else map(float, interval(values))
    trials, not_reached, left_out = (
        sum(getattr(each, name) for each in several) for name in ("trials", "not_reached", "left_out")
    )
    return Estimate(several[0].name, several[0].level, statistic, mean, low, high, trials, not_reached, left_out,
                    SHOWN[statistic])
