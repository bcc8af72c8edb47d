"""Two hundred visitors at once, each on a connection of its own: 3 seconds, or 30 with `make soak`."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
VISITORS = 200
SECONDS = 30 if "SOAK" in os.environ else 3
FLAT = 3_000  # kB
FILES = {
    "index.html": b"<!doctype html>" + b"n" * 4_000,
    "assets/index-BxC3_d-9.js": b"o" * 300_000,
    "models/style-transformer/model.json": b"c" * 50_000,
    "models/style-transformer/weights.bin": b"t" * 900_000,
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """(process, port) of `python server.py` with a page of its own."""
    for name, contents in FILES.items():
        folder = tmp_path if name.startswith("models/") else tmp_path / "dist"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(contents)
    code = f"import pathlib, server; server.WEB = pathlib.Path({str(tmp_path)!r}); server.main()"
    environment = {**os.environ, "PORT": "0"}
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    assert process.stdout
    address = re.search(rb":(\d+) ", process.stdout.readline())
    assert address, "the server did not start"
    yield process.pid, int(address[1])
    process.terminate()
    process.wait()
    process.stdout.close()


def resident(process: int) -> int:
    """Its memory in kB."""
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(process)]))


class Visitor:
    """One connection that stays open, asking for file after file."""

    def __init__(self, port: int, number: int):
        self.port, self.number = port, number
        self.answers = 0

    async def arrive(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, name: str) -> None:
        self.writer.write(f"GET /{name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        assert await self.reader.readexactly(len(FILES[name])) == FILES[name]
        self.answers += 1

    async def stay(self, until: float) -> None:
        names = list(FILES)
        while time.monotonic() < until:
            await self.ask(names[(self.number + self.answers) % len(names)])


async def visit(port: int, process: int) -> tuple[list[int], list[int]]:
    """All at once; returns the answers that each had, and the server's memory in kB, ten times."""
    visitors = [Visitor(port, number) for number in range(VISITORS)]
    await asyncio.gather(*(visitor.arrive() for visitor in visitors))
    staying = [asyncio.create_task(visitor.stay(time.monotonic() + SECONDS)) for visitor in visitors]
    memory = []
    for _ in range(10):
        await asyncio.sleep(SECONDS / 10)
        memory.append(await asyncio.to_thread(resident, process))
    ended, waiting = await asyncio.wait(staying, timeout=20)
    for visitor in ended:
        visitor.result()
    for visitor in visitors:
        visitor.writer.close()
    assert not waiting, f"{len(waiting)} visitors were left waiting"
    return [visitor.answers for visitor in visitors], memory


def test_two_hundred_visitors_at_once_get_every_file_whole_and_memory_stays_flat(server: tuple[int, int]) -> None:
    process, port = server
    with ThreadPoolExecutor() as thread:  # the browser tests keep an event loop of their own in this one
        answers, memory = thread.submit(asyncio.run, visit(port, process)).result()
    print(
        f"{sum(answers) / SECONDS:.0f} answers a second; memory {memory[0]} -> {memory[-1]} kB, at most {max(memory)}"
    )
    assert min(answers) > 0
    assert max(memory) - memory[1] < FLAT
