"""The chain in Ciw, which has networks of queues with feedback and priorities, and neither forks nor joins."""

from __future__ import annotations

import ciw
import numpy as np

from benchmarks.process import Played, Year


class LogNormal(ciw.dists.Distribution):  # type: ignore[misc]
    """Ciw's own takes the same parameters, but draws with Python's generator; this one uses NumPy's, as others do."""

    def __init__(self, mean: float, sd: float, rng: np.random.Generator) -> None:
        self._mean, self._sd, self._rng = mean, sd, rng

    def sample(self, t: float | None = None, ind: object = None) -> float:
        """One draw."""
        return float(self._rng.lognormal(self._mean, self._sd))


def play(year: Year, seed: int) -> Played:
    """One replication; nodes are draft, negotiation (both at the office), training and visit."""
    ciw.seed(seed)
    simulation = ciw.Simulation(network(year, np.random.default_rng(seed)))
    simulation.simulate_until_max_time(year.horizon)
    arrived: dict[int, float] = {}
    ended: dict[int, float] = {}
    for record in simulation.get_all_records():
        arrived[record.id_number] = min(arrived.get(record.id_number, record.arrival_date), record.arrival_date)
        if record.node == 3:
            ended[record.id_number] = record.service_end_date
    days = [ended[one] - at for one, at in arrived.items() if year.opens <= at < year.closes and one in ended]
    return {"open": sum(days) / len(days)}


def network(year: Year, rng: np.random.Generator) -> ciw.Network:
    """The office serves drafts and negotiations alike, so that what comes back to it is another class of customer.

    In Ciw a customer changes class at the end of a service and is then routed as one of the new class: a fresh file
    becomes a first negotiation, which is certain, and that one a later negotiation, which may be followed by another.
    """
    again = 1 - 1 / year.rounds
    fresh, first, later = ([f"{what}_{each.priority}" for each in year.classes] for what in ("fresh", "first", "later"))
    everybody = (*fresh, *first, *later)
    becomes = dict(zip(everybody, (*first, *later, *later), strict=True))
    drafted, trained, visited, negotiated = (
        LogNormal(*year.work[task], rng) for task in ("drafted", "trained", "open", "negotiated")
    )
    onwards = [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    rates = dict(zip(fresh, (each.per_day for each in year.classes), strict=True))
    return ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.Exponential(rates[name]) if name in rates else None, None, None] for name in everybody
        },
        service_distributions={
            name: [drafted if name in fresh else negotiated, trained, visited] for name in everybody
        },
        routing={name: [[again, 1 - again, 0.0] if name in later else [1.0, 0.0, 0.0], *onwards] for name in everybody},
        class_change_matrices=[_changes(everybody, becomes), *[_changes(everybody, {})] * 2],
        priority_classes={name: place % len(fresh) for place, name in enumerate(everybody)},
        number_of_servers=[year.units["offices"], float("inf"), year.units["monitors"]],
    )


def _changes(everybody: tuple[str, ...], becomes: dict[str, str]) -> dict[str, dict[str, float]]:
    """Who becomes what with certainty; the others stay what they are."""
    return {one: {other: float(other == becomes.get(one, one)) for other in everybody} for one in everybody}
