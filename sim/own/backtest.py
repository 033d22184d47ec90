"""Would it have predicted? Fits as they would have been made on earlier days, held against what came afterwards.

On each origin, the first day of a quarter, only what was known on that day is fitted; the trials that began in the
quarter are predicted, and scored by what is known of them today. What is still open today is scored as far as it could
be watched. References are the times of the year before, the date that was planned, and a published median. Origins
follow each other and share their past, so no test is made over them; intervals draw whole quarters.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.own.fitting import FEWEST, Fit, fit_times
from sim.own.reading import Tracker
from sim.own.scores import Reliable, coverage, crps, pinball, reliability, skill, uniform_p
from sim.own.spells import HALF, Spell, Times, as_of
from sim.own.timed import timed_tasks
from sim.own.words import Language, count, number, say, share
from sim.scenario.loading import load
from sim.tables import Line

LEVELS = (0.5, 0.8, 0.95)
REFERENCES = ("climatology", "planned", "published")
FEWEST_ORIGINS = 4
_MEMBERS = 400  # quantiles that stand for a predictive distribution
_YEAR = 365
_WORSE = 0.02  # a reference that is better by less than that is not better
_POOR = 0.65  # intervals of 80 % that hold less are not to be used

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """One prediction, scored."""

    origin: date
    open: bool
    crps: float
    loss_p90: float
    rank: float  # of what came, among what was predicted [0 to 1]
    references: Mapping[str, float]  # the score of each reference that there is
    predicted: float | None  # the share within the goal; None where nobody knows yet whether it was kept
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """One time over all origins."""

    task: str
    goal: float  # [d]
    scored: tuple[Scored, ...]
    origins: tuple[date, ...]  # those on which it could be fitted

    def skill(self, reference: str) -> tuple[float, float, float] | None:
        """The gain over a reference with its interval; None for few predictions, or one as exact as dates are."""
        both = [each for each in self.scored if reference in each.references]
        if len(both) < FEWEST or np.mean([each.references[reference] for each in both]) < HALF:
            return None
        blocks = [each.origin.toordinal() for each in both]
        return skill([each.crps for each in both], [each.references[reference] for each in both], blocks)

    def coverage(self, level: float) -> tuple[float, float, float]:
        """The share of central intervals of a level that held, with its exact interval."""
        return coverage([each.rank for each in self.scored], level)

    @property
    def brier(self) -> tuple[float, float, float] | None:
        """Brier score, predicted and actual share within the goal, of those of which it is known."""
        p, kept = self._known
        if not len(p):
            return None
        return float(np.mean((p - kept) ** 2)), float(p.mean()), float(kept.mean())

    @property
    def reliability(self) -> tuple[Reliable, ...]:
        """Predicted shares within the goal, and what came of them, of those of which it is known."""
        p, kept = self._known
        return reliability(p.tolist(), (kept > 0).tolist())

    @property
    def _known(self) -> tuple[Float, Float]:
        """(k) each: the predicted share, and whether the goal was kept."""
        known = [(each.predicted, each.kept) for each in self.scored if each.predicted is not None]
        p, kept = np.array(known, np.float64).reshape(-1, 2).T
        return p, kept

    @property
    def verdict(self) -> tuple[str, tuple[str, dict[str, float]] | None]:
        """May it be used? yes, care, no or unknown, and the reason."""
        if len(self.scored) < FEWEST or len(self.origins) < FEWEST_ORIGINS:
            return "unknown", None
        gain = self.skill("climatology")
        held, low, high = self.coverage(0.8)
        if gain is not None and gain[2] < -_WORSE:
            return "no", ("because_worse", {})
        if high < 0.8:
            return ("no" if held < _POOR else "care"), ("because_narrow", {"share": held})
        return ("care", ("because_wide", {"share": held})) if low > 0.8 else ("yes", None)


def backtest(
    tracker: Tracker,
    base: str,
    *,
    published: Mapping[str, float] | None = None,
    goals: Mapping[str, float] | None = None,
) -> tuple[Backtest, ...]:
    """Every time of a scenario that the tracker knows, predicted from earlier days.

    Parameters
    ----------
    tracker
        What `read_tracker` gave.
    base
        The scenario whose times are fitted.
    published
        By task, a published median [d] to compare with.
    goals
        By task, the days [d] within which it should be done; else the median of all that ended.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read.
    """
    scenario = load(base)
    timed = [each for each in timed_tasks(tracker, scenario) if not each.why]
    return tuple(
        predicted(
            each.times(tracker), tracker.extracted_on, (published or {}).get(each.name), (goals or {}).get(each.name)
        )
        for each in timed
    )


def predicted(seen: Times, today: date, published: float | None = None, goal: float | None = None) -> Backtest:
    """One time, predicted on the first day of every quarter from the second year of the tracker on."""
    done = [spell.high for spell in seen.spells if spell.end == "done"]
    within = goal if goal is not None else float(np.median(done)) if done else math.nan
    rng = np.random.default_rng(1)
    scored: list[Scored] = []
    origins: list[date] = []
    for origin, until in _quarters(seen, today):
        fit = fit_times(as_of(seen, origin - timedelta(days=1)), resamples=0, lucky=0)
        if not fit.families:
            continue
        origins.append(origin)
        members = fit.quantiles((np.arange(_MEMBERS) + 0.5) / _MEMBERS)
        past = _last_year(seen, origin)
        cases = [each for each in seen.spells if origin <= each.begun < until and each.end != "cancelled"]
        scored += [_score(each, origin, fit, members, past, published, within, float(rng.random())) for each in cases]
    return Backtest(seen.task, within, tuple(scored), tuple(origins))


def _quarters(seen: Times, today: date) -> Iterator[tuple[date, date]]:
    """The first days of quarters with at least a year before them, each with that of the next."""
    if not seen.spells:
        return
    first = min(spell.begun for spell in seen.spells) + timedelta(days=_YEAR)
    at = date(first.year, 3 * ((first.month - 1) // 3) + 1, 1)
    while at < today:
        after = date(at.year + at.month // 10, (at.month + 2) % 12 + 1, 1)
        if at >= first:
            yield at, min(after, today)
        at = after


def _last_year(seen: Times, origin: date) -> Float:
    """The times that ended in the year before an origin [d], increasing."""
    ended = [
        (spell.low + spell.high) / 2
        for spell in seen.spells
        if spell.end == "done" and 0 < (origin - spell.begun).days - spell.high <= _YEAR
    ]
    return np.sort(np.array(ended, np.float64))


def _score(
    spell: Spell, origin: date, fit: Fit, members: Float, past: Float, published: float | None, goal: float, luck: float
) -> Scored:  # fmt: skip
    is_open, limit = spell.end == "open", max(spell.follow_up, 0.5)
    came = math.inf if is_open else (spell.low + spell.high) / 2
    low, high = fit.cdf(np.array([spell.low, spell.high if not is_open else np.inf]))
    references = {"climatology": crps(past, came, limit=limit)} if len(past) >= 2 else {}
    points = {"planned": spell.planned, "published": published}
    references |= {
        name: abs(min(value, limit) - min(came, limit)) for name, value in points.items() if value is not None
    }
    known = spell.follow_up >= goal  # who ended before could be watched as long; else only the quick ones would count
    return Scored(
        origin,
        is_open,
        crps(members, came, limit=limit),
        pinball(float(members[int(0.9 * _MEMBERS)]), came, 0.9, limit=limit),
        float(low + luck * ((1.0 if is_open else high) - low)),
        references,
        float(fit.cdf(np.array([goal]))[0]) if known else None,
        came <= goal if known else None,
    )


def report(tests: Sequence[Backtest], language: Language = "en") -> str:
    """The page that says whether it may be used."""
    lines = (line for test in tests for line in ("", *_lines(test, language)))
    return "\n".join([say("test_title", language), *lines]) + "\n"


def lines(tests: Sequence[Backtest]) -> list[Line]:
    """The same for other programs: a line for each time, with its scores, their intervals, and the verdict."""
    return [_line(test) for test in tests]


def _line(test: Backtest) -> Line:
    some, nothing = test.scored, (None, None, None)
    found: dict[str, Any] = {
        "task": test.task,
        "verdict": test.verdict[0],
        "predicted": len(some),
        "open": sum(each.open for each in some),
        "origins": len(test.origins),
        "crps": float(np.mean([each.crps for each in some])) if some else None,
    }
    for reference in REFERENCES:
        found |= _bounds(f"skill_{reference}", test.skill(reference))
    for level in LEVELS:
        found |= _bounds(f"coverage_{100 * level:.0f}", test.coverage(level) if some else None)
    brier = dict(zip(("brier", "share_predicted", "share_came"), test.brier or nothing, strict=True))
    return {**found, "goal": test.goal, **brier}


def _bounds(name: str, found: tuple[float, float, float] | None) -> dict[str, float | None]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), found or (None, None, None), strict=True))


def _tenth(each: Reliable, lang: Language) -> str:
    shares = {name: share(getattr(each, name), lang) for name in ("predicted", "came", "low", "high")}
    return say("test_tenth", lang, n=count(each.n, lang), **shares)


def _lines(test: Backtest, lang: Language) -> Iterator[str]:
    scored = test.scored
    if not scored:
        yield say("test_line", lang, task=test.task, n="0", open="0", crps="-")
        yield say("verdict_unknown", lang, n="0")
        return
    mean = number(float(np.mean([each.crps for each in scored])), lang)
    is_open = count(sum(each.open for each in scored), lang)
    yield say("test_line", lang, task=test.task, n=count(len(scored), lang), open=is_open, crps=mean)
    first, last = test.origins[0].isoformat(), test.origins[-1].isoformat()
    yield "  " + say("test_origins", lang, n=count(len(test.origins), lang), first=first, last=last)
    for reference in REFERENCES:
        if (gain := test.skill(reference)) is not None:
            value, low, high = (share(each, lang) for each in gain)
            yield say("test_skill", lang, reference=say(f"ref_{reference}", lang), skill=value, low=low, high=high)
    held = (test.coverage(level) for level in LEVELS)
    yield say(
        "test_coverage",
        lang,
        shares=", ".join(f"{share(v, lang)} [{share(lo, lang)}, {share(hi, lang)}]" for v, lo, hi in held),
    )
    ranks = [each.rank for each in scored]
    bins = np.histogram(ranks, bins=10, range=(0, 1))[0]
    yield say("test_pit", lang, histogram=" ".join(map(str, bins)), p=number(uniform_p(ranks), lang, digits=2))
    if test.brier is not None:
        score, expected, kept = test.brier
        values = {"predicted": share(expected, lang), "came": share(kept, lang), "brier": number(score, lang, digits=2)}
        yield say("test_brier", lang, goal=number(test.goal, lang, digits=0), **values)
        yield from (_tenth(each, lang) for each in test.reliability)
    verdict, why = test.verdict
    reason = say(why[0], lang, **{name: share(value, lang) for name, value in why[1].items()}) if why else ""
    yield say(f"verdict_{verdict}", lang, why=reason, n=count(len(scored), lang))
