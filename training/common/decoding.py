"""One picture file's bytes to pixels, for every tool that takes somebody's pictures.

Whatever the file holds comes out upright, in sRGB and with 8 bits a channel. Only formats of pictures are opened:
Pillow would start other programs for some more (PostScript).
"""

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError
from PIL.Image import Transpose

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "DIB", "JPEG2000", "PPM"]
LARGEST = 178_956_970  # pixels; from there on Pillow takes a file for an attack
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
WHITES = (1, 255, 65535)  # candidates for white where the file does not state its range
PHOTOMETRIC, SAMPLE_FORMAT, BITS = 262, 339, 258  # tags of TIFF


class BrokenPicture(OSError):
    """A file that is no readable picture, or too large; the message says why, without the file's name."""


def read_picture(path: str | Path) -> Image.Image:
    """The picture of a file as RGB, white behind transparency. Raises OSError naming the file."""
    try:
        return on_white(decode(Path(path).read_bytes())[0])
    except BrokenPicture as error:
        raise OSError(f"{printable(str(path))}: {error}") from error


def decode(data: bytes, largest: int = LARGEST) -> tuple[Image.Image, str]:
    """(picture, Pillow's name of its format): upright, sRGB, RGB, or RGBA where something may be transparent.

    Of an animation it is the first picture. Raises BrokenPicture, also for more than `largest` pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged metadata, and of pictures that are merely large
            with Image.open(io.BytesIO(data), formats=FORMATS) as file:
                if file.width * file.height > largest:
                    raise BrokenPicture(f"more than {largest // 1_000_000} megapixels")
                file.load()
                kind = "JPEG" if file.format == "MPO" else str(file.format)  # phones append a second picture
                return _in_srgb(_in_8_bits(_upright(file))), kind
    except BrokenPicture:
        raise
    except Exception as error:  # a damaged file can make a decoder fail in any way
        raise BrokenPicture(_reason(data, error)) from error


def on_white(picture: Image.Image) -> Image.Image:
    """RGB or RGBA -> RGB."""
    if picture.mode != "RGBA":
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def printable(text: str) -> str:
    """A file's name for a message: one line, whatever bytes the system let it have."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def is_heic(data: bytes) -> bool:
    """Whether a file begins as iPhones' photos do."""
    brands = data[8 : max(16, min(64, int.from_bytes(data[:4], "big")))]
    return (
        data[4:8] == b"ftyp" and b"avi" not in brands and any(b in brands for b in (b"hei", b"hev", b"mif1", b"msf1"))
    )


def _reason(data: bytes, error: Exception) -> str:
    if is_heic(data):
        return "HEIC, which cannot be read here: save it as JPEG"
    if isinstance(error, UnidentifiedImageError):
        return "no picture"
    return printable(str(error)) or type(error).__name__


def _upright(file: Image.Image) -> Image.Image:
    try:
        turn = UPRIGHT.get(file.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # damaged metadata; the picture itself is whole
        turn = None
    return file if turn is None else _with_kind(file.transpose(turn), file)


def _with_kind(picture: Image.Image, file: Image.Image) -> Image.Image:
    """Let a turned picture still know what its file said of its numbers."""
    picture.format = file.format
    picture.tag_v2 = getattr(file, "tag_v2", {})  # type: ignore[attr-defined]
    return picture


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """Grey of 12, 16 or 32 bits or of floats as 8 bits, with alpha where one value means transparent."""
    hidden = picture.info.get("transparency")
    if picture.mode == "RGB" and isinstance(hidden, tuple) and max(hidden) > 255:  # 16 bits, of which Pillow keeps 8
        picture.info["transparency"] = tuple(value >> 8 for value in hidden)
    if not picture.mode.startswith(("I", "F")):
        return picture
    tags = getattr(picture, "tag_v2", {})
    values = np.asarray(picture)
    if picture.mode == "I" and tags.get(SAMPLE_FORMAT, (1,))[0] == 1 and tags.get(BITS) == (32,):
        values = values.view(np.uint32)
    shares = np.nan_to_num(values.astype(np.float64)) / _white(picture, values, tags.get(BITS, (16,))[0])
    pixels = (shares.clip(0, 1) * 255).round().astype(np.uint8)
    grey = Image.fromarray(255 - pixels if tags.get(PHOTOMETRIC) == 0 else pixels)
    if isinstance(hidden, int):
        grey.putalpha(Image.fromarray(np.where(values == hidden, 0, 255).astype(np.uint8)))
    grey.info["icc_profile"] = picture.info.get("icc_profile")
    return grey


def _white(picture: Image.Image, values: np.ndarray, bits: int) -> float:
    """The value that is white: by the number of bits, else the least usual one that holds the values, but for a few."""
    if picture.mode.startswith("I;") or picture.format == "PPM":
        return 2 ** min(bits, 16) - 1
    greatest = float(np.nan_to_num(values).max(initial=0))
    return next((white for white in WHITES if greatest <= 1.5 * white), greatest)  # a sharpened edge goes beyond


def _in_srgb(picture: Image.Image) -> Image.Image:
    wanted = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture.convert(wanted)
    try:
        base = _without_alpha(picture)
        source, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(base, source, srgb, outputMode="RGB")
    except Exception:  # a profile that makes no sense is as good as none
        return picture.convert(wanted)
    assert converted is not None
    if wanted == "RGBA":
        converted.putalpha(picture.convert("RGBA").getchannel("A"))
    return converted


def _without_alpha(picture: Image.Image) -> Image.Image:
    """In a mode that colour profiles are made for."""
    if picture.mode in ("RGB", "CMYK", "L", "LAB") and not picture.has_transparency_data:
        return picture
    grey = picture.mode in ("1", "L", "LA", "La")
    return picture.convert("RGBA").convert("L" if grey else "RGB")
