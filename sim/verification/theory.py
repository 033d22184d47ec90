"""Exact results of queueing theory, project networks and recruitment, which the simulator must agree with.

Functions of a few numbers, in whatever unit of time their rates and means have; `PhaseType` is the distribution of the
length of a project whose tasks take exponential times. Nothing here simulates.

References
----------
Gross D., Shortle J. F., Thompson J. M., Harris C. M. (2008). Fundamentals of Queueing Theory, 4th edition.
doi:10.1002/9781118625651. Where a function names no other reference, its formula is there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


def waiting_share(servers: int, load: float) -> float:
    """Probability of waiting in an M/M/c queue (Erlang C); `load` is arrival rate times mean service, below `servers`.

    References
    ----------
    Erlang A. K. (1917). Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges. Elektroteknikeren 13, 5-13.

    >>> round(waiting_share(3, 300 / 182.5), 6)
    0.290751
    """
    blocked = 1.0
    for server in range(1, servers + 1):
        blocked = load * blocked / (server + load * blocked)
    return blocked / (1 - (1 - blocked) * load / servers)


def empty_share(servers: int, load: float) -> float:
    """Probability that nobody is in an M/M/c queue."""
    some_idle = sum(load**number / math.factorial(number) for number in range(servers))
    return 1 / (some_idle + load**servers / math.factorial(servers) * servers / (servers - load))


def mean_wait(servers: int, arrivals: float, service: float) -> float:
    """Mean wait in an M/M/c queue with this arrival rate and mean service time."""
    return waiting_share(servers, arrivals * service) * service / (servers - arrivals * service)


def longer_wait_share(servers: int, arrivals: float, service: float, than: float) -> float:
    """Probability of waiting longer than so long in an M/M/c queue, first come first served."""
    load = arrivals * service
    return waiting_share(servers, load) * math.exp(-(servers - load) * than / service)


def mean_wait_general(arrivals: float, service: float, sd: float) -> float:
    """Mean wait in an M/G/1 queue whose service times have this mean and standard deviation.

    References
    ----------
    Pollaczek F. (1930). Über eine Aufgabe der Wahrscheinlichkeitstheorie I. Mathematische Zeitschrift 32, 64-100.
    doi:10.1007/BF01194620
    """
    return arrivals * (service**2 + sd**2) / 2 / (1 - arrivals * service)


def priority_waits(arrivals: Sequence[float], services: Sequence[float], sds: Sequence[float]) -> tuple[float, ...]:
    """Mean wait of each class, the first class first served, in an M/G/1 queue without preemption.

    References
    ----------
    Cobham A. (1954). Priority assignment in waiting line problems. Operations Research 2, 70-76.
    doi:10.1287/opre.2.1.70
    """
    residual = sum(rate * (mean**2 + sd**2) / 2 for rate, mean, sd in zip(arrivals, services, sds, strict=True))
    return _cobham(residual, [rate * mean for rate, mean in zip(arrivals, services, strict=True)])


def priority_waits_many(servers: int, arrivals: Sequence[float], service: float) -> tuple[float, ...]:
    """Mean wait of each class in an M/M/c queue without preemption, all classes with the same mean service time.

    References
    ----------
    Cobham A. (1954). Priority assignment in waiting line problems. Operations Research 2, 70-76.
    doi:10.1287/opre.2.1.70
    """
    until_one_is_free = waiting_share(servers, sum(arrivals) * service) * service / servers
    return _cobham(until_one_is_free, [rate * service / servers for rate in arrivals])


def _cobham(residual: float, loads: Sequence[float]) -> tuple[float, ...]:
    upto = np.concatenate(([0.0], np.cumsum(loads)))
    return tuple(float(residual / ((1 - before) * (1 - after))) for before, after in pairwise(upto))


def traffic(external: Sequence[float], routing: Sequence[Sequence[float]]) -> Float:
    """(nodes) Arrival rate at each node of a network with these external rates and routing probabilities [from][to].

    Each node of the network then behaves like an M/M/c queue of its own with that rate.

    References
    ----------
    Jackson J. R. (1957). Networks of waiting lines. Operations Research 5, 518-521. doi:10.1287/opre.5.4.518
    """
    return np.linalg.solve(np.eye(len(external)) - np.asarray(routing).T, np.asarray(external, np.float64))


def mean_number(servers: int, arrivals: float, service: float) -> float:
    """Mean number in an M/M/c queue, those in service among them.

    References
    ----------
    Little J. D. C. (1961). A proof for the queuing formula L = lambda W. Operations Research 9, 383-387.
    doi:10.1287/opre.9.3.383
    """
    return arrivals * (mean_wait(servers, arrivals, service) + service)


def mean_wait_of_sittings(arrivals: float, seats: int, period: float) -> float:
    """Mean wait for a body that meets once a `period` and takes up to `seats` files of Poisson arrivals.

    The files left over after a sitting are a Markov chain; its stationary law is solved on 0, 1, ... as many as
    matter. Between two sittings the queue grows by arrivals alone, and Little's law gives the wait.

    References
    ----------
    Bailey N. T. J. (1954). On queueing processes with bulk service. Journal of the Royal Statistical Society B 16,
    80-87. doi:10.1111/j.2517-6161.1954.tb00149.x
    """
    left_over = _left_over(arrivals * period, seats)
    return float(left_over @ np.arange(len(left_over))) / arrivals + period / 2


def _left_over(expected: float, seats: int) -> Float:
    """The stationary probabilities of 0, 1, ... files left over after a sitting."""
    from scipy.special import pdtr

    most = math.ceil(40 * seats / (seats - expected))
    before, after = np.arange(most)[:, np.newaxis], np.arange(most)
    arrived = after - before + seats  # (before, after) as many arrivals at most leave `after` or fewer
    upto = np.where(arrived >= 0, pdtr(np.maximum(arrived, 0), expected), 0.0)
    upto[:, -1] = 1.0
    balance = np.diff(upto, axis=1, prepend=0.0).T - np.eye(most)
    balance[0] = 1.0  # one equation follows from the others; instead of it, the sum of all probabilities
    return np.linalg.solve(balance, np.eye(most)[0])


def longest_of_exponentials(number: int) -> tuple[float, float]:
    """Mean and variance of the longest of so many independent exponential times with mean 1.

    References
    ----------
    Rényi A. (1953). On the theory of order statistics. Acta Mathematica Academiae Scientiarum Hungaricae 4, 191-231.
    doi:10.1007/BF02127580
    """
    rates = range(1, number + 1)
    return math.fsum(1 / rate for rate in rates), math.fsum(1 / rate**2 for rate in rates)


def mean_of_rank(rank: int, number: int, low: float, high: float) -> float:
    """Mean of the time that has this rank, 1 for the first, among so many uniform between `low` and `high`.

    References
    ----------
    David H. A., Nagaraja H. N. (2003). Order Statistics, 3rd edition, section 2.2. doi:10.1002/0471722162
    """
    return low + (high - low) * rank / (number + 1)


@dataclass(frozen=True, eq=False, slots=True)
class PhaseType:
    """The time until a Markov chain that starts in state 0 ends; `rates` are those among the states before that."""

    rates: Float  # (states, states)

    @property
    def mean(self) -> float:
        """Mean time."""
        return float(self._moment(1))

    @property
    def variance(self) -> float:
        """Variance of the time."""
        return float(2 * self._moment(2) - self._moment(1) ** 2)

    def share_within(self, time: float) -> float:
        """Probability that it has ended after so long."""
        from scipy.linalg import expm

        return 1 - float(expm(self.rates * time)[0].sum())

    def _moment(self, power: int) -> float:
        """The moment of this order divided by its factorial."""
        inverse = np.linalg.matrix_power(np.linalg.inv(-self.rates), power)
        return float(inverse[0].sum())


def project_length(means: Mapping[tuple[int, int], float]) -> PhaseType:
    """Length of a project whose tasks, arcs (from, to) between events, take exponential times with these means.

    A task starts when all tasks that lead to its first event have ended.

    References
    ----------
    Kulkarni V. G., Adlakha V. G. (1986). Markov and Markov-regenerative PERT networks. Operations Research 34,
    769-781. doi:10.1287/opre.34.5.769

    >>> project_length({(1, 2): 3.0, (2, 3): 4.0}).mean
    7.0
    """
    everything = frozenset(means)
    states: list[frozenset[tuple[int, int]]] = [frozenset()]  # what is done; the list grows while it is read
    moves = []
    for done in states:
        for task in _at_work(done, everything):
            states += [done | {task}] if done | {task} not in states else []
            moves.append((states.index(done), states.index(done | {task}), 1 / means[task]))
    rates = np.zeros((len(states), len(states)))
    for before, after, rate in moves:
        rates[before, [before, after]] += -rate, rate
    return PhaseType(rates[:-1, :-1])  # the last state has everything done


def _at_work(done: frozenset[tuple[int, int]], everything: frozenset[tuple[int, int]]) -> list[tuple[int, int]]:
    waiting_for = {event for _, event in everything - done}
    return [task for task in everything - done if task[0] not in waiting_for]


@dataclass(frozen=True, slots=True)
class Recruitment:
    """The time until so many patients are included at sites whose rates are gamma-distributed.

    A site has a rate with mean `rate` and shape `alpha`, and patients come to it as a Poisson process. The rates of all
    sites add up to a gamma variate, so that the time is a ratio of two of them (Pearson type VI).

    References
    ----------
    Anisimov V., Fedorov V. (2007). Modelling, prediction and adaptive adjustment of recruitment in multicentre trials.
    Statistics in Medicine 26, 4958-4975. doi:10.1002/sim.2956
    """

    patients: int
    sites: int
    rate: float  # mean number of patients per site and unit of time
    alpha: float

    @property
    def mean(self) -> float:
        """Mean time; there is one if `sites * alpha` > 1."""
        return self.patients * self.alpha / self.rate / (self.sites * self.alpha - 1)

    def share_within(self, time: float) -> float:
        """Probability that the patients are included after so long."""
        from scipy.special import betainc

        return float(betainc(self.patients, self.sites * self.alpha, time / (time + self.alpha / self.rate)))
