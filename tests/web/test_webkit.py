"""WebKit, the engine of every iPhone, goes the page's whole way: photo, styles, night, files, no network."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.web.conftest import READ_CANVAS, Pixels, encoded, photo
from tests.web.engine_page import engine_page
from tests.web.faulty_site import FaultySite, OpenSite
from tests.web.picture_files import ENDLESS, READ_BOTH_WAYS, READ_TWO, REFUSED, SHOWN, as_chosen
from tests.web.test_heic import READ as READ_HEIC
from tests.web.test_heic import heic, pixels_of
from tests.web.webkit import WebKit, launched_webkit, missing_programs

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        bool(missing_programs()),
        reason=f"no {' and '.join(missing_programs())} found: install webkit2gtk-driver and xvfb",
    ),
]

SIZE = (1500, 400)  # larger than the screen's, so that the full size is painted in tiles
STATE = "document.documentElement.dataset.state"
ASKED_FOR = "return performance.getEntriesByType('resource').map(({ name }) => name)"
ERROR = "return document.querySelector('[data-testid=\"error\"]').textContent"
SAVED_AS = "document.querySelector('[data-testid=\"status\"]').textContent.split('Saved as ')[1]"
JPEG_END = b"\xff\xd9"
# Puts the slider where a finger leaves it.
SET_STRENGTH = """
const slider = document.querySelector('[data-testid="strength"]');
slider.value = arguments[0];
for (const name of ['input', 'change']) slider.dispatchEvent(new Event(name, { bubbles: true }));
"""
# Waits until the service worker is in charge after the next load, and has the last models too.
KEPT = """
const isKept = async () => {
  const kept = (await (await caches.open('nocturne')).keys()).map(({ url }) => url);
  return arguments[0].every((model) => kept.some((url) => url.includes(`${model}/`) && url.includes('.bin')));
};
return navigator.serviceWorker.ready.then(async () => {
  while (!(await isKept())) await new Promise((resolve) => setTimeout(resolve, 50));
});
"""
MODELS = ["style-predictor", "style-transformer", "day-to-night", "night-to-day"]


class Visit:
    """The page in WebKit with a photo on it."""

    def __init__(self, webkit: WebKit, site: FaultySite) -> None:
        self.webkit = webkit
        self.site = site

    def settle(self) -> Pixels:
        """Waits until the page is done, and reads the result."""
        state = self.webkit.wait_until(f"['done', 'error'].includes({STATE}) && {STATE}")
        assert state == "done", self.webkit.run(ERROR)
        return self.canvas('[data-testid="result"]')

    def canvas(self, selector: str) -> Pixels:
        read = f"return ({READ_CANVAS})(document.querySelector(arguments[0]))"
        width, height, data = self.webkit.run(read, selector)
        return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)[..., :3]

    @property
    def original(self) -> Pixels:
        return self.canvas("#original")

    def turn(self, mode: str) -> Pixels:
        self.webkit.click(f"mode-{mode}")
        return self.settle()

    def set_strength(self, value: int) -> Pixels:
        self.webkit.run(SET_STRENGTH, value)
        return self.settle()


def difference(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other).mean())


@pytest.fixture(scope="module")
def webkit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    with launched_webkit(tmp_path_factory.mktemp("webkit")) as webkit:
        yield webkit


@pytest.fixture
def visit(webkit: WebKit, open_site: OpenSite, tmp_path: Path) -> Visit:
    """A visit to a site of its own, its photo painted."""
    site = open_site()
    webkit.open(site.address)
    webkit.wait_until(f"{STATE} === 'ready'")
    give_photo(webkit, tmp_path)
    visit = Visit(webkit, site)
    visit.settle()
    return visit


def give_photo(webkit: WebKit, folder: Path) -> None:
    path = folder / "photo.jpg"
    path.write_bytes(encoded(photo(*SIZE), "JPEG"))
    webkit.give_file("photo-input", path)


def test_webkit_paints_a_photo_and_asks_nobody_else(visit: Visit) -> None:
    painted = visit.settle()
    assert painted.shape == visit.original.shape == (273, 1024, 3)
    assert difference(painted, visit.original) > 10, "the photo was not painted"
    assert "WebAssembly" in visit.webkit.run("return document.querySelector('[data-testid=\"backend\"]').textContent")
    asked = visit.webkit.run(ASKED_FOR)
    assert all(name.startswith((visit.site.address, "blob:")) for name in asked)
    assert visit.site.methods == {"GET"}


def test_webkit_paints_another_style_and_one_of_the_visitors(visit: Visit, tmp_path: Path) -> None:
    first = visit.settle()
    visit.webkit.run("document.querySelectorAll('[data-testid=\"style-item\"]')[1].click()")
    second = visit.settle()
    (tmp_path / "leaves.png").write_bytes(encoded(photo(300, 200).rotate(90)))
    visit.webkit.give_file("style-input", tmp_path / "leaves.png")
    visit.webkit.wait_until('document.querySelector(\'[data-style^="own-"][aria-checked="true"]\')')
    own = visit.settle()
    assert min(difference(*pair) for pair in [(first, second), (first, own), (second, own)]) > 5


def test_webkit_follows_the_strength_down_to_the_photo(visit: Visit) -> None:
    full, half = visit.settle(), visit.set_strength(50)
    assert 2 < difference(half, visit.original) < difference(full, visit.original)
    np.testing.assert_array_equal(visit.set_strength(0), visit.original)


def test_webkit_turns_day_to_night_and_back_to_the_style(visit: Visit) -> None:
    painted, night = visit.settle(), visit.turn("day-to-night")
    assert night.mean() < 0.6 * visit.original.mean(), "it is not dark"
    np.testing.assert_array_equal(visit.turn("style"), painted)


@pytest.mark.parametrize("mode", ["style", "day-to-night"])
def test_webkit_saves_a_file_at_the_photos_own_size_as_it_was_seen(visit: Visit, mode: str) -> None:
    seen = visit.turn(mode)
    visit.webkit.click("download")
    visit.settle()
    name = visit.webkit.wait_until(SAVED_AS)
    with Image.open(visit.webkit.saved(name, JPEG_END)) as file:
        assert (file.format, file.size) == ("JPEG", SIZE)
        reduced = np.asarray(file.convert("RGB").resize(seen.shape[1::-1], Image.Resampling.LANCZOS))
    assert difference(reduced, seen) < 0.5 * difference(seen, visit.original)


def test_webkit_paints_the_same_without_a_network(visit: Visit, tmp_path: Path) -> None:
    online = visit.settle(), visit.turn("day-to-night")
    visit.webkit.run(KEPT, MODELS)
    visit.site.close()
    asked = len(visit.site.asked)
    visit.webkit.reload()
    visit.webkit.wait_until(f"{STATE} === 'ready'")
    give_photo(visit.webkit, tmp_path)
    for seen, painted in zip(online, (visit.settle(), visit.turn("day-to-night")), strict=True):
        np.testing.assert_array_equal(painted, seen)
    # Browsers look for a new version by themselves, here over a connection that was still open.
    assert {path for _, path in visit.site.asked[asked:]} <= {"service-worker.js"}


@pytest.fixture(scope="module")
def reader(webkit: WebKit, serve: Callable[..., str]) -> WebKit:
    """The photo reader on its bare page."""
    webkit.open(serve(PAGE=engine_page()))
    webkit.wait_until("'decodePhoto' in window")  # WebKit says that it is loaded before the modules have run
    return webkit


def test_webkit_shows_pictures_of_every_kind_as_it_draws_them(reader: WebKit) -> None:
    for name, make in SHOWN.items():
        found = reader.run(f"return ({READ_BOTH_WAYS})(arguments)", *as_chosen(name, make()))
        assert "code" not in found, (name, found)
        assert found["size"] == found["drawn"], name
        assert found["difference"] <= 2, name


def test_webkit_shows_files_that_lack_only_their_end_as_the_whole_ones(reader: WebKit) -> None:
    for name, makes in ENDLESS.items():
        files = [as_chosen(name, make()) for make in makes]
        assert reader.run(f"return ({READ_TWO})([...arguments])", *files) <= 1, name


def test_webkit_opens_heic_photos_and_draws_other_pictures_after_them(reader: WebKit) -> None:
    for _ in range(2):
        found = reader.run(f"return ({READ_HEIC})(arguments[0])", base64.b64encode(heic(photo(96, 64))).decode())
        assert difference(pixels_of(found), np.asarray(photo(96, 64))) < 1.5
    for number in range(30):
        found = reader.run(f"return ({READ_BOTH_WAYS})(arguments)", *as_chosen("after.jpg", SHOWN["restarts.jpg"]()))
        assert found["difference"] <= 2, f"picture {number}"


def test_webkit_refuses_what_chromium_refuses(reader: WebKit) -> None:
    for name, (make, words) in REFUSED.items():
        found = reader.run(f"return ({READ_BOTH_WAYS})(arguments)", *as_chosen(name, make()))
        assert words in found.get("sentence", "it was shown"), name
