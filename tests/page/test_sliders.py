"""The page in a browser: sliders, switches, keyboard, narrow windows, large text, print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.analysis.estimates import indicator_key
from sim.analysis.indicators import SHARE
from sim.experiment.options import Options
from sim.experiment.running import run
from sim.page.making import Wanted, write_report
from sim.page.sliders import merged
from sim.uncertainty import surface as surfaces
from tests.browser import Tab, browsing
from tests.test_surface import RANGED

LEVER = """\
name: more_clerks
title: {en: more clerks, fr: plus de greffiers}
mechanism: made up
changes: {pools: {clerks: {units: 2}}}
"""
WITHIN = indicator_key("answer_time", SHARE)
STATE = "document.getElementById('sliders-result').textContent"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of two offices with ranges and a lever, with everything on it."""
    folder = tmp_path_factory.mktemp("offices")
    (folder / "levers").mkdir()
    (folder / "levers" / "more_clerks.yaml").write_text(LEVER, encoding="utf-8")
    (folder / "office.yaml").write_text(RANGED, encoding="utf-8")
    quick = "extends: office.yaml\ntitle: {en: Quick office, fr: Bureau rapide}\nlevers: [more_clerks]\n"
    (folder / "quick.yaml").write_text(quick, encoding="utf-8")
    wanted = Wanted(folder / "page.html", "en", sliders=True)
    sources = [str(folder / "office.yaml"), str(folder / "quick.yaml")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surfaces, "MOST", surfaces.FEWEST)
        return next(iter(write_report(sources, wanted, Options(replications=4, jobs=1))))


@pytest.fixture
def tab(place: Path) -> Iterator[Tab]:
    """The page, open."""
    with browsing(place.as_uri()) as found:
        yield found
        assert found.errors == []


def move(tab: Tab, slider: int, step: int) -> str:
    """What the page says after a slider was moved to a step."""
    tab.run(
        f"{{ const it = document.getElementById('slider-{slider}'); it.value = {step};"
        "it.dispatchEvent(new Event('input')); it.dispatchEvent(new Event('change')); }"
    )
    return str(tab.run(STATE))


def downloaded(tab: Tab) -> str:
    """The scenario file that the page gives."""
    tab.run("URL.createObjectURL = (blob) => { window.given = blob; return '#'; }")
    tab.run("document.getElementById('sliders-file').click()")
    return str(tab.run("window.given.text()"))


def shares(said: str) -> list[tuple[float, float]]:
    """The shares that the page says, with twice their errors, in per cent."""
    return [(float(value), float(error)) for value, error in re.findall(r"about (\d+)\W*% ± (\d+) points", said)]


@pytest.mark.slow
def test_a_state_of_the_sliders_is_a_file_whose_run_agrees(tab: Tab, place: Path) -> None:
    """As written, the numbers are those of a run; elsewhere they are within the error, nine times in ten."""
    written = run(place.parent / "quick.yaml", replications=4, jobs=1).estimates[WITHIN].value
    move(tab, 0, 1)
    tab.run("document.getElementById('sliders-reset').click()")
    assert f"{100 * written:.0f}\N{NO-BREAK SPACE}% [" in tab.run(STATE)
    steps = int(tab.run("document.getElementById('slider-0').max"))
    close = []
    for step in range(0, steps + 1, 3):
        *_, (value, error) = shares(move(tab, 0, step) if step % 2 else move(tab, 1, step % 3))
        state = place.parent / "state.yaml"
        state.write_text(downloaded(tab), encoding="utf-8")
        found = 100 * run(state, replications=4, jobs=1).estimates[WITHIN].value
        close.append(abs(value - found) <= error + 0.5 + 0.5)  # both were rounded
    assert len(close) >= 8
    assert sum(close) >= 0.9 * len(close) - 1e-9


@pytest.mark.slow
def test_levers_are_exact(tab: Tab, place: Path) -> None:
    """Switched off, they give what a plain run without them gives."""
    without = run(place.parent / "quick.yaml", set_=["levers=[]"], replications=4, jobs=1).estimates[WITHIN]
    tab.run("document.querySelector('#levers input').click()")
    said = tab.run("document.getElementById('levers-result').textContent")
    assert f"{100 * without.value:.0f}\N{NO-BREAK SPACE}% [" in said


