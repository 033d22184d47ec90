"""The report page: its numbers, its words, what everybody can read, and what a file from elsewhere may not do."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from sim.decisions.ledger import ledger
from sim.experiment.groups import by_groups
from sim.experiment.options import Options
from sim.experiment.results import Comparison
from sim.experiment.running import SHIPPED, compare, named_scenarios, run
from sim.experiment.writing import CannotWrite
from sim.page import drawing, making
from sim.page.content import Beside, page_of
from sim.page.drawing import DASHES
from sim.page.grouped import by_group
from sim.page.html import as_html, template
from sim.page.making import Wanted, write_report
from sim.page.words import PAGE
from sim.report.answer import shown
from sim.report.plots import COLOURS
from sim.report.words import Language
from tests.conftest import ONE_OFFICE

LEVER = """\
name: more_people
title: {en: more people, fr: plus de monde}
mechanism: made up
changes: {pools: {office: {units: 2}}}
"""


@dataclass
class Read(HTMLParser):
    """A page as a machine reads it: elements with their attributes and their text, in order."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: dict[str, list[str]] = field(default_factory=dict)
    inside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            del self.inside[len(self.inside) - 1 - self.inside[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.text.setdefault(self.inside[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element with this name."""
        return [attributes for name, attributes in self.elements if name == tag]


def read(html: str) -> Read:
    """The page, read."""
    page = Read()
    page.feed(html)
    return page


@pytest.fixture
def two(one_office: Path, two_offices: Path) -> Comparison:
    """Two offices compared."""
    return compare([one_office, two_offices], replications=4, jobs=1)


@pytest.fixture
def html(two: Comparison) -> str:
    """Their page, in French."""
    return as_html(page_of(two, "fr"))


def test_every_number_of_the_tables_is_on_the_page(two: Comparison) -> None:
    """The annex has a cell for each number of each scenario, and it is the number of the table."""
    page = page_of(two, "en")
    cells = {row[0]: row[1:] for row in page.numbers.rows}
    for place, result in enumerate(two.results):
        for key, found in result.summary.estimates.items():
            cell = cells[f"{key.columns[0]} ({key.columns[1]}) {key.columns[2]}"][place]
            said = cell.split(" [")[0]
            shown = re.sub(r"[^0-9.\N{MINUS SIGN}]", "", said).replace("\N{MINUS SIGN}", "-")
            if found.value == found.value and abs(found.value) != float("inf"):
                of_day = {"h": 24, "min": 1440}.get(said.split("\N{NO-BREAK SPACE}")[-1], 1)  # a unit that shows it
                scale = 100 if found.unit == "share" else of_day
                assert float(shown) == pytest.approx(scale * found.value, abs=0.51)


def test_the_page_asks_nothing_of_the_network(html: str) -> None:
    """No address, no file beside it; the policy allows its own style and script and nothing else."""
    page = read(html)
    assert not [
        each for _, each in page.elements if {"src", "href"} & {*each} and not str(each.get("href")).startswith("#")
    ]
    assert not re.findall(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", html)
    policy = next(str(each["content"]) for each in page.all("meta") if "http-equiv" in each)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_figures_have_a_name_a_finding_and_their_data(html: str) -> None:
    """Each drawing is an image with an accessible name, described by a table that is there; its text is text."""
    page = read(html)
    ids = [str(each["id"]) for _, each in page.elements if "id" in each]
    assert len(ids) == len({*ids})
    drawings = page.all("svg")
    assert len(drawings) == 3  # the curve, what changes, where the days go
    for each in drawings:
        assert each["role"] == "img"
        assert {str(each["aria-labelledby"]), str(each["aria-describedby"])} <= {*ids}
    assert page.text["text"]


def test_tables_have_captions_and_heads(html: str) -> None:
    """Every table says what it is, and every head says of what."""
    page = read(html)
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(each.get("scope") in ("col", "row") for each in page.all("th"))


def test_headings_come_in_order_and_the_language_is_said(html: str) -> None:
    """One first heading, no level left out, and French is called French."""
    page = read(html)
    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - before <= 1 for before, later in pairwise(levels))
    assert page.all("html") == [{"lang": "fr"}]
    assert page.all("a")[0]["href"] == "#answer"


def test_inks_are_told_apart_on_white_and_without_colour() -> None:
    """A contrast of at least 4.5 (WCAG 1.4.3), and a dash pattern for each."""
    for ink in COLOURS:
        red, green, blue = (int(ink[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 4.5, ink
    assert len({*DASHES}) == len(COLOURS)


def test_a_users_words_are_words(tmp_path: Path) -> None:
    """A title with a script, and one from right to left, are shown as they are written."""
    title = "<script>alert(1)</script> & \u202eabc"
    file = tmp_path / "odd.yaml"
    file.write_text(
        ONE_OFFICE.replace("en: One office, fr: Un bureau", f"en: {title!r}, fr: {title!r}"), encoding="utf-8"
    )
    page = as_html(page_of(Comparison((found := run(file, replications=2, jobs=1),), found.manifest), "en"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_same_results_give_the_same_bytes(two: Comparison, language: Language) -> None:
    """There is no date and no luck on the page."""
    assert as_html(page_of(two, language)) == as_html(page_of(two, language))


def test_french_is_set_as_french_is() -> None:
    """Accents are there, quotation marks are French, and no English word of the catalogue is."""
    for key, (en, fr) in PAGE.items():
        assert not re.search(r"[“”]|\b(the|and|of|which|trials|share)\b", re.sub(r"{\w+}", "", fr)), key
        assert en != fr or en in ("Verdict", "Source", "Versions"), key


def test_levers_are_switches_with_exact_answers(tmp_path: Path) -> None:
    """Every combination stands in the file, in the words of a plain run of it."""
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "more_people.yaml").write_text(LEVER, encoding="utf-8")
    file = tmp_path / "office.yaml"
    file.write_text(f"{ONE_OFFICE}levers: [more_people]\n", encoding="utf-8")
    comparison = compare([file], replications=4, jobs=1)
    page = as_html(page_of(comparison, "en", Beside(ledger=ledger(file, replications=4, jobs=1))))
    sentences = json.loads(re.findall(r'<script type="application/json" id="combinations">(.*?)</script>', page)[0])
    assert len(sentences) == 2
    without = run(file, set_=["levers=[]"], replications=4, jobs=1).summary
    share = 100 * next(each.value for key, each in without.estimates.items() if key.statistic == "share_within_goal")
    assert f"{share:.0f}\N{NO-BREAK SPACE}% [" in sentences[0]
    assert sentences[0] != sentences[1]
    policy = next(str(each["content"]) for each in read(page).all("meta") if "http-equiv" in each)
    assert "script-src 'sha256-" in policy


def test_a_report_of_a_folder_simulates_nothing(
    one_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The results that a run left are read, and the page is that of the run."""
    run(one_office, replications=3, jobs=1, out=tmp_path / "out")
    monkeypatch.setattr(making, "compare", lambda *given, **named: pytest.fail("simulated again"))
    wanted = Wanted(tmp_path / "page.html", "en", xlsx=True)
    written = list(write_report([str(tmp_path / "out")], wanted, Options()))
    assert written == [tmp_path / "page.html", tmp_path / "page.xlsx"]
    assert "One office" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_numbers_are_numbers_in_the_workbook(two: Comparison, tmp_path: Path) -> None:
    """Each sheet has the lines of its table; what is like a formula is text."""
    from openpyxl import load_workbook

    from sim.page.workbook import workbook

    page = page_of(two, "fr")
    workbook(two, page, tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames[0] == "À lire d'abord"
    head, *rows = book["indicators"].iter_rows(values_only=True)
    value = head.index("value")
    found = [each.value for result in two.results for each in result.summary.estimates.values()]
    assert rows[0][value] == pytest.approx(found[0])
    assert isinstance(rows[0][value], float)


def test_a_scenario_has_its_colour_in_every_figure() -> None:
    """By group as on the curve, although the scenarios of a figure are not all of the page."""
    line = drawing.Line(3, "one", [0.1] * 20, [0.0] * 20, [0.2] * 20, "10 %")
    axis = drawing.Axis("", [(0, "0"), (19, "19")])
    curve = drawing.s_curve([line], (axis, axis), drawing.Goal(15, "goal"))
    grouped = drawing.groups([("all", [drawing.Interval(0.1, 0.0, 0.2)])], [(3, "one")], [(0, "0 %")])
    for drawn in (curve, grouped):
        assert {each for each in COLOURS if each in drawn} == {COLOURS[3]}


def test_the_last_of_three_keeps_its_colour_by_group(two: Comparison, one_office: Path) -> None:
    """Where groups are shown of the reference and of the last scenario, the last is the third of the page."""
    third = one_office.with_name("third.yaml")
    third.write_text(ONE_OFFICE.replace("units: 1", "units: 3"), encoding="utf-8")
    both = named_scenarios({"one_office": one_office, "third": third}, ())
    (grouped,) = by_groups(both, ["month"], Options(replications=40, jobs=1))
    seen = [shown(each, "en") for each in (*two.results, run(third, replications=4, jobs=1))]
    figure = by_group(seen, grouped)
    assert figure is not None
    assert [ink in figure.svg for ink in COLOURS[:3]] == [True, False, True]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_shipped_reports_are_complete_and_small(language: Language) -> None:
    """Every section of the shipped comparison, in its language, in one file that a mail takes."""
    file = Path(__file__).parents[2] / "docs" / f"report_{language}.html"
    page = file.read_text(encoding="utf-8")
    found = read(page)
    assert len(page) < 500_000
    assert found.all("html") == [{"lang": language}]
    ids = {str(each["id"]) for _, each in found.elements if "id" in each}
    assert ids >= {
        "slider-0",
        "changes",
        "levers",
        "days",
        "by-site_type-title",
        "people",
        "bands-title",
        "mind",
        "trust",
        "again",
    }
    assert f"trialstart compare {' '.join(SHIPPED)} " in unescape(page)


def test_no_browser_is_said_before_anything_is_simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To print needs one; the page can be printed by hand."""
    monkeypatch.setattr(making.shutil, "which", lambda name: None)
    with pytest.raises(CannotWrite, match=r"^--pdf: needs Chromium, Chrome or Edge, found none"):
        list(write_report(["france"], Wanted(tmp_path / "page.html", "en", pdf=True), Options()))
    assert not [*tmp_path.iterdir()]


@pytest.mark.slow
def test_the_default_report_has_every_section_in_both_languages(tmp_path: Path) -> None:
    """All shipped scenarios with bands and groups, and once more of the folder that keeps them: the same numbers."""
    wanted = Wanted(tmp_path / "page.html", "en", levers=False)
    assert [*write_report((), wanted, Options(replications=2, jobs=1, out=tmp_path / "kept"))] == [wanted.place]
    of_folder = Wanted(tmp_path / "seite.html", "fr", groups=True)
    assert [*write_report([str(tmp_path / "kept")], of_folder, Options(jobs=1))] == [of_folder.place]
    for place in (wanted.place, of_folder.place):
        page = place.read_text(encoding="utf-8")
        assert len(page) < 300_000
        found = read(page)
        ids = {str(each["id"]) for _, each in found.elements if "id" in each}
        assert ids >= {"answer", "changes", "days", "groups", "people", "sure", "mind", "trust", "method", "again"}
        assert ids >= {"by-site_type-title", "bands-title"}  # by month there are too few trials
        assert [text for text in found.text["p"] if "--levers" in text]
        assert not [text for text in found.text["p"] if "--groups" in text]
    tables = [each.read_text(encoding="utf-8").split('id="bands-data"')[1] for each in (wanted.place, of_folder.place)]
    bands = [re.findall(r"[0-9]+", unescape(each.split("</table>")[0])) for each in tables]
    assert bands[0] == bands[1]
    assert len(bands[0]) > 100


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, making.BROWSERS)), reason="no Chromium here to print with")
def test_it_prints_as_a4(two: Comparison, one_office: Path, tmp_path: Path) -> None:
    """A PDF beside the page, of A4 pages."""
    wanted = Wanted(tmp_path / "page.html", "fr", pdf=True)
    *_, pdf = write_report([str(one_office)], wanted, Options(replications=3, jobs=1))
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF")
    width, height = map(float, re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", content)[0])
    assert (width, height) == pytest.approx((595, 842), abs=1.5)


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, making.BROWSERS)), reason="no Chromium here to print with")
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_decision_is_on_four_printed_pages(language: Language, tmp_path: Path) -> None:
    """Of the shipped report in today's style, up to what would change our mind; long tables are not printed."""
    page = (Path(__file__).parents[2] / "docs" / f"report_{language}.html").read_text(encoding="utf-8")
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)  # it allows the old style alone
    style = template("style.css") + re.findall(r"@page \{ @bottom-right .*", page)[0]
    page = re.sub(r"<style>.*?</style>", lambda _: f"<style>{style}</style>", page, flags=re.DOTALL)
    begin, end = page.index('<section aria-labelledby="sliders-title">'), page.index("</main>")
    for name, content, most in (("whole", page, 15), ("decision", page[:begin] + page[end:], 4)):
        place = tmp_path / f"{name}.html"
        place.write_text(content, encoding="utf-8")
        printed = making._printed(making._browser(), place).read_bytes()
        assert 4 <= len(re.findall(rb"/MediaBox", printed)) <= most
