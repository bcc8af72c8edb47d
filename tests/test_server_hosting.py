"""The files of docs/hosting give another server's visitors what server.py gives its own."""

import http.client
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from server import SECURITY_HEADERS, TYPES, create_app
from tests.nginx import BELOW_A_PATH, HOSTING, NGINX, running_nginx

HASHED = "/assets/index-BxC3_d-9.js"


def test_nginx_is_told_the_security_headers_that_the_server_sends() -> None:
    lines = (HOSTING / "security-headers.conf").read_text().splitlines()
    told = [re.fullmatch(r'add_header ([\w-]+) "(.+)" always;', line) for line in lines if not line.startswith("#")]
    assert {line[1]: line[2] for line in told if line} == SECURITY_HEADERS


def test_static_hosts_are_told_the_security_headers_that_the_server_sends() -> None:
    everything = (HOSTING / "_headers").read_text().split("\n/*\n")[1].split("\n\n")[0]
    told = dict(line.strip().split(": ", 1) for line in everything.splitlines())
    assert told == SECURITY_HEADERS


def test_nginx_is_told_the_type_of_every_file_that_the_server_knows() -> None:
    table = re.search(r"types \{(.*?)\}", (HOSTING / "nginx.conf").read_text(), re.DOTALL)
    assert table
    told = [line.strip(" ;").split() for line in table[1].strip().splitlines()]
    assert {f".{suffix}": mimetype for mimetype, *suffixes in told for suffix in suffixes} == TYPES


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("hosted") / "dist"
    files = {
        "index.html": "<!doctype html><title>Nocturne</title>",
        HASHED[1:]: "console.log('painted')",
        "models/style-transformer/weights.bin": "w" * 100,
        "styles/gallery.json": "{}",
        ".secret": "top secret",
    }
    for name, contents in files.items():
        (page / name).parent.mkdir(parents=True, exist_ok=True)
        (page / name).write_text(contents)
    return page


@pytest.fixture(scope="module")
def nginx(page: Path) -> Iterator[int]:
    """The port of an nginx that serves `page` as the recipe says."""
    recipe = (HOSTING / "nginx.conf").read_text().replace("/srv/nocturne", str(page))
    shutil.copy(HOSTING / "security-headers.conf", page.parent)
    yield from running_nginx(page.parent, recipe)


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("HEAD", "/"),
        ("GET", HASHED),
        ("GET", "/models/style-transformer/weights.bin"),
        ("GET", "/styles/gallery.json"),
        ("GET", "/styles"),
        ("GET", "/nowhere"),
        ("GET", "/.secret"),
        ("GET", "/styles/%2e%2e/%2e%2e/site.conf"),
        ("POST", "/"),
        ("DELETE", "/index.html"),
    ],
)
def test_nginx_answers_as_the_server_does(nginx: int, page: Path, method: str, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", nginx, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    ours = create_app({"PAGE": page, "MODELS": page / "models"}).test_client().open(path, method=method)
    assert answer.status == ours.status_code or {answer.status, ours.status_code} == {400, 404}
    for name in SECURITY_HEADERS:
        assert answer.headers.get_all(name) == ours.headers.getlist(name)
    if ours.status_code == 200:
        assert answer.read() == ours.data
        assert answer.headers["Cache-Control"] == ours.headers["Cache-Control"]
        assert answer.headers["Content-Type"].lower() == ours.headers["Content-Type"].lower()


@pytest.fixture(scope="module")
def below(page: Path, serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an nginx that hands /nocturne/ to a server.py with `page`, as the recipe says."""
    site = serve(PAGE=page, MODELS=page / "models")
    yield from running_nginx(tmp_path_factory.mktemp("below"), BELOW_A_PATH.replace("http://127.0.0.1:8000", site))


def ask(port: int, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    return connection.getresponse()


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
@pytest.mark.parametrize("path", ["/", HASHED, "/models/style-transformer/weights.bin", "/styles/gallery.json"])
def test_below_a_path_every_file_is_sent_with_its_headers(below: int, page: Path, path: str) -> None:
    answer = ask(below, f"/nocturne{path}")
    ours = create_app({"PAGE": page, "MODELS": page / "models"}).test_client().get(path)
    assert (answer.status, answer.read()) == (200, ours.data)
    for name in (*SECURITY_HEADERS, "Cache-Control", "Content-Type", "ETag", "Vary"):
        assert answer.headers.get_all(name) == ours.headers.getlist(name)


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
@pytest.mark.parametrize("query", ["", "?backend=wasm&models=other"])
def test_below_a_path_the_address_without_the_last_slash_leads_to_the_page(below: int, query: str) -> None:
    answer = ask(below, f"/nocturne{query}")
    assert answer.status == 301
    for asked in ("https://example.org/nocturne", "http://[::1]:8080/nocturne", "https://example.org/more/nocturne"):
        assert urljoin(asked + query, answer.headers["Location"]) == f"{asked}/{query}"


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
@pytest.mark.parametrize("path", ["/nowhere", "/styles/", "/styles/nowhere.webp", "/a/b/c/d?e=/f", "/models/x/y.bin"])
def test_below_a_path_what_is_not_there_leads_back_to_the_page(below: int, path: str) -> None:
    answer = ask(below, f"/nocturne{path}")
    assert answer.status == 404
    [link] = re.findall('href="(.*?)"', answer.read().decode())
    assert urljoin(f"https://example.org/nocturne{path}", link) == "https://example.org/nocturne/"
