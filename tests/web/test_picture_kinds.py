"""Pictures of every kind: the pixels that Chromium itself draws, or one clear sentence within a second.

Chromium's own drawing is an <img> of the same file on a white canvas.
"""

import io
import struct
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.web.conftest import OpenStudio, Studio
from tests.web.picture_files import (
    ENDLESS,
    PICTURE,
    READ_BOTH_WAYS,
    READ_TWO,
    REFUSED,
    SHOWN,
    as_chosen,
    wide_gamut_profile,
)

pytestmark = pytest.mark.browser


def read(page: Page, name: str, content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(READ_BOTH_WAYS, as_chosen(name, content))
    return found


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_shown_as_chromium_draws_it(page: Page, name: str) -> None:
    found = read(page, name, SHOWN[name]())
    assert "code" not in found, found
    assert found["size"] == found["drawn"]
    assert found["difference"] <= 2


@pytest.mark.parametrize("name", ENDLESS)
def test_a_file_that_lacks_only_its_end_is_shown_as_the_whole_one(page: Page, name: str) -> None:
    whole, endless = (make() for make in ENDLESS[name])
    assert page.evaluate(READ_TWO, [as_chosen(name, whole), as_chosen(name, endless)]) <= 1


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_shown_is_explained_in_one_sentence_within_a_second(page: Page, name: str) -> None:
    make, words = REFUSED[name]
    content = make()
    assert len(content) < 200_000, "the file itself is small"
    found = read(page, name, content)
    assert "code" in found, "it was shown"
    assert words in found["sentence"]
    assert name in found["sentence"]
    assert found["sentence"].endswith(".")
    assert ". " not in found["sentence"]
    assert found["ms"] < 1000


# Words that stand in each kind of metadata of the photo below, and in no result.
SECRETS = ("Secretcam", "secret place", "secret comment", "secret caption", "Widegamut")
GPS_OF_BERLIN = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}


def photo_with_metadata() -> bytes:
    """A JPEG that tells place, camera, comment, caption and colour profile."""
    data = Image.Exif()
    data[0x010F] = "Secretcam"
    data.get_ifd(0x8825).update(GPS_OF_BERLIN)
    options = {"exif": data, "comment": "secret comment", "xmp": b"<x:xmpmeta>secret place</x:xmpmeta>"}
    file = io.BytesIO()
    PICTURE.save(file, "JPEG", icc_profile=wide_gamut_profile(), **options)
    caption = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x13\x1c\x02\x78\0\x0esecret caption"
    return file.getvalue()[:2] + b"\xff\xed" + struct.pack(">H", len(caption) + 2) + caption + file.getvalue()[2:]


def jpeg_segments(content: bytes) -> set[int]:
    """The markers before the pixels."""
    found, at = set(), 2
    while content[at + 1] != 0xDA:
        found.add(content[at + 1])
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return found


def png_chunks(content: bytes) -> set[bytes]:
    found, at = set(), 8
    while at < len(content):
        found.add(content[at + 4 : at + 8])
        at += 12 + struct.unpack_from(">I", content, at)[0]
    return found


def webp_chunks(content: bytes) -> set[bytes]:
    found, at = set(), 12
    while at < len(content):
        found.add(content[at : at + 4])
        size = struct.unpack_from("<I", content, at + 4)[0]
        at += 8 + size + size % 2
    return found


def test_the_photo_with_metadata_has_it() -> None:
    content = photo_with_metadata()
    assert all(word.encode() in content for word in SECRETS)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)[2] == GPS_OF_BERLIN[2]


@pytest.fixture(scope="module")
def painted(open_for_the_file: OpenStudio) -> Studio:
    """The real page with that photo painted."""
    studio = open_for_the_file()
    studio.paint(photo_with_metadata(), "holiday.jpg")
    return studio


@pytest.mark.parametrize(
    ("media_type", "parts", "allowed"),
    [
        # JFIF, colour profile, quantisation and Huffman tables, the frame's size
        ("image/jpeg", jpeg_segments, {0xE0, 0xE2, 0xDB, 0xC0, 0xC4}),
        ("image/png", png_chunks, {b"IHDR", b"sRGB", b"IDAT", b"IEND"}),
        ("image/webp", webp_chunks, {b"VP8X", b"ICCP", b"VP8 "}),
    ],
)
def test_no_metadata_of_the_photo_is_in_the_download(
    painted: Studio, media_type: str, parts: Callable[[bytes], set[Any]], allowed: set[Any]
) -> None:
    painted.page.locator("#save-as").select_option(f"{media_type} full")
    with painted.page.expect_download() as download:
        painted.part("download").click()
    content = download.value.path().read_bytes()
    assert [word for word in SECRETS if word.encode() in content] == []
    assert parts(content) <= allowed
    saved = Image.open(io.BytesIO(content))
    assert saved.size == PICTURE.size
    assert dict(saved.getexif()) == {}
