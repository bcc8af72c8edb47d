"""Paints or translates a folder of pictures at their full size with the networks of a run directory.

    python -m training.paint RUN PICTURES --out FOLDER --style PICTURE               in a style
    python -m training.paint RUN PICTURES --out FOLDER --mode day-to-night           or night-to-day
    python -m training.paint … --strength 60                                         0 is the photo, 100 the most

PICTURES is a folder, searched through, or one picture. Results have the names, sizes and formats of their pictures,
are upright, in sRGB and carry no metadata (no place, no camera). Nothing that exists is overwritten: after a stop the
same command goes on where it was. Broken pictures are skipped and listed at the end.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageCms, ImageOps
from torch import Tensor
from tqdm import tqdm

from training.common.pictures import SUFFIXES
from training.common.runs import NotARun
from training.common.squares import centre_square
from training.daynight import guided
from training.daynight.load import Translators, load_translators
from training.style import tiles
from training.style.load import Pair, load_pair
from training.style.transformer import keeping

MODES = ("day-to-night", "night-to-day")
WORKING_SIDE = 512  # px of the longer side, at which day and night are translated
VIEW = 256  # px, what a style predictor is fed
FADE_BELOW = 25  # strength under which a painting also fades into its photo, as on the page
LARGEST = 50_000_000  # pixels
Painter = Callable[[Image.Image], Image.Image]


class BadPicture(ValueError):
    """A picture that cannot be opened or is too large; the message says which and why."""


class BadRequest(ValueError):
    """Options that cannot be served; the message says what to give instead."""


def open_picture(path: Path) -> tuple[Image.Image, str]:
    """The picture upright and in sRGB, RGB or RGBA, and its format. Raises BadPicture."""
    try:
        with Image.open(path) as file:
            if file.width * file.height > LARGEST:
                raise BadPicture(f"{path}: more than {LARGEST // 1_000_000} megapixels")
            kind = "JPEG" if file.format == "MPO" else str(file.format)  # phones append a second picture
            picture = _in_srgb(ImageOps.exif_transpose(file))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise error if isinstance(error, BadPicture) else BadPicture(f"{path}: {error}") from error
    return picture, kind


def _in_srgb(picture: Image.Image) -> Image.Image:
    transparent = picture.has_transparency_data
    wanted = "RGBA" if transparent else "RGB"
    if picture.mode == "P":
        picture = picture.convert(wanted)
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture.convert(wanted)
    alpha = picture.convert("RGBA").getchannel("A") if transparent else None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        base = picture.convert("RGB") if transparent else picture
        converted = ImageCms.profileToProfile(base, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:  # a profile that makes no sense is as good as none
        return picture.convert(wanted)
    assert converted is not None
    if alpha:
        converted.putalpha(alpha)
    return converted


def save_picture(picture: Image.Image, path: Path, kind: str) -> None:
    """Write in the given format, without metadata, beside and renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    bare = Image.fromarray(np.asarray(picture))
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {"quality": 95} if kind == "WEBP" else {}
    bare.save(beside, kind, **options)
    os.replace(beside, path)


def painted(picture: Image.Image, painter: Painter) -> Image.Image:
    """The painter's result; what is transparent lies on white for it, and stays transparent."""
    if picture.mode != "RGBA":
        return painter(picture)
    on_white = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    result = painter(on_white)
    result.putalpha(picture.getchannel("A"))
    return result


def translator(translators: Translators, mode: str, strength: float) -> Painter:
    """Day to night or back; `strength` 0..1."""
    network = translators.day_to_night if mode == "day-to-night" else translators.night_to_day

    def paint(photo: Image.Image) -> Image.Image:
        small = tiles.to_tensor(photo.resize(working_size(*photo.size), Image.Resampling.BOX, reducing_gap=None))
        maps = guided.fit(small, network(small))
        return Image.fromarray(guided.upsample(np.array(photo), maps, strength))

    return paint


