"""What a tracker says about one time: families, quantiles with intervals, goodness of fit, centres; or why nothing.

Quantiles are those of the best family where one stands out, else means over the families by their Akaike weights. Their
intervals come from bootstraps over trials and over centres (where there are some), the wider of the two: the standard
deviation of the logarithm, with Student's t of (clusters - 1) degrees of freedom, since few clusters know their own
spread badly. The goodness of fit is a Cramer-von Mises distance between Kaplan-Meier and the fitted curve; what it is
by luck is found by drawing new times from the fit, watched as long as the real ones were, and fitting anew.

References
----------
Davison A. C., Hinkley D. V. (1997). Bootstrap methods and their application, chapters 2 to 4.
doi:10.1017/CBO9780511802843
Stute W., Gonzalez Manteiga W., Presedo Quindimil M. (1993). Bootstrap based goodness-of-fit-tests. Metrika 40, 243-256.
doi:10.1007/BF02613687
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.own.families import CLOSE, Fitted, Float, Sample, fit_all, fit_family, sample, weights
from sim.own.quality import FEW
from sim.own.spells import HALF, Spell, Times
from sim.own.survival import Curve, curve, given_up_share

FEWEST = 20
"""Below so many cases that ended, quartiles are all that is said."""
LEAST = 5
"""Below so many, nothing is."""
RESAMPLES = 200
LUCKY = 499
"""Resamples of the bootstrap of quantiles, and of the goodness of fit."""
LEVEL = 0.90
_MANY_CENTRES = 5  # from so many on, centres are what is resampled
_ZEROS = 0.05  # from this share of times of no length on, they are fitted apart
_IN_QUESTION = 0.02  # families with a smaller weight are not fitted to resamples
_WONDER = 3.0  # where so many open rows are expected, to see none has a chance below 5 %


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile [d] with its interval of 90 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Goodness:
    """How far the fitted curve is from Kaplan-Meier, and how often luck alone is further."""

    distance: float
    p: float
    band: float  # 90 % of curves drawn from the fit stay this near to it everywhere
    resamples: int


@dataclass(frozen=True, slots=True)
class Centre:
    """One centre: its median [d] as it is, and drawn towards the whole by how little it is known."""

    name: str
    trials: int
    raw: float
    shrunk: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found about one time; no `families` where there are too few cases, `why` where it was refused."""

    times: Times
    families: tuple[Fitted, ...] = ()
    weights: tuple[float, ...] = ()
    zero: float = 0.0  # the share that takes no time, fitted apart
    median: Quantile | None = None
    p90: Quantile | None = None
    quartiles: tuple[float, float, float] | None = None
    goodness: Goodness | None = None
    centres: tuple[Centre, ...] = ()
    given_up: float = 0.0
    observed: Curve | None = None
    why: tuple[str, Mapping[str, str]] | None = None

    @property
    def best(self) -> Fitted:
        """The family with the lowest AICc."""
        return self.families[0]

    @property
    def close(self) -> bool:
        """Whether another family does as well."""
        return len(self.families) > 1 and self.families[1].aicc - self.families[0].aicc < CLOSE

    @property
    def used(self) -> tuple[tuple[Fitted, float], ...]:
        """The families that quantiles are made of, with weights that add up to 1."""
        return tuple(zip(self.families, self.weights, strict=True)) if self.close else ((self.best, 1.0),)

    @property
    def grade(self) -> str:
        """B measured; D where there are too few cases."""
        return "B" if self.times.done >= FEWEST else "D"

    def quantile(self, p: float) -> float:
        """The time [d] that a share `p` does not exceed, over all that the fit is made of."""
        return float(self.quantiles(np.array([p]))[0])

    def quantiles(self, p: Float) -> Float:
        """Times [d] at increasing probabilities (k)."""
        if self.zero == 1.0:
            return np.zeros(len(p))
        return _quantiles([each for each, _ in self.used], [weight for _, weight in self.used], self.zero, p)

    def cdf(self, t: Float) -> Float:
        """The share that has ended by each time [d]."""
        return self.zero + (1 - self.zero) * np.asarray(sum(weight * each.cdf(t) for each, weight in self.used))


def standard_error(found: Quantile) -> float:
    """The standard error that an interval of 90 % stands for [d]."""
    return (found.high - found.low) / (2 * 1.645)


