"""Promises of training/common/decoding.py: whatever a file holds comes out upright, sRGB, 8 bit and on white."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from training.common.decoding import BrokenPicture, decode, on_white, printable, read_picture

ORIENTATION, MAKER = 0x0112, 0x010F


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    data = io.BytesIO()
    picture.save(data, kind, **options)
    return data.getvalue()


def numbers(value: float, dtype: type) -> Image.Image:
    return Image.fromarray(np.full((4, 6), value, dtype))


def png(bits: int, colour_type: int, rows: list[bytes], transparent: bytes = b"") -> bytes:
    """A PNG of kinds that Pillow does not write, two pixels wide."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, len(rows), bits, colour_type, 0, 0, 0))
    alpha = chunk(b"tRNS", transparent) if transparent else b""
    pixels = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    return b"\x89PNG\r\n\x1a\n" + header + alpha + pixels + chunk(b"IEND", b"")


def grey(data: bytes) -> int:
    """The level of an evenly grey picture."""
    low, high = on_white(decode(data)[0]).convert("L").getextrema()
    assert low == high
    return int(low)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize(("orientation", "corner"), [(1, 0), (2, 1), (3, 2), (4, 3), (5, 0), (6, 1), (7, 2), (8, 3)])
def test_a_turned_photo_is_read_upright(kind, orientation, corner):
    photo = np.zeros((64, 96, 3), np.uint8)
    photo[:32, :48] = 255  # stored at the top left
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options = {"tiffinfo": {ORIENTATION: orientation}} if kind == "TIFF" else {"exif": exif}
    picture = decode(encoded(Image.fromarray(photo), kind, **options))[0]
    assert picture.size == ((96, 64) if orientation < 5 else (64, 96))
    w, h = picture.size
    corners = [(4, 4), (w - 5, 4), (w - 5, h - 5), (4, h - 5)]  # clockwise
    assert [picture.getpixel(at)[0] > 200 for at in corners] == [i == corner for i in range(4)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0garbage",
        b"Exif\0\0",
        b"II*\0\xff\xff\xff\x7f",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\1" * 30,
        b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\2\0\0\0\5\0\0\0\x99",  # an orientation that is text, and missing
        b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\x09\0\0\0\0\0\0",  # the ninth of eight
    ],
)
@pytest.mark.filterwarnings("error")
def test_damaged_exif_is_ignored(kind, exif):
    assert decode(encoded(Image.new("RGB", (96, 64)), kind, exif=exif))[0].size == (96, 64)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM", "JPEG2000"])
@pytest.mark.parametrize(("value", "level"), [(0, 0), (1000, 4), (32768, 128), (65535, 255)])
def test_16_bit_grey_is_scaled(kind, value, level):
    assert grey(encoded(numbers(value, np.uint16), kind)) == level


@pytest.mark.parametrize(
    ("value", "dtype", "level"),
    [
        (0.5, np.float32, 128),
        (1, np.float32, 255),
        (1.2, np.float32, 255),  # sharpened beyond white
        (-0.2, np.float32, 0),
        (128, np.float32, 128),
        (32768, np.float32, 128),
        (float("nan"), np.float32, 0),
        (float("inf"), np.float32, 255),
        (128, np.int32, 128),
        (32768, np.int32, 128),
        (2_000_000_000, np.int32, 255),
        (-5, np.int32, 0),
    ],
)
def test_32_bit_numbers_are_scaled_from_the_white_that_holds_them(value, dtype, level):
    assert grey(encoded(numbers(value, dtype), "TIFF")) == level


def test_32_bits_without_a_sign_are_no_negative_numbers():
    data = encoded(numbers(-1_000_000_000, np.int32), "TIFF")
    entry = struct.pack("<HHI", 339, 3, 1)  # the samples' format
    unsigned = data.replace(entry + b"\2\0", entry + b"\1\0")
    assert unsigned != data and grey(unsigned) == 255


def test_12_bit_grey_is_scaled_and_white_may_be_zero():
    halves = encoded(numbers(16384, np.uint16), "TIFF", tiffinfo={262: 0})
    assert grey(halves) == 191
    data = encoded(Image.new("L", (6, 4), 0), "TIFF")
    twelve = data.replace(struct.pack("<HHIH", 258, 3, 1, 8), struct.pack("<HHIH", 258, 3, 1, 12))
    assert twelve != data
    offset = Image.open(io.BytesIO(data)).tag_v2[273][0]  # type: ignore[attr-defined]
    assert grey(twelve[:offset] + b"\x80\x08\x00" * 12) == 128


def test_16_bits_a_colour_keep_their_upper_8():
    pixels = struct.pack(">6H", 65535, 1000, 0, 32768, 32768, 32768)
    picture = decode(png(16, 2, [pixels]))[0]
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(255, 3, 0), (128, 128, 128)]


