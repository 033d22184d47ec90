"""The table of the verification: text for people, CSV and JSON for programs, Markdown for the documentation.

A `Row` is a verdict and, where the companions were run, the verdict on the same quantity ten per cent off.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim import tables
from sim.verification.coverage import COMMAND as COVERAGE
from sim.verification.verify import STANDARD_ERRORS, Verdict

Row = tuple[Verdict, Verdict | None]

COMMAND = "trialstart verify --companions --format markdown > docs/verification.md"
_PAGE = """# Verification

Does the simulator compute what the mathematics says? Every case below is a scenario file in `scenarios/verification/`
(Little's law is checked on the French reference itself), simulated in {replications} independent replications and
compared with a result that is known exactly, or that is computed in a second way from the same draws.
{agree} of the {all} quantities in {cases} cases agree.

- **exact**: from the closed form of the reference, as `sim/verification/theory.py` has it.
- **simulated**: a ratio of sums over the replications, with its 95 % Student t interval.
- **standard errors**: how many of them lie between the two; at most {most} is agreement. A quantity that is the same
  in both computations to nine digits is 0 away.
- **ten per cent off**: the same distance when a parameter of the scenario is changed by ten per cent and the exact
  value is not. It must be more than {most}: a comparison that cannot fail says nothing.

Later visits in the Jackson network are added in Python, because a scenario has no way back to an earlier task but
rounds. Preemption is not part of the model, so that no case has it. The Ishigami function, a benchmark for sensitivity
indices, is not a process that a scenario could say; it has its place beside a sensitivity analysis.

This page is written by
`{command}`,
and its last section by `{coverage}`.

"""


def all_well(rows: Sequence[Row]) -> bool:
    """Whether every quantity agrees and no companion does."""
    return all(verdict.agrees and not (off is not None and off.agrees) for verdict, off in rows)


def as_text(rows: Sequence[Row]) -> str:
    """The table for people, with a sentence below."""
    cells = [_heads(rows), *map(_cells, rows)]
    return f"{tables.as_text(cells)}\n{_sentence(rows)}\n"


def as_markdown(rows: Sequence[Row]) -> str:
    """The page of the documentation."""
    verdicts = [verdict for verdict, _ in rows]
    page = _PAGE.format(
        replications=verdicts[0].replications,
        agree=sum(each.agrees for each in verdicts),
        all=len(verdicts),
        cases=len({each.case for each in verdicts}),
        most=STANDARD_ERRORS,
        command=COMMAND,
        coverage=COVERAGE,
    )
    return page + tables.as_markdown([_heads(rows), *map(_cells, rows)])


def as_csv(rows: Sequence[Row]) -> str:
    """The table as CSV, with all digits."""
    return tables.as_csv(map(_record, rows), _record(rows[0]))


def as_json(rows: Sequence[Row]) -> str:
    """The table as a JSON list of objects, with all digits."""
    return tables.as_json([_record(row) for row in rows])


def _heads(rows: Sequence[Row]) -> list[str]:
    heads = ["case", "quantity", "exact", "simulated", "95 % interval", "standard errors", "verdict", "reference"]
    return [*heads[:6], "ten per cent off", *heads[6:]] if rows[0][1] is not None else heads


def _cells(row: Row) -> list[str]:
    verdict, off = row
    said = "agrees" if verdict.agrees else "DISAGREES"
    if off is not None and off.agrees:
        said += ", COMPANION AGREES TOO"
    return [
        verdict.case,
        verdict.quantity,
        _number(verdict.exact),
        _number(verdict.simulated),
        f"{_number(verdict.low)} to {_number(verdict.high)}",
        _distance(verdict),
        *([_distance(off)] if off else []),
        said,
        verdict.reference,
    ]


def _number(value: float) -> str:
    return f"{value:.5g}"


def _distance(verdict: Verdict) -> str:
    """Standard errors between simulated and exact; "differs" where nothing varies.

    >>> _distance(Verdict("case", "file", "what", "who", exact=1.0, simulated=1.5, standard_error=0.2, low=1, high=2,
    ...                   replications=30))
    '2.5'
    """
    return f"{verdict.standard_errors:.1f}" if verdict.standard_errors < float("inf") else "differs"


def _sentence(rows: Sequence[Row]) -> str:
    verdicts = [verdict for verdict, _ in rows]
    agree, cases = sum(each.agrees for each in verdicts), len({each.case for each in verdicts})
    said = f"{agree} of {len(rows)} quantities in {cases} cases agree within {STANDARD_ERRORS} standard errors"
    companions = [off for _, off in rows if off is not None]
    if companions:
        said += f"; {sum(not off.agrees for off in companions)} of {len(companions)} do not when ten per cent off"
    return said


def _record(row: Row) -> dict[str, str | float | bool | None]:
    verdict, off = row
    record = {
        name: getattr(verdict, name)
        for name in (
            "case",
            "scenario",
            "quantity",
            "reference",
            "exact",
            "simulated",
            "standard_error",
            "low",
            "high",
            "replications",
        )
    }
    distances = {"standard_errors": verdict.standard_errors}
    if off is not None:
        distances |= {"simulated_off": off.simulated, "standard_errors_off": off.standard_errors}
    finite = {name: value if value < float("inf") else None for name, value in distances.items()}
    return record | finite | {"agrees": verdict.agrees} | ({"agrees_off": off.agrees} if off is not None else {})
