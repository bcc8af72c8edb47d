"""What the server answers to those who mean it no good: never a file outside its folders, never a failure.

Bytes go over a plain socket, because every client library would tidy them first.
"""

import random
import socket
from collections.abc import Callable

import pytest

from server import SECURITY_HEADERS

Ask = Callable[[bytes], bytes]

REST = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def port(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> int:
    """A server of a small page and model; secrets lie beside them and hidden among them."""
    folder = tmp_path_factory.mktemp("attacked")
    files = {
        "secret.txt": "top secret",
        "dist-old/secret.txt": "top secret",
        "dist/.secret": "top secret",
        "dist/index.html": "<!doctype html><title>Nocturne</title>",
        "dist/styles/gallery.json": "{}",
        "models/style-transformer/weights.bin": "w" * 100,
    }
    for name, contents in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(contents)
    return int(serve(PAGE=folder / "dist", MODELS=folder / "models").rsplit(":", 1)[1])


@pytest.fixture
def ask(port: int) -> Ask:
    """`ask(bytes)` sends them on a new connection and returns all that comes back until it ends."""

    def send(request: bytes) -> bytes:
        answer = b""
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                while part := connection.recv(65536):
                    answer += part
            except TimeoutError:
                raise
            except OSError:  # refused before all was sent
                pass
        return answer

    return send


def status(answer: bytes) -> int:
    """200 of `HTTP/1.1 200 OK ...`."""
    return int(answer.split(b" ", 2)[1])


def is_well(ask: Ask) -> bool:
    """Whether the server still answers as ever."""
    return status(ask(b"GET /" + REST + b"\r\n")) == 200


TRAVERSALS = [
    b"/../secret.txt",
    b"/../../../../../../etc/passwd",
    b"/./../secret.txt",
    b"/....//secret.txt",
    b"/styles/../../secret.txt",
    b"/models/../secret.txt",
    b"/models//../../secret.txt",
    b"/index.html/../../secret.txt",
    b"/../dist-old/secret.txt",
    b"/%2e%2e/secret.txt",
    b"/%2E%2E%2Fsecret.txt",
    b"/.%2e/secret.txt",
    b"/..%2fsecret.txt",
    b"/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    b"/styles/%2e%2e/%2e%2e/secret.txt",
    b"/models/%2e%2e/secret.txt",
    b"/models/style-transformer/..%2f..%2fsecret.txt",
    b"/%252e%252e/secret.txt",
    b"/%25252e%25252e%25252fsecret.txt",
    b"/%%32%65%%32%65/secret.txt",
    b"/..\\secret.txt",
    b"\\..\\secret.txt",
    b"/..%5csecret.txt",
    b"/..%255csecret.txt",
    b"/..%c0%afsecret.txt",
    b"/%c0%ae%c0%ae/secret.txt",
    b"/%e0%80%ae%e0%80%ae/secret.txt",
    b"/%uff0e%uff0e/secret.txt",
    "/．．／secret.txt".encode(),
    b"/%ef%bc%8e%ef%bc%8e%ef%bc%8fsecret.txt",
    b"/..;/secret.txt",
    b"/..%00/secret.txt",
    b"/../secret.txt%00.html",
    b"/index.html%00.js",
    b"/..%0d%0a/secret.txt",
    b"//etc/passwd",
    b"/%2fetc/passwd",
    b"///////etc/passwd",
    b"file:///etc/passwd",
    b"http://localhost/../secret.txt",
    b"/C:/../secret.txt",
    b"/.secret",
    b"/%2esecret",
    b"/./.secret",
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_address_leads_out_of_the_folders(ask: Ask, path: bytes) -> None:
    answer = ask(b"GET " + path + REST + b"\r\n")
    assert status(answer) in (400, 404)
    assert b"top secret" not in answer and b"root:" not in answer


@pytest.mark.parametrize("method", [b"PROPFIND", b"CONNECT", b"TRACE", b"M-SEARCH", b"A" * 5000, b"GETGET"])
def test_a_method_of_others_is_not_allowed(ask: Ask, method: bytes) -> None:
    assert status(ask(method + b" /" + REST + b"\r\n")) == 405


@pytest.mark.parametrize("method", [b"get", b"", b"G\x00T", b"PRI *", b"OPTIONS *", b"\xff\xfe", b"{}", b"GET GET"])
def test_what_is_no_method_is_a_bad_request(ask: Ask, method: bytes) -> None:
    assert status(ask(method + b" /" + REST + b"\r\n")) == 400


MANY = b"9" * 5000  # more digits than Python turns into a number

RANGES = {
    b"bytes=0-" + MANY: (206, 416),
    b"bytes=" + MANY + b"-": (416,),
    b"bytes=-" + MANY: (206, 416),
    b"bytes=18446744073709551616-": (416,),
    b"bytes=5-2": (200, 416),
    b"bytes=-0": (200, 416),
    b"bytes=--1": (200,),
    b"bytes=1e1-": (200,),
    b"bytes=0x1-2": (200,),
    b"bytes=\xb2-": (200,),
    b"bytes=0-0," * 1000: (200,),
    b"bytes=0-1\r\nRange: bytes=2-3": (200,),
}


@pytest.mark.parametrize("wanted", RANGES)
def test_an_odd_range_gets_what_it_can_or_a_refusal(ask: Ask, wanted: bytes) -> None:
    answer = ask(b"GET /models/style-transformer/weights.bin" + REST + b"Range: " + wanted + b"\r\n\r\n")
    assert status(answer) in RANGES[wanted]


@pytest.mark.parametrize(
    "flood",
    [
        REST + b"".join(b"X-%d: y\r\n" % i for i in range(20_000)),
        REST + b"X: " + b"y" * 500_000 + b"\r\n",
        REST + b"Cookie: " + b"a=b; " * 100_000 + b"\r\n",
        b"x" * 500_000 + REST,
        b"x" * 500_000,  # and never an end
    ],
    ids=["many headers", "one long header", "cookies", "a long address", "no end"],
)
def test_a_flood_of_headers_is_refused_and_the_server_stays_well(ask: Ask, flood: bytes) -> None:
    answer = ask(b"GET /" + flood + b"\r\n")
    assert answer == b"" or status(answer) == 431  # the connection may be reset before the answer is read
    assert is_well(ask)


@pytest.mark.parametrize("header", [b"Content-Length: 1000000000", b"Content-Length: 1", b"Transfer-Encoding: chunked"])
def test_nothing_can_be_uploaded(ask: Ask, header: bytes) -> None:
    assert status(ask(b"POST /" + REST + header + b"\r\n\r\n1\r\nx\r\n0\r\n\r\n")) == 413


@pytest.mark.parametrize(
    "malformed",
    [b"GET /" + REST + b"X\r\n\r\n", b"POST /" + REST + b"Content-Length: 9\r\n\r\n", b"GET / HTTP/1.1\r\n" * 9],
)
def test_a_request_that_flask_never_sees_gets_the_security_headers_too(ask: Ask, malformed: bytes) -> None:
    lines = ask(malformed + b"\r\n").decode().split("\r\n")
    for name, value in SECURITY_HEADERS.items():
        assert f"{name}: {value}" in lines


def test_those_who_never_finish_their_request_keep_nobody_waiting(ask: Ask, port: int) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(150)]
    for connection in silent:
        connection.sendall(b"GET / HTTP/1.1\r\nHost:")
    assert is_well(ask)
    for connection in silent:
        connection.close()


def test_no_garbled_request_makes_the_server_fail(ask: Ask) -> None:
    chance = random.Random(0)
    whole = b"GET /styles/gallery.json" + REST + b"Accept-Encoding: br, gzip;q=0.5\r\nRange: bytes=0-1\r\n"
    whole += b'If-None-Match: "a"\r\nIf-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\nIf-Range: "a"\r\n\r\n'
    for _ in range(200):
        garbled = bytearray(whole)
        for _ in range(chance.randrange(1, 8)):
            garbled[chance.randrange(len(garbled))] = chance.randrange(256)
        answer = ask(bytes(garbled))
        assert answer == b"" or status(answer) < 500, bytes(garbled)
    assert is_well(ask)
