"""Fixtures of the page's tests: the built page in Chromium, watched so that nothing leaves its origin.

A `Studio` is one open page with the gestures and questions that the tests share. `open_studio` opens one in
the way a test needs; `studio` is shared by a whole file, for tests that begin by giving a photo.
"""

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Worker

from tests.web.engine_page import engine_page
from tests.web.faulty_site import FaultySite
from tests.web.traffic import Traffic

DONE = 60_000  # ms; WebAssembly on a busy machine

# Options of most contexts: to draw motion, and to keep the page for a visit without a network, takes a processor longer
# than to paint a small photo.
QUIET: dict[str, Any] = {"reduced_motion": "reduce", "service_workers": "block"}

Pixels = NDArray[np.uint8]  # [H, W, 3]

READ_CANVAS = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let text = '';
  for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
  return [canvas.width, canvas.height, btoa(text)];
}"""


def photo(width: int = 128, height: int = 96) -> Image.Image:
    """A small landscape of our own: sky, sun, hills; never flat, never random."""
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    hills = y > 0.45 + 0.07 * np.sin(9 * x) + 0.02 * np.sin(31 * x)
    sun = np.hypot(x - 0.7, y - 0.2) < 0.1
    sky = np.stack([0.35 + 0.5 * y, 0.55 + 0.3 * y, 0.9 - 0.3 * y], axis=-1)
    land = np.stack([0.2 + 0.2 * x, 0.45 - 0.2 * y, 0.15 + 0 * x], axis=-1)
    scene = np.where(hills[..., None], land, np.where(sun[..., None], [1, 0.85, 0.4], sky))
    return Image.fromarray((scene * 255).astype(np.uint8))


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as a file of that kind."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


# playwright's own wait_for_function needs eval, which the page's security policy forbids.
UNTIL = """async () => {
  const end = performance.now() + LIMIT;
  while (!CONDITION) {
    if (performance.now() > end) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


def read(canvas: Locator) -> NDArray[np.uint8]:
    """What a canvas shows, [H, W, 4]. As text: an array of numbers takes a page seconds to send."""
    width, height, data = canvas.evaluate(READ_CANVAS)
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


class Studio:
    """One open page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.repeated: list[str] = []
        self.complaints: list[str] = []
        self._fetched: set[str] = set()  # since the page was opened
        self._painted = False
        page.on("request", self._on_request)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._on_console)

    def _on_request(self, request: Request) -> None:
        self.requests.append(f"{request.method} {request.url}")
        if request.is_navigation_request():
            self._fetched, self._painted = set(), False
        elif self._painted and request.url in self._fetched and request.url.endswith((".bin", "/model.json")):
            self.repeated.append(request.url)
        self._fetched.add(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Every file that is not there is reported; some tests take one away.
        if message.type == "error" and "404" not in message.text:
            self.complaints.append(message.text)

    def part(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    @property
    def gallery(self) -> Locator:
        """The published styles, without the visitor's own."""
        return self.page.locator('[data-testid="style-item"]:not([data-style^="own-"])')

    @property
    def engine(self) -> Worker:
        """The newest worker that runs TensorFlow.js; others carry masks and the time of day to the photo."""
        return [worker for worker in self.page.workers if "/worker-" in worker.url][-1]

    @property
    def state(self) -> str | None:
        return self.page.locator("html").get_attribute("data-state")

    def wait_for(self, *states: str) -> None:
        self.page.wait_for_selector(
            ", ".join(f'html[data-state="{state}"]' for state in states), timeout=DONE, state="attached"
        )
        self._painted |= states == ("done",)

    def wait_until(self, condition: str) -> None:
        """Waits for a JavaScript expression to become true, for a minute at most."""
        self.page.evaluate(UNTIL.replace("CONDITION", f"({condition})").replace("LIMIT", str(DONE)))

    def give(self, content: bytes, name: str = "photo.png", to: str = "photo-input") -> None:
        """Chooses a file, as the file picker would."""
        self.part(to).set_input_files({"name": name, "mimeType": "", "buffer": content})

    def paint(self, content: bytes | None = None, name: str = "photo.png") -> Pixels:
        """Gives a photo, waits until it is painted, and reads the result."""
        self.give(content or encoded(photo()), name)
        self.wait_for("done")
        return self.result()

    def wait_for_gallery(self) -> None:
        """Waits until every style that can be is painted on the photo, so that the engine rests too."""
        self.wait_until("document.querySelector('[role=radio]:not([data-outcome])') === null")

    def as_opened(self, content: bytes, name: str = "photo.png") -> Pixels:
        """Gives a photo and reads it at strength 0: as it was opened."""
        self.paint(content, name)
        return self.set_strength(0)

    def result(self) -> Pixels:
        return read(self.part("result"))[..., :3]

    def save_as(self, kind: str, size: str = "full") -> None:
        """Chooses what Save gives: PNG, JPEG or WebP, at full size or the screen's."""
        self.page.locator("#save-as").select_option(f"image/{kind.lower()} {size}")

    def set_strength(self, value: int) -> Pixels:
        self.part("strength").fill(str(value))
        self.wait_for("done")
        return self.result()

    def choose_style(self, index: int) -> Pixels:
        self.gallery.nth(index).click()
        self.wait_for("done")
        return self.result()

    def asked_for(self, path: str) -> list[str]:
        return [request for request in self.requests if path in request]


@pytest.fixture(scope="module")
def page(chromium: Browser, serve: Callable[..., str]) -> Iterator[Page]:
    """The photo reader on its bare page, one for all tests of a module."""
    page = chromium.new_page(locale="en")
    page.goto(serve(PAGE=engine_page()))
    yield page
    page.close()


OpenStudio = Callable[..., Studio]


@pytest.fixture(scope="session", autouse=True)
def traffic() -> Iterator[Traffic]:
    """The traffic of every page that any browser opens, in whatever way a test opens it."""
    traffic = Traffic()
    new_context, new_page = Browser.new_context, Browser.new_page

    def watched_context(browser: Browser, **options: Any) -> BrowserContext:
        context = new_context(browser, **options)
        traffic.watch(context)
        return context

    def watched_page(browser: Browser, **options: Any) -> Page:
        page = new_page(browser, **options)
        traffic.watch(page.context)
        return page

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Browser, "new_context", watched_context)
        patch.setattr(Browser, "new_page", watched_page)
        yield traffic


@pytest.fixture(autouse=True)
def nothing_leaves_the_page(traffic: Traffic) -> Iterator[None]:
    """Fails a test in which a page sends anything, or asks anyone but its own server."""
    yield
    assert traffic.take() == []


@pytest.fixture(scope="session")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], FaultySite]]:
    """`open_site()` starts a server of the built page with faults and versions of its own."""
    sites: list[FaultySite] = []

    def start() -> FaultySite:
        sites.append(FaultySite(tmp_path_factory.mktemp("site") / "page"))
        return sites[-1]

    yield start
    for site in sites:
        site.close()


