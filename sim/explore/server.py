"""The explorer as a page on this machine alone: `serve` answers until it is interrupted.

It listens on 127.0.0.1 and answers only who knows the token in the address, asks by that address (a name that somebody
else points at 127.0.0.1 is refused), and comes from no other page. What the page may load is said by a policy, and
everything that a user wrote is escaped. Answers come as server-sent events.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from hmac import compare_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.experiment.options import Options
from sim.experiment.workers import Computer, ReplicationFailed, computed_on, cores, local_pool
from sim.explore.experiment import Answer, Desk, Explorer, Ordered, Question, Said, Turn
from sim.explore.page import event, knobs_of, page, policy
from sim.explore.state import Start, State, state_of
from sim.report.words import Language
from sim.scenario.language.mistakes import ScenarioError

if TYPE_CHECKING:
    from types import FrameType

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = "127.0.0.1"
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What goes with every answer, besides the policy of the page."""


class CannotServe(ValueError):
    """The port cannot be had."""


def serve(start: Start, how: Options, language: Language, port: int, ready: Callable[[str], None]) -> None:
    """Serve the page until Ctrl-C; `ready` is told the address when everything is warm.

    Raises
    ------
    ScenarioError
        If the scenario cannot be read.
    CannotServe
        If the port is taken.
    ReplicationFailed
        If the scenario cannot be played.
    """
    token = secrets.token_urlsafe(24)
    start.loaded(State())  # what is wrong with it is said before anything is started
    with _listening(port) as listening, _at_hand(how.jobs) as computer, TemporaryDirectory() as folder:
        address = f"http://{HERE}:{listening.getsockname()[1]}"
        explorer = Explorer(start, how, computer, Turn(Path(folder, "turn")))
        next(explorer.answers(Question(State())))  # compiles, plans and plays: from here on everything is warm
        desk = Desk(explorer)
        try:
            app = Guard(application(desk, language), token, address)
            ready(f"{address}/{token}/")
            Server(desk, app).run([listening])
        except KeyboardInterrupt:
            pass  # how it ends
        finally:
            desk.close()


class Server(uvicorn.Server):
    """A server that on Ctrl-C has nobody wait for an answer any more."""

    def __init__(self, desk: Desk, app: ASGIApp) -> None:
        super().__init__(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", ws="none"))
        self._desk = desk

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Told of a signal."""
        self._desk.cancel()
        super().handle_exit(sig, frame)


def application(desk: Desk, language: Language) -> Starlette:
    """What is asked below the token: the page, its knobs, answers, and the file of a state."""
    routes = [
        Route(f"/{path}", partial(_told, endpoint, desk, language))
        for path, endpoint in {"": _page, "knobs": _knobs, "answer": _answer, "scenario.yaml": _file}.items()
    ]
    return Starlette(routes=routes)


class Guard:
    """Lets through who knows the token, names this address and comes from it; nobody else learns anything."""

    def __init__(self, app: ASGIApp, token: str, address: str) -> None:
        self._app, self._token, self._address = app, token, address
        self._host = address.removeprefix("http://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        headers = Headers(scope=scope)
        origin = headers.get("origin", self._address)
        given, _, rest = scope["path"].removeprefix("/").partition("/")
        known = compare_digest(given.encode(), self._token.encode())
        if scope["type"] != "http" or headers.get("host") != self._host or origin != self._address or not known:
            await PlainTextResponse("not for you\n", 403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = {**HEADERS, "Content-Security-Policy": policy()}
                message["headers"] = [*message["headers"], *((n.encode(), v.encode()) for n, v in more.items())]
            await send(message)

        await self._app({**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}, receive, with_headers)


_Endpoint = Callable[[Desk, Question, Language], Awaitable[Response]]


async def _told(endpoint: _Endpoint, desk: Desk, language: Language, request: Request) -> Response:
    """The answer of an endpoint; what is wrong with a question, in its words."""
    try:
        asked = request.query_params
        spoken: Language = "fr" if asked.get("lang", language) == "fr" else "en"
        question = Question(state_of(asked.get("state", "")), state_of(asked.get("reference", "")))
        return await endpoint(desk, question, spoken)
    except ScenarioError as error:
        return PlainTextResponse(f"{error}\n", 400)


async def _page(desk: Desk, question: Question, language: Language) -> Response:
    return HTMLResponse(await run_in_threadpool(page, desk.explorer, question, language))


async def _knobs(desk: Desk, question: Question, language: Language) -> Response:
    fitting = replace(question, state=desk.explorer.start.fitting(question.state))
    return HTMLResponse(await run_in_threadpool(knobs_of, desk.explorer, fitting, language))


async def _file(desk: Desk, question: Question, language: Language) -> Response:
    text = await run_in_threadpool(desk.explorer.start.text, question.state)
    named = {"Content-Disposition": 'attachment; filename="explored.yaml"'}
    return Response(text, media_type="application/yaml; charset=utf-8", headers=named)


async def _answer(desk: Desk, question: Question, language: Language) -> Response:
    """The answers as they come, as events."""
    loop = asyncio.get_running_loop()
    coming: asyncio.Queue[Said] = asyncio.Queue()

    def tell(told: Said) -> None:
        with suppress(RuntimeError):  # the server has ended, and nobody is there any more
            loop.call_soon_threadsafe(coming.put_nowait, told)

    asked = desk.ask(question, tell)

    async def events() -> AsyncIterator[str]:
        try:
            while (told := await coming.get()) is not None:
                if isinstance(told, Ordered):
                    yield _event("ordered", "")
                elif isinstance(told, Answer):
                    yield _event("answer", await run_in_threadpool(event, told, language))
                else:
                    yield _event("wrong", _wrong(told))
            yield _event("end", "")
        finally:
            asked.cancel()

    return StreamingResponse(events(), media_type="text/event-stream")


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _wrong(error: Exception) -> str:
    """What went wrong, for who asked."""
    return str(error) if isinstance(error, ScenarioError | ReplicationFailed | ValueError) else repr(error)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listening:
        if os.name == "posix":  # elsewhere it would let others listen, too
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HERE, port))
            listening.listen()  # who comes before the server waits
        except OSError as error:
            raise CannotServe(f"--port: {port} cannot be had, {error.strerror}; name another, or none") from None
        yield listening


@contextmanager
def _at_hand(jobs: int | None) -> Iterator[Computer]:
    """Processes of this machine that are handed one replication each, so that a new question waits for no more."""
    workers = jobs or cores()
    with local_pool(workers) as pool:
        yield Computer(partial(computed_on, pool, workers), workers)
