"""The server's promises: what it sends, to whom, with which headers, and what it never sends."""

import errno
import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from server import SECURITY_HEADERS, address, create_app, listen

ROOT = Path(__file__).resolve().parent.parent
HASHED = "/assets/index-BxC3_d-9.js"
SCRIPT = b"console.log('painted');" * 100


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """A small built page, a published model, and a secret beside them that nobody may read."""
    page, models = tmp_path / "dist", tmp_path / "models"
    files = {
        tmp_path / "secret.txt": b"secret",
        page / "index.html": b"<!doctype html><title>Nocturne</title>",
        page / ("." + HASHED): SCRIPT,
        page / ("." + HASHED + ".br"): b"brotli's bytes",
        page / ("." + HASHED + ".gz"): gzip.compress(SCRIPT),
        page / "styles" / "gallery.json": b'{"styles": []}',
        page / "styles" / "wave.webp": b"RIFF....WEBP",
        page / ".secret": b"secret",
        models / "style-transformer" / "model.json": b'{"format": "graph-model"}',
        models / "style-transformer" / "weights.bin": bytes(range(100)),
    }
    for file, contents in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents)
    return {"PAGE": page, "MODELS": models}


@pytest.fixture
def client(folders: dict[str, Path]) -> FlaskClient:
    return create_app(folders).test_client()


def test_the_start_page_is_served_and_always_revalidated(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert b"Nocturne" in answer.data
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_hashed_name_is_cached_for_a_year(client: FlaskClient) -> None:
    assert client.get(HASHED).headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/index.html", "/styles/gallery.json", "/models/style-transformer/model.json"])
def test_a_name_without_a_hash_is_always_revalidated(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "mimetype"),
    [
        ("/", "text/html; charset=utf-8"),
        (HASHED, "text/javascript; charset=utf-8"),
        ("/styles/gallery.json", "application/json"),
        ("/styles/wave.webp", "image/webp"),
        ("/models/style-transformer/weights.bin", "application/octet-stream"),
    ],
)
def test_each_file_has_its_own_type(client: FlaskClient, path: str, mimetype: str) -> None:
    assert client.get(path).headers["Content-Type"] == mimetype


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br;q=0.9", "gzip"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("deflate", None),
        ("", None),
    ],
)
def test_the_compressed_file_that_the_browser_likes_best_is_sent(
    client: FlaskClient, folders: dict[str, Path], accepted: str, encoding: str | None
) -> None:
    answer = client.get(HASHED, headers={"Accept-Encoding": accepted})
    suffix = {"br": ".br", "gzip": ".gz", None: ""}[encoding]
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.data == (folders["PAGE"] / ("." + HASHED + suffix)).read_bytes()
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize("accepted", ["br", "identity"])
def test_caches_are_told_that_the_answer_varies_with_the_encoding(client: FlaskClient, accepted: str) -> None:
    assert client.get(HASHED, headers={"Accept-Encoding": accepted}).headers["Vary"] == "Accept-Encoding"


def test_each_encoding_has_its_own_strong_etag(client: FlaskClient) -> None:
    etags = {client.get(HASHED, headers={"Accept-Encoding": e}).headers["ETag"] for e in ("br", "gzip", "identity")}
    assert len(etags) == 3
    assert not any(etag.startswith("W/") for etag in etags)


