"""Durations: what people wrote comes back out of the distribution, exactly or as nearly as its family can."""

from __future__ import annotations

from itertools import combinations
from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from sim.scenario.language.distributions import FAMILIES, Fit, fit, misses
from sim.scenario.schema import Duration

P = {"p10": 0.10, "q1": 0.25, "median": 0.50, "q3": 0.75, "p90": 0.90}
SKEWED = ("lognormal", "gamma", "weibull")


def fitted(**written: Any) -> Fit:
    """The fit of a duration as a scenario writes it."""
    return fit(Duration.model_validate(written))


def quantile(of: Fit, p: float) -> float:
    """The duration that a share `p` does not exceed."""
    return float(of.inverse(p))


def moments(of: Fit) -> tuple[float, float]:
    """Mean and standard deviation of what is drawn: integrals of the inverse and of its square over probabilities."""
    mean, _ = quad(of.inverse, 0, 1, points=[0.25, 0.5, 0.75], limit=400, epsabs=1e-9)
    square, _ = quad(lambda u: of.inverse(u) ** 2, 0, 1, points=[0.25, 0.5, 0.75], limit=400, epsabs=1e-9)
    return mean, np.sqrt(square - mean**2)


EVERY_FORM = {
    "exactly": fitted(exactly="5 d"),
    "lognormal": fitted(median="33 d", p90="120 d"),
    "lognormal moments": fitted(mean="50 d", sd="30 d"),
    "lognormal quartiles": fitted(q1="20 d", median="33 d", q3="70 d"),
    "gamma": fitted(family="gamma", q1="20 d", p90="120 d"),
    "gamma moments": fitted(family="gamma", mean="50 d", sd="60 d"),
    "gamma quartiles": fitted(family="gamma", q1="20 d", median="33 d", q3="70 d"),
    "piecewise": fitted(family="piecewise", q1="5 d", median="32 d", q3="40 d"),
    "piecewise with two": fitted(family="piecewise", median="5 d", p90="12 d"),
    "weibull": fitted(family="weibull", p10="10 h", median="30 h"),
    "weibull moments": fitted(family="weibull", mean="50 d", sd="20 d"),
    "normal": fitted(family="normal", median="30 d", p90="38 d"),
    "normal moments": fitted(family="normal", mean="31 d", sd="10 d"),
    "exponential": fitted(mean="12 wd"),
    "pert": fitted(low="5 d", mode="10 d", high="30 d"),
    "pert at the edge": fitted(low="0 d", mode="0 d", high="30 d"),
    "triangular": fitted(family="triangular", low="5 d", mode="10 d", high="30 d"),
    "triangular at the edge": fitted(family="triangular", low="5 d", mode="30 d", high="30 d"),
    "uniform": fitted(low="2 min", high="30 min"),
    "values": fitted(values=["3 d", "1 d", "1 d", "10 d"]),
}


@pytest.mark.parametrize("family", [*SKEWED, "normal"])
@given(data=st.data())
def test_two_quantiles_come_back_exactly(family: str, data: st.DataObject) -> None:
    """Any two of the five, in any family that takes them."""
    names = data.draw(st.sampled_from(list(combinations(P, 2))))
    low = data.draw(st.floats(0.1, 500))
    ratio = data.draw(st.floats(1.01, 1.15 if family == "normal" else 50))
    found = fitted(family=family, **{names[0]: f"{low!r} d", names[1]: f"{low * ratio!r} d"})
    back = found.inverse(np.array([P[name] for name in names]))
    assert back == pytest.approx([low, low * ratio], rel=1e-9)
    assert found.family == family and found.unit == "d"


@given(data=st.data())
def test_any_number_of_quantiles_comes_back_exactly_piece_by_piece(data: st.DataObject) -> None:
    """Quantiles that no family of two parameters has are met to the last digit, and others lie between them."""
    names = data.draw(st.sampled_from([some for many in (2, 3, 4, 5) for some in combinations(P, many)]))
    steps = data.draw(st.lists(st.floats(1.001, 12), min_size=len(names), max_size=len(names)))
    spans = {name: f"{value!r} d" for name, value in zip(names, np.cumprod(steps).tolist(), strict=True)}
    found = fitted(family="piecewise", **spans)
    assert found.inverse(np.array([P[name] for name in names])) == pytest.approx(np.cumprod(steps), rel=1e-9)
    assert (np.diff(found.inverse(np.linspace(0.001, 0.999, 999))) >= 0).all()