def fit_times(seen: Times, *, seed: int = 1, resamples: int = RESAMPLES, lucky: int = LUCKY) -> Fit:
    """All that can be said about one time."""
    if seen.done < LEAST:
        return Fit(seen, why=("why_few", {"n": str(seen.done)}))
    zero, rest = _apart(seen.spells)
    if sum(spell.end == "done" for spell in rest) < LEAST:
        return Fit(seen, zero=1.0)  # nearly all took no time, and the rest says nothing
    families = fit_all(sample(rest))
    expected = max(_expected_open(each, rest) for each in families)  # of a list cut short, the best has too thin a tail
    if seen.whole is None and seen.count("open") == 0 and expected >= _WONDER:
        return Fit(seen, why=("why_truncated", {"expected": f"{expected:.0f}"}))
    gone = np.array([spell.end == "cancelled" for spell in seen.spells])
    observed = sample(seen.spells)
    found = Fit(seen, given_up=given_up_share(observed, gone), observed=curve(observed), zero=zero)
    if seen.done < FEWEST:
        return replace(found, zero=0.0, quartiles=_quartiles(found.observed, families[0]))
    found = replace(found, families=families, weights=weights(families))
    if not resamples:
        return found
    rng = np.random.default_rng(seed)
    median, p90 = _intervals(found, rest, rng, resamples)
    goodness = _goodness(found, rest, rng, lucky) if lucky else None
    return replace(found, median=median, p90=p90, goodness=goodness, centres=_centres(found, rest))


def _apart(spells: Sequence[Spell]) -> tuple[float, list[Spell]]:
    """The share of times of no length, if there are many, and the spells without them."""
    zeros = sum(spell.zero for spell in spells)
    if zeros < max(3, _ZEROS * len(spells)):
        return 0.0, list(spells)
    rest = [replace(each, entry=max(each.entry, HALF), low=max(each.low, HALF)) for each in spells if not each.zero]
    return zeros / len(spells), [each for each in rest if each.high > HALF]


def _quantiles(families: Sequence[Fitted], share: Sequence[float], zero: float, p: Float) -> Float:
    """Weighted means of the quantiles of families, after a share that takes no time."""
    above = np.clip((np.asarray(p) - zero) / (1 - zero), 0.0, 1 - 1e-12)
    mixed = sum(weight * each.quantiles(np.maximum(above, 1e-12)) for each, weight in zip(families, share, strict=True))
    return np.where(np.asarray(p) <= zero, 0.0, mixed)


def _expected_open(fitted: Fitted, spells: Sequence[Spell]) -> float:
    """How many would be open if the list were whole."""
    return float(np.sum(1 - fitted.cdf(np.array([max(spell.follow_up, HALF) for spell in spells]))))


def _quartiles(observed: Curve | None, fitted: Fitted) -> tuple[float, float, float]:
    """Quartiles as they are seen, increasing, or as the best family has them where too many are open to see them."""
    seen = [observed.quantile(p) if observed is not None else math.inf for p in (0.25, 0.5, 0.75)]
    if all(map(math.isfinite, seen)) and 0 < seen[0] < seen[1] < seen[2]:
        return seen[0], seen[1], seen[2]
    return fitted.quantile(0.25), fitted.quantile(0.5), fitted.quantile(0.75)


def _clusterings(spells: Sequence[Spell]) -> Iterator[NDArray[np.int64]]:
    """(n) each: what is resampled together, trials one by one, and centres if there are enough of them."""
    yield np.arange(len(spells))
    names = [spell.centre for spell in spells]
    if len(set(names)) >= _MANY_CENTRES and "" not in names:
        yield np.unique(names, return_inverse=True)[1]


def _intervals(found: Fit, rest: Sequence[Spell], rng: np.random.Generator, count: int) -> tuple[Quantile, Quantile]:
    """Median and P90 with their intervals: never narrower than if trials knew nothing of their centres."""
    from scipy.stats import t

    seen, probabilities = sample(rest), np.array([0.5, 0.9])
    widths = np.zeros(2)
    for cluster in _clusterings(rest):
        number = int(cluster.max()) + 1
        drawn = np.empty((count, 2))
        for each in range(count):
            weight = np.bincount(rng.integers(number, size=number), minlength=number)[cluster].astype(np.float64)
            drawn[each] = _chosen_again(found, seen.weighted(weight)).quantiles(probabilities)
        spread = np.std(np.log(np.maximum(drawn, 1e-3)), axis=0, ddof=1) * math.sqrt(number / (number - 1))
        widths = np.maximum(widths, t.ppf((1 + LEVEL) / 2, number - 1) * spread)
    median, p90 = (
        Quantile(float(value), float(value / width), float(value * width))
        for value, width in zip(found.quantiles(probabilities), np.exp(widths), strict=True)
    )
    return median, p90


