"""The cases of the verification: scenarios whose results are known exactly, and what is compared in each.

A `Case` is a shipped scenario with its quantities; a `Quantity` has an exact value, from `sim.analysis.theory`, and a
way to observe it in a replication. Laws that hold run by run have a second observation in the place of the exact
value; it is always made on the scenario as it stands. `off` is the power companion: changes of ten per cent with which
no quantity of the case may agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sim.analysis import observed, theory
from sim.analysis.observed import Observation
from sim.experiment.hand import dates_by_hand, on_their_dates
from sim.experiment.routes import Routing

LITTLE = "Little 1961, doi:10.1287/opre.9.3.383"
ERLANG = "Erlang 1917; Gross et al. 2008, doi:10.1002/9781118625651"
POLLACZEK = "Pollaczek 1930, doi:10.1007/BF01194620"
COBHAM = "Cobham 1954, doi:10.1287/opre.2.1.70"
JACKSON = "Jackson 1957, doi:10.1287/opre.5.4.518"
BURKE = "Burke 1956, doi:10.1287/opre.4.6.699"
RENYI = "Rényi 1953, doi:10.1007/BF02127580"
KULKARNI = "Kulkarni and Adlakha 1986, doi:10.1287/opre.34.5.769"
WOLFF = "Wolff 1982, doi:10.1287/opre.30.2.223"
BAILEY = "Bailey 1954, doi:10.1111/j.2517-6161.1954.tb00149.x"
ANISIMOV = "Anisimov and Fedorov 2007, doi:10.1002/sim.2956"
DAVID = "David and Nagaraja 2003, doi:10.1002/0471722162"
KELLEY = "Kelley 1961, doi:10.1287/opre.9.3.296"
CALENDAR = "Regulation 1182/71 and a calendar, by hand"

BRIDGE = {(1, 2): 1.0, (1, 3): 1.0, (2, 3): 1.0, (2, 4): 1.0, (3, 4): 1.0}
ROUTING = ((0.0, 0.6, 0.3), (0.1, 0.0, 0.3), (0.4, 0.4, 0.0))
FRENCH_POOLS = ("assessors", "committees", "contract_officers", "pharmacists", "study_coordinators", "investigators",
                "screening_slots", "sponsor_legal", "monitors")
FRENCH_VOLUMES = {"early_oncology_industry": 122, "early_oncology_academic": 0}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number that is known exactly, or computed in a second way, and how it is observed."""

    says: str
    reference: str
    exact: float | Observation
    observed: Observation


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario and what is compared in it; `unit` [d] is the textbook's unit of time."""

    name: str
    scenario: str
    quantities: tuple[Quantity, ...]
    off: tuple[str, ...]
    unit: float = 1.0
    changes: tuple[str, ...] = ()
    routing: Routing | None = None


@cache
def cases() -> dict[str, Case]:
    """All cases by name."""
    found = (*_queues(), *_priorities(), *_networks(), *_projects(), *_sittings(), *_trials(), *_laws())
    return {case.name: case for case in found}
