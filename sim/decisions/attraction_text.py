"""What attractiveness comes to, in sentences and a table: more trials, and what their queues leave of the gain."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from sim.decisions.attraction import Attraction, Point
from sim.decisions.text import goal_words, replications_words, wrapped
from sim.report.titles import Titles
from sim.report.words import DASH, Language, days, number, say, share, share_between
from sim.tables import as_text


def attraction_text(found: Attraction, language: Language) -> str:
    """The volume at which speed and volume agree, for each elasticity; what is given back, and where it is waited."""
    return f"{wrapped(_sentences(found, language))}\n{_table(found, language)}"


def _sentences(found: Attraction, language: Language) -> Iterator[str]:
    before, after = found.reference, found.unanswered
    titles = [Titles(each.result.scenario, language).whole for each in (before, after)]
    words = goal_words(after.result.scenario, language) | {"reference": titles[0], "scenario": titles[1]}
    words |= {
        "before": days(before.days(found.indicator), language),
        "after": days(after.days(found.indicator), language),
        "of": Titles(after.result.scenario, language).indicator(found.indicator.name),
        "share": _share(after, language),
        "share_before": _share(before, language),
        "replications": replications_words(len(after.result.summary.replications), language),
    }
    yield say("attraction_gain", language, **words)
    for each in found.drawn:
        told = {
            "elasticity": number(each.elasticity, language),
            "volume": number(_volume(found, each.at), language, digits=0),
            "volume_before": number(_volume(found, before), language, digits=0),
            "share": _share(each.at, language),
        }
        given = found.given_back(each)
        back = DASH if isnan(given) else share(max(0.0, given), language)
        yield say("attraction_drawn", language, back=back, **told)
        slower = found.slower(each)
        if slower is not None and slower[2] - slower[1] >= 0.05:
            pool, less, more = slower
            who = Titles(after.result.scenario, language).pool(pool)
            yield say("attraction_wait", language, pool=who, less=days(less, language), more=days(more, language))
    yield say("attraction_reading", language)


def _table(found: Attraction, language: Language) -> str:
    heads = ("attraction_elasticity", "attraction_volume", "attraction_days", "within_goal")
    rows = [tuple(say(head, language) for head in heads)]
    points: list[tuple[str, Point]] = [
        (say("attraction_reference", language), found.reference),
        ("0", found.unanswered),
    ]
    points += [(number(each.elasticity, language), each.at) for each in found.drawn]
    for name, point in points:
        volume = number(_volume(found, point), language, digits=0)
        rows.append((name, volume, number(point.days(found.indicator), language), _share(point, language)))
    return as_text(rows, right={1, 2, 3})


def _volume(found: Attraction, point: Point) -> float:
    return point.factor * sum(each.volume or 0.0 for each in found.classes)


def _share(point: Point, language: Language) -> str:
    each = point.share
    return f"{share(each.value, language)} [{share_between(each.low, each.high, language)}]"