def working_size(width: int, height: int) -> tuple[int, int]:
    """The longer side at most WORKING_SIDE, both multiples of 8, at least 32."""
    scale = min(1, WORKING_SIDE / max(width, height))
    return max(32, round(width * scale / 8) * 8), max(32, round(height * scale / 8) * 8)


@torch.inference_mode()
def stylist(pair: Pair, style: Image.Image, strength: float) -> Painter:
    """Paints in the style of a picture; `strength` 0..1 goes from the photo's own style vector to the picture's."""
    towards = keeping(pair.predictor(view(style)), 0)

    @torch.inference_mode()
    def paint(photo: Image.Image) -> Image.Image:
        vector = towards if strength == 1 else torch.lerp(keeping(pair.predictor(view(photo)), 1), towards, strength)
        return Image.blend(photo, tiles.paint(pair.transformer, photo, vector), min(1, strength * 100 / FADE_BELOW))

    return paint


def view(picture: Image.Image) -> Tensor:
    """What a style predictor looks at: the centre square, [1,3,256,256] in [0,1]."""
    return centre_square(picture, VIEW)[None]


def painter_of(run: Path, style: Path | None, mode: str | None, strength: float) -> Painter:
    """The painter that a run directory and the options make. Raises NotARun, BadRequest, BadPicture."""
    if (style is None) == (mode is None):
        raise BadRequest("name either a style picture (--style) or a --mode")
    if mode:
        return translator(load_translators(run), mode, strength)
    assert style is not None
    return stylist(load_pair(run), open_picture(style)[0].convert("RGB"), strength)


def pictures_of(source: Path, out: Path) -> Iterator[tuple[Path, Path]]:
    """Each picture and where its result goes; what lies in `out` itself is no source. Raises BadRequest."""
    if not source.exists():
        raise BadRequest(f"{source}: no such folder or picture")
    root = source if source.is_dir() else source.parent
    if root.resolve() == out.resolve():
        raise BadRequest(f"{out} holds the pictures themselves: name another folder with --out")
    files = sorted(p for p in root.rglob("*") if p.suffix.lower() in SUFFIXES) if source.is_dir() else [source]
    for file in files:
        if not file.resolve().is_relative_to(out.resolve()):
            yield file, out / file.relative_to(root)


def paint_all(pairs: list[tuple[Path, Path]], painter: Painter) -> tuple[int, list[str]]:
    """Paint each (picture, result) whose result does not exist; how many, and what was wrong with the others."""
    count, wrong = 0, []
    for source, target in tqdm(pairs, desc="painting", unit="picture", dynamic_ncols=True):
        if target.exists():
            wrong.append(f"{target}: is there already and was left as it is")
            continue
        try:
            picture, kind = open_picture(source)
        except BadPicture as error:
            wrong.append(str(error))
            continue
        save_picture(painted(picture, painter), target, kind)
        count += 1
    return count, wrong


def strength_option(text: str) -> float:
    """0..100 as a share of 1."""
    value = float(text)
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError("a strength is a number from 0 to 100")
    return value / 100


def main(arguments: list[str] | None = None) -> None:
    """The command line; ends with status 1 when nothing was painted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of a style or day-night training")
    parser.add_argument("pictures", type=Path, help="folder of pictures, or one picture")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--style", type=Path, help="the picture whose style to paint in")
    parser.add_argument("--mode", choices=MODES, help="translate instead")
    parser.add_argument("--strength", type=strength_option, default=1.0, help="0 to 100 (default: 100)")
    options = parser.parse_args(arguments)
    try:
        pairs = list(pictures_of(options.pictures, options.out))
        if not pairs:
            raise BadRequest(f"{options.pictures} holds no picture (looked for {', '.join(sorted(SUFFIXES))})")
        painter = painter_of(options.run, options.style, options.mode, options.strength)
    except (NotARun, BadRequest, BadPicture) as error:
        sys.exit(str(error))
    count, wrong = paint_all(pairs, painter)
    print("\n".join([*wrong, f"{count} of {len(pairs)} pictures are in {options.out}"]))
    sys.exit(count == 0)


if __name__ == "__main__":
    main()
