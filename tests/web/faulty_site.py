"""A server of the built page that misbehaves on demand, remembers what was asked, and deploys new versions."""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

from flask import Response, request

from server import WEB, create_app, listen

Fault = Callable[[bytes], Response]
OpenSite = Callable[[], "FaultySite"]


def not_found(_: bytes) -> Response:
    return Response("gone", 404)


def unavailable(_: bytes) -> Response:
    return Response("busy", 503)


def a_page(_: bytes) -> Response:
    """What hosts send that answer every address with the start page."""
    return Response("<!doctype html><title>Welcome</title>", mimetype="text/html")


def truncated(content: bytes) -> Response:
    return Response(content[:-7], mimetype="application/octet-stream")


def cut_off(content: bytes) -> Response:
    """The connection breaks half-way."""

    def half() -> Iterator[bytes]:
        yield content[: len(content) // 2]
        raise ConnectionResetError

    return Response(half(), headers={"Content-Length": str(len(content))})


def flipped_bit(content: bytes) -> Response:
    middle = len(content) // 2
    return Response(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])


def swapped_with(path: str) -> Fault:
    """The contents of another published file, as a host may mix them up."""

    def swapped(_: bytes) -> Response:
        return Response((WEB / path).read_bytes(), mimetype="application/octet-stream")

    return swapped


class Drip:
    """Sends a file a little at a time, and knows whether the visitor still listens."""

    def __init__(self) -> None:
        self.sent = 0
        self.ended = False

    def __call__(self, content: bytes) -> Response:
        def drops() -> Iterator[bytes]:
            try:
                for start in range(0, len(content), 4096):
                    yield content[start : start + 4096]
                    self.sent += 1
                    time.sleep(0.1)
            finally:
                self.ended = True

        return Response(drops(), headers={"Content-Length": str(len(content))})


class FaultySite:
    """A copy of the built page at `address`; `asked` has the path of every request, `faults` what goes wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(WEB / "dist", folder, ignore=shutil.ignore_patterns("*.br", "*.gz"))
        self.asked: list[tuple[float, str]] = []
        self.methods: set[str] = set()
        self.faults: dict[str, list[Fault]] = {}
        app = create_app({"PAGE": folder, "MODELS": folder / "models"})
        app.before_request(self._meddle)
        self._server = listen(app, "127.0.0.1", 0)
        Thread(target=self._server.run, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.effective_port}"

    def close(self) -> None:
        self._server.close()

    def _meddle(self) -> Response | None:
        path = request.path.lstrip("/") or "index.html"
        self.asked.append((time.monotonic(), path))
        self.methods.add(request.method)
        waiting = self.faults.get(path)
        return waiting.pop(0)((self.folder / path).read_bytes()) if waiting else None

    def fail(self, path: str, fault: Fault, times: int = 100) -> None:
        """Answers the next requests for a file with a fault."""
        self.faults[path] = [fault] * times

    def times_asked(self, path: str) -> list[float]:
        """When a file was asked for, in seconds."""
        return [moment for moment, each in self.asked if each == path]

    def replace(self, path: str, content: bytes) -> None:
        """Publishes other contents of a file, as a new build would: its hash goes into the service worker."""
        file, worker = self.folder / path, self.folder / "service-worker.js"
        old = file.read_bytes()
        file.write_bytes(content)
        pattern = rf"{len(old)}(\W+sha256\W+){sha256(old)}"
        script, count = re.subn(pattern, rf"{len(content)}\g<1>{sha256(content)}", worker.read_text())
        assert count == 1, f"the service worker does not list {path}"
        worker.write_text(script)

    def deploy(self, mark: str) -> None:
        """A new version: a page that says `mark`, and another transformer of the same style space."""
        index = (self.folder / "index.html").read_text()
        page = re.sub(r'<meta name="version"[^>]*>', "", index)
        self.replace("index.html", page.replace("<head>", f'<head><meta name="version" content="{mark}">').encode())
        folder = self.folder / "models" / "style-transformer"
        weights = next(folder.glob("*.bin"))
        manifest = json.loads((folder / "manifest.json").read_text())
        content = bytearray(weights.read_bytes())
        content[len(content) // 2 & ~1] ^= 1  # the last bit of a float16
        weights.write_bytes(content)
        entry = next(file for file in manifest["files"] if file["path"] == weights.name)
        entry["sha256"] = sha256(bytes(content))
        self.replace("models/style-transformer/manifest.json", json.dumps(manifest).encode())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
