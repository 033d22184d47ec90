"""The cases of the verification: scenarios whose results are known exactly, and what is compared in each.

A `Case` is a shipped scenario with its quantities; a `Quantity` has an exact value, from `sim.verification.theory`,
and a way to observe it in a replication. Laws that hold run by run have a second observation in the place of the exact
value; it is always made on the scenario as it stands. `off` is the power companion: changes of ten per cent with which
no quantity of the case may agree.

`DATES_BY_HAND` is a year worked out with a pencil and a calendar: when each task of `verification/calendar` ends. The
officer takes the files in turn, on working days from 9 to 17, and not on 6 April, 1 May or 8 May 2026; the committee
meets on the first Monday of the month, or on the Tuesday after Easter Monday, and has one seat; the statutory clock
does not count the day of the event, stops from 22 December to 7 January, and ends a period at 23:59.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np

from sim.scenario.loading import load
from sim.verification import observed, theory
from sim.verification.observed import Observation, Sample, Totals
from sim.verification.routes import Routing

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
"""[from][to]: the probability of going on from one node to another."""


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
    folder: str = "verification/"

    @property
    def file(self) -> str:
        """The shipped scenario."""
        return f"{self.folder}{self.scenario}"


@cache
def cases() -> dict[str, Case]:
    """All cases by name."""
    found = (
        *_queues(),
        *_queues_of_a_bank(),
        *_priorities(),
        *_networks(),
        *_projects(),
        *_sittings(),
        *_trials(),
        *_laws(),
    )
    return {case.name: case for case in found}


def _queues() -> Iterator[Case]:
    """Poisson arrivals, one class."""
    yield Case(
        "V01_mm1",
        "mm1",
        (
            Quantity("mean wait [d]", ERLANG, theory.mean_wait(1, 0.5, 1.5), observed.wait("service")),
            Quantity("mean queue", ERLANG, 0.5 * theory.mean_wait(1, 0.5, 1.5), observed.queue("service")),
            Quantity("share of time empty", ERLANG, theory.empty_share(1, 0.75), observed.empty("service")),
        ),
        off=("tasks.service.work.mean=1.65 d",),
    )
    rate, load_ = 300 / 365, 600 / 365
    yield Case(
        "V02_mm3",
        "mm3",
        (
            Quantity("mean wait [d]", ERLANG, theory.mean_wait(3, rate, 2), observed.wait("service")),
            Quantity("mean time in system [d]", ERLANG, theory.mean_wait(3, rate, 2) + 2, observed.stay("service")),
            Quantity("share who wait", ERLANG, theory.waiting_share(3, load_), observed.wait_longer("service")),
            Quantity("share of time empty", ERLANG, theory.empty_share(3, load_), observed.empty("service")),
            Quantity("mean queue", ERLANG, rate * theory.mean_wait(3, rate, 2), observed.queue("service")),
            Quantity("mean number in system", LITTLE, theory.mean_number(3, rate, 2), observed.number("service")),
        ),
        off=("tasks.service.work.mean=2.2 d",),
    )


def _queues_of_a_bank() -> Iterator[Case]:
    """Three tellers and four, and one desk with other services than the exponential."""
    yield Case(
        "V03_mm3_bank",
        "bank",
        (
            Quantity("mean wait [d]", ERLANG, theory.mean_wait(3, 0.2, 10), observed.wait("service")),
            Quantity("mean time in system [d]", ERLANG, theory.mean_wait(3, 0.2, 10) + 10, observed.stay("service")),
            Quantity(
                "share who wait longer than 10 d",
                ERLANG,
                theory.longer_wait_share(3, 0.2, 10, 10),
                observed.wait_longer("service", 10),
            ),
        ),
        off=("tasks.service.work.mean=11 d",),
    )
    yield Case(
        "V03_four_tellers",
        "bank",
        (Quantity("mean wait [d]", ERLANG, theory.mean_wait(4, 0.2, 10), observed.wait("service")),),
        off=("tasks.service.work.mean=11 d",),
        changes=("pools.tellers.units=4",),
    )
    yield Case(
        "V04_md1",
        "md1",
        (Quantity("mean wait [d]", POLLACZEK, theory.mean_wait_general(0.8, 1, 0), observed.wait("service")),),
        off=("tasks.service.work=exactly 0.9 d",),
    )
    for sd, variation, changes in ((1, "1", ("tasks.service.work.sd=1 d",)), (2, "4", ())):
        yield Case(
            f"V04_mg1_lognormal_{variation}",
            "mg1_lognormal",
            (Quantity("mean wait [d]", POLLACZEK, theory.mean_wait_general(0.8, 1, sd), observed.wait("service")),),
            off=("tasks.service.work.mean=0.9 d",),
            changes=changes,
        )


def _priorities() -> Iterator[Case]:
    """Classes of which one is served before the other, without preemption."""
    waits = theory.priority_waits((2, 1), (0.25, 0.25), (0.25, 0))
    yield Case(
        "V05_mg1_priority",
        "priority",
        tuple(
            Quantity(f"mean wait, {name} [4 d]", COBHAM, exact, observed.wait("service", name))
            for name, exact in zip(("urgent", "other"), waits, strict=True)
        ),
        off=("tasks.service.work.mean=1.1 d", "classes.urgent.volume=0.55 /d"),
        unit=4,
    )
    for servers in (1, 2):
        waits = theory.priority_waits_many(servers, (0.2, 0.6, 1.2), 1 / 3)
        yield Case(
            f"V06_mm{servers}_priority",
            "three_priorities",
            tuple(
                Quantity(f"mean wait, {name} class [10 d]", COBHAM, exact, observed.wait("service", name))
                for name, exact in zip(("first", "second", "third"), waits, strict=True)
            ),
            off=("tasks.service.work.mean=88 h",),
            unit=10,
            changes=(f"pools.servers.units={servers}",),
        )


def _networks() -> Iterator[Case]:
    """Queues that feed each other."""
    rates = theory.traffic((1, 4, 3), ROUTING)
    numbers = [theory.mean_number(servers, rate, 0.1) for servers, rate in zip((1, 2, 1), rates, strict=True)]
    off = tuple(f"tasks.node_{node}.work.mean=1.1 d" for node in (1, 2, 3))
    yield Case(
        "V07_jackson",
        "jackson",
        tuple(
            Quantity(f"mean number at node {node}", JACKSON, exact, observed.number(f"node_{node}"))
            for node, exact in enumerate(numbers, 1)
        ),
        off=off,
        unit=10,
        routing=ROUTING,
    )
    yield Case(
        "feedback",
        "mm1_feedback",
        (
            Quantity("mean number in system", JACKSON, theory.mean_number(1, 0.75, 1), observed.number("service")),
            Quantity(
                "mean time in system [d]", JACKSON, theory.mean_number(1, 0.75, 1) / 0.375, observed.time_to("leaving")
            ),
        ),
        off=("tasks.service.work.mean=0.9 d",),
    )
    yield Case(
        "tandem",
        "tandem",
        (
            Quantity("mean wait, first queue [d]", BURKE, theory.mean_wait(1, 0.5, 1), observed.wait("first_service")),
            Quantity(
                "mean wait, second queue [d]", BURKE, theory.mean_wait(2, 0.5, 3), observed.wait("second_service")
            ),
        ),
        off=("tasks.first_service.work.mean=0.9 d", "tasks.second_service.work.mean=2.7 d"),
    )


def _projects() -> Iterator[Case]:
    """Tasks with precedence and without people."""
    quantities = []
    for number, event in ((2, "two"), (3, "three"), (8, "eight")):
        mean, variance = theory.longest_of_exponentials(number)
        quantities += [
            Quantity(f"mean of the longest of {number} [10 d]", RENYI, mean, observed.time_to(event)),
            Quantity(
                f"variance of the longest of {number} [(10 d)^2]",
                RENYI,
                variance,
                observed.spread_of_time_to(event, mean),
            ),
        ]
    yield Case(
        "V08_fork_join",
        "fork_join",
        tuple(quantities),
        off=tuple(f"tasks.{task}.work.mean=11 d" for task in "abcdefgh"),
        unit=10,
    )
    bridge = theory.project_length(BRIDGE)
    yield Case(
        "V09_bridge",
        "bridge",
        (
            Quantity("mean duration [10 d]", KULKARNI, bridge.mean, observed.time_to("finished")),
            Quantity(
                "variance of the duration [(10 d)^2]",
                KULKARNI,
                bridge.variance,
                observed.spread_of_time_to("finished", bridge.mean),
            ),
            *(
                Quantity(
                    f"share finished within {10 * time:g} d",
                    KULKARNI,
                    bridge.share_within(time),
                    observed.time_to_within("finished", time),
                )
                for time in (3.16117, 5, 5.72189, 6.66446)
            ),
        ),
        off=tuple(f"tasks.from_{a}_to_{b}.work.mean=11 d" for a, b in BRIDGE),
        unit=10,
    )


def _sittings() -> Iterator[Case]:
    """Bodies that meet."""
    yield Case(
        "weekly",
        "weekly",
        (
            Quantity("mean wait [d]", WOLFF, 3.5, observed.wait("opinion")),
            Quantity("mean square of the wait [d^2]", WOLFF, 49 / 3, observed.wait_squared("opinion")),
        ),
        off=("pools.committee.sittings.missed=[{from: 07-01, to: 08-05}]",),
    )
    yield Case(
        "weekly_seats",
        "weekly_seats",
        (Quantity("mean wait [d]", BAILEY, theory.mean_wait_of_sittings(4 / 7, 5, 7), observed.wait("opinion")),),
        off=("classes.files.volume=4.4 /week",),
    )


def _trials() -> Iterator[Case]:
    """Patients and sites."""
    of_site = 0.75 * 6 / 365.25
    first, third = (theory.Recruitment(patients, 6, of_site, 2.0) for patients in (1, 3))
    yield Case(
        "recruitment",
        "recruitment",
        (
            Quantity("mean time to the first patient [d]", ANISIMOV, first.mean, observed.time_to("eligible")),
            Quantity(
                "share with a first patient within 15 d",
                ANISIMOV,
                first.share_within(15),
                observed.time_to_within("eligible", 15),
            ),
            Quantity("mean time to the third patient [d]", ANISIMOV, third.mean, observed.time_to("recruitment_ended")),
            Quantity(
                "share with a third patient within 60 d",
                ANISIMOV,
                third.share_within(60),
                observed.time_to_within("recruitment_ended", 60),
            ),
        ),
        off=("inclusion.referrals.rate=6.6 /year",),
    )
    yield Case(
        "first_site",
        "first_site",
        (
            Quantity(
                "mean time to the first of 5 sites [d]",
                DAVID,
                theory.mean_of_rank(1, 5, 10, 60),
                observed.time_to("first_open"),
            ),
            Quantity(
                "mean time to the last of 5 sites [d]",
                DAVID,
                theory.mean_of_rank(5, 5, 10, 60),
                observed.time_to("all_open"),
            ),
        ),
        off=("tasks.opened.work.high=66 d",),
    )


def _laws() -> Iterator[Case]:
    """What holds run by run, minute by minute."""
    yield Case(
        "longest_path",
        "longest_path",
        tuple(
            Quantity(f"mean time to {event} [d]", KELLEY, observed.longest_path_to(event), observed.time_to(event))
            for event in ("first_open", "all_open")
        ),
        off=("tasks.review.work.mode=33 d", "tasks.opened.work.median=2.2 wd"),
    )
    yield Case(
        "calendar",
        "calendar",
        (Quantity("dates found by hand", CALENDAR, float(sum(map(len, DATES_BY_HAND.values()))), on_their_dates),),
        off=("tasks.draft.work=exactly 3.3 wd",),
    )
    france = load("france")
    more = tuple(f"classes.{each.name}.volume={1.1 * each.volume} /year" for each in france.classes if each.volume)
    yield Case(
        "little_france",
        "france",
        tuple(
            Quantity(f"mean queue for {pool}", LITTLE, observed.counted_queue(pool), observed.backlog(pool))
            for pool in france.pools
        ),
        off=(
            *more,
            "pools.screening_slots.leave=[{from: 01-01, to: 12-31, present: 80 %}]",
            "pools.monitors.background=55 %",
            "pools.central_laboratories.units=45",
            "pools.cros.units=10",
        ),
        folder="",
    )


DATES_BY_HAND = {
    "review": ("2026-04-16 23:59", "2026-05-15 23:59", "2026-05-19 23:59", "2027-01-19 23:59"),
    "opinion": ("2026-04-07 09:00", "2026-05-04 09:00", "2026-06-01 09:00", "2027-01-04 09:00"),
    "draft": ("2026-04-03 17:00", "2026-05-05 17:00", "2026-05-11 17:00", "2026-12-22 17:00"),
    "signature": ("2026-04-13 17:00", "2026-05-12 17:00", "2026-05-18 17:00", "2026-12-29 17:00"),
    "opening": ("2026-04-17 17:00", "2026-05-18 17:00", "2026-06-01 17:00", "2027-01-20 17:00"),
}
"""By task, for the trials that arrive at 00:00 of 1 April, 30 April, 4 May and 18 December 2026."""


def on_their_dates(sample: Sample) -> Totals:
    """How many of the tasks ended at the minute that was found by hand."""
    origin = datetime.combine(sample.run.network.origin, datetime.min.time())
    right = 0
    for task, dates in DATES_BY_HAND.items():
        expected = [(datetime.fromisoformat(date) - origin).total_seconds() / 60 for date in dates]
        right += int(np.sum(sample.run.timelines.end[sample.run.rows_of(task)] == expected))
    return float(right), 1.0
