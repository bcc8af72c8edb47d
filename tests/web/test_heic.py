"""HEIC photos where the browser does not read them: upright, in their colours, with a decoder fetched only then."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.conftest import OpenStudio, Pixels, photo
from tests.web.faulty_site import FaultySite, OpenSite, not_found
from tests.web.picture_files import cut, exif, translucent
from tests.web.test_offline import CONTROLLED, INSTALLED, load, visit

pytestmark = pytest.mark.browser

PICTURE = photo(96, 64)
DECODER = "libheif"

READ = """async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  try {
    const { bitmap } = await decodePhoto(new Blob([bytes]), 'phone.heic');
    const { data, width, height } = toImageData(bitmap, 10000);
    return { width, height, pixels: btoa(String.fromCharCode(...data)) };
  } catch (error) {
    return { code: error.code ?? String(error) };
  }
}"""


def heic(*pictures: Image.Image, primary: int = 0, **options: Any) -> bytes:
    """A HEIC file of these pictures, nearly lossless."""
    file = pillow_heif.HeifFile()
    for picture in pictures:
        file.add_from_pillow(picture)
    buffer = io.BytesIO()
    file.save(buffer, quality=100, chroma=444, primary_index=primary, **options)
    return buffer.getvalue()


def turned(picture: Image.Image, orientation: int) -> bytes:
    """A HEIC as a phone writes it: its pixels as the sensor lay, and how to turn them."""
    file = pillow_heif.from_pillow(picture)
    file[0].info["exif"] = exif(orientation).tobytes()
    buffer = io.BytesIO()
    file.save(buffer, quality=100, chroma=444)
    content = buffer.getvalue()
    assert (b"irot" in content or b"imir" in content) == (orientation > 1)
    return content


def read(page: Page, content: bytes) -> Pixels:
    return pixels_of(page.evaluate(READ, base64.b64encode(content).decode()))


def pixels_of(found: dict[str, Any]) -> Pixels:
    """What READ found, [H, W, 3]."""
    assert "code" not in found, found
    pixels = np.frombuffer(base64.b64decode(found["pixels"]), np.uint8)
    return pixels.reshape(found["height"], found["width"], 4)[..., :3]


def difference(pixels: Pixels, picture: Image.Image) -> NDArray[np.int64]:
    return np.abs(pixels.astype(int) - np.asarray(picture.convert("RGB")).astype(int))


def test_a_heic_photo_is_shown_in_its_colours(page: Page) -> None:
    assert difference(read(page, heic(PICTURE)), PICTURE).mean() < 1.5


UPRIGHT = {
    1: lambda picture: picture,
    2: lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda picture: picture.rotate(180),
    6: lambda picture: picture.rotate(-90, expand=True),
    8: lambda picture: picture.rotate(90, expand=True),
}


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_a_heic_photo_stands_upright_and_is_not_turned_twice(page: Page, orientation: int) -> None:
    upright = UPRIGHT[orientation](PICTURE)
    pixels = read(page, turned(PICTURE, orientation))
    assert pixels.shape == np.asarray(upright).shape
    assert difference(pixels, upright).mean() < 1.5


def test_of_several_pictures_the_main_one_is_shown(page: Page) -> None:
    assert difference(read(page, heic(Image.new("RGB", (64, 64)), PICTURE, primary=1)), PICTURE).mean() < 1.5


def test_transparent_parts_of_a_heic_lie_on_white(page: Page) -> None:
    white = Image.new("RGBA", PICTURE.size, "white")
    white.alpha_composite(translucent())
    assert difference(read(page, heic(translucent())), white).mean() < 2


def test_a_heic_that_is_cut_off_is_refused_as_such_without_its_decoder(page: Page) -> None:
    assert page.evaluate(READ, base64.b64encode(cut(heic(PICTURE))).decode()) == {"code": "truncated"}


def test_a_heic_whose_pixels_are_spoilt_is_refused(page: Page) -> None:
    content = heic(PICTURE)
    spoilt = content[:-2000] + bytes(2000)
    assert page.evaluate(READ, base64.b64encode(spoilt).decode()).keys() == {"code"}


def test_the_decoder_is_fetched_with_the_first_heic_photo_only(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint()
    assert studio.asked_for(DECODER) == []
    shown = studio.as_opened(heic(PICTURE), "phone.heic")
    assert difference(shown, PICTURE).mean() < 1.5
    assert len(studio.asked_for("heic-worker")) == 1


@pytest.fixture
def own_site(open_site: OpenSite) -> FaultySite:
    return open_site()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(reduced_motion="reduce")
    yield context
    context.close()


@pytest.mark.parametrize("controlled", [True, False])
def test_once_fetched_the_decoder_works_without_a_network(
    visitor: BrowserContext, own_site: FaultySite, controlled: bool
) -> None:
    studio = visit(visitor, own_site)
    if controlled:
        studio.wait_until(CONTROLLED)
    studio.paint(heic(PICTURE), "phone.heic")
    studio.page.evaluate(INSTALLED)
    studio.wait_until(f"""(await (await caches.open('nocturne')).keys())
        .filter(({{ url }}) => /heic-worker|{DECODER}/.test(url)).length === 2""")
    visitor.set_offline(True)
    own_site.asked.clear()
    load(studio, own_site)
    shown = studio.paint(heic(PICTURE.rotate(180)), "again.heic")
    assert shown.shape == (64, 96, 3)
    assert [path for _, path in own_site.asked if path != "service-worker.js"] == []


def test_a_decoder_that_cannot_be_fetched_is_explained_and_comes_with_the_next_try(
    visitor: BrowserContext, own_site: FaultySite
) -> None:
    studio = visit(visitor, own_site)
    decoder = next(path for path in own_site.folder.glob("assets/libheif-*.wasm"))
    own_site.fail(f"assets/{decoder.name}", not_found)
    studio.give(heic(PICTURE), "phone.heic")
    studio.wait_for("error")
    assert "phone.heic” could not be loaded: check the connection" in studio.part("error").inner_text()
    own_site.faults.clear()
    studio.paint(heic(PICTURE), "phone.heic")


def test_the_decoders_licence_lies_beside_it(own_site: FaultySite) -> None:
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (own_site.folder / "licences" / "libheif.txt").read_text()
    worker = next(own_site.folder.glob("assets/heic-worker-*.js")).read_text()
    assert "licences/libheif.txt" in worker
