"""Serves the built page and the published models; nothing is uploaded and nothing is written.

    make run                                       sets up, builds the page and starts this
    PORT=8080 HOST=0.0.0.0 python server.py        another port; reachable from other machines

`create_app` is the Flask application for any WSGI server; run as a script, waitress serves it.
The file defines, in this order: the headers of every answer, which file is sent for an address, and how it is sent.
"""

import errno
import hashlib
import ipaddress
import logging
import os
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import waitress
from flask import Flask, Response, abort, request, send_file
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from werkzeug.exceptions import HTTPException

WEB = Path(__file__).resolve().parent / "web"

# Content-Security-Policy: from nothing, exactly what the page needs.
CSP = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",  # TensorFlow.js's WebAssembly backend; never 'unsafe-eval'
    "style-src": "'self'",
    "img-src": "'self' blob: data:",  # the visitor's own pictures
    "media-src": "blob:",  # the camera
    "connect-src": "'self'",  # models and styles; no request may leave this origin
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}

PERMISSIONS_POLICY = {
    "camera": "(self)",
    "clipboard-write": "(self)",
    "fullscreen": "(self)",
    "accelerometer": "()",
    "display-capture": "()",
    "geolocation": "()",
    "gyroscope": "()",
    "hid": "()",
    "magnetometer": "()",
    "microphone": "()",
    "midi": "()",
    "payment": "()",
    "serial": "()",
    "usb": "()",
    "xr-spatial-tracking": "()",
}

# Sent with every answer, errors included; docs/hosting has them for other servers.
# Cross-Origin-Embedder-Policy is left out on purpose: with COOP it isolates the page, and TensorFlow.js then picks
# a threaded WebAssembly build that hangs under this CSP.
SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in CSP.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}={value}" for name, value in PERMISSIONS_POLICY.items()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# Own table, because the system's one differs from machine to machine and `nosniff` makes a wrong type fatal.
# Flask adds the charset, UTF-8, to text.
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".md": "text/plain",
    ".txt": "text/plain",
}

ENCODINGS = {
    "br": ".br",
    "gzip": ".gz",
}  # the better one first; the build writes these files next to the originals

LIMITS = {
    "threads": 8,
    "connection_limit": 500,  # two file descriptors each, of the 1024 that a process usually has
    "asyncore_use_poll": True,  # select() takes none above 1024
    "max_request_header_size": 16384,  # bytes
    "max_request_body_size": 1,  # bytes; nothing may be uploaded, so none is even read
}
HASHED_NAME = re.compile(r"assets/.+-[\w-]{8}\.\w+")  # as Vite names them: new contents, new name
ONE_RANGE = re.compile(r"bytes=(\d+-\d*|-\d+)")


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The WSGI application. `config` may set PAGE and MODELS, the folders of the page and the models."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(PAGE=WEB / "dist", MODELS=WEB / "models")
    app.config.from_mapping(config)
    app.url_map.merge_slashes = False  # an odd address is not found, rather than redirected to a tidier one

    @app.get("/", provide_automatic_options=False)
    @app.get("/<path:path>", provide_automatic_options=False)
    def answer(path: str = "index.html") -> Response:
        file = find(path, page=Path(app.config["PAGE"]), models=Path(app.config["MODELS"]))
        return send(file, path) if file else abort(404)

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> Response:
        response = Response(error_page(error), error.code, dict(error.get_headers()))
        response.cache_control.no_store = True
        return response

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.update(SECURITY_HEADERS)
        return response

    return app


def find(path: str, page: Path, models: Path) -> Path | None:
    """The file that answers for `path` (no leading slash), or None. Models are read where they are published.

    The build's copy of a model stands in for the published one where the two are identical: it has compressed
    files beside it.
    """
    built = inside(page, path)
    if path.startswith("models/"):
        published = inside(models, path.removeprefix("models/"))
        if published and not (built and digest(built) == digest(published)):
            return published
    return built


def inside(folder: Path, path: str) -> Path | None:
    """The file at `path` below `folder`; None if there is none, or if the path tries to leave the folder."""
    if "\\" in path or "\0" in path or any(part == "" or part.startswith(".") for part in path.split("/")):
        return None
    file = folder / path
    try:
        return file if file.is_file() and file.resolve().is_relative_to(folder.resolve()) else None
    except OSError:  # a name longer than the file system allows
        return None


