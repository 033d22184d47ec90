"""Whether scenarios still give what their baselines say, and what moved first.

A `Regression` is two baselines of one scenario, the `expected` one from its folder and the `found` one from a
simulation just now, and a verdict in two tiers. Exact: every digest and every number is the same. Statistical, where
the draws themselves changed (or libraries compute the numbers otherwise) or where it is asked for: every number for
which the scenario declares a tolerance differs by less than that, on the same seeds.

An engine has no randomness and works in whole minutes, so other timelines from the same draws are never forgiven
unless the statistical tier is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from sim.experiment.replications import engine_named
from sim.experiment.workers import Work
from sim.model.plan import Plan
from sim.regression.baselines import (
    Baseline,
    BaselineError,
    Moment,
    Movement,
    Written,
    first_moment,
    movements,
    read,
    record,
)
from sim.regression.equivalence import Equivalence, Verdict, equivalence
from sim.scenario.files import display, scenario_file, shipped_folder
from sim.scenario.language.mistakes import Place
from sim.scenario.language.quantities import Span
from sim.scenario.loading import read as read_scenario
from sim.scenario.schema import Scenario

REPLICATIONS = 2
"""Of a new baseline: enough for the exact tier, where one difference anywhere is enough."""


class Cause(StrEnum):
    """The first thing along the line of data that is not as it was."""

    NOTHING = "nothing"
    SCENARIO = "the scenario says something else"
    DRAWS = "the scenario is the same, and what is drawn for it is not"
    RULES = "the scenario and its draws are the same, and what follows from them is not"
    NUMBERS = "every date is the same, and the numbers made of them are not"


@dataclass(frozen=True)
class Regression:
    """A scenario held against its baseline."""

    file: str  # as messages show it
    expected: Baseline
    found: Baseline
    tolerance: dict[Written, float]  # [unit of the number]
    statistical: bool = False  # asked for

    @property
    def name(self) -> str:
        """The scenario's file without its folder."""
        return self.found.scenario

    @property
    def verdict(self) -> Verdict:
        """That of the statistical tier where it speaks, else that of the exact one."""
        return self.exact if self.tolerated is None else self.tolerated

    @property
    def kept(self) -> bool:
        """Whether the verdict lets a CI job pass."""
        return self.verdict is Verdict.SAME

    @property
    def exact(self) -> Verdict:
        """Whether every digest and every number is the same."""
        return Verdict.SAME if self.timelines_kept and not self.movements else Verdict.MOVED

    @property
    def tolerated(self) -> Verdict | None:
        """Whether every number moved less than its tolerance; None if that is not the question."""
        verdicts = {each.verdict for _, each in self.equivalences}
        order = (Verdict.MOVED, Verdict.CANNOT_TELL, Verdict.SAME)
        return next((verdict for verdict in order if verdict in verdicts), None)

    @property
    def timelines_kept(self) -> bool:
        """Whether the timelines of all replications are the same."""
        return self.expected.timelines == self.found.timelines

    @property
    def cause(self) -> Cause:
        """Where along the line from the scenario to the numbers the first difference is."""
        if self.exact is Verdict.SAME:
            return Cause.NOTHING
        if self.expected.fingerprint != self.found.fingerprint:
            return Cause.SCENARIO
        if self.expected.draws != self.found.draws:
            return Cause.DRAWS
        return Cause.NUMBERS if self.timelines_kept else Cause.RULES

    @property
    def other_versions(self) -> tuple[str, ...]:
        """The packages whose version is not that of the baseline."""
        mine, other = self.expected.versions, self.found.versions
        return tuple(name for name in mine if name in other and mine[name] != other[name])

    @cached_property
    def equivalences(self) -> tuple[tuple[Written, Equivalence], ...]:
        """The statistical tier, number by number; nothing if it is neither asked for nor due."""
        due = self.cause is Cause.DRAWS or (self.cause is Cause.NUMBERS and bool(self.other_versions))
        if not (self.statistical or due):
            return ()
        return tuple(
            (key, equivalence(self.expected.values(key), self.found.values(key), tolerance))
            for key, tolerance in self.tolerance.items()
        )

    @cached_property
    def movements(self) -> tuple[Movement, ...]:
        """The numbers that are not exactly the same, the largest movement first."""
        return movements(self.expected, self.found)

    @cached_property
    def moved_replications(self) -> tuple[int, ...]:
        """The replications whose timelines differ."""
        pairs = zip_longest(self.expected.timelines, self.found.timelines)
        return tuple(number for number, (mine, other) in enumerate(pairs) if mine != other)

    @cached_property
    def moved_trials(self) -> tuple[int, ...]:
        """The trials of replication 0 that differ, in the order of arrival."""
        pairs = zip_longest(self.expected.marks, self.found.marks)
        return tuple(trial for trial, (mine, other) in enumerate(pairs) if mine != other)

    @cached_property
    def first(self) -> Moment | None:
        """The earliest difference among the sampled rows; None if none of them differs."""
        return first_moment(self.expected, self.found)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every scenario; None stands for what its baseline has, or for the usual in a new one."""

    replications: int | None = None
    seed: int | None = None
    engine: str = "auto"
    update: bool = False
    statistical: bool = False


def shipped_with_baseline(folder: Path) -> tuple[str, ...]:
    """The shipped scenarios that have a baseline in `folder`. Raises BaselineError if none has."""
    names = tuple(
        file.stem
        for file in sorted(shipped_folder().glob("*.yaml"))
        if (folder / file.stem / "manifest.json").is_file()
    )
    if not names:
        raise BaselineError(
            f"{folder}: no shipped scenario has a baseline here; make one with: "
            f"trialstart regress france --baseline {folder} --update"
        )
    return names


def regress(sources: Sequence[str | Path], folder: Path, asked: Asked = Asked()) -> Iterator[Regression | Baseline]:
    """Play every scenario and hold it against its baseline in `folder`; with `update`, write the new one there.

    Where there was no baseline before, the new one is given back by itself.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read.
    BaselineError
        If there is no baseline, or not for what is asked.
    ValueError
        If the engine makes no sense, or a scenario cannot be built.
    CannotWrite
        If a new baseline cannot be written.
    """
    checks = [_check(source, folder, asked) for source in sources]
    engine = engine_named(asked.engine, sum(check.rows for check in checks))
    for check in checks:
        expected = check.expected
        work = Work(check.file.stem, check.plan, check.seed, engine)
        found = record(work, check.file.name, check.replications, expected.sample if expected is not None else ())
        if asked.update:
            found.write(check.folder)
        if expected is None or expected.seed != found.seed:
            yield found
        else:
            common = min(expected.replications, found.replications)
            yield Regression(
                display(check.file),
                expected.first(common),
                found.first(common),
                tolerances(check.plan.scenario),
                asked.statistical,
            )


def tolerances(scenario: Scenario) -> dict[Written, float]:
    """The tolerances that a scenario declares: shares [0 to 1] and times [d]."""
    found: dict[Written, float] = {}
    for written, tolerance in scenario.tolerance.items():
        name, _, statistic = written.partition(".")
        found[name, "trial", statistic] = tolerance.days if isinstance(tolerance, Span) else tolerance
    return found


@dataclass(frozen=True, slots=True)
class _Check:
    """A scenario that is about to be played, and its baseline, if it has one."""

    file: Path
    folder: Path
    plan: Plan
    expected: Baseline | None
    seed: int
    replications: int
    rows: int  # of all replications together, about


def _check(source: str | Path, folder: Path, asked: Asked) -> _Check:
    if asked.replications is not None and asked.replications < 1:
        raise ValueError(f"replications: must be a whole number, at least 1, got {asked.replications!r}")
    loaded = read_scenario(source)
    file = scenario_file(source, None, Place(str(source)))
    if asked.statistical and not loaded.scenario.tolerance:
        raise BaselineError(
            f"{file.name}: tolerance: must name at least one number for the statistical tier, got "
            "none; add such as {inclusion_time.share_within_goal: 1 %}"
        )
    home = folder / file.stem
    expected = _expected(source, home, asked)
    seed = asked.seed if asked.seed is not None else expected.seed if expected is not None else 1
    replications = asked.replications or (expected.replications if expected is not None else REPLICATIONS)
    plan = Plan(loaded.scenario, loaded.process)
    rows = replications * len(plan.replication(seed, 0).workload)
    return _Check(file, home, plan, expected, seed, replications, rows)


def _expected(source: str | Path, home: Path, asked: Asked) -> Baseline | None:
    """The baseline in `home`, which must have what is asked for; with an update it may be missing or broken."""
    remedy = f"make it with: trialstart regress {source} --baseline {home.parent} --update"
    try:
        expected = read(home)
    except BaselineError as error:
        if asked.update:
            return None
        raise BaselineError(f"{error}; {remedy}") from None
    if asked.update:
        return expected
    if asked.seed not in (None, expected.seed):
        raise BaselineError(f"{home}: has the seed {expected.seed}, got {asked.seed}; leave it out, or {remedy}")
    if asked.replications is not None and asked.replications > expected.replications:
        raise BaselineError(
            f"{home}: has {expected.replications} replications, got {asked.replications}; ask for fewer, or {remedy}"
        )
    return expected
