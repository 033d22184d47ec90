"""How many people each year needs while volumes change: one search a calendar year, forward in time.

Whoever is there early changes how the next year begins, so a year is sought with the numbers of those before it in
their places; the first number is there from the beginning, warm-up included. The years go on until one is unreachable,
or cannot be told: what it leaves undone is what the next one would begin with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sim.decisions.solving import Answer, Question, Sought, solved, sought_at
from sim.decisions.staffing import Looked, Told, Verdict
from sim.experiment.options import Options, options_of
from sim.scenario.loading import load
from sim.scenario.schema import Scenario
from sim.tables import Line


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year, as far as it is observed, and what was found for it."""

    opens: date
    closes: date  # the first day that is no longer of it
    answer: Answer

    @property
    def reached(self) -> bool:
        """Whether some number meets the goal in it, as far as can be told."""
        return self.answer.solution.at is not None and not self.open

    @property
    def open(self) -> bool:
        """Whether it cannot be told if even the most that was allowed is enough."""
        return self.answer.solution.verdict is Verdict.UNDECIDED and self.answer.solution.on_edge

    @property
    def seen(self) -> Looked:
        """What was seen at the answer; where there is none, at the most that was allowed."""
        return self.answer.solution.found or self.answer.solution.ceiling

    @property
    def line(self) -> Line:
        """The year with its number, what was seen there, and what with one less."""
        (line,) = (each for each in self.answer.lines if each[self.answer.sought[0].path] == self.seen.number)
        below, _ = self.answer.solution.certificate
        share = None if below is None else below.share
        return {"year": self.opens.year, "opens": self.opens.isoformat(), **line, "with_one_less": share}


def solve_by_year(
    question: Question, options: Options | None = None, *, told: Told | None = None, **named: Any
) -> Iterator[Year]:
    """The smallest number of people of one pool for each calendar year of the observation, as each is found.

    Parameters
    ----------
    question
        Its value is `pools.NAME.units`. The others are those of `solve_for`, which says what may go wrong.

    Raises
    ------
    ValueError
        Beside that of `solve_for`, if something else than the people of one pool is sought.
    """
    how = options_of(options, named)
    reference = load(question.source, set_=how.changes)
    sought = [sought_at(path, reference) for path in question.each]
    if len(sought) > 1 or sought[0].pool is None or not sought[0].path.startswith("pools."):
        raise ValueError(f"by year: must be the people of one pool, got {', '.join(question.each)}; name one pool")
    return _forward(question, sought[0].path, reference, how, told)


def _forward(question: Question, path: str, reference: Scenario, how: Options, told: Told | None) -> Iterator[Year]:
    before: tuple[tuple[date, int], ...] = ()
    for opens, closes in years_of(reference):
        since = opens if before else reference.origin
        found = solved(
            question, (Sought(path, before=before, since=since),), _only(opens, closes, reference, how), told
        )
        yield (year := Year(opens, closes, found))
        if not year.reached:
            return
        before = (*before, (since, year.seen.number))


def years_of(scenario: Scenario) -> Iterator[tuple[date, date]]:
    """The first day of each calendar year of the observation, and the first day after it."""
    opens = scenario.origin + timedelta(scenario.windows.warm_up.days)
    end = opens + timedelta(scenario.windows.observation.days)
    while opens < end:
        closes = min(date(opens.year + 1, 1, 1), end)
        yield opens, closes
        opens = closes


def _only(opens: date, closes: date, reference: Scenario, how: Options) -> Options:
    """How it is played where nothing but one year is observed."""
    windows = (f"windows.warm_up={(opens - reference.origin).days} d", f"windows.observation={(closes - opens).days} d")
    return replace(how, set_=(*how.changes, *windows), out=None if how.out is None else Path(how.out, f"{opens.year}"))