def test_two_quantiles_piece_by_piece_are_the_lognormal_through_them() -> None:
    """One piece is one lognormal distribution."""
    one, other = fitted(median="5 d", p90="32 d"), fitted(family="piecewise", median="5 d", p90="32 d")
    u = np.linspace(0.001, 0.999, 99)
    assert other.inverse(u) == pytest.approx(one.inverse(u), rel=1e-12)


def test_quantiles_that_a_family_cannot_have_are_told() -> None:
    """A median of 32 d between 5 and 40 d is no lognormal's; what it becomes is said, and nothing where all is met."""
    said = misses(Duration.model_validate({"q1": "5 d", "median": "32 d", "q3": "40 d"}))
    assert said is not None and said.startswith("lognormal cannot have these numbers: q1 5 d becomes ")
    assert "median 32 d becomes 18.6 d" in said
    assert misses(Duration.model_validate({"q1": "10 d", "median": "20 d", "q3": "40 d"})) is None


@pytest.mark.parametrize("family", SKEWED)
@pytest.mark.parametrize(("mean", "cv"), [(0.1, 0.3), (50, 0.6), (1000, 1.0)])
def test_mean_and_sd_come_back(family: str, mean: float, cv: float) -> None:
    """Two moments are two parameters."""
    found = fitted(family=family, mean=f"{mean!r} wd", sd=f"{mean * cv!r} wd")
    assert moments(found) == pytest.approx((mean, mean * cv), rel=1e-4)
    assert found.unit == "wd"


@pytest.mark.parametrize("form", EVERY_FORM)
def test_longer_luck_is_never_a_shorter_time(form: str) -> None:
    """The inverse never falls, is never negative, and keeps the shape."""
    found = EVERY_FORM[form]
    u = np.concatenate(([1e-15], np.linspace(1e-6, 1 - 1e-6, 5001), [1 - 1e-15]))
    times = found.inverse(u)
    assert times.dtype == np.float64 and np.all(np.isfinite(times))
    assert times.min() >= 0 and np.all(np.diff(times) >= 0)
    assert found.inverse(u[:6].reshape(2, 3)).shape == (2, 3)


def test_lognormal_from_median_and_p90_in_closed_form() -> None:
    """sigma = log(120 / 33) / 1.2815515655446004, mean = median exp(sigma**2 / 2)."""
    sigma = np.log(120 / 33) / 1.2815515655446004
    assert EVERY_FORM["lognormal"].parameters == pytest.approx([np.log(33), sigma], rel=1e-12)
    assert moments(EVERY_FORM["lognormal"])[0] == pytest.approx(33 * np.exp(sigma**2 / 2), rel=1e-6)


def test_weibull_and_exponential_in_closed_form() -> None:
    """Quantiles of an exponential are those of a Weibull of shape 1."""
    found = fitted(family="weibull", q1=f"{-log(0.75)!r} d", p90=f"{-log(0.1)!r} d")
    assert found.parameters == pytest.approx([1.0, 1.0], rel=1e-12)
    assert quantile(EVERY_FORM["exponential"], 0.5) == pytest.approx(12 * np.log(2), rel=1e-12)


def test_three_quartiles_of_a_member_are_exact() -> None:
    """Where all three lie on one distribution, least squares finds it."""
    u = np.linspace(0.01, 0.99, 50)
    for family in (*SKEWED, "normal"):
        truth = fitted(family=family, median="40 d", p90="48 d")
        quartiles = {name: f"{quantile(truth, P[name])!r} d" for name in ("q1", "median", "q3")}
        found = fitted(family=family, **quartiles)
        assert found.inverse(u) == pytest.approx(truth.inverse(u), rel=1e-6)


@pytest.mark.parametrize("family", SKEWED)
def test_three_quartiles_are_met_as_nearly_as_the_family_can(family: str) -> None:
    """No other member is better in the sum of squares of the logarithms."""
    written = {"q1": 20.0, "median": 33.0, "q3": 70.0}
    found = fitted(family=family, **{name: f"{value} d" for name, value in written.items()})
    p, x = np.array([P[name] for name in written]), np.array(list(written.values()))

    def squares(parameters: np.ndarray) -> float:
        return float(np.sum(np.log(Fit(family, "d", parameters).inverse(p) / x) ** 2))

    least = squares(found.parameters)
    for nudge in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99), (1.01, 1.01), (0.99, 0.99), (1.01, 0.99), (0.99, 1.01)):
        assert squares(found.parameters * nudge) > least


