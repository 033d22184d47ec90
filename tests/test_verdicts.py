"""The table of the verification, as people, programs and the documentation get it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

from sim.verification.cases import cases
from sim.verification.page import COMMAND, all_well, as_csv, as_json, as_markdown, as_text
from sim.verification.verify import Verdict

GOOD = Verdict("V01", "verification/mm1", "mean wait [d]", "Erlang 1917", 4.5, 4.6, 0.05, 4.5, 4.7, 30)
BAD = replace(GOOD, case="V02", simulated=5.0)
STEADY = replace(GOOD, case="V03", simulated=4.4, standard_error=0.0)
PAGE = Path(__file__).resolve().parents[1] / "docs" / "verification.md"


def test_people_read_what_agrees() -> None:
    """One line a quantity, and a sentence that counts."""
    lines = as_text([(GOOD, None), (BAD, None)]).splitlines()
    assert lines[0].split("  ")[0] == "case"
    assert re.split(r"\s{2,}", lines[1]) == [
        "V01",
        "mean wait [d]",
        "4.5",
        "4.6",
        "4.5 to 4.7",
        "2.0",
        "agrees",
        "Erlang 1917",
    ]
    assert " DISAGREES " in lines[2]
    assert lines[-1] == "1 of 2 quantities in 2 cases agree within 4 standard errors"


def test_companions_get_a_column() -> None:
    """The distance ten per cent off stands beside the other one; a companion that agrees is called out."""
    lines = as_text([(GOOD, BAD), (GOOD, GOOD), (GOOD, STEADY)]).splitlines()
    assert [re.split(r"\s{2,}", line)[5:8] for line in lines[:4]] == [
        ["standard errors", "ten per cent off", "verdict"],
        ["2.0", "10.0", "agrees"],
        ["2.0", "2.0", "agrees, COMPANION AGREES TOO"],
        ["2.0", "differs", "agrees"],
    ]
    assert lines[-1].endswith("; 2 of 3 do not when ten per cent off")


def test_everything_must_be_well() -> None:
    """All quantities agree, and no companion does."""
    assert all_well([(GOOD, None), (GOOD, BAD)])
    assert not all_well([(GOOD, None), (BAD, None)])
    assert not all_well([(GOOD, GOOD)])


def test_programs_get_all_digits() -> None:
    """CSV and JSON hold the same records; what is infinitely far is left empty."""
    rows = [(replace(GOOD, exact=4.123456789012345), BAD), (GOOD, STEADY)]
    records = json.loads(as_json(rows))
    assert records[0]["exact"] == 4.123456789012345
    assert (records[0]["agrees"], records[0]["agrees_off"]) == (False, False)
    assert records[1]["standard_errors_off"] is None
    table = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert [list(row) for row in table] == [list(record) for record in records]
    assert table[1]["standard_errors_off"] == ""


def test_the_page_says_how_it_is_written() -> None:
    """A Markdown table under the explanation, with the command that writes it."""
    page = as_markdown([(GOOD, BAD)])
    assert COMMAND in page
    assert "30 independent replications" in page
    assert "1 of the 1 quantities in 1 cases agree." in page
    assert page.splitlines()[-1].startswith("| V01 | mean wait [d] | 4.5 | 4.6 |")


def test_the_documentation_has_every_quantity() -> None:
    """The page in docs/ is that of these cases, with these exact values, and all is well in it."""
    page = PAGE.read_text(encoding="utf-8").split("## How often intervals hold")[0]
    table = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    quantities = [(case.name, each.says, each.exact) for case in cases().values() for each in case.quantities]
    assert [tuple(line[:2]) for line in table[2:]] == [(name, says) for name, says, _ in quantities]
    exact = [(line[2], exact) for line, (_, _, exact) in zip(table[2:], quantities, strict=True)]
    assert all(written == f"{number:.5g}" for written, number in exact if isinstance(number, float))
    assert {line[-2] for line in table[2:]} == {"agrees"}
