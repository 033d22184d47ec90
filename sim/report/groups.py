"""The goal by group, for people to read: a table for each scenario, with intervals and the trials that count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.experiment.tables import Line
from sim.report.numerals import between, number, share
from sim.report.words import Language, plain, say


def groups_text(lines: Sequence[Line], language: Language) -> str:
    """The lines of `by_group` as plain text."""
    scenarios = dict.fromkeys(line["scenario"] for line in lines)
    return "\n".join("".join(_table([line for line in lines if line["scenario"] == name], language)) for name in scenarios)


def _table(lines: Sequence[Line], language: Language) -> Iterator[str]:
    yield f"{plain(lines[0]['scenario'])}\n"
    rows = [[plain(lines[0]["by"]), "", "n", say("within_goal", language), say("median", language)]]
    cells = {(line["group"], line["name"]): line for line in lines}
    by_statistic = {(line["group"], line["name"], line["statistic"]): line for line in lines}
    for group, name in cells:
        within, median = (by_statistic[group, name, statistic] for statistic in ("share_within_goal", "median"))
        interval = between(100 * within["low"], 100 * within["high"], language, digits=0)
        days = between(median["low"], median["high"], language, digits=0)
        rows.append([group, plain(name), f"{within['trials']}", f"{share(within['value'], language)} [{interval}]",
                     f"{number(median['value'], language)} [{days}]"])
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        words = [cell.ljust(width) if column < 2 else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(row, widths, strict=True))]
        yield "  ".join(words).rstrip() + "\n"
