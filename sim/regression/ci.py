"""Regressions for CI systems: JUnit XML, GitHub annotations and a Markdown summary.

Each takes the regressions of one run and gives a text; `publish` writes those that are asked for.

References
----------
GitHub, "Workflow commands for GitHub Actions"; the rules of escaping are those of the toolkit's `command.ts`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from sim.experiment.writing import prepare, write
from sim.regression.equivalence import Verdict
from sim.regression.sentences import before_and_after, first_difference, headline, number_name, tolerance_lines, words
from sim.regression.tiers import Regression

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the result of a run goes, besides the terminal."""

    junit: Path | None = None
    markdown: Path | None = None
    github: bool = False


def publish(found: Sequence[Regression], outputs: Outputs) -> None:
    """Write the files, print the annotations, and append the summary to that of the GitHub job.

    Raises
    ------
    CannotWrite
        If a file cannot be written.
    """
    for path, text in ((outputs.junit, junit), (outputs.markdown, markdown)):
        if path is not None:
            _write(path, text(found))
    if outputs.github:
        print("".join(github(found)), end="")
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8") as stream:
                stream.write(markdown(found))


def junit(found: Sequence[Regression]) -> str:
    """A JUnit XML document with a test case for each scenario and tier."""
    suite = ElementTree.Element("testsuite", name="trialstart regress")
    for each in found:
        _exact_case(suite, each)
        if each.tolerated is not None:
            case = ElementTree.SubElement(suite, "testcase", classname=_clean(each.file), name="statistical")
            if each.tolerated is not Verdict.SAME:
                _failure(case, each, "\n".join(tolerance_lines(each)))
    for count, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        suite.set(count, str(len([*suite.iter(tag)])))
    ElementTree.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suite, encoding="unicode")}\n'


def github(found: Sequence[Regression]) -> Iterator[str]:
    """The workflow commands that mark a scenario's file: an error where it moved, a notice where only bytes did."""
    for each in found:
        if each.exact is Verdict.SAME:
            continue
        kind = "notice" if each.verdict is Verdict.SAME else "error"
        title = f"{each.name}: {each.verdict}"
        yield (f"::{kind} file={_property(each.file)},title={_property(title)}::{_data(chr(10).join(words(each)))}\n")


def markdown(found: Sequence[Regression]) -> str:
    """A table with a line for each scenario, and the numbers that moved below it."""
    lines = ["## Regression of timelines", "", "| scenario | exact | statistical | |", "|---|---|---|---|"]
    lines += [
        f"| {_cell(each.file)} | {each.exact} | {each.tolerated or ''} | {_cell(headline(each))} |" for each in found
    ]
    for each in found:
        if each.movements:
            lines += [
                "",
                f"<details><summary>{_cell(each.name)}: {len(each.movements)} numbers moved</summary>",
                "",
                "| number | before | after | shift |",
                "|---|--:|--:|--:|",
            ]
            cells = ((_cell(number_name(one.key)), *before_and_after(one)) for one in each.movements)
            lines += [f"| {' | '.join(row)} |" for row in cells]
            lines += ["", "</details>"]
    return "\n".join([*lines, ""])


def _exact_case(suite: ElementTree.Element, found: Regression) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=_clean(found.file), name="exact")
    if found.exact is Verdict.SAME:
        return
    if found.tolerated is None:
        _failure(case, found, "\n".join(words(found)))
    else:
        ElementTree.SubElement(case, "skipped", message=_clean(first_difference(found)))


def _failure(case: ElementTree.Element, found: Regression, text: str) -> None:
    ElementTree.SubElement(case, "failure", message=_clean(headline(found)), type=found.verdict).text = _clean(text)


def _write(path: Path, text: str) -> None:
    def draft(partial: Path) -> None:
        partial.write_text(text, encoding="utf-8", newline="\n")

    prepare(path.parent)
    write(path.parent, {path.name: draft})


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("\n", " ")
