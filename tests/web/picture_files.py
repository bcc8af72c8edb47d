"""Picture files of every kind, made from nothing: `SHOWN` are to be painted, `REFUSED` to be explained.

Each entry is a file's name, as a visitor's file may be called, and what makes its content. All files are small.
"""

import base64
import mimetypes
import struct
import zlib
from collections.abc import Callable
from functools import partial

import numpy as np
from PIL import Image

from tests.web.conftest import encoded, photo

PICTURE = photo(96, 64)
PIXELS = np.asarray(PICTURE)  # [64, 96, 3]
GREY_16, RGB_16 = (16, 0), (16, 2)  # bits a channel and colour type of a PNG
ONE_BIT = (1, 0)


# Reads a file as the page does and as the browser does: { size, difference } or { code, sentence, ms }.
READ_BOTH_WAYS = """async ([base64, name, type]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const file = new File([bytes], name, { type });
  const start = performance.now();
  let ours;
  try {
    const { bitmap } = await decodePhoto(file, name);
    ours = toImageData(bitmap, 10000);
    bitmap.close();
  } catch (error) {
    const ms = performance.now() - start;
    return { code: error.code ?? String(error), sentence: sentence(error, name), ms };
  }
  const image = new Image();
  image.src = URL.createObjectURL(file);
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0);
  URL.revokeObjectURL(image.src);
  const theirs = context.getImageData(0, 0, canvas.width, canvas.height).data;
  let difference = 0;
  theirs.forEach((value, i) => (difference = Math.max(difference, Math.abs(value - ours.data[i]))));
  return { size: [ours.width, ours.height], drawn: [canvas.width, canvas.height], difference };
}"""


def as_chosen(name: str, content: bytes) -> list[str]:
    """What READ_BOTH_WAYS is told of a file; a file picker knows its type by the name alone."""
    return [base64.b64encode(content).decode(), name, mimetypes.guess_type(name)[0] or ""]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png(width: int, height: int, rows: bytes, kind: tuple[int, int], *extra: bytes) -> bytes:
    """A PNG file of unfiltered rows, each after its filter byte; `kind` is bits a channel and colour type."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, *kind, 0, 0, 0))
    data = png_chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + data + png_chunk(b"IEND", b"")


def png_16(kind: tuple[int, int]) -> bytes:
    """The picture with 16 bits a channel, whose lower eight are no zeros."""
    pixels = PIXELS.mean(axis=2) if kind == GREY_16 else PIXELS
    words = (pixels.reshape(64, -1) * 257.0 - 100).clip(0).astype(">u2")
    return png(96, 64, b"".join(b"\0" + row.tobytes() for row in words), kind)


def png_of_declared_size(width: int, height: int) -> bytes:
    """A small file that unpacks to width x height black pixels of one bit."""
    return png(width, height, bytes((width + 7) // 8 + 1) * height, ONE_BIT)


def png_of_text(megabytes: int) -> bytes:
    """A PNG of 8 x 8 pixels with a comment that unpacks to that many megabytes."""
    comment = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(megabytes * 10**6)))
    return png(8, 8, bytes(2 * 8), ONE_BIT, comment)


def png_with_more_rows(megabytes: int) -> bytes:
    """A PNG of 8 x 8 pixels whose rows go on for that many megabytes."""
    return png(8, 8, bytes(megabytes * 10**6), ONE_BIT)


def wide_gamut_profile() -> bytes:
    """An ICC profile, version 2, with Display P3's primaries and the gamma 2.2."""

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))

    text = b"desc\0\0\0\0" + struct.pack(">I", 10) + b"Widegamut\0" + bytes(78)
    gamma = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(2.2 * 256), 0)
    tags = {
        b"desc": text + bytes(-len(text) % 4),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2920, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1571, 0.0666, 0.7841),
        b"rTRC": gamma,
        b"gTRC": gamma,
        b"bTRC": gamma,
    }
    offset, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(content))
        body += content
    size = offset + len(body)
    header = struct.pack(">I4xI", size, 0x02100000) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    header += struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def exif(orientation: int) -> Image.Exif:
    """What a camera writes, with how it was held."""
    data = Image.Exif()
    data[0x0112] = orientation
    return data


def translucent() -> Image.Image:
    """The picture, fading from nothing at its left to opaque at its right."""
    alpha = np.broadcast_to(np.linspace(0, 255, 96).astype(np.uint8), (64, 96))
    return Image.merge("RGBA", [*PICTURE.split(), Image.fromarray(alpha)])


def animated(kind: str) -> bytes:
    """Ten seconds of the picture, and then its negative."""
    negative = Image.fromarray(255 - PIXELS)
    return encoded(PICTURE, kind, save_all=True, append_images=[negative], duration=10_000)


def jpeg_of_declared_size(width: int, height: int) -> bytes:
    content = bytearray(encoded(PICTURE, "JPEG"))
    struct.pack_into(">HH", content, content.index(b"\xff\xc0") + 5, height, width)
    return bytes(content)


def avif_of_declared_size(width: int, height: int) -> bytes:
    content = bytearray(encoded(PICTURE, "AVIF"))
    struct.pack_into(">II", content, content.index(b"ispe") + 8, width, height)
    return bytes(content)


def jpeg(**options: object) -> bytes:
    return encoded(PICTURE, "JPEG", **options)


