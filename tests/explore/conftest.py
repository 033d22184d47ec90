"""A small country with a lever, people at two kinds of centres, a start and numbers that have ranges."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode

import pytest

from sim.experiment.options import Options
from sim.experiment.replications import Wanted
from sim.experiment.workers import Batch, Computer, Work, computed_here
from sim.explore.experiment import Desk, Explorer, Turn
from sim.explore.server import Guard, Server, application
from sim.explore.state import Start
from tests.patience import PATIENCE, happens

TOKEN = "known"
HOW = Options(replications=6, seed=3, engine="simpy")

COUNTRY = """\
title: {en: A <b>small</b> country, fr: Un <b>petit</b> pays}
origin: 2025-01-06
windows: {warm_up: 0 d, observation: 40 d, follow_up: 40 d, assumption: {range: fixed, why: made up}}
goal: {from: arrived, to: answered, within: 12 d, counted: calendar, prerequisites: [answered, copied]}
site_types:
  large: {weight: 2, people: {clerks: 2}, assumption: {range: fixed, why: made up}}
  small: {weight: 1, people: {clerks: 1}, assumption: {range: fixed, why: made up}}
sites: [{name: north, type: large}, {name: south, type: small}]
classes:
  - {name: requests, volume: 300 /year, sites: exactly 1, assumption: {range: [x0.5, x2], of: volume, why: made up}}
pools:
  clerks: {title: {en: clerks, fr: agents}, per: site}
  desk: {units: 3, assumption: {range: [1, 9], why: made up}}
tasks:
  - name: opened
    starts: arrived
    work: {median: 2 d, p90: 5 d}
    pool: desk
    assumption: {range: [1 d, 6 d], why: made up}
  - {name: copied, starts: arrived, scope: trial, work: exactly 1 d, assumption: {range: fixed, why: made up}}
  - name: answered
    starts: opened
    pool: clerks
    scope: site
    work: {median: 3 d, p90: 9 d}
    assumption: {range: [1 d, 12 d], why: made up}
indicators: [{name: t, from: arrived, to: answered}]
"""
LEVER = """\
name: helped
title: {en: helped, fr: aidés}
mechanism: made up
changes: {tasks: [{name: answered, work: {median: 2 d, p90: 6 d}, assumption: {range: [1 d, 3 d], why: made up}}]}
"""


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """The file of the country, its lever beside it."""
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "helped.yaml").write_text(LEVER, encoding="utf-8")
    file = tmp_path / "country.yaml"
    file.write_text(COUNTRY, encoding="utf-8")
    return file


@pytest.fixture
def start(country: Path) -> Start:
    """Where a page about it begins."""
    return Start(str(country))


@dataclass
class Counting:
    """Computes here, and keeps which replications of which scenario were asked for."""

    played: list[tuple[str, int]] = field(default_factory=list)
    begun: Event = field(default_factory=Event)
    hold: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.hold.set()

    def __call__(self, wanted: Wanted, works: Sequence[Work], batches: Iterable[Batch]) -> Iterator[Any]:
        def seen() -> Iterator[Batch]:
            for batch in batches:
                self.begun.set()
                self.hold.wait()
                self.played += [(works[batch.work].name, number) for number in batch.numbers]
                yield batch

        return computed_here(wanted, works, seen())


@pytest.fixture
def counting() -> Counting:
    """A computer that counts."""
    return Counting()


@pytest.fixture
def turn(tmp_path: Path) -> Turn:
    """What tells those who compute whose turn it is."""
    return Turn(tmp_path / "turn")


@pytest.fixture
def explorer(start: Start, counting: Counting, turn: Turn) -> Explorer:
    """Answers about the small country, six replications each at the end."""
    return Explorer(start, HOW, Computer(counting, 1), turn)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    text: str
    headers: Message


@dataclass(frozen=True)
class Client:
    """Asks the server that listens at a port."""

    port: int

    @property
    def address(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, method: str = "GET", token: str = TOKEN, **given: Any) -> Reply:
        """The reply to a question; `headers` in place of those of a browser that was given the address."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        query = f"?{urlencode(given['params'])}" if "params" in given else ""
        connection.request(method, f"/{token}/{path}{query}", headers=given.get("headers", {}))
        reply = connection.getresponse()
        return Reply(reply.status, reply.read().decode(), reply.headers)

    def events(self, **asked: str) -> list[tuple[str, Any]]:
        """The events of an answer."""
        found = re.findall(r"event: (\w+)\ndata: (.*)\n\n", self.get("answer", params=asked).text)
        return [(name, json.loads(data)) for name, data in found]


@pytest.fixture
def client(explorer: Explorer) -> Iterator[Client]:
    """A server that runs, and who asks it."""
    desk = Desk(explorer)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        it = Client(listening.getsockname()[1])
        app = Guard(application(desk, "fr"), TOKEN, it.address)
        server = Server(desk, app)
        running = Thread(target=server.run, args=[[listening]])
        running.start()
        assert happens(lambda: server.started)
        yield it
        server.should_exit = True
        running.join()
    desk.close()
