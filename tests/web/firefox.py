"""A headless Firefox, driven through Marionette, the remote protocol that every Firefox has built in.

playwright drives only a Firefox of its own making. Marionette's messages are JSON lists behind their length:
https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html; its commands are those of WebDriver.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COMMANDS = ("firefox-esr", "firefox")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's id in WebDriver
SECONDS = 60  # to start, and for each script; a busy machine is slow


def find_firefox() -> str | None:
    """The path of a Firefox on this machine, or None; FIREFOX names another one."""
    found = [os.environ.get("FIREFOX"), *map(shutil.which, COMMANDS)]
    return next((path for path in found if path and Path(path).is_file()), None)


class Firefox:
    """One window of a running Firefox."""

    def __init__(self, port: int) -> None:
        self._socket = _connected(port)
        self._file = self._socket.makefile("rb")
        self._receive()  # its greeting
        self.ask("WebDriver:NewSession", {})
        self.ask("WebDriver:SetTimeouts", {"script": 1000 * SECONDS})

    def ask(self, command: str, parameters: dict[str, Any]) -> Any:
        """The answer to a command. Raises RuntimeError with Firefox's own words where it failed."""
        message = json.dumps([0, 1, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result.get("value", result)

    def open(self, address: str) -> None:
        self.ask("WebDriver:Navigate", {"url": address})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a function body of JavaScript returns or promises; `arguments` holds the values given."""
        return self.ask("WebDriver:ExecuteScript", {"script": script, "args": arguments, "sandbox": None})

    def give_file(self, selector: str, path: Path) -> None:
        """Chooses a file, as the file picker would."""
        element = self.ask("WebDriver:FindElement", {"using": "css selector", "value": selector})
        self.ask("WebDriver:ElementSendKeys", {"id": element[ELEMENT], "text": str(path)})

    def _receive(self) -> Any:
        length = b""
        while (digit := self._file.read(1)) != b":":
            assert digit, "Firefox closed the connection"
            length += digit
        return json.loads(self._file.read(int(length)))


@contextmanager
def launched_firefox(path: str, folder: Path, settings: dict[str, bool] | None = None) -> Iterator[Firefox]:
    """A headless Firefox with a fresh profile in that folder, and settings of about:config; ended with the block."""
    port = _free_port()
    lines = [
        f"user_pref({json.dumps(k)}, {json.dumps(v)});\n"
        for k, v in {"marionette.port": port, **(settings or {})}.items()
    ]
    (folder / "user.js").write_text("".join(lines))
    command = [path, "--headless", "--no-remote", "--marionette", "--profile", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Firefox(port)
    finally:
        process.terminate()
        process.wait(30)


def _connected(port: int) -> socket.socket:
    """A connection, as soon as Firefox listens."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            connection.settimeout(2 * SECONDS)
            return connection


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