def test_what_the_browser_has_already_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(HASHED, headers={"Accept-Encoding": "br"})
    again = client.get(HASHED, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


def test_a_changed_file_is_sent_anew(client: FlaskClient, folders: dict[str, Path]) -> None:
    path = "/models/style-transformer/model.json"
    old = client.get(path).headers["ETag"]
    (folders["MODELS"] / "style-transformer" / "model.json").write_bytes(b'{"format": "newer"}')
    answer = client.get(path, headers={"If-None-Match": old})
    assert (answer.status_code, answer.data) == (200, b'{"format": "newer"}')


@pytest.mark.parametrize(
    ("wanted", "sent", "content_range"),
    [
        ("bytes=10-19", bytes(range(10, 20)), "bytes 10-19/100"),
        ("bytes=90-", bytes(range(90, 100)), "bytes 90-99/100"),
        ("bytes=-5", bytes(range(95, 100)), "bytes 95-99/100"),
        ("bytes=95-500", bytes(range(95, 100)), "bytes 95-99/100"),
    ],
)
def test_a_range_of_bytes_is_sent_alone(client: FlaskClient, wanted: str, sent: bytes, content_range: str) -> None:
    answer = client.get("/models/style-transformer/weights.bin", headers={"Range": wanted})
    assert (answer.status_code, answer.data) == (206, sent)
    assert answer.headers["Content-Range"] == content_range


def test_a_range_beyond_the_end_is_refused_with_the_files_size(client: FlaskClient) -> None:
    answer = client.get("/models/style-transformer/weights.bin", headers={"Range": "bytes=100-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */100"


@pytest.mark.parametrize("odd", ["bytes=", "bytes=a-b", "bytes=0-1,5-6", "lines=1-2"])
def test_a_range_that_makes_no_sense_here_gets_the_whole_file(client: FlaskClient, odd: str) -> None:
    answer = client.get("/models/style-transformer/weights.bin", headers={"Range": odd})
    assert (answer.status_code, len(answer.data)) == (200, 100)


def test_a_range_of_a_file_that_has_changed_gets_the_whole_file(client: FlaskClient) -> None:
    headers = {"Range": "bytes=10-19", "If-Range": '"an older one"'}
    assert client.get("/models/style-transformer/weights.bin", headers=headers).status_code == 200


def test_head_answers_as_get_does_but_without_the_body(client: FlaskClient) -> None:
    get, head = client.get(HASHED), client.head(HASHED)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.data))
    assert head.headers["ETag"] == get.headers["ETag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/index.html", "/nowhere"])
def test_only_get_and_head_are_allowed(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert sorted(answer.headers["Allow"].split(", ")) == ["GET", "HEAD"]


@pytest.mark.parametrize("path", ["/nowhere", "/styles", "/styles/", "/models/", "/.secret", "/" + "x" * 5000])
def test_what_is_not_there_is_answered_with_a_short_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert b"Not Found" in answer.data
    assert len(answer.data) < 500


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/nowhere", "./"),
        ("/nowhere/", "../"),
        ("/styles/nowhere", "../"),
        ("/a/b/c/d", "../../../"),
        ("http://localhost/a/b", "../"),  # as a proxy may ask
        ("/a%2Fb", "./"),  # one step for a browser
        ("/a?b=/c/d", "./"),
        ("/a/%22%3E%3Cscript%3E", "../"),
    ],
)
def test_the_answer_to_what_is_not_there_leads_back_to_the_start_page(
    client: FlaskClient, path: str, link: str
) -> None:
    answer = client.get(path, environ_overrides={"REQUEST_URI": path})
    assert re.findall('href="(.*?)"', answer.text) == [link]
    asked = "https://example.org/nocturne" + path.removeprefix("http://localhost")
    assert urljoin(asked, link) == "https://example.org/nocturne/"


def test_the_link_leads_back_below_the_path_of_a_wsgi_server_too(client: FlaskClient) -> None:
    answer = client.get(
        "/a/b", base_url="https://example.org/nocturne", environ_overrides={"REQUEST_URI": "/nocturne/a/b"}
    )
    assert re.findall('href="(.*?)"', answer.text) == ["../"]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(client: FlaskClient, folders: dict[str, Path]) -> None:
    (folders["PAGE"] / "link.txt").symlink_to(folders["PAGE"].parent / "secret.txt")
    assert client.get("/link.txt").status_code == 404


def test_a_newly_published_model_goes_before_the_builds_copy(client: FlaskClient, folders: dict[str, Path]) -> None:
    copy = folders["PAGE"] / "models" / "style-transformer" / "model.json"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"older")
    copy.with_name("model.json.br").write_bytes(b"older, compressed")
    answer = client.get("/models/style-transformer/model.json", headers={"Accept-Encoding": "br"})
    assert answer.data == b'{"format": "graph-model"}'
    assert "Content-Encoding" not in answer.headers


