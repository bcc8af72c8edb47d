"""The photo reader in headless Chromium: every picture is shown right or refused with its code."""

import base64
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.web.engine_page import engine_page

pytestmark = pytest.mark.browser

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def read(page: Page, content: bytes, max_side: int = 1024) -> dict[str, Any]:
    """What the reader makes of a file: {code} or {size, shown, corners} with four RGB corners."""
    result: dict[str, Any] = page.evaluate(
        """async ([base64, maxSide]) => {
            const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
            try {
                const { bitmap, width, height } = await decodePhoto(new Blob([bytes]), 'a.jpg');
                const pixels = toImageData(bitmap, maxSide);
                const at = (x, y) => {
                    const start = 4 * (y * pixels.width + x);
                    return [...pixels.data.slice(start, start + 3)];
                };
                const right = pixels.width - 1, bottom = pixels.height - 1;
                const corners = [at(0, 0), at(right, 0), at(0, bottom), at(right, bottom)];
                return { size: [width, height], shown: [pixels.width, pixels.height], corners };
            } catch (error) {
                return { code: error.code ?? String(error) };
            }
        }""",
        [base64.b64encode(content).decode(), max_side],
    )
    return result


def corners(mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> Image.Image:
    """A picture whose quarters are red, green, blue and white."""
    picture = Image.new("RGB", (2, 2))
    picture.putdata([RED, GREEN, BLUE, WHITE])
    return picture.resize(size, Image.Resampling.NEAREST).convert(mode)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def png_of_declared_size(width: int, height: int) -> bytes:
    """A small PNG file that unpacks to width x height black pixels of one bit."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def assert_corners(found: dict[str, Any], expected: list[tuple[int, int, int]]) -> None:
    assert "code" not in found, found
    assert np.abs(np.array(found["corners"], int) - np.array(expected)).max() <= 30


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "GIF", "BMP", "AVIF"])
def test_every_usual_format_is_shown(page: Page, kind: str) -> None:
    found = read(page, encoded(corners(), kind))
    assert_corners(found, [RED, GREEN, BLUE, WHITE])
    assert found["size"] == [64, 32]


# EXIF orientations 1 to 8: which of the stored corners each shown corner comes from.
ORIENTATIONS = {1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG", 5: "RBGW", 6: "BRWG", 7: "WGBR", 8: "GWRB"}


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_photo_is_shown_as_the_camera_was_held(page: Page, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = read(page, encoded(corners(), "JPEG", exif=exif, quality=95, subsampling=0))
    colours = dict(zip("RGBW", [RED, GREEN, BLUE, WHITE], strict=True))
    assert_corners(found, [colours[name] for name in ORIENTATIONS[orientation]])
    assert found["size"] == ([64, 32] if orientation < 5 else [32, 64])


def test_a_cmyk_jpeg_is_shown_in_its_colours(page: Page) -> None:
    found = read(page, encoded(corners("CMYK"), "JPEG", quality=95))
    assert "code" not in found
    dominant = [int(np.argmax(corner)) for corner in found["corners"][:3]]
    assert dominant == [0, 1, 2]
    assert min(found["corners"][3]) > 225


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "I;16"])
def test_grey_palette_and_16_bit_pngs_are_shown(page: Page, mode: str) -> None:
    picture = corners("L").convert("I;16") if mode == "I;16" else corners(mode)
    assert read(page, encoded(picture, "PNG"))["size"] == [64, 32]


def test_of_an_animated_gif_the_first_frame_is_shown(page: Page) -> None:
    second = Image.new("RGB", (64, 32), (9, 9, 9))
    found = read(page, encoded(corners(), "GIF", save_all=True, append_images=[second], duration=50))
    assert_corners(found, [RED, GREEN, BLUE, WHITE])


def test_transparent_parts_lie_on_white(page: Page) -> None:
    assert_corners(read(page, encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")), [WHITE] * 4)


def test_a_large_photo_is_reduced_to_the_working_size_by_averaging(page: Page) -> None:
    stripes = np.zeros((1500, 3000, 3), np.uint8)
    stripes[:, ::2] = 255
    found = read(page, encoded(Image.fromarray(stripes), "PNG"), max_side=375)
    assert found["size"] == [3000, 1500]
    assert found["shown"] == [375, 188]
    assert np.abs(np.array(found["corners"]) - 127.5).max() < 40


def test_a_small_photo_is_never_enlarged(page: Page) -> None:
    assert read(page, encoded(corners(), "PNG"), max_side=1024)["shown"] == [64, 32]


@pytest.mark.parametrize(("width", "height"), [(30000, 30000), (20000, 20000), (200000, 700)])
def test_a_picture_of_gigabytes_in_a_small_file_is_refused_before_it_is_decoded(
    page: Page, width: int, height: int
) -> None:
    content = png_of_declared_size(width, height)
    assert len(content) < 1_000_000
    found = page.evaluate(
        """async (base64) => {
            const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
            const start = performance.now();
            const code = await decodePhoto(new Blob([bytes]), '').catch((error) => error.code);
            return [code, performance.now() - start];
        }""",
        base64.b64encode(content).decode(),
    )
    assert found[0] == "too-large"
    assert found[1] < 1000


def test_a_photo_of_200_megapixels_is_opened_upright_with_50(page: Page) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    content = encoded(Image.new("L", (16384, 12288), 90), "JPEG", exif=turned)
    found = page.evaluate(
        """async (base64) => {
            const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
            const { bitmap, width, height, reducedFrom } = await decodePhoto(new Blob([bytes]), 'huge.jpg');
            const { data } = toImageData(bitmap, 64);
            return { size: [width, height], bitmap: [bitmap.width, bitmap.height], reducedFrom, last: data.at(-2) };
        }""",
        base64.b64encode(content).decode(),
    )
    width, height = found["size"]
    assert 49.9e6 < width * height <= 50e6
    assert width / height == pytest.approx(12288 / 16384, rel=1e-3)
    assert found["bitmap"] == found["size"]
    assert found["reducedFrom"] == {"width": 12288, "height": 16384}
    assert found["last"] == pytest.approx(90, abs=2)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "AVIF", "GIF", "BMP", "ICO"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_truncated_picture_is_refused_as_truncated(page: Page, kind: str, share: float) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    content = encoded(Image.fromarray(noise), kind)
    cut = content[: max(32, int(len(content) * share))]
    assert read(page, cut) == {"code": "truncated"}


def test_a_damaged_picture_is_refused(page: Page) -> None:
    content = bytearray(encoded(corners(), "PNG"))
    content[41:60] = bytes(19)
    assert read(page, bytes(content)) == {"code": "damaged"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"just some text", "not-a-picture"),
        (b"<!doctype html><html><body>not found</body></html>", "not-a-picture"),
        (b"%PDF-1.7\n", "not-a-picture"),
        (b"\0" * 5000, "not-a-picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "unsupported-svg"),
        (encoded(corners(), "TIFF"), "unsupported-tiff"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400), "unsupported-heic"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "unsupported-format"),
    ],
    ids=["empty", "text", "web page", "pdf", "zeros", "svg", "tiff", "heic", "jxl"],
)
def test_what_is_no_readable_picture_is_refused_by_kind(page: Page, content: bytes, code: str) -> None:
    assert read(page, content) == {"code": code}


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_result_is_saved_in_the_format_asked_for_and_its_own_size(page: Page, kind: str) -> None:
    saved = page.evaluate(
        """async (type) => {
            const pixels = new ImageData(50, 40);
            for (let i = 0; i < pixels.data.length; i += 4) pixels.data.set([200, 100, 50, 255], i);
            const blob = await exportPicture(pixels, type);
            return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
        }""",
        f"image/{kind}",
    )
    picture = Image.open(io.BytesIO(base64.b64decode(saved)))
    assert (picture.format or "").lower() == kind
    assert picture.size == (50, 40)
    assert np.abs(np.array(picture.convert("RGB"), int) - [200, 100, 50]).max() <= 4


# What Safari's browsers do otherwise: a canvas above 16.7 million pixels stays blank, bitmaps are not turned
# upright before 17.2, and canvases that nobody uses are counted as well.
LIMITED_CANVASES = """
  const isTooLarge = (canvas) => canvas.width * canvas.height > 4096 * 4096;
  const proto = CanvasRenderingContext2D.prototype;
  for (const name of ['drawImage', 'fillRect', 'putImageData']) {
    const draw = proto[name];
    proto[name] = function (...values) {
      if (!isTooLarge(this.canvas)) draw.apply(this, values);
    };
  }
  const { getImageData } = proto;
  proto.getImageData = function (...values) {
    if (isTooLarge(this.canvas)) throw new DOMException('', 'InvalidStateError');
    return getImageData.apply(this, values);
  };
  const { toBlob } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.toBlob = function (done, type, quality) {
    if (isTooLarge(this)) done(null);
    else toBlob.call(this, done, type === 'image/webp' ? 'image/png' : type, quality);
  };
  const canvases = [];
  const { createElement } = Document.prototype;
  Document.prototype.createElement = function (name) {
    const element = createElement.call(this, name);
    if (name === 'canvas') canvases.push(element);
    return element;
  };
  window.pixelsOfCanvases = () => canvases.reduce((sum, { width, height }) => sum + width * height, 0);
"""
NO_UPRIGHT_BITMAPS = """
  const create = window.createImageBitmap;
  window.createImageBitmap = async (source, options) => {
    if (options?.imageOrientation === 'from-image') throw new TypeError('not a member of the enumeration');
    return create(source, options);
  };
"""


@pytest.fixture(scope="module")
def open_bare_page(chromium: Browser, serve: Callable[..., str]) -> Iterator[Callable[[str], Page]]:
    """`open_bare_page(script)` opens the bare page in a browser that the script has made to differ."""
    pages = []

    def start(script: str) -> Page:
        page = chromium.new_page()
        pages.append(page)
        page.add_init_script(f"{{{script}}}")
        page.goto(serve(PAGE=engine_page()))
        return page

    yield start
    for page in pages:
        page.close()


@pytest.fixture(scope="module")
def limited(open_bare_page: Callable[[str], Page]) -> Page:
    """A browser with Safari's limits."""
    return open_bare_page(LIMITED_CANVASES)


def test_pictures_larger_than_safaris_canvases_are_read_and_saved_whole(limited: Page) -> None:
    y, x = np.arange(4200).astype(np.uint8)[:, None], np.arange(4001).astype(np.uint8)[None]  # modulo 256
    pixels = np.stack(np.broadcast_arrays(x, y, x // 16 + y // 16), axis=-1)
    assert pixels.size // 3 > 4096**2
    saved = limited.evaluate(
        """async (base64) => {
            const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
            const { bitmap } = await decodePhoto(new Blob([bytes]), '');
            const file = await exportPicture(toImageData(bitmap, 5000), 'image/png');
            const reader = new FileReader();
            return new Promise((resolve) => {
                reader.onload = () => resolve(reader.result);
                reader.readAsDataURL(file);
            });
        }""",
        base64.b64encode(encoded(Image.fromarray(pixels), "PNG", compress_level=1)).decode(),
    )
    picture = Image.open(io.BytesIO(base64.b64decode(saved.split(",")[1])))
    assert np.array_equal(np.asarray(picture), pixels)


@pytest.mark.parametrize(("side", "type"), [(4100, "image/jpeg"), (10, "image/webp")])
def test_a_format_that_the_browser_cannot_write_is_refused_with_the_way_out(
    limited: Page, side: int, type: str
) -> None:
    found = limited.evaluate(
        """async ([side, type]) => {
            const pixels = new ImageData(side, side);
            pixels.data.fill(255);
            return exportPicture(pixels, type).then(() => '', (error) => sentence(error));
        }""",
        [side, type],
    )
    assert found == "This browser cannot save this format: choose PNG."


def test_no_canvas_stays_behind(limited: Page) -> None:
    content = encoded(Image.new("RGB", (1000, 800)), "PNG")
    assert read(limited, content, max_side=100)["shown"] == [100, 80]
    limited.evaluate("exportPicture(new ImageData(300, 200), 'image/png')")
    assert limited.evaluate("pixelsOfCanvases()") == 0


@pytest.fixture(scope="module")
def lying(open_bare_page: Callable[[str], Page]) -> Page:
    """A browser like Safari before 17.2."""
    return open_bare_page(LIMITED_CANVASES + NO_UPRIGHT_BITMAPS)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_photo_stands_upright_where_bitmaps_are_not_turned(lying: Page, orientation: int) -> None:
    test_a_photo_is_shown_as_the_camera_was_held(lying, orientation)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (encoded(corners(), "PNG")[:80], "truncated"),
        (encoded(Image.new("L", (4200, 4200)), "PNG"), "too-large"),
    ],
    ids=["truncated", "too large"],
)
def test_where_bitmaps_are_not_turned_refusals_are_the_same(lying: Page, content: bytes, code: str) -> None:
    assert read(lying, content) == {"code": code}
    assert lying.evaluate("pixelsOfCanvases()") == 0
