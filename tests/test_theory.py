"""The closed forms against published numbers, special cases and numbers found in another way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.verification import theory


def test_one_server_has_the_published_numbers() -> None:
    """M/M/1 with rate 0.5 and mean service 1.5: Lq 2.25, Wq 4.5, P0 0.25 (IST Lisbon)."""
    assert theory.mean_wait(1, 0.5, 1.5) == pytest.approx(4.5)
    assert 0.5 * theory.mean_wait(1, 0.5, 1.5) == pytest.approx(2.25)
    assert theory.empty_share(1, 0.75) == pytest.approx(0.25)


def test_three_servers_have_the_published_numbers() -> None:
    """M/M/3 with 300 arrivals and 182.5 services a year, to the digits that are printed (IST Lisbon)."""
    arrivals, service = 300 / 365, 2.0
    wait = theory.mean_wait(3, arrivals, service)
    assert round(theory.empty_share(3, arrivals * service), 5) == pytest.approx(0.17754)
    assert arrivals * wait == pytest.approx(0.352, abs=5e-4)
    assert theory.mean_number(3, arrivals, service) == pytest.approx(1.996, abs=5e-4)
    assert wait == pytest.approx(0.43, abs=5e-3)
    assert wait + service == pytest.approx(2.429, abs=5e-4)
    assert theory.waiting_share(3, arrivals * service) == pytest.approx(0.290751, abs=5e-7)


def test_the_bank_waits_less_with_a_fourth_teller() -> None:
    """M/M/3 and M/M/4 with rate 0.2 and mean service 10, and the tail of the wait."""
    assert theory.waiting_share(3, 2.0) == pytest.approx(0.444444, abs=5e-7)
    assert theory.mean_wait(3, 0.2, 10) == pytest.approx(4.444444, abs=5e-7)
    assert theory.mean_wait(4, 0.2, 10) == pytest.approx(0.869565, abs=5e-7)
    assert theory.longer_wait_share(3, 0.2, 10, 7) == pytest.approx(0.444444 * math.exp(-0.7), abs=5e-7)


@pytest.mark.parametrize(("sd", "wait"), [(0.0, 2.0), (1.0, 4.0), (2.0, 10.0)])
def test_the_wait_grows_with_the_spread_of_service(sd: float, wait: float) -> None:
    """M/G/1 with load 0.8 and squared coefficients of variation 0, 1 and 4."""
    assert theory.mean_wait_general(0.8, 1.0, sd) == pytest.approx(wait)


def test_priorities_have_the_known_waits() -> None:
    """Cobham for M/G/1, where the waits weighted by load are conserved, and for one and two servers."""
    waits = theory.priority_waits((2, 1), (0.25, 0.25), (0.25, 0))
    assert waits == pytest.approx((0.3125, 1.25))
    assert 0.5 * waits[0] + 0.25 * waits[1] == pytest.approx(0.46875)
    assert theory.priority_waits_many(1, (0.2, 0.6, 1.2), 1 / 3) == pytest.approx(
        (0.238095, 0.324675, 0.909091), abs=5e-7
    )
    assert theory.priority_waits_many(2, (0.2, 0.6, 1.2), 1 / 3) == pytest.approx(
        (0.028736, 0.033156, 0.048077), abs=5e-7
    )


@pytest.mark.parametrize("servers", [1, 2, 5])
def test_priorities_do_not_change_the_mean_wait_of_everybody(servers: int) -> None:
    """With one law of service for all, the waits weighted by load are those of first come, first served."""
    arrivals = (0.2, 0.3, 0.4)
    waits = theory.priority_waits_many(servers, arrivals, 1.0)
    assert np.dot(arrivals, waits) / sum(arrivals) == pytest.approx(theory.mean_wait(servers, sum(arrivals), 1.0))


def test_a_network_of_queues_has_the_published_rates() -> None:
    """External rates 1, 4, 3 and the routing of the textbook give 5, 10, 7.5, and numbers 1, 4/3 and 3."""
    rates = theory.traffic((1, 4, 3), ((0, 0.6, 0.3), (0.1, 0, 0.3), (0.4, 0.4, 0)))
    numbers = [theory.mean_number(servers, rate, 0.1) for servers, rate in zip((1, 2, 1), rates, strict=True)]
    assert rates == pytest.approx((5, 10, 7.5))
    assert numbers == pytest.approx((1, 4 / 3, 3))
    assert sum(numbers) / 8 == pytest.approx(0.666667, abs=5e-7)


@pytest.mark.parametrize(
    ("number", "mean", "variance"), [(2, 1.5, 1.25), (3, 1.833333, 1.361111), (8, 2.717857, 1.527422)]
)
def test_the_longest_of_exponentials(number: int, mean: float, variance: float) -> None:
    """The closed form, and the same as a project of parallel tasks."""
    assert theory.longest_of_exponentials(number) == pytest.approx((mean, variance), abs=5e-7)
    parallel = theory.project_length({(0, task): 1.0 for task in range(1, min(number, 4) + 1)})
    assert (parallel.mean, parallel.variance) == pytest.approx(theory.longest_of_exponentials(min(number, 4)))


def test_the_bridge_is_83_24ths_long() -> None:
    """Mean 83/24, variance 1663/576, and the quantiles of the five-arc network."""
    bridge = theory.project_length({(1, 2): 1, (1, 3): 1, (2, 3): 1, (2, 4): 1, (3, 4): 1})
    assert bridge.mean == pytest.approx(83 / 24, rel=1e-12)
    assert bridge.variance == pytest.approx(1663 / 576, rel=1e-12)
    for quantile, time in ((0.5, 3.16117), (0.9, 5.72189), (0.95, 6.66446)):
        assert bridge.share_within(time) == pytest.approx(quantile, abs=2e-6)
    assert 1 - bridge.share_within(5) == pytest.approx(0.1653297, abs=5e-7)


def test_a_chain_of_tasks_adds_up() -> None:
    """Means add up, and so do variances, when one task follows the other."""
    chain = theory.project_length({(1, 2): 3.0, (2, 3): 4.0})
    assert (chain.mean, chain.variance) == pytest.approx((7.0, 25.0))


def test_the_first_and_the_last_of_uniform_times() -> None:
    """Ranks divide the range into equal parts."""
    assert [theory.mean_of_rank(rank, 3, 0.0, 4.0) for rank in (1, 2, 3)] == pytest.approx([1, 2, 3])


def test_recruitment_by_one_site_of_one_rate_is_poisson() -> None:
    """With hardly any spread between sites, the n-th patient comes after a gamma time."""
    from scipy.stats import gamma

    steady = theory.Recruitment(patients=3, sites=2, rate=0.5, alpha=1e7)
    assert steady.mean == pytest.approx(3.0, rel=1e-6)
    assert steady.share_within(2.0) == pytest.approx(gamma.cdf(2.0, 3), rel=1e-5)


def test_the_mean_recruitment_time_is_that_of_its_distribution() -> None:
    """The tail of the distribution integrates to the mean."""
    from scipy.integrate import quad

    law = theory.Recruitment(patients=3, sites=6, rate=0.01, alpha=1.2)
    assert quad(lambda t: 1 - law.share_within(t), 0, np.inf)[0] == pytest.approx(law.mean, rel=1e-6)


def test_a_sitting_with_a_seat_for_everybody_costs_half_a_period() -> None:
    """With many seats a file waits half a period; with few, the left-overs of a chain simulated by hand come on top."""
    assert theory.mean_wait_of_sittings(0.5, 100, 7.0) == pytest.approx(3.5)
    arrivals, seats, random = 0.8, 1, np.random.default_rng(1)
    left, total, periods = 0, 0, 200_000
    for came in random.poisson(arrivals, periods):
        left = max(left + came - seats, 0)
        total += left
    assert theory.mean_wait_of_sittings(arrivals, seats, 1.0) == pytest.approx(
        total / periods / arrivals + 0.5, rel=0.05
    )


def test_one_seat_a_period_is_a_queue_with_constant_service() -> None:
    """Half a period until the next sitting, and then the wait of M/D/1: what is left over obeys the same recursion."""
    assert theory.mean_wait_of_sittings(0.8, 1, 1.0) == pytest.approx(0.5 + theory.mean_wait_general(0.8, 1.0, 0.0))
