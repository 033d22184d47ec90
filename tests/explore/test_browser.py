"""The explorer in an installed Chromium: an adviser's question, by mouse, by keyboard, and on a small screen."""

from __future__ import annotations

from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sim.explore.experiment import Explorer, Question, Turn
from sim.explore.page import event
from sim.explore.state import State, state_of
from tests.browser import Tab, browsing
from tests.explore.conftest import TOKEN, Client, Counting
from tests.patience import happens

ONE_MORE = State(None, {"site_types.large.people.clerks": "3", "site_types.small.people.clerks": "2"})


def settled(tab: Tab) -> Any:
    """What is said once all replications are there."""
    assert happens(lambda: tab.run("document.body.dataset.done") == "6")
    return tab.run("document.getElementById('status').textContent")


def asks(tab: Tab, script: str) -> Any:
    """What is said after a move."""
    tab.run("document.body.dataset.done = ''")
    tab.run(script)
    return settled(tab)


def focused(tab: Tab) -> str:
    """Where the keyboard is."""
    return str(tab.run("document.activeElement.name || document.activeElement.id || document.activeElement.tagName"))


@pytest.mark.slow
def test_one_more_at_each_centre(client: Client, explorer: Explorer) -> None:
    """Et avec une personne de plus par centre ? One press of a button; what is said is the exact answer."""
    *_, exact = explorer.answers(Question(ONE_MORE))
    *_, lever = explorer.answers(Question(State(("helped",), ONE_MORE.moved)))
    with browsing(f"{client.address}/{TOKEN}/?lang=fr") as tab:
        assert "Ce sont les nombres de la référence." in settled(tab)
        tab.run("document.querySelector('.people [data-add=\"1\"]').focus()")
        tab.run("document.body.dataset.done = ''")
        tab.press("Enter")
        assert settled(tab) == event(exact, "fr")["status"]
        link = parse_qs(urlsplit(tab.run("location.href")).query)
        assert state_of(link["state"][0]) == ONE_MORE
        text = tab.run("fetch(document.getElementById('download').href).then((it) => it.text())")
        assert text == explorer.start.text(ONE_MORE)
        assert asks(tab, "document.querySelector('[name=levers]').click()") == event(lever, "fr")["status"]
        assert tab.run("document.querySelectorAll('.moved').length") == 2
        assert tab.errors == []


@pytest.mark.slow
def test_two_pages_take_turns(client: Client, explorer: Explorer, counting: Counting, turn: Turn) -> None:
    """Who is overtaken by another page is told, and goes on with the next move."""
    with browsing(f"{client.address}/{TOKEN}/?lang=fr") as tab:
        settled(tab)
        assert happens(lambda: bool(explorer.reached(None)))  # nothing is played any more
        counting.begun.clear()
        counting.hold.clear()
        ask = "document.querySelector('.people [data-add=\"1\"]').click()"
        tab.run(ask)
        counting.begun.wait()
        before = turn.now
        other = Thread(target=client.get, args=["answer"], kwargs={"params": {"state": "pools.desk.units=4"}})
        other.start()
        assert happens(lambda: turn.now > before)
        counting.hold.set()
        said = "document.getElementById('wrong').textContent"
        assert happens(lambda: "Arrêté avant la fin des réplications" in tab.run(said))
        other.join()
        assert "points par rapport à" in asks(tab, ask)
        assert tab.run(said) == "" and tab.errors == []


@pytest.mark.slow
def test_a_slider_by_the_keyboard(client: Client) -> None:
    """An arrow moves it and its field; what it stands at is spoken with its unit; what is wrong is said."""
    with browsing(f"{client.address}/{TOKEN}/?lang=fr") as tab:
        settled(tab)
        slider = "document.querySelector('[name=\"tasks.answered.work\"]')"
        tab.run(f"{slider}.focus(); document.body.dataset.done = ''")
        tab.press("End")
        assert "points par rapport à" in settled(tab)
        assert tab.run(f"{slider}.getAttribute('aria-valuetext')") == "12 j"
        assert tab.run(f"{slider}.parentElement.querySelector('[type=number]').value") == "12"
        tab.press("Tab")
        assert tab.run("document.activeElement.type") == "number"
        wrong = "document.querySelector('[name=\"tasks.opened.starts\"]')"
        tab.run(f"{wrong}.value = 'answered'; {wrong}.dispatchEvent(new Event('input', {{bubbles: true}}))")
        said = "document.getElementById('wrong').textContent"
        assert happens(lambda: "tasks wait for each other" in tab.run(said))
        assert [each for each in tab.errors if "400" not in each] == []


@pytest.mark.slow
def test_a_small_screen_and_the_keyboard_alone(client: Client) -> None:
    """At 320 px nothing has to be scrolled sideways; Tab goes through everything and comes out at the end."""
    with browsing(f"{client.address}/{TOKEN}/?lang=fr") as tab:
        settled(tab)
        tab.window(320)
        assert tab.run("document.documentElement.scrollWidth") <= 320
        tab.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        visited = []
        for _ in range(80):
            tab.press("Tab")
            if (here := focused(tab)) == "BODY":
                break
            visited.append(here)
        assert visited[-1] == "BODY" or focused(tab) == "BODY"
        assert {"levers", "search", "tasks.answered.work", "tasks.opened.starts", "pools.desk.units"} <= {*visited}
        assert tab.errors == []
