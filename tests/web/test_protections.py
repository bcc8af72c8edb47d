"""Browsers that protect their visitors: false pixels and missing engines are named, nothing is painted from noise."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from server import WEB
from tests.web.conftest import OpenStudio, Studio, encoded, photo
from tests.web.firefox import find_firefox, launched_firefox
from tests.web.test_firefox import wait_for
from tests.web.test_page_bad_input import is_one_sentence

pytestmark = pytest.mark.browser

# What `change` says of each value that a canvas gives back, as long as window.protected is true.
FALSE_PIXELS = """
window.protected = true;
const read = CanvasRenderingContext2D.prototype.getImageData;
CanvasRenderingContext2D.prototype.getImageData = function (...args) {
  const pixels = read.apply(this, args);
  if (window.protected) pixels.data.forEach((value, i) => { if (i % 4 < 3) pixels.data[i] = change(value, i); });
  return pixels;
};
const change = (value, i) => CHANGE;
"""
PROTECTIONS = {
    "noise": "255 * Math.random()",
    "white": "255",
    "some noise": "value + 40 * (Math.random() - 0.5)",
    "noise in a few": "i % 97 ? value : 255 - value",
}


def protected(open_studio: OpenStudio, change: str) -> Studio:
    studio = open_studio(until="ready")
    studio.page.context.add_init_script(FALSE_PIXELS.replace("CHANGE", change))
    studio.page.reload()
    studio.wait_for("ready")
    return studio


@pytest.mark.parametrize("name", PROTECTIONS)
def test_false_pixels_are_noticed_and_nothing_is_painted_from_them(open_studio: OpenStudio, name: str) -> None:
    studio = protected(open_studio, PROTECTIONS[name])
    for target in ("photo-input", "style-input"):
        studio.give(encoded(photo(64, 48)), to=target)
        studio.wait_for("error")
        sentence = studio.part("error").inner_text()
        assert "false pixels" in sentence
        assert "allow canvas access" in sentence
        assert is_one_sentence(sentence)
        expect(studio.part("result")).to_be_hidden()
        expect(studio.part("download")).to_be_disabled()
        studio.page.get_by_role("button", name="Dismiss").click()
    studio.page.evaluate("window.protected = false")
    studio.paint()


def test_a_protection_that_changes_last_bits_only_does_not_keep_from_painting(open_studio: OpenStudio) -> None:
    protected(open_studio, "value ^ (Math.random() < 0.5)").paint()


@pytest.mark.skipif(find_firefox() is None, reason="no Firefox found: install it, or name it in FIREFOX")
def test_firefox_that_resists_fingerprinting_is_told_the_way_out(site: str, tmp_path: Path) -> None:
    path = find_firefox()
    assert path
    (tmp_path / "photo.jpg").write_bytes(encoded(photo(), "JPEG"))
    profile = tmp_path / "profile"
    profile.mkdir()
    with launched_firefox(path, profile, {"privacy.resistFingerprinting": True}) as firefox:
        firefox.open(f"{site}/?backend=wasm")
        wait_for(firefox, "ready")
        firefox.give_file('[data-testid="photo-input"]', tmp_path / "photo.jpg")
        wait_for(firefox, "error")
        said = firefox.run("return document.querySelector('[data-testid=\"error\"]').textContent")
    assert "false pixels" in said


WITHOUT_ENGINES = """
delete self.WebAssembly;
if (self.OffscreenCanvas) OffscreenCanvas.prototype.getContext = () => null;
"""
WITHOUT_WEBASSEMBLY = "delete self.WebAssembly;\n"
# Each number that is read back from a graphics processor, changed a little or by much.
FALSE_NUMBERS = """
for (const name of ['readPixels', 'getBufferSubData']) {
  const read = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...args) {
    read.apply(this, args);
    const numbers = args.find((each) => each instanceof Float32Array);
    if (numbers) numbers.forEach((value, i) => { if (i % 5 === 2) numbers[i] = value + 50 * Math.random(); });
  };
}
"""


def altered(serve: Callable[..., str], folder: Path, prelude: str) -> str:
    """The address of a copy of the page whose scripts, its workers' too, begin with these lines."""
    copy = shutil.copytree(WEB / "dist", folder / "page", ignore=shutil.ignore_patterns("*.br", "*.gz"))
    for script in Path(copy).glob("assets/*.js"):
        script.write_text(prelude + script.read_text())
    return serve(PAGE=Path(copy))


@pytest.mark.parametrize("query", ["", "?backend=wasm"])
def test_without_webassembly_and_webgl_the_sentence_names_them(
    open_studio: OpenStudio, serve: Callable[..., str], tmp_path: Path, query: str
) -> None:
    site = altered(serve, tmp_path, WITHOUT_ENGINES)
    studio = open_studio(query, site, until="error")
    sentence = studio.part("error").inner_text()
    assert sentence.startswith("WebAssembly and WebGL are switched off")
    assert is_one_sentence(sentence)
    studio.give(encoded(photo(64, 48)))
    studio.wait_for("error")
    assert studio.part("error").inner_text() == sentence
    np.testing.assert_array_equal(studio.result(), np.asarray(photo(64, 48)))


@pytest.mark.slow
def test_without_webassembly_alone_webgl_paints_in_software_too(
    open_studio: OpenStudio, serve: Callable[..., str], tmp_path: Path
) -> None:
    studio = open_studio("", altered(serve, tmp_path, WITHOUT_WEBASSEMBLY))
    studio.paint(encoded(photo(48, 32)))
    assert studio.part("backend").inner_text().startswith("WebGL")


@pytest.mark.slow
def test_a_graphics_processor_that_gives_false_numbers_paints_nothing(
    open_studio: OpenStudio, serve: Callable[..., str], tmp_path: Path
) -> None:
    site = altered(serve, tmp_path, FALSE_NUMBERS)
    studio = open_studio("?backend=webgl", site, until="error")
    assert "could not start painting" in studio.part("error").inner_text()
