"""The back-test page: its table is sound, the stored page is that of the table, and what was set is reached."""

from __future__ import annotations

from math import nan
from pathlib import Path

import pytest

from sim.analysis.estimates import Estimate, indicator_key
from sim.cli import app
from sim.scenario.evidence import register
from sim.scenario.loading import load
from sim.verification import track_record
from sim.verification.track_record import Figure, Judged, figures, judged, page, source_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "calibration.md"
REPLICATIONS = 10


def judge(published: float, found: float, role: str = "predicted", unit: str = "d") -> Judged:
    """A figure with one published number and one of the model."""
    figure = Figure(
        says="a time",
        published=(published,),
        unit=unit,
        scenario="france",
        indicator="review_time_gross",
        statistics=("mean",),
        role=role,
        tells="",
    )
    estimate = Estimate(indicator_key("review_time_gross", "mean"), found, nan, nan, 1, 0, 0, 0, "days")
    return Judged(figure, (estimate,))


@pytest.mark.parametrize(
    ("published", "found", "unit", "verdict"),
    [
        (100, 110, "d", "met"),
        (100, 90, "d", "met"),
        (100, 110.1, "d", "missed"),
        (100, 89.9, "d", "missed"),
        (100, float("inf"), "d", "missed"),
        (40, 0.449, "%", "met"),
        (40, 0.451, "%", "missed"),
    ],
)
def test_a_figure_is_met_within_a_tenth_or_five_points(published: float, found: float, unit: str, verdict: str) -> None:
    """On either side, in the unit of the figure; what is not reached is missed."""
    assert judge(published, found, unit=unit).verdict == verdict


def test_what_was_set_is_never_said_to_be_met() -> None:
    """A figure that the model was set to proves nothing."""
    assert [judge(100, found, "set").verdict for found in (100, 200)] == ["set", "set"]


def test_every_figure_can_be_computed() -> None:
    """Its scenario has the indicator at that level, its rows are in the register, one statistic for each number."""
    known = register()
    for figure in figures().figures:
        found = {each.name: each for each in load(source_of(figure.scenario)).indicators}
        assert figure.level in found[figure.indicator].levels
        assert len(figure.published) == len(figure.statistics)
        rows = (figure.source,) if isinstance(figure.source, str) else figure.source or ()
        assert all(row in known for row in rows)


def test_the_stored_page_has_every_figure() -> None:
    """Each line of the table stands in the page with what it tells, and what was set is reached."""
    stored = PAGE.read_text(encoding="utf-8")
    for figure in figures().figures:
        assert f"| {figure.says} |" in stored
        assert figure.tells in stored
    assert "Not reached" not in stored


@pytest.mark.slow
def test_its_options_change_the_page(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Other luck and more of it give other numbers, and as many processes as there are the same."""
    table = figures()
    monkeypatch.setattr(track_record, "figures", lambda: table.model_copy(update={"figures": table.figures[:3]}))
    pages = []
    for given in ("--jobs=1", "--jobs=2", "--seed=2", "--replications=3"):
        app(["judge", "--replications=2", given], standalone_mode=False)
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1] and len({*pages}) == 3


@pytest.mark.slow
def test_the_stored_page_is_what_the_model_gives() -> None:
    """Computed again, to the last character."""
    table = figures()
    assert page(table, judged(table, replications=REPLICATIONS), REPLICATIONS) == PAGE.read_text(encoding="utf-8")