@contextmanager
def studios(browser: Browser, site: str) -> Iterator[OpenStudio]:
    """`start(query, address, **context)` opens a page and waits until it is ready; all are closed in the end.

    By then no model may have been asked for again after a painting (a cancelled worker comes back to its cache), and
    the browser must have found nothing to complain about.
    """
    usual = {"viewport": {"width": 1280, "height": 800}, **QUIET}
    opened: list[Studio] = []

    def start(query: str = "?backend=wasm", address: str = site, until: str = "ready", **context: Any) -> Studio:
        page = browser.new_context(**{**usual, **context}).new_page()
        studio = Studio(page)
        opened.append(studio)
        page.goto(f"{address}/{query}")
        studio.wait_for(until)
        return studio

    yield start
    for studio in opened:
        assert studio.repeated == [], "a model that has painted is in the cache"
        assert studio.complaints == [], "the browser complained"
        studio.page.context.close()


@pytest.fixture
def open_studio(chromium: Browser, site: str) -> Iterator[OpenStudio]:
    """Opens pages of one test; left open, they would paint their galleries while others are tested."""
    with studios(chromium, site) as start:
        yield start


@pytest.fixture(scope="module")
def open_for_the_file(chromium: Browser, site: str) -> Iterator[OpenStudio]:
    """Opens pages that the tests of a file share."""
    with studios(chromium, site) as start:
        yield start


@pytest.fixture(scope="module")
def studio(open_for_the_file: OpenStudio) -> Studio:
    """A page in English on WebAssembly, shared by the tests of a file."""
    return open_for_the_file()


@pytest.fixture
def without_a_photo(request: pytest.FixtureRequest) -> None:
    """The shared page, where a test uses it, is without a photo, among the styles, and the first is chosen."""
    if "studio" not in request.fixturenames:
        return
    studio: Studio = request.getfixturevalue("studio")
    if studio.page.locator("#clear").is_visible():
        studio.page.locator("#clear").click()
    studio.part("mode-style").click()
    studio.gallery.first.click()