def test_pert_is_the_beta_distribution_of_its_paper() -> None:
    """Mean (low + 4 mode + high) / 6; with shape 4 and the mode in the middle, beta(3, 3): median in the middle."""
    assert moments(EVERY_FORM["pert"])[0] == pytest.approx((5 + 40 + 30) / 6, rel=1e-6)
    middle = fitted(low="0 d", mode="1 d", high="2 d")
    assert quantile(middle, 0.5) == pytest.approx(1, rel=1e-12)
    assert moments(middle)[1] == pytest.approx(2 * np.sqrt(9 / 36 / 7), rel=1e-6)


@pytest.mark.parametrize("mode", [0.0, 0.05, 0.3, 0.5, 0.9, 1.0])
def test_pert_quantiles_are_those_of_scipy(mode: float) -> None:
    """Within 1e-10 of the range from the least uniform there is to the largest, and never falling."""
    from scipy.special import betaincinv

    ends = 2.0 ** -np.arange(1, 54)
    u = np.sort(np.concatenate([ends, 1 - ends, np.linspace(0, 1, 5003)[1:-1]]))
    found = fitted(low="0 d", mode=f"{mode} d", high="1 d").inverse(u)
    assert np.abs(found - betaincinv(1 + 4 * mode, 5 - 4 * mode, u)).max() < 1e-10
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize("shape", [0.3, 0.51, 1.0, 1.2, 7.0, 400.0])
def test_gamma_quantiles_are_those_of_scipy(shape: float) -> None:
    """Within 1e-9 of the mean from the least uniform there is to the largest, and never falling."""
    from scipy.special import gammaincinv

    ends = 2.0 ** -np.arange(1, 54)
    u = np.sort(np.concatenate([ends, 1 - ends, np.linspace(0, 1, 5003)[1:-1]]))
    found = FAMILIES["gamma"](u, np.array([shape, 2.0]))
    assert np.abs(found / 2 - gammaincinv(shape, u)).max() < 1e-9 * shape
    assert (np.diff(found) >= 0).all()


def test_triangular_has_its_mode_at_the_right_probability() -> None:
    """A fifth of the probability lies below the mode of (5, 10, 30)."""
    found = EVERY_FORM["triangular"]
    assert [quantile(found, p) for p in (0, 0.2, 1)] == pytest.approx([5, 10, 30], rel=1e-12)


def test_values_are_each_as_likely_as_the_next() -> None:
    """The inverse of the empirical distribution: the smallest value that a share u does not exceed."""
    found = EVERY_FORM["values"]
    assert found.inverse([0.1, 0.25, 0.26, 0.5, 0.51, 0.75, 0.76, 0.99]).tolist() == [1, 1, 1, 1, 3, 3, 10, 10]
    assert fitted(values=["3 d"]).inverse([0.1, 0.9]).tolist() == [3, 3]


def test_a_normal_duration_that_is_often_negative_is_refused() -> None:
    """Up to one in a thousand counts as 0; beyond that another family is asked for."""
    with pytest.raises(ValueError, match=r"below 0\.001, got 0\.023 \(mean 20, sd 10\); use family lognormal or gamma"):
        fitted(family="normal", mean="20 d", sd="10 d")
    with pytest.raises(ValueError, match=r"below 0\.001"):
        fitted(family="normal", q1="10 d", median="33 d", q3="60 d")
    assert quantile(EVERY_FORM["normal moments"], 1e-6) == 0


def test_a_normal_duration_without_spread_is_refused() -> None:
    """It is written 'exactly'."""
    with pytest.raises(ValueError, match="sd must be more than 0, got 0; for no spread write 'exactly'"):
        fitted(family="normal", mean="20 d", sd="0 d")


@pytest.mark.parametrize(
    ("written", "family"),
    [({"median": "33 d", "p90": "33.0001 d"}, "gamma"), ({"mean": "33 d", "sd": "0.0001 d"}, "weibull")],
)
def test_a_spread_that_a_family_does_not_reach_is_refused(written: dict[str, str], family: str) -> None:
    """With the remedy, not with a message of the root finder."""
    with pytest.raises(ValueError, match=rf"the shape of a {family} duration must lie .*; use family lognormal"):
        fitted(family=family, **written)
