"""The year and the chain in Cimba (a compiled Python front of an engine in C), each in two forms.

`Chain` and `Country` have a process for every trial and for every piece of work that goes on beside another, as one
writes it in SimPy. In `ChainOfServers` and `CountryOfServers` only people are processes: a server pulls the next record
from a queue, holds it for as long as its work takes, and puts it where it goes next. What comes back of both is a mean
for each milestone; the timeline of a trial, or an indicator of another kind, is not kept.

Cimba, Asbjørn M. Bonvik; its Python front, F. Barrca: https://pypi.org/project/cimba. Higher numbers go first there.
"""

from __future__ import annotations

import cimba as cb
from cimba import random as draw

from benchmarks.process import Played, TrialClass, Year


class Known(cb.Model):  # type: ignore[misc]
    """The parameters of a year: mean and standard deviation of the logarithm of the work of each task."""

    rounds: cb.Param[float]
    opens: cb.Param[float]
    closes: cb.Param[float]
    drafted: cb.Param[float]
    drafted_sd: cb.Param[float]
    negotiated: cb.Param[float]
    negotiated_sd: cb.Param[float]
    trained: cb.Param[float]
    trained_sd: cb.Param[float]
    visited: cb.Param[float]
    visited_sd: cb.Param[float]
    assessed: cb.Param[float] = 0.0
    assessed_sd: cb.Param[float] = 0.0
    reviewed: cb.Param[float] = 0.0
    reviewed_sd: cb.Param[float] = 0.0
    prepared: cb.Param[float] = 0.0
    prepared_sd: cb.Param[float] = 0.0
    opening: cb.Dataset
    authorisation: cb.Dataset
    open: cb.Output[float]
    authorised: cb.Output[float]

    def __init__(self, year: Year) -> None:
        self.rounds, self.opens, self.closes = year.rounds, year.opens, year.closes
        for task, (mean, sd) in year.work.items():
            name = "visited" if task == "open" else task  # the chain's visit is what opens its site
            setattr(self, name, mean)
            setattr(self, f"{name}_sd", sd)

    @cb.on_end
    def measure(self):  # type: ignore[no-untyped-def]
        """The mean days to each milestone."""
        self.open = self.opening.sample_mean()
        self.authorised = self.authorisation.sample_mean()


# --- the chain, a process for each trial ---------------------------------------------------------------------------


class Chain(Known):
    """One hospital's office and those who visit."""

    offices: cb.Resource
    monitors: cb.Resource
    arrivals: list[Arrivals]

    def __init__(self, year: Year) -> None:
        super().__init__(year)
        self.offices = cb.Resource(capacity=year.units["offices"])
        self.monitors = cb.Resource(capacity=year.units["monitors"])
        self.arrivals = [Arrivals(self, each) for each in year.classes]


class Arrivals(cb.Model):  # type: ignore[misc]
    """Trials of one class, at random."""

    gap: cb.Param[float]
    rank: cb.Param[int]
    chain: cb.Ref[Chain]

    def __init__(self, chain: Chain, trial_class: TrialClass) -> None:
        self.chain, self.gap, self.rank = chain, 1 / trial_class.per_day, -trial_class.priority

    @cb.process
    def come(self):  # type: ignore[no-untyped-def]
        """One after the other."""
        while True:
            cb.hold(draw.exponential(self.gap))
            cb.spawn(Trial, chain=self.chain, rank=self.rank)


class Trial(cb.Model):  # type: ignore[misc]
    """A file from the office to the visit."""

    chain: cb.Ref[Chain]
    rank: int

    @cb.process
    def go(self):  # type: ignore[no-untyped-def]
        """Draft, negotiations, training, visit."""
        chain = self.chain
        arrived = cb.now()
        chain.offices.acquire(1, priority=self.rank)
        cb.hold(draw.lognormal(chain.drafted, chain.drafted_sd))
        chain.offices.release(1)
        for _ in range(draw.geometric(1.0 / chain.rounds)):
            chain.offices.acquire(1, priority=self.rank)
            cb.hold(draw.lognormal(chain.negotiated, chain.negotiated_sd))
            chain.offices.release(1)
        cb.hold(draw.lognormal(chain.trained, chain.trained_sd))
        chain.monitors.acquire(1, priority=self.rank)
        cb.hold(draw.lognormal(chain.visited, chain.visited_sd))
        chain.monitors.release(1)
        if chain.opens <= arrived and arrived < chain.closes:
            chain.opening.record(cb.now() - arrived)


