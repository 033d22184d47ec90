"""The scarce people and the clocks of a scenario, as an engine sees them, and how its words find them.

`Resources` knows which pool serves a task at a site or for a sponsor, which clock a quantity counts on, and how many
minutes a duration has. Units decide the clock: `d` are calendar days (or days of a statutory clock that is named),
`wd` are days of a working clock, `h` and `min` are open time of the clock at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.model.clocks import Clock, Kind, clock_index
from sim.model.draws import whole_minutes
from sim.model.network import Int
from sim.model.places import World, under
from sim.scenario.language.distributions import Fit, fit
from sim.scenario.language.quantities import MINUTES_PER_DAY, MINUTES_PER_HOUR, Span
from sim.scenario.schema import WORKING, Duration, Limit, Scenario, StartRule, Step
from sim.scenario.stages.tasks import Scope

FOR_EVER = 2.0**50
"""[min] Work that no horizon sees the end of."""


@dataclass(frozen=True)
class Resources:
    """Clocks and pools of a scenario, by name."""

    scenario: Scenario
    clocks: tuple[Clock, ...]
    pool_by_site: Mapping[str, Int]  # (sites) pool index for each site, of pools per site
    pool_by_sponsor: Mapping[str, Int]  # (sponsors) of pools per sponsor
    pool_of_country: Mapping[str, int]
    task_index: Mapping[str, int]

    @cached_property
    def class_priority(self) -> Int:
        """(classes) the priority of each class of trials; 0 where none is said."""
        return np.array([each.priority or 0 for each in self.scenario.classes], dtype=np.int64)

    @cached_property
    def _clock_index(self) -> Mapping[str, int]:
        return clock_index(self.scenario)

    @cached_property
    def _fits(self) -> dict[int, Fit]:
        return {}

    @cached_property
    def _effective(self) -> dict[tuple[int, int], Step]:
        return {}

    def effective(self, step: Step, variants: int) -> Step:
        """The step as these of its variants (bits) change it; the same object every time."""
        key = id(step), variants
        if key not in self._effective:
            self._effective[key] = under(step, variants)
        return self._effective[key]

    def pool_of(self, pool: str, world: World, scope: Scope, at: Int) -> Int | int:
        """(len(at)) the index of the pool that serves each of these places, or of the one that serves all."""
        if pool in self.pool_by_site:
            return self.pool_by_site[pool][world.places[scope].site[at]]
        if pool in self.pool_by_sponsor:
            return self.pool_by_sponsor[pool][world.trials.sponsor[world.places[scope].trial[at]]]
        return self.pool_of_country[pool]

    def is_drawn(self, pool: str) -> bool:
        """Whether a file of this pool is given to a sitting by a draw."""
        sittings = self.scenario.pools[pool].sittings
        return sittings is not None and sittings.drawn_between is not None

    def minutes(
        self,
        step: Step,
        luck: NDArray[np.float64],
        pace: NDArray[np.float64] | float,
        hooked: NDArray[np.float64] | None = None,
    ) -> tuple[Int, int]:
        """(len(luck)) the durations [min] at these quantiles and this pace, and the clock they count on.

        What is `hooked` [in the unit of the work] stands in place of the quantiles.
        """
        assert step.work is not None
        drawn, clock = self._drawn(step.work, None, step, luck)
        if hooked is not None:
            drawn = hooked * self.span(Span(1.0, self._fit(step.work).unit), None, step)[0]
        factor = (pace if step.limit is None else 1.0) / self._attention(step)
        with np.errstate(over="ignore"):  # a wild distribution has values that no float holds: they are for ever, too
            return whole_minutes(np.minimum(drawn * factor, FOR_EVER)), clock

    def limit(self, step: Step, limit: Limit, luck: NDArray[np.float64] | None) -> tuple[Int | int, int]:
        """The length of a limit [min], drawn at these quantiles where it is drawn, and the clock that it counts on."""
        counted_with = None if limit.span.unit == "d" else step
        if isinstance(limit.within, Span):
            return self.span(limit.within, limit.clock, counted_with)
        assert luck is not None
        drawn, clock = self._drawn(limit.within, limit.clock, counted_with, luck)
        return whole_minutes(np.minimum(drawn, FOR_EVER)), clock

    def _drawn(
        self, duration: Duration, clock: str | None, step: Step | None, luck: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], int]:
        """Durations at these quantiles [min], and the clock they count on."""
        fitted = self._fit(duration)
        per_unit, index = self.span(Span(1.0, fitted.unit), clock, step)
        with np.errstate(over="ignore"):
            return fitted.inverse(luck) * per_unit, index

    def _attention(self, step: Step) -> float:
        """The share of their time that the people of a step have for what is simulated: of a team, the busiest's."""
        return 1.0 - max((self.scenario.pools[name].background or 0.0 for name in step.team), default=0.0)

    def _fit(self, work: Duration) -> Fit:
        if id(work) not in self._fits:
            self._fits[id(work)] = fit(work)
        return self._fits[id(work)]

    def lag(self, rule: StartRule) -> tuple[int, int]:
        """The lag of a start rule [min] and the clock it counts on."""
        if rule.lag is None:
            return 0, 0
        return self.span(rule.lag, WORKING if rule.lag.unit == "wd" else None, None)

    def span(self, span: Span, clock: str | None, step: Step | None) -> tuple[int, int]:
        """A span in minutes of the clock it counts on, and the index of that clock; they go together."""
        index = self._clock_for(span.unit, clock, step)
        found = self.clocks[index]
        per_unit = {"d": MINUTES_PER_DAY, "wd": found.minutes_per_day, "h": MINUTES_PER_HOUR, "min": 1}[span.unit]
        return round(span.value * per_unit), index

    def _finishes(self, step: Step) -> bool:
        """Whether those who do a step go on to its end when their shift ends."""
        return step.pool is not None and self.scenario.pools[step.pool[0]].at_close == "finish"

    def _clock_for(self, unit: str, clock: str | None, step: Step | None) -> int:
        if clock is None and step is not None:
            if unit in ("h", "min") and step.clock is None and self._finishes(step):
                return 0
            clock = step.clock or (self.scenario.pools[step.pool[0]].clock if step.pool is not None else None)
            if unit == "d" and clock is not None and self.clocks[self._clock_index[clock]].kind is Kind.WORKING:
                clock = None  # it is for hours and working days; d are calendar days
        if clock is None and unit == "wd":
            clock = WORKING
        return 0 if clock is None else self._clock_index[clock]
