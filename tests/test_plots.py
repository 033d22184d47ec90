"""The figures show what they promise: lines, bars, labels, units."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sim.report.plots import COLOURS, WAIT, WORK, gantt, lanes, s_curve, stages
from tests.hand_results import STORY, result

TODAY = result([30, 32, 34, 36], [0.10, 0.12, 0.14, 0.16])
PLEDGE = result([10, 12, 14, 16], [0.70, 0.73, 0.74, 0.75], title=("All four levers", "Quatre leviers"))


def words(ax: Axes) -> list[str]:
    """What stands on a figure, on one line each and with plain spaces."""
    texts = [*ax.texts, ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label, *ax.get_yticklabels()]  # type: ignore[attr-defined]
    return [" ".join(each.get_text().split()) for each in texts if each.get_text()]


def test_an_s_curve_has_a_line_and_a_band_per_scenario() -> None:
    """Each line starts at 0, passes through the share at day 15, and is named in its own colour."""
    ax = s_curve([TODAY, PLEDGE])
    curves = [line for line in ax.lines if line.get_drawstyle() == "steps-post"]
    assert [line.get_ydata()[15] for line in curves] == pytest.approx([0.13, 0.73])  # type: ignore[index]
    assert len(ax.collections) == 2
    names = {each.get_text(): to_hex(each.get_color()) for each in ax.texts}
    assert names["Today"] == COLOURS[0].lower() and names["All four levers"] == COLOURS[1].lower()


def test_the_goal_is_a_line_with_the_shares_at_it() -> None:
    """A vertical line at 15, labelled, and the share of each scenario there."""
    ax = s_curve([TODAY, PLEDGE])
    assert [15, 15] in [list(line.get_xdata()) for line in ax.lines]
    assert {"goal: 15 calendar days (by dates)", "13 %", "73 %"} <= set(words(ax))
    assert "calendar days since authorisation" in words(ax)


def test_the_band_is_the_interval() -> None:
    """At day 15 the band of today's scenario reaches from 9 to 17 %."""
    corners = s_curve([TODAY]).collections[0].get_paths()[0].vertices
    at_goal = np.asarray(corners)[np.asarray(corners)[:, 0] == 15][:, 1]
    assert (at_goal.min(), at_goal.max()) == (pytest.approx(0.085, abs=0.01), pytest.approx(0.171, abs=0.01))


def test_an_s_curve_of_another_indicator() -> None:
    """The inclusion of the first patient, by its name; an unknown name says what there is."""
    assert "6 %" in words(ax := s_curve([TODAY], indicator="inclusion_time"))
    assert any("have included a first patient" in each for each in words(ax))
    with pytest.raises(ValueError, match="one of readiness_time, inclusion_time, got 'speed'"):
        s_curve([TODAY], indicator="speed")
    with pytest.raises(ValueError, match="needs a goal"):
        s_curve([result([1], [0.5], goal=None)])


def test_bars_of_medians_side_by_side() -> None:
    """One bar per indicator and scenario, as long as its median, with the value and, once, the scenario's name."""
    ax = stages([TODAY, PLEDGE])
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([33, 33, 3, 13, 13, 3])
    assert {"33.0 d Today", "13.0 d All four levers", "3.0 d"} <= set(words(ax))
    assert {"authorisation to open site", "authorisation to first patient in"} <= set(words(ax))
    assert ax.get_xlabel().startswith("median, calendar days")


def test_a_median_that_is_not_reached_has_no_bar() -> None:
    """It says so instead."""
    ax = stages([result([inf, 30], [0.1, 0.2])])
    assert ax.patches[0].get_width() == 0 and "not reached Today" in words(ax)


def test_waiting_and_work_have_different_inks() -> None:
    """The second Part waits 20 days and takes 10; the bars stand at their days."""
    bars = [(round(bar.get_x()), round(bar.get_width()), to_hex(bar.get_facecolor())) for bar in gantt([TODAY]).patches]
    assert (-60, 20, WAIT.lower()) in bars and (-40, 10, WORK.lower()) in bars


def test_a_gantt_chart_has_a_block_per_scenario() -> None:
    """Two blocks with their names, their stages, the day of opening and of the first patient, and the goal shaded."""
    ax = gantt([TODAY, PLEDGE])
    found = words(ax)
    assert {"Today", "All four levers", "Contract", "Authorisation", "work", "goal: 15 calendar days (by dates)"} <= {
        each.replace("\N{BLACK SQUARE} ", "") for each in found
    }
    assert found.count("open site, day 30") == found.count("first patient in, day 44") == 2
    shaded = [bar for bar in ax.patches if bar.get_alpha() is not None]
    assert [(bar.get_x(), bar.get_width()) for bar in shaded] == [(0, 15)]


def test_a_scenario_without_a_typical_trial_is_left_out() -> None:
    """Nothing is drawn for it."""
    assert "Today" not in words(gantt([replace(TODAY, story=None), PLEDGE]))


def test_figures_speak_french() -> None:
    """Titles, axes and labels."""
    assert "jours calendaires depuis l'autorisation" in words(s_curve([TODAY], language="fr"))
    assert "33,0 j Aujourd'hui" in words(stages([TODAY], language="fr"))
    assert "centre ouvert, jour 30" in words(gantt([TODAY], language="fr"))


@pytest.mark.parametrize("draw", [s_curve, stages, gantt])
def test_figures_draw_on_axes_that_are_given(draw: object) -> None:
    """The axes are given back, and a new figure is made where none are given."""
    ax = Figure().add_subplot()
    assert draw([TODAY], ax) is ax and draw([TODAY]).figure is not ax.figure  # type: ignore[operator]


def test_tasks_at_the_same_time_go_to_lanes_of_their_own() -> None:
    """Both Parts overlap and need two lanes; turns that follow each other share one; milestones have none."""
    assert [(lane.stage, [row.task for row in lane.rows]) for lane in lanes(STORY)] == [
        ("authorisation", ["part_i_assessed"]),
        ("authorisation", ["part_ii_assessed"]),
        ("contracting", ["negotiation_site_turn", "negotiation_sponsor_turn"]),
    ]
