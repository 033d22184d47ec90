"""The explorer's page over HTTP: who is let in, what is answered, and what a file from elsewhere may not do."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Never
from urllib.request import urlopen

import pytest

import sim
from sim.cli import app
from sim.explore import server
from sim.explore.experiment import Desk, Explorer, Question
from sim.explore.page import event, page
from sim.explore.state import State
from sim.explore.words import WORDS
from sim.page.content import cards
from sim.report.answer import shown
from sim.report.words import Language
from tests.explore.conftest import TOKEN, Client
from tests.explore.test_explore import STATES
from tests.page.test_page import read
from tests.patience import PATIENCE


@pytest.mark.parametrize("path", ["", "knobs", "answer", "scenario.yaml"])
@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("other", {}),
        ("", {}),
        ("known2", {}),
        (TOKEN, {"Host": "elsewhere.example"}),
        (TOKEN, {"Host": "localhost"}),
        (TOKEN, {"Host": "127.0.0.1:99"}),
        (TOKEN, {"Origin": "https://elsewhere.example"}),
        (TOKEN, {"Origin": "null"}),
    ],
)
def test_strangers_learn_nothing(path: str, token: str, headers: dict[str, str], client: Client) -> None:
    """Another token, another name for this machine, another page: refused, in the same words."""
    reply = client.get(path, token=token, headers=headers)
    assert (reply.status, reply.text) == (403, "not for you\n")


def test_who_knows_the_address_gets_the_page(client: Client) -> None:
    """With what it may load: itself; nothing is kept, and nobody is told where it came from."""
    reply = client.get("", headers={"Origin": client.address})
    policy = reply.headers["content-security-policy"]
    assert reply.status == 200
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "http" not in policy
    assert reply.headers["cache-control"] == "no-store" and reply.headers["referrer-policy"] == "no-referrer"
    assert client.get("", "POST").status == 405
    assert client.get("other").status == 404


def test_every_number_on_the_page_equals_a_plain_run(client: Client, country: Path) -> None:
    """The last answer has the cards of the comparison of the two files."""
    state = STATES["range"]
    told = client.events(state=state.link, lang="en")
    file = country.parent / "downloaded.yaml"
    file.write_text(client.get("scenario.yaml", params={"state": state.link}).text, encoding="utf-8")
    plain = sim.compare([country, file], replications=6, seed=3, jobs=1, engine="simpy")
    assert [name for name, _ in told] == ["answer", "answer", "ordered", "end"]
    last = told[1][1]
    for card in cards(tuple(shown(result, "en") for result in plain.results)):
        assert f"<strong>{card.value}</strong>{card.words}<span>{card.interval}</span>" in last["html"]
    assert last["status"].endswith("6 replications of 6.") and last["done"] == 6


def test_a_wrong_value_is_answered_in_words(client: Client) -> None:
    """In the stream as an event, elsewhere as a line of text; never as a page."""
    wrong = {"state": "tasks.answered.work=99"}
    message = "the page: tasks.answered.work: must be a number from 1 to 12 d, got '99'"
    assert client.events(**wrong) == [("wrong", message), ("end", "")]
    for path in ("", "scenario.yaml"):
        reply = client.get(path, params=wrong)
        assert (reply.status, reply.text) == (400, f"{message}\n")
        assert reply.headers["content-type"].startswith("text/plain")


def test_what_users_write_is_shown_as_it_is_written(client: Client) -> None:
    """A title, or a value in the address, makes no element of the page."""
    page = client.get("").text
    assert "Un &lt;b&gt;petit&lt;/b&gt; pays" in page and "<b>" not in page
    reply = client.get("", params={"reference": "<script>=1", "lang": '"><script>'})
    assert reply.status == 400 and "script" in reply.text and reply.headers["content-type"].startswith("text/plain")
    ((_, answer), *_) = client.events()
    assert "<b>" not in answer["html"]


def test_every_field_has_a_name_and_every_slider_a_field(client: Client) -> None:
    """Labels, a number field beside each slider, and one place that speaks."""
    page = read(client.get("").text)
    ids = [str(each["id"]) for _, each in page.elements if "id" in each]
    labels = {str(each["for"]) for each in page.all("label") if "for" in each}
    sliders = [each for each in page.all("input") if each.get("type") == "range"]
    named = [each for each in page.all("input") if each.get("type") == "number" and "aria-label" in each]
    assert len(ids) == len({*ids})
    assert len(sliders) == 2 and {str(each["id"]) for each in sliders} <= labels
    assert len([each for each in named if "name" not in each]) == len(sliders)
    assert [each["id"] for _, each in page.elements if each.get("role") == "status"] == ["status", "found"]
    assert page.elements[0] == ("html", {"lang": "fr"})


def test_the_knobs_of_other_levers_have_their_ranges(client: Client) -> None:
    """What no longer fits is back where the lever puts it."""
    moved = "tasks.answered.work=8&pools.desk.units=5"
    page = client.get("knobs", params={"state": f"levers=helped&{moved}"}).text
    assert re.search(r'name="tasks.answered.work" value="2" data-written="2".*max="3"', page)
    assert re.search(r'name="pools.desk.units" value="5" data-written="3"', page)
    assert re.search(r'value="helped" checked', page)


def test_what_matters_stands_first(client: Client) -> None:
    """Once both ends of the ranges were played, each says what that did, and the largest stands first."""
    assert "au plus bas" not in client.get("").text
    assert client.events()[-2][0] == "ordered"
    page = client.get("knobs").text
    spoken = re.findall(r"sur une année\D*([\d,]+)\D+([\d,]+)", page)
    ends = [[float(each.replace(",", ".")) for each in both] for both in spoken]
    assert len(ends) == 2
    assert abs(ends[0][0] - ends[0][1]) >= abs(ends[1][0] - ends[1][1]) > 0


def test_words_are_in_both_languages(client: Client) -> None:
    """Nothing is left in the other language, and blanks are the same in both."""
    french, english = (client.get("", params={"lang": language}).text for language in ("fr", "en"))
    assert "Effectifs" in french and "People" not in french
    assert "People" in english and "Effectifs" not in english
    for en, fr in WORDS.values():
        assert {*re.findall(r"{\w+}", en)} == {*re.findall(r"{\w+}", fr)}


def test_what_is_spoken_says_the_difference(explorer: Explorer) -> None:
    """The share, its interval, the paired difference with its verdict, and how many replications."""
    *_, last = explorer.answers(Question(STATES["people"]))
    said = event(last, "en")
    assert re.fullmatch(
        r"\d+ % .* within 12 calendar days.*, 95 % CI \S+\. \+[\d.]+ points against “A <b>small</b> country” "
        r"\(95 % CI .*\): gain\. 6 replications of 6\.",
        str(said["status"]).replace("\N{NO-BREAK SPACE}", " "),
    )
    *_, same = explorer.answers(Question())
    assert "These are the numbers of the reference." in event(same, "en")["status"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_the_command_answers_and_ends_cleanly(country: Path) -> None:
    """It prints its address when it is warm; Ctrl-C ends it and its workers, with exit code 0 and no noise."""
    command = [sys.executable, "-m", "sim", "explore", str(country), "--replications", "4", "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None and running.stderr is not None
        try:
            line = running.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", line)
            assert found, line
            with urlopen(found[0], timeout=PATIENCE) as page:
                assert "small" in page.read().decode()
            with urlopen(f"{found[0]}answer", timeout=PATIENCE) as answer:
                assert "event: end" in answer.read().decode()
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=PATIENCE) == 0
            assert running.stderr.read() == "" and running.stdout.read() == ""
        finally:
            running.kill()


def test_a_port_that_is_taken_is_refused(country: Path, tmp_path: Path) -> None:
    """In one line, before anything is played."""
    from typer.testing import CliRunner

    from sim.cli import app

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(app, ["explore", str(country), "--port", f"{port}"])
    assert done.exit_code == 2 and f"--port: {port} cannot be had" in done.output


@pytest.mark.parametrize("given", ["--set=windows.observation=20d", "--replications=5", "--seed=4", "--lang=fr"])
def test_an_option_changes_the_page_or_its_answer(given: str, country: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is served first is other with it than without."""
    served: list[tuple[str, object]] = []

    def seen(desk: Desk, language: Language) -> Never:
        *_, last = desk.explorer.answers(Question(State()))
        served.append((page(desk.explorer, Question(State()), language), event(last, language)))
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "application", seen)
    for options in ((), (given,)):
        app(
            ["explore", str(country), "--replications=6", "--jobs=1", "--engine=simpy", *options], standalone_mode=False
        )
    assert served[0] != served[1]
