"""What a scenario calls its things, in one language: its events, stages, pools, sites and indicators.

The words of the four stages stand where they are lowered; a step, a pool, a site, a class or an indicator of a scenario
may have a `title` of its own. What nobody has given a title is shown as the scenario spells it, with spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sim.report.words import Language, plain, say
from sim.scenario.lowering import STAGES, events_of_stages, tasks_of
from sim.scenario.schema import Scenario, Text
from sim.scenario.stages.tasks import Event, Stage, Words


@dataclass(frozen=True)
class Titles:
    """The titles of a scenario in a language."""

    scenario: Scenario
    language: Language

    @property
    def whole(self) -> str:
        """What the scenario itself is called."""
        return self._said(self.scenario.title, "")

    def event(self, name: str) -> str:
        """What a task, or the event at its end, is called; "" stands for none of those that are asked about."""
        return self._said(self._events.get(name), name) if name else say("other", self.language)

    def stage(self, name: str) -> str:
        """What a stage is called."""
        return self._said(STAGES.get(name), name)

    def pool(self, name: str) -> str:
        """What a kind of pool is called."""
        pool = self.scenario.pools.get(name)
        return self._said(pool.title if pool is not None else None, name)

    def trial_class(self, name: str) -> str:
        """What a class of trials is called."""
        found = next((each for each in self.scenario.classes if each.name == name), None)
        return self._said(found.title if found is not None else None, name)

    def site(self, name: str) -> str:
        """What a site is called."""
        site = next((each for each in self.scenario.sites if each.name == name), None)
        return self._said(site.title if site is not None else None, name)

    def site_type(self, name: str) -> str:
        """What a type of sites is called."""
        kind = self.scenario.site_types.get(name)
        return self._said(kind.title if kind is not None else None, name)

    def indicator(self, name: str) -> str:
        """What an indicator is called."""
        indicator = next((each for each in self.scenario.indicators if each.name == name), None)
        return self._said(indicator.title if indicator is not None else None, name)

    def reached(self, name: str) -> str:
        """What is said of trials that have reached an event."""
        event = self._events.get(name)
        if event is not None and event.reached is not None:
            return self._in(event.reached)
        return say("have_reached", self.language, event=self.event(name))

    def since(self, name: str) -> str:
        """An event as the start of a count of days."""
        event = self._events.get(name)
        return self.event(name) if event is None or event.since is None else self._in(event.since)

    @cached_property
    def _events(self) -> Mapping[str, Event]:
        known = {name: event for name, (_, event) in events_of_stages().items()}
        return known | {event.name: event for task in tasks_of(self.scenario) for event in task.events}

    def _said(self, words: Text | Event | Stage | None, name: str) -> str:
        return plain(name) if words is None else self._in((words.en, words.fr))

    def _in(self, words: Words) -> str:
        return words[self.language == "fr"]
