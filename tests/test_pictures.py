"""A result draws itself, on given axes or on a figure that pyplot shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib
import pytest

from sim.experiment.results import Comparison
from sim.experiment.running import compare

matplotlib.use("agg")
from matplotlib import pyplot


@pytest.fixture
def no_figures() -> Iterator[None]:
    """No figure is left from before, and none is left after."""
    pyplot.close("all")
    yield
    pyplot.close("all")


@pytest.fixture
def comparison(one_office: Path, two_offices: Path) -> Comparison:
    """Two small scenarios, two replications."""
    return compare([one_office, two_offices], replications=2, jobs=1)


@pytest.mark.parametrize("name", ["s_curve", "stages", "gantt"])
def test_pictures_draw_on_given_axes(comparison: Comparison, no_figures: None, name: str) -> None:
    """`ax=` is drawn on and returned, and no other figure appears."""
    _, ax = pyplot.subplots()
    assert getattr(comparison.plot, name)(ax) is ax
    assert ax.has_data()
    assert len(pyplot.get_fignums()) == 1


@pytest.mark.parametrize("name", ["s_curve", "stages", "gantt"])
def test_pictures_of_their_own_are_shown_by_pyplot(comparison: Comparison, no_figures: None, name: str) -> None:
    """Without axes a figure is made, and pyplot knows it, so that a notebook shows it."""
    ax = getattr(comparison.results[0].plot, name)(language="fr")
    assert [pyplot.figure(number) for number in pyplot.get_fignums()] == [ax.figure]
