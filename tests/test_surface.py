"""The surface through runs: it goes where the outputs go, and knows how far off it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.experiment.options import Options
from sim.uncertainty import surface as surfaces
from sim.uncertainty.designs import draws
from sim.uncertainty.surface import Axis, Process, surface, through
from sim.uncertainty.unknowns import Unknowns
from tests.conftest import ONE_OFFICE

WORK = "{median: 1 d, p90: 2 d, assumption: {range: [x0.5, x2], why: x}}"
RANGED = (
    ONE_OFFICE.replace("volume: 200 /year}", "volume: 200 /year, assumption: {range: [100 /year, 300 /year], why: x}}")
    .replace("office: {units: 1}", "office: {units: 1, assumption: {range: [1, 3], why: x}}")
    .replace("starts: asked, work: {median: 1 d, p90: 2 d}", f"starts: sorted, work: {WORK}")
    .replace("pools:", "pools:\n  clerks: {units: 1}")
    .replace(
        "  - {name: answered",
        "  - {name: sorted, scope: trial, starts: asked, work: exactly 1 d, pool: clerks}\n  - {name: answered",
    )
)
"""Clerks and an office; nobody knows how many files come, how many people there are, and how long a file takes."""


def smooth(points: np.ndarray) -> np.ndarray:
    """A share that goes up one axis and down another, and does not ask for the third."""
    return np.asarray(1 / (1 + np.exp(-(3 * points[:, 0] - 4 * points[:, 1]))))


def test_a_smooth_output_is_foreseen_within_its_error() -> None:
    """Where it was not fitted, too: nine of ten within two standard errors, which are small."""
    points, elsewhere = draws(3, 64), draws(3, 256, seed=3)
    value, error = through(points, smooth(points))(elsewhere)
    off = np.abs(value - smooth(elsewhere))
    assert (off <= 2 * error + 1e-6).mean() >= 0.9
    assert error.max() < 0.05


def test_leaving_one_out_is_leaving_one_out() -> None:
    """The closed form is what comes of fitting without each point in turn, with the same lengths and noise."""
    points = draws(2, 16)
    outputs = smooth(points)
    it = Process(points, outputs, np.array([0.7, 0.9]), 0.01)
    missed = []
    for place in range(16):
        others = np.arange(16) != place
        rest = Process(points[others], outputs[others], it.lengths, it.noise)
        missed.append(float(rest(points[[place]])[0][0] - outputs[place]))
    assert it.missed == pytest.approx(np.sqrt(np.mean(np.square(missed))), rel=1e-9)


def test_what_never_changes_has_no_error() -> None:
    """A share that is the same everywhere is that share."""
    value, error = through(draws(2, 16), np.full(16, 0.25))(np.array([[0.3, 0.8]]))
    assert (value[0], error[0]) == (pytest.approx(0.25), pytest.approx(0.0, abs=1e-12))


def test_an_axis_goes_over_its_range_and_back(tmp_path: Path) -> None:
    """Low end, high end and what is written are where they should be; people are whole."""
    file = tmp_path / "ranged.yaml"
    file.write_text(RANGED, encoding="utf-8")
    unknowns = Unknowns({"x": file})
    volume, people, factor = (Axis(each) for each in unknowns.moving.values())
    assert (volume.value(0.0), volume.value(1.0), volume.along(200.0)) == (100, 300, pytest.approx(0.6309, abs=1e-4))
    assert people.value(0.6) == 2
    for axis in (volume, factor):
        for along in (0.1, 0.5, 0.9):
            value = axis.value(along)
            assert axis.along(value) == pytest.approx(along, abs=1e-5)
            assert axis.inputs[0].value(axis.draw(value)) == pytest.approx(value)


@pytest.mark.slow
def test_runs_that_are_kept_are_not_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same surface comes of the folder, whose runs are read; what it has not seen lies within its errors."""
    file = tmp_path / "ranged.yaml"
    file.write_text(RANGED, encoding="utf-8")
    unknowns = Unknowns({"x": file})
    axes = [Axis(each) for each in unknowns.moving.values()][:2]
    how = Options(replications=4, jobs=1, out=tmp_path / "out")
    found = surface(unknowns, axes, [0, 5, 10], how)
    assert found.held.covered >= 0.9
    assert found.missed <= 0.02 or found.noise >= 0.8 * found.missed or len(found.points) == surfaces.MOST
    monkeypatch.setattr(surfaces, "curves_of", lambda *given, **named: pytest.fail("played again"))
    again = surface(unknowns, axes, [0, 5, 10], how)
    assert np.array_equal(again.curves, found.curves)
    assert again.held.covered == found.held.covered
