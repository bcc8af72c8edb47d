"""The files of docs/hosting give another server's visitors what server.py gives its own."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import SECURITY_HEADERS, TYPES, create_app

HOSTING = Path(__file__).resolve().parent.parent / "docs" / "hosting"
HASHED = "/assets/index-BxC3_d-9.js"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or shutil.which("nginx")


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
    assert NGINX
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = page.parent
    recipe = (HOSTING / "nginx.conf").read_text()
    recipe = recipe.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/nocturne", str(page))
    (folder / "site.conf").write_text(recipe)
    shutil.copy(HOSTING / "security-headers.conf", folder)
    own = "".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not read this folder
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid nginx.pid; error_log stderr; events {{}} "
        f"http {{ access_log off; {own} include site.conf; }}"
    )
    command = [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while process.poll() is None and socket.socket().connect_ex(("127.0.0.1", port)):
        time.sleep(0.02)
    yield port
    process.terminate()
    process.wait()


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