def test_an_unchanged_model_is_sent_as_the_build_compressed_it(client: FlaskClient, folders: dict[str, Path]) -> None:
    copy = folders["PAGE"] / "models" / "style-transformer" / "model.json"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b'{"format": "graph-model"}')
    copy.with_name("model.json.br").write_bytes(b"the same, compressed")
    answer = client.get("/models/style-transformer/model.json", headers={"Accept-Encoding": "br"})
    assert answer.data == b"the same, compressed"
    assert (answer.mimetype, answer.headers["Content-Encoding"]) == ("application/json", "br")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("HEAD", "/", {}, 200),
        ("GET", "/models/style-transformer/weights.bin", {"Range": "bytes=0-9"}, 206),
        ("GET", "/models/style-transformer/weights.bin", {"If-None-Match": "*"}, 304),
        ("GET", "/nowhere", {}, 404),
        ("POST", "/", {}, 405),
        ("GET", "/models/style-transformer/weights.bin", {"Range": "bytes=900-"}, 416),
    ],
)
def test_every_answer_carries_the_security_headers(
    client: FlaskClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.open(path, method=method, headers=headers)
    assert answer.status_code == status
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers.getlist(name) == [value]


def test_even_a_failure_of_the_server_carries_the_security_headers(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.find", lambda *_, **__: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500
    assert SECURITY_HEADERS.items() <= dict(answer.headers).items()
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_script_but_our_own_may_run_and_nothing_may_be_sent_elsewhere() -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "connect-src 'self'" in policy
    assert not any(word in " ".join(policy) for word in ("'unsafe-eval'", "'unsafe-inline'", "http:", "https:"))


def start_server(web: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Starts the server, as `python server.py` does, with `web` as its folder; it must end by itself."""
    code = f"import pathlib, server; server.WEB = pathlib.Path({str(web)!r}); server.main()"
    command = [sys.executable, "-c", code]
    environment = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30)


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


IPV6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("*", "127.0.0.1"),
        ("localhost", "localhost"),
        pytest.param("::1", "[::1]", marks=IPV6),
        pytest.param("[::1]", "[::1]", marks=IPV6),
        pytest.param("::", "[::1]", marks=IPV6),
        pytest.param("0:0:0:0:0:0:0:0", "[::1]", marks=IPV6),
    ],
)
def test_the_printed_address_opens(folders: dict[str, Path], host: str, shown: str) -> None:
    # a shell that runs the tests in the background has them and their children ignore Ctrl+C
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{heed}; import pathlib, server; server.WEB = pathlib.Path({str(folders['PAGE'].parent)!r}); server.main()"
    environment = {**os.environ, "HOST": host, "PORT": "0"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        said = re.fullmatch(r"Nocturne is at (http://(\S+):\d+) \(Ctrl\+C stops it\)\n", process.stdout.readline())
        assert said and said[2] == shown
        with urllib.request.urlopen(said[1], timeout=30) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def test_every_address_means_those_of_ipv4_where_there_is_no_ipv6(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    create = socket.socket

    def without_ipv6(family: int = -1, *others: object, **named: object) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return create(family, *others, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "socket", without_ipv6)
    server = listen(create_app(folders), "*", 0)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address("*", server))
    server.close()


@pytest.mark.parametrize("host", ["", "a b", "http://127.0.0.1", "999.1.1.1", "::g", "é", "x" * 300])
def test_a_host_that_is_none_gives_one_clear_line(folders: dict[str, Path], host: str) -> None:
    ended = start_server(folders["PAGE"].parent, HOST=host, PORT="0")
    assert ended.returncode == 1
    assert ended.stderr == f"HOST must be an address of this machine, such as 127.0.0.1, ::1 or *, not {host!r}.\n"


def test_a_taken_port_gives_one_clear_line(folders: dict[str, Path]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = start_server(folders["PAGE"].parent, PORT=str(port))
    assert ended.returncode == 1
    assert ended.stderr == f"Port {port} is taken: choose another one, as in `PORT={port + 1} make run`.\n"


@pytest.mark.parametrize("port", ["eighty", "", "-1", "65536", "80.5"])
def test_a_port_that_is_none_gives_one_clear_line(folders: dict[str, Path], port: str) -> None:
    ended = start_server(folders["PAGE"].parent, PORT=port)
    assert ended.returncode == 1
    assert ended.stderr == f"PORT must be a number from 0 to 65535, not '{port}'.\n"


def test_a_host_that_is_not_this_machine_gives_one_clear_line(folders: dict[str, Path]) -> None:
    ended = start_server(folders["PAGE"].parent, HOST="192.0.2.1", PORT="0")
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "192.0.2.1" in ended.stderr


def test_without_a_built_page_it_names_the_command_that_builds_it(tmp_path: Path) -> None:
    ended = start_server(tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == "The page is not built yet: `make run` builds and serves it.\n"