# --- the chain, servers that pull records --------------------------------------------------------------------------


class ChainOfServers(Known):
    """The same, with queues of files."""

    at_office: cb.PriorityStore[File]
    at_monitors: cb.PriorityStore[File]
    sources: list[Source]
    officers: list[Officer]
    visitors: list[Visitor]

    def __init__(self, year: Year) -> None:
        super().__init__(year)
        self.sources = [Source(self, each) for each in year.classes]
        self.officers = [Officer(self) for _ in range(year.units["offices"])]
        self.visitors = [Visitor(self) for _ in range(year.units["monitors"])]


class File(cb.Model):  # type: ignore[misc]
    """What goes from queue to queue."""

    chain: cb.Ref[ChainOfServers]
    rank: int
    arrived: float
    left: int = -1  # negotiations; -1: not drafted yet

    @cb.event
    def to_monitors(self):  # type: ignore[no-untyped-def]
        """Trained."""
        self.chain.at_monitors.put(self, self.rank)


class Source(cb.Model):  # type: ignore[misc]
    """Files of one class, at random."""

    gap: cb.Param[float]
    rank: cb.Param[int]
    chain: cb.Ref[ChainOfServers]

    def __init__(self, chain: ChainOfServers, trial_class: TrialClass) -> None:
        self.chain, self.gap, self.rank = chain, 1 / trial_class.per_day, -trial_class.priority

    @cb.process
    def come(self):  # type: ignore[no-untyped-def]
        """One after the other."""
        while True:
            cb.hold(draw.exponential(self.gap))
            self.chain.at_office.put(cb.spawn(File, chain=self.chain, rank=self.rank, arrived=cb.now()), self.rank)


class Officer(cb.Model):  # type: ignore[misc]
    """Drafts and negotiates."""

    chain: cb.Ref[ChainOfServers]

    def __init__(self, chain: ChainOfServers) -> None:
        self.chain = chain

    @cb.process
    def serve(self):  # type: ignore[no-untyped-def]
        """The next file, for ever."""
        chain = self.chain
        while True:
            file = chain.at_office.get()
            if file.left < 0:
                cb.hold(draw.lognormal(chain.drafted, chain.drafted_sd))
                file.left = draw.geometric(1.0 / chain.rounds)
            else:
                cb.hold(draw.lognormal(chain.negotiated, chain.negotiated_sd))
                file.left -= 1
            if file.left:
                chain.at_office.put(file, file.rank)
            else:
                cb.schedule(file.to_monitors, draw.lognormal(chain.trained, chain.trained_sd))


class Visitor(cb.Model):  # type: ignore[misc]
    """Visits."""

    chain: cb.Ref[ChainOfServers]

    def __init__(self, chain: ChainOfServers) -> None:
        self.chain = chain

    @cb.process
    def serve(self):  # type: ignore[no-untyped-def]
        """The next file, for ever."""
        chain = self.chain
        while True:
            file = chain.at_monitors.get()
            cb.hold(draw.lognormal(chain.visited, chain.visited_sd))
            if chain.opens <= file.arrived and file.arrived < chain.closes:
                chain.opening.record(cb.now() - file.arrived)


# --- the year, a process for each piece of work that goes on beside another ------------------------------------------


class Hospital(cb.Model):  # type: ignore[misc]
    """Who works at one site."""

    office: cb.Resource
    pharmacy: cb.Resource

    def __init__(self, year: Year) -> None:
        self.office = cb.Resource(capacity=year.units["offices"])
        self.pharmacy = cb.Resource(capacity=year.units["pharmacies"])


class Country(Known):
    """Two bodies, the sites, and those who visit."""

    assessors: cb.Resource
    committees: cb.Resource
    monitors: cb.Resource
    hospitals: list[Hospital]
    coming: list[Coming]

    def __init__(self, year: Year) -> None:
        super().__init__(year)
        self.assessors = cb.Resource(capacity=year.units["assessors"])
        self.committees = cb.Resource(capacity=year.units["committees"])
        self.monitors = cb.Resource(capacity=year.units["monitors"])
        self.hospitals = [Hospital(year) for _ in range(year.sites)]
        self.coming = [Coming(self, each) for each in year.classes]