def cut(content: bytes, share: float = 0.5) -> bytes:
    return content[: int(len(content) * share)]


SHOWN: dict[str, Callable[[], bytes]] = {
    **{f"held-{turn}.jpg": partial(jpeg, exif=exif(turn)) for turn in range(1, 9)},
    "turned.png": lambda: encoded(PICTURE, exif=exif(6)),
    "turned.webp": lambda: encoded(PICTURE, "WebP", exif=exif(8)),
    "turned.avif": lambda: encoded(PICTURE, "AVIF", exif=exif(3)),
    "progressive.jpg": lambda: jpeg(progressive=True),
    "full-chroma.jpg": lambda: jpeg(subsampling=0, quality=100),
    "print.jpg": lambda: encoded(PICTURE.convert("CMYK"), "JPEG"),
    "grey.jpg": lambda: encoded(PICTURE.convert("L"), "JPEG"),
    "two-pictures.jpg": lambda: encoded(PICTURE, "MPO", save_all=True, append_images=[Image.new("RGB", (96, 64))]),
    "trailing-bytes.jpg": lambda: jpeg() + b"a maker's notes " * 9,
    "wide-gamut.jpg": lambda: jpeg(icc_profile=wide_gamut_profile()),
    "wide-gamut.png": lambda: encoded(PICTURE, icc_profile=wide_gamut_profile()),
    "grey.png": lambda: encoded(PICTURE.convert("L")),
    "grey-alpha.png": lambda: encoded(translucent().convert("LA")),
    "grey-16.png": lambda: png_16(GREY_16),
    "colour-16.png": lambda: png_16(RGB_16),
    "one-bit.png": lambda: encoded(PICTURE.convert("1")),
    "palette.png": lambda: encoded(PICTURE.quantize(64)),
    "palette-alpha.png": lambda: encoded(PICTURE.quantize(16), transparency=3),
    "alpha.png": lambda: encoded(translucent()),
    "alpha.webp": lambda: encoded(translucent(), "WebP"),
    "alpha.avif": lambda: encoded(translucent(), "AVIF"),
    "lossless.webp": lambda: encoded(PICTURE, "WebP", lossless=True),
    "moving.gif": lambda: animated("GIF"),
    "moving.webp": lambda: animated("WebP"),
    "moving.png": lambda: animated("PNG"),
    "moving.avif": lambda: animated("AVIF"),
    "still.avif": lambda: encoded(PICTURE, "AVIF"),
    "bitmap.bmp": lambda: encoded(PICTURE, "BMP"),
    "really-a-png.jpg": lambda: encoded(PICTURE),
    "really-a-jpeg.png": lambda: jpeg(),
    "no-extension": lambda: jpeg(),
    "dot.png": lambda: encoded(photo(1, 1)),
    "tall.png": lambda: encoded(photo(1, 8000)),
    "wide.jpg": lambda: encoded(photo(8000, 1), "JPEG"),
    "comment-of-100-megabytes.png": lambda: png_of_text(100),
    "rows-of-100-megabytes.png": lambda: png_with_more_rows(100),
}

# Each with words of the sentence that the visitor reads.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "phone.heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400), "cannot open HEIC photos: save"),
    "drawing.svg": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "save it as PNG or JPEG",
    ),
    "scan.tif": (lambda: encoded(PICTURE, "TIFF"), "cannot open TIFF pictures: save"),
    "next.jxl": (lambda: b"\0\0\0\x0cJXL \r\n\x87\n", "save it as JPEG or PNG"),
    "archive.jp2": (lambda: b"\0\0\0\x0cjP  \r\n\x87\n", "save it as JPEG or PNG"),
    "layers.psd": (lambda: b"8BPS\0\1" + bytes(99), "save it as JPEG or PNG"),
    "film.jpg": (lambda: b"\0\0\0\x18ftypisom\0\0\2\0isomavc1" + bytes(99), "is not a picture: choose"),
    "letter.png": (lambda: b"%PDF-1.7\n" * 9, "is not a picture: choose"),
    "nothing.jpg": (lambda: b"", "is empty"),
    "cut.jpg": (lambda: cut(jpeg()), "is cut off"),
    "cut-progressive.jpg": (lambda: cut(jpeg(progressive=True)), "is cut off"),
    "cut-at-start.jpg": (lambda: cut(jpeg(), 0.05), "is cut off"),
    "cut.png": (lambda: cut(encoded(PICTURE)), "is cut off"),
    "cut.webp": (lambda: cut(encoded(PICTURE, "WebP")), "is cut off"),
    "cut.avif": (lambda: cut(encoded(PICTURE, "AVIF")), "is cut off"),
    "20000.png": (lambda: png_of_declared_size(20_000, 20_000), "too many pixels"),
    "20000.jpg": (lambda: jpeg_of_declared_size(20_000, 20_000), "too many pixels"),
    "20000.avif": (lambda: avif_of_declared_size(20_000, 20_000), "too many pixels"),
    "16383.webp": (
        lambda: b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xfe\x3f\0\xfe\x3f\0" + bytes(42),
        "too many pixels",
    ),
    "65535.gif": (lambda: b"GIF89a" + b"\xff" * 4 + bytes(30), "too many pixels"),
    "20000.bmp": (
        lambda: b"BM\x46\0\0\0" + bytes(8) + struct.pack("<Iii", 40, 20_000, -20_000) + bytes(44),
        "too many pixels",
    ),
}
