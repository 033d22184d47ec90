"""What was checked, for CI systems: JUnit XML, GitHub annotations and a Markdown summary.

A `Report` has the three texts, of regressions (`of_regressions`) or of promises (`of_promises`); `publish` writes those
that are asked for.

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
from sim.regression.promises import Held, Promises
from sim.regression.promises_text import check_head, held_title, named, sentence
from sim.regression.sentences import before_and_after, first_difference, headline, number_name, tolerance_lines, words
from sim.regression.tiers import Regression
from sim.report.words import Language
from sim.scenario.language.mistakes import Place

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the result of a run goes, besides the terminal."""

    junit: Path | None = None
    markdown: Path | None = None
    github: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked in one run, in the three forms."""

    junit: str
    github: str  # workflow commands
    markdown: str


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was checked; without a verdict it passed."""

    file: str
    name: str
    verdict: str = ""  # in a word
    headline: str = ""
    text: str = ""
    skipped: bool = False


def publish(report: Report, outputs: Outputs) -> None:
    """Write the files, print the annotations, and append the summary to that of the GitHub job.

    Raises
    ------
    CannotWrite
        If a file cannot be written.
    """
    for path, text in ((outputs.junit, report.junit), (outputs.markdown, report.markdown)):
        if path is not None:
            _write(path, text)
    if outputs.github:
        print(report.github, end="")
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8") as stream:
                stream.write(report.markdown)


def of_regressions(found: Sequence[Regression]) -> Report:
    """A case for each scenario and tier; an error where it moved, a notice where only bytes did."""
    cases = [case for each in found for case in _cases(each)]
    marks = (
        annotation(
            "notice" if each.verdict is Verdict.SAME else "error",
            Place(each.file),
            f"{each.name}: {each.verdict}",
            "\n".join(words(each)),
        )
        for each in found
        if each.exact is not Verdict.SAME
    )
    return Report(junit("trialstart regress", cases), "".join(marks), _markdown(found))


def of_promises(found: Promises, language: Language) -> Report:
    """A case for each promise; an error where it is broken, a warning where it cannot be told."""
    cases, marks, rows = [], [], []
    for each in found.promises:
        title, said = named(each, language), sentence(each, language)
        kept = each.held is Held.KEPT
        cases.append(Case(each.file, each.name, *(() if kept else (each.held.value, said, said))))
        if not kept:
            kind = "error" if each.held is Held.BROKEN else "warning"
            marks.append(annotation(kind, each.place, f"{title}: {held_title(each.held, language)}", said))
        rows.append(f"| {_cell(each.file)} | {_cell(title)} | {held_title(each.held, language)} | {_cell(said)} |")
    head = ["## trialstart check", "", f"| {' | '.join(check_head(language))} | |", "|---|---|---|---|"]
    return Report(junit("trialstart check", cases), "".join(marks), "\n".join([*head, *rows, ""]))


def junit(name: str, cases: Sequence[Case]) -> str:
    """A JUnit XML document with a test case for each thing that was checked."""
    suite = ElementTree.Element("testsuite", name=name)
    for each in cases:
        case = ElementTree.SubElement(suite, "testcase", classname=_clean(each.file), name=each.name)
        if each.skipped:
            ElementTree.SubElement(case, "skipped", message=_clean(each.headline))
        elif each.verdict:
            failure = ElementTree.SubElement(case, "failure", message=_clean(each.headline), type=each.verdict)
            failure.text = _clean(each.text)
    for count, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        suite.set(count, str(len([*suite.iter(tag)])))
    ElementTree.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suite, encoding="unicode")}\n'


def annotation(kind: str, at: Place, title: str, text: str) -> str:
    """The workflow command that marks a file, or a line of it, with an error, a warning or a notice."""
    where = f"file={_property(at.file)}" + (f",line={at.line}" if at.line else "")
    return f"::{kind} {where},title={_property(title)}::{_data(text)}\n"


def _cases(found: Regression) -> Iterator[Case]:
    """The exact tier of a scenario, and the statistical one where it speaks."""
    if found.exact is Verdict.SAME:
        yield Case(found.file, "exact")
    elif found.tolerated is None:
        yield Case(found.file, "exact", found.verdict, headline(found), "\n".join(words(found)))
    else:
        yield Case(found.file, "exact", headline=first_difference(found), skipped=True)
    if found.tolerated is not None:
        moved = (found.verdict, headline(found), "\n".join(tolerance_lines(found)))
        yield Case(found.file, "statistical", *(() if found.tolerated is Verdict.SAME else moved))


def _markdown(found: Sequence[Regression]) -> str:
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