class Coming(cb.Model):  # type: ignore[misc]
    """Trials of one class, at random, each at so many of the sites."""

    gap: cb.Param[float]
    rank: cb.Param[int]
    sites: cb.Param[int]
    country: cb.Ref[Country]

    def __init__(self, country: Country, trial_class: TrialClass) -> None:
        self.country, self.gap, self.rank = country, 1 / trial_class.per_day, -trial_class.priority
        self.sites = trial_class.sites

    @cb.process
    def come(self):  # type: ignore[no-untyped-def]
        """One after the other."""
        country = self.country
        while True:
            cb.hold(draw.exponential(self.gap))
            trial = cb.spawn(National, country=country, rank=self.rank, arrived=cb.now())
            cb.spawn(Assessing, trial=trial)
            cb.spawn(Reviewing, trial=trial)
            chosen, left = 0, self.sites
            while left:
                number = draw.dice(0, len(country.hospitals) - 1)
                if not chosen >> number & 1:
                    chosen |= 1 << number
                    left -= 1
                    site = cb.spawn(Local, trial=trial, hospital=country.hospitals[number], after=trial.last)
                    trial.last = site
                    cb.spawn(Contracting, site=site)
                    cb.spawn(Preparing, site=site)


class National(cb.Model):  # type: ignore[misc]
    """A trial: authorised when both bodies are done, open when its first site is."""

    country: cb.Ref[Country]
    rank: int
    arrived: float
    missing: int = 2
    is_open: bool = False
    last: cb.Ref[Local] | None = None

    @cb.function
    def counts(self) -> bool:
        """Whether it arrived in the observation window."""
        return self.country.opens <= self.arrived and self.arrived < self.country.closes

    @cb.function
    def one_more(self) -> None:
        """One of the bodies is done."""
        self.missing -= 1
        if self.missing == 0:
            if self.counts():
                self.country.authorisation.record(cb.now() - self.arrived)
            site = self.last
            while site is not None:
                site.one_more()
                site = site.after

    @cb.function
    def visited(self) -> None:
        """One of its sites is open."""
        if not self.is_open:
            self.is_open = True
            if self.counts():
                self.country.opening.record(cb.now() - self.arrived)


class Local(cb.Model):  # type: ignore[misc]
    """A trial at one site, and the one that was chosen before it."""

    trial: cb.Ref[National]
    hospital: cb.Ref[Hospital]
    after: cb.Ref[Local] | None
    missing: int = 4  # contract, pharmacy, training, and the authorisation of the trial

    @cb.function
    def one_more(self) -> None:
        """One of them is there; when all are, the visit."""
        self.missing -= 1
        if self.missing == 0:
            cb.spawn(Visiting, site=self)


class Contracting(cb.Model):  # type: ignore[misc]
    """A draft, then rounds of negotiation and, beside them, training."""

    site: cb.Ref[Local]

    @cb.process
    def go(self):  # type: ignore[no-untyped-def]
        """From arrival to the signed contract."""
        country, office, rank = self.site.trial.country, self.site.hospital.office, self.site.trial.rank
        office.acquire(1, priority=rank)
        cb.hold(draw.lognormal(country.drafted, country.drafted_sd))
        office.release(1)
        cb.spawn(Training, site=self.site)
        for _ in range(draw.geometric(1.0 / country.rounds)):
            office.acquire(1, priority=rank)
            cb.hold(draw.lognormal(country.negotiated, country.negotiated_sd))
            office.release(1)
        self.site.one_more()


class Training(cb.Model):  # type: ignore[misc]
    """Nobody is waited for."""

    site: cb.Ref[Local]

    @cb.process
    def go(self):  # type: ignore[no-untyped-def]
        """For as long as it takes."""
        country = self.site.trial.country
        cb.hold(draw.lognormal(country.trained, country.trained_sd))
        self.site.one_more()


class Preparing(cb.Model):  # type: ignore[misc]
    """By the pharmacy."""

    site: cb.Ref[Local]

    @cb.process
    def go(self):  # type: ignore[no-untyped-def]
        """Wait for somebody, and keep them."""
        country, pharmacy = self.site.trial.country, self.site.hospital.pharmacy
        pharmacy.acquire(1, priority=self.site.trial.rank)
        cb.hold(draw.lognormal(country.prepared, country.prepared_sd))
        pharmacy.release(1)
        self.site.one_more()


