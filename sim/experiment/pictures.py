"""The pictures of results: the one place where something below the report asks the report.

A notebook says `result.plot.s_curve()`; the drawing itself is in `sim.report.plots`, imported when it is asked for. A
figure that is made here is handed to pyplot, which shows it at the end of a cell or at `pyplot.show()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.analysis.estimates import Measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
