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


# The largest difference between two files as the page reads them.
READ_TWO = """async (files) => {
  const [one, other] = await Promise.all(files.map(async ([base64, name]) => {
    const { bitmap } = await decodePhoto(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]), name);
    return toImageData(bitmap, 10000).data;
  }));
  return one.reduce((most, value, i) => Math.max(most, Math.abs(value - (other[i] ?? 999))), 0);
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


JFIF, TABLE, FRAME, SCAN, END = b"\xff\xe0", b"\xff\xdb", b"\xff\xc0", b"\xff\xda", b"\xff\xd9"  # of a JPEG


def before(mark: bytes, stray: bytes, **options: object) -> bytes:
    """A JPEG with bytes before the first of such marks that belong to no segment."""
    content = jpeg(**options)
    at = content.index(mark)
    return content[:at] + stray + content[at:]


def without_end(**options: object) -> bytes:
    return jpeg(**options).removesuffix(END)


def first_scan() -> bytes:
    """A progressive JPEG of its first scan alone: blurred, without a row missing."""
    content = jpeg(progressive=True)
    return content[: content.index(b"\xff\xc4", content.index(SCAN))]


def cut_between_restarts() -> bytes:
    """A JPEG that ends where a restart marker is due."""
    content = encoded(photo(96, 256), "JPEG", restart_marker_rows=1)
    return content[: content.index(b"\xff\xd5")]


def patched(content: bytes, at: int, replacement: bytes) -> bytes:
    return content[:at] + replacement + content[at + len(replacement) :]


def bmp(header: bytes, pixels: bytes) -> bytes:
    """A BMP file of that second header and those rows."""
    return b"BM" + struct.pack("<III", 14 + len(header) + len(pixels), 0, 14 + len(header)) + header + pixels


def bmp_top_down() -> bytes:
    rows = PIXELS[..., ::-1].tobytes()
    return bmp(struct.pack("<IiiHHIIiiII", 40, 96, -64, 1, 24, 0, 0, 0, 0, 0, 0), rows)


def bmp_of_os2() -> bytes:
    return bmp(struct.pack("<IHHHH", 12, 96, 64, 1, 24), PIXELS[::-1, :, ::-1].tobytes())


def bmp_with_alpha() -> bytes:
    """32 bits with a mask for each channel."""
    red, green, blue, alpha = np.moveaxis(np.asarray(translucent())[::-1], -1, 0)
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    header = struct.pack("<IiiHHIIiiII", 124, 96, 64, 1, 32, 3, 0, 0, 0, 0, 0) + masks + b"BGRs" + bytes(64)
    return bmp(header, np.stack([blue, green, red, alpha], axis=-1).tobytes())


def icon(kind: int = 1) -> bytes:
    """Pictures of several sizes; of kind 2 a cursor."""
    content = encoded(photo(128, 128), "ICO", sizes=[(16, 16), (128, 128), (48, 48)])
    return patched(content, 2, bytes([kind]))


def spoilt_png(chunk: bytes, *extra: bytes) -> bytes:
    """A PNG with a wrong checksum behind that chunk."""
    content = png(96, 64, b"".join(b"\0" + row.tobytes() for row in PIXELS), (8, 2), *extra)
    start = content.index(chunk) - 4
    at = start + 8 + struct.unpack_from(">I", content, start)[0]
    return patched(content, at, bytes([content[at] ^ 255]))


FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + END + bytes(500)  # as phones put behind a "motion photo"


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
    "stray-bytes.jpg": lambda: before(TABLE, b"stray\0bytes"),
    "stray-before-pixels.jpg": lambda: before(SCAN, bytes(26)),
    "stray-escape.jpg": lambda: before(FRAME, b"\xff\0\1\2"),
    "fill-bytes.jpg": lambda: before(FRAME, b"\xff" * 9),
    "longer-segment.jpg": lambda: before(JFIF, b"\xff\xe1\0\x20" + b"E" * 30 + b"and more"),
    "segment-of-no-length.jpg": lambda: before(JFIF, b"\xff\xed\0\0"),
    "restarts.jpg": lambda: jpeg(restart_marker_rows=1),
    "no-jfif.jpg": lambda: b"\xff\xd8" + jpeg()[jpeg().index(TABLE) :],
    "motion.jpg": lambda: jpeg() + FILM,
    "first-scan.jpg": lambda: first_scan() + END,
    "reserved.bmp": lambda: patched(encoded(PICTURE, "BMP"), 6, b"used"),
    "no-length.bmp": lambda: patched(encoded(PICTURE, "BMP"), 2, bytes(4)),
    "wrong-lengths.bmp": lambda: patched(patched(encoded(PICTURE, "BMP"), 2, b"\xff" * 4), 34, b"\xff" * 4),
    "trailing-bytes.bmp": lambda: encoded(PICTURE, "BMP") + b"more",
    "top-down.bmp": bmp_top_down,
    "os2.bmp": bmp_of_os2,
    "alpha.bmp": bmp_with_alpha,
    "palette.bmp": lambda: encoded(PICTURE.quantize(64), "BMP"),
    "icon.ico": icon,
    "icon-of-bitmaps.ico": lambda: encoded(photo(64, 64), "ICO", sizes=[(16, 16), (64, 64)], bitmap_format="bmp"),
    "arrow.cur": lambda: icon(2),
    "wrong-checksum-of-comment.png": lambda: spoilt_png(b"tEXt", png_chunk(b"tEXt", b"Comment\0words")),
    "trailing-bytes.png": lambda: encoded(PICTURE) + b"more" * 9,
    "no-end.gif": lambda: encoded(PICTURE, "GIF")[:-1],
    "trailing-bytes.gif": lambda: encoded(PICTURE, "GIF") + b"more",
    "second-frame-cut.gif": lambda: cut(animated("GIF"), 0.75),
    "trailing-bytes.webp": lambda: encoded(PICTURE, "WebP") + b"more",
    "trailing-bytes.avif": lambda: encoded(PICTURE, "AVIF") + b"more" * 9,
}

# What lacks no row, only what stands behind the last one: the whole file, and what of it is left.
ENDLESS: dict[str, tuple[Callable[[], bytes], Callable[[], bytes]]] = {
    "baseline.jpg": (jpeg, without_end),
    "progressive.jpg": (partial(jpeg, progressive=True), partial(without_end, progressive=True)),
    "half-an-end.jpg": (jpeg, lambda: jpeg()[:-1]),
    "full-chroma.jpg": (partial(jpeg, subsampling=0), partial(without_end, subsampling=0)),
    "turned.jpg": (partial(jpeg, exif=exif(6)), partial(without_end, exif=exif(6))),
    "restarts.jpg": (partial(jpeg, restart_marker_rows=1), partial(without_end, restart_marker_rows=1)),
    "print.jpg": (SHOWN["print.jpg"], lambda: SHOWN["print.jpg"]()[:-2]),
    "trailing-bytes.jpg": (jpeg, lambda: without_end() + b"a maker's notes " * 9),
    "next-picture.jpg": (jpeg, lambda: without_end() + jpeg()),
    "interlaced.gif": (lambda: encoded(PICTURE, "GIF"), lambda: encoded(PICTURE, "GIF")[:-3]),
    "colour-16.png": (lambda: png_16(RGB_16), lambda: png_16(RGB_16)[:-16]),
    "no-end.png": (lambda: encoded(PICTURE), lambda: encoded(PICTURE)[:-12]),
    "wrong-checksum.png": (lambda: encoded(PICTURE), lambda: spoilt_png(b"IDAT")),
    "no-last-block.gif": (lambda: encoded(PICTURE, "GIF"), lambda: encoded(PICTURE, "GIF")[:-2]),
    "alpha.png": (SHOWN["alpha.png"], lambda: SHOWN["alpha.png"]()[:-20]),
    "palette-alpha.png": (SHOWN["palette-alpha.png"], lambda: SHOWN["palette-alpha.png"]()[:-16]),
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
    "film.jpg": (lambda: b"\0\0\0\x18ftypisom\0\0\2\0isomavc1" + bytes(99), "cannot be read as a picture: choose"),
    "letter.png": (lambda: b"%PDF-1.7\n" * 9, "cannot be read as a picture: choose"),
    "nothing.jpg": (lambda: b"", "is empty"),
    "cut.jpg": (lambda: cut(jpeg()), "is incomplete"),
    "cut-progressive.jpg": (lambda: cut(jpeg(progressive=True)), "is incomplete"),
    "cut-at-start.jpg": (lambda: cut(jpeg(), 0.05), "is incomplete"),
    "cut-with-end-mark.jpg": (lambda: cut(jpeg()) + END, "is incomplete"),
    "cut-between-restarts.jpg": (cut_between_restarts, "is incomplete"),
    "cut-grey.jpg": (lambda: cut(encoded(PICTURE.convert("L"), "JPEG"), 0.9), "is incomplete"),
    "cut.gif": (lambda: cut(encoded(PICTURE, "GIF")), "is incomplete"),
    "cut.bmp": (lambda: cut(encoded(PICTURE, "BMP")), "is incomplete"),
    "cut.png": (lambda: cut(encoded(PICTURE)), "is incomplete"),
    "cut-alpha.png": (lambda: cut(encoded(translucent()), 0.95), "is incomplete"),
    "wrong-checksum-of-header.png": (lambda: spoilt_png(b"IHDR"), "is damaged"),
    "words.bmp": (lambda: b"BMW, a maker of cars and motorcycles", "cannot be read as a picture: choose"),
    "cut.webp": (lambda: cut(encoded(PICTURE, "WebP")), "is incomplete"),
    "cut.avif": (lambda: cut(encoded(PICTURE, "AVIF")), "is incomplete"),
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