class Visiting(cb.Model):  # type: ignore[misc]
    """By a monitor."""

    site: cb.Ref[Local]

    @cb.process
    def go(self):  # type: ignore[no-untyped-def]
        """Wait for somebody, and keep them."""
        country = self.site.trial.country
        country.monitors.acquire(1, priority=self.site.trial.rank)
        cb.hold(draw.lognormal(country.visited, country.visited_sd))
        country.monitors.release(1)
        self.site.trial.visited()


class Assessing(cb.Model):  # type: ignore[misc]
    """By the one body."""

    trial: cb.Ref[National]

    @cb.process
    def go(self):  # type: ignore[no-untyped-def]
        """Wait for somebody, and keep them."""
        country = self.trial.country
        country.assessors.acquire(1, priority=self.trial.rank)
        cb.hold(draw.lognormal(country.assessed, country.assessed_sd))
        country.assessors.release(1)
        self.trial.one_more()


class Reviewing(cb.Model):  # type: ignore[misc]
    """By the other body."""

    trial: cb.Ref[National]

    @cb.process
    def go(self):  # type: ignore[no-untyped-def]
        """Wait for somebody, and keep them."""
        country = self.trial.country
        country.committees.acquire(1, priority=self.trial.rank)
        cb.hold(draw.lognormal(country.reviewed, country.reviewed_sd))
        country.committees.release(1)
        self.trial.one_more()


# --- the year, servers that pull records ---------------------------------------------------------------------------


class CountryOfServers(Known):
    """The same, with queues of trials and of their sites."""

    at_assessors: cb.PriorityStore[Record]
    at_committees: cb.PriorityStore[Record]
    at_monitors: cb.PriorityStore[LocalRecord]
    wards: list[Ward]
    sources: list[SourceOfRecords]
    assessors: list[Assessor]
    committees: list[Committee]
    monitors: list[Monitor]
    drafters: list[Drafter]
    pharmacists: list[Pharmacist]

    def __init__(self, year: Year) -> None:
        super().__init__(year)
        units = year.units
        self.wards = [Ward() for _ in range(year.sites)]
        self.sources = [SourceOfRecords(self, each) for each in year.classes]
        self.assessors = [Assessor(self) for _ in range(units["assessors"])]
        self.committees = [Committee(self) for _ in range(units["committees"])]
        self.monitors = [Monitor(self) for _ in range(units["monitors"])]
        self.drafters = [Drafter(self, ward) for ward in self.wards for _ in range(units["offices"])]
        self.pharmacists = [Pharmacist(self, ward) for ward in self.wards for _ in range(units["pharmacies"])]


class Ward(cb.Model):  # type: ignore[misc]
    """The queues of one site."""

    at_office: cb.PriorityStore[LocalRecord]
    at_pharmacy: cb.PriorityStore[LocalRecord]

    def __init__(self) -> None:
        """Empty."""


class Record(cb.Model):  # type: ignore[misc]
    """A trial as `National`, without processes."""

    country: cb.Ref[CountryOfServers]
    rank: int
    arrived: float
    missing: int = 2
    is_open: bool = False
    last: cb.Ref[LocalRecord] | None = None

    @cb.function
    def counts(self) -> bool:
        """Whether it arrived in the observation window."""
        return self.country.opens <= self.arrived and self.arrived < self.country.closes

    @cb.function
    def one_more(self) -> None:
        """One of the bodies is done."""
        self.missing -= 1
        if self.missing == 0:
            if self.counts():
                self.country.authorisation.record(cb.now() - self.arrived)
            site = self.last
            while site is not None:
                site.one_more()
                site = site.after

    @cb.function
    def visited(self) -> None:
        """One of its sites is open."""
        if not self.is_open:
            self.is_open = True
            if self.counts():
                self.country.opening.record(cb.now() - self.arrived)


class LocalRecord(cb.Model):  # type: ignore[misc]
    """A trial at one site as `Local`, without processes."""

    trial: cb.Ref[Record]
    ward: cb.Ref[Ward]
    after: cb.Ref[LocalRecord] | None
    missing: int = 4
    left: int = -1  # negotiations; -1: not drafted yet

    @cb.function
    def one_more(self) -> None:
        """One of what it waits for is there; when all are, it waits for the visit."""
        self.missing -= 1
        if self.missing == 0:
            self.trial.country.at_monitors.put(self, self.trial.rank)

    @cb.event
    def trained(self):  # type: ignore[no-untyped-def]
        """Nobody was waited for."""
        self.one_more()


