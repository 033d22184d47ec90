"""What a search came to, in sentences and a table: the numbers with their certificate, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from sim.decisions.solving import Answer, Sought
from sim.decisions.staffing import Looked, Point, Verdict
from sim.decisions.text import goal_words, replications_words, wrapped
from sim.report.answer import NAMED, last_to_finish
from sim.report.titles import Titles
from sim.report.words import Language, between, days, number, plain, say, share
from sim.tables import as_text


def solution_text(found: Answer, language: Language) -> str:
    """The smallest numbers and their certificate, or why there are none, and everything that was looked at."""
    pools = found.pools
    titles = Titles(found.scenario, language)
    head = [counted(each, titles) for each in found.sought]
    head += [say(key, language) for key in ("within_goal", "years_met", "people_in_all")]
    head += [say("cost_in_all", language)] if found.scenario.costs else []
    head += [say(key, language) for key in ("use_of_them", "wait_for_them") if pools]
    rows = [tuple(head)]
    for each in found.solution.looked:
        cells = [f"{n}" for n in each.at]
        cells += [share_of_looked(each, language), share(each.years_met(found.question.wanted), language)]
        cells += [number(found.people(each.at), language, digits=0)]
        cells += [] if (spent := found.cost(each.at)) is None else [number(spent / 1000, language, digits=0)]
        if pools:
            uses, waits = zip(*(found.load(each.at, pool) for pool in pools), strict=True)
            cells += [
                " | ".join(share(use.value, language) for use in uses),
                " | ".join(days(wait.value, language) for wait in waits),
            ]
        rows.append(tuple(cells))
    return f"{wrapped(_sentences(found, language))}\n{as_text(rows, right={*range(len(head))})}"


def counted(sought: Sought, titles: Titles) -> str:
    """What a number counts, as the heading of its column: the people of a pool, days after an event, or the path."""
    pool, language = sought.pool, titles.language
    if pool is not None and pool in titles.scenario.pools:
        return titles.pool(pool)
    if sought.event is not None:
        return say("days_after", language, event=_event(sought, titles))
    return sought.path


def said(sought: Sought, n: int, titles: Titles) -> str:
    """A number with what it counts, in the middle of a sentence."""
    pool, language, parts = sought.pool, titles.language, sought.path.split(".")
    if pool is not None and pool in titles.scenario.pools:
        if len(parts) == 4:
            return say("people_per_type", language, n=f"{n}", people=titles.pool(pool), type=_kind(parts, titles))
        return say(f"people_per_{titles.scenario.pools[pool].per}", language, n=f"{n}", people=titles.pool(pool))
    if sought.event is not None:
        key = "starts_before" if n < 0 else "starts_after"
        return say(key, language, path=sought.path, days=_days(n, sought, language), event=_event(sought, titles))
    return f"{sought.path} = {n if sought.unit is None else _days(n, sought, language)}"


def _days(n: int, sought: Sought, language: Language) -> str:
    return days(abs(n), language, digits=0) if sought.unit == "d" else f"{abs(n)} {sought.unit}"


def _event(sought: Sought, titles: Titles) -> str:
    return titles.since(str(sought.event).split()[-1])


def _kind(parts: list[str], titles: Titles) -> str:
    """What a type of sites or of sponsors is called."""
    kinds = titles.scenario.site_types if parts[0] == "site_types" else titles.scenario.sponsor_types
    title = kinds[parts[1]].title if parts[1] in kinds else None
    return plain(parts[1]) if title is None else title.fr if titles.language == "fr" else title.en


def point_said(found: Answer, at: Point, language: Language) -> str:
    """A point in the middle of a sentence."""
    titles = Titles(found.scenario, language)
    each = [said(sought, n, titles) for sought, n in zip(found.sought, at, strict=True)]
    return say("and", language).join((", ".join(each[:-1]), each[-1])) if len(each) > 1 else each[0]


def _sentences(found: Answer, language: Language) -> Iterator[str]:
    solution, wanted = found.solution, found.question.wanted
    at = solution.found or solution.ceiling
    words = looked_words(at, language) | goal_words(found.scenario, language)
    words |= {"at": point_said(found, at.at, language), "wanted": share(wanted, language)}
    match solution.verdict:
        case Verdict.STOPPED:
            yield say("solve_stopped", language, points=f"{len(solution.looked)}", **words)
            return
        case Verdict.UNREACHABLE:
            yield say("solve_unreachable", language, items=finished_last(found, language), **words)
            return
        case Verdict.MET_BY_LEAST:
            yield say("solve_least", language, **words)
        case Verdict.FOUND | Verdict.UNDECIDED if len(at.at) > 1:
            yield say("solve_several", language, people=number(found.people(at.at), language, digits=0), **words)
            if solution.verdict is Verdict.FOUND:
                yield say("solve_minimal", language, **words)
        case Verdict.FOUND | Verdict.UNDECIDED:
            below = solution.certificate[0]
            assert below is not None  # looked at before there was an answer
            less = {"fewer": point_said(found, below.at, language), "less": share(below.share, language)}
            yield say("solve_found", language, less_interval=_interval(below, language), **less, **words)
    if (spent := found.cost(at.at)) is not None:
        yield say("solve_cost", language, cost=number(spent / 1000, language, digits=0))
    if solution.verdict is Verdict.UNDECIDED:
        yield say("solve_undecided", language, **words)
    if not solution.largest:
        yield from _more(found, language)
    yield say("solve_years", language, years=share(at.years_met(wanted), language), **words)
    if solution.on_edge:
        yield say("solve_edge", language)
    for fewer, more in solution.anomalies:
        points = {"fewer": point_said(found, fewer.at, language), "more": point_said(found, more.at, language)}
        yield say("solve_worse", language, **points)


def _more(found: Answer, language: Language) -> Iterator[str]:
    """What the next one adds, and the one after."""
    before, gains = found.solution.found, []
    for each in found.solution.more:
        assert before is not None
        value, low, high = (100 * bound for bound in each.gain(before))
        gains.append({"points": say("points", language, n=number(value, language)),
                      "interval": f"{say('interval', language)} {between(low, high, language)}"})  # fmt: skip
        before = each
    for key, gain in zip(("solve_next", "solve_after"), gains, strict=False):
        yield say(key, language, **gain)


def looked_words(at: Looked, language: Language) -> dict[str, str]:
    """A share that was seen, its interval, and how often it was played, as words of a sentence."""
    return {
        "share": share(at.share, language),
        "interval": _interval(at, language),
        "replications": replications_words(len(at.years), language),
    }


def share_of_looked(each: Looked, language: Language) -> str:
    """The same in a cell of a table."""
    return f"{share(each.share, language)} [{between(100 * each.low, 100 * each.high, language)}]"


def finished_last(found: Answer, language: Language) -> str:
    """What finishes last when there is as much as nobody could use."""
    estimates = found.results[found.solution.ceiling.at].summary.estimates
    most = sorted(last_to_finish(estimates), key=lambda each: -each.value if not isnan(each.value) else 0)[:NAMED]
    goal, titles = found.scenario.goal, Titles(found.scenario, language)
    ready = {goal.from_: say("all_else_ready", language, event=titles.since(goal.from_))} if goal else {}
    named = ((ready.get(each.key.of) or titles.event(each.key.of), each.value) for each in most)
    return ", ".join(f"{name} {share(value, language)}" for name, value in named if round(100 * value) > 0)


def _interval(looked: Looked, language: Language) -> str:
    return f"{say('interval', language)} {between(100 * looked.low, 100 * looked.high, language)}"
