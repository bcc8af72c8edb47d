"""Bytes over the wire until the first painted picture, by part, as a first-time visitor fetches them.

The page is served by server.py with its compressed files; the server itself counts the bytes of each answer,
so that what a Web Worker fetches counts too. Headers are not counted (about 0.4 kB an answer).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Response, request
from playwright.sync_api import Browser, Page

from server import create_app, listen

# The first pattern found in an address names its part.
PARTS = {
    "/models/style-transformer/": "transformer",
    "/models/style-predictor/": "predictor",
    "/models/person-mask/": "finding people",
    "/styles/": "style gallery",
    "/samples/": "sample photos",
    "/assets/index-": "page",
    "/assets/": "TensorFlow.js",  # with the worker that runs it
    "": "page",
}
# Notes in <html data-ended> how the page's next piece of work ends.
WATCH = """() => {
    const root = document.documentElement;
    delete root.dataset.ended;
    const note = (_, watcher) => {
        if (!['done', 'error'].includes(root.dataset.state)) return;
        root.dataset.ended = root.dataset.state;
        watcher.disconnect();
    };
    new MutationObserver(note).observe(root, { attributeFilter: ['data-state'] });
}"""
TIMEOUT = 180_000  # ms; a software WebGL on a busy machine is slow


@contextmanager
def counting_server(config: Mapping[str, Path]) -> Iterator[tuple[str, Counter[str]]]:
    """Serves the page; yields its address and the bytes sent so far, by path."""
    app, sent = create_app(config), Counter[str]()

    @app.after_request
    def count(response: Response) -> Response:
        sent[request.path] += response.content_length or 0
        return response

    server = listen(app, "127.0.0.1", 0)
    Thread(target=server.run, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}", sent
    finally:
        server.close()


def first_paintings(
    browser: Browser, photo: Path, style: Path, backend: str, config: Mapping[str, Path] | None = None
) -> tuple[Counter[str], Counter[str]]:
    """Bytes by path until `photo` is painted in a gallery style, and until it is painted in `style`'s too."""
    # What the service worker keeps for visits without a network is no part of a painting.
    without_worker = browser.new_context(service_workers="block")
    with counting_server(config or {}) as (address, sent), without_worker as context:
        page = context.new_page()
        page.goto(f"{address}/?backend={backend}")
        wait(page, "html:not([data-state=loading])")
        paint(page, "photo-input", photo)
        gallery = sent.copy()
        paint(page, "style-input", style)
    return gallery, sent


def paint(page: Page, testid: str, picture: Path) -> None:
    """Gives the page a picture and waits for the result."""
    page.evaluate(WATCH)
    page.get_by_test_id(testid).set_input_files(picture)
    wait(page, "html[data-ended]")


def wait(page: Page, selector: str) -> None:
    """Waits for the selector. Raises RuntimeError with what the page says if it then shows an error."""
    page.locator(selector).wait_for(timeout=TIMEOUT)
    if page.locator("html").get_attribute("data-state") == "error":
        raise RuntimeError(page.get_by_test_id("error").inner_text())


def by_part(sent: Mapping[str, int]) -> Counter[str]:
    """Bytes by the page's parts rather than by path."""
    parts = Counter[str]()
    for path, size in sent.items():
        parts[next(name for pattern, name in PARTS.items() if pattern in path)] += size
    return parts


def table(gallery: Mapping[str, int], own: Mapping[str, int]) -> str:
    """Both counts by part, in kB, as aligned text."""
    gallery_parts, own_parts = by_part(gallery), by_part(own)
    rows = [(part, gallery_parts[part], size) for part, size in own_parts.most_common()]
    rows.append(("in all", sum(gallery.values()), sum(own.values())))
    head = f"  {'kB over the wire':<18} {'gallery style':>14} {'own style':>11}"
    return "\n".join([head, *(f"  {part:<18} {a / 1e3:14.1f} {b / 1e3:11.1f}" for part, a, b in rows)])
