"""Firefox paints with WebAssembly, and reads pictures as it draws them itself."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.conftest import encoded, photo
from tests.web.engine_page import engine_page
from tests.web.faulty_site import OpenSite
from tests.web.firefox import Firefox, find_firefox, launched_firefox
from tests.web.picture_files import ENDLESS, READ_BOTH_WAYS, READ_TWO, REFUSED, SHOWN, as_chosen
from tests.web.test_heic import READ as READ_HEIC
from tests.web.test_heic import difference, heic, pixels_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_firefox() is None, reason="no Firefox found: install it, or name it in FIREFOX"),
]

UNTIL_STATE = """
const state = () => document.documentElement.dataset.state;
const wanted = ['STATE', 'error'];
return new Promise((resolve) => {
  const look = () => (wanted.includes(state()) ? resolve(state()) : setTimeout(look, 50));
  look();
});
"""
# The mean difference between the painted picture and the photo, and the size of each.
COMPARE = """
const pixels = (id) => {
  const canvas = document.querySelector(id);
  return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
};
const [photo, painted] = [pixels('#original'), pixels('[data-testid="result"]')];
const sum = painted.data.reduce((total, value, i) => total + Math.abs(value - photo.data[i]), 0);
return { size: [painted.width, painted.height], difference: sum / (painted.width * painted.height * 3) };
"""
ASKED_FOR = "return performance.getEntriesByType('resource').map(({ name }) => name)"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    path = find_firefox()
    assert path
    with launched_firefox(path, tmp_path_factory.mktemp("profile")) as firefox:
        yield firefox


def wait_for(firefox: Firefox, state: str) -> None:
    found = firefox.run(UNTIL_STATE.replace("STATE", state))
    assert found == state, firefox.run("return document.querySelector('[data-testid=\"error\"]').textContent")


def test_firefox_paints_a_photo_with_webassembly(firefox: Firefox, open_site: OpenSite, tmp_path: Path) -> None:
    site = open_site()
    (tmp_path / "photo.jpg").write_bytes(encoded(photo(), "JPEG"))
    firefox.open(f"{site.address}/?backend=wasm")
    wait_for(firefox, "ready")
    firefox.give_file('[data-testid="photo-input"]', tmp_path / "photo.jpg")
    wait_for(firefox, "done")
    found = firefox.run(COMPARE)
    assert found["size"] == [128, 96]
    assert found["difference"] > 10, "the photo was not painted"
    assert "WebAssembly" in firefox.run("return document.querySelector('[data-testid=\"backend\"]').textContent")
    assert all(name.startswith((site.address, "blob:")) for name in firefox.run(ASKED_FOR))
    assert site.methods == {"GET"}


@pytest.fixture(scope="module")
def reader(firefox: Firefox, serve: Callable[..., str]) -> Firefox:
    """The photo reader on its bare page."""
    firefox.open(serve(PAGE=engine_page()))
    return firefox


def test_firefox_shows_pictures_of_every_kind_as_it_draws_them(reader: Firefox) -> None:
    for name, make in SHOWN.items():
        found = reader.run(f"return ({READ_BOTH_WAYS})(arguments)", *as_chosen(name, make()))
        assert "code" not in found, (name, found)
        assert found["size"] == found["drawn"], name
        assert found["difference"] <= 2, name


def test_firefox_shows_files_that_lack_only_their_end_as_the_whole_ones(reader: Firefox) -> None:
    for name, makes in ENDLESS.items():
        files = [as_chosen(name, make()) for make in makes]
        assert reader.run(f"return ({READ_TWO})([...arguments])", *files) <= 1, name


def test_firefox_opens_a_heic_photo(reader: Firefox) -> None:
    found = reader.run(f"return ({READ_HEIC})(arguments[0])", base64.b64encode(heic(photo(96, 64))).decode())
    assert difference(pixels_of(found), photo(96, 64)).mean() < 1.5


def test_firefox_refuses_what_chromium_refuses(reader: Firefox) -> None:
    for name, (make, words) in REFUSED.items():
        found = reader.run(f"return ({READ_BOTH_WAYS})(arguments)", *as_chosen(name, make()))
        assert words in found.get("sentence", "it was shown"), name