class SourceOfRecords(cb.Model):  # type: ignore[misc]
    """Trials of one class, at random."""

    gap: cb.Param[float]
    rank: cb.Param[int]
    sites: cb.Param[int]
    country: cb.Ref[CountryOfServers]

    def __init__(self, country: CountryOfServers, trial_class: TrialClass) -> None:
        self.country, self.gap, self.rank = country, 1 / trial_class.per_day, -trial_class.priority
        self.sites = trial_class.sites

    @cb.process
    def come(self):  # type: ignore[no-untyped-def]
        """One after the other."""
        country = self.country
        while True:
            cb.hold(draw.exponential(self.gap))
            trial = cb.spawn(Record, country=country, rank=self.rank, arrived=cb.now())
            country.at_assessors.put(trial, self.rank)
            country.at_committees.put(trial, self.rank)
            chosen, left = 0, self.sites
            while left:
                number = draw.dice(0, len(country.wards) - 1)
                if not chosen >> number & 1:
                    chosen |= 1 << number
                    left -= 1
                    ward = country.wards[number]
                    site = cb.spawn(LocalRecord, trial=trial, ward=ward, after=trial.last)
                    trial.last = site
                    ward.at_office.put(site, self.rank)
                    ward.at_pharmacy.put(site, self.rank)


class Server(cb.Model):  # type: ignore[misc]
    """Somebody who takes the next record, for ever."""

    country: cb.Ref[CountryOfServers]

    def __init__(self, country: CountryOfServers) -> None:
        self.country = country


class Assessor(Server):
    """Of the one body."""

    @cb.process
    def serve(self):  # type: ignore[no-untyped-def]
        """The next trial."""
        country = self.country
        while True:
            trial = country.at_assessors.get()
            cb.hold(draw.lognormal(country.assessed, country.assessed_sd))
            trial.one_more()


class Committee(Server):
    """Of the other body."""

    @cb.process
    def serve(self):  # type: ignore[no-untyped-def]
        """The next trial."""
        country = self.country
        while True:
            trial = country.at_committees.get()
            cb.hold(draw.lognormal(country.reviewed, country.reviewed_sd))
            trial.one_more()


class Monitor(Server):
    """Visits."""

    @cb.process
    def serve(self):  # type: ignore[no-untyped-def]
        """The next site."""
        country = self.country
        while True:
            site = country.at_monitors.get()
            cb.hold(draw.lognormal(country.visited, country.visited_sd))
            site.trial.visited()


class OfWard(Server):
    """Somebody of one site."""

    ward: cb.Ref[Ward]

    def __init__(self, country: CountryOfServers, ward: Ward) -> None:
        super().__init__(country)
        self.ward = ward


class Drafter(OfWard):
    """Drafts and negotiates."""

    @cb.process
    def serve(self):  # type: ignore[no-untyped-def]
        """The next contract."""
        country, ward = self.country, self.ward
        while True:
            site = ward.at_office.get()
            if site.left < 0:
                cb.hold(draw.lognormal(country.drafted, country.drafted_sd))
                site.left = draw.geometric(1.0 / country.rounds)
                cb.schedule(site.trained, draw.lognormal(country.trained, country.trained_sd))
            else:
                cb.hold(draw.lognormal(country.negotiated, country.negotiated_sd))
                site.left -= 1
            if site.left:
                ward.at_office.put(site, site.trial.rank)
            else:
                site.one_more()


class Pharmacist(OfWard):
    """Prepares."""

    @cb.process
    def serve(self):  # type: ignore[no-untyped-def]
        """The next site."""
        country, ward = self.country, self.ward
        while True:
            site = ward.at_pharmacy.get()
            cb.hold(draw.lognormal(country.prepared, country.prepared_sd))
            site.one_more()


MODELS = {"chain": (Chain, ChainOfServers), "year": (Country, CountryOfServers)}
"""By what is played: a process per trial, and servers that pull records."""


class Runs:
    """A model of one form, compiled once."""

    def __init__(self, model: Known, year: Year) -> None:
        self._model, self._milestones = model, ("authorised", "open") if "assessed" in year.work else ("open",)
        self._window = cb.Window(
            warmup=year.opens, duration=year.closes - year.opens, cooldown=year.horizon - year.closes
        )

    def play(self, seed: int) -> Played:
        """One replication, on one core."""
        found = cb.Experiment(self._model, replications=1, window=self._window, seed=seed).run(workers=1)[self._model]
        return {name: float(getattr(found, name).values[0, 0]) for name in self._milestones}