TRANSPARENT = {
    "RGBA": encoded(Image.new("RGBA", (6, 4), (0, 0, 0, 0)), "PNG"),
    "grey with alpha": encoded(Image.new("LA", (6, 4), (0, 0)), "PNG"),
    "16 bit grey with alpha": png(16, 4, [bytes(8)]),
    "16 bit grey, black transparent": encoded(numbers(0, np.uint16), "PNG", transparency=0),
    "16 bit grey, one level transparent": encoded(numbers(1000, np.uint16), "PNG", transparency=1000),
    "16 bit colours, one transparent": png(
        16, 2, [struct.pack(">6H", *[1000, 2000, 3000] * 2)], b"\x03\xe8\7\xd0\x0b\xb8"
    ),
    "colours, one transparent": encoded(Image.new("RGB", (6, 4)), "PNG", transparency=(0, 0, 0)),
    "grey, black transparent": encoded(Image.new("L", (6, 4)), "PNG", transparency=0),
    "1 bit, black transparent": png(1, 0, [b"\0"], b"\0\0"),
    "palette": encoded(Image.new("P", (6, 4)), "PNG", transparency=0),
    "palette with levels": encoded(Image.new("P", (6, 4)), "PNG", transparency=b"\0"),
    "GIF": encoded(Image.new("RGBA", (6, 4), (0, 0, 0, 0)), "GIF"),
    "WebP": encoded(Image.new("RGBA", (6, 4), (0, 0, 0, 0)), "WEBP", lossless=True, exact=True),
    "TIFF": encoded(Image.new("RGBA", (6, 4), (0, 0, 0, 0)), "TIFF"),
    "TIFF, alpha multiplied in": encoded(Image.new("RGBA", (6, 4), (0, 0, 0, 0)), "TIFF", tiffinfo={338: 1}),
    "AVIF": encoded(Image.new("RGBA", (6, 4), (0, 0, 0, 0)), "AVIF"),
}


@pytest.mark.parametrize("name", TRANSPARENT)
def test_transparency_lies_on_white(name):
    assert grey(TRANSPARENT[name]) == 255


def test_half_transparency_is_mixed_with_white():
    half = encoded(Image.new("RGBA", (6, 4), (0, 0, 0, 128)), "PNG")
    assert abs(grey(half) - 127) <= 1


def test_transparency_stays_with_a_colour_profile():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.new("RGBA", (6, 4), (200, 20, 0, 0))
    picture.paste((200, 20, 0, 255), (3, 0, 6, 4))
    read = on_white(decode(encoded(picture, "PNG", icc_profile=profile))[0])
    assert read.getpixel((0, 0)) == (255, 255, 255)
    assert np.abs(np.array(read.getpixel((5, 0))) - (200, 20, 0)).max() <= 2


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB", "PA", "LA", "RGBA"])
@pytest.mark.parametrize("profile", [None, b"no profile"])
def test_every_mode_becomes_rgb_also_with_a_profile_that_makes_no_sense(mode, profile):
    white = Image.new(mode, (6, 4)) if mode == "LAB" else Image.new("RGB", (6, 4), "white").convert(mode)
    data = encoded(white, "TIFF", **({"icc_profile": profile} if profile else {}))
    picture = on_white(decode(data)[0])
    assert (picture.mode, picture.size) == ("RGB", (6, 4))
    assert mode == "LAB" or min(picture.getpixel((0, 0))) >= 253


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF", "TIFF", "MPO"])
def test_of_an_animation_the_first_picture_is_read(kind):
    first, second = Image.new("RGB", (32, 24), (220, 30, 30)), Image.new("RGB", (32, 24), (30, 30, 220))
    picture, named = decode(encoded(first, kind, save_all=True, append_images=[second]))
    assert picture.convert("RGB").getpixel((9, 9))[0] > 200
    assert named == ("JPEG" if kind == "MPO" else kind)


def test_a_large_picture_is_read_without_a_warning_and_an_enormous_one_refused(recwarn):
    assert decode(encoded(Image.new("1", (9500, 9500)), "PNG"))[0].width == 9500
    with pytest.raises(BrokenPicture, match="pixels"):
        decode(encoded(Image.new("1", (20_000, 20_000)), "PNG"))
    assert not list(recwarn)


PHOTO = Image.effect_noise((96, 64), 90).convert("RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.5, 0.9])
def test_what_is_cut_off_is_a_broken_picture(kind, share):
    data = encoded(PHOTO, kind)
    with pytest.raises(BrokenPicture):
        decode(data[: int(len(data) * share)])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF", "JPEG2000", "PPM", "MPO"])
def test_scrambled_bytes_are_read_or_a_broken_picture_and_nothing_else(kind):
    data, random = encoded(PHOTO, kind), np.random.default_rng(0)
    for _ in range(60):
        scrambled = bytearray(data)
        for _ in range(random.integers(1, 12)):
            scrambled[random.integers(min(len(data), random.choice([64, 100_000])))] = random.integers(256)
        try:
            assert decode(bytes(scrambled), 1_000_000)[0].mode in ("RGB", "RGBA")
        except BrokenPicture as error:
            assert str(error) and "\n" not in str(error)


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("libavif\nfailed"), struct.error("x"), KeyError(3)])
def test_any_exception_of_a_decoder_is_a_broken_picture(monkeypatch, error):
    monkeypatch.setattr(Image, "open", lambda *_, **__: (_ for _ in ()).throw(error))
    with pytest.raises(BrokenPicture) as broken:
        decode(b"any")
    assert str(broken.value) and "\n" not in str(broken.value)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"hevc"])
def test_heic_behind_any_name_is_called_heic(tmp_path, brand):
    (tmp_path / "IMG_1.jpg").write_bytes(b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + b"\0" * 50)
    with pytest.raises(OSError, match=r"IMG_1\.jpg: HEIC, which cannot be read here: save it as JPEG"):
        read_picture(tmp_path / "IMG_1.jpg")


def test_nothing_but_pictures_is_opened():
    with pytest.raises(BrokenPicture, match="no picture"):
        decode(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n")


def test_a_files_picture_is_rgb(tmp_path: Path):
    (tmp_path / "a.jpg").write_bytes(TRANSPARENT["palette"])
    assert read_picture(tmp_path / "a.jpg").getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Фото 1.jpg", "Фото 1.jpg"), ("a\nb\t\x1b[2J", r"a\nb\t\x1b[2J"), ("\udcff.jpg", r"\udcff.jpg")],
)
def test_a_name_is_printed_in_one_line(name, shown):
    assert printable(name) == shown and printable(name).encode()