@pytest.mark.slow
def test_the_state_is_in_the_address(tab: Tab, place: Path) -> None:
    """A link leads to the state, and to the one it is compared with; reset leads back; nothing outside is taken."""
    move(tab, 0, 2)
    tab.run("document.getElementById('sliders-pin').click()")
    said = move(tab, 1, 1)
    where = str(tab.run("location.href"))
    pinned = tab.run("document.getElementById('sliders-pinned').textContent")
    assert pinned.startswith("Compared with the state that was kept: ")
    tab.open("about:blank")
    tab.open(where)
    assert tab.run(STATE) == said
    assert tab.run("document.getElementById('sliders-pinned').textContent") == pinned
    before = tab.run("document.getElementById('slider-0').value")
    field = "document.querySelector('.slider input[type=number]')"
    tab.run(f"{field}.value = 1e6; {field}.dispatchEvent(new Event('change'))")
    assert tab.run("document.getElementById('slider-0').value") == before
    tab.run("document.getElementById('sliders-reset').click()")
    assert "#s=" not in tab.run("location.href")
    assert "exact" in tab.run(STATE)


@pytest.mark.slow
def test_the_keyboard_reaches_everything(tab: Tab) -> None:
    """Tab goes through the page in its order, shows where it is, and is never caught; arrows move a slider."""
    focused = "document.activeElement.id || document.activeElement.tagName + document.activeElement.textContent"
    style = "getComputedStyle(document.activeElement)"
    reached = "'a, button, input, summary, [tabindex=\"0\"]'"
    wanted = tab.run(f"[...document.querySelectorAll({reached})].filter((each) => each.checkVisibility()).length")
    seen = []
    while len(seen) <= wanted:
        tab.press("Tab")
        if tab.run("document.activeElement.tagName") == "BODY":
            break  # through the whole page, and out of it
        seen.append(tab.run(focused))
        assert tab.run(f"{style}.outlineStyle + {style}.outlineWidth") == "solid3px", seen[-1]
    assert len(seen) == wanted
    order = [seen.index(name) for name in ("slider-0", "slider-1", "sliders-reset", "sliders-file", "sliders-target")]
    assert order == sorted(order)
    tab.run("document.getElementById('slider-0').focus()")
    before = tab.run(STATE)
    tab.press("ArrowRight", 3)
    assert tab.run(STATE) != before
    assert tab.run("document.getElementById('slider-0').getAttribute('aria-valuetext')")


@pytest.mark.slow
def test_narrow_windows_and_large_text_lose_nothing(tab: Tab) -> None:
    """At 320 px, and with text twice as large, the page is no wider than its window."""
    for width, size in ((320, "100%"), (640, "200%"), (1280, "200%")):
        tab.window(width)
        tab.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        tab.run(f"document.documentElement.style.fontSize = '{size}'")
        assert tab.run("document.documentElement.scrollWidth <= window.innerWidth"), (width, size)
    small = "[...document.querySelectorAll('button, input, summary')].filter((each) => each.getClientRects().length)"
    size = f"Math.min(...{small}.map((each) => each.getBoundingClientRect().height))"
    tab.window(1000)
    tab.run("document.documentElement.style.fontSize = ''")
    assert tab.run(size) >= 24


@pytest.mark.slow
def test_nothing_is_cut_in_print(tab: Tab) -> None:
    """A4 pages; no figure is higher than one, none is broken; sliders stand there as their values."""
    content = tab.printed()
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", content)
    assert {tuple(round(float(each)) for each in box) for box in boxes} <= {(595, 842), (596, 842)}
    assert 4 <= len(boxes) <= 12
    tab.ask("Emulation.setEmulatedMedia", media="print")
    tab.window(680)  # [px] what is left of A4 between its margins
    heights = tab.run("[...document.querySelectorAll('figure')].map((each) => each.getBoundingClientRect().height)")
    assert max(heights) < 1009  # [px] the same, upright
    rule = "getComputedStyle(document.querySelector('figure')).breakInside"
    assert tab.run(rule) == "avoid"
    assert tab.run("document.documentElement.scrollWidth <= 680")
    assert tab.run("getComputedStyle(document.getElementById('slider-0')).display") == "none"
    assert tab.run("document.querySelector('.slider .value').checkVisibility()")
    cut = "[...document.querySelectorAll('svg text')].filter((each) => { const box = each.getBBox(), all = each.ownerSVGElement.viewBox.baseVal; return box.x < -1 || box.y < -1 || box.x + box.width > all.width + 1 || box.y + box.height > all.height + 1; }).map((each) => each.textContent)"  # noqa: E501
    assert tab.run(cut) == []


def test_two_states_in_one_file() -> None:
    """Keys go together, items by their names; what both say, the second says."""
    one = {"pools": {"desk": {"units": 3}}, "tasks": [{"name": "a", "work": "1 d"}]}
    other = {"pools": {"desk": {"units": 4}, "hall": {}}, "tasks": [{"name": "b"}, {"name": "a", "share": "5 %"}]}
    assert merged(one, other) == {
        "pools": {"desk": {"units": 4}, "hall": {}},
        "tasks": [{"name": "a", "work": "1 d", "share": "5 %"}, {"name": "b"}],
    }