def send(file: Path, path: str) -> Response:
    """Answers 200, 206, 304 or 416 with `file`, in the best encoding that the visitor's browser takes."""
    if request.method != "GET" or not ONE_RANGE.fullmatch(request.headers.get("Range", "")):
        request.environ.pop("HTTP_RANGE", None)  # HTTP lets a server ignore all but a GET's single range
    encoding = choose_encoding(file)
    body = with_suffix(file, ENCODINGS[encoding]) if encoding else file
    mimetype = TYPES.get(file.suffix, "application/octet-stream")
    response = send_file(body, mimetype, etag=digest(body), conditional=True)
    del response.headers["Content-Disposition"]  # it would name the compressed file
    if encoding and response.status_code != 304:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    immutable = HASHED_NAME.fullmatch(path)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if immutable else "no-cache"
    return response


def choose_encoding(file: Path) -> str | None:
    """The encoding that the request prefers among the files next to `file`; None sends `file` unchanged."""
    liking = request.accept_encodings
    offered = [name for name, suffix in ENCODINGS.items() if with_suffix(file, suffix).is_file()]
    return max((name for name in offered if liking[name]), key=lambda name: liking[name], default=None)


def with_suffix(file: Path, suffix: str) -> Path:
    """index.html -> index.html.br."""
    return file.with_name(file.name + suffix)


def digest(file: Path) -> str:
    """A hash of the file's contents, computed again only when the file has changed."""
    status = file.stat()
    return _digest(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4096)
def _digest(file: Path, changed: int, size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:32]


def error_page(error: HTTPException) -> str:
    """A short page; its CSP allows no inline style, so it has none."""
    title = f"{error.code} {error.name}"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{title}</title><h1>{title}</h1><p><a href="{start_page()}">To the start page</a></p></html>\n'
    )


def start_page() -> str:
    """The way from the asked address to the start page: relative, as a proxy may serve it all below a path."""
    address = re.sub(r"^\w+://[^/]*", "", request.environ.get("REQUEST_URI", request.path))  # as the browser sees it
    above = address.split("?")[0].count("/") - 1 - request.root_path.count("/")
    return "../" * above or "./"


class Refusal(ErrorTask):
    """waitress's own answer to what is no request, is too long or brings a body."""

    def execute(self) -> None:
        """Sends it with the headers that every other answer has."""
        self.response_headers.extend(SECURITY_HEADERS.items())
        super().execute()


def listen(app: Flask, host: str, port: int) -> Any:
    """A waitress server that has taken its port, 0 for any that is free. Raises OSError or ValueError."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a request that waits a moment is no news
    HTTPChannel.error_task_class = Refusal
    sockets: dict[int, Any] = {}
    try:
        return waitress.create_server(app, sockets, host=host, port=port, ident=None, **LIMITS)
    except OSError as error:
        wasyncore.close_all(sockets)
        if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            raise
        return waitress.create_server(app, host=host, port=port, ident=None, ipv6=False, **LIMITS)


def address(host: str, server: Any) -> str:
    """What to open in a browser on this machine, for a server that listens on `host`."""
    port = server.effective_listen[0][1] if hasattr(server, "effective_listen") else server.effective_port
    host = "0.0.0.0" if host == "*" else host.strip("[]")
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:  # a name
        return f"http://{host}:{port}"
    if ip.is_unspecified:  # every address of this machine
        ip = ipaddress.ip_address("127.0.0.1" if ip.version == 4 else "::1")
    return f"http://{ip}:{port}" if ip.version == 4 else f"http://[{ip}]:{port}"


def main() -> None:
    """Serves until interrupted; ends with one line and exit status 1 where it cannot start."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    app = create_app()
    if not (app.config["PAGE"] / "index.html").is_file():
        sys.exit("The page is not built yet: `make run` builds and serves it.")
    if not (port.isdecimal() and int(port) < 65536):
        sys.exit(f"PORT must be a number from 0 to 65535, not {port!r}.")
    try:
        server = listen(app, host, int(port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is taken: choose another one, as in `PORT={int(port) + 1} make run`.")
        sys.exit(f"Cannot listen on {host}, port {port}: {error.strerror}.")
    except ValueError:
        sys.exit(f"HOST must be an address of this machine, such as 127.0.0.1, ::1 or *, not {host!r}.")
    print(f"Nocturne is at {address(host, server)} (Ctrl+C stops it)", flush=True)
    server.run()


if __name__ == "__main__":
    main()
