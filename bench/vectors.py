"""Paints our own photos with a teacher's vectors and with its student's, to show what the distillation loses.

    python bench/vectors.py --teacher runs/style --student runs/distill --out runs/vectors.webp

Both are run directories with the same style space: the student was trained on the teacher's vectors (distill/run.py).
Photos and styles are the page's own (web/samples, web/styles).
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from bench.painters import SIDE, Painter, array, image, run_painter, square, style_view
from bench.sheets import sheet
from server import WEB
from training.common.runs import NotARun
from training.style.load import load_pair

PAIRS = {
    "mountain-lake": ["wheat-wind", "linocut"],
    "house-at-dusk": ["swirling-night", "watercolour"],
    "breakfast": ["stained-glass", "fauvist-harbour"],
}
COLUMNS = ["photo", "style", "teacher", "student, teacher's vector", "student"]


def main() -> None:
    """Writes the sheet; runs of two spaces, or none, end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", type=Path, required=True, metavar="RUN")
    parser.add_argument("--student", type=Path, required=True, metavar="RUN")
    parser.add_argument("--out", type=Path, default=Path("runs/vectors.webp"), metavar="FILE")
    options = parser.parse_args()
    check(options.teacher, options.student)
    with run_painter(options.teacher) as teacher, run_painter(options.student) as student:
        rows = [list(row(teacher, student, photo, style)) for photo, styles in PAIRS.items() for style in styles]
    sheet(COLUMNS, rows).save(options.out, quality=80)


def check(teacher: Path, student: Path) -> None:
    """Exits unless both understand the same vectors."""
    try:
        spaces = [load_pair(run).state.get("style_space") for run in (teacher, student)]
    except NotARun as error:
        sys.exit(str(error))
    if spaces[0] != spaces[1]:
        sys.exit(f"{student} has a style space of its own: distil it with as many --vector-steps as --steps.")


def row(teacher: Painter, student: Painter, photo: str, style: str) -> Iterator[Image.Image]:
    """Photo, style, and the pictures of COLUMNS."""
    original = array(square(Image.open(WEB / "samples" / f"{photo}.jpg"), SIDE))
    seen = style_view(Image.open(WEB / "styles" / "pictures" / f"{style}.webp"))
    taught, trained = teacher.predict(seen), student.predict(seen)
    yield from (image(original), image(seen))
    yield image(teacher.paint(original, taught))
    yield from (image(student.paint(original, vector)) for vector in (taught, trained))


if __name__ == "__main__":
    main()
