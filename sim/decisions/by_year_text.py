"""How many people each year needs, in sentences and a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.decisions.by_year import Year
from sim.decisions.solution_text import finished_last, looked_words, point_said, share_of_looked
from sim.decisions.staffing import Verdict
from sim.decisions.text import goal_words, wrapped
from sim.report.titles import Titles
from sim.report.words import DASH, Language, days, number, say, share
from sim.tables import as_text


def by_year_text(found: Sequence[Year], language: Language) -> str:
    """The numbers of the years, up to the first that none is enough for, and what was seen with one less."""
    (pool,) = found[0].answer.pools
    heads = [
        "year_column",
        "within_goal",
        "with_one_less",
        "years_met",
        "people_in_all",
        "use_of_them",
        "wait_for_them",
    ]
    head = [say(each, language) for each in heads]
    head.insert(1, Titles(found[0].answer.scenario, language).pool(pool))
    rows = [tuple(head)]
    for year in found:
        seen, answer = year.seen, year.answer
        below, _ = answer.solution.certificate
        use, wait = answer.load(seen.at, pool)
        rows.append(
            (
                f"{year.opens.year}",
                f"{seen.number}" if year.reached else f"> {seen.number}",
                share_of_looked(seen, language),
                DASH if below is None else share_of_looked(below, language),
                share(seen.years_met(answer.question.wanted), language),
                number(answer.people(seen.at), language, digits=0),
                share(use.value, language),
                days(wait.value, language),
            )
        )
    return f"{wrapped(_sentences(found, language))}\n{as_text(rows, right={*range(len(head))})}"


def _sentences(found: Sequence[Year], language: Language) -> Iterator[str]:
    words = goal_words(found[0].answer.scenario, language)
    words["wanted"] = share(found[0].answer.question.wanted, language)
    if reached := [year for year in found if year.reached]:
        items = (
            say("by_year_item", language, at=point_said(year.answer, year.seen.at, language), year=f"{year.opens.year}")
            for year in reached
        )
        yield say("by_year", language, items=say("then", language).join(items), **words)
    if close := [f"{year.opens.year}" for year in reached if year.answer.solution.verdict is Verdict.UNDECIDED]:
        yield say("by_year_close", language, years=", ".join(close))
    if not (last := found[-1]).reached:
        told = looked_words(last.seen, language) | {"at": point_said(last.answer, last.seen.at, language)}
        told |= {"year": f"{last.opens.year}", "items": finished_last(last.answer, language)}
        yield say("by_year_open" if last.open else "by_year_unreachable", language, **words, **told)
    yield say("by_year_reading", language)