def _chosen_again(found: Fit, seen: Sample) -> Fit:
    """The fit of a resample: the families that are in question are fitted and weighed again."""
    in_question = [each for each, weight in zip(found.families, found.weights, strict=True) if weight >= _IN_QUESTION]
    again = sorted((fit_family(each.family, seen, each.parameters) for each in in_question), key=lambda each: each.aicc)
    return replace(found, families=tuple(again), weights=weights(again))


def _goodness(found: Fit, rest: Sequence[Spell], rng: np.random.Generator, resamples: int) -> Goodness:
    seen = sample(rest)
    distance = _distance(found.best, seen)[0]
    watched = np.array([_watched(spell) for spell in rest])
    entry = seen.entry
    by_luck = np.empty((resamples, 2))
    for each in range(resamples):
        drawn = _redrawn(found.best, watched, entry, rng)
        by_luck[each] = _distance(fit_family(found.best.family, drawn, found.best.parameters), drawn)
    p = (1 + np.sum(by_luck[:, 0] >= distance)) / (resamples + 1)
    return Goodness(distance, float(p), float(np.quantile(by_luck[:, 1], LEVEL)), resamples)


def _watched(spell: Spell) -> float:
    """How long a time could have been seen to end [d]: until it was given up, or until the extraction."""
    return spell.low if spell.end == "cancelled" else max(spell.follow_up, 1.0)


def _redrawn(fitted: Fitted, watched: Float, entry: Float, rng: np.random.Generator) -> Sample:
    """New times from the fit, known to the day and watched as long as the real ones."""
    begin = fitted.cdf(entry)
    times = np.round(fitted.quantiles(np.clip(begin + (1 - begin) * rng.random(len(watched)), 1e-9, 1 - 1e-9)))
    done = times <= watched
    low = np.where(done, np.maximum(times - HALF, entry), watched)
    high = np.where(done, times + HALF, np.inf)
    return Sample(low, high, entry, np.full(len(low), np.inf), np.ones(len(low)))


def _distance(fitted: Fitted, seen: Sample) -> tuple[float, float]:
    """Cramer-von Mises between observed and fitted curve, as far as the first goes; and the largest difference."""
    observed = curve(seen)
    if not len(observed.time):
        return 0.0, 0.0
    after = fitted.cdf(observed.time + HALF)
    before = np.append(fitted.cdf(np.array([0.0])), after[:-1])
    squared = float(np.sum((observed.share - after) ** 2 * (after - before)) * seen.size)
    return squared, float(np.abs(observed.share - after).max())


def _centres(found: Fit, rest: Sequence[Spell]) -> tuple[Centre, ...]:
    """Centres with enough cases, their log-medians drawn to the whole by empirical Bayes; the small ones as one.

    References
    ----------
    Morris C. N. (1983). Parametric empirical Bayes inference. Journal of the American Statistical Association 78,
    47-55. doi:10.1080/01621459.1983.10477920
    """
    sizes = Counter(spell.centre for spell in rest if spell.end == "done")
    large = [name for name, size in sizes.items() if size >= FEW and name]
    if len(large) < 3:
        return ()
    whole = _log_median(found.best)
    shift = []
    for name in large:
        mine = sample([spell for spell in rest if spell.centre == name])
        shift.append(_log_median(fit_family(found.best.family, mine, found.best.parameters)) - whole)
    spread = _log_spread(found.best)
    own = np.array([spread**2 * math.pi / 2 / sizes[name] for name in large])
    between = max(0.0, float(np.var(shift, ddof=1) - own.mean()))
    pull = between / (between + own) if between else np.zeros(len(large))
    rows = zip(large, shift, pull, strict=True)
    return tuple(Centre(name, sizes[name], math.exp(whole + by), math.exp(whole + p * by)) for name, by, p in rows)


def _log_median(fitted: Fitted) -> float:
    """The logarithm of the median, of half a day at least: dates do not know shorter times."""
    return math.log(max(fitted.quantile(0.5), HALF))


def _log_spread(fitted: Fitted) -> float:
    """Half the log-distance between the quantiles at one standard deviation to either side."""
    return (math.log(fitted.quantile(0.8413)) - math.log(max(fitted.quantile(0.1587), 1e-3))) / 2
