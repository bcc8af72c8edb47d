"""Paints forty portraits in as many held-out styles, next to Magenta's pair, to show whether faces stay recognisable.

    python bench/portraits.py --portraits TAR... --styles TAR... --run RUN              a run directory's networks
    python bench/portraits.py --portraits TAR... --styles TAR... --models web/models    the published graphs

The options take folders or tars of pictures, as for the training; only the styles that it holds out are used. Magenta's
two TFLite files are expected in weights/magenta. The sheets are written to --out. They may show other people's
pictures, so do not publish them.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps

from bench.painters import SIDE, Array, Painter, array, channels_first, image, painter_of, style_view
from bench.sheets import save_sheets
from training.common.pictures import NoPictures, Pictures
from training.style.config import HELD_OUT
from training.style.teachers import MagentaTeacher, NoTeacher

COUNT = 40


def main() -> None:
    """Paints and writes the sheets; bad input ends in one sentence."""
    options = arguments()
    try:
        magenta = MagentaTeacher(options.magenta)
        portraits, styles = Pictures(options.portraits), Pictures(options.styles).split(HELD_OUT)[1]
    except (NoTeacher, NoPictures) as error:
        sys.exit(str(error))
    options.out.mkdir(parents=True, exist_ok=True)
    with painter_of(options.run, options.models) as painter:
        pairs = zip(chosen(portraits), chosen(styles), strict=True)
        rows = [list(row(painter, magenta, portrait, style)) for portrait, style in pairs]
    for path in save_sheets(options.out, "portraits", ["photo", "style", "ours", "Magenta"], rows):
        print(path)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portraits", nargs="+", required=True, metavar="TAR", help="photos of people")
    parser.add_argument("--styles", nargs="+", required=True, metavar="TAR", help="style pictures")
    parser.add_argument("--magenta", type=Path, default=Path("weights/magenta"), metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=Path("runs/portraits"), metavar="FOLDER")
    networks = parser.add_mutually_exclusive_group(required=True)
    networks.add_argument("--run", type=Path, metavar="RUN", help="a run directory of distill/run.py")
    networks.add_argument("--models", type=Path, metavar="FOLDER", help="published graphs")
    return parser.parse_args()


def chosen(pictures: Pictures) -> Iterator[Image.Image]:
    """COUNT pictures, evenly spread over the list."""
    return (pictures.first_readable(i * len(pictures) // COUNT) for i in range(COUNT))


def row(painter: Painter, magenta: MagentaTeacher, portrait: Image.Image, style: Image.Image) -> Iterator[Image.Image]:
    """Portrait, style, ours, Magenta's. A tall portrait is cut at its top, where the face is."""
    photo = array(ImageOps.fit(portrait, (SIDE, SIDE), Image.Resampling.LANCZOS, centering=(0.5, 0)))
    seen = style_view(style)
    yield from (image(photo), style, image(painter.paint(photo, painter.predict(seen))))
    yield image(painted_by(magenta, photo, seen))


def painted_by(magenta: MagentaTeacher, photo: Array, style: Array) -> Array:
    """The photo as Magenta's pair paints it."""
    vectors = magenta.vectors(channels_first(style))
    return magenta.paint(channels_first(photo), vectors).permute(0, 2, 3, 1).numpy()


if __name__ == "__main__":
    main()
