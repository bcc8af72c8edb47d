"""A server of tar shards with faults of its own: what it was asked for, and how it answers."""

import io
import socket
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
from PIL import Image


def shard(names: list[str], seed: int = 0) -> bytes:
    """A tar of small pictures of noise."""
    random, content = np.random.default_rng(seed), io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name in names:
            picture = io.BytesIO()
            Image.fromarray(random.integers(256, size=(24, 32, 3), dtype=np.uint8)).save(picture, "PNG")
            member = tarfile.TarInfo(name)
            member.size = picture.tell()
            tar.addfile(member, io.BytesIO(picture.getvalue()))
    return content.getvalue()


class ShardServer(ThreadingHTTPServer):
    """Answers with `files` by path; `faults` says how it fails instead."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, str] = {}  # "cut", "gone", or a status
        self.asked: list[str] = []
        self.tokens: list[str | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that goes away is no news."""


class Answer(BaseHTTPRequestHandler):
    server: ShardServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.tokens.append(self.headers["Authorization"])
        fault, content = self.server.faults.get(self.path), self.server.files.get(self.path)
        if content is None or (fault and fault.isdigit()):
            self.send_error(int(fault or 404))
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        if fault == "gone":  # as a machine that is switched off: the connection is reset
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.connection.close()
        elif fault != "cut":
            self.wfile.write(content[len(content) // 2 :])

    def log_message(self, *_: object) -> None:
        """Nothing is written to the terminal."""


@contextmanager
def serving() -> Iterator[ShardServer]:
    """The server on a free port."""
    with ShardServer() as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()
