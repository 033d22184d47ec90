"""Back-tests: small models with published or exact figures, and one that was run on another simulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.analysis.estimates import Estimate, Key, Kind, indicator_key
from sim.experiment.running import compare, run

HERE = Path(__file__).parent
pytestmark = pytest.mark.slow


def found(name: str, indicator: str, *, set_: tuple[str, ...] = (), replications: int = 10) -> dict[str, Estimate]:
    """The statistics of an indicator of a published model."""
    result = run(HERE / "published" / f"{name}.yaml", replications=replications, seed=1, set_=set_)
    return {key.statistic: each for key, each in result.estimates.items() if key.of == indicator}


def near(estimate: Estimate, right: float, standard_errors: float = 4) -> bool:
    """Whether the right value lies within so many standard errors, of which an interval has about two to each side."""
    return abs(estimate.value - right) <= standard_errors / 2 * max(estimate.half_width, 1e-9)


def test_activation_from_stages_side_by_side() -> None:
    """Contract beside budget, then approvals: a mean of 74.1 days, where 76.6 were observed."""
    assert near(found("usf_parallel", "activation")["mean"], 74.1)


def test_activation_in_sequence_is_rejected_by_what_was_observed() -> None:
    """One after the other the mean is 87.9 days, far from the 76.6 observed."""
    mean = found("usf_sequence", "activation")["mean"]
    assert near(mean, 87.9) and not near(mean, 76.6)


def test_opening_to_first_patient_of_one_unit() -> None:
    """Quartiles of 0.195, 0.519 and 1.238 months from the spread of accrual rates alone."""
    months = {"q1": 0.195, "median": 0.519, "q3": 1.238}
    of_unit = found("mdanderson", "opening_to_first")
    assert all(near(of_unit[statistic], right * 365.25 / 12) for statistic, right in months.items())


def test_a_site_opens_when_ethics_and_contract_are_there() -> None:
    """Means of 125.6, 31.6 and 67.3 days, and the contract last in 70 to 73 of 100."""
    result = run(HERE / "published" / "catco.yaml", replications=10, seed=1)
    rights = {"activation": 125.6, "contract_to_activation": 31.6, "ethics_to_activation": 67.3}
    for name, right in rights.items():
        assert near(result.estimates[indicator_key(name, "mean")], right)
    binding = result.estimates[Key(Kind.BINDING, "contract_executed", "trial", "share")]
    assert 0.70 <= binding.value <= 0.73


def test_thirteen_arcs() -> None:
    """Thirteen exponential arcs: a mean of 6.566 and a 90th percentile of 9.512, in units of ten days."""
    duration = found("san13", "duration")
    assert near(duration["mean"], 65.66) and near(duration["p90"], 95.12)


def test_recruitment_of_twenty_centres() -> None:
    """Rates gamma-distributed with shape 1.2: the first patient after 0.130 months, the hundredth after 13.04."""
    month = 365.25 / 12
    assert near(found("poisson_gamma", "to_first")["mean"], 0.130 * month)
    assert near(found("poisson_gamma", "to_last")["mean"], 13.04 * month)


def test_another_simulator_says_the_same() -> None:
    """The same small model on Naga 0.18.0, 40 replications: readiness, share by dates, and what two levers change.

    Its intervals: 20.5 to 21.9 days, 30.5 to 33.3 %, +28.5 to +30.9 points, +1.8 to +3.1 points; ours must meet them.
    """
    files = [HERE / "peer" / f"{name}.yaml" for name in ("startup", "startup_faster", "startup_officers")]
    comparison = compare(files, replications=40, seed=1)
    share, mean = (indicator_key("readiness", each) for each in ("share_within_goal", "mean"))
    of_reference = comparison.reference.estimates
    assert meets(of_reference[mean].low, of_reference[mean].high, 20.5, 21.9)
    assert meets(of_reference[share].low, of_reference[share].high, 0.305, 0.333)
    (_, faster), (_, officers) = comparison.paired
    assert meets(faster[share].low, faster[share].high, 0.285, 0.309)
    assert meets(officers[share].low, officers[share].high, 0.018, 0.031)
    assert of_reference[share].half_width < 0.03  # wide enough to hold anything would be no check


def meets(low: float, high: float, other_low: float, other_high: float) -> bool:
    """Whether two intervals overlap."""
    return low <= other_high and other_low <= high
