"""A page in an installed Chromium, driven over its debugging protocol, for tests of what a reader sees and does.

`browsing` opens a file or an address; without a Chromium on this machine the test is skipped and says so.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

import pytest

from sim.page.making import BROWSERS
from tests.patience import happens

QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-port=0 about:blank"
)
KEYS = {
    "Tab": ("Tab", 9),
    "Space": (" ", 32),
    "Enter": ("Enter", 13),
    "ArrowRight": ("ArrowRight", 39),
    "ArrowLeft": ("ArrowLeft", 37),
    "Home": ("Home", 36),
    "End": ("End", 35),
}
"""The keys of a keyboard that tests press: what each is called, and its number."""


class Tab:
    """A tab of the browser."""

    def __init__(self, socket: Any) -> None:
        self._socket, self._asked = socket, 0
        self.errors: list[str] = []  # what the page complained of: scripts that failed, what its policy refused
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """What the browser answers to a command of its protocol."""
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": given}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("id") == self._asked:
                assert "error" not in said, f"{method}: {said.get('error')}"
                return dict(said["result"])
            self._hear(said)

    def open(self, address: str) -> None:
        """Go to an address and wait until it is there."""
        self.ask("Page.navigate", url=address)
        assert happens(lambda: self.run("document.readyState") == "complete" and self._is_at(address))

    def run(self, script: str) -> Any:
        """What a script comes to in the page."""
        said = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    def press(self, key: str, times: int = 1) -> None:
        """Press a key of the keyboard."""
        name, number = KEYS[key]
        text = {"text": name} if key == "Space" else {"text": "\r"} if key == "Enter" else {}
        for _ in range(times):
            for kind in ("keyDown", "keyUp"):
                more = text if kind == "keyDown" else {}
                self.ask("Input.dispatchKeyEvent", type=kind, key=name, code=key, windowsVirtualKeyCode=number, **more)

    def window(self, width: int, height: int = 900) -> None:
        """How large the window is [px]."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self, file: Path) -> None:
        """Write what is seen to a PNG file."""
        file.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]))

    def printed(self) -> bytes:
        """The page as PDF, in the size that it asks for."""
        said = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(said["data"])

    def _is_at(self, address: str) -> bool:
        return str(self.run("location.href")).split("#")[0] == address.split("#")[0]

    def _hear(self, said: dict[str, Any]) -> None:
        match said["method"]:
            case "Runtime.exceptionThrown":
                self.errors.append(str(said["params"]["exceptionDetails"]))
            case "Log.entryAdded" if said["params"]["entry"]["level"] == "error":
                self.errors.append(str(said["params"]["entry"]["text"]))


@contextmanager
def browsing(address: str) -> Iterator[Tab]:
    """A tab in which the address is open; the browser is gone afterwards."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium, Chrome or Edge is installed here")
    import websocket

    with TemporaryDirectory(ignore_cleanup_errors=True) as own:
        process = subprocess.Popen(
            [found, f"--user-data-dir={own}", *QUIET.split()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            port = Path(own) / "DevToolsActivePort"
            assert happens(lambda: port.exists() and "\n" in port.read_text())
            number = port.read_text().splitlines()[0]
            pages = json.loads(urlopen(f"http://127.0.0.1:{number}/json/list").read())
            where = next(each["webSocketDebuggerUrl"] for each in pages if each["type"] == "page")
            socket = websocket.create_connection(where, suppress_origin=True, timeout=120)
            try:
                tab = Tab(socket)
                tab.open(address)
                yield tab
            finally:
                socket.close()
        finally:
            process.terminate()
            process.wait()
