"""What a run gives: numbers with intervals, tables for pandas, and pictures.

A `Result` is one scenario over its replications; a `Comparison` is several results on the same seeds, the first one
being the reference. Both hold measures, one small record per replication (in memory, or in a folder), which are read
once, into a `Summary`: estimates, paired differences, frames, tables and pictures are made of that.

>>> from sim.analysis.estimates import indicator_key
>>> key = indicator_key("readiness_time", "median")  # then result.estimates[key].value

A timeline that was not kept is played again, which gives the same one. `result.plot.s_curve()` draws: the one place
where something below the report asks the report, when it is asked. A figure that is made here is handed to pyplot,
which shows it at the end of a cell or at `pyplot.show()`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.analysis.contrasts import Contrast, contrasts
from sim.analysis.estimates import Estimate, Key, Measured, Summary, summary
from sim.analysis.indicators import Measures
from sim.analysis.timelines import TrialStory, story, typical_trial
from sim.experiment.folder import timelines_in
from sim.experiment.manifest import Manifest
from sim.experiment.precision import Reached
from sim.experiment.replications import played_again, simulated
from sim.experiment.tables import as_html, contrast_lines, indicator_lines
from sim.experiment.workers import Work
from sim.model.feasibility import Concern
from sim.model.plan import Plan
from sim.scenario.schema import Scenario, Text
from sim.tables import as_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False)
class Result:
    """One scenario over its replications."""

    work: Work
    measures: Sequence[Measures]
    manifest: Manifest
    kept: Path | None = None  # the folder of those timelines that were kept
    concerns: tuple[Concern, ...] = ()  # what was said before it ran: what cannot happen, or not in time
    reference: Result | None = None  # whose typical trial is told about; None: its own

    @property
    def name(self) -> str:
        """A short name of the scenario."""
        return self.work.name

    @property
    def title(self) -> Text:
        """What the scenario is, in both languages."""
        return self.scenario.title

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return self.work.scenario

    @property
    def plan(self) -> Plan:
        """The scenario laid out for simulation."""
        return self.work.plan

    @cached_property
    def summary(self) -> Summary:
        """What the replications say; reads each of them once."""
        return summary(self.measures)

    @property
    def estimates(self) -> Mapping[Key, Estimate]:
        """Every number over the replications, with its interval."""
        return self.summary.estimates

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The estimates, one line each: scenario, name, level, statistic, value, low, high, trials, not_yet, ..."""
        return as_frame(indicator_lines([self]))

    @cached_property
    def timelines(self) -> pd.DataFrame:
        """What happened in every replication, one line per task of every trial, with dates."""
        import pandas as pd

        return pd.concat(map(self.replay, range(len(self.measures))), ignore_index=True)

    def replay(self, replication: int) -> pd.DataFrame:
        """What happened in one replication (from 0), one line per task of every trial, with dates.

        Read where it was kept, else played again, which gives the same.
        """
        kept = None if self.kept is None else timelines_in(self.kept, self.work.stamp, replication)
        return played_again(self.work, replication) if kept is None else kept

    def events(self, replication: int | None = None) -> pd.DataFrame:
        """The event log of one replication (from 0) or of all, with attributes, kinds of wait, and what held lines up.

        Columns as in `sim.logs.activities`; `trialstart export` writes the same, in the formats of other programs.
        """
        import pandas as pd

        from sim.logs.activities import activities

        numbers = None if replication is None else [replication]
        return pd.concat(activities([self], numbers), ignore_index=True)

    @property
    def typical(self) -> str | None:
        """The label of a typical trial of the first replication; None if none reaches the goal."""
        return self._told[0] if self.reference is None else self.reference.typical

    @property
    def story(self) -> TrialStory | None:
        """The typical trial of the reference, as it went here; None where there is none."""
        return self._told[1]

    @cached_property
    def _told(self) -> tuple[str | None, TrialStory | None]:
        """The label of the typical trial, and its story, of one simulation."""
        replication, timelines = simulated(self.work, 0)
        labels = replication.trials.label
        if self.reference is None:
            trial = typical_trial(self.plan, replication, timelines)
        else:
            trial = labels.index(self.typical) if self.typical in labels else None
        return (None, None) if trial is None else (labels[trial], story(self.plan, replication, timelines, trial))

    @property
    def plot(self) -> Pictures:
        """Pictures: `.s_curve()`, `.stages()`, `.gantt()`."""
        return Pictures([self])

    def __repr__(self) -> str:
        return f"<Result {self.name}, {len(self.measures)} replications>"

    def _repr_html_(self) -> str:
        return as_html([self])


@dataclass(frozen=True, repr=False)
class Comparison:
    """Several scenarios on the same seeds; the first one is the reference."""

    results: tuple[Result, ...]
    manifest: Manifest
    precision: Reached | None = None  # what came of the precision that was asked for

    @property
    def reference(self) -> Result:
        """What the others are compared with."""
        return self.results[0]

    def __getitem__(self, name: str) -> Result:
        """The result with this name. Raises KeyError."""
        return {result.name: result for result in self.results}[name]

    @cached_property
    def paired(self) -> tuple[tuple[Result, Mapping[Key, Contrast]], ...]:
        """Each other scenario with its paired differences from the reference."""
        return tuple((result, contrasts(self.reference, result)) for result in self.results[1:])

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The estimates of every scenario, one line each."""
        return as_frame(indicator_lines(self.results))

    @cached_property
    def contrasts(self) -> pd.DataFrame:
        """Paired differences from the reference, one line each."""
        return as_frame(contrast_lines(self.reference.name, self.paired))

    @property
    def plot(self) -> Pictures:
        """Pictures of all scenarios side by side: `.s_curve()`, `.stages()`, `.gantt()`."""
        return Pictures(self.results)

    def __repr__(self) -> str:
        names = ", ".join(each.name for each in self.results)
        return f"<Comparison of {names}, {self.manifest.replications} replications>"

    def _repr_html_(self) -> str:
        return as_html(self.results)


Language = Literal["en", "fr"]


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures of one result, or of several side by side; each draws on `ax`, or makes a figure of its own."""

    results: Sequence[Measured]

    def s_curve(self, ax: Axes | None = None, *, indicator: str | None = None, language: Language = "en") -> Axes:
        """The share of trials that are there within so many days, of the goal's indicator or of another one."""
        from sim.report import plots

        return _shown(plots.s_curve(self.results, ax, indicator=indicator, language=language), ax)

    def stages(self, ax: Axes | None = None, *, language: Language = "en") -> Axes:
        """The median of every indicator, scenarios side by side."""
        from sim.report import plots

        return _shown(plots.stages(self.results, ax, language=language), ax)

    def gantt(self, ax: Axes | None = None, *, language: Language = "en") -> Axes:
        """A typical trial, with waiting and work in different inks."""
        from sim.report import plots

        return _shown(plots.gantt(self.results, ax, language=language), ax)


def _shown(drawn: Axes, given: Axes | None) -> Axes:
    """What was drawn; if its figure is new, pyplot shows it."""
    if given is None:
        from matplotlib import pyplot

        pyplot.figure(drawn.figure)
    return drawn
